"""Braking statics of a tractor with a semi-trailer: axle and kingpin loads over deceleration, and what the coupling carries.

Forces in N, positive coupling force = the trailer pushes the tractor. Level road; `braking_ratio` is z = deceleration / g.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """Masses and lengths that decide how load moves when a combination brakes.

    Attributes
    ----------
    tractor_cg_m : centre of gravity behind the front axle. fifth_wheel_lead_m : kingpin ahead of the drive group's centre.
    coupling_height_m : height of the coupling force above the road.
    trailer_cg_m, trailer_wheelbase_m : centre of gravity, and centre of the trailer's axle group, behind the kingpin.
    trailer_kg : zero for the tractor alone.
    """

    tractor_kg: float
    tractor_cg_m: float
    tractor_cg_height_m: float
    wheelbase_m: float
    fifth_wheel_lead_m: float
    coupling_height_m: float
    trailer_kg: float
    trailer_wheelbase_m: float
    trailer_cg_m: float
    trailer_cg_height_m: float
    drive_axles_count: int = 1
    trailer_axles_count: int = 3

    def __post_init__(self) -> None:
        if self.tractor_kg <= 0.0 or self.trailer_kg < 0.0:
            raise InputError(f"masses {self.tractor_kg:g} and {self.trailer_kg:g} kg; a tractor above 0, a trailer of 0 or more")
        if self.wheelbase_m <= 0.0 or self.trailer_wheelbase_m <= 0.0:
            raise InputError(f"wheelbases {self.wheelbase_m:g} and {self.trailer_wheelbase_m:g} m; above 0 is wanted")

    @property
    def mass_kg(self) -> float:
        """Mass of the whole."""
        return self.tractor_kg + self.trailer_kg

    @property
    def bobtail(self) -> Rig:
        """The tractor alone."""
        return replace(self, trailer_kg=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Vertical loads on kingpin, front axle, drive group and trailer group, and the coupling force (push positive)."""

    kingpin_n: float
    front_n: float
    drive_n: float
    trailer_n: float
    coupling_n: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Loads at a braking ratio and the brake force that each axle or group gives for it."""

    braking_ratio: float
    loads: Loads
    front_n: float
    drive_n: float
    trailer_n: float


def loads(rig: Rig, braking_ratio: float, coupling_n: float = 0.0) -> Loads:
    """Loads while braking at z with a given coupling force F (moments about the trailer group and the drive group).

    ``N_kp = [W2 (L2 - x2) + z W2 h2 - F h_c] / L2``,
    ``N_front = [W1 (L1 - l) + N_kp f + z W1 h1 + F h_c] / L1``.

    Raises
    ------
    InputError : a coupling force without a trailer.

    Examples
    --------
    >>> round(loads(REFERENCE, 0.5).trailer_n / 1e3, 1)
    183.4
    """
    if rig.trailer_kg == 0.0 and coupling_n != 0.0:
        raise InputError(f"coupling force {coupling_n:g} N without a trailer; 0 is wanted")
    weight_1, weight_2 = rig.tractor_kg * GRAVITY_MPS2, rig.trailer_kg * GRAVITY_MPS2
    moment = weight_2 * (rig.trailer_wheelbase_m - rig.trailer_cg_m + braking_ratio * rig.trailer_cg_height_m)
    kingpin = (moment - coupling_n * rig.coupling_height_m) / rig.trailer_wheelbase_m
    front = (
        weight_1 * (rig.wheelbase_m - rig.tractor_cg_m + braking_ratio * rig.tractor_cg_height_m)
        + kingpin * rig.fifth_wheel_lead_m
        + coupling_n * rig.coupling_height_m
    ) / rig.wheelbase_m
    return Loads(
        kingpin_n=kingpin,
        front_n=front,
        drive_n=weight_1 + kingpin - front,
        trailer_n=weight_2 - kingpin,
        coupling_n=coupling_n,
    )


def zero_coupling_split(rig: Rig, braking_ratio: float) -> Split:
    """Each unit brakes its own mass, so the coupling carries nothing along the road; the tractor's axles share by load."""
    now = loads(rig, braking_ratio)
    tractor_n = braking_ratio * rig.tractor_kg * GRAVITY_MPS2
    return _split(rig, braking_ratio, now, tractor_n)


