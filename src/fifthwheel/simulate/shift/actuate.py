"""Actuators of the shift plant: engine torque with air and lag, clutch strokes, forks with synchronisers and interlock."""

from __future__ import annotations

from fifthwheel.simulate.compiled import part
from fifthwheel.simulate.shift.layout import (
    AIM1,
    AIR_SHARE,
    AIR_TAU,
    BOOST,
    FALL_TAU,
    FORK_S,
    FRICTION_NM,
    FULL0,
    GEAR1,
    IDLE,
    IDLE_RADPS,
    JC,
    KISS1,
    L1,
    MOVE1,
    N_CURVE,
    RATIO0,
    RISE_TAU,
    SPEED0,
    STROKE1,
    STROKE_GAIN,
    STROKE_TAU,
    SYNC_J,
    SYNC_SLIP,
    TE,
    TIMER1,
    W1,
    WE,
    WO,
    Floats,
)

RELEASE_NM = 60.0
"""A dog sleeve does not come out under more torque than this at its shaft."""
IDLE_GAIN = 14.0
IDLE_INTEGRAL = 30.0
IDLE_MOST_NM = 700.0
AT_REST, LEAVING, ON_THE_WAY, SYNCHRONISING, ENTERING = range(5)


@part
def full_load_nm(p: Floats, speed_radps: float) -> float:
    """Full-load torque of the engine, Nm."""
    for j in range(1, N_CURVE):
        if speed_radps <= p[SPEED0 + j] or j == N_CURVE - 1:
            share = (speed_radps - p[SPEED0 + j - 1]) / (p[SPEED0 + j] - p[SPEED0 + j - 1])
            return float(max(p[FULL0 + j - 1] + min(max(share, 0.0), 1.0) * (p[FULL0 + j] - p[FULL0 + j - 1]), 0.0))
    return 0.0


@part
def drag_nm(p: Floats, speed_radps: float) -> float:
    """Drag of the unfuelled engine, Nm, positive: grows with speed from its value at idle."""
    return float(p[FRICTION_NM] * (0.65 + 0.35 * speed_radps / p[IDLE_RADPS]))


@part
def run_engine(x: Floats, p: Floats, pedal: float, request_nm: float, requested: float, h: float) -> None:  # noqa: PLR0917
    """Engine torque after `h` seconds: the driver's or, where `requested`, the transmission's demand; idle governor."""
    w = x[WE]
    full, drag = full_load_nm(p, w), drag_nm(p, w)
    wanted = pedal * full - (1 - pedal) * drag
    if requested > 0:
        wanted = request_nm
    error = p[IDLE_RADPS] - w
    x[IDLE] = min(max(x[IDLE] + h * IDLE_INTEGRAL * error, 0.0), 0.5 * IDLE_MOST_NM)
    if error > -8.0:
        wanted = max(wanted, min(x[IDLE] + IDLE_GAIN * error, IDLE_MOST_NM) - 0.2 * drag)
    else:
        x[IDLE] *= 1 - 4 * h
    wanted = min(max(wanted, -drag), full)
    if w < 0.3 * p[IDLE_RADPS]:
        wanted = -drag if w > 1.0 else 0.0
    x[BOOST] += h / p[AIR_TAU] * (max(wanted, 0.0) - x[BOOST])
    allowed = max(p[AIR_SHARE] * full, 1.12 * x[BOOST] + 0.10 * full)
    wanted = min(wanted, max(allowed, 0.0))
    x[TE] += h / (p[RISE_TAU] if wanted > x[TE] else p[FALL_TAU]) * (wanted - x[TE])


@part
def move_clutch(x: Floats, p: Floats, k: int, stroke: float, h: float) -> float:
    """Stroke of clutch `k` after `h` seconds (first order); returns its nominal torque in Nm."""
    x[STROKE1 + k] += h / p[STROKE_TAU] * (min(max(stroke, 0.0), 1.0) - x[STROKE1 + k])
    return float(p[STROKE_GAIN] * max(x[STROKE1 + k] - p[KISS1 + k], 0.0))


@part
def move_fork(x: Floats, p: Floats, k: int, wanted: int, h: float) -> None:
    """Forks of shaft `k` for `h` seconds: leave, travel, synchronise, enter. One sleeve at a time: the other is barred."""
    move, gear = int(x[MOVE1 + k]), int(x[GEAR1 + k])
    x[TIMER1 + k] += h
    done = x[TIMER1 + k] >= p[FORK_S]
    after = move
    if move == AT_REST:
        after = AT_REST if wanted == gear else (LEAVING if gear > 0 else ON_THE_WAY)
    elif move == LEAVING and done and abs(x[L1 + k]) < RELEASE_NM:
        x[GEAR1 + k] = 0.0
        after = AT_REST
    elif move == ON_THE_WAY and done:
        after = SYNCHRONISING
    elif move == SYNCHRONISING and wanted != int(x[AIM1 + k]):
        after = AT_REST
    elif move == SYNCHRONISING and abs(p[RATIO0 + int(x[AIM1 + k])] * x[WO] - x[W1 + k]) < p[SYNC_SLIP]:
        after = ENTERING
    elif move == ENTERING and done:
        _enter(x, p, k)
        after = AT_REST
    if after != move:
        x[MOVE1 + k], x[TIMER1 + k] = after, 0.0
        x[AIM1 + k] = wanted if after == ON_THE_WAY else (0.0 if after == AT_REST else x[AIM1 + k])


@part
def _enter(x: Floats, p: Floats, k: int) -> None:
    """Couple shaft and output; what slip is left goes into the cones (the output is heavy: its speed stays)."""
    ratio = p[RATIO0 + int(x[AIM1 + k])]
    x[SYNC_J] += 0.5 * p[JC] * (x[W1 + k] ** 2 - (ratio * x[WO]) ** 2)
    x[W1 + k] = ratio * x[WO]
    x[GEAR1 + k] = x[AIM1 + k]
