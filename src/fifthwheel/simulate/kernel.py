"""The kernel of a longitudinal trip: plain functions compiled by Numba that call the laws of `physics` themselves.

Every function here also runs as Python (set ``NUMBA_DISABLE_JIT=1``). A step is `STEP_S`; forces are taken at its start and
held, so that force times way is work exactly and the account closes to rounding. Numba's disk cache looks at this file
only: after changing a law in `physics`, touch this file.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numba.extending import register_jitable

from fifthwheel.physics import aero, battery, brake, driveline, engine, motor, resistance

STEP_S: Final = 0.5
SUBSTEPS: Final = 2
"""Steps in a sample of one second."""

S, V, H, GEAR, GAP, SINCE, SOC, TRAILER_SOC, CODE = range(9)
"""State: way, speed, height, gear (0 first), left of a shift, time since one, charge of both batteries, why it ended."""
(STILL, WIND, ROLL_TRACTOR, ROLL_TRAILER, CLIMB, KINETIC, FRICTION, RETARDER, ENGINE_BRAKE, DRIVELINE, MOTOR, ENGINE, IDLE,
 AUXILIARY, FUEL, BATTERY, TRAILER_BATTERY, UP, DOWN, RECOVERED, HEAT, TRAILER_HEAT) = range(22)  # fmt: skip
"""Book: joules since the start; HEAT is what the batteries' resistance took, behind their terminals."""
(SPEED, TORQUE, DRAG, FUEL_W, TERMINAL_W, CURRENT, BRAKING, RETARDING, PEDAL, CLUTCH, T_SPEED, T_TORQUE, T_TERMINAL_W, T_CURRENT,
 T_DRAG) = range(15)  # fmt: skip
"""Flow: means over one second."""
N_STATE, N_BOOK, N_FLOW = 9, 22, 15
RUNNING, DONE, NO_START, FLAT_BATTERY = 0, 1, 2, 3


class Way(NamedTuple):
    """The road by node (`road.profile.STEP_M` apart) and its stops; `allowed` is the square of the driver's speed."""

    step: float
    allowed: Any
    sine: Any
    head: Any
    cross: Any
    density: Any
    derate: Any
    stop_at: Any
    stop_time: Any
    stop_work: Any


class Body(NamedTuple):
    """Mass, air, tyres and endurance brake of the whole combination."""

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


class Machine(NamedTuple):
    """An engine or motor with its gears; curves every `grid` rad/s from standstill."""

    present: bool
    electric: bool
    ratios: Any
    efficiencies: Any
    grid: float
    full: Any
    drag: Any
    brake: Any
    idle: float
    launch: float
    low: float
    high: float
    shift: float
    willans: tuple[float, float, float]
    peak_torque: float
    peak_power: float
    losses: tuple[float, float, float]
    auxiliary: float
    working: float
    threshold: float


class Store(NamedTuple):
    """A battery; open-circuit voltage at 101 states of charge."""

    capacity: float
    nominal: float
    voltage: Any
    resistance: float
    discharge: float
    charge: float
    low: float
    high: float


for _law in (
    aero.yawed_drag_area_m2,
    aero.still_air_force_n,
    aero.air_force_n,
    battery.current_a,
    battery.resistance_loss_w,
    brake.retarder_power_w,
    driveline.shaft_speed_radps,
    engine.gas_efficiency_ratio,
    engine.fuel_power_w,
    motor.loss_w,
    motor.torque_limit_nm,
    resistance.acceleration_mps2,
    resistance.grade_force_n,
):
    register_jitable(_law)

compiled = njit(cache=True, error_model="numpy")


@compiled
def interpolate(table, position):  # type: ignore[no-untyped-def]
    """Value of a table at a fractional index, held at its ends."""
    last = len(table) - 1
    index = min(max(int(position), 0), last - 1)
    part = min(max(position - index, 0.0), 1.0)
    return table[index] * (1.0 - part) + table[index + 1] * part


@compiled
def allowed_speeds(limit, stop_nodes, step, decelerate):  # type: ignore[no-untyped-def]
    """Squares of the speeds from which every later limit and stop can still be met at `decelerate`, shape of `limit`."""
    allowed = limit * limit
    for node in stop_nodes:
        allowed[node] = 0.0
    for node in range(len(allowed) - 2, -1, -1):
        allowed[node] = min(allowed[node], allowed[node + 1] + 2.0 * decelerate * step)
    return allowed


