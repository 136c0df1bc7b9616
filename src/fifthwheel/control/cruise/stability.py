"""Margins of the distance loop and its string gain: whether a disturbance dies out along a platoon.

The vehicle is ``G = exp(-d s) / (s^2 (1 + t s))`` from acceleration asked for to place, the controller ``K = kp + kd s`` on the
spacing error of the time gap h, with the acceleration that the truck ahead asks for, late by the radio, through ``1 / (1 + h s)``
(Ploeg et al., ITSC 2011): loop ``L = K G``; from one truck to the next ``(D + K G) / ((1 + h s)(1 + K G))``, D the radio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Complexes = NDArray[np.complex128]

RADPS: Final = np.geomspace(1e-3, 30.0, 6000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Gains, time gap, and the vehicle they act on; `radio_s` is the age of the acceleration by V2V, ``None`` without it."""

    gap_gain_ratio: float
    closing_gain_ratio: float
    time_gap_s: float
    delay_s: float = 0.2
    lag_s: float = 0.4
    radio_s: float | None = 0.1

    def open(self) -> Complexes:
        """``L`` over `RADPS`."""
        s = 1j * RADPS
        vehicle = np.exp(-self.delay_s * s) / (s**2 * (1.0 + self.lag_s * s))
        return np.asarray((self.gap_gain_ratio + self.closing_gain_ratio * s) * vehicle)

    def string(self) -> Complexes:
        """Acceleration of a truck over that of the truck ahead, over `RADPS`."""
        s = 1j * RADPS
        radio = np.zeros_like(s) if self.radio_s is None else np.exp(-self.radio_s * s)
        own = self.open()
        return np.asarray((radio + own) / ((1.0 + self.time_gap_s * s) * (1.0 + own)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Of the loop: factor by which its gain may grow, phase left at gain one, and the most gain from truck to truck."""

    gain_ratio: float
    phase_rad: float
    string_ratio: float


def margins(loop: Loop) -> Margins:
    """Margins of `loop`, read from `RADPS`."""
    response = loop.open()
    phase, gain = np.unwrap(np.angle(response)), np.abs(response)
    phase -= 2 * np.pi * np.round((phase[0] + np.pi) / (2 * np.pi))
    below = np.flatnonzero(gain < 1.0)[0]
    over = np.flatnonzero(phase[below:] < -np.pi)
    most = 1.0 / float(gain[below + over[0]]) if len(over) else np.inf
    return Margins(
        gain_ratio=most, phase_rad=float(phase[below] + np.pi), string_ratio=float(np.abs(loop.string()).max())
    )  # fmt: skip
