"""Random braking situations of the reference combination, for acceptance tests and benchmarks; the generator is passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan, inf, sin
from typing import Final

import numpy as np

from fifthwheel.control.brakes.allocator import Calibration, Inputs, State
from fifthwheel.control.brakes.limits import (
    Bound,
    Charge,
    Machine,
    demand_force_n,
    machine_limit_n,
    regeneration_bound,
    retarder_bound,
)
from fifthwheel.control.brakes.problem import Layout, Objective, Place
from fifthwheel.control.brakes.statics import REFERENCE, Rig, loads
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.components import Battery, Retarder

EXAMPLE: Final = "example figures of no product"
LAYOUT: Final = Layout(
    places=(Place.FRONT, Place.DRIVE, Place.TRAILER, Place.TRAILER, Place.TRAILER),
    regenerating=(False, False, False, True, False),
)
"""4x2 tractor with a three-axle trailer whose middle axle has a machine."""
FRICTION_N: Final = (80e3, 100e3, 70e3, 70e3, 70e3)
BATTERY: Final = Battery(
    name="example",
    source=EXAMPLE,
    capacity_j=3.6e8,
    nominal_voltage_v=650.0,
    soc_ratio=(0.0, 1.0),
    open_circuit_voltage_v=(600.0, 700.0),
    resistance_ohm=0.05,
    discharge_limit_w=300e3,
    charge_limit_w=200e3,
    soc_low_ratio=0.1,
    soc_high_ratio=0.95,
    cells_count=200,
)
TRACTOR: Final = Machine(
    peak_torque_nm=2000.0,
    peak_power_w=360e3,
    ratio=12.0,
    radius_m=0.5,
    efficiency_ratio=0.88,
    battery=replace(BATTERY, capacity_j=1.2e9),
)
TRAILER: Final = Machine(
    peak_torque_nm=800.0, peak_power_w=200e3, ratio=14.0, radius_m=0.5, efficiency_ratio=0.88, battery=BATTERY
)
RETARDER: Final = Retarder(name="example", source=EXAMPLE, peak_torque_nm=3500.0, peak_power_w=300e3)
RETARDER_RATIO: Final = 2.85
RESISTANCE_RATIO: Final = 0.006
CALIBRATION: Final = Calibration(
    layout=LAYOUT, tractor_kg=REFERENCE.tractor_kg, trailer_kg=REFERENCE.trailer_kg, friction_n=FRICTION_N
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One random case: what the allocator is given, and what the case was drawn from."""

    calibration: Calibration
    state: State
    inputs: Inputs
    speed_mps: float
    tractor_charge: Charge
    trailer_charge: Charge


def axle_loads_n(rig: Rig, braking_ratio: float, coupling_n: float) -> tuple[float, ...]:
    """Loads of front axle, drive axle and three trailer axles."""
    found = loads(rig, braking_ratio, coupling_n)
    return (found.front_n, found.drive_n, *([found.trailer_n / rig.trailer_axles_count] * rig.trailer_axles_count))


def draw(generator: np.random.Generator, objective: Objective) -> Situation:
    """A case with random friction, charge, battery temperature, grade, load, speed, demand, side force and history."""
    rig = replace(REFERENCE, trailer_kg=generator.uniform(6e3, 32e3), trailer_cg_height_m=generator.uniform(1.2, 2.0))
    speed, grade = generator.uniform(1.5, 25.0), generator.uniform(-0.08, 0.08)
    downhill = rig.mass_kg * GRAVITY_MPS2 * sin(atan(grade))
    resistance = rig.mass_kg * GRAVITY_MPS2 * RESISTANCE_RATIO
    demand = demand_force_n(rig.mass_kg, generator.uniform(0.0, 7.0) ** 2 / 7.0, downhill, resistance)
    charges = [Charge(soc_ratio=generator.uniform(0.1, 0.97), temperature_k=generator.uniform(255.0, 330.0)) for _ in range(2)]
    bounds = (
        regeneration_bound(TRAILER, charges[1], speed),
        regeneration_bound(TRACTOR, charges[0], speed),
        retarder_bound(RETARDER, RETARDER_RATIO, 0.5, speed, generator.uniform(350.0, 380.0)),
        Bound(force_n=generator.uniform(0.0, 30e3), reason="torque"),
    )
    inputs = _inputs(generator, rig, min(demand / (rig.mass_kg * GRAVITY_MPS2), 0.6), bounds, demand)
    calibration = replace(
        CALIBRATION, trailer_kg=rig.trailer_kg, objective=objective, service_regeneration=bool(generator.integers(2))
    )
    return Situation(
        calibration=calibration,
        state=State(machines_n=inputs.measured_n),
        inputs=inputs,
        speed_mps=speed,
        tractor_charge=charges[0],
        trailer_charge=charges[1],
    )


def _inputs(
    generator: np.random.Generator, rig: Rig, braking_ratio: float, bounds: tuple[Bound, Bound, Bound, Bound], demand_n: float
) -> Inputs:
    """Loads, adhesion and history around a demand; the history is one that the limits of this adhesion allowed."""
    load = axle_loads_n(rig, braking_ratio, generator.uniform(-0.05, 0.15) * rig.trailer_kg * GRAVITY_MPS2 * braking_ratio)
    adhesion = tuple(float(value) for value in np.minimum(generator.uniform(0.05, 0.9) * generator.uniform(0.9, 1.0, 5), 0.9))
    lateral = tuple(float(generator.uniform(0.0, 0.6) * mu * weight) for mu, weight in zip(adhesion, load, strict=True))
    limits = [machine_limit_n(weight, mu, side) for weight, mu, side in zip(load, adhesion, lateral, strict=True)]
    past = generator.uniform(0.0, 0.33, 4) * np.array([limits[3], limits[1], limits[1], limits[1]])
    now = [min(float(value), bound.force_n) for value, bound in zip(past, bounds, strict=True)]
    return Inputs(
        demand_n=demand_n,
        service=bool(generator.random() < 0.8),
        load_n=load,
        adhesion_ratio=adhesion,
        ceiling_ratio=adhesion,
        lateral_n=lateral,
        machines=bounds,
        measured_n=(now[0], now[1], now[2], now[3]),
        slipping=tuple(bool(value) for value in generator.random(5) < 0.05),
        friction_ceiling_n=(inf,) * 5,
        fade_ratio=tuple(float(value) for value in generator.uniform(0.5, 1.0, 5)),
    )
