"""The kernel of a longitudinal trip: plain functions compiled by Numba that call the laws of `physics` themselves.

Every function here also runs as Python (set ``NUMBA_DISABLE_JIT=1``). A step is `STEP_S`; forces are taken at its start and
held, so that force times way is work exactly and the account closes to rounding.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics import aero, battery, brake, driveline, engine, motor, resistance
from fifthwheel.simulate.compiled import compiled, laws, part

Floats = NDArray[np.float64]
Books = tuple[Floats, Floats, Floats]
"""State, book and flow: see the names of their entries."""

STEP_S: Final = 0.5
SUBSTEPS: Final = 2
"""Steps in a sample of one second."""

S, V, H, GEAR, GAP, SINCE, TURN, SOC, TRAILER_SOC, CODE = range(10)
"""State: way, speed, height, gear (0 first), what is left of a shift, time since the last and its sign (0: none since the
start), charge of both batteries, end code."""
(STILL, WIND, ROLL_TRACTOR, ROLL_TRAILER, CLIMB, KINETIC, FRICTION, RETARDER, ENGINE_BRAKE, DRIVELINE, MOTOR, ENGINE, IDLE,
 AUXILIARY, FUEL, BATTERY, TRAILER_BATTERY, UP, DOWN, RECOVERED, HEAT, TRAILER_HEAT) = range(22)  # fmt: skip
"""Book: joules since the start; HEAT is what the batteries' resistance took, behind their terminals."""
(SPEED, TORQUE, DRAG, FUEL_W, TERMINAL_W, CURRENT, BRAKING, RETARDING, PEDAL, CLUTCH, T_SPEED, T_TORQUE, T_TERMINAL_W, T_CURRENT,
 T_DRAG) = range(15)  # fmt: skip
"""Flow: means over one second."""
N_STATE, N_BOOK, N_FLOW = 10, 22, 15
RUNNING, DONE, NO_START, FLAT_BATTERY = 0, 1, 2, 3


class Way(NamedTuple):
    """The road by node (`road.profile.STEP_M` apart) and its stops; `allowed` is the square of the driver's speed."""

    step: float
    allowed: Floats
    sine: Floats
    head: Floats
    cross: Floats
    density: Floats
    derate: Floats
    stop_at: Floats
    stop_time: Floats
    stop_work: NDArray[np.bool_]


class Body(NamedTuple):
    """Mass, air, tyres and endurance brake of the whole combination, and how its driver speeds up and slows down."""

    mass: float
    rotating: float
    drag_area: float
    crosswind: tuple[float, float, float]
    roll_tractor: float
    roll_trailer: float
    radius: float
    adhesion: float
    retarder_ratio: float
    retarder_torque: float
    retarder_power: float
    accelerate: float
    decelerate: float


class Train(NamedTuple):
    """A powertrain: engine or motor with its gears (curves every `grid` rad/s from standstill), battery, consumers.

    `soc_at`, `meter_at` and `heat_at` say where its battery stands in state and book.
    """

    present: bool
    electric: bool
    ratios: Floats
    efficiencies: Floats
    radius: float
    shift: float
    grid: float
    full: Floats
    drag: Floats
    brake: Floats
    idle: float
    launch: float
    low: float
    high: float
    willans: tuple[float, float, float]
    peak_torque: float
    peak_power: float
    losses: tuple[float, float, float]
    capacity: float
    nominal: float
    voltage: Floats
    resistance: float
    discharge: float
    charge: float
    soc_low: float
    soc_high: float
    soc_at: int
    meter_at: int
    heat_at: int
    auxiliary: float
    working: float
    threshold: float


class Vehicle(NamedTuple):
    """What drives: the tractor's powertrain, the trailer's (`present` or not), and the body."""

    tractor: Train
    trailer: Train
    body: Body


laws(
    aero.yawed_drag_area_m2,
    aero.still_air_force_n,
    aero.air_force_n,
    battery.current_a,
    battery.resistance_loss_w,
    brake.retarder_power_w,
    driveline.shaft_power_w,
    driveline.shaft_speed_radps,
    engine.gas_efficiency_ratio,
    engine.fuel_power_w,
    motor.loss_w,
    motor.torque_limit_nm,
    resistance.acceleration_mps2,
    resistance.grade_force_n,
)


@part
def interpolate(table: Floats, position: float) -> float:
    """Value of a table at a fractional index, held at its ends."""
    index = min(max(int(position), 0), len(table) - 2)
    part = min(max(position - index, 0.0), 1.0)
    return float(table[index] * (1.0 - part) + table[index + 1] * part)


def top_speed(train: Train) -> float:
    """Road speed at the end of the range in top gear."""
    return float(train.high * train.radius / train.ratios[-1])


