"""Coverage of the energy account over a virtual fleet whose truth is known, and the time it takes to explain a trip.

Run ``python benchmarks/account.py [SEED ...]``. Each trip is simulated, seen through its wires (their rates, their steps, a
satellite receiver's height error, sensor scale errors), explained with what earlier trips of the coupling taught, and
compared with the simulation's ledger term by term.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from fifthwheel.codec.gbt32960 import decode as gbt32960
from fifthwheel.codec.hj1239 import decode as hj1239
from fifthwheel.codec.jt808 import decode as jt808
from fifthwheel.errors import SimulationError
from fifthwheel.explain.account import TripAccount, explain
from fifthwheel.explain.estimate import Belief
from fifthwheel.explain.trips import cut
from fifthwheel.fleet.demo import VirtualFleet, virtual_fleet
from fifthwheel.fleet.telemetry import Telemetry
from fifthwheel.physics.energy import TERMS
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile
from fifthwheel.road.weather import typical_weather
from fifthwheel.signals.observations import Observations
from fifthwheel.simulate.driver import STYLES
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import DAY_US, KMH, KPA, LITRE, RPM, SECOND_US
from fifthwheel.vehicle.catalogue import combination

Floats = NDArray[np.float64]

NEW_YEAR_US = 1_767_225_600 * SECOND_US
"""1 January 2026."""
LITRE_PER_HOUR = LITRE / 3600
FLEET = {
    "diesel-6x4-stake": "trunk-jinan-weifang",
    "diesel-6x4-box": "mountain-taian-yiyuan",
    "diesel-4x2-reefer": "coldchain-shouguang-jinan",
    "diesel-6x4-tanker": "tanker-dongying-zibo",
    "lng-6x4-tipper": "coal-yanzhou-linyi",
    "diesel-8x4-mixer": "mixer-round",
    "diesel-8x4-tipper": "quarry-zhangqiu",
    "diesel-6x4-etrailer": "express-linyi-jinan",
    "battery-423-box": "trunk-weifang-qingdao",
    "battery-282-container": "port-shuttle",
    "battery-600-reefer": "trunk-jinan-weifang",
}
HJ1239 = {
    "speed_mps": KMH / 256, "engine_net_torque_ratio": 0.01, "engine_friction_torque_ratio": 0.01,
    "engine_speed_radps": 0.125 * RPM, "fuel_rate_m3ps": 0.05 * LITRE_PER_HOUR, "latitude_deg": 1e-6, "longitude_deg": 1e-6,
    "odometer_m": 100.0, "ambient_pressure_pa": 0.5 * KPA,
}  # fmt: skip
GBT32960 = {
    "speed_mps": 0.1 * KMH, "battery_voltage_v": 0.1, "battery_current_a": 0.1, "battery_soc_ratio": 0.01,
    "motor_speed_radps": RPM, "motor_torque_nm": 0.1, "odometer_m": 100.0, "latitude_deg": 1e-6, "longitude_deg": 1e-6,
    "brake_switch_state": 1.0,
}  # fmt: skip
JT808 = {
    "latitude_deg": 1e-6, "longitude_deg": 1e-6, "altitude_m": 1.0, "speed_mps": 0.1 * KMH, "odometer_m": 100.0,
    "ignition_state": 1.0, "brake_switch_state": 1.0, "retarder_switch_state": 1.0,
}  # fmt: skip
"""Signals of each wire and their steps (wires.md 1.4, 3.3, 4.2)."""


SENSORS = {"fuel_rate_m3ps": 0.01, "engine_net_torque_ratio": 0.01, "motor_torque_nm": 0.01, "battery_current_a": 0.005}
"""Spread of the scale errors, one draw a vehicle: what `explain` says it assumes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A simulated trip and what its wires sent."""

    vehicle_id: str
    run: TripRun
    rows: Observations


def golden_fleet(seed: int, trips: int, *, electric_step_s: int = 1) -> Iterator[Golden]:
    """`trips` trips of each vehicle of the fleet, in order, each vehicle with a truth of its own."""
    rng = np.random.default_rng(seed)
    for name, road in FLEET.items():
        truth = Truth(
            drag_ratio=rng.normal(1, 0.05), rolling_tractor_ratio=rng.normal(1, 0.06), rolling_trailer_ratio=rng.normal(1, 0.06),
            auxiliary_ratio=rng.normal(1, 0.15),
        )  # fmt: skip
        sensors = {name: rng.normal(1, sd) for name, sd in SENSORS.items()}
        for index in range(trips):
            way = mission(road if index % 2 == 0 else f"{road}:back")
            load = combination(name).payload_limit_kg * rng.choice([0.0, 0.4, 0.7, 0.95])
            day = int(rng.integers(360)) + index
            conditions = Conditions(
                style=list(STYLES.values())[rng.integers(3)], weather=typical_weather(day, rng), truth=truth,
                seed=int(rng.integers(1 << 30)),
            )  # fmt: skip
            try:
                run = drive(combination(name), profile(way, rng), load, conditions)
            except SimulationError:
                continue
            start_us = NEW_YEAR_US + day * DAY_US
            rows = wired(run, f"{name}#{seed}", start_us, rng, sensors, electric_step_s=electric_step_s)
            yield Golden(vehicle_id=f"{name}#{seed}", run=run, rows=rows)


def wired(
    run: TripRun,
    vehicle_id: str,
    start_us: int,
    rng: np.random.Generator,
    sensors: Mapping[str, float],
    *,
    electric_step_s: int = 1,
) -> Observations:
    """The trip as its wires tell it: steps, rates, the height error of a receiver."""
    columns = dict(run.columns)
    columns["odometer_m"] = 4.2e7 + columns["trip_distance_m"]
    count = len(columns["speed_mps"])
    for name, scale in sensors.items():
        if name in columns:
            columns[name] = columns[name] * scale
    columns["altitude_m"] = columns["altitude_m"] + wandering(count, 2.5, 120.0, rng) + rng.normal(0, 0.8, count)
    trailer_id = f"{vehicle_id}挂"
    units = vehicle_id, trailer_id
    rows = [_wire(columns, JT808, "jt808", units, (start_us, 10))]
    if run.combination.drive.engine:
        rows.append(_wire(columns, HJ1239, "hj1239", units, (start_us, 1)))
    else:
        rows.append(_wire(columns, GBT32960, "gbt32960", units, (start_us, electric_step_s)))
    if run.trailer_columns:
        rows.append(_wire(run.trailer_columns, GBT32960, "gbt32960", (trailer_id, None), (start_us, electric_step_s)))
    return Observations.concat(rows)


def wandering(count: int, sd: float, seconds: float, rng: np.random.Generator) -> Floats:
    """First-order random process with that spread and memory, shape (count,)."""
    knots = max(int(count / seconds) + 2, 4)
    return np.interp(np.arange(count) / seconds, np.arange(knots), rng.normal(0, sd * 1.22, knots))


def _wire(
    columns: Mapping[str, Floats], steps: Mapping[str, float], wire: str, units: tuple[str, str | None], clock: tuple[int, int]
) -> Observations:
    """Rows of one wire: `units` is who speaks and what it tows, `clock` the start and the seconds between rows."""
    pick = np.arange(0, len(columns["speed_mps"]), clock[1])
    values = {name: np.round(columns[name][pick] / step) * step for name, step in steps.items() if name in columns}
    return Observations.of(values, vehicle_id=units[0], time_us=clock[0] + pick * SECOND_US, source=wire, trailer_id=units[1])


def accounts(fleet: Iterator[Golden]) -> Iterator[tuple[Golden, TripAccount, float]]:
    """Each trip of `fleet` explained in turn with what the vehicle's earlier ones taught, and the seconds it took."""
    beliefs: dict[str, Belief] = {}
    for golden in fleet:
        started = time.perf_counter()
        for trip in cut(golden.rows.of_vehicle(golden.vehicle_id)).trips:
            if (trip.end_us - trip.start_us) / SECOND_US < 0.97 * golden.run.time_s:
                continue  # a long halt splits the run; its ledger is of the whole
            account = explain(trip, golden.rows, golden.run.combination, beliefs.get(golden.vehicle_id))
            if account is not None:
                beliefs[golden.vehicle_id] = account.belief
                yield golden, account, time.perf_counter() - started


