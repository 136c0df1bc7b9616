"""Where things stand in the arrays of the shift plant.

Speeds of shafts are at the clutch, `WO` is the driven wheels' side of the axle, `WV` the vehicle's speed over its tyre radius.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

(WE, W1, W2, WO, WV, TWIST, L1, L2, L3, L4, L5, SPRING, TE, BOOST, IDLE, K1, K2, STROKE1, STROKE2, GEAR1, GEAR2, MOVE1, MOVE2,
 TIMER1, TIMER2, AIM1, AIM2, WAY, AV, ENGINE_J, CLUTCH1_J, CLUTCH2_J, MESH_J, SYNC_J, DAMP_J, BRAKE_J, ROLL_J, AERO_J, CLIMB_J,
 KINETIC0_J, TIME, WORK_J, BRAKE) = range(43)  # fmt: skip
"""State: speeds of engine, odd and even shaft, output, vehicle; twist; torques of the five friction elements (odd and even
clutch, odd and even synchroniser, wheel brake with rolling); spring torque; engine torque, torque its air allows, integral of
its idle governor; clutch temperatures; clutch strokes; gears in (0 none); how the forks move (0 at rest, 1 leaving, 2 on the
way, 3 synchronising, 4 entering), for how long, whither; way; vehicle's acceleration; energies since the start; time; positive
engine work; share of the brakes."""
N_STATE: Final = 43

(JE, JC, JO, JV, STIFF, DAMPING, RADIUS, MASS, ROLL, CDA, GRADE, FRICTION_SLOPE, STATIC, STROKE_GAIN, KISS1, KISS2, STROKE_TAU,
 DRAG_NM, HEAT_CAP, COOL, AMBIENT, SYNC_NM, FORK_S, AIR_SHARE, AIR_TAU, RISE_TAU, FALL_TAU, IDLE_RADPS, FRICTION_NM, FADE,
 NOISE, BRAKE_NM, SYNC_SLIP, CLUTCHES, ETA0, RATIO0, SPEED0, FULL0) = (*range(34), 34, 47, 60, 72)  # fmt: skip
"""Parameters: inertias, stiffness ... then efficiency and total ratio of each gear (index = gear) and the full-load curve."""
N_PARAMETER: Final = 84
N_CURVE: Final = 12

(FORCE_CLUTCH, STUCK1, STUCK2, LOST_E, LOST_1, LOST_2, LOST_O, LOST_S1, LOST_S2, HOT1, HOT2, NO_EEC1, NO_EBC1, LOW_VOLT) = range(
    14
)
"""Faults: 1 when present. `FORCE_CLUTCH`: the odd clutch stays where it is, closed or open."""
N_FAULT: Final = 14

(O_TIME, O_WE, O_W1, O_W2, O_WO, O_WV, O_AV, O_TE, O_T1, O_T2, O_WHEEL, O_PHASE, O_GEAR, O_GEAR1, O_GEAR2, O_CAP1, O_CAP2,
 O_TARGET, O_K1, O_K2, O_HEAT, O_TIE) = range(22)  # fmt: skip
"""A sample row, one each millisecond."""
N_SAMPLE: Final = 22

P_PEDAL, P_BRAKE, P_SELECT, P_POWER, P_ASKED, P_TORQUE_FACTOR, P_FAULTS = range(7)
"""A row of a plan, one each period of the control unit: what the driver does, a factor on the torque signal, then the faults."""
N_PLAN: Final = P_FAULTS + N_FAULT

(T_DOUBLE, T_FORK, T_STALL, T_TIE, T_SHIFTS, T_LEAST_RADPS, T_PHASES, T_BOTH) = range(8)
"""Tally of a random sequence: periods with two clutches closed outside a hand-over or two gears held together by both; forks
moved under a carrying clutch; milliseconds with the engine stalled by a clutch; most torque (Nm) of the weaker clutch while
both carry; shifts; least engine speed; bits of the phases seen; milliseconds with both clutches carrying."""
N_TALLY: Final = 8
