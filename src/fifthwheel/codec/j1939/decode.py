"""J1939 frames to messages: one at a time for people, by the million in columns for the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.j1939.frame import (
    CONNECTION_PGN,
    TRANSFER_PGN,
    Assembler,
    CanFrames,
    Frame,
    Transfer,
    greatest_valid,
    indicator,
    parse,
)
from fifthwheel.codec.j1939.messages import (
    ADDRESS_CLAIM_PGN,
    COMPONENT_PGN,
    IDENTITY_PGN,
    NAME_BITS,
    REQUEST_PGN,
    SOFTWARE_PGN,
    TROUBLE_PGNS,
    Dtc,
    Lamps,
    Message,
    Name,
    Parameter,
    Troubles,
    fault_text,
    group,
    message_name,
)
from fifthwheel.errors import FrameError

_FLASH: Final = ("slow flash", "fast flash", "on", "on")
_CALIBRATION_BYTES: Final = 20
_SIGNED_MARKS: Final = 3
"""A signed field keeps its three greatest values for reserved, error and not available (NMEA 2000; J1939 has none)."""


def decode(frame: Frame) -> Message:
    """The message of one frame as it stands (a packet of a transfer is not joined: see `Assembler`)."""
    return Message(
        pgn=frame.pgn,
        source_address=frame.source_address,
        destination_address=frame.destination_address,
        priority=frame.priority,
        payload=frame.data,
    )


def decode_dtc(data: bytes) -> Dtc:
    """Trouble code of four bytes (SAE J1939-73, 5.7.1), read as conversion version 4."""
    number = int.from_bytes(data[:4], "little")
    return Dtc(
        spn=number & 0xFFFF | (number >> 21 & 7) << 16,
        fmi=number >> 16 & 31,
        occurrence_count=number >> 24 & 127,
        conversion_method=number >> 31,
    )


def decode_lamps(state: int, flash: int) -> Lamps:
    """Lamps of the two bytes that lead a diagnostic message."""
    words = [("off", _FLASH[flash >> shift & 3], "error", "not available")[state >> shift & 3] for shift in (6, 4, 2, 0)]
    return Lamps(mil=words[0], red_stop=words[1], amber_warning=words[2], protect=words[3])


def decode_troubles(payload: bytes) -> Troubles:
    """Lamps and codes of DM1 and its kin; "SPN 0 FMI 0" and padding are no code.

    Raises
    ------
    FrameError : fewer than the two lamp bytes.
    """
    if len(payload) < 2:
        raise FrameError("length", f"{len(payload)} bytes; a diagnostic message has at least its two lamp bytes")
    codes = (decode_dtc(payload[i : i + 4]) for i in range(2, len(payload) - 3, 4))
    real = tuple(code for code in codes if (code.spn or code.fmi) and not (code.spn == 0x7FFFF and code.fmi == 31))
    return Troubles(lamps=decode_lamps(payload[0], payload[1]), dtcs=real)


def decode_name(payload: bytes) -> Name:
    """NAME of eight bytes.

    Raises
    ------
    FrameError : not eight bytes.
    """
    if len(payload) != 8:
        raise FrameError("length", f"{len(payload)} bytes; a NAME has 8")
    number = int.from_bytes(payload, "little")
    parts = {}
    for part, bits in NAME_BITS:
        if part:
            parts[part] = number & (1 << bits) - 1
        number >>= bits
    return Name(**parts)


def decode_texts(payload: bytes) -> list[str]:
    """Texts that end with ``*``, without trailing fill."""
    text = payload.decode("latin-1").rstrip("\xff\x00")
    return [part.strip() for part in text.removesuffix("*").split("*")]


def vin_of(payload: bytes) -> str:
    """VIN of a vehicle identification payload; '' when the sender filled it with nothing."""
    vin = decode_texts(payload)[0]
    return vin if vin.isascii() and vin.isalnum() else ""


def inspect(line: str) -> dict[str, Any]:
    """What one ``ID#DATA`` says, ready for JSON: ``message``, ``version``, ``fields``.

    Raises
    ------
    FrameError : not a J1939 frame, or a payload too short for its group.
    """
    frame = parse(line)
    return describe(decode(frame)) | {"identifier": f"{frame.identifier:08X}"}


def inspect_all(lines: Sequence[str]) -> list[dict[str, Any]]:
    """`inspect` of each line, one mapping a line, with ``ok``; never raises.

    The line that completes a transfer shows the joined message, with the packet's own group under ``transport``.
    """
    assembler, out = Assembler(), []
    for line in lines:
        try:
            frame = parse(line)
            whole = assembler.feed(0, frame.identifier, frame.data)
            if whole is None:
                out.append({"ok": True} | inspect(line))
                continue
            told = describe(_joined(whole, frame.priority))
            told["fields"]["transport"] = {"pgn": frame.pgn, "kind": "BAM" if whole.destination_address == 255 else "CMDT"}
            out.append({"ok": True, **told, "identifier": f"{frame.identifier:08X}"})
        except FrameError as error:
            out.append({"ok": False, "reason": error.reason, "detail": error.detail})
    return out


def _joined(transfer: Transfer, priority: int) -> Message:
    return Message(
        pgn=transfer.pgn,
        source_address=transfer.source_address,
        destination_address=transfer.destination_address,
        priority=priority,
        payload=transfer.payload,
    )


def describe(message: Message) -> dict[str, Any]:
    """A message of any length in words and SI numbers, ready for JSON.

    ``fields.signals`` maps names to SI values (None when the sender has none); ``fields.parameters`` lists the same with SPN,
    value and unit on the wire, and ``status``.

    Raises
    ------
    FrameError : a payload too short for its group.
    """
    readings = [_reading(parameter, message.payload) for parameter in group(message.pgn)]
    fields: dict[str, Any] = {
        "pgn": message.pgn,
        "name": message_name(message.pgn),
        "source_address": message.source_address,
        "destination_address": message.destination_address,
        "priority": message.priority,
        "extended_data_page": message.pgn >> 17 & 1,
        "data_page": message.pgn >> 16 & 1,
        "pdu_format": message.pgn >> 8 & 0xFF,
        "pdu_specific": message.pgn & 0xFF if message.pgn & 0xFF00 >= 0xF000 else message.destination_address,
        "payload": message.payload.hex().upper(),
    }
    if readings:
        fields["signals"] = {reading.pop("signal"): reading.pop("si") for reading in readings}
        fields["parameters"] = readings
    return {"message": fields["name"], "version": "J1939", "fields": fields | _particular(message)}


def _reading(parameter: Parameter, payload: bytes) -> dict[str, Any]:
    """One parameter of a payload: on the wire and in SI."""
    present = parameter.start + parameter.bits <= 8 * len(payload)
    raw = int.from_bytes(payload, "little") >> parameter.start & (1 << parameter.bits) - 1
    status = (_signed_indicator if parameter.signed else indicator)(raw, parameter.bits) if present else "not available"
    number = raw - (1 << parameter.bits) if parameter.signed and raw >> parameter.bits - 1 else raw
    factor, offset = parameter.si
    valid = status == "valid"
    return {
        "spn": parameter.spn,
        "name": parameter.name,
        "value": round(number * parameter.scale + parameter.offset, 9) if valid else None,
        "unit": parameter.unit,
        "status": status,
        "signal": parameter.name,
        "si": number * factor + offset if valid else None,
    }


def _signed_indicator(raw: int, bits: int) -> str:
    top = (1 << bits - 1) - 1
    return {top: "not available", top - 1: "error", top - 2: "reserved"}.get(raw, "valid")


def _particular(message: Message) -> dict[str, Any]:
    """Fields of the groups that are more than a row of parameters."""
    tell = _troubles_told if message.pgn in TROUBLE_PGNS else _TELL.get(message.pgn)
    return tell(message.payload) if tell else {}


def _troubles_told(payload: bytes) -> dict[str, Any]:
    troubles = decode_troubles(payload)
    return {"mil": troubles.lamps.mil, "lamps": asdict(troubles.lamps), "dtcs": [_told(code) for code in troubles.dtcs]}


def _connection_told(payload: bytes) -> dict[str, Any]:
    if len(payload) != 8:
        return {}
    return {"control": payload[0], "announced_pgn": int.from_bytes(payload[5:8], "little")}


def _component_told(payload: bytes) -> dict[str, Any]:
    return dict(zip(("make", "model", "serial_number", "unit_number"), decode_texts(payload), strict=False))


def _calibrations_told(payload: bytes) -> dict[str, Any]:
    starts = range(0, len(payload) - _CALIBRATION_BYTES + 1, _CALIBRATION_BYTES)
    blocks = [payload[i : i + _CALIBRATION_BYTES] for i in starts]
    return {
        "calibrations": [
            {"verification_number": int.from_bytes(b[:4], "little"), "identification": b[4:].decode("latin-1").rstrip("\x00")}
            for b in blocks
        ]
    }


def _supported_told(payload: bytes) -> dict[str, Any]:
    quads = (payload[i : i + 4] for i in range(0, len(payload) - 3, 4))
    return {"supported": [{"spn": decode_dtc(q).spn, "support_bits": q[2] & 0x1F, "length": q[3]} for q in quads]}


def _lamp_of_code_told(payload: bytes) -> dict[str, Any]:
    six = (payload[i : i + 6] for i in range(0, len(payload) - 5, 6))
    return {"dtcs": [_told(decode_dtc(part)) | {"lamps": asdict(decode_lamps(part[4], part[5]))} for part in six]}


def _freeze_frames(payload: bytes) -> Iterator[dict[str, Any]]:
    at = 0
    while at + 5 <= len(payload):
        length = payload[at]
        yield {"dtc": _told(decode_dtc(payload[at + 1 :])), "data": payload[at + 5 : at + 1 + length].hex().upper()}
        if length < 4:  # nothing recorded, what follows is fill
            return
        at += 1 + length


def _told(code: Dtc) -> dict[str, Any]:
    told = {
        "spn": code.spn,
        "fmi": code.fmi,
        "oc": code.occurrence_count,
        "conversion_method": code.conversion_method,
        "text": fault_text(code.spn, code.fmi),
        "text_zh": fault_text(code.spn, code.fmi, language="zh"),
    }
    older = {"spn_version_1": code.spn_version(1), "spn_version_2": code.spn_version(2)} if code.conversion_method else {}
    return told | older


_TELL: Final[Mapping[int, Callable[[bytes], dict[str, Any]]]] = {
    ADDRESS_CLAIM_PGN: lambda payload: asdict(decode_name(payload)),
    REQUEST_PGN: lambda payload: {"requested_pgn": int.from_bytes(payload[:3], "little")},
    CONNECTION_PGN: _connection_told,
    TRANSFER_PGN: lambda payload: {"sequence": payload[0]} if payload else {},
    IDENTITY_PGN: lambda payload: {"vin": vin_of(payload)},
    COMPONENT_PGN: _component_told,
    SOFTWARE_PGN: lambda payload: {"software": decode_texts(payload[1:])},
    54016: _calibrations_told,
    64950: _supported_told,
    64951: lambda payload: {"freeze_frames": list(_freeze_frames(payload))},
    41728: _lamp_of_code_told,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Valid values of one parameter from one source address.

    Attributes
    ----------
    frame : index of the frame each value came from (of a transfer: its last packet), ascending, shape (n,).
    values : SI, shape (n,); error and not-available values are left out.
    sent : messages that carried the parameter, valid or not.
    """

    parameter: Parameter
    source_address: int
    frame: NDArray[np.int64]
    values: NDArray[np.float64]
    sent: int


