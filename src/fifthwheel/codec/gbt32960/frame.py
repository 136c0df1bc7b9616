"""Frames of GB/T 32960.3: ``##`` is the 2016 edition, ``$$`` the 2025 edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from fifthwheel.codec import hashframe
from fifthwheel.errors import FrameError

EDITIONS: Final = {b"##": "2016", b"$$": "2025"}
COMMAND: Final = 0xFE
"""Answer flag of a frame that is no answer."""
PLAIN: Final = 1
CIPHERS: Final = {2: "RSA", 3: "AES128", 4: "SM2", 5: "SM4"}
"""Encryption byte -> cipher of the data; other values (1 none, 0xFE, 0xFF) leave it readable."""
_STARTS: Final = tuple(EDITIONS)


class Cutter(hashframe.Cutter):
    """Cuts a stream of GB/T 32960 frames of either edition."""

    starts = b"#$"


class Head(NamedTuple):
    """What a gateway needs of a frame before it stores it."""

    edition: str
    command: int
    answer: int
    vin: str
    encryption: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame; `data` is the data unit as it lies on the wire (still encrypted if `encryption` says so)."""

    edition: str
    command: int
    answer: int
    vin: str
    encryption: int
    data: bytes

    @property
    def cipher(self) -> str | None:
        """Name of the cipher of `data`, None when it is readable."""
        return CIPHERS.get(self.encryption) if self.data else None


def head(frame: bytes) -> Head:
    """Start bytes, length and check byte tested; the data is not looked at.

    Raises
    ------
    FrameError : ``start``, ``length``, ``checksum``, or ``protocol`` for a frame of GB 17691.
    """
    hashframe.check(frame, _STARTS)
    if hashframe.protocol_of(frame) == "hj1239":
        raise FrameError("protocol", "a VIN begins at byte 3: this is GB 17691, not GB/T 32960")
    return Head(EDITIONS[frame[:2]], frame[2], frame[3], vin_of(frame), frame[21])


def vin_of(frame: bytes) -> str:
    """VIN of a whole frame without its zero padding; any byte survives (Latin-1)."""
    return frame[4:21].rstrip(b"\0").decode("latin-1")


def parse(frame: bytes) -> Frame:
    """The checked envelope with its data.

    Raises
    ------
    FrameError : as `head`.
    """
    edition, command, answer, vin, encryption = head(frame)
    return Frame(edition=edition, command=command, answer=answer, vin=vin, encryption=encryption, data=frame[24:-1])


def build(frame: Frame) -> bytes:
    """The bytes of a frame; exact inverse of `parse`.

    Raises
    ------
    FrameError : ``length``, more than 65535 data bytes.
    InputError : a VIN of more than 17 characters.
    """
    start = b"$$" if frame.edition == "2025" else b"##"
    vin = hashframe.padded(frame.vin)
    return hashframe.seal(start + bytes((frame.command, frame.answer)) + vin + bytes((frame.encryption,)), frame.data)
