"""Reading the lake: typed reads for the verbs, read-only SQL for people; both also while a service writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable

from fifthwheel.errors import InputError
from fifthwheel.lake.schema import TIME_COLUMN, table_schema
from fifthwheel.signals.observations import KEYS, Observations


class LakeReader:
    """Reads the Delta tables below `root`; every call sees the latest commit."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tables: dict[str, DeltaTable] = {}
        self._lock = Lock()

    def observations(
        self,
        vehicle_id: str | None = None,
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        signals: Sequence[str] | None = None,
    ) -> Observations:
        """Rows of a vehicle (or all) with ``start_us <= time_us <= end_us``, by vehicle and time; all signals by default."""
        names = table_schema("observations").names if signals is None else [*KEYS.names, *signals]
        table = self._read("observations", vehicle_id, start_us, end_us, names)
        rows = Observations(table.sort_by([("vehicle_id", "ascending"), ("time_us", "ascending")]))
        if signals is not None:
            return rows
        present = [name for name in rows.signal_names if table.column(name).null_count < len(table)]
        return Observations(rows.table.select([*KEYS.names, *present]))

    def newest_us(self) -> dict[str, int]:
        """Device time of the newest observation of each vehicle."""
        table = self._read("observations", None, None, None, ["vehicle_id", "time_us"])
        newest = table.group_by("vehicle_id").aggregate([("time_us", "max")])
        return dict(zip(newest.column("vehicle_id").to_pylist(), newest.column("time_us_max").to_pylist(), strict=True))

    def faults(self, vehicle_id: str | None = None, *, start_us: int | None = None, end_us: int | None = None) -> pa.Table:
        """Fault reports, oldest first."""
        return self._read("faults", vehicle_id, start_us, end_us, table_schema("faults").names).sort_by("time_us")

    def quarantine(self, *, start_us: int | None = None, end_us: int | None = None) -> pa.Table:
        """What could not be understood, newest first."""
        names = table_schema("quarantine").names
        return self._read("quarantine", None, start_us, end_us, names).sort_by([("received_us", "descending")])

    def trips(self, vehicle_id: str | None = None, *, start_us: int | None = None, end_us: int | None = None) -> pa.Table:
        """The trips that hold now (latest revision, not superseded) and start in the interval, newest first."""
        table = self._read("trips", vehicle_id, start_us, end_us, table_schema("trips").names)
        return latest_trips(table)

    def dataset(self, table: str) -> ds.Dataset:
        """`table` as an Arrow dataset at its latest commit."""
        return self._latest(table).to_pyarrow_dataset()

    def sql(self, text: str, extra: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Result of one read-only statement over ``observations trips faults quarantine`` and the tables in `extra`.

        Raises
        ------
        InputError : the statement does not parse, names something unknown, or would write or reach outside the views.
        """
        with duckdb.connect(":memory:") as connection:
            for table in TIME_COLUMN:
                connection.register(table, self.trips() if table == "trips" else self.dataset(table))
            for name, view in (extra or {}).items():
                connection.register(name, view)
            connection.execute(
                "SET enable_external_access = false; SET python_enable_replacements = false; SET lock_configuration = true"
            )
            try:
                statements = connection.extract_statements(text)
                if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                    raise InputError(f"the query must be one SELECT statement, not {text!r}")
                return connection.sql(text).to_arrow_table()
            except duckdb.Error as error:
                raise InputError(f"the query failed: {error}") from error

    def _read(
        self, table: str, vehicle_id: str | None, start_us: int | None, end_us: int | None, names: Sequence[str]
    ) -> pa.Table:
        time = TIME_COLUMN[table]
        conditions: list[Any] = []
        if vehicle_id is not None:
            conditions.append(pc.field("vehicle_id") == vehicle_id)
        if start_us is not None:
            conditions.append(pc.field(time) >= start_us)
        if end_us is not None:
            conditions.append(pc.field(time) <= end_us)
        condition = None
        for one in conditions:
            condition = one if condition is None else condition & one
        paths = self._paths(table, vehicle_id, start_us, end_us)
        schema = table_schema(table)
        if not paths:
            return pa.schema([schema.field(name) for name in names]).empty_table()
        return ds.dataset(paths, schema=schema, format="parquet").to_table(columns=list(names), filter=condition)

    def _paths(self, table: str, vehicle_id: str | None, start_us: int | None, end_us: int | None) -> list[str]:
        """Files that may hold such rows, by the statistics in the table's log."""
        time, files = TIME_COLUMN[table], pa.table(self._latest(table).get_add_actions(flatten=True))
        wanted: list[tuple[str, Any, Any]] = []
        if files.num_rows and vehicle_id is not None:
            wanted += [("min.vehicle_id", pc.less_equal, vehicle_id), ("max.vehicle_id", pc.greater_equal, vehicle_id)]
        if files.num_rows and end_us is not None:
            wanted.append((f"min.{time}", pc.less_equal, end_us))
        if files.num_rows and start_us is not None:
            wanted.append((f"max.{time}", pc.greater_equal, start_us))
        for name, compare, bound in wanted:
            files = files.filter(pc.fill_null(compare(files.column(name), bound), True))  # a file without statistics may hold it
        return [str(self._root / table / unquote(path)) for path in files.column("path").to_pylist()]

    def _latest(self, table: str) -> DeltaTable:
        table_schema(table)
        with self._lock:
            if table not in self._tables:
                self._tables[table] = DeltaTable(str(self._root / table))
            else:
                self._tables[table].update_incremental()
            return self._tables[table]


def latest_trips(table: pa.Table) -> pa.Table:
    """Of the revisions in `table`, the trips that hold, newest first."""
    ordered = table.sort_by([("trip_id", "ascending"), ("revision_us", "descending")])
    if len(ordered) == 0:
        return ordered
    ids = ordered.column("trip_id").combine_chunks()
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
    holds = pc.and_(first, pc.invert(ordered.column("superseded").combine_chunks()))
    return ordered.filter(holds).sort_by([("start_us", "descending")])
