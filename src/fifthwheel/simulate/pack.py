"""From catalogue records to the records and arrays that the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fifthwheel.control.energy.calibration import calibration
from fifthwheel.errors import InputError
from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.physics.fuel_cell import fuel_curve
from fifthwheel.physics.motor import loss_w
from fifthwheel.physics.range_extender import best_line
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.physics.tyre import rolling_forces_n, temperature_factor_ratio
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.driver import Style
from fifthwheel.simulate.tables import Pool, Road, wheel_force_n
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind
from fifthwheel.vehicle.components import Battery, Engine, GearboxKind, Motor, Use

Floats = NDArray[np.float64]

BOXES = {GearboxKind.DCT: layout.DCT, GearboxKind.MANUAL: layout.MANUAL}
GOVERNED_RATIO = 0.98
"""Share of the speed at the end of the engine's or motor's range in top gear that a driver uses."""
ARRIVAL_RATIO = 0.04
"""A trailer's battery is planned to arrive with this much above the lower end of its window."""
ELECTRIC_WORTH = 2.3
"""Price of stored energy in a combination without an engine, where only the ratio of prices counts."""
REACH_RATIO = 1.3
"""Tables reach beyond the torque that a powertrain can give by this factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """How a real vehicle differs from its catalogue entry: factors that only a simulation knows."""

    drag_ratio: float = 1.0
    rolling_tractor_ratio: float = 1.0
    rolling_trailer_ratio: float = 1.0
    auxiliary_ratio: float = 1.0


NOMINAL = Truth()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedPlan:
    """Speed to drive and most speed to roll at, at the nodes of a road, both of shape (n,)."""

    aim_mps: Floats
    most_mps: Floats

    def lay(self, nodes: Floats) -> None:
        """Write the plan into packed `nodes`, which bound it from above.

        Raises
        ------
        InputError : a plan for another number of nodes.
        """
        if not len(nodes) == len(self.aim_mps) == len(self.most_mps):
            raise InputError(f"a speed plan of {len(self.aim_mps)} and {len(self.most_mps)} nodes; the road has {len(nodes)}")
        nodes[:, layout.MOST] = np.minimum(self.most_mps, nodes[:, layout.MOST])
        nodes[:, layout.LIMIT] = np.minimum(self.aim_mps, nodes[:, layout.MOST])


def rolling_n(combination: Combination, mass_kg: float, weather: Weather, truth: Truth) -> tuple[float, float]:
    """Rolling force of tractor and trailer on a level road in that weather."""
    common = weather.surface_ratio * float(temperature_factor_ratio(weather.temperature_k))
    return rolling_forces_n(combination, mass_kg, (common * truth.rolling_tractor_ratio, common * truth.rolling_trailer_ratio))


def auxiliaries_w(combination: Combination, *, loaded: bool, trailer: bool | None) -> tuple[float, float]:
    """Power while switched on, and what working adds; of the whole (``None``), the tractor or the trailer alone."""
    steady = combination.auxiliary_power_w(Use.RUNNING, trailer=trailer)
    if loaded:
        steady += combination.auxiliary_power_w(Use.LOADED, trailer=trailer)
    return steady, combination.auxiliary_power_w(Use.WORKING, trailer=trailer)


def trailer_payload_ratio(combination: Combination) -> float:
    """Share of the payload that the trailer carries: by what the axles of each unit may carry beyond its own mass."""
    rooms = [_room_kg(unit) for unit in combination.units]
    return rooms[1] / sum(rooms) if len(rooms) > 1 else 0.0


def _room_kg(unit: Unit) -> float:
    if unit.kind is UnitKind.TRACTOR:
        return 0.0
    return max(sum(group.load_limit_kg for group in unit.axles) - unit.tare_kg, 1.0)


@dataclass(slots=True)
class Packer:
    """Collects powertrains and their tables; the same drive is packed once."""

    pool: Pool = field(default_factory=Pool)
    trains: list[NDArray[np.void]] = field(default_factory=list)
    known: dict[tuple[int, float, bool], int] = field(default_factory=dict)
    kept: list[Drive] = field(default_factory=list)

    def train(self, drive: Drive | None, radius_m: float, *, trailer: bool = False) -> int:
        """Index of the powertrain; -1 where there is none."""
        if drive is None:
            return -1
        key = (id(drive), radius_m, trailer)
        if key not in self.known:
            self.kept.append(drive)
            self.trains.append(_train(self.pool, drive, radius_m, trailer=trailer))
            self.known[key] = len(self.trains) - 1
        return self.known[key]

    def stock(self, road: Road) -> layout.Stock:
        """Everything packed so far, with roads."""
        return self.pool.stock(np.concatenate(self.trains), road)


def _train(pool: Pool, drive: Drive, radius_m: float, *, trailer: bool) -> NDArray[np.void]:
    trains = np.zeros(1, dtype=layout.TRAIN)
    train: layout.Record = trains[0]
    gearbox, engine, motor = drive.gearbox, drive.engine, drive.motor
    if len(gearbox.ratios) > layout.N_GEARS:
        raise ValueError(f"{gearbox.name}: {len(gearbox.ratios)} gears; at most {layout.N_GEARS} are simulated")
    train.engine, train.motor, train.trailer = engine is not None, motor is not None, trailer
    train.gears, train.axle, train.radius = len(gearbox.ratios), drive.axle.ratio, radius_m
    train.ratio[: train.gears] = gearbox.ratios
    train.box, train.shift, train.start_stop = BOXES.get(gearbox.kind, layout.AMT), gearbox.shift_s, drive.start_stop
    fastest = max(engine.speed_radps[-1] if engine else 0.0, motor.max_speed_radps if motor else 0.0)
    train.step = 1.05 * fastest / (layout.N_SHAFT - 1)
    train.per_step, train.per_radius, train.per_axle = 1.0 / train.step, 1.0 / radius_m, 1.0 / train.axle
    train.per_ratio[: train.gears] = 1.0 / np.array(gearbox.ratios)
    train.reach[: train.gears] = np.array(gearbox.ratios) * (train.axle * train.per_radius)
    train.peak_torque = train.peak_power = train.capacity = train.nominal = train.resistance = train.heat_capacity = 1.0
    if drive.retarder:
        train.retarder_torque, train.retarder_power = drive.retarder.peak_torque_nm, drive.retarder.peak_power_w
        train.retarder_ratio, train.primary = drive.retarder.ratio, drive.retarder.primary
        if drive.retarder.drag_speed_radps:
            speeds = train.step * np.arange(layout.N_SHAFT) * drive.retarder.ratio
            drag = np.interp(speeds, drive.retarder.drag_speed_radps, drive.retarder.drag_torque_nm)
            train.drags = True
            train.retarder_drag[:] = drag * drive.retarder.ratio
    torque = (max(engine.full_load_torque_nm) if engine else 0.0) + (motor.peak_torque_nm * drive.motors_count if motor else 0.0)
    _stages(pool, train, drive, REACH_RATIO * torque)
    if engine:
        _with_engine(pool, train, engine)
    if motor:
        _with_motor(train, motor, drive.motors_count, keep_range=engine is not None)
    if drive.battery:
        _with_battery(train, drive.battery, drive.soc_target_ratio)
    _with_source(train, drive)
    _forces(pool, train, drive)
    return trains


def _stages(pool: Pool, train: layout.Record, drive: Drive, most_nm: float) -> None:
    """Loss tables or efficiencies of the gears and of the axle."""
    train.efficiency[:] = 1.0
    maps = [*drive.gearbox.loss_maps, *[None] * (layout.N_GEARS - len(drive.gearbox.loss_maps)), drive.axle.loss_map]
    gears = [item.efficiency_ratio for item in drive.gearbox.loss_maps] or drive.gearbox.efficiencies
    train.efficiency[: len(gears)] = gears
    train.efficiency[layout.AXLE_STAGE] = drive.axle.efficiency_ratio
    train.per_efficiency[:] = 1.0 / train.efficiency
    train.table[:] = -1
    for stage, loss_map in enumerate(maps):
        if loss_map is None:
            continue
        axle = stage == layout.AXLE_STAGE
        most = most_nm * (max(drive.gearbox.ratios) if axle else 1.0)
        fastest = train.step * (layout.N_SHAFT - 1) / (min(drive.gearbox.ratios) if axle else 1.0)
        step = float(fastest / (layout.N_STAGE - 1))
        train.table[stage] = pool.loss_table(loss_map, step, most)
        train.per_speed[stage] = 1.0 / step
        train.per_torque[stage] = 0.5 * (layout.N_TORQUE - 1) / most


def _with_engine(pool: Pool, train: layout.Record, engine: Engine) -> None:
    speeds = train.step * np.arange(layout.N_SHAFT)
    full = np.interp(speeds, engine.speed_radps, engine.full_load_torque_nm)
    train.full[:] = np.where(speeds > engine.speed_radps[-1], 0.0, full)
    train.drag[:] = np.interp(speeds, engine.speed_radps, engine.drag_torque_nm)
    train.brake[:] = np.interp(speeds, engine.speed_radps, engine.brake_torque_nm)
    train.idle, train.launch, train.inertia = engine.idle_speed_radps, engine.launch_speed_radps, engine.inertia_kgm2
    train.low, train.high = _cruising_radps(engine), _governed_radps(engine)
    train.least = min(1.35 * engine.idle_speed_radps, train.low)
    train.derate_from, train.derate = engine.derate_altitude_m, engine.derate_per_metre_ratio
    torque = np.linspace(-1.5 * max(engine.drag_torque_nm), 1.1 * max(engine.full_load_torque_nm), layout.N_TORQUE)
    train.torque_low, train.per_torque_step = torque[0], 1.0 / (torque[1] - torque[0])
    train.fuel = pool.fuel_table(engine, float(train.step), torque)


def _governed_radps(engine: Engine) -> float:
    """Highest speed driven at: the last where the engine still gives 40 % of its most torque."""
    fine = np.linspace(engine.speed_radps[0], engine.speed_radps[-1], 400)
    strong = np.interp(fine, engine.speed_radps, engine.full_load_torque_nm) > 0.4 * max(engine.full_load_torque_nm)
    return float(fine[np.nonzero(strong)[0][-1]])


def _cruising_radps(engine: Engine) -> float:
    """Lowest speed that an upshift aims at: where the engine first gives 95 % of its most torque, at least 1.3 times idle."""
    fine = np.linspace(engine.speed_radps[0], engine.speed_radps[-1], 400)
    full = np.interp(fine, engine.speed_radps, engine.full_load_torque_nm)
    return float(max(0.97 * fine[np.nonzero(full >= 0.95 * full.max())[0][0]], 1.3 * engine.idle_speed_radps))


def _with_motor(train: layout.Record, motor: Motor, count: int, *, keep_range: bool) -> None:
    torque, power = motor.peak_torque_nm * count, motor.peak_power_w * count
    train.peak_torque, train.peak_power, train.losses[:] = torque, power, motor.loss_ratios
    if not keep_range:
        train.low = train.least = 0.45 * power / torque
        train.high = motor.max_speed_radps


def _with_battery(train: layout.Record, battery: Battery, target_ratio: float) -> None:
    train.capacity, train.nominal = battery.capacity_j, battery.nominal_voltage_v
    train.voltage[:] = np.interp(np.linspace(0.0, 1.0, layout.N_OCV), battery.soc_ratio, battery.open_circuit_voltage_v)
    train.resistance, train.discharge, train.charge = battery.resistance_ohm, battery.discharge_limit_w, battery.charge_limit_w
    train.soc_low, train.soc_high, train.soc_target = battery.soc_low_ratio, battery.soc_high_ratio, target_ratio
    train.heat_capacity, train.cooling = battery.heat_capacity_jpk, battery.cooling_wpk


def _with_source(train: layout.Record, drive: Drive) -> None:
    if drive.fuel_cell:
        cell = drive.fuel_cell
        power, fuel = fuel_curve(cell, layout.N_SOURCE)
        train.source, train.source_ramp, train.source_start = layout.CELL, cell.ramp_wps, cell.start_j
        train.source_low, train.source_efficiency = cell.least_power_w, 1.0
    elif drive.range_extender:
        extender = drive.range_extender
        power, fuel, _ = best_line(extender, layout.N_SOURCE)
        train.source, train.source_ramp, train.source_start = layout.EXTENDER, extender.ramp_wps, extender.start_j
        train.source_low, train.source_efficiency = extender.least_power_w, extender.generator_efficiency_ratio
    else:
        return
    train.source_step, train.source_high, train.source_fuel[:] = power[1], power[-1], fuel


def _forces(pool: Pool, train: layout.Record, drive: Drive) -> None:
    """Forces at the wheels by gear, and what a battery watt gives at the shaft."""
    speeds = train.step * np.arange(layout.N_SHAFT)
    if drive.engine:
        consumed = 5e3 / np.maximum(speeds, train.launch)
        full = np.interp(np.maximum(speeds, train.launch), speeds, train.full) - consumed
        for gear in range(train.gears):
            train.pull[gear] = wheel_force_n(pool, train, gear, full)
            train.coast[gear] = np.minimum(wheel_force_n(pool, train, gear, -train.drag - consumed), 0.0)
            train.hold[gear] = np.minimum(
                wheel_force_n(pool, train, gear, -train.drag - consumed - train.brake), train.coast[gear]
            )
    if drive.motor:
        ratios = (float(train.losses[0]), float(train.losses[1]), float(train.losses[2]))
        torque = np.where(
            speeds <= drive.motor.max_speed_radps, np.minimum(train.peak_torque, train.peak_power / np.maximum(speeds, 1.0)), 0.0
        )
        for gear in range(train.gears):
            train.tow[gear] = np.maximum(wheel_force_n(pool, train, gear, torque), 0.0)
        turning = np.maximum(speeds, speeds[4])
        power = np.maximum(torque * turning, 1.0)
        loss = loss_w(torque, turning, float(train.peak_torque), float(train.peak_power), ratios)
        train.share[:] = power / (power + np.asarray(loss))


def pack_nodes(profile: Profile, aimed_mps: Floats, weather: Weather, style: Style, top_mps: float) -> Floats:
    """The road by node, shape (n, `layout.N_NODE`): `aimed_mps` held to `top_mps`, what the vehicle can do in its top gear."""
    nodes = np.empty((len(aimed_mps), layout.N_NODE))
    head, cross = weather.wind_mps(profile.heading_rad)
    aimed = np.minimum(aimed_mps, top_mps)
    most = aimed + np.where(aimed >= style.overspeed_from_mps, style.overspeed_mps, 0.0)
    nodes[:, layout.SINE], nodes[:, layout.HEAD], nodes[:, layout.CROSS] = profile.sine, head, cross
    nodes[:, layout.DENSITY] = air_density_kgpm3(profile.altitude_m, weather.temperature_k, weather.sea_pressure_pa)
    nodes[:, layout.SURFACE], nodes[:, layout.HEIGHT] = profile.surface_ratio, profile.altitude_m
    nodes[:, layout.LIMIT] = aimed
    nodes[:, layout.MOST] = most if style.over_limit else np.minimum(most, np.maximum(profile.limit_mps, aimed))
    return nodes


def pack_bend(profile: Profile) -> Floats:
    """Curvature of the road at each node (1/m, unsigned), shape (n,): the turn over 60 m around it."""
    turned = np.unwrap(profile.heading_rad)
    reach = min(3, len(turned) - 1)
    ends = np.pad(turned, reach, mode="edge")
    return np.asarray(np.abs(ends[2 * reach :] - ends[: len(turned)]) / (2.0 * reach * STEP_M))


def pack_energy(trip: layout.Record, combination: Combination, plan: tuple[float | None, float | None], how: int) -> None:
    """The energy unit of a trip whose starting charges are set; `plan`: charge to arrive with, tractor and trailer (none: usual).

    A hybrid tractor keeps its target; a trailer arrives `ARRIVAL_RATIO` above the lower end of its window.
    """
    drive, towed = combination.drive, combination.trailer_drive
    trip.coordination = how if towed is not None or (drive.engine and drive.motor) else layout.RULES
    if how == layout.SEPARATE and towed is None:
        trip.coordination = layout.RULES
    trip.tune[:] = calibration().array()
    trip.marginal = _marginal_ratio(drive.engine) if drive.engine else ELECTRIC_WORTH
    target = drive.soc_target_ratio
    trip.soc_plan[:] = (target, target) if plan[0] is None else (trip.soc, plan[0])
    if towed is not None and towed.battery is not None:
        low = towed.battery.soc_low_ratio + ARRIVAL_RATIO
        trip.trailer_soc_plan[:] = trip.trailer_soc, min(low, trip.trailer_soc) if plan[1] is None else plan[1]


def _marginal_ratio(engine: Engine) -> float:
    """Fuel that a joule more at the crank burns, between 30 and 80 % of full load at cruising speed."""
    speed = _cruising_radps(engine)
    full = float(np.interp(speed, engine.speed_radps, engine.full_load_torque_nm))
    low, high = fuel_power_at(engine, speed, [0.3 * full, 0.8 * full])
    return float((high - low) / (0.5 * full * speed))


def pack_stops(profile: Profile) -> Floats:
    """Stops as rows of place, duration and whether the body works."""
    return np.array([(stop.distance_m, stop.duration_s, float(stop.working)) for stop in profile.stops], dtype=np.float64)


def top_speed_mps(drive: Drive, radius_m: float) -> float:
    """Road speed that a driver uses at most in top gear."""
    engine, motor = drive.engine, drive.motor
    if engine:
        high = _governed_radps(engine)
    else:
        assert motor is not None
        high = motor.max_speed_radps
    return GOVERNED_RATIO * high * radius_m / drive.total_ratios[-1]


def pack_body(trip: layout.Record, combination: Combination, weather: Weather, truth: Truth) -> None:
    """The combination as two bodies with its air, but for what its load decides."""
    radius = combination.tyre_radius_m
    trip.rotating = sum(unit.wheels_inertia_kgm2 for unit in combination.units) / radius**2
    if combination.trailer:
        trip.trailer_rotating = combination.trailer.wheels_inertia_kgm2 / radius**2
        trip.trailer_drag = combination.trailer_drag_ratio
    drag_ratio = truth.drag_ratio * weather.drag_ratio
    trip.drag_area = combination.drag_area_m2 * drag_ratio
    trip.windy = weather.wind_speed_mps != 0.0
    trip.drag[:] = trip.drag_area
    if combination.drag_speed_mps:
        speeds = np.arange(layout.N_SPEED, dtype=np.float64)
        trip.drag[:] = drag_ratio * np.interp(speeds, combination.drag_speed_mps, combination.drag_speed_area_m2)
    trip.crosswind[:] = combination.crosswind
    shares = combination.axle_load_ratios
    trip.trailer_brakes = sum(shares[1]) if len(shares) > 1 else 0.0
    trip.threshold = combination.assist_power_w


def pack_load(trip: layout.Record, combination: Combination, payload_kg: float, weather: Weather, truth: Truth) -> None:
    """What the load decides: masses, tyres, adhesion, and the consumers that only run loaded."""
    mass = combination.tare_kg + payload_kg
    trip.mass = mass
    if combination.trailer:
        trip.trailer_mass = combination.trailer.tare_kg + payload_kg * trailer_payload_ratio(combination)
    trip.roll_tractor, trip.roll_trailer = rolling_n(combination, mass, weather, truth)
    driven = [
        sum(ratio for group, ratio in zip(unit.axles, ratios, strict=True) if group.driven)
        for unit, ratios in zip(combination.units, combination.axle_load_ratios, strict=True)
    ]
    trip.grip = weather.adhesion_ratio
    trip.adhesion = weather.adhesion_ratio * driven[0] * mass * GRAVITY
    trip.trailer_adhesion = weather.adhesion_ratio * driven[-1] * mass * GRAVITY
    loaded, own = payload_kg > 0.0, combination.trailer_drive is not None
    steady, trip.working = auxiliaries_w(combination, loaded=loaded, trailer=False if own else None)
    trip.auxiliary = steady * truth.auxiliary_ratio
    if own:
        trip.trailer_auxiliary, trip.trailer_working = auxiliaries_w(combination, loaded=loaded, trailer=True)


def pack_driver(trip: layout.Record, style: Style) -> None:
    """The driver."""
    trip.accelerate[:], trip.decelerate[:] = style.acceleration_limits_mps2()
    trip.coast, trip.coast_from = style.look_ahead_mps2, style.look_ahead_from_mps
    trip.eco_roll, trip.eco_grade = style.eco_roll, style.eco_roll_grade_ratio
