"""Bounds of every source for one step, how machines leave a slipping axle, and friction for what they leave behind.

The hand-over: friction follows its demand after a dead time and a lag, a machine almost at once. So friction is asked first, and
pressed ahead of its lag; the machine stays until friction arrives and then falls, all within 100 ms. A wheel that slips
deeply does not wait.
"""

from __future__ import annotations

from math import expm1, sqrt

from fifthwheel.control.brakes.layout import DRIVE, HOLD, RELEASE, STEP_S, TRAILER, Unit
from fifthwheel.control.brakes.priority import room_n
from fifthwheel.control.brakes.sense import friction_n, reach_pa
from fifthwheel.units import GRAVITY_MPS2


def machine_limit_n(load_n: float, adhesion_ratio: float, lateral_n: float, reserve_ratio: float) -> float:
    """Most force that machines may give on an axle: ``kappa sqrt((mu N)^2 - F_y^2)``, none when side force takes all."""
    left = (adhesion_ratio * load_n) ** 2 - lateral_n * lateral_n
    return reserve_ratio * sqrt(left) if left > 0.0 else 0.0


def bounds(unit: Unit) -> None:
    """Fill the programme's task, limits and bounds."""
    _machines_seen(unit)
    _task(unit)
    for axle in range(len(unit.xa)):
        _axle(unit, axle)
    _machines(unit)
    _agree(unit)


def _task(unit: Unit) -> None:
    """Demand, weights, and the trailer's share of service braking: by load, by mass, or between.

    While the lever asks for endurance brakes, friction does not take over from them to stay in the band.
    """
    p, x, task = unit.p[0], unit.x[0], unit.programme.task[0]
    loads, trailer = 1e-6, 0.0
    for axle in range(len(unit.xa)):
        loads += unit.ua[axle].load_n
        trailer += unit.ua[axle].load_n if unit.programme.axles[axle].place == TRAILER else 0.0
    by_mass = max(x.mass_kg - p.tractor_kg, 0.0) / x.mass_kg
    task.share = trailer / loads + p.coupling_share_ratio * (by_mass - trailer / loads)
    task.excess_n = 0.0
    for machine in (2, 3):
        one = unit.xm[machine]
        task.excess_n += max(one.measured_n - one.asked_n, 0.0) if one.since_s < 0.0 else 0.0
    task.demand_n, task.service_regeneration = max(x.demand_n - task.excess_n, 0.0), p.service_regeneration_state
    task.regeneration_weight, task.endurance_weight = p.regeneration_weight_ratio, p.endurance_weight_ratio
    task.share_weight, task.balance_weight = p.share_weight_ratio, p.balance_weight_ratio
    task.friction_weight, task.band_weight = p.friction_weight_ratio, p.band_weight_ratio
    task.band = p.reserve_ratio if x.endurance_mps2 > 0.0 else p.band_ratio


def _machines_seen(unit: Unit) -> None:
    """What machines offer and give now."""
    u, p = unit.u[0], unit.p[0]
    bus = unit.x[0].bus < 2.0
    unit.xm[0].available_n = u.trailer_regeneration_available_n if bus else 0.0
    unit.xm[1].available_n, unit.xm[2].available_n = u.tractor_regeneration_available_n, u.retarder_available_n
    unit.xm[3].available_n = u.engine_brake_available_n
    unit.xm[0].measured_n, unit.xm[1].measured_n = u.trailer_regeneration_measured_n, u.tractor_regeneration_measured_n
    unit.xm[2].measured_n, unit.xm[3].measured_n = u.retarder_measured_n, u.engine_brake_measured_n
    unit.xm[0].rate_nps, unit.xm[1].rate_nps = p.trailer_regeneration_rate_nps, p.tractor_regeneration_rate_nps
    unit.xm[2].rate_nps, unit.xm[3].rate_nps = p.retarder_rate_nps, p.engine_brake_rate_nps


def _axle(unit: Unit, axle: int) -> None:
    """Limits of one axle, and the bounds of its friction with what stability changes in them."""
    p, u, x, programme = unit.p[0], unit.u[0], unit.x[0], unit.programme
    load, place = unit.ua[axle].load_n, programme.axles[axle].place
    adhesion = min(unit.ua[axle].adhesion_ratio, unit.xa[axle].adhesion)
    side = abs(x.held_side if place == TRAILER else u.side_acceleration_mps2) / GRAVITY_MPS2
    programme.load_n[axle] = load
    programme.axle_limit_n[axle] = load * unit.ua[axle].adhesion_ratio
    limit = machine_limit_n(load, adhesion, side * load, p.reserve_ratio)
    programme.machine_limit_n[axle] = min(limit, programme.axle_limit_n[axle])
    high = 0.0
    for wheel in (2 * axle, 2 * axle + 1):
        high += 0.5 * friction_n(unit, axle, min(reach_pa(unit, wheel), p.full_pa))
    acting = p.stability_on_state > 0.0
    stretching = acting and x.jackknife_s > 0.0 and place == TRAILER
    if acting and x.jackknife_s > 0.0 and place == DRIVE:
        high *= p.fold_share_ratio
    if acting and x.swing_s > 0.0 and place == TRAILER:
        high *= p.swing_share_ratio
    if x.service == 0.0 and not stretching:
        high = 0.0
    programme.high_n[axle] = high
    low = min(p.stretch_ratio * load, high) if stretching and x.swing_s == 0.0 else 0.0
    programme.low_n[axle] = min(low, programme.axle_limit_n[axle])


