"""Compare: one tractor and trailer in all its versions on a mission, named as people name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fifthwheel.choose.compare import Row, Task, compare
from fifthwheel.choose.region import Region, region
from fifthwheel.choose.version import Versions, versions
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.simulate import Day, conditions_of, usual_payload_kg
from fifthwheel.road import read as roads
from fifthwheel.units import KM, KWH, MJ
from fifthwheel.vehicle import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Versions side by side: the units bought apart first, then a row for each function in order."""

    versions: Versions
    mission: str
    region: Region
    rows: tuple[Row, ...]

    @property
    def last_of_versions(self) -> tuple[Row, ...]:
        """The row that completes each version."""
        return tuple({row.version: row for row in self.rows}.values())

    def document(self) -> dict[str, Any]:
        """As ``fifthwheel compare --json`` prints it; costs in the region's currency."""
        return {
            "versions": self.versions.name, "title_en": self.versions.title_en, "title_zh": self.versions.title_zh,
            "mission": self.mission, "region": self.region.name, "currency": self.region.currency,
            "rows": [self._line(row, before) for row, before in zip(self.rows, (self.rows[0], *self.rows), strict=False)],
        }  # fmt: skip

    def _line(self, row: Row, before: Row) -> dict[str, Any]:
        function = row.function
        return {
            "version": row.version, "function": function.name if function else None,
            "title_en": function.title_en if function else self.versions.title_en,
            "title_zh": function.title_zh if function else self.versions.title_zh,
            "source": function.source if function else "", "combination": row.combination.name, "payload_kg": row.payload_kg,
            "distance_m": row.distance_m, "time_s": row.time_s,
            "fuel_kg_per_100km": 100 * KM * row.fuel_kgpm, "grid_kwh_per_100km": 100 * KM * row.grid_jpm / KWH,
            "energy_saved_ratio": 1.0 - row.energy_jpm / before.energy_jpm,
            "cost_per_km": KM * row.cost_pm, "cost_saved_per_km": KM * (before.cost_pm - row.cost_pm),
            "cost_lines_per_km": {name: KM * cost for name, cost in row.cost_lines.items()},
            "brake_heat_mj_per_100km": 100 * KM * row.friction_jpm / MJ,
            "margins": {
                "hottest_brake_k": row.margins.brake_k, "brake_limit_k": row.margins.brake_limit_k,
                "kingpin_push_n": row.margins.push_n, "adhesion_used_ratio": row.margins.adhesion_ratio,
            },
            "findings": [finding.to_dict() for finding in self.findings(row)],
        }  # fmt: skip

    def findings(self, row: Row) -> tuple[Finding, ...]:
        """Energy and cost of a metre; that of cost between all its assumptions at their better and at their worse ends."""
        name = row.function.name if row.function else "apart"
        evidence = (f"catalogue:{row.combination.name}",)
        method = f"simulated on {self.mission}; charge-corrected where the trailer is not charged at the depot"
        return (
            Finding(
                name=f"compare.{name}.energy", value=row.energy_jpm, unit="J/m", low=row.energy_jpm, high=row.energy_jpm,
                origin=Origin.SIMULATED, method=method, evidence=evidence,
            ),
            Finding(
                name=f"compare.{name}.cost", value=row.cost_pm, unit=f"{self.region.currency}/m", low=row.cost_range_pm[0],
                high=row.cost_range_pm[1], origin=Origin.ASSUMED,
                method=f"region {self.region.name}: interval with every assumption drawn from its range", evidence=evidence,
            ),
        )  # fmt: skip


def compare_versions(
    what: str, mission: str, payload_kg: float | None = None, day: Day | None = None, region_name: str | None = None,
    *, progress: Callable[[int, int], None] | None = None,
) -> Compared:  # fmt: skip
    """Simulate the versions of one tractor and trailer on a mission.

    Parameters
    ----------
    what : name of a set of versions, or a TOML file. mission : as of `fleet.simulate.simulate`.
    payload_kg : ``None`` takes the mission's usual share of what the units bought apart may carry.
    region_name : name or TOML file; ``None``: that of the versions. progress : told how many rows are done, of how many.

    Raises
    ------
    InputError : a name, file or value that is not accepted. SimulationError : a trip that it cannot drive.
    """
    chosen, road = versions(what), roads.read(mission)
    where = region(region_name or chosen.region)
    vehicle = catalogue.combination(chosen.start.combination)
    load_kg = usual_payload_kg(vehicle, mission) if payload_kg is None else payload_kg
    done, count = 0, 1 + len(chosen.functions)

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(done, count)

    task = Task(profile=road, payload_kg=load_kg, weather=conditions_of(day or Day()).weather)
    rows = compare(chosen, where, task, told)
    return Compared(versions=chosen, mission=mission, region=where, rows=tuple(rows))
