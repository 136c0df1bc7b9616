"""The console as one ASGI application: the API under ``/api``, the built pages everywhere else."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse

from fifthwheel.console import pages
from fifthwheel.console.auth import Guard
from fifthwheel.console.live import Live
from fifthwheel.console.routes import ask, choose, events, fleet_wide, maps, scenarios, session, trips, vehicles, wires
from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.errors import Conflict, FifthwheelError, InputError, StorageError, UnknownName

_LOG: Final = logging.getLogger(__name__)
_STATUS_OF: Final = (
    (UnknownName, 404, "unknown"),
    (Conflict, 409, "conflict"),
    (InputError, 400, "input"),
    (StorageError, 503, "storage"),
)


def create_app(fleet: ConsoleVerbs, *, live: Live, token: str = "", static: Path = pages.STATIC) -> FastAPI:
    """Application over the fleet's verbs.

    Parameters
    ----------
    fleet : the verbs; called from worker threads, so they must be thread-safe.
    live : broker that the pipeline publishes to.
    token : needed by every caller when set; see `fifthwheel.console.auth.check_binding`.
    static : folder of the built pages.
    """
    app = FastAPI(title="Fifthwheel", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    for router in (
        fleet_wide.routes(fleet),
        vehicles.routes(fleet),
        trips.routes(fleet),
        scenarios.routes(),
        choose.routes(),
        wires.routes(fleet),
        maps.routes(fleet),
        ask.routes(fleet),
        events.routes(live),
        session.routes(token),
    ):
        app.include_router(router, prefix="/api")
    pages.add_pages(app, static)
    app.add_exception_handler(FifthwheelError, _on_own_error)
    app.add_exception_handler(RequestValidationError, _on_bad_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_defect)
    app.add_middleware(GZipMiddleware, minimum_size=2048, compresslevel=4)
    app.add_middleware(Guard, token=token)
    return app


def _error(status: int, error: str, detail: str) -> JSONResponse:
    return JSONResponse({"error": error, "detail": detail}, status_code=status)


async def _on_own_error(_request: Request, error: Exception) -> JSONResponse:
    status, name = next(((status, name) for kind, status, name in _STATUS_OF if isinstance(error, kind)), (500, "internal"))
    return _error(status, name, str(error))


async def _on_bad_request(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    return _error(422, "request", "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _error(status, "http", str(getattr(error, "detail", error)))


async def _on_defect(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _error(500, "internal", f"{type(error).__name__}: the answer could not be computed; stored data is untouched")
