"""The matrix of power-on shifts: gear, pedal, mass, grade; which cases are power-on shifts at all, and how each is judged."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from fifthwheel.simulate.shift.driveline import FULL_LOAD, Driveline
from fifthwheel.simulate.shift.kernel import GRAVITY_MPS2
from fifthwheel.simulate.shift.metrics import Shift, judge
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import RPM

PEDALS: Final = (0.2, 0.35, 0.5, 0.75, 1.0)
MASSES_KG: Final = (16_000.0, 28_000.0, 40_000.0, 49_000.0)
GRADES: Final = (-0.02, 0.0, 0.03, 0.06, 0.10)
UP_RADPS: Final = 1650 * RPM
DOWN_RADPS: Final = 950 * RPM
OVERSPEED_RADPS: Final = 1850 * RPM
POWER_ON_NM: Final = 100.0
"""From this engine torque on a shift counts as power-on (a twentieth of the peak)."""
LOW_GEAR_MPS2: Final = 2.2
"""The unit's limit on acceleration in low gears, so that the rig begins with a torque that it would let pass."""
SETTLE_S: Final = 0.1
WATCH_S: Final = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A power-on shift from `gear` to the next or the one before at a steady pedal, the new gear preselected."""

    gear: int
    target: int
    pedal_ratio: float
    mass_kg: float
    grade_ratio: float

    @property
    def driveline(self) -> Driveline:
        """The plant of the case."""
        return Driveline(mass_kg=self.mass_kg, grade_ratio=self.grade_ratio)

    @property
    def speed_radps(self) -> float:
        """Engine speed at the request."""
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
        """Power-on; a gear up must still pull (above 0.1 m/s2), a gear down must not overspeed the engine."""
        torque, ratios = self.torque_nm(), self.driveline.ratios
        if self.target > self.gear:
            felt = torque / self._per_newton_metre(self.target)
            pulls = felt - GRAVITY_MPS2 * (self.grade_ratio + self.driveline.rolling_ratio) > 0.1
            return torque >= POWER_ON_NM and pulls
        gained = torque / self._per_newton_metre(self.gear) * SETTLE_S * self._per_metre(self.gear)
        return torque >= POWER_ON_NM and (DOWN_RADPS + gained) * ratios[self.target - 1] / ratios[self.gear - 1] < OVERSPEED_RADPS

    def _per_metre(self, gear: int) -> float:
        """Engine angle (rad) of a metre of way."""
        return self.driveline.ratios[gear - 1] * self.driveline.axle_ratio / self.driveline.tyre_radius_m


def cases() -> Iterator[Case]:
    """Every power-on shift between neighbouring gears of the matrix that a schedule would let happen."""
    last = len(Driveline().ratios)
    for gear, step, pedal, mass, grade in itertools.product(range(1, last + 1), (1, -1), PEDALS, MASSES_KG, GRADES):
        case = Case(gear=gear, target=gear + step, pedal_ratio=pedal, mass_kg=mass, grade_ratio=grade)
        if 1 <= gear + step <= last and case.possible():
            yield case


def drive(case: Case) -> tuple[Shift, float]:
    """The shift of a case, and the share of the engine's work that the account misses in it."""
    made = rig(case.driveline, gear=case.gear, spare_gear=case.target, engine_radps=case.speed_radps, torque_nm=case.torque_nm())
    made.run(plan_of(SETTLE_S, pedal=case.pedal_ratio, asked_gear=case.gear))
    made.reset_account()
    trace = made.run(plan_of(WATCH_S, pedal=case.pedal_ratio, asked_gear=case.target))
    return judge(trace, case.target), made.residual_ratio()
