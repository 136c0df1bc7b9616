"""A19: random commands and faults never close two clutches on two gears, move a loaded fork or stall the engine."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.chance import AMT_STARTS, STARTS, random_plans, tally
from fifthwheel.simulate.shift.driveline import AMT, Driveline

ROADS = ((16e3, 0.0), (40e3, 0.05))


@pytest.mark.parametrize("start", STARTS)
def test_a19_random_sequences(start: tuple[int, int, float, float]) -> None:
    plans = random_plans(np.random.default_rng(7), 60, 4.0)
    marks = np.vstack([tally(Driveline(mass_kg=mass, grade_ratio=grade), start, plans, 60) for mass, grade in ROADS])
    assert (marks[:, [m.T_DOUBLE, m.T_FORK, m.T_STALL]] == 0).all()


@pytest.mark.parametrize("start", AMT_STARTS)
def test_a19_random_sequences_with_one_clutch(start: tuple[int, int, float, float]) -> None:
    plans = random_plans(np.random.default_rng(7), 60, 4.0, 12)
    marks = np.vstack(
        [tally(dataclasses.replace(AMT, mass_kg=mass, grade_ratio=grade), start, plans, 60) for mass, grade in ROADS]
    )
    assert (marks[:, [m.T_DOUBLE, m.T_FORK, m.T_STALL]] == 0).all()


def test_the_watch_sees_a_tie_up() -> None:
    plans = random_plans(np.random.default_rng(7), 1, 4.0)
    slack = Driveline(kiss_odd_ratio=0.0, kiss_even_ratio=0.0)
    marks = tally(slack, (2, 3, 150.0, 800.0), plans, 1)
    assert marks[0, m.T_BOTH] > 100
