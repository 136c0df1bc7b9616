"""A shift with one clutch and interrupted traction: UNLOAD, OUT, SPEED, IN, RELOAD.

Torque is led out of the driveline and the clutch opened, the gear leaves, shaft and engine come to the speed of the new gear (the
shaft by its cones, or, in a box of plain dogs, by the engine through the closed clutch), the gear enters, torque is led back.
"""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.coordinator import enter, per_mps2_nm, request, smooth, wanted_nm
from fifthwheel.control.gearbox.dual import arrive, changed_mind, give_back
from fifthwheel.control.gearbox.layout import Floats


def unload(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """UNLOAD: engine torque to none, no faster than the jerk limit; the clutch follows and opens.

    A driver who changes his mind until then keeps the gear.
    """
    felt = abs(x[n.LAST_NM]) / per_mps2_nm(x, c, int(x[n.GEAR]))
    span = min(max(1.5 * felt / c[n.RELOAD_JERK_MPS3], c[n.UNLOAD_LOW_S]), c[n.UNLOAD_S])
    request(y, x[n.LAST_NM] * (1 - smooth(x[n.TIMER] / span)))
    torque = min(c[n.HOLD_OVER] * abs(x[n.TE_HAT]) + c[n.HOLD_OVER_NM], x[n.NOW_ODD_NM])
    free = x[n.TIMER] > span and abs(x[n.TE]) < c[n.UNLOAD_NM]
    if changed_mind(x, u, c):
        x[n.LAST_NM] = x[n.TE]
        give_back(x)
    elif free or x[n.TIMER] > 2 * span:
        enter(x, n.OUT)
    return torque, 0.0


def lead_engine(x: Floats, c: Floats, y: Floats) -> float:
    """Ask the engine for the torque that brings it to the speed of the new gear; returns that speed (rad/s)."""
    speed = x[n.WO] * c[n.RATIO0 + int(x[n.TARGET])]
    gap = speed - x[n.WE] - c[n.SPEED_LEAD_S] * x[n.WE_RATE]
    request(y, c[n.JE_KGM2] * c[n.SPEED_GAIN] * gap)
    return float(speed)


def out_of_gear(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """OUT: the clutch is open, the old gear leaves; one that does not is driven on."""
    lead_engine(x, c, y)
    if x[n.NOW_ODD_NM] <= 0:
        x[n.WANT_ODD] = 0.0
    if int(u[n.ODD_GEAR]) == 0:
        enter(x, n.SPEED)
    elif x[n.TIMER] > c[n.OUT_MOST_S] and int(u[n.ODD_GEAR]) == int(x[n.GEAR]):
        x[n.STUCK_ODD], x[n.WANT_ODD], x[n.TARGET] = 1.0, x[n.GEAR], x[n.GEAR]
        x[n.LAST_NM] = 0.0
        enter(x, n.RELOAD)
    return 0.0, 0.0


def to_speed(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """SPEED: the shaft comes to the speed of the new gear, by the engine through the closed clutch or by its cones."""
    speed = lead_engine(x, c, y)
    if c[n.CLOSED_SYNC] <= 0 or abs(x[n.W_ODD] - speed) < c[n.SYNC_RADPS]:
        enter(x, n.IN)
        x[n.WANT_ODD] = x[n.TARGET]
    return (c[n.LOCK_NM] if c[n.CLOSED_SYNC] > 0 else 0.0), 0.0


def into_gear(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """IN: the new gear enters; then the clutch may take torque."""
    lead_engine(x, c, y)
    x[n.WANT_ODD] = x[n.TARGET]
    if int(u[n.ODD_GEAR]) == int(x[n.TARGET]):
        enter(x, n.RELOAD)
        x[n.LAST_NM], x[n.HOLD_NM] = 0.0, 0.0
    elif x[n.STUCK_ODD] > 0:
        enter(x, n.ABORT)
    return (c[n.LOCK_NM] if c[n.CLOSED_SYNC] > 0 else 0.0), 0.0


def reload_torque(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """RELOAD: the clutch takes up torque by the jerk limit while what slip is left dies out."""
    gear = int(x[n.TARGET])
    per = per_mps2_nm(x, c, gear)
    most = c[n.RELOAD_JERK_MPS3] * per * c[n.STEP_S]
    wanted = wanted_nm(x, u, c)
    x[n.LAST_NM] += min(max(wanted - x[n.LAST_NM], -most), most)
    moving = x[n.A_MPS2] / c[n.RADIUS_M] * c[n.RATIO0 + gear]
    slip = x[n.WE] - x[n.W_ODD]
    approach = c[n.JE_KGM2] * (moving - c[n.SPEED_GAIN] * slip)
    request(y, x[n.LAST_NM] + approach)
    torque = (x[n.TE_HAT] - approach) * (1.0 if slip >= 0 else -1.0)
    torque = min(max(torque, c[n.MIN_HOLD_NM]), max(x[n.NOW_ODD_NM], c[n.MIN_HOLD_NM]) + most)
    if abs(slip) < c[n.CATCH_RADPS] and x[n.TIMER] > c[n.FILL_S]:
        arrive(x)
    elif x[n.W_ODD] < c[n.CAUGHT_IDLE] * c[n.IDLE_RADPS]:
        arrive(x)
        enter(x, n.LAUNCH)
    return torque, 0.0
