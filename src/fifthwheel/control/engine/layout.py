"""Where things stand in the arrays of the engine control unit; names and order as in `signals.toml` and `calibration.toml`."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

(PEDAL_RATIO, PEDAL_2_RATIO, BRAKE_STATE, GEAR_COUNT, VEHICLE_MPS, CRANK_RADPS, CAM_RADPS, INTAKE_PA,
 BOOST_PA, INTAKE_K, AMBIENT_PA, COOLANT_K, EXHAUST_K, LAMBDA_RATIO, AUXILIARY_NM, KEY_STATE,
 CRUISE_MPS, LIMIT_MPS, GOVERNOR_STATE, GEAR_LIMIT_NM, TRANSMISSION_STATE, TRANSMISSION_RADPS,
 TRANSMISSION_NM, TRANSMISSION_COUNT, BRAKES_STATE, BRAKES_RADPS, BRAKES_NM, BRAKES_COUNT,
 PREDICTIVE_STATE, PREDICTIVE_RADPS, PREDICTIVE_NM, PREDICTIVE_COUNT, ENGINE_BRAKE_RATIO, SCR_STATE,
 STOP_ALLOWED_STATE, BATTERY_SOC_RATIO, BRAKE_AIR_PA) = range(37)  # fmt: skip
"""Inputs. Three units ask by TSC1, each with mode, speed, torque and priority (0 highest)."""
N_INPUT: Final = 37
ASKING: Final = (TRANSMISSION_STATE, BRAKES_STATE, PREDICTIVE_STATE)
BY_SPEED, BY_TORQUE, TO_LIMIT = 1, 2, 3
"""Override control modes of TSC1 (J1939-71, SPN 695)."""
LOWEST_PRIORITY: Final = 3

(FUEL_KG, THROTTLE_RATIO, SPARK_RATIO, BRAKE_STAGE_COUNT, STARTER_STATE, RUN_STATE, TORQUE_NM,
 DEMAND_NM, ROOF_NM, LIMITER_STATE, COMMANDER_STATE, FRICTION_NM, FAULT_BITS, DERATE_RATIO,
 STOPS_COUNT, STARTS_COUNT, IDLE_TARGET_RADPS) = range(17)  # fmt: skip
"""Outputs."""
N_OUTPUT: Final = 17

STOPPED, CRANKING, RUNNING, RESTING = range(4)
"""Run states; resting: stopped by start-stop, ready to restart."""

(BY_DRIVER, BY_IDLE, BY_CRUISE, BY_ALL_SPEED, BY_TRANSMISSION, BY_BRAKES, BY_PREDICTIVE, BY_START) = range(8)
"""Who commands."""

(L_NONE, L_FULL_LOAD, L_ALTITUDE, L_COOLANT, L_EXHAUST, L_SCR, L_FAULT, L_SMOKE, L_GEAR, L_MAX_SPEED,
 L_ROAD_SPEED, L_REQUEST) = range(12)  # fmt: skip
"""Which limit binds."""

(F_CRANK, F_CAM, F_INTAKE_PA, F_INTAKE_K, F_AMBIENT, F_COOLANT, F_EXHAUST, F_PEDAL, F_LAMBDA) = range(9)
"""Sensors under diagnosis: bit of `FAULT_BITS`, and place of their timers."""
N_FAULT: Final = 9

(RUN, TIMER_S, IDLE_SUM_NM, ALL_SPEED_SUM_NM, REQUEST_SUM_NM, ROAD_NM, ROAD_ERROR_MPS, CRUISE_NM,
 CRUISE_ERROR_MPS, DRIVER_NM, W, RATE, V, ACCEL, COOLANT, INTAKE, CHARGE_K, AMBIENT, EXHAUST, PEDAL,
 FAULTS, TRIM, STOPS, STARTS, STILL_S, CRANKED_S, LOCKED_S, STAGE, COMMAND_NM, COMMANDER, LAST_NM,
 LIMITER, DERATE, SEEN, RAW_RATE, THROTTLE, FAULT0) = range(37)  # fmt: skip
"""State: run state and its time; integrals of the speed governors; torques and errors of the road-speed governors; filtered
driver torque; engine speed and its rate, road speed and acceleration; sensor values in use; faults; trim of the air ratio;
counts; times standing, cranking, locked out; brake stage; torque commanded, by whom, in the step before, what limits it and
how much; whether a step has been made; rate of speed of this step, unfiltered; throttle of the
step before; then a timer for every sensor under diagnosis."""
N_STATE: Final = FAULT0 + N_FAULT

(STEP_S, SPARK_STATE, STOICHIOMETRIC_RATIO, LAMBDA_LEAST_RATIO, SMOKE_RESERVE_RATIO,
 VOLUMETRIC_RATIO, COLD_DRAG_RATIO, WARM_K, IDLE_BANDWIDTH_RADPS, IDLE_INTEGRAL_RADPS,
 IDLE_LEAD_RATIO, IDLE_COLD_RADPS, IDLE_COLD_K, DRIVER_RISE_S, DRIVER_FALL_S, DROOP_RATIO,
 MAX_SPEED_BANDWIDTH_RADPS, ROAD_MOST_MPS, ROAD_BAND_MPS, ROAD_GAIN_RATIO, ROAD_TIME_S, ROAD_LEAD_S,
 COOLANT_HOT_K, COOLANT_SPAN_K, COOLANT_LEAST_RATIO, EXHAUST_HOT_K, EXHAUST_SPAN_K,
 EXHAUST_LEAST_RATIO, SCR_LOW_RATIO, SCR_CREEP_MPS, FAULT_SHARE_RATIO, FAULT_S, SPEED_APART_RADPS,
 SUBSTITUTE_COOLANT_K, SUBSTITUTE_INTAKE_K, SUBSTITUTE_AMBIENT_PA, START_RATIO, FIRE_RADPS,
 RUN_RADPS, STALL_RADPS, CRANK_MOST_S, CRANK_REST_S, STOP_AFTER_S, STOP_MOST_S, STOP_COLD_K,
 STOP_HOT_K, STOP_SOC_RATIO, STOP_AIR_PA, STOP_AUXILIARY_NM, RESTART_SOC_RATIO, RESTART_AIR_PA,
 BRAKE_LEAST_RADPS, BRAKE_STAGES_COUNT, TRIM_GAIN_RATIO, TRIM_MOST_RATIO, SPARK_LEAST_RATIO,
 RESERVE_RATIO) = range(57)  # fmt: skip
"""Calibration: scalars of `calibration.toml`."""
(IDLE_RADPS, HIGH_RADPS, INERTIA_KGM2, SWEPT_M3, HEATING_JPKG, EFFICIENCY_RATIO, BEST_RADPS,
 FALL_RATIO, DERATE_ALTITUDE_M, DERATE_PER_METRE_RATIO) = range(57, 67)  # fmt: skip
"""Calibration: what the unit knows of its engine."""
N_PEDAL: Final = 6
N_MAP_SPEED: Final = 4
DRIVER0: Final = 67
"""Driver's map: share of the torque there is, pedal by pedal (0 to 1), each over speed (idle to high)."""
N_CURVE: Final = 16
SPEED0: Final = DRIVER0 + N_PEDAL * N_MAP_SPEED
FULL0: Final = SPEED0 + N_CURVE
DRAG0: Final = FULL0 + N_CURVE
N_PARAMETER: Final = DRAG0 + N_CURVE
