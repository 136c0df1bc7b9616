"""Low-speed kinematics: against the on-axle model, against its own closed form, and against the plant."""

from __future__ import annotations

from dataclasses import replace
from math import sin, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.kinematic import drive, heading_rates_radps, steady_articulation_rad
from fifthwheel.simulate.handling.layout import HEADING, SPEED, STEERING, TRAILER_HEADING, Plant
from fifthwheel.simulate.handling.plant import demand_drive, plant_of, run
from fifthwheel.simulate.handling.rig import Group, Rig, rig


@given(speed_mps=st.floats(-3.0, 3.0), steer_rad=st.floats(-0.55, 0.55), hitch_rad=st.floats(-1.2, 1.2))
def test_the_on_axle_case_is_commonroad_kst(speed_mps: float, steer_rad: float, hitch_rad: float) -> None:
    reference = rig("reference")
    kst = replace(reference, steer_m=1.2, drive_m=2.4, hitch_m=2.4, kingpin_m=5.4, bogie_m=2.7)
    yaw, trailer = heading_rates_radps(kst, speed_mps, steer_rad, -hitch_rad)
    assert trailer - yaw == pytest.approx(-speed_mps * (sin(hitch_rad) / 8.1 + tan(steer_rad) / 3.6), abs=1e-12)


@pytest.mark.parametrize("steer_rad", [-0.3, 0.0, 0.1, 0.3])
def test_a_long_circle_ends_at_the_closed_form(truck: Rig, steer_rad: float) -> None:
    state = drive(truck, 2.0, steer_rad, 120.0)
    assert state[2] - state[3] == pytest.approx(steady_articulation_rad(truck, steer_rad), abs=1e-6)


def test_a_fold_is_refused(truck: Rig) -> None:
    with pytest.raises(InputError, match="folds"):
        steady_articulation_rad(truck, 1.2)
    with pytest.raises(InputError, match="rad"):
        drive(truck, 1.0, 1.6, 1.0)


@pytest.mark.parametrize("steer_rad", [0.05, 0.2, -0.3])
def test_the_plant_follows_it_at_walking_pace(plain: Rig, steer_rad: float) -> None:
    def keep(plant: Plant, _: float) -> None:
        demand_drive(plant, plain, Group.DRIVE, 2e5 * (1.0 - plant.state[SPEED]))

    plant = plant_of(plain, speed_mps=1.0)
    plant.road[STEERING] = steer_rad
    run(plant, 60.0, keep)
    found = plant.state[HEADING] - plant.state[TRAILER_HEADING]
    assert found == pytest.approx(steady_articulation_rad(plain, steer_rad), rel=0.02)
