"""What the kernel works on: where things stand in its arrays, and the flat tuples it reads (packed by `pack`)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Books = tuple[Floats, Floats, Floats]
"""State, book and flow: see the names of their entries."""

STEP_S: Final = 0.5
SUBSTEPS: Final = 2
"""Steps in a sample of one second."""

S, V, H, GEAR, GAP, SINCE, TURN, SOC, TRAILER_SOC, CODE = range(10)
"""State: way, speed, height, gear (0 first), what is left of a shift, time since the last and its sign (0: none since the
start), charge of both batteries, end code."""
(STILL, WIND, ROLL_TRACTOR, ROLL_TRAILER, CLIMB, KINETIC, FRICTION, RETARDER, ENGINE_BRAKE, DRIVELINE, MOTOR, ENGINE, IDLE,
 AUXILIARY, FUEL, BATTERY, TRAILER_BATTERY, UP, DOWN, RECOVERED, HEAT, TRAILER_HEAT) = range(22)  # fmt: skip
"""Book: joules since the start; HEAT is what the batteries' resistance took, behind their terminals."""
(SPEED, TORQUE, DRAG, FUEL_W, TERMINAL_W, CURRENT, BRAKING, RETARDING, PEDAL, CLUTCH, T_SPEED, T_TORQUE, T_TERMINAL_W, T_CURRENT,
 T_DRAG) = range(15)  # fmt: skip
"""Flow: means over one second."""
N_STATE, N_BOOK, N_FLOW = 10, 22, 15
RUNNING, DONE, NO_START, FLAT_BATTERY = 0, 1, 2, 3


class Way(NamedTuple):
    """The road by node (`road.profile.STEP_M` apart) and its stops; `allowed` is the square of the driver's speed."""

    step: float
    allowed: Floats
    sine: Floats
    head: Floats
    cross: Floats
    density: Floats
    derate: Floats
    stop_at: Floats
    stop_time: Floats
    stop_work: NDArray[np.bool_]


class Body(NamedTuple):
    """Mass, air, tyres and endurance brake of the whole combination, and how its driver speeds up and slows down."""

    mass: float
    rotating: float
    drag_area: float
    crosswind: tuple[float, float, float]
    roll_tractor: float
    roll_trailer: float
    radius: float
    adhesion: float
    retarder_ratio: float
    retarder_torque: float
    retarder_power: float
    accelerate: float
    decelerate: float


class Train(NamedTuple):
    """A powertrain: engine or motor with its gears (curves every `grid` rad/s from standstill), battery, consumers.

    `soc_at`, `meter_at` and `heat_at` say where its battery stands in state and book.
    """

    present: bool
    electric: bool
    ratios: Floats
    efficiencies: Floats
    radius: float
    shift: float
    grid: float
    full: Floats
    drag: Floats
    brake: Floats
    idle: float
    launch: float
    low: float
    high: float
    willans: tuple[float, float, float]
    peak_torque: float
    peak_power: float
    losses: tuple[float, float, float]
    capacity: float
    nominal: float
    voltage: Floats
    resistance: float
    discharge: float
    charge: float
    soc_low: float
    soc_high: float
    soc_at: int
    meter_at: int
    heat_at: int
    auxiliary: float
    working: float
    threshold: float


class Vehicle(NamedTuple):
    """What drives: the tractor's powertrain, the trailer's (`present` or not), and the body."""

    tractor: Train
    trailer: Train
    body: Body
