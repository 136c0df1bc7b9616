"""Predictive cruise on a trip: the driver without it, the plan for the same arrival, and the trip that follows the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.cruise import planner
from fifthwheel.control.cruise.calibration import predictive
from fifthwheel.errors import InputError
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.course import Course, Task, task_of
from fifthwheel.simulate.driver import Style
from fifthwheel.simulate.pack import SpeedPlan
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]

ROUNDS: Final = 6
"""Plans driven at most until the time fits."""
PRICES: Final = 24
"""Plans made at most to find the price of time."""
PACE_RATIO: Final = 0.995, 1.005
"""All speeds of a plan are scaled by so much at most to meet a time."""
TRACK_MPS: Final = 0.4
"""A driving vehicle may be faster than planned by this before it slows down."""
FREE_MPS: Final = 1.0
"""A rolling or coasting vehicle may leave the plan by this either way."""
HOLD_MPS: Final = 0.05
"""A vehicle held against a push may leave the plan by this either way."""
FALL_MPS2: Final = 0.06
"""Coasting in gear, the speed aimed for falls by this faster than the vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predicted:
    """A trip with predictive cruise beside the same driver's without.

    Attributes
    ----------
    alone, run : the trips without and with it; the same where `course` is ``None``, because no plan saved energy.
    energy_j, alone_j : what each took from its stores; a battery beside an engine in fuel.
    """

    alone: TripRun
    run: TripRun
    course: Course | None
    speeds: SpeedPlan | None
    alone_j: float
    energy_j: float

    @property
    def saving_ratio(self) -> float:
        """Share of the energy saved."""
        return 1.0 - self.energy_j / self.alone_j

    @property
    def time_ratio(self) -> float:
        """Share of time by which it arrives later."""
        return self.run.time_s / self.alone.time_s - 1.0


def speeds_of(task: Task, course: Course, nodes_count: int, pace_ratio: float = 1.0) -> SpeedPlan:
    """The plan as the trip's driver reads it: a band of speeds at each node of the road.

    Driving, the plan is the speed aimed for; in overrun it is the most speed; rolling, the speed aimed for falls a little
    faster than the vehicle does, until it is free to roll. `pace_ratio` scales all speeds: the grid's steps leave plans a few
    parts in a thousand off the time wanted.
    """
    along = STEP_M * np.arange(nodes_count)
    kind = course.kind_state[np.minimum((along / task.way.stage_m).astype(int), len(course.kind_state) - 1)]
    speed = np.sqrt(2.0 * np.interp(along, course.distance_m, 0.5 * course.speed_mps**2))
    slack = -0.5 * np.interp(speed, task.map.speed_mps, task.map.overrun_n) / task.vehicle.mass_kg * STEP_M / speed
    free, fall = np.zeros(nodes_count), np.where(kind == planner.ROLL, slack, FALL_MPS2 * STEP_M / speed)
    for node in range(1, nodes_count):
        if kind[node] in {planner.ROLL, planner.COAST} and kind[node] == kind[node - 1]:
            free[node] = min(free[node - 1] + fall[node], FREE_MPS)
    free[kind == planner.HOLD] = HOLD_MPS
    room = np.array([TRACK_MPS, FREE_MPS, HOLD_MPS, FREE_MPS])[kind.astype(int)]
    floor = task.calibration.floor_mps
    return SpeedPlan(
        aim_mps=np.maximum(pace_ratio * (speed - free), floor), most_mps=np.maximum(pace_ratio * (speed + room), floor)
    )


def energy_of(run: TripRun) -> float:
    """Energy from the stores (J); a joule of a battery beside fuel counts as the fuel that it replaces."""
    worth = predictive().fuel_per_electric_ratio if run.combination.drive.fuel else 1.0
    return run.ledger.meter_j.get("fuel", 0.0) + worth * run.electric_j


def predict(
    combination: Combination, profile: Profile, payload_kg: float, conditions: Conditions | None = None,
    *, wanted_s: float | None = None, horizon_m: float | None = None, forecast: Weather | None = None,
) -> Predicted:  # fmt: skip
    """Drive a trip with and without predictive cruise control.

    Parameters
    ----------
    wanted_s : trip time wanted; ``None``: that of the same driver without it. A later one allows speeds lower in proportion.
    horizon_m : way seen ahead by each plan, renewed as it goes; ``None``: the whole road in one plan.
    forecast : weather that the plan reckons with; ``None``: the trip's own.

    Raises
    ------
    InputError, SimulationError : as `simulate.trip.drive`; InputError for speeds already planned, or a time that no plan
        within the driver's and the law's speeds takes.
    """
    now = conditions or Conditions()
    if now.speeds is not None:
        raise InputError("conditions already hold planned speeds; a driver without a plan is wanted")
    alone = drive(combination, profile, payload_kg, now)
    wanted = alone.time_s if wanted_s is None else wanted_s
    driven = alone.columns["trip_distance_m"], alone.columns["speed_mps"] * min(alone.time_s / wanted, 1.0)
    task = task_of(combination, profile, payload_kg, replace(now, weather=forecast or now.weather), driven)
    style = _planned(now.style, task)
    own, alone_j = task.calibration, energy_of(alone)
    best = Predicted(alone=alone, run=alone, course=None, speeds=None, alone_j=alone_j, energy_j=alone_j)
    nearest = own.time_most_ratio * wanted
    course: Course | None = None
    planned = max(wanted - sum(stop.duration_s for stop in profile.stops), 1.0)
    for _ in range(ROUNDS):
        course = priced(lambda price: task.course(price, horizon_m), planned, course.price_w if course else None)
        speeds = speeds_of(task, course, len(profile.sine), float(np.clip(course.time_s / planned, *PACE_RATIO)))
        run = drive(combination, profile, payload_kg, replace(now, style=style, speeds=speeds))
        energy_j, late = energy_of(run), run.time_s - wanted
        if abs(late) < nearest and (energy_j < alone_j or wanted_s is not None):
            best = Predicted(alone=alone, run=run, course=course, speeds=speeds, alone_j=alone_j, energy_j=energy_j)
            nearest = abs(late)
        if abs(late) <= max(own.time_ratio * wanted, 1.0):
            break
        planned = max(planned - late, 1.0)
    if wanted_s is not None and best.course is None:
        raise InputError(
            f"arrival after {wanted_s:.0f} s; the nearest plan takes {run.time_s:.0f} s, the driver {alone.time_s:.0f} s"
        )
    return best


def _planned(style: Style, task: Task) -> Style:
    """The driver who follows a plan: looks no further than it, and rolls out of gear on no steep descent."""
    return replace(
        style, look_ahead_mps2=style.decelerate_mps2, eco_roll=style.eco_roll or task.map.can_roll,
        eco_roll_grade_ratio=min(style.eco_roll_grade_ratio, task.roll_push_ratio),
    )  # fmt: skip


def priced(plan: Callable[[float], Course], wanted_s: float, guess_w: float | None) -> Course:
    """The plan that takes `wanted_s`, by the price of time: bisection of its logarithm, the nearest plan where none fits."""
    low, high = np.log(1e3), np.log(1e8)
    middle = np.log(guess_w) if guess_w else np.log(2e5)
    best: Course | None = None
    for _ in range(PRICES):
        course = plan(float(np.exp(middle)))
        late = course.time_s - wanted_s
        if best is None or abs(late) < abs(best.time_s - wanted_s):
            best = course
        if abs(late) <= 2e-4 * wanted_s:
            break
        low, high = (middle, high) if late > 0.0 else (low, middle)
        middle = 0.5 * (low + high)
    assert best is not None
    return best
