"""Who drives and who brakes in a combination whose units share the work: the energy unit inside the trip; parts of the kernel.

`RULES` leaves everything to the rules of `powertrain` and `electrics`. `SEPARATE` is the same hardware as two products: the
trailer knows its kingpin sensor, its speed and its battery. `COOPERATIVE` is one demand and one split (ECMS), `PREVIEW` the same
with prices from the road ahead. The laws are those of `control.energy`.
"""

from __future__ import annotations

import numpy as np

from fifthwheel.control.brakes.sources import machine_limit_n
from fifthwheel.control.energy import calibration as tune
from fifthwheel.control.energy import limits, price, split, stage
from fifthwheel.physics import aero, battery, resistance
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.simulate.compiled import aside, laws, part
from fifthwheel.simulate.electrics import (
    charge_limit,
    discharge_limit,
    motor_brake_limit,
    trailer_share,
)
from fifthwheel.simulate.engine import MARGINAL_RATIO, burn
from fifthwheel.simulate.gears import best_gear, curve, interpolate, shaft_speed
from fifthwheel.simulate.layout import (
    AIM,
    ASSIST_W,
    AXLE_STAGE,
    DENSITY,
    DUE_S,
    ENGINE_ON,
    GEAR,
    GRIP,
    HEAT_K,
    HEIGHT,
    N_OCV,
    PEDAL_N,
    PREVIEW,
    PRICE,
    REGEN_N,
    SHORT_S,
    SLACK_S,
    SOC,
    SURFACE,
    TENSION_N,
    TOWED_N,
    TRAILER_BRAKE_N,
    TRAILER_GRIP,
    TRAILER_HEAT_K,
    TRAILER_PRICE,
    TRAILER_SHORT_S,
    TRAILER_SOC,
    Floats,
    Record,
    Run,
    S,
    V,
)

laws(
    machine_limit_n, limits.least_tension_n, limits.machine_braking_n, limits.beside_friction_n,
    limits.window_ratio,
    split.cells_w, split.shaft_w, split.marginal_w, split.shared_w, split.judged, split.with_engine, split.forces_n,
    split.engine_on, split.engine_off, split.propel, split.recover,
    split.split, price.feedback_price, price.spending_price, price.ageing_price, price.balance, price.preview_price,
)  # fmt: skip

SLOWEST_MPS = 0.5
"""The split is reckoned at this speed at least."""
LEAST_RADPS = 20.0
SPENT_RATIO = 0.05
"""Less charge than this between start and end of a plan is charge kept."""


@part
def trailer_inertia(trip: Record) -> float:
    """The trailer's share of what is accelerated."""
    return float((trip.trailer_mass + trip.trailer_rotating) / (trip.mass + trip.rotating))


@part
def tension(trip: Record, behind: float) -> float:
    """Kingpin tension to keep while the trailer propels."""
    return limits.least_tension_n(behind, trip.tune[tune.LEAST_TENSION], trip.tune[tune.TENSION])


@part
def losses(train: Record, soc: float, kelvin: float, shaft: float) -> tuple[float, float]:
    """Loss of a machine and its battery: the part growing with power squared (1/W), and the constant part."""
    turning = max(shaft, LEAST_RADPS)
    voltage = interpolate(train.voltage, soc * (N_OCV - 1))
    inner = train.resistance * battery.resistance_ratio(kelvin) / (voltage * voltage)
    copper = train.peak_power * train.losses[2] / (train.peak_torque * turning) ** 2
    core = train.peak_power * (train.losses[0] + train.losses[1] * turning * train.peak_torque / train.peak_power)
    return float(copper + inner), float(core)


@part
def discharge_room(train: Record, state: Floats, trip: Record, ahead: bool) -> float:
    """Battery power for driving within the window; `ahead`: at a charge not known yet."""
    if ahead:
        return float(train.discharge)
    soc = state[TRAILER_SOC] if train.trailer else state[SOC]
    return discharge_limit(train, state) * limits.window_ratio(soc, train.soc_low, trip.tune[tune.WINDOW_TAPER])


