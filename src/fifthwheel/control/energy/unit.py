"""The energy unit as a block: one demand in, what engine, tractor motor and trailer axle give out, every 50 ms.

Hardware values are its parameters, taken from a combination of the catalogue; the laws are the same as in the trip simulation.
"""

from __future__ import annotations

from math import radians
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Signal
from fifthwheel.control.brakes.limits import standing_ratio
from fifthwheel.control.brakes.sources import machine_limit_n
from fifthwheel.control.energy import stage
from fifthwheel.control.energy.calibration import calibration
from fifthwheel.control.energy.limits import least_tension_n, machine_braking_n, window_ratio
from fifthwheel.control.energy.price import ageing_price, feedback_price
from fifthwheel.control.energy.split import split
from fifthwheel.control.energy.stage import Floats
from fifthwheel.errors import InputError
from fifthwheel.physics.battery import charge_limit_ratio, discharge_limit_ratio, resistance_ratio
from fifthwheel.units import GRAVITY_MPS2, KMH
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination, Drive

PERIOD_S: Final = 0.05
STEEP_ARTICULATION_RAD: Final = radians(15.0)
"""Beyond this angle and speed the trailer's axle does not drive (facts/control.md 2.4)."""
FAST_MPS: Final = 30 * KMH
SLOWEST_MPS: Final = 0.5
SHORT_S, TRAILER_SHORT_S, RUNNING = range(3)
"""State: integrals of charge missing, and whether the engine runs."""
TAPER_RATIO: Final = 0.05
"""Charging falls to nothing over this last part of a window."""


def _signal(name: str, english: str, chinese: str, ends: tuple[float, float, float]) -> Signal:
    low, high, start = ends
    return Signal(name=name, title_en=english, title_zh=chinese, low=low, high=high, start=start)


INPUTS: Final = (
    _signal("speed_mps", "Road speed", "车速", (0.0, 45.0, 0.0)),
    _signal("demand_n", "Force wanted at all wheels, braking negative", "总轮边力需求，制动为负", (-4e5, 4e5, 0.0)),
    _signal("trailer_need_n", "Part of the demand that the trailer needs for itself", "挂车自身所需力", (-4e5, 4e5, 0.0)),
    _signal("trailer_resistance_n", "Resistance of the trailer: tyres, air, grade", "挂车行驶阻力", (-2e5, 2e5, 0.0)),
    _signal("shaft_speed_radps", "Speed of the gearbox input in the gear engaged", "变速器输入轴转速", (0.0, 400.0, 0.0)),
    _signal("soc_ratio", "Charge of the tractor's battery", "牵引车电池SOC", (0.0, 1.0, 0.6)),
    _signal("trailer_soc_ratio", "Charge of the trailer's battery", "挂车电池SOC", (0.0, 1.0, 0.5)),
    _signal("reference_soc_ratio", "Charge wanted in the tractor's battery here", "牵引车电池SOC参考值", (0.0, 1.0, 0.6)),
    _signal("trailer_reference_soc_ratio", "Charge wanted in the trailer's battery here", "挂车电池SOC参考值", (0.0, 1.0, 0.5)),
    _signal("battery_k", "Temperature of the tractor's battery", "牵引车电池温度", (200.0, 400.0, 298.15)),
    _signal("trailer_battery_k", "Temperature of the trailer's battery", "挂车电池温度", (200.0, 400.0, 298.15)),
    _signal("adhesion_ratio", "Adhesion estimated", "估计附着系数", (0.02, 1.2, 0.6)),
    _signal("lateral_mps2", "Lateral acceleration", "侧向加速度", (-15.0, 15.0, 0.0)),
    _signal("articulation_rad", "Articulation angle", "铰接角", (-3.15, 3.15, 0.0)),
    _signal("brake_pedal_state", "Brake pedal pressed", "制动踏板", (0.0, 1.0, 0.0)),
    _signal("stability_state", "ABS, ESC or RSC acts", "ABS/ESC/RSC介入", (0.0, 1.0, 0.0)),
    _signal("kingpin_valid_state", "Kingpin sensor valid", "牵引销传感器有效", (0.0, 1.0, 1.0)),
    _signal("link_state", "Trailer's bus alive", "挂车总线正常", (0.0, 1.0, 1.0)),
)
OUTPUTS: Final = (
    _signal("engine_on_state", "Engine wanted running", "发动机运行请求", (0.0, 1.0, 1.0)),
    _signal("engine_power_w", "Crank power wanted of the engine", "发动机功率请求", (0.0, 1e6, 0.0)),
    _signal("motor_power_w", "Shaft power wanted of the tractor's motor", "牵引车电机功率请求", (-1e6, 1e6, 0.0)),
    _signal("trailer_force_n", "Wheel force wanted of the trailer's axle", "挂车电驱桥轮边力请求", (-2e5, 2e5, 0.0)),
    _signal("friction_n", "Braking left for engine brake, retarder and friction", "剩余制动力", (0.0, 4e5, 0.0)),
    _signal("price_ratio", "Fuel that a joule in the tractor's battery is worth", "牵引车电池等效因子", (0.0, 20.0, 2.3)),
    _signal("trailer_price_ratio", "Fuel that a joule in the trailer's battery is worth", "挂车电池等效因子", (0.0, 20.0, 2.3)),
    _signal("kingpin_tension_n", "Kingpin tension kept while the trailer propels", "挂车驱动时最小牵引销拉力", (0.0, 1e5, 1e3)),
)
U: Final = {one.name: index for index, one in enumerate(INPUTS)}
Y: Final = {one.name: index for index, one in enumerate(OUTPUTS)}
MACHINE: Final = (
    "peak_nm", "peak_w", "ratio", "efficiency_ratio", "constant_ratio", "speed_ratio", "torque_ratio", "voltage_v",
    "resistance_ohm", "discharge_w", "charge_w", "low_ratio", "high_ratio", "load_n",
)  # fmt: skip
ENGINE: Final = (
    "full_nm",
    "most_w",
    "slope_ratio",
    "friction_nm",
    "consumers_w",
    "start_j",
    "radius_m",
    "weight_n",
    "efficiency_ratio",
)


