"""The EBS of the reference combination, compiled once for all tests."""

from __future__ import annotations

import pytest

from fifthwheel.control.block import Block, Running
from fifthwheel.control.brakes.layout import REFERENCE
from fifthwheel.control.brakes.statics import REFERENCE as LADEN
from fifthwheel.control.brakes.statics import loads
from fifthwheel.simulate.handling.braked import compiled_ebs


@pytest.fixture(scope="session")
def ebs() -> Block:
    return compiled_ebs(REFERENCE)


@pytest.fixture
def rolling(ebs: Block) -> Running:
    """The laden reference at 20 m/s on a level road, nothing asked."""
    return at_speed(ebs, 20.0)


def at_speed(ebs: Block, speed_mps: float, **calibration: float) -> Running:
    """The laden reference at a speed, nothing asked."""
    found, still = Running(ebs, **calibration), loads(LADEN, 0.0)
    load = (still.front_n, still.drive_n, *[still.trailer_n / 3.0] * 3)
    found.set(**{f"load_{axle}_n": one for axle, one in enumerate(load)})
    found.set(**{f"wheel_{wheel}_mps": speed_mps for wheel in range(10)})
    return found
