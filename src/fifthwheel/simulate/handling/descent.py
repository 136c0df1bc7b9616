"""A descent: the supervisor plans it, then the planar vehicle with its EBS drives it, and its brakes heat as they will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan, sin

import numpy as np

from fifthwheel.control.brakes.downhill import Descender, Flow, Holding, Plan, Stretch, endurance_w, friction_shares, hold, plan
from fifthwheel.control.brakes.layout import signals
from fifthwheel.control.brakes.programme import Programme, programme_of
from fifthwheel.simulate.handling.braked import Braked, Faults, Hardware, Machine, equipped, layout_of
from fifthwheel.simulate.handling.layout import BRAKE, DRIVE, FIRST_WHEEL, SLOPE_X, SPEED, Floats, Plant, X
from fifthwheel.simulate.handling.manoeuvre import Straight
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import Rig
from fifthwheel.simulate.handling.wheelends import PERIOD_S

ROUNDS = 3
"""A plan's friction is shared as the EBS shares it, whose share depends on the plan: so many rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """A descent planned and driven: `columns` every second, each of shape (n,)."""

    plan: Plan
    descender: Descender
    columns: dict[str, Floats]


def calibration_of(descender: Descender) -> dict[str, float]:
    """The EBS's calibration of the brakes of a descender."""
    found = {}
    for axle, brake in enumerate(descender.brakes):
        found[f"heat_capacity_{axle}_jpk"] = brake.heat_capacity_jpk
        found[f"still_{axle}_wpk"], found[f"speed_{axle}_jpmk"] = brake.still_wpk, brake.speed_jpmk
        for name, ratio in zip(("warm", "hot", "glowing"), brake.fade_ratio, strict=True):
            found[f"fade_{name}_{axle}_ratio"] = ratio
    return found


def planned(
    rig: Rig, descender: Descender, stretches: Sequence[Stretch], limit_mps: float, start_k: Sequence[float]
) -> tuple[Plan, Descender]:
    """The plan whose friction is shared over the axles as the EBS will share it, and the descender with those shares."""
    programme = _programme(rig)
    found = plan(descender, stretches, limit_mps, start_k)
    for _ in range(ROUNDS):
        worst = max(found.flows, key=lambda flow: flow.friction_w * flow.time_s)
        if worst.friction_w <= 0.0:
            break
        shares = friction_shares(programme, worst.friction_w / found.speed_mps, _machines_n(worst, found.speed_mps))
        descender = replace(descender, shares_ratio=shares)
        found = plan(descender, stretches, limit_mps, start_k)
    return found, descender


def descend(
    rig: Rig,
    descender: Descender,
    stretches: Sequence[Stretch],
    limit_mps: float,
    start_k: Sequence[float],
    *,
    most_s: float = 3600.0,
) -> Descent:
    """Plan a descent and drive it: speed held by endurance brakes and regeneration first, by friction where they fall short.

    Columns beside time, way and speed: ``brake_{axle}_k``, power of every source (``friction_w``, ``regeneration_w``,
    ``endurance_w``), ``soc_ratio``, and the EBS's own temperatures.
    """
    found, descender = planned(rig, descender, stretches, limit_mps, start_k)
    control = _Descending(rig, descender, stretches, found)
    plant = plant_of(equipped(rig), speed_mps=found.speed_mps)
    rows: list[Floats] = []
    while plant.state[X] < control.ends_m[-1] and len(rows) < most_s:
        run(plant, 1.0, control)
        rows.append(control.row(plant))
        if len(rows) == 1:
            control.start(start_k)
    count = len(rig.axles)
    names = ["time_s", "way_m", "speed_mps", "friction_w", "regeneration_w", "endurance_w", "soc_ratio"]
    names += [f"brake_{axle}_k" for axle in range(count)] + [f"ebs_temperature_{axle}_k" for axle in range(count)]
    return Descent(plan=found, descender=descender, columns=dict(zip(names, np.array(rows).T, strict=True)))


