"""A16: predictive cruise saves 0.2 to 0.9 % near-flat and 1 to 4 % on rolling roads, in the same time, within the limit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.batch import Case, row_of, run, single
from fifthwheel.simulate.driver import CALM, HURRIED
from fifthwheel.simulate.pack import SpeedPlan, Truth
from fifthwheel.simulate.predict import Predicted, predict
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.vehicle.catalogue import combination, names

NEAR_FLAT, ROLLING, HILLS = "express-linyi-jinan", "container-rizhao-linyi", "mountain-taian-yiyuan"
DAYS = {
    "calm": Conditions(style=CALM), "hurried": Conditions(style=HURRIED), "wandering": Conditions(seed=3),
    "windy": Conditions(weather=Weather(wind_speed_mps=7.0, wind_from_rad=1.0)),
    "other truth": Conditions(truth=Truth(drag_ratio=1.2)),
}  # fmt: skip


@cache
def road(name: str) -> Profile:
    return profile(mission(name))


@cache
def predicted(name: str, way: str, share: float, day: str = "") -> Predicted:
    whole = combination(name)
    return predict(whole, road(way), share * whole.payload_limit_kg, DAYS.get(day))


def lawful(found: Predicted, way: str) -> bool:
    """Whether the trip keeps its time within 0.5 %, stays below the limit, and rolls on no descent steeper than 3 %."""
    columns, place = found.run.columns, road(way)
    limit = np.interp(columns["trip_distance_m"], place.distance_m, place.limit_mps)
    rolls = found.run.samples[:, layout.ROLLING] > 0.0
    sine = np.interp(columns["trip_distance_m"], place.distance_m, place.sine)
    in_gear = bool(np.all(sine[rolls] > -0.03)) or found.course is None
    return abs(found.time_ratio) <= 0.005 and bool(np.all(columns["speed_mps"] <= limit + 0.02)) and in_gear


@pytest.mark.parametrize(
    "name", ["diesel-4x2-box", "diesel-6x4-stake", "lng-6x4-tipper", "battery-423-box", "diesel-dct-4x2-box"]
)
def test_a16_near_flat(name: str) -> None:
    found = predicted(name, NEAR_FLAT, 0.7)
    assert 0.002 <= found.saving_ratio <= 0.009
    assert lawful(found, NEAR_FLAT)


@pytest.mark.parametrize("share", [0.6, 0.9])
@pytest.mark.parametrize(
    "name", ["diesel-4x2-curtainsider-eu", "diesel-6x4-box", "lng-6x4-box", "diesel-6x4-stake", "diesel-6x4-etrailer"]
)
def test_a16_rolling(name: str, share: float) -> None:
    found = predicted(name, ROLLING, share)
    assert 0.01 <= found.saving_ratio <= 0.04
    assert lawful(found, ROLLING)


@pytest.mark.parametrize("name", [name for name in names() if name != "battery-282-container"])
def test_a16_every_combination_keeps_time_and_limit(name: str) -> None:
    found = predicted(name, HILLS, 0.5)
    assert found.saving_ratio >= 0.0
    assert lawful(found, HILLS)


@pytest.mark.parametrize("day", DAYS)
def test_a16_every_driver_and_weather(day: str) -> None:
    found = predicted("diesel-6x4-box", HILLS, 0.6, day)
    assert found.saving_ratio >= 0.0
    assert abs(found.time_ratio) <= 0.005


def test_a16_a_driver_who_rolls_anyway_gains_too() -> None:
    found = predicted("diesel-4x2-curtainsider-eu", ROLLING, 0.8, "calm")
    assert 0.01 <= found.saving_ratio <= 0.04
    assert lawful(found, ROLLING)


def test_a_receding_horizon_of_three_kilometres_is_enough() -> None:
    whole = combination("diesel-6x4-box")
    near = predict(whole, road(ROLLING), 0.6 * whole.payload_limit_kg, horizon_m=3000.0)
    assert near.saving_ratio > 0.9 * predicted("diesel-6x4-box", ROLLING, 0.6).saving_ratio
    assert abs(near.time_ratio) <= 0.005


def test_a_later_arrival_saves_more() -> None:
    whole, usual = combination("diesel-6x4-box"), predicted("diesel-6x4-box", ROLLING, 0.6)
    later = predict(whole, road(ROLLING), 0.6 * whole.payload_limit_kg, wanted_s=1.03 * usual.alone.time_s)
    assert later.run.time_s == pytest.approx(1.03 * usual.alone.time_s, rel=0.005)
    assert later.saving_ratio > usual.saving_ratio + 0.01


def test_an_arrival_that_no_plan_makes_is_refused() -> None:
    whole, usual = combination("diesel-6x4-box"), predicted("diesel-6x4-box", ROLLING, 0.6)
    with pytest.raises(InputError, match="nearest plan"):
        predict(whole, road(ROLLING), 0.6 * whole.payload_limit_kg, wanted_s=0.8 * usual.alone.time_s)


def test_a_plan_is_part_of_the_conditions() -> None:
    whole, found = combination("diesel-6x4-box"), predicted("diesel-6x4-box", ROLLING, 0.6)
    now = Conditions(speeds=found.speeds)
    case = Case(combination=whole, road=road(ROLLING), payload_kg=20e3, conditions=now)
    plain = replace(case, conditions=Conditions())
    rows = run([case, plain]).to_pylist()
    assert rows[0]["time_s"] == row_of(case, single(case))["time_s"] != rows[1]["time_s"]
    with pytest.raises(InputError, match="without a plan"):
        predict(whole, road(ROLLING), 20e3, now)


def test_a_plan_for_another_road_is_refused() -> None:
    speeds = SpeedPlan(aim_mps=np.full(5, 20.0), most_mps=np.full(5, 21.0))
    with pytest.raises(InputError, match="5 and 5 nodes"):
        drive(combination("diesel-6x4-box"), road(ROLLING), 20e3, Conditions(speeds=speeds))
