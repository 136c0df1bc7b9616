"""The report that an engineer files: what was checked, against what, with which margin, and the trace of the worst case."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import inf
from typing import Final

from fifthwheel.verify.judge import Outcome, Verdict
from fifthwheel.verify.kind import Floats, Value
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.plots import drawn
from fifthwheel.verify.requirement import Requirement
from fifthwheel.verify.scenario import Scenario

TITLE: Final = ("Verification of the control units", "控制单元验证报告")
NOTE: Final = (
    "Every line is a check of simulated cases against the rule set and version that it names, with the margin found; none says "
    "that a vehicle meets a regulation. What could not be checked is listed as not verified, with the reason.",
    "每一行均为仿真工况对所列规则集及版本的核对结果与裕度，不构成法规符合性声明；无法核对者列为“未验证”并说明原因。",
)
WORDS: Final = {Outcome.PASS: "通过", Outcome.FAIL: "未通过", Outcome.NOT_VERIFIED: "未验证"}
SAID: Final[Mapping[Outcome, str]] = {outcome: f"{outcome} {word}" for outcome, word in WORDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a reader must know of the run: passed in, for the report has no clock.

    Attributes
    ----------
    date, started_us : when it ran, as text and in UTC microseconds. seconds_s : how long it took.
    version, commit : of the package. machine : where it ran.
    """

    date: str
    started_us: int
    version: str
    commit: str
    machine: str
    seconds_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The plot of a trace for a page and for paper."""

    svg: bytes
    png: bytes


def picture_of(kind: str, columns: Mapping[str, Floats]) -> Picture:
    """The plots that a kind of scenario names."""
    return Picture(svg=drawn(columns, KINDS[kind].plots, "svg"), png=drawn(columns, KINDS[kind].plots, "png"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that both forms of the report show.

    Attributes
    ----------
    verdicts : as `judge.verdicts` orders them. counts : cases of each scenario by its name.
    pictures : plots of worst cases by `Case.name`. files : name of the file that holds each trace, beside the report.
    """

    about: About
    verdicts: Sequence[Verdict]
    scenarios: Sequence[Scenario]
    counts: Mapping[str, int]
    pictures: Mapping[str, Picture]
    files: Mapping[str, str]

    def requirements(self) -> list[tuple[Requirement, list[Verdict]]]:
        """Each requirement with its verdicts, by identifier."""
        rows = sorted(self.verdicts, key=lambda one: one.requirement.requirement_id)
        return [(group[0].requirement, group) for _, rest in groupby(rows, lambda one: one.requirement.requirement_id)
                for group in [list(rest)]]  # fmt: skip

    def kinds(self) -> list[str]:
        """Kinds of scenarios that a verdict names."""
        return [name for name in KINDS if any(one.kind == name for one in self.verdicts)]

    def facts(self) -> list[tuple[str, str]]:
        """What is said of the run."""
        about = self.about
        tallies = ", ".join(f"{sum(one.outcome is outcome for one in self.verdicts)} {SAID[outcome]}" for outcome in Outcome)
        seeds = sorted({f"{value:g}" for one in self.scenarios for value in _seeds(one)})
        return [
            ("Verdicts 结论", tallies),
            ("Cases 工况数", f"{sum(self.counts.values())} in {about.seconds_s:.0f} s"),
            ("Version 版本", f"fifthwheel {about.version}, commit {about.commit}"),
            ("Machine 运行环境", about.machine),
            ("Date 日期", about.date),
            ("Seeds 随机种子", ", ".join(seeds) if seeds else "none: nothing is drawn"),
        ]

    def picture(self, verdict: Verdict) -> Picture | None:
        """The plot of a verdict's worst case, where it has a trace."""
        return self.pictures.get(verdict.case.name) if verdict.case else None


def _seeds(scenario: Scenario) -> list[Value]:
    rows = [value for row in scenario.rows for name, value in row.items() if name == "seed_count"]
    defaults = [one.start for one in KINDS[scenario.kind].parameters if one.name == "seed_count"]
    return [*scenario.axes.get("seed_count", ()), *rows] or [*defaults]


