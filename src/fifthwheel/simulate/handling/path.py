"""Paths over the ground, by the way along them, and grounds: friction by place, and slope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, inf, sin
from typing import Final

import numpy as np
from scipy.integrate import cumulative_trapezoid

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.layout import Floats

SPACING_M: Final = 0.1
BEHIND_M: Final = 50.0
"""How far a path reaches back from its start, for the wheels of the trailer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """A line on the ground as points `SPACING_M` apart, shape (n,): way along it (zero at the start), place, heading."""

    s_m: Floats
    x_m: Floats
    y_m: Floats
    heading_rad: Floats

    def at(self, way_m: float) -> tuple[float, float, float]:
        """Place and heading at a way along it, in a straight line on beyond its ends."""
        place = min(max((way_m - self.s_m[0]) / SPACING_M, 0.0), len(self.s_m) - 1.001)
        index = int(place)
        share = place - index
        x, y, heading = (float(a[index] + share * (a[index + 1] - a[index])) for a in (self.x_m, self.y_m, self.heading_rad))
        beyond = way_m - self.s_m[0] - place * SPACING_M
        return x + beyond * cos(heading), y + beyond * sin(heading), heading

    def beside(self, x_m: Floats, y_m: Floats, near_m: Floats) -> tuple[Floats, Floats]:
        """Way along the path, and distance to its left, of points close to the ways `near_m`."""
        index = ((near_m - self.s_m[0]) / SPACING_M).astype(np.int64).clip(0, len(self.s_m) - 1)
        dx, dy, heading = x_m - self.x_m[index], y_m - self.y_m[index], self.heading_rad[index]
        c, s = np.cos(heading), np.sin(heading)
        return self.s_m[index] + c * dx + s * dy, c * dy - s * dx


def path_of(bend: Callable[[Floats], Floats], length_m: float) -> Path:
    """The path along x, then with the curvature ``bend(way)``, 1/m, positive to the left, over `length_m`."""
    s = np.arange(-BEHIND_M, length_m + SPACING_M, SPACING_M)
    heading = cumulative_trapezoid(np.where(s < 0.0, 0.0, bend(s)), s, initial=0.0)
    x, y = (cumulative_trapezoid(part, s, initial=0.0) for part in (np.cos(heading), np.sin(heading)))
    return Path(s_m=s, x_m=x - BEHIND_M, y_m=y, heading_rad=heading)


def path_beside(offset_m: Callable[[Floats], Floats], length_m: float) -> Path:
    """The path ``y = offset(x)`` over a straight road."""
    x = np.arange(-BEHIND_M, length_m + SPACING_M, 0.5 * SPACING_M)
    y = np.where(x < 0.0, 0.0, offset_m(x))
    way = cumulative_trapezoid(np.hypot(1.0, np.gradient(y, x)), x, initial=0.0) - BEHIND_M
    s = np.arange(-BEHIND_M, way[-1], SPACING_M)
    places = np.interp(s, way, x)
    return Path(s_m=s, x_m=places, y_m=np.interp(s, way, y), heading_rad=np.interp(s, way, np.arctan(np.gradient(y, x))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """Friction left and right of the path, from a way along it on."""

    left_ratio: float
    right_ratio: float
    from_m: float = -inf

    def __post_init__(self) -> None:
        if not (self.left_ratio >= 0.0 and self.right_ratio >= 0.0):
            raise InputError(f"grip is {self.left_ratio} and {self.right_ratio}; zero or more is accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A plane with friction by place.

    Attributes
    ----------
    grips : one after another along the path.
    grade_ratio, cross_ratio : sine of the plane's rise along the first heading, and to the left of it.

    Examples
    --------
    >>> ice = Ground(grips=(Grip(left_ratio=0.8, right_ratio=0.8), Grip(left_ratio=0.1, right_ratio=0.1, from_m=60.0)))
    >>> ice.varies, split(0.8, 0.2).grips[0].right_ratio
    (True, 0.2)
    """

    grips: tuple[Grip, ...]
    grade_ratio: float = 0.0
    cross_ratio: float = 0.0

    def __post_init__(self) -> None:
        starts = [grip.from_m for grip in self.grips]
        if not starts or starts[0] != -inf or starts != sorted(starts):
            raise InputError(f"grips begin at {starts} m; the first at -inf m and rising ways are wanted")

    @property
    def varies(self) -> bool:
        """Whether the friction is not the same everywhere."""
        return len(self.grips) > 1 or self.grips[0].left_ratio != self.grips[0].right_ratio

    def at(self, way_m: Floats, left_m: Floats) -> Floats:
        """Friction at ways along the path and distances to its left."""
        sides = np.array([(grip.right_ratio, grip.left_ratio) for grip in self.grips])
        starts = [grip.from_m for grip in self.grips]
        found: Floats = sides[np.searchsorted(starts, way_m, side="right") - 1, (left_m > 0.0).astype(np.int64)]
        return found


def even(grip_ratio: float) -> Ground:
    """A level ground of one friction."""
    return split(grip_ratio, grip_ratio)


def split(left_ratio: float, right_ratio: float) -> Ground:
    """A level ground with a friction each side of the path."""
    return Ground(grips=(Grip(left_ratio=left_ratio, right_ratio=right_ratio),))
