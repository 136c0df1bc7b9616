"""Speed of the twin: 1,000 long-haul trips on all cores, one warm trip, a fresh process; memory of 100,000 trips.

python benchmarks/batch.py             speed (the best of several rounds; other work on the machine only slows it)
python benchmarks/batch.py --memory    largest memory while 100,000 trips of 14 km run, totals only

The truck is VECTO's 40 t tractor with its fuel and loss maps on VECTO's long haul of 108 km where the reference data is there
(FIFTHWHEEL_REFERENCE_DATA, else ../shared/data), with 1,000 different payloads; else a truck of the catalogue on a trunk road.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from fifthwheel.fleet.simulate import cases
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, profile
from fifthwheel.simulate import batch
from fifthwheel.simulate.trip import drive
from fifthwheel.vehicle.catalogue import combination

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
JOB = DATA / "vecto" / "40t" / "40t_Long_Haul_Truck.vecto"
CYCLE = DATA / "vecto" / "cycles_2015" / "LongHaul_1m.vdri"
TRIPS, MANY, ROUNDS = 1_000, 100_000, 5


def long_haul() -> list[batch.Case]:
    """The 1,000 trips."""
    names = (str(JOB), str(CYCLE)) if JOB.exists() else ("diesel-6x4-box", "trunk-jinan-weifang")
    limit = next(cases(names[:1], names[1:])).combination.payload_limit_kg
    return list(cases(names[:1], names[1:], [float(load) for load in np.linspace(0.0, limit, TRIPS)]))


def best_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Best wall time of some rounds, s."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def speed() -> None:
    """Batch on one thread and on all, one warm trip, a fresh process."""
    work, cores = long_haul(), len(os.sched_getaffinity(0))
    start = time.perf_counter()
    rows = batch.run(work)
    first_s = time.perf_counter() - start
    seconds = float(np.sum(rows["time_s"].to_numpy()))
    length = rows["distance_m"].to_numpy().mean() / 1e3
    print(f"{work[0].combination.name}: {TRIPS} trips of {length:.1f} km, {seconds / TRIPS:.0f} s on average; best of {ROUNDS}")
    print(f"first batch of the process           {first_s:8.2f} s  (compiled code from disk, tables of the maps)")
    for threads in sorted({1, cores}):
        wall_s = best_s(lambda threads=threads: batch.run(work, workers=threads))
        per_second_us = wall_s * threads / seconds * 1e6
        print(f"batch, {threads} threads                     {wall_s:8.2f} s  {per_second_us:.2f} us a simulated second a core")
    chunks = list(batch._chunks(work))
    start = time.thread_time()
    for chunk in chunks:
        chunk.drive()
    print(f"kernel alone, processor time         {(time.thread_time() - start) / seconds * 1e6:8.2f} us a simulated second")
    trip_s, road = one_trip()
    print(f"one warm trip of {trip_s:.0f} s              {best_s(road, 20) * 1e3:8.1f} ms")
    for words in (["diesel-6x4-box", "trunk-jinan-weifang"], [str(JOB), str(CYCLE)] if JOB.exists() else []):
        if words:
            print(f"fresh process, {Path(words[0]).name[:20]:20}  {fresh_s(words):8.2f} s")


def one_trip() -> tuple[float, Callable[[], object]]:
    """A trip of about 4,500 s of the catalogue: how long it lasts, and a call that drives it."""
    whole = combination("diesel-6x4-box")
    road = cut(profile(mission("trunk-jinan-weifang")), 4_500.0)
    return drive(whole, road, 12e3).time_s, lambda: drive(whole, road, 12e3)


def cut(road: Profile, seconds: float) -> Profile:
    """The beginning of `road`, so long that it takes about `seconds`."""
    from dataclasses import replace

    from fifthwheel.road.profile import STEP_M, Stop

    count = int(seconds * 21.9 / STEP_M)
    fields = ("altitude_m", "sine", "heading_rad", "latitude_deg", "longitude_deg", "limit_mps", "surface_ratio")
    return replace(
        road,
        **{name: getattr(road, name)[:count] for name in fields},
        stops=(Stop(distance_m=STEP_M * (count - 1), duration_s=0.0),),
    )


def fresh_s(words: list[str]) -> float:
    """Best wall time of `fifthwheel simulate` in a new process, byte code and machine code on disk."""
    command = [str(Path(sys.executable).parent / "fifthwheel"), "simulate", *words, "--json"]
    with tempfile.TemporaryDirectory() as folder:
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        kept |= {"PYTHONPYCACHEPREFIX": folder}
        once = lambda: subprocess.run(command, check=True, capture_output=True, env=kept)  # noqa: E731
        once()
        return best_s(once)


def memory() -> None:
    """Largest resident memory while 100,000 short trips run from a generator."""
    whole = combination("diesel-6x4-box")
    road = profile(mission("mixer-round"))

    def many() -> Iterator[batch.Case]:
        for load in np.linspace(0.0, whole.payload_limit_kg, MANY):
            yield batch.Case(combination=whole, road=road, payload_kg=float(load), road_name="mixer-round")

    batch.run([next(many())])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    start = time.perf_counter()
    table = batch.run(list(many()))
    wall_s = time.perf_counter() - start
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"{table.num_rows} trips of {road.length_m / 1e3:.1f} km in {wall_s:.0f} s, rows {table.nbytes / 2**20:.0f} MiB")
    print(f"largest resident memory {largest:.0f} MiB ({before:.0f} MiB before)")


if __name__ == "__main__":
    memory() if "--memory" in sys.argv else speed()
