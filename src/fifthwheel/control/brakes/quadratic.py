"""The allocation as a small quadratic programme, solved by daqp (a dual active-set method for embedded control).

Arnstrom, Bemporad, Axehill: A dual active-set solver for embedded quadratic programming using recursive LDL' updates,
IEEE Transactions on Automatic Control 67 (2022) 4362.
"""

from __future__ import annotations

from typing import Final

import daqp  # type: ignore[import-not-found]
import numpy as np

from fifthwheel.control.brakes.priority import prioritise
from fifthwheel.control.brakes.problem import BAND_RATIO, MACHINES, Allocation, Floats, Problem, allocation, rows, shares

SOLVED: Final = 1
EQUALITY: Final = 5
UNBOUNDED: Final = 1e30
TOLERANCES: Final = (1e-9, 1e-7)
"""Feasibility over the weight that is tried, best first; the second where limits only just meet."""
GIVE_RATIO: Final = 1e-7
"""By how much of the weight joint limits give way, so that rounding leaves a point where they just meet: 0.04 N for 40 t."""


def programme(problem: Problem) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Hessian, gradient, constraint rows, and upper and lower bounds (variables first) in forces over the weight.

    Variables are the sources and, behind them, how far each axle's utilisation exceeds the band.
    Rows are the sum of all forces (an equality), machines on the drive axles, each axle's force, each axle's excess.
    """
    count, weight = problem.count, problem.weight_n
    sources = count + len(MACHINES)
    matrix = shares(problem.layout)
    block, goals = rows(problem)
    hessian = np.zeros((sources + count, sources + count))
    hessian[:sources, :sources] = 2.0 * block.T @ block
    hessian[range(sources, sources + count), range(sources, sources + count)] = 2.0 * problem.weights.band_ratio
    gradient = np.zeros(sources + count)
    gradient[:sources] = -2.0 * block.T @ goals
    lines = np.zeros((2 + 2 * count, sources + count))
    lines[0, :sources] = 1.0
    lines[1, count + 1 : sources] = 1.0
    lines[2 : 2 + count, :sources] = matrix
    lines[2 + count :, :sources] = matrix * (weight / problem.seen_load_n)[:, None]
    lines[2 + count :, sources:] = -np.eye(count)
    ends = np.full(count, UNBOUNDED)
    band = np.full(count, problem.braking_ratio + BAND_RATIO)
    upper = np.concatenate(
        [
            problem.high_n / weight,
            ends,
            [problem.braking_ratio, problem.drive_limit_n / weight + GIVE_RATIO],
            problem.axle_limit_n / weight + GIVE_RATIO,
            band,
        ]
    )
    lower = np.concatenate([problem.low_n / weight, np.zeros(count), [problem.braking_ratio], np.full(1 + 2 * count, -UNBOUNDED)])
    return hessian, gradient, lines, upper, lower


def optimise(problem: Problem) -> Allocation:
    """The share of forces of least cost within all limits; `prioritise` answers should the solver not."""
    hessian, gradient, lines, upper, lower = programme(problem)
    sense = np.zeros(len(upper), dtype=np.int32)
    sense[len(gradient)] = EQUALITY
    for tolerance in TOLERANCES:
        found, _, flag, _ = daqp.solve(hessian, gradient, lines, upper, lower, sense, primal_tol=tolerance)
        if flag == SOLVED:
            break
    else:
        return prioritise(problem)
    force_n = np.clip(found[: problem.count + len(MACHINES)] * problem.weight_n, problem.low_n, problem.high_n)
    return allocation(problem, force_n, "quadratic")
