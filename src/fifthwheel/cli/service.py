"""One process: gateway, pipeline, worker and console on one workspace, with or without the demonstration fleet."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from queue import Empty
from threading import Event, Lock, Thread
from typing import Any

import uvicorn
from rich.progress import Progress, TimeElapsedColumn

from fifthwheel.assistant.answer import answer
from fifthwheel.cli.workspace import Workspace, now_us
from fifthwheel.connect.enrolment import Registrar
from fifthwheel.connect.gateway import Gateway
from fifthwheel.connect.journal import STREAM
from fifthwheel.connect.journal.segments import Journal
from fifthwheel.connect.limits import Limits
from fifthwheel.connect.pipeline import Pipeline
from fifthwheel.console.app import create_app
from fifthwheel.console.auth import check_binding
from fifthwheel.console.live import Live
from fifthwheel.errors import FifthwheelError, InputError
from fifthwheel.fleet.demo import VirtualFleet, virtual_fleet
from fifthwheel.fleet.fleet import Fleet
from fifthwheel.fleet.sender import run_sender
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.views import Answer
from fifthwheel.fleet.worker import Worker
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.signals.observations import Observations
from fifthwheel.units import DAY_US, HOUR, SECOND_US

_log = logging.getLogger(__name__)
OVERVIEW_S = 5.0
CHANGES_S = 0.2
UPKEEP_S = 60.0
FILES_COUNT = 64
BACKLOG_BYTES = 1 << 20
FAST_MOTION = Limits(frames_per_s=1e6, bytes_per_s=1e9)
"""The demonstration sends days in seconds; its terminals may be as fast as the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where to listen; port 0 picks a free one."""

    host: str
    jt808: int
    gbt32960: int
    http: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """The virtual fleet to play: how many combinations, how many past days first."""

    vehicles: int
    days: int


class AskableFleet(Fleet):
    """The verbs, and questions about them: what the console shows."""

    def ask(self, question: str, *, context: str | None = None) -> Answer:
        """Answer to a question in Chinese or English; `context` is the page it was asked on."""
        return answer(question, self, now_us=self.stores.clock(), timezone=self.stores.timezone, context=context)


class Service:
    """`fifthwheel up`: everything on one workspace until SIGTERM or SIGINT."""

    def __init__(
        self,
        workspace: Workspace,
        ports: Ports,
        *,
        enrolment: str = "open",
        token: str | None = None,
        demonstration: Demonstration | None = None,
    ) -> None:
        check_binding(ports.host, token or "")
        if enrolment not in {"open", "known"}:
            raise InputError(f"enrolment {enrolment!r}; accepted is open or known")
        self._workspace, self._ports, self._enrolment = workspace, ports, enrolment
        self._token, self._demonstration = token or "", demonstration

    def run(self) -> None:
        """Listen, print one line when all ports do, serve until told to stop, then store what is left."""
        with ExitStack() as stack:
            stores = stack.enter_context(self._workspace.stores())
            writer = LakeWriter(self._workspace.lake)
            journal = Journal(self._workspace.journal, start=max(writer.offset("observations", STREAM), 0))
            stack.callback(journal.close)
            gateway = Gateway(
                journal,
                Registrar(stores.records, policy="known" if self._enrolment == "known" else "open", now_us=now_us),
                FAST_MOTION if self._demonstration else None,
                now_us=now_us,
            )
            live = Live()
            fleet = AskableFleet(stores, gateway.stats)
            pages = _Pages(fleet, live)
            worker = Worker(stores, writer, on_trip=live.trip, behind=lambda: pipeline.lag_bytes > BACKLOG_BYTES)
            pipeline = Pipeline(
                journal,
                writer,
                stores.records,
                now_us=now_us,
                on_observations=pages.hear,
                on_commit=worker.note,
            )
            stack.enter_context(_threads(pipeline.run, worker.run, _Upkeep(writer, pipeline).run, pages.run))
            asyncio.run(self._serve(fleet, live, gateway))

    async def _serve(self, fleet: AskableFleet, live: Live, gateway: Gateway) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        listener = _listen(self._ports.host, self._ports.http)
        ports = await gateway.start(self._ports.host, {"jt808": self._ports.jt808, "gbt32960": self._ports.gbt32960})
        config = uvicorn.Config(
            create_app(fleet, live=live, token=self._token),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            lifespan="off",
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        address = f"http://{self._ports.host}:{listener.getsockname()[1]}"
        print(
            f"Fifthwheel listens: console {address}  JT/T 808 {ports['jt808']}  GB/T 32960 and GB 17691 {ports['gbt32960']}",
            flush=True,
        )
        playing = _play(self._demonstration, self._ports.host, ports, fleet.stores) if self._demonstration else None
        await stop.wait()
        if playing:
            playing.terminate()
        live.close()
        server.should_exit = True
        await serving
        await gateway.close()


class _Server(uvicorn.Server):
    """The HTTP server without signal handlers of its own: the service has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Pages:
    """What open pages are told: vehicles as they change, the fleet's figures now and then."""

    def __init__(self, fleet: Fleet, live: Live) -> None:
        self._fleet, self._live = fleet, live
        self._changed: set[str] = set()
        self._lock = Lock()

    def hear(self, observations: Observations) -> None:
        """Rows the pipeline has just understood."""
        changed = self._fleet.stores.latest.update(observations)
        with self._lock:
            self._changed |= changed

    def run(self, stop: Event) -> None:
        """Tell them until `stop` is set."""
        told_us = 0
        while not stop.wait(CHANGES_S):
            with self._lock:
                changed, self._changed = self._changed, set()
            if not self._live.watched:
                continue
            if changed:
                self._live.vehicles(self._fleet.vehicles(changed))
            if now_us() - told_us > OVERVIEW_S * SECOND_US:
                told_us = now_us()
                self._live.overview(self._fleet.overview())


