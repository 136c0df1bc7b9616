"""Downhill balance: what the grade gives, and what tyres, air, engine, retarder and battery take before friction brakes must."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, inf, sin
from typing import Final

import numpy as np

from fifthwheel.choose.envelope import SPEEDS_MPS, Envelope, air_n, envelope
from fifthwheel.choose.practice import figures
from fifthwheel.control.brakes.limits import SOC_TAPER_RATIO, Charge, Machine, regeneration_bound, retarder_bound
from fifthwheel.control.brakes.thermal import DRUM, cooling_wpk, warmed_k
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.traction import Footing, equilibrium_grade_ratio
from fifthwheel.vehicle.combination import Combination, Drive

LENGTH_M: Final = 6000.0
"""Of the descents of UN R13 types II and IIA."""
COOLANT_K: Final = 358.15
AIR_K: Final = 293.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """A steady descent of 6 km: `gross_w` is the sum of the other powers (`friction_w` zero where nothing is left).

    Attributes
    ----------
    engine_w : drag and brake of the engine with its driveline. regeneration_w : at the wheels, within the battery's room.
    held_ratio : the steepest grade held at that speed without friction brakes. endurance_n : what engine, retarder and
        batteries give at most. charge_ratio : at the top; most_charge_ratio : with which the batteries still have the room that
        the descent asks for; both 1 without batteries. brake_k : drum brakes at the foot, friction shared by load.
    """

    grade_ratio: float
    speed_mps: float
    gross_w: float
    rolling_w: float
    air_w: float
    engine_w: float
    retarder_w: float
    regeneration_w: float
    friction_w: float
    held_ratio: float
    endurance_n: float
    charge_ratio: float
    most_charge_ratio: float
    brake_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """Batteries that regeneration fills: most power at the wheels, share that arrives, and their room and size."""

    power_w: float = 0.0
    efficiency_ratio: float = 1.0
    room_j: float = 0.0
    capacity_j: float = 0.0
    charge_ratio: float = 1.0
    high_ratio: float = 1.0


def descend(combination: Combination, shape: Envelope, footing: Footing, course: tuple[float, float, float]) -> Descent:
    """The balance of a descent of 6 km at a steady speed; `course` is air density, grade and speed.

    First the batteries as far as their charging limit and room go, then the engine, the retarder, and friction for the rest.
    """
    density, grade, speed = course
    angle, weight = atan(grade), footing.mass_kg * GRAVITY
    drag_n = float(air_n(combination, density, speed))
    rolling_n = footing.rolling_ratio * weight * cos(angle)
    gross_n = weight * sin(angle)
    engine = float(np.interp(speed, SPEEDS_MPS, shape.hold_n))
    retarder = _retarder_n(combination.drive, combination.tyre_radius_m, speed)
    store = _store(combination, shape, speed)
    spare, duration = max(gross_n - drag_n - rolling_n, 0.0), LENGTH_M / speed
    wanted = min(spare * speed, store.power_w)
    taken = min(wanted, store.room_j / store.efficiency_ratio / duration)
    held = min(spare - taken / speed, engine)
    slowed = min(spare - taken / speed - held, retarder)
    friction = max(spare - taken / speed - held - slowed, 0.0)
    needed = min(spare * speed, store.power_w) * store.efficiency_ratio * duration
    endurance = engine + retarder + taken / speed if taken < wanted else engine + retarder + store.power_w / speed
    return Descent(
        grade_ratio=grade, speed_mps=speed, gross_w=gross_n * speed, rolling_w=rolling_n * speed, air_w=drag_n * speed,
        engine_w=held * speed, retarder_w=slowed * speed, regeneration_w=taken, friction_w=friction * speed,
        held_ratio=_held_ratio(drag_n + endurance, footing), endurance_n=endurance, charge_ratio=store.charge_ratio,
        most_charge_ratio=store.high_ratio - (needed / store.capacity_j if store.capacity_j else 0.0),
        brake_k=_brake_k(combination, friction * speed, speed, duration),
    )  # fmt: skip


def _held_ratio(force_n: float, footing: Footing) -> float:
    if force_n >= 0.9 * footing.mass_kg * GRAVITY:
        return inf
    return float(equilibrium_grade_ratio(force_n, footing.mass_kg, footing.rolling_ratio))


def _retarder_n(drive: Drive, radius_m: float, speed_mps: float) -> float:
    """Force of the retarder; a primary one turns with the engine, in its best gear within the engine's speeds."""
    if drive.retarder is None:
        return 0.0
    ratio = drive.axle.ratio
    if drive.retarder.primary and drive.engine:
        fastest = drive.engine.speed_radps[-1]
        ratio = max((one for one in drive.total_ratios if speed_mps / radius_m * one <= fastest), default=ratio)
    return retarder_bound(drive.retarder, ratio, radius_m, speed_mps, COOLANT_K).force_n


