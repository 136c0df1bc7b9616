"""The driver performs what a manoeuvre asks, and a control unit may stand between driver and plant."""

from __future__ import annotations

from dataclasses import replace
from math import degrees

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.layout import BRAKE, SPEED, Floats, Plant
from fifthwheel.simulate.handling.linear import lateral
from fifthwheel.simulate.handling.manoeuvre import (
    Braking,
    Curve,
    JTurn,
    LaneChange,
    Manoeuvre,
    SineSteer,
    Slalom,
    Straight,
)
from fifthwheel.simulate.handling.metrics import place_of
from fifthwheel.simulate.handling.path import Grip, Ground, even, split
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.units import GRAVITY_MPS2

LANE = LaneChange(speed_mps=88.0 / 3.6, seconds=10.0, lateral_acceleration_mps2=0.15 * GRAVITY_MPS2, frequency_hz=0.4)
STOP = Braking(from_s=1.0, deceleration_mps2=4.0)


def aside_m(columns: dict[str, Floats], rig: Rig, manoeuvre: Manoeuvre) -> Floats:
    """Distance of the steered axle from the path, by way of the nearest point of it."""
    path, (x, y) = manoeuvre.path(), place_of(columns, rig, Group.STEER)
    found: Floats = np.hypot(x[:, None] - path.x_m, y[:, None] - path.y_m).min(axis=1)
    return found


@pytest.mark.parametrize(
    ("manoeuvre", "most_m"),
    [
        (LANE, 0.05),
        (Curve(speed_mps=3.0, seconds=20.0, radius_m=12.5), 0.1),
        (Curve(speed_mps=15.0, seconds=15.0, radius_m=-200.0), 0.1),
        (Curve(speed_mps=22.0, seconds=15.0, radius_m=393.0, ground=even(0.4)), 0.1),
        (Slalom(speed_mps=15.0, seconds=15.0, amplitude_m=0.8, wave_m=70.0), 0.15),
        (Straight(speed_mps=15.0, seconds=8.0, ground=Ground(grips=even(0.8).grips, cross_ratio=0.05)), 0.1),
    ],
)
def test_the_steered_axle_keeps_to_the_path(truck: Rig, manoeuvre: Manoeuvre, most_m: float) -> None:
    """To a few centimetres; the nearest of points 0.1 m apart may be 0.05 m away."""
    assert aside_m(perform(manoeuvre, truck), truck, manoeuvre).max() < most_m + 0.05


def test_the_lane_change_is_that_of_the_standard() -> None:
    assert LANE.aside_m == pytest.approx(1.46, abs=0.005)


def test_the_speed_is_held_up_a_grade(truck: Rig) -> None:
    up = Straight(speed_mps=20.0, seconds=10.0, ground=Ground(grips=even(0.8).grips, grade_ratio=0.05))
    assert perform(up, truck)["speed_mps"] == pytest.approx(np.full(1000, 20.0), abs=0.1)


def test_braking_gives_what_is_demanded(truck: Rig) -> None:
    columns = perform(Straight(speed_mps=20.0, seconds=8.0, braking=STOP), truck)
    settled = (columns["time_s"] > 2.5) & (columns["time_s"] < 5.5)
    assert -columns["acceleration_mps2"][settled] == pytest.approx(np.full(settled.sum(), 4.0), rel=0.05)
    assert columns["speed_mps"][-1] == pytest.approx(0.0, abs=0.02)


def test_braking_in_a_curve_keeps_to_it(truck: Rig) -> None:
    curve = Curve(speed_mps=18.0, seconds=9.0, radius_m=200.0, braking=Braking(from_s=4.0, deceleration_mps2=2.5))
    columns = perform(curve, truck)
    assert aside_m(columns, truck, curve).max() < 0.3
    assert degrees(abs(columns["articulation_rad"]).max()) < 6.0


def test_a_split_ground_is_under_the_wheels_that_stand_on_it(truck: Rig) -> None:
    stop = Straight(speed_mps=20.0, seconds=3.0, ground=split(0.8, 0.15), braking=STOP)
    columns = perform(stop, truck)
    used = [columns[f"used_{wheel}_ratio"].max() for wheel in range(2 * len(truck.axles))]
    assert max(used[1::2]) < 0.16
    assert min(used[0::2]) > 0.3
    assert columns["slip_1_ratio"].min() == pytest.approx(-1.0, abs=0.01)


