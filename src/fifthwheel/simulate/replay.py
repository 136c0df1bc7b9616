"""A trip driven again as stages: the same speeds and demands, another way to split them.

Any strategy (ECMS, with preview, a fixed price over a day) and dynamic programming meet on these stages, so that what differs
between them is the split alone. Speeds and gears are those of the trip; the kernel's own steps are finer, with
loss maps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.energy import price, split, stage, yardstick
from fifthwheel.control.energy.calibration import BESIDE, GAIN, INTEGRAL_GAIN, START_PRICE, WIDEST
from fifthwheel.control.energy.day import Drive, Spent
from fifthwheel.errors import InputError
from fifthwheel.road.profile import Profile
from fifthwheel.simulate import kernel, layout
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.coordinate import fill_stage, trailer_inertia, unhelped
from fifthwheel.simulate.pack import pack_bend, pack_load, top_speed_mps
from fifthwheel.simulate.trip import Conditions, TripRun, pack_road, pack_vehicle, packed
from fifthwheel.vehicle.components import Battery

Floats = NDArray[np.float64]

BLOCK_M: Final = 75.0
"""Length of a stage: 50 to 100 m (facts/control.md 4.2)."""
GRID_RATIO: Final = 0.0025
"""Charge between grid points of dynamic programming."""
FEEDBACK, AHEAD, FIXED = range(3)
"""Where a march takes its prices from."""
N_BATTERY: Final = 9

laws(
    yardstick.level, yardstick.keep, yardstick.fill_choices, yardstick.value_at, yardstick.step_back, yardstick.route_cost_j,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """Stages of a trip driven: `rows` ``(n, stage.N_STAGE)``; `batteries` ``(2, N_BATTERY)`` as `price.balance` reads them, the
    charge they start with in front (a battery that is not there has no window); `marginal_ratio` as the kernel's."""

    rows: Floats
    batteries: Floats
    marginal_ratio: float
    tune: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class March:
    """A route driven by a strategy: fuel with what engine starts took, both charges at the end, and the cost with ageing.

    Power that the split could not give counts as fuel at the engine's margin.
    """

    fuel_j: float
    cost_j: float
    soc_ratio: float
    trailer_soc_ratio: float


@compiled
def _fill_rows(stock: layout.Stock, trips: NDArray[np.void], scratch: kernel.Scratch, ends: kernel.Ends, places: Floats) -> None:
    """Fill ``scratch[3]`` (n, N_STAGE) from `places` (n, 6): way, gear, speed, demand, against, trailer's resistance."""
    run = kernel.run_of(stock, trips, scratch, ends)
    trip, train = trips[0], stock.trains[trips[0].tractor]
    kernel.begin(run, train)
    for index in range(len(places)):
        way, gear, speed, demand, against, behind = places[index]
        run.state[layout.V], run.state[layout.GEAR] = speed, gear
        node = min(int(way * trip.per_pitch), trip.nodes - 1)
        drag = kernel.overrun_force(run, train)
        needed = behind + trailer_inertia(trip) * (demand - against)
        forces = unhelped(train, demand, drag), needed, behind
        fill_stage(run, train, run.stages[index], (node, int(gear), speed, True), forces)
        run.stages[index, stage.DURATION_S] = 1.0


def route(run: TripRun, profile: Profile, conditions: Conditions) -> Route:
    """The stages of a trip driven over `profile` in `conditions`, 75 m each; seconds at standstill are left out."""
    whole = run.combination
    packer = packed(whole)
    nodes, stops = pack_road(profile, conditions, top_speed_mps(whole.drive, whole.tyre_radius_m))
    trips = np.zeros(1, dtype=layout.TRIP)
    trip: layout.Record = trips[0]
    pack_vehicle(trip, packer, whole, conditions)
    pack_load(trip, whole, run.payload_kg, conditions.weather, conditions.truth)
    trip.nodes, trip.stops, trip.altitude = len(nodes), len(stops), profile.altitude_m[0]
    places, way = _places(run, trip)
    rows = np.zeros((len(places), stage.N_STAGE))
    scratch = np.empty((len(nodes), 2)), np.zeros(layout.N_FLOW), np.zeros(3), rows
    stock = packer.stock((nodes, stops, np.zeros(0), pack_bend(profile)))
    _fill_rows(stock, trips, scratch, (np.zeros(layout.N_STATE), np.zeros(layout.N_BOOK)), places)
    first = np.flatnonzero(np.diff(np.floor(way / BLOCK_M), prepend=-1.0))
    seconds = np.diff(np.append(first, len(rows)))
    blocks = np.add.reduceat(rows, first, axis=0) / seconds[:, None]
    blocks[:, stage.DURATION_S] = seconds
    batteries = np.zeros((2, N_BATTERY))
    drive, towed = whole.drive, whole.trailer_drive
    marginal = float(trip.marginal)
    batteries[0] = _battery(drive.battery, float(trip.soc), trip.soc_plan[1], 0.0)
    batteries[1] = _battery(towed.battery if towed else None, float(trip.trailer_soc), trip.trailer_soc_plan[1],
                            float(trip.trailer_auxiliary))  # fmt: skip
    batteries[:, 4] = marginal * (trip.tune[START_PRICE] if drive.motor else trip.tune[BESIDE])
    batteries[:, 6] = trip.tune[GAIN]
    batteries[:, 7] = trip.tune[WIDEST]
    return Route(rows=blocks, batteries=batteries, marginal_ratio=marginal, tune=trip.tune.copy())


