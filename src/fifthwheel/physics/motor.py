"""Electric machine with inverter: torque limit and losses."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Coefficients, Quantity


def torque_limit_nm(speed_radps: Quantity, peak_torque_nm: Quantity, peak_power_w: Quantity) -> Quantity:
    """Peak torque at a speed: constant up to the base speed, then constant power."""
    return np.minimum(peak_torque_nm, peak_power_w / np.maximum(speed_radps, 1e-3))


def loss_w(
    torque_nm: Quantity, speed_radps: Quantity, peak_torque_nm: float, peak_power_w: float, ratios: Coefficients
) -> Quantity:
    """Loss of machine and inverter: ``Pmax (k0 + k1 w / w_base + k2 (T / Tmax)^2)``, motoring and generating alike.

    `ratios` are (k0, k1, k2), as `vehicle.components.Motor.loss_ratios` has them.

    Notes
    -----
    Core loss with speed, copper loss with torque squared: Larminie and Lowry, Electric Vehicle Technology Explained, 7.1.
    Catalogue values give 90 % at the nominal point, as the VECTO generic PSM.

    Examples
    --------
    >>> round(float(loss_w(2000.0, 180.0, 2000.0, 360e3, (0.004, 0.016, 0.08))))
    36000
    """
    constant_ratio, speed_ratio, torque_ratio = ratios
    base_speed = peak_power_w / peak_torque_nm
    share = torque_nm / peak_torque_nm
    return peak_power_w * (constant_ratio + speed_ratio * speed_radps / base_speed + torque_ratio * share * share)


def warmth_rate_ps(
    power_w: Quantity, warmth_ratio: Quantity, continuous_power_w: Quantity, time_constant_s: Quantity
) -> Quantity:
    """How fast windings warm, per second: ``((P / P_cont)^2 - x) / tau``, x = 1 being the temperature of continuous power.

    One lump and copper loss with power squared; tau is 100 to 300 s for water-jacket traction machines (general knowledge).

    Examples
    --------
    >>> warmth_rate_ps(400e3, 0.5, 200e3, 100.0)
    0.035
    """
    share = power_w / continuous_power_w
    return (share * share - warmth_ratio) / time_constant_s


def derated_power_w(peak_power_w: Quantity, continuous_power_w: Quantity, warmth_ratio: Quantity) -> Quantity:
    """Power allowed at a warmth: the peak up to 0.9, linearly down to continuous power at 1 and beyond.

    Examples
    --------
    >>> [round(float(derated_power_w(400e3, 250e3, x))) for x in (0.5, 0.95, 1.2)]
    [400000, 325000, 250000]
    """
    left = np.minimum(np.maximum((1.0 - warmth_ratio) / 0.1, 0.0), 1.0)
    return continuous_power_w + (peak_power_w - continuous_power_w) * left
