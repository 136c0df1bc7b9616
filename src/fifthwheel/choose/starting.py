"""Repeated starts: what a clutch takes in one launch and in five within five minutes (Regulation (EU) 2021/535 [K])."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, exp, sin
from typing import Final

from fifthwheel.choose.envelope import Envelope
from fifthwheel.choose.practice import figures
from fifthwheel.physics.launch import launch_heat_j
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.traction import Footing
from fifthwheel.simulate.shift.driveline import AMT, Driveline
from fifthwheel.simulate.shift.launches import EACH_S, STARTS
from fifthwheel.vehicle.combination import Combination, Drive
from fifthwheel.vehicle.components import GearboxKind

WET: Final = Driveline()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clutch:
    """A clutch as one lump, typical of its kind: what its lining takes in a launch, and how its plate warms and cools."""

    launch_j: float
    heat_jpk: float
    cooling_wpk: float
    ambient_k: float
    limit_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """Five starts in five minutes on 12 % of a dry road.

    Attributes
    ----------
    heat_j : friction energy of one. clutch_k, limit_k : plate after the last, and what it may reach.
    bearable_j : heat of one that lining and plate bear five times. reserve_ratio : that over `heat_j`; zero where torque or
        adhesion is too little for one start, 1 or more passes.
    """

    heat_j: float
    clutch_k: float
    limit_k: float
    bearable_j: float
    reserve_ratio: float


def clutch_of(drive: Drive) -> Clutch | None:
    """The clutch of an engine's gearbox: two wet packs of a dual clutch, else one dry plate; ``None`` for motors alone."""
    if drive.engine is None:
        return None
    law, wet = figures(), drive.gearbox.kind is GearboxKind.DCT
    plant = WET if wet else AMT
    return Clutch(
        launch_j=law["lining_jpm2"] * plant.lining_area_m2, heat_jpk=plant.clutch_heat_jpk, cooling_wpk=plant.clutch_cooling_wpk,
        ambient_k=plant.ambient_k, limit_k=law["clutch_wet_limit_k" if wet else "clutch_dry_limit_k"],
    )  # fmt: skip


def starts(combination: Combination, shape: Envelope, footing: Footing) -> Starts | None:
    """Five starts in five minutes on 12 % of a dry road; ``None`` without a clutch.

    Every launch at constant clutch torque (`physics.launch`); the plate cools exponentially between them.
    """
    clutch, law = clutch_of(combination.drive), figures()
    if clutch is None:
        return None
    angle = atan(law["starts_grade_ratio"])
    resist = footing.mass_kg * GRAVITY * (footing.rolling_ratio * cos(angle) + sin(angle)) - footing.aid_n
    grip = law["starts_friction_ratio"] * footing.mass_kg * GRAVITY * (
        footing.driven_ratio * cos(angle) + footing.transfer_ratio * sin(angle)
    )  # fmt: skip
    force = min(shape.launch_n, grip)
    kept = exp(-EACH_S * clutch.cooling_wpk / clutch.heat_jpk)
    summed = sum(kept**number for number in range(STARTS)) / clutch.heat_jpk
    bearable = min(clutch.launch_j, (clutch.limit_k - clutch.ambient_k) / summed)
    if force <= resist:
        return Starts(heat_j=0.0, clutch_k=clutch.ambient_k, limit_k=clutch.limit_k, bearable_j=bearable, reserve_ratio=0.0)
    efficiency = combination.drive.total_efficiencies[0]
    heat = float(launch_heat_j(footing.mass_kg, shape.sync_mps, force, resist, efficiency))
    return Starts(
        heat_j=heat, clutch_k=clutch.ambient_k + heat * summed, limit_k=clutch.limit_k, bearable_j=bearable,
        reserve_ratio=bearable / heat,
    )  # fmt: skip
