"""Weather on a trip: temperature, pressure, wind against the heading of the road, and what water or snow does to the surface."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import CELSIUS_ZERO_K


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What lies on the road.

    Attributes
    ----------
    rolling_ratio : factor on rolling resistance.
    drag_ratio : factor on air drag: wheels accelerate water, spray thickens the wake.
    adhesion_ratio : friction that a careful driver uses, three quarters of the peak between tyre and road.
    """

    name: str
    rolling_ratio: float
    drag_ratio: float
    adhesion_ratio: float
    source: str


_PEAK = "; adhesion: 0.75 of peak 0.80 dry, 0.55 wet, 0.25 snow, 0.10 ice (practice)"
SURFACES: Final = {
    surface.name: surface
    for surface in (
        Surface(name="dry", rolling_ratio=1.0, drag_ratio=1.0, adhesion_ratio=0.6, source="reference" + _PEAK),
        Surface(
            name="wet", rolling_ratio=1.05, drag_ratio=1.01, adhesion_ratio=0.41,
            source="assumption: film below 0.5 mm, a quarter of HDM-4's road under water; spray 1 %" + _PEAK,
        ),
        Surface(
            name="rain", rolling_ratio=1.2, drag_ratio=1.02, adhesion_ratio=0.38,
            source="HDM-4 (Bennett and Greenwood 2001): 1 + 0.002 x 100 % under water; spray of 2 % is an assumption" + _PEAK,
        ),
        Surface(
            name="snow", rolling_ratio=1.3, drag_ratio=1.0, adhesion_ratio=0.19,
            source="HDM-4 (Bennett and Greenwood 2001): 1 + 0.003 x 100 % of the way under snow" + _PEAK,
        ),
        Surface(name="ice", rolling_ratio=1.0, drag_ratio=1.0, adhesion_ratio=0.08, source="assumption: hard and smooth" + _PEAK),
    )
}  # fmt: skip
"""Named surfaces; VTI report 971 (Carlson and Vieira 2018) reviews measurements: the effect grows with depth and speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Weather that holds for a whole trip; `on` lays a named surface under it.

    Attributes
    ----------
    wind_speed_mps, wind_from_rad : wind at vehicle height and where it comes from (0 north, clockwise).
    surface_ratio : factor on rolling resistance (see `SURFACES`), on top of the road's own (`Profile.surface_ratio`).
    drag_ratio : factor on air drag (spray).
    adhesion_ratio : friction between tyre and road that can be used.

    Raises
    ------
    InputError : a temperature, pressure or factor that is not positive, or a negative wind.
    """

    temperature_k: float = 293.15
    sea_pressure_pa: float = 101_325.0
    wind_speed_mps: float = 0.0
    wind_from_rad: float = 0.0
    surface_ratio: float = 1.0
    drag_ratio: float = 1.0
    adhesion_ratio: float = 0.6

    def __post_init__(self) -> None:
        for name in ("temperature_k", "sea_pressure_pa", "surface_ratio", "drag_ratio", "adhesion_ratio"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"{name} of the weather is {getattr(self, name)}; more than 0 is wanted")
        if not self.wind_speed_mps >= 0.0:
            raise InputError(f"wind_speed_mps of the weather is {self.wind_speed_mps}; 0 or more is wanted, its direction apart")

    def wind_mps(self, heading_rad: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Wind against the direction of travel, and across it, for each heading, both of shape (n,)."""
        angle = self.wind_from_rad - heading_rad
        return self.wind_speed_mps * np.cos(angle), self.wind_speed_mps * np.sin(angle)

    def on(self, surface: str) -> Weather:
        """The same weather over the named surface, one of `SURFACES`.

        Raises
        ------
        UnknownName : no such surface.
        InputError : snow or ice on the road at more than 5 degrees C.

        Examples
        --------
        >>> Weather(temperature_k=268.15).on("snow").surface_ratio
        1.3
        """
        if surface not in SURFACES:
            raise UnknownName("surface", surface, SURFACES)
        found = SURFACES[surface]
        if surface in {"snow", "ice"} and self.temperature_k > CELSIUS_ZERO_K + 5.0:
            celsius = self.temperature_k - CELSIUS_ZERO_K
            raise InputError(f"{surface} on the road at {celsius:.1f} degrees C; at most 5 degrees C is accepted")
        return replace(
            self, surface_ratio=found.rolling_ratio, drag_ratio=found.drag_ratio, adhesion_ratio=found.adhesion_ratio
        )  # fmt: skip


def typical_weather(day_of_year: int, rng: np.random.Generator) -> Weather:
    """A day in Shandong, drawn: monthly means -1 to 27 degrees C, wind 1 to 6 m/s, wet one day in six.

    Source: climate normals of Jinan and Qingdao, rounded.
    """
    season_k = 286.15 - 14.0 * cos(2 * pi * (day_of_year - 20) / 365.0)
    drawn = Weather(
        temperature_k=season_k + float(rng.normal(0.0, 2.5)),
        sea_pressure_pa=101_600.0 + 900.0 * cos(2 * pi * (day_of_year - 5) / 365.0) + float(rng.normal(0.0, 350.0)),
        wind_speed_mps=float(np.clip(rng.weibull(2.0) * 3.2, 0.3, 8.0)),
        wind_from_rad=float(rng.uniform(0.0, 2 * pi)),
    )
    return drawn.on("wet" if rng.random() < 1 / 6 else "dry")
