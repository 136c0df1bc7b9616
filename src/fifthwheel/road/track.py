"""`Track`: a road as it was recorded, and the way from it to a `Profile`.

Positions that no vehicle can have taken are dropped where a single point strays, and refused where the track itself leaps;
standing becomes a stop; the line is smoothed over `SMOOTH_M` before it is measured; heights go through `road.heights`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import pi
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, median_filter

from fifthwheel.errors import InputError
from fifthwheel.road.heights import cleaned_m
from fifthwheel.road.profile import EARTH_RADIUS_M, STEP_M, Profile, Stop, bend_limited_mps, heading_rad

Floats = NDArray[np.float64]

ASSUMED_LIMIT_MPS: Final = 80 / 3.6
"""Limit of a track that says nothing of speed and whose reader gave none."""
FASTEST_MPS: Final = 60.0
LEAP_M: Final = 5_000.0
"""Neighbouring points further apart than this are no track."""
STRAY_RATIO: Final = 3.0
"""A point is astray if going over it is this many times as far as going past it, and it is fast or more than `STRAY_M` off."""
STRAY_M: Final = 150.0
STAND_S: Final = 10.0
STAND_MPS: Final = 1.0
SMOOTH_M: Final = 15.0
SLOWEST_MPS: Final = 2.0
"""Slowest speed that is taken for a limit; less is creeping up to a stop."""
PULL_MPS2: Final = 0.5
"""Slower than this acceleration away from a stop allows is the stop's doing, not a limit."""


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What was recorded, each array (n,) or empty where the record has no such column; a missing altitude is NaN.

    Attributes
    ----------
    distance_m : from the start, not falling; where empty, the positions give it.
    speed_mps : driven or aimed for; limit_mps : allowed. stop_s : standing time at a point.
    surface_ratio : factor on rolling resistance.
    """

    source: str
    altitude_m: Floats
    distance_m: Floats = field(default_factory=_none)
    latitude_deg: Floats = field(default_factory=_none)
    longitude_deg: Floats = field(default_factory=_none)
    time_s: Floats = field(default_factory=_none)
    speed_mps: Floats = field(default_factory=_none)
    limit_mps: Floats = field(default_factory=_none)
    stop_s: Floats = field(default_factory=_none)
    surface_ratio: Floats = field(default_factory=_none)

    def only(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Track:
        """The points `kept`."""
        return replace(self, **{name: getattr(self, name)[kept] for name in COLUMNS if len(getattr(self, name))})


COLUMNS: Final = (
    "altitude_m", "distance_m", "latitude_deg", "longitude_deg", "time_s", "speed_mps", "limit_mps", "stop_s", "surface_ratio",
)  # fmt: skip


def profile_of(track: Track, limit_mps: float | None = None) -> Profile:
    """The road of a track.

    Parameters
    ----------
    limit_mps : speed limit of the whole road. Left out: the track's limits, else the speeds that were driven, else
        `ASSUMED_LIMIT_MPS`. Bends lower it, as on generated roads.

    Raises
    ------
    InputError : fewer than three points, values that are not numbers or not on Earth, times or distances that run backwards,
        leaps, missing altitudes, a road shorter than `2 STEP_M`.
    """
    try:
        return _profile(track, limit_mps)
    except InputError as error:
        raise InputError(f"{track.source}: {error}") from error


def _profile(track: Track, limit_mps: float | None) -> Profile:
    if limit_mps is not None and not SLOWEST_MPS <= limit_mps <= FASTEST_MPS:
        raise InputError(f"a limit of {limit_mps} m/s; {SLOWEST_MPS} to {FASTEST_MPS} m/s is accepted")
    _check(track)
    if not len(track.distance_m):
        track = track.only(_not_astray(track))
        _check_leaps(track)
    track, stops = _standing(track)
    nodes, line = _line(track)
    along = line["along_m"]
    altitude, _ = cleaned_m(along, track.altitude_m, nodes)
    limit = bend_limited_mps(_limits(track, along, nodes, limit_mps, stops), line["heading_rad"])
    surface = np.interp(nodes, along, track.surface_ratio) if len(track.surface_ratio) else np.ones(len(nodes))
    slope = np.diff(altitude)
    return Profile(
        altitude_m=altitude, sine=np.append(slope, slope[-1]) / STEP_M, heading_rad=line["heading_rad"] % (2 * pi),
        latitude_deg=line["latitude_deg"], longitude_deg=line["longitude_deg"], limit_mps=limit,
        stops=_stops(along, stops, float(nodes[-1])), surface_ratio=surface,
    )  # fmt: skip


def _check(track: Track) -> None:
    count = len(track.altitude_m)
    if count < 3:
        raise InputError(f"{count} points; at least 3 are wanted")
    for name in COLUMNS[1:]:
        values = getattr(track, name)
        if len(values) and not np.isfinite(values).all():
            raise InputError(f"{name} is missing or no number at point {int(np.flatnonzero(~np.isfinite(values))[0]) + 1}")
    for name, low, high in (
        ("latitude_deg", -90.0, 90.0), ("longitude_deg", -180.0, 180.0), ("altitude_m", -500.0, 9_000.0),
        ("speed_mps", 0.0, FASTEST_MPS), ("limit_mps", 0.0, FASTEST_MPS), ("stop_s", 0.0, 86_400.0), ("surface_ratio", 0.5, 10.0),
    ):  # fmt: skip
        values = getattr(track, name)
        wrong = np.flatnonzero((values < low) | (values > high))
        if len(wrong):
            raise InputError(f"{name} is {values[wrong[0]]:g} at point {wrong[0] + 1}; {low:g} to {high:g} is accepted")
    for name in ("time_s", "distance_m"):
        values = getattr(track, name)
        back = np.flatnonzero(np.diff(values) < 0.0)
        if len(back):
            raise InputError(
                f"{name} runs backwards by {-np.diff(values)[back[0]]:g} at point {back[0] + 2};"
                " points in the order driven are wanted"
            )


def _between_m(track: Track, first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
    """Distance between points by their numbers."""
    latitude, longitude = np.radians(track.latitude_deg), np.radians(track.longitude_deg)
    north = latitude[second] - latitude[first]
    east = np.angle(np.exp(1j * (longitude[second] - longitude[first]))) * np.cos((latitude[first] + latitude[second]) / 2)
    return np.asarray(EARTH_RADIUS_M * np.hypot(north, east), dtype=np.float64)


def _not_astray(track: Track) -> NDArray[np.bool_]:
    """Which points are not single leaps off the line."""
    at = np.arange(1, len(track.altitude_m) - 1)
    go, back = _between_m(track, at - 1, at), _between_m(track, at, at + 1)
    past = _between_m(track, at - 1, at + 1)
    astray = (go + back > STRAY_RATIO * past) & (np.minimum(go, back) > STRAY_M)
    if len(track.time_s):
        fast = np.maximum(go, back) > FASTEST_MPS * np.maximum(np.diff(track.time_s)[:-1], 0.2)
        astray |= fast & (go + back > STRAY_RATIO * past) & (np.minimum(go, back) > 30.0)
    kept = np.ones(len(track.altitude_m), dtype=np.bool_)
    kept[1:-1] = ~astray
    return kept


def _check_leaps(track: Track) -> None:
    at = np.arange(len(track.altitude_m) - 1)
    leap = _between_m(track, at, at + 1)
    widest = int(np.argmax(leap))
    if leap[widest] > LEAP_M:
        raise InputError(f"{leap[widest]:.0f} m from point {widest + 1} to the next; at most {LEAP_M:.0f} m is accepted")
    if len(track.time_s):
        speed = leap / np.maximum(np.diff(track.time_s), 0.2)
        speed[leap < 30.0] = 0.0
        fastest = int(np.argmax(speed))
        if speed[fastest] > FASTEST_MPS:
            raise InputError(
                f"{leap[fastest]:.0f} m from point {fastest + 1} to the next in {np.diff(track.time_s)[fastest]:g} s;"
                f" at most {FASTEST_MPS:g} m/s is accepted"
            )


def _standing(track: Track) -> tuple[Track, dict[int, float]]:
    """The track with each pause as one point, and the pauses as point -> seconds."""
    count = len(track.altitude_m)
    stops = {int(at): float(track.stop_s[at]) for at in np.flatnonzero(track.stop_s)} if len(track.stop_s) else {}
    if not len(track.time_s):
        return _merged(track, np.zeros(count, dtype=np.int64) + np.arange(count), stops)
    group = np.arange(count)
    first = 0
    while first < count - 1:
        last = _last_near(track, first)
        if last > first:
            group[first : last + 1] = first
            stops.setdefault(first, float(track.time_s[last] - track.time_s[first]))
        first = max(last, first) + 1
    return _merged(track, group, stops)


def _last_near(track: Track, first: int) -> int:
    """Last point of a pause that begins at `first`; `first` itself where none does."""
    last = first
    reach = STAND_MPS * STAND_S
    while last + 1 < len(track.altitude_m):
        seconds = track.time_s[last + 1] - track.time_s[last]
        if len(track.distance_m):
            away, step = (track.distance_m[last + 1] - track.distance_m[at] for at in (first, last))
        else:
            away, step = (float(_between_m(track, np.array([at]), np.array([last + 1]))[0]) for at in (first, last))
        if away > reach and not (seconds > STAND_S and step < STAND_MPS * seconds):
            break
        last += 1
    return last if track.time_s[last] - track.time_s[first] > STAND_S else first


def _merged(track: Track, group: NDArray[np.int64], stops: dict[int, float]) -> tuple[Track, dict[int, float]]:
    """One point a group (its first, with the median altitude), and the stops by the new numbers; repeated places go too."""
    starts = np.flatnonzero(np.append(True, np.diff(group) > 0))
    altitude = np.array([_median(part) for part in np.split(track.altitude_m, starts[1:])])
    merged = replace(track.only(starts), altitude_m=altitude)
    number = {int(start): index for index, start in enumerate(starts)}
    return merged, {number[int(group[at])]: seconds for at, seconds in stops.items()}


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _line(track: Track) -> tuple[Floats, dict[str, Floats]]:
    """Nodes `STEP_M` apart, position and heading there, and where along them the points of the track lie (``along_m``)."""
    if not len(track.latitude_deg):
        along = track.distance_m - track.distance_m[0]
        nodes = _nodes(float(along[-1]))
        north = 36.0 + np.degrees(nodes / EARTH_RADIUS_M)
        straight = {"latitude_deg": north, "longitude_deg": np.full(len(nodes), 118.0), "heading_rad": np.zeros(len(nodes))}
        return nodes, {**straight, "along_m": along}
    at = np.arange(len(track.altitude_m) - 1)
    raw = np.append(0.0, np.cumsum(_between_m(track, at, at + 1)))
    _nodes(float(raw[-1]))
    fine = np.linspace(0.0, raw[-1], max(int(raw[-1] / 5.0), 2) + 1)
    scale = np.cos(np.radians(track.latitude_deg.mean()))
    kept = np.append(True, np.diff(raw) > 0.0)
    north = _smoothed(np.interp(fine, raw[kept], np.radians(track.latitude_deg[kept])) * EARTH_RADIUS_M, fine)
    unwrapped = np.unwrap(np.radians(track.longitude_deg[kept]))
    east = _smoothed(np.interp(fine, raw[kept], unwrapped) * EARTH_RADIUS_M * scale, fine)
    length = np.append(0.0, np.cumsum(np.hypot(np.diff(north), np.diff(east))))
    if len(track.distance_m):
        along = track.distance_m - track.distance_m[0]
        length = np.interp(fine, raw, along)
    else:
        along = np.interp(raw, fine, length)
    nodes = _nodes(float(length[-1]))
    latitude = np.degrees(np.interp(nodes, length, north) / EARTH_RADIUS_M)
    longitude = np.degrees(np.interp(nodes, length, east) / EARTH_RADIUS_M / scale)
    heading = heading_rad(latitude, longitude)[: len(nodes)]
    return nodes, {"latitude_deg": latitude, "longitude_deg": longitude, "heading_rad": heading, "along_m": along}


def _nodes(length_m: float) -> Floats:
    count = int(length_m / STEP_M + 1e-6)
    if count < 2:
        raise InputError(f"a road of {length_m:.1f} m; at least {2 * STEP_M:g} m is wanted")
    return np.asarray(STEP_M * np.arange(count + 1), dtype=np.float64)


def _smoothed(values: Floats, along_m: Floats) -> Floats:
    """`values` smoothed over `SMOOTH_M`, with both ends where they were."""
    ramp = np.linspace(values[0], values[-1], len(values))
    rest = values - ramp
    padded = np.concatenate([-rest[:0:-1], rest, -rest[-2::-1]])
    smooth = gaussian_filter1d(padded, SMOOTH_M / (along_m[1] - along_m[0]), mode="nearest", truncate=3.0)
    return np.asarray(ramp + smooth[len(rest) - 1 : 2 * len(rest) - 1], dtype=np.float64)


def _limits(track: Track, along: Floats, nodes: Floats, limit_mps: float | None, stops: dict[int, float]) -> Floats:
    if limit_mps is not None:
        return np.full(len(nodes), limit_mps)
    if len(track.limit_mps):
        # A limit holds from its point on; a zero (a stop in target speeds) takes the one before.
        given = track.limit_mps >= SLOWEST_MPS
        if not given.any():
            raise InputError(f"no limit of {SLOWEST_MPS} m/s or more in the whole record")
        place = np.searchsorted(along[given], nodes, side="right") - 1
        return np.asarray(track.limit_mps[given][np.maximum(place, 0)], dtype=np.float64)
    if len(track.speed_mps):
        return _driven(along, track.speed_mps, nodes, stops)
    if len(track.time_s):
        seconds = np.diff(track.time_s)
        kept = (seconds > 0.0) & ~np.isin(np.arange(len(seconds)), list(stops))
        if kept.any():
            middle = (along[1:] + along[:-1]) / 2
            return _driven(middle[kept], (np.diff(along) / np.maximum(seconds, 1e-3))[kept], nodes, stops, along)
    return np.full(len(nodes), ASSUMED_LIMIT_MPS)


def _driven(place: Floats, speed: Floats, nodes: Floats, stops: dict[int, float], ends: Floats | None = None) -> Floats:
    """Limits from speeds driven: without single outliers, without the dips that stops cause, smoothed over 50 m."""
    along = place if ends is None else ends
    still = np.array([along[0], along[-1], *(along[at] for at in stops)])
    steady = median_filter(speed, 5, mode="nearest")
    away = np.abs(place[:, None] - still[None, :]).min(axis=1)
    # Within the way a usual speed takes to reach, what is slower than an easy pull away is the stop's doing.
    hindered = (away < float(np.percentile(steady, 75)) ** 2 / (2 * PULL_MPS2)) & (steady < np.sqrt(2 * PULL_MPS2 * away))
    own = ~hindered & (steady >= SLOWEST_MPS)
    if not own.any():
        own = steady >= steady.max()
    unhindered = np.interp(nodes, place[own], steady[own])
    smooth = gaussian_filter1d(unhindered, 50.0 / STEP_M, mode="nearest")
    return np.asarray(np.maximum(smooth, SLOWEST_MPS), dtype=np.float64)


def _stops(along: Floats, stops: dict[int, float], length_m: float) -> tuple[Stop, ...]:
    merged: dict[float, float] = {}
    for at, seconds in stops.items():
        node = float(np.clip(STEP_M * round(along[at] / STEP_M), 0.0, length_m))
        merged[node] = merged.get(node, 0.0) + seconds
    merged.setdefault(length_m, 0.0)
    return tuple(Stop(distance_m=node, duration_s=merged[node]) for node in sorted(merged))
