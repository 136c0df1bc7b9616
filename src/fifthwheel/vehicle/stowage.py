"""The most cargo within given limits of the axle groups, and where it and the fifth wheel stand best for it.

Standing level, the load of every group is linear in the cargo's mass, in its place, and in the slide of the fifth wheel, so a few
balances at the ends of their ranges give all between; notches of the slide and steps of the place are then tried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.load import Load, even, room_m
from fifthwheel.vehicle.statics import axle_loads
from fifthwheel.vehicle.typical import typical

STEP_M: Final = 0.1
"""Of the place of a cargo that is shorter than the room."""
EASY_RATIO: Final = 0.95
"""Up to this share of their limits axle groups are loaded without another thought [K]."""

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

    Of equal masses, the place nearest to the front wall, as loaders stow, that leaves every group `EASY_RATIO`; where none does,
    the place and slide that use the most loaded group least. With ``most_kg`` a wanted mass, the answer carries
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
    places, slides, lines = _lines(combination, unit, cargo_length_m, lifted=lifted)
    base, more = lines[..., 0], lines[..., 1]
    limits = np.array([*limits_kg, coupling_kg, most_kg])
    with np.errstate(divide="ignore", invalid="ignore"):
        rooms = np.where(more > 0.0, (limits - base) / more, np.where(base <= limits, inf, 0.0))
    mass = np.maximum(rooms.min(axis=-1), 0.0)
    bound = limits[:groups] > 0.0
    used = ((base + more * mass[..., np.newaxis])[..., :groups][..., bound] / limits[:groups][bound]).max(axis=-1)
    most = np.round(mass, 3) >= np.round(mass, 3).max()
    easy = most & (used <= max(EASY_RATIO, used[most].min() + 1e-9))
    ahead = easy & (np.arange(len(places)) == np.flatnonzero(easy.any(axis=0))[0])
    slide, place = np.unravel_index(int(np.argmin(np.where(ahead, used, inf))), mass.shape)
    ended = int(rooms[slide, place].argmin())
    binding = "mass" if ended == groups + 1 else "coupling" if ended == groups else f"group-{ended}"
    return Stowage(mass_kg=float(mass[slide, place]), place_m=places[place], slide_m=slides[slide], binding=binding)


def _lines(
    combination: Combination, unit: int, cargo_length_m: float, *, lifted: bool
) -> tuple[list[float], list[float], NDArray[np.float64]]:
    """Places and slides to try, and their lines by interpolation between the ends of both, shape (slides, places, n, 2)."""
    least, most = combination.tractor.coupling_slide_m if combination.trailer else (0.0, 0.0)
    notches = round((most - least) / typical().slide_notch_m)
    slides = [least + (most - least) * step / notches for step in range(notches + 1)] if notches else [0.0]
    places = _places_m(combination, unit, cargo_length_m)
    found = np.array([_between(len(places), *_ends(combination, unit, places, slide, lifted)) for slide in _pair(slides)])
    return places, slides, _between(len(slides), found[0], found[-1])


def _ends(
    combination: Combination, unit: int, places: Sequence[float], slide_m: float, lifted: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lines = [np.array(_line(combination, unit, place, slide_m, lifted)) for place in _pair(places)]
    return lines[0], lines[-1]


def _pair(values: Sequence[float]) -> Sequence[float]:
    """First and last, or the only one."""
    return values if len(values) == 1 else (values[0], values[-1])


def _between(count: int, first: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.float64]:
    """`count` steps from first to last, along a new first axis."""
    return np.linspace(first, last, count)


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
