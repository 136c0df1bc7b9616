"""The shift matrix: gear, pedal, mass, grade, oil temperature; power on and off, skips, changes of mind; how each is driven.

`cases` gives the cases of a kind that are shifts of that kind at all, `drive` drives one; `metrics.trace` names its columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fifthwheel.errors import UnknownName
from fifthwheel.simulate.shift.driveline import AMT, FULL_LOAD, NOMINAL_K, Driveline, at_oil
from fifthwheel.simulate.shift.kernel import GRAVITY_MPS2
from fifthwheel.simulate.shift.layout import P_ASKED, P_BRAKE, Floats
from fifthwheel.simulate.shift.metrics import Shift, judge
from fifthwheel.simulate.shift.run import PERIOD_S, Rig, plan_of, rig
from fifthwheel.units import CELSIUS_ZERO_K, RPM

PEDALS: Final = (0.2, 0.35, 0.5, 0.75, 1.0)
MASSES_KG: Final = (16_000.0, 28_000.0, 40_000.0, 49_000.0)
GRADES: Final = (-0.02, 0.0, 0.03, 0.06, 0.10)
DOWNHILL: Final = (-0.06, -0.03, 0.0, 0.03)
BRAKES: Final = (0.0, 0.03, 0.06)
OILS_K: Final = tuple(CELSIUS_ZERO_K + celsius for celsius in (-30.0, -10.0, 20.0, 120.0))
BOXES: Final = {"dct": Driveline(), "amt": AMT}
KINDS: Final = ("power_on", "power_off", "skip", "change_of_mind", "temperature")
UP_RADPS: Final = 1650 * RPM
DOWN_RADPS: Final = 950 * RPM
OVERSPEED_RADPS: Final = 1850 * RPM
LEAST_RADPS: Final = 660 * RPM
SKIP_RADPS: Final = 1750 * RPM
"""Engine speed at the upper end of a skip."""
POWER_ON_NM: Final = 100.0
"""From this engine torque on a shift counts as power-on (a twentieth of the peak)."""
LOW_GEAR_MPS2: Final = 2.2
"""The unit's limit on acceleration in low gears, so that the rig begins with a torque that it would let pass."""
SETTLE_S: Final = 0.1
WATCH_S: Final = 2.5
STOP_S: Final = 3.1
"""A vehicle that loses speed keeps its engine above idle for so long: settling and watching."""
MIND_S: Final = 0.11
"""When a driver changes his mind after having asked for a gear: in the middle of the first hand-over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A shift from `gear` to `target` at a steady pedal, the next gear preselected.

    Attributes
    ----------
    kind : one of `KINDS`; in a change of mind `target` is asked for and taken back.
    box : ``dct``, six speeds with two clutches; ``amt``, twelve with one.
    oil_k : oil temperature; brake_ratio : share of the brakes from the request on.
    """

    gear: int
    target: int
    pedal_ratio: float
    mass_kg: float
    grade_ratio: float
    kind: str = "power_on"
    box: str = "dct"
    oil_k: float = NOMINAL_K
    brake_ratio: float = 0.0

    @property
    def driveline(self) -> Driveline:
        """The plant of the case."""
        plant = replace(BOXES[self.box], mass_kg=self.mass_kg, grade_ratio=self.grade_ratio)
        return plant if self.oil_k == NOMINAL_K else at_oil(plant, self.oil_k)

    @property
    def speed_radps(self) -> float:
        """Engine speed at the request."""
        if self.kind == "skip":
            ratios = BOXES[self.box].ratios
            return SKIP_RADPS * min(ratios[self.gear - 1] / ratios[self.target - 1], 1.0)
        return UP_RADPS if self.target > self.gear else DOWN_RADPS

    def torque_nm(self) -> float:
        """Steady engine torque at the request: the pedal's, below the limit of low gears."""
        plant = self.driveline
        speed = self.speed_radps
        full = plant.peak_torque_nm * float(
            np.interp(speed / RPM, [rpm for rpm, _ in FULL_LOAD], [part for _, part in FULL_LOAD])
        )
        drag = plant.engine_friction_nm * (0.65 + 0.35 * speed / plant.idle_radps)
        most = (LOW_GEAR_MPS2 + GRAVITY_MPS2 * (max(self.grade_ratio, 0.0) + plant.rolling_ratio)) * self._per_newton_metre(
            self.gear
        )
        return min(self.pedal_ratio * full - (1 - self.pedal_ratio) * drag, most)

    def _per_newton_metre(self, gear: int) -> float:
        """Engine torque (Nm) for an acceleration of 1 m/s2."""
        plant = self.driveline
        return self.mass_kg * plant.tyre_radius_m / (plant.ratios[gear - 1] * plant.axle_ratio * plant.efficiency_ratio)

    def possible(self) -> bool:
        """Whether this is a shift of its kind: power-on pulls and after a gear up still does; the engine stays in its range."""
        torque, ratios = self.torque_nm(), self.driveline.ratios
        after = self.speed_radps * ratios[self.target - 1] / ratios[self.gear - 1]
        if not LEAST_RADPS < after < OVERSPEED_RADPS:
            return False
        if after + min(self._gained_mps2(), 0.0) * STOP_S * self._per_metre(self.target) < LEAST_RADPS:
            return False
        if self.pedal_ratio <= 0:
            return True
        if self.target > self.gear:
            felt = torque / self._per_newton_metre(self.target)
            pulls = felt - GRAVITY_MPS2 * (self.grade_ratio + self.driveline.rolling_ratio) > 0.1
            return torque >= POWER_ON_NM and pulls
        gained = torque / self._per_newton_metre(self.gear) * SETTLE_S * self._per_metre(self.gear)
        return torque >= POWER_ON_NM and (DOWN_RADPS + gained) * ratios[self.target - 1] / ratios[self.gear - 1] < OVERSPEED_RADPS

    def _gained_mps2(self) -> float:
        """Acceleration in the new gear."""
        plant = self.driveline
        braked = self.brake_ratio * plant.brake_nm / plant.tyre_radius_m / self.mass_kg
        slope = GRAVITY_MPS2 * (self.grade_ratio + plant.rolling_ratio)
        return self.torque_nm() / self._per_newton_metre(self.target) - slope - braked

    def _per_metre(self, gear: int) -> float:
        """Engine angle (rad) of a metre of way."""
        return self.driveline.ratios[gear - 1] * self.driveline.axle_ratio / self.driveline.tyre_radius_m


