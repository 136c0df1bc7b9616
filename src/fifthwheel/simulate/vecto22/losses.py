"""Losses between crank and wheel: gearbox, retarder, axle, each way; parts of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.vecto22.engine import along
from fifthwheel.simulate.vecto22.surface import Surfaces, find, nearest_point, plane
from fifthwheel.units import RPM

if TYPE_CHECKING:
    from fifthwheel.simulate.vecto22.truck import Truck

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SECONDARY = 2
"""A retarder between gearbox and axle; 1 stands on the engine's side."""


@part
def point_efficiency(one: float, other: float) -> float:
    """Efficiency at a point of a map from the torques on its two sides; 1 where they have no common direction."""
    if one * other <= 0.0:
        return 1.0
    return min(abs(one), abs(other)) / max(abs(one), abs(other))


@part
def power_in(maps: Surfaces, fixed: Floats, stage: int, flow: tuple[float, float], memory: Integers) -> float:
    """Power into a stage (0 the axle, then the gears) that gives a power behind it; never less than that.

    `flow` is the speed of its input and the power behind it.
    """
    speed, power = flow
    if fixed[stage] > 0.0:
        return float(power / fixed[stage] if power > 0.0 else power * fixed[stage])
    if speed <= 0.0:
        return power
    place = (speed / RPM, power / speed)
    triangle = find(maps, stage, place, memory)
    if triangle >= 0:
        found = plane(maps, triangle, place) * speed
    else:
        near = nearest_point(maps, stage, place)
        efficiency = point_efficiency(maps.y[near], maps.z[near])
        found = power / efficiency if power > 0.0 else power * efficiency
    return float(max(found, power))


@part
def power_out(maps: Surfaces, fixed: Floats, stage: int, flow: tuple[float, float], memory: Integers) -> float:
    """Power behind a stage for a power into it; never more than that. `flow` is the speed of its input and that power."""
    speed, power = flow
    if fixed[stage] > 0.0:
        return float(power * fixed[stage] if power > 0.0 else power / fixed[stage])
    if speed <= 0.0:
        return power
    place = (speed / RPM, power / speed)
    number = stage + len(fixed)
    triangle = find(maps, number, place, memory)
    if triangle >= 0:
        found = plane(maps, triangle, place) * speed
    else:
        near = nearest_point(maps, number, place)
        efficiency = point_efficiency(maps.y[near], maps.z[near])
        found = power * efficiency if power > 0.0 else power / efficiency
    return float(min(found, power))


@part
def retarder_loss(truck: Truck, engine_side: float, axle_side: float) -> float:
    """Power lost in a retarder that is off."""
    if truck.retarder == 0:
        return 0.0
    speed = truck.retarder_ratio * (axle_side if truck.retarder == SECONDARY else engine_side)
    return max(along(truck.retarder_speed, truck.retarder_torque, speed), 0.0) * speed


@part
def clutch_power(
    truck: Truck, gear: int, speed: tuple[float, float], wheel: float, memory: Integers
) -> tuple[float, float, float, float]:
    """Power at the clutch for `wheel` behind the axle: clutch power, and losses of gear, axle, retarder.

    `speed` is that of the gearbox's and of the axle's input.
    """
    behind = power_in(truck.maps, truck.fixed, 0, (speed[1], wheel), memory)
    dragged = retarder_loss(truck, speed[0], speed[1])
    secondary = dragged if truck.retarder == SECONDARY else 0.0
    before = power_in(truck.maps, truck.fixed, gear, (speed[0], behind + secondary), memory)
    return before + dragged - secondary, before - behind - secondary, behind - wheel, dragged


@part
def wheel_power(
    truck: Truck, gear: int, speed: tuple[float, float], clutch: float, memory: Integers
) -> tuple[float, float, float, float]:
    """Power behind the axle for `clutch` at the clutch: wheel power, and losses of gear, axle, retarder."""
    dragged = retarder_loss(truck, speed[0], speed[1])
    before = clutch if truck.retarder == SECONDARY else clutch - dragged
    behind = power_out(truck.maps, truck.fixed, gear, (speed[0], before), memory)
    onward = behind - dragged if truck.retarder == SECONDARY else behind
    wheel = power_out(truck.maps, truck.fixed, 0, (speed[1], onward), memory)
    return wheel, before - behind, onward - wheel, dragged
