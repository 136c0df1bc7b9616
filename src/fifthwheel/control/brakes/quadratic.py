"""The allocation as a small quadratic programme, solved by daqp (a dual active-set method for embedded control).

Arnstrom, Bemporad, Axehill: A dual active-set solver for embedded quadratic programming using recursive LDL' updates,
IEEE Transactions on Automatic Control 67 (2022) 4362.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import daqp
import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.brakes.priority import prioritise
from fifthwheel.control.brakes.problem import (
    BAND_RATIO,
    MACHINES,
    Allocation,
    Floats,
    Layout,
    Problem,
    Weights,
    allocation,
    goals,
    shares,
    standing_rows,
    tracked_rows,
)

SOLVED: Final = 1
EQUALITY: Final = 5
UNBOUNDED: Final = 1e30
TOLERANCES: Final = (1e-9, 1e-7)
"""Feasibility over the weight that is tried, best first; the second where limits only just meet."""
GIVE_RATIO: Final = 1e-7
"""By how much of the weight joint limits give way, so that rounding leaves a point where they just meet: 0.04 N for 40 t."""


@lru_cache(maxsize=64)
def _template(layout: Layout, weights: Weights) -> tuple[Floats, Floats, Floats, NDArray[np.int32]]:
    """What no step changes: Hessian, constraint rows, the rows of regeneration and machines, and which row is an equality."""
    standing, matrix = standing_rows(layout, weights), shares(layout)
    count, sources = matrix.shape
    hessian = np.zeros((sources + count, sources + count))
    hessian[:sources, :sources] = 2.0 * standing.T @ standing
    hessian[sources:, sources:] = 2.0 * weights.band_ratio * np.eye(count)
    lines = np.zeros((2 + 2 * count, sources + count))
    lines[0, :sources] = 1.0
    lines[1, count + 1 : sources] = 1.0
    lines[2 : 2 + count, :sources] = matrix
    lines[2 + count :, sources:] = -np.eye(count)
    sense = np.zeros(sources + count + len(lines), dtype=np.int32)
    sense[sources + count] = EQUALITY
    return hessian, lines, standing[count : count + 2], sense


def programme(problem: Problem) -> tuple[Floats, Floats, Floats, Floats, Floats, NDArray[np.int32]]:
    """Hessian, gradient, constraint rows, upper and lower bounds (variables first), kinds of constraints; forces over the weight.

    Variables are the sources and, behind them, how far each axle's utilisation exceeds the band.
    Rows are the sum of all forces (an equality), machines on the drive axles, each axle's force, each axle's excess.
    """
    count, weight = problem.count, problem.weight_n
    sources = count + len(MACHINES)
    hessian, lines, machine_rows, sense = _template(problem.layout, problem.weights)
    hessian, lines, gradient = hessian.copy(), lines.copy(), np.zeros(sources + count)
    tracked, wanted = tracked_rows(problem)
    hessian[:sources, :sources] += 2.0 * tracked.T @ tracked
    gradient[:sources] = -2.0 * (np.array(goals(problem)) @ machine_rows + wanted @ tracked)
    lines[2 + count :, :sources] = shares(problem.layout) * (weight / problem.seen_load_n)[:, None]
    upper, lower = np.full(len(sense), UNBOUNDED), np.full(len(sense), -UNBOUNDED)
    row = sources + count
    upper[:sources], lower[:sources], lower[sources:row] = problem.high_n / weight, problem.low_n / weight, 0.0
    upper[row] = lower[row] = problem.braking_ratio
    upper[row + 1] = problem.drive_limit_n / weight + GIVE_RATIO
    upper[row + 2 : row + 2 + count] = problem.axle_limit_n / weight + GIVE_RATIO
    upper[row + 2 + count :] = problem.braking_ratio + BAND_RATIO
    return hessian, gradient, lines, upper, lower, sense


def optimise(problem: Problem) -> Allocation:
    """The share of forces of least cost within all limits; `prioritise` answers should the solver not."""
    hessian, gradient, lines, upper, lower, sense = programme(problem)
    for tolerance in TOLERANCES:
        found, _, flag, _ = daqp.solve(hessian, gradient, lines, upper, lower, sense.copy(), primal_tol=tolerance)
        if flag == SOLVED:
            break
    else:
        return prioritise(problem)
    force_n = np.clip(found[: problem.count + len(MACHINES)] * problem.weight_n, problem.low_n, problem.high_n)
    return allocation(problem, force_n, "quadratic")
