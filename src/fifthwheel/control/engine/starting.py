"""Running and not: cranking, stalling, start-stop, and the decompression brake."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats
from fifthwheel.control.engine.sense import has

KEY_OFF, KEY_START = 0, 2


def go_to(x: Floats, state: int) -> None:
    """Enter a run state."""
    x[n.RUN], x[n.TIMER_S] = state, 0.0


def advance_run(x: Floats, u: Floats, c: Floats) -> None:
    """Run state of the next period."""
    run = int(x[n.RUN])
    x[n.TIMER_S] += c[n.STEP_S]
    x[n.LOCKED_S] = max(x[n.LOCKED_S] - c[n.STEP_S], 0.0)
    standing = u[n.VEHICLE_MPS] < c[n.STANDING_MPS] and x[n.PEDAL] < c[n.PEDAL_PRESSED_RATIO]
    x[n.STILL_S] = x[n.STILL_S] + c[n.STEP_S] if standing else 0.0
    if u[n.KEY_STATE] == KEY_OFF:
        if run != n.STOPPED:
            go_to(x, n.STOPPED)
    elif run == n.STOPPED:
        if x[n.W] >= c[n.RUN_RADPS]:
            _catch(x)
        elif u[n.KEY_STATE] == KEY_START and x[n.LOCKED_S] <= 0.0:
            go_to(x, n.CRANKING)
    elif run == n.CRANKING:
        _crank(x, c)
    elif run == n.RUNNING:
        if x[n.W] < c[n.STALL_RADPS]:
            go_to(x, n.STOPPED)
        elif may_stop(x, u, c):
            x[n.STOPS] += 1.0
            go_to(x, n.RESTING)
    elif must_restart(x, u, c):
        if x[n.W] >= c[n.RUN_RADPS]:
            _catch(x)
        else:
            go_to(x, n.CRANKING)


def _crank(x: Floats, c: Floats) -> None:
    """Leave cranking when the engine runs by itself, or give the starter a rest."""
    if x[n.W] > c[n.RUN_RADPS]:
        x[n.STARTS] += 1.0
        x[n.IDLE_SUM_NM] = 0.0
        go_to(x, n.RUNNING)
    elif x[n.TIMER_S] > c[n.CRANK_MOST_S]:
        x[n.LOCKED_S] = c[n.CRANK_REST_S]
        go_to(x, n.STOPPED)


def _catch(x: Floats) -> None:
    """Fuel an engine that turns already: driven by the vehicle, or still running down; not while its speed is in doubt."""
    if not (has(x, n.F_CRANK) and has(x, n.F_CAM)):
        x[n.STARTS] += 1.0
        x[n.IDLE_SUM_NM] = 0.0
        go_to(x, n.RUNNING)


def may_stop(x: Floats, u: Floats, c: Floats) -> bool:
    """Whether start-stop may rest the engine: standing on the brake, out of gear, warm, with charge, air and no demand."""
    stands = x[n.STILL_S] >= c[n.STOP_AFTER_S] and u[n.BRAKE_STATE] > 0.0 and u[n.GEAR_COUNT] <= 0.0
    warm = c[n.STOP_COLD_K] <= x[n.COOLANT] <= c[n.STOP_HOT_K] and x[n.FAULTS] == 0.0
    stored = u[n.BATTERY_SOC_RATIO] >= c[n.STOP_SOC_RATIO] and u[n.BRAKE_AIR_PA] >= c[n.STOP_AIR_PA]
    idle = u[n.AUXILIARY_NM] <= c[n.STOP_AUXILIARY_NM] and x[n.TIMER_S] >= c[n.STOP_AFTER_S] and _unasked(u)
    return bool(u[n.STOP_ALLOWED_STATE] > 0.0 and stands and warm and stored and idle)


def must_restart(x: Floats, u: Floats, c: Floats) -> bool:
    """Whether a resting engine is wanted: brake released, pedal, request, battery or air low, demand, or too long."""
    driver = u[n.BRAKE_STATE] <= 0.0 or x[n.PEDAL] >= c[n.PEDAL_PRESSED_RATIO] or u[n.KEY_STATE] == KEY_START
    stored = u[n.BATTERY_SOC_RATIO] < c[n.RESTART_SOC_RATIO] or u[n.BRAKE_AIR_PA] < c[n.RESTART_AIR_PA]
    wanted = u[n.AUXILIARY_NM] > c[n.STOP_AUXILIARY_NM] or x[n.TIMER_S] > c[n.STOP_MOST_S] or u[n.STOP_ALLOWED_STATE] <= 0.0
    return bool(driver or stored or wanted or not _unasked(u))


def _unasked(u: Floats) -> bool:
    """Whether no unit controls the engine by TSC1."""
    asked = False
    for k in range(3):
        mode = u[n.TRANSMISSION_STATE + 4 * k]
        asked = asked or n.BY_SPEED <= mode <= n.BY_TORQUE
    return not asked


def brake_stage(x: Floats, u: Floats, c: Floats, fuelled: bool) -> float:
    """Stage of the decompression brake: in overrun only, above its speed, with hysteresis; off while a stability limit holds."""
    stages = c[n.BRAKE_STAGES_COUNT]
    stable = u[n.BRAKES_STATE] != n.TO_LIMIT and u[n.BRAKES_STATE] != n.BY_TORQUE
    overrun = x[n.RUN] == n.RUNNING and not fuelled and x[n.PEDAL] < c[n.PEDAL_PRESSED_RATIO]
    if not (overrun and stable) or x[n.W] < c[n.BRAKE_LEAST_RADPS]:
        x[n.STAGE] = 0.0
        return 0.0
    asked = u[n.ENGINE_BRAKE_RATIO] * stages
    if abs(asked - x[n.STAGE]) > 0.5 + c[n.STAGE_HYSTERESIS_RATIO] or asked <= 0.0 or asked >= stages:
        x[n.STAGE] = float(int(asked + 0.5))
    return float(x[n.STAGE])
