"""The worker: as rows arrive, cut the trips they touch anew, account their energy, keep what was learnt."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from fifthwheel.errors import FifthwheelError
from fifthwheel.explain.trips import Trip, cut
from fifthwheel.fleet.accounts import account_row
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.trips import summary_of
from fifthwheel.fleet.views import TripSummary
from fifthwheel.lake.schema import TRIPS
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.signals.observations import Observations
from fifthwheel.units import SECOND_US

_log = logging.getLogger(__name__)

MARGIN_US: Final = 1200 * SECOND_US
"""Longer than any pause that stays inside a trip."""
POLL_S: Final = 0.5
PATIENCE_S: Final = 60.0
REST_S: Final = 8.0
"""A vehicle's open trip is accounted again after this long at the earliest."""
REST_FACTOR: Final = 5.0
"""And after this many times what accounting it took, so that a long account does not follow itself."""


@dataclass(slots=True, kw_only=True)
class _Span:
    """New rows of one vehicle that are not accounted yet."""

    start_us: int
    end_us: int

    def cover(self, start_us: int, end_us: int) -> None:
        self.start_us, self.end_us = min(self.start_us, start_us), max(self.end_us, end_us)


class Worker:
    """Keeps the lake's trips true to its observations.

    `note` is called with every committed batch, from any thread; `run` works until told to stop, `settle` until done.

    Parameters
    ----------
    on_trip : told every trip that was accounted.
    behind : whether so many frames wait for the pipeline that accounting now would be for nothing.
    """

    def __init__(
        self,
        stores: Stores,
        writer: LakeWriter,
        on_trip: Callable[[TripSummary], None] | None = None,
        behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self._stores = stores
        self._writer = writer
        self._on_trip = on_trip
        self._behind = behind
        self._dirty: dict[str, _Span] = {}
        self._due_s: dict[str, float] = {}
        self._lock = Lock()

    def note(self, observations: Observations) -> None:
        """Rows that the lake holds now."""
        spans = observations.table.group_by("vehicle_id").aggregate([("time_us", "min"), ("time_us", "max")])
        with self._lock:
            for row in spans.to_pylist():
                vehicle_id, start_us, end_us = self._owner(row), row["time_us_min"], row["time_us_max"]
                self._dirty.setdefault(vehicle_id, _Span(start_us=start_us, end_us=end_us)).cover(start_us, end_us)

    def run(self, stop: Event) -> None:
        """Account what is due until `stop` is set; a backlog of frames goes first, for at most `PATIENCE_S`."""
        waited_s = 0.0
        while not stop.wait(POLL_S):
            waited_s = waited_s + POLL_S if self._behind() else PATIENCE_S
            if waited_s >= PATIENCE_S:
                waited_s = 0.0
                self._work(time.monotonic())

    def settle(self) -> None:
        """Account everything noted, now."""
        while self._dirty:
            self._work(float("inf"))

    def _owner(self, row: dict[str, Any]) -> str:
        """The tractor whose trip these rows belong to: a trailer's rows belong to what towed it."""
        return self._stores.records.tractor_at(row["vehicle_id"], row["time_us_max"]) or row["vehicle_id"]

    def _work(self, now_s: float) -> None:
        with self._lock:
            due = {name: self._dirty.pop(name) for name in list(self._dirty) if self._due_s.get(name, 0.0) <= now_s}
        for vehicle_id, span in due.items():
            started_s = time.monotonic()
            try:
                self._account(vehicle_id, span)
            except FifthwheelError:
                _log.exception("trips of %s could not be accounted", vehicle_id)
            took_s = time.monotonic() - started_s
            self._due_s[vehicle_id] = started_s + max(REST_S, REST_FACTOR * took_s)

    def _account(self, vehicle_id: str, span: _Span) -> None:
        known = self._stores.lake.trips(vehicle_id)
        touching = pc.and_(
            pc.less_equal(known.column("start_us"), span.end_us + MARGIN_US),
            pc.greater_equal(known.column("end_us"), span.start_us - MARGIN_US),
        )
        touched = known.filter(touching).to_pylist()
        start_us = min([span.start_us, *(row["start_us"] for row in touched)])
        end_us = max([span.end_us, *(row["end_us"] for row in touched)])
        rows = self._stores.lake.observations(vehicle_id, start_us=start_us - MARGIN_US, end_us=end_us + MARGIN_US)
        found = [trip for trip in cut(rows).trips if trip.start_us <= end_us and trip.end_us >= start_us]
        revision_us = self._stores.clock()
        written = [self._row(trip, rows) | {"revision_us": revision_us, "superseded": False} for trip in found]
        gone = {row["trip_id"]: row for row in touched}.keys() - {trip.trip_id for trip in found}
        dropped = [row | {"revision_us": revision_us, "superseded": True} for row in touched if row["trip_id"] in gone]
        if written or dropped:
            table = pa.Table.from_pylist([*written, *dropped], TRIPS)
            self._writer.append("trips", table, stream="worker", offset=revision_us)
        if self._on_trip:
            plate = self._stores.records.vehicle(vehicle_id).plate
            for row in written:
                self._on_trip(summary_of(row, plate, self._stores))

    def _row(self, trip: Trip, rows: Observations) -> dict[str, Any]:
        names = ("trip_id", "vehicle_id", "trailer_id", "start_us", "end_us", "distance_m", "moving_s", "idle_s", "complete")
        places = ("start_latitude_deg", "start_longitude_deg", "end_latitude_deg", "end_longitude_deg")
        driver = self._stores.records.driver_at(trip.vehicle_id, trip.start_us)
        base = {name: getattr(trip, name) for name in (*names, *places)} | {"driver": driver.name if driver else None}
        return base | account_row(self._stores, trip, rows)
