"""`Cycle`: a driving cycle by distance as VECTO's ``.vdri`` files state it: target speed, grade and stops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Target speed and grade by distance, as the file has them (no resampling), all of shape (n,).

    Attributes
    ----------
    distance_m : not falling. grade_ratio : rise over run. stop_s : standing time at a point (target speed zero there).
    auxiliary_w : extra power at the crank (``<Padd>``), zero where the file has none.
    """

    name: str
    distance_m: Floats
    speed_mps: Floats
    grade_ratio: Floats
    stop_s: Floats
    auxiliary_w: Floats
