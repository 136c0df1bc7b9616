"""Trips and stops are cut alike whatever order, wire or noise the rows come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.explain.trips import TripRules, cut, great_circle_m
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US

START_US = 1_760_000_000 * SECOND_US
METRES_PER_DEGREE = 111_195.0


def drive(
    legs: Sequence[tuple[float, float, float]], *, step_s: int = 1, source: str = "hj1239", ignition: bool = True
) -> Observations:
    """Rows of a vehicle that drives `legs` of (seconds, speed, engine on) north along a meridian."""
    speed = np.concatenate([np.full(int(seconds), mps) for seconds, mps, _ in legs])
    running = np.concatenate([np.full(int(seconds), on) for seconds, _, on in legs])
    road_m = np.concatenate(([0.0], np.cumsum(speed[:-1])))
    pick = np.arange(0, len(speed), step_s)
    values = {
        "speed_mps": speed[pick],
        "odometer_m": np.floor((5e7 + road_m[pick]) / 100) * 100,
        "latitude_deg": 36.0 + road_m[pick] / METRES_PER_DEGREE,
        "longitude_deg": np.full(len(pick), 120.0),
    }
    if ignition:
        values["ignition_state"] = running[pick].astype(float)
    return Observations.of(values, vehicle_id="鲁B1", time_us=START_US + pick * SECOND_US, source=source)


TWO_TRIPS = [
    (60, 0, 1),
    (1800, 20, 1),
    (40, 0, 1),
    (600, 15, 1),
    (60, 0, 1),
    (1200, 0, 0),
    (30, 0, 1),
    (900, 10, 1),
    (30, 0, 1),
    (400, 0, 0),
]


@pytest.mark.parametrize(("step_s", "source"), [(1, "hj1239"), (10, "jt808"), (10, "gbt32960")])
def test_cuts_at_the_long_stop_and_keeps_the_traffic_light(step_s: int, source: str) -> None:
    found = cut(drive(TWO_TRIPS, step_s=step_s, source=source))
    assert len(found.trips) == 2
    first, second = found.trips
    assert first.trip_id == "鲁B1-20251009T085320"
    assert first.start_us == START_US
    assert first.end_us == pytest.approx(START_US + 2560 * SECOND_US, abs=11 * SECOND_US)
    assert second.start_us == pytest.approx(START_US + 3760 * SECOND_US, abs=11 * SECOND_US)
    assert [len(trip.stops) for trip in found.trips] == [1, 0]
    assert first.distance.contains(45_000)
    assert second.distance.contains(9_000)
    assert first.moving_s == pytest.approx(2400, abs=11)
    assert first.idle_s == pytest.approx(160, abs=25)
    assert first.complete
    assert second.complete
    assert found.stops[0].unseen_m == 0


def test_a_trip_under_way_is_not_complete() -> None:
    (trip,) = cut(drive([(60, 0, 1), (600, 20, 1)])).trips
    assert not trip.complete
    (ended,) = cut(drive([(60, 0, 1), (600, 20, 1)]), now_us=START_US + 3600 * SECOND_US).trips
    assert ended.complete


def test_long_idling_ends_a_trip_and_belongs_to_the_stop() -> None:
    found = cut(drive([(600, 20, 1), (1500, 0, 1), (600, 20, 1), (30, 0, 1)]))
    assert len(found.trips) == 2
    assert found.trips[0].end_us == START_US + 600 * SECOND_US
    assert max(stop.running_s for stop in found.stops) == pytest.approx(1500, abs=2)


def test_missing_ignition_splits_by_standing_time() -> None:
    legs = [(600, 20, 1), (300, 0, 0), (600, 20, 1), (700, 0, 0), (600, 20, 1)]
    assert len(cut(drive(legs, ignition=False)).trips) == 2
    assert len(cut(drive(legs, ignition=False), rules=TripRules(standing_s=200)).trips) == 3


def test_noise_at_standstill_is_no_trip() -> None:
    rng = np.random.default_rng(1)
    noise = np.abs(rng.normal(0, 0.4, 5000))
    rows = Observations.of({"speed_mps": noise}, vehicle_id="a", time_us=START_US + np.arange(5000) * SECOND_US, source="jt808")
    assert cut(rows).trips == ()


def test_silence_splits_and_what_was_driven_meanwhile_is_told() -> None:
    rows = drive([(600, 20, 1), (900, 20, 1), (600, 20, 1)])
    seen = (rows.time_us < START_US + 600 * SECOND_US) | (rows.time_us > START_US + 1500 * SECOND_US)
    found = cut(Observations(rows.table.filter(pa.array(seen))))
    assert len(found.trips) == 2
    assert max(stop.unseen_m for stop in found.stops) == pytest.approx(18_000, abs=300)


def test_a_ferry_moves_the_position_but_not_the_odometer() -> None:
    before, after = drive([(600, 20, 1), (60, 0, 0)]), drive([(60, 0, 0), (600, 20, 1)])
    moved = {name: after.column(name) for name in after.signal_names}
    moved["latitude_deg"] = moved["latitude_deg"] + 0.5
    moved["odometer_m"] = moved["odometer_m"] + 12_000
    later = Observations.of(moved, vehicle_id="鲁B1", time_us=after.time_us + 7200 * SECOND_US, source="hj1239")
    found = cut(Observations.concat([before, later]))
    assert [trip.distance_m for trip in found.trips] == pytest.approx([12_000, 12_000], rel=0.02)
    assert max(stop.carried_m for stop in found.stops) == pytest.approx(0.5 * METRES_PER_DEGREE - 12_000, rel=0.01)


def test_jumped_clocks_do_not_make_trips() -> None:
    rows = drive(TWO_TRIPS, step_s=10)
    times = rows.time_us.copy()
    received = times.copy()
    times[20] += 40 * 86_400 * SECOND_US
    times[100] -= 1500 * SECOND_US
    jumped = Observations.of(
        {name: rows.column(name) for name in rows.signal_names},
        vehicle_id="鲁B1",
        time_us=times,
        received_us=received,
        source="hj1239",
    )
    assert [trip.trip_id for trip in cut(jumped).trips] == [trip.trip_id for trip in cut(rows).trips]
    assert cut(jumped).trips[0].moving_s == pytest.approx(cut(rows).trips[0].moving_s, abs=20)


def test_a_new_trailer_begins_a_new_trip() -> None:
    rows = drive([(600, 20, 1), (120, 0, 1), (600, 20, 1), (30, 0, 1)])
    names = ["挂1" if time_us < START_US + 660 * SECOND_US else "挂2" for time_us in rows.time_us]
    table = rows.table.set_column(4, "trailer_id", pa.array(names, pa.string()))
    found = cut(Observations(table))
    assert [trip.trailer_id for trip in found.trips] == ["挂1", "挂2"]
    assert found.trips[0].end_us <= found.trips[1].start_us


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), doubled=st.integers(0, 60))
def test_order_and_duplicates_do_not_matter(seed: int, doubled: int) -> None:
    rng = np.random.default_rng(seed)
    rows = Observations.concat([drive(TWO_TRIPS, step_s=10), drive(TWO_TRIPS, step_s=30, source="jt808")])
    order = np.concatenate((rng.permutation(len(rows)), rng.integers(0, len(rows), doubled)))
    assert cut(Observations(rows.table.take(order))) == cut(rows)


def test_wires_mix_without_counting_twice() -> None:
    alone = cut(drive(TWO_TRIPS)).trips
    mixed = cut(Observations.concat([drive(TWO_TRIPS, step_s=10, source="jt808"), drive(TWO_TRIPS)])).trips
    assert [replace(trip, trailer_id=None) for trip in mixed] == list(alone)


def test_nothing_comes_from_nothing() -> None:
    assert cut(Observations.concat([])).trips == ()


def test_great_circle_of_one_degree() -> None:
    assert great_circle_m(36, 120, 37, 120) == pytest.approx(METRES_PER_DEGREE, rel=1e-4)
