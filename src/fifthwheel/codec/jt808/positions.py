"""`observe`: positions of a whole batch of frames at once, in columns.

The frames are joined into one byte array; unescaping, checksum and header are array operations over it, and the items
of all positions are walked in step: first item of every frame, then the second, ... A frame that fails any check is
opened alone by `frame.parse`, which names the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.jt808.frame import BODY_MAX, parse
from fifthwheel.codec.observed import Block, Decoded, Fault
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError
from fifthwheel.units import CELSIUS_ZERO_K, CHINA_OFFSET_US, DAY_US, DEGREE, KMH, KPA, LITRE, SECOND_US

Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FIX: Final = np.dtype(
    [
        *(("alarm", ">u4"), ("status", ">u4"), ("latitude", ">u4"), ("longitude", ">u4")),
        *(("altitude", ">u2"), ("speed", ">u2"), ("direction", ">u2"), ("time", "u1", (6,))),
    ]
)
_PAD: Final = bytes(32)
"""Behind the last frame, so that a header can be read before its length is judged."""


def observe(frames: Sequence[bytes]) -> Decoded:
    """Positions (0x0200, 0x0201, 0x0500, 0x0704) of a batch as signals and alarms; other messages give their identity only.

    Rejects have the reasons of `parse`, ``layout`` for a body that is too short and ``clock`` for a time that is none.
    A rejected frame has no identity (''); sub-packages and encrypted bodies give no rows.
    """
    if not frames:
        return Decoded(identity=())
    wire = _open(frames)
    rejects = {index: _reason(frames[index]) for index in np.flatnonzero(wire.bad).tolist()}
    rows = _rows(wire, rejects, frames)
    fixed = wire.data[rows.at[:, None] + np.arange(_FIX.itemsize)].view(_FIX)[:, 0]
    time_us, alive = _time_us(fixed["time"])
    for index in rows.frame[~alive].tolist():
        rejects.setdefault(index, Reject("clock", "the device time is no time", frames[index]))
    items = _walk(wire.data, rows)
    values = _fix_values(fixed) | items.values
    seen = {name: column[alive] for name, column in values.items() if not np.isnan(column[alive]).all()}
    blocks = [Block(frame=rows.frame[alive], time_us=time_us[alive], values=seen, resent=rows.resent[alive])]
    blocks += _tyres(wire.data, rows, items.found[0x66], time_us, alive)
    faults = [
        Fault(frame=int(rows.frame[row]), time_us=int(time_us[row]), code=code)
        for row, code in (
            *_bits("0200 alarm", fixed["alarm"]),
            *_bits("0200 video alarm", items.video),
            *_safety(wire.data, items),
        )
        if alive[row]
    ]
    return Decoded(
        identity=wire.identity,
        blocks=tuple(block for block in blocks if len(block.frame)),
        faults=tuple(faults),
        rejects=tuple(sorted(rejects.items())),
    )


def _reason(frame: bytes) -> Reject:
    try:
        parse(frame)
    except FrameError as error:
        return Reject(error.reason, error.detail, frame)
    return Reject("frame", "the frame contradicts itself", frame)


@dataclass(frozen=True, slots=True)
class _Wire:
    """Opened frames: all bytes unescaped, and per frame (shape (n,)) what its header says; `at` and `end` bound the body."""

    data: Bytes
    bad: Mask
    message_id: Integers
    plain: Mask
    at: Integers
    end: Integers
    identity: tuple[str, ...]


def _open(frames: Sequence[bytes]) -> _Wire:
    data, starts, ends, bad = _unescaped(frames)
    bad |= ends - starts < 15
    bad |= np.bitwise_xor.reduceat(data, starts) != 0
    head = starts + 1
    attributes = _unsigned(data, head + 2, 2)
    is_2019 = attributes >> 14 & 1
    packaged = (attributes >> 13 & 1).astype(np.bool_)
    joined = packaged & (_unsigned(data, head + 12 + 5 * is_2019, 4) == 0x0001_0001)
    at, end = head + 12 + 5 * is_2019 + 4 * packaged, ends - 2
    size = end - at
    bad |= (size < 0) | (np.where(joined, size & BODY_MAX, size) != attributes & BODY_MAX)
    digits = data[(head + 4 + is_2019)[:, None] + np.arange(10)].tobytes().hex()
    width = np.where(bad, 0, np.where(is_2019, 20, 12)).tolist()
    return _Wire(
        data,
        bad,
        _unsigned(data, head, 2),
        ~bad & (~packaged | joined) & (attributes >> 10 & 7 == 0),
        at,
        end,
        tuple(digits[20 * row : 20 * row + size] for row, size in enumerate(width)),
    )


def _unescaped(frames: Sequence[bytes]) -> tuple[Bytes, Integers, Integers, Mask]:
    """All bytes without escapes, where each frame starts and ends, and which frames lack a delimiter or hold a wrong escape."""
    sizes = np.fromiter(map(len, frames), np.int64, len(frames))
    data = np.frombuffer(b"".join(frames) + _PAD, np.uint8).copy()
    ends = np.cumsum(sizes)
    marks = np.flatnonzero(data == 0x7D)
    owner = np.searchsorted(ends, marks, side="right")
    valid = ((data[marks + 1] == 1) | (data[marks + 1] == 2)) & (marks + 1 < ends[owner])
    bad = (data[ends - sizes] != 0x7E) | (data[ends - 1] != 0x7E)
    bad[owner[~valid]] = True
    marks = marks[valid]
    data[marks] = 0x7C + data[marks + 1]
    ends = ends - np.cumsum(np.bincount(owner[valid], minlength=len(sizes)))
    data = np.delete(data, marks + 1)
    return data, np.concatenate(([0], ends[:-1])).astype(np.int64)[: len(sizes)], ends, bad


def _unsigned(data: Bytes, at: Integers, size: int) -> Integers:
    value = np.zeros(at.shape, np.int64)
    for offset in range(size):
        value = value << 8 | data[at + offset]
    return value


@dataclass(frozen=True, slots=True)
class _Rows:
    """Positions in the bytes: index of their frame, where the body starts and ends, stored and sent late; shape (m,)."""

    frame: Integers
    at: Integers
    end: Integers
    resent: Mask


def _rows(wire: _Wire, rejects: dict[int, Reject], frames: Sequence[bytes]) -> _Rows:
    """Every position of the batch; frames whose positions do not fit go to `rejects`."""
    single = wire.plain & np.isin(wire.message_id, (0x0200, 0x0201, 0x0500))
    at = wire.at + np.where(wire.message_id == 0x0200, 0, 2)
    short = single & (wire.end - at < _FIX.itemsize)
    frame = np.flatnonzero(single & ~short)
    batches: list[tuple[int, int, int, int]] = []
    for index in np.flatnonzero(wire.plain & (wire.message_id == 0x0704)).tolist():
        found = _batch(wire.data, index, int(wire.at[index]), int(wire.end[index]))
        short[index] = found is None
        batches += found or ()
    for index in np.flatnonzero(short).tolist():
        rejects[index] = Reject("layout", "the body is too short for its positions", frames[index])
    table = np.array(batches, np.int64).reshape(-1, 4).T
    return _Rows(
        np.concatenate((frame, table[0])),
        np.concatenate((at[frame], table[1])),
        np.concatenate((wire.end[frame], table[2])),
        np.concatenate((np.zeros(len(frame), np.bool_), table[3] == 1)),
    )


def _batch(data: Bytes, index: int, at: int, end: int) -> list[tuple[int, int, int, int]] | None:
    """(frame, start, end, type) of each record in a 0x0704; None when they do not fit the body."""
    total, kind = int(data[at]) << 8 | int(data[at + 1]), int(data[at + 2])
    found: list[tuple[int, int, int, int]] = []
    at += 3
    while len(found) < total and at + 2 <= end:
        size = int(data[at]) << 8 | int(data[at + 1])
        found.append((index, at + 2, at + 2 + size, kind))
        at += 2 + size
    fits = at <= end and len(found) == total and all(stop - start >= _FIX.itemsize for _, start, stop, _ in found)
    return found if fits else None


def _time_us(bcd: Bytes) -> tuple[Integers, Mask]:
    """UTC microseconds of BCD times in UTC+8, shape (m, 6), and which of them are times at all."""
    digits = (bcd >> 4) * np.int64(10) + (bcd & 15)
    year, month, day, hour, minute, second = digits.T
    months = ((year + 30) * 12 + month - 1).astype("M8[M]")
    days = months.astype("M8[D]").astype(np.int64)
    length = (months + 1).astype("M8[D]").astype(np.int64) - days
    real = ((bcd >> 4) <= 9).all(axis=1) & ((bcd & 15) <= 9).all(axis=1)
    real &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = (hour * 60 + minute) * 60 + second
    return (days + day - 1) * DAY_US + seconds * SECOND_US - CHINA_OFFSET_US, real


def _degrees(wire: NDArray[np.uint32], negative: Mask) -> Floats:
    """Signed degrees; a terminal that sends two's complement is understood as `layout.coordinate` does."""
    size = wire.astype(np.int64)
    complement = size >= 1 << 31
    size = np.where(complement, (1 << 32) - size, size)
    return np.where(negative | complement, -size, size) / 1e6


