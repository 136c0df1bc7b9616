"""The tables of the lake: one Arrow schema each; every table is partitioned by the UTC day of its time column."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from fifthwheel.errors import UnknownName
from fifthwheel.signals.observations import observation_schema

TIME_COLUMN: Final = {"observations": "time_us", "faults": "time_us", "quarantine": "received_us", "trips": "start_us"}
"""The column whose UTC day is the partition."""


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


FAULTS: Final = pa.schema(
    [
        _required("vehicle_id", pa.string()),
        _required("time_us", pa.int64()),
        _required("received_us", pa.int64()),
        _required("source", pa.string()),
        _required("code", pa.string()),
        _required("active", pa.bool_()),
    ]
)
QUARANTINE: Final = pa.schema(
    [
        _required("received_us", pa.int64()),
        _required("wire", pa.string()),
        _required("identity", pa.string()),
        _required("reason", pa.string()),
        _required("detail", pa.string()),
        _required("frame", pa.binary()),
    ]
)
TRIPS: Final = pa.schema(
    [
        _required("trip_id", pa.string()),
        _required("revision_us", pa.int64()),
        _required("superseded", pa.bool_()),
        _required("vehicle_id", pa.string()),
        pa.field("trailer_id", pa.string()),
        pa.field("driver", pa.string()),
        pa.field("energy_kind", pa.string()),
        _required("start_us", pa.int64()),
        _required("end_us", pa.int64()),
        *(
            pa.field(name, pa.float64())
            for name in (
                "start_latitude_deg",
                "start_longitude_deg",
                "end_latitude_deg",
                "end_longitude_deg",
                "distance_m",
                "moving_s",
                "idle_s",
                "energy_j",
                "fuel_kg",
                "electric_j",
                "explained_ratio",
                "mass_kg",
            )
        ),
        _required("complete", pa.bool_()),
        pa.field("findings", pa.string()),
    ]
)
"""A trip is cut anew when late rows arrive: rows are only added, the latest `revision_us` of a `trip_id` holds, and `superseded`
marks a trip that no longer exists. `findings` is a JSON object of lists of `Finding`s: ``meter account beside estimates``."""


def table_schema(table: str) -> pa.Schema:
    """Arrow schema of `table`, without the partition column ``day``.

    Raises
    ------
    UnknownName : no such table.
    """
    schemas = {"observations": observation_schema(), "faults": FAULTS, "quarantine": QUARANTINE, "trips": TRIPS}
    if table not in schemas:
        raise UnknownName("lake table", table, schemas)
    return schemas[table]
