"""The declaration tables: what the regulation fixes for a vehicle class and mission (`declaration.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import atan2, cos, degrees, pi, radians, sin
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KMH

WIND_MPS: Final = 3.0
"""Mean wind of the declared cross-wind correction."""
YAW_NODES_DEG: Final = 12
"""The yaw table has whole degrees up to here; straight on beyond."""
CROSSWIND_KMH: Final = (*range(60, 105, 5), 130)
"""Nodes of the declared drag area; the last only carries the slope between 95 and 100 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What the segment table says for a class and mission.

    Attributes
    ----------
    extra_kg : body, or semitrailer, or body and trailer. body_kg : the body alone, of a rigid.
    payload_kg : reference payload; zero means by the gross mass.
    axle_ratio : shares of the whole mass on the truck's axles; `trailer_ratio` that on all `trailer_axles` together.
    body : which cross-wind coefficients.
    """

    class_name: str
    mission: str
    extra_kg: float
    body_kg: float
    payload_kg: float
    axle_ratio: tuple[float, ...]
    trailer_ratio: float
    trailer_axles: int
    body: str


@cache
def tables() -> dict[str, Any]:
    """The content of `declaration.toml`."""
    return tomllib.loads(files("fifthwheel.vehicle.vecto").joinpath("declaration.toml").read_text(encoding="utf-8"))


def missions() -> tuple[str, ...]:
    """Slugs of the missions, in the order of the tables."""
    return tuple(tables()["missions"])


def standard(category: str, axles: str, gross_kg: float, mission: str) -> Standard:
    """The standard vehicle of a class on a mission.

    Parameters
    ----------
    category : ``rigid`` or ``tractor``. axles : e.g. ``4x2``. gross_kg : of the truck as its file states it.

    Raises
    ------
    InputError : no such class, no figures for it, or a mission that it does not drive.
    """
    row = _class(category, axles, gross_kg)
    if not row["complete"]:
        raise InputError(
            f"VECTO class {row['name']} ({category} {axles}, {gross_kg / 1000:g} t), mission {mission}: "
            f"the declaration data have no masses or payloads for it; {_complete()}"
        )
    if mission not in row["missions"]:
        raise InputError(
            f"VECTO class {row['name']} ({category} {axles}, {gross_kg / 1000:g} t) does not drive {mission}; "
            f"it drives {', '.join(row['missions'])}"
        )
    data = row["missions"][mission]
    solo = min(other["extra_kg"] for other in row["missions"].values())
    return Standard(
        class_name=row["name"],
        mission=mission,
        extra_kg=data["extra_kg"],
        body_kg=solo if category == "rigid" else 0.0,
        payload_kg=data["payload_kg"],
        axle_ratio=tuple(data["axle_ratio"]),
        trailer_ratio=data["trailer_ratio"],
        trailer_axles=data["trailer_axles"],
        body=data["body"],
    )


def _class(category: str, axles: str, gross_kg: float) -> dict[str, Any]:
    for row in tables()["classes"]:
        if (row["category"], row["axles"]) == (category, axles) and row["above_kg"] < gross_kg <= row["up_to_kg"]:
            return dict(row)
    raise InputError(f"no VECTO class is a {category} {axles} of {gross_kg / 1000:g} t; {_complete()}")


def _complete() -> str:
    names = ", ".join(
        f"{row['name']} ({row['category']} {row['axles']} over {row['above_kg'] / 1000:g} t)"
        for row in tables()["classes"]
        if row["complete"]
    )
    return f"supported classes are {names}"


def reference_payload_kg(standard: Standard, gross_kg: float, most_kg: float) -> float:
    """Reference payload: the table's, or for classes 1 to 3 a line over the gross mass; never above `most_kg`.

    Source: declaration rules of VECTO 2.2.
    """
    if standard.payload_kg:
        payload = standard.payload_kg
    elif standard.mission == "long-haul":
        payload = 0.5882 * gross_kg - 2511.8
    else:
        payload = 0.3941 * gross_kg - 1705.9
    return min(payload, most_kg)


def gross_kg(category: str, truck_kg: float, *, trailer: bool) -> float:
    """Gross mass of the whole: the truck's own, and with a trailer the sum of both up to 40 t.

    Source: Regulation (EU) 2017/2400 annex I (standard trailers); Directive 96/53/EC.
    """
    if not trailer:
        return truck_kg
    data = tables()["trailer"]
    towed = data["semitrailer_gross_kg" if category == "tractor" else "drawbar_gross_kg"]
    return float(min(truck_kg + towed, data["combination_gross_kg"]))


def tyre(dimension: str) -> dict[str, Any]:
    """Inertia, nominal diameter and size class of a tyre, e.g. ``315/70 R22.5``.

    Raises
    ------
    UnknownName : not in the wheel table.
    """
    rows = tables()["tyres"]
    squeezed = {re.sub(r"\s", "", name).upper(): row for name, row in rows.items()}
    key = re.sub(r"\s", "", dimension).upper()
    if key not in squeezed:
        raise UnknownName("tyre of the declaration data", dimension, rows)
    return dict(squeezed[key])


def rolling_radius_m(dimension: str, rim: str) -> float:
    """Dynamic radius ``F d / (2 pi)`` of a tyre on a rim.

    Raises
    ------
    UnknownName : tyre or rim not in the tables.
    """
    row = tyre(dimension)
    rims = {re.sub(r"[^0-9a-z]", "", name.lower()): factors for name, factors in tables()["rims"].items()}
    key = re.sub(r"[^0-9a-z]", "", rim.lower())
    if key not in rims:
        raise UnknownName("rim of the declaration data", rim, tables()["rims"])
    return float(rims[key][row["size"]] * row["diameter_m"] / (2 * pi))


def fuel_factor_ratio(mission: str, urban: float, rural: float, motorway: float) -> float:
    """WHTC factor of a mission: its weights times the engine's three factors."""
    weights = tables()["whtc_ratio"][mission]
    return float(weights[0] * urban + weights[1] * rural + weights[2] * motorway)


