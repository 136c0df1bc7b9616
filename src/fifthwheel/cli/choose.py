"""`fifthwheel choose`: from a mission, a cargo and the law of the place to a ranked list of complete combinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fifthwheel.cli.workspace import LANGUAGES, JsonOption, LanguageOption, print_json
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import HOUR, KM, KWH, TONNE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from fifthwheel.fleet.choice.views import CandidateDetail, Change, ChoiceOptions, ChoiceView, Row

WHAT_IF = {
    "payload_t": ("payload_kg", TONNE), "distance_year_km": ("distance_year_m", KM), "years": ("years", 1.0),
    "grade_factor": ("grade_ratio", 1.0),
}  # fmt: skip
"""What `--what-if` may change besides prices: field of `Change`, and its unit."""
Say = Callable[[str, str], str]
Shown = tuple[int, "Sequence[CandidateDetail]", Say]
"""Rows of the ranking, candidates side by side, and which of an English and a Chinese text is shown."""
STAGES = {"match": "match 匹配校核", "drive": "drive 模拟行驶", "plan": "plan 日程"}
COUNTS = "1"
"""Unit of checks that count pieces, which are as tight as they are right."""


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(choose)


def choose(
    mission: Annotated[
        str | None, typer.Argument(metavar="MISSION.toml", help="Mission file, or the name of an example.")
    ] = None,
    json: JsonOption = False,
    top: Annotated[int, typer.Option("--top", min=1, help="Rows of the ranking to show.")] = 10,
    compare: Annotated[str | None, typer.Option("--compare", help="Ranks to show side by side, e.g. 1,3.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--what-if", metavar="KEY=VALUE", help=f"{', '.join(WHAT_IF)}, or a price: diesel=8.")
    ] = None,
    language: LanguageOption = "en",
    options: Annotated[bool, typer.Option("--options", help="List the names that a mission may use.")] = False,
) -> None:
    """Ranked truck-trailer combinations for a mission, with reasons and cost per km. 按任务选车：排名、理由、每公里成本。"""
    from rich.console import Console

    from fifthwheel.fleet import choose as fleet

    if options:
        found = fleet.options()
        print_json(found) if json else _show_options(Console(), found)
        return
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if mission is None:
        raise InputError(
            "no mission; a MISSION.toml or the name of an example is wanted (fifthwheel choose --options lists names)"
        )
    duty = fleet.duty_from(mission)
    change = change_of(changes or [])
    with _Bar() as bar:
        view = fleet.choose(duty, progress=bar.told)
    after = fleet.what_if(view.choice_id, change) if changes else None
    shown = after or view
    details = fleet.detail(shown.choice_id, _ids(shown, compare)) if compare else ()
    if json:
        print_json(document(view) | ({"what_if": document(after)} if after else {}) | ({"details": details} if compare else {}))
        return
    say: Say = (lambda _, chinese: chinese) if language == "zh" else (lambda english, _: english)
    _show(Console(), shown, view if after else None, (top, details, say))


class _Bar:
    """Progress on standard error, a line a stage."""

    def __enter__(self) -> _Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, Any] = {}
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def told(self, stage: str, done: int, count: int) -> None:
        """So many of so many of a stage are done."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(STAGES.get(stage, stage))
        self._progress.update(self._tasks[stage], completed=done, total=count)


def change_of(texts: Sequence[str]) -> Change:
    """The change of ``KEY=VALUE`` texts.

    Raises
    ------
    InputError : no such form, or no number.
    """
    from fifthwheel.fleet.choice.views import Change

    given: dict[str, float] = {}
    prices: dict[str, float] = {}
    for text in texts:
        key, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            raise InputError(f"--what-if {text!r}; KEY=VALUE with a number is wanted, e.g. diesel=7.8 or payload_t=25") from None
        if key in WHAT_IF:
            field, unit = WHAT_IF[key]
            given[field] = number * unit
        else:
            prices[key] = number
    return Change(**given, prices=prices)


def _ids(view: ChoiceView, ranks: str) -> list[str]:
    by_rank = {str(row.rank): row.candidate_id for row in view.rows}
    unknown = [rank for rank in ranks.split(",") if rank.strip() not in by_rank]
    if unknown:
        raise InputError(f"--compare {ranks}: no rank {', '.join(unknown)}; 1 to {len(view.rows)} are accepted, e.g. 1,2")
    return [by_rank[rank.strip()] for rank in ranks.split(",")]


