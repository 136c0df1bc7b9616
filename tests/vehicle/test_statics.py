"""Axle and coupling loads against moments written out by hand (acceptance A1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.control.brakes.statics import REFERENCE
from fifthwheel.control.brakes.statics import loads as braked
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination, Unit
from fifthwheel.vehicle.consistency import check
from fifthwheel.vehicle.statics import Load, axle_loads, consistent, even, stop_by_stop, unladen_loads, weighed

from .conftest import CENTRE_AXLE, RIGID_6X2, RIGID_8X4, TRACTOR_4X2, TRACTOR_6X4, TRAILER, group, train

POSITIONS_M = (2.0, 3.5, 5.0, 5.8, 6.55, 7.2, 8.0, 9.2, 10.5, 12.0)
"""Of 20 t, from the trailer's front."""


def carried(place_m: float, mass_kg: float = 20e3) -> tuple[tuple[Load, ...], ...]:
    return (), (Load(mass_kg=mass_kg, place_m=place_m, height_m=2.0),)


@pytest.mark.parametrize("place_m", POSITIONS_M)
def test_a1_five_axles_by_hand(five_axles: Combination, place_m: float) -> None:
    """L2 = 7.70 m, trailer's mass 5.5 m behind the kingpin; L1 = 3.60 m, f = 0.56 m, tractor's mass 1.2 m behind its axle."""
    found = axle_loads(five_axles, carried(place_m))
    kingpin = (6600.0 * (7.70 - 5.5) + 20e3 * (7.70 - (place_m - 1.5))) / 7.70
    front = (7500.0 * (3.60 - 1.2) + kingpin * 0.56) / 3.60
    axles = (26600.0 - kingpin) / 3.0
    assert found.kingpin_kg == pytest.approx(kingpin, rel=1e-3)
    assert [one.load_kg for one in found.groups] == pytest.approx([front, 7500.0 + kingpin - front, axles, 2.0 * axles], rel=1e-3)


@pytest.mark.parametrize("place_m", POSITIONS_M)
def test_a1_six_axles_by_hand(six_axles: Combination, place_m: float) -> None:
    """L1 = 3.975 m to the middle of the bogie, f = 0.30 m, tractor's mass 1.7 m behind the front axle."""
    found = axle_loads(six_axles, carried(place_m))
    kingpin = (6600.0 * 2.2 + 20e3 * (9.2 - place_m)) / 7.70
    front = (9000.0 * (3.975 - 1.7) + kingpin * 0.30) / 3.975
    assert found.kingpin_kg == pytest.approx(kingpin, rel=1e-3)
    assert found.groups[0].load_kg == pytest.approx(front, rel=1e-3)
    assert found.driven_kg(six_axles) == pytest.approx(9000.0 + kingpin - front, rel=1e-3)
    assert found.unit_kg(1) == pytest.approx(26600.0 - kingpin, rel=1e-3)
    assert [one.place_m for one in found.groups] == pytest.approx([1.5, 5.475, 5.175 + 6.39, 5.175 + 8.355])


@pytest.mark.parametrize("slide_m", [-0.5, -0.2, 0.0, 0.3])
def test_a1_slid_fifth_wheel_by_hand(five_axles: Combination, slide_m: float) -> None:
    found = axle_loads(five_axles, carried(7.2), slide_m=slide_m)
    kingpin = (6600.0 * 2.2 + 20e3 * 2.0) / 7.70
    assert found.kingpin_kg == pytest.approx(kingpin, rel=1e-3)
    assert found.groups[0].load_kg == pytest.approx((7500.0 * 2.4 + kingpin * (0.56 - slide_m)) / 3.60, rel=1e-3)


def test_a1_slide_sensitivity_is_kingpin_load_over_wheelbase(five_axles: Combination) -> None:
    first, second = (axle_loads(five_axles, carried(7.2), slide_m=slide) for slide in (0.0, -0.1))
    change = second.groups[0].load_kg - first.groups[0].load_kg
    assert change / 0.1 == pytest.approx(first.kingpin_kg / 3.60, rel=1e-9)


@pytest.mark.parametrize("place_m", POSITIONS_M)
def test_a1_lifted_axle_by_hand(five_axles: Combination, place_m: float) -> None:
    """Without the first of three, the middle of the axles is half a spacing further back: L2 = 8.355 m."""
    found = axle_loads(five_axles, carried(place_m, 8e3), lifted=True)
    kingpin = (6600.0 * (8.355 - 5.5) + 8e3 * (8.355 - (place_m - 1.5))) / 8.355
    assert found.kingpin_kg == pytest.approx(kingpin, rel=1e-3)
    assert [(one.lifted, one.load_kg) for one in found.groups[2:]] == [(True, 0.0), (False, pytest.approx(14600.0 - kingpin))]


