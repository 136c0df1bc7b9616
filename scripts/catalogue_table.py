"""Write the tables of docs/catalogue.md: what the catalogue has, and the names of the prices that a region says.

Run: ``python scripts/catalogue_table.py``. Text between the markers is replaced; nothing else is touched.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from fifthwheel.units import KWH
from fifthwheel.vehicle.catalogue import Catalogue, catalogue
from fifthwheel.vehicle.listing import Entry, Family, entries

PAGE = Path(__file__).resolve().parents[1] / "docs" / "catalogue.md"
TITLES = {
    Family.TRACTOR: "Tractors", Family.CHASSIS: "Chassis (rigids without a body)", Family.RIGID: "Complete rigids",
    Family.TRAILER: "Semi-trailers", Family.BODY: "Bodies for chassis",
}  # fmt: skip
HEAD = ("name", "what", "名称", "market", "axles", "energy", "kW", "kWh", "t", "axles' limit t", "m³", "source")


def table(rows: list[Entry]) -> str:
    """A row an entry; a star marks one that is of a single model."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    for row in rows:
        numbers = [
            (row.power_w / 1e3, ".0f"), (row.stored_j / KWH, ".0f"), (row.mass_kg / 1e3, ".2f"), (row.load_limit_kg / 1e3, ".1f"),
            (row.volume_m3, ".0f"),
        ]  # fmt: skip
        star = "" if row.generic else " \\*"
        cells = [f"`{row.name}`{star}", row.title_en, row.title_zh, " ".join(row.markets), row.axles, row.energy]
        cells += [format(value, form) if value else "" for value, form in numbers]
        lines.append(f"| {' | '.join([*cells, row.source])} |")
    return "\n".join(lines)


def units(rows: tuple[Entry, ...]) -> str:
    """All tables, a heading a family."""
    parts = []
    for family, found in groupby(rows, key=lambda row: row.family):
        some = list(found)
        parts.append(f"### {TITLES[family]}: {len(some)}\n\n{table(some)}")
    return "\n\n".join(parts)


def prices(whole: Catalogue) -> str:
    """Names of prices, and what bears them."""
    bearers: dict[str, list[str]] = {}
    records = [whole.unit(name) for name in whole.names("units")] + [
        whole.build("bodies", name) for name in whole.names("bodies")
    ]
    for record in records:
        if record.price:
            bearers.setdefault(record.price, []).append(record.name)
    lines = ["| price | of |", "|---|---|"]
    return "\n".join(lines + [f"| `{price}` | {', '.join(f'`{name}`' for name in names)} |" for price, names in bearers.items()])


def main() -> None:
    """Replace what stands between the markers."""
    whole = catalogue()
    text = PAGE.read_text(encoding="utf-8")
    for name, block in (("units", units(entries(whole))), ("prices", prices(whole))):
        parts = re.fullmatch(rf"(.*<!-- {name}: begin -->\n).*(\n<!-- {name}: end -->.*)", text, flags=re.DOTALL)
        assert parts, f"markers of {name}"
        text = parts[1] + block + parts[2]
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