def _places(run: TripRun, trip: layout.Record) -> tuple[Floats, Floats]:
    """What `_fill_rows` reads, for seconds in which the vehicle moved, and the way at each."""
    state, book = run.samples[:, : layout.N_STATE], run.samples[:, layout.N_STATE : layout.N_STATE + layout.N_BOOK]
    way, work = np.diff(state[:, layout.S]), np.diff(book, axis=0)
    moving = way > 0.5
    way, work, state = way[moving], work[moving], state[1:][moving]
    air = work[:, layout.STILL] + work[:, layout.WIND]
    against = air + work[:, layout.ROLL_TRACTOR] + work[:, layout.ROLL_TRAILER] + work[:, layout.CLIMB]
    behind = air * trip.trailer_drag + work[:, layout.ROLL_TRAILER] + work[:, layout.CLIMB] * trip.trailer_mass / trip.mass
    demand = against + work[:, layout.KINETIC] - work[:, layout.ROTOR]
    columns = [state[:, layout.S], state[:, layout.GEAR], way, demand / way, against / way, behind / way]
    return np.column_stack(columns), state[:, layout.S]


def _battery(battery: Battery | None, soc: float, end: float, draw_w: float) -> Floats:
    if battery is None:
        return np.array([0.5, 1e15, 0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 0.0])
    return np.array([soc, battery.capacity_j, battery.soc_low_ratio, battery.soc_high_ratio, 0.0, end, 0.0, 0.0, draw_w])


@part
def _copy(to: Floats, row: Floats) -> None:
    for index in range(len(row)):
        to[index] = row[index]


@part
def _within(row: Floats, batteries: Floats, charge: tuple[float, float]) -> None:
    """Cut a stage's limits to what both windows leave over its duration."""
    seconds, speed = row[stage.DURATION_S], row[stage.SPEED_MPS]
    left = max(charge[0] - batteries[0, 2], 0.0) * batteries[0, 1] / seconds * 0.9
    room = max(batteries[0, 3] - charge[0], 0.0) * batteries[0, 1] / seconds
    row[stage.MOTOR_MOST_W] = min(row[stage.MOTOR_MOST_W], left)
    row[stage.MOTOR_LEAST_W] = max(row[stage.MOTOR_LEAST_W], -room)
    left = max(charge[1] - batteries[1, 2], 0.0) * batteries[1, 1] / seconds * 0.9
    room = max(batteries[1, 3] - charge[1], 0.0) * batteries[1, 1] / seconds
    row[stage.TRAILER_MOST_N] = min(row[stage.TRAILER_MOST_N], left / speed)
    row[stage.TRAILER_LEAST_N] = min(max(row[stage.TRAILER_LEAST_N], -room / speed), row[stage.TRAILER_MOST_N])


@compiled
def _march(rows: Floats, batteries: Floats, tune: Floats, how: int, given: Floats) -> None:
    """Drive the rows; `given`: prices or zero, then what comes out (fuel, cost, both charges), and room for battery and row."""
    soc, trailer_soc, on = batteries[0, 0], batteries[1, 0], True
    short, trailer_short, prices = 0.0, 0.0, (given[0], given[1])
    kept, fuel, cost = given[8 : 8 + N_BATTERY], 0.0, 0.0
    row = given[8 + N_BATTERY :]
    for index in range(len(rows)):
        share = index / len(rows)
        wanted = batteries[0, 5]
        trailer_wanted = batteries[1, 0] + (batteries[1, 5] - batteries[1, 0]) * share
        seconds = rows[index, stage.DURATION_S]
        short += (wanted - soc) * seconds
        trailer_short += (trailer_wanted - trailer_soc) * seconds
        gains = (tune[GAIN], tune[INTEGRAL_GAIN], tune[WIDEST])
        if how == FEEDBACK:
            prices = (
                price.feedback_price(batteries[0, 4], wanted - soc, short, gains),
                price.feedback_price(batteries[1, 4], trailer_wanted - trailer_soc, trailer_short, gains),
            )
        elif how == AHEAD:
            count = min(len(rows) - index, 53)
            if index == 0:
                prices = batteries[0, 4], batteries[1, 4]
            for turn in range(4):
                place = turn % 2
                _copy(kept, batteries[place])
                kept[0] = soc if place == 0 else trailer_soc
                kept[2], kept[3] = min(kept[2], kept[0] - 0.01), max(kept[3] - 0.02, kept[0] + 0.001)
                kept[4] *= 1.0 + gains[1] * (short if place == 0 else trailer_short)
                if kept[6] == 0.0:
                    continue
                found = price.preview_price(rows[index:], count, prices, place, kept)
                prices = (found, prices[1]) if place == 0 else (prices[0], found)
        _copy(row, rows[index])
        _within(row, batteries, (soc, trailer_soc))
        chosen = split.split(row, prices, on)
        if chosen[0] and not on:
            fuel += row[stage.START_J]
            cost += row[stage.START_J]
        on = chosen[0]
        crank = split.shaft_w(row[stage.DEMAND_N] - chosen[2], row[stage.SPEED_MPS], row[stage.DRIVE_RATIO])
        short = max(crank - chosen[1] - (row[stage.ENGINE_MOST_W] if on else 0.0), 0.0) if row[stage.DEMAND_N] > 0.0 else 0.0
        fuel += (chosen[3] + row[stage.SLOPE] * short) * seconds
        worn = row[stage.AGEING] * abs(chosen[1]) + row[stage.TRAILER_AGEING] * abs(
            split.shaft_w(chosen[2], row[stage.SPEED_MPS], row[stage.TRAILER_RATIO])
        )
        cost += (chosen[3] + row[stage.SLOPE] * short + worn) * seconds
        soc -= (chosen[4] + batteries[0, 8]) * seconds / batteries[0, 1]
        trailer_soc -= (chosen[5] + batteries[1, 8]) * seconds / batteries[1, 1]
    given[2], given[3], given[4], given[5] = fuel, cost, soc, trailer_soc


