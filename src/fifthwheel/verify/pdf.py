"""The verification report as PDF: the same content as its HTML, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fifthwheel.document import check_installed, image, page_break, paper, space, table, text, together
from fifthwheel.verify.judge import Outcome, Verdict
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.report import NOTE, SAID, TITLE, Report, case_said, limit_said, margin_said
from fifthwheel.verify.requirement import Requirement

COLOURS: Final = {Outcome.PASS: "#d9f0dd", Outcome.FAIL: "#f9d5d3", Outcome.NOT_VERIFIED: "#fdf0c9"}


def pdf(report: Report) -> bytes:
    """The same content as `report.html`.

    Raises
    ------
    InputError : reportlab is not installed.
    """
    check_installed()
    return paper(_story(report), title=TITLE[0], author=f"fifthwheel {report.about.version}")


def _story(report: Report) -> list[Any]:
    scenarios = [("scenario", "cases", "title"), *(
        (one.name, str(report.counts.get(one.name, 0)), f"{one.title_en} {one.title_zh}") for one in report.scenarios
    )]  # fmt: skip
    story = [text(TITLE[0], 18), text(TITLE[1], 12), *(text(note) for note in NOTE), table(report.facts(), (40, 140))]
    story += [text("Scenarios 工况", 13), table(scenarios, (45, 20, 115)), text("Verdicts 结论矩阵", 13), _matrix(report)]
    story += [page_break(), text("Requirements 要求", 13)]
    for wanted, found in report.requirements():
        story += _section(report, wanted, found)
    return story


def _section(report: Report, wanted: Requirement, found: Sequence[Verdict]) -> list[Any]:
    acceptance = f"; acceptance {', '.join(wanted.acceptance)}" if wanted.acceptance else ""
    head = [
        text(wanted.requirement_id, 11), text(f"{wanted.text_en} {wanted.text_zh}"),
        text(f"Source 出处: {wanted.source}; {wanted.rule_set}, version {wanted.version}{acceptance}", 7),
        *([text(f"Tests 测试: {', '.join(wanted.tests)}", 7)] if wanted.tests else []),
    ]  # fmt: skip
    blocks = [_verdict(report, one) for one in found]
    return [together([*head, *blocks[0]]), *(together(block) for block in blocks[1:])]


def _verdict(report: Report, verdict: Verdict) -> list[Any]:
    kind = KINDS[verdict.kind].title_en + " " + KINDS[verdict.kind].title_zh if verdict.kind else ""
    value = "" if verdict.value is None else f"{verdict.value:.5g} {verdict.requirement.unit}"
    beyond = f"{verdict.beyond_count + verdict.raised_count} of {verdict.cases_count}" if verdict.cases_count else ""
    rows = [
        ("verdict 结论", SAID[verdict.outcome]), ("check 核对", verdict.line()), ("scenario 工况", kind),
        ("limit 限值", limit_said(verdict.requirement)), ("worst 最差值", value), ("margin 裕度", margin_said(verdict)),
        ("beyond 超限", beyond), ("worst case 最差工况", case_said(verdict)), ("note 说明", verdict.reason),
    ]  # fmt: skip
    block: list[Any] = [table([row for row in rows if row[1]], (30, 150), [(1, 0, COLOURS[verdict.outcome])])]
    picture = report.picture(verdict)
    if picture:
        block.append(image(picture.png, 150, 95))
    name = report.files.get(verdict.case.name) if verdict.case else None
    return [*block, *([text(f"trace 记录: {name}", 7)] if name else []), space()]


def _matrix(report: Report) -> Any:
    """One row a requirement and kind: a page is too narrow for all kinds beside each other."""
    rows, colours = [("requirement 要求", "scenario 工况", "verdict 结论", "limit 限值", "margin 裕度")], []
    for wanted, found in report.requirements():
        for one in found:
            colours.append((2, len(rows), COLOURS[one.outcome]))
            kind = KINDS[one.kind].title_en if one.kind else "-"
            rows.append((wanted.requirement_id, kind, SAID[one.outcome], limit_said(wanted), margin_said(one)))
    return table(rows, (22, 45, 30, 48, 35), colours)
