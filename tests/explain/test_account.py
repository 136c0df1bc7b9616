"""The account closes exactly, and its intervals hold the truth of the virtual fleet."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fifthwheel.explain.account import explain, gross_climb_m
from fifthwheel.explain.estimate import Belief
from fifthwheel.explain.trips import cut
from fifthwheel.physics.energy import TERMS
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US


@pytest.mark.parametrize("term", [term.name for term in TERMS])
def test_each_term_is_within_its_interval_of_the_truth_in_four_of_five_trips(golden: list[Any], term: str) -> None:
    found = [next(f for f in account.account if f.name == f"account.{term}") for _, account in golden]
    truth = [trip.run.ledger.terms_j.get(term, 0.0) for trip, _ in golden]
    inside = [finding.low - 1 <= true <= finding.high + 1 for finding, true in zip(found, truth, strict=True)]
    assert np.mean(inside) >= 0.8


def test_intervals_are_not_absurdly_wide(golden: list[Any]) -> None:
    widths = [max(f.high - f.low for f in account.account) / account.energy_j for _, account in golden]
    assert np.median(widths) < 0.10
    unexplained = [abs(account.account[-1].value) / account.energy_j for _, account in golden]
    assert np.median(unexplained) < 0.03


def test_the_account_closes_to_the_meter(golden: list[Any]) -> None:
    for _, account in golden:
        assert [finding.name for finding in account.account] == [f"account.{term.name}" for term in TERMS]
        assert sum(f.value for f in account.account) == pytest.approx(account.energy_j, rel=1e-9)
        assert sum(f.value for f in account.meter) == pytest.approx(account.energy_j, rel=1e-9)
        assert all(f.low <= f.value <= f.high for f in (*account.account, *account.beside, *account.meter) if f.value >= 0)


def test_the_mass_of_each_loading_is_found(golden: list[Any]) -> None:
    errors = [abs(account.mass_kg / trip.run.mass_kg - 1) for trip, account in golden]
    assert np.median(errors) < 0.05


def test_the_meter_agrees_with_the_truth(golden: list[Any]) -> None:
    inside = [
        finding.contains(trip.run.ledger.meter_j[finding.name.removeprefix("meter.")])
        for trip, account in golden
        for finding in account.meter
    ]
    assert np.mean(inside) >= 0.8


def test_belief_learns_and_travels_as_json(golden: list[Any]) -> None:
    _, account = golden[-1]
    assert account.belief.trips_count >= 2
    assert Belief.from_dict(account.belief.to_dict()) == account.belief
    assert Belief.from_dict(None) == Belief()


def test_order_and_duplicates_of_rows_do_not_matter(golden: list[Any]) -> None:
    trip, _ = golden[0]
    rng = np.random.default_rng(5)
    order = np.concatenate((rng.permutation(len(trip.rows)), rng.integers(0, len(trip.rows), 500)))
    (whole,) = cut(trip.rows).trips
    mixed = explain(whole, Observations(trip.rows.table.take(order)), trip.run.combination)
    assert mixed == explain(whole, trip.rows, trip.run.combination)


def test_noise_of_the_height_creates_no_energy(benchmark: ModuleType) -> None:
    from fifthwheel.road.profile import level
    from fifthwheel.simulate.trip import drive
    from fifthwheel.vehicle.catalogue import combination

    run = drive(combination("diesel-6x4-box"), level(40_000.0, 22.0), 15_000.0)
    rng = np.random.default_rng(3)
    rows = benchmark.wired(run, "a", benchmark.NEW_YEAR_US, rng, {})
    (trip,) = cut(rows).trips
    account = explain(trip, rows, run.combination)
    assert account is not None
    climb = next(f for f in account.account if f.name == "account.climb")
    assert climb.contains(0.0)
    assert sum(f.value or 0.0 for f in account.beside) < 0.15 * account.energy_j


def test_refuelling_and_charging_inside_a_trip_never_break_the_sum(golden: list[Any]) -> None:
    diesel = next(trip for trip, _ in golden if trip.vehicle_id.startswith("diesel-6x4-stake"))
    (trip,) = cut(diesel.rows).trips
    plain = explain(trip, diesel.rows, diesel.run.combination)
    times = np.arange(trip.start_us, trip.end_us, 10 * SECOND_US)
    level = np.where(np.arange(len(times)) < len(times) // 2, 0.2, 0.6)
    tank = Observations.of(
        {"fuel_volume_m3": level}, vehicle_id=trip.vehicle_id, time_us=times, source="jt808", trailer_id=trip.trailer_id
    )
    refuelled = explain(trip, Observations.concat([diesel.rows, tank]), diesel.run.combination)
    assert plain is not None
    assert refuelled is not None
    assert refuelled.energy_j == pytest.approx(plain.energy_j, rel=0.01)
    assert sum(f.value or 0.0 for f in refuelled.account) == pytest.approx(refuelled.energy_j, rel=1e-9)


def test_a_vehicle_without_torque_on_any_wire_still_gets_a_closed_account(golden: list[Any]) -> None:
    diesel = next(trip for trip, _ in golden if trip.vehicle_id.startswith("diesel-6x4-stake"))
    dropped = [n for n in diesel.rows.table.column_names if n.startswith("engine_")]
    rows = Observations(diesel.rows.table.drop_columns(dropped))
    (trip,) = cut(rows).trips
    account = explain(trip, rows, diesel.run.combination)
    assert account is not None
    assert sum(f.value or 0.0 for f in account.account) == pytest.approx(account.energy_j, rel=1e-9)
    engine = account.account[0]
    assert engine.contains(diesel.run.ledger.terms_j["engine"])


def test_without_any_store_there_is_no_account(golden: list[Any]) -> None:
    trip, _ = golden[0]
    kept = ["latitude_deg", "longitude_deg", "speed_mps", "odometer_m"]
    rows = Observations(
        trip.rows.table.select([*trip.rows.table.column_names[:5], *kept]).filter(
            pa.compute.equal(trip.rows.table["source"], "jt808")
        )
    )
    (whole,) = cut(rows).trips
    assert explain(whole, rows, trip.run.combination) is None


def test_gross_climb_counts_hills_not_noise() -> None:
    road = np.linspace(0, 20 * np.pi, 2000)
    assert gross_climb_m(50 * np.sin(road)) == pytest.approx((1000, 1000), rel=0.02)
    assert gross_climb_m(0.8 * np.sin(road)) == (0.0, 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_missing_the_account_closes_or_is_none(golden: list[Any], seed: int) -> None:
    rng = np.random.default_rng(seed)
    trip, _ = golden[int(rng.integers(len(golden)))]
    table = trip.rows.table
    table = table.drop_columns([name for name in table.column_names[5:] if rng.random() < 0.25])
    table = table.filter(pa.array(rng.random(len(table)) < rng.choice([0.05, 0.4, 0.9])))
    rows = Observations(table)
    accounts = [explain(found, rows, trip.run.combination) for found in cut(rows.of_vehicle(trip.vehicle_id)).trips]
    errors_j = [sum(f.value or 0.0 for f in account.account) - account.energy_j for account in accounts if account]
    assert np.allclose(errors_j, 0.0, atol=1.0)
