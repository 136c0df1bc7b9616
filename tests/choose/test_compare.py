"""Versions side by side: each function's saving is real, signs are right, and nothing is lost between the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.choose.compare import Row, Task, compare, friction_w
from fifthwheel.choose.region import region
from fifthwheel.choose.version import Setup, Versions, versions
from fifthwheel.road import read
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.trip import drive
from fifthwheel.vehicle.catalogue import combination

CN = region("cn")
ROAD = read.read("quarry-zhangqiu")
TASK = Task(profile=ROAD, payload_kg=20e3, weather=Weather())


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {row.function.name if row.function else "apart": row for row in compare(versions("box-49t"), CN, TASK)}


def test_every_function_has_its_row_in_order(rows: dict[str, Row]) -> None:
    assert list(rows) == ["apart", *(function.name for function in versions("box-49t").functions)]


def test_less_resistance_takes_less_energy(rows: dict[str, Row]) -> None:
    for before, after in (("apart", "cab-gap"), ("cab-gap", "deflector"), ("deflector", "tyres")):
        assert rows[after].energy_jpm < rows[before].energy_jpm
    assert rows["final-drive"].energy_jpm <= rows["tyres"].energy_jpm
    assert rows["predictive-cruise"].energy_jpm < rows["combined-braking"].energy_jpm
    assert rows["tyre-pressure"].energy_jpm < rows["predictive-cruise"].energy_jpm


def test_combined_braking_saves_linings_not_energy(rows: dict[str, Row]) -> None:
    before, after = rows["final-drive"], rows["combined-braking"]
    assert after.energy_jpm == before.energy_jpm
    assert after.friction_jpm < 0.5 * before.friction_jpm
    assert after.margins.brake_k <= before.margins.brake_k


def test_predictive_cruise_arrives_as_before(rows: dict[str, Row]) -> None:
    assert rows["predictive-cruise"].time_s == pytest.approx(rows["combined-braking"].time_s, rel=0.005)


def test_only_a_plug_draws_from_the_grid(rows: dict[str, Row]) -> None:
    assert rows["plug-in"].grid_jpm > 0.0
    assert all(row.grid_jpm == 0.0 for name, row in rows.items() if name != "plug-in")
    assert rows["plug-in"].fuel_kgpm < rows["preview"].fuel_kgpm


def test_costs_are_the_sum_of_their_lines_and_lie_in_their_interval(rows: dict[str, Row]) -> None:
    for row in rows.values():
        assert row.cost_pm == pytest.approx(sum(row.cost_lines.values()), rel=1e-12)
        assert row.cost_range_pm[0] < row.cost_pm < row.cost_range_pm[1]
    assert rows["driven-trailer"].cost_lines["trailer"] > rows["tyre-pressure"].cost_lines["trailer"]


def test_separate_brakes_take_what_endurance_brakes_would_have_on_the_level() -> None:
    run = drive(combination("diesel-6x4-box"), ROAD, 20e3)
    separate, combined = Setup(combination="diesel-6x4-box", braking="separate"), Setup(combination="diesel-6x4-box")
    heat = {setup.braking: sum(power.sum() for power in friction_w(run, ROAD, setup)) for setup in (separate, combined)}
    assert heat["combined"] == pytest.approx(run.ledger.terms_j["brake_friction"], rel=1e-9)
    endurance = run.ledger.terms_j["retarder"] + run.ledger.terms_j["engine_brake"]
    assert heat["combined"] < heat["separate"] < heat["combined"] + endurance
    biased = friction_w(run, ROAD, replace(combined, tractor_brake_ratio=1.25))
    fair = friction_w(run, ROAD, combined)
    assert biased[0].sum() == pytest.approx(1.25 * fair[0].sum())
    assert biased[0].sum() + biased[1].sum() == pytest.approx(fair[0].sum() + fair[1].sum())


def test_a_set_without_functions_is_one_row() -> None:
    bare = Versions(name="bare", title_en="", title_zh="", region="cn", start=Setup(combination="battery-423-box"), functions=())
    (row,) = compare(bare, CN, TASK)
    assert row.fuel_kgpm == 0.0
    assert row.grid_jpm > 0.0
