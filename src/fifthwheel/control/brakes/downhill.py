"""The downhill supervisor: a speed, a gear and a use of retarder, engine brake and battery that keep brakes cool to the foot.

A gear is always engaged: coasting in neutral on steep descents is forbidden in China, and engine braking is wanted anyway.
Speed is held, so what the grade gives goes into rolling, air, engine, retarder, battery and friction, and
nothing else; where the road pushes too little, the engine makes up for it (`Flow.short_w`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan, ceil, cos, sin

import numpy as np

from fifthwheel.control.brakes.limits import SOC_TAPER_RATIO, Charge, charge_power_w, engine_brake_bound, retarder_bound
from fifthwheel.control.brakes.priority import share
from fifthwheel.control.brakes.programme import Programme, optimise
from fifthwheel.control.brakes.thermal import Brake, warm
from fifthwheel.errors import InputError
from fifthwheel.physics.aero import still_air_force_n
from fifthwheel.physics.resistance import GRAVITY, grade_force_n
from fifthwheel.units import KMH
from fifthwheel.vehicle.components import Battery, Engine, Retarder

STEP_S = 5.0
SPEED_STEP_MPS = KMH
LEAST_SPEED_MPS = 5.0 * KMH


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A length of road with one grade, downhill positive (fall over horizontal length)."""

    length_m: float
    downhill_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Regeneration: most power at the wheels, efficiency from there to the terminals, the battery and its charge."""

    power_w: float
    efficiency_ratio: float
    battery: Battery
    charge: Charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Descender:
    """What goes downhill.

    Attributes
    ----------
    total_ratios : engine to wheels, first to top gear. retarder_ratio : from the shaft of a secondary retarder to the wheels.
    brakes, shares_ratio : friction brakes of each axle and the part of all friction that each takes, adding up to 1.
    margin_k : how far below the limits of its brakes a plan stays, for what it does not know.
    """

    mass_kg: float
    rolling_ratio: float
    drag_area_m2: float
    air_density_kgpm3: float
    air_k: float
    radius_m: float
    total_ratios: tuple[float, ...]
    engine: Engine | None = None
    retarder: Retarder | None = None
    retarder_ratio: float = 1.0
    coolant_k: float = 358.15
    recovery: Recovery | None = None
    brakes: tuple[Brake, ...]
    shares_ratio: tuple[float, ...]
    margin_k: float = 10.0

    def __post_init__(self) -> None:
        if len(self.brakes) != len(self.shares_ratio) or abs(sum(self.shares_ratio) - 1.0) > 1e-9:
            raise InputError(f"{len(self.brakes)} brakes share {self.shares_ratio}; one share each, 1 in all, is wanted")
        if not self.total_ratios:
            raise InputError("no gears; at least one ratio is wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where the power of one stretch goes while speed is held; `gross_w + short_w` is the sum of the rest.

    `gear` counts from 1; `drag_w` is the engine's own, `engine_brake_w` that of its brake. `short_w` is
    power that the vehicle lacks where the road does not push enough: it must drive.
    """

    gear: int
    time_s: float
    gross_w: float
    rolling_w: float
    air_w: float
    drag_w: float
    engine_brake_w: float
    retarder_w: float
    regeneration_w: float
    friction_w: float
    short_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A descent at one speed.

    Attributes
    ----------
    holds : whether every brake stays below its limit. flows : one a stretch. peak_k : hottest of each brake; end_k at the foot.
    stored_j, reserved_j : energy into the battery; the part of it kept for stretches where
        endurance brakes fall short.
    """

    speed_mps: float
    holds: bool
    flows: tuple[Flow, ...]
    peak_k: tuple[float, ...]
    end_k: tuple[float, ...]
    stored_j: float
    reserved_j: float


def gear_at(descender: Descender, speed_mps: float) -> int:
    """Gear (from 1) of most engine braking with the engine within its speeds; the top gear if none fits. Never neutral."""
    if descender.engine is None:
        return len(descender.total_ratios)
    engine, radius = descender.engine, descender.radius_m
    forces = [engine_brake_bound(engine, ratio, radius, speed_mps).force_n for ratio in descender.total_ratios]
    return forces.index(max(forces)) + 1 if max(forces) > 0.0 else len(forces)


def flow_of(descender: Descender, stretch: Stretch, speed_mps: float, regeneration_w: float = 0.0) -> Flow:
    """How one stretch's power splits: rolling, air, engine drag, then regeneration as given, engine brake, retarder, friction."""
    angle = atan(stretch.downhill_ratio)
    gross = float(grade_force_n(descender.mass_kg, sin(angle))) * speed_mps
    rolling = descender.rolling_ratio * descender.mass_kg * GRAVITY * cos(angle) * speed_mps
    air = float(still_air_force_n(descender.air_density_kgpm3, descender.drag_area_m2, speed_mps)) * speed_mps
    gear = gear_at(descender, speed_mps)
    drag, brake = _engine_w(descender, gear, speed_mps)
    left = gross - rolling - air - drag
    need = max(left, 0.0)
    regeneration = min(regeneration_w, need)
    engine = min(brake, need - regeneration)
    retarder = min(_retarder_w(descender, speed_mps), need - regeneration - engine)
    return Flow(
        gear=gear,
        time_s=stretch.length_m / speed_mps,
        gross_w=gross,
        rolling_w=rolling,
        air_w=air,
        drag_w=drag,
        engine_brake_w=engine,
        retarder_w=retarder,
        regeneration_w=regeneration,
        friction_w=need - regeneration - engine - retarder,
        short_w=max(-left, 0.0),
    )


