"""A CAN log into the lake: recognise, cut into batches, decode, put into rows, write with the position reached.

A log is one stream (``import:`` and the SHA-256 of its bytes) whose offset is the byte position, so a second import of the same
file adds nothing, and one that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from fifthwheel.codec.j1939.frame import CanFrames
from fifthwheel.codec.observed import Fault
from fifthwheel.connect.importers import bus_logs, candump, mdf
from fifthwheel.connect.importers.candump import Block
from fifthwheel.connect.importers.dbc import compile_dbc
from fifthwheel.connect.importers.decoding import Decoded, LogDecoder
from fifthwheel.connect.importers.rows import Rows
from fifthwheel.errors import InputError
from fifthwheel.lake.schema import FAULTS, QUARANTINE
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records.entities import Coupling
from fifthwheel.signals.observations import Integers, Observations
from fifthwheel.units import SECOND_US

_log = logging.getLogger(__name__)
RASTER_US: Final = 100_000
BATCH_FRAMES: Final = 1_000_000
BLOCK_BYTES: Final = 1 << 22
WIRE: Final = "j1939"
_RELATIVE_BELOW_US: Final = 100_000_000 * SECOND_US
"""A log whose clock is before March 1973 counts from its own start."""
_TAIL_BYTES: Final = 1 << 16
_ACCEPTED: Final = "candump text, MDF4 (.mf4), Vector .asc and .blf, PCAN .trc, python-can .csv"

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import found and stored.

    Attributes
    ----------
    frames, decoded : J1939 frames read; those of a known group.
    rows : rows of observations written, 0 when all of them were there already.
    signals : values kept, by signal (before the raster); sources : "EEC1 from 0", by signal.
    pgns_unknown : frames of groups that neither we nor the DBC know, by PGN.
    faults : codes that were active at some time; vin : '' when the log has none.
    first_us, last_us : time of the first and last frame; None in a log without frames.
    rejects : unreadable lines; skipped : readable ones that are no J1939 data, by kind.
    outside : implausible values dropped, by signal; unfinished : transfers that never completed, by reason.
    dbc_left_out : signals of the DBC that have no place in the signal catalogue, and why.
    already : the whole file had been imported before; nothing was added.
    """

    frames: int
    decoded: int
    rows: int
    signals: Mapping[str, int]
    sources: Mapping[str, str]
    pgns_unknown: Mapping[int, int]
    faults: tuple[str, ...]
    vin: str
    first_us: int | None
    last_us: int | None
    rejects: int
    skipped: Mapping[str, int]
    outside: Mapping[str, int]
    unfinished: Mapping[str, int]
    dbc_left_out: Mapping[str, str]
    already: bool


def import_log(
    path: Path,
    *,
    vehicle_id: str,
    writer: LakeWriter,
    dbc: Sequence[Path] = (),
    names: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    base_time_us: int | None = None,
    received_us: int | None = None,
    raster_us: int = RASTER_US,
    couplings: Sequence[Coupling] = (),
) -> ImportReport:
    """Import a CAN log of `vehicle_id`.

    Parameters
    ----------
    dbc, names : a user's DBC files, and DBC signal -> catalogue signal for those that carry no SPN.
    base_time_us : UTC of the first frame. Without it the log's own clock holds; one that counts from its start is taken to have
        ended when the file was last changed.
    received_us : when the file came to us; the log's own time without it.
    raster_us : values are kept per cell of this width (the last one); 1 keeps every value at its own time.
    couplings : dated couplings of the vehicle, for the trailer of each row.

    Raises
    ------
    InputError : no readable file of an accepted format, or an unreadable DBC.
    StorageError : the lake could not commit; importing again goes on from the last commit.
    """
    if raster_us < 1:
        raise InputError(f"raster {raster_us} µs; accepted is 1 µs or more")
    blocks = open_log(path)
    compiled = compile_dbc(dbc, names)
    size = path.stat().st_size
    decoder = LogDecoder(compiled.parameters, raster_us=raster_us)
    sink = _Sink(vehicle_id=vehicle_id, writer=writer, stream=_stream(path), received_us=received_us, couplings=tuple(couplings))
    already = sink.reached("observations") >= size
    rejects, skipped, span = 0, Counter[str](), _Span()
    for block in _batches(_dated(blocks, path, base_time_us)):
        decoded = decoder.take(block.frames)
        rejects += len(block.rejects)
        skipped += block.skipped
        span.widen(block.frames.time_us)
        sink.write(block, decoded, since_us=span.first_us or 0)
        if progress:
            progress(block.end, size)
    sink.close(size)
    _log.info("%s: %d frames, %d rows of %s", path.name, decoder.frames, sink.rows, vehicle_id)
    return ImportReport(
        frames=decoder.frames,
        decoded=decoder.decoded,
        rows=sink.rows,
        signals=dict(sorted(decoder.signals.items())),
        sources={name: f"{p.message} from {source}" for name, (p, source) in sorted(decoder.chooser.chosen.items())},
        pgns_unknown=decoder.unknown,
        faults=tuple(decoder.faults.seen),
        vin=decoder.vin,
        first_us=span.first_us,
        last_us=span.last_us,
        rejects=rejects,
        skipped=dict(skipped),
        outside=dict(decoder.outside),
        unfinished=dict(decoder.assembler.dropped),
        dbc_left_out=compiled.left_out,
        already=already,
    )


