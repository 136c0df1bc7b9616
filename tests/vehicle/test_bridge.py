"""The bridge formula of the United States over every group of consecutive axles."""

from __future__ import annotations

import pytest

from fifthwheel.units import FOOT, POUND
from fifthwheel.vehicle.combination import Unit
from fifthwheel.vehicle.law.bridge import bridge_lb
from fifthwheel.vehicle.rules import gross_limit_kg, group_limit_kg, rule_set, sub_groups
from fifthwheel.vehicle.verdict import Outcome
from tests.vehicle.whole import SINGLE, STEER, group, motor, subject, trailer

US = rule_set("us-federal")


@pytest.mark.parametrize(
    ("length_ft", "axles_count", "pounds"),
    [(4.0, 2, 34_000), (9.0, 3, 42_500), (36.0, 4, 66_000), (39.0, 4, 68_000), (51.0, 5, 80_000)],
)
def test_the_bridge_formula_rounds_to_500_lb_and_a_tie_goes_down(length_ft: float, axles_count: int, pounds: int) -> None:
    assert bridge_lb(length_ft, axles_count) == pounds


def american(spread_ft: float = 36.0) -> tuple[Unit, Unit]:
    """A 3-axle tractor, 51 ft from first to last axle; its two tandems are `spread_ft` overall."""
    steer, last = 4 * FOOT, 55 * FOOT
    drive = group(last - spread_ft * FOOT, last - (spread_ft - 4) * FOOT, driven=True)
    front = motor(group(steer, tyres=2), drive, coupling_m=20 * FOOT)
    return front, trailer(group(last - 16 * FOOT - 4 * FOOT, last - 16 * FOOT), coupling_m=4 * FOOT)


def test_a_us_five_axle_vehicle_weighs_80000_lb_with_groups_of_all_consecutive_axles() -> None:
    front, behind = american()
    limit, row = gross_limit_kg(US, front, behind)
    assert row == "gross"
    assert limit / POUND == pytest.approx(80_000)
    loads = [pounds * POUND for pounds in (12_000, 34_000, 34_000)]
    groups = [one for one in sub_groups(US, subject(front, behind, loads)) if one.rule.startswith("bridge")]
    assert len(groups) == 5 * 4 // 2
    assert {one.title_en.split(", ")[-1] for one in groups} == {
        f"axles {first}-{last}" for last in range(2, 6) for first in range(1, last)
    }
    exception = next(one for one in groups if one.rule == "bridge-two-tandems")
    assert exception.limit == pytest.approx(68_000 * POUND)
    assert all(one.outcome is Outcome.PASS for one in groups)


def test_two_tandems_closer_than_36_ft_have_no_exception() -> None:
    front, behind = american(35.0)
    groups = sub_groups(US, subject(front, behind, [5e3, 15e3, 15e3]))
    four = next(one for one in groups if one.title_en.endswith("axles 2-5"))
    assert four.rule == "bridge"
    assert four.limit == pytest.approx(bridge_lb(35.0, 4) * POUND)


def test_a_us_tandem_carries_34000_lb_and_a_spread_one_two_single_axles() -> None:
    assert group_limit_kg(US, trailer(group(8.0, 8.0 + 4 * FOOT)), 0) == pytest.approx(34_000 * POUND)
    assert group_limit_kg(US, trailer(group(8.0, 8.0 + 10 * FOOT)), 0) == pytest.approx(40_000 * POUND)
    assert group_limit_kg(US, trailer(group(8.0, 8.0 + 3 * FOOT)), 0) == pytest.approx(20_000 * POUND)
    assert group_limit_kg(US, motor(STEER, SINGLE), 1) == pytest.approx(20_000 * POUND)
