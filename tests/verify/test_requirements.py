"""Every requirement names its source and tests that exist; every acceptance number has one, or says why it is not verified."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fifthwheel.verify.requirement import Requirement
from fifthwheel.verify.scenario import own_suite

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = list(own_suite().requirements.values())
MISSING_NORMS = ("diagram 3", "diagrams 4A and 4B", "trailer axle that drives", "GB 12676", "GB/T 13594")


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("wanted", REQUIREMENTS, ids=lambda one: one.requirement_id)
def test_the_tests_that_a_requirement_names_exist(wanted: Requirement) -> None:
    assert wanted.tests or wanted.missing
    for test in wanted.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert not name or name in functions(ROOT / path), test


def test_every_acceptance_number_is_covered_or_said_to_be_not_verified() -> None:
    covered = {number for one in REQUIREMENTS for number in one.acceptance}
    assert {f"A{number}" for number in range(6, 22)} - covered == set()


@pytest.mark.parametrize("text", MISSING_NORMS)
def test_what_the_norms_leave_open_is_never_verified(text: str) -> None:
    found = [one for one in REQUIREMENTS if text in one.text_en]
    assert found
    assert all(one.missing and not one.kinds for one in found)


def test_every_scenario_is_looked_at_by_a_requirement() -> None:
    suite = own_suite()
    kinds = {kind for one in suite.requirements.values() for kind in one.kinds}
    assert [name for name, one in suite.scenarios.items() if one.kind not in kinds] == []


def test_both_languages_are_there() -> None:
    assert [one.requirement_id for one in REQUIREMENTS if not any("一" <= letter <= "鿿" for letter in one.text_zh)] == []
