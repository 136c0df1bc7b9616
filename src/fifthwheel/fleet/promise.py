"""Choose, then check: what a vehicle was chosen for is recorded, and its trips are held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from fifthwheel.choose.duty import Duty, table_of
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.explain.promise import Driven, Leg, compare
from fifthwheel.fleet.catalogued import combination_of, unit_of_trailer
from fifthwheel.fleet.choice.views import CandidateDetail, CostLine
from fifthwheel.fleet.kept import NO_TRIP, kept_view
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.trips import findings_of
from fifthwheel.records import PromiseRecord
from fifthwheel.vehicle.combination import Combination

SHORTEST_M: Final = 2_000.0
"""Shorter trips are manoeuvres; their account says little of a promise."""
LEFT_OUT: Final = {
    "open": ("trip still goes on", "行程尚未结束"),
    "meter": ("no wire tells what was used", "没有上报能耗"),
    "short": ("shorter than 2 km", "不足 2 公里"),
    "energy": ("drove with another kind of energy", "能源类型不同"),
    "trailer": ("towed another trailer than was chosen", "挂的不是选型时的挂车"),
}


def promise(
    stores: Stores, vehicle_id: str, what: Mapping[str, Any] | str | Path, candidate: str, *, start_us: int, who: str
) -> PromiseView:
    """Record that a vehicle was chosen as `candidate` for a duty.

    Parameters
    ----------
    what : id of a recent choice; or the duty's table, file or example, for which is then chosen.
    candidate : its id, or its rank.

    Raises
    ------
    UnknownName : no such vehicle, duty or candidate. InputError : a duty that is not accepted. Conflict : see `record`.
    """
    from fifthwheel.fleet import choose  # the engine loads with the first choice

    stores.records.vehicle(vehicle_id)
    view = choose.recent(what) if isinstance(what, str) else None
    view = view or choose.choose(choose.duty_from(what))
    ranked = {str(row.rank): row.candidate_id for row in view.rows}
    candidate_id = ranked.get(candidate, candidate)
    duty, whole = choose.chosen(view.choice_id, candidate_id)
    (detail,) = choose.detail(view.choice_id, [candidate_id])
    return record(stores, vehicle_id, duty, detail, whole, currency=view.currency, start_us=start_us, who=who)


def record(
    stores: Stores, vehicle_id: str, duty: Duty, detail: CandidateDetail, combination: Combination, *, currency: str,
    start_us: int, who: str,
) -> PromiseView:  # fmt: skip
    """Record that a vehicle was chosen as `detail` for `duty`; `combination` is what was simulated there.

    The duty is driven once more, leg by leg, so that the promise can be moved to other masses and temperatures later.

    Raises
    ------
    UnknownName : no such vehicle. Conflict : a promise of that vehicle starts then or later.
    """
    from fifthwheel.fleet.promised import legs_of  # so does the simulation

    row = detail.row
    candidate = {
        name: getattr(row, name)
        for name in ("candidate_id", "title_en", "title_zh", "tractor", "trailer", "energy_kind", "payload_kg", "gross_kg")
    } | {
        "currency": currency, "drag_area_m2": combination.drag_area_m2, "costs": [asdict(line) for line in detail.costs],
        "legs": [asdict(leg) for leg in legs_of(combination, duty, row.payload_kg)],
    }  # fmt: skip
    made = PromiseRecord(
        vehicle_id=vehicle_id, start_us=start_us, made_us=stores.clock(), who=who, duty=table_of(duty), candidate=candidate
    )
    stores.records.add_promise(made)
    stores.records.audit(who, "promise", f"{vehicle_id}: {row.candidate_id} {row.title_en} for {duty.name}", stores.clock())
    return promise_view(made)


def promise_of(stores: Stores, vehicle_id: str, time_us: int | None = None) -> PromiseView | None:
    """The promise of a vehicle that holds at a time, now by default; ``None`` where none was recorded.

    Raises
    ------
    UnknownName : no such vehicle.
    """
    stores.records.vehicle(vehicle_id)
    held = stores.records.promise_at(vehicle_id, stores.clock() if time_us is None else time_us)
    return None if held is None else promise_view(held)


def kept(stores: Stores, vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView:
    """Hold the trips of a vehicle since its promise, or those of them that start in the interval, against the promise.

    Raises
    ------
    UnknownName : no such vehicle, or no promise of it. InputError : the interval ends before the promise begins.
    """
    now_us, plate = stores.clock() if end_us is None else end_us, stores.records.vehicle(vehicle_id).plate
    held = stores.records.promise_at(vehicle_id, now_us - 1)
    if held is None:
        raise UnknownName("promise of vehicle", vehicle_id, sorted({one.vehicle_id for one in stores.records.promises()}))
    since_us = max(held.start_us, start_us or 0)
    if now_us <= since_us:
        raise InputError(f"the interval ends before the promise of {vehicle_id} begins")
    rows = stores.lake.trips(vehicle_id, start_us=since_us, end_us=now_us).to_pylist()
    reasons = {row["trip_id"]: _unfit(stores, held, row) for row in rows}
    used = [row for row in rows if not reasons[row["trip_id"]]]
    left_out = [reason for reason in reasons.values() if reason]
    legs = [Leg.from_dict(leg) for leg in held.candidate["legs"]]
    comparison = compare(legs, held.candidate["drag_area_m2"], [driven(row) for row in used]) if used else NO_TRIP
    return kept_view(
        plate, promise_view(held), comparison, rows=rows, used=used, span=(since_us, now_us),
        left_out=tuple((*LEFT_OUT[name], left_out.count(name)) for name in LEFT_OUT if name in left_out),
    )  # fmt: skip


def driven(row: Mapping[str, Any]) -> Driven:
    """A row of the lake's ``trips`` as the comparison takes it."""
    found = findings_of(dict(row))
    ends = tuple(row[f"{end}_{axis}_deg"] for end in ("start", "end") for axis in ("latitude", "longitude"))
    return Driven(
        trip_id=row["trip_id"], distance_m=row["distance_m"], duration_s=(row["end_us"] - row["start_us"]) * 1e-6,
        ends=None if None in ends else ends,
        meter=found["meter"], terms={one.name.removeprefix("account."): one for one in found["account"]},
        estimates={one.name.removeprefix("estimate."): one for one in found["estimates"]},
    )  # fmt: skip


