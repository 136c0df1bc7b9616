"""Measurement lists of the XCP slave: allocated and filled by the master, sampled once a step."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fifthwheel.verify.xcp.codes import MAX_DTO, MAX_ENTRY, Command, Error, Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from fifthwheel.verify.xcp.transfer import Transfer

MOST_LISTS, MOST_ODTS, MOST_ENTRIES = 64, 252, 32_768
"""What a slave holds: lists, ODTs of a list (their number is the first byte of a packet), entries of all lists together."""
MODE_SELECTED, MODE_STIM, MODE_TIMESTAMP, MODE_PID_OFF, MODE_RUNNING = 0x01, 0x02, 0x10, 0x20, 0x40
TIMESTAMP_MODE: Final = 0x34
"""Four bytes in units of 1 us, one tick each."""
NO_BIT: Final = 0xFF
_TIMESTAMP_US: Final = 1 << 32


@dataclass(slots=True)
class Entry:
    """A stretch of memory in a packet; of no size until it is written."""

    size: int = 0
    extension: int = 0
    address: int = 0


@dataclass(slots=True)
class DaqList:
    """One list: its ODTs and how it is sampled."""

    odts: list[list[Entry]] = field(default_factory=list)
    mode: int = 0
    event: int = 0
    prescaler: int = 1
    priority: int = 0
    selected: bool = False
    running: bool = False
    steps: int = 0


def cycle_of(period_s: float) -> tuple[int, int]:
    """A period as XCP says it: count, and power of ten of a nanosecond; (0, 0) where no count up to 255 fits exactly.

    >>> cycle_of(0.01), cycle_of(0.0025)
    ((1, 7), (25, 5))
    """
    for unit in range(9, -1, -1):
        count = period_s / (1e-9 * 10**unit)
        if 1 <= round(count) <= 255 and abs(count - round(count)) < 1e-6:
            return round(count), unit
    return 0, 0


class Measuring:
    """The DAQ commands and the sampling of one session."""

    def __init__(self, transfer: Transfer, period_s: float, event_name: str) -> None:
        self.transfer = transfer
        self.cycle = cycle_of(period_s)
        self.event_name = event_name.encode("ascii", "replace")
        self.time_us = 0
        self.lists: list[DaqList] = []
        self.pointer: tuple[int, int, int] | None = None
        self.stage = Command.FREE_DAQ
        """Last command of the order FREE, ALLOC_DAQ, ALLOC_ODT, ALLOC_ODT_ENTRY."""

    @property
    def running(self) -> bool:
        """Whether any list is being sampled."""
        return any(one.running for one in self.lists)

    def commands(self) -> dict[int, Callable[[bytes], bytes]]:
        """Handlers by command code: a packet to what follows 0xFF in its answer."""
        return {
            Command.FREE_DAQ: self._free, Command.ALLOC_DAQ: self._alloc_daq, Command.ALLOC_ODT: self._alloc_odt,
            Command.ALLOC_ODT_ENTRY: self._alloc_entry, Command.SET_DAQ_PTR: self._set_pointer,
            Command.WRITE_DAQ: self._write, Command.WRITE_DAQ_MULTIPLE: self._write_multiple, Command.READ_DAQ: self._read,
            Command.CLEAR_DAQ_LIST: self._clear, Command.SET_DAQ_LIST_MODE: self._set_mode,
            Command.GET_DAQ_LIST_MODE: self._get_mode, Command.START_STOP_DAQ_LIST: self._start_stop,
            Command.START_STOP_SYNCH: self._start_stop_all, Command.GET_DAQ_CLOCK: self._clock,
            Command.GET_DAQ_PROCESSOR_INFO: self._processor, Command.GET_DAQ_RESOLUTION_INFO: self._resolution,
            Command.GET_DAQ_LIST_INFO: self._list_info, Command.GET_DAQ_EVENT_INFO: self._event_info,
        }  # fmt: skip

    def sample(self, time_us: int) -> list[bytes]:
        """Packets of the running lists that are due at `time_us`, in order of list and ODT."""
        self.time_us = time_us
        packets = []
        for number, one in enumerate(self.lists):
            if not one.running:
                continue
            due = one.steps % one.prescaler == 0
            one.steps += 1
            if due:
                packets += self._packets(number, one)
        return packets

    def free(self) -> None:
        """Forget every list."""
        self.lists, self.pointer, self.stage = [], None, Command.FREE_DAQ

    def _packets(self, number: int, one: DaqList) -> list[bytes]:
        read = self.transfer.read
        packets = []
        for odt, entries in enumerate(one.odts):
            head = bytes((odt, number))
            if odt == 0 and one.mode & MODE_TIMESTAMP:
                head += struct.pack("<I", self.time_us % _TIMESTAMP_US)
            packets.append(head + b"".join(read(entry.extension, entry.address, entry.size) for entry in entries))
        return packets

    def _list(self, number: int) -> DaqList:
        refuse(number >= len(self.lists), Error.OUT_OF_RANGE)
        return self.lists[number]

    def _idle(self, number: int) -> DaqList:
        """That list, which must not be running."""
        one = self._list(number)
        refuse(one.running, Error.DAQ_ACTIVE)
        return one

    def _free(self, _packet: bytes) -> bytes:
        self.free()
        return b""

    def _alloc_daq(self, packet: bytes) -> bytes:
        (count,) = struct.unpack_from("<2xH", packet)
        refuse(self.stage not in {Command.FREE_DAQ, Command.ALLOC_DAQ}, Error.SEQUENCE)
        refuse(len(self.lists) + count > MOST_LISTS, Error.MEMORY_OVERFLOW)
        self.lists += [DaqList() for _ in range(count)]
        self.stage = Command.ALLOC_DAQ
        return b""

    def _alloc_odt(self, packet: bytes) -> bytes:
        number, count = struct.unpack_from("<2xHB", packet)
        refuse(self.stage not in {Command.ALLOC_DAQ, Command.ALLOC_ODT}, Error.SEQUENCE)
        one = self._list(number)
        refuse(len(one.odts) + count > MOST_ODTS, Error.MEMORY_OVERFLOW)
        one.odts += [[] for _ in range(count)]
        self.stage = Command.ALLOC_ODT
        return b""

    def _alloc_entry(self, packet: bytes) -> bytes:
        number, odt, count = struct.unpack_from("<2xHBB", packet)
        refuse(self.stage not in {Command.ALLOC_ODT, Command.ALLOC_ODT_ENTRY}, Error.SEQUENCE)
        one = self._list(number)
        refuse(odt >= len(one.odts), Error.OUT_OF_RANGE)
        held = sum(len(entries) for other in self.lists for entries in other.odts)
        refuse(held + count > MOST_ENTRIES or len(one.odts[odt]) + count > 255, Error.MEMORY_OVERFLOW)
        one.odts[odt] += [Entry() for _ in range(count)]
        self.stage = Command.ALLOC_ODT_ENTRY
        return b""

    def _set_pointer(self, packet: bytes) -> bytes:
        number, odt, entry = struct.unpack_from("<2xHBB", packet)
        one = self._idle(number)
        refuse(odt >= len(one.odts) or entry >= len(one.odts[odt]), Error.OUT_OF_RANGE)
        self.pointer = number, odt, entry
        return b""

    def _next_entry(self) -> Entry:
        """The entry that the pointer shows; the pointer moves on."""
        if self.pointer is None:
            raise Refused(Error.DAQ_CONFIG)
        number, odt, entry = self.pointer
        entries = self._idle(number).odts[odt]
        refuse(entry >= len(entries), Error.DAQ_CONFIG)
        self.pointer = number, odt, entry + 1
        return entries[entry]

    def _fill(self, bit: int, size: int, extension: int, address: int) -> None:
        refuse(bit != NO_BIT, Error.OUT_OF_RANGE)
        refuse(not 1 <= size <= MAX_ENTRY, Error.OUT_OF_RANGE)
        refuse(extension != 0, Error.ACCESS_DENIED)
        self.transfer.read(extension, address, size)  # refused when nothing stands there
        entry = self._next_entry()
        entry.size, entry.extension, entry.address = size, extension, address

    def _write(self, packet: bytes) -> bytes:
        self._fill(*struct.unpack_from("<xBBBI", packet))
        return b""

    def _write_multiple(self, packet: bytes) -> bytes:
        (count,) = struct.unpack_from("<xB", packet)
        for index in range(count):
            bit, size, address, extension = struct.unpack_from("<BBIBx", packet, 2 + 8 * index)
            self._fill(bit, size, extension, address)
        return b""

    def _read(self, _packet: bytes) -> bytes:
        entry = self._next_entry()
        return struct.pack("<BBBI", NO_BIT, entry.size, entry.extension, entry.address)

    def _clear(self, packet: bytes) -> bytes:
        (number,) = struct.unpack_from("<2xH", packet)
        one = self._list(number)
        self.lists[number] = DaqList(odts=[[Entry() for _ in entries] for entries in one.odts])
        return b""

    def _set_mode(self, packet: bytes) -> bytes:
        mode, number, event, prescaler, priority = struct.unpack_from("<xBHHBB", packet)
        one = self._idle(number)
        refuse(bool(mode & ~MODE_TIMESTAMP), Error.MODE_NOT_VALID)  # no stimulation, no packets without identification
        refuse(event != 0 or prescaler == 0, Error.OUT_OF_RANGE)
        one.mode, one.event, one.prescaler, one.priority = mode, event, prescaler, priority
        return b""

    def _get_mode(self, packet: bytes) -> bytes:
        (number,) = struct.unpack_from("<2xH", packet)
        one = self._list(number)
        mode = one.mode | (MODE_SELECTED if one.selected else 0) | (MODE_RUNNING if one.running else 0)
        return struct.pack("<B2xHBB", mode, one.event, one.prescaler, one.priority)

    def _start(self, lists: list[DaqList]) -> None:
        """Start these lists, or none of them where one is not complete or has packets that are too long."""
        for one in lists:
            refuse(not one.odts or any(entry.size == 0 for odt in one.odts for entry in odt), Error.DAQ_CONFIG)
            for odt, entries in enumerate(one.odts):
                head = 6 if odt == 0 and one.mode & MODE_TIMESTAMP else 2
                refuse(head + sum(entry.size for entry in entries) > MAX_DTO, Error.DAQ_CONFIG)
        for one in lists:
            one.running, one.selected, one.steps = True, False, 0

    def _start_stop(self, packet: bytes) -> bytes:
        how, number = struct.unpack_from("<xBH", packet)
        one = self._list(number)
        refuse(how > 2, Error.MODE_NOT_VALID)
        if how == 0:
            one.running = one.selected = False
        elif how == 1:
            self._start([one])
        else:
            one.selected = True
        return b"\x00"

    def _start_stop_all(self, packet: bytes) -> bytes:
        (how,) = struct.unpack_from("<xB", packet)
        refuse(how > 2, Error.MODE_NOT_VALID)
        selected = [one for one in self.lists if one.selected]
        if how == 1:
            self._start(selected)
            return b""
        for one in selected if how == 2 else self.lists:
            one.running = one.selected = False
        return b""

    def _clock(self, _packet: bytes) -> bytes:
        return struct.pack("<xBBI", 0, 1, self.time_us % _TIMESTAMP_US)

    def _processor(self, _packet: bytes) -> bytes:
        dynamic, prescaler, timestamp = 0x01, 0x02, 0x10
        relative_odt_and_list = 0x40
        return struct.pack("<BHHBB", dynamic | prescaler | timestamp, len(self.lists), 1, 0, relative_odt_and_list)

    def _resolution(self, _packet: bytes) -> bytes:
        return struct.pack("<BBBBBH", 1, MAX_ENTRY, 1, 0, TIMESTAMP_MODE, 1)

    def _list_info(self, packet: bytes) -> bytes:
        (number,) = struct.unpack_from("<2xH", packet)
        one = self._list(number)
        most = max((len(entries) for entries in one.odts), default=0)
        return struct.pack("<BBBH", 0x04, len(one.odts), most, 0)

    def _event_info(self, packet: bytes) -> bytes:
        (number,) = struct.unpack_from("<2xH", packet)
        refuse(number != 0, Error.OUT_OF_RANGE)
        self.transfer.offer(self.event_name)
        consistent_over_list, measures = 0x40, 0x04
        return struct.pack("<BBBBBB", consistent_over_list | measures, MOST_LISTS, len(self.event_name), *self.cycle, 0)
