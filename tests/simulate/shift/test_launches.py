"""A18: launches over mass, slope and pedal; five starts in five minutes on 12 %; judder; a mass that the unit does not know."""

from __future__ import annotations

import dataclasses

import pytest

from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import AMT, Driveline
from fifthwheel.simulate.shift.launches import Case, cases, drive, five_starts
from fifthwheel.units import CELSIUS_ZERO_K

PLATE_K = {"wet": 200 + CELSIUS_ZERO_K, "dry": 250 + CELSIUS_ZERO_K}


@pytest.mark.parametrize("box", ["dct", "amt"])
def test_a18_launches(box: str) -> None:
    driven = [(case, drive(case)) for case in list(cases(box))[::3]]
    assert all(one.launch.done for _, one in driven)
    assert max(one.launch.jerk_mps3 for case, one in driven if case.grade_ratio == 0) <= 10
    assert max(one.launch.jerk_mps3 for _, one in driven) <= 15
    assert max(one.launch.judder_mps2 for _, one in driven) <= 0.3
    assert max(one.launch.back_mps for _, one in driven) <= 0.03
    assert max(one.lining_ratio for _, one in driven) <= 1
    assert max(one.residual_ratio for _, one in driven) < 1e-9


@pytest.mark.parametrize(("plant", "limit_k"), [(Driveline(), PLATE_K["wet"]), (AMT, PLATE_K["dry"])], ids=["dct", "amt"])
@pytest.mark.parametrize("mass_kg", [40e3, 49e3])
@pytest.mark.parametrize("pedal", [0.5, 1.0])
def test_a18_five_starts_in_five_minutes_on_12_percent(plant: Driveline, limit_k: float, mass_kg: float, pedal: float) -> None:
    rows, locked = five_starts(dataclasses.replace(plant, mass_kg=mass_kg), pedal)
    assert locked == 5
    assert rows[:, [m.O_K1, m.O_K2]].max() <= limit_k


@pytest.mark.parametrize("slope_s", [-0.002, 0.002])
def test_a18_friction_that_falls_with_slip_does_not_judder(slope_s: float) -> None:
    case = Case(mass_kg=25e3, grade_ratio=0.0, pedal_ratio=0.5)
    plain = drive(case).launch.judder_mps2
    falling = drive(FrictionCase(mass_kg=25e3, grade_ratio=0.0, pedal_ratio=0.5, slope_s=slope_s)).launch.judder_mps2
    assert falling <= 0.3
    assert falling != plain


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrictionCase(Case):
    """A launch whose clutch friction changes with slip."""

    slope_s: float

    @property
    def driveline(self) -> Driveline:
        """The plant of the case."""
        return dataclasses.replace(Driveline(), mass_kg=self.mass_kg, friction_slope_s=self.slope_s)


def test_a_mass_that_is_not_known_is_found_while_launching() -> None:
    seen = drive(Case(mass_kg=40e3, grade_ratio=0.03, pedal_ratio=0.75, mass_known=False)).launch
    assert seen.done
    assert seen.back_mps <= 0.1