@compiled
def allowed_speeds(aimed: Floats, stop_nodes: NDArray[np.int64], step: float, decelerate: float) -> Floats:
    """Squares of the speeds from which every later limit and stop can still be met at `decelerate`, shape of `aimed`."""
    allowed = aimed * aimed
    for node in stop_nodes:
        allowed[node] = 0.0
    for node in range(len(allowed) - 2, -1, -1):
        allowed[node] = min(allowed[node], allowed[node + 1] + 2.0 * decelerate * step)
    return allowed


@part
def resistances(way: Way, body: Body, state: Floats) -> tuple[float, float, float, float, float]:
    """Forces now: still air, all air, tractor's tyres, trailer's tyres, grade."""
    node = min(int(state[S] / way.step), len(way.sine) - 1)
    density, speed = way.density[node], state[V]
    still = float(aero.still_air_force_n(density, body.drag_area, speed))
    air = float(aero.air_force_n(density, body.drag_area, speed, (way.head[node], way.cross[node]), body.crosswind))
    cosine = np.sqrt(1.0 - way.sine[node] ** 2)
    grade = float(resistance.grade_force_n(body.mass, way.sine[node]))
    return still, air, body.roll_tractor * cosine, body.roll_trailer * cosine, grade


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


@part
def draw(train: Train, power: float, state: Floats, book: Floats) -> float:
    """Take terminal `power` from the battery for a step: returns its current."""
    open_voltage = interpolate(train.voltage, state[train.soc_at] * (len(train.voltage) - 1))
    current = float(battery.current_a(power, open_voltage, train.resistance))
    book[train.heat_at] += battery.resistance_loss_w(current, train.resistance) * STEP_S
    book[train.meter_at] += power * STEP_S
    state[train.soc_at] -= current * STEP_S * train.nominal / train.capacity
    return current


@part
def motor_brake_limit(train: Train, state: Floats, gear: int, speed: float) -> float:
    """Most braking power at the wheels by a motor: fades out below 3 m/s and over the last 5 % of charge."""
    shaft = shaft_speed(train, gear, speed)
    room = train.charge * min(max((train.soc_high - state[train.soc_at]) / 0.05, 0.0), 1.0)
    power = min(full_torque(train, shaft, 1.0) * shaft, room) / train.efficiencies[gear]
    return float(power * min(max((speed - 0.8) / 2.2, 0.0), 1.0))


@part
def run_motor(train: Train, gear: int, speed: float, power: float, books: Books) -> tuple[float, float, float, float]:
    """Drive (`power` > 0) or brake with a motor for a step: shaft speed, torque, terminal power and current."""
    state, book, _ = books
    mechanical = float(driveline.shaft_power_w(power, train.efficiencies[gear]))
    shaft = shaft_speed(train, gear, speed)
    torque, loss = 0.0, 0.0
    if shaft > 0.0:
        torque = mechanical / shaft
        loss = float(motor.loss_w(torque, shaft, train.peak_torque, train.peak_power, train.losses))
    terminal = mechanical + loss + train.auxiliary
    book[DRIVELINE] += (mechanical - power) * STEP_S
    book[MOTOR] += loss * STEP_S
    book[AUXILIARY] += train.auxiliary * STEP_S
    book[RECOVERED] += max(-mechanical, 0.0) * STEP_S
    return shaft, torque, terminal, draw(train, terminal, state, book)


@part
def run_engine(train: Train, speed: float, power: float, books: Books) -> tuple[float, float, float]:
    """Drive (`power` > 0) or brake with an engine for a step: what it took of `power`, shaft speed and torque.

    Braking, it takes drag and auxiliaries first, then the decompression brake; with an open clutch it idles.
    """
    state, book, flow = books
    gear = int(state[GEAR])
    efficiency, geared = train.efficiencies[gear], shaft_speed(train, gear, speed)
    taken, slowed = power, 0.0
    if power > 0.0:
        shaft = max(geared, train.launch)
        drag = interpolate(train.drag, shaft / train.grid)
        clutch = power / efficiency / max(geared, 1e-6) * shaft
    else:
        closed = geared >= 1.05 * train.idle and state[GAP] <= 0.0
        shaft = geared if closed else max(train.idle, min(geared, train.high))
        drag = interpolate(train.drag, shaft / train.grid)
        taken = -min(-power, (drag * shaft + train.auxiliary) / efficiency) if closed else 0.0
        if closed and power < -5e3 and speed > 2.0:
            slowed = min(taken - power, interpolate(train.brake, shaft / train.grid) * shaft / efficiency)
        clutch = taken * efficiency
    out = clutch + train.auxiliary
    fuel = float(engine.fuel_power_w(out / shaft, shaft, drag, train.willans))
    book[DRIVELINE] += (clutch - taken + slowed * (1.0 - efficiency)) * STEP_S
    book[ENGINE_BRAKE] += slowed * efficiency * STEP_S
    book[FUEL] += fuel * STEP_S
    book[ENGINE] += (fuel - out) * STEP_S
    book[AUXILIARY] += train.auxiliary * STEP_S
    flow[FUEL_W] += fuel
    flow[DRAG] += drag
    return taken - slowed, shaft, (out - slowed * efficiency) / shaft


