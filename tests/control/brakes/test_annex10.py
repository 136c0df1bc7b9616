"""Adhesion utilisation and Annex 10 checks (A7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.control.block import Block
from fifthwheel.control.brakes.annex10 import Case, axle_loads_n, checks, coupling_kg, curves, semi_trailer_factor, utilisation
from fifthwheel.control.brakes.statics import REFERENCE
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2
from tests.control.brakes.conftest import at_speed

ROUND = replace(
    REFERENCE,
    tractor_kg=10_000.0,
    tractor_cg_m=2.0,
    tractor_cg_height_m=1.0,
    wheelbase_m=4.0,
    trailer_kg=0.0,
)
"""Figures for a hand: 10 t half-way between axles 4 m apart, 1 m high."""


def test_a7_utilisation_of_a_hand_case() -> None:
    """z = 0.4: transfer 0.4 x 10 t x 1 m / 4 m = 1 t; loads 6 t and 4 t; forces 0.7 x 4 t = 2.8 t and 1.2 t."""
    point = utilisation(ROUND, Case.BOBTAIL, 0.7, 0.4)
    assert [point.front_ratio, point.drive_ratio] == pytest.approx([2.8 / 6.0, 1.2 / 4.0])


def test_a7_laden_hand_case() -> None:
    """Seat 32 t (1 - 5.5 / 7.7) = 9143 kg, at z = 0.4 9143 x 1.18 = 10 789 kg at 0.6 m before the axle and 1.2 m high."""
    assert coupling_kg(REFERENCE, Case.LADEN, 0.4) == pytest.approx(10_788.6, abs=0.1)
    point = utilisation(REFERENCE, Case.LADEN, 0.4, 0.4)
    transfer = 0.4 * (0.95 * 8000.0 + 1.2 * 10_788.57) / 3.7
    front = (8000.0 * 2.45 + 10_788.57 * 0.6) / 3.7 + transfer
    assert point.front_ratio == pytest.approx(0.4 * 0.4 * 18_788.57 / front)
    assert point.drive_ratio == pytest.approx(0.6 * 0.4 * 18_788.57 / (18_788.57 - front))


@pytest.mark.parametrize("case", list(Case))
def test_a7_utilisation_by_share_of_load_is_the_braking_ratio(case: Case) -> None:
    ideal = utilisation(REFERENCE, case, 0.5, 0.3)
    front = 0.5 / ideal.front_ratio / (0.5 / ideal.front_ratio + 0.5 / ideal.drive_ratio)
    levelled = utilisation(REFERENCE, case, front, 0.3)
    assert [levelled.front_ratio, levelled.drive_ratio] == pytest.approx([0.3, 0.3])


def test_a7_checks_name_rule_version_and_margin_and_never_say_that_a_vehicle_complies() -> None:
    found = checks(REFERENCE, 0.45)
    assert {check.case for check in found} == set(Case)
    assert [check.verdict for check in found if check.tag == "open"] == ["not verified"] * 4
    assert {check.clause.split(",")[0] for check in found if check.tag == "open"} == {"diagram 3", "diagram 4A"}
    assert all("check against rule set UN R13 Annex 10, version" in check.line() for check in found)
    assert not [check for check in found if "compl" in check.line()]


def test_a7_a_front_heavy_split_passes_alone_and_a_rear_heavy_one_fails() -> None:
    good = [check for check in checks(REFERENCE, 0.8) if check.case is Case.BOBTAIL and "3.1.2.3" in check.clause]
    bad = [check for check in checks(REFERENCE, 0.35) if check.case is Case.BOBTAIL and "3.1.2.3" in check.clause]
    assert [check.verdict for check in good] == ["pass", "pass"]
    assert [check.verdict for check in bad] == ["fail", "fail"]


def test_a7_the_ebs_passes_what_can_be_checked_laden_unladen_and_bobtail(ebs: Block) -> None:
    """The tractor braked as the EBS shares it, with the loads of every case at every braking ratio."""

    def front_share(case: Case, braking_ratio: float) -> float:
        unit, (front, drive) = at_speed(ebs, 20.0), axle_loads_n(REFERENCE, case, braking_ratio)
        trailer = 70e3 * (case is not Case.BOBTAIL)
        unit.set(load_0_n=front, load_1_n=drive, load_2_n=trailer, load_3_n=trailer, load_4_n=trailer)
        unit.set(pedal_ratio=0.02 + 0.98 * braking_ratio * GRAVITY_MPS2 / 8.0)
        unit.step()
        return unit["friction_0_n"] / (unit["friction_0_n"] + unit["friction_1_n"])

    found = checks(REFERENCE, front_share)
    assert {check.verdict for check in found if check.tag == "confirmed"} == {"pass"}
    assert {check.verdict for check in found if check.tag == "open"} == {"not verified"}


def test_factors_of_a_semi_trailer_reproduce_the_example_of_the_rule() -> None:
    laden = semi_trailer_factor(load_n=150e3, most_n=150e3, weight_n=240e3, height_m=1.8, wheelbase_m=6.0)
    unladen = semi_trailer_factor(load_n=30e3, most_n=150e3, weight_n=42e3, height_m=1.4, wheelbase_m=6.0)
    assert [laden, unladen] == pytest.approx([1.0364, 1.6585], abs=1e-4)


def test_utilisation_refuses_what_cannot_be() -> None:
    with pytest.raises(InputError, match="front share"):
        utilisation(REFERENCE, Case.LADEN, 1.2, 0.3)
    with pytest.raises(InputError, match="lifts"):
        curves(REFERENCE, Case.BOBTAIL, 0.6, (0.3, 1.5))


@pytest.mark.parametrize("share", [0.45, 0.6, 0.7])
def test_a7_margins_are_those_of_the_formulas_where_they_are_least(share: float) -> None:
    base, _, rear = checks(ROUND, share)[-3 - 4 : -4]
    assert [base.case, rear.case] == [Case.BOBTAIL, Case.BOBTAIL]
    at_base = utilisation(ROUND, Case.BOBTAIL, share, base.at_braking_ratio)
    at_rear = utilisation(ROUND, Case.BOBTAIL, share, rear.at_braking_ratio)
    used = max(k for k in (at_base.front_ratio, at_base.drive_ratio) if k <= 0.8)
    assert base.margin_ratio == pytest.approx(at_base.braking_ratio - 0.10 - 0.85 * (used - 0.20))
    assert rear.margin_ratio == pytest.approx(at_rear.braking_ratio - 0.30 - 0.74 * (at_rear.drive_ratio - 0.38))
