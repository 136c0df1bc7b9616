"""The plant as a block drives as the plant itself, and its signals are named, ranged and bilingual."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.errors import InputError
from fifthwheel.simulate.handling import block
from fifthwheel.simulate.handling.derive import rig_of
from fifthwheel.simulate.handling.layout import BRAKE, STEERING, Plant
from fifthwheel.simulate.handling.plant import plant_of, run
from fifthwheel.simulate.handling.rig import Rig
from fifthwheel.simulate.handling.trace import trace
from fifthwheel.units import SUFFIX_UNIT
from fifthwheel.vehicle.catalogue import combination


def test_the_block_drives_as_the_plant(truck: Rig) -> None:
    def brake(plant: Plant, _: float) -> None:
        plant.demand[:, BRAKE], plant.road[STEERING] = 2e3, 0.02

    wanted = trace(plant := plant_of(truck, speed_mps=15.0, grip_ratio=0.6), run(plant, 1.5, brake))
    running = Running(block(truck), start_mps=15.0)
    wheels = range(2 * len(truck.axles))
    running.set(
        steering_rad=0.02,
        **{f"brake_demand_{wheel}_nm": 2e3 for wheel in wheels},
        **{f"grip_{wheel}_ratio": 0.6 for wheel in wheels},
    )
    for _ in range(150):
        running.step()
    names = [signal.name for signal in running.block.outputs]
    assert [running[name] for name in names] == pytest.approx([float(wanted[name][-1]) for name in names], rel=1e-12, abs=1e-9)


def test_signals_say_what_they_are(truck: Rig) -> None:
    one = block(truck)
    signals = (*one.inputs, *one.outputs, *one.parameters)
    assert [signal.name for signal in signals if signal.name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    assert [signal.name for signal in signals if not (signal.title_en and signal.title_zh and signal.low < signal.high)] == []
    assert len({signal.name for signal in signals}) == len(signals)
    assert one.places["grip_9_ratio"] == ("inputs", 29)


def test_regeneration_on_one_trailer_wheel_slows_it(truck: Rig) -> None:
    running = Running(block(truck), start_mps=15.0)
    running.set(drive_demand_6_nm=-3e3)
    for _ in range(100):
        running.step()
    assert running["speed_mps"] < 14.9
    assert running["drive_6_nm"] == pytest.approx(-3e3, rel=1e-3)
    assert running["trailer_heading_rad"] > 0.0


def test_every_rig_has_its_own_block() -> None:
    rigid = Running(block(rig_of(combination("diesel-8x4-tipper"), 10e3)))
    rigid.step()
    assert rigid["speed_mps"] == pytest.approx(20.0, abs=0.01)
    assert np.isfinite(rigid.outputs).all()


def test_values_out_of_range_are_refused(truck: Rig) -> None:
    running = Running(block(truck))
    with pytest.raises(InputError, match="brake_demand_0_nm"):
        running.set(brake_demand_0_nm=-1.0)
