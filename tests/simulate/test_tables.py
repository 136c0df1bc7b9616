"""Tables of a powertrain against the laws that they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.simulate import layout
from fifthwheel.simulate.pack import Packer
from fifthwheel.simulate.trip import pack_trains
from fifthwheel.vehicle.catalogue import combination, names


@pytest.mark.parametrize("name", names())
def test_forces_at_the_wheels_fall_from_gear_to_gear_and_overrun_slows(name: str) -> None:
    packer = Packer()
    index, _ = pack_trains(packer, combination(name))
    train = packer.trains[index][0]
    gears = int(train.gears)
    most = (train.pull if train.engine else train.tow)[:gears].max(axis=1)
    assert np.all(np.diff(most) < 0.0)
    assert train.coast[:gears].max() <= 0.0
    assert np.all(train.hold[:gears] <= train.coast[:gears])


def test_the_fuel_table_is_the_law_between_its_points() -> None:
    packer = Packer()
    whole = combination("diesel-6x4-box")
    index, _ = pack_trains(packer, whole)
    train, engine = packer.trains[index][0], whole.drive.engine
    assert engine is not None
    table = packer.pool.fuel[train.fuel]
    speed = train.step * np.arange(layout.N_SHAFT)
    inside = (speed > engine.idle_speed_radps) & (speed < engine.speed_radps[-1])
    torque = train.torque_low + 1.0 / train.per_torque_step * np.arange(layout.N_TORQUE)
    law = fuel_power_at(engine, *np.meshgrid(speed[inside], torque, indexing="ij"))
    assert table[inside] == pytest.approx(np.asarray(law), rel=1e-9)
