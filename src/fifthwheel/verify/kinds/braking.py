"""Scenarios of the electronic brake system on the planar vehicle: stops in a line, in a bend, on any friction, with faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Signal
from fifthwheel.simulate.handling import metrics
from fifthwheel.simulate.handling.braked import ELECTRIC, SOURCES, Faults, Hardware, braked
from fifthwheel.simulate.handling.manoeuvre import Braking, Curve, LaneChange, Manoeuvre, Straight
from fifthwheel.simulate.handling.outline import outline
from fifthwheel.simulate.handling.path import Grip, Ground
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals
from fifthwheel.verify.kinds.handling import GRIP, RIG, loaded, tunes

Marks = NDArray[np.bool_]

BEGIN_S: Final = 1.0
"""When the driver brakes in a line; in a bend it is when the bend is reached."""
LOCKS_MPS: Final = 15 / 3.6
"""Below it wheels may lock (UN R13 Annex 13)."""
LOCKED_RATIO: Final = -0.9
STEERING_RATIO: Final = 20.0
"""Turn of the steering wheel over that of the steered wheels, usual of heavy trucks [K]."""
PRESSURE_RATIO: Final = 0.75
LEAST_PA: Final = 2e5
OFF_N: Final = 200.0
"""A machine that gives less is off."""
PLOTS: Final = (
    ("speed_mps", "wheel_0_mps", "wheel_2_mps", "wheel_6_mps"),
    ("ebs_demand_mps2", "acceleration_mps2"),
    ("utilisation_0_ratio", "utilisation_1_ratio", "utilisation_3_ratio"),
    ("kingpin_x_n",),
    ("acting_tractor_regeneration_n", "acting_trailer_regeneration_n", "acting_retarder_n"),
    ("articulation_rad", "steering_rad"),
)
FAULTS: Final = ("none", "trailer bus", "kingpin sensor", "wheel-speed sensor")
EQUIPMENT: Final = {
    "electric": ELECTRIC,
    "retarder": replace(ELECTRIC, trailer=Hardware().trailer, tractor=Hardware().tractor),
    "friction": Hardware(),
}


def ground(parameters: Parameters) -> Ground:
    """Friction left and right of the path."""
    left, right = number(parameters, "grip_ratio"), number(parameters, "grip_right_ratio")
    return Ground(grips=(Grip(left_ratio=left, right_ratio=right or left),))


def hardware(parameters: Parameters) -> Hardware:
    """What brakes beside friction, with the charge of the case."""
    made, soc = EQUIPMENT[str(parameters["equipment"])], number(parameters, "soc_ratio")
    part = number(parameters, "charge_limit_ratio")
    warm = [replace(one, soc_ratio=soc, charge_w=part * one.charge_w) for one in (made.tractor, made.trailer)]
    return replace(made, tractor=warm[0], trailer=warm[1])


def faults(parameters: Parameters) -> Faults:
    """What is lost, and when."""
    what, when = str(parameters["fault"]), number(parameters, "fault_s")
    times = {one: when if what == one else inf for one in FAULTS}
    wheel = int(number(parameters, "fault_wheel_count"))
    return Faults(bus_s=times["trailer bus"], kingpin_s=times["kingpin sensor"], wheel_s=times["wheel-speed sensor"], wheel=wheel)


def manoeuvre(parameters: Parameters) -> Manoeuvre:
    """A stop in a line (radius 0) or in a bend, long enough to come to rest."""
    speed, grip, asked = (number(parameters, name) for name in ("speed_mps", "grip_ratio", "deceleration_mps2"))
    least = min(grip, number(parameters, "grip_right_ratio") or grip)
    seconds = speed / min(asked, 0.55 * GRAVITY_MPS2 * least)
    radius = number(parameters, "radius_m")
    begin = BEGIN_S if radius == 0.0 else 60.0 / speed
    braking = Braking(from_s=begin, deceleration_mps2=asked, rise_s=0.1)
    if radius == 0.0:
        return Straight(speed_mps=speed, seconds=begin + seconds + 1.0, ground=ground(parameters), braking=braking)
    return Curve(
        speed_mps=speed, seconds=begin + seconds + 1.0, ground=ground(parameters), braking=braking, radius_m=radius, entry_m=30.0
    )


def drive_stop(parameters: Parameters, tuning: Tuning) -> Run:
    """Brake to rest."""
    made, how = loaded(parameters), manoeuvre(parameters)
    columns = braked(how, made, hardware(parameters), faults(parameters), calibration=tuning)
    begin = how.braking.from_s if how.braking else 0.0
    quantities = {
        **stop(columns, how.speed_mps, begin),
        **adhesion(columns, parameters),
        **steadiness(columns, how, made, begin),
        **handed_over(columns, made),
        **told(columns, begin),
    }
    return Run(columns=columns, quantities=quantities, outline=outline(made))


def stop(columns: Mapping[str, Floats], speed_mps: float, begin_s: float) -> dict[str, float]:
    """Mean fully developed deceleration, stopping distance, and build-up of pressure; nothing of the first two without rest."""
    time, speed = columns["time_s"], columns["speed_mps"]
    way = np.cumsum(np.maximum(speed, 0.0)) * 0.01
    found: dict[str, float] = {}
    if float(speed.min()) < 0.1 * speed_mps:
        fast, slow = (int(np.argmax((speed <= share * speed_mps) & (time > begin_s))) for share in (0.8, 0.1))
        found["mfdd_mps2"] = float((speed[fast] ** 2 - speed[slow] ** 2) / (2.0 * (way[slow] - way[fast])))
    if float(speed.min()) < 0.2:
        found["stopping_m"] = float(way[int(np.argmax((speed < 0.2) & (time > begin_s)))] - np.interp(begin_s, time, way))
    if "chamber_0_pa" in columns and not any(float(columns[f"acting_{name}_n"].max()) > OFF_N for name in SOURCES):
        found |= _build_up(columns, begin_s)
    asked, slipped = float(columns["ebs_demand_mps2"].max()), float(columns["ebs_antilock_state"].max()) > 0.0
    if "mfdd_mps2" in found and not slipped:
        found["short_ratio"] = 1.0 - found["mfdd_mps2"] / asked
    return found


def _build_up(columns: Mapping[str, Floats], begin_s: float) -> dict[str, float]:
    """When the last chamber has 75 % of the pressure that its axle is asked for a quarter of a second after the pedal."""
    time, late = columns["time_s"], []
    for name in (one for one in columns if one.startswith("chamber_")):
        asked = np.interp(begin_s + 0.25, time, columns[f"ebs_pressure_{name[8:]}"])
        there = (columns[name] >= PRESSURE_RATIO * asked) & (time > begin_s)
        if asked > LEAST_PA and there.any():
            late.append(float(time[np.argmax(there)] - begin_s))
    return {"build_up_s": max(late)} if late else {}


def adhesion(columns: Mapping[str, Floats], parameters: Parameters) -> dict[str, float]:
    """How much of the road's friction the stop used; on split friction by the rule of Annex 13, elsewhere as a share of all."""
    left = number(parameters, "grip_ratio")
    right = number(parameters, "grip_right_ratio") or left
    speed, time = columns["speed_mps"], columns["time_s"]
    working = (columns["ebs_antilock_state"] > 0.0) & (speed > LOCKS_MPS)
    late = working & (time > time[np.argmax(working)] + 0.5)
    if late.sum() < 20:
        return {}
    z = float(-np.mean(columns["acceleration_mps2"][late]) / GRAVITY_MPS2)
    if left == right:
        return {"adhesion_used_ratio": z / left}
    high, low = max(left, right), min(left, right)
    first = (time > BEGIN_S) & (time < BEGIN_S + 2.0)
    wheel = np.abs(columns["steering_rad"]) * STEERING_RATIO
    return {
        "split_excess_ratio": z - max(0.75 * (4.0 * low + high) / 5.0, low),
        "steering_first_rad": float(wheel[first].max()),
        "steering_wheel_rad": float(wheel[(time > BEGIN_S) & (speed > LOCKS_MPS)].max()),
    }


