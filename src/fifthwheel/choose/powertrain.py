"""Powertrain matching: final drive, gears, engine or motor size, battery, driven axles and tyres found for a mission.

Differential evolution (Storn and Price, J. Global Optimization 11, 1997; `scipy.optimize.differential_evolution`) over the
trade's discrete sizes, a generation of powertrains being one batch of trips. It is run for energy, for time and for cost alone,
then for weighted distances from those three optima (Chebyshev, which also reaches hollow parts of a front). Every powertrain that
was ever driven stays in an archive; the neighbours of those that no other beats in all three are driven too until none of them
joins (Pareto local search, Paquete et al., 2004): the trade-off curve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import inf, prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.charging import DayPlan, TripEnergy, plan_day
from fifthwheel.choose.duty import Duty
from fifthwheel.choose.energy import endless
from fifthwheel.choose.performance import performance
from fifthwheel.choose.sizing import VARIABLES, Menu, Sizes, built, menu_of
from fifthwheel.errors import InputError
from fifthwheel.road.profile import Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import batch
from fifthwheel.simulate.trip import Conditions
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.load import even
from fifthwheel.vehicle.statics import AxleLoads, axle_loads

Floats = NDArray[np.float64]

WEIGHTINGS: Final = ((1.0, 1.0, 1.0), (1.0, 0.3, 0.3), (0.3, 1.0, 0.3), (0.3, 0.3, 1.0), (1.0, 1.0, 0.1), (1.0, 0.1, 1.0))
"""Weights of energy, time and cost in the distances from the three optima."""
GENERATIONS: Final = 8
MEMBERS: Final = 24
REFUSED: Final = 1e30
"""Beyond every objective; there, what breaks a constraint is ranked by how far."""
BINDING: Final = 0.03
"""A constraint with less than this share of its limit to spare binds."""
RANGED: Final = ("final_drive", "torque_ratio", "battery_ratio", "rolling_ratio")
"""Variables whose lists run from small to large."""
UPHILL: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What the powertrain is matched to: ways with their payloads, and the duty with its limits and supply."""

    ways: tuple[tuple[Profile, float], ...]
    duty: Duty

    @property
    def payload_kg(self) -> float:
        """The heaviest."""
        return max(payload for _, payload in self.ways)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """A powertrain driven over the task, before its cost: what `Cost` gets.

    Attributes
    ----------
    friction_jpm : heat of the friction brakes. time_s : of the task's ways with their part of the day's stops.
    """

    combination: Combination
    sizes: Sizes
    task: Task
    energy: TripEnergy
    friction_jpm: float
    distance_m: float
    time_s: float
    plan: DayPlan


