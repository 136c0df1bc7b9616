"""The XCP slave: one session of one master around the memory of a running block."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from fifthwheel.verify.image import Memory, epk
from fifthwheel.verify.xcp.codes import (
    ERROR,
    EVENT,
    MAX_CTO,
    MAX_DTO,
    RESPONSE,
    SERVICE,
    SERVICE_TEXT,
    SESSION_TERMINATED,
    Command,
    Error,
    Refused,
)
from fifthwheel.verify.xcp.daq import Measuring
from fifthwheel.verify.xcp.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fifthwheel.control.block import Running

CALIBRATES, MEASURES = 0x01, 0x04
"""Resources that CONNECT announces; none is locked."""
OPTIONAL_MODES = 0x80
"""Little endian, addresses in bytes, no block mode; GET_COMM_MODE_INFO tells more."""
DAQ_RUNNING = 0x40
ID_TEXT, ID_FILE, ID_UPLOAD, ID_EPK = 0, 1, 4, 5


class Slave:
    """Answers packets of the protocol layer, transport header already taken off.

    Parameters
    ----------
    running : the block; it is stepped by whoever holds the slave.

    Examples
    --------
    >>> from fifthwheel.control.block import Block, Running, Signal
    >>> block = Block(
    ...     name="double", title_en="doubles", title_zh="加倍", period_s=0.01, parameters=(),
    ...     inputs=(Signal(name="in_nm", title_en="in", title_zh="入"),),
    ...     outputs=(Signal(name="out_nm", title_en="out", title_zh="出"),),
    ...     begin=lambda parameters: None, step=lambda x, u, p, y: y.__setitem__(0, 2.0 * u[0]),
    ... )
    >>> slave = Slave(Running(block))
    >>> slave.answer(bytes.fromhex("ff00")).hex()
    'ff0580faae050101'
    >>> slave.answer(bytes.fromhex("f4080000000000 20")).hex()
    'ff0000000000000000'
    >>> slave.answer(bytes.fromhex("f408000000000099")).hex()
    'fe24'
    """

    def __init__(self, running: Running) -> None:
        block = running.block
        self.memory = Memory(running)
        self.transfer = Transfer(self.memory)
        self.measuring = Measuring(self.transfer, block.period_s, f"every {block.period_s * 1e3:g} ms")
        self.connected = False
        self._texts = {
            ID_TEXT: block.name.encode("ascii", "replace"), ID_FILE: block.name.encode("ascii", "replace"),
            ID_EPK: epk(block).encode("ascii"),
        }  # fmt: skip
        self._commands: dict[int, Callable[[bytes], bytes]] = {
            Command.DISCONNECT: self._disconnect, Command.GET_STATUS: self._status, Command.SYNCH: self._synch,
            Command.GET_COMM_MODE_INFO: self._comm_mode, Command.GET_ID: self._id, Command.GET_VERSION: self._version,
            **self.transfer.commands(), **self.measuring.commands(),
        }  # fmt: skip

    def offer_a2l(self, text: bytes) -> None:
        """Let masters fetch `text` as the description of the slave (GET_ID 4)."""
        self._texts[ID_UPLOAD] = text

    def answer(self, packet: bytes) -> bytes | None:
        """Answer one command packet; ``None`` where the protocol is silent (nothing but CONNECT is heard without a session)."""
        if packet[:1] == bytes((Command.CONNECT,)):
            return self._connect()
        if not packet or not self.connected:
            return None
        try:
            if packet[0] not in self._commands:
                raise Refused(Error.CMD_UNKNOWN)
            return bytes((RESPONSE,)) + self._commands[packet[0]](packet)
        except Refused as refused:
            return bytes((ERROR, refused.code)) + refused.more
        except struct.error:  # the packet ends before its last parameter
            return bytes((ERROR, Error.CMD_SYNTAX))

    def sample(self, time_us: int) -> list[bytes]:
        """Packets of the measurement that are due after a step; `time_us` is the simulated time since the start."""
        return self.measuring.sample(time_us)

    def end(self) -> bytes:
        """End the session; the packet that tells the master so."""
        self._disconnect(b"")
        return bytes((EVENT, SESSION_TERMINATED))

    @staticmethod
    def text(message: str) -> bytes:
        """A packet that shows `message` to the user of the master."""
        return bytes((SERVICE, SERVICE_TEXT)) + message.encode("ascii", "replace")[: MAX_CTO - 3] + b"\x00"

    def _connect(self) -> bytes:
        self._disconnect(b"")
        self.connected = True
        return struct.pack("<BBBBHBB", RESPONSE, CALIBRATES | MEASURES, OPTIONAL_MODES, MAX_CTO, MAX_DTO, 1, 1)

    def _disconnect(self, _packet: bytes) -> bytes:
        self.connected = False
        self.measuring.free()
        return b""

    def _status(self, _packet: bytes) -> bytes:
        return struct.pack("<BBBH", DAQ_RUNNING if self.measuring.running else 0, 0, 0, 0)

    def _synch(self, _packet: bytes) -> bytes:
        raise Refused(Error.CMD_SYNCH)

    def _comm_mode(self, _packet: bytes) -> bytes:
        return struct.pack("<xBxBBBB", 0, 0, 0, 0, 0x10)

    def _id(self, packet: bytes) -> bytes:
        (kind,) = struct.unpack_from("<xB", packet)
        text = self._texts.get(kind, b"")
        self.transfer.offer(text)
        return struct.pack("<B2xI", 0, len(text))

    def _version(self, packet: bytes) -> bytes:
        if packet[1:2] != b"\x00":
            raise Refused(Error.CMD_UNKNOWN)
        return struct.pack("<xBBBB", 1, 1, 1, 1)
