"""`fifthwheel match` as people use it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from fifthwheel.cli.main import app

ASKED = ["match", "diesel-8x4-mixer", "mixer-round", "--generations", "1"]


def test_the_document_has_bought_knee_ends_and_curve() -> None:
    result = CliRunner().invoke(app, [*ASKED, "--payload-kg", "14000", "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert set(document["chosen"]) == {"bought", "knee", "thriftiest", "fastest", "cheapest"}
    assert document["chosen"]["cheapest"]["cost_per_km"] <= document["chosen"]["bought"]["cost_per_km"]
    assert document["payload_kg"] == 14_000.0
    assert document["driven_count"] <= document["offered_count"]
    energies = [row["energy_jpm"] for row in document["front"]]
    assert energies == sorted(energies)
    assert {one["name"] for one in document["findings"]} == {"match.energy_saved", "match.time_saved", "match.cost_saved"}


def test_the_tables_speak_both_languages_within_a_hundred_columns() -> None:
    result = CliRunner().invoke(app, ASKED, env={"COLUMNS": "100"})
    assert result.exit_code == 0, result.output
    assert "主减速比" in result.stdout
    assert "Trade-off curve 权衡曲线" in result.stdout
    assert "…" not in result.stdout


def test_unknown_names_and_values_are_refused_with_what_is_accepted() -> None:
    unknown = CliRunner().invoke(app, ["match", "diesel-6x4-bx", "port-shuttle"])
    assert "did you mean" in str(unknown.exception)
    bad = CliRunner().invoke(app, ["match", "diesel-8x4-mixer", "mixer-round", "--day-km", "0"])
    assert "above 0 km" in str(bad.exception)