Cost = Callable[[Trial], float]
"""Cost of a metre of a trial; `choose.powertrain_cost.ledger_cost` takes it from the ledger of a region."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Point:
    """A powertrain with what it takes.

    Attributes
    ----------
    energy_jpm : from tank and terminals. cost : of a metre. margins : of every constraint, as a share of its limit.
    binding : constraints with next to nothing to spare. violation : how far constraints are broken, beyond what the bought
        powertrain breaks them; zero where it may be chosen. error : why it could not be driven.
    """

    sizes: Sizes
    combination: Combination
    energy_jpm: float
    time_s: float
    cost: float
    trial: Trial | None
    margins: dict[str, float] = field(default_factory=dict)
    violation: float = 0.0
    error: str = ""

    @property
    def objectives(self) -> tuple[float, float, float]:
        """Energy, time and cost."""
        return self.energy_jpm, self.time_s, self.cost

    @property
    def binding(self) -> tuple[str, ...]:
        """Constraints with next to nothing to spare."""
        return tuple(name for name, margin in self.margins.items() if margin < BINDING)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """The trade-off curve of a task.

    Attributes
    ----------
    bought : as the combination is. front : points that none other beats, by energy. knee : the one of them nearest to the three
        optima, each scaled to the width of the front. seen : every powertrain driven.
    """

    task: Task
    menu: Menu
    bought: Point
    front: tuple[Point, ...]
    knee: Point
    seen: tuple[Point, ...]

    @property
    def offered_count(self) -> int:
        """Powertrains on the menu."""
        return prod(len(row) for row in self.menu.choices)

    def at_end(self, point: Point) -> tuple[str, ...]:
        """Sizes of a point at an end of their list, where the trade's offer ends and not the mission's wish."""
        rows = {name: row for name, row in zip(VARIABLES, self.menu.choices, strict=True) if name in RANGED and len(row) > 1}
        return tuple(name for name, row in rows.items() if getattr(point.sizes, name) in (row[0], row[-1]))

    def least(self, objective: int) -> Point:
        """The point of least energy (0), time (1) or cost (2)."""
        return min(self.front, key=lambda point: point.objectives[objective])


def match(
    combination: Combination,
    task: Task,
    cost: Cost,
    rng: np.random.Generator,
    *,
    menu: Menu | None = None,
    generations: int = GENERATIONS,
    progress: Callable[[int, int], None] | None = None,
) -> Matched:
    """Find powertrains for a task.

    Parameters
    ----------
    cost : of a metre. rng : draws the search; the same seed gives the same curve.
    menu : what may be chosen; ``None``: what the trade of the duty's region offers.
    generations : of each run of the optimiser. progress : told generations done, of how many.

    Raises
    ------
    InputError : no powertrain of the menu can be driven over the task, the bought one included; with the reason.
    """
    offered = menu or menu_of(combination, task.duty.region)
    search = _Search(combination, task, cost, generations)
    bought = search.begin(offered.bought)
    runs = 3 + len(WEIGHTINGS)
    steps = _Steps(progress, runs * (generations + 1))
    ideals = [search.least(offered, _alone(index), rng, steps) for index in range(3)]
    if not all(np.isfinite(ideal.objectives).all() for ideal in ideals):
        raise InputError(f"{combination.name}: no powertrain can be driven there: {bought.error or 'none keeps the constraints'}")
    for weights in WEIGHTINGS:
        search.least(offered, _distance(ideals, weights), rng, steps)
    front = search.polish(offered)
    steps.finish()
    return Matched(
        task=task, menu=offered, bought=bought, front=front, knee=knee_of(front), seen=tuple(search.seen.values()),
    )  # fmt: skip


def drive_all(combination: Combination, task: Task, cost: Cost, wanted: Sequence[Sizes]) -> list[Point]:
    """Powertrains driven over a task, without a search; constraints as in `match`."""
    search = _Search(combination, task, cost)
    search.begin(menu_of(combination, task.duty.region).bought)
    return search.drive(wanted)


def front_of(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points that may be chosen and that no other beats or equals in energy, time and cost, by energy."""
    fit = [point for point in points if point.violation <= 0.0 and np.isfinite(point.objectives).all()]
    if not fit:
        return ()
    values = np.array([point.objectives for point in fit])
    no_worse = (values[:, None, :] <= values[None, :, :]).all(axis=2)
    better = (values[:, None, :] < values[None, :, :]).any(axis=2)
    beaten = np.asarray((no_worse & better).any(axis=0)).tolist()
    twins = {point.objectives: point for point, out in zip(fit, beaten, strict=True) if not out}
    return tuple(sorted(twins.values(), key=lambda point: point.objectives))


def knee_of(front: Sequence[Point]) -> Point:
    """The point nearest to the three optima, each objective scaled to the width of the front.

    Raises
    ------
    InputError : an empty front.
    """
    if not front:
        raise InputError("no powertrain keeps the constraints; at least one is wanted")
    values = np.array([point.objectives for point in front])
    low = values.min(axis=0)
    wide = np.maximum(values.max(axis=0) - low, 1e-12 * np.abs(low) + 1e-30)
    return front[int(np.argmin((((values - low) / wide) ** 2).sum(axis=1)))]


Measure = Callable[[Point], float]


def _alone(index: int) -> Measure:
    return lambda point: point.objectives[index]


def _distance(ideals: Sequence[Point], weights: tuple[float, float, float]) -> Measure:
    """Weighted Chebyshev distance from the three optima, each objective scaled to what the optima of the others give."""
    values = np.array([point.objectives for point in ideals])
    low = values.min(axis=0)
    wide = np.maximum(values.max(axis=0) - low, 1e-9 * np.abs(low))

    def measure(point: Point) -> float:
        away = np.array(weights) * (np.array(point.objectives) - low) / wide
        return float(away.max() + 1e-3 * away.sum())

    return measure


