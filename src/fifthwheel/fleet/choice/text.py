"""Verdicts as the views show them: one record and one sentence a check, and a failure in few words, in both languages."""

from __future__ import annotations

from fifthwheel.fleet.choice.views import CheckView
from fifthwheel.vehicle.verdict import Verdict


def check_view(verdict: Verdict) -> CheckView:
    """A verdict with its sentence."""
    return CheckView(
        rule=verdict.rule, kind=verdict.kind, title_en=verdict.title_en, title_zh=verdict.title_zh, rule_set=verdict.rule_set,
        version=verdict.version, tag=verdict.tag, source=verdict.source, value=verdict.value, limit=verdict.limit,
        unit=verdict.unit, margin_ratio=verdict.margin_ratio, outcome=verdict.outcome.value, text_en=verdict.line_en,
        text_zh=verdict.line_zh, remedy_en=verdict.remedy_en, remedy_zh=verdict.remedy_zh,
    )  # fmt: skip


def short_en(verdict: Verdict) -> str:
    """A failure in few words, with what would make it pass."""
    remedy = f"; {verdict.remedy_en}" if verdict.remedy_en else ""
    if verdict.value is None or verdict.limit is None or verdict.rule in WITHOUT_FIGURES:
        return f"{verdict.title_en}{remedy}"
    over = "under" if verdict.at_least else "over"
    values = f"{verdict.value_text} {over} {verdict.limit_text}"
    return f"{verdict.title_en}: {values} ({verdict.rule_set}, {verdict.version}){remedy}"


def short_zh(verdict: Verdict) -> str:
    """A failure in few words in Chinese, with what would make it pass."""
    remedy = f"；{verdict.remedy_zh}" if verdict.remedy_zh else ""
    if verdict.value is None or verdict.limit is None or verdict.rule in WITHOUT_FIGURES:
        return f"{verdict.title_zh}{remedy}"
    over = "低于" if verdict.at_least else "超过"
    values = f"{verdict.value_text} {over} {verdict.limit_text}"
    return f"{verdict.title_zh}：{values}（{verdict.rule_set}，{verdict.version}）{remedy}"


WITHOUT_FIGURES = frozenset({"road", "cargo-body"})
"""Checks that are a yes or a no."""
