"""Liquid in a tank against hand values, limits, and areas counted numerically."""

from __future__ import annotations

from math import pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.body import Section
from fifthwheel.vehicle.slosh import leaning, pendulum_radps, still, sway_radps


@pytest.mark.parametrize(
    ("length_m", "depth_m", "mode", "wanted_radps"),
    [(2.4, 0.9, 1, 3.2579), (2.4, 0.9, 3, 6.2004), (6.0, 0.9, 1, 1.5017), (2.0, 2.0, 1, 3.9175)],
)
def test_sway_against_hand_values(length_m: float, depth_m: float, mode: int, wanted_radps: float) -> None:
    """w^2 = (n pi g / b) tanh(n pi h / b): e.g. 12.8369 x 0.8269 for 2.4 m and 0.9 m."""
    assert sway_radps(length_m, depth_m, mode) == pytest.approx(wanted_radps, rel=1e-4)


def test_shallow_liquid_moves_as_a_long_wave() -> None:
    assert sway_radps(6.0, 0.05) == pytest.approx(pi / 6.0 * sqrt(GRAVITY_MPS2 * 0.05), rel=1e-3)
    assert tanh(pi) > 0.99


def test_a_half_full_circle_swings_on_its_distance_from_the_axis() -> None:
    """4 r / (3 pi) = 0.4244 m of a radius of 1 m."""
    assert still(Section.CIRCLE, 0.5, 2.0).height_m == pytest.approx(1.0 - 4.0 / (3.0 * pi))
    assert pendulum_radps(Section.CIRCLE, 0.5, (2.0, 2.0)) == pytest.approx(sqrt(GRAVITY_MPS2 / 0.42441), rel=1e-4)


@pytest.mark.parametrize("size", [(2.4, 1.8), (1.8, 2.4)])
def test_an_ellipses_pendulum_is_as_stiff_as_its_liquid_lies(size: tuple[float, float]) -> None:
    """A small lateral acceleration a moves the middle by a g / w^2."""
    aside_m = leaning(Section.ELLIPSE, 0.6, size, 1e-4).aside_m
    assert pendulum_radps(Section.ELLIPSE, 0.6, size) == pytest.approx(sqrt(1e-4 * GRAVITY_MPS2 / aside_m), rel=1e-6)


def test_a_circles_liquid_turns_about_the_axis() -> None:
    """Under 0.3 g the middle is atan(0.3) aside, at the same distance from the axis."""
    lie = leaning(Section.CIRCLE, 0.5, (2.0, 2.0), 0.3)
    arm = 4.0 / (3.0 * pi)
    assert lie.aside_m**2 + (1.0 - lie.height_m) ** 2 == pytest.approx(arm**2)
    assert lie.aside_m / (1.0 - lie.height_m) == pytest.approx(0.3)


def test_a_rectangles_liquid_moves_as_the_wedge_does() -> None:
    """b^2 a / (12 h) aside and b^2 a^2 / (24 h) up: 2.4 m wide, 0.9 m deep, 0.2 g."""
    lie = leaning(Section.RECTANGLE, 0.5, (2.4, 1.8), 0.2)
    assert (lie.aside_m, lie.height_m) == pytest.approx((2.4**2 * 0.2 / 10.8, 0.45 + 2.4**2 * 0.04 / 21.6))


def counted(section: Section, fill: float, size: tuple[float, float], lateral: float) -> tuple[float, float]:
    """Middle of the lowest cells, by what the felt acceleration calls low, until the share is filled."""
    width, height = size
    y, z = np.meshgrid((np.arange(600) + 0.5) / 600 * width - width / 2, (np.arange(600) + 0.5) / 600 * height)
    inside = np.ones_like(y, dtype=bool)
    if section is not Section.RECTANGLE:
        inside = (2.0 * y / width) ** 2 + (2.0 * z / height - 1.0) ** 2 <= 1.0
    y, z = y[inside], z[inside]
    low = np.argsort(z - lateral * y)[: round(fill * y.size)]
    return float(y[low].mean()), float(z[low].mean())


@pytest.mark.parametrize("section", list(Section))
@pytest.mark.parametrize("fill", [0.05, 0.3, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("lateral", [0.1, 0.4, 1.0])
def test_a_leaning_liquid_lies_where_its_cells_do(section: Section, fill: float, lateral: float) -> None:
    size = (2.4, 1.8) if section is not Section.CIRCLE else (2.0, 2.0)
    lie = leaning(section, fill, size, lateral)
    assert (lie.aside_m, lie.height_m) == pytest.approx(counted(section, fill, size, lateral), abs=6e-3)


@settings(deadline=None)
@given(section=st.sampled_from(list(Section)), fill=st.floats(0.02, 0.999), lateral=st.floats(0.01, 0.8))
def test_a_leaning_liquid_moves_aside_and_up_and_a_full_tank_hardly(section: Section, fill: float, lateral: float) -> None:
    resting, lie = still(section, fill, 1.8), leaning(section, fill, (2.4, 1.8), lateral)
    assert lie.aside_m > 0.0
    assert lie.height_m > resting.height_m - 1e-9
    assert leaning(section, 0.9999, (2.4, 1.8), lateral).aside_m < 0.01
