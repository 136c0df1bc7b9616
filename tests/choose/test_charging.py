"""The day of a vehicle: charging curve, range in the cold, rests, energy by source, and why a day cannot be driven."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.choose.charging import DayPlan, TripEnergy, plan_day
from fifthwheel.choose.duty import Cargo, Duty, Limits, Supply
from fifthwheel.units import HOUR, KM, KWH
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.verdict import Outcome

CARGO = Cargo(kind="general", title_en="", title_zh="", bodies=())
DUTY = Duty(name="test", title_en="", title_zh="", road="trunk-weifang-qingdao", cargo=CARGO)
ELECTRIC = TripEnergy(electric_jpm=5000.0, fuel_kgpm=0.0, speed_mps=19.0)
DIESEL = TripEnergy(electric_jpm=0.0, fuel_kgpm=2.7e-4, speed_mps=19.0)
BATTERY, SWAP = combination("battery-423-box"), combination("battery-282-container")


def with_battery(whole: Combination, **changes: object) -> Combination:
    assert whole.drive.battery is not None
    drive = replace(whole.drive, battery=replace(whole.drive.battery, **changes))  # type: ignore[arg-type]
    return replace(whole, tractor=replace(whole.tractor, drive=drive))


def longest_leg_s(plan: DayPlan, distance_m: float, speed_mps: float, least_s: float) -> float:
    """Longest driving between stops that are long enough for a rest."""
    places = [0.0, *(stop.distance_m for stop in plan.stops if stop.duration_s >= least_s), distance_m]
    return max(after - before for before, after in pairwise(places)) / speed_mps


def test_range_is_the_window_over_the_drain_and_less_in_the_cold() -> None:
    plan = plan_day(BATTERY, ELECTRIC, DUTY)
    battery = BATTERY.drive.battery
    assert battery is not None
    usual = (battery.soc_high_ratio - DUTY.supply.reserve_ratio) * battery.capacity_j / ELECTRIC.electric_jpm
    assert plan.range_usual_m == pytest.approx(usual, rel=0.02)
    assert plan.range_m is not None
    assert 0.70 < plan.range_m / usual < 0.88
    assert 1.15 < plan.cold_ratio < 1.30


def test_a_taper_makes_the_last_part_slow_and_the_curve_is_integrated_exactly() -> None:
    """One stop of a day that needs charge up to the end: its duration against small steps of power over charge."""
    small = with_battery(BATTERY, charge_limit_w=200e3, soc_high_ratio=0.99, resistance_ohm=0.0)
    duty = replace(DUTY, distance_day_m=464e3, supply=Supply(public_w=400e3, depot_w=1e6))
    stop = next(one for one in plan_day(small, ELECTRIC, duty).stops if one.kind == "charge")
    battery = small.drive.battery
    assert battery is not None
    assert stop.after_ratio > 0.83
    levels = np.linspace(stop.before_ratio, stop.after_ratio, 20_001)
    power = 200e3 * np.where(levels < 0.8, 1.0, 1.0 - 0.8 * (levels - 0.8) / 0.2)
    assert stop.duration_s - 300.0 == pytest.approx(battery.capacity_j * np.trapezoid(1.0 / power, levels), rel=5e-4)


@pytest.mark.parametrize("distance_m", [150e3, 400e3, 600e3, 750e3])
def test_energy_comes_from_somewhere_and_no_stop_is_below_the_floor(distance_m: float) -> None:
    plan = plan_day(BATTERY, ELECTRIC, replace(DUTY, distance_day_m=distance_m))
    assert plan.depot_j + plan.public_j + plan.swap_j == pytest.approx(ELECTRIC.electric_jpm * distance_m, rel=1e-6)
    assert all(stop.before_ratio >= DUTY.supply.reserve_ratio - 1e-6 for stop in plan.stops)
    assert plan.time_s == pytest.approx(distance_m / ELECTRIC.speed_mps + sum(stop.duration_s for stop in plan.stops))


@pytest.mark.parametrize(("region", "after_s", "least_s"), [("cn", 4 * HOUR, 1200.0), ("eu", 4.5 * HOUR, 2700.0)])
@pytest.mark.parametrize("energy", [ELECTRIC, DIESEL])
def test_drivers_rest_as_their_region_says(region: str, after_s: float, least_s: float, energy: TripEnergy) -> None:
    whole = BATTERY if energy is ELECTRIC else combination("diesel-6x4-box")
    duty = replace(DUTY, region=region, distance_day_m=700e3)
    plan = plan_day(whole, energy, duty)
    assert plan.feasible
    assert longest_leg_s(plan, duty.distance_day_m, energy.speed_mps, least_s) <= after_s + 1.0


def test_a_rest_is_used_for_charging() -> None:
    """What a rest takes anyway is no added time: a day of one rest costs less than its stops last."""
    plan = plan_day(combination("battery-600-reefer"), ELECTRIC, replace(DUTY, distance_day_m=400e3))
    (stop,) = plan.stops
    assert stop.kind == "charge"
    assert plan.added_s == pytest.approx(stop.duration_s - 1200.0)


def test_a_swap_is_faster_than_a_charger_and_is_counted_by_itself() -> None:
    swappable, plugged = (with_battery(SWAP, swappable=one) for one in (True, False))
    duty = replace(DUTY, distance_day_m=500e3)
    swapped, charged = plan_day(swappable, ELECTRIC, duty), plan_day(plugged, ELECTRIC, duty)
    assert {stop.kind for stop in swapped.stops} == {"swap"}
    assert swapped.added_s < 0.5 * charged.added_s
    assert swapped.public_j == charged.swap_j == 0.0
    assert swapped.swap_j > 0.0


def test_without_energy_on_the_way_the_day_fails_and_its_remedy_mends_it() -> None:
    alone = replace(DUTY, distance_day_m=400e3, supply=Supply(public_w=0.0, swap_s=0.0))
    failed = plan_day(BATTERY, ELECTRIC, alone)
    assert not failed.feasible
    assert failed.verdict(alone).outcome is Outcome.FAIL
    words = failed.remedy_en.split()
    kwh, depot_kw = float(words[0]), float(words[5])
    bigger = with_battery(BATTERY, capacity_j=kwh * KWH, charge_limit_w=1e6)
    mended = replace(alone, supply=replace(alone.supply, depot_w=1.15 * depot_kw * 1e3))
    assert plan_day(bigger, ELECTRIC, mended).feasible
    assert not plan_day(with_battery(bigger, capacity_j=(kwh - 60.0) * KWH), ELECTRIC, mended).feasible
    assert plan_day(BATTERY, ELECTRIC, replace(alone, distance_day_m=0.99 * failed.reach_m)).feasible


def test_a_day_too_long_names_the_charging_power_that_it_lacks() -> None:
    duty = replace(DUTY, distance_day_m=900e3)
    failed = plan_day(BATTERY, ELECTRIC, duty)
    power_kw = float(failed.remedy_en.split(" kW", maxsplit=1)[0])
    faster = replace(duty, supply=replace(duty.supply, public_w=1.3 * power_kw * 1e3))
    assert "h are there" in failed.reason_en
    assert plan_day(with_battery(BATTERY, charge_limit_w=3e6), ELECTRIC, faster).feasible
    assert failed.verdict(duty).outcome is Outcome.FAIL
    assert failed.remedy_zh.startswith("途中充电功率")


@pytest.mark.parametrize("distance_m", [600e3, 900e3])
def test_reach_is_near_where_days_begin_to_fail(distance_m: float) -> None:
    reach = plan_day(BATTERY, ELECTRIC, replace(DUTY, distance_day_m=distance_m)).reach_m
    assert plan_day(BATTERY, ELECTRIC, replace(DUTY, distance_day_m=0.92 * reach)).feasible
    assert not plan_day(BATTERY, ELECTRIC, replace(DUTY, distance_day_m=1.08 * reach)).feasible


def test_diesel_refuels_only_beyond_its_tank() -> None:
    whole = combination("diesel-6x4-box")
    near = plan_day(whole, DIESEL, DUTY)
    small = replace(whole, tractor=replace(whole.tractor, drive=replace(whole.drive, fuel_tank_m3=0.15)))
    unknown = replace(whole, tractor=replace(whole.tractor, drive=replace(whole.drive, fuel_tank_m3=0.0)))
    assert {stop.kind for stop in near.stops} == {"rest"}
    assert near.added_s == 0.0
    assert near.fuel_kg == pytest.approx(162.0)
    assert "refuel" in {stop.kind for stop in plan_day(small, DIESEL, DUTY).stops}
    assert plan_day(unknown, DIESEL, DUTY).range_m is None
    assert plan_day(unknown, DIESEL, DUTY).feasible


@settings(max_examples=60, deadline=None)
@given(st.floats(243.15, 293.15), st.floats(0.0, 20.0), st.floats(50 * KM, 900 * KM))
def test_colder_never_goes_further(air_k: float, colder_k: float, distance_m: float) -> None:
    warm, cold = (
        plan_day(BATTERY, ELECTRIC, replace(DUTY, distance_day_m=distance_m, limits=Limits(temperature_k=one)))
        for one in (air_k, air_k - colder_k)
    )
    assert warm.range_m is not None
    assert cold.range_m is not None
    assert cold.range_m <= warm.range_m + 1e-6
    assert cold.stops == warm.stops
    assert warm.feasible or not cold.feasible


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        plan_day(BATTERY, replace(ELECTRIC, speed_mps=0.0), DUTY)
