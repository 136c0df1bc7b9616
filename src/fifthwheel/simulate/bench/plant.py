"""One millisecond of an engine on its bench: air, fuel, torque, turbocharger and heat, with an energy account that closes.

A mean-value engine (Guzzella and Onder, Introduction to Modeling and Control of Internal Combustion Engine Systems, 2): torque
by the engine's Willans line from the fuel that its air can burn; air by speed-density; the turbocharger as one store of energy,
filled by what the turbine takes of the exhaust's enthalpy and emptied by the compressor, so that boost lags. A step's works are
torque times its mean speed, so that kinetic energy changes by exactly what the account books.
"""

from __future__ import annotations

from fifthwheel.control.engine.layout import Floats
from fifthwheel.control.engine.quantity import curve_at
from fifthwheel.physics import charge, engine
from fifthwheel.physics.charge import (
    AIR_HEAT_JPKGK,
    CYCLE_RAD,
    EXHAUST_HEAT_JPKGK,
    air_charge_kg,
    charge_temperature_k,
    compression_jpkg,
    pressure_ratio,
)
from fifthwheel.physics.engine import gas_efficiency_ratio
from fifthwheel.simulate.bench import layout as m
from fifthwheel.simulate.compiled import laws, part

laws(
    curve_at,
    gas_efficiency_ratio, air_charge_kg, charge_temperature_k, compression_jpkg, pressure_ratio, charge.smoke_limit_kg,
    charge.altitude_of_m, engine.altitude_derating_ratio,
)  # fmt: skip

AUXILIARY_RADPS = 20.0
"""Below this speed auxiliaries take less torque in proportion."""
LAMBDA_MOST = 100.0
STANDARD_PA = 101325.0


@part
def breathe(x: Floats, u: Floats, p: Floats, h: float) -> None:
    """Pressures, temperature and air of a cycle for the compressor's work now; a manifold behind a throttle fills with a lag."""
    ambient, ambient_k = u[m.P_AMBIENT_PA], u[m.P_AMBIENT_K]
    x[m.BOOST_PA] = ambient * pressure_ratio(x[m.HEAD_JPKG], ambient_k)
    x[m.CHARGE_K] = charge_temperature_k(x[m.HEAD_JPKG], ambient_k, p[m.COMPRESSOR_RATIO], p[m.COOLER_RATIO])
    aim = u[m.P_THROTTLE_RATIO] * x[m.BOOST_PA]
    if p[m.MANIFOLD_RATIO] > 0.0:
        lag = p[m.MANIFOLD_RATIO] / p[m.VOLUMETRIC_RATIO] * CYCLE_RAD / max(x[m.W], 10.0)
        x[m.INTAKE_PA] += h / (h + lag) * (aim - x[m.INTAKE_PA])
    else:
        x[m.INTAKE_PA] = aim
    x[m.AIR_KG] = air_charge_kg(x[m.INTAKE_PA], x[m.CHARGE_K], p[m.SWEPT_M3] * p[m.VOLUMETRIC_RATIO])


@part
def burn(x: Floats, u: Floats, p: Floats, h: float) -> float:
    """Injected fuel (it rises with a lag and falls at once), gas and friction torque; the fuel of a cycle that burns."""
    aim = u[m.P_FUEL_KG]
    rising = aim > x[m.INJECTED_KG]
    x[m.INJECTED_KG] += (h / (h + p[m.INJECTION_S]) if rising else 1.0) * (aim - x[m.INJECTED_KG])
    burnt = min(x[m.INJECTED_KG], x[m.AIR_KG] / p[m.STOICHIOMETRIC_RATIO])
    efficiency = gas_efficiency_ratio(x[m.W], (p[m.EFFICIENCY_RATIO], p[m.BEST_RADPS], p[m.FALL_RATIO]))
    x[m.GAS_NM] = burnt * p[m.HEATING_JPKG] * efficiency * u[m.P_SPARK_RATIO] / CYCLE_RAD
    cold = 1.0 + p[m.COLD_DRAG_RATIO] * max(p[m.WARM_K] - x[m.COOLANT_K], 0.0)
    x[m.FRICTION_NM] = curve_at(p, m.DRAG0, x[m.W], m.SPEED0) * cold
    x[m.BRAKE_SHARE] += h / (h + p[m.BRAKE_LAG_S]) * (u[m.P_BRAKE_RATIO] - x[m.BRAKE_SHARE])
    x[m.BRAKE_NM] = curve_at(p, m.BRAKE0, x[m.W], m.SPEED0) * x[m.BRAKE_SHARE]
    return float(burnt)


