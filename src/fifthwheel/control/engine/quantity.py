"""Torque and fuel: what the unit knows of its engine, and the way from a torque to injection, throttle and ignition."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats
from fifthwheel.physics.charge import CYCLE_RAD, air_charge_kg, smoke_limit_kg
from fifthwheel.physics.engine import gas_efficiency_ratio


def curve_at(a: Floats, first: int, speed_radps: float, grid: int = n.SPEED0) -> float:
    """Value at a speed of the curve that begins at `first`, over the speeds that begin at `grid`; held outside them."""
    if speed_radps <= a[grid]:
        return float(a[first])
    for i in range(1, n.N_CURVE):
        if speed_radps < a[grid + i]:
            share = (speed_radps - a[grid + i - 1]) / (a[grid + i] - a[grid + i - 1])
            return float(a[first + i - 1] + share * (a[first + i] - a[first + i - 1]))
    return float(a[first + n.N_CURVE - 1])


def friction_nm(c: Floats, speed_radps: float, coolant_k: float) -> float:
    """Torque that motors the engine without fuel, more when it is cold."""
    return float(curve_at(c, n.DRAG0, speed_radps) * (1.0 + c[n.COLD_DRAG_RATIO] * max(c[n.WARM_K] - coolant_k, 0.0)))


def torque_per_fuel(c: Floats, speed_radps: float) -> float:
    """Gas torque (Nm) that a kilogram of fuel a cycle gives at best ignition."""
    efficiency = gas_efficiency_ratio(speed_radps, (c[n.EFFICIENCY_RATIO], c[n.BEST_RADPS], c[n.FALL_RATIO]))
    return float(c[n.HEATING_JPKG] * efficiency / CYCLE_RAD)


def most_fuel_kg(x: Floats, u: Floats, c: Floats) -> float:
    """Most fuel of a cycle for the air there is: the smoke limit, or, with a throttle, the air there would be with it open."""
    pressure = x[n.INTAKE]
    if c[n.SPARK_STATE] > 0.0:
        pressure = u[n.BOOST_PA] if x[n.FAULT0 + n.F_INTAKE_PA] <= 0.0 else x[n.AMBIENT]
    air = air_charge_kg(pressure, x[n.CHARGE_K], c[n.SWEPT_M3] * c[n.VOLUMETRIC_RATIO])
    return float(smoke_limit_kg(air, c[n.STOICHIOMETRIC_RATIO], c[n.LAMBDA_LEAST_RATIO] * (1.0 + c[n.SMOKE_RESERVE_RATIO])))


def inject(x: Floats, u: Floats, c: Floats, y: Floats, torque_nm: float) -> None:
    """Fuel of a cycle for a torque at the crankshaft, never more than the air bears; with spark ignition throttle and spark."""
    y[n.THROTTLE_RATIO], y[n.SPARK_RATIO], x[n.THROTTLE] = 1.0, 1.0, 1.0
    most = most_fuel_kg(x, u, c)
    wanted = max((torque_nm + y[n.FRICTION_NM]) / torque_per_fuel(c, x[n.W]), 0.0)
    if c[n.SPARK_STATE] <= 0.0:
        y[n.FUEL_KG] = min(wanted, most)
        return
    ready = wanted
    if x[n.COMMANDER] == n.BY_IDLE and torque_nm > -0.5 * y[n.FRICTION_NM]:
        ready += c[n.RESERVE_RATIO] * _peak_nm(c) / torque_per_fuel(c, x[n.W])
    x[n.THROTTLE] = y[n.THROTTLE_RATIO] = min(max(ready / most, c[n.THROTTLE_LEAST_RATIO]), 1.0)
    air = air_charge_kg(x[n.INTAKE], x[n.CHARGE_K], c[n.SWEPT_M3] * c[n.VOLUMETRIC_RATIO])
    charge = float(air / (c[n.STOICHIOMETRIC_RATIO] * c[n.LAMBDA_LEAST_RATIO]))
    share = wanted / charge
    y[n.SPARK_RATIO] = min(max(share, c[n.SPARK_LEAST_RATIO]), 1.0)
    firing = min(share / c[n.SPARK_LEAST_RATIO], 1.0)
    _trim_air_ratio(x, u, c, firing)
    y[n.FUEL_KG] = charge * firing * (1.0 + x[n.TRIM])


def _peak_nm(c: Floats) -> float:
    peak = 0.0
    for i in range(n.N_CURVE):
        peak = max(peak, c[n.FULL0 + i])
    return float(peak)


def _trim_air_ratio(x: Floats, u: Floats, c: Floats, firing: float) -> None:
    """Closed loop on the air ratio: integrate its error, while all cylinders fire and the sensor is sound."""
    if firing < c[n.FIRING_RATIO] or x[n.FAULT0 + n.F_LAMBDA] > 0.0 or x[n.RUN] != n.RUNNING:
        return
    error = min(max(u[n.LAMBDA_RATIO] - c[n.LAMBDA_LEAST_RATIO], -0.2), 0.2)
    most = c[n.TRIM_MOST_RATIO]
    x[n.TRIM] = min(max(x[n.TRIM] + c[n.STEP_S] * c[n.TRIM_GAIN_RATIO] * error, -most), most)