def _grid(kind: str, box: str) -> Iterator[Case]:
    """Every combination of a kind's axes, possible or not."""
    first = Case(gear=1, target=2, pedal_ratio=0.5, mass_kg=40e3, grade_ratio=0.0, kind=kind, box=box)
    last = len(BOXES[box].ratios)
    step = (2, -2, 3, -3) if kind == "skip" else (1, -1)
    if kind == "power_off":
        axes = itertools.product((0.0,), MASSES_KG, DOWNHILL, (NOMINAL_K,), BRAKES)
    elif kind == "power_on":
        axes = itertools.product(PEDALS, MASSES_KG, GRADES, (NOMINAL_K,), (0.0,))
    else:
        axes = itertools.product(
            (0.35, 0.75), (16e3, 40e3), (0.0, 0.06), OILS_K if kind == "temperature" else (NOMINAL_K,), (0.0,)
        )
    for (gear, by), (pedal, mass, grade, oil, brake) in itertools.product(
        itertools.product(range(1, last + 1), step), list(axes)
    ):
        if 1 <= gear + by <= last and (by < 0 or brake <= 0):
            yield replace(first, gear=gear, target=gear + by, pedal_ratio=pedal, mass_kg=mass, grade_ratio=grade, oil_k=oil,
                          brake_ratio=brake)  # fmt: skip


def cases(kind: str = "power_on", box: str = "dct") -> Iterator[Case]:
    """Every shift of a kind that can happen; raises `UnknownName` for another kind or box."""
    if kind not in KINDS:
        raise UnknownName("kind of shift", kind, KINDS)
    if box not in BOXES:
        raise UnknownName("gearbox", box, BOXES)
    return (case for case in _grid(kind, box) if case.possible())


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A case driven: what it is judged by, what the energy account misses, the rows of its trace, shape ``(n_ms, N_SAMPLE)``."""

    shift: Shift
    residual_ratio: float
    rows: Floats


def begin(case: Case) -> Rig:
    """The rig of a case, rolling, at the moment before the request; its account begins there."""
    between = (case.gear + case.target) // 2 if case.kind == "skip" and (case.target - case.gear) % 2 == 0 else case.target
    made = rig(case.driveline, gear=case.gear, spare_gear=between, engine_radps=case.speed_radps, torque_nm=case.torque_nm())
    settle_s = SETTLE_S if case.brake_ratio <= 0 else 5 * SETTLE_S
    made.run(plan_of(settle_s, pedal=case.pedal_ratio, brake=case.brake_ratio, asked_gear=case.gear))
    made.reset_account()
    return made


def drive(case: Case, made: Rig | None = None) -> Driven:
    """Drive a case from the request on, on its rig `begin` or another; a skip of a dual clutch takes both its shifts."""
    made = made or begin(case)
    plan = plan_of(WATCH_S * (2 if case.kind == "skip" else 1), pedal=case.pedal_ratio, asked_gear=case.target)
    plan[:, P_BRAKE] = case.brake_ratio
    wanted = case.target
    if case.kind == "change_of_mind":
        plan[round(MIND_S / PERIOD_S) :, P_ASKED] = wanted = case.gear
    rows = made.run(plan)
    plant = case.driveline
    shift = judge(rows, wanted, plant.clutches_count, plant.clutch_drag_nm)
    return Driven(shift=shift, residual_ratio=made.residual_ratio(), rows=rows)
