"""GB 17691 annex Q and HJ 1239 frames from messages (exact inverse of `decode`), answers, and a fleet's 1 Hz engine stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import sixes
from fifthwheel.codec.columns import Floats, Rows, unsigned
from fifthwheel.codec.hj1239.frame import PLAIN, PLATFORM, TERMINAL, Frame, build, parse
from fifthwheel.codec.hj1239.messages import GB17691, LOGIN, LOGOUT, REALTIME, RESEND, TIME_SYNC, Message, layouts
from fifthwheel.codec.layout import Group
from fifthwheel.errors import InputError
from fifthwheel.units import SECOND_US

BODIES_A_FRAME: Final = 10
ENGINE: Final = 2
OBD: Final = 1


def encode(message: Message) -> bytes:
    """The frame of a message; a decoded frame comes back byte for byte.

    Raises
    ------
    FrameError : ``length``, more than 65535 data bytes.
    """
    data = layouts(message.edition)[message.layout].write(message.codes)
    return build(replace(message.frame, data=data))


def answer(frame: bytes, time_us: int, flag: int = 1) -> bytes:
    """What a platform answers: `time_us` to a time request; on the platform link `flag` (1 ok, 2 error) and the frame's time
    to everything else. A terminal expects no other answer: empty bytes, nothing to send.

    Raises
    ------
    FrameError : as `hj1239.frame.head`.
    """
    asked = parse(frame)
    if asked.start == TERMINAL and asked.command != TIME_SYNC:
        return b""
    own = asked.command == TIME_SYNC or asked.cipher or len(asked.data) < 6
    data = sixes(time_us).tobytes() if own else asked.data[:6]
    answered = flag if asked.start == PLATFORM else asked.flag
    return build(replace(asked, flag=answered, encryption=PLAIN if asked.cipher else asked.encryption, data=data))


def login(vin: str, time_us: int, serial: int, iccid: str, *, software_version: int = 1) -> bytes:
    """Terminal login; `serial` restarts daily."""
    data = sixes(time_us).tobytes() + serial.to_bytes(2, "big") + hashframe.padded(iccid, 20)
    return command(vin, LOGIN, data, software_version=software_version)


def logout(vin: str, time_us: int, serial: int, *, software_version: int = 1) -> bytes:
    """Terminal logout; `serial` is that of the login."""
    return command(vin, LOGOUT, sixes(time_us).tobytes() + serial.to_bytes(2, "big"), software_version=software_version)


def command(vin: str, number: int, data: bytes, *, software_version: int = 1) -> bytes:
    """A plain terminal frame around encoded `data`."""
    return build(Frame(start=TERMINAL, command=number, flag=software_version, vin=vin, encryption=PLAIN, data=data))


def engine_stream(
    vin: str,
    time_us: int,
    serial: int,
    samples: Mapping[str, ArrayLike],
    *,
    resent: bool = False,
    software_version: int = 1,
) -> list[bytes]:
    """GB 17691 frames of ten engine bodies (the last may hold fewer) from 1 Hz samples: the inverse of `observe`.

    Parameters
    ----------
    time_us : UTC microseconds of the first sample.
    serial : serial number of the first body; each body adds one.
    samples : catalogue name -> SI values of shape (n,) or scalar; NaN and signals not given are sent as invalid.

    Raises
    ------
    InputError : a value that its field cannot say.
    """
    given = {name: np.atleast_1d(np.asarray(values, np.float64)) for name, values in samples.items()}
    n_rows = max((len(values) for values in given.values()), default=0)
    head = command(vin, RESEND if resent else REALTIME, b"", software_version=software_version)[:22]
    bodies = _engine(n_rows, {name: np.broadcast_to(values, n_rows) for name, values in given.items()}, serial)
    whole = n_rows - n_rows % BODIES_A_FRAME
    frames: list[bytes] = []
    for part, first, size in ((bodies[:whole], 0, BODIES_A_FRAME), (bodies[whole:], whole, n_rows - whole)):
        if len(part):
            times = time_us + SECOND_US * np.arange(first, first + len(part), size, dtype=np.int64)
            frames += hashframe.seal_all(head, np.hstack([sixes(times), part.reshape(len(times), -1)]))
    return frames


def _engine(n_rows: int, given: Mapping[str, Floats], serial: int) -> Rows:
    """Type byte and engine body (n_rows, 40)."""
    group = layouts(GB17691)["engine"]
    assert isinstance(group, Group)
    values: dict[str, ArrayLike] = {part.name: given[name] for part in group.fields for name, _ in part.signals if name in given}
    serials = (serial + np.arange(n_rows)) & 0xFFFF
    body = group.fill(n_rows, values | {"serial": serials} | dict(unsigned(given, n_rows)))
    return np.hstack([np.full((n_rows, 1), ENGINE, np.uint8), body])


def obd(vin: str, time_us: int, serial: int, trouble: Sequence[tuple[int, int]], *, mil: bool = False) -> bytes:
    """GB 17691 frame of one OBD body with SAE J1939 trouble codes (SPN, FMI); monitors and IUPR are sent as ready zeros.

    Raises
    ------
    InputError : an SPN beyond 19 bits, an FMI beyond 5 bits, or more than 253 codes.
    """
    if len(trouble) > 253 or any(not (0 <= spn < 1 << 19 and 0 <= fmi < 32) for spn, fmi in trouble):
        raise InputError(f"trouble codes {list(trouble)[:4]}: accepted are at most 253 of (SPN below 524288, FMI below 32)")
    codes = b"".join([(spn & 0xFFFF).to_bytes(2, "little") + bytes((spn >> 16 << 5 | fmi, 1)) for spn, fmi in trouble])
    fixed = bytes((2, mil, 0, 0, 0, 0)) + hashframe.padded(vin) + bytes(18 + 18 + 36)
    body = fixed + bytes((len(trouble),)) + codes
    return command(vin, REALTIME, sixes(time_us).tobytes() + bytes((OBD,)) + serial.to_bytes(2, "big") + body)
