"""What the control unit believes: plausible signals in place of lost ones, road speed, slope, mass, the driver's torque."""

from __future__ import annotations

import math

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.layout import Floats

GRAVITY_MPS2 = 9.81


def shaft_of(c: Floats, gear: int) -> int:
    """Shaft of a gear: 0 for odd gears, 1 for even ones; a box with one clutch has shaft 0 alone."""
    return 0 if c[n.SHAFTS] < 2 else 1 - gear % 2


def full_load_nm(c: Floats, speed_radps: float) -> float:
    """Full load (Nm) that the unit knows of its engine."""
    for j in range(1, n.N_CURVE):
        if speed_radps <= c[n.SPEED0 + j] or j == n.N_CURVE - 1:
            share = (speed_radps - c[n.SPEED0 + j - 1]) / (c[n.SPEED0 + j] - c[n.SPEED0 + j - 1])
            return float(max(c[n.FULL0 + j - 1] + min(max(share, 0.0), 1.0) * (c[n.FULL0 + j] - c[n.FULL0 + j - 1]), 0.0))
    return 0.0


def driver_nm(x: Floats, u: Floats, c: Floats) -> float:
    """Torque (Nm) that the driver asks of the engine by pedal."""
    return float(u[n.PEDAL] * full_load_nm(c, x[n.WE]) - (1 - u[n.PEDAL]) * c[n.DRAG_NM])


def read_signals(x: Floats, u: Floats, c: Floats) -> None:
    """Take over the valid signals and rebuild lost ones from what is geared to them.

    Without any engine speed and out of gear it counts as standing, which keeps the clutches open.
    """
    x[n.WO] = u[n.OUTPUT_RADPS] if u[n.OUTPUT_OK] > 0 else (u[n.WHEEL_MPS] / c[n.RADIUS_M] if u[n.EBC1_OK] > 0 else x[n.WO])
    if u[n.OUTPUT_OK] <= 0 and u[n.EBC1_OK] <= 0:
        for k in range(int(c[n.SHAFTS])):
            gear = int(u[n.ODD_GEAR + k])
            if gear > 0 and u[n.ODD_OK + k] > 0:
                x[n.WO] = u[n.ODD_RADPS + k] / c[n.RATIO0 + gear]
    for k in range(int(c[n.SHAFTS])):
        gear = int(u[n.ODD_GEAR + k])
        if u[n.ODD_OK + k] > 0:
            x[n.W_ODD + k] = u[n.ODD_RADPS + k]
        elif gear > 0:
            x[n.W_ODD + k] = x[n.WO] * c[n.RATIO0 + gear]
    before = x[n.WE]
    if u[n.ENGINE_OK] > 0 or u[n.EEC1_OK] > 0:
        x[n.WE] = u[n.ENGINE_RADPS]
    elif x[n.PHASE] == n.DRIVE:
        x[n.WE] = x[n.W_ODD + shaft_of(c, int(x[n.GEAR]))]
    else:
        x[n.WE] = 0.0
    rate = (x[n.WE] - before) / c[n.STEP_S] if x[n.STARTED] > 0 else 0.0
    x[n.WE_RATE] += min(c[n.STEP_S] / c[n.RATE_TAU_S], 1.0) * (rate - x[n.WE_RATE])
    x[n.NO_TORQUE] = 0.0 if u[n.EEC1_OK] > 0 else 1.0
    x[n.TE] = u[n.ENGINE_NM] if u[n.EEC1_OK] > 0 else driver_nm(x, u, c)
    _follow(x, c)


