"""The verbs of choosing: ranking, details, what if; what changes and what must not."""

from __future__ import annotations

from typing import Any

import pytest

from fifthwheel.choose.duty import examples
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.fleet.choice.views import Change, ChoiceView
from fifthwheel.fleet.choose import choose, detail, duty_from, options, what_if
from fifthwheel.vehicle.catalogue import catalogue

TABLE: dict[str, Any] = {
    "title_en": "Shuttle", "title_zh": "短驳", "road": {"mission": "port-shuttle"},
    "cargo": {"kind": "container-40", "payload_t": 24},
    "tractors": ["tractor-diesel-6x4", "tractor-lng-6x4", "tractor-battery-350", "tractor-diesel-4x2"],
    "trailers": ["trailer-container", "trailer-flatbed"], "work": {"distance_day_km": 200, "distance_year_km": 60000},
    "limits": {"start_grade_percent": 12, "climb_speed_kmh": 40, "descent_grade_percent": 4},
}  # fmt: skip


@pytest.fixture(scope="module")
def view() -> ChoiceView:
    return choose(TABLE)


def cost_lines(choice_id: str, candidate_id: str) -> dict[str, float]:
    return {line.name: line.value for line in detail(choice_id, [candidate_id])[0].costs}


def test_the_ranking_is_by_cost_of_a_tonne_and_kilometre(view: ChoiceView) -> None:
    costs = [row.cost_tkm.value for row in view.rows if row.cost_tkm and row.cost_tkm.value is not None]
    assert costs == sorted(costs)
    assert [row.rank for row in view.rows] == list(range(1, len(view.rows) + 1))
    assert view.considered_count == 20
    assert 0 < view.feasible_count <= view.considered_count


def test_every_row_has_its_interval_reason_and_figures(view: ChoiceView) -> None:
    for row in view.rows:
        assert row.cost is not None
        assert row.cost.low is not None
        assert row.cost.value is not None
        assert row.cost.high is not None
        assert row.cost.low < row.cost.value < row.cost.high
        assert row.reason_en
        assert row.reason_zh
        assert row.payload_kg == 24_000.0
        assert (row.fuel_kgpm is None) == (row.energy_kind == "battery")


def test_a_candidate_nobody_beats_is_marked(view: ChoiceView) -> None:
    by_cost = min(view.rows, key=lambda row: (row.cost_tkm and row.cost_tkm.value) or 0.0)
    assert by_cost.best


def test_the_same_duty_is_the_same_choice(view: ChoiceView) -> None:
    assert choose(duty_from(TABLE)) is view
    assert choose(TABLE | {"work": {"distance_day_km": 201, "distance_year_km": 60000}}).choice_id != view.choice_id


def test_dearer_diesel_raises_the_fuel_of_diesel_only(view: ChoiceView) -> None:
    after = what_if(view.choice_id, Change(prices={"diesel": 9.0}))
    assert {row.candidate_id for row in after.rows} == {row.candidate_id for row in view.rows}
    changed = {
        (row.energy_kind, name)
        for row in view.rows
        for name, value in cost_lines(after.choice_id, row.candidate_id).items()
        if value != pytest.approx(cost_lines(view.choice_id, row.candidate_id)[name], rel=1e-9)
    }
    assert changed == {("diesel", "fuel")}


def test_a_year_of_more_kilometres_spreads_what_is_paid_by_the_year(view: ChoiceView) -> None:
    after = what_if(view.choice_id, Change(distance_year_m=120e6))
    for row in view.rows[:2]:
        less, more = cost_lines(after.choice_id, row.candidate_id), cost_lines(view.choice_id, row.candidate_id)
        assert less["insurance"] == pytest.approx(0.5 * more["insurance"])
        assert less["tyres"] == pytest.approx(more["tyres"])


def test_less_cargo_takes_less_energy_and_steeper_slopes_take_more(view: ChoiceView) -> None:
    ids = {row.candidate_id: row.energy_jpm for row in view.rows}
    light = {row.candidate_id: row.energy_jpm for row in what_if(view.choice_id, Change(payload_kg=12e3)).rows}
    steep = {row.candidate_id: row.energy_jpm for row in what_if(view.choice_id, Change(grade_ratio=1.6)).rows}
    both = set(ids) & set(light) & set(steep)
    assert both
    assert all((light[one] or 0.0) < (ids[one] or 0.0) < (steep[one] or 0.0) for one in both)


def test_no_change_is_the_same_choice(view: ChoiceView) -> None:
    assert what_if(view.choice_id, Change()) is view


def test_details_add_up(view: ChoiceView) -> None:
    first = view.rows[0]
    found = detail(view.choice_id, [first.candidate_id])[0]
    assert first.cost is not None
    assert sum(line.value for line in found.costs) == pytest.approx(first.cost.value)
    assert all(line.low <= line.value * (1 + 1e-9) or line.value < 0 for line in found.costs)
    total = found.side.axles
    assert sum(axle.load_kg for axle in total) == pytest.approx(first.gross_kg)
    assert found.row == first
    assert len(found.cumulative) == 5
    assert found.cumulative[0] > 0.0
    assert 8 <= len(found.tornado) <= 10
    widths = [abs(bar.high_cost - bar.low_cost) for bar in found.tornado]
    assert widths == sorted(widths, reverse=True)


