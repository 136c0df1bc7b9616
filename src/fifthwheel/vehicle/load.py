"""Masses on a unit: the unit itself, a cargo spread evenly over its room, and what is left of it stop by stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from fifthwheel.errors import InputError
from fifthwheel.vehicle.body import Body, BodyKind
from fifthwheel.vehicle.combination import Unit, UnitKind
from fifthwheel.vehicle.slosh import still
from fifthwheel.vehicle.stand import middle_m, stands
from fifthwheel.vehicle.typical import Typical, typical


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A mass on a unit: its middle from the unit's front and above the road."""

    mass_kg: float
    place_m: float
    height_m: float


class Drop(Protocol):
    """A stop: the share of the whole cargo that leaves, and the end it is taken from, ``rear`` or ``front``."""

    @property
    def share_ratio(self) -> float:
        """Of the whole cargo."""

    @property
    def end(self) -> str:
        """``rear`` or ``front``."""


def tare_load(unit: Unit, law: Typical | None = None) -> Load:
    """A unit ready to drive as a mass: where its data say, else its scales' loads, else typical figures ([K]).

    Typical: an unladen tractor's share on its front axles; a trailer's frame even over its length, and its axles.
    """
    law = law or typical()
    height = unit.cg_height_m or {
        UnitKind.TRACTOR: law.tractor_height_m, UnitKind.RIGID: law.rigid_height_m, UnitKind.TRAILER: law.trailer_tare_height_m,
    }[unit.kind]  # fmt: skip
    if unit.cg_m > 0.0:
        place = unit.cg_m
    elif unit.tare_loads_kg:
        place = weighed_place_m(unit)
    elif unit.kind is UnitKind.TRAILER:
        axles = [place for group in unit.axles for place in group.positions_m]
        frame = unit.tare_kg - law.trailer_axle_kg * len(axles)
        place = (frame * unit.length_m / 2.0 + law.trailer_axle_kg * sum(axles)) / unit.tare_kg
    else:
        front, rear = stands(unit)
        behind = sum(len(group.positions_m) for group in unit.axles) - 1
        shares = law.steer_share_ratios
        share = law.rigid_steer_share_ratio if unit.kind is UnitKind.RIGID else shares[min(behind, len(shares)) - 1]
        place = rear.place_m - share * (rear.place_m - front.place_m)
    return Load(mass_kg=unit.tare_kg, place_m=place, height_m=height)


def weighed_place_m(unit: Unit) -> float:
    """Middle of the mass that the scales found (``tare_loads_kg``), from the unit's front.

    Raises
    ------
    InputError : another number of loads than of places that bear.
    """
    places = [unit.coupling_m] if unit.kind is UnitKind.TRAILER else []
    places += [middle_m(unit, index) for index in range(len(unit.axles))]
    if len(places) != len(unit.tare_loads_kg):
        raise InputError(
            f"{unit.name}: {len(unit.tare_loads_kg)} tare_loads_kg; {len(places)} are wanted, "
            "of a trailer on its kingpin first, then on every axle group"
        )
    return sum(load * place for load, place in zip(unit.tare_loads_kg, places, strict=True)) / sum(unit.tare_loads_kg)


def room_m(unit: Unit) -> tuple[float, float]:
    """Ends of the room for cargo from the unit's front: its body's, else the whole trailer, or a rigid behind its cab [K].

    Raises
    ------
    InputError : a tractor, which carries none.
    """
    body = unit.body
    if body is not None and body.load_to_m > body.load_from_m:
        return body.load_from_m, body.load_to_m
    if unit.kind is UnitKind.TRACTOR:
        raise InputError(f"{unit.name} is a tractor without a body; a trailer or a rigid carries cargo")
    return (typical().cab_m if unit.kind is UnitKind.RIGID else 0.0), unit.length_m


