"""The kernel of a longitudinal trip: plain functions compiled by Numba that call the laws of `physics` themselves.

Every function here also runs as Python (set ``NUMBA_DISABLE_JIT=1``). A second is one step, two or four, as pace and gear changes
ask; forces are taken at the start of a step and held, so that force times way is work exactly and the account closes to rounding.
Gears are chosen once a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.energy.calibration import MOST_BLOCKS
from fifthwheel.control.energy.stage import TRAILER_LEAST_N
from fifthwheel.physics import aero, resistance
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.coordinate import (
    discharge_room,
    reprice,
    share_work,
    stand_alone,
    tension,
    trailer_inertia,
    unbraked,
    watch,
)
from fifthwheel.simulate.electrics import discharge_limit, run_trailer, trailer_share
from fifthwheel.simulate.engine import settle
from fifthwheel.simulate.gears import curve, interpolate, shaft_speed, shift, starting_gear, tractive_limit
from fifthwheel.simulate.layout import (
    AIM,
    CAP,
    CLIMB,
    CODE,
    COOPERATIVE,
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
    HEIGHT,
    KINETIC,
    KINGPIN,
    LAST,
    LIMIT,
    LOST,
    N_BOOK,
    N_FLOW,
    N_STATE,
    NEVER_MPS,
    NO_ARRIVAL,
    NO_START,
    PEDAL_N,
    ROLL_TRACTOR,
    ROLL_TRAILER,
    ROLLING,
    RULES,
    RUNNING,
    SEPARATE,
    SHAFT,
    SINCE,
    SINE,
    SLOW_GEAR,
    SLOW_S,
    SLOW_V,
    SOC,
    STILL,
    SURFACE,
    TENSION_N,
    TOWED_N,
    TRAILER_BRAKE_N,
    TRAILER_FRICTION,
    TRAILER_HEAT_K,
    TRAILER_SOC,
    TURN,
    UP,
    WIND,
    Floats,
    H,
    Record,
    Run,
    S,
    Stock,
    V,
)
from fifthwheel.simulate.plan import SAME_STOP_M, make_plan
from fifthwheel.simulate.powertrain import deliver, derating, stand

laws(
    aero.yawed_drag_area_m2,
    aero.still_air_force_n,
    aero.air_force_n,
    resistance.acceleration_mps2,
    resistance.grade_force_n,
)

Trips = NDArray[np.void]
"""A table of `layout.TRIP`."""
Scratch = tuple[Floats, Floats, Floats, Floats]
"""Room for a plan (as many nodes as the longest trip, 2), a flow, the current stop (3), and stages (`STAGES`, N_STAGE)."""
STAGES = MOST_BLOCKS + 2
Ends = tuple[Floats, Floats]
"""State and book."""
NEVER_N = 1e9
"""Least spare tension of a trip that never propelled."""
STARTING_S = 9.0
"""Time since the last shift that a gear taken at standstill counts as."""
Outlook = tuple[float, float, float, float, float, float, float]
"""What a step meets: forces of still air, all air, tractor's and trailer's tyres and grade; rise over length; force wanted."""


@part
def resistances(trip: Record, node: Floats, sine: float, speed: float) -> tuple[float, float, float, float, float]:
    """Forces now: still air, all air, tractor's tyres, trailer's tyres, grade."""
    still = float(aero.still_air_force_n(node[DENSITY], trip.drag_area, speed))
    if trip.windy:
        crosswind = (trip.crosswind[0], trip.crosswind[1], trip.crosswind[2])
        air = float(aero.air_force_n(node[DENSITY], trip.drag_area, speed, (node[HEAD], node[CROSS]), crosswind))
    else:
        air = float(aero.still_air_force_n(node[DENSITY], interpolate(trip.drag, speed), speed))
    flat = node[SURFACE] * np.sqrt(1.0 - sine * sine)
    return still, air, trip.roll_tractor * flat, trip.roll_trailer * flat, float(resistance.grade_force_n(trip.mass, sine))


@part
def place(run: Run, ahead: float) -> int:
    """Index of the node that the vehicle is on a moment `ahead`."""
    return min(int((run.state[S] + run.state[V] * ahead) * run.trips[0].per_pitch), len(run.nodes) - 1)


@part
def slope(run: Run, dt: float) -> float:
    """Rise over length for the coming step: at its middle, and what brings the height reached back to the road's."""
    pitch, way = run.trips[0].pitch, run.state[V] * dt
    position = run.state[S] * run.trips[0].per_pitch
    index = min(int(position), run.trips[0].nodes - 2)
    here, there = run.nodes[index, HEIGHT], run.nodes[index + 1, HEIGHT]
    strayed = here + (there - here) * (position - index) - run.state[H]
    return float(run.nodes[place(run, 0.5 * dt), SINE] + strayed / max(way, 2.0 * pitch))


