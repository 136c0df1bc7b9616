"""Scenarios and requirements as data: what makes cases, what a user's file may hold, and what it is told when it errs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fifthwheel.errors import InputError
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.scenario import joined, own_suite, suite_from, user_suite

LAUNCH = """
[scenarios.yard]
kind = "launch"
axes.mass_kg = [16e3, 20e3]
axes.pedal_ratio = 0.5
rows = [{ grade_ratio = 0.0 }, { grade_ratio = 0.05, oil_k = 300.0 }, { grade_ratio = 0.1 }]
calibration.lock_nm = 140.0

[requirements.MY-001]
text_en = "Launch within 3 s."
text_zh = "3 s内起步。"
source = "our yard"
quantity = "launch_s"
high = 3.0
kinds = ["launch"]
where.grade_ratio = [0.0, 0.06]
"""


def test_axes_and_rows_multiply_to_cases() -> None:
    cases = list(suite_from("my.toml", LAUNCH).scenarios["yard"].cases())
    assert [one.name for one in cases] == [f"yard#{number}" for number in range(1, 7)]
    assert {(one.parameters["mass_kg"], one.parameters["grade_ratio"]) for one in cases} == {
        (mass, grade) for mass in (16e3, 20e3) for grade in (0.0, 0.05, 0.1)
    }
    assert all(one.tuning == {"lock_nm": 140.0} for one in cases)
    assert {set(one.parameters) == {parameter.name for parameter in KINDS["launch"].parameters} for one in cases} == {True}


def test_the_shift_matrix_has_at_least_500_cases_and_only_possible_ones() -> None:
    cases = list(own_suite().scenarios["shift_matrix"].cases())
    assert len(cases) >= 500
    assert all(1 <= float(one.parameters["gear_count"]) + float(one.parameters["step_count"]) <= 6 for one in cases)


def test_a_requirement_applies_inside_its_range_only() -> None:
    suite = suite_from("my.toml", LAUNCH)
    wanted = suite.requirements["MY-001"]
    seen = [wanted.applies(one.kind, one.parameters) for one in suite.scenarios["yard"].cases()]
    assert seen == [True, True, True, True, False, False]


def test_a_user_replaces_a_requirement_of_the_package() -> None:
    own = own_suite()
    stricter = suite_from("my.toml", LAUNCH.replace("MY-001", "TCU-007"))
    assert joined(own, stricter).requirements["TCU-007"].high == 3.0
    assert joined(own, stricter).requirements["TCU-001"] == own.requirements["TCU-001"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('kind = "launch"', 'kind = "lunch"', "kind of scenario.*my.toml, table scenarios.yard, key kind.*lunch.*launch"),
        ("axes.mass_kg", "axes.masses_kg", "my.toml, table scenarios.yard, key axes.masses_kg.*mass_kg"),
        ("[16e3, 20e3]", "[16e3, 20e6]", "axes.mass_kg: mass_kg is 2e.07 kg; 5000 to 60000 kg is accepted"),
        ("[16e3, 20e3]", '["heavy"]', "axes.mass_kg: mass_kg is 'heavy'; a number of 5000 to 60000 kg is accepted"),
        ("[16e3, 20e3]", "[]", "axes.mass_kg"),
        ("grade_ratio = 0.05,", "slope = 0.05,", r"key rows\[1\].slope.*grade_ratio"),
        ("calibration.lock_nm", "calibration.lock", "calibration value of launch.*yard.*lock_nm"),
        ("calibration.lock_nm = 140.0", "speed = 3", "table scenarios.yard, key speed.*axes"),
        ("[scenarios.yard]", "[scenario.yard]", "my.toml, table scenario: not known; requirements and scenarios"),
        ('quantity = "launch_s"', 'quantity = "launch"', "quantity of launch.*requirements.MY-001.*launch_s"),
        ("high = 3.0", "", "requirements.MY-001: no limit"),
        ("high = 3.0", 'high = "3"', "key high: '3'; a number"),
        ('source = "our yard"', "", "key source: None; a text"),
        ("where.grade_ratio = [0.0, 0.06]", "where.grade = [0.0, 0.06]", "key where.*grade_ratio"),
        ("where.grade_ratio = [0.0, 0.06]", "where.grade_ratio = [0.0]", "where.grade_ratio.*lowest and a highest"),
        ('kinds = ["launch"]', "", "key kinds: none; at least one"),
        ("high = 3.0", "high = 3.0\nlow = 4.0", "low 4 is above high 3 s"),
        ("kind = ", "kind ", "my.toml: "),
    ],
)
def test_an_error_names_file_table_key_value_and_what_is_accepted(before: str, after: str, message: str) -> None:
    assert before in LAUNCH
    with pytest.raises(InputError, match=message):
        suite_from("my.toml", LAUNCH.replace(before, after))


def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a TOML file is wanted"):
        user_suite(tmp_path / "none.toml")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="holds nothing"):
        user_suite(tmp_path / "empty.toml")
