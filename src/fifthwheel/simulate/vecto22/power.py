"""Powers of one step: road load, engine, fuel; parts of the run.

`motion` is the step's mean speed, acceleration and grade (rise over run).
"""

from __future__ import annotations

from math import atan, cos, sin

import numpy as np
from numpy.typing import NDArray

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.vecto22.engine import along
from fifthwheel.simulate.vecto22.losses import clutch_power, wheel_power
from fifthwheel.simulate.vecto22.surface import find, plane, rim_value
from fifthwheel.simulate.vecto22.truck import AIR_DENSITY_KGPM3, GRAVITY_MPS2, INERTIA_RATIO, Truck
from fifthwheel.units import RPM

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Motion = tuple[float, float, float]

(V, TARGET, A, GRADE, DISTANCE, SPEED, GEAR, PE, FULL, DRAG, CLUTCH, PA_ENGINE, PA_BOX, PA_VEHICLE, AUXILIARY, LOSS_BOX,
 LOSS_AXLE, LOSS_RETARDER, ROLL, AIR, CLIMB, WHEEL, BRAKE, FUEL, SLIPS) = range(25)  # fmt: skip
"""Columns of a run, SI: speeds m/s, engine speed rad/s, powers in watts, fuel kg/s."""
N_COLUMNS = 25


@part
def drag_area(truck: Truck, v: float) -> float:
    """CdA at a road speed: held below the first node, straight on above the last."""
    return along(truck.air_speed, truck.air_area, max(v, truck.air_speed[0]))


@part
def road_load(truck: Truck, motion: Motion) -> tuple[float, float, float]:
    """Power against rolling resistance, air and grade."""
    v, _, grade = motion
    angle = atan(grade)
    air = drag_area(truck, v) * AIR_DENSITY_KGPM3 / 2 * v**3
    return cos(angle) * truck.roll * v, air, sin(angle) * truck.mass * GRAVITY_MPS2 * v


@part
def wheel_need(truck: Truck, motion: Motion) -> float:
    """Power needed behind the axle."""
    roll, air, climb = road_load(truck, motion)
    return roll + air + climb + (truck.mass + truck.rotating) * motion[1] * motion[0]


@part
def full_power(truck: Truck, speed: float) -> float:
    """Most power of the engine."""
    return along(truck.speed, truck.full, speed) * speed


@part
def drag_power(truck: Truck, speed: float) -> float:
    """Power of the engine without fuel, negative."""
    return along(truck.speed, truck.drag, speed) * speed


@part
def spin_power(inertia: float, speed: float, last: float) -> float:
    """Power into a rotor over a second that takes its speed from `last` to `speed`."""
    return inertia * INERTIA_RATIO * (speed - last) * (speed + last) / 2


@part
def fuel_rate(truck: Truck, speed: float, torque: float, memory: Integers) -> float:
    """Fuel from the map, kg/s; outside the map its nearest rim, counted in the last cell of `memory`."""
    number = 2 * (len(truck.box) + 1)
    place = (speed / RPM, torque)
    triangle = find(truck.maps, number, place, memory)
    if triangle >= 0:
        return max(plane(truck.maps, triangle, place), 0.0)
    memory[-1] += 1
    return max(rim_value(truck.maps, number, place), 0.0)


@part
def crank_power(truck: Truck, motion: Motion, engaged: tuple[int, float, float, float], memory: Integers, row: Floats) -> float:
    """Engine power with the clutch closed or slipping, before the drag curve limits it; fills that part of `row`.

    `engaged` is the gear (1 first), the engine's speed now and in the step before, and auxiliary power.
    """
    gear, speed, last, auxiliary = engaged
    v = motion[0]
    shafts = (v * truck.ratio[gear - 1], v * truck.axle)
    wheel = wheel_need(truck, motion)
    clutch, box, axle, retarder = clutch_power(truck, gear, shafts, wheel, memory)
    spin = spin_power(truck.box_inertia, speed, last)
    row[LOSS_BOX], row[LOSS_AXLE], row[LOSS_RETARDER], row[PA_BOX] = box, axle, retarder, spin
    row[CLUTCH] = clutch + spin
    row[PA_ENGINE] = spin_power(truck.inertia, speed, last)
    row[WHEEL] = wheel
    row[BRAKE] = 0.0
    row[PE] = row[CLUTCH] + row[PA_ENGINE] + auxiliary
    return float(row[PE])


@part
def braked(truck: Truck, motion: Motion, engaged: tuple[int, float, float, float], memory: Integers, row: Floats) -> None:
    """The engine on its drag curve, the service brake doing the rest."""
    gear, speed, _, auxiliary = engaged
    shafts = (motion[0] * truck.ratio[gear - 1], motion[0] * truck.axle)
    row[PE] = drag_power(truck, speed)
    row[CLUTCH] = row[PE] - auxiliary - row[PA_ENGINE]
    given, box, axle, retarder = wheel_power(truck, gear, shafts, row[CLUTCH] - row[PA_BOX], memory)
    row[LOSS_BOX], row[LOSS_AXLE], row[LOSS_RETARDER] = box, axle, retarder
    row[BRAKE] = min(row[WHEEL] - given, 0.0)
