"""A manoeuvre driven: the test driver steers, holds speed and brakes; a control unit may stand between driver and plant."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin

import numpy as np

from fifthwheel.simulate.handling.layout import (
    BRAKE,
    DRIVE,
    HEADING,
    SIDE_SPEED,
    SLOPE_X,
    SLOPE_Y,
    SPEED,
    STEERING,
    TRAILER_HEADING,
    TRAILER_YAW,
    YAW,
    Floats,
    Plant,
    X,
    Y,
)
from fifthwheel.simulate.handling.manoeuvre import Manoeuvre, Steered
from fifthwheel.simulate.handling.plant import plant_of, run, wheels_of
from fifthwheel.simulate.handling.preview import Driver, Preview, driver, preview
from fifthwheel.simulate.handling.rig import Group, Rig
from fifthwheel.simulate.handling.trace import trace
from fifthwheel.units import GRAVITY_MPS2

Control = Callable[[Plant, float], None]


def perform(
    manoeuvre: Manoeuvre, rig: Rig, control: Control | None = None, *, one: Driver | None = None, every_s: float = 0.01
) -> dict[str, Floats]:
    """Drive a manoeuvre; columns as in `trace`.

    Every `every_s` the driver acts, then `control` may change what the driver demands of the plant (torques, steering). Without
    it the driver's deceleration is shared over all wheels by their load at rest, and no wheel is kept from locking; a control
    unit takes the deceleration from `Manoeuvre.demand_mps2`.

    Raises
    ------
    InputError : the manoeuvre asks what cannot be driven. SimulationError : the state is no longer finite.
    """
    plant = plant_of(rig, speed_mps=manoeuvre.speed_mps)
    plant.state[X] = -rig.steer_m
    act = _Driving(manoeuvre, rig, plant, one or driver(), every_s)

    def both(plant: Plant, time_s: float) -> None:
        act(plant, time_s)
        if control is not None:
            control(plant, time_s)

    return trace(plant, run(plant, manoeuvre.seconds, both, every_s=every_s), every_s)


class _Driving:
    """What the driver and the ground do to a plant every `every_s`."""

    def __init__(self, manoeuvre: Manoeuvre, rig: Rig, plant: Plant, one: Driver, every_s: float) -> None:
        self.manoeuvre, self.rig, self.one, self.every_s = manoeuvre, rig, one, every_s
        self.path, self.way_m = manoeuvre.path(), 0.0
        self.amplitude_rad = manoeuvre.amplitude_rad(rig) if isinstance(manoeuvre, Steered) else 0.0
        self.looks: dict[int, Preview] = {}
        wheels = plant.wheels
        self.ahead_m, self.left_m, self.trailer = wheels["x"].copy(), wheels["y"].copy(), wheels["trailer"] > 0
        self.behind_m = self.ahead_m - rig.kingpin_m
        self.back_m = np.where(self.trailer, self.behind_m - rig.hitch_m, self.ahead_m) - rig.steer_m
        loads = np.array([rig.group_loads_n()[axle.group] * axle.load_share_ratio / 2.0 for axle in rig.axles for _ in "lr"])
        driven = wheels_of(plant, Group.DRIVE)
        self.brakes = loads / GRAVITY_MPS2 * wheels["radius"]
        self.drives = np.where(driven, loads / loads[driven].sum(), 0.0) * wheels["radius"]
        self.rolling_n = float((wheels["rolling"] * loads).sum())
        plant.road[SLOPE_X], plant.road[SLOPE_Y] = manoeuvre.ground.grade_ratio, manoeuvre.ground.cross_ratio

    def __call__(self, plant: Plant, time_s: float) -> None:
        state, ground = plant.state, self.manoeuvre.ground
        c, s = cos(state[HEADING]), sin(state[HEADING])
        front = (state[X] + c * self.rig.steer_m, state[Y] + s * self.rig.steer_m)
        x, y, heading = self.path.at(self.way_m)
        self.way_m += cos(heading) * (front[0] - x) + sin(heading) * (front[1] - y)
        if ground.varies or time_s == 0.0:
            plant.grip[:] = ground.at(*self.wheels_on_path(plant))
        if isinstance(self.manoeuvre, Steered):
            plant.road[STEERING] = self.amplitude_rad * self.manoeuvre.share_ratio(time_s - self.manoeuvre.from_s)
        else:
            self.steer(plant, front, (c, s))
        demand = self.manoeuvre.demand_mps2(time_s)
        plant.demand[:, BRAKE] = demand * self.brakes
        plant.demand[:, DRIVE] = self.hold_n(plant, (c, s), time_s) * self.drives

    def steer(self, plant: Plant, front: tuple[float, float], head: tuple[float, float]) -> None:
        """Turn the steering along the path, as far and as fast as it goes; at a stand it stays."""
        state, one = plant.state, self.one
        if state[SPEED] < 0.1:
            return
        look = self.look(state[SPEED])
        ways = self.way_m + look.ahead_m
        px, py = np.interp(ways, self.path.s_m, self.path.x_m), np.interp(ways, self.path.s_m, self.path.y_m)
        aside = head[0] * (py - front[1]) - head[1] * (px - front[0])
        motion = [state[SIDE_SPEED], state[YAW], state[TRAILER_YAW], state[HEADING] - state[TRAILER_HEADING]]
        motion = [*motion[: len(look.state_gains) - 3], 0.0, 0.0, plant.road[STEERING]]
        wanted, most = float(look.path_gains @ aside - look.state_gains @ np.array(motion)), one.most_radps * self.every_s
        steering = plant.road[STEERING] + min(max(wanted, -most), most)
        plant.road[STEERING] = min(max(steering, -one.most_rad), one.most_rad)

    def look(self, speed_mps: float) -> Preview:
        """The driver's gains at about a speed, worked out once."""
        key = round(max(speed_mps, self.one.slowest_mps))
        if key not in self.looks:
            self.looks[key] = preview(self.rig, float(key), self.one)
        return self.looks[key]

    def hold_n(self, plant: Plant, head: tuple[float, float], time_s: float) -> float:
        """Force that holds the speed; none from the first braking on."""
        braking = self.manoeuvre.braking
        if braking is not None and time_s >= braking.from_s:
            return 0.0
        climb = self.rig.mass_kg * GRAVITY_MPS2 * (head[0] * plant.road[SLOPE_X] + head[1] * plant.road[SLOPE_Y])
        missing = (self.manoeuvre.speed_mps - plant.state[SPEED]) / self.one.hold_s
        return float(self.rolling_n + climb + self.rig.mass_kg * missing)

    def wheels_on_path(self, plant: Plant) -> tuple[Floats, Floats]:
        """Way along the path, and distance to its left, of every wheel."""
        state, towed = plant.state, self.trailer
        c, s = cos(state[HEADING]), sin(state[HEADING])
        c2, s2 = cos(state[TRAILER_HEADING]), sin(state[TRAILER_HEADING])
        hitch = state[X] - self.rig.hitch_m * c, state[Y] - self.rig.hitch_m * s
        x = np.where(towed, hitch[0] + c2 * self.behind_m - s2 * self.left_m, state[X] + c * self.ahead_m - s * self.left_m)
        y = np.where(towed, hitch[1] + s2 * self.behind_m + c2 * self.left_m, state[Y] + s * self.ahead_m + c * self.left_m)
        return self.path.beside(x, y, self.way_m + self.back_m)
