"""Which axles of a unit stand together, and where their middle is: what statics and turning begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fifthwheel.errors import InputError
from fifthwheel.vehicle.combination import Unit, UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Axles that stand together: their middle from the unit's front, and the share of their load by number of the group."""

    place_m: float
    shares: dict[int, float]


def stand(unit: Unit, groups: Sequence[int], *, lifted: bool = False) -> Stand:
    """Some axle groups of a unit as they stand, liftable ones up or down.

    Raises
    ------
    InputError : no axle is left on the road.
    """
    axles = unit.axles
    down = [index for index in groups if not (lifted and axles[index].liftable)]
    total = sum(axles[index].load_limit_kg for index in down)
    if total <= 0.0:
        raise InputError(f"{unit.name}: no axle with a load_limit_kg above 0 kg is left on the road; one at least is wanted")
    shares = {index: axles[index].load_limit_kg / total for index in down}
    return Stand(place_m=sum(share * middle_m(unit, index) for index, share in shares.items()), shares=shares)


def middle_m(unit: Unit, group: int) -> float:
    """Middle of an axle group from its unit's front."""
    places = unit.axles[group].positions_m
    return sum(places) / len(places)


def front_and_rear(unit: Unit) -> tuple[list[int], list[int]]:
    """Groups of a tractor or rigid that are nearer to its first axle than to its driven ones, and the others.

    Raises
    ------
    InputError : no driven axle, or none apart from the driven ones.
    """
    driven = [place for group in unit.axles for place in group.positions_m if group.driven]
    if not driven:
        raise InputError(f"{unit.name} has no driven axle; one at least is wanted")
    middle = 0.5 * (unit.axles[0].positions_m[0] + sum(driven) / len(driven))
    front = [index for index, group in enumerate(unit.axles) if group.positions_m[0] < middle]
    if not front:
        raise InputError(f"{unit.name}: every axle is driven; one ahead of the driven ones is wanted")
    return front, [index for index in range(len(unit.axles)) if index not in front]


def stands(unit: Unit, *, lifted: bool = False) -> tuple[Stand, ...]:
    """What a unit stands on: front and rear axles of a tractor or rigid; of a trailer, all its axles together."""
    if unit.kind is UnitKind.TRAILER:
        return (stand(unit, range(len(unit.axles)), lifted=lifted),)
    front, rear = front_and_rear(unit)
    return stand(unit, front, lifted=lifted), stand(unit, rear, lifted=lifted)
