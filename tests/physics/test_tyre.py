"""Tyres warming up, wet roads and lift axles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.physics import tyre
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.vehicle.catalogue import combination, names
from fifthwheel.vehicle.combination import Combination

LIFT = combination("diesel-6x4-stake-lift")


def without_lift(whole: Combination) -> Combination:
    assert whole.trailer
    axles = tuple(replace(group, liftable=False) for group in whole.trailer.axles)
    return replace(whole, trailer=replace(whole.trailer, axles=axles))


def test_tyres_warm_in_an_hour_and_cool_slower() -> None:
    hour = float(tyre.warmed_ratio(0.0, 3600.0))
    assert 0.75 < hour < 0.9
    assert tyre.warmed_ratio(tyre.warmed_ratio(0.0, 1000.0), 2600.0) == pytest.approx(hour)
    assert tyre.cooled_ratio(1.0, 3600.0) > 1.0 - hour
    assert tyre.warmth_factor_ratio(np.array([0.0, 1.0])) == pytest.approx([1.25, 1.0])


def test_wet_and_snowy_roads_cost() -> None:
    factors = np.asarray(tyre.water_factor_ratio(np.array([0.0, 0.001, 0.006, 0.02])))
    assert factors == pytest.approx([1.0, 1.1, 1.6, 1.6])
    named = tyre.SURFACE_FACTOR_RATIO
    assert named["dry"] == 1.0
    assert named["dry"] < named["damp"] < named["wet"] < named["packed_snow"] < named["loose_snow"]
    assert named["wet"] == tyre.water_factor_ratio(0.001)


@pytest.mark.parametrize("name", names())
def test_axle_loads_add_up_to_the_weight(name: str) -> None:
    whole = combination(name)
    for mass_kg in (whole.tare_kg, whole.tare_kg + 0.4 * whole.payload_limit_kg, whole.gross_mass_kg):
        assert sum(sum(loads) for loads in tyre.axle_loads_n(whole, mass_kg)) == pytest.approx(mass_kg * GRAVITY)


def test_lift_axle_is_up_when_empty_and_down_when_loaded() -> None:
    half = LIFT.tare_kg + 0.5 * LIFT.payload_limit_kg
    assert tyre.lifted_groups(LIFT, LIFT.tare_kg) == ((False, False), (True, False))
    assert tyre.lifted_groups(LIFT, half - 1.0) == ((False, False), (True, False))
    assert tyre.lifted_groups(LIFT, half + 1.0) == ((False, False), (False, False))
    (_, _), (up, down) = tyre.axle_loads_n(LIFT, LIFT.tare_kg)
    assert up == 0.0
    assert down == pytest.approx(LIFT.tare_kg * GRAVITY * sum(LIFT.axle_load_ratios[1]))


def test_lift_axle_stays_down_when_the_rest_would_be_overloaded() -> None:
    assert LIFT.trailer
    first, rest = LIFT.trailer.axles
    weak = replace(
        LIFT, trailer=replace(LIFT.trailer, axles=(first, replace(rest, load_limit_kg=16_000.0, load_share_ratio=0.6)))
    )
    assert tyre.lifted_groups(weak, 29_000.0)[1] == (False, False)
    assert tyre.lifted_groups(weak, 18_000.0)[1] == (True, False)


def test_the_last_axle_of_a_unit_never_comes_up() -> None:
    assert LIFT.trailer
    axles = tuple(replace(group, liftable=True) for group in LIFT.trailer.axles)
    assert tyre.lifted_groups(replace(LIFT, trailer=replace(LIFT.trailer, axles=axles)), LIFT.tare_kg)[1] == (True, False)


def test_raising_an_axle_saves_a_few_per_cent_of_the_trailers_rolling_resistance() -> None:
    lifted, level = tyre.rolling_forces_n(LIFT, LIFT.tare_kg), tyre.rolling_forces_n(without_lift(LIFT), LIFT.tare_kg)
    assert lifted[0] == level[0]
    assert lifted[1] / level[1] == pytest.approx((2 / 3) ** 0.1)
    assert tyre.rolling_forces_n(LIFT, 49_000.0) == tyre.rolling_forces_n(without_lift(LIFT), 49_000.0)
