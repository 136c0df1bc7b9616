"""XCP on Ethernet: UDP and TCP on one port around a slave, and the simulation that it measures, stepped in time.

The protocol knows no password: whoever reaches the port reads and changes everything. So it listens on loopback unless told
otherwise.
"""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fifthwheel.control.block import Running
from fifthwheel.errors import InputError, SimulationError
from fifthwheel.units import SECOND_US
from fifthwheel.verify.a2l import describe
from fifthwheel.verify.xcp import Slave
from fifthwheel.verify.xcp.codes import MAX_CTO, Command

LOOPBACK: Final = "127.0.0.1"
HEADER: Final = struct.Struct("<HH")
"""Length of the packet, and a counter of the sender's packets."""
_SLOW_S: Final = 1.0
"""A TCP master that reads nothing for so long loses its session."""
_TURN: Final = 16
"""Steps after which the loop looks at its sockets, when it need not wait for the time."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Master:
    """The other end: how packets get there, how it is let go, and how many it was sent."""

    write: Callable[[bytes], object]
    close: Callable[[], None]
    drain: asyncio.StreamWriter | None = None
    counter: int = 0

    def send(self, packets: list[bytes]) -> None:
        """Send each packet as a message of its own, counted."""
        for packet in packets:
            self.write(HEADER.pack(len(packet), self.counter & 0xFFFF) + packet)
            self.counter += 1


class Server:
    """A running block, stepped in time, with an XCP slave on a port.

    Parameters
    ----------
    running : the block.
    speed_ratio : simulated over real time; 0 is as fast as it goes.

    Attributes
    ----------
    slave : the protocol around the block.
    port : where it listens, once `start` has returned; steps : how many were made; late_s : most that a step came too late.
    """

    def __init__(self, running: Running, *, speed_ratio: float = 1.0) -> None:
        if not 0.0 <= speed_ratio <= 1000.0:
            raise InputError(f"speed {speed_ratio}; 0 (as fast as it goes) to 1000 times real time is accepted")
        self.running, self.slave, self.speed_ratio = running, Slave(running), speed_ratio
        self.port = 0
        self.steps = 0
        self.late_s = 0.0
        self._master: Master | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tcp: asyncio.Server | None = None
        self._udp: asyncio.DatagramTransport | None = None

    async def start(self, host: str = LOOPBACK, port: int = 5555) -> None:
        """Listen on both transports; port 0 picks one. Masters may fetch the description, which names the address.

        Raises
        ------
        InputError : the port cannot be had.
        """
        try:
            self._tcp = await asyncio.start_server(self._converse, host, port)
            self.port = self._tcp.sockets[0].getsockname()[1]
            loop = asyncio.get_running_loop()
            self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=(host, self.port))
        except OSError as error:
            await self.close()
            raise InputError(f"port {port} on {host} cannot be listened on: {error}") from error
        self.slave.offer_a2l(describe(self.running.block, port=self.port, host=host).encode("utf-8-sig"))

    async def close(self) -> None:
        """End the session and stop listening."""
        self._let_go()
        for writer in tuple(self._writers):
            writer.close()
        if self._udp:
            self._udp.close()
        if self._tcp:
            self._tcp.close()
            await self._tcp.wait_closed()
        await asyncio.sleep(0)  # lets the transports close

    async def run(self, duration_s: float | None = None) -> None:
        """Step until cancelled, or for `duration_s` of simulated time; packets go out after each step.

        Raises
        ------
        SimulationError : the block's step fails; the master is told before.
        """
        period_s = self.running.block.period_s
        most = None if duration_s is None else round(duration_s / period_s)
        began_s, first = time.monotonic(), self.steps
        while most is None or self.steps - first < most:
            if self.speed_ratio:
                due_s = began_s + (self.steps - first) * period_s / self.speed_ratio
                await self._wait(due_s)
            elif self.steps % _TURN == 0:
                await asyncio.sleep(0)
            self._step(round((self.steps + 1) * period_s * SECOND_US))
            await self._drained()

    async def _wait(self, due_s: float) -> None:
        ahead_s = due_s - time.monotonic()
        self.late_s = max(self.late_s, -ahead_s)
        if ahead_s > 0 or self.steps % _TURN == 0:
            await asyncio.sleep(max(ahead_s, 0.0))

    def _step(self, time_us: int) -> None:
        try:
            self.running.step()
        except Exception as error:  # whatever a block's step raises ends its simulation, and the master learns why
            message = f"{self.running.block.name} stopped at {time_us / SECOND_US} s: {error}"
            if self._master:
                self._master.send([self.slave.text(message)])
            raise SimulationError(message) from error
        self.steps += 1
        packets = self.slave.sample(time_us)
        if packets and self._master:
            self._master.send(packets)

    async def _drained(self) -> None:
        """Wait for a TCP master to read; one that does not is let go."""
        master = self._master
        if master is None or master.drain is None:
            return
        try:
            async with asyncio.timeout(_SLOW_S):
                await master.drain.drain()
        except (TimeoutError, ConnectionError):
            log.warning("the XCP master does not read: session ended")
            self._let_go(told=False)

    def hear(self, packet: bytes, master: Master) -> None:
        """Answer one packet of `master`; a CONNECT takes the session over from any other."""
        if packet[0] == Command.CONNECT and master is not self._master:
            self._let_go()
            self._master = master
        if master is not self._master:
            return
        answer = self.slave.answer(packet)
        if answer is not None:
            master.send([answer])

    def _let_go(self, *, told: bool = True) -> None:
        master, self._master = self._master, None
        if master is None:
            return
        last = [self.slave.end()] if self.slave.connected else []
        if told:
            master.send(last)
        master.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One TCP connection, to its end."""
        master = Master(write=writer.write, close=writer.close, drain=writer)
        self._writers.add(writer)
        try:
            while True:
                size, _ = HEADER.unpack(await reader.readexactly(HEADER.size))
                if not 0 < size <= MAX_CTO:
                    log.warning("XCP packet of %d bytes; 1 to %d are accepted: connection closed", size, MAX_CTO)
                    break
                self.hear(await reader.readexactly(size), master)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the master has hung up
        finally:
            if master is self._master:
                self._let_go(told=False)
            self._writers.discard(writer)
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    """UDP: a datagram holds one message or several."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._masters: dict[object, Master] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hear every whole message; what is cut short or oversized is dropped, as UDP drops."""
        while len(data) >= HEADER.size:
            size, _ = HEADER.unpack_from(data)
            packet, data = data[HEADER.size : HEADER.size + size], data[HEADER.size + size :]
            if not 0 < size == len(packet) <= MAX_CTO:
                return
            self._server.hear(packet, self._master(addr, packet[0]))

    def _master(self, addr: tuple[str, int], command: int) -> Master:
        """The master at that address; only a CONNECT makes a new one, and then the others are forgotten."""
        known = self._masters.get(addr)
        if known is not None:
            return known
        transport = self._transport
        assert transport is not None
        made = Master(write=lambda message: transport.sendto(message, addr), close=lambda: None)
        if command == Command.CONNECT:
            self._masters = {addr: made}
        return made
