"""A `Rig`: what the planar vehicle needs to know of a tractor and its semi-trailer, from `rigs.toml` or from a catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import GRAVITY_MPS2

LOAD_TOLERANCE: Final = 0.01
"""Share by which stated and worked-out loads may differ (control facts, acceptance A1)."""


class Group(StrEnum):
    """Which axles stand together; the axles of a group share its load by fixed shares, as equalised suspensions do."""

    STEER = "steer"
    DRIVE = "drive"
    TRAILER = "trailer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axle:
    """One axle with its two wheels (or pairs of twins).

    Attributes
    ----------
    group : the group it stands in.
    offset_m : place ahead of the middle of its group.
    load_share_ratio : its share of the group's load; the shares of a group add up to one.
    track_m : distance of the middles of its wheels.
    radius_m : rolling radius.
    spin_kgm2 : inertia of one side's wheels about their axle, with what turns along.
    cornering_n : cornering stiffness of the axle at its static load, N per radian.
    peak_load_n : axle load of the greatest cornering stiffness (`physics.slip.stiffness_at_load`).
    slip_stiffness_ratio : longitudinal stiffness per unit of slip over the wheel load.
    shape_ratio : shape of the saturation, 1 up to below 2 (`physics.slip.saturation`).
    side_grip_ratio : friction across the wheel over friction along it.
    relaxation_m, side_relaxation_m : relaxation lengths along and across; the first must be positive, a second of zero means
        side forces without delay (for comparison with linear analysis).
    rolling_ratio : coefficient of rolling resistance.
    brake_dead_s, brake_lag_s, drive_dead_s, drive_lag_s : dead time and first-order lag from demanded to acting torque.
    """

    group: Group
    offset_m: float = 0.0
    load_share_ratio: float = 1.0
    track_m: float
    radius_m: float
    spin_kgm2: float
    cornering_n: float
    peak_load_n: float
    slip_stiffness_ratio: float
    shape_ratio: float
    side_grip_ratio: float
    relaxation_m: float
    side_relaxation_m: float
    rolling_ratio: float
    brake_dead_s: float
    brake_lag_s: float
    drive_dead_s: float
    drive_lag_s: float

    def __post_init__(self) -> None:
        positive = ("track_m", "radius_m", "spin_kgm2", "cornering_n", "peak_load_n", "slip_stiffness_ratio", "relaxation_m")
        for name in (*positive, "side_grip_ratio"):
            _positive(self, name)
        if not 1.0 <= self.shape_ratio < 2.0:
            raise InputError(f"shape_ratio is {self.shape_ratio}; 1 up to below 2 is accepted")
        if not 0.0 < self.load_share_ratio <= 1.0:
            raise InputError(f"load_share_ratio is {self.load_share_ratio}; above 0 up to 1 is accepted")
        for name in ("side_relaxation_m", "rolling_ratio", "brake_dead_s", "brake_lag_s", "drive_dead_s", "drive_lag_s"):
            if getattr(self, name) < 0.0:
                raise InputError(f"{name} is {getattr(self, name)}; zero or more is accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A tractor and its semi-trailer seen from above; without a trailer (mass zero), a tractor alone or a rigid.

    Attributes
    ----------
    name, source : what it is called and where its figures come from.
    tractor_mass_kg, trailer_mass_kg, tractor_inertia_kgm2, trailer_inertia_kgm2 : masses, and inertias about the vertical.
    steer_m, drive_m, hitch_m : distance of the tractor's centre of mass to the steered axles ahead of it and to the middle of
        the drive axles and to the fifth wheel behind it.
    kingpin_m, bogie_m : distance of the trailer's centre of mass to the kingpin ahead of it and to the middle of its axles.
    tractor_height_m, trailer_height_m, kingpin_height_m : heights of the centres of mass and of the coupling.
    kingpin_roll_ratio : share of the trailer's overturning moment that the fifth wheel hands to the tractor.
    steer_roll_ratio : share of the tractor's overturning moment that the steered axles bear.
    load_lag_s : time in which wheel loads follow the accelerations (pitch and roll of the bodies).
    axles : from front to rear.
    """

    name: str
    source: str
    tractor_mass_kg: float
    trailer_mass_kg: float = 0.0
    tractor_inertia_kgm2: float
    trailer_inertia_kgm2: float = 0.0
    steer_m: float
    drive_m: float
    hitch_m: float = 0.0
    kingpin_m: float = 0.0
    bogie_m: float = 0.0
    tractor_height_m: float
    trailer_height_m: float = 0.0
    kingpin_height_m: float = 0.0
    kingpin_roll_ratio: float = 0.0
    steer_roll_ratio: float
    load_lag_s: float
    axles: tuple[Axle, ...]

    def __post_init__(self) -> None:
        wanted = ["steer_m", "drive_m", "load_lag_s", "tractor_mass_kg", "tractor_inertia_kgm2"]
        if self.trailer_mass_kg != 0.0:
            wanted += ["trailer_mass_kg", "trailer_inertia_kgm2", "kingpin_m", "bogie_m"]
        for name in wanted:
            _positive(self, name)
        if not self.towing and self.group(Group.TRAILER):
            raise InputError(
                f"rig {self.name}: {len(self.group(Group.TRAILER))} trailer axles under 0 kg of trailer; none is wanted"
            )
        for group in self.groups:
            share = sum(axle.load_share_ratio for axle in self.group(group))
            middle = sum(axle.load_share_ratio * axle.offset_m for axle in self.group(group))
            if abs(share - 1.0) > 1e-6 or abs(middle) > 1e-6:
                raise InputError(
                    f"rig {self.name}: load shares of the {group} axles add up to {share:.6f} about a point {middle:.6f} m ahead "
                    "of their middle; 1 about 0 m is wanted"
                )
        lightest = min(self.group_loads_n().values())
        if lightest <= 0.0:
            raise InputError(f"rig {self.name}: an axle group bears {lightest:.0f} N at rest; more than 0 N is wanted")

    @property
    def towing(self) -> bool:
        """Whether it has a trailer."""
        return self.trailer_mass_kg > 0.0

    @property
    def groups(self) -> tuple[Group, ...]:
        """The axle groups it stands on, front first."""
        return tuple(Group) if self.towing else (Group.STEER, Group.DRIVE)

    @property
    def mass_kg(self) -> float:
        """Mass of the whole."""
        return self.tractor_mass_kg + self.trailer_mass_kg

    def group(self, group: Group) -> tuple[Axle, ...]:
        """The axles of a group, front first."""
        return tuple(axle for axle in self.axles if axle.group is group)

    def place_m(self, axle: Axle) -> float:
        """Place of an axle ahead of the centre of mass of its body (tractor or trailer)."""
        middle = {Group.STEER: self.steer_m, Group.DRIVE: -self.drive_m, Group.TRAILER: -self.bogie_m}
        return middle[axle.group] + axle.offset_m

    def kingpin_load_n(self) -> float:
        """Weight on the fifth wheel at rest, N."""
        if not self.towing:
            return 0.0
        return self.trailer_mass_kg * GRAVITY_MPS2 * self.bogie_m / (self.kingpin_m + self.bogie_m)

    def group_loads_n(self) -> dict[Group, float]:
        """Load of each axle group at rest, N."""
        tractor, kingpin = self.tractor_mass_kg * GRAVITY_MPS2, self.kingpin_load_n()
        steer = (tractor * self.drive_m + kingpin * (self.drive_m - self.hitch_m)) / (self.steer_m + self.drive_m)
        trailer = self.trailer_mass_kg * GRAVITY_MPS2 - kingpin
        loads = {Group.STEER: steer, Group.DRIVE: tractor + kingpin - steer, Group.TRAILER: trailer}
        return {group: loads[group] for group in self.groups}

    def cornering_n(self, group: Group) -> float:
        """Cornering stiffness of a group at rest, N per radian."""
        return sum(axle.cornering_n for axle in self.group(group))


