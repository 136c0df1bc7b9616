"""Fuel cell: fuel over net power."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.physics.fuel_cell import fuel_curve, fuel_power_w
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import FuelCell

CELL: FuelCell = catalogue().build("fuel_cells", "pem-180kw")


def test_fuel_cell_curve_keeps_the_declared_efficiencies() -> None:
    power, fuel = fuel_curve(CELL, 181)
    assert (power[0], power[-1]) == (0.0, 180e3)
    declared = np.array(CELL.net_power_w)
    assert declared / fuel_power_w(declared, power, fuel) == pytest.approx(np.array(CELL.efficiency_ratio))
    assert np.all(np.diff(fuel) > 0.0)
    assert 5e3 < fuel[0] < 15e3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"net_power_w": (0.0, 90e3), "efficiency_ratio": (0.5, 0.5)}, "two points"),
        ({"net_power_w": (90e3, 18e3), "efficiency_ratio": (0.5, 0.5)}, "rise"),
        ({"net_power_w": (18e3, 90e3), "efficiency_ratio": (0.5,)}, "efficiency each"),
        ({"net_power_w": (18e3, 90e3), "efficiency_ratio": (0.5, 55.0)}, "between 0 and 1"),
    ],
)
def test_a_fuel_cell_that_cannot_be_is_refused(change: dict[str, tuple[float, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fuel_curve(replace(CELL, net_power_w=change["net_power_w"], efficiency_ratio=change["efficiency_ratio"]), 10)
