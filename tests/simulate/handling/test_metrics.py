"""Figures of a manoeuvre against closed forms and against linear analysis."""

from __future__ import annotations

from dataclasses import replace
from math import atan, sqrt

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.linear import lateral, response
from fifthwheel.simulate.handling.manoeuvre import Curve, JTurn, LaneChange, SineSteer, Steered, Straight
from fifthwheel.simulate.handling.metrics import (
    load_transfer_ratio,
    offtracking_m,
    rearward_amplification_ratio,
    rollover_threshold_ratio,
    swept_path_m,
    tail_swing_m,
    transient_offtracking_m,
    yaw_damping_ratio,
)
from fifthwheel.simulate.handling.outline import outline
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.units import GRAVITY_MPS2


def test_amplification_of_many_small_sines_is_the_linear_one(plain: Rig) -> None:
    sines = SineSteer(speed_mps=20.0, seconds=19.0, steer_rad=1e-3, frequency_hz=0.277, periods_count=5)
    columns = {name: column[1000:] for name, column in perform(sines, plain).items()}
    assert rearward_amplification_ratio(columns) == pytest.approx(response(plain, 20.0, 0.277)[0], rel=0.01)


def test_slow_offtracking_is_the_circles(truck: Rig) -> None:
    """At walking pace every axle runs about the turning centre; the trailer's rearmost axle lies 1.31 m behind its middle."""
    curve = Curve(speed_mps=2.0, seconds=60.0, radius_m=20.0)
    drive = sqrt(20.0**2 - (truck.steer_m + truck.drive_m) ** 2)
    kingpin = sqrt(drive**2 + (truck.drive_m - truck.hitch_m) ** 2)
    middle = sqrt(kingpin**2 - (truck.kingpin_m + truck.bogie_m) ** 2)
    columns = perform(curve, truck)
    assert offtracking_m(columns, truck)[-1] == pytest.approx(20.0 - sqrt(middle**2 + 1.31**2), abs=0.1)
    outer = sqrt((drive + 1.275) ** 2 + (truck.steer_m + truck.drive_m + 1.4) ** 2)
    assert swept_path_m(columns, truck) == pytest.approx(outer - (middle - 1.275), abs=0.15)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_tail_swings_out_as_its_circle_says(truck: Rig, side: float) -> None:
    """A tractor alone turns about a point beside its drive axle: the corner behind runs on a wider circle than the side there."""
    alone = replace(truck, trailer_mass_kg=0.0, axles=truck.axles[:2])
    body = outline(alone).bodies[0]
    drive = 8.0
    columns = perform(Steered(speed_mps=1.0, seconds=15.0, steer_rad=side * atan((alone.steer_m + alone.drive_m) / drive)), alone)
    behind, wide = -body.rear_m - alone.drive_m, drive + 0.5 * body.width_m
    assert tail_swing_m(columns, alone) == pytest.approx(sqrt(wide**2 + behind**2) - wide, abs=0.005)


def test_fast_offtracking_is_outwards(truck: Rig) -> None:
    fast, slow = (
        offtracking_m(perform(Curve(speed_mps=speed_mps, seconds=400.0 / speed_mps, radius_m=393.0), truck), truck)[-1]
        for speed_mps in (25.0, 5.0)
    )
    assert fast < 0.0 < slow


def test_load_transfer_is_the_overturning_moment_over_the_track(truck: Rig) -> None:
    columns = perform(JTurn(speed_mps=15.0, seconds=10.0, lateral_acceleration_mps2=1.0), truck)
    ratio = load_transfer_ratio(columns, truck)
    flat = replace(truck, tractor_height_m=0.0, trailer_height_m=0.0, kingpin_height_m=0.0)
    assert ratio[-1] < -0.15
    assert ratio[-1] * rollover_threshold_ratio(truck, 0.0) == pytest.approx(
        -columns["side_acceleration_mps2"][-1] / GRAVITY_MPS2, rel=0.15
    )
    assert abs(load_transfer_ratio(perform(JTurn(speed_mps=15.0, seconds=5.0, steer_rad=0.01), flat), flat)).max() < 1e-9


def test_the_lane_change_swings_the_trailer_out(truck: Rig) -> None:
    lane = LaneChange(speed_mps=24.4, seconds=12.0, lateral_acceleration_mps2=1.47, frequency_hz=0.4)
    columns = perform(lane, truck)
    mirrored = columns | {name: -columns[name] for name in ("y_m", "trailer_y_m", "heading_rad", "trailer_heading_rad")}
    assert 0.1 < transient_offtracking_m(columns, truck) < 0.8
    assert transient_offtracking_m(mirrored, truck) == pytest.approx(transient_offtracking_m(columns, truck))


def test_damping_is_that_of_the_slow_mode(plain: Rig) -> None:
    columns = perform(SineSteer(speed_mps=30.0, seconds=15.0, steer_rad=1e-3), plain)
    assert yaw_damping_ratio(columns, 4.0) == pytest.approx(lateral(plain, 30.0).modes[0].damping_ratio, rel=0.05)


def test_a_dead_beat_is_fully_damped() -> None:
    time_s = np.linspace(0.0, 5.0, 501)
    assert yaw_damping_ratio({"time_s": time_s, "trailer_yaw_radps": np.exp(-time_s)}, 1.0) == 1.0


def test_a_higher_load_tips_sooner(truck: Rig) -> None:
    high = replace(truck, trailer_height_m=2.4)
    assert rollover_threshold_ratio(high, 0.2) < rollover_threshold_ratio(truck, 0.2) < rollover_threshold_ratio(truck, 0.0)
    one = replace(truck.axles[0], track_m=2.0)
    square = replace(
        truck, tractor_height_m=1.0, trailer_height_m=1.0, axles=tuple(replace(axle, track_m=2.0) for axle in truck.axles)
    )
    assert one.group is Group.STEER
    assert rollover_threshold_ratio(square, 0.0) == pytest.approx(1.0)


def test_what_says_nothing_is_refused(truck: Rig) -> None:
    straight = perform(Straight(speed_mps=10.0, seconds=1.0), truck)
    with pytest.raises(InputError, match="side acceleration"):
        rearward_amplification_ratio(straight)
    with pytest.raises(InputError, match="not moved"):
        offtracking_m(perform(Straight(speed_mps=0.0, seconds=0.5), truck), truck)
    with pytest.raises(InputError, match="centres of mass"):
        rollover_threshold_ratio(replace(truck, tractor_height_m=0.0, trailer_height_m=0.0), 0.2)
