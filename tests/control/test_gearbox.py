"""A19: adaptation and every fault of the limp-home list, on the shift plant; and the calibration as data."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.control.gearbox import NAMES, calibration
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.signals import signals
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.run import plan_of, rig

SHIFTS = ((2, 3, 150.0), (3, 2, 105.0))


def torque_errors(wear_ratio: float, noise_ratio: float, shifts: int) -> list[float]:
    """Torque of the odd clutch over the torque meant, less one, in the inertia phase of shift after shift."""
    random, kiss, errors = np.random.default_rng(3), 0.25, []
    driveline = Driveline(kiss_odd_ratio=0.25 + wear_ratio)
    for gear, target, speed in (SHIFTS * shifts)[:shifts]:
        made = rig(driveline, gear=gear, spare_gear=target, engine_radps=speed, torque_nm=900.0)
        made.unit[n.KISS_ODD] = kiss
        plan = plan_of(2.0, pedal=0.55, asked_gear=target)
        plan[:, m.P_TORQUE_FACTOR] = 1 + noise_ratio * (2 * random.random(len(plan)) - 1)
        trace = made.run(plan)
        kiss = made.unit[n.KISS_ODD]
        slipping = trace[(trace[:, m.O_PHASE] == n.INERTIA) & (np.abs(trace[:, m.O_WE] - trace[:, m.O_W1]) > 3)][100:]
        errors.append(float(slipping[:, m.O_T1].mean() / slipping[:, m.O_CAP1].mean() - 1))
    return errors


@pytest.mark.parametrize("wear_ratio", [-0.04, 0.04, 0.06])
@pytest.mark.parametrize("noise_ratio", [0.0, 0.2])
def test_a19_the_kiss_point_adapts_within_five_shifts(wear_ratio: float, noise_ratio: float) -> None:
    errors = torque_errors(wear_ratio, noise_ratio, 16)
    assert abs(errors[0]) > 0.15
    assert max(abs(error) for error in errors[5:]) <= 0.05


def drive_with(fault: int, from_s: float) -> tuple[Floats, Floats, Floats]:
    """Pull away at 1 s, drive to 30 s, brake to 40 s, with a fault; the trace, the unit's state, its outputs."""
    made = rig(Driveline(mass_kg=28_000.0))
    plan = plan_of(40.0, pedal=0.6)
    plan[:100, m.P_PEDAL] = plan[3000:, m.P_PEDAL] = 0.0
    plan[:100, m.P_BRAKE], plan[3000:, m.P_BRAKE] = 0.5, 0.15
    plan[int(100 * from_s) :, m.P_FAULTS + fault] = 1.0
    return made.run(plan), made.unit, made.outputs


DRIVES_ON = {
    "engine speed": m.LOST_E, "odd shaft speed": m.LOST_1, "even shaft speed": m.LOST_2, "output speed": m.LOST_O,
    "odd stroke": m.LOST_S1, "even stroke": m.LOST_S2, "odd fork stuck": m.STUCK1, "even fork stuck": m.STUCK2,
    "EEC1": m.NO_EEC1, "EBC1": m.NO_EBC1,
}  # fmt: skip


@pytest.mark.parametrize("fault", DRIVES_ON.values(), ids=DRIVES_ON.keys())
@pytest.mark.parametrize("from_s", [0.0, 8.0])
def test_a19_limp_home_drives_on(fault: int, from_s: float) -> None:
    trace, _, outputs = drive_with(fault, from_s)
    assert trace[29_999, m.O_WV] * 0.5 > 10.0
    assert abs(trace[-1, m.O_WV]) < 0.1
    assert trace[:, m.O_WE].min() > 40.0
    assert outputs[n.WARNING] >= 1
    assert not (trace[9_000:30_000, m.O_PHASE] == n.OPEN).any()


@pytest.mark.parametrize("from_s", [0.0, 8.0])
def test_a19_low_voltage_keeps_the_gear(from_s: float) -> None:
    trace, _, outputs = drive_with(m.LOW_VOLT, from_s)
    later = trace[int(1000 * from_s) + 2_000 : 30_000]
    assert len(set(later[:, m.O_GEAR])) == 1
    assert later[-1, m.O_WV] > 1.0
    assert outputs[n.WARNING] >= 1


@pytest.mark.parametrize("clutch", [m.HOT1, m.HOT2])
def test_a19_a_clutch_too_hot_is_opened(clutch: int) -> None:
    trace, unit, outputs = drive_with(clutch, 0.0)
    assert outputs[n.WARNING] == 4
    assert unit[n.HEAT] == 4
    assert trace[1_500:, [m.O_CAP1, m.O_CAP2]].max() == 0


def test_a_lost_fork_leaves_the_other_shaft() -> None:
    trace, unit, _ = drive_with(m.STUCK2, 0.0)
    assert unit[n.STUCK_EVEN] == 1
    assert {int(gear) for gear in trace[5_000:30_000, m.O_GEAR]} <= {1, 3, 5}


def test_the_calibration_is_data() -> None:
    assert calibration().array().shape == (n.N_CALIBRATION,)
    with pytest.raises(UnknownName, match="heavy_dct"):
        calibration("heavy")
    with pytest.raises(InputError, match="period"):
        dataclasses.replace(calibration(), step_s=0.1).array()


def test_calibration_layout_and_signals_tell_the_same_in_the_same_order() -> None:
    names = [field.name for field in dataclasses.fields(calibration())][:-3]
    assert names == [one.name for one in signals("parameter")]
    assert len(names) == n.GEARS
    assert (len(signals("input")), len(signals("output"))) == (n.N_INPUT, n.N_OUTPUT)


@pytest.mark.parametrize("name", NAMES)
def test_every_calibration_value_is_in_the_range_of_its_signal(name: str) -> None:
    made = calibration(name)
    wrong = [one.name for one in signals("parameter") if not one.low <= getattr(made, one.name) <= one.high]
    assert wrong == []


def test_a_box_with_three_clutches_is_refused() -> None:
    with pytest.raises(InputError, match="clutches"):
        dataclasses.replace(calibration(), shafts_count=3).array()
