"""The planar vehicle as a block: torques demanded of every wheel, friction, steering and slope in; motion and forces out."""

from __future__ import annotations

from dataclasses import replace
from math import cos, inf, sin
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Signal
from fifthwheel.simulate.handling.layout import (
    ACROSS,
    ALONG,
    BRAKE,
    DRIVE,
    FIRST_WHEEL,
    HEADING,
    N_OUT,
    N_ROAD,
    SLOPE_X,
    SLOPE_Y,
    SPIN,
    STEERING,
    STEP_S,
    TRAILER_HEADING,
    Floats,
    Plant,
    X,
    Y,
)
from fifthwheel.simulate.handling.plant import advance, plant_of, recorded
from fifthwheel.simulate.handling.rig import Rig
from fifthwheel.simulate.handling.rig import rig as rig_called
from fifthwheel.simulate.handling.trace import OUTPUTS, STATES

PERIOD_S: Final = 0.01
TITLES: Final = {
    "x_m": ("Place along the world's x", "世界坐标x"),
    "y_m": ("Place along the world's y", "世界坐标y"),
    "heading_rad": ("Heading of the tractor", "牵引车航向角"),
    "trailer_heading_rad": ("Heading of the trailer", "挂车航向角"),
    "speed_mps": ("Speed of the tractor", "牵引车车速"),
    "side_speed_mps": ("Side speed of the tractor", "牵引车侧向速度"),
    "yaw_radps": ("Yaw rate of the tractor", "牵引车横摆角速度"),
    "trailer_yaw_radps": ("Yaw rate of the trailer", "挂车横摆角速度"),
    "kingpin_x_n": ("Kingpin force along the tractor (trailer pushes: positive)", "牵引销纵向力（挂车推为正）"),
    "kingpin_y_n": ("Kingpin force across the tractor", "牵引销侧向力"),
    "kingpin_load_n": ("Weight on the fifth wheel", "鞍座垂直载荷"),
    "acceleration_mps2": ("Acceleration of the tractor", "牵引车纵向加速度"),
    "side_acceleration_mps2": ("Side acceleration of the tractor", "牵引车侧向加速度"),
    "trailer_acceleration_mps2": ("Acceleration of the trailer", "挂车纵向加速度"),
    "trailer_side_acceleration_mps2": ("Side acceleration of the trailer", "挂车侧向加速度"),
    "trailer_speed_mps": ("Speed of the trailer", "挂车车速"),
    "trailer_side_speed_mps": ("Side speed of the trailer", "挂车侧向速度"),
    "load_transfer_ratio": ("Load transfer of the axle nearest to lifting", "最大载荷转移率"),
    "articulation_rad": ("Articulation", "铰接角"),
    "trailer_x_m": ("Place of the trailer along x", "挂车世界坐标x"),
    "trailer_y_m": ("Place of the trailer along y", "挂车世界坐标y"),
}
WHEEL_OUTPUTS: Final = (
    ("wheel_{}_mps", "Speed of the wheel", "车轮圆周速度"),
    ("along_{}_n", "Tyre force along the wheel", "轮胎纵向力"),
    ("across_{}_n", "Tyre force across the wheel", "轮胎侧向力"),
    ("load_{}_n", "Wheel load", "车轮垂直载荷"),
    ("brake_{}_nm", "Brake torque acting", "实际制动力矩"),
    ("drive_{}_nm", "Drive torque acting", "实际驱动力矩"),
)
WHEEL_INPUTS: Final = (
    ("brake_demand_{}_nm", "Brake torque demanded", "制动力矩请求", 0.0, inf, 0.0),
    ("drive_demand_{}_nm", "Drive torque demanded (negative: regeneration)", "驱动力矩请求（负为回收）", -inf, inf, 0.0),
    ("grip_{}_ratio", "Friction under the wheel", "路面附着系数", 0.0, inf, 0.8),
)


