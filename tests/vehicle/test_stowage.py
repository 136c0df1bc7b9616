"""The most lawful cargo and its place: binding limits, the slide that balances, and that nothing lawful is missed."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.errors import InputError
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.statics import Load, axle_loads
from fifthwheel.vehicle.stowage import lawful_payload

from .conftest import RIGID_8X4, TRACTOR_4X2, TRACTOR_6X4, TRAILER, train

LIMITS_KG = (7000.0, 18000.0, 8000.0, 16000.0)


def loads_kg(whole: Combination, mass_kg: float, place_m: float, slide_m: float) -> list[float]:
    loads = axle_loads(whole, ((), (Load(mass_kg=mass_kg, place_m=place_m, height_m=2.0),)), slide_m=slide_m)
    return [one.load_kg for one in loads.groups]


def test_the_binding_group_is_full_and_no_other_overloaded(six_axles: Combination) -> None:
    found = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3)
    loads = loads_kg(six_axles, found.mass_kg, found.place_m, found.slide_m)
    assert found.binding.startswith("group-")
    assert loads[int(found.binding[-1])] == pytest.approx(LIMITS_KG[int(found.binding[-1])])
    assert all(load <= limit + 1e-6 for load, limit in zip(loads, LIMITS_KG, strict=True))


def test_no_notch_carries_more(six_axles: Combination) -> None:
    found = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3)
    for step in range(13):
        loads = loads_kg(six_axles, found.mass_kg + 50.0, found.place_m, -0.3 + 0.05 * step)
        assert any(load > limit for load, limit in zip(loads, LIMITS_KG, strict=True))


def test_the_slide_relieves_the_front_axle() -> None:
    """With a light front limit the fifth wheel goes to the rear: there the front axle carries less of the kingpin's load."""
    found = lawful_payload(train(TRACTOR_4X2, TRAILER), (5600.0, 14000.0, 9000.0, 18000.0), most_kg=15e3)
    assert found.slide_m > 0.2


def test_a_wanted_mass_says_where(six_axles: Combination) -> None:
    found = lawful_payload(six_axles, LIMITS_KG, most_kg=22e3, cargo_length_m=6.0)
    assert (found.mass_kg, found.binding) == (22e3, "mass")
    assert 3.0 <= found.place_m <= 10.6
    assert all(
        load <= limit for load, limit in zip(loads_kg(six_axles, 22e3, found.place_m, found.slide_m), LIMITS_KG, strict=True)
    )


def test_a_short_cargo_that_can_be_placed_carries_at_least_as_much(six_axles: Combination) -> None:
    spread = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3)
    placed = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3, cargo_length_m=6.0)
    assert placed.mass_kg >= spread.mass_kg


def test_an_easy_cargo_stands_at_the_front_wall(six_axles: Combination) -> None:
    """10 t on 4 m load no group to 95 %: they stand against the front wall, not where they would load the axles least."""
    found = lawful_payload(six_axles, LIMITS_KG, most_kg=10e3, cargo_length_m=4.0)
    loads = loads_kg(six_axles, 10e3, 2.0, found.slide_m)
    assert max(load / limit for load, limit in zip(loads, LIMITS_KG, strict=True)) < 0.95
    assert found.place_m == pytest.approx(2.0)


def test_a_cargo_as_long_as_its_mass_makes_it_is_found_at_its_most(six_axles: Combination) -> None:
    """2.5 t a metre: what is found stands within the room, and a cargo 100 kg heavier and so longer is not lawful."""
    grown = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3, cargo_kgpm=2500.0)
    length = grown.mass_kg / 2500.0
    assert grown.place_m - length / 2.0 >= 0.0
    assert grown.place_m + length / 2.0 <= 13.6
    fixed = lawful_payload(six_axles, LIMITS_KG, most_kg=grown.mass_kg - 1.0, cargo_length_m=length)
    assert fixed.binding == "mass"
    more_kg = grown.mass_kg + 100.0
    assert lawful_payload(six_axles, LIMITS_KG, most_kg=more_kg, cargo_length_m=more_kg / 2500.0).mass_kg < more_kg


def test_the_room_binds_a_light_cargo(six_axles: Combination) -> None:
    found = lawful_payload(six_axles, LIMITS_KG, most_kg=40e3, cargo_kgpm=500.0)
    assert found.binding == "room"
    assert found.mass_kg == pytest.approx(500.0 * 13.6)


def test_a_coupling_rating_binds(six_axles: Combination) -> None:
    found = lawful_payload(six_axles, (inf, inf, inf, inf), most_kg=40e3, coupling_kg=10e3)
    loads = axle_loads(six_axles, ((), (Load(mass_kg=found.mass_kg, place_m=found.place_m, height_m=2.0),)))
    assert found.binding == "coupling"
    assert loads.kingpin_kg == pytest.approx(10e3)


def test_a_rigid_and_an_overloaded_empty_vehicle() -> None:
    rigid = train(RIGID_8X4, None)
    assert lawful_payload(rigid, (13e3, 18e3), most_kg=19e3).mass_kg > 10e3
    assert lawful_payload(rigid, (5e3, 18e3), most_kg=19e3).mass_kg == 0.0


def test_what_does_not_match_is_refused(six_axles: Combination) -> None:
    with pytest.raises(InputError, match="2 limits; one for each of 4"):
        lawful_payload(six_axles, (7e3, 18e3), most_kg=1e3)
    with pytest.raises(InputError, match=r"a cargo 15 m long; up to 13\.6 m"):
        lawful_payload(six_axles, LIMITS_KG, most_kg=1e3, cargo_length_m=15.0)


@settings(deadline=None)
@given(front_kg=st.floats(5500.0, 9000.0), drive_kg=st.floats(9e3, 19e3), axles_kg=st.floats(10e3, 27e3))
def test_what_is_lawful_is_within_every_limit(front_kg: float, drive_kg: float, axles_kg: float) -> None:
    whole = train(TRACTOR_6X4, TRAILER)
    limits = (front_kg, drive_kg, axles_kg / 3.0, axles_kg * 2.0 / 3.0)
    found = lawful_payload(whole, limits, most_kg=35e3, cargo_length_m=8.0)
    loads = loads_kg(whole, found.mass_kg, found.place_m, found.slide_m)
    assert all(load <= limit * (1.0 + 1e-9) for load, limit in zip(loads, limits, strict=True))
