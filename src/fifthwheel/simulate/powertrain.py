"""The powertrain for one step: what drives, what brakes in which order, and who pays; parts of the kernel.

A drive is an engine, a motor or both at the gearbox input; a fuel cell or range extender charges. Rules of the split: a hybrid
drives on its motor below `ELECTRIC_W` while charged, recharges with the engine towards its target, and assists above full load.
"""

from __future__ import annotations

from fifthwheel.physics import brake
from fifthwheel.physics.engine import altitude_derating_ratio
from fifthwheel.simulate.compiled import laws, part
from fifthwheel.simulate.electrics import (
    RECHARGE_W,
    charge_limit,
    discharge_limit,
    motor_brake_limit,
    run_electrics,
)
from fifthwheel.simulate.engine import accelerate_rotor, burn, push_rotor, run_engine, spin, spin_down
from fifthwheel.simulate.gears import curve, interpolate, shaft_speed, shaft_torque
from fifthwheel.simulate.layout import (
    ASSIST_W,
    AUXILIARY,
    AXLE,
    BRAKING,
    CLUTCH,
    COOPERATIVE,
    DCT,
    DRAG,
    DRIVELINE,
    ENGINE_BRAKE,
    ENGINE_ON,
    FRICTION,
    FUEL,
    FUEL_W,
    FULL,
    GAP,
    GEAR,
    IDLE,
    OWED,
    PEDAL,
    REGEN_N,
    RETARDER,
    RETARDING,
    ROLLING,
    SOC,
    SPEED,
    TORQUE,
    TRAILER_FRICTION,
    WHEEL,
    Floats,
    H,
    Record,
    Run,
)

laws(brake.retarder_power_w, altitude_derating_ratio)


ELECTRIC_W = 60e3
"""A charged hybrid drives without its engine below this power."""
STANDS_BELOW_W = 80e3
"""A hybrid's engine helps to brake where its motor leaves more than this: a descent, not a stop."""


@part
def derating(train: Record, height: float) -> float:
    """Share of the engine's full load left at a height."""
    return float(altitude_derating_ratio(height, train.derate_from, train.derate))


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
def drives_alone(run: Run, train: Record, shaft: float, torque: float) -> bool:
    """Whether a parallel hybrid drives this step on its motor alone: by its own rule, or as the energy unit chose."""
    state = run.state
    if run.trips[0].coordination < COOPERATIVE:
        return is_electric(train, state, shaft, torque)
    if state[ENGINE_ON] == 0.0 and torque > motor_limit(train, state, shaft):
        state[ENGINE_ON] = 1.0
    return bool(state[ENGINE_ON] == 0.0)


@part
def assisting(run: Run, train: Record, shaft: float, torque: float) -> float:
    """Motor torque of a parallel hybrid whose engine runs: by its own rule, or as the energy unit chose, full load first."""
    state = run.state
    if run.trips[0].coordination < COOPERATIVE:
        return split_hybrid(train, state, shaft, torque)
    full = 0.98 * derating(train, state[H]) * curve(train, train.full, shaft)
    wish = min(max(state[ASSIST_W] / shaft, torque - full), max(torque, 0.0))
    least = -min(charge_limit(train, state) / shaft, train.peak_torque)
    return float(min(max(wish, least), motor_limit(train, state, shaft)))


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
    if train.motor and drives_alone(run, train, shaft, torque):
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
    assist = assisting(run, train, shaft, torque) if train.motor else 0.0
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
    if run.trips[0].coordination >= COOPERATIVE:
        taken = min(taken, state[REGEN_N])
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
