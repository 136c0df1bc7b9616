"""What the EBS believes of its sensors: trailer bus, wheel speeds, reference speed, slip; then mass, grade, and kingpin force."""

from __future__ import annotations

from math import cos

from fifthwheel.control.brakes.layout import DRIVE, STEP_S, TRAILER, Unit
from fifthwheel.control.brakes.thermal import faded, warmed_k
from fifthwheel.units import GRAVITY_MPS2

STILL_MPS = 0.3
MOVING_MPS = 3.0
FORCELESS_RATIO = 0.02
"""A wheel braked by less than this share of its load has no reason to stand."""
SPREAD = 10.0
"""Uncertainty of the mass at the start, over that of one sample: (10 t / 3 kN)^2."""


def listen(unit: Unit) -> None:
    """The trailer's bus: late and lost; what the trailer said last stands in while it is silent."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    x.bus = 2.0 if u.trailer_age_s > p.bus_lost_s else 1.0 if u.trailer_age_s > p.bus_late_s else 0.0
    if x.started == 0.0:
        x.held_fold = u.articulation_rad
    share = STEP_S / 0.05
    x.fold_rate += share * ((u.articulation_rad - x.held_fold) / STEP_S - x.fold_rate)
    x.held_fold = u.articulation_rad
    if x.bus < 2.0:
        x.held_yaw, x.held_side = u.trailer_yaw_radps, u.trailer_side_acceleration_mps2
    else:
        x.held_yaw, x.held_side = u.yaw_radps - x.fold_rate, 0.0


def side_mps(unit: Unit, wheel: int) -> float:
    """By how much a wheel rolls slower than the middle of its axle: yaw rate times half the track (left wheels are even)."""
    axle = wheel // 2
    yaw = unit.x[0].held_yaw if unit.programme.axles[axle].place == TRAILER else unit.u[0].yaw_radps
    half = 0.5 * unit.pa[axle].track_m
    return float(yaw * half if wheel % 2 == 0 else -yaw * half)


def speeds(unit: Unit) -> None:
    """Reference speed: the fastest wheel that neither drives nor is lost, never far from what the accelerometer says."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    fastest, along = -1.0, cos(u.articulation_rad)
    for wheel in range(len(unit.xw)):
        place = unit.programme.axles[wheel // 2].place
        spinning = place == DRIVE and u.traction_n > 0.0
        silent = place == TRAILER and (x.bus == 2.0 or along < 0.9 or u.trailer_drive_measured_n > 0.0)
        if unit.xw[wheel].lost == 0.0 and unit.uw[wheel].wheel_mps >= 0.0 and not (spinning or silent):
            middle = unit.uw[wheel].wheel_mps + side_mps(unit, wheel)
            fastest = max(fastest, middle / along if place == TRAILER else middle)
    felt = u.acceleration_mps2 - GRAVITY_MPS2 * x.grade_ratio
    past = x.speed_mps
    if x.started == 0.0:
        x.speed_mps = max(fastest, 0.0)
        past = x.speed_mps
    else:
        low, high = past + (felt - p.drift_mps2) * STEP_S, past + (felt + p.drift_mps2) * STEP_S
        x.speed_mps = max(min(max(fastest, low), high), 0.0) if fastest > STILL_MPS or past > MOVING_MPS else max(fastest, 0.0)
    x.rate_mps2 += STEP_S / p.felt_s * ((x.speed_mps - past) / STEP_S - x.rate_mps2)
    x.felt_mps2 += STEP_S / p.felt_s * (u.acceleration_mps2 - x.felt_mps2)
    for wheel in range(len(unit.xw)):
        _wheel(unit, wheel, felt, along)
    _blind(unit)


def _wheel(unit: Unit, wheel: int, felt_mps2: float, along: float) -> None:
    """Slip of a wheel, how much faster its rim slows than the vehicle, and whether its sensor is lost."""
    p, x, one, seen = unit.p[0], unit.x[0], unit.xw[wheel], unit.uw[wheel].wheel_mps
    trailer = unit.programme.axles[wheel // 2].place == TRAILER
    there = max(x.speed_mps * (along if trailer else 1.0) - side_mps(unit, wheel), 0.0)
    idle = unit.xa[wheel // 2].braked_n < FORCELESS_RATIO * unit.ua[wheel // 2].load_n or unit.yw[wheel].limit_pa < p.onset_pa
    standing = seen < STILL_MPS and x.speed_mps > MOVING_MPS and idle and unit.ua[wheel // 2].load_n > 1e3
    one.stuck_s = one.stuck_s + STEP_S if standing else 0.0
    if seen < 0.0 or one.stuck_s > p.stuck_s:
        one.lost = 1.0
    elif seen > 1.0:
        one.lost = 0.0
    if x.started == 0.0:
        one.past_mps = seen
    one.loss_mps2 = (one.past_mps - seen) / STEP_S + felt_mps2 if one.lost == 0.0 else 0.0
    one.past_mps = seen
    one.slip = min(max(1.0 - seen / there, 0.0), 1.0) if there > STILL_MPS and one.lost == 0.0 else 0.0


def _blind(unit: Unit) -> None:
    """A lost sensor's wheel takes the slip of its neighbour, an axle with none the worst of its unit."""
    count = len(unit.xa)
    for axle in range(count):
        left, right = unit.xw[2 * axle], unit.xw[2 * axle + 1]
        unit.xa[axle].blind = left.lost * right.lost
        if left.lost != right.lost:
            slip, loss = left.slip + right.slip, left.loss_mps2 + right.loss_mps2
            left.slip, right.slip, left.loss_mps2, right.loss_mps2 = slip, slip, loss, loss
        unit.xa[axle].slip = max(left.slip, right.slip)
    for axle in range(count):
        if unit.xa[axle].blind > 0.0:
            for other in range(count):
                same = (unit.programme.axles[other].place == TRAILER) == (unit.programme.axles[axle].place == TRAILER)
                if same and unit.xa[other].blind == 0.0 and unit.xa[other].slip >= unit.xa[axle].slip:
                    unit.xa[axle].slip = unit.xa[other].slip
            unit.xw[2 * axle].slip, unit.xw[2 * axle + 1].slip = unit.xa[axle].slip, unit.xa[axle].slip


def friction_n(unit: Unit, axle: int, pressure_pa: float) -> float:
    """Friction of an axle at a pressure, with its linings as warm as they are."""
    p, per = unit.p[0], unit.pa[axle].full_n * unit.xa[axle].fade
    return float(per * max(pressure_pa - p.onset_pa, 0.0) / (p.full_pa - p.onset_pa))


def pressure_pa(unit: Unit, axle: int, force_n: float) -> float:
    """Pressure for a friction of an axle; none for none."""
    p, per = unit.p[0], unit.pa[axle].full_n * unit.xa[axle].fade
    return float(p.onset_pa + force_n / per * (p.full_pa - p.onset_pa)) if force_n > 1.0 and per > 0.0 else 0.0


def reach_pa(unit: Unit, wheel: int) -> float:
    """Pressure that a wheel bears for more than a moment: its limit, or that at which anti-lock control began.

    The axle's pressure stays there while the wheel's valve cycles below it, for the axle follows slowly and the valve fast.
    """
    return float(max(unit.yw[wheel].limit_pa, unit.xw[wheel].event_pa))


def heat(unit: Unit) -> None:
    """Friction that acts on every axle, what it heats, and the fade that follows."""
    u, x = unit.u[0], unit.x[0]
    axles, count = unit.programme.axles, len(unit.xa)
    for axle in range(count):
        one, brake = unit.xa[axle], unit.pa[axle]
        if x.started == 0.0:
            one.temperature_k, one.adhesion = u.air_k, unit.p[0].adhesion_ratio
        chamber = unit.ua[axle].chamber_pa
        one.friction_n = 0.0
        for wheel in (2 * axle, 2 * axle + 1):
            limit = unit.yw[wheel].limit_pa if x.started > 0.0 else chamber
            one.friction_n += 0.5 * friction_n(unit, axle, min(chamber, limit))
        machines = axles[axle].regenerates * u.trailer_regeneration_measured_n
        on_drive = u.tractor_regeneration_measured_n + u.retarder_measured_n + u.engine_brake_measured_n
        one.braked_n = one.friction_n + machines + axles[axle].driven * on_drive
        power = one.friction_n * x.speed_mps * (1.0 - one.slip)
        cooling = brake.still_wpk + brake.speed_jpmk * x.speed_mps
        one.temperature_k = warmed_k(one.temperature_k, u.air_k, power, cooling, STEP_S / brake.heat_capacity_jpk)
        one.fade = faded(one.temperature_k, brake.fade_warm_ratio, brake.fade_hot_ratio, brake.fade_glowing_ratio)


def resistance_n(unit: Unit, load_n: float) -> float:
    """Rolling resistance under a load."""
    return float(unit.p[0].rolling_ratio * load_n)


def air_n(unit: Unit) -> float:
    """Air drag."""
    p, speed = unit.p[0], unit.x[0].speed_mps
    return float(0.5 * p.air_density_kgpm3 * p.drag_area_m2 * speed * speed)


def estimate(unit: Unit) -> None:
    """Mass by recursive least squares on the felt acceleration, grade by what it has beyond the wheels', kingpin force.

    The accelerometer feels ``f = dv/dt + g sin(grade)``, so that on any grade ``F = m (f + g f_r) + m_rotating dv/dt + air``.
    """
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    loads, tractor, friction, tractor_friction = 0.0, 0.0, 0.0, 0.0
    for axle in range(len(unit.xa)):
        pulling = unit.programme.axles[axle].place < TRAILER
        loads += unit.ua[axle].load_n
        friction += unit.xa[axle].friction_n
        if pulling:
            tractor += unit.ua[axle].load_n
            tractor_friction += unit.xa[axle].friction_n
    if x.started == 0.0:
        x.mass_kg, x.spread = min(max(loads / GRAVITY_MPS2, p.mass_low_kg), p.mass_high_kg), SPREAD
        x.grade_ratio, x.felt_mps2 = 0.0, u.acceleration_mps2
    on_drive = u.tractor_regeneration_measured_n + u.retarder_measured_n + u.engine_brake_measured_n
    machines = on_drive + u.trailer_regeneration_measured_n
    x.quiet_s = 0.0 if friction > 0.0 else x.quiet_s + STEP_S
    rolling = x.quiet_s > p.quiet_s and x.slipping == 0.0 and x.speed_mps > MOVING_MPS
    if rolling and abs(x.felt_mps2) > p.informed_mps2:
        base = x.felt_mps2 + GRAVITY_MPS2 * p.rolling_ratio
        net = u.traction_n + u.trailer_drive_measured_n - machines - air_n(unit) - p.rotating_kg * x.rate_mps2
        gain = x.spread * base / (p.forgetting_ratio + base * base * x.spread)
        x.mass_kg = min(max(x.mass_kg + gain * (net - base * x.mass_kg), p.mass_low_kg), p.mass_high_kg)
        x.spread = min((x.spread - gain * base * x.spread) / p.forgetting_ratio, SPREAD)
    if x.slipping == 0.0 and x.speed_mps > 1.0:
        filter_s = p.grade_s if x.quiet_s > p.quiet_s else p.grade_braking_s
        x.grade_ratio += STEP_S / filter_s * ((x.felt_mps2 - x.rate_mps2) / GRAVITY_MPS2 - x.grade_ratio)
    held = tractor_friction + on_drive + resistance_n(unit, tractor) + air_n(unit)
    now = p.tractor_kg * u.acceleration_mps2 - u.traction_n + held
    x.estimate_n += STEP_S / 0.1 * (now - x.estimate_n)
    x.kingpin_n = u.kingpin_sensor_n if u.kingpin_valid_state > 0.0 else x.estimate_n
