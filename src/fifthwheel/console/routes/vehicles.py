"""Vehicles: the list, one vehicle, its signals over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.views import SeriesView, VehicleDetail, VehicleState

Points = Annotated[int, Query(ge=2, le=5000)]
Signals = Annotated[str, Query(description="signal names of the catalogue, separated by commas", max_length=2000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A candidate by id or rank, of the recent choice `choice_id` or of the duty with this table, and when it holds from."""

    candidate: str
    start_us: int
    choice_id: str = ""
    duty: Mapping[str, Any] | None = None


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

    @router.post("/{vehicle_id}/promise")
    def promise(vehicle_id: str, chosen: Chosen) -> PromiseView:
        """Record what the vehicle was chosen for: a candidate of a recent choice or of a duty."""
        what = chosen.choice_id if chosen.duty is None else chosen.duty
        return fleet.promise(vehicle_id, what, chosen.candidate, chosen.start_us, who="console")

    @router.get("/{vehicle_id}/series")
    def series(vehicle_id: str, start_us: int, end_us: int, signals: Signals, points: Points = 1000) -> SeriesView:
        """Signals of a vehicle from `start_us` to `end_us`."""
        return fleet.series(vehicle_id, start_us, end_us, names_of(signals), points)

    return router
