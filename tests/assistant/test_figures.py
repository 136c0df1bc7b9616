"""Findings in the units people read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.assistant.figures import Figure, Style
from fifthwheel.finding import Finding

ZONE = ZoneInfo("Asia/Shanghai")
NOW_US = int(datetime(2026, 11, 22, 15, 30, tzinfo=ZONE).timestamp()) * 1_000_000
ENGLISH = Style(language="en", timezone=ZONE, now_us=NOW_US)
CHINESE = Style(language="zh", timezone=ZONE, now_us=NOW_US)


def finding(value: float, unit: str, name: str = "x", low: float | None = None, high: float | None = None) -> Finding:
    return Finding(name=name, value=value, unit=unit, low=low, high=high)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (412_300.0, "m", "412 km"),
        (22.2222, "m/s", "80.0 km/h"),
        (3.6e6, "J", "1 kWh"),
        (9.0e3, "J/m", "250 kWh/100 km"),
        (0.2141, "m³", "214 L"),
        (3.12e-7, "m³/m", "31.2 L/100 km"),
        (2.6e-4, "kg/m", "26.0 kg/100 km"),
        (42_000.0, "kg", "42.0 t"),
        (130.0, "kg", "130 kg"),
        (361.15, "K", "88 °C"),
        (850_000.0, "Pa", "8.5 bar"),
        (45.0, "s", "45 s"),
        (11_520.0, "s", "3 h 12 min"),
        (4 * 86_400.0, "s", "4.0 days"),
        (NOW_US - 86_400e6, "µs", "yesterday 15:30"),
        (NOW_US - 30 * 86_400e6, "µs", "23 Oct 15:30"),
    ],
)
def test_si_is_read_in_the_units_of_the_trade(value: float, unit: str, text: str) -> None:
    assert format(Figure(finding(value, unit), ENGLISH)) == text


def test_shares_are_percent_and_counts_are_whole() -> None:
    assert format(Figure(finding(0.62, "", "vehicle.battery_soc_ratio"), ENGLISH)) == "62 %"
    assert format(Figure(finding(3.0, "", "trips.count"), ENGLISH), "trip|trips") == "3 trips"
    assert format(Figure(finding(1.0, "", "trips.count"), ENGLISH), "trip|trips") == "1 trip"


def test_intervals_and_signs_are_shown_when_asked_for() -> None:
    used = finding(3.6e8, "J", low=3.5e8, high=3.7e8)
    assert format(Figure(used, ENGLISH), "interval") == "100 kWh (97.2–103)"
    assert format(Figure(used, CHINESE), "interval") == "100 kWh（97.2–103）"
    assert format(Figure(finding(5.0, "m", low=5.0, high=5.0), ENGLISH), "interval") == "0.01 km"
    assert format(Figure(finding(3.6e6, "J"), ENGLISH), "signed") == "+1 kWh"


def test_ages_and_times_are_chinese_in_chinese() -> None:
    assert format(Figure(finding(180.0, "s"), CHINESE), "ago") == "3 分钟前"
    assert format(Figure(finding(180.0, "s"), ENGLISH), "ago") == "3 min ago"
    assert format(Figure(finding(3.0, "s"), CHINESE), "ago") == "刚刚"
    assert format(Figure(finding(NOW_US - 20 * 86_400e6, "µs"), CHINESE)) == "11月2日 15:30"


@given(value=st.floats(-1e12, 1e12, allow_nan=False), unit=st.sampled_from(["m", "J", "J/m", "m³", "kg", ""]))
def test_a_reading_stays_within_rounding_of_the_value(value: float, unit: str) -> None:
    factor = {"m": 1e3, "J": 3.6e6, "J/m": 36.0, "m³": 1e-3, "kg": 1.0, "": 1.0}[unit]
    text = format(Figure(finding(value, unit, "count"), ENGLISH)).replace(",", "").split(" ")
    read = float(text[0]) * (1e3 if text[-1] == "t" else 1.0)
    assert read == pytest.approx(value / factor, rel=0.05, abs=0.0051 if unit != "kg" else 51)
