"""Missions of the project's own: where a combination goes, over which roads, with which planned stops; and named places."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fifthwheel.errors import InputError, UnknownName


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place: trip ends are called after the nearest."""

    slug: str
    name_en: str
    name_zh: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A class of road, as the profile generator builds it.

    Attributes
    ----------
    grade_rms_ratio, grade_limit_ratio : spread and bound of the slope.
    bend_m, bend_length_m : size and wavelength of its bends.
    halt_spacing_m, halt_s : mean distance and duration of halts at signals and queues; zero spacing means none.
    surface : asphalt, concrete, gravel or earth; surface_ratio : its factor on rolling resistance.
    """

    name: str
    limit_mps: float
    grade_rms_ratio: float
    grade_limit_ratio: float
    bend_m: float
    bend_length_m: float
    halt_spacing_m: float
    halt_s: float
    surface: str
    surface_ratio: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A planned stop at a waypoint; the engine idles, and `working` runs the body (tipping, pumping, discharging)."""

    place: str
    duration_s: float
    working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """Where a combination goes.

    Attributes
    ----------
    waypoints : slugs of places; roads : class of road of each leg between them.
    payload_ratio : share of the payload limit that is usual there.
    seed : of everything generated (bends, slopes), so that a mission is the same everywhere.
    backwards : driven from its last waypoint to its first, over the same ground.
    """

    name: str
    title_en: str
    title_zh: str
    source: str
    waypoints: tuple[str, ...]
    roads: tuple[str, ...]
    halts: tuple[Halt, ...] = ()
    payload_ratio: float
    seed: int
    backwards: bool = False

    def back(self) -> Mission:
        """The same road the other way, usually empty: halts stay where they are, work at them is done."""
        halts = tuple(Halt(place=halt.place, duration_s=halt.duration_s) for halt in self.halts if not halt.working)
        return replace(
            self, name=f"{self.name}:back", backwards=not self.backwards, halts=halts, title_en=f"{self.title_en}, return",
            title_zh=f"{self.title_zh}（返程）", payload_ratio=0.0,
        )  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    text = files("fifthwheel.road").joinpath("missions", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _typed(row: dict[str, str], texts: set[str]) -> dict[str, Any]:
    return {key: value if key in texts else float(value) for key, value in row.items()}


@cache
def places() -> tuple[Place, ...]:
    """Every named place."""
    return tuple(Place(**_typed(row, {"slug", "name_en", "name_zh", "source"})) for row in _rows("places.csv"))


def place(slug: str) -> Place:
    """The place called `slug`."""
    known = {item.slug: item for item in places()}
    if slug not in known:
        raise UnknownName("place", slug, known)
    return known[slug]


@cache
def roads() -> dict[str, Road]:
    """Every class of road by name."""
    return {row["name"]: Road(**_typed(row, {"name", "surface", "source"})) for row in _rows("roads.csv")}


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = files("fifthwheel.road").joinpath("missions", "missions.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)["missions"]
    return tables


def _mission(name: str, row: dict[str, Any]) -> Mission:
    halts = tuple(Halt(**halt) for halt in row.get("halts", []))
    try:
        mission = Mission(name=name, **row | {"waypoints": tuple(row["waypoints"]), "roads": tuple(row["roads"]), "halts": halts})
    except (KeyError, TypeError) as error:
        raise InputError(f"mission {name}: {error}") from error
    if len(mission.roads) != len(mission.waypoints) - 1:
        raise InputError(
            f"mission {name}: {len(mission.roads)} roads for {len(mission.waypoints)} waypoints; one a leg is wanted"
        )
    for road in mission.roads:
        if road not in roads():
            raise UnknownName("road", road, roads())
    for slug in mission.waypoints:
        place(slug)
    return mission


def names() -> list[str]:
    """Names of all missions."""
    return list(_tables())


@cache
def mission(name: str) -> Mission:
    """The mission called `name`, e.g. ``trunk-jinan-weifang``; ``NAME:back`` is the return.

    Raises
    ------
    UnknownName : no such mission; the message offers the closest names.
    """
    outward, _, suffix = name.partition(":")
    if outward not in _tables() or suffix not in {"", "back"}:
        raise UnknownName("mission", name, _tables())
    found = _mission(outward, _tables()[outward])
    return found.back() if suffix else found


def load(path: Path) -> Mission:
    """The one mission of a user's TOML file (``[missions.NAME]``, waypoints by the slugs of `places`).

    Raises
    ------
    InputError : the file cannot be read, is not TOML, or holds none or several missions.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("missions", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    if len(rows) != 1:
        raise InputError(f"{path}: holds {len(rows)} missions; one [missions.NAME] table is wanted")
    return next(_mission(name, row) for name, row in rows.items())
