"""Driving styles, and the speed that a driver of a style aims for along a road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.road.profile import STEP_M, Profile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a driver drives.

    Attributes
    ----------
    speed_ratio : share of the limit aimed for.
    accelerate_mps2, decelerate_mps2 : pulled away with, and braked with ahead of stops and limits.
    wander_ratio : how much the speed aimed for varies along the way (traffic, attention).
    """

    name: str
    speed_ratio: float
    accelerate_mps2: float
    decelerate_mps2: float
    wander_ratio: float


CALM: Final = Style(name="calm", speed_ratio=0.94, accelerate_mps2=0.45, decelerate_mps2=0.35, wander_ratio=0.015)
NORMAL: Final = Style(name="normal", speed_ratio=0.98, accelerate_mps2=0.65, decelerate_mps2=0.55, wander_ratio=0.03)
HURRIED: Final = Style(name="hurried", speed_ratio=1.02, accelerate_mps2=0.95, decelerate_mps2=0.95, wander_ratio=0.06)
STYLES: Final = {style.name: style for style in (CALM, NORMAL, HURRIED)}


def aimed_speed_mps(profile: Profile, style: Style, rng: np.random.Generator | None) -> Floats:
    """Speed that the driver aims for at each node, before looking ahead; `rng` draws the wander (none: steady)."""
    if rng is None:
        return profile.limit_mps * style.speed_ratio
    count = len(profile.limit_mps)
    knots = max(int(count * STEP_M / 1500.0), 2)
    wander = np.interp(np.linspace(0, knots, count), np.arange(knots + 1), rng.normal(0.0, 1.0, knots + 1))
    ratio = style.speed_ratio * (1.0 + style.wander_ratio * np.clip(wander, -2.5, 1.2))
    return np.asarray(profile.limit_mps * ratio, dtype=np.float64)
