"""A20: idle, load steps, droop, road speed, cruise, starting, start-stop, engine brake; torque and boost in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fifthwheel.control.engine import layout as n
from fifthwheel.simulate.bench import Bench, bench, plan_of
from fifthwheel.simulate.bench import layout as m
from fifthwheel.units import KMH, RPM
from fifthwheel.vehicle.catalogue import catalogue

ENGINES = catalogue().names("engines")
DIESELS = [name for name in ENGINES if name.startswith("diesel")]
BOOSTED = [name for name in DIESELS if name not in {"diesel-8l-900nm", "diesel-17l-3750nm"}]
"""Of ordinary mean effective pressure: the 800 hp engine has 28 bar, and waits 2.7 s for its air."""
MPS_PER_RADPS = 0.5 / 2.85


def at_speed(engine: str, pedal: float, seconds_s: float = 15.0) -> Bench:
    """An engine held at 1,200 rpm with a pedal."""
    made = bench(engine)
    made.run(plan_of(seconds_s, speed_radps=1200 * RPM, pedal_ratio=pedal))
    return made


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("auxiliary_nm", [0.0, 90.0])
def test_a20_idle_is_steady_within_ten_revolutions(engine: str, auxiliary_nm: float) -> None:
    made = bench(engine)
    trace = made.run(plan_of(30.0, bench_auxiliary_nm=auxiliary_nm))
    aim = catalogue().build("engines", engine).idle_speed_radps
    assert np.abs(trace["engine_radps"][1000:] - aim).max() <= 10.0 * RPM


@pytest.mark.parametrize("engine", ENGINES)
def test_a20_idle_holds_against_what_the_unit_does_not_know(engine: str) -> None:
    """A quarter more friction than it believes, and a load that shakes by 40 N m every 10 ms."""
    sound = bench(engine)
    more = {f"drag_{i}_nm": 1.25 * float(value) for i, value in enumerate(sound.parameters[m.DRAG0 : m.BRAKE0])}
    made = bench(engine, plant=more)
    shaking = np.random.default_rng(11).uniform(-40.0, 40.0, 3000)
    trace = made.run(plan_of(30.0, load_nm=shaking))
    assert np.abs(trace["engine_radps"][1000:] - made.calibration[n.IDLE_RADPS]).max() <= 10.0 * RPM


@pytest.mark.parametrize("engine", DIESELS)
def test_a20_no_stall_at_a_load_step_of_thirty_per_cent_of_the_most_torque(engine: str) -> None:
    made = bench(engine)
    made.run(plan_of(5.0))
    peak = max(catalogue().build("engines", engine).full_load_torque_nm)
    trace = made.run(plan_of(15.0, load_nm=0.3 * peak))
    assert trace["run_state"].min() == n.RUNNING
    assert trace["engine_radps"].min() > 0.7 * made.calibration[n.IDLE_RADPS]
    assert np.abs(trace["engine_radps"][-300:] - made.calibration[n.IDLE_RADPS]).max() <= 10.0 * RPM


def test_a20_nor_does_the_gas_engine_whose_air_comes_through_a_throttle() -> None:
    made = bench("gas-13l-2300nm")
    made.run(plan_of(5.0))
    trace = made.run(plan_of(15.0, load_nm=0.3 * 2300.0))
    assert trace["run_state"].min() == n.RUNNING
    assert trace["engine_radps"].min() > 0.4 * made.calibration[n.IDLE_RADPS]
    assert np.abs(trace["engine_radps"][-300:] - made.calibration[n.IDLE_RADPS]).max() <= 10.0 * RPM


@pytest.mark.parametrize("engine", BOOSTED)
def test_a20_boost_lags_one_to_two_seconds(engine: str) -> None:
    trace = at_speed(engine, 0.0).run(plan_of(25.0, speed_radps=1200 * RPM, pedal_ratio=1.0))
    full = np.interp(
        1200 * RPM, *(getattr(catalogue().build("engines", engine), name) for name in ("speed_radps", "full_load_torque_nm"))
    )
    assert trace["crank_nm"][-1] == pytest.approx(full, rel=1e-3)
    assert 1.0 <= np.argmax(trace["crank_nm"] > 0.9 * full) * 0.01 <= 2.0


@pytest.mark.parametrize("engine", DIESELS)
def test_a20_small_steps_of_torque_rise_with_a_time_constant_of_a_fifth_to_a_third_of_a_second(engine: str) -> None:
    torque = at_speed(engine, 0.30).run(plan_of(4.0, speed_radps=1200 * RPM, pedal_ratio=0.36))["crank_nm"]
    risen = torque[0] + (1.0 - np.exp(-1.0)) * (torque[-1] - torque[0])
    assert 0.2 <= np.argmax(torque > risen) * 0.01 <= 0.3


@pytest.mark.parametrize("droop", [0.03, 0.05, 0.1])
def test_the_all_speed_governor_droops_as_calibrated(droop: float) -> None:
    made = bench(unit={"droop_ratio": droop})
    common: dict[str, Any] = {"governor_state": 1.0, "pedal_ratio": 0.6, "load_kgm2": 2.0}
    unloaded = made.run(plan_of(20.0, **common))["engine_radps"][-1]
    rising = 0.8 * 2500.0 * np.minimum(np.arange(3000) / 1500.0, 1.0)
    loaded = made.run(plan_of(30.0, **common, load_nm=rising))["engine_radps"][-1]
    assert (unloaded - loaded) / 0.8 / (unloaded / (1.0 + droop)) == pytest.approx(droop, rel=0.02)


def test_the_free_engine_stays_below_its_highest_speed() -> None:
    made = bench()
    speed = made.run(plan_of(15.0, pedal_ratio=1.0))["engine_radps"]
    assert speed.max() <= made.calibration[n.HIGH_RADPS]
    assert np.ptp(speed[-300:]) < 0.5


def on_road(mass_kg: float, grade: float, start_mps: float, **inputs: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Road speed of a combination in top gear on a constant grade, 300 s."""
    made = bench()
    made.plant[m.W] = made.unit[n.W] = start_mps / MPS_PER_RADPS
    made.unit[n.V] = start_mps
    weight = mass_kg * 9.81
    plan = plan_of(
        300.0, **inputs, mps_per_radps=MPS_PER_RADPS, load_kgm2=mass_kg * MPS_PER_RADPS**2, gear_count=12.0,
        roll_nm=weight * (0.0055 + grade) * MPS_PER_RADPS, air_nms2=3.6 * MPS_PER_RADPS**3,
    )  # fmt: skip
    return made.run(plan)["vehicle_mps"]


