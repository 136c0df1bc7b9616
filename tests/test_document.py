"""Printed pages: fonts chosen by character, nothing that neither font has, the same bytes for the same blocks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from fifthwheel.document import Label, Line, check_installed, drawing, paper, runs, table, text, unprintable
from fifthwheel.errors import InputError
from fifthwheel.units import MJ

SOURCES = Path(__file__).resolve().parents[1] / "src" / "fifthwheel"
PRINTED = (
    "verify/*.toml",
    "verify/scenarios/*.toml",
    "vehicle/**/*.toml",
    "choose/**/*.toml",
    "fleet/choice/offer*.py",
    "verify/report.py",
)


def test_what_the_latin_font_lacks_is_set_in_the_chinese_one() -> None:
    assert runs("Ⅱ型 ≥ 5 Ω") == [(True, "Ⅱ型"), (False, " "), (True, "≥"), (False, " 5 "), (True, "Ω")]
    assert runs("12\u202f300 − 5 m³ × 2") == [(False, "12\u00a0300 – 5 m³ × 2")]


@pytest.mark.parametrize("pattern", PRINTED)
def test_every_character_that_may_be_printed_has_a_glyph(pattern: str) -> None:
    files = list(SOURCES.glob(pattern))
    assert files
    assert {path.name: lacking for path in files if (lacking := unprintable(path.read_text("utf-8").replace("\n", " ")))} == {}


def test_a_character_without_a_glyph_is_told() -> None:
    assert unprintable("车 \U0001f69a") == "\U0001f69a"


def test_pages_are_numbered_out_of_all_and_the_same_blocks_give_the_same_bytes() -> None:
    check_installed()

    def made() -> bytes:
        rows = [("a", "1"), *((f"行 {k}", f"{k * MJ:g}") for k in range(200))]
        picture = drawing(
            [Line(points=[(0, 0), (9, 9)], dashed=True), Label(at=(5, 5), said="轴荷 9 t", anchor="middle")], 30, 20
        )
        return paper([text("标题 Title", 12), picture, table(rows, (60, 60), head=1, right=(1,))], title="t", author="a")

    assert made() == made()
    assert len(re.findall(rb"/Type /Page\b", made())) > 1


def test_without_reportlab_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab", None)
    with pytest.raises(InputError, match=r"pip install fifthwheel\[report\]"):
        check_installed()
