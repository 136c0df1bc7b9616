"""What the control unit believes: plausible signals in place of lost ones, road speed, slope, mass, the driver's torque."""

from __future__ import annotations

import math

from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.layout import Floats

GRAVITY_MPS2 = 9.81
SPEED_TAU_S = 0.08
SLOPE_TAU_S = 1.0
MASS_TAU_S = 4.0
RATE_TAU_S = 0.03


def shaft_of(gear: int) -> int:
    """0 for odd gears, 1 for even ones."""
    return 1 - gear % 2


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
        for k in range(2):
            gear = int(u[n.ODD_GEAR + k])
            if gear > 0 and u[n.ODD_OK + k] > 0:
                x[n.WO] = u[n.ODD_RADPS + k] / c[n.RATIO0 + gear]
    for k in range(2):
        gear = int(u[n.ODD_GEAR + k])
        if u[n.ODD_OK + k] > 0:
            x[n.W_ODD + k] = u[n.ODD_RADPS + k]
        elif gear > 0:
            x[n.W_ODD + k] = x[n.WO] * c[n.RATIO0 + gear]
    before = x[n.WE]
    if u[n.ENGINE_OK] > 0 or u[n.EEC1_OK] > 0:
        x[n.WE] = u[n.ENGINE_RADPS]
    elif x[n.PHASE] == n.DRIVE:
        x[n.WE] = x[n.W_ODD + shaft_of(int(x[n.GEAR]))]
    else:
        x[n.WE] = 0.0
    rate = (x[n.WE] - before) / c[n.STEP_S] if x[n.STARTED] > 0 else 0.0
    x[n.WE_RATE] += min(c[n.STEP_S] / RATE_TAU_S, 1.0) * (rate - x[n.WE_RATE])
    x[n.NO_TORQUE] = 0.0 if u[n.EEC1_OK] > 0 else 1.0
    x[n.TE] = u[n.ENGINE_NM] if u[n.EEC1_OK] > 0 else driver_nm(x, u, c)


def estimate_road(x: Floats, u: Floats, c: Floats) -> None:
    """Follow road speed, acceleration, slope (sensor less derivative) and mass (pull over felt acceleration, when locked)."""
    h, speed = c[n.STEP_S], x[n.WO] * c[n.RADIUS_M]
    if x[n.STARTED] <= 0:
        x[n.V_MPS], x[n.STARTED] = speed, 1.0
    rate = (speed - x[n.V_MPS]) / SPEED_TAU_S
    x[n.V_MPS] += min(h / SPEED_TAU_S, 1.0) * (speed - x[n.V_MPS])
    x[n.A_MPS2] += h / 0.3 * (rate - x[n.A_MPS2])
    sine = min(max((u[n.ACCEL_MPS2] - x[n.A_MPS2]) / GRAVITY_MPS2, -0.3), 0.3)
    x[n.GRADE] += h / SLOPE_TAU_S * (sine / math.sqrt(1 - sine * sine) - x[n.GRADE])
    x[n.CALM_S] = x[n.CALM_S] + h if x[n.PHASE] == n.DRIVE and u[n.BRAKE] <= 0 and x[n.RAMP] <= 0 else 0.0
    felt = u[n.ACCEL_MPS2] + GRAVITY_MPS2 * c[n.ROLLING]
    if x[n.CALM_S] > 1.0 and x[n.TE] > 300 and felt > 0.3 and x[n.NO_TORQUE] <= 0:
        ratio = c[n.RATIO0 + int(x[n.GEAR])]
        pull = (x[n.TE] - c[n.JE_KGM2] * x[n.WE_RATE]) * ratio * c[n.EFFICIENCY] / c[n.RADIUS_M]
        mass = min(max(pull / felt, 4_000.0), 60_000.0)
        x[n.MASS_KG] += h / MASS_TAU_S * (mass - x[n.MASS_KG])
