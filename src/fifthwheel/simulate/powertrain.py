"""The powertrain for one step: what drives, what brakes in which order, and who pays; parts of the kernel.

A drive is an engine, a motor or both at the gearbox input; a fuel cell or range extender charges. Rules of the split: a hybrid
drives on its motor below `ELECTRIC_W` while charged, recharges with the engine towards its target, and assists above full load.
"""

from __future__ import annotations

import numpy as np

from fifthwheel.physics import battery, brake, motor
from fifthwheel.simulate.compiled import laws, part
from fifthwheel.simulate.gears import curve, interpolate, shaft_speed, shaft_torque, surface
from fifthwheel.simulate.layout import (
    AUXILIARY,
    AXLE,
    BATTERY,
    BRAKING,
    CELL,
    CLUTCH,
    CURRENT,
    DCT,
    DEMAND_W,
    DRAG,
    DRIVELINE,
    ENGINE,
    ENGINE_BRAKE,
    ENGINE_ON,
    FRICTION,
    FUEL,
    FUEL_CELL,
    FUEL_W,
    FULL,
    GAINED,
    GAP,
    GEAR,
    HEAT,
    HEAT_K,
    IDLE,
    KINETIC,
    M_SPEED,
    M_TORQUE,
    MOTOR,
    N_OCV,
    NO_SOURCE,
    OWED,
    PEDAL,
    RECOVERED,
    RETARDER,
    RETARDING,
    ROLLING,
    ROTOR,
    SHAFT,
    SOC,
    SOURCE_W,
    SPEED,
    T_CURRENT,
    T_SPEED,
    T_TERMINAL_W,
    T_TORQUE,
    TERMINAL_W,
    TORQUE,
    TRAILER_AUXILIARY,
    TRAILER_BATTERY,
    TRAILER_DRIVELINE,
    TRAILER_FRICTION,
    TRAILER_GAINED,
    TRAILER_HEAT,
    TRAILER_HEAT_K,
    TRAILER_MOTOR,
    TRAILER_SOC,
    WHEEL,
    Floats,
    H,
    Record,
    Run,
    Stock,
)

laws(
    battery.current_a,
    battery.resistance_loss_w,
    battery.resistance_ratio,
    battery.charge_limit_ratio,
    battery.discharge_limit_ratio,
    battery.temperature_rate_kps,
    brake.retarder_power_w,
    motor.loss_w,
)

ELECTRIC_W = 60e3
"""A charged hybrid drives without its engine below this power."""
STANDS_BELOW_W = 80e3
"""A hybrid's engine helps to brake where its motor leaves more than this: a descent, not a stop."""
RECHARGE_W = 6e6
"""Power per unit of charge missing that a hybrid's engine, a fuel cell or a range extender adds."""
MARGINAL_RATIO = 0.4
"""Work that a little more fuel gives."""
FOLLOW_S = 120.0
"""Time constant with which a fuel cell or range extender follows the demand."""


@part
def discharge_limit(train: Record, state: Floats) -> float:
    """Terminal power to be had: the battery by charge and temperature, and what the fuel cell or range extender gives."""
    soc, kelvin = (state[TRAILER_SOC], state[TRAILER_HEAT_K]) if train.trailer else (state[SOC], state[HEAT_K])
    room = min(max((soc - 0.5 * train.soc_low) / 0.03, 0.0), 1.0) * battery.discharge_limit_ratio(kelvin)
    return float(train.discharge * room + (0.0 if train.trailer else state[SOURCE_W]))


@part
def charge_limit(train: Record, state: Floats) -> float:
    """Most terminal power that the battery takes: fades over the last 5 % of charge and in the cold."""
    soc, kelvin = (state[TRAILER_SOC], state[TRAILER_HEAT_K]) if train.trailer else (state[SOC], state[HEAT_K])
    return float(train.charge * min(max((train.soc_high - soc) / 0.05, 0.0), 1.0) * battery.charge_limit_ratio(kelvin))


