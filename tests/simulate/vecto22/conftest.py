"""The 40 t reference truck, declared, and as its short cycles drove it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fifthwheel.units import RPM
from fifthwheel.vehicle.vecto.job import Job, Overspeed, Polygon
from fifthwheel.vehicle.vecto.read import read_job


@pytest.fixture(scope="session")
def vecto_data(reference_data: Path) -> Path:
    """Folder of the VECTO cases."""
    return reference_data / "vecto"


@pytest.fixture(scope="session")
def declared(vecto_data: Path) -> dict[str, Job]:
    """The truck by mission."""
    path = vecto_data / "40t" / "40t_Long_Haul_Truck.vecto"
    return {mission: read_job(path, mission=mission) for mission in ("long-haul", "regional-delivery")}


@pytest.fixture(scope="session")
def engineering(declared: dict[str, Job]) -> Job:
    """Stated shift lines, no auxiliaries, no wind, no overspeed."""
    job = declared["long-haul"]
    drive = job.combination.drive
    box = replace(drive.gearbox, loss_maps=(drive.gearbox.loss_maps[0],) * 12)
    tractor = replace(job.combination.tractor, drive=replace(drive, gearbox=box), auxiliaries=())
    line = Polygon(
        torque_nm=(-400.0, 759.0, 1252.0, 2372.0),
        down_radps=tuple(speed * RPM for speed in (560, 560, 742, 1155)),
        up_radps=tuple(speed * RPM for speed in (1289, 1289, 1289, 1942)),
    )
    return replace(
        job,
        combination=replace(job.combination, tractor=tractor, drag_speed_mps=(), drag_speed_area_m2=()),
        mission="", declaration=False, fuel_factor_ratio=1.0, driver=replace(job.driver, overspeed=Overspeed.OFF),
        shifting=replace(job.shifting, polygons=(line,) * 12),
    )  # fmt: skip
