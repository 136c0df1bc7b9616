"""Descents as planned and as driven on the planar vehicle with the EBS (A10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.control.brakes.cases import BATTERY
from fifthwheel.control.brakes.downhill import Descender, Recovery, Stretch
from fifthwheel.control.brakes.limits import Charge
from fifthwheel.control.brakes.thermal import DISC
from fifthwheel.simulate.handling.descent import Descent, descend
from fifthwheel.simulate.handling.rig import rig
from fifthwheel.units import CELSIUS_ZERO_K, GRAVITY_MPS2, KMH
from fifthwheel.vehicle.catalogue import combination

TRUCK = rig("tractor_4x2_semitrailer_40t")
AIR_K = 293.15
DRIVE = combination("diesel-6x4-box").drive
BARE = Descender(
    mass_kg=TRUCK.mass_kg,
    rolling_ratio=0.0055,
    drag_area_m2=0.0,
    air_density_kgpm3=1.188,
    air_k=AIR_K,
    radius_m=0.5,
    total_ratios=(3.0,),
    brakes=(DISC,) * 5,
    shares_ratio=(0.2,) * 5,
)
RECOVERY = Recovery(
    power_w=300e3,
    efficiency_ratio=0.88,
    battery=replace(BATTERY, capacity_j=3.6e8, charge_limit_w=250e3),
    charge=Charge(soc_ratio=0.6, temperature_k=298.15),
)
VARIANTS = {
    "engine brake": replace(BARE, engine=DRIVE.engine, total_ratios=DRIVE.total_ratios),
    "regeneration alone": replace(BARE, recovery=RECOVERY),
    "full battery": replace(BARE, recovery=replace(RECOVERY, charge=Charge(soc_ratio=0.95, temperature_k=298.15))),
}
ROAD = (Stretch(length_m=3500.0, downhill_ratio=0.06), Stretch(length_m=500.0, downhill_ratio=-0.01))


@pytest.fixture(scope="module", params=list(VARIANTS))
def driven(request: pytest.FixtureRequest) -> Descent:
    return descend(TRUCK, VARIANTS[request.param], ROAD, 80 * KMH, (AIR_K + 100.0,) * 5)


def hottest_k(found: Descent) -> np.ndarray:
    return np.array([found.columns[f"brake_{axle}_k"].max() for axle in range(5)])


def test_a10_the_supervisor_keeps_every_brake_below_its_limit_with_and_without_regeneration(driven: Descent) -> None:
    assert driven.plan.holds
    assert hottest_k(driven).max() <= 350.0 + CELSIUS_ZERO_K


def test_a10_brakes_get_as_hot_as_planned(driven: Descent) -> None:
    assert hottest_k(driven) == pytest.approx(np.array(driven.plan.peak_k), abs=12.0)


def test_the_planned_speed_is_held_to_the_foot(driven: Descent) -> None:
    speed = driven.columns["speed_mps"]
    assert driven.columns["way_m"][-1] >= 4000.0
    assert abs(speed - driven.plan.speed_mps).max() < 2.5


def test_a10_the_energy_of_the_driven_descent_closes(driven: Descent) -> None:
    """On the 6 %, what gravity gives goes into friction, battery, endurance brakes and rolling resistance."""
    columns = driven.columns
    down = (columns["way_m"] > 300.0) & (columns["way_m"] < 3300.0)
    taken = sum(float(columns[name][down].mean()) for name in ("friction_w", "regeneration_w", "endurance_w"))
    speed = float(columns["speed_mps"][down].mean())
    slope = 0.06 / np.hypot(1.0, 0.06)
    gross = TRUCK.mass_kg * GRAVITY_MPS2 * speed * (slope - TRUCK.axles[0].rolling_ratio * np.cos(np.arctan(0.06)))
    assert taken == pytest.approx(gross, rel=0.02)


def test_a_full_battery_is_slower_and_takes_nothing() -> None:
    full, room = (
        descend(TRUCK, VARIANTS[name], ROAD, 80 * KMH, (AIR_K,) * 5, most_s=60.0)
        for name in ("full battery", "regeneration alone")
    )
    assert full.plan.speed_mps < room.plan.speed_mps
    assert full.columns["regeneration_w"].max() < 1.0
    assert room.columns["soc_ratio"][-1] > 0.6
