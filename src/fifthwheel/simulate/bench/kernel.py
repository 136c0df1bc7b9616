"""Engine, control unit, dynamometer and operator together, compiled: the unit's own step every period, the plant every ms."""

from __future__ import annotations

import math

from fifthwheel.control.engine import arbitrate, governors, limits, quantity, sense, starting
from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.layout import Floats
from fifthwheel.control.engine.step import command_nm, step
from fifthwheel.simulate.bench import layout as m
from fifthwheel.simulate.bench.plant import advance, air_ratio
from fifthwheel.simulate.compiled import compiled, laws, part

PLANT_S = 1e-3
BISECTIONS = 24

laws(
    sense.suspect, sense.has, sense.outside, sense._read_speed, sense._read_pedal, sense.read_sensors,
    quantity.friction_nm, quantity.torque_per_fuel, quantity.most_fuel_kg, quantity._peak_nm, quantity._trim_air_ratio,
    quantity.inject, governors.map_share, governors.driver_nm, governors.regulate, governors.idle_target_radps,
    governors.idle_nm, governors.all_speed_nm, governors.max_speed_nm, governors.road_nm, arbitrate.own_demand_nm,
    arbitrate._limited, arbitrate.arbitrate, limits.ramp_share, limits.full_load_nm, limits.derate, limits._road_nm,
    limits.roof_nm, starting.go_to, starting._crank, starting._catch, starting._unasked, starting.may_stop,
    starting.must_restart, starting.advance_run, starting.brake_stage, command_nm, step,
)  # fmt: skip


@part
def reading(plan: Floats, i: int, place: int, bench: float) -> float:
    """What a sensor reads: the bench's value, or what the plan puts in its place."""
    return bench if math.isnan(plan[i, place]) else float(plan[i, place])


@part
def read(x: Floats, p: Floats, plan: Floats, i: int, u: Floats) -> None:
    """Inputs of the unit: the plan's row, with the bench's sensors where the row leaves them open."""
    for k in range(n.N_INPUT):
        u[k] = plan[i, k]
    u[n.CRANK_RADPS] = reading(plan, i, n.CRANK_RADPS, x[m.W])
    u[n.CAM_RADPS] = reading(plan, i, n.CAM_RADPS, x[m.W])
    u[n.INTAKE_PA] = reading(plan, i, n.INTAKE_PA, x[m.INTAKE_PA])
    u[n.BOOST_PA] = reading(plan, i, n.BOOST_PA, x[m.BOOST_PA])
    u[n.INTAKE_K] = reading(plan, i, n.INTAKE_K, x[m.CHARGE_K])
    u[n.AMBIENT_PA] = reading(plan, i, n.AMBIENT_PA, plan[i, m.E_AMBIENT_PA])
    u[n.COOLANT_K] = reading(plan, i, n.COOLANT_K, x[m.COOLANT_K])
    u[n.EXHAUST_K] = reading(plan, i, n.EXHAUST_K, x[m.EXHAUST_K])
    u[n.LAMBDA_RATIO] = reading(plan, i, n.LAMBDA_RATIO, air_ratio(x, p))
    u[n.VEHICLE_MPS] = reading(plan, i, n.VEHICLE_MPS, plan[i, m.E_MPS_PER_RADPS] * x[m.W])


@part
def pedal_for(c: Floats, torque: float, w: float, coolant: float) -> float:
    """Pedal that asks for a crankshaft torque at a speed, by the driver's map backwards."""
    friction = quantity.friction_nm(c, w, coolant)
    share = (torque + friction) / max(quantity.curve_at(c, n.FULL0, w) + friction, 1.0)
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        if governors.map_share(c, middle, w) < share:
            low = middle
        else:
            high = middle
    return high if share > 0.0 else 0.0


@part
def operate(x: Floats, p: Floats, c: Floats, plan: Floats, i: int, u: Floats, work: Floats) -> None:  # noqa: PLR0917
    """The operator's pedal follows the torque of the plan: the map backwards, plus PI on the torque at the flange."""
    if math.isnan(plan[i, m.E_TORQUE_NM]):
        return
    last = min(i + 1, plan.shape[0] - 1)
    rate = (plan[last, m.E_SPEED_RADPS] - plan[i, m.E_SPEED_RADPS]) / c[n.STEP_S]
    aim = plan[i, m.E_TORQUE_NM]
    error = aim - x[m.FLANGE_NM]
    wanted = aim + c[n.INERTIA_KGM2] * (0.0 if math.isnan(rate) else rate)
    friction = quantity.friction_nm(c, x[m.W], x[m.COOLANT_K])
    full = quantity.curve_at(c, n.FULL0, x[m.W])
    asked = wanted + work[m.OPERATOR_NM] + p[m.OPERATOR_GAIN_RATIO] * error
    if -friction < asked < full:
        work[m.OPERATOR_NM] += c[n.STEP_S] / p[m.OPERATOR_TIME_S] * p[m.OPERATOR_GAIN_RATIO] * error
    else:
        work[m.OPERATOR_NM] *= 1.0 - c[n.STEP_S] / p[m.OPERATOR_TIME_S]
    pedal = pedal_for(c, asked, x[m.W], x[m.COOLANT_K])
    u[n.PEDAL_RATIO], u[n.PEDAL_2_RATIO] = pedal, 0.5 * pedal


