"""Batches of equal frames as byte matrices: found, located once by their layout, and read as SI columns all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import times_us
from fifthwheel.codec.layout import Choice, Group, Number, Repeat, Span, Type
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError

Floats = NDArray[np.float64]
Rows = NDArray[np.uint8]
Structs = NDArray[Any]

_INVALID, _SOUTH, _WEST = 1, 2, 4
"""Bits of the position status, the same in GB/T 32960 and GB 17691."""


def columns(rows: Rows, span: Span, dtype: np.dtype[Any]) -> Structs:
    """Elements of `span` in every row of a byte matrix (n, length), shape (n, times)."""
    part = np.ascontiguousarray(rows[:, span.at : span.at + span.times * dtype.itemsize])
    return part.view(dtype) if span.times else np.zeros((len(rows), 0), dtype)


class Column(NamedTuple):
    """SI values (n, k) of one field for one signal, `k` values a frame, to be reduced by `reducer`."""

    signal: str
    reducer: str
    values: Floats


def measure(kind: Type, rows: Rows, place: Any, signals: tuple[tuple[str, str], ...] = ()) -> Iterator[Column]:
    """Every signal that `kind`, located at `place`, carries in the rows of a byte matrix (n, length)."""
    if isinstance(kind, Repeat) and isinstance(place, Span):
        yield from struct_columns(kind.item, columns(rows, place, _fixed(kind.item)), signals)
    elif isinstance(kind, Repeat):
        for each in place:
            yield from measure(kind.item, rows, each)
    elif isinstance(place, Span):
        if isinstance(kind, Group) or signals:
            yield from struct_columns(kind, columns(rows, place, _fixed(kind)), signals)
    elif isinstance(kind, Choice):
        yield from measure(kind.rows[place.id][1], rows, place.codes)
    elif isinstance(kind, Group):
        for part in kind.fields:
            yield from measure(part.type, rows, place[part.name], part.signals)


def struct_columns(kind: Type, codes: Structs, signals: tuple[tuple[str, str], ...] = ()) -> Iterator[Column]:
    """Every signal that elements of a fixed type carry; the values have the shape of `codes`."""
    if isinstance(kind, Group):
        for part in kind.fields:
            yield from struct_columns(part.type, codes[part.name], part.signals) if part.signals else ()
    elif isinstance(kind, Number) and signals:
        values = kind.si(codes)
        yield from (Column(signal, reducer, values) for signal, reducer in signals)


def _fixed(kind: Type) -> np.dtype[Any]:
    assert kind.dtype is not None
    return kind.dtype


def alike(rows: Rows, locate: Callable[[bytes], tuple[list[int], Any]]) -> Iterator[tuple[NDArray[np.int64], Any]]:
    """Split rows (n, length) into those of one layout: (row indices, place), or (one row, its `FrameError`).

    `locate` returns the positions of the bytes that shape the layout, and the place; rows that agree there share it.
    """
    left = np.arange(len(rows))
    while left.size:
        try:
            marks, place = locate(rows[left[0]].tobytes())
        except FrameError as error:
            yield left[:1], error
            left = left[1:]
            continue
        same = (rows[left[:, None], marks] == rows[left[0], marks]).all(axis=1)
        yield left[same], place
        left = left[~same]


class Batch(NamedTuple):
    """Frames of one layout: their indices (n,), bytes (n, length), device times (n,), and where the fields lie."""

    frame: NDArray[np.int64]
    rows: Rows
    time_us: NDArray[np.int64]
    place: Any


def batches(
    frames: Sequence[bytes],
    rejects: list[tuple[int, Reject]],
    *,
    readable: Callable[[Rows], NDArray[np.bool_]],
    measured: Callable[[Rows], NDArray[np.bool_]],
    refuse: Callable[[bytes], Reject],
    locate: Callable[[bytes], tuple[list[int], Any]],
) -> Iterator[Batch]:
    """Group frames by layout. Rows that are not `readable` go to `rejects` with what `refuse` says of them, as do those
    that `locate` cannot place and those with a dead clock; rows that are not `measured` carry nothing to observe.
    """
    for every, matrix in hashframe.stacks(frames):
        good = readable(matrix)
        rejects += [(int(index), refuse(frames[index])) for index in every[~good]]
        members, rows = _where(good & measured(matrix), every, matrix)
        for chosen, place in alike(rows, locate):
            index, part = (members, rows) if len(chosen) == len(rows) else (members[chosen], rows[chosen])
            if isinstance(place, FrameError):
                rejects.append((int(index[0]), Reject(place.reason, place.detail, frames[index[0]])))
                continue
            times, real = times_us(part[:, 24:30])
            rejects += [(int(dead), Reject("time", "no such date and time", frames[dead])) for dead in index[~real]]
            frame, part, times = _where(real, index, part, times)
            if len(frame):
                yield Batch(frame, part, times, place)


def _where(mask: NDArray[np.bool_], *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    return arrays if mask.all() else tuple(array[mask] for array in arrays)


def quadrant(shown: dict[str, Any]) -> dict[str, Any]:
    """A shown position with the signs its status says, and whether it is valid."""
    status = shown["position_status"]
    for name, negative in _NEGATIVE.items():
        if status & negative and shown[name] is not None:
            shown[name] = -shown[name]
    return shown | {"position_valid": not status & _INVALID}


def quadrants(values: dict[str, Floats]) -> dict[str, Floats]:
    """Signals with latitude and longitude signed by the status among them, NaN where it says invalid."""
    status = values.pop("position_status", None)
    if status is not None:
        bits = status.astype(np.int64)
        for name, negative in _NEGATIVE.items():
            values[name] = np.where(bits & _INVALID, np.nan, np.where(bits & negative, -values[name], values[name]))
    return values


def unsigned(values: Mapping[str, Floats], n_rows: int) -> Iterator[tuple[str, Floats]]:
    """Position fields as the wires carry them, by field name: the inverse of `quadrants`."""
    latitude, longitude = (values.get(name, np.full(n_rows, np.nan)) for name in _NEGATIVE)
    absent = np.isnan(latitude) | np.isnan(longitude)
    yield "position_status", _INVALID * absent + _SOUTH * (latitude < 0) + _WEST * (longitude < 0)
    yield "latitude_deg", np.abs(latitude)
    yield "longitude_deg", np.abs(longitude)


_NEGATIVE: Final = {"latitude_deg": _SOUTH, "longitude_deg": _WEST}
