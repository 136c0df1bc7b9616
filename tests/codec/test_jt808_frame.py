"""JT/T 808 envelope: the six properties of a cutter, checks and their reasons, sub-packages."""

from __future__ import annotations

from functools import reduce
from operator import xor
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.codec.jt808.frame import BODY_MAX, Cutter, Frame, Joiner, build, checksum, parse, split, unescape
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError

GOOD = bytes.fromhex("7e000200000123456789017fff0a7e")

BODIES = st.binary(max_size=60) | st.binary(min_size=1000, max_size=BODY_MAX) | st.text("~}\x01\x02", max_size=40).map(str.encode)
DIGITS = st.text("0123456789abcdef", min_size=12, max_size=12)
FRAMES = st.builds(
    Frame,
    message_id=st.integers(0, 0xFFFF),
    phone=DIGITS,
    serial=st.integers(0, 0xFFFF),
    body=BODIES,
    version=st.just("2013"),
    protocol_version=st.just(1),
    encryption=st.integers(0, 7),
    package=st.none() | st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF)),
    reserved=st.integers(0, 1),
)
ANY_FRAME = FRAMES | st.builds(
    lambda frame, version: frame._replace(version="2019", phone="00112233" + frame.phone, protocol_version=version),
    FRAMES,
    st.integers(0, 255),
)


def frames_of(found: list[bytes | Reject]) -> list[Frame]:
    """Frames that can be opened; everything else was refused."""
    opened = []
    for piece in found:
        try:
            opened.append(parse(piece))  # type: ignore[arg-type]
        except (FrameError, TypeError):
            continue
    return opened


def cut(*chunks: bytes) -> list[bytes | Reject]:
    cutter = Cutter()
    return [piece for chunk in chunks for piece in cutter.feed(chunk)]


@settings(max_examples=40)
@given(ANY_FRAME)
def test_a_frame_cut_in_two_at_every_byte_is_the_same_frame(frame: Frame) -> None:
    wire = build(frame)
    assert all(cut(wire[:at], wire[at:]) == [wire] for at in range(len(wire) + 1))
    assert parse(wire) == frame


@settings(max_examples=40)
@given(ANY_FRAME)
def test_one_byte_at_a_time_shows_what_is_pending(frame: Frame) -> None:
    wire, cutter = build(frame), Cutter()
    found = [(cutter.feed(wire[at : at + 1]), cutter.pending) for at in range(len(wire))]
    assert [pending for _, pending in found] == [*range(1, len(wire)), 0]
    assert found[-1][0] == [wire]


@given(ANY_FRAME)
def test_a_frame_doubled_is_two_frames_also_with_a_shared_delimiter(frame: Frame) -> None:
    wire = build(frame)
    assert cut(wire + wire) == [wire, wire]
    assert cut(wire + wire[1:]) == [wire, wire]


