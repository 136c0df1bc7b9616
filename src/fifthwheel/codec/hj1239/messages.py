"""Messages of GB 17691 annex Q and HJ 1239: an envelope, the layout its data follows (``layout.csv``), and the codes in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from fifthwheel.codec.chinatime import time_us
from fifthwheel.codec.hj1239.frame import PLATFORM, TERMINAL, Frame
from fifthwheel.codec.layout import Item, Type, load

GB17691, HJ1239 = "17691", "1239"
VERSIONS: Final = {GB17691: "2018", HJ1239: "2021"}
LOGIN, REALTIME, RESEND, LOGOUT, TIME_SYNC = range(1, 6)
_SAME: Final = {LOGIN: "login", REALTIME: "realtime", RESEND: "resend", LOGOUT: "logout", TIME_SYNC: "time_sync"}
KINDS: Final = {
    TERMINAL: {**_SAME, 6: "tamper_alarm", 7: "registration", 8: "registration_answer", 0x80: "parameter_query"},
    PLATFORM: {**_SAME, 6: "emission_check", 7: "platform_login", 8: "platform_logout", 9: "key_exchange"},
}
"""Start bytes -> command -> kind: the two links number their commands apart from 6 on."""
INFO_TYPES: Final = frozenset((1, 2, 3, 4, 5, 0x80))
_RAW: Final = (GB17691, "raw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message.

    Attributes
    ----------
    frame : the envelope.
    edition : `GB17691` or `HJ1239`, whose layouts the data follows.
    layout : row of ``layout.csv``: ``realtime``, ``login`` ..., ``raw`` when no layout fits or the data is encrypted.
    codes : field name -> code, exactly what the wire said; `Item`s for the bodies of ``realtime``.
    """

    frame: Frame
    edition: str
    layout: str
    codes: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What the command asks for: ``login``, ``realtime`` ..."""
        return KINDS[self.frame.start].get(self.frame.command, f"0x{self.frame.command:02X}")

    @property
    def time_us(self) -> int | None:
        """UTC microseconds of the message; None where it has none or the clock is dead."""
        return time_us(self.codes["time"]) if "time" in self.codes else None

    @property
    def infos(self) -> tuple[Item, ...]:
        """Bodies of a realtime or resend message."""
        return tuple(self.codes.get("infos", ()))


def _absent(size: int) -> tuple[int, int]:
    """J1939 slots: up to 0xFA.. is a value, 0xFE.. an error, 0xFF.. not available."""
    return 0xFB << 8 * (size - 1), 0xFF << 8 * (size - 1)


@cache
def layouts(edition: str) -> dict[str, Type]:
    """Layouts of an edition by name."""
    return load(__package__, edition, _absent)


def layouts_of(frame: Frame) -> Iterator[tuple[str, str]]:
    """(edition, layout) that the data of a frame may follow, in the order to try them; the last one takes anything."""
    kind = KINDS[frame.start].get(frame.command, "")
    edition = HJ1239 if frame.start == PLATFORM else GB17691
    if frame.cipher:
        kind = "encrypted"
    elif not frame.data:
        yield edition, "empty"
    elif kind in ("realtime", "resend"):
        yield from ((each, "realtime") for each in realtime_editions(frame.start))
        if len(frame.data) > 8 and frame.data[6] not in INFO_TYPES and frame.data[8] in INFO_TYPES:
            yield edition, "serial_first"
    elif kind == "time_sync":
        yield from ((edition, "answer"), (edition, "logout"))
    elif kind in ("login", "logout", "tamper_alarm", "registration", "registration_answer"):
        yield edition, kind
    yield _RAW


def realtime_editions(start: bytes) -> tuple[str, ...]:
    """Editions whose realtime layout may follow these start bytes: a terminal does not say which one it speaks."""
    return (HJ1239,) if start == PLATFORM else (GB17691, HJ1239)
