"""JT/T 808 envelope: cut a TCP stream into frames, check and open a frame, build one, join sub-packages.

A frame is ``7E | escaped(header, body, XOR of both) | 7E``; inside, 7E is sent as 7D 02 and 7D as 7D 01.
The header is id u16, attributes u16 (bits 0-9 body length, 10-12 encryption, 13 sub-package, 14 = 2019), the 2019
version byte, the phone in BCD (6 bytes, 10 since 2019), serial u16 and, for a sub-package, total u16 and index u16.
Source: JT/T 808-2019 clause 4.4 (2011 and 2013 the same without version byte).
"""

from __future__ import annotations

from collections import Counter
from struct import Struct
from typing import Final, NamedTuple

from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError

FRAME_CAP: Final = 8192
"""Longest frame taken from a stream; the standard's own limit is 1,023 bytes of body before escaping."""
BODY_MAX: Final = 1023
_DELIMITER: Final = b"\x7e"
_HEAD_2013: Final = Struct(">HH6sH")
_HEAD_2019: Final = Struct(">HHB10sH")
_PACKAGE: Final = Struct(">HH")
_PACKAGED: Final = 1 << 13
_IS_2019: Final = 1 << 14


class Frame(NamedTuple):
    """An opened frame; a named tuple, because the gateway makes one per frame.

    Attributes
    ----------
    phone : every BCD digit as sent, leading zeros included (12 digits, 20 since 2019); a digit above 9 shows as a-f.
    version : ``2019`` by the header's flag, else ``2013`` (2011 has the same envelope).
    protocol_version : the 2019 version byte.
    encryption : bits 10-12; 0 plain, 1 RSA. The body is then kept as it came.
    package : (total, index from 1) of a sub-package. A joined message is (1, 1), see `Joiner`.
    reserved : attribute bit 15.
    """

    message_id: int
    phone: str
    serial: int
    body: bytes = b""
    version: str = "2013"
    protocol_version: int = 1
    encryption: int = 0
    package: tuple[int, int] | None = None
    reserved: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the body is a whole message."""
        return self.package is None or self.package == (1, 1)


class Cutter:
    """Cuts one TCP stream into frames; never raises and never stops at junk.

    Whatever lies between two 7E is handed on as a frame (`parse` judges it), so one 7E may close a frame and open the
    next, and an empty 7E 7E is nothing. Bytes outside come back as `Reject`: ``junk`` or ``oversize``.

    >>> cutter = Cutter()
    >>> cutter.feed(bytes.fromhex("7e0002000001234567")), cutter.pending
    ([], 9)
    >>> [frame.hex() for frame in cutter.feed(bytes.fromhex("89017fff0a7e"))]
    ['7e000200000123456789017fff0a7e']
    """

    __slots__ = ("_cap", "_opened", "_synced", "_tail")

    def __init__(self, *, cap: int = FRAME_CAP) -> None:
        self._cap = cap
        self._tail = b""
        self._synced = False
        self._opened = False

    @property
    def pending(self) -> int:
        """Bytes waiting for the rest of their frame, its opening 7E included."""
        return len(self._tail) + self._opened

    def feed(self, data: bytes) -> list[bytes | Reject]:
        """Frames and rejects that `data` completes, in the order of the stream; frames are as on the wire."""
        *parts, tail = (self._tail + data).split(_DELIMITER)
        found: list[bytes | Reject] = []
        if parts:
            if not self._synced and parts[0]:
                found.append(_junk(parts[0]))
                parts[0] = b""
            if len(max(parts, key=len)) > self._cap:
                found += [_DELIMITER + part + _DELIMITER if len(part) <= self._cap else _oversize(part) for part in parts if part]
            else:
                found += [_DELIMITER + part + _DELIMITER for part in parts if part]
            self._synced = True
            self._opened = not parts[-1]
        if len(tail) > self._cap:
            found.append(_oversize(tail) if self._synced else _junk(tail))
            tail, self._synced, self._opened = b"", False, False
        self._tail = tail
        return found


def _junk(data: bytes) -> Reject:
    return Reject("junk", f"{len(data)} bytes outside any frame", data)


def _oversize(data: bytes) -> Reject:
    return Reject("oversize", f"{len(data)} bytes without a closing 7E", data)


def checksum(data: bytes) -> int:
    """XOR of all bytes: the big integer is folded in halves, which is far faster than a loop over bytes.

    >>> checksum(bytes.fromhex("000200000123456789017fff"))
    10
    """
    folded = int.from_bytes(data, "big")
    if len(data) > 64:
        width = 1 << (4 * len(data)).bit_length()
        while width >= 256:
            folded ^= folded >> width
            width >>= 1
    else:
        folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    return (folded ^ folded >> 8) & 0xFF


def unescape(data: bytes) -> bytes:
    """Bytes between the delimiters, with 7D 02 and 7D 01 put back.

    Raises
    ------
    FrameError : ``escape``, 7D followed by anything else.
    """
    marks = data.count(b"\x7d")
    if not marks:
        return data
    if marks != data.count(b"\x7d\x01") + data.count(b"\x7d\x02"):
        raise FrameError("escape", "7D is not followed by 01 or 02")
    return data.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")


def escape(data: bytes) -> bytes:
    """Inverse of `unescape`."""
    return data.replace(b"\x7d", b"\x7d\x01").replace(_DELIMITER, b"\x7d\x02")


def parse(frame: bytes) -> Frame:
    """Open one frame as on the wire and check it.

    Raises
    ------
    FrameError : ``frame`` (delimiters), ``escape``, ``short``, ``checksum`` or ``length``.
    """
    if len(frame) < 15:
        raise FrameError("short", f"{len(frame)} bytes; the shortest frame has 15")
    if frame[0] != 0x7E or frame[-1] != 0x7E:
        raise FrameError("frame", "a frame begins and ends with 7E")
    data = frame[1:-1]
    if 0x7D in data:
        data = unescape(data)
    if checksum(data):
        raise FrameError("checksum", f"XOR of header and body is not {data[-1]:02x}")
    if len(data) < 13:
        raise FrameError("short", f"{len(data)} bytes; a header with checksum has at least 13")
    at = 12
    message_id, attributes, phone, serial = _HEAD_2013.unpack_from(data)
    version, protocol_version = "2013", 1
    if attributes & _IS_2019:
        if len(data) < 18:
            raise FrameError("short", f"{len(data)} bytes; a 2019 header with checksum has at least 18")
        _, _, protocol_version, phone, serial = _HEAD_2019.unpack_from(data)
        version, at = "2019", 17
    package: tuple[int, int] | None = None
    if attributes & _PACKAGED:
        if len(data) < at + 5:
            raise FrameError("short", f"{len(data)} bytes; a sub-package header with checksum has at least {at + 5}")
        package = _PACKAGE.unpack_from(data, at)
        at += 4
    body = data[at:-1]
    if len(body) != attributes & BODY_MAX and (package != (1, 1) or len(body) & BODY_MAX != attributes & BODY_MAX):
        raise FrameError("length", f"the header says {attributes & BODY_MAX} bytes of body, there are {len(body)}")
    fields = (message_id, phone.hex(), serial, body, version, protocol_version, attributes >> 10 & 7, package, attributes >> 15)
    return tuple.__new__(Frame, fields)


def build(frame: Frame) -> bytes:
    """The frame on the wire; inverse of `parse`, byte for byte.

    >>> build(Frame(0x0002, "012345678901", 0x7FFF)).hex()
    '7e000200000123456789017fff0a7e'

    Raises
    ------
    FrameError : ``length``, a body over 1,023 bytes that is not a joined message (use `split`); ``phone``, not 12 or 20 digits.
    """
    if len(frame.body) > BODY_MAX and frame.package != (1, 1):
        raise FrameError("length", f"{len(frame.body)} bytes of body; one frame carries at most {BODY_MAX}")
    is_2019 = frame.version == "2019"
    if len(frame.phone) != (20 if is_2019 else 12):
        raise FrameError("phone", f"{frame.phone!r}; a {frame.version} header has {20 if is_2019 else 12} digits")
    attributes = len(frame.body) & BODY_MAX | frame.encryption << 10 | frame.reserved << 15
    attributes |= is_2019 * _IS_2019 | (frame.package is not None) * _PACKAGED
    phone = bytes.fromhex(frame.phone)
    if is_2019:
        head = _HEAD_2019.pack(frame.message_id, attributes, frame.protocol_version, phone, frame.serial)
    else:
        head = _HEAD_2013.pack(frame.message_id, attributes, phone, frame.serial)
    data = head + (_PACKAGE.pack(*frame.package) if frame.package else b"") + frame.body
    data += bytes((checksum(data),))
    return _DELIMITER + escape(data) + _DELIMITER


def split(frame: Frame) -> list[bytes]:
    """Frames on the wire for a message of any length: one, or sub-packages with consecutive serials."""
    if len(frame.body) <= BODY_MAX:
        return [build(frame)]
    pieces = [frame.body[at : at + BODY_MAX] for at in range(0, len(frame.body), BODY_MAX)]
    return [
        build(frame._replace(body=piece, serial=frame.serial + index & 0xFFFF, package=(len(pieces), index + 1)))
        for index, piece in enumerate(pieces)
    ]


class Gap(NamedTuple):
    """A message whose sub-packages have not all come; 0x8003 asks for `missing` by `serial`, that of the first one seen."""

    phone: str
    message_id: int
    serial: int
    missing: tuple[int, ...]


class _Partial:
    __slots__ = ("first", "parts", "touched_us")

    def __init__(self, first: Frame) -> None:
        self.first = first
        self.parts: dict[int, bytes] = {}
        self.touched_us = 0

    @property
    def cost(self) -> int:
        return sum(map(_cost, self.parts.values()))


def _cost(part: bytes) -> int:
    """Memory that a held package takes, so that a million empty ones meet the cap too."""
    return len(part) + 100


class Joiner:
    """Joins sub-packages: in any order, repeated, interleaved with other messages.

    Terminals send other messages between sub-packages, so serials are not relied on: packages of one phone, message id
    and total belong together, and an index that returns with other bytes begins a new message.

    Parameters
    ----------
    timeout_us : time without a further package after which `expire` gives a message up, microseconds.
    cap : most bytes held for one phone.
    """

    def __init__(self, *, timeout_us: int = 60_000_000, cap: int = 4 << 20) -> None:
        self._timeout_us = timeout_us
        self._cap = cap
        self._partials: dict[tuple[str, int, int], _Partial] = {}
        self._costs: Counter[str] = Counter()

    def add(self, frame: Frame, now_us: int) -> Frame | None:
        """The whole message once `frame` completes it, else None; `now_us` is the caller's clock.

        A joined message has package (1, 1), so that `build` can write it as one frame for the journal; its length field
        then holds the length modulo 1,024.

        Raises
        ------
        FrameError : ``package``, an index outside 1..total; ``package_cap``, the phone holds too much (all is dropped).
        """
        if frame.package is None or frame.is_whole:
            return frame
        total, index = frame.package
        if not 1 <= index <= total:
            raise FrameError("package", f"package {index} of {total}")
        key = (frame.phone, frame.message_id, total)
        if key in self._partials and self._partials[key].parts.get(index, frame.body) != frame.body:
            self._forget(key)
        partial = self._partials.setdefault(key, _Partial(frame))
        if index not in partial.parts:
            partial.parts[index] = frame.body
            self._costs[frame.phone] += _cost(frame.body)
        partial.touched_us = now_us
        if len(partial.parts) == total:
            self._forget(key)
            return partial.first._replace(body=b"".join(partial.parts[i + 1] for i in range(total)), package=(1, 1))
        if self._costs[frame.phone] > self._cap:
            for other in [other for other in self._partials if other[0] == frame.phone]:
                self._forget(other)
            raise FrameError("package_cap", f"more than {self._cap} bytes of unfinished sub-packages from one phone")
        return None

    def _forget(self, key: tuple[str, int, int]) -> None:
        self._costs[key[0]] -= self._partials.pop(key).cost
        if not self._costs[key[0]]:
            del self._costs[key[0]]

    def gaps(self, before_us: int) -> list[Gap]:
        """Unfinished messages whose latest package came before `before_us`."""
        return [
            Gap(phone, message_id, partial.first.serial, tuple(i for i in range(1, total + 1) if i not in partial.parts))
            for (phone, message_id, total), partial in self._partials.items()
            if partial.touched_us < before_us
        ]

    def expire(self, now_us: int) -> list[Gap]:
        """Forget, and return, the messages that timed out."""
        before_us = now_us - self._timeout_us
        gone = self.gaps(before_us)
        for key in [key for key, partial in self._partials.items() if partial.touched_us < before_us]:
            self._forget(key)
        return gone
