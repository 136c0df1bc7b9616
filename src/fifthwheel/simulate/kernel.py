"""The kernel of a longitudinal trip: plain functions compiled by Numba that call the laws of `physics` themselves.

Every function here also runs as Python (set ``NUMBA_DISABLE_JIT=1``). A second is one step, two or four, as pace and gear changes
ask; forces are taken at the start of a step and held, so that force times way is work exactly and the account closes to rounding.
Gears are chosen once a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics import aero, resistance
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.gears import curve, interpolate, shaft_speed, shift, starting_gear, tractive_limit
from fifthwheel.simulate.layout import (
    AIM,
    CAP,
    CLIMB,
    CODE,
    CROSS,
    DCT,
    DENSITY,
    DONE,
    DOWN,
    ENGINE_ON,
    FLAT_BATTERY,
    FRICTION,
    GAP,
    GEAR,
    HEAD,
    HEAT_K,
    KINETIC,
    KINGPIN,
    LAST,
    LIMIT,
    LOST,
    N_BOOK,
    N_FLOW,
    N_STATE,
    NO_ARRIVAL,
    NO_SOURCE,
    NO_START,
    ROLL_TRACTOR,
    ROLL_TRAILER,
    ROLLING,
    RUNNING,
    SHAFT,
    SINCE,
    SINE,
    SLOW_GEAR,
    SLOW_S,
    SLOW_V,
    SOC,
    SOURCE_W,
    STILL,
    SURFACE,
    TRAILER_FRICTION,
    TRAILER_HEAT_K,
    TRAILER_SOC,
    TURN,
    UP,
    WIND,
    Books,
    Floats,
    H,
    Record,
    S,
    Stock,
    V,
)
from fifthwheel.simulate.plan import make_plan
from fifthwheel.simulate.powertrain import deliver, discharge_limit, run_trailer, spin, stand, trailer_share

laws(
    aero.yawed_drag_area_m2,
    aero.still_air_force_n,
    aero.air_force_n,
    resistance.acceleration_mps2,
    resistance.grade_force_n,
)

Road = tuple[Floats, Floats]
"""Nodes, and the driver's plan at them."""
Trips = NDArray[np.void]
"""A table of `layout.TRIP`."""
Scratch = tuple[Floats, Floats]
"""Room for a plan (as many nodes as the longest trip, 2), and for the current stop (3)."""
Ends = tuple[Floats, Floats, Floats, Floats]


@part
def resistances(trip: Record, node: Floats, speed: float) -> tuple[float, float, float, float, float]:
    """Forces now: still air, all air, tractor's tyres, trailer's tyres, grade."""
    still = float(aero.still_air_force_n(node[DENSITY], trip.drag_area, speed))
    if trip.windy:
        crosswind = (trip.crosswind[0], trip.crosswind[1], trip.crosswind[2])
        air = float(aero.air_force_n(node[DENSITY], trip.drag_area, speed, (node[HEAD], node[CROSS]), crosswind))
    else:
        air = float(aero.still_air_force_n(node[DENSITY], interpolate(trip.drag, speed), speed))
    sine = node[SINE]
    flat = node[SURFACE] * np.sqrt(1.0 - sine * sine)
    return still, air, trip.roll_tractor * flat, trip.roll_trailer * flat, float(resistance.grade_force_n(trip.mass, sine))


@part
def derating(train: Record, height: float) -> float:
    """Share of the engine's full load left at a height."""
    return 1.0 - train.derate * max(height - train.derate_from, 0.0)


@part
def wishes(stock: Stock, trip: Record, road: Road, state: Floats, ahead: float, second: int) -> tuple[float, float]:
    """Speeds that the driver wants to drive and to stay below, a moment `ahead`."""
    if trip.paces > 0:
        pace = stock.pace[trip.pace + min(second, trip.paces - 1)]
        return pace, pace
    plan = road[1]
    place = (state[S] + state[V] * ahead + (6.0 if state[V] < 0.5 else 0.0)) / trip.pitch
    index = min(int(place), len(plan) - 2)
    share = min(place - index, 1.0)
    aim = plan[index, AIM] * (1.0 - share) + plan[index + 1, AIM] * share
    cap = plan[index, CAP] * (1.0 - share) + plan[index + 1, CAP] * share
    return np.sqrt(aim), np.sqrt(cap)


