"""The journal: order, group commit, torn tails, rotation, retention, one process, a full disk."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.connect.journal.segments import Journal
from fifthwheel.errors import StorageError


@contextmanager
def opened(root: Path, **options: int) -> Iterator[Journal]:
    journal = Journal(root, **options)
    try:
        yield journal
    finally:
        journal.close()


def test_nothing_is_readable_before_its_group_is_stored(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        offset = journal.append("jt808", b"frame", 17)
        assert journal.read(-1, 10) == []
        assert journal.commit() == offset == journal.durable
        (entry,) = journal.read(-1, 10)
        assert entry == (offset, 17, "jt808", "", b"frame")


def test_a_refusal_keeps_its_reason(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append("unknown", b"GET /", 1, "junk: 京 GET")
        journal.commit()
        assert journal.read(0, 1)[0].refusal == "junk: 京 GET"


@settings(max_examples=30, deadline=None)
@given(
    frames=st.lists(st.binary(max_size=300), min_size=1, max_size=40), segment_bytes=st.integers(1, 2000), step=st.integers(1, 7)
)
def test_frames_come_back_in_order_over_segments_and_restarts(
    tmp_path_factory: pytest.TempPathFactory, frames: list[bytes], segment_bytes: int, step: int
) -> None:
    root = tmp_path_factory.mktemp("journal")
    for begin in range(0, len(frames), 20):
        with opened(root, segment_bytes=segment_bytes) as journal:
            for number, frame in enumerate(frames[begin : begin + 20]):
                journal.append("jt808", frame, number)
                journal.commit()
    with opened(root) as journal:
        back: list[bytes] = []
        after = -1
        while entries := journal.read(after, step):
            back += [entry.frame for entry in entries]
            after = entries[-1].offset
        assert back == frames
        assert after == journal.durable


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 400), flip=st.booleans())
def test_a_torn_tail_is_cut_and_the_rest_stays(tmp_path_factory: pytest.TempPathFactory, cut: int, flip: bool) -> None:
    root = tmp_path_factory.mktemp("journal")
    with opened(root) as journal:
        ends = [journal.append("jt808", bytes([number]) * 30, number) for number in range(8)]
    (segment,) = root.glob("*.seg")
    data = bytearray(segment.read_bytes())
    place = min(cut, len(data) - 1)
    data[place] ^= 0x40 * flip
    segment.write_bytes(data if flip else data[:place])
    whole = sum(end <= place for end in ends)
    with opened(root) as journal:
        assert [entry.received_us for entry in journal.read(-1, 99)] == list(range(whole))
        journal.append("jt808", b"next", 99)
        journal.commit()
        assert [entry.received_us for entry in journal.read(-1, 99)] == [*range(whole), 99]


def test_a_tail_of_zeros_is_no_record(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        end = journal.append("jt808", b"kept", 1)
    (segment,) = tmp_path.glob("*.seg")
    segment.write_bytes(segment.read_bytes() + bytes(64))
    with opened(tmp_path) as journal:
        assert journal.durable == end


def test_a_damaged_sealed_segment_is_loud(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=1) as journal:
        for number in range(3):
            journal.append("jt808", b"frame", number)
            journal.commit()
        first = min(tmp_path.glob("*.seg"))
        first.write_bytes(first.read_bytes()[:-1] + b"X")
        with pytest.raises(StorageError, match="damaged at offset 0"):
            journal.read(-1, 10)


def test_only_whole_segments_in_the_lake_are_forgotten(tmp_path: Path) -> None:
    far_future_us = 1 << 60
    with opened(tmp_path, segment_bytes=1) as journal:
        ends = []
        for number in range(4):
            ends.append(journal.append("jt808", b"frame", number))
            journal.commit()
        assert journal.forget(ends[2], before_us=0) == 0
        assert journal.forget(ends[1], before_us=far_future_us) == 2
        assert [entry.received_us for entry in journal.read(-1, 9)] == [2, 3]
        assert journal.rewind(ends[3], span=1) == ends[2]
        assert journal.rewind(ends[3], span=10_000) == ends[1]


def test_a_new_journal_continues_where_the_lake_stands(tmp_path: Path) -> None:
    with opened(tmp_path, start=5000) as journal:
        assert journal.append("jt808", b"frame", 1) > 5000
        journal.commit()
        assert len(journal.read(5000, 9)) == 1
        with pytest.raises(StorageError, match="beyond the journal"):
            journal.read(90_000, 1)


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StorageError, match="in use"):
        Journal(tmp_path)


def test_a_full_disk_stops_the_journal_and_keeps_what_was_stored(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = Journal(tmp_path)
    journal.append("jt808", b"stored", 1)
    journal.commit()
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        journal.append("jt808", bytes(500), 2)
        with pytest.raises(StorageError, match="cannot be written"):
            journal.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(StorageError):
        journal.append("jt808", b"refused", 3)
    with pytest.raises(StorageError):
        journal.commit()
    journal.close()
    with opened(tmp_path) as again:
        assert [entry.frame for entry in again.read(-1, 9)] == [b"stored"]


def test_readers_see_only_whole_groups_while_a_writer_writes(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=1024) as journal:

        def write() -> None:
            for number in range(300):
                journal.append("jt808", number.to_bytes(4, "big"), number)
                journal.commit()

        writer = Thread(target=write)
        writer.start()
        seen: list[int] = []
        after = -1
        while writer.is_alive() or len(seen) < 300:
            entries = journal.read(after, 100)
            seen += [entry.received_us for entry in entries]
            after = entries[-1].offset if entries else after
        writer.join()
        assert seen == list(range(300))
