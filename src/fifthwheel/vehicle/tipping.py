"""A tipper with its body raised: on a cross slope with uneven load, and about its last axle (control facts, 1.5).

The body turns about its hinge by the greatest angle; a point d ahead of the hinge and z above it comes to ``d cos - z sin`` ahead
and ``d sin + z cos`` above. The cargo is still all there: it sticks, or has slid to the closed tailgate. Sideways a semi-trailer
is held by its axles, and by its kingpin load on half the width of the fifth wheel's plate [K].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, sin

from fifthwheel.vehicle.body import Body
from fifthwheel.vehicle.combination import Unit, UnitKind
from fifthwheel.vehicle.load import Load, room_m, tare_load
from fifthwheel.vehicle.practice import figures, unverified, verdict
from fifthwheel.vehicle.stability import track_m
from fifthwheel.vehicle.stand import stands
from fifthwheel.vehicle.typical import typical
from fifthwheel.vehicle.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A unit with its body raised: mass, middle from its front, height, and load on what stands ahead (kingpin, front axles)."""

    mass_kg: float
    place_m: float
    height_m: float
    ahead_kg: float


def raised(unit: Unit, body: Body, loads: Sequence[Load], *, slid: bool = False) -> Raised:
    """Where a unit's mass is with its body raised and the cargo still in it, evenly or slid to the rear part.

    The load ahead is that of the unit balancing on its last axle.
    """
    law, (start, end) = figures(), room_m(unit)
    tare, cargo_kg = tare_load(unit), sum(load.mass_kg for load in loads)
    floor = body.floor_m or typical().floor_height_m
    high = sum(load.mass_kg * load.height_m for load in loads) / cargo_kg if cargo_kg else floor
    middle = end - 0.5 * law.slid_ratio * (end - start) if slid else 0.5 * (start + end)
    tub_kg = body.mass_kg or law.tub_ratio * unit.tare_kg
    tub = Load(mass_kg=tub_kg, place_m=0.5 * (start + end), height_m=high)
    up = [_turned(one, body, floor) for one in (Load(mass_kg=cargo_kg, place_m=middle, height_m=high), tub)]
    mass = tare.mass_kg + cargo_kg
    place = tare.mass_kg * tare.place_m - tub_kg * tub.place_m + sum(one.mass_kg * one.place_m for one in up)
    height = tare.mass_kg * tare.height_m - tub_kg * tub.height_m + sum(one.mass_kg * one.height_m for one in up)
    last = unit.axles[-1].positions_m[-1]
    first = unit.coupling_m if unit.kind is UnitKind.TRAILER else stands(unit)[0].place_m
    return Raised(mass_kg=mass, place_m=place / mass, height_m=height / mass, ahead_kg=(mass * last - place) / (last - first))


def _turned(load: Load, body: Body, floor_m: float) -> Load:
    ahead, above = body.hinge_m - load.place_m, load.height_m - floor_m
    c, s = cos(body.tip_rad), sin(body.tip_rad)
    return Load(mass_kg=load.mass_kg, place_m=body.hinge_m - ahead * c + above * s, height_m=floor_m + ahead * s + above * c)


def tip_slope_rad(unit: Unit, body: Body, loads: Sequence[Load]) -> float:
    """Cross slope at which the raised unit tips: tangent ``(B - m y / M) / h / (1 + phi)``, y of a load stuck aside.

    B is half the track, of a semi-trailer with its load on the plate; the lean phi grows as the height does.
    """
    law, up, tare = figures(), raised(unit, body, loads), tare_load(unit)
    cargo_kg = sum(load.mass_kg for load in loads)
    down = (tare.mass_kg * tare.height_m + sum(load.mass_kg * load.height_m for load in loads)) / up.mass_kg
    aside = law.uneven_ratio * (body.inside_width_m or unit.width_m) * cargo_kg / up.mass_kg
    half = 0.5 * sum(track_m(unit, index) for index in range(len(unit.axles))) / len(unit.axles)
    if unit.kind is UnitKind.TRAILER:
        on_plate = max(up.ahead_kg, 0.0) / up.mass_kg
        half += on_plate * (law.plate_half_m - half)
    return atan((half - aside) / up.height_m / (1.0 + law.lean_ratio * up.height_m / down))


def tipper_checks(unit: Unit, body: Body, loads: Sequence[Load]) -> tuple[Verdict, ...]:
    """Whether a tipper stands with its body raised: sideways, and about its last axle with the cargo slid to the tailgate."""
    if body.hinge_m <= 0.0 or body.tip_rad <= 0.0:
        return unverified("tip-side", "hinge_m"), unverified("tip-rear", "hinge_m")
    rear = min((raised(unit, body, loads, slid=slid) for slid in (False, True)), key=lambda one: one.ahead_kg)
    return verdict("tip-side", tip_slope_rad(unit, body, loads)), verdict("tip-rear", rear.ahead_kg / rear.mass_kg)
