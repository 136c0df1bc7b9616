"""The planar motion: rates of change of the plant's state, as parts of its compiled steps.

Both bodies move freely under their tyres' forces and gravity; the kingpin's force is what makes their hitch points accelerate
alike, found from two equations that stay regular at standstill and at any articulation. Nothing stops the cab from turning
through the trailer: what happens after a jackknife of about 90 degrees is not the truck's any more.
"""

from __future__ import annotations

from math import cos, sin, sqrt, tan

from fifthwheel.physics import slip
from fifthwheel.physics.slip import FASTEST_PERS, build_up, slip_drags, stiffness_at_load
from fifthwheel.simulate.compiled import laws, part
from fifthwheel.simulate.handling.layout import (
    ACCELERATION,
    ACROSS,
    ALONG,
    BEND,
    BRAKE,
    BRAKED,
    DRIVE,
    DRIVEN,
    FALLEN,
    FIRST_WHEEL,
    FX,
    FY,
    HEADING,
    KINGPIN_LOAD,
    KINGPIN_X,
    KINGPIN_Y,
    LIFTED,
    MZ,
    ROLL,
    RUBBED,
    SIDE_ACCELERATION,
    SIDE_SPEED,
    SLOPE_X,
    SLOPE_Y,
    SPEED,
    STEER_LOAD,
    STEERING,
    STEP_S,
    TRAILER_ACCELERATION,
    TRAILER_FX,
    TRAILER_FY,
    TRAILER_HEADING,
    TRAILER_LOAD,
    TRAILER_MZ,
    TRAILER_ROLL,
    TRAILER_SIDE_ACCELERATION,
    TRAILER_SIDE_SPEED,
    TRAILER_SPEED,
    TRAILER_YAW,
    U2,
    V2,
    YAW,
    Floats,
    Plant,
    X,
    Y,
)
from fifthwheel.units import GRAVITY_MPS2

laws(slip.saturation, stiffness_at_load, slip_drags, build_up)

LIFT_N = 1.0
"""Below this friction limit a tyre bears no force."""
LOW_SPEED_MPS = 0.5
CARCASS_S = 0.01
"""Below the low speed the tyre's carcass damps: so many seconds times its stiffness (Pacejka 8.6.2, low-speed damping)."""
STUCK_PERS = 500.0
"""How fast a wheel that its brake holds comes to rest."""


@part
def rates(plant: Plant, state: Floats, rate: Floats) -> None:
    """Fill `rate` with the rates of change of `state`; outputs and wheel loads as they are at `state`."""
    body, sums = plant.body[0], plant.sums
    fold = state[HEADING] - state[TRAILER_HEADING]
    cos_fold, sin_fold = cos(fold), sin(fold)
    hitch_side = state[SIDE_SPEED] - body.h * state[YAW]
    sums[:] = 0.0
    sums[U2] = cos_fold * state[SPEED] - sin_fold * hitch_side
    sums[V2] = sin_fold * state[SPEED] + cos_fold * hitch_side - body.d * state[TRAILER_YAW]
    sums[BEND] = tan(plant.road[STEERING]) / body.wheelbase
    wheel_loads(plant, state)
    rate[DRIVEN], rate[BRAKED], rate[RUBBED] = 0.0, 0.0, 0.0
    for index in range(len(plant.wheels)):
        wheel_rates(plant, state, rate, index)
    bodies(plant, state, rate, (cos_fold, sin_fold))
    load_rates(plant, state, rate)