@part
def wishes(run: Run, ahead: float, second: int) -> tuple[float, float]:
    """Speeds that the driver wants to drive and to stay below, a moment `ahead`."""
    trip, state, plan = run.trips[0], run.state, run.plan
    if trip.paces > 0:
        pace = run.stock.pace[trip.pace + min(second, trip.paces - 1)]
        return pace, pace
    position = (state[S] + state[V] * ahead + (6.0 if state[V] < 0.5 else 0.0)) * trip.per_pitch
    index = min(int(position), trip.nodes - 2)
    share = min(position - index, 1.0)
    aim = plan[index, AIM] * (1.0 - share) + plan[index + 1, AIM] * share
    cap = plan[index, CAP] * (1.0 - share) + plan[index + 1, CAP] * share
    return np.sqrt(aim), np.sqrt(cap)


@part
def overrun_force(run: Run, train: Record) -> float:
    """Force (negative) of the engine in overrun; zero where it stops or stands off."""
    state = run.state
    if not train.engine or state[V] <= 2.0 or (train.motor and train.start_stop):
        return 0.0
    gear = int(state[GEAR])
    return curve(train, train.coast[gear], shaft_speed(train, gear, state[V]))


@part
def wanted_force(run: Run, train: Record, wish: tuple[float, float], against: float, dt: float) -> float:
    """Force at the wheels that the driver asks for: to the speed aimed for, coasting where that holds it, braking at the cap.

    Sets whether it rolls out of gear.
    """
    trip, state = run.trips[0], run.state
    speed, inertia = state[V], trip.mass + trip.rotating
    aim, cap = wish
    hardest = -2.5 * interpolate(trip.decelerate, speed)
    urge = (aim - speed) / (max(dt, 1.2) if aim > speed and trip.paces == 0 else dt)
    urge = min(urge, interpolate(trip.accelerate, speed))
    low, high = inertia * max(urge, hardest) + against, inertia * max((cap - speed) / dt, hardest) + against
    coast, rolled = overrun_force(run, train), state[ROLLING] > 0.0
    state[ROLLING] = 0.0
    if (
        trip.eco_roll
        and low <= 0.0 <= high
        and (coast < low or rolled)
        and speed > 12.0
        and against > -trip.mass * 9.8 * trip.eco_grade
    ):
        state[ROLLING] = 1.0
        return 0.0
    return float(min(max(coast, low), high))


@part
def look(run: Run, train: Record, second: int, dt: float) -> Outlook:
    """What the coming step meets, and what the driver asks for."""
    trip, state = run.trips[0], run.state
    sine = slope(run, dt)
    still, air, roll_tractor, roll_trailer, grade = resistances(trip, run.nodes[place(run, 0.5 * dt)], sine, state[V])
    against = air + roll_tractor + roll_trailer + grade
    return still, air, roll_tractor, roll_trailer, grade, sine, wanted_force(run, train, wishes(run, dt, second), against, dt)


