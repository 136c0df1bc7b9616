"""What a brake allocation is: sources and axles, the limits of one step, the objective, and what a share of forces costs.

Sources come in one order: friction of every axle front to rear, then trailer regeneration, tractor regeneration, retarder,
engine brake. Forces are brake forces at the wheels in N, positive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2

Floats = NDArray[np.float64]

MACHINES: Final = ("trailer_regeneration", "tractor_regeneration", "retarder", "engine_brake")
"""The sources behind the friction brakes, in order."""
BAND_RATIO: Final = 0.08
"""How far adhesion utilisation may lie above the braking ratio before it costs (band of Annex 10)."""
EDGE_RATIO: Final = 1e-6
"""How far inside its limits a target stays, over the weight: 0.4 N for 40 t."""
LEAST_ROOT: Final = 1e-3
"""Root of the weight of each machine's own square, which makes the optimum unique."""
LEAST_LOAD_RATIO: Final = 0.02
"""Share of the weight below which an axle's utilisation is not told from that of this load."""


class Place(StrEnum):
    """Where an axle is."""

    FRONT = "front"
    DRIVE = "drive"
    TRAILER = "trailer"


class Objective(StrEnum):
    """What an allocation tracks; the two differ for a semi-trailer."""

    EQUAL_ADHESION = "equal_adhesion"
    """every axle uses the same share of its load"""
    COUPLING_FORCE = "coupling_force"
    """service braking of each unit brakes that unit's mass, so that it adds no force in the kingpin"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Axles front to rear, and which of them the trailer's machine brakes."""

    places: tuple[Place, ...]
    regenerating: tuple[bool, ...]

    def __post_init__(self) -> None:
        if len(self.places) != len(self.regenerating):
            raise InputError(f"{len(self.places)} axles but {len(self.regenerating)} marks of regeneration; one each is wanted")
        if Place.DRIVE not in self.places:
            raise InputError("no drive axle; at least one is wanted")
        if any(mark and place is not Place.TRAILER for place, mark in zip(self.places, self.regenerating, strict=True)):
            raise InputError("the trailer's machine brakes an axle that is not the trailer's; a trailer axle is wanted")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all sources, in order."""
        return _names(self.places)

    @property
    def drive_count(self) -> int:
        """Drive axles."""
        return self.places.count(Place.DRIVE)

    @property
    def regenerating_count(self) -> int:
        """Axles that the trailer's machine brakes."""
        return sum(self.regenerating)


@lru_cache(maxsize=64)
def _names(places: tuple[Place, ...]) -> tuple[str, ...]:
    return (*(f"friction_{index}_{place}" for index, place in enumerate(places)), *MACHINES)


@lru_cache(maxsize=64)
def shares(layout: Layout) -> Floats:
    """Share of every source on every axle, shape (n_axles, n_sources)."""
    count = len(layout.places)
    drive = np.array([place is Place.DRIVE for place in layout.places], float)
    matrix = np.zeros((count, count + len(MACHINES)))
    matrix[:, :count] = np.eye(count)
    matrix[:, count] = np.array(layout.regenerating, float) / max(layout.regenerating_count, 1)
    matrix[:, count + 1 :] = (drive / layout.drive_count)[:, None]
    matrix.setflags(write=False)
    return matrix