def test_a_patch_begins_where_it_lies(truck: Rig) -> None:
    patch = Ground(
        grips=(
            Grip(left_ratio=0.8, right_ratio=0.8),
            Grip(left_ratio=0.1, right_ratio=0.1, from_m=40.0),
            Grip(left_ratio=0.8, right_ratio=0.8, from_m=60.0),
        )
    )
    columns = perform(Straight(speed_mps=20.0, seconds=6.0, ground=patch, braking=STOP), truck)
    front, last = (place_of(columns, truck, group)[0] for group in (Group.STEER, Group.TRAILER))
    assert columns["used_0_ratio"][(front > 41.0) & (front < 59.0)].max() < 0.13
    assert columns["used_0_ratio"][(front > 25.0) & (front < 39.0)].max() > 0.3
    assert columns["used_6_ratio"][(last > 41.0) & (last < 59.0)].max() < 0.13


def test_a_control_unit_may_take_the_brakes(truck: Rig) -> None:
    stop = Straight(speed_mps=20.0, seconds=3.0, braking=STOP)
    asked = []

    def unit(plant: Plant, time_s: float) -> None:
        asked.append((stop.demand_mps2(time_s), plant.state[SPEED]))
        plant.demand[:, BRAKE] = 0.0

    columns = perform(stop, truck, unit)
    assert max(demand for demand, _ in asked) == 4.0
    assert columns["brake_0_nm"].max() == 0.0
    assert asked[-1][1] > 19.0


def test_steering_asks_the_side_acceleration_of_linear_analysis(plain: Rig) -> None:
    turn = perform(JTurn(speed_mps=20.0, seconds=12.0, lateral_acceleration_mps2=0.2), plain)
    sines = perform(
        SineSteer(speed_mps=20.0, seconds=19.0, lateral_acceleration_mps2=0.2, frequency_hz=0.4, periods_count=8), plain
    )
    assert turn["side_acceleration_mps2"][-1] == pytest.approx(0.2, rel=0.01)
    assert abs(sines["side_acceleration_mps2"][1200:]).max() == pytest.approx(0.2, rel=0.01)


def test_a_j_turn_by_angle_settles_at_the_linear_gain(plain: Rig) -> None:
    columns = perform(JTurn(speed_mps=20.0, seconds=12.0, steer_rad=1e-3), plain)
    assert columns["yaw_radps"][-1] == pytest.approx(1e-3 * lateral(plain, 20.0).yaw_gain_radps, rel=5e-3)
    assert columns["steering_rad"].max() == 1e-3


def test_the_tractor_alone_turns_brakes_and_stops(truck: Rig) -> None:
    alone = bobtail(truck)
    curve = Curve(speed_mps=12.0, seconds=10.0, radius_m=80.0, braking=Braking(from_s=6.0, deceleration_mps2=5.0))
    columns = perform(curve, alone)
    assert aside_m(columns, alone, curve).max() < 0.2
    assert columns["kingpin_x_n"].tolist() == columns["articulation_rad"].tolist() == [0.0] * 1000
    weight = alone.tractor_mass_kg * GRAVITY_MPS2
    assert sum(columns[f"load_{wheel}_n"] for wheel in range(4)) == pytest.approx(np.full(1000, weight))
    assert columns["speed_mps"][-1] == pytest.approx(0.0, abs=0.02)


def bobtail(rig: Rig) -> Rig:
    axles = tuple(axle for axle in rig.axles if axle.group is not Group.TRAILER)
    return replace(rig, trailer_mass_kg=0.0, trailer_inertia_kgm2=0.0, axles=axles)


def test_a_lane_change_to_the_right_is_the_left_one_mirrored(truck: Rig) -> None:
    left, right = (
        perform(one, truck) for one in (LANE, replace(LANE, lateral_acceleration_mps2=-LANE.lateral_acceleration_mps2))
    )
    for name in ("y_m", "trailer_y_m", "yaw_radps", "steering_rad", "kingpin_y_n"):
        assert right[name] == pytest.approx(-left[name], rel=1e-6, abs=1e-6)


def test_what_cannot_be_driven_is_refused(truck: Rig) -> None:
    with pytest.raises(InputError, match="steer_rad"):
        JTurn(speed_mps=20.0, seconds=5.0)
    with pytest.raises(InputError, match=r"0\.0 Hz"):
        LaneChange(speed_mps=20.0, seconds=5.0, lateral_acceleration_mps2=1.0, frequency_hz=0.0)
    with pytest.raises(InputError, match="slalom"):
        Slalom(speed_mps=20.0, seconds=5.0, amplitude_m=1.0, wave_m=0.0)
    with pytest.raises(InputError, match=r"0\.0005 s"):
        perform(LANE, truck, every_s=5e-4)
    with pytest.raises(InputError, match="radius"):
        perform(Curve(speed_mps=20.0, seconds=5.0, radius_m=0.0), truck)
    with pytest.raises(InputError, match="m/s"):
        Straight(speed_mps=-1.0, seconds=5.0)
