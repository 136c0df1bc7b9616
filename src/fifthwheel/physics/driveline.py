"""Gearbox and axles: geared speed, and power through an efficiency in either direction."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Quantity


def shaft_speed_radps(speed_mps: Quantity, total_ratio: Quantity, tyre_radius_m: Quantity) -> Quantity:
    """Speed of the driving shaft at a road speed: ``v i / r``.

    Examples
    --------
    >>> round(float(shaft_speed_radps(22.22, 2.846, 0.526)), 1)
    120.2
    """
    return speed_mps * total_ratio / tyre_radius_m


def shaft_power_w(wheel_power_w: Quantity, efficiency_ratio: Quantity) -> Quantity:
    """Power at the shaft for a power at the wheels: ``P / eta`` when driving, ``P eta`` when the wheels drive the shaft."""
    return np.maximum(wheel_power_w, 0.0) / efficiency_ratio + np.minimum(wheel_power_w, 0.0) * efficiency_ratio
