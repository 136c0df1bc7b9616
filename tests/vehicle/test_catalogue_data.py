"""What the catalogue holds: enough of every family, and every unit with what mechanics, law and cost need."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from fifthwheel.vehicle.body import Body, BodyKind
from fifthwheel.vehicle.catalogue import KINDS, catalogue
from fifthwheel.vehicle.combination import Unit, UnitKind, bodied, coupled
from fifthwheel.vehicle.listing import Entry, Family, entries
from fifthwheel.vehicle.statics import axle_loads
from fifthwheel.vehicle.turning import swept

ROOT = Path(__file__).resolve().parents[2]
UNITS: dict[str, Unit] = {name: catalogue().unit(name) for name in catalogue().names("units")}
BODIES: dict[str, Body] = {name: catalogue().build("bodies", name) for name in catalogue().names("bodies")}
ROWS = entries(catalogue())
TRACTORS = [unit for unit in UNITS.values() if unit.kind is UnitKind.TRACTOR]
TRAILERS = [unit for unit in UNITS.values() if unit.kind is UnitKind.TRAILER]
CHASSIS = [unit for unit in UNITS.values() if unit.kind is UnitKind.RIGID and unit.body is None]
ONTO = [(body.name, name) for body in BODIES.values() for name in body.chassis]


def of(*families: Family) -> list[Entry]:
    return [row for row in ROWS if row.family in families]


def test_there_are_enough_of_every_family_and_market() -> None:
    powered, carried = of(Family.TRACTOR, Family.CHASSIS), of(Family.TRAILER, Family.BODY)
    assert len(powered) >= 32
    assert len(carried) >= 28
    for market, tractors, trailers in (("cn", 20, 15), ("eu", 6, 8), ("us", 4, 5)):
        assert len([row for row in of(Family.TRACTOR) if market in row.markets]) >= tractors
        assert len([row for row in of(Family.TRAILER) if market in row.markets]) >= trailers


def test_every_energy_and_axle_layout_asked_for_is_there() -> None:
    energies = {row.energy for row in of(Family.TRACTOR)}
    assert energies == {"diesel", "lng", "battery", "fuel_cell", "diesel_hybrid", "diesel_extender"}
    assert {row.axles for row in of(Family.TRACTOR, Family.CHASSIS)} >= {"4x2", "6x2", "6x4", "8x4"}
    packs = [unit.drive.battery for unit in TRACTORS if unit.drive and unit.drive.battery]
    assert {round(pack.capacity_j / 3.6e6) for pack in packs if pack.swappable} == {141, 282, 350, 423}
    assert {round(pack.capacity_j / 3.6e6) for pack in packs if not pack.swappable} >= {350, 423, 513, 600, 621, 729}


def test_every_kind_of_body_asked_for_is_there() -> None:
    carried = {unit.body.kind for unit in TRAILERS if unit.body}
    assert carried == set(BodyKind) - {BodyKind.MIXER, BodyKind.CAR_CARRIER}
    mounted = {BODIES[name].kind for name, _ in ONTO}
    assert mounted >= {BodyKind.BOX, BodyKind.STAKE, BodyKind.TIPPER, BodyKind.TANK, BodyKind.MIXER, BodyKind.REEFER}
    assert sorted(body.volume_m3 for body in BODIES.values() if body.kind is BodyKind.MIXER and body.chassis) == [6, 8, 10, 12]


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_every_unit_says_what_mechanics_law_and_cost_need(unit: Unit) -> None:
    assert unit.markets
    assert set(unit.markets) <= {"cn", "eu", "us"}
    assert re.fullmatch(r"(tractor|chassis|trailer)-[a-z0-9-]+", unit.price)
    assert sum(unit.tare_loads_kg) == pytest.approx(unit.tare_kg, abs=1.0)
    assert 0.7 < unit.cg_height_m < 2.0
    assert all(group.track_m > 1.7 and group.tyre.section_m > 0.2 for group in unit.axles)
    assert all(group.tyre.load_limit_kg > 2000.0 for group in unit.axles)
    assert all(group.tyre.twin_load_limit_kg > 2000.0 for group in unit.axles if group.tyres_count == 4)
    assert any(group.steered for group in unit.axles) or unit.kind is UnitKind.TRAILER


@pytest.mark.parametrize("unit", TRACTORS + TRAILERS, ids=lambda unit: unit.name)
def test_every_coupling_says_where_how_high_and_how_strong(unit: Unit) -> None:
    assert unit.coupling_m > 0.5
    assert 0.9 < unit.coupling_height_m < 1.4
    assert unit.coupling_load_limit_kg >= 16000.0
    assert unit.coupling_d_n >= 150e3
    assert unit.kingpin_m in {0.0508, 0.0889}


@pytest.mark.parametrize("unit", TRACTORS + CHASSIS, ids=lambda unit: unit.name)
def test_every_tractor_and_chassis_drives_and_has_its_energy_price_apart(unit: Unit) -> None:
    assert unit.drive is not None
    assert unit.cab_rear_m > 1.5
    assert unit.body is None
    parts = [unit.drive.engine, unit.drive.motor, unit.drive.battery, unit.drive.fuel_cell, unit.drive.gearbox]
    assert all(part.mass_kg > 0.0 for part in parts if part)
    assert unit.drive.motor is None or unit.drive.motor.continuous_power_w > 0.4 * unit.drive.motor.peak_power_w


@pytest.mark.parametrize("unit", TRAILERS, ids=lambda unit: unit.name)
def test_every_trailer_has_a_body_within_it_and_the_drag_of_the_whole(unit: Unit) -> None:
    body = unit.body
    assert body is not None
    assert (body.mass_kg, body.price, body.chassis) == (0.0, "", ())
    assert body.volume_m3 > 10.0
    assert body.floor_m > 0.9
    assert set(unit.markets) <= set(body.markets)
    assert 4.5 < unit.drag_area_m2 < 9.0
    assert unit.neck_radius_m > 2.0


@pytest.mark.parametrize(("body", "chassis"), ONTO)
def test_every_body_makes_a_truck_that_stands_within_its_axles(body: str, chassis: str) -> None:
    truck = bodied(UNITS[chassis], BODIES[body])
    whole = coupled(truck, None, gross_mass_kg=2.0 * truck.tare_kg)
    loads = [group.load_kg for group in axle_loads(whole, [[]]).groups]
    assert sum(loads) == pytest.approx(truck.tare_kg)
    assert all(0.1 * truck.tare_kg < load < group.load_limit_kg for load, group in zip(loads, truck.axles, strict=True))
    assert BODIES[body].load_from_m >= UNITS[chassis].cab_rear_m - 0.01
    assert BODIES[body].load_to_m <= truck.length_m
    assert BODIES[body].price.startswith("body-")
    assert swept(whole).inner_m > 5.3 or "us" in truck.markets


def test_a_body_brings_its_consumers_and_names_its_chassis() -> None:
    mixer = bodied(UNITS["chassis-diesel-8x4-mixer"], BODIES["mixer-8m3"])
    assert [item.name for item in mixer.auxiliaries] == ["diesel-rigid", "mixer-drum", "mixer-discharge"]
    assert {name for _, name in ONTO} == {unit.name for unit in CHASSIS}


def test_every_entry_of_every_table_is_whole() -> None:
    built = [catalogue().build(kind, name) for kind in KINDS for name in catalogue().names(kind)]
    assert len({(type(part), part.name) for part in built}) == len(built) > 350


def test_parts_of_a_table_are_used_or_chosen_from() -> None:
    used = {unit.drive.name for unit in UNITS.values() if unit.drive}
    assert used == set(catalogue().names("drives"))
    assert {unit.body.name for unit in UNITS.values() if unit.body} | {body for body, _ in ONTO} == set(BODIES)


def test_the_page_of_the_docs_shows_what_is_there() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "catalogue_table.py"))
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert script["units"](ROWS) in page
    assert script["prices"](catalogue()) in page
