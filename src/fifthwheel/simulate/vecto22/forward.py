"""The 1 Hz run along a plan: limits, full load, clutch, shifts, distance keeping."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.simulate.compiled import compiled, part
from fifthwheel.simulate.vecto22.gears import (
    BEFORE_START,
    CHANGED,
    ENGAGED,
    EXTRA,
    KEPT,
    LAST_POWER,
    LAST_SPEED,
    NEXT,
    OPEN,
    SLIP_RATIO,
    SLIPPED,
    STANDING,
    TIME,
    WAIT,
    chosen_gear,
    speed_ratio,
)  # fmt: skip
from fifthwheel.simulate.vecto22.plan import Plan, Way, grade_at, held
from fifthwheel.simulate.vecto22.power import (
    AIR,
    AUXILIARY,
    BRAKE,
    CLIMB,
    DISTANCE,
    DRAG,
    FUEL,
    FULL,
    GEAR,
    GRADE,
    PA_ENGINE,
    PA_VEHICLE,
    PE,
    ROLL,
    SLIPS,
    SPEED,
    TARGET,
    WHEEL,
    A,
    Motion,
    V,
    braked,
    crank_power,
    drag_power,
    fuel_rate,
    full_power,
    road_load,
    spin_power,
    wheel_need,
)  # fmt: skip
from fifthwheel.simulate.vecto22.truck import Truck

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STANDSTILL_MPS: Final = 1e-3
"""Mean speeds below this count as zero."""
CUT: Final = float(np.float32(0.9999))
"""The end speed of a step is cut by this factor (single precision) until the engine can give the power."""
OPEN_BELOW_MPS: Final = 5 / 3.6
"""In first gear the clutch opens below this speed while the truck pushes."""
ENGAGE_W: Final = 200.0
"""An open clutch engages above this power at the wheels."""
KEEP_ABOVE_MPS: Final = 1.0
"""The distance is kept above this speed."""
KEPT_RATIO, DRAGGED_RATIO = 0.25, 0.75
"""Shares of the last power and of the drag that an engine with an open clutch keeps."""
TOO_SLOW_MPS: Final = 1e-2
NOTHING_MPS: Final = 1e-4
"""A truck whose speed full load cuts to these cannot move."""

Place = tuple[float, int]
"""Way driven, and the end of the metre it lies in."""
Books = tuple[Floats, Integers, Floats]
"""State, last triangles found, and the row to fill."""


@part
def limited_end(truck: Truck, start: float, end: float) -> float:
    """An end speed within the driver's acceleration and deceleration at the step's own mean speed."""
    gain, loss = 0.0, 0.0
    for _ in range(30):
        gain = held(truck.pace, truck.faster, start + gain / 2)
        loss = held(truck.pace, truck.slower, start + loss / 2)
    return max(min(end, start + gain), start + loss, 0.0)


@part
def idling_speed(truck: Truck, state: Floats, v: float) -> float:
    """Engine speed with the clutch open: it keeps a quarter of its power against three quarters of its drag, above idle."""
    last = state[LAST_SPEED]
    if v <= 0.0 or last <= truck.idle:
        return truck.idle
    speed = last
    for _ in range(200):
        power = KEPT_RATIO * state[LAST_POWER] + DRAGGED_RATIO * drag_power(truck, speed)
        found = min(max(last + power / (speed * truck.inertia), truck.idle), last)
        if abs(found - speed) < 1e-6:
            break
        speed = (found + speed) / 2
    return float(speed)


@part
def rolling_end(truck: Truck, start: float, grade: float) -> float:
    """End speed of a second without power at the wheels; the mean speed is at least half the start's."""
    low, high = start / 2, start + 1.0
    for _ in range(50):
        v = (low + high) / 2
        if wheel_need(truck, (v, 2 * (v - start), grade)) > 0.0:
            high = v
        else:
            low = v
    return 2 * ((low + high) / 2) - start


@part
def open_clutch(truck: Truck, motion: Motion, books: Books, auxiliary: float) -> None:
    """A step with the clutch open."""
    state, _, row = books
    speed = idling_speed(truck, state, motion[0])
    row[:] = 0.0
    row[SPEED], row[GEAR] = speed, 0.0
    row[PA_ENGINE] = spin_power(truck.inertia, speed, state[LAST_SPEED])
    row[PE] = max(auxiliary + row[PA_ENGINE], drag_power(truck, speed))
    row[WHEEL] = wheel_need(truck, motion)
    row[BRAKE] = min(row[WHEEL], 0.0)


