"""The rule set vecto-2.2 against VECTO 2.2's own results: six declared runs of a 40 t truck, and 65 short cycles.

Run ``python benchmarks/vecto.py [FOLDER]``; the folder holds ``40t``, ``40t_driver_strategy`` and ``cycles_2015``.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthwheel.road.vecto import read_cycle
from fifthwheel.simulate.vecto22.run import Run, run
from fifthwheel.units import RPM
from fifthwheel.vehicle.vecto.job import Job, Overspeed, Polygon
from fifthwheel.vehicle.vecto.read import read_job

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "vecto"
RUNS = (
    ("long-haul", "LongHaul", 0.0), ("long-haul", "LongHaul", 19300.0), ("long-haul", "LongHaul", 25400.0),
    ("regional-delivery", "RegionalDelivery", 0.0), ("regional-delivery", "RegionalDelivery", 12900.0),
    ("regional-delivery", "RegionalDelivery", 25400.0),
)  # fmt: skip
ENERGIES = (
    "EposICE", "EnegICE", "Eair", "Eroll", "Egrad", "Eacc", "Eaux", "Etransm", "Eretarder", "Ebrake",
)  # fmt: skip
TINY_G = 0.05
"""Below this much fuel an error is told in grams, not as a share."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(table: list[dict[str, str]], heading: str) -> NDArray[np.float64]:
    return np.array([float(row[heading]) for row in table])


def engineering(job: Job) -> Job:
    """The same truck as the short cycles drove it: stated shift lines, no auxiliaries, no wind, no overspeed."""
    combination = job.combination
    drive = combination.drive
    box = replace(drive.gearbox, loss_maps=(drive.gearbox.loss_maps[0],) * len(drive.gearbox.ratios))
    tractor = replace(combination.tractor, drive=replace(drive, gearbox=box), auxiliaries=())
    trailer = replace(combination.trailer, auxiliaries=()) if combination.trailer else None
    line = Polygon(
        torque_nm=(-400.0, 759.0, 1252.0, 2372.0),
        down_radps=tuple(speed * RPM for speed in (560, 560, 742, 1155)),
        up_radps=tuple(speed * RPM for speed in (1289, 1289, 1289, 1942)),
    )
    return replace(
        job,
        combination=replace(combination, tractor=tractor, trailer=trailer, drag_speed_mps=(), drag_speed_area_m2=()),
        mission="", declaration=False, fuel_factor_ratio=1.0, driver=replace(job.driver, overspeed=Overspeed.OFF),
        shifting=replace(job.shifting, polygons=(line,) * len(box.ratios)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declared run, VECTO's row of totals for it, and the file with VECTO's seconds."""

    mission: str
    cycle: Path
    payload_kg: float
    run: Run
    spent_s: float
    wanted: dict[str, str]
    seconds: Path


def declared_runs(data: Path) -> Iterator[Declared]:
    table = rows(data / "40t" / "40t_Long_Haul_Truck.vsum")
    loads = 2 * ("Empty", "Reference", "Full")
    for (mission, name, payload_kg), wanted, load in zip(RUNS, table, loads, strict=True):
        cycle = data / "cycles_2015" / f"{name}_1m.vdri"
        job = read_job(data / "40t" / "40t_Long_Haul_Truck.vecto", mission=mission)
        start = time.perf_counter()
        result = run(job, read_cycle(cycle), payload_kg)
        seconds = data / "40t" / f"40t_Long_Haul_Truck_{mission.replace('-', '_').title()}_{load} Loading.vmod"
        yield Declared(
            mission=mission, cycle=cycle, payload_kg=payload_kg, run=result, spent_s=time.perf_counter() - start,
            wanted=wanted, seconds=seconds,
        )  # fmt: skip


def declared(data: Path) -> None:
    fuel = []
    for one in declared_runs(data):
        got = one.run.summary()
        fuel.append(got["FC-Final [l/100km]"] / float(one.wanted["FC-Final [l/100km]"]) - 1)
        title = f"{one.cycle.stem.removesuffix('_1m')} {one.payload_kg:.0f} kg"
        print(f"\n{title}: {one.spent_s:.2f} s, balance {one.run.ledger.balance_error_ratio:.1e}")
        for heading in ("FC-Final [l/100km]", "time [s]", "distance [km]", *(f"{name} [kWh]" for name in ENERGIES)):
            reference = float(one.wanted[heading])
            share = f"{100 * (got[heading] / reference - 1):+8.3f} %" if abs(reference) > 0.1 else "        -"
            print(f"  {heading:20} {got[heading]:12.4f} {reference:12.4f} {got[heading] - reference:+9.4f} {share}")
    print(f"\nfuel: worst {100 * max(map(abs, fuel)):.3f} %, mean {100 * float(np.mean(np.abs(fuel))):.3f} %")


@dataclass(slots=True)
class Tally:
    """Short cycles: how many, within 1 % of fuel, of the same duration, of the same speeds; and those off by over 0.1 %."""

    cycles: int = 0
    near: int = 0
    steps: int = 0
    same: int = 0
    got_g: float = 0.0
    wanted_g: float = 0.0
    off: list[tuple[str, float, float, float]] = field(default_factory=list)


def tally(data: Path) -> Tally:
    folder = data / "40t_driver_strategy"
    job = engineering(read_job(data / "40t" / "40t_Long_Haul_Truck.vecto", mission="long-haul"))
    found = Tally()
    for name in sorted(path.stem.removeprefix("40t_Long_Haul_Truck_") for path in folder.glob("*.vmod")):
        table = rows(folder / f"40t_Long_Haul_Truck_{name}.vmod")
        result = run(job, read_cycle(folder / "cycles" / f"{name}.vdri"), 19300.0)
        reference = column(table, "FC-Map [g/h]").sum() / 3600
        fuel = 1e3 * result.fuel_kg
        error = fuel / reference - 1 if reference > TINY_G else fuel - reference
        steps = len(table) == result.time_s
        equal = steps and np.abs(result.trace["v_act [km/h]"] - column(table, "v_act [km/h]")).max() < 0.02
        found.cycles, found.got_g, found.wanted_g = found.cycles + 1, found.got_g + fuel, found.wanted_g + reference
        found.near, found.steps, found.same = found.near + (abs(error) <= 0.01), found.steps + steps, found.same + bool(equal)
        if abs(error) > 0.001:
            found.off.append((name, fuel, reference, error))
    return found


def short(data: Path) -> None:
    found = tally(data)
    for name, fuel, reference, error in found.off:
        print(f"  {name:45} {fuel:9.2f} g, VECTO {reference:9.2f} g, {100 * error:+.2f} %")
    print(f"{found.near} of {found.cycles} within 1 %, {found.steps} same duration, {found.same} same speed", end=", ")
    print(f"total {100 * (found.got_g / found.wanted_g - 1):+.3f} %")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    declared(folder)
    print("\nshort cycles")
    short(folder)
