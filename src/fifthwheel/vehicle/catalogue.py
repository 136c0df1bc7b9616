"""The vehicle catalogue: tables in TOML that name each other, built into frozen records.

``catalogue/*.toml`` hold one table a kind (``[engines.NAME]``); a string where a part belongs is the part's name.
A folder of a user's own adds to these tables or replaces entries (`catalogue`, ``FIFTHWHEEL_CATALOGUE``); a single file of a
user's own names one combination (`load`). What contradicts itself is refused (`consistency`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from os import environ
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.body import Body, BodyKind, Section
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind
from fifthwheel.vehicle.components import (
    Auxiliary,
    AxleGroup,
    Battery,
    DriveAxle,
    Engine,
    Fuel,
    FuelCell,
    FuelMap,
    Gearbox,
    GearboxKind,
    LossMap,
    Motor,
    Part,
    RangeExtender,
    Retarder,
    Tyre,
    Use,
)
from fifthwheel.vehicle.consistency import check

Tables = Mapping[str, Mapping[str, dict[str, Any]]]

KINDS: Final[dict[str, type[Part]]] = {
    "fuels": Fuel,
    "engines": Engine,
    "gearboxes": Gearbox,
    "drive_axles": DriveAxle,
    "motors": Motor,
    "batteries": Battery,
    "fuel_cells": FuelCell,
    "range_extenders": RangeExtender,
    "retarders": Retarder,
    "tyres": Tyre,
    "auxiliaries": Auxiliary,
    "bodies": Body,
    "drives": Drive,
    "units": Unit,
    "combinations": Combination,
}
REFERENCES: Final = {
    "fuel": "fuels",
    "engine": "engines",
    "gearbox": "gearboxes",
    "axle": "drive_axles",
    "motor": "motors",
    "battery": "batteries",
    "fuel_cell": "fuel_cells",
    "range_extender": "range_extenders",
    "retarder": "retarders",
    "body": "bodies",
    "drive": "drives",
    "tractor": "units",
    "trailer": "units",
}


FOLDER_VARIABLE: Final = "FIFTHWHEEL_CATALOGUE"
"""Environment variable that names the folder of a user's own catalogue files."""


class Catalogue:
    """Parts, units and combinations by name, built on demand from `tables` (kind, name, fields)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def names(self, kind: str) -> list[str]:
        """Names in one table, in its order."""
        return list(self._tables.get(kind, {}))

    def build(self, kind: str, name: str) -> Any:
        """The record called `name` with everything it refers to.

        Raises
        ------
        UnknownName : no such entry. InputError : a field that the kind does not have, or lacks.
        """
        table = self._tables.get(kind, {})
        if name not in table:
            raise UnknownName(f"entry of {kind}", name, table)
        cls = KINDS[kind]
        unknown = sorted(set(table[name]) - {field.name for field in fields(cls)})
        if unknown:
            raise InputError(f"{kind}.{name}: unknown field {', '.join(unknown)}")
        try:
            part = cls(name=name, **{key: self._value(key, value) for key, value in table[name].items()})
        except (TypeError, ValueError) as error:
            raise InputError(f"{kind}.{name}: {error}") from error
        check(part)
        return part

    def combination(self, name: str) -> Combination:
        """The combination called `name`."""
        combination: Combination = self.build("combinations", name)
        return combination

    def unit(self, name: str) -> Unit:
        """The tractor, rigid or trailer called `name`."""
        unit: Unit = self.build("units", name)
        return unit

    def _value(self, key: str, value: Any) -> Any:
        if key in REFERENCES:
            return self.build(REFERENCES[key], value)
        if key == "auxiliaries":
            return tuple(self.build("auxiliaries", item) for item in value)
        if key == "axles":
            return tuple(
                AxleGroup(**group | {"tyre": self.build("tyres", group["tyre"]), "positions_m": tuple(group["positions_m"])})
                for group in value
            )
        if key in NESTED:
            return NESTED[key](value)
        return tuple(value) if isinstance(value, list) else value


def _columns(cls: type[FuelMap | LossMap], table: dict[str, list[float]]) -> Any:
    return cls(**{key: tuple(column) for key, column in table.items()})


NAMED: Final = (GearboxKind, UnitKind, BodyKind)
"""What a field called ``kind`` may be; their values differ."""


def _kind(value: str) -> StrEnum:
    known = {str(member): member for kind in NAMED for member in kind}
    if value not in known:
        raise UnknownName("kind", value, known)
    return known[value]


NESTED: Final[dict[str, Callable[[Any], Any]]] = {
    "kind": _kind,
    "section": Section,
    "use": Use,
    "fuel_map": lambda value: _columns(FuelMap, value),
    "loss_map": lambda value: _columns(LossMap, value),
    "loss_maps": lambda value: tuple(_columns(LossMap, item) for item in value),
}


def _merge(texts: Mapping[str, str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Tables of several files by kind and name; a later file replaces an earlier one's entry of the same name."""
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for path, text in texts.items():
        try:
            read = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{path}: {error}") from error
        for kind, rows in read.items():
            if kind not in KINDS:
                raise UnknownName("catalogue table", kind, KINDS)
            tables.setdefault(kind, {}).update(rows)
    return tables


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error


@cache
def _texts(folder: Path | None) -> dict[str, str]:
    """The package's files, then those of a user's folder."""
    own = files("fifthwheel.vehicle").joinpath("catalogue")
    texts = {item.name: item.read_text(encoding="utf-8") for item in sorted(own.iterdir(), key=lambda item: item.name)}
    if folder is None:
        return texts
    added = sorted(folder.glob("*.toml"))
    if not added:
        raise InputError(f"{folder}: no .toml file; a folder of catalogue files is wanted")
    return texts | {str(path): _read(path) for path in added}


def own_folder() -> Path | None:
    """The user's folder beside the package's catalogue: what ``FIFTHWHEEL_CATALOGUE`` says, else none."""
    said = environ.get(FOLDER_VARIABLE)
    return Path(said) if said else None


@cache
def _catalogue(folder: Path | None) -> Catalogue:
    whole = Catalogue(_merge(_texts(folder)))
    if folder is not None:
        for kind, rows in _merge({str(path): _read(path) for path in sorted(folder.glob("*.toml"))}).items():
            for name in rows:
                whole.build(kind, name)
    return whole


def catalogue(folder: Path | None = None) -> Catalogue:
    """The package's catalogue with the tables of a user's `folder` (else of `own_folder`) over it.

    Every entry of the folder is built at once, so that a wrong one is refused here and not in the middle of a choice.

    Raises
    ------
    InputError : a file that cannot be read, a table or field that is not known, figures that contradict each other.
    """
    return _catalogue(folder or own_folder())


def names() -> list[str]:
    """Names of all combinations."""
    return catalogue().names("combinations")


@cache
def combination(name: str) -> Combination:
    """The combination called `name`, e.g. ``diesel-6x4-stake``.

    Raises
    ------
    UnknownName : no such combination; the message offers the closest names.
    """
    return catalogue().combination(name)


def load(path: Path) -> Combination:
    """The combination of a user's TOML file: its tables join the catalogue's, and it holds exactly one combination.

    Raises
    ------
    InputError : the file cannot be read, is not TOML, or holds none or several combinations.
    """
    added = {str(path): _read(path)}
    own = list(_merge(added).get("combinations", {}))
    if len(own) != 1:
        raise InputError(f"{path}: holds {len(own)} combinations; one [combinations.NAME] table is wanted")
    return Catalogue(_merge(_texts(own_folder()) | added)).combination(own[0])
