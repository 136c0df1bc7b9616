"""Anti-lock control of an axle, and the hand-over of regeneration to friction (A9)."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.control.brakes import actuators, allocator, antilock
from fifthwheel.control.brakes.actuators import EBS, MODULATOR, MOTOR, Actuator
from fifthwheel.control.brakes.antilock import Antilock, Phase, Settings, Wheel, slip_ratio
from fifthwheel.control.brakes.cases import CALIBRATION, axle_loads_n
from fifthwheel.control.brakes.limits import Bound
from fifthwheel.control.brakes.statics import REFERENCE
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2, KMH

Floats = NDArray[np.float64]
DRIVE, TRACTOR_MACHINE = 1, 6
WEIGHT_N = REFERENCE.mass_kg * GRAVITY_MPS2
EVENT, EVENTS, STEPS = 200, 30, 500
"""Period in which an axle begins to slip, for how many periods it does, and the length of the run."""


def braking(speed_mps: float, braking_ratio: float, adhesion_ratio: float) -> allocator.Inputs:
    """A stop with 400 kW of regeneration, 250 of them on the drive axle."""
    return allocator.Inputs(
        demand_n=braking_ratio * WEIGHT_N,
        service=True,
        load_n=axle_loads_n(REFERENCE, braking_ratio, 40e3),
        adhesion_ratio=(adhesion_ratio,) * 5,
        ceiling_ratio=(adhesion_ratio,) * 5,
        lateral_n=(0.0,) * 5,
        machines=(
            Bound(force_n=150e3 / speed_mps, reason="machine power"),
            Bound(force_n=250e3 / speed_mps, reason="machine power"),
            Bound(force_n=0.0, reason="torque"),
            Bound(force_n=0.0, reason="torque"),
        ),
        measured_n=(0.0,) * 4,
        slipping=(False,) * 5,
        friction_ceiling_n=(inf,) * 5,
        fade_ratio=(1.0,) * 5,
    )


def hand_over(inputs: allocator.Inputs, axle: int) -> Floats:
    """Forces of all sources that act, shape (STEPS, 9), when anti-lock control of an axle starts in period `EVENT`.

    The event lasts `EVENTS` periods of slip; machines stay off for 1 s more. Friction follows as an EBS, machines as motors.
    """
    kinds = [EBS] * 5 + [MOTOR] * 4
    acting = [actuators.resting(kind) for kind in kinds]
    state, control, found = allocator.State(), Antilock(), []
    slips = np.zeros(STEPS)
    slips[EVENT : EVENT + EVENTS] = 0.2
    for slip in slips:
        control = antilock.step(Settings(), control, Wheel(slip_ratio=float(slip), loss_mps2=0.0, friction_n=inf), 20.0)
        flags = tuple(index == axle and control.slipping for index in range(5))
        now = replace(inputs, slipping=flags, measured_n=state.machines_n)
        state, allocation = allocator.step(CALIBRATION, state, now)
        acting = [
            actuators.step(kind, one, float(force)) for kind, one, force in zip(kinds, acting, allocation.force_n, strict=True)
        ]
        found.append([one.force_n for one in acting])
    return np.array(found)


@pytest.fixture(scope="module")
def forces() -> Floats:
    return hand_over(braking(80 * KMH, 0.5, 0.8), DRIVE)


def test_a9_regeneration_leaves_the_axle_within_100_ms(forces: Floats) -> None:
    assert forces[EVENT - 1, TRACTOR_MACHINE] > 10e3
    assert forces[EVENT + 10 :, TRACTOR_MACHINE][: EVENTS + 80].max() < 0.01 * forces[EVENT - 1, TRACTOR_MACHINE]


@pytest.mark.parametrize(("speed_mps", "braking_ratio"), [(80 * KMH, 0.5), (80 * KMH, 0.3), (60 * KMH, 0.3), (40 * KMH, 0.5)])
def test_a9_deceleration_dips_by_at_most_a_tenth_for_at_most_300_ms(speed_mps: float, braking_ratio: float) -> None:
    """Where the axle's regeneration is no more than an eighth of the braking, as 250 kW are in these stops."""
    forces = hand_over(braking(speed_mps, braking_ratio, 0.8), DRIVE)
    assert forces[EVENT - 1, TRACTOR_MACHINE] < 0.13 * forces[EVENT - 1].sum()
    share = forces[EVENT - 1 :].sum(axis=1) / forces[EVENT - 1].sum()
    assert share.min() > 0.90
    assert 10 * np.count_nonzero(share < 0.99) <= 300
    assert share[40] == pytest.approx(1.0, abs=0.005)


