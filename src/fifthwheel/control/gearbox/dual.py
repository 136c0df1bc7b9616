"""A shift between two clutches: FILL, TORQUE, INERTIA, LOCK; SWAP where one shaft must serve both gears.

Power-on up: FILL, TORQUE, INERTIA, LOCK. Power-on down: FILL, INERTIA, TORQUE, LOCK. Power-off shifts swap the roles. In
general: hand-over first where engine torque and direction of the shift have one sign, else the engine is first brought to its
new speed on the off-going clutch. A driver who changes his mind before half the hand-over gets the old gear back.
"""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.coordinator import enter, per_mps2_nm, request, smooth, torque_roof_nm
from fifthwheel.control.gearbox.estimate import driver_nm, full_load_nm, shaft_of
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.schedule import usable, wished_gear


def changed_mind(x: Floats, u: Floats, c: Floats) -> bool:
    """Whether the driver no longer wants the gear shifted to: he asks for another, or his foot is far from where it was."""
    direction = 1 if x[n.TARGET] > x[n.GEAR] else -1
    asked = int(u[n.ASKED_GEAR])
    if asked > 0:
        return bool((asked - int(x[n.GEAR])) * direction <= 0)
    moved = abs(u[n.PEDAL] - x[n.START_PEDAL]) > c[n.ABORT_PEDAL]
    return bool(moved and (wished_gear(x, u, c) - int(x[n.GEAR])) * direction <= 0)


def give_back(x: Floats) -> None:
    """Back to DRIVE in the old gear."""
    x[n.TARGET], x[n.RAMP], x[n.RETURNING] = x[n.GEAR], 1.0, 0.0
    enter(x, n.DRIVE)


