"""A recorded drive of the planar vehicle as named columns."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.simulate.handling.layout import (
    ACCELERATION,
    ACROSS,
    ALONG,
    FIRST_WHEEL,
    HEADING,
    KINGPIN_LOAD,
    KINGPIN_X,
    KINGPIN_Y,
    LIFTED,
    N_OUT,
    N_WHEEL,
    SIDE_ACCELERATION,
    SIDE_SPEED,
    SPEED,
    SPIN,
    TRAILER_HEADING,
    TRAILER_SIDE_ACCELERATION,
    TRAILER_YAW,
    YAW,
    Floats,
    Plant,
    X,
    Y,
)

STATES: Final = {
    "x_m": X,
    "y_m": Y,
    "heading_rad": HEADING,
    "trailer_heading_rad": TRAILER_HEADING,
    "speed_mps": SPEED,
    "side_speed_mps": SIDE_SPEED,
    "yaw_radps": YAW,
    "trailer_yaw_radps": TRAILER_YAW,
}
OUTPUTS: Final = {
    "kingpin_x_n": KINGPIN_X,
    "kingpin_y_n": KINGPIN_Y,
    "kingpin_load_n": KINGPIN_LOAD,
    "acceleration_mps2": ACCELERATION,
    "side_acceleration_mps2": SIDE_ACCELERATION,
    "trailer_side_acceleration_mps2": TRAILER_SIDE_ACCELERATION,
    "load_transfer_ratio": LIFTED,
}


def trace(plant: Plant, rows: Floats, every_s: float = 0.01) -> dict[str, Floats]:
    """Columns of the rows of `plant.run`, each of shape (n,), by names that end in their unit.

    Beside states and outputs: ``time_s``, ``articulation_rad``, and by wheel (numbered from 0: left, right, next axle)
    ``wheel_0_mps`` (speed at its circumference), ``load_0_n``, ``along_0_n`` and ``across_0_n`` (tyre forces) and
    ``used_0_ratio`` (their resultant over the load: the friction in use; 0 for a lifted wheel).
    """
    count = len(plant.wheels)
    outputs = FIRST_WHEEL + N_WHEEL * count
    columns: dict[str, Floats] = {"time_s": np.arange(1, len(rows) + 1, dtype=np.float64) * every_s}
    columns |= {name: rows[:, place] for name, place in STATES.items()}
    columns["articulation_rad"] = rows[:, HEADING] - rows[:, TRAILER_HEADING]
    columns |= {name: rows[:, outputs + place] for name, place in OUTPUTS.items()}
    for wheel in range(count):
        spin, along, across = (rows[:, FIRST_WHEEL + block * count + wheel] for block in (SPIN, ALONG, ACROSS))
        load = rows[:, outputs + N_OUT + wheel]
        columns[f"wheel_{wheel}_mps"] = plant.wheels["radius"][wheel] * spin
        columns[f"load_{wheel}_n"], columns[f"along_{wheel}_n"], columns[f"across_{wheel}_n"] = load, along, across
        used = np.divide(np.hypot(along, across), load, out=np.zeros(len(rows)), where=load > 1.0)
        columns[f"used_{wheel}_ratio"] = used
    return columns
