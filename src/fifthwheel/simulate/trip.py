"""One trip of a combination: `drive` gives one row a second in the names of the signal catalogue, and the exact account.

Flows (fuel, torque, current) are means over the second that ends at a row; speed, height and charge are its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.energy.calibration import Calibration, calibration
from fifthwheel.control.energy.stage import N_STAGE
from fifthwheel.errors import InputError, SimulationError
from fifthwheel.physics.energy import Ledger
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.signals.observations import Observations
from fifthwheel.simulate import kernel, layout
from fifthwheel.simulate.driver import NORMAL, Style, aimed_speed_mps
from fifthwheel.simulate.ledger import ledger_of
from fifthwheel.simulate.pack import (
    NOMINAL,
    Packer,
    SpeedPlan,
    Truth,
    pack_bend,
    pack_body,
    pack_driver,
    pack_energy,
    pack_load,
    pack_nodes,
    pack_stops,
    top_speed_mps,
)
from fifthwheel.simulate.signals import columns_of, trailer_columns_of
from fifthwheel.units import KM, KWH, LITRE, SECOND_US
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]


class Coordination(StrEnum):
    """How the drives of tractor and trailer share the work."""

    RULES = "rules"
    """rules of thumb: the trailer brakes with what overrun leaves and helps above a power"""
    SEPARATE = "separate"
    """two products: the trailer knows its kingpin sensor, its speed and its battery, the tractor its own rules"""
    COOPERATIVE = "cooperative"
    """one demand and one split of least fuel and priced electricity, priced by feedback on charge (ECMS)"""
    PREVIEW = "preview"
    """the same, priced from the road ahead (MPC)"""


HOW = {
    Coordination.RULES: layout.RULES,
    Coordination.SEPARATE: layout.SEPARATE,
    Coordination.COOPERATIVE: layout.COOPERATIVE,
    Coordination.PREVIEW: layout.PREVIEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a trip depends on besides vehicle, road and payload.

    Attributes
    ----------
    seed : draws the wander of the driver's speed; ``None`` drives steadily.
    soc_ratio, trailer_soc_ratio : charge at the start; ``None``: a hybrid and a trailer's drive start at their target, a battery
        vehicle at 0.9.
    battery_k : temperature of the batteries at the start; ``None``: the air's, but conditioned to 283 K at least.
    coordination : how tractor and trailer share the work; without a motor beside an engine or on the trailer it is all the same.
    soc_end_ratio, trailer_soc_end_ratio : charge to arrive with; ``None``: a hybrid's target, a trailer's lower end. Planned for,
        not promised; `rules` and `separate` know no plan.
    tuning : calibration of the energy unit; ``None``: the package's.
    speeds : speeds to drive and to roll at instead of the style's, within what it allows (`simulate.predict`).
    """

    style: Style = NORMAL
    weather: Weather = field(default_factory=Weather)
    truth: Truth = NOMINAL
    seed: int | None = None
    soc_ratio: float | None = None
    trailer_soc_ratio: float | None = None
    battery_k: float | None = None
    coordination: Coordination = Coordination.RULES
    soc_end_ratio: float | None = None
    trailer_soc_end_ratio: float | None = None
    tuning: Calibration | None = None
    speeds: SpeedPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowest:
    """Slowest point of a climb that the vehicle had not the power for: speed, place and gear (1 first)."""

    speed_mps: float
    distance_m: float
    gear: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRun:
    """A simulated trip.

    Attributes
    ----------
    columns : signals of the tractor or rigid by catalogue name, one row a second from standstill, shape (n,).
    trailer_columns : signals of a trailer with its own drive, else empty.
    ledger : exact account (terminal energy is the meter of a battery; its inner loss is `battery_heat_j`).
    battery_heat_j, trailer_battery_heat_j : lost in the batteries' resistance, behind their terminals.
    lost_s : time lost where the power did not suffice for the speed wanted; `slowest` is the worst climb, if there was one.
    """

    combination: Combination
    payload_kg: float
    samples: Floats
    columns: Columns
    trailer_columns: Columns
    ledger: Ledger
    battery_heat_j: float
    trailer_battery_heat_j: float
    lost_s: float
    slowest: Slowest | None

    @property
    def time_s(self) -> float:
        """Duration."""
        return float(len(self.columns["speed_mps"]) - 1)

    @property
    def distance_m(self) -> float:
        """Way driven."""
        return float(self.columns["trip_distance_m"][-1])

    @property
    def mass_kg(self) -> float:
        """Mass of the whole."""
        return self.combination.tare_kg + self.payload_kg

    @property
    def fuel_kg(self) -> float:
        """Fuel burnt; zero without a burner."""
        fuel = self.combination.drive.fuel
        return self.ledger.meter_j["fuel"] / fuel.lower_heating_value_jpkg if fuel else 0.0

    @property
    def electric_j(self) -> float:
        """Energy at battery terminals, the trailer's included."""
        return sum(energy for store, energy in self.ledger.meter_j.items() if store != "fuel")

    def observations(self, vehicle_id: str, start_us: int, *, trailer: bool = False) -> Observations:
        """The trip as rows of the lake, from the tractor's or from the trailer's own unit."""
        columns = self.trailer_columns if trailer else self.columns
        times = start_us + SECOND_US * np.arange(len(self.columns["speed_mps"]))
        return Observations.of(columns, vehicle_id=vehicle_id, time_us=times, source="simulated")

    def totals(self) -> dict[str, float | None]:
        """Totals as `fifthwheel simulate` prints them."""
        return trip_totals(self.combination, self.distance_m, self.time_s, self.fuel_kg, self.electric_j)


