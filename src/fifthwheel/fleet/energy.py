"""Energy of some vehicles over a span of time: the sums of their trips' accounts, with honest intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot
from typing import Any

from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.trips import findings_of
from fifthwheel.fleet.views import AccountLine, EnergyReport
from fifthwheel.physics.energy import TERMS

_STORES = ("meter.fuel", "meter.battery", "meter.trailer_battery")


def energy(stores: Stores, vehicle_ids: tuple[str, ...] | None, start_us: int, end_us: int) -> EnergyReport:
    """Sum the trips that start in the interval.

    Intervals of a vehicle's trips add up (its errors are the same on every trip: mass, drag, sensors); those of
    different vehicles add in quadrature.
    """
    rows = [row for row in stores.lake.trips(start_us=start_us, end_us=end_us).to_pylist() if row["energy_j"] is not None]
    rows = [row for row in rows if vehicle_ids is None or row["vehicle_id"] in vehicle_ids]
    parts = [(row, {f.name: f for f in (*findings_of(row)["meter"], *findings_of(row)["account"])}) for row in rows]
    distance_m = sum(row["distance_m"] for row in rows)
    evidence = tuple(f"trip:{row['trip_id']}" for row in rows)
    total = _sum("energy.total", parts, _STORES)
    account = [(term, _sum(f"account.{term.name}", parts, (f"account.{term.name}",))) for term in TERMS]
    return EnergyReport(
        vehicle_ids=vehicle_ids or tuple(record.vehicle_id for record in stores.records.vehicles()),
        start_us=start_us,
        end_us=end_us,
        distance=_exact("energy.distance", distance_m, "m", evidence),
        meter=tuple(_sum(name, parts, (name,)) for name in _STORES if any(name in found for _, found in parts)),
        per_distance=_per("energy.per_distance", total, distance_m),
        account=tuple(
            AccountLine(name=term.name, title_en=term.title_en, title_zh=term.title_zh, colour=term.colour, finding=finding)
            for term, finding in account
        ),
        by_vehicle=_by_vehicle(parts),
        trips=tuple(row["trip_id"] for row in rows),
    )


_Parts = Sequence[tuple[dict[str, Any], dict[str, Finding]]]


def _by_vehicle(parts: _Parts) -> tuple[tuple[str, Finding, Finding], ...]:
    lines = []
    for vehicle_id in {row["vehicle_id"] for row, _ in parts}:
        own = [(row, found) for row, found in parts if row["vehicle_id"] == vehicle_id]
        total = _sum("vehicle.energy", own, _STORES)
        lines.append((vehicle_id, total, _per("vehicle.per_distance", total, sum(row["distance_m"] for row, _ in own))))
    return tuple(sorted(lines, key=lambda line: -(line[1].value or 0.0)))


def _sum(name: str, parts: _Parts, wanted: Iterable[str]) -> Finding:
    margins: dict[str, float] = {}
    value, wanted = 0.0, tuple(wanted)
    for row, found in parts:
        for finding in (found[one] for one in wanted if one in found):
            if finding.value is not None:
                value += finding.value
                half = (finding.high - finding.low) / 2 if finding.high is not None and finding.low is not None else 0.0
                margins[row["vehicle_id"]] = margins.get(row["vehicle_id"], 0.0) + half
    margin = hypot(*margins.values()) if margins else 0.0
    return Finding(
        name=name,
        value=value,
        unit="J",
        low=value - margin,
        high=value + margin,
        origin=Origin.ESTIMATED if name.startswith("account.") else Origin.MEASURED,
        method=f"sum over {len(parts)} trips",
        evidence=tuple(f"trip:{row['trip_id']}" for row, _ in parts),
    )


def _per(name: str, total: Finding, distance_m: float) -> Finding:
    if not distance_m or total.value is None or total.low is None or total.high is None:
        return Finding(name=name, value=None, unit="J/m", method="no trip in this span")
    return Finding(
        name=name,
        value=total.value / distance_m,
        unit="J/m",
        low=total.low / distance_m,
        high=total.high / distance_m,
        origin=total.origin,
        method=f"energy over distance, {total.method}",
        evidence=total.evidence,
    )


def _exact(name: str, value: float, unit: str, evidence: tuple[str, ...]) -> Finding:
    return Finding(name=name, value=value, unit=unit, low=value, high=value, method="sum of the trips", evidence=evidence)
