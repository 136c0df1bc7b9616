"""The plant against the linear values and against an independent model of the same tyres (control facts, A11)."""

from __future__ import annotations

from math import atan, cos, pi, sin

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from fifthwheel.simulate.handling.layout import (
    ALONG,
    FIRST_WHEEL,
    HEADING,
    KINGPIN_X,
    SIDE_SPEED,
    SPEED,
    STEERING,
    TRAILER_HEADING,
    TRAILER_YAW,
    YAW,
    Plant,
)
from fifthwheel.simulate.handling.linear import lateral, modes_of
from fifthwheel.simulate.handling.linearise import jacobian, lateral_matrix
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import Group, Rig, single_track

Floats = NDArray[np.float64]


def pushed(rig: Rig, push_n: float) -> Floats:
    """The plant's lateral system at 20 m/s while the drive axle brakes so that the trailer pushes with `push_n`."""
    plant = plant_of(rig, speed_mps=20.0, grip_ratio=1e4)
    drive = FIRST_WHEEL + ALONG * len(plant.wheels) + 2
    plant.state[drive : drive + 2] = -0.5 * push_n * (1.0 + rig.tractor_mass_kg / rig.trailer_mass_kg)
    matrix = lateral_matrix(plant)
    assert plant.out[KINGPIN_X] == pytest.approx(push_n, abs=1e-3)
    return matrix


def test_a11_gains_at_one_milliradian(plain: Rig) -> None:
    plant = plant_of(plain, speed_mps=20.0)
    plant.road[STEERING] = 1e-3
    run(plant, 20.0)
    state = plant.state * 1e3
    found = (state[YAW], state[TRAILER_YAW], state[HEADING] - state[TRAILER_HEADING], state[SIDE_SPEED])
    assert found == pytest.approx((5.0473, 5.0473, 1.9823, -25.344), rel=5e-3)


@pytest.mark.parametrize("speed_mps", [5.0, 10.0, 20.0, 25.0, 30.0])
def test_a11_eigenvalues_of_the_plant(plain: Rig, speed_mps: float) -> None:
    wanted = [complex(mode.real_radps, mode.imaginary_radps) for mode in lateral(plain, speed_mps).modes]
    of_all = np.linalg.eigvals(jacobian(plant_of(plain, speed_mps=speed_mps)))
    nearest = [of_all[np.argmin(abs(of_all - value))] for value in wanted]
    assert nearest == pytest.approx(wanted, rel=5e-3)


@pytest.mark.parametrize(("cornering_ratio", "push_n"), [(1.0, 273e3), (0.4, 113.5e3), (0.2, 59.5e3)])
def test_a11_push_divergence_of_the_plant(reference: Rig, cornering_ratio: float, push_n: float) -> None:
    weak = single_track(reference, cornering_ratio=cornering_ratio)
    assert brentq(lambda push: np.linalg.det(pushed(weak, push)), 0.0, 1e6) == pytest.approx(push_n, rel=0.02)


@pytest.mark.parametrize(("cornering_ratio", "slowest"), [(1.0, -0.843), (0.4, -0.287), (0.2, -0.039)])
def test_a11_push_of_50_kn_on_the_plant(reference: Rig, cornering_ratio: float, slowest: float) -> None:
    weak = single_track(reference, cornering_ratio=cornering_ratio)
    assert modes_of(pushed(weak, 50e3))[0].real_radps == pytest.approx(slowest, abs=1e-3)


def lane_change_rad(time_s: float) -> float:
    """One sine of 0.4 Hz that asks about 0.2 g of the tractor."""
    return 0.027 * sin(2.0 * pi * 0.4 * time_s) * (time_s < 2.5)


