"""Published anchors of each law, and that laws take arrays."""

from __future__ import annotations

import numpy as np
import pytest

from fifthwheel.physics import aero, battery, brake, driveline, engine, motor, resistance, tyre
from fifthwheel.units import GRAVITY_MPS2, KMH, MJ
from fifthwheel.vehicle.catalogue import catalogue, combination
from fifthwheel.vehicle.components import Engine, Motor

SEMI = (0.030042, 0.040817, -0.00213)


@pytest.mark.parametrize(("yaw_deg", "area_m2"), [(2, 0.2063), (4, 0.6369), (5, 0.9044), (8, 1.7621), (10, 2.2521), (-5, 0.9044)])
def test_crosswind_law_gives_the_published_values(yaw_deg: float, area_m2: float) -> None:
    assert aero.yawed_drag_area_m2(yaw_deg, SEMI) == pytest.approx(area_m2, abs=1e-4)


def test_crosswind_law_is_held_beyond_twelve_degrees() -> None:
    assert aero.yawed_drag_area_m2(40.0, SEMI) == aero.yawed_drag_area_m2(12.0, SEMI)


def test_air_without_wind_is_still_air_and_tailwind_lowers_it() -> None:
    still = aero.still_air_force_n(1.188, 5.6, 85 * KMH)
    assert aero.air_force_n(1.188, 5.6, 85 * KMH, (0.0, 0.0), SEMI) == pytest.approx(still)
    assert aero.air_force_n(1.188, 5.6, 85 * KMH, (-4.0, 0.0), SEMI) < still
    assert aero.air_force_n(1.188, 5.6, 1.0, (-4.0, 0.0), SEMI) < 0.0


def test_flat_road_demand_at_85_kmh() -> None:
    """40 t, CdA 5.6 m2, 5.5 kg/t, 1.188 kg/m3: 1,854 N, 2,158 N, 94.7 kW; no-brake grade 1.02 %."""
    air = aero.still_air_force_n(1.188, 5.6, 85 * KMH)
    roll = 40_000 * GRAVITY_MPS2 * 0.0055
    assert air == pytest.approx(1854, abs=1)
    assert roll == pytest.approx(2158, abs=1)
    assert (air + roll) * 85 * KMH == pytest.approx(94_700, rel=1e-3)
    assert (air + roll) / resistance.grade_force_n(40_000.0, 1.0) == pytest.approx(0.0102, abs=1e-4)


def test_density_falls_with_height_and_heat() -> None:
    densities = np.asarray(aero.air_density_kgpm3(np.array([0.0, 1000.0]), np.array([[273.15], [303.15]])))
    assert densities.shape == (2, 2)
    assert np.all(np.diff(densities, axis=0) < 0)
    assert np.all(np.diff(densities, axis=1) < 0)


def test_rolling_force_grows_less_than_load() -> None:
    whole = combination("diesel-6x4-stake")
    light, heavy = tyre.rolling_forces_n(whole, 20_000.0), tyre.rolling_forces_n(whole, 40_000.0)
    assert sum(heavy) / sum(light) == pytest.approx(2**0.9)
    assert tyre.rolling_forces_n(whole, 40_000.0, (1.0, 1.2)) == pytest.approx((heavy[0], 1.2 * heavy[1]))


def test_flat_tyres_and_cold_cost() -> None:
    assert tyre.pressure_factor_ratio(0.9) == pytest.approx(1.043, abs=1e-3)
    assert tyre.temperature_factor_ratio(298.15) == 1.0
    assert tyre.temperature_factor_ratio(273.15) > 1.1


@pytest.mark.parametrize(("name", "low", "high"), [("diesel-13l-2500nm", 178, 192), ("diesel-11l-2100nm", 180, 195)])
def test_best_fuel_consumption_is_that_of_the_class(name: str, low: float, high: float) -> None:
    made: Engine = catalogue().build("engines", name)
    torque = np.array(made.full_load_torque_nm[2:7])
    speed, drag = np.array(made.speed_radps[2:7]), np.array(made.drag_torque_nm[2:7])
    fuel = engine.fuel_power_w(torque, speed, drag, made.willans)
    grams_per_kwh = np.asarray(fuel) / (torque * speed) / made.fuel.lower_heating_value_jpkg * 3.6 * MJ * 1e3
    assert low < grams_per_kwh.min() < high


