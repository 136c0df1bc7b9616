"""The clock of GB/T 32960, GB 17691 and HJ 1239: six binary bytes ``YY-2000 M D h m s`` in UTC+8."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fifthwheel.units import CHINA_OFFSET_US, SECOND_US

CHINA: Final = timezone(timedelta(microseconds=CHINA_OFFSET_US))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(six: bytes) -> datetime | None:
    """The moment that six bytes say; None for a dead clock (zeros, 0xFF or no such date).

    >>> str(moment(bytes([25, 10, 27, 20, 2, 2])))
    '2025-10-27 20:02:02+08:00'
    """
    year, month, day, hour, minute, second = six
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None


def time_us(six: bytes) -> int | None:
    """UTC microseconds of six bytes; None for a dead clock."""
    when = moment(six)
    return None if when is None else (when - _EPOCH) // timedelta(microseconds=1)


def times_us(sixes: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """UTC microseconds (n,) of six-byte rows (n, 6), and which rows (n,) are a real date and time."""
    year, month, day, hour, minute, second = sixes.astype(np.int64).T
    months = np.datetime64("2000-01", "M") + (12 * year + np.clip(month, 1, 12) - 1)
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = ((first + day - 1) * 24 + hour) * 3600 + minute * 60 + second
    return seconds * SECOND_US - CHINA_OFFSET_US, np.asarray(real)


def sixes(times: ArrayLike) -> NDArray[np.uint8]:
    """Six-byte rows (n, 6) of UTC microseconds (n,), whole seconds, years 2000 to 2255."""
    seconds = (np.atleast_1d(np.asarray(times, np.int64)) + CHINA_OFFSET_US) // SECOND_US
    days, clock = seconds // 86400, seconds % 86400
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    day = days - months.astype("datetime64[D]").astype(np.int64) + 1
    month = months.astype(np.int64)
    return np.stack([month // 12 - 30, month % 12 + 1, day, clock // 3600, clock // 60 % 60, clock % 60], 1).astype(np.uint8)
