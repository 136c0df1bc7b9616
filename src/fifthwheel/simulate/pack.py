"""From catalogue records to the flat tuples of arrays that the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.physics.engine import altitude_derating_ratio
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.tyre import rolling_forces_n, temperature_factor_ratio
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.driver import Style
from fifthwheel.simulate.kernel import allowed_speeds
from fifthwheel.simulate.layout import Body, Train, Way
from fifthwheel.vehicle.combination import Combination, Drive
from fifthwheel.vehicle.components import Battery, Engine, Motor, Use

Floats = NDArray[np.float64]

GRID_RADPS = 5.0
ADHESION_RATIO = 0.6
"""Friction between tyre and road that a careful start can use; dry asphalt offers about 0.8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """How a real vehicle differs from its catalogue entry: factors that only a simulation knows."""

    drag_ratio: float = 1.0
    rolling_tractor_ratio: float = 1.0
    rolling_trailer_ratio: float = 1.0
    auxiliary_ratio: float = 1.0


NOMINAL = Truth()


def rolling_n(combination: Combination, mass_kg: float, weather: Weather, truth: Truth) -> tuple[float, float]:
    """Rolling force of tractor and trailer on a level road in that weather."""
    common = weather.surface_ratio * float(temperature_factor_ratio(weather.temperature_k))
    return rolling_forces_n(combination, mass_kg, (common * truth.rolling_tractor_ratio, common * truth.rolling_trailer_ratio))


def pack_body(combination: Combination, payload_kg: float, weather: Weather, style: Style, truth: Truth) -> Body:
    """The combination as one body."""
    mass = combination.tare_kg + payload_kg
    roll_tractor, roll_trailer = rolling_n(combination, mass, weather, truth)
    ratios = combination.axle_load_ratios[0]
    driven = sum(ratio for group, ratio in zip(combination.tractor.axles, ratios, strict=True) if group.driven)
    retarder = combination.drive.retarder
    return Body(
        mass=mass, rotating=combination.rotating_mass_kg, drag_area=combination.drag_area_m2 * truth.drag_ratio,
        crosswind=combination.crosswind, roll_tractor=roll_tractor, roll_trailer=roll_trailer,
        radius=combination.tyre_radius_m, adhesion=ADHESION_RATIO * driven * mass * GRAVITY,
        retarder_ratio=combination.drive.axle.ratio, retarder_torque=retarder.peak_torque_nm if retarder else 0.0,
        retarder_power=retarder.peak_power_w if retarder else 0.0,
        accelerate=style.accelerate_mps2, decelerate=style.decelerate_mps2,
    )  # fmt: skip


def pack_way(profile: Profile, aimed_mps: Floats, weather: Weather, style: Style, engine: Engine | None) -> Way:
    """The road, with the driver's speeds looked ahead."""
    nodes = np.array([round(stop.distance_m / STEP_M) for stop in profile.stops], dtype=np.int64)
    head, cross = weather.wind_mps(profile.heading_rad)
    derate = np.ones_like(head)
    if engine is not None:
        derate = altitude_derating_ratio(profile.altitude_m, engine.derate_altitude_m, engine.derate_per_metre_ratio) * derate
    return Way(
        step=STEP_M, allowed=allowed_speeds(aimed_mps, nodes, STEP_M, style.decelerate_mps2), sine=profile.sine, head=head,
        cross=cross, density=np.asarray(air_density_kgpm3(profile.altitude_m, weather.temperature_k, weather.sea_pressure_pa)),
        derate=derate, stop_at=np.array([stop.distance_m for stop in profile.stops]),
        stop_time=np.array([stop.duration_s for stop in profile.stops]),
        stop_work=np.array([stop.working for stop in profile.stops]),
    )  # fmt: skip