def by_mission(values: list[float], mission: str) -> float:
    """The value of a mission in one of the tables' lists."""
    return float(values[missions().index(mission)])


def drag_area_m2(still_m2: float, body: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Declared CdA over road speed: mean over wind of 3 m/s from all directions.

    Parameters
    ----------
    still_m2 : CdA without wind. body : ``rigid-solo``, ``rigid-trailer`` or ``tractor-semitrailer``.

    Returns
    -------
    Speeds (m/s) and drag areas, each of shape (n,): to be held below the first.

    Notes
    -----
    Directions 0, 10 ... 180 degrees, the two ends with half weight; yaw table in whole degrees. VECTO 2.2.
    """
    coefficients = tuple(tables()["crosswind"][body])
    areas = [_mean_area_m2(still_m2, coefficients, speed * KMH) for speed in CROSSWIND_KMH[:-1]]
    slope = (areas[-1] - areas[-2]) / (CROSSWIND_KMH[-2] - CROSSWIND_KMH[-3])
    areas.append(areas[-1] + slope * (CROSSWIND_KMH[-1] - CROSSWIND_KMH[-2]))
    return tuple(speed * KMH for speed in CROSSWIND_KMH), tuple(areas)


def _mean_area_m2(still_m2: float, coefficients: tuple[float, ...], speed_mps: float) -> float:
    total = 0.0
    for angle in range(0, 190, 10):
        along = speed_mps + WIND_MPS * cos(radians(angle))
        across = WIND_MPS * sin(radians(angle))
        weight = (5 if angle in (0, 180) else 10) / 180
        yaw = degrees(atan2(across, along))
        total += weight * (still_m2 + _added_area_m2(coefficients, yaw)) * (along**2 + across**2) / speed_mps**2
    return total


def _added_area_m2(coefficients: tuple[float, ...], yaw_deg: float) -> float:
    below = min(int(yaw_deg), YAW_NODES_DEG - 1)
    first, second, third = coefficients
    low, high = (first * node + second * node**2 + third * node**3 for node in (below, below + 1))
    return low + (yaw_deg - below) * (high - low)
