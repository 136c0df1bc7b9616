"""A `Verdict`: one figure of a vehicle held against one limit, with its margin, and what would make it pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import inf


class Outcome(StrEnum):
    """What a check found."""

    PASS = "pass"
    FAIL = "fail"
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One check.

    Attributes
    ----------
    rule : stable name of the row, e.g. ``gross-6-axle``. kind : ``law``, ``coupling``, ``body`` or ``performance``.
    rule_set, version : what it is checked against; for others than laws the practice or the duty.
    tag, source : where the limit comes from; ``[K]`` marks general knowledge that nobody has checked against the text.
    value, limit : in SI `unit`; ``None`` where the data or the limit is missing, `reason_en` and `reason_zh` then say which.
    at_least : whether the value must reach the limit; else it must not exceed it.
    remedy_en, remedy_zh : what would make a failure pass.
    """

    rule: str
    kind: str
    title_en: str
    title_zh: str
    rule_set: str
    version: str
    tag: str
    source: str
    value: float | None
    limit: float | None
    unit: str
    at_least: bool = False
    reason_en: str = ""
    reason_zh: str = ""
    remedy_en: str = ""
    remedy_zh: str = ""

    @property
    def margin(self) -> float | None:
        """How far the value is on the good side of the limit, in `unit`; negative where it fails."""
        if self.value is None or self.limit is None:
            return None
        return self.value - self.limit if self.at_least else self.limit - self.value

    @property
    def margin_ratio(self) -> float | None:
        """The margin over the limit."""
        if self.margin is None or not self.limit:
            return None
        return self.margin / abs(self.limit)

    @property
    def outcome(self) -> Outcome:
        """Whether it holds; rounding of one part in a billion is no failure."""
        if self.margin is None:
            return Outcome.NOT_VERIFIED
        return Outcome.PASS if self.margin >= -1e-9 * abs(self.limit or 0.0) else Outcome.FAIL


def worst_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """By margin over limit, failures first; what could not be verified stands last."""

    def key(one: Verdict) -> tuple[bool, float]:
        ratio = one.margin_ratio if one.margin_ratio is not None else one.margin
        return one.outcome is Outcome.NOT_VERIFIED, inf if ratio is None else ratio

    return tuple(sorted(verdicts, key=key))
