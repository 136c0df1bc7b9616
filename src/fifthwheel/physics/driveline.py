"""Gearbox and axles: geared speed, and power through an efficiency in either direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.surface import surface
from fifthwheel.units import RPM
from fifthwheel.vehicle.components import LossMap


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


def loss_at(loss_map: LossMap, speed_radps: ArrayLike, input_torque_nm: ArrayLike) -> NDArray[np.float64]:
    """Torque loss (Nm) of a stage at input speeds and input torques that broadcast together, from its measured map.

    Inside the map: plane triangles between measured points (`physics.surface`, a revolution a minute counting as a newton
    metre). Outside: the efficiency of the nearest place of the map's outline. A map without negative torques serves both
    directions. Never negative. Not for kernels, which take a grid made with this.

    Raises
    ------
    InputError : a map whose points are on one line.

    Notes
    -----
    VECTO joins the points over output torque and reads the input torque; the two differ in second order of the loss.
    """
    speed, torque = np.broadcast_arrays(np.asarray(speed_radps, dtype=np.float64), np.asarray(input_torque_nm, dtype=np.float64))
    if min(loss_map.torque_nm) >= 0.0:
        torque = np.abs(torque)
    known = surface(tuple(value / RPM for value in loss_map.speed_radps), loss_map.torque_nm)
    loss_nm, held = known.interpolated(np.column_stack([speed.ravel() / RPM, torque.ravel()]), np.array(loss_map.loss_nm))
    nearest_nm = np.abs(held[:, 1])
    beyond = np.where(nearest_nm > 1.0, np.abs(torque.ravel()) / np.maximum(nearest_nm, 1.0), 1.0)
    return np.maximum(loss_nm * beyond, 0.0).reshape(speed.shape)
