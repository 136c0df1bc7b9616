"""The calibration of the energy unit: data in TOML, a frozen record, and the array that kernels read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from fifthwheel.control.energy.stage import Floats
from fifthwheel.errors import InputError

(START_PRICE, BESIDE, GAIN, INTEGRAL_GAIN, WIDEST, LEAST_TENSION, TENSION, GRIP_RESERVE, DISTRIBUTION,
 DISTRIBUTION_FROM, PUSH_LIMIT, WINDOW_TAPER, AGEING_COST, AGEING_WARM, START_EXTRA, HORIZON, BLOCK, REPLAN, SPENDING,
 DEAD_BAND, PEDAL) = range(21)  # fmt: skip
"""Where each value stands in `Calibration.array`."""
N_CALIBRATION: Final = 21
MOST_BLOCKS: Final = 24
"""Blocks of a preview at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What can be tuned; meanings and sources stand beside the values in ``energy.toml``."""

    start_price_ratio: float
    beside_ratio: float
    gain_ratio: float
    integral_gain_ps: float
    widest_ratio: float
    least_tension_n: float
    tension_ratio: float
    grip_reserve_ratio: float
    distribution_ratio: float
    distribution_from_ratio: float
    push_limit_n: float
    window_taper_ratio: float
    ageing_cost_ratio: float
    ageing_warm_k: float
    start_extra_j: float
    horizon_m: float
    block_m: float
    replan_s: float
    spending_mps: float
    dead_band_n: float
    pedal_mps2: float

    def __post_init__(self) -> None:
        if not 0.0 < self.widest_ratio < 1.0:
            raise InputError(f"a price departing by {self.widest_ratio:g} of its start; above 0 and below 1 is accepted")
        if not 0.0 <= self.grip_reserve_ratio <= 1.0:
            raise InputError(f"machines using {self.grip_reserve_ratio:g} of the adhesion; 0 to 1 is accepted")
        if not 1.0 <= self.horizon_m / self.block_m <= MOST_BLOCKS:
            raise InputError(
                f"a horizon of {self.horizon_m:g} m in blocks of {self.block_m:g} m; 1 to {MOST_BLOCKS} blocks are accepted"
            )

    def array(self) -> Floats:
        """The calibration for kernels, shape ``(N_CALIBRATION,)``, in the order of the fields."""
        return np.array([getattr(self, one.name) for one in fields(self)], dtype=np.float64)


@cache
def calibration() -> Calibration:
    """The calibration that comes with the package.

    Raises
    ------
    InputError : file and record disagree.
    """
    text = files("fifthwheel.control.energy").joinpath("energy.toml").read_text(encoding="utf-8")
    values: dict[str, Any] = tomllib.loads(text)
    known = {one.name for one in fields(Calibration)}
    if set(values) != known:
        raise InputError(f"energy calibration: missing or unknown values {sorted(known ^ set(values))}")
    return Calibration(**values)
