"""What bounds the split: kingpin tension while propelling, adhesion and stability reserves, and each battery's window.

Laws of one moment in plain floats; the adhesion reserve itself is `control.brakes.sources.machine_limit_n`.
"""

from __future__ import annotations

from fifthwheel.control.brakes.sources import machine_limit_n
from fifthwheel.units import GRAVITY_MPS2


def least_tension_n(trailer_resistance_n: float, least_n: float, share_ratio: float) -> float:
    """Tension kept at the kingpin while the trailer propels: usually ``max(1 kN, 5 % of the trailer's resistance)``.

    Source: design rule of facts/control.md 2.4, a proposal, not law.

    Examples
    --------
    >>> least_tension_n(40e3, 1e3, 0.05)
    2000.0
    """
    return max(least_n, share_ratio * abs(trailer_resistance_n))


def machine_braking_n(
    load_n: float, adhesion_ratio: float, braking_ratio: float, lateral_mps2: float, reserves: tuple[float, float, float]
) -> float:
    """Most braking force of a machine on an axle: adhesion reserve beside the bend's side force, and fair share of the work.

    Parameters
    ----------
    braking_ratio : braking force over weight that the whole asks for.
    reserves : share of the adhesion left by side force; adhesion utilisation beyond the braking ratio (``k <= z + 0.08``); the
        braking ratio from which that holds, 0.15: what is braked more gently is treated as that.
    """
    side_n = load_n * abs(lateral_mps2) / GRAVITY_MPS2
    grip = machine_limit_n(load_n, adhesion_ratio, side_n, reserves[0])
    return min(grip, (max(braking_ratio, reserves[2]) + reserves[1]) * load_n)


def beside_friction_n(
    load_n: float, adhesion_ratio: float, braking_ratio: float, share_ratio: float, reserves: tuple[float, float, float]
) -> float:
    """Most braking force of a machine on one axle of a unit whose friction brakes make up the unit's share on all its axles.

    Axle utilisation ``T / N + (z N_u - T) / N_u`` stays within the adhesion and ``z + 0.08``; `share_ratio` is ``N / N_u``,
    reserves as `machine_braking_n` has them.
    """
    allowed = min(max(braking_ratio, reserves[2]) + reserves[1], adhesion_ratio)
    return max(allowed - braking_ratio, 0.0) * load_n / max(1.0 - share_ratio, 1e-6)


def window_ratio(soc_ratio: float, low_ratio: float, taper_ratio: float) -> float:
    """Share of the discharge limit left: all, falling to nothing over the last part above the window's lower end."""
    return min(max((soc_ratio - low_ratio) / taper_ratio, 0.0), 1.0)
