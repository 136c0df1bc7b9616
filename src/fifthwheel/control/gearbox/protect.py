"""Diagnosis, limp-home, heat and the tie-up monitor: what has the last word over the coordinator."""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import shaft_of
from fifthwheel.control.gearbox.layout import Floats

WARN, NO_CREEP, LIMITED, TOO_HOT = 1, 2, 3, 4


def diagnose(x: Floats, u: Floats, c: Floats) -> None:
    """Latch stuck forks and stray clutches by their time out of place; count what else is wrong; heat level with hysteresis.

    A box with one clutch whose fork is stuck in neutral tries again after a while: it has no other shaft to drive on.
    """
    faults = 0
    for k in range(int(c[n.SHAFTS])):
        idle = c[n.SHAFTS] < 2 and x[n.STUCK_ODD + k] > 0 and int(u[n.ODD_GEAR + k]) == 0
        away = idle or int(u[n.ODD_GEAR + k]) != int(x[n.WANT_ODD + k])
        x[n.SHIFTING_ODD_S + k] = x[n.SHIFTING_ODD_S + k] + c[n.STEP_S] if away else 0.0
        if x[n.SHIFTING_ODD_S + k] > c[n.FORK_MOST_S]:
            x[n.STUCK_ODD + k] = 0.0 if idle else 1.0
            x[n.SHIFTING_ODD_S + k] = 0.5 * c[n.FORK_MOST_S] if idle else 0.0
        stray = u[n.ODD_STROKE_OK + k] > 0 and abs(u[n.ODD_STROKE + k] - x[n.LAST_ODD_STROKE + k]) > c[n.STRAY_RATIO]
        x[n.STRAY_ODD_S + k] = x[n.STRAY_ODD_S + k] + c[n.STEP_S] if stray else 0.0
        if x[n.STRAY_ODD_S + k] > c[n.STRAY_MOST_S]:
            x[n.LOST_ODD + k] = 1.0
        faults += int(x[n.STUCK_ODD + k] + x[n.LOST_ODD + k]) + int(x[n.SHIFTING_ODD_S + k] >= 0.5 * c[n.FORK_MOST_S])
        faults += int(u[n.ODD_OK + k] <= 0) + int(u[n.ODD_STROKE_OK + k] <= 0)
    faults += int(u[n.ENGINE_OK] <= 0) + int(u[n.EEC1_OK] <= 0) + int(u[n.OUTPUT_OK] <= 0) + int(u[n.EBC1_OK] <= 0)
    x[n.FAULTS] = faults + int(u[n.SUPPLY_V] < c[n.LOW_V])
    hottest = max(u[n.ODD_K], u[n.EVEN_K]) if c[n.SHAFTS] > 1 else u[n.ODD_K]
    level = 0
    for step in range(4):
        limit = c[n.WARM_K + step] - (c[n.HOT_HYST_K] if x[n.HEAT] > step else 0.0)
        level = step + 1 if hottest > limit else level
    x[n.HEAT] = level


def limit_clutches(x: Floats, u: Floats, c: Floats, caps: tuple[float, float]) -> tuple[float, float]:
    """Clutch torques (Nm) that may be: one clutch alone outside hand-over, no tie-up inside it, no stall, no lost shaft."""
    odd, even = max(caps[0], 0.0), max(caps[1], 0.0)
    if x[n.LOST_ODD] > 0 or (int(u[n.ODD_GEAR]) <= 0 and x[n.PHASE] < n.SPEED):
        odd = 0.0
    if x[n.LOST_EVEN] > 0 or int(u[n.EVEN_GEAR]) <= 0 or c[n.SHAFTS] < 2:
        even = 0.0
    if x[n.HEAT] >= TOO_HOT and x[n.PHASE] != n.DRIVE:
        odd, even = 0.0, 0.0
    roof = max(c[n.STALL_GAIN] * (x[n.WE] - c[n.STALL_RADPS]), 0.0)
    odd, even = min(odd, roof), min(even, roof)
    active = shaft_of(c, int(x[n.GEAR]))
    if x[n.PHASE] < n.TORQUE or x[n.PHASE] > n.LOCK:
        odd, even = (odd, 0.0) if active == 0 else (0.0, even)
    spare = odd + even - (c[n.TIE_RATIO] * x[n.HOLD_NM] + c[n.TIE_NM_MOST])
    if min(odd, even) > 0 and spare > 0:
        odd, even = (max(odd - spare, 0.0), even) if active == 0 else (odd, max(even - spare, 0.0))
    x[n.TIE_NM] = min(odd, even)
    return odd, even


def limit_forks(x: Floats, u: Floats, caps: tuple[float, float]) -> None:
    """A fork stays where it is while its clutch carries torque, while a shift runs, and for good when it is stuck.

    A box with one clutch may put a gear in from neutral while the engine, clutch closed, holds its shaft at speed.
    """
    busy = n.FILL <= x[n.PHASE] <= n.LOCK
    for k in range(2):
        at = int(u[n.ODD_GEAR + k])
        cap = caps[0] if k == 0 else caps[1]
        carries = (cap > 0 or x[n.NOW_ODD_NM + k] > 0) and not (at == 0 and x[n.PHASE] == n.IN)
        if at >= 0 and (carries or busy or x[n.STUCK_ODD + k] > 0):
            x[n.WANT_ODD + k] = at