def _follow(x: Floats, c: Floats) -> None:
    """Engine torque and its rate by an alpha-beta filter (noise goes, a ramp has no lag); output speed by one of first order."""
    if x[n.STARTED] <= 0:
        x[n.TE_HAT], x[n.WO_HAT] = x[n.TE], x[n.WO]
    x[n.TE_HAT] += c[n.STEP_S] * x[n.TE_RATE]
    off = x[n.TE] - x[n.TE_HAT]
    x[n.TE_HAT] += c[n.TORQUE_ALPHA] * off
    x[n.TE_RATE] += c[n.TORQUE_BETA] * off / c[n.STEP_S]
    x[n.WO_RATE] = (x[n.WO] - x[n.WO_HAT]) / c[n.OUTPUT_TAU_S]
    x[n.WO_HAT] += c[n.STEP_S] * x[n.WO_RATE]


def estimate_road(x: Floats, u: Floats, c: Floats) -> None:
    """Follow road speed, acceleration, slope (sensor less derivative) and mass: pull over felt
    acceleration, slowly when locked, quickly when a launch shows that it is far off."""
    h, speed = c[n.STEP_S], x[n.WO] * c[n.RADIUS_M]
    if x[n.STARTED] <= 0:
        x[n.V_MPS], x[n.STARTED], x[n.FELT_HAT] = speed, 1.0, u[n.ACCEL_MPS2]
    x[n.FELT_RATE] = (u[n.ACCEL_MPS2] - x[n.FELT_HAT]) / c[n.FELT_TAU_S]
    x[n.FELT_HAT] += h * x[n.FELT_RATE]
    rate = (speed - x[n.V_MPS]) / c[n.SPEED_TAU_S]
    x[n.V_MPS] += min(h / c[n.SPEED_TAU_S], 1.0) * (speed - x[n.V_MPS])
    x[n.A_MPS2] += h / c[n.ACCEL_TAU_S] * (rate - x[n.A_MPS2])
    sine = min(max((u[n.ACCEL_MPS2] - x[n.A_MPS2]) / GRAVITY_MPS2, -c[n.GRADE_MOST]), c[n.GRADE_MOST])
    x[n.GRADE] += h / c[n.SLOPE_TAU_S] * (sine / math.sqrt(1 - sine * sine) - x[n.GRADE])
    x[n.CALM_S] = x[n.CALM_S] + h if x[n.PHASE] == n.DRIVE and u[n.BRAKE] <= 0 and x[n.RAMP] <= 0 else 0.0
    felt = u[n.ACCEL_MPS2] + GRAVITY_MPS2 * c[n.ROLLING]
    calm = x[n.CALM_S] > c[n.CALM_LEAST_S] and x[n.NO_TORQUE] <= 0
    ratio = c[n.RATIO0 + int(x[n.GEAR])] * c[n.EFFICIENCY] / c[n.RADIUS_M]
    if calm and x[n.TE] > c[n.MASS_NM_LEAST] and felt > c[n.MASS_FELT_MPS2]:
        pull = (x[n.TE] - c[n.JE_KGM2] * x[n.WE_RATE]) * ratio - c[n.AIR_KGPM] * x[n.V_MPS] ** 2
        _believe(x, c, pull / felt, c[n.MASS_TAU_S])
    slipping = x[n.PHASE] == n.LAUNCH and x[n.FREE_S] > c[n.FREE_LEAST_S] and u[n.BRAKE] <= 0
    if slipping and felt > c[n.MASS_FELT_MPS2] and x[n.WE] > x[n.W_ODD + shaft_of(c, int(x[n.GEAR]))]:
        mass = x[n.NOW_ODD_NM + shaft_of(c, int(x[n.GEAR]))] * ratio / felt
        if not 1 / c[n.MASS_DOUBT] < mass / x[n.MASS_KG] < c[n.MASS_DOUBT]:
            _believe(x, c, mass, c[n.MASS_FAST_S])


def _believe(x: Floats, c: Floats, mass_kg: float, tau_s: float) -> None:
    """Let the mass believed follow a measured one within its bounds."""
    x[n.MASS_KG] += c[n.STEP_S] / tau_s * (min(max(mass_kg, c[n.MASS_LOW_KG]), c[n.MASS_HIGH_KG]) - x[n.MASS_KG])
