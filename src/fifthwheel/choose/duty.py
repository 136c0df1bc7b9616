"""The work that a combination is chosen for: road, cargo, place, energy at hand and limits, as a MISSION.toml says it.

`duty.csv` lists every number of a MISSION.toml, which is also the JSON body of the API: its section and key, unit, what is
accepted, and its title. Texts and lists are `name title_en title_zh region rules energies tractors trailers`, ``[road] mission
back``, ``[cargo] kind drops`` and ``[prices]``, which replaces assumptions of the region in their own unit.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import inf
from pathlib import Path
from typing import Any, Final

from fifthwheel.choose.region import region
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import CELSIUS_ZERO_K, HOUR, KM, KMH, TONNE
from fifthwheel.vehicle.body import BodyKind

UNITS: Final = {
    "km": KM, "t": TONNE, "%": 0.01, "kW": 1e3, "h": HOUR, "min": 60.0, "km/h": KMH, "kg/m³": 1.0, "year": 1.0, "": 1.0,
    "°C": 1.0,
}  # fmt: skip
TEXTS: Final = {"name", "title_en", "title_zh", "region"}
LISTS: Final = {"rules", "energies", "tractors", "trailers"}
OTHERS: Final = {"road": {"mission", "back"}, "cargo": {"kind", "drops"}}
"""Keys of a section that are no numbers."""
ROAD_FILES: Final = (".toml", ".gpx", ".csv", ".vdri")


class Return(StrEnum):
    """How the way back is driven."""

    EMPTY = "empty"
    LADEN = "laden"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A stop where part of the cargo leaves: its share of the whole, and the end it is taken from (``rear`` or ``front``)."""

    share_ratio: float
    end: str = "rear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """What is carried.

    Attributes
    ----------
    kind : name in ``cargoes.toml``; it says which bodies may carry it and how it fills them.
    mass_kg : a trip; ``None``: as much as is lawful and fits.
    density_kgpm3 : as loaded; zero takes the kind's.
    uneven_ratio : how much denser than the mean it may lie towards one end, heavier pieces there, to load the axles well; zero:
        it fills the length of the room whatever its mass.
    drops : stop by stop, in order; what is left goes at the end.
    """

    kind: str
    title_en: str
    title_zh: str
    bodies: tuple[BodyKind, ...]
    mass_kg: float | None = None
    density_kgpm3: float = 0.0
    uneven_ratio: float = 1.0
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Where energy is to be had.

    Attributes
    ----------
    depot_w, depot_s : power of a charger at the depot, and how long a vehicle stands there a day.
    public_w : power of a public charger on the way; zero: none. swap_s : time of a battery swap; zero: no station.
    reserve_ratio : share of the stored energy that is never planned.
    """

    depot_w: float = 120e3
    depot_s: float = 8 * 3600.0
    public_w: float = 240e3
    swap_s: float = 360.0
    reserve_ratio: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the work asks of a vehicle beyond the law.

    Attributes
    ----------
    start_grade_ratio : to start on. climb_grade_ratio, climb_speed_mps : a grade, and the speed to hold on it.
    friction_ratio : of the worst road. temperature_k : of the coldest day that the range is planned for.
    descent_grade_ratio, descent_speed_mps : to hold downhill without friction brakes.
    trip_s : longest time of one way; ``None``: any.
    """

    start_grade_ratio: float = 0.15
    climb_grade_ratio: float = 0.02
    climb_speed_mps: float = 50 / 3.6
    friction_ratio: float = 0.5
    temperature_k: float = 263.15
    descent_grade_ratio: float = 0.06
    descent_speed_mps: float = 30 / 3.6
    trip_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The work.

    Attributes
    ----------
    road : name of a mission, or a GPX, CSV, TOML or ``.vdri`` file, one way. grade_ratio : factor on its slopes.
    region, rules : prices, and rule sets by name; the region's usual ones where empty.
    distance_day_m, distance_year_m : driven a day and a year.
    years : that the vehicle is kept.
    temperature_k : of an ordinary day.
    energies : energy kinds that may be chosen (`Combination.energy_kind`); empty: all. tractors, trailers : names of units, of
        chassis and bodies; empty: all of the region.
    prices : assumptions of the region that are replaced, in their own unit, e.g. ``{"diesel": 7.4}``.
    """

    name: str
    title_en: str
    title_zh: str
    road: str
    grade_ratio: float = 1.0
    back: Return = Return.EMPTY
    cargo: Cargo
    region: str = "cn"
    rules: tuple[str, ...] = ()
    distance_day_m: float = 600e3
    distance_year_m: float = 140e6
    years: float = 5.0
    temperature_k: float = 293.15
    supply: Supply = field(default_factory=Supply)
    limits: Limits = field(default_factory=Limits)
    energies: tuple[str, ...] = ()
    tractors: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    prices: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A number that a mission may hold: where, in which unit, what is accepted, and which field of the duty it fills."""

    section: str
    key: str
    field: str
    unit: str
    low: float
    high: float
    title_en: str
    title_zh: str

    def si(self, value: Any) -> float:
        """The value in SI.

        Raises
        ------
        InputError : no number, or one that is not accepted.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            shown = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)
            raise InputError(f"{self.section}.{self.key}: {shown} {self.unit}".rstrip() + f"; {self.accepted} is accepted")
        return value * UNITS[self.unit] + self.offset

    def shown(self, value: float) -> float:
        """The value of SI in the key's own unit, rounded to nine digits."""
        return float(f"{(value - self.offset) / UNITS[self.unit]:.9g}")

    @property
    def offset(self) -> float:
        """Zero of the unit in SI."""
        return CELSIUS_ZERO_K if self.unit == "°C" else 0.0

    @property
    def accepted(self) -> str:
        """What is accepted, in words."""
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()


