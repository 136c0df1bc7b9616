from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.errors import InputError, SimulationError
from fifthwheel.physics.energy import TERMS
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, Stop, level, profile
from fifthwheel.road.weather import Weather
from fifthwheel.signals.catalogue import signals
from fifthwheel.simulate.driver import CALM, HURRIED
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import KMH
from fifthwheel.vehicle.catalogue import combination, names

MISSIONS = ("port-shuttle", "mixer-round", "quarry-zhangqiu", "city-qingdao:back")
HILLS = level(20_000.0, 22.0)


def road(name: str, seed: int = 5) -> Profile:
    return profile(mission(name), np.random.default_rng(seed))


def energy_j(run: TripRun) -> float:
    return sum(run.ledger.meter_j.values())


@pytest.mark.parametrize("mission_name", MISSIONS)
@pytest.mark.parametrize("name", names())
def test_the_account_closes_and_no_term_has_the_wrong_sign(name: str, mission_name: str) -> None:
    whole = combination(name)
    windy = Conditions(seed=4, weather=Weather(wind_speed_mps=5.0, wind_from_rad=1.0))
    run = drive(whole, road(mission_name), 0.6 * whole.payload_limit_kg, windy)
    assert abs(run.ledger.balance_error_ratio) < 1e-9
    assert run.ledger.terms_j["kinetic"] == pytest.approx(0.0, abs=1.0)
    assert min(run.ledger.terms_j.get(term.name, 0.0) for term in TERMS if not term.signed) >= 0.0


@pytest.mark.parametrize("name", names())
def test_columns_are_signals_within_their_range_and_add_up_to_the_meter(name: str) -> None:
    whole = combination(name)
    run = drive(whole, road("port-shuttle"), 0.5 * whole.payload_limit_kg, Conditions(seed=1))
    for column, values in {**run.columns, **run.trailer_columns}.items():
        known = signals()[column]
        assert known.low <= values.min(), column
        assert values.max() <= known.high, column
    assert run.columns["trip_distance_m"][-1] == pytest.approx(road("port-shuttle").length_m, abs=3.0)
    climb_j = run.mass_kg * 9.80665 * (run.columns["altitude_m"][-1] - run.columns["altitude_m"][0])
    assert run.ledger.terms_j["climb"] == pytest.approx(climb_j, rel=1e-6)


def test_fuel_and_battery_columns_hold_the_meters() -> None:
    diesel = drive(combination("diesel-4x2-box"), road("quarry-zhangqiu"), 15e3)
    fuel = combination("diesel-4x2-box").drive.engine
    assert fuel is not None
    burnt = diesel.columns["fuel_rate_m3ps"].sum() * fuel.fuel.density_kgpm3 * fuel.fuel.lower_heating_value_jpkg
    assert burnt == pytest.approx(diesel.ledger.meter_j["fuel"], rel=1e-9)
    electric = drive(combination("battery-423-box"), road("quarry-zhangqiu"), 15e3)
    drawn = (electric.columns["battery_voltage_v"] * electric.columns["battery_current_a"]).sum()
    assert drawn == pytest.approx(electric.ledger.meter_j["battery"], rel=2e-3)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"truth": Truth(drag_ratio=1.1)}, {}),
        ({"truth": Truth(rolling_tractor_ratio=1.1)}, {}),
        ({"truth": Truth(rolling_trailer_ratio=1.1)}, {}),
        ({"truth": Truth(auxiliary_ratio=1.5)}, {}),
        ({"weather": Weather(wind_speed_mps=6.0)}, {}),
        ({}, {"weather": Weather(wind_speed_mps=6.0, wind_from_rad=np.pi)}),
        ({"weather": Weather(temperature_k=263.0)}, {}),
        ({"weather": Weather(surface_ratio=1.2)}, {}),
    ],
)
@pytest.mark.parametrize("name", ["diesel-6x4-box", "battery-423-box"])
def test_what_costs_costs(name: str, worse: dict[str, object], better: dict[str, object]) -> None:
    runs = [drive(combination(name), HILLS, 20e3, replace(Conditions(), **change)) for change in (worse, better)]  # type: ignore[arg-type]
    assert energy_j(runs[0]) > 1.005 * energy_j(runs[1])


@pytest.mark.parametrize("name", ["diesel-6x4-box", "lng-6x4-box", "battery-423-box", "diesel-8x4-tipper"])
def test_energy_rises_with_payload_and_grade(name: str) -> None:
    whole = combination(name)
    loads = [energy_j(drive(whole, HILLS, share * whole.payload_limit_kg)) for share in (0.0, 0.4, 0.9)]
    slopes = [energy_j(drive(whole, level(20_000.0, 16.0, slope_ratio=slope), 10e3)) for slope in (-0.005, 0.0, 0.01, 0.02)]
    assert loads == sorted(loads)
    assert slopes == sorted(slopes)


@pytest.mark.parametrize(
    ("name", "payload_kg", "low", "high"),
    [("diesel-6x4-box", 24_400.0, 24.0, 38.0), ("diesel-4x2-box", 19_300.0, 24.0, 36.0), ("lng-6x4-box", 23_900.0, 55.0, 78.0)],
)
def test_fuel_on_the_trunk_road_is_plausible(name: str, payload_kg: float, low: float, high: float) -> None:
    totals = drive(combination(name), road("trunk-jinan-weifang"), payload_kg, Conditions(seed=2)).totals()
    assert totals["fuel_l_per_100km"] is not None
    assert low < totals["fuel_l_per_100km"] < high
    assert totals["co2_g_per_km"] is not None
    assert 600 < totals["co2_g_per_km"] < 1100