@compiled
def resistances(way, body, state):  # type: ignore[no-untyped-def]
    """Forces now: still air, all air, tractor's tyres, trailer's tyres, grade."""
    place = state[S] / way.step
    node = min(int(place), len(way.sine) - 1)
    density, speed = way.density[node], state[V]
    still = aero.still_air_force_n(density, body.drag_area, speed)
    wind = (way.head[node], way.cross[node])
    air = aero.air_force_n(density, body.drag_area, speed, wind, body.crosswind)
    cosine = np.sqrt(1.0 - way.sine[node] ** 2)
    grade = resistance.grade_force_n(body.mass, way.sine[node])
    return still, air, body.roll_tractor * cosine, body.roll_trailer * cosine, grade


@compiled
def full_torque(machine, speed, derate):  # type: ignore[no-untyped-def]
    """Most torque of an engine or motor at a shaft speed."""
    if machine.electric:
        return motor.torque_limit_nm(speed, machine.peak_torque, machine.peak_power) if speed < machine.high else 0.0
    return derate * interpolate(machine.full, max(speed, machine.launch) / machine.grid)


@compiled
def tractive_limit(machine, store, body, gear, speed, derate):  # type: ignore[no-untyped-def]
    """Most force at the wheels in a gear: torque, and for a motor the battery's power."""
    ratio = machine.ratios[gear]
    shaft = driveline.shaft_speed_radps(speed, ratio, body.radius)
    torque = full_torque(machine, shaft, derate)
    if not machine.electric:
        torque -= machine.auxiliary / max(shaft, machine.launch)
    force = torque * ratio * machine.efficiencies[gear] / body.radius
    if machine.electric:
        force = min(force, 0.86 * (store.discharge - machine.auxiliary) / max(speed, 0.5))
    return max(force, 0.0)


@compiled
def best_gear(machine, store, body, speed, force, derate):  # type: ignore[no-untyped-def]
    """Highest gear that gives `force` above the lowest comfortable shaft speed; else the gear that gives most force."""
    best, most = len(machine.ratios) - 1, -1.0
    for gear in range(len(machine.ratios) - 1, -1, -1):
        shaft = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
        if shaft > machine.high and gear < len(machine.ratios) - 1:
            break
        limit = tractive_limit(machine, store, body, gear, speed, derate)
        if shaft >= machine.low and 0.94 * limit >= force:
            return gear
        if limit > most * 1.04:
            best, most = gear, limit
    return best


@compiled
def starting_gear(machine, store, body, force):  # type: ignore[no-untyped-def]
    """Highest of the four lowest gears that starts with half of its force, else the lowest."""
    for gear in range(min(3, len(machine.ratios) - 1), 0, -1):
        if 0.5 * tractive_limit(machine, store, body, gear, 0.0, 1.0) >= force:
            return gear
    return 0


@compiled
def shift(machine, store, body, state, force, derate):  # type: ignore[no-untyped-def]
    """Decide on a shift; sets the gear and the traction gap in `state`."""
    gear, speed = int(state[GEAR]), state[V]
    state[SINCE] += STEP_S
    state[GAP] = max(state[GAP] - STEP_S, 0.0)
    if state[GAP] > 0.0 or state[SINCE] < 1.0:
        return
    shaft = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
    wanted = gear
    if force >= 0.0:
        wanted = best_gear(machine, store, body, speed, force, derate)
        weak = tractive_limit(machine, store, body, gear, speed, derate) < 0.98 * force
        if wanted < gear and shaft >= 0.9 * machine.low and not weak:
            wanted = gear
        if wanted > gear and shaft < machine.high and (state[SINCE] < 2.5 or speed < 0.8):
            wanted = gear
    elif machine.electric or -force * speed > 60e3:
        hold = 0.5 * machine.low if machine.electric else 150.0
        wanted = braking_gear(machine, body, speed, hold, -force)
        if state[SINCE] < 4.0 or (wanted > gear and shaft < machine.high):
            wanted = gear
    elif shaft < 0.8 * machine.low:
        wanted = braking_gear(machine, body, speed, 1.1 * machine.low, 0.0)
    if wanted != gear:
        state[GEAR], state[GAP], state[SINCE] = wanted, machine.shift, 0.0