@part
def wheel_loads(plant: Plant, state: Floats) -> None:
    """Wheel loads from the loads of the groups and the overturning moments; a side that lifts leaves all to the other."""
    body = plant.body[0]
    whole = (body.m1 + body.m2) * GRAVITY_MPS2
    tractor_roll = state[ROLL] + body.handed * state[TRAILER_ROLL]
    steer, trailer = max(state[STEER_LOAD], 0.0), max(state[TRAILER_LOAD], 0.0)
    lifted = 0.0
    for index in range(0, len(plant.wheels), 2):
        wheel = plant.wheels[index]
        if wheel.group == 0:
            load, roll = steer, body.steer_roll * tractor_roll
        elif wheel.group == 1:
            load, roll = max(whole - steer - trailer, 0.0), (1.0 - body.steer_roll) * tractor_roll
        else:
            load, roll = trailer, (1.0 - body.handed) * state[TRAILER_ROLL]
        half, shift = 0.5 * load * wheel.share, roll * wheel.share * wheel.per_track
        shift = min(max(shift, -half), half)
        plant.loads[index], plant.loads[index + 1] = half - shift, half + shift
        lifted = max(lifted, abs(shift) / max(half, LIFT_N))
    plant.out[LIFTED] = lifted


@part
def wheel_rates(plant: Plant, state: Floats, rate: Floats, index: int) -> None:
    """One wheel: its tyre's forces onto its body, its spin, and what became heat in its brake and its tyre."""
    wheel, sums, count = plant.wheels[index], plant.sums, len(plant.wheels)
    spin, along, across = (FIRST_WHEEL + index, FIRST_WHEEL + ALONG * count + index, FIRST_WHEEL + ACROSS * count + index)
    u, v, yaw = (sums[U2], sums[V2], state[TRAILER_YAW]) if wheel.trailer else (state[SPEED], state[SIDE_SPEED], state[YAW])
    body_u, body_v = u - yaw * wheel.y, v + yaw * wheel.x
    c, s = wheel_heading(sums[BEND], wheel.x + plant.body[0].b, wheel.y) if wheel.steered else (1.0, 0.0)
    rolled = c * body_u + s * body_v
    slips = (wheel.radius * state[spin] - rolled, s * body_u - c * body_v)
    force, rate[along], rate[across] = tyre(plant, index, (state[along], state[across]), slips, rolled)
    fx, fy = c * force[0] - s * force[1], s * force[0] + c * force[1]
    at = TRAILER_FX if wheel.trailer else FX
    sums[at] += fx
    sums[at + 1] += fy
    sums[at + 2] += wheel.x * fy - wheel.y * fx
    drive = plant.torque[index, DRIVE]
    most = plant.torque[index, BRAKE] + wheel.rolling * plant.loads[index] * wheel.radius
    net = drive - wheel.radius * force[0]
    held = brake_torque(state[spin], net, most, wheel.inertia)
    rate[spin] = (net - held) / wheel.inertia
    rate[DRIVEN] += drive * state[spin]
    rate[BRAKED] += held * state[spin]
    rate[RUBBED] += force[0] * slips[0] + force[1] * slips[1]


@part
def wheel_heading(bend: float, ahead: float, left: float) -> tuple[float, float]:
    """Cosine and sine of the angle of a steered wheel: all axes meet in one point on the line of the drive axle (Ackermann)."""
    along, across = 1.0 - bend * left, bend * ahead
    per = 1.0 / sqrt(along * along + across * across)
    return per * along, per * across


@part
def brake_torque(spin: float, net: float, most: float, inertia: float) -> float:
    """Torque of a brake that can bear `most` on a wheel at `spin` under the `net` torque of all else: it drags, or it holds."""
    if abs(spin) * inertia > most * STEP_S:
        return most if spin > 0.0 else -most
    if abs(net) > most:
        return most if net > 0.0 else -most
    return net + STUCK_PERS * inertia * spin


