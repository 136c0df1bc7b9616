"""Brakes and machines between the EBS and the planar plant: what sensors say of the plant, and what the actuators do to it.

Pressure of an axle follows its demand after a dead time and a lag (electronic brake system); the valve at each wheel only takes
away, fast. Machines follow theirs; batteries fill; brakes heat and fade. All of it as parts of compiled steps of 10 ms.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fifthwheel.control.brakes import limits, thermal
from fifthwheel.control.brakes.layout import Records, record_of
from fifthwheel.simulate.compiled import compiled, laws, part
from fifthwheel.simulate.handling.layout import (
    ACCELERATION,
    BRAKE,
    DRIVE,
    FIRST_WHEEL,
    HEADING,
    KINGPIN_X,
    SIDE_ACCELERATION,
    SPEED,
    STEERING,
    TRAILER_HEADING,
    TRAILER_SIDE_ACCELERATION,
    TRAILER_YAW,
    YAW,
    Floats,
    Plant,
)

laws(limits.standing_ratio, limits.room_ratio, thermal.warmed_k, thermal.faded)

PERIOD_S: Final = 0.01
QUEUE: Final = 32
"""Periods that demands wait at most."""
PNEUMATIC_S: Final = 0.1
"""What the control line without the bus adds to the dead time of the trailer's brakes [K]."""


END: Final = record_of("chamber_pa", "temperature_k", "gain", "dead_s", "follow", "trailer", "driven", "regenerates", "worked_j")
"""Brakes of an axle: pressure now, temperature, friction over the nominal one, dead time, share of the way covered in a period,
whether it is the trailer's, its shares of machines, work done."""
MACHINE: Final = record_of(
    "asked_n", "acting_n", "torque_n", "shaft_w", "charge_w", "capacity_j", "soc", "soc_high", "efficiency", "dead_s", "follow"
)
"""A machine: force asked and acting, limits at the wheels, its battery (none: capacity 0), and its dead time and lag."""
ROAD: Final = record_of(
    "traction_n", "air_k", "clock", "request_n", "drive_n", "bus_s", "kingpin_s", "wheel", "wheel_s", "wheel_mps", "seen_load"
)
"""The whole: driving force, air, count of periods, driving force asked of and acting on the trailer's axle; faults: times from
which the bus and the kingpin sensor are lost and a wheel's sensor says `wheel_mps`; what load sensors say over the load."""


SLOW_MPS: Final = 1.0
"""Below this speed at the wheel a machine's braking fades: it never turns a wheel backwards."""


class Bench(NamedTuple):
    """A plant with its brakes, and the records of the EBS's inputs, outputs and parameters."""

    plant: Plant
    u: Records
    ua: Records
    uw: Records
    y: Records
    ya: Records
    yw: Records
    p: Records
    pa: Records
    ends: Records
    machines: Records
    road: Records
    queue: Floats
    drives: Floats


@compiled
def feel(bench: Bench) -> None:
    """Fill the EBS's inputs from the plant; what the driver asked of the wheels becomes traction."""
    plant, u, road = bench.plant, bench.u[0], bench.road[0]
    state, out, count = plant.state, plant.out, len(bench.ends)
    time_s = road.clock * PERIOD_S
    road.traction_n = 0.0
    for wheel in range(2 * count):
        bench.uw[wheel].wheel_mps = max(plant.wheels[wheel].radius * state[FIRST_WHEEL + wheel], 0.0)
        bench.drives[wheel] = max(plant.demand[wheel, DRIVE], 0.0)
        road.traction_n += bench.drives[wheel] / plant.wheels[wheel].radius
    if time_s >= road.wheel_s:
        bench.uw[int(road.wheel)].wheel_mps = road.wheel_mps
    for axle in range(count):
        bench.ua[axle].load_n = road.seen_load * (plant.loads[2 * axle] + plant.loads[2 * axle + 1])
        bench.ua[axle].chamber_pa = bench.ends[axle].chamber_pa
    u.traction_n, u.trailer_drive_measured_n, u.trailer_drive_request_n = road.traction_n, road.drive_n, road.request_n
    u.acceleration_mps2, u.side_acceleration_mps2 = out[ACCELERATION], out[SIDE_ACCELERATION]
    u.trailer_side_acceleration_mps2, u.steering_rad = out[TRAILER_SIDE_ACCELERATION], plant.road[STEERING]
    u.yaw_radps, u.trailer_yaw_radps = state[YAW], state[TRAILER_YAW]
    u.articulation_rad = state[HEADING] - state[TRAILER_HEADING]
    u.kingpin_valid_state = 1.0 if time_s < road.kingpin_s else 0.0
    u.kingpin_sensor_n = out[KINGPIN_X] if time_s < road.kingpin_s else 0.0
    u.trailer_age_s = max(time_s - road.bus_s, 0.0)
    u.air_k = road.air_k
    speed = max(state[SPEED], 0.1)
    standing = limits.standing_ratio(state[SPEED])
    u.trailer_regeneration_available_n = standing * _most(bench, 0, speed)
    u.tractor_regeneration_available_n = standing * _most(bench, 1, speed)
    u.retarder_available_n, u.engine_brake_available_n = standing * _most(bench, 2, speed), standing * _most(bench, 3, speed)
    u.trailer_regeneration_measured_n, u.tractor_regeneration_measured_n = bench.machines[0].acting_n, bench.machines[1].acting_n
    u.retarder_measured_n, u.engine_brake_measured_n = bench.machines[2].acting_n, bench.machines[3].acting_n


