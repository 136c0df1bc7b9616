"""Plant and control unit together: the unit's own step function called every period inside the compiled loop of 1 ms."""

from __future__ import annotations

import math

from fifthwheel.control.gearbox import coordinator, dual, estimate, protect, schedule, single
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.step import act, broken, coordinate, shift_dual, shift_single, step
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.actuate import move_clutch, move_fork, run_engine
from fifthwheel.simulate.shift.layout import Floats
from fifthwheel.simulate.shift.plant import advance, capacity, mesh

GRAVITY_MPS2 = 9.81
STEP_S = 1e-3
PERIOD = 10
HOLD_SHARE = 0.6
BRAKE_TAU_S = 0.12
STALLED_RADPS = 30.0
NODE_M = 10.0
"""Spacing of a road's nodes (`road.profile.STEP_M`)."""
STOP_M = 8.0
CRAWL_MPS = 1.0
STANDING_MPS = 0.05
ROLLING_MPS = 0.5
STAND_SHARE, STOP_SHARE = 0.3, 0.06
"""Shares of the brakes that a driver keeps standing, and the least with which he comes to a stand."""
CLOSED_NM = 15.0
SAME_RADPS = 0.02
HOT_K = 600.0
"""What a faulty or overheated clutch reads."""

laws(
    estimate.shaft_of, estimate.full_load_nm, estimate.driver_nm, estimate._follow, estimate._believe,
    estimate.read_signals, estimate.estimate_road,
    schedule.usable, schedule.launch_gear, schedule.up_speed, schedule.down_speed, schedule._pulls, schedule.wished_gear,
    schedule.choose_target, schedule.preselected, protect.diagnose, protect.limit_clutches, protect.limit_forks,
    coordinator.enter, coordinator.smooth, coordinator.per_mps2_nm, coordinator.load_nm, coordinator.torque_roof_nm,
    coordinator.wanted_nm, coordinator.request, coordinator.open_clutches, coordinator._launch_nm, coordinator._launch_speed,
    coordinator._launch_clutch_nm, coordinator._launch_ramp_nm, coordinator.hold_on_hill, coordinator.launch, coordinator._other,
    coordinator.ramp_request, coordinator.drive, coordinator.abort,
    dual.changed_mind, dual.give_back, dual.cold, dual._spans, dual.torque_first, dual.fill, dual.hand_over, dual._profile,
    dual._pace, dual._yield_to_driver, dual._gather, dual._adapt, dual.change_speed, dual.arrive, dual.lock, dual.swap,
    single.unload, single.lead_engine, single.out_of_gear, single.to_speed, single.into_gear, single.reload_torque,
    broken, act, shift_dual, shift_single, coordinate, step,
)  # fmt: skip


@part
def sense(x: Floats, p: Floats, plan: Floats, i: int, u: Floats) -> None:
    """What the control unit sees of the plant at row `i` of the plan; a lost signal reads 0 and is marked."""
    f = m.P_FAULTS
    u[n.PEDAL], u[n.BRAKE], u[n.DRIVE_SELECTED] = plan[i, m.P_PEDAL], plan[i, m.P_BRAKE], plan[i, m.P_SELECT]
    u[n.POWER_MODE], u[n.ASKED_GEAR] = plan[i, m.P_POWER], plan[i, m.P_ASKED]
    u[n.ENGINE_OK], u[n.EEC1_OK] = 1 - plan[i, f + m.LOST_E], 1 - plan[i, f + m.NO_EEC1]
    u[n.ENGINE_RADPS] = x[m.WE] if u[n.ENGINE_OK] + u[n.EEC1_OK] > 0 else 0.0
    u[n.ENGINE_NM] = x[m.TE] * plan[i, m.P_TORQUE_FACTOR] * u[n.EEC1_OK]
    u[n.OUTPUT_OK], u[n.EBC1_OK] = 1 - plan[i, f + m.LOST_O], 1 - plan[i, f + m.NO_EBC1]
    u[n.OUTPUT_RADPS] = x[m.WO] * u[n.OUTPUT_OK]
    u[n.WHEEL_MPS] = x[m.WV] * p[m.RADIUS] * u[n.EBC1_OK]
    u[n.ACCEL_MPS2] = x[m.AV] + GRAVITY_MPS2 * p[m.GRADE] / math.sqrt(1 + p[m.GRADE] ** 2)
    u[n.SUPPLY_V] = 16.0 if plan[i, f + m.LOW_VOLT] > 0 else 27.0
    for k in range(2):
        u[n.ODD_OK + k] = 1 - plan[i, f + m.LOST_1 + k]
        u[n.ODD_RADPS + k] = x[m.W1 + k] * u[n.ODD_OK + k]
        u[n.ODD_STROKE_OK + k] = 1 - plan[i, f + m.LOST_S1 + k]
        u[n.ODD_STROKE + k] = x[m.STROKE1 + k] * u[n.ODD_STROKE_OK + k]
        moving = x[m.MOVE1 + k] > 0
        u[n.ODD_GEAR + k] = -1.0 if moving else x[m.GEAR1 + k]
        u[n.ODD_K + k] = HOT_K if plan[i, f + m.HOT1 + k] > 0 else x[m.K1 + k]


