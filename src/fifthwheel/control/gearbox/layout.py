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

(PHASE, TIMER, GEAR, TARGET, SIGN, HOLD_NM, TORQUE_S, INERTIA_S, KISS_ODD, KISS_EVEN, ERROR_SUM, ERROR_N, MASS_KG,
 GRADE, V_MPS, A_MPS2, SINCE_S, LAST_DIRECTION, SHIFTING_ODD_S, SHIFTING_EVEN_S, STUCK_ODD, STUCK_EVEN, LOST_ODD,
 LOST_EVEN, HEAT, NOW_ODD_NM, NOW_EVEN_NM, WANT_ODD, WANT_EVEN, WE, W_ODD, W_EVEN, WO, TE, WE_RATE, STRAY_ODD_S,
 STRAY_EVEN_S, LAST_NM, RAMP, SHIFTS, TIE_NM, WISHED, SLIP_FROM, REF, FAULTS, LAST_ODD_STROKE, LAST_EVEN_STROKE,
 STARTED, NO_TORQUE, CALM_S, END_NM, WE_ADAPTED, TE_HAT, TE_RATE, WO_HAT, WO_RATE, PATH, BASE_ODD_STROKE,
 BASE_EVEN_STROKE, START_PEDAL, RETURNING, HELD, START_RADPS, START_RATE, FREE_S, FELT_HAT, FELT_RATE) = range(67)  # fmt: skip
"""State."""
N_STATE: Final = 67

OPEN, LAUNCH, DRIVE, FILL, TORQUE, INERTIA, LOCK, ABORT, SWAP, UNLOAD, OUT, SPEED, IN, RELOAD = range(14)
"""Phases of the coordinator: clutches open; pulling away, creeping or catching up; locked; then the dual clutch's: on-coming
clutch to its kiss point; hand-over; engine to the new speed; locking; both clutches out after a failure; change of gear on one
shaft, interrupted; then those of one clutch: torque out; gear out; shaft and engine to the new speed; gear in; torque back."""

(STEP_S, JE_KGM2, RADIUS_M, IDLE_RADPS, EFFICIENCY, STROKE_NM, KISS_SPARE, LAUNCH_LOW, LAUNCH_HIGH, LAUNCH_MOST,
 LAUNCH_OVER, LAUNCH_GAIN, LAUNCH_RATE, HILL_FASTER, FELT_RATIO, CREEP_NM, STALL_RADPS, STALL_GAIN, START_MPS2,
 LAUNCH_SPARE, HELD_UNTIL, START_RATIO, HELD_NMPS, HELD_SHARE, EASE_LEAST, LAUNCH_EASE_S, LAUNCH_BACK, BLEND_RADPS,
 HELD_MPS, BACK_MPS, BACK_MASS, LOCK_RATIO, LOCK_NM, FILL_S, FILL_SHARE, JERK_MPS3, HAND_LOW_S, HAND_HIGH_S, HAND_FULL,
 HAND_SURPLUS, HAND_SPARE_NM, HOLD_OVER, HOLD_OVER_NM, HOLD_SHARE, INERTIA_LOW_S, INERTIA_HIGH_S, TRACK_GAIN, CLUTCH_GAIN,
 AHEAD_S, FLOOR, CEILING, CEILING_NM, PATH_LEAST, COAST_LEAST, PASSED, MIN_HOLD_NM, LEAD_UP_S, LEAD_DOWN_S, LOCK_SLIP,
 LOCK_S, SHIFT_MOST_S, STEADY_NM, BEYOND_RADPS2, COAST_LONGER, ABORT_PEDAL, ABORT_SHARE, UNLOAD_LOW_S, UNLOAD_S, UNLOAD_NM,
 RELOAD_JERK_MPS3, OUT_MOST_S, SPEED_GAIN, SPEED_LEAD_S, SYNC_RADPS, CLOSED_SYNC, CATCH_RADPS, SWAP_RADPS2, STROKE_TAU_S,
 COLD_K, COLD_TAU_PK, LEAD_MOST, CLOSE_NMPS, RELEASE_NMPS, ABORT_NMPS, FILL_NMPS, UP_LOW, UP_HIGH, DOWN_LOW, DOWN_HIGH,
 POWER_SHIFT, HILL_SHIFT, SIDE_SHARE, HILL_GRADE, BRAKE_DOWN, OVERSPEED, OPEN_OVER, DOWN_OVER, UP_IDLE, ASKED_IDLE,
 URGENT_IDLE, MIN_BETWEEN_S, MIN_REVERSE_S, RESERVE_MPS2, PRESELECT_RADPS, LOW_GEAR_MPS2, STANDING_MPS, ROLLING_MPS,
 PEDAL_LEAST, BRAKE_LEAST, CREEP_IDLE, CAUGHT_IDLE, BRAKED_IDLE, LAUNCH_IDLE, CAUGHT_RADPS, ROLLING, AIR_KGPM, FULL_NM,
 DRAG_NM, FIRST_MASS_KG, MASS_LOW_KG, MASS_HIGH_KG, FREE_LEAST_S, MASS_DOUBT, MASS_FAST_S, SPEED_TAU_S, ACCEL_TAU_S,
 FELT_TAU_S, SLOPE_TAU_S, GRADE_MOST, MASS_TAU_S, RATE_TAU_S, TORQUE_ALPHA, TORQUE_BETA, OUTPUT_TAU_S, CALM_LEAST_S,
 MASS_NM_LEAST, MASS_FELT_MPS2, DEFAULT_KISS, KISS_LOW, KISS_HIGH, ADAPT_GAIN, ADAPT_MOST, ADAPT_FROM, ADAPT_LEAST, WARM_K,
 HOT_K, HOTTER_K, OPEN_K, HOT_HYST_K, HOT_SHARE, FORK_MOST_S, STRAY_MOST_S, STRAY_RATIO, LOW_V, TIE_RATIO, TIE_NM_MOST,
 SHAFTS, GEARS) = range(158)  # fmt: skip
"""Calibration scalars; names, meanings and ranges stand in ``signals.csv``, values with their sources in the TOML files."""
RATIO0: Final = 158
"""Total ratio of gear g stands at RATIO0 + g; then full load: speeds, torques."""
N_RATIO: Final = 13
SPEED0: Final = RATIO0 + N_RATIO
N_CURVE: Final = 12
FULL0: Final = SPEED0 + N_CURVE
N_CALIBRATION: Final = FULL0 + N_CURVE
