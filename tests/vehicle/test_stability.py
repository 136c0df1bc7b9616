"""Centre of mass of the whole and its static roll threshold by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.stability import centre, roll_threshold, track_m
from fifthwheel.vehicle.statics import Load

from .conftest import RIGID_8X4, TRACTOR_4X2, TRAILER, group, train

CARGO = ((), (Load(mass_kg=20e3, place_m=7.0, height_m=2.2),))


def test_centre_of_the_whole_by_hand(five_axles: Combination) -> None:
    """The trailer's front stands 2.94 m behind the tractor's."""
    found = centre(five_axles, CARGO)
    moment = 7500.0 * 2.6 + 6600.0 * (7.0 + 2.94) + 20e3 * (7.0 + 2.94)
    assert (found.mass_kg, found.place_m) == pytest.approx((34100.0, moment / 34100.0))
    assert found.height_m == pytest.approx((7500.0 * 1.0 + 6600.0 * 1.2 + 20e3 * 2.2) / 34100.0)


def test_roll_threshold_of_one_track_by_hand() -> None:
    """T = 2.04 m on all axles, h = 12 t at 1.1 m and 18 t at 2.0 m: rigid T / 2h, typical 1.25 times less."""
    axles = (
        group(1.5, 3.3, limit_kg=13e3, tyres_count=2, track_m=2.04),
        group(6.7, 8.05, limit_kg=18e3, driven=True, track_m=1.70),
    )
    found = roll_threshold(train(replace(RIGID_8X4, axles=axles), None), [[Load(mass_kg=18e3, place_m=6.2, height_m=2.0)]])
    height = (12e3 * 1.1 + 18e3 * 2.0) / 30e3
    assert found.track_m == pytest.approx(2.04)
    assert found.rigid_ratio == pytest.approx(1.02 / height)
    assert found.ratio == pytest.approx(1.02 / height / 1.25)
    assert found.least_ratio < found.ratio < found.most_ratio < found.rigid_ratio
    assert (1.0 - found.least_ratio / found.rigid_ratio, 1.0 - found.most_ratio / found.rigid_ratio) == pytest.approx(
        (0.30, 0.15), abs=0.01
    )


def test_tracks_of_twins_reach_to_the_outer_tyres() -> None:
    assert track_m(TRACTOR_4X2, 0) == pytest.approx(2.05)
    assert track_m(TRACTOR_4X2, 1) == pytest.approx(1.84 + 0.34)


def test_a_lifted_axle_takes_one_to_three_hundredths_of_g_off(five_axles: Combination) -> None:
    down, up = (roll_threshold(five_axles, CARGO, lifted=lifted).ratio for lifted in (False, True))
    assert 0.01 < down - up < 0.03


@settings(deadline=None)
@given(height_m=st.floats(1.0, 3.0), by_m=st.floats(0.05, 1.0))
def test_a_higher_load_lowers_the_threshold(height_m: float, by_m: float) -> None:
    whole = train(TRACTOR_4X2, TRAILER)
    low, high = (
        roll_threshold(whole, ((), (Load(mass_kg=20e3, place_m=7.0, height_m=height),))) for height in (height_m, height_m + by_m)
    )
    assert high.ratio < low.ratio
