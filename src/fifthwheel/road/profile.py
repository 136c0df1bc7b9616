"""`Profile`: a road by distance, and the generator that builds one from a mission.

Positions come from the waypoints with seeded bends between them; heights from the waypoints' heights with a seeded
spectrum of slopes (wavelengths 400 m to 12 km), bounded by the class of the road. ``docs/missions.md`` shows what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from math import cos, pi, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.road.mission import Mission, Road, place, roads

Floats = NDArray[np.float64]

STEP_M = 10.0
"""Spacing of profile nodes."""
STEEPEST_SINE = 0.5
"""No road for trucks is steeper."""
EARTH_RADIUS_M = 6_371_000.0
LATERAL_MPS2 = 1.6
"""Lateral acceleration that a loaded truck accepts in a bend."""
JOINT_M: Final = 120.0
"""Where two legs meet, their slopes run into each other over this length either side: a vertical curve."""
SHORE_M: Final = 3.0
"""Generated ground below this height is squeezed to lie above the sea."""
TRAFFIC: Final = {"light": 0.5, "normal": 1.0, "heavy": 2.0}
"""Halts at signals and queues, as a multiple of those usual on the class of road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop at a node: `distance_m` is a multiple of `STEP_M`; see `road.mission.Halt` for `working`."""

    distance_m: float
    duration_s: float
    working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A road by distance, nodes every `STEP_M`.

    Attributes
    ----------
    altitude_m, heading_rad, latitude_deg, longitude_deg : at the nodes, shape (n,).
    sine : rise over road length from each node to the next, shape (n,), the last repeated.
    limit_mps : what law and bends allow, shape (n,).
    stops : in order of distance; the last node is the end of the trip and always a stop.
    surface_ratio : factor of the surface on rolling resistance (1: dry asphalt or concrete), from each node to the next,
        shape (n,); left out, it is one everywhere. Weather comes on top (`road.weather.Weather.surface_ratio`).

    Raises
    ------
    InputError : `surface_ratio` is neither left out nor one positive value a node.
    """

    altitude_m: Floats
    sine: Floats
    heading_rad: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    limit_mps: Floats
    stops: tuple[Stop, ...]
    surface_ratio: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.surface_ratio):
            object.__setattr__(self, "surface_ratio", np.ones(len(self.altitude_m)))
        if len(self.surface_ratio) != len(self.altitude_m) or not np.all(self.surface_ratio > 0.0):
            raise InputError(f"surface_ratio: one positive factor for each of {len(self.altitude_m)} nodes is wanted")
        if not np.all(np.abs(self.sine) < STEEPEST_SINE):
            raise InputError(
                f"slope of {np.abs(self.sine).max():.2f} (rise over road length); less than {STEEPEST_SINE} is accepted"
            )

    @property
    def length_m(self) -> float:
        """Length of the road."""
        return STEP_M * (len(self.altitude_m) - 1)

    @property
    def distance_m(self) -> Floats:
        """Distance of each node from the start, shape (n,)."""
        return np.linspace(0.0, self.length_m, len(self.altitude_m))

    def at(self, distance_m: Floats) -> dict[str, Floats]:
        """Heading, latitude and longitude at distances from the start, each of shape (k,)."""
        nodes = self.distance_m
        heading = np.interp(distance_m, nodes, np.unwrap(self.heading_rad)) % (2 * pi)
        return {
            "heading_rad": heading,
            "latitude_deg": np.interp(distance_m, nodes, self.latitude_deg),
            "longitude_deg": np.interp(distance_m, nodes, self.longitude_deg),
        }


def level(length_m: float, limit_mps: float, *, slope_ratio: float = 0.0, stops: tuple[Stop, ...] = ()) -> Profile:
    """A straight road north with one slope, for tests and comparisons.

    Raises
    ------
    InputError : shorter than two nodes.
    """
    count = round(length_m / STEP_M) + 1
    if count < 3:
        raise InputError(f"a road of {length_m} m; at least {2 * STEP_M} m is wanted")
    distance = STEP_M * np.arange(count)
    sine = slope_ratio / np.hypot(1.0, slope_ratio)
    return Profile(
        altitude_m=distance * sine, sine=np.full(count, sine), heading_rad=np.zeros(count),
        latitude_deg=36.0 + np.degrees(distance / EARTH_RADIUS_M), longitude_deg=np.full(count, 118.0),
        limit_mps=np.full(count, limit_mps), stops=(*stops, Stop(distance_m=float(distance[-1]), duration_s=0.0)),
        surface_ratio=np.ones(count),
    )  # fmt: skip


