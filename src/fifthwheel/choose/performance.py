"""What a loaded combination can do: start, climb, hold a speed, gain speed, and hold itself back downhill, with what limits it.

Wheel forces over road speed are made once a powertrain (`choose.envelope`); everything that the mass decides is closed form or
one pass over them. No wind, sea level, air and tyres at the temperature of an ordinary day.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, inf, sin, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from fifthwheel.choose.descent import Descent, descend
from fifthwheel.choose.duty import Duty, Limits
from fifthwheel.choose.envelope import SPEEDS_MPS, Envelope, Floats, air_n, cruise_radps, envelope
from fifthwheel.choose.practice import figures
from fifthwheel.choose.starting import Starts, clutch_of, starts
from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.physics.launch import launch_resistance_n
from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.traction import (
    Climb,
    Footing,
    adhesion_force_n,
    climbable_grade_ratio,
    equilibrium_grade_ratio,
    power_at_speed_w,
    steepest_climb,
    traction_grade_ratio,
)
from fifthwheel.physics.tyre import rolling_force_n, temperature_factor_ratio
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.stand import middle_m
from fifthwheel.vehicle.statics import AxleLoads
from fifthwheel.vehicle.typical import typical

if TYPE_CHECKING:
    from fifthwheel.finding import Finding
    from fifthwheel.vehicle.verdict import Verdict

TYPE_IIA: Final = (0.07, 30 / 3.6)
"""Grade and speed of the 6 km of UN R13 that endurance brakes alone must hold [K]."""
STEEPEST_RATIO: Final = 0.9
"""Share of the weight that a force counts at most: what pushes harder is held by traction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A steady speed, and what sets it: ``torque``, ``thermal`` (of motors), ``traction`` or ``gearing``."""

    speed_mps: float
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GearClimb:
    """One gear: ratio from shaft to wheels, the steepest grade it climbs and at which speed, and its governed speed."""

    gear: int
    total_ratio: float
    climb: Climb
    climb_mps: float
    top_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What a loaded combination can do.

    Attributes
    ----------
    duty : name of the work that asked. footing : mass, tyres, share on driven axles, and what the slope moves onto them.
    resist_n : air drag less what a trailer's drive pushes, over `SPEEDS_MPS`. start : with the launch force.
    climb : at the duty's climbing speed, for long. held : on the duty's climb. top : on the level.
    geared_top_mps : of the top gear. steps : ratio of every gear over the next. cruise_radps : shaft in top gear at 85 km/h.
    acceleration_s : 0 to 80 km/h; infinite where that is never reached.
    starts : five in five minutes on 12 %; ``None`` without a clutch. descent : on the duty's grade at its speed.
    equilibrium_ratio : grade that holds 85 km/h without drive or brake. cruise_w : power at the wheels at 85 km/h.
    """

    combination: Combination
    duty: str
    region: str
    footing: Footing
    envelope: Envelope
    density_kgpm3: float
    resist_n: Floats
    start: Climb
    climb: Climb
    held: Held
    top: Held
    geared_top_mps: float
    cruise_radps: float
    steps: tuple[float, ...]
    acceleration_s: float
    starts: Starts | None
    descent: Descent
    equilibrium_ratio: float
    cruise_w: float

    @property
    def gears(self) -> tuple[GearClimb, ...]:
        """Gear by gear, first to top."""
        return _gears(self.envelope, (self.resist_n, self.footing), self.combination.drive.total_ratios)

    @property
    def type_iia(self) -> Descent:
        """The descent of UN R13 type IIA, where endurance brakes alone must do."""
        return descend(self.combination, self.envelope, self.footing, (self.density_kgpm3, *TYPE_IIA))

    @property
    def best(self) -> GearClimb:
        """The gear that climbs the steepest grade."""
        return max(self.gears, key=lambda one: one.climb.grade_ratio)

    @property
    def landing_ratio(self) -> float:
        """Least shaft speed after an upshift at full load over the lower end of the plateau; 1 or more keeps the step rule."""
        return self.envelope.landing_ratio

    def verdicts(self, limits: Limits) -> tuple[Verdict, ...]:
        """Checks against what the work asks, worst first, with what would make a failure pass."""
        from fifthwheel.choose.performance_checks import verdicts

        return verdicts(self, limits)

    def findings(self) -> tuple[Finding, ...]:
        """Every figure with its binding limit in `method`."""
        from fifthwheel.choose.performance_checks import findings

        return findings(self)


