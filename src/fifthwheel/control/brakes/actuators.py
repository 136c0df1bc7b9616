"""Actuators of the brake system: dead time, then a first-order lag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuator:
    """Dead time and lag."""

    dead_s: float
    lag_s: float


EBS: Final = Actuator(dead_s=0.05, lag_s=0.08)
"""Pressure of an electronic brake system: 95 % after 0.29 s (0.2 to 0.3 s dead time and lag [K], control facts 2.3)."""
MODULATOR: Final = Actuator(dead_s=0.01, lag_s=0.03)
"""Anti-lock valve at the wheel's brake chamber [K]."""
MOTOR: Final = Actuator(dead_s=0.01, lag_s=0.01)
"""Torque of an electric machine over its bus [K]."""
RETARDER: Final = Actuator(dead_s=0.1, lag_s=0.45)
"""Hydrodynamic retarder: 0.3 to 0.6 s lag (control facts 2.3)."""
ENGINE_BRAKE: Final = Actuator(dead_s=0.1, lag_s=0.15)
"""Decompression brake [K]."""