def test_a1_eight_by_four_by_hand() -> None:
    """Two steered axles share equally, their middle at 2.40 m; the bogie's at 7.375 m."""
    rigid = train(RIGID_8X4, None)
    found = axle_loads(rigid, [[Load(mass_kg=18e3, place_m=6.2, height_m=1.9)]])
    front = (12e3 * (7.375 - 4.0) + 18e3 * (7.375 - 6.2)) / (7.375 - 2.40)
    assert [one.load_kg for one in found.groups] == pytest.approx([front, 30e3 - front], rel=1e-3)
    assert found.kingpin_kg == 0.0


def test_a1_six_by_two_with_its_trailing_axle_down_and_up_by_hand() -> None:
    rigid = train(RIGID_6X2, None)
    cargo = [[Load(mass_kg=6e3, place_m=6.0, height_m=1.9)]]
    middle = (11.5 * 6.2 + 7.5 * 7.55) / 19.0
    front = (10e3 * (middle - 3.8) + 6e3 * (middle - 6.0)) / (middle - 1.4)
    rear = 16e3 - front
    down = [one.load_kg for one in axle_loads(rigid, cargo).groups]
    assert down == pytest.approx([front, rear * 11.5 / 19.0, rear * 7.5 / 19.0], rel=1e-3)
    front = (10e3 * (6.2 - 3.8) + 6e3 * (6.2 - 6.0)) / 4.8
    up = [one.load_kg for one in axle_loads(rigid, cargo, lifted=True).groups]
    assert up == pytest.approx([front, 16e3 - front, 0.0], rel=1e-3)


def test_a1_a_hook_behind_the_axles_unloads_the_front_by_hand() -> None:
    """Centre-axle trailer: middle of its axles 6.1 m behind the eye; hook at 8.8 m, behind the middle of the rear axles."""
    road_train = train(RIGID_6X2, CENTRE_AXLE)
    cargo = [[Load(mass_kg=8e3, place_m=5.5, height_m=1.9)], [Load(mass_kg=12e3, place_m=5.8, height_m=1.9)]]
    found = axle_loads(road_train, cargo)
    hook = (4500.0 * (6.1 - 5.9) + 12e3 * (6.1 - 5.8)) / 6.1
    middle = (11.5 * 6.2 + 7.5 * 7.55) / 19.0
    front = (10e3 * (middle - 3.8) + 8e3 * (middle - 5.5) + hook * (middle - 8.8)) / (middle - 1.4)
    assert found.kingpin_kg == pytest.approx(hook, rel=1e-3)
    assert found.groups[0].load_kg == pytest.approx(front, rel=1e-3)
    assert found.groups[-1].load_kg == pytest.approx(16500.0 - hook, rel=1e-3)


def reference() -> Combination:
    """The rig of the braking figures as units."""
    axles = (group(1.4, limit_kg=8e3, tyres_count=2), group(5.1, limit_kg=11.5e3, driven=True))
    tractor = replace(TRACTOR_4X2, axles=axles, tare_kg=8e3, cg_m=2.65, cg_height_m=0.95, coupling_m=4.5, coupling_height_m=1.2)
    trailer = replace(TRAILER, axles=(group(9.2, limit_kg=24e3),), tare_kg=32e3, cg_m=7.0, cg_height_m=2.0)
    return train(tractor, trailer)


@pytest.mark.parametrize("braking_ratio", [0.0, 0.3, 0.5, -0.2])
def test_a6_braking_moves_load_as_in_the_brakes_own_statics(braking_ratio: float) -> None:
    """Braking, each unit by itself; a negative one is the pull of the tractor at the coupling's height."""
    found = axle_loads(reference(), ((), ()), deceleration_mps2=braking_ratio * GRAVITY_MPS2)
    pull = min(braking_ratio, 0.0) * 32e3 * GRAVITY_MPS2
    wanted = braked(REFERENCE, braking_ratio, pull)
    assert found.kingpin_kg * GRAVITY_MPS2 == pytest.approx(wanted.kingpin_n, rel=1e-9)
    loads_n = [one.load_kg * GRAVITY_MPS2 for one in found.groups]
    assert loads_n == pytest.approx([wanted.front_n, wanted.drive_n, wanted.trailer_n], rel=1e-9)


def test_a6_loads_of_table_2_2() -> None:
    """40 t at 0.5 g: 183.4 kN on the trailer's axles."""
    found = axle_loads(reference(), ((), ()), deceleration_mps2=0.5 * GRAVITY_MPS2)
    assert found.unit_kg(1) * GRAVITY_MPS2 == pytest.approx(183.4e3, abs=100.0)


