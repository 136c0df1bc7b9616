"""Low-speed kinematics: against the on-axle model, against its own closed form, and against the plant."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, pi, radians, sin, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.kinematic import circle, drive_radius_m, entry, heading_rates_radps
from fifthwheel.simulate.handling.manoeuvre import Steered
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Rig, rig


@given(speed_mps=st.floats(-3.0, 3.0), steer_rad=st.floats(-0.55, 0.55), hitch_rad=st.floats(-1.2, 1.2))
def test_the_on_axle_case_is_commonroad_kst(speed_mps: float, steer_rad: float, hitch_rad: float) -> None:
    reference = rig("reference")
    kst = replace(reference, steer_m=1.2, drive_m=2.4, hitch_m=2.4, kingpin_m=5.4, bogie_m=2.7)
    yaw, trailer = heading_rates_radps(kst, speed_mps, steer_rad, -hitch_rad)
    assert trailer - yaw == pytest.approx(-speed_mps * (sin(hitch_rad) / 8.1 + tan(steer_rad) / 3.6), abs=1e-12)


def test_figures_of_commonroad_kst(reference: Rig) -> None:
    """State and derivatives of the KST case of CommonRoad's own tests, vehicle 4."""
    kst = replace(reference, steer_m=1.2, drive_m=2.4, hitch_m=2.4, kingpin_m=5.4, bogie_m=2.7)
    yaw, trailer = heading_rates_radps(kst, 16.3546957860883566, 0.0378491427211811, -0.0294717351052816)
    assert (yaw, trailer - yaw) == pytest.approx((0.1720297150523055, -0.23152742969444276), rel=1e-12)


def swept(reference: Rig, length_m: float) -> Rig:
    """The tractor and trailers of the offtracking table: 3.60 m, fifth wheel 0.56 m ahead, and a trailer's length."""
    return replace(reference, steer_m=1.2, drive_m=2.4, hitch_m=1.84, kingpin_m=5.0, bogie_m=length_m - 5.0)


@pytest.mark.parametrize(("length_m", "trailer_m", "inner_m"), [(7.70, 6.685, 5.410), (8.10, 6.194, 4.919)])
def test_a2_steady_radii(reference: Rig, length_m: float, trailer_m: float, inner_m: float) -> None:
    rig = swept(reference, length_m)
    found = circle(rig, drive_radius_m(rig, 12.5, width_m=2.55, front_m=1.40))
    assert (found.drive_m, found.kingpin_m, found.trailer_m) == pytest.approx((10.181, 10.197, trailer_m), abs=1e-3)
    assert found.trailer_m - 0.5 * 2.55 == pytest.approx(inner_m, abs=1e-3)


@pytest.mark.parametrize(
    ("length_m", "radii_m", "articulation_deg"),
    [(7.70, (6.541, 6.127, 5.698, 5.483, 5.428), 43.7), (8.10, (6.366, 5.882, 5.346, 5.046, 4.957), 46.4)],
)
def test_a2_transient_entry(reference: Rig, length_m: float, radii_m: tuple[float, ...], articulation_deg: float) -> None:
    rig = swept(reference, length_m)
    found = [entry(rig, 10.181, radians(turned), width_m=2.55) for turned in (90.0, 120.0, 180.0, 270.0, 360.0)]
    assert [inner for inner, _ in found] == pytest.approx(radii_m, abs=2e-3)
    assert degrees(found[2][1]) == pytest.approx(articulation_deg, abs=0.05)


def test_a_long_entry_ends_on_the_circle(truck: Rig) -> None:
    inner, fold = entry(truck, 11.0, 20.0 * pi, width_m=2.55)
    assert fold == pytest.approx(circle(truck, 11.0).articulation_rad, abs=1e-6)
    assert inner == pytest.approx(circle(truck, 11.0).trailer_m - 1.275, abs=1e-6)


def test_too_tight_a_circle_is_refused(reference: Rig) -> None:
    with pytest.raises(InputError, match="folds it"):
        circle(swept(reference, 8.1), 8.0)
    with pytest.raises(InputError, match="a wider one"):
        drive_radius_m(reference, 5.0, width_m=2.55, front_m=1.4)


@pytest.mark.parametrize("steer_rad", [0.05, 0.2, -0.3])
def test_the_plant_follows_it_at_walking_pace(plain: Rig, steer_rad: float) -> None:
    columns = perform(Steered(speed_mps=1.0, seconds=60.0, steer_rad=steer_rad), plain)
    wanted = circle(plain, (plain.steer_m + plain.drive_m) / tan(abs(steer_rad))).articulation_rad
    assert abs(columns["articulation_rad"][-1]) == pytest.approx(wanted, rel=0.02)
    assert columns["articulation_rad"][-1] * steer_rad > 0.0
