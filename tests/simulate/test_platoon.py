"""A17: a platoon saves 4 to 9 % from 15 to 45 m, less with every metre, nothing far apart; braking does not grow rearwards."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import inf

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.physics.platoon import platoon_drag_ratio
from fifthwheel.road.profile import level
from fifthwheel.simulate.platoon import Truck, column, platoon
from fifthwheel.vehicle.catalogue import combination

ROAD = level(20_000.0, 85.0 / 3.6)
GAPS_M = (15.0, 20.0, 30.0, 45.0)
LEADS: dict[str, Callable[[float], float]] = {
    "brakes": lambda time_s: 23.6 if time_s < 5.0 else 18.0,
    "brakes long": lambda time_s: 23.6 if time_s < 5.0 else 10.0,
    "speeds up": lambda time_s: 18.0 if time_s < 5.0 else 22.0,
}
MIXED = (Truck(), Truck(mass_kg=18e3), Truck(), Truck(mass_kg=25e3), Truck())


@pytest.mark.parametrize("share", [0.4, 1.0])
@pytest.mark.parametrize("name", ["diesel-4x2-curtainsider-eu", "diesel-6x4-box", "diesel-6x4-stake"])
def test_a17_a_team_of_three_saves_4_to_9_percent(name: str, share: float) -> None:
    whole = combination(name)
    savings = [platoon(whole, ROAD, share * whole.payload_limit_kg, (3, gap)).team_ratio for gap in GAPS_M]
    assert all(0.04 <= saving <= 0.09 for saving in savings)
    assert savings == sorted(savings, reverse=True)


def test_a17_nothing_is_saved_far_apart() -> None:
    assert platoon_drag_ratio(inf, inf) == 1.0
    assert float(platoon_drag_ratio(3e3, 3e3)) == pytest.approx(1.0, abs=1e-6)
    drags = np.asarray(platoon_drag_ratio(np.linspace(5.0, 300.0, 60), inf))
    assert np.all(np.diff(drags) > 0.0)


def test_every_place_has_its_saving() -> None:
    whole = combination("battery-621-curtainsider-eu")
    lead, middle, last = platoon(whole, ROAD, 15e3, (3, 20.0)).savings_ratio
    assert 0.0 < lead < last < middle


@pytest.mark.parametrize(
    ("lead", "trucks"), [*((name, (Truck(),) * 5) for name in LEADS), ("brakes", MIXED), ("brakes long", MIXED)]
)
def test_a17_acceleration_does_not_grow_rearwards(lead: str, trucks: tuple[Truck, ...]) -> None:
    columns = column(trucks, LEADS[lead], 40.0)
    peaks = [np.abs(columns[f"acceleration_{rank}_mps2"]).max() for rank in range(len(trucks))]
    assert max(later / first for first, later in pairwise(peaks)) <= 1.003
    assert peaks[-1] <= peaks[0]
    assert min(columns[f"gap_{rank}_m"].min() for rank in range(1, len(trucks))) > 5.0


def test_without_radio_gaps_are_the_legal_ones() -> None:
    columns = column((Truck(), Truck()), lambda _time_s: 85.0 / 3.6, 10.0, v2v=False)
    assert columns["gap_1_m"].min() >= 49.0


@pytest.mark.parametrize("team", [(1, 20.0), (3, 1.0)])
def test_what_is_no_platoon_is_refused(team: tuple[int, float]) -> None:
    with pytest.raises(InputError, match="wanted"):
        platoon(combination("diesel-6x4-box"), ROAD, 10e3, team)