def machine_values(drive: Drive | None, ratio: float, load_n: float) -> tuple[float, ...]:
    """Values of `MACHINE` from a drive; zeros but for what is divided by where there is none."""
    if drive is None or drive.motor is None or drive.battery is None:
        return (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 600.0, 0.0, 0.0, 0.0, 0.0, 1.0, load_n)
    motor, battery, count = drive.motor, drive.battery, drive.motors_count
    return (
        motor.peak_torque_nm * count, motor.peak_power_w * count, ratio, drive.total_efficiencies[-1], *motor.loss_ratios,
        battery.nominal_voltage_v, battery.resistance_ohm, battery.discharge_limit_w, battery.charge_limit_w,
        battery.soc_low_ratio, battery.soc_high_ratio, load_n,
    )  # fmt: skip


def _parameters(whole: Combination) -> tuple[Signal, ...]:
    """Calibration, engine, and both machines of a combination as parameters that can be tuned."""
    drive, towed, engine = whole.drive, whole.trailer_drive, whole.drive.engine
    shares, weight = whole.axle_load_ratios, whole.gross_mass_kg * GRAVITY_MPS2
    driven = [
        weight * sum(ratio for group, ratio in zip(unit.axles, ratios, strict=True) if group.driven)
        for unit, ratios in zip(whole.units, shares, strict=True)
    ]
    full = max(engine.full_load_torque_nm) if engine else 0.0
    most = max(s * t for s, t in zip(engine.speed_radps, engine.full_load_torque_nm, strict=True)) if engine else 0.0
    best = engine.indicated_efficiency_ratio if engine and engine.indicated_efficiency_ratio else 0.47
    friction = sum(engine.drag_torque_nm) / len(engine.drag_torque_nm) if engine else 0.0
    start = 0.5 * engine.inertia_kgm2 * 110.0**2 / best if engine else 0.0
    own = (full, most, 1.0 / best, friction, 5e3, start, whole.tyre_radius_m, weight, drive.total_efficiencies[-1])
    tuned = calibration()
    named = {name: float(getattr(tuned, name)) for name in tuned.__slots__}
    named |= {f"engine_{name}": value for name, value in zip(ENGINE, own, strict=True)}
    for prefix, one, load in (("motor", drive, driven[0]), ("trailer", towed, driven[-1])):
        ratio = one.total_ratios[-1] if one else 1.0
        named |= {f"{prefix}_{name}": value for name, value in zip(MACHINE, machine_values(one, ratio, load), strict=True)}
    return tuple(_signal(name, name.replace("_", " "), name, (0.0, 1e12, value)) for name, value in named.items())


def _fill_machine(row: Floats, trailer: bool, values: Floats, now: tuple[float, float, float, float]) -> tuple[float, float]:
    """Losses of a machine into a stage; returns its most driving and braking shaft power.

    `now` : shaft speed, charge, temperature, and the part of the window over which discharge ends.
    """
    shaft, soc, kelvin, taper = now
    v = dict(zip(MACHINE, values, strict=True))
    turning = max(shaft, 20.0)
    copper = v["peak_w"] * v["torque_ratio"] / (v["peak_nm"] * turning) ** 2 if v["peak_nm"] > 0.0 else 0.0
    curve = copper + v["resistance_ohm"] * float(resistance_ratio(kelvin)) / v["voltage_v"] ** 2
    core = v["peak_w"] * v["constant_ratio"] + v["speed_ratio"] * turning * v["peak_nm"]
    row[stage.TRAILER_CURVE if trailer else stage.MOTOR_CURVE] = max(curve, 1e-9)
    row[stage.TRAILER_LOSS_W if trailer else stage.MOTOR_LOSS_W] = core
    shaft_most = min(v["peak_nm"] * shaft, v["peak_w"])
    room = window_ratio(soc, v["low_ratio"], taper) * float(discharge_limit_ratio(kelvin)) * v["discharge_w"]
    free = min(max((v["high_ratio"] - soc) / TAPER_RATIO, 0.0), 1.0) * float(charge_limit_ratio(kelvin)) * v["charge_w"]
    return min(shaft_most, max(room - core, 0.0)), min(shaft_most, free)


