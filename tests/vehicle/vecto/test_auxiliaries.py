from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.vecto.read import read_job

Write = Callable[..., Path]
VAUX = "c Alternator,,\nTransmission ratio to engine rpm [-],,\n4.078,,\n"
VAUX += "Efficiency to engine [-]\n0.9\nEfficiency auxiliary to supply [-]\n1\n"
MAP = "Auxiliary speed [rpm], Mechanical power [kW],Supply power [kW]\n1400,1.8,0\n1400,3.0,1\n7000,3.6,0\n"


def technology(index: int, *names: str) -> Callable[[dict[str, Any]], None]:
    def change(bodies: dict[str, Any]) -> None:
        bodies["job.vecto"]["Aux"][index] |= {"Technology": list(names), "TechList": []}

    return change


def consumers(path: Path) -> dict[str, float]:
    return {item.name: item.power_w for item in read_job(path).combination.tractor.auxiliaries}


@pytest.mark.parametrize(
    ("index", "names", "consumer", "power"),
    [
        (0, ("Default",), "fan", 516.0),
        (0, ("Crankshaft mounted - Electronically controlled visco clutch (Default)",), "fan", 516.0),
        (0, ("hydraulic driven - variable displacement pump",), "fan", 632.0),
        (1, ("Variable displacement", "Fixed displacement"), "steering-pump", 0.6 * 310.0),
        (1, ("Variable displacement elec. controlled",), "steering-pump", 0.6 * 310.0),
        (3, ("Standard technology",), "electric-system", 974.0 / 0.7),
        (3, ("Standard technology - LED headlights, all",), "electric-system", 924.0 / 0.7),
    ],
)
def test_technologies_of_both_versions(rigid: Write, index: int, names: tuple[str, ...], consumer: str, power: float) -> None:
    assert consumers(rigid(technology(index, *names)))[consumer] == pytest.approx(power)


@pytest.mark.parametrize(
    ("index", "name", "said"),
    [
        (1, "Dual displacement", "'Dual displacement' is of a later VECTO; 'Variable displacement'"),
        (4, "Large Supply 2-stage", "pneumatic-system: Large Supply 2-stage has no figure of its own"),
        (3, "Solar roof", "electric-system: 'Solar roof' has no figure"),
    ],
)
def test_stand_ins_are_said(rigid: Write, index: int, name: str, said: str) -> None:
    assert any(said in warning for warning in read_job(rigid(technology(index, name))).warnings)


def test_an_unknown_technology_is_told_with_those_that_are(rigid: Write) -> None:
    with pytest.raises(UnknownName, match=r"fan technology \(job\.vecto\) is called 'Windmill'; did you mean"):
        read_job(rigid(technology(0, "Windmill")))


def listing(*entries: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(bodies: dict[str, Any]) -> None:
        bodies["job.vecto"] |= {"Aux": list(entries), "Padd": 0.0, "Padd_electric": 700.0}

    return change


def test_engineering_jobs_list_powers_and_files(tractor: Write, tmp_path: Path) -> None:
    (tmp_path / "ALT.vaux").write_text(VAUX + MAP, encoding="utf-8")
    entries = ({"ID": "ALT1", "Path": "ALT.vaux"}, {"ID": "FAN", "Path": "<NOFILE>", "ConstantPower": 900.0}, {"ID": "X"})
    path = tractor(listing(*entries))
    assert consumers(path) == pytest.approx({"padd-electric": 1000.0, "alt1": 2700.0 / 0.9, "fan": 900.0})
    said = " ".join(read_job(path).warnings)
    assert "'alt1': its supply over the cycle is not modelled" in said
    assert "'x' names neither a file nor a power" in said


def test_a_vaux_file_without_its_three_values_is_refused(tractor: Write, tmp_path: Path) -> None:
    (tmp_path / "ALT.vaux").write_text(MAP, encoding="utf-8")
    with pytest.raises(InputError, match=r"ALT\.vaux: 0 lines with one value and 3 with three; transmission ratio"):
        read_job(tractor(listing({"ID": "ALT1", "Path": "ALT.vaux"})))
