"""Codes of the XCP protocol layer. Source: ASAM MCD-1 XCP 1.x, part 2, as restated by pyxcp (``pyxcp.types``)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from fifthwheel.errors import FrameError

RESPONSE, ERROR, EVENT, SERVICE = 0xFF, 0xFE, 0xFD, 0xFC
"""First byte of a packet from the slave; below that, 0 to 0xFB, it is measured data."""
SESSION_TERMINATED: Final = 0x07
"""Event code."""
SERVICE_TEXT: Final = 0x01

MAX_CTO: Final = 250
"""Most bytes of a command or its answer. 248 bytes of data fit a DOWNLOAD: whole doubles, so that none is ever torn."""
MAX_DTO: Final = 1454
"""Most bytes of a measured packet: identification, time stamp and 181 doubles, in one Ethernet frame."""
MAX_ENTRY: Final = 248
"""Most bytes of an ODT entry."""


class Command(IntEnum):
    """What a master may ask for; other codes are answered with CMD_UNKNOWN."""

    CONNECT = 0xFF
    DISCONNECT = 0xFE
    GET_STATUS = 0xFD
    SYNCH = 0xFC
    GET_COMM_MODE_INFO = 0xFB
    GET_ID = 0xFA
    SET_MTA = 0xF6
    UPLOAD = 0xF5
    SHORT_UPLOAD = 0xF4
    BUILD_CHECKSUM = 0xF3
    DOWNLOAD = 0xF0
    SHORT_DOWNLOAD = 0xED
    SET_CAL_PAGE = 0xEB
    GET_CAL_PAGE = 0xEA
    GET_PAG_PROCESSOR_INFO = 0xE9
    GET_SEGMENT_INFO = 0xE8
    GET_PAGE_INFO = 0xE7
    COPY_CAL_PAGE = 0xE4
    CLEAR_DAQ_LIST = 0xE3
    SET_DAQ_PTR = 0xE2
    WRITE_DAQ = 0xE1
    SET_DAQ_LIST_MODE = 0xE0
    GET_DAQ_LIST_MODE = 0xDF
    START_STOP_DAQ_LIST = 0xDE
    START_STOP_SYNCH = 0xDD
    GET_DAQ_CLOCK = 0xDC
    READ_DAQ = 0xDB
    GET_DAQ_PROCESSOR_INFO = 0xDA
    GET_DAQ_RESOLUTION_INFO = 0xD9
    GET_DAQ_LIST_INFO = 0xD8
    GET_DAQ_EVENT_INFO = 0xD7
    FREE_DAQ = 0xD6
    ALLOC_DAQ = 0xD5
    ALLOC_ODT = 0xD4
    ALLOC_ODT_ENTRY = 0xD3
    WRITE_DAQ_MULTIPLE = 0xC7
    GET_VERSION = 0xC0


class Error(IntEnum):
    """Why a command is refused."""

    CMD_SYNCH = 0x00
    DAQ_ACTIVE = 0x11
    CMD_UNKNOWN = 0x20
    CMD_SYNTAX = 0x21
    OUT_OF_RANGE = 0x22
    WRITE_PROTECTED = 0x23
    ACCESS_DENIED = 0x24
    PAGE_NOT_VALID = 0x26
    MODE_NOT_VALID = 0x27
    SEGMENT_NOT_VALID = 0x28
    SEQUENCE = 0x29
    DAQ_CONFIG = 0x2A
    MEMORY_OVERFLOW = 0x30


class Refused(FrameError):
    """A command is not carried out; `code` and `more` are what the master is told."""

    def __init__(self, code: Error, more: bytes = b"") -> None:
        super().__init__(code.name)
        self.code = code
        self.more = more


def refuse(wrong: bool, code: Error) -> None:
    """Refuse when `wrong`."""
    if wrong:
        raise Refused(code)
