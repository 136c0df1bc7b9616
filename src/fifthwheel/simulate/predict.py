"""Predictive cruise control on a trip: the same driver without it, the plan for the same arrival, and the trip that follows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.cruise import planner
from fifthwheel.control.cruise.calibration import Predictive, predictive
from fifthwheel.control.cruise.energy_map import EnergyMap, energy_map
from fifthwheel.errors import InputError
from fifthwheel.physics import aero
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.engine import altitude_derating_ratio
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.compiled import compiled, laws
from fifthwheel.simulate.pack import NOMINAL, Packer, SpeedPlan, pack_load, top_speed_mps
from fifthwheel.simulate.trip import Conditions, TripRun, drive, pack_road, pack_vehicle
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]

laws(
    planner.between, planner.store_w, planner.price_of, planner._pull_n, planner.in_gear, planner.rolling,
    planner.look_back, planner.drive_out,
)  # fmt: skip
ROUNDS: Final = 6
"""Plans driven at most until the time fits."""
PRICES: Final = 24
"""Plans made at most to find the price of time."""
TRACK_MPS: Final = 0.4
"""A driving vehicle may be faster than planned by this before it slows down."""
FREE_MPS: Final = 1.0
"""A rolling or coasting vehicle may leave the plan by this either way."""
HOLD_MPS: Final = 0.05
"""A vehicle held against a push may leave the plan by this either way."""
FALL_MPS2: Final = 0.06
"""Coasting in gear, the speed aimed for falls by this faster than the vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A plan by stage: place of the nodes between stages (n + 1,), speed there, kind (`planner.DRIVE`, ...) and gear of each
    stage (n,), with its time and energy from the store by the planner's model."""

    distance_m: Floats
    speed_mps: Floats
    kind_state: Floats
    gear_count: Floats
    time_s: float
    energy_j: float
    price_w: float


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


