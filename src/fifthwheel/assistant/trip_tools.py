"""Tools on trips: lists, and what adds up over them by vehicle, driver or trailer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, Literal

from fifthwheel.assistant.desk import Desk, Result, Row, Text, exact, known
from fifthwheel.assistant.state_tools import STATUS
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.views import TripSummary
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Fuel

By = Literal["vehicle", "driver", "trailer", "trip"]
Role = Literal["start", "end", "either"]

_ALL_TRIPS: Final = 100_000
SOLD_BY_VOLUME: Final = frozenset({"diesel"})
"""Fuels read in litres; the others, such as LNG, are weighed."""


def trips_of(
    desk: Desk,
    *,
    start_us: int,
    end_us: int,
    vehicle_ids: tuple[str, ...] | None = None,
    driver: str | None = None,
    place: str | None = None,
    place_role: Role = "either",
) -> Result:
    """Trips that start in a span of time, newest first; of vehicles, a driver, or to and from a place."""
    trips = select(desk, start_us, end_us, vehicle_ids=vehicle_ids, driver=driver, place=place, place_role=place_role)
    return Result(summary=total(desk, "fleet", trips), rows=tuple(trip_row(desk, trip) for trip in trips))


def activity_of(
    desk: Desk,
    *,
    start_us: int,
    end_us: int,
    vehicle_ids: tuple[str, ...] | None = None,
    driver: str | None = None,
    place: str | None = None,
    place_role: Role = "either",
) -> Result:
    """Trips, distance, driving time, idling and energy that add up over a span of time, in all and by vehicle."""
    trips = select(desk, start_us, end_us, vehicle_ids=vehicle_ids, driver=driver, place=place, place_role=place_role)
    groups = grouped(trips, lambda trip: f"vehicle:{trip.vehicle_id}")
    rows = [total(desk, subject, members) for subject, members in groups.items()]
    rows.sort(key=lambda row: -(row.figures["distance"].value or 0.0))
    return Result(summary=total(desk, "fleet", trips), rows=tuple(rows))


def unused_vehicles(desk: Desk, *, start_us: int, end_us: int, vehicle_ids: tuple[str, ...] | None = None) -> Result:
    """Vehicles that made no trip in a span of time."""
    driven = {trip.vehicle_id for trip in select(desk, start_us, end_us)}
    chosen = desk.chosen(vehicle_ids)
    rows = [
        Row(subject=f"vehicle:{state.vehicle_id}", words={"plate": state.plate, "status": STATUS[state.status]})
        for state in chosen
        if state.vehicle_id not in driven
    ]
    figures = {
        "count": exact("fleet.unused_count", len(rows), "", evidence=tuple(row.subject for row in rows)),
        "vehicles": exact("fleet.vehicles_count", len(chosen), "", evidence=("fleet:",)),
    }
    return Result(summary=Row(subject="fleet", figures=figures), rows=tuple(rows))


def select(
    desk: Desk,
    start_us: int,
    end_us: int,
    *,
    vehicle_ids: tuple[str, ...] | None = None,
    driver: str | None = None,
    place: str | None = None,
    place_role: Role = "either",
) -> list[TripSummary]:
    """Trips that start in the span, newest first, of the vehicles (or with the trailers) named, that driver, that place."""
    one = vehicle_ids[0] if vehicle_ids and len(vehicle_ids) == 1 and desk.state(vehicle_ids[0]).kind != "trailer" else None
    trips: Iterable[TripSummary] = desk.fleet.trips(one, start_us, end_us, limit=_ALL_TRIPS)
    if vehicle_ids is not None:
        trips = [trip for trip in trips if trip.vehicle_id in vehicle_ids or trip.trailer_id in vehicle_ids]
    if driver is not None:
        trips = [trip for trip in trips if trip.driver == driver]
    if place is not None:
        names = desk.place_names.get(place, Text(place, place))
        ends = {"start": (True, False), "end": (False, True), "either": (True, True)}[place_role]
        trips = [one for one in trips if (ends[0] and one.start_place in names) or (ends[1] and one.end_place in names)]
    return list(trips)


def grouped(trips: Iterable[TripSummary], key: Callable[[TripSummary], str | None]) -> dict[str, list[TripSummary]]:
    """Trips by `key`; those without one are left out."""
    groups: dict[str, list[TripSummary]] = {}
    for trip in trips:
        name = key(trip)
        if name is not None:
            groups.setdefault(name, []).append(trip)
    return groups


def trip_row(desk: Desk, trip: TripSummary) -> Row:
    """One trip."""
    row, evidence = total(desk, f"trip:{trip.trip_id}", [trip]), (f"trip:{trip.trip_id}",)
    words: dict[str, str | Text] = {"plate": trip.plate}
    for name, place in (("start_place", trip.start_place), ("end_place", trip.end_place)):
        if place:
            words[name] = desk.place_name(place)
    if trip.driver:
        words["driver"] = trip.driver
    if trip.trailer_id:
        words["trailer"] = desk.plate(trip.trailer_id) or ""
    figures = dict(row.figures) | {
        "start": exact("trip.start", trip.start_us, "µs", evidence=evidence),
        "end": exact("trip.end", trip.end_us, "µs", evidence=evidence),
        **known("trip.mass", trip.mass_kg, "kg", evidence=evidence),
    }
    return Row(subject=row.subject, words=words, figures=figures)


def total(desk: Desk, subject: str, trips: Sequence[TripSummary]) -> Row:
    """What `trips` add up to; fuel appears when they all burn the same one."""
    evidence = tuple(f"trip:{trip.trip_id}" for trip in trips)
    distance_m, moving_s = sum(trip.distance_m for trip in trips), sum(trip.moving_s for trip in trips)
    idle_s, energy_j = sum(trip.idle_s for trip in trips), sum(trip.energy_j or 0.0 for trip in trips)
    figures: dict[str, Finding] = {
        "trips": exact("trips.count", len(trips), "", evidence=evidence),
        "distance": _sum("trips.distance", distance_m, "m", evidence),
        "moving": _sum("trips.moving_time", moving_s, "s", evidence),
        "idle": _sum("trips.idle_time", idle_s, "s", evidence),
        "energy": _sum("trips.energy", energy_j, "J", evidence),
    }
    if moving_s:
        figures["speed"] = _sum("trips.average_speed", distance_m / moving_s, "m/s", evidence)
    if distance_m:
        figures["per_distance"] = _sum("trips.energy_per_distance", energy_j / distance_m, "J/m", evidence)
    figures |= _stores(desk, trips, distance_m, evidence)
    kind, _, name = subject.partition(":")
    plate = desk.plate(name) if kind == "vehicle" else name
    return Row(subject=subject, words={"plate": plate} if plate else {}, figures=figures)


def fuel_of(energy_kind: str) -> Fuel | None:
    """The fuel of a vehicle's energy kind, ``None`` when it burns none."""
    return _fuels().get("hydrogen" if energy_kind.startswith("fuel_cell") else energy_kind.partition("_")[0])


