"""The brake allocator over random friction, charge, grade and load: limits kept, demand met, and how long a solve takes.

python benchmarks/brakes.py [--cases N]      default 1,000

A solve is everything from the bounds of a step to its forces: building the programme and solving it. Each case is solved
five times; the best of five is the solve's own time, the worst of all is what this machine did to it.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable

import numpy as np

from fifthwheel.control.brakes import allocator
from fifthwheel.control.brakes.cases import draw
from fifthwheel.control.brakes.priority import prioritise
from fifthwheel.control.brakes.problem import Allocation, Objective, Problem, cost, shares
from fifthwheel.control.brakes.quadratic import optimise

SEED, ROUNDS = 20260, 5


def fresh(problem: Problem) -> Problem:
    """The same problem without the figures it has kept."""
    return Problem(**{name: getattr(problem, name) for name in Problem.__dataclass_fields__})


def timed(solve: Callable[[Problem], Allocation], problems: list[Problem]) -> np.ndarray:
    """Seconds of every solve, shape (n_problems, ROUNDS)."""
    seconds = np.empty((len(problems), ROUNDS))
    for turn in range(ROUNDS):
        for index, problem in enumerate(problems):
            again = fresh(problem)
            start = time.perf_counter()
            solve(again)
            seconds[index, turn] = time.perf_counter() - start
    return seconds


def beyond_n(problem: Problem, force_n: np.ndarray) -> float:
    """Most force beyond any limit of the problem, or off its target."""
    axles = shares(problem.layout) @ force_n
    drive = force_n[problem.count + 1 :].sum() - problem.drive_limit_n
    parts = (force_n - problem.high_n, problem.low_n - force_n, axles - problem.axle_limit_n)
    return float(max(*(part.max() for part in parts), drive, abs(force_n.sum() - problem.target_n)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    count = parser.parse_args().cases
    generator, objectives = np.random.default_rng(SEED), list(Objective)
    situations = [draw(generator, objectives[index % 2]) for index in range(count)]
    problems = [allocator.problem_of(one.calibration, one.state, one.inputs)[0] for one in situations]
    found = {"quadratic": [optimise(one) for one in problems], "priority": [prioritise(one) for one in problems]}
    for name, answers in found.items():
        worst = max(beyond_n(problem, one.force_n) for problem, one in zip(problems, answers, strict=True))
        met = sum(abs(one.met_n - problem.demand_n) < 1.0 for problem, one in zip(problems, answers, strict=True))
        named = sum(one.binding != () for one in answers)
        silent = sum(
            abs(one.met_n - problem.demand_n) >= 1.0 and not one.binding for problem, one in zip(problems, answers, strict=True)
        )
        print(f"{name:10s} {count} cases: beyond a limit by {worst:.3f} N; met {met}, limit named {named}, neither {silent}")
    costs = np.array([[cost(problem, answers[i].force_n) for answers in found.values()] for i, problem in enumerate(problems)])
    fell_back = sum(one.method != "quadratic" for one in found["quadratic"])
    worse, better = np.max(costs[:, 0] - costs[:, 1]), np.mean(costs[:, 0] < costs[:, 1] - 1e-6)
    print(f"quadratic  worse than rules by at most {worse:.1e}, better in {better:.0%}; rules answered for it in {fell_back}")
    gc.disable()
    for name, solve in {"quadratic": optimise, "priority": prioritise}.items():
        seconds = timed(solve, problems) * 1e6
        print(
            f"{name:10s} solve: median {np.median(seconds):.0f} us, slowest case {seconds.min(axis=1).max():.0f} us, "
            f"worst of all {seconds.max():.0f} us, over 1 ms {np.mean(seconds > 1000.0):.3%}"
        )


if __name__ == "__main__":
    main()
