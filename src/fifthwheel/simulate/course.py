"""The planning task of a trip for `control.cruise.planner`, and its plan at a price of time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.cruise import planner
from fifthwheel.control.cruise.calibration import Predictive, predictive
from fifthwheel.control.cruise.energy_map import EnergyMap, energy_map
from fifthwheel.physics import aero
from fifthwheel.physics.engine import altitude_derating_ratio
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.simulate import layout
from fifthwheel.simulate.compiled import compiled, laws
from fifthwheel.simulate.pack import NOMINAL, Packer, pack_load, top_speed_mps
from fifthwheel.simulate.trip import Conditions, pack_road, pack_vehicle
from fifthwheel.vehicle.combination import Combination, Drive

Floats = NDArray[np.float64]

laws(
    planner.between,
    planner.store_w,
    planner.price_of,
    planner.freely,
    planner.in_gear,
    planner.rolling,
    planner.look_back,
    planner.drive_out,
)


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


@compiled
def solve(way: planner.Way, vehicle: planner.Vehicle, wish: planner.Wish, value: Floats, plan: Floats) -> None:
    """Plan over the whole of `way`: `planner.look_back`, then `planner.drive_out`."""
    planner.look_back(way, vehicle, wish, value)
    planner.drive_out(way, vehicle, wish, value, plan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What is planned: way, vehicle, its map, and room for the values; what a joule of speed is worth at a horizon's end.

    `roll_push_ratio`: push of the road beyond resistance, over the weight, up to which it rolls; no steep descent pushes less.
    """

    way: planner.Way
    vehicle: planner.Vehicle
    map: EnergyMap
    calibration: Predictive
    distance_m: Floats
    value: Floats
    end_jpj: float
    roll_push_ratio: float

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
                price_w=price_w,
                end_jpj=self.end_jpj if last < stages else 0.0,
                roll_from_mps=own.roll_from_mps,
                smooth_s=own.smooth_s,
            )
            if first:
                plan[first, planner.ENERGY], plan[first, planner.KIND] = (
                    plan[first - 1, planner.ENERGY],
                    plan[first - 1, planner.KIND],
                )
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bounds:
    pitch_m: float
    grid: Floats
    low: Floats
    high: Floats
    roll_push_ratio: float
    roll_slowing_mps2: float
    can_roll: bool


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
    grid = floor + own.grid_jpkg * np.arange(int(np.ceil((top - floor) / own.grid_jpkg)) + 2, dtype=np.float64)
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
    level = _level_n(combination, trip, (nodes, distance), found.speed_mps)
    push = max(own.roll_grade_ratio - float(level.max()) / float(trip.mass * GRAVITY), 0.0)
    bounds = _Bounds(
        pitch_m=float(distance[1]), grid=grid, low=low, high=high, roll_push_ratio=push, can_roll=found.can_roll,
        roll_slowing_mps2=own.roller_slowing_mps2 if conditions.style.eco_roll else own.roll_slowing_mps2,
    )  # fmt: skip
    height = np.interp(distance, STEP_M * np.arange(len(nodes)), nodes[:, layout.HEIGHT])
    way = _way(trip, combination.drive, height, level, bounds)
    return Task(
        way=way, vehicle=vehicle, map=found, calibration=own, distance_m=distance,
        value=np.empty((count + 1, 2, len(grid))), end_jpj=_marginal_jpj(found, way), roll_push_ratio=push,
    )  # fmt: skip


def _high(nodes: Floats, stops: Floats, distance_m: Floats, decelerate_mps2: Floats, own: Predictive) -> Floats:
    """Most energy at the planner's nodes: what may be rolled at, and what every later bound and stop can be met from."""
    pitch = distance_m[1] - distance_m[0]
    most = np.full(len(distance_m), np.inf)
    places = np.rint(STEP_M * np.arange(len(nodes)) / pitch).astype(int)
    np.minimum.at(most, np.minimum(places, len(most) - 1), nodes[:, layout.MOST] - own.margin_mps)
    halts = np.rint(stops[:, 0] / pitch).astype(int)
    most[np.minimum(halts, len(most) - 1)] = own.floor_mps
    high: Floats = 0.5 * np.maximum(most, own.floor_mps) ** 2
    for node in range(len(high) - 2, -1, -1):
        brake = float(np.interp(np.sqrt(2.0 * high[node + 1]), np.arange(layout.N_SPEED), decelerate_mps2))
        high[node] = min(high[node], high[node + 1] + brake * pitch)
    return high


def _level_n(combination: Combination, trip: layout.Record, road: tuple[Floats, Floats], speed_mps: Floats) -> Floats:
    """Resistance of air and tyres at the stages' middles over the speeds of the grid, shape (n_stages, n_speeds)."""
    nodes, distance = road
    along, places = STEP_M * np.arange(len(nodes)), 0.5 * (distance[1:] + distance[:-1])
    middle = {
        column: np.interp(places, along, nodes[:, column])[:, None]
        for column in (layout.DENSITY, layout.SURFACE, layout.HEAD, layout.CROSS, layout.SINE)
    }
    if trip.windy:
        wind = middle[layout.HEAD], middle[layout.CROSS]
        air = aero.air_force_n(middle[layout.DENSITY], float(trip.drag_area), speed_mps, wind, combination.crosswind)
    else:
        area = np.interp(speed_mps, np.arange(layout.N_SPEED), trip.drag)
        air = aero.still_air_force_n(middle[layout.DENSITY], area, speed_mps)
    flat = middle[layout.SURFACE] * np.sqrt(1.0 - middle[layout.SINE] ** 2)
    return np.asarray(air + (trip.roll_tractor + trip.roll_trailer) * flat)


def _way(trip: layout.Record, drive: Drive, height_m: Floats, level_n: Floats, task: _Bounds) -> planner.Way:
    """The road in stages: resistance at every speed of the grid, and where rolling may go on or begin."""
    weight, pitch = float(trip.mass * GRAVITY), task.pitch_m
    sine = np.diff(height_m) / pitch
    against = level_n + (weight * sine)[:, None]
    usual = against[np.arange(len(sine)), np.minimum(np.searchsorted(task.grid, task.high[:-1]), len(task.grid) - 1)]
    goes_on = (usual > -task.roll_push_ratio * weight) & (usual < task.roll_slowing_mps2 * trip.mass) & task.can_roll
    begins = goes_on & (usual < 0.0)
    strength = np.ones(len(sine))
    if drive.engine:
        engine = drive.engine
        strength = np.asarray(altitude_derating_ratio(height_m[:-1], engine.derate_altitude_m, engine.derate_per_metre_ratio))
    return planner.Way(
        stage_m=pitch, against_n=np.ascontiguousarray(against), strength_ratio=strength,
        may_roll=np.where(begins, planner.MAY_BEGIN, np.where(goes_on, planner.MAY_GO_ON, 0.0)), low=task.low, high=task.high,
    )  # fmt: skip


def _marginal_jpj(found: EnergyMap, way: planner.Way) -> float:
    """Energy from the store that a joule of kinetic energy saves later: one joule less work at the wheels at usual speed."""
    row = int(np.searchsorted(0.5 * found.speed_mps**2, np.median(way.high))) - 1
    column = int(np.searchsorted(found.force_n, max(float(np.median(way.against_n[:, row])), 0.0)))
    rise = found.power_w[row, column + 1] - found.power_w[row, column]
    return float(rise / (found.force_n[1] - found.force_n[0]) / found.speed_mps[row])
