"""The vehicle catalogue: tables in TOML that name each other, built into frozen records.

``catalogue/*.toml`` hold one table a kind (``[engines.NAME]``); a string where a part belongs is the part's name.
A file of a user's own adds to these tables and names its combination (see `load`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
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
        _check(part)
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


def _check(part: Part) -> None:
    if isinstance(part, Engine):
        lengths = {len(part.speed_radps), len(part.full_load_torque_nm), len(part.drag_torque_nm), len(part.brake_torque_nm)}
        if len(lengths) > 1:
            raise InputError(f"engines.{part.name}: curves of {sorted(lengths)} points; all need those of speed_radps")
        if part.fuel_map is None and part.indicated_efficiency_ratio <= 0.0:
            raise InputError(f"engines.{part.name}: needs fuel_map or indicated_efficiency_ratio")
    if isinstance(part, Gearbox):
        losses = len(part.loss_maps or part.efficiencies)
        if losses != len(part.ratios):
            raise InputError(f"gearboxes.{part.name}: {len(part.ratios)} ratios, {losses} losses; one a gear is wanted")
    if isinstance(part, Drive):
        _check_drive(part)
    if isinstance(part, Combination) and part.tractor.drive is None:
        raise InputError(f"combinations.{part.name}: {part.tractor.name} has no drive")


def _check_drive(drive: Drive) -> None:
    if drive.engine is None and drive.motor is None:
        raise InputError(f"drives.{drive.name}: needs an engine, a motor or both")
    if drive.motor is not None and drive.battery is None:
        raise InputError(f"drives.{drive.name}: a motor needs a battery")
    sources = [part for part in (drive.engine, drive.fuel_cell, drive.range_extender) if part is not None]
    if len(sources) > 1:
        raise InputError(f"drives.{drive.name}: names {len(sources)} of engine, fuel_cell, range_extender; one at most is wanted")
    if sources and sources[0] is not drive.engine and drive.motor is None:
        raise InputError(f"drives.{drive.name}: {sources[0].name} needs a motor to drive with")


def _merge(texts: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for text in texts:
        for kind, rows in tomllib.loads(text).items():
            if kind not in KINDS:
                raise UnknownName("catalogue table", kind, KINDS)
            tables.setdefault(kind, {}).update(rows)
    return tables


@cache
def _own_texts() -> tuple[str, ...]:
    folder = files("fifthwheel.vehicle").joinpath("catalogue")
    return tuple(item.read_text(encoding="utf-8") for item in sorted(folder.iterdir(), key=lambda item: item.name))


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the package."""
    return Catalogue(_merge(list(_own_texts())))


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
    try:
        text = path.read_text(encoding="utf-8")
        own = list(tomllib.loads(text).get("combinations", {}))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    if len(own) != 1:
        raise InputError(f"{path}: holds {len(own)} combinations; one [combinations.NAME] table is wanted")
    return Catalogue(_merge([*_own_texts(), text])).combination(own[0])
