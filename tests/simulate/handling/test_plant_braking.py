"""The plant braking, standing and losing grip; loads and kingpin force against the braking statics (control facts, 2.2, 2.4)."""

from __future__ import annotations

from math import degrees, radians

import numpy as np
import pytest

from fifthwheel.physics.slip import saturation
from fifthwheel.simulate.handling.layout import (
    ACCELERATION,
    ALONG,
    BRAKE,
    BRAKED,
    DRIVE,
    DRIVEN,
    FALLEN,
    FIRST_WHEEL,
    HEADING,
    KINGPIN_LOAD,
    KINGPIN_X,
    LIFTED,
    RUBBED,
    SIDE_SPEED,
    SLOPE_X,
    SPEED,
    STEERING,
    TRAILER_HEADING,
    TRAILER_YAW,
    YAW,
    Plant,
    X,
)
from fifthwheel.simulate.handling.linearise import kinetic_energy_j
from fifthwheel.simulate.handling.plant import advance, plant_of, run, wheels_of
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.units import GRAVITY_MPS2

LOCKED_NM = 50e3
WEIGHT_N = 40e3 * GRAVITY_MPS2


def brake(plant: Plant, rig: Rig, forces_n: dict[Group, float]) -> None:
    """Demand brake forces at the road of axle groups."""
    for group, force_n in forces_n.items():
        axles = rig.group(group)
        plant.demand[wheels_of(plant, group), BRAKE] = 0.5 * force_n * axles[0].radius_m / len(axles)


def group_loads_n(plant: Plant) -> list[float]:
    groups = plant.wheels["group"]
    return [float(plant.loads[groups == group].sum()) for group in range(3)]


def articulation_deg(plant: Plant) -> float:
    return degrees(plant.state[HEADING] - plant.state[TRAILER_HEADING])


def residual_j(plant: Plant) -> float:
    """Kinetic energy less what was put in and taken out since the start."""
    state = plant.state
    return kinetic_energy_j(plant) - float(state[DRIVEN] + state[FALLEN] - state[BRAKED] - state[RUBBED])


@pytest.mark.parametrize(
    ("z", "loads_n"),
    [
        (0.2, (106.0e3, 73.2e3, 111.3e3, 207.9e3)),
        (0.4, (122.3e3, 79.9e3, 120.9e3, 191.6e3)),
        (0.6, (138.6e3, 86.5e3, 130.6e3, 175.3e3)),
    ],
)
def test_a6_loads_at_zero_coupling_force(smooth: Rig, z: float, loads_n: tuple[float, ...]) -> None:
    plant = plant_of(smooth, speed_mps=25.0, grip_ratio=10.0)
    tractor = z * smooth.tractor_mass_kg * GRAVITY_MPS2
    trailer = z * smooth.trailer_mass_kg * GRAVITY_MPS2
    brake(plant, smooth, {Group.STEER: 0.4 * tractor, Group.DRIVE: 0.6 * tractor, Group.TRAILER: trailer})
    run(plant, 2.0)
    assert (plant.out[KINGPIN_LOAD], *group_loads_n(plant)) == pytest.approx(loads_n, rel=0.01)
    assert abs(plant.out[KINGPIN_X]) < 0.01 * trailer


@pytest.mark.parametrize(("z", "share", "push_n"), [(0.2, 0.135, 20.6e3), (0.4, 0.253, 46.1e3), (0.5, 0.307, 60.5e3)])
def test_a6_equal_adhesion_pushes(smooth: Rig, z: float, share: float, push_n: float) -> None:
    plant = plant_of(smooth, speed_mps=25.0, grip_ratio=10.0)
    length, lever = smooth.kingpin_m + smooth.bogie_m, smooth.trailer_height_m - smooth.kingpin_height_m
    exact = z * (1.0 - (smooth.bogie_m + z * lever) / length) / (1.0 + z * smooth.kingpin_height_m / length)
    assert exact == pytest.approx(share, abs=6e-4)
    trailer = exact * smooth.trailer_mass_kg * GRAVITY_MPS2
    tractor = z * WEIGHT_N - trailer
    brake(plant, smooth, {Group.STEER: 0.45 * tractor, Group.DRIVE: 0.55 * tractor, Group.TRAILER: trailer})
    run(plant, 2.0)
    assert plant.out[KINGPIN_X] == pytest.approx(push_n, rel=0.01)
    assert trailer / group_loads_n(plant)[2] == pytest.approx(z, rel=0.01)


@pytest.mark.parametrize(("mu", "z", "push_n"), [(0.1, 0.025, 7.9e3), (0.3, 0.072, 22.8e3), (0.5, 0.116, 36.3e3)])
def test_a8_the_drive_axle_alone_at_its_limit(smooth: Rig, mu: float, z: float, push_n: float) -> None:
    plant = plant_of(smooth, speed_mps=25.0)
    plant.demand[wheels_of(plant, Group.DRIVE), DRIVE] = -0.5 * z * WEIGHT_N * smooth.group(Group.DRIVE)[0].radius_m
    run(plant, 2.0)
    assert plant.out[KINGPIN_X] == pytest.approx(push_n, abs=500.0)
    assert z * WEIGHT_N / group_loads_n(plant)[1] == pytest.approx(mu, rel=0.03)


