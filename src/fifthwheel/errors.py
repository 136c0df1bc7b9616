"""The error tree: every error this package raises on purpose is one of these.

FifthwheelError
├── InputError          a value, file or name from outside is not acceptable
│   ├── UnknownName     a name that is not in a catalogue, table or registry
│   └── Conflict        acceptable alone, but it contradicts what is already recorded
├── FrameError          bytes on a wire that cannot be understood (goes to quarantine)
├── StorageError        the journal, the lake or the records cannot be read or written
└── SimulationError     a combination cannot drive the mission it was given
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class FifthwheelError(Exception):
    """Root of the tree. The message carries the offending value, its unit and what would be accepted."""


class InputError(FifthwheelError):
    """A value, file or name from outside is not acceptable."""


class UnknownName(InputError):
    """A name that is not in a catalogue; the message offers the closest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(name, names, n=3, cutoff=0.4) or names[:8]
        hint = f"; did you mean {', '.join(close)}?" if close else "; none is known yet"
        super().__init__(f"no {kind} is called {name!r}{hint}")


class Conflict(InputError):
    """Acceptable alone, but it contradicts what is already recorded."""


class FrameError(FifthwheelError):
    """Bytes on a wire that cannot be understood.

    Parameters
    ----------
    reason : short stable code for counting and listing, e.g. ``checksum`` or ``length``.
    detail : the offending values, in words.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class StorageError(FifthwheelError):
    """The journal, the lake or the records cannot be read or written."""


class SimulationError(FifthwheelError):
    """A combination cannot drive the mission it was given."""
