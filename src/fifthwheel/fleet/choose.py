"""Choose: from a mission, a cargo and the law of the place to ranked combinations, details of some, and what if.

Recent choices are kept in this process by the content of their duty, so that details and changes need no new simulation of what
stays the same.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fifthwheel.choose import choice as choosing
from fifthwheel.choose import duty as duties
from fifthwheel.choose import sensitivity
from fifthwheel.choose.choice import Choice, Progress
from fifthwheel.choose.cost import assets_of
from fifthwheel.choose.duty import Duty, changed, from_table, table_of
from fifthwheel.errors import UnknownName
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.choice.detail import detail_of, work_at
from fifthwheel.fleet.choice.options import options
from fifthwheel.fleet.choice.rows import choice_view
from fifthwheel.fleet.choice.views import CandidateDetail, Change, ChoiceView
from fifthwheel.units import KM
from fifthwheel.vehicle.combination import Combination

__all__ = ["break_even", "choose", "chosen", "detail", "duty_from", "options", "recent", "what_if"]

BREAK_EVEN_M: Final = 10_000 * KM, 400_000 * KM
"""Distances a year between which two candidates are compared."""
KEPT: Final = 16
"""Choices kept; a changed one shares almost all with the one that it departs from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Entry:
    choice: Choice
    view: ChoiceView


class _Recent:
    """The last choices by id."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = Lock()

    def get(self, choice_id: str) -> _Entry | None:
        with self._lock:
            if choice_id in self._entries:
                self._entries.move_to_end(choice_id)
            return self._entries.get(choice_id)

    def known(self, choice_id: str) -> _Entry:
        entry = self.get(choice_id)
        if entry is None:
            raise UnknownName("choice (of this process, recently)", choice_id, list(self._entries))
        return entry

    def put(self, choice_id: str, entry: _Entry) -> None:
        with self._lock:
            self._entries[choice_id] = entry
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)


_recent = _Recent()


def duty_from(what: Mapping[str, Any] | str | Path) -> Duty:
    """The duty of a table in the keys and units of a MISSION.toml, of such a file, or the example of that name.

    Raises
    ------
    InputError : what is not accepted; the message names key, value, unit and what is.
    """
    return from_table(what) if isinstance(what, Mapping) else duties.read(what)


def id_of(duty: Duty) -> str:
    """Name of the choice for a duty: by its content, so that the same duty has the same."""
    text = json.dumps(table_of(duty), sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def choose(what: Duty | Mapping[str, Any], *, progress: Progress | None = None) -> ChoiceView:
    """Rank every combination of the catalogue for a duty.

    Parameters
    ----------
    what : a duty, or its table. progress : told the stage, how many candidates or trips are done, and of how many.

    Raises
    ------
    InputError : a name or value that is not accepted, or a market without anything for the cargo.
    """
    duty = what if isinstance(what, Duty) else duty_from(what)
    found = _recent.get(id_of(duty))
    return found.view if found else _chosen(duty, None, progress)


def _chosen(duty: Duty, before: Choice | None, progress: Progress | None = None) -> ChoiceView:
    start = time.perf_counter()
    choice = choosing.changed(before, duty) if before else choosing.choose(duty, progress)
    choice_id = id_of(duty)
    view = choice_view(choice, choice_id, 0.0)
    view = replace(view, seconds_s=time.perf_counter() - start)
    _recent.put(choice_id, _Entry(choice=choice, view=view))
    return view


def detail(choice_id: str, ids: Iterable[str]) -> tuple[CandidateDetail, ...]:
    """Candidates of a choice in full, in the order asked for.

    Raises
    ------
    UnknownName : a choice that is not kept any more (choose again), or a candidate that it has not.
    """
    choice = _recent.known(choice_id).choice
    found = []
    for candidate_id in ids:
        one = detail_of(choice, candidate_id)
        if one is None:
            known = [judged.candidate.candidate_id for judged in choice.driven.judged]
            raise UnknownName(f"candidate of choice {choice_id}", candidate_id, known)
        found.append(one)
    return tuple(found)


def recent(choice_id: str) -> ChoiceView | None:
    """A choice of this process that is still kept, or ``None``."""
    found = _recent.get(choice_id)
    return found.view if found else None


def chosen(choice_id: str, candidate_id: str) -> tuple[Duty, Combination]:
    """The duty of a choice, and what one of its feasible candidates is.

    Raises
    ------
    UnknownName : a choice that is not kept any more, or a candidate that it does not rank.
    """
    choice = _recent.known(choice_id).choice
    found = {judged.candidate.candidate_id: judged.candidate.combination for judged in choice.driven.judged}
    if candidate_id not in found:
        raise UnknownName(f"ranked candidate of choice {choice_id}", candidate_id, list(found))
    return choice.duty, found[candidate_id]


def break_even(choice_id: str, first_id: str, second_id: str) -> Finding:
    """Distance a year from which the first candidate costs no more a kilometre than the second; without value if it never does.

    Raises
    ------
    UnknownName : a choice that is not kept any more, or a candidate that it does not rank.
    """
    choice = _recent.known(choice_id).choice
    places = {judged.candidate.candidate_id: place for place, judged in enumerate(choice.driven.judged)}
    both = [chosen(choice_id, one)[1] for one in (first_id, second_id)]
    first, second = (
        (assets_of(whole, choice.region), work_at(choice, places[one]))
        for one, whole in zip((first_id, second_id), both, strict=True)
    )
    found = sensitivity.break_even(first, second, choice.region, over="distance_year_m", span=BREAK_EVEN_M)
    never = f"dearer a kilometre at every distance from {BREAK_EVEN_M[0] / KM:.0f} to {BREAK_EVEN_M[1] / KM:.0f} km a year"
    return Finding(
        name="choose.break_even", value=found, unit="m", origin=Origin.ASSUMED,
        method="ledgers of both over the distance a year" if found is not None else never,
        evidence=tuple(f"catalogue:{unit.name}" for whole in both for unit in whole.units),
    )  # fmt: skip


def what_if(choice_id: str, change: Change) -> ChoiceView:
    """The ranking if the duty departed from what was asked; its own `choice_id` gives details of it.

    Raises
    ------
    UnknownName : a choice that is not kept any more, or a price that the region has not. InputError : a value not accepted.
    """
    before = _recent.known(choice_id)
    duty = changed(
        before.choice.duty,
        {
            "mass_kg": change.payload_kg, "distance_year_m": change.distance_year_m, "years": change.years,
            "grade_ratio": change.grade_ratio,
        },
        change.prices,
    )  # fmt: skip
    found = _recent.get(id_of(duty))
    return found.view if found else _chosen(duty, before.choice)
