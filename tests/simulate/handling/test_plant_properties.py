"""Whatever is demanded: the plant stays finite, loads bear the weight, tyres stay inside their friction, energy closes."""

from __future__ import annotations

from math import isclose

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.simulate.handling.layout import (
    ACROSS,
    ALONG,
    BRAKED,
    DRIVEN,
    FALLEN,
    FIRST_WHEEL,
    RUBBED,
    SLOPE_X,
    SLOPE_Y,
    STEERING,
)
from fifthwheel.simulate.handling.linearise import kinetic_energy_j
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import rig
from fifthwheel.units import GRAVITY_MPS2


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), speed_mps=st.floats(-5.0, 30.0), grip=st.floats(0.0, 1.0))
def test_random_demands(seed: int, speed_mps: float, grip: float) -> None:
    draw, truck = np.random.default_rng(seed), rig("tractor_4x2_semitrailer_40t")
    plant = plant_of(truck, speed_mps=speed_mps, grip_ratio=grip)
    plant.grip[:] *= draw.uniform(0.1, 1.0, len(plant.grip))
    plant.road[[SLOPE_X, SLOPE_Y]] = draw.uniform(-0.1, 0.1, 2)
    start_j = kinetic_energy_j(plant)
    for _ in range(8):
        plant.road[STEERING] = draw.uniform(-0.4, 0.4)
        plant.demand[:, 0] = draw.uniform(0.0, 30e3, len(plant.demand)) * draw.integers(0, 2)
        plant.demand[:, 1] = draw.uniform(-10e3, 10e3, len(plant.demand)) * draw.integers(0, 2)
        run(plant, 0.5)
    state, count = plant.state, len(plant.wheels)
    along, across = (state[FIRST_WHEEL + block * count :][:count] for block in (ALONG, ACROSS))
    book_j = state[DRIVEN] + state[FALLEN] - state[BRAKED] - state[RUBBED]
    scale_j = start_j + abs(state[[DRIVEN, FALLEN, BRAKED, RUBBED]]).sum() + 1.0
    assert isclose(plant.loads.sum(), 40e3 * GRAVITY_MPS2, rel_tol=1e-9)
    assert (np.hypot(along, across) <= 1.1 * plant.grip * plant.loads + 0.02 * 40e3).all()
    assert abs(kinetic_energy_j(plant) - start_j - book_j) < 1e-4 * scale_j
