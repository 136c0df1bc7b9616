"""What the kernel works on: where things stand in its arrays, and the records it reads (packed by `pack`).

A record is one row of a structured array: the kernel reads its fields by name, compiled or not.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.energy.calibration import N_CALIBRATION

Floats = NDArray[np.float64]
Record = Any
"""A row of `TRAIN` or `TRIP`: Numba reads its fields, NumPy's records offer them as attributes."""

(S, V, H, GEAR, GAP, SINCE, TURN, SOC, TRAILER_SOC, CODE, SHAFT, HEAT_K, TRAILER_HEAT_K, SOURCE_W, DEMAND_W, ENGINE_ON, ROLLING,
 OWED, LOST, SLOW_V, SLOW_S, SLOW_GEAR, LAST, TOWED_N, ASSIST_W, REGEN_N, PRICE, TRAILER_PRICE, SHORT_S, TRAILER_SHORT_S, DUE_S,
 SLACK_S, TENSION_N, GRIP, TRAILER_GRIP) = range(35)  # fmt: skip
"""State: way, speed, height, gear (0 first), what is left of a shift, time since the last and its sign (0: none since the
start), charge of both batteries, end code, shaft speed, temperature of both batteries, power of the fuel cell or range extender
and the demand it follows, whether the engine runs and whether the vehicle rolls out of gear, energy owed to auxiliaries while
the engine was stopped, time lost for want of power with the slowest point there (speed, way, gear), last acceleration. Of the
energy unit: wheel force of the trailer, crank power and most braking force of the motor as it chose them, prices of both
batteries' energy, time integrals of charge missing, time to the next plan. Of safety: time with too little kingpin tension while
propelling, the least tension beyond what is wanted, most adhesion used by the tractor's driven axles and by the trailer's."""
(STILL, WIND, ROLL_TRACTOR, ROLL_TRAILER, CLIMB, KINETIC, FRICTION, RETARDER, ENGINE_BRAKE, DRIVELINE, MOTOR, ENGINE, FUEL_CELL,
 IDLE, AUXILIARY, FUEL, BATTERY, TRAILER_BATTERY, UP, DOWN, RECOVERED, HEAT, TRAILER_HEAT, TRAILER_FRICTION, TRAILER_MOTOR,
 TRAILER_DRIVELINE, TRAILER_AUXILIARY, GAINED, TRAILER_GAINED, WHEEL, ROTOR, AXLE) = range(32)  # fmt: skip
"""Book: joules since the start. The TRAILER_ terms are parts of the terms without that word; GAINED is terminal energy charged,
by battery; WHEEL is positive work at the tractor's wheels, ROTOR the part of KINETIC in the engine's rotor, AXLE the part of
DRIVELINE in the axle; HEAT is what the batteries' resistance took, behind their terminals."""
(SPEED, TORQUE, DRAG, FUEL_W, TERMINAL_W, CURRENT, BRAKING, RETARDING, PEDAL, CLUTCH, T_SPEED, T_TORQUE, T_TERMINAL_W, T_CURRENT,
 KINGPIN, M_TORQUE, M_SPEED, FULL) = range(18)  # fmt: skip
"""Flow: means over one second."""
N_STATE, N_BOOK, N_FLOW = 35, 32, 18
N_ROW: Final = N_STATE + N_BOOK + N_FLOW
"""A sample: state, book, flow."""
NEVER_MPS: Final = 1e3
"""Slowest speed of a trip that was never slowed."""
RULES, SEPARATE, COOPERATIVE, PREVIEW = range(4)
"""How tractor and trailer share the work (see `coordinate`)."""
RUNNING, DONE, NO_START, FLAT_BATTERY, NO_ARRIVAL = 0, 1, 2, 3, 4

SINE, HEAD, CROSS, DENSITY, SURFACE, LIMIT, MOST, HEIGHT = range(8)
"""A node: rise over length, wind against and across, air density, factor on rolling, speed aimed for before looking ahead, and
most speed to roll at, and height."""
N_NODE: Final = 8
AIM, CAP = range(2)
"""The driver's plan at a node: squares of the speed to drive and of the speed to brake at."""

N_GEARS: Final = 16
N_SHAFT: Final = 65
"""Points of a curve over shaft speed, from standstill to the end of the range."""
N_TORQUE: Final = 97
"""Points of a table over torque."""
N_STAGE: Final = 25
"""Points of a loss table over input speed."""
N_SPEED: Final = 41
"""Points of a curve over road speed, a metre a second apart."""
N_SOURCE: Final = 33
"""Points of the fuel curve of a fuel cell or range extender."""
AXLE_STAGE: Final = N_GEARS
"""Where the axle stands among the stages, behind the gears."""
N_OCV: Final = 101

AMT, DCT, MANUAL = 0, 1, 2
"""Gearbox kinds; one ratio never shifts."""
NO_SOURCE, CELL, EXTENDER = 0, 1, 2
"""What charges beside braking."""

