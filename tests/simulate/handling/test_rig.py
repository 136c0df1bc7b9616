"""Rigs: what they carry at rest, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.slip import stiffness_at_load
from fifthwheel.simulate.handling.plant import plant_of
from fifthwheel.simulate.handling.rig import Group, Rig, rig, rig_from, single_track
from fifthwheel.units import GRAVITY_MPS2


def test_a6_loads_at_rest(truck: Rig) -> None:
    loads = truck.group_loads_n()
    found = (truck.kingpin_load_n(), loads[Group.STEER], loads[Group.DRIVE], loads[Group.TRAILER])
    assert found == pytest.approx((89.7e3, 66.5e3, 101.7e3, 224.2e3), abs=100.0)


@pytest.mark.parametrize("name", ["reference", "tractor_4x2_semitrailer_40t"])
def test_loads_add_up_to_the_weight(name: str) -> None:
    one = rig(name)
    assert sum(one.group_loads_n().values()) == pytest.approx((one.tractor_mass_kg + one.trailer_mass_kg) * GRAVITY_MPS2)


@pytest.mark.parametrize(("group", "tyres"), [(Group.STEER, 2), (Group.DRIVE, 4), (Group.TRAILER, 6)])
def test_stiffnesses_of_the_40_t_rig_are_those_of_the_tyre_it_names(truck: Rig, group: Group, tyres: int) -> None:
    one = 3000.0 * 57.29578 * stiffness_at_load(truck.group_loads_n()[group] / tyres, 50e3)
    assert truck.cornering_n(group) == pytest.approx(tyres * one, rel=1e-4)


def test_the_single_track_keeps_stiffness_and_loads(truck: Rig) -> None:
    plain = single_track(truck)
    assert len(plain.axles) == 3
    assert plain.cornering_n(Group.TRAILER) == pytest.approx(truck.cornering_n(Group.TRAILER))
    assert plain.group_loads_n() == truck.group_loads_n()


def test_unknown_names_and_fields_are_refused() -> None:
    with pytest.raises(UnknownName, match="rig"):
        rig("referense")
    with pytest.raises(InputError, match="rig odd"):
        rig_from("odd", {"axles": [], "wings_m": 1.0}, {})


def test_impossible_rigs_are_refused(truck: Rig) -> None:
    with pytest.raises(InputError, match="add up to"):
        replace(truck, axles=truck.axles[:-1])
    with pytest.raises(InputError, match="bears"):
        replace(truck, hitch_m=12.0)
    with pytest.raises(InputError, match="shape_ratio"):
        replace(truck.axles[0], shape_ratio=2.0)
    with pytest.raises(InputError, match="track_m"):
        replace(truck.axles[0], track_m=0.0)
    with pytest.raises(InputError, match="brake_lag_s"):
        replace(truck.axles[0], brake_lag_s=-0.1)
    with pytest.raises(InputError, match="load_share_ratio"):
        replace(truck.axles[0], load_share_ratio=0.0)
    with pytest.raises(InputError, match="under 0 kg"):
        replace(truck, trailer_mass_kg=0.0)
    with pytest.raises(InputError, match="grip"):
        plant_of(truck, grip_ratio=-0.1)
