"""Plates however written; what is no plate of the fleet is never taken for one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.entities import mark_fragments, mark_names
from fifthwheel.assistant.language import Reading, language_of, mark_words, unread
from fifthwheel.fleet.verbs import FleetVerbs


@pytest.fixture(scope="module")
def desk(fleet: FleetVerbs) -> Desk:
    return Desk(fleet, now_us=0, timezone=ZoneInfo("UTC"))


def read(text: str, desk: Desk) -> Reading:
    reading = Reading(text)
    mark_names(reading, desk)
    mark_words(reading)
    mark_fragments(reading, desk)
    return reading


@pytest.mark.parametrize(
    "text", ["鲁B36712", "鲁B·36712", "鲁b 36712", "鲁B-36712", "36712", "B36712", "车36712在哪", "where is 36712?"]
)
def test_a_plate_is_known_however_it_is_written(desk: Desk, text: str) -> None:
    assert read(text, desk).values("vehicle") == ["鲁B36712"]


def test_a_trailer_is_not_its_tractor(desk: Desk) -> None:
    assert read("鲁B1234挂", desk).values("vehicle") == ["鲁B1234挂"]


def test_a_trip_id_is_a_trip(desk: Desk) -> None:
    assert read("鲁B36712-20261121T060000", desk).values("trip") == ["鲁B36712-20261121T060000"]


@pytest.mark.parametrize("text", ["more than 300 km", "over 100 kWh", "6x4 tractors", "500公里", "120 minutes"])
def test_quantities_are_no_plates(desk: Desk, text: str) -> None:
    reading = read(text, desk)
    assert reading.values("vehicle") == reading.values("unresolved") == []


@given(
    province=st.sampled_from("京沪粤鲁川"),
    letter=st.sampled_from("ABCDE"),
    digits=st.text("0123456789ABCDEF", min_size=5, max_size=5),
)
def test_an_unknown_plate_is_refused_with_candidates_of_the_fleet(desk: Desk, province: str, letter: str, digits: str) -> None:
    plate = f"{province}{letter}{digits}"
    assume(any(character.isdigit() for character in digits) and plate not in desk.states)
    reading = read(f"Where is {plate}?", desk)
    assert reading.values("vehicle") == []
    (unresolved,) = reading.values("unresolved")
    assert set(unresolved.candidates) <= set(desk.states)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is 鲁B36712?", "en"),
        ("鲁B36712在哪", "zh"),
        ("SOC多少", "zh"),
        ("鲁B36712的SOC", "zh"),
        ("How far did 王强 drive?", "en"),
        ("energy", "en"),
    ],
)
def test_the_language_is_that_of_the_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_was_not_read_is_listed(desk: Desk) -> None:
    assert unread(read("How much fuel did 鲁B36712 use near Beijing please", desk)) == ["near", "Beijing"]
    assert unread(read("麻烦问一下鲁B36712用了多少油", desk)) == []
