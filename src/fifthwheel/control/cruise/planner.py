"""The planner of predictive cruise control: dynamic programming over distance, arrays in, plan out.

The state is kinetic energy for each kilogram (J/kg), in which the motion over a stage is linear, and whether the vehicle
rolls out of gear. Plain functions that also compile as they stand (`simulate.predict`): they do not allocate and raise nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRIVE, COAST, HOLD, ROLL = 0, 1, 2, 3
"""What a stage does: drives; is pushed in gear with the pedal released; holds a speed against the push (little fuel, recuperation,
brakes); rolls out of gear."""
TARGETS = 4
"""Changes of energy tried to either side of holding speed, one grid step apart."""
NEVER_J = 1e30
SHORT_JPJ = 20.0
"""What a joule of kinetic energy below the lower bound costs: above any use of it, so that the bound only bends if it must."""
KIND, ENERGY, FORCE, STORE_J, TIME_S = range(5)
"""Columns of a plan, by stage; `ENERGY` is reached at the stage's end."""
N_PLAN = 5


class Way(NamedTuple):
    """The road in stages of `stage_m`, n of them: resistance over the energy grid (n, n_energies), share of full load left
    (n,), whether rolling is allowed (n,), and bounds of the state at the nodes (n + 1,)."""

    stage_m: float
    against_n: Floats
    strength_ratio: Floats
    may_roll: Floats
    low: Floats
    high: Floats


class Vehicle(NamedTuple):
    """What moves and what it costs, over the energy grid (n_energies,) from `grid[0]`, steps alike: mass with what turns; power
    from the store over grid and wheel force (n_energies, n_forces), forces from `force_from` on `force_step` apart; most force,
    overrun, most acceleration; power while rolling, and what engaging again costs."""

    grid: Floats
    mass_kg: float
    force_from_n: float
    force_step_n: float
    power_w: Floats
    most_n: Floats
    overrun_n: Floats
    accelerate_mps2: Floats
    roll_w: float
    engage_j: Floats


class Wish(NamedTuple):
    """Price of time, value at the end of a joule of kinetic energy in joules of the store, least speed to roll at, and the price
    of a kilogram's acceleration squared."""

    price_w: float
    end_jpj: float
    roll_from_mps: float
    smooth_s: float


def between(table: Floats, position: float) -> float:
    """Value of a table at a fractional index, held at its ends."""
    index = min(max(int(position), 0), len(table) - 2)
    share = min(max(position - index, 0.0), 1.0)
    return float(table[index] * (1.0 - share) + table[index + 1] * share)


def store_w(vehicle: Vehicle, position: float, force_n: float) -> float:
    """Power from the store at a place on the grid and a wheel force; held beyond the table of forces."""
    column = min(max((force_n - vehicle.force_from_n) / vehicle.force_step_n, 0.0), vehicle.power_w.shape[1] - 1.001)
    row = min(max(int(position), 0), vehicle.power_w.shape[0] - 2)
    share, j = min(max(position - row, 0.0), 1.0), int(column)
    part = column - j
    low = vehicle.power_w[row, j] * (1.0 - part) + vehicle.power_w[row, j + 1] * part
    high = vehicle.power_w[row + 1, j] * (1.0 - part) + vehicle.power_w[row + 1, j + 1] * part
    return float(low * (1.0 - share) + high * share)


def price_of(way: Way, vehicle: Vehicle, wish: Wish, stage: int, change: tuple[float, float, float]) -> float:
    """Cost of a stage from one energy to another with a power from the store, and of ending below the bound."""
    before, after, power_w = change
    time_s = 2.0 * way.stage_m / (np.sqrt(2.0 * before) + np.sqrt(2.0 * after))
    short = max(way.low[stage + 1] - after, 0.0)
    change_mps2 = (after - before) / way.stage_m
    smooth_w = wish.smooth_s * vehicle.mass_kg * change_mps2 * change_mps2
    return float((power_w + smooth_w + wish.price_w) * time_s + SHORT_JPJ * vehicle.mass_kg * short)


def in_gear(
    way: Way, vehicle: Vehicle, wish: Wish, value: Floats, here: tuple[int, float]
) -> tuple[float, float, float]:  # fmt: skip
    """Best stage in gear from ``here`` (stage, energy): its cost with all that follows, the energy it ends at, and its force.

    `value` is the cost from the stage's end on, in gear, over the grid, shape (n_energies,).
    """
    stage, energy = here
    step = vehicle.grid[1] - vehicle.grid[0]
    position = (energy - vehicle.grid[0]) / step
    against = between(way.against_n[stage], position)
    per = way.stage_m / vehicle.mass_kg
    most = min(way.strength_ratio[stage] * between(vehicle.most_n, position), _pull_n(vehicle, position, against))
    top, floor = way.high[stage + 1], vehicle.grid[0]
    best, ending, chosen = NEVER_J, min(energy, top), 0.0
    for option in range(-TARGETS, TARGETS + 4):
        if option <= TARGETS:
            after = energy + option * step
        elif option == TARGETS + 1:
            after = energy + (most - against) * per
        elif option == TARGETS + 2:
            after = energy + (between(vehicle.overrun_n, position) - against) * per
        else:
            after = top
        after = min(max(after, floor), top)
        force = (after - energy) / per + against
        if force > most + 1.0 and after > floor:
            continue
        cost = price_of(way, vehicle, wish, stage, (energy, after, store_w(vehicle, position, force)))
        cost += between(value, (after - vehicle.grid[0]) / step)
        if cost < best:
            best, ending, chosen = cost, after, force
    return best, ending, chosen


