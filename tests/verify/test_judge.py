"""Verdicts from figures: limits, percentiles, cases that raise, and the order in which they are shown."""

from __future__ import annotations

from math import nan

import pytest

from fifthwheel.finding import Origin
from fifthwheel.verify.judge import Outcome, Result, Verdict, drive, verdicts
from fifthwheel.verify.requirement import Requirement
from fifthwheel.verify.scenario import Case


def wanted(name: str = "X-001", **changes: object) -> Requirement:
    plain = {
        "requirement_id": name, "text_en": "text", "text_zh": "文", "source": "here", "quantity": "jerk_mps3", "high": 10.0,
        "kinds": ("launch",),
    }  # fmt: skip
    return Requirement(**{**plain, **changes})  # type: ignore[arg-type]


def result(number: int, value: float | None, error: str = "") -> Result:
    case = Case(scenario="s", kind="launch", number=number, parameters={"grade_ratio": 0.0})
    return Result(case=case, quantities={} if value is None else {"jerk_mps3": value}, error=error)


def judged(requirement: Requirement, *values: float) -> Verdict:
    return verdicts([requirement], [result(number, value) for number, value in enumerate(values, 1)])[0]


def test_the_worst_case_gives_the_margin() -> None:
    found = judged(wanted(), 7.0, 9.5, 3.0)
    assert (found.outcome, found.value, found.margin, found.cases_count, found.beyond_count) == (Outcome.PASS, 9.5, 0.5, 3, 0)
    assert found.case is not None
    assert found.case.name == "s#2"
    assert found.margin_ratio == pytest.approx(0.05)


def test_a_limit_itself_passes_and_beyond_it_fails() -> None:
    assert judged(wanted(), 10.0).outcome is Outcome.PASS
    assert judged(wanted(), 10.0 + 1e-9).outcome is Outcome.FAIL
    assert judged(wanted(low=4.0), 3.0).margin == -1.0


def test_two_limits_are_both_kept() -> None:
    found = judged(wanted(low=4.0), 4.5, 9.0)
    assert (found.margin, found.value) == (0.5, 4.5)


def test_a_percentile_lets_its_share_go_beyond() -> None:
    values = [1.0] * 94 + [9.0, *[20.0] * 5]
    assert judged(wanted(part_ratio=0.95), *values).outcome is Outcome.PASS
    assert judged(wanted(part_ratio=0.95), *values).value == 9.0
    assert judged(wanted(part_ratio=0.95), *values[1:], 20.0).outcome is Outcome.FAIL
    assert judged(wanted(), *values).outcome is Outcome.FAIL


def test_a_case_that_raises_fails_and_keeps_its_error() -> None:
    found = verdicts([wanted()], [result(1, 3.0), result(2, None, "SimulationError: not finite")])[0]
    assert (found.outcome, found.raised_count, found.cases_count) == (Outcome.FAIL, 1, 2)
    assert "not finite" in found.reason
    assert found.case is not None
    assert found.case.number == 2
    alone = verdicts([wanted()], [result(1, None, "boom")])[0]
    assert (alone.outcome, alone.value, alone.margin) == (Outcome.FAIL, None, None)


def test_a_figure_that_is_no_number_fails() -> None:
    assert judged(wanted(), nan).outcome is Outcome.FAIL
    assert judged(wanted(low=1.0, high=float("inf")), nan).outcome is Outcome.FAIL


def test_what_cannot_be_checked_never_passes() -> None:
    found = verdicts([wanted(missing="no text", kinds=(), quantity="")], [result(1, 3.0)])[0]
    assert (found.outcome, found.reason, found.value) == (Outcome.NOT_VERIFIED, "no text", None)
    assert verdicts([wanted()], [])[0].outcome is Outcome.NOT_VERIFIED


def test_fails_come_first_then_the_least_margin() -> None:
    several = [wanted("A", high=20.0), wanted("B", high=9.0), wanted("C", high=10.0), wanted("D", missing="no text")]
    assert [one.requirement.requirement_id for one in verdicts(several, [result(1, 9.5)])] == ["B", "D", "C", "A"]


def test_a_line_names_rule_set_version_and_margin_and_never_more() -> None:
    found = judged(wanted(rule_set="UN R13", version="15 series"), 9.5)
    assert found.line() == "X-001: check against rule set UN R13, version 15 series: margin +0.5 m/s³ (+5 % of the limit)"
    assert "compl" not in str(found.document())


def test_the_finding_holds_the_figure_and_its_evidence() -> None:
    finding = judged(wanted(tests=("tests/x.py::test_x",)), 9.5).finding()
    assert (finding.value, finding.unit, finding.origin) == (9.5, "m/s³", Origin.SIMULATED)
    assert finding.evidence == ("scenario:s#1", "test:tests/x.py::test_x")


def test_a_case_outside_a_range_is_a_result_with_its_error() -> None:
    found, run = drive(Case(scenario="s", kind="launch", number=1, parameters={"mass_kg": 1.0}))
    assert run is None
    assert "5000 to 60000 kg" in found.error