def profile(mission: Mission, traffic: np.random.Generator | None = None, *, density: str = "normal") -> Profile:
    """The road of `mission`; `traffic` draws the halts at signals and queues of one day (none: without them).

    Parameters
    ----------
    density : one of `TRAFFIC`.

    Raises
    ------
    UnknownName : no such density.
    """
    if density not in TRAFFIC:
        raise UnknownName("density of traffic", density, TRAFFIC)
    road = _ground(replace(mission, backwards=False, halts=(), payload_ratio=0.0, name="", title_en="", title_zh=""))
    kinds = road.kinds
    profile = road.profile
    if mission.backwards:
        profile, kinds = backwards(profile), kinds[::-1]
    stops = [] if traffic is None else _traffic_stops(kinds, TRAFFIC[density], traffic)
    planned = [_planned(mission, profile, index) for index in range(len(mission.halts))]
    end = Stop(distance_m=profile.length_m, duration_s=0.0)
    stops = [stop for stop in stops if 300.0 < stop.distance_m < profile.length_m - 300.0]
    merged = {stop.distance_m: stop for stop in [*stops, end, *planned]}
    return replace(profile, stops=tuple(merged[key] for key in sorted(merged)))


def _planned(mission: Mission, profile: Profile, index: int) -> Stop:
    halt = mission.halts[index]
    where = place(halt.place)
    scale = cos(radians(where.latitude_deg))
    away = np.hypot(profile.latitude_deg - where.latitude_deg, (profile.longitude_deg - where.longitude_deg) * scale)
    node = int(np.argmin(away))
    return Stop(distance_m=STEP_M * node, duration_s=halt.duration_s, working=halt.working)


def _traffic_stops(kinds: NDArray[np.int64], density_ratio: float, rng: np.random.Generator) -> list[Stop]:
    stops = []
    node = 0
    table = list(roads().values())
    while node < len(kinds):
        road = table[kinds[node]]
        if not road.halt_spacing_m:
            node += 100
            continue
        node += max(15, int(rng.exponential(road.halt_spacing_m / density_ratio) / STEP_M))
        if node < len(kinds) and table[kinds[node]].halt_spacing_m:
            stops.append(Stop(distance_m=STEP_M * node, duration_s=float(np.clip(rng.gamma(3.0, road.halt_s / 3.0), 5.0, 240.0))))
    return stops


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    profile: Profile
    kinds: NDArray[np.int64]


@cache
def _ground(mission: Mission) -> _Ground:
    rng = np.random.default_rng(mission.seed)
    legs = [_leg(mission, index, rng) for index in range(len(mission.roads))]
    latitude, longitude, limit, altitude = (np.concatenate([leg[k] for leg in legs]) for k in range(4))
    kinds = np.concatenate(
        [np.full(len(leg[0]), list(roads()).index(name)) for leg, name in zip(legs, mission.roads, strict=True)]
    )
    altitude = _joined(altitude, np.cumsum([len(leg[0]) for leg in legs])[:-1])
    heading = heading_rad(latitude, longitude)
    limit = bend_limited_mps(limit, heading)
    sine = np.append(np.diff(altitude), altitude[-1] - altitude[-2]) / STEP_M
    profile = Profile(
        altitude_m=altitude, sine=sine, heading_rad=heading % (2 * pi), latitude_deg=latitude, longitude_deg=longitude,
        limit_mps=limit, stops=(), surface_ratio=np.array([road.surface_ratio for road in roads().values()])[kinds],
    )  # fmt: skip
    return _Ground(profile=profile, kinds=kinds)


