"""The twelve-speed box with one clutch: shifts, skips, interruption; cones, or plain dogs and the engine."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.control.gearbox import layout as n
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import AMT
from fifthwheel.simulate.shift.matrix import cases, drive
from fifthwheel.simulate.shift.metrics import judge
from fifthwheel.simulate.shift.run import plan_of, rig


@pytest.mark.parametrize(
    ("kind", "every", "time_s"), [("power_on", 25, 1.2), ("power_off", 12, 1.2), ("skip", 8, 1.5), ("temperature", 25, 1.3)]
)
def test_a18_shifts_with_interruption(kind: str, every: int, time_s: float) -> None:
    driven = [drive(case) for case in list(cases(kind, "amt"))[::every]]
    assert len(driven) >= 20
    assert all(one.shift.done for one in driven)
    assert max(one.shift.time_s for one in driven) <= time_s
    assert max(one.shift.jerk_mps3 for one in driven) <= 17.64
    assert max(one.residual_ratio for one in driven) < 0.005


def test_a18_power_on_shifts_take_around_a_second() -> None:
    shifts = [drive(case).shift for case in list(cases("power_on", "amt"))[::25]]
    assert 0.6 <= np.median([shift.time_s for shift in shifts]) <= 1.2
    assert min(shift.gap_s for shift in shifts) > 0.1


def test_plain_dogs_are_synchronised_by_the_engine() -> None:
    plant = dataclasses.replace(AMT, synchroniser_nm=0.0, dog_slip_radps=4.0, mass_kg=30e3)
    for gear, target, speed in ((6, 7, 170.0), (7, 6, 110.0)):
        made = rig(plant, gear=gear, engine_radps=speed, torque_nm=800.0)
        made.calibration[n.CLOSED_SYNC] = 1.0
        shift = judge(made.run(plan_of(3.0, pedal=0.5, asked_gear=target)), target, 1)
        assert shift.done
        assert shift.time_s <= 1.4
        assert made.residual_ratio() < 0.005


def test_the_box_climbs_through_its_gears_and_skips() -> None:
    made = rig(dataclasses.replace(AMT, mass_kg=16e3))
    trace = made.run(plan_of(60.0, pedal=0.7))
    gears = trace[:, m.O_GEAR]
    steps = np.diff(gears[np.flatnonzero(np.diff(gears)) + 1])
    assert gears[-1] >= 11
    assert steps.max() >= 2
