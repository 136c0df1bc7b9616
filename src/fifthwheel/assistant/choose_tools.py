"""Tools on choosing: the best combinations for a work, why not another energy, what if prices change, was a promise kept.

What a question leaves open is taken from the usual duty below and named in the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from fifthwheel.assistant.choosing import Work
from fifthwheel.assistant.desk import Desk, Result, Row, Text, exact, known
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.choice import views
from fifthwheel.fleet.choice.views import Change, ChoiceView
from fifthwheel.road.mission import mission
from fifthwheel.units import KM, TONNE

ENERGIES: Final = {
    "diesel": Text("diesel", "柴油"),
    "lng": Text("LNG", "LNG"),
    "battery": Text("battery", "纯电"),
    "swap": Text("battery swap", "换电"),
    "hybrid": Text("diesel hybrid", "柴油混动"),
    "extender": Text("range extender", "增程"),
    "fuel_cell": Text("fuel cell", "燃料电池"),
}
_KINDS: Final = {
    "diesel": "diesel", "lng": "lng", "battery": "battery", "swap": "battery", "hybrid": "diesel_hybrid",
    "extender": "diesel_extender", "fuel_cell": "fuel_cell",
}  # fmt: skip
ROAD: Final = "trunk-jinan-qingdao"
CARGO: Final = "general-pallets"
ROADS: Final = {
    "coal": "coal-yanzhou-linyi", "concrete": "mixer-round", "container-40": "container-rizhao-linyi",
    "fuel": "tanker-dongying-zibo", "chilled": "coldchain-shouguang-jinan", "frozen": "coldchain-shouguang-jinan",
    "sand-gravel": "quarry-zhangqiu",
}  # fmt: skip
"""Usual roads of cargoes; of all others `ROAD`."""
DAY_M: Final = 600 * KM
YEAR_DAYS: Final = 700 / 3
"""Days driven a year, where only a day is said: 140,000 km a year at 600 km a day."""
YEARS: Final = 5.0
BOTH_WAYS: Final = frozenset({None, CARGO, "express", "light-goods"})
"""Cargo that usually finds cargo back; others return empty."""
Prices = dict[str, float]
"""Assumptions of the region that are replaced, in their own unit."""
_SHOWN: Final = 4
_BACKS: Final = {"laden": Text("laden both ways", "往返均载货"), "empty": Text("empty on the way back", "回程空驶")}


def choose_for(desk: Desk, *, work: Work | None = None, energies: tuple[str, ...] = (), prices: Prices | None = None) -> Result:
    """The best combination of each energy for a work, with what a kilometre, a tonne and kilometre and the years cost."""
    asked, view = _chosen(desk, work, prices)
    rows = _best(view, energies)
    refused = [_refused(view, name) for name in energies if name not in dict(rows)]
    items = [asked.item(name, row, view) for name, row in rows[: max(_SHOWN, len(energies))]]
    return Result(summary=asked.summary(view), rows=(*items, *refused) if view.rows else ())


def why_not(desk: Desk, *, energies: tuple[str, ...], work: Work | None = None, prices: Prices | None = None) -> Result:
    """Why a kind of energy is not the first for a work: what it costs more and in what, or which check it fails."""
    asked, view = _chosen(desk, work, prices)
    if not view.rows:
        return Result(summary=asked.summary(view))
    first_name, first = _best(view, ())[0]
    rows = [asked.item(first_name, first, view, kind="first")]
    for name in energies:
        own = dict(_best(view, (name,))).get(name)
        kind = "same" if own is not None and own.candidate_id == first.candidate_id else "why"
        rows.append(_refused(view, name) if own is None else asked.item(name, own, view, kind=kind))
    return Result(summary=asked.summary(view), rows=tuple(rows))


def what_if(desk: Desk, *, prices: Prices, work: Work | None = None, energies: tuple[str, ...] = ()) -> Result:
    """How the ranking changes with other prices: cost of the best combination of each energy before and after."""
    asked, before = _chosen(desk, work, None)
    after = desk.fleet.what_if(before.choice_id, Change(prices=prices))
    old, summary = dict(_best(before, ())), asked.summary(after)
    found = _best(after, ())
    rows = []
    for name, row in [pair for pair in found if pair[0] in energies] if len(energies) > 1 else found[:_SHOWN]:
        item, cost = asked.item(name, row, after), old[name].cost if name in old else None
        rows.append(replace(item, figures=dict(item.figures) | ({} if cost is None else {"was": cost})))
    words = dict(summary.words)
    if before.rows and found:
        words |= {"before": _energy_text(before.rows[0]), "after": _energy_text(after.rows[0])}
    return Result(summary=replace(summary, words=words), rows=tuple(rows))


def break_even(desk: Desk, *, energies: tuple[str, ...], work: Work | None = None, prices: Prices | None = None) -> Result:
    """Distance a year from which one kind of energy costs no more a kilometre than another, both at their best."""
    first, second = (*energies, "battery" if energies[:1] == ("diesel",) else "diesel")[:2]
    asked, view = _chosen(desk, work, prices)
    found, summary = dict(_best(view, (first, second))), asked.summary(view)
    refused = tuple(_refused(view, name) for name in (first, second) if name not in found)
    if refused:
        return Result(summary=summary, rows=refused if view.rows else ())
    point = desk.fleet.break_even(view.choice_id, found[first].candidate_id, found[second].candidate_id)
    shown = {"never": summary.figures["year"]} if point.value is None else {"point": _rounded(point, point.value)}
    summary = Row(
        subject="fleet", words=dict(summary.words) | {"first": ENERGIES[first], "second": ENERGIES[second]},
        figures=dict(summary.figures) | shown,
    )  # fmt: skip
    return Result(summary=summary, rows=tuple(asked.item(name, found[name], view) for name in (first, second)))


def _rounded(point: Finding, value: float) -> Finding:
    """To two digits: a crossing of two ledgers is no more certain."""
    return replace(point, value=float(f"{value:.2g}"))


def _chosen(desk: Desk, work: Work | None, prices: Prices | None) -> tuple[_Asked, ChoiceView]:
    asked = _Asked.of(work or Work(), prices)
    return asked, desk.fleet.choose(asked.table)


def promise_kept(desk: Desk, *, vehicle_id: str) -> Result:
    """Whether a vehicle's trips keep what it was chosen for: energy against the promise with its interval, and the causes."""
    plate = {"plate": desk.plate(vehicle_id) or vehicle_id}
    if desk.fleet.promise_of(vehicle_id) is None:
        return Result(summary=Row(subject=f"vehicle:{vehicle_id}", words=plate))
    kept = desk.fleet.kept(vehicle_id)
    count = exact("promise.trips_count", len(kept.trips), "", evidence=tuple(f"trip:{one}" for one in kept.trips))
    verdict = {
        "gathering": Text("too few trips yet to judge", "行程还太少，暂不评判"),
        "kept": Text("kept its promise: the difference is not significant", "达到选型承诺：差异不显著"),
        "missed": Text("used significantly more than promised", "能耗显著高于选型承诺"),
        "better": Text("used significantly less than promised", "能耗显著低于选型承诺"),
    }[kept.verdict]
    figures = {
        "trips": count, "ratio": kept.ratio, "measured": kept.measured, "expected": kept.expected, "distance": kept.distance,
        "cost": kept.cost,
    }  # fmt: skip
    words: dict[str, str | Text] = {**plate, "verdict": verdict, "title": Text(kept.promise.title_en, kept.promise.title_zh)}
    causes = [one for one in kept.causes if abs(one.share.value or 0.0) >= 0.005][:_SHOWN]
    rows = [
        Row(
            subject=f"cause:{one.name}",
            kind="reason",
            words={"cause": Text(one.title_en, one.title_zh)},
            figures={"share": one.share},
        )
        for one in causes
    ]
    return Result(summary=Row(subject=f"vehicle:{vehicle_id}", words=words, figures=figures), rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A duty of what was said and of what is usual: its table, the work in full, and words for what was assumed."""

    table: dict[str, Any]
    work: Work
    year_m: float
    years: float
    assumed: tuple[Text, ...]

    @classmethod
    def of(cls, work: Work, prices: Prices | None) -> _Asked:
        """From what was said of the work and of prices."""
        road = work.road or ROADS.get(work.cargo or CARGO, ROAD)
        day_m, years = work.distance_day_m or DAY_M, work.years or YEARS
        year_m = work.distance_year_m or day_m * YEAR_DAYS
        back = work.back or ("laden" if work.cargo in BOTH_WAYS else "empty")
        usual = (
            (work.road, Text("the road", "路线")),
            (work.back, _BACKS[back]),
            (work.cargo, Text("general cargo on pallets", "普货托盘")),
            (work.payload_kg, Text("as much cargo as is lawful", "按限值内最大装载")),
            (work.distance_day_m, Text("distance a day", "日里程")),
            (work.distance_year_m, Text("distance a year", "年里程")),
            (work.years, Text("years kept", "使用年限")),
            (prices, Text("prices of region “cn”", "中国区价格")),
        )
        load = {} if work.payload_kg is None else {"payload_t": work.payload_kg / TONNE}
        table = {
            "name": "asked", "road": {"mission": road, "back": back}, "cargo": {"kind": work.cargo or CARGO} | load,
            "work": {"distance_day_km": day_m / KM, "distance_year_km": year_m / KM, "years": years},
            "prices": dict(prices or {}),
        }  # fmt: skip
        full = replace(work, road=road, distance_day_m=day_m, distance_year_m=year_m, years=years)
        return cls(table=table, work=full, year_m=year_m, years=years, assumed=tuple(text for given, text in usual if not given))

    def summary(self, view: ChoiceView) -> Row:
        """How many may do the work, what it is, and what was assumed of it."""
        evidence, work = (f"mission:{self.table['road']['mission']}",), self.work
        figures = {
            "count": exact("choose.feasible_count", view.feasible_count, "", evidence=evidence),
            "considered": exact("choose.considered_count", view.considered_count, "", evidence=evidence),
            "day": exact("duty.distance_day", work.distance_day_m or DAY_M, "m", evidence=evidence),
            "year": exact("duty.distance_year", self.year_m, "m", evidence=evidence),
            "years": exact("duty.years_count", self.years, "", evidence=evidence),
            **known("duty.payload", work.payload_kg, "kg", evidence=evidence),
            **known("duty.gross", work.gross_kg, "kg", evidence=evidence),
        }
        names = Text(", ".join(one.en for one in self.assumed), "、".join(one.zh for one in self.assumed))
        way = mission(str(work.road))
        words: dict[str, str | Text] = {"road": Text(f"“{way.title_en}”", f"“{way.title_zh}”")}
        words |= {"assumed": names} if self.assumed else {}
        if view.refused:
            words["refused"] = Text(*(f"“{title}”" for title in view.refused[0][:2]))
        return Row(subject="fleet", words=words, figures=figures)

    def item(self, name: str, row: views.Row, view: ChoiceView, kind: str = "item") -> Row:
        """One candidate: what it is, what it costs, and by how much more than the first."""
        first = view.rows[0]
        figures: dict[str, Finding] = {"payload": exact("choose.payload", row.payload_kg, "kg", evidence=_evidence(row))}
        if row.cost and row.cost.value is not None:
            figures["cost"] = row.cost
            total = self.year_m * self.years
            figures["total"] = Finding(
                name="choose.total", value=row.cost.value * total, unit=view.currency, origin=Origin.ASSUMED,
                low=None if row.cost.low is None else row.cost.low * total,
                high=None if row.cost.high is None else row.cost.high * total,
                method="cost of a kilometre x distance a year x years", evidence=row.cost.evidence,
            )  # fmt: skip
        if row.cost_tkm and first.cost_tkm and row.cost_tkm.value is not None and first.cost_tkm.value:
            figures["cost_tkm"] = row.cost_tkm
            excess = row.cost_tkm.value / first.cost_tkm.value - 1.0
            if row is not first:
                figures["excess"] = Finding(
                    name="choose.excess_ratio", value=excess, unit="", origin=Origin.ASSUMED,
                    method="cost of a tonne and kilometre over the first", evidence=row.cost_tkm.evidence,
                )  # fmt: skip
        words: dict[str, str | Text] = {
            "energy": ENERGIES.get(name, Text(name, name)),
            "title": Text(f"“{row.title_en}”", f"“{row.title_zh}”"),
            "reason": Text(f"“{row.reason_en}”", f"“{row.reason_zh}”"),
        }
        return Row(subject=f"candidate:{row.candidate_id}", kind=kind, words=words, figures=figures)


def _evidence(row: views.Row) -> tuple[str, ...]:
    return tuple(f"catalogue:{name}" for name in (row.tractor, row.trailer) if name)


def _best(view: ChoiceView, energies: tuple[str, ...]) -> list[tuple[str, views.Row]]:
    """The first row of each energy asked for (of every one where none is), in rank order."""
    found: dict[str, views.Row] = {}
    for row in view.rows:
        for name in energies or ENERGIES:
            if name not in found and _is(row, name):
                found[name] = row
    return sorted(found.items(), key=lambda pair: pair[1].rank)


def _is(row: views.Row, name: str) -> bool:
    """Whether a row is of an energy; a battery that is charged and one that is swapped are two."""
    kind, swaps = row.energy_kind.removesuffix("_etrailer"), "换电" in row.title_zh
    return kind == _KINDS[name] and swaps == (name == "swap")


def _energy_text(row: views.Row) -> Text:
    name = next((name for name in ENERGIES if _is(row, name)), row.energy_kind)
    return ENERGIES.get(name, Text(name, name))


def _refused(view: ChoiceView, name: str) -> Row:
    """Why no combination of an energy may do the work."""
    nearest = next((row for row in view.rejected if _is(row, name)), None)
    words: dict[str, str | Text] = {"energy": ENERGIES.get(name, Text(name, name))}
    if nearest is None:
        return Row(subject=f"energy:{name}", kind="absent", words=words)
    words |= {
        "title": Text(f"“{nearest.title_en}”", f"“{nearest.title_zh}”"),
        "reason": Text(f"“{nearest.reason_en}”", f"“{nearest.reason_zh}”"),
    }
    return Row(subject=f"candidate:{nearest.candidate_id}", kind="refused", words=words)
