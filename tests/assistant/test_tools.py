"""The registry: every tool described in both languages, its parameters as JSON Schema, arguments from outside checked."""

from __future__ import annotations

import json
import re
from zoneinfo import ZoneInfo

import pytest

from fifthwheel.assistant.desk import Desk
from fifthwheel.assistant.energy_tools import kind_text
from fifthwheel.assistant.language import vocabulary
from fifthwheel.assistant.plan import intent_of
from fifthwheel.assistant.rank_tools import who_used_most
from fifthwheel.assistant.steps import Slots, steps_of
from fifthwheel.assistant.tools import TOOLS
from fifthwheel.assistant.wording import phrases
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.fleet.verbs import FleetVerbs
from fifthwheel.signals.catalogue import signals


@pytest.fixture(scope="module")
def desk(fleet: FleetVerbs) -> Desk:
    return Desk(fleet, now_us=1_795_332_600_000_000, timezone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_describes_itself(name: str) -> None:
    tool = TOOLS[name]
    schema = json.loads(json.dumps(tool.schema()))
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert tool.description_en.endswith(".")
    assert re.search("[一-鿿]", tool.description_zh)


def test_choices_and_required_parameters_are_in_the_schema() -> None:
    schema = TOOLS["who_used_most"].schema()
    assert schema["required"] == ["start_us", "end_us"]
    assert "fuel_per_distance" in schema["properties"]["metric"]["enum"]


def test_arguments_from_outside_are_checked(desk: Desk) -> None:
    result = TOOLS["where_is"].checked(desk, {"vehicle_ids": ["鲁B36712"]})
    assert [row.subject for row in result.rows] == ["vehicle:鲁B36712"]
    with pytest.raises(InputError, match="vehicle"):
        TOOLS["where_is"].checked(desk, {"vehicle": "鲁B36712"})
    with pytest.raises(InputError, match="metric"):
        TOOLS["who_used_most"].checked(desk, {"start_us": 0, "end_us": 1, "metric": "charm"})
    with pytest.raises(UnknownName, match="鲁B36712"):
        TOOLS["where_is"].checked(desk, {"vehicle_ids": ["鲁B36713"]})


def test_a_result_has_a_finding_for_every_figure(desk: Desk) -> None:
    result = who_used_most(desk, start_us=0, end_us=desk.now_us, metric="distance")
    assert len(result.findings) == sum(len(row.figures) for row in (result.summary, *result.rows))


def test_every_intent_can_be_planned_and_worded(desk: Desk) -> None:
    for intent in {entry["name"] for entry in vocabulary()["intents"]} - {"why_other", "help"}:
        slots = Slots(tags=frozenset({"air"}), vehicle_ids=("鲁B36712", "鲁B36788"), signal="odometer_m")
        for step in steps_of(intent, slots, desk):
            assert {"en", "zh"} <= phrases()[step.phrase].keys()  # type: ignore[union-attr]
            assert step.tool in TOOLS  # type: ignore[union-attr]


def test_intents_use_tags_that_have_words() -> None:
    known = {*vocabulary()["tags"], "@vehicle", "@two_vehicles", "@two_spans", "@group", "@driver", "@trip", "@signal"}
    for intent in vocabulary()["intents"]:
        assert {tag for entry in intent["all"] for tag in entry.split("|")} | set(intent.get("helps", ())) <= known
    assert set(vocabulary()["signals"]) <= set(signals())


def test_nothing_said_is_no_intent() -> None:
    assert intent_of(frozenset()) == ""


def test_both_languages_word_the_same_parts() -> None:
    for name, entry in phrases().items():
        if "needs" in entry:
            assert entry["en"].keys() == entry["zh"].keys(), name
            for part in entry["en"]:
                fields = [set(re.findall(r"{(\w+)", "".join(entry[language][part]))) for language in ("en", "zh")]
                assert fields[0] == fields[1], (name, part)


def test_kinds_with_a_driven_trailer_are_called_so() -> None:
    assert kind_text("diesel_hybrid_etrailer") == ("diesel hybrids with driven trailers", "柴油混动车（电驱挂车）")
    assert kind_text("lng") == ("LNG vehicles", "LNG车")
