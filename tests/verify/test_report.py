"""The report: one document without other files, both languages, every requirement with its source, and what is not verified."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from fifthwheel.errors import InputError
from fifthwheel.fleet.verify import Asked, Verification, report, verify
from fifthwheel.verify.judge import Outcome
from fifthwheel.verify.report import About

ABOUT = About(
    date="2026-01-02 03:04 UTC", started_us=1_767_322_800_000_000, version="0.1.0", commit="abc123", machine="a machine, 2 cores",
    seconds_s=3.0,
)  # fmt: skip
MINE = """
[scenarios.yard]
kind = "launch"
axes.mass_kg = [16e3, 20e3]
rows = [{ grade_ratio = 0.0 }, { grade_ratio = 0.1 }]

[requirements.MY-001]
text_en = "Launch within 1 ms <at once>."
text_zh = "立即起步。"
source = "our yard"
quantity = "launch_s"
high = 0.001
kinds = ["launch"]
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    path = tmp_path_factory.mktemp("mine") / "my.toml"
    path.write_text(MINE, encoding="utf-8")
    return verify(Asked(file=path, requirements=("MY-001", "TCU-006", "BRK-101")), workers=1)


@pytest.fixture(scope="module")
def folder(found: Verification, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    report(found, made, ABOUT, workers=1)
    return made


def test_a_users_file_runs_alone_and_is_judged(found: Verification) -> None:
    assert [one.name for one in found.scenarios] == ["yard"]
    assert len(found.results) == 4
    assert {one.requirement.requirement_id: one.outcome for one in found.verdicts if one.kind in {"launch", ""}} == {
        "MY-001": Outcome.FAIL, "TCU-006": Outcome.PASS, "BRK-101": Outcome.NOT_VERIFIED,
    }  # fmt: skip


def test_the_html_needs_nothing_else_and_tells_everything(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=[\"'](?!data:|#|traces/)", text) == []
    assert "Launch within 1 ms &lt;at once&gt;." in text
    for said in (*ABOUT.date.split(), "abc123", "a machine, 2 cores", "立即起步。", "our yard", "未验证", "未通过", "diagram 3"):
        assert said in text
    assert "data:image/svg+xml;base64," in text
    assert "complies" not in text.lower()


def test_every_worst_case_has_its_trace(folder: Path, found: Verification) -> None:
    files = json.loads((folder / "report.json").read_text(encoding="utf-8"))["traces"]
    assert set(files) == {one.case.name for one in found.verdicts if one.case}
    assert all((folder / name).stat().st_size > 1000 for name in files.values())


def test_the_pdf_is_one_with_its_pages(folder: Path) -> None:
    content = (folder / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) >= 2
    assert b"STSong-Light" in content


def test_the_same_run_gives_the_same_documents(folder: Path, found: Verification, tmp_path: Path) -> None:
    report(found, tmp_path, ABOUT, workers=1)
    for name in ("report.html", "report.pdf", "report.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_several_processes_give_the_same_figures(found: Verification, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(MINE.replace("[16e3, 20e3]", "[16e3, 20e3, 24e3, 28e3, 32e3, 36e3, 40e3, 44e3, 48e3]"), encoding="utf-8")
    done: list[tuple[int, int]] = []
    far = verify(Asked(file=path), workers=2, progress=lambda now, total: done.append((now, total)))
    assert done[-1] == (18, 18)
    near = {one.case.parameters["mass_kg"]: one.quantities for one in found.results if one.case.parameters["grade_ratio"] == 0.0}
    again = {one.case.parameters["mass_kg"]: one.quantities for one in far.results if one.case.parameters["grade_ratio"] == 0.0}
    assert {mass: again[mass] for mass in near} == near


def test_without_matplotlib_the_error_says_what_to_install(
    found: Verification, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"pip install fifthwheel\[report\]"):
        report(found, tmp_path, ABOUT, workers=1)
