"""The cruise unit: set speed, plan, distance to the truck ahead and limit, as one step each 20 ms; hand-over to the brakes.

Distance is kept by the law of Ploeg et al. (Design and experimental evaluation of cooperative adaptive cruise control, ITSC
2011): ``h u' = -u + kp e + kd e' + a_ahead`` with ``e = gap - (d0 + h v)``; without a valid V2V acceleration its term is zero
and the longer time gap holds.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Floats, Signal
from fifthwheel.control.cruise.planner import ROLL

PERIOD_S: Final = 0.02
OFF, SET, PLAN, DISTANCE, LIMITER = range(5)
"""What leads: nothing, the set speed, the plan, the truck ahead, the limit."""
NO_TARGET_MPS2: Final = 1e3

(SPEED, ACCELERATION, GRADE, ENGAGE, BRAKE_PEDAL, SET_SPEED, LIMIT, PLANNED, AIM, MOST, PLAN_KIND, TARGET, GAP, TARGET_SPEED,
 V2V, TARGET_ACCELERATION, MASS, AGAINST, OVERRUN, MOST_FORCE) = range(20)  # fmt: skip
ACCELERATION_OUT, DRIVE, BRAKE, ROLLS, LEADER, TAKE_OVER, GAP_WANTED = range(7)
(SPEED_GAIN, LIMIT_GAIN, GAP_GAIN, CLOSING_GAIN, TIME_GAP, PLATOON_GAP, STANDSTILL, UP_MOST, COMFORT_MOST, BRAKE_MOST, JERK,
 ENGAGE_FROM, HAND_OVER, ROLL_GRADE, ROLL_FROM) = range(15)  # fmt: skip
GAP_U, LAST, BRAKING, ROLLING, ENGAGED, FOLLOWING = range(6)
"""State: filtered demand of the gap, last acceleration asked for, whether brakes, rolling, cruise and distance keeping are on."""


def _signal(name: str, titles: tuple[str, str], bounds: tuple[float, float] = (-np.inf, np.inf), start: float = 0.0) -> Signal:
    return Signal(name=name, title_en=titles[0], title_zh=titles[1], low=bounds[0], high=bounds[1], start=start)


INPUTS: Final = (
    _signal("speed_mps", ("speed", "车速"), (0.0, 50.0)),
    _signal("acceleration_mps2", ("acceleration", "加速度"), (-15.0, 15.0)),
    _signal("grade_ratio", ("rise over road length", "道路坡度"), (-0.5, 0.5)),
    _signal("engage_state", ("cruise wanted (1)", "巡航请求"), (0.0, 1.0)),
    _signal("brake_pedal_state", ("driver brakes (1)", "制动踏板"), (0.0, 1.0)),
    _signal("set_speed_mps", ("set speed", "设定车速"), (0.0, 40.0)),
    _signal("limit_speed_mps", ("most speed allowed", "限速"), (0.0, 50.0), 25.0),
    _signal("plan_valid_state", ("plan is valid (1)", "规划有效"), (0.0, 1.0)),
    _signal("plan_aim_mps", ("speed planned", "规划车速"), (0.0, 50.0)),
    _signal("plan_most_mps", ("most speed planned", "规划最高车速"), (0.0, 50.0), 50.0),
    _signal("plan_kind_state", ("drive, coast, hold, roll: 0 to 3", "规划：驱动、带挡滑行、保持、空挡滑行"), (0.0, 3.0)),
    _signal("ahead_valid_state", ("vehicle ahead seen (1)", "前车有效"), (0.0, 1.0)),
    _signal("gap_m", ("gap to it", "车距"), (0.0, 500.0), 200.0),
    _signal("ahead_speed_mps", ("its speed", "前车车速"), (0.0, 50.0)),
    _signal("v2v_valid_state", ("its acceleration by radio is valid (1)", "车车通信有效"), (0.0, 1.0)),
    _signal("ahead_acceleration_mps2", ("its acceleration", "前车加速度"), (-15.0, 15.0)),
    _signal("mass_kg", ("mass of the whole", "总质量"), (1e3, 2e5), 40e3),
    _signal("against_n", ("resistance of road and air", "行驶阻力"), (-2e5, 2e5)),
    _signal("overrun_n", ("force with the pedal released", "倒拖力"), (-1e5, 0.0)),
    _signal("most_n", ("most force at the wheels", "最大驱动力"), (0.0, 5e5), 5e4),
)
OUTPUTS: Final = (
    _signal("wanted_mps2", ("acceleration asked for", "请求加速度")),
    _signal("drive_n", ("wheel force asked of engine or motor", "请求驱动力")),
    _signal("brake_mps2", ("deceleration asked of the brakes", "请求制动减速度")),
    _signal("roll_state", ("out of gear (1)", "空挡滑行")),
    _signal("leader_state", ("off, set speed, plan, distance, limit: 0 to 4", "主导：关、定速、规划、车距、限速")),
    _signal("take_over_state", ("driver must brake (1)", "请求驾驶员接管")),
    _signal("gap_wanted_m", ("gap kept", "目标车距")),
)
TITLES: Final = {
    "speed_gain_ratio": ("gain on speed (1/s)", "车速增益"), "limit_gain_ratio": ("gain on the limit (1/s)", "限速增益"),
    "gap_gain_ratio": ("gain on the gap (1/s²)", "车距增益"),
    "closing_gain_ratio": ("gain on closing speed (1/s)", "相对速度增益"),
    "time_gap_s": ("time gap", "跟车时距"), "platoon_gap_s": ("time gap with V2V", "编队时距"),
    "standstill_m": ("gap at rest", "停车间距"), "up_most_mps2": ("most acceleration", "最大加速度"),
    "comfort_most_mps2": ("most braking to hold a speed", "舒适制动上限"),
    "brake_most_mps2": ("most braking to keep the distance", "跟车制动上限"), "brake_jerk_mps3": ("most jerk", "冲击度上限"),
    "engage_from_mps": ("least speed to engage", "最低启用车速"),
    "hand_over_mps2": ("hand-over to the brakes", "制动切换阈值"),
    "roll_grade_ratio": ("steepest descent to roll on", "空挡滑行坡度上限"),
    "roll_from_mps": ("least speed to roll at", "空挡滑行最低车速"),
}  # fmt: skip


def begin(_parameters: Floats) -> Floats:
    """State at the start: off."""
    return np.zeros(6)


def step(state: Floats, inputs: Floats, parameters: Floats, outputs: Floats) -> None:
    """One period; see the signals for units."""
    outputs[:] = 0.0
    outputs[GAP_WANTED] = _gap_wanted_m(inputs, parameters)
    outputs[TAKE_OVER] = float(_short_of_authority(inputs, parameters))
    held = state[ENGAGED] > 0.0 or inputs[SPEED] >= parameters[ENGAGE_FROM]
    if inputs[ENGAGE] < 0.5 or inputs[BRAKE_PEDAL] > 0.5 or not held:
        state[:] = 0.0
        state[LAST] = inputs[ACCELERATION]
        return
    state[ENGAGED] = 1.0
    wanted, leader = _wanted_mps2(state, inputs, parameters)
    change = parameters[JERK] * PERIOD_S
    wanted = min(max(wanted, state[LAST] - change), state[LAST] + change)
    state[LAST] = wanted
    outputs[ACCELERATION_OUT], outputs[LEADER] = wanted, leader
    if _rolls(inputs, parameters, leader):
        state[ROLLING], state[BRAKING], outputs[ROLLS] = 1.0, 0.0, 1.0
        outputs[ACCELERATION_OUT] = state[LAST] = -inputs[AGAINST] / inputs[MASS]
        return
    state[ROLLING] = 0.0
    _hand_over(state, inputs, parameters, outputs)


def _gap_wanted_m(inputs: Floats, parameters: Floats) -> float:
    return float(parameters[STANDSTILL] + _time_gap_s(inputs, parameters) * inputs[SPEED])


def _time_gap_s(inputs: Floats, parameters: Floats) -> float:
    return float(parameters[PLATOON_GAP] if inputs[V2V] > 0.5 else parameters[TIME_GAP])


def _short_of_authority(inputs: Floats, parameters: Floats) -> bool:
    """Whether keeping half the gap at rest takes more than what the unit may brake with."""
    closing = inputs[SPEED] - inputs[TARGET_SPEED]
    if inputs[TARGET] < 0.5 or closing <= 0.0:
        return False
    left = max(inputs[GAP] - 0.5 * parameters[STANDSTILL], 0.1)
    braking = -min(inputs[TARGET_ACCELERATION], 0.0) if inputs[V2V] > 0.5 else 0.0
    return bool(0.5 * closing * closing / left + braking > parameters[BRAKE_MOST])


def _wanted_mps2(state: Floats, inputs: Floats, parameters: Floats) -> tuple[float, int]:
    """The least of what speed, distance and limit ask for, within its own bounds, and which of them leads."""
    planned = inputs[PLANNED] > 0.5
    aim = min(inputs[AIM], inputs[SET_SPEED]) if planned else inputs[SET_SPEED]
    cap = min(inputs[LIMIT], inputs[MOST]) if planned else inputs[LIMIT]
    speed, up, comfort = inputs[SPEED], parameters[UP_MOST], parameters[COMFORT_MOST]
    wanted = min(max(parameters[SPEED_GAIN] * (aim - speed), -comfort), up)
    leader = PLAN if planned else SET
    coasts = -(inputs[AGAINST] - inputs[OVERRUN]) / inputs[MASS]
    if planned and wanted < coasts and speed <= cap:
        wanted = coasts
    limited = min(max(parameters[LIMIT_GAIN] * (cap - speed), -comfort), up)
    if limited < wanted:
        wanted, leader = limited, LIMITER
    gap = _gap_mps2(state, inputs, parameters)
    if gap < wanted:
        return max(gap, -parameters[BRAKE_MOST]), DISTANCE
    return wanted, leader


def _gap_mps2(state: Floats, inputs: Floats, parameters: Floats) -> float:
    """What distance keeping asks for; beyond any bound without a vehicle ahead."""
    if inputs[TARGET] < 0.5:
        state[FOLLOWING] = 0.0
        return NO_TARGET_MPS2
    if state[FOLLOWING] == 0.0:
        state[FOLLOWING], state[GAP_U] = 1.0, state[LAST]
    time_gap = _time_gap_s(inputs, parameters)
    error = inputs[GAP] - parameters[STANDSTILL] - time_gap * inputs[SPEED]
    rate = inputs[TARGET_SPEED] - inputs[SPEED] - time_gap * inputs[ACCELERATION]
    ahead = inputs[TARGET_ACCELERATION] if inputs[V2V] > 0.5 else 0.0
    asked = parameters[GAP_GAIN] * error + parameters[CLOSING_GAIN] * rate + ahead
    state[GAP_U] += (asked - state[GAP_U]) * PERIOD_S / time_gap
    state[GAP_U] = min(max(state[GAP_U], -parameters[BRAKE_MOST]), parameters[UP_MOST])
    return float(state[GAP_U])


def _rolls(inputs: Floats, parameters: Floats, leader: int) -> bool:
    """Whether it rolls out of gear: planned, free of others, not on a steep descent, and inside the plan's band of speeds."""
    planned = inputs[PLANNED] > 0.5 and inputs[PLAN_KIND] == ROLL and leader == PLAN
    flat = inputs[GRADE] > -parameters[ROLL_GRADE]
    return bool(
        planned
        and flat
        and inputs[SPEED] > parameters[ROLL_FROM]
        and inputs[AIM] <= inputs[SPEED] <= min(inputs[MOST], inputs[LIMIT])
    )


