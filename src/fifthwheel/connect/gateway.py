"""The gateway: TCP connections in, frames into the journal, answers out once their group is stored."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from fifthwheel.codec import hashframe
from fifthwheel.codec.jt808 import frame as jt808
from fifthwheel.codec.reject import Reject
from fifthwheel.connect.enrolment import Admission, Registrar, masked
from fifthwheel.connect.journal import Log
from fifthwheel.connect.limits import Guard, Limits
from fifthwheel.connect.session import Aside, Asking, HashSession, Jt808Session, Refusal
from fifthwheel.errors import FifthwheelError, FrameError, StorageError
from fifthwheel.units import SECOND_US

_log = logging.getLogger(__name__)
PORTS: Final = ("jt808", "gbt32960")
"""Names of the listeners: each takes every wire and falls back to its own when the first byte tells nothing."""
_SWEEP_S: Final = 1.0
_RATE_MEMORY: Final = 0.2


class Gateway:
    """Listens, keeps sessions, stores frames in groups and acknowledges what is stored.

    Parameters
    ----------
    journal : where frames go; one commit at a time, in a thread of its own.
    registrar : decides who may speak.
    limits : see `Limits`.
    now_us : the clock, UTC microseconds; the only receive time there is.
    """

    def __init__(self, journal: Log, registrar: Registrar, limits: Limits | None = None, *, now_us: Callable[[], int]) -> None:
        self.journal, self.registrar, self.limits, self.now_us = journal, registrar, limits or Limits(), now_us
        self.guard = Guard(self.limits)
        self.connections: set[Connection] = set()
        self.live: dict[tuple[str, str], Connection] = {}
        self.frames: Counter[str] = Counter()
        self.rejects: Counter[str] = Counter()
        self.failure: StorageError | None = None
        self._acknowledged = 0
        self._answering: list[Connection] = []
        self._group = asyncio.Event()
        self._disk = ThreadPoolExecutor(1, "journal")
        self.desk = ThreadPoolExecutor(1, "enrolment")
        self._servers: list[asyncio.Server] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._rate = self._rate_total = 0.0

    async def start(self, host: str, ports: Mapping[str, int]) -> dict[str, int]:
        """Listen on `host`; `ports` has a number for names of `PORTS` (0 picks one). Returns the real numbers."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._commit_groups()), loop.create_task(self._sweep())]
        real = {}
        for name, port in ports.items():
            server = await loop.create_server(lambda name=name: Connection(self, name), host, port, backlog=1024)  # type: ignore[misc]
            self._servers.append(server)
            real[name] = server.sockets[0].getsockname()[1]
        return real

    async def close(self) -> None:
        """Stop listening, store and acknowledge what has come, close every connection."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.failure is None:
            with suppress(StorageError):
                await self._commit_group()
        for connection in list(self.connections):
            connection.close("shutdown")
        await asyncio.sleep(0)  # lets the transports close
        self._disk.shutdown()
        self.desk.shutdown()

    def stats(self) -> dict[str, Any]:
        """Sessions, frames, rates and rejects since the start."""
        return {
            "connections": len(self.connections),
            "sessions": dict(Counter(wire for wire, _ in self.live)),
            "frames": dict(self.frames),
            "acknowledged": self._acknowledged,
            "frames_per_s": round(self._rate, 1),
            "rejects": dict(self.rejects),
            "failure": str(self.failure) if self.failure else None,
        }

    def alive(self, wire: str, identity: str, but: Connection) -> bool:
        """Whether a connection other than `but` is the live session of `identity`."""
        other = self.live.get((wire, identity))
        heard_since_us = self.now_us() - int(self.limits.alive_s * SECOND_US)
        return other is not None and other is not but and other.heard_us >= heard_since_us

    def stored_soon(self, connection: Connection | None) -> None:
        """There is something to commit, and answers of `connection` wait for it."""
        if connection is not None:
            self._answering.append(connection)
        self._group.set()

    def fail(self, error: StorageError) -> None:
        """The journal is broken: acknowledge nothing more, let every terminal keep its data and try elsewhere."""
        if self.failure is None:
            self.failure = error
            _log.critical("gateway: stopped, nothing more is acknowledged: %s", error)
            for server in self._servers:
                server.close()
            for connection in list(self.connections):
                connection.abort()

    async def _commit_groups(self) -> None:
        while True:
            await self._group.wait()
            self._group.clear()
            try:
                await self._commit_group()
            except StorageError as error:
                self.fail(error)
                return

    async def _commit_group(self) -> None:
        """One sync for all that has come so far, then each connection's answers in one write."""
        answering, self._answering = self._answering, []
        answers = [(connection, connection.take_answers()) for connection in answering]
        await asyncio.get_running_loop().run_in_executor(self._disk, self.journal.commit)
        for connection, (count, answer) in answers:
            connection.send(answer)
            self._acknowledged += count

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_S)
            total = sum(self.frames.values())
            self._rate += _RATE_MEMORY * ((total - self._rate_total) / _SWEEP_S - self._rate)
            self._rate_total = total
            now_us = self.now_us()
            for connection in list(self.connections):
                connection.check(now_us)


