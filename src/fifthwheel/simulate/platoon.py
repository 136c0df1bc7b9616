"""A platoon: the cruise units of n trucks in closed loop, and what each truck of a platoon needs on a mission."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.block import Running
from fifthwheel.control.cruise import block
from fifthwheel.control.cruise.unit import PERIOD_S
from fifthwheel.errors import InputError
from fifthwheel.physics.platoon import platoon_drag_ratio
from fifthwheel.road.profile import Profile
from fifthwheel.simulate.predict import energy_of
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]

LEAST_GAP_M: Final = 3.0
"""Nearer than this the law of drag says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """A truck of the closed loop: its mass, most force and power of its drive, overrun, rolling and air, and its actuators.

    Attributes
    ----------
    delay_s, lag_s : dead time and lag from the acceleration asked for to the one that acts. radio_s : age of what V2V says.
    """

    mass_kg: float = 40e3
    most_n: float = 50e3
    power_w: float = 320e3
    overrun_n: float = -3e3
    rolling_n: float = 2.2e3
    drag_area_m2: float = 5.6
    delay_s: float = 0.2
    lag_s: float = 0.4
    radio_s: float = 0.1


class _Moving:
    """A truck under way with its cruise unit."""

    def __init__(self, truck: Truck, place_m: float, speed_mps: float) -> None:
        self.truck, self.place_m, self.speed_mps, self.acceleration_mps2 = truck, place_m, speed_mps, 0.0
        self.unit = Running(block())
        self.waiting = deque([0.0] * round(truck.delay_s / PERIOD_S))
        self.sent = deque([0.0] * (round(truck.radio_s / PERIOD_S) + 1), maxlen=round(truck.radio_s / PERIOD_S) + 1)

    @property
    def against_n(self) -> float:
        return self.truck.rolling_n + 0.6 * self.truck.drag_area_m2 * self.speed_mps**2

    def ask(self, **inputs: float) -> None:
        """One step of the unit; its acceleration goes to the actuators and to the radio."""
        truck = self.truck
        most = min(truck.most_n, truck.power_w / max(self.speed_mps, 1.0))
        self.unit.set(
            speed_mps=self.speed_mps, acceleration_mps2=self.acceleration_mps2, engage_state=1.0, mass_kg=truck.mass_kg,
            against_n=self.against_n, overrun_n=truck.overrun_n, most_n=most, **inputs,
        )  # fmt: skip
        self.unit.step()
        given = (self.unit["drive_n"] - self.against_n) / truck.mass_kg - self.unit["brake_mps2"]
        self.waiting.append(given)
        self.sent.append(given)

    def move(self) -> None:
        """One period of the plant: dead time, lag, motion; it does not roll backwards."""
        asked = self.waiting.popleft()
        self.acceleration_mps2 += (asked - self.acceleration_mps2) * PERIOD_S / self.truck.lag_s
        before = self.speed_mps
        self.speed_mps = max(before + self.acceleration_mps2 * PERIOD_S, 0.0)
        self.place_m += 0.5 * (before + self.speed_mps) * PERIOD_S


def column(
    trucks: tuple[Truck, ...], lead_mps: Callable[[float], float], duration_s: float, *, v2v: bool = True,
    gap_m: float | None = None,
) -> dict[str, Floats]:  # fmt: skip
    """Drive `trucks` one behind the other; the first follows a set speed over time by its own unit.

    Parameters
    ----------
    lead_mps : set speed of the first truck at a time. v2v : whether accelerations are sent rearwards.
    gap_m : gaps at the start; ``None``: what the units keep.

    Returns
    -------
    Columns ``time_s``, ``speed_<i>_mps``, ``acceleration_<i>_mps2`` and, from the second on, ``gap_<i>_m``, shape (n,).
    """
    start = lead_mps(0.0)
    parameters = Running(block())
    kept = parameters["standstill_m"] + parameters["platoon_gap_s" if v2v else "time_gap_s"] * start
    moving = [_Moving(truck, -(kept if gap_m is None else gap_m) * index, start) for index, truck in enumerate(trucks)]
    rows = []
    for index in range(round(duration_s / PERIOD_S)):
        rows.append(
            [index * PERIOD_S, *(value for one in moving for value in (one.place_m, one.speed_mps, one.acceleration_mps2))]
        )
        radio = [one.sent[0] for one in moving]
        for rank, one in enumerate(moving):
            if rank == 0:
                one.ask(set_speed_mps=lead_mps(index * PERIOD_S), limit_speed_mps=40.0)
                continue
            ahead = moving[rank - 1]
            one.ask(
                set_speed_mps=40.0, limit_speed_mps=40.0, ahead_valid_state=1.0, gap_m=max(ahead.place_m - one.place_m, 0.0),
                ahead_speed_mps=ahead.speed_mps, v2v_valid_state=float(v2v), ahead_acceleration_mps2=radio[rank - 1],
            )  # fmt: skip
        for one in moving:
            one.move()
    table = np.array(rows)
    columns = {"time_s": table[:, 0]}
    for rank in range(len(trucks)):
        columns[f"speed_{rank}_mps"], columns[f"acceleration_{rank}_mps2"] = table[:, 3 * rank + 2], table[:, 3 * rank + 3]
        if rank:
            columns[f"gap_{rank}_m"] = table[:, 3 * rank - 2] - table[:, 3 * rank + 1]
    return columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Platoon:
    """What a platoon needs on a mission: trips by position, first to last, and energy of each beside that of a truck alone."""

    gap_m: float
    alone_j: float
    runs: tuple[TripRun, ...]
    energies_j: tuple[float, ...]

    @property
    def savings_ratio(self) -> tuple[float, ...]:
        """Share saved by position."""
        return tuple(1.0 - energy / self.alone_j for energy in self.energies_j)

    @property
    def team_ratio(self) -> float:
        """Share saved by the whole team."""
        return float(np.mean(self.savings_ratio))


def platoon(
    combination: Combination, profile: Profile, payload_kg: float, team: tuple[int, float], conditions: Conditions | None = None
) -> Platoon:
    """Drive like trucks over a mission, each a trip with the air drag of its position; `team`: how many, and their gap (m).

    Raises
    ------
    InputError : fewer than two trucks, or a gap of less than 3 m. SimulationError : as `simulate.trip.drive`.
    """
    count, gap_m = team
    if count < 2 or not gap_m >= LEAST_GAP_M:
        raise InputError(f"{count} trucks at {gap_m} m; at least 2 trucks and {LEAST_GAP_M} m are wanted")
    now = conditions or Conditions()
    gaps = [(np.inf if rank == 0 else gap_m, np.inf if rank == count - 1 else gap_m) for rank in range(count)]
    runs = []
    for ahead, behind in gaps:
        drag = now.truth.drag_ratio * float(platoon_drag_ratio(ahead, behind))
        runs.append(drive(combination, profile, payload_kg, replace(now, truth=replace(now.truth, drag_ratio=drag))))
    return Platoon(
        gap_m=gap_m, alone_j=energy_of(drive(combination, profile, payload_kg, now)), runs=tuple(runs),
        energies_j=tuple(energy_of(run) for run in runs),
    )  # fmt: skip
