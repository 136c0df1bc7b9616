"""The control unit drives a mission: shift plant at 1 ms over a road profile, with a driver who follows the speed limit.

The driver looks ahead as far as comfortable braking takes, holds speed with a pedal that moves no faster than a foot, brakes
beyond a band above it, and stops where the profile has a stop. Slope comes from the profile, the mass may change at stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.gearbox import layout as n
from fifthwheel.errors import InputError, SimulationError
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.read import read
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.kernel import over_road
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.run import PERIOD_S, rig

LONGEST_S: Final = 12 * 3600.0
REVERSE_S: Final = 6.0
"""A shift back within this time counts as hunting (control facts 5.3, VECTO [S12])."""
ROLLING_MPS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """How a mission is driven; all [P].

    Attributes
    ----------
    brake_mps2 : deceleration planned towards lower limits and stops.
    pedal_spm, pedal_ratio : pedal a m/s of missing speed, and a metre of missing way (integral).
    pedal_ps : fastest movement of the pedal.
    band_mps : speed above the wanted one from which the brake is used; brake_spm its share a m/s beyond.
    stand_s : longest standing at a stop, shorter where the profile says so.
    """

    brake_mps2: float = 0.6
    pedal_spm: float = 0.30
    pedal_ratio: float = 0.02
    pedal_ps: float = 0.7
    band_mps: float = 0.8
    brake_spm: float = 0.12
    stand_s: float = 5.0


def wanted_speed(road: Profile, brake_mps2: float) -> Floats:
    """Speed that the driver wants at each node: the limit, less what braking in time for later nodes and stops takes, m/s."""
    speed = road.limit_mps.copy()
    speed[[round(stop.distance_m / STEP_M) for stop in road.stops]] = 0.0
    for i in range(len(speed) - 2, -1, -1):
        speed[i] = min(speed[i], float(np.sqrt(speed[i + 1] ** 2 + 2 * brake_mps2 * STEP_M)))
    return speed


COLUMNS: Final = ("time_s", "way_m", "speed_mps", "wanted_mps", "grade_ratio", "pedal_ratio", "brake_ratio", "gear_count",
                  "shifts_count", "phase_state", "engine_radps", "engine_nm", "odd_clutch_k", "even_clutch_k",
                  "mass_believed_kg", "grade_believed_ratio", "friction_j", "warning_count")  # fmt: skip
"""Columns of a drive, one row each tenth of a second, in the order the kernel writes them."""


def drive(name_or_road: str | Profile, driveline: Driveline | None = None, *, driver: Driver | None = None,
          loads: Sequence[tuple[float, float]] = (), most_s: float = LONGEST_S) -> dict[str, Floats]:  # fmt: skip
    """Drive a mission from standstill to its end, or for `most_s`; the columns of `COLUMNS`.

    Parameters
    ----------
    name_or_road : mission of the catalogue, file (`road.read.read`) or profile.
    loads : pairs of way (m) and mass (kg): from the first stop at or beyond that way on, the vehicle has that mass.

    Raises
    ------
    InputError : a time that is not positive. SimulationError : a state left the finite numbers.
    """
    if not 0 < most_s <= LONGEST_S:
        raise InputError(f"{most_s} s; above 0 and at most {LONGEST_S:.0f} s is accepted")
    road = read(name_or_road) if isinstance(name_or_road, str) else name_or_road
    how = driver or Driver()
    made = rig(driveline or Driveline())
    made.unit[n.MASS_KG] = made.calibration[n.FIRST_MASS_KG]
    stops = np.array([(stop.distance_m, min(stop.duration_s, how.stand_s)) for stop in road.stops])
    steer = np.array([getattr(how, one.name) for one in fields(how)])
    plan = np.zeros((1, m.N_PLAN))
    plan[0, [m.P_SELECT, m.P_TORQUE_FACTOR]] = 1.0
    rows = np.zeros((int(most_s / (10 * PERIOD_S)), len(COLUMNS)))
    count = over_road(
        made.plant, np.zeros(12), np.zeros(12), made.parameters, made.unit, made.inputs, made.calibration, made.outputs,
        np.zeros(2), plan, np.column_stack([road.sine, wanted_speed(road, how.brake_mps2)]), stops,
        np.array([*loads, (np.inf, 0.0)], dtype=np.float64), steer, np.zeros(1), rows,
    )  # fmt: skip
    if not np.isfinite(made.plant).all():
        raise SimulationError("the shift plant left the finite numbers; look for impossible parameters")
    return {name: rows[:count, i].copy() for i, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunting:
    """How often a drive shifts.

    Attributes
    ----------
    shifts_count : changes of gear while rolling; per_m over the way.
    reverse_count : shifts against the direction of the one before within 6 s; most_reverse_count the most in any 6 s.
    """

    shifts_count: int
    per_m: float
    reverse_count: int
    most_reverse_count: int


def hunting(columns: dict[str, Floats]) -> Hunting:
    """Count shifts and reversals of a drive."""
    gear, time = columns["gear_count"], columns["time_s"]
    changed: NDArray[np.intp] = np.flatnonzero((np.diff(gear) != 0) & (columns["speed_mps"][1:] > ROLLING_MPS)) + 1
    at, way = time[changed], np.sign(gear[changed] - gear[changed - 1])
    reverse = at[1:][(way[1:] != way[:-1]) & (np.diff(at) < REVERSE_S)]
    most = max((int(np.sum((reverse >= one) & (reverse < one + REVERSE_S))) for one in reverse), default=0)
    length = float(columns["way_m"][-1] - columns["way_m"][0])
    return Hunting(
        shifts_count=len(changed), per_m=len(changed) / max(length, 1.0), reverse_count=len(reverse), most_reverse_count=most
    )
