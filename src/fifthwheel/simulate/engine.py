"""The combustion engine and its rotor for one step; parts of the kernel."""

from __future__ import annotations

import numpy as np

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.gears import curve, shaft_speed, surface
from fifthwheel.simulate.layout import (
    AUXILIARY,
    DRAG,
    ENGINE,
    FUEL,
    FUEL_W,
    FULL,
    GEAR,
    KINETIC,
    OWED,
    PEDAL,
    ROTOR,
    SHAFT,
    SPEED,
    TORQUE,
    Record,
    Run,
    Stock,
)

MARGINAL_RATIO = 0.4
"""Work that a little more fuel gives."""


@part
def burn(stock: Stock, train: Record, shaft: float, torque: float) -> float:
    """Fuel power of the engine at a crank torque: its map, and none in overrun."""
    if torque <= -curve(train, train.drag, shaft):
        return 0.0
    return max(surface(stock.fuel[train.fuel], shaft * train.per_step, (torque - train.torque_low) * train.per_torque_step), 0.0)


@part
def spin(run: Run, train: Record, shaft: float) -> None:
    """Bring the engine's rotor to a new speed at once: it gives its energy to drag, or takes fuel for it."""
    state, book, flow = run.state, run.book, run.flow
    energy = 0.5 * train.inertia * (shaft * shaft - state[SHAFT] * state[SHAFT])
    state[SHAFT] = shaft
    book[KINETIC] += energy
    book[ROTOR] += energy
    fuel = max(energy, 0.0) / MARGINAL_RATIO
    book[FUEL] += fuel
    book[ENGINE] += fuel - energy
    flow[FUEL_W] += fuel


@part
def settle(run: Run, train: Record) -> None:
    """At the end of a trip the engine idles as it did at the start, and gives what it owes its auxiliaries."""
    state, book = run.state, run.book
    spin(run, train, train.idle)
    fuel = state[OWED] / MARGINAL_RATIO
    book[FUEL] += fuel
    book[AUXILIARY] += state[OWED]
    book[ENGINE] += fuel - state[OWED]
    run.flow[FUEL_W] += fuel
    state[OWED] = 0.0


@part
def spin_down(run: Run, train: Record, shaft: float, consumers: float, dt: float) -> float:
    """Let the rotor, out of gear, fall towards `shaft` by drag and consumers, without fuel: the share of the step that lasts."""
    state, book, flow = run.state, run.book, run.flow
    energy = 0.5 * train.inertia * (state[SHAFT] * state[SHAFT] - shaft * shaft)
    drag = curve(train, train.drag, state[SHAFT])
    needed = (drag * state[SHAFT] + consumers) * dt
    if energy <= 0.0 or needed <= 0.0:
        return 0.0
    share = min(energy / needed, 1.0)
    state[SHAFT] = np.sqrt(state[SHAFT] * state[SHAFT] - 2.0 * share * needed / train.inertia)
    book[KINETIC] -= share * needed
    book[ROTOR] -= share * needed
    book[AUXILIARY] += share * consumers * dt
    book[ENGINE] += share * (needed - consumers * dt)
    flow[SPEED] += state[SHAFT] * share * dt
    flow[DRAG] += drag * share * dt
    return float(share)


@part
def push_rotor(run: Run, train: Record, left: float, motion: tuple[float, float], dt: float) -> float:
    """Let the wheels, braking with `left`, bring a slower rotor up to the speed of the gear: the force that this takes."""
    state, book = run.state, run.book
    speed, change = motion
    start = max(shaft_speed(train, int(state[GEAR]), speed - 0.5 * change * dt), train.idle)
    energy = 0.5 * train.inertia * (start * start - state[SHAFT] * state[SHAFT])
    if energy <= 0.0 or left <= 0.0:
        return 0.0
    force = min(energy / (speed * dt), left)
    paid = force * speed * dt
    state[SHAFT] = np.sqrt(state[SHAFT] * state[SHAFT] + 2.0 * paid / train.inertia)
    book[KINETIC] += paid
    book[ROTOR] += paid
    return float(force)


@part
def accelerate_rotor(run: Run, train: Record, motion: tuple[float, float], dt: float) -> float:
    """Power into the engine's rotor over a step with the clutch closed; `motion`: mean speed and acceleration."""
    state, book = run.state, run.book
    speed, change = motion
    gear = int(state[GEAR])
    start = max(shaft_speed(train, gear, speed - 0.5 * change * dt), train.idle)
    ending = max(shaft_speed(train, gear, speed + 0.5 * change * dt), train.idle)
    spin(run, train, start)
    energy = 0.5 * train.inertia * (ending * ending - start * start)
    state[SHAFT] = ending
    book[KINETIC] += energy
    book[ROTOR] += energy
    return float(energy / dt)


@part
def run_engine(run: Run, train: Record, turning: tuple[float, float], consumers: float, dt: float) -> None:
    """The engine at `shaft` giving `torque` beyond the power of `consumers`, for a step."""
    book, flow = run.book, run.flow
    shaft, torque = turning
    crank = torque + consumers / shaft
    fuel = burn(run.stock, train, shaft, crank)
    drag = curve(train, train.drag, shaft)
    book[FUEL] += fuel * dt
    book[ENGINE] += (fuel - crank * shaft) * dt
    book[AUXILIARY] += consumers * dt
    flow[FUEL_W] += fuel * dt
    flow[TORQUE] += crank * dt
    flow[DRAG] += drag * dt
    flow[SPEED] += shaft * dt
    full = curve(train, train.full, shaft)
    flow[FULL] += full * dt
    flow[PEDAL] += max(crank, 0.0) / max(full, 1.0) * dt
