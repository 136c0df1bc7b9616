"""Closed-form launches, inertia phases and hand-over of control facts 5.2, A18: each to 2 %; the account to 1e-9."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.run import Rig, rig
from fifthwheel.units import RPM

IDEAL = Driveline(
    ratios=(1.0,), axle_ratio=1.0, efficiency_ratio=0.9, rolling_ratio=0.006, drag_area_m2=1e-6, engine_inertia_kgm2=1e7,
    shaft_inertia_kgm2=1e-4, output_inertia_kgm2=1e-2, stiffness_nmprad=1e8, damping_nmsprad=1e5, friction_slope_s=0.0,
    static_ratio=1.0, clutch_drag_nm=0.0,
)  # fmt: skip
"""A driveline as the closed forms see it: one mass, no drag, an engine that keeps its speed."""


def standing(driveline: Driveline, speed_radps: float) -> Rig:
    made = rig(driveline)
    made.plant[m.GEAR1], made.plant[m.WE] = 1.0, speed_radps
    made.reset_account()
    return made


@pytest.mark.parametrize(
    ("mass_kg", "ratio", "radius_m", "rpm", "grade", "clutch_nm", "time_s", "heat_j", "mps2"),
    [
        (40_000, 33.4, 0.5, 800, 0.0, 1200, 0.72, 36.1e3, 1.75),
        (40_000, 33.4, 0.5, 800, 0.12, 1700, 0.94, 67.3e3, 1.33),
        (18_000, 31.8, 0.5, 900, 0.12, 900, 0.91, 38.5e3, 1.63),
        (7_500, 28.5, 0.37, 1000, 0.12, 350, 0.68, 12.4e3, 2.01),
    ],
)
def test_a18_launch_at_constant_engine_speed(  # noqa: PLR0917
    mass_kg: float,
    ratio: float,
    radius_m: float,
    rpm: float,
    grade: float,
    clutch_nm: float,
    time_s: float,
    heat_j: float,
    mps2: float,
) -> None:
    driveline = dataclasses.replace(IDEAL, mass_kg=mass_kg, ratios=(ratio,), tyre_radius_m=radius_m, grade_ratio=grade)
    made = standing(driveline, rpm * RPM)
    trace = made.force(np.tile([clutch_nm, clutch_nm, 0.0, 0.0], (1500, 1)))
    slipping = trace[:, m.O_WE] - trace[:, m.O_W1] > 1e-6
    assert slipping.sum() * 1e-3 == pytest.approx(time_s, rel=0.02)
    assert trace[-1, m.O_HEAT] == pytest.approx(heat_j, rel=0.02)
    assert trace[400, m.O_WV] * radius_m / trace[400, m.O_TIME] == pytest.approx(mps2, rel=0.02)
    assert made.residual_ratio() < 1e-6


@pytest.mark.parametrize(("engine_nm", "clutch_nm", "time_s", "heat_j"), [(500, 700, 0.349, 8.5e3), (200, 500, 0.233, 4.06e3)])
def test_a18_inertia_phase(engine_nm: float, clutch_nm: float, time_s: float, heat_j: float) -> None:
    driveline = dataclasses.replace(IDEAL, engine_inertia_kgm2=1.0, mass_kg=1e7, rolling_ratio=0.0)
    made = standing(driveline, 2000 * RPM)
    made.plant[[m.WO, m.WV, m.W1]] = 2000 * RPM - 69.8
    made.reset_account()
    trace = made.force(np.tile([engine_nm, clutch_nm, 0.0, 0.0], (600, 1)))
    slipping = trace[:, m.O_WE] - trace[:, m.O_W1] > 1e-6
    assert slipping.sum() * 1e-3 == pytest.approx(time_s, rel=0.02)
    assert trace[-1, m.O_HEAT] == pytest.approx(heat_j, rel=0.02)


def test_a18_hand_over_without_tie_up() -> None:
    driveline = dataclasses.replace(
        IDEAL, efficiency_ratio=0.93, mass_kg=18_000, ratios=(6.0, 3.8), axle_ratio=5.3, rolling_ratio=0.0,
        engine_inertia_kgm2=1e5, damping_nmsprad=1e6,
    )  # fmt: skip
    made = standing(driveline, 300.0)
    made.plant[m.GEAR2] = 2.0
    share = np.clip((np.arange(650) - 200) / 150, 0, 1)
    trace = made.force(np.column_stack([np.zeros(650), 500 * (1 - share), 500 * share, np.zeros(650)]))
    assert trace[199, m.O_AV] == pytest.approx(1.643, rel=0.02)
    assert trace[600, m.O_AV] == pytest.approx(1.041, rel=0.02)
    assert (trace[199, m.O_AV] - trace[351, m.O_AV]) / 0.15 == pytest.approx(4.0, rel=0.02)


def test_a_stuck_clutch_does_not_chatter() -> None:
    made = standing(dataclasses.replace(IDEAL, engine_inertia_kgm2=2.8, mass_kg=20_000, ratios=(20.0,)), 0.0)
    trace = made.force(np.tile([800.0, 2000.0, 0.0, 0.0], (500, 1)))
    assert np.abs(trace[:, m.O_WE] - trace[:, m.O_W1]).max() < 1e-8
    assert trace[-1, m.O_HEAT] == pytest.approx(0.0, abs=1e-6)
