"""A scripted fleet: fixed records behind the console's verbs, so that pages and API are tested without any store."""

# The verbs take arguments that a script ignores.
# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import UnknownName
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.fleet.choice.views import Change, ChoiceView
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.views import (
    AccountLine,
    Answer,
    AxleDrawing,
    CouplingView,
    EnergyReport,
    FaultView,
    FleetOverview,
    QuarantineView,
    SeriesView,
    SignalValue,
    ToolCall,
    TripDetail,
    TripSummary,
    UnitDrawing,
    VehicleDetail,
    VehicleState,
    VehicleStatus,
)
from fifthwheel.physics.energy import TERMS

NOW_US: Final = 1_795_320_000_000_000
HOUR_US: Final = 3_600_000_000
STATES: Final = tuple(VehicleStatus)
SHARES: Final = (0.57, 0.16, 0.032, 0.055, 0.091, 0.01, -0.004, 0.022, 0.006, 0.004, 0.026, 0.0, 0.0, 0.0, 0.009, 0.019)


def vehicle_state(number: int, *, speed_mps: float = 22.0) -> VehicleState:
    """State of the tractor `number`; every status in turn."""
    status = STATES[number % len(STATES)]
    return VehicleState(
        vehicle_id=f"鲁B{36700 + number}",
        plate=f"鲁B{36700 + number}",
        kind="tractor",
        combination="tractor-6x4-lng",
        title_en="6×4 LNG tractor, 13 l",
        title_zh="6×4 LNG 牵引车 13 L",
        energy_kind="lng",
        driver=f"D-{number:02d}",
        trailer_id=None if number % 5 == 4 else f"鲁B{1000 + number}挂",
        status=status,
        time_us=NOW_US - number * 1_000_000,
        age_s=float(number),
        latitude_deg=36.2 + 0.35 * sin(number),
        longitude_deg=118.2 + 0.9 * cos(1.7 * number),
        heading_rad=number % 7,
        speed_mps=speed_mps,
        battery_soc_ratio=None,
        fuel_level_ratio=(number * 7 % 100) / 100,
        active_faults_count=number % 3,
        distance_today_m=12_000.0 * number,
        energy_today_j=150e6 * number,
    )


def trip_summary(number: int) -> TripSummary:
    """Trip `number`, an hour apart, Jinan to Weifang."""
    return TripSummary(
        trip_id=f"trip-{number}",
        vehicle_id=f"鲁B{36700 + number % 12}",
        plate=f"鲁B{36700 + number % 12}",
        trailer_id=f"鲁B{1000 + number % 12}挂",
        driver=f"D-{number % 12:02d}",
        start_us=NOW_US - (number + 4) * HOUR_US,
        end_us=NOW_US - (number + 1) * HOUR_US,
        start_latitude_deg=36.65,
        start_longitude_deg=117.0,
        end_latitude_deg=36.7,
        end_longitude_deg=119.1,
        start_place="Jinan",
        end_place="Weifang",
        distance_m=213_400.0 - number * 1000,
        moving_s=11_280.0,
        idle_s=600.0,
        energy_j=2684e6,
        fuel_kg=53.1,
        electric_j=None,
        energy_per_distance_jpm=2684e6 / 213_400,
        explained_ratio=0.984,
        mass_kg=41_800.0,
        complete=number > 0,
    )


def trip_detail(number: int) -> TripDetail:
    """Trip `number` explained, every term with an interval."""
    meter_j = 2684e6
    lines = tuple(
        AccountLine(
            name=term.name,
            title_en=term.title_en,
            title_zh=term.title_zh,
            colour=term.colour,
            finding=with_margin(
                f"account.{term.name}",
                share * meter_j,
                "J",
                margin=0.02 * meter_j * (abs(share) + 0.05),
                origin=Origin.ESTIMATED,
                method="integral of the air force over the trip",
                evidence=(f"trip:trip-{number}", "observations:鲁B36700?from_us=1&to_us=2&signals=speed_mps"),
            ),
            like_trips_jpm=share * meter_j / 213_400 * 0.94,
        )
        for term, share in zip(TERMS, (*SHARES, 1 - sum(SHARES)), strict=True)
    )
    return TripDetail(
        summary=trip_summary(number),
        meter=(with_margin("meter.fuel", meter_j, "J", margin=20e6, origin=Origin.MEASURED, method="fuel rate, integrated"),),
        account=lines,
        beside=(
            Finding(name="beside.recovered", value=148e6, unit="J"),
            Finding(name="beside.gross_descent", value=203e6, unit="J"),
        ),
        estimates=(with_margin("estimate.mass_kg", 41_800.0, "kg", margin=900.0, origin=Origin.ESTIMATED),),
        like_trips=("trip-2", "trip-3"),
        like_energy_per_distance_jpm=2684e6 / 213_400 / 1.061,
        reasons=(
            Finding(name="why.rolling_trailer", value=31e6, unit="J", method="axle 3 left 6.9 bar"),
            Finding(name="why.aero_still", value=-12e6, unit="J"),
        ),
    )


