from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from fifthwheel.simulate.kernel import allowed_speeds

RUN = """
from fifthwheel.road.profile import level
from fifthwheel.simulate.trip import drive
from fifthwheel.vehicle.catalogue import combination
print(repr(drive(combination("{name}"), level(1500.0, 15.0, slope_ratio=0.01), 10e3).ledger.meter_j))
"""


def test_allowed_speeds_look_ahead_to_limits_and_stops() -> None:
    aimed = np.full(101, 20.0)
    aimed[60:70] = 10.0
    allowed = allowed_speeds(aimed, np.array([100]), 10.0, 0.5)
    assert allowed[100] == 0.0
    assert allowed[90] == pytest.approx(2 * 0.5 * 100.0)
    assert allowed[55] == pytest.approx(10.0**2 + 2 * 0.5 * 50.0)
    assert np.all(np.diff(allowed) >= -2 * 0.5 * 10.0 - 1e-9) or aimed[60] == 10.0


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
