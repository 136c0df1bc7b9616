"""Manoeuvres: where the vehicle should go, over what ground, how fast, and when it brakes; `perform` drives them."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.layout import Floats
from fifthwheel.simulate.handling.linear import steer_rad
from fifthwheel.simulate.handling.path import Ground, Path, even, path_beside, path_of
from fifthwheel.simulate.handling.rig import Rig

DRY = even(0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Braking:
    """The driver's brake demand: a deceleration from a time on, built up over `rise_s`."""

    from_s: float
    deceleration_mps2: float
    rise_s: float = 0.2
    until_s: float = 1e9

    def demand_mps2(self, time_s: float) -> float:
        """Deceleration demanded at a time."""
        if not self.from_s <= time_s < self.until_s:
            return 0.0
        return (
            self.deceleration_mps2 * min((time_s - self.from_s) / self.rise_s, 1.0)
            if self.rise_s > 0.0
            else self.deceleration_mps2
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manoeuvre:
    """Straight on, and what all manoeuvres have.

    Attributes
    ----------
    speed_mps, seconds : speed at the start, held until the driver brakes, and how long it lasts.
    ground : friction and slope. braking : the driver's demand, if any.
    lead_m : way straight on before anything happens.
    """

    speed_mps: float
    seconds: float
    ground: Ground = DRY
    braking: Braking | None = None
    lead_m: float = 20.0

    def __post_init__(self) -> None:
        if not (self.speed_mps >= 0.0 and self.seconds > 0.0):
            raise InputError(f"{self.speed_mps} m/s for {self.seconds} s; a speed of 0 or more and a time above 0 are wanted")

    @property
    def length_m(self) -> float:
        """Way that it may take."""
        return 1.2 * self.speed_mps * self.seconds + 100.0

    def path(self) -> Path:
        """Where the middle of the steered axle should go; starts where that stands."""
        return path_of(np.zeros_like, self.length_m)

    def demand_mps2(self, time_s: float) -> float:
        """Deceleration that the driver demands at a time."""
        return self.braking.demand_mps2(time_s) if self.braking else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Straight(Manoeuvre):
    """Straight on; over a split ground and with braking, the stop with split friction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Manoeuvre):
    """Into a curve of constant radius (positive: to the left), its curvature growing over `entry_m`."""

    radius_m: float
    entry_m: float = 10.0

    def path(self) -> Path:
        """Straight, then ever tighter over the entry, then the circle."""
        if self.radius_m == 0.0:
            raise InputError("radius is 0 m; another is wanted, positive to the left")
        return path_of(lambda s: np.clip((s - self.lead_m) / max(self.entry_m, 1e-3), 0.0, 1.0) / self.radius_m, self.length_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneChange(Manoeuvre):
    """One lane change to the left whose side acceleration is one sine (ISO 14791, single lane-change).

    The path is ``y = A / w^2 (w t - sin w t)`` with ``t = x / speed``: 1.46 m aside at 0.15 g and 0.4 Hz.
    """

    lateral_acceleration_mps2: float
    frequency_hz: float

    def __post_init__(self) -> None:
        super(LaneChange, self).__post_init__()
        if not (self.speed_mps > 0.0 and self.frequency_hz > 0.0):
            raise InputError(f"lane change at {self.speed_mps} m/s and {self.frequency_hz} Hz; more than 0 of both is wanted")

    @property
    def aside_m(self) -> float:
        """How far aside the new lane is."""
        return self.lateral_acceleration_mps2 / (2.0 * pi * self.frequency_hz**2)

    def path(self) -> Path:
        """From lane to lane."""

        def offset(x: Floats) -> Floats:
            turn = np.clip((x - self.lead_m) / self.speed_mps * 2.0 * pi * self.frequency_hz, 0.0, 2.0 * pi)
            beside: Floats = self.aside_m / (2.0 * pi) * (turn - np.sin(turn))
            return beside

        return path_beside(offset, self.length_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slalom(Manoeuvre):
    """From side to side, `amplitude_m` each way about the middle, once every `wave_m`."""

    amplitude_m: float
    wave_m: float

    def __post_init__(self) -> None:
        super(Slalom, self).__post_init__()
        if not self.wave_m > 0.0:
            raise InputError(f"slalom every {self.wave_m} m; more than 0 m is wanted")

    def path(self) -> Path:
        """A cosine about the middle."""

        def offset(x: Floats) -> Floats:
            beside: Floats = self.amplitude_m * (1.0 - np.cos(2.0 * pi * np.maximum(x - self.lead_m, 0.0) / self.wave_m))
            return beside

        return path_beside(offset, self.length_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered(Manoeuvre):
    """A manoeuvre by steering angle over time instead of a path, from `from_s` on.

    The amplitude is `steer_rad`, or what asks `lateral_acceleration_mps2` of the tractor by linear analysis, at
    `frequency_hz` (zero: held).
    """

    from_s: float = 1.0
    steer_rad: float = 0.0
    lateral_acceleration_mps2: float = 0.0
    frequency_hz: float = 0.0

    def __post_init__(self) -> None:
        super(Steered, self).__post_init__()
        if (self.steer_rad == 0.0) == (self.lateral_acceleration_mps2 == 0.0):
            raise InputError(
                f"steer_rad is {self.steer_rad}, lateral_acceleration_mps2 {self.lateral_acceleration_mps2}; "
                "one of them other than 0 is wanted"
            )

    def amplitude_rad(self, rig: Rig) -> float:
        """Greatest steering angle for a rig."""
        return self.steer_rad or steer_rad(rig, self.speed_mps, self.lateral_acceleration_mps2, self.frequency_hz)

    def share_ratio(self, time_s: float) -> float:
        """Share of the amplitude at a time after `from_s`; here all of it at once."""
        return 1.0 if time_s >= 0.0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JTurn(Steered):
    """The steering turned to an angle within `rise_s` and held there."""

    rise_s: float = 0.5

    def share_ratio(self, time_s: float) -> float:
        """Rising evenly, then all of it."""
        return min(max(time_s, 0.0) / self.rise_s, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SineSteer(Steered):
    """`periods_count` sines at the steering (ISO 14791, single sine-wave steering input)."""

    frequency_hz: float = 0.4
    periods_count: int = 1

    def share_ratio(self, time_s: float) -> float:
        """The sine, and nothing after its last period."""
        turn = self.frequency_hz * time_s
        return sin(2.0 * pi * turn) if 0.0 <= turn < self.periods_count else 0.0
