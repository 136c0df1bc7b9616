"""What the driver and systems ask of the brakes, what the trailer's axle may drive, and the lamps."""

from __future__ import annotations

from fifthwheel.control.brakes.layout import STEP_S, TRAILER, Unit
from fifthwheel.control.brakes.sense import air_n, resistance_n
from fifthwheel.units import GRAVITY_MPS2


def ask(unit: Unit) -> None:
    """Demand force: mass times the deceleration asked, and what the grade pushes, less what resists.

    Pedal, systems and rolling over ask for the service brake; the lever for endurance brakes only, on top. A gentle demand makes
    up for the grade in part only, so that the first touch of the pedal is none of a step.
    """
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    pedal = p.full_mps2 * max(u.pedal_ratio - p.free_ratio, 0.0) / (1.0 - p.free_ratio)
    rolling_over = p.rollover_mps2 if x.rollover * p.stability_on_state > 0.0 else 0.0
    service = max(pedal, u.external_mps2, rolling_over)
    x.service = 1.0 if service > 0.0 else 0.0
    x.demand_mps2 = service
    x.endurance_mps2 = u.lever_ratio * p.lever_mps2
    loads = 0.0
    for axle in range(len(unit.xa)):
        loads += unit.ua[axle].load_n
    push = -x.mass_kg * GRAVITY_MPS2 * x.grade_ratio - resistance_n(unit, loads) - air_n(unit)
    push *= min(service / p.gentle_mps2, 1.0)
    x.demand_n = max(x.mass_kg * (service + x.endurance_mps2) + push, 0.0)


def drive(unit: Unit) -> None:
    """Driving force allowed to the trailer's axle, so that the kingpin stays in tension, and to the tractor (facts 2.4)."""
    p, u, x, y = unit.p[0], unit.u[0], unit.x[0], unit.y[0]
    unstable = x.jackknife_s + x.swing_s + x.rollover > 0.0
    loads = 0.0
    for axle in range(len(unit.xa)):
        loads += unit.ua[axle].load_n if unit.programme.axles[axle].place == TRAILER else 0.0
    trailer_kg = max(x.mass_kg - p.tractor_kg, 0.0)
    resistance = resistance_n(unit, loads) + trailer_kg * GRAVITY_MPS2 * x.grade_ratio
    tension = max(p.tension_n, p.tension_ratio * resistance)
    needed = trailer_kg * u.acceleration_mps2 + resistance_n(unit, loads)
    most = min(needed - tension, u.trailer_drive_measured_n + 0.5 * (-tension - u.kingpin_sensor_n))
    most = min(most, u.trailer_drive_request_n, x.trailer_n + p.trailer_drive_rate_nps * STEP_S)
    folded = abs(u.articulation_rad) > p.fold_rad and x.speed_mps > p.fold_mps
    off = x.service > 0.0 or x.slipping > 0.0 or unstable or u.kingpin_valid_state == 0.0 or x.bus == 2.0 or folded
    if off or (u.reverse_state > 0.0 and u.reverse_drive_state == 0.0):
        most = 0.0
    x.trailer_n = max(most, 0.0)
    y.trailer_drive_n = x.trailer_n
    y.traction_limit_ratio = 0.0 if unstable and p.stability_on_state > 0.0 else 1.0


def light(unit: Unit) -> None:
    """Stop lamps (UN R13 5.2.1.30 as restated) and emergency stop signal; the engine's own drag lights nothing."""
    p, u, x = unit.p[0], unit.u[0], unit.x[0]
    back = p.lamp_release_mps2 if x.stop_lamp > 0.0 else 0.0
    machines = u.retarder_measured_n + u.engine_brake_measured_n
    if p.service_regeneration_state == 0.0:
        machines += u.trailer_regeneration_measured_n + u.tractor_regeneration_measured_n
    endurance = machines / x.mass_kg > (p.suppressed_mps2 if p.early_state > 0.0 else p.shall_mps2) - back
    slowing = -u.acceleration_mps2
    driver = u.pedal_ratio > p.free_ratio
    automatic = x.service > 0.0 and not driver and slowing >= p.suppressed_mps2 - back
    x.stop_lamp = 1.0 if driver or endurance or automatic else 0.0
    threshold = p.emergency_off_mps2 if x.emergency > 0.0 else p.emergency_on_mps2
    x.emergency = 1.0 if x.service > 0.0 and slowing >= threshold else 0.0
