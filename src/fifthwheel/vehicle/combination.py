"""A `Unit` (tractor, rigid, trailer) and a `Combination`: the units that drive as one vehicle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from operator import mul
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.vehicle.body import Body
from fifthwheel.vehicle.components import (
    Auxiliary,
    AxleGroup,
    Battery,
    DriveAxle,
    Engine,
    Fuel,
    FuelCell,
    Gearbox,
    Motor,
    Part,
    RangeExtender,
    Retarder,
    Use,
)


class UnitKind(StrEnum):
    """What a unit is."""

    TRACTOR = "tractor"
    RIGID = "rigid"
    TRAILER = "trailer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive(Part):
    """A powertrain: `engine`, `motor` or both at the input of a gearbox and the driven axles.

    Attributes
    ----------
    battery : feeds the motor, and is charged by braking, by the engine through the motor (parallel hybrid, P2), or by a
        `fuel_cell` or `range_extender`.
    soc_target_ratio : charge that a hybrid keeps, or that a trailer's drive starts with.
    start_stop : whether the engine stops while standing.
    """

    engine: Engine | None = None
    motor: Motor | None = None
    motors_count: int = 1
    battery: Battery | None = None
    fuel_cell: FuelCell | None = None
    range_extender: RangeExtender | None = None
    soc_target_ratio: float = 0.6
    start_stop: bool = False
    gearbox: Gearbox
    axle: DriveAxle
    retarder: Retarder | None = None
    fuel_tank_m3: float = 0.0

    @property
    def energy_kind(self) -> str:
        """``diesel``, ``lng``, ``battery``, ``fuel_cell``, ``diesel_hybrid`` or ``diesel_extender``."""
        if self.engine:
            return f"{self.engine.fuel.name}_hybrid" if self.motor else self.engine.fuel.name
        if self.range_extender:
            return f"{self.range_extender.engine.fuel.name}_extender"
        return "fuel_cell" if self.fuel_cell else "battery"

    @property
    def power_w(self) -> float:
        """Most power at the gearbox of engine and motors together."""
        engine = self.engine
        burnt = max(map(mul, engine.speed_radps, engine.full_load_torque_nm)) if engine else 0.0
        return burnt + (self.motors_count * self.motor.peak_power_w if self.motor else 0.0)

    @property
    def total_ratios(self) -> tuple[float, ...]:
        """Shaft speed to wheel speed in each gear, first to top."""
        return tuple(ratio * self.axle.ratio for ratio in self.gearbox.ratios)

    @property
    def total_efficiencies(self) -> tuple[float, ...]:
        """Shaft to wheel in each gear, first to top: typical ones where loss maps hold."""
        axle = self.axle.loss_map.efficiency_ratio if self.axle.loss_map else self.axle.efficiency_ratio
        gears = [loss_map.efficiency_ratio for loss_map in self.gearbox.loss_maps] or self.gearbox.efficiencies
        return tuple(efficiency * axle for efficiency in gears)

    @property
    def fuel(self) -> Fuel | None:
        """What it burns, if anything."""
        burner = self.engine or self.fuel_cell or (self.range_extender.engine if self.range_extender else None)
        return burner.fuel if burner else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Part):
    """One unit: its mass ready to drive, outer size, axles (front to rear), drive if it has one, and consumers.

    Places are from the unit's front, rearwards, heights above the road, unladen. Zero and empty mean that nobody says.

    Attributes
    ----------
    coupling_m : the fifth wheel of a tractor, the kingpin of a semi-trailer, the drawbar eye or hook of others.
    cg_m, cg_height_m : centre of mass of the unit ready to drive.
    tare_loads_kg : what it weighs unladen on the scales: of a trailer on its kingpin first, then on every axle group.
    coupling_height_m : plate of the fifth wheel ready to couple, or plate around the kingpin.
    coupling_slide_m : how far forwards (negative) and rearwards the fifth wheel slides from `coupling_m`.
    kingpin_m : diameter of the kingpin that it takes or has (0.0508, 0.0889).
    coupling_load_limit_kg, coupling_d_n : rating of the coupling: imposed mass U and D value.
    cab_rear_m : end of the cab or of the highest thing behind it that a swinging trailer must clear.
    neck_radius_m : of a trailer, from the kingpin to the nearest gooseneck, landing leg or axle part that a tractor's frame
        must clear.
    drag_area_m2 : of a trailer or rigid, CdA of the whole vehicle behind a high-roof cab; of a tractor, alone.
    drag_ratio : of a tractor, CdA of a whole with it over that with an ordinary high-roof cab.
    imposed_kg, imposed_loads_kg : what its data sheet says that a mass on the coupling adds to every axle group.
    markets : regions where it is sold (``cn``, ``eu``, ``us``).
    price : assumption of a region that says its price, without the traction battery and without the body of a rigid.
    """

    kind: UnitKind
    title_en: str
    title_zh: str
    tare_kg: float
    length_m: float
    height_m: float
    width_m: float = 2.55
    axles: tuple[AxleGroup, ...]
    coupling_m: float = 0.0
    drive: Drive | None = None
    auxiliaries: tuple[Auxiliary, ...] = ()
    body: Body | None = None
    cg_m: float = 0.0
    cg_height_m: float = 0.0
    tare_loads_kg: tuple[float, ...] = ()
    coupling_height_m: float = 0.0
    coupling_slide_m: tuple[float, float] = (0.0, 0.0)
    kingpin_m: float = 0.0508
    coupling_load_limit_kg: float = 0.0
    coupling_d_n: float = 0.0
    cab_rear_m: float = 0.0
    neck_radius_m: float = 0.0
    drag_area_m2: float = 0.0
    drag_ratio: float = 1.0
    imposed_kg: float = 0.0
    imposed_loads_kg: tuple[float, ...] = ()
    markets: tuple[str, ...] = ()
    price: str = ""

    @property
    def wheels_inertia_kgm2(self) -> float:
        """Rotational inertia of all tyres."""
        return sum(group.all_tyres_count * group.tyre.inertia_kgm2 for group in self.axles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination(Part):
    """The units that drive as one vehicle, with what belongs to none of them alone.

    Attributes
    ----------
    tractor : the tractor or rigid; trailer : what it tows, or ``None``.
    drag_area_m2 : CdA of the whole without wind; `trailer_drag_ratio` is the trailer's share of it.
    drag_speed_mps, drag_speed_area_m2 : CdA over road speed where a declaration has put a mean wind into it (shape (n,),
        held below the first and above the last speed); it replaces crosswind while no wind is given.
    crosswind : a1, a2, a3 of ``dCdA = a1 b + a2 b^2 + a3 b^3``, b the yaw angle in degrees (`physics.aero`).
    gross_mass_kg : legal limit of the whole.
    assist_power_w : wheel power above which a trailer's own drive helps (zero without one).
    """

    title_en: str
    title_zh: str
    tractor: Unit
    trailer: Unit | None = None
    drag_area_m2: float
    trailer_drag_ratio: float
    crosswind: tuple[float, float, float]
    gross_mass_kg: float
    assist_power_w: float = 0.0
    drag_speed_mps: tuple[float, ...] = ()
    drag_speed_area_m2: tuple[float, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """Front to rear."""
        return (self.tractor,) if self.trailer is None else (self.tractor, self.trailer)

    @property
    def drive(self) -> Drive:
        """The tractor's powertrain."""
        assert self.tractor.drive is not None, f"{self.tractor.name} has no drive; the catalogue refuses that"
        return self.tractor.drive

    @property
    def trailer_drive(self) -> Drive | None:
        """The trailer's own powertrain, if it has one."""
        return self.trailer.drive if self.trailer else None

    @property
    def energy_kind(self) -> str:
        """The tractor's `Drive.energy_kind`; ``..._etrailer`` when the trailer drives too."""
        kind = self.drive.energy_kind
        return f"{kind}_etrailer" if self.trailer_drive else kind

    @property
    def tare_kg(self) -> float:
        """Mass ready to drive, unladen."""
        return sum(unit.tare_kg for unit in self.units)

    @property
    def payload_limit_kg(self) -> float:
        """What it may carry within `gross_mass_kg`."""
        return self.gross_mass_kg - self.tare_kg

    @property
    def tyre_radius_m(self) -> float:
        """Rolling radius of the tractor's driven axle."""
        return next(group.tyre.radius_m for group in self.tractor.axles if group.driven)

    @property
    def rotating_mass_kg(self) -> float:
        """Mass that the wheels, and the engine or motor in top gear, add to inertia."""
        wheels = sum(unit.wheels_inertia_kgm2 for unit in self.units)
        shaft = self.drive.engine.inertia_kgm2 * self.drive.total_ratios[-1] ** 2 if self.drive.engine else 0.0
        return (wheels + shaft) / self.tyre_radius_m**2

    @property
    def axle_load_ratios(self) -> tuple[tuple[float, ...], ...]:
        """Share of the total mass on each axle group, by unit: as declared, else in proportion to permitted loads."""
        total = sum(group.load_limit_kg for unit in self.units for group in unit.axles)
        return tuple(tuple(group.load_share_ratio or group.load_limit_kg / total for group in unit.axles) for unit in self.units)

    def auxiliary_power_w(self, use: Use, *, trailer: bool | None = None) -> float:
        """Power of the consumers with that `use`: of the whole, or of the tractor or trailer alone."""
        wanted = {None: self.units, False: (self.tractor,), True: self.units[1:]}[trailer]
        return float(sum(item.power_w for unit in wanted for item in unit.auxiliaries if item.use is use))


