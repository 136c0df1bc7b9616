"""The allocation by rules, with the interface and the limits of the quadratic programme, for when that gives no answer.

First regeneration, then retarder and engine brake, both as far as adhesion stays in its band; then friction of all axles by
the objective; last, machines beyond the band where friction has no more.
"""

from __future__ import annotations

import numpy as np

from fifthwheel.control.brakes.problem import BAND_RATIO, Allocation, Floats, Objective, Place, Problem, allocation, shares

HALVINGS = 60


def prioritise(problem: Problem) -> Allocation:
    """Forces by the list of priorities, within all limits."""
    count, low = problem.count, problem.low_n
    ceiling = np.minimum((problem.braking_ratio + BAND_RATIO) * problem.load_n, problem.machine_limit_n)
    machines = _machines(problem, ceiling, low[count:], problem.target_n - float(low[:count].sum()))
    force_n = np.concatenate([low[:count], machines])
    short_n = problem.target_n - float(machines.sum())
    if short_n > _friction_room(problem, machines).sum():
        most = problem.target_n - float(low[:count].sum())
        machines = _machines(problem, problem.machine_limit_n, machines, most)
        short_n = problem.target_n - float(machines.sum())
    force_n[count:] = machines
    force_n[:count] = _friction(problem, machines, short_n)
    return allocation(problem, force_n, "priority")


def _machines(problem: Problem, ceiling_n: Floats, start_n: Floats, wanted_n: float) -> Floats:
    """Machine forces raised from `start_n` towards `wanted_n` in all: regeneration first, then endurance brakes."""
    count, layout = problem.count, problem.layout
    high, found = problem.high_n[count:], start_n.copy()
    drive = shares(layout)[:, count + 1] > 0.0
    trailer = np.array(layout.regenerating)
    trailer_n = float(ceiling_n[trailer].min()) * layout.regenerating_count if trailer.any() else 0.0
    drive_n = float(ceiling_n[drive].min()) * layout.drive_count
    for stage in ((0, 1), (2, 3)):
        room = np.zeros(len(found))
        room[list(stage)] = np.maximum(high - found, 0.0)[list(stage)]
        room[0] = min(room[0], max(trailer_n - found[0], 0.0))
        on_drive = room[1:].sum()
        room[1:] *= min(1.0, max(drive_n - float(found[1:].sum()), 0.0) / on_drive) if on_drive > 0.0 else 0.0
        wanted = wanted_n - float(found.sum())
        if wanted > 0.0 and room.sum() > 0.0:
            found += room * min(1.0, wanted / float(room.sum()))
    return found


def _friction_room(problem: Problem, machines_n: Floats) -> Floats:
    """Most friction of every axle beside these machine forces, shape (n_axles,)."""
    taken = shares(problem.layout)[:, problem.count :] @ machines_n
    return np.maximum(np.minimum(problem.high_n[: problem.count], problem.axle_limit_n - taken), 0.0)


def _friction(problem: Problem, machines_n: Floats, wanted_n: float) -> Floats:
    """Friction of every axle, `wanted_n` in all."""
    room = _friction_room(problem, machines_n)
    load = problem.seen_load_n
    if problem.objective is Objective.EQUAL_ADHESION:
        return _level(load, shares(problem.layout)[:, problem.count :] @ machines_n, room, wanted_n)
    behind = np.array([place is Place.TRAILER for place in problem.layout.places])
    share = problem.trailer_kg / (problem.tractor_kg + problem.trailer_kg)
    trailer_n = min(max(share * wanted_n, wanted_n - float(room[~behind].sum())), float(room[behind].sum()))
    zero = np.zeros(len(load))
    front = _level(load, zero, np.where(behind, 0.0, room), wanted_n - trailer_n)
    return front + _level(load, zero, np.where(behind, room, 0.0), trailer_n)


def _level(load_n: Floats, present_n: Floats, room_n: Floats, wanted_n: float) -> Floats:
    """Force on every axle that levels ``(present + force) / load``, within 0 to `room_n`, summing to `wanted_n`."""
    if wanted_n <= 0.0:
        return np.zeros(len(load_n))
    if wanted_n >= room_n.sum():
        return room_n.copy()
    low, high = 0.0, float(((present_n + room_n) / load_n).max())
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if np.minimum(np.maximum(middle * load_n - present_n, 0.0), room_n).sum() < wanted_n:
            low = middle
        else:
            high = middle
    return np.minimum(np.maximum(high * load_n - present_n, 0.0), room_n)
