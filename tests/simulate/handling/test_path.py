"""Paths and grounds: lengths, places beside them, friction by place."""

from __future__ import annotations

from math import inf, pi

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.path import Grip, Ground, even, path_beside, path_of, split


def test_a_circle_closes() -> None:
    circle = path_of(lambda s: np.full_like(s, 1.0 / 30.0), 2.0 * pi * 30.0 + 1.0)
    assert circle.at(2.0 * pi * 30.0) == pytest.approx((0.0, 0.0, 2.0 * pi), abs=0.06)
    assert circle.at(0.5 * pi * 30.0) == pytest.approx((30.0, 30.0, 0.5 * pi), abs=0.06)


def test_it_goes_straight_on_beyond_its_ends() -> None:
    line = path_of(np.zeros_like, 10.0)
    assert line.at(25.0) == pytest.approx((25.0, 0.0, 0.0), abs=1e-6)
    assert line.at(-80.0) == pytest.approx((-80.0, 0.0, 0.0), abs=1e-6)


def test_the_way_along_a_sidestep_is_its_length() -> None:
    ramp = path_beside(lambda x: 0.75 * x, 40.0)
    assert ramp.at(25.0) == pytest.approx((20.0, 15.0, np.arctan(0.75)), abs=0.02)


def test_places_beside_are_found() -> None:
    circle = path_of(lambda s: np.full_like(s, 1.0 / 30.0), 100.0)
    inner = np.array([25.0 * np.sin(1.0)]), np.array([30.0 - 25.0 * np.cos(1.0)])
    way, left = circle.beside(*inner, np.array([30.0]))
    assert (way[0], left[0]) == pytest.approx((30.0, 5.0), abs=0.05)


def test_friction_by_place() -> None:
    ground = Ground(grips=(Grip(left_ratio=0.8, right_ratio=0.7), Grip(left_ratio=0.2, right_ratio=0.1, from_m=50.0)))
    found = ground.at(np.array([10.0, 10.0, 60.0, 60.0]), np.array([1.0, -1.0, 1.0, -1.0]))
    assert found.tolist() == [0.8, 0.7, 0.2, 0.1]
    assert (ground.varies, split(0.8, 0.2).varies, even(0.8).varies) == (True, True, False)


@pytest.mark.parametrize("starts", [(), (0.0,), (-inf, 50.0, 20.0)])
def test_grips_that_do_not_cover_the_way_are_refused(starts: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="rising"):
        Ground(grips=tuple(Grip(left_ratio=0.8, right_ratio=0.8, from_m=start) for start in starts))


def test_negative_friction_is_refused() -> None:
    with pytest.raises(InputError, match=r"-0\.1"):
        split(0.8, -0.1)
