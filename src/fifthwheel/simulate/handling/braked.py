"""The planar vehicle braked by its EBS: any manoeuvre with the control unit between the driver and the wheels, faults included.

`simulate.handling.perform` drives; every 10 ms `Braked` gives the EBS what its sensors say of the plant, runs its step, and moves
pressures and machines (`wheelends`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from inspect import isfunction
from math import exp, inf
from typing import Any, Final

import numpy as np

from fifthwheel.control.block import Block
from fifthwheel.control.block import Running as RunningBlock
from fifthwheel.control.brakes import (
    antilock,
    block,
    demand,
    pneumatic,
    priority,
    programme,
    sense,
    sources,
    stability,
    thermal,
    unit,
)
from fifthwheel.control.brakes.actuators import EBS, ENGINE_BRAKE, MODULATOR, MOTOR, RETARDER, Actuator
from fifthwheel.control.brakes.layout import REFERENCE, Layout, Place, views
from fifthwheel.errors import InputError
from fifthwheel.simulate.compiled import compiled, laws
from fifthwheel.simulate.handling.layout import Floats, Plant
from fifthwheel.simulate.handling.linear import understeer_gradient_rad
from fifthwheel.simulate.handling.manoeuvre import Braking, Manoeuvre
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.preview import Driver
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.simulate.handling.wheelends import END, MACHINE, PERIOD_S, QUEUE, ROAD, Bench, act, feel

SOURCES: Final = ("trailer_regeneration", "tractor_regeneration", "retarder", "engine_brake")
PLACES: Final = {Group.STEER: Place.FRONT, Group.DRIVE: Place.DRIVE, Group.TRAILER: Place.TRAILER}
MODULES: Final = (antilock, demand, pneumatic, priority, programme, sense, sources, stability, thermal, unit)
laws(*(one for module in MODULES for one in vars(module).values() if isfunction(one) and one.__module__ == module.__name__))


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine that brakes: most force and power at the wheels; for one with a battery what that takes, holds, and its charge.

    `drive_n` is for the trailer's: force asked of it while nobody brakes.
    """

    torque_n: float = 0.0
    power_w: float = 0.0
    charge_w: float = 0.0
    capacity_j: float = 0.0
    soc_ratio: float = 0.5
    soc_high_ratio: float = 0.95
    efficiency_ratio: float = 0.88
    drive_n: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What can brake beside friction, and how the real brakes differ from what the EBS takes them for.

    Attributes
    ----------
    trailer_axle : which trailer axle, front first, its machine brakes.
    friction_ratio : friction over the nominal one, tractor and trailer. load_ratio : what load sensors say over the load.
    start_k : brake temperature at the start; the air is as warm as `air_k`.
    """

    trailer: Machine = field(default_factory=Machine)
    tractor: Machine = field(default_factory=Machine)
    retarder: Machine = field(default_factory=Machine)
    engine_brake: Machine = field(default_factory=Machine)
    trailer_axle: int = 1
    friction_ratio: tuple[float, float] = (1.0, 1.0)
    load_ratio: float = 1.0
    air_k: float = 293.15


ELECTRIC: Final = Hardware(
    trailer=Machine(torque_n=40e3, power_w=200e3, charge_w=200e3, capacity_j=3.6e8),
    tractor=Machine(torque_n=60e3, power_w=360e3, charge_w=300e3, capacity_j=1.2e9),
    retarder=Machine(torque_n=20e3, power_w=300e3),
    engine_brake=Machine(torque_n=15e3, power_w=250e3),
)
"""Machines on the drive axle and a trailer axle, retarder and engine brake: example figures of no product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Times from which something is lost: the trailer's bus, the kingpin sensor, a wheel's sensor (it then says `wheel_mps`)."""

    bus_s: float = inf
    kingpin_s: float = inf
    wheel_s: float = inf
    wheel: int = 0
    wheel_mps: float = -1.0


def layout_of(rig: Rig, trailer_axle: int = 1) -> Layout:
    """The EBS's layout of a rig's axles.

    Raises
    ------
    InputError : the trailer has not that axle.
    """
    places = tuple(PLACES[axle.group] for axle in rig.axles)
    behind = [index for index, place in enumerate(places) if place is Place.TRAILER]
    if behind and not 0 <= trailer_axle < len(behind):
        raise InputError(f"trailer axle {trailer_axle} of {len(behind)}; 0 to {len(behind) - 1} is wanted")
    return Layout(
        places=places, regenerating=tuple(bool(behind) and index == behind[trailer_axle] for index in range(len(places)))
    )


def ebs(rig: Rig, trailer_axle: int = 1, **calibration: float) -> Block:
    """The EBS of a rig, compiled; its calibration follows from the rig, but for what `calibration` names."""
    wheels = {f"track_{index}_m": axle.track_m for index, axle in enumerate(rig.axles)}
    spin = sum(2.0 * axle.spin_kgm2 / axle.radius_m**2 for axle in rig.axles)
    known = {
        "tractor_kg": rig.tractor_mass_kg,
        "wheelbase_m": rig.steer_m + rig.drive_m,
        "lead_m": rig.drive_m - rig.hitch_m,
        "rotating_kg": spin,
        "rolling_ratio": rig.axles[0].rolling_ratio,
        "drag_area_m2": 0.0,
        "understeer_rad": understeer_gradient_rad(rig),
        **({"trailer_wheelbase_m": rig.kingpin_m + rig.bogie_m} if rig.towing else {}),
    }
    return compiled_ebs(layout_of(rig, trailer_axle), **{**known, **wheels, **calibration})


def compiled_ebs(layout: Layout = REFERENCE, **calibration: float) -> Block:
    """The EBS as machine code: the same functions, some 500 times as fast."""
    return block(layout, compiler=_machine_code, **calibration)


@cache
def _machine_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled once a process, for all units."""
    return compiled(function)


