"""Turning at walking pace: the circle driven for long, the way into it from straight ahead, the swept circle and the tail.

Wheels roll where they point. The middle of the drive axles runs on a radius R from the first moment; f is the coupling ahead of
it (negative: behind), L2 from the coupling to the middle of the trailer's axles that do not steer. With the angle turned theta::

    d gamma / d theta = 1 - (R sin gamma + f cos gamma) / L2 = 1 - k sin u,   u = gamma + atan(f / R), k = hypot(R, f) / L2

which separates: with ``t = tan(u / 2)``, ``s = sqrt(k^2 - 1)``, ``(t - k - s) / (t - k + s) = C exp(s theta)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import asin, atan, atan2, cos, exp, hypot, pi, sin, sqrt, tan
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.vehicle.combination import Combination, Unit, UnitKind
from fifthwheel.vehicle.stand import front_and_rear

OUTER_M: Final = 12.5
INNER_M: Final = 5.3
SWING_M: Final = 2.04
"""Radii of the swept circle and of a semi-trailer's front (96/53/EC annex I, GB 1589)."""
FOLDED_RAD: Final = pi / 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """A circle driven for long: radii of the coupling and of the trailer's axles, and the articulation.

    Where the coupling's circle is too tight for the trailer it folds: `trailer_m` is zero, the articulation a right angle.
    """

    kingpin_m: float
    trailer_m: float
    articulation_rad: float


def drive_radius_m(outer_m: float, reach_m: float, width_m: float) -> float:
    """Radius of the middle of the drive axles while the outer front corner, `reach_m` ahead of them, runs on `outer_m`.

    Raises
    ------
    InputError : the unit is too long for the circle.
    """
    if outer_m <= hypot(reach_m, 0.5 * width_m):
        raise InputError(
            f"circle of {outer_m} m for a front corner {reach_m:.3f} m ahead of the drive axles; a wider one is wanted"
        )
    return sqrt(outer_m * outer_m - reach_m * reach_m) - 0.5 * width_m


def steady(drive_m: float, lead_m: float, length_m: float) -> Steady:
    """The circle driven for long (control facts, 1.1): ``R2 = sqrt(R^2 + f^2 - L2^2)``.

    >>> round(steady(10.181, 0.56, 7.70).trailer_m, 2)
    6.68
    """
    kingpin = hypot(drive_m, lead_m)
    if kingpin <= length_m:
        return Steady(kingpin_m=kingpin, trailer_m=0.0, articulation_rad=FOLDED_RAD)
    fold = asin(length_m / kingpin) - atan2(lead_m, drive_m)
    return Steady(kingpin_m=kingpin, trailer_m=sqrt(kingpin * kingpin - length_m * length_m), articulation_rad=fold)


def fold_rad(drive_m: float, lead_m: float, length_m: float, turned_rad: float) -> float:
    """Articulation that far round a circle entered from straight ahead; held at a right angle, where a trailer has folded."""
    start = atan2(lead_m, drive_m)
    k = hypot(drive_m, lead_m) / length_m
    if abs(k - 1.0) < 1e-7:
        k = 1.0 + 1e-7
    now = tan(0.5 * start)
    if k > 1.0:
        s = sqrt(k * k - 1.0)
        fading = exp(-s * turned_rad) * (now - k + s)
        now = ((k + s) * fading - (k - s) * (now - k - s)) / (fading - (now - k - s))
    else:
        s = sqrt(1.0 - k * k)
        angle = 0.5 * s * turned_rad + atan2(now - k, s)
        if angle >= 0.5 * pi:
            return FOLDED_RAD
        now = k + s * tan(angle)
    return min(2.0 * atan(now) - start, FOLDED_RAD)


def entry(drive_m: float, lead_m: float, length_m: float, turned_rad: float, *, width_m: float) -> tuple[float, float]:
    """Inner radius, m, of the trailer's side and articulation, rad, that far round a circle entered from straight ahead.

    The radius is the distance of the trailer's side, drawn on ahead and back, from the circle's middle; negative where the side
    has passed beyond it.

    >>> round(entry(10.181, 0.56, 7.70, pi, width_m=2.55)[0], 2)
    5.7
    """
    fold = fold_rad(drive_m, lead_m, length_m, turned_rad)
    return drive_m * cos(fold) - lead_m * sin(fold) - 0.5 * width_m, fold


