"""Vehicles: their state now, one in full with its drawing, and the fleet's figures of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.catalogued import combination_of, unit_of_trailer
from fifthwheel.fleet.drawing import unit_drawing
from fifthwheel.fleet.faults import faults
from fifthwheel.fleet.latest import Value
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.trips import trips
from fifthwheel.fleet.views import (
    CouplingView,
    FleetOverview,
    SignalValue,
    TripSummary,
    UnitDrawing,
    VehicleDetail,
    VehicleState,
    VehicleStatus,
)
from fifthwheel.records.entities import VehicleRecord
from fifthwheel.signals.catalogue import signal
from fifthwheel.units import MICROSECOND, unit_of

SILENT_S: Final = 1800.0
"""A parked terminal reports every few minutes; half an hour without a word is silence."""
DRIVING_MPS: Final = 0.8
ENGINE_RUNS_RADPS: Final = 20.0
FRESH_S: Final = 120.0


def vehicles(stores: Stores, vehicle_ids: Collection[str] | None = None) -> list[VehicleState]:
    """Every vehicle, or those asked for, with its latest state, in the order of the records."""
    records = [one for one in stores.records.vehicles() if vehicle_ids is None or one.vehicle_id in vehicle_ids]
    stores.latest.fill(stores.lake, {record.vehicle_id for record in records})
    today = stores.recall("trips today", lambda: _by_vehicle(_trips_today(stores)))
    active = stores.recall("active faults", lambda: Counter(fault.vehicle_id for fault in faults(stores, active_only=True)))
    return [_state(stores, record, today.get(record.vehicle_id, []), active[record.vehicle_id]) for record in records]


def vehicle(stores: Stores, vehicle_id: str) -> VehicleDetail:
    """One vehicle with drawing, live values, couplings, faults and latest trips.

    Raises
    ------
    UnknownName : no such vehicle.
    """
    record = stores.records.vehicle(vehicle_id)
    stores.latest.fill(stores.lake, {vehicle_id})
    of_vehicle = faults(stores, vehicle_id)
    latest_trips = trips(stores, vehicle_id, limit=50)
    start_us = stores.day_start_us(stores.day(stores.clock()))
    today = [trip for trip in latest_trips if trip.start_us >= start_us and trip.energy_j is not None]
    state = _state(stores, record, today, sum(fault.active for fault in of_vehicle))
    live = stores.latest.of(vehicle_id)
    return VehicleDetail(
        state=state,
        vin=record.vin,
        phone=record.phone,
        identities=tuple((one.wire, one.value) for one in stores.records.identities(vehicle_id)),
        units=_drawing(stores, record, state.trailer_id),
        live=tuple(_signal_value(name, live[name]) for name in live),
        couplings=tuple(
            CouplingView(tractor_id=c.tractor_id, trailer_id=c.trailer_id, start_us=c.start_us, end_us=c.end_us)
            for c in sorted(stores.records.couplings(vehicle_id), key=lambda c: -c.start_us)
        ),
        faults=tuple(of_vehicle),
        trips=tuple(latest_trips),
    )


def overview(stores: Stores) -> FleetOverview:
    """The strip of figures above the map, for the local day that runs now."""
    now_us = stores.clock()
    states = [state for state in vehicles(stores) if state.kind != "trailer"]
    day = stores.day(now_us)
    done = _trips_today(stores)
    energy_j, distance_m = sum(t.energy_j or 0.0 for t in done), sum(t.distance_m for t in done)
    unexplained_j = sum(abs(1 - t.explained_ratio) * (t.energy_j or 0.0) for t in done if t.explained_ratio is not None)
    evidence = tuple(f"trip:{t.trip_id}" for t in done)
    figures: dict[str, tuple[float | None, str, str]] = {
        "energy_today": (energy_j, "J", "sum of today's trips, fuel and electricity"),
        "distance_today": (distance_m, "m", "sum of today's trips"),
        "energy_per_km": (energy_j / distance_m if distance_m else None, "J/m", "today's energy over today's distance"),
        "explained": (1 - unexplained_j / energy_j if energy_j else None, "", "1 - |unexplained| / meter over today's trips"),
        "active_faults": (float(sum(s.active_faults_count for s in states)), "", "faults whose last report is recent"),
    }
    return FleetOverview(
        time_us=now_us,
        timezone=str(stores.timezone),
        day=day.isoformat(),
        vehicles_count=len(states),
        reporting_count=sum(s.status not in {VehicleStatus.SILENT, VehicleStatus.NEVER} for s in states),
        findings=tuple(
            Finding(
                name=f"fleet.{name}",
                value=value,
                unit=unit,
                low=value,
                high=value,
                origin=Origin.MEASURED,
                method=method,
                evidence=evidence,
            )
            for name, (value, unit, method) in figures.items()
        ),
    )


def _state(stores: Stores, record: VehicleRecord, today: list[TripSummary], active_count: int) -> VehicleState:
    now_us, live = stores.clock(), stores.latest.of(record.vehicle_id)
    time_us = max((value.time_us for value in live.values()), default=None)
    age_s = None if time_us is None else max(0.0, (now_us - time_us) * MICROSECOND)
    trailer_id = stores.records.trailer_at(record.vehicle_id, now_us) if record.kind != "trailer" else None
    combination = combination_of(stores, record, trailer_id)
    unit = unit_of_trailer(record)
    titled = combination or unit
    driver = stores.records.driver_at(record.vehicle_id, now_us)
    return VehicleState(
        vehicle_id=record.vehicle_id,
        plate=record.plate,
        kind=record.kind,
        combination=record.combination,
        title_en=titled.title_en if titled else "",
        title_zh=titled.title_zh if titled else "",
        energy_kind=combination.energy_kind if combination else "",
        driver=driver.name if driver else None,
        trailer_id=trailer_id,
        status=_status(live, time_us, age_s),
        time_us=time_us,
        age_s=age_s,
        latitude_deg=_value(live, "latitude_deg"),
        longitude_deg=_value(live, "longitude_deg"),
        heading_rad=_value(live, "heading_rad"),
        speed_mps=_value(live, "speed_mps"),
        battery_soc_ratio=_value(live, "battery_soc_ratio"),
        fuel_level_ratio=_value(live, "fuel_level_ratio"),
        active_faults_count=active_count,
        distance_today_m=sum(trip.distance_m for trip in today),
        energy_today_j=sum(trip.energy_j or 0.0 for trip in today),
        place=stores.place(_value(live, "latitude_deg"), _value(live, "longitude_deg")),
    )


def _status(live: dict[str, Value], time_us: int | None, age_s: float | None) -> VehicleStatus:
    if time_us is None or age_s is None:
        return VehicleStatus.NEVER
    if age_s > SILENT_S:
        return VehicleStatus.SILENT
    recent = {name: v.value for name, v in live.items() if (time_us - v.time_us) * MICROSECOND <= FRESH_S}
    if recent.get("speed_mps", 0.0) >= DRIVING_MPS:
        return VehicleStatus.DRIVING
    if recent.get("charge_state") == 1 and recent.get("battery_current_a", 0.0) < 0:
        return VehicleStatus.CHARGING
    runs = recent.get("engine_speed_radps", 0.0) > ENGINE_RUNS_RADPS
    return VehicleStatus.IDLING if runs or recent.get("ignition_state") == 1 else VehicleStatus.STOPPED


def _drawing(stores: Stores, record: VehicleRecord, trailer_id: str | None) -> tuple[UnitDrawing, ...]:
    combination, alone = combination_of(stores, record, trailer_id), unit_of_trailer(record)
    units = combination.units if combination else (alone,) if alone else ()
    drawings, front_m = [], 0.0
    for index, unit in enumerate(units):
        if index:
            front_m = units[0].coupling_m - unit.coupling_m
        drawings.append(unit_drawing(unit, front_m))
    return tuple(drawings)


def _signal_value(name: str, value: Value) -> SignalValue:
    entry = signal(name)
    return SignalValue(
        name=name,
        title_en=entry.title_en,
        title_zh=entry.title_zh,
        unit=unit_of(name),
        value=value.value,
        time_us=value.time_us,
        source=value.source,
    )


def _value(live: dict[str, Value], name: str) -> float | None:
    return live[name].value if name in live else None


def _trips_today(stores: Stores) -> list[TripSummary]:
    """Trips of the local day that runs now that have a meter."""
    start_us = stores.day_start_us(stores.day(stores.clock()))
    return [trip for trip in trips(stores, start_us=start_us, limit=100_000) if trip.energy_j is not None]


def _by_vehicle(done: list[TripSummary]) -> dict[str, list[TripSummary]]:
    grouped: dict[str, list[TripSummary]] = {}
    for trip in done:
        grouped.setdefault(trip.vehicle_id, []).append(trip)
    return grouped
