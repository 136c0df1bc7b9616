"""Where things stand in the arrays of the engine on its bench; names and order are those of `plant.toml`."""

from __future__ import annotations

from typing import Final

from fifthwheel.control.engine import layout as n

(W, HEAD_JPKG, INJECTED_KG, INTAKE_PA, COOLANT_K, BRAKE_SHARE, AIR_KG, BOOST_PA, CHARGE_K, EXHAUST_K,
 GAS_NM, FRICTION_NM, BRAKE_NM, CRANK_NM, FLANGE_NM, FUEL_KG, FUEL_J, LOAD_J, AUXILIARY_J,
 RADIATOR_J, COOLER_J, EXHAUST_J, UNBURNT_J, STARTER_J, TIME_S) = range(25)  # fmt: skip
"""State: engine speed; compressor's work on a kilogram of air (all of the turbocharger's energy over its equivalent mass); fuel
of a cycle as injected; manifold pressure; coolant; share of the decompression brake; then what the last step found: air of a
cycle, pressure before the throttle, charge and exhaust temperature, torques of gas, friction, brake, crankshaft and at the
flange to the dynamometer; fuel and energies since the start."""
N_STATE: Final = 25

(P_FUEL_KG, P_THROTTLE_RATIO, P_SPARK_RATIO, P_BRAKE_RATIO, P_STARTER_STATE, P_LOAD_NM,
 P_AUXILIARY_NM, P_LOAD_KGM2, P_AMBIENT_PA, P_AMBIENT_K) = range(10)  # fmt: skip
"""Inputs of the plant."""
N_INPUT: Final = 10

(SPARK_STATE, STOICHIOMETRIC_RATIO, VOLUMETRIC_RATIO, COLD_DRAG_RATIO, WARM_K, INJECTION_S,
 MANIFOLD_RATIO, WALL_RATIO, COMPRESSOR_RATIO, COOLER_RATIO, EXTRACTION_RATIO, TURBO_KGPM3,
 WASTEGATE_S, HEAD_RATIO, FULL_LAMBDA_RATIO, HEAT_CAPACITY_JPM3K, THERMOSTAT_K, THERMOSTAT_SPAN_K,
 RADIATOR_RATIO, STARTER_RATIO, STARTER_RADPS, BRAKE_LAG_S, DYNO_BANDWIDTH_RADPS,
 DYNO_INTEGRAL_RADPS, OPERATOR_GAIN_RATIO, OPERATOR_TIME_S, COLD_AIR_K, DYNO_LAG_S) = range(28)  # fmt: skip
"""Parameters: scalars of `plant.toml`."""
(INERTIA_KGM2, SWEPT_M3, HEATING_JPKG, EFFICIENCY_RATIO, BEST_RADPS, FALL_RATIO, TURBO_KG,
 HEAD_MOST_JPKG, HEAT_CAPACITY_JPK, RADIATOR_WPK, STARTER_NM) = range(28, 39)  # fmt: skip
"""Parameters that follow from the engine."""
N_CURVE: Final = n.N_CURVE
SPEED0: Final = 39
DRAG0: Final = SPEED0 + N_CURVE
BRAKE0: Final = DRAG0 + N_CURVE
BOOST0: Final = BRAKE0 + N_CURVE
"""Drag, brake torque and boost pressure over speed."""
N_PARAMETER: Final = BOOST0 + N_CURVE

(E_SPEED_RADPS, E_TORQUE_NM, E_LOAD_NM, E_AUXILIARY_NM, E_LOAD_KGM2, E_MPS_PER_RADPS, E_ROLL_NM,
 E_AIR_NMS2, E_AMBIENT_PA, E_AMBIENT_K, E_RADIATOR_RATIO) = range(n.N_INPUT, n.N_INPUT + 11)  # fmt: skip
"""A row of a plan, one each period: all inputs of the unit (NaN where the bench's own sensor is read), then what the bench does:
speed held by the dynamometer (NaN: none), torque the operator's pedal follows (NaN: pedal as given), load, auxiliaries, inertia
behind the flange, road speed over engine speed, constant and squared (over engine speed) resistance, air, share of radiator."""
N_PLAN: Final = n.N_INPUT + 11

(O_TIME_S, O_W, O_FLANGE_NM, O_CRANK_NM, O_FRICTION_NM, O_FUEL_KG, O_AIR_KG, O_INTAKE_PA, O_BOOST_PA,
 O_CHARGE_K, O_EXHAUST_K, O_COOLANT_K, O_BURNT_KG, O_PEDAL, O_LOAD_NM, O_VEHICLE_MPS, O_UNIT) = range(17)  # fmt: skip
"""A sample row, one each period; the unit's outputs follow from `O_UNIT` on."""
N_SAMPLE: Final = O_UNIT + n.N_OUTPUT
COLUMNS: Final = (
    "time_s", "engine_radps", "flange_nm", "crank_nm", "bench_friction_nm", "injected_kg", "air_kg", "intake_pa", "boost_pa",
    "charge_k", "exhaust_k", "coolant_k", "burnt_kg", "pedal_ratio", "load_nm", "vehicle_mps",
)  # fmt: skip
"""Names of the samples before the unit's outputs."""

OPERATOR_NM, DYNO_NM, BRAKED_NM = range(3)
N_WORK: Final = 3
"""Integrals of operator and dynamometer, and the dynamometer's torque; at `N_WORK` stands the number of milliseconds a period."""
