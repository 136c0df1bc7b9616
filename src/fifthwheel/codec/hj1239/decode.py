"""GB 17691 annex Q and HJ 1239 frames to messages, to JSON, and in batches to SI columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import times_us
from fifthwheel.codec.columns import Batch, Floats, Rows, Structs, batches, columns, quadrant, quadrants, struct_columns
from fifthwheel.codec.hj1239.frame import CIPHERS, COMMAND, PLATFORM, TERMINAL, parse, vin_of
from fifthwheel.codec.hj1239.messages import GB17691, REALTIME, RESEND, VERSIONS, Message, layouts, layouts_of, realtime_editions
from fifthwheel.codec.layout import Choice, Group, Reader, Time
from fifthwheel.codec.observed import Block, Decoded, Fault
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError
from fifthwheel.units import SECOND_US

SAE_J1939: Final = 2
"""OBD protocol byte of trouble codes that are SPN and FMI."""
_LONGEST_GAP_S: Final = 600
"""Serials further apart than this are a restart of the count, not a gap between samples."""


def decode(frame: bytes) -> Message:
    """The message of one frame. Realtime data follows the edition whose layout ends exactly at the end of the data; data
    that fits no layout, or is encrypted, is kept as ``raw`` codes.

    Raises
    ------
    FrameError : ``start``, ``length``, ``checksum`` or ``protocol``.
    """
    envelope = parse(frame)
    for edition, name in layouts_of(envelope):
        reader = Reader(envelope.data, 0, len(envelope.data))
        try:
            codes = layouts(edition)[name].read(reader)
        except FrameError:
            continue
        if reader.at == reader.end:
            return Message(frame=envelope, edition=edition, layout=name, codes=codes)
    raise AssertionError("the raw layout takes anything")


def inspect(frame: bytes) -> dict[str, Any]:
    """One frame as JSON: trade names and units, None where the wire said invalid or error (errors listed in ``abnormal``).

    Raises
    ------
    FrameError : as `decode`.
    """
    message = decode(frame)
    envelope, kinds = message.frame, layouts(message.edition)
    fields: dict[str, Any] = {"vin": envelope.vin, "command": envelope.command, "encryption": envelope.encryption}
    fields["software_version" if envelope.start == TERMINAL else "answer"] = envelope.flag
    if envelope.cipher:
        fields["encrypted"] = envelope.cipher
    if message.layout == "realtime":
        infos = [{"type": item.id, "type_name": item.name, **_signed(kinds["info"].show(item))} for item in message.infos]
        fields |= {"serial": message.codes["serial"]} if "serial" in message.codes else {}
        fields |= {"time": Time().show(message.codes["time"]), "infos": infos}
    else:
        fields |= _signed(kinds[message.layout].show(message.codes))
    version = VERSIONS["1239"] if envelope.start == PLATFORM else VERSIONS[message.edition]
    return {"message": message.kind, "version": version, "fields": fields}


def _signed(shown: dict[str, Any]) -> dict[str, Any]:
    return quadrant(shown) if "position_status" in shown else shown


class Place(NamedTuple):
    """Where the bodies of a layout lie: items of (type, name, span or places)."""

    edition: str
    infos: list[Any]


def observe(frames: Sequence[bytes]) -> Decoded:
    """Realtime and resent bodies as SI columns, one row a body; frames of one layout are decoded together.

    GB 17691 gives one time to all bodies of a frame: it is the time of the first body of each type, and the serial
    number adds a second a step (a serial that stands still or jumps back counts as one second a body). HJ 1239 gives
    each body its own time. Trouble codes become faults, a lit malfunction lamp the fault ``MIL``. Other commands give
    no rows, only an identity.
    """
    blocks: list[Block] = []
    faults: list[Fault] = []
    rejects: list[tuple[int, Reject]] = []
    for batch in batches(frames, rejects, readable=_readable, measured=_measured, refuse=_refuse, locate=_locate):
        blocks += _blocks(batch)
        faults += _faults(batch)
    identity = tuple([vin_of(frame) for frame in frames])
    ordered = tuple(sorted(rejects, key=lambda each: each[0]))
    return Decoded(identity=identity, blocks=tuple(blocks), faults=tuple(faults), rejects=ordered)


def _readable(rows: Rows) -> NDArray[np.bool_]:
    return hashframe.intact(rows, (TERMINAL, PLATFORM), CIPHERS)


def _refuse(frame: bytes) -> Reject:
    try:
        cipher = parse(frame).cipher
    except FrameError as error:
        return Reject(error.reason, error.detail, frame)
    return Reject("encrypted", f"{cipher} data unit; there is no key", frame)


def _measured(rows: Rows) -> NDArray[np.bool_]:
    """Realtime and resend frames with bodies, that are no answers, shape (n,)."""
    if rows.shape[1] <= hashframe.ENVELOPE_BYTES + 6:
        return np.zeros(len(rows), np.bool_)
    sent = (rows[:, 2] == REALTIME) | (rows[:, 2] == RESEND)
    return np.asarray(sent if rows[0, :2].tobytes() == TERMINAL else sent & (rows[:, 3] == COMMAND))


def _locate(frame: bytes) -> tuple[list[int], Place]:
    marks: list[int] = []
    for edition in realtime_editions(frame[:2]):
        reader = Reader(frame, hashframe.HEAD_BYTES, len(frame) - 1)
        try:
            place = layouts(edition)["realtime"].locate(reader)
        except FrameError:
            marks += reader.marks
            continue
        return marks + reader.marks, Place(edition, place["infos"])
    raise FrameError("layout", "the bodies follow neither GB 17691 nor HJ 1239")


def _blocks(batch: Batch) -> Iterator[Block]:
    """A block for each type of body with signals: rows are the bodies of all frames, frame by frame."""
    kinds = layouts(batch.place.edition)["info"]
    assert isinstance(kinds, Choice)
    for type_ in dict.fromkeys(item.id for item in batch.place.infos):
        group = kinds.rows[type_][1]
        if not isinstance(group, Group) or group.dtype is None or group.fields[0].name not in ("serial", "time"):
            continue
        spans = [item.codes for item in batch.place.infos if item.id == type_]
        bodies = np.concatenate([columns(batch.rows, span, group.dtype) for span in spans], axis=1)
        times = _times(batch, bodies).ravel()
        flat = bodies.ravel()
        values: dict[str, Floats] = {column.signal: column.values for column in struct_columns(group, flat)}
        frame = np.repeat(batch.frame, len(spans))
        resent = np.repeat(batch.rows[:, 2] == RESEND, len(spans))
        yield Block(frame=frame, time_us=times, values=quadrants(values), resent=resent)


def _times(batch: Batch, bodies: Structs) -> NDArray[np.int64]:
    """Times (n, k) of the k bodies of one type of n frames."""
    order = np.arange(bodies.shape[1])
    times: NDArray[np.int64] = batch.time_us[:, None] + order * SECOND_US
    if batch.place.edition == GB17691:
        serial = bodies["serial"].astype(np.int64)
        step = serial - serial[:, :1] & 0xFFFF
        gap = np.where((step >= order) & (step < _LONGEST_GAP_S), step - order, 0)
        times += gap * SECOND_US
    else:
        own, real = times_us(np.ascontiguousarray(bodies["time"]).view(np.uint8).reshape(-1, 6))
        np.copyto(times, own.reshape(times.shape), where=real.reshape(times.shape))
    return times


def _faults(batch: Batch) -> Iterator[Fault]:
    for places in (item.codes for item in batch.place.infos if item.name == "obd"):
        protocol, mil = (columns(batch.rows, places[name], np.dtype("u1"))[:, 0] for name in ("protocol", "mil"))
        codes = columns(batch.rows, places["dtcs"], np.dtype(">u4"))
        for row in range(len(batch.rows)):
            found = [trouble_code(code, int(protocol[row])) for code in codes[row].tolist()] + ["MIL"] * int(mil[row] == 1)
            index, time_us = int(batch.frame[row]), int(batch.time_us[row])
            yield from (Fault(frame=index, time_us=time_us, code=code) for code in found)


def trouble_code(code: int, protocol: int) -> str:
    """A four-byte trouble code: SPN and FMI where the OBD protocol is SAE J1939, else its hex.

    >>> trouble_code(0x6E000301, 2), trouble_code(0x145600AF, 1)
    ('SPN 110 FMI 3', 'DTC 145600AF')
    """
    if protocol != SAE_J1939:
        return f"DTC {code:08X}"
    low, middle, high, _ = code.to_bytes(4, "big")
    return f"SPN {low | middle << 8 | high >> 5 << 16} FMI {high & 31}"
