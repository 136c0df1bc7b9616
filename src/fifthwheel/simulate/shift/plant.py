"""One millisecond of the driveline: four inertias, clutches and synchronisers that stick and slip, exact energy.

Equations: the four-inertia dual-clutch model with shaft compliance (Walker, Zhang, Tamba 2011, MSSP 25:1923). A friction
element's torque is the one that stops its slip within the step, bounded by its capacity (projected Gauss-Seidel on end-of-step
slips), so that sticking is exact and nothing chatters. Works are torque times mean speed of the step, the spring is taken at
its mean twist: kinetic and potential energies then change by exactly what the account books.
"""

from __future__ import annotations

import math

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.shift.layout import (
    AERO_J,
    AIM1,
    AMBIENT,
    AV,
    BRAKE_J,
    BRAKE_NM,
    CDA,
    CLIMB_J,
    CLUTCH1_J,
    CLUTCHES,
    COOL,
    DAMP_J,
    DAMPING,
    DRAG_NM,
    ENGINE_J,
    ETA0,
    FADE,
    FRICTION_SLOPE,
    GEAR1,
    GRADE,
    HEAT_CAP,
    JC,
    JE,
    JO,
    JV,
    K1,
    L1,
    L3,
    L5,
    MASS,
    MESH_J,
    MOVE1,
    RADIUS,
    RATIO0,
    ROLL,
    ROLL_J,
    SPRING,
    STATIC,
    STIFF,
    SYNC_J,
    SYNC_NM,
    TE,
    TIME,
    TWIST,
    W1,
    WAY,
    WE,
    WO,
    WORK_J,
    WV,
    Floats,
)

GRAVITY_MPS2 = 9.81
AIR_KGPM3 = 1.188
SWEEPS = 60
EXACT_RADPS = 1e-10
SLIPPING_RADPS = 0.5
ENTERING = 3
"""From this movement on the synchroniser's cones hold."""


@part
def capacity(x: Floats, p: Floats, k: int, nominal_nm: float) -> float:
    """Most torque (Nm) of clutch `k` (0 odd, 1 even) for its nominal torque: friction grows with slip, more when it sticks."""
    gear = int(x[GEAR1 + k])
    slip = abs(x[WE] - (p[RATIO0 + gear] * x[WO] if gear > 0 else x[W1 + k]))
    friction = p[FADE] * (1 + p[FRICTION_SLOPE] * slip)
    if slip < SLIPPING_RADPS:
        friction *= 1 + (p[STATIC] - 1) * (1 - slip / SLIPPING_RADPS)
    return float(max(nominal_nm, 0.0) * friction + p[DRAG_NM] if k < p[CLUTCHES] else 0.0)


@part
def road_nm(x: Floats, p: Floats) -> float:
    """Torque of grade and air on the vehicle at the wheels, Nm, positive against driving."""
    v = x[WV] * p[RADIUS]
    sine = p[GRADE] / math.sqrt(1 + p[GRADE] ** 2)
    return float(p[RADIUS] * (p[MASS] * GRAVITY_MPS2 * sine + 0.5 * AIR_KGPM3 * p[CDA] * v * abs(v)))


@part
def rolling_nm(p: Floats) -> float:
    """Torque of rolling at the wheels, Nm."""
    return float(p[RADIUS] * p[MASS] * GRAVITY_MPS2 * p[ROLL] / math.sqrt(1 + p[GRADE] ** 2))


@part
def mesh(p: Floats, gear: int, torque_nm: float) -> float:
    """Torque at the wheels of a clutch torque through a gear: its loss is taken from whoever drives."""
    ratio, eta = p[RATIO0 + gear], p[ETA0 + gear]
    return float(ratio * torque_nm * (eta if torque_nm >= 0 else 1 / eta))


@part
def _bound(value: float, most: float) -> float:
    return min(max(value, -most), most)


@part
def _couple(x: Floats, y: Floats, c: Floats, p: Floats, h: float) -> float:
    """One sweep over the friction elements on end-of-step speeds `y` and torques; returns the largest slip it had to correct."""
    worst = 0.0
    for k in range(2):
        gear = int(x[GEAR1 + k])
        before = y[5 + k]
        if gear > 0:
            ratio = p[RATIO0 + gear]
            gain = mesh(p, gear, 1.0) if before >= 0 else -mesh(p, gear, -1.0)
            slip = y[0] - ratio * y[3]
            now = _bound(before + slip / (h * (1 / p[JE] + ratio * gain * c[0])), c[4 + k])
            shift = mesh(p, gear, now) - mesh(p, gear, before)
            y[3] += h * c[0] * shift
            y[4] += h * c[2] * shift
        else:
            slip = y[0] - y[1 + k]
            now = _bound(before + slip / (h * (1 / p[JE] + 1 / p[JC])), c[4 + k])
            y[1 + k] += h * (now - before) / p[JC]
        y[0] -= h * (now - before) / p[JE]
        y[5 + k] = now
        worst = max(worst, abs(now - before) * h / p[JE])
        aim = int(c[9 + k])
        if aim > 0:
            ratio, before = p[RATIO0 + aim], y[7 + k]
            now = _bound(before + (ratio * y[3] - y[1 + k]) / (h * (1 / p[JC] + ratio * ratio * c[0])), p[SYNC_NM])
            y[1 + k] += h * (now - before) / p[JC]
            y[3] -= h * c[0] * ratio * (now - before)
            y[4] -= h * c[2] * ratio * (now - before)
            y[7 + k] = now
            worst = max(worst, abs(now - before) * h / p[JC])
    before = y[9]
    now = _bound(before + y[4] / (h * c[3]), c[6])
    y[3] -= h * c[1] * (now - before)
    y[4] -= h * c[3] * (now - before)
    y[9] = now
    return float(max(worst, abs(now - before) * h * c[3]))