@part
def tyre(
    plant: Plant, index: int, now: tuple[float, float], slips: tuple[float, float], rolled: float
) -> tuple[tuple[float, float], float, float]:
    """Forces of a tyre along and across its wheel, and rates of the forces in its state `now`, at slip speeds `slips`."""
    wheel, load = plant.wheels[index], plant.loads[index]
    limits = (plant.grip[index] * load, plant.grip[index] * wheel.side_grip * load)
    if limits[0] < LIFT_N:
        return (0.0, 0.0), -FASTEST_PERS * now[0], -FASTEST_PERS * now[1]
    stiff = (wheel.slip * load, wheel.cornering * stiffness_at_load(load, wheel.peak_load))
    speed = max(abs(rolled), abs(rolled + slips[0]))
    drags = slip_drags(slips, stiff, limits, speed, wheel.curve)
    supply = (stiff[0] * slips[0], stiff[1] * slips[1])
    along_rate = build_up(now[0], supply[0], drags[0], wheel.relaxation)
    if wheel.side_relaxation > 0.0:
        across, across_rate = now[1], build_up(now[1], supply[1], drags[1], wheel.side_relaxation)
    else:
        across = supply[1] / max(drags[1], LOW_SPEED_MPS)
        across_rate = FASTEST_PERS * (across - now[1])
    along = now[0]
    if speed < LOW_SPEED_MPS:
        fade = CARCASS_S * (1.0 - (speed / LOW_SPEED_MPS) ** 2) ** 2
        along += fade * supply[0] / wheel.relaxation
        across += fade * supply[1] / max(wheel.side_relaxation, wheel.relaxation)
    x, y = along / limits[0], across / limits[1]
    if x * x + y * y > 1.0:
        used = sqrt(x * x + y * y)
        along, across = along / used, across / used
    return (along, across), along_rate, across_rate


@part
def bodies(plant: Plant, state: Floats, rate: Floats, fold: tuple[float, float]) -> None:
    """Accelerations of both bodies with the kingpin's force between them; place, headings and energy from gravity.

    Without a trailer, its state turns along with the tractor.
    """
    body, sums, out, (c, s) = plant.body[0], plant.sums, plant.out, fold
    yaw, trailer_yaw = state[YAW], state[TRAILER_YAW]
    head, trailer_head = (cos(state[HEADING]), sin(state[HEADING])), (cos(state[TRAILER_HEADING]), sin(state[TRAILER_HEADING]))
    gravity = downhill(plant, head)
    trailer_gravity = downhill(plant, trailer_head)
    ax, ay = sums[FX] / body.m1 + gravity[0], sums[FY] / body.m1 + gravity[1]
    turn = sums[MZ] / body.i1
    kx, ky = 0.0, 0.0
    if body.m2 > 0.0:
        trailer_turn = sums[TRAILER_MZ] / body.i2
        bx, by = sums[TRAILER_FX] / body.m2 + trailer_gravity[0], sums[TRAILER_FY] / body.m2 + trailer_gravity[1]
        kx, ky = kingpin_force(plant, (yaw, trailer_yaw), (ax, ay, turn), (bx, by, trailer_turn), fold)
    kx2, ky2 = c * kx - s * ky, s * kx + c * ky
    ax, ay, turn = ax + kx / body.m1, ay + ky / body.m1, turn - body.h * ky / body.i1
    if body.m2 > 0.0:
        bx, by, trailer_turn = bx - kx2 / body.m2, by - ky2 / body.m2, trailer_turn - body.d * ky2 / body.i2
    else:
        bx, by, trailer_turn = ax, ay, turn
    rate[SPEED], rate[SIDE_SPEED] = ax + yaw * state[SIDE_SPEED], ay - yaw * state[SPEED]
    rate[YAW], rate[TRAILER_YAW] = turn, trailer_turn
    rate[X] = head[0] * state[SPEED] - head[1] * state[SIDE_SPEED]
    rate[Y] = head[1] * state[SPEED] + head[0] * state[SIDE_SPEED]
    rate[HEADING], rate[TRAILER_HEADING] = yaw, trailer_yaw
    rate[FALLEN] = body.m1 * (gravity[0] * state[SPEED] + gravity[1] * state[SIDE_SPEED])
    rate[FALLEN] += body.m2 * (trailer_gravity[0] * sums[U2] + trailer_gravity[1] * sums[V2])
    out[KINGPIN_X], out[KINGPIN_Y], out[TRAILER_SPEED], out[TRAILER_SIDE_SPEED] = kx, ky, sums[U2], sums[V2]
    out[ACCELERATION], out[SIDE_ACCELERATION] = ax - gravity[0], ay - gravity[1]
    out[TRAILER_ACCELERATION], out[TRAILER_SIDE_ACCELERATION] = bx - trailer_gravity[0], by - trailer_gravity[1]
    sums[TRAILER_FX], sums[TRAILER_FY], sums[TRAILER_MZ] = kx2, ky2, 0.0


