"""From friction to pressures: every axle, the coupling head, and coupling-force control that learns over stops.

Coupling-force control compares the kingpin force of steady service braking with the one that the friction asked for would
leave, and moves the trailer's pressure by what it learned, within its bound. A stop with any endurance braking or regeneration
teaches it nothing: their coupling force must not be compensated (UN R13 5.2.1.28).
"""

from __future__ import annotations

from fifthwheel.control.brakes.layout import STEP_S, TRAILER, Unit
from fifthwheel.control.brakes.sense import friction_n, pressure_pa, reach_pa, resistance_n

WANTED_PA = 4e5
"""What coupling-force control may want before it stops counting."""


def pressures(unit: Unit) -> None:
    """Pressures of all axles and of the coupling head."""
    p, u, x, y, programme = unit.p[0], unit.u[0], unit.x[0], unit.y[0], unit.programme
    trailer_n, gain_n = 0.0, 0.0
    for axle in range(len(unit.xa)):
        force = programme.force_n[axle]
        unit.ya[axle].friction_n = force
        unit.ya[axle].pressure_pa = _axle_pa(unit, axle, force)
        if programme.axles[axle].place == TRAILER:
            trailer_n += force
            gain_n += unit.pa[axle].full_n * unit.xa[axle].fade
    head = (
        p.onset_pa + trailer_n / gain_n * (p.full_pa - p.onset_pa) + y.adaptation_pa if trailer_n > 1.0 and gain_n > 0.0 else 0.0
    )
    if u.pedal_ratio > p.full_pedal_ratio:
        head = max(head, p.laden_pa)
    y.coupling_head_pa = min(max(head, 0.0), p.head_pa)
    for axle in range(len(unit.xa)):
        if programme.axles[axle].place == TRAILER:
            pressure = unit.ya[axle].pressure_pa
            pressure = y.coupling_head_pa if x.bus == 2.0 else pressure + y.adaptation_pa if pressure > 0.0 else 0.0
            unit.ya[axle].pressure_pa = min(max(pressure, 0.0), p.head_pa)


def _axle_pa(unit: Unit, axle: int, force_n: float) -> float:
    """Pressure of an axle whose wheels together give a friction, one of them perhaps held low by its valve."""
    low = min(reach_pa(unit, 2 * axle), reach_pa(unit, 2 * axle + 1))
    even = pressure_pa(unit, axle, force_n)
    return even if even <= low else pressure_pa(unit, axle, 2.0 * force_n - friction_n(unit, axle, low))


def learn(unit: Unit) -> None:
    """Coupling-force control: gather the pressure that is missing through a stop, take a part of it over at its end, warn."""
    p, u, x, y = unit.p[0], unit.u[0], unit.x[0], unit.y[0]
    machines, acting, gain, asked, trailer_load = 0.0, 0.0, 0.0, 0.0, 0.0
    for machine in range(len(unit.xm)):
        machines += unit.xm[machine].measured_n + unit.xm[machine].asked_n
    for axle in range(len(unit.xa)):
        if unit.programme.axles[axle].place == TRAILER:
            acting += unit.xa[axle].friction_n
            asked += unit.programme.force_n[axle]
            gain += unit.pa[axle].full_n * unit.xa[axle].fade / (p.full_pa - p.onset_pa)
            trailer_load += unit.ua[axle].load_n
    alone = machines < p.alone_n and x.slipping == 0.0 and u.traction_n == 0.0 and x.speed_mps > 3.0 and x.bus < 2.0
    steady = x.demand_mps2 > p.steady_mps2 and abs(acting - asked - y.adaptation_pa * gain) < 0.05 * max(asked, 1.0)
    trailer_kg = max(x.mass_kg - p.tractor_kg, 0.0)
    if alone and steady and gain > 0.0:
        error = x.kingpin_n + trailer_kg * u.acceleration_mps2 + asked + resistance_n(unit, trailer_load)
        x.error_pa_s += error / gain * STEP_S
        x.error_s += STEP_S
    elif x.service == 0.0:
        if x.error_s > p.steady_s:
            wanted = x.wanted_pa + p.adaptation_gain_ratio * x.error_pa_s / x.error_s
            x.wanted_pa = min(max(wanted, -WANTED_PA), WANTED_PA)
        x.error_pa_s, x.error_s = 0.0, 0.0
    y.adaptation_pa = min(max(x.wanted_pa, -p.adaptation_most_pa), p.adaptation_most_pa)
    rate = asked / max(trailer_load, 1.0)
    left = y.coupling_head_pa > p.laden_pa and y.adaptation_pa != 0.0 and not p.laden_low_ratio <= rate <= p.laden_high_ratio
    beyond = abs(x.wanted_pa) > p.adaptation_warning_pa and y.coupling_head_pa <= p.laden_pa
    y.adaptation_warning_state = 2.0 if left else 1.0 if beyond else 0.0
