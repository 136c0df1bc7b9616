"""Traction: what the wheels can push, the steepest grade and start, and the power that a speed takes.

Grades are rise over run (tangent); forces are along the road. Lower-case letters in formulas: f rolling coefficient, a slope
angle, mu friction, s share of the mass on driven axles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fifthwheel.errors import InputError
from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.resistance import GRAVITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """How a vehicle stands on the road.

    Attributes
    ----------
    rolling_ratio : rolling resistance over load.
    friction_ratio : adhesion of the driven tyres.
    driven_ratio : share of the mass on driven axles, on the level.
    transfer_ratio : share of the weight along the slope that moves onto driven axles (height over wheelbase); 0 leaves it out.
    aid_n : push of other driven axles, which have their own adhesion (a trailer's).
    """

    mass_kg: float
    rolling_ratio: float
    friction_ratio: float
    driven_ratio: float
    transfer_ratio: float = 0.0
    aid_n: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """The steepest grade, and what sets it: ``torque`` or ``traction`` (and ``thermal``, `choose.performance`)."""

    grade_ratio: float
    limit: str


def tractive_force_n(torque_nm: Quantity, total_ratio: Quantity, efficiency_ratio: Quantity, tyre_radius_m: Quantity) -> Quantity:
    """Force at the wheels for a shaft torque: ``T i eta / r``.

    Examples
    --------
    >>> round(tractive_force_n(2500.0, 33.4, 0.9, 0.5))
    150300
    """
    return torque_nm * total_ratio * efficiency_ratio / tyre_radius_m


def adhesion_force_n(friction_ratio: Quantity, driven_load_n: Quantity) -> Quantity:
    """Most force that the driven tyres hold: ``mu N``.

    Examples
    --------
    >>> adhesion_force_n(0.5, 100e3)
    50000.0
    """
    return friction_ratio * driven_load_n


def geared_speed_mps(shaft_speed_radps: Quantity, total_ratio: Quantity, tyre_radius_m: Quantity) -> Quantity:
    """Road speed at a shaft speed: ``w r / i``; the inverse of `physics.driveline.shaft_speed_radps`.

    Examples
    --------
    >>> round(geared_speed_mps(120.2, 2.846, 0.526), 1)
    22.2
    """
    return shaft_speed_radps * tyre_radius_m / total_ratio


def power_at_speed_w(
    resistance_n: Quantity, speed_mps: Quantity, efficiency_ratio: Quantity, auxiliary_w: Quantity = 0.0
) -> Quantity:
    """Shaft power that holds a speed: ``F v / eta + P_aux``.

    Examples
    --------
    >>> power_at_speed_w(4000.0, 20.0, 0.8, 5000.0)
    105000.0
    """
    return resistance_n * speed_mps / efficiency_ratio + auxiliary_w


def climbable_grade_ratio(net_force_n: Quantity, mass_kg: Quantity, rolling_ratio: Quantity) -> Quantity:
    """Grade that a force along the road holds against weight and tyres, air drag taken off it already.

    Exact: ``F = m g (f cos a + sin a)`` gives ``a = asin(F / (m g sqrt(1 + f^2))) - atan f``. Not a number where the force
    exceeds what any slope asks for. The common form ``tan(asin(F / m g) - f))`` differs by under 0.2 % of the grade.

    Examples
    --------
    >>> round(float(climbable_grade_ratio(150_300.0, 40_000.0, 0.006)), 3)
    0.408
    """
    pull = net_force_n / (mass_kg * GRAVITY * np.sqrt(1.0 + rolling_ratio * rolling_ratio))
    grade: Quantity = np.tan(np.arcsin(pull) - np.arctan(rolling_ratio))
    return grade


def traction_grade_ratio(footing: Footing) -> float:
    """Grade at which the driven tyres slip: ``tan a = (mu s - f) / (1 - mu k)``, k the transferred share; exact, without air.

    With `Footing.aid_n` it solves ``mu (s cos a + k sin a) + F_aid / (m g) = f cos a + sin a``.

    Raises
    ------
    InputError : ``mu k`` of 1 or more: load transfer alone then holds any slope.

    Examples
    --------
    >>> standing = Footing(mass_kg=40_000.0, rolling_ratio=0.006, friction_ratio=0.8, driven_ratio=11.5 / 40)
    >>> round(traction_grade_ratio(standing), 3)
    0.224
    """
    transferred = footing.friction_ratio * footing.transfer_ratio
    if transferred >= 1.0:
        raise InputError(f"friction {footing.friction_ratio:g} times load transfer {footing.transfer_ratio:g}; below 1 is wanted")
    grip = (footing.friction_ratio * footing.driven_ratio - footing.rolling_ratio) / (1.0 - transferred)
    if footing.aid_n == 0.0:
        return grip
    return float(climbable_grade_ratio(footing.aid_n / (1.0 - transferred), footing.mass_kg, -grip))


def steepest_climb(wheel_force_n: float, air_force_n: float, footing: Footing) -> Climb:
    """Gradeability at a wheel force and an air drag, by torque or by traction, whichever is less.

    With the force of the launch gear at clutch torque and no air it is startability; with a gear's full load at a speed, what
    that gear holds. A force beyond the weight is never the limit.
    """
    grip, net_n = traction_grade_ratio(footing), wheel_force_n + footing.aid_n - air_force_n
    if net_n >= footing.mass_kg * GRAVITY:
        return Climb(grade_ratio=grip, limit="traction")
    push = float(climbable_grade_ratio(net_n, footing.mass_kg, footing.rolling_ratio))
    return Climb(grade_ratio=push, limit="torque") if push <= grip else Climb(grade_ratio=grip, limit="traction")


def equilibrium_grade_ratio(air_force_n: Quantity, mass_kg: Quantity, rolling_ratio: Quantity) -> Quantity:
    """Downhill grade (positive) that holds a speed without drive or brake: ``sin a = f cos a + F_air / (m g)``, exact.

    Whatever is steeper offers energy to recover.

    Examples
    --------
    >>> round(float(equilibrium_grade_ratio(1854.0, 40_000.0, 0.0055)), 4)
    0.0102
    """
    pull = air_force_n / (mass_kg * GRAVITY * np.sqrt(1.0 + rolling_ratio * rolling_ratio))
    grade: Quantity = np.tan(np.arcsin(pull) + np.arctan(rolling_ratio))
    return grade


def consumption_change_ratio(economy_gain_ratio: Quantity) -> Quantity:
    """Change of fuel per distance for a gain in distance per fuel: ``1 / (1 + x) - 1``; 36.1 % more mpg is 26.5 % less fuel.

    Examples
    --------
    >>> round(consumption_change_ratio(0.361), 3)
    -0.265
    """
    return 1.0 / (1.0 + economy_gain_ratio) - 1.0
