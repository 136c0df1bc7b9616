"""Mean wind: the published drag areas over speed, for uniform wind and for a wind profile."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.physics import aero
from fifthwheel.units import KMH

SEMI = (0.030042, 0.040817, -0.00213)
SPEEDS = np.array([60.0, 70.0, 80.0, 85.0, 90.0, 105.0]) * KMH
SLICES_M = (np.arange(200) + 0.5) * 4.0 / 200


def test_uniform_mean_wind() -> None:
    area = aero.mean_wind_drag_area_m2(SPEEDS, 5.6, SEMI)
    assert area == pytest.approx([7.172, 6.881, 6.658, 6.567, 6.487, 6.298], abs=6e-4)


def test_mean_wind_with_a_profile_over_the_vehicles_four_metres() -> None:
    area = aero.mean_wind_drag_area_m2(SPEEDS, 5.6, SEMI, aero.wind_at_height_mps(SLICES_M))
    assert area == pytest.approx([6.834, 6.590, 6.410, 6.338, 6.275, 6.128], abs=1.1e-3)


def test_no_wind_adds_nothing() -> None:
    assert aero.mean_wind_drag_area_m2(SPEEDS, 5.6, SEMI, 0.0) == pytest.approx(np.full(6, 5.6))
    assert aero.wind_at_height_mps(4.0) == 3.0


def test_a5_crosswind_adds_the_published_drag_areas() -> None:
    """Acceptance A5: dCdA over the yaw angle to 1e-4 m2, held beyond 12 degrees; CdA at 85 km/h in mean wind to 0.2 %."""
    added = aero.yawed_drag_area_m2(np.array([2.0, 4.0, 5.0, 8.0, 10.0]), SEMI)
    assert added == pytest.approx([0.2063, 0.6369, 0.9044, 1.7621, 2.2521], abs=1e-4)
    assert aero.yawed_drag_area_m2(20.0, SEMI) == aero.yawed_drag_area_m2(12.0, SEMI)
    assert float(aero.mean_wind_drag_area_m2(85 * KMH, 5.6, SEMI)) == pytest.approx(6.567, rel=2e-3)
