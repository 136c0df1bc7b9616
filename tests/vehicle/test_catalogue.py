from __future__ import annotations

from pathlib import Path

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.catalogue import KINDS, catalogue, combination, load, names
from fifthwheel.vehicle.components import Use

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
    assert whole.energy_kind in {"diesel", "lng", "battery", "diesel_etrailer"}


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
