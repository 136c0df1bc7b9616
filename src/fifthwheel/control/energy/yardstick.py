"""Dynamic programming over a whole route: the least that any split could have used, as the yardstick of the energy unit.

State: charge of both batteries and whether the engine runs; stage: a block of road at a given speed. Value in between grid points
by bilinear interpolation, choices from a grid that holds every machine's limits and rest.
"""

from __future__ import annotations

from typing import Final

from fifthwheel.control.energy.split import judged, shaft_w
from fifthwheel.control.energy.stage import (
    DEMAND_N,
    DRIVE_RATIO,
    DURATION_S,
    HAS_ENGINE,
    MOTOR_LEAST_W,
    MOTOR_MOST_W,
    SPEED_MPS,
    START_J,
    TRAILER_LEAST_N,
    TRAILER_MOST_N,
    Floats,
)

LEVELS: Final = 11
"""Levels between a machine's limits that are tried, beside rest and what the demand leaves."""
N_CHOICES: Final = (LEVELS + 1) * (LEVELS + 3)
ON, COST_J, DRAWN_J, TRAILER_DRAWN_J = range(4)
"""A choice: whether the engine runs, cost, and energy out of both batteries' cells."""
NEVER_J: Final = 1e18


def level(low: float, high: float, index: int) -> float:
    """The index-th level between two limits; past the last one, rest (or the limit nearest to it)."""
    if index < LEVELS:
        return low + (high - low) * index / (LEVELS - 1)
    return min(max(0.0, low), high)


def fill_choices(row: Floats, draws: tuple[float, float], choices: Floats) -> int:
    """Write what can be done in a stage into `choices` ``(N_CHOICES, 4)``; returns how many. `draws`: consumers of the batteries, W."""
    count, driving, speed = 0, row[DEMAND_N] > 0.0, row[SPEED_MPS]
    low, high = row[TRAILER_LEAST_N], row[TRAILER_MOST_N]
    if not driving:
        low, high = max(low, row[DEMAND_N]), min(high, 0.0)
    for outer in range(LEVELS + 1):
        force = level(low, max(low, high), outer)
        rest = row[DEMAND_N] - force
        crank = shaft_w(rest, speed, row[DRIVE_RATIO])
        most = min(row[MOTOR_MOST_W], crank) if driving else 0.0
        least = min(row[MOTOR_LEAST_W], most) if driving else min(max(row[MOTOR_LEAST_W], crank), 0.0)
        for inner in range(LEVELS + 3):
            running = driving and row[HAS_ENGINE] > 0.0 and inner <= LEVELS
            if inner > LEVELS and not (driving and row[MOTOR_MOST_W] > 0.0 and crank <= row[MOTOR_MOST_W]):
                continue
            motor = crank if inner > LEVELS else level(least, most, inner)
            if inner == LEVELS + 2 or (driving and not running and inner <= LEVELS):
                continue
            chosen = judged(row, (0.0, 0.0), force, motor, running)
            choices[count, ON] = 1.0 if running else 0.0
            choices[count, COST_J] = chosen[6] * row[DURATION_S]
            choices[count, DRAWN_J] = (chosen[4] + draws[0]) * row[DURATION_S]
            choices[count, TRAILER_DRAWN_J] = (chosen[5] + draws[1]) * row[DURATION_S]
            count += 1
    return count


def value_at(value: Floats, place: float, trailer_place: float) -> float:
    """Value between grid points; outside the grid it never is."""
    rows, columns = value.shape
    if place < 0.0 or trailer_place < 0.0 or place > rows - 1 or trailer_place > columns - 1:
        return NEVER_J
    i, j = min(int(place), max(rows - 2, 0)), min(int(trailer_place), max(columns - 2, 0))
    x, y = place - i, trailer_place - j
    i1, j1 = min(i + 1, rows - 1), min(j + 1, columns - 1)
    low = value[i, j] * (1.0 - y) + value[i, j1] * y
    high = value[i1, j] * (1.0 - y) + value[i1, j1] * y
    return float(low * (1.0 - x) + high * x)


def step_back(row: Floats, choices: Floats, count: int, steps_j: tuple[float, float], values: Floats) -> None:
    """One stage backwards: ``values[2:4]`` (engine stopped, running before it) from ``values[0:2]`` (after it).

    Parameters
    ----------
    steps_j : energy between grid points of both batteries. values : ``(4, n, m)``.
    """
    started = row[START_J]
    for i in range(values.shape[1]):
        for j in range(values.shape[2]):
            on, off = NEVER_J, NEVER_J
            for index in range(count):
                after = 1 if choices[index, ON] > 0.0 else 0
                to = i - choices[index, DRAWN_J] / steps_j[0], j - choices[index, TRAILER_DRAWN_J] / steps_j[1]
                cost = choices[index, COST_J] + value_at(values[after], to[0], to[1])
                if after == 1:
                    on = min(on, cost)
                else:
                    off = min(off, cost)
            values[2, i, j], values[3, i, j] = min(on + started, off), min(on, off)


def route_cost_j(stages: Floats, steps_j: tuple[float, float], draws: tuple[float, float], room: tuple[Floats, Floats]) -> None:
    """Least cost to the end from every charge: ``room`` is choices ``(N_CHOICES, 4)`` and values ``(4, n, m)``.

    ``values[0:2]`` hold the value of charge at the end before, and the cost from the start after the call.
    """
    choices, values = room
    for back in range(len(stages)):
        row = stages[len(stages) - 1 - back]
        count = fill_choices(row, draws, choices)
        step_back(row, choices, count, steps_j, values)
        for i in range(values.shape[1]):
            for j in range(values.shape[2]):
                values[0, i, j], values[1, i, j] = values[2, i, j], values[3, i, j]
