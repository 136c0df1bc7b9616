"""Ranking: who used, drove, idled most or least."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from fifthwheel.assistant.desk import Desk, Result, Row, exact
from fifthwheel.assistant.trip_tools import By, grouped, select, total, trip_row
from fifthwheel.units import KM

Metric = Literal[
    "energy", "fuel", "electric", "energy_per_distance", "fuel_per_distance", "electric_per_distance",
    "distance", "moving", "idle", "trips", "speed", "soc", "fuel_level", "faults",
]  # fmt: skip
Order = Literal["most", "least"]

_LEAST_RANKED_M: Final = 10 * KM
"""Less than this says nothing about consumption per distance."""


def who_used_most(
    desk: Desk,
    *,
    start_us: int,
    end_us: int,
    metric: Metric = "energy",
    order: Order = "most",
    by: By = "vehicle",
    vehicle_ids: tuple[str, ...] | None = None,
) -> Result:
    """Vehicles, drivers, trailers or trips ranked over a span of time (battery, fuel level and faults: now)."""
    if metric in {"soc", "fuel_level", "faults"}:
        ranked = _state_ranks(desk, metric, vehicle_ids)
    else:
        ranked = _trip_ranks(desk, start_us, end_us, metric=metric, by=by, vehicle_ids=vehicle_ids)
    ranked.sort(key=lambda pair: pair[0], reverse=order == "most")
    if len({row.figures["ranked"].unit for _, row in ranked}) > 1:
        ranked = [(sort, _with_basis(metric, row)) for sort, row in ranked]
    evidence = tuple(row.subject for _, row in ranked)
    summary = Row(subject="fleet", figures={"count": exact("rank.count", len(ranked), "", evidence=evidence)})
    return Result(summary=summary, rows=tuple(row for _, row in ranked))


def _trip_ranks(
    desk: Desk, start_us: int, end_us: int, *, metric: Metric, by: By, vehicle_ids: tuple[str, ...] | None
) -> list[tuple[float, Row]]:
    keys = {
        "vehicle": lambda trip: f"vehicle:{trip.vehicle_id}",
        "driver": lambda trip: f"driver:{trip.driver}" if trip.driver else None,
        "trailer": lambda trip: f"vehicle:{trip.trailer_id}" if trip.trailer_id else None,
        "trip": lambda trip: f"trip:{trip.trip_id}",
    }
    trips = select(desk, start_us, end_us, vehicle_ids=vehicle_ids)
    groups = grouped(trips, keys[by])
    ranked = []
    for subject, members in groups.items():
        row = trip_row(desk, members[0]) if by == "trip" else total(desk, subject, members)
        rank = _rank(metric, row)
        if rank is not None:
            ranked.append(rank)
    return ranked


def _rank(metric: Metric, row: Row) -> tuple[float, Row] | None:
    """What to sort by (energy in J, so that fuels compare) and the row with the figure to show, if it has one."""
    store, _, per = metric.partition("_per_")
    figures = row.figures
    if store in {"fuel", "electric"} and store not in figures:
        return None
    shown = figures.get(metric)
    if metric == "energy":
        shown = figures["energy"] if {"fuel", "electric"} <= figures.keys() else figures.get("fuel", figures["energy"])
    if metric == "energy_per_distance":
        shown = figures.get("fuel_per_distance") if "electric" not in figures else None
        shown = shown or figures.get("per_distance")
    if per and (figures["distance"].value or 0.0) < _LEAST_RANKED_M:
        return None
    if metric in {"energy", "energy_per_distance", "fuel_per_distance"}:
        sort = figures["energy" if not per else "per_distance"].value if "per_distance" in figures or not per else None
    else:
        sort = shown.value if shown else None
    if shown is None or sort is None or not (sort or per):
        return None
    beside = {name: finding for name, finding in figures.items() if name != "distance" or metric != "distance"}
    return sort, replace(row, figures=beside | {"ranked": shown})


def _with_basis(metric: Metric, row: Row) -> Row:
    """Litres, kilograms and kWh do not compare: the energy they were ranked by stands beside them."""
    basis = row.figures["per_distance" if "_per_" in metric else "energy"]
    if basis.unit == row.figures["ranked"].unit:
        return row
    return replace(row, figures=dict(row.figures) | {"basis": basis})


def _state_ranks(desk: Desk, metric: Metric, vehicle_ids: tuple[str, ...] | None) -> list[tuple[float, Row]]:
    names = {"soc": "battery_soc_ratio", "fuel_level": "fuel_level_ratio", "faults": "active_faults_count"}
    ranked = []
    for state in desk.chosen(vehicle_ids):
        value = getattr(state, names[metric])
        if value is not None and (value or metric != "faults"):
            link = (f"vehicle:{state.vehicle_id}",)
            finding = exact(f"vehicle.{names[metric]}", float(value), "", evidence=link, method="latest")
            ranked.append((float(value), Row(subject=link[0], words={"plate": state.plate}, figures={"ranked": finding})))
    return ranked