def performance(combination: Combination, loads: AxleLoads, duty: Duty, *, uphill: AxleLoads | None = None) -> Performance:
    """What `combination` can do with the mass of `loads` on the roads of `duty`.

    Parameters
    ----------
    loads : on the level. uphill : of the same cargo on any slope, which says how much load the slope moves onto the driven axles;
        ``None``: typical heights of the centres of mass.

    Raises
    ------
    InputError : as `physics.traction.traction_grade_ratio`.
    """
    law, limits, drive = figures(), duty.limits, combination.drive
    shape = envelope(drive, combination.tyre_radius_m)
    mass = loads.total_kg
    rolling = _rolling_ratio(combination, loads, duty.temperature_k)
    aid = _aid(combination, loads, limits.friction_ratio)
    footing = Footing(
        mass_kg=mass, rolling_ratio=rolling, friction_ratio=limits.friction_ratio,
        driven_ratio=loads.driven_kg(combination, 0) / mass, transfer_ratio=_transfer(combination, loads, uphill),
        aid_n=float(aid[0]),
    )  # fmt: skip
    density = float(air_density_kgpm3(0.0, duty.temperature_k))
    air = np.asarray(air_n(combination, density, SPEEDS_MPS))
    cruise = law["design_speed_mps"]
    cruise_air = float(air_n(combination, density, cruise))
    road = (air - aid, footing)
    slope = _slope_n(footing, limits.climb_grade_ratio)
    grip = float(adhesion_force_n(footing.friction_ratio, loads.driven_kg(combination, 0) * GRAVITY))
    return Performance(
        combination=combination, duty=duty.name, region=duty.region, footing=footing, envelope=shape,
        density_kgpm3=density,
        resist_n=road[0], start=_start(combination, shape, footing),
        climb=_climb(shape, road, limits.climb_speed_mps),
        held=_held(shape, road, slope, grip + _transferred_n(footing, limits.climb_grade_ratio)),
        top=_held(shape, road, _slope_n(footing, 0.0), grip),
        geared_top_mps=float(shape.tops_mps[-1]), cruise_radps=cruise_radps(drive, combination.tyre_radius_m, cruise),
        steps=tuple(a / b for a, b in zip(drive.gearbox.ratios, drive.gearbox.ratios[1:], strict=False)),
        acceleration_s=_acceleration_s(combination, shape, road, grip),
        starts=starts(combination, shape, footing), equilibrium_ratio=float(equilibrium_grade_ratio(cruise_air, mass, rolling)),
        descent=descend(combination, shape, footing, (density, limits.descent_grade_ratio, limits.descent_speed_mps)),
        cruise_w=float(power_at_speed_w(cruise_air + rolling * mass * GRAVITY, cruise, 1.0)),
    )  # fmt: skip


Road = tuple[Floats, Footing]
"""Air drag less what a trailer's drive pushes, over `SPEEDS_MPS`; and how the vehicle stands."""


def _rolling_ratio(combination: Combination, loads: AxleLoads, temperature_k: float) -> float:
    """Rolling force over weight, every group with its own load."""
    units = combination.units
    force: Quantity = 0.0
    for one in loads.groups:
        if one.load_kg > 0.0:
            group = units[one.unit].axles[one.group]
            tyre, load = group.tyre, one.load_kg * GRAVITY
            force += rolling_force_n(load, tyre.rolling_resistance_ratio, group.all_tyres_count, tyre.iso_load_n)
    return float(force * temperature_factor_ratio(temperature_k)) / (loads.total_kg * GRAVITY)