@pytest.mark.parametrize("mass_kg", [9e3, 16e3, 40e3, 49e3])
@pytest.mark.parametrize("grade", [-0.003, 0.0, 0.01])
def test_the_road_speed_limiter_passes_its_speed_by_one_kilometre_an_hour_at_most(mass_kg: float, grade: float) -> None:
    speed = on_road(mass_kg, grade, 20.0, pedal_ratio=1.0)
    assert speed.max() <= 25.0 + 1.0 * KMH
    assert speed[-1] == pytest.approx(25.0, abs=0.1 * KMH)


@pytest.mark.parametrize("mass_kg", [16e3, 49e3])
def test_cruise_holds_its_set_speed(mass_kg: float) -> None:
    speed = on_road(mass_kg, 0.0, 20.0, cruise_mps=22.0)
    assert speed.max() <= 22.0 + 1.0 * KMH
    assert speed[-1] == pytest.approx(22.0, abs=0.1 * KMH)


def test_severe_inducement_creeps_at_twenty_kilometres_an_hour() -> None:
    made = bench()
    trace = made.run(
        plan_of(200.0, pedal_ratio=1.0, scr_state=2.0, gear_count=6.0, mps_per_radps=0.04, load_kgm2=40e3 * 0.04**2, roll_nm=90.0)
    )
    assert trace["vehicle_mps"].max() <= 21.0 * KMH
    assert trace["vehicle_mps"][-1] == pytest.approx(20.0 * KMH, abs=0.1 * KMH)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("coolant_k", [253.15, 293.15, 363.15])
def test_the_engine_starts(engine: str, coolant_k: float) -> None:
    made = bench(engine, idling=False, coolant_k=coolant_k)
    key = np.where(np.arange(1500) < 400, 2.0, 1.0)
    trace = made.run(plan_of(15.0, key_state=key))
    assert np.argmax(trace["run_state"] == n.RUNNING) * 0.01 < 3.0
    assert trace["starts_count"][-1] == 1
    assert abs(trace["engine_radps"][-1] - trace["idle_target_radps"][-1]) < 10 * RPM