def _pull_n(vehicle: Vehicle, position: float, against_n: float) -> float:
    """Force of the most acceleration that the driver takes."""
    return against_n + vehicle.mass_kg * between(vehicle.accelerate_mps2, position)


def rolling(way: Way, vehicle: Vehicle, wish: Wish, value: Floats, here: tuple[int, float]) -> tuple[float, float]:
    """Cost of a stage out of gear with all that follows, and the energy it ends at; `NEVER_J` where it may not."""
    stage, energy = here
    step = vehicle.grid[1] - vehicle.grid[0]
    position = (energy - vehicle.grid[0]) / step
    after = energy - between(way.against_n[stage], position) * way.stage_m / vehicle.mass_kg
    least = 0.5 * wish.roll_from_mps * wish.roll_from_mps
    if way.may_roll[stage] == 0.0 or min(energy, after) < least or after > way.high[stage + 1]:
        return NEVER_J, energy
    cost = price_of(way, vehicle, wish, stage, (energy, after, vehicle.roll_w))
    return cost + between(value, (after - vehicle.grid[0]) / step), after


def look_back(way: Way, vehicle: Vehicle, wish: Wish, value: Floats) -> None:
    """Fill `value`, shape (n + 1, 2, n_energies): least cost to the end from each node, in gear and out of gear, over the grid.

    States far below the lower bound are not looked at: they cost what the lowest looked at does, and the way up to it.
    """
    stages, count = len(way.strength_ratio), len(vehicle.grid)
    step = vehicle.grid[1] - vehicle.grid[0]
    for index in range(count):
        value[stages, 0, index] = value[stages, 1, index] = -wish.end_jpj * vehicle.mass_kg * vehicle.grid[index]
    for stage in range(stages - 1, -1, -1):
        for index in range(count - 1, -1, -1):
            energy = vehicle.grid[index]
            if energy > way.high[stage] + step:
                value[stage, 0, index] = value[stage, 1, index] = NEVER_J
            elif energy < 0.75 * way.low[stage] - 2.0 * step:
                value[stage, 0, index] = value[stage, 0, index + 1] + SHORT_JPJ * vehicle.mass_kg * step
                value[stage, 1, index] = value[stage, 0, index]
            else:
                geared = in_gear(way, vehicle, wish, value[stage + 1, 0], (stage, energy))[0]
                rolled = rolling(way, vehicle, wish, value[stage + 1, 1], (stage, energy))[0]
                value[stage, 0, index] = min(geared, rolled)
                value[stage, 1, index] = min(geared + vehicle.engage_j[index], rolled)


def drive_out(way: Way, vehicle: Vehicle, wish: Wish, value: Floats, plan: Floats) -> None:
    """Follow the least cost from the start into `plan`, shape (n, N_PLAN), whose first row holds the energy and kind at the
    start."""
    energy, rolls = plan[0, ENERGY], plan[0, KIND] == ROLL
    step = vehicle.grid[1] - vehicle.grid[0]
    for stage in range(len(way.strength_ratio)):
        here = (stage, energy)
        position = (energy - vehicle.grid[0]) / step
        geared, ending, force = in_gear(way, vehicle, wish, value[stage + 1, 0], here)
        rolled, ended = rolling(way, vehicle, wish, value[stage + 1, 1], here)
        engage = between(vehicle.engage_j, position) if rolls else 0.0
        rolls = rolled <= geared + engage
        before, power, engaged = energy, vehicle.roll_w, 0.0
        if rolls:
            energy, force = ended, 0.0
        else:
            energy, power, engaged = ending, store_w(vehicle, position, force), engage
        time_s = 2.0 * way.stage_m / (np.sqrt(2.0 * before) + np.sqrt(2.0 * energy))
        released = abs(force - between(vehicle.overrun_n, position)) < 1.0
        plan[stage, KIND] = ROLL if rolls else COAST if released else DRIVE if force > 0.0 else HOLD
        plan[stage, ENERGY], plan[stage, FORCE] = energy, force
        plan[stage, STORE_J], plan[stage, TIME_S] = power * time_s + engaged, time_s
