"""Candump text in its styles, and what is no candump."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.connect.importers import candump

STYLES = {
    "log": b"(1634254884.935126) can1 0CF00400#0E7D7D000000FF7D\n",
    "log with direction": b"(1634254884.935126) can1 0CF00400#0E7D7D000000FF7D R\n",
    "absolute": b" (1634254884.935126)  can1  0CF00400   [8]  0E 7D 7D 00 00 00 FF 7D\n",
    "direction marks": b" (1634254884.935126)  can1  RX - -  0CF00400   [8]  0E 7D 7D 00 00 00 FF 7D\n",
    "with text": b" (1634254884.935126)  vcan10  0CF00400   [8]  0E 7D 7D 00 00 00 FF 7D   '.}}....}'\n",
    "lower case": b"(1634254884.935126) can1 0cf00400#0e7d7d000000ff7d\n",
    "carriage return": b"(1634254884.935126) can1 0CF00400#0E7D7D000000FF7D\r\n",
    "nanoseconds": b"(1634254884.935126999) can1 0CF00400#0E7D7D000000FF7D\n",
    "no newline": b"(1634254884.935126) can1 0CF00400#0E7D7D000000FF7D",
}


@pytest.mark.parametrize("style", STYLES)
def test_styles_say_the_same(style: str) -> None:
    block = candump.parse(STYLES[style])
    assert block.rejects == ()
    assert block.frames.time_us.tolist() == [1_634_254_884_935_126]
    assert block.frames.identifier.tolist() == [0x0CF00400]
    assert block.frames.data[0].tobytes().hex() == "0e7d7d000000ff7d"
    assert candump.looks_like(STYLES[style])


def test_order_is_kept_and_short_frames_are_filled() -> None:
    text = (
        b" (000.000001)  can1  18FEF100   [3]  01 02 03\n"
        b" (000.000002)  can0  18FEF200   [8]  00 01 02 03 04 05 06 07\n"
        b" (001.5)  can1  18FEF300   [3]  04 05 06\n"
        b"(2.25) can1 18FEF400#\n"
    )
    frames = candump.parse(text).frames
    assert frames.time_us.tolist() == [1, 2, 1_500_000, 2_250_000]
    assert (frames.identifier >> 8 & 0xFF).tolist() == [0xF1, 0xF2, 0xF3, 0xF4]
    assert frames.length.tolist() == [3, 8, 3, 0]
    assert frames.data[0].tobytes() == b"\x01\x02\x03" + b"\xff" * 5


def test_what_is_no_j1939_data_is_counted_and_junk_is_kept_with_its_bytes() -> None:
    lines = [
        b"(1.0) can0 7E8#0011223344556677",
        b"(1.1) can0 18FEF100##0112233",
        b" (001.2)  can0  20000004   [8]  00 08 00 00 00 00 00 00   ERRORFRAME",
        b" (001.3)  can0  18FEF100   [0]  remote request",
        b" (001.4)  can0  18FEF100   [8]  00 01 02",
        b"(1.5) can0 18FEF100#0G",
        b"\xff\xfe junk",
        b"",
        b"(1.6) can0 18FEF100#00",
        b"(1.7) can0 20000004#00",
    ]
    block = candump.parse(b"\n".join(lines))
    assert len(block.frames) == 1
    assert block.skipped == Counter({"11-bit identifier": 1, "CAN FD frame": 1, "error frame": 2, "remote frame": 1})
    assert [reject.data for reject in block.rejects] == lines[4:7]


def test_more_layouts_than_are_tried_at_once() -> None:
    names = [f"bus{chr(97 + i)}" for i in range(26)]
    text = "".join(f"({i}.000000) {name} 18FEF100#{i:02X}\n" for i, name in enumerate(names, start=10)).encode()
    assert candump.parse(text).frames.data[:, 0].tolist() == list(range(10, 36))


@pytest.mark.parametrize("block_bytes", [64, 100, 997, 1 << 20])
def test_blocks_of_a_file_join_to_the_whole(tmp_path: Path, block_bytes: int) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"".join(f"({i}.{i:06d}) can0 18FEF100#{i:04X}\n".encode() for i in range(500)))
    blocks = list(candump.read(path, block_bytes=block_bytes))
    times = np.concatenate([block.frames.time_us for block in blocks])
    assert times.tolist() == [i * 1_000_001 for i in range(500)]
    assert blocks[-1].end == path.stat().st_size


def test_a_file_without_line_ends_is_refused_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"\x00" * 1000)
    blocks = list(candump.read(path, block_bytes=64))
    assert sum(len(reject.data) for block in blocks for reject in block.rejects) == 1000


@given(st.binary(max_size=400))
def test_junk_never_raises(text: bytes) -> None:
    candump.parse(text)


frames = st.tuples(st.integers(0, 10**16 - 1), st.integers(0, (1 << 29) - 1), st.binary(max_size=8))


@given(st.lists(frames, min_size=1, max_size=40), st.booleans())
def test_what_is_written_is_read(written: list[tuple[int, int, bytes]], spaced: bool) -> None:
    forms = {
        False: "({0}.{1:06d}) can0 {2:08X}#{3}\n",
        True: " ({0}.{1:06d})  can0  {2:08X}   [{4}]  {5}\n",
    }
    text = "".join(
        forms[spaced].format(*divmod(time_us, 10**6), identifier, data.hex().upper(), len(data), data.hex(" ").upper())
        for time_us, identifier, data in written
    )
    found = candump.parse(text.encode()).frames
    assert found.time_us.tolist() == [time_us for time_us, _, _ in written]
    assert found.identifier.tolist() == [identifier for _, identifier, _ in written]
    assert [row[:n].tobytes() for row, n in zip(found.data, found.length, strict=True)] == [data for _, _, data in written]
