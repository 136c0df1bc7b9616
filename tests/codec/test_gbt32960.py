"""GB/T 32960.3: messages, JSON, columns, and that reading and writing are exact inverses."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.gbt32960 import encode
from fifthwheel.codec.gbt32960.decode import decode, inspect, observe
from fifthwheel.codec.gbt32960.frame import Frame, build, head, parse
from fifthwheel.codec.gbt32960.messages import KINDS, layouts
from fifthwheel.codec.hashframe import seal
from fifthwheel.codec.observed import Decoded, Fault
from fifthwheel.errors import FrameError, InputError
from fifthwheel.signals.catalogue import signals

VIN = "LFWSRXSJ8M1F00001"
NOON_US = 1_770_004_800_000_000
NOON = "2026-02-02T12:00:00+08:00"
CLOCK = bytes([26, 2, 2, 12, 0, 0])
FULL = {
    "ignition_state": 1.0,
    "charge_state": 3.0,
    "speed_mps": 20.0,
    "odometer_m": 123_400.0,
    "battery_voltage_v": 650.5,
    "battery_current_a": -120.5,
    "battery_soc_ratio": 0.55,
    "gear_current_state": 3.0,
    "brake_switch_state": 0.0,
    "insulation_ohm": 1.2e6,
    "accelerator_ratio": 0.3,
    "brake_pedal_ratio": 0.0,
    "motor_speed_radps": 314.1592653589793,
    "motor_torque_nm": 812.5,
    "motor_temperature_k": 353.15,
    "inverter_temperature_k": 333.15,
    "engine_state": 1.0,
    "engine_speed_radps": 314.1592653589793 / 2,
    "latitude_deg": -31.5,
    "longitude_deg": 121.25,
    "cell_voltage_max_v": 3.345,
    "cell_voltage_min_v": 3.301,
    "battery_temperature_max_k": 305.15,
    "battery_temperature_min_k": 300.15,
    "fuel_cell_voltage_v": 420.0,
    "fuel_cell_current_a": 88.0,
    "hydrogen_pressure_pa": 32.1e6,
    "hydrogen_temperature_k": 313.15,
}
"""One value of every signal that the protocol carries, each a whole number of wire steps."""


def sent(command: int, data: bytes, *, edition: str = "2016", answer: int = 0xFE, encryption: int = 1) -> bytes:
    return build(Frame(edition=edition, command=command, answer=answer, vin=VIN, encryption=encryption, data=data))


def realtime(*blocks: str, edition: str = "2016") -> bytes:
    return sent(2, CLOCK + bytes.fromhex("".join(blocks)), edition=edition)


def fields(frame: bytes) -> dict[str, Any]:
    assert encode.encode(decode(frame)) == frame
    return dict(inspect(frame)["fields"])


def row(decoded: Decoded) -> dict[str, float]:
    (block,) = decoded.blocks
    return {name: float(values[0]) for name, values in block.values.items()}


VEHICLE = "01 01 03 01 00c8 000f4240 1964 2af8 37 01 2e 04b0 1e 65"
MOTOR = "02 01 01 01 5a 55f0 66bc 6e 1964 2af8"
POSITION = "05 04 073a20d0 01e0a6e0"
ALARM = "07 02 00000804 01 000000c8 00 00 00"


def test_a_realtime_frame_by_hand() -> None:
    frame = realtime(VEHICLE, MOTOR, POSITION, ALARM)
    shown = fields(frame)
    assert (inspect(frame)["message"], inspect(frame)["version"], shown["time"]) == ("realtime", "2016", NOON)
    assert shown["vehicle"] == {
        **{"state": 1, "state_name": "on", "charge_state": 3, "charge_state_name": "not_charging"},
        **{"mode": 1, "mode_name": "electric", "speed_kmh": 20.0, "odometer_km": 100000.0, "total_voltage_v": 650.0},
        **{"total_current_a": 100.0, "soc_percent": 55, "dcdc_state": 1, "dcdc_state_name": "on", "gear_code": 0x2E},
        **{"insulation_kohm": 1200, "accelerator_percent": 30, "brake_pedal_percent": None, "brake_pedal_on": True},
        **{"gear": "D", "braking": False, "driving": True},
    }
    (motor,) = shown["motors"]
    assert (motor["speed_rpm"], motor["torque_nm"], motor["controller_temperature_c"]) == (2000, 630.0, 50)
    assert (shown["position"]["longitude_deg"], shown["position"]["latitude_deg"]) == (-121.25, 31.5)
    assert shown["alarm"]["alarm_bits_names"] == ["pack_over_voltage", "insulation"]
    assert shown["alarm"]["battery_faults"] == ["000000c8"]


def test_invalid_and_abnormal_are_null_and_only_abnormal_is_listed() -> None:
    frame = realtime("01 fe ff 01 fffe ffffffff fffe ffff fe ff ff ffff fe ff")
    vehicle = fields(frame)["vehicle"]
    assert [vehicle[name] for name in ("state", "speed_kmh", "odometer_km", "total_voltage_v", "soc_percent", "gear")] == [
        None
    ] * 6
    assert vehicle["abnormal"] == ["state", "speed_kmh", "total_voltage_v", "soc_percent", "accelerator_percent"]
    observed = row(observe([frame]))
    assert np.isnan(list(observed.values())).all()


def test_the_meaning_of_a_block_follows_the_edition() -> None:
    extremes_or_alarm = "06 01 01 0d12 01 02 0ce4 01 01 41 01 02 40"
    assert fields(realtime(extremes_or_alarm))["extremes"]["max_voltage_v"] == 3.346
    current = "01 01 03 01 00c8 000f4240 1964 7918 37 01 2e 04b0"
    voltages = "07 01 01 1964 7918 0002 0d12 0ce4"
    shown = fields(realtime(current, voltages, "08 01 01 0002 41 40", "06 00 00000000 00 00 00 00 01 1303", edition="2025"))
    assert shown["vehicle"]["total_current_a"] == 100.0
    assert shown["cell_voltages"][0]["cell_voltages_v"] == [3.346, 3.3]
    assert shown["temperatures"][0]["probe_temperatures_c"] == [25, 24]
    assert shown["alarm"]["general_alarms"] == [{"bit": 0x13, "level": 3}]
    observed = row(observe([realtime(current, voltages, "08 01 01 0002 41 40", edition="2025")]))
    assert observed["battery_current_a"] == pytest.approx(100)
    assert (observed["cell_voltage_max_v"], observed["cell_voltage_min_v"]) == pytest.approx((3.346, 3.3))
    assert (observed["battery_temperature_max_k"], observed["battery_temperature_min_k"]) == pytest.approx((298.15, 297.15))


def test_repeated_and_unknown_blocks_are_kept() -> None:
    cells = "08 01 01 1964 2710 00c9 {first} 01 0d12"
    frame = realtime(cells.format(first="0001"), cells.format(first="00c9"), "82 0002 2323", "0a 01 02 03")
    shown = fields(frame)
    assert [pack["first_cell"] for pack in shown["cell_voltages"]] == [1, 201]
    assert shown["vendor"]["raw"] == "2323"
    assert shown["reserved"]["raw"] == "010203"


def test_an_encrypted_data_unit_is_kept_and_said() -> None:
    frame = sent(2, b"\x00\x11\x22", encryption=3)
    assert fields(frame)["encrypted"] == "AES128"
    assert fields(frame)["raw"] == "001122"
    assert [(index, reject.reason) for index, reject in observe([frame]).rejects] == [(0, "encrypted")]


@pytest.mark.parametrize(
    ("blocks", "reason"), [("00 01", "block"), ("01 01", "body"), ("02 05 01", "body"), ("82 1000 00", "body")]
)
def test_data_that_breaks_its_layout_is_refused_alike_by_decode_and_observe(blocks: str, reason: str) -> None:
    frame = realtime(blocks)
    with pytest.raises(FrameError) as caught:
        decode(frame)
    assert caught.value.reason == reason
    assert [(index, reject.reason) for index, reject in observe([frame, realtime(VEHICLE)]).rejects] == [(0, reason)]


def test_login_logout_and_heartbeat() -> None:
    login = fields(encode.login(VIN, NOON_US, 7, "89860000000000000001", ["PACK-1", "PACK-2"]))
    assert (login["time"], login["serial"], login["iccid"]) == (NOON, 7, "89860000000000000001")
    assert login["battery_codes"] == ["PACK-1", "PACK-2"]
    assert fields(encode.logout(VIN, NOON_US, 7))["serial"] == 7
    assert head(encode.heartbeat(VIN)) == ("2016", 7, 0xFE, VIN, 1)
    with pytest.raises(InputError, match="one length"):
        encode.login(VIN, NOON_US, 7, "1", ["A", "BB"])


@pytest.mark.parametrize("command", sorted(KINDS))
def test_answers_keep_command_vin_and_time(command: int) -> None:
    asked = sent(command, CLOCK + bytes(2))
    answered = encode.answer(asked, 1, NOON_US + 5_000_000)
    shown = fields(answered)
    assert (parse(answered).command, shown["answer_name"], shown["vin"]) == (command, "ok", VIN)
    expected = {7: None, 8: "2026-02-02T12:00:05+08:00"}
    assert shown.get("time") == expected.get(command, NOON)


def test_the_answer_to_an_encrypted_frame_is_plain_with_the_platforms_time() -> None:
    answered = parse(encode.answer(sent(1, bytes(40), encryption=4), 2, NOON_US))
    assert (answered.answer, answered.encryption, answered.data) == (2, 1, CLOCK)


def test_commands_of_the_2025_edition() -> None:
    signature = b"\x01\x00\x02\xaa\xbb\x00\x01\xcc"
    activation = CLOCK + b"CHIP".ljust(16, b"\0") + b"\x00\x03KEY" + VIN.encode() + signature
    shown = fields(sent(9, activation, edition="2025"))
    assert (shown["chip_id"], shown["activated_vin"], shown["public_key"]) == ("CHIP", VIN, b"KEY".hex())
    assert shown["signature"] == {"algorithm": 1, "algorithm_name": "SM2", "r_length": 2, "r": "aabb", "s_length": 1, "s": "cc"}
    assert fields(sent(0x0B, b"\x01\x00\x02\x01\x02" + CLOCK * 2, edition="2025"))["end_time"] == NOON
    login = CLOCK + b"\x00\x01" + b"8" * 20 + b"\x01\x02" + b"A" * 24 + b"B" * 24
    assert fields(sent(1, login, edition="2025"))["pack_codes"] == ["A" * 24, "B" * 24]
    assert fields(realtime("ff 01 0002 aabb 0001 cc", edition="2025"))["signature"]["r"] == "aabb"


def test_parameters() -> None:
    parameters = CLOCK + bytes.fromhex("03 02 000a 04 03 05 616263")
    shown = fields(sent(0x80, parameters, answer=1))
    assert shown["parameters"] == {"report_period_s": 10, "domain_length": 3, "domain": "abc"}
    assert fields(sent(0x80, CLOCK + b"\x02\x01\x05"))["parameter_ids"] == [1, 5]
    assert fields(sent(0x82, CLOCK + b"\x03"))["control_code_name"] == "reset"
    assert fields(sent(0xC1, b"\x01\x02"))["raw"] == "0102"


def test_observe_is_the_inverse_of_realtime() -> None:
    times = NOON_US + 1_000_000 * np.arange(5)
    frames = encode.realtime(VIN, times, FULL, resent=True)
    decoded = observe(frames)
    (block,) = decoded.blocks
    assert decoded.identity == (VIN,) * 5
    assert decoded.rejects == ()
    assert (block.time_us == times).all()
    assert block.resent.all()
    assert row(decoded) == pytest.approx(FULL, rel=1e-9)
    assert set(FULL) <= set(signals())


@pytest.mark.parametrize(("gear", "expected"), [(-1.0, -1.0), (0.0, 0.0), (12.0, 12.0), (np.nan, np.nan)])
def test_gears(gear: float, expected: float) -> None:
    observed = row(observe(encode.realtime(VIN, NOON_US, {"gear_current_state": gear, "brake_switch_state": 1.0})))
    assert observed["gear_current_state"] == pytest.approx(expected, nan_ok=True)
    assert observed["brake_switch_state"] == 1
    assert np.isnan(observed["brake_pedal_ratio"])


def test_what_the_wire_cannot_say_is_refused_and_absent_is_invalid() -> None:
    with pytest.raises(InputError, match="speed_kmh"):
        encode.realtime(VIN, NOON_US, {"speed_mps": -1.0})
    assert fields(encode.realtime(VIN, NOON_US, {"speed_mps": np.nan})[0])["vehicle"]["speed_kmh"] is None
    position = {"latitude_deg": [31.0, np.nan], "longitude_deg": [121.0, 121.0]}
    (block,) = observe(encode.realtime(VIN, [NOON_US, NOON_US], position)).blocks
    assert block.values["latitude_deg"] == pytest.approx([31, np.nan], nan_ok=True)
    assert block.values["longitude_deg"] == pytest.approx([121, np.nan], nan_ok=True)


def test_several_motors_count_as_one() -> None:
    both = "02 02" + MOTOR[5:] + "02 02 50 59d8 4e20 78 1964 2710"
    observed = row(observe([realtime(VEHICLE, both)]))
    assert observed["motor_torque_nm"] == pytest.approx(630 + 0)
    assert observed["motor_speed_radps"] == pytest.approx(2500 * np.pi / 30)
    assert observed["motor_temperature_k"] == pytest.approx(80 + 273.15)


def test_alarms_and_fault_codes_become_faults() -> None:
    decoded = observe([realtime(VEHICLE), realtime(VEHICLE, ALARM)])
    assert decoded.faults == tuple(
        Fault(frame=1, time_us=NOON_US, code=code)
        for code in ("GBT32960 alarm 2", "GBT32960 alarm 11", "GBT32960 battery fault 000000C8")
    )


def test_a_mixed_batch_keeps_every_frame_at_its_place() -> None:
    dead_clock = sent(2, bytes(6) + bytes.fromhex(VEHICLE))
    damaged = realtime(VEHICLE)[:-1] + b"\x00"
    answer = encode.answer(realtime(VEHICLE), 1, NOON_US)
    frames = [
        realtime(VEHICLE),
        dead_clock,
        realtime(VEHICLE, ALARM),
        damaged,
        b"",
        encode.heartbeat(VIN),
        answer,
        realtime(VEHICLE),
    ]
    decoded = observe(frames)
    assert [(index, reject.reason) for index, reject in decoded.rejects] == [(1, "time"), (3, "checksum"), (4, "start")]
    assert sorted(index for block in decoded.blocks for index in block.frame.tolist()) == [0, 2, 7]
    assert decoded.identity == (VIN, VIN, VIN, VIN, "", VIN, VIN, VIN)


def test_one_layout_or_many_give_the_same_values() -> None:
    frames = [realtime(VEHICLE, MOTOR), realtime(VEHICLE), realtime(POSITION, VEHICLE), realtime(VEHICLE, MOTOR)] * 3
    together = observe(frames)
    alone = [row(observe([frame])) for frame in frames]
    for block in together.blocks:
        for place, index in enumerate(block.frame):
            assert {name: values[place] for name, values in block.values.items()} == pytest.approx(alone[index], nan_ok=True)


LIVE = [
    realtime(VEHICLE, MOTOR, POSITION, ALARM),
    encode.realtime(VIN, NOON_US, FULL, alarm_bits=5)[0],
    encode.login(VIN, NOON_US, 1, "8"),
]


@given(frame=st.sampled_from(LIVE), data=st.data())
def test_mutated_data_never_raises_anything_but_frame_errors(frame: bytes, data: st.DataObject) -> None:
    body = bytearray(frame[24:-1])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=6)):
        body[place] = data.draw(st.integers(0, 255))
    mutated = build(replace(parse(frame), data=bytes(body[: data.draw(st.integers(0, len(body)))])))
    decoded = observe([mutated, realtime(VEHICLE)])
    assert decoded.identity == (VIN, VIN)
    assert any(1 in block.frame for block in decoded.blocks)
    with suppress(FrameError):
        assert inspect(mutated)["fields"]["vin"] == VIN
        assert encode.encode(decode(mutated)) == mutated


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_but_frame_errors(data: bytes) -> None:
    frame = seal(b"$$\x02\xfe" + VIN.encode() + b"\x01", data)
    assert len(observe([data, frame]).identity) == 2
    for each in (data, frame):
        with suppress(FrameError):
            assert encode.encode(decode(each)) == each


@pytest.mark.parametrize("edition", ["2016", "2025"])
def test_every_signal_of_the_table_is_in_the_catalogue(edition: str) -> None:
    groups = layouts(edition).values()
    fed = {signal for group in groups for part in getattr(group, "fields", ()) for signal, _ in part.signals}
    assert fed - {"position_status"} <= set(signals())
