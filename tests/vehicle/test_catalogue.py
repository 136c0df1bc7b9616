from __future__ import annotations

from itertools import pairwise
from operator import mul
from pathlib import Path

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.catalogue import KINDS, catalogue, combination, load, names
from fifthwheel.vehicle.combination import Drive
from fifthwheel.vehicle.components import Battery, GearboxKind, Use

ENERGY_KINDS = {
    *("diesel", "lng", "battery", "fuel_cell", "diesel_hybrid", "diesel_extender"),
    *("diesel_etrailer", "battery_etrailer", "diesel_hybrid_etrailer"),
}
OWN = """
[combinations.mine]
source = "weighed"
generic = false
title_en = "Mine"
title_zh = "我的"
tractor = "{tractor}"
trailer = "trailer-box"
drag_area_m2 = 5.1
trailer_drag_ratio = 0.4
crosswind = [0.030042, 0.040817, -0.00213]
gross_mass_kg = 40000.0
"""


@pytest.mark.parametrize("name", names())
def test_every_combination_is_whole_and_plausible(name: str) -> None:
    whole = combination(name)
    assert 13_000 < whole.tare_kg < 25_000
    assert 13_000 < whole.payload_limit_kg < 36_000
    assert sum(sum(ratios) for ratios in whole.axle_load_ratios) == pytest.approx(1.0)
    assert 0.0 < whole.rotating_mass_kg < 0.1 * whole.gross_mass_kg
    assert whole.drive.total_ratios == tuple(sorted(whole.drive.total_ratios, reverse=True))
    assert whole.energy_kind in ENERGY_KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_says_where_it_comes_from(kind: str) -> None:
    entries = [catalogue().build(kind, name) for name in catalogue().names(kind)]
    assert entries
    assert all(len(entry.source) > 10 for entry in entries)


def test_kinds_asked_for_are_there() -> None:
    kinds = [combination(name).energy_kind for name in names()]
    assert len(kinds) >= 12
    assert {kind: kinds.count(kind) >= least for kind, least in (("diesel", 6), ("lng", 2), ("battery", 3))} == {
        "diesel": True,
        "lng": True,
        "battery": True,
    }


def test_consumers_are_counted_by_use_and_unit() -> None:
    mixer, reefer = combination("diesel-8x4-mixer"), combination("battery-600-reefer")
    assert mixer.auxiliary_power_w(Use.LOADED) == 9000.0
    assert reefer.auxiliary_power_w(Use.LOADED, trailer=True) == 7500.0
    assert reefer.auxiliary_power_w(Use.LOADED, trailer=False) == 0.0
    assert mixer.auxiliary_power_w(Use.RUNNING, trailer=True) == 0.0


def test_unknown_name_offers_the_closest() -> None:
    with pytest.raises(UnknownName, match="diesel-6x4-stake"):
        combination("diesel-6x4-steak")


def test_a_users_file_adds_its_combination(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(tractor="tractor-diesel-4x2"), encoding="utf-8")
    mine = load(path)
    assert (mine.name, mine.generic, mine.trailer and mine.trailer.name) == ("mine", False, "trailer-box")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds 0 combinations"),
        ("[combinations", "Expected"),
        ("[lorries.a]\nx = 1\n" + OWN.format(tractor="tractor-diesel-4x2"), "catalogue table"),
        (OWN.format(tractor="trailer-stake"), "has no drive"),
        (OWN.format(tractor="tractor-diesel-4x2") + "wheels = 3\n", "unknown field wheels"),
        (OWN.format(tractor="tractor-diesel-4x2").replace("gross_mass_kg = 40000.0\n", ""), "gross_mass_kg"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("diesel-6x4-manual-stake", "diesel"),
        ("diesel-6x4-stake-lift", "diesel"),
        ("diesel-dct-4x2-box", "diesel"),
        ("diesel-hybrid-4x2-box", "diesel_hybrid"),
        ("diesel-extender-6x4-box", "diesel_extender"),
        ("fuel-cell-6x4-box", "fuel_cell"),
        ("diesel-6x4-etrailer-recuperation", "diesel_etrailer"),
        ("battery-423-etrailer", "battery_etrailer"),
        ("diesel-4x2-curtainsider-eu", "diesel"),
        ("battery-621-curtainsider-eu", "battery"),
    ],
)
def test_every_powertrain_of_the_trade_is_there(name: str, kind: str) -> None:
    assert combination(name).energy_kind == kind


@pytest.mark.parametrize("name", names())
def test_masses_axles_and_power_belong_together(name: str) -> None:
    whole = combination(name)
    assert whole.gross_mass_kg > whole.tare_kg
    assert whole.gross_mass_kg <= sum(group.load_limit_kg for unit in whole.units for group in unit.axles)
    drive = whole.drive
    power_w = drive.motors_count * drive.motor.peak_power_w if drive.motor else 0.0
    power_w += max(map(mul, drive.engine.speed_radps, drive.engine.full_load_torque_nm)) if drive.engine else 0.0
    assert 5.0 < power_w / whole.gross_mass_kg < 16.0
    assert all(later.positions_m[0] > group.positions_m[-1] for unit in whole.units for group, later in pairwise(unit.axles))
    assert 4.5 < whole.drag_area_m2 < 9.0


@pytest.mark.parametrize("name", catalogue().names("drives"))
def test_efficiencies_are_those_of_gears(name: str) -> None:
    drive: Drive = catalogue().build("drives", name)
    assert all(0.9 < ratio < 1.0 for ratio in (*drive.gearbox.efficiencies, drive.axle.efficiency_ratio))
    assert (drive.gearbox.kind is GearboxKind.FIXED) == (len(drive.gearbox.ratios) == 1)
    assert (drive.gearbox.shift_s == 0.0) == (len(drive.gearbox.ratios) == 1)


@pytest.mark.parametrize("name", catalogue().names("batteries"))
def test_batteries_are_whole_and_can_give_their_limits(name: str) -> None:
    pack: Battery = catalogue().build("batteries", name)
    assert len(pack.soc_ratio) == len(pack.open_circuit_voltage_v)
    assert list(pack.open_circuit_voltage_v) == sorted(pack.open_circuit_voltage_v)
    assert all(2.85 < voltage / pack.cells_count < 3.65 for voltage in pack.open_circuit_voltage_v)
    current_a = pack.discharge_limit_w / pack.nominal_voltage_v
    assert pack.resistance_ohm * current_a**2 < 0.15 * pack.discharge_limit_w
    assert pack.heat_capacity_jpk == pytest.approx(pack.capacity_j / 3.6e6 * 7.1e3, rel=0.02)


def test_hydrogen_for_six_hundred_kilometres_fits_the_cylinders() -> None:
    drive = combination("fuel-cell-6x4-box").drive
    assert drive.fuel
    assert drive.fuel.density_kgpm3 * drive.fuel_tank_m3 == pytest.approx(40.0, rel=0.02)
    assert drive.fuel.co2_kgpkg == 0.0


def test_a_lift_axle_a_dual_clutch_and_start_stop_are_there() -> None:
    trailer = combination("diesel-6x4-stake-lift").trailer
    assert trailer
    assert [group.liftable for group in trailer.axles] == [True, False]
    assert combination("diesel-dct-4x2-box").drive.gearbox.kind is GearboxKind.DCT
    assert combination("diesel-6x4-manual-stake").drive.gearbox.kind is GearboxKind.MANUAL
    assert combination("diesel-hybrid-4x2-box").drive.start_stop
    assert not combination("diesel-6x4-box").drive.start_stop
