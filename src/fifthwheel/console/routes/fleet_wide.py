"""The fleet as a whole: figures, faults, health."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.views import FaultView, FleetOverview


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Paths ``/fleet``, ``/faults`` and ``/health``."""
    router = APIRouter(tags=["fleet"])

    @router.get("/fleet")
    def overview() -> FleetOverview:
        """Figures of the fleet today."""
        return fleet.overview()

    @router.get("/faults")
    def faults(vehicle_id: str | None = None, active_only: bool = False) -> Sequence[FaultView]:
        """Faults, newest first."""
        return fleet.faults(vehicle_id, active_only)

    @router.get("/health")
    async def health() -> dict[str, str]:
        """That the server answers."""
        return {"status": "ok"}

    return router
