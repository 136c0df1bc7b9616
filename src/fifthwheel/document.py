"""Blocks of printed A4 pages in English and Chinese: text, tables, drawings, lines; the one module that knows reportlab.

Chinese is set in a font that PDF readers bring, so none is embedded. Lengths are millimetres, as on paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from fifthwheel.errors import InputError

CHINESE_FONT: Final = "STSong-Light"
WIDTH: Final = 180
"""Millimetres between the margins of a page."""
MARGIN: Final = 15
NOT_INSTALLED: Final = "a report needs matplotlib and reportlab; `pip install fifthwheel[report]` brings them"
SPELT: Final = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2212": "–", "\u2011": "-", "\u2082": "2"})
"""What neither font has, as what says the same."""
WIDE: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u2018\u2019\u201c\u201d]")
"""Chinese characters and the marks that stand among them; quotation marks count as Chinese, as both languages use them here."""


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _chinese(char: str) -> bool:
    """Whether a character is set in the Chinese font: Chinese itself, and what the Latin one has not (≤, Ω, Ⅱ, →)."""
    return bool(WIDE.match(char)) or not _has(char, "cp1252")


def unprintable(said: str) -> str:
    """Characters of a text that neither font has; the Chinese one is taken to have those of GBK.

    >>> unprintable("Ⅱ型试验 ≥ 30 km/h"), unprintable("\U0001f69a 49 t")
    ('', '🚚')
    """
    return "".join(sorted({char for char in said.translate(SPELT) if _chinese(char) and not _has(char, "gbk")}))


def runs(said: str) -> list[tuple[bool, str]]:
    """A text cut where its font changes: (whether in the Chinese font, piece).

    >>> runs("载重 30 t")
    [(True, '载重'), (False, ' 30 t')]
    """
    return [(chinese, "".join(chars)) for chinese, chars in groupby(said.translate(SPELT), _chinese)]


def text(said: str, size: float = 8, *, colour: str = "#000000", right: bool = False) -> Any:
    """A paragraph; bold above nine points."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    pieces = [f'<font name="{CHINESE_FONT}">{escape(piece, quote=False)}</font>' if chinese else escape(piece, quote=False)
              for chinese, piece in runs(said)]  # fmt: skip
    wide = 2 * len(WIDE.findall(said)) > len(said)
    style = ParagraphStyle(
        "text", fontName="Helvetica-Bold" if size > 9 else "Helvetica", fontSize=size, leading=1.3 * size, spaceAfter=size / 4,
        textColor=HexColor(colour), alignment=2 if right else 0, wordWrap="CJK" if wide and not right else None,
    )  # fmt: skip
    return Paragraph("".join(pieces), style)


def table(
    rows: Sequence[Sequence[str]], widths: Sequence[float], colours: Sequence[tuple[int, int, str]] = (), *,
    head: int = 0, right: Sequence[int] = (), size: float = 7,
) -> Any:  # fmt: skip
    """Cells of text; `widths` of columns, `colours` as column, row and colour.

    `head` rows are shaded and repeated on every page; columns in `right` hold figures and end on the right.
    """
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    cells = [[text(cell, size, right=column in right) for column, cell in enumerate(row)] for row in rows]
    made = Table(cells, [width * mm for width in widths], hAlign="LEFT", repeatRows=head)
    marks = [("BACKGROUND", (column, row), (column, row), HexColor(colour)) for column, row, colour in colours]
    pads = [(side, (0, 0), (-1, -1), 1.5) for side in ("TOPPADDING", "BOTTOMPADDING")]
    shaded = [("BACKGROUND", (0, 0), (-1, head - 1), HexColor("#eef2f0"))] if head else []
    grid = ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#c9d1dc"))
    made.setStyle([grid, ("VALIGN", (0, 0), (-1, -1), "TOP"), *pads, *shaded, *marks])
    return made


def image(png: bytes, width: float, height: float) -> Any:
    """A picture, as large as fits."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image

    made = Image(BytesIO(png))
    scale = min(width * mm / made.imageWidth, height * mm / made.imageHeight)
    made.drawWidth, made.drawHeight = scale * made.imageWidth, scale * made.imageHeight
    return made


def space(height: float = 3) -> Any:
    """Room between blocks."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer

    return Spacer(1, height * mm)


def page_break() -> Any:
    """What follows begins a page."""
    from reportlab.platypus import PageBreak

    return PageBreak()