@part
def turn(x: Floats, u: Floats, p: Floats, h: float) -> float:
    """Speed after the step and the works of shaft, starter and auxiliaries; returns the angle turned. No turning backwards."""
    before, inertia = x[m.W], p[m.INERTIA_KGM2] + u[m.P_LOAD_KGM2]
    starter = u[m.P_STARTER_STATE] * p[m.STARTER_NM] * max(1.0 - before / p[m.STARTER_RADPS], 0.0)
    auxiliary = u[m.P_AUXILIARY_NM] * min(before / AUXILIARY_RADPS, 1.0)
    x[m.CRANK_NM] = x[m.GAS_NM] - x[m.FRICTION_NM] - x[m.BRAKE_NM]
    after = before + h * (x[m.CRANK_NM] + starter - auxiliary - u[m.P_LOAD_NM]) / inertia
    load = u[m.P_LOAD_NM]
    after = max(after, 0.0)
    angle = 0.5 * h * (before + after)
    if after <= 0.0:
        left = x[m.GAS_NM] + starter - auxiliary - load - x[m.BRAKE_NM]
        x[m.FRICTION_NM] = left + 0.5 * inertia * before * before / angle if angle > 0.0 else x[m.FRICTION_NM]
        x[m.CRANK_NM] = x[m.GAS_NM] - x[m.FRICTION_NM] - x[m.BRAKE_NM]
    x[m.W] = after
    x[m.FLANGE_NM] = load + u[m.P_LOAD_KGM2] * (after - before) / h
    x[m.STARTER_J] += starter * angle
    x[m.AUXILIARY_J] += auxiliary * angle
    x[m.LOAD_J] += load * angle
    return float(angle)


@part
def spool(x: Floats, u: Floats, p: Floats, exhaust_j: float, cycles: float, h: float) -> float:  # noqa: PLR0917
    """Turbocharger over `cycles` engine cycles of `exhaust_j` of enthalpy each; the turbine's work, J.

    The turbine takes a share of the enthalpy that grows with the corrected flow, up to its most at that of full load.
    """
    compressor_j = x[m.AIR_KG] * cycles * x[m.HEAD_JPKG] / p[m.COMPRESSOR_RATIO]
    full_pa = curve_at(p, m.BOOST0, x[m.W], m.SPEED0)
    ratio = max(full_pa / u[m.P_AMBIENT_PA], 1.0)
    aim = min(compression_jpkg(ratio, u[m.P_AMBIENT_K]), p[m.HEAD_MOST_JPKG])
    wanted = compressor_j + p[m.TURBO_KG] * (aim - x[m.HEAD_JPKG]) * h / p[m.WASTEGATE_S]
    flow = min(x[m.INTAKE_PA] / u[m.P_AMBIENT_PA] * STANDARD_PA / full_pa, 1.0)
    turbine_j = min(max(wanted, 0.0), p[m.EXTRACTION_RATIO] * flow * max(exhaust_j, 0.0) * cycles)
    x[m.HEAD_JPKG] += (turbine_j - compressor_j) / p[m.TURBO_KG]
    x[m.COOLER_J] += p[m.COOLER_RATIO] * compressor_j
    return float(turbine_j)


@part
def warm(x: Floats, u: Floats, p: Floats, heat_j: float, h: float) -> None:
    """Coolant with thermostat and radiator."""
    opening = min(max((x[m.COOLANT_K] - p[m.THERMOSTAT_K]) / p[m.THERMOSTAT_SPAN_K], 0.0), 1.0)
    away = opening * p[m.RADIATOR_WPK] * (x[m.COOLANT_K] - u[m.P_AMBIENT_K]) * h
    x[m.RADIATOR_J] += away
    x[m.COOLANT_K] += (heat_j - away) / p[m.HEAT_CAPACITY_JPK]


@part
def advance(x: Floats, u: Floats, p: Floats, h: float) -> None:
    """Let `h` seconds pass: state `x` (N_STATE,), inputs `u` (N_INPUT,), parameters `p` (N_PARAMETER,)."""
    breathe(x, u, p, h)
    burnt = burn(x, u, p, h)
    angle = turn(x, u, p, h)
    cycles = angle / CYCLE_RAD
    burnt_j, unburnt_j = burnt * p[m.HEATING_JPKG], (x[m.INJECTED_KG] - burnt) * p[m.HEATING_JPKG]
    wall_j = p[m.WALL_RATIO] * burnt_j
    intake_j = x[m.AIR_KG] * AIR_HEAT_JPKGK * (x[m.CHARGE_K] - u[m.P_AMBIENT_K])
    exhaust_j = burnt_j - x[m.GAS_NM] * CYCLE_RAD - wall_j + intake_j
    through = (x[m.AIR_KG] + x[m.INJECTED_KG]) * EXHAUST_HEAT_JPKGK
    x[m.EXHAUST_K] = u[m.P_AMBIENT_K] + exhaust_j / max(through, 1e-9)
    turbine_j = spool(x, u, p, exhaust_j, cycles, h)
    warm(x, u, p, wall_j * cycles + x[m.FRICTION_NM] * angle, h)
    x[m.EXHAUST_J] += exhaust_j * cycles - turbine_j + x[m.BRAKE_NM] * angle
    x[m.UNBURNT_J] += unburnt_j * cycles
    x[m.FUEL_KG] += x[m.INJECTED_KG] * cycles
    x[m.FUEL_J] += x[m.INJECTED_KG] * p[m.HEATING_JPKG] * cycles
    x[m.TIME_S] += h


@part
def air_ratio(x: Floats, p: Floats) -> float:
    """Air ratio of the cycle; `LAMBDA_MOST` without fuel."""
    if x[m.INJECTED_KG] * p[m.STOICHIOMETRIC_RATIO] * LAMBDA_MOST <= x[m.AIR_KG]:
        return LAMBDA_MOST
    return float(x[m.AIR_KG] / (p[m.STOICHIOMETRIC_RATIO] * x[m.INJECTED_KG]))
