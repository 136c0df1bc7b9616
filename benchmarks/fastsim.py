"""Against FASTSim 3 in the same run: same cycles, same mass, air and rolling resistance, one core each, totals only.

python benchmarks/fastsim.py                 wants the `bench` dependencies and the reference data
python benchmarks/fastsim.py --backtrace     the same with RUST_BACKTRACE=1

FASTSim takes ten times as long where RUST_BACKTRACE=1 is set, as some continuous-integration images do, for it then records a
backtrace every step. That is no property of its model, so it is switched off here.

FASTSim drives its Class 8 file (Line_Haul_Conv.yaml): one efficiency over power for the engine, one for the driveline, no gears;
no history is saved, building its objects is not timed. As the truck has too little power for the cycles, `trace_miss_opts` is
``Allow``: it drives what it can, as ours does (its default stops with an error); a second run with four times the power and
default settings shows that this costs it nothing. Ours is a catalogue truck with 12 gears and engine curves, whose mass, drag
area and rolling resistance are set to those of the file; it follows the same speeds second by second; packing is timed.
"""

from __future__ import annotations

import csv
import os
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

os.environ["RUST_BACKTRACE"] = "1" if "--backtrace" in sys.argv else "0"
sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != Path(__file__).resolve().parent]
import fastsim  # noqa: E402  (this script has its name; its own folder had to go first)

from fifthwheel.physics.resistance import GRAVITY  # noqa: E402
from fifthwheel.road.profile import EARTH_RADIUS_M, STEP_M, Profile, Stop  # noqa: E402
from fifthwheel.road.weather import Weather  # noqa: E402
from fifthwheel.simulate import batch  # noqa: E402
from fifthwheel.simulate.pack import NOMINAL, Truth, rolling_n  # noqa: E402
from fifthwheel.simulate.trip import Conditions  # noqa: E402
from fifthwheel.vehicle.catalogue import combination  # noqa: E402

Floats = NDArray[np.float64]
DATA = Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
TRUCK = DATA / "nrel" / "fastsim2" / "Line_Haul_Conv.yaml"
LONG = DATA / "nrel" / "fastsim2" / "longHaulDriveCycle.csv"
ROUNDS, OURS = 7, "diesel-6x4-box"


def long_haul() -> tuple[Floats, Floats]:
    """Speed and grade of FASTSim's long haul, one a second."""
    with LONG.open(encoding="utf-8-sig") as lines:
        rows = [(float(row["cycMps"]), float(row["cycGrade"])) for row in csv.DictReader(lines)]
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def highway() -> tuple[Floats, Floats]:
    """EPA's highway test (HWFET), level, as FASTSim brings it."""
    speed = np.array(fastsim.Cycle.from_resource("hwfet.csv").to_pydict()["speed_meters_per_second"])
    return speed, np.zeros(len(speed))


def best_s(make: Callable[[], Any], work: Callable[[Any], object]) -> float:
    """Best wall time of `work` on what `make` gives, s."""
    times = []
    for _ in range(ROUNDS):
        thing = make()
        start = time.perf_counter()
        work(thing)
        times.append(time.perf_counter() - start)
    return min(times)


def theirs(speed: Floats, grade: Floats, *, strong: bool) -> tuple[float, Any]:
    """Seconds that FASTSim takes, and its state at the end."""
    seconds = np.arange(len(speed), dtype=np.float64)
    columns = {"time_seconds": seconds.tolist(), "speed_meters_per_second": speed.tolist(), "grade": grade.tolist()}
    cycle = fastsim.Cycle.from_pydict(columns)
    made = []

    def make() -> Any:
        vehicle = fastsim.Vehicle.from_f2_file(str(TRUCK))
        fields = vehicle.to_pydict()
        if strong:
            engine = fields["pt_type"]["Conv"]["fc"]
            engine |= {"pwr_out_max_watts": 1.3e6, "pwr_out_max_init_watts": 1.3e6, "pwr_ramp_lag_seconds": 1.0}
            vehicle = fastsim.Vehicle.from_pydict(fields)
        vehicle.set_save_interval(None)
        settings = fastsim.SimDrive(vehicle, cycle).to_pydict()["sim_params"]
        settings["trace_miss_opts"] = "Error" if strong else "Allow"
        made.append(fastsim.SimDrive(vehicle, cycle, fastsim.SimParams.from_pydict(settings)))
        return made[-1]

    return best_s(make, lambda one: one.walk()), made[-1].to_pydict()["veh"]


