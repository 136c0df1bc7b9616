"""Reading the lake: typed reads for the verbs, read-only SQL for people; both also while a service writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable

from fifthwheel.errors import InputError
from fifthwheel.lake.schema import TIME_COLUMN, table_schema
from fifthwheel.lake.writer import day_of
from fifthwheel.signals.observations import KEYS, Observations
from fifthwheel.units import DAY_US


class LakeReader:
    """Reads the Delta tables below `root`; every call sees the latest commit."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tables: dict[str, DeltaTable] = {}

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

    def newest_us(self, vehicle_id: str) -> int | None:
        """Device time of the newest observation of a vehicle, ``None`` when it has none; looks at the latest days first."""
        data = self.dataset("observations")
        days = sorted({ds.get_partition_keys(f.partition_expression).get("day", "") for f in data.get_fragments()}, reverse=True)
        for day in days:
            wanted = (pc.field("day") == day) & (pc.field("vehicle_id") == vehicle_id)
            newest = pc.max(data.to_table(columns=["time_us"], filter=wanted).column("time_us")).as_py()
            if newest is not None:
                return int(newest)
        return None

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
        table_schema(table)
        delta = self._tables.get(table)
        if delta is None:
            delta = self._tables[table] = DeltaTable(str(self._root / table))
        else:
            delta.update_incremental()
        return delta.to_pyarrow_dataset()

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
            conditions += [pc.field("day") >= _day(start_us), pc.field(time) >= start_us]
        if end_us is not None:
            conditions += [pc.field("day") <= _day(end_us), pc.field(time) <= end_us]
        condition = None
        for one in conditions:
            condition = one if condition is None else condition & one
        return self.dataset(table).to_table(columns=list(names), filter=condition)


def latest_trips(table: pa.Table) -> pa.Table:
    """Of the revisions in `table`, the trips that hold, newest first."""
    ordered = table.sort_by([("trip_id", "ascending"), ("revision_us", "descending")])
    if len(ordered) == 0:
        return ordered
    ids = ordered.column("trip_id").combine_chunks()
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
    holds = pc.and_(first, pc.invert(ordered.column("superseded").combine_chunks()))
    return ordered.filter(holds).sort_by([("start_us", "descending")])


def _day(time_us: int) -> str:
    limit = 253_402_300_799_000_000  # year 9999
    return str(day_of(pa.chunked_array([pa.array([max(-limit // 4, min(time_us, limit)) // DAY_US * DAY_US], pa.int64())]))[0])
