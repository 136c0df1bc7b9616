"""Scenarios of the articulated planar vehicle without control: lane change, sine steer, J-turn, tight curve, linear stability."""

from __future__ import annotations

from dataclasses import replace
from math import radians
from typing import Final

import numpy as np

from fifthwheel.control.block import Signal
from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.handling import metrics
from fifthwheel.simulate.handling.braked import Hardware, braked, ebs
from fifthwheel.simulate.handling.linear import divergence_push_n, lateral, rearward_amplification, slowest_radps
from fifthwheel.simulate.handling.manoeuvre import Curve, JTurn, LaneChange, Manoeuvre, SineSteer
from fifthwheel.simulate.handling.outline import outline
from fifthwheel.simulate.handling.path import even
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Axle, Group, Rig, rig
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.verify.kind import Choice, Kind, Parameters, Run, Tuning, number, signals

LEAN_RATIO: Final = 0.2
"""Loss of rollover threshold by the lean of springs and tyres: 15 to 30 % [K]."""
RIGS: Final = ("tractor_4x2_semitrailer_40t", "reference")
PLOTS: Final = (
    ("side_acceleration_mps2", "trailer_side_acceleration_mps2"),
    ("yaw_radps", "trailer_yaw_radps"),
    ("articulation_rad", "steering_rad"),
    ("load_transfer_ratio",),
)
RIG: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="rig", title_en="Tractor and trailer", title_zh="牵引车与挂车", among=RIGS),
    *signals((
        ("trailer_mass_kg", "Mass of the trailer with its load (0: tractor alone)", "挂车总质量（0为单车）", 0.0, 40e3, 32e3),
        ("trailer_height_m", "Height of the trailer's centre of mass", "挂车质心高度", 0.8, 2.5, 2.0),
    )),
)  # fmt: skip
STABILITY: Final = Choice(
    name="stability", title_en="EBS with its stability function", title_zh="EBS及稳定性功能", among=("on", "off")
)
SPEED: Final = ("speed_mps", "Speed", "车速", 3.0, 30.0, 80 / 3.6)
GRIP: Final = ("grip_ratio", "Friction of the road", "路面附着系数", 0.05, 1.2, 0.8)
ASKED: Final = ("side_wanted_mps2", "Lateral acceleration asked for", "目标侧向加速度", 0.1, 8.0, 0.15 * GRAVITY_MPS2)


def tunes() -> tuple[Signal, ...]:
    """Calibration of the EBS as it comes, of the first rig."""
    return ebs(rig(RIGS[0])).parameters


def loaded(parameters: Parameters) -> Rig:
    """The rig with another trailer mass and height: inertia in proportion, tyres as stiff as they are at their new load."""
    made, mass = rig(str(parameters["rig"])), number(parameters, "trailer_mass_kg")
    kept = tuple(axle for axle in made.axles if mass > 0.0 or axle.group is not Group.TRAILER)
    bare = replace(
        made,
        axles=kept,
        trailer_mass_kg=mass,
        trailer_inertia_kgm2=made.trailer_inertia_kgm2 * mass / made.trailer_mass_kg,
        trailer_height_m=number(parameters, "trailer_height_m"),
    )
    before, after = made.group_loads_n(), bare.group_loads_n()

    def axle(one: Axle) -> Axle:
        old, new = (stiffness_at_load(loads[one.group] * one.load_share_ratio, one.peak_load_n) for loads in (before, after))
        return replace(one, cornering_n=one.cornering_n * new / old)

    return replace(bare, axles=tuple(axle(one) for one in kept))


