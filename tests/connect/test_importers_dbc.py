"""A user's DBC against cantools itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cantools.database
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.codec.j1939.decode import Table
from fifthwheel.codec.j1939.frame import CanFrames
from fifthwheel.codec.j1939.messages import Parameter
from fifthwheel.connect.importers.dbc import compile_dbc
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KMH, RPM

OWN = """VERSION ""
NS_ :
BS_:
BU_: ECU
BO_ 2566844672 OWN1: 8 ECU
 SG_ Pedal : 3|10@1+ (0.1,0) [0|100] "%" ECU
 SG_ Wheel : 23|12@0+ (0.1,0) [0|400] "km/h" ECU
 SG_ Torque : 40|9@1- (0.5,0) [-125|125] "%" ECU
 SG_ Odd : 56|8@1+ (1,0) [0|255] "furlong" ECU
BO_ 100 SHORT: 8 ECU
 SG_ Rpm : 0|16@1+ (1,0) [0|65535] "rpm" ECU
"""
NAMES = {
    "Pedal": "accelerator_ratio",
    "Wheel": "speed_mps",
    "Torque": "retarder_torque_ratio",
    "Odd": "odometer_m",
    "Rpm": "engine_speed_radps",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dbc") / "own.dbc"
    path.write_text(OWN, encoding="utf-8")
    return path


def values(parameters: tuple[Parameter, ...], payload: bytes) -> dict[str, float]:
    frames = CanFrames(
        time_us=np.zeros(1, np.int64),
        identifier=np.array([0x18FEF100 | 9], np.uint32),
        data=np.frombuffer(payload, np.uint8).reshape(1, 8),
        length=np.full(1, 8, np.uint8),
    )
    return {c.parameter.name: float(c.values[0]) for c in Table(parameters).columns(frames) if len(c.values)}


def test_signals_are_found_by_spn(reference_data: Path) -> None:
    compiled = compile_dbc([reference_data / "can" / "css_CSS-Electronics-SAE-J1939-DEMO.dbc"])
    assert {(p.pgn, p.spn, p.name) for p in compiled.parameters} == {
        (61444, 190, "engine_speed_radps"),
        (65265, 84, "speed_mps"),
    }
    factors = {p.name: p.si[0] for p in compiled.parameters}
    assert factors == {"engine_speed_radps": pytest.approx(0.125 * RPM), "speed_mps": pytest.approx(KMH / 256)}


def test_every_reference_dbc_is_read(reference_data: Path) -> None:
    compiled = compile_dbc(sorted((reference_data / "can").glob("*.dbc")))
    assert {p.name for p in compiled.parameters} == {"engine_speed_radps", "speed_mps"}
    assert compiled.left_out["EC1.EngineSpeedAtPoint5"] == "not in the signal catalogue"


def test_what_has_no_place_is_named_with_its_reason(own: Path) -> None:
    assert compile_dbc([own]).left_out["OWN1.Pedal"] == "not in the signal catalogue"
    left_out = compile_dbc([own], NAMES).left_out
    assert left_out == {"OWN1.Odd": "unit 'furlong' is not one of m", "SHORT.Rpm": "11-bit identifier"}


@cache
def reference(path: Path) -> Any:
    return cantools.database.load_file(path)


@given(st.binary(min_size=8, max_size=8))
def test_values_equal_those_of_cantools(own: Path, payload: bytes) -> None:
    theirs = reference(own).decode_message("OWN1", payload)
    ours = values(compile_dbc([own], NAMES).parameters, payload)
    factors = {"Pedal": 0.01, "Wheel": KMH, "Torque": 0.01}
    expected = {NAMES[name]: float(theirs[name]) * factor for name, factor in factors.items()}
    assert ours == pytest.approx({name: expected[name] for name in ours})


def test_not_available_is_not_a_value(own: Path) -> None:
    parameters = compile_dbc([own], NAMES).parameters
    assert values(parameters, b"\xff" * 8) == {"retarder_torque_ratio": pytest.approx(-0.005)}


def test_bad_files_and_names_are_refused(tmp_path: Path, own: Path) -> None:
    junk = tmp_path / "junk.dbc"
    junk.write_text("this is no DBC", encoding="utf-8")
    with pytest.raises(InputError, match="not a readable DBC"):
        compile_dbc([junk])
    with pytest.raises(InputError, match="not a readable DBC"):
        compile_dbc([tmp_path / "missing.dbc"])
    with pytest.raises(UnknownName):
        compile_dbc([own], {"Pedal": "pedal"})