def test_a_grade_by_hand(five_axles: Combination) -> None:
    """12 %, uphill, pulled: moments of the weight's parts along and across the road, coupling at 1.2 m."""
    found = axle_loads(five_axles, carried(7.2), grade_ratio=0.12)
    cosine = 1.0 / (1.0 + 0.12**2) ** 0.5
    sine, mass_up = 0.12 * cosine, 6600.0 * 1.2 + 20e3 * 2.0
    pull = sine * 26600.0 * 1.2
    kingpin = (cosine * (6600.0 * 2.2 + 20e3 * 2.0) - sine * mass_up + pull) / 7.70
    front = (cosine * 7500.0 * 2.4 - sine * 7500.0 * 1.0 + kingpin * 0.56 - pull) / 3.60
    assert (found.kingpin_kg, found.groups[0].load_kg) == pytest.approx((kingpin, front), rel=1e-9)
    assert found.total_kg == pytest.approx(cosine * 34100.0)


def openvd() -> Combination:
    """A published set: 7.6 t tractor of 3.5 m with 5.2 t in front, 8.4 t on a kingpin 0.3 m ahead of the drive axle."""
    axles = (group(1.4, limit_kg=8e3, tyres_count=2), group(4.9, limit_kg=11.5e3, driven=True))
    tractor = replace(TRACTOR_4X2, axles=axles, tare_kg=7600.0, cg_m=1.4 + 1.1053, coupling_m=4.6)
    trailer = replace(TRAILER, axles=(group(9.2, limit_kg=24e3),), tare_kg=25400.0, cg_m=1.5 + 5.1535)
    return train(tractor, trailer)


def test_a1_the_set_of_openvd_is_inconsistent() -> None:
    """8 400 kg, f = 0.3 m, L1 = 3.5 m put 720 kg on the front axle; its file says 800 kg."""
    whole = openvd()
    laden = axle_loads(whole, ((), ()))
    bobtail = axle_loads(replace(whole, trailer=None), [()])
    assert laden.kingpin_kg == pytest.approx(8400.0, rel=1e-4)
    assert laden.groups[0].load_kg - bobtail.groups[0].load_kg == pytest.approx(720.0, rel=1e-4)
    with pytest.raises(InputError, match="5920 kg on the axle group 1, stated are 6000 kg; 1% is accepted"):
        weighed(whole, ((), ()), (6000.0, 10000.0, 17000.0))
    weighed(whole, ((), ()), (5920.0, 10080.0, 17000.0))


