"""The shift coordinator: an explicit state machine, one function a phase; each sets clutch torques and the engine's request.

Power-on up: IDLE and PRESELECT (both inside DRIVE), FILL, TORQUE, INERTIA, LOCK. Power-on down: FILL, INERTIA, TORQUE, LOCK.
Power-off shifts swap the roles. In general: hand-over first where engine torque and direction of the shift have one sign, else
the engine is first brought to its new speed on the off-going clutch.
"""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import GRAVITY_MPS2, driver_nm, full_load_nm, shaft_of
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.protect import LIMITED, NO_CREEP
from fifthwheel.control.gearbox.schedule import FOREVER_S, STANDING_MPS, launch_gear, preselected, usable

CAUGHT_RADPS = 3.0
BLEND_RADPS = 18.0
HOT_SHARE = 0.5
STEADY_NM = 200.0
SWAP_RATE = 12.0
BEYOND_RADPS2 = 110.0
POWER_OFF_LONGER = 2.0


def enter(x: Floats, phase: int) -> None:
    """Go to a phase."""
    x[n.PHASE] = phase
    x[n.TIMER] = 0.0


def smooth(share: float) -> float:
    """From 0 to 1 with level ends."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def torque_roof_nm(x: Floats, c: Floats, gear: int) -> float:
    """Most engine torque (Nm) in `gear`: low gears are kept below a set acceleration; a hot clutch halves it."""
    ratio = c[n.RATIO0 + gear]
    most = (c[n.LOW_GEAR_MPS2] + GRAVITY_MPS2 * (max(x[n.GRADE], 0.0) + c[n.ROLLING])) * x[n.MASS_KG] * c[n.RADIUS_M]
    roof = most / (ratio * c[n.EFFICIENCY])
    return float(min(roof, HOT_SHARE * c[n.FULL_NM]) if x[n.HEAT] >= LIMITED else roof)


def wanted_nm(x: Floats, u: Floats, c: Floats) -> float:
    """Engine torque (Nm) wanted outside shifts."""
    return min(driver_nm(x, u, c), torque_roof_nm(x, c, int(x[n.GEAR])))


def request(y: Floats, torque_nm: float) -> None:
    """Ask the engine for a torque."""
    y[n.REQUESTED], y[n.REQUEST_NM] = 1.0, torque_nm


def open_clutches(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """OPEN: both clutches out, the lowest usable gear in, its neighbour preselected; leave when the driver wants to drive."""
    gear = launch_gear(x, u, c)
    if gear == 0 or u[n.DRIVE_SELECTED] <= 0:
        return 0.0, 0.0
    last = int(c[n.GEARS])
    while gear < last and x[n.WO] * c[n.RATIO0 + gear] > 0.8 * c[n.OVERSPEED] and usable(x, u, c, gear + 1):
        gear += 1
    x[n.GEAR] = gear
    k = shaft_of(gear)
    x[n.WANT_ODD + k] = gear
    if x[n.V_MPS] < 2.0:
        x[n.WANT_ODD + 1 - k] = gear + 1 if usable(x, u, c, gear + 1) else 0.0
    if int(u[n.ODD_GEAR + k]) == gear and (u[n.BRAKE] < 0.05 or u[n.PEDAL] > 0.02 or x[n.V_MPS] > 2.0):
        enter(x, n.LAUNCH)
    if u[n.PEDAL] > 0.0 and x[n.V_MPS] > 2.0:
        request(y, c[n.JE_KGM2] * SWAP_RATE * (x[n.W_ODD + k] - x[n.WE]))
    return 0.0, 0.0


def launch(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """LAUNCH: hold the engine near its launch speed by the clutch until the shaft catches up; creep with the pedal at rest."""
    gear = int(x[n.GEAR])
    k = shaft_of(gear)
    shaft, now = x[n.W_ODD + k], x[n.NOW_ODD_NM + k]
    if int(u[n.ODD_GEAR + k]) != gear or u[n.DRIVE_SELECTED] <= 0 or (u[n.BRAKE] > 0.05 and shaft < 0.9 * c[n.IDLE_RADPS]):
        enter(x, n.OPEN)
        return 0.0, 0.0
    if gear > launch_gear(x, u, c) and shaft < 0.6 * c[n.IDLE_RADPS]:
        enter(x, n.OPEN)
        return 0.0, 0.0
    launching = c[n.LAUNCH_LOW] + u[n.PEDAL] * (c[n.LAUNCH_HIGH] - c[n.LAUNCH_LOW])
    if u[n.PEDAL] <= 0.02:
        launching = 0.93 * c[n.IDLE_RADPS]
    gap = launching - shaft
    aim = 0.5 * (launching + shaft + (gap * gap + BLEND_RADPS * BLEND_RADPS) ** 0.5)
    torque = max(x[n.TE], 0.0) + c[n.LAUNCH_GAIN] * (x[n.WE] - aim)
    if x[n.WE] < shaft and shaft > 0.95 * c[n.IDLE_RADPS]:
        torque = abs(x[n.TE]) + c[n.LAUNCH_GAIN] * (shaft - x[n.WE])
    if u[n.PEDAL] <= 0.02 and shaft < 0.9 * c[n.IDLE_RADPS]:
        torque = min(torque, 0.0 if x[n.HEAT] >= NO_CREEP else c[n.CREEP_NM])
    wanted = wanted_nm(x, u, c)
    ease = min(x[n.TIMER] / 0.15, 1.0)
    if wanted < driver_nm(x, u, c) - 1:
        request(y, wanted)
    roof = max(torque_roof_nm(x, c, gear), 150.0)
    ramp = (
        c[n.LAUNCH_RATE]
        * (ease if x[n.V_MPS] > 0.05 else 3.0)
        * x[n.MASS_KG]
        * c[n.RADIUS_M]
        / (c[n.RATIO0 + gear] * c[n.EFFICIENCY])
        * c[n.STEP_S]
    )
    torque = min(max(torque, 0.0), now + ramp, roof)
    torque = max(torque, now - 3 * ramp, 0.0)
    if abs(x[n.WE] - shaft) < CAUGHT_RADPS and shaft > 0.93 * c[n.IDLE_RADPS]:
        enter(x, n.DRIVE)
        x[n.RAMP] = 1.0
        x[n.LAST_NM] = x[n.TE]
    return (torque, 0.0) if k == 0 else (0.0, torque)


def drive(x: Floats, u: Floats, c: Floats, y: Floats, target: int) -> tuple[float, float]:
    """DRIVE: one clutch locked, the other shaft in the gear that comes next; begin a shift when that gear is in."""
    gear = int(x[n.GEAR])
    k = shaft_of(gear)
    ramp_request(x, u, c, y)
    locked = c[n.LOCK_RATIO] * abs(x[n.TE]) + c[n.LOCK_NM]
    now = min(locked, x[n.NOW_ODD_NM + k] + 4_000 * c[n.STEP_S]) if locked > x[n.NOW_ODD_NM + k] else locked
    if u[n.DRIVE_SELECTED] <= 0 or int(u[n.ODD_GEAR + k]) != gear:
        enter(x, n.ABORT)
    elif x[n.LOST_ODD + k] > 0 or (target != gear and shaft_of(target) == k):
        enter(x, n.SWAP)
        x[n.TARGET] = target if target != gear else _other(x, u, c, gear)
    elif x[n.W_ODD + k] < 0.93 * c[n.IDLE_RADPS]:
        enter(x, n.LAUNCH)
        x[n.TIMER] = 1.0
    else:
        next_gear = target if target != gear else preselected(x, u, c)
        x[n.WANT_ODD + 1 - k] = next_gear
        if target != gear and int(u[n.ODD_GEAR + 1 - k]) == target:
            x[n.TARGET], x[n.LAST_NM] = target, x[n.TE]
            enter(x, n.FILL)
    return (now, 0.0) if k == 0 else (0.0, now)


def _other(x: Floats, u: Floats, c: Floats, gear: int) -> int:
    """Gear on the other shaft to flee to, by speed; 0 when there is none."""
    best = 0
    for one in range(1, int(c[n.GEARS]) + 1):
        fits = x[n.WO] * c[n.RATIO0 + one] < 0.95 * c[n.OVERSPEED]
        if best == 0 and fits and shaft_of(one) != shaft_of(gear) and usable(x, u, c, one):
            best = one
    return best


def ramp_request(x: Floats, u: Floats, c: Floats, y: Floats) -> None:
    """After a shift, lead the engine from its torque to the one wanted, no faster than the jerk limit; then keep its roof."""
    wanted = wanted_nm(x, u, c)
    rate = c[n.JERK_MPS3] * x[n.MASS_KG] * c[n.RADIUS_M] / (c[n.RATIO0 + int(x[n.GEAR])] * c[n.EFFICIENCY]) * c[n.STEP_S]
    if x[n.RAMP] > 0:
        x[n.LAST_NM] += min(max(wanted - x[n.LAST_NM], -rate), rate)
        request(y, x[n.LAST_NM])
        if abs(wanted - x[n.LAST_NM]) < 1.0:
            x[n.RAMP] = 0.0
    elif wanted < driver_nm(x, u, c) - 1:
        request(y, wanted)


def fill(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """FILL: the on-coming clutch goes to its kiss point; torque, sign and spans of the shift are laid down."""
    off = shaft_of(int(x[n.GEAR]))
    request(y, x[n.LAST_NM])
    gaining = c[n.JE_KGM2] * x[n.A_MPS2] / c[n.RADIUS_M] * c[n.RATIO0 + int(x[n.GEAR])]
    x[n.HOLD_NM] = max(abs(x[n.TE] - gaining), c[n.MIN_HOLD_NM])
    x[n.SIGN] = 1.0 if x[n.TE] > 0 or (u[n.PEDAL] > 0.05 and x[n.TE] > -20) else -1.0
    if x[n.TIMER] >= c[n.FILL_S]:
        _spans(x, c)
        up = 1.0 if x[n.TARGET] > x[n.GEAR] else -1.0
        enter(x, n.TORQUE if up == x[n.SIGN] else n.INERTIA)
        x[n.ERROR_SUM], x[n.ERROR_N] = 0.0, 0.0
    now = max(1.15 * x[n.HOLD_NM] + 60, x[n.NOW_ODD_NM + off] - 6_000 * c[n.STEP_S])
    return (now, 0.0) if off == 0 else (0.0, now)


def _spans(x: Floats, c: Floats) -> None:
    """Durations of hand-over (by the jerk of its step) and inertia phase (by the torque the engine has to spare)."""
    old, new = c[n.RATIO0 + int(x[n.GEAR])], c[n.RATIO0 + int(x[n.TARGET])]
    x[n.END_NM] = x[n.HOLD_NM]
    if x[n.SIGN] > 0 and new > old:
        there = full_load_nm(c, x[n.WO] * new)
        x[n.HOLD_NM] = max(min(x[n.HOLD_NM], 0.93 * there), c[n.MIN_HOLD_NM])
        most = c[n.JERK_MPS3] * c[n.HAND_HIGH_S] / 1.5 * x[n.MASS_KG] * c[n.RADIUS_M] / c[n.EFFICIENCY]
        roof = min(torque_roof_nm(x, c, int(x[n.TARGET])), (x[n.HOLD_NM] * old + most) / new)
        x[n.END_NM] = max(min(x[n.HOLD_NM], roof), c[n.MIN_HOLD_NM])
    step = abs(x[n.HOLD_NM] * old - x[n.END_NM] * new) * c[n.EFFICIENCY] / (x[n.MASS_KG] * c[n.RADIUS_M])
    x[n.TORQUE_S] = min(max(1.5 * step / c[n.JERK_MPS3], c[n.HAND_LOW_S]), c[n.HAND_HIGH_S])
    change = abs(new - old) * x[n.WO]
    down = x[n.SIGN] < 0 or x[n.TARGET] > x[n.GEAR]
    most_s = c[n.INERTIA_HIGH_S] * (1.0 if x[n.SIGN] > 0 else POWER_OFF_LONGER)
    spare = x[n.HOLD_NM] + c[n.DRAG_NM] if down else full_load_nm(c, x[n.WE]) - 0.7 * x[n.HOLD_NM]
    x[n.INERTIA_S] = min(max(1.5 * c[n.JE_KGM2] * change / max(spare, STEADY_NM), c[n.INERTIA_LOW_S]), most_s)


def torque_first(x: Floats) -> bool:
    """Whether this shift hands over before the engine changes speed."""
    return bool((x[n.TARGET] > x[n.GEAR]) == (x[n.SIGN] > 0))


def hand_over(x: Floats, y: Floats) -> tuple[float, float]:
    """TORQUE: capacity moves from one clutch to the other; the one that is in step keeps a small surplus and takes the rest."""
    on, first = shaft_of(int(x[n.TARGET])), torque_first(x)
    share = smooth(x[n.TIMER] / x[n.TORQUE_S])
    surplus = 0.08 * x[n.HOLD_NM] + 20
    coming, going = x[n.END_NM] * share, x[n.HOLD_NM] * (1 - share)
    if not first:
        x[n.LAST_NM] = x[n.SIGN] * (x[n.HOLD_NM] + (x[n.END_NM] - x[n.HOLD_NM]) * share)
    if first:
        going += surplus * (1 - share)
    else:
        coming += surplus * min(5 * share, 1.0)
    request(y, x[n.LAST_NM])
    if x[n.TIMER] >= x[n.TORQUE_S]:
        enter(x, n.INERTIA if first else n.LOCK)
    return (coming, going) if on == 0 else (going, coming)


def change_speed(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """INERTIA: the engine follows a reference to its new speed while one clutch, slipping, carries the torque.

    A falling speed falls most at the beginning: the engine's torque goes down quickly and comes back slowly.
    """
    on, off, first = shaft_of(int(x[n.TARGET])), shaft_of(int(x[n.GEAR])), torque_first(x)
    share = x[n.TIMER] / x[n.INERTIA_S]
    start, end = x[n.W_ODD + off], x[n.W_ODD + on]
    span, inside = x[n.INERTIA_S], min(max(share, 0.0), 1.0)
    if end < start:
        reference = start + (end - start) * inside * inside * (6 - 8 * inside + 3 * inside * inside)
        slope = (end - start) * 12 * inside * (1 - inside) ** 2 / span
        curve = (end - start) * 12 * (1 - inside) * (1 - 3 * inside) / span**2
    else:
        reference = start + (end - start) * smooth(share)
        slope = (end - start) * 6 * inside * (1 - inside) / span
        curve = (end - start) * 6 * (1 - 2 * inside) / span**2
    slope += x[n.A_MPS2] / c[n.RADIUS_M] * (c[n.RATIO0 + int(x[n.GEAR])] * (1 - inside) + c[n.RATIO0 + int(x[n.TARGET])] * inside)
    if share > 1:
        reference += BEYOND_RADPS2 * (x[n.TIMER] - span) * (1.0 if end > start else -1.0)
    x[n.REF] = reference
    error = reference - x[n.WE]
    wished = x[n.SIGN] * x[n.HOLD_NM] + c[n.JE_KGM2] * (slope + c[n.TRACK_GAIN] * error)
    lead = c[n.LEAD_UP_S] if curve > 0 else c[n.LEAD_DOWN_S]
    request(y, wished + (c[n.JE_KGM2] * lead * curve if share < 1 else 0.0))
    x[n.LAST_NM] = x[n.SIGN] * x[n.HOLD_NM]
    extra = -x[n.SIGN] * c[n.CLUTCH_GAIN] * c[n.JE_KGM2] * error
    base = x[n.HOLD_NM]
    if x[n.SIGN] > 0 and not first:
        base = min(base, max(0.95 * full_load_nm(c, x[n.WE]) - 1.1 * c[n.JE_KGM2] * slope, 0.4 * base))
    torque = max(base + min(max(extra, -(0.4 if x[n.SIGN] > 0 else 1.0) * base), 0.3 * base + 150), 0.0)
    if 0.2 < share < 1:
        if x[n.ERROR_N] <= 0:
            x[n.SLIP_FROM] = x[n.WE]
        else:
            x[n.ERROR_SUM] += x[n.TE] - x[n.SIGN] * x[n.NOW_ODD_NM + (on if first else off)]
        x[n.ERROR_N] += 1
        x[n.WE_ADAPTED] = x[n.WE]
    passed = (x[n.WE] - end) * (1.0 if end >= start else -1.0) > -c[n.LOCK_SLIP]
    if passed and share > 0.6:
        _adapt(x, c, on if first else off)
        enter(x, n.LOCK if first else n.TORQUE)
    elif x[n.TIMER] > c[n.SHIFT_MOST_S]:
        enter(x, n.ABORT)
    active = on if first else off
    return (torque, 0.0) if active == 0 else (0.0, torque)


def _adapt(x: Floats, c: Floats, k: int) -> None:
    """Kiss point of clutch `k` from the torque missing in the engine's momentum over the inertia phase, by a bounded step."""
    if x[n.ERROR_N] > 8 and x[n.NO_TORQUE] <= 0 and x[n.STRAY_ODD_S + k] <= 0:
        periods = x[n.ERROR_N] - 1
        gained = c[n.JE_KGM2] * (x[n.WE_ADAPTED] - x[n.SLIP_FROM]) / (periods * c[n.STEP_S])
        more = x[n.SIGN] * (x[n.ERROR_SUM] / periods - gained)
        step = min(max(-c[n.ADAPT_GAIN] * more / c[n.STROKE_NM], -c[n.ADAPT_MOST]), c[n.ADAPT_MOST])
        x[n.KISS_ODD + k] = min(max(x[n.KISS_ODD + k] + step, c[n.KISS_LOW]), c[n.KISS_HIGH])
    x[n.ERROR_SUM], x[n.ERROR_N] = 0.0, 0.0


