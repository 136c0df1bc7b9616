"""The EBS: limits kept over random cases, how long a solve takes, and what a second of the braked planar vehicle costs.

python benchmarks/brakes.py [--cases N]      default 1,000

A solve is the allocation alone: bounds, programme and daqp (or the rules), each best of five on the same case; the peer of the
compiled step is the same step as plain Python, in the same process.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from fifthwheel.control.block import Running
from fifthwheel.control.brakes import block
from fifthwheel.control.brakes.annex10 import Case, axle_loads_n, checks
from fifthwheel.control.brakes.cases import Situation, draw, violation_n
from fifthwheel.control.brakes.layout import REFERENCE
from fifthwheel.control.brakes.priority import share
from fifthwheel.control.brakes.programme import Programme, bound, cost, fill, solve, take
from fifthwheel.control.brakes.statics import REFERENCE as LADEN
from fifthwheel.control.brakes.statics import loads
from fifthwheel.simulate.compiled import compiled
from fifthwheel.simulate.handling.braked import ELECTRIC, Braked, Faults, compiled_ebs, equipped
from fifthwheel.simulate.handling.manoeuvre import Braking, Straight
from fifthwheel.simulate.handling.path import even
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import rig
from fifthwheel.units import GRAVITY_MPS2

SEED, ROUNDS = 20260, 5


@compiled
def pose(programme: Programme) -> None:
    bound(programme)
    fill(programme)


@compiled
def by_rules(programme: Programme) -> None:
    bound(programme)
    share(programme)


@compiled
def accept(programme: Programme, found: np.ndarray) -> None:
    take(programme, found)


def by_programme(programme: Programme) -> None:
    pose(programme)
    found, solved = solve(programme)
    if solved:
        accept(programme, found)
    else:
        by_rules(programme)


def answered(situations: list[Situation], rules: float) -> list[Running]:
    ebs, found = compiled_ebs(REFERENCE), []
    for one in situations:
        unit = replace(one, calibration=one.calibration | {"rules_state": rules}).running(ebs)
        unit.step()
        found.append(unit)
    return found


def cases(count: int) -> None:
    generator = np.random.default_rng(SEED)
    situations = [draw(generator) for _ in range(count)]
    found = {name: answered(situations, rules) for name, rules in (("quadratic", 0.0), ("rules", 1.0))}
    for name, units in found.items():
        worst = max(violation_n(*pair) for pair in zip(situations, units, strict=True))
        met = sum(one["met_n"] >= 0.999 * one["demand_n"] - 1.0 for one in units)
        told = sum(one["limit_state"] > 0.0 for one in units)
        by = sum(one["quadratic_state"] > 0.0 for one in units)
        print(f"{name:10s} {count} cases: beyond a limit by {worst:.3f} N; met {met}, limit told {told}, by programme {by}")
    programmes = [one.state.unit.programme for one in found["rules"]]
    gaps = []
    for one in programmes:
        by_rules(one)
        theirs = one.force_n.copy()
        by_programme(one)
        gaps.append(cost(one, theirs) - cost(one, one.force_n))
    print(
        f"quadratic  worse than the rules by at most {max(-min(gaps), 0.0):.1e}, better in {np.mean(np.array(gaps) > 1e-6):.0%}"
    )
    gc.disable()
    for name, answer in (("quadratic", by_programme), ("rules", by_rules)):
        timed(name, answer, programmes)
    gc.enable()


def timed(name: str, answer: Callable[[Programme], None], programmes: list[Programme]) -> None:
    seconds = np.empty((len(programmes), ROUNDS))
    for turn in range(ROUNDS):
        for index, one in enumerate(programmes):
            start = time.perf_counter()
            answer(one)
            seconds[index, turn] = time.perf_counter() - start
    best, every = 1e6 * seconds.min(axis=1), 1e6 * seconds
    print(
        f"{name:10s} solve: median {np.median(best):.1f} us, slowest case {best.max():.1f} us, worst {every.max():.0f} us, "
        f"over 1 ms {np.mean(every > 1000.0):.3%}"
    )


def annex() -> None:
    """Annex 10 on the tractor, braked as the EBS shares it in every case and at every braking ratio."""
    ebs, behind = compiled_ebs(REFERENCE), loads(LADEN, 0.0).trailer_n / 3.0

    def front_share(case: Case, braking_ratio: float) -> float:
        unit, (front, drive) = Running(ebs), axle_loads_n(LADEN, case, braking_ratio)
        trailer = behind * (case is not Case.BOBTAIL)
        unit.set(load_0_n=front, load_1_n=drive, **{f"load_{axle}_n": trailer for axle in (2, 3, 4)})
        unit.set(
            pedal_ratio=0.02 + 0.98 * braking_ratio * GRAVITY_MPS2 / 8.0, **{f"wheel_{wheel}_mps": 20.0 for wheel in range(10)}
        )
        unit.step()
        return unit["friction_0_n"] / (unit["friction_0_n"] + unit["friction_1_n"])

    for check in checks(LADEN, front_share):
        print(check.line())


def steps() -> None:
    pace = {}
    for name, ebs, count in (("compiled", compiled_ebs(REFERENCE), 3000), ("plain Python", block(), 100)):
        unit = Running(ebs)
        unit.set(pedal_ratio=0.5, **{f"wheel_{wheel}_mps": 20.0 for wheel in range(10)})
        unit.step()
        start = time.process_time()
        for _ in range(count):
            unit.step()
        pace[name] = (time.process_time() - start) / count
        print(f"whole EBS step, {name:12s} {1e6 * pace[name]:.1f} us")
    print(f"compiled is {pace['plain Python'] / pace['compiled']:.0f} times as fast")


def closed_loop() -> None:
    truck = rig("tractor_4x2_semitrailer_40t")
    stop = Straight(speed_mps=25.0, seconds=3.0, ground=even(0.4), braking=Braking(from_s=0.2, deceleration_mps2=5.0))
    times: dict[str, list[float]] = {"plant alone": [], "plant and EBS": []}
    for _ in range(16):
        for name, kept in times.items():
            plant = plant_of(equipped(truck), speed_mps=25.0, grip_ratio=0.4)
            control = Braked(stop, truck, ELECTRIC, Faults()) if name == "plant and EBS" else None
            start = time.process_time()
            run(plant, 3.0, control)
            kept.append(1e3 * (time.process_time() - start) / 3.0)
    for name, kept in times.items():
        print(
            f"one second, 5 axles, anti-lock, {name:14s} {statistics.median(kept[1:]):.2f} ms of a core (least {min(kept):.2f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    cases(parser.parse_args().cases)
    annex()
    steps()
    closed_loop()


if __name__ == "__main__":
    main()