def _machines(unit: Unit) -> None:
    """Bounds of the machines: what they offer, how fast they rise, the reserve of adhesion; or the way they leave."""
    p, x, programme = unit.p[0], unit.x[0], unit.programme
    count = len(unit.xa)
    acting = p.stability_on_state > 0.0
    for machine in range(len(unit.xm)):
        one = unit.xm[machine]
        reserve, slipping, deep, borne = 1e30, False, False, False
        for axle in range(count):
            part = programme.axles[axle].regenerates if machine == 0 else programme.axles[axle].driven
            if part > 0.0:
                borne = True
                reserve = min(reserve, programme.machine_limit_n[axle] / part)
                slipping = slipping or unit.xa[axle].quiet_s <= p.return_s
                deep = deep or (unit.xa[axle].slip > p.deep_ratio and p.antilock_on_state > 0.0)
        unstable = acting and ((x.swing_s > 0.0) if machine == 0 else (x.jackknife_s > 0.0))
        high = min(one.available_n, reserve, one.asked_n + one.rate_nps * STEP_S) if borne else 0.0
        if slipping or unstable:
            one.event_n, one.since_s = (one.asked_n, 0.0) if one.since_s < 0.0 else (one.event_n, one.since_s + STEP_S)
            if deep:
                one.since_s = max(one.since_s, p.leave_s - p.leave_ramp_s)
            left = min(max((p.leave_s - one.since_s) / p.leave_ramp_s, 0.0), 1.0)
            high = min(one.available_n, one.event_n * left) if borne else 0.0
        else:
            one.event_n, one.since_s = 0.0, -1.0
        programme.high_n[count + machine] = high
        programme.low_n[count + machine] = min(max(one.asked_n - one.rate_nps * STEP_S, 0.0), high)


def _agree(unit: Unit) -> None:
    """Limits and lower bounds that agree: a leaving machine may pass over the reserve, not adhesion; else lows give way."""
    programme = unit.programme
    count = len(unit.xa)
    low = programme.low_n
    drive, trailer = 1e30, 1e30
    for axle in range(count):
        one = programme.axles[axle]
        if unit.xa[axle].quiet_s <= unit.p[0].return_s:
            programme.machine_limit_n[axle] = programme.axle_limit_n[axle]
        most = min(programme.machine_limit_n[axle], max(programme.axle_limit_n[axle] - low[axle], 0.0))
        if one.driven > 0.0:
            drive = min(drive, most / one.driven)
        if one.regenerates > 0.0:
            trailer = min(trailer, most / one.regenerates)
    low[count] = min(low[count], trailer)
    total = low[count + 1] + low[count + 2] + low[count + 3]
    if total > drive:
        for machine in (1, 2, 3):
            low[count + machine] *= drive / total


def hand_over(unit: Unit) -> None:
    """Ask the friction of quiet axles, by room, for what is not there or about to go.

    That is what slow endurance brakes have not built up yet, what machines on slipping axles leave, and what the valves of
    slipping wheels take away.
    """
    p, x, programme = unit.p[0], unit.x[0], unit.programme
    count, force = len(unit.xa), programme.force_n
    missing = 0.0
    for machine in range(len(unit.xm)):
        one, asked = unit.xm[machine], force[count + machine]
        if one.since_s >= 0.0:
            missing += asked
            if one.since_s < p.lead_s:
                missing += one.event_n * _ahead(p.lead_s / p.friction_lag_s)
        elif machine >= 2:
            missing += max(asked - one.measured_n, 0.0)
        one.asked_n = asked
    total = 0.0
    for axle in range(count):
        released = _released_n(unit, axle)
        missing += released
        unit.xa[axle].extra_n = room_n(programme, axle) if released == 0.0 else 0.0
        total += unit.xa[axle].extra_n
    part = min(1.0, missing / total) if total > 0.0 and x.service > 0.0 else 0.0
    for axle in range(count):
        force[axle] += part * unit.xa[axle].extra_n


def _released_n(unit: Unit, axle: int) -> float:
    """Friction asked of an axle that its wheels' valves hold back, or will by the time that friction elsewhere can follow."""
    p, lost = unit.p[0], 0.0
    for wheel in (2 * axle, 2 * axle + 1):
        one = unit.xw[wheel]
        if one.phase in (RELEASE, HOLD):
            falling = p.release_ps_ratio * (p.leave_s + p.lead_s) * one.event_pa if one.phase == RELEASE else 0.0
            left = 0.5 * friction_n(unit, axle, max(unit.yw[wheel].limit_pa - falling, 0.0))
            lost += max(0.5 * unit.programme.force_n[axle] - left, 0.0)
    return lost


def _ahead(lags: float) -> float:
    """By how much more a first-order lag is pressed to reach its aim after so many lags: ``1 / (1 - exp(-t)) - 1``."""
    return -1.0 / expm1(-lags) - 1.0
