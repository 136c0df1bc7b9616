"""Sensors of the engine control unit: what it believes, substitute values for what cannot be, and faults after a time."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats


def suspect(x: Floats, c: Floats, fault: int, bad: bool) -> None:
    """Count how long a sensor has been wrong; the fault stands from `fault_s` on and heals as slowly."""
    most = c[n.FAULT_S]
    timer = x[n.FAULT0 + fault] + (c[n.STEP_S] if bad else -c[n.STEP_S])
    x[n.FAULT0 + fault] = min(max(timer, 0.0), 2.0 * most)
    known = int(x[n.FAULTS]) >> fault & 1
    if known == 0 and timer >= most:
        x[n.FAULTS] += 1 << fault
    elif known == 1 and timer <= 0.0:
        x[n.FAULTS] -= 1 << fault


def has(x: Floats, fault: int) -> bool:
    """Whether a fault stands."""
    return int(x[n.FAULTS]) >> fault & 1 == 1


def outside(value: float, low: float, high: float) -> bool:
    """Whether a reading is outside its range, or not a number."""
    return not low <= value <= high


def read_sensors(x: Floats, u: Floats, c: Floats) -> None:
    """Take over the sensors, replacing at once what is out of range; a fault is reported only after its time."""
    _read_speed(x, u, c)
    _read_pedal(x, u, c)
    least = c[n.THROTTLED_LOW_PA] if c[n.SPARK_STATE] > 0.0 else c[n.PRESSURE_LOW_PA]
    pressure_bad = outside(u[n.INTAKE_PA], least, c[n.PRESSURE_HIGH_PA])
    if c[n.SPARK_STATE] > 0.0:
        pressure_bad = pressure_bad or outside(u[n.BOOST_PA], c[n.PRESSURE_LOW_PA], c[n.PRESSURE_HIGH_PA])
    suspect(x, c, n.F_INTAKE_PA, pressure_bad)
    bad = outside(u[n.AMBIENT_PA], c[n.AMBIENT_LOW_PA], c[n.AMBIENT_HIGH_PA])
    suspect(x, c, n.F_AMBIENT, bad)
    x[n.AMBIENT] = c[n.SUBSTITUTE_AMBIENT_PA] if bad else u[n.AMBIENT_PA]
    x[n.INTAKE] = x[n.THROTTLE] * x[n.AMBIENT] if pressure_bad else u[n.INTAKE_PA]
    bad = outside(u[n.INTAKE_K], c[n.SENSOR_COLD_K], c[n.CHARGE_HIGH_K])
    suspect(x, c, n.F_INTAKE_K, bad)
    x[n.CHARGE_K] = c[n.SUBSTITUTE_INTAKE_K] if bad else u[n.INTAKE_K]
    bad = outside(u[n.COOLANT_K], c[n.SENSOR_COLD_K], c[n.COOLANT_HIGH_K])
    suspect(x, c, n.F_COOLANT, bad)
    x[n.COOLANT] = c[n.SUBSTITUTE_COOLANT_K] if bad else u[n.COOLANT_K]
    bad = outside(u[n.EXHAUST_K], c[n.SENSOR_COLD_K], c[n.EXHAUST_HIGH_K])
    suspect(x, c, n.F_EXHAUST, bad)
    x[n.EXHAUST] = 0.0 if bad else u[n.EXHAUST_K]
    suspect(x, c, n.F_LAMBDA, c[n.SPARK_STATE] > 0.0 and x[n.RUN] == n.RUNNING and outside(u[n.LAMBDA_RATIO], 0.3, 1e6))


def _read_speed(x: Floats, u: Floats, c: Floats) -> None:
    """Engine speed from crank or cam: where they disagree, the one that left the speed known is wrong.

    A fall that no engine can make means both are lost; that stands until speed is seen again.
    """
    crank, cam, known = u[n.CRANK_RADPS], u[n.CAM_RADPS], x[n.W]
    most = c[n.SPEED_OVER_RATIO] * c[n.HIGH_RADPS]
    crank_bad, cam_bad = outside(crank, 0.0, most), outside(cam, 0.0, most)
    if not crank_bad and not cam_bad and abs(crank - cam) > c[n.SPEED_APART_RADPS]:
        crank_bad = abs(crank - known) > abs(cam - known)
        cam_bad = not crank_bad
    now = (0.0 if cam_bad else cam) if crank_bad else crank
    if known - now > c[n.LOST_RADPS]:
        x[n.FAULT0 + n.F_CRANK] = x[n.FAULT0 + n.F_CAM] = 2.0 * c[n.FAULT_S]
    if now > 0.0 or crank_bad or cam_bad or known - now > c[n.LOST_RADPS]:
        suspect(x, c, n.F_CRANK, crank_bad)
        suspect(x, c, n.F_CAM, cam_bad)
    if x[n.SEEN] > 0.0:
        x[n.RAW_RATE] = (now - known) / c[n.STEP_S]
        x[n.RATE] += c[n.STEP_S] / (c[n.STEP_S] + c[n.RATE_FILTER_S]) * (x[n.RAW_RATE] - x[n.RATE])
        change = (u[n.VEHICLE_MPS] - x[n.V]) / c[n.STEP_S]
        x[n.ACCEL] += c[n.STEP_S] / (c[n.STEP_S] + c[n.ACCEL_FILTER_S]) * (change - x[n.ACCEL])
    x[n.W], x[n.V], x[n.SEEN] = now, u[n.VEHICLE_MPS], 1.0


def _read_pedal(x: Floats, u: Floats, c: Floats) -> None:
    """Pedal from two tracks, the second half of the first; where they disagree it counts as released."""
    bad = outside(u[n.PEDAL_RATIO], -0.02, 1.05) or abs(u[n.PEDAL_RATIO] - 2.0 * u[n.PEDAL_2_RATIO]) > c[n.TRACKS_APART_RATIO]
    suspect(x, c, n.F_PEDAL, bad)
    x[n.PEDAL] = 0.0 if bad or has(x, n.F_PEDAL) else min(max(u[n.PEDAL_RATIO], 0.0), 1.0)