@part
def load(x: Floats, p: Floats, plan: Floats, i: int, j: int, work: Floats) -> float:  # noqa: PLR0917
    """Load at the flange in millisecond `j` of period `i`: the dynamometer's speed control, or the plan's load and road."""
    if math.isnan(plan[i, m.E_SPEED_RADPS]):
        way = plan[i, m.E_ROLL_NM] if x[m.W] > 0.0 else 0.0
        return float(plan[i, m.E_LOAD_NM] + way + plan[i, m.E_AIR_NMS2] * x[m.W] * x[m.W])
    last = min(i + 1, plan.shape[0] - 1)
    period = work[m.N_WORK]
    step = 0.0 if math.isnan(plan[last, m.E_SPEED_RADPS]) else plan[last, m.E_SPEED_RADPS] - plan[i, m.E_SPEED_RADPS]
    aim = plan[i, m.E_SPEED_RADPS] + step * j / period
    inertia = p[m.INERTIA_KGM2] + plan[i, m.E_LOAD_KGM2]
    error = x[m.W] - aim
    work[m.DYNO_NM] += PLANT_S * p[m.DYNO_INTEGRAL_RADPS] * p[m.DYNO_BANDWIDTH_RADPS] * inertia * error
    ahead = x[m.CRANK_NM] - plan[i, m.E_AUXILIARY_NM] - inertia * step / (period * PLANT_S)
    wanted = ahead + p[m.DYNO_BANDWIDTH_RADPS] * inertia * error + work[m.DYNO_NM]
    work[m.BRAKED_NM] += PLANT_S / (PLANT_S + p[m.DYNO_LAG_S]) * (wanted - work[m.BRAKED_NM])
    return float(work[m.BRAKED_NM])


@part
def act(c: Floats, plan: Floats, i: int, y: Floats, a: Floats) -> None:
    """Inputs of the plant from the unit's outputs and the plan."""
    a[m.P_FUEL_KG], a[m.P_THROTTLE_RATIO], a[m.P_SPARK_RATIO] = y[n.FUEL_KG], y[n.THROTTLE_RATIO], y[n.SPARK_RATIO]
    a[m.P_BRAKE_RATIO], a[m.P_STARTER_STATE] = y[n.BRAKE_STAGE_COUNT] / c[n.BRAKE_STAGES_COUNT], y[n.STARTER_STATE]
    a[m.P_AUXILIARY_NM], a[m.P_LOAD_KGM2] = plan[i, m.E_AUXILIARY_NM], plan[i, m.E_LOAD_KGM2]
    a[m.P_AMBIENT_PA], a[m.P_AMBIENT_K] = plan[i, m.E_AMBIENT_PA], plan[i, m.E_AMBIENT_K]


@part
def sample(x: Floats, u: Floats, y: Floats, a: Floats, out: Floats, i: int) -> None:  # noqa: PLR0917
    """Write row `i` of the samples."""
    out[i, m.O_TIME_S], out[i, m.O_W], out[i, m.O_FLANGE_NM], out[i, m.O_CRANK_NM] = (
        x[m.TIME_S],
        x[m.W],
        x[m.FLANGE_NM],
        x[m.CRANK_NM],
    )
    out[i, m.O_FRICTION_NM], out[i, m.O_FUEL_KG], out[i, m.O_AIR_KG] = x[m.FRICTION_NM], x[m.INJECTED_KG], x[m.AIR_KG]
    out[i, m.O_INTAKE_PA], out[i, m.O_BOOST_PA], out[i, m.O_CHARGE_K] = x[m.INTAKE_PA], x[m.BOOST_PA], x[m.CHARGE_K]
    out[i, m.O_EXHAUST_K], out[i, m.O_COOLANT_K], out[i, m.O_BURNT_KG] = x[m.EXHAUST_K], x[m.COOLANT_K], x[m.FUEL_KG]
    out[i, m.O_PEDAL], out[i, m.O_LOAD_NM], out[i, m.O_VEHICLE_MPS] = u[n.PEDAL_RATIO], a[m.P_LOAD_NM], u[n.VEHICLE_MPS]
    for k in range(n.N_OUTPUT):
        out[i, m.O_UNIT + k] = y[k]


@part
def watch(x: Floats, c: Floats, p: Floats, worst: Floats) -> None:
    """Largest excess of injected fuel over the clean limit of the plant's own air (share), and of torque over full load, Nm."""
    if x[m.INJECTED_KG] > 0.0:
        bound = x[m.AIR_KG] / (p[m.STOICHIOMETRIC_RATIO] * c[n.LAMBDA_LEAST_RATIO])
        worst[0] = max(worst[0], x[m.INJECTED_KG] / bound - 1.0)
        worst[1] = max(worst[1], x[m.CRANK_NM] - quantity.curve_at(c, n.FULL0, x[m.W]))


@compiled
def together(x: Floats, p: Floats, a: Floats, s: Floats, u: Floats, c: Floats, y: Floats, work: Floats, plan: Floats, out: Floats,  # noqa: PLR0917
             worst: Floats) -> None:  # fmt: skip
    """Run `plan`, a row a period: plant `x`, `p`, inputs `a`; unit `s`, `u`, `c`, `y`; integrals `work`; `out`; `worst`."""
    radiator = p[m.RADIATOR_WPK]
    for i in range(plan.shape[0]):
        read(x, p, plan, i, u)
        operate(x, p, c, plan, i, u, work)
        step(s, u, c, y)
        act(c, plan, i, y, a)
        p[m.RADIATOR_WPK] = radiator * plan[i, m.E_RADIATOR_RATIO]
        for j in range(int(work[m.N_WORK])):
            a[m.P_LOAD_NM] = load(x, p, plan, i, j, work)
            advance(x, a, p, PLANT_S)
            watch(x, c, p, worst)
        sample(x, u, y, a, out, i)
    p[m.RADIATOR_WPK] = radiator


@compiled
def alone(x: Floats, a: Floats, p: Floats, steps: int) -> None:
    """The plant alone for `steps` milliseconds of constant inputs."""
    for _ in range(steps):
        advance(x, a, p, PLANT_S)
