"""Fit of tractor and trailer: geometry by hand, ratings by their formulas, remedies in both languages."""

from __future__ import annotations

from dataclasses import replace
from math import atan2, ceil, hypot, radians, sin

import pytest

from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination, Unit
from fifthwheel.vehicle.coupling import (
    coupled_height_m,
    coupled_length_m,
    d_value_n,
    fit,
    front_swing_m,
    gap_m,
    rear_radius_m,
    trailer_pitch_rad,
)
from fifthwheel.vehicle.statics import AxleLoads, Load, axle_loads
from fifthwheel.vehicle.verdict import Outcome, Verdict

from .conftest import CENTRE_AXLE, RIGID_6X2, TRACTOR_4X2, TRAILER, train

RATED = {"coupling_d_n": 150e3, "coupling_load_limit_kg": 20e3}


def checks(tractor: Unit, trailer: Unit, *, slide_m: float = 0.0, loads: AxleLoads | None = None) -> dict[str, Verdict]:
    return {one.rule: one for one in fit(tractor, trailer, slide_m=slide_m, loads=loads)}


@pytest.mark.parametrize(("width_m", "overhang_m"), [(2.55, 1.592), (2.60, 1.572)])
def test_front_swing_reaches_its_limit_at_the_overhang_of_the_facts(width_m: float, overhang_m: float) -> None:
    trailer = replace(TRAILER, width_m=width_m, coupling_m=overhang_m)
    assert front_swing_m(trailer) == pytest.approx(2.040, abs=1e-3)
    too_long = checks(TRACTOR_4X2, replace(trailer, coupling_m=overhang_m + 0.01))["front-swing"]
    assert too_long.outcome is Outcome.FAIL
    assert "8 mm" in too_long.remedy_en
    assert "8 mm" in too_long.remedy_zh


def test_cab_gap_by_hand_and_with_the_fifth_wheel_slid() -> None:
    """Kingpin 2.44 m behind the cab; swing 1.969 m, pitch term 2.8 m sin 3 deg, margin 0.08 m."""
    needed = hypot(1.5, 1.275) + 2.8 * sin(radians(3.0)) + 0.08
    gap = checks(TRACTOR_4X2, TRAILER)["cab-gap"]
    assert (gap.value, gap.limit) == pytest.approx((2.44, needed), abs=1e-4)
    assert gap.outcome is Outcome.PASS
    forward = checks(TRACTOR_4X2, TRAILER, slide_m=-0.5)["cab-gap"]
    assert forward.outcome is Outcome.FAIL
    assert forward.margin == pytest.approx(1.94 - needed, abs=1e-4)
    assert f"{ceil((needed - 1.94) * 1e3)} mm" in forward.remedy_zh
    crest = checks(TRACTOR_4X2, TRAILER)["cab-gap-pitched"]
    assert crest.limit == pytest.approx(1.5 + 2.8 * sin(radians(6.0)) + 0.08, abs=1e-4)


def test_gap_and_length_follow_the_slide() -> None:
    assert gap_m(TRACTOR_4X2, TRAILER, slide_m=0.1) == pytest.approx(4.54 - 2.0 - 1.5)
    assert coupled_length_m(TRACTOR_4X2, TRAILER, slide_m=0.1) == pytest.approx(4.54 + 12.1)
    assert gap_m(replace(TRACTOR_4X2, cab_rear_m=0.0), TRAILER) is None


def test_rear_clearance_takes_the_farther_of_frame_and_tyres() -> None:
    """Frame end 1.56 m behind the kingpin, half 0.43 m wide; tyres end 1.06 m behind it, 1.275 m aside."""
    assert rear_radius_m(TRACTOR_4X2) == pytest.approx(hypot(1.06, 1.275))
    assert rear_radius_m(replace(TRACTOR_4X2, length_m=6.5)) == pytest.approx(hypot(2.06, 0.43))
    found = checks(TRACTOR_4X2, replace(TRAILER, neck_radius_m=1.70))["rear-clearance"]
    assert found.margin == pytest.approx(1.70 - hypot(1.06, 1.275) - 0.08)
    assert found.outcome is Outcome.FAIL


