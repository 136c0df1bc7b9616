"""Air: density, and the force of still air and of real wind on a combination.

These functions take scalars or arrays, and compile as they stand inside the kernels of `simulate`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.quantity import Coefficients, Quantity

GAS_CONSTANT_AIR = 287.05
"""Specific gas constant of dry air, J/(kg K)."""
YAW_LIMIT_DEG = 12.0
"""The cubic of the crosswind law turns down beyond this; it is held there."""

DIRECTIONS = 180
"""Wind directions over the half circle that a mean wind is averaged over."""


def air_density_kgpm3(altitude_m: Quantity, temperature_k: Quantity, sea_pressure_pa: Quantity = 101_325.0) -> Quantity:
    """Density of dry air at a height: ``p0 exp(-g h / (R T)) / (R T)``, the isothermal barometric formula.

    Parameters
    ----------
    altitude_m : height above sea level, (n,) or scalar.
    temperature_k : air temperature there.
    sea_pressure_pa : pressure reduced to sea level.

    Examples
    --------
    >>> round(float(air_density_kgpm3(0.0, 293.15)), 3)
    1.204
    """
    scale = GAS_CONSTANT_AIR * temperature_k
    return sea_pressure_pa * np.exp(-9.80665 * altitude_m / scale) / scale


def yawed_drag_area_m2(yaw_deg: Quantity, crosswind: Coefficients) -> Quantity:
    """Drag area that crosswind adds: ``a1 b + a2 b^2 + a3 b^3`` with b = ``|yaw_deg|``, held beyond 12 degrees.

    `crosswind` is (a1, a2, a3), as `vehicle.combination.Combination` has it.

    Source: Regulation (EU) 2017/2400, VECTO crosswind parameters; the fit is invalid far beyond 12 degrees.

    Examples
    --------
    >>> round(float(yawed_drag_area_m2(5.0, (0.030042, 0.040817, -0.00213))), 4)
    0.9044
    """
    a1, a2, a3 = crosswind
    b = np.minimum(np.abs(yaw_deg), YAW_LIMIT_DEG)
    return b * (a1 + b * (a2 + b * a3))


def still_air_force_n(density_kgpm3: Quantity, drag_area_m2: Quantity, speed_mps: Quantity) -> Quantity:
    """Drag without wind: ``rho CdA v^2 / 2``."""
    return 0.5 * density_kgpm3 * drag_area_m2 * speed_mps * speed_mps


def air_force_n(
    density_kgpm3: Quantity,
    drag_area_m2: Quantity,
    speed_mps: Quantity,
    wind_mps: tuple[Quantity, Quantity],
    crosswind: Coefficients,
) -> Quantity:
    """Drag with wind: ``rho (CdA + dCdA(yaw)) |va| va_x / 2`` where va is the air speed and va_x its part along the road.

    Parameters
    ----------
    wind_mps : wind against the direction of travel (negative from behind), and wind across it.
    crosswind : see `yawed_drag_area_m2`.

    Notes
    -----
    Equal to VECTO's ``rho CdA(yaw) va^2 / 2`` up to the cosine of the yaw angle, and negative when wind from behind is
    faster than the vehicle.
    """
    head_wind_mps, cross_wind_mps = wind_mps
    along = speed_mps + head_wind_mps
    yaw_deg = np.degrees(np.arctan2(np.abs(cross_wind_mps), np.abs(along) + 1e-9))
    area = drag_area_m2 + yawed_drag_area_m2(yaw_deg, crosswind)
    return 0.5 * density_kgpm3 * area * np.sqrt(along * along + cross_wind_mps * cross_wind_mps) * along


def gap_drag_ratio(gap_m: Quantity, yaw_deg: Quantity = 0.0) -> Quantity:
    """Drag with a gap between cab and body, over that at 0.75 m: ``1 + 0.02 (g - 0.75) / 0.25 (1 + 0.15 |b|)``, b in degrees.

    Held at 1 below 0.75 m and at 12 degrees beyond. Control facts 4.3 [K], low confidence: no side extenders; calibrate.

    Examples
    --------
    >>> [round(float(gap_drag_ratio(*case)), 3) for case in ((0.75, 0.0), (1.0, 0.0), (1.0, 5.0))]
    [1.0, 1.02, 1.035]
    """
    over = np.maximum(gap_m - 0.75, 0.0) / 0.25
    return 1.0 + 0.02 * over * (1.0 + 0.15 * np.minimum(np.abs(yaw_deg), YAW_LIMIT_DEG))


def wind_at_height_mps(
    height_m: Quantity, reference_wind_mps: Quantity = 3.0, reference_height_m: float = 4.0, exponent_ratio: float = 0.2
) -> Quantity:
    """Wind over height by the power law ``u (h / h0)^p``.

    VECTO's mean wind is 3 m/s at 4 m; 0.2 is the exponent of open country with hedges (Hellmann), this project's choice.

    Examples
    --------
    >>> round(float(wind_at_height_mps(2.0)), 2)
    2.61
    """
    return reference_wind_mps * (height_m / reference_height_m) ** exponent_ratio


def mean_wind_drag_area_m2(
    speed_mps: Quantity, drag_area_m2: float, crosswind: Coefficients, wind_mps: Quantity = 3.0
) -> NDArray[np.float64]:
    """Drag area that acts at a road speed when the wind comes from all directions alike: what multiplies ``rho v^2 / 2``.

    The mean of ``(CdA + dCdA(yaw)) va^2 / v^2`` over the directions, va being the air speed. Not for kernels.

    Parameters
    ----------
    speed_mps : above zero, any shape, which is that of the result.
    wind_mps : mean wind; or winds of slices of the vehicle's height, equally thick, shape (n,), over which to average.

    Notes
    -----
    Regulation (EU) 2017/2400, VECTO: 3 m/s. VECTO weighs directions every 10 degrees, which differs by 1e-4.

    Examples
    --------
    >>> float(mean_wind_drag_area_m2(85 / 3.6, 5.6, (0.030042, 0.040817, -0.00213)).round(3))
    6.567
    """
    turn = np.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
    wind = np.reshape(wind_mps, (-1, 1))
    speed = np.asarray(speed_mps, dtype=np.float64)[..., None, None]
    along, across = speed + wind * np.cos(turn), wind * np.sin(turn)
    area = drag_area_m2 + np.asarray(yawed_drag_area_m2(np.degrees(np.arctan2(across, along)), crosswind))
    mean: NDArray[np.float64] = (area * (along * along + across * across) / (speed * speed)).mean(axis=(-2, -1))
    return mean
