"""VECTO's driving cycles (``.vdri``): read as they are, refined to metres, and turned into a road.

Columns are found by header in any spelling of VECTO 2.2 and 3.x: ``<s>`` m, ``<v>`` km/h, ``<grad>`` %, ``<stop>`` s and
``<Padd>`` kW; brackets, case and units do not matter. Cycles by time have their own reader.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.cycle import Cycle
from fifthwheel.road.profile import EARTH_RADIUS_M, STEP_M, Profile, Stop
from fifthwheel.units import KMH
from fifthwheel.vehicle.vecto.tables import Rows, find_columns, read_rows

Floats = NDArray[np.float64]

COLUMNS: Final = {
    "distance": ("s", "distance", "dist"),
    "speed": ("v", "vehicle speed", "speed", "v targ"),
    "grade": ("grad", "grade", "road gradient", "gradient"),
    "stop": ("stop", "stop time"),
    "auxiliary": ("Padd", "additional aux power"),
    "time": ("t", "time"),
}
REFINED_M: Final = 1.0
"""VECTO's own longest step of a distance cycle."""
START_DEG: Final = (47.07, 15.44)
"""Where the straight road north begins, since a cycle has no place: the town where VECTO was made."""


def read_cycle(path: Path) -> Cycle:
    """A cycle by distance, as the file has it.

    Raises
    ------
    InputError : not readable, a cycle by time, a column missing, or a value that no cycle can have.
    """
    table = read_rows(path)
    places = _places(table)
    if "time" in places:
        raise InputError(f"{path}: a cycle by time (<t>); a cycle by distance with <s>, <v>, <grad> and <stop> is wanted here")
    _need(table, places, ("distance", "speed"))
    columns = {name: np.array(table.column(index, name)) for name, index in places.items() if name != "time"}
    nought = np.zeros(len(table.rows))
    cycle = Cycle(
        name=path.stem,
        distance_m=columns["distance"],
        speed_mps=columns["speed"] * KMH,
        grade_ratio=columns.get("grade", nought) / 100.0,
        stop_s=columns.get("stop", nought),
        auxiliary_w=columns.get("auxiliary", nought) * 1000.0,
    )
    _check(table, cycle)
    return cycle


def read_timed(path: Path) -> tuple[Floats, Floats, Floats]:
    """A cycle by time: time (s), speed (m/s) and grade (rise over run), each of shape (n,); a row a second without ``<t>``.

    Raises
    ------
    InputError : not readable, a column missing, or times that do not rise.
    """
    table = read_rows(path)
    places = _places(table)
    if "distance" in places and "time" not in places:
        raise InputError(f"{path}: a cycle by distance (<s>); a cycle by time with <t>, <v> and <grad> is wanted here")
    _need(table, places, ("speed",))
    speed = np.array(table.column(places["speed"], "speed"))
    time = np.array(table.column(places["time"], "time")) if "time" in places else np.arange(float(len(speed)))
    grade = np.array(table.column(places["grade"], "grade")) if "grade" in places else np.zeros(len(time))
    falling = np.flatnonzero(np.diff(time) <= 0.0)
    if len(falling):
        at = int(falling[0]) + 1
        raise InputError(
            f"{path}: line {table.rows[at][0]}: time {time[at]:g} s after {time[at - 1]:g} s; rising times are wanted"
        )
    return time, speed * KMH, grade / 100.0


def _places(table: Rows) -> dict[str, int]:
    found = find_columns(table.header, COLUMNS)
    if table.header:
        return found
    return dict(zip(("distance", "speed", "grade", "stop"), range(len(table.rows[0][1])), strict=False))


def _need(table: Rows, places: dict[str, int], names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in places]
    if missing:
        accepted = "; ".join(f"{name}: {' | '.join(COLUMNS[name])}" for name in missing)
        raise InputError(
            f"{table.path}: no column for {', '.join(missing)} among {', '.join(table.header)}; accepted headers are {accepted}"
        )


def _check(table: Rows, cycle: Cycle) -> None:
    """Refuse distances that fall, negative speeds and stops, and stops where the target is not zero."""
    if len(cycle.distance_m) < 2:
        raise InputError(f"{table.path}: has {len(cycle.distance_m)} row; at least two are wanted")
    falls = np.append(False, np.diff(cycle.distance_m) < 0.0)
    faults = (
        (falls, "distance falls", cycle.distance_m, "m", "a distance that does not fall"),
        (cycle.speed_mps < 0.0, "speed", cycle.speed_mps / KMH, "km/h", "0 or more"),
        (cycle.stop_s < 0.0, "stop", cycle.stop_s, "s", "0 or more"),
        (
            (cycle.stop_s > 0.0) & (cycle.speed_mps > 0.0),
            "speed at a stop",
            cycle.speed_mps / KMH,
            "km/h",
            "0 where <stop> is not",
        ),
    )
    for wrong, what, values, unit, wanted in faults:
        for at in np.flatnonzero(wrong)[:1]:
            raise InputError(f"{table.path}: line {table.rows[at][0]}: {what} is {values[at]:g} {unit}; {wanted} is wanted")
    if cycle.distance_m[-1] <= cycle.distance_m[0]:
        raise InputError(f"{table.path}: has a length of 0 m; distances that rise are wanted")


