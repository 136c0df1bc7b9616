"""One run of a scenario as the control page shows it: thinned columns, figures, verdicts, and the view from above."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fifthwheel.finding import Finding, Origin
from fifthwheel.fleet.verify import CaseView, run_case
from fifthwheel.fleet.views import (
    PlanUnit,
    PlanView,
    PlanWheel,
    ScenarioRun,
    ScenarioVerdict,
)
from fifthwheel.simulate.handling.outline import Outline
from fifthwheel.units import unit_of
from fifthwheel.verify.kinds import KINDS

POINTS = 1500
"""Rows of a run that a screen can tell apart."""


def run_scenario(kind: str, parameters: Mapping[str, float | str], calibration: Mapping[str, float]) -> ScenarioRun:
    """One run of a scenario, judged.

    Raises
    ------
    UnknownName : no such kind, parameter, choice or calibration value. InputError : a value outside its range.
    SimulationError : the plant cannot drive it.
    """
    return _shown(run_case(kind, parameters, calibration))


def _shown(case: CaseView) -> ScenarioRun:
    first = next(iter(case.columns))
    count = len(case.columns[first])
    rows = np.unique(np.linspace(0, count - 1, min(count, POINTS)).round().astype(int))
    columns = {name: _thinned(column, rows) for name, column in case.columns.items() if name != first}
    return ScenarioRun(
        kind=case.kind,
        x_name=first,
        x=tuple(case.columns[first][rows].tolist()),
        columns=columns,
        units={name: unit_of(name) for name in columns},
        quantities=tuple(
            Finding(name=f"scenario.{name}", value=value, unit=unit_of(name), low=value, high=value, origin=Origin.SIMULATED)
            for name, value in case.quantities.items()
        ),
        titles={f"scenario.{one.name}": (one.title_en, one.title_zh) for one in KINDS[case.kind].quantities},
        verdicts=tuple(
            ScenarioVerdict(
                requirement=one["requirement"], text_en=one["text_en"], text_zh=one["text_zh"], source=one["source"],
                verdict=one["verdict"].replace(" ", "_"), value=Finding.from_dict(one["finding"]), limit_low=one["low"],
                limit_high=one["high"], margin=one["margin"],
            )
            for one in case.verdicts
        ),
        plan=_plan(case.outline) if case.outline else None,
    )  # fmt: skip


def _plan(outline: Outline) -> PlanView:
    """Where the poses and the adhesion in use stand among the columns of the planar vehicle."""
    poses = (("x_m", "y_m", "heading_rad"), ("trailer_x_m", "trailer_y_m", "trailer_heading_rad"))
    return PlanView(
        units=tuple(
            PlanUnit(front_m=body.front_m, rear_m=body.rear_m, width_m=body.width_m, x=pose[0], y=pose[1], heading=pose[2])
            for body, pose in zip(outline.bodies, poses, strict=False)
        ),
        wheels=tuple(
            PlanWheel(unit=wheel.body, x_m=wheel.ahead_m, y_m=wheel.left_m, steered=wheel.steered, used=f"used_{number}_ratio")
            for number, wheel in enumerate(outline.wheels)
        ),
    )


def _thinned(column: NDArray[np.float64], rows: NDArray[np.int_]) -> tuple[float | None, ...]:
    picked = column[rows].astype(float)
    return tuple(value if np.isfinite(value) else None for value in picked.tolist())
