"""`fifthwheel match`: the powertrain of a combination, bought against found for a mission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fifthwheel.cli.simulate import PayloadKg
from fifthwheel.cli.workspace import JsonOption, print_json
from fifthwheel.units import KM, KWH

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.choose.powertrain import Point
    from fifthwheel.fleet.powertrain import PowertrainMatch

TITLES: Final = {
    "bought": "bought\n原车", "knee": "knee\n折中", "thriftiest": "least energy\n最省能", "fastest": "fastest\n最快",
    "cheapest": "cheapest\n最省钱",
}  # fmt: skip
BINDING_ZH: Final = {
    "startability": "起步", "climb": "爬坡", "gear-steps": "级差", "five-starts": "连续起步", "descent": "下坡", "day": "日里程",
    "mass": "总质量",
}  # fmt: skip
ENDS_ZH: Final = {"final_drive": "速比", "torque_ratio": "扭矩", "battery_ratio": "电池", "rolling_ratio": "滚阻"}
CURVE_ROWS: Final = 20


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(match)


def match(
    combination: Annotated[str, typer.Argument(help="Name in the catalogue, or a TOML file.")],
    mission: Annotated[str, typer.Argument(help="As of simulate.")],
    payload_kg: PayloadKg = None,
    region: Annotated[str, typer.Option("--region", help="Prices and parts on offer: cn, eu, us, or a TOML file.")] = "cn",
    day_km: Annotated[float, typer.Option("--day-km", help="Driven a day; it sets charging on the way.")] = 600.0,
    generations: Annotated[int, typer.Option("--generations", help="Of each of the nine runs of the optimiser.")] = 8,
    json: JsonOption = False,
) -> None:
    """Final drive, gears, engine or motor, battery, driven axles and tyres for a mission. 动力总成匹配。"""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from fifthwheel.fleet.powertrain import match_powertrain

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("generations 代")
        result = match_powertrain(
            combination, mission, payload_kg, region_name=region, distance_day_m=day_km * KM,
            generations=generations, progress=lambda done, count: bar.update(task, completed=done, total=count),
        )  # fmt: skip
    if json:
        print_json(result.document())
        return
    console = Console()
    console.print(_chosen(result))
    console.print(_curve(result))


def _chosen(result: PowertrainMatch) -> Table:
    """Bought against matched, column by column."""
    from rich.table import Table

    found = result.found
    table = Table(title=f"{result.combination}, {result.mission}, {result.payload_kg / 1e3:.1f} t")
    table.add_column("", overflow="fold")
    for name, _ in result.chosen:
        table.add_column(TITLES[name], justify="right", overflow="fold")
    columns = [
        [*_lines(point, found.bought, result.region.currency), ("list ends 到头", _named(found.at_end(point), ENDS_ZH))]
        for _, point in result.chosen
    ]
    for row in zip(*columns, strict=True):
        table.add_row(row[0][0], *(text for _, text in row))
    table.caption = (
        f"{len(found.seen)} of {found.offered_count} powertrains simulated; costs are those of region {result.region.name}, "
        "mostly assumptions: replace them. List ends: the offer ends there, not the mission's wish"
    )
    return table


def _lines(point: Point, bought: Point, money: str) -> list[tuple[str, str]]:
    """What is shown of a point: title and text."""
    sizes, first, battery = point.sizes, bought.objectives, point.combination.drive.battery
    changes = [f"{100 * (new / old - 1):+.1f}" for new, old in zip(point.objectives, first, strict=True)]
    rows = [
        ("final drive 主减速比", f"{sizes.final_drive:.2f}"),
        ("gears 变速器", sizes.gearbox),
        ("torque 扭矩 %", f"{100 * sizes.torque_ratio:.0f}"),
        ("driven axles 驱动轴", str(sizes.driven_axles)),
        ("rolling 滚阻 %", f"{100 * sizes.rolling_ratio:.0f}"),
        ("tare 整备质量 kg", f"{point.combination.tare_kg:.0f}"),
        ("kWh/100 km", f"{100 * KM * point.energy_jpm / KWH:.0f}"),
        ("energy 能耗 %", changes[0]),
        ("time 时间 min", f"{point.time_s / 60:.1f}"),
        (f"{money}/km", f"{KM * point.cost:.3f}"),
        ("cost 成本 %", changes[2]),
        ("binding 起限制", _named(point.binding, BINDING_ZH)),
    ]
    if battery:
        rows.insert(3, ("battery 电池 kWh", f"{battery.capacity_j / KWH:.0f}"))
    return rows


def _named(names: tuple[str, ...], chinese: Mapping[str, str]) -> str:
    return "\n".join(f"{name.removesuffix('_ratio').replace('_', ' ')} {chinese.get(name, '')}" for name in names) or "–"


def _curve(result: PowertrainMatch) -> Table:
    """The trade-off curve, by energy."""
    from rich.table import Table

    front = result.found.front
    table = Table(title="Trade-off curve 权衡曲线: none beats another in energy, time and cost")
    for title in (
        "kWh/100 km",
        "min",
        f"{result.region.currency}/km",
        "i0",
        "gears 变速器",
        "torque %",
        "kWh",
        "axles",
        "tyres %",
    ):
        table.add_column(title, justify="left" if title.startswith("gears") else "right", overflow="fold")
    shown = (
        front if len(front) <= CURVE_ROWS else [front[round(i * (len(front) - 1) / (CURVE_ROWS - 1))] for i in range(CURVE_ROWS)]
    )
    for point in shown:
        sizes, battery = point.sizes, point.combination.drive.battery
        table.add_row(
            f"{100 * KM * point.energy_jpm / KWH:.1f}", f"{point.time_s / 60:.1f}", f"{KM * point.cost:.3f}",
            f"{sizes.final_drive:.2f}", sizes.gearbox, f"{100 * sizes.torque_ratio:.0f}",
            f"{battery.capacity_j / KWH:.0f}" if battery else "–", str(sizes.driven_axles), f"{100 * sizes.rolling_ratio:.0f}",
            style="bold" if point is result.found.knee else None,
        )  # fmt: skip
    if len(front) > CURVE_ROWS:
        table.caption = f"{CURVE_ROWS} of {len(front)} points; --json has all"
    return table
