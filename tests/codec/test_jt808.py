"""JT/T 808 messages against the frames and values of other implementations' own tests, and mutated ones."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fifthwheel.codec.jt808.decode import CAN_EXTENDED, can_frames, decode, inspect
from fifthwheel.codec.jt808.encode import encode, frames
from fifthwheel.codec.jt808.frame import Cutter, Frame, build, escape, parse, unescape
from fifthwheel.codec.jt808.messages import LAYOUTS, Message
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError, InputError

Row = dict[str, Any]

NAMES = {
    **dict.fromkeys(("lat", "latitude", "latraw1e6"), ("latitude_deg", 1e6)),
    **dict.fromkeys(("lng", "longitude", "lonraw1e6"), ("longitude_deg", 1e6)),
    **dict.fromkeys(("alarmsign", "alarmflag", "alarm"), ("alarm_bits", 1)),
    **dict.fromkeys(("statussign", "statusflag"), ("status_bits", 1)),
    **dict.fromkeys(("altitude", "altm"), ("altitude_m", 1)),
    **dict.fromkeys(("gpstime", "timebcd"), ("time", 1)),
    **dict.fromkeys(("sp33d", "speed01kmh"), ("speed_kmh", 10)),
    **dict.fromkeys(("phone", "terminalphoneno"), ("phone", 1)),
    **dict.fromkeys(("msgnum", "msgsn"), ("serial", 1)),
    **dict.fromkeys(("plate", "licensenumber", "caridentifier"), ("plate", 1)),
    **dict.fromkeys(("maker", "manufacturer", "manufacturerid", "makerid"), ("maker", 1)),
    **dict.fromkeys(("code", "authcode", "authenticationcode"), ("auth_code", 1)),
    **dict.fromkeys(("imei", "terminalimei"), ("imei", 1)),
    **dict.fromkeys(("softwareversion", "version"), ("software_version", 1)),
    **dict.fromkeys(("drivername", "driverusername"), ("driver_name", 1)),
    **dict.fromkeys(("itemids",), ("id", 1)),
    "mileage": ("odometer_km", 10),
    "oil": ("fuel_l", 10),
    "carriagetemp": ("cargo_temperature_c", 1),
    "gnsssatnum": ("satellites", 1),
    "rssi": ("signal_strength", 1),
    "text": ("text", 1),
    "textinfo": ("text", 1),
    "question": ("question", 1),
}
"""Source's field name -> ours and the wire units in one of ours."""

SKIPPED_KEYS = re.compile(
    r"reply_hex|reply_note|reencode_hex|empty_body|layout|symbol|source_asserts|Details|VehicleStatus|MsgId|msg_id"
    r"|Len(gth)?$|Length\b|AttachInfo(Id|Length)|\.len$|proto_ver|ProtocolVersion|unknown_id|\.data$|CustomLocation|Begin$|KeepFields"
    r"|AuthCodeLen|jT808_0X0701|PackageIds|PackageIdList|packageIdList|BaseHandle|serverSideDateTime|PassthroughType|USB|text_type"
    r"|ParamId|extra\.5|tire_pressure|IsPackage|Packag|ActiveSafetyType|AnswerContentLen|item\.Param"
)
"""Not carried by the frame, or a length that our lists and texts have themselves, or a vendor's own item."""
SKIPPED_ROWS = {
    "jt808-0244": "says flag 0 for wire 0xff",
    "jt808-0246": "says flag 0 for wire 0xff",
    "jt808-0361": "shows a parameter of a CAN id undivided",
    "jt808-0041": "its item has a wrong length",
    "jt808-0437": "alarm in the words of another vendor",
}


