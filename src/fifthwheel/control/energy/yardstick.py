"""Dynamic programming over a whole route: the least that any split could have used, as the yardstick of the energy unit.

State: charge of both batteries and whether the engine runs; stage: a block of road at a given speed. Value in between grid points
by bilinear interpolation, choices from a grid that holds every machine's limits and rest.
"""

from __future__ import annotations

from typing import Final

from fifthwheel.control.energy.split import Choice, engine_off, engine_on, judged, recover, shaft_w
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

LEVELS: Final = 4
"""Levels between a machine's limits that are tried, beside rest and what the demand leaves."""
PRICES: Final = (0.6, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4)
"""Prices of stored energy, as multiples of its worth, whose best splits are tried."""
N_CHOICES: Final = 2 * len(PRICES) ** 2 + (LEVELS + 1) * (LEVELS + 2)
SHORT_W: Final = 20e6
"""A choice at this cost does not meet the demand."""
SAME_W: Final = 300.0
"""Choices nearer than this are the same."""
FREE: Final = (0.0, 0.0)
ON, COST_J, DRAWN_J, TRAILER_DRAWN_J = range(4)
"""A choice: whether the engine runs, cost, and energy out of both batteries' cells."""
NEVER_J: Final = 1e18
MISSING_J: Final = 1e8
"""What a grid point below the window costs: more than any fuel that it could spare."""


def level(low: float, high: float, index: int) -> float:
    """The index-th level between two limits; past the last one, rest (or the limit nearest to it)."""
    if index < LEVELS:
        return low + (high - low) * index / (LEVELS - 1)
    return min(max(0.0, low), high)


def keep(choices: Floats, count: int, chosen: Choice, seconds: float, draws: tuple[float, float]) -> int:
    """Add a choice unless it is there already or cannot be; returns how many there are."""
    if chosen[6] >= SHORT_W:
        return count
    cost, drawn = chosen[6] * seconds, (chosen[4] + draws[0]) * seconds
    trailer = (chosen[5] + draws[1]) * seconds
    running = 1.0 if chosen[0] else 0.0
    for index in range(count):
        same = abs(choices[index, DRAWN_J] - drawn) + abs(choices[index, TRAILER_DRAWN_J] - trailer) < SAME_W * seconds
        if same and choices[index, ON] == running and choices[index, COST_J] <= cost + SAME_W * seconds:
            return count
    choices[count, ON], choices[count, COST_J] = running, cost
    choices[count, DRAWN_J], choices[count, TRAILER_DRAWN_J] = drawn, trailer
    return count + 1


def fill_choices(row: Floats, draws: tuple[float, float], worth: float, choices: Floats) -> int:
    """Write what can be done in a stage into `choices` ``(N_CHOICES, 4)``; returns how many.

    Splits that are best at some pair of prices around `worth`, and a grid between the machines' limits.

    Parameters
    ----------
    draws : consumers of the batteries, W.
    """
    count, driving, speed, seconds = 0, row[DEMAND_N] > 0.0, row[SPEED_MPS], row[DURATION_S]
    for own in PRICES:
        for trailer in PRICES:
            prices = own * worth, trailer * worth
            for turn in range(2):
                if driving:
                    best = engine_on(row, prices) if turn == 0 else engine_off(row, prices)
                else:
                    best = recover(row, prices, False)
                if best[6] < 1e29:
                    count = keep(choices, count, judged(row, FREE, best[2], best[1], best[0]), seconds, draws)
    low, high = row[TRAILER_LEAST_N], row[TRAILER_MOST_N]
    if not driving:
        low = max(low, row[DEMAND_N])
        high = max(min(high, 0.0), low)
    for outer in range(LEVELS + 1):
        force = level(low, high, outer)
        crank = shaft_w(row[DEMAND_N] - force, speed, row[DRIVE_RATIO])
        most = min(row[MOTOR_MOST_W], max(crank, 0.0)) if driving else 0.0
        least = min(row[MOTOR_LEAST_W], most) if driving else min(max(row[MOTOR_LEAST_W], crank), 0.0)
        for inner in range(LEVELS + 1):
            if not driving or row[HAS_ENGINE] > 0.0:
                chosen = judged(row, FREE, force, level(least, most, inner), driving)
                count = keep(choices, count, chosen, seconds, draws)
        if driving and row[MOTOR_MOST_W] > 0.0 and crank <= row[MOTOR_MOST_W]:
            count = keep(choices, count, judged(row, FREE, force, crank, False), seconds, draws)
    return count


def value_at(value: Floats, place: float, trailer_place: float) -> float:
    """Value between grid points; above the grid it never is, below it charge is missing at `MISSING_J` a point."""
    rows, columns = value.shape
    if place > rows - 1 or trailer_place > columns - 1:
        return NEVER_J
    missing = MISSING_J * (max(-place, 0.0) + max(-trailer_place, 0.0))
    place, trailer_place = max(place, 0.0), max(trailer_place, 0.0)
    i, j = min(int(place), max(rows - 2, 0)), min(int(trailer_place), max(columns - 2, 0))
    x, y = place - i, trailer_place - j
    i1, j1 = min(i + 1, rows - 1), min(j + 1, columns - 1)
    low = value[i, j] * (1.0 - y) + value[i, j1] * y
    high = value[i1, j] * (1.0 - y) + value[i1, j1] * y
    return float(low * (1.0 - x) + high * x) + missing


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


def route_cost_j(
    stages: Floats, steps_j: tuple[float, float], others: tuple[float, float, float], room: tuple[Floats, Floats]
) -> None:
    """Least cost to the end from every charge.

    Parameters
    ----------
    others : consumers of both batteries (W), and what stored energy is about worth.
    room : choices ``(N_CHOICES, 4)`` and values ``(4, n, m)``, whose first two hold the value of charge
        at the end before the call, and the cost from the start after it.
    """
    choices, values = room
    for back in range(len(stages)):
        row = stages[len(stages) - 1 - back]
        count = fill_choices(row, (others[0], others[1]), others[2], choices)
        step_back(row, choices, count, steps_j, values)
        for i in range(values.shape[1]):
            for j in range(values.shape[2]):
                values[0, i, j], values[1, i, j] = values[2, i, j], values[3, i, j]
