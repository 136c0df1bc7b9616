"""The vehicle catalogue: tables in TOML that name each other, built into frozen records.

``catalogue/*.toml`` hold one table a kind (``[engines.NAME]``); a string where a part belongs is the part's name.
A file of a user's own adds to these tables and names its combination (see `load`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind
from fifthwheel.vehicle.components import (
    Auxiliary,
    AxleGroup,
    Battery,
    DriveAxle,
    Engine,
    Fuel,
    Gearbox,
    Motor,
    Part,
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
    "retarders": Retarder,
    "tyres": Tyre,
    "auxiliaries": Auxiliary,
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
    "retarder": "retarders",
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
            raise UnknownName(kind, name, table)
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
        if key in {"kind", "use"}:
            return UnitKind(value) if key == "kind" else Use(value)
        return tuple(value) if isinstance(value, list) else value


def _check(part: Part) -> None:
    if isinstance(part, Engine):
        lengths = {len(part.speed_radps), len(part.full_load_torque_nm), len(part.drag_torque_nm), len(part.brake_torque_nm)}
        if len(lengths) > 1:
            raise InputError(f"engines.{part.name}: curves of {sorted(lengths)} points; all need those of speed_radps")
    if isinstance(part, Drive) and (part.engine is None) == (part.motor is None):
        raise InputError(f"drives.{part.name}: needs either an engine or a motor")
    if isinstance(part, Drive) and part.motor is not None and part.battery is None:
        raise InputError(f"drives.{part.name}: a motor needs a battery")
    if isinstance(part, Combination) and part.tractor.drive is None:
        raise InputError(f"combinations.{part.name}: {part.tractor.name} has no drive")


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