def rule_limit_m(width_m: float) -> float:
    """Longest equivalent wheelbase of a semi-trailer that is deemed to turn: ``sqrt((12.50 - 2.04)^2 - (5.30 + W/2)^2)``.

    Form of the rule: Regulation (EU) 2021/535 [K].

    >>> round(rule_limit_m(2.55), 3)
    8.135
    """
    return sqrt((OUTER_M - SWING_M) ** 2 - (INNER_M + 0.5 * width_m) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How a combination turns on a circle that its front corner runs on.

    Attributes
    ----------
    outer_m : the circle. inner_m : least radius swept by the last unit after a whole turn entered from straight ahead;
        negative where its side passes beyond the middle. steady_inner_m : driven for long; half_inner_m : after half a turn.
    trailer_outer_m : radius of the trailer's outer front corner; zero without a trailer.
    tail_swing_m : most that a rear corner of any unit leaves the straight it came from, outwards.
    rule_wheelbase_m, rule_limit_m : a semi-trailer's equivalent wheelbase with liftable axles up or down, whichever is longer,
        and what the rule accepts; ``None`` for others.
    drive_m, kingpin_m, trailer_m : radii driven for long of drive axles, coupling and trailer's axles (zero without).
    articulation_rad : after a whole turn. steer_rad : mean angle of the first axle's wheels.
    """

    outer_m: float
    inner_m: float
    steady_inner_m: float
    half_inner_m: float
    trailer_outer_m: float
    tail_swing_m: float
    rule_wheelbase_m: float | None
    rule_limit_m: float | None
    drive_m: float
    kingpin_m: float
    trailer_m: float
    articulation_rad: float
    steer_rad: float


def turning_place_m(unit: Unit, *, lifted: bool = False) -> float:
    """Middle of the axles about which a unit turns: a tractor's rear ones, all of a trailer's, without steered and lifted ones.

    Where every one of them steers, of all that are down [K].

    Raises
    ------
    InputError : no axle is left on the road.
    """
    indices = range(len(unit.axles)) if unit.kind is UnitKind.TRAILER else front_and_rear(unit)[1]
    down = [unit.axles[index] for index in indices if not (lifted and unit.axles[index].liftable)]
    places = [place for group in down if not group.steered for place in group.positions_m]
    places = places or [place for group in down for place in group.positions_m]
    if not places:
        raise InputError(f"{unit.name}: no axle is left on the road; one at least is wanted")
    return sum(places) / len(places)


def rule_wheelbase_m(trailer: Unit) -> float:
    """A semi-trailer's equivalent wheelbase for the rule: the longer of those with its liftable axles up and down."""
    lift = any(group.liftable for group in trailer.axles) and not all(group.liftable for group in trailer.axles)
    return max(turning_place_m(trailer, lifted=up) for up in {False, lift}) - trailer.coupling_m


def swept(combination: Combination, *, outer_m: float = OUTER_M, slide_m: float = 0.0, lifted: bool = False) -> Swept:
    """How a combination turns with its front corner on a circle, with liftable axles up or down.

    The first unit's wheels are steered at once [K]; no wheel slips. Geometries are remembered to the millimetre.

    Raises
    ------
    InputError : the first unit is too long for the circle; no axle is left on the road.
    """
    tractor, trailer = combination.tractor, combination.trailer
    middle = turning_place_m(tractor, lifted=lifted)
    first = (middle, middle - tractor.axles[0].positions_m[0], tractor.length_m - middle, tractor.width_m)
    if trailer is None:
        return _turn(outer_m, _rounded(first), None)
    behind = turning_place_m(trailer, lifted=lifted)
    lead, coupling = middle - tractor.coupling_m - slide_m, trailer.coupling_m
    second = (lead, behind - coupling, coupling, trailer.length_m - coupling, trailer.width_m)
    rule = rule_wheelbase_m(trailer) if tractor.kind is UnitKind.TRACTOR else 0.0
    return _turn(outer_m, _rounded(first), _rounded((*second, rule)))


def _rounded(lengths: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(length, 3) for length in lengths)


@lru_cache(maxsize=16384)
def _turn(outer_m: float, first: tuple[float, ...], second: tuple[float, ...] | None) -> Swept:
    reach, wheelbase, overhang, width = first
    drive = drive_radius_m(outer_m, reach, width)
    inner, tail = drive - 0.5 * width, hypot(overhang, drive + 0.5 * width) - drive - 0.5 * width
    own = {"outer_m": outer_m, "drive_m": drive, "steer_rad": atan2(wheelbase, drive)}
    if second is None:
        return Swept(
            **own, inner_m=inner, steady_inner_m=inner, half_inner_m=inner, trailer_outer_m=0.0, tail_swing_m=tail,
            rule_wheelbase_m=None, rule_limit_m=None, kingpin_m=0.0, trailer_m=0.0, articulation_rad=0.0,
        )  # fmt: skip
    lead, length, front, rear, wide, rule = second
    circle = steady(drive, lead, length)
    whole, fold = entry(drive, lead, length, 2.0 * pi, width_m=wide)
    return Swept(
        **own, inner_m=min(inner, whole), steady_inner_m=min(inner, circle.trailer_m - 0.5 * wide),
        half_inner_m=min(inner, entry(drive, lead, length, pi, width_m=wide)[0]),
        trailer_outer_m=hypot(circle.trailer_m + 0.5 * wide, length + front),
        tail_swing_m=max(tail, _tail_m(drive, (lead, length, rear), wide)),
        rule_wheelbase_m=rule or None, rule_limit_m=rule_limit_m(wide) if rule else None,
        kingpin_m=circle.kingpin_m, trailer_m=circle.trailer_m, articulation_rad=fold,
    )  # fmt: skip


def _tail_m(drive_m: float, trailer: tuple[float, float, float], width_m: float) -> float:
    """Most that the trailer's outer rear corner leaves the straight: the best of a few angles and of a parabola through it."""
    lead, length, rear = trailer

    def swing_m(turned: float) -> float:
        heading = turned - fold_rad(drive_m, lead, length, turned)
        inwards = drive_m * (1.0 - cos(turned)) + lead * sin(turned) + 0.5 * width_m * (1.0 - cos(heading))
        return rear * sin(heading) - inwards

    step = pi / 30.0
    values = [swing_m(step * number) for number in range(16)]
    best = max(range(16), key=values.__getitem__)
    if not 0 < best < 15:
        return max(values[best], 0.0)
    before, at, after = values[best - 1 : best + 2]
    return max(at, swing_m(step * (best + 0.5 * (before - after) / (before - 2.0 * at + after))))
