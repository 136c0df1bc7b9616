"""Powertrains that could have been bought instead: what the trade offers around one combination, and each of them built.

Masses follow from sizes (``practice.toml``): engine and gearbox by torque, motors by power, batteries by energy, driven axles.
An engine is scaled as more or larger cylinders of the same design: torque, fuel, drag and inertia grow alike at the same speeds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import log
from typing import Final

from fifthwheel.choose.practice import figures, final_drives, sizes
from fifthwheel.errors import InputError
from fifthwheel.vehicle.catalogue import Catalogue, catalogue
from fifthwheel.vehicle.combination import Combination, Drive, Unit
from fifthwheel.vehicle.components import AxleGroup, Battery, Engine, Gearbox, Motor
from fifthwheel.vehicle.load import tare_load

VARIABLES: Final = ("final_drive", "gearbox", "torque_ratio", "battery_ratio", "driven_axles", "rolling_ratio")
"""What is matched, in the order of a menu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """One powertrain: final drive; gear set by its catalogue name; torque, battery energy and rolling resistance over what was
    bought; driven axles."""

    final_drive: float
    gearbox: str
    torque_ratio: float
    battery_ratio: float
    driven_axles: int
    rolling_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What may be chosen of every variable, in the order of `VARIABLES`; `bought` is on it."""

    choices: tuple[tuple[float | int | str, ...], ...]
    bought: Sizes

    def at(self, places: tuple[int, ...]) -> Sizes:
        """The powertrain at one place of every list."""
        return Sizes(**{name: row[place] for name, row, place in zip(VARIABLES, self.choices, places, strict=True)})  # type: ignore[arg-type]

    def every(self) -> tuple[Sizes, ...]:
        """All of them."""
        return tuple(self.at(places) for places in product(*(range(len(row)) for row in self.choices)))

    def neighbours(self, what: Sizes) -> tuple[Sizes, ...]:
        """Powertrains one place away in one list; of gear sets, which have no order, all others."""
        found = []
        for name, row in zip(VARIABLES, self.choices, strict=True):
            place = row.index(getattr(what, name))
            others = row if name == "gearbox" else row[max(place - 1, 0) : place + 2]
            found += [replace(what, **{name: one}) for one in others if one != row[place]]  # type: ignore[arg-type]
        return tuple(found)

    def narrowed(self, **choices: tuple[float | int | str, ...]) -> Menu:
        """The menu with some lists replaced, e.g. ``torque_ratio=(1.0,)``.

        Raises
        ------
        InputError : an empty list, or a variable that is not one of `VARIABLES`.
        """
        for name, row in choices.items():
            if name not in VARIABLES or not row:
                raise InputError(f"{name} of {len(row)} choices; one or more of {', '.join(VARIABLES)} are wanted")
        rows = tuple(choices.get(name, row) for name, row in zip(VARIABLES, self.choices, strict=True))
        return replace(self, choices=rows)


def menu_of(combination: Combination, region: str) -> Menu:
    """What the trade of a region offers around the powertrain of `combination`.

    Raises
    ------
    InputError : measured loss maps, which hold for one ratio only.
    """
    drive = combination.drive
    if drive.axle.loss_map is not None or drive.gearbox.loss_maps:
        raise InputError(f"{drive.name} has measured losses of one gearbox and axle; efficiencies are wanted to match it")
    fitted, hub = drive.axle.ratio, figures()["hub_from_ratio"]
    near = [one for one in final_drives(region) if (one >= hub) == (fitted >= hub)]
    ratios = tuple(sorted({one for one in near if abs(one / fitted - 1.0) > 0.01} | {fitted}))
    battery = sizes("battery") if drive.battery and drive.fuel is None else (1.0,)
    driven = max(sum(len(group.positions_m) for group in combination.tractor.axles if group.driven), 1)
    bought = Sizes(
        final_drive=fitted,
        gearbox=drive.gearbox.name,
        torque_ratio=1.0,
        battery_ratio=1.0,
        driven_axles=driven,
        rolling_ratio=1.0,
    )
    boxes = tuple(dict.fromkeys((drive.gearbox.name, *(box.name for box in _gearboxes(drive)))))
    rows = (ratios, boxes, sizes("torque"), battery, tuple(range(1, driven + 1)), sizes("rolling"))
    return Menu(choices=rows, bought=bought)


def _shaft_nm(drive: Drive) -> float:
    engine, motor = drive.engine, drive.motor
    return max(engine.full_load_torque_nm) if engine else motor.peak_torque_nm * drive.motors_count if motor else 0.0


def _shaft_radps(drive: Drive) -> float:
    return drive.engine.speed_radps[-1] if drive.engine else drive.motor.max_speed_radps if drive.motor else 0.0


def _gearboxes(drive: Drive) -> tuple[Gearbox, ...]:
    """Gear sets that shift as the drive's own does and that the catalogue has behind torques and speeds near its own."""
    most, found = figures()["family_ratio"], {drive.gearbox.ratios: drive.gearbox}
    for other in _drives(catalogue()):
        like = bool(other.engine) == bool(drive.engine) and other.gearbox.kind is drive.gearbox.kind
        quotients = (_shaft_nm(other) / _shaft_nm(drive), _shaft_radps(other) / _shaft_radps(drive))
        if like and all(1.0 / most < one < most for one in quotients) and not other.gearbox.loss_maps:
            found.setdefault(other.gearbox.ratios, other.gearbox)
    return tuple(found.values())


