"""Random braking situations of the reference combination, for acceptance tests and benchmarks; the generator is passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan, sin
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Running
from fifthwheel.control.brakes.layout import MACHINES, REFERENCE
from fifthwheel.control.brakes.limits import Bound, Charge, Machine, regeneration_bound, retarder_bound
from fifthwheel.control.brakes.sources import machine_limit_n
from fifthwheel.control.brakes.statics import REFERENCE as LADEN
from fifthwheel.control.brakes.statics import loads
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.components import Battery, Retarder

EXAMPLE: Final = "example figures of no product"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One random case: what the EBS is given, its history, and what the case was drawn from.

    Attributes
    ----------
    inputs, calibration : by name. past_n : forces that the machines were asked for before, in order.
    slipping : axles that slip now. temperature_k : brakes.
    bounds, charges : of the machines in order, and of the batteries of trailer and tractor.
    """

    inputs: dict[str, float]
    calibration: dict[str, float]
    past_n: tuple[float, ...]
    slipping: tuple[bool, ...]
    temperature_k: tuple[float, ...]
    mass_kg: float
    grade_ratio: float
    speed_mps: float
    bounds: tuple[Bound, ...]
    charges: tuple[Charge, Charge]

    def running(self, block: Block) -> Running:
        """The EBS in this situation, one step before its answer."""
        found = Running(block, **self.calibration)
        found.set(**self.inputs)
        unit = found.state.unit
        unit.x["started"], unit.x["speed_mps"], unit.x["mass_kg"], unit.x["grade_ratio"] = (
            1.0, self.speed_mps, self.mass_kg, self.grade_ratio,
        )  # fmt: skip
        unit.xa["temperature_k"], unit.xa["adhesion"], unit.xm["asked_n"] = self.temperature_k, 0.8, self.past_n
        unit.xw["past_mps"], unit.yw["limit_pa"] = unit.uw["wheel_mps"], 1e6
        return found


def draw(generator: np.random.Generator) -> Situation:
    """A case with random friction, charge, battery temperature, grade, load, speed, demand, side force, objective and history."""
    rig = replace(LADEN, trailer_kg=generator.uniform(6e3, 32e3), trailer_cg_height_m=generator.uniform(1.2, 2.0))
    speed, grade = generator.uniform(4.0, 25.0), sin(atan(generator.uniform(-0.08, 0.08)))
    asked = generator.uniform(0.0, 7.0) ** 2 / 7.0
    coupling = generator.uniform(-0.05, 0.15) * rig.trailer_kg * asked
    found = loads(rig, min(asked / GRAVITY_MPS2, 0.6), coupling)
    load = np.array([found.front_n, found.drive_n, *[found.trailer_n / 3.0] * 3])
    adhesion = np.minimum(generator.uniform(0.05, 0.9) * generator.uniform(0.9, 1.0, 5), 0.9)
    side = generator.uniform(0.0, 0.6) * adhesion.min() * GRAVITY_MPS2
    charges = [Charge(soc_ratio=generator.uniform(0.1, 0.97), temperature_k=generator.uniform(255.0, 330.0)) for _ in range(2)]
    bounds = (
        regeneration_bound(TRAILER, charges[0], speed),
        regeneration_bound(TRACTOR, charges[1], speed),
        retarder_bound(RETARDER, RETARDER_RATIO, 0.5, speed, generator.uniform(350.0, 380.0)),
        Bound(force_n=generator.uniform(0.0, 30e3), reason="torque"),
    )
    limits = [
        machine_limit_n(load[axle], min(adhesion[axle], 0.8), side / GRAVITY_MPS2 * load[axle], 0.65) for axle in (3, 1, 1, 1)
    ]
    past = [min(generator.uniform(0.0, 0.33) * limit, bound.force_n) for limit, bound in zip(limits, bounds, strict=True)]
    slipping = generator.random(5) < 0.05
    wheels = {f"wheel_{wheel}_mps": speed * (0.8 if slipping[wheel // 2] else 1.0) for wheel in range(10)}
    service = generator.random() < 0.8
    inputs = {
        "pedal_ratio": min(0.02 + 0.98 * asked / 8.0, 1.0) if service else 0.0,
        "lever_ratio": 0.0 if service else generator.random(),
        "acceleration_mps2": GRAVITY_MPS2 * grade,
        "side_acceleration_mps2": side,
        "trailer_side_acceleration_mps2": side,
        **{f"load_{axle}_n": float(load[axle]) for axle in range(5)},
        **{f"adhesion_{axle}_ratio": float(adhesion[axle]) for axle in range(5)},
        **{f"{name}_available_n": bound.force_n for name, bound in zip(MACHINES, bounds, strict=True)},
        **{f"{name}_measured_n": force for name, force in zip(MACHINES, past, strict=True)},
        **wheels,
    }  # fmt: skip
    return Situation(
        inputs=inputs,
        calibration={
            "coupling_share_ratio": float(generator.integers(2)),
            "service_regeneration_state": float(generator.integers(2)),
        },
        past_n=tuple(past),
        slipping=tuple(bool(one) for one in slipping),
        temperature_k=tuple(float(one) for one in generator.uniform(290.0, 800.0, 5)),
        mass_kg=rig.mass_kg,
        grade_ratio=grade,
        speed_mps=speed,
        bounds=bounds,
        charges=(charges[0], charges[1]),
    )


def violation_n(situation: Situation, found: Running) -> float:
    """Most force of an answer beyond any limit, told anew from the case: adhesion, reserve, friction, sources, rates."""
    force = np.array([found[f"friction_{axle}_n"] for axle in range(5)] + [found[f"{name}_n"] for name in MACHINES])
    given, fade = situation.inputs, np.array([found[f"fade_{axle}_ratio"] for axle in range(5)])
    load, adhesion = (np.array([given[name.format(axle)] for axle in range(5)]) for name in ("load_{}_n", "adhesion_{}_ratio"))
    layout = REFERENCE.axles()
    machines = layout["regenerates"] * force[5] + layout["driven"] * force[6:].sum()
    side = np.abs(given["side_acceleration_mps2"]) / GRAVITY_MPS2 * load
    kept = [machine_limit_n(*row, 0.65) for row in zip(load, np.minimum(adhesion, 0.8), side, strict=True)]
    reserve = np.where(situation.slipping, np.inf, kept)
    full = (
        np.array([found[f"full_{axle}_n"] for axle in range(5)])
        * fade
        * (given["pedal_ratio"] > 0.0 or found["rollover_state"] > 0.0)
    )
    rise = np.array(situation.past_n) + 0.01 * np.array([found[f"{name}_rate_nps"] for name in MACHINES])
    limit = np.array([bound.force_n for bound in situation.bounds])
    over = [
        force[:5] + machines - adhesion * load,
        machines - reserve,
        force[:5] - full,
        force[5:] - limit,
        force[5:] - rise,
        -force,
    ]
    return float(max(one.max() for one in over))