class Table:
    """Parameters compiled for columns: groups numbered densely, so that a million frames are sorted by one 16-bit key."""

    def __init__(self, wanted: Iterable[Parameter]) -> None:
        self._groups: dict[int, list[Parameter]] = {}
        for parameter in wanted:
            self._groups.setdefault(parameter.pgn, []).append(parameter)
        self._number = np.zeros(1 << 18, np.uint16)
        self._pgns = np.fromiter(self._groups, np.int64, len(self._groups))
        self._number[self._pgns] = np.arange(1, len(self._groups) + 1)

    def columns(self, frames: CanFrames) -> Iterator[Column]:
        """Every parameter of every (group, source address) in `frames`."""
        number = self._number[frames.pgn]
        known = np.flatnonzero(number)
        key = number[known].astype(np.uint32) << 8 | frames.identifier[known] & 0xFF
        if len(self._groups) < 256:
            key = key.astype(np.uint16)  # numpy sorts 16-bit keys by radix
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        bounds = np.concatenate([[0], np.flatnonzero(ranked[1:] != ranked[:-1]) + 1, [len(ranked)]])
        index = known[order]
        for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            if first == last:  # nothing known in here
                continue
            part, value = index[first:last], int(ranked[first])
            pgn = int(self._pgns[(value >> 8) - 1])
            yield from self._of_group(pgn, value & 0xFF, part, frames.data[part], frames.length[part].astype(np.int64))

    def transfer_columns(self, transfers: Sequence[tuple[int, Transfer]]) -> Iterator[Column]:
        """The same for joined transfers, each with the index of its last frame."""
        kinds: dict[tuple[int, int], list[tuple[int, Transfer]]] = {}
        for index, transfer in transfers:
            if transfer.pgn in self._groups:
                kinds.setdefault((transfer.pgn, transfer.source_address), []).append((index, transfer))
        for (pgn, source), members in kinds.items():
            width = max(len(transfer.payload) for _, transfer in members) + 8
            joined = b"".join(transfer.payload.ljust(width, b"\xff") for _, transfer in members)
            data = np.frombuffer(joined, np.uint8).reshape(len(members), width)
            last = np.array([index for index, _ in members], np.int64)
            length = np.array([len(transfer.payload) for _, transfer in members], np.int64)
            yield from self._of_group(pgn, source, last, data, length)

    def _of_group(
        self, pgn: int, source: int, index: NDArray[np.int64], data: NDArray[np.uint8], length: NDArray[np.int64]
    ) -> Iterator[Column]:
        shortest = int(length.min())
        for parameter in self._groups[pgn]:
            bytes_needed = 8 - parameter.start // 8 if parameter.big_endian else -(-(parameter.start + parameter.bits) // 8)
            if bytes_needed > data.shape[1]:
                continue
            raw, valid = _raw(parameter, data)
            if bytes_needed > shortest:
                valid &= bytes_needed <= length
            factor, offset = parameter.si
            everywhere = bool(valid.all())
            values = np.asarray((raw if everywhere else raw[valid]) * factor + offset, np.float64)
            frame = index if everywhere else index[valid]
            yield Column(parameter=parameter, source_address=source, frame=frame, values=values, sent=len(index))


