"""Turning without slip: the table and the transient series of the facts (acceptance A2), the rule, tails, and what must hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import cos, degrees, hypot, pi, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from fifthwheel.errors import InputError
from fifthwheel.vehicle.turning import (
    FOLDED_RAD,
    drive_radius_m,
    entry,
    fold_rad,
    rule_limit_m,
    rule_wheelbase_m,
    steady,
    swept,
    turning_place_m,
)

from .conftest import CENTRE_AXLE, RIGID_6X2, RIGID_8X4, TRACTOR_4X2, TRAILER, group, train

TURNED_DEG = (90.0, 120.0, 180.0, 270.0, 360.0)
TABLE = [
    (7.70, 6.685, 5.410, (6.541, 6.127, 5.698, 5.483, 5.428), 43.7),
    (8.10, 6.194, 4.919, (6.366, 5.882, 5.346, 5.046, 4.957), 46.4),
]


@pytest.mark.parametrize(("width_m", "limit_m"), [(2.55, 8.135), (2.60, 8.115)])
def test_a2_rule_value(width_m: float, limit_m: float) -> None:
    assert rule_limit_m(width_m) == pytest.approx(limit_m, abs=1e-3)


@pytest.mark.parametrize(("length_m", "trailer_m", "inner_m", "series_m", "fold_deg"), TABLE)
def test_a2_steady_radii_and_transient_series(
    length_m: float, trailer_m: float, inner_m: float, series_m: tuple[float, ...], fold_deg: float
) -> None:
    drive_m = drive_radius_m(12.5, 3.60 + 1.40, 2.55)
    circle = steady(drive_m, 0.56, length_m)
    assert (drive_m, circle.kingpin_m, circle.trailer_m) == pytest.approx((10.181, 10.197, trailer_m), abs=1e-3)
    assert circle.trailer_m - 1.275 == pytest.approx(inner_m, abs=1e-3)
    found = [entry(10.181, 0.56, length_m, radians(turned), width_m=2.55) for turned in TURNED_DEG]
    assert [inner for inner, _ in found] == pytest.approx(series_m, abs=5e-3)
    assert degrees(found[2][1]) == pytest.approx(fold_deg, abs=0.05)


@pytest.mark.parametrize(("length_m", "inner_m", "series_m"), [(row[0], row[2], row[3]) for row in TABLE])
def test_a2_both_verdicts_are_reported(length_m: float, inner_m: float, series_m: tuple[float, ...]) -> None:
    """8.10 m passes the rule of 8.135 m and sweeps less than 5.30 m behind this tractor: both stand in the result."""
    whole = train(TRACTOR_4X2, replace(TRAILER, axles=(group(1.5 + length_m, limit_kg=24e3),)))
    found = swept(whole)
    assert (found.rule_wheelbase_m, found.rule_limit_m) == pytest.approx((length_m, 8.135), abs=1e-3)
    assert (found.steady_inner_m, found.half_inner_m, found.inner_m) == pytest.approx(
        (inner_m, series_m[2], series_m[4]), abs=5e-3
    )


@settings(deadline=None)
@given(drive_m=st.floats(4.0, 12.0), lead_m=st.floats(-2.0, 1.0), length_m=st.floats(3.0, 13.0), turned_rad=st.floats(0.0, 1.5))
def test_the_closed_form_solves_the_equation(drive_m: float, lead_m: float, length_m: float, turned_rad: float) -> None:
    def rate(_: float, fold: list[float]) -> list[float]:
        return [1.0 - (drive_m * sin(fold[0]) + lead_m * cos(fold[0])) / length_m]

    numeric = float(solve_ivp(rate, (0.0, turned_rad), [0.0], rtol=1e-10, atol=1e-12).y[0, -1])
    assert fold_rad(drive_m, lead_m, length_m, turned_rad) == pytest.approx(min(numeric, FOLDED_RAD), abs=1e-6)


@settings(deadline=None)
@given(drive_m=st.floats(8.5, 12.0), lead_m=st.floats(-1.0, 1.0), length_m=st.floats(3.0, 8.0))
def test_a_long_turn_ends_on_the_circle(drive_m: float, lead_m: float, length_m: float) -> None:
    circle = steady(drive_m, lead_m, length_m)
    assert fold_rad(drive_m, lead_m, length_m, 200.0) == pytest.approx(circle.articulation_rad, abs=1e-6)


def test_a_coupling_circle_as_wide_as_the_trailer_is_long_is_no_singularity() -> None:
    around = [fold_rad(8.0, 0.0, length, 1.0) for length in (8.0 - 1e-5, 8.0, 8.0 + 1e-5)]
    assert around == pytest.approx([around[1]] * 3, abs=1e-5)
    assert steady(8.0, 0.0, 8.0).trailer_m == 0.0


def test_a_long_trailer_folds_on_the_circle() -> None:
    """A 53 ft trailer with its slider back cannot go round 12.5 m: its side passes beyond the middle."""
    long = replace(TRAILER, axles=(group(13.8, limit_kg=15.4e3),), length_m=16.154)
    found = swept(train(TRACTOR_4X2, long))
    assert (found.trailer_m, found.articulation_rad) == (0.0, FOLDED_RAD)
    assert found.inner_m < 0.0


def test_longer_trailers_cut_in_more() -> None:
    inner = [
        swept(train(TRACTOR_4X2, replace(TRAILER, axles=(group(place, limit_kg=24e3),)))).inner_m for place in (8.0, 9.0, 10.0)
    ]
    assert all(first > second for first, second in pairwise(inner))


def test_rule_takes_the_longer_of_lifted_and_lowered() -> None:
    assert rule_wheelbase_m(TRAILER) == pytest.approx(8.355)
    behind = replace(TRAILER, axles=(group(7.89, 9.2, limit_kg=18e3), group(10.51, limit_kg=9e3, liftable=True)))
    assert rule_wheelbase_m(behind) == pytest.approx(7.70)


def test_steered_axles_shorten_the_equivalent_wheelbase() -> None:
    steered = replace(TRAILER, axles=(group(7.89, 9.2, limit_kg=18e3), group(10.51, limit_kg=9e3, steered=True)))
    assert rule_wheelbase_m(steered) == pytest.approx(7.045)
    assert swept(train(TRACTOR_4X2, steered)).inner_m > swept(train(TRACTOR_4X2, TRAILER)).inner_m
    every = replace(TRAILER, axles=(group(7.89, 9.2, limit_kg=18e3, steered=True),))
    assert turning_place_m(every) == pytest.approx(8.545)


def test_a_rigid_by_hand() -> None:
    """8x4: the middle of the bogie 7.375 m behind the front corner; the tail turns about the circle's middle."""
    found = swept(train(RIGID_8X4, None))
    drive = (12.5**2 - 7.375**2) ** 0.5 - 1.275
    assert (found.drive_m, found.inner_m) == pytest.approx((drive, drive - 1.275))
    assert found.tail_swing_m == pytest.approx(hypot(9.6 - 7.375, drive + 1.275) - drive - 1.275)
    assert (found.rule_wheelbase_m, found.rule_limit_m, found.kingpin_m) == (None, None, 0.0)