@lru_cache(maxsize=64)
def on_trailer(layout: Layout) -> Floats:
    """1 for the sources that brake the trailer, shape (n_sources,)."""
    behind = np.array([place is Place.TRAILER for place in layout.places], float)
    found = np.concatenate([behind, [1.0, 0.0, 0.0, 0.0]])
    found.setflags(write=False)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights of the squared terms; forces count as shares of the weight of the whole.

    Regeneration, then endurance brakes, come before the objective, which shapes friction; the adhesion band comes before all.
    """

    regeneration_ratio: float = 300.0
    endurance_ratio: float = 100.0
    objective_ratio: float = 1.0
    friction_ratio: float = 0.005
    balance_ratio: float = 0.05
    band_ratio: float = 5000.0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One step's allocation.

    Attributes
    ----------
    demand_n : brake force wanted. load_n : load on every axle, shape (n_axles,).
    axle_limit_n : most force an axle may give in all; machine_limit_n : most that machines (regeneration, retarder, engine
        brake) may give on it, never above `axle_limit_n`; both of shape (n_axles,).
    low_n, high_n : bounds of every source, shape (n_sources,); `reasons` says what each upper bound is.
    service_regeneration : whether regeneration belongs to the service brake (category B); else it is endurance braking, whose
        coupling force service brakes must not compensate (UN R13 5.2.1.28).
    """

    layout: Layout
    demand_n: float
    load_n: Floats
    axle_limit_n: Floats
    machine_limit_n: Floats
    low_n: Floats
    high_n: Floats
    reasons: tuple[str, ...]
    tractor_kg: float
    trailer_kg: float
    objective: Objective
    service_regeneration: bool = False
    weights: Weights = field(default_factory=Weights)

    @property
    def count(self) -> int:
        """Axles."""
        return len(self.layout.places)

    @property
    def weight_n(self) -> float:
        """Weight of the whole."""
        return (self.tractor_kg + self.trailer_kg) * GRAVITY_MPS2

    @cached_property
    def drive_limit_n(self) -> float:
        """Most force of all machines on the drive axles together."""
        drive = shares(self.layout)[:, self.count + 1] > 0.0
        return float(self.machine_limit_n[drive].min()) * self.layout.drive_count

    @cached_property
    def machines_most_n(self) -> tuple[float, float, float]:
        """Most trailer regeneration, tractor regeneration, and machines on the drive axles together."""
        high = self.high_n[self.count :]
        return float(high[0]), min(float(high[1]), self.drive_limit_n), min(float(high[1:].sum()), self.drive_limit_n)

    @cached_property
    def axle_most_n(self) -> Floats:
        """Most force of every axle with all machines at their most, shape (n_axles,)."""
        trailer_n, _, drive_n = self.machines_most_n
        matrix = shares(self.layout)
        machines_n = matrix[:, self.count] * trailer_n + matrix[:, self.count + 1] * drive_n
        return np.minimum(self.high_n[: self.count] + machines_n, self.axle_limit_n)

    @cached_property
    def least_n(self) -> float:
        """Least force that the release rates leave."""
        return float(self.low_n.sum())

    @cached_property
    def most_n(self) -> float:
        """Most force within all limits."""
        return float(self.axle_most_n.sum())

    @cached_property
    def target_n(self) -> float:
        """The demand, as far as it lies between the least and the most that the limits leave, and a millionth inside them.

        At the very edge rounding alone could leave no point that keeps all limits.
        """
        edge = min(EDGE_RATIO * self.weight_n, 0.5 * (self.most_n - self.least_n))
        return min(max(self.demand_n, self.least_n + edge), self.most_n - edge)

    @cached_property
    def braking_ratio(self) -> float:
        """The target over the weight, z."""
        return self.target_n / self.weight_n

    @cached_property
    def seen_load_n(self) -> Floats:
        """Loads that utilisation is told from: at least 2 % of the weight."""
        return np.maximum(self.load_n, LEAST_LOAD_RATIO * self.weight_n)


def binding(problem: Problem) -> tuple[str, ...]:
    """What keeps the target from the demand: nothing, or each limit by name.

    Examples of a name: ``adhesion of axle 2``, ``friction_0_front: torque``, ``retarder: coolant``.
    """
    if problem.least_n <= problem.demand_n <= problem.most_n:
        return ()
    names, count = problem.layout.names, problem.count
    if problem.demand_n < problem.least_n:
        return tuple(f"{name}: release rate" for name, low in zip(names, problem.low_n, strict=True) if low > 0.0)
    at_axle = [bool(most >= limit) for most, limit in zip(problem.axle_most_n, problem.axle_limit_n, strict=True)]
    adhesion = [f"adhesion of axle {index}" for index, full in enumerate(at_axle) if full]
    friction = [f"{names[index]}: {problem.reasons[index]}" for index, full in enumerate(at_axle) if not full]
    machines = [f"{names[index]}: {problem.reasons[index]}" for index in range(count, count + len(MACHINES))] if friction else []
    joint = problem.high_n[count + 1 :].sum() > problem.drive_limit_n
    return (*adhesion, *friction, *machines, *(("drive axles: adhesion reserve of machines",) if friction and joint else ()))


@lru_cache(maxsize=64)
def standing_rows(layout: Layout, weights: Weights) -> Floats:
    """The rows of the objective that no step changes: each friction, all regeneration, all machines, each machine."""
    total = len(layout.names)
    count = total - len(MACHINES)
    block = np.zeros((total + 2, total))
    block[:count, :count] = np.sqrt(weights.friction_ratio) * np.eye(count)
    block[count, count : count + 2] = np.sqrt(weights.regeneration_ratio)
    block[count + 1, count:] = np.sqrt(weights.endurance_ratio)
    block[count + 2 :, count:] = LEAST_ROOT * np.eye(len(MACHINES))
    block.setflags(write=False)
    return block