@part
def draw(run: Run, train: Record, power: float, dt: float) -> float:
    """Take terminal `power` from the battery for a step: returns its current."""
    state, book = run.state, run.book
    soc_at, kelvin_at = (TRAILER_SOC, TRAILER_HEAT_K) if train.trailer else (SOC, HEAT_K)
    heat_at, meter_at, gained_at = (TRAILER_HEAT, TRAILER_BATTERY, TRAILER_GAINED) if train.trailer else (HEAT, BATTERY, GAINED)
    resistance = train.resistance * battery.resistance_ratio(state[kelvin_at])
    open_voltage = interpolate(train.voltage, state[soc_at] * (N_OCV - 1))
    current = float(battery.current_a(power, open_voltage, resistance))
    heat = battery.resistance_loss_w(current, resistance)
    book[heat_at] += heat * dt
    book[meter_at] += power * dt
    book[gained_at] += max(-power, 0.0) * dt
    state[soc_at] -= current * dt * train.nominal / train.capacity
    warming = battery.temperature_rate_kps(heat, state[kelvin_at], run.trips[0].ambient, train.heat_capacity, train.cooling)
    state[kelvin_at] += warming * dt
    return current


@part
def burn(stock: Stock, train: Record, shaft: float, torque: float) -> float:
    """Fuel power of the engine at a crank torque: its map, and none in overrun."""
    if torque <= -curve(train, train.drag, shaft):
        return 0.0
    return max(surface(stock.fuel[train.fuel], shaft * train.per_step, (torque - train.torque_low) * train.per_torque_step), 0.0)


@part
def spin(run: Run, train: Record, shaft: float) -> None:
    """Bring the engine's rotor to a new speed at once: it gives its energy to drag, or takes fuel for it."""
    state, book, flow = run.state, run.book, run.flow
    energy = 0.5 * train.inertia * (shaft * shaft - state[SHAFT] * state[SHAFT])
    state[SHAFT] = shaft
    book[KINETIC] += energy
    book[ROTOR] += energy
    fuel = max(energy, 0.0) / MARGINAL_RATIO
    book[FUEL] += fuel
    book[ENGINE] += fuel - energy
    flow[FUEL_W] += fuel


@part
def settle(run: Run, train: Record) -> None:
    """At the end of a trip the engine idles as it did at the start, and gives what it owes its auxiliaries."""
    state, book = run.state, run.book
    spin(run, train, train.idle)
    fuel = state[OWED] / MARGINAL_RATIO
    book[FUEL] += fuel
    book[AUXILIARY] += state[OWED]
    book[ENGINE] += fuel - state[OWED]
    run.flow[FUEL_W] += fuel
    state[OWED] = 0.0


@part
def spin_down(run: Run, train: Record, shaft: float, consumers: float, dt: float) -> float:
    """Let the rotor, out of gear, fall towards `shaft` by drag and consumers, without fuel: the share of the step that lasts."""
    state, book, flow = run.state, run.book, run.flow
    energy = 0.5 * train.inertia * (state[SHAFT] * state[SHAFT] - shaft * shaft)
    drag = curve(train, train.drag, state[SHAFT])
    needed = (drag * state[SHAFT] + consumers) * dt
    if energy <= 0.0 or needed <= 0.0:
        return 0.0
    share = min(energy / needed, 1.0)
    state[SHAFT] = np.sqrt(state[SHAFT] * state[SHAFT] - 2.0 * share * needed / train.inertia)
    book[KINETIC] -= share * needed
    book[ROTOR] -= share * needed
    book[AUXILIARY] += share * consumers * dt
    book[ENGINE] += share * (needed - consumers * dt)
    flow[SPEED] += state[SHAFT] * share * dt
    flow[DRAG] += drag * share * dt
    return float(share)


@part
def push_rotor(run: Run, train: Record, left: float, motion: tuple[float, float], dt: float) -> float:
    """Let the wheels, braking with `left`, bring a slower rotor up to the speed of the gear: the force that this takes."""
    state, book = run.state, run.book
    speed, change = motion
    start = max(shaft_speed(train, int(state[GEAR]), speed - 0.5 * change * dt), train.idle)
    energy = 0.5 * train.inertia * (start * start - state[SHAFT] * state[SHAFT])
    if energy <= 0.0 or left <= 0.0:
        return 0.0
    force = min(energy / (speed * dt), left)
    paid = force * speed * dt
    state[SHAFT] = np.sqrt(state[SHAFT] * state[SHAFT] + 2.0 * paid / train.inertia)
    book[KINETIC] += paid
    book[ROTOR] += paid
    return float(force)


