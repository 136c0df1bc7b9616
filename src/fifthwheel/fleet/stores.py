"""What every fleet verb works on: the stores, the latest values, the clock and the fleet's time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

from fifthwheel.explain.trips import great_circle_m
from fifthwheel.fleet.latest import Latest
from fifthwheel.lake.query import LakeReader
from fifthwheel.records.repositories import Records
from fifthwheel.road.mission import places
from fifthwheel.units import SECOND_US

NEAR_M: Final = 15_000.0
RECALL_S: Final = 3.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Stores of one workspace. `clock` returns now in UTC microseconds."""

    records: Records
    lake: LakeReader
    latest: Latest
    clock: Callable[[], int]
    timezone: ZoneInfo
    memory: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """Results that may be a few seconds old, by name, with the time they were made."""

    def recall(self, name: str, make: Callable[[], T]) -> T:
        """The result of `make` under that name, made anew when it is older than `RECALL_S`."""
        made_us, value = self.memory.get(name, (0, None))
        if self.clock() - made_us > RECALL_S * SECOND_US:
            value = make()
            self.memory[name] = (self.clock(), value)
        return cast(T, value)

    def place(self, latitude_deg: float | None, longitude_deg: float | None) -> str | None:
        """Chinese name of the nearest named place within `NEAR_M`, if any."""
        if latitude_deg is None or longitude_deg is None:
            return None
        distance_m, name = min(
            (great_circle_m(latitude_deg, longitude_deg, place.latitude_deg, place.longitude_deg), place.name_zh)
            for place in places()
        )
        return name if distance_m <= NEAR_M else None

    def day(self, time_us: int) -> date:
        """Calendar day of `time_us` in the fleet's time zone."""
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).astimezone(self.timezone).date()

    def day_start_us(self, day: date) -> int:
        """First instant of a local calendar day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.timezone)
        return int(midnight.timestamp()) * SECOND_US
