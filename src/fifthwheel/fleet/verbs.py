"""The fleet's verbs as those above need them: tools of the assistant call `FleetVerbs`, pages a few more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fifthwheel.finding import Finding
from fifthwheel.fleet.choice.views import Change, ChoiceView
from fifthwheel.fleet.promise_views import KeptView, PromiseView
from fifthwheel.fleet.views import (
    EnergyReport,
    FaultView,
    FleetOverview,
    QuarantineView,
    TripDetail,
    TripSummary,
    VehicleDetail,
    VehicleState,
)


class FleetVerbs(Protocol):
    """The verbs of `fifthwheel.fleet.fleet.Fleet` that answer questions; times in UTC microseconds, figures in SI."""

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
        """Trips that start in the interval, newest first."""
        ...

    def explain_trip(self, trip_id: str) -> TripDetail:
        """One trip with its energy account; raises `UnknownName`."""
        ...

    def energy(self, vehicle_ids: tuple[str, ...] | None, start_us: int, end_us: int) -> EnergyReport:
        """Energy and account of the trips that start in the interval, of some vehicles or all."""
        ...

    def faults(self, vehicle_id: str | None = None, active_only: bool = False) -> Sequence[FaultView]:
        """Faults, last seen first."""
        ...

    def quarantine(self, limit: int = 200, after: int = 0) -> Sequence[QuarantineView]:
        """Frames that could not be understood, newest first."""
        ...

    def places(self) -> Sequence[Mapping[str, Any]]:
        """Named places: ``name_en`` and ``name_zh``."""
        ...

    def promise_of(self, vehicle_id: str) -> PromiseView | None:
        """What a vehicle was chosen for, if that was recorded; raises `UnknownName`."""
        ...

    def kept(self, vehicle_id: str, start_us: int | None = None, end_us: int | None = None) -> KeptView:
        """A vehicle's trips against what it was chosen for; raises `UnknownName`."""
        ...

    def choose(self, duty: Mapping[str, Any]) -> ChoiceView:
        """Combinations ranked for a duty, given as its table; raises `InputError`."""
        ...

    def what_if(self, choice_id: str, change: Change) -> ChoiceView:
        """The ranking if a recent choice's duty departed from what was asked; raises `UnknownName`."""
        ...

    def break_even(self, choice_id: str, first_id: str, second_id: str) -> Finding:
        """Distance a year from which the first candidate of a recent choice costs no more than the second."""
        ...
