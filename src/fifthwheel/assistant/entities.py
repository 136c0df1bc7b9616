"""Vehicles, trips, drivers and places of a question: by id, plate, part of a plate, name; and the page it is asked on."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple
from urllib.parse import unquote

from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.language import Reading, alternatives, occurrences, plain, vocabulary

_PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新港澳台"
_FRAGMENT: Final = re.compile(
    rf"[{_PROVINCES}]?(?<![A-Za-z0-9])[A-Za-z]{{0,3}}[·-]?[A-Za-z]{{0,2}}\d[A-Za-z0-9]*[挂学警]?", re.IGNORECASE
)
_TRIP_TAIL: Final = re.compile(r"-\d{8}T\d{6}Z?", re.IGNORECASE)
_CONTEXT: Final = re.compile(r"\b(?P<kind>vehicle|trip)s?[:/](?P<name>[^/?#]+)")
_SHORTEST_FRAGMENT: Final = 3
_AXLES: Final = re.compile(r"\d+x\d+", re.IGNORECASE)


class Unresolved(NamedTuple):
    """A name that is no vehicle or several: the plates that come close."""

    name: str
    candidates: tuple[str, ...]


def mark_names(reading: Reading, desk: Desk) -> None:
    """Find trips, vehicles and drivers by their full names, and places: kinds ``trip vehicle driver place``."""
    _mark_vehicles(reading, desk)
    drivers = {state.driver for state in desk.states.values() if state.driver}
    for kind, names in (("driver", drivers), ("place", desk.place_names)):
        for start, end, name in occurrences(reading, {plain(name): name for name in names}):
            reading.take(kind, name, start, end)
            if kind == "place":
                _mark_role(reading, start)


def mark_fragments(reading: Reading, desk: Desk) -> None:
    """Find parts of plates in what is left: kind ``vehicle`` when one vehicle has it, else ``unresolved``."""
    plates = {_compact(state.plate): state.vehicle_id for state in desk.states.values()}
    quantity = re.compile(rf"\s*(?:{alternatives(vocabulary()['quantities']['words'])})", re.IGNORECASE)
    for match in _FRAGMENT.finditer(reading.text):
        name = _compact(match.group())
        if not reading.free(*match.span()) or len(name) < _SHORTEST_FRAGMENT:
            continue
        if _AXLES.fullmatch(name) or (name.isdigit() and quantity.match(reading.text, match.end())):
            continue
        found = [plate for plate in plates if name in plate]
        if len(found) == 1:
            reading.take("vehicle", plates[found[0]], *match.span())
            continue
        close = found or get_close_matches(name, plates, n=4, cutoff=0.6) or _close_ends(name, plates)
        candidates = tuple(desk.states[plates[plate]].plate for plate in close[:6])
        reading.take("unresolved", Unresolved(match.group().strip(), candidates), *match.span())


def _mark_role(reading: Reading, start: int) -> None:
    """Whether a place is where trips end or start, by the word before it: kind ``place_role``."""
    for role, words in vocabulary()["roles"].items():
        found = re.search(rf"(?:{alternatives(words)})\s*$", reading.plain[:start])
        if found and reading.free(*found.span()):
            reading.take("place_role", role, *found.span())


def context_of(context: str | None) -> tuple[str, str] | None:
    """Kind (``vehicle`` or ``trip``) and id of the page a question is asked on.

    >>> context_of("vehicle:V1"), context_of("/trips/V1-20261120T061500"), context_of("/")
    (('vehicle', 'V1'), ('trip', 'V1-20261120T061500'), None)
    """
    found = _CONTEXT.search(unquote(context or ""))
    return (found["kind"], found["name"]) if found else None


def _mark_vehicles(reading: Reading, desk: Desk) -> None:
    """Ids and plates, longest first, whatever separators are written; an id with a start time is a trip."""
    kept = [(index, letter.upper()) for index, letter in enumerate(reading.text) if letter.isalnum()]
    compact = "".join(letter for _, letter in kept)
    names = {_compact(name): state.vehicle_id for state in desk.states.values() for name in (state.vehicle_id, state.plate)}
    for name in sorted(names, key=len, reverse=True):
        at = compact.find(name) if name else -1
        while at >= 0:
            start, end = kept[at][0], kept[at + len(name) - 1][0] + 1
            if reading.free(start, end) and _stands_alone(reading.text, start, end):
                tail = _TRIP_TAIL.match(reading.text, end)
                if tail:
                    reading.take("trip", f"{names[name]}{tail.group()}", start, tail.end())
                else:
                    reading.take("vehicle", names[name], start, end)
            at = compact.find(name, at + 1)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    joined_before = text[start].isascii() and before.isascii() and before.isalnum()
    return not joined_before and not (after.isascii() and after.isalnum()) and after != "挂"


def _close_ends(name: str, plates: dict[str, str]) -> list[str]:
    """Plates whose last characters resemble a fragment."""
    ends = {plate[-len(name) :]: plate for plate in plates}
    return [ends[end] for end in get_close_matches(name, ends, n=4, cutoff=0.6)]


def _compact(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())
