"""What a combination's store gives for a speed and a wheel force: the vehicle model of the planner.

Engine map, motor losses and battery resistance come from the laws of `physics` in the gear that costs least; gearbox and axle
count with their typical efficiencies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.battery import current_a
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.physics.motor import loss_w, torque_limit_nm
from fifthwheel.vehicle.combination import Combination, Drive
from fifthwheel.vehicle.components import Engine, GearboxKind, Use

Floats = NDArray[np.float64]

MARGINAL_RATIO = 0.4
"""Crank work that a little more fuel gives; prices what spins an engine up again."""
SLOWEST_RATIO = 1.35
"""Lowest crank speed to drive at, over idle."""
N_FORCE = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnergyMap:
    """The vehicle as the planner sees it.

    Attributes
    ----------
    speed_mps, force_n : axes, shapes (n,) and (m,); forces at the wheels, negative while braking, m evenly spaced.
    power_w : from the store, shape (n, m): fuel, or the battery behind its resistance; negative while it charges. A battery
        beside an engine counts in fuel.
    gear_count : gear that costs least, from 1, shape (n, m).
    most_n, overrun_n : most force, and force (negative) with the pedal released in gear, shape (n,).
    roll_w : from the store while rolling out of gear. engage_j : fuel to bring the engine back to the speed of its gear, (n,).
    can_roll : whether it can leave its gear on its own.
    """

    speed_mps: Floats
    force_n: Floats
    power_w: Floats
    gear_count: NDArray[np.int64]
    most_n: Floats
    overrun_n: Floats
    roll_w: float
    engage_j: Floats
    can_roll: bool


def energy_map(combination: Combination, speed_mps: Floats, *, loaded: bool, fuel_per_electric_ratio: float) -> EnergyMap:
    """The map of `combination` over `speed_mps` (rising, above zero).

    Parameters
    ----------
    loaded : whether consumers of a payload run (reefer, mixer drum).
    fuel_per_electric_ratio : joules of fuel that a joule of a battery beside an engine stands for.
    """
    drive, radius = combination.drive, combination.tyre_radius_m
    consumers = combination.auxiliary_power_w(Use.RUNNING) + (combination.auxiliary_power_w(Use.LOADED) if loaded else 0.0)
    most = _most_n(drive, radius, speed_mps)
    force = np.linspace(-1.05 * most.max(), 1.05 * most.max(), N_FORCE)
    force += force[np.argmin(np.abs(force))] * -1.0
    towed = combination.trailer_drive
    if drive.engine:
        power, gear = _engine_w(drive, radius, speed_mps, force, consumers)
        overrun, roll_w, engage = _overrun(drive, drive.engine, radius, speed_mps, consumers)
        if drive.motor:
            overrun, roll_w, engage = np.zeros_like(overrun), consumers * fuel_per_electric_ratio, np.zeros_like(engage)
            power[:, force <= 0.0] = consumers * fuel_per_electric_ratio
            power += fuel_per_electric_ratio * _recovered_w(drive, radius, speed_mps, force)
        if towed is not None:
            left = np.minimum(force[None, :] - overrun[:, None], 0.0)
            power += fuel_per_electric_ratio * _recovered_w(towed, radius, speed_mps, left)
    else:
        power, gear = _electric_w(drive, radius, speed_mps, force, consumers)
        overrun, engage = np.zeros_like(speed_mps), np.zeros_like(speed_mps)
        roll_w = consumers
    power = np.array([convex(force, row) for row in power])
    can_roll = drive.engine is not None and drive.motor is None and drive.gearbox.kind is not GearboxKind.MANUAL
    return EnergyMap(
        speed_mps=speed_mps, force_n=force, power_w=power, gear_count=gear, most_n=most, overrun_n=overrun, roll_w=roll_w,
        engage_j=engage, can_roll=can_roll,
    )  # fmt: skip


def convex(force_n: Floats, power_w: Floats) -> Floats:
    """The convex envelope of a power over force from below, its last slope kept where the power is infinite, shape (m,).

    Without it the planner would swing between two forces whose mixture costs less than the force between them: gears too far
    apart, a motor's losses at rest. Drivers and gearboxes pay for such swings.
    """
    known = np.flatnonzero(np.isfinite(power_w))
    hull: list[int] = []
    for index in known:
        while len(hull) > 1 and _rise(force_n, power_w, hull[-1], index) <= _rise(force_n, power_w, hull[-2], hull[-1]):
            hull.pop()
        hull.append(int(index))
    last = _rise(force_n, power_w, hull[-2], hull[-1])
    beyond = np.maximum(force_n - force_n[known[-1]], 0.0) * last
    return np.interp(force_n, force_n[hull], power_w[hull]) + beyond


def _rise(force_n: Floats, power_w: Floats, first: int, second: int) -> float:
    return float((power_w[second] - power_w[first]) / (force_n[second] - force_n[first]))


def _stages(drive: Drive) -> zip[tuple[float, float]]:
    """Total ratio and efficiency of each gear."""
    return zip(drive.total_ratios, drive.total_efficiencies, strict=True)


def _torque_nm(force_n: Floats, arm_m: float, efficiency_ratio: float) -> Floats:
    """Torque at the shaft for forces at the wheels; braking, the losses help."""
    return np.where(force_n > 0.0, force_n * arm_m / efficiency_ratio, force_n * arm_m * efficiency_ratio)


def _full_nm(engine: Engine, shaft_radps: Floats) -> Floats:
    full = np.interp(shaft_radps, engine.speed_radps, engine.full_load_torque_nm)
    return np.where(shaft_radps <= engine.speed_radps[-1], full, 0.0)


def _most_n(drive: Drive, radius_m: float, speed_mps: Floats) -> Floats:
    """Most force at the wheels over speed, in the gear that gives most."""
    most = np.zeros_like(speed_mps)
    for ratio, efficiency in _stages(drive):
        shaft, torque = speed_mps / radius_m * ratio, np.zeros_like(speed_mps)
        if drive.engine:
            torque += _full_nm(drive.engine, np.maximum(shaft, drive.engine.launch_speed_radps))
        if drive.motor:
            torque += _motor_nm(drive, shaft)
        most = np.maximum(most, torque * ratio * efficiency / radius_m)
    return most


def _motor_nm(drive: Drive, shaft_radps: Floats) -> Floats:
    """Most torque of the motors together within their speed and their battery's power."""
    motor, count = drive.motor, drive.motors_count
    assert motor is not None
    power = motor.peak_power_w * count
    if drive.battery:
        source = max(drive.fuel_cell.net_power_w) if drive.fuel_cell else 0.0
        source += drive.range_extender.peak_power_w if drive.range_extender else 0.0
        power = min(power, 0.94 * (drive.battery.discharge_limit_w + source))
    torque = np.asarray(torque_limit_nm(shaft_radps, motor.peak_torque_nm * count, power))
    return np.where(shaft_radps <= motor.max_speed_radps, torque, 0.0)


