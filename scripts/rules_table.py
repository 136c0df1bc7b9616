"""Write all rows of all rule sets into docs/rules.md."""

from __future__ import annotations

import re
from pathlib import Path

from fifthwheel.vehicle.rules import names, rule_set

PAGE = Path(__file__).resolve().parents[1] / "docs/rules.md"


def table() -> str:
    """A section a set."""
    lines = []
    for rules in map(rule_set, names()):
        lines += [f"### `{rules.name}`", "", f"{rules.title_en} · {rules.title_zh}", ""]
        lines += ["| row | limit | tag | n | title | source |", "|---|---|---|---|---|---|"]
        for row in rules.rows.values():
            limit = (row.limit_text or "–") + ("" if row.active else " (off)")
            title = f"{row.title_en} · {row.title_zh}"
            lines.append(f"| `{row.name}` | {limit} | {row.tag} | {row.sources_count} | {title} | {row.source} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Replace what stands between the markers."""
    text = PAGE.read_text(encoding="utf-8")
    marked = re.compile("<!-- rows: begin -->.*<!-- rows: end -->", re.DOTALL)
    PAGE.write_text(marked.sub(lambda _: f"<!-- rows: begin -->\n{table()}<!-- rows: end -->", text), encoding="utf-8")


if __name__ == "__main__":
    main()