def fill(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """FILL: the on-coming clutch goes to its kiss point; torque, sign and spans of the shift are laid down."""
    off = shaft_of(c, int(x[n.GEAR]))
    request(y, x[n.LAST_NM])
    gaining = c[n.JE_KGM2] * x[n.A_MPS2] / c[n.RADIUS_M] * c[n.RATIO0 + int(x[n.GEAR])]
    x[n.HOLD_NM] = max(abs(x[n.TE] - gaining), c[n.MIN_HOLD_NM])
    x[n.SIGN] = 1.0 if x[n.TE] > 0 or (u[n.PEDAL] > c[n.BRAKE_LEAST] and x[n.TE] > -c[n.MIN_HOLD_NM] / 2) else -1.0
    if changed_mind(x, u, c):
        give_back(x)
    elif x[n.TIMER] >= c[n.FILL_S] * cold(u, c):
        _spans(x, c)
        enter(x, n.TORQUE if torque_first(x) else n.INERTIA)
        x[n.ERROR_SUM], x[n.ERROR_N], x[n.PATH], x[n.RETURNING] = 0.0, 0.0, 0.0, 0.0
    now = max(c[n.HOLD_OVER] * x[n.HOLD_NM] + c[n.HOLD_OVER_NM], x[n.NOW_ODD_NM + off] - c[n.FILL_NMPS] * c[n.STEP_S])
    return (now, 0.0) if off == 0 else (0.0, now)


def cold(u: Floats, c: Floats) -> float:
    """How many times slower the clutch actuators are in cold oil (the cooler clutch stands for the oil)."""
    oil_k = min(u[n.ODD_K], u[n.EVEN_K]) if c[n.SHAFTS] > 1 else u[n.ODD_K]
    return float(1 + c[n.COLD_TAU_PK] * max(c[n.COLD_K] - oil_k, 0.0))


def _spans(x: Floats, c: Floats) -> None:
    """Durations of hand-over (by the jerk of its step) and inertia phase (by the torque the engine has to spare)."""
    old, new = c[n.RATIO0 + int(x[n.GEAR])], c[n.RATIO0 + int(x[n.TARGET])]
    pull = x[n.MASS_KG] * c[n.RADIUS_M] / c[n.EFFICIENCY]
    x[n.END_NM] = x[n.HOLD_NM]
    if x[n.SIGN] > 0 and new > old:
        there = full_load_nm(c, x[n.WO] * new)
        x[n.HOLD_NM] = max(min(x[n.HOLD_NM], c[n.HAND_FULL] * there), c[n.MIN_HOLD_NM])
        most = c[n.JERK_MPS3] * c[n.HAND_HIGH_S] / 1.5 * pull
        roof = min(torque_roof_nm(x, c, int(x[n.TARGET])), (x[n.HOLD_NM] * old + most) / new)
        x[n.END_NM] = max(min(x[n.HOLD_NM], roof), c[n.MIN_HOLD_NM])
    step = abs(x[n.HOLD_NM] * old - x[n.END_NM] * new) / pull
    x[n.TORQUE_S] = min(max(1.5 * step / c[n.JERK_MPS3], c[n.HAND_LOW_S]), c[n.HAND_HIGH_S])
    change = abs(new - old) * x[n.WO]
    down = x[n.SIGN] < 0 or x[n.TARGET] > x[n.GEAR]
    most_s = c[n.INERTIA_HIGH_S] * (1.0 if x[n.SIGN] > 0 else c[n.COAST_LONGER])
    spare = x[n.HOLD_NM] + c[n.DRAG_NM] if down else full_load_nm(c, x[n.WE]) - c[n.HOLD_SHARE] * x[n.HOLD_NM]
    x[n.INERTIA_S] = min(max(1.5 * c[n.JE_KGM2] * change / max(spare, c[n.STEADY_NM]), c[n.INERTIA_LOW_S]), most_s)


def torque_first(x: Floats) -> bool:
    """Whether this shift hands over before the engine changes speed."""
    return bool((x[n.TARGET] > x[n.GEAR]) == (x[n.SIGN] > 0))


def hand_over(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """TORQUE: capacity moves from one clutch to the other; the one that is in step keeps a small surplus and takes the rest."""
    on, first = shaft_of(c, int(x[n.TARGET])), torque_first(x)
    if first and x[n.TIMER] < c[n.ABORT_SHARE] * x[n.TORQUE_S] and changed_mind(x, u, c):
        x[n.RETURNING] = 1.0
    if x[n.RETURNING] > 0:
        x[n.TIMER] -= 2 * c[n.STEP_S]
    share = smooth(x[n.TIMER] / x[n.TORQUE_S])
    surplus = c[n.HAND_SURPLUS] * x[n.HOLD_NM] + c[n.HAND_SPARE_NM]
    coming, going = x[n.END_NM] * share, x[n.HOLD_NM] * (1 - share)
    if not first:
        x[n.LAST_NM] = x[n.SIGN] * (x[n.HOLD_NM] + (x[n.END_NM] - x[n.HOLD_NM]) * share)
    if first:
        going += surplus * (1 - share)
    else:
        coming += surplus * min(5 * share, 1.0)
    request(y, x[n.LAST_NM])
    if x[n.RETURNING] > 0 and x[n.TIMER] <= 0:
        give_back(x)
        coming = 0.0
    elif x[n.TIMER] >= x[n.TORQUE_S]:
        enter(x, n.INERTIA if first else n.LOCK)
    return (coming, going) if on == 0 else (going, coming)


def _profile(share: float, falling: bool) -> tuple[float, float, float]:
    """Way from 0 to 1 over `share`, its slope and curvature.

    A falling speed falls most at the beginning: the engine's torque goes down quickly and comes back slowly.
    """
    s = min(max(share, 0.0), 1.0)
    if falling:
        return s**3 * (20 - 45 * s + 36 * s * s - 10 * s**3), 60 * s * s * (1 - s) ** 3, 60 * s * (1 - s) ** 2 * (2 - 5 * s)
    return s**3 * (10 - 15 * s + 6 * s * s), 30 * s * s * (1 - s) ** 2, 60 * s * (1 - s) * (1 - 2 * s)


def _pace(x: Floats, c: Floats, slope: float, low: float, high: float) -> float:
    """Progress of the reference a second: as planned, or as the torques there are allow between the clutch's `low` and `high`."""
    plan = 1 / x[n.INERTIA_S]
    torque = x[n.SIGN] * x[n.TE_HAT]
    spare = torque - low if slope * x[n.SIGN] > 0 else high - torque
    if abs(slope) * c[n.JE_KGM2] * plan <= spare:
        return float(plan)
    least = c[n.PATH_LEAST] if x[n.SIGN] > 0 else c[n.COAST_LEAST]
    return float(max(spare / (abs(slope) * c[n.JE_KGM2]), least * plan))


def change_speed(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """INERTIA: the engine follows a reference to its new speed while one clutch, slipping, carries the torque.

    The engine is asked for what the reference needs ahead of its lag; the clutch gives what then still lacks, from the torque
    the engine has, and so keeps the speed on its reference; the reference waits where both together cannot.
    """
    on, off, first = shaft_of(c, int(x[n.TARGET])), shaft_of(c, int(x[n.GEAR])), torque_first(x)
    if x[n.PATH] <= 0:
        x[n.START_RADPS], x[n.START_RATE] = x[n.WE], x[n.WE_RATE]
    start, end = x[n.START_RADPS], x[n.WO_HAT] * c[n.RATIO0 + int(x[n.TARGET])]
    _yield_to_driver(x, u, c)
    hold, sign = x[n.HOLD_NM], x[n.SIGN]
    low = c[n.FLOOR] * hold if sign > 0 else 0.0
    high = c[n.CEILING] * hold + c[n.CEILING_NM]
    way, slope, curve = _profile(x[n.PATH], end < start)
    pace = _pace(x, c, (end - start) * slope, low, high)
    moving = x[n.START_RATE] * (1 - way) + x[n.WO_RATE] * c[n.RATIO0 + int(x[n.TARGET])] * way
    beyond = max(x[n.PATH] - 1, 0.0) * x[n.INERTIA_S] * c[n.BEYOND_RADPS2] * (1.0 if end > start else -1.0)
    x[n.REF] = start + (end - start) * way + beyond
    error = x[n.REF] - x[n.WE]
    rate = (end - start) * slope * pace + moving
    ahead = (end - start) * curve * pace * pace if x[n.PATH] < 1 else 0.0
    lead = c[n.LEAD_UP_S] if ahead > 0 else c[n.LEAD_DOWN_S]
    request(y, sign * hold + c[n.JE_KGM2] * (rate + c[n.TRACK_GAIN] * error + lead * ahead))
    x[n.LAST_NM] = sign * hold
    engine = x[n.TE_HAT] + c[n.AHEAD_S] * x[n.TE_RATE]
    torque = sign * (engine - c[n.JE_KGM2] * (rate + c[n.AHEAD_S] * ahead + c[n.CLUTCH_GAIN] * error))
    torque = min(max(torque, low), high)
    active = on if first else off
    _gather(x, c, active)
    x[n.PATH] += pace * c[n.STEP_S]
    x[n.START_RADPS] += x[n.START_RATE] * c[n.STEP_S]
    passed = (x[n.WE] - x[n.W_ODD + on]) * (1.0 if end >= start else -1.0) > -c[n.LOCK_SLIP]
    if passed and x[n.PATH] > c[n.PASSED]:
        _adapt(x, c, active)
        enter(x, n.LOCK if first else n.TORQUE)
    elif x[n.TIMER] > c[n.SHIFT_MOST_S] * (1.0 if sign > 0 else c[n.COAST_LONGER]):
        enter(x, n.ABORT)
    return (torque, 0.0) if active == 0 else (0.0, torque)


def _yield_to_driver(x: Floats, u: Floats, c: Floats) -> None:
    """A driver who lifts his foot inside a power-on shift gets less torque at once, no faster than the jerk limit."""
    wanted = max(driver_nm(x, u, c), c[n.MIN_HOLD_NM])
    if x[n.SIGN] > 0 and wanted < x[n.HOLD_NM] and u[n.PEDAL] < x[n.START_PEDAL] - c[n.ABORT_PEDAL]:
        fall = c[n.JERK_MPS3] * per_mps2_nm(x, c, int(x[n.TARGET])) * c[n.STEP_S]
        x[n.HOLD_NM] = max(wanted, x[n.HOLD_NM] - fall)
        x[n.END_NM] = min(x[n.END_NM], x[n.HOLD_NM])


def _gather(x: Floats, c: Floats, k: int) -> None:
    """Sum the torque that clutch `k` seems to lack over the inertia phase, for `_adapt`."""
    if c[n.ADAPT_FROM] < x[n.PATH] < 1:
        if x[n.ERROR_N] <= 0:
            x[n.SLIP_FROM] = x[n.WE]
        else:
            x[n.ERROR_SUM] += x[n.TE] - x[n.SIGN] * x[n.NOW_ODD_NM + k]
        x[n.ERROR_N] += 1
        x[n.WE_ADAPTED] = x[n.WE]


def _adapt(x: Floats, c: Floats, k: int) -> None:
    """Kiss point of clutch `k` from the torque missing in the engine's momentum over the inertia phase, by a bounded step."""
    if x[n.ERROR_N] > c[n.ADAPT_LEAST] and x[n.NO_TORQUE] <= 0 and x[n.STRAY_ODD_S + k] <= 0:
        periods = x[n.ERROR_N] - 1
        gained = c[n.JE_KGM2] * (x[n.WE_ADAPTED] - x[n.SLIP_FROM]) / (periods * c[n.STEP_S])
        more = x[n.SIGN] * (x[n.ERROR_SUM] / periods - gained)
        step = min(max(-c[n.ADAPT_GAIN] * more / c[n.STROKE_NM], -c[n.ADAPT_MOST]), c[n.ADAPT_MOST])
        x[n.KISS_ODD + k] = min(max(x[n.KISS_ODD + k] + step, c[n.KISS_LOW]), c[n.KISS_HIGH])
    x[n.ERROR_SUM], x[n.ERROR_N] = 0.0, 0.0


def lock(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """LOCK: the on-coming clutch gets its reserve; the shift is over."""
    on = shaft_of(c, int(x[n.TARGET]))
    share = min(x[n.TIMER] / c[n.LOCK_S], 1.0)
    torque = x[n.END_NM] * (1 + (c[n.LOCK_RATIO] - 1) * share) + c[n.LOCK_NM] * share
    request(y, x[n.LAST_NM])
    if x[n.TIMER] >= c[n.LOCK_S]:
        arrive(x)
    return (torque, 0.0) if on == 0 else (0.0, torque)


def arrive(x: Floats) -> None:
    """The shift is over: the target is the gear."""
    x[n.LAST_DIRECTION] = 1.0 if x[n.TARGET] > x[n.GEAR] else -1.0
    x[n.SINCE_S], x[n.GEAR], x[n.RAMP] = 0.0, x[n.TARGET], 1.0
    x[n.SHIFTS] += 1
    enter(x, n.DRIVE)


def swap(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """SWAP: clutch out, other gear in, engine to its speed, then caught by LAUNCH; also the way off a lost shaft.

    A clutch that does not open has its gear taken out first, when no torque is on it.
    """
    target = int(x[n.TARGET])
    k = shaft_of(c, int(x[n.GEAR]))
    less = max(x[n.NOW_ODD_NM + k] - c[n.RELEASE_NMPS] * c[n.STEP_S], 0.0)
    jammed = x[n.LOST_ODD + k] > 0 and int(u[n.ODD_GEAR + k]) > 0
    if jammed:
        x[n.WANT_ODD + k] = 0.0
        request(y, 0.0)
    elif target == 0 or not usable(x, u, c, target) or (less <= 0 and x[n.V_MPS] < c[n.STANDING_MPS]):
        enter(x, n.ABORT)
    elif less <= 0:
        on = shaft_of(c, target)
        x[n.WANT_ODD + on] = target
        request(y, c[n.JE_KGM2] * c[n.SWAP_RADPS2] * (x[n.WO] * c[n.RATIO0 + target] - x[n.WE]))
        if int(u[n.ODD_GEAR + on]) == target:
            x[n.GEAR], x[n.SINCE_S] = target, 0.0
            enter(x, n.LAUNCH)
    else:
        request(y, min(x[n.TE], less))
    return (less, 0.0) if k == 0 else (0.0, less)
