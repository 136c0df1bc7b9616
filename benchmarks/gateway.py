"""Frames stored and acknowledged a second: the real gateway on one core, the load on another.

    python benchmarks/gateway.py [--connections 500] [--window 64] [--seconds 10] [--pipeline]

The gateway process makes every check (checksum, length, authentication, rates), stores a group with one fdatasync and
only then acknowledges; the load verifies every acknowledgement (checksum, serial in order, message id, result 0).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.jt808.frame import Cutter, Frame, build, parse
from fifthwheel.connect.enrolment import Registrar
from fifthwheel.connect.gateway import Gateway
from fifthwheel.connect.journal.segments import Journal
from fifthwheel.connect.limits import Limits
from fifthwheel.connect.pipeline import Pipeline
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records import Records

START_US = 1_760_000_000_000_000
ITEMS = bytes.fromhex("0104000026C502020FA00302032025040000001030011F31010C")


def now_us() -> int:
    return time.time_ns() // 1000


# The gateway's side


def serve(root: Path, *, core: int | None, pipeline: bool, commit_interval_s: float) -> None:
    """Run the gateway (and the pipeline in a thread, as `fifthwheel up` does) until SIGTERM; print its port."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    records = Records.open(f"sqlite:///{root / 'records.sqlite'}")
    journal = Journal(root / "journal")
    stop = Event()
    worker = Thread(target=lambda: None)
    if pipeline:
        writer = LakeWriter(root / "lake")
        behind = Pipeline(journal, writer, records, now_us=now_us, commit_interval_s=commit_interval_s)
        worker = Thread(target=behind.run, args=(stop,))
    worker.start()
    registrar = Registrar(records, now_us=now_us)

    async def run() -> None:
        gateway = Gateway(journal, registrar, Limits(logins_per_identity_per_min=10_000), now_us=now_us)
        asked = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
        ports = await gateway.start("127.0.0.1", {"jt808": 0})
        print(json.dumps(ports), flush=True)
        await asked.wait()
        await gateway.close()
        print(json.dumps(gateway.stats()), flush=True)

    asyncio.run(run())
    stop.set()
    worker.join()
    journal.close()
    records.close()


