"""Battery in cold and heat, and over the years."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.physics import battery
from fifthwheel.units import CELSIUS_ZERO_K, DAY
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Battery

YEAR = 365 * DAY
WARMTH_K = CELSIUS_ZERO_K + np.arange(-30.0, 66.0, 1.0)


@pytest.mark.parametrize(("celsius", "low", "high"), [(25, 0.999, 1.001), (0, 1.55, 1.65), (-15, 2.3, 2.6), (40, 0.84, 0.86)])
def test_resistance_over_temperature(celsius: float, low: float, high: float) -> None:
    assert low < battery.resistance_ratio(CELSIUS_ZERO_K + celsius) < high


def test_cold_charging_is_refused_and_heat_limits_both() -> None:
    charge, discharge = np.asarray(battery.charge_limit_ratio(WARMTH_K)), np.asarray(battery.discharge_limit_ratio(WARMTH_K))
    assert np.all((charge >= 0.0) & (charge <= discharge) & (discharge <= 1.0))
    assert np.all(charge[WARMTH_K <= 268.15] == 0.0)
    assert np.all(charge[(WARMTH_K > 291.2) & (WARMTH_K < 318.0)] == 1.0)
    assert discharge[0] == pytest.approx(0.2)
    assert battery.charge_limit_ratio(334.0) == 0.0
    assert battery.discharge_limit_ratio(339.0) == 0.0


def test_a_lump_settles_where_cooling_carries_the_heat_away() -> None:
    assert battery.temperature_rate_kps(8000.0, 293.15 + 20.0, 293.15, 3e6, 400.0) == 0.0
    assert battery.temperature_rate_kps(0.0, 300.0, 290.0, 3e6, 400.0) < 0.0


def test_calendar_ageing_grows_with_root_of_time_heat_and_charge() -> None:
    year, four = (float(battery.calendar_fade_ratio(years * YEAR, 298.15, 0.5)) for years in (1, 4))
    assert year == pytest.approx(0.0425, abs=5e-4)
    assert four == pytest.approx(2 * year)
    assert battery.calendar_fade_ratio(YEAR, 313.15, 0.5) > 1.3 * year
    assert battery.calendar_fade_ratio(YEAR, 298.15, 1.0) > 1.5 * year


def test_cycle_ageing_is_that_of_the_published_cell() -> None:
    """Wang et al.: 31 630 exp(-31 515 / (R T)) 2 200^0.55 per cent at C/2 and 25 degrees C."""
    assert battery.cycle_fade_ratio(1000.0, 298.15, 0.5) == pytest.approx(0.0656, abs=5e-4)
    assert battery.cycle_fade_ratio(2000.0, 298.15, 0.5) / battery.cycle_fade_ratio(1000.0, 298.15, 0.5) == pytest.approx(2**0.55)
    assert battery.cycle_fade_ratio(1000.0, 318.15, 0.5) > 2 * battery.cycle_fade_ratio(1000.0, 298.15, 0.5)


def test_an_aged_battery_holds_less_and_resists_more() -> None:
    new: Battery = catalogue().build("batteries", "lfp-423kwh")
    old = battery.aged(new, 0.8, 1.3)
    assert (old.capacity_j, old.resistance_ohm) == (0.8 * new.capacity_j, 1.3 * new.resistance_ohm)
    assert (old.charge_limit_w, old.cells_count) == (new.charge_limit_w, new.cells_count)


@pytest.mark.parametrize(
    ("capacity", "growth", "message"), [(0.0, 1.0, "capacity share 0"), (1.1, 1.0, "1.1"), (0.9, 0.9, "factor 0.9")]
)
def test_no_battery_grows_younger(capacity: float, growth: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        battery.aged(catalogue().build("batteries", "lfp-423kwh"), capacity, growth)