def trip_totals(
    combination: Combination, distance_m: float, time_s: float, fuel_kg: float, electric_j: float
) -> dict[str, float | None]:
    """Totals of a trip by the names that `fifthwheel simulate` prints; litres only of a liquid fuel."""
    fuel, hundred = combination.drive.fuel, distance_m / (100 * KM)
    litres = fuel_kg / fuel.density_kgpm3 / LITRE if fuel and fuel.name != "hydrogen" else None
    return {
        "distance_m": distance_m,
        "time_s": time_s,
        "fuel_kg": fuel_kg,
        "fuel_l_per_100km": litres / hundred if litres is not None else None,
        "fuel_kg_per_100km": fuel_kg / hundred if fuel else None,
        "electric_kwh_per_100km": electric_j / KWH / hundred,
        "co2_g_per_km": fuel_kg * 1e3 * fuel.co2_kgpkg / (distance_m / KM) if fuel else 0.0,
    }


class _Same:
    """A combination compared by identity, so that it keys a cache without hashing its maps."""

    __slots__ = ("combination",)

    def __init__(self, combination: Combination) -> None:
        self.combination = combination

    def __hash__(self) -> int:
        return id(self.combination)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.combination is self.combination


@lru_cache(maxsize=64)
def _packed(same: _Same) -> Packer:
    packer = Packer()
    pack_trains(packer, same.combination)
    return packer


def packed(combination: Combination) -> Packer:
    """Powertrains and tables of a combination, packed once."""
    return _packed(_Same(combination))


def pack_trains(packer: Packer, combination: Combination) -> tuple[int, int]:
    """Indices of the tractor's and of the trailer's powertrain (-1: none)."""
    radius = combination.tyre_radius_m
    towed = combination.trailer_drive
    trailer_radius = radius
    if towed is not None and combination.trailer is not None:
        trailer_radius = next((group.tyre.radius_m for group in combination.trailer.axles if group.driven), radius)
    return packer.train(combination.drive, radius), packer.train(towed, trailer_radius, trailer=True)


def check_payload(combination: Combination, payload_kg: float) -> None:
    """Refuse a payload that the combination does not carry.

    Raises
    ------
    InputError : payload negative, or above the limit of the combination.
    """
    if not 0.0 <= payload_kg <= combination.payload_limit_kg + 1.0:
        raise InputError(f"payload of {payload_kg:.0f} kg; {combination.name} carries 0 to {combination.payload_limit_kg:.0f} kg")


def pack_vehicle(trip: layout.Record, packer: Packer, combination: Combination, conditions: Conditions) -> None:
    """Fill a row of `layout.TRIP` but for its load (`pack.pack_load`) and its road."""
    trip.tractor, trip.towed = pack_trains(packer, combination)
    pack_body(trip, combination, conditions.weather, conditions.truth)
    pack_driver(trip, conditions.style)
    drive, towed = combination.drive, combination.trailer_drive
    hybrid = drive.fuel is not None and drive.battery is not None
    trip.soc = conditions.soc_ratio if conditions.soc_ratio is not None else drive.soc_target_ratio if hybrid else 0.9
    if towed is not None:
        given = conditions.trailer_soc_ratio
        trip.trailer_soc = towed.soc_target_ratio if given is None else given
    trip.ambient = conditions.weather.temperature_k
    trip.battery_k = conditions.battery_k if conditions.battery_k is not None else max(trip.ambient, 283.15)
    trip.pitch, trip.per_pitch = STEP_M, 1.0 / STEP_M
    plan = conditions.soc_end_ratio, conditions.trailer_soc_end_ratio
    pack_energy(trip, combination, plan, HOW[conditions.coordination], conditions.tuning or calibration())


