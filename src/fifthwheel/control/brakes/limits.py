"""What each source of brake force may give at a moment, and the name of what limits it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.physics.battery import charge_limit_ratio
from fifthwheel.physics.brake import retarder_power_w
from fifthwheel.vehicle.components import Battery, Engine, Retarder

SOC_TAPER_RATIO = 0.02
"""Charging falls to nothing over this last part of the window in use."""
FADE_LOW_MPS, FADE_HIGH_MPS = 5.0 / 3.6, 10.0 / 3.6
"""Regeneration ends between these speeds; above the higher one it is compensated (UN R13 names 10 km/h)."""
COOLANT_WARM_K, COOLANT_HOT_K = 368.15, 378.15
"""Retarder power falls from all to nothing between these coolant temperatures (95 and 105 degrees C)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Most brake force of a source at the wheels, and what limits it."""

    force_n: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine that brakes into a battery: shaft limits, ratio to the wheels, efficiency from wheel to terminals."""

    peak_torque_nm: float
    peak_power_w: float
    ratio: float
    radius_m: float
    efficiency_ratio: float
    battery: Battery


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A battery's state of charge and temperature, and what consumers draw beside it."""

    soc_ratio: float
    temperature_k: float
    auxiliary_w: float = 0.0


def standing_ratio(speed_mps: float) -> float:
    """Share of regeneration left near standstill: all of it from 10 km/h on, none up to 5 km/h."""
    return min(max((speed_mps - FADE_LOW_MPS) / (FADE_HIGH_MPS - FADE_LOW_MPS), 0.0), 1.0)


def room_ratio(soc_ratio: float, soc_high_ratio: float) -> float:
    """Share of the charging power left at the upper end of the window in use."""
    return min(max((soc_high_ratio - soc_ratio) / SOC_TAPER_RATIO, 0.0), 1.0)


def charge_power_w(battery: Battery, charge: Charge) -> float:
    """Most power into the terminals: the limit, less when cold or hot, tapering off at the window's upper end.

    Raises
    ------
    InputError : a state of charge outside 0 to 1.
    """
    if not 0.0 <= charge.soc_ratio <= 1.0:
        raise InputError(f"state of charge {charge.soc_ratio:g}; 0 to 1 is wanted")
    limit_w = float(battery.charge_limit_w * charge_limit_ratio(charge.temperature_k))
    return limit_w * room_ratio(charge.soc_ratio, battery.soc_high_ratio)


def regeneration_bound(machine: Machine, charge: Charge, speed_mps: float) -> Bound:
    """Most regeneration: torque, machine power, what the battery takes with the consumers, and the fade near standstill.

    ``min(T i / r, P eta / v, (P_charge + P_aux) / (eta v))``: what leaves the wheels is ``eta`` times as much at the terminals.
    """
    speed, fade = max(speed_mps, 0.1), standing_ratio(speed_mps)
    battery_w = charge_power_w(machine.battery, charge)
    taken_w = battery_w + (charge.auxiliary_w if battery_w > 0.0 else 0.0)
    ends = (
        (machine.peak_torque_nm * machine.ratio / machine.radius_m, "torque"),
        (machine.peak_power_w * machine.efficiency_ratio / speed, "machine power"),
        (taken_w / (machine.efficiency_ratio * speed), "battery charge"),
    )
    force, reason = min(ends)
    return Bound(force_n=fade * force, reason=reason if fade == 1.0 else "low speed")


def retarder_bound(retarder: Retarder, total_ratio: float, radius_m: float, speed_mps: float, coolant_k: float) -> Bound:
    """Most force of a retarder: torque at its shaft, cooling power, and derating with hot coolant."""
    speed = max(speed_mps, 0.1)
    power = float(retarder_power_w(speed, retarder.ratio * total_ratio, radius_m, retarder.peak_torque_nm, retarder.peak_power_w))
    cool = min(max((COOLANT_HOT_K - coolant_k) / (COOLANT_HOT_K - COOLANT_WARM_K), 0.0), 1.0)
    cooled = power >= retarder.peak_power_w
    return Bound(force_n=cool * power / speed, reason="coolant" if cool < 1.0 else "cooling power" if cooled else "torque")


def engine_brake_bound(engine: Engine, total_ratio: float, radius_m: float, speed_mps: float) -> Bound:
    """Most force of the decompression brake in a gear, the engine's own drag not counted; none below idle or above top speed.

    A driveline only adds to it, so its losses are left out.
    """
    crank = speed_mps / radius_m * total_ratio
    if not engine.idle_speed_radps <= crank <= engine.speed_radps[-1]:
        return Bound(force_n=0.0, reason="engine speed")
    torque = float(np.interp(crank, engine.speed_radps, engine.brake_torque_nm))
    return Bound(force_n=torque * total_ratio / radius_m, reason="torque")
