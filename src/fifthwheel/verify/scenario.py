"""Scenarios as data: a kind and axes whose product makes the cases; read from the package's files or a user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import FifthwheelError, InputError, UnknownName
from fifthwheel.verify.kind import Kind, Tuning, Value
from fifthwheel.verify.kinds import KINDS
from fifthwheel.verify.requirement import Requirement, requirement_from

KEYS: Final = ("kind", "title_en", "title_zh", "axes", "rows", "calibration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One point of a scenario: all its parameters, and the calibration values that differ."""

    scenario: str
    kind: str
    number: int
    parameters: Mapping[str, Value]
    tuning: Tuning = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Scenario and number, e.g. ``shift_matrix#17``."""
        return f"{self.scenario}#{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of scenario and what is varied.

    Attributes
    ----------
    axes : values of each parameter; their product makes the cases. rows : points that set several parameters at once, one more
        axis of the product. calibration : values of the control unit that differ.
    """

    name: str
    kind: str
    title_en: str
    title_zh: str
    axes: Mapping[str, tuple[Value, ...]]
    rows: tuple[Mapping[str, Value], ...] = ({},)
    calibration: Tuning = field(default_factory=dict)

    def cases(self) -> Iterator[Case]:
        """Every case that can happen, numbered from 1 over the whole product."""
        kind = KINDS[self.kind]
        points = product(self.rows, product(*self.axes.values()))
        for index, (row, point) in enumerate(points, start=1):
            parameters = kind.complete({**dict(zip(self.axes, point, strict=True)), **row})
            if kind.possible(parameters):
                yield Case(scenario=self.name, kind=self.kind, number=index, parameters=parameters, tuning=dict(self.calibration))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Requirements and scenarios by name."""

    requirements: Mapping[str, Requirement]
    scenarios: Mapping[str, Scenario]


def own_suite() -> Suite:
    """The requirements and scenarios that come with the package."""
    folder = files("fifthwheel.verify")
    texts = [("requirements.toml", folder.joinpath("requirements.toml").read_text(encoding="utf-8"))]
    scenarios = sorted(folder.joinpath("scenarios").iterdir(), key=lambda item: item.name)
    texts += [(f"scenarios/{item.name}", item.read_text(encoding="utf-8")) for item in scenarios if item.name.endswith(".toml")]
    return _merged([suite_from(place, text) for place, text in texts])


def user_suite(path: Path) -> Suite:
    """Requirements and scenarios of a user's TOML file.

    Raises
    ------
    InputError : the file cannot be read, is not TOML, or names something that is not accepted; the message says where.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}; a TOML file is wanted") from error
    found = suite_from(str(path), text)
    if not found.requirements and not found.scenarios:
        raise InputError(f"{path}: holds nothing; tables [scenarios.NAME] and [requirements.ID] are accepted")
    return found


def joined(first: Suite, second: Suite) -> Suite:
    """Both; where a name stands in both, the second's."""
    return Suite(requirements={**first.requirements, **second.requirements}, scenarios={**first.scenarios, **second.scenarios})


def suite_from(place: str, text: str) -> Suite:
    """Requirements and scenarios of a TOML text; `place` is its file, for messages."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{place}: {error}") from error
    for table, rows in tables.items():
        if table not in {"requirements", "scenarios"}:
            raise InputError(f"{place}, table {table}: not known; requirements and scenarios are accepted")
        for name, row in rows.items() if isinstance(rows, dict) else [("", None)]:
            if not isinstance(row, dict):
                raise InputError(f"{place}, table {table}, key {name}: {row!r}; a table [{table}.NAME] is accepted")
    return Suite(
        requirements={name: requirement_from(place, name, row, KINDS) for name, row in tables.get("requirements", {}).items()},
        scenarios={name: _scenario(place, name, row) for name, row in tables.get("scenarios", {}).items()},
    )


def _merged(suites: list[Suite]) -> Suite:
    made = Suite(requirements={}, scenarios={})
    for suite in suites:
        made = joined(made, suite)
    return made


def _scenario(place: str, name: str, row: Mapping[str, Any]) -> Scenario:
    where = f"{place}, table scenarios.{name}"
    for key in row:
        if key not in KEYS:
            raise InputError(f"{where}, key {key}: not a key of a scenario; {', '.join(KEYS)} are accepted")
    if row.get("kind") not in KINDS:
        raise UnknownName(f"kind of scenario ({where}, key kind)", str(row.get("kind")), KINDS)
    kind = KINDS[row["kind"]]
    axes = {key: tuple(value) if isinstance(value, list) else (value,) for key, value in row.get("axes", {}).items()}
    rows = tuple(row.get("rows", [{}])) or ({},)
    _accept(where, kind, axes, rows)
    known = {one.name for one in kind.tunes()}
    for key, value in row.get("calibration", {}).items():
        if key not in known:
            raise UnknownName(f"calibration value of {kind.name} ({where}, key calibration)", key, known)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{where}, key calibration.{key}: {value!r}; a number is accepted")
    return Scenario(
        name=name,
        kind=kind.name,
        title_en=row.get("title_en", kind.title_en),
        title_zh=row.get("title_zh", kind.title_zh),
        axes=axes,
        rows=rows,
        calibration=dict(row.get("calibration", {})),
    )


def _accept(where: str, kind: Kind, axes: Mapping[str, tuple[Value, ...]], rows: tuple[Mapping[str, Value], ...]) -> None:
    """Every value of every axis and row, each alone, is one that the kind takes."""
    points = [(f"axes.{key}", {key: value}) for key, values in axes.items() for value in values or (None,)]
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InputError(f"{where}, key rows: {row!r}; a list of tables is accepted")
        points += [(f"rows[{index}].{key}", {key: value}) for key, value in row.items()]
    for key, point in points:
        try:
            kind.complete(point)  # type: ignore[arg-type]
        except FifthwheelError as error:
            raise InputError(f"{where}, key {key}: {error}") from error