@part
def accelerate_rotor(run: Run, train: Record, motion: tuple[float, float], dt: float) -> float:
    """Power into the engine's rotor over a step with the clutch closed; `motion`: mean speed and acceleration."""
    state, book = run.state, run.book
    speed, change = motion
    gear = int(state[GEAR])
    start = max(shaft_speed(train, gear, speed - 0.5 * change * dt), train.idle)
    ending = max(shaft_speed(train, gear, speed + 0.5 * change * dt), train.idle)
    spin(run, train, start)
    energy = 0.5 * train.inertia * (ending * ending - start * start)
    state[SHAFT] = ending
    book[KINETIC] += energy
    book[ROTOR] += energy
    return float(energy / dt)


@part
def feed(run: Run, train: Record, demand: float, dt: float) -> float:
    """Power of a fuel cell or range extender for a step: it follows the slow demand and the battery's charge."""
    state, book, flow = run.state, run.book, run.flow
    state[DEMAND_W] += (demand - state[DEMAND_W]) * dt / FOLLOW_S
    wanted = state[DEMAND_W] + RECHARGE_W * 0.2 * (train.soc_target - state[SOC])
    on = state[SOURCE_W] > 0.0
    if state[SOC] > train.soc_target + 0.15 or (state[SOC] > train.soc_target + 0.05 and wanted < 0.5 * train.source_low):
        wanted = 0.0
    elif on or wanted > train.source_low or state[SOC] < train.soc_target - 0.05:
        wanted = min(max(wanted, train.source_low), train.source_high)
    else:
        wanted = 0.0
    if wanted > 0.0 and not on:
        book[FUEL] += train.source_start
        flow[FUEL_W] += train.source_start
        book[FUEL_CELL if train.source == CELL else ENGINE] += train.source_start
    step = train.source_ramp * dt
    power = min(max(wanted, state[SOURCE_W] - step), state[SOURCE_W] + step)
    power = 0.0 if power < 0.5 * train.source_low and wanted == 0.0 else power
    state[SOURCE_W] = power
    fuel = interpolate(train.source_fuel, power / train.source_step) if power > 0.0 else 0.0
    book[FUEL] += fuel * dt
    flow[FUEL_W] += fuel * dt
    if train.source == CELL:
        book[FUEL_CELL] += (fuel - power) * dt
    else:
        crank = power / train.source_efficiency
        book[MOTOR] += (crank - power) * dt
        book[ENGINE] += (fuel - crank) * dt
    return power


@part
def run_electrics(run: Run, train: Record, turning: tuple[float, float], consumers: float, dt: float) -> None:
    """A motor at its shaft, its inverter, consumers and battery for a step; `consumers` at the terminals.

    Motors of hybrids and trailers are uncoupled while they do nothing.
    """
    book, flow = run.book, run.flow
    (shaft, torque), loss = turning, 0.0
    if shaft > 0.0 and (torque != 0.0 or not (train.engine or train.trailer)):
        loss = float(
            motor.loss_w(torque, shaft, train.peak_torque, train.peak_power, (train.losses[0], train.losses[1], train.losses[2]))
        )
    terminal = torque * shaft + loss + consumers
    book[MOTOR] += loss * dt
    book[AUXILIARY] += consumers * dt
    book[RECOVERED] += max(-torque * shaft, 0.0) * dt
    if train.trailer:
        book[TRAILER_MOTOR] += loss * dt
        book[TRAILER_AUXILIARY] += consumers * dt
        current = draw(run, train, terminal, dt)
        flow[T_SPEED] += shaft * dt
        flow[T_TORQUE] += torque * dt
        flow[T_TERMINAL_W] += terminal * dt
        flow[T_CURRENT] += current * dt
        return
    fed = feed(run, train, terminal, dt) if train.source != NO_SOURCE else 0.0
    current = draw(run, train, terminal - fed, dt)
    flow[TERMINAL_W] += (terminal - fed) * dt
    flow[CURRENT] += current * dt
    flow[M_TORQUE] += torque * dt
    flow[M_SPEED] += shaft * dt


@part
def run_trailer(run: Run, train: Record, force: float, speed: float, dt: float) -> None:
    """The trailer's own drive for a step."""
    torque, box, axle = shaft_torque(run.stock, train, 0, force, speed)
    book = run.book
    book[DRIVELINE] += (box + axle) * dt
    book[TRAILER_DRIVELINE] += (box + axle) * dt
    book[AXLE] += axle * dt
    run_electrics(run, train, (shaft_speed(train, 0, speed), torque), run.trips[0].trailer_auxiliary, dt)


