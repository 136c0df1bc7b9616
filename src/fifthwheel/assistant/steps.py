"""From an intent and its slots to a step: the tool to call, its arguments, the phrase that words the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fifthwheel.assistant.dates import Calendar, Span
from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.energy_tools import CAUSES

_DEFAULT_DAYS: Final = 7
"""Looked at when a question names no date; the answer says which days."""
_STATUSES: Final = ("driving", "idling", "stopped", "charging")
_NOW_METRICS: Final = frozenset({"soc", "fuel_level", "faults"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tool call and the phrase that words its result."""

    phrase: str
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why there is no answer: a code of ``phrases.toml``, the words it needs, vehicles to offer."""

    code: str
    words: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a clause is about; ``None`` where it does not say. `group`: the vehicles were named as a kind, not one by one."""

    tags: frozenset[str] = frozenset()
    vehicle_ids: tuple[str, ...] | None = None
    driver: str | None = None
    place: str | None = None
    place_role: str = "either"
    trip_id: str | None = None
    signal: str | None = None
    group: bool = False
    spans: tuple[Span, ...] = ()

    @property
    def span(self) -> Span | None:
        """The span of time it names, if any."""
        return self.spans[0] if self.spans else None

    def has(self, *tags: str) -> bool:
        """Whether one of `tags` was said."""
        return not self.tags.isdisjoint(tags)

    def after(self, before: Slots) -> Slots:
        """These slots, completed by those of the clause before."""
        others = self.has("fleet", "who") and not self.has("self")
        named = self.vehicle_ids or self.driver or self.trip_id or others
        merged = replace(self, spans=self.spans or before.spans)
        if named:
            return merged
        return replace(merged, vehicle_ids=before.vehicle_ids, driver=before.driver, trip_id=before.trip_id)


def steps_of(intent: str, slots: Slots, desk: Desk) -> list[Step | Problem]:
    """What `intent` calls, once for each span of time; what only the present can tell is refused for the past."""
    if len(slots.spans) > 1:
        if intent in _OVER_TIME:
            return [_STEPS[intent](replace(slots, spans=(span,)), desk) for span in slots.spans]
        return [Problem(code="several_spans")]
    past = slots.span is not None and slots.span.end_us <= desk.now_us
    if past and intent in _AS_TRIPS:
        return [_trip(slots, desk)]
    return [Problem(code="only_now") if past and intent in _ONLY_NOW else _STEPS[intent](slots, desk)]


def _span(slots: Slots, desk: Desk) -> dict[str, int]:
    span = slots.span or Calendar(desk.now_us, desk.timezone).past(_DEFAULT_DAYS, "day")
    return {"start_us": span.start_us, "end_us": span.end_us}


def _vehicles(slots: Slots) -> dict[str, Any]:
    return {"vehicle_ids": slots.vehicle_ids} if slots.vehicle_ids else {}


def _among_trips(slots: Slots, desk: Desk) -> dict[str, Any]:
    named = {"driver": slots.driver} if slots.driver else _vehicles(slots)
    return named | _span(slots, desk) | ({"place": slots.place, "place_role": slots.place_role} if slots.place else {})


def _latest_trip(slots: Slots, desk: Desk) -> str | None:
    """The trip in question: named, or the latest finished one of the one vehicle in question."""
    if slots.trip_id and not slots.span:
        return slots.trip_id
    if len(slots.vehicle_ids or ()) != 1 or (slots.span and not slots.has("last_trip")):
        return None
    span = slots.span or Span(0, desk.now_us)
    trips = desk.fleet.trips(slots.vehicle_ids[0] if slots.vehicle_ids else None, span.start_us, span.end_us, limit=20)
    return next((trip.trip_id for trip in trips if trip.complete), None)


def _now(phrase: str, tool: str) -> Callable[[Slots, Desk], Step]:
    return lambda slots, _desk: Step(phrase=phrase, tool=tool, arguments=_vehicles(slots))


def _activity(phrase: str) -> Callable[[Slots, Desk], Step]:
    return lambda slots, desk: Step(phrase=phrase, tool="activity_of", arguments=_among_trips(slots, desk))


