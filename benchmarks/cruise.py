"""Predictive cruise and platoons: savings by mission, combination and payload (A16), by gap and place (A17), and planning time.

python benchmarks/cruise.py [--combinations NAME ...]      default five kinds of drive

The peer is the same driver without the plan, driven by the same trip simulation in the same process. The planning time is that
of one whole-road plan for 100 km at one price of time, compiled, best of seven; a trip's plan takes 10 to 30 of them.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from fifthwheel.control.block import Running
from fifthwheel.control.cruise import block
from fifthwheel.control.cruise.stability import Loop, margins
from fifthwheel.errors import FifthwheelError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, level, profile
from fifthwheel.simulate.course import task_of
from fifthwheel.simulate.platoon import Truck, column, platoon
from fifthwheel.simulate.predict import predict
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.units import DEGREE, KM, KMH
from fifthwheel.vehicle.catalogue import combination

KINDS = ("diesel-4x2-curtainsider-eu", "lng-6x4-box", "battery-423-box", "diesel-hybrid-4x2-box", "diesel-6x4-etrailer")
MISSIONS = (
    "express-linyi-jinan", "trunk-weifang-qingdao", "container-rizhao-linyi", "trunk-linyi-xuzhou", "regional-weifang-linqu",
    "coal-taiyuan-shijiazhuang", "mountain-taian-yiyuan",
)  # fmt: skip
SHARES = (0.3, 0.6, 0.9)


def cell(name: str, road: Profile, share: float) -> str:
    """Saving and time of one trip, in percent; the most speed above the limit in km/h where there is any."""
    whole = combination(name)
    try:
        found = predict(whole, road, share * whole.payload_limit_kg)
    except FifthwheelError as error:
        return str(error).split(":", maxsplit=1)[0]
    columns = found.run.columns
    over = (columns["speed_mps"] - np.interp(columns["trip_distance_m"], road.distance_m, road.limit_mps)).max() / KMH
    late = f"{100 * found.time_ratio:+.2f}"
    return f"{100 * found.saving_ratio:.2f} ({late})" + (f" over by {over:.2f} km/h" if over > 0.05 else "")


def cruise_table(names: list[str]) -> None:
    """A16: saving (time) in percent, by mission and combination, at three payloads."""
    print(f"A16: energy saved % (time %), payload {', '.join(f'{share:.0%}' for share in SHARES)}")
    for way in MISSIONS:
        road = profile(mission(way))
        print(f"{way}, {road.length_m / KM:.0f} km, grade rms {100 * road.sine.std():.2f} %")
        for name in names:
            print(f"  {name:28s}", "  ".join(f"{cell(name, road, share):16s}" for share in SHARES))


def platoon_table() -> None:
    """A17: saving of the team and by place, three trucks on the level at 85 km/h; string gain in theory and in closed loop."""
    road, whole = level(50_000.0, 85.0 * KMH), combination(KINDS[0])
    for share in (0.6, 1.0):
        print(f"A17: {KINDS[0]}, payload {share:.0%}, three trucks: gap m, team %, by place %; two trucks: team %")
        for gap in (10.0, 15.0, 25.0, 35.0, 45.0, 100.0, 1000.0):
            three, two = (platoon(whole, road, share * whole.payload_limit_kg, (count, gap)) for count in (3, 2))
            places = ", ".join(f"{100 * saving:.1f}" for saving in three.savings_ratio)
            print(f"  {gap:6.0f}  {100 * three.team_ratio:.2f}  ({places})  {100 * two.team_ratio:.2f}")
    unit = Running(block())
    gains = {"gap_gain_ratio": unit["gap_gain_ratio"], "closing_gain_ratio": unit["closing_gain_ratio"]}
    for title, gap_s, radio_s in (("with radio", unit["platoon_gap_s"], 0.1), ("without", unit["time_gap_s"], None)):
        found = margins(Loop(**gains, time_gap_s=gap_s, radio_s=radio_s))
        print(
            f"distance loop {title}, {gap_s} s: gain margin {found.gain_ratio:.1f}, phase margin {found.phase_rad / DEGREE:.0f} "
            f"degrees, string gain {found.string_ratio:.3f}"
        )
    columns = column((Truck(),) * 6, lambda time_s: 23.6 if time_s < 5.0 else 18.0, 60.0)
    print("most acceleration by place:", [f"{np.abs(columns[f'acceleration_{rank}_mps2']).max():.3f}" for rank in range(6)])


def planning_time() -> None:
    """Time of one plan for 100 km."""
    road, whole, now = level(100_000.0, 25.0, slope_ratio=0.002), combination(KINDS[0]), Conditions()
    alone = drive(whole, road, 15e3, now)
    task = task_of(whole, road, 15e3, now, (alone.columns["trip_distance_m"], alone.columns["speed_mps"]))
    for horizon_m in (None, 3000.0):
        task.course(2e5, horizon_m)
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            task.course(2e5, horizon_m)
            seconds.append(time.perf_counter() - start)
        seen = "the whole road" if horizon_m is None else f"{horizon_m / KM:.0f} km ahead, renewed every 500 m"
        print(f"plan for 100 km, {seen}: {1e3 * min(seconds):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--combinations", nargs="+", default=list(KINDS))
    names = parser.parse_args().combinations
    planning_time()
    cruise_table(names)
    platoon_table()


if __name__ == "__main__":
    main()
