"""How a `Finding` is read: SI into the units people use, local clock times, durations, intervals, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from fifthwheel.finding import Finding
from fifthwheel.units import (
    BAR,
    CELSIUS_ZERO_K,
    DAY,
    DEGREE,
    HOUR,
    KM,
    KMH,
    KWH,
    LITRE,
    RPM,
    TONNE,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HUNDRED_KM: Final = 100 * KM
_READ: Final[dict[str, tuple[float, str]]] = {
    "m": (KM, "km"),
    "m/s": (KMH, "km/h"),
    "J": (KWH, "kWh"),
    "J/m": (KWH / _HUNDRED_KM, "kWh/100 km"),
    "m³": (LITRE, "L"),
    "m³/m": (LITRE / _HUNDRED_KM, "L/100 km"),
    "m³/s": (LITRE / HOUR, "L/h"),
    "kg/m": (1 / _HUNDRED_KM, "kg/100 km"),
    "W": (1e3, "kW"),
    "Pa": (BAR, "bar"),
    "rad/s": (RPM, "rpm"),
    "rad": (DEGREE, "°"),
    "/m": (1 / KM, "km"),
    "/(kg·m)": (1 / (KM * TONNE), "tkm"),
}
"""SI symbol: (SI value of the unit people read, its symbol)."""
_CURRENCY: Final = re.compile(r"[A-Z]{3}(/|$)")
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


_NEAR_DAYS: Final = {0: ("today", "今天"), 1: ("yesterday", "昨天")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Whom an answer is for: language (``zh`` or ``en``), the fleet's time zone, and now (UTC microseconds)."""

    language: str
    timezone: tzinfo
    now_us: int

    def pick(self, en: str, zh: str) -> str:
        """The one in the reader's language."""
        return zh if self.language == "zh" else en

    def local(self, time_us: int) -> datetime:
        """`time_us` on the fleet's clock."""
        return (_EPOCH + timedelta(microseconds=time_us)).astimezone(self.timezone)

    def day(self, moment: datetime) -> str:
        """Calendar day, with the year when it is not this one."""
        year = moment.year != self.local(self.now_us).year
        if self.language == "zh":
            return f"{moment.year}年{moment.month}月{moment.day}日" if year else f"{moment.month}月{moment.day}日"
        return f"{moment.day} {_MONTHS[moment.month - 1]}{f' {moment.year}' if year else ''}"

    def time(self, time_us: int) -> str:
        """Day and clock."""
        moment = self.local(time_us)
        near = self._near_day(moment)
        return f"{self.pick(*near) if near else self.day(moment)} {moment:%H:%M}"

    def span(self, start_us: int, end_us: int) -> str:
        """A span of time in words: one day, several, or with clock times."""
        start, end = self.local(start_us), self.local(end_us)
        if start.time() == end.time() == datetime.min.time():
            last = end - timedelta(days=1)
            if start.date() >= last.date():
                return self._named_day(start)
            return f"{self.pick('from ', '')}{self.day(start)}{self.pick(' to ', '至')}{self.day(last)}"
        if start.date() == end.date():
            return f"{self._named_day(start)} {start:%H:%M}–{end:%H:%M}"
        return f"{self.pick('from ', '')}{self.day(start)} {start:%H:%M}{self.pick(' to ', '至')}{self.day(end)} {end:%H:%M}"

    def duration(self, value_s: float) -> str:
        """Hours and minutes, or days, or seconds."""
        minutes = round(value_s / 60)
        if value_s < 90:
            return f"{value_s:.0f}{self.pick(' s', ' 秒')}"
        if value_s < HOUR:
            return f"{minutes}{self.pick(' min', ' 分钟')}"
        if value_s < 2 * DAY:
            rest = f" {minutes % 60}{self.pick(' min', ' 分')}" if minutes % 60 else ""
            return f"{minutes // 60}{self.pick(' h', ' 小时')}{rest}"
        return f"{value_s / DAY:.1f}{self.pick(' days', ' 天')}"

    def _named_day(self, moment: datetime) -> str:
        near = self._near_day(moment)
        if near is None:
            return self.pick(f"on {self.day(moment)}", self.day(moment))
        return f"{self.pick(*near)}{self.pick(' (', '（')}{self.day(moment)}{self.pick(')', '）')}"

    def _near_day(self, moment: datetime) -> tuple[str, str] | None:
        return _NEAR_DAYS.get((self.local(self.now_us).date() - moment.date()).days)


