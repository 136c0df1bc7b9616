"""The combination at walking pace: wheels roll where they point. A check of the plant, and a model for yards and docks.

Headings follow the speed v of the drive axle and the steering, with L1 the tractor's wheelbase, f the fifth wheel ahead of
the drive axle and L2 from the kingpin to the trailer's axles::

    psi1' = v tan(delta) / L1
    psi2' = (v sin(gamma) + f psi1' cos(gamma)) / L2,   gamma = psi1 - psi2

With f = 0 this is the truck with on-axle trailer of the CommonRoad vehicle models (KST).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, hypot, pi, sin, sqrt, tan

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.rig import Rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """How far the bodies reach: width, ahead of the first axle, behind the middle of the last axle group."""

    width_m: float = 2.55
    front_m: float = 1.4
    rear_m: float = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Radii of a circle driven for long: of the drive axle, the kingpin, the trailer's axle, and the trailer's inner side."""

    drive_m: float
    kingpin_m: float
    trailer_m: float
    inner_m: float


def circle(rig: Rig, outer_m: float, outline: Outline) -> Circle:
    """The circle whose outer front corner runs on `outer_m`, exact without slip (control facts, 1.1).

    Raises
    ------
    InputError : the rig cannot drive so tight a circle.
    """
    half, ahead = 0.5 * outline.width_m, rig.drive_m - rig.hitch_m
    corner = outer_m**2 - (rig.steer_m + rig.drive_m + outline.front_m) ** 2
    drive = sqrt(max(corner, 0.0)) - half
    kingpin = hypot(drive, ahead)
    if drive <= 0.0 or kingpin <= rig.kingpin_m + rig.bogie_m:
        raise InputError(
            f"rig {rig.name} on a circle of {outer_m} m: its kingpin runs on {kingpin:.3f} m; "
            f"more than the {rig.kingpin_m + rig.bogie_m} m to the trailer's axles is wanted"
        )
    trailer = sqrt(kingpin**2 - (rig.kingpin_m + rig.bogie_m) ** 2)
    return Circle(drive_m=drive, kingpin_m=kingpin, trailer_m=trailer, inner_m=trailer - half)


def entry(rig: Rig, drive_radius_m: float, turned_rad: float, outline: Outline) -> tuple[float, float]:
    """Inner radius, m, of the trailer's side and articulation, rad, that far round a circle entered from straight ahead.

    The middle of the drive axles runs on the circle from the first moment; the inner radius is the distance of the trailer's
    side, drawn on ahead and back, from the circle's middle.
    """
    length, ahead = rig.kingpin_m + rig.bogie_m, rig.drive_m - rig.hitch_m

    def rate(_: float, fold: NDArray[np.float64]) -> list[float]:
        return [1.0 - (drive_radius_m * sin(fold[0]) + ahead * cos(fold[0])) / length]

    fold = float(solve_ivp(rate, (0.0, turned_rad), [0.0], rtol=1e-9, atol=1e-11).y[0, -1])
    beside = drive_radius_m * cos(fold) - ahead * sin(fold)
    return beside - 0.5 * outline.width_m, fold


def heading_rates_radps(rig: Rig, speed_mps: float, steer_rad: float, articulation_rad: float) -> tuple[float, float]:
    """Yaw rates of tractor and trailer, rad/s, at a speed of the drive axle (negative: reversing)."""
    yaw = speed_mps * tan(steer_rad) / (rig.steer_m + rig.drive_m)
    ahead = rig.drive_m - rig.hitch_m
    trailer = speed_mps * sin(articulation_rad) + ahead * yaw * cos(articulation_rad)
    return yaw, trailer / (rig.kingpin_m + rig.bogie_m)


def steady_articulation_rad(rig: Rig, steer_rad: float) -> float:
    """Articulation of a circle driven for long at a steering angle: ``L2 = R1 sin(gamma) + f cos(gamma)``.

    Raises
    ------
    InputError : the circle is so tight that the trailer folds.
    """
    if steer_rad == 0.0:
        return 0.0
    radius, ahead = (rig.steer_m + rig.drive_m) / tan(abs(steer_rad)), rig.drive_m - rig.hitch_m
    length = rig.kingpin_m + rig.bogie_m
    if length >= hypot(radius, ahead):
        raise InputError(f"steering {steer_rad} rad folds rig {rig.name}: a kingpin circle wider than {length} m is wanted")
    gamma = asin(length / hypot(radius, ahead)) - atan2(ahead, radius)
    return gamma if steer_rad > 0.0 else -gamma


def drive(rig: Rig, speed_mps: float, steer_rad: float, seconds: float) -> NDArray[np.float64]:
    """Place (m) of the drive axle and headings (rad) of both bodies after `seconds` from a straight start, shape (4,)."""

    def rates(_: float, state: NDArray[np.float64]) -> list[float]:
        yaw, trailer = heading_rates_radps(rig, speed_mps, steer_rad, state[2] - state[3])
        return [speed_mps * cos(state[2]), speed_mps * sin(state[2]), yaw, trailer]

    if abs(steer_rad) >= pi / 2:
        raise InputError(f"steering is {steer_rad} rad; less than {pi / 2:.4f} rad either way is accepted")
    return np.asarray(solve_ivp(rates, (0.0, seconds), np.zeros(4), rtol=1e-8, atol=1e-10).y[:, -1], dtype=np.float64)
