"""What the planar plant works on: places in its arrays, records of wheels and bodies, and `Plant`, all of it for one rig."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Record = Any
"""A row of `WHEEL` or `BODY`: Numba reads its fields, NumPy's records offer them as attributes."""

STEP_S: Final = 1e-3
"""Time step of the plant."""

(X, Y, HEADING, TRAILER_HEADING, SPEED, SIDE_SPEED, YAW, TRAILER_YAW, STEER_LOAD, TRAILER_LOAD, ROLL, TRAILER_ROLL, DRIVEN,
 BRAKED, RUBBED, FALLEN, FIRST_WHEEL) = range(17)  # fmt: skip
"""State: place (world) and heading of the tractor's centre of mass, heading of the trailer, speed along and across in the
tractor's frame, yaw rates, loads of the steered and trailer axles and overturning moments as they follow the accelerations,
energies since the start (from the drive, into brakes and rolling resistance, into tyres, from gravity), then the wheels."""
SPIN, ALONG, ACROSS, N_WHEEL = range(4)
"""State of a wheel: speed of rotation, and the tyre's force along and across it, each a block over all wheels."""

(KINGPIN_X, KINGPIN_Y, KINGPIN_LOAD, ACCELERATION, SIDE_ACCELERATION, TRAILER_ACCELERATION, TRAILER_SIDE_ACCELERATION,
 TRAILER_SPEED, TRAILER_SIDE_SPEED, LIFTED, N_OUT) = range(11)  # fmt: skip
"""Output: force of the trailer on the tractor in the tractor's frame and weight on the fifth wheel, N; accelerations of both
centres of mass less gravity's (as a sensor feels them) in their frames; velocity of the trailer's; load transfer ratio, the
greatest of all axles (1: a wheel has lifted)."""
N_STAGE: Final = 6
"""Rows of working space of a Runge-Kutta step."""

BRAKE, DRIVE = range(2)
"""Actuator channels of a wheel, torque in N m."""
STEERING, SLOPE_X, SLOPE_Y, N_ROAD = range(4)
"""Steering angle at the middle of the steered axles; sine of the rise of the road along the world's x and y."""

WHEEL: Final = np.dtype(
    (np.record, np.dtype([
        ("trailer", "i8"), ("group", "i8"), ("steered", "i8"), ("x", "f8"), ("y", "f8"), ("share", "f8"), ("per_track", "f8"),
        ("radius", "f8"), ("inertia", "f8"), ("cornering", "f8"), ("peak_load", "f8"), ("slip", "f8"), ("curve", "f8"),
        ("side_grip", "f8"), ("relaxation", "f8"), ("side_relaxation", "f8"), ("rolling", "f8"),
        ("dead_brake", "i8"), ("dead_drive", "i8"), ("follow_brake", "f8"), ("follow_drive", "f8"),
    ], align=True))
)  # fmt: skip
"""A wheel (left first): its body and load group (0 steer, 1 drive, 2 trailer), place ahead and left of that body's centre of
mass, share of the group's load, 1 / track, greatest cornering stiffness, load at it, longitudinal stiffness over load, and its
actuators: dead times in steps, share of the way to the demand covered in a step."""
BODY: Final = np.dtype(
    (np.record, np.dtype([
        ("m1", "f8"), ("m2", "f8"), ("i1", "f8"), ("i2", "f8"), ("h", "f8"), ("d", "f8"), ("e", "f8"), ("b", "f8"),
        ("wheelbase", "f8"), ("height", "f8"), ("trailer_height", "f8"), ("kingpin_height", "f8"), ("handed", "f8"),
        ("steer_roll", "f8"), ("load_lag", "f8"),
    ], align=True))
)  # fmt: skip
"""Both bodies: masses, inertias, the lengths h, d, e, b of `linear`, heights, roll shares and lag of `Rig`."""


class Plant(NamedTuple):
    """One rig under way; every array is changed in place.

    Attributes
    ----------
    body, wheels : records of `BODY`, shape (1,), and `WHEEL`, shape (n_wheels,).
    state : shape (FIRST_WHEEL + N_WHEEL * n_wheels,).
    road : `STEERING` and slopes, shape (N_ROAD,).
    grip : friction under each wheel, shape (n_wheels,).
    demand, torque : torque demanded and acting, shape (n_wheels, 2): `BRAKE` >= 0, `DRIVE` (negative: regeneration).
    queue : demands of the last steps, shape (n_steps, n_wheels, 2), and `clock`: the step count, shape (1,).
    out : outputs, shape (N_OUT,), and `loads`: wheel loads, shape (n_wheels,).
    work : working space, shape (N_STAGE, n_state), and `sums`: forces on the bodies and their velocities, shape (N_SUM,).
    """

    body: NDArray[np.void]
    wheels: NDArray[np.void]
    state: Floats
    road: Floats
    grip: Floats
    demand: Floats
    torque: Floats
    queue: Floats
    clock: NDArray[np.int64]
    out: Floats
    loads: Floats
    work: Floats
    sums: Floats


(FX, FY, MZ, TRAILER_FX, TRAILER_FY, TRAILER_MZ, U2, V2, BEND, N_SUM) = range(10)
"""Sums: force along and across and moment on each body, velocity of the trailer's centre of mass, and the curvature steered."""
