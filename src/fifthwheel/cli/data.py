"""Data in and out: import logs, decode frames, query the lake, list what could not be understood."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fifthwheel.cli.workspace import (
    DEFAULT_WORKSPACE,
    JsonOption,
    Workspace,
    WorkspaceOption,
    open_fleet,
    parse_time_us,
    print_json,
)
from fifthwheel.errors import UnknownName

PROTOCOLS = ("jt808", "gbt32960", "hj1239", "j1939")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("import")(import_logs)
    app.command()(query)
    app.command()(decode)
    app.command()(quarantine)


def decode(
    protocol: Annotated[str, typer.Argument(help=f"One of {', '.join(PROTOCOLS)}.")],
    frames: Annotated[list[str] | None, typer.Argument(help="Frames in hex (ID#DATA for j1939), or - for stdin.")] = None,
    json: JsonOption = True,  # noqa: ARG001  the door names it; it is JSON, one object a line, in any case
) -> None:
    """Decode frames: one JSON object a frame. 报文解析。"""
    from fifthwheel.cli.inspecting import inspect_frames

    if protocol not in PROTOCOLS:
        raise UnknownName("protocol", protocol, PROTOCOLS)
    lines = frames or ["-"]
    texts = sys.stdin.read().split() if lines == ["-"] else lines
    for shown in inspect_frames(protocol, texts):
        print_json(shown)


def query(
    sql: Annotated[
        str, typer.Argument(help="One SELECT over observations, trips, faults, warnings, quarantine, vehicles, couplings.")
    ],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Read-only SQL over everything stored, also while `up` runs. 只读查询。"""
    with open_fleet(workspace) as fleet:
        table = fleet.query(sql)
    if json:
        print_json(table.to_pylist())
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table(*table.column_names)
    for row in table.to_pylist():
        shown.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(shown)


def quarantine(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    limit: Annotated[int, typer.Option(help="Newest frames to list.")] = 50,
    json: JsonOption = False,
) -> None:
    """List frames that could not be understood, with reason and bytes. 无法解析的报文。"""
    with open_fleet(workspace) as fleet:
        held = fleet.quarantine(limit)
    if json:
        print_json(held)
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table("received", "wire", "identity", "reason", "detail", "bytes")
    zone = Workspace.at(workspace).timezone
    for one in held:
        when = datetime.fromtimestamp(one.received_us / 1e6, zone).isoformat(" ", "seconds")
        shown.add_row(when, one.wire, one.identity, one.reason, one.detail, one.hex)
    Console().print(shown if held else "Nothing is in quarantine.")


def import_logs(
    files: Annotated[list[Path], typer.Argument(help="CAN logs: candump text, MF4 (J1939).", show_default=False)],
    vehicle: Annotated[str, typer.Option("--vehicle", help="The vehicle they belong to (plate or id); made if new.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    dbc: Annotated[list[Path] | None, typer.Option("--dbc", help="DBC files that add signals.")] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="ISO time of the first frame of a log with relative times.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Bring logs of real trucks into the workspace, cut their trips. 导入CAN记录。"""
    from fifthwheel.cli.importing import import_all, summary_of

    place = Workspace.at(workspace)
    base_us = parse_time_us(start, place.timezone, "--start")
    with place.stores() as stores:
        reports = import_all(files, vehicle, stores=stores, lake=place.lake, dbc=dbc or [], base_us=base_us)
    if json:
        print_json(reports)
        return
    for path, report in zip(files, reports, strict=True):
        typer.echo(f"{path.name}: {summary_of(report, place.timezone)}")
