"""From the figures of all cases to verdicts: pass, fail or not verified, each with its margin and the case that gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, inf, isnan
from typing import Any, Final

from fifthwheel.errors import FifthwheelError
from fifthwheel.finding import Finding, Origin
from fifthwheel.verify.kind import Run
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.requirement import Requirement
from fifthwheel.verify.scenario import Case

TELLING: Final = 10.0
"""A margin of more than so many limits is no share of them."""


class Outcome(StrEnum):
    """What a check came to."""

    FAIL = "fail"
    NOT_VERIFIED = "not verified"
    PASS = "pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case driven: its figures, or the error that stopped it."""

    case: Case
    quantities: Mapping[str, float] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One requirement over the cases of one kind of scenario.

    Attributes
    ----------
    value, margin : of the worst case, or of the percentile that `Requirement.part_ratio` asks for; ``None`` where not verified.
    case : the worst case. cases_count, beyond_count, raised_count : cases looked at, beyond the limit, and stopped by an error.
    reason : why it is not verified, or the error of a case that raised.
    """

    requirement: Requirement
    kind: str
    outcome: Outcome
    value: float | None = None
    margin: float | None = None
    case: Case | None = None
    cases_count: int = 0
    beyond_count: int = 0
    raised_count: int = 0
    reason: str = ""

    @property
    def margin_ratio(self) -> float | None:
        """Margin as a share of the limit; ``None`` where that says nothing: no margin, or a limit of next to zero beside it."""
        if self.margin is None or self.value is None:
            return None
        limit = abs(self.requirement.nearer(self.value))
        return self.margin / limit if abs(self.margin) <= TELLING * limit and limit else None

    def line(self) -> str:
        """One sentence for a report: against which rule set and version, and the margin."""
        wanted, unit = self.requirement, self.requirement.unit
        head = f"{wanted.requirement_id}: check against rule set {wanted.rule_set}, version {wanted.version}: "
        if self.margin is None:
            return f"{head}{self.outcome} ({self.reason})"
        share = "" if self.margin_ratio is None else f" ({100 * self.margin_ratio:+.0f} % of the limit)"
        return f"{head}margin {self.margin:+.4g}{' ' if unit else ''}{unit}{share}"

    def finding(self) -> Finding:
        """The figure that was judged; exact, for simulated cases are deterministic."""
        evidence = (f"scenario:{self.case.name}",) if self.case else ()
        return Finding(
            name=f"verify.{self.requirement.requirement_id}.{self.requirement.quantity}", value=self.value,
            unit=self.requirement.unit, low=self.value, high=self.value, origin=Origin.SIMULATED, method=self.line(),
            evidence=(*evidence, *(f"test:{test}" for test in self.requirement.tests)),
        )  # fmt: skip

    def document(self) -> dict[str, Any]:
        """JSON-ready mapping."""
        wanted = self.requirement
        return {
            "requirement": wanted.requirement_id, "text_en": wanted.text_en, "text_zh": wanted.text_zh, "source": wanted.source,
            "rule_set": wanted.rule_set, "version": wanted.version, "quantity": wanted.quantity, "unit": wanted.unit,
            "low": None if wanted.low == -inf else wanted.low, "high": None if wanted.high == inf else wanted.high,
            "acceptance": list(wanted.acceptance), "tests": list(wanted.tests), "kind": self.kind, "verdict": str(self.outcome),
            "value": self.value, "margin": self.margin, "margin_ratio": self.margin_ratio,
            "case": self.case.name if self.case else None, "parameters": dict(self.case.parameters) if self.case else {},
            "cases": self.cases_count, "beyond": self.beyond_count, "raised": self.raised_count, "reason": self.reason,
            "line": self.line(), "finding": self.finding().to_dict(),
        }  # fmt: skip


def drive(case: Case) -> tuple[Result, Run | None]:
    """One case with its trace; a case that raises becomes a result with the error."""
    try:
        run = KINDS[case.kind].run(case.parameters, case.tuning)
    except (FifthwheelError, ArithmeticError, ValueError, LookupError) as error:
        return Result(case=case, error=f"{type(error).__name__}: {error}"), None
    return Result(case=case, quantities=dict(run.quantities)), run


def drive_all(cases: Sequence[Case]) -> list[Result]:
    """The figures of several cases, in their order; what a worker process does."""
    return [drive(case)[0] for case in cases]


def verdicts(requirements: Iterable[Requirement], results: Sequence[Result]) -> list[Verdict]:
    """Verdict of every requirement in every kind of scenario it is looked at in: fails first, least margin first."""
    found = []
    for wanted in requirements:
        if wanted.missing:
            found.append(Verdict(requirement=wanted, kind="", outcome=Outcome.NOT_VERIFIED, reason=wanted.missing))
            continue
        for kind in wanted.kinds:
            asked = [one for one in results if wanted.applies(one.case.kind, one.case.parameters) and one.case.kind == kind]
            found.append(_verdict(wanted, kind, asked))
    return sorted(found, key=_rank)


def _rank(verdict: Verdict) -> tuple[int, float, str]:
    share = verdict.margin_ratio if verdict.margin_ratio is not None else (verdict.margin if verdict.margin is not None else inf)
    return list(Outcome).index(verdict.outcome), share, verdict.requirement.requirement_id


def _verdict(wanted: Requirement, kind: str, asked: Sequence[Result]) -> Verdict:
    raised = [one for one in asked if one.error]
    judged = [(wanted.margin(_figure(one, wanted)), one) for one in asked if not one.error and wanted.quantity in one.quantities]
    if not judged and not raised:
        reason = "no case of this run looks at it"
        return Verdict(requirement=wanted, kind=kind, outcome=Outcome.NOT_VERIFIED, reason=reason)
    judged.sort(key=lambda pair: pair[0])
    beyond, count = sum(margin < 0.0 for margin, _ in judged), len(judged) + len(raised)
    allowed = count - ceil(wanted.part_ratio * count - 1e-9)
    kept = beyond + len(raised) <= allowed
    place = min(max(allowed - len(raised), 0), len(judged) - 1)
    margin, worst = judged[place] if judged else (None, raised[0])
    return Verdict(
        requirement=wanted,
        kind=kind,
        outcome=Outcome.PASS if kept else Outcome.FAIL,
        value=worst.quantities[wanted.quantity] if judged else None,
        margin=margin,
        case=raised[0].case if raised and not kept else worst.case,
        cases_count=count,
        beyond_count=beyond,
        raised_count=len(raised),
        reason=f"{len(raised)} cases raised: {raised[0].error}" if raised else "",
    )


def _figure(result: Result, wanted: Requirement) -> float:
    """The figure judged; not a number counts as beyond any limit."""
    value = result.quantities[wanted.quantity]
    return inf if isnan(value) and wanted.high < inf else -inf if isnan(value) else value