def limit_said(wanted: Requirement) -> str:
    """Limits with unit, and the share of cases that must keep them."""
    limits = [f"{sign} {limit:g}" for sign, limit in ((">=", wanted.low), ("<=", wanted.high)) if abs(limit) < inf]
    part = "" if wanted.part_ratio == 1.0 else f" in {100 * wanted.part_ratio:g} %"
    return f"{wanted.quantity} {', '.join(limits)} {wanted.unit}{part}".strip() if limits else ""


def margin_said(verdict: Verdict) -> str:
    """Margin in the unit and as a share of the limit."""
    if verdict.margin is None:
        return ""
    share = "" if verdict.margin_ratio is None else f" ({100 * verdict.margin_ratio:+.1f} %)"
    return f"{verdict.margin:+.4g} {verdict.requirement.unit}{share}"


def case_said(verdict: Verdict) -> str:
    """The worst case with what it was driven with."""
    if verdict.case is None:
        return ""
    values = [
        f"{name} = {value}" if isinstance(value, str) else f"{name} = {value:g}"
        for name, value in verdict.case.parameters.items()
    ]
    values += [f"calibration {name} = {value:g}" for name, value in verdict.case.tuning.items()]
    return f"{verdict.case.name}: {', '.join(values)}"


STYLE: Final = """
body{font:14px/1.45 "Noto Sans","PingFang SC","Microsoft YaHei",sans-serif;color:#1c2330;margin:2rem auto;max-width:70rem}
h1{margin-bottom:0}h2{margin-top:2.2rem;border-bottom:1px solid #c9d1dc}h3{margin:1.8rem 0 .3rem}
table{border-collapse:collapse;margin:.6rem 0}
td,th{border:1px solid #c9d1dc;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#eef2f7}.fail{background:#f9d5d3}.pass{background:#d9f0dd}.not-verified{background:#fdf0c9}.none{color:#8a94a3}
.zh{color:#44506a}.quiet{color:#5b667a;font-size:12px}img{max-width:100%}a{color:#0b57a4}
.matrix{font-size:11px}.matrix th{font-weight:normal}.matrix th.turned{writing-mode:vertical-rl}
@media print{h3{break-after:avoid}section{break-inside:avoid}}
"""


def html(report: Report) -> str:
    """The report as one HTML document that needs no other file."""
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{TITLE[0]}</title><style>{STYLE}</style>",
        f"<h1>{TITLE[0]}</h1><p class=zh>{TITLE[1]}</p><p>{NOTE[0]}<br><span class=zh>{NOTE[1]}</span></p>",
        _table((), report.facts()),
        "<h2>Fails 未通过</h2>", _fails(report), "<h2>Scenarios 工况</h2>",
        _table(("scenario", "kind", "cases 工况数", "title", "名称"), [
            (one.name, one.kind, str(report.counts.get(one.name, 0)), one.title_en, one.title_zh) for one in report.scenarios
        ]),
        "<h2>Verdicts: requirement by kind of scenario 结论矩阵</h2>", _matrix(report),
        "<h2>Requirements 要求</h2>", *(_section(report, wanted, found) for wanted, found in report.requirements()),
    ]  # fmt: skip
    return "\n".join([*parts, "</html>\n"])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(one)}</th>" for one in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if head else ''}{lines}</table>"


def _class(outcome: Outcome) -> str:
    return str(outcome).replace(" ", "-")


