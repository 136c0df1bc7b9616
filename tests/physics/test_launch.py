"""Launch heat: the closed-form anchors of a clutch that slips with constant torque, and the steepest start that heat allows."""

from __future__ import annotations

import pytest

from fifthwheel.physics.launch import launch_heat_j, launch_resistance_n, launch_s
from fifthwheel.units import RPM

LAUNCHES = [
    ((40e3, 33.4, 0.5, 800.0), (1200.0, 39.0), 36.1e3, 0.72),
    ((40e3, 33.4, 0.5, 800.0), (1700.0, 817.0), 67.3e3, 0.94),
    ((18e3, 31.8, 0.5, 900.0), (900.0, 386.0), 38.5e3, 0.91),
    ((7.5e3, 28.5, 0.37, 1000.0), (350.0, 133.0), 12.4e3, 0.68),
]
"""Mass, ratio, tyre radius and engine speed (1/min); torque and load at the clutch; heat and time."""


@pytest.mark.parametrize(("vehicle", "torques_nm", "heat_j", "time_s"), LAUNCHES)
def test_the_published_launches(
    vehicle: tuple[float, float, float, float], torques_nm: tuple[float, float], heat_j: float, time_s: float
) -> None:
    mass_kg, ratio, radius_m, turns = vehicle
    torque_nm, load_nm = torques_nm
    efficiency = 0.9
    sync, at_wheels = turns * RPM * radius_m / ratio, ratio * efficiency / radius_m
    force, resistance = torque_nm * at_wheels, load_nm * at_wheels
    assert launch_s(mass_kg, sync, force, resistance) == pytest.approx(time_s, rel=0.01)
    assert launch_heat_j(mass_kg, sync, force, resistance, efficiency) == pytest.approx(heat_j, rel=0.03)


def test_the_resistance_of_a_heat_undoes_the_heat_of_a_resistance() -> None:
    heat = launch_heat_j(40e3, 1.2, 90e3, 50e3, 0.92)
    assert launch_resistance_n(40e3, 1.2, 90e3, heat, 0.92) == pytest.approx(50e3)
    assert launch_resistance_n(40e3, 3.0, 90e3, 1e3, 0.92) < 0.0
