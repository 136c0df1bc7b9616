"""`fifthwheel catalogue`: which tractors, chassis, bodies and trailers there are to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import JsonOption, print_json
from fifthwheel.errors import UnknownName
from fifthwheel.units import KWH

if TYPE_CHECKING:
    from fifthwheel.vehicle.listing import Entry

TONNE_KG = 1e3


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(catalogue)


def catalogue(
    family: Annotated[str, typer.Argument(help="tractor, chassis, rigid, trailer or body; without it, all.")] = "",
    market: Annotated[str, typer.Option("--market", help="Only what is sold there: cn, eu or us.")] = "",
    json: JsonOption = False,
) -> None:
    """Tractors, chassis, bodies and trailers to choose from, with their sources. 可选的牵引车、底盘、上装和半挂车。"""
    from fifthwheel.vehicle.catalogue import catalogue as read
    from fifthwheel.vehicle.listing import Family, entries

    if family and family not in list(Family):
        raise UnknownName("kind of unit", family, list(Family))
    rows = [row for row in entries(read()) if family in ("", row.family) and (not market or market in row.markets)]
    if json:
        print_json(rows)
        return
    _show(rows)


def _show(rows: list[Entry]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("name 名称", min_width=30, overflow="fold")
    table.add_column("drive", no_wrap=True)
    for heading in ("kW", "kWh", "t", "to t", "m³"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        mark = "" if row.generic else " *"
        numbers = (
            (row.power_w / 1e3, ".0f"), (row.stored_j / KWH, ".0f"), (row.mass_kg / TONNE_KG, ".2f"),
            (row.load_limit_kg / TONNE_KG, ".1f"), (row.volume_m3, ".0f"),
        )  # fmt: skip
        shown = [format(value, form) if value else "" for value, form in numbers]
        title = f"{row.name}{mark}\n[dim]{row.title_zh}[/dim]"
        table.add_row(title, f"{row.axles} {' '.join(row.markets)}\n[dim]{row.energy}[/dim]", *shown)
    table.caption = (
        f"{len(rows)} entries; t ready to drive, or of the body; to t on its axles\n"
        "* one model, else typical of the kind; --json has sources"
    )
    Console().print(table)