@compiled
def solve(way: planner.Way, vehicle: planner.Vehicle, wish: planner.Wish, value: Floats, plan: Floats) -> None:
    """Plan over the whole of `way`: `planner.look_back`, then `planner.drive_out`."""
    planner.look_back(way, vehicle, wish, value)
    planner.drive_out(way, vehicle, wish, value, plan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What is planned: way, vehicle, its map, and room for the values."""

    way: planner.Way
    vehicle: planner.Vehicle
    map: EnergyMap
    calibration: Predictive
    distance_m: Floats
    value: Floats
    end_jpj: float

    def course(self, price_w: float, horizon_m: float | None = None) -> Course:
        """The plan at a price of time: over the whole way at once, or renewed on the way with the next `horizon_m` in sight."""
        own, stages = self.calibration, len(self.way.strength_ratio)
        seen = stages if horizon_m is None else max(round(horizon_m / self.way.stage_m), 2)
        kept = stages if horizon_m is None else max(min(round(own.renew_m / self.way.stage_m), seen), 1)
        plan, start = np.zeros((stages + seen, planner.N_PLAN)), float(self.vehicle.grid[0])
        plan[0, planner.ENERGY] = start
        for first in range(0, stages, kept):
            last = min(first + seen, stages)
            way = self.way._replace(
                against_n=self.way.against_n[first:last], strength_ratio=self.way.strength_ratio[first:last],
                may_roll=self.way.may_roll[first:last], low=self.way.low[first : last + 1], high=self.way.high[first : last + 1],
            )  # fmt: skip
            wish = planner.Wish(
                price_w=price_w, end_jpj=self.end_jpj if last < stages else 0.0, roll_from_mps=own.roll_from_mps,
                smooth_s=own.smooth_s,
            )
            if first:
                plan[first, planner.ENERGY], plan[first, planner.KIND] = plan[first - 1, planner.ENERGY], plan[first - 1, planner.KIND]
            solve(way, self.vehicle, wish, self.value[: last - first + 1], plan[first:last])
        plan = plan[:stages]
        speed = np.sqrt(2.0 * np.append(start, plan[:, planner.ENERGY]))
        return Course(
            distance_m=self.distance_m, speed_mps=speed, kind_state=plan[:, planner.KIND],
            gear_count=self._gears(speed[:-1], plan[:, planner.FORCE]), time_s=float(plan[:, planner.TIME_S].sum()),
            energy_j=float(plan[:, planner.STORE_J].sum()), price_w=price_w,
        )  # fmt: skip

    def _gears(self, speed_mps: Floats, force_n: Floats) -> Floats:
        rows = np.clip(np.searchsorted(self.map.speed_mps, speed_mps), 0, len(self.map.speed_mps) - 1)
        columns = np.clip(np.searchsorted(self.map.force_n, force_n), 0, len(self.map.force_n) - 1)
        return self.map.gear_count[rows, columns].astype(np.float64)


def task_of(
    combination: Combination, profile: Profile, payload_kg: float, conditions: Conditions, driven: tuple[Floats, Floats]
) -> Task:
    """The planning task of a trip.

    Parameters
    ----------
    driven : distances and speeds of the driver without plan, which bound the plan's speeds from below.
    """
    own = predictive()
    now = replace(conditions, truth=NOMINAL)
    trips = np.zeros(1, dtype=layout.TRIP)
    trip: layout.Record = trips[0]
    pack_vehicle(trip, Packer(), combination, now)
    pack_load(trip, combination, payload_kg, now.weather, now.truth)
    nodes, stops = pack_road(profile, now, top_speed_mps(combination.drive, combination.tyre_radius_m))
    count = max(round(profile.length_m / own.stage_m), 2)
    distance = np.linspace(0.0, profile.length_m, count + 1)
    nodes[:, layout.MOST] = np.minimum(nodes[:, layout.MOST], profile.limit_mps)
    high = _high(nodes, stops, distance, trip.decelerate, own)
    floor, top = 0.5 * own.floor_mps**2, float(high.max()) + own.grid_jpkg
    grid = floor + own.grid_jpkg * np.arange(int(np.ceil((top - floor) / own.grid_jpkg)) + 2)
    found = energy_map(
        combination, np.sqrt(2.0 * grid), loaded=payload_kg > 0.0, fuel_per_electric_ratio=own.fuel_per_electric_ratio
    )
    vehicle = planner.Vehicle(
        grid=grid, mass_kg=float(trip.mass + trip.rotating), force_from_n=float(found.force_n[0]),
        force_step_n=float(found.force_n[1] - found.force_n[0]), power_w=np.ascontiguousarray(found.power_w), most_n=found.most_n,
        overrun_n=found.overrun_n, roll_w=found.roll_w, engage_j=found.engage_j,
        accelerate_mps2=np.interp(found.speed_mps, np.arange(layout.N_SPEED), trip.accelerate),
    )  # fmt: skip
    slow = np.interp(distance, *driven)
    below = np.minimum(own.below_mps, own.below_ratio * slow)
    low = np.minimum(0.5 * np.maximum(slow - below, own.floor_mps) ** 2, high)
    way = _way(combination, trip, nodes, (distance, low, high), found, own)
    return Task(
        way=way, vehicle=vehicle, map=found, calibration=own, distance_m=distance,
        value=np.empty((count + 1, 2, len(grid))), end_jpj=_marginal_jpj(found, way),
    )  # fmt: skip


def _high(nodes: Floats, stops: Floats, distance_m: Floats, decelerate_mps2: Floats, own: Predictive) -> Floats:
    """Most energy at the planner's nodes: what may be rolled at, and what every later bound and stop can be met from."""
    pitch = distance_m[1] - distance_m[0]
    most = np.full(len(distance_m), np.inf)
    places = np.rint(STEP_M * np.arange(len(nodes)) / pitch).astype(int)
    np.minimum.at(most, np.minimum(places, len(most) - 1), nodes[:, layout.MOST] - own.margin_mps)
    halts = np.rint(stops[:, 0] / pitch).astype(int)
    most[np.minimum(halts, len(most) - 1)] = own.floor_mps
    high = 0.5 * np.maximum(most, own.floor_mps) ** 2
    for node in range(len(high) - 2, -1, -1):
        brake = float(np.interp(np.sqrt(2.0 * high[node + 1]), np.arange(layout.N_SPEED), decelerate_mps2))
        high[node] = min(high[node], high[node + 1] + brake * pitch)
    return high


def _way(
    combination: Combination, trip: layout.Record, nodes: Floats, bounds: tuple[Floats, Floats, Floats], found: EnergyMap,
    own: Predictive,
) -> planner.Way:  # fmt: skip
    """The road in stages: resistance at every speed of the grid, and where rolling is allowed."""
    distance, low, high = bounds
    pitch, along = float(distance[1] - distance[0]), STEP_M * np.arange(len(nodes))
    height = np.interp(distance, along, nodes[:, layout.HEIGHT])
    sine = np.diff(height) / pitch
    middle = {
        column: np.interp(distance[:-1] + 0.5 * pitch, along, nodes[:, column])[:, None]
        for column in (layout.DENSITY, layout.SURFACE, layout.HEAD, layout.CROSS)
    }
    speed = found.speed_mps
    if trip.windy:
        wind = middle[layout.HEAD], middle[layout.CROSS]
        air = aero.air_force_n(middle[layout.DENSITY], float(trip.drag_area), speed, wind, combination.crosswind)
    else:
        area = np.interp(speed, np.arange(layout.N_SPEED), trip.drag)
        air = aero.still_air_force_n(middle[layout.DENSITY], area, speed)
    rolls = (trip.roll_tractor + trip.roll_trailer) * middle[layout.SURFACE] * np.sqrt(1.0 - sine**2)[:, None]
    against = air + rolls + (trip.mass * GRAVITY * sine)[:, None]
    usual = against[np.arange(len(sine)), np.minimum(np.searchsorted(0.5 * speed**2, high[:-1]), len(speed) - 1)]
    may_roll = (sine > -own.roll_grade_ratio) & (usual < own.roll_slowing_mps2 * trip.mass) & found.can_roll
    engine = combination.drive.engine
    strength = np.ones(len(sine))
    if engine:
        strength = np.asarray(altitude_derating_ratio(height[:-1], engine.derate_altitude_m, engine.derate_per_metre_ratio))
    return planner.Way(
        stage_m=pitch, against_n=np.ascontiguousarray(against), strength_ratio=strength, may_roll=may_roll.astype(np.float64),
        low=low, high=high,
    )  # fmt: skip


def _marginal_jpj(found: EnergyMap, way: planner.Way) -> float:
    """Energy from the store that a joule of kinetic energy saves later: one joule less work at the wheels at usual speed."""
    row = int(np.searchsorted(0.5 * found.speed_mps**2, np.median(way.high))) - 1
    column = int(np.searchsorted(found.force_n, max(float(np.median(way.against_n[:, row])), 0.0)))
    rise = found.power_w[row, column + 1] - found.power_w[row, column]
    return float(rise / (found.force_n[1] - found.force_n[0]) / found.speed_mps[row])


def speeds_of(task: Task, course: Course, nodes_count: int) -> SpeedPlan:
    """The plan as the trip's driver reads it: a band of speeds at each node of the road.

    Driving, the plan is the speed aimed for; in overrun it is the most speed; rolling, the speed aimed for falls a little
    faster than the vehicle does, until it is free to roll.
    """
    along = STEP_M * np.arange(nodes_count)
    kind = course.kind_state[np.minimum((along / task.way.stage_m).astype(int), len(course.kind_state) - 1)]
    speed = np.sqrt(2.0 * np.interp(along, course.distance_m, 0.5 * course.speed_mps**2))
    slack = -0.5 * np.interp(speed, task.map.speed_mps, task.map.overrun_n) / task.vehicle.mass_kg * STEP_M / speed
    free, fall = np.zeros(nodes_count), np.where(kind == planner.ROLL, slack, FALL_MPS2 * STEP_M / speed)
    for node in range(1, nodes_count):
        if kind[node] in {planner.ROLL, planner.COAST} and kind[node] == kind[node - 1]:
            free[node] = min(free[node - 1] + fall[node], FREE_MPS)
    room = np.array([TRACK_MPS, FREE_MPS, HOLD_MPS, FREE_MPS])[kind.astype(int)]
    floor = task.calibration.floor_mps
    return SpeedPlan(
        aim_mps=np.maximum(speed - np.where(kind == planner.HOLD, HOLD_MPS, free), floor), most_mps=np.maximum(speed + room, floor)
    )


def energy_of(run: TripRun, fuel_per_electric_ratio: float) -> float:
    """Energy from the stores; batteries beside fuel count in fuel."""
    fuel = run.ledger.meter_j.get("fuel", 0.0)
    return fuel + run.electric_j * (fuel_per_electric_ratio if run.combination.drive.fuel else 1.0)


def predict(
    combination: Combination, profile: Profile, payload_kg: float, conditions: Conditions | None = None,
    *, wanted_s: float | None = None, horizon_m: float | None = None, forecast: Weather | None = None,
) -> Predicted:  # fmt: skip
    """Drive a trip with and without predictive cruise control.

    Parameters
    ----------
    wanted_s : trip time wanted; ``None``: that of the same driver without it.
    horizon_m : way seen ahead by each plan, renewed as it goes; ``None``: the whole road in one plan.
    forecast : weather that the plan reckons with; ``None``: the trip's own.

    Raises
    ------
    InputError, SimulationError : as `simulate.trip.drive`; InputError for speeds already planned.
    """
    now = conditions or Conditions()
    if now.speeds is not None:
        raise InputError("conditions already hold planned speeds; a driver without a plan is wanted")
    alone = drive(combination, profile, payload_kg, now)
    driven = alone.columns["trip_distance_m"], alone.columns["speed_mps"]
    task = task_of(combination, profile, payload_kg, replace(now, weather=forecast or now.weather), driven)
    style = replace(now.style, eco_roll=now.style.eco_roll or task.map.can_roll)
    wanted = alone.time_s if wanted_s is None else wanted_s
    own, ratio = task.calibration, task.calibration.fuel_per_electric_ratio
    alone_j = energy_of(alone, ratio)
    best = Predicted(alone=alone, run=alone, course=None, speeds=None, alone_j=alone_j, energy_j=alone_j)
    nearest = own.time_most_ratio * wanted
    course, planned = None, wanted - sum(stop.duration_s for stop in profile.stops)
    for _ in range(ROUNDS):
        course = priced(lambda price: task.course(price, horizon_m), planned, course.price_w if course else None)
        speeds = speeds_of(task, course, len(profile.sine))
        run = drive(combination, profile, payload_kg, replace(now, style=style, speeds=speeds))
        energy_j, late = energy_of(run, ratio), run.time_s - wanted
        if abs(late) < nearest and energy_j < alone_j:
            best = Predicted(alone=alone, run=run, course=course, speeds=speeds, alone_j=alone_j, energy_j=energy_j)
            nearest = abs(late)
        if abs(late) <= max(own.time_ratio * wanted, 1.0):
            break
        planned -= late
    return best


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
