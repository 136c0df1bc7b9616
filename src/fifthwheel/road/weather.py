"""Weather on a trip: temperature, pressure, wind against the heading of the road, surface."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Weather that holds for a whole trip.

    Attributes
    ----------
    wind_speed_mps, wind_from_rad : wind at vehicle height and where it comes from (0 north, clockwise).
    surface_ratio : factor on rolling resistance (1 dry, about 1.05 wet, 1.2 snow).
    """

    temperature_k: float = 293.15
    sea_pressure_pa: float = 101_325.0
    wind_speed_mps: float = 0.0
    wind_from_rad: float = 0.0
    surface_ratio: float = 1.0

    def wind_mps(self, heading_rad: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Wind against the direction of travel, and across it, for each heading, both of shape (n,)."""
        angle = self.wind_from_rad - heading_rad
        return self.wind_speed_mps * np.cos(angle), self.wind_speed_mps * np.sin(angle)


def typical_weather(day_of_year: int, rng: np.random.Generator) -> Weather:
    """A day in Shandong, drawn: monthly means -1 to 27 degrees C, wind 1 to 6 m/s, wet one day in six.

    Source: climate normals of Jinan and Qingdao, rounded.
    """
    season_k = 286.15 - 14.0 * cos(2 * pi * (day_of_year - 20) / 365.0)
    return Weather(
        temperature_k=season_k + float(rng.normal(0.0, 2.5)),
        sea_pressure_pa=101_600.0 + 900.0 * cos(2 * pi * (day_of_year - 5) / 365.0) + float(rng.normal(0.0, 350.0)),
        wind_speed_mps=float(np.clip(rng.weibull(2.0) * 3.2, 0.3, 8.0)),
        wind_from_rad=float(rng.uniform(0.0, 2 * pi)),
        surface_ratio=1.05 if rng.random() < 1 / 6 else 1.0,
    )