def _store(combination: Combination, shape: Envelope, speed_mps: float) -> _Store:
    """All batteries that drives of the combination charge by braking."""
    found = _machine_store(combination.drive, shape, combination.tyre_radius_m, speed_mps)
    towed, trailer = combination.trailer_drive, combination.trailer
    if towed is None or trailer is None:
        return found
    radius = next(group.tyre.radius_m for group in trailer.axles if group.driven)
    more = _machine_store(towed, envelope(towed, radius), radius, speed_mps)
    if not found.capacity_j:
        return more
    power = found.power_w + more.power_w
    efficiency = (found.power_w * found.efficiency_ratio + more.power_w * more.efficiency_ratio) / max(power, 1.0)
    return _Store(
        power_w=power, efficiency_ratio=efficiency or 1.0, room_j=found.room_j + more.room_j,
        capacity_j=found.capacity_j + more.capacity_j, charge_ratio=found.charge_ratio, high_ratio=found.high_ratio,
    )  # fmt: skip


def _machine_store(drive: Drive, shape: Envelope, radius_m: float, speed_mps: float) -> _Store:
    motor, battery = drive.motor, drive.battery
    if motor is None or battery is None:
        return _Store()
    gear = next((index for index, top in enumerate(shape.tops_mps) if top >= speed_mps), len(shape.tops_mps) - 1)
    machine = Machine(
        peak_torque_nm=motor.peak_torque_nm * drive.motors_count, radius_m=radius_m, battery=battery,
        peak_power_w=(motor.continuous_power_w or motor.peak_power_w) * drive.motors_count, ratio=drive.total_ratios[gear],
        efficiency_ratio=shape.regained_ratio,
    )  # fmt: skip
    source = drive.engine or drive.fuel_cell or drive.range_extender
    charge = drive.soc_target_ratio if source else figures()["top_charge_ratio"]
    bound = regeneration_bound(machine, Charge(soc_ratio=min(charge, battery.soc_high_ratio), temperature_k=AIR_K), speed_mps)
    high = battery.soc_high_ratio - SOC_TAPER_RATIO
    return _Store(
        power_w=bound.force_n * speed_mps, efficiency_ratio=shape.regained_ratio, capacity_j=battery.capacity_j,
        room_j=max(high - charge, 0.0) * battery.capacity_j, charge_ratio=charge, high_ratio=high,
    )  # fmt: skip


def _brake_k(combination: Combination, friction_w: float, speed_mps: float, duration_s: float) -> float:
    """The hottest drum at the foot, friction shared over axles by their permitted loads; exact for constant power and speed."""
    if friction_w <= 0.0:
        return AIR_K
    shares = combination.axle_load_ratios
    axle = max(
        share / len(group.positions_m)
        for unit, own in zip(combination.units, shares, strict=True)
        for group, share in zip(unit.axles, own, strict=True)
    )
    return warmed_k(AIR_K, AIR_K, friction_w * axle, cooling_wpk(DRUM, speed_mps), duration_s / DRUM.heat_capacity_jpk)
