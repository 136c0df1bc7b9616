"""Speed of choosing: 10,000 candidates on one mission from mechanics to ranking, and what-if on an ordinary choice.

python benchmarks/choose.py            10,000 candidates: seconds by stage, trips driven, largest memory
python benchmarks/choose.py --what-if  the examples of the package: each kind of change, median and worst of several

The market of the first is the catalogue's with every trailer in 21 builds (tare and axle position) and every final drive that
the trade offers; each candidate gets coupling, axle loads, every row of the region's rule sets, turning, body and performance
checks, two simulated trips, a plan of its day, a ledger with an interval over draws, and its place on the Pareto front.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, pairwise, product

from fifthwheel.choose import choice as choosing
from fifthwheel.choose.candidate import Pair, pair_of, pairs, variants
from fifthwheel.choose.duty import Duty, examples, from_table
from fifthwheel.choose.practice import final_drives
from fifthwheel.fleet.choice.views import Change
from fifthwheel.fleet.choose import choose, duty_from, what_if
from fifthwheel.vehicle.combination import Unit
from fifthwheel.vehicle.rules import rule_set, usual

CANDIDATES = 10_000
TARES_RATIO = (0.9, 0.93, 0.96, 0.98, 1.0, 1.03, 1.06)
SHIFTS_M = (-0.1, 0.0, 0.1)
"""How far the axles of a trailer stand from where the catalogue has them."""
ROUNDS = 5
TABLE = {
    "road": {"mission": "coal-linyi-rizhao"}, "cargo": {"kind": "coal"},
    "work": {"distance_day_km": 400, "distance_year_km": 110000},
    "limits": {"start_grade_percent": 10, "climb_speed_kmh": 30, "descent_grade_percent": 4},
}  # fmt: skip


def builds(trailer: Unit) -> Iterator[Unit]:
    """A trailer as makers build it: lighter and heavier, its axles a little ahead or behind."""
    for tare, shift in product(TARES_RATIO, SHIFTS_M):
        axles = tuple(replace(group, positions_m=tuple(place + shift for place in group.positions_m)) for group in trailer.axles)
        yield replace(
            trailer, name=f"{trailer.name}~{tare:g}~{shift:g}", tare_kg=tare * trailer.tare_kg, axles=axles, tare_loads_kg=(),
            cg_m=trailer.cg_m + 0.3 * shift if trailer.cg_m else 0.0,
        )  # fmt: skip


def market(duty: Duty) -> list[Pair]:
    """Pairs with `CANDIDATES` candidates in all."""
    rules = [rule_set(name) for name in usual(duty.region)]
    offered = final_drives(duty.region)
    own = list(pairs(duty, rules))
    tractors = {id(pair.combination.tractor): pair.combination.tractor for pair in own if pair.combination.trailer}
    trailers = {pair.combination.trailer.name: pair.combination.trailer for pair in own if pair.combination.trailer}
    every = [(tractor, *variants(tractor, offered, len(offered))[1:]) for tractor in tractors.values()]
    found: list[Pair] = []
    total = 0
    built = [build for one in trailers.values() for build in builds(one)]
    for tractor in every:
        for trailer in built:
            pair = pair_of(tractor, trailer, rules)
            left = CANDIDATES - total
            found.append(replace(pair, candidates=pair.candidates[:left]))
            total += len(found[-1].candidates)
            if total >= CANDIDATES:
                return found
    return found


def ten_thousand() -> None:
    """All stages once, timed: wall and processor."""
    warm = choosing.choose(from_table(TABLE | {"tractors": ["tractor-lng-6x4", "tractor-battery-423"]}))
    duty = from_table(TABLE)
    marks = [("", time.perf_counter(), time.process_time())]
    pairs_ = market(duty)
    ends: dict[str, tuple[float, float]] = {}
    ends["enumerate"] = time.perf_counter(), time.process_time()

    def told(stage: str, _done: int, _count: int) -> None:
        ends[stage] = time.perf_counter(), time.process_time()

    found = choosing.choose(duty, told, market=pairs_)
    ends["cost, rank"] = time.perf_counter(), time.process_time()
    marks += [(stage, *times) for stage, times in ends.items()]
    total = sum(len(pair.candidates) for pair in pairs_)
    print(f"{total} candidates of {len(pairs_)} pairs, {len(os.sched_getaffinity(0))} cores; {warm.considered_count} to warm up")
    print(f"{len(found.driven.judged)} feasible, {int(found.best.sum())} on the front, {len(found.kept.trips.kept)} trips driven")
    for (_, wall, busy), (stage, wall_end, busy_end) in pairwise(marks):
        print(f"  {stage:10} {wall_end - wall:6.2f} s, processor {busy_end - busy:6.2f} s")
    print(f"  {'all':10} {marks[-1][1] - marks[0][1]:6.2f} s, processor {marks[-1][2] - marks[0][2]:6.2f} s")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def timed(choice_id: str, change: Change) -> float:
    """Wall time of a change, s."""
    start = time.perf_counter()
    what_if(choice_id, change)
    return time.perf_counter() - start


def changes() -> None:
    """What-if on the examples."""
    number = count()
    for name in examples():
        view = choose(duty_from(name))
        load = (view.rows[0].payload_kg if view.rows else 20e3) * 0.9
        kinds: dict[str, Callable[[int], Change]] = {
            "prices": lambda step: Change(prices={"interest": 0.06 + 0.001 * step}),
            "km a year": lambda step: Change(distance_year_m=90e6 + 1e5 * step),
            "payload": lambda step, load=load: Change(payload_kg=load - 10.0 * step),  # type: ignore[misc]
            "slopes": lambda step: Change(grade_ratio=0.9 - 0.001 * step),
        }
        print(f"{name}: {view.considered_count} candidates, {view.feasible_count} feasible, {view.seconds_s:.2f} s")
        for kind, change in kinds.items():
            times = [timed(view.choice_id, change(next(number))) for _ in range(ROUNDS)]
            print(f"  {kind:10} {1e3 * statistics.median(times):6.0f} ms, worst {1e3 * max(times):.0f} ms")


if __name__ == "__main__":
    if "--what-if" in sys.argv:
        changes()
    else:
        ten_thousand()
