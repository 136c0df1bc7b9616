"""Rules as data: a `RuleSet` of `Row`s from TOML, in the law's own units, each with tag, dates and source.

A user's file says which set it ``extends``, and replaces or adds rows by name (see `rule_set`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import repeat
from math import inf
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import FOOT, INCH, POUND, TONNE
from fifthwheel.vehicle.law.layout import Layout, Shape

UNITS: Final = {
    "kg": {"t": TONNE, "kg": 1.0, "lb": POUND},
    "m": {"m": 1.0, "mm": 1e-3, "ft": FOOT, "in": INCH},
    "W/kg": {"kW/t": 1.0},
    "kg/m": {"t/m": TONNE},
    "": {"": 1.0, "%": 1e-2},
    "1": {"": 1.0},
}
"""SI value of the units that a limit may be written in, by the unit that its quantity has inside."""
QUANTITIES: Final = {
    "gross": "kg",
    "gross_addition": "kg",
    "tyre_pair_addition": "kg",
    "gross_per_span": "kg/m",
    "group_sum": "kg",
    "motor_gross": "kg",
    "trailer_gross": "kg",
    "group": "kg",
    "sub_group": "kg",
    "bridge": "kg",
    "tandem_pair": "kg",
    "length": "m",
    "trailer_length": "m",
    "width": "m",
    "height": "m",
    "kingpin_rear": "m",
    "rear_overhang": "m",
    "front_swing": "m",
    "load_to_rear": "m",
    "load_without_gap": "m",
    "turning_inner": "m",
    "tail_swing": "m",
    "wheelbase": "m",
    "drive_share": "",
    "steer_share": "",
    "power": "W/kg",
    "trailers": "1",
    "trailer_air": "",
    "endurance_brakes": "1",
    "trailer_payload": "kg",
    "tyre_load": "kg",
    "group_rating": "kg",
}
"""What a row may limit, with its unit inside; `vehicle.law.measures` and `vehicle.law.limits` say how each is measured."""
AT_LEAST: Final = frozenset({"turning_inner", "drive_share", "steer_share", "power", "trailer_air", "endurance_brakes"})
"""Quantities that must reach their limit."""
LIMIT_OF_THE_WHOLE: Final = frozenset({"group_sum", "bridge", "wheelbase", "tyre_load", "group_rating"})
"""Quantities whose limit follows from the vehicle, not from a figure in the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a row asks of one field of a `Layout` or `Shape`: one of the values `among`, or a range."""

    field: str
    among: frozenset[object] = frozenset()
    low: float = -inf
    high: float = inf
    above: bool = False
    below: bool = False

    def holds(self, of: Layout | Shape) -> bool:
        """Whether it does."""
        value = getattr(of, self.field)
        if self.among:
            return value in self.among
        low = value > self.low if self.above else value >= self.low
        return bool(low and (value < self.high if self.below else value <= self.high))


def _hold(conditions: tuple[Condition, ...], of: Layout | Shape) -> bool:
    return all(map(Condition.holds, conditions, repeat(of)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a rule set.

    Attributes
    ----------
    quantity : one of `QUANTITIES`. limit : in SI; ``None`` where nobody says it: the verdict is then "not verified".
    unit : that the file writes the limit in. when : all must hold of the vehicle. group : all must hold of the axle group.
    replaces : rows that do not count where this one does. alternative : a row that asks the same in another way: one is enough.
    step : limits of a formula are rounded to it, in SI.
    active : a row that is not is kept for a user's file to switch on, its condition cannot be seen in vehicle data.
    tag : ``S`` public source, ``C`` computed, ``K`` general knowledge that nobody has checked against the text.
    sources_count : independent sources that agree.
    """

    name: str
    quantity: str
    title_en: str
    title_zh: str
    limit: float | None
    unit: str
    when: tuple[Condition, ...]
    group: tuple[Condition, ...]
    replaces: frozenset[str]
    alternative: str
    step: float
    active: bool
    tag: str
    sources_count: int
    valid_from: date
    valid_to: date
    source: str
    note: str

    @property
    def limit_text(self) -> str:
        """The limit in the law's own unit; empty where it follows from the vehicle or nobody says it."""
        factor = UNITS[QUANTITIES[self.quantity]].get(self.unit, 1.0)
        return "" if self.limit is None else f"{self.limit / factor:,.6g} {self.unit}".strip()

    def applies(self, layout: Layout, day: date) -> bool:
        """Whether it counts for that vehicle on that day."""
        return self.active and self.valid_from <= day <= self.valid_to and _hold(self.when, layout)

    def applies_to(self, shape: Shape) -> bool:
        """Whether it counts for that axle group."""
        return _hold(self.group, shape)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleSet:
    """Rows of one edition of one law or practice.

    Attributes
    ----------
    title : how the trade calls it. successor_en, successor_zh : what follows when it ends. regions : whose usual set it is.
    split_m : axles of a unit closer than that are one group.
    """

    name: str
    title: str
    title_en: str
    title_zh: str
    version: str
    valid_from: date
    valid_to: date
    successor_en: str
    successor_zh: str
    regions: tuple[str, ...]
    split_m: float
    rows: Mapping[str, Row]


@cache
def _own() -> Mapping[str, str]:
    folder = files("fifthwheel.vehicle").joinpath("rules")
    return {
        item.name.removesuffix(".toml"): item.read_text(encoding="utf-8")
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".toml")
    }


def names() -> list[str]:
    """Names of the rule sets that come with the package."""
    return list(_own())


@cache
def usual(region: str) -> tuple[str, ...]:
    """Rule sets that a region uses where nobody says others; none for an unknown region.

    >>> usual("us")
    ('practice', 'us-federal')
    """
    return tuple(name for name in names() if region in rule_set(name).regions)


