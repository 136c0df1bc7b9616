"""Battery: open-circuit voltage behind a resistance."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.quantity import Quantity


def current_a(terminal_power_w: Quantity, open_circuit_voltage_v: Quantity, resistance_ohm: Quantity) -> Quantity:
    """Current (discharge positive) that gives `terminal_power_w`: the smaller root of ``P = U I - R I^2``.

    Beyond the most that the battery can give, ``U^2 / 4 R``, the current of that maximum.

    Examples
    --------
    >>> i = current_a(200e3, 630.0, 0.06)
    >>> round(float(630.0 * i - 0.06 * i * i))
    200000
    """
    root = np.maximum(open_circuit_voltage_v * open_circuit_voltage_v - 4.0 * resistance_ohm * terminal_power_w, 0.0)
    return (open_circuit_voltage_v - np.sqrt(root)) / (2.0 * resistance_ohm)


def resistance_loss_w(current_a: Quantity, resistance_ohm: Quantity) -> Quantity:
    """Heat in the battery: ``R I^2``."""
    return resistance_ohm * current_a * current_a
