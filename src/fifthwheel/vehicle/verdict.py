"""A `Verdict`: one figure of a vehicle held against one limit, with its margin, and what would make it pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from fifthwheel.units import CELSIUS_ZERO_K, DEGREE, KM, KMH, KWH, TONNE


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
    value, limit : in SI `unit` (empty for a share, ``1`` for a count); ``None`` where the data or the limit is missing,
        `reason_en` and `reason_zh` then say which.
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

    @property
    def line_en(self) -> str:
        """What was found, e.g. "check against rule set GB 1589, version 2016: 48.2 t, limit 49.0 t, margin 0.8 t"."""
        start = f"check against rule set {self.rule_set}, version {self.version}: "
        if self.margin is None:
            return start + ", ".join(filter(None, (self._figure(self.value), "not verified", self.reason_en)))
        word = "at least" if self.at_least else "limit"
        return f"{start}{self._figure(self.value)}, {word} {self._figure(self.limit)}, margin {self._margin}"

    @property
    def line_zh(self) -> str:
        """The same in Chinese: “对照规则集 GB 1589（2016版）核查：48.2 t，限值49.0 t，余量0.8 t”."""
        start = f"对照规则集 {self.rule_set}（{self.version}版）核查："
        if self.margin is None:
            return start + "，".join(filter(None, (self._figure(self.value), "未能核实", self.reason_zh)))
        word = "不小于" if self.at_least else "限值"
        return f"{start}{self._figure(self.value)}，{word}{self._figure(self.limit)}，余量{self._margin}"

    def _figure(self, value: float | None) -> str:
        return "" if value is None else human(value, self.unit, self._digits)

    @property
    def _margin(self) -> str:
        assert self.margin is not None, "only a verdict with a margin prints it"
        scale, _, unit = HUMAN.get(self.unit, (1.0, 2, self.unit))
        if self.unit == "m" and abs(self.limit or 0.0) >= ROAD_M:
            return _text(self.margin / KM, 0, "km")
        return _text(self.margin / scale, self._digits, unit)

    @property
    def _digits(self) -> int:
        """More where the margin would read as nothing."""
        scale, digits, _ = HUMAN.get(self.unit, (1.0, 2, self.unit))
        margin = abs(self.margin or 0.0) / scale
        return digits if margin == 0.0 or margin >= 0.5 * 10.0**-digits else digits + 2


HUMAN: Final[dict[str, tuple[float, int, str]]] = {
    "kg": (TONNE, 1, "t"), "kg/m": (TONNE, 2, "t/m"), "m": (1.0, 2, "m"), "W/kg": (1.0, 1, "kW/t"), "": (0.01, 1, "%"),
    "1": (1.0, 0, ""),
    "N": (1e3, 1, "kN"), "N·m": (1e3, 2, "kN·m"), "W": (1e3, 0, "kW"), "J": (KWH, 0, "kWh"), "rad": (DEGREE, 1, "°"),
    "m/s": (KMH, 1, "km/h"), "K": (1.0, 0, "°C"), "s": (1.0, 0, "s"),
}  # fmt: skip
"""How people write an SI unit: SI value of theirs, decimals, and its name."""


ROAD_M: Final = 5e3
"""From here on a length is a way on the road."""


def human(value: float, unit: str, digits: int | None = None) -> str:
    """A figure in SI as people write it.

    >>> human(48200.0, "kg"), human(0.251, ""), human(5.3, "m"), human(293.15, "K")
    ('48.2 t', '25.1 %', '5.30 m', '20 °C')
    """
    if unit == "m" and abs(value) >= ROAD_M:
        return _text(value / KM, 0, "km")
    scale, usual, symbol = HUMAN.get(unit, (1.0, 2, unit))
    shown = value - CELSIUS_ZERO_K if unit == "K" else value / scale
    return _text(shown, usual if digits is None else digits, symbol)


def _text(shown: float, digits: int, symbol: str) -> str:
    number = f"{shown:.{digits}f}"
    return f"{number}{'' if symbol == '°' else ' '}{symbol}".rstrip()


def worst_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """By margin over limit, failures first; what could not be verified stands last."""

    def key(one: Verdict) -> tuple[bool, float]:
        ratio = one.margin_ratio if one.margin_ratio is not None else one.margin
        return one.outcome is Outcome.NOT_VERIFIED, inf if ratio is None else ratio

    return tuple(sorted(verdicts, key=key))
