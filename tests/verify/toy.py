"""Blocks of the tests' own: a control unit with memory, and a plant that it holds at a speed."""

from __future__ import annotations

import numpy as np

from fifthwheel.control.block import Block, Floats, Signal


def signal(name: str, low: float = -1e4, high: float = 1e4, start: float = 0.0) -> Signal:
    return Signal(name=name, title_en=f'the "{name}"', title_zh=f"信号{name}", low=low, high=high, start=start)


def governor() -> Block:
    """A PI governor whose torque is limited by a full-load curve over speed."""

    def step(state: Floats, inputs: Floats, parameters: Floats, outputs: Floats) -> None:
        error = inputs[0] - inputs[1]
        state[0] += parameters[1] * error * parameters[2]
        full = np.interp(inputs[1], parameters[3:7], parameters[7:11])
        outputs[0] = min(max(parameters[0] * error + state[0], 0.0), float(full))
        outputs[1] = state[0]

    return Block(
        name="governor", title_en="speed governor", title_zh="调速器", period_s=0.01,
        inputs=(signal("wished_radps", 0.0, 400.0), signal("speed_radps", -400.0, 400.0)),
        outputs=(signal("torque_nm"), signal("integral_nm", start=2.0)),
        parameters=(
            signal("gain_nms", start=3.0), signal("integral_gain_nm", start=5.0), signal("period_s", 1e-4, 1.0, start=0.01),
            *(signal(f"full_load_{n}_radps", start=100.0 * n) for n in range(4)),
            *(signal(f"full_load_{n}_nm", start=value) for n, value in enumerate((200.0, 500.0, 600.0, 300.0))),
        ),
        begin=lambda parameters: np.array([2.0 + 0.0 * parameters[0]]), step=step,
    )  # fmt: skip


def shaft() -> Block:
    """A flywheel with a load, in steps of a millisecond."""

    def step(state: Floats, inputs: Floats, parameters: Floats, outputs: Floats) -> None:
        state[0] += (inputs[0] - inputs[1] - 0.1 * state[0]) / parameters[0] * 0.001
        outputs[0] = state[0]

    return Block(
        name="shaft", title_en="shaft with a load", title_zh="带负载的轴", period_s=0.001,
        inputs=(signal("torque_nm"), signal("load_nm", 0.0, 500.0, start=20.0)), outputs=(signal("speed_radps"),),
        parameters=(signal("inertia_kgm2", 0.1, 100.0, start=2.0),),
        begin=lambda parameters: np.zeros(1) * parameters[0], step=step,
    )  # fmt: skip


def broken() -> Block:
    """A block whose step fails when its parameter is nought."""

    def step(state: None, inputs: Floats, parameters: Floats, outputs: Floats) -> None:
        outputs[0] = 1.0 / float(parameters[0])

    return Block(
        name="broken", title_en="divides", title_zh="除", period_s=0.01, inputs=(), outputs=(signal("out_ratio"),),
        parameters=(signal("by_ratio", start=1.0),), begin=lambda _: None, step=step,
    )  # fmt: skip


NO_BLOCK = 3


def nothing() -> None:
    """Makes no block."""
