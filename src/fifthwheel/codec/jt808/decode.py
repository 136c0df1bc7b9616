"""Frames to messages: `decode` one, `inspect` one for people and JSON, `observe` a batch for the lake."""

from __future__ import annotations

from typing import Any, Final

from fifthwheel.codec.jt808.frame import Frame, parse
from fifthwheel.codec.jt808.layout import read_all
from fifthwheel.codec.jt808.messages import LAYOUTS, Message, edition
from fifthwheel.codec.jt808.positions import observe

__all__ = ["can_frames", "decode", "inspect", "observe"]

CAN_EXTENDED: Final = 1 << 31
"""Bit that marks a 29-bit id in `can_frames`, as in a Linux ``can_id``."""


def decode(frame: Frame) -> Message:
    """Message of an opened frame; an unknown id, a sub-package or an encrypted body is kept as ``raw``.

    >>> decode(Frame(0x8001, "012345678901", 1, bytes.fromhex("0007000200"))).fields
    {'reply_serial': 7, 'reply_message_id': 2, 'result': 0}

    Raises
    ------
    FrameError : ``layout``, the body is too short for its message.
    """
    layout = LAYOUTS.get(frame.message_id)
    used = edition(frame.message_id, frame.body, frame.version)
    readable = layout is not None and frame.is_whole and not frame.encryption
    fields = read_all(layout, frame.body, used) if layout is not None and readable else {"raw": frame.body.hex()}
    return Message(message_id=frame.message_id, edition=used, fields=fields)


def inspect(frame: bytes) -> dict[str, Any]:
    """One frame on the wire as JSON: message id, edition, and header and body fields; texts without their padding.

    >>> inspect(bytes.fromhex("7e8001000501234567890100007fff0002008e7e"))["fields"]["reply_serial"]
    32767

    Raises
    ------
    FrameError : as `parse` and `decode`.
    """
    opened = parse(frame)
    message = decode(opened)
    header: dict[str, Any] = {"phone": opened.phone, "serial": opened.serial, "encryption": opened.encryption}
    if opened.version == "2019":
        header["protocol_version"] = opened.protocol_version
    if opened.package:
        header["package_total"], header["package_index"] = opened.package
    return {
        "message": f"0x{opened.message_id:04X}",
        "version": message.edition,
        "fields": header | {name: _presentable(name, value) for name, value in message.fields.items()} | _as_text(message),
    }


def _presentable(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value.strip("\0 ")
    if isinstance(value, dict):
        return {key: _presentable(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_presentable(name, inner) for inner in value]
    return value


def _as_text(message: Message) -> dict[str, str]:
    """Transparent data that are printable, which most serial devices send, once more as text."""
    data = bytes.fromhex(message.fields.get("data", "")) if message.message_id in (0x0900, 0x8900) else b""
    return {"data_text": data.decode("ascii")} if data.isascii() and data.decode("ascii").isprintable() and data else {}


def can_frames(message: Message) -> list[tuple[int, bytes]]:
    """CAN frames of a 0x0705: id with `CAN_EXTENDED` set for 29 bits, and 8 data bytes, for `codec.j1939`."""
    return [
        (row["can_id"] | (CAN_EXTENDED if row["extended_frame"] else 0), bytes.fromhex(row["data"]))
        for row in message.fields["frames"]
    ]
