"""Messages to bytes: the exact inverse of `decode`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fifthwheel.codec.jt808.frame import Frame, split
from fifthwheel.codec.jt808.layout import write_all
from fifthwheel.codec.jt808.messages import LAYOUTS, Message
from fifthwheel.errors import InputError


def encode(message: Message) -> bytes:
    """Body of a message.

    >>> encode(Message(message_id=0x8001, edition="2013", fields={"reply_serial": 1, "reply_message_id": 2, "result": 0})).hex()
    '0001000200'

    Raises
    ------
    InputError : a field is missing or does not fit.
    """
    layout = LAYOUTS.get(message.message_id)
    try:
        if layout is None or "raw" in message.fields:
            return bytes.fromhex(message.fields["raw"])
        return write_all(layout, message.fields, message.edition)
    except KeyError as error:
        raise InputError(f"0x{message.message_id:04x} ({message.edition}) needs the field {error}") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"0x{message.message_id:04x} ({message.edition}): {error}") from error


def frames(message_id: int, fields: Mapping[str, Any], *, phone: str, serial: int, version: str) -> list[bytes]:
    """Frames on the wire for one message to or from `phone`, as its header has it; long ones in sub-packages.

    >>> fields = {"reply_serial": 0x7FFF, "reply_message_id": 2, "result": 0}
    >>> [frame.hex() for frame in frames(0x8001, fields, phone="012345678901", serial=0, version="2013")]
    ['7e8001000501234567890100007fff0002008e7e']

    Raises
    ------
    InputError : a field is missing or does not fit.
    FrameError : ``phone``, its digits do not fit the version.
    """
    body = encode(Message(message_id=message_id, edition=version, fields=fields))
    return split(Frame(message_id, phone, serial, body, version))