def _leg(mission: Mission, index: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Latitude, longitude, limit and altitude of one leg, nodes `STEP_M` apart along the bends."""
    start, end = place(mission.waypoints[index]), place(mission.waypoints[index + 1])
    road = roads()[mission.roads[index]]
    scale = cos(radians((start.latitude_deg + end.latitude_deg) / 2))
    north = radians(end.latitude_deg - start.latitude_deg) * EARTH_RADIUS_M
    east = radians(end.longitude_deg - start.longitude_deg) * EARTH_RADIUS_M * scale
    straight = float(np.hypot(north, east))
    along = np.linspace(0.0, straight, int(straight / 5.0) + 2)
    aside = _bends(along, road, rng)
    length = np.append(0.0, np.cumsum(np.hypot(np.diff(along), np.diff(aside))))
    nodes = np.arange(0.0, length[-1], STEP_M)
    x, y = np.interp(nodes, length, along), np.interp(nodes, length, aside)
    unit_n, unit_e = north / straight, east / straight
    latitude = start.latitude_deg + np.degrees((x * unit_n - y * unit_e) / EARTH_RADIUS_M)
    longitude = start.longitude_deg + np.degrees((x * unit_e + y * unit_n) / EARTH_RADIUS_M / scale)
    altitude = _heights(nodes, start.altitude_m, end.altitude_m, road, rng)
    return latitude, longitude, np.full(len(nodes), road.limit_mps), altitude


def _bends(along: Floats, road: Road, rng: np.random.Generator) -> Floats:
    aside = np.zeros_like(along)
    for octave in (6.0, 2.3, 1.0, 0.55):
        size = road.bend_m * octave**1.6
        aside += size * np.sin(2 * pi * along / (road.bend_length_m * octave) + rng.uniform(0, 2 * pi)) * rng.uniform(0.5, 1.0)
    fade = np.minimum(1.0, np.minimum(along, along[-1] - along) / (0.2 * along[-1] + 1.0))
    return np.asarray(aside * fade * fade * (3 - 2 * fade), dtype=np.float64)


def _heights(nodes: Floats, start_m: float, end_m: float, road: Road, rng: np.random.Generator) -> Floats:
    """Heights with slopes of `road`: trend between the ends plus a spectrum, bounded, and both ends met."""
    waves = np.geomspace(400.0, 12_000.0, 14)
    slope = sum(np.sin(2 * pi * nodes / wave + rng.uniform(0, 2 * pi)) for wave in waves)
    slope = np.asarray(slope) * road.grade_rms_ratio / np.sqrt(len(waves) / 2)
    ratio = nodes / max(nodes[-1], 1.0)
    slope += (end_m - start_m) / max(nodes[-1], 1.0) * 6 * ratio * (1 - ratio)
    bound = max(road.grade_limit_ratio, 1.2 * abs(end_m - start_m) / max(nodes[-1], 1.0))
    for _ in range(20):
        slope = np.clip(slope, -bound, bound)
        slope += ((end_m - start_m) - STEP_M * slope[:-1].sum()) / (STEP_M * max(len(slope) - 1, 1))
    height = start_m + np.append(0.0, np.cumsum(STEP_M * slope[:-1]))
    return np.where(height < SHORE_M, SHORE_M * np.exp(np.minimum(height / SHORE_M - 1.0, 0.0)), height)


def _joined(altitude_m: Floats, joints: NDArray[np.int64]) -> Floats:
    """Heights with a vertical curve of `JOINT_M` either side of each joint, which begin and end as they did."""
    slope = np.diff(altitude_m)
    reach = round(JOINT_M / STEP_M)
    for joint in joints:
        start, end = max(int(joint) - 1 - reach, 0), min(int(joint) + reach, len(slope))
        ramp = np.linspace(slope[start], slope[end - 1], end - start)
        share = np.linspace(0.0, 1.0, end - start)
        hump = share * (1.0 - share)
        slope[start:end] = ramp + hump * (slope[start:end].sum() - ramp.sum()) / hump.sum()
    return np.asarray(altitude_m[0] + np.append(0.0, np.cumsum(slope)), dtype=np.float64)


def bend_limited_mps(limit_mps: Floats, heading_rad: Floats) -> Floats:
    """`limit_mps` at the nodes, less where a bend would take more than `LATERAL_MPS2`, shape (n,)."""
    curvature = np.abs(np.gradient(np.unwrap(heading_rad))) / STEP_M
    return np.minimum(limit_mps, np.sqrt(LATERAL_MPS2 / np.maximum(curvature, 1e-5)))


def heading_rad(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Direction of travel at nodes `STEP_M` apart, 0 north and clockwise, not wrapped, smoothed over 150 m, shape (n,)."""
    scale = cos(radians(float(latitude_deg.mean())))
    raw = np.unwrap(np.arctan2(np.gradient(longitude_deg) * scale, np.gradient(latitude_deg)))
    width = 15
    padded = np.pad(raw, width // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.full(width, 1 / width), mode="valid"), dtype=np.float64)


def backwards(profile: Profile) -> Profile:
    """The same ground driven from its end to its start, without its stops but the last."""
    altitude = profile.altitude_m[::-1]
    return Profile(
        altitude_m=altitude, sine=np.append(np.diff(altitude), altitude[-1] - altitude[-2]) / STEP_M,
        heading_rad=(profile.heading_rad[::-1] + pi) % (2 * pi), latitude_deg=profile.latitude_deg[::-1],
        longitude_deg=profile.longitude_deg[::-1], limit_mps=profile.limit_mps[::-1],
        stops=(Stop(distance_m=profile.length_m, duration_s=0.0),),
        surface_ratio=np.append(profile.surface_ratio[-2::-1], profile.surface_ratio[0]),
    )  # fmt: skip


def steeper(profile: Profile, factor: float) -> Profile:
    """The same road with its slopes times `factor`, from the same height.

    Raises
    ------
    InputError : slopes steeper than `STEEPEST_SINE`.
    """
    if factor == 1.0:
        return profile
    start = profile.altitude_m[0]
    return replace(profile, altitude_m=start + factor * (profile.altitude_m - start), sine=factor * profile.sine)
