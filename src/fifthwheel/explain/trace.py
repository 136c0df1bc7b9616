"""One trip as arrays on whole seconds: what the account integrates, with every wire's signal resampled and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fifthwheel.explain.meter import LONGEST_GAP_S, STANDING_MPS, battery_power
from fifthwheel.explain.timeline import Mask, Series, Wires, grid_us
from fifthwheel.explain.trips import EARTH_RADIUS_M, ENGINE_RUNS_RADPS
from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.signals.observations import Floats, Integers
from fifthwheel.units import DEGREE
from fifthwheel.vehicle.combination import Combination, Drive

ALTITUDE_BIN_M: Final = 50.0
ALTITUDE_SMOOTHING_M: Final = 120.0
"""Standard deviation of the smoothing over the road: shorter than a motorway hill, longer than two position reports."""
ALTITUDE_SD_M: Final = 3.0
"""Error of a height report of a satellite receiver under open sky, against its neighbours a kilometre away."""
GEAR_TOLERANCE_RATIO: Final = 0.04
"""Shaft over wheel speed may differ by this from a gear: tyre wear 2 %, sampling; steps between gears are 25 % and more."""
CLIMATE_K: Final = 288.15
CLIMATE_SD_K: Final = 10.0
"""Air temperature when no wire tells it: mean and spread over the seasons of eastern China."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaft:
    """One powertrain over time, arrays of shape (n,): what its engine or motor gives to the gearbox.

    Attributes
    ----------
    power_w : at the crank or motor shaft, NaN where no wire tells it.
    speed_radps : of that shaft.
    efficiency_ratio : from there to the wheels in the gear engaged.
    engaged : where shaft and wheels turn in the ratio of a gear.
    torque_step_nm : resolution of the torque on the wire.
    """

    power_w: Floats
    speed_radps: Floats
    efficiency_ratio: Floats
    engaged: Mask
    torque_step_nm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trip on whole seconds; arrays of shape (n,).

    Attributes
    ----------
    speed_mps, altitude_m : road speed; height smoothed over the road.
    distance_m : travelled since the start.
    density_kgpm3 : of the air; density_sd_ratio : its uncertainty.
    east_ratio, north_ratio : direction of travel.
    running : engine turns, or high voltage is on.
    fuel_volume_m3ps : NaN where unknown.
    battery_w, trailer_battery_w : at the terminals, discharge positive, NaN where unknown or charging.
    brake, retarder : 1 on, 0 off, NaN unknown.
    """

    speed_mps: Floats
    altitude_m: Floats
    distance_m: Floats
    density_kgpm3: Floats
    density_sd_ratio: float
    east_ratio: Floats
    north_ratio: Floats
    running: Mask
    fuel_volume_m3ps: Floats
    battery_w: Floats
    trailer_battery_w: Floats
    brake: Floats
    retarder: Floats
    tractor: Shaft
    trailer: Shaft | None

    @property
    def standing(self) -> Mask:
        """Where the combination stands still."""
        return ~(self.speed_mps >= STANDING_MPS)


def trace(tractor: Wires, trailer: Wires | None, combination: Combination, start_us: int, end_us: int) -> Trace:
    """Resample what `tractor` and `trailer` sent between two times."""
    grid = grid_us(start_us, end_us)

    def on(name: str, *, hold: bool = False, wires: Wires = tractor) -> Floats:
        return wires.series(name).on(grid, longest_gap_s=LONGEST_GAP_S, hold=hold)

    speed_mps = _filled(tractor.series("speed_mps").on(grid, longest_gap_s=10 * LONGEST_GAP_S))
    distance_m = np.concatenate(([0.0], np.cumsum((speed_mps[1:] + speed_mps[:-1]) / 2)))
    altitude_m = smooth_altitude(tractor.series("altitude_m").between(start_us, end_us), grid, distance_m)
    temperature_k = on("ambient_temperature_k")
    known = bool(np.isfinite(temperature_k).any())
    air_k = float(np.nanmean(temperature_k)) if known else CLIMATE_K
    east, north = _direction(tractor, grid)
    battery_w, charging = battery_power(tractor, start_us, end_us)
    own_w = battery_power(trailer, start_us, end_us)[0] if trailer is not None and combination.trailer_drive else None
    return Trace(
        speed_mps=speed_mps,
        altitude_m=altitude_m,
        distance_m=distance_m,
        density_kgpm3=np.asarray(air_density_kgpm3(altitude_m, air_k)),
        density_sd_ratio=(2.0 if known else CLIMATE_SD_K) / CLIMATE_K,
        east_ratio=east,
        north_ratio=north,
        running=_running(on("engine_speed_radps", hold=True), on("ignition_state", hold=True), combination.drive),
        fuel_volume_m3ps=on("fuel_rate_m3ps"),
        battery_w=np.where(charging, np.nan, battery_w),
        trailer_battery_w=np.full(len(grid), np.nan) if own_w is None else own_w,
        brake=on("brake_switch_state", hold=True),
        retarder=on("retarder_switch_state", hold=True),
        tractor=_shaft(tractor, combination.drive, grid, speed_mps, combination.tyre_radius_m),
        trailer=_trailer_shaft(trailer, combination, grid, speed_mps),
    )


def smooth_altitude(altitude: Series, grid: Integers, distance_m: Floats) -> Floats:
    """Height on `grid`, shape (n,), averaged over bins of the road and smoothed along it; zero where nothing is known.

    Averaging over the road, not over time, keeps a standing vehicle from climbing on the noise of its receiver.
    """
    inside = np.isfinite(altitude.values)
    if not inside.any():
        return np.zeros(len(grid))
    where_m = np.interp(altitude.time_us[inside] - grid[0], grid - grid[0], distance_m)
    bins = np.round(where_m / ALTITUDE_BIN_M).astype(int)
    count = np.bincount(bins, minlength=int(np.round(distance_m[-1] / ALTITUDE_BIN_M)) + 1).astype(float)
    filled = np.flatnonzero(count)
    mean_m = np.bincount(bins, altitude.values[inside], minlength=len(count))[filled] / count[filled]
    height_m = np.interp(np.arange(len(count)), filled, mean_m)
    weight = np.where(count > 0, 1.0, 0.05)
    reach = int(3 * ALTITUDE_SMOOTHING_M / ALTITUDE_BIN_M)
    if len(height_m) > 2 * reach:
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * ALTITUDE_BIN_M / ALTITUDE_SMOOTHING_M) ** 2)
        heavy = np.pad(height_m, reach, mode="reflect", reflect_type="odd")
        weight = np.pad(weight, reach, mode="reflect")
        height_m = np.convolve(heavy * weight, kernel, "valid") / np.convolve(weight, kernel, "valid")
    return np.interp(distance_m / ALTITUDE_BIN_M, np.arange(len(height_m)), height_m)


def _filled(values: Floats) -> Floats:
    """`values` with unknown spans bridged linearly; zero when nothing is known."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known]) if len(known) else np.zeros(len(values))


