"""Range extender: the best line of engine and generator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.physics.range_extender import best_line
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import RangeExtender

EXTENDER: RangeExtender = catalogue().build("range_extenders", "diesel-150kw")


def test_best_line_is_within_full_load_and_beats_any_fixed_speed() -> None:
    power, fuel, speed = best_line(EXTENDER, 31)
    engine = EXTENDER.engine
    torque = power / (EXTENDER.generator_efficiency_ratio * speed)
    assert np.all(torque <= np.interp(speed, engine.speed_radps, engine.full_load_torque_nm) + 1e-9)
    assert np.all(np.diff(fuel) > 0.0)
    assert np.all(np.diff(speed) >= 0.0)
    fixed = fuel_power_at(engine, 200.0, power / (EXTENDER.generator_efficiency_ratio * 200.0))
    assert np.all(fuel <= fixed * (1.0 + 1e-4))
    assert 0.38 < (power[1:] / fuel[1:]).max() < 0.43


def test_an_engine_too_small_is_refused() -> None:
    with pytest.raises(InputError, match=r"gives 17\d kW"):
        best_line(replace(EXTENDER, peak_power_w=250e3), 11)
