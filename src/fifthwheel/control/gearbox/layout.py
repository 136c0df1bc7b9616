"""Where things stand in the arrays of the transmission control unit; clutch and shaft 0 are odd, 1 even."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

(PEDAL, BRAKE, DRIVE_SELECTED, POWER_MODE, ENGINE_RADPS, ENGINE_NM, ODD_RADPS, EVEN_RADPS, OUTPUT_RADPS, WHEEL_MPS, ACCEL_MPS2,
 ODD_STROKE, EVEN_STROKE, ODD_GEAR, EVEN_GEAR, ODD_K, EVEN_K, SUPPLY_V, ENGINE_OK, EEC1_OK, ODD_OK, EVEN_OK, OUTPUT_OK, EBC1_OK,
 ODD_STROKE_OK, EVEN_STROKE_OK, ASKED_GEAR) = range(27)  # fmt: skip
"""Inputs: pedals 0 to 1, selector (1 drive), power mode; engine (drum) speed and torque (EEC1); shaft speeds; speed of the
output at the wheels; road speed (EBC1); acceleration sensor (with gravity); strokes; gears in (0 none, -1 between);
temperatures; supply; validity of engine speed, EEC1, shaft speeds, output speed, EBC1, stroke sensors; gear asked for by the
driver (0 automatic)."""
N_INPUT: Final = 27

(STROKE_ODD, STROKE_EVEN, FORK_ODD, FORK_EVEN, REQUESTED, REQUEST_NM, CAP_ODD, CAP_EVEN, WARNING, HILL_HOLD) = range(10)
"""Outputs: clutch strokes 0 to 1, gears wanted on each shaft (0 none), torque control of the engine (1 on) and its torque,
clutch torques meant, warning level, brake to be held."""
N_OUTPUT: Final = 10

(PHASE, TIMER, GEAR, TARGET, SIGN, HOLD_NM, TORQUE_S, INERTIA_S, KISS_ODD, KISS_EVEN, ERROR_SUM, ERROR_N, MASS_KG, GRADE, V_MPS,
 A_MPS2, SINCE_S, LAST_DIRECTION, SHIFTING_ODD_S, SHIFTING_EVEN_S, STUCK_ODD, STUCK_EVEN, LOST_ODD, LOST_EVEN, HEAT, NOW_ODD_NM,
 NOW_EVEN_NM, WANT_ODD, WANT_EVEN, WE, W_ODD, W_EVEN, WO, TE, WE_RATE, STRAY_ODD_S, STRAY_EVEN_S, LAST_NM, RAMP, SHIFTS,
 TIE_NM, WISHED, SLIP_FROM, REF, FAULTS, LAST_ODD_STROKE, LAST_EVEN_STROKE, STARTED, NO_TORQUE, CALM_S,
 END_NM, WE_ADAPTED) = range(52)  # fmt: skip
"""State."""
N_STATE: Final = 52

OPEN, LAUNCH, DRIVE, FILL, TORQUE, INERTIA, LOCK, ABORT, SWAP = range(9)
"""Phases of the coordinator: clutches open; pulling away, creeping or catching up; locked; on-coming clutch to its kiss point;
hand-over; engine to the new speed; locking; both clutches out after a failure; change of gear on one shaft, interrupted."""

(STEP_S, JE_KGM2, RADIUS_M, IDLE_RADPS, EFFICIENCY, STROKE_NM, KISS_SPARE, LAUNCH_LOW, LAUNCH_HIGH, LAUNCH_GAIN,
 LAUNCH_RATE, CREEP_NM, STALL_RADPS, STALL_GAIN, LOCK_RATIO, LOCK_NM, FILL_S, JERK_MPS3, HAND_LOW_S, HAND_HIGH_S,
 INERTIA_LOW_S, INERTIA_HIGH_S, TRACK_GAIN, CLUTCH_GAIN, MIN_HOLD_NM, LEAD_UP_S, LEAD_DOWN_S, LOCK_SLIP, LOCK_S,
 SHIFT_MOST_S, UP_LOW, UP_HIGH, DOWN_LOW, DOWN_HIGH, POWER_SHIFT, HILL_SHIFT, HILL_GRADE, BRAKE_DOWN, OVERSPEED,
 MIN_BETWEEN_S, MIN_REVERSE_S, ADAPT_GAIN, ADAPT_MOST, WARM_K, HOT_K, HOTTER_K, OPEN_K, HOT_HYST_K, FORK_MOST_S,
 STRAY_MOST_S, STRAY_RATIO, LOW_V, DRAG_NM, LOW_GEAR_MPS2, TIE_RATIO, TIE_NM_MOST, KISS_LOW, KISS_HIGH, RESERVE_MPS2,
 FULL_NM, FIRST_MASS_KG, DEFAULT_KISS, ROLLING, GEARS) = range(64)  # fmt: skip
"""Calibration scalars."""
RATIO0: Final = 64
"""Total ratio of gear g stands at RATIO0 + g; then full load: speeds, torques."""
SPEED0: Final = 74
FULL0: Final = 86
N_CURVE: Final = 12
N_CALIBRATION: Final = 98