def demo_fleet(seed: int, days: int = 3, vehicles: int = 14) -> Iterator[tuple[Golden, TripAccount, float]]:
    """The demonstration fleet through its real frames: decoded, merged, cut, explained, matched with the truth of each trip."""
    fleet = virtual_fleet(vehicles, days, NEW_YEAR_US + 40 * seed * DAY_US, seed)
    beliefs: dict[tuple[str, str | None], Belief] = {}
    truths = fleet.truth
    for plate, life in fleet.lives.items():
        rows = Observations.concat(
            [
                _decoded(sent.link.wire, sent.link.plate, sent.frames, fleet, plate)
                for sent in Telemetry(life, fleet).frames(life.episodes)
                if sent.frames
            ]
        )
        for trip in cut(rows.of_vehicle(plate)).trips:
            true = [t for t in truths if t.vehicle_id == plate and abs(t.start_us - trip.start_us) < 30 * SECOND_US]
            started = time.perf_counter()
            whole = fleet.combination_of(life.entry, trip.trailer_id)
            near = rows.table.filter((pc.field("time_us") >= trip.start_us) & (pc.field("time_us") <= trip.end_us))
            account = explain(trip, Observations(near), whole, beliefs.get((plate, trip.trailer_id)))
            if account is None:
                continue
            beliefs[plate, trip.trailer_id] = account.belief
            if true and abs(true[0].end_us - trip.end_us) < 30 * SECOND_US:
                yield Golden(vehicle_id=plate, run=true[0].run, rows=rows), account, time.perf_counter() - started


