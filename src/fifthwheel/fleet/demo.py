"""The virtual fleet: what its vehicles do hour by hour, simulated, with the exact truth of every trip.

A vehicle lives a chain of episodes: `Drive` (one trip, one payload) and `Park` (charging or refuelling as needed). Everything
is drawn from one seed and the day, so that the same call gives the same fleet. `fleet.telemetry` makes frames of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from zlib import crc32

import numpy as np

from fifthwheel.errors import SimulationError
from fifthwheel.fleet.roster import CouplingEntry, Roster, VehicleEntry, couplings, roster
from fifthwheel.physics.energy import Ledger
from fifthwheel.records import Records, VehicleRecord
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile
from fifthwheel.road.weather import Weather, typical_weather
from fifthwheel.simulate.driver import STYLES
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import CHINA_OFFSET_US, DAY_US, HOUR, MICROSECOND, SECOND_US
from fifthwheel.vehicle.catalogue import catalogue, combination
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Battery

HOUR_US: Final = int(HOUR) * SECOND_US
CHARGE_TO_RATIO: Final = 0.95
REFUEL_BELOW_RATIO: Final = 0.35
REFUEL_TO_RATIO: Final = 0.92
SILENT: Final = "鲁C39284"
SILENT_US: Final = 15 * HOUR_US
"""The terminals of this vehicle say nothing in the last hours."""
NEVER_US: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Charging while parked: terminal power flowing in, from one state of charge to another."""

    start_us: int
    end_us: int
    power_w: float
    soc_from_ratio: float
    soc_to_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """Standing switched off. `fuel_from_m3` and `fuel_to_m3` differ when it was refuelled (half way through)."""

    start_us: int
    end_us: int
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    odometer_m: float
    trailer: str | None
    fuel_from_m3: float = 0.0
    fuel_to_m3: float = 0.0
    soc_ratio: float = 0.0
    trailer_soc_ratio: float = 0.0
    charge: Charge | None = None
    trailer_charge: Charge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One trip: what was simulated, and what it meant for odometer and tank.

    `refuelled_m3` flowed in while the vehicle idled at row `refuelled_row` of the run.
    """

    start_us: int
    end_us: int
    mission: str
    run: TripRun
    trailer: str | None
    odometer_m: float
    fuel_from_m3: float
    weather: Weather
    truth: Truth
    refuelled_row: int = 0
    refuelled_m3: float = 0.0


Episode = Park | Drive


@dataclass(frozen=True, slots=True, kw_only=True)
class TripTruth:
    """What really happened on a trip: its account to the joule, and the causes that were built in."""

    vehicle_id: str
    trailer_id: str | None
    start_us: int
    end_us: int
    ledger: Ledger
    causes: Mapping[str, float]
    run: TripRun


class Life:
    """The episodes of one vehicle from `start_us` on, made as far as they are asked for."""

    def __init__(self, entry: VehicleEntry, fleet: VirtualFleet) -> None:
        self.entry = entry
        self._fleet = fleet
        self._rng = np.random.default_rng([fleet.seed, crc32(entry.plate.encode())])
        self._base = combination(entry.combination)
        self._truth = Truth(
            drag_ratio=float(self._rng.uniform(0.95, 1.06)),
            rolling_tractor_ratio=float(self._rng.uniform(0.93, 1.07)),
            auxiliary_ratio=float(self._rng.uniform(0.85, 1.2)),
        )
        self._tank_m3 = self._base.drive.fuel_tank_m3
        self._fuel_m3 = self._tank_m3 * float(self._rng.uniform(0.55, 0.9))
        self._soc, self._trailer_soc = 0.95, 0.95
        self._odometer_m = float(self._rng.uniform(40e6, 420e6))
        self._turn = 0
        self._at_us = fleet.start_us
        first = profile(mission(entry.duty[0]))
        self._place = float(first.latitude_deg[0]), float(first.longitude_deg[0]), float(first.altitude_m[0])
        self._departures = self._planned()
        self.episodes: list[Episode] = []

    def until(self, time_us: int) -> list[Episode]:
        """Episodes from the start to the one under way at `time_us`, included."""
        while self._at_us <= time_us:
            depart_us = max(next(self._departures), self._at_us)
            self._park(depart_us)
            self._drive()
        return self.episodes

    def take(self, time_us: int) -> list[Episode]:
        """Episodes not taken before, to the one under way at `time_us`; they are forgotten here."""
        found, self.episodes = self.until(time_us), []
        return found

    def _planned(self) -> Iterator[int]:
        """Departures planned; a late arrival moves them."""
        entry, fleet = self.entry, self._fleet
        clock_h = entry.start_h
        if entry.near_now_h is not None:
            clock_h = ((fleet.end_us + CHINA_OFFSET_US) % DAY_US) / HOUR_US - entry.near_now_h
        day_us = (fleet.start_us + CHINA_OFFSET_US) // DAY_US * DAY_US - CHINA_OFFSET_US - DAY_US
        while True:
            late_us = 0 if entry.near_now_h is not None else int(self._rng.uniform(-0.4, 0.4) * HOUR_US)
            first_us = (day_us + int(clock_h * HOUR_US) + late_us) // SECOND_US * SECOND_US
            if first_us >= fleet.start_us - 6 * HOUR_US:
                yield max(first_us, fleet.start_us + int(self._rng.uniform(0.1, 1.5) * HOUR_US) // SECOND_US * SECOND_US)
                for _ in range(1, entry.trips):
                    yield self._at_us + int(self._rng.uniform(0.5, 1.0) * HOUR_US) // SECOND_US * SECOND_US
            day_us += DAY_US

    def _park(self, until_us: int) -> None:
        """Stand until `until_us`, longer when a battery needs it; charge what was used, refuel a low tank."""
        start_us = self._at_us
        charge = self._charge(self._base.drive.battery, self._soc, start_us + 180 * SECOND_US)
        own = self._base.trailer_drive
        trailer_charge = self._charge(own.battery if own else None, self._trailer_soc, start_us + 240 * SECOND_US)
        end_us = max([until_us, start_us + 300 * SECOND_US, *(c.end_us + 120 * SECOND_US for c in (charge, trailer_charge) if c)])
        if start_us == self._fleet.start_us and until_us - start_us < 300 * SECOND_US:
            end_us = max(until_us, start_us)
        fuel_m3 = self._fuel_m3
        if self._fuel_m3 < REFUEL_BELOW_RATIO * self._tank_m3:
            self._fuel_m3 = REFUEL_TO_RATIO * self._tank_m3
        latitude, longitude, altitude = self._place
        park = Park(
            start_us=start_us, end_us=end_us, latitude_deg=latitude, longitude_deg=longitude, altitude_m=altitude,
            odometer_m=self._odometer_m, trailer=self._fleet.trailer_at(self.entry.plate, start_us),
            fuel_from_m3=fuel_m3, fuel_to_m3=self._fuel_m3, soc_ratio=self._soc, trailer_soc_ratio=self._trailer_soc,
            charge=charge, trailer_charge=trailer_charge,
        )  # fmt: skip
        self._soc = charge.soc_to_ratio if charge else self._soc
        self._trailer_soc = trailer_charge.soc_to_ratio if trailer_charge else self._trailer_soc
        self.episodes.append(park)
        self._at_us = end_us

    def _charge(self, battery: Battery | None, soc_ratio: float, start_us: int) -> Charge | None:
        """Charging at the depot up to `CHARGE_TO_RATIO`, or nothing to do."""
        if battery is None or soc_ratio > CHARGE_TO_RATIO - 0.03:
            return None
        power_w = 0.62 * battery.charge_limit_w
        current_a = power_w / (1.04 * battery.nominal_voltage_v)
        duration_s = (CHARGE_TO_RATIO - soc_ratio) * battery.capacity_j / battery.nominal_voltage_v / current_a
        end_us = start_us + int(duration_s) * SECOND_US
        return Charge(start_us=start_us, end_us=end_us, power_w=power_w, soc_from_ratio=soc_ratio, soc_to_ratio=CHARGE_TO_RATIO)

    def _drive(self) -> None:
        entry, fleet = self.entry, self._fleet
        name = entry.duty[self._turn % len(entry.duty)]
        trailer = fleet.trailer_at(entry.plate, self._at_us)
        whole = fleet.combination_of(entry, trailer)
        truth = replace(self._truth, rolling_trailer_ratio=fleet.trailer_rolling(trailer))
        seed = int(self._rng.integers(1 << 31))
        usual = mission(name).payload_ratio or entry.return_ratio
        share = usual * float(np.clip(self._rng.normal(1.0, 0.07), 0.8, 1.15)) if usual else 0.0
        conditions = Conditions(
            style=STYLES[entry.style], weather=fleet.weather(self._at_us, seed), truth=truth, seed=seed,
            soc_ratio=self._soc, trailer_soc_ratio=self._trailer_soc,
        )  # fmt: skip
        road = profile(mission(name), np.random.default_rng(seed))
        try:
            run = drive(whole, road, min(share, 1.0) * whole.payload_limit_kg, conditions)
        except SimulationError as error:
            raise SimulationError(f"{entry.plate} on {name}: {error}") from error
        self._turn += 1
        self._arrive(name, run, trailer, conditions)

    def _arrive(self, name: str, run: TripRun, trailer: str | None, conditions: Conditions) -> None:
        """Take over what the trip did to odometer, stores and place."""
        engine = run.combination.drive.engine
        used_m3 = run.fuel_kg / engine.fuel.density_kgpm3 if engine else 0.0
        end_us = self._at_us + int(run.time_s) * SECOND_US
        row = longest_idle_row(run) if engine and self._turn % 3 == 1 else 0
        added_m3 = min(0.28 * self._tank_m3, 0.95 * self._tank_m3 - self._fuel_m3 + 0.5 * used_m3) if row else 0.0
        added_m3 = added_m3 if added_m3 > 0.05 else 0.0
        self.episodes.append(
            Drive(
                start_us=self._at_us,
                end_us=end_us,
                mission=name,
                run=run,
                trailer=trailer,
                odometer_m=self._odometer_m,
                fuel_from_m3=self._fuel_m3,
                weather=conditions.weather,
                truth=conditions.truth,
                refuelled_row=row if added_m3 else 0,
                refuelled_m3=added_m3,
            )
        )
        self._fuel_m3 += added_m3 - used_m3
        self._odometer_m += run.distance_m
        if not engine:
            self._soc = float(run.columns["battery_soc_ratio"][-1])
        if run.trailer_columns:
            self._trailer_soc = float(run.trailer_columns["battery_soc_ratio"][-1])
        ends = (run.columns[key][-1] for key in ("latitude_deg", "longitude_deg", "altitude_m"))
        latitude, longitude, altitude = (float(value) for value in ends)
        self._place = latitude, longitude, altitude
        self._at_us = end_us


def longest_idle_row(run: TripRun) -> int:
    """Row in the middle of a stop of at least 10 minutes inside the trip, where a driver may refuel; 0 when there is none."""
    still = np.concatenate(([False], run.columns["speed_mps"] <= 0.0, [False]))
    begins, ends = np.flatnonzero(np.diff(still.astype(np.int8)) == 1), np.flatnonzero(np.diff(still.astype(np.int8)) == -1)
    inside = [(end - begin, begin) for begin, end in zip(begins, ends, strict=True) if begin > 60 and end < len(still) - 60]
    length, begin = max(inside, default=(0, 0))
    return int(begin + length // 2) if length >= 600 else 0


class VirtualFleet:
    """Vehicles that live from `start_us` on; `end_us` is the "now" of the demonstration, and life goes on after it.

    Making one is quick: simulation begins when episodes, truth or frames are asked for.
    """

    def __init__(self, members: Roster, *, start_us: int, end_us: int, seed: int) -> None:
        self.roster, self.start_us, self.end_us, self.seed = members, start_us, end_us, seed
        self.couplings: tuple[CouplingEntry, ...] = couplings(members, start_us, end_us)

    @cached_property
    def lives(self) -> dict[str, Life]:
        """The life of every vehicle by plate."""
        return {entry.plate: Life(entry, self) for entry in self.roster.vehicles}

    @property
    def truth(self) -> list[TripTruth]:
        """Every trip that began before `end_us` and was reported, in order of vehicles and time."""
        return [
            TripTruth(
                vehicle_id=plate, trailer_id=episode.trailer, start_us=episode.start_us, end_us=episode.end_us,
                ledger=episode.run.ledger, causes=_causes(episode), run=episode.run,
            )
            for plate, life in self.lives.items()
            for episode in life.until(self.end_us)
            if isinstance(episode, Drive) and episode.start_us < min(self.end_us, self.silent_us(plate))
        ]  # fmt: skip

    def silent_us(self, plate: str) -> int:
        """Until when a vehicle reports: for the one of `SILENT`, some hours before the end; never ends for the others."""
        return self.end_us - SILENT_US if plate == SILENT else NEVER_US

    def trailer_at(self, tractor: str, time_us: int) -> str | None:
        """What a tractor tows at a time."""
        for coupling in self.couplings:
            ends_us = coupling.end_us if coupling.end_us is not None else time_us + 1
            if coupling.tractor == tractor and coupling.start_us <= time_us < ends_us:
                return coupling.trailer
        return None

    def combination_of(self, entry: VehicleEntry, trailer: str | None) -> Combination:
        """What a vehicle drives as with a trailer."""
        whole = combination(entry.combination)
        if trailer is None or whole.trailer is None:
            return whole
        unit = catalogue().unit(self.roster.trailer(trailer).unit)
        return whole if unit == whole.trailer else replace(whole, name=f"{whole.tractor.name}+{unit.name}", trailer=unit)

    def trailer_rolling(self, trailer: str | None) -> float:
        """How a trailer's tyres differ from the catalogue."""
        if trailer is None:
            return 1.0
        drawn = np.random.default_rng([self.seed, crc32(trailer.encode())]).uniform(0.95, 1.05)
        return float(drawn) * self.roster.trailer(trailer).rolling_ratio

    def weather(self, time_us: int, seed: int) -> Weather:
        """Weather of the day, with a little of a trip's own."""
        day = (time_us + CHINA_OFFSET_US) // DAY_US
        year_day = datetime.fromtimestamp(time_us * MICROSECOND, UTC).timetuple().tm_yday
        common = typical_weather(year_day, np.random.default_rng([self.seed, day]))
        own = np.random.default_rng(seed)
        hour = (time_us + CHINA_OFFSET_US) % DAY_US / HOUR_US
        warmer_k = 4.0 * float(np.cos((hour - 15.0) / 12.0 * np.pi))
        return replace(
            common,
            temperature_k=common.temperature_k + warmer_k,
            wind_speed_mps=common.wind_speed_mps * float(own.uniform(0.8, 1.2)),
            wind_from_rad=common.wind_from_rad + float(own.normal(0.0, 0.2)),
        )

    def register(self, records: Records) -> None:
        """Enter vehicles, trailers, drivers and couplings into the records; what is there already stays."""
        known = {record.vehicle_id for record in records.vehicles()}
        hired = {driver.driver_id for driver in records.drivers()}
        for driver in self.roster.drivers:
            if driver.driver_id not in hired:
                records.add_driver(driver)
        for entry in self.roster.vehicles:
            if entry.plate not in known:
                records.add_vehicle(
                    VehicleRecord(
                        vehicle_id=entry.plate,
                        plate=entry.plate,
                        kind=combination(entry.combination).tractor.kind.value,
                        combination=entry.combination,
                        vin=entry.vin,
                        phone=entry.phone,
                        created_us=self.start_us,
                    )
                )
                records.assign_driver(entry.plate, entry.driver, self.start_us)
        new = [entry for entry in self.roster.trailers if entry.plate not in known]
        for trailer in new:
            records.add_vehicle(
                VehicleRecord(
                    vehicle_id=trailer.plate,
                    plate=trailer.plate,
                    kind="trailer",
                    combination=trailer.unit,
                    vin=trailer.vin,
                    created_us=self.start_us,
                )
            )
        fresh = {trailer.plate for trailer in new}
        for coupling in self.couplings:
            if coupling.trailer in fresh:
                records.couple(coupling.tractor, coupling.trailer, coupling.start_us, coupling.end_us)


def _causes(episode: Drive) -> dict[str, float]:
    truth, weather = episode.truth, episode.weather
    return {
        "drag_ratio": truth.drag_ratio,
        "rolling_tractor_ratio": truth.rolling_tractor_ratio,
        "rolling_trailer_ratio": truth.rolling_trailer_ratio,
        "auxiliary_ratio": truth.auxiliary_ratio,
        "wind_speed_mps": weather.wind_speed_mps,
        "temperature_k": weather.temperature_k,
        "surface_ratio": weather.surface_ratio,
        "payload_kg": episode.run.payload_kg,
        "refuelled_m3": episode.refuelled_m3,
    }


def virtual_fleet(vehicles: int, days: int, end_us: int, seed: int = 1) -> VirtualFleet:
    """A fleet of `vehicles` that has lived `days` until `end_us` (UTC, taken as whole seconds)."""
    end_us = end_us // SECOND_US * SECOND_US
    return VirtualFleet(roster(vehicles), start_us=end_us - days * DAY_US, end_us=end_us, seed=seed)
