"""A19: the limp-home list executed: every fault of control facts 5.3 begins in every phase of the unit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.simulate.shift.faults import FAULTS, PHASES, Endured, Fault, endure, every

STOPS_FOR = ("odd clutch hot", "even clutch hot")
"""A clutch too hot is opened at last, by design."""
NO_ROWS = np.zeros((0, 0))
"""Traces of the whole list would fill the memory."""
LIST = [*every("dct"), *every("amt")]


def name_of(case: Fault) -> str:
    return f"{case.box}, {case.fault}, {case.phase}, {'up' if case.up else 'down'}"


@pytest.fixture(scope="module")
def endured() -> dict[Fault, Endured]:
    return {case: dataclasses.replace(endure(case), rows=NO_ROWS) for case in LIST}


def test_a19_the_list_is_whole() -> None:
    assert {case.fault for case in LIST} == set(FAULTS)
    assert len(LIST) == len(set(LIST)) >= 290


def test_a19_no_double_engagement_no_loaded_fork_no_stall(endured: dict[Fault, Endured]) -> None:
    wrong = [name_of(case) for case, one in endured.items() if one.double_count + one.fork_count + one.stall_count > 0]
    assert wrong == []


def test_a19_every_fault_is_told_and_the_vehicle_stops_when_braked(endured: dict[Fault, Endured]) -> None:
    assert [name_of(case) for case, one in endured.items() if one.warning_count < 1 or one.rest_mps > 0.1] == []


def test_a19_two_clutches_drive_on_and_pull_away_again(endured: dict[Fault, Endured]) -> None:
    mine = {case: one for case, one in endured.items() if case.box == "dct" and case.fault not in STOPS_FOR}
    assert [name_of(case) for case, one in mine.items() if min(one.speed_mps, one.again_mps) < 3.0] == []
    assert [name_of(case) for case, one in mine.items() if one.neutral_s > 0.5] == []


def test_a19_one_clutch_drives_on_unless_it_or_its_fork_jams(endured: dict[Fault, Endured]) -> None:
    out = {"odd fork stuck": ("open", "speed", "in"), "odd clutch jammed": ("open", *PHASES["amt"])}
    mine = {
        case: one
        for case, one in endured.items()
        if case.box == "amt" and case.fault not in STOPS_FOR and case.phase not in out.get(case.fault, ())
    }
    assert [name_of(case) for case, one in mine.items() if min(one.speed_mps, one.again_mps) < 2.5] == []


def test_a19_a_clutch_too_hot_is_opened_at_last(endured: dict[Fault, Endured]) -> None:
    hot = [one for case, one in endured.items() if case.fault in STOPS_FOR]
    assert {one.warning_count for one in hot} == {4}
    assert max(one.again_mps for one in hot) < 0.1
