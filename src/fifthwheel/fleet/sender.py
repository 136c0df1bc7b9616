"""The terminals of the virtual fleet on the network: the past in fast motion, then life in real time.

Runs in a process of its own (`run_sender`), so that the gateway is tested through real sockets. On wires that acknowledge,
a terminal has at most `WINDOW` frames under way; GB 17691 acknowledges nothing, so a question for the time ends each batch.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from fifthwheel.codec import hashframe
from fifthwheel.codec.gbt32960 import encode as gbt32960
from fifthwheel.codec.hj1239 import encode as hj1239
from fifthwheel.codec.hj1239.messages import TIME_SYNC
from fifthwheel.codec.jt808 import decode as jt808_decode
from fifthwheel.codec.jt808 import encode as jt808
from fifthwheel.codec.jt808 import frame as jt808_frame
from fifthwheel.codec.reject import Reject
from fifthwheel.errors import FifthwheelError
from fifthwheel.fleet.demo import VirtualFleet, virtual_fleet
from fifthwheel.fleet.telemetry import Link, Sent, Telemetry
from fifthwheel.units import HOUR, SECOND_US

_log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]

WINDOW: Final = 2000
CHUNK: Final = 200
SLICE_US: Final = 3 * int(HOUR) * SECOND_US
"""The past is sent in slices of this length, all terminals side by side."""
PATIENCE_S: Final = 60.0
RETRY_S: Final = 3.0
AHEAD_US: Final = 30 * SECOND_US
QUIET_US: Final = 90 * SECOND_US


class Refused(FifthwheelError):
    """The platform refused a login."""


class Terminal:
    """One link: its queue of frames, its connection, what is not acknowledged yet."""

    def __init__(self, link: Link, host: str, port: int) -> None:
        self.link = link
        self._host, self._port = host, port
        self._queue: deque[tuple[int, bytes]] = deque()
        self._unacknowledged: deque[tuple[int, bytes]] = deque()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._cutter: Any = None
        self._serial = 0
        self._said_us = 0

    def queue(self, sent: Sent) -> None:
        """Add frames; late ones of an earlier episode may fall behind those of the next."""
        merged = bool(self._queue)
        self._queue.extend(zip(sent.time_us.tolist(), sent.frames, strict=True))
        if merged:
            self._queue = deque(sorted(self._queue, key=lambda each: each[0]))

    async def send_until(self, time_us: int, now_us: int) -> int:
        """Send every frame due before `time_us` and wait until all are acknowledged; how many there were.

        Raises
        ------
        OSError, EOFError, TimeoutError : the connection is gone; what was not acknowledged is sent again later.
        Refused : the platform does not want this terminal.
        """
        count = 0
        try:
            while self._queue and self._queue[0][0] < time_us:
                if self._writer is None:
                    await self._connect(now_us)
                count += await self._write(time_us)
            if count:
                self._said_us = now_us
                await self._settle()
        except (OSError, EOFError, TimeoutError):
            await self.close()
            raise
        return count

    async def rest(self, now_us: int) -> None:
        """Nothing to say for a while: JT/T 808 keeps the connection with heartbeats, the others log out."""
        quiet = not self._queue or self._queue[0][0] > now_us + QUIET_US
        if self._writer is None or not quiet or now_us - self._said_us < QUIET_US:
            return
        self._said_us = now_us
        if self.link.wire == "jt808":
            phone = self.link.identity.zfill(20 if self.link.version == "2019" else 12)
            self._writer.write(jt808_frame.build(jt808_frame.Frame(0x0002, phone, 0, b"", self.link.version)))
            await self._answers()
            return
        logout = hj1239.logout if self.link.wire == "hj1239" else gbt32960.logout
        self._writer.write(logout(self.link.identity, now_us, self._serial))
        await self._writer.drain()
        await self.close()

    async def close(self) -> None:
        """Close the connection; what was not acknowledged goes back to the head of the queue."""
        if self._writer is not None:
            self._writer.close()
        self._writer = self._reader = None
        self._queue.extendleft(reversed(self._unacknowledged))
        self._unacknowledged.clear()

    async def _write(self, time_us: int) -> int:
        """One chunk of the queue; waits while too much is under way."""
        assert self._writer is not None
        batch: list[tuple[int, bytes]] = []
        while self._queue and self._queue[0][0] < time_us and len(batch) < CHUNK:
            batch.append(self._queue.popleft())
        self._unacknowledged.extend(batch)
        self._writer.write(b"".join(frame for _, frame in batch))
        await self._writer.drain()
        while self.link.wire != "hj1239" and len(self._unacknowledged) > WINDOW:
            self._acknowledged(len(await self._answers()))
        return len(batch)

    async def _settle(self) -> None:
        """Wait for the acknowledgement of everything sent."""
        if self.link.wire == "hj1239":
            assert self._writer is not None
            self._writer.write(hj1239.command(self.link.identity, TIME_SYNC, b""))
            await self._answer()
            self._unacknowledged.clear()
        while self._unacknowledged:
            self._acknowledged(len(await self._answers()))

    def _acknowledged(self, count: int) -> None:
        for _ in range(min(count, len(self._unacknowledged))):
            self._unacknowledged.popleft()

    async def _answers(self) -> list[bytes]:
        """Whole answers of the platform, at least one read."""
        assert self._reader is not None
        data = await asyncio.wait_for(self._reader.read(1 << 16), PATIENCE_S)
        if not data:
            raise EOFError(f"{self.link.wire} {self.link.plate}: the platform closed the connection")
        return [answer for answer in self._cutter.feed(data) if not isinstance(answer, Reject)]

    async def _answer(self) -> bytes:
        while True:
            answers = await self._answers()
            if answers:
                return answers[0]

    async def _connect(self, now_us: int) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        try:
            await (self._enrol() if self.link.wire == "jt808" else self._login(now_us))
        except (OSError, EOFError, TimeoutError, Refused):
            await self.close()
            raise

    async def _enrol(self) -> None:
        """JT/T 808: register, then authenticate with the code just given."""
        assert self._writer is not None
        link, self._cutter = self.link, jt808_frame.Cutter()
        phone = link.identity.zfill(20 if link.version == "2019" else 12)
        terminal = {"maker": "FWDEM", "model": "VT-1", "terminal_id": link.identity[-7:]}
        claim = {"province": 37, "city": 200, **terminal, "plate_color": 2, "plate": link.plate}
        self._writer.write(b"".join(jt808.frames(0x0100, claim, phone=phone, serial=0, version=link.version)))
        registered = jt808_decode.decode(jt808_frame.parse(await self._answer())).fields
        if registered["result"]:
            raise Refused(f"{link.plate}: registration refused, result {registered['result']}")
        proof = {"auth_code": registered["auth_code"], "imei": link.identity.zfill(15), "software_version": "1.0"}
        self._writer.write(b"".join(jt808.frames(0x0102, proof, phone=phone, serial=0, version=link.version)))
        confirmed = jt808_decode.decode(jt808_frame.parse(await self._answer())).fields
        if confirmed["result"]:
            raise Refused(f"{link.plate}: authentication refused, result {confirmed['result']}")

    async def _login(self, now_us: int) -> None:
        assert self._writer is not None
        link, self._cutter = self.link, hashframe.Cutter()
        self._serial = serial = (self._serial + 1) & 0xFFFF
        card = f"8986{link.identity[-16:]}"
        if link.wire == "hj1239":
            self._writer.write(hj1239.login(link.identity, now_us, serial, card))
            return
        self._writer.write(gbt32960.login(link.identity, now_us, serial, card))
        if (await self._answer())[3] != 1:
            raise Refused(f"{link.plate}: login refused")


class DemoSender:
    """Sends what a virtual fleet lives: `backfill` the past, then `live`.

    Parameters
    ----------
    host, jt808_port, gbt32960_port : the gateway.
    clock : UTC microseconds.
    """

    def __init__(
        self, host: str, ports: tuple[int, int], fleet: VirtualFleet, *, clock: Callable[[], int] = lambda: time.time_ns() // 1000
    ) -> None:
        self._host, self._ports = host, ports
        self._fleet, self._clock = fleet, clock
        self._telemetry = {plate: Telemetry(life, fleet) for plate, life in fleet.lives.items()}
        self._made_us = dict.fromkeys(fleet.lives, fleet.start_us)
        self.terminals: dict[Link, Terminal] = {}

    async def backfill(self, progress: Progress = lambda _done, _total: None) -> int:
        """Send everything from the start of the fleet to its end as fast as it is acknowledged; how many frames.

        `progress` hears how many seconds of the past are sent, and of how many.
        """
        start_us, until_us, done = self._fleet.start_us, self._fleet.end_us, 0
        for slice_us in range(start_us + SLICE_US, until_us + SLICE_US, SLICE_US):
            edge_us = min(slice_us, until_us)
            done += await self.catch_up(edge_us)
            progress((edge_us - start_us) // SECOND_US, (until_us - start_us) // SECOND_US)
        return done

    async def catch_up(self, time_us: int) -> int:
        """Send everything that leaves before `time_us`, all terminals side by side; how many frames."""
        for plate in self._fleet.lives:
            self._make(plate, time_us)
            await asyncio.sleep(0)
        now_us = self._clock()
        return sum(await asyncio.gather(*(terminal.send_until(time_us, now_us) for terminal in self.terminals.values())))

    async def live(self) -> None:
        """Send each frame when its time comes; runs until cancelled, and connects again when the platform was away."""
        busy: dict[Link, asyncio.Task[None]] = {}
        while True:
            now_us = self._clock()
            for plate in self._fleet.lives:
                self._make(plate, now_us + AHEAD_US)
            for link, terminal in self.terminals.items():
                if link not in busy or busy[link].done():
                    busy[link] = asyncio.create_task(self._try(terminal, now_us))
            await asyncio.sleep(max(1.0 - (self._clock() - now_us) / SECOND_US, 0.05))

    async def close(self) -> None:
        """Close every connection."""
        for terminal in self.terminals.values():
            await terminal.close()

    def _make(self, plate: str, until_us: int) -> None:
        """Let a vehicle live on until a time, and queue what its terminals say."""
        if self._made_us[plate] > until_us:
            return
        episodes = self._fleet.lives[plate].take(until_us)
        for sent in self._telemetry[plate].frames(episodes):
            if sent.link not in self.terminals:
                port = self._ports[0] if sent.link.wire == "jt808" else self._ports[1]
                self.terminals[sent.link] = Terminal(sent.link, self._host, port)
            self.terminals[sent.link].queue(sent)
        self._made_us[plate] = episodes[-1].end_us if episodes else until_us + 1

    async def _try(self, terminal: Terminal, now_us: int) -> None:
        try:
            await terminal.send_until(now_us, now_us)
            await terminal.rest(now_us)
        except (OSError, EOFError, TimeoutError, Refused) as error:
            _log.info("%s %s: %s; trying again", terminal.link.wire, terminal.link.plate, error)
            await terminal.close()
            await asyncio.sleep(RETRY_S)


def run_sender(
    host: str, ports: tuple[int, int], *, vehicles: int, days: int, end_us: int, seed: int = 1, progress: Any = None
) -> None:
    """Entry of the sender's process: backfill, then live until it is stopped.

    Parameters
    ----------
    ports : of JT/T 808, and of GB/T 32960 and GB 17691.
    progress : a queue that gets ``(seconds of the past sent, all of them)``, or None.
    """
    fleet = virtual_fleet(vehicles, days, end_us, seed)
    sender = DemoSender(host, ports, fleet)

    async def run() -> None:
        report: Progress = (lambda done, total: progress.put((done, total))) if progress is not None else (lambda *_: None)
        await sender.backfill(report)
        await sender.live()

    asyncio.run(run())
