"""The description of a block for measurement and calibration tools: ASAM MCD-2 MC (A2L), version 1.7.

Inputs and outputs are MEASUREMENTs, parameters CHARACTERISTICs; addresses are those of `verify.image`. Everything is SI, so
every conversion is IDENTICAL. Text goes out as UTF-8 with its mark, which 1.7 asks for where it is not plain ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fifthwheel import __version__
from fifthwheel.control.block import Block, Signal
from fifthwheel.units import BASE_UNITS, SUFFIX_UNIT, base_exponents
from fifthwheel.verify import image
from fifthwheel.verify.a2l_xcp import A2ML, module_data, segment_data

_POINT: Final = re.compile(r"(.+)_(\d+)_([a-z0-9]+)")
"""A point of a curve: stem, number, unit."""
_FIELD: Final = "_rl_float64", "_rl_axis"
_MOST: Final = 1.7976931348623157e308


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One or several parameters that stand side by side.

    Attributes
    ----------
    signals : one, or the points of a curve in order.
    """

    name: str
    signals: tuple[Signal, ...]


def fields(block: Block) -> list[Field]:
    """Parameters of `block` gathered to curves: neighbours ``stem_0_unit``, ``stem_1_unit``... are one, called ``stem_unit``.

    Where a signal has that name already, the curve is called as its first point.
    """
    found: list[Field] = []
    last: tuple[str, int, str] | None = None
    for signal in block.parameters:
        match = _POINT.fullmatch(signal.name)
        point = (match[1], int(match[2]), match[3]) if match else None
        if point and last and point == (last[0], last[1] + 1, last[2]):
            points, name = found[-1].signals, f"{point[0]}_{point[2]}"
            found[-1] = Field(name=points[0].name if name in block.places else name, signals=(*points, signal))
        else:
            found.append(Field(name=signal.name, signals=(signal,)))
        last = point
    return found


def axes(every: Sequence[Field]) -> dict[str, Field]:
    """Axis of each curve by the curve's name.

    Of neighbours with equally many points, the first is the axis of those in another unit, if it has a unit and its values rise.
    """
    found: dict[str, Field] = {}
    for count, group in groupby(every, lambda field: len(field.signals)):
        first, *others = group
        starts = [signal.start for signal in first.signals]
        if count > 1 and first.signals[0].unit and starts == sorted(set(starts)):
            found |= {one.name: first for one in others if one.signals[0].unit != first.signals[0].unit}
    return found


def describe(block: Block, *, port: int = 5555, host: str = "127.0.0.1") -> str:
    """The A2L text of `block`; `host` and `port` are where its XCP slave listens. Write it as ``utf-8-sig``."""
    name = identifier(block.name)
    lines = [
        "ASAP2_VERSION 1 70",
        f"/begin PROJECT {name} {_text(block)}",
        f'/begin HEADER "{__version__}" VERSION "{__version__}" PROJECT_NO {name} /end HEADER',
        f"/begin MODULE {name} {_text(block)}",
        A2ML,
        *_common(block),
        *module_data(block, host, port),
        *_units(block),
        *_measurements(block),
        *_characteristics(block),
        *_groups(block),
        "/end MODULE",
        "/end PROJECT",
    ]
    return "\n".join(lines) + "\n"


def identifier(name: str) -> str:
    """`name` as an identifier of A2L and C: letters, digits and underscores.

    >>> identifier("my.module:block")
    'my_module_block'
    """
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    return plain if plain[:1].isalpha() else f"_{plain}"


def _text(one: Block | Signal) -> str:
    title = f"{one.title_en} / {one.title_zh}".replace("\\", "\\\\").replace('"', '\\"')
    return f'"{title}"'


def _suffix(signal: Signal) -> str:
    return signal.name.rsplit("_", 1)[-1] if signal.unit else "none"


def _range(signals: Sequence[Signal]) -> str:
    low, high = min(one.low for one in signals), max(one.high for one in signals)
    return f"{max(low, -_MOST)!r} {min(high, _MOST)!r}"


def _common(block: Block) -> Iterator[str]:
    """Data of the module: identification, memory, byte order, record layouts."""
    size = image.SIZE * len(block.parameters)
    yield f'/begin MOD_PAR {_text(block)} VERSION "{__version__}" ADDR_EPK 0x{image.EPK:08X} EPK "{image.epk(block)}"'
    if size:
        segment = f'parameters "calibration" DATA FLASH INTERN 0x{image.AREAS["parameters"]:08X} 0x{size:X} -1 -1 -1 -1 -1'
        yield f"/begin MEMORY_SEGMENT {segment}"
        yield segment_data()
        yield "/end MEMORY_SEGMENT"
    yield "/end MOD_PAR"
    yield '/begin MOD_COMMON "" BYTE_ORDER MSB_LAST ALIGNMENT_FLOAT64_IEEE 8 /end MOD_COMMON'
    yield f"/begin RECORD_LAYOUT {_FIELD[0]} FNC_VALUES 1 FLOAT64_IEEE ROW_DIR DIRECT /end RECORD_LAYOUT"
    yield f"/begin RECORD_LAYOUT {_FIELD[1]} AXIS_PTS_X 1 FLOAT64_IEEE INDEX_INCR DIRECT /end RECORD_LAYOUT"


