"""Tippers raised, drums turning, tanks half full: moments by hand, verdicts and what nobody says."""

from __future__ import annotations

from dataclasses import replace
from math import atan, cos, radians, sin

import pytest

from fifthwheel.errors import InputError
from fifthwheel.vehicle.bodies import body_checks, mixer_threshold_ratio
from fifthwheel.vehicle.body import Body, BodyKind, Section
from fifthwheel.vehicle.combination import Combination, Unit
from fifthwheel.vehicle.stability import roll_threshold
from fifthwheel.vehicle.statics import Load, even
from fifthwheel.vehicle.tank import sway
from fifthwheel.vehicle.tipping import raised, tip_slope_rad
from fifthwheel.vehicle.verdict import Outcome, Verdict

from .conftest import RIGID_8X4, TRACTOR_6X4, TRAILER, train

TIPPER = Body(
    name="tipper", source="made up", kind=BodyKind.TIPPER, title_en="tipper", title_zh="自卸", mass_kg=2500.0, volume_m3=14.0,
    load_from_m=2.8, load_to_m=9.0, floor_m=1.4, inside_width_m=2.3, inside_height_m=1.2, hinge_m=8.8, tip_rad=radians(45.0),
)  # fmt: skip
TANK = Body(
    name="tank", source="made up", kind=BodyKind.TANK, title_en="tank", title_zh="罐", volume_m3=40.0, load_from_m=0.5,
    load_to_m=11.5, floor_m=1.3, section=Section.ELLIPSE, section_width_m=2.4, section_height_m=1.9,
    compartments_m=(4.0, 4.0, 3.0),
)  # fmt: skip
MIXER = Body(
    name="mixer", source="made up", kind=BodyKind.MIXER, title_en="mixer", title_zh="搅拌", mass_kg=4000.0, load_from_m=3.0,
    load_to_m=9.0, floor_m=1.3, drum_shift_m=0.1,
)  # fmt: skip


def by_rule(checks: tuple[Verdict, ...]) -> dict[str, Verdict]:
    return {one.rule: one for one in checks}


def tank_train(body: Body = TANK) -> tuple[Combination, Unit]:
    trailer = replace(TRAILER, body=body)
    whole = train(TRACTOR_6X4, trailer)
    assert whole.trailer is not None
    return whole, whole.trailer


def test_a_raised_tipper_by_hand() -> None:
    """18 t and a tub of 2.5 t, 2.9 m ahead of the hinge and 0.6 m above it, turned by 45 degrees."""
    rigid = replace(RIGID_8X4, body=TIPPER)
    found = raised(rigid, TIPPER, [Load(mass_kg=18e3, place_m=5.9, height_m=2.0)])
    c = cos(radians(45.0))
    ahead, above = c * (2.9 - 0.6), c * (2.9 + 0.6)
    height = (12e3 * 1.1 - 2500.0 * 2.0 + 20.5e3 * (1.4 + above)) / 30e3
    place = (12e3 * 4.0 - 2500.0 * 5.9 + 20.5e3 * (8.8 - ahead)) / 30e3
    assert (found.height_m, found.place_m) == pytest.approx((height, place))
    assert found.ahead_kg == pytest.approx(30e3 * (8.05 - place) / (8.05 - 2.40))


def test_a_raised_tippers_cross_slope_by_hand() -> None:
    """A tenth of the width of 2.3 m aside for 18 of 30 t; half the track 1.0575 m; the lean grows with h."""
    rigid = replace(RIGID_8X4, body=TIPPER)
    loads = [Load(mass_kg=18e3, place_m=5.9, height_m=2.0)]
    track = (2.05 + 1.84 + 0.34) / 2.0
    high, low = raised(rigid, TIPPER, loads).height_m, (12e3 * 1.1 + 18e3 * 2.0) / 30e3
    wanted = atan((track / 2.0 - 0.23 * 18.0 / 30.0) / high / (1.0 + 0.25 * high / low))
    assert tip_slope_rad(rigid, TIPPER, loads) == pytest.approx(wanted)


def test_a_trailers_kingpin_load_holds_on_the_plate() -> None:
    """Half the track 1.025 m on the axles, 0.45 m on the plate."""
    body = replace(TIPPER, mass_kg=0.0, load_from_m=1.0, load_to_m=13.0, hinge_m=12.9, inside_width_m=2.3)
    trailer, loads = replace(TRAILER, body=body), [Load(mass_kg=24e3, place_m=7.0, height_m=1.9)]
    up = raised(trailer, body, loads)
    half = 1.025 - up.ahead_kg / 30600.0 * (1.025 - 0.45)
    low = (6600.0 * 1.2 + 24e3 * 1.9) / 30600.0
    wanted = atan((half - 0.23 * 24.0 / 30.6) / up.height_m / (1.0 + 0.25 * up.height_m / low))
    assert up.ahead_kg > 0.0
    assert tip_slope_rad(trailer, body, loads) == pytest.approx(wanted)


def test_a_long_body_stands_less_well_and_a_hinge_far_behind_tips_over_the_rear() -> None:
    rigid = replace(RIGID_8X4, body=TIPPER)
    loads = [[Load(mass_kg=18e3, place_m=5.9, height_m=2.0)]]
    ordinary = by_rule(body_checks(train(rigid, None), loads))
    assert {rule: one.outcome for rule, one in ordinary.items()} == {
        "tip-side": Outcome.PASS, "tip-rear": Outcome.PASS, "roll-threshold": Outcome.PASS,
    }  # fmt: skip
    long = replace(TIPPER, load_from_m=0.5, load_to_m=17.0, hinge_m=16.9, tip_rad=radians(60.0))
    bad = by_rule(body_checks(train(replace(rigid, body=long), None), loads))
    assert (bad["tip-side"].outcome, bad["tip-rear"].outcome) == (Outcome.FAIL, Outcome.FAIL)
    assert "°" in bad["tip-side"].remedy_zh
    assert sin(bad["tip-side"].value or 0.0) < sin(ordinary["tip-side"].value or 0.0)


