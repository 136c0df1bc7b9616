from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.control.gearbox import start
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.simulate.shift import layout
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import SUFFIX_UNIT
from fifthwheel.verify import blocks


@pytest.mark.parametrize("name", blocks.names())
def test_every_unit_and_plant_is_a_sound_block(name: str) -> None:
    block = blocks.block(name)
    signals = (*block.inputs, *block.outputs, *block.parameters)
    assert block.name == name
    assert len(block.places) == len(signals)
    assert [one.name for one in signals if one.name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    assert [one.name for one in signals if not (one.title_en and one.title_zh and one.low <= one.start <= one.high)] == []
    running = Running(block)
    for _ in range(20):
        running.step()
    assert np.isfinite(running.outputs).all()


def test_the_dual_clutch_loop_is_the_compiled_one_of_the_scenarios() -> None:
    running = Running(blocks.block("dct_on_driveline"))
    running.set(pedal_ratio=0.6)
    speeds = []
    for _ in range(1200):
        running.step()
        speeds.append(running["shift_plant.engine_radps"])
    compiled = rig(Driveline())
    compiled.unit[:] = start(compiled.calibration)  # at key-on, knowing nothing of the mass
    trace = compiled.run(plan_of(12.0, pedal=0.6))
    np.testing.assert_allclose(speeds, trace[9::10, layout.O_WE], rtol=1e-9)
    assert running["shift_plant.road_mps"] > 6.0
    assert running["shift_plant.odd_gear_count"] == 3.0


def test_the_engine_starts_idles_and_bears_a_load() -> None:
    running = Running(blocks.block("engine_on_bench"))
    running.set(key_state=2.0)
    for _ in range(400):
        running.step()
    running.set(**{"key_state": 1.0, "engine_bench.load_nm": 300.0})
    for _ in range(600):
        running.step()
    assert running["run_state"] == 2.0
    assert running["engine_bench.engine_radps"] == pytest.approx(running["idle_target_radps"], rel=0.01)


def test_a_block_of_ones_own_is_named_by_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    assert blocks.block("toy:governor").name == "governor"
    with pytest.raises(UnknownName, match="dct_on_driveline"):
        blocks.block("dct_on_drive")
    for name, words in (
        ("toy:missing", "can be imported"), ("toy:NO_BLOCK", "no function"), ("toy:nothing", "NoneType"), ("toy:", "imported"),
        (":block", "imported"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            blocks.block(name)