def _engine_w(
    drive: Drive, radius_m: float, speed_mps: Floats, force_n: Floats, consumers_w: float
) -> tuple[Floats, NDArray[np.int64]]:  # fmt: skip
    """Fuel power over speed and force in the gear that needs least, and that gear; infinite where none suffices."""
    engine = drive.engine
    assert engine is not None
    best = np.full((len(speed_mps), len(force_n)), np.inf)
    gears = np.ones(best.shape, dtype=np.int64)
    for gear, (ratio, efficiency) in enumerate(_stages(drive), start=1):
        turning = speed_mps / radius_m * ratio
        shaft = np.maximum(turning, engine.launch_speed_radps if gear == 1 else engine.idle_speed_radps)
        torque = _torque_nm(force_n, radius_m / ratio, efficiency)[None, :] + (consumers_w / shaft)[:, None]
        full = _full_nm(engine, shaft)
        fuel = fuel_power_at(engine, np.minimum(shaft, engine.speed_radps[-1])[:, None], np.minimum(torque, full[:, None]))
        drag = np.interp(shaft, engine.speed_radps, engine.drag_torque_nm)
        fuel[torque <= -drag[:, None]] = 0.0
        fits = (turning >= SLOWEST_RATIO * engine.idle_speed_radps) | (gear == 1)
        able = (torque <= full[:, None]) & (fits & (shaft <= engine.speed_radps[-1]))[:, None]
        better = able & (fuel < best)
        best, gears = np.where(better, fuel, best), np.where(better, gear, gears)
    return best, gears


