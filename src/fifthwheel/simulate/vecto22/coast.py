"""What the driver plans ahead: overspeed downhill, coasting before slower stretches, and never braking harder than allowed."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.simulate.compiled import compiled, part
from fifthwheel.simulate.vecto22.engine import along
from fifthwheel.simulate.vecto22.plan import Plan, held
from fifthwheel.simulate.vecto22.power import Motion, drag_power, road_load, spin_power, wheel_need
from fifthwheel.simulate.vecto22.truck import Truck

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SLOWER_MPS: Final = 1e-4
"""A step slower than the one before by more than this calls for looking ahead."""
HARDER_MPS2: Final = 1e-6
"""Braking beyond the limit by more than this is too hard."""


@part
def planned_gear(truck: Truck, v: float, wheel: float) -> int:
    """The highest gear (1 first) whose engine speed is above the downshift line for the wheel's power; else the first."""
    for gear in range(len(truck.ratio), 1, -1):
        speed = v * truck.ratio[gear - 1]
        if speed > along(truck.line[gear - 1], truck.down[gear - 1], wheel / speed):
            return gear
    return 1


@part
def mean_clutch_power(truck: Truck, gear: int, wheel: float) -> float:
    """Power at the clutch with mean efficiencies: for choosing gears and for plans."""
    efficiency = truck.box_mean[gear - 1] * truck.axle_mean
    return float(wheel / efficiency if wheel > 0.0 else wheel * efficiency)


@part
def coasting_speed(truck: Truck, gear: int, start: float, grade: float) -> float:
    """Mean speed over a second of coasting in a gear from `start`, fuel cut and clutch closed."""
    ratio = truck.ratio[gear - 1]
    inertia = truck.mass + truck.rotating + (truck.inertia + truck.box_inertia) * ratio**2
    low, high = max(start - 2.0, 0.01), start + 2.0
    for _ in range(40):
        v = (low + high) / 2
        roll, air, climb = road_load(truck, (v, 0.0, grade))
        given = drag_power(truck, v * ratio) - truck.auxiliary
        given = given / (truck.box_mean[gear - 1] * truck.axle_mean)
        if roll + air + climb + inertia * 2 * (v - start) * v > given:
            high = v
        else:
            low = v
    return (low + high) / 2


@part
def wants_to_run(truck: Truck, motion: Motion, gear: int, last: float, auxiliary: float) -> bool:
    """Whether the engine would have to give less than its drag to hold that motion."""
    speed = motion[0] * truck.ratio[gear - 1]
    need = mean_clutch_power(truck, gear, wheel_need(truck, motion)) + auxiliary + spin_power(truck.inertia, speed, last)
    return need < drag_power(truck, speed)


@compiled
def plan_overspeed(truck: Truck, plan: Plan, grade: Floats, gears: Integers) -> None:
    """Raise planned speeds where the truck would run faster than its target without power; fill the planned gears.

    Each step starts from the raised speed before it; `grade` is that at the end of each step, shape (n - 1,).
    """
    last = truck.idle
    for n in range(len(plan.speed) - 1):
        start = plan.speed[n]
        v = (start + plan.speed[n + 1]) / 2
        if v < 1e-3:
            last = truck.idle
            gears[n] = 0
            continue
        motion = (v, plan.speed[n + 1] - start, grade[n])
        gear = planned_gear(truck, v, wheel_need(truck, motion))
        gears[n] = gear
        auxiliary = truck.auxiliary + plan.auxiliary[n]
        if truck.over > 0.0 and v >= truck.over_from and wants_to_run(truck, motion, gear, last, auxiliary):
            free = coasting_speed(truck, gear, start, grade[n])
            if free > v:
                most = (plan.target[n] + plan.target[n + 1]) / 2 + truck.over
                plan.speed[n + 1] = max(min(2 * min(free, most) - start, most), 0.0)
                v = (start + plan.speed[n + 1]) / 2
        last = max(v * truck.ratio[gear - 1], truck.idle)


@part
def step_speed(plan: Plan, step: int) -> float:
    """Mean speed of a step."""
    return float((plan.speed[step] + plan.speed[step + 1]) / 2)


@part
def first_step(truck: Truck, plan: Plan, step: int, marked: NDArray[np.bool_]) -> int:
    """The step at which coasting towards `step` starts by the look-ahead deceleration; not before a rise of the target."""
    top = step
    while top > 0 and marked[top]:
        top -= 1
    begin = step - int(np.rint((step_speed(plan, step) - step_speed(plan, top)) / truck.ahead))
    place = step
    while place > max(begin, 0):
        if place > 0 and plan.target[place + 1] + plan.target[place] > plan.target[place] + plan.target[place - 1] + 1e-6:
            break
        place -= 1
    return place


@part
def coasts_below(truck: Truck, plan: Plan, span: tuple[int, int], gear: int, grade: float) -> bool:
    """Whether coasting over a span of steps in one gear on one grade would end slower than its last step."""
    start, v, least = plan.speed[span[0]], 0.0, step_speed(plan, span[1])
    for _ in range(span[0], span[1] + 1):
        v = coasting_speed(truck, gear, start, grade)
        if v < least:
            return True
        start = 2 * v - start
    return False


@part
def limit_braking(truck: Truck, plan: Plan, step: int) -> int:
    """Set steps up to `step` that brake harder than the limit at their start to the limit; the first that does not."""
    while step > 0:
        after = plan.speed[step + 1]
        if after - plan.speed[step] >= held(truck.pace, truck.slower, plan.speed[step]) - HARDER_MPS2:
            break
        fall = 0.0
        for _ in range(30):
            fall = -held(truck.pace, truck.slower, after + fall / 2)
        plan.speed[step] = after + fall
        step -= 1
    return step


@part
def replace_by_coasting(truck: Truck, plan: Plan, span: tuple[int, int], grade: Floats, gears: Integers) -> None:
    """Coast from the first step of `span` on, as long as that is slower than the plan and within the deceleration limit."""
    for n in range(span[0], span[1] + 1):
        start = plan.speed[n]
        v = coasting_speed(truck, max(gears[n], 1), start, grade[n])
        end = 2 * v - start
        if end >= plan.speed[n + 1] or end - start < held(truck.pace, truck.slower, start):
            break
        plan.speed[n + 1] = end


def slower_steps(speed: Floats) -> NDArray[np.bool_]:
    """Steps between samples that are slower than the one before, shape (n - 1,)."""
    return np.append(False, np.diff((speed[1:] + speed[:-1]) / 2) < -SLOWER_MPS)


@compiled
def plan_coasting(truck: Truck, plan: Plan, grade: Floats, gears: Integers, marked: NDArray[np.bool_]) -> None:
    """Look ahead, last step first: coast towards slower stretches, and spread braking that is too hard.

    `marked` tells the steps slower than the one before, see `slower_steps`.
    """
    for step in range(len(plan.speed) - 2, 0, -1):
        if not marked[step]:
            continue
        begin = step
        if truck.ahead < 0.0:
            begin = first_step(truck, plan, step, marked)
            while begin < step and coasts_below(truck, plan, (begin, step), max(gears[begin], 1), grade[begin]):
                begin += 1
        free = limit_braking(truck, plan, step)
        if truck.ahead < 0.0 and step_speed(plan, free) >= truck.ahead_from:
            replace_by_coasting(truck, plan, (begin, step), grade, gears)
