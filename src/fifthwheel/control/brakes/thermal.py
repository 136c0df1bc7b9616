"""Temperature of friction brakes as one lump each, and the fade of their linings."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.units import CELSIUS_ZERO_K

WARM_K, HOT_K, GLOWING_K = (degrees + CELSIUS_ZERO_K for degrees in (250.0, 400.0, 550.0))
"""Temperatures of the fade curve (control facts, 2.5; general knowledge)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """The brakes of one axle together.

    Attributes
    ----------
    heat_capacity_jpk : mass times specific heat. still_wpk, speed_jpmk : heat transfer hA = h0 + h1 v, W/K and W s/(m K).
    limit_k : temperature that a plan keeps below. fade_ratio : lining friction over cold at 250, 400 and 550 degrees C.
    """

    heat_capacity_jpk: float
    still_wpk: float
    speed_jpmk: float
    limit_k: float
    fade_ratio: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """One step of a brake: temperature after it, and where the heat went."""

    temperature_k: float
    stored_j: float
    given_off_j: float


def cooling_wpk(brake: Brake, speed_mps: float) -> float:
    """Heat transfer to the air, ``h0 + h1 v``."""
    return brake.still_wpk + brake.speed_jpmk * speed_mps


def warmed_k(temperature_k: float, air_k: float, power_w: float, cooling_wpk: float, step_kpw: float) -> float:
    """Temperature after a step of ``m c dT/dt = P - hA (T - T_air)``, solved exactly; `step_kpw`: step over ``m c``, s K/J."""
    end_k = air_k + power_w / cooling_wpk
    return end_k + (temperature_k - end_k) * exp(-cooling_wpk * step_kpw)


def faded(temperature_k: float, warm: float, hot: float, glowing: float) -> float:
    """Lining friction over that of the cold lining: `warm` up to 250 degrees C, linear to `hot` at 400, `glowing` at 550."""
    if temperature_k <= WARM_K:
        return warm
    if temperature_k <= HOT_K:
        return warm + (hot - warm) * (temperature_k - WARM_K) / (HOT_K - WARM_K)
    return hot + (glowing - hot) * min((temperature_k - HOT_K) / (GLOWING_K - HOT_K), 1.0)


def warm(brake: Brake, temperature_k: float, power_w: float, air: tuple[float, float], step_s: float) -> Heat:
    """One step of ``m c dT/dt = P - hA (T - T_air)`` with constant power and speed, solved exactly.

    Parameters
    ----------
    air : speed in m/s and air temperature in K.

    Raises
    ------
    InputError : negative power.
    """
    if power_w < 0.0:
        raise InputError(f"brake power {power_w:g} W; 0 or more is wanted")
    speed_mps, air_k = air
    after = warmed_k(temperature_k, air_k, power_w, cooling_wpk(brake, speed_mps), step_s / brake.heat_capacity_jpk)
    stored = brake.heat_capacity_jpk * (after - temperature_k)
    return Heat(temperature_k=after, stored_j=stored, given_off_j=power_w * step_s - stored)


def fade_ratio(brake: Brake, temperature_k: float) -> float:
    """Lining friction over that of the cold lining, level outside the table.

    Examples
    --------
    >>> round(fade_ratio(DISC, 673.15), 2), fade_ratio(DISC, 300.0)
    (0.7, 1.0)
    """
    return faded(temperature_k, *brake.fade_ratio)


DISC: Final = Brake(
    heat_capacity_jpk=2 * 34.0 * 490.0, still_wpk=60.0, speed_jpmk=4.2, limit_k=350.0 + CELSIUS_ZERO_K, fade_ratio=(1.0, 0.7, 0.5)
)
"""Two disc brakes: 34 kg each, 30 to 80 W/K a wheel, planned to 350 degrees C (general knowledge)."""
DRUM: Final = Brake(
    heat_capacity_jpk=2 * 52.0 * 490.0, still_wpk=60.0, speed_jpmk=4.2, limit_k=250.0 + CELSIUS_ZERO_K, fade_ratio=(1.0, 0.6, 0.4)
)
"""Two drum brakes: 52 kg each, planned to 250 degrees C; fade worse than a disc's (general knowledge)."""