class _Steps:
    """Tells of progress generation by generation."""

    def __init__(self, told: Callable[[int, int], None] | None, count: int) -> None:
        self.told, self.count, self.done = told, count, 0

    def one(self) -> None:
        self.done = min(self.done + 1, self.count)
        if self.told:
            self.told(self.done, self.count)

    def finish(self) -> None:
        self.done = self.count
        if self.told:
            self.told(self.done, self.count)


class _Search:
    """Everything driven so far, and how more is driven."""

    def __init__(self, combination: Combination, task: Task, cost: Cost, generations: int = GENERATIONS) -> None:
        self.combination, self.task, self.cost, self.generations = combination, task, cost, generations
        self.seen: dict[Sizes, Point] = {}
        self.floor: dict[str, float] = {}
        air_k = task.duty.temperature_k
        self.now = Conditions(weather=Weather(temperature_k=air_k))

    def least(self, menu: Menu, measure: Measure, rng: np.random.Generator, steps: _Steps) -> Point:
        """The point of least `measure` that one run of the optimiser finds."""
        from scipy.optimize import differential_evolution

        free = [index for index, row in enumerate(menu.choices) if len(row) > 1]
        steps.one()
        if not free:
            return self.drive([menu.at((0,) * len(VARIABLES))])[0]

        def sizes_at(column: Floats) -> Sizes:
            places = [0] * len(VARIABLES)
            for index, value in zip(free, column, strict=True):
                places[index] = round(float(value))
            return menu.at(tuple(places))

        def ranked(population: Floats) -> Floats:
            columns = population.reshape(len(free), -1).T
            points = self.drive([sizes_at(column) for column in columns])
            return np.array([_rank(point, measure) for point in points])

        found = differential_evolution(
            ranked, [(0, len(menu.choices[index]) - 1) for index in free], integrality=[True] * len(free), vectorized=True,
            updating="deferred", polish=False, init=self._first(menu, free, measure, rng), maxiter=self.generations, tol=0.0,
            rng=rng, callback=lambda *_, **__: steps.one(),
        )  # fmt: skip
        return self.seen[sizes_at(found.x)]

    def polish(self, menu: Menu) -> tuple[Point, ...]:
        """The front, when no neighbour on the menu of any of its points is on it that was not driven yet."""
        done: set[Sizes] = set()
        while True:
            front = front_of(self.seen.values())
            fresh = [point.sizes for point in front if point.sizes not in done]
            if not fresh:
                return front
            done.update(fresh)
            self.drive([other for one in fresh for other in menu.neighbours(one)])

    def _first(self, menu: Menu, free: Sequence[int], measure: Measure, rng: np.random.Generator) -> Floats:
        """Where a run begins: the bought powertrain, the best seen so far, and others drawn evenly."""
        rows = [menu.choices[index] for index in free]
        named = [VARIABLES[index] for index in free]
        best = sorted(self.seen.values(), key=lambda point: _rank(point, measure))[: MEMBERS // 4]
        known = [menu.bought, *(point.sizes for point in best)]
        kept = [
            [row.index(getattr(one, name)) for name, row in zip(named, rows, strict=True)]
            for one in known
            if all(getattr(one, name) in row for name, row in zip(named, rows, strict=True))
        ]
        drawn = rng.integers(0, [len(row) for row in rows], size=(MEMBERS - len(kept), len(rows)))
        return np.vstack([np.array(kept, dtype=float).reshape(-1, len(rows)), drawn.astype(float)])

    def drive(self, wanted: Sequence[Sizes]) -> list[Point]:
        """Points of powertrains: those not seen yet are driven in one batch."""
        missing = list(dict.fromkeys(one for one in wanted if one not in self.seen))
        whole = [built(self.combination, one) for one in missing]
        cases = [
            batch.Case(combination=_endless(one, road), road=road, payload_kg=payload, conditions=self.now)
            for one in whole
            for road, payload in self.task.ways
            if payload <= one.payload_limit_kg
        ]
        rows = iter(batch.run(cases).to_pylist()) if cases else iter(())
        for one, vehicle in zip(missing, whole, strict=True):
            own = [next(rows) for _, payload in self.task.ways if payload <= vehicle.payload_limit_kg]
            self.seen[one] = self._point(one, vehicle, own)
        return [self.seen[one] for one in wanted]

    def begin(self, bought: Sizes) -> Point:
        """The bought powertrain; constraints that it breaks itself are no narrower for the others from here on."""
        point = self.drive([bought])[0]
        self.floor = {name: min(margin, 0.0) for name, margin in point.margins.items()}
        self.seen.clear()
        return self.drive([bought])[0]

    def _point(self, sizes: Sizes, vehicle: Combination, rows: Sequence[dict[str, Any]]) -> Point:
        """Objectives and margins of a powertrain from the rows of its trips."""
        task, duty = self.task, self.task.duty
        errors = [str(row["error"]) for row in rows if row["error"]]
        room = (vehicle.payload_limit_kg - task.payload_kg) / vehicle.gross_mass_kg
        if errors or room < 0.0:
            why = errors[0] if errors else f"{task.payload_kg:.0f} kg of payload; it carries {vehicle.payload_limit_kg:.0f} kg"
            return Point(
                sizes=sizes, combination=vehicle, energy_jpm=inf, time_s=inf, cost=inf, trial=None, margins={"mass": room},
                violation=1.0 + max(-room, 0.0), error=why,
            )  # fmt: skip
        total = {name: sum(row[name] or 0.0 for row in rows) for name in TAKEN}
        way, drive_s = total["distance_m"], total["time_s"]
        stored = 0.0 if vehicle.drive.fuel else total["meter_battery_j"]
        energy = TripEnergy(
            electric_jpm=(stored + total["meter_trailer_battery_j"]) / way,
            fuel_kgpm=total["fuel_kg"] / way,
            speed_mps=way / drive_s,
        )
        plan = plan_day(vehicle, energy, duty)
        trial = Trial(
            combination=vehicle, sizes=sizes, task=task, energy=energy, friction_jpm=total["brake_friction_j"] / way,
            distance_m=way, time_s=drive_s + plan.added_s * way / duty.distance_day_m, plan=plan,
        )  # fmt: skip
        margins = {"mass": room, **self._margins(vehicle, plan)}
        stores = total["meter_fuel_j"] + total["meter_battery_j"] + total["meter_trailer_battery_j"]
        return Point(
            sizes=sizes, combination=vehicle, energy_jpm=stores / way, time_s=trial.time_s, cost=self.cost(trial), trial=trial,
            margins=margins, violation=sum(max(self.floor.get(name, 0.0) - one, 0.0) for name, one in margins.items()),
        )  # fmt: skip

    def _margins(self, vehicle: Combination, plan: DayPlan) -> dict[str, float]:
        """Margins of what the work asks, and of the day."""
        duty = self.task.duty
        level, uphill = (laden(vehicle, self.task.payload_kg, grade) for grade in (0.0, UPHILL))
        asked = (*performance(vehicle, level, duty, uphill=uphill).verdicts(duty.limits), plan.verdict(duty))
        return {one.rule: one.margin_ratio for one in asked if one.margin_ratio is not None}


TAKEN: Final = (
    "distance_m", "time_s", "fuel_kg", "meter_fuel_j", "meter_battery_j", "meter_trailer_battery_j", "brake_friction_j",
)  # fmt: skip
"""Figures of a trip that are added up over the ways."""


def laden(combination: Combination, payload_kg: float, grade_ratio: float = 0.0) -> AxleLoads:
    """Axle loads with a payload spread evenly over the last unit."""
    cargo = even(combination.units[-1], payload_kg)
    return axle_loads(combination, [*[()] * (len(combination.units) - 1), (cargo,)], grade_ratio=grade_ratio)


def _rank(point: Point, measure: Measure) -> float:
    """What the optimiser sees: the measure, and beyond all measures the constraints broken, by how far."""
    return measure(point) if point.violation <= 0.0 else REFUSED * (1.0 + point.violation)


def _endless(vehicle: Combination, road: Profile) -> Combination:
    """The vehicle whose battery lasts the whole road; `charging` plans the stops."""
    return replace(vehicle, tractor=replace(vehicle.tractor, drive=endless(vehicle.drive, road.length_m)))
