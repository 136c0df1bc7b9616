"""From the kernel's samples to signals of the catalogue, as the vehicle's own units would send them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fifthwheel.road.profile import Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Battery

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]


def split(samples: Floats) -> tuple[Floats, Floats, Floats]:
    """State, book and flow of samples, each with one row an entry and one column a second."""
    columns = samples.T
    end = layout.N_STATE + layout.N_BOOK
    return columns[: layout.N_STATE], columns[layout.N_STATE : end], columns[end:]


def columns_of(combination: Combination, profile: Profile, samples: Floats, weather: Weather) -> Columns:
    """Signals of the tractor or rigid, shape (n,) each."""
    state, _, flow = split(samples)
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
        "clutch_switch_state": np.ceil(np.clip(flow[layout.CLUTCH], 0.0, 1.0)),
        "gear_current_state": np.where(state[layout.V] > 0.0, state[layout.GEAR] + 1, 0.0),
        "ambient_temperature_k": np.full(count, weather.temperature_k),
    }
    if combination.trailer:
        columns["kingpin_force_n"] = flow[layout.KINGPIN]
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
    if drive.battery:
        columns |= _electric(flow[layout.TERMINAL_W], flow[layout.CURRENT], state[layout.SOC], drive.battery)
        columns |= {"motor_speed_radps": flow[layout.M_SPEED], "motor_torque_nm": flow[layout.M_TORQUE]}
        columns |= {"battery_temperature_max_k": state[layout.HEAT_K]}
    return columns


def _electric(power_w: Floats, current_a: Floats, soc: Floats, battery: Battery) -> dict[str, Floats]:
    """Terminal values of a battery: voltage under load, and the mean current that makes their product the energy."""
    voltage = np.interp(soc, battery.soc_ratio, battery.open_circuit_voltage_v) - battery.resistance_ohm * current_a
    return {"battery_voltage_v": voltage, "battery_current_a": power_w / voltage, "battery_soc_ratio": soc}


def trailer_columns_of(combination: Combination, profile: Profile, samples: Floats) -> Columns:
    """Signals of a trailer with its own drive, shape (n,) each; none without one."""
    drive = combination.trailer_drive
    if drive is None or drive.battery is None:
        return {}
    state, _, flow = split(samples)
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