@lru_cache(maxsize=4)
def _drives(book: Catalogue) -> tuple[Drive, ...]:
    return tuple(book.build("drives", name) for name in book.names("drives"))


@lru_cache(maxsize=256)
def _gearbox(book: Catalogue, name: str) -> Gearbox:
    found: Gearbox = book.build("gearboxes", name)
    return found


def built(combination: Combination, what: Sizes) -> Combination:
    """`combination` with that powertrain, heavier or lighter as its sizes say; the tractor's centre of mass stays where it is."""
    drive, tractor = combination.drive, combination.tractor
    gearbox = drive.gearbox if what.gearbox == drive.gearbox.name else _gearbox(catalogue(), what.gearbox)
    engine = scaled_engine(drive.engine, what.torque_ratio) if drive.engine else None
    motor = scaled_motor(drive.motor, what.torque_ratio) if drive.motor and drive.engine is None else drive.motor
    battery = scaled_battery(drive.battery, what.battery_ratio) if drive.battery else None
    fewer = max(sum(len(group.positions_m) for group in tractor.axles if group.driven) - what.driven_axles, 0)
    law = figures()
    efficiency = min(drive.axle.efficiency_ratio * (1.0 + law["tandem_loss_ratio"] * fewer), 0.99)
    axle = replace(drive.axle, ratio=what.final_drive, efficiency_ratio=efficiency)
    fitted = replace(drive, engine=engine, motor=motor, battery=battery, gearbox=gearbox, axle=axle)
    heavier = _machines_kg(drive, what, gearbox) - law["driven_axle_kg"] * fewer
    units = tuple(_rolled(unit, what.rolling_ratio) for unit in combination.units)
    changed = replace(
        units[0], drive=fitted, tare_kg=tractor.tare_kg + heavier, axles=_driven(units[0].axles, what.driven_axles),
        tare_loads_kg=(), cg_m=tare_load(tractor).place_m,
    )  # fmt: skip
    return replace(combination, tractor=changed, trailer=units[1] if len(units) > 1 else None)