def march(one: Route, how: int, prices: tuple[float, float] = (0.0, 0.0)) -> March:
    """Drive a route by ``FEEDBACK`` (ECMS), ``AHEAD`` (with preview of 4 km) or at ``FIXED`` prices of both batteries.

    Raises
    ------
    InputError : fixed prices that are not positive.
    """
    if how == FIXED and min(prices) <= 0.0:
        raise InputError(f"prices {prices[0]:g} and {prices[1]:g} fuel per electric joule; above 0 is accepted")
    given = np.zeros(8 + N_BATTERY + stage.N_STAGE)
    given[:2] = prices
    _march(one.rows, one.batteries, one.tune, how, given)
    return March(fuel_j=float(given[2]), cost_j=float(given[3]), soc_ratio=float(given[4]), trailer_soc_ratio=float(given[5]))


def priced(one: Route) -> Drive:
    """A route as `control.energy.day` plans it: the trailer's charge at its start and a price to what it takes."""

    def drive(soc_ratio: float, price_ratio: float) -> Spent:
        batteries = one.batteries.copy()
        batteries[1, 0] = soc_ratio
        done = march(replace(one, batteries=batteries), FIXED, (max(float(batteries[0, 4]), 1.0), price_ratio))
        drawn_j = (soc_ratio - done.trailer_soc_ratio) * float(batteries[1, 1])
        return Spent(fuel_j=done.fuel_j, drawn_j=drawn_j, soc_end_ratio=done.trailer_soc_ratio)

    return drive


@compiled
def _programme(
    rows: Floats, steps_j: tuple[float, float], others: tuple[float, float, float], choices: Floats, values: Floats
) -> None:
    yardstick.route_cost_j(rows, steps_j, others, (choices, values))


def least_cost_j(one: Route, ends: tuple[float, float], grid_ratio: float = GRID_RATIO) -> float:
    """Least cost (fuel, starts, ageing) of any split that arrives with both batteries at `ends` or above: dynamic programming.

    Raises
    ------
    InputError : a grid coarser than 2 % of charge, or no split that keeps the windows.
    """
    if not 0.0 < grid_ratio <= 0.02:
        raise InputError(f"grid of {grid_ratio:g} of charge; above 0, up to 0.02 is accepted")
    places, start = [], []
    for battery, end in zip(one.batteries, ends, strict=True):
        if battery[1] >= 1e15:
            places.append(np.zeros(1))
            start.append(0.0)
            continue
        low, high = min(battery[2], battery[0], end), max(battery[3], battery[0])
        count = int(np.ceil((high - low) / grid_ratio)) + 1
        grid = np.linspace(low, high, count)
        places.append(np.maximum(end - grid, 0.0) * battery[1])
        start.append(float((battery[0] - low) / (high - low) * (count - 1)))
    dear = 3.0 * one.marginal_ratio
    values = np.zeros((4, len(places[0]), len(places[1])))
    values[:2] = dear * (places[0][:, None] + places[1][None, :])
    steps = [
        1e15 if len(place) == 1 else float(grid_step(battery, end, len(place)))
        for place, battery, end in zip(places, one.batteries, ends, strict=True)
    ]
    others = float(one.batteries[0, 8]), float(one.batteries[1, 8]), float(one.batteries[0, 4])
    _programme(one.rows, (steps[0], steps[1]), others, np.zeros((yardstick.N_CHOICES, 4)), values)
    found = float(yardstick.value_at(values[1], start[0], start[1]))
    if found >= yardstick.NEVER_J:
        raise InputError("no split keeps both batteries in their windows on this route")
    return found


def grid_step(battery: Floats, end: float, count: int) -> float:
    """Energy between two grid points of a battery."""
    low, high = min(battery[2], battery[0], end), max(battery[3], battery[0])
    return float((high - low) / (count - 1) * battery[1])
