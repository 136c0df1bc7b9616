"""What changes, as server-sent events: ``vehicles``, ``overview``, ``trip``."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from fifthwheel.console.live import Live


def routes(live: Live) -> APIRouter:
    """Path ``/live``."""
    router = APIRouter(tags=["live"])

    @router.get("/live", response_class=StreamingResponse)
    async def stream() -> StreamingResponse:
        """Events until the page leaves."""
        return StreamingResponse(live.stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    return router
