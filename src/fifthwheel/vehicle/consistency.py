"""What the figures of one catalogue entry say of each other: sets that contradict themselves are refused, with both figures.

Only what is stated is held against what is stated; zero and empty fields say nothing. Statics is `statics.consistent`.
"""

from __future__ import annotations

from itertools import pairwise
from math import pi
from typing import Final

from fifthwheel.errors import InputError
from fifthwheel.vehicle.body import Body, Section
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind
from fifthwheel.vehicle.components import AxleGroup, Battery, Engine, Gearbox, Part
from fifthwheel.vehicle.stand import stands
from fifthwheel.vehicle.statics import TOLERANCE, consistent

SPACING_M: Final = 0.8
"""Least distance of two axles of one unit [K]."""
ROUNDING_KG: Final = 10.0
"""To which data sheets round the loads of axles."""
ROOM_RATIO: Final = 1.05
"""By how much a stated volume may exceed the room's length, width and height, or a tank's section and length [K]."""


def check(part: Part) -> None:
    """Refuse a part, body, drive, unit or combination whose own figures contradict each other.

    Raises
    ------
    InputError : with the entry's name, the figures that disagree, their unit, and what would be accepted.
    """
    match part:
        case Engine():
            _engine(part)
        case Gearbox():
            _gearbox(part)
        case Battery():
            _battery(part)
        case Drive():
            _drive(part)
        case Body():
            _body(part)
        case Unit():
            _unit(part)
        case Combination():
            _combination(part)


def _engine(engine: Engine) -> None:
    curves = (engine.speed_radps, engine.full_load_torque_nm, engine.drag_torque_nm, engine.brake_torque_nm)
    lengths = {len(curve) for curve in curves}
    if len(lengths) > 1:
        raise InputError(f"engines.{engine.name}: curves of {sorted(lengths)} points; all need those of speed_radps")
    if engine.fuel_map is None and engine.indicated_efficiency_ratio <= 0.0:
        raise InputError(f"engines.{engine.name}: needs fuel_map or indicated_efficiency_ratio")


def _gearbox(gearbox: Gearbox) -> None:
    losses = len(gearbox.loss_maps or gearbox.efficiencies)
    if losses != len(gearbox.ratios):
        raise InputError(f"gearboxes.{gearbox.name}: {len(gearbox.ratios)} ratios, {losses} losses; one a gear is wanted")
    if list(gearbox.ratios) != sorted(gearbox.ratios, reverse=True):
        raise InputError(f"gearboxes.{gearbox.name}: ratios {gearbox.ratios} do not fall; first to top gear is wanted")


def _battery(battery: Battery) -> None:
    if len(battery.soc_ratio) != len(battery.open_circuit_voltage_v):
        raise InputError(
            f"batteries.{battery.name}: {len(battery.soc_ratio)} charges, {len(battery.open_circuit_voltage_v)} voltages; "
            "one each is wanted"
        )
    if not battery.soc_low_ratio < battery.soc_high_ratio:
        raise InputError(
            f"batteries.{battery.name}: window from {battery.soc_low_ratio:g} to {battery.soc_high_ratio:g}; "
            "a rising one is wanted"
        )


def _drive(drive: Drive) -> None:
    if drive.engine is None and drive.motor is None:
        raise InputError(f"drives.{drive.name}: needs an engine, a motor or both")
    if drive.motor is not None and drive.battery is None:
        raise InputError(f"drives.{drive.name}: a motor needs a battery")
    sources = [part for part in (drive.engine, drive.fuel_cell, drive.range_extender) if part is not None]
    if len(sources) > 1:
        raise InputError(f"drives.{drive.name}: names {len(sources)} of engine, fuel_cell, range_extender; one at most is wanted")
    if sources and sources[0] is not drive.engine and drive.motor is None:
        raise InputError(f"drives.{drive.name}: {sources[0].name} needs a motor to drive with")
    limit = drive.gearbox.torque_limit_nm
    if drive.engine is not None and 0.0 < limit < max(drive.engine.full_load_torque_nm):
        raise InputError(
            f"drives.{drive.name}: engine {drive.engine.name} gives {max(drive.engine.full_load_torque_nm):.0f} N m, "
            f"gearbox {drive.gearbox.name} takes {limit:.0f} N m; no more than that is accepted"
        )


def _body(body: Body) -> None:
    whose, room = f"bodies.{body.name}", body.load_to_m - body.load_from_m
    if body.load_to_m > 0.0 and room <= 0.0:
        raise InputError(
            f"{whose}: room from load_from_m of {body.load_from_m:g} m to load_to_m of {body.load_to_m:g} m; "
            "a rising one is wanted"
        )
    area = body.inside_width_m * body.inside_height_m
    if body.section is not None:
        outside = body.section_width_m * body.section_height_m
        area = outside if body.section is Section.RECTANGLE else outside * pi / 4.0
    if area > 0.0 and body.volume_m3 > ROOM_RATIO * area * room:
        raise InputError(
            f"{whose}: volume_m3 is {body.volume_m3:g} m3, its room of {room:g} m by {area:.2f} m2 holds {area * room:.1f} m3; "
            f"{ROOM_RATIO - 1.0:.0%} more is accepted"
        )
    if sum(body.compartments_m) > (1.0 + TOLERANCE) * room:
        raise InputError(
            f"{whose}: compartments_m add up to {sum(body.compartments_m):g} m in a room of {room:g} m; "
            f"{TOLERANCE:.0%} is accepted"
        )