def test_a_steered_trailing_axle_does_not_count_and_no_rule_holds_for_a_centre_axle_trailer() -> None:
    found = swept(train(RIGID_6X2, CENTRE_AXLE))
    assert found.drive_m == pytest.approx((12.5**2 - 6.2**2) ** 0.5 - 1.275, abs=1e-3)
    assert found.kingpin_m == pytest.approx(hypot(found.drive_m, 6.2 - 8.8), abs=1e-3)
    assert found.rule_limit_m is None


def test_the_trailers_tail_by_stepping_along_the_path() -> None:
    """A trailer with a long overhang, drawn point by point: its rear corner leaves the straight as far as the result says."""
    trailer = replace(TRAILER, axles=(group(8.0, limit_kg=24e3),), length_m=13.6)
    found = swept(train(TRACTOR_4X2, trailer))
    drive, worst = found.drive_m, 0.0
    for step in range(2001):
        turned = 0.5 * pi * step / 2000
        heading = turned - fold_rad(drive, 0.56, 6.5, turned)
        kingpin = drive - drive * cos(turned) + 0.56 * sin(turned)
        corner = kingpin - (13.6 - 1.5) * sin(heading) - 1.275 * cos(heading)
        worst = max(worst, -corner - 1.275)
    assert found.tail_swing_m == pytest.approx(worst, abs=1e-3)
    assert worst > 0.3


def test_too_tight_a_circle_is_refused() -> None:
    with pytest.raises(InputError, match="a wider one"):
        swept(train(RIGID_8X4, None), outer_m=7.0)
