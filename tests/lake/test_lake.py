"""The lake keeps what was committed, knows the offset it holds, and answers SQL that cannot write."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from fifthwheel.errors import InputError, StorageError
from fifthwheel.lake.query import LakeReader
from fifthwheel.lake.schema import TRIPS
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.signals.observations import Observations
from fifthwheel.units import DAY_US

NOON_US = 20_000 * DAY_US + DAY_US // 2


def rows(vehicle: str, times: list[int], speeds: list[float]) -> pa.Table:
    return Observations.of({"speed_mps": speeds}, vehicle_id=vehicle, time_us=times, source="jt808").table


def test_rows_come_back_by_vehicle_and_time_across_days(tmp_path: Path) -> None:
    writer, reader = LakeWriter(tmp_path), LakeReader(tmp_path)
    writer.append("observations", rows("B", [NOON_US + DAY_US, NOON_US], [2.0, 1.0]), stream="gateway", offset=7)
    writer.append("observations", rows("A", [NOON_US], [3.0]), stream="gateway", offset=9)
    assert reader.observations("B").column("speed_mps").tolist() == [1.0, 2.0]
    assert reader.observations().table.column("vehicle_id").to_pylist() == ["A", "B", "B"]
    assert len(reader.observations(start_us=NOON_US + 1)) == 1
    assert reader.observations("A").signal_names == ["speed_mps"]


def test_each_table_knows_the_offset_of_each_stream(tmp_path: Path) -> None:
    writer = LakeWriter(tmp_path)
    assert writer.offset("observations", "gateway") == -1
    writer.append("observations", rows("A", [NOON_US], [1.0]), stream="gateway", offset=41)
    writer.append("observations", rows("A", [], []), stream="gateway", offset=55)
    again = LakeWriter(tmp_path)
    assert again.offset("observations", "gateway") == 55
    assert again.offset("faults", "gateway") == -1
    assert again.offset("observations", "import:x") == -1


def test_offsets_survive_compaction(tmp_path: Path) -> None:
    writer, reader = LakeWriter(tmp_path), LakeReader(tmp_path)
    for offset in range(5):
        writer.append("observations", rows("A", [NOON_US + offset], [1.0]), stream="gateway", offset=offset)
    writer.compact(retention_hours=0)
    assert writer.offset("observations", "gateway") == 4
    assert len(reader.observations("A")) == 5
    assert len(list((tmp_path / "observations").rglob("*.parquet"))) <= 2  # one data file and a checkpoint


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no column warp_mps"):
        LakeWriter(tmp_path).append("faults", pa.table({"warp_mps": [1.0]}), stream="gateway", offset=0)


def trip(trip_id: str, revision_us: int, *, superseded: bool = False, distance_m: float = 1.0) -> dict[str, object]:
    blank = dict.fromkeys(TRIPS.names)
    return blank | {
        "trip_id": trip_id,
        "revision_us": revision_us,
        "superseded": superseded,
        "vehicle_id": "A",
        "start_us": NOON_US,
        "end_us": NOON_US + 1,
        "distance_m": distance_m,
        "complete": True,
    }


def test_the_latest_revision_of_a_trip_holds(tmp_path: Path) -> None:
    writer, reader = LakeWriter(tmp_path), LakeReader(tmp_path)
    first = [trip("A-1", 1), trip("A-2", 1)]
    second = [trip("A-1", 2, distance_m=5.0), trip("A-2", 2, superseded=True)]
    writer.append("trips", pa.Table.from_pylist(first, TRIPS), stream="worker", offset=1)
    writer.append("trips", pa.Table.from_pylist(second, TRIPS), stream="worker", offset=2)
    assert reader.trips().column("distance_m").to_pylist() == [5.0]
    assert reader.sql("SELECT trip_id, distance_m FROM trips").to_pylist() == [{"trip_id": "A-1", "distance_m": 5.0}]


def test_sql_sees_views_and_extra_tables(tmp_path: Path) -> None:
    writer, reader = LakeWriter(tmp_path), LakeReader(tmp_path)
    writer.append("observations", rows("A", [NOON_US, NOON_US + 1], [1.0, 3.0]), stream="gateway", offset=0)
    vehicles = pa.table({"vehicle_id": ["A"], "plate": ["鲁B1"]})
    text = "SELECT plate, avg(speed_mps) AS mean FROM observations JOIN vehicles USING (vehicle_id) GROUP BY plate"
    assert reader.sql(text, {"vehicles": vehicles}).to_pylist() == [{"plate": "鲁B1", "mean": 2.0}]


@pytest.mark.parametrize(
    "text",
    [
        "DROP VIEW trips",
        "COPY (SELECT 1) TO '/tmp/fifthwheel-should-not-exist.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "SELECT * FROM nothing",
        "not sql",
    ],
)
def test_sql_cannot_write_or_reach_outside(tmp_path: Path, text: str) -> None:
    LakeWriter(tmp_path)
    with pytest.raises(InputError):
        LakeReader(tmp_path).sql(text)
