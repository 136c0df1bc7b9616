"""The restated figures against the declaration tables they restate."""

from __future__ import annotations

import csv
from math import pi
from pathlib import Path

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.vecto.declaration import (
    drag_area_m2,
    gross_kg,
    missions,
    reference_payload_kg,
    rolling_radius_m,
    standard,
    tables,
    tyre,
)

BODIES = {"RigidSolo": "rigid-solo", "RigidTrailer": "rigid-trailer", "TractorSemitrailer": "tractor-semitrailer"}
CATEGORIES = {"RigidTruck": "rigid", "Tractor": "tractor"}


def rows(reference_data: Path, name: str) -> list[list[str]]:
    text = (reference_data / "vecto" / "declaration_defaults" / name).read_bytes().decode("utf-8-sig", errors="replace")
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines()) if row][1:]


def by_mission(row: list[str]) -> list[float]:
    return [float(cell) for cell in row[1:6]]


def test_tyres_and_rims(reference_data: Path) -> None:
    wheels = {row[0]: (float(row[1]), round(float(row[2]) / 1000, 9), row[3]) for row in rows(reference_data, "Wheels.csv")}
    ours = {name: (row["inertia_kgm2"], row["diameter_m"], row["size"]) for name, row in tables()["tyres"].items()}
    assert ours == wheels
    rims = {row[0].replace("–", "-"): {"a": float(row[1]), "b": float(row[2])} for row in rows(reference_data, "Rims.csv")}
    assert tables()["rims"] == rims


@pytest.mark.parametrize(
    ("file", "table"), [("VAUX/Fan-Tech.csv", "fan_w"), ("VAUX/HVAC-Table.csv", "hvac_w"), ("VAUX/PS-Table.csv", "pneumatic_w")]
)
def test_mean_powers(reference_data: Path, file: str, table: str) -> None:
    theirs = {row[0].replace(" (Default)", ""): by_mission(row) for row in rows(reference_data, file)}
    assert tables()[table] == theirs


def test_steering_pumps(reference_data: Path) -> None:
    theirs = {
        row[0]: [[float(share) for share in (cell if "/" in cell else "0/0/0/0").split("/")] for cell in row[1:6]]
        for row in rows(reference_data, "VAUX/SP-Table.csv")
    }
    assert tables()["steering_w"] == theirs
    scales = {row[0]: [float(cell) for cell in row[1:]] for row in rows(reference_data, "VAUX/SP-Tech.csv")}
    assert tables()["steering_scale_ratio"] == scales


def test_electrics(reference_data: Path) -> None:
    baseline, led = (by_mission(row) for row in rows(reference_data, "VAUX/ES-Tech.csv"))
    assert tables()["electric_w"] == {"baseline": baseline, "led": led}
    assert tables()["alternator"]["efficiency_ratio"] == by_mission(rows(reference_data, "VAUX/ALT-Tech.csv")[0])


def test_cycle_weights_and_driver(reference_data: Path) -> None:
    weights = [by_mission(row) for row in rows(reference_data, "WHTC-Weighting-Factors.csv")]
    assert [tables()["whtc_ratio"][mission] for mission in missions()] == [list(column) for column in zip(*weights, strict=True)]
    speed, faster, slower = zip(*([float(cell) for cell in row] for row in rows(reference_data, "VACC/Truck.vacc")), strict=True)
    assert tables()["driver"]["speed_mps"] == pytest.approx([value / 3.6 for value in speed])
    assert (tables()["driver"]["accelerate_mps2"], tables()["driver"]["decelerate_mps2"]) == (list(faster), list(slower))


def test_crosswind_coefficients(reference_data: Path) -> None:
    theirs = {
        BODIES[row[0]]: [float(cell) for cell in row[1:]]
        for row in rows(reference_data, "VCDV/parameters.csv")
        if row[0] in BODIES
    }
    assert tables()["crosswind"] == theirs


