"""Runs against VECTO 2.2's own results, and on what it never saw: other gearboxes, weak engines, hills too steep."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.errors import InputError, SimulationError
from fifthwheel.road.cycle import Cycle
from fifthwheel.road.vecto import read_cycle
from fifthwheel.simulate.vecto22.engine import corner_speeds
from fifthwheel.simulate.vecto22.run import Run, run
from fifthwheel.simulate.vecto22.truck import pack
from fifthwheel.units import RPM
from fifthwheel.vehicle.components import Gearbox, Retarder
from fifthwheel.vehicle.vecto.job import Job, ShiftKind

RUNS = [
    ("long-haul", "LongHaul", 0.0), ("long-haul", "LongHaul", 19300.0), ("long-haul", "LongHaul", 25400.0),
    ("regional-delivery", "RegionalDelivery", 0.0), ("regional-delivery", "RegionalDelivery", 12900.0),
    ("regional-delivery", "RegionalDelivery", 25400.0),
]  # fmt: skip
ENERGIES = [
    "EposICE [kWh]",
    "EnegICE [kWh]",
    "Eair [kWh]",
    "Eroll [kWh]",
    "Egrad [kWh]",
    "Eacc [kWh]",
    "Eaux [kWh]",
    "Etransm [kWh]",
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def flat(grade_ratio: float, *, speed_mps: float = 15.0, way_m: float = 600.0) -> Cycle:
    return Cycle(
        name="slope", distance_m=np.array([0.0, way_m]), speed_mps=np.full(2, speed_mps), grade_ratio=np.full(2, grade_ratio),
        stop_s=np.zeros(2), auxiliary_w=np.zeros(2),
    )  # fmt: skip


def with_gearbox(job: Job, gearbox: Gearbox) -> Job:
    drive = replace(job.combination.drive, gearbox=gearbox)
    tractor = replace(job.combination.tractor, drive=drive)
    return replace(job, combination=replace(job.combination, tractor=tractor))


def closes(result: Run) -> bool:
    return abs(result.ledger.balance_error_ratio) < 1e-3 and result.totals()["fuel_kg"] == result.fuel_kg


@pytest.mark.parametrize("index", range(6))
def test_a_declared_run_gives_the_fuel_time_and_energies_of_the_reference(
    index: int, vecto_data: Path, declared: dict[str, Job]
) -> None:
    mission, cycle, payload_kg = RUNS[index]
    wanted = table(vecto_data / "40t" / "40t_Long_Haul_Truck.vsum")[index]
    result = run(declared[mission], read_cycle(vecto_data / "cycles_2015" / f"{cycle}_1m.vdri"), payload_kg)
    got = result.summary()
    assert got["FC-Final [l/100km]"] == pytest.approx(float(wanted["FC-Final [l/100km]"]), rel=0.003)
    assert got["time [s]"] == pytest.approx(float(wanted["time [s]"]), rel=0.001)
    assert [got[name] for name in ENERGIES] == pytest.approx([float(wanted[name]) for name in ENERGIES], rel=0.005, abs=0.25)
    assert got["Ebrake [kWh]"] == pytest.approx(float(wanted["Ebrake [kWh]"]), rel=0.015)
    assert closes(result)


def test_the_short_cycles_are_met_blind(vecto_data: Path, engineering: Job) -> None:
    folder = vecto_data / "40t_driver_strategy"
    got, wanted = [], []
    for path in sorted(folder.glob("*.vmod")):
        name = path.stem.removeprefix("40t_Long_Haul_Truck_")
        result = run(engineering, read_cycle(folder / "cycles" / f"{name}.vdri"), 19300.0)
        got.append(1e3 * result.fuel_kg)
        wanted.append(sum(float(row["FC-Map [g/h]"]) for row in table(path)) / 3600)
    errors = np.abs(np.array(got) - np.array(wanted))
    assert sum(got) == pytest.approx(sum(wanted), rel=1e-3)
    assert int((errors <= np.maximum(0.01 * np.array(wanted), 1e-3)).sum()) >= 60


def test_corner_speeds_and_mean_efficiencies(declared: dict[str, Job]) -> None:
    engine = declared["long-haul"].combination.drive.engine
    assert engine is not None
    corners = corner_speeds(engine)
    truck = pack(declared["long-haul"], 0.0)
    assert [corners.low / RPM, corners.high / RPM, corners.rated / RPM] == pytest.approx([900, 1857, 1736])
    assert corners.preferred / RPM == pytest.approx(1247.8, abs=0.05)
    assert [truck.box_mean[0], truck.box_mean[-1], truck.axle_mean] == pytest.approx([0.97110, 0.98610, 0.97251], abs=1e-5)


def test_a_compact_cycle_is_the_same_cycle(vecto_data: Path, declared: dict[str, Job]) -> None:
    runs = [
        run(declared["regional-delivery"], read_cycle(vecto_data / "cycles_2015" / f"RegionalDelivery_{kind}.vdri"), 0.0)
        for kind in ("1m", "compact")
    ]
    assert runs[0].fuel_kg == pytest.approx(runs[1].fuel_kg, rel=1e-4)


@pytest.mark.parametrize(("kind", "gap_s", "gears"), [(ShiftKind.MT, 2.0, 6), (ShiftKind.AT, 0.8, 8), (ShiftKind.AMT, 1.0, 16)])
def test_other_gearboxes_drive_other_cycles(
    kind: ShiftKind, gap_s: float, gears: int, vecto_data: Path, declared: dict[str, Job]
) -> None:
    job = declared["regional-delivery"]
    box = job.combination.drive.gearbox
    ratios = tuple(float(ratio) for ratio in np.geomspace(12.0, 1.0, gears))
    other = with_gearbox(job, replace(box, ratios=ratios, loss_maps=(box.loss_maps[0],) * gears))
    other = replace(other, shifting=replace(job.shifting, kind=kind, traction_interruption_s=gap_s))
    result = run(other, read_cycle(vecto_data / "cycles_2015" / "UrbanDelivery_compact.vdri"), 12900.0)
    assert result.trace["Gear [-]"].max() <= gears
    assert 30.0 < result.summary()["FC-Final [l/100km]"] < 70.0
    assert closes(result)
    assert any("automatic" in one for one in result.warnings) is (kind is ShiftKind.AT)


def test_constant_efficiencies_stand_in_for_maps(declared: dict[str, Job]) -> None:
    job = declared["long-haul"]
    box = job.combination.drive.gearbox
    result = run(with_gearbox(job, replace(box, loss_maps=(), efficiencies=(0.96,) * 12)), flat(0.02), 19300.0)
    driving = result.trace["Pe_clutch [kW]"] > 0.0
    share = result.trace["Ploss GB [kW]"][driving] / result.trace["Pe_clutch [kW]"][driving]
    assert share == pytest.approx(0.04)


@pytest.mark.parametrize("primary", [True, False])
def test_a_retarder_that_is_off_costs_fuel(primary: bool, declared: dict[str, Job]) -> None:
    job = declared["long-haul"]
    retarder = Retarder(
        name="test", source="test", peak_torque_nm=0.0, peak_power_w=0.0, primary=primary, ratio=2.0,
        drag_speed_radps=(0.0, 500.0), drag_torque_nm=(10.0, 20.0),
    )  # fmt: skip
    tractor = replace(job.combination.tractor, drive=replace(job.combination.drive, retarder=retarder))
    dragged = run(replace(job, combination=replace(job.combination, tractor=tractor)), flat(0.01), 19300.0)
    assert dragged.fuel_kg > run(job, flat(0.01), 19300.0).fuel_kg
    assert dragged.summary()["Eretarder [kWh]"] < 0.0
    assert closes(dragged)


def test_power_of_the_cycle_is_an_auxiliary(declared: dict[str, Job]) -> None:
    job, cycle = declared["long-haul"], flat(0.0)
    more = run(job, replace(cycle, auxiliary_w=np.full(2, 5000.0)), 0.0)
    plain = run(job, cycle, 0.0)
    assert more.trace["Paux [kW]"] - plain.trace["Paux [kW]"] == pytest.approx(5.0)
    assert more.fuel_kg > plain.fuel_kg


def test_a_hill_too_steep_names_place_grade_and_gear(declared: dict[str, Job]) -> None:
    with pytest.raises(SimulationError, match=r"cannot move: 0\.\d+ km from the start, grade 60\.0 %, in gear \d+"):
        run(declared["long-haul"], flat(0.6), 25400.0)


def test_an_engine_too_weak_for_a_declared_cycle_is_told(vecto_data: Path, declared: dict[str, Job]) -> None:
    job = declared["long-haul"]
    engine = job.combination.drive.engine
    assert engine is not None
    weak = replace(engine, full_load_torque_nm=tuple(0.3 * torque for torque in engine.full_load_torque_nm))
    tractor = replace(job.combination.tractor, drive=replace(job.combination.drive, engine=weak))
    weak_job = replace(job, combination=replace(job.combination, tractor=tractor))
    with pytest.raises(SimulationError, match=r"cannot follow.* % of the cycle; slowest at"):
        run(weak_job, read_cycle(vecto_data / "cycles_2015" / "Construction_1m.vdri"), 25400.0)


def test_fuel_outside_the_map_is_warned_of(declared: dict[str, Job]) -> None:
    job = declared["long-haul"]
    engine = job.combination.drive.engine
    assert engine is not None
    strong = replace(engine, full_load_torque_nm=tuple(1.4 * torque for torque in engine.full_load_torque_nm))
    tractor = replace(job.combination.tractor, drive=replace(job.combination.drive, engine=strong))
    result = run(replace(job, combination=replace(job.combination, tractor=tractor)), flat(0.06), 25400.0)
    assert any("outside the fuel map" in one for one in result.warnings)


def test_a_payload_out_of_range_is_refused(declared: dict[str, Job]) -> None:
    with pytest.raises(InputError, match="carries 0 to 25400 kg"):
        run(declared["long-haul"], flat(0.0), 26000.0)
