"""What a law takes and gives: a number, or an array of numbers, in the unit that the name ends with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Coefficients = tuple[float, float, float]
Quantity = float | NDArray[np.float64]