@part
def _prepare(x: Floats, c: Floats, p: Floats, h: float) -> None:
    """Response of output and vehicle speed to torques on either, the spring at its mean: `c` 0 to 3; inertia at the output."""
    inertia = p[JO]
    for k in range(2):
        gear = int(x[GEAR1 + k])
        if gear > 0:
            inertia += p[RATIO0 + gear] ** 2 * p[JC]
    stiff = 0.5 * h * p[STIFF] + p[DAMPING]
    whole = 1 + 0.5 * h * stiff * (1 / inertia + 1 / p[JV])
    forth, back = stiff * 0.5 * h / (inertia * whole), stiff * 0.5 * h / (p[JV] * whole)
    c[0], c[1], c[2], c[3] = (1 - forth) / inertia, back / inertia, forth / p[JV], (1 - back) / p[JV]
    c[7] = (p[STIFF] * x[TWIST] + stiff * (x[WO] - x[WV])) / whole
    c[8] = inertia


@part
def advance(x: Floats, y: Floats, c: Floats, p: Floats, caps: Floats, brake: float, h: float) -> None:  # noqa: PLR0917
    """Let `h` seconds pass: engine torque `x[TE]`, clutch capacities `caps` (2,) Nm, `brake` 0 to 1; `y`, `c` scratch (12,)."""
    _prepare(x, c, p, h)
    c[4], c[5] = caps[0], caps[1]
    c[6] = rolling_nm(p) + brake * p[BRAKE_NM]
    load = road_nm(x, p)
    y[0] = x[WE] + h * x[TE] / p[JE]
    y[3] = x[WO] - h * c[7] / c[8] - h * c[1] * load
    y[4] = x[WV] + h * c[7] / p[JV] - h * c[3] * load
    y[9] = _bound(x[L5], c[6])
    for k in range(2):
        gear, held = int(x[GEAR1 + k]), _bound(x[L1 + k], c[4 + k])
        c[9 + k] = x[AIM1 + k] if gear == 0 and x[MOVE1 + k] >= ENTERING else 0.0
        sync = _bound(x[L3 + k], p[SYNC_NM]) if c[9 + k] > 0 else 0.0
        out = mesh(p, gear, held) if gear > 0 else -p[RATIO0 + int(c[9 + k])] * sync
        y[0] -= h * held / p[JE]
        y[1 + k] = x[W1 + k] + h * ((0.0 if gear > 0 else held) + sync) / p[JC]
        y[3] += h * c[0] * out
        y[4] += h * c[2] * out
        y[5 + k], y[7 + k] = held, sync
    y[3] -= h * c[1] * y[9]
    y[4] -= h * c[3] * y[9]
    for _ in range(SWEEPS):
        if _couple(x, y, c, p, h) < EXACT_RADPS:
            break
    _book(x, y, c, p, load, brake, h)


@part
def _book(x: Floats, y: Floats, c: Floats, p: Floats, load: float, brake: float, h: float) -> None:  # noqa: PLR0917
    """Add the step's works to the account, then take over the new speeds."""
    mean_e, mean_o, mean_v = 0.5 * (x[WE] + y[0]), 0.5 * (x[WO] + y[3]), 0.5 * (x[WV] + y[4])
    x[ENGINE_J] += h * x[TE] * mean_e
    x[WORK_J] += h * max(x[TE] * mean_e, 0.0)
    x[DAMP_J] += h * p[DAMPING] * (mean_o - mean_v) ** 2
    climb = p[RADIUS] * p[MASS] * GRAVITY_MPS2 * p[GRADE] / math.sqrt(1 + p[GRADE] ** 2)
    x[CLIMB_J] += h * climb * mean_v
    x[AERO_J] += h * (load - climb) * mean_v
    roll = rolling_nm(p)
    share = brake * p[BRAKE_NM] / (roll + brake * p[BRAKE_NM])
    x[BRAKE_J] += h * y[9] * mean_v * share
    x[ROLL_J] += h * y[9] * mean_v * (1 - share)
    for k in range(2):
        gear = int(x[GEAR1 + k])
        torque = y[5 + k]
        if gear > 0:
            y[1 + k] = p[RATIO0 + gear] * y[3]
            x[MESH_J] += h * (p[RATIO0 + gear] * torque - mesh(p, gear, torque)) * mean_o
        aim = int(c[9 + k])
        mean_k = p[RATIO0 + gear] * mean_o if gear > 0 else 0.5 * (x[W1 + k] + y[1 + k])
        heat = h * torque * (mean_e - mean_k)
        x[CLUTCH1_J + k] += heat
        x[K1 + k] += (heat - h * p[COOL] * (x[K1 + k] - p[AMBIENT])) / p[HEAT_CAP]
        x[SYNC_J] += h * y[7 + k] * (p[RATIO0 + aim] * mean_o - mean_k)
        x[W1 + k], x[L1 + k], x[L3 + k] = y[1 + k], torque, y[7 + k]
    x[TWIST] += h * (mean_o - mean_v)
    x[SPRING] = p[STIFF] * x[TWIST] + p[DAMPING] * (mean_o - mean_v)
    x[AV] = (y[4] - x[WV]) / h * p[RADIUS]
    x[WAY] += h * mean_v * p[RADIUS]
    x[WE], x[WO], x[WV], x[L5] = y[0], y[3], y[4], y[9]
    x[TIME] += h
