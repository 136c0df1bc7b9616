"""Recorded roads from files: GPX tracks and CSV tables (``docs/missions.md`` lists what they may hold)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.profile import Profile
from fifthwheel.road.track import Track, profile_of
from fifthwheel.units import KM, KMH

Floats = NDArray[np.float64]

_NAMES: Final = {
    "distance_m": ("distance", {"m": 1.0, "km": KM}),
    "latitude_deg": ("latitude lat", {"": 1.0, "deg": 1.0}),
    "longitude_deg": ("longitude lon lng", {"": 1.0, "deg": 1.0}),
    "altitude_m": ("altitude elevation ele height", {"": 1.0, "m": 1.0}),
    "limit_mps": ("limit speed_limit target_speed", {"mps": 1.0, "kmh": KMH}),
    "speed_mps": ("speed", {"mps": 1.0, "kmh": KMH}),
    "stop_s": ("stop", {"s": 1.0, "min": 60.0}),
    "surface_ratio": ("surface", {"ratio": 1.0}),
    "time_s": ("time timestamp", {"": 1.0, "s": 1.0, "utc": 1.0}),
}
"""Field of a `Track` -> names of its column, and their suffixes with the factor to SI."""
ACCEPTED: Final = {
    f"{name}_{suffix}".rstrip("_"): (field, factor)
    for field, (names, suffixes) in _NAMES.items()
    for name in names.split()
    for suffix, factor in suffixes.items()
}
"""Column of a CSV table -> field of a `Track` and factor to SI."""


def read_gpx(path: Path, *, limit_mps: float | None = None) -> Profile:
    """The road of a GPX file: its tracks (all segments in order), or its routes where it has no track.

    Parameters
    ----------
    limit_mps : speed limit of the whole road; left out, the speeds driven, or 80 km/h without times.

    Raises
    ------
    InputError : not a GPX file, or see `road.track.profile_of`.
    """
    import gpxpy
    from gpxpy.gpx import GPXException, GPXRoutePoint, GPXTrackPoint

    try:
        with path.open(encoding="utf-8-sig") as file:
            gpx = gpxpy.parse(file)
    except (OSError, UnicodeDecodeError, GPXException, ValueError) as error:
        raise InputError(f"{path}: {error}") from error
    points = [point for track in gpx.tracks for segment in track.segments for point in segment.points]
    found: list[GPXTrackPoint | GPXRoutePoint] = [*points]
    if not found:
        found = [point for route in gpx.routes for point in route.points]
    times = [point.time for point in found]
    some = [time for time in times if time is not None]
    if some and len(some) < len(times):
        missing = times.index(None) + 1
        raise InputError(
            f"{path}: no time at point {missing} ({len(times) - len(some)} of {len(times)}); all points or none is wanted"
        )
    track = Track(
        source=str(path), altitude_m=_floats(point.elevation for point in found),
        latitude_deg=_floats(point.latitude for point in found), longitude_deg=_floats(point.longitude for point in found),
        time_s=np.array([_utc(time).timestamp() for time in some], dtype=np.float64),
    )  # fmt: skip
    return profile_of(track, limit_mps)


def read_csv(path: Path, *, limit_mps: float | None = None) -> Profile:
    """The road of a CSV table with a header (comma, semicolon or tab; UTF-8): columns by name, see `ACCEPTED`.

    Distances or positions are wanted, and altitudes (an empty one is missing); without positions the road runs straight north.

    Parameters
    ----------
    limit_mps : as in `read_gpx`; left out, the column of limits comes before that of speeds.

    Raises
    ------
    InputError : a wanted column is missing, given twice, or holds what is no number; or see `road.track.profile_of`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    first = text.partition("\n")[0]
    rows = list(csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count)))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    fields = _columns(path, [name.strip().lower() for name in rows[0]] if rows else [])
    columns = {field: _values(path, rows, *where) for field, where in fields.items()}
    return profile_of(Track(source=str(path), **columns), limit_mps)


def _columns(path: Path, header: list[str]) -> dict[str, tuple[str, int, float]]:
    """Field -> its column's name, number and factor."""
    found: dict[str, tuple[str, int, float]] = {}
    for number, name in enumerate(header):
        if name not in ACCEPTED:
            continue
        field, factor = ACCEPTED[name]
        if field in found:
            raise InputError(f"{path}: columns {found[field][0]!r} and {name!r} both say {field}; one is wanted")
        found[field] = (name, number, factor)
    placed = "distance_m" in found or {"latitude_deg", "longitude_deg"} <= set(found)
    if not placed or "altitude_m" not in found or ("latitude_deg" in found) != ("longitude_deg" in found):
        raise InputError(
            f"{path}: columns {', '.join(header) or 'none'}; wanted are altitude_m and distance_m (or distance_km) or"
            f" latitude and longitude; accepted are {', '.join(ACCEPTED)}"
        )
    return found


def _values(path: Path, rows: list[list[str]], name: str, number: int, factor: float) -> Floats:
    values = np.full(len(rows) - 1, np.nan)
    for at, row in enumerate(rows[1:]):
        cell = row[number].strip() if number < len(row) else ""
        try:
            values[at] = _number(cell, name) * factor
        except ValueError as error:
            wanted = "seconds or ISO 8601" if name.startswith("time") else "a number"
            raise InputError(f"{path}: {name} is {cell!r} in row {at + 1}; {wanted} is wanted") from error
    if name.startswith("stop"):
        values[np.isnan(values)] = 0.0
    return values


def _number(cell: str, name: str) -> float:
    if not cell:
        return float("nan")
    if name.startswith("time") and not cell.replace(".", "", 1).isdigit():
        return _utc(datetime.fromisoformat(cell)).timestamp()
    return float(cell)


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