def test_a1_a_data_sheet_that_says_800_kg_is_refused() -> None:
    tractor = replace(openvd().tractor, tare_loads_kg=(), imposed_kg=8400.0, imposed_loads_kg=(800.0, 7600.0))
    with pytest.raises(InputError, match=r"add 800 kg to the front axles; .* add 720 kg"):
        check(tractor)
    check(replace(tractor, imposed_loads_kg=(720.0, 7680.0)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tare_loads_kg": (5000.0, 2300.0)}, "add up to 7300 kg, tare_kg is 7500 kg"),
        ({"tare_loads_kg": (5100.0, 2400.0)}, "cg_m of 2.6 m puts 5000 kg on the front axles, stated are 5100 kg"),
        ({"tare_loads_kg": (5000.0, 2000.0, 500.0)}, "3 tare_loads_kg; 2 are wanted"),
    ],
)
def test_a1_a_unit_that_breaks_statics_is_refused(change: dict[str, tuple[float, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        consistent(replace(TRACTOR_4X2, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one",
    [
        TRACTOR_4X2,
        replace(TRACTOR_4X2, tare_loads_kg=(5000.0, 2500.0)),
        replace(TRACTOR_4X2, tare_loads_kg=(5000.0, 2500.0), cg_m=0.0),
        replace(TRAILER, tare_loads_kg=(1885.7, 1571.4, 3142.9)),
    ],
)
def test_a1_a_consistent_unit_is_accepted(one: Unit) -> None:
    consistent(one)


def test_scales_place_the_mass_where_no_centre_is_said() -> None:
    weighed_only = train(replace(TRACTOR_4X2, cg_m=0.0, tare_loads_kg=(5100.0, 2400.0)), TRAILER)
    front = axle_loads(replace(weighed_only, trailer=None), [()]).groups[0].load_kg
    assert front == pytest.approx(5100.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loads": [()]}, "loads of 1 units"),
        ({"slide_m": 0.4}, "slid by 0.4 m; -0.5 to 0.3 m is accepted"),
    ],
)
def test_what_cannot_be_balanced_is_refused(five_axles: Combination, change: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        axle_loads(five_axles, **({"loads": ((), ())} | change))  # type: ignore[arg-type]


def test_no_axle_left_and_no_driven_axle_are_refused() -> None:
    tall = replace(TRAILER, axles=TRAILER.axles[:1])
    with pytest.raises(InputError, match="no axle"):
        unladen_loads(train(TRACTOR_4X2, tall), lifted=True)
    with pytest.raises(InputError, match="no driven axle"):
        unladen_loads(train(replace(TRACTOR_4X2, axles=TRACTOR_4X2.axles[:1]), TRAILER))


@settings(deadline=None)
@given(mass_kg=st.floats(0.0, 30e3), place_m=st.floats(0.0, 13.6), slide_m=st.floats(-0.3, 0.3), z=st.floats(-0.3, 0.8))
def test_loads_add_up_to_the_mass(mass_kg: float, place_m: float, slide_m: float, z: float) -> None:
    whole = train(TRACTOR_6X4, TRAILER)
    found = axle_loads(whole, carried(place_m, mass_kg), slide_m=slide_m, deceleration_mps2=z * GRAVITY_MPS2)
    assert found.total_kg == pytest.approx(whole.tare_kg + mass_kg, rel=1e-9)


@settings(deadline=None)
@given(mass_kg=st.floats(100.0, 30e3), place_m=st.floats(0.0, 12.0), by_m=st.floats(0.01, 1.6))
def test_a_load_moved_rearwards_unloads_the_kingpin_and_the_front(mass_kg: float, place_m: float, by_m: float) -> None:
    whole = train(TRACTOR_4X2, TRAILER)
    first, second = (axle_loads(whole, carried(place, mass_kg)) for place in (place_m, place_m + by_m))
    assert second.kingpin_kg < first.kingpin_kg
    assert second.groups[0].load_kg < first.groups[0].load_kg
    assert second.unit_kg(1) > first.unit_kg(1)


@settings(deadline=None)
@given(mass_kg=st.floats(0.0, 30e3), z=st.floats(0.01, 0.8))
def test_braking_loads_the_front_and_the_kingpin(mass_kg: float, z: float) -> None:
    whole = train(TRACTOR_4X2, TRAILER)
    still, braking = (axle_loads(whole, carried(7.0, mass_kg), deceleration_mps2=a) for a in (0.0, z * GRAVITY_MPS2))
    assert braking.groups[0].load_kg > still.groups[0].load_kg
    assert braking.kingpin_kg > still.kingpin_kg


@dataclass(frozen=True)
class Taken:
    share_ratio: float
    end: str


@pytest.mark.parametrize(("end", "place_m"), [("rear", 13.6 / 4.0), ("front", 13.6 * 3.0 / 4.0)])
def test_half_unloaded_leaves_the_other_end(end: str, place_m: float) -> None:
    stages = stop_by_stop(TRAILER, 20e3, [Taken(0.5, end), Taken(0.5, "rear")])
    assert [number for number, _ in stages] == [0, 1, 2]
    (whole,), (half,), nothing = (loads for _, loads in stages)
    assert (whole.mass_kg, whole.place_m) == pytest.approx((20e3, 6.8))
    assert (half.mass_kg, half.place_m, half.height_m) == pytest.approx((10e3, place_m, whole.height_m))
    assert nothing == ()


def test_a_short_cargo_is_unloaded_from_its_own_ends() -> None:
    stages = stop_by_stop(TRAILER, 20e3, [Taken(0.25, "front")], between_m=(4.0, 8.0))
    assert [(loads[0].mass_kg, loads[0].place_m) for _, loads in stages] == [(20e3, 6.0), (15e3, 6.5)]


def test_unloading_from_the_rear_overloads_the_drive_axle_share(five_axles: Combination) -> None:
    """The trap of the trade: the share on the drive axle grows when the rear half has gone."""
    shares = []
    for _, loads in stop_by_stop(TRAILER, 20e3, [Taken(0.5, "rear")]):
        found = axle_loads(five_axles, ((), loads))
        shares.append(found.kingpin_kg / (found.unit_kg(1) + found.kingpin_kg))
    assert shares[1] > shares[0] + 0.1


@pytest.mark.parametrize(("drop", "message"), [(Taken(0.5, "side"), "rear or front"), (Taken(1.5, "rear"), "leaves -0.5")])
def test_stops_that_cannot_be_are_refused(drop: Taken, message: str) -> None:
    with pytest.raises(InputError, match=message):
        stop_by_stop(TRAILER, 20e3, [drop])


def test_a_tractor_carries_no_cargo() -> None:
    with pytest.raises(InputError, match="is a tractor"):
        even(TRACTOR_4X2, 1000.0)


def test_every_combination_of_the_catalogue_stands() -> None:
    for name in ("diesel-6x4-stake", "diesel-4x2-curtainsider-eu", "diesel-8x4-tipper"):
        found = unladen_loads(combination(name))
        assert found.total_kg == pytest.approx(combination(name).tare_kg)
        assert min(one.load_kg for one in found.groups) > 0.0
