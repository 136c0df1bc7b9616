"""Frames of GB 17691 annex Q and HJ 1239: ``##`` from the terminal, ``~~`` from an enterprise platform to the ministry's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from fifthwheel.codec import hashframe
from fifthwheel.errors import FrameError

TERMINAL: Final = b"##"
PLATFORM: Final = b"~~"
COMMAND: Final = 0xFE
"""Answer flag of a platform frame that is no answer."""
PLAIN: Final = 1
CIPHERS: Final = {2: "SM2", 3: "SM2 or SM4", 4: "RSA", 5: "AES128"}
"""Encryption byte -> cipher; sources contradict each other on 3."""
_STARTS: Final = (TERMINAL, PLATFORM)


class Cutter(hashframe.Cutter):
    """Cuts a stream of GB 17691 or HJ 1239 frames of either link."""

    starts = b"#~"


class Head(NamedTuple):
    """What a gateway needs of a frame before it stores it; `flag` as in `Frame`."""

    start: bytes
    command: int
    flag: int
    vin: str
    encryption: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame.

    Attributes
    ----------
    start : `TERMINAL` or `PLATFORM`.
    flag : the terminal's software version, or the platform's answer flag (0xFE command, 1 ok, 2 error).
    data : the data unit as it lies on the wire (still encrypted if `encryption` says so).
    """

    start: bytes
    command: int
    flag: int
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
    FrameError : ``start``, ``length``, ``checksum``, or ``protocol`` for a frame of GB/T 32960.
    """
    hashframe.check(frame, _STARTS)
    if hashframe.protocol_of(frame) == "gbt32960":
        raise FrameError("protocol", f"byte 3 is the answer flag 0x{frame[3]:02X}: this is GB/T 32960, not GB 17691")
    flag = frame[20] if frame[:2] == TERMINAL else frame[3]
    return Head(frame[:2], frame[2], flag, vin_of(frame), frame[21])


def vin_of(frame: bytes) -> str:
    """VIN of a whole frame without its zero padding; any byte survives (Latin-1)."""
    vin = frame[3:20] if frame[:2] == TERMINAL else frame[4:21]
    return vin.rstrip(b"\0").decode("latin-1")


def parse(frame: bytes) -> Frame:
    """The checked envelope with its data.

    Raises
    ------
    FrameError : as `head`.
    """
    start, command, flag, vin, encryption = head(frame)
    return Frame(start=start, command=command, flag=flag, vin=vin, encryption=encryption, data=frame[24:-1])


def build(frame: Frame) -> bytes:
    """The bytes of a frame; exact inverse of `parse`.

    Raises
    ------
    FrameError : ``length``, more than 65535 data bytes.
    InputError : a VIN of more than 17 characters.
    """
    vin, flag = hashframe.padded(frame.vin), bytes((frame.flag,))
    middle = vin + flag if frame.start == TERMINAL else flag + vin
    return hashframe.seal(frame.start + bytes((frame.command,)) + middle + bytes((frame.encryption,)), frame.data)
