"""Performance figures by standard manoeuvres: what worsens with height and speed, and margins to limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.simulate.handling.derive import outline_of, rig_of
from fifthwheel.simulate.handling.pbs import Limit, margins, performance, standard
from fifthwheel.simulate.handling.rig import Rig
from fifthwheel.vehicle.catalogue import combination


def test_a_european_combination_has_room_to_all_limits() -> None:
    box = combination("diesel-4x2-curtainsider-eu")
    rig = rig_of(box, 24e3)
    figures = performance(rig, outline_of(box, rig))
    assert [name for name, margin in margins(figures).items() if margin < 0.0] == []
    assert figures["swept_path_m"] == pytest.approx(6.6, abs=0.3)
    assert figures["amplification_over_threshold_ratio"] == pytest.approx(
        figures["rearward_amplification_ratio"] / figures["rollover_threshold_ratio"]
    )


def test_a_high_load_loses_its_margin(truck: Rig) -> None:
    high = margins(performance(replace(truck, trailer_height_m=2.9)))
    assert high["rollover_threshold_ratio"] < 0.0 < margins(performance(truck))["rollover_threshold_ratio"]


def test_a_faster_lane_change_swings_farther_out(truck: Rig) -> None:
    fast = replace(standard(), lane_change=replace(standard().lane_change, speed_mps=29.0))
    assert performance(truck, by=fast)["transient_offtracking_m"] > performance(truck)["transient_offtracking_m"]


def test_every_limit_has_its_figure(truck: Rig) -> None:
    assert set(standard().limits) <= set(performance(truck))


def test_a_rigid_has_its_figures_too() -> None:
    rigid = combination("diesel-8x4-tipper")
    figures = performance(rig_of(rigid, 15e3))
    assert figures["rearward_amplification_ratio"] == pytest.approx(1.0)
    assert figures["circle_inner_m"] > 5.3


def test_margins_are_towards_the_nearer_limit() -> None:
    assert Limit(least=0.35).margin(0.30) == pytest.approx(-0.05)
    assert Limit(most=0.6).margin(0.5) == pytest.approx(0.1)
    assert Limit(least=0.0, most=1.0).margin(0.9) == pytest.approx(0.1)


def test_the_outline_is_the_catalogues() -> None:
    box, rigid = combination("diesel-4x2-box"), combination("diesel-8x4-tipper")
    rig, lone = rig_of(box, 20e3), rig_of(rigid, 10e3)
    first, second = outline_of(box, rig).bodies
    assert (first.front_m - rig.steer_m, first.front_m - first.rear_m) == pytest.approx((1.38, 6.03))
    assert (second.front_m - rig.kingpin_m, second.front_m - second.rear_m) == pytest.approx((1.58, 13.3))
    assert outline_of(rigid, lone).bodies[0].front_m - lone.place_m(lone.axles[0]) == pytest.approx(1.45)