def _energy(slots: Slots, desk: Desk) -> Step:
    trailers = any(desk.state(one).kind == "trailer" for one in slots.vehicle_ids or ())
    trip_id = _latest_trip(slots, desk) if slots.trip_id or slots.has("last_trip") else None
    if trip_id:
        return Step(phrase="why_trip", tool="why_trip", arguments={"trip_id": trip_id})
    if slots.driver or slots.place or trailers:
        return _activity("activity_energy")(slots, desk)
    stores = [] if False else [store for store in ("fuel", "electric") if slots.has(store)]
    store = {"store": stores[0]} if len(stores) == 1 else {}
    return Step(phrase="energy", tool="energy_of", arguments=_vehicles(slots) | _span(slots, desk) | store)


def _why(slots: Slots, desk: Desk) -> Step:
    trip_id = _latest_trip(slots, desk)
    if trip_id:
        return Step(phrase="why_trip", tool="why_trip", arguments={"trip_id": trip_id})
    return Step(phrase="why_used", tool="why_used", arguments=_vehicles(slots) | _span(slots, desk))


def _share(slots: Slots, desk: Desk) -> Step:
    cause = "idle" if slots.has("idling_share", "idling") else next(one for one in CAUSES if slots.has(one))
    trip_id = slots.trip_id or (_latest_trip(slots, desk) if slots.has("last_trip") else None)
    about = {"trip_id": trip_id} if trip_id else _vehicles(slots) | _span(slots, desk)
    return Step(phrase="share", tool="account_share", arguments={"cause": cause} | about)


def _rank(slots: Slots, desk: Desk) -> Step:
    order = "least" if slots.has("least", "scarce") != slots.has("frugal") else "most"
    by = "driver" if slots.has("driver") else "trailer" if slots.has("trailer") else "vehicle"
    metric = _metric(slots)
    if slots.has("trips", "last_trip") and not slots.has("who", "driver"):
        by, metric = "trip", "distance" if metric == "trips" else metric
    now = {} if metric in _NOW_METRICS else {"by": by} | _span(slots, desk)
    arguments = {"metric": metric, "order": order} | now | _vehicles(slots)
    if "start_us" not in arguments:
        arguments |= {"start_us": desk.now_us, "end_us": desk.now_us}
    return Step(phrase="rank_now" if metric in _NOW_METRICS else "rank", tool="who_used_most", arguments=arguments)


def _metric(slots: Slots) -> str:
    """What to rank by; consumption "per km" or of a thirsty vehicle is per distance, an amount "used" is not."""
    if slots.has("scarce"):
        return "soc" if slots.has("soc", "electric") else "fuel_level"
    plain = {"fuel_level": "fuel_level", "soc": "soc", "faults": "faults", "idling": "idle", "average_speed": "speed"}
    for tag, metric in (plain | {"idle": "idle"}).items():
        if slots.has(tag):
            return metric
    for store in ("electric", "fuel"):
        if slots.has(store):
            return f"{store}_per_distance" if slots.has("per_distance", "frugal") else store
    if slots.has("per_distance", "frugal"):
        return "energy_per_distance"
    order = ("moving", "distance", "energy", "speed", "trips")
    return next((tag for tag in order if slots.has(tag)), "energy")


def _signal(slots: Slots, _desk: Desk) -> Step | Problem:
    if not slots.vehicle_ids:
        return Problem(code="which_vehicle")
    assert slots.signal is not None, "the intent holds only with a signal"
    return Step(phrase="signal", tool="signal_of", arguments={"signal": slots.signal} | _vehicles(slots))


def _by_status(slots: Slots, _desk: Desk) -> Step:
    status = tuple(name for name in _STATUSES if slots.has(name))
    return Step(phrase="by_status", tool="vehicles_by_status", arguments={"status": status} | _vehicles(slots))


def _driver(slots: Slots, _desk: Desk) -> Step:
    about = {"driver": slots.driver} if slots.driver else _vehicles(slots)
    return Step(phrase="driver", tool="driver_of", arguments=about)


