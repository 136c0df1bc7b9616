"""Signs: what gets dearer is what hangs on it, and by no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthwheel.choose.cost import Work, assets_of, ledger, stack
from fifthwheel.choose.region import Region, region
from fifthwheel.choose.sensitivity import CORRELATED, break_even, interval, sources, tornado
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KM, KMH, KWH
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination


def _unpriced(whole: Combination) -> Combination:
    """The combination sold by kind."""
    trailer = replace(whole.trailer, price="") if whole.trailer else None
    return replace(whole, tractor=replace(whole.tractor, price=""), trailer=trailer)


CN = region("cn")
TRUCKS = {kind: assets_of(_unpriced(combination(name)), CN, battery_lease=False) for kind, name in {
    "diesel": "diesel-6x4-box", "lng": "lng-6x4-box", "battery": "battery-423-box", "fuel_cell": "fuel-cell-6x4-box",
}.items()}  # fmt: skip
SPEED = 60 * KMH
WORKS = {
    "diesel": Work(speed_mps=SPEED, fuel_kgpm=0.3 / KM, payload_kg=30e3),
    "lng": Work(speed_mps=SPEED, fuel_kgpm=0.3 / KM, payload_kg=30e3),
    "battery": Work(speed_mps=SPEED, depot_jpm=KWH / KM, public_jpm=0.3 * KWH / KM, swap_jpm=0.2 * KWH / KM, payload_kg=30e3),
    "fuel_cell": Work(speed_mps=SPEED, fuel_kgpm=0.1 / KM, payload_kg=30e3),
}  # fmt: skip
ENERGY = {
    "diesel": {"diesel", "adblue"}, "lng": {"lng"}, "battery": {"depot_charging", "public_charging", "battery_swap"},
    "fuel_cell": {"hydrogen"},
}  # fmt: skip


def cost(kind: str, where: Region = CN, **changes: float) -> float:
    return float(ledger(TRUCKS[kind], replace(WORKS[kind], **changes), where).total)


@given(st.sampled_from(sorted(set().union(*ENERGY.values()))), st.floats(1.01, 3.0), st.sampled_from(sorted(TRUCKS)))
def test_dearer_energy_is_dearer_for_who_takes_it_alone(name: str, factor: float, kind: str) -> None:
    one = CN.assumptions[name]
    dearer = replace(CN, assumptions=dict(CN.assumptions) | {name: replace(one, value=one.value * factor)})
    if name in ENERGY[kind]:
        assert cost(kind, dearer) > cost(kind)
    else:
        assert cost(kind, dearer) == cost(kind)


@given(st.sampled_from(["diesel", "lng", "fuel_cell"]), st.floats(1.05, 2.0))
def test_more_distance_a_year_costs_less_a_metre(kind: str, factor: float) -> None:
    assert cost(kind, distance_year_m=140e6 * factor) < cost(kind, distance_year_m=140e6)


@given(st.sampled_from(sorted(TRUCKS)), st.floats(1.05, 2.0))
def test_more_payload_and_speed_cost_less_and_extras_more(kind: str, factor: float) -> None:
    assert cost(kind, payload_kg=30e3 * factor) <= cost(kind)
    assert cost(kind, speed_mps=SPEED * factor) < cost(kind)
    assert cost(kind, extra=1e4 * factor) > cost(kind)


@pytest.mark.parametrize(("name", "sign"), [
    ("battery", 1), ("charging_efficiency", -1), ("interest", 1), ("toll_6", 1), ("driver", 1), ("driver_time", -1), ("fees", 1),
    ("subsidy_battery", -1), ("battery_price_fall", 1), ("residual_first_battery", -1), ("battery_mass", 0),
    ("tyre_life_drive", -1), ("diesel", 0), ("lng", 0), ("maintenance_battery", 1), ("distance", -1), ("battery_cycle_life", -1),
])  # fmt: skip
def test_signs_of_a_battery_truck(name: str, sign: int) -> None:
    bars = {bar.name: bar for bar in tornado(TRUCKS["battery"], replace(WORKS["battery"], payload_kg=0.0), CN)}
    swing = bars[name].high_cost - bars[name].low_cost if name in bars else 0.0
    assert np.sign(swing) == sign


def test_a_tornado_is_sorted_and_around_the_cost() -> None:
    bars = tornado(TRUCKS["diesel"], WORKS["diesel"], CN)
    widths = [bar.width for bar in bars]
    assert widths == sorted(widths, reverse=True)
    for bar in bars:
        assert min(bar.low_cost, bar.high_cost) <= cost("diesel") * (1 + 1e-12)
        assert max(bar.low_cost, bar.high_cost) >= cost("diesel") * (1 - 1e-12)
    assert {"toll_share", "diesel", "distance"} <= {bar.name for bar in bars[:6]}
    assert next(bar for bar in bars if bar.name == "diesel").high_text == "8.2 CNY/L"
    assert not {"lng", "hydrogen", "battery"} & {bar.name for bar in bars}


def test_what_the_duty_says_is_no_assumption() -> None:
    bars = tornado(TRUCKS["diesel"], replace(WORKS["diesel"], distance_year_m=90e6, years=4.0, toll_ratio=0.1), CN)
    assert not {"distance", "life", "toll_share"} & {bar.name for bar in bars}


def test_intervals_hold_the_cost_and_are_those_of_each_alone() -> None:
    drawn = CN.drawn(np.random.default_rng(2), 500, CORRELATED)
    pair = stack([TRUCKS["diesel"], TRUCKS["lng"]]).columns()
    work = replace(WORKS["diesel"], fuel_kgpm=np.array([0.3, 0.29]) / KM)
    both = interval(pair, work.columns(), drawn)
    assert both.total[1].shape == (2,)
    alone = interval(TRUCKS["diesel"], WORKS["diesel"], drawn)
    assert both.total[0][0] == pytest.approx(float(alone.total[0]))
    assert float(alone.total[0]) < cost("diesel") < float(alone.total[1])
    for name, (low, high) in alone.lines.items():
        assert np.all(low <= high), name


def test_diesel_and_lng_move_together_as_told() -> None:
    drawn = CN.drawn(np.random.default_rng(3), 20_000, {("diesel", "lng"): 0.8})
    both = np.corrcoef(np.asarray(drawn["diesel"]), np.asarray(drawn["lng"]))[0, 1]
    assert 0.72 < both < 0.82
    assert abs(np.corrcoef(np.asarray(drawn["diesel"]), np.asarray(drawn["battery"]))[0, 1]) < 0.03
    for name in ("diesel", "lng"):
        one, values = CN.assumptions[name], np.asarray(drawn[name])
        assert one.low <= values.min() < values.max() <= one.high
        assert values.mean() == pytest.approx((one.low + float(one.value) + one.high) / 3, rel=0.01)


def test_break_even_is_where_both_cost_the_same() -> None:
    battery, diesel = ((TRUCKS[kind], replace(WORKS[kind], payload_kg=0.0)) for kind in ("battery", "diesel"))
    dear = CN.priced({"tractor_battery": 500_000.0})
    found = break_even(battery, diesel, dear, over="distance_year_m", span=(20e6, 250e6))
    assert found is not None
    costs = [float(ledger(assets, replace(work, distance_year_m=found), dear).total) for assets, work in (battery, diesel)]
    assert costs[0] == pytest.approx(costs[1], rel=1e-9)
    later = break_even(battery, diesel, CN.priced({"tractor_battery": 600_000.0}), over="distance_year_m", span=(20e6, 250e6))
    assert later is not None
    assert later > found


def test_kept_longer_the_dearer_truck_that_burns_less_wins() -> None:
    battery, diesel = (
        (TRUCKS[kind], replace(WORKS[kind], payload_kg=0.0, distance_year_m=60e6)) for kind in ("battery", "diesel")
    )
    dear = CN.priced({"tractor_battery": 500_000.0})
    found = break_even(battery, diesel, dear, over="years", span=(1.0, 10.0))
    assert found is not None
    assert 1.0 < found < 10.0
    for years, wins in ((0.9 * found, False), (1.1 * found, True)):
        costs = [float(ledger(assets, replace(work, years=years), dear).total) for assets, work in (battery, diesel)]
        assert (costs[0] < costs[1]) is wins


def test_no_break_even_is_none_and_a_wrong_span_is_refused() -> None:
    battery, diesel = ((TRUCKS[kind], WORKS[kind]) for kind in ("battery", "diesel"))
    assert break_even(battery, diesel, CN.priced({"tractor_battery": 5e6}), over="years", span=(1.0, 10.0)) is None
    with pytest.raises(InputError, match="break-even over payload"):
        break_even(battery, diesel, CN, over="payload_kg", span=(1.0, 2.0))


def test_entered_prices_move_their_range_and_keep_their_unit() -> None:
    own = CN.priced({"diesel": 7.7})
    assert own.assumptions["diesel"].text == "7.7 CNY/L (6.93 to 9.02)"
    assert cost("diesel", own) > cost("diesel")
    assert CN.priced({"carbon": 80.0})["carbon"] == pytest.approx(0.08)
    with pytest.raises(UnknownName, match="disel"):
        CN.priced({"disel": 7.0})


def test_every_line_says_what_it_rests_on() -> None:
    told = sources(TRUCKS["lng"], CN)
    assert told.keys() == ledger(TRUCKS["lng"], WORKS["lng"], CN).lines.keys()
    assert "LNG price 4.8 CNY/kg (4 to 6.5): [K] at the station" in told["fuel"]
    assert "LNG boiled off" in told["fuel"]
    assert "6 axles 2.15 CNY/km" in told["toll"]
    assert "boiled off" not in sources(TRUCKS["diesel"], CN)["fuel"]


@pytest.mark.parametrize("kind", TRUCKS)
def test_a_line_names_what_it_moves_with(kind: str) -> None:
    """The table of sources is that of the code: a line that moves with an assumption names it."""
    work = replace(WORKS[kind], friction_jpm=50.0, wait_ratio=0.1, payload_kg=0.0)
    before, told = ledger(TRUCKS[kind], work, CN).lines, sources(TRUCKS[kind], CN)
    for name in ENERGY[kind] | {"tyre", "toll_6", "driver", "fees", "downtime", f"maintenance_{kind}", "linings", "toll_share"}:
        dearer = CN.priced({name: 1.1 * float(CN[name]) / _unit(name)})
        after = ledger(TRUCKS[kind], work, dearer).lines
        moved = {line for line, value in after.items() if value != before[line]}
        named = {line for line, text in told.items() if CN.assumptions[name].source in text and float(before[line]) != 0.0}
        assert moved <= named, name
        assert moved, name


def _unit(name: str) -> float:
    one = CN.assumptions[name]
    return float(one.value) / float(one.shown(one.value).partition(" ")[0])
