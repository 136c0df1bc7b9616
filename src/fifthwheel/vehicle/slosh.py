"""Liquid in a partly filled tank: where it lies, standing still and leaning, and how fast it sways.

A rectangle of width b and height H, or an ellipse (a circle) of axes b and H, filled to a share of its area. The surface stands
square to the felt acceleration. An ellipse is a circle stretched across; its surface stays straight, so both are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, inf, pi, sin, sqrt, tanh

from fifthwheel.units import GRAVITY_MPS2
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


def leaning(section: Section, fill_ratio: float, size_m: tuple[float, float], lateral_ratio: float) -> Lie:
    """Middle of a liquid under a steady lateral acceleration, a share of g; `size_m` is width and height.

    Ellipse and circle: the middle turns about the axis, a circle's by ``atan(a)``. Rectangle: ``b^2 a / (12 h)`` aside and
    ``b^2 a^2 / (24 h)`` up, until the surface reaches the floor or the roof.

    >>> round(leaning(Section.RECTANGLE, 0.5, (2.4, 1.8), 0.2).aside_m, 3)
    0.107
    """
    width, height = size_m
    if section is Section.RECTANGLE:
        return _leaning_rectangle(fill_ratio, width, height, lateral_ratio)
    stretch = width / height
    arm = 0.5 * height * arm_ratio(round(fill_ratio, 6))
    slope = stretch * lateral_ratio
    angle = hypot(1.0, slope)
    return Lie(aside_m=stretch * arm * slope / angle, height_m=0.5 * height - arm / angle)


def _leaning_rectangle(fill_ratio: float, width_m: float, height_m: float, slope: float) -> Lie:
    """Area and moments of what lies under the straight surface ``z = z0 + slope y``, of a full tank less its air."""
    if fill_ratio > 0.5:
        air = _leaning_rectangle(1.0 - fill_ratio, width_m, height_m, slope)
        wet, dry = fill_ratio, 1.0 - fill_ratio
        return Lie(aside_m=air.aside_m * dry / wet, height_m=(0.5 * height_m - dry * (height_m - air.height_m)) / wet)
    deep = fill_ratio * height_m
    rise = slope * width_m
    if rise <= 2.0 * deep:
        return Lie(aside_m=width_m * rise / (12.0 * deep), height_m=0.5 * deep + rise * rise / (24.0 * deep))
    base = sqrt(2.0 * width_m * deep / slope)
    if base * slope <= height_m:
        return Lie(aside_m=0.5 * width_m - base / 3.0, height_m=base * slope / 3.0)
    floor, roof = (width_m * fill_ratio + sign * 0.5 * height_m / slope for sign in (1.0, -1.0))
    third = (floor * floor + floor * roof + roof * roof) / (3.0 * (floor + roof))
    return Lie(aside_m=0.5 * width_m - third, height_m=height_m / 3.0 * (floor + 2.0 * roof) / (floor + roof))


def sway_radps(length_m: float, depth_m: float, mode: int = 1) -> float:
    """Natural frequency of a liquid in a box along one side: ``w^2 = (n pi g / b) tanh(n pi h / b)``.

    Across, `length_m` is the tank's width; along, that of a compartment. Odd modes move the middle of the mass.

    >>> round(sway_radps(2.4, 0.9), 3)
    3.258
    """
    wave = mode * pi / length_m
    return sqrt(GRAVITY_MPS2 * wave * tanh(wave * depth_m))


def pendulum_radps(section: Section, fill_ratio: float, size_m: tuple[float, float]) -> float:
    """Lateral frequency of a liquid in a tank: of the box, or of the pendulum from an ellipse's axis to the liquid's middle.

    An ellipse's middle moves as a trammel does: sideways stiffer by the square of height over width [K].
    """
    width, height = size_m
    if section is Section.RECTANGLE:
        return sway_radps(width, fill_ratio * height)
    arm = 0.5 * height * arm_ratio(round(fill_ratio, 6))
    return sqrt(GRAVITY_MPS2 / (arm * (width / height) ** 2)) if arm > 1e-9 else inf
