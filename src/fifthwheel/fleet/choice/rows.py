"""From a choice to what people are shown of it: the ranking with its reasons, what was rejected and why, the road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from fifthwheel.choose.choice import Choice, failures
from fifthwheel.choose.duty import table_of
from fifthwheel.choose.match import LEAST_KG, Judged
from fifthwheel.choose.region import titles
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.choice.text import short_en, short_zh
from fifthwheel.fleet.choice.views import ChoiceView, RoadView, Row
from fifthwheel.road import mission as missions
from fifthwheel.road.profile import Profile
from fifthwheel.units import KM, TONNE
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.verdict import Outcome, Verdict

ROAD_POINTS: Final = 400
REASON_LINES: Final = 2
"""Lines of the ledger that a reason names."""
REASON_SHARE: Final = 0.002
"""A difference below this share of the cost is none."""


def choice_view(choice: Choice, choice_id: str, seconds_s: float) -> ChoiceView:
    """The ranking: of every pair its best variant; and of pairs without any, the one nearest to passing."""
    rows = _rows(choice)
    fit = {id(one.fit.pair) for one in choice.driven.judged}
    left: dict[int, Judged] = {}
    for one in choice.rejected:
        left.setdefault(id(one.fit.pair), one)
    nearest = [one for pair, one in left.items() if pair not in fit]
    return ChoiceView(
        choice_id=choice_id, duty=table_of(choice.duty), title_en=choice.duty.title_en, title_zh=choice.duty.title_zh,
        currency=choice.region.currency, road=road_view(choice), considered_count=choice.considered_count,
        feasible_count=len(choice.driven.judged), seconds_s=seconds_s, rows=rows,
        rejected=tuple(rejected_row(one) for one in nearest), refused=_refused(nearest), warnings=_warnings(choice),
    )  # fmt: skip


def places_shown(choice: Choice) -> list[int]:
    """Places in the ranking that are shown: of every pair its best variant."""
    first: dict[int, int] = {}
    for place, one in enumerate(choice.driven.judged):
        first.setdefault(id(one.fit.pair), place)
    return list(first.values())


def _rows(choice: Choice) -> tuple[Row, ...]:
    return tuple(row_at(choice, place, rank) for rank, place in enumerate(places_shown(choice), start=1))


def row_at(choice: Choice, place: int, rank: int) -> Row:
    """One feasible candidate of the ranking."""
    one, driven = choice.driven.judged[place], choice.driven
    whole, fit = one.candidate.combination, one.fit
    english, chinese = titles_of(whole)
    reasons = _reason(choice, place)
    return Row(
        candidate_id=one.candidate.candidate_id, title_en=english, title_zh=chinese, tractor=whole.tractor.name,
        trailer=whole.trailer.name if whole.trailer else None, energy_kind=whole.energy_kind, rank=rank,
        best=bool(choice.best[place]), payload_kg=fit.payload_kg, gross_kg=whole.tare_kg + fit.payload_kg,
        cost=cost_finding(choice, place), cost_tkm=_tonne_finding(choice, place), energy_jpm=float(choice.energy_jpm[place]),
        fuel_kgpm=float(driven.fuel_kgpm[place]) or None, electric_jpm=float(driven.electric_jpm[place]) or None,
        co2_kgpm=float(choice.co2_kgpm[place]), time_s=float(choice.time_s[place]), range_m=driven.plans[place].range_m,
        price=_price(choice, place), reason_en=reasons[0], reason_zh=reasons[1],
    )  # fmt: skip


def titles_of(whole: Combination) -> tuple[str, str]:
    """Titles of a combination with its final drive."""
    ratio = f"i={whole.drive.axle.ratio:.2f}"
    return f"{whole.title_en}, {ratio}", f"{whole.title_zh}，{ratio}"


def cost_finding(choice: Choice, place: int) -> Finding:
    """Cost of a metre with its 90 % interval."""
    return Finding(
        name="choose.cost", value=float(choice.cost_pm[place]), unit=f"{choice.region.currency}/m",
        low=float(choice.low_pm[place]), high=float(choice.high_pm[place]), origin=Origin.ASSUMED, method=_method(choice),
        evidence=_evidence(choice, place),
    )  # fmt: skip


def _tonne_finding(choice: Choice, place: int) -> Finding:
    value, scale = float(choice.cost_pkgm[place]), float(choice.cost_pkgm[place] / choice.cost_pm[place])
    return Finding(
        name="choose.cost_tkm", value=value, unit=f"{choice.region.currency}/(kg·m)", low=float(choice.low_pm[place]) * scale,
        high=float(choice.high_pm[place]) * scale, origin=Origin.ASSUMED, method=_method(choice),
        evidence=_evidence(choice, place),
    )  # fmt: skip


def _method(choice: Choice) -> str:
    return (
        f"trips out and back simulated on {choice.duty.road}; prices of region {choice.region.name}; "
        "interval with every assumption drawn from its range"
    )


def _evidence(choice: Choice, place: int) -> tuple[str, ...]:
    units = choice.driven.judged[place].candidate.combination.units
    return (*(f"catalogue:{unit.name}" for unit in units), f"mission:{choice.duty.road}", f"region:{choice.region.name}")


def _price(choice: Choice, place: int) -> float:
    assert choice.ledger is not None, "a feasible candidate has a ledger"
    bought = ("tractor", "trailer", "body", "battery")
    return float(sum(at(choice.ledger.once[name], place) for name in bought))


def at(value: Any, place: int) -> float:
    """One candidate's part of a quantity that may be the same for all."""
    array = np.asarray(value, dtype=float)
    return float(array[place] if array.ndim else array)


