"""Blocks of the driving recorder, GB/T 19056-2012 appendix A, carried by 0x0700 (up), 0x8700 and 0x8701 (down).

A block is ``55 7A``, command, data length u16, reserved byte, data, XOR of all before it. It is the last part of its message,
so a wrong length (``block_length``) does not lose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fifthwheel.codec.jt808.frame import checksum
from fifthwheel.codec.jt808.layout import (
    Field,
    Layout,
    Reader,
    Values,
    date,
    each,
    number,
    raw,
    read_all,
    text,
    time,
    u8,
    u16,
    variants,
    write_all,
)

_VEHICLE: Final[Layout] = (text("vin", 17), text("plate", 12), text("vehicle_type"))
_MILEAGE: Final[Layout] = (time("time"), time("install_time"), raw("first_mileage_100m_bcd", 4), raw("total_mileage_100m_bcd", 4))
_PULSE: Final[Layout] = (time("time"), *u16("pulses_per_km"))
_SIGNALS: Final[Layout] = (time("time"), *u8("signal_bytes"), each("signal_names", (text("", 10),)))
_SECOND: Final[Layout] = u8("speed_kmh", "status_bits")
_EVENT: Final[Layout] = (time("time"), *u8("event_type"))
_SPAN: Final[Layout] = (time("start_time"), time("end_time"), *u16("max_blocks"))


def _place(prefix: str = "") -> Layout:
    """Longitude and latitude in 1e-4 minutes of arc, altitude in metres."""
    minutes = (number(f"{prefix}{axis}_1e4_minutes", 4, signed=True) for axis in ("longitude", "latitude"))
    return (*minutes, number(f"{prefix}altitude_m", 2, signed=True))


_OTHER: Final[Layout] = (raw("bytes"),)
_UP: Final[dict[int, Layout]] = {
    0x00: (raw("standard_year_bcd", 1), *u8("amendment")),
    0x01: (text("driver_licence", 18),),
    0x02: (time("time"),),
    0x03: _MILEAGE,
    0x04: _PULSE,
    0x05: _VEHICLE,
    0x06: _SIGNALS,
    0x07: (text("certificate", 7), text("model", 16), date("made", 3), raw("serial_number", 4), raw("reserved_code", 5)),
    0x08: (each("minutes", (time("start_time"), each("seconds", _SECOND, of=60))),),
    0x09: (each("hours", (time("start_time"), each("minutes", (*_place(), *u8("speed_kmh")), of=60))),),
    0x10: (
        each("suspected_accidents", (time("end_time"), text("driver_licence", 18), each("seconds", _SECOND, of=100), *_place())),
    ),
    0x11: (
        each(
            "overtime_drives",
            (text("driver_licence", 18), time("start_time"), time("end_time"), *_place("start_"), *_place("end_")),
        ),
    ),
    0x12: (each("driver_logins", (time("time"), text("driver_licence", 18), *u8("event_type"))),),
    0x13: (each("power_events", _EVENT),),
    0x14: (each("parameter_changes", _EVENT),),
    0x15: (
        each(
            "speed_checks",
            (
                *u8("speed_state"),
                time("start_time"),
                time("end_time"),
                each("seconds", u8("recorder_speed_kmh", "reference_speed_kmh"), of=60),
            ),
        ),
    ),
}
_DOWN: Final[dict[int, Layout]] = {
    **dict.fromkeys(range(0x08, 0x16), _SPAN),
    0x82: _VEHICLE,
    0x83: (time("install_time"),),
    0x84: _SIGNALS,
    0xC2: (time("time"),),
    0xC3: _PULSE,
    0xC4: _MILEAGE,
}


def _block(cases: dict[int, Layout]) -> Field:
    def get(reader: Reader, values: Values) -> None:
        values["block_mark"], values["block_command"] = reader.take(2).hex(), reader.take(1)[0]
        size, values["block_reserved"] = int.from_bytes(reader.take(2), "big"), reader.take(1)[0]
        data = reader.take(reader.left - 1)
        values["data"] = read_all(cases.get(values["block_command"], _OTHER), data, reader.edition)
        values["block_checksum"] = reader.take(1)[0]
        if size != len(data):
            values["block_length"] = size

    def put(values: Mapping[str, Any], edition: str) -> bytes:
        command: int = values.get("block_command", values["command"])
        length: int = values.get("block_length", -1)
        data = write_all(cases.get(command, _OTHER), values["data"], edition)
        head = bytes.fromhex(values.get("block_mark", "557a")) + bytes((command,))
        size = (len(data) if length < 0 else length).to_bytes(2, "big")
        block = head + size + bytes((values.get("block_reserved", 0),)) + data
        return block + bytes((values.get("block_checksum", checksum(block)),))

    return Field(get, put)


def recorder(cases: dict[int, Layout]) -> Layout:
    """Command byte and one recorder block of `cases`; a block of another make is kept as ``block``."""
    return (*u8("command"), variants(("GB/T 19056", (_block(cases),)), ("other", (raw("block"),))))


RECORDER_UP: Final = recorder(_UP)
RECORDER_DOWN: Final = recorder(_DOWN)
