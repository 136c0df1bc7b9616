"""`fifthwheel check`: a combination with a payload, held against rule sets and its own coupling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import JsonOption, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.fleet.check import Checked
    from fifthwheel.vehicle.verdict import Verdict

OUTCOMES = {
    "pass": ("within", "未超限", "green"),
    "fail": ("beyond", "超限", "red"),
    "not_verified": ("not verified", "未核实", "yellow"),
}


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(check)
    app.command()(rules)


def check(
    combination: Annotated[str, typer.Argument(help="Name in the catalogue, or a TOML file.")],
    payload_kg: Annotated[
        float | None, typer.Option("--payload-kg", help="Spread over the room; without it, as much as is lawful.")
    ] = None,
    rules: Annotated[
        list[str] | None, typer.Option("--rules", help="Rule set or TOML file, repeatable; without it, the usual of the market.")
    ] = None,
    lifted: Annotated[bool, typer.Option("--lifted", help="With liftable axles up.")] = False,
    json: JsonOption = False,
) -> None:
    """Masses, axle loads and dimensions against the law, worst first, and what would make it pass. 法规限值核查。"""
    from datetime import UTC, datetime

    from rich.console import Console

    from fifthwheel.fleet.check import check_combination

    found = check_combination(combination, payload_kg, rules or (), lifted=lifted, day=datetime.now(UTC).date())
    if json:
        print_json(found.document())
        return
    console = Console()
    console.print(_head(found))
    console.print(_table(found))


def rules(
    name: Annotated[str, typer.Argument(help="Rule set or TOML file; without it, all sets are listed.")] = "",
) -> None:
    """Rule sets that come with the package, or the rows of one with limit, tag and source. 规则集及其条目。"""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from fifthwheel.vehicle.rules import names, rule_set

    if not name:
        table = Table("name 名称", "rule set 规则集", "version 版本", "in force 有效期", "rows 条目", "regions 地区")
        for one in map(rule_set, names()):
            end = f" – {one.valid_to}" if one.successor_en else " –"
            title = f"{one.title_en}\n{one.title_zh}"
            table.add_row(one.name, title, one.version, f"{one.valid_from}{end}", str(len(one.rows)), ", ".join(one.regions))
    else:
        table = Table("row 条目", "title 名称", "limit 限值", "tag 来源级别", "source 来源", show_lines=True)
        table.columns[1].overflow = "fold"
        for row in rule_set(name).rows.values():
            limit = row.limit_text if row.active else f"{row.limit_text} (off 停用)"
            tag = f"[{row.tag}] n={row.sources_count}"
            table.add_row(row.name, escape(f"{row.title_en}\n{row.title_zh}"), limit, escape(tag), escape(row.source))
    Console().print(table)


def _head(found: Checked) -> str:
    whole = found.combination
    loads = ", ".join(f"{one.load_kg / 1e3:.1f}" for one in found.loads.groups)
    return (
        f"{whole.title_en} {whole.title_zh}: payload 载质量 {found.payload_kg / 1e3:.1f} t, "
        f"gross 总质量 {found.loads.total_kg / 1e3:.1f} t, axle groups 轴荷 {loads} t"
    )


def _table(found: Checked) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("result\n结果", title="Checks, worst first 核查（最差在前）", show_lines=True, expand=True)
    table.add_column("check\n项目", ratio=3, overflow="fold")
    for title in ("value\n数值", "limit\n限值", "margin\n余量"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("against rule set, version\n对照规则集及版本", ratio=2, overflow="fold")
    for one in found.verdicts:
        english, chinese, colour = OUTCOMES[one.outcome.value]
        limit = f"≥ {one.limit_text}" if one.at_least and one.limit_text else one.limit_text
        table.add_row(
            f"[{colour}]{english}\n{chinese}[/]", escape("\n".join(_lines(one))), one.value_text, limit, one.margin_text,
            escape(f"{one.rule_set}, {one.version} {one.tag}".strip()),
        )  # fmt: skip
    table.caption = "[K]: general knowledge, not checked against the text of the rule 一般知识，未与标准原文核对"
    return table


def _lines(one: Verdict) -> list[str]:
    """Title, then why it could not be verified or what would make it pass, in both languages."""
    more = [one.reason_en, one.reason_zh] if one.margin is None else [one.remedy_en, one.remedy_zh]
    return [one.title_en, one.title_zh, *(f"→ {text}" for text in more if text)]
