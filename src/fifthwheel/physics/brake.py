"""Endurance brakes: what a retarder can take."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Quantity


def retarder_power_w(
    speed_mps: Quantity,
    total_ratio: Quantity,
    tyre_radius_m: Quantity,
    peak_torque_nm: Quantity,
    peak_power_w: Quantity,
) -> Quantity:
    """Most power of a retarder on the output shaft: torque limit at low speed, cooling limit above.

    `total_ratio` is from that shaft to the wheels (the final drive of a secondary retarder).

    Examples
    --------
    >>> round(float(retarder_power_w(20.0, 2.846, 0.526, 3500.0, 300e3)))
    300000
    """
    return np.minimum(peak_torque_nm * speed_mps * total_ratio / tyre_radius_m, peak_power_w)


def hydrodynamic_torque_nm(speed_radps: Quantity, peak_torque_nm: Quantity, knee_speed_radps: Quantity) -> Quantity:
    """Most torque of a hydrodynamic retarder at its shaft: ``T (w / w_knee)^2`` below the knee, where it is full, T above.

    `retarder_power_w` then limits by cooling. The similarity law of fluid couplings, M ~ rho w^2 D^5 (VDI 2153).

    Examples
    --------
    >>> [float(hydrodynamic_torque_nm(w, 3500.0, 100.0)) for w in (50.0, 100.0, 200.0)]
    [875.0, 3500.0, 3500.0]
    """
    share = np.minimum(speed_radps / knee_speed_radps, 1.0)
    return peak_torque_nm * share * share
