"""From the journal to the lake, through one ordered list of stages; every lake commit carries the journal's offset."""

from __future__ import annotations

import logging
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fifthwheel.codec.gbt32960.decode import observe as observe_gbt32960
from fifthwheel.codec.hj1239.decode import observe as observe_hj1239
from fifthwheel.codec.jt808.decode import observe as observe_jt808
from fifthwheel.codec.jt808.frame import Joiner, build, parse
from fifthwheel.codec.observed import Block
from fifthwheel.connect.journal import STREAM, Entry, Log
from fifthwheel.connect.stages import (
    Batch,
    Couple,
    Decode,
    Identify,
    Observe,
    Refused,
    Repetitions,
    Stage,
    Window,
    clock,
    quality,
    refusals,
)
from fifthwheel.errors import FifthwheelError, FrameError, StorageError
from fifthwheel.lake.schema import table_schema
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records import Records
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US

_log = logging.getLogger(__name__)
OBSERVERS: Final[Mapping[str, Observe]] = {"jt808": observe_jt808, "gbt32960": observe_gbt32960, "hj1239": observe_hj1239}
TABLES: Final = ("faults", "quarantine", "observations")
"""Order of the commits: observations come last, so what they contain is in the other two as well."""
_DECODER_BUGS: Final = (FifthwheelError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, struct.error)
_POLL_S: Final = 0.02
_RETRY_S: Final = 1.0


class Pipeline:
    """Reads the journal behind the lake's offset and keeps the lake up with it; run it in one thread of its own.

    Parameters
    ----------
    journal, writer, records : the stores it joins.
    now_us : the clock, UTC microseconds; it only times the commits.
    on_observations : told every new batch at once, before the lake has it.
    on_commit : told the rows of every commit of observations, once the lake has them.
    observers : the decoder of each wire.
    commit_interval_s : longest wait of a row for its commit, s.
    commit_rows : rows that make a commit due at once.
    batch_frames : frames decoded together.
    window_bytes : journal behind the lake's offset that is read again at a start, to know repetitions across a restart.
    window_marks : fingerprints of frames and rows kept in memory.
    """

    def __init__(
        self,
        journal: Log,
        writer: LakeWriter,
        records: Records,
        *,
        now_us: Callable[[], int],
        on_observations: Callable[[Observations], None] | None = None,
        on_commit: Callable[[Observations], None] | None = None,
        observers: Mapping[str, Observe] = OBSERVERS,
        commit_interval_s: float = 5.0,
        commit_rows: int = 200_000,
        batch_frames: int = 5_000,
        window_bytes: int = 32 << 20,
        window_marks: int = 500_000,
    ) -> None:
        self._journal, self._writer = journal, writer
        self._now_us, self._on_observations, self._on_commit = now_us, on_observations, on_commit
        self._interval_us, self._commit_rows, self._batch_frames = int(commit_interval_s * SECOND_US), commit_rows, batch_frames
        self._window_bytes = window_bytes
        self._window = Window(window_marks)
        repetitions = Repetitions(self._window)
        self.stages: tuple[Stage, ...] = (
            refusals,
            repetitions.drop_frames,
            Decode(observers).decode,
            repetitions.drop_rows,
            quality,
            clock,
            Identify(records).identify,
            Couple(records).couple,
        )
        in_lake = writer.offset("observations", STREAM)
        if in_lake > journal.durable:
            raise StorageError(f"the lake holds the journal up to {in_lake}, but it ends at {journal.durable}; it was lost")
        self._stored = {table: max(writer.offset(table, STREAM), in_lake) for table in TABLES}
        self._live_after = in_lake
        self._position = journal.rewind(in_lake, window_bytes)
        self._joiner = Joiner()
        self._read: tuple[int, list[Entry]] | None = None
        self._waiting: dict[str, list[tuple[NDArray[np.int64], pa.Table]]] = {table: [] for table in TABLES}
        self._due_us = 0
        self._counts: Counter[str] = Counter()

    @property
    def lag_bytes(self) -> int:
        """Journal that is durable and not yet decoded."""
        return self._journal.durable - self._position

    def counts(self) -> dict[str, int]:
        """Frames read, rows, faults and refusals (by reason) since the start."""
        return dict(self._counts)

    def run(self, stop: Event) -> None:
        """Work until `stop` is set, then commit what is left."""
        while not stop.is_set():
            try:
                if not self.run_once():
                    stop.wait(_POLL_S)
            except StorageError:
                _log.exception("pipeline: a store failed; nothing is lost, trying again in %s s", _RETRY_S)
                stop.wait(_RETRY_S)
        while self.run_once():
            pass
        self.flush()

    def run_once(self) -> int:
        """Commit when that is due, then take the next batch through the stages; how many frames it had.

        Raises
        ------
        StorageError : a store failed; calling again continues with the same batch.
        """
        if self._is_due():
            self.flush()
        if self._read is None:
            entries = self._journal.read(self._position, self._batch_frames)
            if not entries:
                return 0
            self._read = (entries[-1].offset, self._joined(entries))
        end, entries = self._read
        try:
            done = [one for wire in dict.fromkeys(e.wire for e in entries) for one in self._taken(wire, entries)]
        except StorageError:
            self._window.undo()
            raise
        self._window.settle()
        self._position, self._read = end, None
        for batch in done:
            self._deliver(batch)
        return len(entries)

    def flush(self) -> None:
        """Commit every waiting row, each table once.

        Raises
        ------
        StorageError : a commit failed; the rows keep waiting, and those that did get in are not repeated.
        """
        moved = self._position - self._stored["observations"] > self._window_bytes
        for table in TABLES:
            rows = self._fresh(table)
            if len(rows) or (moved and table == "observations"):
                moved = True
                self._writer.append(table, rows, stream=STREAM, offset=self._position)
                self._stored[table] = self._position
            self._waiting[table] = []
            if table == "observations" and len(rows) and self._on_commit is not None:
                self._on_commit(Observations(rows))
        self._due_us = 0

    def tidy(self, before_us: int) -> int:
        """Forget journal segments that no restart needs and that were last written before `before_us`; how many."""
        return self._journal.forget(self._journal.rewind(self._stored["observations"], self._window_bytes), before_us)

    def _is_due(self) -> bool:
        rows = sum(len(table) for _, table in self._waiting["observations"])
        late = self._due_us and self._now_us() >= self._due_us
        return bool(rows >= self._commit_rows or late or self._position - self._stored["observations"] > self._window_bytes)

    def _fresh(self, table: str) -> pa.Table:
        """Waiting rows that the lake does not have, in one table."""
        parts = self._waiting[table]
        if not parts:
            return table_schema(table).empty_table()
        rows = pa.concat_tables([part for _, part in parts], promote_options="permissive")
        return rows.filter(pa.array(np.concatenate([offsets for offsets, _ in parts]) > self._stored[table]))

    def _joined(self, entries: Sequence[Entry]) -> list[Entry]:
        """`entries` with each run of JT/T 808 sub-packages replaced by the message they make, where its last one stood."""
        out = []
        for entry in entries:
            head = entry.frame[:4]
            if entry.wire != "jt808" or entry.refusal or not (len(head) == 4 and (head[3] & 0x20 or 0x7D in head)):
                out.append(entry)
                continue
            try:
                frame = parse(entry.frame)
                whole = self._joiner.add(frame, entry.received_us)
                if whole is not None:
                    out.append(entry if whole is frame else entry._replace(frame=build(whole)))
            except FrameError as error:
                out.append(entry._replace(refusal=str(error)))
        self._joiner.expire(entries[-1].received_us)
        return out

    def _taken(self, wire: str, entries: Sequence[Entry]) -> list[Batch]:
        """The frames of `wire` through all stages; a frame that breaks a stage is found by halving and refused alone."""
        own = [entry for entry in entries if entry.wire == wire]
        batch = Batch(wire=wire, entries=own)
        try:
            for stage in self.stages:
                batch = stage(batch)
        except StorageError:
            raise
        except _DECODER_BUGS as error:
            if len(own) > 1:
                middle = len(own) // 2
                return [*self._taken(wire, own[:middle]), *self._taken(wire, own[middle:])]
            _log.exception("pipeline: a %s frame of %d bytes broke a stage", wire, len(own[0].frame))
            broken = Refused(entry=own[0], identity="", reason="decoder error", detail=f"{type(error).__name__}: {error}")
            return [Batch(wire=wire, entries=(), refused=(broken,))]
        self._window.add(batch.marks)
        return [batch]

    def _deliver(self, batch: Batch) -> None:
        """Rows of a finished batch to those who listen and to the waiting commits."""
        offsets = np.array([entry.offset for entry in batch.entries], np.int64)
        live = []
        for block, trailers in zip(batch.blocks, batch.trailers, strict=True):
            table, at = _observations(batch, block, trailers).table, offsets[block.frame]
            self._wait("observations", at, table)
            live.append(Observations(table.filter(pa.array(at > self._live_after))))
        self._wait("faults", offsets[np.array([fault.frame for fault in batch.faults], np.int64)], _faults(batch))
        self._wait("quarantine", np.array([one.entry.offset for one in batch.refused], np.int64), _quarantine(batch))
        self._counts.update(one.reason for one in batch.refused)
        self._counts["frames"] += len(batch.entries)
        rows = Observations.concat(live)
        if len(rows) and self._on_observations is not None:
            self._on_observations(rows)

    def _wait(self, table: str, offsets: NDArray[np.int64], rows: pa.Table) -> None:
        if offsets.max(initial=-1) > self._stored[table]:
            self._waiting[table].append((offsets, rows))
            self._due_us = self._due_us or self._now_us() + self._interval_us