def equipped(rig: Rig) -> Rig:
    """The rig with nothing between its wheels and `wheelends` but the valves of anti-lock control."""
    dead, lag = MODULATOR.dead_s, MODULATOR.lag_s
    axles = (replace(axle, brake_dead_s=dead, brake_lag_s=lag, drive_dead_s=0.0, drive_lag_s=0.0) for axle in rig.axles)
    return replace(rig, axles=tuple(axles))


class Braked:
    """A control for `perform`: the EBS between the driver's demand and the plant.

    `endurance` is what the driver asks by the lever.
    """

    def __init__(
        self,
        manoeuvre: Manoeuvre,
        rig: Rig,
        hardware: Hardware,
        faults: Faults,
        *,
        endurance: Braking | None = None,
        calibration: Mapping[str, float] | None = None,
    ) -> None:
        self.manoeuvre, self.rig, self.hardware, self.faults, self.endurance = manoeuvre, rig, hardware, faults, endurance
        self.running = RunningBlock(ebs(rig, hardware.trailer_axle, **(calibration or {})))
        self.full_mps2, self.free_ratio, self.lever_mps2 = (
            self.running[name] for name in ("full_mps2", "free_ratio", "lever_mps2")
        )
        self.bench: Bench | None = None
        self.time_s = 0.0
        self.outputs: list[Floats] = []
        self.acting: list[Floats] = []

    def __call__(self, plant: Plant, time_s: float) -> None:
        """One period: sense, step, act, and note what was said and done."""
        if self.bench is None:
            self.bench = _bench(plant, self.rig, self.hardware, self.faults, self.running)
        bench = self.bench
        self.time_s = time_s
        self.ask()
        feel(bench)
        self.running.step()
        act(bench)
        self.outputs.append(self.running.outputs.copy())
        self.acting.append(
            np.concatenate(
                [bench.machines["acting_n"], bench.ends["chamber_pa"], bench.ends["temperature_k"], bench.machines["soc"][:2]]
            )
        )

    def ask(self) -> None:
        """What the driver asks: the manoeuvre's deceleration by the pedal, `endurance` by the lever."""
        asked, u = self.manoeuvre.demand_mps2(self.time_s) / self.full_mps2, self.running.inputs
        u[0] = min(self.free_ratio + (1.0 - self.free_ratio) * asked, 1.0) if asked > 0.0 else 0.0
        u[1] = min(self.endurance.demand_mps2(self.time_s) / self.lever_mps2, 1.0) if self.endurance else 0.0

    def columns(self) -> dict[str, Floats]:
        """What the EBS said (``ebs_...``) and what acted, by period."""
        count = len(self.rig.axles)
        said, acted = np.array(self.outputs), np.array(self.acting)
        names = [f"ebs_{signal.name}" for signal in self.running.block.outputs]
        others = [f"acting_{name}_n" for name in SOURCES]
        others += [f"chamber_{axle}_pa" for axle in range(count)] + [f"brake_{axle}_k" for axle in range(count)]
        others += ["trailer_soc_ratio", "tractor_soc_ratio"]
        found = dict(zip(names, said.T, strict=True))
        return found | dict(zip(others, acted.T, strict=True))


