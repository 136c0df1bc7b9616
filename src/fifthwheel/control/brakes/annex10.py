"""Adhesion utilisation and the checks of UN R13 Annex 10 that can be made from text; what stands in figures is not verified.

No line printed here says that a vehicle complies: it says against which rule set and version a margin was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fifthwheel.control.brakes.statics import Rig
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2

RULE_SET: Final = "UN R13 Annex 10"
VERSION: Final = "text as restated for the 11 to 15 series; secondary sources"
UNLADEN_COUPLING_RATIO: Final = 0.15
"""Share of the most mass on the fifth wheel that stands for an unladen semi-trailer (Annex 10)."""


class Case(StrEnum):
    """Load in which a tractor is judged."""

    LADEN = "laden"
    UNLADEN = "unladen"
    BOBTAIL = "bobtail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Adhesion utilisation of a tractor's front axle and drive group at a braking ratio z."""

    braking_ratio: float
    front_ratio: float
    drive_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: the least margin over z (same unit as z or k), or ``None`` where the rule's vertices are not at hand.

    Attributes
    ----------
    tag : how well the rule's text is known: ``confirmed`` in a restated text, ``open`` when it stands in a figure only.
    at_braking_ratio : where the margin is least.
    """

    clause: str
    case: Case
    tag: str
    margin_ratio: float | None
    at_braking_ratio: float = 0.0
    rule_set: str = RULE_SET
    version: str = VERSION

    @property
    def verdict(self) -> str:
        """``pass``, ``fail`` or ``not verified``."""
        if self.margin_ratio is None:
            return "not verified"
        return "pass" if self.margin_ratio >= 0.0 else "fail"

    def line(self) -> str:
        """What a report prints.

        Examples
        --------
        >>> Check(clause="diagram 3", case=Case.LADEN, tag="open", margin_ratio=None, version="v").line()
        'diagram 3, laden: check against rule set UN R13 Annex 10, version v: not verified (open)'
        """
        head = f"{self.clause}, {self.case}: check against rule set {self.rule_set}, version {self.version}: "
        if self.margin_ratio is None:
            return f"{head}{self.verdict} ({self.tag})"
        return f"{head}margin {self.margin_ratio:+.3f} at z = {self.at_braking_ratio:.2f}, {self.verdict} ({self.tag})"


def coupling_kg(rig: Rig, case: Case, braking_ratio: float) -> float:
    """Mass P_s on the fifth wheel that Annex 10 takes: laden ``P_so (1 + 0.45 z)``, unladen 15 % of the most, bobtail none.

    P_so is the static mass on the kingpin of the laden `rig`.
    """
    static_kg = rig.trailer_kg * (1.0 - rig.trailer_cg_m / rig.trailer_wheelbase_m)
    shares = {Case.LADEN: 1.0 + 0.45 * braking_ratio, Case.UNLADEN: UNLADEN_COUPLING_RATIO, Case.BOBTAIL: 0.0}
    return static_kg * shares[case]


def axle_loads_n(rig: Rig, case: Case, braking_ratio: float) -> tuple[float, float]:
    """Loads of front axle and drive group at z: ``P_1 + z h P g / E`` and ``P_2 - z h P g / E``.

    Notes
    -----
    P = P_0 + P_s, ``h = (h_0 P_0 + h_s P_s) / P`` with h_s the coupling height.

    Raises
    ------
    InputError : a braking ratio at which the drive axles have no load left.
    """
    seat_kg = coupling_kg(rig, case, braking_ratio)
    mass_kg = rig.tractor_kg + seat_kg
    height_m = (rig.tractor_cg_height_m * rig.tractor_kg + rig.coupling_height_m * seat_kg) / mass_kg
    transfer_n = braking_ratio * height_m * mass_kg * GRAVITY_MPS2 / rig.wheelbase_m
    front_kg = (rig.tractor_kg * (rig.wheelbase_m - rig.tractor_cg_m) + seat_kg * rig.fifth_wheel_lead_m) / rig.wheelbase_m
    drive_n = (mass_kg - front_kg) * GRAVITY_MPS2 - transfer_n
    if drive_n <= 0.0:
        raise InputError(f"braking ratio {braking_ratio:g} lifts the drive axles; a lower one is wanted")
    return front_kg * GRAVITY_MPS2 + transfer_n, drive_n


def utilisation(rig: Rig, case: Case, front_share_ratio: float, braking_ratio: float) -> Point:
    """Adhesion utilisation of the tractor's axles: ``k_1 = T_1 / (P_1 + z h P g / E)``, ``k_2 = T_2 / (P_2 - z h P g / E)``.

    Parameters
    ----------
    front_share_ratio : part of the tractor's braking force that its front axle gives.

    The tractor brakes its own mass and P_s; loads are those of `axle_loads_n`.

    Raises
    ------
    InputError : a share outside 0 to 1, or a braking ratio at which the drive axles have no load left.
    """
    if not 0.0 <= front_share_ratio <= 1.0:
        raise InputError(f"front share {front_share_ratio:g}; 0 to 1 is wanted")
    front_n, drive_n = axle_loads_n(rig, case, braking_ratio)
    force_n = braking_ratio * (rig.tractor_kg + coupling_kg(rig, case, braking_ratio)) * GRAVITY_MPS2
    return Point(
        braking_ratio=braking_ratio,
        front_ratio=front_share_ratio * force_n / front_n,
        drive_ratio=(1.0 - front_share_ratio) * force_n / drive_n,
    )


Share = Callable[[Case, float], float]
"""Share of the front axle in the tractor's braking by case and z, as an EBS that knows the load gives it."""


