"""Tools on choosing: the best combinations for a work, why not another energy, what if prices change, was a promise kept.

What a question leaves open is taken from the usual duty below and named in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fifthwheel.assistant.desk import Desk, Result, Row, Text, exact
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet import choice_views
from fifthwheel.fleet.choice_views import Change, ChoiceView
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
    "diesel": "diesel", "lng": "lng", "battery": "battery", "hybrid": "diesel_hybrid", "extender": "diesel_extender",
    "fuel_cell": "fuel_cell",
}  # fmt: skip
ROAD: Final = "trunk-jinan-qingdao"
CARGO: Final = "general-pallets"
DAY_M: Final = 600 * KM
YEAR_DAYS: Final = 700 / 3
"""Days driven a year, where only a day is said: 140,000 km a year at 600 km a day."""
YEARS: Final = 5.0
_SHOWN: Final = 4
_BACKS: Final = {"laden": Text("laden both ways", "往返均载货"), "empty": Text("empty on the way back", "回程空驶")}


def choose_for(
    desk: Desk,
    *,
    road: str | None = None,
    back: str | None = None,
    cargo: str | None = None,
    payload_kg: float | None = None,
    distance_day_m: float | None = None,
    distance_year_m: float | None = None,
    years: float | None = None,
    energies: tuple[str, ...] = (),
    prices: dict[str, float] | None = None,
) -> Result:
    """The best combination of each energy for a work, with what a kilometre, a tonne and kilometre and the years cost."""
    asked = _Asked.of(road, back, cargo, payload_kg, (distance_day_m, distance_year_m, years), prices)
    view = desk.fleet.choose(asked.table)
    rows = _best(view, energies)
    refused = [_refused(view, name) for name in energies if name not in {name for name, _ in rows}]
    items = tuple(asked.item(name, row, view) for name, row in rows[: max(_SHOWN, len(energies))])
    return Result(summary=asked.summary(view), rows=(*items, *refused) if view.rows else ())


def why_not(
    desk: Desk,
    *,
    energies: tuple[str, ...],
    road: str | None = None,
    back: str | None = None,
    cargo: str | None = None,
    payload_kg: float | None = None,
    distance_day_m: float | None = None,
    distance_year_m: float | None = None,
    years: float | None = None,
    prices: dict[str, float] | None = None,
) -> Result:
    """Why a kind of energy is not the first for a work: what it costs more and in what, or which check it fails."""
    asked = _Asked.of(road, back, cargo, payload_kg, (distance_day_m, distance_year_m, years), prices)
    view = desk.fleet.choose(asked.table)
    if not view.rows:
        return Result(summary=asked.summary(view))
    found = dict(_best(view, ()))
    first = next(iter(found.items()))
    rows = [asked.item(*first, view, kind="first")]
    for name in energies:
        own = dict(_best(view, (name,))).get(name)
        if own is None:
            rows.append(_refused(view, name))
        elif own.candidate_id == first[1].candidate_id:
            rows.append(asked.item(name, own, view, kind="same"))
        else:
            rows.append(asked.item(name, own, view, kind="why"))
    return Result(summary=asked.summary(view), rows=tuple(rows))


def what_if(
    desk: Desk,
    *,
    prices: dict[str, float],
    road: str | None = None,
    back: str | None = None,
    cargo: str | None = None,
    payload_kg: float | None = None,
    distance_day_m: float | None = None,
    distance_year_m: float | None = None,
    years: float | None = None,
    energies: tuple[str, ...] = (),
) -> Result:
    """How the ranking changes with other prices: cost of the best combination of each energy before and after."""
    asked = _Asked.of(road, back, cargo, payload_kg, (distance_day_m, distance_year_m, years), None)
    before = desk.fleet.choose(asked.table)
    after = desk.fleet.what_if(before.choice_id, Change(prices=prices))
    old = dict(_best(before, ()))
    rows = []
    for name, row in _best(after, ())[:_SHOWN]:
        item = asked.item(name, row, after)
        cost = old[name].cost if name in old else None
        was = {} if cost is None else {"was": cost}
        rows.append(Row(subject=item.subject, words=item.words, figures=dict(item.figures) | was))
    summary = asked.summary(after)
    words = dict(summary.words)
    if before.rows and after.rows:
        words |= {"before": _energy_text(before.rows[0]), "after": _energy_text(after.rows[0])}
    given = {f"price_{name}": exact(f"price.{name}", value, "", evidence=("question",)) for name, value in prices.items()}
    return Result(summary=Row(subject="fleet", words=words, figures=dict(summary.figures) | given), rows=tuple(rows))


def break_even(
    desk: Desk,
    *,
    energies: tuple[str, ...],
    road: str | None = None,
    back: str | None = None,
    cargo: str | None = None,
    payload_kg: float | None = None,
    distance_day_m: float | None = None,
    distance_year_m: float | None = None,
    years: float | None = None,
    prices: dict[str, float] | None = None,
) -> Result:
    """Distance a year from which one kind of energy costs no more a kilometre than another, both at their best."""
    first, second = (*energies, "battery" if energies[:1] == ("diesel",) else "diesel")[:2]
    asked = _Asked.of(road, back, cargo, payload_kg, (distance_day_m, distance_year_m, years), prices)
    view = desk.fleet.choose(asked.table)
    found = dict(_best(view, (first, second)))
    refused = tuple(_refused(view, name) for name in (first, second) if name not in found)
    summary = asked.summary(view)
    if refused:
        return Result(summary=summary, rows=refused if view.rows else ())
    point = desk.fleet.break_even(view.choice_id, found[first].candidate_id, found[second].candidate_id)
    words = dict(summary.words) | {"first": ENERGIES[first], "second": ENERGIES[second]}
    figures = dict(summary.figures) | ({"point": point} if point.value is not None else {"never": summary.figures["year"]})
    rows = tuple(asked.item(name, found[name], view) for name in (first, second))
    return Result(summary=Row(subject="fleet", words=words, figures=figures), rows=rows)


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


class _Asked:
    """A duty of what was said and of what is usual, with the words for the rest."""

    def __init__(self, table: dict[str, Any], assumed: Sequence[Text], lengths: tuple[float, float, float]) -> None:
        self.table = table
        self._assumed = assumed
        self._day_m, self._year_m, self._years = lengths

    @classmethod
    def of(
        cls, road: str | None, back: str | None, cargo: str | None, payload_kg: float | None,
        lengths: tuple[float | None, float | None, float | None], prices: Mapping[str, float] | None = None,
    ) -> _Asked:  # fmt: skip
        """From arguments of a tool; ``None`` is what a question did not say."""
        way, day_m, years = mission(road or ROAD), lengths[0] or DAY_M, lengths[2] or YEARS
        year_m = lengths[1] or day_m * YEAR_DAYS
        laden = back or ("empty" if cargo not in {None, CARGO, "express", "light-goods"} else "laden")
        assumed = [Text(f"road “{way.title_en}”", f"路线“{way.title_zh}”")] if road is None else []
        assumed += [_BACKS[laden]] if back is None else []
        assumed += [Text("general cargo on pallets", "普货托盘")] if cargo is None else []
        assumed += [Text("as much cargo as is lawful", "按合规最大装载")] if payload_kg is None else []
        said = zip(
            lengths, (("distance a day", "日里程"), ("distance a year", "年里程"), ("years kept", "使用年限")), strict=True
        )
        assumed += [Text(*names) for given, names in said if given is None]
        assumed += [Text("prices of region “cn”", "中国区价格")] if not prices else []
        load = {} if payload_kg is None else {"payload_t": payload_kg / TONNE}
        table = {
            "name": "asked", "road": {"mission": road or ROAD, "back": laden}, "cargo": {"kind": cargo or CARGO} | load,
            "work": {"distance_day_km": day_m / KM, "distance_year_km": year_m / KM, "years": years}, "prices": dict(prices or {}),
        }  # fmt: skip
        return cls(table, assumed, (day_m, year_m, years))

    def summary(self, view: ChoiceView) -> Row:
        """How many may do the work, what it is, and what was assumed of it."""
        evidence = (f"mission:{self.table['road']['mission']}",)
        load = self.table["cargo"].get("payload_t")
        figures = {
            "count": exact("choose.feasible_count", view.feasible_count, "", evidence=evidence),
            "considered": exact("choose.considered_count", view.considered_count, "", evidence=evidence),
            "day": exact("duty.distance_day", self._day_m, "m", evidence=evidence),
            "year": exact("duty.distance_year", self._year_m, "m", evidence=evidence),
            "years": exact("duty.years_count", self._years, "", evidence=evidence),
        }
        if load is not None:
            figures["payload"] = exact("duty.payload", load * TONNE, "kg", evidence=evidence)
        names = Text(", ".join(one.en for one in self._assumed), "、".join(one.zh for one in self._assumed))
        words: dict[str, str | Text] = {"assumed": names} if self._assumed else {}
        if view.refused:
            words["refused"] = Text(*(f"“{title}”" for title in view.refused[0][:2]))
        return Row(subject="fleet", words=words, figures=figures)

    def item(self, name: str, row: choice_views.Row, view: ChoiceView, kind: str = "item") -> Row:
        """One candidate: what it is, what it costs, and by how much more than the first."""
        first = view.rows[0]
        figures: dict[str, Finding] = {"payload": exact("choose.payload", row.payload_kg, "kg", evidence=_evidence(row))}
        if row.cost and row.cost.value is not None:
            figures["cost"] = row.cost
            total = self._year_m * self._years
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


def _evidence(row: choice_views.Row) -> tuple[str, ...]:
    return tuple(f"catalogue:{name}" for name in (row.tractor, row.trailer) if name)


def _best(view: ChoiceView, energies: tuple[str, ...]) -> list[tuple[str, choice_views.Row]]:
    """The first row of each energy asked for (of every one where none is), in rank order."""
    found: dict[str, choice_views.Row] = {}
    for row in view.rows:
        for name in energies or ENERGIES:
            if name not in found and _is(row, name, energies):
                found[name] = row
    return sorted(found.items(), key=lambda pair: pair[1].rank)


def _is(row: choice_views.Row, name: str, energies: tuple[str, ...]) -> bool:
    """Whether a row is of an energy; battery and swap are apart where both are looked at."""
    kind, swaps = row.energy_kind.removesuffix("_etrailer"), "换电" in row.title_zh
    if name == "swap":
        return kind == "battery" and swaps
    apart = name == "battery" and (not energies or "swap" in energies)
    return kind == _KINDS.get(name, name) and not (apart and swaps)


def _energy_text(row: choice_views.Row) -> Text:
    name = next((name for name in ENERGIES if _is(row, name, ())), row.energy_kind)
    return ENERGIES.get(name, Text(name, name))


def _refused(view: ChoiceView, name: str) -> Row:
    """Why no combination of an energy may do the work."""
    nearest = next((row for row in view.rejected if _is(row, name, ())), None)
    words: dict[str, str | Text] = {"energy": ENERGIES.get(name, Text(name, name))}
    if nearest is None:
        return Row(subject=f"energy:{name}", kind="absent", words=words)
    words |= {
        "title": Text(f"“{nearest.title_en}”", f"“{nearest.title_zh}”"),
        "reason": Text(f"“{nearest.reason_en}”", f"“{nearest.reason_zh}”"),
    }
    return Row(subject=f"candidate:{nearest.candidate_id}", kind="refused", words=words)