@part
def electric_room(run: Run, train: Record) -> float:
    """Battery power left for driving."""
    if not train.motor:
        return 0.0
    trip = run.trips[0]
    windowed = trip.coordination >= COOPERATIVE and train.engine
    watts = discharge_room(train, run.state, trip, False) if windowed else discharge_limit(train, run.state)
    return float(watts - trip.auxiliary)


@part
def available(run: Run, train: Record) -> float:
    """Most force at the tractor's wheels now: engine and motor in gear, and adhesion."""
    trip, state = run.trips[0], run.state
    if state[GAP] > 0.0 and train.box != DCT:
        return 0.0
    limits = derating(train, state[H]), electric_room(run, train)
    return float(min(tractive_limit(train, int(state[GEAR]), state[V], limits[0], limits[1]), trip.adhesion))


@part
def towed_force(run: Run, train: Record, wanted: float, forces: tuple[float, float]) -> float:
    """Wheel force of the trailer's own drive; `forces`: resistance of the whole and of the trailer.

    It brakes with what the tractor's overrun leaves, and helps at most so much that the tractor still pulls it.
    """
    trip, state = run.trips[0], run.state
    if trip.towed < 0:
        return 0.0
    towing, speed = run.stock.trains[trip.towed], max(state[V], 1.0)
    if wanted <= 0.0:
        left = wanted - (0.0 if state[ROLLING] > 0.0 else overrun_force(run, train))
        return trailer_share(towing, trip, state, min(left, 0.0), speed)
    needed = forces[1] + trailer_inertia(trip) * (wanted - forces[0])
    return max(min(trailer_share(towing, trip, state, wanted, speed), needed), 0.0)


@part
def unshared_force(run: Run, train: Record, wanted: float, forces: tuple[float, float]) -> float:
    """Wheel force of the trailer's drive without a split of the whole: by rules of thumb, or by its own sensor."""
    if run.trips[0].coordination == RULES:
        return towed_force(run, train, wanted, forces)
    return stand_alone(run, wanted, forces)


@part
def helping_force(run: Run, train: Record, wanted: float, forces: tuple[float, float], dt: float) -> float:
    """Wheel force of the trailer's drive for a step, as the units share the work."""
    if run.trips[0].coordination <= SEPARATE:
        return unshared_force(run, train, wanted, forces)
    drag = 0.0 if run.state[ROLLING] > 0.0 else overrun_force(run, train)
    return share_work(run, train, (wanted, drag), forces, place(run, 0.5 * dt))


@part
def choose_gear(run: Run, train: Record, outlook: Outlook) -> None:
    """Once a second: the gear for what the driver asks."""
    trip, state = run.trips[0], run.state
    _still, air, roll_tractor, roll_trailer, grade, _sine, wanted = outlook
    against = air + roll_tractor + roll_trailer + grade
    limits = (derating(train, state[H]), electric_room(run, train))
    if trip.coordination <= SEPARATE:
        wanted -= unshared_force(run, train, wanted, (against, trailer_resistance(trip, air, roll_trailer, grade)))
        wanted += state[PEDAL_N]
    else:
        wanted = unbraked(run, train, wanted, place(run, 0.5)) if wanted < 0.0 else wanted - max(state[TOWED_N], 0.0)
        reprice(run, train, tractive_limit(train, train.gears - 1, 25.0, limits[0], limits[1]) * 25.0)
    if state[V] <= 0.0:
        state[GEAR], state[GAP], state[SINCE], state[TURN] = starting_gear(train, wanted, limits), 0.0, STARTING_S, 0.0
        return
    state[SINCE] += 1.0
    shift(train, state, wanted, limits, against / (trip.mass + trip.rotating))


@part
def steps(run: Run) -> int:
    """Steps of the coming second: one, two where speed changes, four at walking pace, in a gear change and at a stop."""
    trip, state = run.trips[0], run.state
    if trip.paces > 0:
        return 1
    speed = state[V]
    if speed < 4.0 or state[GAP] > 0.0 or run.stock.stops[trip.stop + int(run.stop[0]), 0] - state[S] < 3.0 * speed:
        return 4
    return 2 if speed < 9.0 or abs(state[LAST]) > 0.35 else 1