def independent(rig: Rig, speed_mps: float, seconds: float) -> Floats:
    """Yaw rates and articulation every 10 ms by another formulation: six world coordinates, the coupling as a constraint.

    Lagrange multipliers (with Baumgarte's stabilisation) in world coordinates, axles as single wheels with the plant's side
    force curve at static load; DOP853. Shape (n, 3).
    """
    h, d = rig.hitch_m, rig.kingpin_m
    mass = np.diag(
        [rig.tractor_mass_kg] * 2 + [rig.tractor_inertia_kgm2] + [rig.trailer_mass_kg] * 2 + [rig.trailer_inertia_kgm2]
    )
    loads = rig.group_loads_n()
    places = [(0, rig.steer_m, Group.STEER), (0, -rig.drive_m, Group.DRIVE), (3, -rig.bogie_m, Group.TRAILER)]

    def side(group: Group, slip: float) -> float:
        limit = 0.8 * rig.group(group)[0].side_grip_ratio * loads[group]
        return limit * sin(1.5 * atan(rig.cornering_n(group) * slip / limit / 1.5))

    def rates(time_s: float, y: Floats) -> Floats:
        q, w = y[:6], y[6:]
        force = np.zeros(6)
        for at, x, group in places:
            turned = q[at + 2] + lane_change_rad(time_s) * (group is Group.STEER)
            velocity = w[at : at + 2] + w[at + 2] * x * np.array([-sin(q[at + 2]), cos(q[at + 2])])
            normal = np.array([-sin(turned), cos(turned)])
            rolled = velocity @ np.array([cos(turned), sin(turned)])
            push = side(group, -(velocity @ normal) / rolled) * normal
            force[at : at + 2] += push
            force[at + 2] += x * (cos(q[at + 2]) * push[1] - sin(q[at + 2]) * push[0])
        (c1, s1), (c2, s2) = ((cos(q[at]), sin(q[at])) for at in (2, 5))
        tie = np.array([[1, 0, h * s1, -1, 0, d * s2], [0, 1, -h * c1, 0, -1, -d * c2]])
        gap = np.array([q[0] - h * c1 - q[3] - d * c2, q[1] - h * s1 - q[4] - d * s2])
        swing = np.array([h * c1 * w[2] ** 2 + d * c2 * w[5] ** 2, h * s1 * w[2] ** 2 + d * s2 * w[5] ** 2])
        right = -swing - 20.0 * (tie @ w) - 100.0 * gap
        whole = np.block([[mass, -tie.T], [tie, np.zeros((2, 2))]])
        return np.concatenate([w, np.linalg.solve(whole, np.concatenate([force, right]))[:6]])

    start = np.zeros(12)
    start[3], start[6], start[9] = -h - d, speed_mps, speed_mps
    times = np.arange(1, round(seconds * 100) + 1) * 0.01
    y = solve_ivp(rates, (0.0, seconds), start, method="DOP853", t_eval=times, rtol=1e-7, atol=1e-9, max_step=0.05).y
    return np.stack([y[8], y[11], y[2] - y[5]], axis=1)


def test_a11_lane_change_against_an_independent_model(plain: Rig) -> None:
    def steer(plant: Plant, time_s: float) -> None:
        plant.road[STEERING] = 0.5 * (lane_change_rad(time_s) + lane_change_rad(time_s + 1e-3))

    plant = plant_of(plain, speed_mps=20.0)
    rows = run(plant, 6.0, steer, every_s=1e-3)[9::10]
    found = np.stack([rows[:, YAW], rows[:, TRAILER_YAW], rows[:, HEADING] - rows[:, TRAILER_HEADING]], axis=1)
    wanted = independent(plain, 20.0, 6.0)
    assert abs(rows[:, SPEED] * found[:, 0]).max() > 0.2 * 9.81
    assert (abs(found - wanted).max(axis=0) / abs(wanted).max(axis=0)).max() < 0.005


def test_a11_the_full_rig_stays_near_the_linear_one(reference: Rig) -> None:
    """Relaxation, wheel inertia, load transfer: they shift the slow mode by some per cent, no more."""
    values = np.linalg.eigvals(jacobian(plant_of(reference, speed_mps=20.0)))
    slow = values[np.argmin(abs(values - complex(-0.8537, 1.9644)))]
    assert slow == pytest.approx(complex(-0.8537, 1.9644), rel=0.05)
