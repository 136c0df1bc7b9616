"""Air: density, and the force of still air and of real wind on a combination.

These functions take scalars or arrays, and compile as they stand inside the kernels of `simulate`.
"""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Coefficients, Quantity

GAS_CONSTANT_AIR = 287.05
"""Specific gas constant of dry air, J/(kg K)."""
YAW_LIMIT_DEG = 12.0
"""The cubic of the crosswind law turns down beyond this; it is held there."""


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
