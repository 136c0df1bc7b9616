"""The kernel of a longitudinal trip: plain functions compiled by Numba that call the laws of `physics` themselves.

Every function here also runs as Python (set ``NUMBA_DISABLE_JIT=1``). A step is `STEP_S`; forces are taken at its start and
held, so that force times way is work exactly and the account closes to rounding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics import aero, battery, brake, driveline, engine, motor, resistance
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.gears import full_torque, interpolate, shaft_speed, shift, starting_gear, tractive_limit
from fifthwheel.simulate.layout import (
    AUXILIARY,
    BRAKING,
    CLIMB,
    CLUTCH,
    CODE,
    CURRENT,
    DONE,
    DOWN,
    DRAG,
    DRIVELINE,
    ENGINE,
    ENGINE_BRAKE,
    FLAT_BATTERY,
    FRICTION,
    FUEL,
    FUEL_W,
    GAP,
    GEAR,
    IDLE,
    KINETIC,
    MOTOR,
    N_FLOW,
    N_STATE,
    NO_START,
    PEDAL,
    RECOVERED,
    RETARDER,
    RETARDING,
    ROLL_TRACTOR,
    ROLL_TRAILER,
    RUNNING,
    SINCE,
    SOC,
    SPEED,
    STEP_S,
    STILL,
    SUBSTEPS,
    T_CURRENT,
    T_SPEED,
    T_TERMINAL_W,
    T_TORQUE,
    TERMINAL_W,
    TORQUE,
    TRAILER_SOC,
    TURN,
    UP,
    WIND,
    Body,
    Books,
    Floats,
    H,
    S,
    Train,
    V,
    Vehicle,
    Way,
)

laws(
    aero.yawed_drag_area_m2,
    aero.still_air_force_n,
    aero.air_force_n,
    battery.current_a,
    battery.resistance_loss_w,
    brake.retarder_power_w,
    driveline.shaft_power_w,
    engine.gas_efficiency_ratio,
    engine.fuel_power_w,
    motor.loss_w,
    resistance.acceleration_mps2,
    resistance.grade_force_n,
)


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