def test_the_account_of_the_round_trip_closes(view: ChoiceView) -> None:
    diesel = next(row for row in view.rows if row.energy_kind == "diesel")
    found = detail(view.choice_id, [diesel.candidate_id])[0]
    length_m = 2 * view.road.distance_m[-1]
    assert sum(found.account.values()) == pytest.approx((diesel.energy_jpm or 0.0) * length_m, rel=2e-3)


def test_checks_name_rule_set_version_and_margin(view: ChoiceView) -> None:
    checks = detail(view.choice_id, [view.rows[0].candidate_id])[0].checks
    law = [check for check in checks if check.kind == "law" and check.outcome == "pass"]
    assert law
    assert all(check.text_en.startswith("check against rule set ") and check.version in check.text_en for check in law)
    assert all("complies" not in check.text_en for check in checks)
    assert {check.kind for check in checks} >= {"law", "coupling", "performance"}


def test_a_battery_without_energy_on_the_way_is_rejected_and_with_it_stops() -> None:
    long_day = TABLE | {"tractors": ["tractor-battery-350"], "work": {"distance_day_km": 500, "distance_year_km": 120000}}
    nothing = choose(long_day | {"supply": {"public_kw": 0, "swap_min": 0}})
    assert nothing.rows == ()
    assert any("500" in row.reason_en or "km" in row.reason_en for row in nothing.rejected)
    charged = choose(long_day | {"supply": {"public_kw": 360, "swap_min": 0}})
    plan = detail(charged.choice_id, [charged.rows[0].candidate_id])[0].plan
    assert [stop.kind for stop in plan if stop.kind == "charge"]
    assert all(stop.after_ratio > stop.before_ratio for stop in plan if stop.kind == "charge")


def test_a_rejected_candidate_says_what_would_make_it_pass(view: ChoiceView) -> None:
    heavy = what_if(view.choice_id, Change(payload_kg=30.4e3))
    rejected = next(row for row in heavy.rejected if row.tractor == "tractor-diesel-4x2")
    assert (rejected.rank, rejected.cost) == (0, None)
    assert "carries up to 2" in rejected.reason_en
    assert "最多可装 2" in rejected.reason_zh
    found = detail(heavy.choice_id, [rejected.candidate_id])[0]
    failed = [check for check in found.checks if check.outcome == "fail"]
    assert failed
    assert any(check.remedy_en and check.remedy_zh for check in failed)
    assert sum(count for _, _, count in heavy.refused) == len(heavy.rejected)


def test_what_is_not_kept_or_not_known_is_refused(view: ChoiceView) -> None:
    with pytest.raises(UnknownName, match="choice"):
        detail("nonsense", [])
    with pytest.raises(UnknownName, match="candidate"):
        detail(view.choice_id, ["nonsense"])
    with pytest.raises(UnknownName, match="diesel"):
        what_if(view.choice_id, Change(prices={"deisel": 7.0}))
    with pytest.raises(InputError, match=r"work\.years"):
        what_if(view.choice_id, Change(years=90.0))
    with pytest.raises(InputError, match="payload_t"):
        choose(TABLE | {"cargo": {"kind": "container-40", "payload_t": -1}})


def test_options_name_what_a_duty_may_use() -> None:
    found = options()
    names = {option.name for option in found.tractors}
    assert set(TABLE["tractors"]) <= names
    assert {option.name for option in found.regions} == {"cn", "eu", "us"}
    assert all(option.title_zh for option in (*found.missions, *found.cargoes, *found.tractors, *found.trailers))
    assert {"diesel", "lng", "battery", "fuel_cell"} <= {option.name for option in found.energies}
    assert set(found.assumptions) == {"cn", "eu", "us"}


def test_a_driven_trailer_takes_one_charge_a_day_from_the_grid() -> None:
    table = TABLE | {
        "cargo": {"kind": "express", "payload_t": 12}, "tractors": ["tractor-lng-6x4"], "trailers": ["trailer-electric"],
    }  # fmt: skip
    taken = {}
    for day_km in (60, 600):
        found = choose(table | {"work": {"distance_day_km": day_km, "distance_year_km": 60000}})
        assert found.rows, found.refused
        taken[day_km] = (found.rows[0].electric_jpm or 0.0) * day_km * 1e3, found.rows[0].fuel_kgpm or 0.0
    assert 0.0 < taken[600][0] <= battery_j("trailer-electric")
    assert taken[600][1] > taken[60][1]


def battery_j(trailer: str) -> float:
    drive = catalogue().unit(trailer).drive
    assert drive is not None
    assert drive.battery is not None
    return drive.battery.capacity_j


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_example_has_an_answer_and_reasons_for_what_it_rejects(name: str) -> None:
    found = choose(duty_from(name))
    assert found.rows
    assert any(row.best for row in found.rows)
    assert all(row.reason_en and row.reason_zh for row in (*found.rows, *found.rejected))
    assert len({(row.tractor, row.trailer) for row in found.rows}) == len(found.rows)
