"""Rolling resistance of tyres by load, pressure and temperature."""

from __future__ import annotations

from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.vehicle.combination import Combination

LOAD_EXPONENT = 0.9
"""Rolling force grows with load to this power: Regulation (EU) 2017/2400 annex III, as VECTO applies it."""
PRESSURE_EXPONENT = -0.4
"""Coefficient over inflation pressure: ISO 28580 related work (Grover, SAE 980251) for truck tyres."""
TEMPERATURE_RATIO_PER_K = 0.006
"""Correction of ISO 28580 for tyres of load index above 121, about 25 degrees C."""


def rolling_force_n(
    load_n: Quantity,
    rolling_resistance_ratio: Quantity,
    tyres_count: Quantity,
    iso_load_n: Quantity,
) -> Quantity:
    """Force of one axle group: ``L C (L / (n Fiso))^-0.1``.

    Parameters
    ----------
    load_n : load of the group.
    rolling_resistance_ratio : coefficient C measured at `iso_load_n` a tyre (ISO 28580: 85 % of the maximum load).

    Examples
    --------
    >>> round(float(rolling_force_n(100_000.0, 0.006, 4, 25_000.0)), 3)
    600.0
    """
    return load_n * rolling_resistance_ratio * (load_n / (tyres_count * iso_load_n)) ** (LOAD_EXPONENT - 1)


def pressure_factor_ratio(pressure_ratio: Quantity) -> Quantity:
    """Factor on the coefficient when the inflation pressure is `pressure_ratio` of nominal: ``p^-0.4``.

    Examples
    --------
    >>> round(float(pressure_factor_ratio(0.8)), 3)
    1.093
    """
    return pressure_ratio**PRESSURE_EXPONENT


def temperature_factor_ratio(temperature_k: Quantity) -> Quantity:
    """Factor on the coefficient at an air temperature: ``1 / (1 + 0.006 (T - 298.15))``, ISO 28580 clause on correction.

    Examples
    --------
    >>> round(float(temperature_factor_ratio(278.15)), 3)
    1.136
    """
    return 1.0 / (1.0 + TEMPERATURE_RATIO_PER_K * (temperature_k - 298.15))


def rolling_forces_n(combination: Combination, mass_kg: float, factors: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float]:
    """Rolling force of the tractor's and of the trailer's tyres on a level road.

    Parameters
    ----------
    mass_kg : mass of the whole combination; groups carry it in proportion to their permitted loads.
    factors : multiply the coefficients of the tractor's and the trailer's tyres (pressure, temperature, surface).
    """
    forces = [0.0, 0.0]
    for index, (unit, ratios) in enumerate(zip(combination.units, combination.axle_load_ratios, strict=True)):
        for group, ratio in zip(unit.axles, ratios, strict=True):
            tyre = group.tyre
            load_n = mass_kg * GRAVITY * ratio
            force_n = rolling_force_n(load_n, tyre.rolling_resistance_ratio, group.all_tyres_count, tyre.iso_load_n)
            forces[index] += factors[index] * float(force_n)
    return forces[0], forces[1]
