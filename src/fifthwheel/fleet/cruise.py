"""Predictive cruise control on a mission: the same driver with and without it; arguments as of `fleet.simulate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fifthwheel.fleet import simulate as simulating
from fifthwheel.fleet.simulate import Day
from fifthwheel.simulate import layout
from fifthwheel.simulate.predict import Predicted, predict
from fifthwheel.simulate.trip import TripRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Cruised:
    """A mission with and without predictive cruise."""

    combination: str
    mission: str
    payload_kg: float
    predicted: Predicted

    def document(self) -> dict[str, Any]:
        """Both trips as one JSON document, as `fifthwheel cruise --json` prints it."""
        found = self.predicted
        return {
            "combination": self.combination,
            "mission": self.mission,
            "payload_kg": self.payload_kg,
            "planned": found.course is not None,
            "saving_ratio": found.saving_ratio,
            "time_ratio": found.time_ratio,
            "without": _figures(found.alone, found.alone_j),
            "with": _figures(found.run, found.energy_j),
        }


def _figures(run: TripRun, energy_j: float) -> dict[str, float | None]:
    """Totals of a trip, its braking, shifts, and the share of time it rolls out of gear."""
    gears, rolls = run.samples[:, layout.GEAR], run.samples[:, layout.ROLLING]
    terms = run.ledger.terms_j
    return {
        **run.totals(),
        "energy_j": energy_j,
        "brake_friction_j": terms["brake_friction"],
        "endurance_brake_j": terms["retarder"] + terms["engine_brake"],
        "recovered_j": run.ledger.recovered_j,
        "shifts_count": float(np.count_nonzero(np.diff(gears))),
        "rolling_time_ratio": float(rolls.mean()),
    }


def cruise(
    combination: str, mission: str, payload_kg: float | None = None, day: Day | None = None, *, wanted_s: float | None = None,
    horizon_m: float | None = None,
) -> Cruised:  # fmt: skip
    """Drive a mission with and without predictive cruise, arriving at the same time or after `wanted_s`.

    Raises
    ------
    InputError : a name, file or value that is not accepted. SimulationError : a trip that it cannot drive.
    """
    case = next(simulating.cases([combination], [mission], [payload_kg], [day or Day()]))
    found = predict(case.combination, case.road, case.payload_kg, case.conditions, wanted_s=wanted_s, horizon_m=horizon_m)
    return Cruised(combination=case.combination.name, mission=mission, payload_kg=case.payload_kg, predicted=found)