def refined(cycle: Cycle) -> Cycle:
    """The cycle with points at most `REFINED_M` apart: grade and target hold until the next point of the file.

    After a stop the target is that of the next point. So the reduced cycles of VECTO's declaration data become the metre-wise
    ones again, which name some lower targets just after a stop besides (urban delivery, municipal utility, construction).
    """
    counts = np.maximum(np.ceil(np.diff(cycle.distance_m) / REFINED_M - 1e-9), 1.0).astype(np.int64)
    origin = np.append(np.repeat(np.arange(len(counts)), counts), len(counts))
    first = np.append(0, np.cumsum(counts))
    within = (np.arange(len(origin)) - first[origin]) / np.append(counts, 1)[origin]
    widths = np.append(np.diff(cycle.distance_m), 0.0)
    inside = within > 0.0
    ahead = np.minimum(origin + 1, len(counts))
    held = np.where(
        cycle.speed_mps > 0.0, cycle.speed_mps, cycle.speed_mps[np.minimum(np.arange(len(counts) + 1) + 1, len(counts))]
    )
    return replace(
        cycle,
        distance_m=cycle.distance_m[origin] + within * widths[origin],
        speed_mps=np.where(inside, np.where(held[origin] > 0.0, held[origin], cycle.speed_mps[ahead]), cycle.speed_mps[origin]),
        grade_ratio=cycle.grade_ratio[origin],
        stop_s=np.where(inside, 0.0, cycle.stop_s[origin]),
        auxiliary_w=cycle.auxiliary_w[origin],
    )


def altitude_m(cycle: Cycle) -> Floats:
    """Height above the start at the points of a cycle: trapezoid of its grades, shape (n,). Refine it first.

    Source: VECTO 2.2, which takes rise over run as rise over road.
    """
    mean = (cycle.grade_ratio[1:] + cycle.grade_ratio[:-1]) / 2.0
    return np.append(0.0, np.cumsum(mean * np.diff(cycle.distance_m)))


def profile_of(cycle: Cycle) -> Profile:
    """The cycle as a straight road north from `START_DEG`, sea level at its start.

    Heights are those of the refined cycle at the nodes; the limit of a node is the lowest target from it to the next one;
    stops lie on their nearest node, where those that meet add up; the last node is the end stop.

    Raises
    ------
    InputError : nowhere a target above zero.
    """
    fine = refined(cycle)
    if not (fine.speed_mps > 0.0).any():
        raise InputError(f"cycle {cycle.name}: its target speed is 0 km/h everywhere; a target above 0 is wanted")
    along = fine.distance_m - fine.distance_m[0]
    count = max(1, round(float(along[-1]) / STEP_M))
    nodes = STEP_M * np.arange(count + 1)
    altitude = np.interp(nodes, along, altitude_m(fine))
    rise = np.diff(altitude) / STEP_M
    return Profile(
        altitude_m=altitude,
        sine=np.append(rise, rise[-1]),
        heading_rad=np.zeros(count + 1),
        latitude_deg=START_DEG[0] + np.degrees(nodes / EARTH_RADIUS_M),
        longitude_deg=np.full(count + 1, START_DEG[1]),
        limit_mps=_limits(along, fine.speed_mps, count),
        stops=_stops(along, fine.stop_s, count),
    )


def _limits(along: Floats, speed_mps: Floats, count: int) -> Floats:
    """Lowest target above zero from each node to the next; a node without any takes that of its predecessor, shape (n,)."""
    lowest = np.full(count + 1, np.inf)
    moving = speed_mps > 0.0
    np.minimum.at(lowest, np.minimum((along[moving] / STEP_M + 1e-9).astype(np.int64), count), speed_mps[moving])
    known = np.flatnonzero(np.isfinite(lowest))
    held = np.maximum(np.searchsorted(known, np.arange(count + 1), side="right") - 1, 0)
    return np.asarray(lowest[known[held]], dtype=np.float64)


def _stops(along: Floats, stop_s: Floats, count: int) -> tuple[Stop, ...]:
    total = {count: 0.0}
    for at in np.flatnonzero(stop_s > 0.0):
        node = min(round(float(along[at]) / STEP_M), count)
        total[node] = total.get(node, 0.0) + float(stop_s[at])
    return tuple(Stop(distance_m=STEP_M * node, duration_s=total[node]) for node in sorted(total))
