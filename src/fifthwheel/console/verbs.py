"""What pages need of the fleet beside its verbs: series, the base map, the gateway, questions, promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from fifthwheel.fleet.promise_views import PromiseView
from fifthwheel.fleet.verbs import FleetVerbs
from fifthwheel.fleet.views import Answer, SeriesView


class ConsoleVerbs(FleetVerbs, Protocol):
    """`FleetVerbs` and what only pages show."""

    def trip_series(self, trip_id: str, signals: tuple[str, ...], points: int) -> SeriesView:
        """Signals over one trip, with position, speed, altitude and power."""
        ...

    def series(self, vehicle_id: str, start_us: int, end_us: int, signals: tuple[str, ...], points: int) -> SeriesView:
        """Signals of one vehicle over a time span."""
        ...

    def wires(self) -> Mapping[str, Any]:
        """Statistics of the gateway."""
        ...

    def ask(self, question: str, *, context: str | None = None) -> Answer:
        """Answer to a question in Chinese or English."""
        ...

    def promise(
        self, vehicle_id: str, what: Mapping[str, Any] | str | Path, candidate: str, start_us: int, *, who: str
    ) -> PromiseView:
        """Record that a vehicle was chosen as `candidate` (id or rank) of a choice or duty; raises `UnknownName`, `Conflict`."""
        ...

    def roads(self) -> Sequence[Mapping[str, Any]]:
        """Roads of the base map: ``points``, a line of (longitude, latitude) in degrees."""
        ...