def single_track(rig: Rig, *, cornering_ratio: float = 1.0) -> Rig:
    """The rig reduced to what linear single-track analysis assumes.

    One axle a group, no delay of side forces, no rolling resistance, centres of mass on the road (no load transfer), and wheels
    that turn almost without inertia; the cornering stiffness of every axle times `cornering_ratio`.
    """
    axles = tuple(
        replace(
            rig.group(group)[0],
            offset_m=0.0,
            load_share_ratio=1.0,
            cornering_n=rig.cornering_n(group) * cornering_ratio,
            peak_load_n=sum(axle.peak_load_n for axle in rig.group(group)),
            side_relaxation_m=0.0,
            rolling_ratio=0.0,
            spin_kgm2=1.0,
        )
        for group in rig.groups
    )
    return replace(rig, axles=axles, tractor_height_m=0.0, trailer_height_m=0.0, kingpin_height_m=0.0)


def rig(name: str) -> Rig:
    """A rig of `rigs.toml` by name.

    Raises
    ------
    UnknownName : no rig is called so.
    """
    tables = _tables()
    if name not in tables["rigs"]:
        raise UnknownName("rig", name, tables["rigs"])
    return rig_from(name, tables["rigs"][name], axle_kinds())


def rig_from(name: str, row: Mapping[str, Any], kinds: Mapping[str, Mapping[str, Any]]) -> Rig:
    """A rig from its table: fields of `Rig`, and axles as fields of `Axle` over those of the axle `kind` they name.

    A table may also state the weighed ``loads_kg`` of its axle groups, which must then agree with its lengths and masses.

    Raises
    ------
    InputError : a field is missing, unknown or out of its range, or stated loads differ from statics by more than 1 %.
    """
    stated = row.get("loads_kg", {})
    row = {key: value for key, value in row.items() if key != "loads_kg"}
    try:
        rows = [{**kinds[one["kind"]], **{key: value for key, value in one.items() if key != "kind"}} for one in row["axles"]]
        axles = tuple(Axle(**{**one, "group": Group(one["group"])}) for one in rows)
        made = Rig(**{**row, "name": name, "axles": axles})
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"rig {name}: {error}") from error
    places = [made.place_m(axle) - (axle.group is Group.TRAILER) * 1e3 for axle in axles]
    if any(ahead < behind for ahead, behind in pairwise(places)):
        raise InputError(f"rig {name}: its axles are not in order from front to rear")
    loads = made.group_loads_n()
    for group, stated_kg in stated.items():
        found_kg = loads[Group(group)] / GRAVITY_MPS2
        if abs(stated_kg - found_kg) > LOAD_TOLERANCE * found_kg:
            raise InputError(
                f"rig {name}: its table states {stated_kg:g} kg on the {group} axles, "
                f"its lengths and masses put {found_kg:.0f} kg there; {LOAD_TOLERANCE:.0%} is accepted"
            )
    return made


def axle_kinds() -> Mapping[str, Mapping[str, Any]]:
    """Typical axles of ``rigs.toml`` by kind."""
    kinds: dict[str, dict[str, Any]] = _tables()["axles"]
    return kinds


@cache
def _tables() -> dict[str, Any]:
    text = files("fifthwheel.simulate.handling").joinpath("rigs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _positive(owner: object, name: str) -> None:
    if not getattr(owner, name) > 0.0:
        raise InputError(f"{name} is {getattr(owner, name)}; more than zero is accepted")