@part
def shaft_room(train: Record, shaft: float, watts: float) -> float:
    """Most shaft power of a machine: torque, power, and `watts` of its battery."""
    electric = interpolate(train.share, shaft * train.per_step) * watts
    return float(max(min(train.peak_torque * shaft, train.peak_power, electric), 0.0))


@part
def braking_cap(run: Run, index: int, speed: float, demand: float, trailer: bool) -> float:
    """Most force of a machine by adhesion and its fair share of the work, braking or helping."""
    trip = run.trips[0]
    load = (trip.trailer_adhesion if trailer else trip.adhesion) / trip.grip
    asked = max(-demand, 0.0) / (trip.mass * GRAVITY)
    reserves = (trip.tune[tune.GRIP_RESERVE], trip.tune[tune.DISTRIBUTION], trip.tune[tune.DISTRIBUTION_FROM])
    most = limits.machine_braking_n(load, trip.grip, asked, speed * speed * run.bend[index], reserves)
    unit = trip.trailer_brakes if trailer else 1.0 - trip.trailer_brakes
    share = load / (unit * trip.mass * GRAVITY)
    return min(most, limits.beside_friction_n(load, trip.grip, asked, share, reserves))


@part
def trailer_braking(run: Run, index: int, speed: float, demand: float) -> float:
    """Most braking force of the trailer's machine."""
    trip, state = run.trips[0], run.state
    train = run.stock.trains[trip.towed]
    position = shaft_speed(train, 0, speed) * train.per_step
    if demand > 0.0:
        most = min(interpolate(train.tow[0], position), charge_limit(train, state) / max(speed, 0.3))
    else:
        most = motor_brake_limit(train, trip, state, 0, speed)
    return min(most, braking_cap(run, index, speed, demand, True))


@part
def fill_engine(run: Run, train: Record, row: Floats, shaft: float, height: float) -> None:
    """The engine in a stage: its fuel as a line over crank power, fitted between a quarter and most of its full load."""
    row[stage.CONSUMERS_W] = run.trips[0].auxiliary
    row[stage.HAS_ENGINE] = 1.0 if train.engine else 0.0
    row[stage.IDLE_W] = row[stage.SLOPE] = row[stage.ENGINE_MOST_W] = row[stage.START_J] = 0.0
    if not train.engine:
        return
    turning = max(shaft, train.launch)
    derate = 1.0 - train.derate * max(height - train.derate_from, 0.0)
    full = derate * curve(train, train.full, turning)
    low, high = burn(run.stock, train, turning, 0.25 * full), burn(run.stock, train, turning, 0.85 * full)
    slope = (high - low) / (0.6 * full * turning) if full > 1.0 else 1.0 / MARGINAL_RATIO
    row[stage.SLOPE] = slope
    row[stage.IDLE_W] = max(low - slope * 0.25 * full * turning, 0.0)
    row[stage.ENGINE_MOST_W] = 0.98 * full * turning
    row[stage.START_J] = 0.5 * train.inertia * turning * turning / MARGINAL_RATIO + run.trips[0].tune[tune.START_EXTRA]


