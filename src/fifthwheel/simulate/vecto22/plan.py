"""The planned speed trace of a cycle: braking built in by distance, then samples a second apart."""

from __future__ import annotations

from math import floor
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.cycle import Cycle
from fifthwheel.simulate.compiled import compiled, part
from fifthwheel.simulate.vecto22.engine import along

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STEP_M: Final = 1.0
"""A cycle's points are at most this far apart."""
BRAKING_STEP_MPS: Final = 1e-3
"""The built-in braking lowers a speed in steps of this size."""
STANDING_MPS: Final = 0.5
"""A planned speed below this counts as standing."""


class Way(NamedTuple):
    """A cycle in points at most 1 m apart: place, target, planned speed (braking built in), rise over run up to a point."""

    place: Floats
    target: Floats
    speed: Floats
    grade: Floats
    stop: Floats
    auxiliary: Floats


class Plan(NamedTuple):
    """Samples a second apart: place, planned speed and target (m/s), auxiliary power."""

    place: Floats
    speed: Floats
    target: Floats
    auxiliary: Floats


def way_of(cycle: Cycle, pace: tuple[Floats, Floats]) -> Way:
    """Put a cycle into points at most 1 m apart and build the braking in; `pace` is deceleration (negative) over speed.

    Between points further apart, grade and target hold until the next point; after a standstill the next target holds, or, where
    the next point is a standstill too, the last one before.

    Raises
    ------
    InputError : fewer than two points, places that fall, no way, or a target of zero without a stop.
    """
    distance = np.asarray(cycle.distance_m, dtype=float)
    if len(distance) < 2 or np.any(np.diff(distance) < 0.0) or distance[-1] <= distance[0]:
        raise InputError(f"cycle {cycle.name}: {len(distance)} points; at least two are needed, their places never falling")
    keep = np.append(np.diff(distance) > 0.0, True)
    source = np.flatnonzero(keep)
    place, target = distance[source], np.asarray(cycle.speed_mps, dtype=float)[source]
    grade, stop, extra = cycle.grade_ratio[source], cycle.stop_s[source], cycle.auxiliary_w[source]
    if len(source) < len(distance):
        stop = np.add.reduceat(cycle.stop_s, np.concatenate([[0], source[:-1] + 1]))
    stop = np.where(target > 0.0, 0.0, stop)
    place, index, first = _fine(place)
    target = np.where(first, target[index], _onward(target)[index])
    grade, extra, stop = grade[index], extra[index], np.where(first, stop[index], 0.0)
    if np.any((target[1:] <= 0.0) & (target[:-1] <= 0.0)):
        at = place[1:][(target[1:] <= 0.0) & (target[:-1] <= 0.0)][0]
        raise InputError(f"cycle {cycle.name}: target speed zero all along the metre before {at:.0f} m; it cannot be driven")
    slope = np.concatenate([[grade[0]], (grade[1:] + grade[:-1]) / 2])
    speed = target.copy()
    build_braking(place, speed, pace[0], pace[1])
    return Way(place=place, target=target, speed=speed, grade=slope, stop=stop, auxiliary=extra)


def _onward(target: Floats) -> Floats:
    """Target between each point and the next."""
    following = np.append(target[1:], 0.0)
    found = np.where(target > 0.0, target, following)
    for n in np.flatnonzero(found <= 0.0):
        found[n] = found[n - 1] if n else 0.0
    return found


def _fine(place: Floats) -> tuple[Floats, Integers, NDArray[np.bool_]]:
    """Places at most 1 m apart, the point each comes from, and whether it is that point itself."""
    counts = np.maximum(np.ceil(np.diff(place) / STEP_M - 1e-9).astype(int), 1)
    index = np.append(np.repeat(np.arange(len(counts)), counts), len(place) - 1)
    starts = np.concatenate([[0], np.cumsum(counts)])
    offset = np.arange(len(index)) - starts[index]
    pitch = np.append(np.diff(place) / counts, 0.0)
    return place[index] + offset * pitch[index], index, offset == 0


@part
def held(nodes: Floats, values: Floats, x: float) -> float:
    """Linear between nodes, held at the ends."""
    return along(nodes, values, min(max(x, nodes[0]), nodes[-1]))


@compiled
def build_braking(place: Floats, speed: Floats, pace: Floats, slower: Floats) -> None:
    """Lower speeds, last point first, in steps of 0.001 m/s until no metre needs more than the deceleration allowed."""
    for index in range(len(place) - 1, 0, -1):
        after, before, way = speed[index], speed[index - 1], place[index] - place[index - 1]
        low, high = -1, int(np.ceil(max(before - after, 0.0) / BRAKING_STEP_MPS)) + 1
        while high - low > 1:
            middle = (low + high) // 2
            tried = before - middle * BRAKING_STEP_MPS
            mean = (tried + after) / 2
            if mean * (after - tried) / way >= held(pace, slower, mean):
                high = middle
            else:
                low = middle
        speed[index - 1] = max(before - high * BRAKING_STEP_MPS, 0.0)


def sample(way: Way) -> Plan:
    """Samples a second apart: place linear in time, speed and target linear in place.

    Speeds and targets are a second ahead of places; in a cycle that starts from standstill the first sample comes twice.
    """
    mean = (way.speed[1:] + way.speed[:-1]) / 2
    steps = np.diff(way.place) / np.where(mean > 0.0, mean, 1.0)
    arrive = np.concatenate([[0.0], np.cumsum(steps)]) + np.concatenate([[0.0], np.cumsum(way.stop[:-1])])
    leave = arrive + way.stop
    times = np.arange(float(floor(leave[-1])))
    place, _, _, extra = _at(way, arrive, leave, times)
    _, speed, target, _ = _at(way, arrive, leave, times + 1.0)
    speed = np.where(speed < STANDING_MPS, 0.0, speed.astype(np.float32)).astype(float)
    twice = 0 if way.speed[0] > 0.0 else 1
    found = [np.concatenate([one[:twice], one]) for one in (place, speed, target, extra)]
    return Plan(*found)


def _at(way: Way, arrive: Floats, leave: Floats, times: Floats) -> list[Floats]:
    """Place, speed, target and auxiliary power at times, standing at a point from `arrive` to `leave`."""
    after = np.minimum(np.searchsorted(leave, times, side="right"), len(leave) - 1)
    before = np.maximum(after - 1, 0)
    span = np.maximum(arrive[after] - leave[before], 1e-12)
    share = np.clip((times - leave[before]) / span, 0.0, 1.0)
    columns = (way.place, way.speed, way.target, way.auxiliary)
    return [one[before] + share * (one[after] - one[before]) for one in columns]


@part
def grade_at(place: Floats, grade: Floats, where: float, start: int) -> tuple[float, int]:
    """Grade of the metre that holds a place (its end at or beyond it), and that metre's end point, searching from `start`."""
    index = max(start, 1)
    while index > 1 and place[index - 1] >= where:
        index -= 1
    while index < len(place) - 1 and place[index] < where:
        index += 1
    return float(grade[index]), index


def grades_of(way: Way, plan: Plan) -> Floats:
    """Grade at the end of each planned step, the way being the sum of the planned mean speeds; shape (n - 1,)."""
    reached = np.cumsum((plan.speed[1:] + plan.speed[:-1]) / 2)
    index = np.searchsorted(way.place, reached, side="left")
    found: Floats = way.grade[np.clip(index, 1, len(way.grade) - 1)]
    return found
