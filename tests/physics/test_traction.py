"""Traction: the published reference calculations to their stated digits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.physics import aero, traction
from fifthwheel.physics.traction import Climb, Footing
from fifthwheel.units import GRAVITY_MPS2, KMH, KWH

TRUCK = Footing(mass_kg=40_000.0, rolling_ratio=0.006, friction_ratio=0.8, driven_ratio=11.5 / 40)


def demand_n(drag_area_m2: float, rolling_ratio: float) -> float:
    return float(aero.still_air_force_n(1.188, drag_area_m2, 85 * KMH)) + 40_000 * GRAVITY_MPS2 * rolling_ratio


def test_torque_limited_grade_of_the_reference_truck() -> None:
    """Acceptance A4: 40 t, 2,500 Nm, 33.4, 0.90, 0.50 m, 0.006: 40.7 % by the form without the cosine at f; exactly 40.8 %."""
    force = traction.tractive_force_n(2500.0, 33.4, 0.90, 0.50)
    common = np.tan(np.arcsin(force / (40_000 * GRAVITY_MPS2) - 0.006))
    exact = traction.climbable_grade_ratio(force, 40_000.0, 0.006)
    assert common == pytest.approx(0.407, abs=5e-4)
    assert exact == pytest.approx(0.407, rel=5e-3)
    slope = np.arctan(exact)
    assert 40_000 * GRAVITY_MPS2 * (0.006 * np.cos(slope) + np.sin(slope)) == pytest.approx(force)


def test_traction_limited_grade_of_the_reference_truck_binds() -> None:
    """Acceptance A4: 22.4 % without load transfer, and the tool names traction."""
    force = float(traction.tractive_force_n(2500.0, 33.4, 0.90, 0.50))
    assert traction.traction_grade_ratio(TRUCK) == pytest.approx(0.224, abs=5e-4)
    assert traction.steepest_climb(force, 0.0, TRUCK) == Climb(grade_ratio=traction.traction_grade_ratio(TRUCK), limit="traction")
    assert traction.steepest_climb(1e6, 0.0, TRUCK).limit == "traction"
    assert traction.steepest_climb(0.3 * force, 0.0, TRUCK).limit == "torque"
    assert traction.adhesion_force_n(0.8, 11_500 * GRAVITY_MPS2) == pytest.approx(90_221, abs=1)


def test_load_transfer_helps_a_start_on_a_hill() -> None:
    helped = Footing(mass_kg=40_000.0, rolling_ratio=0.006, friction_ratio=0.8, driven_ratio=11.5 / 40, transfer_ratio=0.15)
    grade = traction.traction_grade_ratio(helped)
    slope = np.arctan(grade)
    grip = 0.8 * (11.5 / 40 * np.cos(slope) + 0.15 * np.sin(slope))
    assert grip == pytest.approx(0.006 * np.cos(slope) + np.sin(slope))
    with pytest.raises(InputError, match="load transfer"):
        traction.traction_grade_ratio(
            Footing(mass_kg=1.0, rolling_ratio=0.0, friction_ratio=1.0, driven_ratio=1.0, transfer_ratio=1.0)
        )


@pytest.mark.parametrize(
    ("drag_area_m2", "rolling_ratio", "power_w", "energy_jpm"),
    [(5.6, 0.0055, 94.7e3, 1.115), (5.0, 0.005, 85.4e3, 1.005), (6.0, 0.006, 102.5e3, 1.206)],
)
def test_flat_road_demand(drag_area_m2: float, rolling_ratio: float, power_w: float, energy_jpm: float) -> None:
    """Acceptance A4: three rows of flat-road demand at 85 km/h."""
    force = demand_n(drag_area_m2, rolling_ratio)
    assert traction.power_at_speed_w(force, 85 * KMH, 1.0) == pytest.approx(power_w, abs=60.0)
    assert force * 1e3 / KWH == pytest.approx(energy_jpm, abs=6e-4)


def test_equilibrium_grade_and_elasticities() -> None:
    """Acceptance A4: 1.02 %, and what a tenth less drag or rolling resistance saves."""
    air, whole = float(aero.still_air_force_n(1.188, 5.6, 85 * KMH)), demand_n(5.6, 0.0055)
    assert traction.equilibrium_grade_ratio(air, 40_000.0, 0.0055) == pytest.approx(0.0102, abs=5e-5)
    assert demand_n(5.6 * 0.9, 0.0055) / whole - 1 == pytest.approx(-0.046, abs=5e-4)
    assert demand_n(5.6, 0.0055 * 0.9) / whole - 1 == pytest.approx(-0.054, abs=5e-4)


def test_more_miles_a_gallon_is_less_fuel_but_not_by_as_much() -> None:
    assert traction.consumption_change_ratio(3.25 / 9.0) == pytest.approx(-0.265, abs=5e-4)
    assert traction.consumption_change_ratio(0.0) == 0.0


@settings(deadline=None)
@given(st.floats(0.0, 0.9), st.floats(0.002, 0.02))
def test_climbing_undoes_itself(pull_ratio: float, rolling_ratio: float) -> None:
    force = pull_ratio * 40_000 * GRAVITY_MPS2
    slope = np.arctan(traction.climbable_grade_ratio(force, 40_000.0, rolling_ratio))
    assert 40_000 * GRAVITY_MPS2 * (rolling_ratio * np.cos(slope) + np.sin(slope)) == pytest.approx(force, abs=1e-6)


def test_geared_speed_is_the_inverse_of_shaft_speed() -> None:
    assert traction.geared_speed_mps(120.0, 2.846, 0.526) * 2.846 / 0.526 == pytest.approx(120.0)
