"""Asking: trips, one explained, free questions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from fifthwheel.cli.workspace import DEFAULT_WORKSPACE, JsonOption, WorkspaceOption, now_us, open_fleet, print_json


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(trips)
    app.command()(explain)
    app.command()(ask)


def trips(
    vehicle: Annotated[str | None, typer.Option("--vehicle", help="Only this vehicle (plate or id).")] = None,
    limit: Annotated[int, typer.Option(help="Newest trips to list.")] = 30,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """List trips, newest first. 行程列表。"""
    with open_fleet(workspace) as fleet:
        vehicle_id = fleet.find(vehicle) if vehicle else None
        found = fleet.trips(vehicle_id, limit=limit)
        zone = fleet.stores.timezone
    if json:
        print_json(found)
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table()
    shown.add_column("trip", no_wrap=True)
    for title in ("start", "from", "to"):
        shown.add_column(title, overflow="fold")
    for title in ("km", "h:min", "MJ", "MJ/km", "explained %"):
        shown.add_column(title, justify="right")
    for one in found:
        start = datetime.fromtimestamp(one.start_us / 1e6, zone).strftime("%m-%d %H:%M")
        minutes = round((one.end_us - one.start_us) / 6e7)
        per_km = "" if one.energy_per_distance_jpm is None else f"{one.energy_per_distance_jpm / 1e3:.1f}"
        explained = "" if one.explained_ratio is None else f"{one.explained_ratio * 100:.1f}"
        length, used = f"{one.distance_m / 1e3:.1f}", "" if one.energy_j is None else f"{one.energy_j / 1e6:.0f}"
        clock = f"{minutes // 60}:{minutes % 60:02d}"
        shown.add_row(one.trip_id, start, one.start_place, one.end_place, length, clock, used, per_km, explained)
    Console().print(shown if found else "No trips yet.")


def explain(
    trip: Annotated[str, typer.Argument(help="Trip id, as `fifthwheel trips` lists it.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Where the energy of a trip went: the closed account. 能量账单。"""
    with open_fleet(workspace) as fleet:
        detail = fleet.explain_trip(trip)
    if json:
        print_json(detail)
        return
    from rich.console import Console
    from rich.table import Table

    meter_j = sum(finding.value or 0.0 for finding in detail.meter)
    shown = Table("term", "项目", title=f"{detail.summary.plate}: {meter_j / 1e6:.0f} MJ at the meter")
    for title in ("MJ", "90 % interval", "% of meter"):
        shown.add_column(title, justify="right")
    for line in detail.account:
        value = line.finding.value or 0.0
        if not value and not line.finding.high:
            continue
        interval = "" if line.finding.low is None else f"{line.finding.low / 1e6:.1f} … {(line.finding.high or 0) / 1e6:.1f}"
        shown.add_row(
            line.title_en, line.title_zh, f"{value / 1e6:.1f}", interval, f"{value / meter_j * 100:.1f}" if meter_j else ""
        )
    Console().print(shown)


def ask(
    question: Annotated[str, typer.Argument(help="In Chinese or English, e.g. 昨天谁最费油？")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Ask about vehicles, trips, energy, faults. 问车队。"""
    from fifthwheel.assistant.answer import answer

    with open_fleet(workspace) as fleet:
        reply = answer(question, fleet, now_us=now_us(), timezone=fleet.stores.timezone)
    if json:
        print_json(reply)
        return
    typer.echo(reply.text)
    for call in reply.calls:
        for finding in call.findings:
            typer.echo(f"  · {call.name}: {finding.name} {', '.join(finding.evidence[:3])}", err=True)
