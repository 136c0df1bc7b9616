"""Tyre forces over combined slip."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.physics.slip import FASTEST_PERS, build_up, saturation, slip_drags, stiffness_at_load

LIMITS = (20e3, 18e3)
STIFF = (300e3, 150e3)
SLIPS = st.floats(-30.0, 30.0).filter(lambda slip: abs(slip) > 1e-3)


def steady(along: float, across: float, speed: float) -> tuple[float, float]:
    drags = slip_drags((along, across), STIFF, LIMITS, speed, 1.5)
    return STIFF[0] * along / drags[0], STIFF[1] * across / drags[1]


def test_stiffness_peaks_at_its_load_and_matches_the_reference_tyre() -> None:
    assert [stiffness_at_load(load, 50e3) for load in (0.0, 50e3)] == [0.0, 1.0]
    assert 3000 * 57.29578 * stiffness_at_load(29.43e3, 50e3) == pytest.approx(300562 / 2, rel=1e-3)


def test_small_slip_is_linear() -> None:
    assert steady(0.002, 0.003, 20.0) == pytest.approx((300e3 * 1e-4, 150e3 * 1.5e-4), rel=1e-3)


def test_no_slip_at_standstill_has_a_drag() -> None:
    assert slip_drags((0.0, 0.0), STIFF, LIMITS, 0.0, 1.5) == (1e-9, 1e-9)


@given(along=SLIPS, across=SLIPS, speed=st.floats(0.0, 30.0))
def test_forces_stay_inside_the_friction_ellipse_and_drive_along_the_slip(along: float, across: float, speed: float) -> None:
    x, y = steady(along, across, speed)
    assert hypot(x / LIMITS[0], y / LIMITS[1]) <= 1.0 + 1e-9
    assert x * along > 0.0 < y * across


@given(across=SLIPS, along=st.floats(0.1, 30.0))
def test_a_locked_tyre_is_braked_against_its_motion(across: float, along: float) -> None:
    x, y = steady(-along, across, 0.0)
    assert (x / LIMITS[0]) * across == pytest.approx(-(y / LIMITS[1]) * along, rel=1e-6)
    assert hypot(x / LIMITS[0], y / LIMITS[1]) == pytest.approx(saturation(1.0, 0.0, 1.5)[0])


@given(force=st.floats(-2e4, 2e4), slip=st.floats(0.01, 30.0), length=st.floats(0.01, 1.0))
def test_force_builds_up_towards_the_steady_one(force: float, slip: float, length: float) -> None:
    drag = slip_drags((slip, 0.0), STIFF, LIMITS, 10.0, 1.5)[0]
    aim = STIFF[0] * slip / drag
    found = build_up(force, STIFF[0] * slip, drag, length)
    assert found == pytest.approx(min(drag / length, FASTEST_PERS) * (aim - force), rel=1e-6, abs=1e-3)
