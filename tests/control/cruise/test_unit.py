"""The cruise unit as a block: what leads, hand-over to the brakes, limit, rolling; and the margins of its distance loop."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.control.cruise import block
from fifthwheel.control.cruise.planner import ROLL
from fifthwheel.control.cruise.stability import Loop, margins
from fifthwheel.control.cruise.unit import DISTANCE, LIMITER, OFF, PLAN, SET
from fifthwheel.units import DEGREE

CRUISING = {
    "engage_state": 1.0, "speed_mps": 22.0, "set_speed_mps": 22.0, "against_n": 4e3, "overrun_n": -3e3, "mass_kg": 40e3,
}  # fmt: skip
PLANNED = CRUISING | {"plan_valid_state": 1.0, "plan_aim_mps": 22.0, "plan_most_mps": 23.0, "set_speed_mps": 25.0}


def run(**inputs: float) -> Running:
    """The unit after two seconds."""
    unit = Running(block())
    unit.set(**inputs)
    for _ in range(100):
        unit.step()
    return unit


def test_holding_a_speed_takes_the_resistance() -> None:
    unit = run(**CRUISING)
    assert unit["leader_state"] == SET
    assert unit["drive_n"] == pytest.approx(4e3)
    assert unit["brake_mps2"] == 0.0


@pytest.mark.parametrize("change", [{"engage_state": 0.0}, {"brake_pedal_state": 1.0}, {"speed_mps": 3.0}])
def test_it_is_off_when_not_wanted(change: dict[str, float]) -> None:
    unit = run(**(CRUISING | change))
    assert (unit["leader_state"], unit["drive_n"], unit["brake_mps2"]) == (OFF, 0.0, 0.0)


def test_the_limit_leads_over_set_speed_and_plan() -> None:
    for inputs in (CRUISING, PLANNED):
        unit = run(**(inputs | {"limit_speed_mps": 20.0}))
        assert unit["leader_state"] == LIMITER
        assert unit["wanted_mps2"] < -0.5


def test_brakes_take_only_what_overrun_leaves() -> None:
    unit = run(**(CRUISING | {"against_n": -30e3}))
    assert unit["drive_n"] == -3e3
    assert unit["brake_mps2"] == pytest.approx((30e3 - 3e3) / 40e3)
    assert unit["drive_n"] - 40e3 * unit["brake_mps2"] == pytest.approx(-30e3)


@pytest.mark.parametrize(("grade", "rolls"), [(-0.012, 1.0), (-0.029, 1.0), (-0.031, 0.0)])
def test_it_rolls_by_the_plan_but_not_on_steep_descents(grade: float, rolls: float) -> None:
    unit = run(**(PLANNED | {"speed_mps": 22.4, "plan_kind_state": float(ROLL), "grade_ratio": grade, "against_n": 0.0}))
    assert unit["leader_state"] == PLAN
    assert unit["roll_state"] == rolls


def test_a_slower_vehicle_ahead_leads() -> None:
    unit = run(**(CRUISING | {"ahead_valid_state": 1.0, "gap_m": 40.0, "ahead_speed_mps": 20.0}))
    assert unit["leader_state"] == DISTANCE
    assert unit["wanted_mps2"] < 0.0
    assert unit["take_over_state"] == 0.0


def test_the_driver_is_called_where_the_unit_may_not_brake_enough() -> None:
    close = CRUISING | {"ahead_valid_state": 1.0, "gap_m": 12.0, "ahead_speed_mps": 8.0}
    assert run(**close)["take_over_state"] == 1.0


def test_the_distance_loop_has_its_margins() -> None:
    unit = Running(block())
    gains = {"gap_gain_ratio": unit["gap_gain_ratio"], "closing_gain_ratio": unit["closing_gain_ratio"]}
    platoon = margins(Loop(**gains, time_gap_s=unit["platoon_gap_s"]))
    assert platoon.gain_ratio > 2.0
    assert platoon.phase_rad > 45.0 * DEGREE
    assert platoon.string_ratio <= 1.0 + 1e-9
    radar = margins(Loop(**gains, time_gap_s=unit["time_gap_s"], radio_s=None))
    assert 1.0 < radar.string_ratio < 1.06


def test_string_gain_of_a_short_gap_is_seen() -> None:
    short = margins(Loop(gap_gain_ratio=0.04, closing_gain_ratio=0.7, time_gap_s=0.3))
    assert short.string_ratio > 1.01
    assert np.isfinite(short.gain_ratio)
