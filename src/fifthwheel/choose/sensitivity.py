"""What a cost hangs on: every assumption at both ends, intervals over draws, and where one combination beats another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.cost import Assets, Work, ledger
from fifthwheel.choose.region import Region, rests_on, titles
from fifthwheel.errors import InputError

CORRELATED: Final = {("diesel", "lng"): 0.4}
"""Prices that move together: 0.3 to 0.5 monthly in China [K]."""
ENDS: Final = (5.0, 95.0)
"""Percentiles of a 90 % interval."""
STEPS: Final = 400
"""Points of a break-even's search; crossings closer to one another than a step are seen as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One bar of a tornado: cost a metre with one assumption at its low and at its high end, all others as they are."""

    name: str
    title_en: str
    title_zh: str
    low_cost: float
    high_cost: float
    low_text: str
    high_text: str
    source: str

    @property
    def width(self) -> float:
        """How far the cost goes between both ends."""
        return abs(self.high_cost - self.low_cost)


def tornado(assets: Assets, work: Work, region: Region) -> tuple[Swing, ...]:
    """The assumptions of a region that this cost hangs on, widest bar first.

    Distance a year and years kept are among them where `work` leaves them to the region (`Region.priced` sets them).

    Parameters
    ----------
    assets, work : of one combination, floats only. region : not drawn.
    """
    moved = [one for one in region.assumptions.values() if one.low < one.high]
    count = len(moved)
    values = {one.name: np.full(2 * count, one.value) for one in moved}
    for row, one in enumerate(moved):
        values[one.name][[row, count + row]] = one.low, one.high
    ends = {one.name: replace(one, value=values[one.name]) for one in moved}
    swept = replace(region, assumptions=dict(region.assumptions) | ends)
    costs = np.broadcast_to(ledger(assets, work, swept).total, 2 * count)
    names = titles("assumptions")
    bars = [
        Swing(
            name=one.name, title_en=names.get(one.name, (one.name, one.name))[0], source=one.source,
            title_zh=names.get(one.name, (one.name, one.name))[1], low_cost=float(costs[row]),
            high_cost=float(costs[count + row]), low_text=one.shown(one.low), high_text=one.shown(one.high),
        )
        for row, one in enumerate(moved)
    ]  # fmt: skip
    return tuple(sorted((bar for bar in bars if bar.width > 0.0), key=lambda bar: -bar.width))


def sources(assets: Assets, region: Region) -> dict[str, str]:
    """What each line of one combination's ledger rests on: the assumptions behind it, with range and source.

    Examples
    --------
    >>> from fifthwheel.choose.cost import assets_of
    >>> from fifthwheel.choose.region import region
    >>> from fifthwheel.vehicle.catalogue import combination
    >>> cn = region("cn")
    >>> sources(assets_of(combination("diesel-6x4-box"), cn), cn)["battery_swap"][:40]
    'Electricity by swap 1.05 CNY/kWh (0.85 t'
    """
    return {line: "; ".join(_told(name, region) for name in _names(assets, region, line)) for line in rests_on()}


def _names(assets: Assets, region: Region, line: str) -> list[str]:
    found: list[str] = []
    for part in rests_on()[line]:
        if part.startswith("bill:"):
            found += assets.bills.get(part.removeprefix("bill:"), {})
        else:
            found += [part.replace("KIND", kind) for kind in assets.kinds]
    return [name for name in dict.fromkeys(found) if name in region.assumptions]


def _told(name: str, region: Region) -> str:
    one = region.assumptions[name]
    return f"{titles('assumptions').get(name, (name, name))[0]} {one.text}: {one.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """90 % intervals (low, high) of the cost of a metre and of its lines; arrays of shape (n,) for stacked assets."""

    total: tuple[NDArray[np.float64], NDArray[np.float64]]
    lines: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]


def interval(assets: Assets, work: Work, drawn: Region) -> Interval:
    """Intervals over the draws of a region (``region.drawn(rng, 2000, CORRELATED)``), the same draws for all candidates.

    Parameters
    ----------
    assets, work : of one combination, or ``stack([...]).columns()`` and ``work.columns()``.
    """
    one = ledger(assets, work, drawn)
    return Interval(total=_ends(one.total), lines={name: _ends(line) for name, line in one.lines.items()})


def _ends(value: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.percentile(np.atleast_1d(np.asarray(value, dtype=float)), ENDS, axis=-1)
    return low, high


def break_even(
    first: tuple[Assets, Work], second: tuple[Assets, Work], region: Region, *, over: str, span: tuple[float, float]
) -> float | None:
    """The least ``distance_year_m`` or ``years`` in a span from which the first combination no longer costs more than the
    second; ``None`` where there is no crossing to its favour. A first that is never dearer has its answer at the span's start.

    Examples
    --------
    >>> from fifthwheel.choose.cost import assets_of
    >>> from fifthwheel.choose.region import region
    >>> from fifthwheel.vehicle.catalogue import combination
    >>> cn = region("cn")
    >>> diesel = assets_of(combination("diesel-6x4-box"), cn), Work(speed_mps=19.0, fuel_kgpm=2.8e-4)
    >>> break_even(diesel, diesel, cn, over="distance_year_m", span=(20e6, 200e6))
    20000000.0

    Raises
    ------
    InputError : another field, or a span that does not rise from above zero.
    """
    if over not in ("distance_year_m", "years") or not 0.0 < span[0] < span[1]:
        raise InputError(f"break-even over {over} from {span[0]:g} to {span[1]:g}; distance_year_m or years, rising, above 0")
    dearer = _difference(first, second, region, over)
    grid = np.geomspace(*span, STEPS)
    above = np.broadcast_to(dearer(grid), STEPS) > 0.0
    if not above[0]:
        return float(span[0])
    below = np.flatnonzero(~above)
    if not len(below):
        return None
    from scipy.optimize import brentq

    return float(brentq(dearer, grid[below[0] - 1], grid[below[0]]))


def _difference(
    first: tuple[Assets, Work], second: tuple[Assets, Work], region: Region, over: str
) -> Callable[[float | NDArray[np.float64]], NDArray[np.float64]]:
    def dearer(value: float | NDArray[np.float64]) -> NDArray[np.float64]:
        costs = []
        for assets, work in (first, second):
            changed = replace(work, distance_year_m=value) if over == "distance_year_m" else replace(work, years=value)
            costs.append(ledger(assets, changed, region).total)
        difference: NDArray[np.float64] = np.asarray(costs[0]) - np.asarray(costs[1])
        return difference

    return dearer