def test_a_tipper_without_a_hinge_is_not_verified() -> None:
    rigid = replace(RIGID_8X4, body=replace(TIPPER, hinge_m=0.0))
    found = by_rule(body_checks(train(rigid, None), [[Load(mass_kg=18e3, place_m=5.9, height_m=2.0)]]))
    assert (found["tip-side"].outcome, found["tip-rear"].outcome) == (Outcome.NOT_VERIFIED, Outcome.NOT_VERIFIED)
    assert "hinge_m" in found["tip-rear"].reason_zh


def test_a_turning_drum_takes_dy_over_h_off() -> None:
    """0.1 m of 16 of 28 t: 0.0571 m of the whole, over h, over the lean."""
    whole = train(replace(RIGID_8X4, body=MIXER), None)
    loads = [[Load(mass_kg=16e3, place_m=5.7, height_m=2.1)]]
    rolled = roll_threshold(whole, loads)
    found = mixer_threshold_ratio(MIXER, 16e3, rolled)
    assert rolled.ratio - found == pytest.approx(0.1 * 16.0 / 28.0 / rolled.centre.height_m / 1.25)
    assert by_rule(body_checks(whole, loads))["roll-threshold-mixer"].value == pytest.approx(found)


def test_concrete_lies_ahead_of_the_middle_of_the_drum() -> None:
    assert even(replace(RIGID_8X4, body=MIXER), 16e3).place_m == pytest.approx(3.0 + 0.45 * 6.0)


def test_half_a_tank_lowers_the_threshold_and_a_full_one_does_not() -> None:
    whole, trailer = tank_train()
    for mass_kg, drop in ((16.8e3, 0.02), (33.5e3, 0.0)):
        loads = ((), (even(trailer, mass_kg, 840.0),))
        found = by_rule(body_checks(whole, loads, density_kgpm3=840.0))["roll-threshold-tank"]
        frozen = roll_threshold(whole, loads).ratio
        assert found.value is not None
        assert frozen - found.value >= drop
        assert found.value <= frozen + 1e-9
        assert frozen - found.value < 0.1


def test_a_half_full_circle_hangs_its_liquid_on_the_axis() -> None:
    """The threshold with the liquid moving is that with its mass frozen at the height of the tank's axis."""
    body = replace(TANK, section=Section.CIRCLE, section_width_m=2.0, section_height_m=2.0)
    whole, trailer = tank_train(body)
    found = by_rule(body_checks(whole, ((), (even(trailer, 16.8e3, 840.0),)), density_kgpm3=840.0))
    on_axis = roll_threshold(whole, ((), (Load(mass_kg=16.8e3, place_m=6.0, height_m=1.3 + 1.0),)))
    assert found["roll-threshold-tank"].value == pytest.approx(on_axis.ratio, abs=1e-4)


def test_a_wide_space_without_baffles_fails_between_a_fifth_and_four_fifths() -> None:
    """40 m3 in spaces of 4, 4 and 3 m: 14.5 m3 in the largest."""
    whole, trailer = tank_train()
    half = by_rule(body_checks(whole, ((), (even(trailer, 16.8e3, 840.0),)), density_kgpm3=840.0))
    assert half["tank-baffles"].value == pytest.approx(40.0 * 4.0 / 11.0)
    assert half["tank-baffles"].outcome is Outcome.FAIL
    full = by_rule(body_checks(whole, ((), (even(trailer, 32e3, 840.0),)), density_kgpm3=840.0))
    assert set(full) == {"roll-threshold-tank"}


def test_each_compartment_sways_on_its_own_length() -> None:
    found = sway(TANK, 0.5)
    assert found.longitudinal_hz[0] == found.longitudinal_hz[1] < found.longitudinal_hz[2]
    assert found.lateral_hz > max(found.longitudinal_hz)


@pytest.mark.parametrize(
    ("body", "density_kgpm3", "missing"),
    [(replace(TANK, section=None), 840.0, "section"), (TANK, 0.0, "density"), (replace(TANK, volume_m3=0.0), 840.0, "volume")],
)
def test_a_tank_of_unknown_shape_is_not_verified(body: Body, density_kgpm3: float, missing: str) -> None:
    whole, trailer = tank_train(body)
    found = by_rule(body_checks(whole, ((), (even(trailer, 16.8e3, 0.0),)), density_kgpm3=density_kgpm3))
    assert found["roll-threshold-tank"].outcome is Outcome.NOT_VERIFIED
    assert missing in found["roll-threshold-tank"].reason_en


def test_an_overfull_tank_is_refused() -> None:
    _, trailer = tank_train()
    with pytest.raises(InputError, match=r"47\.62 m3 of cargo; up to 40 m3"):
        even(trailer, 40e3, 840.0)


def test_a_plain_trailer_has_a_roll_threshold_only(five_axles: Combination) -> None:
    found = body_checks(five_axles, ((), (Load(mass_kg=20e3, place_m=7.0, height_m=2.2),)))
    assert [one.rule for one in found] == ["roll-threshold"]
