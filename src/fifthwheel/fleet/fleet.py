"""`Fleet`: the verbs. CLI, console and assistant call these and show the same records and `Finding`s."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from fifthwheel.finding import Finding
from fifthwheel.fleet import energy, faults, promise, register, trips, vehicles
from fifthwheel.fleet.choice.views import Change, ChoiceView
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.views import (
    EnergyReport,
    FaultView,
    FleetOverview,
    QuarantineView,
    SeriesView,
    TripDetail,
    TripSummary,
    VehicleDetail,
    VehicleState,
)
from fifthwheel.records.entities import Coupling, VehicleRecord
from fifthwheel.road.mission import mission, names, places
from fifthwheel.road.profile import profile

_WARNINGS = pa.schema([("vehicle_id", pa.string()), ("time_us", pa.int64()), ("code", pa.string())])


class Fleet:
    """Every use case on one workspace.

    Parameters
    ----------
    stores : what the verbs work on.
    wires : statistics of the running gateway; without one there are none.
    """

    def __init__(self, stores: Stores, wires: Callable[[], Mapping[str, Any]] = dict) -> None:
        self.stores = stores
        self._wires = wires

    def overview(self) -> FleetOverview:
        """Figures of the whole fleet today."""
        return vehicles.overview(self.stores)

    def vehicles(self, vehicle_ids: Collection[str] | None = None) -> list[VehicleState]:
        """Every vehicle, or those asked for, with the latest state."""
        return vehicles.vehicles(self.stores, vehicle_ids)

    def vehicle(self, vehicle_id: str) -> VehicleDetail:
        """One vehicle in full; raises `UnknownName`."""
        return vehicles.vehicle(self.stores, vehicle_id)

    def trips(
        self, vehicle_id: str | None = None, start_us: int | None = None, end_us: int | None = None, limit: int = 200
    ) -> list[TripSummary]:
        """Trips that start in the interval, newest first."""
        return trips.trips(self.stores, vehicle_id, start_us, end_us, limit)

    def explain_trip(self, trip_id: str) -> TripDetail:
        """One trip with its closed energy account; raises `UnknownName`."""
        return trips.explain_trip(self.stores, trip_id)

    def trip_series(self, trip_id: str, signals: tuple[str, ...] = (), points: int = 1000) -> SeriesView:
        """Signals over one trip, with position, speed, altitude and ``power_w``; raises `UnknownName`."""
        return trips.trip_series(self.stores, trip_id, signals, points)

    def series(
        self, vehicle_id: str, start_us: int, end_us: int, signals: tuple[str, ...] = (), points: int = 1000
    ) -> SeriesView:
        """Signals of one vehicle over a time span; raises `UnknownName`."""
        return trips.series(self.stores, vehicle_id, start_us, end_us, signals=signals, points=points)

    def energy(self, vehicle_ids: tuple[str, ...] | None, start_us: int, end_us: int) -> EnergyReport:
        """Energy, distance and summed account of the trips that start in the interval, of some vehicles or all."""
        return energy.energy(self.stores, vehicle_ids, start_us, end_us)

    def faults(self, vehicle_id: str | None = None, active_only: bool = False) -> list[FaultView]:
        """Faults of one vehicle or all, last seen first."""
        return faults.faults(self.stores, vehicle_id, active_only=active_only)

    def quarantine(self, limit: int = 200, after: int = 0) -> list[QuarantineView]:
        """What could not be understood, newest first, `after` rows skipped."""
        rows = self.stores.lake.quarantine().slice(after, limit).to_pylist()
        return [
            QuarantineView(
                quarantine_id=f"{row['received_us']}-{index}",
                hex=row["frame"].hex(),
                **{name: row[name] for name in ("received_us", "wire", "identity", "reason", "detail")},
            )
            for index, row in enumerate(rows, start=after)
        ]

    def wires(self) -> Mapping[str, Any]:
        """Sessions, rates, lag and rejects of the gateway."""
        return self._wires()

    def roads(self) -> list[dict[str, Any]]:
        """Roads of the base map: the missions' lines, as ``points`` of (longitude, latitude)."""
        return [{"points": line} for line in _roads()]

    def places(self) -> list[dict[str, Any]]:
        """Named places of the base map."""
        return [asdict(place) for place in places()]

    def find(self, name: str) -> str:
        """Id of the vehicle with that id or plate; raises `UnknownName`."""
        return register.find(self.stores, name)

    def add_vehicle(
        self, plate: str, *, combination: str | None = None, vin: str | None = None, phone: str | None = None
    ) -> VehicleRecord:
        """Add a vehicle or trailer; raises `InputError`, `UnknownName`, `Conflict`."""
        return register.add_vehicle(self.stores, plate, combination=combination, vin=vin, phone=phone)

    def couple(self, tractor: str, trailer: str, start_us: int, end_us: int | None = None) -> Coupling:
        """Couple a trailer for an interval; raises `UnknownName`, `Conflict`."""
        return register.couple(self.stores, tractor, trailer, start_us, end_us)

    def promise(
        self, vehicle_id: str, what: Mapping[str, Any] | str | Path, candidate: str, start_us: int, *, who: str
    ) -> PromiseView:
        """Record that a vehicle was chosen as `candidate` (id or rank) for a duty; raises `UnknownName`, `Conflict`."""
        return promise.promise(self.stores, vehicle_id, what, candidate, start_us=start_us, who=who)

    def promise_of(self, vehicle_id: str) -> PromiseView | None:
        """What a vehicle was chosen for, as it holds now, if that was recorded; raises `UnknownName`."""
        return promise.promise_of(self.stores, vehicle_id)

    def kept(self, vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView:
        """A vehicle's trips since its promise against the promise; raises `UnknownName`, `InputError`."""
        return promise.kept(self.stores, vehicle_id, start_us, end_us)

    def choose(self, duty: Mapping[str, Any]) -> ChoiceView:
        """Combinations ranked for a duty, given as its table; raises `InputError`."""
        from fifthwheel.fleet import choose  # the engine loads with the first choice

        return choose.choose(duty)

    def what_if(self, choice_id: str, change: Change) -> ChoiceView:
        """The ranking if a recent choice's duty departed from what was asked; raises `UnknownName`."""
        from fifthwheel.fleet import choose

        return choose.what_if(choice_id, change)

    def break_even(self, choice_id: str, first_id: str, second_id: str) -> Finding:
        """Distance a year from which the first candidate of a recent choice costs no more than the second."""
        from fifthwheel.fleet import choose

        return choose.break_even(choice_id, first_id, second_id)

    def query(self, sql: str) -> pa.Table:
        """One SELECT over ``observations trips faults warnings quarantine vehicles couplings``; raises `InputError`."""
        records = self.stores.records
        return self.stores.lake.sql(
            sql,
            {
                "vehicles": _table(records.vehicles(), VehicleRecord),
                "couplings": _table(records.couplings(), Coupling),
                "warnings": _WARNINGS.empty_table(),
            },
        )


def _table(rows: Sequence[VehicleRecord | Coupling], kind: type[VehicleRecord | Coupling]) -> pa.Table:
    """Records as a table whose columns stand even without rows."""
    schema = pa.schema([(one.name, pa.int64() if one.name.endswith("_us") else pa.string()) for one in fields(kind)])
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=schema)


@cache
def _roads() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Every mission's line once, a point about every half kilometre."""
    lines = []
    for name in names():
        line = profile(mission(name))
        step = max(len(line.latitude_deg) * 500 // max(int(line.length_m), 1), 1)
        lines.append(tuple(zip(line.longitude_deg[::step].tolist(), line.latitude_deg[::step].tolist(), strict=True)))
    return tuple(lines)
