"""The trailer as its own body: coupling force at the kingpin, and a driven axle with its own battery."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, level, profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.driver import CALM, HURRIED
from fifthwheel.simulate.pack import NOMINAL, rolling_n, trailer_payload_ratio
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import KWH
from fifthwheel.vehicle.catalogue import combination

Floats = NDArray[np.float64]
RECUPERATION, PLUG_IN, BASE = "diesel-6x4-etrailer-recuperation", "diesel-6x4-etrailer", "diesel-6x4-box"
SUSTAINED = Conditions(trailer_soc_ratio=0.24)


def road(name: str, seed: int = 5) -> Profile:
    return profile(mission(name), np.random.default_rng(seed))


def flow(run: TripRun, index: int) -> Floats:
    return np.asarray(run.samples[:, layout.N_STATE + layout.N_BOOK + index])


def book(run: TripRun, index: int) -> Floats:
    """Joules of each second."""
    return np.diff(run.samples[:, layout.N_STATE + index], prepend=0.0)


def trailer_resistance_n(run: TripRun, sine: float, speed_mps: Floats) -> Floats:
    """By hand: tyres, its part of the air, and its weight along the road."""
    whole = run.combination
    assert whole.trailer is not None
    mass = whole.trailer.tare_kg + run.payload_kg * trailer_payload_ratio(whole)
    rolling = rolling_n(whole, run.mass_kg, Weather(), NOMINAL)[1] * np.sqrt(1.0 - sine * sine)
    density = air_density_kgpm3(run.columns["altitude_m"], 293.15)
    air = 0.5 * density * whole.drag_area_m2 * whole.trailer_drag_ratio * speed_mps**2
    return np.asarray(rolling + air + mass * GRAVITY * sine)


@pytest.mark.parametrize("slope_ratio", [0.0, 0.015, 0.04])
@pytest.mark.parametrize("name", ["diesel-6x4-stake", "battery-423-box", "diesel-4x2-curtainsider-eu"])
def test_kingpin_force_at_steady_speed_is_the_trailers_resistance(name: str, slope_ratio: float) -> None:
    run = drive(combination(name), level(12e3, 11.0, slope_ratio=slope_ratio), 15e3)
    speed, force = run.columns["speed_mps"], run.columns["kingpin_force_n"]
    steady = slice(len(speed) // 2, len(speed) // 2 + 60)
    sine = slope_ratio / np.hypot(1.0, slope_ratio)
    assert np.ptp(speed[steady]) < 0.05
    assert force[steady] == pytest.approx(trailer_resistance_n(run, sine, speed)[steady], rel=0.01, abs=60.0)


def test_kingpin_force_in_acceleration_and_braking_is_newtons() -> None:
    """F = m2 a + resistances of the trailer + its own friction brakes, whose share is that of its axle loads."""
    run = drive(combination("diesel-4x2-box"), level(3e3, 22.0), 15e3, Conditions(style=HURRIED))
    whole, speed = run.combination, run.columns["speed_mps"]
    assert whole.trailer is not None
    way = np.diff(run.columns["trip_distance_m"], prepend=0.0)
    friction = book(run, layout.FRICTION) / np.maximum(way, 1e-9)
    change = np.diff(speed, prepend=0.0)
    mass = whole.trailer.tare_kg + run.payload_kg * trailer_payload_ratio(whole)
    rotating = whole.trailer.wheels_inertia_kgm2 / whole.tyre_radius_m**2
    share = sum(whole.axle_load_ratios[1])
    mean = np.sqrt(np.maximum(speed - 0.5 * change, 0.0) ** 2)
    wanted = (mass + rotating) * change + trailer_resistance_n(run, 0.0, mean) + share * friction
    busy = (speed > 6.0) & (np.abs(change) > 0.1)
    assert np.count_nonzero(busy & (friction > 5e3)) > 5
    assert run.columns["kingpin_force_n"][busy] == pytest.approx(wanted[busy], rel=0.02, abs=800.0)


@pytest.mark.parametrize("style", [CALM, HURRIED])
@pytest.mark.parametrize("name", [RECUPERATION, PLUG_IN, "battery-423-etrailer"])
@pytest.mark.parametrize("mission_name", ["quarry-zhangqiu", "city-qingdao"])
def test_a_driven_trailer_never_pushes_a_tractor_that_pulls(name: str, mission_name: str, style: object) -> None:
    run = drive(combination(name), road(mission_name), 20e3, Conditions(style=style, seed=2))  # type: ignore[arg-type]
    helping = run.trailer_columns["motor_torque_nm"] > 1.0
    pulling = (book(run, layout.WHEEL) > 1e3) & (book(run, layout.FRICTION) <= 0.0)
    steady = pulling & np.roll(pulling, 1) & np.roll(pulling, -1)
    assert np.count_nonzero(helping & steady) > 100
    assert run.columns["kingpin_force_n"][helping & steady].min() > -50.0


def test_a_driven_trailer_lowers_the_kingpin_force() -> None:
    up = level(5e3, 20.0, slope_ratio=0.02)
    plain = drive(combination(BASE), up, 20e3).columns["kingpin_force_n"]
    helped = drive(combination(PLUG_IN), up, 20e3).columns["kingpin_force_n"]
    assert 0.0 <= np.median(helped) < 0.75 * np.median(plain)


def saving_ratio(name: str, way: Profile, conditions: Conditions) -> tuple[float, TripRun]:
    base = drive(combination(BASE), way, 24e3)
    run = drive(combination(name), way, 24e3, conditions)
    return 1.0 - run.fuel_kg / base.fuel_kg, run


@pytest.mark.parametrize(
    "name", ["city-qingdao", "regional-weifang-linqu", "mountain-taian-yiyuan", "coal-taiyuan-shijiazhuang", "quarry-zhangqiu"]
)
def test_recuperation_only_saves_what_is_published_with_its_charge_kept(name: str) -> None:
    """Published: up to 16 % (ZF TrailTrax); the charge of the start is given back, so all that it spends it has braked for."""
    saved, run = saving_ratio(RECUPERATION, road(name), SUSTAINED)
    assert 0.04 < saved < 0.16
    assert run.ledger.meter_j["trailer_battery"] < 0.5 * KWH
    assert run.ledger.charged_j["trailer_battery"] > 5.0 * KWH


def test_recuperation_finds_next_to_nothing_on_an_even_motorway() -> None:
    saved, run = saving_ratio(RECUPERATION, road("trunk-weifang-qingdao"), SUSTAINED)
    assert -0.01 < saved < 0.03
    assert run.trailer_columns["battery_soc_ratio"].min() > 0.16


@pytest.mark.parametrize("name", ["trunk-weifang-qingdao", "mountain-taian-yiyuan", "regional-weifang-linqu", "city-qingdao"])
def test_plug_in_saves_what_is_published_and_says_what_it_took(name: str) -> None:
    """Published: 20 to 50 % of the diesel, with energy of the grid at its side (A14)."""
    saved, run = saving_ratio(PLUG_IN, road(name), Conditions(trailer_soc_ratio=0.9))
    base_kwh = run.ledger.meter_j["fuel"] / (1.0 - saved) / KWH
    taken_kwh = run.ledger.meter_j["trailer_battery"] / KWH
    assert 0.20 < saved < 0.50
    assert taken_kwh > 20.0
    assert 1.5 < saved * base_kwh / taken_kwh < 6.0


def test_coasting_is_left_to_the_engine() -> None:
    """A trailer that took the overrun would let the tractor burn fuel against its own friction."""
    run = drive(combination(RECUPERATION), level(6e3, 22.0, slope_ratio=-0.012), 24e3, Conditions(trailer_soc_ratio=0.5))
    rolling = flow(run, layout.FUEL_W) == 0.0
    assert np.count_nonzero(rolling) > 30
    braking = (run.trailer_columns["motor_torque_nm"] < -1.0) & (run.columns["speed_mps"] > 5.0)
    fuelled = flow(run, layout.FUEL_W)[braking & (flow(run, layout.CLUTCH) == 0.0)]
    assert fuelled.size == 0 or np.median(fuelled) == 0.0


def test_what_the_trailer_charges_it_holds() -> None:
    """Charge over the descent: braking energy less losses, none beyond the window."""
    run = drive(combination(RECUPERATION), level(8e3, 12.0, slope_ratio=-0.06), 24e3, Conditions(trailer_soc_ratio=0.8))
    soc = run.trailer_columns["battery_soc_ratio"]
    assert 0.85 < soc.max() <= 0.901
    assert run.ledger.trailer_j["motor"] > 0.0
    assert abs(run.ledger.balance_error_ratio) < 1e-9