def document(view: ChoiceView) -> dict[str, Any]:
    """A choice as one JSON document, money and energy by the kilometre."""
    return {
        "choice_id": view.choice_id, "title_en": view.title_en, "title_zh": view.title_zh, "currency": view.currency,
        "considered": view.considered_count, "feasible": view.feasible_count, "seconds": view.seconds_s, "duty": view.duty,
        "ranking": [_row(row) for row in view.rows], "rejected": [_row(row) for row in view.rejected],
        "rejected_by_reason": [{"title_en": en, "title_zh": zh, "count": count} for en, zh, count in view.refused],
        "warnings": [{"text_en": en, "text_zh": zh} for en, zh in view.warnings],
    }  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    """A row in the trade's units; ``None`` where it was rejected before the figure was known."""
    cost, per_tonne = row.cost, row.cost_tkm
    return {
        "rank": row.rank, "candidate_id": row.candidate_id, "title_en": row.title_en, "title_zh": row.title_zh,
        "tractor": row.tractor, "trailer": row.trailer, "energy_kind": row.energy_kind, "best": row.best,
        "payload_kg": row.payload_kg, "gross_kg": row.gross_kg, "cost_per_km": _times(cost.value if cost else None, KM),
        "cost_per_km_low": _times(cost.low if cost else None, KM), "cost_per_km_high": _times(cost.high if cost else None, KM),
        "cost_per_tonne_km": _times(per_tonne.value if per_tonne else None, KM * TONNE),
        "energy_kwh_per_km": _times(row.energy_jpm, KM / KWH), "fuel_kg_per_100km": _times(row.fuel_kgpm, 100 * KM),
        "electric_kwh_per_100km": _times(row.electric_jpm, 100 * KM / KWH), "co2_kg_per_km": _times(row.co2_kgpm, KM),
        "time_h": _times(row.time_s, 1 / HOUR), "range_km": _times(row.range_m, 1 / KM), "price": row.price,
        "reason_en": row.reason_en, "reason_zh": row.reason_zh,
    }  # fmt: skip


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _show(
    console: Console, view: ChoiceView, before: ChoiceView | None, what: tuple[int, Sequence[CandidateDetail], Say]
) -> None:
    top, details, say = what
    console.print(_ranking(view, before, top, say))
    console.print(_why(view.rows[:top], say))
    if len(view.rows) > top:
        console.print(f"... {len(view.rows) - top} more 更多: --top {len(view.rows)}")
    if details:
        console.print(_side_by_side(view, details, say))
    if view.rejected:
        console.print(_rejected(view, top, say))
    for english, chinese in view.warnings:
        console.print(f"! {say(english, chinese)}", style="yellow", highlight=False)
    console.print(
        f"{view.considered_count} considered 参评, {view.feasible_count} feasible 可行, {view.seconds_s:.1f} s", highlight=False
    )


def _ranking(view: ChoiceView, before: ChoiceView | None, top: int, say: Say) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "combination\n车列", title=say(view.title_en, view.title_zh), pad_edge=False, padding=(0, 1, 0, 0))
    money = view.currency
    heads = "payload\n装载 t", f"{money}/km\n成本", f"{money}/tkm\n吨公里", "/100 km\n能耗", "h\n时间", "kg CO2\n/km"
    for head in heads if before is None else ("before\n之前", f"{money}/km\n之后", f"{money}/tkm\n吨公里", "change\n变化"):
        table.add_column(head, justify="right", no_wrap=True)
    old = {row.candidate_id: row for row in before.rows} if before else {}
    for row in view.rows[:top]:
        figures = _changed(row, old) if before else _figures(row)
        table.add_row(f"{row.rank}{'*' if row.best else ''}", escape(say(row.title_en, row.title_zh)), *figures)
    table.caption = "* " + say(
        "nothing else is better in cost, time, energy, payload and CO2 at once", "成本、时间、能耗、装载、碳排放无一车列全面更优"
    )
    return table


def _why(rows: Sequence[Row], say: Say) -> Table:
    """Why each row stands where it does."""
    from rich.markup import escape
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    for row in rows:
        grid.add_row(str(row.rank), f"[dim]{escape(say(row.reason_en, row.reason_zh))}[/dim]")
    return grid


def _figures(row: Row) -> tuple[str, ...]:
    return (
        f"{row.payload_kg / TONNE:.1f}", _money(row.cost, KM), _money(row.cost_tkm, KM * TONNE, 3), _energy(row),
        "" if row.time_s is None else f"{row.time_s / HOUR:.1f}", "" if row.co2_kgpm is None else f"{row.co2_kgpm * KM:.2f}",
    )  # fmt: skip


