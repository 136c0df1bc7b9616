"""The versions of one tractor and trailer, from bought apart to one vehicle: functions in order, each with what it changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.trip import Coordination

BRAKINGS: Final = ("separate", "combined")
FINAL_DRIVES: Final = ("bought", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How the two units are set up, as one.

    Attributes
    ----------
    combination : name in the catalogue. gap_m : between cab and trailer; `CLEAR_M` and less cost nothing.
    deflector_ratio : drag over that of a deflector set to the trailer.
    tractor_pressure_ratio, trailer_pressure_ratio : tyre pressure over nominal.
    tractor_rolling_ratio, trailer_rolling_ratio : rolling resistance over that of the catalogue's tyres.
    final_drive : as ``bought``, or ``matched`` to mission and load.
    predictive : whether speed follows predictive cruise control.
    braking : ``separate``: friction brakes slow, endurance brakes hold long descents; ``combined``: endurance brakes first.
    tractor_brake_ratio : friction of the tractor's brakes over its share by axle load.
    coordination : how drives share the work, one of `simulate.trip.Coordination`.
    charge_ratio : charge that a trailer's battery leaves the depot with; ``None``: it keeps its charge over the trip.
    price : added to the price of the vehicle, in the region's currency.
    """

    combination: str
    gap_m: float = 0.75
    deflector_ratio: float = 1.0
    tractor_pressure_ratio: float = 1.0
    trailer_pressure_ratio: float = 1.0
    tractor_rolling_ratio: float = 1.0
    trailer_rolling_ratio: float = 1.0
    final_drive: str = "bought"
    predictive: bool = False
    braking: str = "combined"
    tractor_brake_ratio: float = 1.0
    coordination: str = Coordination.RULES
    charge_ratio: float | None = None
    price: float = 0.0

    def __post_init__(self) -> None:
        for name, known in (("braking", BRAKINGS), ("final_drive", FINAL_DRIVES), ("coordination", tuple(Coordination))):
            if getattr(self, name) not in known:
                raise UnknownName(name, getattr(self, name), known)
        for name, low, high in RANGES:
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"{name} is {value:g}; {low:g} to {high:g} is accepted")


RANGES: Final = (
    ("gap_m", 0.3, 3.0), ("deflector_ratio", 0.8, 1.3),
    ("tractor_pressure_ratio", 0.6, 1.2), ("trailer_pressure_ratio", 0.6, 1.2),
    ("tractor_rolling_ratio", 0.5, 2.0), ("trailer_rolling_ratio", 0.5, 2.0), ("tractor_brake_ratio", 0.2, 2.0),
    ("charge_ratio", 0.0, 1.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of a version: what it sets, what it costs, and where its figures come from."""

    version: str
    name: str
    title_en: str
    title_zh: str
    source: str
    set: Mapping[str, Any]
    price: float = 0.0

    def upon(self, setup: Setup) -> Setup:
        """`setup` with this function."""
        return replace(setup, **self.set, price=setup.price + self.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """One tractor and trailer bought apart, and the functions that make them one vehicle, in order."""

    name: str
    title_en: str
    title_zh: str
    region: str
    start: Setup
    functions: tuple[Function, ...]


def versions(name: str) -> Versions:
    """The versions of that name, or of a TOML file.

    Raises
    ------
    UnknownName : no such name. InputError : a file that cannot be read, a field that is unknown, or a value out of its range.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"versions file {name} cannot be read: {error}") from error
    else:
        folder = files("fifthwheel.choose").joinpath("versions")
        known = {one.name.removesuffix(".toml"): one for one in folder.iterdir()}
        if name not in known:
            raise UnknownName("set of versions", name, known)
        text = known[name].read_text(encoding="utf-8")
    try:
        return _versions(Path(name).stem, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(f"versions {name}: {error}") from error


def _versions(name: str, table: Mapping[str, Any]) -> Versions:
    start = Setup(combination=table["combination"], **table.get("start", {}))
    functions = tuple(Function(**row) for row in table.get("functions", ()))
    known = {field.name for field in fields(Setup)} - {"price"}
    setup = start
    for function in functions:
        for key in function.set:
            if key not in known:
                raise UnknownName(f"setting of function {function.name}", key, known)
        setup = function.upon(setup)
    return Versions(
        name=name, title_en=table["title_en"], title_zh=table["title_zh"], region=table.get("region", "cn"), start=start,
        functions=functions,
    )  # fmt: skip
