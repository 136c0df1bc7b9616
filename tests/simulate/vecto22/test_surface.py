"""Triangulated maps: planes are met exactly, diagonals follow the order of the points, rims are found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.simulate.vecto22 import surface

GRID = np.array([(float(i), float(k)) for i in range(6) for k in range(5)])


def maps_of(x: surface.Floats, y: surface.Floats, z: surface.Floats) -> tuple[surface.Surfaces, surface.Integers]:
    maps = surface.surfaces([(x, y, z)])
    return maps, maps.triangles[:-1].copy()


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=8, max_size=40, unique=True), st.floats(0, 1))
def test_a_plane_is_met_wherever_a_triangle_is(points: list[tuple[int, int]], share: float) -> None:
    x = np.array([0.0, 1.0, 0.0, *(float(one) for one, _ in points)]) * 7.0 + np.arange(len(points) + 3) * 1e-3
    y = np.array([0.0, 0.0, 1.0, *(float(one) for _, one in points)]) * 3.0
    maps, memory = maps_of(x, y, 2.0 * x - 0.5 * y + 4.0)
    corners = maps.corners[int(share * (len(maps.corners) - 1))]
    place = (float(x[corners].mean()), float(y[corners].mean()))
    found = surface.find(maps, 0, place, memory)
    assert surface.plane(maps, found, place) == pytest.approx(2.0 * place[0] - 0.5 * place[1] + 4.0, abs=1e-6)


def test_outside_there_is_no_triangle_but_a_nearest_rim_and_point() -> None:
    maps, memory = maps_of(GRID[:, 0], GRID[:, 1], GRID.sum(axis=1))
    assert surface.find(maps, 0, (5.5, 2.5), memory) == -1
    assert surface.rim_value(maps, 0, (5.5, 2.5)) == pytest.approx(7.5)
    assert surface.nearest_point(maps, 0, (5.5, 2.2)) == 27
