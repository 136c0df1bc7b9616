"""Scenarios of the transmission control unit on the shift plant: shifts, launches, faults, adaptation, random commands."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.control.gearbox import block, calibration
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.calibration import Calibration
from fifthwheel.simulate.shift import chance, metrics
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import NOMINAL_K, Driveline, at_oil
from fifthwheel.simulate.shift.kernel import STEP_S
from fifthwheel.simulate.shift.matrix import BOXES, Case, begin, drive
from fifthwheel.simulate.shift.matrix import KINDS as SHIFTS
from fifthwheel.simulate.shift.run import UNITS, Rig, plan_of, rig
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals, whole

PLOTS: Final = (
    ("engine_radps", "odd_shaft_radps", "even_shaft_radps"),
    ("engine_nm", "odd_clutch_nm", "even_clutch_nm"),
    ("acceleration_mps2",),
    ("phase_state", "gear_count", "target_gear_count"),
)
FAULTS: Final = {
    "none": (), "engine speed": (m.LOST_E,), "odd shaft speed": (m.LOST_1,), "even shaft speed": (m.LOST_2,),
    "output speed": (m.LOST_O,), "odd stroke": (m.LOST_S1,), "even stroke": (m.LOST_S2,), "odd fork stuck": (m.STUCK1,),
    "even fork stuck": (m.STUCK2,), "EEC1 lost": (m.NO_EEC1,), "EBC1 lost": (m.NO_EBC1,), "low voltage": (m.LOW_VOLT,),
    "odd clutch hot": (m.HOT1,), "even clutch hot": (m.HOT2,), "clutch forced closed": (m.FORCE_CLUTCH,),
}  # fmt: skip
"""Every fault of the limp-home list (control facts 5.3) by name, and where it stands in a plan."""
VEHICLE: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="box", title_en="Transmission", title_zh="变速器", among=tuple(BOXES)),
    *signals((
        ("pedal_ratio", "Accelerator pedal", "加速踏板", 0.0, 1.0, 0.5),
        ("mass_kg", "Mass of the combination", "列车总质量", 5e3, 60e3, 40e3),
        ("grade_ratio", "Slope, up positive", "坡度（上坡为正）", -0.2, 0.2, 0.0),
        ("oil_k", "Oil at the start (80 degrees C: nominal)", "油温（80 °C为标称）", 233.15, 433.15, NOMINAL_K),
    )),
)  # fmt: skip


def tunes() -> tuple[Signal, ...]:
    """Scalars of the calibration of the dual-clutch unit as it comes; that of the automated one has the same names."""
    scalars = {one.name for one in fields(Calibration) if isinstance(getattr(calibration(), one.name), float)}
    return tuple(one for one in block().parameters if one.name in scalars)


def driveline(parameters: Parameters) -> Driveline:
    """The plant of a case."""
    plant = replace(
        BOXES[str(parameters["box"])], mass_kg=number(parameters, "mass_kg"), grade_ratio=number(parameters, "grade_ratio")
    )
    oil = number(parameters, "oil_k")
    return plant if oil == NOMINAL_K else at_oil(plant, oil)


def tuned(made: Rig, plant: Driveline, tuning: Tuning) -> Rig:
    """A rig whose control unit has other calibration values; the ratios stay those of the plant."""
    if tuning:
        changed: dict[str, Any] = dict(tuning)
        other = replace(calibration(UNITS[plant.clutches_count]), **changed).array()
        scalars = len(fields(Calibration)) - 3
        made.calibration[:scalars] = other[:scalars]
        if "kiss_ratio" in tuning:
            made.unit[n.KISS_ODD] = made.unit[n.KISS_EVEN] = other[n.DEFAULT_KISS]
    return made


def columns(rows: Floats, plant: Driveline, every: int = 1) -> dict[str, Floats]:
    """Columns of every `every`-th row, time from the first on, with the road speed."""
    found = metrics.trace(rows, every)
    speed = {"speed_mps": found.pop("vehicle_radps") * plant.tyre_radius_m}
    return {
        "time_s": found["time_s"] - rows[0, m.O_TIME],
        **speed,
        **{name: one for name, one in found.items() if name != "time_s"},
    }


def _case(parameters: Parameters) -> Case:
    gear = whole(parameters, "gear_count")
    return Case(
        gear=gear, target=gear + whole(parameters, "step_count"), pedal_ratio=number(parameters, "pedal_ratio"),
        mass_kg=number(parameters, "mass_kg"), grade_ratio=number(parameters, "grade_ratio"), kind=str(parameters["what"]),
        box=str(parameters["box"]), oil_k=number(parameters, "oil_k"), brake_ratio=number(parameters, "brake_ratio"),
    )  # fmt: skip


def _possible(parameters: Parameters) -> bool:
    case = _case(parameters)
    last = len(BOXES[case.box].ratios)
    if not (1 <= case.gear <= last and 1 <= case.target <= last) or case.target == case.gear:
        return False
    return (case.kind == "power_off") == (case.pedal_ratio == 0.0) and case.possible()


def drive_shift(parameters: Parameters, tuning: Tuning) -> Run:
    """A shift at a steady pedal, the next gear preselected."""
    case = _case(parameters)
    found = drive(case, tuned(begin(case), case.driveline, tuning))
    shift = found.shift
    quantities = {
        "finished_state": float(shift.done),
        "shift_s": shift.time_s,
        "torque_gap_s": shift.gap_s,
        "least_torque_ratio": shift.least_ratio,
        "jerk_mps3": shift.jerk_mps3,
        "friction_j": shift.heat_j,
        "tracking_radps": shift.tracking_radps,
        "account_residual_ratio": found.residual_ratio,
        "clutch_k": _hottest(found.rows),
    }
    return Run(columns=columns(found.rows, case.driveline), quantities=quantities)


def _hottest(rows: Floats) -> float:
    return float(rows[:, [m.O_K1, m.O_K2]].max())


def drive_launch(parameters: Parameters, tuning: Tuning) -> Run:
    """Pull away from standstill: 1.5 s on the brake, then the pedal."""
    plant = driveline(parameters)
    made = tuned(rig(plant), plant, tuning)
    made.run(plan_of(1.5, brake=0.5))
    made.reset_account()
    rows = made.run(plan_of(number(parameters, "watch_s"), pedal=number(parameters, "pedal_ratio")))
    seen = metrics.launch(rows, plant.tyre_radius_m)
    quantities = {
        "finished_state": float(seen.done),
        "launch_s": seen.time_s,
        "jerk_mps3": seen.jerk_mps3,
        "friction_j": seen.heat_j,
        "rolled_back_mps": seen.back_mps,
        "judder_mps2": seen.judder_mps2,
        "account_residual_ratio": made.residual_ratio(),
        "clutch_k": _hottest(rows),
        "least_engine_radps": float(rows[:, m.O_WE].min()),
    }
    return Run(columns=columns(rows, plant), quantities=quantities)


def drive_fault(parameters: Parameters, tuning: Tuning) -> Run:
    """Pull away after 1 s, drive until 30 s, brake to standstill until 40 s, with a fault from some time on."""
    plant, fault_s = driveline(parameters), number(parameters, "fault_s")
    made, plan = tuned(rig(plant), plant, tuning), plan_of(40.0, pedal=number(parameters, "pedal_ratio"))
    plan[:100, m.P_PEDAL] = plan[3000:, m.P_PEDAL] = 0.0
    plan[:100, m.P_BRAKE], plan[3000:, m.P_BRAKE] = 0.5, 0.15
    plan[int(100 * fault_s) :, [m.P_FAULTS + place for place in FAULTS[str(parameters["fault"])]]] = 1.0
    trace = made.run(plan)
    later = trace[int(1000 * fault_s) + 2_000 : 30_000]
    quantities = {
        "driven_mps": float(trace[29_999, m.O_WV] * plant.tyre_radius_m),
        "at_rest_mps": float(abs(trace[-1, m.O_WV]) * plant.tyre_radius_m),
        "least_engine_radps": float(trace[:, m.O_WE].min()),
        "warning_count": float(made.outputs[n.WARNING]),
        "open_s": float(np.sum(trace[9_000:30_000, m.O_PHASE] == n.OPEN) * STEP_S),
        "gears_used_count": float(len(set(later[:, m.O_GEAR]))),
        "closed_nm": float(trace[max(1_500, int(1000 * fault_s) + 500) :, [m.O_CAP1, m.O_CAP2]].max()),
        "clutch_k": _hottest(trace),
    }
    return Run(columns=columns(trace, plant, 10), quantities=quantities)


def drive_adaptation(parameters: Parameters, tuning: Tuning) -> Run:
    """Shift after shift between second and third gear with a worn odd clutch: torque it gives over torque meant, less one."""
    random, noise = np.random.default_rng(whole(parameters, "seed_count")), number(parameters, "noise_ratio")
    plant = replace(driveline({**parameters, "box": "dct"}), kiss_odd_ratio=0.25 + number(parameters, "wear_ratio"))
    kiss, errors = tuned(rig(plant), plant, tuning).unit[n.KISS_ODD], []
    for gear, target, speed in ((2, 3, 150.0), (3, 2, 105.0)) * 8:
        made = tuned(rig(plant, gear=gear, spare_gear=target, engine_radps=speed, torque_nm=900.0), plant, tuning)
        made.unit[n.KISS_ODD] = kiss
        plan = plan_of(2.0, pedal=number(parameters, "pedal_ratio"), asked_gear=target)
        plan[:, m.P_TORQUE_FACTOR] = 1 + noise * (2 * random.random(len(plan)) - 1)
        trace = made.run(plan)
        kiss = made.unit[n.KISS_ODD]
        slipping = trace[(trace[:, m.O_PHASE] == n.INERTIA) & (np.abs(trace[:, m.O_WE] - trace[:, m.O_W1]) > 3)][100:]
        errors.append(float(slipping[:, m.O_T1].mean() / slipping[:, m.O_CAP1].mean() - 1))
    shifts = np.arange(1.0, len(errors) + 1)
    quantities = {"first_error_ratio": abs(errors[0]), "adapted_error_ratio": max(abs(error) for error in errors[5:])}
    return Run(columns={"shift_count": shifts, "torque_error_ratio": np.array(errors)}, quantities=quantities)


def drive_chance(parameters: Parameters, tuning: Tuning) -> Run:
    """Random pedals, brakes, gears asked for and faults; the unit as it is calibrated (`tuning` is not offered)."""
    del tuning
    sequences = whole(parameters, "sequences_count")
    plans = chance.random_plans(np.random.default_rng(whole(parameters, "seed_count")), sequences, 4.0)
    marks = chance.tally(
        driveline({**parameters, "box": "dct"}), chance.STARTS[whole(parameters, "begin_count")], plans, sequences
    )
    quantities = {
        "double_engagement_count": float((marks[:, m.T_DOUBLE] > 0).sum()),
        "fork_under_torque_count": float((marks[:, m.T_FORK] > 0).sum()),
        "stall_count": float((marks[:, m.T_STALL] > 0).sum()),
        "shifts_count": float(marks[:, m.T_SHIFTS].sum()),
        "least_engine_radps": float(marks[:, m.T_LEAST_RADPS].min()),
    }
    names = {"double_count": m.T_DOUBLE, "fork_count": m.T_FORK, "stall_s": m.T_STALL, "tie_up_nm": m.T_TIE}
    found = {name: marks[:, place] * (1e-3 if name == "stall_s" else 1.0) for name, place in names.items()}
    return Run(columns={"sequence_count": np.arange(1.0, sequences + 1), **found}, quantities=quantities)


FINISHED = ("finished_state", "Came to the gear asked for, clutch locked", "完成换挡并锁止")
JERK = ("jerk_mps3", "Largest jerk of the vehicle after a 10 Hz low-pass", "车辆最大冲击度（10 Hz低通）")
HEAT = ("friction_j", "Friction energy of both clutches", "两离合器滑摩功")
RESIDUAL = ("account_residual_ratio", "Engine work that the energy account misses", "能量核算残差")
CLUTCH = ("clutch_k", "Hottest clutch", "离合器最高温度")
LEAST = ("least_engine_radps", "Least engine speed", "发动机最低转速")

KINDS: Final = (
    Kind(
        name="shift", title_en="Shift", title_zh="换挡",
        parameters=(
            Choice(name="what", title_en="What happens", title_zh="换挡类型", among=SHIFTS),
            *signals((
                ("gear_count", "Gear before", "换挡前挡位", 1, 12, 2),
                ("step_count", "Gears up, down negative", "升挡数（降挡为负）", -3, 3, 1),
                ("brake_ratio", "Brakes from the request on", "请求后制动比例", 0.0, 0.3, 0.0),
            )),
            *VEHICLE,
        ),
        quantities=signals((
            FINISHED, ("shift_s", "From request to lock", "换挡时间"), ("torque_gap_s", "Time without torque", "动力中断时间"),
            ("least_torque_ratio", "Least wheel torque over steady", "最小轮端转矩比"), JERK, HEAT,
            ("tracking_radps", "Engine speed less its reference, r.m.s.", "转速跟踪均方根误差"), RESIDUAL, CLUTCH,
        )),
        drive=drive_shift, tunes=tunes, possible=_possible, plots=PLOTS,
    ),
    Kind(
        name="launch", title_en="Launch", title_zh="起步",
        parameters=(*signals((("watch_s", "Time watched", "观察时间", 3.0, 30.0, 6.0),)), *VEHICLE),
        quantities=signals((
            FINISHED, ("launch_s", "Until the clutch locks", "锁止时间"), JERK, HEAT,
            ("rolled_back_mps", "Fastest rolling back", "最大溜坡速度"),
            ("judder_mps2", "Acceleration of 2 to 15 Hz, r.m.s.", "2–15 Hz抖动加速度均方根"), RESIDUAL, CLUTCH, LEAST,
        )),
        drive=drive_launch, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="gearbox_fault", title_en="Drive with a fault of the transmission", title_zh="变速器故障行驶",
        parameters=(
            Choice(name="fault", title_en="Fault", title_zh="故障", among=tuple(FAULTS)),
            *signals((("fault_s", "When it begins", "故障时刻", 0.0, 30.0, 0.0),)), *VEHICLE,
        ),
        quantities=signals((
            ("driven_mps", "Speed after 30 s", "30 s时车速"), ("at_rest_mps", "Speed after braking to the end", "制动结束车速"),
            LEAST, ("warning_count", "Warning level", "报警等级"), ("open_s", "Without drive, 9 to 30 s", "9–30 s无动力时间"),
            ("gears_used_count", "Gears used after the fault", "故障后使用挡位数"),
            ("closed_nm", "Most clutch torque meant after the fault", "故障后离合器最大指令转矩"),
            CLUTCH,
        )),
        drive=drive_fault, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="kiss_adaptation", title_en="Kiss point after wear", title_zh="磨损后接合点自适应",
        parameters=(*signals((
            ("wear_ratio", "Kiss point of the odd clutch moved by", "奇数离合器接合点偏移", -0.1, 0.1, 0.04),
            ("noise_ratio", "Noise on the torque signal", "转矩信号噪声", 0.0, 0.5, 0.0),
            ("seed_count", "Seed of the noise", "随机种子", 0, 1e6, 3),
        )), *(one for one in VEHICLE if one.name != "box")),
        quantities=signals((
            ("first_error_ratio", "Torque error at the first shift", "首次换挡转矩误差"),
            ("adapted_error_ratio", "Torque error after five shifts", "五次换挡后转矩误差"),
        )),
        drive=drive_adaptation, tunes=tunes, plots=(("torque_error_ratio",),),
    ),
    Kind(
        name="gearbox_chance", title_en="Random commands and faults", title_zh="随机指令与故障",
        parameters=(*signals((
            ("seed_count", "Seed", "随机种子", 0, 1e9, 1),
            ("sequences_count", "Sequences of 4 s", "4 s序列数", 1, 1e5, 200),
            ("begin_count", "Which of the starts (0 stands)", "起始状态编号", 0, len(chance.STARTS) - 1, 0),
        )), *(one for one in VEHICLE if one.name != "box")),
        quantities=signals((
            ("double_engagement_count", "Sequences with both clutches closed on two gears", "双离合同时啮合序列数"),
            ("fork_under_torque_count", "Sequences with a fork moved under torque", "带载拨叉序列数"),
            ("stall_count", "Sequences in which a clutch stalled the engine", "熄火序列数"),
            ("shifts_count", "Shifts", "换挡次数"), LEAST,
        )),
        drive=drive_chance, plots=(("tie_up_nm",),),
    ),
)  # fmt: skip