@part
def actuate(x: Floats, p: Floats, plan: Floats, i: int, y: Floats, caps: Floats) -> float:  # noqa: PLR0917
    """Let engine, clutches and forks follow the unit for 1 ms; fills the clutch capacities, returns the brake's share."""
    f = m.P_FAULTS
    requested = y[n.REQUESTED] * (1 - plan[i, f + m.NO_EEC1])
    run_engine(x, p, plan[i, m.P_PEDAL], y[n.REQUEST_NM], requested, STEP_S)
    for k in range(2):
        jammed = k == 0 and plan[i, f + m.FORCE_CLUTCH] > 0
        nominal = move_clutch(x, p, k, x[m.STROKE1] if jammed else y[n.STROKE_ODD + k], STEP_S)
        caps[k] = capacity(x, p, k, nominal)
        barred = plan[i, f + m.STUCK1 + k] > 0
        move_fork(x, p, k, int(x[m.GEAR1 + k]) if barred else int(y[n.FORK_ODD + k]), STEP_S)
    asked = max(plan[i, m.P_BRAKE], HOLD_SHARE * y[n.HILL_HOLD])
    x[m.BRAKE] += STEP_S / BRAKE_TAU_S * (asked - x[m.BRAKE])
    return float(x[m.BRAKE])


@part
def sample(x: Floats, p: Floats, s: Floats, y: Floats, out: Floats, j: int) -> None:  # noqa: PLR0917
    """Write row `j` of the samples."""
    out[j, m.O_TIME], out[j, m.O_WE], out[j, m.O_W1], out[j, m.O_W2] = x[m.TIME], x[m.WE], x[m.W1], x[m.W2]
    out[j, m.O_WO], out[j, m.O_WV], out[j, m.O_AV], out[j, m.O_TE] = x[m.WO], x[m.WV], x[m.AV], x[m.TE]
    out[j, m.O_T1], out[j, m.O_T2] = x[m.L1], x[m.L2]
    wheel = 0.0
    for k in range(2):
        gear = int(x[m.GEAR1 + k])
        if gear > 0:
            wheel += mesh(p, gear, x[m.L1 + k])
    out[j, m.O_WHEEL] = wheel
    out[j, m.O_PHASE], out[j, m.O_GEAR], out[j, m.O_TARGET] = s[n.PHASE], s[n.GEAR], s[n.TARGET]
    out[j, m.O_GEAR1], out[j, m.O_GEAR2] = x[m.GEAR1], x[m.GEAR2]
    out[j, m.O_CAP1], out[j, m.O_CAP2] = y[n.CAP_ODD], y[n.CAP_EVEN]
    out[j, m.O_K1], out[j, m.O_K2], out[j, m.O_HEAT] = x[m.K1], x[m.K2], x[m.CLUTCH1_J] + x[m.CLUTCH2_J]
    out[j, m.O_TIE] = s[n.REF]


@part
def _period(x: Floats, a: Floats, b: Floats, p: Floats, s: Floats, u: Floats, c: Floats, y: Floats, caps: Floats, plan: Floats,  # noqa: PLR0917
            i: int, out: Floats, rows: int) -> None:  # fmt: skip
    """One period: the unit's step, then its milliseconds of plant."""
    sense(x, p, plan, i, u)
    step(s, u, c, y)
    for j in range(PERIOD):
        brake = actuate(x, p, plan, i, y, caps)
        advance(x, a, b, p, caps, brake, STEP_S)
        if i * PERIOD + j < rows:
            sample(x, p, s, y, out, i * PERIOD + j)


@compiled
def together(x: Floats, a: Floats, b: Floats, p: Floats, s: Floats, u: Floats, c: Floats, y: Floats, caps: Floats, plan: Floats,  # noqa: PLR0917
             out: Floats) -> None:  # fmt: skip
    """Drive the plan (a row a period): plant `x`, `p`; unit `s`, `u`, `c`, `y`; scratch `a`, `b`, `caps`; `out` a row a ms."""
    for i in range(plan.shape[0]):
        _period(x, a, b, p, s, u, c, y, caps, plan, i, out, out.shape[0])


