"""The allocation as a small quadratic programme on arrays: its limits, its objective, and its answer.

Sources come in one order: friction of every axle front to rear, then trailer regeneration, tractor regeneration, retarder,
engine brake. Forces are brake forces at the wheels in N, positive; inside the programme they count over the whole weight.
Solved by daqp: Arnstrom, Bemporad, Axehill, A dual active-set solver for embedded quadratic programming using recursive LDL'
updates, IEEE Transactions on Automatic Control 67 (2022) 4362.

What is tracked: the trailer's share of service braking, which is its share of the load (equal adhesion), of the mass (no coupling
force), or between; and even utilisation inside each unit. Endurance braking never moves service braking from one unit to the
other, for service brakes must not compensate its coupling force (UN R13 5.2.1.28).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import daqp
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Records = NDArray[Any]

MACHINES_COUNT: Final = 4
EDGE_RATIO: Final = 1e-6
"""How far inside its limits a target stays, over the weight: 0.4 N for 40 t."""
GIVE_RATIO: Final = 1e-7
"""By how much of the weight joint limits give way, so that rounding leaves a point where they just meet."""
LEAST_WEIGHT: Final = 1e-6
"""Weight of each machine's own square, which makes the optimum unique."""
LEAST_LOAD_RATIO: Final = 0.02
"""Share of the weight below which an axle's utilisation is not told from that of this load."""
SOLVED: Final = 1
EQUALITY: Final = 5
UNBOUNDED: Final = 1e30
ATTEMPTS: Final = ((1e-9, -1e-6), (1e-7, 1e-6))
"""Feasibility over the weight and daqp's `eps_prox`; the second, with proximal steps, where limits only just meet."""

AXLE: Final = np.dtype((np.record, [("place", "i8"), ("regenerates", "f8"), ("driven", "f8")]))
"""An axle: 0 front, 1 drive, 2 trailer; shares of the trailer's machine and of the machines on the drive axles that it bears."""
TASK: Final = np.dtype(
    (np.record, [(name, "f8") for name in (
        "demand_n", "share", "service_regeneration", "regeneration_weight", "endurance_weight", "share_weight", "balance_weight",
        "friction_weight", "band_weight", "band", "weight_n", "target_n", "least_n", "most_n", "drive_n", "trailer_n",
        "drive_limit_n", "excess_n",
    )])
)  # fmt: skip
"""The task: force wanted, the trailer's share of service braking, whether regeneration belongs to the service brake, weights
and band; then what `bound` finds: weight, target, least and most force, most of the machines on drive and trailer axles; and
what slow machines on the drive axles still give beyond what they were asked, which the force wanted leaves out already."""


class Programme(NamedTuple):
    """One step's allocation; every array is changed in place.

    Attributes
    ----------
    axles, task : records of `AXLE`, shape (n_axles,), and `TASK`, shape (1,).
    load_n, axle_limit_n, machine_limit_n, most_n : load, most force in all, most of machines, most within all limits, by axle.
    low_n, high_n, force_n : bounds and answer by source, shape (n_sources,).
    hessian, gradient, lines, upper, lower, sense : what daqp solves; behind the sources, how far each axle exceeds the band.
    row : working space, shape (n_sources,).
    """

    axles: Records
    task: Records
    load_n: Floats
    axle_limit_n: Floats
    machine_limit_n: Floats
    most_n: Floats
    low_n: Floats
    high_n: Floats
    force_n: Floats
    hessian: Floats
    gradient: Floats
    lines: Floats
    upper: Floats
    lower: Floats
    sense: NDArray[np.int32]
    row: Floats


