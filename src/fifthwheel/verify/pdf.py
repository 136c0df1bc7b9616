"""The report as PDF: the one module that knows reportlab; Chinese by a font that PDF readers bring, so none is embedded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any, Final

from fifthwheel.errors import InputError
from fifthwheel.verify.judge import Outcome, Verdict
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.plots import MISSING
from fifthwheel.verify.report import NOTE, SAID, TITLE, Report, case_said, limit_said, margin_said
from fifthwheel.verify.requirement import Requirement

CHINESE_FONT: Final = "STSong-Light"
CHINESE: Final = re.compile(r"[　-〿㐀-鿿＀-￯“”‘’]+")
COLOURS: Final = {Outcome.PASS: "#d9f0dd", Outcome.FAIL: "#f9d5d3", Outcome.NOT_VERIFIED: "#fdf0c9"}
WIDTH: Final = 180
"""Millimetres between the margins of a page."""


def pdf(report: Report) -> bytes:
    """The same content as `report.html`.

    Raises
    ------
    InputError : reportlab is not installed.
    """
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfbase.pdfmetrics import registerFont
        from reportlab.platypus import SimpleDocTemplate
    except ImportError:
        raise InputError(MISSING) from None
    registerFont(UnicodeCIDFont(CHINESE_FONT))
    with BytesIO() as out:
        margin = 15 * mm
        SimpleDocTemplate(
            out, pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin, title=TITLE[0],
            author=f"fifthwheel {report.about.version}", invariant=1,
        ).build(_story(report), onFirstPage=_numbered, onLaterPages=_numbered)  # fmt: skip
        return out.getvalue()


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(document.pagesize[0] - document.rightMargin, 20, f"{TITLE[0]}, page {document.page}")


def _story(report: Report) -> list[Any]:
    from reportlab.platypus import PageBreak

    scenarios = [("scenario", "cases", "title"), *(
        (one.name, str(report.counts.get(one.name, 0)), f"{one.title_en} {one.title_zh}") for one in report.scenarios
    )]  # fmt: skip
    story = [_text(TITLE[0], 18), _text(TITLE[1], 12), *(_text(note) for note in NOTE), _table(report.facts(), (40, 140))]
    story += [_text("Scenarios 工况", 13), _table(scenarios, (45, 20, 115)), _text("Verdicts 结论矩阵", 13), _matrix(report)]
    story += [PageBreak(), _text("Requirements 要求", 13)]
    for wanted, found in report.requirements():
        story += _section(report, wanted, found)
    return story


def _section(report: Report, wanted: Requirement, found: Sequence[Verdict]) -> list[Any]:
    from reportlab.platypus import KeepTogether

    acceptance = f"; acceptance {', '.join(wanted.acceptance)}" if wanted.acceptance else ""
    head = [
        _text(wanted.requirement_id, 11), _text(f"{wanted.text_en} {wanted.text_zh}"),
        _text(f"Source 出处: {wanted.source}; {wanted.rule_set}, version {wanted.version}{acceptance}", 7),
        *([_text(f"Tests 测试: {', '.join(wanted.tests)}", 7)] if wanted.tests else []),
    ]  # fmt: skip
    blocks = [_verdict(report, one) for one in found]
    return [KeepTogether([*head, *blocks[0]]), *(KeepTogether(block) for block in blocks[1:])]


def _verdict(report: Report, verdict: Verdict) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, Spacer

    kind = KINDS[verdict.kind].title_en + " " + KINDS[verdict.kind].title_zh if verdict.kind else ""
    value = "" if verdict.value is None else f"{verdict.value:.5g} {verdict.requirement.unit}"
    beyond = f"{verdict.beyond_count + verdict.raised_count} of {verdict.cases_count}" if verdict.cases_count else ""
    rows = [
        ("verdict 结论", SAID[verdict.outcome]), ("check 核对", verdict.line()), ("scenario 工况", kind),
        ("limit 限值", limit_said(verdict.requirement)), ("worst 最差值", value), ("margin 裕度", margin_said(verdict)),
        ("beyond 超限", beyond), ("worst case 最差工况", case_said(verdict)), ("note 说明", verdict.reason),
    ]  # fmt: skip
    block: list[Any] = [_table([row for row in rows if row[1]], (30, 150), [(1, 0, COLOURS[verdict.outcome])])]
    picture = report.picture(verdict)
    if picture:
        image = Image(BytesIO(picture.png))
        scale = min(150 * mm / image.imageWidth, 95 * mm / image.imageHeight)
        image.drawWidth, image.drawHeight = scale * image.imageWidth, scale * image.imageHeight
        block.append(image)
    name = report.files.get(verdict.case.name) if verdict.case else None
    return [*block, *([_text(f"trace 记录: {name}", 7)] if name else []), Spacer(1, 3 * mm)]


def _matrix(report: Report) -> Any:
    """One row a requirement and kind: a page is too narrow for all kinds beside each other."""
    rows, colours = [("requirement 要求", "scenario 工况", "verdict 结论", "limit 限值", "margin 裕度")], []
    for wanted, found in report.requirements():
        for one in found:
            colours.append((2, len(rows), COLOURS[one.outcome]))
            kind = KINDS[one.kind].title_en if one.kind else "-"
            rows.append((wanted.requirement_id, kind, SAID[one.outcome], limit_said(wanted), margin_said(one)))
    return _table(rows, (22, 45, 30, 48, 35), colours)


def _text(text: str, size: int = 8) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    face = "Helvetica-Bold" if size > 9 else "Helvetica"
    said = CHINESE.sub(lambda found: f'<font name="{CHINESE_FONT}">{found[0]}</font>', escape(text, quote=False))
    return Paragraph(said, ParagraphStyle("text", fontName=face, fontSize=size, leading=1.3 * size, spaceAfter=size / 4))


def _table(rows: Sequence[Sequence[str]], widths: Sequence[int], colours: Sequence[tuple[int, int, str]] = ()) -> Any:
    """Cells of text; `widths` in millimetres, `colours` as column, row and colour."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    grid = HexColor("#c9d1dc")
    table = Table(
        [[_text(cell, 7) for cell in row] for row in rows], [width * mm for width in widths], hAlign="LEFT", repeatRows=0
    )
    marks = [("BACKGROUND", (column, row), (column, row), HexColor(colour)) for column, row, colour in colours]
    pads = [(side, (0, 0), (-1, -1), 1.5) for side in ("TOPPADDING", "BOTTOMPADDING")]
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.4, grid), ("VALIGN", (0, 0), (-1, -1), "TOP"), *pads, *marks])
    return table