def test_fuel_law_is_its_own_inverse_and_cuts_off() -> None:
    made: Engine = catalogue().build("engines", "diesel-13l-2500nm")
    fuel = engine.fuel_power_w(900.0, 130.0, 230.0, made.willans)
    assert engine.crank_torque_nm(fuel, 130.0, 230.0, made.willans) == pytest.approx(900.0)
    assert engine.fuel_power_w(-230.0, 130.0, 230.0, made.willans) == 0.0
    assert engine.fuel_power_w(-400.0, 130.0, 230.0, made.willans) == 0.0


def test_engine_loses_power_in_the_mountains() -> None:
    assert engine.altitude_derating_ratio(np.array([0.0, 2000.0, 3000.0]), 2000.0, 1e-4) == pytest.approx([1.0, 1.0, 0.9])


@pytest.mark.parametrize("name", catalogue().names("motors"))
def test_motor_is_ninety_per_cent_at_its_nominal_point(name: str) -> None:
    made: Motor = catalogue().build("motors", name)
    base = made.peak_power_w / made.peak_torque_nm
    loss = motor.loss_w(made.peak_torque_nm, base, made.peak_torque_nm, made.peak_power_w, made.loss_ratios)
    assert loss / made.peak_power_w == pytest.approx(0.10, abs=0.011)
    assert motor.torque_limit_nm(2 * base, made.peak_torque_nm, made.peak_power_w) == pytest.approx(made.peak_torque_nm / 2)


@pytest.mark.parametrize("power_w", [-200e3, 0.0, 300e3])
def test_battery_current_gives_the_power_asked_for(power_w: float) -> None:
    current = battery.current_a(power_w, 630.0, 0.06)
    assert 630.0 * current - battery.resistance_loss_w(current, 0.06) == pytest.approx(power_w, abs=1e-6)


def test_battery_gives_no_more_than_it_can() -> None:
    assert battery.current_a(1e9, 600.0, 0.06) == pytest.approx(600.0 / 0.12)


def test_power_through_a_gear_loses_in_both_directions() -> None:
    assert driveline.shaft_power_w(np.array([97.0, -100.0, 0.0]), 0.97) == pytest.approx([100.0, -97.0, 0.0])


def test_retarder_is_limited_by_torque_then_by_cooling() -> None:
    slow, fast = np.asarray(brake.retarder_power_w(np.array([2.0, 30.0]), 2.85, 0.526, 3500.0, 300e3))
    assert slow == pytest.approx(3500 * 2 * 2.85 / 0.526)
    assert fast == 300e3


def test_acceleration_counts_rotating_mass() -> None:
    assert resistance.acceleration_mps2(3000.0, 1000.0, 900.0, 100.0) == 2.0


def test_a_motor_holds_its_peak_until_it_is_warm() -> None:
    assert motor.warmth_rate_ps(250e3, 1.0, 250e3, 200.0) == 0.0
    assert motor.warmth_rate_ps(400e3, 0.0, 250e3, 200.0) > 0.0
    allowed = np.asarray(motor.derated_power_w(400e3, 250e3, np.array([0.0, 0.9, 0.95, 1.0, 1.5])))
    assert allowed == pytest.approx([400e3, 400e3, 325e3, 250e3, 250e3])


def test_retarder_torque_is_square_in_speed_below_its_knee() -> None:
    torque = np.asarray(brake.hydrodynamic_torque_nm(np.array([0.0, 25.0, 50.0, 100.0, 300.0]), 3500.0, 100.0))
    assert torque == pytest.approx([0.0, 3500 / 16, 3500 / 4, 3500.0, 3500.0])