@part
def fill_motor(run: Run, train: Record, row: Floats, place: tuple[int, int], ahead: bool) -> None:
    """The tractor's motor in a stage; `place`: node and gear."""
    trip, state, (index, gear) = run.trips[0], run.state, place
    speed = row[stage.SPEED_MPS]
    row[stage.DRIVE_RATIO] = train.efficiency[gear] * train.efficiency[AXLE_STAGE]
    row[stage.MOTOR_CURVE], row[stage.MOTOR_LOSS_W] = 1e-9, 0.0
    row[stage.MOTOR_LEAST_W] = row[stage.MOTOR_MOST_W] = row[stage.AGEING] = 0.0
    if not train.motor:
        return
    shaft = shaft_speed(train, gear, speed)
    row[stage.MOTOR_CURVE], row[stage.MOTOR_LOSS_W] = losses(train, state[SOC], state[HEAT_K], shaft)
    if not train.engine:
        row[stage.MOTOR_LOSS_W] = 0.0
    row[stage.AGEING] = price.ageing_price(trip.tune[tune.AGEING_COST], state[HEAT_K], trip.tune[tune.AGEING_WARM])
    room = discharge_room(train, state, trip, ahead) if train.engine else discharge_limit(train, state)
    row[stage.MOTOR_MOST_W] = shaft_room(train, shaft, room)
    taken = train.charge if ahead else charge_limit(train, state)
    if row[stage.DEMAND_N] > 0.0:
        row[stage.MOTOR_LEAST_W] = -shaft_room(train, shaft, taken)
        return
    force = (
        min(interpolate(train.tow[gear], shaft * train.per_step), taken / max(speed, 0.3))
        if ahead
        else motor_brake_limit(train, trip, state, gear, speed)
    )
    cap = braking_cap(run, index, speed, row[stage.DEMAND_N], False)
    pushed = max(trip.tune[tune.PUSH_LIMIT] * trip.grip / 0.6 + row[stage.NEEDED_N] - row[stage.DEMAND_N], 0.0)
    row[stage.MOTOR_LEAST_W] = -min(force, cap, pushed) * speed * row[stage.DRIVE_RATIO]


@part
def fill_trailer(run: Run, row: Floats, index: int, held: float, ahead: bool) -> None:
    """The trailer's machine in a stage; `held`: kingpin tension to keep."""
    trip, state, speed = run.trips[0], run.state, row[stage.SPEED_MPS]
    row[stage.TRAILER_CURVE], row[stage.TRAILER_LOSS_W], row[stage.TRAILER_RATIO] = 1e-9, 0.0, 1.0
    row[stage.TRAILER_LEAST_N] = row[stage.TRAILER_MOST_N] = row[stage.TRAILER_AGEING] = 0.0
    if trip.towed < 0:
        return
    train = run.stock.trains[trip.towed]
    demand, shaft = row[stage.DEMAND_N], shaft_speed(train, 0, speed)
    ratio = train.efficiency[0] * train.efficiency[AXLE_STAGE]
    row[stage.TRAILER_CURVE], row[stage.TRAILER_LOSS_W] = losses(train, state[TRAILER_SOC], state[TRAILER_HEAT_K], shaft)
    row[stage.TRAILER_RATIO] = ratio
    row[stage.TRAILER_AGEING] = price.ageing_price(
        trip.tune[tune.AGEING_COST], state[TRAILER_HEAT_K], trip.tune[tune.AGEING_WARM]
    )
    taken = interpolate(train.tow[0], shaft * train.per_step)
    if ahead:
        row[stage.TRAILER_LEAST_N] = -min(taken, train.charge / max(speed, 0.3), braking_cap(run, index, speed, demand, True))
    else:
        row[stage.TRAILER_LEAST_N] = -trailer_braking(run, index, speed, demand)
    if demand > 0.0:
        most = shaft_room(train, shaft, discharge_room(train, state, trip, ahead)) * ratio / speed
        grip = braking_cap(run, index, speed, demand, True)
        row[stage.TRAILER_MOST_N] = max(min(most, grip, row[stage.NEEDED_N] - held, demand), 0.0)
    else:
        pushed = row[stage.NEEDED_N] + trip.tune[tune.PUSH_LIMIT] * trip.grip / 0.6
        row[stage.TRAILER_MOST_N] = max(min(pushed, 0.0), row[stage.TRAILER_LEAST_N])


