"""From the journal to the lake: each stage, and that a restart at any moment neither loses nor doubles a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from struct import pack
from threading import Event, Thread

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.codec import hashframe
from fifthwheel.codec.chinatime import CHINA, sixes
from fifthwheel.codec.jt808.decode import observe
from fifthwheel.codec.jt808.frame import Frame, build, split
from fifthwheel.codec.observed import Decoded
from fifthwheel.connect.journal import STREAM
from fifthwheel.connect.journal.segments import Journal
from fifthwheel.connect.pipeline import OBSERVERS, Pipeline
from fifthwheel.errors import StorageError
from fifthwheel.lake.query import LakeReader
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records import Records, VehicleRecord
from fifthwheel.signals.observations import Observations

START_US = 1_760_000_000_000_000
SECOND_US = 1_000_000
PHONE, VIN, PLATE = "013800138000", "LFWSRXSJ5N1E01234", "沪A12345"


class TornWriter(LakeWriter):
    """A lake whose commits to some tables fail while `broken` names them."""

    broken: frozenset[str] = frozenset()

    def append(self, table: str, data: pa.Table, *, stream: str, offset: int) -> None:
        if table in self.broken:
            raise StorageError(f"{table} cannot be written")
        super().append(table, data, stream=stream, offset=offset)


@dataclass
class Stores:
    root: Path
    records: Records
    journal: Journal
    writer: TornWriter
    received_us: int = START_US

    def put(self, *frames: bytes, wire: str = "jt808", refusal: str = "") -> None:
        for frame in frames:
            self.journal.append(wire, frame, self.received_us, refusal)
        self.journal.commit()

    def pipeline(self, **options: object) -> Pipeline:
        """A pipeline as after a restart."""
        return Pipeline(self.journal, self.writer, self.records, now_us=lambda: self.received_us, **options)  # type: ignore[arg-type]

    def work(self, **options: object) -> None:
        """What a restarted pipeline does with all that is in the journal."""
        pipeline = self.pipeline(**options)
        while pipeline.run_once():
            pass
        pipeline.flush()

    def seconds(self) -> list[int]:
        """Device times in the lake, seconds since the start."""
        return [(int(at) - START_US) // SECOND_US for at in LakeReader(self.root / "lake").observations().time_us]

    def faults(self) -> list[int]:
        table = LakeReader(self.root / "lake").faults()
        return [(at - START_US) // SECOND_US for at in table.column("time_us").to_pylist()]

    def quarantine(self) -> list[tuple[str, str]]:
        table = LakeReader(self.root / "lake").quarantine()
        return list(zip(table.column("reason").to_pylist(), table.column("detail").to_pylist(), strict=True))


@contextmanager
def opened(root: Path) -> Iterator[Stores]:
    records = Records.open(f"sqlite:///{root / 'records.sqlite'}")
    records.add_vehicle(VehicleRecord(vehicle_id="V1", plate=PLATE, vin=VIN, phone=PHONE, created_us=0))
    journal = Journal(root / "journal", segment_bytes=2000)
    try:
        yield Stores(root, records, journal, TornWriter(root / "lake"))
    finally:
        journal.close()
        records.close()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with opened(tmp_path) as found:
        yield found


def fix(second: int, *, speed: int = 600, alarm: int = 0) -> bytes:
    """Body of a 0x0200; `speed` in 0.1 km/h."""
    stamp = bytes.fromhex(f"{datetime.fromtimestamp(START_US / SECOND_US + second, CHINA):%y%m%d%H%M%S}")
    return pack(">IIIIHHH", alarm, 3, 31_230_000, 121_470_000, 30, speed, 90) + stamp


def position(second: int, *, serial: int | None = None, phone: str = PHONE, speed: int = 600, alarm: int = 0) -> bytes:
    return build(Frame(0x0200, phone, second if serial is None else serial, fix(second, speed=speed, alarm=alarm)))


def blind(*seconds: int, serial: int = 900, speed: int = 600) -> Frame:
    """0x0704 of type 1: positions stored while there was no network."""
    bodies = [fix(second, speed=speed) for second in seconds]
    return Frame(0x0704, PHONE, serial, pack(">HB", len(bodies), 1) + b"".join(pack(">H", len(b)) + b for b in bodies))


def test_rows_reach_the_lake_with_vehicle_times_and_values(stores: Stores) -> None:
    stores.received_us += 3 * SECOND_US
    stores.put(position(1))
    stores.work()
    (row,) = LakeReader(stores.root / "lake").observations().table.to_pylist()
    wanted = {"vehicle_id": "V1", "time_us": START_US + SECOND_US, "received_us": START_US + 3 * SECOND_US, "source": "jt808"}
    assert {name: row[name] for name in wanted} == wanted
    assert row["speed_mps"] == pytest.approx(60 / 3.6)
    assert row["latitude_deg"] == pytest.approx(31.23)


def test_the_wires_of_a_vehicle_meet_in_one_vehicle(stores: Stores) -> None:
    stamp = sixes(START_US).tobytes()
    electric = hashframe.seal(b"##\x02\xfe" + VIN.encode() + b"\1", stamp + bytes.fromhex("05 00 073D8490 01DC8A70"))
    engine = bytes.fromhex("1E00 C8 AF 87 2EE0 0190 4E20 1F40 7D 03E8 3000 3000 0064 78 7D 00 073D8490 01DC8A70 000186A0")
    diesel = hashframe.seal(b"##\x02" + VIN.encode() + b"\x01\1", stamp + b"\x02\x00\x01" + engine)
    stores.put(electric, wire="gbt32960")
    stores.put(diesel, wire="hj1239")
    stores.put(position(0))
    stores.work()
    table = LakeReader(stores.root / "lake").observations().table
    assert set(table.column("source").to_pylist()) == {"jt808", "gbt32960", "hj1239"}
    assert set(table.column("vehicle_id").to_pylist()) == {"V1"}


def test_a_frame_sent_again_is_one_row_in_a_batch_across_batches_and_across_a_restart(stores: Stores) -> None:
    stores.put(position(1), position(1))
    pipeline = stores.pipeline(batch_frames=1)
    while pipeline.run_once():
        pass
    stores.put(position(1))
    pipeline.run_once()
    pipeline.flush()
    stores.put(position(1), position(2))
    stores.work()
    assert stores.seconds() == [1, 2]


def test_a_stored_row_that_came_live_is_dropped_and_a_new_one_kept(stores: Stores) -> None:
    stores.put(position(1), position(2))
    stores.work()
    stores.put(build(blind(1, 2, 3, 3)), build(blind(2, serial=901, speed=700)))
    stores.work()
    assert stores.seconds() == [1, 2, 2, 3]


def test_a_value_out_of_range_is_absent_and_reported_with_its_unit(stores: Stores) -> None:
    stores.put(*(position(second, speed=9000) for second in (1, 2, 3)), position(4))
    stores.work()
    speeds = LakeReader(stores.root / "lake").observations().column("speed_mps")
    assert [speed > 0 for speed in speeds] == [False, False, False, True]
    assert stores.quarantine() == [("range", "speed_mps = 250 m/s; accepted 0 to 70 (and 2 more)")]


@pytest.mark.parametrize("stamp", ["101009165320", "351009165320", "251010165321"])
def test_an_absurd_clock_goes_to_quarantine_with_its_frame(stores: Stores, stamp: str) -> None:
    frame = build(Frame(0x0200, PHONE, 1, pack(">I", 1) + fix(1)[4:22] + bytes.fromhex(stamp)))
    stores.put(frame, position(1))
    stores.work()
    assert stores.seconds() == [1]
    assert stores.faults() == []
    (row,) = LakeReader(stores.root / "lake").quarantine().to_pylist()
    assert (row["reason"], row["frame"], row["identity"]) == ("clock", frame, PHONE)


def test_an_unknown_identity_goes_to_quarantine_until_it_is_bound(stores: Stores) -> None:
    stranger = "013900139000"
    stores.put(position(1, phone=stranger))
    stores.work()
    stores.records.bind("jt808", stranger, "V1")
    stores.put(position(2, phone=stranger))
    stores.work()
    assert stores.seconds() == [2]
    assert [reason for reason, _ in stores.quarantine()] == ["unknown identity"]


def test_rows_know_the_trailer_of_their_time(stores: Stores) -> None:
    for trailer in ("T1", "T2"):
        stores.records.add_vehicle(VehicleRecord(vehicle_id=trailer, plate=trailer, kind="trailer", created_us=0))
    stores.records.couple("V1", "T1", START_US + 10 * SECOND_US, START_US + 20 * SECOND_US)
    stores.records.couple("V1", "T2", START_US + 30 * SECOND_US)
    stores.put(*map(position, (9, 10, 19, 20, 30)))
    stores.work()
    assert LakeReader(stores.root / "lake").observations().table.column("trailer_id").to_pylist() == [
        None,
        "T1",
        "T1",
        None,
        "T2",
    ]


def test_what_the_gateway_refused_is_listed_with_reason_and_bytes(stores: Stores) -> None:
    stores.put(b"GET /", wire="unknown", refusal="junk: 5 bytes outside any frame")
    stores.put(position(1), refusal="not authenticated: 0x0200 before 0x0102")
    stores.work()
    assert stores.seconds() == []
    assert sorted(stores.quarantine()) == [("junk", "5 bytes outside any frame"), ("not authenticated", "0x0200 before 0x0102")]


def test_alarms_become_faults(stores: Stores) -> None:
    stores.put(position(5, alarm=2))
    stores.work()
    (fault,) = LakeReader(stores.root / "lake").faults().to_pylist()
    assert (fault["vehicle_id"], fault["code"], fault["source"], fault["active"]) == ("V1", "0200 alarm 1", "jt808", True)


def test_a_frame_that_breaks_the_decoder_goes_alone(stores: Stores) -> None:
    poison = position(13)

    def buggy(frames: Sequence[bytes]) -> Decoded:
        if poison in frames:
            raise IndexError("list index out of range")
        return observe(frames)

    stores.put(*map(position, range(25)))
    stores.work(observers={**OBSERVERS, "jt808": buggy})
    assert stores.seconds() == [second for second in range(25) if second != 13]
    assert stores.quarantine() == [("decoder error", "IndexError: list index out of range")]


def test_sub_packages_are_joined_also_across_a_restart(stores: Stores) -> None:
    parts = split(blind(*range(60)))
    assert len(parts) == 2
    stores.put(position(100), parts[0], position(101))
    stores.work()
    stores.put(parts[1])
    stores.work()
    stores.put(*parts)
    stores.work()
    assert stores.seconds() == [*range(60), 100, 101]


@pytest.mark.parametrize("broken", [{"observations"}, {"quarantine", "observations"}, {"faults", "quarantine", "observations"}])
@pytest.mark.parametrize("restarted", [False, True])
def test_commits_torn_between_the_tables_are_made_whole(stores: Stores, broken: set[str], restarted: bool) -> None:
    frames = [position(second, alarm=1, speed=600 if second % 2 else 9000) for second in range(10)]
    stores.put(*frames)
    pipeline = stores.pipeline(batch_frames=3)
    while pipeline.run_once():
        pass
    stores.writer.broken = frozenset(broken)
    with pytest.raises(StorageError):
        pipeline.flush()
    stores.writer.broken = frozenset()
    stores.put(position(10, alarm=1))
    pipeline = {False: pipeline, True: stores.pipeline()}[restarted]
    while pipeline.run_once():
        pass
    pipeline.flush()
    assert stores.seconds() == stores.faults() == list(range(11))


class Life:
    """A pipeline that takes in, commits, is torn and dies as a test says."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.sent = 0
        self.restart()

    def restart(self) -> None:
        self.pipeline = self.stores.pipeline(batch_frames=2)

    def new(self) -> None:
        self.stores.put(position(self.sent, alarm=1))
        self.sent += 1

    def again(self) -> None:
        self.stores.put(*(position(second, alarm=1) for second in range(self.sent)))

    def batch(self) -> None:
        self.pipeline.run_once()

    def flush(self) -> None:
        self.pipeline.flush()

    def torn(self) -> None:
        self.stores.writer.broken = frozenset({"observations"})
        with suppress(StorageError):
            self.pipeline.flush()
        self.stores.writer.broken = frozenset()


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(st.sampled_from([Life.new, Life.again, Life.batch, Life.flush, Life.torn, Life.restart]), max_size=25))
def test_any_order_of_resending_committing_and_dying_keeps_every_row_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Callable[[Life], None]]
) -> None:
    with opened(tmp_path_factory.mktemp("pipeline")) as stores:
        life = Life(stores)
        for step in steps:
            step(life)
        stores.work()
        assert stores.seconds() == stores.faults() == list(range(life.sent))


