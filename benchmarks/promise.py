"""Coverage of the promise's interval over simulated vehicles whose truth is known: as promised, and with 15 % more drag.

Run ``python benchmarks/promise.py [VEHICLES] [TRIPS]``. Each vehicle drives out laden and back empty in the weather of random
days, is seen through its wires and explained; its trips are then held against the promise of the catalogue's vehicle. The true
difference is that of the same trips driven by that vehicle.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from account import NEW_YEAR_US, SENSORS, wired

from fifthwheel.choose.duty import from_table
from fifthwheel.explain.account import TripAccount, explain
from fifthwheel.explain.promise import Comparison, Driven, compare
from fifthwheel.explain.trips import Trip, cut
from fifthwheel.fleet.promised import legs_of
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile
from fifthwheel.road.weather import typical_weather
from fifthwheel.simulate.pack import NOMINAL, Truth
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.units import DAY_US, MICROSECOND
from fifthwheel.vehicle.catalogue import combination

DUTIES = (
    ("diesel-6x4-box", "trunk-jinan-weifang"),
    ("battery-423-box", "trunk-weifang-qingdao"),
    ("lng-6x4-tipper", "coal-yanzhou-linyi"),
)
LOAD_RATIO = 0.7


def vehicle(index: int, trips: int, truth: Truth) -> tuple[Comparison, float]:
    """One vehicle's comparison, and by how much it really used more than promised, over what the promised one used."""
    name, road = DUTIES[index % len(DUTIES)]
    rng, whole = np.random.default_rng(index), combination(name)
    sensors = {signal: rng.normal(1, sd) for signal, sd in SENSORS.items()}
    load_kg = LOAD_RATIO * whole.payload_limit_kg
    duty = from_table({"road": {"mission": road, "back": "empty"}, "cargo": {"kind": "coal"}})
    driven, used_j, belief = [], np.zeros(2), None
    for number in range(trips):
        way, day = mission(road if number % 2 == 0 else f"{road}:back"), int(rng.integers(300))
        now = Conditions(weather=typical_weather(day, rng), truth=truth, seed=int(rng.integers(1 << 30)))
        payload_kg = load_kg * rng.normal(1.0, 0.05) if number % 2 == 0 else 0.0
        run = drive(whole, profile(way), payload_kg, now)
        plain = drive(whole, profile(way), payload_kg, replace(now, truth=NOMINAL))
        used_j += [sum(one.ledger.meter_j.values()) for one in (run, plain)]
        rows = wired(run, name, NEW_YEAR_US + day * DAY_US, rng, sensors)
        for trip in cut(rows.of_vehicle(name)).trips:
            account = explain(trip, rows, whole, belief)
            if account is not None:
                belief = account.belief
                driven.append(_driven(trip, account))
    return compare(legs_of(whole, duty, load_kg), whole.drag_area_m2, driven), used_j[0] / used_j[1] - 1.0


def _driven(trip: Trip, account: TripAccount) -> Driven:
    ends = (trip.start_latitude_deg, trip.start_longitude_deg, trip.end_latitude_deg, trip.end_longitude_deg)
    return Driven(
        trip_id=trip.trip_id, distance_m=trip.distance_m, duration_s=(trip.end_us - trip.start_us) * MICROSECOND,
        ends=ends if None not in ends else None, meter=account.meter,
        terms={one.name.removeprefix("account."): one for one in account.account},
        estimates={one.name.removeprefix("estimate."): one for one in account.estimates},
    )  # fmt: skip


def main() -> None:
    """Print coverage, width, and how often each kind of vehicle was called significant."""
    vehicles = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    trips = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    print(f"{vehicles} vehicles, {trips} trips each")
    for title, truth in (("as promised", NOMINAL), ("15 % more drag", Truth(drag_ratio=1.15))):
        found = [vehicle(index, trips, truth) for index in range(vehicles)]
        expected = np.array([one.expected.value for one, _ in found])
        ends = np.array([[one.difference.low, one.difference.value, one.difference.high] for one, _ in found]) / expected[:, None]
        true = np.array([excess for _, excess in found])
        inside = (ends[:, 0] <= true) & (true <= ends[:, 2])
        own = [max(one.causes, key=lambda name: _size(one, name)) for one, _ in found]
        missed = np.mean([one.verdict == "missed" for one, _ in found])
        print(
            f"{title:15} true {true.mean():+.1%}, found {ends[:, 1].mean():+.1%} ± {(ends[:, 2] - ends[:, 0]).mean() / 2:.1%}, "
            f"inside the interval {inside.mean():.0%}, called significant {missed:.0%}, air "
            f"named first {np.mean([name == 'air' for name in own]):.0%}"
        )


def _size(one: Comparison, name: str) -> float:
    return 0.0 if name in {"payload", "weather"} else abs(one.causes[name].value or 0.0)


if __name__ == "__main__":
    main()