def series_view(points: int) -> SeriesView:
    """A run of three hours with a hill in the middle."""
    shares = [i / (points - 1) for i in range(points)]
    columns: dict[str, tuple[float | None, ...]] = {
        "latitude_deg": tuple(36.65 + 0.2 * sin(pi * x) for x in shares),
        "longitude_deg": tuple(117.0 + 2.1 * x for x in shares),
        "speed_mps": tuple(22 + 3 * sin(30 * x) for x in shares),
        "altitude_m": tuple(60 + 220 * sin(pi * x) ** 2 for x in shares),
        "power_w": tuple(140e3 * cos(pi * x) + 60e3 * sin(40 * x) for x in shares),
    }
    units = {"latitude_deg": "°", "longitude_deg": "°", "speed_mps": "m/s", "altitude_m": "m", "power_w": "W"}
    time_us = tuple(int(NOW_US - 4 * HOUR_US + 3 * HOUR_US * x) for x in shares)
    return SeriesView(vehicle_id="鲁B36700", time_us=time_us, columns=columns, units=units)


def fault(number: int) -> FaultView:
    """An active fault of vehicle `number`."""
    return FaultView(
        fault_id=f"fault-{number}",
        vehicle_id=f"鲁B{36700 + number}",
        source="j1939",
        code="SPN 241 FMI 17",
        title_en="Tyre pressure low",
        title_zh="轮胎气压低",
        first_us=NOW_US - 30 * HOUR_US,
        last_us=NOW_US - HOUR_US,
        active=True,
        occurrences_count=4,
    )


