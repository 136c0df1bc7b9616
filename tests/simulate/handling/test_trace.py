"""The recorded drive by names."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.simulate.handling.layout import BRAKE
from fifthwheel.simulate.handling.plant import plant_of, run, wheels_of
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.simulate.handling.trace import trace
from fifthwheel.units import GRAVITY_MPS2, SUFFIX_UNIT


def test_columns_hold_what_was_driven(truck: Rig) -> None:
    plant = plant_of(truck, speed_mps=20.0, grip_ratio=0.5)
    plant.demand[wheels_of(plant, Group.TRAILER), BRAKE] = 50e3
    columns = trace(plant, run(plant, 2.0))
    wheels = range(len(plant.wheels))
    assert [name for name in columns if name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    assert {column.shape for column in columns.values()} == {(200,)}
    assert columns["time_s"][-1] == pytest.approx(2.0)
    assert columns["x_m"][-1] == pytest.approx(0.01 * columns["speed_mps"].sum(), rel=0.01)
    weight = (truck.tractor_mass_kg + truck.trailer_mass_kg) * GRAVITY_MPS2
    assert sum(columns[f"load_{wheel}_n"] for wheel in wheels) == pytest.approx(np.full(200, weight))
    assert max(columns[f"used_{wheel}_ratio"].max() for wheel in wheels) == pytest.approx(0.5, rel=0.05)
    assert columns["wheel_9_mps"][-1] == pytest.approx(0.0, abs=1e-3)
    assert columns["kingpin_x_n"][-1] < 0.0