CROSSWIND: Final = {True: (0.030042, 0.040817, -0.00213), False: (0.013526, 0.017746, -0.000666)}
"""Crosswind law of VECTO, with and without a semi-trailer."""
TRAILER_DRAG_RATIO: Final = 0.45
"""Share of a trailer in the drag of the whole [K]."""
ASSIST_W: Final = 40e3
"""Wheel power above which a trailer's own drive helps [K]."""


def bodied(chassis: Unit, body: Body) -> Unit:
    """The rigid truck that a body makes of a chassis (a rigid without a body).

    Raises
    ------
    InputError : the unit is no chassis, or the body has no mass of its own or is made for other chassis.
    """
    if chassis.kind is not UnitKind.RIGID or chassis.body is not None:
        raise InputError(f"{chassis.name} is no chassis; a rigid without a body is wanted")
    if body.mass_kg <= 0.0:
        raise InputError(f"body {body.name} weighs {body.mass_kg:g} kg; one for a chassis weighs more than 0 kg")
    if body.chassis and chassis.name not in body.chassis:
        raise InputError(f"body {body.name} is made for {', '.join(body.chassis)}, not for {chassis.name}")
    tare_kg = chassis.tare_kg + body.mass_kg
    return replace(
        chassis, name=f"{chassis.name}+{body.name}", source=f"{chassis.source}; {body.source}", body=body, tare_kg=tare_kg,
        title_en=f"{chassis.title_en}, {body.title_en}", title_zh=f"{chassis.title_zh} {body.title_zh}",
        length_m=max(chassis.length_m, body.load_to_m), height_m=max(chassis.height_m, body.height_m),
        cg_m=_middle_m(chassis.tare_kg, chassis.cg_m, body.mass_kg, body.cg_m),
        cg_height_m=_middle_m(chassis.tare_kg, chassis.cg_height_m, body.mass_kg, body.cg_height_m),
        tare_loads_kg=(), drag_area_m2=body.drag_area_m2, auxiliaries=chassis.auxiliaries + body.auxiliaries,
    )  # fmt: skip