def goals(problem: Problem) -> tuple[float, float]:
    """Regeneration, and force of all machines, that the target leaves room for, times the roots of their weights."""
    trailer_n, tractor_n, drive_n = problem.machines_most_n
    regeneration = min(problem.braking_ratio, (trailer_n + tractor_n) / problem.weight_n)
    machines = min(problem.braking_ratio, (trailer_n + drive_n) / problem.weight_n)
    weights = problem.weights
    return sqrt(weights.regeneration_ratio) * regeneration, sqrt(weights.endurance_ratio) * machines


def tracked_rows(problem: Problem) -> tuple[Floats, Floats]:
    """The rows and goals of what is tracked."""
    return _adhesion_rows(problem) if problem.objective is Objective.EQUAL_ADHESION else _coupling_rows(problem)


def rows(problem: Problem) -> tuple[Floats, Floats]:
    """The objective's squared terms without the band as ``|R x - t|^2``; x are forces over the weight.

    Returns R of shape (n_terms, n_sources) and t of shape (n_terms,), both with the roots of the weights.
    """
    standing = standing_rows(problem.layout, problem.weights)
    tracked, tracked_goals = tracked_rows(problem)
    standing_goals = np.zeros(len(standing))
    standing_goals[problem.count : problem.count + 2] = goals(problem)
    return np.vstack([standing, tracked]), np.concatenate([standing_goals, tracked_goals])


def _adhesion_rows(problem: Problem) -> tuple[Floats, Floats]:
    """``sqrt(N_i / sum N) (k_i - k)`` for every axle, k the mean utilisation."""
    load = problem.seen_load_n
    root = np.sqrt(problem.weights.objective_ratio * load / load.sum())
    mean = problem.target_n / load.sum()
    return shares(problem.layout) * (root * problem.weight_n / load)[:, None], root * mean


def _coupling_rows(problem: Problem) -> tuple[Floats, Floats]:
    """Added kingpin force of service braking, that of endurance braking, and the balance of service braking inside each unit."""
    count, layout = problem.count, problem.layout
    service = np.ones(count + len(MACHINES))
    service[count:] = [problem.service_regeneration] * 2 + [0.0, 0.0]
    behind = problem.trailer_kg / (problem.tractor_kg + problem.trailer_kg)
    kingpin = behind - on_trailer(layout)
    root = np.sqrt(problem.weights.objective_ratio)
    load = problem.seen_load_n
    balance = np.sqrt(problem.weights.balance_ratio * load / load.sum())[:, None]
    behind_axles = on_trailer(layout)[:count]
    same_unit = behind_axles[:, None] == on_trailer(layout)[None, :]
    unit_load = np.where(behind_axles > 0.0, load @ behind_axles, load @ (1.0 - behind_axles))
    mean = same_unit * (problem.weight_n / unit_load)[:, None]
    each = (shares(layout) * (problem.weight_n / load)[:, None] - mean) * service
    found = np.vstack([root * kingpin * service, root * kingpin * (1.0 - service), balance * each])
    return found, np.zeros(len(found))


def cost(problem: Problem, force_n: Floats) -> float:
    """The objective at a share of forces, the band's penalty included."""
    block, wanted = rows(problem)
    residual = block @ (force_n / problem.weight_n) - wanted
    used = (shares(problem.layout) @ force_n) / problem.seen_load_n
    over = np.maximum(used - problem.braking_ratio - BAND_RATIO, 0.0)
    return float(residual @ residual + problem.weights.band_ratio * (over @ over))


def kingpin_n(problem: Problem, force_n: Floats) -> float:
    """Coupling force that the brakes add, push positive: ``m_2 / m sum(B) - B_2``; grade and deceleration cancel."""
    behind = problem.trailer_kg / (problem.tractor_kg + problem.trailer_kg)
    return float(((behind - on_trailer(problem.layout)) * force_n).sum())


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """Forces of every source for one step.

    Attributes
    ----------
    force_n : shape (n_sources,), order of `Layout.names`. met_n : their sum. binding : why it is not the demand, if so.
    objective : what was tracked. method : ``quadratic`` or ``priority``. coupling_n : kingpin force that the
        brakes add, push positive.
    """

    force_n: Floats
    met_n: float
    binding: tuple[str, ...]
    objective: Objective
    method: str
    coupling_n: float


def allocation(problem: Problem, force_n: Floats, method: str) -> Allocation:
    """An `Allocation` of these forces."""
    return Allocation(
        force_n=force_n,
        met_n=float(force_n.sum()),
        binding=binding(problem),
        objective=problem.objective,
        method=method,
        coupling_n=kingpin_n(problem, force_n),
    )