def test_the_segment_table(reference_data: Path) -> None:
    """Class by class: limits, missions, and for the complete ones masses, payloads, shares and bodies."""
    theirs = [row for row in rows(reference_data, "SegmentTable.csv") if row[1] in CATEGORIES]
    ours = tables()["classes"]
    for row, made in zip(theirs, ours, strict=True):
        assert (made["name"], made["category"], made["axles"]) == (row[5], CATEGORIES[row[1]], row[2])
        assert (made["above_kg"], made["up_to_kg"]) == (float(row[3]) * 1000, float(row[4]) * 1000)
        assert made["drives"] == [mission for index, mission in enumerate(missions()) if row[13 + index] == "1"]
        assert made["complete"] == (row[0] == "1")
        for mission, data in made.get("missions", {}).items():
            index = missions().index(mission)
            other = min(index, 1)
            trailer = row[11 + other].replace("-", "0/0").split("/")
            assert data["extra_kg"] == float(row[23 + index])
            assert data["payload_kg"] == float(row[33 + index].replace("f", "0"))
            assert data["axle_ratio"] == pytest.approx([float(share) / 100 for share in row[9 + other].split("/")])
            assert [data["trailer_ratio"], data["trailer_axles"]] == pytest.approx([float(trailer[0]) / 100, int(trailer[1])])
            assert data["body"] == BODIES[row[7 + other]]


@pytest.mark.parametrize("row", [row for row in tables()["classes"] if row["complete"]], ids=lambda row: f"class {row['name']}")
def test_every_complete_class_is_whole_on_its_missions(row: dict[str, object]) -> None:
    mass = 12_000.0 if row["name"] == "2" else float(str(row["above_kg"])) + 100.0
    for mission in list(row["drives"]):  # type: ignore[call-overload]
        made = standard(str(row["category"]), str(row["axles"]), mass, mission)
        assert made.class_name == row["name"]
        assert sum(made.axle_ratio) + made.trailer_ratio == pytest.approx(1.0)
        assert 0.0 <= made.body_kg <= made.extra_kg
        assert gross_kg(str(row["category"]), mass, trailer=bool(made.trailer_axles)) <= 40_000.0


def test_payloads_of_the_light_classes_follow_the_gross_mass() -> None:
    made = standard("rigid", "4x2", 11_990.0, "long-haul")
    assert reference_payload_kg(made, 11_990.0, 99e3) == pytest.approx(588.2 * 11.99 - 2511.8)
    assert reference_payload_kg(made, 11_990.0, 3000.0) == 3000.0


def test_a_rigid_with_a_drawbar_trailer_weighs_both() -> None:
    made = standard("rigid", "4x2", 18_000.0, "long-haul")
    assert (made.body_kg, made.extra_kg - made.body_kg) == (2100.0, 5400.0)
    assert gross_kg("rigid", 18_000.0, trailer=True) == 36_000.0
    assert gross_kg("rigid", 26_000.0, trailer=True) == 40_000.0
    assert gross_kg("rigid", 18_000.0, trailer=False) == 18_000.0


@pytest.mark.parametrize(
    ("category", "axles", "mass", "mission", "message"),
    [
        ("rigid", "8x4", 32_000.0, "construction", r"class 16 .*mission construction: the declaration data have no masses"),
        ("tractor", "4x2", 12_000.0, "long-haul", r"no VECTO class is a tractor 4x2 of 12 t; supported classes are 1 \(rigid"),
        (
            "rigid",
            "4x2",
            9_000.0,
            "long-haul",
            r"class 1 .* does not drive long-haul; it drives regional-delivery, urban-delivery",
        ),
    ],
)
def test_what_the_data_do_not_define_is_named(category: str, axles: str, mass: float, mission: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        standard(category, axles, mass, mission)


def test_the_radius_of_the_40_t_truck_s_driven_tyre() -> None:
    assert rolling_radius_m("315/70R22.5", "5° DC Rims") == pytest.approx(3.03 * 1.0125 / (2 * pi))


def test_unknown_tyres_are_told_with_those_close_to_them() -> None:
    with pytest.raises(UnknownName, match=r"'315/75 R22.5'; did you mean .*315/70 R22.5"):
        tyre("315/75 R22.5")


@pytest.mark.parametrize("body", BODIES.values())
def test_mean_wind_adds_drag_and_less_at_speed(body: str) -> None:
    speeds, areas = drag_area_m2(5.0, body)
    assert list(speeds) == sorted(speeds)
    assert list(areas) == sorted(areas, reverse=True)
    assert min(areas) > 5.0
    assert (areas[-1] - areas[-2]) / (speeds[-1] - speeds[-2]) == pytest.approx(
        (areas[-2] - areas[-3]) / (speeds[-2] - speeds[-3])
    )
