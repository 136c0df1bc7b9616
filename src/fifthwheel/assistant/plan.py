"""A question becomes a plan: which tools to call with which arguments, or what stands in the way.

The question is read once (names, dates, words of the vocabulary, parts of plates); each clause then gets the intent
whose tags it has most of, and the slots found in it or before it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fifthwheel.assistant.choosing import Wish, wish_of
from fifthwheel.assistant.dates import Calendar, mark_dates
from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.entities import Unresolved, context_of, mark_fragments, mark_names
from fifthwheel.assistant.language import Mention, Reading, mark_words, unread, vocabulary
from fifthwheel.assistant.steps import AFTER_NEGATION, Problem, Slots, Step, steps_of

_CLAUSE: Final = re.compile(r"[,，?？;；。、]|\band\b|以及|并且|还有|同时", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps to take, or a problem; words that were not understood; tags for offering close questions."""

    steps: tuple[Step, ...] = ()
    problem: Problem | None = None
    ignored: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()


def plan(question: str, desk: Desk, context: str | None = None) -> Plan:
    """Read `question`, asked on the page `context` (``vehicle:ID``, ``trip:ID`` or a path)."""
    reading = Reading(question)
    mark_names(reading, desk)
    wish = wish_of(question, (desk.place_name(name).en for name in reading.values("place")))
    if wish is not None and (wish.kind == "promise" or not reading.of("vehicle")):
        return _of_wish(wish, reading, desk, context)
    mark_dates(reading, Calendar(desk.now_us, desk.timezone))
    mark_words(reading)
    mark_fragments(reading, desk)
    tags, left = frozenset(reading.values("tag")), tuple(unread(reading))
    problem = _obstacle(reading, desk)
    clauses = [] if problem else _clauses(reading, desk, context)
    problem = problem or _unclear(clauses, left)
    if problem:
        return Plan(problem=problem, tags=tags)
    steps = [step for intent, slots in clauses for step in steps_of(intent, slots, desk)]
    problem = next((step for step in steps if isinstance(step, Problem)), None)
    return Plan(steps=tuple(step for step in steps if isinstance(step, Step)), problem=problem, ignored=left, tags=tags)


def _of_wish(wish: Wish, reading: Reading, desk: Desk, context: str | None) -> Plan:
    """The plan of a question about choosing."""
    if wish.kind != "promise":
        return Plan(
            steps=(Step(phrase=wish.kind, tool="choose_for" if wish.kind == "choose" else wish.kind, arguments=wish.arguments()),)
        )
    mark_fragments(reading, desk)
    problem = _obstacle(reading, desk)
    ids = reading.values("vehicle") or list(_of_page(context, desk).vehicle_ids or ())
    if problem or not ids:
        return Plan(problem=problem or Problem(code="which_vehicle"))
    return Plan(steps=tuple(Step(phrase="promise", tool="promise_kept", arguments={"vehicle_id": one}) for one in ids))


def intent_of(tags: frozenset[str]) -> str:
    """Name of the intent that `tags` have most of; '' when none holds."""
    best, best_score = "", 0
    for intent in vocabulary()["intents"]:
        if all(not tags.isdisjoint(entry.split("|")) for entry in intent["all"]):
            score = 2 * len(intent["all"]) + sum(tag in tags for tag in intent.get("helps", ()))
            if score > best_score:
                best, best_score = intent["name"], score
    return best


def _obstacle(reading: Reading, desk: Desk) -> Problem | None:
    """What makes any answer wrong: a subject nobody records, a name that is unclear, the future, several spans."""
    for unresolved in reading.values("unresolved"):
        assert isinstance(unresolved, Unresolved)
        several = any(_contains(plate, unresolved.name) for plate in unresolved.candidates)
        code = "ambiguous" if several else "unknown_vehicle" if unresolved.candidates else "no_such_vehicle"
        return Problem(code=code, words={"name": unresolved.name}, candidates=unresolved.candidates)
    tags = set(reading.values("tag"))
    for topic in (vocabulary()["topics"][index] for index in reading.values("topics")):
        if not tags.isdisjoint(topic.get("unless", ())):
            continue
        return Problem(code="topic", words={"en": topic["en"], "zh": topic["zh"]})
    for text in reading.values("no_date"):
        return Problem(code="no_date", words={"name": text})
    spans = reading.values("span")
    return Problem(code="future") if any(span.start_us > desk.now_us for span in spans) else None