@compiled
def braking_gear(machine, body, speed, least, force):  # type: ignore[no-untyped-def]
    """Highest gear whose shaft turns at `least` or faster (for a motor: that also takes `force`), within its top speed."""
    best = 0
    for gear in range(len(machine.ratios) - 1, -1, -1):
        shaft = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
        if shaft > machine.high:
            break
        best = gear
        able = not machine.electric or full_torque(machine, shaft, 1.0) * machine.ratios[gear] / body.radius >= force
        if shaft >= least and able:
            break
    return best


@compiled
def draw(store, soc, power, book, heat, meter):  # type: ignore[no-untyped-def]
    """Take terminal `power` from a battery for a step: returns its new charge and its current."""
    open_voltage = interpolate(store.voltage, soc * (len(store.voltage) - 1))
    current = battery.current_a(power, open_voltage, store.resistance)
    book[heat] += battery.resistance_loss_w(current, store.resistance) * STEP_S
    book[meter] += power * STEP_S
    return soc - current * STEP_S * store.nominal / store.capacity, current


@compiled
def charge_limit(store, soc):  # type: ignore[no-untyped-def]
    """Power that a battery takes at its terminals: tapers over the last 5 % of its window."""
    return store.charge * min(max((store.high - soc) / 0.05, 0.0), 1.0)


@compiled
def motor_brake_limit(machine, store, soc, body, gear, speed):  # type: ignore[no-untyped-def]
    """Most braking power at the wheels by a motor; fades out below 3 m/s."""
    shaft = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
    power = min(full_torque(machine, shaft, 1.0) * shaft, charge_limit(store, soc)) / machine.efficiencies[gear]
    return power * min(max((speed - 0.8) / 2.2, 0.0), 1.0)


@compiled
def run_motor(machine, body, gear, speed, power, book):  # type: ignore[no-untyped-def]
    """Drive (power > 0) or brake with a motor: returns its electric power, torque and shaft speed; books the losses."""
    efficiency = machine.efficiencies[gear]
    shaft = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
    mechanical = power / efficiency if power > 0.0 else power * efficiency
    torque = mechanical / max(shaft, 1e-6)
    loss = 0.0
    if shaft > 0.0:
        loss = motor.loss_w(torque, shaft, machine.peak_torque, machine.peak_power, machine.losses)
    book[DRIVELINE] += (mechanical - power) * STEP_S
    book[MOTOR] += loss * STEP_S
    book[RECOVERED] += max(-mechanical, 0.0) * STEP_S
    return mechanical + loss, torque, shaft


@compiled
def run_engine(machine, body, state, speed, power, brake_more):  # type: ignore[no-untyped-def]
    """Engine driving (`power` > 0) or braking: returns what it takes of `power`, shaft speed, torque, fuel power and losses.

    The losses are those of the driveline and the engine brake. With an open clutch the engine idles.
    """
    gear = int(state[GEAR])
    efficiency = machine.efficiencies[gear]
    geared = driveline.shaft_speed_radps(speed, machine.ratios[gear], body.radius)
    if power > 0.0:
        shaft = max(geared, machine.launch)
        clutch = power / efficiency / max(geared, 1e-6) * shaft
        torque = (clutch + machine.auxiliary) / shaft
        drag = interpolate(machine.drag, shaft / machine.grid)
        return power, shaft, torque, engine.fuel_power_w(torque, shaft, drag, machine.willans), clutch - power, 0.0
    closed = geared >= 1.05 * machine.idle and state[GAP] <= 0.0
    shaft = geared if closed else max(machine.idle, min(geared, machine.high))
    drag = interpolate(machine.drag, shaft / machine.grid)
    taken, slowed = 0.0, 0.0
    if closed:
        taken = min(-power, (drag * shaft + machine.auxiliary) / efficiency)
        if brake_more:
            slowed = min(-power - taken, interpolate(machine.brake, shaft / machine.grid) * shaft / efficiency)
    out = machine.auxiliary - taken * efficiency
    fuel = engine.fuel_power_w(out / shaft, shaft, drag, machine.willans)
    torque = (out - slowed * efficiency) / shaft
    return -(taken + slowed), shaft, torque, fuel, (taken + slowed) * (1.0 - efficiency), slowed * efficiency


