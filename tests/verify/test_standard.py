"""Cases of the standard matrix with their verdicts, and worsened calibrations that turn them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.fleet.verify import run_case, scenario_kinds
from fifthwheel.verify.judge import Outcome, Result, verdicts
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.scenario import Case, own_suite

SHIFT = {"gear_count": 2.0, "pedal_ratio": 1.0, "mass_kg": 16e3}
HOT = {"fault": "odd clutch hot", "mass_kg": 28e3, "pedal_ratio": 0.6}


def outcomes(kind: str, parameters: dict[str, Any], calibration: dict[str, float] | None = None) -> dict[str, str]:
    found = run_case(kind, parameters, calibration)
    return {str(one["requirement"]): str(one["verdict"]) for one in found.verdicts}


def test_launches_do_not_judder() -> None:
    for pedal in (0.4, 0.6):
        assert outcomes("launch", {"mass_kg": 40e3, "pedal_ratio": pedal})["TCU-011"] == "pass"


def test_a20_the_engine_idles_and_bears_a_load_step() -> None:
    found = outcomes("engine_idle", {"load_ratio": 0.3})
    assert {found[name] for name in ("ENG-001", "ENG-002", "ENG-003", "ENG-004")} == {"pass"}
    assert outcomes("engine_pedal", {"engine_radps": 120.0})["ENG-005"] == "pass"


def test_a9_braking_with_its_ebs() -> None:
    found = outcomes("stop", {})
    assert {found[name] for name in ("BRK-001", "BRK-002", "BRK-008", "BRK-009", "BRK-010", "BRK-013")} == {"pass"}
    told = {fault: outcomes("stop", {"fault": fault}) for fault in ("trailer bus", "wheel-speed sensor", "kingpin sensor")}
    assert [told[fault][name] for fault, name in zip(told, ("BRK-014", "BRK-015", "BRK-016"), strict=True)] == ["pass"] * 3
    assert {found["BRK-017"] for found in told.values()} == {"pass"}


def test_a13_the_split_is_near_the_least_and_keeps_tension() -> None:
    assert outcomes("cooperation", {"road": "city-qingdao", "payload_kg": 24e3})["NRG-008"] == "pass"
    assert outcomes("energy_yardstick", {"road": "city-qingdao", "payload_kg": 24e3})["NRG-006"] == "pass"


def test_a16_predictive_cruise_arrives_in_time_within_the_limit() -> None:
    found = outcomes("predictive_cruise", {"combination": "diesel-6x4-box", "road": "city-qingdao"})
    assert {found[name] for name in ("PCC-003", "PCC-004")} == {"pass"}


def test_a17_a_platoon_saves_less_the_wider_its_gap() -> None:
    found = outcomes("platoon", {"combination": "diesel-6x4-box", "road": "trunk-weifang-qingdao", "trucks_count": 3.0})
    assert {found[name] for name in ("PLT-001", "PLT-002", "PLT-003")} == {"pass"}
    column = outcomes("column", {})
    assert {column[name] for name in ("PLT-004", "PLT-005")} == {"pass"}


def test_a_platoon_that_saved_more_far_apart_would_fail() -> None:
    wanted = own_suite().requirements["PLT-002"]
    case = Case(scenario="s", kind="platoon", number=1, parameters={})
    assert verdicts([wanted], [Result(case=case, quantities={"growing_ratio": 0.001})])[0].outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("kind", "parameters", "calibration", "turned"),
    [
        ("shift", SHIFT, {"jerk_mps3": 17.6, "handover_low_s": 0.05, "handover_high_s": 0.05}, {"TCU-003"}),
        ("shift", SHIFT, {"fill_s": 0.5}, {"TCU-002"}),
        ("launch", {"mass_kg": 16e3, "pedal_ratio": 1.0}, {"launch_jerk_mps3": 17.6}, {"TCU-007"}),
        ("kiss_adaptation", {"wear_ratio": 0.06}, {"adapt_gain_ratio": 0.0}, {"TCU-018"}),
        ("gearbox_fault", HOT, {"open_k": 800.0, "hotter_k": 790.0}, {"TCU-016"}),
        ("engine_idle", {}, {"idle_bandwidth_radps": 1.0, "idle_integral_radps": 0.0}, {"ENG-001"}),
        ("stop", {"grip_ratio": 0.35}, {"antilock_on_state": 0.0}, {"BRK-008"}),
    ],
)
def test_a_worsened_calibration_fails(
    kind: str, parameters: dict[str, Any], calibration: dict[str, float], turned: set[str]
) -> None:
    before, after = outcomes(kind, parameters), outcomes(kind, parameters, calibration)
    assert {name for name in turned if before[name] != "pass"} == set()
    assert {name for name in turned if after[name] != "fail"} == set()


@pytest.mark.parametrize("name", ["shift", "launch", "lane_change", "stop", "descent", "engine_idle", "random"])
def test_the_same_case_gives_the_same_figures_every_time(name: str) -> None:
    kind, parameters = ("gearbox_chance", {"sequences_count": 5.0}) if name == "random" else (name, {})
    first, second = run_case(kind, parameters), run_case(kind, parameters)
    assert first.quantities == second.quantities
    assert all(np.array_equal(first.columns[one], second.columns[one]) for one in first.columns)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.name)
def test_a_kind_gives_the_figures_and_columns_that_it_declares(kind: Any) -> None:
    found = run_case(kind.name, {"sequences_count": 5.0} if kind.name == "gearbox_chance" else {})
    declared = {one.name for one in kind.quantities}
    assert set(found.quantities) <= declared
    assert len({len(column) for column in found.columns.values()}) == 1
    drawn = {name for names in kind.plots for name in names}
    assert drawn <= set(found.columns)
    assert all(np.isfinite(value) for value in found.quantities.values())


def test_what_a_kind_takes_is_offered_with_range_default_and_both_languages() -> None:
    views = scenario_kinds()
    assert [view.name for view in views] == list(KINDS)
    for view in views:
        for parameter in view.parameters:
            assert parameter.title_en
            assert parameter.title_zh
            is_choice = isinstance(parameter.start, str)
            assert bool(parameter.options) == is_choice
            assert is_choice or parameter.low <= parameter.start <= parameter.high  # type: ignore[operator]


def test_an_unknown_name_or_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(UnknownName, match="shift"):
        run_case("shft")
    with pytest.raises(UnknownName, match="gear_count"):
        run_case("shift", {"gear": 2.0})
    with pytest.raises(UnknownName, match="track_gain_ps"):
        run_case("shift", {}, {"track_gain": 2.0})
    with pytest.raises(InputError, match="16 ; 1 to 12"):
        run_case("shift", {"gear_count": 16.0})
