"""The shift coordinator, an explicit state machine, one function a phase: those that every box has.

Each function sets clutch torques and the engine's request. `dual` holds the phases of a shift between two clutches, `single`
those of a shift with one clutch and interrupted traction; both end in DRIVE here.
"""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import GRAVITY_MPS2, driver_nm, full_load_nm, shaft_of
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.protect import LIMITED, NO_CREEP
from fifthwheel.control.gearbox.schedule import FOREVER_S, launch_gear, preselected, usable


def enter(x: Floats, phase: int) -> None:
    """Go to a phase."""
    x[n.PHASE] = phase
    x[n.TIMER] = 0.0


def smooth(share: float) -> float:
    """From 0 to 1 with level ends."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def per_mps2_nm(x: Floats, c: Floats, gear: int) -> float:
    """Torque (Nm) at the clutch in `gear` that gives the vehicle 1 m/s2."""
    return float(x[n.MASS_KG] * c[n.RADIUS_M] / (c[n.RATIO0 + gear] * c[n.EFFICIENCY]))


def load_nm(x: Floats, c: Floats, gear: int) -> float:
    """Torque (Nm) at the clutch in `gear` that grade and rolling take."""
    return float(GRAVITY_MPS2 * (x[n.GRADE] + c[n.ROLLING]) * per_mps2_nm(x, c, gear))


def torque_roof_nm(x: Floats, c: Floats, gear: int) -> float:
    """Most engine torque (Nm) in `gear`: low gears are kept below a set acceleration; a hot clutch halves it."""
    most = c[n.LOW_GEAR_MPS2] + GRAVITY_MPS2 * (max(x[n.GRADE], 0.0) + c[n.ROLLING])
    roof = most * per_mps2_nm(x, c, gear)
    return float(min(roof, c[n.HOT_SHARE] * c[n.FULL_NM]) if x[n.HEAT] >= LIMITED else roof)


def wanted_nm(x: Floats, u: Floats, c: Floats) -> float:
    """Engine torque (Nm) wanted outside shifts: the driver's, under the roof of low gears; a crawl uphill does not roll back."""
    gear = int(x[n.GEAR])
    wanted = driver_nm(x, u, c)
    if u[n.PEDAL] > c[n.PEDAL_LEAST] and x[n.V_MPS] < c[n.ROLLING_MPS] and x[n.GRADE] > c[n.HILL_GRADE]:
        wanted = max(wanted, load_nm(x, c, gear))
    return float(min(wanted, torque_roof_nm(x, c, gear)))


def request(y: Floats, torque_nm: float) -> None:
    """Ask the engine for a torque."""
    y[n.REQUESTED], y[n.REQUEST_NM] = 1.0, torque_nm


