"""What every fleet verb works on: the stores, the latest values, the clock and the fleet's time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from fifthwheel.fleet.latest import Latest
from fifthwheel.lake.query import LakeReader
from fifthwheel.records.repositories import Records
from fifthwheel.units import SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Stores of one workspace. `clock` returns now in UTC microseconds."""

    records: Records
    lake: LakeReader
    latest: Latest
    clock: Callable[[], int]
    timezone: ZoneInfo

    def day(self, time_us: int) -> date:
        """Calendar day of `time_us` in the fleet's time zone."""
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).astimezone(self.timezone).date()

    def day_start_us(self, day: date) -> int:
        """First instant of a local calendar day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.timezone)
        return int(midnight.timestamp()) * SECOND_US
