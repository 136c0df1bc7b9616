"""Dates of questions: "yesterday", "last 3 days", "上周五", "11月20日" become spans of time in the fleet's time zone.

A calendar day runs from local midnight to the next, a week from Monday; "last 3 days" are today and the two before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Final, NamedTuple

from fifthwheel.assistant.language import Reading, alternatives, vocabulary
from fifthwheel.units import SECOND_US

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHINESE_DIGITS: Final = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ENGLISH_NUMBERS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


class Span(NamedTuple):
    """UTC microseconds, end excluded."""

    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar at `now_us` in `timezone`."""

    now_us: int
    timezone: tzinfo

    @property
    def today(self) -> date:
        """The local day that runs now."""
        return (_EPOCH + timedelta(microseconds=self.now_us)).astimezone(self.timezone).date()

    def at(self, day: date, hour: int = 0) -> int:
        """Instant of a local clock hour; hours from 24 on belong to the next day."""
        day += timedelta(days=hour // 24)
        moment = datetime(day.year, day.month, day.day, hour % 24, tzinfo=self.timezone)
        return int(moment.timestamp()) * SECOND_US

    def day(self, day: date, hours: tuple[int, int] = (0, 24)) -> Span:
        """A local day, or its hours."""
        return Span(self.at(day, hours[0]), self.at(day, hours[1]))

    def days(self, first: date, last: date) -> Span:
        """Local days, both included."""
        return Span(self.at(first), self.at(last, 24))

    def past(self, count: int, unit: str) -> Span:
        """The last `count` hours to the minute; or days, weeks, months, today included."""
        if unit == "hour":
            return Span(self.now_us - count * 3600 * SECOND_US, self.now_us)
        days = {"day": 1, "week": 7, "month": 30}[unit] * count
        return self.days(self.today - timedelta(days=days - 1), self.today)

    def whole(self, unit: str, back: int) -> Span:
        """The calendar day, week or month that runs now, or `back` of them ago."""
        if unit == "week":
            monday = self.today - timedelta(days=self.today.weekday() + 7 * back)
            return self.days(monday, monday + timedelta(days=6))
        if unit == "month":
            months = self.today.year * 12 + self.today.month - 1 - back
            first, following = (date(m // 12, m % 12 + 1, 1) for m in (months, months + 1))
            return self.days(first, following - timedelta(days=1))
        return self.day(self.today - timedelta(days=back))

    def weekday(self, weekday: int, back_weeks: int | None) -> Span:
        """A weekday of this week (0), last week (1), or the latest one that is not in the future (``None``)."""
        if back_weeks is None:
            return self.day(self.today - timedelta(days=(self.today.weekday() - weekday) % 7))
        return self.day(self.today - timedelta(days=self.today.weekday() - weekday + 7 * back_weeks))

    def date(self, month: int, day: int, year: int | None = None) -> Span | None:
        """A date, without a year the latest one that is not in the future; ``None`` when there is no such day."""
        for candidate in [year] if year else [self.today.year - back for back in range(9)]:
            try:
                found = date(candidate, month, day)
            except ValueError:
                continue
            if year or found <= self.today:
                return self.day(found)
        return None


def mark_dates(reading: Reading, calendar: Calendar) -> None:
    """Find dates in the question: kind ``span`` (neighbours joined by "to" become one), or ``no_date`` for a 30 February."""
    for pattern, resolve in _rules():
        for match in pattern.finditer(reading.text.lower()):
            span = resolve(calendar, {name: text for name, text in match.groupdict().items() if text})
            if reading.free(*match.span()):
                reading.take(
                    "no_date" if span is None else "span", span or reading.text[match.start() : match.end()], *match.span()
                )
    _add_day_parts(reading, calendar)
    _join(reading, calendar)


Resolve = Callable[[Calendar, dict[str, str]], Span | None]


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Resolve], ...]:
    """Patterns built from the calendar words, the more specific first."""
    words: dict[str, Any] = vocabulary()
    units = alternatives(word for forms in words["units"].values() for word in forms)
    named = {name: alternatives(words[name]) for name in ("days", "months", "moments")}
    spans = {name: alternatives(forms) for name, forms in words["spans"].items()}
    english_weekdays = alternatives(word for word in words["weekdays"] if word.isascii())
    number, zh_number = (
        rf"(?P<n>\d{{1,3}}|{alternatives(_ENGLISH_NUMBERS[1:])}|[一二两三四五六七八九十]{{1,3}})",
        "[一二三四五六七八九十]{1,3}",
    )
    until, between = f"(?:{spans['until']})", f"(?:{spans['between']})"
    ordinal, zh_day = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", rf"(?P<d>\d{{1,2}}|{zh_number})"
    rules: tuple[tuple[str, Resolve], ...] = (
        (r"(?<!\d)(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?", _date),
        (rf"(?P<m>\d{{1,2}}|{zh_number})月(?P<first>\d{{1,2}})[日号]?\s*(?:{until})\s*(?P<d>\d{{1,2}})[日号]", _dates),
        (rf"(?:{between}\s+)?(?P<first>\d{{1,2}})\s*(?:{until})\s*{ordinal}\s+(?P<month>{named['months']})", _dates),
        (rf"(?P<m>\d{{1,2}}|{zh_number})月{zh_day}[日号]?", _date),
        (rf"\b{ordinal}\s+(?:of\s+)?(?P<month>{named['months']})\.?(?:,?\s+(?P<y>\d{{4}}))?", _date),
        (rf"(?P<month>{named['months']})\.?\s+{ordinal}\b(?:,?\s+(?P<y>\d{{4}}))?", _date),
        (r"(?<!\d)(?P<d>\d{1,2})[号日](?!车)", _day_of_month),
        (rf"{number}\s*(?P<unit>{units})\s*(?:{spans['ago']})", _ago),
        (rf"(?:{spans['past']})\s*{number}\s*(?P<unit>{units})", _past),
        (rf"(?:{spans['rolling']})\s+(?P<unit>{units})", _past),
        (rf"(?:(?P<twice>{spans['before_previous']})|the)\s*(?P<unit>{units})(?(twice)| before last)", _before_previous),
        (rf"(?P<this>{spans['this']})\s*(?P<unit>{units})(?![一二三四五六日天])", _whole),
        (rf"(?P<previous>{spans['previous']})\s*(?P<unit>{units})(?![一二三四五六日天])", _whole),
        (rf"(?P<moment>{named['moments']})", _moment),
        (rf"(?P<word>{named['days']})", _named_day),
        (r"(?P<previous>上个?)?(?P<this>[本这]个?)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])", _weekday),
        (rf"(?:(?P<previous>last)\s+)?(?P<weekday>{english_weekdays})", _weekday),
    )
    prefix = rf"(?:(?:{spans['prefix']})\s+)?"
    return tuple((re.compile(prefix + pattern), resolve) for pattern, resolve in rules)


def _date(calendar: Calendar, found: dict[str, str]) -> Span | None:
    month = vocabulary()["months"][found["month"]] if "month" in found else _number(found["m"])
    return calendar.date(month, _number(found["d"]), int(found["y"]) if "y" in found else None)


def _dates(calendar: Calendar, found: dict[str, str]) -> Span | None:
    first, last = _date(calendar, found | {"d": found["first"]}), _date(calendar, found)
    return Span(first.start_us, last.end_us) if first and last else None


def _day_of_month(calendar: Calendar, found: dict[str, str]) -> Span | None:
    first = calendar.today.replace(day=1)
    for month in (first, (first - timedelta(days=1)).replace(day=1)):
        span = calendar.date(month.month, int(found["d"]), month.year)
        if span is not None and span.start_us <= calendar.now_us:
            return span
    return None


def _ago(calendar: Calendar, found: dict[str, str]) -> Span:
    count, unit = _number(found["n"]), _unit(found["unit"])
    if unit == "hour":
        return calendar.past(count, unit)
    return calendar.whole(unit, count)


def _past(calendar: Calendar, found: dict[str, str]) -> Span:
    return calendar.past(_number(found.get("n", "1")), _unit(found["unit"]))


def _before_previous(calendar: Calendar, found: dict[str, str]) -> Span:
    return calendar.whole(_unit(found["unit"]), 2)


def _whole(calendar: Calendar, found: dict[str, str]) -> Span | None:
    unit = _unit(found["unit"])
    back = 1 if "previous" in found else 0
    return calendar.past(1, unit) if unit == "hour" else calendar.whole(unit, back)


def _moment(calendar: Calendar, found: dict[str, str]) -> Span:
    days, start, end = vocabulary()["moments"][found["moment"]]
    return calendar.day(calendar.today + timedelta(days=days), (start, end))


def _named_day(calendar: Calendar, found: dict[str, str]) -> Span:
    return calendar.day(calendar.today + timedelta(days=vocabulary()["days"][found["word"]]))


def _weekday(calendar: Calendar, found: dict[str, str]) -> Span:
    weekday = vocabulary()["weekdays"][found.get("zh") or found["weekday"]]
    if "previous" in found and "weekday" in found:
        return calendar.day(calendar.today - timedelta(days=(calendar.today.weekday() - weekday - 1) % 7 + 1))
    back = 1 if "previous" in found else 0 if "this" in found else None
    return calendar.weekday(weekday, back)


def _add_day_parts(reading: Reading, calendar: Calendar) -> None:
    """ "yesterday morning", "昨天下午", "on the morning of 20 November": the day's hours; alone, today's."""
    parts = vocabulary()["day_parts"]
    pattern = re.compile(rf"(?:in the |on the )?(?P<part>{alternatives(parts)})(?: of)?")
    for match in pattern.finditer(reading.text.lower()):
        if not reading.free(*match.span()):
            continue
        hours = tuple(parts[match["part"]])
        near = [m for m in reading.of("span") if not reading.text[m.end : match.start()].strip(" 的")]
        near += [m for m in reading.of("span") if not reading.text[match.end() : m.start].strip()]
        day = min((m for m in near), key=lambda m: abs(m.start - match.start()), default=None)
        if day is not None:
            reading.mentions.remove(day)
        start_us = day.value.start_us if day else calendar.at(calendar.today)
        local = (_EPOCH + timedelta(microseconds=start_us)).astimezone(calendar.timezone).date()
        reading.take("span", calendar.day(local, (hours[0], hours[1])), *match.span())


def _join(reading: Reading, calendar: Calendar) -> None:
    """ "from A to B" is one span, "since A" runs until now."""
    spans = vocabulary()["spans"]
    joining = re.compile(rf"\s*(?:{alternatives(spans['until'])})\s*(?:on\s+)?")
    opening = re.compile(rf"(?:{alternatives(spans['between'])})\s*$")
    since = re.compile(rf"(?:{alternatives(spans['since'])})\s*$")
    so_far = re.compile(rf"\s*(?:{alternatives(spans['so_far'])})")
    found = reading.of("span")
    for first, second in itertools.pairwise(found):
        between = reading.text.lower()[first.end : second.start]
        opened = opening.search(reading.text.lower()[: first.start])
        touching = first.value.end_us == second.value.start_us
        if joining.fullmatch(between) and (opened or touching or between.strip() != "and"):
            for mention in (first, second):
                reading.mentions.remove(mention)
            start = opened.start() if opened else first.start
            reading.take("span", Span(first.value.start_us, second.value.end_us), start, second.end)
            return
    for mention in found:
        before = since.search(reading.text.lower()[: mention.start])
        after = so_far.match(reading.text[mention.end :])
        if before or after:
            reading.mentions.remove(mention)
            start = before.start() if before else mention.start
            end = mention.end + (after.end() if after else 0)
            reading.take("span", Span(mention.value.start_us, calendar.at(calendar.today, 24)), start, end)


def _unit(word: str) -> str:
    units: dict[str, list[str]] = vocabulary()["units"]
    return next(unit for unit, words in units.items() if word in words)


def _number(text: str) -> int:
    """A number in digits, English or Chinese words up to 99.

    >>> _number("12"), _number("three"), _number("二十一"), _number("十")
    (12, 3, 21, 10)
    """
    if text.isdigit():
        return int(text)
    if text in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS.index(text)
    tens, ten, ones = text.rpartition("十")
    return (_CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + _CHINESE_DIGITS.get(ones, 0)