def _aid(combination: Combination, loads: AxleLoads, friction_ratio: float) -> Floats:
    """Push of a trailer's drive within its own adhesion, over `SPEEDS_MPS`."""
    towed, trailer = combination.trailer_drive, combination.trailer
    if towed is None or trailer is None:
        return np.zeros_like(SPEEDS_MPS)
    radius = next(group.tyre.radius_m for group in trailer.axles if group.driven)
    most = adhesion_force_n(friction_ratio, loads.driven_kg(combination, 1) * GRAVITY)
    return np.minimum(envelope(towed, radius).most_n, most)


def _transfer(combination: Combination, loads: AxleLoads, uphill: AxleLoads | None) -> float:
    """Share of the weight along a slope that moves onto the tractor's driven axles."""
    if uphill is not None:
        cosine = uphill.total_kg / loads.total_kg
        sine = sqrt(max(1.0 - cosine * cosine, 0.0))
        if sine < 1e-3:
            return 0.0
        return (uphill.driven_kg(combination, 0) - cosine * loads.driven_kg(combination, 0)) / (loads.total_kg * sine)
    law, usual, tractor = figures(), typical(), combination.tractor
    places = [(middle_m(tractor, index), group.driven) for index, group in enumerate(tractor.axles)]
    driven = sum(place for place, own in places if own) / max(sum(own for _, own in places), 1)
    base, mass = driven - places[0][0], loads.total_kg
    if combination.trailer is None:
        return law["rigid_cg_m"] / base
    trailer, plate = combination.trailer, tractor.coupling_height_m or usual.kingpin_height_m
    behind = mass - tractor.tare_kg
    middle = sum(middle_m(trailer, index) for index in range(len(trailer.axles))) / len(trailer.axles)
    kingpin = behind * (law["trailer_cg_m"] - plate) / (middle - trailer.coupling_m)
    height = (tractor.cg_height_m or usual.tractor_height_m) * tractor.tare_kg + plate * behind
    return (height - kingpin * (tractor.coupling_m - places[0][0])) / (base * mass)


def _slope_n(footing: Footing, grade_ratio: float) -> float:
    """Weight and tyres on a slope."""
    angle = atan(grade_ratio)
    return footing.mass_kg * GRAVITY * (footing.rolling_ratio * cos(angle) + sin(angle))


def _transferred_n(footing: Footing, grade_ratio: float) -> float:
    """Adhesion that a slope adds to the driven axles; the cosine on the rest is left out below 10 %."""
    return footing.friction_ratio * footing.transfer_ratio * footing.mass_kg * GRAVITY * sin(atan(grade_ratio))


def _gears(shape: Envelope, road: Road, ratios: tuple[float, ...]) -> tuple[GearClimb, ...]:
    """The steepest grade of every gear, for as long as the machines like."""
    resist, footing = road
    net = np.where(shape.lasting_n > 0.0, shape.lasting_n - resist, -inf)
    every, places = np.arange(len(net)), net.argmax(axis=1)
    weight = footing.mass_kg * GRAVITY
    most = np.clip(net[every, places], -STEEPEST_RATIO * weight, STEEPEST_RATIO * weight)
    grades = climbable_grade_ratio(most, footing.mass_kg, footing.rolling_ratio)
    grip = traction_grade_ratio(footing)
    lasting, speeds = (shape.lasting_n < shape.force_n)[every, places], SPEEDS_MPS[places].tolist()
    return tuple(
        GearClimb(
            gear=gear + 1, total_ratio=ratios[gear], climb_mps=speeds[gear], top_mps=float(shape.tops_mps[gear]),
            climb=Climb(grade_ratio=grip, limit="traction") if grade > grip
            else Climb(grade_ratio=grade, limit="thermal" if lasting[gear] else "torque"),
        )
        for gear, grade in enumerate(np.asarray(grades).tolist())
    )  # fmt: skip


