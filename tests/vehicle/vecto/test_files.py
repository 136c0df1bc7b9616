from __future__ import annotations

from pathlib import Path

import pytest

from fifthwheel.errors import InputError
from fifthwheel.vehicle.vecto.files import read_document, read_text, resolve


def folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found", "notes"),
    [
        ("Axle.vtlm", "Axle.vtlm", 0),
        ("AXLE.VTLM", "Axle.vtlm", 0),
        ("maps\\Gear 1.vtlm", "maps/Gear 1.vtlm", 0),
        ("maps/gear 1.VTLM", "maps/Gear 1.vtlm", 0),
        ("Axle 40t Truck.vtlm", "Axle.vtlm", 1),
        ("Gear.vtlm", "Direct Gear.vtlm", 1),
        ("W:\\VECTO\\bin\\Axle.vtlm", "Axle.vtlm", 0),
    ],
)
def test_files_are_found_by_the_names_that_jobs_give(tmp_path: Path, name: str, found: str, notes: int) -> None:
    said: list[str] = []
    place = folder(tmp_path, "Axle.vtlm", "Direct Gear.vtlm", "Axle.vmap", "maps/Gear 1.vtlm")
    assert resolve(name, place, said) == place / found
    assert len(said) == notes


@pytest.mark.parametrize("name", ["Retarder.vtlm", "Big Gear.vtlm", "Gear.vtlm"])
def test_none_or_several_alike_are_refused_with_what_is_there(tmp_path: Path, name: str) -> None:
    place = folder(tmp_path, "Direct Gear.vtlm", "Indirect Gear.vtlm", "Axle.vtlm")
    with pytest.raises(InputError, match=rf"{name}: no such file; .* has Axle\.vtlm, Direct Gear\.vtlm, Indirect Gear\.vtlm"):
        resolve(name, place, [])


def test_a_folder_without_such_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no \*\.vmap file"):
        resolve("Engine.vmap", folder(tmp_path, "Axle.vtlm"), [])


def test_text_of_an_older_code_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Truck.vacc"
    path.write_bytes(b"v [km/h],acc [m/s\xb2]\n")
    assert read_text(path) == "v [km/h],acc [m/s²]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{,}", r"job\.vecto: line 1, column 2: .*; VECTO's JSON files are read"),
        ("[]", r"job\.vecto: has no Body; a JSON object with Header and Body is wanted"),
        ('{"Header": {}}', r"has no Body"),
    ],
)
def test_what_is_no_vecto_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "job.vecto"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_document(path, [])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.vecto: No such file or directory; a readable file is wanted"):
        read_document(tmp_path / "none.vecto", [])


def test_a_number_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "truck.vveh"
    path.write_text('{"Body": {"Retarder": {"Ratio": NaN}}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"truck\.vveh: Retarder\.Ratio is nan; a finite number is wanted"):
        read_document(path, []).section("Retarder").number("Ratio")
