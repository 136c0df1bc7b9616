"""Match: the powertrain of a combination found for a mission, the bought one beside the trade-off curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from fifthwheel.choose.duty import Cargo, Duty
from fifthwheel.choose.powertrain import GENERATIONS, Matched, Point, Task, match
from fifthwheel.choose.powertrain_cost import ledger_cost
from fifthwheel.choose.region import Region, region
from fifthwheel.errors import InputError
from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.simulate import usual_payload_kg
from fifthwheel.road import read as roads
from fifthwheel.units import KM
from fifthwheel.vehicle import catalogue

SEED: Final = 1
NAMES: Final = ("thriftiest", "fastest", "cheapest")
"""What the ends of the curve are called, in the order of `Point.objectives`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowertrainMatch:
    """A powertrain matched to a mission; `found` has the bought one, the curve and its knee."""

    combination: str
    mission: str
    payload_kg: float
    region: Region
    found: Matched

    @property
    def chosen(self) -> tuple[tuple[str, Point], ...]:
        """Named points: bought, the knee, and the ends of the curve."""
        ends = ((name, self.found.least(index)) for index, name in enumerate(NAMES))
        return (("bought", self.found.bought), ("knee", self.found.knee), *ends)

    def document(self) -> dict[str, Any]:
        """As ``fifthwheel match --json`` prints it; costs in the region's currency."""
        return {
            "combination": self.combination, "mission": self.mission, "payload_kg": self.payload_kg,
            "region": self.region.name, "currency": self.region.currency, "driven_count": len(self.found.seen),
            "offered_count": self.found.offered_count, "chosen": {name: self._row(point) for name, point in self.chosen},
            "front": [self._row(point) for point in self.found.front], "findings": [one.to_dict() for one in self.findings()],
        }  # fmt: skip

    def _row(self, point: Point) -> dict[str, Any]:
        return {
            **asdict(point.sizes), "tare_kg": point.combination.tare_kg, "energy_jpm": point.energy_jpm, "time_s": point.time_s,
            "cost_per_km": KM * point.cost, "margins": point.margins, "binding": list(point.binding),
            "at_end": list(self.found.at_end(point)),
        }  # fmt: skip

    def findings(self) -> tuple[Finding, ...]:
        """Energy, time and cost of the knee over the bought powertrain's."""
        before, after = self.found.bought.objectives, self.found.knee.objectives
        method = f"knee of {len(self.found.front)} points that none beats, of {len(self.found.seen)} powertrains simulated"
        return tuple(
            Finding(
                name=f"match.{name}_saved", value=1.0 - new / old, unit="", low=1.0 - new / old, high=1.0 - new / old,
                origin=Origin.SIMULATED, method=method, evidence=(f"catalogue:{self.combination}",),
            )
            for name, old, new in zip(("energy", "time", "cost"), before, after, strict=True)
        )  # fmt: skip


def match_powertrain(
    combination: str,
    mission: str,
    payload_kg: float | None = None,
    *,
    region_name: str = "cn",
    distance_day_m: float = 600e3,
    generations: int = GENERATIONS,
    progress: Callable[[int, int], None] | None = None,
) -> PowertrainMatch:
    """Find powertrains of a combination for a mission, one way with one payload.

    Parameters
    ----------
    combination : name in the catalogue or a TOML file. mission : as of `fleet.simulate.simulate`.
    payload_kg : ``None`` takes the mission's usual share of what the combination may carry.
    region_name : prices, rests and parts on offer. distance_day_m : driven a day, which sets charging on the way.
    generations : of each run of the optimiser. progress : told generations done, of how many.

    Raises
    ------
    InputError : a name, file or value that is not accepted, or no powertrain that can be driven there.
    """
    named = combination.lower().endswith(".toml")
    vehicle = catalogue.load(Path(combination)) if named else catalogue.combination(combination)
    road, where = roads.read(mission), region(region_name)
    load_kg = usual_payload_kg(vehicle, mission) if payload_kg is None else payload_kg
    if distance_day_m <= 0.0 or generations < 1:
        raise InputError(f"{distance_day_m / KM:g} km a day, {generations} generations; above 0 km and 1 or more are wanted")
    cargo = Cargo(kind="general", title_en="General cargo", title_zh="普货", bodies=())
    duty = Duty(
        name=mission, title_en=mission, title_zh=mission, road=mission, cargo=cargo, region=region_name,
        distance_day_m=distance_day_m,
    )  # fmt: skip
    found = match(
        vehicle, Task(ways=((road, load_kg),), duty=duty), ledger_cost(vehicle, where), np.random.default_rng(SEED),
        generations=generations, progress=progress,
    )  # fmt: skip
    return PowertrainMatch(combination=vehicle.name, mission=mission, payload_kg=load_kg, region=where, found=found)
