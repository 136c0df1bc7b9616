"""A `Finding`: one figure with its unit, its 90 % interval, how it was found and what it rests on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Origin(StrEnum):
    """Where a figure comes from, best first."""

    MEASURED = "measured"
    ENTERED = "entered"
    ESTIMATED = "estimated"
    SIMULATED = "simulated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure that every surface (CLI, API, page, assistant) shows alike.

    Attributes
    ----------
    name : dotted name in the trade's terms, e.g. ``account.aero_still``.
    value : the figure in SI, or ``None`` when it cannot be known; `method` then says what is missing.
    unit : SI symbol, '' when dimensionless.
    low, high : ends of the 90 % interval, in the same unit; equal to `value` for exact counts.
    origin : measured, entered, estimated, simulated or assumed.
    method : one sentence on how it was found.
    evidence : what it rests on, as links: ``trip:ID``, ``vehicle:ID``, ``fault:ID``, ``catalogue:NAME``,
        ``observations:VEHICLE?from_us=..&to_us=..&signals=a,b``.
    """

    name: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    origin: Origin = Origin.MEASURED
    method: str = ""
    evidence: tuple[str, ...] = ()

    def contains(self, truth: float) -> bool:
        """Whether `truth` (same unit) lies inside the interval, ends included."""
        return self.low is not None and self.high is not None and self.low <= truth <= self.high

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready mapping with the attributes above."""
        return asdict(self) | {"origin": self.origin.value, "evidence": list(self.evidence)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Finding:
        """Inverse of `to_dict`."""
        return cls(**data | {"origin": Origin(data["origin"]), "evidence": tuple(data["evidence"])})


def with_margin(
    name: str, value: float, unit: str, *, margin: float, origin: Origin, method: str = "", evidence: tuple[str, ...] = ()
) -> Finding:
    """Finding whose interval is ``value ± margin`` (`margin` >= 0, in `unit`)."""
    return Finding(
        name=name,
        value=value,
        unit=unit,
        low=value - margin,
        high=value + margin,
        origin=origin,
        method=method,
        evidence=evidence,
    )