def _unclear(clauses: list[tuple[str, Slots]], left: tuple[str, ...]) -> Problem | None:
    """Why no tool may be called: no intent, no subject, or words that may have named one."""
    intents, slots = {intent for intent, _ in clauses}, clauses[0][1]
    named = slots.vehicle_ids or slots.driver or slots.trip_id or (slots.has("who", "fleet") and not slots.has("self"))
    words = "、".join(left)
    if "" in intents or (left and intents <= {"vehicle", "state"}) or (slots.has("negation") and not intents <= AFTER_NEGATION):
        return Problem(code="not_understood")
    if "why_other" in intents:
        return Problem(code="why_other")
    if not named and slots.has("self"):
        return Problem(code="which_vehicle")
    return Problem(code="unknown_words", words={"words": words}) if left and not named else None


def _clauses(reading: Reading, desk: Desk, context: str | None) -> list[tuple[str, Slots]]:
    """Clauses with an intent of their own, each with its slots; neighbours without one are joined to them."""
    cuts = [match.start() for match in _CLAUSE.finditer(reading.text) if reading.free(*match.span())]
    edges = [0, *cuts, len(reading.text)]
    parts: list[list[Mention]] = []
    pending: list[Mention] = []
    for start, end in itertools.pairwise(edges):
        pending += [mention for mention in reading.mentions if start <= mention.start < end]
        if _own_intent(pending):
            parts.append(pending)
            pending = []
    if pending or not parts:
        parts[-1:] = [[*(parts[-1] if parts else []), *pending]]
    whole = _slots(reading.mentions, desk)
    if len(parts) > 1 and (intent_of(_things(whole)) == "compare" or len({_own_intent(part) for part in parts}) == 1):
        parts = [reading.mentions]
    clauses: list[tuple[str, Slots]] = []
    before = _of_page(context, desk)
    for part in parts:
        slots = _slots(part, desk).after(before)
        slots = replace(slots, spans=slots.spans or whole.spans)
        clauses.append((intent_of(_things(slots)), slots))
        before = slots
    return clauses


def _own_intent(mentions: list[Mention]) -> str:
    signal = {"@signal"} if any(mention.kind == "signal" for mention in mentions) else set()
    return intent_of(frozenset({mention.value for mention in mentions if mention.kind == "tag"} | signal))


def _slots(mentions: list[Mention], desk: Desk) -> Slots:
    def values(kind: str) -> list[Any]:
        found = sorted((one for one in mentions if one.kind == kind), key=lambda one: one.start)
        return list(dict.fromkeys(one.value for one in found))

    vehicles = tuple(values("vehicle"))
    for index in values("classes"):
        vehicles += _of_class(vocabulary()["classes"][index], desk)
    return Slots(
        tags=frozenset(values("tag")),
        vehicle_ids=tuple(dict.fromkeys(vehicles)) or None,
        driver=next(iter(values("driver")), None),
        place=next(iter(values("place")), None),
        place_role=next(iter(values("place_role")), "either"),
        trip_id=next(iter(values("trip")), None),
        signal=next(iter(values("signal")), None),
        spans=tuple(values("span")),
        group=bool(values("classes")),
    )


def _things(slots: Slots) -> frozenset[str]:
    """Tags, and an ``@`` for each thing that was named."""
    things = {
        "@vehicle": slots.vehicle_ids,
        "@two_vehicles": len(slots.vehicle_ids or ()) > 1 and not slots.group,
        "@group": slots.group,
        "@two_spans": len(slots.spans) > 1,
        "@driver": slots.driver,
        "@trip": slots.trip_id,
        "@signal": slots.signal,
    }
    return slots.tags | {name for name, thing in things.items() if thing}


def _of_class(entry: Mapping[str, Any], desk: Desk) -> tuple[str, ...]:
    kind, title = entry.get("energy_kind"), entry.get("title", "")
    return tuple(
        state.vehicle_id
        for state in desk.states.values()
        if (state.energy_kind.removesuffix("_etrailer") == kind if kind else title in state.title_en.lower())
        and state.kind != "trailer"
    )


def _of_page(context: str | None, desk: Desk) -> Slots:
    found = context_of(context)
    if found is None:
        return Slots()
    kind, name = found
    vehicle_id = name.rsplit("-", 1)[0] if kind == "trip" else name
    if vehicle_id not in desk.states:
        return Slots()
    return Slots(vehicle_ids=(vehicle_id,), trip_id=name if kind == "trip" else None)


def _contains(plate: str, name: str) -> bool:
    return re.sub(r"\W", "", name).upper() in re.sub(r"\W", "", plate).upper()