def ours(speed: Floats, grade: Floats, chassis: Any, mass_kg: float) -> tuple[float, float, dict[str, Any]]:
    """Seconds that our batch takes a trip, and a single run with its trace; and the row of totals."""
    whole, weather = combination(OURS), Weather()
    wanted_n = chassis["wheel_rr_coef"] * mass_kg * GRAVITY
    rolling = wanted_n / sum(rolling_n(whole, mass_kg, weather, NOMINAL))
    drag = chassis["drag_coef"] * chassis["frontal_area_square_meters"] / whole.drag_area_m2
    truth = Truth(drag_ratio=drag, rolling_tractor_ratio=rolling, rolling_trailer_ratio=rolling)
    case = batch.Case(
        combination=whole, road=road(speed, grade), payload_kg=mass_kg - whole.tare_kg, pace_mps=speed,
        conditions=Conditions(weather=weather, truth=truth),
    )  # fmt: skip
    count = max(4, 40_000 // len(speed))
    several_s = best_s(lambda: [case] * count, lambda cases: batch.run(cases, workers=1))
    single_s = best_s(lambda: case, batch.single)
    return several_s / count, single_s, batch.run([case]).to_pylist()[0]


def road(speed: Floats, grade: Floats) -> Profile:
    """The cycle's grades by distance, straight north."""
    way = np.cumsum(speed)
    count = int(way[-1] / STEP_M) + 2
    nodes = STEP_M * np.arange(count)
    slope = np.interp(nodes, way, grade)
    sine = slope / np.hypot(1.0, slope)
    return Profile(
        altitude_m=121.92 + np.append(0.0, np.cumsum(STEP_M * sine[:-1])), sine=sine, heading_rad=np.zeros(count),
        latitude_deg=36.0 + np.degrees(nodes / EARTH_RADIUS_M), longitude_deg=np.full(count, 118.0),
        limit_mps=np.full(count, 33.0), stops=(Stop(distance_m=float(nodes[-1]), duration_s=0.0),),
    )  # fmt: skip


def main() -> None:
    """Print the comparison."""
    warnings.simplefilter("ignore")  # FASTSim calls its own reader of this file's format deprecated
    print(
        f"FASTSim {version('fastsim')}, {TRUCK.stem}; ours: {OURS}; best of {ROUNDS}, microseconds a simulated second, one core"
    )
    for name, cycle in (("long haul", long_haul()), ("HWFET", highway())):
        seconds = len(cycle[0]) - 1
        free_s, end = theirs(*cycle, strong=False)
        strong_s, _ = theirs(*cycle, strong=True)
        batch_s, single_s, row = ours(*cycle, end["chassis"], end["state"]["mass_kilograms"])
        fuel_j = end["pt_type"]["Conv"]["fc"]["state"]["energy_fuel_joules"]
        per_km = fuel_j / end["state"]["dist_meters"] / 1e3, row["meter_fuel_j"] / row["distance_m"] / 1e3
        unit = 1e6 / seconds
        print(f"{name}, {seconds} s")
        print(f"  FASTSim {free_s * unit:6.3f}  ({strong_s * unit:.3f} with four times the power)      {per_km[0]:6.2f} MJ/km")
        print(f"  batch   {batch_s * unit:6.3f}  ({single_s * unit:.3f} a single run with its trace)     {per_km[1]:6.2f} MJ/km")
        print(f"  ratio   {free_s / batch_s:6.1f}")


if __name__ == "__main__":
    main()
