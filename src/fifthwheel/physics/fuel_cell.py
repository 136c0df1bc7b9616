"""Fuel-cell system: fuel power over net power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.physics.quantity import Quantity
from fifthwheel.vehicle.components import FuelCell

Floats = NDArray[np.float64]


def fuel_power_w(net_power_w: Quantity, power_w: Floats, fuel_w: Floats) -> Quantity:
    """Fuel power for a net electric power, linear between the points of a curve (`fuel_curve`); held at its ends.

    Linear in *fuel power*, not in efficiency: between two points the system's own consumers (air compressor, pumps) stay.

    Examples
    --------
    >>> float(fuel_power_w(50e3, np.array([0.0, 100e3]), np.array([10e3, 190e3])))
    100000.0
    """
    return np.interp(net_power_w, power_w, fuel_w)


def fuel_curve(fuel_cell: FuelCell, count: int) -> tuple[Floats, Floats]:
    """Net powers from 0 to the most, evenly spaced, and the fuel power at each; both (count,).

    Below the first declared point the curve goes straight on to what idling costs at zero net power: the consumers that the
    falling efficiency there stands for. Whoever runs the system between 0 and `FuelCell.least_power_w` must first decide
    whether it is off (no fuel, `FuelCell.start_j` to come back) or idles on this curve.

    Raises
    ------
    InputError : fewer than two points with power, powers that do not rise, or an efficiency outside (0, 1).

    Notes
    -----
    Stack losses make the curve bend upward at high power, consumers lift it at zero: Guzzella and Sciarretta, Vehicle
    Propulsion Systems, 6.3.

    Examples
    --------
    >>> from fifthwheel.vehicle.catalogue import catalogue
    >>> power, fuel = fuel_curve(catalogue().build("fuel_cells", "pem-180kw"), 19)
    >>> float(power[-1]), bool(fuel[0] > 0.0)
    (180000.0, True)
    """
    declared, efficiency = np.array(fuel_cell.net_power_w), np.array(fuel_cell.efficiency_ratio)
    if len(declared) != len(efficiency) or np.any(np.diff(declared) <= 0.0):
        raise InputError(f"fuel_cells.{fuel_cell.name}: net_power_w has to rise and to have an efficiency each")
    declared, efficiency = declared[declared > 0.0], efficiency[declared > 0.0]
    if len(declared) < 2 or np.any((efficiency <= 0.0) | (efficiency >= 1.0)):
        raise InputError(f"fuel_cells.{fuel_cell.name}: needs two points with power, and efficiencies between 0 and 1")
    fuel_w = declared / efficiency
    idle_w = fuel_w[0] - declared[0] * (fuel_w[1] - fuel_w[0]) / (declared[1] - declared[0])
    power = np.linspace(0.0, declared[-1], count)
    return power, np.interp(power, np.r_[0.0, declared], np.r_[max(idle_w, 0.0), fuel_w])
