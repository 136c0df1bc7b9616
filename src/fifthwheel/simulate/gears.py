"""Gears of a powertrain: what each gives, and which one suits; parts of the kernel."""

from __future__ import annotations

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.layout import AXLE_STAGE, DCT, GAP, GEAR, N_STAGE, N_TORQUE, SINCE, TURN, Floats, Record, Stock, V

DESCENT_MPS2 = 0.1
"""A road that speeds the vehicle up by more than this is worth a lower gear to brake in; a stop on the level is not."""
Limits = tuple[float, float]
"""Share of the engine's full load left at this height, and battery power left for driving."""


@part
def interpolate(table: Floats, position: float) -> float:
    """Value of a table at a fractional index, held at its ends."""
    index = min(max(int(position), 0), len(table) - 2)
    share = min(max(position - index, 0.0), 1.0)
    return float(table[index] * (1.0 - share) + table[index + 1] * share)


@part
def surface(table: Floats, row: float, column: float) -> float:
    """Value of a table of two dimensions at fractional indices, held at the ends of its rows and continued along its columns."""
    i = min(max(int(row), 0), table.shape[0] - 2)
    j = min(max(int(column), 0), table.shape[1] - 2)
    x, y = min(max(row - i, 0.0), 1.0), column - j
    low = table[i, j] * (1.0 - y) + table[i, j + 1] * y
    high = table[i + 1, j] * (1.0 - y) + table[i + 1, j + 1] * y
    return float(low * (1.0 - x) + high * x)


@part
def curve(train: Record, table: Floats, shaft: float) -> float:
    """A curve of the train over its shaft speed."""
    return interpolate(table, shaft * train.per_step)


@part
def shaft_speed(train: Record, gear: int, speed: float) -> float:
    """Shaft speed in a gear at a road speed, clutch closed."""
    return float(speed * train.reach[gear])


@part
def stage_torque(stock: Stock, train: Record, stage: int, speed: float, torque: float) -> float:
    """Input torque of a stage (gear, or the axle) for a torque behind it (referred to its input), at its input speed."""
    table = train.table[stage]
    if table < 0:
        return float(torque * train.per_efficiency[stage] if torque > 0.0 else torque * train.efficiency[stage])
    row, column = speed * train.per_speed[stage], torque * train.per_torque[stage] + 0.5 * (N_TORQUE - 1)
    return surface(stock.losses[table], min(row, N_STAGE - 1.0), column)


@part
def shaft_torque(stock: Stock, train: Record, gear: int, force: float, speed: float) -> tuple[float, float, float]:
    """Torque at the gearbox input for a force at the wheels, with the power lost in the gearbox and in the axle."""
    axle_speed = speed * train.per_radius * train.axle
    shaft = speed * train.reach[gear]
    behind = force * train.radius * train.per_axle
    axle = stage_torque(stock, train, AXLE_STAGE, axle_speed, behind)
    before = 0.0
    if train.drags and not train.primary:
        axle += curve(train, train.retarder_drag, axle_speed)
    if train.drags and train.primary:
        before = curve(train, train.retarder_drag, shaft)
    geared = axle * train.per_ratio[gear]
    torque = stage_torque(stock, train, gear, shaft, geared) + before
    return torque, (torque - geared) * shaft, (axle - behind) * axle_speed


@part
def tractive_limit(train: Record, gear: int, speed: float, derate: float, watts: float) -> float:
    """Most force at the wheels in a gear: engine at its altitude, and motor with the battery's `watts`."""
    position = shaft_speed(train, gear, speed) * train.per_step
    force = derate * interpolate(train.pull[gear], position) if train.engine else 0.0
    if train.motor:
        tow = interpolate(train.tow[gear], position)
        force += min(tow, train.efficiency[gear] * interpolate(train.share, position) * watts / max(speed, 0.3))
    return float(max(force, 0.0))


@part
def least_shaft(train: Record, load: float) -> float:
    """Lowest shaft speed to cruise at with a share `load` of the most force: an engine that gives little may turn slower."""
    return float(train.least + (train.low - train.least) * min(max(1.25 * load, 0.0), 1.0))


