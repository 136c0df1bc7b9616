"""Air of a turbocharged engine: charge of a cycle, the fuel it burns cleanly, work of compressing, height of an air pressure."""

from __future__ import annotations

from math import pi

import numpy as np

from fifthwheel.physics.quantity import Quantity

AIR_GAS_JPKGK = 287.05
AIR_HEAT_JPKGK = 1005.0
EXHAUST_HEAT_JPKGK = 1150.0
"""Specific heats at constant pressure of air and of lean exhaust, and the gas constant of dry air."""
ISENTROPIC = 2.0 / 7.0
CYCLE_RAD = 4.0 * pi
"""Crank angle of a four-stroke cycle."""


def air_charge_kg(pressure_pa: Quantity, temperature_k: Quantity, swept_m3: Quantity) -> Quantity:
    """Air drawn in a cycle (two turns) by all cylinders: ``p V / (R T)``.

    Parameters
    ----------
    pressure_pa, temperature_k : in the intake manifold. swept_m3 : displacement times volumetric efficiency.

    Notes
    -----
    Speed-density law; Guzzella and Onder, Introduction to Modeling and Control of Internal Combustion Engine Systems, 2.3.

    Examples
    --------
    >>> round(air_charge_kg(250e3, 320.0, 0.93 * 12.8e-3), 4)
    0.0324
    """
    return pressure_pa * swept_m3 / (AIR_GAS_JPKGK * temperature_k)


def smoke_limit_kg(air_kg: Quantity, stoichiometric_ratio: Quantity, lambda_ratio: Quantity) -> Quantity:
    """Most fuel of a cycle that leaves an air ratio of `lambda_ratio`: ``m_air / (L lambda)``; control facts 5.4."""
    return air_kg / (stoichiometric_ratio * lambda_ratio)


def compression_jpkg(pressure_ratio: Quantity, inlet_k: Quantity) -> Quantity:
    """Isentropic work of compressing a kilogram of air."""
    return AIR_HEAT_JPKGK * inlet_k * (pressure_ratio**ISENTROPIC - 1.0)


def pressure_ratio(compression_jpkg: Quantity, inlet_k: Quantity) -> Quantity:
    """Inverse of `compression_jpkg`."""
    return (1.0 + compression_jpkg / (AIR_HEAT_JPKGK * inlet_k)) ** (1.0 / ISENTROPIC)


def charge_temperature_k(
    compression_jpkg: Quantity, ambient_k: Quantity, compressor_ratio: Quantity, cooler_ratio: Quantity
) -> Quantity:
    """Temperature behind compressor and charge cooler; the cooler takes `cooler_ratio` of the heating."""
    return ambient_k + (1.0 - cooler_ratio) * compression_jpkg / (compressor_ratio * AIR_HEAT_JPKGK)


def altitude_of_m(pressure_pa: Quantity) -> Quantity:
    """Height of an air pressure in the standard atmosphere (ISO 2533), up to 11 km.

    >>> round(float(altitude_of_m(79495.0)))
    2000
    """
    return 44330.77 * (1.0 - (np.maximum(pressure_pa, 1.0) / 101325.0) ** 0.190263)
