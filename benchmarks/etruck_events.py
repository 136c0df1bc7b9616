"""Driving events of three measured battery tractors: read, checked and cleaned for `etruck.py`.

What the files do not say is derived from them here: the unit of speed, the clock, repeated rows, gaps, and how sure each
measured energy is.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from fifthwheel.errors import InputError
from fifthwheel.units import KMH, KWH

Floats = NDArray[np.float64]

MILE_M = 1609.344
SPEED_SCALE = 1.60934 / 1.609
"""The speeds of the files are whole km/h times this: turned into miles by one rounded factor and back by another."""
REPEAT_S = 0.5
"""Rows closer in time than this repeat the row before: they come at whole multiples of 30 s, always with the same speed."""
PARKED_S = 300.0
"""The logger sleeps while the truck stands. Pauses up to this long are halts with everything on, longer ones parked, off."""
SMOOTHING_S = 1.75
"""Width (standard deviation) of the filter on speed: what it takes out at speed is what steps of 1 km/h put in, 0.29 km/h rms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """How a trace is made: see the constants of this module; `repeats_count_s` gives every repeated row that much time."""

    smoothing_s: float = SMOOTHING_S
    parked_s: float = PARKED_S
    repeats_count_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One driving event.

    Attributes
    ----------
    speed_mps : one value a second from start to end, parking left out, shape (n,).
    energy_j : what left the cells: fall of charge times the truck's capacity. energy_std_j : by the charge's step alone.
    capacity_std_ratio : uncertainty of the capacity, the same for all events of a truck.
    straightness_m : how far charge over distance strays from a straight line (root mean square, as published).
    published_jpm, published_m : energy per distance as published, and the distance it rests on.
    repeated_rows, gaps_moving_s, parked_s : what cleaning met.
    """

    truck: int
    name: int
    speed_mps: Floats
    energy_j: float
    energy_std_j: float
    capacity_std_ratio: float
    soc_start_ratio: float
    soc_end_ratio: float
    straightness_m: float
    published_jpm: float
    published_m: float
    repeated_rows: int
    gaps_moving_s: float
    parked_s: float

    @property
    def distance_m(self) -> float:
        """Way under the cleaned speed."""
        return float(np.trapezoid(self.speed_mps))

    @property
    def measured_jpm(self) -> float:
        """Energy per distance over the cleaned distance."""
        return self.energy_j / self.distance_m


def _table(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def capacities(folder: Path) -> dict[int, tuple[float, float]]:
    """Usable energy of each truck's battery and its standard deviation, in J."""
    mean, deviation = _table(folder / "pepsi_semi_battery_capacities.csv.gz")
    return {truck: (float(mean[f"pepsi_{truck}"]) * KWH, float(deviation[f"pepsi_{truck}"]) * KWH) for truck in (1, 2, 3)}


def pilot_jpm(folder: Path) -> dict[int, tuple[float, float, float]]:
    """Energy per distance that the pilot's summary gives for each truck: central, low, high."""
    rows = {row[""]: row for row in _table(folder / "PepsiCo_Cali_Pilot_Results.csv.gz")}
    names = [f"Electricity per mile ({name}) [kWh/mile]" for name in ("central", "down", "up")]
    central, low, high = ([float(rows[name][f"Pepsi {truck}"]) * KWH / MILE_M for truck in (1, 2, 3)] for name in names)
    return {truck: (central[truck - 1], low[truck - 1], high[truck - 1]) for truck in (1, 2, 3)}


def read_events(folder: Path, cleaning: Cleaning | None = None) -> list[Event]:
    """All events that have both a trace and a measured energy, by truck and number."""
    how = cleaning or Cleaning()
    found = []
    for truck, capacity in capacities(folder).items():
        path = folder / f"pepsi_{truck}_drivecycle_data.csv.gz"
        rows = _table(path) if path.is_file() else []
        found += [_event(folder, truck, row, capacity, how) for row in rows]
    return found


def _event(folder: Path, truck: int, row: dict[str, str], capacity: tuple[float, float], how: Cleaning) -> Event:
    name = int(row["Driving event"])
    path = folder / f"pepsi_{truck}_drive_cycle_{name}_with_distance.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        time_s, speed, grade, distance_m = np.loadtxt(file, delimiter=",", skiprows=1).T
    if grade.any():
        raise InputError(f"{path.name}: a grade of {np.abs(grade).max():g} %; the study takes the roads as level")
    steps = speed / SPEED_SCALE
    if np.abs(steps - np.round(steps)).max() > 0.01:
        raise InputError(f"{path.name}: a speed that is no whole number of km/h; the unit of speed was derived from that")
    trace = _trace(time_s, np.round(steps) * KMH, how)
    start, end = float(row["Initial battery charge (%)"]) / 100, float(row["Final battery charge (%)"]) / 100
    return Event(
        truck=truck, name=name, speed_mps=trace[0], energy_j=(start - end) * capacity[0],
        energy_std_j=_step_ratio([start, end]) * np.sqrt(2 / 12) * capacity[0], capacity_std_ratio=capacity[1] / capacity[0],
        soc_start_ratio=start, soc_end_ratio=end, straightness_m=float(row["RMSE"]) * MILE_M,
        published_jpm=float(row["Fuel economy (kWh/mile)"]) * KWH / MILE_M, published_m=float(distance_m[-1]),
        repeated_rows=trace[1], gaps_moving_s=trace[2], parked_s=trace[3],
    )  # fmt: skip


def _step_ratio(charges: list[float]) -> float:
    """Resolution of the charge: all are multiples of 0.005 %; anything else is refused."""
    step = 5e-5
    if any(abs(charge / step - round(charge / step)) > 1e-3 for charge in charges):
        raise InputError(f"a charge off the grid of {100 * step} %")
    return step


def _trace(time_s: Floats, speed_mps: Floats, how: Cleaning) -> tuple[Floats, int, float, float]:
    """Speed once a second with repeats and parking out, and: repeated rows, seconds bridged while moving, seconds parked."""
    step = np.diff(time_s)
    repeats = step < REPEAT_S
    gap = step > 5.0
    standing = gap & (speed_mps[:-1] <= 1.0) & (speed_mps[1:] <= 1.0)
    parked = standing & (step > how.parked_s)
    moving = float(step[gap & ~standing].sum())
    lasting = np.where(parked, 1.0, np.where(repeats, how.repeats_count_s, step))
    clock = np.append(0.0, np.cumsum(lasting))
    keep = np.append(True, lasting > 0.0)
    seconds = np.arange(0.0, clock[-1] + 0.5)
    speed = np.interp(seconds, clock[keep], speed_mps[keep])
    rested = (np.searchsorted(clock[keep], seconds, side="right") > 0) & (speed <= 1e-9)
    smooth = gaussian_filter1d(speed, how.smoothing_s, mode="nearest") if how.smoothing_s > 0.0 else speed
    smooth = np.where(rested | (smooth < 0.05), 0.0, smooth)
    smooth[0] = smooth[-1] = 0.0
    return smooth, int(repeats.sum()), moving, float(step[parked].sum())
