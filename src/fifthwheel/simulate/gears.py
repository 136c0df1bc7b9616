"""Gears of a powertrain: what each gives, and which one suits; parts of the kernel."""

from __future__ import annotations

from fifthwheel.physics import driveline, motor
from fifthwheel.simulate.compiled import laws, part
from fifthwheel.simulate.layout import GAP, GEAR, SINCE, STEP_S, TURN, Floats, Train, V

laws(driveline.shaft_speed_radps, motor.torque_limit_nm)


@part
def interpolate(table: Floats, position: float) -> float:
    """Value of a table at a fractional index, held at its ends."""
    index = min(max(int(position), 0), len(table) - 2)
    part = min(max(position - index, 0.0), 1.0)
    return float(table[index] * (1.0 - part) + table[index + 1] * part)


def top_speed(train: Train) -> float:
    """Road speed at the end of the range in top gear."""
    return float(train.high * train.radius / train.ratios[-1])


@part
def shaft_speed(train: Train, gear: int, speed: float) -> float:
    """Shaft speed in a gear at a road speed, clutch closed."""
    return float(driveline.shaft_speed_radps(speed, train.ratios[gear], train.radius))


@part
def full_torque(train: Train, shaft: float, derate: float) -> float:
    """Most torque of an engine or motor at a shaft speed."""
    if train.electric:
        return float(motor.torque_limit_nm(shaft, train.peak_torque, train.peak_power)) if shaft < train.high else 0.0
    return float(derate * interpolate(train.full, max(shaft, train.launch) / train.grid))


@part
def tractive_limit(train: Train, gear: int, speed: float, derate: float) -> float:
    """Most force at the wheels in a gear: torque, and for a motor the battery's power."""
    shaft = shaft_speed(train, gear, speed)
    torque = full_torque(train, shaft, derate)
    if not train.electric:
        torque -= train.auxiliary / max(shaft, train.launch)
    force = torque * train.ratios[gear] * train.efficiencies[gear] / train.radius
    if train.electric:
        force = min(force, 0.86 * (train.discharge - train.auxiliary) / max(speed, 0.5))
    return float(max(force, 0.0))


@part
def best_gear(train: Train, speed: float, force: float, derate: float) -> int:
    """Highest gear that gives `force` above the lowest comfortable shaft speed; else the gear that gives most force."""
    best, most = len(train.ratios) - 1, -1.0
    for gear in range(len(train.ratios) - 1, -1, -1):
        shaft = shaft_speed(train, gear, speed)
        if shaft > train.high and gear < len(train.ratios) - 1:
            break
        limit = tractive_limit(train, gear, speed, derate)
        if shaft >= train.low and 0.94 * limit >= force:
            return gear
        if limit > most * 1.04:
            best, most = gear, limit
    return best


@part
def starting_gear(train: Train, force: float) -> int:
    """Highest of the four lowest gears that starts with half of its force, else the lowest."""
    for gear in range(min(3, len(train.ratios) - 1), 0, -1):
        if 0.5 * tractive_limit(train, gear, 0.0, 1.0) >= force:
            return gear
    return 0


@part
def braking_gear(train: Train, speed: float, least: float, force: float) -> int:
    """Highest gear whose shaft turns at `least` or faster (for a motor: that also takes `force`), within its top speed."""
    best = len(train.ratios) - 1
    for gear in range(len(train.ratios) - 1, -1, -1):
        shaft = shaft_speed(train, gear, speed)
        if shaft > train.high:
            break
        best = gear
        able = not train.electric or full_torque(train, shaft, 1.0) * train.ratios[gear] / train.radius >= force
        if shaft >= least and able:
            break
    return best


@part
def wanted_gear(train: Train, state: Floats, force: float, derate: float, slowing: float) -> int:
    """Gear that suits the force asked for at the wheels, with what keeps it from hunting.

    An upshift is judged at the speed left after the traction gap, at `slowing` (m/s2); a shift against the last one waits
    6 s (as VECTO's) unless the shaft leaves its range.
    """
    gear, speed = int(state[GEAR]), state[V]
    shaft = shaft_speed(train, gear, speed)
    over, lugging = shaft >= train.high, shaft < 0.9 * train.low and state[TURN] != 0.0
    if force < 0.0:
        if train.electric or -force * speed > 60e3:
            wanted = braking_gear(train, speed, 0.5 * train.low if train.electric else 150.0, -force)
            return gear if state[SINCE] < 4.0 or (wanted > gear and not over) else wanted
        return braking_gear(train, speed, 1.1 * train.low, 0.0) if shaft < 0.8 * train.low else gear
    wanted = best_gear(train, max(speed - max(slowing, 0.0) * train.shift, 0.0), force, derate)
    if wanted > gear:
        wait = 6.0 if state[TURN] < 0.0 else 2.5
        return gear if not over and (state[SINCE] < wait or speed < 0.8) else wanted
    wanted = min(gear, best_gear(train, speed, force, derate))
    weak = shaft < 0.55 * train.high and tractive_limit(train, gear, speed, derate) < 0.98 * force
    wait = 6.0 if state[TURN] >= 0.0 else 1.0
    return wanted if lugging or (weak and state[SINCE] >= wait) else gear


@part
def shift(train: Train, state: Floats, force: float, derate: float, slowing: float) -> None:
    """Pass time on a shift under way, or begin one; sets gear and traction gap in `state`."""
    state[SINCE] += STEP_S
    state[GAP] = max(state[GAP] - STEP_S, 0.0)
    if state[GAP] > 0.0 or state[SINCE] < 1.0:
        return
    wanted, gear = wanted_gear(train, state, force, derate, slowing), int(state[GEAR])
    if wanted != gear:
        state[TURN] = 1.0 if wanted > gear else -1.0
        state[GEAR], state[GAP], state[SINCE] = wanted, train.shift, 0.0
