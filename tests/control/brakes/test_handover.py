"""Anti-lock control starts on an axle: its machine leaves, friction takes over (A9)."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthwheel.control.block import Block
from fifthwheel.control.brakes.actuators import EBS, MOTOR, Actuator
from fifthwheel.units import KMH
from tests.control.brakes.conftest import at_speed

Floats = NDArray[np.float64]
DRIVE, TRAILER_MACHINE, TRACTOR_MACHINE = 1, 5, 6
EVENT, EVENTS, STEPS = 250, 30, 600
"""Period in which an axle begins to slip, for how many periods it does, and the length of the run."""
MACHINES = ("trailer_regeneration", "tractor_regeneration")


class Acting:
    """An actuator that follows its demand every 10 ms."""

    def __init__(self, kind: Actuator) -> None:
        self.waiting, self.share, self.now = [0.0] * round(kind.dead_s / 0.01), 1.0 - exp(-0.01 / kind.lag_s), 0.0

    def step(self, demand: float) -> float:
        self.waiting.append(demand)
        self.now += self.share * (self.waiting.pop(0) - self.now)
        return self.now


def hand_over(ebs: Block, speed_mps: float, braking_ratio: float) -> Floats:
    """Forces that act at five friction brakes and both machines, shape (STEPS, 7), while the drive axle slips for `EVENTS`."""
    unit = at_speed(ebs, speed_mps, rolling_ratio=0.0, drag_area_m2=0.0)
    unit.set(pedal_ratio=0.02 + 0.98 * braking_ratio * 9.80665 / 8.0)
    unit.set(trailer_regeneration_available_n=150e3 / speed_mps, tractor_regeneration_available_n=250e3 / speed_mps)
    chambers, motors, found = [Acting(EBS) for _ in range(5)], [Acting(MOTOR) for _ in range(2)], []
    for period in range(STEPS):
        slip = 0.2 * (EVENT <= period < EVENT + EVENTS)
        unit.set(wheel_2_mps=speed_mps * (1.0 - slip), wheel_3_mps=speed_mps * (1.0 - slip))
        unit.set(**{f"chamber_{axle}_pa": max(one.now, 0.0) for axle, one in enumerate(chambers)})
        unit.set(**{f"{name}_measured_n": one.now for name, one in zip(MACHINES, motors, strict=True)})
        unit.step()
        for axle, chamber in enumerate(chambers):
            chamber.step(unit[f"pressure_{axle}_pa"])
        friction = [0.0] * 5
        for wheel in range(10):
            pressure = min(chambers[wheel // 2].now, unit[f"limit_{wheel}_pa"])
            friction[wheel // 2] += 0.5 * unit[f"full_{wheel // 2}_n"] * max(pressure - unit["onset_pa"], 0.0) / 720e3
        found.append([*friction, *(one.step(unit[f"{name}_n"]) for name, one in zip(MACHINES, motors, strict=True))])
    return np.array(found)


SPEEDS, RATIOS = (80, 60, 40, 25, 15), (0.1, 0.2, 0.3, 0.5)


@pytest.mark.parametrize("braking_ratio", RATIOS)
@pytest.mark.parametrize("speed", SPEEDS)
def test_a9_deceleration_dips_by_about_a_tenth_and_never_longer_than_300_ms(
    ebs: Block, speed: float, braking_ratio: float
) -> None:
    """Dips beyond a tenth last at most one period of 10 ms (limit: 300 ms), and none is beyond an eighth."""
    forces = hand_over(ebs, speed * KMH, braking_ratio)
    share = forces[EVENT - 1 :].sum(axis=1) / forces[EVENT - 1].sum()
    assert share.min() > 0.875
    assert 10 * np.count_nonzero(share < 0.90) <= 10
    assert 10 * np.count_nonzero(share[:100] < 0.99) <= 300
    assert share[-1] == pytest.approx(1.0, abs=0.01)


@pytest.fixture(scope="module")
def forces(ebs: Block) -> Floats:
    return hand_over(ebs, 80 * KMH, 0.5)


def test_a9_regeneration_leaves_the_axle_within_100_ms(forces: Floats) -> None:
    before = forces[EVENT - 1, TRACTOR_MACHINE]
    assert before > 10e3
    assert forces[EVENT + 10 : EVENT + EVENTS + 90, TRACTOR_MACHINE].max() < 0.01 * before


def test_a9_regeneration_returns_a_second_after_the_event_and_not_before(forces: Floats) -> None:
    machine = forces[:, TRACTOR_MACHINE]
    back = int(np.flatnonzero(machine[EVENT + EVENTS :] > 100.0)[0])
    assert 100 <= back <= 112
    assert machine[-1] == pytest.approx(machine[EVENT - 1], rel=0.01)


def test_a9_the_other_axle_keeps_its_regeneration(forces: Floats) -> None:
    assert forces[EVENT + 20, TRAILER_MACHINE] == pytest.approx(forces[EVENT - 1, TRAILER_MACHINE], rel=0.01)


def test_a_deeply_slipping_axle_is_left_at_once(ebs: Block) -> None:
    unit = at_speed(ebs, 20.0)
    unit.set(pedal_ratio=0.2, tractor_regeneration_available_n=12e3)
    for _ in range(100):
        unit.step()
    asked = unit["tractor_regeneration_n"]
    unit.set(wheel_2_mps=10.0, wheel_3_mps=10.0)
    left = []
    for _ in range(4):
        unit.step()
        left.append(unit["tractor_regeneration_n"] / asked)
    assert asked > 10e3
    assert left == pytest.approx([1.0, 0.5, 0.0, 0.0], abs=0.01)


def test_below_the_least_speed_wheels_may_lock(ebs: Block) -> None:
    unit = at_speed(ebs, 1.0)
    unit.set(pedal_ratio=1.0)
    unit.step()
    unit.set(**{f"wheel_{wheel}_mps": 0.0 for wheel in range(8)})
    unit.step()
    assert unit["antilock_state"] == 0.0
