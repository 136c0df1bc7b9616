"""Torque that no wire tells, assumed from the force balance, so that a position unit and a tank gauge still give an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from fifthwheel.explain.estimate import AUXILIARY, DRAG, MASS, TORQUE, rolling_n
from fifthwheel.explain.trace import Trace
from fifthwheel.physics.aero import still_air_force_n
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.signals.observations import Floats
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination

WORK_SD_RATIO: Final = 0.12
"""Of shaft work that nobody measured: wind, tyres and gear choice of one trip together."""
MASS_SD_RATIO: Final = 0.15
MASSES_COUNT: Final = 9
MOTOR_RATIO: Final = 0.92
"""Motor and inverter at part load (VECTO generic PSM: 90 to 91.2 %, and better at low load of a large machine)."""


def torque_known(driven: Trace) -> bool:
    """Whether a wire tells the shaft's torque for most of the driving."""
    moving = ~driven.standing
    return bool(np.isfinite(driven.tractor.power_w[moving]).mean() > 0.5) if moving.any() else True


def assume_torque(
    driven: Trace, combination: Combination, prior: tuple[Floats, Floats], energy_j: float
) -> tuple[Trace, tuple[Floats, Floats]]:
    """`driven` with the shaft power that motion needed, and the prior with the mass that explains the meter.

    Parameters
    ----------
    prior : mean and standard deviation of the unknowns.
    energy_j : what left the store of the tractor.
    """
    mean, sd = prior[0].copy(), prior[1].copy()
    masses_kg = np.linspace(0.9 * combination.tare_kg, combination.gross_mass_kg, MASSES_COUNT)
    needs_j = [_store_j(_shaft_w(driven, combination, mean, mass_kg), driven, combination, mean) for mass_kg in masses_kg]
    if sd[MASS] > MASS_SD_RATIO * mean[MASS]:
        mean[MASS] = float(np.interp(energy_j, np.maximum.accumulate(needs_j), masses_kg))
        sd[MASS] = MASS_SD_RATIO * mean[MASS]
    sd[TORQUE] = WORK_SD_RATIO
    shaft = replace(
        driven.tractor,
        power_w=_shaft_w(driven, combination, mean, mean[MASS]),
        efficiency_ratio=np.full(len(driven.speed_mps), combination.drive.total_efficiencies[-1]),
        engaged=~driven.standing,
        torque_step_nm=0.0,
    )
    return replace(driven, tractor=shaft), (mean, sd)


def _shaft_w(driven: Trace, combination: Combination, mean: Floats, mass_kg: float) -> Floats:
    """Power at the shaft that motion asks for, with auxiliaries while driving; no more than drag while slowing, shape (n,)."""
    speed, state = driven.speed_mps, mean.copy()
    state[MASS] = mass_kg
    slope = np.gradient(driven.altitude_m)
    inertia_w = (mass_kg + combination.rotating_mass_kg) * speed * np.gradient(speed) + mass_kg * GRAVITY_MPS2 * slope
    air_n = np.asarray(still_air_force_n(driven.density_kgpm3, mean[DRAG], speed))
    wheel_w = inertia_w + (air_n + rolling_n(state[None], combination).sum()) * speed
    efficiency = combination.drive.total_efficiencies[-1]
    auxiliary_w = mean[AUXILIARY] if driven.auxiliary_on_shaft else 0.0
    engine, motor, most_w = combination.drive.engine, combination.drive.motor, 0.0
    if engine is not None:
        most_w = engine.best_speed_radps * float(np.interp(engine.best_speed_radps, engine.speed_radps, engine.drag_torque_nm))
    elif motor is not None:
        most_w = motor.peak_power_w * combination.drive.motors_count
    rolling_w = np.where(wheel_w > 0, wheel_w / efficiency + auxiliary_w, np.maximum(wheel_w * efficiency, -most_w))
    return np.asarray(np.where(driven.standing, auxiliary_w, rolling_w))


def _store_j(shaft_w: Floats, driven: Trace, combination: Combination, mean: Floats) -> float:
    """What the store would have given for that shaft power: the fuel law at its best speed, or a typical motor's efficiency."""
    engine = combination.drive.engine
    if engine is None:
        electric_w = np.where(shaft_w > 0, shaft_w / MOTOR_RATIO, shaft_w * MOTOR_RATIO) + mean[AUXILIARY]
        return float(electric_w.sum())
    speed_radps = np.where(driven.standing, engine.idle_speed_radps, engine.best_speed_radps)
    power_w = fuel_power_at(engine, speed_radps, shaft_w / speed_radps)
    return float(np.where(driven.running, power_w, 0.0).sum())