def test_a9_regeneration_returns_a_second_after_the_event_and_not_before(forces: Floats) -> None:
    machine = forces[:, TRACTOR_MACHINE]
    back = EVENT + EVENTS + int(np.flatnonzero(machine[EVENT + EVENTS :] > 100.0)[0])
    assert 100 <= back - (EVENT + EVENTS) <= 110
    assert machine[-1] == pytest.approx(machine[EVENT - 1], rel=0.01)


def test_a9_the_other_axle_keeps_its_regeneration(forces: Floats) -> None:
    assert forces[EVENT + 20, 5] == pytest.approx(forces[EVENT - 1, 5], rel=0.01)


def stop(adhesion_ratio: float, speed_mps: float, asked_n: float) -> tuple[Floats, float]:
    """One axle of 10 t that carries its own mass, braked far beyond adhesion, with anti-lock control every 10 ms.

    Returns the slip every 10 ms, and the mean deceleration over that of the whole adhesion. The friction curve is
    ``mu (1.5 s / s0) / (1 + (s / s0)^2 / 2 ...)`` in the usual form: peak at 12 % of slip, 80 % of it when locked.
    """
    mass, inertia, radius, step_s = 10_000.0, 25.0, 0.5, 0.001
    speed, wheel, state, acting = speed_mps, speed_mps, Antilock(), actuators.resting(MODULATOR)
    slips, elapsed_s = [], 0.0
    while speed > Settings().least_speed_mps:
        slip, past = slip_ratio(speed, wheel), wheel
        for _ in range(10):
            slip = slip_ratio(speed, wheel)
            road = _adhesion(adhesion_ratio, slip) * mass * GRAVITY_MPS2
            wheel = max(wheel + step_s * radius * radius * (road - acting.force_n) / inertia, 0.0)
            wheel = min(wheel, speed)
            speed -= step_s * road / mass
            elapsed_s += step_s
        loss = (past - wheel) / 0.01 - adhesion_ratio * GRAVITY_MPS2
        state = antilock.step(Settings(), state, Wheel(slip_ratio=slip, loss_mps2=loss, friction_n=acting.force_n), speed)
        acting = actuators.step(MODULATOR, acting, min(asked_n, state.ceiling_n))
        slips.append(slip)
    return np.array(slips), (speed_mps - speed) / elapsed_s / (adhesion_ratio * GRAVITY_MPS2)


def _adhesion(peak_ratio: float, slip: float) -> float:
    """Rising to its peak at 12 % of slip, then falling to 80 % of it at 100 %."""
    share = min(slip / 0.12, 1.0)
    return peak_ratio * (share * (2.0 - share) - 0.2 * max(slip - 0.12, 0.0) / 0.88)


@pytest.mark.parametrize("adhesion", [0.3, 0.8])
def test_anti_lock_control_uses_three_quarters_of_the_adhesion_without_locking(adhesion: float) -> None:
    slips, used = stop(adhesion, 50 * KMH, 1.5 * adhesion * 10_000.0 * GRAVITY_MPS2)
    assert used >= 0.75
    assert slips.max() < 0.6


def test_below_walking_pace_nothing_is_regulated() -> None:
    state = antilock.step(Settings(), Antilock(), Wheel(slip_ratio=1.0, loss_mps2=50.0, friction_n=1e4), 2.0)
    assert state == Antilock()


def test_a_ceiling_opens_again_after_the_event() -> None:
    state = antilock.step(Settings(), Antilock(), Wheel(slip_ratio=0.3, loss_mps2=0.0, friction_n=1e4), 20.0)
    assert state.phase is Phase.RELEASE
    assert state.ceiling_n < 1e4
    for _ in range(300):
        state = antilock.step(Settings(), state, Wheel(slip_ratio=0.01, loss_mps2=0.0, friction_n=1e4), 20.0)
    assert state.phase is Phase.IDLE
    assert not state.slipping
    assert state.ceiling_n == inf


def test_actuators_wait_and_lag() -> None:
    state = actuators.resting(EBS)
    seen = []
    for _ in range(40):
        state = actuators.step(EBS, state, 1000.0)
        seen.append(state.force_n)
    assert seen[4] == 0.0
    assert seen[5] == pytest.approx(1000.0 * (1.0 - np.exp(-0.01 / 0.08)))
    assert 20 <= int(np.argmax(np.array(seen) > 950.0)) <= 30
    with pytest.raises(InputError, match="period"):
        Actuator(dead_s=0.1, lag_s=0.1, step_s=0.0)