@dataclass(slots=True, kw_only=True)
class ScriptedFleet:
    """The verbs over fixed records; `asked` keeps what pages asked."""

    vehicles_count: int = 12
    kept_example: KeptView | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    promises: list[tuple[str, Mapping[str, Any] | str | Path, str, int]] = field(default_factory=list)

    def overview(self) -> FleetOverview:
        figures = (
            ("energy_today", 31.4e9, "J"),
            ("distance_today", 2.41e6, "m"),
            ("energy_per_km", 13.0e3, "J/m"),
            ("explained", 0.979, ""),
            ("active_faults", 3.0, ""),
        )
        findings = tuple(
            Finding(name=f"fleet.{name}", value=value, unit=unit, low=value, high=value, method="sum of today's trips")
            for name, value, unit in figures
        )
        return FleetOverview(
            time_us=NOW_US, timezone="Asia/Shanghai", day="2026-11-22", vehicles_count=12, reporting_count=8, findings=findings
        )

    def vehicles(self) -> Sequence[VehicleState]:
        return [vehicle_state(number) for number in range(self.vehicles_count)]

    def vehicle(self, vehicle_id: str) -> VehicleDetail:
        states = {state.vehicle_id: state for state in self.vehicles()}
        if vehicle_id not in states:
            raise UnknownName("vehicle", vehicle_id, states)
        return VehicleDetail(
            state=states[vehicle_id],
            vin="LZZ1CLWB0KA123456",
            phone="13800000001",
            identities=(("jt808", "13800000001"), ("vin", "LZZ1CLWB0KA123456")),
            units=(
                UnitDrawing(
                    kind="tractor",
                    start_m=0.0,
                    length_m=7.1,
                    height_m=3.8,
                    axles=(_axle(1.5), _axle(4.8, True), _axle(6.2, True)),
                ),
                UnitDrawing(
                    kind="trailer",
                    start_m=4.0,
                    length_m=13.75,
                    height_m=4.0,
                    axles=(_axle(12.3), _axle(13.6), _axle(14.9)),
                    battery_j=7.2e8,
                ),
            ),
            live=tuple(
                SignalValue(name=name, title_en=en, title_zh=zh, unit=unit, value=value, time_us=NOW_US, source="jt808")
                for name, en, zh, unit, value in (
                    ("speed_mps", "Road speed", "车速", "m/s", 22.0),
                    ("altitude_m", "Altitude", "海拔", "m", 84.0),
                    ("coolant_temperature_k", "Coolant temperature", "冷却液温度", "K", 361.0),
                    ("fuel_level_ratio", "Fuel level", "燃料液位", "", 0.61),
                )
            ),
            couplings=(CouplingView(tractor_id=vehicle_id, trailer_id="鲁B1000挂", start_us=NOW_US - 60 * HOUR_US, end_us=None),),
            faults=(fault(0),),
            trips=tuple(trip_summary(number) for number in range(0, 24, 12)),
        )

    def trips(
        self, vehicle_id: str | None = None, start_us: int | None = None, end_us: int | None = None, limit: int = 200
    ) -> Sequence[TripSummary]:
        return [trip_summary(number) for number in range(24)][:limit]

    def explain_trip(self, trip_id: str) -> TripDetail:
        known = {f"trip-{number}": number for number in range(24)}
        if trip_id not in known:
            raise UnknownName("trip", trip_id, known)
        return trip_detail(known[trip_id])

    def energy(self, vehicle_ids: tuple[str, ...] | None, start_us: int, end_us: int) -> EnergyReport:
        used = Finding(name="energy.per_distance", value=2684e6 / 213_400, unit="J/m")
        return EnergyReport(
            vehicle_ids=vehicle_ids or (), start_us=start_us, end_us=end_us,
            distance=Finding(name="energy.distance", value=213_400.0, unit="m"), meter=(), per_distance=used, account=(),
            by_vehicle=(), trips=("trip-0",),
        )  # fmt: skip

    def promise(
        self, vehicle_id: str, what: Mapping[str, Any] | str | Path, candidate: str, start_us: int, *, who: str
    ) -> PromiseView:
        assert self.kept_example is not None
        self.promises.append((vehicle_id, what, candidate, start_us))
        return self.kept_example.promise

    def choose(self, duty: Mapping[str, Any]) -> ChoiceView:
        raise UnknownName("duty", str(duty.get("name", "")), [])

    def what_if(self, choice_id: str, change: Change) -> ChoiceView:
        raise UnknownName("choice", choice_id, [])

    def break_even(self, choice_id: str, first_id: str, second_id: str) -> Finding:
        raise UnknownName("choice", choice_id, [])

    def promise_of(self, vehicle_id: str) -> PromiseView | None:
        return self.kept_example.promise if self.kept_example and self.kept_example.vehicle_id == vehicle_id else None

    def kept(self, vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView:
        if self.kept_example is None or self.kept_example.vehicle_id != vehicle_id:
            raise UnknownName("promise of vehicle", vehicle_id, [])
        return self.kept_example

    def trip_series(self, trip_id: str, signals: tuple[str, ...], points: int) -> SeriesView:
        return series_view(points)

    def series(self, vehicle_id: str, start_us: int, end_us: int, signals: tuple[str, ...], points: int) -> SeriesView:
        return series_view(points)

    def faults(self, vehicle_id: str | None = None, active_only: bool = False) -> Sequence[FaultView]:
        return [fault(number) for number in range(3)]

    def quarantine(self, limit: int = 200, after: int = 0) -> Sequence[QuarantineView]:
        return [
            QuarantineView(
                quarantine_id=f"q{number}",
                received_us=NOW_US - number * 60_000_000,
                wire="jt808",
                identity=f"1380000{number:04d}",
                reason="checksum" if number % 2 else "length",
                detail=f"check byte 0x{number:02x}, computed 0x7a",
                hex=("7e0200003c013800000001" + f"{number:02x}" * 40 + "7e"),
            )
            for number in range(40)
        ][:limit]

    def wires(self) -> Mapping[str, Any]:
        return {
            "connections": 14,
            "sessions": {"jt808": 8, "gbt32960": 4},
            "frames": {"jt808": 90_345, "gbt32960": 30_000},
            "acknowledged": 120_345,
            "frames_per_s": 96.4,
            "rejects": {"checksum": 17},
            "failure": None,
        }

    def ask(self, question: str, *, context: str | None = None) -> Answer:
        self.asked.append((question, context))
        used = Finding(name="trip.energy", value=2684e6, unit="J", method="sum of the meter", evidence=("trip:trip-0",))
        return Answer(
            question=question,
            language="en",
            text="鲁B36700 used 2 684 MJ on its last trip.",
            answered=True,
            missing="",
            calls=(ToolCall(name="explain_trip", arguments={"trip_id": "trip-0"}, findings=(used,)),),
            links=(("Trip 0", "/trips/trip-0"),),
            duration_s=0.012,
        )

    def places(self) -> Sequence[Mapping[str, Any]]:
        return [
            {"slug": "jinan", "name_en": "Jinan", "name_zh": "济南", "latitude_deg": 36.65, "longitude_deg": 117.0},
            {"slug": "weifang", "name_en": "Weifang", "name_zh": "潍坊", "latitude_deg": 36.7, "longitude_deg": 119.1},
        ]

    def roads(self) -> Sequence[Mapping[str, Any]]:
        return [{"points": [(117.0, 36.65), (118.0, 36.8), (119.1, 36.7)]}]


def _axle(position_m: float, driven: bool = False) -> AxleDrawing:
    return AxleDrawing(position_m=position_m, tyre_radius_m=0.5, tyres_count=4 if driven else 2, driven=driven)
