"""Messages of GB/T 32960.3: an envelope, the layout its data follows (``layout.csv``), and the codes in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from fifthwheel.codec.chinatime import time_us
from fifthwheel.codec.gbt32960.frame import COMMAND, Frame
from fifthwheel.codec.layout import Item, Type, load

LOGIN, REALTIME, RESEND, LOGOUT, PLATFORM_LOGIN, PLATFORM_LOGOUT, HEARTBEAT, TIME = range(1, 9)
KINDS: Final = {
    LOGIN: "login",
    REALTIME: "realtime",
    RESEND: "resend",
    LOGOUT: "logout",
    PLATFORM_LOGIN: "platform_login",
    PLATFORM_LOGOUT: "platform_logout",
    HEARTBEAT: "heartbeat",
    TIME: "time",
    0x09: "activation",
    0x0A: "activation_answer",
    0x0B: "key_exchange",
    0x80: "parameter_query",
    0x81: "parameter_set",
    0x82: "control",
}
ANSWERS: Final = {
    1: "ok",
    2: "error",
    3: "vin_duplicate",
    4: "vin_unknown",
    5: "signature",
    6: "structure",
    7: "decryption",
    COMMAND: "command",
}
_SAME: Final = {"resend": "realtime", "platform_logout": "logout"}
_HIGHEST_BLOCK: Final = 9
"""A realtime report that begins with a year before 2010 may have no time at all: some senders start with the first block."""
_BARE: Final = ("heartbeat", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message.

    Attributes
    ----------
    frame : the envelope.
    layout : row of ``layout.csv`` that the data follows: ``realtime``, ``answer``, ``raw`` (encrypted or reserved) ...
    codes : field name -> code, exactly what the wire said; `Item`s for the blocks of ``realtime``.
    """

    frame: Frame
    layout: str
    codes: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What the command asks for: ``login``, ``realtime`` ..."""
        return KINDS.get(self.frame.command, f"0x{self.frame.command:02X}")

    @property
    def time_us(self) -> int | None:
        """UTC microseconds of the message; None where it has none or the clock is dead."""
        return time_us(self.codes["time"]) if "time" in self.codes else None

    @property
    def blocks(self) -> tuple[Item, ...]:
        """Information blocks of a realtime or resend message."""
        return tuple(self.codes.get("blocks", ()))

    def of(self, frame: Frame) -> Message:
        """The same content in another envelope."""
        return replace(self, frame=frame)


@cache
def layouts(edition: str) -> dict[str, Type]:
    """Layouts of an edition by name; ``0xFF..FE`` is abnormal and ``0xFF..FF`` invalid for every scaled number."""
    return load(__package__, edition, lambda size: (256**size - 2, 256**size - 1))


def layouts_of(frame: Frame) -> tuple[str, ...]:
    """Layouts that the data of a frame may follow, in the order to try them.

    An answer carries at most a time; a longer one repeats what it answers, and an answered query brings the parameters.
    Commands outside the standard's list are kept raw.
    """
    kind = KINDS.get(frame.command)
    if frame.cipher or kind is None:
        return ("raw",)
    if not frame.data:
        return ("empty",)
    if len(frame.data) == 6 and (frame.answer != COMMAND or kind in _BARE):
        return ("answer",)
    if kind == "parameter_query" and frame.answer != COMMAND:
        return ("parameter_set",)
    if kind in _BARE:
        return ("raw",)
    layout = _SAME.get(kind, kind)
    return (layout, "untimed") if layout == "realtime" and frame.data[0] <= _HIGHEST_BLOCK else (layout,)
