"""Dates of questions in the fleet's time zone, on any day, in any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.assistant.dates import Calendar, Span, mark_dates
from fifthwheel.assistant.language import Reading

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=SHANGHAI)  # a Sunday


def us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


def spans(text: str, now: datetime = NOW, zone: ZoneInfo = SHANGHAI) -> list[Span]:
    reading = Reading(text)
    mark_dates(reading, Calendar(us(now), zone))
    return reading.values("span")


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return us(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", (11, 22), (11, 23)),
        ("昨天", (11, 21), (11, 22)),
        ("the day before yesterday", (11, 20), (11, 21)),
        ("大前天", (11, 19), (11, 20)),
        ("3 days ago", (11, 19), (11, 20)),
        ("三天前", (11, 19), (11, 20)),
        ("last 3 days", (11, 20), (11, 23)),
        ("最近三天", (11, 20), (11, 23)),
        ("近7天", (11, 16), (11, 23)),
        ("in the past week", (11, 16), (11, 23)),
        ("this week", (11, 16), (11, 23)),
        ("last week", (11, 9), (11, 16)),
        ("上周", (11, 9), (11, 16)),
        ("上上周", (11, 2), (11, 9)),
        ("the week before last", (11, 2), (11, 9)),
        ("本月", (11, 1), (12, 1)),
        ("上个月", (10, 1), (11, 1)),
        ("last Friday", (11, 20), (11, 21)),
        ("on Monday", (11, 16), (11, 17)),
        ("上周五", (11, 13), (11, 14)),
        ("周三", (11, 18), (11, 19)),
        ("on 20 November", (11, 20), (11, 21)),
        ("November 20th, 2026", (11, 20), (11, 21)),
        ("2026-11-20", (11, 20), (11, 21)),
        ("11月20日", (11, 20), (11, 21)),
        ("十一月二十日", (11, 20), (11, 21)),
        ("20号", (11, 20), (11, 21)),
        ("11月18日到20日", (11, 18), (11, 21)),
        ("10月18日至10月20日", (10, 18), (10, 21)),
        ("from 18 to 20 November", (11, 18), (11, 21)),
        ("between 18 November and 20 November", (11, 18), (11, 21)),
        ("yesterday and today", (11, 21), (11, 23)),
        ("since Monday", (11, 16), (11, 23)),
        ("周一以来", (11, 16), (11, 23)),
        ("last night", (11, 21, 18), (11, 22, 6)),
        ("昨天晚上", (11, 21, 18), (11, 22, 6)),
        ("今天上午", (11, 22), (11, 22, 12)),
        ("yesterday afternoon", (11, 21, 12), (11, 21, 18)),
        ("on the morning of 20 November", (11, 20), (11, 20, 12)),
        ("last 2 hours", (11, 22, 13, 30), (11, 22, 15, 30)),
        ("过去两小时", (11, 22, 13, 30), (11, 22, 15, 30)),
    ],
)
def test_a_date_is_the_span_people_mean(text: str, start: tuple[int, ...], end: tuple[int, ...]) -> None:
    assert spans(text) == [Span(local(*start), local(*end))]


@pytest.mark.parametrize("text", ["鲁B36712", "how far", "the last trip", "跑得最远", "100 km", "两辆车"])
def test_other_words_are_no_date(text: str) -> None:
    assert spans(text) == []


def test_a_date_without_a_year_is_the_latest_one() -> None:
    assert spans("on 24 December") == [
        Span(us(datetime(2025, 12, 24, tzinfo=SHANGHAI)), us(datetime(2025, 12, 25, tzinfo=SHANGHAI)))
    ]


def test_a_day_that_does_not_exist_is_told_apart_from_no_date() -> None:
    reading = Reading("energy on 30 February")
    mark_dates(reading, Calendar(us(NOW), SHANGHAI))
    assert reading.values("no_date") == ["on 30 February"]


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(now=MOMENTS, name=ZONES)
def test_days_meet_at_local_midnight(now: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    today, yesterday = spans("today", now, zone)[0], spans("昨天", now, zone)[0]
    assert today.start_us <= us(now) < today.end_us
    assert yesterday.end_us == today.start_us
    for edge in (*today, *yesterday):
        moment = datetime.fromtimestamp(edge / 1e6, zone)
        assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)


@given(now=MOMENTS, name=ZONES, count=st.integers(1, 60))
def test_the_last_days_are_so_many_calendar_days_up_to_today(now: datetime, name: str, count: int) -> None:
    zone = ZoneInfo(name)
    (span,) = spans(f"last {count} days", now, zone)
    assert spans(f"最近{count}天", now, zone) == [span]
    first = datetime.fromtimestamp(span.start_us / 1e6, zone).date()
    assert first == now.astimezone(zone).date() - timedelta(days=count - 1)
    assert span.end_us == spans("today", now, zone)[0].end_us


@given(now=MOMENTS, name=ZONES, back=st.integers(0, 300))
def test_a_date_and_its_distance_from_today_are_the_same_day(now: datetime, name: str, back: int) -> None:
    zone = ZoneInfo(name)
    day: date = now.astimezone(zone).date() - timedelta(days=back)
    expected = spans(f"{back + 0} days ago", now, zone)
    for text in (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"on {day.day} {day:%B} {day.year}", f"{back}天前"):
        assert spans(text, now, zone) == expected


@given(now=MOMENTS, name=ZONES, weekday=st.integers(0, 6))
def test_a_weekday_is_the_latest_one(now: datetime, name: str, weekday: int) -> None:
    zone = ZoneInfo(name)
    english = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]
    (span,) = spans(f"on {english}", now, zone)
    day = datetime.fromtimestamp(span.start_us / 1e6, zone).date()
    assert day.weekday() == weekday
    assert timedelta(0) <= now.astimezone(zone).date() - day < timedelta(days=7)
    assert spans(f"周{'一二三四五六日'[weekday]}", now, zone) == [span]
