"""The driver: limits, stops, hills, brakes and styles."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.errors import SimulationError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, Stop, level, profile
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.vehicle.catalogue import combination

Floats = NDArray[np.float64]


def road(name: str, seed: int = 5) -> Profile:
    return profile(mission(name), np.random.default_rng(seed))


def standing_m(way: Floats, speed: Floats) -> list[float]:
    """Places where the vehicle comes to rest after the start, in order."""
    return [float(place) for place in way[1:][(speed[1:] == 0.0) & (speed[:-1] > 0.0)]]


@pytest.mark.parametrize(("apart_m", "rests"), [(10.0, 2), (20.0, 3), (30.0, 3), (50.0, 3)])
def test_stops_close_together_are_all_kept(apart_m: float, rests: int) -> None:
    """The nearest are kept standing at the first; time stands for both."""
    stops = (Stop(distance_m=500.0, duration_s=40.0), Stop(distance_m=500.0 + apart_m, duration_s=30.0))
    run = drive(combination("diesel-6x4-box"), level(1000.0, 13.0, stops=stops), 10e3)
    assert len(standing_m(run.columns["trip_distance_m"], run.columns["speed_mps"])) == rests
    assert 70 <= np.sum(run.columns["speed_mps"][1:] == 0.0) <= 74


def test_a_shift_on_a_hill_that_ends_at_rest_is_a_new_start_and_no_error() -> None:
    """A long traction gap at walking pace on 7 %: the truck stands, takes its starting gear and goes on."""
    whole = combination("diesel-6x4-manual-stake")
    run = drive(whole, road("site-spoil-jinan"), whole.payload_limit_kg, Conditions(seed=3))
    assert abs(run.ledger.balance_error_ratio) < 1e-9


@pytest.mark.parametrize("name", ["battery-423-box", "battery-282-container"])
def test_a_battery_too_empty_for_a_hill_is_called_empty(name: str) -> None:
    with pytest.raises(SimulationError, match=rf"battery empty: {name} at .* km from the start .* grade 6.0 %, state of charge"):
        drive(combination(name), level(30e3, 15.0, slope_ratio=0.06), 30e3, Conditions(soc_ratio=0.14))


def test_start_that_it_cannot_make_is_an_error_with_place_grade_and_gear() -> None:
    with pytest.raises(SimulationError, match=r"cannot start: diesel-6x4-stake at 48.8 t, 0.00 km .* grade 28.7 %, in gear 1"):
        drive(combination("diesel-6x4-stake"), level(2000.0, 10.0, slope_ratio=0.30), 33e3)


@pytest.mark.parametrize("name", ["mountain-taian-yiyuan", "coal-taiyuan-shijiazhuang", "site-spoil-jinan"])
def test_the_height_driven_is_the_height_of_the_road(name: str) -> None:
    """Slopes are taken at the middle of a step and strays are brought back, so that climb is the road's own."""
    way = road(name)
    run = drive(combination("diesel-6x4-box"), way, 15e3, Conditions(seed=3))
    wanted = np.interp(run.columns["trip_distance_m"], way.distance_m, way.altitude_m)
    assert np.abs(run.columns["altitude_m"] - wanted).max() < 0.3
    assert abs(run.columns["altitude_m"] - wanted)[-1] < 0.05