def _lookup(parameters: tuple[Signal, ...]) -> dict[str, int]:
    return {one.name: index for index, one in enumerate(parameters)}


class _Unit:
    """The step of one combination's unit: which parameter stands where, and a stage to fill."""

    def __init__(self, parameters: tuple[Signal, ...], has_engine: bool) -> None:
        self.at = _lookup(parameters)
        self.has_engine = has_engine
        self.motor = np.array([self.at[f"motor_{name}"] for name in MACHINE])
        self.trailer = np.array([self.at[f"trailer_{name}"] for name in MACHINE])

    def step(self, state: Floats, u: Floats, p: Floats, y: Floats) -> None:
        """One period: prices, stage, split."""
        row = np.zeros(stage.N_STAGE)
        at = self.at
        gains = (p[at["gain_ratio"]], p[at["integral_gain_ps"]], p[at["widest_ratio"]])
        worth = p[at["engine_slope_ratio"]] if self.has_engine else 2.3
        missing = u[U["reference_soc_ratio"]] - u[U["soc_ratio"]]
        trailer_missing = u[U["trailer_reference_soc_ratio"]] - u[U["trailer_soc_ratio"]]
        state[SHORT_S] += missing * PERIOD_S
        state[TRAILER_SHORT_S] += trailer_missing * PERIOD_S
        start = worth * (p[at["start_price_ratio" if p[at["motor_peak_w"]] > 0.0 else "beside_ratio"]])
        prices = (
            feedback_price(start, missing, state[SHORT_S], gains),
            feedback_price(start, trailer_missing, state[TRAILER_SHORT_S], gains),
        )
        self.fill(row, u, p)
        chosen = split(row, prices, state[RUNNING] > 0.0)
        if u[U["demand_n"]] > 0.0:
            state[RUNNING] = 1.0 if chosen[0] and self.has_engine else 0.0
        elif p[at["motor_peak_w"]] > 0.0:
            state[RUNNING] = 0.0
        crank = (u[U["demand_n"]] - chosen[2]) * row[stage.SPEED_MPS]
        driving = u[U["demand_n"]] > 0.0
        y[Y["engine_on_state"]] = state[RUNNING]
        needed = max(crank / row[stage.DRIVE_RATIO] - chosen[1], 0.0)
        y[Y["engine_power_w"]] = min(needed, row[stage.ENGINE_MOST_W]) if driving and state[RUNNING] > 0.0 else 0.0
        y[Y["motor_power_w"]], y[Y["trailer_force_n"]] = chosen[1], chosen[2]
        left = -crank + chosen[1] / row[stage.DRIVE_RATIO]
        y[Y["friction_n"]] = 0.0 if driving else max(left / row[stage.SPEED_MPS], 0.0)
        y[Y["price_ratio"]], y[Y["trailer_price_ratio"]] = prices
        y[Y["kingpin_tension_n"]] = least_tension_n(
            u[U["trailer_resistance_n"]], p[at["least_tension_n"]], p[at["tension_ratio"]]
        )

    def fill(self, row: Floats, u: Floats, p: Floats) -> None:
        """The stage of this period from what the unit measures."""
        at, speed, demand = self.at, max(u[U["speed_mps"]], SLOWEST_MPS), u[U["demand_n"]]
        shaft, radius = u[U["shaft_speed_radps"]], p[at["engine_radius_m"]]
        row[stage.DURATION_S], row[stage.SPEED_MPS] = PERIOD_S, speed
        row[stage.DEMAND_N], row[stage.NEEDED_N] = demand, u[U["trailer_need_n"]]
        row[stage.HAS_ENGINE] = 1.0 if self.has_engine else 0.0
        row[stage.SLOPE], row[stage.CONSUMERS_W] = p[at["engine_slope_ratio"]], p[at["engine_consumers_w"]]
        row[stage.IDLE_W] = p[at["engine_slope_ratio"]] * p[at["engine_friction_nm"]] * shaft
        row[stage.ENGINE_MOST_W] = min(p[at["engine_full_nm"]] * shaft, p[at["engine_most_w"]])
        row[stage.START_J] = p[at["engine_start_j"]] + p[at["start_extra_j"]]
        row[stage.DRIVE_RATIO] = p[at["engine_efficiency_ratio"]]
        row[stage.TRAILER_RATIO] = p[at["trailer_efficiency_ratio"]]
        taper = p[at["window_taper_ratio"]]
        own = _fill_machine(row, False, p[self.motor], (shaft, u[U["soc_ratio"]], u[U["battery_k"]], taper))
        turning = speed / radius * p[at["trailer_ratio"]]
        towed = _fill_machine(row, True, p[self.trailer], (turning, u[U["trailer_soc_ratio"]], u[U["trailer_battery_k"]], taper))
        row[stage.AGEING] = ageing_price(p[at["ageing_cost_ratio"]], u[U["battery_k"]], p[at["ageing_warm_k"]])
        row[stage.TRAILER_AGEING] = ageing_price(p[at["ageing_cost_ratio"]], u[U["trailer_battery_k"]], p[at["ageing_warm_k"]])
        self.bound(row, u, p, (own, towed))

    def bound(self, row: Floats, u: Floats, p: Floats, room: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Limits of both machines: adhesion and stability reserve, kingpin tension, and what takes torque off at once."""
        at, speed, demand = self.at, row[stage.SPEED_MPS], row[stage.DEMAND_N]
        (own_most, own_least), (most, least) = room
        mu, side = u[U["adhesion_ratio"]], u[U["lateral_mps2"]]
        braking = max(-demand, 0.0) / p[at["engine_weight_n"]]
        reserves = p[at["grip_reserve_ratio"]], p[at["distribution_ratio"]], p[at["distribution_from_ratio"]]
        cap = machine_braking_n(p[at["trailer_load_n"]], mu, braking, side, reserves)
        lateral_n = p[at["motor_load_n"]] * abs(side) / GRAVITY_MPS2
        own_cap = machine_limit_n(p[at["motor_load_n"]], mu, lateral_n, reserves[0])
        fade = standing_ratio(speed)
        acts = u[U["stability_state"]] > 0.0
        deaf = u[U["link_state"]] < 1.0 or u[U["kingpin_valid_state"]] < 1.0
        bent = abs(u[U["articulation_rad"]]) > STEEP_ARTICULATION_RAD and speed > FAST_MPS
        if demand > 0.0:
            row[stage.MOTOR_MOST_W], row[stage.MOTOR_LEAST_W] = own_most, -own_least
            held = least_tension_n(u[U["trailer_resistance_n"]], p[at["least_tension_n"]], p[at["tension_ratio"]])
            high = min(most * row[stage.TRAILER_RATIO] / speed, cap, row[stage.NEEDED_N] - held, demand)
            row[stage.TRAILER_MOST_N] = 0.0 if bent or u[U["brake_pedal_state"]] > 0.0 else max(high, 0.0)
            row[stage.TRAILER_LEAST_N] = -min(least / (row[stage.TRAILER_RATIO] * speed), cap)
        else:
            drive = row[stage.DRIVE_RATIO]
            pushed = max(p[at["push_limit_n"]] * mu / 0.6 + row[stage.NEEDED_N] - demand, 0.0)
            row[stage.MOTOR_LEAST_W] = -min(own_least, fade * min(own_cap, pushed) * speed * drive)
            row[stage.TRAILER_LEAST_N] = -fade * min(least / (row[stage.TRAILER_RATIO] * speed), cap)
            wanted = min(row[stage.NEEDED_N] + p[at["push_limit_n"]] * mu / 0.6, 0.0)
            row[stage.TRAILER_MOST_N] = max(wanted, row[stage.TRAILER_LEAST_N])
        if acts or deaf:
            row[stage.TRAILER_MOST_N] = row[stage.TRAILER_LEAST_N] = 0.0
        if acts:
            row[stage.MOTOR_LEAST_W] = 0.0


def _begin(_parameters: Floats) -> Floats:
    return np.array([0.0, 0.0, 1.0])


def block(name: str = "diesel-hybrid-6x4-etrailer-recuperation") -> Block:
    """The energy unit of a combination of the catalogue that has a machine on tractor or trailer.

    Raises
    ------
    UnknownName : no such combination. InputError : it has no electric machine to share the work with.
    """
    whole = combination(name)
    if whole.trailer_drive is None and whole.drive.motor is None:
        raise InputError(f"{name} has no electric machine; a hybrid, battery or e-trailer combination is accepted")
    parameters = _parameters(whole)
    unit = _Unit(parameters, whole.drive.engine is not None)
    return Block(
        name="energy_unit", title_en="Energy unit: engine, tractor motor, trailer axle", title_zh="能量管理单元",
        period_s=PERIOD_S, inputs=INPUTS, outputs=OUTPUTS, parameters=parameters, begin=_begin, step=unit.step,
    )  # fmt: skip