def _reason(choice: Choice, place: int) -> tuple[str, str]:
    """Why a candidate stands where it does: what it costs more than the first, and by which lines."""
    money = choice.region.currency
    if place == 0:
        cost = choice.cost_pkgm[0] * KM * TONNE
        return f"least cost of a tonne and kilometre: {cost:.3f} {money}", f"吨公里成本最低：{cost:.3f} {money}"
    assert choice.ledger is not None, "a feasible candidate has a ledger"
    more = {name: at(line, place) - at(line, 0) for name, line in choice.ledger.lines.items()}
    least = REASON_SHARE * choice.cost_pm[0]
    widest = sorted((name for name in more if abs(more[name]) > least), key=lambda name: -abs(more[name]))[:REASON_LINES]
    words = titles("lines")
    english = [f"{words[name][0].lower()} {more[name] * KM:+.2f}" for name in widest]
    chinese = [f"{words[name][1]} {more[name] * KM:+.2f}" for name in widest]
    payload = [one.fit.payload_kg for one in (choice.driven.judged[place], choice.driven.judged[0])]
    if abs(payload[0] - payload[1]) > LEAST_KG:
        english.append(f"payload {(payload[0] - payload[1]) / TONNE:+.1f} t")
        chinese.append(f"装载 {(payload[0] - payload[1]) / TONNE:+.1f} t")
    over = 100.0 * (choice.cost_pkgm[place] / choice.cost_pkgm[0] - 1.0)
    unit = f"{money}/km"
    return (
        f"{over:+.1f} % a tonne and kilometre over the first: {', '.join(english) or 'the same within rounding'} ({unit})",
        f"吨公里成本比第一名 {over:+.1f} %：{'，'.join(chinese) or '差别可忽略'}（{unit}）",
    )


def rejected_row(one: Judged) -> Row:
    """One candidate that was rejected, with its worst failure and what would make it pass."""
    whole, fit = one.candidate.combination, one.fit
    english, chinese = titles_of(whole)
    worst = failures(one)
    reasons = (short_en(worst[0]), short_zh(worst[0])) if worst else ("", "")
    lawful_t = fit.stowage.mass_kg / TONNE
    if fit.stowage.mass_kg < fit.payload_kg - LEAST_KG:
        reasons = f"{reasons[0]}; carries up to {lawful_t:.1f} t", f"{reasons[1]}；最多可装 {lawful_t:.1f} t"
    if len(worst) > 1:
        reasons = f"{reasons[0]} (+{len(worst) - 1} more)", f"{reasons[1]}（另有 {len(worst) - 1} 项不通过）"
    return Row(
        candidate_id=one.candidate.candidate_id, title_en=english, title_zh=chinese, tractor=whole.tractor.name,
        trailer=whole.trailer.name if whole.trailer else None, energy_kind=whole.energy_kind, rank=0, best=False,
        payload_kg=fit.payload_kg, gross_kg=whole.tare_kg + fit.payload_kg, cost=None, cost_tkm=None, energy_jpm=None,
        fuel_kgpm=None, electric_jpm=None, co2_kgpm=None, time_s=None, range_m=None, price=None, reason_en=reasons[0],
        reason_zh=reasons[1],
    )  # fmt: skip


def _refused(rejected: list[Judged]) -> tuple[tuple[str, str, int], ...]:
    """Worst failures by how often they are met."""
    worst: list[Verdict] = [failures(one)[0] for one in rejected]
    counts = Counter(verdict.rule for verdict in worst)
    named: Mapping[str, Verdict] = {verdict.rule: verdict for verdict in reversed(worst)}
    return tuple((named[rule].title_en, named[rule].title_zh, count) for rule, count in counts.most_common())


def _warnings(choice: Choice) -> tuple[tuple[str, str], ...]:
    """What could not be checked of ranked candidates, by check."""
    missing: dict[str, Verdict] = {}
    counts: Counter[str] = Counter()
    for one in choice.driven.judged:
        for verdict in one.verdicts:
            if verdict.outcome is Outcome.NOT_VERIFIED:
                missing.setdefault(verdict.rule, verdict)
                counts[verdict.rule] += 1
    count = len(choice.driven.judged)
    return tuple(
        (
            f"not verified for {counts[rule]} of {count}: {one.title_en}: {one.reason_en}",
            f"{count} 个车列中 {counts[rule]} 个未校核：{one.title_zh}：{one.reason_zh}",
        )
        for rule, one in missing.items()
    )


def road_view(choice: Choice) -> RoadView:
    """The way out, thinned."""
    duty, road = choice.duty, choice.ways.out
    known = duty.road in missions.names()
    one = missions.mission(duty.road) if known else None
    title = (one.title_en, one.title_zh) if one else (duty.road, duty.road)
    places = _thinned(road)
    return RoadView(
        title_en=title[0], title_zh=title[1], distance_m=tuple(road.distance_m[places].tolist()),
        altitude_m=tuple(road.altitude_m[places].tolist()), longitude_deg=tuple(road.longitude_deg[places].tolist()),
        latitude_deg=tuple(road.latitude_deg[places].tolist()),
    )  # fmt: skip


def _thinned(road: Profile) -> list[int]:
    count = len(road.altitude_m)
    places = np.unique(np.linspace(0, count - 1, min(ROAD_POINTS, count)).round().astype(int))
    return [int(place) for place in places]