@part
def run_trailer(train: Train, speed: float, power: float, books: Books) -> None:
    """The trailer's own drive for a step."""
    shaft, torque, terminal, current = run_motor(train, 0, speed, power, books)
    flow = books[2]
    flow[T_SPEED] += shaft
    flow[T_TORQUE] += torque
    flow[T_TERMINAL_W] += terminal
    flow[T_CURRENT] += current


@part
def trailer_share(train: Train, state: Floats, speed: float, power: float) -> float:
    """Wheel power that the trailer's drive takes of `power`: help above its threshold, braking first."""
    if power <= 0.0:
        return -min(-power, motor_brake_limit(train, state, 0, speed))
    shaft = shaft_speed(train, 0, speed)
    charged = min(max((state[TRAILER_SOC] - train.soc_low) / 0.08, 0.0), 1.0)
    most = min(full_torque(train, shaft, 1.0) * shaft, 0.86 * train.discharge) * train.efficiencies[0]
    return float(charged * min(max(power - train.threshold, 0.0), 0.6 * most))


@part
def stand(vehicle: Vehicle, working: bool, books: Books) -> None:
    """One step of standing with the vehicle switched on: idling and auxiliaries."""
    state, book, flow = books
    train = vehicle.tractor
    power = train.auxiliary + (train.working if working else 0.0)
    book[AUXILIARY] += power * STEP_S
    flow[CLUTCH] += 1.0
    if train.electric:
        flow[TERMINAL_W] += power
        flow[CURRENT] += draw(train, power, state, book)
    else:
        shaft = train.idle * (1.5 if working else 1.0)
        drag = interpolate(train.drag, shaft / train.grid)
        fuel = float(engine.fuel_power_w(power / shaft, shaft, drag, train.willans))
        book[IDLE] += (fuel - power) * STEP_S
        book[FUEL] += fuel * STEP_S
        flow[SPEED] += shaft
        flow[TORQUE] += power / shaft
        flow[DRAG] += drag
        flow[FUEL_W] += fuel
    if vehicle.trailer.present:
        run_trailer(vehicle.trailer, 0.0, 0.0, books)


@part
def power_step(vehicle: Vehicle, speed: float, power: float, books: Books) -> None:
    """Deliver or absorb wheel `power` at the mean `speed` of a step: trailer, tractor, retarder, friction, in this order."""
    state, book, flow = books
    train, body = vehicle.tractor, vehicle.body
    left = power
    if vehicle.trailer.present:
        share = trailer_share(vehicle.trailer, state, speed, power)
        run_trailer(vehicle.trailer, speed, share, books)
        left -= share
    if train.electric:
        gear, taken = int(state[GEAR]), left
        if left < 0.0:
            taken = 0.0 if state[GAP] > 0.0 else -min(-left, motor_brake_limit(train, state, gear, speed))
        shaft, torque, terminal, current = run_motor(train, gear, speed, taken, books)
        flow[TERMINAL_W] += terminal
        flow[CURRENT] += current
    else:
        taken, shaft, torque = run_engine(train, speed, left, books)
    flow[SPEED] += shaft
    flow[TORQUE] += torque
    flow[PEDAL] += max(torque, 0.0) / max(full_torque(train, shaft, 1.0), 1.0) if left > 0.0 else 0.0
    rest = max(taken - left, 0.0)
    most = brake.retarder_power_w(speed, body.retarder_ratio, body.radius, body.retarder_torque, body.retarder_power)
    slow = min(rest, float(most))
    book[RETARDER] += slow * STEP_S
    book[FRICTION] += (rest - slow) * STEP_S
    flow[RETARDING] += 1.0 if slow > 1e3 else 0.0
    flow[BRAKING] += 1.0 if rest - slow > 1e3 else 0.0


@part
def driver_force(vehicle: Vehicle, way: Way, state: Floats, against: float) -> float:
    """Force at the wheels that the driver asks for: to the speed allowed a step ahead, within the style."""
    body, speed = vehicle.body, state[V]
    place = (state[S] + speed * STEP_S + (6.0 if speed < 0.5 else 0.0)) / way.step
    target = np.sqrt(interpolate(way.allowed, place))
    urge = (target - speed) / (1.2 if target > speed else STEP_S)
    urge = max(min(urge, body.accelerate * (1.0 - 0.024 * speed)), -2.5 * body.decelerate)
    return float((body.mass + body.rotating) * urge + against)


