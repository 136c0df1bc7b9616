"""The non-linear planar vehicle under way: made from a `Rig`, driven in steps of 1 ms, recorded."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, SimulationError
from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.compiled import compiled, part
from fifthwheel.simulate.handling.layout import (
    BODY,
    BRAKE,
    DRIVE,
    FIRST_WHEEL,
    N_OUT,
    N_ROAD,
    N_STAGE,
    N_SUM,
    N_WHEEL,
    SPEED,
    STEER_LOAD,
    STEP_S,
    TRAILER_LOAD,
    WHEEL,
    Floats,
    Plant,
)
from fifthwheel.simulate.handling.motion import rates
from fifthwheel.simulate.handling.rig import Axle, Group, Rig


def plant_of(rig: Rig, *, speed_mps: float = 0.0, grip_ratio: float = 0.8) -> Plant:
    """A rig that rolls straight along the world's x at `speed_mps` on a level road of one friction, nothing demanded.

    Raises
    ------
    InputError : the friction is negative.
    """
    if not grip_ratio >= 0.0:
        raise InputError(f"grip is {grip_ratio}; zero or more is accepted")
    wheels = np.zeros(2 * len(rig.axles), dtype=WHEEL)
    for index, axle in enumerate(rig.axles):
        wheels[2 * index] = _wheel(rig, axle, 0.5 * axle.track_m)
        wheels[2 * index + 1] = _wheel(rig, axle, -0.5 * axle.track_m)
    count = len(wheels)
    state = np.zeros(FIRST_WHEEL + N_WHEEL * count)
    loads = rig.group_loads_n()
    state[SPEED], state[STEER_LOAD], state[TRAILER_LOAD] = speed_mps, loads[Group.STEER], loads.get(Group.TRAILER, 0.0)
    state[FIRST_WHEEL : FIRST_WHEEL + count] = speed_mps / wheels["radius"]
    longest = max(int(wheels["dead_brake"].max()), int(wheels["dead_drive"].max()))
    return Plant(
        body=_body(rig),
        wheels=wheels,
        state=state,
        road=np.zeros(N_ROAD),
        grip=np.full(count, grip_ratio),
        demand=np.zeros((count, 2)),
        torque=np.zeros((count, 2)),
        queue=np.zeros((longest + 1, count, 2)),
        clock=np.zeros(1, dtype=np.int64),
        out=np.zeros(N_OUT),
        loads=np.zeros(count),
        work=np.zeros((N_STAGE, len(state))),
        sums=np.zeros(N_SUM),
    )


def wheels_of(plant: Plant, group: Group) -> NDArray[np.bool_]:
    """Which wheels stand in an axle group, shape (n_wheels,)."""
    found: NDArray[np.bool_] = plant.wheels["group"] == list(Group).index(group)
    return found


def recorded(plant: Plant) -> tuple[Floats, ...]:
    """What `run` writes in a row, in order."""
    return plant.state, plant.out, plant.loads, plant.road, plant.torque.ravel()


def run(plant: Plant, seconds: float, control: Callable[[Plant, float], None] | None = None, *, every_s: float = 0.01) -> Floats:
    """Drive on for `seconds`; `control` may change demands, steering and road before each `every_s`.

    Returns state, outputs, wheel loads, road and acting torques after each `every_s`, shape (n, n_state + N_OUT + n_wheels +
    N_ROAD + 2 n_wheels); `trace` names them.

    Raises
    ------
    InputError : `every_s` is not a whole number of milliseconds. SimulationError : the state is no longer finite.
    """
    if every_s < STEP_S or abs(every_s / STEP_S - round(every_s / STEP_S)) > 1e-6:
        raise InputError(f"control comes every {every_s} s; a whole multiple of {STEP_S} s is accepted")
    steps, pieces = round(every_s / STEP_S), round(seconds / every_s)
    parts = recorded(plant)
    rows = np.empty((pieces, sum(len(part) for part in parts)))
    for index in range(pieces):
        if control is not None:
            control(plant, plant.clock[0] * STEP_S)
        advance(plant, steps)
        np.concatenate(parts, out=rows[index])
    if not np.isfinite(plant.state).all():
        raise SimulationError(f"the planar vehicle's state is not finite after {plant.clock[0] * STEP_S:.3f} s; finite is wanted")
    return rows


@part
def act(plant: Plant) -> None:
    """Torques follow their demands: dead time, then first-order lag."""
    now, length = plant.clock[0], len(plant.queue)
    for index in range(len(plant.wheels)):
        wheel = plant.wheels[index]
        plant.queue[now % length, index, BRAKE] = plant.demand[index, BRAKE]
        plant.queue[now % length, index, DRIVE] = plant.demand[index, DRIVE]
        brake = plant.queue[(now - wheel.dead_brake) % length, index, BRAKE]
        drive = plant.queue[(now - wheel.dead_drive) % length, index, DRIVE]
        plant.torque[index, BRAKE] += wheel.follow_brake * (brake - plant.torque[index, BRAKE])
        plant.torque[index, DRIVE] += wheel.follow_drive * (drive - plant.torque[index, DRIVE])
    plant.clock[0] = now + 1


@part
def step(plant: Plant) -> None:
    """One step of `STEP_S`: the actuators, then the motion (Runge-Kutta of fourth order)."""
    act(plant)
    state, work = plant.state, plant.work
    count = len(state)
    for index in range(count):
        work[4, index] = state[index]
    for stage in range(4):
        rates(plant, work[4], work[stage])
        way = STEP_S if stage == 2 else 0.5 * STEP_S
        for index in range(count):
            work[4, index] = state[index] + way * work[stage, index]
    for index in range(count):
        slope = work[0, index] + 2.0 * (work[1, index] + work[2, index]) + work[3, index]
        state[index] += STEP_S / 6.0 * slope


@compiled
def advance(plant: Plant, steps: int) -> None:
    """Drive on for a number of steps of 1 ms."""
    for _ in range(steps):
        step(plant)


def _body(rig: Rig) -> np.ndarray[tuple[int, ...], np.dtype[np.void]]:
    body = np.zeros(1, dtype=BODY)
    values = {
        "m1": rig.tractor_mass_kg,
        "m2": rig.trailer_mass_kg,
        "i1": rig.tractor_inertia_kgm2,
        "i2": rig.trailer_inertia_kgm2,
        "h": rig.hitch_m,
        "d": rig.kingpin_m,
        "e": rig.bogie_m,
        "b": rig.drive_m,
        "wheelbase": rig.steer_m + rig.drive_m,
        "height": rig.tractor_height_m,
        "trailer_height": rig.trailer_height_m,
        "kingpin_height": rig.kingpin_height_m,
        "handed": rig.kingpin_roll_ratio,
        "steer_roll": rig.steer_roll_ratio,
        "load_lag": rig.load_lag_s,
    }
    for name, value in values.items():
        body[name] = value
    return body


def _wheel(rig: Rig, axle: Axle, left_m: float) -> tuple[float, ...]:
    """A row of `WHEEL`, in its order."""
    load = rig.group_loads_n()[axle.group] * axle.load_share_ratio
    greatest = axle.cornering_n / stiffness_at_load(load, axle.peak_load_n)
    return (
        axle.group is Group.TRAILER,
        list(Group).index(axle.group),
        axle.group is Group.STEER,
        rig.place_m(axle),
        left_m,
        axle.load_share_ratio,
        1.0 / axle.track_m,
        axle.radius_m,
        axle.spin_kgm2,
        0.5 * greatest,
        0.5 * axle.peak_load_n,
        axle.slip_stiffness_ratio,
        axle.shape_ratio,
        axle.side_grip_ratio,
        axle.relaxation_m,
        axle.side_relaxation_m,
        axle.rolling_ratio,
        round(axle.brake_dead_s / STEP_S),
        round(axle.drive_dead_s / STEP_S),
        _follow(axle.brake_lag_s),
        _follow(axle.drive_lag_s),
    )


def _follow(lag_s: float) -> float:
    """Share of the way to its demand that a lag covers in a step."""
    return 1.0 - exp(-STEP_S / lag_s) if lag_s > 0.0 else 1.0
