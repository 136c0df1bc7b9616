"""GB/T 32960.3 frames with the values that other implementations' own tests expect; read from the reference vectors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from fifthwheel.codec.gbt32960 import encode
from fifthwheel.codec.gbt32960.decode import decode, inspect, observe
from fifthwheel.codec.gbt32960.frame import Frame, build, parse
from fifthwheel.codec.gbt32960.messages import KINDS, Message
from fifthwheel.errors import FrameError

COMMANDS: Final = {
    **{"vehicle login": 1, "realtime report": 2, "resend (reissue) report": 3, "vehicle logout": 4, "platform login": 5},
    **{"platform logout": 6, "heartbeat": 7, "time calibration": 8, "activation": 9, "parameter query": 0x80},
    **{"parameter query reply": 0x80, "parameter set": 0x81, "terminal control": 0x82},
}
ITEMS: Final = {
    **{"Electricals": "motors", "BatteryAssemblies": "packs", "BatteryTemperatures": "packs", "SubSystems": "packs"},
    **{"Stacks": "stacks", "BatteryNos": "battery_codes"},
}
"""Their lists of items -> ours."""
NAMES: Final = {
    # vehicle
    **{"CarStatus": "state", "ChargeStatus": "charge_state", "OperationMode": "mode", "Speed": "speed_kmh"},
    **{"TotalDis": "odometer_km", "TotalVoltage": "total_voltage_v", "TotalTemp": "total_current_a", "SOC": "soc_percent"},
    **{"DCStatus": "dcdc_state", "Stall": "gear_code", "Resistance": "insulation_kohm"},
    **{"Accelerator": "accelerator_percent", "Brakes": "brake_pedal_percent"},
    # motors, fuel cell, engine, position
    **{"ElectricalCount": "motor_count", "ElNo": "number", "ElStatus": "state", "ElControlTemp": "controller_temperature_c"},
    **{"ElSpeed": "speed_rpm", "ElTorque": "torque_nm", "ElTemp": "temperature_c", "ElVoltage": "controller_voltage_v"},
    **{"ElCurrent": "controller_current_a", "FuelBatteryVoltage": "voltage_v", "FuelBatteryCurrent": "current_a"},
    **{"FuelConsumptionRate": "fuel_consumption_kg_per_100km", "HydrogenSystemMaxTemp": "hydrogen_max_temperature_c"},
    **{"HydrogenSystemMaxTempNo": "hydrogen_max_temperature_probe", "Temperatures": "probe_temperatures_c"},
    **{"HydrogenSystemMaxConcentrations": "hydrogen_max_concentration_mgpkg"},
    **{"HydrogenSystemMaxConcentrationsNo": "hydrogen_max_concentration_sensor"},
    **{"HydrogenSystemMaxPressure": "hydrogen_max_pressure_mpa", "HydrogenSystemMaxPressureNo": "hydrogen_max_pressure_sensor"},
    **{"EngineStatus": "state", "Revs": "speed_rpm", "FuelRate": "fuel_consumption_l_per_100km"},
    **{"PositioStatus": "position_status", "Lat": "latitude_deg", "Lng": "longitude_deg", "Status": "position_status"},
    **{"Latitude": "latitude_deg", "Longitude": "longitude_deg"},
    # extremes: one source names battery and probe of the temperatures the other way round than the standard's order
    **{"MaxVoltageBatteryAssemblyNo": "max_voltage_battery", "MaxVoltageSingleBatteryNo": "max_voltage_cell"},
    **{"MaxVoltageSingleBatteryValue": "max_voltage_v", "MinVoltageBatteryAssemblyNo": "min_voltage_battery"},
    **{"MinVoltageSingleBatteryNo": "min_voltage_cell", "MinVoltageSingleBatteryValue": "min_voltage_v"},
    **{"MaxTempProbeBatteryNo": "max_temperature_battery", "MaxTempBatteryAssemblyNo": "max_temperature_probe"},
    **{"MaxTempProbeBatteryValue": "max_temperature_c", "MinTempProbeBatteryNo": "min_temperature_battery"},
    **{
        "MinTempProbeBatteryValue": "min_temperature_c",
        "MaxBatteryVoltage": "max_voltage_v",
        "MinBatteryVoltage": "min_voltage_v",
    },
    **{"MaxTemp": "max_temperature_c", "MinTemp": "min_temperature_c", "MaxTempProbeNo": "max_temperature_probe"},
    **{"MinTempProbeNo": "min_temperature_probe", "MaxTempSubsysNo": "max_temperature_battery"},
    **{"MinTempSubsysNo": "min_temperature_battery", "MaxVoltageBatteryCode": "max_voltage_cell"},
    **{"MinVoltageBatteryCode": "min_voltage_cell", "MaxVoltageBatterySubsysNo": "max_voltage_battery"},
    **{"MinVoltageBatterySubsysNo": "min_voltage_battery"},
    # alarm
    **{"AlarmLevel": "max_level", "AlarmBatteryOthers.Count": "battery_fault_count", "AlarmEls.Count": "motor_fault_count"},
    **{"AlarmEngines.Count": "engine_fault_count", "AlarmOthers.Count": "other_fault_count", "MaxAlarmLevel": "max_level"},
    **{"GeneralAlarmFlag": "alarm_bits", "FaultChargeableDeviceNum": "battery_fault_count"},
    **{"FaultDriveMotorNum": "motor_fault_count", "FaultEngineNum": "engine_fault_count", "FaultOthersNum": "other_fault_count"},
    **{"FaultGeneralNum": "general_alarm_count"},
    # cell voltages and temperatures
    **{"BatteryAssemblyCount": "pack_count", "BatteryAssemblyCurrent": "current_a", "BatteryAssemblyNo": "number"},
    **{"BatteryAssemblyVoltage": "voltage_v", "SingleBatteryCount": "cell_count", "ThisSingleBatteryBeginNo": "first_cell"},
    **{"ThisSingleBatteryBeginCount": "frame_cell_count", "BatteryTemperatureCount": "pack_count"},
    **{
        "TemperatureProbeCount": "probe_count",
        "Number": "pack_count",
        "CellsTotal": "cell_count",
        "CellsVoltage": "cell_voltages_v",
    },
    **{"ChargeableCurrent": "current_a", "ChargeableVoltage": "voltage_v", "ChargeableSubsysNo": "number"},
    **{"FrameCellsCount": "frame_cell_count", "FrameCellsIndex": "first_cell"},
    # 2025: stacks, supercapacitor, signature
    **{"AirInletPressure": "air_inlet_pressure_kpa", "AirInletTemp": "air_inlet_temperature_c", "Current": "current_a"},
    **{"FuelCellStackNo": "number", "H2InletPressure": "hydrogen_inlet_pressure_kpa", "StackProbeNum": "probe_count"},
    **{"StackProbeTemp": "probe_temperatures_c", "Voltage": "voltage_v", "ManagerSysNo": "number", "ProbeNum": "probe_count"},
    **{"ProbeTemp": "probe_temperatures_c", "TotalCurrent": "current_a", "MaxTempManagerSysNo": "max_temperature_system"},
    **{
        "MaxTempProbeCode": "max_temperature_probe",
        "MaxTempValue": "max_temperature_c",
        "MaxVoltageCellCode": "max_voltage_cell",
    },
    **{"MaxVoltageCellValue": "max_voltage_v", "MaxVoltageManagerSysNo": "max_voltage_system"},
    **{"MinTempManagerSysNo": "min_temperature_system", "MinTempProbeCode": "min_temperature_probe"},
    **{"MinTempValue": "min_temperature_c", "MinVoltageCellCode": "min_voltage_cell", "MinVoltageCellValue": "min_voltage_v"},
    **{
        "MinVoltageManagerSysNo": "min_voltage_system",
        "RLength": "r_length",
        "SLength": "s_length",
        "SignatureType": "algorithm",
    },
    # other messages
    **{
        "LoginNum": "serial",
        "LogoutNum": "serial",
        "Seq": "serial",
        "SIM": "iccid",
        "ICCID": "iccid",
        "BatteryCount": "battery_count",
    },
    **{"BatteryLength": "code_length", "Num": "battery_count", "BmsNum": "battery_count"},
    **{"BatteryPackCounts": "pack_counts", "PlatformUserName": "user", "PlatformPassword": "password"},
    **{"EncryptMethod": "encryption", "ParamNum": "parameter_count", "ParamList": "parameter_ids", "ParamID": "control_code"},
    **{"Command": "control_code", "ChipID": "chip_id", "PubKeyLen": "public_key_length"},
}
"""Their field names -> ours."""
SUPERCAPACITOR: Final = {"TotalVoltage": "voltage_v"}
PREFIX: Final = re.compile(
    r"^(?:Bodies\.)?(?:Values\[JTNE_0x02_Body_Device\.JTNE_0x02_0x(\w\w)_Device\]|jTNE_0X01_\w+|JTNE_Reply\w+)\."
)
EMQX_BLOCKS: Final = {
    **{"Extreme": "extremes", "ChargeableVoltage": "cell_voltages", "Location": "position", "Alarm": "alarm"},
    **{"FuelCellStack": "fuel_cell_stacks", "SuperCapacitor": "supercapacitor", "Signature": "signature"},
    **{"SuperCapacitorExtreme": "supercapacitor_extremes"},
}
FAULT_LISTS: Final = {
    **{"FaultChargeableDeviceList": "battery_faults", "FaultDriveMotorList": "motor_faults"},
    **{"FaultEngineList": "engine_faults", "FaultOthersList": "other_faults"},
}


@pytest.fixture(scope="module")
def rows(reference_vectors: Path) -> list[dict[str, Any]]:
    lines = (reference_vectors / "gb32960.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def framed(row: dict[str, Any]) -> bytes:
    """The frame of a row; a row of level body is a data unit, or one block, without its envelope."""
    data = bytes.fromhex(row["hex"])
    if row["level"] == "frame":
        return data
    data = bytes([26, 2, 2, 12, 0, 0]) + data if "info 0x" in row["message"] else data
    command = COMMANDS.get(row["message"], 2)
    answer = 1 if row["message"].endswith("reply") else 0xFE
    edition = row["version"]
    return build(Frame(edition=edition, command=command, answer=answer, vin="LFWSRXSJ8M1F00001", encryption=1, data=data))


def intact(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], bytes, Message]]:
    for row in rows:
        if row.get("envelope", {}).get("bcc_ok", True):
            yield row, framed(row), decode(framed(row))


def blocks(message: Message) -> dict[str, Any]:
    return {item.name: item.codes for item in message.blocks} | {f"{item.id:02X}": item.codes for item in message.blocks}


def theirs(value: Any) -> Any:
    """Our code in the form of the sources: text without padding, bytes as ints."""
    if isinstance(value, bytes):
        return value.rstrip(b"\0").decode()
    if isinstance(value, list):
        return [theirs(each) for each in value]
    return value


def follow(codes: Any, path: str, names: dict[str, str] = NAMES) -> Any:
    """Our code at their path: ``Electricals[0].ElNo``."""
    head, _, tail = path.partition(".") if path not in names else (path, "", "")
    name, _, index = head.rstrip("]").partition("[")
    if index:
        item = codes[ITEMS[name]][int(index)]
        return follow(item, tail, names) if tail else theirs(item)
    return theirs(codes[names[name]])


def test_rows_with_a_damaged_envelope_are_refused_with_its_reason(rows: list[dict[str, Any]]) -> None:
    damaged = [row for row in rows if not row.get("envelope", {}).get("bcc_ok", True)]
    assert damaged
    for row in damaged:
        frame = bytes.fromhex(row["hex"])
        with pytest.raises(FrameError) as caught:
            decode(frame)
        assert caught.value.reason == "checksum", row["id"]
        assert [reject.reason for _, reject in observe([frame]).rejects] == ["checksum"]
        mended = decode(build(_unchecked(frame)))
        assert mended.kind == KINDS[row["envelope"]["cmd"]]


def _unchecked(frame: bytes) -> Frame:
    edition = "2025" if frame[:1] == b"$" else "2016"
    vin = frame[4:21].decode().rstrip("\0")
    return Frame(edition=edition, command=frame[2], answer=frame[3], vin=vin, encryption=frame[21], data=frame[24:-1])


def test_every_intact_row_is_what_its_envelope_says_and_comes_back_byte_for_byte(rows: list[dict[str, Any]]) -> None:
    for row, frame, message in intact(rows):
        assert encode.encode(message) == frame, row["id"]
        assert inspect(frame)["version"] == row["version"]
        assert message.frame.command == COMMANDS.get(row["message"], 2), row["id"]
        envelope = row.get("envelope", {"vin": message.frame.vin, "ack": message.frame.answer, "encrypt": 1})
        assert (message.frame.vin, message.frame.answer, message.frame.encryption) == (
            *(envelope["vin"], envelope["ack"]),
            envelope["encrypt"],
        )


def smallchi(row: dict[str, Any], message: Message) -> Iterator[tuple[str, Any, Any]]:
    own = re.search(r"0x(\w\w)$", row["message"])
    for path, expected in row["expect"].items():
        prefix = PREFIX.match(path)
        block = prefix[1] if prefix and prefix[1] else own[1] if own else None
        bare = path[prefix.end() :] if prefix else path
        codes = blocks(message)[block] if block else message.codes
        if bare.split(".")[-1].split("[")[0] in {**NAMES, **ITEMS} or bare in NAMES:
            value = expected if not isinstance(expected, dict) else list(bytes.fromhex(expected["bytes"]))
            yield path, follow(codes, bare), value


def test_values_of_jtnewenergy(rows: list[dict[str, Any]]) -> None:
    compared = 0
    for row, frame, message in intact(rows):
        if "SmallChi" not in row["source"]:
            continue
        for path, ours, expected in smallchi(row, message):
            assert ours == expected, (row["id"], path)
            compared += 1
        moments = [value["datetime"] for value in row["expect"].values() if isinstance(value, dict) and "datetime" in value]
        for moment in moments:
            assert inspect(frame)["fields"]["time"] == moment.replace(" ", "T") + "+08:00"
            compared += 1
    assert compared > 200


def emqx(row: dict[str, Any], message: Message) -> Iterator[tuple[str, Any, Any]]:
    data = row["expect"]["data"]
    for info in data.get("Infos", ()):
        codes = blocks(message)[EMQX_BLOCKS[info["Type"]]]
        names = NAMES | (SUPERCAPACITOR if info["Type"].startswith("Super") else {})
        if "Stacks" in info:
            names = names | {"Number": "stack_count"}
        for name, expected in info.items():
            if name in FAULT_LISTS:
                yield (
                    name,
                    [int.from_bytes(code, "big") for code in codes[FAULT_LISTS[name]]],
                    [int(code, 16) for code in expected],
                )
            elif name in ITEMS:
                for index, item in enumerate(expected):
                    yield from (
                        (f"{name}.{part}", follow(codes[ITEMS[name]][index], part), value) for part, value in item.items()
                    )
            elif name in names:
                yield name, follow(codes, name, names), expected
    for name in data.keys() & NAMES.keys():
        yield name, follow(message.codes, name), data[name]


def test_values_of_emqx(rows: list[dict[str, Any]]) -> None:
    compared = 0
    for row, _, message in intact(rows):
        if not row["source"].startswith("emqx"):
            continue
        for name, ours, expected in emqx(row, message):
            assert ours == expected, (row["id"], name)
            compared += 1
        time = row["expect"]["data"]["Time"]
        assert list(message.codes["time"]) == [time[part] for part in ("Year", "Month", "Day", "Hour", "Minute", "Second")]
    assert compared > 90


TRADE: Final = {
    **{("VEHICLE", "speed_kmh"): "speed_kmh", ("VEHICLE", "mileage_km"): "odometer_km", ("VEHICLE", "shift"): "gear"},
    **{("VEHICLE", "voltage_V"): "total_voltage_v", ("VEHICLE", "current_A"): "total_current_a"},
    **{("VEHICLE", "resistance_kohm"): "insulation_kohm", ("VEHICLE", "accelerator"): "accelerator_percent"},
    **{("MOTOR", "controlTemp"): "controller_temperature_c", ("MOTOR", "speed"): "speed_rpm", ("MOTOR", "torque"): "torque_nm"},
    **{("MOTOR", "temp"): "temperature_c", ("MOTOR", "voltage"): "controller_voltage_v", ("MOTOR", "no"): "number"},
    **{("MOTOR", "current"): "controller_current_a", ("LOCATION", "state"): "position_status"},
    **{("LOCATION", "lng"): "longitude_deg", ("LOCATION", "lat"): "latitude_deg", ("EXTREME", "maxVoltage"): "max_voltage_v"},
    **{("EXTREME", "maxVoltageSingNo"): "max_voltage_cell", ("EXTREME", "minVoltage"): "min_voltage_v"},
    **{("EXTREME", "maxNtc"): "max_temperature_c", ("EXTREME", "minNtc"): "min_temperature_c"},
    **{("EXTREME", "minNtcNo"): "min_temperature_probe", ("ALARM", "maxLevel"): "max_level"},
    **{("RESS_VOLTAGE", "voltage"): "voltage_v", ("RESS_VOLTAGE", "current"): "current_a"},
    **{("RESS_VOLTAGE", "batteryCount"): "cell_count", ("RESS_VOLTAGE", "frameBatteryCount"): "frame_cell_count"},
}
PARTS: Final = {
    **{"VEHICLE": "vehicle", "MOTOR": "motors", "LOCATION": "position", "EXTREME": "extremes", "ALARM": "alarm"},
    "RESS_VOLTAGE": "cell_voltages",
}


def first(part: Any) -> Any:
    return part[0] if isinstance(part, list) else part


def test_values_and_replies_of_36node(rows: list[dict[str, Any]]) -> None:
    compared = 0
    for row, frame, message in intact(rows):
        expect, shown = row["expect"], inspect(frame)["fields"]
        if "36node" not in row["source"]:
            continue
        for part in PARTS.keys() & expect.keys():
            for name, value in first(expect[part]).items():
                if (part, name) in TRADE:
                    assert first(shown[PARTS[part]])[TRADE[part, name]] == pytest.approx(value), (row["id"], part, name)
                    compared += 1
        if "reply_hex" in expect:
            answered = encode.answer(frame, 1, message.time_us or 0)
            assert answered == bytes.fromhex(expect["reply_hex"]), row["id"]
            assert parse(answered).answer == 1
            compared += 1
        assert shown.get("time") == expect.get("at", shown.get("time"))
    assert compared > 40


def test_the_brake_that_only_knows_on_is_no_percentage(rows: list[dict[str, Any]]) -> None:
    frame = next(framed(row) for row in rows if "brake raw 0x65" in row["expect"].get("trap", ""))
    shown = inspect(frame)["fields"]
    assert (shown["vehicle"]["brake_pedal_percent"], shown["vehicle"]["brake_pedal_on"]) == (None, True)
    assert [pack["probe_temperatures_c"] for pack in shown["temperatures"]] == [[40, 24, 24, 24, 24]]
    (block,) = observe([frame]).blocks
    assert block.values["brake_switch_state"].tolist() == [1]
