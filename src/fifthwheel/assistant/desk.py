"""What the tools work at: the fleet's verbs, now, the fleet's time zone; and what they hand back, rows of named figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from typing import NamedTuple

from fifthwheel.errors import UnknownName
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.verbs import FleetVerbs
from fifthwheel.fleet.views import VehicleState


class Text(NamedTuple):
    """A word in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a tool says of one subject.

    Attributes
    ----------
    subject : what it is about, as evidence: ``vehicle:ID``, ``trip:ID``, ``driver:NAME``, ``fleet``.
    kind : which phrase words it, e.g. ``item``, ``reason``, ``term``.
    words : names and states for phrases.
    figures : `Finding`s for phrases; those without a value are left out of the text, not of the record.
    """

    subject: str
    kind: str = "item"
    words: Mapping[str, str | Text] = field(default_factory=dict)
    figures: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a tool returns: a row over all of it, and one row a subject."""

    summary: Row
    rows: tuple[Row, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every figure in it."""
        return tuple(finding for row in (self.summary, *self.rows) for finding in row.figures.values())


class Desk:
    """One question's view of the fleet: vehicles and places are read once.

    Parameters
    ----------
    fleet : the verbs.
    now_us : the clock, UTC microseconds.
    timezone : the fleet's time zone.
    """

    def __init__(self, fleet: FleetVerbs, *, now_us: int, timezone: tzinfo) -> None:
        self.fleet = fleet
        self.now_us = now_us
        self.timezone = timezone

    @cached_property
    def states(self) -> dict[str, VehicleState]:
        """Every vehicle and trailer by id."""
        return {state.vehicle_id: state for state in self.fleet.vehicles()}

    def state(self, vehicle_id: str) -> VehicleState:
        """State of one vehicle.

        Raises
        ------
        UnknownName : there is none.
        """
        if vehicle_id not in self.states:
            raise UnknownName("vehicle", vehicle_id, self.states)
        return self.states[vehicle_id]

    def chosen(self, vehicle_ids: tuple[str, ...] | None) -> list[VehicleState]:
        """The named vehicles, or everything that drives by itself."""
        if vehicle_ids is None:
            return [state for state in self.states.values() if state.kind != "trailer"]
        return [self.state(vehicle_id) for vehicle_id in vehicle_ids]

    def plate(self, vehicle_id: str | None) -> str | None:
        """Plate of a vehicle, its id when it is not known."""
        return self.states[vehicle_id].plate if vehicle_id in self.states else vehicle_id

    @cached_property
    def place_names(self) -> dict[str, Text]:
        """Names of places, by either name."""
        names = [Text(place["name_en"], place["name_zh"]) for place in self.fleet.places()]
        return {name: text for text in names for name in text}

    def place_name(self, name: str) -> Text:
        """A place in both languages."""
        return self.place_names.get(name, Text(name, name))


def exact(name: str, value: float, unit: str, *, evidence: tuple[str, ...], method: str = "") -> Finding:
    """A count, an instant or an age: nothing to doubt."""
    return Finding(name=name, value=value, unit=unit, low=value, high=value, method=method, evidence=evidence)


def known(
    name: str, value: float | None, unit: str, *, evidence: tuple[str, ...], method: str = "", key: str = ""
) -> dict[str, Finding]:
    """Figure of a row under `key` or the last part of its name, or nothing when the value is absent."""
    if value is None:
        return {}
    finding = Finding(name=name, value=value, unit=unit, origin=Origin.MEASURED, method=method, evidence=evidence)
    return {key or name.rsplit(".", 1)[-1]: finding}
