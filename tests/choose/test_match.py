"""A pair with a cargo: payload, place, law and reasons, against figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from fifthwheel.choose.candidate import pairs
from fifthwheel.choose.choice import failures
from fifthwheel.choose.duty import from_table
from fifthwheel.choose.match import Judged, judge
from fifthwheel.vehicle.rules import group_limit_kg, rule_set, usual


def judged(**table: Any) -> list[Judged]:
    plain = {"road": {"mission": "port-shuttle"}, "cargo": {"kind": "coal"}}
    duty = from_table(plain | table)
    rules = [rule_set(name) for name in usual(duty.region)]
    return [one for pair in pairs(duty, rules) for one in judge(pair, duty, rules)]


def one(tractor: str, trailer: str, **table: Any) -> Judged:
    return judged(tractors=[tractor], trailers=[trailer], **table)[0]


def test_forty_nine_tonnes_on_a_4x2_name_the_rows_that_are_passed() -> None:
    found = one("tractor-diesel-4x2", "trailer-stake", cargo={"kind": "coal", "payload_t": 35.0})
    laden = found.fit.laden.total_kg
    assert laden == pytest.approx(found.candidate.combination.tare_kg + 35_000.0)
    failed = {verdict.rule: verdict for verdict in failures(found)}
    gross = failed["train-5-axle-2-3"]
    assert gross.value == pytest.approx(laden)
    assert gross.limit == 42_000.0
    assert gross.remedy_en
    assert gross.remedy_zh
    single = next(verdict for verdict in failed.values() if "axle 2" in verdict.title_en)
    assert single.limit == 11_500.0


def test_as_much_as_is_lawful_leaves_no_limit_passed_and_one_reached() -> None:
    found = one("tractor-diesel-6x4", "trailer-stake-light")
    rules = [rule_set(name) for name in usual("cn")]
    units = found.candidate.combination.units
    used = [
        group.load_kg / min(group_limit_kg(rule, units[group.unit], group.group) for rule in rules)
        for group in found.fit.laden.groups
    ]
    used.append(found.fit.laden.total_kg / found.candidate.combination.gross_mass_kg)
    assert max(used) == pytest.approx(1.0, abs=0.005)
    assert failures(found) == ()


def test_loads_are_those_of_all_masses() -> None:
    found = one("tractor-lng-6x4", "trailer-stake", cargo={"kind": "coal", "payload_t": 20.0})
    whole = found.candidate.combination
    assert found.fit.laden.total_kg == pytest.approx(whole.tare_kg + 20_000.0)
    assert found.fit.unladen.total_kg == pytest.approx(whole.tare_kg)


def test_room_bounds_a_light_cargo() -> None:
    found = one("tractor-lng-6x4", "trailer-box-13m75", cargo={"kind": "light-goods"})
    body = found.candidate.combination.units[-1].body
    assert body is not None
    assert found.fit.payload_kg == pytest.approx(120.0 * body.volume_m3)
    wanted = one("tractor-lng-6x4", "trailer-box-13m75", cargo={"kind": "light-goods", "payload_t": 25.0})
    assert "cargo-room" in {verdict.rule for verdict in failures(wanted)}


def test_a_body_for_another_cargo_is_rejected_with_the_ones_that_carry_it() -> None:
    found = one("tractor-lng-6x4", "trailer-box-13m75", cargo={"kind": "coal", "payload_t": 20.0})
    verdict = next(verdict for verdict in failures(found) if verdict.rule == "cargo-body")
    assert "tipper" in verdict.remedy_en


def test_unloading_from_the_rear_is_checked_stop_by_stop() -> None:
    whole = {"kind": "general-pallets", "payload_t": 28.0}
    drops = [{"share_percent": 45}, {"share_percent": 30}]
    at_once = one("tractor-lng-6x4", "trailer-box-13m75", cargo=whole)
    in_stops = one("tractor-lng-6x4", "trailer-box-13m75", cargo=whole | {"drops": drops})
    later = [verdict for verdict in failures(in_stops) if "after stop 1" in verdict.title_en]
    assert [verdict for verdict in failures(at_once) if "axle" in verdict.title_en] == []
    assert later
    assert all("第1站卸货后" in verdict.title_zh for verdict in later)


def test_a_shorter_final_drive_starts_on_a_steeper_grade() -> None:
    found = judged(tractors=["tractor-diesel-6x4"], trailers=["trailer-stake-light"])
    starts = {
        each.candidate.combination.drive.axle.ratio: each.performance.envelope.launch_n for each in found if each.performance
    }
    assert sorted(starts) == sorted(starts, key=starts.__getitem__)
    assert len(starts) == 3