def _fix_values(fixed: NDArray[np.void]) -> dict[str, Floats]:
    status = fixed["status"].astype(np.int64)
    altitude = fixed["altitude"].astype(np.float64)  # unsigned; terminals below sea level send two's complement
    valid = np.where(status & 2, 1.0, np.nan)
    return {
        "latitude_deg": _degrees(fixed["latitude"], (status & 4).astype(np.bool_)) * valid,
        "longitude_deg": _degrees(fixed["longitude"], (status & 8).astype(np.bool_)) * valid,
        "altitude_m": np.where(altitude < 0xFC00, altitude, altitude - 65536.0),
        "speed_mps": fixed["speed"] * (0.1 * KMH),
        "heading_rad": fixed["direction"] * DEGREE,
        "ignition_state": (status & 1).astype(np.float64),
    }


def _present(wire: Integers, scale: float, absent: int) -> Floats:
    return np.where(wire == absent, np.nan, wire * scale)


def _celsius(wire: Integers) -> Floats:
    """Item 06: two's complement, or sign and magnitude where that would lie below absolute zero."""
    signed = np.where(wire >= 0x8000, wire - 0x1_0000, wire)
    return np.where(signed < -CELSIUS_ZERO_K, 0x8000 - wire, signed) + CELSIUS_ZERO_K