def equal_adhesion_split(rig: Rig, braking_ratio: float) -> Split:
    """Every axle uses the same adhesion, k = z; a semi-trailer then pushes, for part of its weight rests on the tractor.

    From ``W2 z - F = z N_trailer`` follows ``F = z N_kp``, and with the moments
    ``N_kp = [W2 (L2 - x2) + z W2 h2] / (L2 + z h_c)``.

    Examples
    --------
    >>> round(equal_adhesion_split(REFERENCE, 0.4).loads.coupling_n / 1e3, 1)
    46.0
    """
    weight_2 = rig.trailer_kg * GRAVITY_MPS2
    moment = weight_2 * (rig.trailer_wheelbase_m - rig.trailer_cg_m + braking_ratio * rig.trailer_cg_height_m)
    coupling = braking_ratio * moment / (rig.trailer_wheelbase_m + braking_ratio * rig.coupling_height_m)
    now = loads(rig, braking_ratio, coupling)
    return _split(rig, braking_ratio, now, braking_ratio * (now.front_n + now.drive_n))


def one_source_limit(rig: Rig, adhesion_ratio: float, *, trailer_axles_count: int = 0) -> Split:
    """Where braking on one source only ends by adhesion, ``k = mu``: all drive axles, or some axles of the trailer group.

    Parameters
    ----------
    trailer_axles_count : axles of the trailer's group that brake; zero means the tractor's drive axles brake instead.

    Raises
    ------
    InputError : more trailer axles than there are, or a negative adhesion.

    Examples
    --------
    >>> round(one_source_limit(REFERENCE, 0.5).braking_ratio, 3)
    0.116
    """
    if not 0 <= trailer_axles_count <= rig.trailer_axles_count:
        raise InputError(f"{trailer_axles_count} braked trailer axles; 0 to {rig.trailer_axles_count} are wanted")
    if adhesion_ratio < 0.0:
        raise InputError(f"adhesion {adhesion_ratio:g}; 0 or more is wanted")
    share = trailer_axles_count / rig.trailer_axles_count

    def excess_n(ratio: float) -> float:
        """Braking force needed at z less the force there is: linear in z, for loads are."""
        return rig.mass_kg * GRAVITY_MPS2 * ratio - adhesion_ratio * _braked_n(rig, ratio, share)

    at_zero, at_one = excess_n(0.0), excess_n(1.0)
    ratio = at_zero / (at_zero - at_one)
    now = loads(rig, ratio, _one_source_coupling_n(rig, ratio, share))
    return Split(
        braking_ratio=ratio,
        loads=now,
        front_n=0.0,
        drive_n=0.0 if share else adhesion_ratio * now.drive_n,
        trailer_n=share * adhesion_ratio * now.trailer_n,
    )


def _one_source_coupling_n(rig: Rig, braking_ratio: float, share: float) -> float:
    brake_n = braking_ratio * rig.mass_kg * GRAVITY_MPS2 if share else 0.0
    return braking_ratio * rig.trailer_kg * GRAVITY_MPS2 - brake_n


def _braked_n(rig: Rig, braking_ratio: float, share: float) -> float:
    now = loads(rig, braking_ratio, _one_source_coupling_n(rig, braking_ratio, share))
    return share * now.trailer_n if share else now.drive_n


def _split(rig: Rig, braking_ratio: float, now: Loads, tractor_n: float) -> Split:
    front_n = tractor_n * now.front_n / (now.front_n + now.drive_n)
    return Split(
        braking_ratio=braking_ratio,
        loads=now,
        front_n=front_n,
        drive_n=tractor_n - front_n,
        trailer_n=braking_ratio * rig.mass_kg * GRAVITY_MPS2 - tractor_n,
    )


REFERENCE = Rig(
    tractor_kg=8000.0,
    tractor_cg_m=1.25,
    tractor_cg_height_m=0.95,
    wheelbase_m=3.7,
    fifth_wheel_lead_m=0.6,
    coupling_height_m=1.2,
    trailer_kg=32_000.0,
    trailer_wheelbase_m=7.7,
    trailer_cg_m=5.5,
    trailer_cg_height_m=2.0,
)
"""4x2 tractor with a three-axle semi-trailer, 40 t laden: an example of plausible lengths, of no product."""
