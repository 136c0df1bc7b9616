"""The driver who looks ahead: steers the front axle along a path by linear optimal preview.

Over the horizon the steering increments are chosen that make least

    sum (y(k) - path(k))^2 + w^2 sum (delta(k) - delta(k - 1))^2,   k = 1 .. n,

with y(k) the side position of the steered axle that the single-track model of `linear` predicts. Only the first increment is
used, and all is worked out anew the next time. Source: preview tracking with a vehicle model inside the driver, MacAdam (IEEE
Trans. SMC-11, 1981) and Sharp and Valtetsiotis (Vehicle System Dynamics 35, 2001), restated as least squares.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from fifthwheel.simulate.handling.layout import Floats
from fifthwheel.simulate.handling.linear import system
from fifthwheel.simulate.handling.rig import Rig

SUBSTEPS: Final = 32
"""Runge-Kutta steps in a step of the driver's model: 1.6 ms, fine enough for its fastest mode at walking pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """How a driver steers and holds speed.

    Attributes
    ----------
    source : where the figures come from.
    horizon_s, step_s : how far ahead, and how finely, the driver looks.
    increment_m : side error that weighs as much as a change of the steering of one radian from step to step.
    most_rad, most_radps : greatest angle of the steered wheels, and how fast they are turned.
    slowest_mps : below this speed the driver steers as at it.
    hold_s : time in which a difference of speed would be driven away.
    """

    source: str
    horizon_s: float
    step_s: float
    increment_m: float
    most_rad: float
    most_radps: float
    slowest_mps: float
    hold_s: float


@cache
def driver() -> Driver:
    """The driver of `driver.toml`."""
    text = files("fifthwheel.simulate.handling").joinpath("driver.toml").read_text(encoding="utf-8")
    return Driver(**tomllib.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Preview:
    """Increment of the steering, rad: ``path_gains @ y_path - state_gains @ [v, r1, r2, gamma, 0, 0, delta]``.

    `ahead_m` is where on the path the driver looks, ahead of the steered axle; all of shape (n_points,) or (n_state + 3,).
    """

    ahead_m: Floats
    path_gains: Floats
    state_gains: Floats


def preview(rig: Rig, speed_mps: float, one: Driver) -> Preview:
    """What a driver who knows the rig does at a speed."""
    count = round(one.horizon_s / one.step_s)
    matrix, steer = system(rig, speed_mps)
    n = len(matrix)
    whole = np.zeros((n + 3, n + 3))
    whole[:n, :n], whole[:n, n + 2] = matrix, steer
    whole[n, [0, 1, n + 1]] = 1.0, rig.steer_m, speed_mps
    whole[n + 1, 1] = 1.0
    x = whole * (one.step_s / SUBSTEPS)
    step = np.linalg.matrix_power(np.eye(n + 3) + x + x @ x / 2.0 + x @ x @ x / 6.0 + x @ x @ x @ x / 24.0, SUBSTEPS)
    powers = [step]
    for _ in range(count - 1):
        powers.append(step @ powers[-1])
    free = np.array([power[n] for power in powers])
    answer = free[:, n + 2]
    to_steps = np.array([[answer[k - j] if k >= j else 0.0 for j in range(count)] for k in range(count)])
    gains = np.linalg.solve(to_steps.T @ to_steps + one.increment_m**2 * np.eye(count), to_steps.T)[0]
    ahead: Floats = speed_mps * one.step_s * np.arange(1, count + 1, dtype=np.float64)
    return Preview(ahead_m=ahead, path_gains=gains, state_gains=gains @ free)
