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
from numpy.typing import NDArray

from fifthwheel.errors import SimulationError
from fifthwheel.explain.account import TripAccount, explain
from fifthwheel.explain.estimate import Belief
from fifthwheel.explain.trips import cut
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
    rows = [_wire(columns, JT808, "jt808", vehicle_id, trailer_id, start_us, 10)]
    if run.combination.drive.engine:
        rows.append(_wire(columns, HJ1239, "hj1239", vehicle_id, trailer_id, start_us, 1))
    else:
        rows.append(_wire(columns, GBT32960, "gbt32960", vehicle_id, trailer_id, start_us, electric_step_s))
    if run.trailer_columns:
        rows.append(_wire(dict(run.trailer_columns), GBT32960, "gbt32960", trailer_id, None, start_us, electric_step_s))
    return Observations.concat(rows)


def wandering(count: int, sd: float, seconds: float, rng: np.random.Generator) -> Floats:
    """First-order random process with that spread and memory, shape (count,)."""
    knots = max(int(count / seconds) + 2, 4)
    return np.interp(np.arange(count) / seconds, np.arange(knots), rng.normal(0, sd * 1.22, knots))


def _wire(
    columns: dict[str, Floats],
    steps: dict[str, float],
    wire: str,
    vehicle_id: str,
    trailer_id: str | None,
    start_us: int,
    step_s: int,
) -> Observations:
    pick = np.arange(0, len(columns["speed_mps"]), step_s)
    values = {name: np.round(columns[name][pick] / step) * step for name, step in steps.items() if name in columns}
    return Observations.of(values, vehicle_id=vehicle_id, time_us=start_us + pick * SECOND_US, source=wire, trailer_id=trailer_id)


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


def main(seeds: list[int], electric_step_s: int) -> None:
    """Print the table."""
    found = [item for seed in seeds for item in accounts(golden_fleet(seed, 4, electric_step_s=electric_step_s))]
    print(f"{len(found)} trips, seeds {seeds}, electric vehicles every {electric_step_s} s")
    print(f"{'term':16} {'inside':>7} {'bias':>7} {'|error|':>8} {'width':>7}   share of the meter")
    for term in TERMS:
        truth = [golden.run.ledger.terms_j.get(term.name, 0.0) for golden, _, _ in found]
        shown = [next(f for f in account.account if f.name == f"account.{term.name}") for _, account, _ in found]
        meter = np.array([sum(golden.run.ledger.meter_j.values()) for golden, _, _ in found])
        error = np.array([finding.value - true for finding, true in zip(shown, truth, strict=True)]) / meter
        width = np.array([finding.high - finding.low for finding in shown]) / meter
        inside = np.mean([finding.low - 1 <= true <= finding.high + 1 for finding, true in zip(shown, truth, strict=True)])
        print(
            f"{term.name:16} {inside:7.0%} {error.mean():7.2%} {np.median(abs(error)):8.2%} {width.mean():7.2%}   {np.mean(np.array(truth) / meter):6.1%}"
        )
    print(f"mass error {np.median([abs(a.mass_kg / g.run.mass_kg - 1) for g, a, _ in found]):.1%} (median)")
    print(
        f"{np.median([seconds for _, _, seconds in found]) * 1e3:.0f} ms a trip (median) of {np.median([g.run.time_s for g, _, _ in found]) / 3600:.1f} h"
    )


if __name__ == "__main__":
    chosen = [int(word) for word in sys.argv[1:]] or [1, 2, 3]
    main(chosen, electric_step_s=1)
    main(chosen, electric_step_s=10)
