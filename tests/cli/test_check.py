"""`fifthwheel check` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app
from fifthwheel.errors import InputError
from fifthwheel.fleet.check import check_combination
from fifthwheel.vehicle.rules import names, rule_set
from fifthwheel.vehicle.verdict import Outcome


def test_an_overloaded_train_is_told_what_to_carry_less_in_both_languages() -> None:
    arguments = ["check", "diesel-6x4-stake", "--payload-kg", "40000", "--rules", "gb1589-2016"]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    assert "beyond" in result.stdout
    assert "less" in result.stdout
    assert "少装" in result.stdout
    assert "GB 1589, 2016" in result.stdout
    assert "…" not in result.stdout


def test_the_document_has_every_verdict_worst_first_and_every_group_of_axles() -> None:
    arguments = ["check", "diesel-6x4-box", "--payload-kg", "20000", "--rules", "us-federal", "--rules", "practice", "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert [one["name"] for one in document["rules"]] == ["us-federal", "practice"]
    assert document["payload_kg"] == 20_000.0
    assert document["gross_kg"] == pytest.approx(sum(document["axle_loads_kg"]))
    assert len([one for one in document["sub_groups"] if one["rule"].startswith("bridge")]) == 6 * 5 // 2
    assert all(one["line_en"].startswith("check against rule set") for one in document["verdicts"])


@pytest.mark.parametrize("rules", ["gb1589-2016", "eu-96-53", "us-federal"])
def test_without_a_payload_as_much_is_carried_as_axles_and_whole_allow(rules: str) -> None:
    found = check_combination("diesel-6x4-stake", None, [rules])
    masses = [one for one in found.verdicts if one.unit == "kg" and one.rule_set == rule_set(rules).title]
    assert all(one.outcome is Outcome.PASS for one in masses)
    assert min(one.margin_ratio for one in masses if one.margin_ratio is not None) == pytest.approx(0.0, abs=1e-6)


def test_the_usual_sets_of_the_market_count_where_none_is_named() -> None:
    assert {one.name for one in check_combination("diesel-6x4-stake").rules} >= {"gb1589-2016", "practice"}


@pytest.mark.parametrize(
    ("name", "payload_kg", "rules", "message"),
    [
        ("diesel-6x4-stak", None, [], "did you mean diesel-6x4-stake"),
        ("diesel-6x4-stake", None, ["gb1589"], "did you mean gb1589-2016"),
        ("diesel-6x4-stake", None, ["nowhere.toml"], "nowhere.toml"),
        ("diesel-6x4-stake", -5.0, [], "0 kg or more is accepted"),
        ("trailer-box", None, [], "a combination is wanted"),
    ],
)
def test_what_is_not_acceptable_is_refused_with_what_would_be(
    name: str, payload_kg: float | None, rules: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        check_combination(name, payload_kg, rules)


def test_lifted_axles_carry_nothing() -> None:
    found = check_combination("diesel-6x4-stake-lift", 5_000.0, ["gb1589-2016"], lifted=True)
    assert [one.load_kg for one in found.loads.groups if one.lifted] == [0.0]


def test_a_users_rule_file_is_accepted(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    row = 'limit = 3.8\ntag = "S"\nsource = "sign at our gate"\n'
    own.write_text(f'extends = "gb1589-2016"\n[rows.height]\n{row}', encoding="utf-8")
    found = check_combination("diesel-6x4-stake", 20_000.0, [str(own)])
    height = next(one for one in found.verdicts if one.rule == "height")
    assert (height.limit, height.source) == (3.8, "sign at our gate")


def test_the_sets_and_their_rows_are_listed_with_limit_tag_and_source() -> None:
    result = CliRunner().invoke(app, ["rules"], env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    assert all(name in result.stdout for name in names())
    result = CliRunner().invoke(app, ["rules", "us-federal"], env={"COLUMNS": "160"})
    assert "80,000 lb" in result.stdout
    assert "[S] n=2" in result.stdout


def test_the_page_has_every_row_with_its_limit_and_its_example_is_a_rule_set(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/rules.md").read_text(encoding="utf-8")
    rows = [row for name in names() for row in rule_set(name).rows.values()]
    assert [row.name for row in rows if f"| `{row.name}` | {row.limit_text or '–'}" not in page] == []
    own = tmp_path / "own.toml"
    own.write_text(page.split("```toml")[1].split("```")[0], encoding="utf-8")
    long_nose = rule_set(str(own)).rows["articulated-length-long-nose"]
    assert (long_nose.active, long_nose.limit) == (True, 18.1)
