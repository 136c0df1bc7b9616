"""Anti-lock control of every wheel, and from it the axles that machines must leave.

A regulator on slip and on how fast slip grows sets a ceiling on the wheel's pressure: it releases while the wheel does not
recover, holds, and builds up again. Front wheels may differ slowly only (modified individual control), so that a road with more
grip on one side turns the steering gently. From the first sign of slip until ``return_s`` after the last, machines are kept off
the axle; `sources` hands their force to friction.
"""

from __future__ import annotations

from math import inf, sqrt

from fifthwheel.control.brakes.layout import BUILD, FRONT, HOLD, IDLE, RELEASE, STEP_S, TRAILER, Unit
from fifthwheel.control.brakes.sense import pressure_pa
from fifthwheel.units import GRAVITY_MPS2

LEAST_ADHESION = 0.05
LEAN_MPS2 = 1.0
"""Lateral acceleration from which the inner wheels' slip says nothing of the road."""


def antilock(unit: Unit) -> None:
    """One period of all wheels; fills the pressure limits."""
    p, x = unit.p[0], unit.x[0]
    working = p.antilock_on_state > 0.0 and x.speed_mps > p.least_mps
    slipping = 0.0
    for axle in range(len(unit.xa)):
        one = unit.xa[axle]
        one.quiet_s = inf
        for wheel in (2 * axle, 2 * axle + 1):
            before = unit.xw[wheel].quiet_s
            regulate(unit, axle, wheel, working)
            one.quiet_s = min(one.quiet_s, unit.xw[wheel].quiet_s)
            if unit.xw[wheel].quiet_s == 0.0 and before > 0.0 and bears(unit, wheel):
                one.adhesion = min(one.adhesion, max(used_ratio(unit, axle), LEAST_ADHESION))
        if one.quiet_s > 0.0:
            one.adhesion = min(one.adhesion + p.learned_ps_ratio * STEP_S, p.adhesion_ratio)
        slipping = max(slipping, 1.0 if one.quiet_s < inf else 0.0)
        _limits(unit, axle)
    x.slipping = slipping


def bears(unit: Unit, wheel: int) -> bool:
    """Whether a wheel bears its share of the axle's load: on the outside of a bend, or nearly straight on."""
    side = unit.u[0].side_acceleration_mps2
    return bool(abs(side) < LEAN_MPS2 or (side > 0.0) == (wheel % 2 == 1))


def used_ratio(unit: Unit, axle: int) -> float:
    """Adhesion that an axle uses: what it brakes over its load, and the lateral acceleration of its unit."""
    side = unit.x[0].held_side if unit.programme.axles[axle].place == TRAILER else unit.u[0].side_acceleration_mps2
    return sqrt((unit.xa[axle].braked_n / max(unit.ua[axle].load_n, 1.0)) ** 2 + (side / GRAVITY_MPS2) ** 2)


def regulate(unit: Unit, axle: int, wheel: int, working: bool) -> None:
    """One period of one wheel."""
    p, one = unit.p[0], unit.xw[wheel]
    if not working:
        one.phase, one.phase_s, one.ceiling_pa, one.event_pa, one.quiet_s = IDLE, 0.0, inf, 0.0, inf
        return
    seen = one.slip > p.slip_ratio or (one.slip > p.gate_ratio and one.loss_mps2 > p.gate_mps2)
    one.quiet_s = 0.0 if seen else one.quiet_s + STEP_S
    if one.quiet_s > p.return_s:
        one.quiet_s = inf
    before = one.phase
    if seen:
        if before in (IDLE, BUILD):
            one.event_pa = max(pressure_pa(unit, axle, unit.xa[axle].braked_n), p.onset_pa)
            one.event_pa = min(one.event_pa, one.ceiling_pa)
            one.ceiling_pa = one.event_pa
        one.phase = RELEASE
        if one.loss_mps2 > -p.regain_mps2:
            one.ceiling_pa = max(one.ceiling_pa - p.release_ps_ratio * STEP_S * one.event_pa, 0.0)
    else:
        _recover(unit, wheel)
    one.phase_s = one.phase_s + STEP_S if one.phase == before else 0.0


def _recover(unit: Unit, wheel: int) -> None:
    """Hold, then build up until the ceiling is none any more."""
    p, one = unit.p[0], unit.xw[wheel]
    if one.phase == RELEASE or (one.phase == HOLD and (one.slip > p.settled_ratio or one.phase_s < p.hold_s)):
        one.phase = HOLD
    elif one.ceiling_pa < inf:
        if one.phase == HOLD:
            one.ceiling_pa = max(one.ceiling_pa, p.resume_ratio * one.event_pa)
        one.phase = BUILD
        one.ceiling_pa += p.build_ps_ratio * STEP_S * one.event_pa
        if one.ceiling_pa > p.open_ratio * one.event_pa:
            one.phase, one.ceiling_pa, one.event_pa = IDLE, inf, 0.0


def _limits(unit: Unit, axle: int) -> None:
    """Pressure limits of both wheels; on a front axle the higher follows the lower."""
    left, right, one = unit.xw[2 * axle].ceiling_pa, unit.xw[2 * axle + 1].ceiling_pa, unit.xa[axle]
    low = min(left, right)
    if unit.programme.axles[axle].place == FRONT and low < inf:
        one.apart_pa += unit.p[0].apart_ps_pa * STEP_S
        left, right = min(left, low + one.apart_pa), min(right, low + one.apart_pa)
    else:
        one.apart_pa = 0.0
    most = 1e6
    unit.yw[2 * axle].limit_pa, unit.yw[2 * axle + 1].limit_pa = min(left, most), min(right, most)