def _machines_kg(drive: Drive, what: Sizes, gearbox: Gearbox) -> float:
    """What engine or motors, gearbox and battery weigh more than those bought."""
    law, more = figures(), what.torque_ratio - 1.0
    torque = _shaft_nm(drive)
    if drive.engine:
        per_nm = law["gas_kgpnm"] if drive.engine.fuel.name == "lng" else law["diesel_kgpnm"]
        machines = per_nm * torque * more
    else:
        assert drive.motor is not None
        machines = law["motor_kgpw"] * drive.motor.peak_power_w * drive.motors_count * more
    gears = len(gearbox.ratios) / len(drive.gearbox.ratios)
    box = law["gearbox_kg"] * log(gears * what.torque_ratio)
    battery = drive.battery
    pack = (battery.mass_kg or battery.capacity_j * law["battery_kgpj"]) * (what.battery_ratio - 1.0) if battery else 0.0
    return machines + box + pack


@lru_cache(maxsize=64)
def scaled_engine(engine: Engine, ratio: float) -> Engine:
    """An engine of the same design with `ratio` times the displacement."""
    if ratio == 1.0:
        return engine
    fuel_map = engine.fuel_map
    if fuel_map is not None:
        fuel_map = replace(fuel_map, torque_nm=_times(fuel_map.torque_nm, ratio), fuel_kgps=_times(fuel_map.fuel_kgps, ratio))
    return replace(
        engine, displacement_m3=engine.displacement_m3 * ratio, full_load_torque_nm=_times(engine.full_load_torque_nm, ratio),
        drag_torque_nm=_times(engine.drag_torque_nm, ratio), brake_torque_nm=_times(engine.brake_torque_nm, ratio),
        reference_torque_nm=engine.reference_torque_nm * ratio, inertia_kgm2=engine.inertia_kgm2 * ratio, fuel_map=fuel_map,
        mass_kg=engine.mass_kg * ratio,
    )  # fmt: skip


@lru_cache(maxsize=64)
def scaled_motor(motor: Motor, ratio: float) -> Motor:
    """A machine of the same design with `ratio` times the torque and power; losses grow alike."""
    return replace(
        motor, peak_torque_nm=motor.peak_torque_nm * ratio, peak_power_w=motor.peak_power_w * ratio,
        continuous_power_w=motor.continuous_power_w * ratio, mass_kg=motor.mass_kg * ratio,
    )  # fmt: skip


@lru_cache(maxsize=64)
def scaled_battery(battery: Battery, ratio: float) -> Battery:
    """A pack with `ratio` times the strings in parallel."""
    return replace(
        battery, capacity_j=battery.capacity_j * ratio, resistance_ohm=battery.resistance_ohm / ratio,
        discharge_limit_w=battery.discharge_limit_w * ratio, charge_limit_w=battery.charge_limit_w * ratio,
        heat_capacity_jpk=battery.heat_capacity_jpk * ratio, cooling_wpk=battery.cooling_wpk * ratio,
        mass_kg=battery.mass_kg * ratio,
    )  # fmt: skip


def _times(values: tuple[float, ...], ratio: float) -> tuple[float, ...]:
    return tuple(value * ratio for value in values)


def _rolled(unit: Unit, ratio: float) -> Unit:
    """The unit on tyres of `ratio` times the rolling resistance."""
    if ratio == 1.0:
        return unit
    axles = tuple(
        replace(group, tyre=replace(group.tyre, rolling_resistance_ratio=group.tyre.rolling_resistance_ratio * ratio))
        for group in unit.axles
    )
    return replace(unit, axles=axles)


def _driven(axles: tuple[AxleGroup, ...], count: int) -> tuple[AxleGroup, ...]:
    """The first `count` driven axles stay driven; a group is split where its drive ends, each axle with its part of the load."""
    found: list[AxleGroup] = []
    for group in axles:
        own = len(group.positions_m)
        keep = min(own, count) if group.driven else 0
        count -= keep
        if not group.driven or keep == own:
            found.append(group)
            continue
        parts = ((group.positions_m[:keep], True), (group.positions_m[keep:], False))
        found += [
            replace(
                group, positions_m=places, driven=driven, load_limit_kg=group.load_limit_kg * len(places) / own,
                load_share_ratio=group.load_share_ratio * len(places) / own,
            )
            for places, driven in parts
            if places
        ]  # fmt: skip
    return tuple(found)