@part
def slipping_speed(truck: Truck, motion: Motion, gear: int, state: Floats) -> float:
    """Engine speed behind a slipping clutch; zero where it does not slip."""
    speed = motion[0] * truck.ratio[gear - 1]
    if speed_ratio(truck, speed) >= SLIP_RATIO or wheel_need(truck, motion) <= 0.0:
        return 0.0
    if motion[1] < 0.0 and gear > 1 and state[OPEN] == 0.0:
        return 0.0
    base = SLIP_RATIO * truck.rated / (truck.idle + SLIP_RATIO * (truck.rated - truck.idle))
    return float(truck.idle + base * max(speed, truck.idle) / truck.rated * (truck.rated - truck.idle))


@part
def in_gear(truck: Truck, motion: Motion, gear: int, books: Books, auxiliary: float) -> bool:
    """A step in a gear, the clutch closed or slipping; whether the engine can give it."""
    state, memory, row = books
    slipping = slipping_speed(truck, motion, gear, state)
    speed = slipping if slipping > 0.0 else motion[0] * truck.ratio[gear - 1]
    row[:] = 0.0
    row[SPEED], row[GEAR], row[SLIPS] = speed, gear, 1.0 if slipping > 0.0 else 0.0
    if state[STANDING] == BEFORE_START:
        state[LAST_SPEED] = speed
    engaged = (gear, speed, state[LAST_SPEED], auxiliary)
    power = crank_power(truck, motion, engaged, memory, row)
    if power < drag_power(truck, speed):
        braked(truck, motion, engaged, memory, row)
    return bool(power <= full_power(truck, speed))


@part
def fitting_gear(truck: Truck, v: float, gear: int) -> int:
    """That gear, or the highest below it that does not stall the engine."""
    while gear > 1 and v * truck.ratio[gear - 1] < truck.idle:
        gear -= 1
    return gear


@part
def stays_open(truck: Truck, motion: Motion, gear: int) -> bool:
    """Whether the clutch opens in the gear: the truck pushes at a crawl in first, or the engine would stall."""
    if wheel_need(truck, motion) > 0.0:
        return False
    return (gear == 1 and motion[0] <= OPEN_BELOW_MPS) or motion[0] * truck.ratio[gear - 1] < truck.idle


@part
def shifting_end(truck: Truck, speeds: tuple[float, float], grade: float, cut: bool) -> float:
    """End speed of a second without traction: rolling, unless the plan brakes harder.

    Within the driver's limits, except below the lower one once full load has `cut` the speed.
    """
    start, wanted = speeds
    end = rolling_end(truck, start, grade)
    if wanted < start:
        end = min(end, wanted)
    elif end > start:
        end = limited_end(truck, start, end)
    if not cut and end < start:
        end = limited_end(truck, start, end)
    return end


@part
def step_gear(truck: Truck, state: Floats, motion: Motion, auxiliary: float) -> int:
    """The gear of a step: chosen for it, or fixed by a shift under way."""
    if state[NEXT] <= 0.0:
        return chosen_gear(truck, state, motion, auxiliary)
    if state[WAIT] <= 0.0 and wheel_need(truck, motion) <= 0.0:
        return fitting_gear(truck, motion[0], int(state[NEXT]))
    return int(state[NEXT])


@part
def step(truck: Truck, way: Way, speeds: tuple[float, float], place: Place, books: Books) -> tuple[float, float, int]:
    """One second from a start speed towards an end speed: the end speed reached, grade and the metre it ends in.

    An end speed below zero means that the truck cannot move.
    """
    state, start, wanted = books[0], *speeds
    auxiliary = state[EXTRA] + truck.auxiliary
    end, index, gear, held_gear, tries, opened = wanted, place[1], 0, 0, 0, True
    while True:
        v = (start + end) / 2
        grade, index = grade_at(way.place, way.grade, place[0] + v, index)
        motion = (v, end - start, grade)
        if v < STANDSTILL_MPS:
            motion = (0.0, end - start, grade)
            end = end if wanted < TOO_SLOW_MPS or start > TOO_SLOW_MPS else -1.0
            break
        gear = held_gear if held_gear > 0 else step_gear(truck, state, motion, auxiliary)
        if state[WAIT] <= 0.0 or tries > 0:
            opened = stays_open(truck, motion, gear)
            if not opened and not in_gear(truck, motion, gear, books, auxiliary):
                if end < NOTHING_MPS:
                    return -1.0, grade, index
                end, held_gear = end * CUT, 0
                continue
        changes = state[NEXT] <= 0.0 and state[STANDING] == 0.0 and state[ENGAGED] > 0.0 and gear != state[ENGAGED]
        if truck.gap <= 0 or held_gear > 0 or tries > 1 or (not changes and state[WAIT] <= 0.0):
            break
        end = shifting_end(truck, (start, wanted), grade, end < wanted)
        v = (start + end) / 2
        grade, index = grade_at(way.place, way.grade, place[0] + v, index)
        motion = (v, end - start, grade)
        if wheel_need(truck, motion) <= ENGAGE_W:
            begin_shift(truck, state, gear)
            state[KEPT], opened = 0.0, True
            break
        state[KEPT], held_gear, tries = gear, gear, tries + 1
    if opened:
        open_clutch(truck, motion, books, auxiliary)
    return end, grade, index


