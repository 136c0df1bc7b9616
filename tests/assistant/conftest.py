"""A fleet of fixed views: seven vehicles, two trailers, trips of four days, with the fleet verbs' own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from fifthwheel.assistant.answer import answer
from fifthwheel.errors import UnknownName
from fifthwheel.finding import Finding
from fifthwheel.fleet.choice.views import Change, ChoiceView, RoadView, Row
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.views import (
    AccountLine,
    Answer,
    CouplingView,
    EnergyReport,
    FaultView,
    FleetOverview,
    QuarantineView,
    SignalValue,
    TripDetail,
    TripSummary,
    VehicleDetail,
    VehicleState,
    VehicleStatus,
)
from fifthwheel.physics.energy import TERMS

ZONE: Final = ZoneInfo("Asia/Shanghai")
NOW: Final = datetime(2026, 11, 22, 15, 30, tzinfo=ZONE)
NOW_US: Final = int(NOW.timestamp()) * 1_000_000
HEAT_JPKG: Final = {"diesel": 42.7e6, "lng": 49.1e6, "diesel_etrailer": 42.7e6}

# id = plate, kind, energy kind, title, driver, trailer, status, age s, latitude, longitude, km/h, soc, fuel
WITH_STAKE, WITH_BOX, E_TRAILER = (
    "Diesel 6x4 with stake trailer",
    "Battery 6x4 423 kWh with box trailer",
    "Diesel 6x4 with e-trailer",
)
VEHICLES: Final = (
    ("鲁B36712", "tractor", "diesel", WITH_STAKE, "王强", "鲁B1234挂", "driving", 40, 36.07, 120.38, 80.0, None, 0.62),
    ("鲁B36788", "tractor", "diesel", "Diesel 4x2 with box trailer", "李敏", None, "idling", 65, 36.65, 117.12, 0.0, None, 0.08),
    ("鲁BD88001", "tractor", "battery", WITH_BOX, "张伟", "鲁B5678挂", "charging", 20, 35.1, 118.35, 0.0, 0.43, None),
    ("鲁BD88002", "tractor", "battery", "Swap battery 6x4 282 kWh", None, None, "stopped", 600, 36.2, 120.0, 0.0, 0.81, None),
    ("鲁C55501", "tractor", "lng", "LNG 6x4 with box trailer", "赵磊", None, "silent", 18_000, 37.4, 118.6, 0.0, None, 0.5),
    ("鲁C99017", "tractor", "diesel_etrailer", E_TRAILER, "孙丽", None, "stopped", 120, 36.8, 118.0, 0.0, 0.55, 0.7),
    ("鲁D00001", "rigid", "diesel", "Diesel concrete mixer 8x4", None, None, "never", None, None, None, None, None, None),
    ("鲁B1234挂", "trailer", "", "Stake trailer", None, None, "never", None, None, None, None, None, None),
    ("鲁B5678挂", "trailer", "", "Box trailer", None, None, "never", None, None, None, None, None, None),
)  # fmt: skip

# vehicle, days ago, start hour, driver, trailer, km, moving h, idle min, fuel kg, kWh, mass t, from, to, wind share
TRIPS: Final = (
    ("鲁B36712", 0, 8, "王强", "鲁B1234挂", 210, 3.0, 12, 60.0, 0, 42.0, "Qingdao", "Jinan", 0.05),
    ("鲁B36712", 1, 6, "王强", "鲁B1234挂", 350, 5.0, 30, 96.0, 0, 45.0, "Qingdao", "Jinan", 0.06),
    ("鲁B36712", 1, 14, "王强", "鲁B1234挂", 350, 5.0, 18, 83.0, 0, 30.0, "Jinan", "Qingdao", 0.02),
    ("鲁B36712", 2, 7, "李敏", "鲁B5678挂", 300, 4.5, 20, 80.0, 0, 40.0, "Qingdao", "Weifang", 0.03),
    ("鲁B36788", 1, 9, "李敏", None, 400, 5.5, 60, 90.0, 0, 35.0, "Jinan", "Linyi", 0.03),
    ("鲁B36788", 3, 9, "李敏", None, 380, 5.2, 45, 86.0, 0, 35.0, "Linyi", "Jinan", 0.03),
    ("鲁BD88001", 1, 5, "张伟", "鲁B5678挂", 260, 4.0, 5, 0, 390.0, 38.0, "Linyi", "Weifang", 0.04),
    ("鲁BD88002", 1, 20, None, None, 120, 2.0, 4, 0, 150.0, 30.0, "Qingdao", "Qingdao", 0.03),
    ("鲁C55501", 1, 10, "赵磊", None, 500, 7.0, 25, 130.0, 0, 44.0, "Dongying", "Jinan", 0.03),
    ("鲁C99017", 1, 11, "孙丽", None, 200, 3.0, 10, 40.0, 60.0, 36.0, "Zibo", "Jinan", 0.03),
)
SHARES: Final = {
    "engine": 0.52,
    "aero_still": 0.16,
    "rolling_tractor": 0.08,
    "rolling_trailer": 0.09,
    "brake_friction": 0.04,
    "idle": 0.02,
}
PLACES: Final = {"Qingdao": "青岛", "Jinan": "济南", "Weifang": "潍坊", "Linyi": "临沂", "Dongying": "东营", "Zibo": "淄博"}


# id, titles, energy kind, cost CNY/km without fuel, litres a km
CHOICES: Final = (
    ("d1", "Diesel 6x4", "柴油牵引车 6x4", "diesel", 3.4, 0.33),
    ("l1", "LNG 6x4", "LNG牵引车 6x4", "lng", 5.2, 0.0),
    ("b1", "Battery 6x4", "纯电牵引车 6x4", "battery", 5.9, 0.0),
    ("s1", "Swap battery 6x4", "换电牵引车 6x4", "battery", 5.6, 0.0),
)


def _choice_row(name: str, en: str, zh: str, energy: str, *cost_of: float) -> Row:
    rest, litres, diesel = cost_of
    cost = (rest + litres * diesel) * 1e-3
    evidence = (f"catalogue:{name}",)
    return Row(
        candidate_id=name, title_en=en, title_zh=zh, tractor=name, trailer="trailer", energy_kind=energy, rank=0, best=True,
        payload_kg=24e3, gross_kg=42e3, energy_jpm=1e4, fuel_kgpm=None, electric_jpm=None, co2_kgpm=None, time_s=1.0,
        range_m=None,
        cost=Finding(name="choose.cost", value=cost, unit="CNY/m", low=0.9 * cost, high=1.2 * cost, evidence=evidence),
        cost_tkm=Finding(name="choose.cost_tkm", value=cost / 24e3, unit="CNY/(kg·m)", evidence=evidence), price=None,
        reason_en="mass: 50 t over 49 t", reason_zh="总质量 50 t 超过 49 t",
    )  # fmt: skip


@dataclass(frozen=True)
class FixedFleet:
    """The fleet verbs over the tables above."""

    now: datetime = NOW
    promise: KeptView | None = None

    def us(self, moment: datetime) -> int:
        return int(moment.timestamp()) * 1_000_000

    @cached_property
    def states(self) -> dict[str, VehicleState]:
        return {row[0]: self._state(row) for row in VEHICLES}

    def _state(self, row: Any) -> VehicleState:
        name, kind, energy, title, driver, trailer, status, age, latitude, longitude, kmh, soc, fuel = row
        today = [one for one in TRIPS if one[0] == name and one[1] == 0]
        return VehicleState(
            vehicle_id=name, plate=name, kind=kind, combination=None, title_en=title, title_zh=title, energy_kind=energy,
            driver=driver, trailer_id=trailer, status=VehicleStatus(status),
            time_us=None if age is None else self.us(self.now) - age * 1_000_000, age_s=age,
            latitude_deg=latitude, longitude_deg=longitude, heading_rad=None, speed_mps=None if kmh is None else kmh / 3.6,
            battery_soc_ratio=soc, fuel_level_ratio=fuel,
            active_faults_count=sum(fault.vehicle_id == name for fault in self.faults(active_only=True)),
            distance_today_m=sum(one[5] for one in today) * 1e3, energy_today_j=0.0,
            place="Qingdao" if name == "鲁B36712" else None,
        )  # fmt: skip

    @cached_property
    def all_trips(self) -> list[TripSummary]:
        trips = [self._trip(row) for row in TRIPS]
        return sorted(trips, key=lambda trip: -trip.start_us)

    def _trip(self, row: Any) -> TripSummary:
        name, days, hour, driver, trailer, km, hours, idle, fuel_kg, kwh, mass_t, start_place, end_place, _ = row
        start = datetime(self.now.year, self.now.month, self.now.day, hour, tzinfo=ZONE) - timedelta(days=days)
        energy_j = fuel_kg * HEAT_JPKG.get(self._energy_kind(name), 0.0) + kwh * 3.6e6
        return TripSummary(
            trip_id=f"{name}-{start.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%S}", vehicle_id=name, plate=name,
            trailer_id=trailer, driver=driver,
            start_us=self.us(start), end_us=self.us(start + timedelta(hours=hours, minutes=idle)),
            start_latitude_deg=None, start_longitude_deg=None, end_latitude_deg=None, end_longitude_deg=None,
            start_place=start_place, end_place=end_place, distance_m=km * 1e3,
            moving_s=hours * 3600, idle_s=idle * 60.0, energy_j=energy_j,
            fuel_kg=fuel_kg or None, electric_j=kwh * 3.6e6 or None, energy_per_distance_jpm=energy_j / (km * 1e3),
            explained_ratio=0.97, mass_kg=mass_t * 1e3, complete=True,
        )  # fmt: skip

    def _energy_kind(self, name: str) -> str:
        return next(str(row[2]) for row in VEHICLES if row[0] == name)

    def _terms(self, trip: TripSummary) -> dict[str, Finding]:
        wind = next(row[13] for row in TRIPS if self._trip(row).trip_id == trip.trip_id)
        shares = {**SHARES, "aero_wind": wind, "unexplained": 1 - sum(SHARES.values()) - wind}
        evidence = (f"trip:{trip.trip_id}",)
        return {
            name: Finding(name=f"account.{name}", value=share * (trip.energy_j or 0.0),
            unit="J", low=0.9 * share * (trip.energy_j or 0.0),
                          high=1.1 * share * (trip.energy_j or 0.0), evidence=evidence)
            for name, share in shares.items()
        }  # fmt: skip

    def _meter(self, trips: Sequence[TripSummary]) -> tuple[Finding, ...]:
        battery_j = sum(trip.electric_j or 0.0 for trip in trips)
        fuel_j = sum((trip.energy_j or 0.0) for trip in trips) - battery_j
        evidence = tuple(f"trip:{trip.trip_id}" for trip in trips)
        return tuple(
            Finding(name=f"meter.{store}", value=value, unit="J", low=0.98 * value, high=1.02 * value, evidence=evidence)
            for store, value in (("fuel", fuel_j), ("battery", battery_j))
            if value
        )

    def overview(self) -> FleetOverview:
        energy_j = sum((trip.energy_j or 0.0) for trip in self.trips(start_us=NOW_US - int(15.5 * 3600e6)))
        figures = (
            ("energy_today", energy_j, "J"),
            ("distance_today", 210e3, "m"),
            ("active_faults", 2.0, ""),
            ("explained", 0.97, ""),
        )
        findings = tuple(Finding(name=f"fleet.{name}", value=value, unit=unit) for name, value, unit in figures)
        return FleetOverview(
            time_us=NOW_US, timezone=str(ZONE), day="2026-11-22", vehicles_count=7, reporting_count=5, findings=findings
        )

    def vehicles(self) -> list[VehicleState]:
        return list(self.states.values())

    def vehicle(self, vehicle_id: str) -> VehicleDetail:
        if vehicle_id not in self.states:
            raise UnknownName("vehicle", vehicle_id, self.states)
        start_us = NOW_US - 86_400_000_000
        towing = [(one.vehicle_id, one.trailer_id) for one in self.vehicles() if one.trailer_id]
        couplings = tuple(
            CouplingView(tractor_id=tractor, trailer_id=trailer, start_us=start_us, end_us=None)
            for tractor, trailer in towing
            if vehicle_id in {tractor, trailer} and trailer
        )
        live = SignalValue(
            name="coolant_temperature_k",
            title_en="",
            title_zh="",
            unit="K",
            value=361.15,
            time_us=NOW_US - 5_000_000,
            source="hj1239",
        )
        return VehicleDetail(
            state=self.states[vehicle_id], vin=None, phone=None, identities=(), units=(),
            live=(live,) if vehicle_id == "鲁B36712" else (), couplings=couplings, faults=(), trips=(),
        )  # fmt: skip

    def trips(
        self, vehicle_id: str | None = None, start_us: int | None = None, end_us: int | None = None, limit: int = 200
    ) -> list[TripSummary]:
        return [
            trip
            for trip in self.all_trips
            if vehicle_id in {None, trip.vehicle_id} and (start_us or 0) <= trip.start_us < (end_us or 2**62)
        ][:limit]

    def explain_trip(self, trip_id: str) -> TripDetail:
        trip = next((one for one in self.all_trips if one.trip_id == trip_id), None)
        if trip is None:
            raise UnknownName("trip", trip_id, [one.trip_id for one in self.all_trips])
        kind = self._energy_kind(trip.vehicle_id)
        like = [one for one in self.all_trips if self._energy_kind(one.vehicle_id) == kind and one.trip_id != trip_id]
        like_jpm = sorted((one.energy_j or 0.0) / one.distance_m for one in like)[len(like) // 2] if like else None
        reason = replace(self._terms(trip)["aero_wind"], name="why.aero_wind", value=0.03 * (trip.energy_j or 0.0))
        return TripDetail(
            summary=trip, meter=self._meter([trip]), account=self._lines([trip]), beside=(), estimates=(),
            like_trips=tuple(one.trip_id for one in like), like_energy_per_distance_jpm=like_jpm, reasons=(reason,),
        )  # fmt: skip

    def _lines(self, trips: Sequence[TripSummary]) -> tuple[AccountLine, ...]:
        lines = []
        for term in TERMS:
            found = [terms[term.name] for terms in map(self._terms, trips) if term.name in terms]
            if found:
                value = sum(one.value or 0.0 for one in found)
                merged = replace(found[0], value=value, low=0.9 * value, high=1.1 * value)
                lines.append(AccountLine(name=term.name, title_en="", title_zh="", colour="", finding=merged))
        return tuple(lines)

    def energy(self, vehicle_ids: tuple[str, ...] | None, start_us: int, end_us: int) -> EnergyReport:
        wanted = vehicle_ids if vehicle_ids is not None else tuple(self.states)
        trips = [trip for trip in self.trips(start_us=start_us, end_us=end_us) if trip.vehicle_id in wanted]
        evidence = tuple(f"trip:{trip.trip_id}" for trip in trips)
        distance_m, energy_j = sum(trip.distance_m for trip in trips), sum((trip.energy_j or 0.0) for trip in trips)
        per = Finding(name="energy.per_distance", value=energy_j / distance_m if trips else None, unit="J/m", evidence=evidence)
        distance = Finding(name="energy.distance", value=distance_m, unit="m", evidence=evidence)
        by_vehicle = tuple(
            (name, Finding(name="energy.vehicle", value=1.0, unit="J"), per)
            for name in dict.fromkeys(t.vehicle_id for t in trips)
        )
        return EnergyReport(
            vehicle_ids=wanted, start_us=start_us, end_us=end_us, meter=self._meter(trips), per_distance=per,
            distance=distance,
            account=self._lines(trips), by_vehicle=by_vehicle, trips=tuple(trip.trip_id for trip in trips),
        )  # fmt: skip

    def faults(self, vehicle_id: str | None = None, active_only: bool = False) -> list[FaultView]:
        found = [
            FaultView(
                fault_id=f"{name}|hj1239|{code}", vehicle_id=name, source="hj1239", code=code, title_en=en, title_zh=zh,
                first_us=NOW_US - 7_200_000_000, last_us=NOW_US - 60_000_000, active=active, occurrences_count=3,
            )
            for name, code, en, zh, active in (
                ("鲁B36712", "SPN 110 FMI 0", "Coolant too hot", "冷却液温度过高", True),
                ("鲁C55501", "SPN 1761 FMI 1", "Reagent low", "尿素液位低", True),
                ("鲁B36788", "SPN 100 FMI 1", "Oil pressure low", "机油压力低", False),
            )
        ]  # fmt: skip
        return [one for one in found if vehicle_id in {None, one.vehicle_id} and (one.active or not active_only)]

    def quarantine(self, limit: int = 200, after: int = 0) -> list[QuarantineView]:
        reasons = ["checksum"] * 3 + ["length"]
        return [
            QuarantineView(
                quarantine_id=str(index),
                received_us=NOW_US - index * 1_000_000,
                wire="jt808",
                identity="",
                reason=reason,
                detail="",
                hex="7e",
            )
            for index, reason in enumerate(reasons)
        ][after : after + limit]

    def choose(self, duty: Mapping[str, Any]) -> ChoiceView:
        price = duty.get("prices", {}).get("diesel", 7.0)
        light = duty["cargo"].get("payload_t", 30) <= 40
        rows = sorted((_choice_row(*row, price) for row in CHOICES), key=lambda row: (row.cost_tkm and row.cost_tkm.value) or 0.0)
        ranked = tuple(replace(row, rank=rank) for rank, row in enumerate(rows, start=1)) if light else ()
        return ChoiceView(
            choice_id=f"choice-{price:g}", duty=duty, title_en="", title_zh="", currency="CNY",
            road=RoadView(title_en="", title_zh="", distance_m=(), altitude_m=(), longitude_deg=(), latitude_deg=()),
            considered_count=60, feasible_count=len(ranked), seconds_s=0.0, rows=ranked,
            rejected=(_choice_row("x9", "Hydrogen 6x4", "燃料电池牵引车 6x4", "fuel_cell", 0.0, 0.0, 7.0),),
            refused=(("Gross mass", "总质量", 9),),
        )  # fmt: skip

    def what_if(self, choice_id: str, change: Change) -> ChoiceView:
        assert choice_id.startswith("choice-")
        return self.choose({"cargo": {}, "prices": change.prices})

    def break_even(self, choice_id: str, first_id: str, second_id: str) -> Finding:
        assert choice_id.startswith("choice-")
        value = 61.7e6 if first_id == "b1" else None
        return Finding(
            name="choose.break_even", value=value, unit="m", method=f"{first_id} {second_id}", evidence=("catalogue:x",)
        )

    def promise_of(self, vehicle_id: str) -> PromiseView | None:
        return self.promise.promise if self.promise and self.promise.vehicle_id == vehicle_id else None

    def kept(self, vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView:
        if self.promise is None or self.promise.vehicle_id != vehicle_id:
            raise UnknownName("promise of vehicle", vehicle_id, [])
        return replace(self.promise, start_us=start_us or self.promise.start_us, end_us=end_us or self.promise.end_us)

    def places(self) -> list[Mapping[str, Any]]:
        return [{"name_en": en, "name_zh": zh} for en, zh in PLACES.items()]


@pytest.fixture(scope="session")
def fleet(kept_example: KeptView) -> FixedFleet:
    own = replace(kept_example, vehicle_id="鲁B36712", plate="鲁B36712")
    return FixedFleet(promise=own)


@pytest.fixture(scope="session")
def ask(fleet: FixedFleet) -> Callable[..., Answer]:
    def ask_fleet(question: str, context: str | None = None) -> Answer:
        return answer(question, fleet, now_us=NOW_US, timezone=ZONE, context=context)

    return ask_fleet
