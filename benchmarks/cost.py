"""The cost ledger against NREL's T3CO 2 in the same run: time a scenario, and the same scenarios' totals.

python benchmarks/cost.py      T3CO_PYTHON names a Python that has T3CO (``pip install t3co==2.0.0`` into its own environment: it
                               wants numpy below 2, this project numpy 2); without it, that half is skipped and says so

A scenario is one vehicle at one work over its life, all lines. Ours is timed alone (floats), then as they are used: many
vehicles at many works in one call, and vehicles against draws of all assumptions. T3CO's ledger is timed without reading its
tables of scenarios and vehicles; it reads fuel prices and weights of trucks anew each time, as its own programs do.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from fifthwheel.choose.cost import Assets, Work, assets_of, ledger, stack
from fifthwheel.choose.region import Region, region
from fifthwheel.choose.t3co import GALLON_DIESEL_J, MILE_M, PRICES, Trial, scenario
from fifthwheel.units import HOUR, KM, KWH
from fifthwheel.vehicle.catalogue import combination

DATA = (
    Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "nrel" / "t3co"
)
PEER = Path(__file__).with_name("cost_t3co.py")
ADDED = tomllib.loads(PEER.with_suffix(".toml").read_text(encoding="utf-8"))
TRUCKS = ("diesel-6x4-box", "lng-6x4-box", "battery-423-box", "fuel-cell-6x4-box", "diesel-6x4-etrailer")
ROUNDS, MANY, DRAWS = 15, 10_000, 2_000


def seconds(of: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        of()
        taken.append(time.perf_counter() - start)
    return median(taken)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def peer() -> dict[str, object] | None:
    python = os.environ.get("T3CO_PYTHON", "")
    if not python or not DATA.is_dir():
        print(f"T3CO skipped: {'set T3CO_PYTHON to a Python that has t3co 2' if not python else f'no reference data at {DATA}'}")
        return None
    done = subprocess.run([python, str(PEER), str(DATA), "3"], capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def inputs(column: str, theirs: dict[str, float]) -> tuple[Assets, Work, Region]:
    selection = column.partition(" ")[0]
    row = next(one for one in rows("TCO_SCENARIO_TEST_INPUTS.csv") if one["selection"] == selection)
    vehicle = next(one for one in rows("TCO_VEHICLE_TEST_INPUTS.csv") if one["selection"] == selection)
    fuel = row["fuel_type"].lower()
    price = next(one for one in rows("FuelPrices.csv") if (one["Region"], one["Fuel"]) == (row["region"], PRICES[fuel][0]))
    trial = Trial(
        energy_jpm=GALLON_DIESEL_J / (ADDED["economy_mpgde"][fuel] * MILE_M),
        waiting_s=theirs["total_fueling_dwell_time_hr"] * HOUR / ADDED["years"],
        payload_ratio=theirs["payload_cap_cost_multiplier"],
    )
    return scenario(row | ADDED["added"] | {"purchasing_method": column.partition(" ")[2] or "cash"}, vehicle, price, trial)


def same_scenarios(found: dict[str, dict[str, float]]) -> float:
    print(f"{'T3CO scenario':>14} {'T3CO USD':>12} {'ours USD':>12} {'ours, value fallen twice as in T3CO':>36} {'ms':>7}")
    taken = []
    for column, theirs in found.items():
        assets, work, where = inputs(column, theirs)
        one = where.assumptions["residual_first_t3co"]
        twice = Region(
            name=where.name, currency=where.currency,
            assumptions=dict(where.assumptions)
            | {one.name: type(one)(
                name=one.name, value=float(one.value) ** 2, low=0.0, high=1.0, unit=one.unit, source=one.source
            )},
        )  # fmt: skip
        taken.append(seconds(lambda a=assets, w=work, r=where: ledger(a, w, r).life))  # type: ignore[misc]
        totals = theirs["discounted_tco_dol"], float(ledger(assets, work, where).life), float(ledger(assets, work, twice).life)
        print(f"{column:>14} {totals[0]:12,.0f} {totals[1]:12,.0f} {totals[2]:36,.0f} {1e3 * taken[-1]:7.3f}")
    return median(taken)


def many(cn: Region) -> tuple[float, float]:
    """Seconds a scenario: many vehicles at many works; vehicles against draws."""
    trucks = [assets_of(combination(name), cn) for name in TRUCKS]
    rng = np.random.default_rng(1)
    crowd = stack([trucks[row % len(trucks)] for row in range(MANY)])
    work = Work(
        speed_mps=rng.uniform(10.0, 22.0, MANY), fuel_kgpm=rng.uniform(0.2, 0.4, MANY) / KM,
        depot_jpm=rng.uniform(0.0, 1.6, MANY) * KWH / KM, payload_kg=rng.uniform(10e3, 33e3, MANY),
        distance_year_m=rng.uniform(40e6, 200e6, MANY), years=rng.integers(3, 9, MANY).astype(float),
    )  # fmt: skip
    columns, drawn = stack(trucks).columns(), cn.drawn(rng, DRAWS)
    plain = Work(speed_mps=18.0, fuel_kgpm=0.3 / KM, depot_jpm=1.3 * KWH / KM, payload_kg=25e3)
    crowded = seconds(lambda: ledger(crowd, work, cn).life) / MANY
    return crowded, seconds(lambda: ledger(columns, plain, drawn).life) / (len(trucks) * DRAWS)


def main() -> None:
    crowded, drawn = many(region("cn"))
    print(f"ours, {MANY:,} vehicles at works in one call: {1e3 * crowded:.5f} ms a scenario (wanted: at most 0.1)")
    print(f"ours, {len(TRUCKS)} vehicles x {DRAWS:,} draws of all assumptions: {1e3 * drawn:.5f} ms a scenario")
    theirs = peer()
    if theirs is None:
        return
    alone = same_scenarios(theirs["rows"])  # type: ignore[arg-type]
    their_s = float(str(theirs["seconds_a_scenario"]))
    print(f"T3CO {theirs['version']}: {1e3 * their_s:.1f} ms a scenario; ours alone {1e3 * alone:.3f} ms: {their_s / alone:,.0f}")
    print(f"times faster; in one call {their_s / crowded:,.0f} times. Python {sys.version.split()[0]}, one thread.")


if __name__ == "__main__":
    main()