@compiled
def plant_alone(x: Floats, a: Floats, b: Floats, p: Floats, u: Floats, y: Floats, caps: Floats, plan: Floats) -> None:  # noqa: PLR0917
    """One period of the plant without its unit: unit's outputs `y` in, unit's inputs `u` out; one row of plan."""
    for _ in range(PERIOD):
        brake = actuate(x, p, plan, 0, y, caps)
        advance(x, a, b, p, caps, brake, STEP_S)
    sense(x, p, plan, 0, u)


@compiled
def seen_by_unit(x: Floats, p: Floats, plan: Floats, u: Floats) -> None:
    """What the unit sees of a plant that has not moved yet."""
    sense(x, p, plan, 0, u)


@compiled
def open_loop(x: Floats, a: Floats, b: Floats, p: Floats, caps: Floats, forced: Floats, out: Floats) -> None:  # noqa: PLR0917
    """The plant alone: `forced` (n, 4) engine torque, capacities of both clutches, brake, a row a ms; gears stay as they are."""
    for i in range(forced.shape[0]):
        x[m.TE], caps[0], caps[1] = forced[i, 0], forced[i, 1], forced[i, 2]
        advance(x, a, b, p, caps, forced[i, 3], STEP_S)
        out[i, m.O_TIME], out[i, m.O_WE], out[i, m.O_AV], out[i, m.O_WV] = x[m.TIME], x[m.WE], x[m.AV], x[m.WV]
        out[i, m.O_W1], out[i, m.O_W2], out[i, m.O_T1], out[i, m.O_T2] = x[m.W1], x[m.W2], x[m.L1], x[m.L2]
        out[i, m.O_WO], out[i, m.O_HEAT] = x[m.WO], x[m.CLUTCH1_J] + x[m.CLUTCH2_J]


@part
def foot(v: float, wanted: float, how: Floats, plan: Floats, memory: Floats) -> None:
    """Pedals of a driver who wants a speed: proportional and integral, no faster than a foot; `how` as `mission.Driver`."""
    off, h = wanted - v, PERIOD * STEP_S
    memory[0] = min(max(memory[0] + h * how[2] * off, -0.2), 1.0)
    pedal = min(max(how[1] * off + memory[0], 0.0), 1.0)
    before = plan[0, m.P_PEDAL]
    pedal = min(max(pedal, before - 3 * how[3] * h), before + how[3] * h)
    brake = min(max(how[5] * (-off - how[4]), 0.0), 1.0)
    if wanted < STANDING_MPS:
        brake = max(brake, STAND_SHARE if v < ROLLING_MPS else STOP_SHARE)
        pedal = 0.0
    if brake > 0:
        pedal, memory[0] = 0.0, min(memory[0], 0.2)
    plan[0, m.P_PEDAL], plan[0, m.P_BRAKE] = pedal, brake


@part
def tell(x: Floats, p: Floats, s: Floats, y: Floats, plan: Floats, wanted: float, out: Floats, j: int) -> None:  # noqa: PLR0917
    """Write row `j` of a mission, in the order of `mission.COLUMNS`."""
    out[j, 0], out[j, 1], out[j, 2], out[j, 3], out[j, 4] = x[m.TIME], x[m.WAY], x[m.WV] * p[m.RADIUS], wanted, p[m.GRADE]
    out[j, 5], out[j, 6], out[j, 7], out[j, 8] = plan[0, m.P_PEDAL], x[m.BRAKE], s[n.GEAR], s[n.SHIFTS]
    out[j, 9], out[j, 10], out[j, 11], out[j, 12], out[j, 13] = s[n.PHASE], x[m.WE], x[m.TE], x[m.K1], x[m.K2]
    out[j, 14], out[j, 15] = s[n.MASS_KG], s[n.GRADE]
    out[j, 16], out[j, 17] = x[m.CLUTCH1_J] + x[m.CLUTCH2_J], y[n.WARNING]


