"""The limp-home list of control facts 5.3, executed: every fault beginning in every phase of the unit, none sampled.

A case brings the unit into a phase, lets the fault appear there for good, drives on for 20 s, brakes to a stand and pulls away
again; a watch on the plant counts what must never be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fifthwheel.control.gearbox import layout as n
from fifthwheel.errors import SimulationError
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.kernel import together_many
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.matrix import BOXES
from fifthwheel.simulate.shift.run import PERIOD_S, Rig, plan_of, rig

FAULTS: Final = {
    "odd clutch jammed": m.FORCE_CLUTCH,
    "engine speed lost": m.LOST_E, "odd shaft speed lost": m.LOST_1, "even shaft speed lost": m.LOST_2,
    "output speed lost": m.LOST_O, "odd stroke lost": m.LOST_S1, "even stroke lost": m.LOST_S2, "odd fork stuck": m.STUCK1,
    "even fork stuck": m.STUCK2, "odd clutch hot": m.HOT1, "even clutch hot": m.HOT2, "EEC1 lost": m.NO_EEC1,
    "EBC1 lost": m.NO_EBC1, "low voltage": m.LOW_VOLT,
}  # fmt: skip
"""Faults by name and their places in a plan."""
PHASES: Final = {
    "dct": {"open": n.OPEN, "launch": n.LAUNCH, "drive": n.DRIVE, "fill": n.FILL, "torque": n.TORQUE, "inertia": n.INERTIA,
            "lock": n.LOCK, "abort": n.ABORT, "swap": n.SWAP},
    "amt": {"open": n.OPEN, "launch": n.LAUNCH, "drive": n.DRIVE, "unload": n.UNLOAD, "out": n.OUT, "speed": n.SPEED,
            "in": n.IN, "reload": n.RELOAD, "abort": n.ABORT},
}  # fmt: skip
SHIFTING: Final = (n.FILL, n.TORQUE, n.INERTIA, n.LOCK, n.UNLOAD, n.OUT, n.SPEED, n.IN, n.RELOAD)
REACH_S: Final = 3.0
GO_S, STOP_S, AGAIN_S = 20.0, 12.0, 10.0
PEDAL, BRAKE = 0.6, 0.15
MASS_KG: Final = 28_000.0
SWAP_RADPS: Final = 190.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault that begins in a phase, in a shift up or down where the phase belongs to one."""

    fault: str
    phase: str
    up: bool = True
    box: str = "dct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endured:
    """What came of a fault.

    Attributes
    ----------
    double_count, fork_count, stall_count : milliseconds with two gears held by both clutches, forks moved under a carrying
        clutch, the engine below 30 rad/s.
    speed_mps : after 20 s of pedal; rest_mps after braking; again_mps after pulling away anew.
    neutral_s : time without drive in the first 20 s, from 1.5 s after the fault on, the driver wanting to drive.
    warning_count : warning level at the end.
    rows : trace from the fault on.
    """

    double_count: int
    fork_count: int
    stall_count: int
    speed_mps: float
    rest_mps: float
    again_mps: float
    neutral_s: float
    warning_count: int
    rows: Floats


def every(box: str = "dct") -> Iterator[Fault]:
    """Each fault in each phase, phases of a shift both up and down; a box with one clutch has nothing even."""
    for fault in (one for one in FAULTS if box == "dct" or not one.startswith("even")):
        for name, phase in PHASES[box].items():
            yield Fault(fault=fault, phase=name, box=box)
            if phase in SHIFTING:
                yield Fault(fault=fault, phase=name, up=False, box=box)


def _reach(case: Fault) -> Rig:
    """A rig whose unit has just come into the phase; raises `SimulationError` when it does not."""
    plant, phase = replace(BOXES[case.box], mass_kg=MASS_KG), PHASES[case.box][case.phase]
    low = 3 if case.box == "dct" else 6
    gear, target, speed = (low, low + 1, 165.0) if case.up else (low + 1, low, 110.0)
    plan = plan_of(REACH_S, pedal=PEDAL, asked_gear=target)
    if phase in (n.OPEN, n.LAUNCH):
        made = rig(plant)
        plan[:, m.P_ASKED] = 0.0
        plan[:50, m.P_PEDAL], plan[:50, m.P_BRAKE] = 0.0, 0.5
    else:
        made = rig(plant, gear=gear, spare_gear=target, engine_radps=speed, torque_nm=600.0)
    if phase == n.SWAP:
        made = rig(plant, gear=gear, spare_gear=gear - 1, engine_radps=SWAP_RADPS, torque_nm=600.0)
        made.unit[n.STUCK_EVEN] = 1.0
        plan[:, m.P_ASKED] = gear + 2
    if phase == n.ABORT:
        plan[20:, m.P_SELECT] = 0.0
    for i in range(len(plan)):
        made.run(plan[i : i + 1])
        if int(made.unit[n.PHASE]) == phase:
            return made
    raise SimulationError(f"{case}: the unit does not come into this phase")


def endure(case: Fault) -> Endured:
    """Drive a case through."""
    made = _reach(case)
    plan = np.vstack([plan_of(GO_S, pedal=PEDAL), plan_of(STOP_S, brake=BRAKE), plan_of(AGAIN_S, pedal=PEDAL)])
    plan[:, m.P_FAULTS + FAULTS[case.fault]] = 1.0
    marks = np.zeros((1, m.N_TALLY))
    together_many(
        made.plant, made.plant.copy(), np.zeros(12), np.zeros(12), made.parameters, made.unit, made.unit.copy(),
        made.inputs.copy(), made.calibration, made.outputs.copy(), np.zeros(2), plan, len(plan), np.zeros(m.N_TALLY), marks,
    )  # fmt: skip
    rows = made.run(plan)
    speed = rows[:, m.O_WV] * made.parameters[m.RADIUS]
    go, stop = round(GO_S / PERIOD_S) * 10, round((GO_S + STOP_S) / PERIOD_S) * 10
    waiting = np.isin(rows[1500:go, m.O_PHASE], (n.OPEN, n.ABORT))
    return Endured(
        double_count=int(marks[0, m.T_DOUBLE]), fork_count=int(marks[0, m.T_FORK]), stall_count=int(marks[0, m.T_STALL]),
        speed_mps=float(speed[go - 1]), rest_mps=float(abs(speed[stop - 1])), again_mps=float(speed[-1]),
        neutral_s=float(waiting.sum() * 1e-3), warning_count=int(made.outputs[n.WARNING]), rows=rows,
    )  # fmt: skip
