from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fmpy import extract, read_model_description, simulate_fmu
from fmpy.fmi1 import FMICallException
from fmpy.fmi2 import FMU2Slave
from fmpy.validation import validate_fmu
from numpy.typing import NDArray

from fifthwheel.control.block import Block, Running
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.verify import blocks, fmu

Columns = dict[str, NDArray[np.float64]]


@pytest.fixture(autouse=True)
def _own_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)


def stimulus(block: Block, steps: int, hold: int = 1) -> NDArray[np.float64]:
    """Random inputs within their ranges, at most 1,000, each held for `hold` steps, shape ``(steps, n_inputs)``."""
    draw = np.random.default_rng(11)
    low, high = (np.clip([getattr(one, side) for one in block.inputs], -1e3, 1e3) for side in ("low", "high"))
    low, high = (
        np.maximum(low, [one.low for one in block.inputs]),
        np.minimum(np.maximum(high, low), [one.high for one in block.inputs]),
    )
    return np.repeat(draw.uniform(low, np.maximum(low, high), (steps // hold, len(block.inputs))), hold, axis=0)


def native(block: Block, inputs: NDArray[np.float64], **parameters: float) -> Columns:
    running, rows = Running(block, **parameters), []
    for row in inputs:
        running.inputs[:] = row
        running.step()
        rows.append(running.outputs.copy())
    return {one.name: np.array(rows)[:, index] for index, one in enumerate(block.outputs)}


def imported(path: Path, block: Block, inputs: NDArray[np.float64], step_s: float, **parameters: float) -> Columns:
    """What fmpy gets of the FMU: values after each communication step."""
    names = [one.name for one in block.inputs]
    signals = np.zeros(len(inputs), dtype=[("time", float), *((name, float) for name in names)])
    signals["time"] = np.arange(len(inputs)) * block.period_s
    for index, name in enumerate(names):
        signals[name] = inputs[:, index]
    stop_s = len(inputs) * block.period_s
    result = simulate_fmu(
        str(path), stop_time=stop_s, step_size=step_s, output_interval=step_s, input=signals, start_values=parameters,
        output=[one.name for one in block.outputs],
    )  # fmt: skip
    return {one.name: result[one.name][1:] for one in block.outputs}


def assert_equal(found: Columns, wanted: Columns) -> None:
    for name, column in wanted.items():
        np.testing.assert_allclose(found[name], column, rtol=1e-9, atol=1e-12, err_msg=name)


class Instance:
    """An instance of an FMU, driven by hand."""

    def __init__(self, path: Path, folder: Path, name: str = "one") -> None:
        self.description = read_model_description(str(path))
        self.places = {one.name: one.valueReference for one in self.description.modelVariables}
        where = extract(str(path), unzipdir=str(folder / name))
        self.slave = FMU2Slave(
            guid=self.description.guid, unzipDirectory=where, instanceName=name,
            modelIdentifier=self.description.coSimulation.modelIdentifier,
        )  # fmt: skip
        self.slave.instantiate()
        self.slave.setupExperiment(startTime=0.0)
        self.slave.enterInitializationMode()
        self.slave.exitInitializationMode()
        self.time_s = 0.0

    def set(self, **values: float) -> None:
        self.slave.setReal([self.places[name] for name in values], list(values.values()))

    def __getitem__(self, name: str) -> float:
        return float(self.slave.getReal([self.places[name]])[0])

    def step(self, size_s: float) -> None:
        self.slave.doStep(self.time_s, size_s)
        self.time_s += size_s

    def __enter__(self) -> Instance:
        return self

    def __exit__(self, *_: object) -> None:
        self.slave.terminate()
        self.slave.freeInstance()


@pytest.fixture(scope="module")
def governor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(__file__).parent
    sys.path.insert(0, str(folder))
    try:
        return fmu.export("toy:governor", tmp_path_factory.mktemp("fmu") / "governor.fmu")
    finally:
        sys.path.remove(str(folder))


def test_a21_an_fmu_equals_the_native_run_over_a_long_random_stimulus(governor: Path) -> None:
    block = blocks.block("toy:governor")
    inputs = stimulus(block, 6000)
    assert_equal(imported(governor, block, inputs, block.period_s), native(block, inputs))


@pytest.mark.parametrize("name", blocks.names())
def test_a21_every_unit_and_plant_as_an_fmu_equals_its_native_run(name: str, tmp_path: Path) -> None:
    block = blocks.block(name)
    path = fmu.export(name, tmp_path / "made.fmu")
    assert validate_fmu(str(path)) == []
    inputs = stimulus(block, 1000, hold=5)
    wanted = native(block, inputs)
    assert_equal(imported(path, block, inputs, block.period_s), wanted)
    assert_equal(imported(path, block, inputs, 5 * block.period_s), {one: column[4::5] for one, column in wanted.items()})


@pytest.mark.parametrize("periods", [4, 25])
def test_a_communication_step_of_several_periods_makes_several_steps(governor: Path, periods: int) -> None:
    block = blocks.block("toy:governor")
    inputs = stimulus(block, 1000, hold=periods)
    wanted = {name: column[periods - 1 :: periods] for name, column in native(block, inputs).items()}
    assert_equal(imported(governor, block, inputs, periods * block.period_s), wanted)


def test_shorter_and_uneven_communication_steps_keep_the_blocks_own_period(governor: Path, tmp_path: Path) -> None:
    block = blocks.block("toy:governor")
    running = Running(block)
    with Instance(governor, tmp_path) as one:
        for values in (one, running):
            values.set(wished_radps=100.0, speed_radps=99.0)
        for size_s in (0.001, 0.004, 0.005, 0.0025, 0.0275):  # ends at 0.04 s: four instants
            one.step(size_s)
        for _ in range(4):
            running.step()
        assert one["integral_nm"] == running["integral_nm"]


def test_parameters_hold_from_the_start_and_are_tunable_under_way(governor: Path, tmp_path: Path) -> None:
    block = blocks.block("toy:governor")
    inputs = stimulus(block, 200)
    gains = {"gain_nms": 7.5, "integral_gain_nm": 0.25}
    assert_equal(imported(governor, block, inputs, block.period_s, **gains), native(block, inputs, **gains))
    with Instance(governor, tmp_path) as one:
        one.set(wished_radps=2.0, speed_radps=0.0)
        one.step(0.01)
        before = one["torque_nm"]
        one.set(gain_nms=30.0)
        one.step(0.01)
        assert one["torque_nm"] > before + 50.0


def test_instances_in_one_process_know_nothing_of_each_other(governor: Path, tmp_path: Path) -> None:
    block = blocks.block("toy:governor")
    with Instance(governor, tmp_path, "a") as a, Instance(governor, tmp_path, "b") as b:
        a.set(wished_radps=50.0)
        for _ in range(10):
            a.step(0.01)
            b.step(0.01)
        still = Running(block)
        for _ in range(10):
            still.step()
        assert b["integral_nm"] == still["integral_nm"]
        assert a["integral_nm"] != b["integral_nm"]


def test_a_state_is_kept_and_brought_back(governor: Path, tmp_path: Path) -> None:
    with Instance(governor, tmp_path) as one:
        one.set(wished_radps=10.0)
        one.step(0.05)
        kept = one.slave.getFMUState()
        ways = []
        for _ in range(2):
            one.slave.setFMUState(kept)
            one.time_s = 0.05
            one.step(0.1)
            ways.append(one["integral_nm"])
        one.slave.freeFMUState(kept)
        assert ways[0] == ways[1]


def test_the_description_is_valid_and_names_units_ranges_and_needs(governor: Path) -> None:
    assert validate_fmu(str(governor)) == []
    description = read_model_description(str(governor), validate=True)
    by_name = {one.name: one for one in description.modelVariables}
    block = blocks.block("toy:governor")
    for one in (*block.inputs, *block.outputs, *block.parameters):
        variable: Any = by_name[one.name]
        assert (variable.unit or "", float(variable.min), float(variable.max)) == (one.unit, one.low, one.high)
        assert (one.title_en in variable.description, one.title_zh in variable.description) == (True, True)
    causes = {one.name: (one.causality, one.variability) for one in description.modelVariables}
    assert causes["wished_radps"] == ("input", "discrete")
    assert causes["torque_nm"] == ("output", "discrete")
    assert causes["gain_nms"] == ("parameter", "tunable")
    units = {one.name: one.baseUnit for one in description.unitDefinitions}
    assert (units["N·m"].kg, units["N·m"].m, units["N·m"].s) == (1, 2, -2)
    assert description.coSimulation.canBeInstantiatedOnlyOncePerProcess is False
    assert "fifthwheel==" in description.description
    assert description.defaultExperiment.stepSize == "0.01"


def test_a_value_out_of_range_or_a_failing_block_stops_the_simulation(governor: Path, tmp_path: Path) -> None:
    with Instance(governor, tmp_path) as one:
        one.set(wished_radps=40.0)
        one.set(wished_radps=401.0)
        assert one["wished_radps"] == 40.0
        with pytest.raises(FMICallException, match="discard"):
            one.step(0.01)
    with Instance(fmu.export("toy:broken", tmp_path / "broken.fmu"), tmp_path, "broken") as divides:
        divides.step(0.01)
        divides.set(by_ratio=0.0)
        with pytest.raises(FMICallException, match="discard"):
            divides.step(0.01)


def test_a_calibration_goes_along(tmp_path: Path) -> None:
    path = fmu.export("toy:governor", tmp_path / "tuned.fmu", {"gain_nms": 4.25})
    with Instance(path, tmp_path) as one:
        assert one["gain_nms"] == 4.25
    with pytest.raises(UnknownName):
        fmu.export("toy:governor", tmp_path / "no.fmu", {"gain": 4.25})


def test_an_fmu_of_another_image_says_what_to_install(governor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthwheel.verify.image.__version__", "9.9.9")
    with pytest.raises(Exception, match="instantiate"):
        Instance(governor, tmp_path)


def test_export_leaves_no_trace_in_the_process(tmp_path: Path) -> None:
    before = list(sys.path)
    fmu.export("toy:shaft", tmp_path / "shaft.fmu")
    assert sys.path == before
    assert [name for name in sys.modules if name.startswith("shaft")] == []


def test_what_cannot_be_exported_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (
        ("no-such-block", "no block is called"), ("toy:missing", "can be imported"), ("toy:NO_BLOCK", "no function"),
        ("toy:nothing", "NoneType"), ("no.such.module:block", "can be imported"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            fmu.export(name, tmp_path / "a.fmu")
    with pytest.raises(InputError, match=r"written as \.fmu"):
        fmu.export("toy:shaft", tmp_path / "a.zip")
    monkeypatch.setitem(sys.modules, "pythonfmu", None)
    with pytest.raises(InputError, match=r"fifthwheel\[fmu\]"):
        fmu.export("toy:shaft", tmp_path / "a.fmu")