@part
def best_gear(train: Record, speed: float, force: float, derate: float, watts: float) -> int:
    """Highest gear that gives `force` above the lowest comfortable shaft speed; else the gear that gives most force."""
    best, most = train.gears - 1, -1.0
    for gear in range(train.gears - 1, -1, -1):
        shaft = shaft_speed(train, gear, speed)
        if shaft > train.high and gear < train.gears - 1:
            break
        limit = tractive_limit(train, gear, speed, derate, watts)
        if 0.94 * limit >= force and shaft >= least_shaft(train, force / max(limit, 1.0)):
            return gear
        if limit > most * 1.04:
            best, most = gear, limit
    return int(best)


@part
def starting_gear(train: Record, force: float, limits: Limits) -> int:
    """Highest of the four lowest gears that starts with half of its force, else the lowest."""
    for gear in range(min(3, train.gears - 1), 0, -1):
        if 0.5 * tractive_limit(train, gear, 0.0, limits[0], limits[1]) >= force:
            return gear
    return 0


@part
def braking_gear(train: Record, speed: float, least: float, force: float) -> int:
    """Highest gear whose shaft turns at `least` or faster and that takes `force` (an engine with its retarder), within range."""
    best = train.gears - 1
    for gear in range(train.gears - 1, -1, -1):
        shaft = shaft_speed(train, gear, speed)
        if shaft > train.high:
            break
        best = gear
        brake = train.retarder_power / max(speed, 1.0) - interpolate(train.hold[gear], shaft * train.per_step)
        able = (brake if train.engine else interpolate(train.tow[gear], shaft * train.per_step)) >= force
        if shaft >= least and able:
            break
    return int(best)


@part
def wanted_gear(train: Record, state: Floats, force: float, limits: Limits, slowing: float) -> int:
    """Gear that suits the force asked for at the wheels, with what keeps it from hunting.

    An upshift is judged at the speed left after the traction gap, at `slowing` (m/s2); a shift against the last one waits
    6 s (as VECTO's) unless the shaft leaves its range.
    """
    (derate, watts), gear, speed = limits, int(state[GEAR]), state[V]
    shaft = shaft_speed(train, gear, speed)
    over = shaft >= train.high
    if force < 0.0:
        if not train.engine or (-force * speed > 60e3 and slowing < -DESCENT_MPS2):
            wanted = braking_gear(train, speed, 150.0 if train.engine else 0.5 * train.low, -force)
            return gear if state[SINCE] < 4.0 or (wanted > gear and not over) else wanted
        return braking_gear(train, speed, 1.7 * train.idle, 0.0) if shaft < 1.15 * train.idle else gear
    gap = 0.0 if train.box == DCT else train.shift
    after = max(speed - max(slowing, 0.0) * gap, 0.0)
    if gear + 1 < train.gears and (over or shaft_speed(train, gear + 1, after) >= train.least):
        wanted = best_gear(train, after, force, derate, watts)
        if wanted <= gear and tractive_limit(train, gear + 1, after, derate, watts) > 1.04 * tractive_limit(
            train, gear, speed, derate, watts
        ):
            wanted = gear + 1
        if wanted > gear:
            wait = 6.0 if state[TURN] < 0.0 else 2.5
            return gear if not over and (state[SINCE] < wait or speed < 0.8) else wanted
    limit = tractive_limit(train, gear, speed, derate, watts)
    patience = 0.75 if state[TURN] > 0.0 and state[SINCE] < 6.0 else 0.9
    lugging = state[TURN] != 0.0 and shaft < patience * least_shaft(train, force / max(limit, 1.0))
    weak = shaft < 0.55 * train.high and limit < 0.98 * force
    wait = 6.0 if state[TURN] >= 0.0 else 1.0
    if lugging or (weak and state[SINCE] >= wait):
        return min(gear, best_gear(train, speed, force, derate, watts))
    return gear


@part
def shift(train: Record, state: Floats, force: float, limits: Limits, slowing: float) -> None:
    """Begin a shift if one is due; sets gear and what is left of the shift in `state`."""
    if state[GAP] > 0.0 or state[SINCE] < 1.0 or train.gears == 1:
        return
    wanted, gear = wanted_gear(train, state, force, limits, slowing), int(state[GEAR])
    if wanted != gear:
        state[TURN] = 1.0 if wanted > gear else -1.0
        state[GEAR], state[GAP], state[SINCE] = wanted, train.shift, 0.0
