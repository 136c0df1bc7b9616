"""Ordinary pairs of one market keep circle, front swing, gap, heights and length; known exceptions fail as they should."""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.combination import Unit, UnitKind, coupled
from fifthwheel.vehicle.coupling import coupled_height_m, coupled_length_m, fit
from fifthwheel.vehicle.statics import axle_loads
from fifthwheel.vehicle.turning import swept
from fifthwheel.vehicle.verdict import Outcome

UNITS: dict[str, Unit] = {name: catalogue().unit(name) for name in catalogue().names("units")}
LENGTH_M: Final = {"cn": 17.1, "eu": 16.5}
HEIGHT_M: Final = {"cn": 4.0, "eu": 4.0, "us": 4.115}
LONG: Final = {"tractor-battery-600", "tractor-battery-729", "tractor-diesel-6x4-long-nose"}
"""Keep the lengths of the trade, and fail the circle."""
APART: Final = {
    "cn": {*LONG, "tractor-howo-tx-440", "tractor-battery-terminal", "trailer-low", "trailer-box-13m75", "trailer-wing"},
    "eu": {"tractor-diesel-4x2-low-eu", "tractor-diesel-6x4-eu", "trailer-mega-eu"},
}
"""Their size of kingpin, height, length or use is another; they have tests of their own."""


def units(market: str, kind: UnitKind) -> list[str]:
    return [unit.name for unit in UNITS.values() if market in unit.markets and unit.kind is kind]


def ordinary(market: str) -> list[tuple[str, str, str]]:
    pairs = product(units(market, UnitKind.TRACTOR), units(market, UnitKind.TRAILER))
    return [(market, *pair) for pair in pairs if not APART[market] & set(pair)]


def failed(tractor: str, trailer: str) -> set[str]:
    return {verdict.rule for verdict in fit(UNITS[tractor], UNITS[trailer]) if verdict.outcome is Outcome.FAIL}


def inner_m(tractor: str, trailer: str) -> float:
    return swept(coupled(UNITS[tractor], UNITS[trailer], gross_mass_kg=49e3)).inner_m


@pytest.mark.parametrize(("market", "tractor", "trailer"), [*ordinary("cn"), *ordinary("eu")])
def test_ordinary_pairs_fit_and_keep_the_circle(market: str, tractor: str, trailer: str) -> None:
    assert failed(tractor, trailer) == set()
    assert inner_m(tractor, trailer) >= 5.3
    assert coupled_length_m(UNITS[tractor], UNITS[trailer]) <= LENGTH_M[market] + 1e-9
    assert coupled_height_m(UNITS[tractor], UNITS[trailer]) <= HEIGHT_M[market]


@pytest.mark.parametrize(
    ("tractor", "trailer"),
    list(
        product(
            ("tractor-diesel-6x4", "tractor-lng-6x4", "tractor-battery-282", "tractor-battery-350", "tractor-battery-423"),
            ("trailer-stake", "trailer-box", "trailer-container", "trailer-tipper", "trailer-tank"),
        )
    ),
)
def test_the_pairs_most_asked_for_are_ordinary(tractor: str, trailer: str) -> None:
    assert ("cn", tractor, trailer) in ordinary("cn")


@pytest.mark.parametrize(("tractor", "trailer"), list(product(units("us", UnitKind.TRACTOR), units("us", UnitKind.TRAILER))))
def test_american_pairs_fit_without_a_circle_to_keep(tractor: str, trailer: str) -> None:
    assert failed(tractor, trailer) == set()
    assert coupled_height_m(UNITS[tractor], UNITS[trailer]) <= HEIGHT_M["us"] + 1e-9


@pytest.mark.parametrize("tractor", sorted(LONG))
def test_long_tractors_fail_the_circle_with_a_13_m_trailer(tractor: str) -> None:
    assert inner_m(tractor, "trailer-stake") < 5.3 <= inner_m(tractor, "trailer-tipper")


def test_a_low_deck_pulls_the_mega_and_nothing_else_fits_it() -> None:
    assert failed("tractor-diesel-4x2-low-eu", "trailer-mega-eu") == set()
    assert "coupled-pitch" in failed("tractor-diesel-4x2-eu", "trailer-mega-eu")


def test_kingpins_of_two_sizes_do_not_couple() -> None:
    assert failed("tractor-howo-tx-440", "trailer-stake") == {"kingpin-size"}
    assert failed("tractor-howo-tx-440", "trailer-low") == set()


@pytest.mark.parametrize(("market", "tractor", "trailer"), [*ordinary("cn"), *ordinary("eu")])
def test_no_axle_of_an_unladen_pair_is_overloaded(market: str, tractor: str, trailer: str) -> None:
    whole = coupled(UNITS[tractor], UNITS[trailer], gross_mass_kg=49e3)
    limits = [group.load_limit_kg for unit in whole.units for group in unit.axles]
    loads = axle_loads(whole, [[], []])
    assert loads.kingpin_kg > 500.0
    assert all(0.0 < group.load_kg < limit for group, limit in zip(loads.groups, limits, strict=True))
