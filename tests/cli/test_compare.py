"""`fifthwheel compare` as people use it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from fifthwheel.cli.main import app


def test_the_document_has_a_row_for_each_function() -> None:
    result = CliRunner().invoke(app, ["compare", "box-49t", "port-shuttle", "--payload-kg", "20000", "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["rows"][0]["version"] == "0"
    assert document["rows"][0]["energy_saved_ratio"] == 0.0
    assert all(row["cost_per_km"] > 0.0 and row["findings"] for row in document["rows"])


def test_the_tables_name_versions_in_both_languages() -> None:
    result = CliRunner().invoke(app, ["compare", "box-49t", "port-shuttle"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "各买各的" in result.stdout
    assert "4.0 new energy" in result.stdout
    assert "What each function brings" in result.stdout
