"""Vehicles: the list, one vehicle, its signals over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.promise_views import KeptView
from fifthwheel.fleet.views import SeriesView, VehicleDetail, VehicleState

Points = Annotated[int, Query(ge=2, le=5000)]
Signals = Annotated[str, Query(description="signal names of the catalogue, separated by commas", max_length=2000)]


def names_of(signals: str) -> tuple[str, ...]:
    """Signal names of a comma-separated list.

    >>> names_of("speed_mps, altitude_m,")
    ('speed_mps', 'altitude_m')
    """
    return tuple(name.strip() for name in signals.split(",") if name.strip())


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Paths under ``/vehicles``."""
    router = APIRouter(prefix="/vehicles", tags=["vehicles"])

    @router.get("")
    def vehicles() -> Sequence[VehicleState]:
        """Every vehicle with its latest state."""
        return fleet.vehicles()

    @router.get("/{vehicle_id}")
    def vehicle(vehicle_id: str) -> VehicleDetail:
        """One vehicle with live values, couplings, faults and trips."""
        return fleet.vehicle(vehicle_id)

    @router.get("/{vehicle_id}/promise")
    def kept(vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView | None:
        """What the vehicle was chosen for, against its trips since; null where no promise is recorded."""
        return fleet.kept(vehicle_id, start_us, end_us) if fleet.promise_of(vehicle_id) else None

    @router.get("/{vehicle_id}/series")
    def series(vehicle_id: str, start_us: int, end_us: int, signals: Signals, points: Points = 1000) -> SeriesView:
        """Signals of a vehicle from `start_us` to `end_us`."""
        return fleet.series(vehicle_id, start_us, end_us, names_of(signals), points)

    return router
