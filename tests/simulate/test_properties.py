"""Laws that every trip keeps, whatever the vehicle, road, load, weather and driver."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.physics.energy import TERMS
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import STEP_M, Profile, Stop, level, profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.driver import CALM, HURRIED, NORMAL, Style
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.vehicle.catalogue import combination, names

CASES = (
    (0.6, NORMAL, Weather()),
    (1.0, CALM, Weather(wind_speed_mps=6.0, wind_from_rad=1.0)),
    (0.0, HURRIED, Weather(temperature_k=258.15, wind_speed_mps=3.0, wind_from_rad=4.0, surface_ratio=1.2)),
)
MISSIONS = ("port-shuttle", "city-qingdao", "quarry-zhangqiu", "site-spoil-jinan", "city-delivery-jinan", "mixer-round")


def road(name: str, seed: int = 5) -> Profile:
    return profile(mission(name), np.random.default_rng(seed))


def energy_j(run: TripRun) -> float:
    return sum(run.ledger.meter_j.values())


def waves(length_m: float, heights: tuple[float, ...], limit_mps: float = 20.0) -> Profile:
    """A hilly road: heights at even places, joined smoothly."""
    flat = level(length_m, limit_mps)
    knots = np.linspace(0.0, length_m, len(heights) + 2)
    position = np.interp(flat.distance_m, knots, np.arange(len(knots)))
    index = np.minimum(position.astype(int), len(heights))
    turn = (1.0 - np.cos(np.pi * (position - index))) / 2.0
    ends = np.array((0.0, *heights, 0.0))
    altitude = ends[index] + (ends[index + 1] - ends[index]) * turn
    sine = np.append(np.diff(altitude), 0.0) / STEP_M
    return replace(flat, altitude_m=altitude, sine=sine)


@pytest.mark.parametrize("name", names())
def test_the_account_closes_for_every_combination_mission_load_weather_and_style(name: str) -> None:
    whole = combination(name)
    for mission_name, (share, style, weather) in product(MISSIONS, CASES):
        run = drive(whole, road(mission_name), share * whole.payload_limit_kg, Conditions(seed=3, style=style, weather=weather))
        assert abs(run.ledger.balance_error_ratio) < 1e-9
        assert run.ledger.terms_j["kinetic"] == pytest.approx(0.0, abs=1.0)
        assert min(run.ledger.terms_j.get(term.name, 0.0) for term in TERMS if not term.signed) >= 0.0
        climb = run.mass_kg * GRAVITY * (run.columns["altitude_m"][-1] - run.columns["altitude_m"][0])
        assert run.ledger.terms_j["climb"] == pytest.approx(climb, rel=1e-9, abs=1.0)
        assert run.ledger.gross_climb_j - run.ledger.gross_descent_j == pytest.approx(climb, rel=1e-9, abs=1.0)
        assert run.ledger.meter_j.get("fuel", 0.0) >= 0.0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(["diesel-6x4-box", "battery-423-box", "lng-6x4-box", "fuel-cell-6x4-box"]),
    share=st.floats(0.0, 0.8),
    slope=st.floats(-0.003, 0.02),
    what=st.sampled_from(["mass", "drag", "tractor", "trailer", "slope"]),
)
def test_more_mass_drag_rolling_or_grade_costs_more(name: str, share: float, slope: float, what: str) -> None:
    whole = combination(name)
    truths = {
        "drag": Truth(drag_ratio=1.1),
        "tractor": Truth(rolling_tractor_ratio=1.1),
        "trailer": Truth(rolling_trailer_ratio=1.1),
    }
    worse = Conditions(truth=truths.get(what, Truth()))
    load = (share + (0.1 if what == "mass" else 0.0)) * whole.payload_limit_kg
    steeper = slope + (0.002 if what == "slope" else 0.0)
    light = drive(whole, level(10e3, 17.0, slope_ratio=slope), share * whole.payload_limit_kg)
    heavy = drive(whole, level(10e3, 17.0, slope_ratio=steeper), load, worse)
    stored = [run.ledger.terms_j["climb"] for run in (light, heavy)]
    assert energy_j(heavy) > energy_j(light)
    assert energy_j(heavy) - energy_j(light) > 0.5 * (stored[1] - stored[0])


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(["diesel-6x4-box", "battery-423-box", "diesel-8x4-tipper"]),
    wind=st.floats(0.5, 12.0),
    load=st.floats(0.0, 0.9),
    style=st.sampled_from([CALM, NORMAL, HURRIED]),
)
def test_wind_from_behind_never_costs_and_from_ahead_always(name: str, wind: float, load: float, style: Style) -> None:
    whole = combination(name)
    still, behind, ahead = (
        energy_j(drive(whole, level(8e3, 20.0), load * whole.payload_limit_kg, Conditions(style=style, weather=weather)))
        for weather in (Weather(), Weather(wind_speed_mps=wind, wind_from_rad=np.pi), Weather(wind_speed_mps=wind))
    )
    assert behind < still < ahead


@settings(max_examples=15, deadline=None, derandomize=True)
@given(heights=st.lists(st.floats(-20.0, 20.0), min_size=2, max_size=5), end=st.floats(-20.0, 20.0))
def test_there_and_back_the_climb_is_given_back(heights: list[float], end: float) -> None:
    """Opposite climbs, but for the metre before its end at which a vehicle stands."""
    out = waves(9e3, (*heights, end))
    back = replace(out, altitude_m=out.altitude_m[::-1], sine=-np.append(out.sine[-2::-1], 0.0))
    runs = [drive(combination("diesel-4x2-box"), way, 10e3) for way in (out, back)]
    total = sum(run.ledger.terms_j["climb"] for run in runs)
    assert abs(total) < 0.2 * runs[0].mass_kg * GRAVITY


@pytest.mark.parametrize("name", ["diesel-6x4-box", "battery-423-box", "diesel-8x4-tipper", "fuel-cell-6x4-box"])
def test_a_mission_cut_at_a_stop_is_the_sum_of_its_halves(name: str) -> None:
    """Within 0.3 %: the engine, batteries and the metre before a stop are where the first half left them."""
    whole, half = combination(name), 8e3
    both = level(2 * half, 20.0, stops=(Stop(distance_m=half, duration_s=60.0),))
    one = replace(level(half, 20.0), stops=(Stop(distance_m=half, duration_s=60.0),))
    first = drive(whole, one, 15e3)
    second = drive(whole, level(half, 20.0), 15e3, Conditions(soc_ratio=float(first.samples[-1, 7]) or None))
    together = drive(whole, both, 15e3)
    assert energy_j(first) + energy_j(second) == pytest.approx(energy_j(together), rel=3e-3)
    assert first.time_s + second.time_s == pytest.approx(together.time_s, abs=3.0)


@pytest.mark.parametrize("name", names())
def test_the_same_trip_twice_is_the_same_to_the_last_bit(name: str) -> None:
    runs = [drive(combination(name), road("port-shuttle"), 5e3, Conditions(seed=9)) for _ in range(2)]
    assert np.array_equal(runs[0].samples, runs[1].samples)
