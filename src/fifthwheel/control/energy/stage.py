"""A stage: what the split needs to know of one moment, of one block of the road ahead, or of one block of a trip already driven.

One row of floats, so that the same laws serve the unit's own step, the trip kernel, the preview and dynamic programming.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

(DURATION_S, SPEED_MPS, DEMAND_N, NEEDED_N, IDLE_W, SLOPE, ENGINE_MOST_W, CONSUMERS_W, DRIVE_RATIO, MOTOR_CURVE, MOTOR_LOSS_W,
 MOTOR_LEAST_W, MOTOR_MOST_W, TRAILER_CURVE, TRAILER_LOSS_W, TRAILER_LEAST_N, TRAILER_MOST_N, TRAILER_RATIO, AGEING,
 TRAILER_AGEING, HAS_ENGINE, START_J) = range(22)  # fmt: skip
"""Time it lasts; speed; force wanted at all wheels (negative: braking that machines may take); the part of it that the trailer
needs for itself; fuel power of the running engine without load and what a watt more at the crank burns, its most crank power,
consumers; efficiency from crank to wheels; a machine's loss that grows with power squared (1/W, its battery's included) and its
constant loss; least (braking) and most crank power of the tractor's motor, least and most wheel force of the trailer's; its
efficiency from shaft to wheel; ageing as joules of fuel per joule through each battery; whether there is an engine to burn
fuel, and fuel to start it."""
N_STAGE: Final = 22