TRAIN: Final = np.dtype(
    (np.record, np.dtype([
        ("engine", "?"), ("motor", "?"), ("trailer", "?"), ("start_stop", "?"), ("primary", "?"), ("drags", "?"), ("box", "i8"),
        ("gears", "i8"), ("source", "i8"), ("fuel", "i8"), ("ratio", "f8", (N_GEARS,)), ("radius", "f8"), ("shift", "f8"),
        ("table", "i8", (N_GEARS + 1,)), ("efficiency", "f8", (N_GEARS + 1,)), ("per_speed", "f8", (N_GEARS + 1,)),
        ("per_torque", "f8", (N_GEARS + 1,)), ("axle", "f8"), ("step", "f8"), ("torque_low", "f8"),
        ("per_torque_step", "f8"), ("per_step", "f8"), ("per_radius", "f8"), ("per_axle", "f8"), ("per_ratio", "f8", (N_GEARS,)),
        ("per_efficiency", "f8", (N_GEARS + 1,)), ("reach", "f8", (N_GEARS,)),
        ("full", "f8", (N_SHAFT,)), ("drag", "f8", (N_SHAFT,)), ("brake", "f8", (N_SHAFT,)),
        ("pull", "f8", (N_GEARS, N_SHAFT)), ("tow", "f8", (N_GEARS, N_SHAFT)), ("coast", "f8", (N_GEARS, N_SHAFT)),
        ("hold", "f8", (N_GEARS, N_SHAFT)), ("share", "f8", (N_SHAFT,)),
        ("idle", "f8"), ("launch", "f8"), ("least", "f8"), ("low", "f8"), ("high", "f8"), ("inertia", "f8"),
        ("derate_from", "f8"), ("derate", "f8"),
        ("peak_torque", "f8"), ("peak_power", "f8"), ("losses", "f8", (3,)),
        ("capacity", "f8"), ("nominal", "f8"), ("voltage", "f8", (N_OCV,)), ("resistance", "f8"), ("discharge", "f8"),
        ("charge", "f8"), ("soc_low", "f8"), ("soc_high", "f8"), ("soc_target", "f8"), ("heat_capacity", "f8"), ("cooling", "f8"),
        ("source_step", "f8"), ("source_fuel", "f8", (N_SOURCE,)), ("source_low", "f8"), ("source_high", "f8"),
        ("source_ramp", "f8"), ("source_start", "f8"), ("source_efficiency", "f8"),
        ("retarder_torque", "f8"), ("retarder_power", "f8"), ("retarder_ratio", "f8"), ("retarder_drag", "f8", (N_SHAFT,)),
    ], align=True))
)  # fmt: skip
"""A powertrain. Curves over shaft speed are `step` apart: torque at full load, unfuelled drag, decompression brake; `pull`,
`tow`, `coast` and `hold` are forces at the wheels by gear: most of the engine, most of the motor, overrun, overrun with engine
brake. `share` is shaft power a battery watt gives at its limit. Stages (gears, then the axle) have a loss table or an
efficiency. `reach` is shaft speed a metre a second of road speed; names with `per_` are reciprocals: dividing is slow."""

TRIP: Final = np.dtype(
    (np.record, np.dtype([
        ("tractor", "i8"), ("towed", "i8"), ("node", "i8"), ("nodes", "i8"), ("stop", "i8"), ("stops", "i8"), ("pace", "i8"),
        ("paces", "i8"), ("windy", "?"), ("eco_roll", "?"), ("pitch", "f8"), ("per_pitch", "f8"),
        ("mass", "f8"), ("rotating", "f8"), ("trailer_mass", "f8"), ("trailer_rotating", "f8"), ("drag_area", "f8"),
        ("drag", "f8", (N_SPEED,)), ("crosswind", "f8", (3,)), ("trailer_drag", "f8"), ("roll_tractor", "f8"),
        ("roll_trailer", "f8"), ("adhesion", "f8"), ("trailer_adhesion", "f8"), ("trailer_brakes", "f8"), ("threshold", "f8"),
        ("accelerate", "f8", (N_SPEED,)), ("decelerate", "f8", (N_SPEED,)), ("coast", "f8"), ("coast_from", "f8"),
        ("eco_grade", "f8"), ("auxiliary", "f8"), ("working", "f8"), ("trailer_auxiliary", "f8"), ("trailer_working", "f8"),
        ("ambient", "f8"), ("altitude", "f8"), ("soc", "f8"), ("trailer_soc", "f8"), ("battery_k", "f8"),
        ("coordination", "i8"), ("grip", "f8"), ("marginal", "f8"), ("soc_plan", "f8", (2,)), ("trailer_soc_plan", "f8", (2,)),
        ("tune", "f8", (N_CALIBRATION,)),
    ], align=True))
)  # fmt: skip
"""A trip: which powertrains, nodes, stops and prescribed speeds (`pace`: none where the driver is free), the body, its tyres and
its air, the driver, consumers, and where the batteries stand at the start. `drag` is CdA over road speed with the mean wind of a
declaration, `pitch` the spacing of nodes. For the energy unit: who shares the work, adhesion, fuel that a joule more at the crank
burns, charge wanted at start and end by battery, and its calibration."""


class Stock(NamedTuple):
    """Everything that trips share: powertrains, pooled fuel tables (shaft speed, torque: watts) and loss tables (input speed,
    output torque: input torque), nodes, stops (place, duration, working), prescribed speeds by second, and curvature of the road at the nodes (1/m)."""

    trains: NDArray[np.void]
    fuel: Floats
    losses: Floats
    nodes: Floats
    stops: Floats
    pace: Floats
    bend: Floats


class Run(NamedTuple):
    """A trip under way: what it shares, its own record (the first of `trips`), its road (nodes, and the driver's plan at them),
    and what changes: state, book, flow, the stop it drives to (index, standing time left, whether it stands); curvature of its
    road, and room for the stages of the energy unit: now, ahead, and a battery."""

    stock: Stock
    trips: NDArray[np.void]
    nodes: Floats
    plan: Floats
    state: Floats
    book: Floats
    flow: Floats
    stop: Floats
    bend: Floats
    stages: Floats
