"""Every unit and plant as an FMU, stepped by fmpy beside its native run in the same process: difference, and time of a step.

Run ``python benchmarks/fmu.py [STEPS] [BLOCK ...]``; inputs are drawn anew every five steps from their ranges.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from fmpy import extract, read_model_description
from fmpy.fmi2 import FMU2Slave

from fifthwheel.control.block import Running
from fifthwheel.verify import blocks, fmu

HOLD = 5
WIDE = 1e3


def instance(path: Path, folder: str) -> tuple[FMU2Slave, dict[str, int]]:
    description = read_model_description(str(path))
    slave = FMU2Slave(
        guid=description.guid, unzipDirectory=extract(str(path), unzipdir=folder), instanceName="one",
        modelIdentifier=description.coSimulation.modelIdentifier,
    )  # fmt: skip
    slave.instantiate()
    slave.setupExperiment(startTime=0.0)
    slave.enterInitializationMode()
    slave.exitInitializationMode()
    return slave, {one.name: one.valueReference for one in description.modelVariables}


def compare(name: str, steps: int, folder: str) -> str:
    block = blocks.block(name)
    slave, places = instance(fmu.export(name, Path(folder, f"{name}.fmu")), str(Path(folder, name)))
    ins, outs = ([places[one.name] for one in signals] for signals in (block.inputs, block.outputs))
    low = np.array([max(one.low, -WIDE) for one in block.inputs])
    high = np.array([max(min(one.high, WIDE), one.low) for one in block.inputs])
    inputs = np.random.default_rng(3).uniform(low, high, (steps // HOLD + 1, len(low))).repeat(HOLD, axis=0)
    running, worst, native_s, fmu_s = Running(block), 0.0, 0.0, 0.0
    for step in range(steps):
        row = inputs[step].tolist()
        at = time.perf_counter()
        running.inputs[:] = row
        running.step()
        there = time.perf_counter()
        slave.setReal(ins, row)
        slave.doStep(step * block.period_s, block.period_s)
        found = slave.getReal(outs)
        fmu_s += time.perf_counter() - there
        native_s += there - at
        apart = np.abs(np.array(found) - running.outputs) / np.maximum(np.abs(running.outputs), 1e-12)
        worst = max(worst, float(apart.max()))
    slave.terminate()
    slave.freeInstance()
    times = f"{1e6 * native_s / steps:9.0f} {1e6 * fmu_s / steps:9.0f} {fmu_s / native_s:7.2f}"
    return f"{name:18} {len(ins):4} {len(outs):4} {steps:7} {worst:12.1e} {times}"


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print("block                in  out   steps   difference native us    FMU us   ratio")
    with TemporaryDirectory() as folder:
        for name in sys.argv[2:] or blocks.names():
            print(compare(name, steps, folder), flush=True)


if __name__ == "__main__":
    main()
