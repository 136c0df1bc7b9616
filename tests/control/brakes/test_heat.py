"""Brake heat, fade, and the descent (A10)."""

from __future__ import annotations

from dataclasses import replace
from math import atan, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.control.brakes.cases import BATTERY, RETARDER
from fifthwheel.control.brakes.downhill import Descender, Plan, Recovery, Stretch, descend, flow_of, gear_at, plan
from fifthwheel.control.brakes.limits import Charge
from fifthwheel.control.brakes.thermal import DISC, DRUM, cooling_wpk, fade_ratio, warm
from fifthwheel.errors import InputError
from fifthwheel.units import CELSIUS_ZERO_K, GRAVITY_MPS2, KMH
from fifthwheel.vehicle.catalogue import combination

AIR_K = 293.15
DRIVE = combination("diesel-6x4-box").drive
TRUCK = Descender(
    mass_kg=40_000.0,
    rolling_ratio=0.006,
    drag_area_m2=5.6,
    air_density_kgpm3=1.188,
    air_k=AIR_K,
    radius_m=0.5,
    total_ratios=DRIVE.total_ratios,
    engine=DRIVE.engine,
    brakes=(DISC,) * 5,
    shares_ratio=(0.2, 0.26, 0.18, 0.18, 0.18),
)
RECOVERY = Recovery(
    power_w=300e3,
    efficiency_ratio=0.88,
    battery=replace(BATTERY, capacity_j=3.6e8, charge_limit_w=250e3),
    charge=Charge(soc_ratio=0.6, temperature_k=298.15),
)
TYPE_II = (Stretch(length_m=6000.0, downhill_ratio=0.06),)
PASS = (
    Stretch(length_m=8000.0, downhill_ratio=0.07),
    Stretch(length_m=1500.0, downhill_ratio=-0.01),
    Stretch(length_m=6000.0, downhill_ratio=0.08),
    Stretch(length_m=4000.0, downhill_ratio=0.04),
)
COLD = (AIR_K,) * 5
WEAK = replace(TRUCK, engine=None, total_ratios=(3.0,))
"""Nothing but friction: an engine brake that failed."""
VARIANTS = {
    "engine brake": TRUCK,
    "engine brake and retarder": replace(TRUCK, retarder=RETARDER, retarder_ratio=2.85),
    "engine brake and regeneration": replace(TRUCK, recovery=RECOVERY),
    "regeneration alone": replace(WEAK, recovery=RECOVERY),
    "full battery": replace(WEAK, recovery=replace(RECOVERY, charge=Charge(soc_ratio=0.95, temperature_k=298.15))),
    "friction alone": WEAK,
    "friction alone, drums": replace(WEAK, brakes=(DRUM,) * 5),
}


def test_a10_type_ii_gives_195_8_kw_and_the_split_is_all_of_it() -> None:
    flow = flow_of(TRUCK, TYPE_II[0], 30 * KMH)
    parts = (flow.rolling_w, flow.air_w, flow.drag_w, flow.engine_brake_w, flow.retarder_w, flow.regeneration_w, flow.friction_w)
    assert flow.gross_w == pytest.approx(195.8e3, rel=0.0005)
    assert flow.gross_w * flow.time_s == pytest.approx(141.0e6, rel=0.001)
    assert sum(parts) == pytest.approx(flow.gross_w + flow.short_w, rel=1e-9)
    assert flow.rolling_w == pytest.approx(0.006 * 40_000 * GRAVITY_MPS2 * 30 * KMH, rel=0.003)


@given(
    power=st.floats(0.0, 300e3),
    start=st.floats(250.0, 800.0),
    speed=st.floats(0.0, 25.0),
    step=st.sampled_from([0.01, 1.0, 30.0]),
)
def test_a10_the_energy_of_a_brake_balances(power: float, start: float, speed: float, step: float) -> None:
    """Heat given off is told anew from the temperatures along the way."""
    temperature, given, stored = start, 0.0, 0.0
    for _ in range(200):
        heat = warm(DISC, temperature, power, (speed, AIR_K), step / 200)
        middle = 0.5 * (temperature + heat.temperature_k)
        given += cooling_wpk(DISC, speed) * (middle - AIR_K) * step / 200
        stored += heat.stored_j
        temperature = heat.temperature_k
    scale = max(power * step, abs(stored), 1.0)
    assert abs(power * step - stored - given) < 0.005 * scale
    assert stored == pytest.approx(DISC.heat_capacity_jpk * (temperature - start), abs=1e-3 * scale)


def test_heat_does_not_depend_on_the_step() -> None:
    once = warm(DISC, AIR_K, 40e3, (10.0, AIR_K), 100.0).temperature_k
    temperature = AIR_K
    for _ in range(1000):
        temperature = warm(DISC, temperature, 40e3, (10.0, AIR_K), 0.1).temperature_k
    assert temperature == pytest.approx(once, abs=1e-6)