@part
def begin_shift(truck: Truck, state: Floats, gear: int) -> None:
    """Remember the gear to engage when the seconds without traction are over."""
    if state[NEXT] <= 0.0:
        state[NEXT], state[WAIT], state[CHANGED] = gear, truck.gap, state[TIME]


@part
def finish(truck: Truck, motion: Motion, books: Books) -> None:
    """Fill what a row still lacks, and carry over to the next second."""
    state, memory, row = books
    v, a, grade = motion
    auxiliary = state[EXTRA] + truck.auxiliary
    row[V], row[A], row[GRADE], row[AUXILIARY] = v, a, grade, auxiliary
    row[ROLL], row[AIR], row[CLIMB] = road_load(truck, motion)
    row[PA_VEHICLE] = (truck.mass + truck.rotating) * a * v
    speed = row[SPEED]
    row[FULL], row[DRAG] = full_power(truck, speed), drag_power(truck, speed)
    row[FUEL] = fuel_rate(truck, speed, row[PE] / speed, memory)
    if row[GEAR] > 0.0:
        if row[GEAR] != state[ENGAGED]:
            state[CHANGED] = max(state[CHANGED], state[TIME] - truck.gap)
        state[ENGAGED], state[NEXT], state[WAIT] = row[GEAR], 0.0, 0.0
    elif state[WAIT] > 0.0:
        state[WAIT] -= 1.0
    elif v > 0.0:
        state[NEXT] = 0.0
    if v <= 0.0:
        state[NEXT], state[WAIT] = 0.0, 0.0
    if row[GEAR] > 0.0 and state[KEPT] > 0.0:
        state[NEXT] = row[GEAR]
    state[SLIPPED], state[KEPT] = row[SLIPS], 0.0
    state[OPEN] = 1.0 if row[GEAR] <= 0.0 else 0.0
    state[STANDING] = 1.0 if v <= 0.0 else 0.0
    state[LAST_SPEED], state[LAST_POWER] = speed, row[PE] - auxiliary
    state[TIME] += 1.0


@part
def kept(plan: Plan, pointer: int, driven: float, v_target: float) -> int:
    """Whether a truck stays with the cycle by inserting a second (1), dropping one (-1), or neither (0)."""
    gap = abs(driven - plan.place[pointer])
    if pointer + 3 < len(plan.place) and abs(driven + v_target - plan.place[pointer]) < gap:
        return 1
    if pointer + 2 < len(plan.place) and abs(driven - plan.place[pointer + 1]) <= gap:
        return -1
    return 0


@compiled
def drive(truck: Truck, way: Way, plan: Plan, books: Books) -> int:
    """Drive the plan into `rows`; how many seconds it took, negative where the truck could not move in the last of them."""
    state, memory, rows = books
    count, pointer, driven, index = 0, 0, 0.0, 1
    speed, target, free = plan.speed[0], plan.target[0], True
    inserted = False
    while pointer < len(plan.speed) - 1:
        if inserted:
            end, next_target = (plan.speed[pointer] + plan.speed[pointer + 1]) / 2, plan.target[pointer + 1]
        else:
            pointer += 1
            end, next_target = plan.speed[pointer], plan.target[pointer]
        state[EXTRA] = plan.auxiliary[pointer]
        row = rows[count]
        end = limited_end(truck, speed, end)
        end, grade, index = step(truck, way, (speed, end), (driven, index), (state, memory, row))
        count += 1
        if end < 0.0:
            return -count
        v = (speed + end) / 2
        v = v if v >= STANDSTILL_MPS else 0.0
        driven += v
        row[TARGET], row[DISTANCE] = (target + next_target) / 2, driven
        finish(truck, (v, end - speed, grade), (state, memory, row))
        speed, target = end, next_target
        change = kept(plan, pointer, driven, row[TARGET]) if free and v > KEEP_ABOVE_MPS else 0
        inserted = change > 0 and pointer < len(plan.speed) - 1
        free = change == 0
        if change < 0:
            pointer += 1
    return count