def _changed(row: Row, old: Mapping[str, Row]) -> tuple[str, ...]:
    earlier = old.get(row.candidate_id)
    change = ""
    if earlier and earlier.cost and row.cost and earlier.cost.value and row.cost.value:
        change = f"{100 * (row.cost.value / earlier.cost.value - 1):+.1f} %"
    first = f"#{earlier.rank} {_money(earlier.cost, KM)}" if earlier else "-"
    return first, _money(row.cost, KM), _money(row.cost_tkm, KM * TONNE, 3), change


def _money(finding: Any, factor: float, digits: int = 2) -> str:
    return "" if finding is None or finding.value is None else f"{finding.value * factor:.{digits}f}"


def _energy(row: Row) -> str:
    parts = [f"{row.fuel_kgpm * 100 * KM:.1f} kg"] if row.fuel_kgpm else []
    return "\n".join([*parts, *([f"{row.electric_jpm * 100 * KM / KWH:.0f} kWh"] if row.electric_jpm else [])])


def _side_by_side(view: ChoiceView, details: Sequence[CandidateDetail], say: Say) -> Table:
    from rich.table import Table

    table = Table("", title="side by side 并排比较", pad_edge=False)
    for one in details:
        table.add_column(f"#{one.row.rank} {say(one.row.title_en, one.row.title_zh)}", justify="right")
    heads = "payload 装载 t", f"{view.currency}/km", f"{view.currency}/tkm", "/100 km", "h", "kg CO2/km"
    for head, *cells in zip(heads, *(_figures(one.row) for one in details), strict=True):
        table.add_row(head, *cells)
    table.add_section()
    lines = {line.name: line for one in details for line in one.costs}
    for name, line in lines.items():
        costs = [{item.name: item.value for item in one.costs}.get(name, 0.0) for one in details]
        if any(abs(cost) * KM >= 0.005 for cost in costs):
            table.add_row(say(line.title_en, line.title_zh), *(f"{cost * KM:.2f}" for cost in costs))
    table.add_section()
    table.add_row("tightest check 最紧校核", *(_tightest(one, say) for one in details))
    stops = [f"{len(one.plan)}, {sum(stop.duration_s for stop in one.plan) / 60:.0f} min" for one in details]
    table.add_row("stops a day 日补能", *stops)
    return table


def _tightest(one: CandidateDetail, say: Say) -> str:
    first = next((check for check in one.checks if check.margin_ratio is not None and check.unit != COUNTS), None)
    return "" if first is None else f"{say(first.title_en, first.title_zh)} {100 * (first.margin_ratio or 0.0):+.0f} %"


def _rejected(view: ChoiceView, top: int, say: Say) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("n", "rejected for 落选原因", title="rejected 落选", pad_edge=False, show_lines=False)
    for english, chinese, count in view.refused[:top]:
        table.add_row(str(count), say(english, chinese))
    table.add_section()
    for row in _one_each(view.rejected)[:top]:
        table.add_row("", f"{say(row.title_en, row.title_zh)}\n[dim]{escape(say(row.reason_en, row.reason_zh))}[/dim]")
    return table


def _one_each(rows: Sequence[Row]) -> list[Row]:
    """An example of every reason: the first row that names a failure not yet shown."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.reason_en.split(":")[0], row)
    return list(found.values())


def _show_options(console: Console, found: ChoiceOptions) -> None:
    from rich.table import Table

    from fifthwheel.choose.duty import examples, keys

    table = Table("key", "accepted", "", title="what a mission may say 任务文件可用的键与名称", pad_edge=False)
    for name in examples():
        table.add_row("(example)", name, "fifthwheel choose " + name)
    table.add_section()
    for one in keys():
        table.add_row(f"{one.section}.{one.key}", one.accepted, f"{one.title_zh} {one.title_en}")
    table.add_row("road.back", "empty, laden, none", "回程：空驶、满载、无 way back")
    table.add_section()
    groups = {
        "road.mission": found.missions, "cargo.kind": found.cargoes, "region": found.regions, "rules": found.rules,
        "energies": found.energies, "tractors": found.tractors, "trailers": found.trailers,
    }  # fmt: skip
    for key, options in groups.items():
        for option in options:
            table.add_row(key, option.name, f"{option.title_zh} {option.title_en}")
        table.add_section()
    for region, assumptions in found.assumptions.items():
        for option in assumptions:
            table.add_row(f"prices ({region})", option.name, option.detail)
    console.print(table)