@compiled
def stand(machine, store, trailer, trailer_store, state, book, flow, working):  # type: ignore[no-untyped-def]
    """One step of standing with the vehicle switched on: idling and auxiliaries."""
    power = machine.auxiliary + (machine.working if working else 0.0)
    if machine.electric:
        flow[TERMINAL_W] += power
        state[SOC], current = draw(store, state[SOC], power, book, HEAT, BATTERY)
        flow[CURRENT] += current
    else:
        shaft = machine.idle * (1.5 if working else 1.0)
        drag = interpolate(machine.drag, shaft / machine.grid)
        fuel = engine.fuel_power_w(power / shaft, shaft, drag, machine.willans)
        book[IDLE] += (fuel - power) * STEP_S
        book[FUEL] += fuel * STEP_S
        flow[SPEED] += shaft
        flow[TORQUE] += power / shaft
        flow[DRAG] += drag
        flow[FUEL_W] += fuel
    book[AUXILIARY] += power * STEP_S
    flow[CLUTCH] += 1.0
    if trailer.present:
        run_trailer(trailer, trailer_store, 0.0, 0.0, (state, book, flow))


@compiled
def run_trailer(trailer, store, shaft, mechanical, books):  # type: ignore[no-untyped-def]
    """The trailer's motor at a shaft speed and mechanical power, its auxiliaries and battery, for a step."""
    state, book, flow = books
    torque = mechanical / max(shaft, 1e-6)
    loss = motor.loss_w(torque, shaft, trailer.peak_torque, trailer.peak_power, trailer.losses) if shaft > 0.0 else 0.0
    power = mechanical + loss + trailer.auxiliary
    state[TRAILER_SOC], current = draw(store, state[TRAILER_SOC], power, book, TRAILER_HEAT, TRAILER_BATTERY)
    book[MOTOR] += loss * STEP_S
    book[AUXILIARY] += trailer.auxiliary * STEP_S
    book[RECOVERED] += max(-mechanical, 0.0) * STEP_S
    flow[T_SPEED] += shaft
    flow[T_TORQUE] += torque
    flow[T_TERMINAL_W] += power
    flow[T_CURRENT] += current


@compiled
def trailer_share(trailer, store, body, state, speed, power):  # type: ignore[no-untyped-def]
    """Wheel power that the trailer's drive takes of `power`: help above its threshold, braking first."""
    shaft = driveline.shaft_speed_radps(speed, trailer.ratios[0], body.radius)
    if power > 0.0:
        charged = min(max((state[TRAILER_SOC] - store.low) / 0.08, 0.0), 1.0)
        most = min(full_torque(trailer, shaft, 1.0) * shaft, 0.86 * store.discharge) * trailer.efficiencies[0]
        return charged * min(max(power - trailer.threshold, 0.0), 0.6 * most)
    return -min(-power, motor_brake_limit(trailer, store, state[TRAILER_SOC], body, 0, speed))


@compiled
def power_step(machine, store, trailer, trailer_store, body, speed, power, books):  # type: ignore[no-untyped-def]
    """Deliver or absorb wheel `power` at the mean `speed` of a step: trailer, tractor, retarder, friction, in this order."""
    state, book, flow = books
    left = power
    if trailer.present:
        share = trailer_share(trailer, trailer_store, body, state, speed, power)
        efficiency = trailer.efficiencies[0]
        mechanical = share / efficiency if share > 0.0 else share * efficiency
        shaft = driveline.shaft_speed_radps(speed, trailer.ratios[0], body.radius)
        run_trailer(trailer, trailer_store, shaft, mechanical, books)
        book[DRIVELINE] += (mechanical - share) * STEP_S
        left -= share
    gear = int(state[GEAR])
    if machine.electric:
        taken = left
        if left < 0.0:
            open_ = state[GAP] > 0.0
            taken = 0.0 if open_ else -min(-left, motor_brake_limit(machine, store, state[SOC], body, gear, speed))
        electric, torque, shaft = run_motor(machine, body, gear, speed, taken, book)
        electric += machine.auxiliary
        state[SOC], current = draw(store, state[SOC], electric, book, HEAT, BATTERY)
        flow[CURRENT] += current
        flow[TERMINAL_W] += electric
    else:
        taken, shaft, torque, fuel, lost, slowed = run_engine(machine, body, state, speed, left, left < -5e3 and speed > 2.0)
        book[DRIVELINE] += lost * STEP_S
        book[ENGINE_BRAKE] += slowed * STEP_S
        book[FUEL] += fuel * STEP_S
        book[ENGINE] += (fuel - torque * shaft - slowed) * STEP_S
        flow[FUEL_W] += fuel
        flow[DRAG] += interpolate(machine.drag, shaft / machine.grid)
    book[AUXILIARY] += machine.auxiliary * STEP_S
    flow[SPEED] += shaft
    flow[TORQUE] += torque
    flow[PEDAL] += max(torque, 0.0) / max(full_torque(machine, shaft, 1.0), 1.0) if power > 0.0 else 0.0
    rest = max(taken - left, 0.0)
    slow = min(rest, brake.retarder_power_w(speed, body.retarder_ratio, body.radius, body.retarder_torque, body.retarder_power))
    book[RETARDER] += slow * STEP_S
    book[FRICTION] += (rest - slow) * STEP_S
    flow[RETARDING] += 1.0 if slow > 1e3 else 0.0
    flow[BRAKING] += 1.0 if rest - slow > 1e3 else 0.0


