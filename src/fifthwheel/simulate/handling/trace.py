"""A recorded drive of the planar vehicle as named columns."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.simulate.handling.layout import (
    ACCELERATION,
    ACROSS,
    ALONG,
    BRAKE,
    DRIVE,
    FIRST_WHEEL,
    HEADING,
    KINGPIN_LOAD,
    KINGPIN_X,
    KINGPIN_Y,
    LIFTED,
    N_OUT,
    N_ROAD,
    N_WHEEL,
    SIDE_ACCELERATION,
    SIDE_SPEED,
    SPEED,
    SPIN,
    STEERING,
    TRAILER_ACCELERATION,
    TRAILER_HEADING,
    TRAILER_SIDE_ACCELERATION,
    TRAILER_SIDE_SPEED,
    TRAILER_SPEED,
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
    "trailer_acceleration_mps2": TRAILER_ACCELERATION,
    "trailer_side_acceleration_mps2": TRAILER_SIDE_ACCELERATION,
    "trailer_speed_mps": TRAILER_SPEED,
    "trailer_side_speed_mps": TRAILER_SIDE_SPEED,
    "load_transfer_ratio": LIFTED,
}

STANDING_MPS: Final = 0.5
"""Slip is over at least this speed, so that it ends at zero when all stands."""


def trace(plant: Plant, rows: Floats, every_s: float = 0.01) -> dict[str, Floats]:
    """Columns of the rows of `plant.run`, each of shape (n,), by names that end in their unit.

    Beside states and outputs: ``time_s``, ``articulation_rad``, ``steering_rad``, place and speeds of the trailer's centre of
    mass, and by wheel (numbered from 0: left, right, next axle) ``wheel_0_mps`` (speed at its circumference), ``slip_0_ratio``
    (of that and the road's speed, over the greater; -1 locked), ``load_0_n``, ``along_0_n`` and ``across_0_n`` (tyre forces),
    ``used_0_ratio`` (their resultant over the load: the friction in use; 0 for a lifted wheel), ``brake_0_nm``, ``drive_0_nm``.
    """
    count = len(plant.wheels)
    outputs = FIRST_WHEEL + N_WHEEL * count
    columns: dict[str, Floats] = {"time_s": np.arange(1, len(rows) + 1, dtype=np.float64) * every_s}
    columns |= {name: rows[:, place] for name, place in STATES.items()}
    columns["articulation_rad"] = rows[:, HEADING] - rows[:, TRAILER_HEADING]
    columns |= {name: rows[:, outputs + place] for name, place in OUTPUTS.items()}
    body, road = plant.body[0], outputs + N_OUT + count
    for name, turn in (("x", np.cos), ("y", np.sin)):
        tractor, trailer = turn(columns["heading_rad"]), turn(columns["trailer_heading_rad"])
        columns[f"trailer_{name}_m"] = columns[f"{name}_m"] - body["h"] * tractor - body["d"] * trailer
    columns["steering_rad"] = rows[:, road + STEERING]
    rolled = _rolled_mps(plant, columns)
    for wheel in range(count):
        spin, along, across = (rows[:, FIRST_WHEEL + block * count + wheel] for block in (SPIN, ALONG, ACROSS))
        load, torque = rows[:, outputs + N_OUT + wheel], road + N_ROAD + 2 * wheel
        around = plant.wheels["radius"][wheel] * spin
        greater = np.maximum(np.maximum(abs(around), abs(rolled[:, wheel])), STANDING_MPS)
        used = np.divide(np.hypot(along, across), load, out=np.zeros(len(rows)), where=load > 1.0)
        columns[f"wheel_{wheel}_mps"], columns[f"slip_{wheel}_ratio"] = around, (around - rolled[:, wheel]) / greater
        columns[f"load_{wheel}_n"], columns[f"along_{wheel}_n"], columns[f"across_{wheel}_n"] = load, along, across
        columns[f"used_{wheel}_ratio"] = used
        columns[f"brake_{wheel}_nm"], columns[f"drive_{wheel}_nm"] = rows[:, torque + BRAKE], rows[:, torque + DRIVE]
    return columns


def _rolled_mps(plant: Plant, columns: dict[str, Floats]) -> Floats:
    """Speed of the road under every wheel in the wheel's direction, shape (n, n_wheels)."""
    wheels, body = plant.wheels, plant.body[0]
    pairs = [("speed_mps", "trailer_speed_mps"), ("side_speed_mps", "trailer_side_speed_mps"), ("yaw_radps", "trailer_yaw_radps")]
    u, v, yaw = (np.where(wheels["trailer"], columns[towed][:, None], columns[name][:, None]) for name, towed in pairs)
    bend = np.where(wheels["steered"], np.tan(columns["steering_rad"])[:, None] / body["wheelbase"], 0.0)
    turned = np.arctan2(bend * (wheels["x"] + body["b"]), 1.0 - bend * wheels["y"])
    rolled: Floats = np.cos(turned) * (u - yaw * wheels["y"]) + np.sin(turned) * (v + yaw * wheels["x"])
    return rolled
