"""Axle and coupling loads of a combination, standing, braking or on a grade, for any place of its cargo.

Two moment balances. With x rearwards, L2 from the kingpin to the middle of the trailer's axles, L1 between the middles of the
tractor's front and rear axles, f the fifth wheel ahead of the latter (negative: a hook behind them), and the forward force
``X = a / g - sin(slope)`` on every weight, which brakes of its own unit hold, or the tractor's pull F at the coupling's height::

    N_kp    = [m2 cos(slope) (L2 - x2) + X m2 h2 - F h_c] / L2
    N_front = [m1 cos(slope) (L1 - x1) + X m1 h1 + N_kp f + F h_c] / L1

Axles that stand together share their load as their permitted loads are, so equal ones share it equally. An axle that is up moves
the middle of those left, and with it the kingpin load. Loads are in kg of standard gravity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind
from fifthwheel.vehicle.load import Load, even, stop_by_stop, tare_load, weighed_place_m
from fifthwheel.vehicle.stand import Stand, front_and_rear, stands
from fifthwheel.vehicle.typical import Typical, typical

__all__ = [
    "TOLERANCE", "AxleLoads", "GroupLoad", "Load", "axle_loads", "consistent", "coupling_height_m", "even", "stop_by_stop",
    "unladen_loads", "weighed",
]  # fmt: skip

TOLERANCE: Final = 0.01
"""Share by which stated and worked-out loads may differ (acceptance A1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLoad:
    """What an axle group carries: of which unit and which of its groups, its middle from the front of the combination."""

    unit: int
    group: int
    place_m: float
    load_kg: float
    axles_count: int
    lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AxleLoads:
    """Loads of all axle groups front to rear, and on the coupling (zero without one); a negative one lifts off the road."""

    kingpin_kg: float
    groups: tuple[GroupLoad, ...]

    @property
    def total_kg(self) -> float:
        """On the road: the mass, on a slope times its cosine."""
        return sum(group.load_kg for group in self.groups)

    def driven_kg(self, combination: Combination, unit: int | None = None) -> float:
        """On the driven axles of the whole, or of one unit."""
        units = combination.units
        return sum(
            group.load_kg for group in self.groups if units[group.unit].axles[group.group].driven and unit in (None, group.unit)
        )

    def unit_kg(self, unit: int) -> float:
        """On the axles of one unit."""
        return sum(group.load_kg for group in self.groups if group.unit == unit)


def _mass(unit: Unit, loads: Sequence[Load]) -> tuple[float, float, float]:
    """Mass of a unit with loads, and its moments about the front and the road."""
    tare = tare_load(unit)
    mass, along, up = tare.mass_kg, tare.mass_kg * tare.place_m, tare.mass_kg * tare.height_m
    for load in loads:
        mass += load.mass_kg
        along += load.mass_kg * load.place_m
        up += load.mass_kg * load.height_m
    return mass, along, up


def coupling_height_m(combination: Combination, law: Typical | None = None) -> float:
    """Height of the coupling force: as a unit says, else a typical one."""
    told = max(unit.coupling_height_m for unit in combination.units)
    return told or (law or typical()).kingpin_height_m


def axle_loads(
    combination: Combination,
    loads: Sequence[Sequence[Load]],
    *,
    slide_m: float = 0.0,
    lifted: bool = False,
    deceleration_mps2: float = 0.0,
    grade_ratio: float = 0.0,
) -> AxleLoads:
    """Loads on every axle group and on the coupling.

    Parameters
    ----------
    loads : what every unit carries, one sequence a unit.
    slide_m : the fifth wheel moved rearwards from its place. lifted : whether liftable axles are up.
    deceleration_mps2 : braking, each unit by itself; negative: pulled by the tractor. grade_ratio : tangent, uphill positive.

    Raises
    ------
    InputError : loads for another number of units, a fifth wheel slid too far, no axle left on the road.
    """
    units = combination.units
    if len(loads) != len(units):
        raise InputError(f"{combination.name}: loads of {len(loads)} units; one sequence for each of {len(units)} is wanted")
    cosine = 1.0 / sqrt(1.0 + grade_ratio * grade_ratio)
    forward = deceleration_mps2 / GRAVITY_MPS2 - grade_ratio * cosine
    tractor, place = units[0], units[0].coupling_m + slide_m
    if combination.trailer is not None:
        _check_slide(tractor, slide_m)
    front, rear = stands(tractor, lifted=lifted)
    mass, along, up = _mass(tractor, loads[0])
    moment, kingpin = cosine * (mass * rear.place_m - along) + forward * up, 0.0
    rows: list[GroupLoad] = []
    if combination.trailer is not None:
        kingpin, pull, rows = _trailer_loads(combination, loads[1], (cosine, forward, place), lifted=lifted)
        moment += kingpin * (rear.place_m - place) + pull
    ahead = moment / (rear.place_m - front.place_m)
    behind = cosine * mass + kingpin - ahead
    groups = _rows((tractor, 0, 0.0), (front, rear), (ahead, behind))
    return AxleLoads(kingpin_kg=kingpin, groups=(*groups, *rows))


def _trailer_loads(
    combination: Combination, loads: Sequence[Load], ground: tuple[float, float, float], *, lifted: bool
) -> tuple[float, float, list[GroupLoad]]:
    """Load on the kingpin, the coupling force's moment about the road, and the groups' loads."""
    trailer = combination.units[1]
    cosine, forward, place = ground
    (group,) = stands(trailer, lifted=lifted)
    mass, along, up = _mass(trailer, loads)
    length = group.place_m - trailer.coupling_m
    if length <= 0.0:
        raise InputError(f"{trailer.name}: its axles are {length:g} m behind its coupling; more than 0 m is wanted")
    pull = min(forward, 0.0) * mass * coupling_height_m(combination)
    kingpin = (cosine * (mass * group.place_m - along) + forward * up - pull) / length
    return kingpin, pull, _rows((trailer, 1, place - trailer.coupling_m), (group,), (cosine * mass - kingpin,))


def _rows(whose: tuple[Unit, int, float], on: Sequence[Stand], loads_kg: Sequence[float]) -> list[GroupLoad]:
    unit, number, start = whose
    shared = {index: share * load for one, load in zip(on, loads_kg, strict=True) for index, share in one.shares.items()}
    return [
        GroupLoad(
            unit=number, group=index, place_m=start + sum(group.positions_m) / len(group.positions_m),
            load_kg=shared.get(index, 0.0), axles_count=len(group.positions_m), lifted=index not in shared,
        )
        for index, group in enumerate(unit.axles)
    ]  # fmt: skip


def _check_slide(tractor: Unit, slide_m: float) -> None:
    least, most = tractor.coupling_slide_m
    if not least - 1e-9 <= slide_m <= most + 1e-9:
        raise InputError(f"{tractor.name}: fifth wheel slid by {slide_m:g} m; {least:g} to {most:g} m is accepted")


def unladen_loads(combination: Combination, *, slide_m: float = 0.0, lifted: bool = False) -> AxleLoads:
    """Loads ready to drive without cargo."""
    return axle_loads(combination, [()] * len(combination.units), slide_m=slide_m, lifted=lifted)


def consistent(unit: Unit) -> None:
    """Refuse a unit whose own figures break statics by more than a hundredth.

    Raises
    ------
    InputError : ``tare_loads_kg`` do not add up to ``tare_kg``, or ``cg_m`` puts other loads on the axles; with the figures.
    """
    if not unit.tare_loads_kg:
        return
    found = weighed_place_m(unit)
    total = sum(unit.tare_loads_kg)
    if abs(total - unit.tare_kg) > TOLERANCE * unit.tare_kg:
        raise InputError(
            f"{unit.name}: tare_loads_kg add up to {total:g} kg, tare_kg is {unit.tare_kg:g} kg; {TOLERANCE:.0%} is accepted"
        )
    if unit.cg_m <= 0.0:
        return
    trailer = unit.kind is UnitKind.TRAILER
    ahead = range(1) if trailer else front_and_rear(unit)[0]
    stated = sum(unit.tare_loads_kg[index] for index in ahead)
    places = [one.place_m for one in stands(unit)]
    base = places[-1] - (unit.coupling_m if trailer else places[0])
    worked = stated + unit.tare_kg * (found - unit.cg_m) / base
    where = "kingpin" if trailer else "front axles"
    _agree(unit.name, where, worked, stated, f"cg_m of {unit.cg_m:g} m")
    _agree(unit.name, "axles" if trailer else "rear axles", total - worked, total - stated, f"cg_m of {unit.cg_m:g} m")


def weighed(combination: Combination, loads: Sequence[Sequence[Load]], stated_kg: Sequence[float]) -> None:
    """Refuse stated loads of the axle groups, front to rear, that the masses and places cannot give.

    Raises
    ------
    InputError : another number of loads, or one that is more than a hundredth from what statics gives; with the figures.
    """
    found = axle_loads(combination, loads).groups
    if len(found) != len(stated_kg):
        raise InputError(f"{combination.name}: {len(stated_kg)} loads; one for each of {len(found)} axle groups is wanted")
    for number, (group, stated) in enumerate(zip(found, stated_kg, strict=True), start=1):
        _agree(combination.name, f"axle group {number}", group.load_kg, stated, "statics")


def _agree(name: str, where: str, worked_kg: float, stated_kg: float, by: str) -> None:
    if abs(worked_kg - stated_kg) > TOLERANCE * abs(stated_kg):
        raise InputError(
            f"{name}: {by} puts {worked_kg:.0f} kg on the {where}, stated are {stated_kg:.0f} kg; {TOLERANCE:.0%} is accepted"
        )