@part
def wanted_force(train: Record, trip: Record, state: Floats, wish: tuple[float, float], against: float, dt: float) -> float:
    """Force at the wheels that the driver asks for: to the speed aimed for, coasting where that holds it, braking at the cap.

    Sets whether it rolls out of gear.
    """
    speed, inertia = state[V], trip.mass + trip.rotating
    aim, cap = wish
    urge = (aim - speed) / (max(dt, 1.2) if aim > speed and trip.paces == 0 else dt)
    urge = min(urge, interpolate(trip.accelerate, speed))
    hold = max((cap - speed) / dt, -2.5 * interpolate(trip.decelerate, speed))
    low, high = inertia * max(urge, -2.5 * interpolate(trip.decelerate, speed)) + against, inertia * hold + against
    coast = 0.0
    state[ROLLING] = 0.0
    if train.engine and speed > 2.0 and not (train.motor and train.start_stop):
        coast = curve(train, train.coast[int(state[GEAR])], shaft_speed(train, int(state[GEAR]), speed))
        if trip.eco_roll and low <= 0.0 <= high and coast < low and speed > 12.0 and against > -trip.mass * 9.8 * trip.eco_grade:
            state[ROLLING] = 1.0
            return 0.0
    return min(max(coast, low), high)


@part
def available(stock: Stock, trip: Record, train: Record, state: Floats, wanted: float) -> float:
    """Most force at the wheels now: engine and motor in gear, the trailer's own drive, and adhesion."""
    speed = state[V]
    force = 0.0
    if state[GAP] <= 0.0 or train.box == DCT:
        watts = discharge_limit(train, state) - trip.auxiliary if train.motor else 0.0
        force = tractive_limit(train, int(state[GEAR]), speed, derating(train, state[H]), watts)
    force = min(force, trip.adhesion)
    if trip.towed >= 0:
        force += trailer_share(stock.trains[trip.towed], trip, state, wanted, max(speed, 1.0))
    return force


@part
def choose_gear(stock: Stock, trip: Record, train: Record, road: Road, state: Floats, second: int) -> None:
    """Once a second: the gear for what the driver will ask."""
    node = road[0][min(int(state[S] / trip.pitch), len(road[0]) - 1)]
    still, air, roll_tractor, roll_trailer, grade = resistances(trip, node, state[V])
    against = air + roll_tractor + roll_trailer + grade
    wanted = wanted_force(train, trip, state, wishes(stock, trip, road, state, 1.0, second + 1), against, 1.0)
    derate = derating(train, state[H])
    watts = discharge_limit(train, state) - trip.auxiliary if train.motor else 0.0
    if trip.towed >= 0 and wanted > 0.0:
        wanted -= trailer_share(stock.trains[trip.towed], trip, state, wanted, max(state[V], 1.0))
    if state[V] <= 0.0:
        state[GEAR], state[GAP], state[SINCE], state[TURN] = starting_gear(train, wanted, derate, watts), 0.0, 9.0, 0.0
        return
    state[SINCE] += 1.0
    shift(train, state, wanted, derate, watts, against / (trip.mass + trip.rotating))


@part
def steps(trip: Record, state: Floats, to_stop: float) -> int:
    """Steps of the coming second: one, two where speed changes, four at walking pace, in a gear change and at a stop."""
    speed = state[V]
    if trip.paces > 0:
        return 1
    if speed < 4.0 or state[GAP] > 0.0 or to_stop < 3.0 * speed:
        return 4
    return 2 if speed < 9.0 or abs(state[LAST]) > 0.35 else 1


@part
def lose_time(state: Floats, node: Floats, dt: float) -> None:
    """Book time lost for want of power, and remember the slowest point."""
    limit = node[LIMIT]
    state[LOST] += (1.0 - min(state[V] / max(limit, 0.1), 1.0)) * dt
    if node[SINE] > 0.008 and state[V] < state[SLOW_V]:
        state[SLOW_V], state[SLOW_S], state[SLOW_GEAR] = state[V], state[S], state[GEAR]