@given(ANY_FRAME, st.data())
def test_a_flipped_bit_is_counted_and_the_next_frame_is_read(frame: Frame, data: st.DataObject) -> None:
    wire = build(frame)
    bit = data.draw(st.integers(0, 8 * len(wire) - 1))
    broken = bytearray(wire)
    broken[bit // 8] ^= 1 << bit % 8
    found = cut(bytes(broken) + GOOD)
    assert frames_of(found) == [parse(GOOD)]
    assert len(found) > 1


@given(st.binary(max_size=40).filter(lambda junk: b"~" not in junk), ANY_FRAME)
def test_junk_and_empty_frames_never_lose_a_frame(junk: bytes, frame: Frame) -> None:
    wire = build(frame)
    found = cut(junk + b"~~" + wire + junk, wire + b"~~~~", wire)
    assert found.count(wire) == 3


@given(ANY_FRAME)
def test_build_is_the_inverse_of_parse(frame: Frame) -> None:
    assert build(parse(build(frame))) == build(frame)


def test_http_and_tls_on_the_port_are_one_reject_each() -> None:
    hello = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    tls = bytes.fromhex("16030100d0010000cc0303")
    assert cut(hello, tls, GOOD) == [Reject("junk", f"{len(hello + tls)} bytes outside any frame", hello + tls), GOOD]


def test_an_endless_frame_is_capped_and_the_stream_recovers() -> None:
    found = cut(b"~" + b"a" * 5000, b"b" * 5000, b"c" * 10, GOOD, b"~" + b"d" * 9000 + b"~", GOOD)
    reasons = [piece.reason for piece in found if isinstance(piece, Reject)]
    assert reasons == ["oversize", "junk", "oversize"]
    assert found.count(GOOD) == 2


@given(st.binary(max_size=5000))
def test_checksum_is_the_xor_of_all_bytes(data: bytes) -> None:
    assert checksum(data) == reduce(xor, data, 0)


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        ("7e000200000123456789017fff0b7e", "checksum"),
        ("7e0002000001234567890100007d038a7e", "escape"),
        ("7e00020001012345678901000000008b7e", "length"),
        ("7e000200050123456789017fff0f7e", "length"),
        ("7e02007d037e", "short"),
        ("7e000240000101234567890100007d02b07e", "checksum"),
        ("7e000240000123456789010000ca7e", "short"),
        ("7e000220000123456789010000aa7e", "short"),
        ("00000200000123456789017fff0a7e", "frame"),
    ],
)
def test_a_bad_frame_is_refused_with_its_reason(wire: str, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        parse(bytes.fromhex(wire))
    assert caught.value.reason == reason


def test_escapes_go_both_ways() -> None:
    assert unescape(bytes.fromhex("02007d0100107d02")).hex() == "02007d00107e"
    assert build(Frame(0x0900, "7e7d7e7d7e7d", 0x7E7D, b"\x7e\x7d\x02\x7d\x01")).count(b"~") == 2


LONG = Frame(0x0801, "013812345678", 65534, bytes(Random(7).randbytes(3500)))
PARTS = [parse(wire) for wire in split(LONG)]


def test_a_long_body_is_split_with_consecutive_serials_that_wrap() -> None:
    assert [part.serial for part in PARTS] == [65534, 65535, 0, 1]
    assert [part.package for part in PARTS] == [(4, 1), (4, 2), (4, 3), (4, 4)]
    with pytest.raises(FrameError, match="3500 bytes of body"):
        build(LONG)


@given(st.permutations(PARTS), st.permutations(PARTS))
def test_sub_packages_join_in_any_order_and_repeated(first: list[Frame], second: list[Frame]) -> None:
    joiner = Joiner()
    joined = [joiner.add(part, now_us=0) for part in [*first[:3], *second]]
    whole = [frame for frame in joined if frame is not None]
    assert [frame.body for frame in whole][:1] == [LONG.body]


def test_a_joined_message_is_one_frame_for_the_journal() -> None:
    joiner = Joiner()
    *_, joined = [joiner.add(part, now_us=0) for part in PARTS]
    assert joined is not None
    assert joined.is_whole
    assert parse(build(joined)) == joined


def test_a_message_that_does_not_come_together_is_asked_for_and_then_forgotten() -> None:
    joiner = Joiner(timeout_us=60)
    assert [joiner.add(part, now_us=now) for now, part in enumerate((PARTS[3], PARTS[0]))] == [None, None]
    (gap,) = joiner.gaps(before_us=2)
    assert (gap.phone, gap.message_id, gap.missing) == ("013812345678", 0x0801, (2, 3))
    assert joiner.expire(now_us=61) == []
    assert joiner.expire(now_us=62) == [gap]
    assert joiner.gaps(before_us=99) == []


def test_an_index_that_returns_with_other_bytes_begins_a_new_message() -> None:
    joiner = Joiner()
    stale = PARTS[0]._replace(body=b"of an older photo")
    assert joiner.add(stale, now_us=0) is None
    assert [frame.body for frame in (joiner.add(part, now_us=1) for part in PARTS) if frame] == [LONG.body]


def test_one_phone_cannot_hold_more_than_its_cap() -> None:
    joiner = Joiner(cap=3000)
    other = PARTS[0]._replace(phone="000000000001")
    assert joiner.add(other, now_us=0) is None
    with pytest.raises(FrameError, match="package_cap"):
        [joiner.add(part, now_us=0) for part in PARTS[:3]]
    assert [gap.phone for gap in joiner.gaps(before_us=1)] == ["000000000001"]


@pytest.mark.parametrize("package", [(4, 0), (4, 5), (0, 0)])
def test_an_impossible_index_is_refused(package: tuple[int, int]) -> None:
    with pytest.raises(FrameError, match="package"):
        Joiner().add(PARTS[0]._replace(package=package), now_us=0)
