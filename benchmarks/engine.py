"""The engine bench: torque in time, WHTC and WHSC with their bounds, fuel against the steady map, and how fast it runs.

Run ``python benchmarks/engine.py``; about half a minute, most of it compiling on the first run.
"""

from __future__ import annotations

import time

import numpy as np

from fifthwheel.control.block import Running
from fifthwheel.control.engine import block
from fifthwheel.control.engine import layout as n
from fifthwheel.simulate.bench import bench, plan_of
from fifthwheel.simulate.bench.certify import DYNAMOMETER_KGM2, plan_for, run_cycle
from fifthwheel.simulate.bench.cycle import denormalise, whsc, whtc
from fifthwheel.units import RPM
from fifthwheel.vehicle.catalogue import catalogue

ENGINES = catalogue().names("engines")
SPEED_RADPS = 1200 * RPM


def torque_table() -> None:
    print("at 1,200 rpm       full load Nm  at 0.3 s  to 90 % s  small step 63 % s  exhaust K  boost kPa")
    for name in ENGINES:
        engine = catalogue().build("engines", name)
        full = np.interp(SPEED_RADPS, engine.speed_radps, engine.full_load_torque_nm)
        made = bench(name)
        made.run(plan_of(15.0, speed_radps=SPEED_RADPS))
        trace = made.run(plan_of(25.0, speed_radps=SPEED_RADPS, pedal_ratio=1.0))
        torque = trace["crank_nm"]
        made = bench(name)
        made.run(plan_of(15.0, speed_radps=SPEED_RADPS, pedal_ratio=0.30))
        small = made.run(plan_of(4.0, speed_radps=SPEED_RADPS, pedal_ratio=0.36))["crank_nm"]
        risen = small[0] + (1.0 - np.exp(-1.0)) * (small[-1] - small[0])
        print(
            f"{name:22} {full:8.0f} {torque[30] / full:9.2f} {np.argmax(torque > 0.9 * full) * 0.01:10.2f}"
            f" {np.argmax(small > risen) * 0.01:17.2f} {trace['exhaust_k'][-1]:10.0f} {trace['boost_pa'][-1] / 1e3:10.0f}"
        )


def idle_table() -> None:
    print("\nidle: steady error rpm, then least speed after a load step of 30 % of the most torque and of full load at idle")
    for name in ENGINES:
        engine = catalogue().build("engines", name)
        at_idle = float(np.interp(engine.idle_speed_radps, engine.speed_radps, engine.full_load_torque_nm))
        loads = 0.3 * max(engine.full_load_torque_nm), 0.3 * at_idle
        cells = []
        for load in loads:
            made = bench(name)
            steady = np.abs(made.run(plan_of(15.0))["engine_radps"][-500:] - engine.idle_speed_radps).max() / RPM
            least = made.run(plan_of(15.0, load_nm=load))["engine_radps"].min() / RPM
            cells.append(f"{load:6.0f} Nm {least:5.0f} rpm{'' if least > 0 else ' (stalled)'}")
        print(f"{name:22} {steady:6.3f}   {'   '.join(cells)}   idle {engine.idle_speed_radps / RPM:.0f} rpm")


def cycle_table() -> None:
    print("\ncycle  engine, margin, work, slope and r2 of speed, torque, power, g/kWh, fuel over the map's, residual")
    for schedule in (whtc(), whsc()):
        for name in ENGINES:
            made = run_cycle(name, schedule)
            lines = "  ".join(f"{line.slope_ratio:8.4f} {line.r2_ratio:8.5f}" for line in made.validity.lines)
            print(
                f"{schedule.name:6} {name:22} {made.validity.margin_ratio:6.3f} {made.validity.work_ratio:6.4f} {lines}"
                f" {made.fuel_kg_per_kwh * 1e3:7.1f} {made.fuel_kg / made.map_fuel_kg:9.4f} {made.residual_ratio:9.1e}"
            )


def speed() -> None:
    cycle = denormalise(whtc(), catalogue().build("engines", "diesel-13l-2500nm"))
    plan = plan_for(cycle, 0.01)
    times = []
    for _ in range(5):
        made = bench(load_kgm2=DYNAMOMETER_KGM2)
        begin = time.perf_counter()
        made.run(plan)
        times.append(time.perf_counter() - begin)
    unit = Running(block(running=True))
    unit.set(crank_radps=58.6, cam_radps=58.6)
    begin = time.perf_counter()
    for _ in range(2000):
        unit.step()
    step_s = (time.perf_counter() - begin) / 2000
    seconds = 1800.0
    print(f"\none second of bench with unit and dynamometer, 1 ms plant, {unit.parameters[n.STEP_S] * 1e3:.0f} ms unit:"
          f" {min(times) / seconds * 1e3:.3f} ms (WHTC in {min(times):.2f} s, best of 5)")  # fmt: skip
    print(f"one step of the unit's block in plain Python: {step_s * 1e6:.0f} us")


if __name__ == "__main__":
    torque_table()
    idle_table()
    cycle_table()
    speed()
