"""The allocation by rules, with the limits of the quadratic programme: selectable, and the answer when the solver has none.

First regeneration, then retarder and engine brake, both as far as adhesion stays in its band; then friction: the trailer's share
of service braking, even utilisation inside each unit; last, machines beyond the band where friction has no more.
"""

from __future__ import annotations

from fifthwheel.control.brakes.programme import Programme, band_end, bound, pulls, seen_n

HALVINGS = 50


def prioritise(programme: Programme) -> None:
    """Forces by the list of priorities, within all limits."""
    bound(programme)
    share(programme)


def share(programme: Programme) -> None:
    """As `prioritise`, after `bound`."""
    task, force, low = programme.task[0], programme.force_n, programme.low_n
    count = len(programme.axles)
    for source in range(len(force)):
        force[source] = low[source]
    _machines(programme, 0.0)
    if task.target_n - _sum(programme) > _room(programme):
        _machines(programme, 1e9)
    short = task.target_n - _sum(programme)
    if short <= 0.0:
        return
    trailer_room, tractor_room = _unit_room(programme, False), _unit_room(programme, True)
    present = 0.0
    for axle in range(count):
        present += force[axle] if not pulls(programme, axle) else 0.0
    served = task.share * (_friction(programme) + short) - present
    if task.service_regeneration > 0.0:
        served = task.share * (_friction(programme) + short + force[count] + force[count + 1]) - present - force[count]
    trailer = min(max(served, short - tractor_room, 0.0), trailer_room, short)
    _level(programme, True, short - trailer)
    _level(programme, False, trailer)


def _sum(programme: Programme) -> float:
    total = 0.0
    for force in programme.force_n:
        total += force
    return total


def _friction(programme: Programme) -> float:
    total = 0.0
    for axle in range(len(programme.axles)):
        total += programme.force_n[axle]
    return total


def taken_n(programme: Programme, axle: int) -> float:
    """Force of machines on an axle."""
    force, count, one = programme.force_n, len(programme.axles), programme.axles[axle]
    on_drive = force[count + 1] + force[count + 2] + force[count + 3]
    return float(one.regenerates * force[count] + one.driven * on_drive)


def room_n(programme: Programme, axle: int) -> float:
    """How much more friction an axle may give."""
    most = min(programme.high_n[axle], programme.axle_limit_n[axle] - taken_n(programme, axle))
    return float(max(most - programme.force_n[axle], 0.0))


def _unit_room(programme: Programme, pulling: bool) -> float:
    total = 0.0
    for axle in range(len(programme.axles)):
        if pulls(programme, axle) == pulling:
            total += room_n(programme, axle)
    return total


def _room(programme: Programme) -> float:
    return _unit_room(programme, True) + _unit_room(programme, False)


def _machines(programme: Programme, beyond: float) -> None:
    """Raise machines towards the target, regeneration first, with utilisation of their axles up to the band and `beyond`."""
    task, axles, force, high = programme.task[0], programme.axles, programme.force_n, programme.high_n
    count = len(axles)
    drive, trailer = 1e30, 1e30
    for axle in range(count):
        ceiling = min((band_end(programme, axle) + beyond) * programme.load_n[axle], programme.machine_limit_n[axle])
        ceiling = max(min(ceiling, programme.axle_limit_n[axle] - force[axle]), 0.0)
        if axles[axle].driven > 0.0:
            drive = min(drive, ceiling / axles[axle].driven)
        if axles[axle].regenerates > 0.0:
            trailer = min(trailer, ceiling / axles[axle].regenerates)
    for first in (0, 2):
        wanted = task.target_n - _sum(programme)
        on_drive = force[count + 1] + force[count + 2] + force[count + 3]
        rooms = (
            max(min(high[count + first], trailer) - force[count + first], 0.0)
            if first == 0
            else max(high[count + 2] - force[count + 2], 0.0),
            max(high[count + first + 1] - force[count + first + 1], 0.0),
        )
        behind, ahead = (rooms[0], rooms[1]) if first == 0 else (0.0, rooms[0] + rooms[1])
        left = min(ahead, max(drive - on_drive, 0.0))
        total = behind + left
        if wanted <= 0.0 or total <= 0.0:
            continue
        part = min(1.0, wanted / total)
        squeeze = part * (left / ahead if ahead > 0.0 else 0.0)
        force[count + first] += rooms[0] * (part if first == 0 else squeeze)
        force[count + first + 1] += rooms[1] * squeeze


def _level(programme: Programme, pulling: bool, wanted_n: float) -> None:
    """Add friction to one unit so that utilisation is level, `wanted_n` in all."""
    if wanted_n <= 0.0:
        return
    low, high = 0.0, 0.0
    for axle in range(len(programme.axles)):
        if pulls(programme, axle) == pulling:
            present = programme.force_n[axle] + taken_n(programme, axle)
            high = max(high, (present + room_n(programme, axle)) / seen_n(programme, axle))
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _raised(programme, pulling, middle, False) < wanted_n:
            low = middle
        else:
            high = middle
    _raised(programme, pulling, high, True)


def _raised(programme: Programme, pulling: bool, level: float, apply: bool) -> float:
    """Friction that brings one unit's axles to a utilisation; applied or only told."""
    total = 0.0
    for axle in range(len(programme.axles)):
        if pulls(programme, axle) == pulling:
            present = programme.force_n[axle] + taken_n(programme, axle)
            more = min(max(level * seen_n(programme, axle) - present, 0.0), room_n(programme, axle))
            total += more
            if apply:
                programme.force_n[axle] += more
    return total