def _observations(batch: Batch, block: Block, trailers: NDArray[np.object_]) -> Observations:
    received = np.array([entry.received_us for entry in batch.entries], np.int64)
    return Observations.of(
        block.values,
        vehicle_id=pa.array(np.array(batch.vehicle, np.object_)[block.frame], pa.string()),
        time_us=block.time_us,
        source=batch.wire,
        received_us=received[block.frame],
        trailer_id=pa.array(trailers, pa.string()),
    )


def _faults(batch: Batch) -> pa.Table:
    columns = {
        "vehicle_id": [batch.vehicle[fault.frame] for fault in batch.faults],
        "time_us": [fault.time_us for fault in batch.faults],
        "received_us": [batch.entries[fault.frame].received_us for fault in batch.faults],
        "source": [batch.wire] * len(batch.faults),
        "code": [fault.code for fault in batch.faults],
        "active": [fault.active for fault in batch.faults],
    }
    return pa.table(columns, schema=table_schema("faults"))


def _quarantine(batch: Batch) -> pa.Table:
    columns = {
        "received_us": [one.entry.received_us for one in batch.refused],
        "wire": [one.entry.wire for one in batch.refused],
        "identity": [one.identity for one in batch.refused],
        "reason": [one.reason for one in batch.refused],
        "detail": [one.detail for one in batch.refused],
        "frame": [one.entry.frame for one in batch.refused],
    }
    return pa.table(columns, schema=table_schema("quarantine"))