def open_log(path: Path) -> Iterator[Block]:
    """Blocks of a log whose format is told by its first bytes, else by its suffix.

    Raises
    ------
    InputError : no such file, empty, or not of an accepted format.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if head.startswith((b"MDF     ", b"UnFinMF ")):
        return iter([mdf.read(path)])
    if candump.looks_like(head):
        return candump.read(path, block_bytes=BLOCK_BYTES)
    if path.suffix.lower() in bus_logs.SUFFIXES:
        return iter([bus_logs.read(path)])
    raise InputError(f"{path.name}: not a CAN log that is known here; accepted: {_ACCEPTED}")


def _stream(path: Path) -> str:
    with path.open("rb") as file:
        return f"import:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _dated(blocks: Iterator[Block], path: Path, base_time_us: int | None) -> Iterator[Block]:
    """Blocks with times in UTC."""
    shift: int | None = None
    for block in blocks:
        if shift is None and len(block.frames):
            shift = _shift(block.frames.time_us, path, base_time_us)
        yield replace(block, frames=replace(block.frames, time_us=block.frames.time_us + (shift or 0)))


def _shift(time_us: Integers, path: Path, base_time_us: int | None) -> int:
    """What to add to the times of a log whose first block has `time_us`."""
    first = int(time_us[0])
    if base_time_us is not None:
        return base_time_us - first
    if first >= _RELATIVE_BELOW_US:
        return 0
    stat = path.stat()
    with path.open("rb") as file:
        file.seek(max(stat.st_size - _TAIL_BYTES, 0))
        end = candump.parse(file.read()).frames.time_us
    return stat.st_mtime_ns // 1000 - int(end[-1] if len(end) else time_us[-1])


def _batches(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks joined until a batch is worth a commit."""
    waiting: list[Block] = []
    for block in blocks:
        waiting.append(block)
        if sum(len(part.frames) + len(part.rejects) for part in waiting) >= BATCH_FRAMES:
            yield _join(waiting)
            waiting = []
    if waiting:
        yield _join(waiting)


def _join(blocks: list[Block]) -> Block:
    return Block(
        frames=CanFrames.concat([block.frames for block in blocks]),
        end=blocks[-1].end,
        skipped=sum((block.skipped for block in blocks), Counter()),
        rejects=tuple(reject for block in blocks for reject in block.rejects),
    )


@dataclass(slots=True)
class _Span:
    first_us: int | None = None
    last_us: int | None = None

    def widen(self, time_us: Integers) -> None:
        if len(time_us):
            low, high = int(time_us.min()), int(time_us.max())
            self.first_us = low if self.first_us is None else min(self.first_us, low)
            self.last_us = high if self.last_us is None else max(self.last_us, high)


@dataclass(slots=True, kw_only=True)
class _Sink:
    """Writes batches to the lake, each table only beyond what it has of the stream."""

    vehicle_id: str
    writer: LakeWriter
    stream: str
    received_us: int | None
    couplings: tuple[Coupling, ...]
    rows: int = 0
    _offsets: dict[str, int] = field(default_factory=dict)

    def reached(self, table: str) -> int:
        """Byte position up to which `table` has the stream."""
        if table not in self._offsets:
            self._offsets[table] = self.writer.offset(table, self.stream)
        return self._offsets[table]

    def write(self, block: Block, decoded: Decoded, *, since_us: int) -> None:
        """Observations go last: their offset says that the batch is in."""
        self._append("quarantine", self._quarantine(block, decoded, self.received_us or since_us), block.end)
        self._append("faults", self._faults(decoded.faults), block.end)
        if self.reached("observations") < block.end:
            rows = Observations.concat(self._observations(rows) for rows in decoded.rows)
            self.rows += len(rows)
            self._append("observations", rows.table, block.end)

    def close(self, size: int) -> None:
        """Say that the whole file is in, also when its end held nothing."""
        if self.reached("observations") < size:
            self._commit("observations", Observations.concat([]).table, size)

    def _append(self, table: str, data: pa.Table, offset: int) -> None:
        if len(data) and self.reached(table) < offset:
            self._commit(table, data, offset)

    def _commit(self, table: str, data: pa.Table, offset: int) -> None:
        self.writer.append(table, data, stream=self.stream, offset=offset)
        self._offsets[table] = offset

    def _observations(self, rows: Rows) -> Observations:
        return Observations.of(
            rows.values,
            vehicle_id=self.vehicle_id,
            time_us=rows.time_us,
            source=WIRE,
            received_us=self.received_us,
            trailer_id=self._trailers(rows.time_us),
        )

    def _trailers(self, time_us: Integers) -> pa.Array | None:
        mine = [coupling for coupling in self.couplings if coupling.tractor_id == self.vehicle_id]
        if not mine:
            return None
        trailers = np.full(len(time_us), None, object)
        for coupling in mine:
            end_us = np.iinfo(np.int64).max if coupling.end_us is None else coupling.end_us
            trailers[(time_us >= coupling.start_us) & (time_us < end_us)] = coupling.trailer_id
        return pa.array(trailers, pa.string())

    def _faults(self, faults: Sequence[Fault]) -> pa.Table:
        records = [
            {
                "vehicle_id": self.vehicle_id,
                "time_us": fault.time_us,
                "received_us": self.received_us or fault.time_us,
                "source": WIRE,
                "code": fault.code,
                "active": fault.active,
            }
            for fault in faults
        ]
        return pa.Table.from_pylist(records, schema=FAULTS)

    def _quarantine(self, block: Block, decoded: Decoded, received_us: int) -> pa.Table:
        told = [(reject.reason, reject.detail, reject.data) for reject in block.rejects]
        told += [("range", said, b"") for said in decoded.outside]
        records = [
            {
                "received_us": received_us,
                "wire": WIRE,
                "identity": self.vehicle_id,
                "reason": reason,
                "detail": said,
                "frame": data,
            }
            for reason, said, data in told
        ]
        return pa.Table.from_pylist(records, schema=QUARANTINE)
