"""Figures of the trade's practice from ``practice.toml``: typical heights, limits of clutches, rests, final drives on offer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fifthwheel.errors import UnknownName


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A rest that drivers must take: after so long at the wheel, so long at least, by which rule."""

    after_s: float
    least_s: float
    source: str


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("fifthwheel.choose").joinpath("practice.toml").read_text(encoding="utf-8"))


@cache
def figures() -> Mapping[str, float]:
    """Figures by name, in SI as the name says."""
    return {name: float(row["value"]) for name, row in _tables()["figures"].items()}


def source(name: str) -> str:
    """Where a figure comes from.

    Raises
    ------
    UnknownName : no such figure.
    """
    rows = _tables()["figures"]
    if name not in rows:
        raise UnknownName("figure of practice", name, rows)
    return str(rows[name]["source"])


@cache
def rest(region: str) -> Rest:
    """Rest of drivers in a region; a user's own region has that of China."""
    rows = _tables()["rests"]
    return Rest(**rows.get(region, rows["cn"]))


@cache
def final_drives(region: str) -> tuple[float, ...]:
    """Final drives that the trade offers in a region, rising; a user's own region has those of China."""
    rows = _tables()["final_drives"]
    return tuple(rows.get(region, rows["cn"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge:
    """What a size costs more in a region's currency: a watt of engine or motor, a driven axle, a tyre a tenth easier to roll."""

    engine_pw: float
    motor_pw: float
    axle: float
    tyre: float
    source: str


@cache
def surcharge(region: str) -> Surcharge:
    """Surcharges of a region; a user's own region has those of China."""
    rows = _tables()["surcharges"]
    return Surcharge(**rows.get(region, rows["cn"]))


@cache
def sizes(what: str) -> tuple[float, ...]:
    """Sizes tried of ``torque``, ``battery`` or ``rolling``, as shares of what was bought, rising."""
    return tuple(_tables()["sizes"][what])
