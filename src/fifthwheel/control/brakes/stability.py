"""Stability of the combination: jackknife, trailer swing and rolling over, told from what sensors say.

Jackknife: articulation beyond that of the bend and growing, while the drive axles slip or the tractor turns more than it is
steered. Swing: the trailer's axles slide sideways, told from its yaw rate against the one it would roll with. Rolling over:
lateral acceleration over that which lifts the wheels (control facts, 2.6); where anti-lock control has found less grip than
that takes, it slides before it rolls over, and braking would only fold it.
"""

from __future__ import annotations

from math import cos, sin

from fifthwheel.control.brakes.layout import DRIVE, STEP_S, TRAILER, Unit
from fifthwheel.units import GRAVITY_MPS2


def stability(unit: Unit) -> None:
    """Detect; interventions last ``calm_s`` beyond their cause."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    expect(unit)
    x.jackknife_s = p.calm_s if jackknifing(unit) else max(x.jackknife_s - STEP_S, 0.0)
    x.swing_s = p.calm_s if swinging(unit) else max(x.swing_s - STEP_S, 0.0)
    side = max(abs(u.side_acceleration_mps2), abs(x.held_side))
    x.transfer = side / p.tipping_mps2
    grip = p.adhesion_ratio
    for axle in range(len(unit.xa)):
        grip = min(grip, unit.xa[axle].adhesion)
    leaning = x.transfer > (p.rollover_off_ratio if x.rollover > 0.0 else p.rollover_on_ratio)
    x.rollover = 1.0 if leaning and grip * GRAVITY_MPS2 > p.tipping_mps2 else 0.0


def expect(unit: Unit) -> None:
    """Yaw rate and articulation that the steering asks for: a lag for the tractor, the rolling trailer behind it."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    speed = x.speed_mps
    steered = speed * u.steering_rad / (p.wheelbase_m + p.understeer_rad / GRAVITY_MPS2 * speed * speed)
    x.steered_radps += STEP_S / p.yaw_lag_s * (steered - x.steered_radps)
    follows = (speed * sin(x.bend_rad) + p.lead_m * x.steered_radps * cos(x.bend_rad)) / p.trailer_wheelbase_m
    x.bend_rad += STEP_S * (x.steered_radps - follows)


def jackknifing(unit: Unit) -> bool:
    """Whether the tractor folds against the trailer."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    if x.speed_mps < p.least_mps:
        return False
    beyond = u.articulation_rad - x.bend_rad
    far = abs(beyond) > p.jackknife_rad and abs(u.articulation_rad) > p.jackknife_rad
    folding = far and beyond * x.fold_rate > 0.0 and u.articulation_rad * x.fold_rate > 0.0
    turning = (u.yaw_radps - x.steered_radps) * (1.0 if beyond > 0.0 else -1.0) > p.excess_radps
    slipping = False
    for axle in range(len(unit.xa)):
        if unit.programme.axles[axle].place == DRIVE and unit.xa[axle].slip > p.drive_slip_ratio:
            slipping = True
    return folding and (slipping or turning)


def swinging(unit: Unit) -> bool:
    """Whether the trailer's axles slide sideways."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    if x.speed_mps < p.least_mps or unit.programme.axles[len(unit.xa) - 1].place != TRAILER:
        return False
    fold = u.articulation_rad
    rolled = x.speed_mps * sin(fold) + p.lead_m * u.yaw_radps * cos(fold) - p.trailer_wheelbase_m * x.held_yaw
    return bool(abs(rolled) > p.swing_rad * x.speed_mps)
