"""`fifthwheel promise` and `kept`: what is recorded, and what is said while there is little to compare."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app
from fifthwheel.cli.promise import _causes, _costs, _energy, _rests
from fifthwheel.errors import UnknownName
from fifthwheel.fleet.promise_views import KeptView

DUTY = """
tractors = ["tractor-diesel-6x4"]
trailers = ["trailer-stake"]
[road]
mission = "trunk-weifang-qingdao"
back = "empty"
[cargo]
kind = "general-pallets"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> list[str]:
    where = ["--workspace", str(tmp_path / "fleet")]
    assert CliRunner().invoke(app, ["vehicle", "add", "鲁B36712", "--combination", "diesel-6x4-stake", *where]).exit_code == 0
    return where


def test_a_promise_is_recorded_by_rank_and_waits_for_trips(workspace: list[str], tmp_path: Path) -> None:
    mission = tmp_path / "duty.toml"
    mission.write_text(DUTY, encoding="utf-8")
    made = CliRunner().invoke(
        app, ["promise", "鲁B36712", str(mission), "--candidate", "1", "--from", "2026-11-01T00:00", "--json", *workspace]
    )
    assert made.exit_code == 0, made.output
    promise = json.loads(made.stdout)
    assert promise["tractor"] == "tractor-diesel-6x4"
    assert promise["energy_jpm"] == pytest.approx(sum(promise["account"].values()))
    assert {"fuel", "toll"} <= {line["name"] for line in promise["costs"]}
    shown = CliRunner().invoke(app, ["kept", "鲁B36712", *workspace])
    assert "gathering data: 0 of 3 trips" in shown.stdout
    found = json.loads(CliRunner().invoke(app, ["kept", "鲁B36712", "--json", *workspace]).stdout)
    assert (found["verdict"], found["promise"]) == ("gathering", promise)


def test_what_was_not_promised_is_said(workspace: list[str]) -> None:
    missing = CliRunner().invoke(app, ["kept", "鲁B36712", *workspace])
    assert isinstance(missing.exception, UnknownName)
    assert "promise of vehicle" in str(missing.exception)
    assert isinstance(CliRunner().invoke(app, ["kept", "鲁B36712", "--language", "fr", *workspace]).exception, UnknownName)


@pytest.mark.parametrize(
    ("chinese", "words"), [(False, ("Air, still", "cause", "as promised")), (True, ("空气阻力（无风）", "原因", "按承诺"))]
)
def test_tables_show_promise_and_measurement(kept_example: KeptView, chinese: bool, words: tuple[str, ...]) -> None:
    from rich.console import Console

    console = Console(width=120, file=StringIO())
    for make in (_energy, _causes, _costs):
        console.print(make(kept_example, chinese=chinese))
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert all(word in text for word in words)
    assert "+6.1" in text
    assert "100%" in _rests(kept_example, chinese=chinese)
