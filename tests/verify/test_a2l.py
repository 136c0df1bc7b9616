from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pya2l.parser import A2lParser

from fifthwheel.control.block import Block, Signal
from fifthwheel.verify import blocks, image
from fifthwheel.verify.a2l import axes, describe, fields, identifier
from fifthwheel.verify.loop import closed

NAMES = ["toy:governor", "toy:shaft", "toy:broken", *blocks.names()]


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)


@pytest.fixture(scope="module")
def parser() -> Iterator[A2lParser]:
    with A2lParser() as made:
        yield made


def row(name: str, *numbers: int) -> tuple[Signal, ...]:
    return tuple(Signal(name=name.format(number), title_en="", title_zh="") for number in numbers)


def parsed(parser: A2lParser, block: Block) -> Any:
    """The module of the block's file; all but IF_DATA, every word of which the library warns of, is held to version 1.7."""
    text = describe(block)
    tree = parser.tree_from_a2l(text.encode("utf-8-sig"))
    assert [one for one in parser.warnings if "may be used at most once here" not in one] == []
    plain = re.sub(r"/begin IF_DATA.*?/end IF_DATA", "", text, flags=re.DOTALL)
    parser.tree_from_a2l(plain.encode("utf-8-sig"), enforce_version_check=True)
    return tree.PROJECT.MODULE[0]


def resolved(module: Any) -> dict[str, tuple[int, int, str]]:
    """Address, size in bytes and type of everything in the file, curves and axes as a whole, from the file alone."""
    records = {one.Name.Value: one for one in module.RECORD_LAYOUT}

    def record_type(name: str) -> str:
        record = records[name]
        part = record.FNC_VALUES if record.HasField("FNC_VALUES") else record.AXIS_PTS_X
        return str(part.DataType.Value)

    found = {}
    for one in module.MEASUREMENT:
        found[one.Name.Value] = (one.ECU_ADDRESS.Address.Value, 8, one.DataType.Value)
    for one in module.AXIS_PTS:
        found[one.Name.Value] = (one.Address.Value, 8 * one.MaxAxisPoints.Value, record_type(one.DepositR.Value))
    for one in module.CHARACTERISTIC:
        count = {"VALUE": 1, "VAL_BLK": one.MATRIX_DIM.XDim.Value}.get(one.Type)
        if count is None:
            count = one.AXIS_DESCR[0].MaxAxisPoints.Value
        found[one.Name.Value] = (one.Address.Value, 8 * count, record_type(one.Deposit.Value))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a21_every_address_size_and_type_equals_the_layout(parser: A2lParser, name: str) -> None:
    block = blocks.block(name)
    module = parsed(parser, block)
    layout = {one.name: (image.address_of(block, one.name), 8, "FLOAT64_IEEE") for one in (*block.inputs, *block.outputs)}
    for field in fields(block):
        layout[field.name] = (image.address_of(block, field.signals[0].name), 8 * len(field.signals), "FLOAT64_IEEE")
    assert resolved(module) == layout
    places = sorted((address, size) for address, size, _ in layout.values())
    assert sum(size for _, size in places) == 8 * len(block.places)
    assert all(first + size <= second for (first, size), (second, _) in pairwise(places))


@pytest.mark.parametrize("name", NAMES)
def test_names_referred_to_exist_and_units_are_the_signals(parser: A2lParser, name: str) -> None:
    block = blocks.block(name)
    module = parsed(parser, block)
    methods = {one.Name.Value: one for one in module.COMPU_METHOD}
    for one in module.MEASUREMENT:
        kind, index = block.places[one.Name.Value]
        signal: Signal = getattr(block, kind)[index]
        method = methods[one.Conversion.Value]
        assert (method.ConversionType, method.Unit.Value) == ("IDENTICAL", signal.unit)
        assert signal.title_zh in one.LongIdentifier.Value
        assert (one.LowerLimit.Value, one.UpperLimit.Value) == (
            max(signal.low, -1.7976931348623157e308),
            min(signal.high, 1.7976931348623157e308),
        )
    known = {one.Name.Value for one in (*module.MEASUREMENT, *module.CHARACTERISTIC, *module.AXIS_PTS)}
    listed = [
        name.Value for group in module.GROUP for name in (*group.REF_MEASUREMENT.Identifier, *group.REF_CHARACTERISTIC.Identifier)
    ]
    assert sorted(listed) == sorted(known)
    assert {one.Conversion.Value for one in (*module.CHARACTERISTIC, *module.AXIS_PTS)} <= set(methods)


