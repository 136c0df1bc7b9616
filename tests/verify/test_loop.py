from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.errors import InputError
from fifthwheel.verify.blocks import block
from fifthwheel.verify.loop import closed


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)


def test_a_loop_is_a_block_of_the_free_signals() -> None:
    loop = closed("loop", [block("toy:governor"), block("toy:shaft")])
    assert loop.period_s == 0.001
    assert [one.name for one in loop.inputs] == ["wished_radps", "shaft.load_nm"]
    assert [one.name for one in loop.outputs] == ["torque_nm", "integral_nm", "shaft.speed_radps"]
    assert loop.parameters[-1].name == "shaft.inertia_kgm2"
    assert loop.parameters[-1].unit == "kg·m²"


def test_a_loop_does_what_its_blocks_do_wired_by_hand() -> None:
    unit, plant = Running(block("toy:governor"), gain_nms=20.0), Running(block("toy:shaft"), inertia_kgm2=5.0)
    loop = Running(closed("loop", [unit.block, plant.block]), **{"gain_nms": 20.0, "shaft.inertia_kgm2": 5.0})
    for running in (unit, loop):
        running.set(wished_radps=60.0)
    for step in range(2000):
        if step % 10 == 0:
            unit.set(speed_radps=plant["speed_radps"])
            unit.step()
        plant.set(torque_nm=unit["torque_nm"])
        plant.step()
        loop.step()
        assert loop["shaft.speed_radps"] == plant["speed_radps"]
    assert loop["shaft.speed_radps"] > 50.0


def test_inputs_of_one_name_that_nothing_feeds_are_one() -> None:
    first, second = block("toy:shaft"), replace(block("toy:shaft"), name="other")
    loop = Running(closed("loop", [first, second]))
    assert [one.name for one in loop.block.inputs] == ["torque_nm", "load_nm"]
    loop.set(torque_nm=100.0)
    loop.step()
    assert loop["speed_radps"] == loop["other.speed_radps"] != 0.0


def test_loops_begin_anew_and_know_nothing_of_each_other() -> None:
    made = closed("loop", [block("toy:governor"), block("toy:shaft")])
    first, second = Running(made), Running(made)
    first.set(wished_radps=60.0)
    for _ in range(50):
        first.step()
        second.step()
    assert first["shaft.speed_radps"] > second["shaft.speed_radps"]
    assert np.array_equal(Running(made).outputs, [0.0, 2.0, 0.0])


def test_wires_lead_where_names_differ_and_only_where_something_is() -> None:
    unit, plant = block("toy:governor"), block("toy:shaft")
    loop = closed("loop", [unit, plant], {"shaft.load_nm": "integral_nm"})
    assert [one.name for one in loop.inputs] == ["wished_radps"]
    for wires in ({"shaft.load_nm": "no_nm"}, {"no_nm": "torque_nm"}):
        with pytest.raises(InputError, match="nowhere"):
            closed("loop", [unit, plant], wires)
    with pytest.raises(InputError, match="own name"):
        closed("loop", [unit, unit])