@part
def kingpin_force(
    plant: Plant,
    yaws: tuple[float, float],
    tractor: tuple[float, float, float],
    trailer: tuple[float, float, float],
    fold: tuple[float, float],
) -> tuple[float, float]:
    """Force of the trailer on the tractor, along and across it, that makes both hitch points accelerate alike.

    `tractor`, `trailer`: what each centre of mass does alone, along and across its own frame and about the vertical.
    """
    body, (c, s) = plant.body[0], fold
    free_x, free_y = trailer[0] - body.d * yaws[1] * yaws[1], trailer[1] + body.d * trailer[2]
    gap_x = c * free_x + s * free_y - tractor[0] - body.h * yaws[0] * yaws[0]
    gap_y = -s * free_x + c * free_y - tractor[1] + body.h * tractor[2]
    # Mobility of the hitch: how it gives way along and across, from both bodies.
    long, wide = 1.0 / body.m2, 1.0 / body.m2 + body.d * body.d / body.i2
    xx = 1.0 / body.m1 + c * c * long + s * s * wide
    yy = 1.0 / body.m1 + body.h * body.h / body.i1 + s * s * long + c * c * wide
    xy = s * c * (wide - long)
    per = 1.0 / (xx * yy - xy * xy)
    return per * (yy * gap_x - xy * gap_y), per * (xx * gap_y - xy * gap_x)


@part
def downhill(plant: Plant, head: tuple[float, float]) -> tuple[float, float]:
    """Gravity's acceleration along and across a body that heads so."""
    x, y = plant.road[SLOPE_X], plant.road[SLOPE_Y]
    return -GRAVITY_MPS2 * (head[0] * x + head[1] * y), -GRAVITY_MPS2 * (head[0] * y - head[1] * x)


@part
def load_rates(plant: Plant, state: Floats, rate: Floats) -> None:
    """Axle loads and overturning moments follow the accelerations with the lag of the suspension.

    After `bodies`: the sums of the trailer hold the kingpin's force in the trailer's frame.
    """
    body, out = plant.body[0], plant.out
    kx2, ky2 = plant.sums[TRAILER_FX], plant.sums[TRAILER_FY]
    tilt = body.m2 * (GRAVITY_MPS2 * body.e - out[TRAILER_ACCELERATION] * body.trailer_height) - kx2 * body.kingpin_height
    kingpin = tilt / (body.d + body.e) if body.m2 > 0.0 else 0.0
    trailer = body.m2 * GRAVITY_MPS2 - kingpin
    nose = body.m1 * (GRAVITY_MPS2 * body.b - out[ACCELERATION] * body.height) + out[KINGPIN_X] * body.kingpin_height
    steer = (nose + kingpin * (body.b - body.h)) / body.wheelbase
    roll = body.m1 * out[SIDE_ACCELERATION] * body.height - out[KINGPIN_Y] * body.kingpin_height
    trailer_roll = body.m2 * out[TRAILER_SIDE_ACCELERATION] * body.trailer_height + ky2 * body.kingpin_height
    per = 1.0 / body.load_lag
    rate[STEER_LOAD], rate[TRAILER_LOAD] = per * (steer - state[STEER_LOAD]), per * (trailer - state[TRAILER_LOAD])
    rate[ROLL], rate[TRAILER_ROLL] = per * (roll - state[ROLL]), per * (trailer_roll - state[TRAILER_ROLL])
    out[KINGPIN_LOAD] = kingpin
