"""The whole matrix of power-on shifts, launches, random sequences, and the time a second of plant with control unit takes.

Run ``python benchmarks/shift_matrix.py [SEQUENCES]``; 100,000 sequences take about a minute on one core.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.chance import STARTS, random_plans, tally
from fifthwheel.simulate.shift.driveline import Driveline
from fifthwheel.simulate.shift.matrix import Case, cases, drive
from fifthwheel.simulate.shift.metrics import launch
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import RPM

LAUNCHES = ((16e3, 0.0, 0.4), (40e3, 0.0, 0.5), (40e3, 0.0, 1.0), (18e3, 0.12, 1.0), (40e3, 0.12, 1.0), (49e3, 0.12, 1.0))
ROADS = ((16e3, 0.0), (40e3, 0.05), (49e3, -0.04))
BATCH = 500


def shift_table() -> None:
    by: dict[tuple[int, int], list[tuple[float, ...]]] = {}
    worst: list[tuple[float, Case]] = []
    for case in cases():
        shift, residual = drive(case)
        row = (
            float(shift.done),
            shift.time_s,
            shift.gap_s,
            shift.least_ratio,
            shift.jerk_mps3,
            shift.heat_j,
            shift.tracking_radps,
            residual,
        )
        by.setdefault((case.gear, case.target), []).append(row)
        worst.append((shift.jerk_mps3, case))
    print("shift  cases  done  time max s  gap max s  least torque  jerk p95  jerk max  heat max kJ  tracking p50 rpm  residual")
    for (gear, target), rows in [*sorted(by.items()), ((0, 0), [row for one in by.values() for row in one])]:
        a = np.array(rows)
        name = f"{gear}->{target}" if gear else "all "
        print(
            f"{name:5} {len(a):6} {int(a[:, 0].sum()):5} {a[:, 1].max():11.3f} {a[:, 2].max():10.3f} {a[:, 3].min():13.2f}"
            f" {np.percentile(a[:, 4], 95):9.2f} {a[:, 4].max():9.2f} {a[:, 5].max() / 1e3:12.1f}"
            f" {np.median(a[:, 6]) / RPM:17.0f} {a[:, 7].max():9.1e}"
        )
        within = np.mean(a[:, 4] <= 10)
    print(f"share of cases with jerk <= 10 m/s3: {within:.3f}; worst: {max(worst, key=lambda one: one[0])}")


def launch_table() -> None:
    print("launch: mass t, grade, pedal -> locked after s, heat kJ, jerk m/s3, roll-back m/s, residual")
    for mass, grade, pedal in LAUNCHES:
        made = rig(Driveline(mass_kg=mass, grade_ratio=grade))
        made.run(plan_of(1.5, brake=0.5))
        made.reset_account()
        seen = launch(made.run(plan_of(8.0, pedal=pedal)))
        print(
            f"  {mass / 1e3:.0f} {grade:.2f} {pedal:.1f} -> {seen.time_s:.2f} {seen.heat_j / 1e3:.1f} {seen.jerk_mps3:.1f}"
            f" {seen.back_mps:.3f} {made.residual_ratio():.0e}"
        )


def speed() -> None:
    made = rig(Driveline(), gear=2, spare_gear=3, engine_radps=150.0, torque_nm=1000.0)
    made.run(plan_of(0.1))
    begin = time.perf_counter()
    made.run(plan_of(20.0, pedal=0.6))
    print(f"a second of plant with control unit: {(time.perf_counter() - begin) / 20 * 1e3:.2f} ms")


def chance_table(sequences: int) -> None:
    random, begin, marks = np.random.default_rng(4), time.perf_counter(), []
    each = -(-sequences // (len(STARTS) * len(ROADS)))
    for start in STARTS:
        for mass, grade in ROADS:
            for left in range(each, 0, -BATCH):
                count = min(BATCH, left)
                plans = random_plans(random, count, 4.0)
                marks.append(tally(Driveline(mass_kg=mass, grade_ratio=grade), start, plans, count))
    a = np.vstack(marks)
    print(
        f"{len(a)} random sequences of 4 s in {time.perf_counter() - begin:.0f} s:"
        f" double engagement {int((a[:, m.T_DOUBLE] > 0).sum())},"
        f" fork moved under a carrying clutch {int((a[:, m.T_FORK] > 0).sum())}, stalled {int((a[:, m.T_STALL] > 0).sum())},"
        f" shifts {int(a[:, m.T_SHIFTS].sum())}, least engine speed {a[:, m.T_LEAST_RADPS].min() / RPM:.0f} rpm,"
        f" most torque on the weaker of two carrying clutches {a[:, m.T_TIE].max():.0f} Nm"
    )


if __name__ == "__main__":
    shift_table()
    launch_table()
    speed()
    chance_table(int(sys.argv[1]) if len(sys.argv) > 1 else 2_100)
