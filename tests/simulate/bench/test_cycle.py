"""A20: the schedules, exact denormalisation, the WHTC and WHSC on the bench with their bounds, and the fuel against the map."""

from __future__ import annotations

import dataclasses
import doctest
import sys
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.simulate.bench.certify import run_cycle
from fifthwheel.simulate.bench.cycle import Schedule, denormalise, read_schedule, reference, whsc, whtc
from fifthwheel.simulate.bench.validity import fit, judge
from fifthwheel.units import RPM
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Engine
from fifthwheel.vehicle.vecto.read import read_job

ENGINES = catalogue().names("engines")


def engine(name: str) -> Engine:
    made: Engine = catalogue().build("engines", name)
    return made


@pytest.mark.parametrize(
    "name", ["fifthwheel.simulate.bench.cycle", "fifthwheel.simulate.bench.validity", "fifthwheel.simulate.bench.plant_block"]
)
def test_the_examples_run(name: str) -> None:
    assert doctest.testmod(sys.modules[name]).failed == 0


def test_the_whtc_is_whole() -> None:
    """Totals of the two public copies; single rows as they print them."""
    made = whtc()
    motored = np.isnan(made.torque_ratio)
    assert len(made.time_s) == 1800
    assert made.speed_ratio.mean() == pytest.approx(0.370809, abs=1e-6)
    assert np.nansum(made.torque_ratio) == pytest.approx(430.132, abs=1e-6)
    assert motored.sum() == 401
    assert ((made.speed_ratio == 0.0) & (made.torque_ratio == 0.0)).mean() == pytest.approx(293 / 1800)
    assert [(made.speed_ratio[t - 1], made.torque_ratio[t - 1]) for t in (8, 476, 1314, 1698)] == [
        (0.158, 0.309), (0.688, 1.0), (0.51, 1.0), (0.573, 0.042),
    ]  # fmt: skip
    assert made.speed_ratio[1233] == 1.0
    assert motored[1233]


def test_the_whsc_is_whole() -> None:
    made = whsc()
    assert len(made.time_s) == 1895
    assert [(made.speed_ratio[t - 1], made.torque_ratio[t - 1]) for t in (210, 260, 510, 1895)] == [
        (0, 0),
        (0.55, 1.0),
        (0.55, 0.25),
        (0, 0),
    ]
    assert made.torque_ratio[219] == pytest.approx(0.5)


@pytest.mark.parametrize("name", ENGINES)
def test_a20_denormalising_speeds_are_exact(name: str) -> None:
    """Against a full-load curve drawn out in steps of 0.0002 rad/s, which knows nothing of pieces."""
    made = engine(name)
    speed = np.arange(made.idle_speed_radps, made.speed_radps[-1], 2e-4)
    torque = np.interp(speed, made.speed_radps, made.full_load_torque_nm)
    power = speed * torque
    most = power.max()
    end = speed[power >= 0.95 * most][-1]
    area = np.concatenate([[0.0], np.cumsum(0.5 * (torque[1:] + torque[:-1]) * 2e-4)])
    found = reference(made)
    assert found.low_radps == pytest.approx(speed[power >= 0.55 * most][0], abs=5e-4)
    assert found.high_radps == pytest.approx(speed[power >= 0.70 * most][-1], abs=5e-4)
    assert found.end_radps == pytest.approx(end, abs=5e-4)
    assert found.preferred_radps == pytest.approx(np.interp(0.51 * area[speed <= end][-1], area, speed), abs=5e-4)


def flat_engine() -> Engine:
    """1,000 N m from 60 to 200 rad/s, then straight to nothing at 220: every denormalising speed by hand."""
    return dataclasses.replace(
        engine("diesel-13l-2500nm"), idle_speed_radps=60.0, speed_radps=(60.0, 200.0, 220.0),
        full_load_torque_nm=(1000.0, 1000.0, 0.0),
        drag_torque_nm=(100.0, 200.0, 220.0), brake_torque_nm=(0.0, 0.0, 0.0),
    )  # fmt: skip


def test_a20_denormalisation_by_hand() -> None:
    """P_max 200 kW at 200; n_lo 110; n_hi, n_95h from 50 w (220 - w) = 140, 190 kW; n_pref from 60 + 0.51 A / 1000."""
    high, end = (110.0 + np.sqrt(12_100.0 - share) for share in (2_800.0, 3_800.0))
    area = 1000.0 * 140.0 + 0.5 * (1000.0 + 50.0 * (220.0 - end)) * (end - 200.0)
    preferred = 60.0 + 0.51 * area / 1000.0
    found = reference(flat_engine())
    wanted = [60.0, 110.0, preferred, high, end]
    assert [found.idle_radps, found.low_radps, found.preferred_radps, found.high_radps, found.end_radps] == pytest.approx(
        wanted, rel=1e-12
    )
    span = (0.45 * 110.0 + 0.45 * preferred + 0.1 * high - 60.0) * 2.0327
    schedule = Schedule(
        name="three", time_s=np.arange(1.0, 4.0), speed_ratio=np.array([0.0, 0.5, 1.0]), torque_ratio=np.array([0.0, 0.4, np.nan])
    )
    cycle = denormalise(schedule, flat_engine())
    assert cycle.speed_radps == pytest.approx([60.0, 60.0 + 0.5 * span, 60.0 + span], rel=1e-12)
    assert cycle.torque_nm[:2] == pytest.approx([0.0, 400.0], rel=1e-12)
    assert cycle.torque_nm[2] == pytest.approx(-np.interp(60.0 + span, (60.0, 200.0, 220.0), (100.0, 200.0, 220.0)), rel=1e-12)
    assert list(cycle.motored) == [False, False, True]