@part
def move(stock: Stock, trip: Record, road: Road, books: Books, second: int, dt: float) -> None:
    """One step of driving."""
    state, book, flow = books
    train = stock.trains[trip.tractor]
    speed, inertia = state[V], trip.mass + trip.rotating
    node = road[0][min(int(state[S] / trip.pitch), len(road[0]) - 1)]
    still, air, roll_tractor, roll_trailer, grade = resistances(trip, node, speed)
    against = air + roll_tractor + roll_trailer + grade
    wanted = wanted_force(train, trip, state, wishes(stock, trip, road, state, dt, second), against, dt)
    force = wanted
    if wanted > 0.0:
        most = available(stock, trip, train, state, wanted)
        rotor = train.inertia * (train.ratio[int(state[GEAR])] * train.axle / train.radius) ** 2
        if wanted + rotor * (wanted - against) / inertia > most:
            force = against + (most - against) * inertia / (inertia + rotor) if most > against else most
            lose_time(state, node, dt)
    change = float(resistance.acceleration_mps2(force, against, trip.mass, trip.rotating))
    if speed <= 0.0 and change <= 0.005:
        state[CODE] = NO_START
        return
    change = max(change, -speed / dt)
    force = inertia * change + against if change * dt <= -speed else force
    mean = speed + 0.5 * change * dt
    gain = mean * dt
    towed = 0.0
    if trip.towed >= 0:
        towed = trailer_share(stock.trains[trip.towed], trip, state, force, max(mean, 1e-3))
        run_trailer(stock, stock.trains[trip.towed], trip, towed, mean, books, dt)
    friction = deliver(stock, train, trip, force - towed, (mean, change), books, dt)
    book[STILL] += still * gain
    book[WIND] += (air - still) * gain
    book[ROLL_TRACTOR] += roll_tractor * gain
    book[ROLL_TRAILER] += roll_trailer * gain
    book[CLIMB] += grade * gain
    book[UP if grade > 0.0 else DOWN] += abs(grade) * gain
    book[KINETIC] += inertia * change * gain
    pulled = (trip.trailer_mass + trip.trailer_rotating) * change + grade * trip.trailer_mass / trip.mass
    flow[KINGPIN] += (pulled + roll_trailer + air * trip.trailer_drag - towed + friction * trip.trailer_brakes) * dt
    state[S] += gain
    state[H] += node[SINE] * gain
    state[LAST] = change
    state[GAP] = max(state[GAP] - dt, 0.0)
    state[V] = speed + change * dt if speed + change * dt > 1e-9 else 0.0


@part
def halt(trip: Record, state: Floats, book: Floats) -> None:
    """Come to rest for a stop; the little speed left goes into the friction brakes."""
    left = 0.5 * (trip.mass + trip.rotating) * state[V] ** 2
    book[KINETIC] -= left
    book[FRICTION] += left
    book[TRAILER_FRICTION] += left * trip.trailer_brakes
    state[V] = state[LAST] = state[GAP] = state[ROLLING] = 0.0


@part
def rest(stock: Stock, trip: Record, working: bool, books: Books, dt: float) -> None:
    """One step of standing."""
    stand(stock, stock.trains[trip.tractor], trip, working, books, dt)
    if trip.towed >= 0:
        run_trailer(stock, stock.trains[trip.towed], trip, 0.0, 0.0, books, dt)


@part
def arrives(left: float, speed: float) -> bool:
    """Whether the vehicle is as good as at its stop: almost there and slow, or already standing a little before it."""
    return (left < 2.5 and speed < 0.9) or (left < 15.0 and speed <= 0.0)


@part
def record(samples: Floats, row: int, books: Books) -> None:
    """Write state, book and flow into a row."""
    state, book, flow = books
    for index in range(N_STATE):
        samples[row, index] = state[index]
    for index in range(N_BOOK):
        samples[row, N_STATE + index] = book[index]
    for index in range(N_FLOW):
        samples[row, N_STATE + N_BOOK + index] = flow[index]


@part
def begin(stock: Stock, trip: Record, state: Floats) -> None:
    """The state at the start: standing (or at the first prescribed speed) in the starting gear, engine idling."""
    train = stock.trains[trip.tractor]
    state[:] = 0.0
    state[H], state[SOC], state[TRAILER_SOC] = trip.altitude, trip.soc, trip.trailer_soc
    state[HEAT_K] = state[TRAILER_HEAT_K] = trip.battery_k
    state[SHAFT], state[SLOW_V], state[ENGINE_ON] = train.idle, 1e3, 1.0
    state[SINCE] = 9.0
    if train.source != NO_SOURCE:
        state[SOURCE_W] = 0.0
    if trip.paces > 0:
        state[V] = stock.pace[trip.pace]


