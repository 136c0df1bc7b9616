"""`fifthwheel verify`: requirements over scenarios, to verdicts with margins."""

from __future__ import annotations

import time
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import JsonOption, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.fleet.verify import Asked, Verification
    from fifthwheel.verify.judge import Verdict

COLOURS = {"pass": "green", "fail": "bold red", "not verified": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)


def verify(
    requirements: Annotated[list[str] | None, typer.Option("--requirement", help="Identifier; repeat it for more.")] = None,
    scenarios: Annotated[list[str] | None, typer.Option("--scenario", help="Name; repeat it for more.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="TOML with scenarios and requirements of your own.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Folder for the report (HTML, PDF) and traces.")] = None,
    compute: Annotated[str, typer.Option("--compute", help="local (all cores) or ray.")] = "local",
    json: JsonOption = False,
) -> None:
    """Check the control units against their requirements; exit code 1 when one fails. 验证控制单元。"""
    from fifthwheel.fleet.verify import Asked

    begin = time.perf_counter()
    found = _run(Asked(requirements=requirements or (), scenarios=scenarios or (), file=file), compute)
    if report is not None:
        _report(found, report, time.perf_counter() - begin, compute)
    if json:
        print_json(found.document())
    else:
        _show(found)
    if any(verdict.outcome == "fail" for verdict in found.verdicts):
        raise typer.Exit(1)


def _run(asked: Asked, compute: str) -> Verification:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from fifthwheel.fleet import verify as verb

    columns = TextColumn("cases 工况"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("cases", total=None)
        return verb.verify(asked, compute=compute, progress=lambda done, total: bar.update(task, completed=done, total=total))


def _report(found: Verification, folder: Path, seconds_s: float, compute: str) -> None:
    from datetime import datetime

    from fifthwheel import __version__
    from fifthwheel.cli.benching import machine
    from fifthwheel.fleet.verify import report as verb
    from fifthwheel.units import SECOND_US
    from fifthwheel.verify.report import About

    now = datetime.now().astimezone()
    about = About(
        date=now.strftime("%Y-%m-%d %H:%M %Z"), started_us=int(now.timestamp() * SECOND_US), version=__version__,
        commit=_commit(), machine=machine(), seconds_s=seconds_s,
    )  # fmt: skip
    for path in verb(found, folder, about, compute=compute):
        typer.echo(f"written: {path}", err=True)


def _commit() -> str:
    """Commit of the checkout that this runs from, marked where files are changed; of an installed package nothing is known."""
    import subprocess

    here = Path(__file__).parent
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=here, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown (an installed package)"
    return done.stdout.strip()


def _show(found: Verification) -> None:
    from rich.console import Console

    Console().print(_table(found))
    for verdict in found.verdicts:
        if verdict.outcome == "pass":
            continue
        wanted = verdict.requirement
        typer.echo(f"{verdict.line()}\n  {wanted.text_en} {wanted.text_zh}")
        if verdict.case:
            typer.echo(
                f"  {verdict.case.name}: {', '.join(f'{name} {_said(it)}' for name, it in verdict.case.parameters.items())}"
            )
        if verdict.reason and verdict.outcome == "fail":
            typer.echo(f"  {verdict.reason}")


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _table(found: Verification) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        "requirement\n要求", "verdict\n结论", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=f"{len(found.results)} cases"
    )
    for title in ("limit\n限值", "worst\n最差", "margin\n裕度", "of limit\n占比", "beyond\n超限"):
        table.add_column(title, justify="right", no_wrap=True)
    for verdict in found.verdicts:
        outcome = str(verdict.outcome)
        if verdict.value is not None or outcome == "fail":
            part = "" if verdict.requirement.part_ratio == 1.0 else f", {100 * verdict.requirement.part_ratio:g} %"
            name = f"{verdict.requirement.requirement_id} {verdict.kind}{part}"
            table.add_row(name, f"[{COLOURS[outcome]}]{outcome}[/]", *_figures(verdict))
    counts = ", ".join(f"{found.count(outcome)} {outcome}" for outcome in {one.outcome: None for one in found.verdicts})
    table.caption = counts
    return table


def _figures(verdict: Verdict) -> tuple[str, str, str, str, str]:
    """Limit with unit, worst value, margin, margin as a share of the limit, cases beyond the limit of all."""
    wanted = verdict.requirement
    one = f">= {wanted.low:g}" if isfinite(wanted.low) else f"<= {wanted.high:g}"
    limit = f"{wanted.low:g}..{wanted.high:g}" if isfinite(wanted.low) and isfinite(wanted.high) else one
    limit, cases = f"{limit} {wanted.unit}", f"{verdict.beyond_count + verdict.raised_count}/{verdict.cases_count}"
    if verdict.value is None or verdict.margin is None:
        return limit, "error", "", "", cases
    share = "" if verdict.margin_ratio is None else f"{100 * verdict.margin_ratio:+.0f} %"
    return limit, f"{verdict.value:.4g}", f"{verdict.margin:+.3g}", share, cases