@part
def fill_stage(
    run: Run, train: Record, row: Floats, moving: tuple[int, int, float, bool], forces: tuple[float, float, float]
) -> None:
    """One stage: `moving` is node, gear, speed, and whether it lies ahead; `forces` demand, the trailer's need and resistance."""
    index, gear, speed, ahead = moving
    row[stage.SPEED_MPS] = max(speed, SLOWEST_MPS)
    row[stage.DEMAND_N], row[stage.NEEDED_N] = forces[0], forces[1]
    fill_engine(run, train, row, shaft_speed(train, gear, speed), run.nodes[index, HEIGHT])
    fill_motor(run, train, row, (index, gear), ahead)
    fill_trailer(run, row, index, tension(run.trips[0], forces[2]), ahead)


@part
def unhelped(train: Record, wanted: float, overrun: float) -> float:
    """What is left for machines of the force wanted: braking less the overrun that a coupled engine gives anyway."""
    if wanted > 0.0 or (train.motor and train.start_stop) or not train.engine:
        return wanted
    return min(wanted - overrun, 0.0)


@aside
def share_work(run: Run, train: Record, asked: tuple[float, float], forces: tuple[float, float], index: int) -> float:
    """One demand, one split: sets what motor and engine do in the coming step, and returns the trailer's wheel force.

    `asked`: force wanted, and overrun that a coupled engine gives.
    """
    trip, state, row = run.trips[0], run.state, run.stages[0]
    demand = unhelped(train, asked[0], asked[1])
    needed = forces[1] + trailer_inertia(trip) * (demand - forces[0])
    fill_stage(run, train, row, (index, int(state[GEAR]), state[V], False), (demand, needed, forces[1]))
    chosen = split.split(row, (state[PRICE], state[TRAILER_PRICE]), state[ENGINE_ON] > 0.0)
    state[ASSIST_W], state[TOWED_N] = chosen[1], chosen[2]
    state[REGEN_N] = -row[stage.MOTOR_LEAST_W] / (row[stage.SPEED_MPS] * row[stage.DRIVE_RATIO])
    state[PEDAL_N] = max(pedal_share(trip, asked[0], forces[0]) + min(chosen[2], 0.0), 0.0)
    if train.engine and demand > 0.0:
        state[ENGINE_ON] = 1.0 if chosen[0] else 0.0
    return chosen[2]


@aside
def unbraked(run: Run, train: Record, wanted: float, index: int) -> float:
    """What machines leave of a braking force for the engine: the gear is chosen for that, so overrun does not take theirs."""
    trip, state, speed = run.trips[0], run.state, max(run.state[V], SLOWEST_MPS)
    left = wanted
    if trip.towed >= 0:
        left += trailer_braking(run, index, speed, wanted)
    if train.motor:
        most = motor_brake_limit(train, trip, state, int(state[GEAR]), speed)
        left += min(most, braking_cap(run, index, speed, wanted, False))
    return float(min(left, 0.0))


@part
def pedal_share(trip: Record, wanted: float, against: float) -> float:
    """Braking force that the pedal asks of the trailer, by load; none while the driver brakes too gently to take the pedal."""
    slowing = (against - wanted) / (trip.mass + trip.rotating)
    return float(-wanted * trip.trailer_brakes) if wanted < 0.0 and slowing > trip.tune[tune.PEDAL] else 0.0


@aside
def stand_alone(run: Run, wanted: float, forces: tuple[float, float]) -> float:
    """Wheel force of a trailer that knows its kingpin sensor alone: it helps against a pull and recovers when pushed.

    The sensor's force and its own force are together what the trailer needs. Where the driver takes the pedal, the air line asks
    the trailer's friction brakes for their share by load, whatever the machine could do.
    """
    trip, state = run.trips[0], run.state
    train, speed = run.stock.trains[trip.towed], max(state[V], 1.0)
    state[PEDAL_N] = pedal_share(trip, wanted, forces[0])
    needed = forces[1] + trailer_inertia(trip) * (wanted - forces[0]) + state[PEDAL_N]
    if needed <= 0.0:
        return trailer_share(train, trip, state, min(needed + trip.tune[tune.DEAD_BAND], 0.0), speed)
    return float(max(min(trailer_share(train, trip, state, needed, speed), needed), 0.0))


