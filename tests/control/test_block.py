"""A block under way: names, ranges, and errors that help."""

from __future__ import annotations

import doctest

import pytest

from fifthwheel.control import block
from fifthwheel.control.block import Block, Running, Signal
from fifthwheel.errors import InputError, UnknownName


def gain() -> Running:
    def step(_state: object, inputs: block.Floats, parameters: block.Floats, outputs: block.Floats) -> None:
        outputs[0] = inputs[0] * parameters[0]

    torque = Signal(name="in_nm", title_en="torque in", title_zh="输入扭矩", low=0.0, high=10.0)
    out = Signal(name="out_nm", title_en="torque out", title_zh="输出扭矩")
    ratio = Signal(name="gain_ratio", title_en="gain", title_zh="增益", start=2.0)
    made = Block(name="gain", title_en="gain", title_zh="增益", period_s=0.01, inputs=(torque,), outputs=(out,),
                 parameters=(ratio,), begin=lambda _parameters: None, step=step)  # fmt: skip
    return Running(made)


def test_the_example_runs() -> None:
    assert doctest.testmod(block).failed == 0


def test_parameters_and_inputs_reach_the_step() -> None:
    running = gain()
    running.set(in_nm=4.0, gain_ratio=3.0)
    running.step()
    assert running["out_nm"] == 12.0


@pytest.mark.parametrize("values", [{"in_nm": 11.0}, {"in_nm": float("nan")}, {"out_nm": 1.0}])
def test_a_value_that_is_not_accepted_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"accepted|can be set"):
        gain().set(**values)


def test_an_unknown_signal_is_named() -> None:
    with pytest.raises(UnknownName, match="in_nm"):
        gain().set(in_mn=1.0)
