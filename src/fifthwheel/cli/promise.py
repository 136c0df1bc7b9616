"""`fifthwheel promise` and `kept`: record what a vehicle was chosen for, and hold its trips against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import (
    DEFAULT_WORKSPACE,
    LANGUAGES,
    JsonOption,
    LanguageOption,
    Workspace,
    WorkspaceOption,
    now_us,
    open_fleet,
    parse_time_us,
    print_json,
)

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.finding import Finding
    from fifthwheel.fleet.promise_views import KeptView

Vehicle = Annotated[str, typer.Argument(help="Plate or id.")]
PER_KM = 1e3
PER_100_KM = 1e5 / 3.6e6
"""Joules a metre to kWh per 100 km."""


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(promise)
    app.command()(kept)


def promise(
    vehicle: Vehicle,
    mission: Annotated[str, typer.Argument(help="MISSION.toml of the duty, or an example's name.")],
    candidate: Annotated[str, typer.Option("--candidate", help="Its id in the choice, or its rank (1 is best).")] = "1",
    start: Annotated[str | None, typer.Option("--from", help="ISO time it holds from; now by default.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Record that a vehicle was chosen for a duty, and what that promised. 记录选型承诺。"""
    zone = Workspace.at(workspace).timezone
    with open_fleet(workspace) as fleet:
        start_us = parse_time_us(start, zone, "--from") or now_us()
        where = mission if Path(mission).suffix != ".toml" else Path(mission)
        made = fleet.promise(fleet.find(vehicle), where, candidate, start_us, who="command line")
    if json:
        print_json(made)
        return
    typer.echo(
        f"{made.vehicle_id}: {made.title_en} {made.title_zh}, {made.energy_jpm * PER_100_KM:.1f} kWh/100 km from the stores"
    )


def kept(
    vehicle: Vehicle,
    start: Annotated[str | None, typer.Option("--from", help="ISO time; since the promise by default.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="ISO time; now by default.")] = None,
    language: LanguageOption = "en",
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Whether a vehicle keeps what it was chosen for: energy and cost, with the largest causes. 选型承诺与实测。"""
    from fifthwheel.errors import UnknownName

    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    zone = Workspace.at(workspace).timezone
    with open_fleet(workspace) as fleet:
        found = fleet.kept(fleet.find(vehicle), parse_time_us(start, zone, "--from"), parse_time_us(end, zone, "--to"))
    if json:
        print_json(found)
        return
    from rich.console import Console

    chinese = language == "zh"
    console = Console()
    console.print(f"{found.plate}: {found.text_zh if chinese else found.text_en}", markup=False, highlight=False)
    for table in (_energy(found, chinese=chinese), _causes(found, chinese=chinese), _costs(found, chinese=chinese)):
        if table.rows:
            console.print(table)
    console.print(_rests(found, chinese=chinese), markup=False, highlight=False)


def _table(title: str, columns: tuple[str, ...]) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    return table


def _energy(found: KeptView, *, chinese: bool) -> Table:
    """Terms of the account in kWh/100 km."""
    columns = (
        ("项目", "承诺", "应有", "实测", "90 % 区间")
        if chinese
        else ("term", "promised", "expected", "measured", "90 % interval")
    )
    table = _table("能耗 kWh/100 km" if chinese else "Energy, kWh/100 km", columns)
    for term in found.terms:
        title = term.title_zh if chinese else term.title_en
        table.add_row(
            title,
            f"{term.promised_jpm * PER_100_KM:.1f}",
            f"{term.expected_jpm * PER_100_KM:.1f}",
            *_value(term.measured, PER_100_KM),
        )
    if found.terms:
        table.add_section()
        table.add_row(
            "合计" if chinese else "total", _value(found.promised, PER_100_KM)[0], _value(found.expected, PER_100_KM)[0],
            *_value(found.measured, PER_100_KM),
        )  # fmt: skip
    return table


def _causes(found: KeptView, *, chinese: bool) -> Table:
    """Causes as shares of the promised energy; a star marks those whose interval leaves zero out."""
    groups = {"use": ("use", "使用"), "vehicle": ("vehicle", "车辆"), "open": ("either", "两者都可能")}
    columns = ("原因", "属于", "%", "90 % 区间") if chinese else ("cause", "of", "%", "90 % interval")
    table = _table("从承诺到实测" if chinese else "From the promise to the meter, largest first", columns)
    for cause in found.causes:
        mark = " *" if cause.name in found.significant else ""
        title = cause.title_zh if chinese else cause.title_en
        table.add_row(f"{title}{mark}", groups[cause.group][chinese], *_value(cause.share, 100.0, sign="+"))
    return table


def _costs(found: KeptView, *, chinese: bool) -> Table:
    money = found.promise.currency
    columns = (
        ("成本", "承诺", "实测", "90 % 区间", "依据")
        if chinese
        else ("cost", "promised", "measured", "90 % interval", "rests on")
    )
    table = _table(f"每公里成本 {money}/km" if chinese else f"Cost, {money}/km", columns)
    for line in found.costs if found.trips else ():
        basis = (line.basis_zh or "按承诺") if chinese else (line.basis_en or "as promised")
        title = line.title_zh if chinese else line.title_en
        table.add_row(title, f"{line.promised * PER_KM:.2f}", *_value(line.finding, PER_KM, digits=2), basis)
    if table.rows:
        table.add_section()
        total = "合计" if chinese else "total"
        table.add_row(total, f"{found.cost_promised * PER_KM:.2f}", *_value(found.cost, PER_KM, digits=2), "")
    return table


def _value(finding: Finding, factor: float, *, digits: int = 1, sign: str = "") -> tuple[str, str]:
    """A figure and its interval; empty where it is not known, no interval where there is nothing to doubt."""
    if finding.value is None:
        return "–", ""
    text = f"{finding.value * factor:{sign}.{digits}f}"
    if finding.low is None or finding.high is None or finding.low == finding.high:
        return text, ""
    return text, f"{finding.low * factor:{sign}.{digits}f} … {finding.high * factor:{sign}.{digits}f}"


def _rests(found: KeptView, *, chinese: bool) -> str:
    """What the comparison rests on, what it leaves out, and what nobody measured."""
    road, way = found.on_road_ratio.value or 0.0, found.distance.value or 0.0
    left_out = "; ".join(f"{pair[chinese]} {pair[2]}" for pair in found.left_out) or ("无" if chinese else "none")
    missing = ("、" if chinese else ", ").join(pair[chinese] for pair in found.not_measured)
    if chinese:
        return f"{len(found.trips)} 趟，{way / PER_KM:.0f} km，{road:.0%} 在选型路线上；未采用：{left_out}；未实测：{missing}"
    used = f"{len(found.trips)} trips, {way / PER_KM:.0f} km, {road:.0%} on the road of the duty"
    return f"{used}; left out: {left_out}; not measured: {missing}"
