"""Values of a bus log to rows of the lake: one source a signal, last value of a raster cell, one row a tyre or axle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.codec.j1939.decode import Column
from fifthwheel.codec.j1939.messages import Parameter
from fifthwheel.signals.catalogue import signal
from fifthwheel.signals.observations import Floats, Integers

PLACES: Final = ("tyre_position_state", "axle_position_state")
"""A group with one of these tells of another tyre or axle in each message: no two of them share a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows to be: device time of each, shape (n,), and SI values by signal, shape (n,), NaN where absent."""

    time_us: Integers
    values: dict[str, Floats]


@dataclass(slots=True)
class Chooser:
    """Which group and source address gives each signal, kept for a whole log.

    First the user's DBC, then the order of the own table; within a group the address that the standard gives the signal to, else
    the one with most valid values.

    Attributes
    ----------
    rank : parameter -> place in the order of preference.
    chosen : signal -> (parameter, source address).
    outside : values beyond the plausible range of the catalogue, by signal; they are dropped.
    """

    rank: dict[Parameter, int]
    chosen: dict[str, tuple[Parameter, int]] = field(default_factory=dict)
    outside: Counter[str] = field(default_factory=Counter)

    def choose(self, columns: Iterable[Column]) -> list[Column]:
        """One plausible column a signal; a signal's first choice stands as long as it speaks."""
        offers: dict[str, list[Column]] = {}
        for column in map(self._plausible, columns):
            if len(column.values):
                offers.setdefault(column.parameter.name, []).append(column)
        return [self._best(name, candidates) for name, candidates in offers.items()]

    def of_group(self, columns: Iterable[Column]) -> list[Column]:
        """The columns of one group from the address that says most in it."""
        sound = [column for column in map(self._plausible, columns) if len(column.values)]
        said: Counter[int] = Counter()
        for column in sound:
            said[column.source_address] += len(column.values)
        loudest = max(said, key=lambda source: (said[source], -source), default=None)
        chosen = [column for column in sound if column.source_address == loudest]
        for column in chosen:
            self.chosen.setdefault(column.parameter.name, (column.parameter, column.source_address))
        return chosen

    def _best(self, name: str, candidates: list[Column]) -> Column:
        for column in candidates:
            if (column.parameter, column.source_address) == self.chosen.get(name):
                return column
        best = min(
            candidates,
            key=lambda c: (self.rank[c.parameter], c.source_address != c.parameter.owner, -len(c.values), c.source_address),
        )
        self.chosen.setdefault(name, (best.parameter, best.source_address))
        return best

    def _plausible(self, column: Column) -> Column:
        about = signal(column.parameter.name)
        inside = (column.values >= about.low) & (column.values <= about.high)
        if inside.all():
            return column
        self.outside[about.name] += int((~inside).sum())
        return replace(column, frame=column.frame[inside], values=column.values[inside])


def rastered(columns: Sequence[Column], time_us: Integers, raster_us: int) -> Rows:
    """One row a raster cell: the last value of each signal in it, at the time of the cell's last value.

    `time_us` are the times of the frames, ascending, shape (n_frames,).
    """
    cell = time_us // raster_us
    row_of = np.cumsum(np.diff(cell, prepend=cell[:1]) != 0)
    n_rows = int(row_of[-1]) + 1 if len(row_of) else 0
    time = np.full(n_rows, np.iinfo(np.int64).min)
    values = {}
    for column in columns:
        row = row_of[column.frame]
        last = np.flatnonzero(np.diff(row, append=-1))
        row, frame = row[last], column.frame[last]
        values[column.parameter.name] = np.full(n_rows, np.nan)
        values[column.parameter.name][row] = column.values[last]
        time[row] = np.maximum(time[row], time_us[frame])
    said = time > np.iinfo(np.int64).min
    return Rows(time_us=time[said], values={name: value[said] for name, value in values.items()})


def placed(columns: Sequence[Column], time_us: Integers) -> Rows:
    """One row a message, for the columns of one group that names a tyre or an axle."""
    frames: NDArray[np.int64] = np.unique(np.concatenate([column.frame for column in columns]))
    values = {}
    for column in columns:
        values[column.parameter.name] = np.full(len(frames), np.nan)
        values[column.parameter.name][np.searchsorted(frames, column.frame)] = column.values
    return Rows(time_us=time_us[frames], values=values)