def _middle_m(first_kg: float, first_m: float, second_kg: float, second_m: float) -> float:
    """Middle of two masses; nobody says where it is unless both are said."""
    return (first_kg * first_m + second_kg * second_m) / (first_kg + second_kg) if first_m and second_m else 0.0


def coupled(tractor: Unit, trailer: Unit | None, *, gross_mass_kg: float, drag_ratio: float = 1.0) -> Combination:
    """The combination of two units (or of a rigid alone) that the catalogue does not name.

    Parameters
    ----------
    gross_mass_kg : limit of the whole, from a rule set. drag_ratio : of this pair, e.g. for its gap, over that of its parts.

    Raises
    ------
    InputError : a tractor without a drive, or a whole whose drag area nobody says.
    """
    if tractor.drive is None:
        raise InputError(f"{tractor.name} has no drive")
    behind = trailer or tractor
    if behind.drag_area_m2 <= 0.0:
        raise InputError(f"{behind.name} has no drag_area_m2; CdA of the whole vehicle is wanted")
    return Combination(
        name=f"{tractor.name}+{trailer.name}" if trailer else tractor.name,
        source=f"{tractor.source}; {trailer.source}" if trailer else tractor.source,
        generic=tractor.generic or bool(trailer and trailer.generic),
        title_en=f"{tractor.title_en} + {trailer.title_en}" if trailer else tractor.title_en,
        title_zh=f"{tractor.title_zh}+{trailer.title_zh}" if trailer else tractor.title_zh,
        tractor=tractor, trailer=trailer, drag_area_m2=behind.drag_area_m2 * tractor.drag_ratio * drag_ratio,
        trailer_drag_ratio=TRAILER_DRAG_RATIO if trailer else 0.0, crosswind=CROSSWIND[trailer is not None],
        gross_mass_kg=gross_mass_kg, assist_power_w=ASSIST_W if trailer and trailer.drive else 0.0,
    )  # fmt: skip