@part
def motor_brake_limit(train: Record, trip: Record, state: Floats, gear: int, speed: float) -> float:
    """Most braking force at the wheels by a motor: adhesion, torque, what the battery takes, and a fade-out below 3 m/s."""
    grip = trip.trailer_adhesion if train.trailer else trip.adhesion
    position = shaft_speed(train, gear, speed) * train.per_step
    room = charge_limit(train, state) / max(train.efficiency[gear], 0.8) / max(speed, 0.3)
    return float(min(interpolate(train.tow[gear], position), room, grip) * min(max((speed - 0.8) / 2.2, 0.0), 1.0))


@part
def trailer_share(train: Record, trip: Record, state: Floats, force: float, speed: float) -> float:
    """Wheel force that the trailer's drive takes of `force`: help above its power threshold, braking first."""
    if force <= 0.0:
        return -min(-force, motor_brake_limit(train, trip, state, 0, speed))
    charged = min(max((state[TRAILER_SOC] - train.soc_low) / 0.08, 0.0), 1.0)
    position = shaft_speed(train, 0, speed) * train.per_step
    most = min(
        interpolate(train.tow[0], position), interpolate(train.share, position) * discharge_limit(train, state) / max(speed, 1.0)
    )
    helping = charged * min(max(force - trip.threshold / max(speed, 1.0), 0.0), 0.6 * most)
    return float(min(helping, trip.trailer_adhesion))


@part
def derating(train: Record, height: float) -> float:
    """Share of the engine's full load left at a height."""
    return float(1.0 - train.derate * max(height - train.derate_from, 0.0))


@part
def motor_limit(train: Record, state: Floats, shaft: float) -> float:
    """Most torque of a parallel hybrid's motor."""
    electric = interpolate(train.share, shaft * train.per_step) * discharge_limit(train, state)
    return float(min(train.peak_torque, min(train.peak_power, electric) / max(shaft, 1.0)))


@part
def is_electric(train: Record, state: Floats, shaft: float, torque: float) -> bool:
    """Whether a parallel hybrid drives on its motor alone; it starts and stops the engine."""
    over = state[SOC] - train.soc_target
    margin, reluctance = (0.02, 1.0) if state[ENGINE_ON] > 0.0 else (-0.03, 1.4)
    little = reluctance * ELECTRIC_W * min(max(1.0 + 8.0 * over, 0.0), 2.0)
    alone = torque <= motor_limit(train, state, shaft) and torque * shaft < little and over > margin
    state[ENGINE_ON] = 0.0 if alone else 1.0
    return bool(alone)


@part
def split_hybrid(train: Record, state: Floats, shaft: float, torque: float) -> float:
    """Motor torque of a parallel hybrid whose engine runs, for a crank torque: recharging, or assisting above full load."""
    full = derating(train, state[H]) * curve(train, train.full, shaft)
    if torque > 0.98 * full:
        return min(torque - 0.98 * full, motor_limit(train, state, shaft))
    over = state[SOC] - train.soc_target
    if over >= 0.0:
        return 0.0
    wish = min(-RECHARGE_W * 0.5 * over, charge_limit(train, state)) / max(shaft, 1.0)
    return float(-max(min(wish, 0.85 * full - torque, train.peak_torque), 0.0))


@part
def run_engine(run: Run, train: Record, turning: tuple[float, float], consumers: float, dt: float) -> None:
    """The engine at `shaft` giving `torque` beyond the power of `consumers`, for a step."""
    book, flow = run.book, run.flow
    shaft, torque = turning
    crank = torque + consumers / shaft
    fuel = burn(run.stock, train, shaft, crank)
    drag = curve(train, train.drag, shaft)
    book[FUEL] += fuel * dt
    book[ENGINE] += (fuel - crank * shaft) * dt
    book[AUXILIARY] += consumers * dt
    flow[FUEL_W] += fuel * dt
    flow[TORQUE] += crank * dt
    flow[DRAG] += drag * dt
    flow[SPEED] += shaft * dt
    full = curve(train, train.full, shaft)
    flow[FULL] += full * dt
    flow[PEDAL] += max(crank, 0.0) / max(full, 1.0) * dt


