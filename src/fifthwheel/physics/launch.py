"""Pulling away with a slipping clutch: its heat, and the steepest start that its heat limit leaves.

Forces are at the wheels: ``F = Tc i eta / r`` for a clutch torque Tc, ``v0 = w0 r / i`` the road speed at which a clutch locks
that turns at w0 on the engine's side.
"""

from __future__ import annotations

from fifthwheel.physics.quantity import Quantity


def launch_s(mass_kg: Quantity, sync_mps: Quantity, force_n: Quantity, resistance_n: Quantity) -> Quantity:
    """How long a clutch slips with constant torque: ``m v0 / (F - R)``."""
    return mass_kg * sync_mps / (force_n - resistance_n)


def launch_heat_j(
    mass_kg: Quantity, sync_mps: Quantity, force_n: Quantity, resistance_n: Quantity, efficiency_ratio: Quantity
) -> Quantity:
    """Friction energy of a launch: ``m v0^2 / (2 eta) F / (F - R)``, for constant clutch torque and engine speed.

    The same as ``w0 Tc t / 2`` (control facts 5.2).

    Examples
    --------
    >>> sync, pull = 83.78 * 0.5 / 33.4, 1200 * 33.4 / 0.5
    >>> round(launch_heat_j(40_000.0, sync, pull, 39 * 33.4 / 0.5, 0.9), -2)
    36100.0
    """
    return mass_kg * sync_mps * sync_mps / (2.0 * efficiency_ratio) * force_n / (force_n - resistance_n)


def launch_resistance_n(
    mass_kg: Quantity, sync_mps: Quantity, force_n: Quantity, heat_j: Quantity, efficiency_ratio: Quantity
) -> Quantity:
    """Resistance against which a launch makes `heat_j`; the inverse of `launch_heat_j`, negative where even the level takes more.

    Examples
    --------
    >>> heat = launch_heat_j(40_000.0, 1.25, 80e3, 30e3, 0.9)
    >>> round(launch_resistance_n(40_000.0, 1.25, 80e3, heat, 0.9))
    30000
    """
    return force_n * (1.0 - mass_kg * sync_mps * sync_mps / (2.0 * efficiency_ratio * heat_j))
