"""What crosswind does sideways: force on the flank, load taken off the windward wheels, and the grip it asks for."""

from __future__ import annotations

from typing import Final

import numpy as np

from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.resistance import GRAVITY

SIDE_COEFFICIENT_RATIO: Final = 1.2
"""Of a long box on the air that comes from the side, on its flank's area [K]: 1.0 to 1.4 in tunnel tests of high sides."""
TRACK_M: Final = 2.05
"""Between the middles of dual tyres, or of the tyres of an axle, on a vehicle 2.5 m wide [K]."""


def side_force_n(
    density_kgpm3: Quantity, side_area_m2: Quantity, speed_mps: Quantity, wind_mps: tuple[Quantity, Quantity]
) -> Quantity:
    """Side force of the wind: ``rho C A |va| va_y / 2``, va the air speed and va_y its part across the road.

    Parameters
    ----------
    side_area_m2 : length times height of the flank.
    wind_mps : wind against the direction of travel, and wind across it, as `aero.air_force_n` takes them.

    Examples
    --------
    >>> round(float(side_force_n(1.2, 40.0, 22.0, (0.0, 15.0))))
    11503
    """
    along, across = speed_mps + wind_mps[0], np.abs(wind_mps[1])
    return 0.5 * density_kgpm3 * SIDE_COEFFICIENT_RATIO * side_area_m2 * np.sqrt(along * along + across * across) * across


def wind_load_transfer_ratio(
    force_n: Quantity, height_m: Quantity, mass_kg: Quantity, softness_ratio: Quantity = 1.25
) -> Quantity:
    """Share of the load that a side force takes off the windward wheels: 1 is tipping over; ``F h s / (m g T / 2)``.

    Parameters
    ----------
    height_m : of the force above the road.
    softness_ratio : springs and tyres lean, which brings tipping nearer by 15 to 30 % [K].

    Examples
    --------
    >>> round(float(wind_load_transfer_ratio(11_503.0, 2.0, 15_000.0)), 2)
    0.19
    """
    return force_n * height_m * softness_ratio / (0.5 * mass_kg * GRAVITY * TRACK_M)
