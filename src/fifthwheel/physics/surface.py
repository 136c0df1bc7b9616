"""A surface over scattered measured points: plane triangles between neighbours (Delaunay), the nearest edge outside.

Component maps come as lists of points. Where four of them lie on a circle, as on every regular grid, either diagonal is
Delaunay, and the choice moves a fuel map by up to 3 % between its points; here points are taken in their order, and one on
a circle counts as outside it, which is the choice of VECTO. General libraries choose by rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

ON_CIRCLE: Final = 1e-9
"""A point this close to a circle, as a share of its radius squared, is on it."""
ON_EDGE: Final = 1e-9
"""A place with every weight above minus this is in a triangle."""
ON_BOX: Final = 1e-6
"""A triangle this close to a box, as a share of the map's size, reaches into it; much more than `ON_EDGE`."""
FAR: Final = 1e4
"""Size of the triangle that holds all points while they are joined, in sizes of the map."""
BLOCK: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Points (n, 2), their triangles as indices of points (m, 3) counter-clockwise, and the outer edges (k, 2)."""

    points: Floats
    triangles: Indices
    edges: Indices

    def interpolated(self, places: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Values at `places` (q, 2), and the places where they hold: the same inside, the nearest of the outline outside.

        `values` is (n,), one a point. A place in several triangles (on an edge) takes the first.
        """
        result, held = np.empty(len(places)), np.array(places, dtype=np.float64)
        for start in range(0, len(places), BLOCK):
            block = slice(start, start + BLOCK)
            corners, weights, inside = self._within(held[block])
            result[block] = (values[corners] * weights).sum(axis=1)
            outside = start + np.flatnonzero(~inside)
            if len(outside):
                corners, weights = self._on_outline(held[outside])
                result[outside] = (values[corners] * weights).sum(axis=1)
                held[outside] = (self.points[corners] * weights[:, :, None]).sum(axis=1)
        return result, held

    def _within(self, places: Floats) -> tuple[Indices, Floats, NDArray[np.bool_]]:
        triangles = self._near(places)
        a, b, c = (self.points[triangles[:, i]] for i in range(3))
        double_area = _cross(b - a, c - a)
        # Weight of a corner, affine in the place: w = p . slope + offset.
        slope_b = np.array([(c - a)[:, 1], -(c - a)[:, 0]]) / double_area
        slope_c = np.array([-(b - a)[:, 1], (b - a)[:, 0]]) / double_area
        weight_b = places @ slope_b - (a.T * slope_b).sum(axis=0)
        weight_c = places @ slope_c - (a.T * slope_c).sum(axis=0)
        worst = np.minimum(np.minimum(weight_b, weight_c), 1.0 - weight_b - weight_c)
        best, rows = (worst > -ON_EDGE).argmax(axis=1), np.arange(len(places))
        second, third = weight_b[rows, best], weight_c[rows, best]
        return triangles[best], np.column_stack([1.0 - second - third, second, third]), worst[rows, best] > -ON_EDGE

    def _near(self, places: Floats) -> Indices:
        """The triangles, in their order, that reach into the box around `places`; one at least."""
        slack = ON_BOX * np.ptp(self.points, axis=0)
        corners = self.points[self.triangles]
        reach = (corners.min(axis=1) <= places.max(axis=0) + slack) & (corners.max(axis=1) >= places.min(axis=0) - slack)
        near = self.triangles[reach.all(axis=1)]
        return near if len(near) else self.triangles[:1]

    def _on_outline(self, places: Floats) -> tuple[Indices, Floats]:
        first, second = self.points[self.edges[:, 0]], self.points[self.edges[:, 1]]
        (x, y), (along_x, along_y) = (places[:, None, :] - first).transpose(2, 0, 1), (second - first).T
        share = (x * along_x + y * along_y) / (along_x * along_x + along_y * along_y)
        share = np.minimum(np.maximum(share, 0.0), 1.0)
        away_x, away_y = x - share * along_x, y - share * along_y
        best = (away_x * away_x + away_y * away_y).argmin(axis=1)
        share = share[np.arange(len(places)), best]
        return self.edges[best], np.stack([1.0 - share, share], axis=1)


@lru_cache(maxsize=256)
def surface(x: tuple[float, ...], y: tuple[float, ...]) -> Surface:
    """The Delaunay triangulation of the points (x, y), taken in their order; a repeated point counts once.

    Raises
    ------
    InputError : fewer than three points, or all on one line.

    Notes
    -----
    Bowyer (1981) and Watson (1981), Computer Journal 24, 162 and 167.
    """
    given = np.column_stack([x, y]).astype(np.float64)
    kept = np.sort(np.unique(given, axis=0, return_index=True)[1]) if len(given) else np.zeros(0, dtype=np.int64)
    points = given[kept]
    if len(points) < 3 or np.linalg.matrix_rank(points[1:] - points[0]) < 2:
        raise InputError(f"a map needs at least three points that are not on one line; it has {len(points)}")
    size, centre = float(np.ptp(points, axis=0).max()), points.mean(axis=0)
    hull = centre + FAR * size * np.array([[-1.732, -1.0], [1.732, -1.0], [0.0, 2.0]])
    placed, count = np.vstack([points, hull]), len(points)
    triangles = np.array([[count, count + 1, count + 2]])
    circles = _circles(placed, triangles)
    for index in range(count):
        triangles, circles = _joined(placed, triangles, circles, index)
    triangles = triangles[(triangles < count).all(axis=1)]
    return Surface(points=given, triangles=kept[triangles], edges=kept[_outline(triangles)])


def _cross(left: Floats, right: Floats) -> Floats:
    product: Floats = left[..., 0] * right[..., 1] - left[..., 1] * right[..., 0]
    return product


def _circles(points: Floats, triangles: Indices) -> Floats:
    """Centre and radius squared of the circle through each triangle, (m, 3)."""
    a = points[triangles[:, 0]]
    b, c = points[triangles[:, 1]] - a, points[triangles[:, 2]] - a
    twice = 2.0 * _cross(b, c)
    b2, c2 = (b * b).sum(axis=1), (c * c).sum(axis=1)
    ux, uy = (c[:, 1] * b2 - b[:, 1] * c2) / twice, (b[:, 0] * c2 - c[:, 0] * b2) / twice
    return np.column_stack([a[:, 0] + ux, a[:, 1] + uy, ux * ux + uy * uy])


def _joined(points: Floats, triangles: Indices, circles: Floats, index: int) -> tuple[Indices, Floats]:
    """The triangulation with one more point: those whose circle holds it give way to a fan around it."""
    gap = (circles[:, 0] - points[index, 0]) ** 2 + (circles[:, 1] - points[index, 1]) ** 2
    holds = gap < circles[:, 2] * (1.0 - ON_CIRCLE)
    edges = _outline(triangles[holds])
    fan = np.column_stack([edges, np.full(len(edges), index)])
    fan = fan[np.abs(_cross(points[fan[:, 1]] - points[fan[:, 0]], points[fan[:, 2]] - points[fan[:, 0]])) > 0.0]
    return np.vstack([triangles[~holds], fan]), np.vstack([circles[~holds], _circles(points, fan)])


def _outline(triangles: Indices) -> Indices:
    """Edges that only one of these triangles has, in its sense of turning."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    own = {(int(first), int(second)) for first, second in edges}
    return np.array([edge for edge in sorted(own) if edge[::-1] not in own], dtype=np.int64).reshape(-1, 2)
