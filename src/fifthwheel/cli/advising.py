"""`fifthwheel advise`: what would lower a mission's energy, each with its saving; and cautions in crosswind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import JsonOption, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.fleet.advice import Advice, Advised

LANGUAGES = ("en", "zh")


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(advise)


def advise(
    combination: Annotated[str, typer.Argument(help="Name in the catalogue, a TOML file, or a VECTO .vecto file.")],
    mission: Annotated[str, typer.Argument(help="Mission's name (NAME:back returns), or .toml, .gpx, .csv or VECTO .vdri.")],
    payload_kg: Annotated[float | None, typer.Option("--payload-kg", help="Without it, the usual of job or mission.")] = None,
    wind_mps: Annotated[float, typer.Option("--wind-mps", help="Mean wind at vehicle height, m/s.")] = 0.0,
    wind_from_deg: Annotated[float, typer.Option("--wind-from-deg", help="Where it comes from: 0 north, 90 east.")] = 0.0,
    temperature_c: Annotated[float | None, typer.Option("--temperature-c", help="Of the air, degrees C.")] = None,
    surface: Annotated[str, typer.Option("--surface", help="What lies on the road: dry, wet, rain, snow or ice.")] = "dry",
    driver: Annotated[str | None, typer.Option("--driver", help="calm, normal or hurried.")] = None,
    pressure_ratio: Annotated[float | None, typer.Option("--pressure-ratio", help="Tyre pressure over nominal, e.g. 0.85.")] = None,
    gap_m: Annotated[float | None, typer.Option("--gap-m", help="Gap between cab and body, m.")] = None,
    deflector_m: Annotated[
        float | None, typer.Option("--deflector-m", help="Edge of the roof deflector below the body's roof, m.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Of the table: en or zh.")] = "en",
    json: JsonOption = False,
) -> None:
    """What would save energy on a mission, and by how much: tyres, gap, deflector, axles, speed. 减阻建议与侧风提醒。"""
    from fifthwheel.errors import UnknownName
    from fifthwheel.fleet import advice as verb
    from fifthwheel.fleet.simulate import Day
    from fifthwheel.units import CELSIUS_ZERO_K

    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    day = Day(
        driver=driver, temperature_k=None if temperature_c is None else temperature_c + CELSIUS_ZERO_K, wind_mps=wind_mps,
        wind_from_deg=wind_from_deg, surface=surface,
    )  # fmt: skip
    known = verb.Known(pressure_ratio=pressure_ratio, gap_m=gap_m, deflector_m=deflector_m)
    advised = verb.advise(combination, mission, payload_kg, day, known)
    if json:
        print_json(advised.document())
        return
    _show(advised, language)


def _show(advised: Advised, language: str) -> None:
    from rich.console import Console

    from fifthwheel.units import KWH

    chinese = language == "zh"
    table = _table(chinese=chinese)
    table.title = (
        f"{advised.combination}，{advised.mission}，载重{advised.payload_kg / 1e3:.1f}吨：{advised.energy_j / KWH:.0f}千瓦时，"
        f"{advised.time_s / 60:.0f}分钟"
        if chinese
        else f"{advised.combination} on {advised.mission}, payload {advised.payload_kg / 1e3:.1f} t: "
        f"{advised.energy_j / KWH:.0f} kWh from the stores, {advised.time_s / 60:.0f} min"
    )
    for one in advised.advice:
        table.add_row(*_row(one, advised.energy_j, chinese=chinese))
    console = Console()
    console.print(table)
    for one in advised.cautions:
        title, todo = (one.title_zh, one.do_zh) if chinese else (one.title_en, one.do_en)
        console.print(f"{title}: {todo} ({one.saving.method}; {one.confidence})", markup=False, highlight=False)


def _table(*, chinese: bool) -> Table:
    from rich.table import Table

    names = ("项目", "建议", "节能 %", "90 %区间", "千瓦时", "可信度") if chinese else (
        "what", "do", "saves %", "90 % interval", "kWh", "confidence",
    )  # fmt: skip
    table = Table()
    for name, justify in zip(names, ("left", "left", "right", "right", "right", "left"), strict=True):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    return table


def _row(one: Advice, energy_j: float, *, chinese: bool) -> tuple[str, ...]:
    from rich.markup import escape

    from fifthwheel.units import KWH

    title, todo = (one.title_zh, one.do_zh) if chinese else (one.title_en, one.do_en)
    value, low, high = one.saving.value, one.saving.low, one.saving.high
    if value is None or low is None or high is None:
        return title, todo, "-", "", "", escape(one.confidence)
    return (
        title, todo, f"{100 * value:.2f}", f"{100 * low:.2f} .. {100 * high:.2f}", f"{value * energy_j / KWH:.1f}",
        escape(one.confidence),
    )  # fmt: skip
