"""A question about the fleet, answered with its evidence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from fifthwheel.console.verbs import ConsoleVerbs
from fifthwheel.fleet.views import Answer


class Question(BaseModel):
    """What somebody asks, and the path of the page they look at."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    context: Annotated[str, StringConstraints(max_length=500)] | None = None


def routes(fleet: ConsoleVerbs) -> APIRouter:
    """Path ``/ask``."""
    router = APIRouter(tags=["ask"])

    @router.post("/ask")
    def ask(question: Question) -> Answer:
        """Answer; every number in it is the return value of a named tool."""
        return fleet.ask(question.question, context=question.context)

    return router
