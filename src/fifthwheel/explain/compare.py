"""Like trips, and why one trip cost more or less than they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fifthwheel.explain.trips import great_circle_m
from fifthwheel.finding import Finding, Origin

FEWEST: Final = 3
"""Fewer like trips than this do not make a median; the next wider circle is asked."""
MOST: Final = 20
NEAR_M: Final = 15_000.0
"""Ends of trips of one corridor lie this close, start to start and end to end."""
SPEED_RATIO: Final = 0.2
MASS_RATIO: Final = 0.25
REASONS_COUNT: Final = 5
LEAST_RATIO: Final = 0.005
"""A term that differs by less than this share of the trip's energy is no reason."""
SPREAD_OF_MAD: Final = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A trip as far as comparing needs it; `ends` is (latitude, longitude) of start and end in degrees, if known."""

    trip_id: str
    energy_kind: str
    distance_m: float
    moving_s: float
    mass_kg: float | None
    energy_j: float
    terms: Mapping[str, Finding]
    """By bare term name."""
    ends: tuple[float, float, float, float] | None = None

    def per_metre(self, name: str) -> float:
        """A term over distance, J/m."""
        found = self.terms.get(name)
        return (found.value or 0.0) / self.distance_m if found else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Like trips of a trip: their ids, median energy and terms in J/m, and the reasons it differs, largest first.

    `circle` says in words what they have in common. `reasons` are ``why.<term>`` in J over this trip, positive = costs more here.
    """

    trip_ids: tuple[str, ...] = ()
    energy_jpm: float | None = None
    terms_jpm: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Finding, ...] = ()
    circle: str = ""


def compare(case: Case, others: Sequence[Case]) -> Comparison:
    """Compare `case` with the like trips among `others`: nearest circle first, each of at least `FEWEST` trips."""
    same_kind = [other for other in others if other.energy_kind == case.energy_kind and other.trip_id != case.trip_id]
    same_kind = [other for other in same_kind if other.distance_m > 0.2 * case.distance_m]
    driven_alike = [other for other in same_kind if _driven_alike(case, other)]
    circles = {
        "same corridor, speed and mass": [other for other in driven_alike if _same_corridor(case, other)],
        "same corridor": [other for other in same_kind if _same_corridor(case, other)],
        "similar speed and mass": driven_alike,
        "same kind of energy": same_kind,
    }
    for circle, found in circles.items():
        if len(found) >= FEWEST:
            return _compared(case, found[:MOST], circle)
    return Comparison()


def _compared(case: Case, like: list[Case], circle: str) -> Comparison:
    names = [name for name in case.terms if any(name in other.terms for other in like)]
    per_metre = {name: np.array([other.per_metre(name) for other in like]) for name in names}
    median = {name: float(np.median(values)) for name, values in per_metre.items()}
    reasons = []
    for name in names:
        more_j = (case.per_metre(name) - median[name]) * case.distance_m
        own = case.terms[name]
        own_j = (own.high - own.low) / 2 if own.low is not None and own.high is not None else 0.0
        spread_jpm = SPREAD_OF_MAD * float(np.median(np.abs(per_metre[name] - median[name])))
        margin_j = float(np.hypot(own_j, 1.645 * spread_jpm * case.distance_m / np.sqrt(len(like))))
        if abs(more_j) > LEAST_RATIO * abs(case.energy_j):
            reasons.append(_reason(name, more_j, margin_j, f"{len(like)} trips: {circle}", like))
    reasons.sort(key=lambda finding: -abs(finding.value or 0.0))
    return Comparison(
        trip_ids=tuple(other.trip_id for other in like),
        energy_jpm=float(np.median([other.energy_j / other.distance_m for other in like])),
        terms_jpm=median,
        reasons=tuple(reasons[:REASONS_COUNT]),
        circle=circle,
    )


def _reason(name: str, value_j: float, margin_j: float, circle: str, like: list[Case]) -> Finding:
    return Finding(
        name=f"why.{name}",
        value=value_j,
        unit="J",
        low=value_j - margin_j,
        high=value_j + margin_j,
        origin=Origin.ESTIMATED,
        method=f"this trip's term less the median per metre of {circle}, over its distance",
        evidence=tuple(f"trip:{other.trip_id}" for other in like),
    )


def _driven_alike(case: Case, other: Case) -> bool:
    speeds = case.distance_m / max(case.moving_s, 1.0), other.distance_m / max(other.moving_s, 1.0)
    if abs(speeds[1] / max(speeds[0], 0.1) - 1) > SPEED_RATIO:
        return False
    return case.mass_kg is None or other.mass_kg is None or abs(other.mass_kg / case.mass_kg - 1) <= MASS_RATIO


def _same_corridor(case: Case, other: Case) -> bool:
    if case.ends is None or other.ends is None:
        return False
    return great_circle_m(*case.ends[:2], *other.ends[:2]) < NEAR_M and great_circle_m(*case.ends[2:], *other.ends[2:]) < NEAR_M
