"""`fifthwheel simulate`, `sweep` and `bench`: trips that nobody has driven yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fifthwheel.cli.workspace import JsonOption, now_us, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from fifthwheel.fleet.simulate import Day, Simulated

PayloadKg = Annotated[float | None, typer.Option("--payload-kg", help="Without it, the usual of job or mission.")]
Driver = Annotated[str | None, typer.Option("--driver", help="calm, normal or hurried; a VECTO job brings its own.")]
Temperature = Annotated[float | None, typer.Option("--temperature-c", help="Of the air, degrees C.")]
Wind = Annotated[float, typer.Option("--wind-mps", help="Wind at vehicle height, m/s.")]
WindFrom = Annotated[float, typer.Option("--wind-from-deg", help="Where the wind comes from: 0 north, 90 east.")]
Surface = Annotated[str, typer.Option("--surface", help="What lies on the road: dry, wet, rain, snow or ice.")]
Soc = Annotated[float | None, typer.Option("--soc", help="Charge of the battery at the start, 0 to 1.")]
TrailerSoc = Annotated[float | None, typer.Option("--trailer-soc", help="Charge of the trailer's battery at the start, 0 to 1.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Draws the wander of the driver's speed; without it, none.")]
VECTO_MISSION_HELP = "Of a VECTO job, where the cycle's name does not tell: long-haul, construction, ..."


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(simulate)
    app.command()(sweep)
    app.command()(bench)


def simulate(
    combination: Annotated[str, typer.Argument(help="Name in the catalogue, a TOML file, or a VECTO .vecto file.")],
    mission: Annotated[str, typer.Argument(help="Mission's name (NAME:back returns), or .toml, .gpx, .csv or VECTO .vdri.")],
    payload_kg: PayloadKg = None,
    trace: Annotated[Path | None, typer.Option("--trace", help="Write one row a second to this .parquet, .csv or .mf4.")] = None,
    rules: Annotated[str, typer.Option("--rules", help="own, or vecto-2.2 (a .vecto on a .vdri).")] = "own",
    driver: Driver = None,
    temperature_c: Temperature = None,
    wind_mps: Wind = 0.0,
    wind_from_deg: WindFrom = 0.0,
    surface: Surface = "dry",
    soc: Soc = None,
    trailer_soc: TrailerSoc = None,
    seed: Seed = None,
    vecto_mission: Annotated[str, typer.Option("--mission", help=VECTO_MISSION_HELP)] = "",
    json: JsonOption = False,
) -> None:
    """Drive one trip: totals and where the energy went. 模拟一趟行程。"""
    from fifthwheel.fleet import simulate as verb

    day = day_of(driver, temperature_c, (wind_mps, wind_from_deg), surface, (soc, trailer_soc), seed)
    result = verb.simulate(combination, mission, payload_kg, day, rules=rules, vecto_mission=vecto_mission)
    if trace is not None:
        from fifthwheel.simulate.vmod import write

        write(result.trace(), trace, now_us())
    if json:
        print_json(result.document())
        return
    _show(result)


def day_of(
    driver: str | None,
    temperature_c: float | None,
    wind: tuple[float, float],
    surface: str = "dry",
    charges: tuple[float | None, float | None] = (None, None),
    seed: int | None = None,
) -> Day:
    """Driver and weather as the options say."""
    from fifthwheel.fleet.simulate import Day
    from fifthwheel.units import CELSIUS_ZERO_K

    return Day(
        driver=driver, temperature_k=None if temperature_c is None else temperature_c + CELSIUS_ZERO_K, wind_mps=wind[0],
        wind_from_deg=wind[1], surface=surface, soc_ratio=charges[0], trailer_soc_ratio=charges[1], seed_count=seed,
    )  # fmt: skip


def _show(result: Simulated) -> None:
    from rich.console import Console

    console = Console()
    console.print(_totals(result))
    console.print(_account(result))
    for warning in result.warnings:
        typer.echo(f"note: {warning}", err=True)


def _totals(result: Simulated) -> Table:
    from rich.table import Table

    from fifthwheel.units import KM, KMH

    document = result.document()
    minutes = round(document["time_s"] / 60)
    rows = [
        ("payload, total mass", f"{result.payload_kg / 1e3:.2f} t, {result.mass_kg / 1e3:.2f} t"),
        ("distance, time", f"{document['distance_m'] / KM:.1f} km, {minutes // 60}:{minutes % 60:02d} h"),
        ("mean speed", f"{document['mean_speed_mps'] / KMH:.1f} km/h"),
    ]
    if result.ledger.meter_j.get("fuel"):
        litres = document["fuel_l_per_100km"]
        rate = f"{litres:.2f} L/100 km" if litres is not None else f"{document['fuel_kg_per_100km']:.2f} kg/100 km"
        rows += [("fuel", f"{document['fuel_kg']:.2f} kg, {rate}"), ("CO2", f"{document['co2_g_per_km']:.0f} g/km")]
    if "battery" in result.ledger.meter_j or "trailer_battery" in result.ledger.meter_j:
        rows.append(("electricity", f"{document['electric_kwh_per_100km']:.1f} kWh/100 km at the batteries' terminals"))
    for store, charge in result.soc_end_ratio.items():
        rows.append((f"charge at the end, {store.replace('_', ' ')}", f"{100 * charge:.1f} %"))
    if result.lost_s:
        rows.append(("time lost for want of power", f"{result.lost_s:.0f} s"))
    if result.slowest:
        slow = result.slowest
        rows.append(("slowest climb", f"{slow.speed_mps / KMH:.0f} km/h in gear {slow.gear} at km {slow.distance_m / KM:.1f}"))
    if result.fuel_factor_ratio != 1.0:
        rows.append(("fuel correction of the job", f"x {result.fuel_factor_ratio:.4f}, in the figures above"))
    table = Table(title=f"{result.combination} on {result.mission} ({result.rules} rules)", show_header=False)
    for row in rows:
        table.add_row(*row)
    return table


def _account(result: Simulated) -> Table:
    from rich.table import Table

    from fifthwheel.physics.energy import TERMS
    from fifthwheel.units import KWH

    ledger, meter_j = result.ledger, sum(result.ledger.meter_j.values())
    litres = result.totals["fuel_l_per_100km"] or 0.0
    per_joule = litres / ledger.meter_j["fuel"] if ledger.meter_j.get("fuel") else 0.0
    table = Table("term", "项目", title=f"{meter_j / KWH:.1f} kWh from the stores")
    for title in ("kWh", "% of it", "L/100 km", "of it trailer, kWh"):
        table.add_column(title, justify="right")
    for term in TERMS:
        energy_j = ledger.terms_j.get(term.name, 0.0)
        if abs(energy_j) < 0.0005 * abs(meter_j):
            continue
        part_j = energy_j if term.name == "rolling_trailer" else ledger.trailer_j.get(term.name, 0.0)
        table.add_row(
            term.title_en, term.title_zh, f"{energy_j / KWH:.2f}", f"{100 * energy_j / meter_j:.1f}" if meter_j else "",
            f"{energy_j * per_joule:.2f}" if per_joule else "", f"{part_j / KWH:.2f}" if part_j else "",
        )  # fmt: skip
    table.caption = f"balance error {ledger.balance_error_ratio:.1e}"
    return table


def sweep(
    combinations: Annotated[list[str], typer.Argument(metavar="COMBINATION...", help="As of simulate, several.")],
    missions: Annotated[list[str], typer.Option("--mission", help="As of simulate; repeat it for more.")],
    out: Annotated[Path, typer.Option("--out", help="Parquet file: a row a trip.")],
    payloads_kg: Annotated[
        list[float] | None, typer.Option("--payload-kg", help="Repeat it for more; without it, the usual.")
    ] = None,
    compute: Annotated[str, typer.Option("--compute", help="local (all cores) or ray.")] = "local",
    driver: Driver = None,
    temperature_c: Temperature = None,
    wind_mps: Wind = 0.0,
    wind_from_deg: WindFrom = 0.0,
    surface: Surface = "dry",
    vecto_mission: Annotated[str, typer.Option("--vecto-mission", help=VECTO_MISSION_HELP)] = "",
) -> None:
    """Drive every combination on every mission with every payload. 批量模拟。"""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from fifthwheel.fleet import compute as computing
    from fifthwheel.fleet.simulate import cases

    day = day_of(driver, temperature_c, (wind_mps, wind_from_deg), surface)
    work = list(cases(combinations, missions, payloads_kg or [None], [day], vecto_mission=vecto_mission))
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("trips", total=len(work))
        table = computing.run(work, compute=compute, progress=lambda count: bar.advance(task, count))
    _write(table, out)
    _show_sweep(table, out)


def _write(table: Any, out: Path) -> None:
    from pyarrow.parquet import write_table

    from fifthwheel.errors import InputError

    try:
        write_table(table, out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error}") from error


def _show_sweep(table: Any, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table("combination", "mission", title=f"{table.num_rows} trips in {out}")
    for title in ("payload t", "km", "h", "L/100 km", "kWh/100 km", "kg CO2/km"):
        shown.add_column(title, justify="right")
    for row in table.slice(0, 40).to_pylist():
        name = row["combination"], row["road"], f"{row['payload_kg'] / 1e3:.1f}"
        if row["error"]:
            shown.add_row(*name, "-")
            continue
        litres = "" if row["fuel_l_per_100km"] is None else f"{row['fuel_l_per_100km']:.2f}"
        shown.add_row(
            *name, f"{row['distance_m'] / 1e3:.1f}", f"{row['time_s'] / 3600:.2f}", litres,
            f"{row['electric_kwh_per_100km']:.1f}" if row["electric_kwh_per_100km"] else "", f"{row['co2_g_per_km'] / 1e3:.3f}",
        )  # fmt: skip
    console = Console()
    console.print(shown)
    if table.num_rows > 40:
        console.print(f"... and {table.num_rows - 40} more")
    for row in table.to_pylist():
        if row["error"]:
            typer.echo(f"not driven: {row['error']}", err=True)


def bench(
    name: Annotated[str | None, typer.Argument(help="Benchmark to run; without it they are listed.")] = None,
) -> None:
    """Run a benchmark of this checkout, with the machine described. 性能测试。"""
    from fifthwheel.cli.benching import listed, run

    if name is None:
        for line in listed():
            typer.echo(line)
        return
    raise typer.Exit(run(name))