@part
def available_force(vehicle: Vehicle, way: Way, state: Floats, wanted: float, against: float) -> float:
    """Of the force `wanted`, what gear, engine or motor, trailer and adhesion give now; brakes give everything."""
    train, speed = vehicle.tractor, state[V]
    derate = way.derate[min(int(state[S] / way.step), len(way.derate) - 1)]
    if speed <= 0.0:
        state[GEAR], state[GAP], state[SINCE], state[TURN] = starting_gear(train, wanted), 0.0, 0.0, 0.0
    else:
        shift(train, state, wanted, derate, against / (vehicle.body.mass + vehicle.body.rotating))
    if wanted <= 0.0 or state[GAP] > 0.0:
        return min(wanted, 0.0)
    force = tractive_limit(train, int(state[GEAR]), speed, derate)
    if vehicle.trailer.present:
        pace = max(speed, 1.0)
        force += trailer_share(vehicle.trailer, state, pace, wanted * pace) / pace
    return min(wanted, force, vehicle.body.adhesion)


@part
def move(vehicle: Vehicle, way: Way, books: Books) -> None:
    """One step of driving."""
    state, book, flow = books
    body, speed = vehicle.body, state[V]
    mass = body.mass + body.rotating
    still, air, roll_tractor, roll_trailer, grade = resistances(way, body, state)
    against = air + roll_tractor + roll_trailer + grade
    force = available_force(vehicle, way, state, driver_force(vehicle, way, state, against), against)
    change = float(resistance.acceleration_mps2(force, against, body.mass, body.rotating))
    if speed <= 0.0 and change <= 0.005:
        state[CODE] = NO_START
        return
    change = max(change, -speed / STEP_S)
    mean = speed + 0.5 * change * STEP_S
    gain = mean * STEP_S
    power_step(vehicle, mean, (mass * change + against) * mean, books)
    book[STILL] += still * gain
    book[WIND] += (air - still) * gain
    book[ROLL_TRACTOR] += roll_tractor * gain
    book[ROLL_TRAILER] += roll_trailer * gain
    book[CLIMB] += grade * gain
    book[UP if grade > 0.0 else DOWN] += abs(grade) * gain
    book[KINETIC] += mass * change * gain
    flow[CLUTCH] += 1.0 if state[GAP] > 0.0 else 0.0
    state[S] += gain
    state[H] += grade / (body.mass * resistance.GRAVITY) * gain
    state[V] = speed + change * STEP_S if speed + change * STEP_S > 1e-9 else 0.0


@part
def halt(vehicle: Vehicle, state: Floats, book: Floats) -> None:
    """Come to rest for a stop; the little speed left goes into the friction brakes."""
    left = 0.5 * (vehicle.body.mass + vehicle.body.rotating) * state[V] ** 2
    book[KINETIC] -= left
    book[FRICTION] += left
    state[V] = 0.0


@part
def arrives(left: float, speed: float) -> bool:
    """Whether the vehicle is as good as at its stop: almost there and slow, or already standing a little before it."""
    return (left < 2.5 and speed < 0.9) or (left < 15.0 and speed <= 0.0)


@part
def record(samples: Floats, row: int, state: Floats, flow: Floats) -> None:
    """Write the state, and the flow as a mean, into a row."""
    for index in range(N_STATE):
        samples[row, index] = state[index]
    for index in range(N_FLOW):
        samples[row, N_STATE + index] = flow[index] / SUBSTEPS
        flow[index] = 0.0


@compiled
def drive(vehicle: Vehicle, way: Way, state: Floats, book: Floats, samples: Floats) -> int:
    """The whole trip: fills `samples` (a row a second: state, then flow), returns rows used; `state[CODE]` says how it ended."""
    flow = np.zeros(N_FLOW)
    books = (state, book, flow)
    stop, left, halted = 0, 0.0, False
    for row in range(1, len(samples)):
        for _ in range(SUBSTEPS):
            if not halted and arrives(way.stop_at[stop] - state[S], state[V]):
                halted, left = True, way.stop_time[stop]
                halt(vehicle, state, book)
            if halted and left > 0.0:
                left -= STEP_S
                stand(vehicle, way.stop_work[stop], books)
            elif halted:
                halted, stop = False, stop + 1
            if stop == len(way.stop_at):
                state[CODE] = DONE
                break
            if not halted:
                move(vehicle, way, books)
            if vehicle.tractor.electric and state[SOC] < 0.5 * vehicle.tractor.soc_low:
                state[CODE] = FLAT_BATTERY
            if state[CODE] != RUNNING:
                break
        record(samples, row, state, flow)
        if state[CODE] != RUNNING:
            return row + 1
    return len(samples)
