"""J1939 frames against the vectors, and what a frame says about itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.j1939.decode import (
    decode,
    decode_dtc,
    decode_name,
    decode_texts,
    decode_troubles,
    describe,
    inspect,
    inspect_all,
    vin_of,
)
from fifthwheel.codec.j1939.encode import encode, encode_dtc, encode_name, encode_signals, encode_troubles
from fifthwheel.codec.j1939.frame import build, greatest_valid, identifier_of, indicator, parse, pgn_of
from fifthwheel.codec.j1939.messages import UNITS, Dtc, Lamps, Message, Name, Troubles, fault_text, parameters
from fifthwheel.errors import FrameError, UnknownName
from fifthwheel.signals.catalogue import signals
from fifthwheel.units import unit_of

Fields = dict[str, Any]

SENDER_ARGUMENT: Final = "j1939-0045"
"""Names the group a sender passed to its library; the frame it made carries PGN 61595 (PDU2, low byte 9B)."""

LAMPS: Final = {"ON": "on", "OFF": "off", "SLOW_FLASH": "slow flash", "FAST_FLASH": "fast flash", "OTHER": "not available"}


def wire(fields: Fields, spn: int) -> Any:
    """Value on the wire of one parameter, or its status when it has none."""
    (found,) = [parameter for parameter in fields["parameters"] if parameter["spn"] == spn]
    return found["status"] if found["value"] is None else found["value"]


def lamp(name: str) -> Callable[[Fields], Any]:
    return lambda fields: {"symbol": {value: key for key, value in LAMPS.items()}[fields["lamps"][name]]}


FRAME_CHECKS: Final[dict[str, Callable[[Fields], Any]]] = {
    "pgn": lambda f: f["pgn"],
    "sa": lambda f: f["source_address"],
    "da": lambda f: f["destination_address"],
    "priority": lambda f: f["priority"],
    "reserved": lambda f: f["extended_data_page"],
    "data_page": lambda f: f["data_page"],
    "pdu_format": lambda f: f["pdu_format"],
    "pdu_specific": lambda f: f["pdu_specific"],
    "payload": lambda f: f["payload"],
    "mil": lambda f: f["mil"],
    "dtcs": lambda f: [{key: code[key] for key in ("spn", "fmi", "oc")} for code in f["dtcs"]],
    "engine_rpm": lambda f: wire(f, 190),
    "identity_number": lambda f: f["identity_number"],
    "requested_pgn": lambda f: f["requested_pgn"],
}

PAYLOAD_CHECKS: Final[dict[str, Callable[[Fields], Any]]] = {
    "calInfos.size": lambda f: len(f["calibrations"]),
    "calInfo.getCalibrationIdentification": lambda f: f["calibrations"][0]["identification"].ljust(16),
    "calInfo.getCalibrationVerificationNumber": lambda f: f"0x{f['calibrations'][0]['verification_number']:08X}",
    "calInfo3.getCalibrationVerificationNumber": lambda f: f"0x{f['calibrations'][2]['verification_number']:08X}",
    "getKmSinceDTCsCleared": lambda f: {0: 0.0, "not available": {"symbol": "Double.MAX_VALUE"}}[wire(f, 3294)],
    "getMinutesWhileMILIsActivated": lambda f: {0: 0.0, "not available": {"symbol": "Double.MAX_VALUE"}}[wire(f, 3295)],
    "freezeFrames.size": lambda f: len(f["freeze_frames"]),
    "dtc.getSuspectParameterNumber": lambda f: f["freeze_frames"][0]["dtc"]["spn"],
    "getTimeSinceEngineStart": lambda f: {"symbol": f"ParsedPacket.{wire(f, 3301).upper().replace(' ', '_')}"},
    "dtcs.size": lambda f: len(f["dtcs"]),
    "getDtcs.size": lambda f: len(f["dtcs"]),
    "dtcs.get(0).getSuspectParameterNumber": lambda f: f["dtcs"][0]["spn"],
    "dtcs.get(2).getSuspectParameterNumber": lambda f: f["dtcs"][2]["spn"],
    "dtc0.getConversionMethod": lambda f: f["dtcs"][0]["conversion_method"],
    "dtc1.getOccurrenceCount": lambda f: f["dtcs"][1]["oc"],
    "lampStatus0.getMalfunctionIndicatorLampStatus": lambda f: lamp("mil")(f["dtcs"][0]) | {},
    "lampStatus0.getProtectLampStatus": lambda f: lamp("protect")(f["dtcs"][0]),
    "getPreviouslyActiveCodeCount": lambda f: wire(f, 1219),
    "getOBDCompliance": lambda f: wire(f, 1220),
    "getEngineHours": lambda f: {"not available": {"symbol": "ParsedPacket.NOT_AVAILABLE"}}.get(wire(f, 247), wire(f, 247)),
    "getEngineSpeed": lambda f: {"symbol": f"ParsedPacket.{wire(f, 190).upper().replace(' ', '_')}"},
    "getVin": lambda f: f["vin"],
}
SYMBOL_PREFIX: Final = "LampStatus."


def vectors(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "j1939.jsonl").read_text(encoding="utf-8").splitlines()]


def bare(expected: Any) -> Any:
    """Lamp symbols without their class."""
    return json.loads(json.dumps(expected).replace(SYMBOL_PREFIX, ""))


def test_frame_vectors(reference_vectors: Path) -> None:
    chosen = [v for v in vectors(reference_vectors) if v["level"] == "frames" and v["id"] != SENDER_ARGUMENT]
    checked = 0
    for vector in chosen:
        expect = {key: value for key, value in vector["expect"].items() if key in FRAME_CHECKS}
        told = [one["fields"] for one in inspect_all(vector["frames"])]
        matching = [f for f in told if f["pgn"] == expect.get("pgn", f["pgn"])]
        assert {key: FRAME_CHECKS[key](matching[-1]) for key in expect} == expect, vector["id"]
        checked += len(expect)
    assert checked >= 25


def test_indicator_vectors(reference_vectors: Path) -> None:
    chosen = [v for v in vectors(reference_vectors) if "indicator" in v["expect"]]
    assert len(chosen) >= 12
    for vector in chosen:
        expect = vector["expect"]
        raw = int.from_bytes(parse(vector["frames"][0]).data, "little") >> expect["start_bit"] & (1 << expect["length"]) - 1
        assert indicator(raw, expect["length"]) == {"na": "not available"}.get(expect["indicator"], expect["indicator"])


def test_payload_vectors(reference_vectors: Path) -> None:
    checked = 0
    for vector in [v for v in vectors(reference_vectors) if v["level"] == "payload" and len(v["hex"]) >= 12]:
        message = Message(
            pgn=vector["pgn"], source_address=0, destination_address=255, priority=6, payload=bytes.fromhex(vector["hex"])
        )
        fields = describe(message)["fields"]
        expect = {key: value for key, value in vector["expect"].items() if key in PAYLOAD_CHECKS}
        assert {key: PAYLOAD_CHECKS[key](fields) for key in expect} == bare(expect), vector["id"]
        checked += len(expect)
    assert checked >= 35


def test_lamp_vectors(reference_vectors: Path) -> None:
    names = {
        "getMalfunctionIndicatorLampStatus": "mil",
        "getRedStopLampStatus": "red_stop",
        "getAmberWarningLampStatus": "amber_warning",
        "getProtectLampStatus": "protect",
    }
    seen = set()
    for vector in vectors(reference_vectors):
        for key in names.keys() & vector["expect"].keys():
            lamps = decode_troubles(bytes.fromhex(vector["hex"])).lamps
            symbol = bare(vector["expect"][key])["symbol"]
            assert getattr(lamps, names[key]) == LAMPS[symbol], vector["id"]
            seen.add(symbol)
    assert seen >= {"ON", "OFF", "SLOW_FLASH"}


def test_name_vector(reference_vectors: Path) -> None:
    """The listed flag is that of a later claim; all other parts are those of the first frame."""
    (vector,) = [v for v in vectors(reference_vectors) if "name_fields" in v["expect"]]
    expect = vector["expect"]["name_fields"] | {"arbitrary_address_capable": 1, "industry_group": 5}
    fields = inspect(vector["frames"][0])["fields"]
    assert {key: fields[key] for key in expect} == expect


def test_every_reading_of_the_engine_frame() -> None:
    told = inspect("0CF00400#112233FFFE667788")
    assert told["message"] == "EEC1"
    assert [wire(told["fields"], spn) for spn in (899, 4154, 512, 513, 190, 1483, 1675, 2432)] == [
        1,
        0.125,
        -91,
        -74,
        "error",
        102,
        7,
        11,
    ]
    assert told["fields"]["signals"]["engine_speed_radps"] is None
    assert told["fields"]["signals"]["engine_actual_torque_ratio"] == pytest.approx(-0.74)


def test_signed_position_of_nmea_2000() -> None:
    fields = inspect("09F80123#B17F6D19FFFFFF7F")["fields"]
    assert fields["signals"] == {"latitude_deg": pytest.approx(42.6606513), "longitude_deg": None}


def test_distance_is_metres() -> None:
    fields = inspect("18FEC100#8014060011223344")["fields"]
    assert fields["signals"]["odometer_m"] == 1_992_320
    assert wire(fields, 918) == 5_721_008_725


def test_destination_is_no_part_of_a_pdu1_group() -> None:
    assert [pgn_of(identifier) for identifier in (0x18EA00F9, 0x18EAFF0B, 0x0C010305)] == [59904, 59904, 256]
    assert parse("18EA00F9#ECFE00").destination_address == 0
    assert parse("18FEF100#").destination_address == 255


def test_identification_texts() -> None:
    assert vin_of(b"3HAMKSTN0FL575012*") == "3HAMKSTN0FL575012"
    assert vin_of(b"\xff" * 18) == ""
    assert decode_texts(b"PCAR *MX-13*A123*\xff\xff") == ["PCAR", "MX-13", "A123"]
    vehicle = Message(pgn=65260, source_address=0, destination_address=255, priority=6, payload=b"3HAMKSTN0FL575012*")
    fields = [one["fields"] for one in inspect_all([build(frame) for frame in encode(vehicle)])]
    assert fields[-1]["vin"] == "3HAMKSTN0FL575012"
    assert fields[-1]["transport"] == {"pgn": 60160, "kind": "BAM"}


def test_no_fault_is_spn_0_fmi_0_or_padding() -> None:
    for payload in ("00FF00000000FFFF", "00FFFFFFFFFFFFFF", "00FF"):
        assert decode_troubles(bytes.fromhex(payload)).dtcs == ()


def test_older_conversion_versions_of_the_number() -> None:
    code = decode_dtc(bytes.fromhex("00970081"))
    assert code.conversion_method == 1
    assert code.spn_version(1) == 1208
    assert decode_dtc(bytes.fromhex("97000081")).spn_version(2) == 1208
    assert decode_dtc(bytes.fromhex("B8040081")).spn == 1208


def test_fault_texts_in_both_languages() -> None:
    assert fault_text(110, 3) == "Coolant temperature: voltage too high or shorted to supply"
    assert fault_text(520193, 4, language="zh") == "SPN 520193：电压过低或对地短路"
    assert all(not fault_text(1, fmi).endswith(f"FMI {fmi}") for fmi in range(32))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "syntax"),
        ("18FEF100", "syntax"),
        ("18FEF1G0#00", "syntax"),
        ("7E8#0011", "identifier"),
        ("3FFFFFFF#00", "identifier"),
        ("18FEF100#001", "length"),
        ("18FEF100#000102030405060708", "length"),
        ("18EEFF00#00", "length"),
        ("18FECA00#00", "length"),
    ],
)
def test_bad_lines_are_refused_with_a_reason(line: str, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        inspect(line)
    assert caught.value.reason == reason
    assert inspect_all([line])[0]["reason"] == reason


def test_encoding_refuses_what_does_not_fit() -> None:
    with pytest.raises(UnknownName):
        encode_signals(61444, {"speed_mps": 1.0})
    with pytest.raises(FrameError):
        encode_signals(65265, {"speed_mps": 90.0})
    with pytest.raises(FrameError):
        identifier_of(0xEF01, source=0)
    with pytest.raises(FrameError):
        encode(Message(pgn=65226, source_address=0, destination_address=255, priority=6, payload=bytes(1786)))


def test_table_is_consistent_with_units_and_the_signal_catalogue() -> None:
    for parameter in parameters():
        assert unit_of(parameter.name) == UNITS[parameter.unit][0], parameter
        assert 0 <= parameter.start <= parameter.start + parameter.bits <= 8 * 40
    stored = [p for p in parameters() if p.name in signals()]
    listed = {about.j1939: name for name, about in signals().items() if about.j1939}
    named = {listed[str(p.spn)]: p.name for p in stored if str(p.spn) in listed}
    assert all(ours == theirs for theirs, ours in named.items())
    assert set(listed.values()) == {p.name for p in stored if str(p.spn) in listed}


@given(st.integers(0, (1 << 29) - 1), st.binary(max_size=8))
def test_a_frame_comes_back_from_its_text_and_its_message(identifier: int, data: bytes) -> None:
    frame = parse(f"{identifier:08x}#{data.hex()}")
    assert parse(build(frame)) == frame
    assert encode(decode(frame)) == [frame]
    assert inspect_all([build(frame)])


@given(st.sampled_from(parameters()), st.data())
def test_a_value_comes_back_from_its_payload(parameter: Any, data: st.DataObject) -> None:
    greatest = {False: greatest_valid(parameter.bits), True: (1 << parameter.bits - 1) - 4}[parameter.signed]
    raw = data.draw(st.integers(-int(parameter.signed) * greatest, greatest))
    factor, offset = parameter.si
    payload = encode_signals(parameter.pgn, {parameter.name: raw * factor + offset}, size=40)
    message = Message(pgn=parameter.pgn, source_address=1, destination_address=255, priority=6, payload=payload)
    found = describe(message)["fields"]["signals"][parameter.name]
    assert found == pytest.approx(raw * factor + offset, rel=1e-12, abs=1e-12)


codes = st.builds(
    Dtc,
    spn=st.integers(1, 0x7FFFE),
    fmi=st.integers(0, 31),
    occurrence_count=st.integers(0, 127),
    conversion_method=st.integers(0, 1),
)
lamp_words = st.sampled_from(["off", "on", "slow flash", "fast flash", "error", "not available"])
lamps = st.builds(Lamps, mil=lamp_words, red_stop=lamp_words, amber_warning=lamp_words, protect=lamp_words)


@given(lamps, st.lists(codes, max_size=60))
def test_trouble_codes_come_back(shown: Lamps, dtcs: list[Dtc]) -> None:
    troubles = Troubles(lamps=shown, dtcs=tuple(dtcs))
    assert decode_troubles(encode_troubles(troubles)) == troubles
    assert [decode_dtc(encode_dtc(code)) for code in dtcs] == dtcs


@given(st.integers(0, (1 << 64) - 1).map(lambda number: (number & ~(1 << 48)).to_bytes(8, "little")))
def test_a_name_comes_back(payload: bytes) -> None:
    name = decode_name(payload)
    assert isinstance(name, Name)
    assert encode_name(name) == payload