def descend(descender: Descender, stretches: Sequence[Stretch], speed_mps: float, start_k: Sequence[float]) -> Plan:
    """The descent at one speed: flows, battery and temperatures.

    Battery room goes first to stretches where engine and retarder fall short (the reservation), what is left to the others.

    Raises
    ------
    InputError : no start temperature for each brake, or a speed that is not above 0.
    """
    if len(start_k) != len(descender.brakes):
        raise InputError(f"{len(start_k)} start temperatures for {len(descender.brakes)} brakes; one each is wanted")
    if speed_mps <= 0.0:
        raise InputError(f"speed {speed_mps:g} m/s; above 0 is wanted")
    bare = [flow_of(descender, stretch, speed_mps) for stretch in stretches]
    planned, reserved_j = _regeneration(descender, bare)
    flows = [flow_of(descender, stretch, speed_mps, power) for stretch, power in zip(stretches, planned, strict=True)]
    temperature, peak = list(start_k), list(start_k)
    for flow in flows:
        steps = max(ceil(flow.time_s / STEP_S), 1)
        for _ in range(steps):
            for index, (brake, part) in enumerate(zip(descender.brakes, descender.shares_ratio, strict=True)):
                air = (speed_mps, descender.air_k)
                heat = warm(brake, temperature[index], part * flow.friction_w, air, flow.time_s / steps)
                temperature[index] = heat.temperature_k
                peak[index] = max(peak[index], heat.temperature_k)
    efficiency = descender.recovery.efficiency_ratio if descender.recovery else 0.0
    return Plan(
        speed_mps=speed_mps,
        holds=all(hot <= brake.limit_k - descender.margin_k for hot, brake in zip(peak, descender.brakes, strict=True)),
        flows=tuple(flows),
        peak_k=tuple(peak),
        end_k=tuple(temperature),
        stored_j=efficiency * sum(flow.regeneration_w * flow.time_s for flow in flows),
        reserved_j=reserved_j,
    )


