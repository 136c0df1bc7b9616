"""Write the table of versions into the READMEs and docs/versions.md: one tractor and trailer on three missions.

Run: ``python scripts/versions_table.py``. Text between the markers is replaced; nothing else is touched.
"""

from __future__ import annotations

import re
from pathlib import Path

from fifthwheel.cli.compare import VERSION_TITLES
from fifthwheel.fleet.compare import Compared, compare_versions
from fifthwheel.units import CELSIUS_ZERO_K, KM, KWH, LITRE, MJ

ROOT = Path(__file__).resolve().parents[1]
MISSIONS = ("trunk-jinan-qingdao", "regional-weifang-linqu", "mountain-taian-yiyuan")
MARKED = "<!-- versions{}: begin -->\n{}\n<!-- versions{}: end -->"


def summary(all_runs: list[Compared], *, chinese: bool) -> str:
    """A row a version, a column a mission: energy and cost against the units bought apart."""
    head = ("version" if not chinese else "版本", *MISSIONS)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for index, row in enumerate(all_runs[0].last_of_versions):
        title = VERSION_TITLES[row.version][chinese]
        cells = []
        for run in all_runs:
            own, first = run.last_of_versions[index], run.rows[0]
            saved = 100 * (own.energy_jpm / first.energy_jpm - 1), 100 * (own.cost_pm / first.cost_pm - 1)
            litres = 100 * KM * own.fuel_kgpm / 835.0 / LITRE
            grid = 100 * KM * own.grid_jpm / KWH
            plug = f" + {grid:.0f} kWh" if grid > 0.5 else ""
            word = ("energy", "cost") if not chinese else ("能耗", "成本")
            change = f", {word[0]} {saved[0]:+.1f} %, {word[1]} {saved[1]:+.1f} %" if index else ""
            cells.append(f"{litres:.1f} L{plug}{change}")
        lines.append(f"| **{row.version}** {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def detail(run: Compared) -> str:
    """Both tables of one mission."""
    first = run.rows[0]
    lines = [
        f"### `{run.mission}`, {first.payload_kg / 1e3:.1f} t, {first.distance_m / KM:.0f} km", "",
        "| version | L/100 km | grid kWh/100 km | energy % | CNY/km (90 %) | cost % | brake heat MJ/100 km | min "
        "| hottest brake °C | kingpin push kN | adhesion used % |", f"|{'---|' * 11}",
    ]  # fmt: skip
    for row in run.last_of_versions:
        low, high = row.cost_range_pm
        lines.append(
            f"| {row.version} {VERSION_TITLES[row.version][0]} | {100 * KM * row.fuel_kgpm / 835.0 / LITRE:.2f} "
            f"| {100 * KM * row.grid_jpm / KWH:.1f} | {100 * (row.energy_jpm / first.energy_jpm - 1):+.1f} "
            f"| {KM * row.cost_pm:.2f} ({KM * low:.2f} to {KM * high:.2f}) | {100 * (row.cost_pm / first.cost_pm - 1):+.1f} "
            f"| {100 * KM * row.friction_jpm / MJ:.1f} | {row.time_s / 60:.1f} | {row.margins.brake_k - CELSIUS_ZERO_K:.0f} "
            f"| {row.margins.push_n / 1e3:.1f} | {100 * row.margins.adhesion_ratio:.0f} |"
        )
    lines += ["", "| version | function | energy % | CNY/km | brake heat % | min | rests on |", f"|{'---|' * 7}"]
    for before, row in zip(run.rows, run.rows[1:], strict=False):
        assert row.function is not None
        heat = 100 * (row.friction_jpm / before.friction_jpm - 1) if before.friction_jpm else 0.0
        lines.append(
            f"| {row.version} | {row.function.title_en} | {100 * (row.energy_jpm / before.energy_jpm - 1):+.2f} "
            f"| {KM * (row.cost_pm - before.cost_pm):+.3f} | {heat:+.0f} | {(row.time_s - before.time_s) / 60:+.1f} "
            f"| {row.function.source} |"
        )
    return "\n".join(lines)


def put(path: Path, mark: str, text: str) -> None:
    """Replace what stands between the markers."""
    old = path.read_text(encoding="utf-8")
    new = MARKED.format(mark, text, mark)
    pattern = re.escape(f"<!-- versions{mark}: begin -->") + ".*?" + re.escape(f"<!-- versions{mark}: end -->")
    path.write_text(re.sub(pattern, lambda _: new, old, flags=re.S), encoding="utf-8")


def main() -> None:
    """Run the comparisons and write the pages."""
    runs = [compare_versions("box-49t", mission) for mission in MISSIONS]
    put(ROOT / "README.md", "", summary(runs, chinese=False))
    put(ROOT / "README.zh.md", "", summary(runs, chinese=True))
    put(ROOT / "docs" / "versions.md", "", "\n\n".join(detail(run) for run in runs))


if __name__ == "__main__":
    main()
