"""What the console needs of the fleet: the verbs it calls, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fifthwheel.fleet.views import (
    Answer,
    FaultView,
    FleetOverview,
    QuarantineView,
    SeriesView,
    TripDetail,
    TripSummary,
    VehicleDetail,
    VehicleState,
)


class FleetVerbs(Protocol):
    """The verbs of `fifthwheel.fleet.fleet.Fleet` that pages show; times in UTC microseconds, figures in SI."""

    def overview(self) -> FleetOverview:
        """Figures of the whole fleet today."""
        ...

    def vehicles(self) -> Sequence[VehicleState]:
        """Every vehicle with its latest state."""
        ...

    def vehicle(self, vehicle_id: str) -> VehicleDetail:
        """One vehicle; raises `UnknownName`."""
        ...

    def trips(
        self, vehicle_id: str | None = None, start_us: int | None = None, end_us: int | None = None, limit: int = 200
    ) -> Sequence[TripSummary]:
        """Trips, newest first."""
        ...

    def explain_trip(self, trip_id: str) -> TripDetail:
        """One trip with its energy account; raises `UnknownName`."""
        ...

    def trip_series(self, trip_id: str, signals: tuple[str, ...], points: int) -> SeriesView:
        """Signals over one trip, with position, speed, altitude and power."""
        ...

    def series(self, vehicle_id: str, start_us: int, end_us: int, signals: tuple[str, ...], points: int) -> SeriesView:
        """Signals of one vehicle over a time span."""
        ...

    def faults(self, vehicle_id: str | None = None, active_only: bool = False) -> Sequence[FaultView]:
        """Faults, newest first."""
        ...

    def quarantine(self, limit: int = 200, after: int = 0) -> Sequence[QuarantineView]:
        """Frames that could not be understood, newest first."""
        ...

    def wires(self) -> Mapping[str, Any]:
        """Statistics of the gateway."""
        ...

    def ask(self, question: str, *, context: str | None = None) -> Answer:
        """Answer to a question in Chinese or English."""
        ...

    def places(self) -> Sequence[Mapping[str, Any]]:
        """Named places of the base map: ``name_en name_zh latitude_deg longitude_deg``."""
        ...

    def roads(self) -> Sequence[Mapping[str, Any]]:
        """Roads of the base map: ``points``, a line of (longitude, latitude) in degrees."""
        ...
