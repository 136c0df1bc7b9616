"""The one writer of the lake: each Delta commit carries the journal offset it contains, so a restart repeats nothing."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake

from fifthwheel.errors import StorageError
from fifthwheel.lake.schema import TIME_COLUMN, table_schema
from fifthwheel.units import DAY_US

_log = logging.getLogger(__name__)
_PROPERTIES: Final = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=131_072)
_CONFIGURATION: Final = {"delta.logRetentionDuration": "interval 1 days", "delta.checkpointInterval": "100"}


class LakeWriter:
    """Appends batches to the Delta tables below `root`.

    Commits of several processes (a running service and an import) take turns through a file lock, because
    concurrent Delta writers lose commits (delta-rs issue 3736).
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)
        for table in TIME_COLUMN:
            if not DeltaTable.is_deltatable(str(root / table)):
                schema = pa.schema([*table_schema(table), pa.field("day", pa.string(), nullable=False)])
                DeltaTable.create(
                    str(root / table), schema=schema, partition_by=["day"], mode="ignore", configuration=_CONFIGURATION
                )

    def offset(self, table: str, stream: str) -> int:
        """Last offset of `stream` that `table` contains, -1 when nothing of it is in."""
        version = DeltaTable(str(self._root / table)).transaction_version(stream)
        return -1 if version is None else version

    def append(self, table: str, data: pa.Table, *, stream: str, offset: int) -> None:
        """Add `data` in one commit that says "everything of `stream` up to and including `offset` is in".

        Missing signal columns become null. An empty `data` still moves the offset.

        Raises
        ------
        StorageError : the commit failed; nothing of it is visible.
        """
        rows = _conform(data, table)
        mark = CommitProperties(app_transactions=[Transaction(stream, offset)])
        with self._turn():
            try:
                path = str(self._root / table)
                write_deltalake(path, rows, mode="append", commit_properties=mark, writer_properties=_PROPERTIES)
            except Exception as error:  # the library raises a family of unrelated types
                raise StorageError(f"the lake could not commit {rows.num_rows} rows to {table}: {error}") from error
        _log.debug("lake: %d rows to %s, %s at %d", rows.num_rows, table, stream, offset)

    def compact(self, *, retention_hours: int = 1, files_count: int = 2) -> dict[str, int]:
        """Merge small files of tables that have at least `files_count`; files removed, by table.

        Files that a reader of the last `retention_hours` may still use are kept until the next time.
        """
        removed = {}
        for table in TIME_COLUMN:
            with self._turn():
                delta = DeltaTable(str(self._root / table))
                if len(delta.file_uris()) < files_count:
                    continue
                delta.optimize.compact(writer_properties=_PROPERTIES)
                gone = delta.vacuum(retention_hours=retention_hours, dry_run=False, enforce_retention_duration=False)
                delta.create_checkpoint()
                delta.cleanup_metadata()
                removed[table] = len(gone)
        return removed

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with (self._root / ".writer.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _conform(data: pa.Table, table: str) -> pa.Table:
    """`data` with every column of `table` in order, sorted so that a vehicle's rows lie together, and its day."""
    schema = table_schema(table)
    unknown = set(data.column_names) - set(schema.names)
    if unknown:
        raise StorageError(f"{table} has no column {', '.join(sorted(unknown))}")
    time = TIME_COLUMN[table]
    if "vehicle_id" in schema.names and len(data) > 1:
        data = data.sort_by([("vehicle_id", "ascending"), (time, "ascending")])
    present = set(data.column_names)
    columns = [data.column(f.name).cast(f.type) if f.name in present else pa.nulls(len(data), f.type) for f in schema]
    rows = pa.Table.from_arrays(columns, schema=schema)
    return rows.append_column(pa.field("day", pa.string(), nullable=False), day_of(rows.column(time)))


def day_of(time_us: pa.ChunkedArray) -> pa.ChunkedArray:
    """UTC day (``YYYY-MM-DD``) of each time."""
    days = pc.divide(time_us, DAY_US).cast(pa.int32()).cast(pa.date32())
    return pc.strftime(days, format="%Y-%m-%d")
