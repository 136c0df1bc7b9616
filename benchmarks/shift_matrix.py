"""The transmission control units on their plants: every kind of shift, launches, faults, missions, random sequences, speed.

Run ``python benchmarks/shift_matrix.py [SEQUENCES] [dct|amt]``; 100,000 sequences take some minutes on one core.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from fifthwheel.simulate.shift import launches
from fifthwheel.simulate.shift import layout as m
from fifthwheel.simulate.shift.chance import AMT_STARTS, STARTS, random_plans, tally
from fifthwheel.simulate.shift.faults import endure, every
from fifthwheel.simulate.shift.matrix import BOXES, KINDS, Case, Driven, cases, drive
from fifthwheel.simulate.shift.mission import drive as drive_mission
from fifthwheel.simulate.shift.mission import hunting
from fifthwheel.simulate.shift.run import plan_of, rig
from fifthwheel.units import CELSIUS_ZERO_K, RPM

ROADS = ((16e3, 0.0), (40e3, 0.05), (49e3, -0.04))
MISSIONS = (
    "trunk-linyi-xuzhou",
    "coal-taiyuan-shijiazhuang",
    "regional-weifang-linqu",
    "quarry-zhangqiu",
    "plateau-golmud-kunlun",
)
BATCH = 500


def line(name: str, driven: list[Driven]) -> None:
    shifts = [one.shift for one in driven]
    time_s, jerk = np.array([one.time_s for one in shifts]), np.array([one.jerk_mps3 for one in shifts])
    track = np.array([one.tracking_radps for one in shifts]) / RPM
    print(
        f"{name:15} {len(driven):5} {sum(one.done for one in shifts):5} {np.median(time_s):6.2f} {time_s.max():6.3f}"
        f" {np.median([one.restored_s for one in shifts]):6.2f}"
        f" {max(one.gap_s for one in shifts):6.3f} {np.percentile(jerk, 95):7.2f} {jerk.max():6.2f} {np.mean(jerk <= 10):8.3f}"
        f" {max(one.heat_j for one in shifts) / 1e3:8.1f}"
        f" {np.median(track):6.0f} {np.percentile(track, 99):5.0f} {track.max():5.0f}"
        f" {max(one.residual_ratio for one in driven):9.0e}"
    )


def shift_tables(box: str) -> None:
    print(f"{box}: kind, cases, done, time median and max s, torque back median s, gap max s,", end="")
    print(" jerk p95 and max m/s3, share <= 10, heat max kJ, tracking p50, p99, max rpm, residual")
    for kind in KINDS:
        driven: dict[str, list[Driven]] = {}
        for case in cases(kind, box):
            driven.setdefault(label(case), []).append(drive(case))
        for name, some in driven.items():
            line(name, some)
        line(f"{kind}, all", [one for some in driven.values() for one in some])


def label(case: Case) -> str:
    oil = f"{case.oil_k - CELSIUS_ZERO_K:.0f} C"
    return oil if case.kind == "temperature" else f"{case.gear}->{case.target}"


def launch_tables(box: str) -> None:
    for known in (True, False):
        driven = [(case, launches.drive(replace(case, mass_known=known))) for case in launches.cases(box)]
        flat = [one.launch.jerk_mps3 for case, one in driven if case.grade_ratio == 0]
        steep = [one.launch.jerk_mps3 for case, one in driven if case.grade_ratio >= 0.12]
        print(
            f"{box} launches, mass {'known' if known else 'not known'}: {len(driven)}, locked"
            f" {sum(one.launch.done for _, one in driven)}, jerk max flat {max(flat):.1f}, 12 % {max(steep):.1f} m/s3, judder max"
            f" {max(one.launch.judder_mps2 for _, one in driven):.2f} m/s2, heat max"
            f" {max(one.launch.heat_j for _, one in driven) / 1e3:.0f} kJ = {max(one.lining_ratio for _, one in driven):.2f} of"
            f" the lining's, rolled back {max(one.launch.back_mps for _, one in driven):.3f} m/s"
        )
    for mass in (40e3, 49e3):
        rows, locked = launches.five_starts(replace(BOXES[box], mass_kg=mass))
        hottest = rows[:, [m.O_K1, m.O_K2]].max() - CELSIUS_ZERO_K
        print(f"{box} five starts in five minutes on 12 %, {mass / 1e3:.0f} t: {locked} locked, plate {hottest:.0f} C")


def fault_table(box: str) -> None:
    endured = [endure(case) for case in every(box)]
    print(
        f"{box} faults in every phase: {len(endured)}, double engagement {sum(one.double_count > 0 for one in endured)},"
        f" loaded fork {sum(one.fork_count > 0 for one in endured)}, stalled {sum(one.stall_count > 0 for one in endured)}, told"
        f" {sum(one.warning_count > 0 for one in endured)}, driving on {sum(one.again_mps > 2.5 for one in endured)}"
    )


def mission_table(box: str) -> None:
    for name in MISSIONS:
        columns = drive_mission(name, replace(BOXES[box], mass_kg=40e3), most_s=7200.0)
        seen, way = hunting(columns), columns["way_m"][-1]
        print(
            f"{box} {name}: {way / 1e3:.0f} km, {seen.per_m * 1e3:.2f} shifts/km, most reversals in 6 s"
            f" {seen.most_reverse_count}, mass believed {columns['mass_believed_kg'][-1] / 1e3:.1f} t"
        )


def speed(box: str) -> None:
    made = rig(BOXES[box], gear=2, spare_gear=3, engine_radps=150.0, torque_nm=1000.0)
    made.run(plan_of(0.1))
    begin = time.perf_counter()
    made.run(plan_of(20.0, pedal=0.6))
    print(f"{box}: a second of plant with control unit: {(time.perf_counter() - begin) / 20 * 1e3:.2f} ms")


def chance_table(box: str, sequences: int) -> None:
    starts = STARTS if box == "dct" else AMT_STARTS
    random, begin, marks = np.random.default_rng(4), time.perf_counter(), []
    each = -(-sequences // (len(starts) * len(ROADS)))
    for start in starts:
        for mass, grade in ROADS:
            for left in range(each, 0, -BATCH):
                count = min(BATCH, left)
                plans = random_plans(random, count, 4.0, len(BOXES[box].ratios))
                marks.append(tally(replace(BOXES[box], mass_kg=mass, grade_ratio=grade), start, plans, count))
    a = np.vstack(marks)
    print(
        f"{box}: {len(a)} random sequences of 4 s in {time.perf_counter() - begin:.0f} s:"
        f" double engagement {int((a[:, m.T_DOUBLE] > 0).sum())},"
        f" fork moved under a carrying clutch {int((a[:, m.T_FORK] > 0).sum())}, stalled {int((a[:, m.T_STALL] > 0).sum())},"
        f" shifts {int(a[:, m.T_SHIFTS].sum())}, least engine speed {a[:, m.T_LEAST_RADPS].min() / RPM:.0f} rpm,"
        f" most torque on the weaker of two carrying clutches {a[:, m.T_TIE].max():.0f} Nm"
    )


if __name__ == "__main__":
    for one in sys.argv[2:] or BOXES:
        shift_tables(one)
        launch_tables(one)
        fault_table(one)
        mission_table(one)
        speed(one)
        chance_table(one, int(sys.argv[1]) if len(sys.argv) > 1 else 2_100)
