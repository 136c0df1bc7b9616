"""Rolling resistance of tyres by load, pressure, temperature, warmth and road surface; and which lift axles are up."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.vehicle.combination import Combination, Unit

LOAD_EXPONENT = 0.9
"""Rolling force grows with load to this power: Regulation (EU) 2017/2400 annex III, as VECTO applies it."""
PRESSURE_EXPONENT = -0.4
"""Coefficient over inflation pressure: ISO 28580 related work (Grover, SAE 980251) for truck tyres."""
TEMPERATURE_RATIO_PER_K = 0.006
"""Correction of ISO 28580 for tyres of load index above 121, about 25 degrees C."""

COLD_EXCESS_RATIO = 0.25
"""Extra coefficient of a tyre at the temperature of the air, over the same tyre warm from driving in that air."""
WARMING_S = 2100.0
COOLING_S = 5400.0
LIFT_PAYLOAD_RATIO = 0.5
"""Lift axles come up below this share of the payload limit: drivers' and EBS practice is 30 to 50 %."""
SURFACE_FACTOR_RATIO: Final = {
    "dry": 1.0,
    "damp": 1.03,
    "wet": 1.10,
    "standing_water": 1.30,
    "packed_snow": 1.30,
    "loose_snow": 2.0,
    "slush": 1.8,
    "gravel": 1.8,
}
"""Factor on the coefficient of a highway tyre by road surface at 60 to 90 km/h. General knowledge (spread about a third of the
excess); gravel from 5 to 15 kg/t added to 6 to 8."""


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


def warmed_ratio(start_ratio: Quantity, moving_s: Quantity) -> Quantity:
    """Warmth of a tyre after driving: ``1 - (1 - x) exp(-t / 35 min)``; 0 is the air's temperature, 1 what driving ends at.

    Truck tyres settle in 1.5 to 3 hours, which is why ISO 28580 runs them in for 180 min; time constants of 30 to 40 min are
    usual (general knowledge; the shoulder's temperature is a fair measure).

    Examples
    --------
    >>> round(float(warmed_ratio(0.0, 3600.0)), 2)
    0.82
    """
    return 1.0 - (1.0 - start_ratio) * np.exp(-moving_s / WARMING_S)


def cooled_ratio(start_ratio: Quantity, standing_s: Quantity) -> Quantity:
    """Warmth of a tyre after standing: ``x exp(-t / 90 min)``, slower than warming for want of an air stream."""
    return start_ratio * np.exp(-standing_s / COOLING_S)


def warmth_factor_ratio(warmth_ratio: Quantity) -> Quantity:
    """Factor on the coefficient while tyres warm up: ``1 + 0.25 (1 - x)``, x from `warmed_ratio`.

    Comes on top of `temperature_factor_ratio`, which is for tyres at their driving temperature in other air.

    Examples
    --------
    >>> warmth_factor_ratio(0.0), warmth_factor_ratio(1.0)
    (1.25, 1.0)
    """
    return 1.0 + COLD_EXCESS_RATIO * (1.0 - warmth_ratio)


def water_factor_ratio(water_depth_m: Quantity) -> Quantity:
    """Factor on the coefficient with a water film: 10 % more by 1 mm, 10 % more with each further millimetre up to 6 mm.

    A driver slows down before more is met. `SURFACE_FACTOR_RATIO` names other surfaces. General knowledge: figures for cars
    reach further up, but a truck tyre's pressure drives the film out.

    Examples
    --------
    >>> [round(float(water_factor_ratio(d)), 2) for d in (0.0, 0.0005, 0.003)]
    [1.0, 1.05, 1.3]
    """
    return 1.0 + 100.0 * np.minimum(np.maximum(water_depth_m, 0.0), 0.006)


def lifted_groups(combination: Combination, mass_kg: float) -> tuple[tuple[bool, ...], ...]:
    """Which axle groups are up, by unit, front to rear: lift axles with less than half the payload limit aboard.

    A group comes up when its unit's other groups that stay down carry its load, in proportion to their own, within their
    permitted loads. Groups are tried from the front.
    """
    light = mass_kg - combination.tare_kg < LIFT_PAYLOAD_RATIO * combination.payload_limit_kg
    shares = combination.axle_load_ratios
    return tuple(
        _lifted(unit, [mass_kg * share for share in own], light) for unit, own in zip(combination.units, shares, strict=True)
    )


def _lifted(unit: Unit, loads_kg: list[float], light: bool) -> tuple[bool, ...]:
    up = [False] * len(loads_kg)
    for index, group in enumerate(unit.axles):
        tried = [lifted or other == index for other, lifted in enumerate(up)]
        if light and group.liftable and not all(tried):
            moved = _moved(loads_kg, tried)
            if all(load <= other.load_limit_kg for load, other in zip(moved, unit.axles, strict=True)):
                up = tried
    return tuple(up)


def _moved(loads: list[float], up: list[bool]) -> list[float]:
    """Loads of a unit's groups with those that are up carried by the others in proportion."""
    if not any(up):
        return loads
    down = sum(load for load, lifted in zip(loads, up, strict=True) if not lifted)
    return [0.0 if lifted else load * sum(loads) / down for load, lifted in zip(loads, up, strict=True)]


def axle_loads_n(combination: Combination, mass_kg: float) -> tuple[tuple[float, ...], ...]:
    """Load of each axle group on a level road, by unit, front to rear; zero for a group that is up (`lifted_groups`)."""
    up = lifted_groups(combination, mass_kg)
    return tuple(
        tuple(_moved([mass_kg * GRAVITY * share for share in own], list(raised)))
        for own, raised in zip(combination.axle_load_ratios, up, strict=True)
    )


def rolling_forces_n(combination: Combination, mass_kg: float, factors: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float]:
    """Rolling force of the tractor's and of the trailer's tyres on a level road, lift axles up where the load allows.

    Parameters
    ----------
    mass_kg : mass of the whole combination; groups carry it as `axle_loads_n` says.
    factors : multiply the coefficients of the tractor's and the trailer's tyres (pressure, temperature, surface).
    """
    forces = [0.0, 0.0]
    for index, (unit, loads_n) in enumerate(zip(combination.units, axle_loads_n(combination, mass_kg), strict=True)):
        for group, load_n in zip(unit.axles, loads_n, strict=True):
            tyre = group.tyre
            if load_n > 0.0:
                force_n = rolling_force_n(load_n, tyre.rolling_resistance_ratio, group.all_tyres_count, tyre.iso_load_n)
                forces[index] += factors[index] * float(force_n)
    return forces[0], forces[1]