class _Upkeep:
    """By the clock: small files of the lake merged, journal segments that nobody needs forgotten."""

    def __init__(self, writer: LakeWriter, pipeline: Pipeline) -> None:
        self._writer, self._pipeline = writer, pipeline

    def run(self, stop: Event) -> None:
        """Until `stop` is set."""
        while not stop.wait(UPKEEP_S):
            try:
                self._writer.compact(files_count=FILES_COUNT)
                self._pipeline.tidy(now_us() - int(HOUR) * SECOND_US)
            except FifthwheelError:
                _log.exception("upkeep failed; it is tried again")


@contextmanager
def _threads(*works: Any) -> Iterator[None]:
    """Run each of `works` (callables of a stop event) in its own thread; at the end stop them, in order."""
    running = [(Event(), work) for work in works]
    threads = [Thread(target=work, args=(stop,), name=work.__qualname__) for stop, work in running]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for (stop, _), thread in zip(running, threads, strict=True):
            stop.set()
            thread.join()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises `InputError` when the port is taken."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise InputError(f"cannot listen on {host}:{port}: {error.strerror}; choose another port, 0 picks a free one") from error


def _play(demonstration: Demonstration, host: str, ports: dict[str, int], stores: Stores) -> Any:
    """Start the process that plays the virtual fleet, and show how far its past is sent."""
    end_us = now_us()
    fleet = virtual_fleet(demonstration.vehicles, demonstration.days, end_us)
    fleet.register(stores.records)
    context = get_context("spawn")
    queue = context.Queue()
    process = context.Process(
        target=run_sender,
        args=(host, (ports["jt808"], ports["gbt32960"])),
        kwargs={"vehicles": demonstration.vehicles, "days": demonstration.days, "end_us": end_us, "progress": queue},
        daemon=True,
    )
    process.start()
    Thread(target=_follow, args=(queue, process, stores, fleet), daemon=True).start()
    return process


def _follow(queue: Any, process: Any, stores: Stores, fleet: VirtualFleet) -> None:
    """Show the past being sent; then, with the processor free, record what the vehicles were chosen for."""
    _show_progress(queue, process, (fleet.end_us - fleet.start_us) // DAY_US)
    if process.is_alive():
        from fifthwheel.fleet.demo_promises import promise_all

        promise_all(stores, fleet.roster, fleet.start_us)


def _show_progress(queue: Any, process: Any, days: int) -> None:
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(f"driving the past {days} days", total=None)
        done, total = 0.0, 1.0
        while process.is_alive() and done < total:
            try:
                done, total = queue.get(timeout=1.0)
            except Empty:
                continue
            progress.update(task, completed=done, total=total)
    if process.is_alive():
        print("The past is sent; the fleet drives on live.", flush=True)