def test_battery_truck_on_the_trunk_road_is_plausible() -> None:
    run = drive(combination("battery-423-box"), road("trunk-weifang-qingdao"), 21_800.0, Conditions(seed=2))
    per_100km = run.totals()["electric_kwh_per_100km"]
    assert per_100km is not None
    assert 100.0 < per_100km < 160.0
    assert run.battery_heat_j > 0.0


def test_a_driven_trailer_saves_fuel_and_says_what_it_took() -> None:
    whole = combination("diesel-6x4-etrailer")
    charged = drive(whole, road("quarry-zhangqiu"), 20e3)
    empty = drive(whole, road("quarry-zhangqiu"), 20e3, Conditions(trailer_soc_ratio=0.1))
    assert charged.fuel_kg < 0.9 * empty.fuel_kg
    assert charged.ledger.meter_j["trailer_battery"] > empty.ledger.meter_j["trailer_battery"]
    assert empty.ledger.recovered_j > 0.0
    assert charged.trailer_columns["battery_soc_ratio"][-1] < 0.9


def test_endurance_brakes_come_before_friction_downhill() -> None:
    down = level(8_000.0, 12.0, slope_ratio=-0.06)
    terms = drive(combination("diesel-6x4-stake"), down, 25e3).ledger.terms_j
    assert terms["retarder"] + terms["engine_brake"] > 5 * terms["brake_friction"]
    electric = drive(combination("battery-423-box"), down, 20e3, Conditions(soc_ratio=0.5))
    assert electric.ledger.meter_j["battery"] < 0.0
    assert electric.ledger.recovered_j > 10 * electric.ledger.terms_j["brake_friction"]


def test_a_full_battery_takes_nothing() -> None:
    down = level(3_000.0, 12.0, slope_ratio=-0.05)
    full = drive(combination("battery-423-box"), down, 20e3, Conditions(soc_ratio=1.0))
    assert full.ledger.recovered_j == 0.0
    assert full.ledger.terms_j["brake_friction"] > 1e6


def test_a_hill_slows_the_truck_and_the_way_is_still_driven() -> None:
    steep = drive(combination("diesel-6x4-stake"), level(6_000.0, 22.0, slope_ratio=0.05), 33e3)
    flat = drive(combination("diesel-6x4-stake"), level(6_000.0, 22.0), 33e3)
    assert steep.columns["speed_mps"].max() < 15.0
    assert steep.time_s > 1.5 * flat.time_s
    assert steep.columns["gear_current_state"].max() < flat.columns["gear_current_state"].max()


def test_limits_and_stops_are_kept() -> None:
    halts = (Stop(distance_m=3_000.0, duration_s=40.0), Stop(distance_m=6_000.0, duration_s=25.0))
    run = drive(combination("diesel-4x2-box"), level(9_000.0, 60 * KMH, stops=halts), 10e3, Conditions(style=CALM))
    speed = run.columns["speed_mps"]
    assert speed.max() <= 60 * KMH
    stands = run.columns["trip_distance_m"][1:-1][(speed[1:-1] == 0.0) & (speed[:-2] > 0.0)]
    assert stands == pytest.approx([3_000.0, 6_000.0], abs=3.0)
    assert 65 <= np.sum(speed == 0.0) <= 70


def test_styles_differ_in_time_and_energy() -> None:
    runs = [
        drive(combination("diesel-4x2-box"), road("city-qingdao"), 15e3, Conditions(style=style)) for style in (CALM, HURRIED)
    ]
    assert runs[0].time_s > runs[1].time_s
    assert runs[0].fuel_kg < runs[1].fuel_kg


def test_body_work_runs_only_at_stops_that_work() -> None:
    terms = [
        drive(combination("diesel-8x4-mixer"), road(name), 0.0).ledger.terms_j for name in ("mixer-round", "mixer-round:back")
    ]
    assert terms[0]["auxiliary"] > terms[1]["auxiliary"] + 1200 * 32e3 * 0.9


def test_same_seed_same_trip() -> None:
    runs = [drive(combination("diesel-6x4-box"), road("port-shuttle"), 9e3, Conditions(seed=seed)) for seed in (7, 7, 8)]
    assert all(np.array_equal(runs[0].columns[name], runs[1].columns[name]) for name in runs[0].columns)
    assert runs[0].ledger == runs[1].ledger
    assert runs[0].ledger != runs[2].ledger


def test_a_start_that_is_impossible_names_place_grade_and_gear() -> None:
    with pytest.raises(
        SimulationError, match=r"cannot start: diesel-6x4-stake at 49.0 t, 0.00 km .* grade 27.*% in gear 1|cannot start"
    ):
        drive(combination("diesel-6x4-stake"), level(2_000.0, 10.0, slope_ratio=0.28), 33e3)


def test_an_empty_battery_is_an_error_that_names_the_place() -> None:
    with pytest.raises(SimulationError, match=r"battery empty: .* km from the start"):
        drive(combination("battery-282-container"), road("trunk-weifang-qingdao"), 30e3, Conditions(soc_ratio=0.3))


@pytest.mark.parametrize("payload_kg", [-1.0, 60e3])
def test_a_payload_beyond_the_limit_is_refused(payload_kg: float) -> None:
    with pytest.raises(InputError, match="carries 0 to"):
        drive(combination("diesel-6x4-box"), HILLS, payload_kg)


def test_a_trip_becomes_observations_of_its_unit() -> None:
    run = drive(combination("diesel-6x4-etrailer"), HILLS, 10e3)
    rows, trailer = run.observations("A", 1_000_000), run.observations("B", 1_000_000, trailer=True)
    assert len(rows) == len(trailer) == int(run.time_s) + 1
    assert rows.time_us[1] - rows.time_us[0] == 1_000_000
    assert "battery_current_a" in trailer.signal_names
    assert rows.table.column("source")[0].as_py() == "simulated"
