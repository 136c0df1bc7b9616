"""What air, weather, surface, height and traffic do to a trip: the direction, and about how much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.road.mission import mission
from fifthwheel.road.profile import level, profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.vehicle.catalogue import combination

ROAD = level(20e3, 22.0)
NAMES = ["diesel-6x4-box", "battery-423-box"]


def run_in(name: str, weather: Weather) -> TripRun:
    return drive(combination(name), ROAD, 20e3, Conditions(weather=weather))


def energy_j(run: TripRun) -> float:
    return sum(run.ledger.meter_j.values())


@pytest.mark.parametrize(
    ("weather", "low", "high"),
    [
        (Weather(temperature_k=263.15), 1.06, 1.25),
        (Weather(temperature_k=308.15), 0.90, 0.98),
        (Weather(sea_pressure_pa=97_000.0), 0.97, 0.995),
        (Weather(wind_speed_mps=5.0), 1.12, 1.45),
        (Weather(wind_speed_mps=5.0, wind_from_rad=np.pi), 0.72, 0.92),
        (Weather(wind_speed_mps=5.0, wind_from_rad=np.pi / 2), 1.03, 1.25),
        (Weather().on("rain"), 1.05, 1.16),
        (Weather().on("wet"), 1.01, 1.05),
        (Weather(temperature_k=268.15).on("snow"), 1.15, 1.45),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_weather_acts_in_its_direction_and_size(name: str, weather: Weather, low: float, high: float) -> None:
    assert low < energy_j(run_in(name, weather)) / energy_j(run_in(name, Weather())) < high


@pytest.mark.parametrize("side_rad", [np.pi / 2, 3 * np.pi / 2])
def test_crosswind_costs_the_same_from_either_side(side_rad: float) -> None:
    left, right = (
        energy_j(run_in("diesel-6x4-box", Weather(wind_speed_mps=4.0, wind_from_rad=rad)))
        for rad in (side_rad, 2 * np.pi - side_rad)
    )
    assert left == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_rough_surface_costs_its_share_of_rolling(name: str) -> None:
    rough = replace(ROAD, surface_ratio=np.full(len(ROAD.sine), 1.5))
    terms = [drive(combination(name), way, 20e3).ledger.terms_j for way in (ROAD, rough)]
    rolling = [term["rolling_tractor"] + term["rolling_trailer"] for term in terms]
    assert rolling[1] == pytest.approx(1.5 * rolling[0], rel=1e-3)


def test_air_is_thinner_on_a_plateau() -> None:
    high = replace(ROAD, altitude_m=ROAD.altitude_m + 3_000.0)
    still = [drive(combination("battery-423-box"), way, 20e3).ledger.terms_j["aero_still"] for way in (ROAD, high)]
    assert 0.65 < still[1] / still[0] < 0.75


def test_traffic_costs_time_and_fuel() -> None:
    runs = [
        drive(combination("diesel-4x2-box"), profile(mission("city-qingdao"), np.random.default_rng(3), density=density), 12e3)
        for density in ("light", "normal", "heavy")
    ]
    assert [run.time_s for run in runs] == sorted(run.time_s for run in runs)
    assert [run.fuel_kg for run in runs] == sorted(run.fuel_kg for run in runs)


def test_a_slippery_road_limits_the_start() -> None:
    """On ice the driven axle pulls less than on a dry road."""
    up = level(3e3, 10.0, slope_ratio=0.003)
    dry = drive(combination("diesel-4x2-box"), up, 20e3, Conditions(weather=Weather(temperature_k=268.15)))
    icy = drive(combination("diesel-4x2-box"), up, 20e3, Conditions(weather=Weather(temperature_k=268.15).on("ice")))
    assert icy.time_s > dry.time_s
    assert np.diff(icy.columns["speed_mps"]).max() < np.diff(dry.columns["speed_mps"]).max()