def curves(rig: Rig, case: Case, front_share: float | Share, braking_ratios: Sequence[float]) -> tuple[Point, ...]:
    """`utilisation` over a range of z."""
    shares = [front_share if isinstance(front_share, float) else front_share(case, ratio) for ratio in braking_ratios]
    return tuple(utilisation(rig, case, share, ratio) for share, ratio in zip(shares, braking_ratios, strict=True))


def checks(rig: Rig, front_share: float | Share) -> tuple[Check, ...]:
    """All checks of Annex 10 on the tractor of `rig` in its three cases, the corridors named as not verified.

    Vehicles with ABS are exempt from diagrams 1A to 1C; endurance braking is not counted in Annex 10.
    """
    found = [check for case in Case for check in (_base(rig, case, front_share), *_heavy(rig, case, front_share))]
    figures = (("diagram 3, T_M / P_M over p_m", Case.LADEN), ("diagram 3, T_M / P_M over p_m", Case.UNLADEN))
    trailer = (("diagram 4A, T_R / P_R over p_m", Case.LADEN), ("diagram 4A, T_R / P_R over p_m", Case.UNLADEN))
    return (*found, *(Check(clause=clause, case=case, tag="open", margin_ratio=None) for clause, case in figures + trailer))


def _base(rig: Rig, case: Case, share: float | Share) -> Check:
    """``z >= 0.10 + 0.85 (k - 0.20)`` for k of 0.2 to 0.8 on every axle."""
    worst = (float("inf"), 0.0)
    for point in curves(rig, case, share, _grid(5, 80)):
        for used in (point.front_ratio, point.drive_ratio):
            if 0.2 <= used <= 0.8:
                worst = min(worst, (point.braking_ratio - 0.10 - 0.85 * (used - 0.20), point.braking_ratio))
    return Check(
        clause="3.1.2 z >= 0.10 + 0.85 (k - 0.20)", case=case, tag="confirmed", margin_ratio=worst[0], at_braking_ratio=worst[1]
    )


def _heavy(rig: Rig, case: Case, share: float | Share) -> tuple[Check, Check]:
    """3.1.2.3: order or band in z 0.15 to 0.30, and the rear line from z 0.30 to k 0.8."""
    low = curves(rig, case, share, _grid(15, 30))
    order = min((point.front_ratio - point.drive_ratio, point.braking_ratio) for point in low)
    band = min((_band_margin(point), point.braking_ratio) for point in low)
    high = [point for point in curves(rig, case, share, _grid(30, 80)) if point.drive_ratio <= 0.8]
    rear = min(
        ((point.braking_ratio - 0.30 - 0.74 * (point.drive_ratio - 0.38), point.braking_ratio) for point in high),
        default=(float("-inf"), 0.30),
    )
    best = max(order, band)
    return (
        Check(
            clause="3.1.2.3 front above rear, or k = z +- 0.08",
            case=case,
            tag="confirmed",
            margin_ratio=best[0],
            at_braking_ratio=best[1],
        ),
        Check(
            clause="3.1.2.3 rear z >= 0.30 + 0.74 (k - 0.38)",
            case=case,
            tag="confirmed",
            margin_ratio=rear[0],
            at_braking_ratio=rear[1],
        ),
    )


def _band_margin(point: Point) -> float:
    """How far inside ``k = z +- 0.08``; the lower line does not apply to the rear axle."""
    upper = 0.08 - max(point.front_ratio, point.drive_ratio) + point.braking_ratio
    return min(upper, 0.08 + point.front_ratio - point.braking_ratio)


def _grid(first_percent: int, last_percent: int) -> tuple[float, ...]:
    return tuple(percent / 100.0 for percent in range(first_percent, last_percent + 1))


def semi_trailer_factor(*, load_n: float, most_n: float, weight_n: float, height_m: float, wheelbase_m: float) -> float:
    """Factor of diagram 4B for a semi-trailer: K_c with its laden figures, K_v with its unladen ones.

    Parameters
    ----------
    load_n, most_n : static load on the trailer's axles now, and laden (P_R and P_Rmax).
    weight_n, height_m : the trailer's whole weight and the height of its centre of gravity now.
    wheelbase_m : kingpin to the centre of the axles, E_R.

    Notes
    -----
    ``K = (1.7 - 0.7 q) (1.35 - 0.96 / E_R (1 + (h_R - 1.2) g P / P_R)) - (1 - q) (h_R - 1) / 2.5``, ``q = P_R / P_Rmax``.
    The formula is general knowledge; it reproduces the rule's worked example.

    Examples
    --------
    >>> round(semi_trailer_factor(load_n=150e3, most_n=150e3, weight_n=240e3, height_m=1.8, wheelbase_m=6.0), 4)
    1.0364
    """
    share = load_n / most_n
    first = (1.7 - 0.7 * share) * (1.35 - 0.96 / wheelbase_m * (1.0 + (height_m - 1.2) * weight_n / load_n))
    return first - (1.0 - share) * (height_m - 1.0) / 2.5
