"""Liquid in a partly filled tank: where it lies, standing still and leaning, and how fast it sways.

A rectangle of width b and height H, or an ellipse (a circle) of axes b and H, filled to a share of its area. The surface stands
square to the felt acceleration. An ellipse is a circle stretched across; its surface stays straight, so both are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from fifthwheel.vehicle.body import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """Middle of a liquid: how far to the low side of the tank, and above the tank's lowest point."""

    aside_m: float
    height_m: float


def still(section: Section, fill_ratio: float, height_m: float) -> Lie:
    """Middle of a liquid at rest.

    >>> still(Section.RECTANGLE, 0.5, 1.8).height_m
    0.45
    """
    if section is Section.RECTANGLE:
        return Lie(aside_m=0.0, height_m=0.5 * fill_ratio * height_m)
    return Lie(aside_m=0.0, height_m=0.5 * height_m * (1.0 - arm_ratio(round(fill_ratio, 6))))


@lru_cache(maxsize=4096)
def half_angle_rad(fill_ratio: float) -> float:
    """Half of the angle, seen from a circle's middle, of what is wet at a share of its area: ``(b - sin b cos b) / pi``."""
    from scipy.optimize import brentq

    return float(brentq(lambda half: half - sin(half) * cos(half) - fill_ratio * pi, 0.0, pi, xtol=1e-12))


@lru_cache(maxsize=4096)
def arm_ratio(fill_ratio: float) -> float:
    """Middle of a partly filled circle below its axis, over the radius: ``2 sin^3 b / (3 (b - sin b cos b))``."""
    if fill_ratio <= 0.0:
        return 1.0
    half = half_angle_rad(fill_ratio)
    return 2.0 * sin(half) ** 3 / (3.0 * (half - sin(half) * cos(half)))