def steadiness(columns: Mapping[str, Floats], how: Manoeuvre, made: Rig, begin_s: float) -> dict[str, float]:
    """Locked wheels, folding, and how far the axles leave the path while braking above walking pace."""
    time, moving = columns["time_s"], columns["speed_mps"] > LOCKS_MPS
    braking = (time > begin_s) & moving
    slips = [columns[f"slip_{wheel}_ratio"] for wheel in range(2 * len(made.axles))]
    path, aside = how.path(), 0.0
    for group in made.groups:
        x, y = metrics.place_of(columns, made, group)
        if group is not Group.STEER and isinstance(how, Curve):
            continue
        near = np.cumsum(np.maximum(columns["speed_mps"], 0.0)) * 0.01 - (made.steer_m if group is not Group.STEER else 0.0)
        aside = max(aside, float(np.abs(path.beside(x, y, near)[1][braking]).max(initial=0.0)))
    folded = columns["articulation_rad"][braking]
    before = float(columns["articulation_rad"][np.searchsorted(time, begin_s)])
    return {
        "locked_s": max(_longest_s((slip < LOCKED_RATIO) & braking) for slip in slips),
        "fold_rad": float(np.abs(folded - before).max(initial=0.0)) if made.towing else 0.0,
        "aside_m": aside,
        "push_n": float(columns["kingpin_x_n"][braking].max(initial=0.0)) if made.towing else 0.0,
        "utilisation_over_ratio": _over(columns, braking, made),
    }


