"""Scenarios of the control units: which there are, and one run of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter

from fifthwheel.fleet.views import ScenarioKind, ScenarioRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a run departs from the defaults with, by the names of parameters and of calibration values."""

    parameters: Mapping[str, float | str] = field(default_factory=dict)
    calibration: Mapping[str, float] = field(default_factory=dict)


def routes() -> APIRouter:
    """Paths under ``/scenarios``; the plants load with the first request, so that the console starts without them."""
    router = APIRouter(prefix="/scenarios", tags=["scenarios"])

    @router.get("")
    def scenarios() -> Sequence[ScenarioKind]:
        """Kinds of scenarios with what can be set of them."""
        from fifthwheel.fleet.verify import scenario_kinds

        return scenario_kinds()

    @router.post("/{kind}")
    def run_scenario(kind: str, setting: Setting) -> ScenarioRun:
        """Run one scenario and judge it against the requirements that apply to it."""
        from fifthwheel.fleet.scenarios import run_scenario

        return run_scenario(kind, setting.parameters, setting.calibration)

    return router