def _overrun(
    drive: Drive, engine: Engine, radius_m: float, speed_mps: Floats, consumers_w: float
) -> tuple[Floats, float, Floats]:  # fmt: skip
    """Force of the engine in overrun over speed, fuel of idling with the consumers, and fuel to spin up from idle."""
    idle = engine.idle_speed_radps
    ratios, efficiencies = np.array(drive.total_ratios), np.array(drive.total_efficiencies)
    shafts = speed_mps[:, None] / radius_m * ratios
    fits = shafts >= SLOWEST_RATIO * idle
    top = np.where(fits.any(axis=1), len(ratios) - 1 - np.argmax(fits[:, ::-1], axis=1), 0)
    shaft = np.take_along_axis(shafts, top[:, None], axis=1)[:, 0]
    turning = np.maximum(shaft, idle)
    torque = np.interp(turning, engine.speed_radps, engine.drag_torque_nm) + consumers_w / turning
    overrun = np.where(shaft > 1.05 * idle, -torque * ratios[top] / efficiencies[top] / radius_m, 0.0)
    roll_w = float(fuel_power_at(engine, idle, consumers_w / idle))
    engage = 0.5 * engine.inertia_kgm2 * np.maximum(shaft**2 - idle**2, 0.0) / MARGINAL_RATIO
    return overrun, roll_w, engage


def _electric_w(
    drive: Drive, radius_m: float, speed_mps: Floats, force_n: Floats, consumers_w: float
) -> tuple[Floats, NDArray[np.int64]]:  # fmt: skip
    """Power of the battery behind its resistance over speed and force in the gear that needs least, and that gear."""
    assert drive.motor is not None
    best = np.full((len(speed_mps), len(force_n)), np.inf)
    gears = np.ones(best.shape, dtype=np.int64)
    for gear, (ratio, efficiency) in enumerate(_stages(drive), start=1):
        shaft = speed_mps / radius_m * ratio
        power = _inner_w(drive, _terminal_w(drive, (ratio, efficiency, radius_m), speed_mps, force_n) + consumers_w)
        torque = _torque_nm(force_n, radius_m / ratio, efficiency)
        able = (torque[None, :] <= _motor_nm(drive, shaft)[:, None]) & (shaft <= drive.motor.max_speed_radps)[:, None]
        better = able & (power < best)
        best, gears = np.where(better, power, best), np.where(better, gear, gears)
    return best, gears


def _recovered_w(drive: Drive, radius_m: float, speed_mps: Floats, force_n: Floats) -> Floats:
    """Battery power (negative) that braking gives over speed and force, in the gear that gives most; 0 where it drives."""
    braking = np.minimum(np.broadcast_to(force_n, (len(speed_mps), force_n.shape[-1])), 0.0)
    best = np.zeros(braking.shape)
    for ratio, efficiency in _stages(drive):
        power = _inner_w(drive, _terminal_w(drive, (ratio, efficiency, radius_m), speed_mps, braking))
        best = np.where(braking < 0.0, np.minimum(best, power), 0.0)
    return best


def _terminal_w(drive: Drive, gear: tuple[float, float, float], speed_mps: Floats, force_n: Floats) -> Floats:
    """Terminal power of the motors in a gear (ratio, efficiency, radius), braking as far as motor and battery take it."""
    motor, count = drive.motor, drive.motors_count
    assert motor is not None
    ratio, efficiency, radius = gear
    shaft = speed_mps / radius * ratio
    most = np.where(shaft <= motor.max_speed_radps, _motor_nm(drive, shaft), 0.0)[:, None]
    torque = np.maximum(_torque_nm(force_n, radius / ratio, efficiency), -most)
    turning, peak = shaft[:, None], (motor.peak_torque_nm * count, motor.peak_power_w * count)
    terminal = torque * turning + np.asarray(loss_w(torque, turning, *peak, motor.loss_ratios))
    return np.maximum(terminal, -drive.battery.charge_limit_w) if drive.battery else terminal


def _inner_w(drive: Drive, terminal_w: Floats) -> Floats:
    """Power that leaves the cells: at the terminals and in the resistance, at the middle of the charge."""
    battery = drive.battery
    assert battery is not None
    voltage = float(np.interp(0.5, battery.soc_ratio, battery.open_circuit_voltage_v))
    return np.asarray(current_a(terminal_w, voltage, battery.resistance_ohm)) * voltage
