"""The comparison of a promise with trips as pages show it: verdict in words, terms, causes, and what a kilometre costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any, Final

import numpy as np

from fifthwheel.explain.promise import FEWEST, OPEN, USE, VEHICLE, Comparison, student_ratio
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.fleet.kept_cost import cost_of, costs_of
from fifthwheel.fleet.promise_views import CauseView, KeptView, PromiseView, TermView
from fifthwheel.physics.energy import TERMS
from fifthwheel.units import DAY_US

TITLES: Final = {
    "payload": ("Payload", "载重"),
    "weather": ("Temperature and wind", "气温和风"),
    "speed": ("Speed", "车速"),
    "grade": ("Grade", "坡度"),
    "braking": ("Braking", "制动"),
    "idling": ("Idling", "怠速"),
    "air": ("Air drag of the vehicle", "整车风阻"),
    "tyres": ("Tyres and road surface", "轮胎与路面"),
    "auxiliaries": ("Auxiliaries", "附件"),
    "powertrain": ("Powertrain: stops, shifts, condition", "动力传动：启停、换挡、车况"),
    "unexplained": ("Unexplained", "未解释"),
}
MET: Final = frozenset({"payload", "weather"})
"""Causes that the promise is moved by before it is judged."""
WORTH_SAYING_RATIO: Final = 0.005
FEWEST_DAYS: Final = 14
"""Fewer days say nothing of a year."""
YEAR_DAYS: Final = 365.25
NOT_MEASURED: Final = (
    ("tolls", "过路费"), ("tyre wear", "轮胎磨损"), ("repairs", "维修"),
    ("prices: those of the promise are used", "价格：按选型时的价格"),
)  # fmt: skip
_NONE: Final = Finding(name="promise.none", value=None, unit="J/m", method="no trip since the promise that can be used")
NO_TRIP: Final = Comparison(
    promised=_NONE, expected=_NONE, measured=_NONE, difference=_NONE, causes={}, terms={}, distance_m=0.0, on_road_m=0.0
)
VERDICTS: Final = {
    "gathering": ("gathering data: {trips} of {fewest} trips", "数据积累中：{trips}/{fewest} 趟"),
    "kept": ("kept its promise: {ratio} against it at the load and weather met, {interval}: not significant",
             "达到选型承诺：按实际载重和天气折算后相差 {ratio}，{interval}，差异不显著"),
    "missed": ("used more than promised: {ratio} at the load and weather met, {interval}: significant",
               "高于选型承诺：按实际载重和天气折算后高 {ratio}，{interval}，差异显著"),
    "better": ("used less than promised: {ratio} at the load and weather met, {interval}: significant",
               "优于选型承诺：按实际载重和天气折算后低 {ratio}，{interval}，差异显著"),
}  # fmt: skip


def kept_view(
    plate: str, promise: PromiseView, found: Comparison, *, rows: Sequence[Mapping[str, Any]],
    used: Sequence[Mapping[str, Any]], span: tuple[int, int], left_out: tuple[tuple[str, str, int], ...],
) -> KeptView:  # fmt: skip
    """The view of a comparison for the vehicle with that plate.

    `rows` are all trips since the promise, `used` those compared, `span` from and to.
    """
    evidence = tuple(f"trip:{row['trip_id']}" for row in used)
    time_s = sum(row["end_us"] - row["start_us"] for row in used) * 1e-6
    distance_m, all_m = found.distance_m, sum(row["distance_m"] for row in rows)
    speed = _plain(
        "promise.speed", distance_m / time_s if time_s else None, "m/s", "distance over time, halts included", evidence
    )
    on_road, coverage = found.on_road_m / distance_m if distance_m else None, distance_m / all_m if all_m else None
    a_year = _a_year(rows, span)
    causes = _causes(found)
    ratio = _ratio("promise.difference_ratio", found.difference, found.expected.value)
    costs = costs_of(promise, used, measured=found.measured, speed=speed, a_year=a_year)
    text_en, text_zh = _text(found, ratio, causes)
    return KeptView(
        vehicle_id=promise.vehicle_id, plate=plate, promise=promise, start_us=span[0],
        end_us=span[1], verdict=found.verdict, text_en=text_en, text_zh=text_zh, promised=found.promised, expected=found.expected,
        measured=found.measured, difference=found.difference, ratio=ratio, terms=_terms(found), causes=causes,
        significant=tuple(one.name for one in causes if _leaves_zero_out(one.finding)), mass=_mass(used, evidence),
        speed=speed,
        distance=_plain("promise.distance", distance_m, "m", "sum of the trips used", evidence), distance_year=a_year,
        on_road_ratio=_plain("promise.on_road_ratio", on_road, "", "ends and length of the duty", evidence),
        coverage_ratio=_plain("promise.coverage_ratio", coverage, "", "distance used over all since the promise", evidence),
        costs=costs, cost_promised=sum(line.value for line in promise.costs), cost=cost_of(promise, costs, evidence),
        trips=found.trip_ids, left_out=left_out, not_measured=NOT_MEASURED,
    )  # fmt: skip


def _plain(name: str, value: float | None, unit: str, method: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(name=name, value=value, unit=unit, low=value, high=value, method=method, evidence=evidence)


def _ratio(name: str, finding: Finding, whole: float | None) -> Finding:
    if finding.value is None or finding.low is None or finding.high is None or not whole:
        return replace(finding, name=name, unit="")
    return replace(finding, name=name, unit="", value=finding.value / whole, low=finding.low / whole, high=finding.high / whole)


def _leaves_zero_out(finding: Finding) -> bool:
    return finding.low is not None and finding.high is not None and (finding.low > 0.0 or finding.high < 0.0)


def _terms(found: Comparison) -> tuple[TermView, ...]:
    """Terms that either side has."""
    return tuple(
        TermView(
            name=term.name, title_en=term.title_en, title_zh=term.title_zh, colour=term.colour, promised_jpm=promised,
            expected_jpm=expected, measured=measured,
        )
        for term in TERMS
        if term.name in found.terms
        for promised, expected, measured in [found.terms[term.name]]
        if promised or expected or measured.value
    )  # fmt: skip


def _causes(found: Comparison) -> tuple[CauseView, ...]:
    groups = dict.fromkeys(USE, "use") | dict.fromkeys(VEHICLE, "vehicle") | dict.fromkeys(OPEN, "open")
    views = [
        CauseView(
            name=name, title_en=TITLES[name][0], title_zh=TITLES[name][1], group=groups[name], finding=finding,
            share=_ratio(f"promise.{name}_ratio", finding, found.promised.value),
        )
        for name, finding in found.causes.items()
    ]  # fmt: skip
    return tuple(sorted(views, key=lambda one: -abs(one.finding.value or 0.0)))


def _text(found: Comparison, ratio: Finding, causes: Sequence[CauseView]) -> tuple[str, str]:
    """The verdict in both languages, with the largest causes beyond load and weather where the difference is significant."""
    texts = []
    for language, pattern in enumerate(VERDICTS[found.verdict]):
        value, low, high = (100 * (one or 0.0) for one in (ratio.value, ratio.low, ratio.high))
        interval = f"90 % {low:+.1f} … {high:+.1f} %" if language == 0 else f"90% 区间 {low:+.1f}…{high:+.1f}%"
        shown = f"{value:+.1f} %" if language == 0 or found.verdict == "kept" else f"{abs(value):.1f}%"
        text = pattern.format(trips=len(found.trip_ids), fewest=FEWEST, ratio=shown, interval=interval)
        if found.verdict in {"missed", "better"}:
            sign = 1.0 if found.verdict == "missed" else -1.0
            named = [one for one in causes if one.name not in {"payload", "weather"} and sign * (one.finding.value or 0.0) > 0.0][
                :3
            ]
            parts = [
                f"{(one.title_en.lower(), one.title_zh)[language]} {100 * (one.share.value or 0.0):+.1f}{(' %', '%')[language]}"
                for one in named
            ]
            text += ("; largest causes: " + ", ".join(parts), "；主要原因：" + "、".join(parts))[language]
        texts.append(text)
    return texts[0], texts[1]


def _mass(used: Sequence[Mapping[str, Any]], evidence: tuple[str, ...]) -> Finding:
    known = [(row["mass_kg"], row["distance_m"]) for row in used if row["mass_kg"] is not None]
    way_m = sum(distance_m for _, distance_m in known)
    value = sum(mass_kg * distance_m for mass_kg, distance_m in known) / way_m if way_m else None
    return Finding(
        name="promise.mass", value=value, unit="kg", origin=Origin.ESTIMATED, method="mean over the way, estimated trip by trip",
        evidence=evidence,
    )  # fmt: skip


def _a_year(rows: Sequence[Mapping[str, Any]], span: tuple[int, int]) -> Finding:
    """Distance of a year at the pace since the promise, with what the days spread; nothing from fewer than `FEWEST_DAYS`."""
    days = int((span[1] - span[0]) // DAY_US)
    if days < FEWEST_DAYS:
        return Finding(
            name="promise.distance_year", value=None, unit="m", method=f"{days} days; {FEWEST_DAYS} are needed to speak of a year"
        )
    a_day = np.zeros(days)
    for row in rows:
        a_day[min(int((row["start_us"] - span[0]) // DAY_US), days - 1)] += row["distance_m"]
    margin = YEAR_DAYS * student_ratio(days) * float(a_day.std(ddof=1)) / sqrt(days)
    return with_margin(
        "promise.distance_year", YEAR_DAYS * float(a_day.mean()), "m", margin=margin, origin=Origin.ESTIMATED,
        method=f"mean of {days} days since the promise", evidence=tuple(f"trip:{row['trip_id']}" for row in rows),
    )  # fmt: skip
