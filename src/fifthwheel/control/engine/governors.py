"""Governors: driver's map, idle, all-speed with droop, maximum speed, road speed and cruise. Torques at the crankshaft, Nm."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats


def map_share(c: Floats, pedal: float, speed_radps: float) -> float:
    """Share of the torque there is, from the driver's map: bilinear over pedal and speed."""
    column = (speed_radps - c[n.IDLE_RADPS]) / (c[n.HIGH_RADPS] - c[n.IDLE_RADPS]) * (n.N_MAP_SPEED - 1)
    column = min(max(column, 0.0), n.N_MAP_SPEED - 1.0)
    row = pedal * (n.N_PEDAL - 1)
    i, j = min(int(row), n.N_PEDAL - 2), min(int(column), n.N_MAP_SPEED - 2)
    a, b = row - i, column - j
    at = n.DRIVER0 + i * n.N_MAP_SPEED + j
    low = (1 - b) * c[at] + b * c[at + 1]
    high = (1 - b) * c[at + n.N_MAP_SPEED] + b * c[at + n.N_MAP_SPEED + 1]
    return float((1 - a) * low + a * high)


def driver_nm(x: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """Torque for the pedal, filtered: from overrun without fuel to full load."""
    wanted = map_share(c, x[n.PEDAL], x[n.W]) * (full_nm + friction_nm) - friction_nm
    slow = c[n.DRIVER_RISE_S] if wanted > x[n.DRIVER_NM] else c[n.DRIVER_FALL_S]
    x[n.DRIVER_NM] += c[n.STEP_S] / (c[n.STEP_S] + slow) * (wanted - x[n.DRIVER_NM])
    return float(x[n.DRIVER_NM])


def regulate(x: Floats, c: Floats, place: int, error_radps: float, span_nm: tuple[float, float]) -> float:
    """PI with lead on a speed error within `span_nm`; its integral stands at `place` and rests at the bounds."""
    gain = c[n.IDLE_BANDWIDTH_RADPS] * c[n.INERTIA_KGM2]
    torque = x[place] + gain * error_radps - c[n.IDLE_LEAD_RATIO] * c[n.INERTIA_KGM2] * x[n.RATE]
    if (
        span_nm[0] < torque < span_nm[1]
        or (torque >= span_nm[1] and error_radps < 0)
        or (torque <= span_nm[0] and error_radps > 0)
    ):
        x[place] += c[n.STEP_S] * c[n.IDLE_INTEGRAL_RADPS] * gain * error_radps
        x[place] = min(max(x[place], span_nm[0]), span_nm[1])
    return float(min(max(torque, span_nm[0]), span_nm[1]))


def idle_target_radps(x: Floats, c: Floats) -> float:
    """Idle speed, raised while the engine is cold."""
    return float(c[n.IDLE_RADPS] + (c[n.IDLE_COLD_RADPS] if x[n.COOLANT] < c[n.IDLE_COLD_K] else 0.0))


def idle_nm(x: Floats, u: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """Least torque that keeps the engine at idle: announced auxiliaries at once, the rest by PI; idles away from idle speed."""
    error = idle_target_radps(x, c) - x[n.W]
    ahead = u[n.AUXILIARY_NM]
    if error < -c[n.IDLE_AWAY_RATIO] * c[n.IDLE_RADPS]:
        x[n.IDLE_SUM_NM] *= 1.0 - c[n.STEP_S]
        return -friction_nm
    return float(ahead + regulate(x, c, n.IDLE_SUM_NM, error, (-friction_nm - ahead, full_nm - ahead)))


def all_speed_nm(x: Floats, c: Floats, full_nm: float, friction_nm: float) -> float:
    """All-speed governor: the pedal sets a speed that falls by the droop from no load to full load."""
    top = c[n.SPEED0 + n.N_CURVE - 1]
    aim = c[n.IDLE_RADPS] + x[n.PEDAL] * (c[n.GOVERNED_RATIO] * top - c[n.IDLE_RADPS])
    unloaded = 1.0 - max(x[n.LAST_NM], 0.0) / max(full_nm, 1.0)
    return regulate(x, c, n.ALL_SPEED_SUM_NM, aim * (1.0 + c[n.DROOP_RATIO] * unloaded) - x[n.W], (-friction_nm, full_nm))


def max_speed_nm(x: Floats, c: Floats, friction_nm: float) -> float:
    """Torque allowed below the highest speed; none above it."""
    ahead = x[n.W] + c[n.LOOK_AHEAD_S] * max(x[n.RATE], 0.0)
    return float(max(c[n.MAX_SPEED_BANDWIDTH_RADPS] * c[n.INERTIA_KGM2] * (c[n.HIGH_RADPS] - ahead), -friction_nm))


def road_nm(x: Floats, c: Floats, place: int, aim_mps: float, span_nm: tuple[float, float]) -> float:
    """Torque for a road speed, PI in steps from the torque of the step before (so it cannot wind up); `place`: torque, error.

    Beyond the band below the speed it gives the whole span.
    """
    error = aim_mps - x[n.V] - c[n.ROAD_LEAD_S] * x[n.ACCEL]
    before = x[place + 1]
    x[place + 1] = error
    if error > c[n.ROAD_BAND_MPS]:
        x[place] = span_nm[1]
        return span_nm[1]
    gain = c[n.ROAD_GAIN_RATIO] * (span_nm[1] - span_nm[0])
    start = min(x[place], max(c[n.REGULATED_RATIO] * x[n.LAST_NM], x[n.LAST_NM] + 0.02 * span_nm[1]))
    torque = start + gain * (error - before + c[n.STEP_S] / c[n.ROAD_TIME_S] * error)
    x[place] = min(max(torque, span_nm[0]), span_nm[1])
    return float(x[place])
