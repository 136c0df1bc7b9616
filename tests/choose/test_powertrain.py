"""Powertrain matching: the optimiser against every powertrain of a small menu, constraints, sizes and what they weigh."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from fifthwheel.choose.duty import Cargo, Duty, Limits, Supply
from fifthwheel.choose.powertrain import Matched, Point, Task, drive_all, front_of, knee_of, laden, match
from fifthwheel.choose.powertrain_cost import ledger_cost
from fifthwheel.choose.region import region
from fifthwheel.choose.sizing import Menu, Sizes, built, menu_of, scaled_battery, scaled_engine
from fifthwheel.errors import InputError
from fifthwheel.physics.engine import fuel_power_at
from fifthwheel.road.profile import level
from fifthwheel.simulate import batch
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination

CARGO = Cargo(kind="general", title_en="", title_zh="", bodies=())
LIMITS = Limits(friction_ratio=0.6)
DIESEL, BATTERY = combination("diesel-6x4-box"), combination("battery-423-box")
NARROW = {"torque_ratio": (1.0,), "driven_axles": (2,), "rolling_ratio": (1.0,)}


def task(whole: Combination, **changes: object) -> Task:
    duty = Duty(name="test", title_en="", title_zh="", road="level", cargo=CARGO, distance_day_m=300e3, limits=LIMITS)
    road = level(12e3, 22.2, slope_ratio=0.012)
    return Task(ways=((road, 0.7 * whole.payload_limit_kg),), duty=replace(duty, **changes))  # type: ignore[arg-type]


def narrow(whole: Combination) -> Menu:
    """Final drives and gear sets alone."""
    return menu_of(whole, "cn").narrowed(**NARROW)


@lru_cache(maxsize=1)
def searched() -> Matched:
    return match(DIESEL, task(DIESEL), ledger_cost(DIESEL, region("cn")), np.random.default_rng(3), menu=narrow(DIESEL))


@lru_cache(maxsize=1)
def enumerated() -> tuple[Point, ...]:
    return tuple(drive_all(DIESEL, task(DIESEL), ledger_cost(DIESEL, region("cn")), narrow(DIESEL).every()))


def test_the_search_finds_the_front_of_every_final_drive_with_every_gear_set() -> None:
    """Brute force over the whole small menu has the same front, and beats the search nowhere."""
    every, found = enumerated(), searched()
    assert len(every) == found.offered_count == len(narrow(DIESEL).every())
    assert {point.objectives for point in found.front} == {point.objectives for point in front_of(every)}
    for index in range(3):
        assert found.least(index).objectives[index] <= min(one.objectives[index] for one in every if one.violation <= 0.0)


def test_a_search_over_a_larger_menu_drives_a_part_of_it_and_misses_no_optimum() -> None:
    larger = menu_of(DIESEL, "cn").narrowed(torque_ratio=(0.8, 0.9, 1.0, 1.1, 1.2), driven_axles=(2,), rolling_ratio=(1.0,))
    cost, way = ledger_cost(DIESEL, region("cn")), task(DIESEL)
    every = drive_all(DIESEL, way, cost, larger.every())
    found = match(DIESEL, way, cost, np.random.default_rng(5), menu=larger, generations=2)
    assert len(found.seen) < len(every)
    for index in range(3):
        assert found.least(index).objectives[index] == min(one.objectives[index] for one in front_of(every))


def test_no_point_of_the_front_is_beaten_and_the_knee_is_on_it() -> None:
    found = searched()
    for one in found.front:
        assert not any(
            all(a <= b for a, b in zip(other.objectives, one.objectives, strict=True)) and other.objectives != one.objectives
            for other in found.seen
            if other.violation <= 0.0
        )
    assert found.knee in found.front
    assert set(found.at_end(found.knee)) <= {"final_drive"}
    assert knee_of(found.front) is found.knee


def test_the_bought_powertrain_is_beaten_or_on_the_front() -> None:
    found = searched()
    values = found.bought.objectives
    assert any(all(a <= b for a, b in zip(one.objectives, values, strict=True)) for one in found.front)


def test_the_same_seed_gives_the_same_curve() -> None:
    cost = ledger_cost(DIESEL, region("cn"))
    small = narrow(DIESEL).narrowed(gearbox=("amt-12-direct", "amt-12-overdrive"))
    first, second = (match(DIESEL, task(DIESEL), cost, np.random.default_rng(9), menu=small) for _ in range(2))
    assert [one.sizes for one in first.front] == [one.sizes for one in second.front]


def test_a_point_is_the_simulated_trip_of_its_powertrain() -> None:
    found = searched().knee
    whole, payload = found.combination, searched().task.payload_kg
    row = batch.run([batch.Case(combination=whole, road=searched().task.ways[0][0], payload_kg=payload)]).to_pylist()[0]
    assert found.energy_jpm == pytest.approx(row["meter_fuel_j"] / row["distance_m"], rel=1e-9)
    assert found.time_s == pytest.approx(row["time_s"])


def test_constraints_hold_on_the_whole_front_and_bind_where_they_should() -> None:
    """A start on 24 % and dry road is out of reach of the longest ratios; the search knows, and says which rule it was."""
    steep = task(DIESEL, limits=Limits(start_grade_ratio=0.30, friction_ratio=2.0))
    small = narrow(DIESEL).narrowed(gearbox=("amt-12-direct", "amt-12-overdrive"))
    points = drive_all(DIESEL, steep, ledger_cost(DIESEL, region("cn")), small.every())
    broken = [one for one in points if one.violation > 0.0]
    allowed = [one for one in points if one.violation <= 0.0]
    assert broken
    assert allowed
    least = min(one.combination.drive.total_ratios[0] for one in allowed)
    assert least > max(one.combination.drive.total_ratios[0] for one in broken)
    assert all(one.margins["startability"] < 0.0 for one in broken)


def test_what_the_bought_powertrain_breaks_itself_is_no_narrower_for_the_others() -> None:
    impossible = task(DIESEL, limits=Limits(start_grade_ratio=0.5, friction_ratio=0.3))
    small = narrow(DIESEL).narrowed(gearbox=("amt-12-direct",))
    points = drive_all(DIESEL, impossible, ledger_cost(DIESEL, region("cn")), small.every())
    assert min(one.margins["startability"] for one in points) < 0.0
    assert any(one.violation <= 0.0 for one in points)


def test_too_much_payload_for_a_larger_battery_is_refused_with_its_reason() -> None:
    offered = menu_of(BATTERY, "cn")
    full = replace(task(BATTERY), ways=((level(5e3, 20.0), BATTERY.payload_limit_kg),))
    big = replace(offered.bought, battery_ratio=2.0)
    bought, heavier = drive_all(BATTERY, full, ledger_cost(BATTERY, region("cn")), [offered.bought, big])
    assert bought.error == ""
    assert heavier.violation > 0.0
    assert "it carries" in heavier.error


def test_a_larger_battery_trades_time_for_mass() -> None:
    """Where chargers are slow a day takes less time with more battery, and each metre more energy."""
    slow = task(BATTERY, distance_day_m=450e3, supply=Supply(public_w=120e3))
    offered = menu_of(BATTERY, "cn").bought
    small, large = drive_all(
        BATTERY, slow, ledger_cost(BATTERY, region("cn")), [replace(offered, battery_ratio=one) for one in (0.9, 1.5)]
    )
    assert large.time_s < small.time_s
    assert large.energy_jpm > small.energy_jpm
    assert large.combination.tare_kg > small.combination.tare_kg + 1000.0


def test_nothing_that_can_be_driven_says_why() -> None:
    overloaded = replace(task(DIESEL), ways=((level(5e3, 20.0), 2.0 * DIESEL.payload_limit_kg),))
    with pytest.raises(InputError, match="it carries"):
        match(DIESEL, overloaded, ledger_cost(DIESEL, region("cn")), np.random.default_rng(1), menu=narrow(DIESEL))


def test_a_scaled_engine_burns_the_same_share_at_the_same_load() -> None:
    engine = DIESEL.drive.engine
    assert engine is not None
    larger = scaled_engine(engine, 1.2)
    assert fuel_power_at(larger, 120.0, 1.2 * 1500.0) == pytest.approx(1.2 * fuel_power_at(engine, 120.0, 1500.0))
    assert max(larger.full_load_torque_nm) == pytest.approx(1.2 * max(engine.full_load_torque_nm))


def test_a_scaled_battery_loses_the_same_share_at_the_same_rate() -> None:
    battery = BATTERY.drive.battery
    assert battery is not None
    larger = scaled_battery(battery, 1.5)
    assert larger.resistance_ohm * (1.5 * 100e3) == pytest.approx(battery.resistance_ohm * 100e3)
    assert larger.charge_limit_w / larger.capacity_j == pytest.approx(battery.charge_limit_w / battery.capacity_j)


def test_sizes_weigh_what_the_laws_say() -> None:
    bought = menu_of(DIESEL, "cn").bought
    larger = built(DIESEL, replace(bought, torque_ratio=1.1))
    engine = DIESEL.drive.engine
    assert engine is not None
    most = max(engine.full_load_torque_nm)
    assert built(DIESEL, bought).tare_kg == DIESEL.tare_kg
    loads, before = (laden(one, 20e3).groups for one in (built(DIESEL, bought), DIESEL))
    assert [one.load_kg for one in loads] == pytest.approx([one.load_kg for one in before])
    assert larger.tare_kg - DIESEL.tare_kg == pytest.approx(0.4061 * 0.1 * most + 75.08 * np.log(1.1))


def test_one_driven_axle_of_a_tandem_takes_half_its_load_and_weighs_less() -> None:
    bought = menu_of(DIESEL, "cn").bought
    single = built(DIESEL, replace(bought, driven_axles=1))
    before, after = (laden(one, 20e3) for one in (DIESEL, single))
    assert after.driven_kg(single) == pytest.approx(0.5 * before.driven_kg(DIESEL), rel=0.03)
    assert single.tare_kg == pytest.approx(DIESEL.tare_kg - 320.0)
    assert single.drive.axle.efficiency_ratio > DIESEL.drive.axle.efficiency_ratio
    assert sum(len(group.positions_m) for group in single.tractor.axles) == 3


def test_the_menu_holds_what_was_bought_and_what_belongs_to_it() -> None:
    offered = menu_of(BATTERY, "cn")
    boxes = next(row for name, row in zip(Sizes.__dataclass_fields__, offered.choices, strict=True) if name == "gearbox")
    assert "electric-4" in boxes
    assert "amt-12-direct" not in boxes
    assert "e-axle-2" not in boxes
    assert offered.bought in offered.narrowed(torque_ratio=(1.0,), battery_ratio=(1.0,)).every()
    with pytest.raises(InputError, match="one or more"):
        offered.narrowed(torque_ratio=())
