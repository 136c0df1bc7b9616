"""Figures of a manoeuvre from its columns (`manoeuvre.perform`): amplification, offtracking, load transfer, swept path, damping.

Definitions: ISO 14791 (rearward amplification, yaw damping) and the Australian performance-based standards (offtracking, load
transfer ratio, swept path), both as generally known `[K]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, pi, sqrt

import numpy as np
from scipy.signal import find_peaks
from scipy.spatial import cKDTree

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.layout import Floats
from fifthwheel.simulate.handling.outline import Outline, outline
from fifthwheel.simulate.handling.rig import Group, Rig

Columns = Mapping[str, Floats]
WAY_M = 0.5
"""Width of the strips of road in which the swept path is found."""


def place_of(columns: Columns, rig: Rig, group: Group, ahead_m: float = 0.0, left_m: float = 0.0) -> tuple[Floats, Floats]:
    """World place of a point of the tractor or trailer over time, ahead and left of the middle of an axle group."""
    middle = {Group.STEER: rig.steer_m, Group.DRIVE: -rig.drive_m, Group.TRAILER: -rig.bogie_m}[group] + ahead_m
    prefix = "trailer_" if group is Group.TRAILER else ""
    x, y, heading = (columns[f"{prefix}{name}"] for name in ("x_m", "y_m", "heading_rad"))
    c, s = np.cos(heading), np.sin(heading)
    return x + c * middle - s * left_m, y + s * middle + c * left_m


def rearward_amplification_ratio(columns: Columns) -> float:
    """Greatest side acceleration of the trailer's centre of mass over that of the tractor's.

    Raises
    ------
    InputError : the tractor has felt none.
    """
    first, second = (float(abs(columns[f"{body}side_acceleration_mps2"]).max()) for body in ("", "trailer_"))
    if first < 1e-3:
        raise InputError(f"the tractor's side acceleration is {first:.1e} m/s2 at most; a manoeuvre to a side is wanted")
    return second / first


def offtracking_m(columns: Columns, rig: Rig) -> Floats:
    """Distance of the rearmost axle to the left of the path of the steered axle, where it passes that; shape (n,)."""
    return _beside(columns, rig, *place_of(columns, rig, rig.groups[-1], ahead_m=rig.axles[-1].offset_m))[1]


def transient_offtracking_m(columns: Columns, rig: Rig) -> float:
    """How far the rearmost axle swings out beyond the lane, along x, in which the steered axle ends."""
    _, y = place_of(columns, rig, rig.groups[-1], ahead_m=rig.axles[-1].offset_m)
    lane = place_of(columns, rig, Group.STEER)[1][-1]
    return float(((y - lane) * np.sign(lane)).max())


def load_transfer_ratio(columns: Columns, rig: Rig) -> Floats:
    """Load of the left less the right wheels over that of both, steered axles left out (1: a side has lifted); shape (n,)."""
    first = 2 * len(rig.group(Group.STEER))
    loads = np.stack([columns[f"load_{wheel}_n"] for wheel in range(first, 2 * len(rig.axles))])
    ratio: Floats = (loads[0::2] - loads[1::2]).sum(axis=0) / loads.sum(axis=0)
    return ratio


def swept_path_m(columns: Columns, rig: Rig, drawn: Outline | None = None) -> float:
    """Width of the road that the bodies' corners, and their sides at all axle groups, need at the widest place."""
    bodies = (drawn or outline(rig)).bodies
    places = [(Group.STEER, end - rig.steer_m) for end in (bodies[0].front_m, bodies[0].rear_m)]
    places += [(Group.TRAILER, end + rig.bogie_m) for body in bodies[1:] for end in (body.front_m, body.rear_m)]
    points = [
        _beside(
            columns,
            rig,
            *place_of(columns, rig, group, ahead_m=ahead, left_m=side * 0.5 * bodies[group is Group.TRAILER].width_m),
        )
        for group, ahead in (*places, *((group, 0.0) for group in rig.groups))
        for side in (1.0, -1.0)
    ]
    strips = np.floor(np.concatenate([way for way, _ in points]) / WAY_M).astype(np.int64)
    aside = np.concatenate([left for _, left in points])
    _, strip = np.unique(strips, return_inverse=True)
    most, least = np.full(strip.max() + 1, -np.inf), np.full(strip.max() + 1, np.inf)
    np.maximum.at(most, strip, aside)
    np.minimum.at(least, strip, aside)
    return float((most - least).max())


def tail_swing_m(columns: Columns, rig: Rig, drawn: Outline | None = None) -> float:
    """How far the rear outer corner swings out of the straight lane, along x, from which a turn begins."""
    body, last = (drawn or outline(rig)).bodies[-1], rig.groups[-1]
    outer = -0.5 * body.width_m * float(np.sign(columns["heading_rad"][-1]))
    ahead = body.rear_m + (rig.bogie_m if last is Group.TRAILER else rig.drive_m)
    _, y = place_of(columns, rig, last, ahead_m=ahead, left_m=outer)
    return float((y * np.sign(outer)).max()) - 0.5 * body.width_m


def yaw_damping_ratio(columns: Columns, from_s: float) -> float:
    """Share of critical damping by which the trailer's yaw rate dies away after `from_s`, from its extremes' decrement.

    One where it swings less than a half-wave more.
    """
    yaw = columns["trailer_yaw_radps"][columns["time_s"] >= from_s]
    extremes = abs(yaw)[find_peaks(abs(yaw))[0]]
    extremes = extremes[extremes > 0.01 * abs(yaw).max()]
    if len(extremes) < 2:
        return 1.0
    decrement = log(extremes[0] / extremes[-1]) / (len(extremes) - 1)
    return decrement / sqrt(pi * pi + decrement * decrement)


def rollover_threshold_ratio(rig: Rig, compliance_ratio: float) -> float:
    """Steady side acceleration over g at which all wheels of a side have lifted, an estimate.

    ``sum(load track / 2) / (sum(m h) g) / (1 + compliance)``, the last for the lean of springs and tyres (15 to 30 % of loss
    `[K]`).
    """
    loads = rig.group_loads_n()
    upright = sum(loads[axle.group] * axle.load_share_ratio * axle.track_m / 2.0 for axle in rig.axles)
    height = rig.tractor_mass_kg * rig.tractor_height_m + rig.trailer_mass_kg * rig.trailer_height_m
    if not height > 0.0:
        raise InputError(
            f"rig {rig.name}: centres of mass at {rig.tractor_height_m} and {rig.trailer_height_m} m; above 0 is wanted"
        )
    return upright / (height * sum(loads.values()) / rig.mass_kg) / (1.0 + compliance_ratio)


def _beside(columns: Columns, rig: Rig, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Way along, and distance to the left of, the path of the steered axle, of places; straight on beyond its ends."""
    px, py = place_of(columns, rig, Group.STEER)
    moved = np.concatenate([[True], np.hypot(np.diff(px), np.diff(py)) > 1e-3])
    px, py = px[moved], py[moved]
    if len(px) < 2:
        raise InputError("the vehicle has not moved; a drive is wanted")
    heading = np.arctan2(np.gradient(py), np.gradient(px))
    way = np.concatenate([[0.0], np.hypot(np.diff(px), np.diff(py)).cumsum()])
    near = cKDTree(np.stack([px, py], axis=1)).query(np.stack([x_m, y_m], axis=1))[1]
    c, s, dx, dy = np.cos(heading[near]), np.sin(heading[near]), x_m - px[near], y_m - py[near]
    return way[near] + c * dx + s * dy, c * dy - s * dx
