"""JT/T 808 positions in a batch: the same values as frame by frame, in SI, with faults and rejects."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.jt808.decode import decode, observe
from fifthwheel.codec.jt808.encode import frames
from fifthwheel.codec.jt808.frame import Frame, build, parse
from fifthwheel.codec.observed import Fault
from fifthwheel.errors import FrameError
from fifthwheel.units import CELSIUS_ZERO_K, KMH

PHONE = "013812345678"
POSITION: dict[str, Any] = {
    **{"alarm_bits": 0, "status_bits": 0b11, "latitude_deg": 31.234567, "longitude_deg": 121.987654, "altitude_m": 12},
    **{"speed_kmh": 72.5, "direction_deg": 90, "time": "2026-01-02T03:04:05+08:00"},
    "items": [
        {"id": "0x01", "odometer_km": 123456.7},
        {"id": "0x02", "fuel_l": 321.5},
        {"id": "0x03", "recorder_speed_kmh": 72.1},
        {"id": "0x06", "cargo_temperature_c": -18},
        {"id": "0x25", "vehicle_signal": ["brake", "retarder"]},
        {"id": "0x30", "signal_strength": 30},
        {"id": "0xeb", "raw": "000600c5ffffffef"},
    ],
}
TIME_US = 1767294245_000_000
"""2026-01-01T19:04:05Z."""


def position(message_id: int = 0x0200, *, version: str = "2013", phone: str = PHONE, **changes: Any) -> bytes:
    (wire,) = frames(message_id, POSITION | changes, phone=phone, serial=1, version=version)
    return wire


def raw(body: bytes, message_id: int = 0x0200) -> bytes:
    return build(Frame(message_id, PHONE, 1, body))


def test_a_position_in_si_units() -> None:
    decoded = observe([position()])
    (block,) = decoded.blocks
    assert decoded.identity == (PHONE,)
    assert block.time_us.tolist() == [TIME_US]
    assert block.resent.tolist() == [False]
    assert {name: column.item() for name, column in block.values.items()} == pytest.approx(
        {
            **{"latitude_deg": 31.234567, "longitude_deg": 121.987654, "altitude_m": 12.0, "heading_rad": np.pi / 2},
            **{"speed_mps": 72.5 * KMH, "recorder_speed_mps": 72.1 * KMH, "odometer_m": 123456700.0, "fuel_volume_m3": 0.3215},
            **{"ignition_state": 1.0, "cargo_temperature_k": CELSIUS_ZERO_K - 18},
            **{"brake_switch_state": 1.0, "retarder_switch_state": 1.0, "clutch_switch_state": 0.0},
        }
    )


def test_south_west_no_fix_below_the_sea_and_values_not_available() -> None:
    far = [
        {"id": "0x01", "raw": "ffffffff"},
        {"id": "0x02", "raw": "ffff"},
        {"id": "0x06", "raw": "8014"},
        {"id": "0x03", "raw": "01"},
    ]
    (block,) = observe([position(status_bits=0b1110), position(status_bits=0), position(altitude_m=65526, items=far)]).blocks
    assert block.values["latitude_deg"].tolist() == pytest.approx([-31.234567, np.nan, 31.234567], nan_ok=True)
    assert block.values["longitude_deg"].tolist() == pytest.approx([-121.987654, np.nan, 121.987654], nan_ok=True)
    assert block.values["altitude_m"].tolist() == [12, 12, -10]
    assert block.values["ignition_state"].tolist() == [0, 0, 1]
    assert np.isnan([block.values[name][2] for name in ("odometer_m", "fuel_volume_m3", "recorder_speed_mps")]).all()
    assert block.values["cargo_temperature_k"][2] == CELSIUS_ZERO_K - 20


def test_answers_and_batches_are_positions_too_and_a_blind_zone_is_resent() -> None:
    later = POSITION | {"time": "2026-01-02T03:04:15+08:00", "items": []}
    blind = {"batch_type": 1, "positions": [POSITION, later]}
    (wire,) = frames(0x0704, blind, phone=PHONE, serial=1, version="2013")
    (live,) = frames(0x0704, blind | {"batch_type": 0}, phone=PHONE, serial=1, version="2013")
    (block,) = observe([position(0x0201, reply_serial=9), wire, live]).blocks
    assert block.frame.tolist() == [0, 1, 1, 2, 2]
    assert (block.time_us - TIME_US).tolist() == [0, 0, 10_000_000, 0, 10_000_000]
    assert block.resent.tolist() == [False, True, True, False, False]
    assert block.values["odometer_m"].tolist() == pytest.approx([123456700] * 2 + [np.nan, 123456700, np.nan], nan_ok=True)


def test_identity_is_the_phone_with_all_its_digits() -> None:
    heartbeat = build(Frame(0x0002, "00000000013812345678", 1, version="2019"))
    frames_in = [position(version="2019", phone="00000000013912345678"), heartbeat, position()[:-3] + b"\0~"]
    decoded = observe(frames_in)
    assert decoded.identity == ("00000000013912345678", "00000000013812345678", "")
    assert [index for index, _ in decoded.rejects] == [2]
    assert len(decoded.blocks[0].time_us) == 1


@pytest.mark.parametrize("time", ["000000000000", "261302030405", "260230030405", "2601020304a5", "260102240000"])
def test_a_dead_clock_is_rejected_and_the_rest_is_kept(time: str) -> None:
    decoded = observe([position(), position(time=time, alarm_bits=1)])
    assert [(index, reject.reason) for index, reject in decoded.rejects] == [(1, "clock")]
    assert decoded.blocks[0].frame.tolist() == [0]
    assert decoded.faults == ()


def test_alarm_bits_and_active_safety_items_are_faults() -> None:
    item = "0000001f000201323201000035006401e0d40a073e6ac4241127154210ffff69643030303033241127154217000500"
    ended = item[:8] + "02" + item[10:]
    items = [
        {"id": "0x14", "video_alarm_bits": 2},
        {"id": "0x64", "raw": item},
        {"id": "0x65", "raw": ended},
        {"id": "0x64", "raw": "01"},
    ]
    decoded = observe([position(), position(alarm_bits=1 << 31 | 2, items=items)])
    assert decoded.faults == tuple(
        Fault(frame=1, time_us=TIME_US, code=code)
        for code in ("0200 alarm 1", "0200 alarm 31", "0200 video alarm 1", "0200 item 64 type 02")
    )


def test_each_tyre_of_item_66_is_a_row() -> None:
    head = "000000010c1100070000000d0000000e191211183100001334343434343434191210183100030200"
    tyres = "02040001032000280002090006ffffffff0007"
    _, block = observe([position(), position(items=[{"id": "0x66", "raw": head + tyres}])]).blocks
    assert block.frame.tolist() == [1, 1]
    assert block.values["tyre_position_state"].tolist() == [4, 9]
    assert block.values["tyre_pressure_pa"].tolist() == pytest.approx([800e3, np.nan], nan_ok=True)
    assert block.values["tyre_temperature_k"].tolist() == pytest.approx([CELSIUS_ZERO_K + 40, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    "wire",
    [
        raw(bytes(27)),
        raw(bytes(29), 0x0201),
        raw(b"", 0x0704),
        raw(bytes.fromhex("000101001c") + bytes(27), 0x0704),
        raw(bytes.fromhex("000201001c") + bytes(28), 0x0704),
        raw(bytes.fromhex("000101001b") + bytes(27), 0x0704),
    ],
)
def test_a_body_too_short_for_its_positions_is_rejected(wire: bytes) -> None:
    decoded = observe([position(), wire])
    assert [(index, reject.reason, reject.data) for index, reject in decoded.rejects] == [(1, "layout", wire)]
    assert decoded.blocks[0].frame.tolist() == [0]


def test_nothing_gives_nothing_and_partial_or_encrypted_bodies_give_no_rows() -> None:
    assert observe([]).blocks == ()
    frame = parse(position())
    decoded = observe([build(frame._replace(package=(3, 1))), build(frame._replace(encryption=1)), raw(bytes(3), 0x0704)])
    assert (decoded.blocks, decoded.rejects) == ((), ())
    assert decoded.identity == (PHONE,) * 3


def test_a_joined_batch_of_many_positions() -> None:
    (wire,) = frames(0x0704, {"batch_type": 1, "positions": [POSITION] * 13}, phone=PHONE, serial=1, version="2013")
    body = bytes.fromhex("001e01") + parse(wire).body[3 : 3 + (len(parse(wire).body) - 3) // 13] * 30
    (block,) = observe([build(Frame(0x0704, PHONE, 1, body, package=(1, 1)))]).blocks
    assert len(body) > 1023
    assert block.values["fuel_volume_m3"].tolist() == pytest.approx([0.3215] * 30)


@pytest.fixture(scope="session")
def wires(reference_vectors: Path) -> list[bytes]:
    """Every frame of the vectors, good and bad."""
    files = sorted(reference_vectors.glob("jt808_*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [bytes.fromhex(row["hex"]) for row in rows if row["level"] == "frame"]


def reason(wire: bytes) -> str:
    try:
        parse(wire)
    except FrameError as error:
        return error.reason
    return ""


def test_a_batch_is_read_as_each_frame_alone(wires: list[bytes]) -> None:
    decoded = observe(wires)
    assert [index for index, _ in decoded.rejects] == [index for index, wire in enumerate(wires) if reason(wire)]
    assert decoded.identity == tuple("" if reason(wire) else parse(wire).phone for wire in wires)
    (block,) = decoded.blocks
    alone = {index: decode(parse(wire)).fields for index, wire in enumerate(wires) if not reason(wire)}
    rows = [
        (index, row) for index, fields in sorted(alone.items()) for row in fields.get("positions", [fields]) if "items" in row
    ]
    ours = sorted(zip(block.frame.tolist(), block.time_us.tolist(), block.values["speed_mps"].tolist(), strict=True))
    theirs = [(index, int(datetime.fromisoformat(row["time"]).timestamp() * 1e6), row["speed_kmh"] * KMH) for index, row in rows]
    assert ours == [pytest.approx(row) for row in sorted(theirs)]


@given(st.integers(0, 2**32 - 1))
def test_mutated_batches_never_raise_and_reject_what_parse_rejects(seed: int) -> None:
    random = Random(seed)
    wires = []
    for wire in [position(), position(version="2019", phone="0" * 20), raw(bytes(40), 0x0704)] * 3:
        broken = bytearray(wire)
        for _ in range(random.randint(0, 2)):
            at = random.randint(0, len(broken))
            broken[at : at + random.randint(0, 2)] = random.choice((b"~", b"}", b"}\1", b"}\2", b"", random.randbytes(2)))
        wires.append(bytes(broken))
    rejects = dict(observe(wires).rejects)
    assert {index: reason(wire) for index, wire in enumerate(wires) if reason(wire)} == {
        index: reject.reason for index, reject in rejects.items() if reject.reason not in ("clock", "layout")
    }
