"""`fifthwheel catalogue`: every unit in eighty columns, one family, one market, and a name that is not known."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app
from fifthwheel.errors import UnknownName
from fifthwheel.vehicle.catalogue import catalogue


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": "80"}, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_whole_list_fits_eighty_columns_and_cuts_nothing() -> None:
    shown = run()
    assert "…" not in shown
    assert all(name in shown for name in catalogue().names("units"))


def test_one_family_of_one_market() -> None:
    rows = json.loads(run("tractor", "--market", "eu", "--json"))
    assert len(rows) == 8
    assert {(row["family"], *row["markets"]) for row in rows} == {("tractor", "eu")}
    assert all(row["source"] and row["title_zh"] for row in rows)


def test_an_unknown_family_offers_the_closest() -> None:
    with pytest.raises(UnknownName, match="did you mean chassis"):
        run("chasis")