@part
def lose_time(run: Run, dt: float) -> None:
    """Book time lost for want of power, and remember the slowest point of a climb that no longer gains speed."""
    state, speed, index = run.state, run.state[V], place(run, 0.5 * dt)
    wish = run.nodes[index, LIMIT] if run.trips[0].paces > 0 else np.sqrt(run.plan[index, AIM])
    state[LOST] += (1.0 - min(speed / max(wish, 0.1), 1.0)) * dt
    steady = state[LAST] < 0.02 and state[GAP] <= 0.0 and 0.0 < speed < 0.95 * wish
    if steady and speed < state[SLOW_V] and run.nodes[index, SINE] > 0.008:
        state[SLOW_V], state[SLOW_S], state[SLOW_GEAR] = speed, state[S], state[GEAR]


@part
def trailer_resistance(trip: Record, air: float, rolling: float, grade: float) -> float:
    """The trailer's part of air and grade, and its own rolling resistance."""
    return float(air * trip.trailer_drag + rolling + grade * trip.trailer_mass / trip.mass)


@part
def wheel_force(run: Run, train: Record, forces: tuple[float, float], wanted: float, dt: float) -> tuple[float, float]:
    """Force at all wheels for the coming step, what the driver wants as far as the vehicle gives it; and the trailer's part."""
    trip, state, against = run.trips[0], run.state, forces[0]
    towed = helping_force(run, train, wanted, forces, dt)
    if wanted <= 0.0:
        return wanted, towed
    own, inertia = available(run, train), trip.mass + trip.rotating
    rotor = train.inertia * train.reach[int(state[GEAR])] ** 2 if own > 0.0 else 0.0
    if wanted - towed + rotor * (wanted - against) / inertia <= own:
        return wanted, towed
    lose_time(run, dt)
    if own + towed > against:
        own -= (own + towed - against) * rotor / (inertia + rotor)
    if towed > 0.0 or (trip.towed >= 0 and trip.coordination >= COOPERATIVE and own > 0.0):
        share, shared = trailer_inertia(trip), trip.coordination >= COOPERATIVE
        held = tension(trip, forces[1]) if shared else 0.0
        least = run.stages[0, TRAILER_LEAST_N] if shared and own > 0.0 else 0.0
        towed = max(min(towed, (share * (own - against) + forces[1] - held) / (1.0 - share)), least)
    return own + towed, towed


@part
def start_again(run: Run, train: Record, dt: float) -> None:
    """Brought to rest on the way: hold it until a gear to start in is taken; the end of the trip where that was taken already."""
    state = run.state
    if state[SINCE] != STARTING_S or state[TURN] != 0.0:
        rest(run, train, False, dt)
    elif train.motor and not train.engine and electric_room(run, train) < 0.25 * train.discharge:
        state[CODE] = FLAT_BATTERY
    else:
        state[CODE] = NO_START


