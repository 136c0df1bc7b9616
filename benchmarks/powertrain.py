"""Performance and day plan of a candidate, and powertrain matching against every powertrain of the menu.

python benchmarks/powertrain.py [COMBINATION [MISSION]]
"""

from __future__ import annotations

import sys
import time
from statistics import median

import numpy as np

from fifthwheel.choose.charging import TripEnergy, plan_day
from fifthwheel.choose.duty import Cargo, Duty
from fifthwheel.choose.performance import performance
from fifthwheel.choose.powertrain import Point, Task, drive_all, front_of, laden, match
from fifthwheel.choose.powertrain_cost import ledger_cost
from fifthwheel.choose.region import region
from fifthwheel.choose.sizing import menu_of
from fifthwheel.road import read
from fifthwheel.vehicle import catalogue

ROUNDS = 15


def candidates(duty: Duty) -> None:
    performed, checked, planned = [], [], []
    for name in catalogue.names():
        whole = catalogue.combination(name)
        loads, uphill = (laden(whole, 0.9 * whole.payload_limit_kg, grade) for grade in (0.0, 0.2))
        burns = whole.drive.fuel is not None
        energy = TripEnergy(electric_jpm=0.0 if burns else 5000.0, fuel_kgpm=2.7e-4 if burns else 0.0, speed_mps=19.0)
        found = performance(whole, loads, duty, uphill=uphill)
        for _ in range(ROUNDS):
            start = time.perf_counter()
            performance(whole, loads, duty, uphill=uphill)
            middle = time.perf_counter()
            found.verdicts(duty.limits)
            last = time.perf_counter()
            plan_day(whole, energy, duty)
            performed.append(middle - start)
            checked.append(last - middle)
            planned.append(time.perf_counter() - last)
    for name, taken in (("performance", performed), ("verdicts", checked), ("day plan", planned)):
        print(f"{name:12} {1e6 * median(taken):6.0f} us a candidate (median of {len(taken)})")


def worst_gap(found: tuple[Point, ...], every: tuple[Point, ...]) -> float:
    """By how much any point of the true front is better in all objectives than what was found, at most."""
    return max(
        min(max(a / b - 1.0 for a, b in zip(one.objectives, true.objectives, strict=True)) for one in found) for true in every
    )


def matching(name: str, mission: str, duty: Duty) -> None:
    whole, road = catalogue.combination(name), read.read(mission)
    task = Task(ways=((road, 0.7 * whole.payload_limit_kg),), duty=duty)
    cost, menu = ledger_cost(whole, region("cn")), menu_of(whole, "cn")
    drive_all(whole, task, cost, [menu.bought])
    start = time.perf_counter()
    found = match(whole, task, cost, np.random.default_rng(1), menu=menu)
    taken = time.perf_counter() - start
    count = f"{len(found.seen)} of {found.offered_count} powertrains, {len(found.front)} on the curve"
    print(f"{name} on {mission}: {count}, {taken:.1f} s")
    if found.offered_count > 5000:
        return
    start = time.perf_counter()
    every = front_of(drive_all(whole, task, cost, menu.every()))
    same = {one.objectives for one in found.front} & {one.objectives for one in every}
    print(f"all of them: {time.perf_counter() - start:.1f} s; {len(same)} of {len(every)} points of their curve were found,")
    print(f"the others are missed by {100.0 * worst_gap(found.front, every):.2f} % at most")


if __name__ == "__main__":
    asked = sys.argv[1:3]
    cargo = Cargo(kind="general", title_en="", title_zh="", bodies=())
    work = Duty(name="benchmark", title_en="", title_zh="", road="", cargo=cargo)
    candidates(work)
    combination, mission = asked + ["diesel-6x4-box", "trunk-weifang-qingdao"][len(asked) :]
    matching(combination, mission, work)
