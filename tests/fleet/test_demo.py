from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.fleet.demo import Drive, Park, VirtualFleet, virtual_fleet
from fifthwheel.records import Records
from fifthwheel.units import DAY_US, SECOND_US

END_US = 1_782_000_000 * SECOND_US


@pytest.fixture(scope="module")
def fleet() -> VirtualFleet:
    return virtual_fleet(12, 3, END_US, 1)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield opened
    opened.close()


def test_the_fleet_has_every_kind_of_combination(fleet: VirtualFleet) -> None:
    kinds = {fleet.combination_of(entry, entry.trailer).energy_kind for entry in fleet.roster.vehicles}
    assert kinds == {"diesel", "lng", "battery", "diesel_etrailer"}
    assert len(fleet.roster.vehicles) == 12
    assert all(len(entry.vin) == 17 for entry in fleet.roster.vehicles)


def test_episodes_follow_each_other_without_a_gap(fleet: VirtualFleet) -> None:
    for life in fleet.lives.values():
        episodes = life.until(END_US)
        assert episodes[0].start_us == fleet.start_us
        assert all(first.end_us == second.start_us for first, second in pairwise(episodes))
        assert [type(episode) for episode in episodes] == [Park, Drive] * (len(episodes) // 2)
        assert episodes[-1].end_us > END_US


def test_stores_and_odometers_go_on_from_trip_to_trip(fleet: VirtualFleet) -> None:
    for life in fleet.lives.values():
        drives = [episode for episode in life.until(END_US) if isinstance(episode, Drive)]
        parks = [episode for episode in life.until(END_US) if isinstance(episode, Park)]
        ends = [drive.odometer_m + drive.run.distance_m for drive in drives]
        assert ends[:-1] == pytest.approx([drive.odometer_m for drive in drives[1:]])
        assert all(park.fuel_to_m3 == pytest.approx(drive.fuel_from_m3) for park, drive in zip(parks, drives, strict=True))
        assert all(park.charge is None or park.charge.end_us < park.end_us for park in parks)


def test_truth_is_exact_and_several_vehicles_are_on_the_road_now(fleet: VirtualFleet) -> None:
    truth = fleet.truth
    assert len(truth) > 60
    assert max(abs(trip.ledger.balance_error_ratio) for trip in truth) < 1e-9
    assert sum(trip.end_us > END_US for trip in truth) >= 3
    assert any(trip.causes["refuelled_m3"] > 0 for trip in truth)
    assert max(trip.causes["rolling_trailer_ratio"] for trip in truth) > 1.1


def test_same_seed_same_fleet_and_another_seed_another() -> None:
    first, same, other = (virtual_fleet(2, 1, END_US, seed) for seed in (4, 4, 5))
    assert [trip.ledger for trip in first.truth] == [trip.ledger for trip in same.truth]
    assert [trip.start_us for trip in first.truth] == [trip.start_us for trip in same.truth]
    assert [trip.ledger for trip in first.truth] != [trip.ledger for trip in other.truth]


def test_one_trailer_changes_tractors_while_both_are_parked(fleet: VirtualFleet) -> None:
    moved = [coupling for coupling in fleet.couplings if coupling.trailer == "鲁B1087挂"]
    assert [coupling.tractor for coupling in moved] == ["鲁B36712", "鲁B83391"]
    assert moved[0].end_us == moved[1].start_us
    for coupling in moved:
        trips = [episode for episode in fleet.lives[coupling.tractor].until(END_US) if isinstance(episode, Drive)]
        assert not any(trip.start_us < moved[1].start_us < trip.end_us for trip in trips)


def test_registering_twice_changes_nothing(fleet: VirtualFleet, records: Records) -> None:
    fleet.register(records)
    before = (records.vehicles(), records.couplings(), records.drivers())
    fleet.register(records)
    assert (records.vehicles(), records.couplings(), records.drivers()) == before
    assert records.trailer_at("鲁B36712", fleet.start_us) == "鲁B1087挂"
    assert records.identify("vin", "LJRD13789P8003317") == "鲁Q4409挂"
    driver = records.driver_at("鲁B36712", END_US)
    assert driver is not None
    assert driver.name == "王强"


def test_a_larger_fleet_has_copies_under_other_names() -> None:
    large = virtual_fleet(40, 1, END_US).roster
    assert len({entry.plate for entry in large.vehicles}) == 40
    assert len({entry.vin for entry in large.vehicles}) == 40
    assert len({entry.phone for entry in large.vehicles}) == 40
    assert len({entry.plate for entry in large.trailers}) == len(large.trailers)


def test_life_goes_on_after_now(fleet: VirtualFleet) -> None:
    life = virtual_fleet(1, 1, END_US).lives["鲁B36712"]
    first = life.take(END_US)
    later = life.take(END_US + DAY_US)
    assert later[0].start_us == first[-1].end_us
    assert later[-1].end_us > END_US + DAY_US
    assert np.isclose(later[0].odometer_m, first[-1].odometer_m, atol=1e6)
