"""GB 17691 annex Q and HJ 1239: messages, JSON, 1 Hz columns, trouble codes, and that reading and writing are exact inverses."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.hashframe import seal
from fifthwheel.codec.hj1239 import encode
from fifthwheel.codec.hj1239.decode import decode, inspect, observe, trouble_code
from fifthwheel.codec.hj1239.frame import PLATFORM, TERMINAL, Frame, build, head, parse
from fifthwheel.codec.hj1239.messages import layouts
from fifthwheel.errors import FrameError, InputError
from fifthwheel.signals.catalogue import signals

VIN = "LFWSRXSJ8M1F00001"
NOON_US = 1_770_004_800_000_000
NOON = "2026-02-02T12:00:00+08:00"
CLOCK = bytes([26, 2, 2, 12, 0, 0])
ENGINE = {
    "speed_mps": 80 / 3.6,
    "ambient_pressure_pa": 98_500.0,
    "engine_net_torque_ratio": 0.62,
    "engine_friction_torque_ratio": 0.09,
    "engine_speed_radps": 1200.125 * np.pi / 30,
    "fuel_rate_m3ps": 28.35e-3 / 3600,
    "nox_upstream_ppm": 812.35,
    "nox_downstream_ppm": -3.5,
    "reagent_level_ratio": 0.5,
    "intake_air_kgps": 900.05 / 3600,
    "scr_inlet_temperature_k": 300.03125 + 273.15,
    "scr_outlet_temperature_k": 298.5 + 273.15,
    "dpf_pressure_drop_pa": 4_200.0,
    "coolant_temperature_k": 85 + 273.15,
    "fuel_level_ratio": 0.736,
    "latitude_deg": -31.25,
    "longitude_deg": 121.5,
    "odometer_m": 123_456_700.0,
}
"""One value of every signal of the engine body, each a whole number of wire steps."""
BODY = "5000 c5 bb 86 2581 0237 4f2f 0f5a 7d 4651 47a1 47a0 002a 7d b8 02 073de060 01dcd650 0012d687"


def sent(command: int, data: bytes | str, *, start: bytes = TERMINAL, flag: int = 1, encryption: int = 1) -> bytes:
    payload = bytes.fromhex(data) if isinstance(data, str) else data
    return build(Frame(start=start, command=command, flag=flag, vin=VIN, encryption=encryption, data=payload))


def realtime(*bodies: str, command: int = 2) -> bytes:
    return sent(command, CLOCK + bytes.fromhex("".join(bodies)))


def fields(frame: bytes) -> dict[str, Any]:
    assert encode.encode(decode(frame)) == frame
    return dict(inspect(frame)["fields"])


def test_an_engine_body_by_hand() -> None:
    frame = realtime("02 0007", BODY)
    assert len(bytes.fromhex(BODY)) == 37
    assert (inspect(frame)["message"], inspect(frame)["version"]) == ("realtime", "2018")
    shown = fields(frame)
    assert (shown["vin"], shown["time"], shown["software_version"]) == (VIN, NOON, 1)
    (info,) = shown["infos"]
    assert info == {
        **{"type": 2, "type_name": "engine", "serial": 7, "speed_kmh": 80.0, "ambient_pressure_kpa": 98.5},
        **{"net_torque_percent": 62, "friction_torque_percent": 9, "engine_speed_rpm": 1200.125, "fuel_rate_lph": 28.35},
        **{"nox_upstream_ppm": 813.55, "nox_downstream_ppm": -3.5, "reagent_level_percent": 50.0, "intake_air_kgph": 900.05},
        **{"scr_inlet_temperature_c": 300.03125, "scr_outlet_temperature_c": 300.0, "dpf_pressure_drop_kpa": 4.2},
        **{"coolant_temperature_c": 85, "fuel_level_percent": 73.6, "odometer_km": 123456.7},
        **{"position_status": 2, "position_status_names": ["south"], "position_valid": True},
        **{"longitude_deg": 121.495648, "latitude_deg": -31.250000},
    }
    assert encode.engine_stream(VIN, NOON_US, 7, ENGINE)[0][:33] == frame[:33]


def test_error_and_not_available_codes_are_null_and_only_errors_are_listed() -> None:
    error, absent = "fe00", "ffff"
    frame = realtime("02 0001", f"{error} fe fb ff {absent} faff", "ff" * 14, "fa 01", "ff" * 12)
    (info,) = fields(frame)["infos"]
    assert info["abnormal"] == ["speed_kmh", "ambient_pressure_kpa", "net_torque_percent"]
    assert (info["fuel_rate_lph"], info["engine_speed_rpm"], info["position_valid"]) == (3212.75, None, False)
    (block,) = observe([frame]).blocks
    assert {name for name, values in block.values.items() if not np.isnan(values).any()} == {"fuel_rate_m3ps", "fuel_level_ratio"}


def test_ten_bodies_are_ten_samples_a_second_apart() -> None:
    rng = np.random.default_rng(5)
    speeds = np.round(rng.uniform(0, 90, 27) * 256) / 256 / 3.6
    frames = encode.engine_stream(VIN, NOON_US, 65530, ENGINE | {"speed_mps": speeds}, resent=True)
    decoded = observe(frames)
    assert [len(decode(frame).infos) for frame in frames] == [10, 10, 7]
    assert (np.concatenate([block.time_us for block in decoded.blocks]) == NOON_US + 1_000_000 * np.arange(27)).all()
    assert np.concatenate([block.values["speed_mps"] for block in decoded.blocks]) == pytest.approx(speeds)
    assert np.concatenate([block.frame for block in decoded.blocks]).tolist() == [0] * 10 + [1] * 10 + [2] * 7
    assert all(block.resent.all() for block in decoded.blocks)
    assert decoded.identity == (VIN,) * 3
    first = {name: values[0] for name, values in decoded.blocks[0].values.items()}
    assert first | {"speed_mps": ENGINE["speed_mps"]} == pytest.approx(ENGINE, rel=1e-9)
    assert set(ENGINE) <= set(signals())


@pytest.mark.parametrize(
    ("serials", "seconds"),
    [
        ([5, 6, 7], [0, 1, 2]),
        ([5, 6, 9], [0, 1, 4]),
        ([5, 5, 5], [0, 1, 2]),
        ([65535, 0, 1], [0, 1, 2]),
        ([900, 3, 4], [0, 1, 2]),
    ],
)
def test_the_serial_places_the_bodies_of_a_frame(serials: list[int], seconds: list[int]) -> None:
    (block,) = observe([realtime(*[f"02 {serial:04x} {BODY}" for serial in serials])]).blocks
    assert ((block.time_us - NOON_US) // 1_000_000).tolist() == seconds


def test_hj_1239_gives_each_body_its_own_time_and_may_sign() -> None:
    later = (CLOCK[:-1] + b"\x05").hex()
    signature = "20" + "aa" * 32 + "20" + "bb" * 32
    frame = sent(2, CLOCK.hex() + "0003" + "02" + CLOCK.hex() + BODY + "02" + later + BODY + signature)
    shown = fields(frame)
    assert inspect(frame)["version"] == "2021"
    assert (shown["serial"], [info.get("time") for info in shown["infos"]]) == (3, [NOON, NOON[:17] + "05+08:00", None])
    assert shown["infos"][2]["s"] == "bb" * 32
    (block,) = observe([frame]).blocks
    assert (block.time_us - NOON_US).tolist() == [0, 5_000_000]


def test_a_dead_collection_time_falls_back_to_the_time_of_the_frame() -> None:
    dead = "02" + "00" * 6 + BODY
    (block,) = observe([sent(2, CLOCK.hex() + "0003" + dead + dead)]).blocks
    assert (block.time_us - NOON_US).tolist() == [0, 1_000_000]


def test_the_platform_link() -> None:
    frame = sent(3, CLOCK.hex() + "0003" + "02" + CLOCK.hex() + BODY, start=PLATFORM, flag=0xFE)
    assert (inspect(frame)["message"], inspect(frame)["version"]) == ("resend", "2021")
    assert head(frame) == (PLATFORM, 3, 0xFE, VIN, 1)
    (block,) = observe([frame]).blocks
    assert block.resent.tolist() == [True]
    answered = encode.answer(frame, NOON_US, 2)
    assert (parse(answered).flag, parse(answered).data) == (2, CLOCK)
    assert observe([answered]).blocks == ()
    assert inspect(sent(7, "0102", start=PLATFORM))["message"] == "platform_login"


def test_other_bodies() -> None:
    head_bytes, tail = BODY[:24], "01" + "ff" * 12
    catalyst = "03 0001" + head_bytes + "7fff 32 4651 7d 47a1" + tail
    catalyst_nox = "05 0001" + head_bytes + "7fff 32 0fa0 4651 7d 47a1" + tail
    hybrid = "04 0001" + "05dc 32 1964 2328 37"
    supplement = "80 0001" + "01 4b 000186a0 3c 00000064 00000abc 47a1"
    frame = realtime(catalyst, catalyst_nox, hybrid, supplement)
    infos = fields(frame)["infos"]
    assert [info["type_name"] for info in infos] == ["catalyst", "catalyst_nox", "hybrid", "supplement"]
    assert infos[0]["oxygen_upstream_lambda"] == pytest.approx(0.9993935)
    assert (infos[2]["battery_current_a"], infos[3]["fuel_total_l"]) == (-100.0, 50000.0)
    values = [block.values for block in observe([frame]).blocks]
    assert values[1]["nox_downstream_ppm"] == pytest.approx([0])
    assert values[2]["battery_soc_ratio"] == pytest.approx([0.55])
    assert values[3]["fuel_total_m3"] == pytest.approx([50])
    assert values[3]["accelerator_ratio"] == pytest.approx([0.3])


def test_trouble_codes_become_faults() -> None:
    frame = encode.obd(VIN, NOON_US, 1, [(110, 3), (520_192, 31)], mil=True)
    decoded = observe([frame, realtime("02 0001", BODY)])
    assert [(fault.frame, fault.code) for fault in decoded.faults] == [(0, "SPN 110 FMI 3"), (0, "SPN 520192 FMI 31"), (0, "MIL")]
    assert decoded.faults[0].time_us == NOON_US
    info = fields(frame)["infos"][0]
    assert (info["protocol_name"], info["dtc_count"], info["reported_vin"]) == ("SAE J1939", 2, VIN)
    assert trouble_code(0x145600AF, 1) == "DTC 145600AF"
    with pytest.raises(InputError, match="SPN"):
        encode.obd(VIN, NOON_US, 1, [(1 << 19, 0)])


def test_an_invalid_number_of_trouble_codes_is_none() -> None:
    body = encode.obd(VIN, NOON_US, 1, [])[30:-2]
    frame = sent(2, CLOCK + body + b"\xfe" + bytes.fromhex("020001" + BODY))
    assert (fields(frame)["infos"][0]["dtc_count"], fields(frame)["infos"][0]["dtcs"]) == (254, [])
    assert observe([frame]).faults == ()
    assert len(observe([frame]).blocks) == 1


def test_login_logout_time_and_registration() -> None:
    login = fields(encode.login(VIN, NOON_US, 3, "89860000000000000001"))
    assert (login["time"], login["serial"], login["iccid"]) == (NOON, 3, "89860000000000000001")
    assert fields(encode.logout(VIN, NOON_US, 3))["serial"] == 3
    asked = sent(5, b"")
    assert inspect(asked)["message"] == "time_sync"
    assert len(encode.answer(asked, NOON_US)) == 31
    assert fields(encode.answer(asked, NOON_US))["time"] == NOON
    assert encode.answer(realtime("02 0001", BODY), NOON_US) == b""
    alarm = fields(sent(6, CLOCK + bytes.fromhex("0001 04 073a20d0 01e0a6e0")))
    assert (alarm["longitude_deg"], alarm["latitude_deg"]) == (-121.25, 31.5)
    registration = CLOCK + b"CHIP".ljust(16, b"\0") + bytes(64) + VIN.encode() + (b"\x20" + b"R" * 32) + (b"\x20" + b"S" * 32)
    assert fields(sent(7, registration))["registered_vin"] == VIN
    assert fields(sent(8, "0202"))["result_name"] == "refused"


def test_what_fits_no_layout_is_kept_raw_by_decode_and_refused_by_observe() -> None:
    odd = realtime("07 01 63 03")
    encrypted = sent(2, b"\x01\x02\x03", encryption=2)
    serial_first = sent(2, CLOCK + bytes.fromhex("0004 01 010203"))
    assert fields(odd)["raw"].endswith("07016303")
    assert fields(encrypted)["encrypted"] == "SM2"
    assert (fields(serial_first)["serial"], fields(serial_first)["info_type"]) == (4, 1)
    dead = sent(2, bytes(6) + bytes.fromhex("020001" + BODY))
    damaged = odd[:-1] + b"\x00"
    decoded = observe([odd, encrypted, serial_first, dead, damaged, b"##", realtime("02 0001", BODY)])
    assert [reject.reason for _, reject in decoded.rejects] == ["layout", "encrypted", "layout", "time", "checksum", "length"]
    assert [block.frame.tolist() for block in decoded.blocks] == [[6]]


LIVE = [*encode.engine_stream(VIN, NOON_US, 1, {"speed_mps": [20.0] * 3}), encode.obd(VIN, NOON_US, 1, [(100, 1)]), sent(5, b"")]


@given(frame=st.sampled_from(LIVE), data=st.data())
def test_mutated_data_is_always_read_and_comes_back_byte_for_byte(frame: bytes, data: st.DataObject) -> None:
    body = bytearray(frame[24:-1] + data.draw(st.binary(min_size=1, max_size=4)))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=6)):
        body[place] = data.draw(st.integers(0, 255))
    mutated = build(replace(parse(frame), data=bytes(body[: data.draw(st.integers(0, len(body)))])))
    decoded = observe([mutated, realtime("02 0001", BODY)])
    assert decoded.identity == (VIN, VIN)
    assert any(1 in block.frame for block in decoded.blocks)
    assert fields(mutated)["vin"] == VIN


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_but_frame_errors(data: bytes) -> None:
    frame = seal(b"##\x02" + VIN.encode() + b"\x01\x01", data)
    assert len(observe([data, frame]).identity) == 2
    assert encode.encode(decode(frame)) == frame
    with suppress(FrameError):
        assert encode.encode(decode(data)) == data


@pytest.mark.parametrize("edition", ["17691", "1239"])
def test_every_signal_of_the_table_is_in_the_catalogue(edition: str) -> None:
    groups = layouts(edition).values()
    fed = {signal for group in groups for part in getattr(group, "fields", ()) for signal, _ in part.signals}
    assert fed - {"position_status"} <= set(signals())