@part
def finish(train: Record, books: Books) -> None:
    """The trip is over: the engine idles as it did at the start."""
    if train.engine:
        spin(train, books, train.idle)
    books[0][CODE] = DONE


@part
def go_second(stock: Stock, trip: Record, road: Road, books: Books, stop: Floats, second: int) -> bool:
    """One second. `stop` holds the current stop, the standing time left and whether it stands; True when the trip is over."""
    state, book, _ = books
    train = stock.trains[trip.tractor]
    to_stop = stock.stops[trip.stop + int(stop[0]), 0] - state[S] if trip.paces == 0 else 1e9
    if stop[2] == 0.0 and not (trip.paces > 0 and state[V] <= 0.0 and wishes(stock, trip, road, state, 1.0, second)[0] <= 0.0):
        choose_gear(stock, trip, train, road, state, second - 1)
    count = steps(trip, state, to_stop)
    dt = 1.0 / count
    for _step in range(count):
        if trip.paces > 0:
            if second >= trip.paces:
                finish(train, books)
                return True
            if state[V] <= 0.0 and stock.pace[trip.pace + second] <= 0.0:
                rest(stock, trip, False, books, dt)
            else:
                move(stock, trip, road, books, second, dt)
        else:
            row = trip.stop + int(stop[0])
            if stop[2] == 0.0 and arrives(stock.stops[row, 0] - state[S], state[V]):
                stop[1], stop[2] = stock.stops[row, 1], 1.0
                halt(trip, state, book)
            if stop[2] > 0.0 and stop[1] > 0.0:
                stop[1] -= dt
                rest(stock, trip, stock.stops[row, 2] > 0.0, books, dt)
            elif stop[2] > 0.0:
                stop[0] += 1.0
                stop[2] = 0.0
                if stop[0] >= trip.stops:
                    finish(train, books)
                    return True
                choose_gear(stock, trip, train, road, state, second - 1)
                move(stock, trip, road, books, second, dt)
            else:
                move(stock, trip, road, books, second, dt)
        if train.motor and not train.engine and state[SOC] < 0.5 * train.soc_low:
            state[CODE] = FLAT_BATTERY
        if state[CODE] != RUNNING:
            return True
    return False


@part
def go(stock: Stock, trip: Record, scratch: Scratch, most: int, books: Books, samples: Floats) -> int:
    """The whole trip; writes a row a second into `samples` if it has rows. Returns the seconds used."""
    state, _, flow = books
    plan, stop = scratch
    nodes = stock.nodes[trip.node : trip.node + trip.nodes]
    train = stock.trains[trip.tractor]
    if trip.paces == 0:
        make_plan(stock, trip, train, nodes, plan)
    road = (nodes, plan[: trip.nodes])
    begin(stock, trip, state)
    stop[:] = 0.0
    if len(samples) > 0:
        record(samples, 0, books)
    for second in range(1, most):
        flow[:] = 0.0
        over = go_second(stock, trip, road, books, stop, second)
        if len(samples) > 0:
            record(samples, second, books)
        if over:
            return second
    state[CODE] = NO_ARRIVAL
    return most - 1


@compiled
def drive(stock: Stock, trip: tuple[Trips, int], scratch: Scratch, books: Books, samples: Floats) -> int:
    """The trip of a table at an index: leaves state and book at its end, a row a second in `samples`; returns the seconds used."""
    return go(stock, trip[0][trip[1]], scratch, len(samples), books, samples)


@compiled
def drive_many(stock: Stock, trips: Trips, most: Floats, scratch: Scratch, ends: Ends) -> None:
    """All `trips` one after the other, totals only; ``most[i]`` is the longest that a trip may take in seconds.

    `ends` are states (n, N_STATE) and books (n, N_BOOK) to fill, a flow to work on, and samples without rows.
    """
    states, books, flow, nothing = ends
    for index in range(len(trips)):
        seconds = go(stock, trips[index], scratch, int(most[index]), (states[index], books[index], flow), nothing)
        states[index, LAST] = seconds
