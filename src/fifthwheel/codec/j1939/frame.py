"""J1939 on the wire: the 29-bit identifier, frames as text and as arrays, and the transport protocol (SAE J1939-21)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import FrameError

GLOBAL: Final = 255
"""Destination address of a message to everybody."""
CONNECTION_PGN: Final = 0xEC00
TRANSFER_PGN: Final = 0xEB00
RTS, CTS, END_OF_MESSAGE, BAM, ABORT = 16, 17, 19, 32, 255
"""Control bytes of the connection management message."""
T1_US: Final = 750_000
"""Longest pause between two packets of a broadcast (J1939-21, T1)."""
T2_US: Final = 1_250_000
"""Longest pause of a connection, after CTS or between packets (J1939-21, T2 and T3)."""
MAX_TRANSFER_BYTES: Final = 1785

_TEXT = re.compile(r"\s*([0-9A-Fa-f]+)#([0-9A-Fa-f. ]*)\s*")
_MAX_SESSIONS: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One classic CAN frame with a 29-bit identifier."""

    identifier: int
    data: bytes

    @property
    def pgn(self) -> int:
        """Parameter group number; the destination of a PDU1 frame is not part of it."""
        return pgn_of(self.identifier)

    @property
    def priority(self) -> int:
        """0 (first) to 7."""
        return self.identifier >> 26 & 7

    @property
    def source_address(self) -> int:
        """Address of the sender."""
        return self.identifier & 0xFF

    @property
    def destination_address(self) -> int:
        """Address of the receiver, `GLOBAL` for a PDU2 frame."""
        return self.identifier >> 8 & 0xFF if self.identifier >> 16 & 0xFF < 240 else GLOBAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CanFrames:
    """Classic CAN frames with 29-bit identifiers, as a structure of arrays.

    Attributes
    ----------
    time_us : UTC microseconds, shape (n,).
    identifier : shape (n,) of uint32.
    data : shape (n, 8) of uint8; bytes beyond `length` are 0xFF, which J1939 reads as "not available".
    length : data bytes of each frame, shape (n,) of uint8.
    """

    time_us: NDArray[np.int64]
    identifier: NDArray[np.uint32]
    data: NDArray[np.uint8]
    length: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.time_us)

    @property
    def pgn(self) -> NDArray[np.uint32]:
        """Parameter group numbers, shape (n,)."""
        page = self.identifier >> np.uint32(8) & np.uint32(0x3FFFF)
        broadcast = page & np.uint32(0xFF00) >= np.uint32(0xF000)
        return np.where(broadcast, page, page & np.uint32(0x3FF00))

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> CanFrames:
        """The frames at `index`."""
        return CanFrames(
            time_us=self.time_us[index], identifier=self.identifier[index], data=self.data[index], length=self.length[index]
        )

    @classmethod
    def concat(cls, parts: list[CanFrames]) -> CanFrames:
        """All frames of `parts`, in order."""
        return cls(
            time_us=np.concatenate([np.empty(0, np.int64), *(part.time_us for part in parts)]),
            identifier=np.concatenate([np.empty(0, np.uint32), *(part.identifier for part in parts)]),
            data=np.concatenate([np.empty((0, 8), np.uint8), *(part.data for part in parts)]),
            length=np.concatenate([np.empty(0, np.uint8), *(part.length for part in parts)]),
        )


def pgn_of(identifier: int) -> int:
    """Parameter group number of a 29-bit identifier.

    >>> pgn_of(0x18EA00F9), pgn_of(0x18FEF100)
    (59904, 65265)
    """
    page = identifier >> 8 & 0x3FFFF
    return page if page & 0xFF00 >= 0xF000 else page & 0x3FF00


def identifier_of(pgn: int, *, source: int, destination: int = GLOBAL, priority: int = 6) -> int:
    """29-bit identifier of a message; `destination` counts for PDU1 groups only.

    Raises
    ------
    FrameError : a number that does not fit its field.
    """
    specific = destination if pgn & 0xFF00 < 0xF000 else pgn & 0xFF
    fits = 0 <= pgn < 1 << 18 and 0 <= source <= 255 and 0 <= destination <= 255 and 0 <= priority <= 7
    if not fits or pgn_of(pgn << 8) != pgn:
        raise FrameError("identifier", f"pgn {pgn}, source {source}, destination {destination}, priority {priority} do not fit")
    return priority << 26 | (pgn & 0x3FF00 | specific) << 8 | source


def parse(text: str) -> Frame:
    """The frame written as ``ID#DATA`` (candump style; dots and spaces between bytes are allowed).

    Raises
    ------
    FrameError : not that form, an 11-bit identifier, or more than 8 bytes.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise FrameError("syntax", f"{text[:60]!r} is not ID#DATA in hexadecimal")
    digits = match[2].replace(".", "").replace(" ", "")
    if len(match[1]) <= 3 or int(match[1], 16) >= 1 << 29:
        raise FrameError("identifier", f"{match[1]} is not a 29-bit identifier (8 hexadecimal digits up to 1FFFFFFF)")
    if len(digits) % 2 or len(digits) > 16:
        raise FrameError("length", f"{len(digits)} hexadecimal digits are not 0 to 8 bytes")
    return Frame(identifier=int(match[1], 16), data=bytes.fromhex(digits))


def build(frame: Frame) -> str:
    """``ID#DATA`` of a frame; inverse of `parse`."""
    return f"{frame.identifier:08X}#{frame.data.hex().upper()}"


