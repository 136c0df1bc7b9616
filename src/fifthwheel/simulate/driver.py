"""Driving styles, and the speed that a driver of a style aims for along a road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.simulate.layout import N_SPEED
from fifthwheel.vehicle.vecto.job import Driver, Overspeed

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a driver drives.

    Attributes
    ----------
    speed_ratio : share of the limit aimed for.
    accelerate_mps2, decelerate_mps2 : pulled away with at standstill (2.4 % less a m/s), and braked with ahead of stops.
    look_ahead_mps2 : deceleration planned when coasting towards a lower speed: small lifts off early; at `decelerate_mps2` never.
    look_ahead_from_mps : below this speed it no longer coasts on towards a lower one.
    overspeed_mps, overspeed_from_mps : rolled above the speed aimed for downhill before braking, and from which speed on; the
        limit is never left but by a declared driver.
    eco_roll : whether it rolls out of gear where that holds the speed, down to slopes of `eco_roll_grade_ratio`.
    wander_ratio : how much the speed aimed for varies along the way (traffic, attention).
    limits : acceleration and deceleration (both positive) at 0, 1, 2 ... m/s, where a table replaces the two numbers.
    """

    name: str
    speed_ratio: float
    accelerate_mps2: float
    decelerate_mps2: float
    look_ahead_mps2: float
    look_ahead_from_mps: float = 6.0
    overspeed_mps: float
    overspeed_from_mps: float = 0.0
    eco_roll: bool = False
    eco_roll_grade_ratio: float = 0.03
    wander_ratio: float = 0.0
    over_limit: bool = False
    limits: tuple[tuple[float, ...], tuple[float, ...]] | None = None

    def acceleration_limits_mps2(self) -> tuple[Floats, Floats]:
        """Most acceleration and deceleration at 0, 1, 2 ... m/s, both positive."""
        if self.limits is not None:
            return np.array(self.limits[0]), np.array(self.limits[1])
        speed_mps = np.arange(N_SPEED, dtype=np.float64)
        accelerate = self.accelerate_mps2 * np.maximum(1.0 - 0.024 * speed_mps, 0.2)
        return accelerate, np.full(N_SPEED, self.decelerate_mps2)


CALM: Final = Style(
    name="calm", speed_ratio=0.94, accelerate_mps2=0.45, decelerate_mps2=0.35, look_ahead_mps2=0.12, overspeed_mps=1.2,
    eco_roll=True, wander_ratio=0.015,
)  # fmt: skip
NORMAL: Final = Style(
    name="normal", speed_ratio=0.98, accelerate_mps2=0.65, decelerate_mps2=0.55, look_ahead_mps2=0.25, overspeed_mps=0.6,
    wander_ratio=0.03,
)  # fmt: skip
HURRIED: Final = Style(
    name="hurried", speed_ratio=1.0, accelerate_mps2=0.95, decelerate_mps2=0.95, look_ahead_mps2=0.95, overspeed_mps=0.3,
    wander_ratio=0.06,
)  # fmt: skip
STYLES: Final = {style.name: style for style in (CALM, NORMAL, HURRIED)}


def declared_style(driver: Driver) -> Style:
    """The driver of a VECTO job as a style: its acceleration table, overspeed and look-ahead."""
    speed_mps = np.arange(N_SPEED, dtype=np.float64)
    accelerate = np.interp(speed_mps, driver.speed_mps, driver.accelerate_mps2)
    decelerate = -np.interp(speed_mps, driver.speed_mps, driver.decelerate_mps2)
    rolls = driver.overspeed is not Overspeed.OFF
    return Style(
        name="declared", speed_ratio=1.0, accelerate_mps2=float(accelerate[0]), decelerate_mps2=float(decelerate[0]),
        look_ahead_mps2=-driver.look_ahead_mps2 if driver.look_ahead_mps2 else float(decelerate.max()),
        look_ahead_from_mps=driver.look_ahead_speed_mps,
        overspeed_mps=driver.overspeed_mps if rolls else 0.0,
        overspeed_from_mps=driver.overspeed_from_mps,
        eco_roll=driver.overspeed is Overspeed.ECO_ROLL, over_limit=True,
        limits=(tuple(map(float, accelerate)), tuple(map(float, decelerate))),
    )  # fmt: skip


def aimed_speed_mps(profile: Profile, style: Style, rng: np.random.Generator | None) -> Floats:
    """Speed that the driver aims for at each node, before looking ahead; `rng` draws the wander (none: steady)."""
    if rng is None:
        return profile.limit_mps * style.speed_ratio
    count = len(profile.limit_mps)
    knots = max(int(count * STEP_M / 1500.0), 2)
    wander = np.interp(np.linspace(0, knots, count), np.arange(knots + 1), rng.normal(0.0, 1.0, knots + 1))
    ratio = style.speed_ratio * (1.0 + style.wander_ratio * np.clip(wander, -2.5, 1.2))
    return np.asarray(profile.limit_mps * np.minimum(ratio, 1.0), dtype=np.float64)
