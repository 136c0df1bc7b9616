"""The durable journal between the socket and the lake: what was stored may be acknowledged."""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

STREAM: Final = "gateway"
"""Name under which the lake keeps the offset of what it has taken from the journal."""
WIRES: Final = ("unknown", "jt808", "gbt32960", "hj1239", "j1939")
"""Wires a record can carry; the position in this tuple is what a segment stores, so only ever add at the end."""


class Entry(NamedTuple):
    """One frame as it stands in the journal (a tuple and no dataclass: a million of them are made a minute).

    `offset` grows with every record and marks its end: reading ``after`` it continues with the next record.
    `refusal` is '' for a frame to decode, else ``reason: detail`` of a frame that the gateway refused.
    """

    offset: int
    received_us: int
    wire: str
    refusal: str
    frame: bytes


class Log(Protocol):
    """What gateway and pipeline need of a journal; `segments.Journal` keeps it in files."""

    @property
    def durable(self) -> int:
        """Offset up to which everything would survive a power cut."""

    def append(self, wire: str, frame: bytes, received_us: int, refusal: str = "") -> int:
        """Add a record in memory and return its offset; it is not stored before `commit` says so."""

    def commit(self) -> int:
        """Store everything appended so far as one group (blocking) and return the durable offset."""

    def read(self, after: int, limit: int) -> list[Entry]:
        """At most `limit` durable records after offset `after`, in order."""

    def rewind(self, offset: int, span: int) -> int:
        """An offset to read from so that at least the `span` bytes before `offset` are seen again, if still kept."""

    def forget(self, offset: int, before_us: int) -> int:
        """Remove whole segments up to `offset` that were last written before `before_us`; how many."""
