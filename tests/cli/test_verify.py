"""`fifthwheel verify`: a table, one JSON document, exit codes, errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app
from fifthwheel.errors import FifthwheelError

RUNNER = CliRunner()
MINE = """
[scenarios.yard]
kind = "launch"
axes.mass_kg = [16e3, 20e3]

[requirements.MY-001]
text_en = "Launch within a second."
text_zh = "一秒内起步。"
source = "our yard"
quantity = "launch_s"
high = LIMIT
kinds = ["launch"]
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(MINE.replace("LIMIT", "30.0"), encoding="utf-8")
    return path


def test_a_requirement_that_holds_ends_with_0(mine: Path) -> None:
    done = RUNNER.invoke(app, ["verify", "--file", str(mine), "--requirement", "MY-001"])
    assert done.exit_code == 0
    assert "MY-001 launch" in done.stdout
    assert "1 pass" in done.stdout


def test_one_that_does_not_ends_with_1_and_names_the_worst_case(mine: Path) -> None:
    mine.write_text(MINE.replace("LIMIT", "0.1"), encoding="utf-8")
    done = RUNNER.invoke(app, ["verify", "--file", str(mine), "--requirement", "MY-001"])
    assert done.exit_code == 1
    assert "check against rule set control facts" in done.stdout
    assert "yard#" in done.stdout


def test_json_is_one_document(mine: Path) -> None:
    done = RUNNER.invoke(app, ["verify", "--file", str(mine), "--requirement", "MY-001", "--json"])
    document = json.loads(done.stdout)
    assert document["counts"] == {"fail": 0, "not verified": 0, "pass": 1}
    assert document["verdicts"][0]["requirement"] == "MY-001"
    assert document["verdicts"][0]["finding"]["unit"] == "s"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--requirement", "TCU-999"], "TCU-99"),
        (["--scenario", "shift"], "shift_matrix"),
        (["--file", "nothing.toml"], "nothing.toml"),
        (["--requirement", "TCU-018", "--compute", "moon"], "local"),
    ],
)
def test_what_is_not_known_is_refused(arguments: list[str], message: str) -> None:
    done = RUNNER.invoke(app, ["verify", *arguments])
    assert isinstance(done.exception, FifthwheelError)
    assert message in str(done.exception)
