"""A20: smoke and torque limits under random commands, altitude and heat; the energy account."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats
from fifthwheel.simulate.bench import bench, plan_of
from fifthwheel.simulate.bench import layout as m
from fifthwheel.units import RPM
from fifthwheel.vehicle.catalogue import catalogue

DIESELS = ["diesel-13l-2500nm", "diesel-11l-2100nm", "diesel-9l-1600nm", "diesel-13l-2300nm-eu", "diesel-8l-900nm"]
SECONDS_S = 60.0
LOST = float("nan")
CHOICES: dict[str, tuple[float, tuple[float, ...]]] = {
    "brake_state": (3.0, (0.0, 1.0)), "gear_count": (4.0, (0.0, 5.0, 12.0)), "cruise_mps": (5.0, (0.0, 20.0, 25.0)),
    "limit_mps": (5.0, (0.0, 10.0, 22.0)), "governor_state": (8.0, (0.0, 0.0, 1.0)), "gear_limit_nm": (5.0, (0.0, 0.0, 1200.0)),
    "transmission_state": (1.0, (0.0, 0.0, 1.0, 2.0, 3.0)), "transmission_count": (2.0, (0.0, 1.0, 2.0, 3.0)),
    "brakes_state": (1.0, (0.0, 0.0, 2.0, 3.0)), "brakes_count": (2.0, (0.0, 1.0, 3.0)),
    "predictive_state": (2.0, (0.0, 0.0, 1.0, 2.0, 3.0)),
    "scr_state": (10.0, (0.0, 0.0, 1.0, 2.0)), "key_state": (2.0, (1.0, 1.0, 2.0)),
    "stop_allowed_state": (10.0, (0.0, 1.0)), "mps_per_radps": (5.0, (0.05, 0.1, 0.1754)),
    "crank_radps": (3.0, (LOST, LOST, LOST, LOST, 0.0, -20.0, 1500.0)),
    "cam_radps": (3.0, (LOST, LOST, LOST, LOST, LOST, 0.0, 1500.0)),
    "intake_pa": (2.0, (LOST, LOST, LOST, LOST, 0.0, 9e5)), "intake_k": (3.0, (LOST, LOST, LOST, 100.0, 600.0)),
    "ambient_pa": (3.0, (LOST, LOST, LOST, 0.0)), "coolant_k": (3.0, (LOST, LOST, LOST, 100.0, 380.0, 386.0, 600.0)),
    "exhaust_k": (3.0, (LOST, LOST, LOST, 0.0, 1080.0)),
}  # fmt: skip
SPANS: dict[str, tuple[float, float, float]] = {
    "auxiliary_nm": (5.0, 0.0, 150.0), "bench_auxiliary_nm": (5.0, 0.0, 150.0), "engine_brake_ratio": (2.0, 0.0, 1.0),
    "transmission_radps": (1.0, 0.0, 260.0), "transmission_nm": (0.5, -300.0, 4000.0), "brakes_radps": (1.0, 0.0, 300.0),
    "brakes_nm": (0.5, -300.0, 3000.0), "predictive_radps": (1.0, 50.0, 260.0), "predictive_nm": (1.0, -300.0, 4000.0),
}  # fmt: skip


def held(random: np.random.Generator, mean_s: float, draw: Callable[[], float]) -> Floats:
    """Values drawn anew after random times, one a period."""
    lengths = 1 + (random.exponential(mean_s, 4000) * 100).astype(int)
    return np.repeat([draw() for _ in lengths], lengths)[: round(SECONDS_S * 100)]


def random_commands(seed: int) -> dict[str, Any]:
    """Every input of the unit at random: pedal, switches, requests of three units, broken sensors; air of one day and height."""
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        name: held(random, mean, partial(random.choice, values)) for name, (mean, values) in CHOICES.items()
    }
    columns |= {name: held(random, mean, partial(random.uniform, low, high)) for name, (mean, low, high) in SPANS.items()}
    columns["pedal_ratio"] = held(random, 0.7, lambda: random.choice([0.0, 1.0, random.random()]))
    return columns | {"bench_ambient_pa": random.uniform(7e4, 1.02e5), "ambient_k": random.uniform(253.0, 318.0)}


def random_speeds(seed: int, engine: str) -> Any:
    """Speeds that the dynamometer drives straight from second to second, from below idle to the end of full load."""
    made = catalogue().build("engines", engine)
    seconds = np.arange(SECONDS_S + 1.0)
    points = np.random.default_rng(seed + 1000).uniform(0.9 * made.idle_speed_radps, made.speed_radps[-1], len(seconds))
    return np.interp(np.arange(round(SECONDS_S * 100)) * 0.01, seconds, points)


@pytest.mark.parametrize("engine", DIESELS)
@pytest.mark.parametrize("seed", range(8))
def test_a20_no_random_command_passes_the_smoke_or_the_torque_limit(engine: str, seed: int) -> None:
    made = bench(engine)
    trace = made.run(plan_of(SECONDS_S, **random_commands(seed), speed_radps=random_speeds(seed, engine)))
    assert made.worst[0] <= 0.0
    assert made.worst[1] <= 0.002 * made.calibration[n.FULL0 : n.FULL0 + n.N_CURVE].max()
    assert (trace["run_state"] == n.RUNNING).mean() > 0.5
    assert made.residual_ratio(0.0) < 1e-9


@pytest.mark.parametrize("engine", DIESELS)
@pytest.mark.parametrize("seed", range(4))
def test_a20_nor_does_a_bare_engine_with_load_steps(engine: str, seed: int) -> None:
    """A load step turns the bare engine by some rad/s before the next period, where full load is less: 7 % of the most torque."""
    made = bench(engine)
    random = np.random.default_rng(seed + 7)
    loads = held(random, 1.0, partial(random.uniform, -100.0, 400.0))
    made.run(plan_of(SECONDS_S, **random_commands(seed), load_nm=loads))
    assert made.worst[0] <= 0.0
    assert made.worst[1] <= 0.07 * made.calibration[n.FULL0 : n.FULL0 + n.N_CURVE].max()
    assert made.residual_ratio(0.0) < 1e-9


@pytest.mark.parametrize(("height_m", "pressure_pa"), [(0, 101325.0), (2000, 79495.0), (3000, 70109.0), (4000, 61640.0)])
def test_a20_full_load_falls_one_per_cent_a_hundred_metres(height_m: int, pressure_pa: float) -> None:
    made = bench()
    made.run(plan_of(5.0, speed_radps=1200 * RPM, pedal_ratio=0.2, bench_ambient_pa=pressure_pa))
    trace = made.run(plan_of(25.0, speed_radps=1200 * RPM, pedal_ratio=1.0, bench_ambient_pa=pressure_pa))
    assert trace["crank_nm"][-1] == pytest.approx(2500.0 * (1.0 - 1e-4 * max(height_m - 2000, 0)), rel=2e-3)


def test_a20_a_blocked_radiator_takes_torque_before_the_coolant_boils() -> None:
    made = bench()
    trace = made.run(plan_of(1500.0, speed_radps=1500 * RPM, pedal_ratio=1.0, radiator_ratio=0.35, ambient_k=313.15))
    assert trace["coolant_k"].max() < 393.15
    assert trace["limiter_state"][-1] == n.L_COOLANT
    assert 0.3 < trace["crank_nm"][-1] / trace["crank_nm"][1000] < 0.7
    assert (np.diff(trace["coolant_k"][5000:]) > -1e-6).all()


def test_a_sound_radiator_holds_full_load_on_a_hot_day() -> None:
    trace = bench().run(plan_of(1500.0, speed_radps=1700 * RPM, pedal_ratio=1.0, ambient_k=313.15))
    assert trace["coolant_k"].max() < 373.15
    assert trace["derate_ratio"][-1] == 1.0


def test_without_the_boost_sensor_the_engine_has_the_air_of_the_day() -> None:
    made = bench()
    made.run(plan_of(5.0, speed_radps=1300 * RPM, pedal_ratio=1.0))
    trace = made.run(plan_of(10.0, speed_radps=1300 * RPM, pedal_ratio=1.0, intake_pa=0.0))
    assert trace["limiter_state"][-1] == n.L_SMOKE
    assert 700.0 < trace["crank_nm"][-1] < 1300.0


def test_the_stores_begin_where_the_account_says() -> None:
    made = bench(load_kgm2=5.0)
    made.run(plan_of(30.0, pedal_ratio=0.3, load_kgm2=5.0, load_nm=100.0))
    assert made.residual_ratio(5.0) < 1e-9
    assert made.plant[m.FUEL_J] > 1e6
