"""Performance figures of a rig by standard manoeuvres, and the margins to their limits (``pbs.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import pi

from fifthwheel.simulate.handling.kinematic import circle, drive_radius_m, entry
from fifthwheel.simulate.handling.manoeuvre import Curve, LaneChange, SineSteer
from fifthwheel.simulate.handling.metrics import (
    load_transfer_ratio,
    rearward_amplification_ratio,
    rollover_threshold_ratio,
    swept_path_m,
    tail_swing_m,
    transient_offtracking_m,
    yaw_damping_ratio,
)
from fifthwheel.simulate.handling.outline import Outline, outline
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.rig import Rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The least or the most that a figure may be."""

    least: float | None = None
    most: float | None = None

    def margin(self, value: float) -> float:
        """How far a value is inside, in its unit; negative outside."""
        room = [value - self.least] if self.least is not None else []
        room += [self.most - value] if self.most is not None else []
        return min(room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Manoeuvres and limits, with where they come from; keys of `limits` are those of `performance`.

    The slow turn is a quarter circle of `turn_outer_m` for the outer edge of the first axle; then one whole turn of the circle
    of `circle_outer_m` for the outer front corner is worked out without slip.
    """

    source: str
    version: str
    lean_ratio: float
    lane_change: LaneChange
    sine_steer: SineSteer
    turn_outer_m: float
    turn_speed_mps: float
    circle_outer_m: float
    limits: Mapping[str, Limit]


@cache
def standard() -> Standard:
    """The standard of ``pbs.toml``."""
    table = tomllib.loads(files("fifthwheel.simulate.handling").joinpath("pbs.toml").read_text(encoding="utf-8"))
    table["lane_change"], table["sine_steer"] = LaneChange(**table["lane_change"]), SineSteer(**table["sine_steer"])
    table["limits"] = {name: Limit(**row) for name, row in table["limits"].items()}
    return Standard(**table)


def performance(rig: Rig, drawn: Outline | None = None, by: Standard | None = None) -> dict[str, float]:
    """Figures of a rig with a trailer, by name with unit; those that `Standard.limits` names and some more.

    Raises
    ------
    InputError : the rig has no height, or cannot drive a manoeuvre.
    """
    drawn, by = drawn or outline(rig), by or standard()
    width, front = drawn.bodies[0].width_m, drawn.bodies[0].front_m - rig.steer_m
    lane, swing = perform(by.lane_change, rig), by.sine_steer
    radius_m = by.turn_outer_m - 0.5 * width
    seconds = (40.0 + 0.5 * pi * radius_m) / by.turn_speed_mps
    turn = perform(Curve(speed_mps=by.turn_speed_mps, seconds=seconds, radius_m=radius_m, entry_m=0.0), rig)
    round_m = circle(rig, drive_radius_m(rig, by.circle_outer_m, width_m=width, front_m=front)).drive_m
    threshold, amplification = rollover_threshold_ratio(rig, by.lean_ratio), rearward_amplification_ratio(lane)
    return {
        "rollover_threshold_ratio": threshold,
        "rearward_amplification_ratio": amplification,
        "amplification_over_threshold_ratio": amplification / threshold,
        "transient_offtracking_m": transient_offtracking_m(lane, rig),
        "load_transfer_ratio": float(abs(load_transfer_ratio(lane, rig)).max()),
        "yaw_damping_ratio": yaw_damping_ratio(perform(swing, rig), swing.from_s + 1.0 / swing.frequency_hz),
        "swept_path_m": swept_path_m(turn, rig, drawn),
        "tail_swing_m": tail_swing_m(turn, rig, drawn),
        "circle_inner_m": entry(rig, round_m, 2.0 * pi, width_m=drawn.bodies[-1].width_m)[0],
    }


def margins(figures: Mapping[str, float], by: Standard | None = None) -> dict[str, float]:
    """Margin of every limited figure, in its unit; negative where the limit is missed."""
    return {name: limit.margin(figures[name]) for name, limit in (by or standard()).limits.items()}
