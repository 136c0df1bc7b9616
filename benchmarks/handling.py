"""The planar vehicle against its reference figures, and how fast it drives.

python benchmarks/handling.py    linear values, lane change against openvd, performance figures, time a simulated second
"""

from __future__ import annotations

import csv
import statistics
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from fifthwheel.control.block import Running
from fifthwheel.simulate.handling import block
from fifthwheel.simulate.handling.derive import outline_of, rig_of
from fifthwheel.simulate.handling.layout import (
    ALONG,
    BRAKE,
    DRIVE,
    FIRST_WHEEL,
    HEADING,
    SIDE_SPEED,
    STEERING,
    TRAILER_HEADING,
    YAW,
    Plant,
)
from fifthwheel.simulate.handling.linear import (
    divergence_push_n,
    lateral,
    rearward_amplification,
    understeer_gradient_rad,
)
from fifthwheel.simulate.handling.linearise import jacobian, lateral_matrix
from fifthwheel.simulate.handling.manoeuvre import Braking, LaneChange, SineSteer, Straight
from fifthwheel.simulate.handling.path import even, split
from fifthwheel.simulate.handling.pbs import margins, performance
from fifthwheel.simulate.handling.perform import perform
from fifthwheel.simulate.handling.plant import advance, plant_of, run, wheels_of
from fifthwheel.simulate.handling.rig import Group, Rig, rig, single_track
from fifthwheel.vehicle.catalogue import combination

OPENVD = Path(__file__).parents[1] / "tests" / "simulate" / "handling" / "openvd_lane_change.csv"

GAINS = {
    5.0: (1.4169, 2.1050, 2.7363),
    10.0: (2.7658, 2.0781, 1.4955),
    20.0: (5.0474, 1.9823, -25.345),
    25.0: (5.9205, 1.9208, -54.427),
    30.0: (6.6071, 1.8551, -94.426),
}
MODES = {
    5.0: (-0.724, -6.45, -9.20, -10.86),
    10.0: (-1.777 + 1.228j, -5.034 + 0.552j),
    20.0: (-0.8537 + 1.9644j, -2.552 + 0.796j),
    25.0: (-0.6701 + 2.0252j, -2.054 + 0.832j),
    30.0: (-0.5492 + 2.0537j, -1.721 + 0.856j),
}
DIVERGENCE_N = {1.0: 273e3, 0.4: 113.5e3, 0.2: 59.5e3}


def row(name: str, fact: complex, linear: complex | None, plant: complex | None) -> None:
    def cell(value: complex | None) -> str:
        if value is None:
            return " " * 27
        text = f"{value.real:.4f}{value.imag:+.4f}i" if isinstance(value, complex) and value.imag else f"{value.real:.4f}"
        return f"{text:>18s} {100 * (abs(value - fact) / abs(fact)):6.3f} %"

    fact_text = f"{fact.real:.4f}{fact.imag:+.4f}i" if isinstance(fact, complex) and fact.imag else f"{fact.real:.4f}"
    print(f"{name:34s} {fact_text:>18s} {cell(linear)} {cell(plant)}")


def plant_gains(one: Rig, speed_mps: float) -> tuple[float, float, float]:
    """Yaw rate, articulation and side speed per radian after 20 s at 1 mrad."""
    plant = plant_of(one, speed_mps=speed_mps)
    plant.road[STEERING] = 1e-3
    run(plant, 20.0)
    state = plant.state * 1e3
    return state[YAW], state[HEADING] - state[TRAILER_HEADING], state[SIDE_SPEED]


def plant_divergence_n(one: Rig) -> float:
    def determinant(push_n: float) -> float:
        plant = plant_of(one, speed_mps=20.0, grip_ratio=1e4)
        drive = FIRST_WHEEL + ALONG * len(plant.wheels) + 2
        plant.state[drive : drive + 2] = -0.5 * push_n * (1.0 + one.tractor_mass_kg / one.trailer_mass_kg)
        return float(np.linalg.det(lateral_matrix(plant)))

    return float(brentq(determinant, 0.0, 1e6))