@cache
def keys() -> tuple[Key, ...]:
    """Every number that a mission may hold, in the order of `duty.csv`."""
    text = files("fifthwheel.choose").joinpath("duty.csv").read_text(encoding="utf-8")
    return tuple(
        Key(**row | {"low": float(row["low"]), "high": float(row["high"])})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    )


@cache
def cargoes() -> dict[str, dict[str, Any]]:
    """Kinds of cargo by name: titles, bodies that may carry it, and its density as loaded (`cargoes.toml`)."""
    table: dict[str, dict[str, Any]] = tomllib.loads(_own("cargoes.toml").read_text(encoding="utf-8"))
    return table


def examples() -> dict[str, Traversable]:
    """Example missions of the package by name."""
    found = sorted(_own("duties").iterdir(), key=lambda item: item.name)
    return {item.name.removesuffix(".toml"): item for item in found}


def _own(name: str) -> Traversable:
    return files("fifthwheel.choose").joinpath(name)


def read(name_or_path: str | Path) -> Duty:
    """The duty of a MISSION.toml, or the example of that name; a road's or region's file stands beside the mission's.

    Raises
    ------
    InputError : the file cannot be read, or holds what is not accepted; the message names key, value, unit and what is.

    Examples
    --------
    >>> duty = read("trunk-30t")
    >>> duty.cargo.mass_kg, duty.distance_day_m
    (30000.0, 600000.0)
    """
    text, path = str(name_or_path), Path(name_or_path)
    if path.suffix.lower() != ".toml":
        if text not in examples():
            raise UnknownName("mission (a .toml file or an example)", text, examples())
        return from_table(tomllib.loads(examples()[text].read_text(encoding="utf-8")) | {"name": text})
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    return from_table({"name": path.stem} | table, folder=path.parent)


def from_table(table: Mapping[str, Any], *, folder: Path | None = None) -> Duty:
    """The duty of a table in human units.

    Parameters
    ----------
    folder : where road and region files are looked for; ``None`` (as for a table from the network) takes names only.

    Raises
    ------
    InputError : a key or value that is not accepted, with its unit and what is; or ``road.mission`` or ``cargo.kind`` missing.
    """
    sections = {section: _section(table, section) for section in ("road", "cargo", "work", "supply", "limits", "prices")}
    _known("mission", table, TEXTS | LISTS | set(sections))
    numbers = {section: _numbers(section, rows) for section, rows in sections.items() if section != "prices"}
    texts = {key: _text(key, table[key]) for key in TEXTS & set(table)}
    lists = {key: _texts(key, table[key]) for key in LISTS & set(table)}
    where = _named(texts.get("region", "cn"), folder, (".toml",), "region")
    way = _named(_text("road.mission", sections["road"].get("mission")), folder, ROAD_FILES, "road.mission")
    name = texts.get("name", "mission")
    given: dict[str, Any] = texts | lists | numbers["road"] | numbers["work"]
    given |= {"name": name, "title_en": texts.get("title_en", name), "title_zh": texts.get("title_zh", name), "region": where}
    return Duty(
        **given, road=way, back=_back(sections["road"].get("back", "empty")), cargo=_cargo(sections["cargo"], numbers["cargo"]),
        supply=Supply(**numbers["supply"]), limits=Limits(**numbers["limits"]), prices=_prices(sections["prices"], where),
    )  # fmt: skip


