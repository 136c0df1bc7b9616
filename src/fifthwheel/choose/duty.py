"""The work that a combination is chosen for: road, cargo, place, energy at hand and limits, as a MISSION.toml says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fifthwheel.vehicle.body import BodyKind


class Return(StrEnum):
    """How the way back is driven."""

    EMPTY = "empty"
    LADEN = "laden"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A stop where part of the cargo leaves: its share of the whole, and the end it is taken from (``rear`` or ``front``)."""

    share_ratio: float
    end: str = "rear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """What is carried.

    Attributes
    ----------
    kind : name in ``cargoes.toml``; it says which bodies may carry it and how it fills them.
    mass_kg : a trip; ``None``: as much as is lawful and fits.
    density_kgpm3 : as loaded; zero takes the kind's.
    drops : stop by stop, in order; what is left goes at the end.
    """

    kind: str
    title_en: str
    title_zh: str
    bodies: tuple[BodyKind, ...]
    mass_kg: float | None = None
    density_kgpm3: float = 0.0
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Where energy is to be had.

    Attributes
    ----------
    depot_w, depot_s : power of a charger at the depot, and how long a vehicle stands there a day.
    public_w : power of a public charger on the way; zero: none. swap_s : time of a battery swap; zero: no station.
    reserve_ratio : share of the stored energy that is never planned.
    """

    depot_w: float = 120e3
    depot_s: float = 8 * 3600.0
    public_w: float = 240e3
    swap_s: float = 360.0
    reserve_ratio: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the work asks of a vehicle beyond the law.

    Attributes
    ----------
    start_grade_ratio : to start on. climb_grade_ratio, climb_speed_mps : a grade, and the speed to hold on it.
    friction_ratio : of the worst road. temperature_k : of the coldest day that the range is planned for.
    descent_grade_ratio, descent_speed_mps : to hold downhill without friction brakes.
    trip_s : longest time of one way; ``None``: any.
    """

    start_grade_ratio: float = 0.15
    climb_grade_ratio: float = 0.02
    climb_speed_mps: float = 16.7
    friction_ratio: float = 0.5
    temperature_k: float = 263.15
    descent_grade_ratio: float = 0.06
    descent_speed_mps: float = 8.33
    trip_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The work.

    Attributes
    ----------
    road : name of a mission, or a GPX, CSV, TOML or ``.vdri`` file, one way. grade_ratio : factor on its slopes.
    region, rules : prices, and rule sets by name; the region's usual ones where empty.
    distance_day_m, distance_year_m : driven a day and a year.
    years : that the vehicle is kept.
    temperature_k : of an ordinary day.
    energies : energy kinds that may be chosen (`Combination.energy_kind`); empty: all. tractors, trailers : names of units, of
        chassis and bodies; empty: all of the region.
    prices : assumptions of the region that are replaced, in their own unit, e.g. ``{"diesel": 7.4}``.
    """

    name: str
    title_en: str
    title_zh: str
    road: str
    grade_ratio: float = 1.0
    back: Return = Return.EMPTY
    cargo: Cargo
    region: str = "cn"
    rules: tuple[str, ...] = ()
    distance_day_m: float = 600e3
    distance_year_m: float = 140e6
    years: float = 5.0
    temperature_k: float = 293.15
    supply: Supply = field(default_factory=Supply)
    limits: Limits = field(default_factory=Limits)
    energies: tuple[str, ...] = ()
    tractors: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    prices: dict[str, float] = field(default_factory=dict)
