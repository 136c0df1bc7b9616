"""Many trips at once: each case is one row of a table with its totals and account, bit for bit those of its single run.

Cases are packed in chunks; a chunk runs in a thread, since the kernel leaves Python's lock alone. Only the rows are kept, so
memory does not grow with the length of trips. A case that cannot be driven gives a row with `error`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fifthwheel.control.energy.stage import N_STAGE
from fifthwheel.errors import FifthwheelError
from fifthwheel.road.profile import Profile
from fifthwheel.simulate import kernel, layout
from fifthwheel.simulate.ledger import TERMS, TRAILER_TERMS, corrected, ledger_of
from fifthwheel.simulate.pack import Packer, pack_bend, pack_load, top_speed_mps
from fifthwheel.simulate.tables import Road
from fifthwheel.simulate.trip import (
    Conditions,
    TripRun,
    check_payload,
    drive,
    longest_s,
    pack_road,
    pack_vehicle,
    slowest_of,
    trip_totals,
    why,
)
from fifthwheel.vehicle.combination import Combination, Drive

Floats = NDArray[np.float64]
Progress = Callable[[int], None]
"""Told how many cases more are done."""

CHUNK_CASES: Final = 128
CHUNK_NODES: Final = 500_000
"""A chunk ends at this many cases, or at this many nodes of road (28 MB)."""
PACKER_TRAINS: Final = 32
"""A chunk begins with new tables of powertrains when the old ones hold this many."""
STORES: Final = ("fuel", "battery", "trailer_battery")
TOTALS: Final = (
    "distance_m", "time_s", "fuel_kg", "fuel_l_per_100km", "fuel_kg_per_100km", "electric_kwh_per_100km", "co2_g_per_km",
)  # fmt: skip
TEXTS: Final = ("combination", "road", "driver", "error")
KNOWN: Final = ("payload_kg", "mass_kg", "temperature_k", "wind_speed_mps", "wind_from_rad", "surface_ratio", "fuel_factor_ratio")
ENDS: Final = (
    "gross_climb_j", "gross_descent_j", "recovered_j", "battery_heat_j", "trailer_battery_heat_j", "lost_s", "slowest_mps",
    "slowest_distance_m", "slowest_gear_count", "soc_end_ratio", "trailer_soc_end_ratio", "balance_error_ratio",
)  # fmt: skip
SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS[:-1]),
        ("seed_count", pa.int64()),
        *((name, pa.float64()) for name in (*KNOWN, *TOTALS)),
        *((f"meter_{store}_j", pa.float64()) for store in STORES),
        *((f"charged_{store}_j", pa.float64()) for store in STORES[1:]),
        *((f"{term}_j", pa.float64()) for term in TERMS),
        *((f"trailer_{term}_j", pa.float64()) for term in TRAILER_TERMS),
        *((name, pa.float64()) for name in ENDS),
        ("error", pa.string()),
    ]
)
"""Columns of a batch. A figure is null where the case has none (no battery, no liquid fuel) or could not be driven."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One trip of a batch.

    Attributes
    ----------
    pace_mps : prescribed speeds, one a second, shape (n,); ``None`` leaves the driver free.
    road_name : what the row calls the road.
    fuel_factor_ratio : see `simulate.ledger.corrected`.
    """

    combination: Combination
    road: Profile
    payload_kg: float
    conditions: Conditions = field(default_factory=Conditions)
    pace_mps: Floats | None = None
    road_name: str = ""
    fuel_factor_ratio: float = 1.0


def sweep(
    combinations: Iterable[Combination],
    roads: Mapping[str, Profile],
    payloads_kg: Iterable[float],
    conditions: Iterable[Conditions] = (Conditions(),),
) -> Iterator[Case]:
    """Every combination on every road with every payload in all conditions, in that order, the last fastest."""
    for combination, (name, road), payload_kg, now in product(combinations, roads.items(), payloads_kg, conditions):
        yield Case(combination=combination, road=road, payload_kg=payload_kg, conditions=now, road_name=name)


def single(case: Case) -> TripRun:
    """The case driven alone, with its trace.

    Raises
    ------
    InputError, SimulationError : as `simulate.trip.drive`.
    """
    run = drive(case.combination, case.road, case.payload_kg, case.conditions, case.pace_mps)
    return replace(run, ledger=corrected(run.ledger, case.fuel_factor_ratio))


def row_of(case: Case, run: TripRun) -> dict[str, Any]:
    """The row that a batch gives for a case, from its single run."""
    state, book = run.samples[-1, : layout.N_STATE], run.samples[-1, layout.N_STATE : layout.N_STATE + layout.N_BOOK]
    return _known(case) | _figures(case, state, book, run.time_s)


def run(
    cases: Iterable[Case],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    traces: Collection[int] = (),
    keep: Callable[[int, TripRun], None] | None = None,
    shelf: Shelf | None = None,
) -> pa.Table:
    """Drive `cases` (read as they are needed): a row each of `SCHEMA`, in their order.

    Parameters
    ----------
    workers : threads; as many as there are cores where ``None``.
    progress : called after each chunk with the number of its cases.
    traces, keep : for the cases at these places `keep` is called with place and run, sample by sample.
    shelf : vehicles packed by earlier batches, and by this one for later ones.
    """

    def watched() -> Iterator[Case]:
        for place, case in enumerate(cases):
            if place in traces and keep is not None:
                keep(place, single(case))
            yield case

    batches = []
    for batch in stream(watched() if traces else cases, workers=workers, shelf=shelf):
        batches.append(batch)
        if progress:
            progress(batch.num_rows)
    return pa.Table.from_batches(batches, schema=SCHEMA).combine_chunks()


def stream(cases: Iterable[Case], *, workers: int | None = None, shelf: Shelf | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of `run` chunk by chunk, in order; no more chunks are packed ahead than there are threads."""
    threads = workers or len(os.sched_getaffinity(0))
    waiting: deque[tuple[_Chunk, Future[_Ends]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for chunk in _chunks(cases, shelf):
            waiting.append((chunk, pool.submit(chunk.drive)))
            if len(waiting) > threads:
                done, ends = waiting.popleft()
                yield done.rows(ends.result())
        while waiting:
            done, ends = waiting.popleft()
            yield done.rows(ends.result())


_Ends = tuple[Floats, Floats]


class _Tables:
    """Powertrains packed so far, their tables as arrays until one more comes, and vehicles packed but for their load."""

    def __init__(self) -> None:
        self.packer = Packer()
        self.alike: dict[tuple[int, Conditions], layout.Record] = {}
        self._stock: layout.Stock | None = None
        self._count = 0

    @property
    def full(self) -> bool:
        return len(self.packer.trains) >= PACKER_TRAINS

    def stock(self, road: Road) -> layout.Stock:
        if self._stock is None or self._count != len(self.packer.trains):
            self._stock, self._count = self.packer.stock(road), len(self.packer.trains)
        nodes, stops, pace, bend = road
        return self._stock._replace(nodes=nodes, stops=stops, pace=pace, bend=bend)


class Shelf:
    """Vehicles packed by earlier batches: a batch with the same combinations (the same objects) packs only loads and roads."""

    def __init__(self) -> None:
        self._by_drive: dict[int, tuple[Drive, _Tables]] = {}
        self._known: dict[int, Combination] = {}
        self._last = _Tables()

    def tables(self, whole: Combination) -> _Tables:
        """The tables that hold the tractor's powertrain, or will."""
        self._known[id(whole)] = whole
        key = id(whole.drive)
        if key not in self._by_drive:
            if self._last.full:
                self._last = _Tables()
            self._by_drive[key] = whole.drive, self._last
        return self._by_drive[key][1]


def _chunks(cases: Iterable[Case], shelf: Shelf | None) -> Iterator[_Chunk]:
    """Chunks of cases; without a shelf no more is held than the tables of some powertrains."""
    chunk, own = None, _Tables()
    for case in cases:
        tables = own if shelf is None else shelf.tables(case.combination)
        if chunk is not None and (chunk.tables is not tables or len(chunk.cases) >= CHUNK_CASES or chunk.count >= CHUNK_NODES):
            yield chunk.close()
            chunk = None
            if shelf is None:
                own.alike.clear()
                tables = own = _Tables() if own.full else own
        chunk = chunk or _Chunk(tables)
        chunk.add(case)
    if chunk is not None:
        yield chunk.close()


class _Chunk:
    """Cases packed for one call of the kernel; roads that they share are packed once."""

    def __init__(self, tables: _Tables) -> None:
        self.tables = tables
        self.cases: list[Case] = []
        self.errors: list[str | None] = []
        self.good: list[int] = []
        self.trips = np.zeros(CHUNK_CASES, dtype=layout.TRIP)
        self.most: list[int] = []
        self.count = 0
        self._roads: dict[tuple[object, ...], tuple[int, int, int, int, int]] = {}
        self._nodes: list[Floats] = []
        self._stops: list[Floats] = []
        self._bends: list[Floats] = []
        self._paces: list[Floats] = [np.zeros(1)]
        self._paced: dict[int, tuple[int, int]] = {}
        self._tops: dict[int, float] = {}
        self._stock: layout.Stock | None = None

    def add(self, case: Case) -> None:
        """Pack one case more; what is wrong with it becomes the error of its row."""
        self.cases.append(case)
        try:
            check_payload(case.combination, case.payload_kg)
            trip: layout.Record = self.trips[len(self.good)]
            self._pack(trip, case)
            self._lay(trip, case)
        except FifthwheelError as error:
            self.errors.append(str(error))
            return
        self.errors.append(None)
        self.good.append(len(self.cases) - 1)

    def _pack(self, trip: layout.Record, case: Case) -> None:
        """Fill `trip` but for its road: what does not change with the load is copied from the first such case."""
        now, whole = case.conditions, case.combination
        key = (id(whole), now)
        if key not in self.tables.alike:
            pack_vehicle(trip, self.tables.packer, whole, now)
            self.tables.alike[key] = trip.copy()
        else:
            self.trips[len(self.good)] = self.tables.alike[key]
        pack_load(trip, whole, case.payload_kg, now.weather, now.truth)

    def _lay(self, trip: layout.Record, case: Case) -> None:
        """Give `trip` its road and its prescribed speeds."""
        now, whole = case.conditions, case.combination
        if id(whole) not in self._tops:
            self._tops[id(whole)] = top_speed_mps(whole.drive, whole.tyre_radius_m)
        top_mps = self._tops[id(whole)]
        key = (id(case.road), top_mps, now.weather, now.style, now.seed, now.speeds)
        if key not in self._roads:
            nodes, stops = pack_road(case.road, now, top_mps)
            stop = sum(len(rows) for rows in self._stops)
            self._roads[key] = self.count, len(nodes), stop, len(stops), longest_s(nodes, stops, np.zeros(0))
            self._nodes.append(nodes)
            self._stops.append(stops)
            self._bends.append(pack_bend(case.road))
            self.count += len(nodes)
        trip.node, trip.nodes, trip.stop, trip.stops, most = self._roads[key]
        trip.altitude = case.road.altitude_m[0]
        trip.pace = trip.paces = 0
        if case.pace_mps is not None:
            trip.pace, trip.paces = self._pace(case.pace_mps)
            most = trip.paces + 1
        self.most.append(most)

    def _pace(self, pace_mps: Floats) -> tuple[int, int]:
        if id(pace_mps) not in self._paced:
            self._paced[id(pace_mps)] = sum(len(pace) for pace in self._paces), len(pace_mps)
            self._paces.append(np.asarray(pace_mps, dtype=np.float64))
        return self._paced[id(pace_mps)]

    def close(self) -> _Chunk:
        """Join what the kernel reads."""
        if self.good:
            parts = self._nodes, self._stops, self._paces, self._bends
            nodes, stops, pace, bend = (np.concatenate(part) for part in parts)
            self._stock = self.tables.stock((nodes, stops, pace, bend))
        self._nodes, self._stops, self._paces, self._bends = [], [], [], []
        return self

    def drive(self) -> _Ends:
        """Run the kernel: states and books of the good cases at their ends."""
        count = len(self.good)
        ends = np.zeros((count, layout.N_STATE)), np.zeros((count, layout.N_BOOK))
        if self._stock is not None:
            plan = np.empty((int(self.trips["nodes"].max()), 2))
            scratch = plan, np.zeros(layout.N_FLOW), np.zeros(3), np.zeros((kernel.STAGES, N_STAGE))
            limits = np.array(self.most, dtype=np.float64), np.zeros((0, layout.N_ROW))
            kernel.drive_many(self._stock, self.trips[:count], scratch, ends, limits)
            self._stock = None
        return ends

    def rows(self, ends: _Ends) -> pa.RecordBatch:
        """The rows of all cases."""
        rows = [_known(case) | {"error": error} for case, error in zip(self.cases, self.errors, strict=True)]
        for index, place in enumerate(self.good):
            case, state, book = self.cases[place], ends[0][index], ends[1][index]
            if state[layout.CODE] == layout.DONE:
                rows[place] |= _figures(case, state, book, float(state[layout.LAST]))
            else:
                rows[place]["error"] = why(case.combination, case.road, state, float(self.trips[index]["mass"]))
        return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def _known(case: Case) -> dict[str, Any]:
    """What a row says of a case before it is driven."""
    weather = case.conditions.weather
    return {
        "combination": case.combination.name,
        "road": case.road_name,
        "driver": case.conditions.style.name,
        "seed_count": case.conditions.seed,
        "payload_kg": case.payload_kg,
        "mass_kg": case.combination.tare_kg + case.payload_kg,
        "temperature_k": weather.temperature_k,
        "wind_speed_mps": weather.wind_speed_mps,
        "wind_from_rad": weather.wind_from_rad,
        "surface_ratio": weather.surface_ratio,
        "fuel_factor_ratio": case.fuel_factor_ratio,
    }


def _figures(case: Case, state: Floats, book: Floats, time_s: float) -> dict[str, Any]:
    """Totals and account of a case driven to its end."""
    whole = case.combination
    ledger = corrected(ledger_of(whole, book), case.fuel_factor_ratio)
    fuel = whole.drive.fuel
    fuel_kg = ledger.meter_j["fuel"] / fuel.lower_heating_value_jpkg if fuel else 0.0
    electric_j = sum(energy for store, energy in ledger.meter_j.items() if store != "fuel")
    slowest = slowest_of(state)
    return {
        **trip_totals(whole, float(state[layout.S]), time_s, fuel_kg, electric_j),
        **{f"meter_{store}_j": energy for store, energy in ledger.meter_j.items()},
        **{f"charged_{store}_j": energy for store, energy in ledger.charged_j.items()},
        **{f"{term}_j": energy for term, energy in ledger.terms_j.items()},
        **{f"trailer_{term}_j": energy for term, energy in ledger.trailer_j.items()},
        "gross_climb_j": ledger.gross_climb_j,
        "gross_descent_j": ledger.gross_descent_j,
        "recovered_j": ledger.recovered_j,
        "battery_heat_j": float(book[layout.HEAT]),
        "trailer_battery_heat_j": float(book[layout.TRAILER_HEAT]),
        "lost_s": float(state[layout.LOST]),
        "slowest_mps": slowest.speed_mps if slowest else None,
        "slowest_distance_m": slowest.distance_m if slowest else None,
        "slowest_gear_count": float(slowest.gear) if slowest else None,
        "soc_end_ratio": float(state[layout.SOC]) if whole.drive.battery else None,
        "trailer_soc_end_ratio": float(state[layout.TRAILER_SOC]) if whole.trailer_drive else None,
        "balance_error_ratio": ledger.balance_error_ratio,
    }
