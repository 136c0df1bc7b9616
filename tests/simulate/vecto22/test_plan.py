"""The planned trace: braking built in, standing, what holds between points that are far apart."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.road.cycle import Cycle
from fifthwheel.simulate.vecto22.plan import grades_of, sample, way_of

PACE = (np.array([0.0, 30.0]), np.array([-1.0, -1.0]))


def cycle_of(distance_m: list[float], speed_mps: list[float], stop_s: list[float], grade: list[float] | None = None) -> Cycle:
    count = len(distance_m)
    return Cycle(
        name="test", distance_m=np.array(distance_m), speed_mps=np.array(speed_mps), stop_s=np.array(stop_s),
        grade_ratio=np.array(grade or [0.0] * count), auxiliary_w=np.zeros(count),
    )  # fmt: skip


def test_braking_needs_no_more_than_the_limit_and_not_much_less() -> None:
    way = way_of(cycle_of([0.0, 400.0], [20.0, 0.0], [0.0, 5.0]), PACE)
    squares = np.diff(way.speed**2) / 2
    assert squares.min() >= -1.0 - 1e-9
    assert squares[way.speed[1:] < 19.9] == pytest.approx(-1.0, abs=0.03)
    assert way.speed[0] == 20.0


def test_grade_and_target_hold_between_points_far_apart() -> None:
    way = way_of(cycle_of([0.0, 40.0, 80.0], [0.0, 10.0, 15.0], [2.0, 0.0, 0.0], [0.01, 0.03, 0.05]), PACE)
    assert way.place == pytest.approx(np.arange(81.0))
    assert set(way.target[1:80].tolist()) == {10.0}
    assert way.grade[39] == 0.01
    assert way.grade[40] == pytest.approx(0.02)
    assert way.grade[60] == 0.03


def test_between_two_stops_the_last_target_holds() -> None:
    way = way_of(cycle_of([0.0, 50.0, 90.0], [12.0, 0.0, 0.0], [0.0, 9.0, 9.0]), PACE)
    assert set(way.target[51:90].tolist()) == {12.0}


def test_a_stop_lasts_its_time() -> None:
    plan = sample(way_of(cycle_of([0.0, 100.0, 200.0], [10.0, 0.0, 10.0], [0.0, 30.0, 0.0]), PACE))
    assert int((plan.speed == 0.0).sum()) in range(30, 33)
    assert grades_of(way_of(cycle_of([0.0, 200.0], [10.0, 10.0], [0.0, 0.0], [0.02, 0.02]), PACE), plan) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("distance", "speed", "message"),
    [([0.0], [10.0], "at least two"), ([0.0, 5.0, 4.0], [9.0, 9.0, 9.0], "never falling"), ([0.0, 1.0], [0.0, 0.0], "zero")],
)
def test_a_cycle_that_cannot_be_driven_is_refused(distance: list[float], speed: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        way_of(cycle_of(distance, speed, [0.0] * len(distance)), PACE)