def pack_road(profile: Profile, conditions: Conditions, top_mps: float) -> tuple[Floats, Floats]:
    """Nodes and stops of `profile` as a driver takes it on that day in a vehicle that reaches `top_mps`."""
    style = conditions.style
    rng = None if conditions.seed is None else np.random.default_rng(conditions.seed)
    nodes = pack_nodes(profile, aimed_speed_mps(profile, style, rng), conditions.weather, style, top_mps)
    if conditions.speeds is not None:
        conditions.speeds.lay(nodes)
    return nodes, pack_stops(profile)


def longest_s(nodes: Floats, stops: Floats, pace: Floats) -> int:
    """Seconds enough for the prescribed speeds, or for a truck that crawls all the way at walking pace."""
    if len(pace):
        return len(pace) + 1
    crawl = np.minimum(np.maximum(nodes[:, layout.LIMIT], 1.5) / 3.0, 1.0)
    return int((STEP_M / crawl).sum() + stops[:, 1].sum()) + 900


def drive(
    combination: Combination,
    profile: Profile,
    payload_kg: float,
    conditions: Conditions | None = None,
    pace_mps: Floats | None = None,
) -> TripRun:
    """Drive `combination` over `profile`, or along `profile` at the prescribed speeds `pace_mps` (one a second, shape (n,)).

    Raises
    ------
    InputError : payload negative, or above the limit of the combination.
    SimulationError : a start that it cannot make, an empty battery, or no arrival; names place, grade and gear.
    """
    check_payload(combination, payload_kg)
    now = conditions or Conditions()
    packer = packed(combination)
    nodes, stops = pack_road(profile, now, top_speed_mps(combination.drive, combination.tyre_radius_m))
    pace = np.zeros(0) if pace_mps is None else np.asarray(pace_mps, dtype=np.float64)
    trips = np.zeros(1, dtype=layout.TRIP)
    trip: layout.Record = trips[0]
    pack_vehicle(trip, packer, combination, now)
    pack_load(trip, combination, payload_kg, now.weather, now.truth)
    trip.nodes, trip.stops, trip.paces, trip.altitude = len(nodes), len(stops), len(pace), profile.altitude_m[0]
    state, book = np.zeros(layout.N_STATE), np.zeros(layout.N_BOOK)
    samples = np.zeros((longest_s(nodes, stops, pace), layout.N_ROW))
    scratch = np.empty((len(nodes), 2)), np.zeros(layout.N_FLOW), np.zeros(3), np.zeros((kernel.STAGES, N_STAGE))
    seconds = kernel.drive(packer.stock((nodes, stops, pace, pack_bend(profile))), trips, scratch, (state, book), samples)
    if state[layout.CODE] != layout.DONE:
        raise SimulationError(why(combination, profile, state, float(trip.mass)))
    return _run(combination, payload_kg, profile, now.weather, samples[: seconds + 1])


def slowest_of(state: Floats) -> Slowest | None:
    """The slowest climb that a trip's last `state` (``(layout.N_STATE,)``) tells of, if there was one."""
    if state[layout.SLOW_V] >= layout.NEVER_MPS:
        return None
    return Slowest(
        speed_mps=float(state[layout.SLOW_V]), distance_m=float(state[layout.SLOW_S]), gear=int(state[layout.SLOW_GEAR]) + 1
    )


def _run(combination: Combination, payload_kg: float, profile: Profile, weather: Weather, samples: Floats) -> TripRun:
    state = samples[-1, : layout.N_STATE]
    book = samples[-1, layout.N_STATE : layout.N_STATE + layout.N_BOOK]
    return TripRun(
        combination=combination, payload_kg=payload_kg, samples=samples,
        columns=columns_of(combination, profile, samples, weather),
        trailer_columns=trailer_columns_of(combination, profile, samples), ledger=ledger_of(combination, book),
        battery_heat_j=float(book[layout.HEAT]), trailer_battery_heat_j=float(book[layout.TRAILER_HEAT]),
        lost_s=float(state[layout.LOST]), slowest=slowest_of(state),
    )  # fmt: skip


def why(combination: Combination, profile: Profile, state: Floats, mass_kg: float) -> str:
    """Why a trip ended before its end: place, grade and gear."""
    node = min(int(state[layout.S] / STEP_M), len(profile.sine) - 1)
    where = (
        f"{combination.name} at {mass_kg / 1e3:.1f} t, {state[layout.S] / KM:.2f} km from the start "
        f"({profile.latitude_deg[node]:.4f}, {profile.longitude_deg[node]:.4f}), grade {100 * profile.sine[node]:.1f} %"
    )
    if state[layout.CODE] == layout.NO_START:
        return f"cannot start: {where}, in gear {int(state[layout.GEAR]) + 1}"
    if state[layout.CODE] == layout.FLAT_BATTERY:
        return f"battery empty: {where}, state of charge {100 * state[layout.SOC]:.1f} %"
    return f"does not arrive: {where}, gear {int(state[layout.GEAR]) + 1}, {state[layout.V]:.1f} m/s"