def _hand_over(state: Floats, inputs: Floats, parameters: Floats, outputs: Floats) -> None:
    """Share the acceleration between driveline and brakes: brakes only for what overrun leaves, with a hysteresis."""
    force = inputs[MASS] * outputs[ACCELERATION_OUT] + inputs[AGAINST]
    short = (inputs[OVERRUN] - force) / inputs[MASS]
    threshold = parameters[HAND_OVER] * (0.5 if state[BRAKING] > 0.0 else 1.0)
    state[BRAKING] = float(short > threshold)
    outputs[DRIVE] = min(max(force, inputs[OVERRUN]), inputs[MOST_FORCE])
    outputs[BRAKE] = short if state[BRAKING] > 0.0 else 0.0


def block() -> Block:
    """The cruise unit as a `Block`."""
    text = files("fifthwheel.control.cruise").joinpath("unit.toml").read_text(encoding="utf-8")
    parameters = tuple(
        _signal(name, TITLES[name], (low, high), start) for name, (start, low, high) in tomllib.loads(text).items()
    )
    return Block(
        name="cruise", title_en="Predictive cruise and distance control", title_zh="预见性巡航与跟车控制", period_s=PERIOD_S,
        inputs=INPUTS, outputs=OUTPUTS, parameters=parameters, begin=begin, step=step,
    )  # fmt: skip