def test_a_curve_has_its_axis_and_a_row_without_one_is_a_block_of_values(parser: A2lParser) -> None:
    block = blocks.block("toy:governor")
    every = fields(block)
    assert [(one.name, len(one.signals)) for one in every[-2:]] == [("full_load_radps", 4), ("full_load_nm", 4)]
    assert axes(every) == {"full_load_nm": every[-2]}
    by_name = {one.Name.Value: one for one in parsed(parser, block).CHARACTERISTIC}
    assert by_name["full_load_nm"].Type == "CURVE"
    assert by_name["full_load_nm"].AXIS_DESCR[0].AXIS_PTS_REF.AxisPoints.Value == "full_load_radps"
    drag = row("drag_{}_nm", 0, 1, 2, 3)
    longer = axes(fields(replace(block, parameters=(*block.parameters, *drag))))
    assert {curve: axis.name for curve, axis in longer.items()} == {
        "full_load_nm": "full_load_radps",
        "drag_nm": "full_load_radps",
    }


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        (row("gear_{}_ratio", 1, 2, 3), ["gear_ratio"]),
        (row("gear_{}_ratio", 1, 3, 4), ["gear_1_ratio", "gear_ratio"]),
        ((*row("gear_{}_ratio", 1, 2), *row("gear_{}_m", 3)), ["gear_ratio", "gear_3_m"]),
        ((*row("torque_{}_nm", 0, 1), *row("gain_ratio", 0)), ["torque_0_nm", "gain_ratio"]),  # an output is called torque_nm
        ((*row("map_0_{}_nm", 0, 1), *row("map_1_{}_nm", 0, 1)), ["map_0_nm", "map_1_nm"]),
    ],
)
def test_neighbours_in_number_are_one_curve_with_a_name_of_its_own(parameters: tuple[Signal, ...], names: list[str]) -> None:
    block = replace(blocks.block("toy:governor"), parameters=parameters)
    assert [one.name for one in fields(block)] == names
    assert sum((one.signals for one in fields(block)), ()) == parameters


def test_the_way_to_the_slave_is_in_the_file(parser: A2lParser) -> None:
    block = blocks.block("toy:governor")
    text = describe(block, port=5777, host="127.0.0.1")
    assert 'XCP_ON_UDP_IP 0x0100 5777 ADDRESS "127.0.0.1"' in text
    module = parser.tree_from_a2l(text.encode("utf-8-sig")).PROJECT.MODULE[0]
    assert module.IF_DATA[0].Name.Value == "XCP"
    assert module.MOD_PAR.EPK.Identifier.Value == image.epk(block)
    (segment,) = module.MOD_PAR.MEMORY_SEGMENT
    assert (segment.Address.Value, segment.Size.Value) == (image.AREAS["parameters"], 8 * len(block.parameters))


def test_a_loop_is_described_as_a_block(parser: A2lParser) -> None:
    block = closed("loop", [blocks.block("toy:governor"), blocks.block("toy:shaft")])
    found = resolved(parsed(parser, block))
    assert found["shaft.speed_radps"] == (image.address_of(block, "shaft.speed_radps"), 8, "FLOAT64_IEEE")


@pytest.mark.parametrize(("name", "plain"), [("a.b:c", "a_b_c"), ("6dct", "_6dct"), ("重型", "___"), ("ok_1", "ok_1")])
def test_identifiers_are_plain(name: str, plain: str) -> None:
    assert identifier(name) == plain
