"""The shared envelope: the six properties that every cutter must have, for both protocols and for a stream that mixes them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fifthwheel.codec.gbt32960 import encode as gbt_encode
from fifthwheel.codec.gbt32960 import frame as gbt_frame
from fifthwheel.codec.hashframe import Cutter, bcc, check, padded, protocol_of, seal
from fifthwheel.codec.hj1239 import encode as hj_encode
from fifthwheel.codec.hj1239 import frame as hj_frame
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError, InputError

VIN = "LFWSRXSJ8M1F00001"
NOON_US = 1_770_000_000_000_000
GBT = gbt_encode.realtime(VIN, NOON_US, {"speed_mps": 20.0, "motor_torque_nm": 300.0, "latitude_deg": 31.2})[0]
GBT_2025 = seal(b"$$\x02\xfe" + VIN.encode() + b"\x01", GBT[24:30] + b"\x05\x00\x01" + bytes(8))
HJ = hj_encode.engine_stream(VIN, NOON_US, 7, {"speed_mps": [20.0] * 10, "engine_speed_radps": 130.0})[0]
HJ_PLATFORM = seal(b"~~\x04\xfe" + VIN.encode() + b"\x01", GBT[24:30] + b"\x00\x01")
TRICKY = seal(b"##\x03\xfe" + VIN.encode() + b"\x01", GBT[24:30] + b"\x80\x00\x12" + b"##\x02\xfe$$~~##\x7e\x7e" + b"##" * 3)
FRAMES = [GBT, GBT_2025, HJ, HJ_PLATFORM, TRICKY]
frames_of = st.sampled_from(FRAMES)


def frames_in(pieces: list[bytes | Reject]) -> list[bytes]:
    return [piece for piece in pieces if isinstance(piece, bytes)]


def rejects_in(pieces: list[bytes | Reject]) -> list[Reject]:
    return [piece for piece in pieces if isinstance(piece, Reject)]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_cut_in_two_at_any_byte_is_the_same_frame(frame: bytes) -> None:
    for cut in range(len(frame) + 1):
        cutter = Cutter()
        assert cutter.feed(frame[:cut]) + cutter.feed(frame[cut:]) == [frame], cut
        assert cutter.pending == 0


@pytest.mark.parametrize("frame", FRAMES)
def test_byte_by_byte_and_back_to_back(frame: bytes) -> None:
    cutter = Cutter()
    assert [piece for byte in frame + frame for piece in cutter.feed(bytes((byte,)))] == [frame, frame]


@given(frame=frames_of, following=frames_of, data=st.data())
def test_one_flipped_bit_is_counted_and_the_next_good_frame_decodes(frame: bytes, following: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 8 * len(frame) - 1))
    damaged = bytearray(frame)
    damaged[bit // 8] ^= 1 << bit % 8
    pieces = Cutter().feed(bytes(damaged) + following)
    assert frames_in(pieces)[-1] == following
    assert frame not in frames_in(pieces)[:-1]
    assert rejects_in(pieces)
    kept = [piece if isinstance(piece, bytes) else piece.data for piece in pieces]
    assert b"".join(kept) == bytes(damaged) + following


@given(before=st.binary(max_size=80), frame=frames_of, after=st.binary(max_size=80))
@example(before=b"", frame=GBT, after=b"")
@example(before=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", frame=HJ, after=bytes.fromhex("160301020001000001fc0303"))
@example(before=b"##", frame=GBT, after=b"##")
@example(before=b"~~", frame=HJ, after=b"~")
def test_junk_around_frames_never_hides_the_next_ones(before: bytes, frame: bytes, after: bytes) -> None:
    pieces = Cutter().feed(before + frame + frame + after + GBT)
    assert frames_in(pieces).count(frame) >= 2
    assert frames_in(pieces)[-1] == GBT


@given(st.lists(st.one_of(frames_of, st.binary(max_size=40)), max_size=8), st.lists(st.integers(1, 90), min_size=1, max_size=20))
def test_no_byte_is_lost_however_the_stream_is_cut(parts: list[bytes], sizes: list[int]) -> None:
    stream, cutter, pieces, at = b"".join(parts), Cutter(), [], 0
    for size in sizes * (len(stream) // sum(sizes) + 1):
        pieces += cutter.feed(stream[at : at + size])
        at += size
    pieces += cutter.expire()
    assert b"".join(piece if isinstance(piece, bytes) else piece.data for piece in pieces) == stream


def test_a_half_frame_waits_until_it_is_given_up() -> None:
    cutter = Cutter()
    assert cutter.feed(GBT[:-1]) == []
    assert cutter.pending == len(GBT) - 1
    assert [reject.reason for reject in cutter.expire()] == ["timeout"]
    assert cutter.pending == 0
    assert cutter.expire() == []
    assert cutter.feed(HJ) == [HJ]


def test_reasons_say_what_was_wrong() -> None:
    wrong_check = GBT[:-1] + bytes((GBT[-1] ^ 1,))
    too_long = GBT[:22] + b"\xff\xff" + GBT[24:]
    assert [reject.reason for reject in rejects_in(Cutter().feed(b"hello" + GBT))] == ["junk"]
    assert Cutter().feed(wrong_check + GBT) == [Reject("checksum", f"{len(GBT)} bytes refused", wrong_check), GBT]
    assert [reject.reason for reject in rejects_in(Cutter().feed(too_long + GBT))] == ["length"]
    assert rejects_in(Cutter(cap_bytes=64).feed(HJ))[0].reason == "length"


@given(st.integers(0, 8 * len(GBT) - 1))
def test_one_flipped_bit_of_a_cut_frame_is_refused_with_a_reason(bit: int) -> None:
    damaged = bytearray(GBT)
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FrameError) as caught:
        gbt_frame.parse(bytes(damaged))
    assert caught.value.reason in {"start", "length", "checksum"}


@given(st.binary(max_size=300))
def test_check_byte_is_the_xor_of_all_bytes(data: bytes) -> None:
    expected = 0
    for byte in data:
        expected ^= byte
    assert bcc(data) == expected


def test_the_protocols_are_told_apart() -> None:
    assert [protocol_of(frame) for frame in FRAMES] == ["gbt32960", "gbt32960", "hj1239", "hj1239", "gbt32960"]
    assert protocol_of(b"##\x02") is None
    assert protocol_of(b"##\x02\x00") is None
    with pytest.raises(FrameError, match="protocol"):
        gbt_frame.parse(HJ)
    with pytest.raises(FrameError, match="protocol"):
        hj_frame.parse(GBT)


def test_a_cutter_of_one_protocol_refuses_the_start_bytes_of_others() -> None:
    assert gbt_frame.Cutter().feed(GBT_2025 + HJ_PLATFORM + GBT) == [
        GBT_2025,
        Reject("junk", f"{len(HJ_PLATFORM)} bytes refused", HJ_PLATFORM),
        GBT,
    ]
    assert frames_in(hj_frame.Cutter().feed(HJ + GBT_2025 + HJ_PLATFORM)) == [HJ, HJ_PLATFORM]


def test_fields_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="18 characters"):
        padded(VIN + "X")
    with pytest.raises(InputError, match="Latin-1"):
        padded("京A12345")
    with pytest.raises(FrameError, match="length"):
        seal(GBT[:22], bytes(65536))
    with pytest.raises(FrameError, match="start"):
        check(b"GET", (b"##",))
