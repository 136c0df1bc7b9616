"""Range extender: an engine that only drives a generator, on the speed that burns least for each power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.vehicle.components import RangeExtender

Floats = NDArray[np.float64]
SPEEDS = 241
"""Crank speeds tried for each power."""


def best_line(extender: RangeExtender, count: int) -> tuple[Floats, Floats, Floats]:
    """Electric powers from 0 to the most, evenly spaced, with fuel power and crank speed of the best line; each (count,).

    For each power P the speed w within idle and the end of the full-load curve that burns least at the torque
    ``P / (eta w)``, that torque being within full load.

    Raises
    ------
    InputError : the engine cannot give `RangeExtender.peak_power_w`.

    Notes
    -----
    Optimal operating line: Guzzella and Sciarretta, Vehicle Propulsion Systems, 4.5.
    """
    engine = extender.engine
    power = np.linspace(0.0, extender.peak_power_w, count)
    speed = np.linspace(engine.idle_speed_radps, engine.speed_radps[-1], SPEEDS)
    torque = power[:, None] / (extender.generator_efficiency_ratio * speed)
    full = np.interp(speed, engine.speed_radps, engine.full_load_torque_nm)
    fuel = np.where(torque <= full, fuel_power_at(engine, speed[None, :], torque), np.inf)
    best, rows = fuel.argmin(axis=1), np.arange(count)
    if not np.all(np.isfinite(fuel[rows, best])):
        most = float((full * speed).max()) * extender.generator_efficiency_ratio
        raise InputError(
            f"range_extenders.{extender.name}: peak_power_w is {extender.peak_power_w / 1e3:.0f} kW; "
            f"{engine.name} gives {most / 1e3:.0f} kW of electric power at most"
        )
    return power, fuel[rows, best], speed[best]