def in_store_units(finding: Finding, fuel: Fuel | None) -> Finding:
    """Energy (J or J/m) as the amount of fuel that holds it: volume of diesel, mass of LNG; as it is for electricity."""
    if fuel is None or finding.value is None:
        return finding
    by_volume = fuel.name in SOLD_BY_VOLUME
    content = fuel.lower_heating_value_jpkg * (fuel.density_kgpm3 if by_volume else 1.0)
    unit = finding.unit.replace("J", "m³" if by_volume else "kg")
    how = f"lower heating value {fuel.lower_heating_value_jpkg:g} J/kg"
    return Finding(
        name=finding.name,
        value=finding.value / content,
        unit=unit,
        low=None if finding.low is None else finding.low / content,
        high=None if finding.high is None else finding.high / content,
        origin=finding.origin,
        method=f"{finding.method}; {how}, {fuel.density_kgpm3:g} kg/m³" if by_volume else f"{finding.method}; {how}",
        evidence=(*finding.evidence, f"catalogue:{fuel.name}"),
    )


def _stores(desk: Desk, trips: Sequence[TripSummary], distance_m: float, evidence: tuple[str, ...]) -> dict[str, Finding]:
    burning = {trip.vehicle_id for trip in trips if trip.fuel_kg}
    fuels = {fuel_of(state.energy_kind) for state in desk.states.values() if state.vehicle_id in burning}
    fuel = fuels.pop() if len(fuels) == 1 else None
    figures: dict[str, Finding] = {}
    fuel_kg = sum(trip.fuel_kg or 0.0 for trip in trips)
    electric_j = sum(trip.electric_j or 0.0 for trip in trips)
    if fuel is not None and fuel_kg:
        burnt = _sum("trips.fuel", fuel_kg * fuel.lower_heating_value_jpkg, "J", evidence)
        figures["fuel"] = in_store_units(burnt, fuel)
        if distance_m:
            each = _sum("trips.fuel_per_distance", fuel_kg * fuel.lower_heating_value_jpkg / distance_m, "J/m", evidence)
            figures["fuel_per_distance"] = in_store_units(each, fuel)
    if electric_j:
        figures["electric"] = _sum("trips.electric", electric_j, "J", evidence)
        if distance_m and not fuel_kg:
            figures["electric_per_distance"] = _sum("trips.electric_per_distance", electric_j / distance_m, "J/m", evidence)
    return figures


@cache
def _fuels() -> dict[str, Fuel]:
    parts = catalogue()
    return {name: parts.build("fuels", name) for name in parts.names("fuels")}


def _sum(name: str, value: float, unit: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(name=name, value=value, unit=unit, origin=Origin.MEASURED, method="over the trips", evidence=evidence)
