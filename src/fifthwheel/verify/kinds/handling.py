"""Scenarios of the articulated planar vehicle: lane change, J-turn, and the damping that linear analysis finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log, pi, sin, sqrt
from typing import Final

import numpy as np
from scipy.signal import find_peaks

from fifthwheel.control.block import Signal
from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.handling.layout import STEERING, Plant
from fifthwheel.simulate.handling.linear import divergence_push_n, lateral, rearward_amplification, slowest_radps, system
from fifthwheel.simulate.handling.outline import outline
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import Axle, Rig, rig
from fifthwheel.simulate.handling.trace import trace
from fifthwheel.verify.kind import Choice, Floats, Kind, Parameters, Run, Tuning, number, signals

BEGIN_S: Final = 1.0
"""Straight ahead before the steering moves."""
RIGS: Final = ("tractor_4x2_semitrailer_40t", "reference")
PLOTS: Final = (
    ("side_acceleration_mps2", "trailer_side_acceleration_mps2"),
    ("yaw_radps", "trailer_yaw_radps"),
    ("articulation_rad", "steer_rad"),
    ("load_transfer_ratio",),
)
RIG: Final[tuple[Signal | Choice, ...]] = (
    Choice(name="rig", title_en="Tractor and trailer", title_zh="牵引车与挂车", among=RIGS),
    *signals((
        ("trailer_mass_kg", "Mass of the trailer with its load", "挂车总质量", 4e3, 40e3, 32e3),
        ("trailer_height_m", "Height of the trailer's centre of mass", "挂车质心高度", 0.8, 2.5, 2.0),
        ("speed_mps", "Speed", "车速", 3.0, 30.0, 80 / 3.6),
    )),
)  # fmt: skip
GRIP: Final = signals((("grip_ratio", "Friction of the road", "路面附着系数", 0.05, 1.2, 0.8),))


def loaded(parameters: Parameters) -> Rig:
    """The rig with another trailer mass and height: inertia in proportion, tyres as stiff as they are at their new load."""
    made = rig(str(parameters["rig"]))
    mass = number(parameters, "trailer_mass_kg")
    bare = replace(
        made,
        trailer_mass_kg=mass,
        trailer_inertia_kgm2=made.trailer_inertia_kgm2 * mass / made.trailer_mass_kg,
        trailer_height_m=number(parameters, "trailer_height_m"),
    )
    before, after = made.group_loads_n(), bare.group_loads_n()

    def axle(one: Axle) -> Axle:
        old, new = (stiffness_at_load(loads[one.group] * one.load_share_ratio, one.peak_load_n) for loads in (before, after))
        return replace(one, cornering_n=one.cornering_n * new / old)

    return replace(bare, axles=tuple(axle(one) for one in made.axles))


def driven(made: Rig, parameters: Parameters, steer: Callable[[float], float], seconds_s: float) -> Run:
    """Coast straight on, then steer by `steer` of the time since; the trace and what all manoeuvres are judged by."""
    angles: list[float] = []

    def control(plant: Plant, time_s: float) -> None:
        angles.append(steer(time_s - BEGIN_S) if time_s >= BEGIN_S else 0.0)
        plant.road[STEERING] = angles[-1]

    plant = plant_of(made, speed_mps=number(parameters, "speed_mps"), grip_ratio=number(parameters, "grip_ratio"))
    columns = trace(plant, run(plant, BEGIN_S + seconds_s, control)) | {"steer_rad": np.array(angles)}
    tractor, trailer = (np.abs(columns[f"{unit}side_acceleration_mps2"]) for unit in ("", "trailer_"))
    quantities = {
        "side_mps2": float(tractor.max()),
        "amplification_ratio": float(trailer.max() / tractor.max()) if tractor.max() > 0.01 else 1.0,
        "articulation_rad": float(np.abs(columns["articulation_rad"]).max()),
        "load_transfer_ratio": float(columns["load_transfer_ratio"].max()),
        "kingpin_side_n": float(np.abs(columns["kingpin_y_n"]).max()),
    }
    return Run(columns=columns, quantities=quantities, outline=outline(made))


def sine_for(made: Rig, speed_mps: float, frequency_hz: float, side_mps2: float) -> float:
    """Amplitude of a steering sine (rad) for which linear analysis gives that lateral acceleration of the tractor."""
    matrix, steer = system(made, speed_mps)
    s = 2j * pi * frequency_hz
    side, yaw, _, _ = np.linalg.solve(s * np.eye(4) - matrix, steer)
    return side_mps2 / float(abs(s * side + speed_mps * yaw))


def drive_lane_change(parameters: Parameters, tuning: Tuning) -> Run:
    """One sine at the steering (ISO 14791, single sine), then straight ahead until 8 s after."""
    del tuning
    made, frequency = loaded(parameters), number(parameters, "frequency_hz")
    size = sine_for(made, number(parameters, "speed_mps"), frequency, number(parameters, "side_wanted_mps2"))
    found = driven(made, parameters, lambda t: size * sin(2 * pi * frequency * t) * (t < 1 / frequency), 8.0 + 1 / frequency)
    after = found.columns["articulation_rad"][found.columns["time_s"] > BEGIN_S + 1 / frequency]
    return replace(found, quantities={**found.quantities, **decay(after)})


def decay(swing: Floats) -> dict[str, float]:
    """Damping of a free swing from its peaks (logarithmic decrement); nothing where less than two stand out."""
    peaks = find_peaks(np.abs(swing), prominence=0.02 * float(np.abs(swing).max()))[0]
    if len(peaks) < 2:
        return {}
    decrement = 2 * log(abs(swing[peaks[0]] / swing[peaks[-1]])) / (len(peaks) - 1)
    return {"damping_ratio": decrement / sqrt(4 * pi * pi + decrement * decrement)}


def drive_j_turn(parameters: Parameters, tuning: Tuning) -> Run:
    """Steering turned in within a time and held, for a lateral acceleration that linear analysis gives at rest of the motion."""
    del tuning
    made, speed = loaded(parameters), number(parameters, "speed_mps")
    angle = number(parameters, "side_wanted_mps2") / (lateral(made, speed).yaw_gain_radps * speed)
    turned_s = number(parameters, "turning_s")
    found = driven(made, parameters, lambda t: angle * min(t / turned_s, 1.0), 8.0)
    end = found.columns["articulation_rad"][-100:]
    return replace(found, quantities={**found.quantities, "drift_rad": float(np.ptp(end))})


def drive_linear(parameters: Parameters, tuning: Tuning) -> Run:
    """Modes, rearward amplification and push at the kingpin by linear analysis up to the speed of the case."""
    del tuning
    made, top = loaded(parameters), number(parameters, "speed_mps")
    share = number(parameters, "cornering_ratio")
    weak = replace(made, axles=tuple(replace(axle, cornering_n=axle.cornering_n * share) for axle in made.axles))
    speeds = np.linspace(3.0, top, 28) if top > 3.0 else np.array([3.0])
    damping = [min(mode.damping_ratio for mode in lateral(weak, float(speed)).modes) for speed in speeds]
    amplification = rearward_amplification(weak, top)
    quantities = {
        "damping_ratio": float(min(damping)),
        "amplification_ratio": amplification.lateral_acceleration_ratio,
        "yaw_amplification_ratio": amplification.yaw_rate_ratio,
        "slowest_radps": slowest_radps(weak, top),
        "divergence_push_n": divergence_push_n(weak, top, most_n=5e6),
    }
    return Run(columns={"speed_mps": speeds, "damping_ratio": np.array(damping)}, quantities=quantities)


MANOEUVRE: Final = (
    ("side_mps2", "Largest lateral acceleration of the tractor", "牵引车最大侧向加速度"),
    ("amplification_ratio", "Lateral acceleration of the trailer over the tractor's", "后部放大系数"),
    ("articulation_rad", "Largest articulation", "最大铰接角"),
    ("load_transfer_ratio", "Largest load transfer (1: a wheel lifts)", "最大载荷转移率"),
    ("kingpin_side_n", "Largest side force at the kingpin", "牵引销最大侧向力"),
)
WANTED: Final = ("side_wanted_mps2", "Lateral acceleration meant", "目标侧向加速度", 0.1, 8.0, 1.5)

KINDS: Final = (
    Kind(
        name="lane_change", title_en="Lane change (single sine)", title_zh="移线（单正弦）",
        parameters=(*RIG, *GRIP, *signals((WANTED, ("frequency_hz", "Frequency of the sine", "正弦频率", 0.1, 1.5, 0.4)))),
        quantities=signals((*MANOEUVRE, ("damping_ratio", "Damping of the swing afterwards", "移线后摆动阻尼比"))),
        drive=drive_lane_change, plots=PLOTS,
    ),
    Kind(
        name="j_turn", title_en="J-turn", title_zh="J形转向",
        parameters=(*RIG, *GRIP, *signals((WANTED, ("turning_s", "Time to turn in", "转向时间", 0.1, 5.0, 0.5)))),
        quantities=signals((*MANOEUVRE, ("drift_rad", "Articulation still changing in the last second", "末1 s铰接角变化"))),
        drive=drive_j_turn, plots=PLOTS,
    ),
    Kind(
        name="linear_stability", title_en="Linear stability", title_zh="线性稳定性",
        parameters=(*RIG, *signals((("cornering_ratio", "Cornering stiffness left", "剩余侧偏刚度", 0.1, 2.0, 1.0),))),
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