def plan(descender: Descender, stretches: Sequence[Stretch], limit_mps: float, start_k: Sequence[float]) -> Plan:
    """The fastest descent, up to the speed limit, in whole km/h steps below it, that keeps every brake below its limit.

    If none does, the slowest one with ``holds`` false: the caller must stop and let the brakes cool.
    """
    steps = max(int((limit_mps - LEAST_SPEED_MPS) / SPEED_STEP_MPS), 0)
    found = descend(descender, stretches, limit_mps, start_k)
    for index in range(1, steps + 1):
        if found.holds:
            return found
        found = descend(descender, stretches, limit_mps - index * SPEED_STEP_MPS, start_k)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What holds a planned speed: time in which a difference is braked away, and what that has summed up to."""

    settle_s: float = 2.0
    summed_mps2: float = 0.0


def hold(state: Holding, faster_mps: float, endurance_mps2: float, step_s: float) -> tuple[Holding, float, float]:
    """One period of holding a speed: deceleration asked of endurance brakes and regeneration, and what is left to friction.

    Parameters
    ----------
    faster_mps : by how much the vehicle is faster than planned. endurance_mps2 : what machines can give.
    """
    gain = 1.0 / state.settle_s
    asked = gain * faster_mps + state.summed_mps2
    lever = min(max(asked, 0.0), endurance_mps2)
    service = max(asked - endurance_mps2, 0.0)
    summed = state.summed_mps2 + 0.25 * gain * gain * faster_mps * step_s
    return replace(state, summed_mps2=min(max(summed, 0.0), 3.0)), lever, service


def friction_shares(programme: Programme, friction_n: float, machines_n: tuple[float, float, float, float]) -> tuple[float, ...]:
    """Share of every axle in the friction that the allocation asks beside machines of these forces, adding up to 1.

    `programme` brings loads, limits and weights; its bounds and demand are overwritten.
    """
    count = len(programme.axles)
    programme.low_n[count:], programme.high_n[count:] = machines_n, machines_n
    programme.task["demand_n"] = friction_n + sum(machines_n)
    if not optimise(programme):
        share(programme)
    given = programme.force_n[:count] / programme.force_n[:count].sum()
    return tuple(float(one) for one in given)


def endurance_w(descender: Descender, gear: int, speed_mps: float) -> tuple[float, float]:
    """Most power of the retarder, and of the engine's drag and brake in a gear."""
    return _retarder_w(descender, speed_mps), sum(_engine_w(descender, gear, speed_mps))


def _engine_w(descender: Descender, gear: int, speed_mps: float) -> tuple[float, float]:
    """Power of the engine's own drag and of its brake in a gear; none outside the engine's speeds."""
    engine, ratio = descender.engine, descender.total_ratios[gear - 1]
    if engine is None:
        return 0.0, 0.0
    crank = speed_mps / descender.radius_m * ratio
    drag = float(np.interp(crank, engine.speed_radps, engine.drag_torque_nm)) * crank if crank >= engine.idle_speed_radps else 0.0
    return drag, engine_brake_bound(engine, ratio, descender.radius_m, speed_mps).force_n * speed_mps


def _retarder_w(descender: Descender, speed_mps: float) -> float:
    if descender.retarder is None:
        return 0.0
    bound = retarder_bound(descender.retarder, descender.retarder_ratio, descender.radius_m, speed_mps, descender.coolant_k)
    return bound.force_n * speed_mps


def _regeneration(descender: Descender, bare: Sequence[Flow]) -> tuple[list[float], float]:
    """Regeneration of every stretch within the battery's room, and the energy kept for where endurance brakes fall short."""
    recovery = descender.recovery
    if recovery is None:
        return [0.0] * len(bare), 0.0
    battery, charge, efficiency = recovery.battery, recovery.charge, recovery.efficiency_ratio
    most = min(recovery.power_w, charge_power_w(battery, charge) / efficiency)
    room_j = max(battery.soc_high_ratio - SOC_TAPER_RATIO - charge.soc_ratio, 0.0) * battery.capacity_j
    lacking = [min(flow.friction_w, most) for flow in bare]
    wished = [
        min(flow.friction_w + flow.retarder_w + flow.engine_brake_w, most) - lack
        for flow, lack in zip(bare, lacking, strict=True)
    ]
    wanted_j = efficiency * sum(power * flow.time_s for power, flow in zip(lacking, bare, strict=True))
    more_j = efficiency * sum(power * flow.time_s for power, flow in zip(wished, bare, strict=True))
    first = min(1.0, room_j / wanted_j) if wanted_j > 0.0 else 0.0
    second = min(1.0, max(room_j - first * wanted_j, 0.0) / more_j) if more_j > 0.0 else 0.0
    return [first * lack + second * wish for lack, wish in zip(lacking, wished, strict=True)], first * wanted_j
