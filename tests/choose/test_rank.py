"""The Pareto front against the definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from fifthwheel.choose.rank import front

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 5))


def by_definition(aims: NDArray[np.float64]) -> list[bool]:
    """A row stands on the front unless another is as small everywhere and smaller somewhere."""
    return [not any((other <= row).all() and (other < row).any() for other in aims) for row in aims]


@given(arrays(np.float64, SHAPES, elements=st.integers(0, 4).map(float)))
def test_the_front_is_what_nothing_beats(aims: NDArray[np.float64]) -> None:
    assert front(aims).tolist() == by_definition(aims)


@given(arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(aims: NDArray[np.float64], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(aims))
    assert front(aims[order]).tolist() == front(aims)[order].tolist()


def test_units_do_not_matter() -> None:
    aims = np.random.default_rng(1).random((500, 4))
    assert (front(aims) == front(aims * [1e-6, 1.0, 1e9, 3.0])).all()


def test_the_least_of_any_aim_is_on_the_front() -> None:
    aims = np.random.default_rng(2).random((10_000, 5))
    assert front(aims)[aims.argmin(axis=0)].all()
