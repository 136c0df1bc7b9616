"""Tools on the fleet as it stands: where vehicles are, what they do, what they tow, who drives, which faults they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

from fifthwheel.assistant.desk import Desk, Result, Row, Text, exact, known
from fifthwheel.finding import Finding
from fifthwheel.fleet.views import FaultView, VehicleState, VehicleStatus
from fifthwheel.units import SECOND_US

Status = Literal["driving", "idling", "stopped", "charging", "silent", "never"]

STATUS: Final = {
    VehicleStatus.DRIVING: Text("driving", "行驶中"),
    VehicleStatus.IDLING: Text("idling", "怠速中"),
    VehicleStatus.STOPPED: Text("stopped", "停驶"),
    VehicleStatus.CHARGING: Text("charging", "充电中"),
    VehicleStatus.SILENT: Text("silent", "失联"),
    VehicleStatus.NEVER: Text("not heard from yet", "尚未上线"),
}
_FRAMES_READ: Final = 10_000


def where_is(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Latest positions and how old they are; a trailer without its own position is where its tractor is."""
    return _listed(desk, [_position(desk, state) for state in desk.chosen(vehicle_ids)])


def vehicle_state(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Latest state: speed, battery, fuel level, distance today, driver, trailer, active faults."""
    return _listed(desk, [_state(desk, state) for state in desk.chosen(vehicle_ids)])


def signal_of(desk: Desk, *, signal: str, vehicle_ids: tuple[str, ...]) -> Result:
    """Latest value of one signal of the catalogue, e.g. coolant_temperature_k."""
    rows = []
    for state in desk.chosen(vehicle_ids):
        subject = f"vehicle:{state.vehicle_id}"
        words, figures = _named(state), {}
        for live in desk.fleet.vehicle(state.vehicle_id).live:
            if live.name == signal:
                link = f"observations:{state.vehicle_id}?from_us={live.time_us}&to_us={live.time_us}&signals={signal}"
                age_s = max(0.0, (desk.now_us - live.time_us) / SECOND_US)
                method = f"latest on {live.source}"
                figures = known(f"signal.{signal}", live.value, live.unit, evidence=(link,), method=method, key="value")
                figures["age"] = exact("signal.age", age_s, "s", evidence=(link,))
        rows.append(Row(subject=subject, words=words, figures=figures))
    return _listed(desk, rows)


def vehicles_by_status(desk: Desk, *, status: tuple[Status, ...], vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Vehicles that drive, idle, stand, charge or are silent now."""
    rows = [_position(desk, state) for state in desk.chosen(vehicle_ids) if state.status in status]
    return _listed(desk, rows)


def silent_vehicles(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Vehicles that have not reported for a long time, or never."""
    result = vehicles_by_status(desk, status=("silent", "never"), vehicle_ids=vehicle_ids)
    return Result(summary=result.summary, rows=tuple(sorted(result.rows, key=_age, reverse=True)))


def active_faults(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Faults and alarms that are active now, last seen first."""
    return _faults(desk, desk.fleet.faults(active_only=True), vehicle_ids)


def faults_of(desk: Desk, *, start_us: int, end_us: int, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Faults and alarms whose first and last report enclose part of a span of time, last seen first."""
    found = [fault for fault in desk.fleet.faults() if fault.first_us < end_us and fault.last_us >= start_us]
    return _faults(desk, found, vehicle_ids)


def couplings_of(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Which trailer a vehicle tows, or which vehicle tows a trailer, and since when; without names every coupling in force."""
    rows = []
    for state in desk.chosen(vehicle_ids):
        current = [c for c in desk.fleet.vehicle(state.vehicle_id).couplings if c.end_us is None or c.end_us > desk.now_us]
        for coupling in (c for c in current if c.start_us <= desk.now_us):
            words = {"tractor": desk.plate(coupling.tractor_id) or "", "trailer": desk.plate(coupling.trailer_id) or ""}
            link = (f"vehicle:{coupling.tractor_id}", f"vehicle:{coupling.trailer_id}")
            since = exact("coupling.since", coupling.start_us, "µs", evidence=link)
            rows.append(Row(subject=f"vehicle:{state.vehicle_id}", words=_named(state) | words, figures={"since": since}))
        if not current and vehicle_ids:
            rows.append(Row(subject=f"vehicle:{state.vehicle_id}", words=_named(state)))
    return _listed(desk, rows)


def driver_of(desk: Desk, *, vehicle_ids: tuple[str, ...] | None = None, driver: str | None = None) -> Result:
    """Who drives a vehicle now, or which vehicle a driver has."""
    states = [state for state in desk.chosen(vehicle_ids) if driver is None or state.driver == driver]
    return _listed(desk, [Row(subject=f"vehicle:{state.vehicle_id}", words=_named(state)) for state in states])


def quarantine_summary(desk: Desk) -> Result:
    """Frames that could not be understood, counted by reason; the newest 10,000 are looked at."""
    frames = desk.fleet.quarantine(limit=_FRAMES_READ)
    reasons = Counter((frame.wire, frame.reason) for frame in frames)
    rows = [
        Row(
            subject="quarantine",
            words={"wire": wire, "reason": reason},
            figures={"count": exact("quarantine.count", count, "", evidence=("quarantine:",))},
        )
        for (wire, reason), count in reasons.most_common()
    ]
    figures = {"count": exact("quarantine.count", len(frames), "", evidence=("quarantine:",))}
    if frames:
        figures["latest"] = exact("quarantine.latest", max(f.received_us for f in frames), "µs", evidence=("quarantine:",))
    return Result(summary=Row(subject="quarantine", figures=figures), rows=tuple(rows))


def fleet_overview(desk: Desk) -> Result:
    """How many vehicles there are and report, and the fleet's distance, energy and faults today."""
    overview = desk.fleet.overview()
    today = {finding.name.removeprefix("fleet."): finding for finding in overview.findings}
    counts = Counter(state.status for state in desk.chosen(None))
    rows = [
        Row(
            subject=f"status:{status}",
            words={"status": STATUS[status]},
            figures={"count": exact(f"fleet.{status}_count", counts[status], "", evidence=("fleet:",))},
        )
        for status in STATUS
        if counts[status]
    ]
    figures = {
        "vehicles": exact("fleet.vehicles_count", overview.vehicles_count, "", evidence=("fleet:",)),
        "reporting": exact("fleet.reporting_count", overview.reporting_count, "", evidence=("fleet:",)),
        **today,
    }
    return Result(summary=Row(subject="fleet", figures=figures), rows=tuple(rows))


def _listed(desk: Desk, rows: list[Row]) -> Result:
    evidence = tuple(row.subject for row in rows)
    counts = {
        "count": exact("fleet.matching_count", len(rows), "", evidence=evidence),
        "vehicles": exact("fleet.vehicles_count", len(desk.chosen(None)), "", evidence=("fleet:",)),
    }
    return Result(summary=Row(subject="fleet", figures=counts), rows=tuple(rows))


def _named(state: VehicleState) -> dict[str, str | Text]:
    words: dict[str, str | Text] = {"plate": state.plate, "status": STATUS[state.status]}
    if state.title_en:
        words["title"] = Text(state.title_en, state.title_zh)
    if state.driver:
        words["driver"] = state.driver
    return words


def _position(desk: Desk, state: VehicleState) -> Row:
    words: dict[str, str | Text] = _named(state)
    at = state
    if state.kind == "trailer" and state.latitude_deg is None:
        towing = next((other for other in desk.chosen(None) if other.trailer_id == state.vehicle_id), None)
        if towing is not None:
            at = towing
            words |= {"tractor": towing.plate, "status": STATUS[towing.status]}
    evidence = (f"vehicle:{at.vehicle_id}",)
    figures = {
        **known("position.latitude", at.latitude_deg, "°", evidence=evidence),
        **known("position.longitude", at.longitude_deg, "°", evidence=evidence),
        **known("position.speed", at.speed_mps if at.status == VehicleStatus.DRIVING else None, "m/s", evidence=evidence),
        **known("position.age", at.age_s, "s", evidence=evidence, method="now - time of the last report"),
    }
    if at.place:
        words["place"] = desk.place_name(at.place)
    return Row(subject=f"vehicle:{state.vehicle_id}", words=words, figures=figures)


def _state(desk: Desk, state: VehicleState) -> Row:
    row, evidence = _position(desk, state), (f"vehicle:{state.vehicle_id}",)
    words: dict[str, str | Text] = {**row.words, "trailer": desk.plate(state.trailer_id) or ""}
    faults = float(state.active_faults_count) if state.active_faults_count else None
    figures: dict[str, Finding] = dict(row.figures) | {
        **known("vehicle.speed", state.speed_mps, "m/s", evidence=evidence),
        **known("vehicle.battery_soc_ratio", state.battery_soc_ratio, "", evidence=evidence, key="soc"),
        **known("vehicle.fuel_level_ratio", state.fuel_level_ratio, "", evidence=evidence, key="fuel"),
        **known("vehicle.active_faults_count", faults, "", evidence=evidence, key="faults"),
        **known("vehicle.distance_today", state.distance_today_m, "m", evidence=evidence),
    }
    return Row(subject=row.subject, words=words, figures=figures)


def _faults(desk: Desk, faults: Sequence[FaultView], vehicle_ids: tuple[str, ...] | None) -> Result:
    found = [fault for fault in faults if vehicle_ids is None or fault.vehicle_id in vehicle_ids]
    evidence = tuple(f"fault:{fault.fault_id}" for fault in found)
    figures = {
        "count": exact("faults.count", len(found), "", evidence=evidence),
        "vehicles": exact("faults.vehicles_count", len({fault.vehicle_id for fault in found}), "", evidence=evidence),
    }
    return Result(summary=Row(subject="fleet", figures=figures), rows=tuple(_fault(desk, fault) for fault in found))


def _fault(desk: Desk, fault: FaultView) -> Row:
    evidence = (f"fault:{fault.fault_id}", f"vehicle:{fault.vehicle_id}")
    words: dict[str, str | Text] = {
        "plate": desk.plate(fault.vehicle_id) or "",
        "code": fault.code,
        "wire": fault.source,
        "title": Text(fault.title_en, fault.title_zh),
    }
    figures = {
        "since": exact("fault.first_seen", fault.first_us, "µs", evidence=evidence),
        "last": exact("fault.last_seen", fault.last_us, "µs", evidence=evidence),
    }
    return Row(subject=f"vehicle:{fault.vehicle_id}", words=words, figures=figures)


def _age(row: Row) -> float:
    age = row.figures.get("age")
    return float("inf") if age is None or age.value is None else age.value
