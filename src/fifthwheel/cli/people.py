"""The fleet's vehicles, trailers, drivers and dated couplings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from fifthwheel.cli.workspace import (
    DEFAULT_WORKSPACE,
    JsonOption,
    Workspace,
    WorkspaceOption,
    now_us,
    open_fleet,
    parse_time_us,
    print_json,
)

vehicle = typer.Typer(help="Add and list vehicles and trailers. 车辆与挂车。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.add_typer(vehicle, name="vehicle")
    app.command()(couple)


@vehicle.command("add")
def add(
    plate: Annotated[str, typer.Argument(help="Plate, e.g. 鲁B36712; a trailer's plate ends in 挂.")],
    combination: Annotated[
        str | None, typer.Option("--combination", help="Catalogue name of the combination or trailer, or a TOML file.")
    ] = None,
    vin: Annotated[str | None, typer.Option("--vin", help="Vehicle identification number, 17 characters.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="Number of its JT/T 808 terminal.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Add a vehicle or trailer. 添加车辆。"""
    with open_fleet(workspace) as fleet:
        record = fleet.add_vehicle(plate, combination=combination, vin=vin, phone=phone)
    print_json(record) if json else typer.echo(f"added {record.kind} {record.vehicle_id}")


@vehicle.command("list")
def list_vehicles(workspace: WorkspaceOption = DEFAULT_WORKSPACE, json: JsonOption = False) -> None:
    """List vehicles with their latest state. 车辆列表。"""
    with open_fleet(workspace) as fleet:
        states = fleet.vehicles()
        zone = fleet.stores.timezone
    if json:
        print_json(states)
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table("plate", "kind", "combination", "trailer", "state", "last heard", "faults")
    for one in states:
        heard = "" if one.time_us is None else datetime.fromtimestamp(one.time_us / 1e6, zone).strftime("%m-%d %H:%M")
        faults = str(one.active_faults_count or "")
        shown.add_row(one.plate, one.kind, one.combination, one.trailer_id, one.status.value, heard, faults)
    Console().print(shown if states else "No vehicles yet: add one with `fifthwheel vehicle add PLATE`.")


def couple(
    tractor: Annotated[str, typer.Argument(help="Plate or id of the tractor.")],
    trailer: Annotated[str, typer.Argument(help="Plate or id of the trailer.")],
    start: Annotated[str | None, typer.Option("--from", help="ISO time; now by default.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="ISO time; open by default.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    json: JsonOption = False,
) -> None:
    """Couple a trailer to a tractor for an interval; a conflict is refused. 挂接。"""
    zone = Workspace.at(workspace).timezone
    with open_fleet(workspace) as fleet:
        start_us = parse_time_us(start, zone, "--from") or now_us()
        coupling = fleet.couple(tractor, trailer, start_us, parse_time_us(end, zone, "--to"))
    print_json(coupling) if json else typer.echo(f"{coupling.tractor_id} tows {coupling.trailer_id}")