@part
def reference(trip: Record, way: float, trailer: bool) -> float:
    """Charge wanted at a place: from the start's to the end's along the way."""
    ends = trip.trailer_soc_plan if trailer else trip.soc_plan
    share = min(way / max((trip.nodes - 1) * trip.pitch, 1.0), 1.0)
    return float(ends[0] + (ends[1] - ends[0]) * share)


@part
def start_price(run: Run, train: Record, trailer: bool) -> float:
    """Price of stored energy at the charge wanted: what it is worth where the engine can stop for it, else beside the engine.

    A trailer's charge that is to be spent on the way is priced so that helping with the mean power of that pays.
    """
    trip = run.trips[0]
    start = trip.marginal * (trip.tune[tune.START_PRICE] if train.motor else trip.tune[tune.BESIDE])
    spent = trip.trailer_soc_plan[0] - trip.trailer_soc_plan[1]
    if not trailer or spent < SPENT_RATIO:
        return float(start)
    seconds = max((trip.nodes - 1) * trip.pitch / trip.tune[tune.SPENDING], 1.0)
    power = spent * run.stock.trains[trip.towed].capacity / seconds
    return min(
        price.spending_price(trip.tune[tune.BESIDE] * trip.marginal, power, run.stages[0, stage.TRAILER_CURVE]), float(start)
    )


@aside
def reprice(run: Run, train: Record, power: float) -> None:
    """Once a second: prices of stored energy by feedback on charge, or from the road ahead; `power`: most of engine and motor."""
    trip, state = run.trips[0], run.state
    gains = (trip.tune[tune.GAIN], trip.tune[tune.INTEGRAL_GAIN], trip.tune[tune.WIDEST])
    start, trailer_start = start_price(run, train, False), start_price(run, train, True)
    missing = (reference(trip, state[S], False) - state[SOC]) if train.engine and train.motor else 0.0
    trailer_missing = (reference(trip, state[S], True) - state[TRAILER_SOC]) if trip.towed >= 0 else 0.0
    state[SHORT_S] += missing
    state[TRAILER_SHORT_S] += trailer_missing
    state[DUE_S] -= 1.0
    if trip.coordination != PREVIEW:
        state[PRICE] = price.feedback_price(start, missing, state[SHORT_S], gains)
        state[TRAILER_PRICE] = price.feedback_price(trailer_start, trailer_missing, state[TRAILER_SHORT_S], gains)
    elif state[DUE_S] <= 0.0:
        state[DUE_S] = trip.tune[tune.REPLAN]
        if state[PRICE] == 0.0:
            state[PRICE], state[TRAILER_PRICE] = start, trailer_start
        plan_prices(run, train, look_ahead(run, train, power))


