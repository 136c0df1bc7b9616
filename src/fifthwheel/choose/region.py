"""What things cost in a region: assumptions in a TOML file, each with its range and source, replaceable by a user's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.quantity import Quantity
from fifthwheel.units import DAY, HOUR, KM, KWH, LITRE, MJ

YEAR_S: Final = 365.25 * DAY
PARTS: Final = {"L": LITRE, "kg": 1.0, "kWh": KWH, "MJ": MJ, "km": KM, "h": HOUR, "month": YEAR_S / 12, "year": YEAR_S}
"""SI value of what stands on either side of the stroke of a unit; a currency, and nothing, count 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One figure of a region in SI (money a second, a metre, a joule ...), its range for sensitivity, and where it comes from.

    `value` is an array where it was drawn (`Region.drawn`).
    """

    name: str
    value: Quantity
    low: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Assumptions by name, in one currency."""

    name: str
    currency: str
    assumptions: Mapping[str, Assumption]

    def drawn(self, rng: np.random.Generator, count: int) -> Region:
        """The region with every assumption drawn `count` times from the triangle over its range, independently."""
        draws = {
            name: replace(one, value=rng.triangular(one.low, one.value, one.high, count) if one.low < one.high else one.value)
            for name, one in self.assumptions.items()
        }
        return replace(self, assumptions=draws)

    def __getitem__(self, name: str) -> Quantity:
        """Value of an assumption, in SI.

        Raises
        ------
        UnknownName : the region has none of that name.
        """
        if name not in self.assumptions:
            raise UnknownName(f"assumption of region {self.name}", name, self.assumptions)
        return self.assumptions[name].value


@cache
def region(name: str = "cn") -> Region:
    """The region of that name, or of a TOML file.

    Raises
    ------
    UnknownName : no such region. InputError : a file that cannot be read, or a value outside its own range.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"region file {name} cannot be read: {error}") from error
    else:
        known = {one.name.removesuffix(".toml"): one for one in files("fifthwheel.choose").joinpath("regions").iterdir()}
        if name not in known:
            raise UnknownName("region", name, known)
        text = known[name].read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
        assumptions = {key: _assumption(key, row) for key, row in table["assumptions"].items()}
        return Region(name=Path(name).stem, currency=table["currency"], assumptions=assumptions)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(f"region {name}: {error}; tables with value, low, high, unit and source are wanted") from error


def _assumption(name: str, row: Mapping[str, Any]) -> Assumption:
    if not row["low"] <= row["value"] <= row["high"]:
        raise InputError(f"assumption {name}: {row['value']} {row['unit']} is not from {row['low']} to {row['high']}")
    over, _, under = row["unit"].partition("/")
    unknown = [part for part in (over, under) if part not in PARTS and part.upper() != part]
    if unknown:
        raise InputError(f"assumption {name}: unit {row['unit']!r}; a currency, {', '.join(PARTS)} and quotients are accepted")
    factor = PARTS.get(over, 1.0) / PARTS.get(under, 1.0)
    values = {key: row[key] * factor for key in ("value", "low", "high")}
    return Assumption(name=name, **values, unit=row["unit"], source=row["source"])