@pytest.mark.parametrize(("celsius", "disc", "drum"), [(20.0, 1.0, 1.0), (250.0, 1.0, 1.0), (400.0, 0.7, 0.6), (600.0, 0.5, 0.4)])
def test_linings_fade(celsius: float, disc: float, drum: float) -> None:
    kelvin = celsius + CELSIUS_ZERO_K
    assert [fade_ratio(DISC, kelvin), fade_ratio(DRUM, kelvin)] == pytest.approx([disc, drum])


@pytest.mark.parametrize("name", VARIANTS)
def test_a10_the_supervisor_keeps_brakes_below_their_limit_with_and_without_regeneration(name: str) -> None:
    found = plan(VARIANTS[name], PASS, 80 * KMH, COLD)
    assert found.holds
    assert max(hot - brake.limit_k for hot, brake in zip(found.peak_k, VARIANTS[name].brakes, strict=True)) <= 0.0
    assert found.speed_mps <= 80 * KMH


@pytest.mark.parametrize("name", VARIANTS)
def test_a10_one_kilometre_an_hour_more_would_be_too_hot(name: str) -> None:
    """The plan gives no speed away, unless it is the limit."""
    found = plan(VARIANTS[name], PASS, 80 * KMH, COLD)
    faster = descend(VARIANTS[name], PASS, found.speed_mps + KMH, COLD)
    assert found.speed_mps == pytest.approx(80 * KMH) or not faster.holds


def test_more_help_is_never_slower() -> None:
    speed = {name: plan(one, PASS, 80 * KMH, COLD).speed_mps for name, one in VARIANTS.items()}
    assert speed["engine brake"] < speed["engine brake and retarder"]
    assert speed["engine brake"] < speed["engine brake and regeneration"]
    assert speed["friction alone"] == speed["full battery"] < speed["regeneration alone"]
    assert speed["friction alone, drums"] < speed["friction alone"]


def energy_j(found: Plan) -> float:
    """What went from the wheels into friction, battery, engine brake and retarder."""
    return sum((f.friction_w + f.regeneration_w + f.engine_brake_w + f.retarder_w) * f.time_s for f in found.flows)


def test_a10_the_energy_of_a_descent_closes() -> None:
    found = descend(VARIANTS["engine brake and regeneration"], PASS, 40 * KMH, COLD)
    fall = sum(stretch.length_m * sin(atan(stretch.downhill_ratio)) for stretch in PASS) * 40_000.0 * GRAVITY_MPS2
    held = energy_j(found) + sum((f.rolling_w + f.air_w + f.drag_w - f.short_w) * f.time_s for f in found.flows)
    assert held == pytest.approx(fall, rel=0.005)


def test_the_battery_is_kept_for_where_the_engine_brake_falls_short() -> None:
    nearly_full = replace(RECOVERY, charge=Charge(soc_ratio=0.90, temperature_k=298.15))
    found = descend(replace(TRUCK, recovery=nearly_full), PASS, 45 * KMH, COLD)
    bare = descend(TRUCK, PASS, 45 * KMH, COLD)
    room = (0.95 - 0.02 - 0.90) * BATTERY.capacity_j
    assert found.stored_j <= room * (1.0 + 1e-9)
    assert found.reserved_j == pytest.approx(min(room, found.stored_j))
    lacking = np.array([flow.friction_w for flow in bare.flows]) > 0.0
    charged = np.array([flow.regeneration_w for flow in found.flows]) > 0.0
    assert lacking.any()
    assert not (charged & ~lacking).any()


def test_the_gear_is_never_neutral_and_brakes_most_at_low_speed_in_a_low_gear() -> None:
    gears = [gear_at(TRUCK, speed * KMH) for speed in range(5, 90, 5)]
    assert min(gears) >= 1
    assert gears == sorted(gears)
    assert min(flow.gear for flow in plan(TRUCK, PASS, 80 * KMH, COLD).flows) >= 1


def test_hot_brakes_that_cannot_hold_any_speed_are_told() -> None:
    hot = (DISC.limit_k + 1.0,) * 5
    assert not plan(TRUCK, PASS, 80 * KMH, hot).holds


def test_descents_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError, match="one each"):
        descend(TRUCK, PASS, 10.0, (AIR_K,))
    with pytest.raises(InputError, match="above 0"):
        descend(TRUCK, PASS, 0.0, COLD)
    with pytest.raises(InputError, match="1 in all"):
        replace(TRUCK, shares_ratio=(0.2,) * 4 + (0.3,))
    with pytest.raises(InputError, match="brake power"):
        warm(DISC, AIR_K, -1.0, (0.0, AIR_K), 1.0)


def test_a_battery_with_room_takes_what_the_engine_brake_could_hold_too() -> None:
    gentle = (Stretch(length_m=2000.0, downhill_ratio=0.03),)
    found = descend(replace(TRUCK, recovery=RECOVERY), gentle, 60 * KMH, COLD)
    bare = descend(TRUCK, gentle, 60 * KMH, COLD)
    assert bare.flows[0].friction_w == 0.0
    assert found.reserved_j == 0.0
    assert found.flows[0].regeneration_w == pytest.approx(bare.flows[0].engine_brake_w)
    assert found.stored_j == pytest.approx(0.88 * found.flows[0].regeneration_w * found.flows[0].time_s)