@part
def look_ahead(run: Run, train: Record, power: float) -> int:
    """Fill the stages of the horizon by the driver's plan and the road; returns how many there are."""
    trip, state, nodes = run.trips[0], run.state, run.nodes
    block = trip.tune[tune.BLOCK]
    span, count = int(block * trip.per_pitch), int(trip.tune[tune.HORIZON] / block)
    first, before = int(state[S] * trip.per_pitch), state[V]
    inertia = trip.mass + trip.rotating
    for ahead in range(count):
        here, there = first + ahead * span, first + (ahead + 1) * span
        if there >= trip.nodes:
            return ahead
        middle, after = (here + there) // 2, np.sqrt(run.plan[there, AIM])
        speed = max(0.5 * (before + after), 3.0)
        sine = (nodes[there, HEIGHT] - nodes[here, HEIGHT]) / block
        air = aero.still_air_force_n(nodes[middle, DENSITY], interpolate(trip.drag, speed), speed)
        grade = resistance.grade_force_n(trip.mass, sine)
        rolling = nodes[middle, SURFACE] * trip.roll_trailer
        against = air + rolling + nodes[middle, SURFACE] * trip.roll_tractor + grade
        behind = air * trip.trailer_drag + rolling + grade * trip.trailer_mass / trip.mass
        demand = against + 0.5 * inertia * (after * after - before * before) / block
        if demand * speed > power:
            speed = max(power / demand, 3.0)
            demand = min(demand, power / speed)
        gear = best_gear(train, speed, max(demand, 0.0), 1.0, train.discharge)
        drag = curve(train, train.coast[gear], shaft_speed(train, gear, speed)) if train.engine else 0.0
        needed = behind + trailer_inertia(trip) * (demand - against)
        row = run.stages[ahead + 1]
        fill_stage(run, train, row, (middle, gear, speed, True), (unhelped(train, demand, drag), needed, behind))
        row[stage.DURATION_S] = block / speed
        before = after
    return count


@part
def plan_prices(run: Run, train: Record, count: int) -> None:
    """New prices of both batteries over the horizon, one after the other, twice."""
    trip, state, kept = run.trips[0], run.state, run.stages[len(run.stages) - 1]
    far = min(state[S] + trip.tune[tune.HORIZON], (trip.nodes - 1) * trip.pitch)
    for turn in range(4):
        place = turn % 2
        trailer = place == 1
        if (trailer and trip.towed < 0) or (not trailer and not (train.engine and train.motor)):
            continue
        one = run.stock.trains[trip.towed] if trailer else train
        kept[0], kept[1] = (state[TRAILER_SOC] if trailer else state[SOC]), one.capacity
        kept[2], kept[3] = min(one.soc_low, kept[0] - 0.01), max(one.soc_high - 0.02, kept[0] + 0.001)
        short = state[TRAILER_SHORT_S] if trailer else state[SHORT_S]
        kept[4] = start_price(run, train, trailer) * (1.0 + trip.tune[tune.INTEGRAL_GAIN] * short)
        kept[5] = reference(trip, far, trailer)
        kept[6], kept[7] = trip.tune[tune.GAIN], trip.tune[tune.WIDEST]
        kept[8] = trip.trailer_auxiliary if trailer else 0.0
        found = price.preview_price(run.stages[1:], count, (state[PRICE], state[TRAILER_PRICE]), place, kept)
        if trailer:
            state[TRAILER_PRICE] = found
        else:
            state[PRICE] = found


@aside
def watch(run: Run, outcome: tuple[float, float, float, float, float], dt: float) -> None:
    """Keep the worst of what safety asks for: tension while the trailer propels, adhesion used by the axles that have machines.

    `outcome`: wheel force of all, the trailer's, friction, kingpin force, and resistance of the trailer.
    """
    trip, state = run.trips[0], run.state
    force, towed, friction, pull, behind = outcome
    own = force - towed
    if towed > 0.0:
        margin = pull - tension(trip, behind)
        state[TENSION_N] = min(state[TENSION_N], margin)
        state[SLACK_S] += dt if margin < -1.0 else 0.0
    weight, behind_friction = trip.mass * GRAVITY, state[TRAILER_BRAKE_N] if friction > 0.0 else 0.0
    loads = trip.adhesion / trip.grip, trip.trailer_adhesion / trip.grip
    before = (friction - behind_friction) / (weight * (1.0 - trip.trailer_brakes))
    driven = own / loads[0] if own > 0.0 else (-own - friction) / loads[0] + before
    state[GRIP] = max(state[GRIP], driven)
    state[TRAILER_GRIP] = max(state[TRAILER_GRIP], abs(towed) / loads[1] + behind_friction / (weight * trip.trailer_brakes))