@part
def move(run: Run, train: Record, outlook: Outlook, dt: float) -> None:
    """One step of driving."""
    trip, state, book = run.trips[0], run.state, run.book
    speed, inertia = state[V], trip.mass + trip.rotating
    still, air, roll_tractor, roll_trailer, grade, sine, wanted = outlook
    against = air + roll_tractor + roll_trailer + grade
    behind = trailer_resistance(trip, air, roll_trailer, grade)
    force, towed = wheel_force(run, train, (against, behind), wanted, dt)
    change = float(resistance.acceleration_mps2(force, against, trip.mass, trip.rotating))
    if speed <= 0.0 and change <= 0.005:
        start_again(run, train, dt)
        return
    if change * dt < -speed:
        change = -speed / dt
        force = inertia * change + against
        towed = max(towed, min(force, 0.0))
    mean = speed + 0.5 * change * dt
    gain = mean * dt
    if trip.towed >= 0:
        run_trailer(run, run.stock.trains[trip.towed], towed, mean, dt)
    friction = deliver(run, train, force - towed, (mean, change), dt)
    book[STILL] += still * gain
    book[WIND] += (air - still) * gain
    book[ROLL_TRACTOR] += roll_tractor * gain
    book[ROLL_TRAILER] += roll_trailer * gain
    book[CLIMB] += grade * gain
    book[UP if grade > 0.0 else DOWN] += abs(grade) * gain
    book[KINETIC] += inertia * change * gain
    pulled = trailer_inertia(trip) * inertia * change + behind
    pull = pulled - towed + (state[TRAILER_BRAKE_N] if friction > 0.0 else 0.0)
    run.flow[KINGPIN] += pull * dt
    if trip.towed >= 0:
        watch(run, (force, towed, friction, pull, behind), dt)
    state[S] += gain
    state[H] += sine * gain
    state[LAST] = change
    state[GAP] = max(state[GAP] - dt, 0.0)
    state[V] = speed + change * dt if speed + change * dt > 1e-9 else 0.0


@part
def halt(run: Run) -> None:
    """Come to rest for a stop; the little speed left goes into the friction brakes."""
    trip, state, book = run.trips[0], run.state, run.book
    left = 0.5 * (trip.mass + trip.rotating) * state[V] ** 2
    book[KINETIC] -= left
    book[FRICTION] += left
    book[TRAILER_FRICTION] += left * trip.trailer_brakes
    state[V] = state[LAST] = state[GAP] = state[ROLLING] = 0.0


@part
def rest(run: Run, train: Record, working: bool, dt: float) -> None:
    """One step of standing."""
    stand(run, train, working, dt)
    if run.trips[0].towed >= 0:
        run_trailer(run, run.stock.trains[run.trips[0].towed], 0.0, 0.0, dt)


@part
def arrives(left: float, speed: float) -> bool:
    """Whether the vehicle is as good as at its stop: almost there and slow, or already standing a little before it."""
    return (left < 2.5 and speed < 0.9) or (left < SAME_STOP_M and speed <= 0.0)


@part
def finish(run: Run, train: Record) -> None:
    """The trip is over."""
    if train.engine:
        settle(run, train)
    run.state[CODE] = DONE


@part
def waits_in_pace(run: Run, train: Record, second: int, dt: float) -> bool:
    """Whether prescribed speeds have the vehicle stand for this step, or are at their end."""
    if second >= run.trips[0].paces:
        finish(run, train)
        return True
    standing = bool(run.state[V] <= 0.0 and wishes(run, dt, second)[0] <= 0.0)
    if standing:
        rest(run, train, False, dt)
    return standing


@part
def waits(run: Run, train: Record, dt: float) -> bool:
    """Whether the vehicle stands at a stop for this step, or has come to the end of its trip."""
    state, stop = run.state, run.stop
    row = run.trips[0].stop + int(stop[0])
    if stop[2] == 0.0 and arrives(run.stock.stops[row, 0] - state[S], state[V]):
        stop[1], stop[2] = run.stock.stops[row, 1], 1.0
        halt(run)
    if stop[2] == 0.0:
        return False
    if stop[1] > 0.0:
        stop[1] -= dt
        rest(run, train, run.stock.stops[row, 2] > 0.0, dt)
        return True
    stop[0] += 1.0
    stop[2] = 0.0
    if stop[0] >= run.trips[0].stops:
        finish(run, train)
        return True
    same = arrives(run.stock.stops[row + 1, 0] - state[S], 0.0)
    if same:
        rest(run, train, False, dt)
    return same


