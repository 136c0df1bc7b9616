"""Electric machines, batteries, fuel cell and range extender for one step; parts of the kernel."""

from __future__ import annotations

from fifthwheel.physics import battery, motor
from fifthwheel.simulate.compiled import laws, part
from fifthwheel.simulate.gears import interpolate, shaft_speed, shaft_torque
from fifthwheel.simulate.layout import (
    AUXILIARY,
    AXLE,
    BATTERY,
    CELL,
    CURRENT,
    DEMAND_W,
    DRIVELINE,
    ENGINE,
    FUEL,
    FUEL_CELL,
    FUEL_W,
    GAINED,
    HEAT,
    HEAT_K,
    M_SPEED,
    M_TORQUE,
    MOTOR,
    N_OCV,
    NO_SOURCE,
    RECOVERED,
    SOC,
    SOURCE_W,
    T_CURRENT,
    T_SPEED,
    T_TERMINAL_W,
    T_TORQUE,
    TERMINAL_W,
    TRAILER_AUXILIARY,
    TRAILER_BATTERY,
    TRAILER_DRIVELINE,
    TRAILER_GAINED,
    TRAILER_HEAT,
    TRAILER_HEAT_K,
    TRAILER_MOTOR,
    TRAILER_SOC,
    Floats,
    Record,
    Run,
)

laws(
    battery.current_a,
    battery.resistance_loss_w,
    battery.resistance_ratio,
    battery.charge_limit_ratio,
    battery.discharge_limit_ratio,
    battery.temperature_rate_kps,
    motor.loss_w,
)


RECHARGE_W = 6e6
"""Power per unit of charge missing that a hybrid's engine, a fuel cell or a range extender adds."""
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
