"""What the EBS does on the planar vehicle: utilisation and split friction by load, hand-over, stability in a bend, descents.

python benchmarks/braked.py
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fifthwheel.control.brakes.cases import BATTERY, RETARDER
from fifthwheel.control.brakes.downhill import Descender, Recovery, Stretch
from fifthwheel.control.brakes.limits import Charge
from fifthwheel.control.brakes.thermal import DISC
from fifthwheel.simulate.handling.braked import ELECTRIC, Hardware, Machine, braked
from fifthwheel.simulate.handling.descent import descend
from fifthwheel.simulate.handling.layout import Floats
from fifthwheel.simulate.handling.loading import laden
from fifthwheel.simulate.handling.manoeuvre import Braking, Curve, Straight
from fifthwheel.simulate.handling.path import even, split
from fifthwheel.simulate.handling.rig import rig
from fifthwheel.units import CELSIUS_ZERO_K, GRAVITY_MPS2, KMH
from fifthwheel.vehicle.catalogue import combination

TRUCK = rig("tractor_4x2_semitrailer_40t")
RIGS = {"laden 40 t": TRUCK, "unladen 15 t": laden(TRUCK, 7000.0, 1.1), "bobtail 8 t": laden(TRUCK, 0.0, 0.0)}
PANIC = Braking(from_s=1.0, deceleration_mps2=8.0)


def mean_mps2(columns: dict[str, Floats]) -> float:
    """Mean deceleration from 40 to 20 km/h."""
    time, speed = columns["time_s"], columns["speed_mps"]
    inside = np.flatnonzero((speed < 40 * KMH) & (speed > 20 * KMH))
    return float((speed[inside[0]] - speed[inside[-1]]) / (time[inside[-1]] - time[inside[0]]))


def stops() -> None:
    print("full pedal from 50 km/h: mean deceleration 40 to 20 km/h over the adhesion (limit 0.75); split 0.8 / 0.3")
    for name, one in RIGS.items():
        used = []
        for grip, seconds in ((0.8, 4.0), (0.3, 7.0), (0.1, 16.0)):
            stop = Straight(speed_mps=50 * KMH, seconds=seconds, ground=even(grip), braking=PANIC)
            used.append(mean_mps2(braked(stop, one)) / (grip * GRAVITY_MPS2))
        columns = braked(Straight(speed_mps=50 * KMH, seconds=7.0, ground=split(0.8, 0.3), braking=PANIC), one)
        turned = 20.0 * np.degrees(abs(columns["steering_rad"]))
        print(
            f"  {name:13s} 0.8: {used[0]:.2f}  0.3: {used[1]:.2f}  0.1: {used[2]:.2f}   "
            f"split: z {mean_mps2(columns) / GRAVITY_MPS2:.2f} (limit 0.30), "
            f"wheel turned {turned[:300].max():.0f} / {turned.max():.0f} deg (limits 120 / 240)"
        )


def bends() -> None:
    print("drive-axle machine alone braking hard in a bend of 200 m: greatest articulation, degrees")
    hardware = Hardware(tractor=Machine(torque_n=90e3, power_w=900e3, charge_w=900e3, capacity_j=1.2e9))
    kinds = {"neither": (0.0, 0.0), "anti-lock alone": (1.0, 0.0), "stability alone": (0.0, 1.0), "both": (1.0, 1.0)}
    lever = Braking(from_s=6.0, deceleration_mps2=4.0)
    for name in ("laden 40 t", "unladen 15 t"):
        for grip, speed in ((0.2, 60), (0.3, 70)):
            found = []
            for antilock, stability in kinds.values():
                curve = Curve(
                    speed_mps=speed * KMH,
                    seconds=12.0,
                    ground=even(grip),
                    radius_m=200.0,
                    braking=replace(PANIC, from_s=6.0, deceleration_mps2=0.0),
                )
                tuned = {"lever_mps2": 4.0, "antilock_on_state": antilock, "stability_on_state": stability}
                columns = braked(curve, RIGS[name], hardware, endurance=lever, calibration=tuned)
                found.append(float(np.degrees(abs(columns["articulation_rad"]).max())))
            text = "  ".join(f"{kind}: {value:.0f}" for kind, value in zip(kinds, found, strict=True))
            print(f"  {name:13s} friction {grip}, {speed} km/h   {text}")


def hand_over() -> None:
    print("full pedal on 0.8 with 600 kW on the drive axle, first anti-lock event there")
    strong = replace(
        ELECTRIC, tractor=replace(ELECTRIC.tractor, power_w=600e3, charge_w=600e3), retarder=Machine(), engine_brake=Machine()
    )
    for speed in (80, 60, 40):
        columns = braked(
            Straight(speed_mps=speed * KMH, seconds=1.0 + 0.15 * speed * KMH, ground=even(0.8), braking=PANIC), TRUCK, strong
        )
        event = int(np.flatnonzero(columns["ebs_antilock_1_state"])[0])
        machine, rate = columns["acting_tractor_regeneration_n"], -columns["acceleration_mps2"]
        after = rate[event : event + 60][columns["speed_mps"][event : event + 60] > 15 * KMH] / rate[event - 10 : event].mean()
        print(
            f"  {speed} km/h: {machine[event - 1] / 1e3:.1f} kN before, {machine[event + 10]:.0f} N after 100 ms; "
            f"least deceleration {after.min():.2f} of that before, below 0.9 for {10 * np.count_nonzero(after < 0.9)} ms"
        )


def descents() -> None:
    print("6 % over 6 km, discs at 20 degrees C, limit 350, planned 10 K below; hottest brake")
    drive = combination("diesel-6x4-box").drive
    bare = Descender(
        mass_kg=TRUCK.mass_kg, rolling_ratio=0.0055, drag_area_m2=0.0, air_density_kgpm3=1.188, air_k=293.15, radius_m=0.5,
        total_ratios=(3.0,), brakes=(DISC,) * 5, shares_ratio=(0.2,) * 5,
    )  # fmt: skip
    battery = replace(BATTERY, capacity_j=3.6e8, charge_limit_w=250e3)
    recovery = Recovery(power_w=300e3, efficiency_ratio=0.88, battery=battery, charge=Charge(soc_ratio=0.6, temperature_k=298.15))
    full = replace(recovery, charge=Charge(soc_ratio=0.95, temperature_k=298.15))
    engine = replace(bare, engine=drive.engine, total_ratios=drive.total_ratios)
    kinds = {
        "engine brake": engine,
        "engine brake and retarder": replace(engine, retarder=RETARDER, retarder_ratio=2.85),
        "regeneration alone": replace(bare, recovery=recovery),
        "full battery, friction alone": replace(bare, recovery=full),
    }
    for name, one in kinds.items():
        found = descend(TRUCK, one, (Stretch(length_m=6000.0, downhill_ratio=0.06),), 80 * KMH, (293.15,) * 5)
        driven = max(float(found.columns[f"brake_{axle}_k"].max()) for axle in range(5)) - CELSIUS_ZERO_K
        print(
            f"  {name:29s} {found.plan.speed_mps / KMH:3.0f} km/h, planned {max(found.plan.peak_k) - CELSIUS_ZERO_K:3.0f}, "
            f"driven {driven:3.0f} degrees C, into the battery {found.plan.stored_j / 3.6e6:.1f} kWh"
        )


if __name__ == "__main__":
    stops()
    hand_over()
    bends()
    descents()
