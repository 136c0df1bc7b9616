"""Corner speeds of an engine's full-load curve, and the shift lines that follow from them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.simulate.compiled import part
from fifthwheel.units import RPM
from fifthwheel.vehicle.components import Engine
from fifthwheel.vehicle.vecto.job import Job

Floats = NDArray[np.float64]

LOW_POWER_RATIO: Final = 0.55
HIGH_POWER_RATIO: Final = 0.95
PREFERRED_TORQUE_RATIO: Final = 0.51
"""Share of the torque integral between idle and the high speed that lies below the preferred speed."""


class Corners(NamedTuple):
    """Crank speeds that describe a full-load curve, rad/s, and its most torque.

    `low` and `high`: where power reaches 55 % of its maximum from below and 95 % from above; `preferred`: where the torque
    integral from idle reaches 51 % of that to `high`; `rated`: of most power.
    """

    idle: float
    low: float
    preferred: float
    high: float
    rated: float
    torque: float


def corner_speeds(engine: Engine) -> Corners:
    """Scan the full-load curve in steps of 1 1/min."""
    curve, full = np.array(engine.speed_radps) / RPM, np.array(engine.full_load_torque_nm)
    scan = np.arange(np.ceil(curve[0] - 1e-6), np.floor(curve[-1] + 1e-6) + 1.0)
    power = scan * np.interp(scan, curve, full)
    enough = scan[power >= HIGH_POWER_RATIO * power.max()]
    idle, high = engine.idle_speed_radps / RPM, float(enough[-1])
    fine = np.linspace(idle, high, 1 + 10 * max(round(high - idle), 1))
    torque = np.interp(fine, curve, full)
    integral = np.concatenate([[0.0], np.cumsum((torque[1:] + torque[:-1]) / 2)])
    preferred = float(np.interp(PREFERRED_TORQUE_RATIO * integral[-1], integral, fine))
    low = float(scan[power >= LOW_POWER_RATIO * power.max()][0])
    return Corners(
        idle=idle * RPM, low=low * RPM, preferred=preferred * RPM, high=high * RPM,
        rated=float(scan[np.argmax(power)]) * RPM, torque=float(full.max()),
    )  # fmt: skip


def shift_lines(job: Job, corners: Corners) -> tuple[Floats, Floats, Floats]:
    """Torque nodes, downshift and upshift speeds of every gear, shape (gears, n): as the job states them, else from the curve.

    Raises
    ------
    InputError : shift lines for some gears only.
    """
    gears = len(job.combination.drive.gearbox.ratios)
    stated = job.shifting.polygons
    if len(stated) not in (0, gears):
        raise InputError(f"{len(stated)} shift polygons for {gears} gears; one a gear or none are needed")
    if not stated:
        least = corners.preferred + corners.low - corners.idle
        down = corners.torque * corners.idle / least
        up = corners.torque * (corners.preferred - corners.idle) / (corners.high - corners.idle)
        nodes = np.array(sorted((0.0, down, up, corners.torque)))
        half = (corners.preferred + corners.low) / 2
        low = np.interp(nodes, (0.0, down, corners.torque), (corners.idle, corners.idle, half))
        high = np.interp(nodes, (0.0, up, corners.torque), (corners.preferred, corners.preferred, corners.high))
        return np.tile(nodes, (gears, 1)), np.tile(low, (gears, 1)), np.tile(high, (gears, 1))
    width = max(len(one.torque_nm) for one in stated)
    return (
        np.array([_padded(one.torque_nm, width) for one in stated]),
        np.array([_padded(one.down_radps, width) for one in stated]),
        np.array([_padded(one.up_radps, width) for one in stated]),
    )


def _padded(values: tuple[float, ...], width: int) -> list[float]:
    """Repeat the last line's slope beyond its end, so that gears with fewer nodes fit the same table."""
    found = list(values)
    while len(found) < width:
        found.append(2 * found[-1] - found[-2])
    return found


@part
def along(nodes: Floats, values: Floats, x: float) -> float:
    """Linear between nodes, straight on outside."""
    index = min(max(int(np.searchsorted(nodes, x)) - 1, 0), len(nodes) - 2)
    share = (x - nodes[index]) / (nodes[index + 1] - nodes[index])
    return float(values[index] + share * (values[index + 1] - values[index]))
