"""Surfaces over scattered points for the compiled run: the triangles of `physics.surface`, found by walking, and their planes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.surface import surface
from fifthwheel.simulate.compiled import part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

OUTSIDE: Final = 1e-7
"""A point within this share of an edge's length of that edge still belongs to its triangle."""


class Surfaces(NamedTuple):
    """Triangulated maps, one after the other.

    Attributes
    ----------
    x, y, z : points of all maps, shape (n,).
    corners, neighbours : points of a triangle, counter-clockwise, and the triangle behind the edge opposite each (-1: none),
        shape (m, 3).
    points, triangles : where each map starts among the points and triangles, with the end behind the last.
    """

    x: Floats
    y: Floats
    z: Floats
    corners: Integers
    neighbours: Integers
    points: Integers
    triangles: Integers


def neighbours_of(corners: Integers) -> Integers:
    """The triangle behind the edge opposite each corner, -1 at the rim, shape (m, 3)."""
    behind = {(corners[t, (k + 1) % 3], corners[t, (k + 2) % 3]): t for t in range(len(corners)) for k in range(3)}
    found = [[behind.get((corner[(k + 2) % 3], corner[(k + 1) % 3]), -1) for k in range(3)] for corner in corners]
    return np.array(found, dtype=np.int64)


def surfaces(maps: Sequence[tuple[Floats, Floats, Floats]]) -> Surfaces:
    """Triangulate maps of (x, y, z) and put them one after the other."""
    known: dict[bytes, tuple[Integers, Integers]] = {}
    corners, neighbours, point, triangle = [], [], [0], [0]
    for x, y, _ in maps:
        key = x.tobytes() + y.tobytes()
        if key not in known:
            own = surface(tuple(x.tolist()), tuple(y.tolist())).triangles
            known[key] = own, neighbours_of(own)
        own, around = known[key]
        corners.append(own + point[-1])
        neighbours.append(np.where(around < 0, -1, around + triangle[-1]))
        point.append(point[-1] + len(x))
        triangle.append(triangle[-1] + len(own))
    x, y, z = (np.concatenate([one[k] for one in maps]) for k in range(3))
    return Surfaces(
        x=x, y=y, z=z, corners=np.concatenate(corners), neighbours=np.concatenate(neighbours),
        points=np.array(point), triangles=np.array(triangle),
    )  # fmt: skip


@part
def edge_side(maps: Surfaces, triangle: int, corner: int, place: tuple[float, float]) -> tuple[float, float]:
    """Twice the area between a place and the edge opposite a corner (negative beyond it), and that edge's length squared."""
    x, y = place
    start, end = maps.corners[triangle, (corner + 1) % 3], maps.corners[triangle, (corner + 2) % 3]
    dx, dy = maps.x[end] - maps.x[start], maps.y[end] - maps.y[start]
    return dx * (y - maps.y[start]) - dy * (x - maps.x[start]), dx * dx + dy * dy


@part
def leaves_by(maps: Surfaces, triangle: int, place: tuple[float, float]) -> int:
    """The corner opposite the edge that a place lies beyond; -1 when it lies in the triangle."""
    for corner in range(3):
        side, square = edge_side(maps, triangle, corner, place)
        if side < -OUTSIDE * square:
            return corner
    return -1


@part
def find(maps: Surfaces, number: int, place: tuple[float, float], memory: Integers) -> int:
    """The triangle of map `number` that holds a place, walking from the last one found; -1 outside the map."""
    triangle = int(memory[number])
    for _ in range(maps.triangles[number + 1] - maps.triangles[number] + 3):
        corner = leaves_by(maps, triangle, place)
        if corner < 0:
            memory[number] = triangle
            return triangle
        triangle = int(maps.neighbours[triangle, corner])
        if triangle < 0:
            break
    for other in range(maps.triangles[number], maps.triangles[number + 1]):
        if leaves_by(maps, other, place) < 0:
            memory[number] = other
            return other
    return -1


@part
def plane(maps: Surfaces, triangle: int, place: tuple[float, float]) -> float:
    """Value of a triangle's plane at a place."""
    total, area = 0.0, 0.0
    for corner in range(3):
        side, _ = edge_side(maps, triangle, corner, place)
        total += side * maps.z[maps.corners[triangle, corner]]
        area += side
    return total / area


@part
def nearest_point(maps: Surfaces, number: int, place: tuple[float, float]) -> int:
    """The map's point nearest to a place."""
    best, least = int(maps.points[number]), np.inf
    for index in range(int(maps.points[number]), int(maps.points[number + 1])):
        distance = (maps.x[index] - place[0]) ** 2 + (maps.y[index] - place[1]) ** 2
        if distance < least:
            best, least = index, distance
    return best


@part
def rim_value(maps: Surfaces, number: int, place: tuple[float, float]) -> float:
    """Value at the point of the map's rim nearest to a place outside it."""
    value, least = 0.0, np.inf
    for triangle in range(maps.triangles[number], maps.triangles[number + 1]):
        for corner in range(3):
            if maps.neighbours[triangle, corner] < 0:
                start, end = maps.corners[triangle, (corner + 1) % 3], maps.corners[triangle, (corner + 2) % 3]
                dx, dy = maps.x[end] - maps.x[start], maps.y[end] - maps.y[start]
                along = ((place[0] - maps.x[start]) * dx + (place[1] - maps.y[start]) * dy) / (dx * dx + dy * dy)
                along = min(max(along, 0.0), 1.0)
                distance = (maps.x[start] + along * dx - place[0]) ** 2 + (maps.y[start] + along * dy - place[1]) ** 2
                if distance < least:
                    value, least = maps.z[start] * (1.0 - along) + maps.z[end] * along, distance
    return value
