"""What candidates need on the road of a duty: every trip out and back simulated once, all candidates in one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.duty import Duty, Return
from fifthwheel.road import mission as missions
from fifthwheel.road import read as roads
from fifthwheel.road.profile import Profile, backwards, profile, steeper
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import batch
from fifthwheel.simulate.ledger import TERMS
from fifthwheel.simulate.trip import Conditions
from fifthwheel.units import KWH
from fifthwheel.vehicle.combination import Combination, Drive

Floats = NDArray[np.float64]

DEMAND_JPM: Final = 3.0 * KWH / 1e3
"""No battery combination needs more a metre of a whole trip; bounds what `endless` adds."""
USABLE_RATIO: Final = 0.5
"""Share of a battery that any may use from a usual start."""
FIGURES: Final = (
    "distance_m", "time_s", "fuel_kg", "meter_fuel_j", "meter_battery_j", "meter_trailer_battery_j", "recovered_j", "lost_s",
    "slowest_mps",
)  # fmt: skip
COLUMNS: Final = (*FIGURES, *(f"{term}_j" for term in TERMS))
"""What is kept of a trip."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The road of a duty, there and back; without a way back `back` is ``None``."""

    out: Profile
    back: Profile | None
    laden_back: bool

    @property
    def laden_m(self) -> float:
        """Way driven with cargo in a round trip."""
        return self.out.length_m + (self.back.length_m if self.back is not None and self.laden_back else 0.0)

    @property
    def distance_m(self) -> float:
        """Way of a round trip."""
        return self.out.length_m + (self.back.length_m if self.back is not None else 0.0)


def ways_of(duty: Duty) -> Ways:
    """The roads of a duty, with its factor on their slopes.

    Raises
    ------
    InputError : a road that is not known or cannot be read, or slopes too steep with the factor.
    """
    out, back = roads.read(duty.road), None
    if duty.back is not Return.NONE:
        suffix = Path(duty.road).suffix.lower()
        if suffix not in roads.SUFFIXES:
            back = roads.read(f"{duty.road}:back")
        else:
            back = profile(missions.load(Path(duty.road)).back()) if suffix == ".toml" else backwards(out)
        back = steeper(back, duty.grade_ratio)
    return Ways(out=steeper(out, duty.grade_ratio), back=back, laden_back=duty.back is Return.LADEN)


def endless(drive: Drive, length_m: float) -> Drive:
    """The drive with so large a battery that it needs no stop on `length_m`; its mass, power and losses stay.

    Where it has to charge is planned afterwards, from the energy that this one takes.
    """
    if drive.battery is None or drive.fuel is not None:
        return drive
    times = ceil(DEMAND_JPM * length_m / (USABLE_RATIO * drive.battery.capacity_j))
    return replace(drive, battery=replace(drive.battery, capacity_j=drive.battery.capacity_j * max(times, 1)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trip:
    """A trip asked for: what drives (`endless` where need be), over which of the `Ways`, with how much."""

    combination: Combination
    road: Profile
    payload_kg: float


@dataclass(slots=True, eq=False)
class Trips:
    """Trips driven in one air temperature, each kept; what was driven once is not driven again.

    Combinations and roads are known by identity: the same record is the same trip.
    """

    temperature_k: float
    shelf: batch.Shelf = field(default_factory=batch.Shelf)
    drives: dict[tuple[int, float], tuple[Drive, Drive]] = field(default_factory=dict)
    wholes: dict[tuple[int, float], tuple[Combination, Combination]] = field(default_factory=dict)
    kept: dict[tuple[int, int, float], tuple[Floats, str | None, Trip]] = field(default_factory=dict)

    def endless(self, combination: Combination, ways: Ways) -> Combination:
        """The combination with its drive `endless` on the longer of the ways, the same object each time."""
        length = max(ways.out.length_m, ways.back.length_m if ways.back else 0.0)
        own, key = combination.drive, (id(combination.drive), length)
        if key not in self.drives:
            self.drives[key] = own, endless(own, length)
        drive, place = self.drives[key][1], (id(combination), length)
        if place not in self.wholes:
            same = drive is own
            whole = combination if same else replace(combination, tractor=replace(combination.tractor, drive=drive))
            self.wholes[place] = combination, whole
        return self.wholes[place][1]

    def drive(self, wanted: Iterable[Trip], progress: Callable[[int], None] | None = None) -> tuple[Floats, list[str | None]]:
        """Figures of the trips by `COLUMNS`, shape (n, k), null as NaN, and why any could not be driven.

        `wanted` is read while the first of it is driven already.
        """
        keys: list[tuple[int, int, float]] = []
        new: dict[tuple[int, int, float], Trip] = {}
        now = Conditions(weather=Weather(temperature_k=self.temperature_k))

        def cases() -> Iterator[batch.Case]:
            for trip in wanted:
                keys.append(_key(trip))
                if keys[-1] not in self.kept and keys[-1] not in new:
                    new[keys[-1]] = trip
                    yield batch.Case(combination=trip.combination, road=trip.road, payload_kg=trip.payload_kg, conditions=now)

        table = batch.run(cases(), progress=progress, shelf=self.shelf)
        figures = np.column_stack([table[name].to_numpy() for name in COLUMNS]) if new else np.zeros((0, len(COLUMNS)))
        for (key, trip), row, error in zip(new.items(), figures, table["error"].to_pylist(), strict=True):
            self.kept[key] = row, error, trip
        found = [self.kept[key] for key in keys]
        return np.array([row for row, _, _ in found]).reshape(len(found), len(COLUMNS)), [error for _, error, _ in found]


def _key(trip: Trip) -> tuple[int, int, float]:
    return id(trip.combination), id(trip.road), trip.payload_kg


def column(figures: Floats, name: str) -> Floats:
    """One of `COLUMNS`, shape (n,), NaN as zero."""
    return np.nan_to_num(figures[:, COLUMNS.index(name)])
