"""One step of the engine control unit: signals in, fuel of a cycle, throttle, spark, brake stage and starter out."""

from __future__ import annotations

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.arbitrate import arbitrate, own_demand_nm
from fifthwheel.control.engine.governors import idle_nm, idle_target_radps
from fifthwheel.control.engine.layout import Floats
from fifthwheel.control.engine.limits import derate, full_load_nm, roof_nm
from fifthwheel.control.engine.quantity import curve_at, friction_nm, inject
from fifthwheel.control.engine.sense import read_sensors
from fifthwheel.control.engine.starting import advance_run, brake_stage


def step(x: Floats, u: Floats, c: Floats, y: Floats) -> None:
    """Advance the unit by one period.

    Parameters
    ----------
    x : state, shape ``(N_STATE,)``, changed in place; start it with `calibration.start`.
    u : inputs, shape ``(N_INPUT,)``.
    c : calibration, shape ``(N_PARAMETER,)``, from `calibration.parameters_of`.
    y : outputs, shape ``(N_OUTPUT,)``, overwritten.
    """
    read_sensors(x, u, c)
    advance_run(x, u, c)
    y[n.FRICTION_NM] = friction_nm(c, x[n.W], x[n.COOLANT])
    y[n.IDLE_TARGET_RADPS] = idle_target_radps(x, c)
    torque = -y[n.FRICTION_NM]
    y[n.DEMAND_NM], y[n.ROOF_NM], x[n.LIMITER] = torque, 0.0, n.L_NONE
    if x[n.RUN] == n.RUNNING:
        torque = command_nm(x, u, c, y)
    elif x[n.RUN] == n.CRANKING and x[n.W] > c[n.FIRE_RADPS]:
        x[n.COMMANDER] = n.BY_START
        torque = c[n.START_RATIO] * curve_at(c, n.FULL0, c[n.IDLE_RADPS])
    inject(x, u, c, y, torque)
    y[n.BRAKE_STAGE_COUNT] = brake_stage(x, u, c, y[n.FUEL_KG] > 0.0)
    y[n.STARTER_STATE] = 1.0 if x[n.RUN] == n.CRANKING else 0.0
    x[n.LAST_NM] = y[n.TORQUE_NM] = torque
    y[n.RUN_STATE], y[n.LIMITER_STATE], y[n.COMMANDER_STATE] = x[n.RUN], x[n.LIMITER], x[n.COMMANDER]
    y[n.FAULT_BITS], y[n.DERATE_RATIO] = x[n.FAULTS], x[n.DERATE]
    y[n.STOPS_COUNT], y[n.STARTS_COUNT] = x[n.STOPS], x[n.STARTS]


def command_nm(x: Floats, u: Floats, c: Floats, y: Floats) -> float:
    """Torque of the running engine: governors, arbitration, idle as the floor, limits as the roof."""
    friction = y[n.FRICTION_NM]
    full = full_load_nm(x, c)
    own = own_demand_nm(x, u, c, full, friction)
    x[n.LIMITER] = n.L_NONE
    demand = arbitrate(x, u, c, own, (-friction, full))
    requested = x[n.LIMITER]
    derated = full * derate(x, u, c)
    roof = roof_nm(x, u, c, derated, friction)
    floor = idle_nm(x, u, c, min(derated, max(roof, 0.0)), friction)
    if floor > demand:
        demand, x[n.COMMANDER], requested = floor, n.BY_IDLE, n.L_NONE
    y[n.DEMAND_NM], y[n.ROOF_NM] = demand, roof
    if demand <= roof:
        x[n.LIMITER] = requested
    torque = min(demand, roof)
    return float(torque if torque > -(1.0 - c[n.LEAST_INJECTED_RATIO]) * friction else -friction)
