"""Draws docs/images/cruise.png, speed over height with and without a plan: ``.venv/bin/python scripts/cruise_plot.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile
from fifthwheel.simulate import layout
from fifthwheel.simulate.predict import predict
from fifthwheel.units import KM, KMH
from fifthwheel.vehicle.catalogue import combination

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "cruise.png"
NAME, WAY, SHARE, FROM_KM, TO_KM = "diesel-6x4-box", "container-rizhao-linyi", 0.7, 50.0, 65.0


def main() -> None:
    """Simulate, draw, write."""
    whole, road = combination(NAME), profile(mission(WAY))
    found = predict(whole, road, SHARE * whole.payload_limit_kg)
    figure = Figure(figsize=(10, 5.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2])
    above.fill_between(road.distance_m / KM, road.altitude_m, color="0.85")
    above.plot(road.distance_m / KM, road.altitude_m, color="0.4")
    shown = (road.distance_m > FROM_KM * KM) & (road.distance_m < TO_KM * KM)
    above.set(ylabel="height, m", ylim=(road.altitude_m[shown].min() - 5, road.altitude_m[shown].max() + 5))
    below.step(road.distance_m / KM, road.limit_mps / KMH, color="0.6", label="limit")
    for run, title, colour in ((found.alone, "without", "tab:blue"), (found.run, "with plan", "tab:red")):
        below.plot(run.columns["trip_distance_m"] / KM, run.columns["speed_mps"] / KMH, color=colour, label=title)
    rolls = np.where(found.run.samples[:, layout.ROLLING] > 0, found.run.columns["speed_mps"] / KMH, np.nan)
    below.plot(found.run.columns["trip_distance_m"] / KM, rolls, color="tab:green", lw=3, label="rolls out of gear")
    below.set(ylabel="km/h", xlabel=f"km of {WAY}", xlim=(FROM_KM, TO_KM), ylim=(70, 83))
    below.legend(loc="lower left", ncols=4)
    above.set_title(
        f"{NAME}, {SHARE:.0%} payload: {100 * found.saving_ratio:.2f} % less fuel over {road.length_m / KM:.0f} km, "
        f"time {100 * found.time_ratio:+.2f} %"
    )
    figure.savefig(OUT, dpi=110)
    sys.stdout.write(f"{OUT} written\n")


if __name__ == "__main__":
    main()