def open_clutches(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """OPEN: both clutches out, the lowest usable gear in, its neighbour preselected; leave when the driver wants to drive."""
    gear = launch_gear(x, u, c)
    for one in range(int(c[n.SHAFTS])):
        if x[n.LOST_ODD + one] > 0:
            x[n.WANT_ODD + one] = 0.0
    if gear == 0 or u[n.DRIVE_SELECTED] <= 0:
        return 0.0, 0.0
    last = int(c[n.GEARS])
    while gear < last and x[n.WO] * c[n.RATIO0 + gear] > c[n.OPEN_OVER] * c[n.OVERSPEED] and usable(x, u, c, gear + 1):
        gear += 1
    x[n.GEAR] = gear
    k = shaft_of(c, gear)
    x[n.WANT_ODD + k] = gear
    rolling = x[n.V_MPS] > c[n.ROLLING_MPS]
    if not rolling and c[n.SHAFTS] > 1:
        x[n.WANT_ODD + 1 - k] = gear + 1 if usable(x, u, c, gear + 1) else 0.0
    willing = u[n.BRAKE] < c[n.BRAKE_LEAST] or u[n.PEDAL] > c[n.PEDAL_LEAST] or rolling
    if int(u[n.ODD_GEAR + k]) == gear and willing:
        enter(x, n.LAUNCH)
    if u[n.PEDAL] > 0.0 and rolling:
        request(y, c[n.JE_KGM2] * c[n.SWAP_RADPS2] * (x[n.W_ODD + k] - x[n.WE]))
    return 0.0, 0.0


def launch(x: Floats, u: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """LAUNCH: hold the engine near its launch speed by the clutch until the shaft catches up; creep with the pedal at rest."""
    gear = int(x[n.GEAR])
    k = shaft_of(c, gear)
    shaft, now = x[n.W_ODD + k], x[n.NOW_ODD_NM + k]
    lost = int(u[n.ODD_GEAR + k]) != gear or u[n.DRIVE_SELECTED] <= 0 or x[n.LOST_ODD + k] > 0
    braked = u[n.BRAKE] > c[n.BRAKE_LEAST] and shaft < c[n.BRAKED_IDLE] * c[n.IDLE_RADPS]
    higher = gear > launch_gear(x, u, c) and shaft < c[n.LAUNCH_IDLE] * c[n.IDLE_RADPS]
    if lost or braked or higher:
        enter(x, n.OPEN)
        return 0.0, 0.0
    wanted = _launch_nm(x, u, c, gear)
    speed = _launch_speed(u, c, c[n.LAUNCH_SPARE] * load_nm(x, c, gear))
    torque = _launch_clutch_nm(x, u, c, shaft, speed)
    if u[n.PEDAL] > c[n.PEDAL_LEAST]:
        share = min(max(1 - (x[n.WE] - speed) / c[n.LAUNCH_OVER], 0.0), 1.0) if shaft < speed else 1.0
        request(y, now + (wanted - now) * share)
    ramp = _launch_ramp_nm(x, c, gear)
    torque = min(max(torque, 0.0), now + ramp, max(torque_roof_nm(x, c, gear), c[n.LOCK_NM], wanted))
    torque = max(torque, now - c[n.LAUNCH_BACK] * ramp, 0.0)
    if abs(x[n.WE] - shaft) < c[n.CAUGHT_RADPS] and shaft > c[n.CAUGHT_IDLE] * c[n.IDLE_RADPS]:
        enter(x, n.DRIVE)
        x[n.RAMP] = 1.0
        x[n.LAST_NM] = x[n.TE]
    return (torque, 0.0) if k == 0 else (0.0, torque)


def _launch_nm(x: Floats, u: Floats, c: Floats, gear: int) -> float:
    """Engine torque (Nm) wanted while pulling away: the driver's, but enough to leave a slope with heat that ends."""
    wanted = wanted_nm(x, u, c)
    if u[n.PEDAL] <= c[n.PEDAL_LEAST]:
        return wanted
    start = c[n.START_MPS2] * (1 + u[n.PEDAL]) * per_mps2_nm(x, c, gear) + c[n.START_RATIO] * max(load_nm(x, c, gear), 0.0)
    return float(max(wanted, min(start, c[n.FULL_NM])))


def _launch_speed(u: Floats, c: Floats, needed: float) -> float:
    """Engine speed (rad/s) to hold while the clutch slips: by pedal, or as much as a full load of `needed` Nm takes."""
    if u[n.PEDAL] <= c[n.PEDAL_LEAST]:
        return float(c[n.CREEP_IDLE] * c[n.IDLE_RADPS])
    speed = c[n.LAUNCH_LOW] + u[n.PEDAL] * (c[n.LAUNCH_HIGH] - c[n.LAUNCH_LOW])
    while speed < c[n.LAUNCH_MOST] and full_load_nm(c, speed) < needed:
        speed += 1.0
    return float(speed)


def _launch_clutch_nm(x: Floats, u: Floats, c: Floats, shaft: float, launching: float) -> float:
    """Clutch torque (Nm) that keeps the engine near `launching`, then blends into the speed of its shaft."""
    gap = launching - shaft
    aim = 0.5 * (launching + shaft + (gap * gap + c[n.BLEND_RADPS] * c[n.BLEND_RADPS]) ** 0.5)
    torque = max(x[n.TE_HAT], 0.0) + c[n.LAUNCH_GAIN] * (x[n.WE] - aim)
    if x[n.WE] < shaft and shaft > c[n.CAUGHT_IDLE] * c[n.IDLE_RADPS]:
        torque = abs(x[n.TE_HAT]) + c[n.LAUNCH_GAIN] * (shaft - x[n.WE])
    if u[n.PEDAL] <= c[n.PEDAL_LEAST] and shaft < c[n.BRAKED_IDLE] * c[n.IDLE_RADPS]:
        torque = min(torque, 0.0 if x[n.HEAT] >= NO_CREEP else c[n.CREEP_NM])
    return float(torque)


def _launch_ramp_nm(x: Floats, c: Floats, gear: int) -> float:
    """Most growth (Nm) of clutch torque in a period: quick while the brake holds the vehicle, then by the jerk limit.

    It pauses where more jerk is felt than meant: the vehicle is lighter than believed, or the clutch bites early.
    """
    k = shaft_of(c, gear)
    if x[n.HELD] > 0 and x[n.NOW_ODD_NM + k] < c[n.HELD_SHARE] * load_nm(x, c, gear):
        return float(c[n.HELD_NMPS] * c[n.STEP_S])
    ease = min(c[n.EASE_LEAST] + min(x[n.TIMER], x[n.FREE_S]) / c[n.LAUNCH_EASE_S], 1.0)
    jerk = c[n.LAUNCH_RATE] * (c[n.HILL_FASTER] if x[n.GRADE] > c[n.HILL_GRADE] else 1.0)
    calmer = min(max(2 - x[n.FELT_RATE] / (c[n.FELT_RATIO] * jerk), 0.0), 1.0)
    return float(jerk * ease * calmer * per_mps2_nm(x, c, gear) * c[n.STEP_S])


def hold_on_hill(x: Floats, u: Floats, c: Floats) -> float:
    """1 while the brake is to hold: the clutch does not carry the vehicle yet; whoever rolls back has been taken too light."""
    if x[n.PHASE] != n.LAUNCH or u[n.PEDAL] <= 0:
        x[n.HELD], x[n.FREE_S] = 0.0, FOREVER_S
        return 0.0
    gear = int(x[n.GEAR])
    load, pull = load_nm(x, c, gear), x[n.NOW_ODD_NM + shaft_of(c, gear)]
    back = x[n.V_MPS] < -c[n.BACK_MPS]
    if back and pull > load:
        x[n.MASS_KG] = min(x[n.MASS_KG] * c[n.BACK_MASS], c[n.MASS_HIGH_KG])
    short = x[n.GRADE] > c[n.ROLLING] and min(pull, x[n.TE_HAT]) < c[n.HELD_UNTIL] * load
    x[n.HELD] = 1.0 if x[n.V_MPS] < c[n.HELD_MPS] and (short or back) else 0.0
    x[n.FREE_S] = 0.0 if x[n.HELD] > 0 else x[n.FREE_S] + c[n.STEP_S]
    return float(x[n.HELD])


def drive(x: Floats, u: Floats, c: Floats, y: Floats, target: int) -> tuple[float, float]:
    """DRIVE: one clutch locked, the other shaft in the gear that comes next; begin a shift when that gear is in."""
    gear = int(x[n.GEAR])
    k = shaft_of(c, gear)
    ramp_request(x, u, c, y)
    locked = c[n.LOCK_RATIO] * abs(x[n.TE]) + c[n.LOCK_NM]
    now = min(locked, max(x[n.NOW_ODD_NM + k], 0.0) + c[n.CLOSE_NMPS] * c[n.STEP_S])
    if u[n.DRIVE_SELECTED] <= 0 or int(u[n.ODD_GEAR + k]) != gear:
        enter(x, n.ABORT)
    elif x[n.LOST_ODD + k] > 0 or (target != gear and shaft_of(c, target) == k):
        x[n.TARGET] = target if target != gear or c[n.SHAFTS] < 2 else _other(x, u, c, gear)
        x[n.LAST_NM], x[n.START_PEDAL] = x[n.TE], u[n.PEDAL]
        enter(x, n.SWAP if c[n.SHAFTS] > 1 else n.UNLOAD)
    elif x[n.W_ODD + k] < c[n.CAUGHT_IDLE] * c[n.IDLE_RADPS]:
        enter(x, n.LAUNCH)
        x[n.TIMER] = 1.0
    elif c[n.SHAFTS] > 1:
        x[n.WANT_ODD + 1 - k] = target if target != gear else preselected(x, u, c)
        if target != gear and int(u[n.ODD_GEAR + 1 - k]) == target:
            x[n.TARGET], x[n.LAST_NM], x[n.START_PEDAL] = target, x[n.TE], u[n.PEDAL]
            enter(x, n.FILL)
    return (now, 0.0) if k == 0 else (0.0, now)


def _other(x: Floats, u: Floats, c: Floats, gear: int) -> int:
    """Gear on the other shaft to flee to, by speed; 0 when there is none."""
    best = 0
    for one in range(1, int(c[n.GEARS]) + 1):
        fits = x[n.WO] * c[n.RATIO0 + one] < c[n.DOWN_OVER] * c[n.OVERSPEED]
        if best == 0 and fits and shaft_of(c, one) != shaft_of(c, gear) and usable(x, u, c, one):
            best = one
    return best


def ramp_request(x: Floats, u: Floats, c: Floats, y: Floats) -> None:
    """After a shift, lead the engine from its torque to the one wanted, no faster than the jerk limit; then keep its roof."""
    wanted = wanted_nm(x, u, c)
    rate = c[n.JERK_MPS3] * per_mps2_nm(x, c, int(x[n.GEAR])) * c[n.STEP_S]
    if x[n.RAMP] > 0:
        x[n.LAST_NM] += min(max(wanted - x[n.LAST_NM], -rate), rate)
        request(y, x[n.LAST_NM])
        if abs(wanted - x[n.LAST_NM]) < 1.0:
            x[n.RAMP] = 0.0
    elif abs(wanted - driver_nm(x, u, c)) > 1:
        request(y, wanted)


def abort(x: Floats, c: Floats, y: Floats) -> tuple[float, float]:
    """ABORT: both clutches out within a moment; then a fresh start from OPEN."""
    less = c[n.ABORT_NMPS] * c[n.STEP_S]
    odd, even = max(x[n.NOW_ODD_NM] - less, 0.0), max(x[n.NOW_EVEN_NM] - less, 0.0)
    request(y, min(x[n.TE], 0.0))
    if odd + even <= 0:
        x[n.SINCE_S] = FOREVER_S
        enter(x, n.OPEN)
    return odd, even