def _unit(unit: Unit) -> None:
    _axles(unit)
    _places(unit)
    _tyres(unit)
    _masses(unit)
    consistent(unit)
    _imposed(unit)


def _axles(unit: Unit) -> None:
    if not unit.axles or not all(group.positions_m for group in unit.axles):
        raise InputError(f"{unit.name}: an axle group without a position; one axle at least in each is wanted")
    places = [place for group in unit.axles for place in group.positions_m]
    if places[0] <= 0.0 or places[-1] > unit.length_m:
        raise InputError(
            f"{unit.name}: axles from {places[0]:g} m to {places[-1]:g} m behind its front, length_m is {unit.length_m:g} m; "
            "places within the unit are accepted"
        )
    for ahead, behind in pairwise(places):
        if behind - ahead < SPACING_M:
            raise InputError(
                f"{unit.name}: axles at {ahead:g} m and {behind:g} m; front to rear and {SPACING_M:g} m apart or more is accepted"
            )


def _places(unit: Unit) -> None:
    trailer = unit.kind is UnitKind.TRAILER
    first = unit.axles[0].positions_m[0]
    last = first if trailer else unit.length_m + SPACING_M
    if unit.coupling_m >= last:
        where = "ahead of its axles" if trailer else "within its length"
        raise InputError(f"{unit.name}: coupling_m is {unit.coupling_m:g} m; less than {last:g} m, {where}, is accepted")
    if 0.0 < unit.coupling_m <= unit.cab_rear_m and not trailer:
        raise InputError(
            f"{unit.name}: cab_rear_m is {unit.cab_rear_m:g} m, coupling_m {unit.coupling_m:g} m; a cab ahead of it is accepted"
        )
    if unit.cg_m > unit.length_m:
        raise InputError(f"{unit.name}: cg_m is {unit.cg_m:g} m, length_m {unit.length_m:g} m; a place within it is accepted")
    if unit.cg_height_m > unit.height_m:
        raise InputError(f"{unit.name}: cg_height_m is {unit.cg_height_m:g} m, height_m {unit.height_m:g} m; less is accepted")
    body = unit.body
    if body is not None and (body.load_from_m < 0.0 or body.load_to_m > unit.length_m):
        raise InputError(
            f"{unit.name}: body {body.name} has its room from {body.load_from_m:g} m to {body.load_to_m:g} m, "
            f"length_m is {unit.length_m:g} m; a room within the unit is accepted"
        )


def _tyres(unit: Unit) -> None:
    for number, group in enumerate(unit.axles, start=1):
        bears = tyres_bear_kg(group)
        if 0.0 < (1.0 + TOLERANCE) * bears < group.load_limit_kg:
            raise InputError(
                f"{unit.name}: load_limit_kg of axle group {number} is {group.load_limit_kg:g} kg, its "
                f"{group.all_tyres_count} tyres {group.tyre.name} bear {bears:g} kg; no more than that is accepted"
            )


def tyres_bear_kg(group: AxleGroup) -> float:
    """What the tyres of a group may carry together; zero where nobody says."""
    tyre = group.tyre
    return group.all_tyres_count * (tyre.load_limit_kg if group.tyres_count <= 2 else tyre.twin_load_limit_kg)


def _masses(unit: Unit) -> None:
    drive = unit.drive
    if drive is None:
        return
    named = (drive.engine, drive.gearbox, drive.battery, drive.fuel_cell)
    parts = sum(part.mass_kg for part in named if part is not None)
    parts += drive.motors_count * drive.motor.mass_kg if drive.motor else 0.0
    if parts >= unit.tare_kg:
        raise InputError(
            f"{unit.name}: tare_kg is {unit.tare_kg:g} kg, its drive's parts alone weigh {parts:g} kg; more than that is wanted"
        )


def _imposed(unit: Unit) -> None:
    """What a data sheet says that a mass on the coupling adds to the axles: moments about the rear axles."""
    if unit.imposed_kg <= 0.0 or not unit.imposed_loads_kg:
        return
    if len(unit.imposed_loads_kg) != len(unit.axles) or unit.kind is UnitKind.TRAILER:
        raise InputError(
            f"{unit.name}: {len(unit.imposed_loads_kg)} imposed_loads_kg; one for each of a tractor's {len(unit.axles)} axle "
            "groups is wanted"
        )
    front, rear = stands(unit)
    lead, base = rear.place_m - unit.coupling_m, rear.place_m - front.place_m
    for where, stand, worked in (
        ("front", front, unit.imposed_kg * lead / base),
        ("rear", rear, unit.imposed_kg * (1.0 - lead / base)),
    ):
        stated = sum(unit.imposed_loads_kg[index] for index in stand.shares)
        accepted = max(TOLERANCE * abs(stated), ROUNDING_KG)
        if abs(stated - worked) > accepted:
            raise InputError(
                f"{unit.name}: imposed_loads_kg add {stated:g} kg to the {where} axles; {unit.imposed_kg:g} kg on the coupling "
                f"{lead:g} m ahead of the rear axles add {worked:.0f} kg over {base:g} m; "
                f"{accepted:.0f} kg of difference is accepted"
            )


def _combination(combination: Combination) -> None:
    if combination.tractor.drive is None:
        raise InputError(f"combinations.{combination.name}: {combination.tractor.name} has no drive")
    if combination.gross_mass_kg <= combination.tare_kg:
        raise InputError(
            f"combinations.{combination.name}: gross_mass_kg is {combination.gross_mass_kg:g} kg, its units weigh "
            f"{combination.tare_kg:g} kg; more than that is wanted"
        )
