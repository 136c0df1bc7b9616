"""WHTC and WHSC: normalised schedules and their exact denormalisation for an engine (UN R49 Annex 4B; control facts 5.4)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import nan, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.vehicle.components import Engine

Floats = NDArray[np.float64]

MOTORED = "m"
SPEED_FACTOR = 2.0327
RAMP_S = 20.0
LOW_SHARE, HIGH_SHARE, END_SHARE, PREFERRED_SHARE = 0.55, 0.70, 0.95, 0.51


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A normalised schedule: a row a second, torque NaN where the engine is motored; arrays of shape (n_seconds,)."""

    name: str
    time_s: Floats
    speed_ratio: Floats
    torque_ratio: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The speeds that denormalise: idle, lowest at 55 %, highest at 70 % and at 95 % of power, and the preferred one."""

    idle_radps: float
    low_radps: float
    preferred_radps: float
    high_radps: float
    end_radps: float

    def speed_radps(self, speed_ratio: Floats | float) -> Floats:
        """Speed for a normalised one: ``n (0.45 n_lo + 0.45 n_pref + 0.1 n_hi - n_idle) 2.0327 + n_idle``."""
        span = 0.45 * self.low_radps + 0.45 * self.preferred_radps + 0.1 * self.high_radps - self.idle_radps
        return np.asarray(speed_ratio * span * SPEED_FACTOR + self.idle_radps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A schedule for one engine: reference speeds and torques, a row a second; motored points have minus the drag torque."""

    name: str
    time_s: Floats
    speed_radps: Floats
    torque_nm: Floats
    motored: NDArray[np.bool_]


def read_schedule(path: Path) -> Schedule:
    """A user's schedule: CSV with the columns ``speed_percent,torque_percent`` (``m``: motored), a row a second from 1 s on.

    Raises
    ------
    InputError : other columns, or a value that is no number from 0 to 120 (%).
    """
    return _schedule(path.stem, path.read_text(encoding="utf-8"))


@cache
def whtc() -> Schedule:
    """The World Harmonised Transient Cycle, 1,800 s."""
    return _schedule("WHTC", _own("whtc.csv"))


@cache
def whsc() -> Schedule:
    """The World Harmonised Steady-state Cycle, 1,895 s, its ramps drawn out."""
    rows = [tuple(map(float, row.values())) for row in _rows(_own("whsc.csv"))]
    starts = np.cumsum([0.0] + [length for _, _, length in rows])
    times, speeds, torques = [0.0], [rows[0][0]], [rows[0][1]]
    for (speed, torque, _), begin, end in zip(rows, starts[:-1], starts[1:], strict=True):
        times += [begin + (RAMP_S if begin else 0.0), end]
        speeds += [speed, speed]
        torques += [torque, torque]
    time = np.arange(1.0, starts[-1] + 0.5)
    return Schedule(
        name="WHSC",
        time_s=time,
        speed_ratio=np.interp(time, times, speeds) / 100,
        torque_ratio=np.interp(time, times, torques) / 100,
    )


def _own(name: str) -> str:
    return files("fifthwheel.simulate.bench").joinpath(name).read_text(encoding="utf-8")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _schedule(name: str, text: str) -> Schedule:
    rows = _rows(text)
    if not rows or not {"speed_percent", "torque_percent"} <= set(rows[0]):
        raise InputError(f"schedule {name}: columns speed_percent and torque_percent are wanted")
    try:
        speed = np.array([float(row["speed_percent"]) for row in rows])
        torque = np.array([nan if row["torque_percent"].strip() == MOTORED else float(row["torque_percent"]) for row in rows])
    except ValueError as error:
        raise InputError(f"schedule {name}: {error}; numbers in % or {MOTORED} are accepted") from error
    for values in (speed, torque[~np.isnan(torque)]):
        if not ((values >= 0.0) & (values <= 120.0)).all():
            raise InputError(f"schedule {name}: {values.min()} to {values.max()} %; 0 to 120 % is accepted")
    return Schedule(name=name, time_s=np.arange(1.0, len(rows) + 1.0), speed_ratio=speed / 100, torque_ratio=torque / 100)


