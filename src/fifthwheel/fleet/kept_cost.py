"""What a kilometre costs as measured: the promised lines, moved by energy, speed and pace; what no trip tells stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any, Final, NamedTuple

from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.fleet.promise_views import CostKept, PromiseView

BY_FUEL: Final = frozenset({"fuel", "adblue", "carbon"})
BY_ELECTRICITY: Final = frozenset({"electricity", "depot_charging", "public_charging", "battery_swap"})
BY_WAY: Final = frozenset({"tyres", "linings", "maintenance", "toll", "payload"})
BY_TIME: Final = frozenset({"driver"})
"""Lines of the ledger by what drives them; all others are paid by the year."""


class Basis(NamedTuple):
    """What of a line was measured, in both languages; empty: nothing."""

    en: str
    zh: str


BASES: Final = (
    Basis("fuel metered", "实测油（气）耗"),
    Basis("electricity metered", "实测电耗"),
    Basis("mean speed", "实测平均车速"),
    Basis("distance a year at this pace", "按实测里程推算全年"),
)
_NOTHING: Final = Basis("", "")
_Factors = tuple[float, float, float]
_SAME: Final = (1.0, 1.0, 1.0)


def costs_of(
    promise: PromiseView, used: Sequence[Mapping[str, Any]], *, measured: Finding, speed: Finding, a_year: Finding
) -> tuple[CostKept, ...]:
    """Each line at the measured use: energy by the meter, driver by the speed, what is paid by the year by the pace.

    Parameters
    ----------
    used : the trips. measured : their energy a metre, whose interval is the meter's. speed : mean, halts included.
    a_year : distance of a year, without value where too little is known.
    """
    way_m = sum(row["distance_m"] for row in used)
    relative = (measured.high - measured.low) / 2 / measured.value if measured.value and measured.high and measured.low else 0.0
    fuel = _used([row["fuel_kg"] for row in used], way_m, promise.fuel_kgpm, relative)
    electric = _used([row["electric_j"] for row in used], way_m, promise.electric_jpm, relative)
    pace = None
    if a_year.value and a_year.low is not None and a_year.low > 0.0 and a_year.high is not None:
        ends = promise.distance_year_m / a_year.high, promise.distance_year_m / a_year.low
        pace = promise.distance_year_m / a_year.value, ends[0], ends[1]
    slow = (promise.speed_mps / speed.value,) * 3 if speed.value else None
    evidence = tuple(f"trip:{row['trip_id']}" for row in used)
    found = []
    for line in promise.costs:
        factors, basis = _basis(line.name, (fuel, electric, slow, pace))
        value, low, high = (line.value * factor for factor in factors)
        finding = Finding(
            name=f"promise.cost.{line.name}", value=value, unit=f"{promise.currency}/m", low=min(low, high), high=max(low, high),
            origin=Origin.ESTIMATED if basis.en else Origin.ASSUMED, method=basis.en or "as promised: not measured",
            evidence=evidence,
        )  # fmt: skip
        titles = {"name": line.name, "title_en": line.title_en, "title_zh": line.title_zh}
        found.append(CostKept(**titles, promised=line.value, finding=finding, basis_en=basis.en, basis_zh=basis.zh))
    return tuple(found)


def _basis(name: str, factors: tuple[_Factors | None, ...]) -> tuple[_Factors, Basis]:
    """What a line is multiplied by (value, low, high), and on what that rests."""
    if name in BY_WAY:
        return _SAME, _NOTHING
    index = next((index for index, names in enumerate((BY_FUEL, BY_ELECTRICITY, BY_TIME)) if name in names), 3)
    factor = factors[index]
    return (_SAME, _NOTHING) if factor is None else (factor, BASES[index])


def _used(amounts: Sequence[float | None], way_m: float, promised: float, relative: float) -> _Factors | None:
    """Measured over promised amount of an energy, with the meters' error `relative`; ``None`` where one is not known."""
    known = [one for one in amounts if one is not None]
    if not known or len(known) < len(amounts) or promised <= 0.0:
        return None
    value = sum(known) / way_m / promised
    return value, value * (1.0 - relative), value * (1.0 + relative)


def cost_of(promise: PromiseView, costs: Sequence[CostKept], evidence: tuple[str, ...]) -> Finding:
    """All lines together; their errors are independent."""
    if not costs or not evidence:
        return Finding(name="promise.cost", value=None, unit=f"{promise.currency}/m", method="no trip or no cost was promised")
    margins = [((one.finding.high or 0.0) - (one.finding.low or 0.0)) / 2 for one in costs]
    return with_margin(
        "promise.cost", sum(one.finding.value or 0.0 for one in costs), f"{promise.currency}/m", margin=hypot(*margins),
        origin=Origin.ESTIMATED, method="promised lines at the measured energy, speed and pace; the rest as promised",
        evidence=evidence,
    )  # fmt: skip
