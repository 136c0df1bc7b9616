"""The electronic brake system: every 10 ms from sensors and pedal to pressures, machines, limits, lamps and warnings.

``prepare`` senses, detects and bounds; the quadratic programme (or the rules) shares; ``finish`` hands over and sets pressures.
Both are plain functions on arrays, which `block` compiles if it is given a compiler (`simulate.compiled`): control does not
depend on one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any, NamedTuple

from fifthwheel.control.block import Block
from fifthwheel.control.brakes.antilock import antilock
from fifthwheel.control.brakes.demand import ask, drive, light
from fifthwheel.control.brakes.layout import REFERENCE, STEP_S, Floats, Layout, Unit, signals, unit_of
from fifthwheel.control.brakes.pneumatic import learn, pressures
from fifthwheel.control.brakes.priority import share
from fifthwheel.control.brakes.programme import bound, fill, solve, take
from fifthwheel.control.brakes.sense import estimate, heat, listen, speeds
from fifthwheel.control.brakes.sources import bounds, hand_over
from fifthwheel.control.brakes.stability import stability
from fifthwheel.errors import UnknownName

FULL_RATIO = 0.999


class Running(NamedTuple):
    """State of the block: the unit, and the flat arrays that its records look into; copies and pickles keep them together."""

    layout: Layout
    unit: Unit
    parameters: Floats
    inputs: Floats
    outputs: Floats

    def __reduce__(self) -> tuple[Any, ...]:
        unit = self.unit
        kept = (self.parameters, self.inputs, self.outputs, unit.x, unit.xa, unit.xw, unit.xm, unit.programme.force_n)
        return _restored, (self.layout, *(array.copy() for array in kept))


def _started(layout: Layout) -> Running:
    return Running(layout, *unit_of(layout))


def _restored(layout: Layout, *kept: Floats) -> Running:
    found = _started(layout)
    unit = found.unit
    places = (found.parameters, found.inputs, found.outputs, unit.x, unit.xa, unit.xw, unit.xm, unit.programme.force_n)
    for place, array in zip(places, kept, strict=True):
        place[:] = array
    return found


def prepare(unit: Unit) -> None:
    """Everything before the allocation."""
    listen(unit)
    heat(unit)
    speeds(unit)
    estimate(unit)
    antilock(unit)
    stability(unit)
    ask(unit)
    bounds(unit)
    bound(unit.programme)
    fill(unit.programme)
    unit.x[0].started = 1.0


def finish(unit: Unit, found: Floats, solved: bool) -> None:
    """Everything after it: `found` is the programme's answer, if `solved`."""
    if solved:
        take(unit.programme, found)
    else:
        share(unit.programme)
    unit.y[0].quadratic_state = 1.0 if solved else 0.0
    _told(unit)
    hand_over(unit)
    pressures(unit)
    learn(unit)
    drive(unit)
    light(unit)
    _outputs(unit)


def _told(unit: Unit) -> None:
    """What was allocated, and why it is less than asked."""
    x, y, programme = unit.x[0], unit.y[0], unit.programme
    count, met, full = len(unit.xa), programme.task[0].excess_n, False
    for force in programme.force_n:
        met += force
    for axle in range(count):
        full = full or programme.most_n[axle] >= FULL_RATIO * programme.axle_limit_n[axle] or unit.xa[axle].quiet_s < inf
    short = met < FULL_RATIO * x.demand_n - 1.0
    y.met_n = met
    y.limit_state = (3.0 if x.service == 0.0 else 1.0 if full else 2.0) if short else 0.0
    y.trailer_regeneration_n, y.tractor_regeneration_n = programme.force_n[count], programme.force_n[count + 1]
    y.retarder_n, y.engine_brake_n = programme.force_n[count + 2], programme.force_n[count + 3]


def _outputs(unit: Unit) -> None:
    """States and estimates as signals."""
    p, u, x, y = unit.p[0], unit.u[0], unit.x[0], unit.y[0]
    y.demand_mps2, y.demand_n = x.demand_mps2 + x.endurance_mps2, x.demand_n
    y.speed_mps, y.mass_kg, y.grade_ratio = x.speed_mps, x.mass_kg, x.grade_ratio
    y.kingpin_n, y.kingpin_estimate_n, y.load_transfer_ratio = x.kingpin_n, x.estimate_n, x.transfer
    y.antilock_state, y.rollover_state = x.slipping, x.rollover
    y.jackknife_state, y.swing_state = 1.0 if x.jackknife_s > 0.0 else 0.0, 1.0 if x.swing_s > 0.0 else 0.0
    y.stop_lamp_state, y.emergency_state, y.bus_warning_state = x.stop_lamp, x.emergency, x.bus
    y.kingpin_warning_state, y.sensor_warning_state = 1.0 - u.kingpin_valid_state, 0.0
    for axle in range(len(unit.xa)):
        one, out = unit.xa[axle], unit.ya[axle]
        out.temperature_k, out.fade_ratio = one.temperature_k, one.fade
        out.antilock_state = 1.0 if one.quiet_s <= p.return_s else 0.0
        out.utilisation_ratio = one.braked_n / max(unit.ua[axle].load_n, 1.0)
        for wheel in (2 * axle, 2 * axle + 1):
            y.sensor_warning_state = max(y.sensor_warning_state, unit.xw[wheel].lost)


def block(
    layout: Layout = REFERENCE,
    *,
    compiler: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
    **calibration: float,
) -> Block:
    """The EBS of a layout of axles; `calibration` names parameters that differ from `ebs.toml`.

    Examples
    --------
    >>> from fifthwheel.control.block import Running
    >>> ebs = Running(block())
    >>> ebs.set(pedal_ratio=0.5, **{f"wheel_{wheel}_mps": 20.0 for wheel in range(10)})
    >>> ebs.step()
    >>> 3.5 * ebs["mass_kg"] < ebs["met_n"] < 4.0 * ebs["mass_kg"]
    True
    """
    count = len(layout.places)
    known = {signal.name for signal in signals("parameters", count)}
    if unknown := [name for name in calibration if name not in known]:
        raise UnknownName("parameter of the EBS", unknown[0], known)
    halves = (compiler(prepare), compiler(finish)) if compiler else (prepare, finish)
    return Block(
        name="ebs",
        title_en="Electronic brake system",
        title_zh="电子制动系统",
        period_s=STEP_S,
        inputs=signals("inputs", count),
        outputs=signals("outputs", count),
        parameters=tuple(
            replace(signal, start=calibration.get(signal.name, signal.start)) for signal in signals("parameters", count)
        ),
        begin=lambda parameters: _begin(layout, parameters),
        step=partial(_step, halves),
    )


def _begin(layout: Layout, parameters: Floats) -> Running:
    state = _started(layout)
    state.parameters[:] = parameters
    return state


def _step(
    halves: tuple[Callable[[Unit], None], Callable[[Unit, Floats, bool], None]],
    state: Running,
    inputs: Floats,
    parameters: Floats,
    outputs: Floats,
) -> None:
    state.inputs[:], state.parameters[:] = inputs, parameters
    halves[0](state.unit)
    programme = state.unit.programme
    found, solved = (programme.gradient, False) if state.unit.p["rules_state"][0] > 0.0 else solve(programme)
    halves[1](state.unit, found, solved)
    outputs[:] = state.outputs
