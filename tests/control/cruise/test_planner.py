"""The planner as plain Python: bounds, the optimum of a small case, and the map it works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.control.cruise import planner
from fifthwheel.control.cruise.energy_map import convex, energy_map
from fifthwheel.vehicle.catalogue import combination, names

MASS_KG, STAGE_M, STEP = 40e3, 50.0, 6.0


@dataclass(frozen=True)
class Case:
    """A small case of the planner and its plan."""

    way: planner.Way
    vehicle: planner.Vehicle
    plan: np.ndarray


def solved(sine: np.ndarray, price_w: float, *, may_roll: float = 0.0) -> Case:
    grid = 4.5 + STEP * np.arange(60, dtype=np.float64)
    speed, force = np.sqrt(2.0 * grid), np.linspace(-60e3, 60e3, 41)
    power = np.maximum(force[None, :] * speed[:, None] / 0.42, 0.0) + 20e3
    against = 2200.0 + 3.3 * speed[None, :] ** 2 + MASS_KG * 9.81 * sine[:, None]
    stages = len(sine)
    way = planner.Way(
        stage_m=STAGE_M, against_n=against, strength_ratio=np.ones(stages), may_roll=np.full(stages, may_roll),
        low=np.full(stages + 1, 0.5 * 20.0**2), high=np.full(stages + 1, 0.5 * 25.0**2),
    )  # fmt: skip
    vehicle = planner.Vehicle(
        grid=grid, mass_kg=MASS_KG, force_from_n=-60e3, force_step_n=3e3, power_w=power, most_n=np.full(60, 40e3),
        overrun_n=np.full(60, -2e3), accelerate_mps2=np.full(60, 0.5), roll_w=8e3, engage_j=np.full(60, 4e4),
    )  # fmt: skip
    plan, value = np.zeros((stages, planner.N_PLAN)), np.zeros((stages + 1, 2, 60))
    plan[0, planner.ENERGY] = 0.5 * 23.0**2
    wish = planner.Wish(price_w=price_w, end_jpj=2.4, roll_from_mps=12.0, smooth_s=2.0)
    planner.look_back(way, vehicle, wish, value)
    planner.drive_out(way, vehicle, wish, value, plan)
    return Case(way=way, vehicle=vehicle, plan=plan)


def test_on_the_level_it_holds_one_speed() -> None:
    plan = solved(np.zeros(24), 2e5).plan
    assert np.ptp(plan[6:18, planner.ENERGY]) <= STEP
    assert np.all(plan[6:18, planner.KIND] == planner.DRIVE)


def test_a_dearer_hour_is_driven_faster() -> None:
    times = [solved(0.01 * np.sin(np.arange(24) / 3.0), price).plan[:, planner.TIME_S].sum() for price in (5e4, 2e5, 8e5)]
    assert times[0] > times[1] > times[2]


def test_it_slows_before_a_descent_that_would_need_brakes() -> None:
    sine = np.concatenate([np.zeros(12), np.full(16, -0.03)])
    plan = solved(sine, 2.5e5).plan
    assert plan[11, planner.ENERGY] < plan[3, planner.ENERGY] - STEP


def test_rolling_begins_only_where_it_may() -> None:
    sine = np.full(20, -0.008)
    assert not np.any(solved(sine, 2e5, may_roll=planner.MAY_GO_ON).plan[:, planner.KIND] == planner.ROLL)
    assert np.any(solved(sine, 2e5, may_roll=planner.MAY_BEGIN).plan[:, planner.KIND] == planner.ROLL)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(-0.05, 0.04), min_size=6, max_size=12), st.floats(3e4, 1e6))
def test_no_road_takes_it_above_its_bound(slopes: list[float], price_w: float) -> None:
    case = solved(np.array(slopes), price_w)
    assert np.all(case.plan[:, planner.ENERGY] <= case.way.high[1:] + 1e-9)
    assert np.all(case.plan[:, planner.TIME_S] > 0.0)


@given(st.lists(st.floats(-1e5, 1e6), min_size=4, max_size=20))
def test_the_envelope_is_convex_and_below(power_w: list[float]) -> None:
    force, power = np.linspace(-1e4, 5e4, len(power_w)), np.array(power_w)
    envelope = convex(force, power)
    assert np.all(envelope <= power + 1e-6)
    assert np.all(np.diff(np.diff(envelope)) >= -1e-3)


@pytest.mark.parametrize("name", names())
def test_every_combination_has_a_map(name: str) -> None:
    speed = np.linspace(3.0, 27.0, 25)  # beyond what some can drive
    found = energy_map(combination(name), speed, loaded=True, fuel_per_electric_ratio=2.0)
    assert np.all(np.isfinite(found.power_w))
    assert np.all(np.diff(found.power_w, axis=1) >= -1e-6)
    assert np.all(found.most_n[:18] > 0.0)
    assert np.all(found.overrun_n <= 0.0)
    assert found.roll_w > 0.0
