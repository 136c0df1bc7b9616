"""The driver: limits, stops, hills, brakes and styles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.errors import SimulationError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, Stop, level, profile
from fifthwheel.simulate import layout
from fifthwheel.simulate.driver import CALM, HURRIED, NORMAL, Style
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


@pytest.mark.parametrize(
    ("name", "slope_ratio", "least_mps"),
    [
        ("diesel-6x4-stake", 0.05, 11.5), ("diesel-6x4-stake", 0.08, 7.4), ("diesel-6x4-stake", 0.12, 5.0),
        ("battery-423-box", 0.05, 12.5), ("battery-423-box", 0.08, 8.2), ("battery-621-curtainsider-eu", 0.08, 14.0),
    ],
)  # fmt: skip
def test_a_hill_is_climbed_with_the_power_there_is(name: str, slope_ratio: float, least_mps: float) -> None:
    """About nine tenths of full power over weight and resistances: no gear in which the vehicle only reaches its top speed."""
    whole = combination(name)
    run = drive(whole, level(4e3, 22.0, slope_ratio=slope_ratio), whole.payload_limit_kg)
    assert np.median(run.columns["speed_mps"]) > least_mps
    assert run.lost_s > 30.0
    assert run.slowest is not None
    assert 20.0 < run.slowest.distance_m < 3_990.0
    assert 1.5 < run.slowest.speed_mps < 22.0
    assert 1 <= run.slowest.gear <= len(whole.drive.gearbox.ratios)


@pytest.mark.parametrize(
    ("name", "most_ratio"),
    [("diesel-6x4-stake", 0.03), ("lng-6x4-tipper", 0.03), ("battery-423-box", 0.04), ("diesel-hybrid-4x2-box", 0.06)],
)
def test_a_long_descent_is_held_with_endurance_brakes(name: str, most_ratio: float) -> None:
    down = level(8e3, 16.0, slope_ratio=-0.06)
    run = drive(combination(name), down, 20e3, Conditions(soc_ratio=0.5))
    terms = run.ledger.terms_j
    endured = terms["retarder"] + terms["engine_brake"] + run.ledger.recovered_j
    assert terms["brake_friction"] < most_ratio * (terms["brake_friction"] + endured)
    assert run.columns["speed_mps"].max() <= 16.05
    assert np.median(run.columns["speed_mps"]) > 15.0


@pytest.mark.parametrize("style", [CALM, NORMAL, HURRIED])
@pytest.mark.parametrize("name", ["diesel-6x4-box", "battery-423-box", "diesel-dct-4x2-box", "diesel-8x4-mixer"])
@pytest.mark.parametrize("mission_name", ["city-qingdao", "mountain-taian-yiyuan"])
def test_limits_are_never_left_and_every_stop_is_kept(name: str, style: Style, mission_name: str) -> None:
    way = road(mission_name)
    run = drive(combination(name), way, 12e3, Conditions(style=style, seed=4))
    place, speed = run.columns["trip_distance_m"], run.columns["speed_mps"]
    assert (speed - np.interp(place, way.distance_m, way.limit_mps)).max() < 0.1
    rests = np.array(standing_m(place, speed))
    away = np.array([np.abs(rests - stop.distance_m).min() for stop in way.stops])
    assert away.max() < 15.0
    waited = np.sum(speed == 0.0)
    assert waited >= sum(stop.duration_s for stop in way.stops)


@pytest.mark.parametrize("name", ["diesel-4x2-box", "lng-6x4-box", "battery-423-box", "diesel-hybrid-4x2-box"])
@pytest.mark.parametrize("mission_name", ["city-qingdao", "trunk-weifang-qingdao"])
def test_styles_are_ordered_in_time_energy_and_braking(name: str, mission_name: str) -> None:
    runs = [drive(combination(name), road(mission_name), 15e3, Conditions(style=style)) for style in (CALM, NORMAL, HURRIED)]
    energies = [sum(run.ledger.meter_j.values()) for run in runs]
    assert [run.time_s for run in runs] == sorted((run.time_s for run in runs), reverse=True)
    assert energies == sorted(energies)
    assert runs[0].ledger.terms_j["brake_friction"] < 0.5 * runs[2].ledger.terms_j["brake_friction"]


@pytest.mark.parametrize(("slope_ratio", "rolls"), [(-0.003, 0), (-0.0115, 1), (-0.05, 0)])
def test_only_gentle_slopes_are_rolled_out_of_gear(slope_ratio: float, rolls: int) -> None:
    run = drive(combination("diesel-4x2-box"), level(6e3, 22.0, slope_ratio=slope_ratio), 20e3, Conditions(style=CALM))
    cruise = slice(len(run.samples) // 3, 2 * len(run.samples) // 3)
    assert np.median(run.samples[cruise, layout.ROLLING]) == rolls


def test_look_ahead_coasts_where_hurry_brakes() -> None:
    """Before a town sign the steady driver has lifted off; the engine burns nothing there."""
    fast = level(6e3, 22.0)
    slow = np.where(fast.distance_m > 4e3, 11.0, 22.0)
    way = replace(fast, limit_mps=slow)
    runs = [drive(combination("diesel-6x4-box"), way, 20e3, Conditions(style=style)) for style in (NORMAL, HURRIED)]
    before = [(run.columns["trip_distance_m"] > 2.5e3) & (run.columns["trip_distance_m"] < 4e3) for run in runs]
    unfuelled = [np.sum(run.columns["fuel_rate_m3ps"][part] == 0.0) for run, part in zip(runs, before, strict=True)]
    assert unfuelled[0] > unfuelled[1]
    assert runs[0].ledger.terms_j["brake_friction"] < runs[1].ledger.terms_j["brake_friction"]


@pytest.mark.parametrize(
    "name", ["diesel-6x4-box", "diesel-4x2-box", "diesel-6x4-manual-stake", "diesel-dct-4x2-box", "battery-423-box"]
)
def test_no_shift_hunting_on_an_even_road(name: str) -> None:
    whole = combination(name)
    run = drive(whole, road("trunk-jinan-weifang"), 0.7 * whole.payload_limit_kg)
    gear, speed = run.samples[:, layout.GEAR], run.columns["speed_mps"]
    shifts = np.flatnonzero((np.diff(gear) != 0.0) & (speed[1:] > 0.0) & (speed[:-1] > 0.0))
    signs = np.sign(np.diff(gear)[shifts])
    assert len(shifts) < 4e-3 * run.distance_m
    assert np.sum((np.diff(shifts) <= 6) & (signs[1:] != signs[:-1])) <= 1
    assert np.mean(gear[speed > 0.9 * speed.max()] == gear.max()) > 0.95


def test_thin_air_slows_a_diesel_and_no_battery_truck() -> None:
    up = level(4e3, 20.0, slope_ratio=0.04)
    high = replace(up, altitude_m=up.altitude_m + 4_000.0)
    diesel = [drive(combination("diesel-6x4-box"), way, 20e3).time_s for way in (up, high)]
    electric = [drive(combination("battery-423-box"), way, 20e3).time_s for way in (up, high)]
    assert diesel[1] > 1.08 * diesel[0]
    assert electric[1] <= electric[0]