class Connection(asyncio.Protocol):
    """One TCP connection: cuts frames, asks its session what to do with each, keeps the limits."""

    def __init__(self, gateway: Gateway, port: str) -> None:
        self._gateway, self._port = gateway, port
        self._transport: asyncio.Transport | None = None
        self._cutter: jt808.Cutter | hashframe.Cutter | None = None
        self._session: Jt808Session | HashSession | None = None
        self._answers: list[bytes] = []
        self._backlog: list[bytes | Reject] = []
        self._holds: set[str] = set()
        self._keys: set[tuple[str, str]] = set()
        self._address = ""
        self._opened_us = self._begun_us = self.heard_us = self._paid_us = self._bad_since_us = 0
        self._bad = 0
        self._closed = False
        self._deciding: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection unless its address is banned or the house is full."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = transport.get_extra_info("peername")[0]
        gateway = self._gateway
        self._opened_us = self.heard_us = self._paid_us = self._bad_since_us = gateway.now_us()
        full = len(gateway.connections) >= gateway.limits.sessions
        if full or gateway.failure or gateway.guard.banned(self._address, self._opened_us):
            gateway.rejects["connection"] += 1
            self.abort()
            return
        gateway.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how it ended does not matter
        """Forget the connection and its sessions."""
        self._closed = True
        self._gateway.connections.discard(self)
        for wire, _ in list(self._keys):
            self.leave(wire)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Cut, judge and store what came; what comes too fast is read later."""
        gateway = self._gateway
        self.heard_us = now_us = gateway.now_us()
        if self._cutter is None:
            self._sniff(data)
        assert self._cutter is not None
        items = self._cutter.feed(data)
        if not self._cutter.pending:
            self._begun_us = 0
        elif items or not self._begun_us:
            self._begun_us = now_us
        self._pay(len(items), len(data), now_us)
        self._backlog += items
        self._work(now_us)

    def pause_writing(self) -> None:
        """The terminal does not read its answers: read nothing more of it."""
        self._hold("answers")

    def resume_writing(self) -> None:
        """It reads again."""
        self._release("answers")

    # What the gateway asks

    def take_answers(self) -> tuple[int, bytes]:
        """Answers that wait for the next commit, how many and their bytes; they are handed out once."""
        answers, self._answers = self._answers, []
        return len(answers), b"".join(answers)

    def send(self, data: bytes) -> None:
        """Write answers, if the connection still stands."""
        if self._transport is not None and data:
            self._transport.write(data)

    def check(self, now_us: int) -> None:
        """Close after a deadline; ask for missing sub-packages."""
        limits = self._gateway.limits
        if self._begun_us and now_us - self._begun_us > limits.half_frame_s * SECOND_US:
            self.close("half frame")
        elif now_us - self.heard_us > limits.idle_s * SECOND_US:
            self.close("idle")
        elif not self._keys and now_us - self._opened_us > limits.login_s * SECOND_US:
            self.close("no login")
        elif self._session is not None:
            self.send(self._session.remind(now_us))

    def close(self, reason: str) -> None:
        """Close after what is written has gone out."""
        self._gateway.rejects[f"closed: {reason}"] += 1
        self._closed = True
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._closed = True
        if self._transport is not None:
            self._transport.abort()

    # What the session asks (`session.Door`)

    def hindrance(self, wire: str, identity: str) -> str:
        """Why `identity` may not log in now, '' when it may; the attempt is counted."""
        gateway = self._gateway
        if gateway.alive(wire, identity, but=self):
            return "another session of it is alive"
        return "" if gateway.guard.admits(self._address, identity, gateway.now_us()) else "too many logins in a minute"

    def enter(self, wire: str, identity: str) -> str:
        """Become the one session of `identity`; the silent former one is closed."""
        live, key = self._gateway.live, (wire, identity)
        if self._gateway.alive(wire, identity, but=self):
            return "another session of it is alive"
        former = live.get(key)
        live[key] = self
        self._keys.add(key)
        if former is not None and former is not self:
            _log.info("%s %s: a silent session was replaced", wire, masked(identity))
            former.abort()
        return ""

    def leave(self, wire: str) -> None:
        """Be nobody's session on `wire`; the time to log in begins anew."""
        self._opened_us = self._gateway.now_us()
        for key in [key for key in self._keys if key[0] == wire]:
            self._keys.discard(key)
            if self._gateway.live.get(key) is self:
                del self._gateway.live[key]

    # The way of a frame

    def _sniff(self, data: bytes) -> None:
        first = data[:1]
        gateway = self._gateway
        if first == b"\x7e" or (first not in {b"#", b"$"} and self._port == "jt808"):
            self._cutter = jt808.Cutter()
            self._session = Jt808Session(gateway.registrar, self, gateway.limits)
        else:
            self._cutter = hashframe.Cutter(gateway.limits.frame_bytes)
            self._session = HashSession(gateway.registrar, self)

    def _work(self, now_us: int) -> None:
        """Everything in the backlog up to a login, which is decided in another thread first."""
        if "login" in self._holds or self._gateway.failure:
            return
        items, self._backlog = self._backlog, []
        waited = bool(self._answers)
        try:
            for index, item in enumerate(items):
                if self._closed:
                    break
                if (asking := self._take(item, now_us)) is not None:
                    self._backlog = items[index + 1 :]
                    self._hold("login")
                    self._deciding = asyncio.get_running_loop().create_task(self._decide(asking, item))
                    break
        except StorageError as error:
            self._gateway.fail(error)
            return
        self._gateway.stored_soon(self if self._answers and not waited else None)

    def _take(self, item: bytes | Reject, now_us: int) -> Asking | None:
        """Store one frame and note its answer, or give back the login that it asks for."""
        session, gateway = self._session, self._gateway
        assert session is not None
        if isinstance(item, Reject):
            self._refuse(item.data, item.reason, item.detail, b"", now_us)
            return None
        try:
            answer = session.hear(item, now_us)
        except FrameError as error:
            self._refuse(item, error.reason, error.detail, error.answer if isinstance(error, Refusal) else b"", now_us)
            return None
        if isinstance(answer, Asking):
            return answer
        if type(answer) is not Aside:
            gateway.journal.append(session.wire, item, now_us)
        gateway.frames[session.wire] += 1
        if answer:
            self._answers.append(answer)
        return None

    async def _decide(self, asking: Asking, item: bytes | Reject) -> None:
        """Let the registrar decide, conclude, and go on with what came meanwhile."""
        assert isinstance(item, bytes)
        gateway, session = self._gateway, self._session
        assert session is not None
        try:
            admission: Admission = await asyncio.get_running_loop().run_in_executor(gateway.desk, asking.ask)
        except FifthwheelError:
            _log.exception("%s: a login could not be decided", session.wire)
            self.close("undecided login")
            return
        if self._closed:
            return
        now_us, waited = gateway.now_us(), bool(self._answers)
        try:
            self._conclude(asking, admission, item, now_us)
        except StorageError as error:
            gateway.fail(error)
            return
        gateway.stored_soon(self if self._answers and not waited else None)
        self._release("login")
        self._work(gateway.now_us())

    def _conclude(self, asking: Asking, admission: Admission, item: bytes, now_us: int) -> None:
        gateway, session = self._gateway, self._session
        assert session is not None
        try:
            answer = asking.conclude(admission)
        except Refusal as refusal:
            if gateway.guard.fails(self._address, now_us):
                self.close("banned")
            self._refuse(item if asking.stored else b"", refusal.reason, refusal.detail, refusal.answer, now_us)
            return
        if asking.stored:
            gateway.journal.append(session.wire, item, now_us)
        gateway.frames[session.wire] += 1
        if answer:
            self._answers.append(answer)

    def _refuse(self, data: bytes, reason: str, detail: str, answer: bytes, now_us: int) -> None:
        """A bad frame goes to the journal with its reason; the connection stays until there are too many."""
        gateway = self._gateway
        gateway.rejects[reason] += 1
        wire = self._session.wire if self._session is not None else "unknown"
        gateway.journal.append(wire, data[: gateway.limits.frame_bytes], now_us, f"{reason}: {detail}")
        if answer:
            self._answers.append(answer)
        if now_us - self._bad_since_us > 60 * SECOND_US:
            self._bad, self._bad_since_us = 0, now_us
        self._bad += 1
        if self._bad > gateway.limits.bad_frames_per_min:
            gateway.guard.fails(self._address, now_us)
            self.close("bad frames")

    # The brakes

    def _pay(self, frames: int, size: int, now_us: int) -> None:
        """Keep frames and bytes a second: a second's worth may come at once, then reading waits until the rate is kept."""
        limits = self._gateway.limits
        price_s = max(frames / limits.frames_per_s, size / limits.bytes_per_s)
        self._paid_us = max(self._paid_us, now_us - SECOND_US) + int(price_s * SECOND_US)
        ahead_us = self._paid_us - now_us
        if ahead_us > 0 and "rate" not in self._holds:
            self._hold("rate")
            asyncio.get_running_loop().call_later(ahead_us / SECOND_US, self._release, "rate")

    def _hold(self, reason: str) -> None:
        self._holds.add(reason)
        if self._transport is not None:
            self._transport.pause_reading()

    def _release(self, reason: str) -> None:
        self._holds.discard(reason)
        if not self._holds and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
