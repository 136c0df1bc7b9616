"""The wires of one vehicle merged into one time line: sorted, without duplicates, the better wire first, on a 1 s grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fifthwheel.signals.observations import Floats, Integers, Observations
from fifthwheel.units import MICROSECOND, SECOND_US

Mask = NDArray[np.bool_]

WIRE_ORDER: Final = ("simulated", "j1939", "hj1239", "gbt32960", "jt808")
"""Best first: the vehicle's own buses before the position unit, whose speed is the satellite receiver's."""
CLOCK_AHEAD_US: Final = 600 * SECOND_US
"""A row dated later than it was received by more than this has a wrong clock; late rows are normal and kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One signal over time: `time_us` strictly increasing and `values` without NaN, both of shape (n,)."""

    time_us: Integers
    values: Floats

    def __len__(self) -> int:
        return len(self.time_us)

    def between(self, start_us: int, end_us: int) -> Series:
        """The samples from `start_us` to `end_us`, both included."""
        first, last = np.searchsorted(self.time_us, [start_us, end_us + 1])
        return Series(time_us=self.time_us[first:last], values=self.values[first:last])

    def on(self, grid_us: Integers, *, longest_gap_s: float, hold: bool = False) -> Floats:
        """Values on `grid_us`, shape (m,): linear (or the last one held); NaN inside gaps longer than `longest_gap_s`.

        Before the first and after the last sample the nearest one holds for half of `longest_gap_s`.
        """
        if not len(self):
            return np.full(len(grid_us), np.nan)
        right = np.searchsorted(self.time_us, grid_us, side="right")
        before = np.maximum(right - 1, 0)
        after = np.minimum(np.searchsorted(self.time_us, grid_us, side="left"), len(self) - 1)
        if hold:
            values = self.values[before]
        else:
            values = np.interp((grid_us - self.time_us[0]) * MICROSECOND, self.seconds(), self.values)
        inside = (right > 0) & (grid_us <= self.time_us[-1])
        gap_us = np.where(inside, self.time_us[after] - self.time_us[before], 2 * np.abs(grid_us - self.time_us[before]))
        return np.where(gap_us <= longest_gap_s * SECOND_US, values, np.nan)

    def seconds(self) -> Floats:
        """Seconds since the first sample, shape (n,)."""
        return np.asarray((self.time_us - self.time_us[:1]) * MICROSECOND, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The believable rows of one unit in time order: what `series` reads from.

    Attributes
    ----------
    observations : the rows, duplicates included.
    time_us, rank : time of each row and place of its wire in `WIRE_ORDER`, both of shape (n,).
    """

    observations: Observations
    time_us: Integers
    rank: Integers

    @classmethod
    def of(cls, observations: Observations) -> Wires:
        """Sort by time; leave out rows whose clock runs ahead of their reception."""
        received = np.asarray(observations.table.column("received_us").to_numpy(), dtype=np.int64)
        times = observations.time_us
        rank = _ranks(observations)
        order = np.lexsort((rank, times))
        order = order[times[order] <= received[order] + CLOCK_AHEAD_US]
        if not np.array_equal(order, np.arange(len(times))):
            observations = Observations(observations.table.take(order))
        return cls(observations=observations, time_us=times[order], rank=rank[order])

    def where(self, keep: Mask) -> Wires:
        """The rows that `keep` marks, shape (n,)."""
        if keep.all():
            return self
        rows = Observations(self.observations.table.filter(pa.array(keep)))
        return Wires(observations=rows, time_us=self.time_us[keep], rank=self.rank[keep])

    def series(self, name: str, *, prefer_within_s: float = 5.0, wires: Sequence[str] = WIRE_ORDER) -> Series:
        """Samples of signal `name` from `wires`; a lesser wire counts only where no better one is within `prefer_within_s`."""
        if name not in self.observations.table.column_names:
            return Series(time_us=np.empty(0, np.int64), values=np.empty(0))
        values = self.observations.column(name)
        allowed = np.isin(self.rank, [_rank(wire) for wire in wires]) if wires is not WIRE_ORDER else True
        here = np.flatnonzero(~np.isnan(values) & allowed)
        times, ranks, values = self.time_us[here], self.rank[here], values[here]
        ranks_present = np.unique(ranks)
        if len(ranks_present) > 1:
            keep = _better_wire(times, ranks, ranks_present, prefer_within_s * SECOND_US)
            times, ranks, values = times[keep], ranks[keep], values[keep]
        if len(times) > 1 and np.any(np.diff(times) == 0):
            order = np.lexsort((values, ranks, times))
            order = order[np.concatenate(([True], np.diff(times[order]) > 0))]
            times, values = times[order], values[order]
        return Series(time_us=times, values=values)


def grid_us(start_us: int, end_us: int) -> Integers:
    """Whole seconds from `start_us` to `end_us`, both ends included as far as they fall on the second."""
    return np.arange(start_us, end_us + 1, SECOND_US, dtype=np.int64)


def _better_wire(times: Integers, ranks: Integers, present: Integers, horizon_us: float) -> Mask:
    keep: Mask = ranks == present[0]
    for rank in present[1:]:
        better = times[keep]
        index = np.searchsorted(better, times)
        nearest = np.minimum(
            np.abs(times - better[np.maximum(index - 1, 0)]), np.abs(times - better[np.minimum(index, len(better) - 1)])
        )
        keep |= (ranks == rank) & (nearest > horizon_us)
    return keep


def _rank(wire: str) -> int:
    return WIRE_ORDER.index(wire) if wire in WIRE_ORDER else len(WIRE_ORDER)


def _ranks(observations: Observations) -> Integers:
    encoded = observations.table.column("source").combine_chunks().dictionary_encode()
    table = np.array([_rank(wire) for wire in encoded.dictionary.to_pylist()] or [0], dtype=np.int64)
    return table[np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)]
