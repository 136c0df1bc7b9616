"""The envelope that GB/T 32960, GB 17691 annex Q and HJ 1239 share: cutting, checking and telling them apart.

All three put 24 bytes (two equal start bytes, command, 18 bytes of VIN and flag, encryption, u16 length) before the data
and one XOR of everything after the start bytes behind it. The start bytes may occur inside data, so a stream is cut by
length and check byte, never by searching for them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError, InputError

HEAD_BYTES: Final = 24
ENVELOPE_BYTES: Final = HEAD_BYTES + 1
LONGEST_FRAME_BYTES: Final = ENVELOPE_BYTES + 0xFFFF

_TEXT: Final = rb"[\x00 -~]"
_HEAD: Final = (
    rb"([%b])(?:\Z|\1(?:\Z|[\x01-\x0f\x80-\xfe](?:\Z|[\x01-\x07\xfe0-9A-Za-z](?:" + _TEXT + rb"{0,15}\Z|" + _TEXT + rb"{16}))))"
)
"""A plausible head, or the beginning of one at the end of the data: where to go on after bytes were refused."""


def bcc(data: bytes) -> int:
    """XOR of all bytes of `data`, by folding one long integer onto itself.

    >>> bcc(bytes([1, 2, 4, 4]))
    3
    """
    value = int.from_bytes(data, "big")
    shift = 4 << len(data).bit_length()
    while shift >= 8:
        value ^= value >> shift
        shift >>= 1
    return value & 0xFF


def seal(head: bytes, data: bytes) -> bytes:
    """Frame of `head` (22 bytes, start bytes to encryption) and `data`, with length and check byte.

    Raises
    ------
    FrameError : ``length``, more data than the u16 length can say.
    """
    if len(data) > 0xFFFF:
        raise FrameError("length", f"{len(data)} data bytes; a frame carries at most 65535")
    frame = head + len(data).to_bytes(2, "big") + data
    return frame + bytes((bcc(frame[2:]),))


def padded(text: str, n_bytes: int = 17) -> bytes:
    """Text (a VIN, an ICCID) in a field of `n_bytes`, zeros behind it; Latin-1, so that any byte survives.

    Raises
    ------
    InputError : longer than the field, or not Latin-1.
    """
    try:
        field = text.encode("latin-1")
    except UnicodeEncodeError:
        raise InputError(f"{text!r} is not Latin-1") from None
    if len(field) > n_bytes:
        raise InputError(f"{text!r} has {len(field)} characters; the field has {n_bytes}")
    return field.ljust(n_bytes, b"\0")


def check(frame: bytes, starts: Sequence[bytes]) -> None:
    """Check start bytes, length and check byte of one whole frame.

    Raises
    ------
    FrameError : ``start``, ``length`` or ``checksum``.
    """
    if frame[:2] not in starts:
        raise FrameError("start", f"{frame[:2].hex()}; accepted are {' '.join(start.hex() for start in starts)}")
    if len(frame) < ENVELOPE_BYTES or len(frame) != ENVELOPE_BYTES + (frame[22] << 8 | frame[23]):
        declared = int.from_bytes(frame[22:24], "big")
        raise FrameError("length", f"{len(frame)} bytes; declared data of {declared} makes {declared + ENVELOPE_BYTES}")
    if bcc(frame[2:]):
        raise FrameError("checksum", f"0x{frame[-1]:02X}; the XOR of the frame is 0x{bcc(frame[2:-1]):02X}")


def protocol_of(first_bytes: bytes) -> Literal["gbt32960", "hj1239"] | None:
    """Which protocol a frame speaks, by its first four bytes; None when they fit neither (or are fewer).

    Byte 3 is the answer flag in GB/T 32960 (1 to 7, 0xFE) and the first character of the VIN in GB 17691.

    >>> protocol_of(b"##\\x02\\xfe"), protocol_of(b"##\\x02L"), protocol_of(b"GET ")
    ('gbt32960', 'hj1239', None)
    """
    if len(first_bytes) < 4:
        return None
    start, flag = first_bytes[:2], first_bytes[3]
    if start == b"$$" or (start == b"##" and (1 <= flag <= 7 or flag == 0xFE)):
        return "gbt32960"
    if start == b"~~" or (start == b"##" and first_bytes[3:4].isalnum()):
        return "hj1239"
    return None


class Cutter:
    """Cuts a TCP stream into whole raw frames; never raises, resynchronises after junk and damage.

    Parameters
    ----------
    cap_bytes : longest frame accepted; the default is the longest that the u16 length can declare.
    """

    starts: bytes = b"#$~"

    def __init__(self, cap_bytes: int = LONGEST_FRAME_BYTES) -> None:
        self._cap = cap_bytes
        self._rest = b""
        self._searched = 2
        self._head = re.compile(_HEAD % re.escape(self.starts), re.DOTALL)

    @property
    def pending(self) -> int:
        """Bytes of a frame that has begun and not ended."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[bytes | Reject]:
        """Take the next bytes of the stream; return the frames and rejects they complete, in order."""
        data = self._rest + data
        out: list[bytes | Reject] = []
        at = 0
        while at < len(data):
            end, reason = self._end(data, at)
            if end == at:
                break
            out.append(Reject(reason, f"{end - at} bytes refused", data[at:end]) if reason else data[at:end])
            at, self._searched = end, 2
        self._rest = data[at:]
        return out

    def expire(self) -> list[Reject]:
        """Give up on the half frame that is pending, after the deadline of whoever holds the clock."""
        rest, self._rest, self._searched = self._rest, b"", 2
        return [Reject("timeout", f"half a frame, {len(rest)} bytes", rest)] if rest else []

    def _end(self, data: bytes, at: int) -> tuple[int, str]:
        """Where the frame or refused run at `at` ends (`at` itself: not known yet) and why it is refused ('' is a frame)."""
        left = len(data) - at
        if data[at] not in self.starts or (left > 1 and data[at + 1] != data[at]):
            return self._next(data, at + 1, len(data)), "junk"
        if left < HEAD_BYTES:
            return at, ""
        end = at + ENVELOPE_BYTES + (data[at + 22] << 8 | data[at + 23])
        if end - at > self._cap:
            return self._next(data, at + 2, len(data)), "length"
        if end > len(data):
            return self._rescue(data, at), "length"
        if bcc(data[at + 2 : end]):
            return self._next(data, at + 2, end), "checksum"
        return end, ""

    def _next(self, data: bytes, at: int, end: int) -> int:
        found = self._head.search(data, at)
        return min(found.start(), end) if found else end

    def _rescue(self, data: bytes, at: int) -> int:
        """A declared length may be damaged: the first whole good frame inside the wait, or `at` when there is none."""
        searched = max(len(data) - HEAD_BYTES - at, 2)
        for found in self._head.finditer(data, at + self._searched):
            inner = found.start()
            end = inner + ENVELOPE_BYTES + int.from_bytes(data[inner + 22 : inner + 24], "big")
            if len(data) - inner < HEAD_BYTES or end > len(data):
                searched = min(searched, inner - at)
            elif not bcc(data[inner + 2 : end]):
                return inner
        self._searched = searched
        return at


