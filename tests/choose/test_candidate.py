"""Candidates of the market: complete, lazily built, named the same each time, refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from fifthwheel.choose.candidate import Pair, pairs, variants
from fifthwheel.choose.duty import from_table
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.rules import rule_set, usual


def market(**table: Any) -> list[Pair]:
    plain = {"road": {"mission": "port-shuttle"}, "cargo": {"kind": "coal"}}
    duty = from_table(plain | table)
    return list(pairs(duty, [rule_set(name) for name in usual(duty.region)]))


def test_every_tractor_meets_every_trailer_that_carries_the_cargo() -> None:
    found = market(tractors=["tractor-diesel-6x4", "tractor-lng-6x4"], trailers=["trailer-stake", "trailer-tipper"])
    names = [pair.combination.name for pair in found]
    assert names == [
        "tractor-diesel-6x4+trailer-stake", "tractor-diesel-6x4+trailer-tipper", "tractor-lng-6x4+trailer-stake",
        "tractor-lng-6x4+trailer-tipper",
    ]  # fmt: skip


def test_only_bodies_for_the_cargo_are_on_offer() -> None:
    kinds = {pair.combination.units[-1].body.kind for pair in market() if pair.combination.units[-1].body}
    assert kinds == {"tipper", "stake"}
    assert {pair.combination.trailer for pair in market(cargo={"kind": "concrete"})} == {None}


def test_a_chassis_comes_with_the_bodies_made_for_it() -> None:
    bodies = [pair.combination.tractor.body for pair in market(cargo={"kind": "concrete"})]
    assert {body.kind for body in bodies if body} == {"mixer"}
    made = [pair.combination.name for pair in market(cargo={"kind": "concrete"}, tractors=["chassis-lng-8x4-mixer"])]
    assert "chassis-lng-8x4-mixer+mixer-10m3" in made


def test_the_gross_limit_is_that_of_the_law_for_the_axles() -> None:
    limits = {
        pair.combination.tractor.name: pair.combination.gross_mass_kg
        for pair in market(tractors=["tractor-diesel-6x4", "tractor-diesel-4x2"], trailers=["trailer-stake"])
    }
    assert limits == {"tractor-diesel-6x4": 49_000.0, "tractor-diesel-4x2": 42_000.0}


def test_variants_begin_with_the_catalogues_own_and_share_the_rest() -> None:
    own = catalogue().unit("tractor-diesel-6x4")
    assert own.drive is not None
    found = variants(own, (2.69, 2.85, 3.083, 3.36))
    assert [unit.drive.axle.ratio for unit in found if unit.drive] == [2.846, 2.69, 3.083]
    assert found[0] is own
    assert all(unit.drive.engine is own.drive.engine for unit in found if unit.drive)


def test_an_electric_tractor_has_no_variants() -> None:
    assert len(variants(catalogue().unit("tractor-battery-423"), (2.69, 3.083))) == 1


def test_identities_are_stable_and_unique() -> None:
    first = [one.candidate_id for pair in market() for one in pair.candidates]
    assert first == [one.candidate_id for pair in market() for one in pair.candidates]
    assert len(set(first)) == len(first)


def test_energies_narrow_the_market() -> None:
    assert {pair.combination.energy_kind for pair in market(energies=["lng"])} == {"lng"}


def test_what_is_not_known_or_leaves_nothing_is_refused() -> None:
    with pytest.raises(UnknownName, match="tractor-diesel-6x4"):
        market(tractors=["tractor-diesel-6x5"])
    with pytest.raises(InputError, match="car_carrier"):
        market(cargo={"kind": "cars"})
