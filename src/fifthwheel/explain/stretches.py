"""A trip cut into stretches of one kind each, as sums: what the force balance and the account are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.explain.timeline import Mask
from fifthwheel.explain.trace import Shaft, Trace
from fifthwheel.physics.aero import air_force_n
from fifthwheel.signals.observations import Floats, Integers
from fifthwheel.vehicle.combination import Combination

STAND, DRIVE, SLIP, OVERRUN = range(4)
"""Standing; driven in gear; driven through a slipping clutch or between gears; neither: rolling or braking."""
LONGEST_S: Final = 60
LONGEST_COUNT: Final = 240
"""A trip of more driving is cut into longer stretches."""
DRIVEN_RATIO: Final = 0.03
"""Of the trip's highest shaft power: above this the powertrain drives."""
AIR_SAMPLES: Final = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """Samples of driving through air, arrays of shape (s,); each stands for `weight_s`."""

    speed_mps: Floats
    density_kgpm3: Floats
    east_ratio: Floats
    north_ratio: Floats
    weight_s: Floats
    first: Integers
    """First sample of each stretch, shape (m,)."""

    def work_j(
        self, density_ratio: Floats, drag_area_m2: Floats, wind_mps: tuple[Floats, Floats], combination: Combination
    ) -> NDArray[np.float64]:
        """Work against the air in each stretch, shape (k, m), for k relative densities, drag areas and winds (east, north)."""
        east, north = wind_mps[0][:, None], wind_mps[1][:, None]
        head = -(east * self.east_ratio + north * self.north_ratio)
        cross = north * self.east_ratio - east * self.north_ratio
        density = self.density_kgpm3 * density_ratio[:, None]
        force_n = air_force_n(density, drag_area_m2[:, None], self.speed_mps, (head, cross), combination.crosswind)
        return np.asarray(np.add.reduceat(force_n * self.speed_mps * self.weight_s, self.first, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Stretches of a trip, arrays of shape (m,), covering it without gap or overlap.

    Attributes
    ----------
    kind : `STAND`, `DRIVE`, `SLIP` or `OVERRUN`.
    start, end : first and last second, the end being the next one's start.
    kinetic : half the difference of squared speeds, m2/s2.
    crank_j : work of the tractor's engine or motor; shaft_j, wheel_j : what of it is done in gear, and reaches the wheels by
        the catalogue.
    geared_s, wheel_s : seconds in gear; the same times efficiency: what a watt taken from the shaft takes from the wheels.
    trailer_j : work of the trailer's shaft, and `trailer_wheel_j` at its wheels.
    engine_brake_j : shaft work below the engine's own drag.
    fuel_m3, battery_j, trailer_battery_j : what left the stores by the wires' rates; `running_s` : switched on.
    step_j : what one resolution step of the torque is worth.
    """

    kind: Integers
    start: Integers
    end: Integers
    kinetic: Floats
    rise_m: Floats
    length_m: Floats
    crank_j: Floats
    shaft_j: Floats
    wheel_j: Floats
    geared_s: Floats
    wheel_s: Floats
    trailer_j: Floats
    trailer_wheel_j: Floats
    engine_brake_j: Floats
    fuel_m3: Floats
    battery_j: Floats
    trailer_battery_j: Floats
    running_s: Floats
    step_j: Floats
    air: Air

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def seconds(self) -> Floats:
        """Duration of each."""
        return (self.end - self.start).astype(np.float64)


def stretches(trace: Trace) -> Stretches:
    """Cut `trace` where the kind of driving changes, and long driving into pieces."""
    kind = _kinds(trace)
    driving = int(np.count_nonzero(kind == DRIVE))
    start, end = pieces(kind, max(LONGEST_S, driving // LONGEST_COUNT))

    def total(values: Floats) -> Floats:
        """Trapezoidal sums over each stretch."""
        whole = np.concatenate(([0.0], np.cumsum(_between(values))))
        return np.asarray(whole[end] - whole[start])

    tractor = trace.tractor
    power_w, wheel_w = np.nan_to_num(tractor.power_w), tractor.wheel_w()
    trailer = trace.trailer
    zero = np.zeros(len(power_w))
    return Stretches(
        kind=kind[start],
        start=start,
        end=end,
        kinetic=(trace.speed_mps[end] ** 2 - trace.speed_mps[start] ** 2) / 2,
        rise_m=trace.altitude_m[end] - trace.altitude_m[start],
        length_m=trace.distance_m[end] - trace.distance_m[start],
        crank_j=total(power_w),
        shaft_j=total(np.where(tractor.engaged, power_w, 0.0)),
        wheel_j=total(np.where(tractor.engaged, wheel_w, 0.0)),
        geared_s=total(tractor.engaged.astype(np.float64)),
        wheel_s=total(np.where(tractor.engaged, tractor.efficiency_ratio ** np.sign(power_w), 0.0)),
        trailer_j=total(np.nan_to_num(trailer.power_w) if trailer else zero),
        trailer_wheel_j=total(trailer.wheel_w() if trailer else zero),
        engine_brake_j=total(_engine_brake_w(tractor) if trace.auxiliary_on_shaft else zero),
        fuel_m3=total(np.nan_to_num(trace.fuel_volume_m3ps)),
        battery_j=total(np.nan_to_num(trace.battery_w)),
        trailer_battery_j=total(np.nan_to_num(trace.trailer_battery_w)),
        running_s=total(trace.running.astype(np.float64)),
        step_j=total(tractor.torque_step_nm * np.nan_to_num(tractor.speed_radps)),
        air=_air(trace, start, end),
    )


def pieces(kind: Integers, longest: int) -> tuple[Integers, Integers]:
    """Start and end second of runs of equal `kind` over intervals of a second, `DRIVE` cut into pieces of about `longest`."""
    change = np.flatnonzero(np.diff(kind)) + 1
    first, last = np.concatenate(([0], change)), np.concatenate((change, [len(kind)]))
    count = np.where(kind[first] == DRIVE, np.maximum(np.round((last - first) / longest), 1), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(first)), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    length = (last - first)[owner] / count[owner]
    start = (first[owner] + np.round(place * length)).astype(np.int64)
    return start, np.append(start[1:], len(kind))


def _kinds(trace: Trace) -> Integers:
    """Kind of each interval between two seconds, shape (n - 1,)."""
    tractor, standing = trace.tractor, trace.standing
    power_w = np.nan_to_num(tractor.power_w)
    if trace.trailer is not None:
        power_w = power_w + np.maximum(np.nan_to_num(trace.trailer.power_w), 0.0)
    driven = _between(power_w) > DRIVEN_RATIO * max(float(power_w.max()), 1.0)
    engaged = tractor.engaged[1:] & tractor.engaged[:-1]
    kind = np.where(driven, np.where(engaged, DRIVE, SLIP), OVERRUN)
    return np.where(standing[1:] & standing[:-1], STAND, kind).astype(np.int64)


def _between(values: Floats) -> Floats:
    return np.asarray((values[1:] + values[:-1]) / 2)


def _engine_brake_w(shaft: Shaft) -> Floats:
    """Power that the engine takes beyond its drag, where that exceeds the resolution of the torque, shape (n,)."""
    speed_radps = np.nan_to_num(shaft.speed_radps)
    brake_nm = -np.nan_to_num(shaft.power_w) / np.maximum(speed_radps, 1.0) - shaft.drag_torque_nm
    clear: Mask = brake_nm > 1.5 * shaft.torque_step_nm
    return np.where(clear, brake_nm * speed_radps, 0.0)


def _air(trace: Trace, start: Integers, end: Integers) -> Air:
    length = end - start
    stride = max(len(trace.speed_mps) // AIR_SAMPLES, 1)
    count = np.maximum(length // stride, 1)
    first = np.cumsum(count) - count
    owner = np.repeat(np.arange(len(start)), count)
    weight_s = (length / count)[owner]
    middle = start[owner] + (np.arange(len(owner)) - first[owner] + 0.5) * weight_s
    index = middle.astype(np.int64)
    part = middle - index
    after = np.minimum(index + 1, len(trace.speed_mps) - 1)
    return Air(
        speed_mps=trace.speed_mps[index] * (1 - part) + trace.speed_mps[after] * part,
        density_kgpm3=trace.density_kgpm3[index],
        east_ratio=trace.east_ratio[index],
        north_ratio=trace.north_ratio[index],
        weight_s=weight_s,
        first=first,
    )
