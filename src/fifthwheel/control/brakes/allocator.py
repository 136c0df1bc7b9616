"""The allocator's step: bounds of the sources from limits and rates, one allocation, and the fill for slow endurance brakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from fifthwheel.control.brakes.limits import ADHESION_RESERVE_RATIO, Bound, machine_limit_n
from fifthwheel.control.brakes.problem import MACHINES, Allocation, Floats, Layout, Objective, Problem, Weights, shares
from fifthwheel.control.brakes.quadratic import optimise
from fifthwheel.errors import InputError

RATE, ANTILOCK, RESERVE, OFF = "rise rate", "antilock", "adhesion reserve", "service brake not asked for"

LEAST_N = 1.0
"""A removal ends at this force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the allocator is tuned with.

    Attributes
    ----------
    step_s : period. rate_nps : fastest rise and fall of trailer regeneration, tractor regeneration, retarder, engine brake.
    removal_s : time within which machines leave an axle whose wheels slip.
    """

    layout: Layout
    tractor_kg: float
    trailer_kg: float
    friction_n: tuple[float, ...]
    objective: Objective = Objective.EQUAL_ADHESION
    service_regeneration: bool = False
    step_s: float = 0.01
    rate_nps: tuple[float, float, float, float] = (40e3, 40e3, 100e3, 100e3)
    removal_s: float = 0.05
    reserve_ratio: float = ADHESION_RESERVE_RATIO
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        if len(self.friction_n) != len(self.layout.places):
            raise InputError(f"{len(self.friction_n)} friction brakes on {len(self.layout.places)} axles; one each is wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the allocator sees in one step, axles front to rear.

    Attributes
    ----------
    demand_n : brake force wanted. service : whether the service brake is asked for; without it friction gives nothing.
    adhesion_ratio : estimate, for machines. ceiling_ratio : most adhesion that friction may use (1 where nothing is known).
    machines : bounds in the order of `problem.MACHINES`. measured_n : what the machines give now, same order.
    slipping : axles whose anti-lock control is active or holds machines off.
    friction_ceiling_n : what anti-lock control leaves of friction (infinite where it is idle).
    fade_ratio : lining friction over that of the cold lining.
    """

    demand_n: float
    service: bool
    load_n: tuple[float, ...]
    adhesion_ratio: tuple[float, ...]
    ceiling_ratio: tuple[float, ...]
    lateral_n: tuple[float, ...]
    machines: tuple[Bound, Bound, Bound, Bound]
    measured_n: tuple[float, float, float, float]
    slipping: tuple[bool, ...]
    friction_ceiling_n: tuple[float, ...]
    fade_ratio: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What one step leaves to the next: forces asked of the machines, and those from which a removal started."""

    machines_n: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    removal_n: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def problem_of(calibration: Calibration, state: State, inputs: Inputs) -> tuple[Problem, State]:
    """The allocation problem of a step, and the state with removals noted.

    Safety comes before comfort: where a limit lies below what the release rate would leave, the limit holds.
    """
    load = np.maximum(np.array(inputs.load_n), 0.0)
    axle_limit = load * np.array(inputs.ceiling_ratio)
    limits = [
        machine_limit_n(weight, adhesion, lateral, calibration.reserve_ratio)
        for weight, adhesion, lateral in zip(load, inputs.adhesion_ratio, inputs.lateral_n, strict=True)
    ]
    machine_limit = np.minimum(np.array(limits), axle_limit)
    low, high, reasons, removal = _machine_bounds(calibration, state, inputs, machine_limit)
    most = np.array(calibration.friction_n) * np.array(inputs.fade_ratio) * inputs.service
    ceiling = np.array(inputs.friction_ceiling_n)
    friction_reasons = [ANTILOCK if held else "torque" if inputs.service else OFF for held in ceiling < most]
    count = len(load)
    machine_limit, low = _held(calibration.layout, machine_limit, low, inputs.slipping, axle_limit)
    problem = Problem(
        layout=calibration.layout,
        demand_n=inputs.demand_n,
        load_n=load,
        axle_limit_n=axle_limit,
        machine_limit_n=machine_limit,
        low_n=np.concatenate([np.zeros(count), low]),
        high_n=np.concatenate([np.minimum(most, ceiling), high]),
        reasons=(*friction_reasons, *reasons),
        tractor_kg=calibration.tractor_kg,
        trailer_kg=calibration.trailer_kg,
        objective=calibration.objective,
        service_regeneration=calibration.service_regeneration,
        weights=calibration.weights,
    )
    return problem, State(machines_n=state.machines_n, removal_n=removal)


@lru_cache(maxsize=64)
def _axles_of(layout: Layout) -> tuple[tuple[int, ...], ...]:
    """Indices of the axles that each machine brakes, in the order of `MACHINES`."""
    matrix = shares(layout)[:, len(layout.places) :]
    return tuple(tuple(int(axle) for axle in np.flatnonzero(column)) for column in matrix.T)


def _machine_bounds(
    calibration: Calibration, state: State, inputs: Inputs, limit_n: Floats
) -> tuple[Floats, Floats, tuple[str, ...], tuple[float, float, float, float]]:
    """Lower and upper bounds of the machines with reasons, and the forces that removals start from."""
    low, high, reasons, removal = np.zeros(len(MACHINES)), np.zeros(len(MACHINES)), [], list(state.removal_n)
    limits = limit_n.tolist()
    for index, (bound, axles) in enumerate(zip(inputs.machines, _axles_of(calibration.layout), strict=True)):
        past, rise = state.machines_n[index], calibration.rate_nps[index] * calibration.step_s
        reserve = min((limits[axle] for axle in axles), default=0.0) * len(axles)
        if any(inputs.slipping[axle] for axle in axles):
            removal[index] = removal[index] or past
            left = past - removal[index] * calibration.step_s / calibration.removal_s
            ends = [(left if left > LEAST_N else 0.0, ANTILOCK), (bound.force_n, bound.reason)]
        else:
            removal[index] = 0.0
            ends = [(bound.force_n, bound.reason), (past + rise, RATE), (reserve, RESERVE)]
        high[index], reason = min(ends)
        reasons.append(reason)
        low[index] = min(max(past - rise, 0.0), high[index])
    return low, high, tuple(reasons), (removal[0], removal[1], removal[2], removal[3])


def _held(
    layout: Layout, limit_n: Floats, low_n: Floats, slipping: tuple[bool, ...], axle_limit_n: Floats
) -> tuple[Floats, Floats]:
    """Limits and lower bounds that agree: a removal may pass over the reserve but not over adhesion; else lows give way."""
    limit = np.where(slipping, axle_limit_n, limit_n)
    low, limits = low_n.copy(), limit.tolist()
    trailer, drive = _axles_of(layout)[:2]
    for axles, sources in ((drive, slice(1, 4)), (trailer, slice(0, 1))):
        most = min((limits[axle] for axle in axles), default=0.0) * len(axles)
        total = float(low[sources].sum())
        if total > most:
            low[sources] *= most / total
    return limit, low


def step(
    calibration: Calibration, state: State, inputs: Inputs, solve: Callable[[Problem], Allocation] = optimise
) -> tuple[State, Allocation]:
    """One period: the share of the demand over all sources, and the state for the next.

    `solve` is `quadratic.optimise` or `priority.prioritise`. The result's friction holds what slow endurance brakes have not
    built up yet, as far as the service brake is asked for.
    """
    problem, held = problem_of(calibration, state, inputs)
    found = solve(problem)
    asked = found.force_n[problem.count :]
    machines = (float(asked[0]), float(asked[1]), float(asked[2]), float(asked[3]))
    return State(machines_n=machines, removal_n=held.removal_n), filled(problem, found, inputs, held)


def filled(problem: Problem, found: Allocation, inputs: Inputs, state: State) -> Allocation:
    """`found` with friction for what machines do not give yet, or are about to lose, shared by room.

    Retarder and engine brake build up slower than friction. Machines that leave a slipping axle (`State.removal_n`) do so faster
    than friction follows, so friction is asked for all of it from the first period on.
    """
    count = problem.count
    slow = max(float((found.force_n[count + 2 :] - np.array(inputs.measured_n[2:])).sum()), 0.0)
    leaving = float(found.force_n[count:][np.array(state.removal_n) > 0.0].sum())
    missing = slow + leaving if inputs.service else 0.0
    taken = shares(problem.layout)[:, count:] @ found.force_n[count:]
    room = np.maximum(np.minimum(problem.high_n[:count], problem.axle_limit_n - taken) - found.force_n[:count], 0.0)
    if missing <= 0.0 or room.sum() <= 0.0:
        return found
    force = found.force_n.copy()
    force[:count] += room * min(1.0, missing / float(room.sum()))
    return Allocation(
        force_n=force,
        met_n=found.met_n,
        binding=found.binding,
        objective=found.objective,
        method=found.method,
        coupling_n=found.coupling_n,
    )
