from __future__ import annotations

import os
import subprocess
import sys

import pytest

RUN = """
from fifthwheel.road.profile import level
from fifthwheel.simulate.trip import drive
from fifthwheel.vehicle.catalogue import combination
print(repr(drive(combination("{name}"), level(1500.0, 15.0, slope_ratio=0.01), 10e3).ledger.meter_j))
"""


@pytest.mark.parametrize("name", ["diesel-6x4-etrailer", "battery-423-box"])
def test_the_kernel_is_plain_python_too(name: str) -> None:
    """The same account to rounding with and without compilation: what is compiled is what is written."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", RUN.format(name=name)],
            env=os.environ | {"NUMBA_DISABLE_JIT": flag},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for flag in ("0", "1")
    ]
    meters = [eval(output) for output in outputs]
    assert meters[0] == pytest.approx(meters[1], rel=1e-9)
