"""An answer: the plan's tools are called, their rows are worded; every number in the text is a `Finding` of a call."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final
from urllib.parse import quote

from fifthwheel.assistant.desk import Desk, Row
from fifthwheel.assistant.figures import Style
from fifthwheel.assistant.language import language_of
from fifthwheel.assistant.plan import Plan, plan
from fifthwheel.assistant.steps import Problem, Step
from fifthwheel.assistant.tools import TOOLS
from fifthwheel.assistant.wording import Wording
from fifthwheel.errors import UnknownName
from fifthwheel.fleet.verbs import FleetVerbs
from fifthwheel.fleet.views import Answer, ToolCall

_PAGES: Final = {"vehicle": "/vehicles/", "trip": "/trips/"}
_LINKS: Final = 8


def answer(question: str, fleet: FleetVerbs, *, now_us: int, timezone: tzinfo, context: str | None = None) -> Answer:
    """Answer a question in Chinese or English from the fleet's verbs.

    Parameters
    ----------
    question : in the words of people; unknown names are refused with candidates, never guessed.
    fleet : the verbs.
    now_us : the clock, UTC microseconds; relative dates count from it.
    timezone : the fleet's time zone; days begin at its midnight.
    context : page the question is asked on: ``vehicle:ID``, ``trip:ID`` or the path of a page.
    """
    began_s = time.perf_counter()
    desk = Desk(fleet, now_us=now_us, timezone=timezone)
    language = language_of(question)
    wording = Wording(Style(language=language, timezone=timezone, now_us=now_us), desk)
    text, missing, calls, links = _answered(plan(question, desk, context), desk, wording)
    return Answer(
        question=question,
        language=language,
        text=text,
        answered=not missing,
        missing=missing,
        calls=calls,
        links=links,
        duration_s=time.perf_counter() - began_s,
    )


Answered = tuple[str, str, tuple[ToolCall, ...], tuple[tuple[str, str], ...]]


def _answered(planned: Plan, desk: Desk, wording: Wording) -> Answered:
    if planned.problem is not None:
        return _refused(planned.problem, planned, desk, wording)
    texts, missing, calls, links = [], [], [], []
    for step in planned.steps:
        try:
            result = TOOLS[step.tool].function(desk, **step.arguments)
        except UnknownName:
            return _refused(Problem(code="no_such_trip"), planned, desk, wording)
        text, lack = wording.result(step, result)
        texts.append(text)
        missing += [lack] if lack else []
        calls.append(ToolCall(name=step.tool, arguments=_shown(step), findings=result.findings))
        links += _links(result.rows or (result.summary,), desk)
    if planned.ignored:
        texts.append(wording.word("ignored", words="、".join(planned.ignored)))
    return "\n".join(texts), "; ".join(missing), tuple(calls), tuple(dict.fromkeys(links))[:_LINKS]


def _refused(problem: Problem, planned: Plan, desk: Desk, wording: Wording) -> Answered:
    text, missing = wording.problem(problem, planned.tags)
    candidates = [state for state in desk.states.values() if state.plate in problem.candidates]
    return text, missing, (), tuple((one.plate, f"/vehicles/{quote(one.vehicle_id)}") for one in candidates)


def _shown(step: Step) -> dict[str, str]:
    return {name: ", ".join(value) if isinstance(value, tuple) else str(value) for name, value in step.arguments.items()}


def _links(rows: Sequence[Row], desk: Desk) -> list[tuple[str, str]]:
    links = []
    for row in rows:
        kind, _, name = row.subject.partition(":")
        if kind in _PAGES:
            links.append((desk.plate(name) or name, _PAGES[kind] + quote(name)))
    return links
