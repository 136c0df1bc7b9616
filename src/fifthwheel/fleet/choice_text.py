"""Verdicts as people read them: figures in the trade's units, one sentence a check, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fifthwheel.fleet.choice_views import CheckView
from fifthwheel.units import CELSIUS_ZERO_K, DEGREE, HOUR, KMH, KWH, TONNE
from fifthwheel.vehicle.verdict import Outcome, Verdict

SHOWN: Final[Mapping[str, Callable[[float], str]]] = {
    "kg": lambda value: f"{value / TONNE:.2f} t",
    "m": lambda value: f"{value:.2f} m",
    "m³": lambda value: f"{value:.1f} m³",
    "m/s": lambda value: f"{value / KMH:.1f} km/h",
    "m/s²": lambda value: f"{value:.2f} m/s²",
    "N": lambda value: f"{value / 1e3:.1f} kN",
    "W": lambda value: f"{value / 1e3:.0f} kW",
    "J": lambda value: f"{value / KWH:.1f} kWh",
    "s": lambda value: f"{value:.1f} s" if abs(value) < 600.0 else f"{value / HOUR:.2f} h",
    "rad": lambda value: f"{value / DEGREE:.1f}°",
    "W/kg": lambda value: f"{value:.2f} kW/t",
    "kg/m": lambda value: f"{value / TONNE:.2f} t/m",
    "J/m": lambda value: f"{value / KWH * 1e3:.2f} kWh/km",
}
"""How a figure of an SI unit is shown; temperatures and shares go by themselves."""
OUTCOMES: Final = {
    Outcome.PASS: ("pass", "通过"),
    Outcome.FAIL: ("fail", "不通过"),
    Outcome.NOT_VERIFIED: ("not verified", "未校核"),
}
ROAD_LENGTH_M: Final = 1000.0
"""From here on a length is a way on the road."""


def shown(value: float, unit: str, *, difference: bool = False) -> str:
    """A figure of SI `unit` as the trade says it; a `difference` of temperatures has no zero.

    >>> shown(49_000.0, "kg"), shown(0.25, ""), shown(263.15, "K")
    ('49.00 t', '25.0 %', '-10.0 °C')
    """
    if unit == "K":
        return f"{value:.1f} K" if difference else f"{value - CELSIUS_ZERO_K:.1f} °C"
    if unit == "":
        return f"{value:g}" if float(value).is_integer() and not 0.0 < abs(value) <= 1.0 else f"{100.0 * value:.1f} %"
    if unit == "m" and abs(value) >= ROAD_LENGTH_M:
        return f"{value / 1e3:.0f} km"
    return SHOWN[unit](value) if unit in SHOWN else f"{value:.4g} {unit}"


def check_view(verdict: Verdict) -> CheckView:
    """A verdict with its sentence."""
    return CheckView(
        rule=verdict.rule, kind=verdict.kind, title_en=verdict.title_en, title_zh=verdict.title_zh, rule_set=verdict.rule_set,
        version=verdict.version, tag=verdict.tag, source=verdict.source, value=verdict.value, limit=verdict.limit,
        unit=verdict.unit, margin_ratio=verdict.margin_ratio, outcome=verdict.outcome.value, text_en=text_en(verdict),
        text_zh=text_zh(verdict), remedy_en=verdict.remedy_en, remedy_zh=verdict.remedy_zh,
    )  # fmt: skip


def text_en(verdict: Verdict) -> str:
    """The sentence of a check in English."""
    head = f"check against {_rules(verdict)}: {verdict.title_en}: "
    if verdict.value is None or verdict.limit is None or verdict.margin is None:
        return f"{head}not verified: {verdict.reason_en}"
    sign, margin = "at least" if verdict.at_least else "at most", shown(verdict.margin, verdict.unit, difference=True)
    return (
        f"{head}{shown(verdict.value, verdict.unit)}, {sign} {shown(verdict.limit, verdict.unit)}: "
        f"{OUTCOMES[verdict.outcome][0]}, margin {margin}"
    )


def text_zh(verdict: Verdict) -> str:
    """The sentence of a check in Chinese."""
    head = f"按 {_rules(verdict)} 校核：{verdict.title_zh}："
    if verdict.value is None or verdict.limit is None or verdict.margin is None:
        return f"{head}未校核：{verdict.reason_zh}"
    sign, margin = "不小于" if verdict.at_least else "不大于", shown(verdict.margin, verdict.unit, difference=True)
    return (
        f"{head}{shown(verdict.value, verdict.unit)}，应{sign} {shown(verdict.limit, verdict.unit)}："
        f"{OUTCOMES[verdict.outcome][1]}，余量 {margin}"
    )


def short_en(verdict: Verdict) -> str:
    """A failure in few words, with what would make it pass."""
    if verdict.value is None or verdict.limit is None:
        return f"{verdict.title_en}: {verdict.reason_en}"
    over = "under" if verdict.at_least else "over"
    remedy = f"; {verdict.remedy_en}" if verdict.remedy_en else ""
    values = f"{shown(verdict.value, verdict.unit)} {over} {shown(verdict.limit, verdict.unit)}"
    return f"{verdict.title_en}: {values} ({_rules(verdict)}){remedy}"


def short_zh(verdict: Verdict) -> str:
    """A failure in few words in Chinese, with what would make it pass."""
    if verdict.value is None or verdict.limit is None:
        return f"{verdict.title_zh}：{verdict.reason_zh}"
    over = "低于" if verdict.at_least else "超过"
    remedy = f"；{verdict.remedy_zh}" if verdict.remedy_zh else ""
    values = f"{shown(verdict.value, verdict.unit)} {over} {shown(verdict.limit, verdict.unit)}"
    return f"{verdict.title_zh}：{values}（{_rules(verdict)}）{remedy}"


def _rules(verdict: Verdict) -> str:
    tag = f" [{verdict.tag.strip('[]')}]" if verdict.tag else ""
    return f"{verdict.rule_set} {verdict.version}".strip() + tag