def lock(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """LOCK: the on-coming clutch gets its reserve; the shift is over."""
    on = shaft_of(int(x[n.TARGET]))
    share = min(x[n.TIMER] / c[n.LOCK_S], 1.0)
    torque = x[n.END_NM] * (1 + (c[n.LOCK_RATIO] - 1) * share) + c[n.LOCK_NM] * share
    request(y, x[n.LAST_NM])
    if x[n.TIMER] >= c[n.LOCK_S]:
        x[n.LAST_DIRECTION] = 1.0 if x[n.TARGET] > x[n.GEAR] else -1.0
        x[n.SINCE_S], x[n.GEAR], x[n.RAMP] = 0.0, x[n.TARGET], 1.0
        x[n.SHIFTS] += 1
        enter(x, n.DRIVE)
    return (torque, 0.0) if on == 0 else (0.0, torque)


def abort(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """ABORT: both clutches out within a moment; then a fresh start from OPEN."""
    less = 12_000 * c[n.STEP_S]
    odd, even = max(x[n.NOW_ODD_NM] - less, 0.0), max(x[n.NOW_EVEN_NM] - less, 0.0)
    request(y, min(x[n.TE], 0.0))
    if odd + even <= 0:
        x[n.SINCE_S] = FOREVER_S
        enter(x, n.OPEN)
    return odd, even


def swap(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """SWAP: clutch out, other gear in, engine to its speed, then caught by LAUNCH; also the way off a lost shaft."""
    target = int(x[n.TARGET])
    k = shaft_of(int(x[n.GEAR]))
    less = max(x[n.NOW_ODD_NM + k] - 8_000 * c[n.STEP_S], 0.0)
    if target == 0 or not usable(x, u, c, target) or (less <= 0 and x[n.V_MPS] < STANDING_MPS):
        enter(x, n.ABORT)
    elif less <= 0:
        x[n.WANT_ODD + shaft_of(target)] = target
        request(y, c[n.JE_KGM2] * SWAP_RATE * (x[n.WO] * c[n.RATIO0 + target] - x[n.WE]))
        if int(u[n.ODD_GEAR + shaft_of(target)]) == target:
            x[n.GEAR], x[n.SINCE_S] = target, 0.0
            enter(x, n.LAUNCH)
    else:
        request(y, min(x[n.TE], less))
    return (less, 0.0) if k == 0 else (0.0, less)
