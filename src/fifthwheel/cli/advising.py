"""`fifthwheel advise` and `cruise`: what would lower a mission's energy, and by how much; cautions in crosswind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fifthwheel.cli.workspace import LANGUAGES, JsonOption, LanguageOption, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.fleet.advice import Advice, Advised
    from fifthwheel.fleet.cruise import Cruised

Payload = Annotated[float | None, typer.Option("--payload-kg", help="Without it, the usual of job or mission.")]
Combination = Annotated[str, typer.Argument(help="Name in the catalogue, a TOML file, or a VECTO .vecto file.")]
Mission = Annotated[str, typer.Argument(help="Mission's name (NAME:back returns), or .toml, .gpx, .csv or VECTO .vdri.")]
Wind = Annotated[float, typer.Option("--wind-mps", help="Mean wind at vehicle height, m/s.")]
WindFrom = Annotated[float, typer.Option("--wind-from-deg", help="Where it comes from: 0 north, 90 east.")]
Driver = Annotated[str | None, typer.Option("--driver", help="calm, normal or hurried.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(advise)
    app.command()(cruise)


def advise(
    combination: Combination,
    mission: Mission,
    payload_kg: Payload = None,
    wind_mps: Wind = 0.0,
    wind_from_deg: WindFrom = 0.0,
    temperature_c: Annotated[float | None, typer.Option("--temperature-c", help="Of the air, degrees C.")] = None,
    surface: Annotated[str, typer.Option("--surface", help="What lies on the road: dry, wet, rain, snow or ice.")] = "dry",
    driver: Driver = None,
    pressure_ratio: Annotated[
        float | None, typer.Option("--pressure-ratio", help="Tyre pressure over nominal, e.g. 0.85.")
    ] = None,
    gap_m: Annotated[float | None, typer.Option("--gap-m", help="Gap between cab and body, m.")] = None,
    deflector_m: Annotated[
        float | None, typer.Option("--deflector-m", help="Edge of the roof deflector below the body's roof, m.")
    ] = None,
    language: LanguageOption = "en",
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


def cruise(
    combination: Combination,
    mission: Mission,
    payload_kg: Payload = None,
    wind_mps: Wind = 0.0,
    wind_from_deg: WindFrom = 0.0,
    driver: Driver = None,
    arrive_min: Annotated[
        float | None, typer.Option("--arrive-min", help="Trip time wanted; without it, that of the driver alone.")
    ] = None,
    horizon_m: Annotated[
        float | None, typer.Option("--horizon-m", help="Way seen ahead, 2000 to 5000; without it, the whole road.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Predictive cruise on a mission beside the same driver without it. 预见性巡航对比。"""
    from fifthwheel.errors import InputError
    from fifthwheel.fleet import cruise as verb
    from fifthwheel.fleet.simulate import Day

    if horizon_m is not None and not horizon_m >= 500.0:
        raise InputError(f"horizon of {horizon_m:g} m; 500 m or more is wanted")
    if arrive_min is not None and not arrive_min > 0.0:
        raise InputError(f"arrival after {arrive_min:g} min; more than 0 is wanted")
    day = Day(driver=driver, wind_mps=wind_mps, wind_from_deg=wind_from_deg)
    wanted_s = None if arrive_min is None else 60.0 * arrive_min
    cruised = verb.cruise(combination, mission, payload_kg, day, wanted_s=wanted_s, horizon_m=horizon_m)
    if json:
        print_json(cruised.document())
        return
    _show_cruise(cruised)


def _show_cruise(cruised: Cruised) -> None:
    from rich.console import Console
    from rich.table import Table

    from fifthwheel.units import KWH

    document = cruised.document()
    before, after = document["without"], document["with"]
    table = Table(title=f"{cruised.combination} on {cruised.mission}, payload {cruised.payload_kg / 1e3:.1f} t")
    for name, justify in (("", "left"), ("", "left"), ("without", "right"), ("with", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    rows = (
        ("energy from the stores, kWh", "能耗 千瓦时", "energy_j", KWH, 2), ("time, min", "时间 分", "time_s", 60.0, 1),
        ("litres per 100 km", "百公里油耗 升", "fuel_l_per_100km", 1.0, 2),
        ("kWh per 100 km", "百公里电耗 千瓦时", "electric_kwh_per_100km", 1.0, 2),
        ("friction brakes, kWh", "摩擦制动 千瓦时", "brake_friction_j", KWH, 2),
        ("retarder and engine brake, kWh", "缓速器与发动机制动 千瓦时", "endurance_brake_j", KWH, 2),
        ("recovered, kWh", "回收 千瓦时", "recovered_j", KWH, 2), ("shifts", "换挡次数", "shifts_count", 1.0, 0),
        ("rolling out of gear, % of time", "空挡滑行时间 %", "rolling_time_ratio", 0.01, 1),
    )  # fmt: skip
    for english, chinese, key, unit, digits in rows:
        if before[key] or after[key]:
            table.add_row(english, chinese, *(f"{(one[key] or 0.0) / unit:.{digits}f}" for one in (before, after)))
    saved = f"saves {100 * document['saving_ratio']:.2f} %, arrives {100 * document['time_ratio']:+.2f} %"
    table.caption = saved if document["planned"] else "no plan saves energy here: the driver drives on as before"
    Console().print(table)
