"""`fifthwheel compare` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_the_tables_can_be_read_in_eighty_columns_and_own_versions_need_no_title(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    row = 'version = "9.0"\nname = "gap"\ntitle_en = "gap"\ntitle_zh = "间隙"\nsource = "x"\nset = { gap_m = 0.7 }\n'
    own.write_text(f'title_en = "own"\ntitle_zh = "自定"\ncombination = "diesel-4x2-box"\n[[functions]]\n{row}', encoding="utf-8")
    result = CliRunner().invoke(app, ["compare", str(own), "port-shuttle"], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    assert "9.0" in result.stdout
    assert "…" not in result.stdout.split("What each")[0].split("kingpin")[0]
