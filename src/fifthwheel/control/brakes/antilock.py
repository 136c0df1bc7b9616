"""Anti-lock control of one axle, and the hand-over of machine braking to friction while it works.

A regulator on slip and on how fast slip grows sets a ceiling on the axle's friction force: it releases, holds, and builds up
again. From the first sign of slip until `Settings.return_s` after the last, machines (regeneration, retarder, engine brake) are
kept off the axle; the allocator hands their force to friction (`allocator.Calibration.removal_s`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import inf

OPEN_RATIO = 3.0
"""A ceiling that has risen to so many times the force at the event is none any more."""


class Phase(IntEnum):
    """What the regulator is doing."""

    IDLE = 0
    RELEASE = 1
    HOLD = 2
    BUILD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Calibration of an axle's anti-lock control.

    Attributes
    ----------
    slip_ratio : slip that starts a release; slipping back below `settled_ratio` ends it.
    gate_ratio, gate_mps2 : a smaller slip starts one too while the wheel loses speed that much faster than the vehicle.
    release_ps, build_ps : how fast the ceiling falls, and rises again, as shares of the force at the event a second.
    least_speed_mps : below it wheels may lock (15 km/h in UN R13) and nothing is regulated.
    """

    step_s: float = 0.01
    slip_ratio: float = 0.13
    settled_ratio: float = 0.08
    gate_ratio: float = 0.05
    gate_mps2: float = 20.0
    release_ps: float = 6.0
    build_ps: float = 1.5
    hold_s: float = 0.03
    return_s: float = 1.0
    least_speed_mps: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Antilock:
    """State of an axle's control: phase, time in it, ceiling, force at the last event, time since slip was last seen."""

    phase: Phase = Phase.IDLE
    phase_s: float = 0.0
    ceiling_n: float = inf
    event_n: float = 0.0
    quiet_s: float = inf

    @property
    def slipping(self) -> bool:
        """Whether machines are kept off the axle."""
        return self.quiet_s != inf


def slip_ratio(vehicle_mps: float, wheel_mps: float) -> float:
    """Brake slip: 0 rolling, 1 locked."""
    return min(max(1.0 - wheel_mps / vehicle_mps, 0.0), 1.0) if vehicle_mps > 0.0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """What is seen of an axle: brake slip of its worse wheel, how much faster its rim slows than the vehicle, friction force."""

    slip_ratio: float
    loss_mps2: float
    friction_n: float


def step(settings: Settings, state: Antilock, wheel: Wheel, vehicle_mps: float) -> Antilock:
    """One period."""
    if vehicle_mps < settings.least_speed_mps:
        return Antilock()
    slip = wheel.slip_ratio
    seen = slip > settings.slip_ratio or (slip > settings.gate_ratio and wheel.loss_mps2 > settings.gate_mps2)
    quiet = 0.0 if seen else state.quiet_s + settings.step_s
    if quiet > settings.return_s:
        quiet = inf
    phase, event, ceiling = _released(settings, state, wheel) if seen else _after(settings, state, slip)
    spent = state.phase_s + settings.step_s if phase is state.phase else 0.0
    return Antilock(phase=phase, phase_s=spent, ceiling_n=ceiling, event_n=event, quiet_s=quiet)


def _released(settings: Settings, state: Antilock, wheel: Wheel) -> tuple[Phase, float, float]:
    """Phase, force at the event, and ceiling while slip is seen."""
    event = max(wheel.friction_n, 1.0) if state.phase is not Phase.RELEASE else state.event_n
    start = min(state.ceiling_n, event)
    return Phase.RELEASE, event, max(start - settings.release_ps * settings.step_s * event, 0.0)


def _after(settings: Settings, state: Antilock, slip: float) -> tuple[Phase, float, float]:
    """Phase, force at the event, and ceiling when slip is not seen."""
    waiting = state.phase is Phase.HOLD and (slip > settings.settled_ratio or state.phase_s < settings.hold_s)
    if waiting or state.phase is Phase.RELEASE:
        return Phase.HOLD, state.event_n, state.ceiling_n
    if state.ceiling_n == inf:
        return Phase.IDLE, 0.0, inf
    raised = state.ceiling_n + settings.build_ps * settings.step_s * state.event_n
    return (Phase.IDLE, 0.0, inf) if raised > OPEN_RATIO * state.event_n else (Phase.BUILD, state.event_n, raised)
