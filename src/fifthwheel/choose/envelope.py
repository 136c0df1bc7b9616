"""What a powertrain gives at the wheels over road speed, made once for a drive and a tyre radius."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.physics.aero import still_air_force_n
from fifthwheel.physics.driveline import shaft_speed_radps
from fifthwheel.physics.quantity import Quantity
from fifthwheel.physics.traction import geared_speed_mps
from fifthwheel.simulate import layout
from fifthwheel.simulate.pack import Packer
from fifthwheel.vehicle.combination import Combination, Drive

Floats = NDArray[np.float64]

SPEEDS_MPS: Final = np.arange(0.0, 36.01, 0.25)
STANDING_MPS: Final = 0.3
"""Below this speed a battery's watts are no limit to a force."""
PLATEAU_RATIO: Final = 0.9
"""A plateau ends where torque (of a motor: power) falls below this share of the most (control facts 1.4)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Envelope:
    """A powertrain at the wheels, over `SPEEDS_MPS` (n of them).

    Parts that a drive does not have give zeros.

    Attributes
    ----------
    force_n : most force, shape (gears, n); zero where the shaft would turn too fast, or an engine below idle.
    lasting_n : the same for as long as the machines like: continuous power of motors.
    hold_n : most braking force of an engine with its brake, in the gear where it is most, shape (n,).
    most_n, most_lasting_n : best gear, shape (n,).
    launch_n, sync_mps : force with a slipping clutch (or of a motor) in first gear, and the speed at which the clutch locks.
    tops_mps, idles_mps : road speed at the governed end of each gear, and at idle; shape (gears,).
    power_w, lasting_power_w : of the machines at their shafts. regained_ratio : what arrives at a battery's terminals of power at
        the wheels.
    landing_ratio : least of the shaft speeds after an upshift from the speed of most power, over the lower end of the plateau; 1
        or more keeps every step in it (infinite with one gear).
    upshift_radps, plateau_radps : those two speeds.
    """

    force_n: Floats
    lasting_n: Floats
    hold_n: Floats
    most_n: Floats
    most_lasting_n: Floats
    launch_n: float
    sync_mps: float
    tops_mps: Floats
    idles_mps: Floats
    power_w: float
    lasting_power_w: float
    regained_ratio: float
    landing_ratio: float
    upshift_radps: float
    plateau_radps: float


class _Same:
    """A drive as a key: by identity, since hashing its curves takes longer than all that it is used for."""

    __slots__ = ("drive",)

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    def __hash__(self) -> int:
        return id(self.drive)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.drive is other.drive


def envelope(drive: Drive, radius_m: float) -> Envelope:
    """What `drive` gives at wheels of that radius; kept for the same drive object."""
    return _envelope(_Same(drive), radius_m)


@lru_cache(maxsize=1024)
def _envelope(same: _Same, radius_m: float) -> Envelope:
    drive, packer = same.drive, Packer()
    packer.train(drive, radius_m)
    train: layout.Record = packer.trains[0][0]
    count = int(train.gears)
    reach = np.array(train.reach[:count])[:, None]
    shafts = SPEEDS_MPS * reach
    grid = train.step * np.arange(layout.N_SHAFT)
    force, lasting = np.zeros_like(shafts), np.zeros_like(shafts)
    slow = train.idle / reach if drive.engine else np.zeros_like(reach)
    if drive.engine:
        pull = np.array([np.interp(row, grid, curve) for row, curve in zip(shafts, train.pull, strict=False)])
        force, lasting = force + pull, lasting + pull
    if drive.motor:
        tow, share = _tow(train, drive, shafts, grid)
        force, lasting = force + tow, lasting + np.minimum(tow, share)
    first = np.arange(count)[:, None] == 0
    inside = (shafts <= train.high) & ((slow <= SPEEDS_MPS) | first)
    force, lasting = np.where(inside, np.maximum(force, 0.0), 0.0), np.where(inside, np.maximum(lasting, 0.0), 0.0)
    upshift, plateau = _plateau(drive)
    steps = np.array(drive.gearbox.ratios[:-1]) / np.array(drive.gearbox.ratios[1:])
    power, lasting_power = _powers_w(drive)
    ratios = np.array(drive.total_ratios)
    return Envelope(
        force_n=force, lasting_n=lasting, hold_n=_hold(train, drive, shafts, grid), most_n=force.max(axis=0),
        most_lasting_n=lasting.max(axis=0), launch_n=float(force[0, 0]), sync_mps=float(train.launch / reach[0, 0]),
        tops_mps=np.asarray(geared_speed_mps(float(train.high), ratios, radius_m)),
        idles_mps=np.asarray(geared_speed_mps(float(train.idle), ratios, radius_m)),
        power_w=power, lasting_power_w=lasting_power,
        regained_ratio=float(train.share[layout.N_SHAFT // 2]) * drive.total_efficiencies[-1] if drive.motor else 0.0,
        landing_ratio=float(upshift / steps.max() / plateau) if len(steps) else float("inf"),
        upshift_radps=upshift, plateau_radps=plateau,
    )  # fmt: skip


def _tow(train: layout.Record, drive: Drive, shafts: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Force of the motors within what battery and source give, and what they hold thermally."""
    assert drive.motor is not None
    watts = (drive.battery.discharge_limit_w if drive.battery else 0.0) + float(train.source_high)
    tow = np.array([np.interp(row, grid, curve) for row, curve in zip(shafts, train.tow, strict=False)])
    given = np.interp(shafts, grid, train.share) * np.array(train.efficiency[: len(shafts)])[:, None] * watts
    limited = np.minimum(tow, given / np.maximum(SPEEDS_MPS, STANDING_MPS))
    motor = drive.motor
    return limited, tow * min((motor.continuous_power_w or motor.peak_power_w) / motor.peak_power_w, 1.0)