def auxiliaries_w(combination: Combination, *, loaded: bool, trailer: bool | None) -> tuple[float, float]:
    """Power while switched on, and what working adds; of the whole (``None``), the tractor or the trailer alone."""
    steady = combination.auxiliary_power_w(Use.RUNNING, trailer=trailer)
    if loaded:
        steady += combination.auxiliary_power_w(Use.LOADED, trailer=trailer)
    return steady, combination.auxiliary_power_w(Use.WORKING, trailer=trailer)


def pack_train(drive: Drive | None, auxiliary_w: tuple[float, float], *, radius_m: float, threshold_w: float = 0.0) -> Train:
    """A powertrain; one with `threshold_w` is a trailer's. ``None`` packs a place-holder that is not `present`."""
    if drive is None:
        return _NO_TRAIN
    trailer = threshold_w > 0.0
    common = _NO_TRAIN._replace(
        present=True, electric=drive.engine is None, ratios=np.array(drive.total_ratios),
        efficiencies=np.array(drive.total_efficiencies), radius=radius_m, shift=drive.gearbox.shift_s,
        auxiliary=auxiliary_w[0], working=auxiliary_w[1], threshold=threshold_w,
        soc_at=layout.TRAILER_SOC if trailer else layout.SOC,
        meter_at=layout.TRAILER_BATTERY if trailer else layout.BATTERY,
        heat_at=layout.TRAILER_HEAT if trailer else layout.HEAT,
    )  # fmt: skip
    if drive.engine:
        return _with_engine(common, drive.engine)
    assert drive.motor is not None
    assert drive.battery is not None
    return _with_battery(_with_motor(common, drive.motor, drive.motors_count), drive.battery)


_NO_TRAIN = Train(
    present=False, electric=True, ratios=np.ones(1), efficiencies=np.ones(1), radius=1.0, shift=0.0, grid=GRID_RADPS,
    full=np.zeros(2), drag=np.zeros(2), brake=np.zeros(2), idle=0.0, launch=0.0, low=0.0, high=1.0, willans=(0.0, 1.0, 0.0),
    peak_torque=1.0, peak_power=1.0, losses=(0.0, 0.0, 0.0), capacity=1.0, nominal=1.0, voltage=np.ones(2), resistance=1.0,
    discharge=0.0, charge=0.0, soc_low=0.0, soc_high=1.0, soc_at=layout.SOC, meter_at=layout.BATTERY, heat_at=layout.HEAT,
    auxiliary=0.0, working=0.0, threshold=0.0,
)  # fmt: skip


def _with_engine(train: Train, engine: Engine) -> Train:
    speeds = np.arange(0.0, engine.speed_radps[-1] + GRID_RADPS, GRID_RADPS)
    full, drag, brake = (
        np.interp(speeds, engine.speed_radps, curve)
        for curve in (engine.full_load_torque_nm, engine.drag_torque_nm, engine.brake_torque_nm)
    )
    governed = float(speeds[np.nonzero(full > 0.4 * full.max())[0][-1]])
    return train._replace(
        full=full, drag=drag, brake=brake, idle=engine.idle_speed_radps, launch=engine.launch_speed_radps,
        low=1.12 * engine.launch_speed_radps, high=governed, willans=engine.willans,
    )  # fmt: skip


def _with_motor(train: Train, motor: Motor, count: int) -> Train:
    torque, power = motor.peak_torque_nm * count, motor.peak_power_w * count
    return train._replace(
        low=0.45 * power / torque, high=motor.max_speed_radps, peak_torque=torque, peak_power=power, losses=motor.loss_ratios
    )


def _with_battery(train: Train, battery: Battery) -> Train:
    voltage = np.interp(np.linspace(0.0, 1.0, 101), battery.soc_ratio, battery.open_circuit_voltage_v)
    return train._replace(
        capacity=battery.capacity_j, nominal=battery.nominal_voltage_v, voltage=voltage, resistance=battery.resistance_ohm,
        discharge=battery.discharge_limit_w, charge=battery.charge_limit_w,
        soc_low=battery.soc_low_ratio, soc_high=battery.soc_high_ratio,
    )  # fmt: skip