def table() -> None:
    reference = rig("reference")
    plain = single_track(reference)
    print(f"{'':34s} {'fact':>18s} {'linear':>18s} {'off':>8s} {'plant':>18s} {'off':>8s}")
    for speed_mps, gains in GAINS.items():
        linear = lateral(reference, speed_mps)
        found = (linear.yaw_gain_radps, linear.articulation_gain_rad, linear.side_speed_gain_mps)
        names = ("r1/delta", "gamma/delta", "v_y/delta")
        for name, fact, one, other in zip(names, gains, found, plant_gains(plain, speed_mps), strict=True):
            row(f"{speed_mps:.0f} m/s {name}", fact, one, other)
        values = np.linalg.eigvals(jacobian(plant_of(plain, speed_mps=speed_mps)))
        for fact, mode in zip(MODES[speed_mps], linear.modes, strict=True):
            nearest = complex(values[np.argmin(abs(values - fact))])
            row(f"{speed_mps:.0f} m/s eigenvalue", fact, complex(mode.real_radps, mode.imaginary_radps), nearest)
    row("understeer gradient rad/g", 0.01134, understeer_gradient_rad(reference), None)
    most = rearward_amplification(reference, 20.0)
    row("rearward amplification", 1.099, most.lateral_acceleration_ratio, None)
    row("  at Hz", 0.277, most.lateral_acceleration_hz, None)
    row("yaw rate ratio", 1.144, most.yaw_rate_ratio, None)
    row("  at Hz", 0.267, most.yaw_rate_hz, None)
    for ratio, fact in DIVERGENCE_N.items():
        weak = single_track(reference, cornering_ratio=ratio)
        row(
            f"divergence kN, stiffness x {ratio}",
            fact / 1e3,
            divergence_push_n(reference, 20.0, cornering_ratio=ratio) / 1e3,
            plant_divergence_n(weak) / 1e3,
        )
    full = np.linalg.eigvals(jacobian(plant_of(reference, speed_mps=20.0)))
    slow = complex(full[np.argmin(abs(full - MODES[20.0][0]))])
    row("20 m/s slow mode, full rig", MODES[20.0][0], None, slow)


def lane_change() -> None:
    """Peaks of the 0.2 g lane change of tests/simulate/handling/test_openvd.py."""
    with OPENVD.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["grip_ratio"]) == 0.8]
    full, plain = rig("reference"), single_track(rig("reference"))
    planar = replace(plain, axles=tuple(replace(axle, side_grip_ratio=1.0) for axle in plain.axles))
    sine = SineSteer(speed_mps=20.0, seconds=8.0, ground=even(0.8), steer_rad=0.039, frequency_hz=0.4)
    found = [perform(sine, one, coast, every_s=1e-3) for one in (planar, full)]
    print(f"\n{'lane change of 0.2 g':34s} {'openvd':>9s} {'planar':>9s} {'off':>8s} {'full':>9s} {'off':>8s}")
    for name in list(rows[0])[2:]:
        wanted = max(abs(float(row[name])) for row in rows)
        peaks = [abs(columns[name][99::100]).max() for columns in found]
        print(f"{name:34s} {wanted:9.5f}" + "".join(f" {one:9.5f} {100 * (one / wanted - 1):6.2f} %" for one in peaks))


def coast(plant: Plant, _: float) -> None:
    plant.demand[:, DRIVE] = 0.0


def figures() -> None:
    """Performance figures of some combinations of the catalogue, unladen and laden."""
    print()
    for name in ("diesel-4x2-curtainsider-eu", "diesel-6x4-stake", "battery-423-box", "diesel-8x4-tipper"):
        one = combination(name)
        for payload_kg in (0.0, one.payload_limit_kg):
            made = rig_of(one, payload_kg)
            found = performance(made, outline_of(one, made))
            print(f"{name}, {payload_kg:.0f} kg: " + ", ".join(f"{key} {value:.2f}" for key, value in found.items()))
            missed = [f"{key} by {-margin:.2f}" for key, margin in margins(found).items() if margin < 0.0]
            print(f"  limits missed: {', '.join(missed) or 'none'}")


def pace() -> None:
    truck = rig("tractor_4x2_semitrailer_40t")

    def braking() -> Plant:
        plant = plant_of(truck, speed_mps=25.0, grip_ratio=0.4)
        plant.road[STEERING] = 0.01
        plant.demand[wheels_of(plant, Group.TRAILER), BRAKE] = 5e3
        return plant

    for name, made in (("rolling", lambda: plant_of(truck, speed_mps=25.0)), ("braking in a bend", braking)):
        advance(made(), 10)
        times = []
        for _ in range(15):
            plant = made()
            start = time.process_time()
            advance(plant, 3000)
            times.append((time.process_time() - start) / 3.0)
        median, least = 1e3 * statistics.median(times), 1e3 * min(times)
        print(f"one second, {len(truck.axles)} axles, {name:18s} {median:.2f} ms of one core (median of 15; least {least:.2f})")

    lane = LaneChange(speed_mps=24.0, seconds=10.0, lateral_acceleration_mps2=1.5, frequency_hz=0.4)
    stop = Straight(speed_mps=24.0, seconds=10.0, ground=split(0.8, 0.3), braking=Braking(from_s=1.0, deceleration_mps2=2.0))
    running = Running(block(truck))
    works = {
        "driver and plant, lane change": lambda: perform(lane, truck),
        "driver and plant, split stop": lambda: perform(stop, truck),
        "block, steps of 10 ms": lambda: [running.step() for _ in range(1000)],
    }
    for name, work in works.items():
        work()
        times = []
        for _ in range(7):
            start = time.process_time()
            work()
            times.append((time.process_time() - start) / 10.0)
        median, least = 1e3 * statistics.median(times), 1e3 * min(times)
        print(f"one second, {name:31s} {median:.2f} ms of one core (median of 7; least {least:.2f})")


if __name__ == "__main__":
    table()
    lane_change()
    figures()
    pace()
