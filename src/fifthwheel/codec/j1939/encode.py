"""Messages to J1939 frames: parameters, trouble codes, names, and transfers longer than a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from fifthwheel.codec.j1939.frame import (
    BAM,
    CONNECTION_PGN,
    CTS,
    END_OF_MESSAGE,
    GLOBAL,
    MAX_TRANSFER_BYTES,
    RTS,
    TRANSFER_PGN,
    Frame,
    greatest_valid,
    identifier_of,
)
from fifthwheel.codec.j1939.messages import NAME_BITS, Dtc, Lamps, Message, Name, Troubles, group
from fifthwheel.errors import FrameError, UnknownName

_LAMP_BITS: Final = {
    "off": (0, 3),
    "on": (1, 3),
    "slow flash": (1, 0),
    "fast flash": (1, 1),
    "error": (2, 3),
    "not available": (3, 3),
}


def encode(message: Message) -> list[Frame]:
    """Frames of a message: one, a broadcast (BAM), or a whole connection with the answers of the receiver.

    Raises
    ------
    FrameError : longer than 1785 bytes, or an address or number out of range.
    """
    size = len(message.payload)
    if size <= 8:
        identifier = identifier_of(
            message.pgn, source=message.source_address, destination=message.destination_address, priority=message.priority
        )
        return [Frame(identifier=identifier, data=message.payload)]
    if size > MAX_TRANSFER_BYTES:
        raise FrameError("length", f"{size} bytes; one transfer carries at most {MAX_TRANSFER_BYTES}")
    return _transfer(message)


def _transfer(message: Message) -> list[Frame]:
    source, destination = message.source_address, message.destination_address
    size, packets = len(message.payload), -(-len(message.payload) // 7)
    group_bytes = message.pgn.to_bytes(3, "little")
    announced = size.to_bytes(2, "little") + bytes([packets])

    def control(head: bytes, *, back: bool = False) -> Frame:
        ends = {"source": destination, "destination": source} if back else {"source": source, "destination": destination}
        return Frame(identifier=identifier_of(CONNECTION_PGN, priority=7, **ends), data=head + group_bytes)

    identifier = identifier_of(TRANSFER_PGN, source=source, destination=destination, priority=7)
    pieces = (message.payload[7 * i : 7 * i + 7].ljust(7, b"\xff") for i in range(packets))
    data = [Frame(identifier=identifier, data=bytes([i]) + piece) for i, piece in enumerate(pieces, start=1)]
    if destination == GLOBAL:
        return [control(bytes([BAM]) + announced + b"\xff"), *data]
    request = control(bytes([RTS]) + announced + b"\xff")
    clear = control(bytes([CTS, packets, 1, 0xFF, 0xFF]), back=True)
    return [request, clear, *data, control(bytes([END_OF_MESSAGE]) + announced + b"\xff", back=True)]


def encode_signals(pgn: int, values: Mapping[str, float], *, size: int = 8) -> bytes:
    """Payload of `size` bytes with SI `values` by name; every other bit says "not available".

    Raises
    ------
    UnknownName : a name that the group does not have.
    FrameError : a value that its field cannot hold.
    """
    known = {parameter.name: parameter for parameter in group(pgn)}
    payload = (1 << 8 * size) - 1
    for name, value in values.items():
        if name not in known:
            raise UnknownName(f"parameter of PGN {pgn}", name, known)
        parameter = known[name]
        factor, offset = parameter.si
        raw = round((value - offset) / factor)
        half = 1 << parameter.bits - 1
        low, high = (-half, half - 4) if parameter.signed else (0, greatest_valid(parameter.bits))
        if not low <= raw <= high:
            raise FrameError("range", f"{name} {value} does not fit {parameter.bits} bits of {factor:g} from {offset:g}")
        mask = (1 << parameter.bits) - 1
        payload = payload & ~(mask << parameter.start) | (raw & mask) << parameter.start
    return payload.to_bytes(size, "little")


def encode_dtc(dtc: Dtc) -> bytes:
    """Four bytes of a trouble code (SAE J1939-73, conversion version 4)."""
    number = dtc.spn & 0xFFFF | (dtc.spn >> 16) << 21 | dtc.fmi << 16 | dtc.occurrence_count << 24 | dtc.conversion_method << 31
    return number.to_bytes(4, "little")


def encode_lamps(lamps: Lamps) -> bytes:
    """Two bytes of lamps: state, then flash."""
    states = [_LAMP_BITS[lamp] for lamp in (lamps.protect, lamps.amber_warning, lamps.red_stop, lamps.mil)]
    return bytes(sum(pair[part] << 2 * i for i, pair in enumerate(states)) for part in (0, 1))


def encode_troubles(troubles: Troubles) -> bytes:
    """Payload of DM1 and its kin; without codes the standard's "SPN 0 FMI 0", padded to a frame where it fits one."""
    codes: Iterable[Dtc] = troubles.dtcs or (Dtc(spn=0, fmi=0, occurrence_count=0),)
    payload = encode_lamps(troubles.lamps) + b"".join(map(encode_dtc, codes))
    return payload.ljust(8, b"\xff")


def encode_name(name: Name) -> bytes:
    """Eight bytes of a NAME."""
    number = shift = 0
    for part, bits in NAME_BITS:
        number |= (getattr(name, part) if part else 0) << shift
        shift += bits
    return number.to_bytes(8, "little")