@part
def _most(bench: Bench, machine: int, speed_mps: float) -> float:
    """Most force of a machine: torque, power, and what its battery takes."""
    one = bench.machines[machine]
    power = one.shaft_w
    if one.capacity_j > 0.0:
        power = min(power, one.charge_w * limits.room_ratio(one.soc, one.soc_high) / one.efficiency)
    return float(min(one.torque_n, power / speed_mps))


@compiled
def act(bench: Bench) -> None:
    """Move the actuators by a period, and set the plant's torques."""
    plant, y, p, road = bench.plant, bench.y[0], bench.p[0], bench.road[0]
    count = len(bench.ends)
    bench.machines[0].asked_n, bench.machines[1].asked_n = y.trailer_regeneration_n, y.tractor_regeneration_n
    bench.machines[2].asked_n, bench.machines[3].asked_n = y.retarder_n, y.engine_brake_n
    now, speed = int(road.clock), max(plant.state[SPEED], 0.0)
    for machine in range(4):
        one = bench.machines[machine]
        bench.queue[now % QUEUE, machine] = one.asked_n
        late = bench.queue[(now - round(one.dead_s / PERIOD_S)) % QUEUE, machine]
        one.acting_n += one.follow * (late - one.acting_n)
        if one.capacity_j > 0.0:
            one.soc = min(one.soc + one.efficiency * one.acting_n * speed * PERIOD_S / one.capacity_j, 1.0)
    road.drive_n += bench.machines[0].follow * (y.trailer_drive_n - road.drive_n)
    on_drive = bench.machines[1].acting_n + bench.machines[2].acting_n + bench.machines[3].acting_n
    for axle in range(count):
        end, at = bench.ends[axle], 4 + axle
        bench.queue[now % QUEUE, at] = bench.ya[axle].pressure_pa
        dead = end.dead_s + (PNEUMATIC_S if end.trailer > 0.0 and y.bus_warning_state == 2.0 else 0.0)
        end.chamber_pa += end.follow * (bench.queue[(now - round(dead / PERIOD_S)) % QUEUE, at] - end.chamber_pa)
        _heat(bench, axle)
        full = bench.pa[axle].full_n * end.gain * _fade(bench, axle)
        machine = end.driven * on_drive + end.regenerates * (bench.machines[0].acting_n - road.drive_n)
        for wheel in (2 * axle, 2 * axle + 1):
            pressure = min(end.chamber_pa, bench.yw[wheel].limit_pa)
            friction = 0.5 * full * max(pressure - p.onset_pa, 0.0) / (p.full_pa - p.onset_pa)
            radius = plant.wheels[wheel].radius
            plant.demand[wheel, BRAKE] = friction * radius
            turning = min(max(radius * plant.state[FIRST_WHEEL + wheel] / SLOW_MPS, 0.0), 1.0)
            plant.demand[wheel, DRIVE] = bench.drives[wheel] * y.traction_limit_ratio - 0.5 * machine * radius * turning
    road.clock += 1.0


@part
def _heat(bench: Bench, axle: int) -> None:
    """Heat the brakes of an axle by what they did in the last period."""
    end, brakes, plant = bench.ends[axle], bench.pa[axle], bench.plant
    power = 0.0
    for wheel in (2 * axle, 2 * axle + 1):
        power += plant.torque[wheel, BRAKE] * abs(plant.state[FIRST_WHEEL + wheel])
    end.worked_j += power * PERIOD_S
    cooling = brakes.still_wpk + brakes.speed_jpmk * max(plant.state[SPEED], 0.0)
    step = PERIOD_S / brakes.heat_capacity_jpk
    end.temperature_k = thermal.warmed_k(end.temperature_k, bench.road[0].air_k, power, cooling, step)


@part
def _fade(bench: Bench, axle: int) -> float:
    """Lining friction over that of the cold lining."""
    brakes = bench.pa[axle]
    return thermal.faded(bench.ends[axle].temperature_k, brakes.fade_warm_ratio, brakes.fade_hot_ratio, brakes.fade_glowing_ratio)