def _matrix(report: Report) -> str:
    kinds = report.kinds()
    titles = [f"{KINDS[kind].title_en} {KINDS[kind].title_zh}" for kind in kinds]
    head = "".join(f"<th class=turned>{escape(title)}</th>" for title in titles)
    lines = []
    for wanted, found in report.requirements():
        name = wanted.requirement_id
        link = f'<td><a href="#{escape(name)}">{escape(name)}</a></td>'
        if wanted.missing:
            said = (
                f"<td class=not-verified colspan={max(len(kinds), 1)}>{SAID[Outcome.NOT_VERIFIED]}: {escape(wanted.missing)}</td>"
            )
            lines.append(f"<tr>{link}{said}</tr>")
            continue
        by_kind = {one.kind: one for one in found}
        cells = [_cell(by_kind[kind]) if kind in by_kind else "<td class=none>-</td>" for kind in kinds]
        lines.append(f"<tr>{link}{''.join(cells)}</tr>")
    return f"<table class=matrix><tr><th>requirement 要求</th>{head}</tr>{''.join(lines)}</table>"


def _fails(report: Report) -> str:
    """Each failed check in a line that leads to its section."""
    lines = [
        f'<li><a href="#{escape(one.requirement.requirement_id)}">{escape(one.line())}</a><br>{escape(one.requirement.text_en)} '
        f"<span class=zh>{escape(one.requirement.text_zh)}</span></li>"
        for one in report.verdicts
        if one.outcome is Outcome.FAIL
    ]
    return f"<ul>{''.join(lines)}</ul>" if lines else "<p>none 无</p>"


def _cell(verdict: Verdict) -> str:
    """Outcome with the margin: as a share of the limit where that says something, else in the unit."""
    share = verdict.margin_ratio
    margin = f"{100 * share:+.0f} %" if share is not None else margin_said(verdict)
    return f"<td class={_class(verdict.outcome)}>{SAID[verdict.outcome]}<br>{escape(margin)}</td>"


def _section(report: Report, wanted: Requirement, found: Sequence[Verdict]) -> str:
    head = (
        f'<section><h3 id="{escape(wanted.requirement_id)}">{escape(wanted.requirement_id)}</h3>'
        f"<p>{escape(wanted.text_en)}<br><span class=zh>{escape(wanted.text_zh)}</span></p>"
    )
    acceptance = f"; acceptance {', '.join(wanted.acceptance)}" if wanted.acceptance else ""
    source = f"Source 出处: {wanted.source}; rule set 规则集: {wanted.rule_set}, version {wanted.version}{acceptance}"
    tests = f"Tests 测试: {', '.join(wanted.tests)}" if wanted.tests else ""
    quiet = "".join(f"<p class=quiet>{escape(line)}</p>" for line in (source, tests) if line)
    return head + quiet + "".join(_verdict(report, one) for one in found) + "</section>"


def _verdict(report: Report, verdict: Verdict) -> str:
    rows = [("verdict 结论", SAID[verdict.outcome]), ("check 核对", verdict.line())]
    if verdict.kind:
        rows.append(("scenario kind 工况类别", f"{KINDS[verdict.kind].title_en} {KINDS[verdict.kind].title_zh}"))
    rows += [("limit 限值", limit_said(verdict.requirement)), ("worst 最差值", "" if verdict.value is None else _figure(verdict))]
    rows += [("margin 裕度", margin_said(verdict)), ("worst case 最差工况", case_said(verdict)), ("note 说明", verdict.reason)]
    lines = "".join(
        f"<tr><th>{escape(name)}</th><td{f' class={_class(verdict.outcome)}' if index == 0 else ''}>{escape(said)}</td></tr>"
        for index, (name, said) in enumerate(rows)
        if said
    )
    picture = report.picture(verdict)
    image = f'<img alt="" src="data:image/svg+xml;base64,{b64encode(picture.svg).decode()}">' if picture else ""
    name = report.files.get(verdict.case.name) if verdict.case else None
    link = f'<p class=quiet>trace 记录: <a href="{escape(name)}">{escape(name)}</a></p>' if name else ""
    return f"<table>{lines}</table>{image}{link}"


def _figure(verdict: Verdict) -> str:
    beyond = verdict.beyond_count + verdict.raised_count
    return f"{verdict.value:.5g} {verdict.requirement.unit} ({beyond} of {verdict.cases_count} cases beyond 超限)".replace(
        "  ", " "
    )