@part
def go_second(run: Run, train: Record, second: int) -> None:
    """One second: first the gear, and with it the number of steps, then the steps."""
    state = run.state
    index, count = -1, 1
    while index < count:
        outlook = look(run, train, second, 1.0 / count)
        if index < 0:
            choose_gear(run, train, outlook)
            index, count = 0, steps(run)
            if count > 1:
                continue
        paced = run.trips[0].paces > 0
        standing = waits_in_pace(run, train, second, 1.0 / count) if paced else waits(run, train, 1.0 / count)
        if not standing:
            move(run, train, outlook, 1.0 / count)
        if train.motor and not train.engine and state[SOC] < 0.5 * train.soc_low:
            state[CODE] = FLAT_BATTERY
        if state[CODE] != RUNNING:
            return
        index += 1


@part
def begin(run: Run, train: Record) -> None:
    """The state at the start: standing (or at the first prescribed speed) in the starting gear, engine idling."""
    trip, state = run.trips[0], run.state
    state[:] = 0.0
    run.stop[:] = 0.0
    state[H], state[SOC], state[TRAILER_SOC] = trip.altitude, trip.soc, trip.trailer_soc
    state[HEAT_K] = state[TRAILER_HEAT_K] = trip.battery_k
    state[SHAFT], state[SLOW_V], state[ENGINE_ON], state[TENSION_N] = train.idle, NEVER_MPS, 1.0, NEVER_N
    state[SINCE] = STARTING_S
    if trip.paces > 0:
        state[V] = run.stock.pace[trip.pace]


@part
def record(samples: Floats, row: int, run: Run) -> None:
    """Write state, book and flow into a row."""
    for index in range(N_STATE):
        samples[row, index] = run.state[index]
    for index in range(N_BOOK):
        samples[row, N_STATE + index] = run.book[index]
    for index in range(N_FLOW):
        samples[row, N_STATE + N_BOOK + index] = run.flow[index]


@part
def go(run: Run, most: int, samples: Floats) -> int:
    """The whole trip; writes a row a second into `samples` if it has rows. Returns the seconds used."""
    train = run.stock.trains[run.trips[0].tractor]
    if run.trips[0].paces == 0:
        make_plan(run, train)
    begin(run, train)
    if len(samples) > 0:
        record(samples, 0, run)
    for second in range(1, most):
        run.flow[:] = 0.0
        go_second(run, train, second)
        if len(samples) > 0:
            record(samples, second, run)
        if run.state[CODE] != RUNNING:
            return second
    run.state[CODE] = NO_ARRIVAL
    return most - 1


@part
def run_of(stock: Stock, trips: Trips, scratch: Scratch, ends: Ends) -> Run:
    """The first of `trips` made ready: its own part of the road, and where it writes."""
    nodes = stock.nodes[trips[0].node : trips[0].node + trips[0].nodes]
    bend = stock.bend[trips[0].node : trips[0].node + trips[0].nodes]
    return Run(stock, trips, nodes, scratch[0], ends[0], ends[1], scratch[1], scratch[2], bend, scratch[3])


@compiled
def drive_many(stock: Stock, trips: Trips, scratch: Scratch, ends: Ends, limits: tuple[Floats, Floats]) -> None:
    """All `trips` one after the other into the rows of `ends`: states (n, N_STATE) and books (n, N_BOOK).

    `limits` are the longest that each trip may take in seconds, shape (n,), and samples: a row a second of the (only) trip, or
    none for totals alone. ``states[i, LAST]`` is left at the seconds used.
    """
    for index in range(len(trips)):
        run = run_of(stock, trips[index : index + 1], scratch, (ends[0][index], ends[1][index]))
        run.state[LAST] = go(run, int(limits[0][index]), limits[1])


def drive(stock: Stock, trips: Trips, scratch: Scratch, ends: Ends, samples: Floats) -> int:
    """The one trip of `trips` by the same machine code: leaves state and book in `ends`, returns the seconds used."""
    drive_many(stock, trips, scratch, (ends[0][None], ends[1][None]), (np.array([float(len(samples))]), samples))
    return int(ends[0][LAST])
