"""Unit and plant as blocks: named, in range, and their closed loop equal to the compiled one."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from fifthwheel.control.block import Block, Running
from fifthwheel.control.gearbox import block as unit_block
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox import signals, start
from fifthwheel.simulate.shift import block as plant_block
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import AMT, Driveline
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import SUFFIX_UNIT

BLOCKS = (unit_block("heavy_dct"), unit_block("heavy_amt"), plant_block(), plant_block(AMT))


def names_of(block: Block) -> list[str]:
    return [one.name for one in (*block.inputs, *block.outputs, *block.parameters)]


@pytest.mark.parametrize("block", BLOCKS, ids=["dct", "amt", "plant", "amt plant"])
def test_every_signal_has_one_name_with_a_unit_two_titles_and_a_range(block: Block) -> None:
    assert len(set(names_of(block))) == len(names_of(block))
    assert [name for name in names_of(block) if name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    every = (*block.inputs, *block.outputs, *block.parameters)
    assert [one.name for one in every if not (one.title_en and one.title_zh and one.low <= one.start <= one.high)] == []


def test_the_example_runs() -> None:
    assert doctest.testmod(signals).failed == 0


@pytest.mark.parametrize(("name", "driveline"), [("heavy_dct", Driveline()), ("heavy_amt", AMT)])
def test_the_loop_of_the_blocks_is_the_compiled_loop(name: str, driveline: Driveline) -> None:
    unit, plant = Running(unit_block(name)), Running(plant_block(driveline))
    plan = plan_of(8.0, pedal=0.6)
    plan[:101, m.P_PEDAL], plan[:101, m.P_BRAKE] = 0.0, 0.5
    sensors = [one.name for one in unit.block.inputs if plant.block.places.get(one.name, ("", 0))[0] == "outputs"]
    for row in plan:
        driver = {"pedal_ratio": row[m.P_PEDAL], "brake_ratio": row[m.P_BRAKE]}
        unit.set(**driver, **{one: plant[one] for one in sensors})
        unit.step()
        plant.set(**driver, **{one.name: unit[one.name] for one in unit.block.outputs})
        plant.step()
    made = rig(driveline)
    made.unit[:] = start(made.calibration)
    made.run(plan)
    np.testing.assert_allclose(plant.state.plant, made.plant, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(unit.state[: n.N_STATE], made.unit, rtol=1e-9, atol=1e-6)
    assert made.unit[n.GEAR] >= 2
    assert unit["odd_fork_count"] + unit["even_fork_count"] >= 2


def test_parameters_reach_the_unit_and_the_plant_while_they_run() -> None:
    unit, plant = Running(unit_block()), Running(plant_block(Driveline(), gear=3, spare_gear=4, engine_radps=150.0))
    unit.set(gear_1_ratio=30.0, creep_nm=10.0)
    unit.step()
    assert unit.state[n.N_STATE + n.RATIO0 + 1] == 30.0
    plant.set(mass_kg=10_000.0, grade_ratio=0.1)
    plant.step()
    assert plant["acceleration_mps2"] < -0.8
