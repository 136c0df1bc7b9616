"""What left each store, from whatever source tells it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from fifthwheel.explain.meter import Store, read
from fifthwheel.explain.timeline import Wires
from fifthwheel.signals.observations import Floats, Observations
from fifthwheel.units import KWH, LITRE, SECOND_US
from fifthwheel.vehicle.catalogue import combination

START_US = 1_767_225_600 * SECOND_US
COUNT = 3601


def metered(name: str, values: Mapping[str, Floats], *, step_s: int = 1) -> tuple[Store, ...]:
    times = START_US + np.arange(0, COUNT, step_s) * SECOND_US
    picked = {signal: column[::step_s] for signal, column in values.items()}
    rows = Observations.of(picked, vehicle_id="a", time_us=times, source="j1939")
    return read(Wires.of(rows), None, combination(name), START_US, START_US + (COUNT - 1) * SECOND_US)


def burnt_j(volume_m3: float) -> float:
    engine = combination("diesel-6x4-stake").drive.engine
    assert engine is not None
    return volume_m3 * engine.fuel.density_kgpm3 * engine.fuel.lower_heating_value_jpkg


RATE = np.full(COUNT, 30 * LITRE / 3600)
SPEED = np.full(COUNT, 20.0)


@pytest.mark.parametrize("step_s", [1, 10])
def test_the_rate_is_integrated(step_s: int) -> None:
    (fuel,) = metered("diesel-6x4-stake", {"fuel_rate_m3ps": RATE, "speed_mps": SPEED}, step_s=step_s)
    assert fuel.finding.contains(burnt_j(30 * LITRE))
    assert fuel.energy_j == pytest.approx(burnt_j(30 * LITRE), rel=1e-3)
    assert "rate" in fuel.finding.method


def test_the_counter_survives_a_reset_and_is_checked_by_the_others() -> None:
    total = np.round(np.cumsum(RATE) / (0.5 * LITRE)) * 0.5 * LITRE + 10.0
    total[2000:] -= total[2000]
    (fuel,) = metered("diesel-6x4-stake", {"fuel_total_m3": total, "fuel_rate_m3ps": RATE, "speed_mps": SPEED})
    assert fuel.finding.contains(burnt_j(30 * LITRE))
    assert "agrees" in fuel.finding.method


def test_a_tank_gauge_alone_and_refuelling_in_the_middle() -> None:
    rng = np.random.default_rng(2)
    speed = np.where(np.abs(np.arange(COUNT) - 1800) < 300, 0.0, 20.0)
    level = 0.5 - np.cumsum(RATE) + 0.3 * (np.arange(COUNT) > 1800) + rng.normal(0, 0.002, COUNT)
    (fuel,) = metered("diesel-6x4-stake", {"fuel_volume_m3": level, "speed_mps": speed}, step_s=10)
    assert [event.kind for event in fuel.events] == ["refuelled"]
    assert fuel.events[0].energy_j == pytest.approx(burnt_j(0.3), rel=0.03)
    assert fuel.finding.contains(burnt_j(30 * LITRE))


def test_charging_in_the_middle_is_an_event_and_not_part_of_the_trip() -> None:
    standing = np.abs(np.arange(COUNT) - 1800) < 600
    current = np.where(standing, -200.0, 100.0)
    values = {
        "battery_voltage_v": np.full(COUNT, 600.0),
        "battery_current_a": current,
        "charge_state": np.where(standing, 1.0, 3.0),
        "speed_mps": np.where(standing, 0.0, 20.0),
    }
    (battery,) = metered("battery-423-box", values)
    assert [event.kind for event in battery.events] == ["charged"]
    assert battery.events[0].energy_j == pytest.approx(600 * 200 * 1200, rel=0.01)
    assert battery.energy_j == pytest.approx(600 * 100 * 2400, rel=0.01)


def test_the_state_of_charge_stands_in_for_missing_current() -> None:
    soc = np.round(np.linspace(0.8, 0.5, COUNT), 2)
    (battery,) = metered("battery-423-box", {"battery_soc_ratio": soc, "speed_mps": SPEED}, step_s=10)
    assert battery.finding.contains(0.3 * 423 * KWH)
    assert battery.sd_j > 0.005 * 423 * KWH


def test_a_store_that_nothing_reads_has_no_value() -> None:
    (fuel,) = metered("diesel-6x4-stake", {"speed_mps": SPEED})
    assert fuel.finding.value is None
    assert fuel.finding.method