def _units(block: Block) -> Iterator[str]:
    """UNIT with its exponents of the SI, and the conversion of every unit that the block uses."""
    used = {_suffix(one) for one in (*block.inputs, *block.outputs, *block.parameters)}
    for suffix in sorted(used):
        symbol = SUFFIX_UNIT.get(suffix, "")
        powers = base_exponents(symbol)
        if symbol and powers:
            by = dict(zip(BASE_UNITS, powers, strict=True))
            in_order = " ".join(str(by[base]) for base in ("m", "kg", "s", "A", "K", "mol", "cd"))
            yield f'/begin UNIT _u_{suffix} "{symbol}" "{symbol}" EXTENDED_SI SI_EXPONENTS {in_order} /end UNIT'
        reference = f" REF_UNIT _u_{suffix}" if symbol and powers else ""
        yield f'/begin COMPU_METHOD _cm_{suffix} "{symbol}" IDENTICAL "%16.6" "{symbol}"{reference} /end COMPU_METHOD'


def _measurements(block: Block) -> Iterator[str]:
    for kind in ("inputs", "outputs"):
        for one in getattr(block, kind):
            place = f"ECU_ADDRESS 0x{image.address_of(block, one.name):08X}" + (" READ_WRITE" if kind == "inputs" else "")
            how = f"FLOAT64_IEEE _cm_{_suffix(one)} 0 0 {_range([one])} {place}"
            yield f"/begin MEASUREMENT {one.name} {_text(one)} {how} /end MEASUREMENT"


def _characteristics(block: Block) -> Iterator[str]:
    every = fields(block)
    axis_by_curve = axes(every)
    for field in every:
        first, axis = field.signals[0], axis_by_curve.get(field.name)
        head = f"{field.name} {_text(first)}"
        place = f"0x{image.address_of(block, first.name):08X}"
        conversion, limits, count = f"_cm_{_suffix(first)}", _range(field.signals), len(field.signals)
        if field in axis_by_curve.values():
            yield f"/begin AXIS_PTS {head} {place} NO_INPUT_QUANTITY {_FIELD[1]} 0 {conversion} {count} {limits} /end AXIS_PTS"
            continue
        kind = "VALUE" if count == 1 else "VAL_BLK" if axis is None else "CURVE"
        yield f"/begin CHARACTERISTIC {head} {kind} {place} {_FIELD[0]} 0 {conversion} {limits}"
        if axis is not None:
            across = f"_cm_{_suffix(axis.signals[0])} {count} {_range(axis.signals)}"
            yield f"/begin AXIS_DESCR COM_AXIS NO_INPUT_QUANTITY {across} AXIS_PTS_REF {axis.name} /end AXIS_DESCR"
        elif count > 1:
            yield f"MATRIX_DIM {count} 1 1"
        yield "/end CHARACTERISTIC"


def _groups(block: Block) -> Iterator[str]:
    """The block as FUNCTION and as GROUP with a sub-group for each kind of signal."""
    kinds = {"inputs": "IN_MEASUREMENT", "outputs": "OUT_MEASUREMENT", "parameters": "DEF_CHARACTERISTIC"}
    names = {kind: " ".join(one.name for one in getattr(block, kind)) for kind in ("inputs", "outputs")}
    names["parameters"] = " ".join(field.name for field in fields(block))
    held = {kind: listed for kind, listed in names.items() if listed}
    name = identifier(block.name)
    yield f"/begin FUNCTION {name} {_text(block)}"
    for kind, listed in held.items():
        yield f"/begin {kinds[kind]} {listed} /end {kinds[kind]}"
    yield f"/end FUNCTION\n/begin GROUP {name}_signals {_text(block)} ROOT"
    yield f"/begin SUB_GROUP {' '.join(f'{name}_{kind}' for kind in held)} /end SUB_GROUP\n/end GROUP"
    for kind, listed in held.items():
        word = "REF_CHARACTERISTIC" if kind == "parameters" else "REF_MEASUREMENT"
        yield f'/begin GROUP {name}_{kind} "{kind}"\n/begin {word} {listed} /end {word}\n/end GROUP'
