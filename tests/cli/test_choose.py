"""`fifthwheel choose`: the door's JSON, tables of eighty columns, changes, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fifthwheel.cli import choose as command
from fifthwheel.cli.main import app
from fifthwheel.errors import InputError
from fifthwheel.fleet.choice.views import Change

MISSION = """
title_en = "Shuttle with steel"
title_zh = "钢卷短驳"
tractors = ["tractor-diesel-6x4", "tractor-battery-350", "tractor-diesel-4x2"]
trailers = ["trailer-flatbed", "trailer-stake"]
[road]
mission = "port-shuttle"
[cargo]
kind = "steel-coils"
payload_t = 29
[work]
distance_day_km = 200
distance_year_km = 60000
[limits]
start_grade_percent = 12
climb_speed_kmh = 40
descent_grade_percent = 4
"""
KEYS = {
    "rank", "candidate_id", "title_en", "title_zh", "tractor", "trailer", "energy_kind", "best", "payload_kg", "gross_kg",
    "cost_per_km", "cost_per_km_low", "cost_per_km_high", "cost_per_tonne_km", "energy_kwh_per_km", "fuel_kg_per_100km",
    "electric_kwh_per_100km", "co2_kg_per_km", "time_h", "range_km", "price", "reason_en", "reason_zh",
}  # fmt: skip


@pytest.fixture
def mission(tmp_path: Path) -> str:
    path = tmp_path / "steel.toml"
    path.write_text(MISSION, encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["choose", *arguments])
    assert result.exception is None, result.exception
    return result.stdout


def test_the_door_gives_ranked_combinations_with_reasons_and_cost(mission: str) -> None:
    document = json.loads(run(mission, "--json"))
    assert set(document) == {
        "choice_id", "title_en", "title_zh", "currency", "considered", "feasible", "seconds", "duty", "ranking", "rejected",
        "rejected_by_reason", "warnings",
    }  # fmt: skip
    ranking = document["ranking"]
    assert [row["rank"] for row in ranking] == list(range(1, len(ranking) + 1))
    assert all(set(row) == KEYS for row in (*ranking, *document["rejected"]))
    assert all(row["cost_per_km_low"] < row["cost_per_km"] < row["cost_per_km_high"] for row in ranking)
    assert all(row["reason_en"] and row["reason_zh"] for row in (*ranking, *document["rejected"]))
    assert document["currency"] == "CNY"
    assert any("4x2" in row["tractor"] for row in document["rejected"])


def test_a_change_comes_beside_the_choice(mission: str) -> None:
    document = json.loads(run(mission, "--json", "--what-if", "diesel=9", "--what-if", "years=4", "--compare", "1,2"))
    before, after = document["ranking"], document["what_if"]["ranking"]
    assert after[0]["cost_per_km"] != before[0]["cost_per_km"]
    assert document["what_if"]["duty"]["prices"] == {"diesel": 9.0}
    assert [one["row"]["rank"] for one in document["details"]] == [1, 2]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("extra", [[], ["--compare", "1,2"], ["--what-if", "diesel=9"]])
def test_tables_fit_eighty_columns(mission: str, extra: list[str], language: str) -> None:
    from rich.cells import cell_len

    text = run(mission, *extra, "--language", language)
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_options_list_what_a_mission_may_name() -> None:
    names = {option["name"] for option in json.loads(run("--options", "--json"))["cargoes"]}
    assert {"coal", "container-40", "express"} <= names
    assert "coal-yanzhou-linyi" in run("--options")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "a MISSION.toml"),
        (["nowhere.toml"], "nowhere.toml"),
        (["trunk-31t"], "trunk"),
        (["port-shuttle", "--what-if", "diesel"], "KEY=VALUE"),
    ],
)
def test_bad_input_is_told(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(app, ["choose", *arguments])
    assert isinstance(result.exception, InputError)
    assert words in str(result.exception)


def test_a_rank_that_is_not_there_is_told(mission: str) -> None:
    result = CliRunner().invoke(app, ["choose", mission, "--compare", "1,99"])
    assert isinstance(result.exception, InputError)
    assert "99" in str(result.exception)


def test_changes_are_in_the_units_of_a_mission() -> None:
    assert command.change_of(["payload_t=25", "distance_year_km=90000", "grade_factor=1.1", "lng=5"]) == Change(
        payload_kg=25_000.0, distance_year_m=90e6, grade_ratio=1.1, prices={"lng": 5.0}
    )


@pytest.mark.parametrize(
    ("language", "there", "absent"), [("zh", "钢卷短驳", "Shuttle with"), ("en", "Shuttle with", "钢卷短驳")]
)
def test_one_language_is_one_language(mission: str, language: str, there: str, absent: str) -> None:
    text = run(mission, "--language", language)
    assert there in text
    assert absent not in text


def test_another_language_is_refused(mission: str) -> None:
    result = CliRunner().invoke(app, ["choose", mission, "--language", "fr"])
    assert isinstance(result.exception, InputError)