def promise_view(held: PromiseRecord) -> PromiseView:
    """A record as pages show it: legs become their mean over the way."""
    candidate = held.candidate
    legs = [Leg.from_dict(leg) for leg in candidate["legs"]]
    way_m, time_s = sum(leg.distance_m for leg in legs), sum(leg.distance_m / leg.speed_mps for leg in legs)
    shares = [(leg, leg.distance_m / way_m) for leg in legs]
    account = {name: sum(share * leg.terms_jpm[name] for leg, share in shares) for name in legs[0].terms_jpm}
    plain = ("candidate_id", "title_en", "title_zh", "tractor", "trailer", "energy_kind", "payload_kg", "gross_kg", "currency")
    return PromiseView(
        **{name: candidate[name] for name in plain},
        **{name: getattr(held, name) for name in ("vehicle_id", "start_us", "end_us", "made_us", "who", "duty")},
        energy_jpm=sum(account.values()), fuel_kgpm=sum(share * leg.fuel_kgpm for leg, share in shares),
        electric_jpm=sum(share * leg.electric_jpm for leg, share in shares), speed_mps=way_m / time_s,
        mass_kg=sum(share * leg.mass_kg for leg, share in shares),
        distance_year_m=1e3 * held.duty["work"]["distance_year_km"], account=account,
        costs=tuple(CostLine(**line) for line in candidate["costs"]), prices=held.duty.get("prices", {}),
    )  # fmt: skip


def _unfit(stores: Stores, held: PromiseRecord, row: Mapping[str, Any]) -> str:
    """Why a trip cannot be held against the promise: a name of `LEFT_OUT`, '' where it can."""
    if not row["complete"]:
        return "open"
    if row["energy_j"] is None:
        return "meter"
    if row["distance_m"] < SHORTEST_M:
        return "short"
    if row["energy_kind"] != held.candidate["energy_kind"]:
        return "energy"
    whole = combination_of(stores, stores.records.vehicle(held.vehicle_id), None)
    towed = unit_of_trailer(stores.records.vehicle(row["trailer_id"])) if row["trailer_id"] else whole and whole.trailer
    chosen = held.candidate["trailer"]
    return "trailer" if towed is not None and chosen is not None and towed.name != chosen else ""