def programme_of(axles: Records) -> Programme:
    """An empty programme of these axles."""
    count = len(axles)
    sources = count + MACHINES_COUNT
    variables, rows = sources + count, 2 + 2 * count
    lines = np.zeros((rows, variables))
    lines[0, :sources], lines[1, count + 1 : sources] = 1.0, 1.0
    lines[2 : 2 + count, :count] = np.eye(count)
    lines[2 : 2 + count, count] = axles["regenerates"]
    lines[2 : 2 + count, count + 1 : sources] = axles["driven"][:, None]
    lines[2 + count :, sources:] = -np.eye(count)
    sense = np.zeros(variables + rows, dtype=np.int32)
    sense[variables] = EQUALITY
    by_axle, by_source = (np.zeros((4, count)), np.zeros((4, sources)))
    return Programme(
        axles=axles,
        task=np.zeros(1, dtype=TASK),
        load_n=by_axle[0],
        axle_limit_n=by_axle[1],
        machine_limit_n=by_axle[2],
        most_n=by_axle[3],
        low_n=by_source[0],
        high_n=by_source[1],
        force_n=by_source[2],
        hessian=np.zeros((variables, variables)),
        gradient=np.zeros(variables),
        lines=lines,
        upper=np.full(variables + rows, UNBOUNDED),
        lower=np.full(variables + rows, -UNBOUNDED),
        sense=sense,
        row=by_source[3],
    )


def seen_n(programme: Programme, axle: int) -> float:
    """Load that an axle's utilisation is told from."""
    return float(max(programme.load_n[axle], LEAST_LOAD_RATIO * programme.task[0].weight_n))


def pulls(programme: Programme, source: int) -> bool:
    """Whether a source brakes the tractor."""
    count = len(programme.axles)
    return programme.axles[source].place < 2 if source < count else source > count


def serves(programme: Programme, source: int) -> bool:
    """Whether a source belongs to the service brake."""
    count = len(programme.axles)
    return source < count or (source < count + 2 and programme.task[0].service_regeneration > 0.0)


def bound(programme: Programme) -> None:
    """Fill weight, what the limits leave, and the target: the demand as far as it lies between the least and the most."""
    task, axles, high = programme.task[0], programme.axles, programme.high_n
    count = len(axles)
    weight, drive, trailer = 0.0, UNBOUNDED, UNBOUNDED
    for axle in range(count):
        weight += programme.load_n[axle]
        if axles[axle].driven > 0.0:
            drive = min(drive, programme.machine_limit_n[axle] / axles[axle].driven)
        if axles[axle].regenerates > 0.0:
            trailer = min(trailer, programme.machine_limit_n[axle] / axles[axle].regenerates)
    task.weight_n = max(weight, 1.0)
    task.drive_limit_n = drive
    task.drive_n = min(high[count + 1] + high[count + 2] + high[count + 3], drive)
    task.trailer_n = min(high[count], trailer)
    least, most = 0.0, 0.0
    for axle in range(count):
        machines = axles[axle].regenerates * task.trailer_n + axles[axle].driven * task.drive_n
        programme.most_n[axle] = min(high[axle] + machines, programme.axle_limit_n[axle])
        most += programme.most_n[axle]
    for source in range(count + MACHINES_COUNT):
        least += programme.low_n[source]
    task.least_n, task.most_n = least, most
    edge = min(EDGE_RATIO * task.weight_n, max(0.5 * (most - least), 0.0))
    task.target_n = min(max(task.demand_n, least + edge), most - edge)


def fill(programme: Programme) -> None:
    """Fill Hessian, gradient, and bounds for daqp; `bound` comes before."""
    task, axles, hessian = programme.task[0], programme.axles, programme.hessian
    count = len(axles)
    sources = count + MACHINES_COUNT
    weight, ratio = task.weight_n, task.target_n / task.weight_n
    for i in range(sources + count):
        programme.gradient[i] = 0.0
        for j in range(sources + count):
            hessian[i, j] = 0.0
    _goals(programme, ratio)
    _tracked(programme)
    for source in range(sources):
        hessian[source, source] += 2.0 * (task.friction_weight if source < count else LEAST_WEIGHT)
        programme.upper[source] = programme.high_n[source] / weight
        programme.lower[source] = programme.low_n[source] / weight
    at = sources + count
    programme.upper[at], programme.lower[at] = ratio, ratio
    programme.upper[at + 1] = task.drive_limit_n / weight + GIVE_RATIO
    for axle in range(count):
        hessian[sources + axle, sources + axle] = 2.0 * task.band_weight
        programme.lower[sources + axle] = 0.0
        programme.upper[at + 2 + axle] = programme.axle_limit_n[axle] / weight + GIVE_RATIO
        programme.upper[at + 2 + count + axle] = band_end(programme, axle)
        per = weight / seen_n(programme, axle)
        for source in range(sources):
            programme.lines[2 + count + axle, source] = per * programme.lines[2 + axle, source]


