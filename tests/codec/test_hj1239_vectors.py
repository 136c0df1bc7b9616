"""GB 17691 and HJ 1239 frames with the values that their sources expect; read from the reference vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from fifthwheel.codec.hj1239 import encode
from fifthwheel.codec.hj1239.decode import decode, inspect, observe
from fifthwheel.codec.hj1239.frame import Cutter

NAMES: Final = {
    **{"diag_protocol": "protocol", "diag_support_hex": "monitors_supported", "diag_ready_hex": "monitors_ready"},
    **{"vin": "reported_vin", "dtc_raw": "dtcs", "speed_kmh": "speed_kmh", "atm_pressure_kPa": "ambient_pressure_kpa"},
    **{"net_torque_pct": "net_torque_percent", "friction_torque_pct": "friction_torque_percent"},
    **{"engine_rpm": "engine_speed_rpm", "fuel_flow_Lph": "fuel_rate_lph", "scr_up_nox_ppm": "nox_upstream_ppm"},
    **{"scr_down_nox_ppm": "nox_downstream_ppm", "reagent_pct": "reagent_level_percent", "air_flow_kgph": "intake_air_kgph"},
    **{"coolant_C": "coolant_temperature_c", "tank_pct": "fuel_level_percent", "longitude": "longitude_deg"},
    **{"latitude": "latitude_deg"},
}
"""Their names -> ours, where they differ."""
NOT_AVAILABLE: Final = {"scr_in_raw": "scr_inlet_temperature_c", "scr_out_raw": "scr_outlet_temperature_c"}


@pytest.fixture(scope="module")
def rows(reference_vectors: Path) -> dict[str, dict[str, Any]]:
    lines = (reference_vectors / "gb17691_hj1239.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def compare(shown: dict[str, Any], expected: dict[str, Any]) -> int:
    """Assert the expected values that have a counterpart; how many there were."""
    names = [name for name in expected if NAMES.get(name, name) in shown and not isinstance(expected[name], (dict, type(None)))]
    for name in names:
        value = shown[NAMES.get(name, name)]
        assert value == (pytest.approx(expected[name]) if isinstance(value, float) else expected[name]), name
    return len(names)


def test_every_frame_comes_back_byte_for_byte(rows: dict[str, dict[str, Any]]) -> None:
    frames = [bytes.fromhex(row["hex"]) for row in rows.values() if row["level"] == "frame"]
    assert frames
    for frame in frames:
        assert encode.encode(decode(frame)) == frame
        assert Cutter().feed(frame) == [frame]


def test_envelopes(rows: dict[str, dict[str, Any]]) -> None:
    checked = [row for row in rows.values() if "envelope" in row]
    for row in checked:
        frame, envelope = decode(bytes.fromhex(row["hex"])).frame, row["envelope"]
        ours = (frame.command, frame.vin, frame.flag, frame.encryption, len(frame.data))
        assert ours == tuple(envelope[name] for name in ("cmd", "vin", "sw_version", "encrypt", "data_len")), row["id"]
    assert checked


def test_obd_and_engine_stream(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["gb17691-0001"]
    frame = bytes.fromhex(row["hex"])
    obd, engine = inspect(frame)["fields"]["infos"]
    assert inspect(frame)["fields"]["time"] == row["expect"]["time"]
    assert compare(obd, row["expect"]["infos"][0]) == 9
    assert compare(engine, row["expect"]["infos"][1] | row["expect"]["infos"][1]["decoded"]) == 18
    assert [engine[name] for name in NOT_AVAILABLE.values()] == [None, None]
    (block,) = observe([frame]).blocks
    assert np.isnan(block.values["scr_inlet_temperature_k"]).all()
    assert block.values["ambient_pressure_pa"].tolist() == [98_500]
    assert [fault.code for fault in observe([frame]).faults][:2] == ["DTC 145600AF", "DTC E00200AF"]


@pytest.mark.parametrize("name", ["gb17691-0002", "hj1239-0012", "hj1239-0013"])
def test_login_logout_and_time(rows: dict[str, dict[str, Any]], name: str) -> None:
    row = rows[name]
    shown = inspect(bytes.fromhex(row["hex"]))["fields"]
    given = {key: value for key, value in row["expect"].items() if key not in ("cmd", "vin")}
    assert shown["vin"] == row["expect"]["vin"]
    assert shown["command"] == row["expect"].get("cmd", 1)
    assert compare(shown, given) == len(given)


def test_a_serial_before_the_type_is_kept_raw(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["gb17691-0005"]
    shown = inspect(bytes.fromhex(row["hex"]))["fields"]
    assert (shown["time"], shown["serial"], shown["info_type"]) == tuple(
        row["expect"][k] for k in ("time", "serial_first", "info_type")
    )
    assert row["hex"][:-2].endswith(shown["raw"])


def test_a_stream_whose_first_frame_lost_its_head(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["gb17691-0007"]
    stream, expected = bytes.fromhex(row["hex"]), [bytes.fromhex(each) for each in row["expect"]["frames"]]
    for cut in range(len(stream)):
        cutter = Cutter()
        pieces = cutter.feed(stream[:cut]) + cutter.feed(stream[cut:])
        assert [piece for piece in pieces if isinstance(piece, bytes)] == expected, cut


def test_an_invalid_realtime_report_of_the_platform_link(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["hj1239-0011"]
    (info,) = inspect(bytes.fromhex(row["hex"]))["fields"]["infos"]
    assert (info["speed_kmh"], info["engine_speed_rpm"], info["position_status"]) == (
        None,
        None,
        row["expect"]["position_status"],
    )