def _raw(parameter: Parameter, data: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Raw numbers of a parameter in rows of at least 8 bytes, and which of them are valid."""
    first, start = (0, parameter.start) if data.shape[1] == 8 else divmod(parameter.start, 8)
    window = data if data.shape[1] == 8 else np.ascontiguousarray(data[:, first : first + 8])
    words = window.view(">u8" if parameter.big_endian else "<u8")[:, 0].astype(np.uint64, copy=False)
    raw = (words >> np.uint64(start) & np.uint64((1 << parameter.bits) - 1)).view(np.int64)
    if parameter.signed:
        sign = np.int64(1 << parameter.bits - 1)
        return (raw ^ sign) - sign, (raw < sign - _SIGNED_MARKS) | (raw >= sign)
    return raw, raw <= greatest_valid(parameter.bits)


def transfers(frames: CanFrames, assembler: Assembler) -> list[tuple[int, Transfer]]:
    """Transfers that `frames` complete, each with the index of its last frame; `assembler` keeps the open ones."""
    group_bits = frames.identifier >> np.uint32(16) & np.uint32(0x3FF)
    index = np.flatnonzero((group_bits == CONNECTION_PGN >> 8) | (group_bits == TRANSFER_PGN >> 8))
    data = frames.data[index].tobytes()
    times, identifiers = frames.time_us[index].tolist(), frames.identifier[index].tolist()
    done = []
    for row, (at, time_us, identifier, length) in enumerate(
        zip(index.tolist(), times, identifiers, frames.length[index].tolist(), strict=True)
    ):
        whole = assembler.feed(time_us, identifier, data[8 * row : 8 * row + length])
        if whole is not None:
            done.append((at, whole))
    return done