def _goals(programme: Programme, ratio: float) -> None:
    """Regeneration, and all machines, up to what the target leaves room for."""
    task, row = programme.task[0], programme.row
    count = len(programme.axles)
    tractor = min(programme.high_n[count + 1], task.drive_n)
    for reach, wanted, weight in (
        (2, task.trailer_n + tractor, task.regeneration_weight),
        (MACHINES_COUNT, task.trailer_n + task.drive_n, task.endurance_weight),
    ):
        for source in range(len(row)):
            row[source] = 1.0 if count <= source < count + reach else 0.0
        _add(programme, weight, min(ratio, wanted / task.weight_n))


def _tracked(programme: Programme) -> None:
    """The trailer's share of service braking and of endurance braking, and even utilisation inside each unit."""
    task, row, axles = programme.task[0], programme.row, programme.axles
    count = len(axles)
    for service in (True, False):
        for source in range(len(row)):
            here = serves(programme, source) == service
            row[source] = (0.0 if pulls(programme, source) else 1.0) - task.share if here else 0.0
        _add(programme, task.share_weight, 0.0)
    front, rear = 0.0, 0.0
    for axle in range(count):
        if axles[axle].place < 2:
            front += seen_n(programme, axle)
        else:
            rear += seen_n(programme, axle)
    for axle in range(count):
        load, pulling = seen_n(programme, axle), axles[axle].place < 2
        mean = task.weight_n / (front if pulling else rear)
        for source in range(len(row)):
            same = pulls(programme, source) == pulling
            row[source] = programme.lines[2 + axle, source] * task.weight_n / load - (mean if same else 0.0)
        _add(programme, task.balance_weight * load / task.weight_n, 0.0)


def _add(programme: Programme, weight: float, goal: float) -> None:
    """Add ``weight (row x - goal)^2`` to the objective."""
    row, hessian = programme.row, programme.hessian
    for i in range(len(row)):
        if row[i] != 0.0:
            programme.gradient[i] -= 2.0 * weight * goal * row[i]
            for j in range(len(row)):
                hessian[i, j] += 2.0 * weight * row[i] * row[j]


def solve(programme: Programme) -> tuple[Floats, bool]:
    """daqp's answer to what `fill` left, shape (n_variables,), and whether there is one."""
    found = programme.gradient
    for tolerance, proximal in ATTEMPTS:
        found, _, flag, _ = daqp.solve(
            programme.hessian,
            programme.gradient,
            programme.lines,
            programme.upper,
            programme.lower,
            programme.sense.copy(),
            primal_tol=tolerance,
            eps_prox=proximal,
        )
        if flag == SOLVED:
            return found, True
    return found, False


def take(programme: Programme, found: Floats) -> None:
    """The answer as forces, inside the bounds that rounding left it at."""
    for source in range(len(programme.force_n)):
        force = found[source] * programme.task[0].weight_n
        programme.force_n[source] = min(max(force, programme.low_n[source]), programme.high_n[source])


def band_end(programme: Programme, axle: int) -> float:
    """Utilisation by what is shared out now from which on an axle is beyond the band."""
    task = programme.task[0]
    free = (task.target_n + task.excess_n) / task.weight_n + task.band
    return float(free - programme.axles[axle].driven * task.excess_n / seen_n(programme, axle))


def optimise(programme: Programme) -> bool:
    """Bound, fill, solve and take; False if the solver found nothing (the rules of `priority` then answer)."""
    bound(programme)
    fill(programme)
    found, solved = solve(programme)
    if solved:
        take(programme, found)
    return solved


def cost(programme: Programme, force_n: Floats) -> float:
    """The objective at a share of forces, shape (n_sources,), after `fill`; the constant of the goals left out."""
    x = force_n / programme.task[0].weight_n
    count, sources = len(programme.axles), len(force_n)
    used = programme.lines[2 : 2 + count, :sources] @ force_n / np.array([seen_n(programme, axle) for axle in range(count)])
    task = programme.task[0]
    over = np.maximum(used - np.array([band_end(programme, axle) for axle in range(count)]), 0.0)
    inner = programme.hessian[:sources, :sources]
    return float(0.5 * x @ inner @ x + programme.gradient[:sources] @ x + task.band_weight * (over @ over))
