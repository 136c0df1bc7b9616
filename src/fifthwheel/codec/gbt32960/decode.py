"""GB/T 32960.3 frames to messages, to JSON, and in batches to SI columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec import hashframe
from fifthwheel.codec.columns import Batch, Floats, Rows, batches, columns, measure, quadrant, quadrants
from fifthwheel.codec.gbt32960.frame import CIPHERS, EDITIONS, parse, vin_of
from fifthwheel.codec.gbt32960.messages import ANSWERS, REALTIME, RESEND, Message, layouts, layouts_of
from fifthwheel.codec.layout import Reader, gather
from fifthwheel.codec.observed import Block, Decoded, Fault
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FrameError

GEAR_NEUTRAL, GEAR_REVERSE, GEAR_DRIVE, GEAR_PARK = 0, 13, 14, 15
BRAKE_ON: Final = 0x65
"""Brake pedal code of a vehicle that only knows that the brake is on."""
_FAULT_LISTS: Final = ("battery", "motor", "engine", "other")
_GEARS: Final = np.array([0.0, *range(1, 13), -1.0, np.nan, 0.0])


def decode(frame: bytes) -> Message:
    """The message of one frame; an encrypted data unit is kept as ``raw`` codes.

    Raises
    ------
    FrameError : ``start``, ``length``, ``checksum``; ``body`` or ``block`` when the data does not follow its layout.
    """
    envelope = parse(frame)
    kinds = layouts(envelope.edition)
    refused = []
    for name in layouts_of(envelope):
        reader = Reader(envelope.data, 0, len(envelope.data))
        try:
            codes = kinds[name].read(reader)
        except FrameError as error:
            refused.append(error)
            continue
        if reader.at == reader.end:
            return Message(frame=envelope, layout=name, codes=codes)
        refused.append(FrameError("body", f"{reader.end - reader.at} bytes left over after {name}"))
    raise refused[0]


def inspect(frame: bytes) -> dict[str, Any]:
    """One frame as JSON: trade names and units, None where the wire said invalid or abnormal (listed in ``abnormal``).

    Raises
    ------
    FrameError : as `decode`.
    """
    message = decode(frame)
    envelope = message.frame
    shown = layouts(envelope.edition)[message.layout].show(message.codes)
    fields = {
        "vin": envelope.vin,
        "command": envelope.command,
        "answer": envelope.answer,
        "answer_name": ANSWERS.get(envelope.answer),
        "encryption": envelope.encryption,
    }
    if envelope.cipher:
        fields["encrypted"] = envelope.cipher
    for name, value in (shown | shown.pop("blocks", {})).items():
        gather(fields, name, _block(name, value))
    return {"message": message.kind, "version": envelope.edition, "fields": fields}


def _block(name: str, shown: Any) -> Any:
    """A block as people read it: lists without their counts, the gear byte and the quadrant of a position spelled out."""
    if isinstance(shown, list):
        parts = [_block(name, each) for each in shown]
        return [each for part in parts for each in (part if isinstance(part, list) else [part])]
    if not isinstance(shown, dict):
        return shown
    if set(shown) in ({"motor_count", "motors"}, {"pack_count", "packs"}, {"stack_count", "stacks"}):
        return next(value for value in shown.values() if isinstance(value, list))
    if name == "vehicle":
        return _vehicle(shown)
    if name == "position":
        return quadrant(shown)
    return shown


def _vehicle(shown: dict[str, Any]) -> dict[str, Any]:
    code = shown["gear_code"]
    gear = {GEAR_NEUTRAL: "N", GEAR_REVERSE: "R", GEAR_DRIVE: "D", GEAR_PARK: "P"}.get(code & 15, str(code & 15))
    shown |= {"gear": gear, "braking": bool(code & 16), "driving": bool(code & 32)}
    if code == 0xFF:
        shown |= {"gear": None, "braking": None, "driving": None}
    if shown.get("brake_pedal_percent") == BRAKE_ON:
        shown |= {"brake_pedal_percent": None, "brake_pedal_on": True}
    return shown


def observe(frames: Sequence[bytes]) -> Decoded:
    """Realtime and resent frames as SI columns; frames of one layout are decoded together.

    Several motors of a vehicle count as one: torques add up, speed is the mean, temperatures the highest; several
    voltage or temperature blocks give one highest and lowest value. Gear 13 (reverse) is -1, P is 0, D (no gear number)
    is absent. GCJ-02 positions of the 2025 edition are not shifted. Other commands give no rows, only an identity.
    """
    blocks: list[Block] = []
    faults: list[Fault] = []
    rejects: list[tuple[int, Reject]] = []
    for batch in batches(frames, rejects, readable=_readable, measured=_measured, refuse=_refuse, locate=_locate):
        values, resent = _values(batch), batch.rows[:, 2] == RESEND
        blocks.append(Block(frame=batch.frame, time_us=batch.time_us, values=values, resent=resent))
        faults += _faults(batch)
    identity = tuple([vin_of(frame) for frame in frames])
    ordered = tuple(sorted(rejects, key=lambda each: each[0]))
    return Decoded(identity=identity, blocks=tuple(blocks), faults=tuple(faults), rejects=ordered)


def _readable(rows: Rows) -> NDArray[np.bool_]:
    return hashframe.intact(rows, EDITIONS, CIPHERS)


def _refuse(frame: bytes) -> Reject:
    try:
        cipher = parse(frame).cipher
    except FrameError as error:
        return Reject(error.reason, error.detail, frame)
    return Reject("encrypted", f"{cipher} data unit; there is no key", frame)


def _measured(rows: Rows) -> NDArray[np.bool_]:
    """Frames with blocks: realtime or resend, longer than a bare time, shape (n,)."""
    if rows.shape[1] <= hashframe.ENVELOPE_BYTES + 6:
        return np.zeros(len(rows), np.bool_)
    return np.asarray((rows[:, 2] == REALTIME) | (rows[:, 2] == RESEND))


def _locate(frame: bytes) -> tuple[list[int], Any]:
    reader = Reader(frame, hashframe.HEAD_BYTES, len(frame) - 1)
    place = layouts(EDITIONS[frame[:2]])["realtime"].locate(reader)
    return reader.marks, place


def _values(batch: Batch) -> dict[str, Floats]:
    """Signals (n,) of the rows of one layout; several sources of a signal are joined."""
    values: dict[str, Floats] = {}
    kind = layouts(EDITIONS[batch.rows[0, :2].tobytes()])["realtime"]
    for signal, reducer, found in measure(kind, batch.rows, batch.place):
        if not found.shape[1]:
            continue
        reduced = REDUCE[reducer](found)
        values[signal] = JOIN.get(reducer, _first)(values[signal], reduced) if signal in values else reduced
    return quadrants(values)


def _first(one: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(one), other, one)


def _sum(found: Floats) -> Floats:
    return np.where(np.isnan(found).all(axis=1), np.nan, np.nansum(found, axis=1))


def _mean(found: Floats) -> Floats:
    if found.shape[1] == 1:
        return found[:, 0]
    here = (~np.isnan(found)).sum(axis=1)
    return np.asarray(np.divide(np.nansum(found, axis=1), here, out=np.full(len(found), np.nan), where=here > 0))


def _switch(found: Floats) -> Floats:
    return np.where((found == 1) | (found == 2), 2 - found, np.nan)[:, 0]


def _gear(found: Floats) -> Floats:
    codes = found[:, 0].astype(np.int64)
    return np.where(codes == 0xFF, np.nan, _GEARS[codes & 15])


def _gear_brake(found: Floats) -> Floats:
    codes = found[:, 0].astype(np.int64)
    return np.where(codes == 0xFF, np.nan, codes >> 4 & 1)


REDUCE: Final[dict[str, Callable[[Floats], Floats]]] = {
    "mean": _mean,
    "sum": _sum,
    "max": lambda found: np.fmax.reduce(found, axis=1),
    "min": lambda found: np.fmin.reduce(found, axis=1),
    "switch": _switch,
    "gear": _gear,
    "gear_brake": _gear_brake,
    "pedal": lambda found: np.where(found <= 1, found, np.nan)[:, 0],
    "pedal_brake": lambda found: np.where(np.isclose(found, BRAKE_ON / 100), 1.0, np.nan)[:, 0],
}
"""Reducers of ``layout.csv``: values (n, k) of a frame's k elements to one value (n,)."""
JOIN: Final[dict[str, Callable[[Floats, Floats], Floats]]] = {
    "max": np.fmax,
    "min": np.fmin,
    "gear_brake": np.fmax,
    "pedal_brake": np.fmax,
}
"""How two sources of a signal become one; the first that is not absent for other reducers."""


def _faults(batch: Batch) -> Iterator[Fault]:
    """Alarm bits and fault codes that the rows of one layout report."""
    for alarm in (item.codes for item in batch.place["blocks"] if item.name == "alarm"):
        bits = columns(batch.rows, alarm["alarm_bits"], np.dtype(">u4"))[:, 0]
        for row in np.flatnonzero(bits).tolist():
            yield from (_fault(batch, row, f"alarm {bit}") for bit in range(32) if bits[row] >> bit & 1)
        for name in _FAULT_LISTS:
            codes = columns(batch.rows, alarm[name + "_faults"], np.dtype(">u4"))
            yield from (_fault(batch, row, f"{name} fault {codes[row, k]:08X}") for row, k in np.ndindex(*codes.shape))


def _fault(batch: Batch, row: int, code: str) -> Fault:
    return Fault(frame=int(batch.frame[row]), time_us=int(batch.time_us[row]), code="GBT32960 " + code)
