"""The driver's plan along the road: from which speeds every later limit and stop can still be met; a part of the kernel."""

from __future__ import annotations

import numpy as np

from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.gears import interpolate
from fifthwheel.simulate.layout import AIM, CAP, DENSITY, LIMIT, MOST, SINE, SURFACE, Floats, Record, Run

SAME_STOP_M = 15.0
"""A stop nearer than this to the last one is kept without moving on."""


@part
def lift_off(trip: Record, train: Record, node: Floats, square: float) -> float:
    """Deceleration of coasting at a node, planned no gentler than the style does and no harder than it brakes."""
    speed = np.sqrt(square)
    brake = interpolate(trip.decelerate, speed)
    if speed < trip.coast_from:
        return brake
    area = interpolate(trip.drag, speed)
    against = (trip.roll_tractor + trip.roll_trailer) * node[SURFACE] + 0.5 * node[DENSITY] * area * square
    gear = train.gears - 1
    drag = interpolate(train.coast[gear], speed * train.reach[gear] * train.per_step)
    natural = (against - drag) / trip.mass + GRAVITY * node[SINE]
    return float(min(max(natural, trip.coast), brake))


@part
def make_plan(run: Run, train: Record) -> None:
    """Fill the plan with `AIM` (coasting towards what comes) and `CAP` (braking as late as the style does), node by node."""
    stock, trip, nodes, plan = run.stock, run.trips[0], run.nodes, run.plan
    for index in range(trip.nodes):
        plan[index, AIM] = nodes[index, LIMIT] ** 2
        plan[index, CAP] = nodes[index, MOST] ** 2
    last = -1e9
    for stop in range(trip.stop, trip.stop + trip.stops):
        place = stock.stops[stop, 0]
        if place - last >= SAME_STOP_M:
            last = place
            at = min(int(place / trip.pitch + 0.5), trip.nodes - 1)
            plan[at, AIM] = plan[at, CAP] = 0.0
    for index in range(trip.nodes - 2, -1, -1):
        square = plan[index + 1, CAP]
        if square < plan[index, CAP]:
            brake = interpolate(trip.decelerate, np.sqrt(square))
            plan[index, CAP] = min(plan[index, CAP], square + 2.0 * brake * trip.pitch)
        square = plan[index + 1, AIM]
        if square < plan[index, AIM]:
            aim = square + 2.0 * lift_off(trip, train, nodes[index], square) * trip.pitch
            plan[index, AIM] = min(plan[index, AIM], aim, plan[index, CAP])