def test_a_store_that_fails_loses_nothing(stores: Stores) -> None:
    stores.put(position(1))
    pipeline = stores.pipeline(commit_rows=1)
    pipeline.run_once()
    stores.put(position(2))
    stores.writer.broken = frozenset({"observations"})
    with pytest.raises(StorageError):
        pipeline.run_once()
    stores.writer.broken = frozenset()
    while pipeline.run_once():
        pass
    pipeline.flush()
    assert stores.seconds() == [1, 2]


def test_listeners_hear_rows_before_the_lake_and_only_once(stores: Stores) -> None:
    heard: list[int] = []

    def listen(rows: Observations) -> None:
        heard.extend((rows.time_us - START_US) // SECOND_US)

    stores.put(position(1))
    pipeline = stores.pipeline(on_observations=listen)
    pipeline.run_once()
    assert (heard, stores.seconds()) == ([1], [])
    pipeline.flush()
    stores.put(position(2))
    stores.work(on_observations=listen)
    assert heard == [1, 2]


def test_segments_that_a_restart_needs_are_not_forgotten(stores: Stores) -> None:
    stores.put(*(position(second) for second in range(50)))
    for _ in range(3):
        stores.put(*(position(second) for second in range(50)))
    pipeline = stores.pipeline(window_bytes=2500)
    pipeline.run_once()
    far_future_us = 1 << 60
    assert pipeline.tidy(far_future_us) == 0
    pipeline.flush()
    assert pipeline.tidy(far_future_us) > 0
    stores.put(position(49), position(50))
    stores.work(window_bytes=2500)
    assert stores.seconds() == list(range(51))


def test_a_lake_that_is_ahead_of_the_journal_is_an_error(stores: Stores) -> None:
    stores.writer.append("observations", pa.table({}), stream=STREAM, offset=10_000)
    with pytest.raises(StorageError, match="journal up to 10000"):
        stores.pipeline()


def test_a_thread_keeps_up_and_commits_what_is_left_when_it_stops(stores: Stores) -> None:
    stop, seen = Event(), Event()
    pipeline = stores.pipeline(on_observations=lambda _: seen.set())
    thread = Thread(target=pipeline.run, args=(stop,))
    thread.start()
    stores.put(*map(position, range(5)))
    assert seen.wait(10)
    stop.set()
    thread.join(10)
    assert stores.seconds() == list(range(5))
    assert pipeline.lag_bytes == 0
