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
from fifthwheel.units import DAY, DEGREE, SECOND_US
from fifthwheel.vehicle.combination import Combination, Drive

ALTITUDE_BIN_M: Final = 25.0
ALTITUDE_SMOOTHING_M: Final = 60.0
"""Standard deviation of the smoothing over the road: between the way from one position report to the next and a hill."""
STRAIGHT_M: Final = 1000.0
ALTITUDE_SD_M: Final = 4.0
"""Error of a height report of a satellite receiver under open sky, against its neighbours a kilometre away."""
GEAR_TOLERANCE_RATIO: Final = 0.04
"""Shaft over wheel speed may differ by this from a gear: tyre wear 2 %, sampling; steps between gears are 25 % and more."""
CLIMATE_SD_K: Final = 5.0
"""Of the air about its mean of the season: day and night, place and weather."""
MEASURED_AIR_SD_K: Final = 1.5


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
    drag_torque_nm : that motors the engine without fuel, as the wire tells or the catalogue; zero for a motor.
    """

    power_w: Floats
    speed_radps: Floats
    efficiency_ratio: Floats
    engaged: Mask
    torque_step_nm: float
    drag_torque_nm: Floats

    def wheel_w(self) -> Floats:
        """Power at the wheels by the catalogue's efficiency, either way; zero where unknown, shape (n,)."""
        power_w = np.nan_to_num(self.power_w)
        return np.asarray(np.where(power_w >= 0, power_w * self.efficiency_ratio, power_w / self.efficiency_ratio))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trip on whole seconds; arrays of shape (n,).

    Attributes
    ----------
    speed_mps, altitude_m : road speed; height smoothed over the road.
    distance_m : travelled since the start.
    density_kgpm3 : of the air at `air_temperature_k`, which is known to `air_temperature_sd_k`.
    east_ratio, north_ratio : direction of travel.
    running : engine turns, or high voltage is on.
    fuel_volume_m3ps : NaN where unknown.
    battery_w, trailer_battery_w : at the terminals, discharge positive, NaN where unknown or charging.
    brake, retarder : 1 on, 0 off, NaN at seconds of which no row tells.
    """

    speed_mps: Floats
    altitude_m: Floats
    distance_m: Floats
    density_kgpm3: Floats
    air_temperature_k: float
    air_temperature_sd_k: float
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
    auxiliary_on_shaft: bool
    """Auxiliaries hang on the crank; otherwise on the battery."""

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
    air_k = float(np.nanmean(temperature_k)) if known else climate_k(start_us)
    east, north = _direction(tractor, grid)
    battery_w, charging = battery_power(tractor, start_us, end_us)
    own_w = battery_power(trailer, start_us, end_us)[0] if trailer is not None and combination.trailer_drive else None
    return Trace(
        speed_mps=speed_mps,
        altitude_m=altitude_m,
        distance_m=distance_m,
        density_kgpm3=np.asarray(air_density_kgpm3(altitude_m, air_k)),
        air_temperature_k=air_k,
        air_temperature_sd_k=MEASURED_AIR_SD_K if known else CLIMATE_SD_K,
        east_ratio=east,
        north_ratio=north,
        running=_running(on("engine_speed_radps", hold=True), on("ignition_state", hold=True), combination.drive),
        fuel_volume_m3ps=on("fuel_rate_m3ps"),
        battery_w=np.where(charging, np.nan, battery_w),
        trailer_battery_w=np.full(len(grid), np.nan) if own_w is None else own_w,
        brake=tractor.series("brake_switch_state").on(grid, longest_gap_s=2.0, hold=True),
        retarder=tractor.series("retarder_switch_state").on(grid, longest_gap_s=2.0, hold=True),
        tractor=_shaft(tractor, combination.drive, grid, speed_mps, combination.tyre_radius_m),
        trailer=_trailer_shaft(trailer, combination, grid, speed_mps),
        auxiliary_on_shaft=combination.drive.engine is not None,
    )


def climate_k(time_us: int) -> float:
    """Mean air temperature of the season in eastern China: -1 to 27 degrees C by month (climate normals of Jinan and Qingdao)."""
    year = (time_us / SECOND_US / DAY / 365.25) % 1.0
    return 286.15 - 14.0 * float(np.cos(2 * np.pi * (year - 20 / 365)))


def smooth_altitude(altitude: Series, grid: Integers, distance_m: Floats) -> Floats:
    """Height on `grid`, shape (n,), averaged over bins of the road and smoothed along it; zero where nothing is known.

    Averaging over the road, not over time, keeps a standing vehicle from climbing on the noise of its receiver. Smoothing is
    by a Gaussian applied twice as ``2 S - S S`` (Tukey's twicing), which leaves hilltops and valleys their height.
    """
    if not len(altitude):
        return np.zeros(len(grid))
    where_m = np.interp(altitude.time_us - grid[0], grid - grid[0], distance_m)
    bins = np.round(where_m / ALTITUDE_BIN_M).astype(int)
    count = np.bincount(bins)
    filled = np.flatnonzero(count)
    mean_m = np.bincount(bins, altitude.values)[filled] / count[filled]
    size = int(np.ceil(distance_m[-1] / ALTITUDE_BIN_M)) + 1
    height_m = _between_heights(np.arange(size), filled, mean_m)
    reach = int(3 * ALTITUDE_SMOOTHING_M / ALTITUDE_BIN_M)
    if size > 4 * reach:
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * ALTITUDE_BIN_M / ALTITUDE_SMOOTHING_M) ** 2)
        kernel /= kernel.sum()
        padded = np.pad(height_m, 2 * reach, mode="reflect", reflect_type="odd")
        once = np.convolve(padded, kernel, "valid")
        height_m = 2 * once[reach:-reach] - np.convolve(once, kernel, "valid")
    return np.asarray(np.interp(distance_m / ALTITUDE_BIN_M, np.arange(size), height_m))


def _between_heights(bins: Integers, known: Integers, height_m: Floats) -> Floats:
    """Cubic (Hermite) interpolation through `height_m` at bins `known`, straight across gaps longer than `STRAIGHT_M`."""
    if len(known) < 3:
        return np.asarray(np.interp(bins, known, height_m))
    slope = np.gradient(height_m, known)
    left = np.clip(np.searchsorted(known, bins, side="right") - 1, 0, len(known) - 2)
    gap = (known[left + 1] - known[left]).astype(np.float64)
    part = np.clip((bins - known[left]) / gap, 0.0, 1.0)
    rise = height_m[left + 1] - height_m[left]
    bow = part * (1 - part) * ((1 - part) * (slope[left] * gap - rise) + part * (rise - slope[left + 1] * gap))
    return np.asarray(height_m[left] + part * rise + np.where(gap * ALTITUDE_BIN_M <= STRAIGHT_M, bow, 0.0))


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

    drag_nm = np.zeros(len(grid))
    if drive.engine is not None:
        reference_nm = drive.engine.reference_torque_nm
        shaft_radps, torque_step_nm = on("engine_speed_radps"), 0.01 * reference_nm
        torque_nm = on("engine_net_torque_ratio") * reference_nm
        told_nm = np.abs(on("engine_friction_torque_ratio")) * reference_nm
        catalogued_nm = np.interp(np.nan_to_num(shaft_radps), drive.engine.speed_radps, drive.engine.drag_torque_nm)
        drag_nm = np.where(np.isfinite(told_nm), told_nm, catalogued_nm)
    else:
        shaft_radps, torque_step_nm = on("motor_speed_radps"), 0.1
        torque_nm = on("motor_torque_nm")
    gear, engaged = _gear(shaft_radps, speed_mps, radius_m, np.log(drive.total_ratios))
    return Shaft(
        power_w=torque_nm * shaft_radps,
        speed_radps=shaft_radps,
        efficiency_ratio=np.array(drive.total_efficiencies)[gear],
        engaged=engaged,
        torque_step_nm=torque_step_nm,
        drag_torque_nm=drag_nm,
    )


def _gear(shaft_radps: Floats, speed_mps: Floats, radius_m: float, log_ratios: Floats) -> tuple[Integers, Mask]:
    """Nearest gear, and whether shaft and wheels turn in its ratio now or half a second ago (a wire may send means)."""
    middle_mps = np.concatenate((speed_mps[:1], (speed_mps[1:] + speed_mps[:-1]) / 2))
    near, gear = np.full(len(speed_mps), np.inf), np.zeros(len(speed_mps), dtype=np.int64)
    for road_mps in (speed_mps, middle_mps):
        turning = (road_mps > STANDING_MPS) & (shaft_radps > 0)
        log_ratio = np.log(np.where(turning, shaft_radps, 1.0) * radius_m / np.where(turning, road_mps, 1.0))
        away = np.where(turning[:, None], np.abs(log_ratio[:, None] - log_ratios), np.inf)
        nearest = np.argmin(away, axis=1)
        distance = away[np.arange(len(away)), nearest]
        gear, near = np.where(distance < near, nearest, gear), np.minimum(near, distance)
    return gear, near < GEAR_TOLERANCE_RATIO


def _trailer_shaft(wires: Wires | None, combination: Combination, grid: Integers, speed_mps: Floats) -> Shaft | None:
    if wires is None or combination.trailer_drive is None or combination.trailer is None:
        return None
    radius_m = next(group.tyre.radius_m for group in combination.trailer.axles if group.driven)
    return _shaft(wires, combination.trailer_drive, grid, speed_mps, radius_m)
