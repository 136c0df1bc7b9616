"""`Truck`: everything about a job that the 1 Hz run reads, packed as numbers; and how it is packed."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.simulate.vecto22.engine import corner_speeds, shift_lines
from fifthwheel.simulate.vecto22.losses import power_out
from fifthwheel.simulate.vecto22.surface import Surfaces, surfaces
from fifthwheel.units import RPM
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import LossMap, Use
from fifthwheel.vehicle.vecto.job import Job, Overspeed, ShiftKind

Floats = NDArray[np.float64]

GRAVITY_MPS2: Final = 9.81
AIR_DENSITY_KGPM3: Final = 1.188
LOAD_EXPONENT: Final = 0.9
"""Rolling resistance grows with this power of a tyre's load."""
INERTIA_RATIO: Final = 0.01096 / RPM**2
"""The rule set rounds the square of a revolution a minute in the power that speeds the engine up."""
MEAN_SPEEDS, MEAN_TORQUES = 14, 11
"""Over how many engine speeds and torques mean efficiencies are taken."""


class Truck(NamedTuple):
    """A loaded truck in SI.

    Attributes
    ----------
    mass, rotating : of the whole; what its wheels add. roll : rolling resistance on the level, in newtons.
    air_speed, air_area : CdA over road speed, straight on beyond the last node.
    ratio, axle : engine and axle-input speed over road speed (rad/m), gear 1 first. box : gearbox ratios.
    box_mean, axle_mean : efficiencies for choosing gears and planning. fixed : efficiency of a stage without a map, else 0.
    speed, full, drag : curves of the engine, drag negative. inertia, box_inertia : of the engine, of the gearbox input.
    line, down, up : torque nodes and crank speeds of the shift lines, shape (gears, n).
    pace, faster, slower : the driver's limits over road speed. gap : steps without traction in a shift.
    maps : surfaces: axle backwards, gears backwards, axle forwards, gears forwards, fuel.
    """

    mass: float
    rotating: float
    roll: float
    air_speed: Floats
    air_area: Floats
    ratio: Floats
    axle: float
    box: Floats
    box_mean: Floats
    axle_mean: float
    fixed: Floats
    idle: float
    rated: float
    speed: Floats
    full: Floats
    drag: Floats
    inertia: float
    box_inertia: float
    line: Floats
    down: Floats
    up: Floats
    reserve: float
    start_reserve: float
    start_speed: float
    start_acceleration: float
    interval: float
    gap: int
    skip: bool
    early: bool
    pace: Floats
    faster: Floats
    slower: Floats
    over: float
    over_from: float
    ahead: float
    ahead_from: float
    auxiliary: float
    retarder: int
    retarder_ratio: float
    retarder_speed: Floats
    retarder_torque: Floats
    maps: Surfaces


def load_shares(combination: Combination, mass_kg: float) -> tuple[float, float]:
    """Rolling resistance of the tractor's and the trailer's axles at that mass, over the weight of the whole.

    Sum over axles of ``share RRC (load of a tyre / its test load)^(0.9 - 1)``.
    """
    found = []
    for unit, shares in zip(combination.units, combination.axle_load_ratios, strict=True):
        total = 0.0
        for group, share in zip(unit.axles, shares, strict=True):
            if share > 0.0:
                load_n = mass_kg * share * GRAVITY_MPS2 / group.all_tyres_count
                relative = (load_n / group.tyre.iso_load_n) ** (LOAD_EXPONENT - 1.0)
                total += share * group.tyre.rolling_resistance_ratio * relative
        found.append(total)
    return found[0], sum(found[1:])


def pack(job: Job, payload_kg: float) -> Truck:
    """Pack a job with a payload.

    Raises
    ------
    InputError : a combination without an engine, without a fuel map, or without stages' losses.
    """
    combination = job.combination
    drive, engine = combination.drive, combination.drive.engine
    if engine is None or engine.fuel_map is None or drive.motor is not None:
        raise InputError(f"{combination.name}: the rule set vecto-2.2 takes a combustion engine with a fuel map and no motor")
    mass = combination.tare_kg + payload_kg
    radius = combination.tyre_radius_m
    box = np.array(drive.gearbox.ratios)
    corners = corner_speeds(engine)
    line, down, up = shift_lines(job, corners)
    maps, fixed = _stages(job)
    means = _mean_efficiencies(job, maps, fixed, corners.rated)
    retarder = drive.retarder
    dragging = retarder if retarder is not None and retarder.drag_speed_radps else None
    driver, shifting = job.driver, job.shifting
    return Truck(
        mass=mass,
        rotating=sum(unit.wheels_inertia_kgm2 for unit in combination.units) / radius**2,
        roll=mass * GRAVITY_MPS2 * sum(load_shares(combination, mass)),
        **_air(combination),
        ratio=box * drive.axle.ratio / radius, axle=drive.axle.ratio / radius, box=box,
        box_mean=means[1:], axle_mean=float(means[0]), fixed=fixed,
        idle=engine.idle_speed_radps, rated=corners.rated,
        speed=np.array(engine.speed_radps), full=np.array(engine.full_load_torque_nm), drag=-np.array(engine.drag_torque_nm),
        inertia=engine.inertia_kgm2, box_inertia=job.gearbox_inertia_kgm2,
        line=line, down=down, up=up,
        reserve=shifting.torque_reserve_ratio, start_reserve=shifting.start_torque_reserve_ratio,
        start_speed=shifting.start_speed_mps, start_acceleration=shifting.start_acceleration_mps2,
        interval=shifting.least_interval_s, gap=int(np.ceil(shifting.traction_interruption_s - 1e-3)),
        skip=shifting.skip_gears and shifting.kind is not ShiftKind.AT,
        early=shifting.early_upshift and shifting.kind is ShiftKind.AMT,
        pace=np.array(driver.speed_mps), faster=np.array(driver.accelerate_mps2), slower=np.array(driver.decelerate_mps2),
        over=driver.overspeed_mps if driver.overspeed is Overspeed.OVERSPEED else 0.0, over_from=driver.overspeed_from_mps,
        ahead=-abs(driver.look_ahead_mps2), ahead_from=driver.look_ahead_speed_mps,
        auxiliary=combination.auxiliary_power_w(Use.RUNNING),
        retarder=0 if dragging is None else 1 if dragging.primary else 2,
        retarder_ratio=dragging.ratio if dragging else 1.0,
        retarder_speed=np.array(dragging.drag_speed_radps if dragging else (0.0, 1.0)),
        retarder_torque=np.array(dragging.drag_torque_nm if dragging else (0.0, 0.0)),
        maps=maps,
    )  # fmt: skip


