"""Limits of torque: full load, altitude, temperatures, inducement, faults, smoke, gear, engine and road speed."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.governors import max_speed_nm, road_nm
from fifthwheel.control.engine.layout import Floats
from fifthwheel.control.engine.quantity import curve_at, most_fuel_kg, torque_per_fuel
from fifthwheel.control.engine.sense import has
from fifthwheel.physics.charge import altitude_of_m
from fifthwheel.physics.engine import altitude_derating_ratio

SCR_SEVERE = 2


def ramp_share(value: float, begin: float, span: float, least: float) -> float:
    """1 up to `begin`, falling to `least` over `span`."""
    return float(1.0 - (1.0 - least) * min(max((value - begin) / span, 0.0), 1.0))


def full_load_nm(x: Floats, c: Floats) -> float:
    """Full load at the speeds of this period: the lowest of now and a little ahead.

    Ahead by the filtered rate, by the rate of this step, and by the rate that full load itself would bring to a bare engine.
    """
    now = curve_at(c, n.FULL0, x[n.W])
    own = x[n.RAW_RATE] + max(now - x[n.LAST_NM], 0.0) / c[n.INERTIA_KGM2]
    ahead = curve_at(c, n.FULL0, x[n.W] + c[n.LOOK_AHEAD_S] * x[n.RATE])
    at_once = curve_at(c, n.FULL0, x[n.W] + c[n.LOOK_AHEAD_S] * x[n.RAW_RATE])
    return min(now, ahead, at_once, curve_at(c, n.FULL0, x[n.W] + c[n.LOOK_AHEAD_S] * own))


def derate(x: Floats, u: Floats, c: Floats) -> float:
    """Share of full load left by altitude, coolant, exhaust, inducement and faults, the lowest; remembers which."""
    x[n.LIMITER], share = n.L_FULL_LOAD, 1.0
    height = altitude_of_m(x[n.AMBIENT])
    for what in range(n.L_ALTITUDE, n.L_FAULT + 1):
        one = 1.0
        if what == n.L_ALTITUDE:
            one = max(float(altitude_derating_ratio(height, c[n.DERATE_ALTITUDE_M], c[n.DERATE_PER_METRE_RATIO])), 0.0)
        elif what == n.L_COOLANT:
            one = ramp_share(x[n.COOLANT], c[n.COOLANT_HOT_K], c[n.COOLANT_SPAN_K], c[n.COOLANT_LEAST_RATIO])
        elif what == n.L_EXHAUST:
            one = ramp_share(x[n.EXHAUST], c[n.EXHAUST_HOT_K], c[n.EXHAUST_SPAN_K], c[n.EXHAUST_LEAST_RATIO])
        elif what == n.L_SCR and u[n.SCR_STATE] > 0.0:
            one = c[n.SCR_LOW_RATIO]
        elif what == n.L_FAULT and (has(x, n.F_CRANK) or has(x, n.F_CAM) or has(x, n.F_COOLANT) or has(x, n.F_EXHAUST)):
            one = c[n.FAULT_SHARE_RATIO]
        if one < share:
            x[n.LIMITER], share = what, one
    x[n.DERATE] = share
    return float(share)


def roof_nm(x: Floats, u: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """Most torque allowed now; `full_nm` is already derated, and the state remembers which limit it is."""
    roof = full_nm
    smoke = most_fuel_kg(x, u, c) * torque_per_fuel(c, x[n.W]) - friction_nm
    if smoke < roof:
        roof, x[n.LIMITER] = smoke, n.L_SMOKE
    if u[n.GEAR_LIMIT_NM] > 0.0 and u[n.GEAR_LIMIT_NM] + u[n.AUXILIARY_NM] < roof:
        roof, x[n.LIMITER] = u[n.GEAR_LIMIT_NM] + u[n.AUXILIARY_NM], n.L_GEAR
    fast = max_speed_nm(x, c, friction_nm)
    if fast < roof:
        roof, x[n.LIMITER] = fast, n.L_MAX_SPEED
    road = _road_nm(x, u, c, full_nm, friction_nm)
    if road < roof:
        roof, x[n.LIMITER] = road, n.L_ROAD_SPEED
    return float(roof)


def _road_nm(x: Floats, u: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """Torque the road-speed limiter allows: the lowest of calibration, limit asked for, and creep under severe inducement."""
    aim = c[n.ROAD_MOST_MPS]
    if u[n.LIMIT_MPS] > 0.0:
        aim = min(aim, u[n.LIMIT_MPS])
    if u[n.SCR_STATE] >= SCR_SEVERE:
        aim = min(aim, c[n.SCR_CREEP_MPS])
    return road_nm(x, c, n.ROAD_NM, aim, (-friction_nm, full_nm))
