"""A18: a small part of the power-on matrix, launches, power-off shifts; the whole matrix is benchmarks/shift_matrix.py."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox import step
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.shift import launches
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.kernel import sense
from fifthwheel.simulate.shift.matrix import cases, drive
from fifthwheel.simulate.shift.metrics import judge, trace
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import RPM

CASES = list(cases())


def test_a18_the_matrix_has_500_cases() -> None:
    assert len(CASES) >= 500


def test_a18_power_on_shifts() -> None:
    driven = [drive(case) for case in CASES[::9]]
    shifts = [one.shift for one in driven]
    assert all(shift.done for shift in shifts)
    assert max(shift.gap_s for shift in shifts) == 0
    assert max(shift.time_s for shift in shifts) <= 0.8
    assert np.percentile([shift.jerk_mps3 for shift in shifts], 95) <= 10
    assert max(shift.jerk_mps3 for shift in shifts) <= 17.64
    assert np.percentile([shift.tracking_radps for shift in shifts], 99) <= 20 * RPM
    assert max(one.residual_ratio for one in driven) < 1e-9


@pytest.mark.parametrize(("kind", "every", "time_s"), [("temperature", 5, 0.8), ("skip", 1, 1.5), ("change_of_mind", 2, 1.5)])
def test_a18_other_axes_of_the_matrix(kind: str, every: int, time_s: float) -> None:
    driven = [drive(case) for case in list(cases(kind))[::every]]
    assert len(driven) >= 9
    assert all(one.shift.done for one in driven)
    assert max(one.shift.time_s for one in driven) <= time_s
    assert max(one.shift.gap_s for one in driven) == 0
    assert max(one.shift.jerk_mps3 for one in driven) <= 17.64
    assert max(one.residual_ratio for one in driven) < 0.005


def test_a18_power_off_shifts() -> None:
    driven = [drive(case) for case in list(cases("power_off"))[::5]]
    assert len(driven) >= 50
    assert all(one.shift.done for one in driven)
    assert max(one.shift.jerk_mps3 for one in driven) <= 17.64
    assert max(one.residual_ratio for one in driven) < 0.005


def test_a_change_of_mind_in_the_first_half_of_a_hand_over_never_leaves_the_gear() -> None:
    up = [drive(case) for case in cases("change_of_mind") if case.target > case.gear]
    assert all(len(set(one.rows[:, m.O_GEAR])) == 1 for one in up)


def test_traces_have_columns_with_names() -> None:
    columns = trace(drive(CASES[0]).rows, 10)
    assert set(columns) >= {"time_s", "engine_radps", "phase_state", "wheels_nm"}
    assert np.diff(columns["time_s"]) == pytest.approx(0.01)


def test_an_unknown_kind_or_box_is_refused() -> None:
    with pytest.raises(UnknownName, match="power_off"):
        cases("sideways")
    with pytest.raises(UnknownName, match="cvt"):
        cases(box="cvt")


@pytest.mark.parametrize(("gear", "target", "speed_radps"), [(3, 2, 95.0), (5, 4, 100.0), (2, 3, 150.0), (4, 5, 170.0)])
def test_power_off_shifts_swap_the_roles(gear: int, target: int, speed_radps: float) -> None:
    made = rig(Driveline(mass_kg=40_000.0), gear=gear, spare_gear=target, engine_radps=speed_radps, torque_nm=-150.0)
    shift = judge(made.run(plan_of(3.0, asked_gear=target)), target)
    assert shift.done
    assert shift.jerk_mps3 <= 10
    assert made.residual_ratio() < 1e-6


@pytest.mark.parametrize(
    ("mass_kg", "grade", "pedal", "jerk"),
    [
        (16e3, 0.0, 0.4, 10),
        (40e3, 0.0, 0.5, 10),
        (40e3, 0.0, 1.0, 10),
        (18e3, 0.12, 1.0, 15),
        (40e3, 0.12, 1.0, 15),
        (49e3, 0.12, 1.0, 15),
    ],
)
def test_a18_launch_on_flat_and_on_12_percent(mass_kg: float, grade: float, pedal: float, jerk: float) -> None:
    driven = launches.drive(launches.Case(mass_kg=mass_kg, grade_ratio=grade, pedal_ratio=pedal))
    assert driven.launch.done
    assert driven.launch.jerk_mps3 <= jerk
    assert driven.launch.back_mps < 0.01
    assert driven.residual_ratio < 1e-9


def test_creep_moves_off_without_pedal_and_brake() -> None:
    made = rig(Driveline(mass_kg=16_000.0))
    trace = made.run(plan_of(10.0))
    assert 0.3 < trace[-1, m.O_WV] * 0.5 < 1.5


def test_mass_and_slope_are_learned_while_driving() -> None:
    made = rig(Driveline(mass_kg=40_000.0, grade_ratio=0.03))
    made.unit[n.MASS_KG] = 20_000.0
    made.run(plan_of(60.0, pedal=0.9))
    assert made.unit[n.MASS_KG] == pytest.approx(40_000.0, rel=0.05)
    assert made.unit[n.GRADE] == pytest.approx(0.03, abs=0.003)


def test_the_compiled_unit_is_the_plain_function() -> None:
    made = rig(Driveline(), gear=2, spare_gear=3, engine_radps=150.0, torque_nm=900.0)
    plan = plan_of(0.5, pedal=0.5, asked_gear=3)
    plain, u, y = made.unit.copy(), np.zeros(n.N_INPUT), np.zeros(n.N_OUTPUT)
    for i in range(len(plan)):
        sense(made.plant, made.parameters, plan, i, u)
        step(plain, u, made.calibration, y)
        made.run(plan[i : i + 1])
    assert made.unit[n.PHASE] > n.DRIVE
    np.testing.assert_allclose(plain, made.unit, rtol=1e-9, atol=1e-9)


def test_a_plan_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match="plan of shape"):
        rig(Driveline()).run(np.zeros((5, 3)))


@pytest.mark.parametrize(("gear", "target", "speed_radps", "pedal"), [(6, 4, 85.0, 0.8), (2, 4, 180.0, 0.3)])
def test_a_skip_on_one_shaft_goes_by_the_gear_between(gear: int, target: int, speed_radps: float, pedal: float) -> None:
    between = (gear + target) // 2
    made = rig(Driveline(mass_kg=40_000.0), gear=gear, spare_gear=between, engine_radps=speed_radps, torque_nm=400.0)
    trace = made.run(plan_of(5.0, pedal=pedal, asked_gear=target))
    assert trace[-1, m.O_GEAR] == target
    assert between in trace[:, m.O_GEAR]


@pytest.mark.parametrize(("gear", "asked", "speed_radps"), [(6, 3, 85.0), (1, 4, 180.0)])
def test_a_gear_out_of_the_engines_range_is_refused(gear: int, asked: int, speed_radps: float) -> None:
    spare = gear + 1 if gear == 1 else gear - 1
    made = rig(Driveline(mass_kg=40_000.0), gear=gear, spare_gear=spare, engine_radps=speed_radps, torque_nm=300.0)
    assert set(made.run(plan_of(1.0, pedal=0.3, asked_gear=asked))[:, m.O_GEAR]) == {gear}