def driven(manoeuvre: Manoeuvre, made: Rig, stability: str = "off", tuning: Tuning | None = None) -> Run:
    """A manoeuvre, with the stability function of the EBS or without, and what all of them are judged by."""
    columns = braked(manoeuvre, made, Hardware(), calibration=tuning) if stability == "on" else perform(manoeuvre, made)
    quantities = {
        "side_mps2": float(np.abs(columns["side_acceleration_mps2"]).max()),
        "articulation_rad": float(np.abs(columns["articulation_rad"]).max()),
        "load_transfer_ratio": float(np.abs(metrics.load_transfer_ratio(columns, made)).max()),
        "kingpin_side_n": float(np.abs(columns["kingpin_y_n"]).max()),
    }
    if made.towing:
        quantities["amplification_ratio"] = metrics.rearward_amplification_ratio(columns)
    return Run(columns=columns, quantities=quantities, outline=outline(made))


def drive_lane_change(parameters: Parameters, tuning: Tuning) -> Run:
    """A driver follows the path of ISO 14791's single lane change."""
    del tuning
    made = loaded(parameters)
    manoeuvre = LaneChange(
        speed_mps=number(parameters, "speed_mps"), seconds=10.0, ground=even(number(parameters, "grip_ratio")),
        lateral_acceleration_mps2=number(parameters, "side_wanted_mps2"), frequency_hz=number(parameters, "frequency_hz"),
    )  # fmt: skip
    found = driven(manoeuvre, made)
    offtracking = metrics.transient_offtracking_m(found.columns, made)
    return replace(found, quantities={**found.quantities, "offtracking_m": offtracking})


def drive_sine_steer(parameters: Parameters, tuning: Tuning) -> Run:
    """One sine at the steering (ISO 14791), then straight ahead: damping of what swings on."""
    del tuning
    made, frequency = loaded(parameters), number(parameters, "frequency_hz")
    manoeuvre = SineSteer(
        speed_mps=number(parameters, "speed_mps"), seconds=10.0, ground=even(number(parameters, "grip_ratio")),
        lateral_acceleration_mps2=number(parameters, "side_wanted_mps2"), frequency_hz=frequency,
    )  # fmt: skip
    found = driven(manoeuvre, made)
    damping = metrics.yaw_damping_ratio(found.columns, manoeuvre.from_s + 1.0 / frequency)
    return replace(found, quantities={**found.quantities, "damping_ratio": damping})


def drive_j_turn(parameters: Parameters, tuning: Tuning) -> Run:
    """Steering turned in and held, for a lateral acceleration that linear analysis gives in the end."""
    made = loaded(parameters)
    manoeuvre = JTurn(
        speed_mps=number(parameters, "speed_mps"), seconds=10.0, ground=even(number(parameters, "grip_ratio")),
        lateral_acceleration_mps2=number(parameters, "side_wanted_mps2"), rise_s=number(parameters, "turning_s"),
    )  # fmt: skip
    found = driven(manoeuvre, made, str(parameters["stability"]), tuning)
    threshold = metrics.rollover_threshold_ratio(made, LEAN_RATIO)
    return replace(found, quantities={**found.quantities, "rollover_threshold_ratio": threshold})


def drive_tight_curve(parameters: Parameters, tuning: Tuning) -> Run:
    """A quarter of a circle at walking pace."""
    del tuning
    made, radius, speed = loaded(parameters), number(parameters, "radius_m"), number(parameters, "speed_mps")
    seconds = (20.0 + radians(90.0) * radius) / speed
    found = driven(Curve(speed_mps=speed, seconds=seconds, radius_m=radius, entry_m=1.0), made)
    return replace(found, quantities={**found.quantities, "swept_path_m": metrics.swept_path_m(found.columns, made)})


def drive_linear(parameters: Parameters, tuning: Tuning) -> Run:
    """Modes, rearward amplification and push at the kingpin by linear analysis up to the speed of the case."""
    del tuning
    made, top = loaded(parameters), number(parameters, "speed_mps")
    share = number(parameters, "cornering_ratio")
    weak = replace(made, axles=tuple(replace(axle, cornering_n=axle.cornering_n * share) for axle in made.axles))
    speeds = np.linspace(3.0, top, 28) if top > 3.0 else np.array([3.0])
    damping = [min(mode.damping_ratio for mode in lateral(weak, float(speed)).modes) for speed in speeds]
    quantities = {"damping_ratio": float(min(damping)), "slowest_radps": slowest_radps(weak, top)}
    if weak.towing:
        amplification = rearward_amplification(weak, top)
        quantities |= {
            "amplification_ratio": amplification.lateral_acceleration_ratio,
            "yaw_amplification_ratio": amplification.yaw_rate_ratio,
            "divergence_push_n": divergence_push_n(weak, top, most_n=5e6),
        }
    return Run(columns={"speed_mps": speeds, "damping_ratio": np.array(damping)}, quantities=quantities)


