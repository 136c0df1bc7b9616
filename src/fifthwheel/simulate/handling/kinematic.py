"""The combination at walking pace: wheels roll where they point. A check of the plant, and what a circle needs.

Headings follow the speed v of the drive axle and the steering, with L1 the tractor's wheelbase, f the fifth wheel ahead of
the drive axle and L2 from the kingpin to the trailer's axles::

    psi1' = v tan(delta) / L1
    psi2' = (v sin(gamma) + f psi1' cos(gamma)) / L2,   gamma = psi1 - psi2

With f = 0 this is the truck with on-axle trailer of the CommonRoad vehicle models (KST).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin, tan

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.rig import Rig
from fifthwheel.vehicle import turning


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle driven for long: radii of the drive axle, the kingpin and the trailer's axle, and the articulation."""

    drive_m: float
    kingpin_m: float
    trailer_m: float
    articulation_rad: float


def heading_rates_radps(rig: Rig, speed_mps: float, steer_rad: float, articulation_rad: float) -> tuple[float, float]:
    """Yaw rates of tractor and trailer, rad/s, at a speed of the drive axle (negative: reversing)."""
    yaw = speed_mps * tan(steer_rad) / (rig.steer_m + rig.drive_m)
    if not rig.towing:
        return yaw, yaw
    ahead = rig.drive_m - rig.hitch_m
    trailer = speed_mps * sin(articulation_rad) + ahead * yaw * cos(articulation_rad)
    return yaw, trailer / (rig.kingpin_m + rig.bogie_m)


def drive_radius_m(rig: Rig, outer_m: float, *, width_m: float, front_m: float) -> float:
    """Radius of the middle of the drive axles while the outer front corner, `front_m` ahead of the first axle, runs on `outer_m`.

    Raises
    ------
    InputError : the tractor alone is too long for the circle.
    """
    return turning.drive_radius_m(outer_m, rig.steer_m + rig.drive_m + front_m, width_m)


def circle(rig: Rig, drive_m: float) -> Circle:
    """The circle to the left whose drive axle runs on `drive_m`, exact without slip (control facts, 1.1); alone, all run on it.

    Raises
    ------
    InputError : so tight a circle folds the rig.
    """
    if not rig.towing:
        return Circle(drive_m=drive_m, kingpin_m=drive_m, trailer_m=drive_m, articulation_rad=0.0)
    length = rig.kingpin_m + rig.bogie_m
    found = turning.steady(drive_m, rig.drive_m - rig.hitch_m, length)
    if found.trailer_m == 0.0:
        raise InputError(
            f"rig {rig.name}: its kingpin on a circle of {found.kingpin_m:.3f} m folds it; more than {length} m is wanted"
        )
    return Circle(drive_m=drive_m, kingpin_m=found.kingpin_m, trailer_m=found.trailer_m, articulation_rad=found.articulation_rad)


def entry(rig: Rig, drive_m: float, turned_rad: float, *, width_m: float) -> tuple[float, float]:
    """Inner radius, m, of the trailer's side and articulation, rad, that far round a circle entered from straight ahead.

    The middle of the drive axles runs on the circle from the first moment; the inner radius is the distance of the trailer's
    side, drawn on ahead and back, from the circle's middle (`vehicle.turning.entry`).
    """
    if not rig.towing:
        return drive_m - 0.5 * width_m, 0.0
    return turning.entry(drive_m, rig.drive_m - rig.hitch_m, rig.kingpin_m + rig.bogie_m, turned_rad, width_m=width_m)