def test_full_braking_is_limited_by_the_sliding_tyre(smooth: Rig) -> None:
    for grip in (0.1, 0.8):
        plant = plant_of(smooth, speed_mps=20.0, grip_ratio=grip)
        brake(plant, smooth, dict.fromkeys(Group, 400e3))
        run(plant, 1.0)
        sliding = saturation(12.0 / grip, 1.0, 1.5)[0]
        assert -plant.out[ACCELERATION] == pytest.approx(grip * sliding * GRAVITY_MPS2, rel=0.01)
        assert abs(plant.state[FIRST_WHEEL : FIRST_WHEEL + len(plant.wheels)]).max() < 1e-3


def test_braking_within_grip_keeps_straight_and_stands_still_after(truck: Rig) -> None:
    plant = plant_of(truck, speed_mps=20.0)
    brake(plant, truck, {Group.STEER: 36e3, Group.DRIVE: 50e3, Group.TRAILER: 90e3})
    run(plant, 12.0)
    stopped_m = plant.state[X]
    run(plant, 5.0)
    assert 40.0 < stopped_m < 60.0
    assert abs(plant.state[X] - stopped_m) < 1e-4
    assert abs(plant.state[[SPEED, SIDE_SPEED, YAW, HEADING, TRAILER_HEADING]]).max() < 1e-4


def test_the_parked_combination_holds_on_a_slope(truck: Rig) -> None:
    plant = plant_of(truck)
    plant.road[SLOPE_X] = 0.12
    brake(plant, truck, {Group.DRIVE: 60e3, Group.TRAILER: 60e3})
    plant.torque[:] = plant.demand
    run(plant, 5.0)
    there_m = plant.state[X]
    run(plant, 10.0)
    assert there_m == pytest.approx(0.0, abs=0.05)
    assert plant.state[X] == pytest.approx(there_m, abs=1e-6)


def test_split_grip_turns_towards_the_grip(truck: Rig) -> None:
    plant = plant_of(truck, speed_mps=20.0)
    plant.grip[0::2], plant.grip[1::2] = 0.8, 0.2
    brake(plant, truck, {Group.STEER: 36e3, Group.DRIVE: 50e3, Group.TRAILER: 90e3})
    run(plant, 1.0)
    forces = plant.state[FIRST_WHEEL + ALONG * len(plant.wheels) :][: len(plant.wheels)]
    assert plant.state[HEADING] > radians(2.0)
    assert articulation_deg(plant) > 2.0
    assert forces[0::2].sum() < 1.5 * forces[1::2].sum() < 0.0


@pytest.mark.parametrize(
    ("locked", "low_deg", "high_deg"), [(Group.DRIVE, 30.0, 180.0), (Group.TRAILER, -60.0, -15.0), (Group.STEER, -1.0, 1.0)]
)
def test_which_axle_locks_decides_what_happens(truck: Rig, locked: Group, low_deg: float, high_deg: float) -> None:
    """Left bend on snow: a locked drive axle folds it (jackknife), locked trailer axles swing out, a locked front ploughs."""
    plant = plant_of(truck, speed_mps=20.0, grip_ratio=0.25)
    plant.road[STEERING] = 0.01
    run(plant, 3.0)
    plant.demand[wheels_of(plant, locked), BRAKE] = LOCKED_NM
    turned = plant.state[HEADING]
    run(plant, 3.0)
    assert low_deg < articulation_deg(plant) < high_deg
    assert (plant.state[HEADING] - turned > radians(45.0)) == (locked is Group.DRIVE)


def test_a_wheel_lifts_when_the_combination_leans_too_far(truck: Rig) -> None:
    plant = plant_of(truck, speed_mps=20.0)
    plant.road[STEERING] = 0.05
    run(plant, 5.0)
    assert plant.out[LIFTED] == 1.0


def test_no_energy_is_made_without_grip(smooth: Rig) -> None:
    plant = plant_of(smooth, speed_mps=10.0, grip_ratio=0.0)
    plant.state[[SIDE_SPEED, YAW, TRAILER_YAW]] = 1.0, 0.5, -0.7
    before = kinetic_energy_j(plant)
    run(plant, 10.0)
    assert kinetic_energy_j(plant) == pytest.approx(before, rel=1e-9)
    assert plant.state[[DRIVEN, BRAKED, RUBBED, FALLEN]] == pytest.approx([0.0] * 4, abs=1e-9)


def test_energy_closes_over_driving_slope_bend_and_stop(truck: Rig) -> None:
    def control(plant: Plant, time_s: float) -> None:
        plant.road[STEERING] = 0.03 * np.sin(2.0 * time_s)
        plant.demand[wheels_of(plant, Group.DRIVE), DRIVE] = 4e3 * (time_s < 5.0)
        plant.demand[wheels_of(plant, Group.TRAILER), BRAKE] = 4.5e3 * (time_s > 6.0)

    plant = plant_of(truck, speed_mps=12.0)
    plant.road[SLOPE_X] = -0.03
    before = residual_j(plant)
    run(plant, 15.0, control)
    assert plant.state[DRIVEN] > 1e6
    assert plant.state[BRAKED] > 1e6
    assert residual_j(plant) == pytest.approx(before, rel=1e-5)


def test_compiled_and_plain_steps_agree(truck: Rig) -> None:
    def started() -> Plant:
        plant = plant_of(truck, speed_mps=15.0, grip_ratio=0.4)
        plant.road[STEERING] = 0.05
        plant.demand[wheels_of(plant, Group.DRIVE), BRAKE] = LOCKED_NM
        return plant

    compiled, plain = started(), started()
    advance(compiled, 150)
    getattr(advance, "py_func", advance)(plain, 150)
    assert compiled.state == pytest.approx(plain.state, rel=1e-9, abs=1e-9)
