"""One step of the transmission control unit: signals in, clutch strokes, forks and engine request out."""

from __future__ import annotations

from fifthwheel.control.gearbox import coordinator as phases
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import GRAVITY_MPS2, estimate_road, read_signals, shaft_of
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.protect import diagnose, limit_clutches, limit_forks
from fifthwheel.control.gearbox.schedule import choose_target

ROLLING_BACK_MPS = -0.03


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
    _act(x, c, y, caps)
    y[n.WARNING] = max(x[n.HEAT], 1.0 if x[n.FAULTS] > 0 else 0.0)
    y[n.HILL_HOLD] = 1.0 if x[n.PHASE] == n.LAUNCH and u[n.PEDAL] > 0 and _short(x, c) else 0.0
    x[n.TIMER] += c[n.STEP_S]


def _short(x: Floats, c: Floats) -> bool:
    """Whether the clutch does not yet hold the vehicle on its slope."""
    gear = int(x[n.GEAR])
    pull = x[n.NOW_ODD_NM + shaft_of(gear)] * c[n.RATIO0 + gear] * c[n.EFFICIENCY] / c[n.RADIUS_M]
    return bool(x[n.V_MPS] < 0.05 and (pull < x[n.MASS_KG] * GRAVITY_MPS2 * x[n.GRADE] or x[n.V_MPS] < ROLLING_BACK_MPS))


def coordinate(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """Clutch torques (Nm) that the present phase wants; sets gears wanted and the engine's request."""
    phase = int(x[n.PHASE])
    if n.FILL <= phase <= n.LOCK and _broken(x, u):
        phases.enter(x, n.ABORT)
        phase = n.ABORT
    caps = (0.0, 0.0)
    if phase == n.OPEN:
        caps = phases.open_clutches(x, u, c, y)
    elif phase == n.LAUNCH:
        caps = phases.launch(x, u, c, y)
    elif phase == n.DRIVE:
        caps = phases.drive(x, u, c, y, choose_target(x, u, c))
    elif phase == n.FILL:
        caps = phases.fill(x, u, c, y)
    elif phase == n.TORQUE:
        caps = phases.hand_over(x, y)
    elif phase == n.INERTIA:
        caps = phases.change_speed(x, c, y)
    elif phase == n.LOCK:
        caps = phases.lock(x, c, y)
    elif phase == n.ABORT:
        caps = phases.abort(x, c, y)
    else:
        caps = phases.swap(x, u, c, y)
    return caps


def _broken(x: Floats, u: Floats) -> bool:
    """Whether a shift under way has lost a gear, a shaft or the driver's wish."""
    on, off = shaft_of(int(x[n.TARGET])), shaft_of(int(x[n.GEAR]))
    gone = int(u[n.ODD_GEAR + on]) != int(x[n.TARGET]) or int(u[n.ODD_GEAR + off]) != int(x[n.GEAR])
    return bool(gone or x[n.LOST_ODD + on] > 0 or x[n.LOST_ODD + off] > 0 or u[n.DRIVE_SELECTED] <= 0)


def _act(x: Floats, c: Floats, y: Floats, caps: tuple[float, float]) -> None:
    """Strokes and forks: a clutch that carries goes above its kiss point, the on-coming one to it, the others stay below."""
    filling = shaft_of(int(x[n.TARGET])) if x[n.PHASE] == n.FILL else -1
    for k in range(2):
        cap = caps[0] if k == 0 else caps[1]
        stroke = x[n.KISS_ODD + k] + cap / c[n.STROKE_NM]
        if cap <= 0:
            stroke = x[n.KISS_ODD + k] - (0.2 if filling == k else 1.0) * c[n.KISS_SPARE]
        y[n.STROKE_ODD + k] = min(max(stroke, 0.0), 1.0)
        y[n.FORK_ODD + k] = x[n.WANT_ODD + k]
        y[n.CAP_ODD + k] = cap
        x[n.NOW_ODD_NM + k] = cap
        x[n.LAST_ODD_STROKE + k] = y[n.STROKE_ODD + k]
