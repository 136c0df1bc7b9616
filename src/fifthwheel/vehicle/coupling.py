"""Whether a tractor and a trailer fit: swing, gaps, heights, kingpin, ratings and working angles, as verdicts with remedies.

Lengths are from the kingpin, level and coupled: front overhang ``o_f``, front swing ``R_f = hypot(o_f, W / 2)``, cab ``x_cab``
ahead, the tractor's rear ``R_g`` and the trailer's neck or landing legs ``R_n`` behind (control facts, 1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, hypot, sin

from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Unit, UnitKind
from fifthwheel.vehicle.practice import figures, unverified, verdict
from fifthwheel.vehicle.statics import AxleLoads
from fifthwheel.vehicle.turning import turning_place_m
from fifthwheel.vehicle.typical import typical
from fifthwheel.vehicle.verdict import Verdict


def d_value_n(tractor_kg: float, trailer_kg: float, imposed_kg: float) -> float:
    """D value that a fifth wheel needs: ``0.6 g T R / (T + R - U)``, T with the imposed mass U, R the trailer's (UN R55).

    >>> round(d_value_n(18e3, 36e3, 11e3) / 1e3, 1)
    88.7
    """
    return 0.6 * GRAVITY_MPS2 * tractor_kg * trailer_kg / (tractor_kg + trailer_kg - imposed_kg)


def dc_value_n(truck_kg: float, axles_kg: float) -> float:
    """Dc value that the coupling of a centre-axle trailer needs: ``g T C / (T + C)``, C on the trailer's axles (UN R55 [K])."""
    return GRAVITY_MPS2 * truck_kg * axles_kg / (truck_kg + axles_kg)


def front_swing_m(trailer: Unit) -> float:
    """From the kingpin to the trailer's farthest front corner."""
    return hypot(trailer.coupling_m, 0.5 * trailer.width_m)


def gap_m(tractor: Unit, trailer: Unit, *, slide_m: float = 0.0) -> float | None:
    """Between cab and trailer straight ahead; ``None`` where nobody says where the cab ends."""
    return tractor.coupling_m + slide_m - tractor.cab_rear_m - trailer.coupling_m if tractor.cab_rear_m > 0.0 else None


def coupled_length_m(tractor: Unit, trailer: Unit, *, slide_m: float = 0.0) -> float:
    """From the tractor's front to the end of either."""
    return max(tractor.coupling_m + slide_m + trailer.length_m - trailer.coupling_m, tractor.length_m)


def trailer_pitch_rad(tractor: Unit, trailer: Unit) -> float | None:
    """Pitch of the coupled trailer, nose up positive, by the difference of the plates' heights; ``None`` where nobody says."""
    if tractor.coupling_height_m <= 0.0 or trailer.coupling_height_m <= 0.0:
        return None
    rise = tractor.coupling_height_m - trailer.coupling_height_m
    return atan2(rise, turning_place_m(trailer) - trailer.coupling_m)


def coupled_height_m(tractor: Unit, trailer: Unit) -> float:
    """Height of the whole: of the tractor, or of the trailer at the end that its pitch lifts (level where nobody says)."""
    pitch = trailer_pitch_rad(tractor, trailer) or 0.0
    middle = turning_place_m(trailer)
    rise = max(sin(pitch) * middle, sin(pitch) * (middle - trailer.length_m))
    return max(tractor.height_m, trailer.height_m + rise)


def rear_radius_m(tractor: Unit, *, slide_m: float = 0.0) -> float:
    """From the kingpin to the tractor's farthest rear corner: of its frame (typical width [K]) or of its rear tyres."""
    place, last = tractor.coupling_m + slide_m, tractor.axles[-1]
    tyres = last.positions_m[-1] + last.tyre.radius_m - place
    return max(hypot(tractor.length_m - place, 0.5 * typical().frame_width_m), hypot(tyres, 0.5 * tractor.width_m))