def _compare(slots: Slots, desk: Desk) -> Step:
    metric = _metric(slots)
    if slots.has("distance", "moving", "idle", "trips") and not slots.has("fuel", "electric", "energy", "per_distance"):
        arguments = {"metric": metric, "order": "most", "by": "vehicle"} | _vehicles(slots) | _span(slots, desk)
        return Step(phrase="rank", tool="who_used_most", arguments=arguments)
    return Step(phrase="compare", tool="compare", arguments=_vehicles(slots) | _span(slots, desk))


def _state(slots: Slots, _desk: Desk) -> Step:
    if slots.vehicle_ids:
        return Step(phrase="state", tool="vehicle_state", arguments=_vehicles(slots))
    return Step(phrase="overview", tool="fleet_overview")


def _silent(slots: Slots, _desk: Desk) -> Step:
    if slots.vehicle_ids and not slots.group:
        return Step(phrase="last_heard", tool="where_is", arguments=_vehicles(slots))
    return Step(phrase="silent", tool="silent_vehicles", arguments=_vehicles(slots))


def _faults(slots: Slots, desk: Desk) -> Step:
    if slots.span:
        return Step(phrase="faults_past", tool="faults_of", arguments=_vehicles(slots) | _span(slots, desk))
    return Step(phrase="faults", tool="active_faults", arguments=_vehicles(slots))


def _mass(slots: Slots, desk: Desk) -> Step:
    return Step(phrase="mass", tool="trips_of", arguments=_among_trips(slots, desk))


def _trip(slots: Slots, desk: Desk) -> Step:
    trip_id = _latest_trip(slots, desk) if slots.has("last_trip") or slots.trip_id else None
    if trip_id:
        return Step(phrase="why_trip", tool="why_trip", arguments={"trip_id": trip_id})
    return Step(phrase="trips", tool="trips_of", arguments=_among_trips(slots, desk))


_STEPS: Final[dict[str, Callable[[Slots, Desk], Step | Problem]]] = {
    "help": lambda _slots, _desk: Problem(code="help"),
    "where": _now("where", "where_is"),
    "last_heard": _now("last_heard", "where_is"),
    "state": _state,
    "vehicle": _now("state", "vehicle_state"),
    "soc": _now("soc", "vehicle_state"),
    "fuel_level": _now("fuel_level", "vehicle_state"),
    "speed": _now("speed", "vehicle_state"),
    "silent": _silent,
    "faults": _faults,
    "unused": lambda slots, desk: Step(phrase="unused", tool="unused_vehicles", arguments=_vehicles(slots) | _span(slots, desk)),
    "coupling": _now("coupling", "couplings_of"),
    "quarantine": lambda _slots, _desk: Step(phrase="quarantine", tool="quarantine_summary"),
    "overview": lambda _slots, _desk: Step(phrase="overview", tool="fleet_overview"),
    "driver": _driver,
    "by_status": _by_status,
    "signal": _signal,
    "energy": _energy,
    "why": _why,
    "share": _share,
    "rank": _rank,
    "compare": _compare,
    "trips": _trip,
    "trip": _trip,
    "mass": _mass,
    "trip_count": _activity("trip_count"),
    "distance": _activity("distance"),
    "moving": _activity("moving"),
    "idle": _activity("idle"),
    "average_speed": _activity("average_speed"),
}
"""What each intent of the vocabulary calls."""
_OVER_TIME: Final = frozenset(
    {"energy", "why", "share", "rank", "compare", "trips", "trip_count", "distance", "moving", "idle", "average_speed", "unused"}
)
_ONLY_NOW: Final = frozenset(
    {"state", "vehicle", "soc", "fuel_level", "speed", "signal", "silent", "by_status", "overview", "last_heard"}
)
_AS_TRIPS: Final = frozenset({"where", "coupling", "driver"})
"""Asked of the past, the trips of that time tell places, trailers and drivers."""
AFTER_NEGATION: Final = frozenset({"unused", "silent", "last_heard", "quarantine", "share", "help"})
"""Intents whose words hold a "not" of their own; any other question with one is not understood."""
