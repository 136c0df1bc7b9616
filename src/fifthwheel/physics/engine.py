"""Combustion engine: fuel by a Willans line or by a measured map, altitude derating."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fifthwheel.errors import InputError
from fifthwheel.physics.quantity import Coefficients, Quantity
from fifthwheel.physics.surface import surface
from fifthwheel.units import RPM
from fifthwheel.vehicle.components import Engine, FuelMap


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


def fuel_power_at(engine: Engine, speed_radps: ArrayLike, torque_nm: ArrayLike) -> NDArray[np.float64]:
    """Fuel power (W) of `engine` at crank speeds and torques that broadcast together: from its map, else its Willans line.

    Inside the map: plane triangles between measured points (`physics.surface`, a revolution a minute counting as a newton
    metre). Outside: the nearest place of the map's outline, plus the extra mechanical power over the map's own marginal
    efficiency. Never negative. Not for kernels, which take a grid made with this.

    Raises
    ------
    InputError : a map whose points are on one line.

    Notes
    -----
    VECTO's rule inside the map; it reproduces the fuel of its traces to 0.05 g/h.
    """
    speed, torque = np.broadcast_arrays(np.asarray(speed_radps, dtype=np.float64), np.asarray(torque_nm, dtype=np.float64))
    if engine.fuel_map is None:
        drag = np.interp(speed, engine.speed_radps, engine.drag_torque_nm)
        return np.asarray(fuel_power_w(torque, speed, drag, engine.willans))
    return _mapped_fuel_power_w(engine.fuel_map, engine.fuel.lower_heating_value_jpkg, speed, torque)


def _mapped_fuel_power_w(
    fuel_map: FuelMap, heating_value_jpkg: float, speed_radps: NDArray[np.float64], torque_nm: NDArray[np.float64]
) -> NDArray[np.float64]:
    known = surface(tuple(speed / RPM for speed in fuel_map.speed_radps), fuel_map.torque_nm)
    places = np.column_stack([speed_radps.ravel() / RPM, torque_nm.ravel()])
    fuel_kgps, held = known.interpolated(places, np.array(fuel_map.fuel_kgps))
    extra_w = (places.prod(axis=1) - held.prod(axis=1)) * RPM
    power_w = fuel_kgps * heating_value_jpkg + extra_w / _marginal_efficiency_ratio(fuel_map, heating_value_jpkg)
    grid: NDArray[np.float64] = np.maximum(power_w, 0.0).reshape(speed_radps.shape)
    return grid


def _marginal_efficiency_ratio(fuel_map: FuelMap, heating_value_jpkg: float) -> float:
    """Crank power gained for more fuel power: least squares of ``P_fuel = a w + P / e`` where fuel flows."""
    fuel_w = np.array(fuel_map.fuel_kgps) * heating_value_jpkg
    flows = fuel_w > 0.0
    speed, torque = np.array(fuel_map.speed_radps)[flows], np.array(fuel_map.torque_nm)[flows]
    slope = float(np.linalg.lstsq(np.column_stack([speed, speed * torque]), fuel_w[flows], rcond=None)[0][1])
    if slope <= 1.0:
        raise InputError(f"a fuel map gives {1.0 / slope:.3g} more crank power for more fuel power; below 1 is wanted")
    return 1.0 / slope
