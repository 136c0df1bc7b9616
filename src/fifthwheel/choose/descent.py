"""Downhill balance: what the grade gives, and what tyres, air, engine, retarder and battery take before friction brakes must."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, sin
from typing import Final

import numpy as np

from fifthwheel.choose.envelope import SPEEDS_MPS, Envelope
from fifthwheel.choose.practice import figures
from fifthwheel.control.brakes.limits import SOC_TAPER_RATIO, Charge, Machine, regeneration_bound, retarder_bound
from fifthwheel.control.brakes.thermal import DRUM, cooling_wpk, warmed_k
from fifthwheel.physics.aero import still_air_force_n
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.traction import Footing, equilibrium_grade_ratio
from fifthwheel.simulate.kernel import BRAKE_K if False else None  # placeholder
