"""Tools on energy: how much, why, and which share a cause has; from the closed account of the fleet's trips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from fifthwheel.assistant.desk import Desk, Result, Row, Text, exact
from fifthwheel.assistant.trip_tools import fuel_of, in_store_units, trip_row
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.views import AccountLine, EnergyReport
from fifthwheel.physics.energy import TERMS
from fifthwheel.vehicle.components import Fuel

Cause = Literal["engine", "air", "wind", "tyres", "climb", "brakes", "driveline", "electric", "idle", "auxiliary", "unexplained"]

Store = Literal["fuel", "electric"]

CAUSES: Final[dict[Cause, tuple[str, ...]]] = {
    "engine": ("engine",),
    "air": ("aero_still", "aero_wind"),
    "wind": ("aero_wind",),
    "tyres": ("rolling_tractor", "rolling_trailer"),
    "climb": ("climb",),
    "brakes": ("brake_friction", "retarder", "engine_brake"),
    "driveline": ("driveline",),
    "electric": ("motor", "battery"),
    "idle": ("idle",),
    "auxiliary": ("auxiliary",),
    "unexplained": ("unexplained",),
}
KINDS: Final = {
    "diesel": Text("diesel vehicles", "柴油车"),
    "lng": Text("LNG vehicles", "LNG车"),
    "battery": Text("electric vehicles", "电动车"),
    "diesel_hybrid": Text("diesel hybrids", "柴油混动车"),
    "diesel_extender": Text("range-extended electric vehicles", "增程式电动车"),
    "fuel_cell": Text("fuel-cell vehicles", "燃料电池车"),
    "": Text("vehicles of unknown kind", "类型未知的车"),
}
_TITLES: Final = {term.name: Text(term.title_en, term.title_zh) for term in TERMS}
_SHOWN_REASONS: Final = 4
_SHOWN_TERMS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """Account of some trips: its lines, what left the stores, the distance, and the fuel when it is the only store."""

    lines: tuple[AccountLine, ...]
    meter_j: float
    distance_m: float
    fuel: Fuel | None
    evidence: tuple[str, ...]

    def per_distance(self, names: tuple[str, ...]) -> float:
        return sum(line.finding.value or 0.0 for line in self.lines if line.name in names) / self.distance_m


def energy_of(
    desk: Desk, *, start_us: int, end_us: int, vehicle_ids: tuple[str, ...] | None = None, store: Store | None = None
) -> Result:
    """Energy drawn from every store, or from one, over a span of time, and per distance, apart by kind of vehicle."""
    groups: dict[str, list[str]] = {}
    for state in desk.chosen(vehicle_ids):
        groups.setdefault(_kind(state.energy_kind), []).append(state.vehicle_id)
    reports = {kind: desk.fleet.energy(tuple(ids), start_us, end_us) for kind, ids in groups.items()}
    rows = tuple(_report_row(desk, kind, report) for kind, report in reports.items() if report.trips)
    summary = _report_row(desk, *reports.popitem()) if len(reports) == 1 else _report_row(desk, "", _together(reports.values()))
    if len(groups) > 1 and store is None:
        summary = _of_store(summary, "energy")
    if store is not None:
        rows = tuple(_of_store(row, store) for row in rows if store in row.figures)
        summary = _of_store(summary, store)
    return Result(summary=summary, rows=rows)


def compare(desk: Desk, *, vehicle_ids: tuple[str, ...], start_us: int, end_us: int) -> Result:
    """Two or more vehicles over a span of time: energy per distance of each, by how much they differ, and in which terms."""
    reports = {one: desk.fleet.energy((one,), start_us, end_us) for one in vehicle_ids}
    order = sorted(reports, key=lambda one: -(reports[one].per_distance.value or 0.0))
    rows = [_report_row(desk, _kind(desk.state(one).energy_kind), reports[one]) for one in order]
    driven = [one for one in order if reports[one].trips and reports[one].per_distance.value]
    summary = Row(subject="fleet", figures={"vehicles": exact("compare.vehicles_count", len(order), "", evidence=())})
    if len(driven) >= 2:
        most, least = _account(desk, reports[driven[0]]), _account(desk, reports[driven[-1]])
        evidence = (*most.evidence, *least.evidence)
        more, less = (reports[one].per_distance.value or 0.0 for one in (driven[0], driven[-1]))
        ratio = _derived("compare.difference_ratio", more / less - 1, "", "per distance, first over last", evidence)
        words = {"more": desk.plate(driven[0]) or "", "less": desk.plate(driven[-1]) or ""}
        summary = Row(subject="fleet", words=words, figures=dict(summary.figures) | {"difference": ratio})
        rows += _reasons(most, least, per_distance=True)
    return Result(summary=summary, rows=tuple(rows))


def why_trip(desk: Desk, *, trip_id: str) -> Result:
    """The closed energy account of one trip, and what differs from like trips."""
    detail = desk.fleet.explain_trip(trip_id)
    meter_j, evidence = sum(one.value or 0.0 for one in detail.meter), (f"trip:{trip_id}",)
    fuel = _only_fuel(desk, detail.summary.vehicle_id, detail.meter)
    account = _Account(lines=detail.account, meter_j=meter_j, distance_m=detail.summary.distance_m, fuel=fuel, evidence=evidence)
    row = trip_row(desk, detail.summary)
    figures = dict(row.figures)
    like, own = detail.like_energy_per_distance_jpm, detail.summary.energy_per_distance_jpm
    if like and own and detail.like_trips:
        others = tuple(f"trip:{one}" for one in detail.like_trips)
        figures["like"] = in_store_units(_derived("like.per_distance", like, "J/m", "median of like trips", others), fuel)
        figures["like_count"] = exact("like.trips_count", len(others), "", evidence=others)
        figures["excess"] = _derived("why.excess_ratio", own / like - 1, "", "against like trips", (*evidence, *others))
        if abs(own / like - 1) >= 0.005:
            figures["excess_more" if own > like else "excess_less"] = replace(figures["excess"], value=abs(own / like - 1))
        else:
            figures["excess_same"] = figures["excess"]
    reasons = [_reason(one.name.removeprefix("why."), one, account) for one in detail.reasons if one.value]
    shown = [one for one in reasons if abs(one.figures["share"].value or 0.0) >= 0.002][:_SHOWN_REASONS]
    return Result(summary=replace(row, figures=figures), rows=(*shown, *_terms(account, _SHOWN_TERMS)))


def why_used(desk: Desk, *, start_us: int, end_us: int, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """The summed energy account of vehicles or the fleet over a span, and what differs from vehicles of the same kind."""
    report = desk.fleet.energy(vehicle_ids, start_us, end_us)
    states = desk.chosen(vehicle_ids)
    kinds = {_kind(state.energy_kind) for state in states}
    kind = kinds.pop() if len(kinds) == 1 else ""
    summary = _report_row(desk, kind, report)
    if not report.trips or not report.distance.value:
        return Result(summary=summary)
    figures = {name: one for name, one in summary.figures.items() if name not in {"energy", "per_distance"}}
    summary = replace(summary, figures=figures) if kind else _of_store(summary, "energy")
    account = _account(desk, report)
    rows = _terms(account, _SHOWN_TERMS)
    peers = tuple(one.vehicle_id for one in desk.chosen(None) if _kind(one.energy_kind) == kind)
    if kind and set(peers) > {state.vehicle_id for state in states}:
        others = desk.fleet.energy(peers, start_us, end_us)
        own, like = report.per_distance.value, others.per_distance.value
        if own and like and len(others.trips) > len(report.trips):
            like_row = _report_row(desk, kind, others)
            figures = dict(summary.figures)
            figures["like"] = in_store_units(replace(others.per_distance, name="like.per_distance"), account.fuel)
            figures["like_count"] = like_row.figures["trips"]
            excess = _derived("why.excess_ratio", abs(own / like - 1), "", "against the same kind", account.evidence)
            figures["excess_more" if own > like else "excess_less"] = excess
            summary = replace(summary, figures=figures, words=dict(summary.words) | {"peers": kind_text(kind)})
            rows = [*_reasons(account, replace(_account(desk, others), fuel=account.fuel), per_distance=False), *rows]
    return Result(summary=summary, rows=tuple(rows))


def kind_text(kind: str) -> Text:
    """What vehicles of an energy kind are called; with a driven trailer, that is said too."""
    plain = kind.removesuffix("_etrailer")
    text = KINDS.get(plain, Text(plain, plain))
    return text if plain == kind else Text(f"{text.en} with driven trailers", f"{text.zh}（电驱挂车）")


def account_share(
    desk: Desk,
    *,
    cause: Cause,
    start_us: int | None = None,
    end_us: int | None = None,
    vehicle_ids: tuple[str, ...] | None = None,
    trip_id: str | None = None,
) -> Result:
    """What one cause (air, tyres, brakes, idling, ...) took of the energy of a trip, a vehicle or the fleet, and its share."""
    if trip_id is not None:
        detail = desk.fleet.explain_trip(trip_id)
        account = _Account(
            lines=detail.account,
            meter_j=sum(one.value or 0.0 for one in detail.meter),
            distance_m=detail.summary.distance_m,
            fuel=_only_fuel(desk, detail.summary.vehicle_id, detail.meter),
            evidence=(f"trip:{trip_id}",),
        )
    else:
        account = _account(desk, desk.fleet.energy(vehicle_ids, start_us or 0, desk.now_us if end_us is None else end_us))
    lines = tuple(line for line in account.lines if line.name in CAUSES[cause])
    rows = tuple(_terms(replace(account, lines=lines), len(lines)))
    figures = {"trips": exact("trips.count", len(account.evidence), "", evidence=account.evidence)}
    if lines:
        value = sum(line.finding.value or 0.0 for line in lines)
        merged = _sum_of(f"account.{cause}", [line.finding for line in lines])
        figures["energy"] = in_store_units(merged, account.fuel)
        if account.meter_j:
            figures["share"] = _derived("account.share_ratio", value / account.meter_j, "", "of the meter", account.evidence)
    return Result(summary=Row(subject="fleet", figures=figures), rows=rows if len(rows) > 1 else ())


def _kind(energy_kind: str) -> str:
    return energy_kind.removesuffix("_etrailer")


def _together(reports: Iterable[EnergyReport]) -> EnergyReport:
    """One report over all vehicles, without the account."""
    reports = tuple(reports)
    trips = tuple(trip_id for report in reports for trip_id in report.trips)
    stores = dict.fromkeys(one.name for report in reports for one in report.meter)
    meter = tuple(_sum_of(name, [one for report in reports for one in report.meter if one.name == name]) for name in stores)
    distance_m = sum(report.distance.value or 0.0 for report in reports)
    evidence = tuple(f"trip:{trip_id}" for trip_id in trips)
    energy = _sum_of("energy", meter)
    return replace(
        reports[0],
        vehicle_ids=tuple(one for report in reports for one in report.vehicle_ids),
        distance=exact("energy.distance", distance_m, "m", evidence=evidence, method="over the trips"),
        meter=meter,
        per_distance=_over(energy, distance_m) if distance_m else replace(energy, value=None),
        account=(),
        by_vehicle=(),
        trips=trips,
    )


def _of_store(row: Row, store: Store | Literal["energy"]) -> Row:
    """The row with what one store gave, or all of them together."""
    shown = ("trips", "distance", store, "per_distance" if store == "energy" else f"{store}_per_distance")
    return replace(row, figures={name: finding for name, finding in row.figures.items() if name in shown})


def _report_row(desk: Desk, kind: str, report: EnergyReport) -> Row:
    fuel, evidence = fuel_of(kind), tuple(f"trip:{trip_id}" for trip_id in report.trips)
    figures = {
        "trips": exact("trips.count", len(report.trips), "", evidence=evidence),
        "distance": report.distance,
        "energy": _sum_of("energy.total", report.meter),
        "per_distance": report.per_distance,
    }
    electric = [one for one in report.meter if one.name != "meter.fuel"]
    amounts = {"fuel": [one for one in report.meter if one.name == "meter.fuel" and fuel is not None], "electric": electric}
    for name, findings in amounts.items():
        if findings and any(one.value for one in findings):
            amount = _sum_of(f"energy.{name}", findings)
            figures[name] = in_store_units(amount, fuel) if name == "fuel" else amount
            if report.distance.value:
                figures[f"{name}_per_distance"] = _over(figures[name], report.distance.value)
    words: dict[str, str | Text] = {"kind": kind_text(kind)}
    if len(report.vehicle_ids) == 1:
        words["plate"] = desk.plate(report.vehicle_ids[0]) or ""
    subject = f"vehicle:{report.vehicle_ids[0]}" if len(report.vehicle_ids) == 1 else "fleet"
    return Row(subject=subject, words=words, figures=figures)


def _account(desk: Desk, report: EnergyReport) -> _Account:
    fuels = {_only_fuel(desk, one, report.meter) for one, _, _ in report.by_vehicle}
    return _Account(
        lines=report.account,
        meter_j=sum(one.value or 0.0 for one in report.meter),
        distance_m=report.distance.value or 0.0,
        fuel=fuels.pop() if len(fuels) == 1 else None,
        evidence=tuple(f"trip:{trip_id}" for trip_id in report.trips),
    )


def _only_fuel(desk: Desk, vehicle_id: str, meter: Sequence[Finding]) -> Fuel | None:
    """The fuel, when it is the only store that was drawn from."""
    alone = {one.name for one in meter if one.value} == {"meter.fuel"}
    return fuel_of(desk.state(vehicle_id).energy_kind) if alone else None


def _terms(account: _Account, shown: int) -> list[Row]:
    """The terms of an account, largest first, `unexplained` always among them."""
    lines = sorted((one for one in account.lines if one.finding.value), key=lambda one: -abs(one.finding.value or 0.0))
    chosen = lines[:shown] + [one for one in lines[shown:] if one.name == "unexplained"]
    return [replace(_reason(one.name, one.finding, account), kind="term") for one in chosen]


def _reason(name: str, finding: Finding, account: _Account) -> Row:
    figures = {"cost": in_store_units(finding, account.fuel)}
    if account.meter_j and finding.value is not None:
        share = _derived(f"{finding.name}_share_ratio", finding.value / account.meter_j, "", "of the meter", account.evidence)
        figures["share"] = share
    return Row(subject=f"term:{name}", kind="reason", words={"term": _TITLES.get(name, Text(name, name))}, figures=figures)


def _reasons(own: _Account, other: _Account, *, per_distance: bool) -> list[Row]:
    """Terms in which `own` differs most from `other` at the same distance, largest first."""
    if not (own.distance_m and other.distance_m):
        return []
    fuel = own.fuel if own.fuel == other.fuel else None
    differences = {}
    for line in own.lines:
        per_m = own.per_distance((line.name,)) - other.per_distance((line.name,))
        value, unit = (per_m, "J/m") if per_distance else (per_m * own.distance_m, "J")
        differences[line.name] = _derived(f"why.{line.name}", value, unit, "difference of the accounts", own.evidence)
    meter = replace(own, meter_j=own.meter_j / own.distance_m if per_distance else own.meter_j, fuel=fuel)
    rows = [_reason(name, finding, meter) for name, finding in differences.items()]
    large = [row for row in rows if abs(row.figures["share"].value or 0.0) >= 0.002]
    return sorted(large, key=lambda row: -abs(row.figures["share"].value or 0.0))[:_SHOWN_REASONS]


def _derived(name: str, value: float, unit: str, method: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(name=name, value=value, unit=unit, origin=Origin.ESTIMATED, method=method, evidence=evidence)


def _sum_of(name: str, findings: Sequence[Finding]) -> Finding:
    """Sum with the ends of the intervals added: never narrower than the truth, also when errors go together."""
    values = [one.value for one in findings]
    lows, highs = [one.low for one in findings], [one.high for one in findings]
    return Finding(
        name=name,
        value=None if None in values else sum(value or 0.0 for value in values),
        unit="J",
        low=None if None in lows else sum(low or 0.0 for low in lows),
        high=None if None in highs else sum(high or 0.0 for high in highs),
        origin=Origin.ESTIMATED,
        method=" + ".join(one.name for one in findings) or "no trip",
        evidence=tuple(dict.fromkeys(link for one in findings for link in one.evidence)),
    )


def _over(finding: Finding, distance_m: float) -> Finding:
    return replace(
        finding,
        name=f"{finding.name}_per_distance",
        unit=f"{finding.unit}/m",
        value=None if finding.value is None else finding.value / distance_m,
        low=None if finding.low is None else finding.low / distance_m,
        high=None if finding.high is None else finding.high / distance_m,
        method=f"{finding.method}; over the distance",
    )