@dataclass(frozen=True, slots=True)
class Figure:
    """A `Finding` that a phrase can format.

    The format is empty (value with unit), or a name of `_FORMATS`: ``interval`` adds the 90 % interval, ``percent``,
    ``signed``, ``signed_percent``, ``ago`` (an age), ``count``, ``clock`` (an instant without its day), ``mute`` (nothing: a
    fragment that only depends on it); or ``one|many``, the nouns that a count goes with.
    """

    finding: Finding
    style: Style

    def __format__(self, name: str) -> str:
        value = self.finding.value
        assert value is not None, f"{self.finding.name} has no value; phrases leave it out"
        if "|" in name:
            one, many = name.split("|")
            return f"{value:,.0f} {one if value == 1 else many}"
        return _FORMATS[name](self.finding, value, self.style)


def _plain(finding: Finding, value: float, style: Style) -> str:
    special = _SPECIAL.get(finding.unit)
    if special is not None:
        return special(finding, value, style)
    if _CURRENCY.match(finding.unit):
        return _money(finding, value, style)
    factor, symbol = _READ.get(finding.unit, (1.0, finding.unit))
    return f"{_number(value / factor)} {symbol}"


def _money(finding: Finding, value: float, style: Style) -> str:
    """Money a kilometre, a tonne and kilometre, or an amount in millions (万 in Chinese)."""
    currency, _, per = finding.unit.partition("/")
    name = style.pick(currency, {"CNY": "元", "EUR": "欧元", "USD": "美元"}.get(currency, currency))
    if per:
        factor, symbol = _READ[f"/{per}"]
        return f"{value / factor:.{3 if 'kg' in per else 2}f} {name}/{symbol}"
    return style.pick(f"{value / 1e6:.2f} million {name}", f"{value / 1e4:.0f} 万{name}")


def _dimensionless(finding: Finding, value: float, style: Style) -> str:
    return _percent(finding, value, style) if finding.name.endswith("_ratio") else _number(value)


def _mass(_finding: Finding, value: float, _style: Style) -> str:
    return f"{value / TONNE:.1f} t" if abs(value) >= TONNE else f"{_number(value)} kg"


def _interval(finding: Finding, value: float, style: Style) -> str:
    text = _plain(finding, value, style)
    if finding.low is None or finding.high is None or finding.low == finding.high:
        return text
    if _CURRENCY.match(finding.unit):
        ends = (_money(finding, end, style).partition(" ")[0] for end in (finding.low, finding.high))
        return f"{text}{style.pick(' (', '（')}{'–'.join(ends)}{style.pick(')', '）')}"
    factor, _ = _READ.get(finding.unit, (1.0, finding.unit))
    low, high = (_number(end / factor) for end in (finding.low, finding.high))
    return f"{text}{style.pick(' (', '（')}{low}–{high}{style.pick(')', '）')}"


def _percent(_finding: Finding, value: float, _style: Style) -> str:
    return f"{value * 100:.{0 if abs(value) >= 0.0995 else 1}f} %"


def _signed(finding: Finding, value: float, style: Style) -> str:
    return f"{'+' if value > 0 else ''}{_plain(finding, value, style)}"


def _signed_percent(finding: Finding, value: float, style: Style) -> str:
    return f"{'+' if value > 0 else ''}{_percent(finding, value, style)}"


def _ago(_finding: Finding, value: float, style: Style) -> str:
    if value < 10:
        return style.pick("just now", "刚刚")
    return style.pick(f"{style.duration(value)} ago", f"{style.duration(value)}前")


def _clock(_finding: Finding, value: float, style: Style) -> str:
    return f"{style.local(int(value)):%H:%M}"


def _mute(_finding: Finding, _value: float, _style: Style) -> str:
    return ""


def _number(value: float) -> str:
    """About three significant digits, whole numbers as they are."""
    digits = 0 if abs(value) >= 99.95 or value == int(value) else 1 if abs(value) >= 0.995 else 2
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def _count(_finding: Finding, value: float, _style: Style) -> str:
    return f"{value:,.0f}"


_SPECIAL: Final[dict[str, Callable[[Finding, float, Style], str]]] = {
    "": _dimensionless,
    "kg": _mass,
    "s": lambda _finding, value, style: style.duration(value),
    "µs": lambda _finding, value, style: style.time(int(value)),
    "K": lambda _finding, value, _style: f"{value - CELSIUS_ZERO_K:.0f} °C",
    "°": lambda _finding, value, _style: f"{value:.4f}°",
}
_FORMATS: Final[dict[str, Callable[[Finding, float, Style], str]]] = {
    "": _plain,
    "interval": _interval,
    "percent": _percent,
    "signed": _signed,
    "signed_percent": _signed_percent,
    "ago": _ago,
    "count": _count,
    "clock": _clock,
    "mute": _mute,
}
FORMATS: Final = tuple(_FORMATS)
"""Every way to format a `Figure`."""
