"""The calibration of predictive cruise control: data in TOML, a frozen record."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictive:
    """What can be tuned in planning; meanings and sources stand beside the values in ``cruise.toml``.

    `grid_jpkg` is the step of kinetic energy per kilogram.
    """

    stage_m: float
    grid_jpkg: float
    floor_mps: float
    below_mps: float
    below_ratio: float
    margin_mps: float
    roll_from_mps: float
    roll_grade_ratio: float
    roll_slowing_mps2: float
    roller_slowing_mps2: float
    smooth_s: float
    renew_m: float
    fuel_per_electric_ratio: float
    time_ratio: float
    time_most_ratio: float


@cache
def predictive() -> Predictive:
    """The calibration as shipped."""
    return Predictive(**tomllib.loads(files("fifthwheel.control.cruise").joinpath("cruise.toml").read_text(encoding="utf-8")))
