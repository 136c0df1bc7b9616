"""The stages between the journal and the lake: each takes a batch of one wire and gives it back with less doubt in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.observed import Block, Decoded, Fault
from fifthwheel.connect.journal import Entry
from fifthwheel.records import Coupling, Records
from fifthwheel.signals.catalogue import signal
from fifthwheel.units import DAY_US, SECOND_US

Observe = Callable[[Sequence[bytes]], Decoded]
EARLIEST_US: Final = 1_420_070_400 * SECOND_US
"""2015-01-01 UTC: before the first of these protocols a clock that says so is dead."""
AHEAD_US: Final = DAY_US
"""A device clock may run this far ahead of ours."""
NAMES_LIVE_US: Final = 60 * SECOND_US
COUPLINGS_LIVE_US: Final = 5 * SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A frame, or something in it, that goes to quarantine: `reason` is a short stable code, `detail` says it in words."""

    entry: Entry
    identity: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames of one wire on their way.

    Attributes
    ----------
    entries : the frames, in journal order.
    identity, vehicle : who each frame claims to be, and which vehicle that is (None: unknown), one a frame.
    blocks : decoded rows; `Block.frame` is an index into `entries`.
    trailers : for each block, the trailer behind the vehicle at the time of each row, shape (n,).
    refused : what goes to quarantine.
    marks : fingerprints of frames and rows, remembered once the batch has gone through.
    """

    wire: str
    entries: Sequence[Entry]
    identity: tuple[str, ...] = ()
    vehicle: tuple[str | None, ...] = ()
    blocks: tuple[Block, ...] = ()
    faults: tuple[Fault, ...] = ()
    trailers: tuple[NDArray[np.object_], ...] = ()
    refused: tuple[Refused, ...] = ()
    marks: tuple[int, ...] = ()

    def refuse(self, found: Iterable[tuple[int, str, str]]) -> tuple[Refused, ...]:
        """What was refused so far and what is `found` now: (index of the frame, reason, detail)."""
        claims = self.identity or ("",) * len(self.entries)
        new = (Refused(entry=self.entries[i], identity=claims[i], reason=why, detail=detail) for i, why, detail in found)
        return (*self.refused, *new)


Stage = Callable[[Batch], Batch]


class Window:
    """The latest `size` fingerprints. What a batch adds is provisional until the whole batch has gone through."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._seen: dict[int, None] = {}
        self._trial: dict[int, None] = {}

    def __contains__(self, mark: int) -> bool:
        return mark in self._seen or mark in self._trial

    def add(self, marks: Iterable[int]) -> None:
        """Note `marks` for now."""
        self._trial.update(dict.fromkeys(marks))

    def settle(self) -> None:
        """Keep what was noted, forget the oldest."""
        self._seen.update(self._trial)
        self._trial = {}
        excess = len(self._seen) - self._size
        for mark in list(islice(self._seen, excess)) if excess > 0 else ():
            del self._seen[mark]

    def undo(self) -> None:
        """Forget what was noted since the last `settle`."""
        self._trial = {}


def refusals(batch: Batch) -> Batch:
    """Frames that the gateway refused go to quarantine with its reason."""
    told = [entry.refusal.partition(": ") for entry in batch.entries]
    refused = batch.refuse((i, reason, detail) for i, (reason, _, detail) in enumerate(told) if reason)
    taken = [entry for entry in batch.entries if not entry.refusal]
    return replace(batch, entries=taken, refused=refused)


class Repetitions:
    """What the window has seen already."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def drop_frames(self, batch: Batch) -> Batch:
        """A frame with the very bytes of an earlier one was sent again because its acknowledgement was late."""
        marks: dict[int, Entry] = {}
        for entry in batch.entries:
            mark = hash((batch.wire, entry.frame))
            if mark not in self._window:
                marks.setdefault(mark, entry)
        return replace(batch, entries=list(marks.values()), marks=tuple(marks))

    def drop_rows(self, batch: Batch) -> Batch:
        """A row that a device stored and sent late is dropped when it came live as well: same speaker, time and values."""
        speakers = np.array([hash((batch.wire, name)) for name in batch.identity], np.int64).view(np.uint64)
        marks = [_fingerprints(block, speakers) for block in batch.blocks]
        known = set(batch.marks)
        for block, ours in zip(batch.blocks, marks, strict=True):
            known.update(ours[~block.resent].tolist())
        blocks = []
        for block, ours in zip(batch.blocks, marks, strict=True):
            keep = ~block.resent
            for row in np.flatnonzero(block.resent).tolist():
                mark = int(ours[row])
                keep[row] = mark not in known and mark not in self._window
                known.add(mark)
            blocks.append(_rows(block, keep))
        return replace(batch, blocks=tuple(blocks), marks=tuple(known))


class Decode:
    """Frames to columns; what the codec rejects goes to quarantine."""

    def __init__(self, observers: Mapping[str, Observe]) -> None:
        self._observers = observers

    def decode(self, batch: Batch) -> Batch:
        """Decode all frames at once."""
        if not batch.entries:
            return batch
        decoded = self._observers[batch.wire]([entry.frame for entry in batch.entries])
        batch = replace(batch, identity=decoded.identity, blocks=decoded.blocks, faults=decoded.faults)
        return replace(batch, refused=batch.refuse((i, reject.reason, reject.detail) for i, reject in decoded.rejects))


def quality(batch: Batch) -> Batch:
    """A value outside the catalogue's range becomes absent; quarantine tells the first of a speaker and how many there were."""
    found: dict[tuple[str, str], tuple[int, str, int]] = {}
    blocks = []
    for block in batch.blocks:
        values = dict(block.values)
        for name, column in block.values.items():
            about = signal(name)
            outside = (column < about.low) | (column > about.high)
            if not outside.any():
                continue
            values[name] = np.where(outside, np.nan, column)
            for row in np.flatnonzero(outside).tolist():
                frame = int(block.frame[row])
                first, said, count = found.get((batch.identity[frame], name), (frame, "", 0))
                said = said or f"{name} = {column[row]:g} {about.unit}; accepted {about.low:g} to {about.high:g}"
                found[batch.identity[frame], name] = (first, said, count + 1)
        blocks.append(replace(block, values=values))
    told = ((frame, "range", said if n == 1 else f"{said} (and {n - 1} more)") for frame, said, n in found.values())
    return replace(batch, blocks=tuple(blocks), refused=batch.refuse(told))