def _direction(wires: Wires, grid: Integers) -> tuple[Floats, Floats]:
    """East and north part of the direction of travel, from positions 30 s apart; (0, 0) where unknown."""
    latitude = _filled(wires.series("latitude_deg").on(grid, longest_gap_s=10 * LONGEST_GAP_S)) * DEGREE
    longitude = _filled(wires.series("longitude_deg").on(grid, longest_gap_s=10 * LONGEST_GAP_S)) * DEGREE
    span = min(15, max((len(grid) - 1) // 2, 1))
    ahead = np.minimum(np.arange(len(grid)) + span, len(grid) - 1)
    behind = np.maximum(np.arange(len(grid)) - span, 0)
    north_m = (latitude[ahead] - latitude[behind]) * EARTH_RADIUS_M
    east_m = (longitude[ahead] - longitude[behind]) * EARTH_RADIUS_M * np.cos(latitude)
    length_m = np.hypot(east_m, north_m)
    known = length_m > 1.0
    safe_m = np.where(known, length_m, 1.0)
    return np.where(known, east_m / safe_m, 0.0), np.where(known, north_m / safe_m, 0.0)


def _running(engine_radps: Floats, ignition: Floats, drive: Drive) -> Mask:
    if drive.engine is not None and np.isfinite(engine_radps).any():
        return np.nan_to_num(engine_radps) > ENGINE_RUNS_RADPS
    return ~(ignition < 0.5)


def _shaft(wires: Wires, drive: Drive, grid: Integers, speed_mps: Floats, radius_m: float) -> Shaft:
    def on(name: str) -> Floats:
        return wires.series(name).on(grid, longest_gap_s=LONGEST_GAP_S)

    if drive.engine is not None:
        shaft_radps, torque_step_nm = on("engine_speed_radps"), 0.01 * drive.engine.reference_torque_nm
        torque_nm = on("engine_net_torque_ratio") * drive.engine.reference_torque_nm
    else:
        shaft_radps, torque_step_nm = on("motor_speed_radps"), 0.1
        torque_nm = on("motor_torque_nm") * drive.motors_count
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.log(shaft_radps * radius_m / speed_mps)
    gears = np.log(np.array(drive.total_ratios))
    distance = np.abs(log_ratio[:, None] - gears[None, :])
    gear = np.argmin(np.nan_to_num(distance, nan=np.inf), axis=1)
    engaged = (distance[np.arange(len(gear)), gear] < GEAR_TOLERANCE_RATIO) & (speed_mps > STANDING_MPS)
    return Shaft(
        power_w=torque_nm * shaft_radps,
        speed_radps=shaft_radps,
        efficiency_ratio=np.array(drive.total_efficiencies)[gear],
        engaged=engaged,
        torque_step_nm=torque_step_nm,
    )


def _trailer_shaft(wires: Wires | None, combination: Combination, grid: Integers, speed_mps: Floats) -> Shaft | None:
    if wires is None or combination.trailer_drive is None or combination.trailer is None:
        return None
    radius_m = next(group.tyre.radius_m for group in combination.trailer.axles if group.driven)
    return _shaft(wires, combination.trailer_drive, grid, speed_mps, radius_m)
