"""`Job`: what a VECTO job says beyond the combination itself: driver, shift rule, correction factors, mission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fifthwheel.vehicle.combination import Combination


class Overspeed(StrEnum):
    """What the driver may do downhill."""

    OFF = "off"
    OVERSPEED = "overspeed"
    ECO_ROLL = "eco-roll"


class ShiftKind(StrEnum):
    """Kind of gearbox, which chooses the shift rule."""

    MT = "MT"
    AMT = "AMT"
    AT = "AT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """VECTO's driver: acceleration limits over speed, look-ahead coasting, overspeed.

    Attributes
    ----------
    speed_mps, accelerate_mps2, decelerate_mps2 : limits, deceleration negative, linear between, shape (n,).
    look_ahead_mps2 : deceleration that places the start of coasting; zero switches look-ahead off.
    look_ahead_speed_mps, overspeed_from_mps : least speeds for either.
    overspeed_mps, underspeed_mps : by how much the target may be left.
    """

    speed_mps: tuple[float, ...]
    accelerate_mps2: tuple[float, ...]
    decelerate_mps2: tuple[float, ...]
    look_ahead_mps2: float
    look_ahead_speed_mps: float
    overspeed: Overspeed
    overspeed_from_mps: float
    overspeed_mps: float
    underspeed_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """Shift lines of a gear: crank speeds over torque, shape (n,)."""

    torque_nm: tuple[float, ...]
    down_radps: tuple[float, ...]
    up_radps: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifting:
    """The shift rule's parameters; `polygons` one a gear or empty, where the lines follow from the full-load curve."""

    kind: ShiftKind
    traction_interruption_s: float
    torque_reserve_ratio: float
    start_torque_reserve_ratio: float
    start_speed_mps: float
    start_acceleration_mps2: float
    least_interval_s: float
    skip_gears: bool
    early_upshift: bool
    polygons: tuple[Polygon, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A VECTO job made ready for one mission.

    Attributes
    ----------
    combination : with the mission's trailer, masses, axle shares, drag over speed and auxiliaries (mean power at the crank).
    mission : ``long-haul``, ``regional-delivery``, ``urban-delivery``, ``municipal-utility``, ``construction``; empty in
        engineering mode.
    reference_payload_kg : the declaration's payload of that mission (or the job's loading); `payload_limit_kg` is the most.
    fuel_factor_ratio : corrects the map's fuel (WHTC and others); 1 in engineering mode.
    gearbox_inertia_kgm2 : of the gearbox input.
    warnings : what was read but is not modelled, in words; printed with every result.
    """

    combination: Combination
    mission: str
    declaration: bool
    reference_payload_kg: float
    fuel_factor_ratio: float
    gearbox_inertia_kgm2: float
    driver: Driver
    shifting: Shifting
    version: str
    warnings: tuple[str, ...] = ()
