"""Candump text, in all its styles, to CAN frames: whole blocks of like lines at once.

Styles: ``(1634254884.935126) can1 0CF00100#FFFF..`` (``candump -L``) and `` (000.000000)  can1  18F11031   [8]  00 FF ..``
(``candump -t z``, ``-t a``), with or without leading spaces, direction marks or trailing remarks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.j1939.frame import CanFrames
from fifthwheel.codec.reject import Reject

_LINE: Final = re.compile(
    rb"\s*\((?P<seconds>\d{1,12})\.(?P<fraction>\d{1,9})\)\s+\S+\s+(?:[RT]X [-BE] [-BE]\s+)?(?P<id>[0-9A-Fa-f]{8}|[0-9A-Fa-f]{3})"
    rb"(?:#(?P<log>(?:[0-9A-Fa-f]{2}){0,8})(?:\s+[RT])?|\s+\[(?P<length>[0-8])\](?P<text>(?:\s{1,2}[0-9A-Fa-f]{2}){0,8})"
    rb"(?:\s+'.*)?)\s*"
)
_OTHER: Final = (
    ("error frame", re.compile(rb".*ERRORFRAME")),
    ("remote frame", re.compile(rb".*(remote request|#R)")),
    ("CAN FD frame", re.compile(rb".*##[0-9A-Fa-f]")),
)
_HEX: Final = np.full(256, 0xFF, np.uint8)
_HEX[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
_HEX[np.frombuffer(b"ABCDEF", np.uint8)] = np.arange(10, 16)
_LAYOUTS_PER_LENGTH: Final = 16
_ERROR_FLAG: Final = np.uint32(1 << 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Frames of one stretch of a log.

    `end` is the byte position after it; `skipped` counts readable lines that are no J1939 frame; `rejects` are unreadable lines.
    """

    frames: CanFrames
    end: int
    skipped: Counter[str] = field(default_factory=Counter)
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns of the values in lines of one length, found in a first such line."""

    seconds: tuple[int, int]
    fraction: tuple[int, int]
    identifier: tuple[int, int]
    data: tuple[int, ...]
    fixed: NDArray[np.bool_]
    sample: NDArray[np.uint8]


def looks_like(head: bytes) -> bool:
    """Whether a file that starts with `head` is candump text (any line of it is)."""
    return any(_LINE.fullmatch(line) for line in head.splitlines())


def read(path: Path, *, block_bytes: int) -> Iterator[Block]:
    """Blocks of a candump file, times as written."""
    with path.open("rb") as file:
        rest, end = b"", 0
        while chunk := file.read(block_bytes):
            whole, newline, tail = chunk.rpartition(b"\n")
            if not newline and len(rest) < block_bytes:
                rest += chunk
                continue
            text, rest = rest + whole + newline, tail
            end += len(text)
            yield parse(text, end=end)
        if rest:
            yield parse(rest, end=end + len(rest))


def parse(text: bytes, *, end: int = 0) -> Block:
    """Frames of `text`, in the order of its lines; `end` is its position in the file."""
    text = text if text.endswith(b"\n") else text + b"\n"
    buffer = np.frombuffer(text, np.uint8)
    stops = np.flatnonzero(buffer == 10)
    starts = np.concatenate([[0], stops[:-1] + 1])
    lengths = stops - starts
    parts: list[tuple[NDArray[np.int64], CanFrames]] = []
    skipped: Counter[str] = Counter()
    rejects: list[tuple[int, Reject]] = []
    for length in np.unique(lengths[lengths > 0]).tolist():
        lines = np.flatnonzero(lengths == length)
        rows = np.ndarray((len(buffer) - length + 1,), f"V{length}", text, strides=(1,))[starts[lines]]
        _parse_like(rows.view(np.uint8).reshape(len(lines), length), lines, parts, skipped, rejects)
    frames = CanFrames.concat([frames for _, frames in parts])
    order = np.argsort(np.concatenate([np.empty(0, np.int64), *(index for index, _ in parts)]), kind="stable")
    rejects.sort(key=lambda pair: pair[0])
    return Block(frames=frames.take(order), end=end, skipped=+skipped, rejects=tuple(reject for _, reject in rejects))


def _parse_like(
    rows: NDArray[np.uint8],
    lines: NDArray[np.int64],
    parts: list[tuple[NDArray[np.int64], CanFrames]],
    skipped: Counter[str],
    rejects: list[tuple[int, Reject]],
) -> None:
    """Lines of one length: take the layout of the first, decode all that share it, and again with what is left."""
    layouts = 0
    while len(rows):
        line = rows[0].tobytes()
        match = _LINE.fullmatch(line)
        if match is None or _miscounted(match):
            _refuse(line, int(lines[0]), skipped, rejects)
            rows, lines = rows[1:], lines[1:]
            continue
        layouts += 1
        alike = len(rows) if layouts <= _LAYOUTS_PER_LENGTH else 1
        good, frames = _decode(rows[:alike], _layout(match, rows[0]))
        if len(match["id"]) == 3:
            skipped["11-bit identifier"] += len(frames)
        else:
            data = frames.identifier < _ERROR_FLAG
            skipped["error frame"] += int((~data).sum())
            parts.append((lines[:alike][good][data], frames.take(data)))
        keep = slice(1, None) if alike == 1 else ~good
        rows, lines = rows[keep], lines[keep]


def _miscounted(match: re.Match[bytes]) -> bool:
    return match["log"] is None and int(match["length"]) != len(match["text"].split())


def _refuse(line: bytes, number: int, skipped: Counter[str], rejects: list[tuple[int, Reject]]) -> None:
    if not line.strip():
        return
    for kind, pattern in _OTHER:
        if pattern.match(line):
            skipped[kind] += 1
            return
    rejects.append((number, Reject("syntax", "not a candump line", line)))


def _layout(match: re.Match[bytes], sample: NDArray[np.uint8]) -> _Layout:
    fixed = np.ones(len(sample), np.bool_)
    if match["log"] is not None:
        data = tuple(range(match.start("log"), match.end("log"), 2))
    else:
        pairs = re.finditer(rb"[0-9A-Fa-f]{2}", match["text"])
        data = tuple(match.start("text") + pair.start() for pair in pairs)
    for first, last in (match.span("seconds"), match.span("fraction"), match.span("id"), *((at, at + 2) for at in data)):
        fixed[first:last] = False
    return _Layout(match.span("seconds"), match.span("fraction"), match.span("id"), data, fixed, sample)


def _decode(rows: NDArray[np.uint8], layout: _Layout) -> tuple[NDArray[np.bool_], CanFrames]:
    """Which rows share `layout`, and the frames of those."""
    columns = np.ascontiguousarray(rows.T)
    places = [*range(*layout.identifier), *(at + half for at in layout.data for half in (0, 1))]
    nibbles = _HEX[columns[places]]
    times = [*range(*layout.seconds), *range(*layout.fraction)]
    digits = columns[times] - np.uint8(48)
    good = (columns[layout.fixed] == layout.sample[layout.fixed, None]).all(axis=0)
    good &= (nibbles.max(axis=0) < 16) & (digits.max(axis=0) < 10)
    if not good.all():
        nibbles, digits = nibbles[:, good], digits[:, good]
    n_rows, n_identifier = digits.shape[1], layout.identifier[1] - layout.identifier[0]
    identifier = np.zeros(n_rows, np.uint32)
    for nibble in nibbles[:n_identifier]:
        identifier = identifier << 4 | nibble
    data = np.full((n_rows, 8), 0xFF, np.uint8)
    high_low = nibbles[n_identifier:]
    data[:, : len(layout.data)] = (high_low[0::2] << 4 | high_low[1::2]).T
    frames = CanFrames(
        time_us=_microseconds(digits, layout.fraction[1] - layout.fraction[0]),
        identifier=identifier,
        data=data,
        length=np.full(n_rows, len(layout.data), np.uint8),
    )
    return good, frames


def _microseconds(digits: NDArray[np.uint8], decimals: int) -> NDArray[np.int64]:
    """Digits of shape (n_digits, n_rows), the last `decimals` after the point, as microseconds."""
    time = np.zeros(digits.shape[1], np.int64)
    for digit in digits[: len(digits) - max(decimals - 6, 0)]:
        time = time * 10 + digit
    return np.asarray(time * 10 ** max(6 - decimals, 0), np.int64)