def _start(combination: Combination, shape: Envelope, footing: Footing) -> Climb:
    """Startability: launch torque, traction, or the heat that the clutch takes in one launch."""
    found = steepest_climb(shape.launch_n, 0.0, footing)
    clutch = clutch_of(combination.drive)
    if clutch is None:
        return found
    efficiency = combination.drive.total_efficiencies[0]
    push = launch_resistance_n(footing.mass_kg, shape.sync_mps, shape.launch_n, clutch.launch_j, efficiency) + footing.aid_n
    pull = min(float(push), STEEPEST_RATIO * footing.mass_kg * GRAVITY)
    held = float(climbable_grade_ratio(pull, footing.mass_kg, footing.rolling_ratio))
    return Climb(grade_ratio=held, limit="thermal") if held < found.grade_ratio else found


def _climb(shape: Envelope, road: Road, speed_mps: float) -> Climb:
    """The steepest grade at a speed in the best gear, for as long as the machines like."""
    resist, footing = road
    at = float(np.interp(speed_mps, SPEEDS_MPS, resist)) + footing.aid_n
    lasting = float(np.interp(speed_mps, SPEEDS_MPS, shape.most_lasting_n))
    found = steepest_climb(lasting, at, footing)
    peak = float(np.interp(speed_mps, SPEEDS_MPS, shape.most_n))
    return Climb(grade_ratio=found.grade_ratio, limit="thermal") if found.limit == "torque" and lasting < peak else found


def _held(shape: Envelope, road: Road, slope_n: float, grip_n: float) -> Held:
    """The highest speed held against a slope: where the lasting force still suffices."""
    need = road[0] + slope_n
    short = shape.most_lasting_n - need
    good = np.flatnonzero((short >= 0.0) & (need <= grip_n))
    if not len(good):
        return Held(speed_mps=0.0, limit="traction" if float(need[0]) > grip_n else "torque")
    last = int(good[-1])
    if last + 1 >= len(short) or shape.most_lasting_n[last + 1] <= 0.0:
        return Held(speed_mps=min(float(shape.tops_mps.max()), float(SPEEDS_MPS[-1])), limit="gearing")
    share = float(short[last] / (short[last] - short[last + 1])) if short[last + 1] < 0.0 else 1.0
    thermal = shape.most_lasting_n[last + 1] < shape.most_n[last + 1]
    limit = "traction" if short[last + 1] >= 0.0 else "thermal" if thermal else "torque"
    return Held(speed_mps=float(SPEEDS_MPS[last]) + share * float(SPEEDS_MPS[1]), limit=limit)


def _acceleration_s(combination: Combination, shape: Envelope, road: Road, grip_n: float) -> float:
    """Time from 0 to 80 km/h on the level: the best gear at every speed, and the traction gaps of its shifts."""
    resist, footing = road
    drive, radius = combination.drive, combination.tyre_radius_m
    wheels = sum(unit.wheels_inertia_kgm2 for unit in combination.units) / radius**2
    shaft = drive.engine.inertia_kgm2 if drive.engine else 0.0
    turning = footing.mass_kg + wheels + shaft * (np.array(drive.total_ratios) / radius) ** 2
    end = int(figures()["accelerated_mps"] / SPEEDS_MPS[1]) + 1
    force, speeds = shape.force_n[:, :end], SPEEDS_MPS[:end]
    # A clutch that slips below its speed does not turn the engine faster.
    slips = np.minimum(shape.idles_mps, shape.sync_mps)[:, None] > speeds
    net = np.minimum(force, grip_n) - (resist[:end] + _slope_n(footing, 0.0))
    gained = np.where(force > 0.0, net / np.where(slips, footing.mass_kg + wheels, turning[:, None]), -inf)
    best, pace = gained.argmax(axis=0), gained.max(axis=0)
    if pace.min() <= 0.0:
        return inf
    shifts = int((best[1:] != best[:-1]).sum())
    return float(np.trapezoid(1.0 / pace, speeds)) + shifts * drive.gearbox.shift_s