def _hold(train: layout.Record, drive: Drive, shafts: Floats, grid: Floats) -> Floats:
    """Braking force of the engine in the best gear that keeps it within its speeds."""
    if drive.engine is None:
        return np.zeros_like(SPEEDS_MPS)
    held = np.array([-np.interp(row, grid, curve) for row, curve in zip(shafts, train.hold, strict=False)])
    within = (shafts >= train.idle) & (shafts <= drive.engine.speed_radps[-1])
    return np.asarray(np.where(within, held, 0.0).max(axis=0))


def _powers_w(drive: Drive) -> tuple[float, float]:
    """Power of engine and motors together, at most and lasting."""
    engine, motor, count = drive.engine, drive.motor, drive.motors_count
    burnt = max(s * t for s, t in zip(engine.speed_radps, engine.full_load_torque_nm, strict=True)) if engine else 0.0
    if motor is None:
        return burnt, burnt
    return burnt + count * motor.peak_power_w, burnt + count * (motor.continuous_power_w or motor.peak_power_w)


def _plateau(drive: Drive) -> tuple[float, float]:
    """Speed of most power, from where a driver shifts up at full load, and the lower end of the plateau."""
    if drive.engine:
        fine = np.linspace(drive.engine.speed_radps[0], drive.engine.speed_radps[-1], 400)
        full = np.interp(fine, drive.engine.speed_radps, drive.engine.full_load_torque_nm)
        return float(fine[np.argmax(fine * full)]), float(fine[np.argmax(full >= PLATEAU_RATIO * full.max())])
    assert drive.motor is not None
    return drive.motor.max_speed_radps, PLATEAU_RATIO * drive.motor.peak_power_w / drive.motor.peak_torque_nm


def air_n(combination: Combination, density_kgpm3: float, speed_mps: Quantity) -> Quantity:
    """Air drag without wind beyond what a declaration has put into the drag area."""
    area: Quantity = combination.drag_area_m2
    if combination.drag_speed_mps:
        area = np.interp(speed_mps, combination.drag_speed_mps, combination.drag_speed_area_m2)
    return still_air_force_n(density_kgpm3, area, speed_mps)


def cruise_radps(drive: Drive, radius_m: float, speed_mps: float) -> float:
    """Shaft speed in top gear."""
    return float(shaft_speed_radps(speed_mps, drive.total_ratios[-1], radius_m))
