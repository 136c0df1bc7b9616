"""Choosing: what a duty may name, the ranking, candidates in full, what if, and the offer to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from threading import Thread
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from fifthwheel.fleet.choice.views import CandidateDetail, Change, ChoiceOptions, ChoiceView

Ids = Annotated[str, Query(description="Candidates of the choice, separated by commas.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How far a choice is: ``match``, ``drive`` or ``plan``, or empty while it is at none of them."""

    stage: str = ""
    done_count: int = 0
    all_count: int = 0


@cache
def _load() -> None:
    """Begin to load the engine, which takes seconds, beside what asked for it."""
    Thread(target=import_module, args=("fifthwheel.fleet.choose",), name="engine", daemon=True).start()


def routes() -> APIRouter:
    """Paths under ``/choose``; the engine loads with the first request, so that the console starts without it."""
    router = APIRouter(prefix="/choose", tags=["choose"])
    running: dict[str, Stage] = {}

    @router.get("/options")
    def options() -> ChoiceOptions:
        """What a duty may name; while a person reads it, the engine loads."""
        from fifthwheel.fleet.choice.options import options

        _load()
        return options()

    @router.post("")
    def choose(duty: Mapping[str, Any], run: str = "") -> ChoiceView:
        """Rank every combination of the catalogue for a duty, in the keys and units of a MISSION.toml.

        `run` is any name under which ``/choose/running/{run}`` tells how far it is.
        """
        from fifthwheel.fleet.choose import choose, duty_from

        def told(stage: str, done: int, count: int) -> None:
            running[run] = Stage(stage=stage, done_count=done, all_count=count)

        try:
            return choose(duty_from(duty), progress=told)
        finally:
            running.pop(run, None)

    @router.get("/running/{run}")
    def how_far(run: str) -> Stage:
        """How far the choice of that name is."""
        return running.get(run, Stage())

    _add_candidates(router)
    return router


def _add_candidates(router: APIRouter) -> None:
    """What is asked of a choice by its id."""

    @router.get("/{choice_id}/candidates")
    def candidates(choice_id: str, ids: Ids) -> Sequence[CandidateDetail]:
        """Candidates in full, in the order asked for."""
        from fifthwheel.fleet.choose import detail

        return detail(choice_id, ids.split(","))

    @router.post("/{choice_id}/what-if")
    def what_if(choice_id: str, change: Change) -> ChoiceView:
        """The ranking if the duty departed from what was asked."""
        from fifthwheel.fleet.choose import what_if

        return what_if(choice_id, change)

    @router.get("/{choice_id}/offer.pdf", response_class=Response)
    def offer_pdf(choice_id: str, ids: Ids, language: str = "zh", customer: str = "") -> Response:
        """One to three candidates on printed pages, in Chinese or English."""
        from fifthwheel.fleet.choice.offer import Heading, offer
        from fifthwheel.fleet.choose import detail, what_if

        heading = Heading(day=datetime.now(UTC).astimezone().date(), customer=customer)
        content = offer(what_if(choice_id, Change()), detail(choice_id, ids.split(",")), heading, language=language)
        named = {"content-disposition": f'attachment; filename="offer-{choice_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=named)