@part
def consume(run: Run, train: Record, dt: float) -> float:
    """Power of the consumers, with what a stopped engine left them owing (paid back at 3 kW)."""
    state, power = run.state, run.trips[0].auxiliary
    if state[OWED] > 0.0 and train.engine:
        paid = min(3e3, state[OWED] / dt)
        state[OWED] -= paid * dt
        power += paid
    return float(power)


@part
def drive_engine(run: Run, train: Record, force: float, motion: tuple[float, float], dt: float) -> None:
    """Drive with `force` >= 0 at the wheels with an engine, alone or with a motor; `motion`: mean speed and acceleration."""
    state, book, speed = run.state, run.book, motion[0]
    gear = int(state[GEAR])
    torque, box, axle = shaft_torque(run.stock, train, gear, force, speed)
    shaft = shaft_speed(train, gear, speed)
    book[DRIVELINE] += (box + axle) * dt
    book[AXLE] += axle * dt
    consumers = consume(run, train, dt)
    if train.motor and is_electric(train, state, shaft, torque):
        spin(run, train, 0.0)
        run_electrics(run, train, (shaft, torque), consumers, dt)
        return
    if shaft < train.launch:
        spin(run, train, train.launch)
        book[DRIVELINE] += torque * (train.launch - shaft) * dt
        shaft = train.launch
    else:
        torque += accelerate_rotor(run, train, motion, dt) / shaft
    if train.box == DCT and state[GAP] > 0.0:
        slip = 0.15 * abs(torque) * shaft
        book[DRIVELINE] += slip * dt
        torque += slip / shaft
    assist = split_hybrid(train, state, shaft, torque) if train.motor else 0.0
    run_engine(run, train, (shaft, torque - assist), consumers, dt)
    if train.motor:
        run_electrics(run, train, (shaft, assist), 0.0, dt)


@part
def overrun(run: Run, train: Record, left: float, motion: tuple[float, float], dt: float) -> float:
    """Let the engine slow the vehicle for a step; `left` is the braking force still wanted. Returns what it took.

    A hybrid's engine stands, unless its motor leaves much to brake.
    """
    state, book, flow = run.state, run.book, run.flow
    speed = motion[0]
    gear = int(state[GEAR])
    geared = shaft_speed(train, gear, speed)
    consumers = consume(run, train, dt)
    closed = geared >= 1.05 * train.idle and state[ROLLING] == 0.0 and (state[GAP] <= 0.0 or train.box == DCT)
    hybrid = train.motor and train.start_stop
    if hybrid and left * speed < STANDS_BELOW_W and (state[ENGINE_ON] == 0.0 or state[SOC] > train.soc_low + 0.05):
        state[ENGINE_ON] = 0.0
        spin(run, train, 0.0)
        run_electrics(run, train, (0.0, 0.0), consumers, dt)
        return 0.0
    state[ENGINE_ON] = 1.0
    if not closed:
        shaft = train.idle if state[ROLLING] > 0.0 else max(train.idle, min(geared, train.high))
        burning = dt * (1.0 - spin_down(run, train, shaft, consumers, dt))
        if burning > 0.0:
            spin(run, train, shaft)
            run_engine(run, train, (shaft, 0.0), consumers, burning)
        flow[CLUTCH] += dt
        return 0.0
    pushed = push_rotor(run, train, left, motion, dt)
    left -= pushed
    rotor = accelerate_rotor(run, train, motion, dt) / geared
    most = -curve(train, train.coast[gear], geared)
    taken = min(left, most)
    deliberate = left > most + 5e3 / max(speed, 1.0) and speed > 2.0
    braked = min(left, -curve(train, train.hold[gear], geared)) - taken if deliberate else 0.0
    torque, box, axle = shaft_torque(run.stock, train, gear, -(taken + braked), speed)
    book[DRIVELINE] += (box + axle) * dt
    book[AXLE] += axle * dt
    slowed = -torque * braked / max(taken + braked, 1e-9)
    book[ENGINE_BRAKE] += slowed * geared * dt
    run_engine(run, train, (geared, torque + slowed + rotor), consumers, dt)
    flow[TORQUE] -= slowed * dt
    return pushed + taken + braked


