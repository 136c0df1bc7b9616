"""`Observations`: what was measured or simulated, as one column batch.

A measured trip and a simulated trip have the same columns, so whatever explains one explains the other.
Key columns first, then one nullable float64 column per signal that occurs in the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import ArrayLike, NDArray

from fifthwheel.signals.catalogue import signal, signals

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

KEYS: Final = pa.schema(
    [
        pa.field("vehicle_id", pa.string(), nullable=False),
        pa.field("time_us", pa.int64(), nullable=False),
        pa.field("received_us", pa.int64(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("trailer_id", pa.string()),
    ]
)
"""vehicle_id: the unit that spoke (tractor, rigid or trailer). time_us: its clock, UTC. received_us: ours.
source: the wire (``jt808 gbt32960 hj1239 j1939 simulated``). trailer_id: what was coupled to it at that time."""


@cache
def observation_schema() -> pa.Schema:
    """Keys, then every signal of the catalogue: the schema of the lake's ``observations`` table."""
    return pa.schema([*KEYS, *(pa.field(name, pa.float64()) for name in signals())])


@dataclass(frozen=True, slots=True)
class Observations:
    """A column batch over an Arrow table: `KEYS`, then the signals that occur; absent values are null.

    Rows need not be sorted, and rows of several vehicles and wires may be mixed.
    """

    table: pa.Table

    @classmethod
    def of(
        cls,
        values: Mapping[str, ArrayLike],
        *,
        vehicle_id: str | Sequence[str] | pa.Array,
        time_us: ArrayLike,
        source: str | Sequence[str] | pa.Array,
        received_us: ArrayLike | None = None,
        trailer_id: str | Sequence[str | None] | pa.Array | None = None,
    ) -> Observations:
        """Build a batch from arrays of shape (n,); NaN means absent; a scalar key holds for every row.

        Raises
        ------
        UnknownName : a column that the catalogue does not have.
        """
        times = pa.array(np.asarray(time_us, dtype=np.int64))
        received = times if received_us is None else pa.array(np.broadcast_to(np.asarray(received_us, np.int64), len(times)))
        keys = [_text(vehicle_id, len(times)), times, received, _text(source, len(times)), _text(trailer_id, len(times))]
        columns = [pa.array(np.asarray(values[name], dtype=np.float64), from_pandas=True) for name in values]
        fields = [pa.field(signal(name).name, pa.float64()) for name in values]
        return cls(pa.Table.from_arrays([*keys, *columns], schema=pa.schema([*KEYS, *fields])))

    @classmethod
    def concat(cls, batches: Iterable[Observations]) -> Observations:
        """All rows of `batches`; the columns are the union, in catalogue order."""
        tables = [batch.table for batch in batches]
        if not tables:
            return cls(KEYS.empty_table())
        table = pa.concat_tables(tables, promote_options="permissive")
        present = set(table.column_names)
        return cls(table.select([*KEYS.names, *(name for name in signals() if name in present)]))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def time_us(self) -> Integers:
        """Device time of each row, UTC microseconds, shape (n,)."""
        return np.asarray(self.table.column("time_us").to_numpy(), dtype=np.int64)

    @property
    def signal_names(self) -> list[str]:
        """Signals that occur in this batch."""
        return [name for name in self.table.column_names if name not in KEYS.names]

    def column(self, name: str) -> Floats:
        """Values of signal `name`, shape (n,), NaN where absent (also when the batch lacks the column)."""
        signal(name)
        if name not in self.table.column_names:
            return np.full(len(self), np.nan)
        return np.asarray(self.table.column(name).to_numpy(), dtype=np.float64)

    def sorted(self) -> Observations:
        """Rows ordered by vehicle, then time."""
        return Observations(self.table.sort_by([("vehicle_id", "ascending"), ("time_us", "ascending")]))

    def of_vehicle(self, vehicle_id: str) -> Observations:
        """Rows of one vehicle, in time order."""
        mask = pa.compute.equal(self.table.column("vehicle_id"), vehicle_id)
        return Observations(self.table.filter(mask).sort_by("time_us"))

    def between(self, start_us: int, end_us: int) -> Observations:
        """Rows with ``start_us <= time_us <= end_us`` of a batch in time order, without copying."""
        first, last = np.searchsorted(self.time_us, [start_us, end_us + 1])
        return Observations(self.table.slice(first, last - first))

    def series(self, name: str) -> tuple[Integers, Floats]:
        """Times and values of the rows that carry signal `name`, both of shape (k,), time order as stored."""
        values = self.column(name)
        here = ~np.isnan(values)
        return self.time_us[here], values[here]


def _text(value: str | Sequence[str | None] | pa.Array | None, n_rows: int) -> pa.Array:
    if value is None or isinstance(value, str):
        return pa.nulls(n_rows, pa.string()) if value is None else pa.repeat(pa.scalar(value, pa.string()), n_rows)
    return value if isinstance(value, pa.Array) else pa.array(value, pa.string())