def cargo_height_m(unit: Unit, mass_kg: float, density_kgpm3: float = 0.0, *, law: Typical | None = None) -> float:
    """Height of the middle of a cargo that covers the floor of the room evenly, or lies in a tank.

    Without a density, or without the room's size, it fills a typical share of the room's height [K].

    Raises
    ------
    InputError : more than a tank holds.
    """
    body, law = unit.body, law or typical()
    floor = (body.floor_m if body else 0.0) or law.floor_height_m
    if body and body.section and density_kgpm3 > 0.0 and body.volume_m3 > 0.0:
        return floor + still(body.section, fill_ratio(body, mass_kg, density_kgpm3), body.section_height_m).height_m
    top = body.inside_height_m if body and body.inside_height_m > 0.0 else max(unit.height_m - floor, 0.0)
    if body and density_kgpm3 > 0.0 and body.inside_width_m > 0.0:
        start, end = room_m(unit)
        deep = mass_kg / (density_kgpm3 * body.inside_width_m * (end - start))
        return floor + 0.5 * min(deep, top)
    return floor + 0.5 * law.fill_ratio * top


def fill_ratio(body: Body, mass_kg: float, density_kgpm3: float) -> float:
    """Share of a body's volume that a mass fills.

    Raises
    ------
    InputError : more than it holds.
    """
    volume = mass_kg / density_kgpm3
    if volume > body.volume_m3 * (1.0 + 1e-9):
        raise InputError(f"{body.name}: {volume:.2f} m3 of cargo; up to {body.volume_m3:g} m3 is accepted")
    return min(volume / body.volume_m3, 1.0)


def even(unit: Unit, mass_kg: float, density_kgpm3: float = 0.0, *, law: Typical | None = None) -> Load:
    """A cargo spread evenly over the room of a unit; in a mixer drum, where the charge lies [K].

    Raises
    ------
    InputError : a tractor, or more than a tank holds.
    """
    start, end = room_m(unit)
    drum = unit.body is not None and unit.body.kind is BodyKind.MIXER
    share = (law or typical()).drum_centre_ratio if drum else 0.5
    height = cargo_height_m(unit, mass_kg, density_kgpm3, law=law)
    return Load(mass_kg=mass_kg, place_m=start + share * (end - start), height_m=height)


def stop_by_stop(
    unit: Unit,
    cargo_mass_kg: float,
    drops: Sequence[Drop],
    density_kgpm3: float = 0.0,
    *,
    between_m: tuple[float, float] | None = None,
) -> list[tuple[int, tuple[Load, ...]]]:
    """What lies on a unit after 0, 1, 2... stops: an even cargo that grows shorter from the end it is taken from.

    Parameters
    ----------
    between_m : ends of the cargo from the unit's front; the whole room where not given.

    Raises
    ------
    InputError : shares of more than the whole, or an end that is neither ``rear`` nor ``front``.
    """
    start, end = between_m or room_m(unit)
    length, whole, left = end - start, even(unit, cargo_mass_kg, density_kgpm3), 1.0
    if between_m is not None:
        whole = replace(whole, place_m=0.5 * (start + end))
    stages: list[tuple[int, tuple[Load, ...]]] = [(0, (whole,))]
    for number, drop in enumerate(drops, start=1):
        if drop.end not in ("rear", "front"):
            raise InputError(f"stop {number}: end is {drop.end!r}; rear or front is accepted")
        left -= drop.share_ratio
        if left < -1e-9 or drop.share_ratio < 0.0:
            raise InputError(f"stop {number}: share {drop.share_ratio:g} leaves {left:g} of the cargo; 0 or more is accepted")
        if drop.end == "rear":
            end -= drop.share_ratio * length
        else:
            start += drop.share_ratio * length
        rest = Load(mass_kg=cargo_mass_kg * left, place_m=0.5 * (start + end), height_m=whole.height_m)
        stages.append((number, (rest,) if left > 1e-9 else ()))
    return stages
