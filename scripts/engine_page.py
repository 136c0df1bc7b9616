"""The figure of docs/engine.md: a stretch of the WHTC on the bench, and torque after a step of the pedal.

python scripts/engine_page.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "fifthwheel", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False}
from matplotlib import pyplot as plt  # noqa: E402

from fifthwheel.simulate.bench import bench, plan_of  # noqa: E402
from fifthwheel.simulate.bench.certify import run_cycle  # noqa: E402
from fifthwheel.units import RPM  # noqa: E402

IMAGE = Path(__file__).resolve().parents[1] / "docs" / "images" / "engine-whtc.svg"
FIRST_S, LAST_S = 600, 720
STEPPED = ("diesel-13l-2500nm", "diesel-9l-1600nm", "diesel-8l-900nm", "gas-13l-2300nm")


def main() -> None:
    """Draw and write the figure."""
    run = run_cycle("diesel-13l-2500nm")
    figure, axes = plt.subplots(2, 2, figsize=(10, 5), layout="constrained")
    cycle, columns = run.cycle, run.columns
    some = slice(FIRST_S * 100, LAST_S * 100)
    pairs = (("engine_radps", cycle.speed_radps, RPM, "speed, rpm"), ("flange_nm", cycle.torque_nm, 1.0, "torque, N m"))
    for axis, (name, asked, unit, title) in zip(axes[:, 0], pairs, strict=True):
        axis.plot(cycle.time_s, asked / unit, color="0.6", linewidth=2.5, label="reference")
        axis.plot(columns["time_s"][some], columns[name][some] / unit, color="tab:blue", linewidth=0.9, label="bench")
        axis.set(xlim=(FIRST_S, LAST_S), ylabel=title)
    axes[0, 0].legend(frameon=False)
    axes[0, 0].set_title("WHTC, 12.8 L diesel, seconds 600 to 720")
    for name in STEPPED:
        made = bench(name)
        made.run(plan_of(15.0, speed_radps=1200 * RPM))
        trace = made.run(plan_of(3.0, speed_radps=1200 * RPM, pedal_ratio=1.0))
        time = np.arange(300) * 0.01
        axes[0, 1].plot(time, trace["crank_nm"] / trace["roof_nm"].max(), label=name)
        axes[1, 1].plot(time, trace["boost_pa"] / 1e3)
    axes[0, 1].set(ylabel="torque over full load", title="full pedal at 1,200 rpm")
    axes[1, 1].set(ylabel="boost, kPa", xlabel="s")
    axes[1, 0].set(xlabel="s")
    axes[0, 1].legend(frameon=False)
    figure.savefig(IMAGE, metadata={"Date": None})


if __name__ == "__main__":
    main()