def braked(
    manoeuvre: Manoeuvre,
    rig: Rig,
    hardware: Hardware = ELECTRIC,
    faults: Faults = Faults(),
    *,
    endurance: Braking | None = None,
    one: Driver | None = None,
    calibration: Mapping[str, float] | None = None,
) -> dict[str, Floats]:
    """Drive a manoeuvre with the EBS; columns of `trace`, of the EBS (``ebs_...``), of what acted, and by axle
    ``utilisation_{axle}_ratio``: tyre forces along the wheels over their load."""
    control = Braked(manoeuvre, rig, hardware, faults, endurance=endurance, calibration=calibration)
    columns = perform(manoeuvre, equipped(rig), control, one=one) | control.columns()
    for axle in range(len(rig.axles)):
        force, load = (columns[f"{name}_{2 * axle}_n"] + columns[f"{name}_{2 * axle + 1}_n"] for name in ("along", "load"))
        columns[f"utilisation_{axle}_ratio"] = np.divide(-force, load, out=np.zeros(len(load)), where=load > 1.0)
    return columns


def _bench(plant: Plant, rig: Rig, hardware: Hardware, faults: Faults, running: RunningBlock) -> Bench:
    count = len(rig.axles)
    layout = layout_of(rig, hardware.trailer_axle).axles()
    ends, machines, road = np.zeros(count, dtype=END), np.zeros(4, dtype=MACHINE), np.zeros(1, dtype=ROAD)
    ends["temperature_k"], ends["dead_s"], ends["follow"] = hardware.air_k, EBS.dead_s, _follow(EBS)
    ends["driven"], ends["regenerates"], ends["trailer"] = (
        layout["driven"],
        layout["regenerates"],
        layout["place"] == Place.TRAILER,
    )
    ends["gain"] = np.where(ends["trailer"] > 0.0, hardware.friction_ratio[1], hardware.friction_ratio[0])
    sides = (hardware.trailer, hardware.tractor, hardware.retarder, hardware.engine_brake)
    for index, (machine, actuator) in enumerate(zip(sides, (MOTOR, MOTOR, RETARDER, ENGINE_BRAKE), strict=True)):
        values: dict[str, Any] = {
            "torque_n": machine.torque_n, "shaft_w": machine.power_w, "charge_w": machine.charge_w,
            "capacity_j": machine.capacity_j, "soc": machine.soc_ratio, "soc_high": machine.soc_high_ratio,
            "efficiency": machine.efficiency_ratio,
            "dead_s": actuator.dead_s, "follow": _follow(actuator),
        }  # fmt: skip
        for name, value in values.items():
            machines[index][name] = value
    road["air_k"], road["request_n"], road["seen_load"] = hardware.air_k, hardware.trailer.drive_n, hardware.load_ratio
    road["bus_s"], road["kingpin_s"] = faults.bus_s, faults.kingpin_s
    road["wheel_s"], road["wheel"], road["wheel_mps"] = faults.wheel_s, faults.wheel, faults.wheel_mps
    loads = np.array([rig.group_loads_n()[axle.group] * axle.load_share_ratio for axle in rig.axles])
    plant.loads[:] = np.repeat(0.5 * loads, 2)
    u, ua, uw = views(running.inputs, "inputs", count)
    y, ya, yw = views(running.outputs, "outputs", count)
    p, pa = views(running.parameters, "parameters", count)
    yw["limit_pa"] = 1e6
    return Bench(
        plant=plant, u=u, ua=ua, uw=uw, y=y, ya=ya, yw=yw, p=p, pa=pa, ends=ends, machines=machines, road=road,
        queue=np.zeros((QUEUE, 4 + count)), drives=np.zeros(2 * count),
    )  # fmt: skip


def _follow(actuator: Actuator) -> float:
    return 1.0 - exp(-PERIOD_S / actuator.lag_s)
