"""Advice on resistance: savings have their sign, interval and source; what is not known is not guessed; limits of axles hold."""

from __future__ import annotations

from functools import cache

import pytest

from fifthwheel.errors import InputError
from fifthwheel.finding import Origin
from fifthwheel.fleet.advice import Advice, Advised, Known, advise
from fifthwheel.fleet.cruise import cruise
from fifthwheel.fleet.simulate import Day

WINDY = Day(wind_mps=8.0, wind_from_deg=90.0)
MEASURED = Known(pressure_ratio=0.85, gap_m=1.25, deflector_m=0.3)


@cache
def advised(name: str, payload_kg: float, day: Day = WINDY, known: Known = MEASURED) -> Advised:
    return advise(name, "port-shuttle", payload_kg, day, known)


def one(found: Advised, name: str) -> Advice:
    return next(item for item in found.advice if item.saving.name == f"advice.{name}")


@pytest.mark.parametrize("name", ["tyre_pressure", "cab_gap", "deflector"])
def test_each_saving_has_an_interval_and_a_source(name: str) -> None:
    item = one(advised("diesel-6x4-box", 15e3), name)
    assert item.saving.value is not None
    assert item.saving.contains(item.saving.value)
    assert 0.0 < item.saving.value < 0.06
    assert item.saving.origin is Origin.SIMULATED
    assert "[K]" in item.confidence
    assert item.source


def test_what_is_not_measured_is_said_so() -> None:
    found = advised("diesel-6x4-box", 15e3, Day(), Known())
    assert one(found, "deflector").saving.value is None
    assert "not known" in one(found, "deflector").saving.method
    assert one(found, "tyre_pressure").saving.origin is Origin.ASSUMED
    assert not found.cautions


def test_nothing_to_gain_is_no_saving() -> None:
    found = advised("diesel-6x4-box", 15e3, Day(), Known(pressure_ratio=1.05, gap_m=0.7))
    assert one(found, "tyre_pressure").saving.value is None
    assert one(found, "cab_gap").saving.value is None


def test_softer_tyres_and_wider_gaps_cost_more() -> None:
    worse = advised("diesel-6x4-box", 15e3, WINDY, Known(pressure_ratio=0.75, gap_m=1.75, deflector_m=0.6))
    for name in ("tyre_pressure", "cab_gap", "deflector"):
        assert (one(worse, name).saving.value or 0.0) > (one(advised("diesel-6x4-box", 15e3), name).saving.value or 1.0)


def test_a_gap_costs_more_in_crosswind() -> None:
    calm = one(advised("diesel-6x4-box", 15e3, Day()), "cab_gap").saving.value
    windy = one(advised("diesel-6x4-box", 15e3), "cab_gap").saving.value
    assert 0.0 < (calm or 0.0) < (windy or 0.0)


@pytest.mark.parametrize(("payload_kg", "able"), [(6e3, True), (31e3, False)])
def test_lift_axles_go_up_only_within_axle_loads(payload_kg: float, able: bool) -> None:
    item = one(advised("diesel-6x4-stake-lift", payload_kg), "lift_axle")
    assert (item.saving.value is not None) is able
    assert (item.saving.value or 0.0) >= 0.0
    assert "axle loads" in item.saving.method


def test_no_lift_axle_no_advice_on_it() -> None:
    assert all(item.saving.name != "advice.lift_axle" for item in advised("diesel-6x4-box", 15e3).advice)


def test_a_storm_beside_an_empty_box_asks_for_less_speed() -> None:
    calm, storm = (
        advised("diesel-6x4-box", 0.0, Day(wind_mps=speed, wind_from_deg=0.0)).cautions[0].saving.value or 0.0
        for speed in (5.0, 17.0)
    )
    assert storm < calm
    assert advised("diesel-6x4-box", 30e3, Day(wind_mps=17.0)).cautions[0].saving.value > storm  # type: ignore[operator]


def test_a_rigid_has_no_gap() -> None:
    names = {item.saving.name for item in advised("diesel-8x4-tipper", 10e3).advice}
    assert "advice.cab_gap" not in names
    assert "advice.tyre_pressure" in names


@pytest.mark.parametrize("known", [{"pressure_ratio": 8.5}, {"gap_m": 0.0}, {"deflector_m": 40.0}])
def test_what_cannot_be_is_refused(known: dict[str, float]) -> None:
    with pytest.raises(InputError, match="is accepted"):
        Known(**known)


def test_cruise_tells_both_trips() -> None:
    document = cruise("diesel-6x4-box", "port-shuttle", 20e3).document()
    assert document["planned"]
    assert document["with"]["energy_j"] == pytest.approx(document["without"]["energy_j"] * (1.0 - document["saving_ratio"]))
    assert abs(document["time_ratio"]) <= 0.005