@compiled
def over_road(x: Floats, a: Floats, b: Floats, p: Floats, s: Floats, u: Floats, c: Floats, y: Floats, caps: Floats, plan: Floats,  # noqa: PLR0917
              road: Floats, stops: Floats, loads: Floats, how: Floats, memory: Floats, out: Floats) -> int:  # fmt: skip
    """Drive over nodes of `road` (sine, wanted speed) from stop to stop; `out` a row each ten periods; returns rows written."""
    stop, load, stood, rows, i = 0, 0, 0.0, 0, 0
    while rows < out.shape[0] and stop < stops.shape[0]:
        v, left = x[m.WV] * p[m.RADIUS], stops[stop, 0] - x[m.WAY]
        node = min(max(int(x[m.WAY] / NODE_M), 0), road.shape[0] - 1)
        p[m.GRADE] = road[node, 0] / math.sqrt(1 - road[node, 0] ** 2)
        share = x[m.WAY] / NODE_M - node
        ahead = road[min(node + 1, road.shape[0] - 1), 1]
        wanted = math.sqrt(max(road[node, 1] ** 2 + share * (ahead**2 - road[node, 1] ** 2), 0.0))
        if left > 0.5 * NODE_M or stood > 0:
            wanted = max(wanted, CRAWL_MPS)
        if left <= STOP_M and v < STANDING_MPS:
            stood += PERIOD * STEP_S
            wanted = 0.0
            if stood > stops[stop, 1]:
                stop, stood = stop + 1, 0.0
                while loads[load, 0] <= x[m.WAY] + STOP_M:
                    p[m.MASS] = loads[load, 1]
                    p[m.JV] = p[m.MASS] * p[m.RADIUS] ** 2
                    load += 1
        elif left <= STOP_M:
            wanted = 0.0
        foot(v, wanted, how, plan, memory)
        _period(x, a, b, p, s, u, c, y, caps, plan, 0, out, 0)
        i += 1
        if i % PERIOD == 0:
            tell(x, p, s, y, plan, wanted, out, rows)
            rows += 1
    return rows


@part
def watch(x: Floats, s: Floats, y: Floats, caps: Floats, tally: Floats) -> None:
    """Count, from the plant's side, what must never be; knows nothing of the unit's own monitors but its phase."""
    weaker = min(abs(x[m.L1]), abs(x[m.L2]))
    tally[m.T_LEAST_RADPS] = min(tally[m.T_LEAST_RADPS], x[m.WE])
    tally[m.T_STALL] += 1.0 if x[m.WE] < STALLED_RADPS else 0.0
    both = x[m.GEAR1] > 0 and x[m.GEAR2] > 0
    closed = min(caps[0], caps[1])
    if both and closed > CLOSED_NM:
        tally[m.T_BOTH] += 1
        tally[m.T_TIE] = max(tally[m.T_TIE], weaker)
        stuck = abs(x[m.WE] - x[m.W1]) < SAME_RADPS and abs(x[m.WE] - x[m.W2]) < SAME_RADPS and x[m.WE] > 1.0
        handing = s[n.PHASE] >= n.TORQUE and s[n.PHASE] <= n.LOCK
        opening = y[n.CAP_ODD] <= 0 or y[n.CAP_EVEN] <= 0
        tally[m.T_DOUBLE] += 1.0 if stuck or not (handing or opening) else 0.0
    for k in range(2):
        leaves = int(x[m.MOVE1 + k]) == 1 and y[n.CAP_ODD + k] > 0
        tally[m.T_FORK] += 1.0 if leaves else 0.0


@compiled
def together_many(x0: Floats, x: Floats, a: Floats, b: Floats, p: Floats, s0: Floats, s: Floats, u: Floats, c: Floats, y: Floats,  # noqa: PLR0917
                  caps: Floats, plan: Floats, rows: int, tally: Floats, marks: Floats) -> None:  # fmt: skip
    """Drive sequences of `rows` periods of `plan`, each from `x0`, `s0`; one row of `marks` (sequences, N_TALLY) for each."""
    for one in range(marks.shape[0]):
        for j in range(x.shape[0]):
            x[j] = x0[j]
        for j in range(s.shape[0]):
            s[j] = s0[j]
        for j in range(tally.shape[0]):
            tally[j] = 0.0
        for j in range(y.shape[0]):
            y[j] = 0.0
        tally[m.T_LEAST_RADPS] = 1e3
        for i in range(one * rows, (one + 1) * rows):
            sense(x, p, plan, i, u)
            step(s, u, c, y)
            for _ in range(PERIOD):
                brake = actuate(x, p, plan, i, y, caps)
                advance(x, a, b, p, caps, brake, STEP_S)
                watch(x, s, y, caps, tally)
        tally[m.T_SHIFTS] = s[n.SHIFTS]
        for j in range(tally.shape[0]):
            marks[one, j] = tally[j]