def fit(tractor: Unit, trailer: Unit, *, slide_m: float = 0.0, loads: AxleLoads | None = None) -> tuple[Verdict, ...]:
    """Whether a trailer fits behind a tractor (or a centre-axle trailer behind a rigid), with the fifth wheel slid back.

    Parameters
    ----------
    loads : of the laden combination, which the ratings are held against; without them those are not verified.
    """
    rated = _ratings(tractor, trailer, loads)
    if tractor.kind is UnitKind.RIGID:
        return tuple(rated)
    return (*_gaps(tractor, trailer, slide_m), *_heights(tractor, trailer, slide_m), *rated)


def _gaps(tractor: Unit, trailer: Unit, slide_m: float) -> Iterator[Verdict]:
    law, swing = figures(), front_swing_m(trailer)
    yield verdict("front-swing", swing)
    plate = tractor.coupling_height_m or trailer.coupling_height_m or typical().kingpin_height_m
    above = trailer.height_m - plate
    if tractor.cab_rear_m > 0.0:
        room = tractor.coupling_m + slide_m - tractor.cab_rear_m
        yield verdict("cab-gap", room, swing + above * sin(law.gap_pitch_rad) + law.gap_margin_m)
        yield verdict("cab-gap-pitched", room, trailer.coupling_m + above * sin(law.pitch_rad) + law.gap_margin_m)
    else:
        yield unverified("cab-gap", "cab_rear_m")
    if trailer.neck_radius_m > 0.0:
        yield verdict("rear-clearance", trailer.neck_radius_m, rear_radius_m(tractor, slide_m=slide_m) + law.rear_margin_m)
    else:
        yield unverified("rear-clearance", "neck_radius_m")


def _heights(tractor: Unit, trailer: Unit, slide_m: float) -> Iterator[Verdict]:
    pitch, height = trailer_pitch_rad(tractor, trailer), tractor.coupling_height_m
    yield verdict("coupled-pitch", abs(pitch)) if pitch is not None else unverified("coupled-pitch", "coupling_height_m")
    yield verdict("kingpin-size", abs(tractor.kingpin_m - trailer.kingpin_m))
    last = tractor.axles[-1]
    above = height - 2.0 * last.tyre.radius_m
    if height <= 0.0 or height < figures().low_coupling_m:
        missing = "coupling_height_m" if height <= 0.0 else "low_coupling"
        yield unverified("working-pitch", missing)
        yield unverified("working-roll", missing)
        return
    behind = last.positions_m[-1] - tractor.coupling_m - slide_m
    yield verdict("working-pitch", atan2(above, behind))
    yield verdict("working-roll", atan2(above, 0.5 * tractor.width_m))


def _ratings(tractor: Unit, trailer: Unit, loads: AxleLoads | None) -> Iterator[Verdict]:
    semi = tractor.kind is UnitKind.TRACTOR
    rule = "d-value" if semi else "dc-value"
    if loads is None:
        yield unverified(rule, "loads")
        yield unverified("imposed-mass", "loads")
        return
    imposed, on_tractor, on_trailer = loads.kingpin_kg, loads.unit_kg(0), loads.unit_kg(1)
    needed = d_value_n(on_tractor, on_trailer + imposed, imposed) if semi else dc_value_n(on_tractor - imposed, on_trailer)
    rating = min((one.coupling_d_n for one in (tractor, trailer) if one.coupling_d_n > 0.0), default=0.0)
    yield verdict(rule, needed, rating) if rating else unverified(rule, "coupling_d_n")
    bears = min((one.coupling_load_limit_kg for one in (tractor, trailer) if one.coupling_load_limit_kg > 0.0), default=0.0)
    yield verdict("imposed-mass", abs(imposed), bears) if bears else unverified("imposed-mass", "coupling_load_limit_kg")
    if semi:
        yield verdict("imposed-least", imposed)