def test_an_engine_whose_map_does_not_reach_down_is_refused() -> None:
    cut = dataclasses.replace(flat_engine(), speed_radps=(60.0, 150.0, 200.0), full_load_torque_nm=(1000.0, 1000.0, 1000.0))
    with pytest.raises(InputError, match=r"100% at the end"):
        reference(cut)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("schedule", [whtc(), whsc()], ids=["WHTC", "WHSC"])
def test_a20_the_run_is_inside_the_bounds(name: str, schedule: Schedule) -> None:
    made = run_cycle(name, schedule)
    assert made.validity.margin_ratio > 0.05
    assert made.residual_ratio < 1e-9
    assert made.excess_nm <= 0.001 * max(engine(name).full_load_torque_nm)
    assert 0.180 < made.fuel_kg_per_kwh < 0.235


@pytest.mark.parametrize("name", [name for name in ENGINES if name.startswith("diesel")])
def test_a20_no_smoke_over_the_whtc(name: str) -> None:
    assert run_cycle(name).excess_ratio <= 0.0


@pytest.mark.parametrize("name", [name for name in ENGINES if name.startswith("diesel")])
def test_the_bench_and_the_steady_map_agree_on_fuel(name: str) -> None:
    made = run_cycle(name)
    assert made.fuel_kg == pytest.approx(made.map_fuel_kg, rel=0.005)


def test_a_cold_start_costs_fuel() -> None:
    assert run_cycle("diesel-13l-2500nm", coolant_k=293.15).fuel_kg > 1.01 * run_cycle("diesel-13l-2500nm").fuel_kg


@pytest.mark.parametrize("step_s", [0.001, 0.005, 0.02])
def test_the_unit_may_run_at_other_periods(step_s: float) -> None:
    made = run_cycle("diesel-13l-2500nm", step_s=step_s)
    assert made.validity.margin_ratio > 0.05
    assert made.excess_ratio <= 0.0


def test_a_weak_engine_is_outside_the_bounds() -> None:
    """A unit that allows far less air to be burnt cannot follow: the bounds say so."""
    made = run_cycle("diesel-13l-2500nm", lambda_least_ratio=1.99)
    assert made.validity.margin_ratio < 0.0
    assert "R49" in made.validity.version


def test_the_regression_is_the_textbooks() -> None:
    random = np.random.default_rng(5)
    x = random.uniform(0.0, 100.0, 300)
    y = 0.9 * x + 3.0 + random.normal(0.0, 2.0, 300)
    slope, intercept, r2, error = fit(x, y)
    solved, left, *_ = np.linalg.lstsq(np.column_stack([x, np.ones(300)]), y, rcond=None)
    assert (slope, intercept) == pytest.approx(tuple(solved))
    assert r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    assert error == pytest.approx(np.sqrt(left[0] / 298))
    with pytest.raises(InputError, match="differ"):
        fit(np.ones(5), np.ones(5))


@pytest.mark.parametrize(("factor", "inside"), [(1.0, True), (0.86, False), (1.04, False)])
def test_bounds_judge_power_and_work(factor: float, inside: bool) -> None:
    cycle = denormalise(whtc(), engine("diesel-13l-2500nm"))
    assert (judge(cycle, cycle.speed_radps, factor * cycle.torque_nm, 2500.0).margin_ratio >= 0.0) == inside


def test_a_users_schedule(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("speed_percent,torque_percent\n0,0\n50,40\n60,m\n", encoding="utf-8")
    made = read_schedule(file)
    assert made.name == "mine"
    assert list(made.speed_ratio) == [0.0, 0.5, 0.6]
    assert np.isnan(made.torque_ratio[2])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("speed,torque\n1,2\n", "columns"),
        ("speed_percent,torque_percent\n1,x\n", "numbers"),
        ("speed_percent,torque_percent\n500,1\n", "120"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=named):
        read_schedule(file)


def test_the_hundred_per_cent_speed_of_the_whtc_is_below_the_governor() -> None:
    assert 1700 < denormalise(whtc(), engine("diesel-13l-2500nm")).speed_radps.max() / RPM < 1900


def test_an_engine_measured_elsewhere_runs_too(reference_data: Path) -> None:
    """VECTO's generic 12.7 L engine with its fuel map of 112 points: the Willans line fitted to it, and the map itself."""
    job = read_job(reference_data / "vecto" / "40t" / "40t_Long_Haul_Truck.vecto", mission="long-haul")
    drive = job.combination.tractor.drive
    assert drive is not None
    assert drive.engine is not None
    made = run_cycle(drive.engine)
    assert made.validity.margin_ratio > 0.05
    assert made.fuel_kg == pytest.approx(made.map_fuel_kg, rel=0.02)
