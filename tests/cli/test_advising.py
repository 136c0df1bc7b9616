from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app, main


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["fifthwheel", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_advise_prints_one_document() -> None:
    given = "--payload-kg", "15000", "--wind-mps", "9", "--gap-m", "1.2"
    document = json.loads(told("advise", "diesel-6x4-box", "port-shuttle", *given, "--json"))
    assert document.keys() >= {"combination", "mission", "payload_kg", "energy_j", "time_s", "advice", "cautions"}
    savings = [item["saving"]["value"] for item in document["advice"]]
    assert len(savings) >= 5
    assert [value or 0.0 for value in savings] == sorted((value or 0.0 for value in savings), reverse=True)
    assert {"value", "unit", "low", "high", "origin", "method", "evidence"} <= document["advice"][0]["saving"].keys()
    assert document["cautions"]


@pytest.mark.parametrize(("language", "words"), [("en", ("Tyre pressure", "confidence")), ("zh", ("胎压", "可信度"))])
def test_advise_shows_a_table_in_both_languages(language: str, words: tuple[str, str]) -> None:
    shown = told("advise", "diesel-6x4-box", "port-shuttle", "--payload-kg", "15000", "--language", language)
    assert all(word in shown for word in words)


def test_cruise_prints_both_trips() -> None:
    document = json.loads(told("cruise", "diesel-6x4-box", "port-shuttle", "--payload-kg", "15000", "--json"))
    assert document.keys() >= {"saving_ratio", "time_ratio", "with", "without", "planned"}
    assert document["with"]["energy_j"] <= document["without"]["energy_j"]
    assert "saves" in told("cruise", "diesel-6x4-box", "port-shuttle", "--payload-kg", "15000")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("advise", "diesel-6x4-bocks", "port-shuttle"), "diesel-6x4-box"),
        (("advise", "diesel-6x4-box", "port-shuttle", "--pressure-ratio", "8.5"), "0.3 to 1.5 is accepted"),
        (("advise", "diesel-6x4-box", "port-shuttle", "--language", "fr"), "en, zh"),
        (("cruise", "diesel-6x4-box", "port-shuttle", "--horizon-m", "20"), "500 m or more"),
        (("cruise", "diesel-6x4-box", "port-shuttle", "--arrive-min", "5"), "nearest plan"),
    ],
)
def test_errors_tell_what_is_accepted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert says in refused(monkeypatch, capsys, *arguments)
