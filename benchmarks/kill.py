"""Kill -9 the gateway and pipeline under load, again and again; then every acknowledged frame is in the lake exactly once.

    python benchmarks/kill.py [--kills 20] [--terminals 20] [--window 50]

Terminals keep what was not acknowledged and send the same bytes again after they reconnect. Some frames carry an alarm
and some a value out of range, so that the commits of all three tables are torn apart. Observations and faults are then
counted: ``lost`` were acknowledged and are missing, ``doubled`` are in more than once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter, deque
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import numpy as np
from gateway import START_US, Positions, served
from numpy.typing import NDArray

from fifthwheel.codec.jt808.frame import Cutter, Frame, build, parse
from fifthwheel.lake.query import LakeReader
from fifthwheel.units import SECOND_US

ALARM_EVERY, RANGE_EVERY = 7, 11


def _shaped(rows: NDArray[np.uint8], number: NDArray[np.int64]) -> None:
    """An alarm in some frames, an impossible speed in others."""
    rows[number % ALARM_EVERY == 0, 15] = 1
    rows[number % RANGE_EVERY == 0, 30] = 0xFF


@dataclass
class Tally:
    """What the load saw and what the lake holds in the end."""

    kills: int
    sent: int
    acknowledged: int
    resent: int
    lost: int
    doubled: int
    faults_lost: int
    faults_doubled: int


class Terminal:
    """A terminal that forgets a frame only when it is acknowledged."""

    def __init__(self, phone: str, window: int) -> None:
        self.phone, self.window = phone, window
        self.positions = Positions(phone, _shaped)
        self.kept: deque[bytes] = deque()
        self.acknowledged = self.resent = self.sent = 0
        self.port = 0
        self.finish = False

    async def run(self) -> None:
        """Live until `finish` is set and everything is acknowledged."""
        while not (self.finish and not self.kept):
            with suppress(OSError, EOFError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    await self._session(reader, writer)
                finally:
                    writer.close()
            await asyncio.sleep(0.02)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cutter = Cutter()
        writer.write(build(Frame(0x0102, self.phone, 0, f"code of {self.phone}".encode())))
        if (await self._answers(reader, cutter))[0].body[-1] != 0:
            return
        self.resent += len(self.kept)
        writer.write(b"".join(self.kept))
        while not (self.finish and not self.kept):
            if len(self.kept) < self.window and not self.finish:
                new = self.positions.take(self.window - len(self.kept))
                self.sent += len(new)
                self.kept.extend(new)
                writer.write(b"".join(new))
            for answer in await self._answers(reader, cutter):
                frame = parse(self.kept.popleft())
                assert answer.body == frame.serial.to_bytes(2, "big") + b"\x02\x00\x00", answer
                self.acknowledged += 1

    async def _answers(self, reader: asyncio.StreamReader, cutter: Cutter) -> list[Frame]:
        while True:
            data = await reader.read(65536)
            if not data:
                raise EOFError
            if items := cutter.feed(data):
                return [parse(item) for item in items if isinstance(item, bytes)]


async def load(root: Path, kills: int, terminals: list[Terminal], random: Random) -> None:
    """Kill the gateway `kills` times under load, then let everything be acknowledged and stop it in order."""
    tasks: list[asyncio.Task[None]] = []
    for life in range(kills + 1):
        with served(root, "--pipeline", "--commit-interval", "0.2") as (process, port):
            for terminal in terminals:
                terminal.port = port
            tasks = tasks or [asyncio.create_task(terminal.run()) for terminal in terminals]
            before = sum(terminal.acknowledged for terminal in terminals)
            while sum(terminal.acknowledged for terminal in terminals) < before + 500:  # noqa: ASYNC110 - terminals do not know of each other
                await asyncio.sleep(0.01)
            if life < kills:
                await asyncio.sleep(random.uniform(0.0, 1.5))
                process.kill()
            else:
                for terminal in terminals:
                    terminal.finish = True
                await asyncio.gather(*tasks)


def tally(root: Path, terminals: list[Terminal], kills: int) -> Tally:
    """Count what was acknowledged against what is in the lake."""
    reader = LakeReader(root / "lake")
    rows = reader.observations(signals=[]).table
    seen = Counter(zip(rows.column("vehicle_id").to_pylist(), rows.column("time_us").to_pylist(), strict=True))
    alarms = reader.faults()
    faults = Counter(zip(alarms.column("vehicle_id").to_pylist(), alarms.column("time_us").to_pylist(), strict=True))
    names = {terminal.phone.lstrip("0"): terminal.sent for terminal in terminals}
    told = [(name, START_US + number * SECOND_US, number) for name, sent in names.items() for number in range(sent)]
    alarmed = [(name, at) for name, at, number in told if number % ALARM_EVERY == 0]
    return Tally(
        kills=kills,
        sent=sum(names.values()),
        acknowledged=sum(terminal.acknowledged for terminal in terminals),
        resent=sum(terminal.resent for terminal in terminals),
        lost=sum(seen[name, at] == 0 for name, at, _ in told),
        doubled=sum(count - 1 for count in seen.values()),
        faults_lost=sum(faults[key] == 0 for key in alarmed),
        faults_doubled=sum(count - 1 for count in faults.values()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--terminals", type=int, default=20)
    parser.add_argument("--window", type=int, default=50, help="frames in flight a terminal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    terminals = [Terminal(f"{13_900_000_000 + number:012d}", options.window) for number in range(options.terminals)]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(load(Path(folder), options.kills, terminals, Random(options.seed)))
        result = tally(Path(folder), terminals, options.kills)
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        what = f"{result.kills} kills under load ({result.acknowledged:,} frames, {result.resent:,} sent again)"
        lost, doubled = result.lost + result.faults_lost, result.doubled + result.faults_doubled
        print(f"| acknowledged frames lost or doubled over {what} | {lost} lost, {doubled} doubled |")


if __name__ == "__main__":
    main()
