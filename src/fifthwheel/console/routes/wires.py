"""The wires: what the gateway hears, and the frames nobody could read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.views import QuarantineView


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Paths ``/wires`` and ``/quarantine``."""
    router = APIRouter(tags=["wires"])

    @router.get("/wires")
    def wires() -> Mapping[str, Any]:
        """Statistics of the gateway."""
        return fleet.wires()

    @router.get("/quarantine")
    def quarantine(limit: Annotated[int, Query(ge=1, le=5000)] = 200, after: int = 0) -> Sequence[QuarantineView]:
        """Frames that could not be understood, with reason and bytes."""
        return fleet.quarantine(limit, after)

    return router
