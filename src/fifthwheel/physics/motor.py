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