def together(blocks: Sequence[Any]) -> Any:
    """Blocks that stay on one page where they fit on one."""
    from reportlab.platypus import KeepTogether

    return KeepTogether(list(blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points (right, up), closed and filled where `fill` says a colour."""

    points: Sequence[tuple[float, float]]
    line: str = "#16201d"
    fill: str | None = None
    weight: float = 0.25
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A circle."""

    at: tuple[float, float]
    radius: float
    line: str = "#16201d"
    fill: str | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words in a drawing: `anchor` is where `at` lies of them, ``start``, ``middle`` or ``end``; `size` in points."""

    at: tuple[float, float]
    said: str
    size: float = 6
    anchor: str = "start"
    colour: str = "#16201d"


Shape = Line | Disc | Label


def drawing(shapes: Sequence[Shape], width: float, height: float) -> Any:
    """Lines, circles and words by their places, from the left and from below."""
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.units import mm

    _fonts()
    made = Drawing(width * mm, height * mm)
    for shape in shapes:
        for one in _drawn(shape):
            made.add(one)
    return made


def _drawn(shape: Shape) -> list[Any]:
    from reportlab.graphics.shapes import Circle, Polygon, PolyLine
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm

    if isinstance(shape, Label):
        return _words(shape)
    dash = [2, 1.5] if shape.dashed else None
    fill = HexColor(shape.fill) if shape.fill else None
    if isinstance(shape, Disc):
        x, y = shape.at
        return [Circle(x * mm, y * mm, shape.radius * mm, strokeColor=HexColor(shape.line), fillColor=fill, strokeWidth=0.5,
                       strokeDashArray=dash)]  # fmt: skip
    flat = [value * mm for point in shape.points for value in point]
    line = {"strokeColor": HexColor(shape.line), "strokeWidth": shape.weight * mm, "strokeDashArray": dash}
    return [Polygon(flat, fillColor=fill, **line) if fill else PolyLine(flat, **line)]


def _words(label: Label) -> list[Any]:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pieces = [(CHINESE_FONT if chinese else "Helvetica", piece) for chinese, piece in runs(label.said)]
    widths = [stringWidth(piece, font, label.size) for font, piece in pieces]
    x, y = label.at[0] * mm - sum(widths) * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor], label.at[1] * mm
    made = []
    for (font, piece), width in zip(pieces, widths, strict=True):
        made.append(String(x, y, piece, fontName=font, fontSize=label.size, fillColor=HexColor(label.colour)))
        x += width
    return made


def lines(series: Mapping[str, Sequence[tuple[float, float]]], colours: Sequence[str], height: float, *, digits: int = 0) -> Any:
    """Lines over a numbered axis, as wide as the page, with their names where they end."""
    from reportlab.graphics.charts.lineplots import LinePlot
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm

    _fonts()
    made = Drawing(WIDTH * mm, height * mm)
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 18 * mm, 6 * mm, (WIDTH - 78) * mm, (height - 9) * mm
    plot.data = [list(points) for points in series.values()]
    plot.yValueAxis.valueMin = 0
    plot.yValueAxis.labelTextFormat = plot.xValueAxis.labelTextFormat = f"%.{digits}f"
    plot.xValueAxis.labelTextFormat = "%.0f"
    plot.xValueAxis.valueMin, plot.xValueAxis.valueStep = 0, 1
    for axis in (plot.xValueAxis, plot.yValueAxis):
        axis.labels.fontSize, axis.strokeColor, axis.strokeWidth = 6, HexColor("#87938e"), 0.5
    made.add(plot)
    top = max((y for points in series.values() for _, y in points), default=1.0) or 1.0
    ends = sorted(((points[-1][1] / top * (height - 9), name, index) for index, (name, points) in enumerate(series.items())))
    below = 2.0
    for up, name, index in ends:
        below = max(up + 5, below + 3)
        plot.lines[index].strokeColor, plot.lines[index].strokeWidth = HexColor(colours[index % len(colours)]), 1.4
        label = Label(at=(WIDTH - 58, below), said=name, colour=colours[index % len(colours)])
        for one in _words(label):
            made.add(one)
    return made


def _fonts() -> None:
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont

    if CHINESE_FONT not in getRegisteredFontNames():
        registerFont(UnicodeCIDFont(CHINESE_FONT))


def check_installed() -> None:
    """Say what to install before any block is made.

    Raises
    ------
    InputError : reportlab is not installed.
    """
    try:
        import reportlab  # noqa: F401
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    _fonts()


def paper(blocks: Sequence[Any], *, title: str, author: str, page_said: str = "page {} of {}") -> bytes:
    """The blocks as a PDF of A4 pages; the same blocks give the same bytes.

    Parameters
    ----------
    page_said : number of a page and of all, at the foot beside the title.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    with BytesIO() as out:
        SimpleDocTemplate(
            out, pagesize=A4, leftMargin=MARGIN * mm, rightMargin=MARGIN * mm, topMargin=MARGIN * mm, bottomMargin=MARGIN * mm,
            title=title, author=author, invariant=1,
        ).build(list(blocks), canvasmaker=_numbered(title, page_said))  # fmt: skip
        return out.getvalue()


def _numbered(title: str, page_said: str) -> Any:
    """A canvas that keeps its pages until it knows how many there are."""
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self.pages.append(dict(vars(self)))
            self._startPage()

        def save(self) -> None:
            for index, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                self._foot(f"{title}, {page_said.format(index, len(self.pages))}")
                super().showPage()
            super().save()

        def _foot(self, said: str) -> None:
            pieces = [(CHINESE_FONT if chinese else "Helvetica", piece) for chinese, piece in runs(said)]
            x = (MARGIN + WIDTH) * mm - sum(self.stringWidth(piece, font, 7) for font, piece in pieces)
            for font, piece in pieces:
                self.setFont(font, 7)
                self.drawString(x, 20, piece)
                x += self.stringWidth(piece, font, 7)

    return Numbered