class _Descending(Braked):
    """The EBS with the supervisor's speed held on the planned stretches."""

    def __init__(self, rig: Rig, descender: Descender, stretches: Sequence[Stretch], found: Plan) -> None:
        first = found.flows[0]
        recovery = descender.recovery
        battery = Machine()
        if recovery is not None:
            most = recovery.battery.charge_limit_w
            battery = Machine(
                torque_n=60e3,
                power_w=first.regeneration_w,
                charge_w=most,
                capacity_j=recovery.battery.capacity_j,
                soc_ratio=recovery.charge.soc_ratio,
                soc_high_ratio=recovery.battery.soc_high_ratio,
                efficiency_ratio=recovery.efficiency_ratio,
            )
        hardware = Hardware(
            tractor=battery, retarder=Machine(torque_n=60e3), engine_brake=Machine(torque_n=60e3), air_k=descender.air_k
        )
        manoeuvre = Straight(speed_mps=found.speed_mps, seconds=1.0)
        super().__init__(manoeuvre, rig, hardware, Faults(), calibration=calibration_of(descender))
        self.descender, self.stretches, self.plan, self.holding = descender, stretches, found, Holding()
        self.ends_m = np.cumsum([stretch.length_m for stretch in stretches])
        self.inputs = {signal.name: index for index, signal in enumerate(self.running.block.inputs)}

    def start(self, start_k: Sequence[float]) -> None:
        """Brakes as warm as the plan takes them."""
        assert self.bench is not None
        self.bench.ends["temperature_k"] = start_k
        self.running.state.unit.xa["temperature_k"] = start_k

    def ask(self) -> None:
        """The supervisor instead of a driver: the stretch's slope, what machines may do on it, and the speed held."""
        bench, u = self.bench, self.running.inputs
        assert bench is not None
        plant = bench.plant
        place = min(int(np.searchsorted(self.ends_m, plant.state[X], side="right")), len(self.stretches) - 1)
        stretch, flow = self.stretches[place], self.plan.flows[place]
        plant.road[SLOPE_X] = -sin(atan(stretch.downhill_ratio))
        bench.machines["shaft_w"] = 0.0, flow.regeneration_w, *endurance_w(self.descender, flow.gear, self.plan.speed_mps)
        faster, mass = plant.state[SPEED] - self.plan.speed_mps, self.running["mass_kg"] or self.rig.mass_kg
        machines = sum(u[self.inputs[f"{name}_available_n"]] for name in ("tractor_regeneration", "retarder", "engine_brake"))
        self.holding, lever, service = hold(self.holding, float(faster), machines / mass, PERIOD_S)
        u[self.inputs["lever_ratio"]] = min(lever / self.lever_mps2, 1.0)
        u[self.inputs["external_mps2"]] = min(service, 3.0)
        pull = max(-faster - 0.5, 0.0) * mass * 0.2
        driven = plant.wheels["group"] == 1
        plant.demand[:, DRIVE] = np.where(driven, pull * plant.wheels["radius"] / driven.sum(), 0.0)

    def row(self, plant: Plant) -> Floats:
        """What is kept every second."""
        bench = self.bench
        assert bench is not None
        speed = plant.state[SPEED]
        acting = bench.machines["acting_n"] * speed
        friction = float((plant.torque[:, BRAKE] * plant.state[FIRST_WHEEL : FIRST_WHEEL + len(plant.wheels)]).sum())
        told = bench.ya["temperature_k"]
        time_s = plant.clock[0] * 1e-3
        return np.array(
            [
                time_s,
                plant.state[X],
                speed,
                friction,
                acting[1],
                acting[2] + acting[3],
                bench.machines["soc"][1],
                *bench.ends["temperature_k"],
                *told,
            ]
        )


def _machines_n(flow: Flow, speed_mps: float) -> tuple[float, float, float, float]:
    endurance = flow.engine_brake_w + flow.drag_w
    return 0.0, flow.regeneration_w / speed_mps, flow.retarder_w / speed_mps, endurance / speed_mps


def _programme(rig: Rig) -> Programme:
    """The EBS's programme of a rig on a dry road, at rest's loads."""
    found = programme_of(layout_of(rig).axles())
    loads = np.array([rig.group_loads_n()[axle.group] * axle.load_share_ratio for axle in rig.axles])
    found.load_n[:], found.axle_limit_n[:], found.machine_limit_n[:] = loads, loads, loads
    found.high_n[: len(loads)] = loads
    starts = {signal.name: signal.start for signal in signals("parameters", len(rig.axles))}
    for name in ("regeneration", "endurance", "share", "balance", "friction", "band"):
        found.task[f"{name}_weight"] = starts[f"{name}_weight_ratio"]
    behind = found.axles["place"] == 2
    found.task["band"], found.task["share"] = starts["reserve_ratio"], loads[behind].sum() / loads.sum()
    return found
