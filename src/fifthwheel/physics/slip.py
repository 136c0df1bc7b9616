"""Tyre forces over combined slip: saturation, load dependence, and the deflection that builds up with the way rolled.

Steady forces follow Pacejka's similarity method (Tire and Vehicle Dynamics, 3rd ed., 4.3.1) with a sine of an arctangent as the
only curve; the build-up follows Canudas de Wit and Tsiotras (dynamic tire friction models, 1999): the deflection that a
steady force needs is approached over the relaxation length while rolling, and held without creep at standstill.
"""

from __future__ import annotations

from math import atan2, pi, sin, sqrt


def stiffness_at_load(load: float, peak_load: float) -> float:
    """Cornering stiffness over its greatest value, ``sin(2 atan(load / peak_load))``.

    `load` >= 0 and `peak_load` > 0 in N. Source: Pacejka and Bakker, the magic formula tyre model (1992), coefficient BCD.

    >>> stiffness_at_load(50e3, 50e3)
    1.0
    """
    x = load / peak_load
    return 2.0 * x / (1.0 + x * x)


def saturation(slip: float, speed: float, shape: float) -> tuple[float, float]:
    """Share of the friction limit used at a normalised slip speed, ``sin(shape atan(slip / (shape speed)))``, and of sliding.

    `slip` is slip speed times stiffness over friction limit, m/s >= 0; `speed` the rolling speed, m/s >= 0, not both zero;
    `shape` from 1 (no falling part) to below 2 sets what is left when sliding, ``sin(shape pi / 2)``. Small slip gives
    ``slip / speed``. The second figure is the arctangent over its greatest value: 0 rolling, 1 sliding.
    """
    angle = atan2(slip, shape * speed)
    return sin(shape * angle), 2.0 / pi * angle


def slip_drags(
    slip_speeds: tuple[float, float], stiffnesses: tuple[float, float], limits: tuple[float, float], speed: float, shape: float
) -> tuple[float, float]:
    """Speeds, m/s, over which the two steady forces of a tyre are found: ``force = stiffness * slip speed / drag``.

    Without saturation both are the rolling speed. Pairs are along and across the wheel: `slip_speeds` in m/s, `stiffnesses` in N
    per unit of slip, friction `limits` > 0 in N. The force turns from the direction of the unsaturated one towards that of
    sliding with saturation, so that a locked wheel is braked against its motion.
    """
    (along, across), (stiff_along, stiff_across) = slip_speeds, stiffnesses
    x, y = stiff_along * along / limits[0], across / limits[1]
    first = sqrt(x * x + stiff_across * stiff_across * y * y)
    if first <= 1e-9 * speed + 1e-12:
        return max(speed, 1e-9), max(speed, 1e-9)
    used, sliding = saturation(first, speed, shape)
    turned = stiff_across + (stiff_along * limits[1] / limits[0] - stiff_across) * sliding * sliding
    drag = sqrt(x * x + turned * turned * y * y) / used
    return drag, drag * stiff_across / turned


def build_up(force: float, supply: float, drag: float, length: float) -> float:
    """Rate of a tyre force, N/s: ``(supply - drag * force) / length``.

    `supply` is stiffness times slip speed, N m/s; `drag` from `slip_drags`; `length` the relaxation length, m > 0. A sliding tyre
    settles within `FASTEST_PERS`, so that a millisecond's step can follow it.
    """
    rate = drag / length
    if rate <= FASTEST_PERS:
        return supply / length - rate * force
    return FASTEST_PERS * (supply / drag - force)


FASTEST_PERS = 1000.0
"""Fastest build-up of a tyre force, 1/s: well inside what a Runge-Kutta step of 1 ms can follow (2.78 / ms)."""
