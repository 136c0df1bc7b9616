"""The shift plant as a `Block`: what the unit asks, the driver, slope and faults in; what the unit sees and the truth out."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Signal
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.signals import signals as unit_signals
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.kernel import PERIOD, STEP_S, plant_alone, seen_by_unit
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.run import rig

DRIVER: Final = (n.PEDAL, n.BRAKE, n.DRIVE_SELECTED, n.POWER_MODE, n.ASKED_GEAR)
"""Inputs of the unit that come from the driver, not from the plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A signal and where it stands in an array of the kernel."""

    signal: Signal
    place: int


@cache
def placed(kind: str) -> tuple[Placed, ...]:
    """Signals of ``plan``, ``fault``, ``truth`` or ``parameter`` with their places in `layout`."""
    text = files("fifthwheel.simulate.shift").joinpath("signals.csv").read_text(encoding="utf-8")
    return tuple(
        Placed(
            signal=Signal(name=row["name"], title_en=row["title_en"], title_zh=row["title_zh"], low=float(row["low"]),
                          high=float(row["high"])),
            place=getattr(m, row["place"]) + (m.P_FAULTS if kind == "fault" else 0),
        )
        for row in csv.DictReader(text.splitlines())
        if row["kind"] == kind
    )  # fmt: skip


@dataclass(slots=True)
class State:
    """The plant between two steps: its arrays, and those of the unit on the other side."""

    plant: Floats
    parameters: Floats
    asked: Floats
    seen: Floats
    plan: Floats
    scratch: Floats
    other: Floats
    capacities: Floats


def _begin(plant: Floats, template: Floats, given: Floats) -> State:
    state = State(plant.copy(), template.copy(), np.zeros(n.N_OUTPUT), np.zeros(n.N_INPUT), np.zeros((1, m.N_PLAN)),
                  np.zeros(12), np.zeros(12), np.zeros(2))  # fmt: skip
    _lay_out(state, given)
    return state


def _lay_out(state: State, given: Floats) -> None:
    """Parameters to where the kernel reads them; the inertia of the vehicle follows from mass and radius."""
    p = state.parameters
    p[[one.place for one in placed("parameter")]] = given
    p[m.JV] = p[m.MASS] * p[m.RADIUS] ** 2


def _step(state: State, inputs: Floats, given: Floats, outputs: Floats) -> None:
    """Ten milliseconds of plant."""
    _lay_out(state, given)
    state.asked[:] = inputs[: n.N_OUTPUT]
    state.plan[0, [one.place for one in (*placed("plan"), *placed("fault"))]] = inputs[n.N_OUTPUT :]
    plant_alone(state.plant, state.scratch, state.other, state.parameters, state.seen, state.asked, state.capacities, state.plan)
    _tell(state, outputs)


def _tell(state: State, outputs: Floats) -> None:
    sensors = np.delete(state.seen, DRIVER)
    outputs[: len(sensors)] = sensors
    outputs[len(sensors) :] = state.plant[[one.place for one in placed("truth")]]


def block(driveline: Driveline | None = None, *, gear: int = 0, spare_gear: int = 0, engine_radps: float = 0.0,
          torque_nm: float = 0.0) -> Block:  # fmt: skip
    """The plant at standstill, or rolling in a gear as `run.rig` has it; left out, the heavy dual-clutch driveline.

    Inputs are the unit's outputs, pedals, the torque signal's error and faults; outputs the unit's inputs less the driver's, and
    the truth. Slope and mass are parameters and may change on the way.
    """
    made = rig(driveline or Driveline(), gear=gear, spare_gear=spare_gear, engine_radps=engine_radps, torque_nm=torque_nm)
    parameters = tuple(replace(one.signal, start=float(made.parameters[one.place])) for one in placed("parameter"))
    plan = tuple(replace(one.signal, start=float(one.place == m.P_TORQUE_FACTOR)) for one in placed("plan"))
    inputs = (*unit_signals("output"), *plan, *(one.signal for one in placed("fault")))
    state = _begin(made.plant, made.parameters, np.array([one.start for one in parameters]))
    state.plan[0, m.P_TORQUE_FACTOR] = 1.0
    seen_by_unit(state.plant, state.parameters, state.plan, state.seen)
    outputs = [one for i, one in enumerate(unit_signals("input")) if i not in DRIVER] + [one.signal for one in placed("truth")]
    first = np.zeros(len(outputs))
    _tell(state, first)
    return Block(
        name="shift_plant", title_en="Driveline with one or two clutches, 1 ms inside", title_zh="单双离合器传动系",
        period_s=PERIOD * STEP_S, inputs=inputs, parameters=parameters, begin=partial(_begin, made.plant, made.parameters),
        outputs=tuple(replace(one, start=float(value)) for one, value in zip(outputs, first, strict=True)), step=_step,
    )  # fmt: skip
