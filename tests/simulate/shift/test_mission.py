"""The unit drives missions: it arrives, does not hunt, learns mass and slope, follows a change of load."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.road.profile import Stop, level
from fifthwheel.simulate.shift.driveline import AMT, Driveline
from fifthwheel.simulate.shift.mission import drive, hunting

BOXES = {"dct": dataclasses.replace(Driveline(), mass_kg=40e3), "amt": dataclasses.replace(AMT, mass_kg=40e3)}


@pytest.mark.parametrize("box", BOXES)
def test_long_haul_on_flat_shifts_at_most_four_times_a_kilometre(box: str) -> None:
    columns = drive(level(40_000.0, 22.2), BOXES[box])
    seen = hunting(columns)
    assert columns["way_m"][-1] == pytest.approx(40_000.0, abs=15.0)
    assert 5 <= seen.shifts_count <= 4 * 40
    assert seen.per_m <= 4e-3
    assert seen.most_reverse_count <= 1


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("name", ["regional-weifang-linqu", "quarry-zhangqiu", "coal-taiyuan-shijiazhuang"])
def test_missions_are_driven_without_hunting(box: str, name: str) -> None:
    columns = drive(name, BOXES[box], most_s=1800.0)
    assert hunting(columns).most_reverse_count <= 1
    assert columns["speed_mps"].max() > 15
    assert np.percentile(columns["speed_mps"] - columns["wanted_mps"], 99) < 2.0
    assert columns["warning_count"].max() == 0
    assert columns["engine_radps"].min() > 45


def test_mass_is_learned_again_when_the_load_changes() -> None:
    road = level(24_000.0, 20.0, stops=(Stop(distance_m=12_000.0, duration_s=2.0),))
    columns = drive(road, BOXES["dct"], loads=((12_000.0, 18e3),))
    before, after = columns["way_m"] < 11_900, columns["way_m"] > 23_000
    assert columns["mass_believed_kg"][before][-1] == pytest.approx(40e3, rel=0.05)
    assert columns["mass_believed_kg"][after][-1] == pytest.approx(18e3, rel=0.05)


def test_slope_is_followed() -> None:
    columns = drive(level(6_000.0, 15.0, slope_ratio=0.03), BOXES["dct"])
    rolling = columns["way_m"] > 2_000
    assert np.median(columns["grade_believed_ratio"][rolling]) == pytest.approx(0.03, abs=0.003)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="0 s"):
        drive(level(1_000.0, 10.0), most_s=0.0)
