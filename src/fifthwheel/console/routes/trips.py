"""Trips: the list, one trip explained, its signals over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from fifthwheel.console.routes.vehicles import Points, Signals, names_of
from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.views import SeriesView, TripDetail, TripSummary


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Paths under ``/trips``."""
    router = APIRouter(prefix="/trips", tags=["trips"])

    @router.get("")
    def trips(
        vehicle_id: str | None = None,
        start_us: int | None = None,
        end_us: int | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
    ) -> Sequence[TripSummary]:
        """Trips, newest first."""
        return fleet.trips(vehicle_id, start_us, end_us, limit)

    @router.get("/{trip_id}")
    def trip(trip_id: str) -> TripDetail:
        """A trip with its closed energy account."""
        return fleet.explain_trip(trip_id)

    @router.get("/{trip_id}/series")
    def series(trip_id: str, signals: Signals = "", points: Points = 1000) -> SeriesView:
        """Signals over the trip; position, speed, altitude and power are always among them."""
        return fleet.trip_series(trip_id, names_of(signals), points)

    return router
