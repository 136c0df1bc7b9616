"""Launches: mass, slope, pedal; and the five starts in five minutes on 12 % of EU startability (control facts 1.4, 5.3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fifthwheel.control.gearbox import layout as n
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.matrix import BOXES
from fifthwheel.simulate.shift.metrics import Launch
from fifthwheel.simulate.shift.metrics import launch as judge
from fifthwheel.simulate.shift.run import PERIOD_S, plan_of, rig

MASSES_KG: Final = (7_500.0, 12_000.0, 16_000.0, 25_000.0, 32_000.0, 40_000.0, 49_000.0)
GRADES: Final = (0.0, 0.03, 0.06, 0.09, 0.12)
PEDALS: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
STAND_S: Final = 1.5
WATCH_S: Final = 8.0
STARTS: Final = 5
EACH_S: Final = 60.0
LINING_JPM2: Final = 1e6
"""Friction energy a lining takes in one launch: 1 J/mm2 (control facts 5.3 [K])."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A launch: 1.5 s on the brake, then the pedal; `mass_known` or the mass that the unit believes at key-on."""

    mass_kg: float
    grade_ratio: float
    pedal_ratio: float
    box: str = "dct"
    mass_known: bool = True

    @property
    def driveline(self) -> Driveline:
        """The plant of the case."""
        return replace(BOXES[self.box], mass_kg=self.mass_kg, grade_ratio=self.grade_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A launch driven: what it is judged by, friction energy over what the lining takes, account, hottest clutch, rows."""

    launch: Launch
    lining_ratio: float
    residual_ratio: float
    clutch_k: float
    rows: Floats


def cases(box: str = "dct") -> Iterator[Case]:
    """Every launch of the matrix."""
    for mass, grade, pedal in itertools.product(MASSES_KG, GRADES, PEDALS):
        yield Case(mass_kg=mass, grade_ratio=grade, pedal_ratio=pedal, box=box)


def drive(case: Case) -> Driven:
    """Pull away."""
    plant = case.driveline
    made = rig(plant)
    if not case.mass_known:
        made.unit[n.MASS_KG] = made.calibration[n.FIRST_MASS_KG]
    made.run(plan_of(STAND_S, brake=0.5))
    made.reset_account()
    rows = made.run(plan_of(WATCH_S, pedal=case.pedal_ratio))
    seen = judge(rows, plant.tyre_radius_m)
    return Driven(
        launch=seen, lining_ratio=seen.heat_j / (LINING_JPM2 * plant.lining_area_m2), residual_ratio=made.residual_ratio(),
        clutch_k=float(rows[:, [m.O_K1, m.O_K2]].max()), rows=rows,
    )  # fmt: skip


def five_starts(driveline: Driveline, pedal_ratio: float = 1.0, grade_ratio: float = 0.12) -> tuple[Floats, int]:
    """Five starts in five minutes on a slope, each from a stand; rows of the trace each tenth second, and starts that locked."""
    made, rows, locked = rig(replace(driveline, grade_ratio=grade_ratio)), [], 0
    for _ in range(STARTS):
        plan = plan_of(EACH_S, pedal=pedal_ratio)
        go, stop = round(STAND_S / PERIOD_S), round((STAND_S + WATCH_S) / PERIOD_S)
        plan[:go, m.P_PEDAL] = plan[stop:, m.P_PEDAL] = 0.0
        plan[:go, m.P_BRAKE] = plan[stop:, m.P_BRAKE] = 0.5
        trace = made.run(plan)
        locked += int((trace[10 * go : 10 * stop, m.O_PHASE] == n.DRIVE).any())
        rows.append(trace[99::100])
    return np.vstack(rows), locked
