"""Combustion engine: fuel by a Willans line, altitude derating."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Coefficients, Quantity


def gas_efficiency_ratio(speed_radps: Quantity, willans: Coefficients) -> Quantity:
    """Gas work from fuel power at a speed: ``e0 (1 - k (w / w_best - 1)^2)``, `willans` being (e0, w_best, k)."""
    best_ratio, best_speed_radps, fall_ratio = willans
    return best_ratio * (1.0 - fall_ratio * (speed_radps / best_speed_radps - 1.0) ** 2)


def fuel_power_w(torque_nm: Quantity, speed_radps: Quantity, drag_torque_nm: Quantity, willans: Coefficients) -> Quantity:
    """Fuel power for a crank torque: ``w (T + T_drag) / e(w)``; zero in overrun.

    Parameters
    ----------
    torque_nm : torque at the crank, what drives auxiliaries included; negative in overrun, (n,) or scalar.
    drag_torque_nm : torque that would motor the engine at this speed without fuel.
    willans : e0, w_best and k, as `vehicle.components.Engine.willans` has them.

    Notes
    -----
    A Willans line (affine fuel over torque at each speed): Guzzella and Onder, Introduction to Modeling and Control of
    Internal Combustion Engine Systems, 2.5. It replaces a measured map and holds to a few per cent of one.

    Examples
    --------
    >>> round(float(fuel_power_w(1500.0, 120.0, 220.0, (0.508, 120.0, 0.12))))
    406299
    """
    return np.maximum(speed_radps * (torque_nm + drag_torque_nm) / gas_efficiency_ratio(speed_radps, willans), 0.0)


def crank_torque_nm(fuel_power_w: Quantity, speed_radps: Quantity, drag_torque_nm: Quantity, willans: Coefficients) -> Quantity:
    """Inverse of `fuel_power_w` where fuel flows: the crank torque that burns that fuel power at that speed."""
    return fuel_power_w * gas_efficiency_ratio(speed_radps, willans) / speed_radps - drag_torque_nm


def altitude_derating_ratio(altitude_m: Quantity, derate_altitude_m: Quantity, derate_per_metre_ratio: Quantity) -> Quantity:
    """Share of full load left at a height: 1 up to `derate_altitude_m`, then linearly less (about 1 % per 100 m)."""
    return 1.0 - derate_per_metre_ratio * np.maximum(altitude_m - derate_altitude_m, 0.0)