MANOEUVRE: Final = (
    ("side_mps2", "Largest lateral acceleration of the tractor", "牵引车最大侧向加速度"),
    ("amplification_ratio", "Lateral acceleration of the trailer over the tractor's", "后部放大系数"),
    ("articulation_rad", "Largest articulation", "最大铰接角"),
    ("load_transfer_ratio", "Largest load transfer (1: a side lifts)", "最大载荷转移率"),
    ("kingpin_side_n", "Largest side force at the kingpin", "牵引销最大侧向力"),
)
FREQUENCY: Final = ("frequency_hz", "Frequency of the sine", "正弦频率", 0.1, 1.5, 0.4)

KINDS: Final = (
    Kind(
        name="lane_change", title_en="Lane change along a path", title_zh="移线",
        parameters=(*RIG, *signals((SPEED, GRIP, ASKED, FREQUENCY))),
        quantities=signals((*MANOEUVRE, ("offtracking_m", "Swing-out of the last axle beyond the lane", "末轴瞬态偏移量"))),
        drive=drive_lane_change, plots=PLOTS,
    ),
    Kind(
        name="sine_steer", title_en="One sine at the steering", title_zh="单正弦转向",
        parameters=(*RIG, *signals((SPEED, GRIP, ASKED, FREQUENCY))),
        quantities=signals((*MANOEUVRE, ("damping_ratio", "Damping of the swing afterwards", "随后摆动阻尼比"))),
        drive=drive_sine_steer, plots=PLOTS,
    ),
    Kind(
        name="j_turn", title_en="J-turn", title_zh="J形转向",
        parameters=(*RIG, STABILITY, *signals((SPEED, GRIP, ASKED, ("turning_s", "Time to turn in", "转向时间", 0.1, 5.0, 0.5)))),
        quantities=signals((*MANOEUVRE, ("rollover_threshold_ratio", "Static rollover threshold, in g", "静态侧翻阈值（g）"))),
        drive=drive_j_turn, tunes=tunes, plots=PLOTS,
    ),
    Kind(
        name="tight_curve", title_en="Tight curve at walking pace", title_zh="低速小半径转弯",
        parameters=(*RIG, *signals((
            ("speed_mps", "Speed", "车速", 1.0, 8.0, 3.0),
            ("radius_m", "Radius of the first axle", "前轴转弯半径", 10.0, 60.0, 12.5),
        ))),
        quantities=signals((*MANOEUVRE, ("swept_path_m", "Width of the road that it needs", "扫掠路径宽度"))),
        drive=drive_tight_curve, plots=PLOTS,
    ),
    Kind(
        name="linear_stability", title_en="Linear stability", title_zh="线性稳定性",
        parameters=(*RIG, *signals((SPEED, ("cornering_ratio", "Cornering stiffness left", "剩余侧偏刚度", 0.1, 2.0, 1.0)))),
        quantities=signals((
            ("damping_ratio", "Least damping of any mode up to the speed", "最小阻尼比"),
            ("amplification_ratio", "Greatest rearward amplification", "最大后部放大系数"),
            ("yaw_amplification_ratio", "Greatest yaw amplification", "最大横摆放大系数"),
            ("slowest_radps", "Greatest real part of the eigenvalues", "特征值最大实部"),
            ("divergence_push_n", "Push at the kingpin that folds it", "致折叠推力"),
        )),
        drive=drive_linear, plots=(("damping_ratio",),),
    ),
)  # fmt: skip
