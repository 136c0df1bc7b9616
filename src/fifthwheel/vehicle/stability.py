"""Centre of mass of the whole and its static roll threshold: the lateral acceleration, in g, at which the inner wheels lift.

``SRT = (T / 2) / h / (1 + phi_k)``: T the track weighted by the loads, h the height of the whole's centre of mass; phi_k is what
springs, tyres and the fifth wheel give away, more where fewer axles are down. ``T / (2 h)`` is an upper bound (facts, 1.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fifthwheel.vehicle.combination import Combination, Unit
from fifthwheel.vehicle.load import Load, tare_load
from fifthwheel.vehicle.practice import figures
from fifthwheel.vehicle.statics import AxleLoads, axle_loads
from fifthwheel.vehicle.typical import typical


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Mass of the whole, its middle from the front of the combination, and its height above the road."""

    mass_kg: float
    place_m: float
    height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RollThreshold:
    """Static roll threshold, as a share of g.

    Attributes
    ----------
    rigid_ratio : without any lean, an upper bound. ratio : with a typical lean; least_ratio and most_ratio with the range of it.
    lean_ratio : phi_k of `ratio`. track_m : weighted by the loads. centre : of the whole.
    """

    rigid_ratio: float
    ratio: float
    least_ratio: float
    most_ratio: float
    lean_ratio: float
    track_m: float
    centre: Centre


def centre(combination: Combination, loads: Sequence[Sequence[Load]], *, slide_m: float = 0.0) -> Centre:
    """Centre of mass of a combination with its loads."""
    starts = [0.0]
    if combination.trailer is not None:
        starts.append(combination.tractor.coupling_m + slide_m - combination.trailer.coupling_m)
    rows = [
        (load, start) for unit, start, on in zip(combination.units, starts, loads, strict=True) for load in (tare_load(unit), *on)
    ]
    mass = sum(load.mass_kg for load, _ in rows)
    return Centre(
        mass_kg=mass,
        place_m=sum(load.mass_kg * (load.place_m + start) for load, start in rows) / mass,
        height_m=sum(load.mass_kg * load.height_m for load, _ in rows) / mass,
    )


def track_m(unit: Unit, group: int) -> float:
    """Track of an axle group between the middles of its outer tyres; typical ones where nobody says [K]."""
    axle, law = unit.axles[group], typical()
    twin = axle.tyres_count > 2
    return (axle.track_m or (law.twin_track_m if twin else law.single_track_m)) + (2.0 * law.twin_half_m if twin else 0.0)


def mean_track_m(combination: Combination, found: AxleLoads) -> float:
    """Track of the whole, weighted by the loads."""
    units = combination.units
    moment = sum(row.load_kg * track_m(units[row.unit], row.group) for row in found.groups)
    return moment / found.total_kg


def roll_threshold(
    combination: Combination,
    loads: Sequence[Sequence[Load]],
    *,
    slide_m: float = 0.0,
    lifted: bool = False,
    found: AxleLoads | None = None,
) -> RollThreshold:
    """Static roll threshold of a combination with its loads; `found` are its axle loads where they are known already.

    Axles that are down share the rolling moment alike, so the lean grows as their number falls [K]; with one of six up the
    threshold falls by about 0.02 g, as tilt tables found (0.01 to 0.03 g).
    """
    middle, law = centre(combination, loads, slide_m=slide_m), figures()
    found = found or axle_loads(combination, loads, slide_m=slide_m, lifted=lifted)
    track = mean_track_m(combination, found)
    rigid = 0.5 * track / middle.height_m
    fewer = sum(row.axles_count for row in found.groups) / sum(row.axles_count for row in found.groups if not row.lifted)
    return RollThreshold(
        rigid_ratio=rigid, ratio=rigid / (1.0 + fewer * law.lean_ratio), least_ratio=rigid / (1.0 + fewer * law.lean_most_ratio),
        most_ratio=rigid / (1.0 + fewer * law.lean_least_ratio), lean_ratio=fewer * law.lean_ratio, track_m=track, centre=middle,
    )  # fmt: skip