def rows_of(folder: Path, *names: str) -> list[Row]:
    return [json.loads(line) for name in names for line in (folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def rows(reference_vectors: Path) -> list[Row]:
    return rows_of(reference_vectors, "jt808_core.jsonl", "jt808_active_safety_and_1078.jsonl")


@pytest.fixture(scope="session")
def streams(reference_vectors: Path) -> list[Row]:
    return rows_of(reference_vectors, "jt808_framing.jsonl")


def is_flagged(row: Row) -> bool:
    return row["level"] == "frame" and not (row["envelope"]["len_ok"] and row["envelope"]["checksum_ok"])


def frame_of(row: Row) -> Frame:
    """The row's frame; a body alone gets a header of its version."""
    data = bytes.fromhex(row["hex"])
    is_2019 = row["version"] == "2019"
    return (
        parse(data)
        if row["level"] == "frame"
        else Frame(int(row["message"], 16), "0" * (20 if is_2019 else 12), 1, data, "2019" if is_2019 else "2013")
    )


def good(rows: list[Row]) -> Iterator[tuple[Row, Frame]]:
    return ((row, frame_of(row)) for row in rows if row["level"] in ("frame", "body") and not is_flagged(row))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and "datetime" not in value and "bytes" not in value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def forms(value: Any) -> set[Any]:
    """Ways to write one value: a number in wire units, digits, hex, base64, a time without its punctuation."""
    if isinstance(value, dict):
        value = value.get("datetime", value.get("bytes"))
    if isinstance(value, bool | int | float):
        return {round(abs(value) * scale) for scale in (1, 10, 10**6)}
    text = value.removeprefix("hex:").removesuffix("+08:00").strip("\0 ")
    digits = re.sub(r"[-: T]", "", text)
    found = {text, digits, digits[2:], digits.lstrip("0"), text.encode("gbk").hex()}
    if re.fullmatch(r"(?:[0-9a-f]{2})+", text.removeprefix("0x")):
        data = bytes.fromhex(text.removeprefix("0x"))
        number = int.from_bytes(data, "big")
        erlang = "".join(chr(48 + int(digit, 16)) for digit in data.hex())
        found |= {number, hex(number), *data, base64.b64encode(data).decode(), data.decode("latin-1").strip("\0"), erlang}
    return found


def mismatches(row: Row, fields: dict[str, Any]) -> Iterator[str]:
    ours = list(leaves(fields))
    lengths = {len(value) for value in fields.values() if isinstance(value, list)}
    anywhere = lengths.union(*(forms(value) for _, value in ours))
    for path, value in leaves(row["expect"]):
        key = re.sub(r"[^a-z0-9]", "", path.rsplit(".", 1)[-1].lower())
        if SKIPPED_KEYS.search(path) or value is None or value == "":
            continue
        name, scale = NAMES.get(key, ("", 1))
        same = [inner for inner_path, inner in ours if inner_path.endswith(name)]
        wire = {round(inner * scale) if isinstance(inner, float) and scale > 1 else inner for inner in same}
        found = set().union(*(forms(inner) for inner in wire)) if name else anywhere
        if not forms(value) & found:
            yield f"{row['id']} {row['message']} {path}={value!r}: ours {same or sorted(map(str, anywhere))[:20]}"


def test_every_good_row_decodes_to_the_values_its_source_expects(rows: list[Row]) -> None:
    wrong = [
        mismatch
        for row, frame in good(rows)
        if row["id"] not in SKIPPED_ROWS
        for mismatch in mismatches(row, inspect(build(frame))["fields"])
    ]
    assert wrong == []


def test_every_flagged_row_is_refused_with_its_reason(rows: list[Row]) -> None:
    flagged = [row for row in rows if is_flagged(row)]
    reasons = []
    for row in flagged:
        with pytest.raises(FrameError) as caught:
            parse(bytes.fromhex(row["hex"]))
        reasons.append(caught.value.reason)
    assert len(flagged) > 3
    assert reasons == ["length" if row["envelope"]["checksum_ok"] else "checksum" for row in flagged]


def test_envelopes_agree_with_an_independent_reading(rows: list[Row]) -> None:
    for row, frame in good([row for row in rows if row["level"] == "frame"]):
        told = row["envelope"]
        assert (frame.message_id, frame.phone, frame.serial, len(frame.body), frame.encryption) == (
            *(told["msg_id"], told["phone_bcd"], told["seq"], told["body_len"], told["encrypt"]),
        )


def test_the_edition_is_told_by_the_header_or_the_layout(rows: list[Row]) -> None:
    told = {row["id"]: inspect(build(frame))["version"] for row, frame in good(rows)}
    assert [key for row, _ in good(rows) if told[key := row["id"]] != row["version"]] == ["jt808-0266"]  # 2019 bit set
    assert {"2011", "2013", "2019"} == set(told.values())


def test_reencoding_is_byte_identical(rows: list[Row]) -> None:
    replies = [bytes.fromhex(row["expect"]["reply_hex"]) for row in rows if "reply_hex" in row["expect"]]
    for frame in [*(frame for _, frame in good(rows)), *map(parse, replies)]:
        assert encode(decode(frame)) == frame.body
        assert parse(build(frame)) == frame
    wires = {row["id"]: (build(frame).hex(), row["hex"]) for row, frame in good(rows) if row["level"] == "frame"}
    assert [key for key, (ours, theirs) in wires.items() if ours != theirs] == ["jt808-0438"]  # sent a 7E unescaped


def test_replies_are_built_as_the_sources_build_them(rows: list[Row]) -> None:
    asked = [row for row in rows if row["expect"].get("reply_hex", "")[2:6] == "8001"]
    assert len(asked) > 5
    for row in asked:
        request, reply = frame_of(row), parse(bytes.fromhex(row["expect"]["reply_hex"]))
        result = decode(reply).fields["result"]  # 1 for a code that is not the registered one
        fields = {"reply_serial": request.serial, "reply_message_id": request.message_id, "result": result}
        ours = frames(0x8001, fields, phone=request.phone, serial=reply.serial, version=request.version)
        assert [wire.hex() for wire in ours] == [row["expect"]["reply_hex"]]


LATER_FRAMES_TOO = {"jt808-0288", "jt808-0301"}
"""Their reader gives up at the first bad frame; ours goes on."""


def test_streams_are_cut_as_the_sources_cut_them(streams: list[Row]) -> None:
    for row in (row for row in streams if "frames" in row["expect"] and row["id"] not in LATER_FRAMES_TOO):
        cutter = Cutter()
        pieces = cutter.feed(bytes.fromhex(row["hex"][: len(row["hex"]) // 2 * 2]))
        assert [piece.hex() for piece in opened(pieces)] == (row["expect"]["frames"] or []), row["id"]
        assert cutter.pending == row["expect"]["pending_bytes"], row["id"]


def opened(pieces: list[bytes | Reject]) -> list[bytes]:
    """The pieces that are good frames."""
    found = []
    for piece in pieces:
        with suppress(FrameError, TypeError):
            parse(piece)  # type: ignore[arg-type]
            found.append(piece)
    return found  # type: ignore[return-value]


def test_fragments_give_no_frame_and_prefixed_ones_do(streams: list[Row]) -> None:
    for row in (row for row in streams if row["expect"].get("incomplete")):
        assert Cutter().feed(bytes.fromhex(row["hex"])) == [], row["id"]
    cutter = Cutter()
    pieces = [piece for row in streams if row["source"].startswith("emqx") for piece in cutter.feed(bytes.fromhex(row["hex"]))]
    plates = [inspect(piece)["fields"].get("plate") for piece in opened(pieces)]
    assert plates == ["ujvl239", "ujvl239", "ujvl239", None]
    assert [piece.reason for piece in pieces if isinstance(piece, Reject)] == []


def test_escapes_are_read_and_written_as_the_sources_do(streams: list[Row]) -> None:
    for row in (row for row in streams if "unescaped_hex" in row["expect"]):
        assert unescape(bytes.fromhex(row["hex"])[1:-1]).hex() == row["expect"]["unescaped_hex"]
    for row in (row for row in streams if "escaped_frame_hex" in row["expect"]):
        assert f"7e{escape(bytes.fromhex(row['hex'])).hex()}7e" == row["expect"]["escaped_frame_hex"]


def test_header_of_a_sub_package_of_2019(rows: list[Row]) -> None:
    (row,) = [row for row in rows if row["level"] == "part"]
    frame = Frame(0x0102, "00000000013812345678", 135, bytes(255), "2019", 2, 1, (0, 0))
    assert build(frame).hex()[2:].startswith(row["hex"])


def mutated(frame: Frame, random: Random) -> Frame:
    body = bytearray(frame.body)
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(body))
        body[at : at + random.randint(0, 3)] = random.randbytes(random.randint(0, 3))
    message_id = random.choice((frame.message_id, random.choice(list(LAYOUTS)), random.randint(0, 0xFFFF)))
    return frame._replace(body=bytes(body[:1023]), message_id=message_id)


def test_mutated_frames_raise_nothing_but_frame_errors(rows: list[Row]) -> None:
    random = Random(808)
    originals = [frame for _, frame in good(rows)]
    read = []
    for frame in (mutated(random.choice(originals), random) for _ in range(6000)):
        with suppress(FrameError):
            read.append((encode(decode(frame)), frame.body, json.dumps(inspect(build(frame)))))
    assert len(read) > 3000
    assert [(ours, body) for ours, body, _ in read if ours != body] == []


def test_can_frames_of_0705_keep_id_and_data() -> None:
    wire = bytes.fromhex("0002" + "1035200123" + "58f00400" + "f07d8a881300f082" + "000007e8" + "0102030405060708")
    message = decode(Frame(0x0705, "013812345678", 1, wire))
    assert can_frames(message) == [
        (0x18F00400 | CAN_EXTENDED, bytes.fromhex("f07d8a881300f082")),
        (0x7E8, bytes.fromhex("0102030405060708")),
    ]
    assert encode(message) == wire


def test_a_new_message_is_written_from_names_alone() -> None:
    fields = {
        **{"alarm": ["overspeed"], "status": ["acc_on", "fix_valid", "west"], "latitude_deg": 31.5, "longitude_deg": -121.25},
        **{"altitude_m": 12, "speed_kmh": 79.9, "direction_deg": 90, "time": "2026-01-02T03:04:05+08:00"},
        "items": [{"id": "0x01", "odometer_km": 12345.6}, {"id": "0x25", "vehicle_signal": ["brake", "retarder"]}],
    }
    (wire,) = frames(0x0200, fields, phone="013812345678", serial=9, version="2013")
    read = inspect(wire)["fields"]
    assert {name: read[name] for name in fields if name != "items"} == {name: fields[name] for name in fields if name != "items"}
    assert read["items"] == [
        {"id": "0x01", "odometer_km": 12345.6},
        {"id": "0x25", "vehicle_signal_bits": 0x810, "vehicle_signal": ["brake", "retarder"]},
    ]


@pytest.mark.parametrize("fields", [{}, {"reply_serial": 1, "reply_message_id": 70000, "result": 0}, {"raw": "zz"}])
def test_a_message_that_cannot_be_written_says_why(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="0x8001"):
        encode(Message(message_id=0x8001, edition="2013", fields=fields))


def test_encrypted_and_partial_bodies_are_kept_raw() -> None:
    frame = Frame(0x0200, "013812345678", 1, b"\1\2\3")
    assert decode(frame._replace(encryption=1)).fields == {"raw": "010203"}
    assert decode(frame._replace(package=(2, 1))).fields == {"raw": "010203"}
    assert inspect(build(frame._replace(package=(2, 1))))["fields"]["package_index"] == 1
    with pytest.raises(FrameError, match="layout"):
        decode(frame)