def test_without_the_key_nothing_starts_and_a_short_crank_does_not_run() -> None:
    made = bench(idling=False)
    assert made.run(plan_of(5.0))["engine_radps"].max() == 0.0
    trace = made.run(plan_of(20.0, key_state=2.0, load_nm=3000.0))
    assert trace["starts_count"][-1] == 0
    assert trace["starter_state"][1001:1900].max() == 0.0


def halting(**inputs: float) -> dict[str, Any]:
    """Two minutes of ten seconds' standing on the brake and ten seconds' driving."""
    phase = np.arange(12_000) * 0.01 % 20.0
    pedal = np.where(phase >= 10.0, 0.3, 0.0)
    made = bench()
    plan = plan_of(
        120.0, stop_allowed_state=1.0, vehicle_mps=np.where(phase < 10.0, 0.0, 8.0), brake_state=np.where(phase < 9.5, 1.0, 0.0),
        pedal_ratio=pedal, load_nm=np.where(phase > 10.5, 300.0, 0.0), **inputs,
    )  # fmt: skip
    return made.run(plan)


def test_start_stop_counts_its_stops_and_starts() -> None:
    trace = halting()
    assert trace["stops_count"][-1] == 6
    assert trace["starts_count"][-1] == 6
    resting = trace["run_state"] == n.RESTING
    assert 0.3 < resting.mean() < 0.4
    assert trace["fuel_kg"][resting].max() == 0.0
    assert trace["burnt_kg"][-1] < 0.97 * halting(battery_soc_ratio=0.4)["burnt_kg"][-1]


@pytest.mark.parametrize(
    "reason",
    [{"battery_soc_ratio": 0.4}, {"brake_air_pa": 6e5}, {"auxiliary_nm": 100.0}, {"gear_count": 1.0}, {"coolant_k": 320.0}],
)
def test_start_stop_keeps_the_engine_running_with_a_reason(reason: dict[str, float]) -> None:
    assert halting(**reason)["stops_count"][-1] == 0


def test_a_change_of_mind_catches_the_engine_before_it_stands() -> None:
    made = bench()
    made.run(plan_of(3.15, stop_allowed_state=1.0, brake_state=1.0, vehicle_mps=0.0))
    trace = made.run(plan_of(3.0, stop_allowed_state=1.0, vehicle_mps=0.0))
    assert trace["stops_count"][-1] == 1
    assert trace["starter_state"].max() == 0.0
    assert trace["run_state"][-1] == n.RUNNING


def test_the_engine_brake_works_in_stages_in_overrun_only() -> None:
    made = bench()
    common: dict[str, Any] = {"speed_radps": 1800 * RPM}
    full = made.run(plan_of(5.0, engine_brake_ratio=1.0, **common))
    third = made.run(plan_of(5.0, engine_brake_ratio=0.34, **common))
    driving = made.run(plan_of(5.0, engine_brake_ratio=1.0, pedal_ratio=0.4, **common))
    stable = made.run(plan_of(5.0, engine_brake_ratio=1.0, brakes_state=3.0, brakes_nm=500.0, **common))
    engine = catalogue().build("engines", "diesel-13l-2500nm")
    drag, brake = (np.interp(1800 * RPM, engine.speed_radps, curve) for curve in (engine.drag_torque_nm, engine.brake_torque_nm))
    assert [one["brake_stage_count"][-1] for one in (full, third, driving, stable)] == [3, 1, 0, 0]
    assert full["crank_nm"][-1] == pytest.approx(-drag - brake, rel=1e-3)
    assert third["crank_nm"][-1] == pytest.approx(-drag - brake / 3, rel=1e-3)
    assert full["fuel_kg"][-1] == 0.0


def test_the_gas_engine_closes_its_loop_on_the_air_ratio() -> None:
    """Volumetric efficiency 8 % off what the unit believes: the trim brings the air ratio back."""
    made = bench("gas-13l-2300nm", plant={"volumetric_ratio": 0.86})
    trace = made.run(plan_of(60.0, speed_radps=1400 * RPM, pedal_ratio=0.5))
    ratio = trace["air_kg"] / trace["injected_kg"] / 17.0
    assert abs(ratio[5] - 1.0) > 0.05
    assert ratio[-1] == pytest.approx(1.0, abs=0.005)