def block(rig: Rig | str = "tractor_4x2_semitrailer_40t") -> Block:
    """The plant of a rig, or of one of ``rigs.toml``, with steps of 10 ms, 1 ms inside.

    Wheels are numbered from 0: left, right, next axle.

    Examples
    --------
    >>> from fifthwheel.control.block import Running
    >>> plant = Running(block("reference"), start_mps=20.0)
    >>> plant.set(steering_rad=0.01)
    >>> plant.step()
    >>> 0.0 < plant["yaw_radps"] < 0.02
    True
    """
    rig = rig_called(rig) if isinstance(rig, str) else rig
    count = 2 * len(rig.axles)
    plain = (
        Signal(name="steering_rad", title_en="Steering angle of the front axle", title_zh="前轴转向角", low=-1.2, high=1.2),
        Signal(name="grade_ratio", title_en="Rise of the road along x (sine)", title_zh="x向坡度（正弦）", low=-1.0, high=1.0),
        Signal(name="cross_ratio", title_en="Rise of the road along y (sine)", title_zh="y向坡度（正弦）", low=-1.0, high=1.0),
    )
    speed = Signal(name="start_mps", title_en="Speed at the start", title_zh="初始车速", low=-10.0, high=50.0, start=20.0)
    places, scales = _gathered(plant_of(rig))

    def step(plant: Plant, inputs: Floats, _: Floats, outputs: Floats) -> None:
        plant.demand[:, BRAKE], plant.demand[:, DRIVE] = inputs[:count], inputs[count : 2 * count]
        plant.grip[:] = inputs[2 * count : 3 * count]
        plant.road[[STEERING, SLOPE_X, SLOPE_Y]] = inputs[3 * count :]
        advance(plant, round(PERIOD_S / STEP_S))
        outputs[: len(places)] = np.concatenate(recorded(plant))[places] * scales
        head, trailer = plant.state[HEADING], plant.state[TRAILER_HEADING]
        outputs[len(places) :] = (
            head - trailer,
            plant.state[X] - rig.hitch_m * cos(head) - rig.kingpin_m * cos(trailer),
            plant.state[Y] - rig.hitch_m * sin(head) - rig.kingpin_m * sin(trailer),
        )

    return Block(
        name="planar_vehicle",
        title_en=f"Articulated vehicle in the plane, {rig.name}",
        title_zh=f"平面铰接车辆 {rig.name}",
        period_s=PERIOD_S,
        inputs=(*_wheel_inputs(count), *plain),
        outputs=_outputs(count),
        parameters=(speed,),
        begin=lambda parameters: plant_of(rig, speed_mps=float(parameters[0])),
        step=step,
    )


def _wheel_inputs(count: int) -> tuple[Signal, ...]:
    return tuple(
        replace(_of_wheel(name, title_en, title_zh, wheel), low=low, high=high, start=start)
        for name, title_en, title_zh, low, high, start in WHEEL_INPUTS
        for wheel in range(count)
    )


def _outputs(count: int) -> tuple[Signal, ...]:
    """In the order of `_gathered`, then what is worked out from several states."""
    wheels = [_of_wheel(name, title_en, title_zh, wheel) for name, title_en, title_zh in WHEEL_OUTPUTS for wheel in range(count)]
    names = [*STATES, *OUTPUTS], ["articulation_rad", "trailer_x_m", "trailer_y_m"]
    first, last = ([Signal(name=name, title_en=TITLES[name][0], title_zh=TITLES[name][1]) for name in part] for part in names)
    return (*first, *wheels, *last)


def _of_wheel(name: str, title_en: str, title_zh: str, wheel: int) -> Signal:
    axle, right = wheel // 2 + 1, wheel % 2
    title_en, title_zh = f"{title_en}, axle {axle} {('left', 'right')[right]}", f"{title_zh}，第{axle}轴{'左右'[right]}"
    return Signal(name=name.format(wheel), title_en=title_en, title_zh=title_zh)


def _gathered(plant: Plant) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Places of the outputs in what `recorded` joins, and what to multiply them by."""
    count = len(plant.wheels)
    out = len(plant.state)
    loads = out + N_OUT
    torques = loads + count + N_ROAD
    wheels = np.arange(count)
    by_wheel = [FIRST_WHEEL + part * count + wheels for part in (SPIN, ALONG, ACROSS)]
    by_wheel += [loads + wheels, torques + 2 * wheels + BRAKE, torques + 2 * wheels + DRIVE]
    alone = np.array([*STATES.values(), *(out + place for place in OUTPUTS.values())])
    places = np.concatenate([alone, *by_wheel])
    scales = np.ones(len(places))
    scales[len(alone) : len(alone) + count] = plant.wheels["radius"]
    return places, scales
