"""Writes the table of all missions into docs/missions.md, between its markers: ``.venv/bin/python scripts/missions_table.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from fifthwheel.road.mission import Mission, mission, names, roads
from fifthwheel.road.profile import STEP_M, Profile, profile
from fifthwheel.units import KMH

PAGE = Path(__file__).resolve().parents[1] / "docs" / "missions.md"
BEGIN, END = "<!-- missions: begin -->\n", "<!-- missions: end -->"
HEAD = (
    "| mission | km | min at limits | climb m/km | grade rms % | steepest %, over 1 km, over 3 km | limits km/h | halts planned"
    " + drawn per 10 km | surface | roads: source |\n|---|---|---|---|---|---|---|---|---|---|\n"
)
DAYS = 20
"""Days whose drawn halts are averaged."""


def steepest_percent(altitude_m: np.ndarray, length_m: float) -> float:
    """Steepest mean grade over `length_m` of road, either way, in percent."""
    reach = min(round(length_m / STEP_M), len(altitude_m) - 1)
    return float(100 * np.abs(altitude_m[reach:] - altitude_m[:-reach]).max() / (STEP_M * reach))


def halts(asked: Mission, made: Profile) -> str:
    """Planned halts and the mean number drawn by normal traffic in ten kilometres."""
    drawn = np.mean([len(profile(asked, np.random.default_rng(day)).stops) - len(made.stops) for day in range(DAYS)])
    return f"{len(asked.halts)} + {drawn / (made.length_m / 1e4):.1f}"


def row(name: str) -> str:
    """One mission as a row."""
    asked = mission(name)
    made = profile(asked)
    climb = float(np.diff(made.altitude_m).clip(0.0).sum())
    low, high = made.limit_mps.min() / KMH, made.limit_mps.max() / KMH
    grades = ", ".join(f"{steepest_percent(made.altitude_m, length_m):.1f}" for length_m in (STEP_M, 1e3, 3e3))
    cells = [
        f"`{name}` {asked.title_zh}", f"{made.length_m / 1e3:.1f}", f"{(STEP_M / made.limit_mps[:-1]).sum() / 60:.0f}",
        f"{climb / (made.length_m / 1e3):.1f}", f"{100 * made.sine.std():.2f}", grades,
        f"{low:.0f} to {high:.0f}", halts(asked, made), ", ".join(dict.fromkeys(roads()[road].surface for road in asked.roads)),
        f"{', '.join(dict.fromkeys(asked.roads))}: {asked.source.removeprefix('construction: ')}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def table() -> str:
    """All missions as a Markdown table."""
    return HEAD + "".join(row(name) for name in names())


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
    sys.stdout.write(f"{len(names())} missions written into {PAGE.name}\n")
