"""The most cargo within given limits of the axle groups, and where it and the fifth wheel stand best for it.

Standing level, the load of every group is linear in the cargo's mass, in its place, and in the slide of the fifth wheel, so a few
balances at the ends of their ranges give all between; every notch of the slide and step of the place is then held at once.
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
FINER_COUNT: Final = 41
"""Places tried between the two next steps."""
TRIED_KG: Final = 1000.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stowage:
    """The most cargo, its middle from its unit's front, the slide of the fifth wheel rearwards, and what ends it.

    `binding` is ``group-N`` (front to rear from 0), ``coupling``, ``room`` or ``mass``; a mass of zero: no cargo is lawful.
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
    cargo_kgpm: float = inf,
    unit: int = -1,
    lifted: bool = False,
) -> Stowage:
    """The most cargo on one unit within limits of the axle groups, front to rear as in `AxleLoads.groups`.

    Of equal masses, the place nearest to the front wall, as loaders stow, that leaves every group `EASY_RATIO`; where none does,
    the place and slide that use the most loaded group least. With ``most_kg`` a wanted mass, the answer carries it if it can be
    lawful at all, and then says where.

    Parameters
    ----------
    most_kg : that gross mass, volume or the work allow. coupling_kg : rating of the coupling.
    cargo_length_m : of a cargo shorter than the room, which may stand anywhere in it; zero spreads it over the room.
    cargo_kgpm : instead, mass of every metre of a cargo that is as long as its mass makes it and may stand anywhere.
    unit : that carries it; the last.

    Raises
    ------
    InputError : another number of limits than of axle groups, or a cargo longer than the room.
    """
    groups = sum(len(one.axles) for one in combination.units)
    if len(limits_kg) != groups:
        raise InputError(f"{combination.name}: {len(limits_kg)} limits; one for each of {groups} axle groups is wanted")
    slides, places = _slides_m(combination), _places_m(combination, unit, cargo_length_m, grows=cargo_kgpm < inf)
    lines = _lines(combination, unit, (slides, places), lifted=lifted)
    room = room_m(combination.units[unit]) if cargo_kgpm < inf else None
    limits = (np.array((*limits_kg, coupling_kg)), most_kg, cargo_kgpm)
    found = _best(lines, (slides, places), limits, room)
    if len(places) == 1:
        return found
    near = np.linspace(max(found.place_m - STEP_M, places[0]), min(found.place_m + STEP_M, places[-1]), FINER_COUNT)
    return _best(lines, (np.array([found.slide_m]), near), limits, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Loads of the groups and of the coupling at the ends of slide and place: without cargo, and more for every kg of it."""

    slides_m: tuple[float, float]
    places_m: tuple[float, float]
    bare_kg: tuple[Floats, Floats]
    more: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]

    def at(self, slides: Floats, places: Floats) -> tuple[Floats, Floats]:
        """Both over slides and places, shape (slides, places, groups + 1)."""
        slide = _share(slides, self.slides_m)[:, None, None]
        place = _share(places, self.places_m)[None, :, None]
        near, far = (one[0] + place * (one[1] - one[0]) for one in self.more)
        base = self.bare_kg[0] + slide * (self.bare_kg[1] - self.bare_kg[0]) + 0.0 * place
        return base, near + slide * (far - near)


def _share(values: Floats, ends: tuple[float, float]) -> Floats:
    return (values - ends[0]) / (ends[1] - ends[0]) if ends[1] > ends[0] else np.zeros(len(values))


def _best(
    lines: _Lines,
    tried: tuple[Floats, Floats],
    limits: tuple[Floats, float, float],
    room: tuple[float, float] | None,
) -> Stowage:
    """The best of the tried slides and places; a growing cargo must end within its room."""
    (slides, places), (limits_kg, most_kg, cargo_kgpm) = tried, limits
    base, more = lines.at(slides, places)
    with np.errstate(divide="ignore", invalid="ignore"):
        rooms = np.where(more > 0.0, (limits_kg - base) / more, np.where(base <= limits_kg, inf, 0.0))
    fits = 2.0 * cargo_kgpm * np.minimum(places - room[0], room[1] - places) if room else np.full(len(places), inf)
    others = np.stack([fits, np.full(len(places), most_kg)], axis=-1)
    rooms = np.concatenate([rooms, np.broadcast_to(others, (len(slides), *others.shape))], axis=-1)
    mass = np.maximum(rooms.min(axis=-1), 0.0)
    groups = len(limits_kg) - 1
    bound = np.flatnonzero(limits_kg[:groups] > 0.0)
    used = ((base + more * mass[..., None])[..., bound] / limits_kg[bound]).max(axis=-1)
    most = mass >= mass.max() - 1e-3
    easy = most & (used <= max(EASY_RATIO, used[most].min() + 1e-9))
    place = int(easy.any(axis=0).argmax())
    slide = int(np.where(easy[:, place], used[:, place], inf).argmin())
    names = [*(f"group-{number}" for number in range(groups)), "coupling", "room", "mass"]
    return Stowage(
        mass_kg=float(mass[slide, place]), place_m=float(places[place]), slide_m=float(slides[slide]),
        binding=names[int(rooms[slide, place].argmin())],
    )  # fmt: skip


def _slides_m(combination: Combination) -> Floats:
    least, most = combination.tractor.coupling_slide_m if combination.trailer else (0.0, 0.0)
    return np.linspace(least, most, round((most - least) / typical().slide_notch_m) + 1)


def _places_m(combination: Combination, unit: int, cargo_length_m: float, *, grows: bool) -> Floats:
    carrier = combination.units[unit]
    start, end = room_m(carrier)
    if cargo_length_m > end - start:
        raise InputError(f"{carrier.name}: a cargo {cargo_length_m:g} m long; up to {end - start:g} m is accepted")
    spare = end - start - cargo_length_m
    if (cargo_length_m <= 0.0 and not grows) or spare < STEP_M:
        return np.array([even(carrier, 1.0).place_m])
    return np.linspace(start + 0.5 * cargo_length_m, end - 0.5 * cargo_length_m, 2 * round(0.5 * spare / STEP_M) + 1)


def _lines(combination: Combination, unit: int, ranges: tuple[Floats, Floats], *, lifted: bool) -> _Lines:
    """The lines between the ends of both ranges, each end balanced once."""
    slides, places = ((float(one[0]), float(one[-1])) for one in ranges)
    bare = {at: _loads_kg(combination, unit, None, at, lifted) for at in set(slides)}
    more = {
        (at, to): (_loads_kg(combination, unit, to, at, lifted) - bare[at]) / TRIED_KG for at in set(slides) for to in set(places)
    }
    near, far = ((more[at, places[0]], more[at, places[1]]) for at in slides)
    return _Lines(slides_m=slides, places_m=places, bare_kg=(bare[slides[0]], bare[slides[1]]), more=(near, far))


def _loads_kg(combination: Combination, unit: int, place_m: float | None, slide_m: float, lifted: bool) -> Floats:
    loads: list[tuple[Load, ...]] = [()] * len(combination.units)
    if place_m is not None:
        loads[unit] = (Load(mass_kg=TRIED_KG, place_m=place_m, height_m=1.0),)
    found = axle_loads(combination, loads, slide_m=slide_m, lifted=lifted)
    return np.array([*(group.load_kg for group in found.groups), found.kingpin_kg])