def _section(table: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    rows = table.get(section, {})
    if not isinstance(rows, Mapping):
        raise InputError(f"{section}: {rows!r}; a table [{section}] is wanted")
    return rows


def _known(where: str, rows: Iterable[str], known: set[str]) -> None:
    for key in rows:
        if key not in known:
            raise UnknownName(f"key of {where}", key, known)


def _numbers(section: str, rows: Mapping[str, Any]) -> dict[str, float]:
    mine = {key.key: key for key in keys() if key.section == section}
    others = OTHERS.get(section, set())
    _known(f"[{section}]", rows, set(mine) | others)
    return {mine[key].field: mine[key].si(value) for key, value in rows.items() if key in mine and value is not None}


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(f"{key}: {value!r}; a text is wanted")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise InputError(f"{key}: {value!r}; a list of names is wanted")
    return tuple(_text(key, one) for one in value)


def _named(name: str, folder: Path | None, suffixes: tuple[str, ...], key: str) -> str:
    """A name, or the path of a file that stands in `folder`."""
    if Path(name).suffix.lower() not in suffixes:
        return name
    if folder is None:
        raise InputError(f"{key}: {name!r} is a file; a name is wanted here")
    return str(folder / name)


def _back(value: Any) -> Return:
    if value not in set(Return):
        raise InputError(f"road.back: {value!r}; {', '.join(Return)} is accepted")
    return Return(value)


def _cargo(rows: Mapping[str, Any], numbers: dict[str, float]) -> Cargo:
    kind = _text("cargo.kind", rows.get("kind"))
    if kind not in cargoes():
        raise UnknownName("cargo", kind, cargoes())
    row = cargoes()[kind]
    usual = {"density_kgpm3": row["density_kgpm3"], "uneven_ratio": row.get("uneven_ratio", 1.0)} | numbers
    drops = rows.get("drops", [])
    if not isinstance(drops, list | tuple):
        raise InputError(f"cargo.drops: {drops!r}; a list of {{ share_percent, end }} is wanted")
    return Cargo(
        kind=kind, title_en=row["title_en"], title_zh=row["title_zh"], bodies=tuple(BodyKind(body) for body in row["bodies"]),
        drops=tuple(_drop(drop) for drop in drops), **usual,
    )  # fmt: skip


def _drop(row: Any) -> Drop:
    share, end = (row.get("share_percent"), row.get("end", "rear")) if isinstance(row, Mapping) else (None, row)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 < share <= 100.0 or end not in {"rear", "front"}:
        raise InputError(f"cargo.drops: {row!r}; share_percent above 0 to 100 % and end rear or front are accepted")
    return Drop(share_ratio=share / 100.0, end=end)


def _prices(rows: Mapping[str, Any], where: str) -> dict[str, float]:
    known = region(where).assumptions
    for name, value in rows.items():
        if name not in known:
            raise UnknownName(f"assumption of region {where}", name, known)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value < inf:
            raise InputError(f"prices.{name}: {value!r} {known[name].unit}; a number from 0 is accepted")
    return {name: float(value) for name, value in rows.items()}


def table_of(duty: Duty) -> dict[str, Any]:
    """The table that `from_table` reads as `duty`, with every default written out."""
    owners: dict[str, Any] = {"road": duty, "work": duty, "cargo": duty.cargo, "supply": duty.supply, "limits": duty.limits}
    sections: dict[str, dict[str, Any]] = {
        "road": {"mission": duty.road, "back": str(duty.back)}, "cargo": {"kind": duty.cargo.kind}, "work": {}, "supply": {},
        "limits": {},
    }  # fmt: skip
    for key in keys():
        value = getattr(owners[key.section], key.field)
        if value is not None:
            sections[key.section][key.key] = key.shown(value)
    if duty.cargo.drops:
        sections["cargo"]["drops"] = [{"share_percent": 100.0 * one.share_ratio, "end": one.end} for one in duty.cargo.drops]
    plain = {key: getattr(duty, key) for key in ("name", "title_en", "title_zh", "region")}
    lists = {key: list(getattr(duty, key)) for key in ("rules", "energies", "tractors", "trailers")}
    return plain | lists | sections | {"prices": dict(duty.prices)}


def changed(duty: Duty, departures: Mapping[str, float | None], prices: Mapping[str, float]) -> Duty:
    """The duty with numbers replaced, by field in SI (``None`` leaves one), and with prices in their own unit.

    Raises
    ------
    InputError : a value that is not accepted.
    """
    by_field = {key.field: key for key in keys() if key.section in {"road", "work", "cargo"}}
    given: dict[str, Any] = {name: value for name, value in departures.items() if value is not None}
    for name, value in given.items():
        by_field[name].si(by_field[name].shown(value))
    cargo = replace(duty.cargo, mass_kg=given.pop("mass_kg", duty.cargo.mass_kg))
    return replace(duty, **given, cargo=cargo, prices=duty.prices | _prices(prices, duty.region))