@contextmanager
def served(root: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The gateway in a process of its own, and its port; ended by SIGTERM unless it is dead already."""
    command = [sys.executable, str(Path(__file__)), "--serve", str(root), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, int(json.loads(process.stdout.readline())["jt808"])
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait()


# The load's side


class Positions:
    """Endless 0x0200 frames of one terminal, a second apart, made a window at a time; each is unique by its device time."""

    def __init__(self, phone: str, shape: Callable[[NDArray[np.uint8], NDArray[np.int64]], None] | None = None) -> None:
        fix = bytes.fromhex("00000000 00000003 01D9A1C0 0719F7E0 001E 0258 005A 250101000000")
        head = bytes.fromhex(f"0200{len(fix + ITEMS):04X}{phone}0000")
        self._row = np.frombuffer(head + fix + ITEMS, np.uint8)
        self._shape = shape
        self._next = 0

    def take(self, count: int) -> list[bytes]:
        """The next `count` frames as on the wire."""
        number = np.arange(self._next, self._next + count)
        self._next += count
        rows = np.tile(self._row, (count, 1))
        rows[:, 10], rows[:, 11] = number >> 8 & 0xFF, number & 0xFF
        rows[:, 34:40] = _bcd(START_US // 1_000_000 + number)
        if self._shape:
            self._shape(rows, number)
        data = np.column_stack([rows, np.bitwise_xor.reduce(rows, axis=1)]).tobytes()
        size = rows.shape[1] + 1
        return [_wrapped(data[at : at + size]) for at in range(0, len(data), size)]


def _bcd(seconds: NDArray[np.int64]) -> NDArray[np.uint8]:
    """YYMMDDhhmmss in UTC+8, shape (n, 6)."""
    local = (seconds + 8 * 3600).astype("datetime64[s]")
    month = local.astype("datetime64[M]")
    parts = [month.astype(np.int64) // 12 - 30, month.astype(np.int64) % 12 + 1]
    parts.append((local.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64) + 1)
    clock = (seconds + 8 * 3600) % 86400
    parts += [clock // 3600, clock // 60 % 60, clock % 60]
    return np.stack([part // 10 << 4 | part % 10 for part in parts], axis=1).astype(np.uint8)


def _wrapped(data: bytes) -> bytes:
    return b"\x7e" + data.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


class Terminal(asyncio.Protocol):
    """One terminal: authenticates, then keeps `window` frames in flight and verifies every acknowledgement."""

    def __init__(self, phone: str, window: int) -> None:
        self.phone, self.window = phone, window
        self.positions = Positions(phone)
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.acknowledged = 0
        self.running = False
        self._cutter = Cutter()
        self._waiting = 0
        self._expected = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(build(Frame(0x0102, self.phone, 0, f"code of {self.phone}".encode())))

    def data_received(self, data: bytes) -> None:
        answers = [parse(item) for item in self._cutter.feed(data)] if not self.running else None
        if answers is not None:
            assert answers[0].body[-1] == 0, answers
            self.ready.set_result(None)
            self.running = True
            return
        self._verify(self._cutter.feed(data))
        if self._waiting == 0:
            self.send()

    def send(self) -> None:
        """Send the next window in one write."""
        self._waiting = self.window
        self.transport.write(b"".join(self.positions.take(self.window)))

    def _verify(self, answers: list[bytes]) -> None:
        plain = b"".join(a[1:-1].replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d") for a in answers)
        rows = np.frombuffer(plain, np.uint8).reshape(-1, 18)
        serials = rows[:, 12].astype(np.int64) << 8 | rows[:, 13]
        right = (serials == (np.arange(self._expected, self._expected + len(rows)) & 0xFFFF)).all()
        assert right, "an acknowledgement is missing or out of order"
        assert not np.bitwise_xor.reduce(rows, axis=1).any(), "checksum"
        assert (rows[:, [0, 1, 14, 15, 16]] == [0x80, 0x01, 0x02, 0x00, 0]).all(), "not an acknowledgement with result 0"
        self._expected += len(rows)
        self.acknowledged += len(rows)
        self._waiting -= len(rows)


async def measure(port: int, connections: int, window: int, seconds: float) -> tuple[float, int]:
    """Acknowledged frames a second over `seconds`, after a second of warming up; and all that were acknowledged."""
    loop = asyncio.get_running_loop()
    terminals = [Terminal(f"{13_800_000_000 + number:012d}", window) for number in range(connections)]
    for terminal in terminals:
        await loop.create_connection(lambda terminal=terminal: terminal, "127.0.0.1", port)
    await asyncio.gather(*(terminal.ready for terminal in terminals))
    for terminal in terminals:
        terminal.send()
    await asyncio.sleep(1)
    before, began = sum(t.acknowledged for t in terminals), time.perf_counter()
    await asyncio.sleep(seconds)
    count, took = sum(t.acknowledged for t in terminals) - before, time.perf_counter() - began
    for terminal in terminals:
        terminal.transport.abort()
    return count / took, sum(t.acknowledged for t in terminals)


def stored(root: Path) -> int:
    """Frames in the journal, each read back and checked."""
    journal, after, count = Journal(root), -1, 0
    while entries := journal.read(after, 10_000):
        after, count = entries[-1].offset, count + len(entries)
    journal.close()
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--window", type=int, default=64, help="frames in flight a connection")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pipeline", action="store_true", help="decode into the lake in the same process meanwhile")
    parser.add_argument("--commit-interval", type=float, default=5.0, help=argparse.SUPPRESS)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--core", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, core=options.core, pipeline=options.pipeline, commit_interval_s=options.commit_interval)
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with tempfile.TemporaryDirectory() as folder:
        extra = ["--pipeline"] if options.pipeline else []
        with served(Path(folder), "--core", str(cores[0]), *extra) as (_, port):
            rate, acknowledged = asyncio.run(measure(port, options.connections, options.window, options.seconds))
        assert stored(Path(folder) / "journal") >= acknowledged, "an acknowledged frame is not in the journal"
    what = "stored and acknowledged" + (" while decoding into the lake" if options.pipeline else "")
    print(f"| frames {what}, one core, {options.connections} connections | {rate:,.0f} /s |")


if __name__ == "__main__":
    main()
