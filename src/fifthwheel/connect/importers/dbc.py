"""A user's DBC compiled to the parameters that the columnar decoder knows: read once, no per-frame work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fifthwheel.codec.j1939.frame import pgn_of
from fifthwheel.codec.j1939.messages import UNITS, Parameter
from fifthwheel.errors import InputError
from fifthwheel.signals.catalogue import signal, signals

_SPELLINGS: Final = {
    "": "state",
    "degc": "°C",
    "deg c": "°C",
    "c": "°C",
    "r/min": "rpm",
    "1/min": "rpm",
    "percent": "%",
    "kph": "km/h",
    "l/h": "L/h",
    "l": "L",
    "n·m": "Nm",
    "n.m": "Nm",
    "m/s2": "m/s²",
    "m/s^2": "m/s²",
}
"""Other spellings of the keys of `UNITS`, in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Parameters for the lake, and the signals of the DBC that have no place there, each with its reason."""

    parameters: tuple[Parameter, ...]
    left_out: Mapping[str, str]


def compile_dbc(paths: Sequence[Path], names: Mapping[str, str] | None = None) -> Compiled:
    """Signals of DBC files that are in the signal catalogue, by their SPN or by `names` (DBC signal -> catalogue signal).

    Raises
    ------
    InputError : a file that cannot be read.
    UnknownName : `names` maps to a signal that the catalogue does not have.
    """
    names = {source: signal(target).name for source, target in (names or {}).items()}
    by_spn = {int(about.j1939): name for name, about in signals().items() if about.j1939}
    parameters: list[Parameter] = []
    left_out: dict[str, str] = {}
    for path in paths:
        for message in _messages(path):
            for field in message.signals:
                name = names.get(field.name) or by_spn.get(int(field.spn or 0))
                reason = _reason(message, field, name)
                if reason or name is None:
                    left_out[f"{message.name}.{field.name}"] = reason
                else:
                    parameters.append(_parameter(message, field, name))
    return Compiled(parameters=tuple(parameters), left_out=left_out)


def _messages(path: Path) -> list[Any]:
    from cantools.database.can import Database  # slow: it pulls in python-can, and that pulls in asammdf where it can

    database = Database(strict=False)
    try:
        database.add_dbc_file(path)
    except Exception as error:  # parser, encoding and file errors have no common root
        raise InputError(f"{path.name}: not a readable DBC file: {error}") from error
    return list(database.messages)


def _reason(message: Any, field: Any, name: str | None) -> str:
    """Why a DBC signal cannot be stored, '' when it can."""
    if name is None:
        return "not in the signal catalogue"
    if not message.is_extended_frame:
        return "11-bit identifier"
    if field.is_float or field.is_multiplexer or field.multiplexer_ids or field.length > 62:
        return "floating-point, multiplexed or longer than 62 bits"
    unit = _unit(field.unit)
    if not unit or UNITS[unit][0] != signal(name).unit:
        return f"unit {field.unit or ''!r} is not one of {signal(name).unit or 'a ratio'}"
    return ""


def _unit(text: str | None) -> str:
    text = (text or "").strip()
    if text in UNITS:
        return text
    return _SPELLINGS.get(text.lower()) or next((unit for unit in UNITS if unit.lower() == text.lower()), "")


def _parameter(message: Any, field: Any, name: str) -> Parameter:
    big_endian = field.byte_order == "big_endian"
    start = int(field.start)
    if big_endian:  # DBC counts from the most significant bit, in its zigzag numbering
        start = 64 - (8 * (start // 8) + 7 - start % 8) - int(field.length)
    unit = _unit(field.unit)
    if unit == "A" and name == "battery_current_a":
        unit = "A charging"
    return Parameter(
        pgn=pgn_of(message.frame_id),
        message=message.name,
        owner=None,
        spn=int(field.spn or 0),
        name=name,
        start=start,
        bits=int(field.length),
        scale=float(field.scale),
        offset=float(field.offset),
        unit=unit,
        signed=bool(field.is_signed),
        big_endian=big_endian,
    )