@part
def regenerate(run: Run, train: Record, left: float, speed: float, dt: float) -> float:
    """Brake with the tractor's motor for a step, as far as it goes; returns what it took of the force `left`."""
    state, book, flow = run.state, run.book, run.flow
    gear = int(state[GEAR])
    open_clutch = state[GAP] > 0.0 and train.box != DCT
    taken = 0.0 if open_clutch else min(left, motor_brake_limit(train, run.trips[0], state, gear, speed))
    geared = shaft_speed(train, gear, speed)
    torque, box, axle = shaft_torque(run.stock, train, gear, -taken, speed)
    book[DRIVELINE] += (box + axle) * dt
    book[AXLE] += axle * dt
    if train.engine:
        run_electrics(run, train, (geared, torque), 0.0, dt)
    else:
        run_electrics(run, train, (geared, torque), consume(run, train, dt), dt)
        flow[SPEED] += geared * dt
    return taken


@part
def slow_down(run: Run, train: Record, left: float, motion: tuple[float, float], dt: float) -> float:
    """Brake with `left` >= 0 at the wheels for a step: motor, engine, retarder, then friction, whose force is returned."""
    book, flow, speed = run.book, run.flow, motion[0]
    if train.motor:
        left -= regenerate(run, train, left, speed, dt)
    if train.engine:
        left -= overrun(run, train, left, motion, dt)
    if left * speed <= 1.0:
        left = max(left, 0.0)
    if left > 0.0 and train.retarder_power > 0.0:
        most = brake.retarder_power_w(
            speed, train.axle * train.retarder_ratio, train.radius, train.retarder_torque, train.retarder_power
        )
        slow = min(left, float(most) / max(speed, 0.1))
        book[RETARDER] += slow * speed * dt
        flow[RETARDING] += dt if slow * speed > 1e3 else 0.0
        left -= slow
    book[FRICTION] += left * speed * dt
    book[TRAILER_FRICTION] += left * speed * run.trips[0].trailer_brakes * dt
    flow[BRAKING] += dt if left * speed > 1e3 else 0.0
    return left


@part
def deliver(run: Run, train: Record, force: float, motion: tuple[float, float], dt: float) -> float:
    """Tractor's wheels for a step, `force` after the trailer's own drive: returns the friction force."""
    state, book, flow = run.state, run.book, run.flow
    speed = motion[0]
    if force <= 0.0:
        return slow_down(run, train, -force, motion, dt)
    book[WHEEL] += force * speed * dt
    if train.engine:
        drive_engine(run, train, force, motion, dt)
        return 0.0
    gear = int(state[GEAR])
    torque, box, axle = shaft_torque(run.stock, train, gear, force, speed)
    book[DRIVELINE] += (box + axle) * dt
    book[AXLE] += axle * dt
    shaft = shaft_speed(train, gear, speed)
    flow[SPEED] += shaft * dt
    flow[PEDAL] += torque / max(train.peak_torque, 1.0) * dt
    run_electrics(run, train, (shaft, torque), consume(run, train, dt), dt)
    return 0.0


@part
def stand(run: Run, train: Record, working: bool, dt: float) -> None:
    """A step of standing with the vehicle switched on: idling, auxiliaries, and the body's work."""
    state, book, flow = run.state, run.book, run.flow
    power = run.trips[0].auxiliary + (run.trips[0].working if working else 0.0)
    flow[CLUTCH] += dt
    if not train.engine:
        run_electrics(run, train, (0.0, 0.0), power, dt)
        return
    if train.motor and state[SOC] > train.soc_low + 0.03 and not working:
        state[ENGINE_ON] = 0.0
        spin(run, train, 0.0)
        run_electrics(run, train, (0.0, 0.0), power, dt)
        return
    if train.start_stop and not working and state[OWED] < 1e6:
        spin(run, train, 0.0)
        state[OWED] += power * dt
        return
    shaft = train.idle * (1.5 if working else 1.0)
    spin(run, train, shaft)
    fuel = burn(run.stock, train, shaft, power / shaft)
    book[AUXILIARY] += power * dt
    book[IDLE] += (fuel - power) * dt
    book[FUEL] += fuel * dt
    flow[SPEED] += shaft * dt
    flow[TORQUE] += power / shaft * dt
    flow[DRAG] += curve(train, train.drag, shaft) * dt
    flow[FUEL_W] += fuel * dt
    flow[FULL] += curve(train, train.full, shaft) * dt
    if train.motor:
        run_electrics(run, train, (0.0, 0.0), 0.0, dt)