def test_a_higher_fifth_wheel_pitches_the_trailer_and_raises_its_front() -> None:
    high = replace(TRACTOR_4X2, coupling_height_m=1.3)
    assert trailer_pitch_rad(high, TRAILER) == pytest.approx(atan2(0.1, 7.70))
    assert coupled_height_m(high, TRAILER) == pytest.approx(4.0 + 0.1 / 7.70 * 9.2, abs=1e-4)
    low = replace(TRACTOR_4X2, coupling_height_m=1.1)
    assert coupled_height_m(low, TRAILER) == pytest.approx(4.0 + 0.1 / 7.70 * 4.4, abs=1e-4)
    assert checks(high, TRAILER)["coupled-pitch"].outcome is Outcome.FAIL
    assert checks(TRACTOR_4X2, TRAILER)["coupled-pitch"].value == 0.0


def test_kingpins_of_two_sizes_do_not_fit() -> None:
    assert checks(TRACTOR_4X2, TRAILER)["kingpin-size"].outcome is Outcome.PASS
    other = checks(TRACTOR_4X2, replace(TRAILER, kingpin_m=0.0889))["kingpin-size"]
    assert other.outcome is Outcome.FAIL
    assert other.value == pytest.approx(0.0381)


def test_working_angles_by_hand() -> None:
    """Plate 1.2 m, tyres 1.0 m high, the last axle 0.56 m behind the kingpin."""
    found = checks(TRACTOR_4X2, TRAILER)
    assert found["working-pitch"].value == pytest.approx(atan2(0.2, 0.56))
    assert found["working-roll"].value == pytest.approx(atan2(0.2, 1.275))
    assert checks(replace(TRACTOR_4X2, coupling_height_m=0.95), TRAILER)["working-pitch"].outcome is Outcome.NOT_VERIFIED


def test_d_value_by_hand() -> None:
    """18 t with 11 t of 36 t on it: 9.80665 0.6 18 36 / 43 kN."""
    assert d_value_n(18e3, 36e3, 11e3) == pytest.approx(9.80665 * 0.6 * 18.0 * 36.0 / 43.0 * 1e3)


def test_ratings_are_held_against_the_laden_loads(five_axles: Combination) -> None:
    loads = axle_loads(five_axles, ((), (Load(mass_kg=25e3, place_m=6.8, height_m=2.0),)))
    found = checks(replace(TRACTOR_4X2, **RATED), TRAILER, loads=loads)  # type: ignore[arg-type]
    assert found["imposed-mass"].value == pytest.approx(loads.kingpin_kg)
    tractor_kg = 7500.0 + loads.kingpin_kg
    wanted = 0.6 * GRAVITY_MPS2 * tractor_kg * 31600.0 / (7500.0 + 31600.0)
    assert (found["d-value"].value, found["d-value"].limit) == pytest.approx((wanted, 150e3))
    weak = checks(replace(TRACTOR_4X2, **RATED), replace(TRAILER, coupling_load_limit_kg=9e3), loads=loads)["imposed-mass"]  # type: ignore[arg-type]
    assert (weak.limit, weak.outcome) == (9e3, Outcome.FAIL)


def test_a_load_behind_the_axles_lifts_the_kingpin(five_axles: Combination) -> None:
    loads = axle_loads(five_axles, ((), (Load(mass_kg=20e3, place_m=12.5, height_m=2.0),)))
    assert checks(TRACTOR_4X2, TRAILER, loads=loads)["imposed-least"].outcome is Outcome.FAIL


def test_a_centre_axle_trailer_needs_a_dc_value() -> None:
    loads = axle_loads(train(RIGID_6X2, CENTRE_AXLE), ((), (Load(mass_kg=12e3, place_m=5.8, height_m=1.9),)))
    found = checks(replace(RIGID_6X2, **RATED), CENTRE_AXLE, loads=loads)  # type: ignore[arg-type]
    on_axles = 16500.0 - loads.kingpin_kg
    assert found["dc-value"].value == pytest.approx(GRAVITY_MPS2 * 10e3 * on_axles / (10e3 + on_axles))
    assert set(found) == {"dc-value", "imposed-mass"}


def test_what_nobody_says_is_not_verified_and_named_in_both_languages() -> None:
    bare = replace(TRACTOR_4X2, cab_rear_m=0.0, coupling_height_m=0.0)
    found = fit(bare, replace(TRAILER, neck_radius_m=0.0))
    open_rows = {one.rule: one for one in found if one.outcome is Outcome.NOT_VERIFIED}
    assert set(open_rows) == {
        "cab-gap", "rear-clearance", "coupled-pitch", "working-pitch", "working-roll", "d-value", "imposed-mass",
    }  # fmt: skip
    assert all(one.reason_en and one.reason_zh and one.value is None for one in open_rows.values())
    assert "cab_rear_m" in open_rows["cab-gap"].reason_en
