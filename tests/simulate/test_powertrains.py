"""Every powertrain of the trade: what each is for, and what it must not do."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.errors import SimulationError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, level, profile
from fifthwheel.simulate import layout
from fifthwheel.simulate.driver import HURRIED
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import KM, KWH
from fifthwheel.vehicle.catalogue import combination

Floats = NDArray[np.float64]
DIESEL_TO_CRANK = 0.42
"""Crank work for fuel at the margin, to make charge and fuel comparable."""


def road(name: str, seed: int = 5) -> Profile:
    return profile(mission(name), np.random.default_rng(seed))


def state(run: TripRun, index: int) -> Floats:
    return np.asarray(run.samples[:, index])


def upshifts(run: TripRun) -> NDArray[np.int64]:
    """Seconds in which a higher gear is taken on the way, at more than walking pace."""
    gear, speed = state(run, layout.GEAR), run.columns["speed_mps"]
    return np.flatnonzero((np.diff(gear) > 0.0) & (speed[1:] > 3.0)) + 1


@pytest.mark.parametrize(
    ("name", "sags", "gap_s"),
    [("diesel-dct-4x2-box", False, 0.0), ("diesel-6x4-box", True, 1.0), ("diesel-6x4-manual-stake", True, 2.0)],
)
def test_only_a_dual_clutch_keeps_traction_in_a_shift(name: str, sags: bool, gap_s: float) -> None:
    """On 3 %, at full load: with a gap the speed falls while the gear changes, with two clutches it does not."""
    whole = combination(name)
    run = drive(whole, level(3e3, 22.0, slope_ratio=0.03), 0.8 * whole.payload_limit_kg, Conditions(style=HURRIED))
    speed, shifts = run.columns["speed_mps"], upshifts(run)
    change = np.diff(speed, prepend=0.0)[shifts]
    assert len(shifts) >= 1
    assert np.all((change < 0.0) == sags)
    assert whole.drive.gearbox.shift_s == pytest.approx(gap_s, abs=1.0 if name == "diesel-dct-4x2-box" else 0.01)


@pytest.mark.parametrize(
    ("name", "most_ratio"),
    [("city-qingdao", 0.93), ("mountain-taian-yiyuan", 0.90), ("regional-weifang-linqu", 0.92), ("trunk-weifang-qingdao", 1.01)],
)
def test_a_parallel_hybrid_saves_where_there_is_braking(name: str, most_ratio: float) -> None:
    """Against the same tractor without, both at the same payload, the charge left over counted as fuel."""
    base = drive(combination("diesel-4x2-box"), road(name), 15e3)
    run = drive(combination("diesel-hybrid-4x2-box"), road(name), 15e3)
    corrected = run.ledger.meter_j["fuel"] + run.ledger.meter_j["battery"] / DIESEL_TO_CRANK
    assert corrected < most_ratio * base.ledger.meter_j["fuel"]


def test_a_parallel_hybrid_keeps_its_charge_over_repeated_trips() -> None:
    soc, ends = 0.45, []
    for _trip in range(4):
        run = drive(combination("diesel-hybrid-4x2-box"), road("city-qingdao"), 15e3, Conditions(soc_ratio=soc))
        soc = float(run.columns["battery_soc_ratio"][-1])
        ends.append(soc)
        assert run.columns["battery_soc_ratio"].min() > 0.4
        assert run.columns["battery_soc_ratio"].max() < 0.8
    assert ends[1:] == pytest.approx([0.6, 0.6, 0.6], abs=0.04)


def test_a_hybrid_drives_slowly_on_its_motor_and_stands_without_engine() -> None:
    run = drive(combination("diesel-hybrid-4x2-box"), road("city-qingdao"), 15e3)
    standing = run.columns["speed_mps"][1:] == 0.0
    engine, torque = run.columns["engine_speed_radps"][1:], run.columns["motor_torque_nm"][1:]
    assert np.mean(engine[1:][standing[1:] & standing[:-1]] == 0.0) > 0.95
    assert np.count_nonzero((engine == 0.0) & (torque > 1.0) & ~standing) > 60
    assert np.count_nonzero(run.columns["fuel_rate_m3ps"][1:][engine == 0.0] > 0.0) < 300
    assert run.ledger.recovered_j > 5.0 * KWH


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("trunk-weifang-qingdao", 7.0, 10.0), ("coal-yanzhou-linyi", 7.0, 10.5), ("city-qingdao", 7.0, 10.5)],
)
def test_a_fuel_cell_truck_holds_its_charge_without_hunting(name: str, low: float, high: float) -> None:
    """7 to 10 kg of hydrogen in 100 km at 42 t (makers' figures for 42 and 49 t trains: 8 to 12)."""
    whole = combination("fuel-cell-6x4-box")
    run = drive(whole, road(name), 42e3 - whole.tare_kg)
    source, soc = state(run, layout.SOURCE_W), run.columns["battery_soc_ratio"]
    starts = np.count_nonzero((source[:-1] == 0.0) & (source[1:] > 0.0))
    used = run.totals()["fuel_kg_per_100km"]
    cell = whole.drive.fuel_cell
    assert used is not None
    assert cell is not None
    assert low < used < high
    assert 0.4 < soc.min() < soc.max() < 0.75
    assert starts < 4.0 * run.time_s / 3600.0 + 1
    assert np.diff(source).max() <= cell.ramp_wps * 1.001
    assert np.diff(source).min() >= -(cell.ramp_wps + 0.5 * cell.least_power_w) * 1.001


def test_a_range_extender_holds_its_charge_without_hunting() -> None:
    whole = combination("diesel-extender-6x4-box")
    for name in ("trunk-weifang-qingdao", "mountain-taian-yiyuan", "regional-weifang-linqu"):
        run = drive(whole, road(name), 20e3)
        source, soc = state(run, layout.SOURCE_W), run.columns["battery_soc_ratio"]
        starts = np.count_nonzero((source[:-1] == 0.0) & (source[1:] > 0.0))
        assert 0.35 < soc.min() < soc.max() < 0.75
        assert abs(soc[-1] - 0.6) < 0.07
        assert starts < 4.0 * run.time_s / 3600.0 + 1
        assert run.totals()["fuel_l_per_100km"] is not None


def test_the_battery_truck_of_the_benchmark_is_in_its_band() -> None:
    """Published: 1.03 kWh/km and a quarter recuperated (eActros 600); wanted 0.95 to 1.15 and 15 to 30 % (A15).

    Out and back, so that no net climb is in it: motorway over hills, county roads, city; 38 t, still air, 20 degrees C.
    """
    whole = combination("battery-621-curtainsider-eu")
    names = [
        name + way for name in ("coal-taiyuan-shijiazhuang", "regional-weifang-linqu", "city-qingdao") for way in ("", ":back")
    ]
    runs = [drive(whole, road(name), 19.3e3) for name in names]
    way = sum(run.distance_m for run in runs)
    used = sum(run.ledger.meter_j["battery"] for run in runs)
    charged = sum(run.ledger.charged_j["battery"] for run in runs)
    assert 0.95 < used / KWH / (way / KM) < 1.15
    assert 0.15 < charged / (used + charged) < 0.30


def test_a_cold_battery_takes_less() -> None:
    down = level(8e3, 14.0, slope_ratio=-0.05)
    warm, cold = (
        drive(combination("battery-423-box"), down, 20e3, Conditions(soc_ratio=0.5, battery_k=kelvin))
        for kelvin in (298.15, 270.15)
    )
    assert cold.ledger.recovered_j < 0.5 * warm.ledger.recovered_j
    assert cold.ledger.terms_j["brake_friction"] > 5.0 * warm.ledger.terms_j["brake_friction"]


def test_an_empty_battery_names_place_and_charge() -> None:
    with pytest.raises(SimulationError, match=r"battery empty: battery-282-container at .* t, \d+\.\d+ km .* state of charge \d"):
        drive(combination("battery-282-container"), road("trunk-jinan-qingdao"), 20e3)


def test_start_stop_spares_the_idling() -> None:
    run = drive(combination("diesel-dct-4x2-box"), road("city-qingdao"), 10e3)
    plain = drive(combination("diesel-4x2-box"), road("city-qingdao"), 10e3)
    assert run.ledger.terms_j["idle"] < 0.6 * plain.ledger.terms_j["idle"]


def test_a_lifted_axle_rolls_easier_when_empty() -> None:
    empty = [drive(combination(name), level(10e3, 20.0), 0.0).ledger.terms_j["rolling_trailer"] / combination(name).tare_kg
             for name in ("diesel-6x4-stake", "diesel-6x4-stake-lift")]  # fmt: skip
    assert empty[1] < empty[0]


def test_a_battery_tractor_with_a_driven_trailer_shares_the_work() -> None:
    whole = combination("battery-423-etrailer")
    run = drive(whole, road("trunk-weifang-qingdao"), 20e3)
    alone = drive(combination("battery-423-box"), road("trunk-weifang-qingdao"), 20e3)
    assert run.ledger.meter_j["battery"] < 0.75 * alone.ledger.meter_j["battery"]
    assert sum(run.ledger.meter_j.values()) < 1.15 * sum(alone.ledger.meter_j.values())
