"""A user's own catalogue folder: it adds and replaces, and what contradicts itself is refused with both figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.catalogue import Catalogue, catalogue

ROOT = Path(__file__).resolve().parents[2]
TRACTOR = """
[units.our-tractor]
source = "weighbridge and drawing"
generic = false
kind = "tractor"
markets = ["cn"]
title_en = "Our tractor"
title_zh = "自有牵引车"
tare_kg = 7600.0
length_m = 6.0
height_m = 3.8
coupling_m = 4.6
cab_rear_m = 2.3
cg_m = 2.4
cg_height_m = 1.0
tare_loads_kg = [5429.0, 2171.0]
imposed_kg = 8400.0
imposed_loads_kg = [720.0, 7680.0]
price = "tractor-diesel-4x2-11l"
drive = "diesel-4x2"
auxiliaries = ["diesel-tractor"]
axles = [
  { positions_m = [1.4], load_limit_kg = 7000.0, tyres_count = 2, tyre = "steer-12R22.5" },
  { positions_m = [4.9], load_limit_kg = 11500.0, tyres_count = 4, tyre = "drive-12R22.5", driven = true },
]
"""
BODY = """
[bodies.our-box]
source = "drawing"
kind = "box"
title_en = "Our box"
title_zh = "自有厢体"
volume_m3 = 40.0
load_from_m = 0.1
load_to_m = 8.0
inside_width_m = 2.4
inside_height_m = 2.4
"""


def own(folder: Path, text: str) -> Catalogue:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return catalogue(folder)


def test_a_folder_adds_to_the_catalogue(tmp_path: Path) -> None:
    whole = own(tmp_path, TRACTOR)
    assert whole.unit("our-tractor").tare_loads_kg == (5429.0, 2171.0)
    assert whole.unit("trailer-box").name == "trailer-box"
    assert "our-tractor" not in catalogue().names("units")


def test_an_entry_of_the_same_name_replaces_ours(tmp_path: Path) -> None:
    fuel = '[fuels.diesel]\nsource = "our supplier"\nlower_heating_value_jpkg = 43.0e6\ndensity_kgpm3 = 830.0\nco2_kgpkg = 3.1\n'
    engine = own(tmp_path, fuel).unit("tractor-diesel-6x4").drive
    assert engine is not None
    assert engine.fuel is not None
    assert engine.fuel.density_kgpm3 == 830.0


def test_every_file_of_the_folder_is_read_and_named_when_it_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text("[units", encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.toml: .*Expected"):
        own(tmp_path, TRACTOR)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.toml file"):
        catalogue(tmp_path / "nothing")


def test_openvds_load_on_the_front_axle_is_refused_with_both_figures(tmp_path: Path) -> None:
    """8,400 kg on the kingpin 0.3 m ahead of the axle of a 3.5 m wheelbase add 720 kg in front, not 800 kg."""
    with pytest.raises(
        InputError, match=r"our-tractor: .*add 800 kg to the front axles; 8400 kg .* 0\.3 m .* add 720 kg over 3\.5 m"
    ):
        own(tmp_path, TRACTOR.replace("[720.0, 7680.0]", "[800.0, 7600.0]"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[5429.0, 2171.0]", "[5429.0, 2571.0]", "add up to 8000 kg, tare_kg is 7600 kg"),
        ("[5429.0, 2171.0]", "[4929.0, 2671.0]", r"cg_m of 2.4 m puts 5429 kg on the front axles, stated are 4929 kg"),
        ("[5429.0, 2171.0]", "[7600.0]", "1 tare_loads_kg; 2 are wanted"),
        ("positions_m = [4.9]", "positions_m = [6.2]", "axles from 1.4 m to 6.2 m behind its front, length_m is 6 m"),
        ("positions_m = [4.9]", "positions_m = [1.9]", "axles at 1.4 m and 1.9 m; .* 0.8 m apart"),
        ("coupling_m = 4.6", "coupling_m = 7.0", "coupling_m is 7 m; less than 6.8 m"),
        ("cab_rear_m = 2.3", "cab_rear_m = 4.7", "cab_rear_m is 4.7 m, coupling_m 4.6 m"),
        ("cg_height_m = 1.0", "cg_height_m = 4.1", "cg_height_m is 4.1 m, height_m 3.8 m"),
        ("load_limit_kg = 7000.0", "load_limit_kg = 9000.0", "group 1 is 9000 kg, its 2 tyres steer-12R22.5 bear 7100 kg"),
        ("[720.0, 7680.0]", "[720.0]", "1 imposed_loads_kg; one for each of a tractor's 2 axle groups"),
        ('drive = "diesel-4x2"', 'drive = "diesel-4x3"', "diesel-4x2"),
        ("height_m = 3.8", "hight_m = 3.8", "unknown field hight_m"),
        ('kind = "tractor"', 'kind = "tracktor"', "tractor"),
    ],
)
def test_a_unit_that_contradicts_itself_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    assert TRACTOR.count(before) == 1
    with pytest.raises((InputError, UnknownName), match=message):
        own(tmp_path, TRACTOR.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("volume_m3 = 40.0", "volume_m3 = 60.0", "volume_m3 is 60 m3, its room of 7.9 m by 5.76 m2 holds 45.5 m3"),
        ("load_to_m = 8.0", "load_to_m = 0.05", "load_from_m of 0.1 m to load_to_m of 0.05 m"),
        ("volume_m3 = 40.0", "compartments_m = [4.0, 4.2]", "compartments_m add up to 8.2 m in a room of 7.9 m"),
    ],
)
def test_a_body_that_contradicts_itself_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        own(tmp_path, BODY.replace(before, after))


def test_a_room_that_sticks_out_of_the_trailer_is_refused(tmp_path: Path) -> None:
    text = BODY + (
        '[units.our-trailer]\nsource = "drawing"\nkind = "trailer"\ntitle_en = "Ours"\ntitle_zh = "自有"\ntare_kg = 4000.0\n'
        'length_m = 7.5\nheight_m = 3.9\ncoupling_m = 1.0\nbody = "our-box"\n'
        'axles = [{ positions_m = [5.5, 6.8], load_limit_kg = 18000.0, tyres_count = 4, tyre = "trailer-12R22.5" }]\n'
    )
    with pytest.raises(InputError, match=r"our-trailer: body our-box has its room from 0.1 m to 8 m, length_m is 7.5 m"):
        own(tmp_path, text)


def test_an_engine_too_strong_for_its_gearbox_is_refused(tmp_path: Path) -> None:
    drive = '[drives.ours]\nsource = "wish"\nengine = "diesel-17l-3750nm"\ngearbox = "amt-12-direct"\naxle = "single-2.85"\n'
    with pytest.raises(InputError, match=r"diesel-17l-3750nm gives 3750 N m, gearbox amt-12-direct takes 2500 N m"):
        own(tmp_path, drive)


def test_the_example_of_the_docs_is_accepted(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    assert found is not None
    assert own(tmp_path, found[1]).unit("our-tanker-17").tare_kg == 6480.0


def test_the_command_lists_a_users_own_entries_too(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(TRACTOR, encoding="utf-8")
    command = [sys.executable, "-m", "fifthwheel.cli.main", "--catalogue", str(tmp_path), "catalogue", "tractor", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, encoding="utf-8")
    assert '"name": "our-tractor"' in done.stdout
    assert '"name": "trailer-box"' not in done.stdout