@cache
def rule_set(name: str) -> RuleSet:
    """The rule set called `name`, or that of a TOML file.

    A file with ``extends = "gb1589-2016"`` begins with the rows of that set; a row of the same name changes the keys that it
    gives, and must give its own ``tag`` and ``source``.

    Raises
    ------
    UnknownName : no such set. InputError : a file that cannot be read, or a row that is not acceptable.
    """
    table = _table(name)
    try:
        return _rule_set(Path(name).stem if name.endswith(".toml") else name, table)
    except KeyError as error:
        raise InputError(f"rule set {name}: no {error}; title_en, title_zh, version, valid_from and rows are wanted") from error
    except (TypeError, AttributeError) as error:
        raise InputError(f"rule set {name}: {error}") from error


def _table(name: str) -> dict[str, Any]:
    own = name.endswith(".toml")
    if not own and name not in _own():
        raise UnknownName("rule set", name, _own())
    try:
        table = tomllib.loads(Path(name).read_text(encoding="utf-8") if own else _own()[name])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"rule set {name}: {error}") from error
    if "extends" not in table:
        return table
    start = _table(table.pop("extends"))
    rows = dict(start.get("rows", {}))
    for key, row in table.get("rows", {}).items():
        if not {"tag", "source"} <= set(row):
            raise InputError(f"rule set {name}, row {key}: says no tag and source of its own; both are wanted with every change")
        rows[key] = rows.get(key, {}) | row
    return start | table | {"rows": rows}


def _rule_set(name: str, table: Mapping[str, Any]) -> RuleSet:
    known = {one.name for one in fields(RuleSet)} | {"split"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise InputError(f"rule set {name}: unknown key {', '.join(unknown)}; {', '.join(sorted(known))} are accepted")
    start, end = table["valid_from"], table.get("valid_to", date.max)
    rows = {key: _row(f"rule set {name}, row {key}", key, row, (start, end)) for key, row in table["rows"].items()}
    for row in rows.values():
        for other in (row.replaces | {row.alternative} - {""}) - set(rows):
            raise UnknownName(f"row (rule set {name}, row {row.name})", other, rows)
    return RuleSet(
        name=name, title=table["title"], title_en=table["title_en"], title_zh=table["title_zh"], version=str(table["version"]),
        valid_from=start, valid_to=end, successor_en=table.get("successor_en", ""), successor_zh=table.get("successor_zh", ""),
        regions=tuple(table.get("regions", ())), split_m=table.get("split", 0.0), rows=rows,
    )  # fmt: skip


ROW_KEYS: Final = {one.name for one in fields(Row)} - {"name"} | {"n"} - {"sources_count"}


def _row(where: str, name: str, row: Mapping[str, Any], dates: tuple[date, date]) -> Row:
    for key in sorted(set(row) - ROW_KEYS):
        raise UnknownName(f"key ({where})", key, ROW_KEYS)
    for key in ("quantity", "title_en", "title_zh", "tag", "source"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise InputError(f"{where}, key {key}: {row.get(key)!r}; a text is wanted")
    if row["quantity"] not in QUANTITIES:
        raise UnknownName(f"quantity ({where})", row["quantity"], QUANTITIES)
    unit, limit = row.get("unit", ""), row.get("limit")
    factors = UNITS[QUANTITIES[row["quantity"]]]
    if unit not in factors and (limit is not None or "step" in row):
        raise InputError(f"{where}: unit {unit!r}; {', '.join(repr(one) for one in factors)} are accepted for {row['quantity']}")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int | float)):
        raise InputError(f"{where}, key limit: {limit!r}; a number is accepted")
    return Row(
        name=name, quantity=row["quantity"], title_en=row["title_en"], title_zh=row["title_zh"],
        limit=None if limit is None else limit * factors[unit], unit=unit, step=row.get("step", 0.0) * factors.get(unit, 1.0),
        when=tuple(_condition(where, key, value, Layout) for key, value in row.get("when", {}).items()),
        group=tuple(_condition(where, key, value, Shape) for key, value in row.get("group", {}).items()),
        replaces=frozenset(row.get("replaces", ())), alternative=row.get("alternative", ""),
        active=row.get("active", True), tag=row["tag"],
        sources_count=row.get("n", 0), valid_from=row.get("valid_from", dates[0]), valid_to=row.get("valid_to", dates[1]),
        source=row["source"], note=row.get("note", ""),
    )  # fmt: skip


def _condition(where: str, key: str, value: Any, of: type[Layout | Shape]) -> Condition:
    known = {
        one.name.removesuffix("_m").removesuffix("_count"): one.name for one in fields(of) if one.name not in {"axles", "fitted"}
    }
    if key not in known:
        raise UnknownName(f"condition ({where})", key, known)
    if not isinstance(value, dict):
        return Condition(field=known[key], among=frozenset(value if isinstance(value, list) else [value]))
    factor = UNITS["m"].get(value.get("unit", "m"))
    unknown = set(value) - {"from", "above", "upto", "below", "unit"}
    if unknown or factor is None:
        units = ", ".join(UNITS["m"])
        raise InputError(f"{where}, {key}: {value}; from, above, upto and below with a unit of {units} are accepted")
    ends: dict[str, float] = {name: figure for name, figure in value.items() if name != "unit"}
    low, high = ends.get("above", ends.get("from", -inf)), ends.get("below", ends.get("upto", inf))
    low, high = round(low * factor, 4), round(high * factor, 4)  # as `layout.gap_m` rounds
    return Condition(field=known[key], low=low, high=high, above="above" in value, below="below" in value)
