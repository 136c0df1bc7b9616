"""Frames a second from candump text to the lake, one core, against cantools decoding the same frames one by one.

    python benchmarks/import_candump.py [LOG] [--frames 1000000]

`LOG` (default: the Kenworth log of the reference data) is repeated, with its times moved on, to the number of frames wanted.
The peer gets more than its share: its frames are parsed already, only messages in its DBC count, and it does no transfers, no
faults, no "not available", no rows and no lake.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from fifthwheel.codec.j1939.decode import Table, transfers
from fifthwheel.codec.j1939.frame import Assembler, CanFrames
from fifthwheel.codec.j1939.messages import parameters
from fifthwheel.connect.importers import candump
from fifthwheel.connect.importers.importer import BLOCK_BYTES, import_log
from fifthwheel.lake.writer import LakeWriter

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data"))


def repeated(source: Path, target: Path, n_frames: int) -> int:
    """Write `source` again and again with rising times; returns the number of frames."""
    (block,) = candump.read(source, block_bytes=1 << 30)
    lines = [line.split(b")", 1)[1] for line in source.read_bytes().splitlines()]
    times = (block.frames.time_us - block.frames.time_us[0]).tolist()
    rounds = -(-n_frames // len(lines))
    with target.open("wb") as out:
        for turn in range(rounds):
            shift = turn * (times[-1] + 1_000)
            out.writelines(b" (%010.6f)%b\n" % ((t + shift) / 1e6, line) for t, line in zip(times, lines, strict=True))
    return rounds * len(lines)


def timed(work: Callable[[], Any], *, rounds: int = 3) -> tuple[float, Any]:
    """Best time of `rounds`, and the last result."""
    best, result = float("inf"), None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def dbc_text() -> str:
    """Our own table as a DBC, so that the peer decodes the same signals."""
    out = ['VERSION ""', "NS_ :", "BS_:", "BU_: ECU"]
    pgns = dict.fromkeys(p.pgn for p in parameters() if not p.signed and p.start + p.bits <= 64)
    for pgn in pgns:
        out.append(f"BO_ {(1 << 31) | (6 << 26) | (pgn << 8) | 0xFE} P{pgn}: 8 ECU")
        for i, p in enumerate(p for p in parameters() if p.pgn == pgn and p.start + p.bits <= 64):
            out.append(f' SG_ S{i} : {p.start}|{p.bits}@1+ ({p.scale:.10g},{p.offset:.10g}) [0|0] "" ECU')
    return "\n".join(out) + "\n"


def peer(frames: CanFrames) -> tuple[float, int]:
    """cantools, message found by PGN, one `decode` a frame."""
    import cantools.database

    database: Any = cantools.database.load_string(dbc_text(), "dbc")
    by_pgn = {message.frame_id >> 8 & 0x3FFFF: message for message in database.messages}
    pgns, data = frames.pgn.tolist(), [row.tobytes() for row in frames.data]

    def work() -> int:
        decoded = 0
        for pgn, payload in zip(pgns, data, strict=True):
            message = by_pgn.get(pgn)
            if message is not None:
                message.decode(payload, decode_choices=False)
                decoded += 1
        return decoded

    return timed(work)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("log", nargs="?", type=Path, default=DATA / "can" / "csu_KWTruck.txt")
    options.add_argument("--frames", type=int, default=1_000_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.txt"
        n = repeated(chosen.log, path, chosen.frames)
        read_s, blocks = timed(lambda: list(candump.read(path, block_bytes=BLOCK_BYTES)))
        frames = CanFrames.concat([block.frames for block in blocks])
        table = Table(parameters())
        decode_s, columns = timed(lambda: list(table.columns(frames)))
        join_s, joined = timed(lambda: transfers(frames, Assembler()))
        lakes = (LakeWriter(Path(folder) / f"lake{i}") for i in count())
        whole_s, told = timed(lambda: import_log(path, vehicle_id="bench", writer=next(lakes)))
        peer_s, peer_n = peer(frames)
    values = sum(len(column.values) for column in columns)
    print(f"{n:,} frames of {chosen.log.name}, {os.cpu_count()} cores; best of three, each on one thread of Python")
    print(f"read text                    {n / read_s:12,.0f} frames/s")
    print(f"decode columns               {n / decode_s:12,.0f} frames/s   {values:,} values")
    print(f"join transfers               {n / join_s:12,.0f} frames/s   {len(joined):,} joined")
    print(
        f"import, text to lake         {n / whole_s:12,.0f} frames/s   {told.rows:,} rows, {sum(told.signals.values()):,} values"
    )
    print(f"cantools, decode only        {n / peer_s:12,.0f} frames/s   {peer_n:,} of a known group")
    print(f"import / cantools            {peer_s / whole_s:12.1f} x")
    print(f"decode / cantools            {peer_s / decode_s:12.1f} x")


if __name__ == "__main__":
    main()
