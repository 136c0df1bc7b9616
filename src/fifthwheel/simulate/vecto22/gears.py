"""The shift rule of the 1 Hz run; parts of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.vecto22.coast import mean_clutch_power
from fifthwheel.simulate.vecto22.engine import along
from fifthwheel.simulate.vecto22.power import Motion, drag_power, full_power, spin_power, wheel_need
from fifthwheel.simulate.vecto22.truck import Truck

Floats = NDArray[np.float64]
Demand = tuple[float, float]
"""A step's mean speed, and the power it needs at the wheels."""

(LAST_SPEED, LAST_POWER, ENGAGED, CHANGED, SLIPPED, STANDING, WAIT, NEXT, TIME, EXTRA, KEPT, OPEN) = range(12)  # fmt: skip
"""State: engine speed and power beside auxiliaries of the step before, last gear engaged, time of the last change, whether the
clutch slipped, whether the truck stood (0 no, 1 yes, 2 before the start), steps of a shift left, its gear, time, auxiliary power
that the cycle adds, gear engaged at once because the truck would have lost too much speed, whether the clutch was open before."""
N_STATE: Final = 12

BEFORE_START: Final = 2.0
SLIP_RATIO: Final = 0.03
"""Below this share of the range from idle to rated speed the clutch slips."""
OVERSPEED_RATIO: Final = 1.2
"""Share of the range from idle to rated speed at which the engine must shift up."""


@part
def speed_ratio(truck: Truck, speed: float) -> float:
    """Engine speed as a share of the range from idle to rated speed."""
    return (speed - truck.idle) / (truck.rated - truck.idle)


@part
def wanted_torque(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> float:
    """Crank torque for a demand in a gear by mean efficiencies, within drag and full load, at idle speed or above."""
    speed = max(demand[0] * truck.ratio[gear - 1], truck.idle)
    power = mean_clutch_power(truck, gear, demand[1]) + auxiliary + spin_power(truck.inertia, speed, last)
    return float(min(max(power, drag_power(truck, speed)), full_power(truck, speed)) / speed)


@part
def has_reserve(truck: Truck, gear: int, v: float, torque: float, reserve: float) -> bool:
    """Whether full load leaves that share of itself above a torque."""
    speed = max(v * truck.ratio[gear - 1], truck.idle)
    return 1.0 - torque / along(truck.speed, truck.full, speed) >= reserve


@part
def down_line(truck: Truck, gear: int, torque: float) -> float:
    """Engine speed at or below which a gear is too high."""
    return along(truck.line[gear - 1], truck.down[gear - 1], torque)


@part
def up_line(truck: Truck, gear: int, torque: float) -> float:
    """Engine speed above which a gear is too low."""
    return along(truck.line[gear - 1], truck.up[gear - 1], torque)


@part
def start_gear(truck: Truck, grade: float, last: float, auxiliary: float) -> int:
    """The highest gear that starts the truck at the start speed and acceleration with its reserve."""
    demand = (truck.start_speed, wheel_need(truck, (truck.start_speed, truck.start_acceleration, grade)))
    for gear in range(len(truck.ratio), 1, -1):
        speed = truck.start_speed * truck.ratio[gear - 1]
        if truck.idle <= speed <= truck.rated:
            torque = wanted_torque(truck, gear, demand, last, auxiliary)
            enough = torque < 0.0 or has_reserve(truck, gear, truck.start_speed, torque, truck.start_reserve)
            if enough and speed > down_line(truck, gear, torque):
                return gear
    return 1


@part
def moving_gear(truck: Truck, demand: Demand, last: float, auxiliary: float) -> int:
    """The gear of a run that starts moving: first from the top between both lines with the reserve."""
    top = len(truck.ratio)
    for gear in range(top, 0, -1):
        speed = demand[0] * truck.ratio[gear - 1]
        torque = wanted_torque(truck, gear, demand, last, auxiliary)
        if speed > up_line(truck, gear, torque):
            return min(gear + 1, top)
        if speed > down_line(truck, gear, torque) and has_reserve(truck, gear, demand[0], torque, truck.reserve):
            return gear
    return 1


@part
def lower_gear(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> int:
    """One gear down, and further where the next lower gear is below its upshift line."""
    gear -= 1
    while truck.skip and gear > 1:
        speed = demand[0] * truck.ratio[gear - 2]
        torque = wanted_torque(truck, gear - 1, demand, last, auxiliary)
        if speed < truck.idle or speed >= up_line(truck, gear - 1, torque):
            break
        gear -= 1
    return gear


@part
def allows(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> bool:
    """Whether a higher gear has the reserve and stands above its downshift line."""
    torque = wanted_torque(truck, gear, demand, last, auxiliary)
    above = demand[0] * truck.ratio[gear - 1] > down_line(truck, gear, torque)
    return above and has_reserve(truck, gear, demand[0], torque, truck.reserve)


@part
def higher_gear(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> int:
    """One gear up, and further where the next higher gear has the reserve."""
    gear += 1
    while truck.skip and gear < len(truck.ratio):
        if demand[0] * truck.ratio[gear] > truck.rated or not allows(truck, gear + 1, demand, last, auxiliary):
            break
        gear += 1
    return gear


@part
def early_gear(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> int:
    """A higher gear between the lines, where the next one's speed is in range and leaves the reserve."""
    top = len(truck.ratio)
    while truck.early and gear < top:
        speed = demand[0] * truck.ratio[gear]
        if not truck.idle < speed <= truck.rated or not allows(truck, gear + 1, demand, last, auxiliary):
            break
        gear += 1
        if not truck.skip:
            break
    return gear


@part
def ruled_gear(truck: Truck, gear: int, demand: Demand, last: float, auxiliary: float) -> int:
    """The gear that the lines and the reserve want, from the present one."""
    speed = demand[0] * truck.ratio[gear - 1]
    share = speed_ratio(truck, speed)
    torque = wanted_torque(truck, gear, demand, last, auxiliary)
    if gear > 1 and (share < 0.0 or speed <= down_line(truck, gear, torque)):
        return lower_gear(truck, gear, demand, last, auxiliary)
    if gear < len(truck.ratio) and (share >= OVERSPEED_RATIO or speed > up_line(truck, gear, torque)):
        return higher_gear(truck, gear, demand, last, auxiliary)
    return early_gear(truck, gear, demand, last, auxiliary)


@part
def chosen_gear(truck: Truck, state: Floats, motion: Motion, auxiliary: float) -> int:
    """The gear (1 first) that the rule wants for a motion."""
    gear, last, wheel = int(state[ENGAGED]), state[LAST_SPEED], wheel_need(truck, motion)
    if state[STANDING] == 1.0:
        return start_gear(truck, motion[2], last, auxiliary)
    if state[STANDING] == BEFORE_START:
        gear = moving_gear(truck, (motion[0], wheel), last, auxiliary)
    elif state[SLIPPED] > 0.0 and motion[1] > 0.0:
        return gear
    else:
        share = speed_ratio(truck, motion[0] * truck.ratio[gear - 1])
        if 0.0 <= share < OVERSPEED_RATIO and state[TIME] - state[CHANGED] < truck.interval:
            return gear
        gear = ruled_gear(truck, gear, (motion[0], wheel), last, auxiliary)
    low = speed_ratio(truck, motion[0] * truck.ratio[gear - 1]) < SLIP_RATIO
    if gear > 1 and low and motion[1] >= 0.0 and wheel <= 0.0:
        gear -= 1
    return gear
