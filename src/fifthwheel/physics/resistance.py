"""Weight along the road, and the mass that a vehicle seems to have when it speeds up."""

from __future__ import annotations

from fifthwheel.physics.quantity import Quantity

GRAVITY = 9.80665


def grade_force_n(mass_kg: Quantity, sine: Quantity) -> Quantity:
    """Weight along the road: ``m g sin(alpha)``; `sine` is rise over road length.

    Examples
    --------
    >>> round(float(grade_force_n(1000.0, 0.01)), 3)
    98.067
    """
    return mass_kg * GRAVITY * sine


def acceleration_mps2(
    tractive_force_n: Quantity,
    resistance_n: Quantity,
    mass_kg: Quantity,
    rotating_mass_kg: Quantity,
) -> Quantity:
    """Newton's second law along the road: ``(F - R) / (m + m_r)``."""
    return (tractive_force_n - resistance_n) / (mass_kg + rotating_mass_kg)