def stacks(frames: Sequence[bytes], longest: int = 8192) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """Frames of equal start and length as byte matrices: (indices into `frames` (n,), bytes (n, length)), n <= `longest`."""
    alike: dict[tuple[bytes, int], list[int]] = defaultdict(list)
    for index, frame in enumerate(frames):
        alike[frame[:2], len(frame)].append(index)
    for (_, length), members in alike.items():
        for first in range(0, len(members), longest):
            part = members[first : first + longest]
            joined = np.frombuffer(b"".join([frames[index] for index in part]), np.uint8)
            yield np.array(part, np.int64), joined.reshape(len(part), length)


def intact(rows: NDArray[np.uint8], starts: Collection[bytes], ciphers: Collection[int]) -> NDArray[np.bool_]:
    """Which rows of a byte matrix (n, length) of one start are whole frames whose data is not encrypted, shape (n,)."""
    if rows.shape[1] < ENVELOPE_BYTES or rows[0, :2].tobytes() not in starts:
        return np.zeros(len(rows), np.bool_)
    declared = rows[:, 22].astype(np.int64) << 8 | rows[:, 23]
    check_byte = np.bitwise_xor.reduce(rows[:, 2:], axis=1)
    plain = ~np.isin(rows[:, 21], list(ciphers))
    return np.asarray((declared == rows.shape[1] - ENVELOPE_BYTES) & (check_byte == 0) & plain)


def seal_all(head: bytes, data: NDArray[np.uint8]) -> list[bytes]:
    """Frames of one head (22 bytes) around each row of data (n, size), with length and check bytes, as `seal`.

    Raises
    ------
    FrameError : ``length``, more data than the u16 length can say.
    """
    first = seal(head, data[:1].tobytes())[:HEAD_BYTES]
    frames = np.zeros((len(data), ENVELOPE_BYTES + data.shape[1]), np.uint8)
    frames[:, :HEAD_BYTES] = np.frombuffer(first, np.uint8)
    frames[:, HEAD_BYTES:-1] = data
    frames[:, -1] = np.bitwise_xor.reduce(frames[:, 2:-1], axis=1)
    joined, length = frames.tobytes(), frames.shape[1]
    return [joined[at : at + length] for at in range(0, len(joined), length)]
