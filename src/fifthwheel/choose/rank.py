"""Which candidates are best: the Pareto front over several aims, and the order of the list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def front(aims: Floats) -> Flags:
    """Which rows of `aims` (n, k), all to be small, no other row beats: none is as small everywhere and smaller somewhere.

    Rows that are equal stand together on the front or together behind it. Each row kept removes all that it beats at once, those
    of least sum of ranks first, so the work is n times the size of the front.

    Examples
    --------
    >>> front(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 3.0], [1.0, 3.0]])).tolist()
    [True, True, False, True]
    """
    unique, places = np.unique(aims, axis=0, return_inverse=True)
    order = np.argsort(_ranks(unique).sum(axis=1), kind="stable")
    left, kept = unique[order], []
    index = order
    while len(left):
        kept.append(index[0])
        beaten = (left >= left[0]).all(axis=1)
        left, index = left[~beaten], index[~beaten]
    best = np.zeros(len(unique), dtype=bool)
    best[kept] = True
    return best[places.reshape(-1)]


def _ranks(aims: Floats) -> Floats:
    """Place of each value in its column, so that sums compare aims of any unit."""
    return np.asarray(np.argsort(np.argsort(aims, axis=0, kind="stable"), axis=0, kind="stable"), dtype=np.float64)