def _longest_s(mark: Marks) -> float:
    """Longest time without break that a mark stands, s."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mark, [False]]).astype(np.int64)))
    return float((edges[1::2] - edges[::2]).max(initial=0)) * 0.01


def _over(columns: Mapping[str, Floats], braking: Marks, made: Rig) -> float:
    """By how much the adhesion that an axle uses passes the deceleration over g, in the mean of the steady stop without slip."""
    steady = braking & (columns["ebs_antilock_state"] == 0.0)
    steady &= -columns["acceleration_mps2"] > 0.9 * columns["ebs_demand_mps2"]
    if steady.sum() < 20:
        return 0.0
    z = float(-np.mean(columns["acceleration_mps2"][steady]) / GRAVITY_MPS2)
    return max(float(np.mean(columns[f"utilisation_{axle}_ratio"][steady])) for axle in range(len(made.axles))) - z


def handed_over(columns: Mapping[str, Floats], made: Rig) -> dict[str, float]:
    """Longest time that a machine recovers on after its axle began to slip; nothing where none was at work."""
    groups = [axle.group for axle in made.axles]
    trailer = [index for index, group in enumerate(groups) if group is Group.TRAILER]
    axles = {"tractor_regeneration": groups.index(Group.DRIVE)}
    if trailer:
        axles["trailer_regeneration"] = trailer[min(1, len(trailer) - 1)]
    worst = []
    for name, axle in axles.items():
        force, slipping = columns[f"acting_{name}_n"], columns[f"ebs_antilock_{axle}_state"] > 0.0
        starts = np.flatnonzero(np.diff(slipping.astype(np.int64)) == 1) + 1
        for start in starts:
            if force[start] > OFF_N and columns["speed_mps"][start] > LOCKS_MPS:
                after = force[start : start + 100] > OFF_N
                worst.append(0.01 * (len(after) if after.all() else int(np.argmin(after))))
    return {"machine_left_s": max(worst)} if worst else {}


def told(columns: Mapping[str, Floats], begin_s: float) -> dict[str, float]:
    """Lamps and warnings."""
    braking = (columns["time_s"] > begin_s + 0.05) & (columns["speed_mps"] > 1.0)
    return {
        "stop_lamp_state": float(columns["ebs_stop_lamp_state"][braking].min(initial=1.0)),
        **{
            f"{name}_warned_state": float(columns[f"ebs_{name}_warning_state"].max() > 0.0)
            for name in ("bus", "sensor", "kingpin")
        },
    }


def drive_brake_in_lane_change(parameters: Parameters, tuning: Tuning) -> Run:
    """Brake in the middle of a lane change."""
    made, speed = loaded(parameters), number(parameters, "speed_mps")
    begin = 40.0 / speed + 0.5
    how = LaneChange(
        speed_mps=speed, seconds=begin + 6.0, ground=ground(parameters), frequency_hz=0.4,
        lateral_acceleration_mps2=number(parameters, "side_wanted_mps2"),
        braking=Braking(from_s=begin, deceleration_mps2=number(parameters, "deceleration_mps2"), rise_s=0.1),
    )  # fmt: skip
    columns = braked(how, made, hardware(parameters), faults(parameters), calibration=tuning)
    quantities = {**steadiness(columns, how, made, begin), **handed_over(columns, made), **told(columns, begin)}
    return Run(columns=columns, quantities=quantities, outline=outline(made))


BRAKING: Final[tuple[Signal | Choice, ...]] = (
    *RIG,
    Choice(name="equipment", title_en="What brakes beside friction", title_zh="辅助制动配置", among=tuple(EQUIPMENT)),
    Choice(name="fault", title_en="Fault", title_zh="故障", among=FAULTS),
    *signals((
        ("speed_mps", "Speed", "车速", 5.0, 27.0, 60 / 3.6),
        GRIP,
        ("grip_right_ratio", "Friction of the right side (0: as the left)", "右侧附着系数（0为同左）", 0.0, 1.2, 0.0),
        ("deceleration_mps2", "Deceleration asked (8: full pedal)", "请求减速度（8为全踏板）", 0.2, 8.0, 8.0),
        ("soc_ratio", "Charge of the batteries", "荷电状态", 0.0, 1.0, 0.5),
        ("charge_limit_ratio", "Charging power left (cold battery: 0)", "剩余充电能力（低温为0）", 0.0, 1.0, 1.0),
        ("fault_s", "When the fault begins", "故障时刻", 0.0, 30.0, 0.5),
        ("fault_wheel_count", "Wheel whose sensor fails (0 left of the first axle)", "故障轮速传感器车轮号", 0, 9, 0),
    )),
)  # fmt: skip
STEADY: Final = (
    ("locked_s", "Longest time that a wheel is locked above 15 km/h", "15 km/h以上车轮最长抱死时间"),
    ("fold_rad", "Change of articulation by braking", "制动引起的铰接角变化"),
    ("aside_m", "Farthest from the path", "最大偏离"),
    ("push_n", "Largest push at the kingpin", "牵引销最大推力"),
    ("utilisation_over_ratio", "Adhesion used by an axle beyond z", "车轴利用附着超过z的量"),
    ("machine_left_s", "Longest that a machine recovers on a slipping axle", "滑移轴再生残留时间"),
    ("stop_lamp_state", "Stop lamps lit while braking", "制动灯点亮"),
    ("bus_warned_state", "Loss of the trailer bus told", "挂车总线丢失报警"),
    ("sensor_warned_state", "Loss of a wheel-speed sensor told", "轮速传感器失效报警"),
    ("kingpin_warned_state", "Loss of the kingpin sensor told", "牵引销传感器失效报警"),
)

KINDS: Final = (
    Kind(
        name="stop", title_en="Stop", title_zh="制动停车",
        parameters=(*BRAKING, *signals((("radius_m", "Radius of the bend (0: none)", "弯道半径（0为直线）", 0.0, 1e4, 0.0),))),
        quantities=signals((
            ("mfdd_mps2", "Mean fully developed deceleration", "充分发出的平均减速度"),
            ("stopping_m", "Stopping distance", "制动距离"),
            ("short_ratio", "Share of the asked deceleration that is missing, without slip", "减速度不足比例（无滑移）"),
            ("build_up_s", "75 % of the pressure in every chamber", "各气室压力达75%时间"),
            ("adhesion_used_ratio", "Friction used under anti-lock control", "防抱死附着利用率"),
            ("split_excess_ratio", "z beyond what split friction asks", "对开路面制动强度余量"),
            ("steering_first_rad", "Steering wheel in the first 2 s", "前2 s转向盘转角"),
            ("steering_wheel_rad", "Steering wheel, above 15 km/h", "转向盘最大转角（15 km/h以上）"), *STEADY,
        )),
        drive=drive_stop, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="brake_in_lane_change", title_en="Braking in a lane change", title_zh="移线中制动",
        parameters=(*BRAKING, *signals((("side_wanted_mps2", "Lateral acceleration asked", "目标侧向加速度", 0.1, 8.0, 1.0),))),
        quantities=signals(STEADY), drive=drive_brake_in_lane_change, tunes=tunes, plots=PLOTS,
    ),
)  # fmt: skip
