from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.vehicle.vecto.powertrain import FULL_LOAD, LOSS_MAP
from fifthwheel.vehicle.vecto.tables import find_columns, read_table


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.vfld"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "heading",
    [
        "n [U/min],Mfull [Nm],Mdrag [Nm],<PT1> [s]\n",
        "engine speed [1/min],full load torque [Nm],motoring torque [Nm],PT1 [s]\n",
        "Engine Speed [rpm], Torque Full Load [Nm], Torque Drag [Nm]\n",
        "\ufeff# comment\n\nn [1/min],Mfull [Nm],Mdrag [Nm]\n",
        "",
        "Drehzahl,Volllast,Schub\n",
    ],
)
def test_columns_are_found_in_every_spelling(tmp_path: Path, heading: str) -> None:
    read = read_table(written(tmp_path, heading + "560,1180,-149,0.6\n600, 1282 ,-148,0.6\n"), FULL_LOAD)
    assert read == {"speed": (560.0, 600.0), "full": (1180.0, 1282.0), "drag": (-149.0, -148.0)}


@given(st.permutations(["Input Speed [rpm]", "Input Torque [Nm]", "Torque Loss [Nm]", "Eff [-]"]))
def test_the_order_of_columns_does_not_matter(header: list[str]) -> None:
    found = find_columns(header, LOSS_MAP)
    assert {name: header[index] for name, index in found.items()} == {
        "speed": "Input Speed [rpm]",
        "torque": "Input Torque [Nm]",
        "loss": "Torque Loss [Nm]",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"table\.vfld: has no rows"),
        ("n,Mfull,Mdrag\n", r"table\.vfld: has no rows"),
        (
            "n,Mfull,Mdrag\n560,1180,-149\n600,lots,-148\n",
            r"line 3, column 2 \(full\): 'lots'; a finite number with a decimal point",
        ),
        ("n,Mfull,Mdrag\n560,1180,nan\n", r"line 2, column 3 \(drag\): 'nan'"),
        ("n,Mfull,Mdrag\n560;1180;-149\n", r"line 2 has 1 columns; 'full' is wanted in column 2|column 1 \(speed\)"),
        ("n,Mfull\n560,1180\n", r"no column for drag among n, Mfull; accepted headers are drag: motoring torque \| Mdrag"),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_table(written(tmp_path, text), FULL_LOAD)
