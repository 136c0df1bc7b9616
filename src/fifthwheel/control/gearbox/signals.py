"""The unit as a `Block`: every input, output and calibration value by name, with its meaning in two languages and its range."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from fifthwheel.control.block import Block, Signal
from fifthwheel.control.gearbox import layout as n
from fifthwheel.control.gearbox.calibration import Calibration, calibration, start
from fifthwheel.control.gearbox.layout import Floats
from fifthwheel.control.gearbox.step import step

TITLES: Final = {
    "heavy_dct": ("Control unit of a six-speed dual-clutch transmission", "六挡双离合变速器控制单元"),
    "heavy_amt": ("Control unit of a twelve-speed automated transmission", "十二挡机械自动变速器控制单元"),
}
RATIO_MOST: Final = 100.0
SPEED_MOST_RADPS: Final = 500.0
TORQUE_MOST_NM: Final = 8_000.0


@cache
def signals(kind: str) -> tuple[Signal, ...]:
    """Signals of ``input``, ``output`` or ``parameter`` in the order of `layout`; parameters without curves, starting at 0."""
    text = files("fifthwheel.control.gearbox").joinpath("signals.csv").read_text(encoding="utf-8")
    return tuple(
        Signal(name=row["name"], title_en=row["title_en"], title_zh=row["title_zh"], low=float(row["low"]),
               high=float(row["high"]), start=float(row["start"] or 0.0))
        for row in csv.DictReader(text.splitlines())
        if row["kind"] == kind
    )  # fmt: skip


def parameters(made: Calibration) -> tuple[Signal, ...]:
    """The values of a calibration as signals: its scalars, total ratios, full-load speeds, full-load torques."""
    scalars = [
        Signal(name=one.name, title_en=one.title_en, title_zh=one.title_zh, low=one.low, high=one.high,
               start=getattr(made, one.name))
        for one in signals("parameter")
    ]  # fmt: skip
    ratios = [
        Signal(name=f"gear_{gear}_ratio", title_en=f"total ratio of gear {gear}", title_zh=f"{gear}挡总速比", low=0.1,
               high=RATIO_MOST, start=ratio)
        for gear, ratio in enumerate(made.ratios, start=1)
    ]  # fmt: skip
    speeds = [
        Signal(name=f"full_load_{j}_radps", title_en=f"engine speed of full-load point {j}", title_zh=f"外特性点{j}转速", low=0.0,
               high=SPEED_MOST_RADPS, start=speed)
        for j, speed in enumerate(made.full_load_radps)
    ]  # fmt: skip
    torques = [
        Signal(name=f"full_load_{j}_nm", title_en=f"torque of full-load point {j}", title_zh=f"外特性点{j}转矩", low=0.0,
               high=TORQUE_MOST_NM, start=torque)
        for j, torque in enumerate(made.full_load_nm)
    ]  # fmt: skip
    return (*scalars, *ratios, *speeds, *torques)


def spread(given: Floats, c: Floats) -> None:
    """Lay a block's parameters out as `step` reads them: `given`, shape ``(n_parameters,)``, into `c`, ``(N_CALIBRATION,)``."""
    gears = len(given) - n.GEARS - 2 * n.N_CURVE
    c[: n.GEARS] = given[: n.GEARS]
    c[n.GEARS] = gears
    c[n.RATIO0 + 1 : n.RATIO0 + 1 + gears] = given[n.GEARS : n.GEARS + gears]
    c[n.SPEED0 :] = given[n.GEARS + gears :]


def _begin(given: Floats) -> Floats:
    """State of the unit, then its calibration laid out: shape ``(N_STATE + N_CALIBRATION,)``."""
    whole = np.zeros(n.N_STATE + n.N_CALIBRATION)
    spread(given, whole[n.N_STATE :])
    whole[: n.N_STATE] = start(whole[n.N_STATE :])
    return whole


def _step(whole: Floats, inputs: Floats, given: Floats, outputs: Floats) -> None:
    """One period of the unit; a changed parameter counts from this period on."""
    c = whole[n.N_STATE :]
    spread(given, c)
    step(whole[: n.N_STATE], inputs, c, outputs)


def block(name: str = "heavy_dct") -> Block:
    """The control unit with that calibration; raises `UnknownName`.

    Examples
    --------
    >>> from fifthwheel.control.block import Running
    >>> unit = Running(block())
    >>> unit.set(pedal_ratio=0.4)
    >>> unit.step()
    >>> unit["odd_fork_count"]
    1.0
    """
    made = calibration(name)
    title_en, title_zh = TITLES[name]
    return Block(
        name=name, title_en=title_en, title_zh=title_zh, period_s=made.step_s, inputs=signals("input"),
        outputs=signals("output"), parameters=parameters(made), begin=_begin, step=_step,
    )  # fmt: skip
