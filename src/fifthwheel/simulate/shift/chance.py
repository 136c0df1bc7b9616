"""Random commands and faults for the control unit on its plant, and what must never happen in any of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.kernel import together_many
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.run import PERIOD_S, rig

BLOCK_S: Final = 0.5
STARTS: Final = ((0, 0, 0.0, 0.0), (1, 2, 120.0, 300.0), (2, 3, 150.0, 800.0), (3, 2, 110.0, 1200.0), (4, 5, 150.0, 600.0),
                 (5, 4, 105.0, 900.0), (6, 5, 130.0, 500.0))  # fmt: skip
"""Gear, gear preselected, engine speed (rad/s) and torque (Nm) that sequences begin with; gear 0 stands."""
AMT_STARTS: Final = ((0, 0, 0.0, 0.0), (1, 0, 120.0, 300.0), (3, 0, 150.0, 800.0), (5, 0, 110.0, 1200.0), (8, 0, 150.0, 600.0),
                     (12, 0, 105.0, 900.0), (7, 0, 130.0, -100.0))  # fmt: skip
"""The same for a box with one clutch."""


def random_plans(random: Generator, sequences: int, seconds_s: float, gears: int = 6) -> Floats:
    """Plans of random pedals, brakes, selector, modes, gears asked for and faults.

    A jammed clutch is left out: closed, it stalls any engine when the vehicle stops.
    `gears` is the highest gear asked for; shape ``(sequences * periods, N_PLAN)``.
    """
    periods, block = round(seconds_s / PERIOD_S), round(BLOCK_S / PERIOD_S)
    blocks = -(-periods // block)
    shape = (sequences, blocks)
    plan = np.zeros((*shape, m.N_PLAN))
    braking = random.random(shape) < 0.2
    plan[..., m.P_PEDAL] = np.where(braking, 0.0, np.round(random.random(shape) * 1.4 - 0.2, 2).clip(0, 1))
    plan[..., m.P_BRAKE] = np.where(braking, random.random(shape) * 0.5, 0.0)
    plan[..., m.P_SELECT] = random.random(shape) > 0.03
    plan[..., m.P_POWER] = random.random(shape) < 0.3
    plan[..., m.P_ASKED] = np.where(random.random(shape) < 0.6, random.integers(1, gears + 1, shape), 0)
    plan[..., m.P_TORQUE_FACTOR] = 1 + 0.2 * (2 * random.random(shape) - 1)
    faults = random.random((*shape, m.N_FAULT)) < 0.02
    faults[..., m.FORCE_CLUTCH] = False
    plan[..., m.P_FAULTS :] = np.maximum.accumulate(faults, axis=1)
    plan = np.repeat(plan, block, axis=1)[:, :periods]
    return np.ascontiguousarray(plan.reshape(-1, m.N_PLAN))


def tally(driveline: Driveline, start: tuple[int, int, float, float], plans: Floats, sequences: int) -> Floats:
    """Drive all sequences from one start; their tallies, shape ``(sequences, N_TALLY)`` of `layout`."""
    begin = rig(driveline, gear=start[0], spare_gear=start[1], engine_radps=start[2], torque_nm=start[3])
    marks = np.zeros((sequences, m.N_TALLY))
    together_many(
        begin.plant, begin.plant.copy(), np.zeros(12), np.zeros(12), begin.parameters, begin.unit, begin.unit.copy(),
        begin.inputs, begin.calibration, begin.outputs, np.zeros(2), plans, plans.shape[0] // sequences,
        np.zeros(m.N_TALLY), marks,
    )  # fmt: skip
    return marks
