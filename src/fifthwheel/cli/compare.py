"""`fifthwheel compare`: one tractor and trailer in all its versions, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.simulate import PayloadKg, Temperature, Wind, WindFrom, day_of
from fifthwheel.cli.workspace import JsonOption, print_json
from fifthwheel.units import CELSIUS_ZERO_K, KM, KWH, LITRE, MJ

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.choose.compare import Row
    from fifthwheel.fleet.compare import Compared

VERSION_TITLES = {
    "0": ("bought apart", "各买各的"), "1.0": ("matched", "匹配"), "2.0": ("controlled", "控制"), "3.0": ("informed", "信息"),
    "4.0": ("new energy", "新能源"),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(compare)


def compare(
    versions: Annotated[str, typer.Argument(help="Set of versions in the package (box-49t), or a TOML file.")],
    mission: Annotated[str, typer.Argument(help="As of simulate.")],
    payload_kg: PayloadKg = None,
    region: Annotated[
        str | None, typer.Option("--region", help="Prices: cn, or a TOML file; without it, the versions' own.")
    ] = None,
    temperature_c: Temperature = None,
    wind_mps: Wind = 0.0,
    wind_from_deg: WindFrom = 0.0,
    json: JsonOption = False,
) -> None:
    """The same tractor and trailer bought apart, matched, controlled, informed, with new energy. 四个版本并排比较。"""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from fifthwheel.fleet.compare import compare_versions

    day = day_of(None, temperature_c, (wind_mps, wind_from_deg))
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("functions")
        result = compare_versions(
            versions, mission, payload_kg, day, region, progress=lambda done, count: bar.update(task, completed=done, total=count)
        )
    if json:
        print_json(result.document())
        return
    console = Console()
    console.print(_versions(result))
    console.print(_functions(result))


def _versions(result: Compared) -> Table:
    from rich.table import Table

    what, first = result.versions, result.rows[0]
    payload = f"{first.payload_kg / 1e3:.1f} t, {first.distance_m / 1e3:.0f} km"
    table = Table("", title=f"{what.title_en} {what.title_zh}: {result.mission}, {payload}")
    for row in result.last_of_versions:
        english, chinese = VERSION_TITLES.get(row.version, ("", ""))
        table.add_column(f"{row.version} {english}\n{chinese}", justify="right")
    for title, text in _lines(result):
        table.add_row(title, *(text(row) for row in result.last_of_versions))
    limit = first.margins.brake_limit_k - CELSIUS_ZERO_K
    table.caption = (
        f"brakes are planned below {limit:.0f} °C; prices are assumptions of region {result.region.name}: replace them"
    )
    return table


def _lines(result: Compared) -> list[tuple[str, Callable[[Row], str]]]:
    """What is compared, line by line: title, and the text of a version."""
    first, money = result.rows[0], result.region.currency
    return [
        ("L/100 km", _litres),
        ("kWh/100 km 充电", lambda row: _number(100 * KM * row.grid_jpm / KWH, 1)),
        ("energy 能耗 %", lambda row: f"{100 * (row.energy_jpm / first.energy_jpm - 1):+.1f}"),
        (f"cost 成本 {money}/km", lambda row: f"{KM * row.cost_pm:.2f}"),
        ("90 %", lambda row: f"{KM * row.cost_range_pm[0]:.2f}..{KM * row.cost_range_pm[1]:.2f}"),
        ("cost 成本 %", lambda row: f"{100 * (row.cost_pm / first.cost_pm - 1):+.1f}"),
        ("brakes 制动 MJ/100 km", lambda row: f"{100 * KM * row.friction_jpm / MJ:.1f}"),
        ("time 时间 min", lambda row: f"{row.time_s / 60:.1f}"),
        ("hottest brake 最热制动 °C", lambda row: f"{row.margins.brake_k - CELSIUS_ZERO_K:.0f}"),
        ("kingpin push 牵引销推力 kN", lambda row: f"{row.margins.push_n / 1e3:.1f}"),
        ("adhesion used 附着利用 %", lambda row: _number(100 * row.margins.adhesion_ratio, 0)),
    ]


def _functions(result: Compared) -> Table:
    from rich.table import Table

    table = Table("", "function 功能", title="What each function brings, on top of those above it")
    for title in ("energy %", f"{result.region.currency}/km", "brake heat %", "min"):
        table.add_column(title, justify="right")
    table.add_column("rests on")
    for before, row in zip(result.rows, result.rows[1:], strict=False):
        function = row.function
        assert function is not None
        heat = 100 * (row.friction_jpm / before.friction_jpm - 1) if before.friction_jpm else 0.0
        table.add_row(
            row.version, f"{function.title_en}\n{function.title_zh}", f"{100 * (row.energy_jpm / before.energy_jpm - 1):+.2f}",
            f"{KM * (row.cost_pm - before.cost_pm):+.3f}", f"{heat:+.0f}", f"{(row.time_s - before.time_s) / 60:+.1f}",
            function.source,
        )  # fmt: skip
    return table


def _litres(row: Row) -> str:
    fuel = row.combination.drive.fuel
    if fuel is None:
        return "–"
    return (
        f"{100 * KM * row.fuel_kgpm / fuel.density_kgpm3 / LITRE:.2f}"
        if fuel.name == "diesel"
        else f"{100 * KM * row.fuel_kgpm:.2f} kg"
    )


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if abs(value) > 0.5 * 10**-digits else "–"