_ITEM_SIGNALS: Final[dict[int, tuple[int, dict[str, Callable[[Integers], Floats]]]]] = {
    0x01: (4, {"odometer_m": lambda wire: _present(wire, 100.0, 0xFFFF_FFFF)}),
    0x02: (2, {"fuel_volume_m3": lambda wire: _present(wire, 0.1 * LITRE, 0xFFFF)}),
    0x03: (2, {"recorder_speed_mps": lambda wire: _present(wire, 0.1 * KMH, 0xFFFF)}),
    0x06: (2, {"cargo_temperature_k": _celsius}),
    0x25: (
        4,
        {
            "brake_switch_state": lambda wire: (wire >> 4 & 1).astype(np.float64),
            "retarder_switch_state": lambda wire: (wire >> 11 & 1).astype(np.float64),
            "clutch_switch_state": lambda wire: (wire >> 14 & 1).astype(np.float64),
        },
    ),
}
_SAFETY_SIZES: Final = {0x64: (47, 71), 0x65: (47, 71), 0x66: tuple(range(41, 256, 9)), 0x67: (41, 65), 0x70: (47, 71)}
"""Lengths of the T/JSATL 12 and DB44 items; vendors use the same ids with other lengths, which are left alone."""


@dataclass(frozen=True, slots=True)
class _Items:
    """What the items give: signals and video alarm bits, shape (m,); (row, offset of the value) of each safety item."""

    values: dict[str, Floats]
    video: Integers
    found: dict[int, list[tuple[int, int]]]


def _walk(data: Bytes, rows: _Rows) -> _Items:
    total = len(rows.at)
    values = {name: np.full(total, np.nan) for _, signals in _ITEM_SIGNALS.values() for name in signals}
    items = _Items(values, np.zeros(total, np.int64), {key: [] for key in _SAFETY_SIZES})
    cursor = rows.at + _FIX.itemsize
    row = np.flatnonzero(cursor + 2 <= rows.end)
    while row.size:
        at = cursor[row]
        size = data[at + 1].astype(np.int64)
        fits = at + 2 + size <= rows.end[row]
        row, at, size = row[fits], at[fits] + 2, size[fits]
        _take(data, items, row, at)
        cursor[row] = at + size
        row = row[at + size + 2 <= rows.end[row]]
    return items


def _take(data: Bytes, items: _Items, row: Integers, at: Integers) -> None:
    """One item of each row, its value at `at` behind id and length."""
    key, size = data[at - 2], data[at - 1]
    for item, (length, signals) in _ITEM_SIGNALS.items():
        here = (key == item) & (size == length)
        if here.any():
            wire = _unsigned(data, at[here], length)
            for name, convert in signals.items():
                items.values[name][row[here]] = convert(wire)
    here = (key == 0x14) & (size == 4)
    items.video[row[here]] = _unsigned(data, at[here], 4)
    for item, lengths in _SAFETY_SIZES.items():
        here = key == item
        if here.any():
            here &= np.isin(size, lengths)
            items.found[item] += zip(row[here].tolist(), at[here].tolist(), strict=True)


def _bits(name: str, bits: NDArray[np.integer]) -> Iterator[tuple[int, str]]:
    """(row, code) of every set bit."""
    for row in np.flatnonzero(bits).tolist():
        value = int(bits[row])
        yield from ((row, f"{name} {bit}") for bit in range(32) if value >> bit & 1)


def _safety(data: Bytes, items: _Items) -> Iterator[tuple[int, str]]:
    """(row, code) of every active-safety item that is not the end of an alarm; the type is the byte after the flag."""
    for item, found in items.found.items():
        for row, at in found:
            if data[at + 4] != 2:
                yield row, f"0200 item {item:02x}" if item == 0x66 else f"0200 item {item:02x} type {int(data[at + 5]):02x}"


def _tyres(data: Bytes, rows: _Rows, found: list[tuple[int, int]], time_us: Integers, alive: Mask) -> list[Block]:
    """One row a tyre of the items 66 in their T/JSATL 12 form."""
    table = np.array(
        [
            (row, at + 41 + 9 * tyre)
            for row, at in found
            if alive[row] and data[at - 1] == 41 + 9 * data[at + 40]
            for tyre in range(data[at + 40])
        ],
        np.int64,
    ).reshape(-1, 2)
    row, at = table.T
    values = {
        "tyre_position_state": data[at].astype(np.float64),
        "tyre_pressure_pa": _present(_unsigned(data, at + 3, 2), KPA, 0xFFFF),
        "tyre_temperature_k": _present(_unsigned(data, at + 5, 2), 1.0, 0xFFFF) + CELSIUS_ZERO_K,
    }
    return [Block(frame=rows.frame[row], time_us=time_us[row], values=values, resent=rows.resent[row])]
