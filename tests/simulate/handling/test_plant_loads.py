"""Loads of the wheels in a bend, gravity on any heading, and the time actuators take."""

from __future__ import annotations

from math import exp, pi

import pytest

from fifthwheel.simulate.handling.layout import (
    BRAKE,
    DRIVE,
    HEADING,
    SIDE_ACCELERATION,
    SIDE_SPEED,
    SLOPE_X,
    SLOPE_Y,
    SPEED,
    STEERING,
    TRAILER_HEADING,
    TRAILER_SIDE_ACCELERATION,
    Plant,
)
from fifthwheel.simulate.handling.linearise import rate
from fifthwheel.simulate.handling.plant import advance, plant_of, run, wheels_of
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.units import GRAVITY_MPS2


def overturning_nm(plant: Plant, group: int) -> float:
    """Moment that the loads of a group bear, positive leaning to the right."""
    chosen = plant.wheels["group"] == group
    return float(-(plant.loads * plant.wheels["y"])[chosen].sum())


def test_a_left_bend_leans_on_the_right_wheels(smooth: Rig) -> None:
    plant = plant_of(smooth, speed_mps=15.0)
    plant.road[STEERING] = 0.03
    run(plant, 8.0)
    steer, drive, trailer = (overturning_nm(plant, group) for group in range(3))
    tractor = smooth.tractor_mass_kg * smooth.tractor_height_m * plant.out[SIDE_ACCELERATION]
    towed = smooth.trailer_mass_kg * smooth.trailer_height_m * plant.out[TRAILER_SIDE_ACCELERATION]
    assert plant.out[SIDE_ACCELERATION] > 1.0
    assert steer + drive + trailer == pytest.approx(tractor + towed, rel=0.01)
    assert steer / (steer + drive) == pytest.approx(smooth.steer_roll_ratio, rel=1e-6)
    assert trailer > drive > steer > 0.0


@pytest.mark.parametrize(
    ("heading_rad", "slopes", "forward", "left"),
    [(0.0, (0.1, 0.0), -0.1, 0.0), (0.0, (0.0, 0.1), 0.0, -0.1), (pi / 2, (0.1, 0.0), 0.0, 0.1), (pi / 2, (0.0, 0.1), -0.1, 0.0)],
)
def test_gravity_pulls_down_whatever_the_heading(
    smooth: Rig, heading_rad: float, slopes: tuple[float, float], forward: float, left: float
) -> None:
    plant = plant_of(smooth, grip_ratio=0.0)
    plant.state[[HEADING, TRAILER_HEADING]] = heading_rad
    plant.road[[SLOPE_X, SLOPE_Y]] = slopes
    rates = rate(plant, plant.state)
    assert rates[[SPEED, SIDE_SPEED]] / GRAVITY_MPS2 == pytest.approx([forward, left], abs=1e-12)


@pytest.mark.parametrize(("channel", "dead_steps", "lag_s"), [(BRAKE, 80, 0.10), (DRIVE, 10, 0.05)])
def test_torque_follows_after_dead_time_and_lag(truck: Rig, channel: int, dead_steps: int, lag_s: float) -> None:
    plant = plant_of(truck, speed_mps=20.0)
    plant.demand[wheels_of(plant, Group.DRIVE)] = 1e4
    advance(plant, dead_steps)
    assert plant.torque[2, channel] == 0.0
    advance(plant, 100)
    assert plant.torque[[2, 3], channel] == pytest.approx([1e4 * (1.0 - exp(-0.1 / lag_s))] * 2, rel=1e-6)
    assert plant.torque[[0, 4], channel] == pytest.approx([0.0, 0.0])
