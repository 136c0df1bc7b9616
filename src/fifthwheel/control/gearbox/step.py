"""One step of the transmission control unit: signals in, clutch strokes, forks and engine request out."""

from __future__ import annotations

from fifthwheel.control.gearbox import coordinator, dual, single
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.coordinator import enter, hold_on_hill
from fifthwheel.control.gearbox.dual import cold
from fifthwheel.control.gearbox.estimate import estimate_road, read_signals, shaft_of
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.protect import diagnose, limit_clutches, limit_forks
from fifthwheel.control.gearbox.schedule import choose_target


def step(x: Floats, u: Floats, c: Floats, y: Floats) -> None:
    """Advance the unit by one period.

    Parameters
    ----------
    x : state, shape ``(N_STATE,)``, changed in place; start it with `calibration.start`.
    u : inputs, shape ``(N_INPUT,)``.
    c : calibration, shape ``(N_CALIBRATION,)``, from `Calibration.array`.
    y : outputs, shape ``(N_OUTPUT,)``, overwritten.
    """
    read_signals(x, u, c)
    estimate_road(x, u, c)
    diagnose(x, u, c)
    x[n.SINCE_S] += c[n.STEP_S]
    y[n.REQUESTED], y[n.REQUEST_NM] = 0.0, 0.0
    wanted = coordinate(x, u, c, y)
    caps = limit_clutches(x, u, c, wanted)
    limit_forks(x, u, caps)
    act(x, u, c, y, caps)
    y[n.WARNING] = max(x[n.HEAT], 1.0 if x[n.FAULTS] > 0 else 0.0)
    y[n.HILL_HOLD] = hold_on_hill(x, u, c)
    x[n.TIMER] += c[n.STEP_S]


def coordinate(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """Clutch torques (Nm) that the present phase wants; sets gears wanted and the engine's request."""
    if n.FILL <= x[n.PHASE] <= n.LOCK and broken(x, u, c):
        enter(x, n.ABORT)
    if x[n.PHASE] >= n.UNLOAD and (u[n.DRIVE_SELECTED] <= 0 or x[n.LOST_ODD] > 0):
        enter(x, n.ABORT)
    phase = int(x[n.PHASE])
    caps = (0.0, 0.0)
    if phase == n.OPEN:
        caps = coordinator.open_clutches(x, u, c, y)
    elif phase == n.LAUNCH:
        caps = coordinator.launch(x, u, c, y)
    elif phase == n.DRIVE:
        caps = coordinator.drive(x, u, c, y, choose_target(x, u, c))
    elif phase == n.ABORT:
        caps = coordinator.abort(x, c, y)
    elif phase <= n.SWAP:
        caps = shift_dual(x, u, c, y, phase)
    else:
        caps = shift_single(x, u, c, y, phase)
    return caps


def shift_dual(x: Floats, u: Floats, c: Floats, y: Floats, phase: int) -> tuple[float, float]:
    """Clutch torques (Nm) in a phase of a shift between two clutches."""
    if phase == n.FILL:
        return dual.fill(x, u, c, y)
    if phase == n.TORQUE:
        return dual.hand_over(x, u, c, y)
    if phase == n.INERTIA:
        return dual.change_speed(x, u, c, y)
    return dual.lock(x, c, y) if phase == n.LOCK else dual.swap(x, u, c, y)


def shift_single(x: Floats, u: Floats, c: Floats, y: Floats, phase: int) -> tuple[float, float]:
    """Clutch torques (Nm) in a phase of a shift with one clutch."""
    if phase == n.UNLOAD:
        return single.unload(x, u, c, y)
    if phase == n.OUT:
        return single.out_of_gear(x, u, c, y)
    if phase == n.SPEED:
        return single.to_speed(x, c, y)
    return single.into_gear(x, u, c, y) if phase == n.IN else single.reload_torque(x, u, c, y)


def broken(x: Floats, u: Floats, c: Floats) -> bool:
    """Whether a shift under way between two clutches has lost a gear, a shaft or the driver's wish."""
    on, off = shaft_of(c, int(x[n.TARGET])), shaft_of(c, int(x[n.GEAR]))
    gone = int(u[n.ODD_GEAR + on]) != int(x[n.TARGET]) or int(u[n.ODD_GEAR + off]) != int(x[n.GEAR])
    return bool(gone or x[n.LOST_ODD + on] > 0 or x[n.LOST_ODD + off] > 0 or u[n.DRIVE_SELECTED] <= 0)


def act(x: Floats, u: Floats, c: Floats, y: Floats, caps: tuple[float, float]) -> None:
    """Strokes and forks: a clutch that carries goes above its kiss point, the on-coming one to it, the others stay below.

    A moving stroke is led by the lag of its actuator, which grows in cold oil.
    """
    filling = shaft_of(c, int(x[n.TARGET])) if x[n.PHASE] == n.FILL else -1
    lead_s = c[n.STROKE_TAU_S] * cold(u, c)
    for k in range(2):
        cap = caps[0] if k == 0 else caps[1]
        stroke = x[n.KISS_ODD + k] + cap / c[n.STROKE_NM]
        if cap <= 0:
            stroke = x[n.KISS_ODD + k] - (c[n.FILL_SHARE] if filling == k else 1.0) * c[n.KISS_SPARE]
        lead = lead_s * (stroke - x[n.BASE_ODD_STROKE + k]) / c[n.STEP_S]
        x[n.BASE_ODD_STROKE + k] = stroke
        y[n.STROKE_ODD + k] = min(max(stroke + min(max(lead, -c[n.LEAD_MOST]), c[n.LEAD_MOST]), 0.0), 1.0)
        y[n.FORK_ODD + k] = x[n.WANT_ODD + k]
        y[n.CAP_ODD + k] = cap
        x[n.NOW_ODD_NM + k] = cap
        x[n.LAST_ODD_STROKE + k] = stroke
