"""A day on one charge: electricity bought from the grid is spent where a kilowatt-hour spares most fuel.

The marginal saving of a joule must be the same on every mission of the day (else moving it would save more), so one price, found
by bisection, spends the budget; a charging stop in between splits the day into days of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from fifthwheel.errors import InputError

HALVINGS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a mission takes at a price: fuel, energy out of the trailer's battery's cells, and its charge at the end."""

    fuel_j: float
    drawn_j: float
    soc_end_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A planned day: the one price, what each mission takes at it, and the totals. Fuel and electricity are never one number."""

    price: float
    missions: tuple[Spent, ...]

    @property
    def fuel_j(self) -> float:
        """Fuel of the day."""
        return sum(mission.fuel_j for mission in self.missions)

    @property
    def drawn_j(self) -> float:
        """Electricity of the day, to be bought from the grid but for charging losses."""
        return sum(mission.drawn_j for mission in self.missions)


Drive = Callable[[float, float], Spent]
"""Drives a mission: charge at its start, and price, to what it takes."""


def plan_day(missions: Sequence[Drive], soc_ratio: float, soc_end_ratio: float, prices: tuple[float, float]) -> Day:
    """The day whose one price leaves the battery at `soc_end_ratio` after the last mission, within `prices` (low, high).

    Raises
    ------
    InputError : no missions, more charge wanted at the end than at the start, or an interval of prices that is none.
    """
    if not missions:
        raise InputError("a day of no missions; one or more are accepted")
    if not 0.0 <= soc_end_ratio <= soc_ratio <= 1.0:
        raise InputError(f"charge from {soc_ratio:g} to {soc_end_ratio:g}; 1 >= start >= end >= 0 is accepted")
    low, high = prices
    if not 0.0 < low < high:
        raise InputError(f"prices from {low:g} to {high:g}; 0 < low < high is accepted")
    for _halving in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _drive(missions, soc_ratio, middle)[-1].soc_end_ratio < soc_end_ratio:
            low = middle
        else:
            high = middle
    return Day(price=high, missions=_drive(missions, soc_ratio, high))


def _drive(missions: Sequence[Drive], soc_ratio: float, price: float) -> tuple[Spent, ...]:
    spent: list[Spent] = []
    for mission in missions:
        spent.append(mission(spent[-1].soc_end_ratio if spent else soc_ratio, price))
    return tuple(spent)
