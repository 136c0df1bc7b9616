"""A `Verdict`: one figure of a vehicle held against one limit, with its margin, and what would make it pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from fifthwheel.units import CELSIUS_ZERO_K, DEGREE, HOUR, KM, KMH, KWH, TONNE


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
            return start + ", ".join(filter(None, (self.value_text, "not verified", self.reason_en)))
        word = "at least" if self.at_least else "limit"
        return f"{start}{self.value_text}, {word} {self.limit_text}, margin {self.margin_text}"

    @property
    def line_zh(self) -> str:
        """The same in Chinese: “对照规则集 GB 1589（2016版）核查：48.2 t，限值49.0 t，余量0.8 t”."""
        start = f"对照规则集 {self.rule_set}（{self.version}版）核查："
        if self.margin is None:
            return start + "，".join(filter(None, (self.value_text, "未能核实", self.reason_zh)))
        word = "不小于" if self.at_least else "限值"
        return f"{start}{self.value_text}，{word}{self.limit_text}，余量{self.margin_text}"

    @property
    def value_text(self) -> str:
        """The value as people write it; empty without one."""
        return self._shown(self.value)

    @property
    def limit_text(self) -> str:
        """The limit as people write it; empty without one."""
        return self._shown(self.limit)

    @property
    def margin_text(self) -> str:
        """The margin as people write it, negative where it fails; empty without one."""
        if self.margin is None:
            return ""
        scale, digits, symbol = self._written
        return _text(self.margin / scale, digits, "K" if self.unit == "K" else symbol)

    def _shown(self, figure: float | None) -> str:
        if figure is None:
            return ""
        scale, digits, symbol = self._written
        return _text((figure - CELSIUS_ZERO_K if self.unit == "K" else figure) / scale, digits, symbol)

    @property
    def _written(self) -> tuple[float, int, str]:
        """Scale, decimals and name of the unit for value, limit and margin alike; more decimals where the margin needs them."""
        scale, digits, symbol = _unit(self.unit, self.value or 0.0, self.limit or 0.0)
        margin = abs(self.margin or 0.0) / scale
        return scale, digits if margin < 1e-6 or margin >= 0.5 * 10.0**-digits else digits + 2, symbol


HUMAN: Final[dict[str, tuple[float, int, str]]] = {
    "kg": (TONNE, 1, "t"), "kg/m": (TONNE, 2, "t/m"), "m": (1.0, 2, "m"), "W/kg": (1.0, 1, "kW/t"), "": (0.01, 1, "%"),
    "1": (1.0, 0, ""),
    "N": (1e3, 1, "kN"), "N·m": (1e3, 2, "kN·m"), "W": (1e3, 0, "kW"), "J": (KWH, 0, "kWh"), "rad": (DEGREE, 1, "°"),
    "m/s": (KMH, 1, "km/h"), "K": (1.0, 0, "°C"), "s": (1.0, 0, "s"),
}  # fmt: skip
"""How people write an SI unit: SI value of theirs, decimals, and its name."""
LARGE: Final = {"m": (KM, 0, "km"), "s": (HOUR, 1, "h")}
"""From one of these on, they write it so."""
SMALL_M: Final = 0.1
"""Lengths below it are written in millimetres."""


def _unit(unit: str, *figures: float) -> tuple[float, int, str]:
    if unit in LARGE and max(map(abs, figures)) >= LARGE[unit][0]:
        return LARGE[unit]
    if unit == "m" and max(map(abs, figures)) < SMALL_M:
        return 1e-3, 0, "mm"
    return HUMAN.get(unit, (1.0, 2, unit))


def human(value: float, unit: str) -> str:
    """A figure in SI as people write it.

    >>> human(48200.0, "kg"), human(0.251, ""), human(5.3, "m"), human(293.15, "K"), human(412e3, "m")
    ('48.2 t', '25.1 %', '5.30 m', '20 °C', '412 km')
    """
    scale, digits, symbol = _unit(unit, value)
    return _text((value - CELSIUS_ZERO_K if unit == "K" else value) / scale, digits, symbol)


def _text(shown: float, digits: int, symbol: str) -> str:
    number = f"{shown:.{digits}f}"
    zero = f"{0.0:.{digits}f}"
    return f"{zero if number == f'-{zero}' else number}{'' if symbol == '°' else ' '}{symbol}".rstrip()


def worst_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """By margin over limit, failures first; what could not be verified stands last."""

    def key(one: Verdict) -> tuple[bool, float]:
        margin = one.margin
        if margin is None:
            return True, inf
        return False, margin / abs(one.limit) if one.limit else margin

    return tuple(sorted(verdicts, key=key))
