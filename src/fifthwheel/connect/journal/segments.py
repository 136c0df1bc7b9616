"""The journal in file segments: group commit, one ``fdatasync`` a group; a torn tail is cut when it is opened.

A segment is named after the offset of its first byte and holds records of ``length u32, crc32 u32`` and a payload of
``received_us i64, wire u8, length of refusal u16, refusal, frame``. An offset is a byte position over all segments.
"""

from __future__ import annotations

import fcntl
import logging
import os
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final
from zlib import crc32

from fifthwheel.connect.journal import WIRES, Entry
from fifthwheel.errors import StorageError

_log = logging.getLogger(__name__)
_PREFIX: Final = Struct("<II")
_HEAD: Final = Struct("<qBH")
_CHUNK: Final = 1 << 20
_REFUSAL_LIMIT: Final = 512
_WIRE_CODES: Final = {wire: code for code, wire in enumerate(WIRES)}
_sync: Final = getattr(os, "fdatasync", os.fsync)


class Journal:
    """Records in segments below `root`; one process at a time, any thread.

    Parameters
    ----------
    root : folder of the segments, made when missing.
    start : offset of the first record of a new journal; the lake's offset, when the lake outlived its journal.
    segment_bytes : size at which the next group begins a new segment.

    Raises
    ------
    StorageError : another process holds the journal, or it cannot be read.
    """

    def __init__(self, root: Path, *, start: int = 0, segment_bytes: int = 64 << 20) -> None:
        self._root = root
        self._segment_bytes = segment_bytes
        self._memory, self._disk = Lock(), Lock()
        self._group: list[bytes] = []
        self._failed: OSError | None = None
        try:
            self._hold = _lock(root)
            self._starts = sorted(int(path.stem) for path in root.glob("*.seg"))
            self._durable = self._recover() if self._starts else max(start, 0)
            self._file = self._open_segment()
        except BlockingIOError as error:
            raise StorageError(f"the journal {root} is in use by another process") from error
        except OSError as error:
            raise StorageError(f"the journal {root} cannot be opened: {error}") from error
        self._end = self._durable

    @property
    def durable(self) -> int:
        """Offset up to which everything would survive a power cut."""
        return self._durable

    def append(self, wire: str, frame: bytes, received_us: int, refusal: str = "") -> int:
        """Add a record in memory and return its offset; it is not stored before `commit` says so.

        Raises
        ------
        StorageError : an earlier group could not be stored; nothing more is taken.
        """
        if self._failed:
            raise self._failure()
        note = refusal.encode()[:_REFUSAL_LIMIT] if refusal else b""
        payload = _HEAD.pack(received_us, _WIRE_CODES[wire], len(note)) + note + frame
        record = _PREFIX.pack(len(payload), crc32(payload)) + payload
        with self._memory:
            self._group.append(record)
            self._end += len(record)
            return self._end

    def commit(self) -> int:
        """Store everything appended so far as one group (blocking) and return the durable offset.

        Raises
        ------
        StorageError : the disk is full or broken; the journal takes nothing more until it is opened again.
        """
        with self._disk:
            if self._failed:
                raise self._failure()
            with self._memory:
                group, self._group, end = self._group, [], self._end
            if group:
                try:
                    self._store(b"".join(group))
                except OSError as error:
                    # After a failed sync the kernel may forget dirty pages, so nothing later can be trusted.
                    self._failed = error
                    _log.critical("journal: %d frames are NOT stored and not acknowledged: %s", len(group), error)
                    raise self._failure() from error
                self._durable = end
        return end

    def read(self, after: int, limit: int) -> list[Entry]:
        """At most `limit` durable records after offset `after`, in order.

        Raises
        ------
        StorageError : a stored record is damaged, or `after` lies beyond the journal.
        """
        durable, starts = self._durable, self._starts
        position = max(after, starts[0])
        if position > durable:
            raise StorageError(f"offset {after} lies beyond the journal, which ends at {durable}")
        entries: list[Entry] = []
        while position < durable and len(entries) < limit:
            segment = bisect_right(starts, position) - 1
            end = starts[segment + 1] if segment + 1 < len(starts) else durable
            found = self._read_chunk(starts[segment], position, min(end, durable), limit - len(entries))
            if not found:
                raise StorageError(f"the journal is damaged at offset {position} in {self._path(starts[segment])}")
            entries += found
            position = entries[-1].offset
        return entries

    def rewind(self, offset: int, span: int) -> int:
        """An offset to read from so that at least the `span` bytes before `offset` are seen again, if still kept."""
        starts = self._starts
        return starts[max(bisect_right(starts, offset - span) - 1, 0)]

    def forget(self, offset: int, before_us: int) -> int:
        """Remove segments that end at or before `offset` and were last written before `before_us`; how many."""
        with self._disk:
            gone = 0
            for start, end in zip(self._starts[:-1], self._starts[1:], strict=True):
                path = self._path(start)
                if end > offset or path.stat().st_mtime_ns // 1000 >= before_us:
                    break
                path.unlink()
                gone += 1
            self._starts = self._starts[gone:]
        return gone

    def close(self) -> None:
        """Store what is left and let go of the files."""
        try:
            if not self._failed:
                self.commit()
        finally:
            os.close(self._file)
            os.close(self._hold)

    def _failure(self) -> StorageError:
        return StorageError(f"the journal {self._root} cannot be written: {self._failed}")

    def _path(self, start: int) -> Path:
        return self._root / f"{start:020d}.seg"

    def _open_segment(self) -> int:
        if not self._starts:
            self._starts = [self._durable]
        file = os.open(self._path(self._starts[-1]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        folder = os.open(self._root, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return file

    def _store(self, data: bytes) -> None:
        if self._durable - self._starts[-1] >= self._segment_bytes:
            self._starts = [*self._starts, self._durable]
            os.close(self._file)
            self._file = self._open_segment()
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        _sync(self._file)

    def _read_chunk(self, start: int, position: int, end: int, limit: int) -> list[Entry]:
        with self._path(start).open("rb") as file:
            file.seek(position - start)
            return list(islice(_records(file.read(min(end - position, _CHUNK)), position), limit))

    def _recover(self) -> int:
        """Offset of the end of the last whole record; what is torn behind it is cut off."""
        start = self._starts[-1]
        end = start
        with self._path(start).open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            while found := self._read_chunk(start, end, start + size, _CHUNK):
                end = found[-1].offset
            if end < start + size:
                _log.warning("journal: %d torn bytes, never acknowledged, cut off at %d", start + size - end, end)
                file.truncate(end - start)
            os.fsync(file.fileno())
        return end


def _lock(root: Path) -> int:
    """Open descriptor that holds `root` for this process until it is closed."""
    root.mkdir(parents=True, exist_ok=True)
    hold = os.open(root / "lock", os.O_WRONLY | os.O_CREAT, 0o640)
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(hold)
        raise
    return hold


def _records(data: bytes, position: int) -> Iterator[Entry]:
    """Whole, undamaged records at the front of `data`, which begins at offset `position`."""
    at = 0
    while at + _PREFIX.size <= len(data):
        length, check = _PREFIX.unpack_from(data, at)
        body = at + _PREFIX.size
        at = body + length
        payload = data[body:at]
        if length < _HEAD.size or len(payload) < length or crc32(payload) != check:
            return
        received_us, wire, n_note = _HEAD.unpack_from(payload)
        frame = _HEAD.size + n_note
        yield Entry(
            position + at, received_us, WIRES[wire], payload[_HEAD.size : frame].decode(errors="replace"), payload[frame:]
        )