def _decoded(wire: str, unit: str, frames: list[bytes], fleet: VirtualFleet, plate: str) -> Observations:
    """Frames of one link as rows, coupling included."""
    parts = []
    for block in WIRES[wire](frames).blocks:
        trailers = [fleet.trailer_at(plate, int(t)) if unit == plate else None for t in block.time_us]
        parts.append(Observations.of(block.values, vehicle_id=unit, time_us=block.time_us, source=wire, trailer_id=trailers))
    return Observations.concat(parts)


WIRES = {"jt808": jt808.observe, "hj1239": hj1239.observe, "gbt32960": gbt32960.observe}


def table(title: str, found: list[tuple[Golden, TripAccount, float]]) -> None:
    """Print coverage, bias, error and width of every term as shares of the meter."""
    print(f"\n{title}: {len(found)} trips")
    print(f"{'term':16} {'inside':>7} {'bias':>7} {'|error|':>8} {'width':>7} {'term':>7}   (shares of the meter)")
    meter = np.array([sum(golden.run.ledger.meter_j.values()) for golden, _, _ in found])
    for position, term in enumerate(TERMS):
        truth = np.array([golden.run.ledger.terms_j.get(term.name, 0.0) for golden, _, _ in found])
        shown = [account.account[position] for _, account, _ in found]
        low, high = np.array([f.low for f in shown]), np.array([f.high for f in shown])
        error = (np.array([f.value for f in shown]) - truth) / meter
        inside = np.mean((low - 1 <= truth) & (truth <= high + 1))
        print(
            f"{term.name:16} {inside:7.0%} {error.mean():7.2%} {np.median(abs(error)):8.2%} "
            f"{((high - low) / meter).mean():7.2%} {(truth / meter).mean():7.1%}"
        )
    mass = [abs(account.mass_kg / golden.run.mass_kg - 1) for golden, account, _ in found]
    seconds = [took for _, _, took in found]
    hours = np.median([golden.run.time_s for golden, _, _ in found]) / 3600
    print(f"mass error {np.median(mass):.1%}; {np.median(seconds) * 1e3:.0f} ms for a trip of {hours:.1f} h (medians)")


def main(seeds: list[int]) -> None:
    """Print the tables."""
    for step_s in (1, 10):
        found = [item for seed in seeds for item in accounts(golden_fleet(seed, 4, electric_step_s=step_s))]
        table(f"golden fleet, seeds {seeds}, batteries every {step_s} s", found)
    table(f"demonstration fleet through its frames, seeds {seeds}", [item for seed in seeds for item in demo_fleet(seed)])


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 2, 3])
