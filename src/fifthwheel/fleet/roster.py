"""Who belongs to the demonstration fleet, and the events of its days: read from ``demo_roster.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from fifthwheel.records import Driver
from fifthwheel.units import CHINA_OFFSET_US, DAY_US, HOUR, SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailerEntry:
    """A trailer: its catalogue unit, its VIN if it speaks itself, and how its tyres differ from the catalogue."""

    plate: str
    unit: str
    vin: str | None = None
    rolling_ratio: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleEntry:
    """A tractor or rigid: what it is, how it speaks, who drives it and where to; see the comments in the file."""

    plate: str
    combination: str
    cargo: str
    vin: str
    phone: str
    version: str
    driver: str
    style: str
    duty: tuple[str, ...]
    trips: int
    return_ratio: float
    trailer: str | None = None
    start_h: float = 0.0
    near_now_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplingEntry:
    """A trailer behind a tractor; `end_us` is ``None`` while it lasts."""

    tractor: str
    trailer: str
    start_us: int
    end_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The fleet's vehicles, trailers and drivers."""

    vehicles: tuple[VehicleEntry, ...]
    trailers: tuple[TrailerEntry, ...]
    drivers: tuple[Driver, ...]

    def trailer(self, plate: str) -> TrailerEntry:
        """The trailer with that plate."""
        return next(entry for entry in self.trailers if entry.plate == plate)


SWAPPED: Final = ("鲁B36712", "鲁B83391")
"""These two tractors exchange their trailers before the last day."""


def roster(count: int) -> Roster:
    """The first `count` vehicles with their trailers and drivers; beyond the list, copies with other plates, VINs and phones."""
    tables = tomllib.loads(files("fifthwheel.fleet").joinpath("demo_roster.toml").read_text(encoding="utf-8"))
    styles = {row["id"]: row["style"] for row in tables["drivers"]}
    listed = tables["vehicles"]
    rows = [_copy(listed[index % len(listed)], index // len(listed)) for index in range(count)]
    trailers = {row["plate"]: row for row in tables["trailers"]}
    towed = [
        _copy(trailers[listed[index % len(listed)]["trailer"]], index // len(listed))
        for index, row in enumerate(rows)
        if row.get("trailer")
    ]
    vehicles = tuple(VehicleEntry(**row | {"duty": tuple(row["duty"]), "style": styles[row["driver"]]}) for row in rows)
    driving = {entry.driver for entry in vehicles}
    drivers = tuple(Driver(driver_id=row["id"], name=row["name"]) for row in tables["drivers"] if row["id"] in driving)
    return Roster(vehicles=vehicles, trailers=tuple(TrailerEntry(**row) for row in towed), drivers=drivers)


def _copy(row: dict[str, Any], copy: int) -> dict[str, Any]:
    """The row, or its `copy`-th copy under other names."""
    if copy == 0:
        return row
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    tail = letters[copy // len(letters) % len(letters)] + letters[copy % len(letters)]
    changed = {"plate": _relabelled(row["plate"], tail)}
    if row.get("trailer"):
        changed["trailer"] = _relabelled(row["trailer"], tail)
    if row.get("vin"):
        changed["vin"] = row["vin"][:9] + tail + row["vin"][11:]
    if row.get("phone"):
        changed["phone"] = row["phone"][:3] + f"{10_000 * (copy % 10_000) + int(row['phone'][-4:]):08d}"
    return row | changed


def _relabelled(plate: str, tail: str) -> str:
    end = "挂" if plate.endswith("挂") else ""
    core = plate.removesuffix("挂")
    return core[:2] + tail + core[4:] + end


def couplings(fleet: Roster, start_us: int, end_us: int) -> tuple[CouplingEntry, ...]:
    """Every coupling of the demonstration; two tractors exchange trailers in the last day, while both are parked."""
    found = {entry.plate: entry.trailer for entry in fleet.vehicles if entry.trailer}
    swap_us = _swap_us(end_us)
    if not set(SWAPPED) <= set(found) or end_us - start_us < 2 * DAY_US:
        return tuple(CouplingEntry(tractor=tractor, trailer=trailer, start_us=start_us) for tractor, trailer in found.items())
    first, second = SWAPPED
    swapped = {first: found[second], second: found[first]}
    entries = []
    for tractor, trailer in found.items():
        until_us = swap_us if tractor in swapped else None
        entries.append(CouplingEntry(tractor=tractor, trailer=trailer, start_us=start_us, end_us=until_us))
    entries += [CouplingEntry(tractor=tractor, trailer=trailer, start_us=swap_us) for tractor, trailer in swapped.items()]
    return tuple(entries)


def _swap_us(end_us: int) -> int:
    """The first full hour, from 18 h before the end on, between 16 and 7 o'clock local time: neither of the two drives then."""
    hours = (end_us - 18 * _HOUR_US + CHINA_OFFSET_US) // _HOUR_US
    while 7 <= hours % 24 < 16:
        hours += 1
    return hours * _HOUR_US - CHINA_OFFSET_US


_HOUR_US: Final = int(HOUR) * SECOND_US
