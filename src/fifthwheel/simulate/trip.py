"""One trip of a combination: `drive` gives one row a second in the names of the signal catalogue, and the exact account.

Flows (fuel, torque, current) are means over the second that ends at a row; speed, height and charge are its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, SimulationError
from fifthwheel.physics.energy import Ledger
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.signals.observations import Observations
from fifthwheel.simulate import gears, kernel, layout
from fifthwheel.simulate.driver import NORMAL, Style, aimed_speed_mps
from fifthwheel.simulate.pack import NOMINAL, Truth, auxiliaries_w, pack_body, pack_train, pack_way
from fifthwheel.units import KM, KWH, LITRE, SECOND_US
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Battery

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]

GOVERNED_RATIO = 0.98
"""Share of the speed at the end of the engine's or motor's range in top gear that a driver uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a trip depends on besides vehicle, road and payload.

    Attributes
    ----------
    seed : draws the wander of the driver's speed; ``None`` drives steadily.
    soc_ratio, trailer_soc_ratio : charge at the start.
    """

    style: Style = NORMAL
    weather: Weather = field(default_factory=Weather)
    truth: Truth = NOMINAL
    seed: int | None = None
    soc_ratio: float = 0.9
    trailer_soc_ratio: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRun:
    """A simulated trip.

    Attributes
    ----------
    columns : signals of the tractor or rigid by catalogue name, one row a second from standstill, shape (n,).
    trailer_columns : signals of a trailer with its own drive, else empty.
    ledger : exact account (terminal energy is the meter of a battery; its inner loss is `battery_heat_j`).
    battery_heat_j, trailer_battery_heat_j : lost in the batteries' resistance, behind their terminals.
    """

    combination: Combination
    payload_kg: float
    columns: Columns
    trailer_columns: Columns
    ledger: Ledger
    battery_heat_j: float
    trailer_battery_heat_j: float

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
        """Fuel burnt; zero without an engine."""
        engine = self.combination.drive.engine
        return self.ledger.meter_j["fuel"] / engine.fuel.lower_heating_value_jpkg if engine else 0.0

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
        engine = self.combination.drive.engine
        hundred = self.distance_m / (100 * KM)
        volume = self.fuel_kg / engine.fuel.density_kgpm3 if engine else None
        return {
            "distance_m": self.distance_m,
            "time_s": self.time_s,
            "fuel_kg": self.fuel_kg,
            "fuel_l_per_100km": volume / LITRE / hundred if volume is not None else None,
            "electric_kwh_per_100km": self.electric_j / KWH / hundred,
            "co2_g_per_km": self.fuel_kg * 1e3 * engine.fuel.co2_kgpkg / (self.distance_m / KM) if engine else 0.0,
        }


def drive(combination: Combination, profile: Profile, payload_kg: float, conditions: Conditions | None = None) -> TripRun:
    """Drive `combination` over `profile`.

    Raises
    ------
    InputError : payload negative, or above the limit of the combination.
    SimulationError : a start that it cannot make, an empty battery, or no arrival; names place, grade and gear.
    """
    if not 0.0 <= payload_kg <= combination.payload_limit_kg + 1.0:
        raise InputError(f"payload of {payload_kg:.0f} kg; {combination.name} carries 0 to {combination.payload_limit_kg:.0f} kg")
    now = conditions or Conditions()
    vehicle = _vehicle(combination, payload_kg, now)
    rng = None if now.seed is None else np.random.default_rng(now.seed)
    aimed = np.minimum(aimed_speed_mps(profile, now.style, rng), GOVERNED_RATIO * gears.top_speed(vehicle.tractor))
    way = pack_way(profile, aimed, now.weather, now.style, combination.drive.engine)
    state, book = np.zeros(layout.N_STATE), np.zeros(layout.N_BOOK)
    state[[layout.H, layout.SOC, layout.TRAILER_SOC]] = profile.altitude_m[0], now.soc_ratio, now.trailer_soc_ratio
    samples = np.zeros((_most_rows(way), layout.N_STATE + layout.N_FLOW))
    samples[0, : layout.N_STATE] = state
    samples[0, layout.N_STATE + layout.SPEED] = vehicle.tractor.idle
    rows = kernel.drive(vehicle, way, state, book, samples)
    if state[layout.CODE] != layout.DONE:
        raise SimulationError(_why(combination, profile, state, vehicle.body.mass))
    samples = samples[:rows]
    return TripRun(
        combination=combination, payload_kg=payload_kg, columns=_columns(combination, profile, samples, now.weather),
        trailer_columns=_trailer_columns(combination, profile, samples), ledger=_ledger(combination, book),
        battery_heat_j=float(book[layout.HEAT]), trailer_battery_heat_j=float(book[layout.TRAILER_HEAT]),
    )  # fmt: skip


def _vehicle(combination: Combination, payload_kg: float, now: Conditions) -> layout.Vehicle:
    own = combination.trailer_drive
    loaded = payload_kg > 0.0
    steady, working = auxiliaries_w(combination, loaded=loaded, trailer=False if own else None)
    radius = combination.tyre_radius_m
    return layout.Vehicle(
        tractor=pack_train(combination.drive, (steady * now.truth.auxiliary_ratio, working), radius_m=radius),
        trailer=pack_train(
            own, auxiliaries_w(combination, loaded=loaded, trailer=True), radius_m=radius, threshold_w=combination.assist_power_w
        ),
        body=pack_body(combination, payload_kg, now.weather, now.style, now.truth),
    )


def _most_rows(way: layout.Way) -> int:
    """Rows enough for a truck that crawls all the way at walking pace."""
    pace = np.minimum(np.maximum(np.sqrt(way.allowed), 1.5) / 3.0, 1.0)
    return int((STEP_M / pace).sum() + way.stop_time.sum()) + 900


def _why(combination: Combination, profile: Profile, state: Floats, mass_kg: float) -> str:
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


def _ledger(combination: Combination, book: Floats) -> Ledger:
    names = {
        "engine": layout.ENGINE, "aero_still": layout.STILL, "aero_wind": layout.WIND, "rolling_tractor": layout.ROLL_TRACTOR,
        "rolling_trailer": layout.ROLL_TRAILER, "climb": layout.CLIMB, "kinetic": layout.KINETIC,
        "brake_friction": layout.FRICTION, "retarder": layout.RETARDER, "engine_brake": layout.ENGINE_BRAKE,
        "driveline": layout.DRIVELINE,
        "motor": layout.MOTOR, "idle": layout.IDLE, "auxiliary": layout.AUXILIARY,
    }  # fmt: skip
    meter = {"fuel": float(book[layout.FUEL])} if combination.drive.engine else {"battery": float(book[layout.BATTERY])}
    if combination.trailer_drive:
        meter["trailer_battery"] = float(book[layout.TRAILER_BATTERY])
    return Ledger(
        meter_j=meter,
        terms_j={name: float(book[index]) for name, index in names.items()},
        gross_climb_j=float(book[layout.UP]),
        gross_descent_j=float(book[layout.DOWN]),
        recovered_j=float(book[layout.RECOVERED]),
    )


def _columns(combination: Combination, profile: Profile, samples: Floats, weather: Weather) -> Columns:
    state, flow = samples[:, : layout.N_STATE].T, samples[:, layout.N_STATE :].T
    count = len(samples)
    columns = {
        **profile.at(state[layout.S]),
        "altitude_m": state[layout.H],
        "speed_mps": state[layout.V],
        "trip_distance_m": state[layout.S],
        "ignition_state": np.ones(count),
        "accelerator_ratio": np.clip(flow[layout.PEDAL], 0.0, 1.0),
        "brake_switch_state": np.ceil(flow[layout.BRAKING]),
        "retarder_switch_state": np.ceil(flow[layout.RETARDING]),
        "clutch_switch_state": np.ceil(flow[layout.CLUTCH]),
        "gear_current_state": np.where(state[layout.V] > 0.0, state[layout.GEAR] + 1, 0.0),
        "ambient_temperature_k": np.full(count, weather.temperature_k),
    }
    drive = combination.drive
    if drive.engine:
        reference = drive.engine.reference_torque_nm
        rate_kgps = flow[layout.FUEL_W] / drive.engine.fuel.lower_heating_value_jpkg
        columns |= {
            "engine_speed_radps": flow[layout.SPEED],
            "engine_net_torque_ratio": flow[layout.TORQUE] / reference,
            "engine_friction_torque_ratio": flow[layout.DRAG] / reference,
            "fuel_rate_m3ps": rate_kgps / drive.engine.fuel.density_kgpm3,
            "fuel_trip_m3": np.cumsum(rate_kgps) / drive.engine.fuel.density_kgpm3,
        }
    else:
        columns |= _electric(flow[layout.TERMINAL_W], flow[layout.CURRENT], state[layout.SOC], drive.battery)
        columns |= {"motor_speed_radps": flow[layout.SPEED], "motor_torque_nm": flow[layout.TORQUE]}
    return columns


def _electric(power_w: Floats, current_a: Floats, soc: Floats, battery: Battery | None) -> dict[str, Floats]:
    """Terminal values of a battery; voltage is power over current, so that their product is the energy where that is sane."""
    assert battery is not None
    drop = np.interp(soc, battery.soc_ratio, battery.open_circuit_voltage_v) - battery.resistance_ohm * current_a
    voltage = power_w / np.where(np.abs(current_a) > 2.0, current_a, np.inf)
    voltage = np.where(np.abs(voltage / drop - 1.0) < 0.05, voltage, drop)
    return {"battery_voltage_v": voltage, "battery_current_a": current_a, "battery_soc_ratio": soc}


def _trailer_columns(combination: Combination, profile: Profile, samples: Floats) -> Columns:
    drive = combination.trailer_drive
    if drive is None:
        return {}
    state, flow = samples[:, : layout.N_STATE].T, samples[:, layout.N_STATE :].T
    where = profile.at(state[layout.S])
    return {
        "latitude_deg": where["latitude_deg"],
        "longitude_deg": where["longitude_deg"],
        "speed_mps": state[layout.V],
        "trip_distance_m": state[layout.S],
        "ignition_state": np.ones(len(samples)),
        "motor_speed_radps": flow[layout.T_SPEED],
        "motor_torque_nm": flow[layout.T_TORQUE],
        **_electric(flow[layout.T_TERMINAL_W], flow[layout.T_CURRENT], state[layout.TRAILER_SOC], drive.battery),
    }
