"""The decoder of one bus log: what must be remembered from batch to batch (open transfers, sources, active faults, VIN)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from fifthwheel.codec.j1939.decode import Column, Table, decode_troubles, transfers, vin_of
from fifthwheel.codec.j1939.frame import Assembler, CanFrames, Transfer
from fifthwheel.codec.j1939.messages import ACTIVE_FAULTS_PGN, IDENTITY_PGN, OTHER_NAMES, TROUBLE_PGNS, Parameter, parameters
from fifthwheel.codec.observed import Fault
from fifthwheel.connect.importers.rows import PLACES, Chooser, Rows, placed, rastered
from fifthwheel.errors import FrameError
from fifthwheel.signals.catalogue import signal, signals

_PGNS: Final = 1 << 18


class FaultTracker:
    """Active trouble codes of a bus; DM1 repeats them every second, only changes are of interest."""

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}
        self._payloads: dict[int, bytes] = {}
        self._codes: dict[int, set[str]] = {}

    def changes(self, frame: int, time_us: int, source_address: int, payload: bytes) -> list[Fault]:
        """Codes that this DM1 brings up, or ends because no other control unit reports them either."""
        if self._payloads.get(source_address) == payload:
            return []
        self._payloads[source_address] = payload
        before = set().union(*self._codes.values())
        self._codes[source_address] = {code.code for code in decode_troubles(payload).dtcs}
        after = set().union(*self._codes.values())
        self.seen |= dict.fromkeys(sorted(after - before))
        return [Fault(frame=frame, time_us=time_us, code=code, active=code in after) for code in sorted(before ^ after)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a batch of frames gives: rows of observations, faults that changed, and values dropped as implausible."""

    rows: tuple[Rows, ...]
    faults: tuple[Fault, ...]
    outside: tuple[str, ...]


class LogDecoder:
    """Frames of one log, batch by batch, to rows.

    Attributes
    ----------
    frames, decoded : frames seen; those of a group that the own table, the DBC or the diagnostics know.
    signals : values kept, by signal; outside : values dropped, by signal.
    """

    def __init__(self, user: tuple[Parameter, ...], *, raster_us: int) -> None:
        wanted = [*user, *(parameter for parameter in parameters() if parameter.name in signals())]
        self.frames = self.decoded = 0
        self.signals: Counter[str] = Counter()
        self.vin = ""
        self.faults = FaultTracker()
        self.assembler = Assembler()
        self.chooser = Chooser(rank={parameter: place for place, parameter in enumerate(wanted)})
        self._table = Table(wanted)
        self._raster_us = raster_us
        self._counts = np.zeros(_PGNS, np.int64)
        known = {p.pgn for p in (*user, *parameters())} | set(TROUBLE_PGNS) | set(OTHER_NAMES)
        self._known = np.zeros(_PGNS, np.bool_)
        self._known[list(known)] = True
        self._placing = {p.pgn for p in wanted if p.name in PLACES}

    @property
    def outside(self) -> Counter[str]:
        """Implausible values dropped so far, by signal."""
        return self.chooser.outside

    @property
    def unknown(self) -> dict[int, int]:
        """Frames of unknown groups by PGN, most frequent first."""
        pgns = np.flatnonzero((self._counts > 0) & ~self._known)
        order = np.argsort(-self._counts[pgns], kind="stable")
        return {int(pgn): int(self._counts[pgn]) for pgn in pgns[order]}

    def take(self, frames: CanFrames) -> Decoded:
        """Decode a batch; its frames are put into time order first."""
        if np.any(frames.time_us[1:] < frames.time_us[:-1]):
            frames = frames.take(np.argsort(frames.time_us, kind="stable"))
        counts = np.bincount(frames.pgn, minlength=_PGNS)
        self._counts += counts
        self.frames += len(frames)
        self.decoded += int(counts[self._known].sum())
        whole = transfers(frames, self.assembler)
        columns = [*self._table.columns(frames), *self._table.transfer_columns(whole)]
        before = Counter(self.chooser.outside)
        rows = self._rows(columns, frames)
        outside = tuple(_told(name, count) for name, count in sorted((self.chooser.outside - before).items()))
        return Decoded(rows=rows, faults=tuple(self._diagnose(frames, whole)), outside=outside)

    def _rows(self, columns: list[Column], frames: CanFrames) -> tuple[Rows, ...]:
        general = self.chooser.choose(column for column in columns if column.parameter.pgn not in self._placing)
        tables = [rastered(general, frames.time_us, self._raster_us)]
        chosen = list(general)
        for pgn in sorted(self._placing):
            of_places = self.chooser.of_group([column for column in columns if column.parameter.pgn == pgn])
            if of_places:
                tables.append(placed(of_places, frames.time_us))
                chosen += of_places
        for column in chosen:
            self.signals[column.parameter.name] += len(column.values)
        return tuple(table for table in tables if len(table.time_us))

    def _diagnose(self, frames: CanFrames, whole: list[tuple[int, Transfer]]) -> list[Fault]:
        """VIN and faults; a damaged DM1 says nothing."""
        single = np.flatnonzero(frames.pgn == ACTIVE_FAULTS_PGN)
        told = [
            (at, source, payload.tobytes()[:length])
            for at, source, payload, length in zip(
                single.tolist(),
                (frames.identifier[single] & 0xFF).tolist(),
                frames.data[single],
                frames.length[single].tolist(),
                strict=True,
            )
        ]
        told += [(at, transfer.source_address, transfer.payload) for at, transfer in whole if transfer.pgn == ACTIVE_FAULTS_PGN]
        faults: list[Fault] = []
        for at, source, payload in sorted(told):
            try:
                faults += self.faults.changes(at, int(frames.time_us[at]), source, payload)
            except FrameError:
                continue
        for _, transfer in whole:
            if transfer.pgn == IDENTITY_PGN:
                self.vin = self.vin or vin_of(transfer.payload)
        return faults


def _told(name: str, count: int) -> str:
    about = signal(name)
    return f"{count} values of {name} dropped; accepted {about.low:g} to {about.high:g} {about.unit}".rstrip()
