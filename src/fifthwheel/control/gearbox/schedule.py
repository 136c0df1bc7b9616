"""Which gear: a two-parameter schedule (pedal, shaft speed) with hysteresis, modes, inhibits, arbitration and pre-selection."""

from __future__ import annotations

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.estimate import GRAVITY_MPS2, driver_nm, shaft_of
from fifthwheel.control.gearbox.layout import Floats

FOREVER_S = 1e3
"""So long ago that no wait between shifts holds."""


def usable(x: Floats, u: Floats, c: Floats, gear: int) -> bool:
    """Whether faults leave this gear: its shaft works, and its forks move or stand there already."""
    if gear < 1 or gear > int(c[n.GEARS]):
        return False
    k = shaft_of(c, gear)
    return bool(x[n.LOST_ODD + k] <= 0 and (x[n.STUCK_ODD + k] <= 0 or int(u[n.ODD_GEAR + k]) == gear))


def launch_gear(x: Floats, u: Floats, c: Floats) -> int:
    """Lowest usable gear; 0 when every gear is lost."""
    for gear in range(1, int(c[n.GEARS]) + 1):
        if usable(x, u, c, gear):
            return gear
    return 0


def up_speed(x: Floats, u: Floats, c: Floats) -> float:
    """Engine speed (rad/s) above which the next gear is due."""
    line = c[n.UP_LOW] + u[n.PEDAL] * (c[n.UP_HIGH] - c[n.UP_LOW])
    line += c[n.POWER_SHIFT] * u[n.POWER_MODE] + (c[n.HILL_SHIFT] if x[n.GRADE] > c[n.HILL_GRADE] else 0.0)
    if u[n.BRAKE] > 0 and x[n.GRADE] < -c[n.HILL_GRADE]:
        line = c[n.OVERSPEED]
    return float(min(line, c[n.OVERSPEED]))


def down_speed(x: Floats, u: Floats, c: Floats) -> float:
    """Engine speed (rad/s) below which the gear below is due."""
    line = c[n.DOWN_LOW] + u[n.PEDAL] * (c[n.DOWN_HIGH] - c[n.DOWN_LOW])
    line += c[n.SIDE_SHARE] * c[n.POWER_SHIFT] * u[n.POWER_MODE] + (
        c[n.SIDE_SHARE] * c[n.HILL_SHIFT] if x[n.GRADE] > c[n.HILL_GRADE] else 0.0
    )
    if u[n.BRAKE] > 0 and x[n.GRADE] < -c[n.HILL_GRADE]:
        line = c[n.BRAKE_DOWN]
    return float(line)


def wished_gear(x: Floats, u: Floats, c: Floats) -> int:
    """Gear by the schedule alone, from the gear now: at most as many steps as keep the engine within its speeds."""
    gear, last, wo = int(x[n.GEAR]), int(c[n.GEARS]), x[n.WO]
    up, down = up_speed(x, u, c), down_speed(x, u, c)
    if int(u[n.ASKED_GEAR]) > 0:
        asked = min(max(int(u[n.ASKED_GEAR]), 1), last)
        speed = wo * c[n.RATIO0 + asked]
        return asked if c[n.ASKED_IDLE] * c[n.IDLE_RADPS] < speed < c[n.OVERSPEED] else gear
    while (
        gear < last and wo * c[n.RATIO0 + gear] > up and wo * c[n.RATIO0 + gear + 1] > max(down, c[n.UP_IDLE] * c[n.IDLE_RADPS])
    ):
        gear += 1
    if gear > int(x[n.GEAR]):
        return gear if x[n.WE] > c[n.OVERSPEED] or _pulls(x, u, c, gear) else int(x[n.GEAR])
    while gear > 1 and wo * c[n.RATIO0 + gear] < down and wo * c[n.RATIO0 + gear - 1] < c[n.DOWN_OVER] * c[n.OVERSPEED]:
        gear -= 1
    return gear


def _pulls(x: Floats, u: Floats, c: Floats, gear: int) -> bool:
    """Whether the vehicle would still gain speed in `gear` (or is not meant to)."""
    torque = driver_nm(x, u, c)
    if torque < 0:
        return True
    pull = torque * c[n.RATIO0 + gear] * c[n.EFFICIENCY] / c[n.RADIUS_M]
    return bool(pull / x[n.MASS_KG] - GRAVITY_MPS2 * (x[n.GRADE] + c[n.ROLLING]) > c[n.RESERVE_MPS2])


def choose_target(x: Floats, u: Floats, c: Floats) -> int:
    """Gear to be shifted to now: the wish, unless inhibited; by the gear between on the same
    one of two shafts, past gears that are lost."""
    gear, wish = int(x[n.GEAR]), wished_gear(x, u, c)
    x[n.WISHED] = wish
    if wish == gear or u[n.SUPPLY_V] < c[n.LOW_V]:
        return gear
    direction = 1 if wish > gear else -1
    speed = x[n.WO] * c[n.RATIO0 + gear]
    urgent = speed > c[n.OVERSPEED] or speed < c[n.URGENT_IDLE] * c[n.IDLE_RADPS] or u[n.ASKED_GEAR] > 0
    since = x[n.SINCE_S]
    if not urgent and (since < c[n.MIN_BETWEEN_S] or (direction != x[n.LAST_DIRECTION] and since < c[n.MIN_REVERSE_S])):
        return gear
    target = wish
    if c[n.SHAFTS] > 1 and shaft_of(c, wish) == shaft_of(c, gear) and usable(x, u, c, wish - direction):
        target = wish - direction
    while target != gear and not usable(x, u, c, target):
        target -= direction
    if target == gear:
        target = wish + direction
        fits = usable(x, u, c, target) and c[n.ASKED_IDLE] * c[n.IDLE_RADPS] < x[n.WO] * c[n.RATIO0 + target] < c[n.OVERSPEED]
        return target if fits and urgent else gear
    return target


def preselected(x: Floats, u: Floats, c: Floats) -> int:
    """Gear that the idle shaft should stand in: the neighbour the speed is nearer to; 0 when neither is usable."""
    gear = int(x[n.GEAR])
    middle = 0.5 * (up_speed(x, u, c) + down_speed(x, u, c))
    spare = c[n.PRESELECT_RADPS] * (1.0 if int(x[n.WANT_ODD + 1 - shaft_of(c, gear)]) > gear else -1.0)
    first = gear + 1 if x[n.WO] * c[n.RATIO0 + gear] + spare > middle else gear - 1
    if first == gear - 1 and x[n.WO] * c[n.RATIO0 + max(first, 1)] > c[n.OVERSPEED]:
        first = gear + 1
    if usable(x, u, c, first):
        return first
    other = 2 * gear - first
    return other if usable(x, u, c, other) and x[n.WO] * c[n.RATIO0 + other] < c[n.OVERSPEED] else 0