def reference(engine: Engine) -> Reference:
    """The denormalising speeds of an engine, exact on its piecewise linear full-load curve.

    Raises
    ------
    InputError : a curve that has 55 % of its power at idle already, or still has 70 % at its end.

    Examples
    --------
    >>> from fifthwheel.vehicle.catalogue import catalogue
    >>> from fifthwheel.units import RPM
    >>> found = reference(catalogue().build("engines", "diesel-13l-2300nm-eu"))
    >>> [round(float(speed) / RPM, 1) for speed in (found.low_radps, found.preferred_radps, found.high_radps, found.end_radps)]
    [900.0, 1247.8, 2091.9, 1857.3]
    """
    pieces = _pieces(engine)
    most = max(_most_power_w(piece) for piece in pieces)
    at_idle, at_end = pieces[0][0] * pieces[0][2], pieces[-1][1] * pieces[-1][3]
    if at_idle >= LOW_SHARE * most or at_end > HIGH_SHARE * most:
        shares = f"{at_idle / most:.0%} of its power at idle and {at_end / most:.0%} at the end"
        raise InputError(f"engine {engine.name}: full load has {shares}; below 55 % and at most 70 % are wanted")
    crossings = [
        [speed for piece in pieces for speed in _crossings(piece, share * most)] for share in (LOW_SHARE, HIGH_SHARE, END_SHARE)
    ]
    low, high, end = min(crossings[0]), max(crossings[1]), max(crossings[2])
    wanted = PREFERRED_SHARE * _area(pieces, end)
    return Reference(
        idle_radps=engine.idle_speed_radps,
        low_radps=low,
        high_radps=high,
        end_radps=end,
        preferred_radps=_where_area(pieces, wanted),
    )


Piece = tuple[float, float, float, float]
"""A straight piece of the full-load curve: speeds, then torques, at both ends."""


def _pieces(engine: Engine) -> list[Piece]:
    """The curve from idle on."""
    idle = engine.idle_speed_radps
    points = [(idle, float(np.interp(idle, engine.speed_radps, engine.full_load_torque_nm)))]
    points += [point for point in zip(engine.speed_radps, engine.full_load_torque_nm, strict=True) if point[0] > idle]
    return [(a, b, s, t) for (a, s), (b, t) in pairwise(points)]


def _line(piece: Piece) -> tuple[float, float]:
    """Intercept and slope of torque over speed."""
    low, high, first, last = piece
    slope = (last - first) / (high - low)
    return first - slope * low, slope


def _most_power_w(piece: Piece) -> float:
    intercept, slope = _line(piece)
    ends = [piece[0] * piece[2], piece[1] * piece[3]]
    best = -intercept / (2.0 * slope) if slope < 0.0 else 0.0
    return max([*ends, best * (intercept + slope * best)] if piece[0] < best < piece[1] else ends)


def _crossings(piece: Piece, power_w: float) -> list[float]:
    """Speeds of a piece with that power: ``slope w^2 + intercept w = P``."""
    intercept, slope = _line(piece)
    if abs(slope) * piece[1] < 1e-9 * max(abs(intercept), 1.0):
        roots = [power_w / intercept] if intercept else []
    else:
        inside = intercept * intercept + 4.0 * slope * power_w
        roots = [(-intercept + sign * sqrt(inside)) / (2.0 * slope) for sign in (-1.0, 1.0)] if inside >= 0.0 else []
    return [root for root in roots if piece[0] <= root <= piece[1]]


def _area(pieces: list[Piece], up_to_radps: float) -> float:
    """Integral of torque from idle up to a speed."""
    total = 0.0
    for low, high, first, last in pieces:
        if up_to_radps > low:
            end = min(high, up_to_radps)
            torque = first + (last - first) * (end - low) / (high - low)
            total += 0.5 * (first + torque) * (end - low)
    return total


def _where_area(pieces: list[Piece], wanted: float) -> float:
    """Speed up to which the integral of torque is `wanted`: ``first d + slope d^2 / 2 = left`` in its piece."""
    left = wanted
    for piece in pieces:
        low, high, first, last = piece
        whole = 0.5 * (first + last) * (high - low)
        if left <= whole:
            slope = (last - first) / (high - low)
            return low + 2.0 * left / (first + sqrt(max(first * first + 2.0 * slope * left, 0.0)))
        left -= whole
    return pieces[-1][1]


def denormalise(schedule: Schedule, engine: Engine) -> Cycle:
    """Reference speeds and torques of a schedule for an engine: torque is the share of full load at the reference speed.

    Motored points take minus the drag curve, one of the ways that the law allows [K].
    """
    speed = reference(engine).speed_radps(schedule.speed_ratio)
    full = np.interp(speed, engine.speed_radps, engine.full_load_torque_nm)
    drag = np.interp(speed, engine.speed_radps, engine.drag_torque_nm)
    motored = np.isnan(schedule.torque_ratio)
    torque = np.where(motored, -drag, schedule.torque_ratio * full)
    return Cycle(name=schedule.name, time_s=schedule.time_s, speed_radps=speed, torque_nm=torque, motored=motored)