def indicator(raw: int, bits: int) -> str:
    """What the raw value of a field of `bits` bits says about itself (SAE J1939-71, table 1).

    ``valid``, ``parameter specific``, ``reserved``, ``error`` or ``not available``.

    >>> indicator(0xFEFF, 16), indicator(3, 2), indicator(250, 8)
    ('error', 'not available', 'valid')
    """
    if bits < 2:
        return "valid"
    if bits < 8:
        return {(1 << bits) - 1: "not available", (1 << bits) - 2: "error"}.get(raw, "valid")
    high = raw >> bits - 8
    return {0xFF: "not available", 0xFE: "error", 0xFD: "reserved", 0xFC: "reserved", 0xFB: "parameter specific"}.get(
        high, "valid"
    )


def greatest_valid(bits: int) -> int:
    """Greatest raw value that `indicator` calls valid."""
    if bits < 2:
        return 1
    return (1 << bits) - 3 if bits < 8 else (0xFB << bits - 8) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A message of more than 8 bytes, put together again; `time_us` is that of its last packet."""

    time_us: int
    pgn: int
    source_address: int
    destination_address: int
    payload: bytes


@dataclass(slots=True)
class _Session:
    pgn: int
    size: int
    packets: int
    last_us: int
    parts: dict[int, bytes] = field(default_factory=dict)


class Assembler:
    """Joins BAM and RTS/CTS transfers as a bystander: interleaved sessions by (source, destination), time-outs by log time.

    A broadcast must come in order; a connection may repeat packets. It is complete with the last missing packet, because
    the acknowledgement may not be in the log. `dropped` counts sessions given up, by reason.
    """

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self._sessions: dict[tuple[int, int], _Session] = {}

    def feed(self, time_us: int, identifier: int, data: bytes) -> Transfer | None:
        """Take one frame of either transport group (others are ignored); the transfer it completes, if any."""
        group = identifier >> 16 & 0x3FF
        key = (identifier & 0xFF, identifier >> 8 & 0xFF)
        if group == CONNECTION_PGN >> 8 and len(data) == 8:
            self._control(time_us, key, data)
        elif group == TRANSFER_PGN >> 8 and len(data) > 1:
            return self._packet(time_us, key, data)
        return None

    def _control(self, time_us: int, key: tuple[int, int], data: bytes) -> None:
        pgn = int.from_bytes(data[5:8], "little") & 0x3FFFF
        if data[0] == BAM or (data[0] == RTS and key[1] != GLOBAL):
            size = data[1] | data[2] << 8
            self._drop(key, "restarted")
            if not 9 <= size <= MAX_TRANSFER_BYTES or data[3] != -(-size // 7) or (data[0] == BAM and key[1] != GLOBAL):
                self.dropped["announcement"] += 1
                return
            self._make_room(time_us)
            self._sessions[key] = _Session(pgn_of(pgn << 8), size, data[3], time_us)
        elif data[0] == CTS and (session := self._sessions.get(key[::-1])):
            session.last_us = time_us
        elif data[0] == END_OF_MESSAGE:
            self._drop(key[::-1], "incomplete")
        elif data[0] == ABORT:
            for ends in (key, key[::-1]):
                if ends[1] != GLOBAL and ends in self._sessions and self._sessions[ends].pgn == pgn_of(pgn << 8):
                    self._drop(ends, "abort")

    def _packet(self, time_us: int, key: tuple[int, int], data: bytes) -> Transfer | None:
        session = self._sessions.get(key)
        if session is None:
            self.dropped["unannounced"] += 1
            return None
        number = data[0]
        if time_us - session.last_us > (T1_US if key[1] == GLOBAL else T2_US):
            self._drop(key, "timeout")
            return None
        if not 1 <= number <= session.packets or (key[1] == GLOBAL and number != len(session.parts) + 1):
            self._drop(key, "sequence")
            return None
        session.parts[number] = data[1:8].ljust(7, b"\xff")
        session.last_us = time_us
        if len(session.parts) < session.packets:
            return None
        del self._sessions[key]
        payload = b"".join(session.parts[i] for i in range(1, session.packets + 1))[: session.size]
        return Transfer(time_us=time_us, pgn=session.pgn, source_address=key[0], destination_address=key[1], payload=payload)

    def _drop(self, key: tuple[int, int], reason: str) -> None:
        if self._sessions.pop(key, None) is not None:
            self.dropped[reason] += 1

    def _make_room(self, time_us: int) -> None:
        """A bus can only carry so many; thousands open at once are an attack or a broken log."""
        if len(self._sessions) >= _MAX_SESSIONS:
            stale = [key for key, session in self._sessions.items() if time_us - session.last_us > T2_US]
            for key in stale or list(self._sessions)[:1]:
                self._drop(key, "timeout" if stale else "crowded out")