def clock(batch: Batch) -> Batch:
    """Rows and faults of a device whose clock is dead or far ahead go to quarantine; ours stays beside every other."""
    received = np.array([entry.received_us for entry in batch.entries], np.int64)

    def absurd(frame: NDArray[np.int64], time_us: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray((time_us < EARLIEST_US) | (time_us > received[frame] + AHEAD_US))

    found: dict[int, int] = {}
    blocks = []
    for block in batch.blocks:
        wrong = absurd(block.frame, block.time_us)
        found |= dict(zip(block.frame[wrong].tolist(), block.time_us[wrong].tolist(), strict=True))
        blocks.append(_rows(block, ~wrong))
    timely = []
    for fault in batch.faults:
        if EARLIEST_US <= fault.time_us <= received[fault.frame] + AHEAD_US:
            timely.append(fault)
        else:
            found[fault.frame] = fault.time_us
    told = ((i, "clock", f"the device says {_utc(at)}, it came {_utc(int(received[i]))}") for i, at in found.items())
    return replace(batch, blocks=tuple(blocks), faults=tuple(timely), refused=batch.refuse(told))


class Identify:
    """Claims of identity to vehicles, by the records."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[tuple[str, str], str] = {}
        self._until_us = 0

    def identify(self, batch: Batch) -> Batch:
        """Find the vehicle of each frame; rows of a name that the records do not know go to quarantine."""
        self._refresh(batch)
        wire = "jt808" if batch.wire == "jt808" else "vin"
        for name in set(batch.identity):
            if (wire, name) not in self._known and (vehicle_id := self._records.identify(wire, name)) is not None:
                self._known[wire, name] = vehicle_id
        vehicle = tuple(self._known.get((wire, name)) for name in batch.identity)
        known = np.array([one is not None for one in vehicle], np.bool_)
        lost = {int(i) for block in batch.blocks for i in np.unique(block.frame[~known[block.frame]])}
        lost |= {fault.frame for fault in batch.faults if not known[fault.frame]}
        return replace(
            batch,
            vehicle=vehicle,
            blocks=tuple(_rows(block, known[block.frame]) for block in batch.blocks),
            faults=tuple(fault for fault in batch.faults if known[fault.frame]),
            refused=batch.refuse((i, "unknown identity", f"no vehicle is known by it on {wire}") for i in sorted(lost)),
        )

    def _refresh(self, batch: Batch) -> None:
        now_us = batch.entries[-1].received_us if batch.entries else 0
        if now_us >= self._until_us:
            self._known, self._until_us = {}, now_us + NAMES_LIVE_US


class Couple:
    """What is behind a vehicle, by the dated couplings of the records."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._couplings: dict[str, list[Coupling]] = {}
        self._until_us = 0

    def couple(self, batch: Batch) -> Batch:
        """Find the trailer behind the vehicle at the time of each row."""
        self._refresh(batch)
        return replace(batch, trailers=tuple(self._trailers(batch, block) for block in batch.blocks))

    def _trailers(self, batch: Batch, block: Block) -> NDArray[np.object_]:
        trailers = np.full(len(block.time_us), None, np.object_)
        frames: dict[str, list[int]] = {}
        for i in np.unique(block.frame).tolist():
            if (vehicle_id := batch.vehicle[i]) in self._couplings:
                frames.setdefault(str(vehicle_id), []).append(i)
        for vehicle_id, own in frames.items():
            rows = np.flatnonzero(np.isin(block.frame, own))
            times = block.time_us[rows]
            for coupling in self._couplings[vehicle_id]:
                during = times >= coupling.start_us
                if coupling.end_us is not None:
                    during &= times < coupling.end_us
                trailers[rows[during]] = coupling.trailer_id
        return trailers

    def _refresh(self, batch: Batch) -> None:
        now_us = batch.entries[-1].received_us if batch.entries else 0
        if now_us >= self._until_us:
            self._couplings, self._until_us = {}, now_us + COUPLINGS_LIVE_US
            for coupling in self._records.couplings():
                self._couplings.setdefault(coupling.tractor_id, []).append(coupling)


def _rows(block: Block, keep: NDArray[np.bool_]) -> Block:
    """Those rows of `block` where `keep`, shape (n,), is true."""
    if keep.all():
        return block
    values = {name: column[keep] for name, column in block.values.items()}
    return Block(frame=block.frame[keep], time_us=block.time_us[keep], values=values, resent=block.resent[keep])


def _fingerprints(block: Block, speakers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """64-bit fingerprint of who, when and what, shape (n,); an absent value counts like a missing column."""
    total = _mixed(block.time_us.view(np.uint64)) + speakers[block.frame]
    for name, column in block.values.items():
        bits = np.ascontiguousarray(column).view(np.uint64) ^ np.array(hash(name), np.int64).view(np.uint64)
        total += np.where(np.isnan(column), np.uint64(0), _mixed(bits))
    return total


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _utc(time_us: int) -> str:
    return str(np.datetime64(time_us, "us")) + "Z"