def _air(combination: Combination) -> dict[str, Floats]:
    if not combination.drag_speed_mps:
        return {"air_speed": np.array([0.0, 1.0]), "air_area": np.full(2, combination.drag_area_m2)}
    speed, area = np.array(combination.drag_speed_mps), np.array(combination.drag_speed_area_m2)
    if len(speed) == 1:
        return {"air_speed": np.array([0.0, 1.0]), "air_area": np.full(2, area[0])}
    return {"air_speed": speed, "air_area": area}


def _stages(job: Job) -> tuple[Surfaces, Floats]:
    """Maps (axle, gears, twice, then fuel), and the efficiencies of stages that have none (else 0), axle first."""
    drive = job.combination.drive
    engine, box = drive.engine, drive.gearbox
    assert engine is not None
    assert engine.fuel_map is not None
    losses: list[LossMap | None] = [drive.axle.loss_map, *(box.loss_maps or [None] * len(box.ratios))]
    constant = [drive.axle.efficiency_ratio, *(box.efficiencies or [1.0] * len(box.ratios))]
    if len(losses) != len(constant):
        raise InputError(f"{len(losses) - 1} loss maps for {len(box.ratios)} gears of {box.name}; one a gear is needed")
    fixed = [0.0 if loss else efficiency for loss, efficiency in zip(losses, constant, strict=True)]
    backward = [_stage(loss, forward=False) for loss in losses]
    forward = [_stage(loss, forward=True) for loss in losses]
    fuel = engine.fuel_map
    last = (np.round(np.array(fuel.speed_radps) / RPM, 9), np.array(fuel.torque_nm), np.array(fuel.fuel_kgps))
    return surfaces([*backward, *forward, last]), np.array(fixed)


def _stage(loss: LossMap | None, *, forward: bool) -> tuple[Floats, Floats, Floats]:
    """A stage's surface over speed (1/min) and torque; a small empty one where it has no map."""
    if loss is None:
        return np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), np.zeros(3)
    speed, torque = np.round(np.array(loss.speed_radps) / RPM, 9), np.array(loss.torque_nm)
    behind = torque - np.array(loss.loss_nm)
    return (speed, torque, behind) if forward else (speed, behind, torque)


def _mean_efficiencies(job: Job, maps: Surfaces, fixed: Floats, rated: float) -> Floats:
    """Mean efficiency of every stage, axle first, over 14 engine speeds and 11 torques from a third to full load.

    Of a gear on its own; of the axle over all gears together, behind their losses.
    """
    drive = job.combination.drive
    engine, count = drive.engine, len(drive.gearbox.ratios)
    assert engine is not None
    idle = engine.idle_speed_radps
    speeds = idle + np.arange(1, MEAN_SPEEDS + 1) * (2 / 3) * (rated - idle) / 10
    curve = np.interp(speeds, engine.speed_radps, engine.full_load_torque_nm)
    torques = curve[:, None] * np.linspace(1 / 3, 1.0, MEAN_TORQUES)
    memory = maps.triangles[:-1].copy()
    found, behind = np.ones(count + 1), np.ones((count, MEAN_SPEEDS, MEAN_TORQUES))
    for gear, ratio in enumerate(drive.gearbox.ratios):
        means = np.ones_like(torques)
        for i, speed in enumerate(speeds):
            for k, torque in enumerate(torques[i]):
                given = power_out(maps, fixed, gear + 1, (speed, torque * speed), memory)
                means[i, k] = given / (torque * speed)
                behind[gear, i, k] = power_out(maps, fixed, 0, (speed / ratio, given), memory) / given
        found[gear + 1] = means.mean()
    found[0] = behind.mean()
    return found
