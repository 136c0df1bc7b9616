"""The most cargo within given limits of the axle groups, and where it and the fifth wheel stand best for it.

Standing level, the load of every group is linear in the cargo's mass, in its place, and in the slide of the fifth wheel, so a few
balances at the ends of their ranges give all between; notches of the slide and steps of the place are then tried out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.load import Load, even, room_m
from fifthwheel.vehicle.statics import axle_loads
from fifthwheel.vehicle.typical import typical

STEP_M: Final = 0.1
"""Of the place of a cargo that is shorter than the room."""

Line = list[tuple[float, float]]
"""Load without cargo, and more for every kg of it: of the groups front to rear, of the coupling, and of the cargo itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stowage:
    """The most cargo, its middle from its unit's front, the slide of the fifth wheel rearwards, and what ends it.

    `binding` is ``group-N`` (front to rear from 0), ``coupling`` or ``mass``; a mass of zero: no cargo is lawful.
    """

    mass_kg: float
    place_m: float
    slide_m: float
    binding: str


def lawful_payload(
    combination: Combination,
    limits_kg: Sequence[float],
    *,
    most_kg: float,
    coupling_kg: float = inf,
    cargo_length_m: float = 0.0,
    unit: int = -1,
    lifted: bool = False,
) -> Stowage:
    """The most cargo on one unit within limits of the axle groups, front to rear as in `AxleLoads.groups`.

    Of equal masses, the place and slide that use the most loaded group least. With ``most_kg`` a wanted mass, the answer carries
    it if it can be lawful at all, and then says where.

    Parameters
    ----------
    most_kg : that gross mass, volume or the work allow. coupling_kg : rating of the coupling.
    cargo_length_m : of a cargo shorter than the room, which may stand anywhere in it; zero spreads it over the room.
    unit : that carries it; the last.

    Raises
    ------
    InputError : another number of limits than of axle groups, or a cargo longer than the room.
    """
    groups = sum(len(one.axles) for one in combination.units)
    if len(limits_kg) != groups:
        raise InputError(f"{combination.name}: {len(limits_kg)} limits; one for each of {groups} axle groups is wanted")
    limits = (*limits_kg, coupling_kg, most_kg)
    best, key = None, (-inf, -inf)
    for place, slide, line in _lines(combination, unit, cargo_length_m, lifted=lifted):
        rooms = [(limit - base) / more if more > 0.0 else inf if base <= limit else 0.0
                 for limit, (base, more) in zip(limits, line, strict=True)]  # fmt: skip
        mass = max(min(rooms), 0.0)
        used = max(
            (base + more * mass) / limit for limit, (base, more) in zip(limits[:groups], line, strict=False) if limit > 0.0
        )
        if (round(mass, 3), -used) > key:
            key, ended = (round(mass, 3), -used), rooms.index(min(rooms))
            binding = "mass" if ended == groups + 1 else "coupling" if ended == groups else f"group-{ended}"
            best = Stowage(mass_kg=mass, place_m=place, slide_m=slide, binding=binding)
    assert best is not None
    return best


def _lines(combination: Combination, unit: int, cargo_length_m: float, *, lifted: bool) -> Iterator[tuple[float, float, Line]]:
    """Every place and slide to try with its lines, the lines between the ends of both ranges by interpolation."""
    least, most = combination.tractor.coupling_slide_m if combination.trailer else (0.0, 0.0)
    notches = round((most - least) / typical().slide_notch_m)
    slides = [least + (most - least) * step / notches for step in range(notches + 1)] if notches else [0.0]
    places = _places_m(combination, unit, cargo_length_m)
    corners = {
        (slide, place): _line(combination, unit, place, slide, lifted)
        for slide in {slides[0], slides[-1]}
        for place in {places[0], places[-1]}
    }
    for slide in slides:
        share = (slide - slides[0]) / (slides[-1] - slides[0]) if notches else 0.0
        ends = [_between(corners[slides[0], place], corners[slides[-1], place], share) for place in (places[0], places[-1])]
        for number, place in enumerate(places):
            yield place, slide, _between(ends[0], ends[1], number / (len(places) - 1) if len(places) > 1 else 0.0)


def _places_m(combination: Combination, unit: int, cargo_length_m: float) -> list[float]:
    carrier = combination.units[unit]
    start, end = room_m(carrier)
    if cargo_length_m > end - start:
        raise InputError(f"{carrier.name}: a cargo {cargo_length_m:g} m long; up to {end - start:g} m is accepted")
    spare = end - start - cargo_length_m
    if cargo_length_m <= 0.0 or spare < STEP_M:
        return [even(carrier, 1.0).place_m]
    steps = round(spare / STEP_M)
    return [start + 0.5 * cargo_length_m + spare * step / steps for step in range(steps + 1)]


def _line(combination: Combination, unit: int, place_m: float, slide_m: float, lifted: bool) -> Line:
    load = Load(mass_kg=1000.0, place_m=place_m, height_m=1.0)
    nothing: list[tuple[Load, ...]] = [()] * len(combination.units)
    with_it = list(nothing)
    with_it[unit] = (load,)
    bare, laden = (axle_loads(combination, loads, slide_m=slide_m, lifted=lifted) for loads in (nothing, with_it))
    rows = [(a.load_kg, b.load_kg) for a, b in zip(bare.groups, laden.groups, strict=True)]
    rows.append((bare.kingpin_kg, laden.kingpin_kg))
    return [(base, (more - base) / load.mass_kg) for base, more in rows] + [(0.0, 1.0)]


def _between(first: Line, second: Line, share: float) -> Line:
    if first is second:
        return first
    return [(a + share * (b - a), more + share * (other - more)) for (a, more), (b, other) in zip(first, second, strict=True)]