@compiled
def move(machine, store, trailer, trailer_store, body, way, books):  # type: ignore[no-untyped-def]
    """One step of driving."""
    state, book, flow = books
    still, air, roll_tractor, roll_trailer, grade = resistances(way, body, state)
    against = air + roll_tractor + roll_trailer + grade
    speed, mass = state[V], body.mass + body.rotating
    place = (state[S] + speed * STEP_S + (6.0 if speed < 0.5 else 0.0)) / way.step
    target = np.sqrt(interpolate(way.allowed, place))
    urge = (target - speed) / (1.2 if target > speed else STEP_S)
    urge = max(min(urge, body.accelerate * (1.0 - 0.024 * speed)), -2.5 * body.decelerate)
    wanted = mass * urge + against
    derate = way.derate[min(int(state[S] / way.step), len(way.derate) - 1)]
    if speed <= 0.0:
        state[GEAR] = starting_gear(machine, store, body, against + 0.3 * mass)
        state[GAP], state[SINCE] = 0.0, 0.0
    else:
        shift(machine, store, body, state, wanted, derate)
    force = wanted
    if wanted > 0.0:
        force = tractive_limit(machine, store, body, int(state[GEAR]), speed, derate)
        if trailer.present:
            pace = max(speed, 1.0)
            force += trailer_share(trailer, trailer_store, body, state, pace, wanted * pace) / pace
        force = 0.0 if state[GAP] > 0.0 else min(wanted, force, body.adhesion)
    change = resistance.acceleration_mps2(force, against, body.mass, body.rotating)
    if speed <= 0.0 and change <= 0.005:
        state[CODE] = NO_START
        return
    change = max(change, -speed / STEP_S)
    force = mass * change + against
    mean = speed + 0.5 * change * STEP_S
    gain = mean * STEP_S
    power_step(machine, store, trailer, trailer_store, body, mean, force * mean, books)
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


@compiled
def drive(machine, store, trailer, trailer_store, body, way, state, book, samples):  # type: ignore[no-untyped-def]
    """The whole trip: fills `samples` (one row a second: state, then flow); returns rows used; `state[CODE]` says how it ended."""
    flow = np.zeros(N_FLOW)
    books = (state, book, flow)
    stop, left = 0, 0.0
    halted = False
    for row in range(1, len(samples)):
        flow[:] = 0.0
        for _ in range(SUBSTEPS):
            if not halted and way.stop_at[stop] - state[S] < 2.5 and state[V] < 0.9:
                book[KINETIC] -= 0.5 * (body.mass + body.rotating) * state[V] ** 2
                book[FRICTION] += 0.5 * (body.mass + body.rotating) * state[V] ** 2
                state[V], halted, left = 0.0, True, way.stop_time[stop]
            if halted and left > 0.0:
                stand(machine, store, trailer, trailer_store, state, book, flow, way.stop_work[stop])
                left -= STEP_S
            elif halted:
                halted, stop = False, stop + 1
            if not halted and stop < len(way.stop_at):
                move(machine, store, trailer, trailer_store, body, way, books)
            if machine.electric and state[SOC] < 0.5 * store.low:
                state[CODE] = FLAT_BATTERY
            if stop == len(way.stop_at):
                state[CODE] = DONE
            if state[CODE] != RUNNING:
                break
        samples[row, :N_STATE] = state
        samples[row, N_STATE:] = flow / SUBSTEPS
        if state[CODE] != RUNNING:
            return row + 1
    return len(samples)
