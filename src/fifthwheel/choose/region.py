"""What things cost in a region: assumptions in a TOML file, each with its range and source, replaceable by a user's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.quantity import Quantity
from fifthwheel.units import DAY, HOUR, KM, KWH, LITRE, MJ, TONNE

YEAR_S: Final = 365.25 * DAY
VOLUMES: Final = {"L": LITRE, "gal": 3.785411784 * LITRE}
"""Litre, and the gallon of the United States."""
PARTS: Final = VOLUMES | {
    "kg": 1.0, "t": TONNE, "kWh": KWH, "MJ": MJ, "kW": 1e3, "km": KM, "mi": 1609.344, "h": HOUR, "month": YEAR_S / 12,
    "year": YEAR_S, "1": 1.0,
}  # fmt: skip
"""SI value of what stands on either side of the strokes of a unit; a currency, and nothing, count 1."""
TITLES: Final = "titles.toml"


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

    @property
    def text(self) -> str:
        """Value, range and unit as people write them: ``7 CNY/L (6.3 to 8.2)``."""
        return f"{self.shown(self.value)} ({_four(self.low / _factor(self.unit))} to {_four(self.high / _factor(self.unit))})"

    def shown(self, value: Quantity) -> str:
        """A value of it in its own unit: ``7.4 CNY/L``."""
        return f"{_four(float(value) / _factor(self.unit))} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Assumptions by name, in one currency."""

    name: str
    currency: str
    assumptions: Mapping[str, Assumption]

    def drawn(self, rng: np.random.Generator, count: int, correlated: Mapping[tuple[str, str], float] | None = None) -> Region:
        """The region with every assumption drawn `count` times from the triangle over its range.

        Independently, but for pairs in `correlated` (``{("diesel", "lng"): 0.4}``), whose correlation is that of the normal
        variates behind them (a Gaussian copula); a name belongs to one pair at most.
        """
        draws = {
            name: replace(one, value=rng.triangular(one.low, one.value, one.high, count) if one.low < one.high else one.value)
            for name, one in self.assumptions.items()
        }
        for pair, correlation in (correlated or {}).items():
            first, second = rng.standard_normal((2, count))
            normals = first, correlation * first + (1.0 - correlation**2) ** 0.5 * second
            for name, normal in zip(pair, normals, strict=True):
                self[name]
                draws[name] = replace(draws[name], value=_triangle(self.assumptions[name], normal))
        return replace(self, assumptions=draws)

    def priced(self, prices: Mapping[str, float], source: str = "entered") -> Region:
        """The region with some values replaced, in their own unit (``{"diesel": 7.4}``); a range moves with its value.

        Raises
        ------
        UnknownName : the region has none of that name.
        """
        found = dict(self.assumptions)
        for name, price in prices.items():
            self[name]
            found[name] = _moved(found[name], price * _factor(found[name].unit), source)
        return replace(self, assumptions=found)

    def first(self, *names: str) -> str:
        """The first of the names that the region has.

        Raises
        ------
        UnknownName : the region has none of them.
        """
        for name in names:
            if name in self.assumptions:
                return name
        raise UnknownName(f"assumption of region {self.name}", " or ".join(names), self.assumptions)

    def by_volume(self, name: str) -> bool:
        """Whether an assumption is a price of a volume (``CNY/L``), not of a mass."""
        self[name]
        return self.assumptions[name].unit.rpartition("/")[-1] in VOLUMES

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
    """The region of that name, or of a TOML file, whose ``base`` names the region that it changes.

    Raises
    ------
    UnknownName : no such region. InputError : a file that cannot be read, or a value outside its own range.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"region file {name} cannot be read: {error}") from error
    elif name in regions():
        text = files("fifthwheel.choose").joinpath("regions", f"{name}.toml").read_text(encoding="utf-8")
    else:
        raise UnknownName("region", name, regions())
    try:
        return _read(Path(name), tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"region {name}: {error}; tables with value, low, high, unit and source are wanted") from error


def regions() -> tuple[str, ...]:
    """Names of the regions that come with the package."""
    folder = files("fifthwheel.choose").joinpath("regions")
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir()))


def titles(table: str) -> Mapping[str, tuple[str, str]]:
    """English and Chinese titles of ``lines`` of the ledger or of ``assumptions``, by name."""
    return {name: (pair[0], pair[1]) for name, pair in _titles()[table].items()}


def rests_on() -> Mapping[str, list[str]]:
    """What each line of the ledger rests on, as ``titles.toml`` writes it."""
    found: Mapping[str, list[str]] = _titles()["rests_on"]
    return found


@cache
def _titles() -> Mapping[str, Any]:
    return tomllib.loads(files("fifthwheel.choose").joinpath(TITLES).read_text(encoding="utf-8"))


def levelised(values: NDArray[np.float64], rate: float) -> float:
    """The one value for a life that costs as much as one value a year does: their mean, weighted by ``(1+i)^-t``.

    Examples
    --------
    >>> round(levelised(np.array([1.0, 1.0, 4.0]), 0.05), 4)
    1.9516
    """
    weights = (1.0 + rate) ** -np.arange(1.0, len(values) + 1.0)
    return float(weights @ values / weights.sum())


def _read(path: Path, table: Mapping[str, Any]) -> Region:
    """A region from its table: on top of its base, where single values may stand for whole rows."""
    base = region(table["base"]) if "base" in table else None
    known = dict(base.assumptions) if base else {}
    for key, row in table["assumptions"].items():
        if isinstance(row, Mapping) and {"low", "high"} <= row.keys():
            known[key] = _assumption(key, row)
            continue
        old = known.get(key)
        if old is None:
            raise InputError(f"assumption {key} of region {path}: value, low, high, unit and source are wanted")
        value = row["value"] if isinstance(row, Mapping) else row
        known[key] = _moved(old, value * _factor(old.unit), f"entered in {path.name}")
    return Region(name=path.stem, currency=table["currency"] if base is None else base.currency, assumptions=known)


def _moved(one: Assumption, value: float, source: str) -> Assumption:
    """Another value, with the range in proportion; about zero, the old range as far as it holds it."""
    if one.value:
        low, high = sorted((one.low * value / float(one.value), one.high * value / float(one.value)))
    else:
        low, high = min(one.low, value), max(one.high, value)
    return replace(one, value=value, low=low, high=high, source=source)


def _triangle(one: Assumption, normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws from the triangle over a range with given normal variates: its inverse distribution."""
    from scipy.stats import norm, triang

    width = one.high - one.low
    if width <= 0.0:
        return np.full(len(normal), one.value)
    drawn: NDArray[np.float64] = triang.ppf(norm.cdf(normal), (float(one.value) - one.low) / width, one.low, width)
    return drawn


def _four(value: float) -> str:
    """Four digits, and never an exponent: prices of vehicles are read by buyers."""
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"


def _factor(unit: str) -> float:
    over, *under = unit.split("/")
    return PARTS.get(over, 1.0) / prod(PARTS.get(part, 1.0) for part in under)


def _assumption(name: str, row: Mapping[str, Any]) -> Assumption:
    if not row["low"] <= row["value"] <= row["high"]:
        raise InputError(f"assumption {name}: {row['value']} {row['unit']} is not from {row['low']} to {row['high']}")
    unknown = [part for part in row["unit"].split("/") if part not in PARTS and not (part.isupper() and len(part) == 3) and part]
    if unknown:
        raise InputError(f"assumption {name}: unit {row['unit']!r}; a currency, {', '.join(PARTS)} and quotients are accepted")
    factor = _factor(row["unit"])
    values = {key: row[key] * factor for key in ("value", "low", "high")}
    return Assumption(name=name, **values, unit=row["unit"], source=row["source"])
