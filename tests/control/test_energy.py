"""The laws of the energy unit: closed-form splits against brute force, limits, prices, the day's budget, and the block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fifthwheel.control.block import Running
from fifthwheel.control.energy import block, stage
from fifthwheel.control.energy.calibration import Calibration, calibration
from fifthwheel.control.energy.day import Spent, plan_day
from fifthwheel.control.energy.limits import beside_friction_n, least_tension_n, machine_braking_n, window_ratio
from fifthwheel.control.energy.price import ageing_price, balance, feedback_price, preview_price
from fifthwheel.control.energy.split import cells_w, judged, marginal_w, shaft_w, split
from fifthwheel.control.energy.yardstick import N_CHOICES, fill_choices, value_at
from fifthwheel.errors import InputError

Floats = NDArray[np.float64]
PRICES = st.tuples(st.floats(1.2, 3.5), st.floats(1.2, 3.5))


def row(demand_n: float, *, speed_mps: float = 20.0, tension_n: float = 0.75) -> Floats:
    """A 40 t hybrid with an e-trailer: 120 kW and 230 kW machines, 300 kW engine."""
    one = np.zeros(stage.N_STAGE)
    one[stage.DURATION_S], one[stage.SPEED_MPS], one[stage.DEMAND_N] = 5.0, speed_mps, demand_n
    one[stage.NEEDED_N] = tension_n * demand_n
    one[stage.IDLE_W], one[stage.SLOPE], one[stage.ENGINE_MOST_W], one[stage.CONSUMERS_W] = 45e3, 2.05, 300e3, 5e3
    one[stage.DRIVE_RATIO], one[stage.TRAILER_RATIO], one[stage.HAS_ENGINE], one[stage.START_J] = 0.95, 0.94, 1.0, 100e3
    one[stage.MOTOR_CURVE], one[stage.MOTOR_LOSS_W], one[stage.TRAILER_CURVE], one[stage.TRAILER_LOSS_W] = 1e-6, 2e3, 6e-7, 2.5e3
    one[stage.MOTOR_LEAST_W], one[stage.MOTOR_MOST_W] = -115e3, 115e3 * (demand_n > 0.0)
    one[stage.TRAILER_LEAST_N] = -7e3
    one[stage.TRAILER_MOST_N] = min(7.5e3, max(one[stage.NEEDED_N] - 1e3, -7e3)) if demand_n > 0.0 else 0.0
    one[stage.AGEING] = one[stage.TRAILER_AGEING] = 0.05
    return one


def brute(one: Floats, prices: tuple[float, float]) -> float:
    """Least cost over a fine grid of forces and powers, start costs left out."""
    best = np.inf
    for force in np.linspace(one[stage.TRAILER_LEAST_N], one[stage.TRAILER_MOST_N], 61):
        crank = shaft_w(one[stage.DEMAND_N] - force, one[stage.SPEED_MPS], one[stage.DRIVE_RATIO])
        most = min(one[stage.MOTOR_MOST_W], crank)
        for motor in np.append(np.linspace(one[stage.MOTOR_LEAST_W], most, 61), 0.0):
            best = min(best, judged(one, prices, force, min(motor, most), True)[6])
        off = judged(one, prices, force, crank, False)[6] if crank <= one[stage.MOTOR_MOST_W] else np.inf
        best = min(best, off)
    return float(best)


@given(st.floats(500.0, 19e3), PRICES, st.booleans())
@example(demand_n=12171.0, prices=(3.0, 2.0), running=True)  # engine and charging motor both at their bounds
@settings(max_examples=40, deadline=None)
def test_the_split_is_the_best_there_is(demand_n: float, prices: tuple[float, float], running: bool) -> None:
    """No point of a fine grid beats the closed form by more than 2 in 1,000."""
    one = row(demand_n)
    one[stage.START_J] = 0.0
    chosen = split(one, prices, running)
    assert chosen[6] <= brute(one, prices) + 0.002 * abs(chosen[6]) + 650.0
    assert one[stage.TRAILER_LEAST_N] - 1e-6 <= chosen[2] <= one[stage.TRAILER_MOST_N] + 1e-6
    assert one[stage.MOTOR_LEAST_W] - 1e-6 <= chosen[1] <= one[stage.MOTOR_MOST_W] + 1e-6


@given(st.floats(-60e3, -500.0), PRICES)
@settings(max_examples=50, deadline=None)
def test_braking_takes_no_more_than_is_asked_and_no_more_than_may_be(demand_n: float, prices: tuple[float, float]) -> None:
    one = row(demand_n)
    _, motor, force, fuel, own, towed, _ = split(one, prices, True)
    assert fuel == 0.0
    assert max(demand_n, one[stage.TRAILER_LEAST_N]) - 1e-6 <= force <= 0.0
    assert one[stage.MOTOR_LEAST_W] <= motor <= 0.0
    assert force + motor / (one[stage.SPEED_MPS] * one[stage.DRIVE_RATIO]) >= demand_n - 1e-6
    assert towed <= 0.0
    assert own <= one[stage.CONSUMERS_W]


def test_both_machines_lose_equally_at_the_margin() -> None:
    """d(cost)/d(wheel watt) is the same for motor and trailer where neither is at a bound and the engine stands."""
    one, prices = row(3.5e3), (2.3, 2.3)
    running, motor, force, *_ = split(one, prices, False)
    trailer = shaft_w(force, one[stage.SPEED_MPS], one[stage.TRAILER_RATIO])
    own = prices[0] * (1 + 2 * one[stage.MOTOR_CURVE] * motor) / one[stage.DRIVE_RATIO]
    towed = prices[1] * (1 + 2 * one[stage.TRAILER_CURVE] * trailer) / one[stage.TRAILER_RATIO]
    assert not running
    assert own == pytest.approx(towed, rel=1e-9) or force == pytest.approx(one[stage.TRAILER_MOST_N])


def test_a_dearer_battery_gives_less_and_an_engine_is_not_started_for_a_moment() -> None:
    cheap, dear = split(row(15e3), (1.5, 1.5), True), split(row(15e3), (3.0, 3.0), True)
    assert cheap[1] > dear[1]
    assert cheap[2] > dear[2]
    choices = [
        split(row(demand_n), (2.3, 2.3), running)[0] for demand_n in np.arange(2e3, 12e3, 250.0) for running in (True, False)
    ]
    kept, started = choices[::2], choices[1::2]
    assert sum(kept) > sum(started) > 0


def test_the_demand_comes_before_the_battery() -> None:
    one = row(19e3)
    _, motor, force, *_ = split(one, (9.0, 9.0), True)
    crank = shaft_w(19e3 - force, 20.0, one[stage.DRIVE_RATIO])
    assert crank - motor <= one[stage.ENGINE_MOST_W] + 1e-6


@given(st.floats(1e-7, 5e-6), st.floats(1.0, 4.0), st.floats(0.0, 0.3), st.floats(0.5, 5.0))
@settings(deadline=None)
def test_marginal_power_is_where_the_marginal_cost_meets_the_value(
    curve: float, price: float, ageing: float, value: float
) -> None:
    power = marginal_w(value, price, ageing, curve)
    step = 1.0 + 1e-6 * abs(power)

    def cost(at_w: float) -> float:
        return price * cells_w(at_w, curve, 0.0) + ageing * abs(at_w) - value * at_w

    assert cost(power) <= cost(power + step) + 1e-9 * abs(cost(power))
    assert cost(power) <= cost(power - step) + 1e-9 * abs(cost(power))


def test_limits_are_the_facts() -> None:
    reserves = (0.65, 0.08, 0.15)
    assert least_tension_n(10e3, 1e3, 0.05) == 1e3
    assert least_tension_n(-60e3, 1e3, 0.05) == 3e3
    assert machine_braking_n(80e3, 0.1, 0.05, 0.0, reserves) == pytest.approx(0.65 * 8e3)
    assert machine_braking_n(80e3, 0.6, 0.05, 0.0, reserves) == pytest.approx(0.23 * 80e3)
    assert machine_braking_n(80e3, 0.6, 0.3, 0.0, reserves) == pytest.approx(0.38 * 80e3)
    assert machine_braking_n(80e3, 0.1, 0.05, 2.0, reserves) == 0.0
    assert beside_friction_n(60e3, 0.6, 0.1, 1 / 3, reserves) == pytest.approx(0.13 * 60e3 * 1.5)
    assert beside_friction_n(60e3, 0.08, 0.05, 1 / 3, reserves) == pytest.approx(0.03 * 60e3 * 1.5)
    assert [window_ratio(soc, 0.2, 0.02) for soc in (0.19, 0.21, 0.3)] == pytest.approx([0.0, 0.5, 1.0])


def test_prices_rise_with_charge_missing_and_heat() -> None:
    assert feedback_price(2.0, 5.0, 0.0, (1.0, 0.0, 0.6)) == pytest.approx(3.2)
    assert feedback_price(2.0, -0.1, 0.0, (1.0, 0.0, 0.6)) == pytest.approx(1.8)
    assert feedback_price(2.0, 0.0, 1000.0, (1.0, 1e-4, 0.6)) == pytest.approx(2.2)
    assert ageing_price(0.05, 280.0, 23.0) == 0.05
    assert ageing_price(0.05, 298.15 + 23.0, 23.0) == pytest.approx(0.05 * np.e)


def test_a_descent_ahead_makes_room_before_it() -> None:
    """Six kilometres of descent would overfill the battery: its energy is cheaper now than without that descent."""
    flat, descent = [row(6e3)] * 8, [row(-30e3)] * 40
    battery = np.array([0.75, 180e6, 0.2, 0.9, 2.2, 0.5, 1.0, 0.6, 0.0])
    even = preview_price(np.array(flat * 2), 16, (2.2, 2.2), 1, battery)
    before = preview_price(np.array(flat + descent), 48, (2.2, 2.2), 1, battery)
    assert before < even
    assert balance(np.array(flat + descent), 48, (2.2, even), 1, battery) > 0.0


def test_dynamic_programming_offers_what_the_split_chooses() -> None:
    one, choices = row(8e3), np.zeros((N_CHOICES, 4))
    count = fill_choices(one, (0.0, 0.0), 2.2, choices)
    kinds = choices[:count]
    assert 10 < count < N_CHOICES
    assert {0.0, 1.0} == set(kinds[:, 0])
    assert np.isfinite(kinds).all()
    grid = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert value_at(grid, 0.5, 0.5) == 1.5
    assert value_at(grid, 1.5, 0.0) > 1e17
    assert value_at(grid, -0.1, 0.0) > 1e6


def test_a_day_is_one_price_and_keeps_fuel_and_electricity_apart() -> None:
    def mission(worth: float) -> object:
        def drive(soc: float, price: float) -> Spent:
            used = min(max(0.5 * (worth - price), 0.0), soc)
            return Spent(fuel_j=1e9 * (1.0 - used), drawn_j=1e8 * used, soc_end_ratio=soc - used)

        return drive

    planned = plan_day([mission(2.0), mission(1.5)], 0.9, 0.4, (0.1, 4.0))  # type: ignore[list-item]
    assert planned.price == pytest.approx(1.25, abs=1e-3)
    assert planned.missions[-1].soc_end_ratio == pytest.approx(0.4, abs=1e-3)
    assert planned.missions[0].drawn_j > planned.missions[1].drawn_j
    assert planned.fuel_j == pytest.approx(1.5e9, rel=1e-3)
    assert planned.drawn_j == pytest.approx(5e7, rel=1e-3)
    with pytest.raises(InputError, match="start >= end"):
        plan_day([mission(2.0)], 0.3, 0.4, (0.1, 4.0))  # type: ignore[list-item]
    with pytest.raises(InputError, match="no missions"):
        plan_day([], 0.3, 0.2, (0.1, 4.0))


def test_a_calibration_that_cannot_work_is_refused() -> None:
    values = {name: getattr(calibration(), name) for name in Calibration.__slots__}
    with pytest.raises(InputError, match="blocks are accepted"):
        Calibration(**(values | {"block_m": 10.0}))
    with pytest.raises(InputError, match=r"departing by 1\.5"):
        Calibration(**(values | {"widest_ratio": 1.5}))


@pytest.mark.parametrize(
    "name", ["diesel-hybrid-6x4-etrailer-recuperation", "diesel-6x4-etrailer", "battery-423-etrailer", "diesel-hybrid-4x2-box"]
)
@pytest.mark.parametrize("demand_n", [3e3, 12e3, 35e3, -5e3, -40e3])
def test_the_block_meets_the_demand_or_says_what_is_left(name: str, demand_n: float) -> None:
    unit = Running(block(name))
    unit.set(speed_mps=18.0, demand_n=demand_n, trailer_need_n=0.75 * demand_n, shaft_speed_radps=125.0)
    for _ in range(5):
        unit.step()
    crank = unit["engine_power_w"] + unit["motor_power_w"]
    ratio = unit.parameters[unit.block.places["engine_efficiency_ratio"][1]]
    given = crank * ratio / 18.0 if demand_n > 0.0 else crank / ratio / 18.0
    assert given + unit["trailer_force_n"] - unit["friction_n"] <= max(demand_n, demand_n * 0.999) + 1.0
    assert unit["friction_n"] >= 0.0
    assert (
        demand_n < 0.0
        or unit["trailer_force_n"] <= 0.75 * demand_n - unit["kingpin_tension_n"] + 1e-6
        or unit["trailer_force_n"] <= 0.0
    )


@pytest.mark.parametrize(
    "event",
    [
        {"brake_pedal_state": 1.0},
        {"stability_state": 1.0},
        {"kingpin_valid_state": 0.0},
        {"link_state": 0.0},
        {"articulation_rad": 0.3},
    ],
)
def test_the_axle_stops_pushing_within_100_ms(event: dict[str, float]) -> None:
    """Pedal, ABS/ESC/RSC, kingpin sensor or bus lost, articulation over 15 degrees at speed (facts/control.md 2.4)."""
    unit = Running(block("diesel-6x4-etrailer"))
    unit.set(speed_mps=20.0, demand_n=25e3, trailer_need_n=20e3, shaft_speed_radps=125.0, trailer_soc_ratio=0.9)
    unit.step()
    assert unit["trailer_force_n"] > 3e3
    unit.set(**event)
    unit.step()
    assert unit["trailer_force_n"] <= 0.0
    assert unit.block.period_s <= 0.1


def test_a_combination_without_machines_has_no_unit() -> None:
    with pytest.raises(InputError, match="no electric machine"):
        block("diesel-6x4-box")
