"""Performance of a loaded combination: what binds is named, the physics closes, and every remedy makes its check pass."""

from __future__ import annotations

from dataclasses import replace
from math import atan, cos, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.choose.duty import Cargo, Duty, Limits
from fifthwheel.choose.envelope import SPEEDS_MPS, envelope
from fifthwheel.choose.performance import Performance, performance
from fifthwheel.choose.practice import final_drives
from fifthwheel.control.brakes.downhill import Descender, Stretch, flow_of
from fifthwheel.control.brakes.thermal import DRUM
from fifthwheel.physics.resistance import GRAVITY
from fifthwheel.road.profile import level
from fifthwheel.simulate.driver import HURRIED
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.units import KMH
from fifthwheel.vehicle.catalogue import combination
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.statics import AxleLoads, Load, axle_loads
from fifthwheel.vehicle.verdict import Outcome, Verdict

CARGO = Cargo(kind="general", title_en="", title_zh="", bodies=())
DUTY = Duty(name="test", title_en="", title_zh="", road="regional-weifang-linqu", cargo=CARGO)
DRY = replace(DUTY, limits=Limits(friction_ratio=0.8))


def loads(whole: Combination, payload_kg: float, grade_ratio: float = 0.0) -> AxleLoads:
    """The payload in the middle of the last unit."""
    behind = whole.units[-1]
    cargo = Load(mass_kg=payload_kg, place_m=0.5 * behind.length_m + 0.5, height_m=1.9)
    return axle_loads(whole, [*[()] * (len(whole.units) - 1), (cargo,)], grade_ratio=grade_ratio)


def laden(name: str, duty: Duty = DUTY) -> Performance:
    whole = combination(name)
    payload = whole.payload_limit_kg
    return performance(whole, loads(whole, payload), duty, uphill=loads(whole, payload, 0.2))


def geared(whole: Combination, final_drive: float) -> Combination:
    axle = replace(whole.drive.axle, ratio=final_drive)
    return replace(whole, tractor=replace(whole.tractor, drive=replace(whole.drive, axle=axle)))


def check(what: Performance, rule: str, limits: Limits | None = None) -> Verdict:
    return next(one for one in what.verdicts(limits or DUTY.limits) if one.rule == rule)


@pytest.mark.parametrize(
    ("name", "friction_ratio", "limit"),
    [
        ("diesel-6x4-box", 0.3, "traction"),
        ("diesel-dct-4x2-box", 0.8, "thermal"),
        ("battery-423-box", 0.3, "traction"),
        ("fuel-cell-6x4-box", 2.0, "torque"),
    ],
)
def test_startability_names_what_binds(name: str, friction_ratio: float, limit: str) -> None:
    assert laden(name, replace(DUTY, limits=Limits(friction_ratio=friction_ratio))).start.limit == limit


def test_the_wheels_slip_exactly_at_the_start_that_traction_limits() -> None:
    """Loads on that very slope by statics: adhesion of the driven axles equals weight and tyres."""
    whole = combination("diesel-6x4-box")
    found = laden(whole.name)
    grade = found.start.grade_ratio
    slope = loads(whole, whole.payload_limit_kg, grade)
    grip = DUTY.limits.friction_ratio * slope.driven_kg(whole) * GRAVITY
    rolling = found.footing.rolling_ratio * cos(atan(grade)) + sin(atan(grade))
    assert found.start.limit == "traction"
    assert grip == pytest.approx(found.footing.mass_kg * GRAVITY * rolling, rel=2e-3)


def test_typical_heights_come_near_the_loads_on_the_slope() -> None:
    whole = combination("diesel-6x4-box")
    typical = performance(whole, loads(whole, whole.payload_limit_kg), DUTY).footing.transfer_ratio
    assert typical == pytest.approx(laden(whole.name).footing.transfer_ratio, abs=0.05)


@pytest.mark.parametrize("name", ["diesel-6x4-box", "lng-6x4-tipper", "diesel-8x4-tipper"])
def test_the_speed_held_is_what_the_simulated_trip_holds(name: str) -> None:
    grade = 0.03
    whole = combination(name)
    limits = Limits(climb_grade_ratio=grade, friction_ratio=0.8)
    payload = whole.payload_limit_kg
    held = performance(whole, loads(whole, payload), replace(DUTY, limits=limits)).held
    run = drive(whole, level(30e3, 22.2, slope_ratio=grade), payload, Conditions(style=HURRIED))
    steady = float(np.median(run.columns["speed_mps"][len(run.columns["speed_mps"]) // 2 :]))
    assert held.limit == "torque"
    assert held.speed_mps == pytest.approx(steady, rel=0.05)


def test_a_shorter_final_drive_is_the_remedy_and_the_next_longer_one_is_not() -> None:
    whole = combination("diesel-dct-4x2-box")
    payload = whole.payload_limit_kg
    first = check(performance(whole, loads(whole, payload), DRY), "startability", DRY.limits)
    assert first.outcome is Outcome.FAIL
    offered = final_drives("cn")
    named = next(one for one in offered if f"{one:.2f} or more" in first.remedy_en)
    longer = offered[offered.index(named) - 1]
    again = {ratio: performance(geared(whole, ratio), loads(whole, payload), DRY) for ratio in (named, longer)}
    assert check(again[named], "startability", DRY.limits).outcome is Outcome.PASS
    assert check(again[longer], "startability", DRY.limits).outcome is Outcome.FAIL
    assert f"{named:.2f}" in first.remedy_zh


def test_the_load_that_a_traction_remedy_asks_for_is_enough() -> None:
    whole = combination("diesel-4x2-box")
    found = laden(whole.name)
    failed = check(found, "startability")
    wanted = float(failed.remedy_en.split(" t on", maxsplit=1)[0]) * 1e3 + 50.0
    mass = loads(whole, whole.payload_limit_kg).total_kg
    transfer = found.footing.transfer_ratio
    assert failed.outcome is Outcome.FAIL
    assert DUTY.limits.friction_ratio * (wanted / mass + transfer * 0.15) >= found.footing.rolling_ratio + 0.15
    assert DUTY.limits.friction_ratio * ((wanted - 200.0) / mass + transfer * 0.15) < found.footing.rolling_ratio + 0.15


def test_power_is_the_remedy_for_a_climb_too_steep_and_is_enough() -> None:
    whole = combination("battery-423-box")
    steep = Limits(climb_grade_ratio=0.06, climb_speed_mps=60 * KMH, friction_ratio=0.8)
    payload = whole.payload_limit_kg
    failed = check(performance(whole, loads(whole, payload), replace(DUTY, limits=steep)), "climb", steep)
    wanted = float(failed.remedy_en.split(" kW", maxsplit=1)[0]) * 1e3
    motor, battery = whole.drive.motor, whole.drive.battery
    assert motor is not None
    assert battery is not None
    assert failed.outcome is Outcome.FAIL
    factor = 1.02 * wanted / motor.peak_power_w
    bigger = replace(motor, peak_power_w=1.02 * wanted, peak_torque_nm=factor * motor.peak_torque_nm, continuous_power_w=0.0)
    stronger = replace(whole.drive, motor=bigger, battery=replace(battery, discharge_limit_w=2.0 * wanted))
    changed = replace(whole, tractor=replace(whole.tractor, drive=stronger))
    assert check(performance(changed, loads(whole, payload), replace(DUTY, limits=steep)), "climb", steep).outcome is Outcome.PASS


def test_continuous_power_binds_a_long_climb_and_is_named() -> None:
    whole = combination("battery-423-box")
    motor = whole.drive.motor
    assert motor is not None
    tired = replace(whole.drive, motor=replace(motor, continuous_power_w=0.5 * motor.peak_power_w))
    weak = replace(whole, tractor=replace(whole.tractor, drive=tired))
    found = performance(weak, loads(whole, whole.payload_limit_kg), DUTY)
    assert found.climb.limit == found.held.limit == "thermal"
    assert found.climb.grade_ratio < laden(whole.name).climb.grade_ratio


def test_a_step_beyond_the_plateau_fails_the_step_rule() -> None:
    whole = combination("diesel-6x4-box")
    box = whole.drive.gearbox
    wide = replace(box, ratios=(15.53, 7.0, 3.0, 1.0), efficiencies=(0.96,) * 4)
    changed = replace(whole, tractor=replace(whole.tractor, drive=replace(whole.drive, gearbox=wide)))
    found = performance(changed, loads(whole, whole.payload_limit_kg), DUTY)
    failed = check(found, "gear-steps")
    most = float(failed.remedy_en.rsplit(" ", maxsplit=1)[-1])
    assert failed.outcome is Outcome.FAIL
    assert max(found.steps) == pytest.approx(3.0)
    assert most == pytest.approx(found.envelope.upshift_radps / found.envelope.plateau_radps, abs=0.005)
    assert check(laden(whole.name), "gear-steps").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "name", ["diesel-6x4-box", "battery-423-box", "diesel-6x4-etrailer", "diesel-dct-4x2-box", "fuel-cell-6x4-box"]
)
def test_the_powers_of_a_descent_add_up(name: str) -> None:
    for one in (laden(name).descent, laden(name).type_iia):
        taken = one.rolling_w + one.air_w + one.engine_w + one.retarder_w + one.regeneration_w + one.friction_w
        assert taken == pytest.approx(one.gross_w, rel=1e-9)
        assert (one.friction_w > 1.0) == (one.held_ratio < one.grade_ratio)


def test_an_engine_holds_back_as_the_downhill_supervisor_has_it() -> None:
    whole = combination("diesel-4x2-box")
    found = laden(whole.name)
    one, engine = found.descent, whole.drive.engine
    descender = Descender(
        mass_kg=found.footing.mass_kg, rolling_ratio=found.footing.rolling_ratio, drag_area_m2=whole.drag_area_m2,
        air_density_kgpm3=found.density_kgpm3, air_k=293.15, radius_m=whole.tyre_radius_m, total_ratios=whole.drive.total_ratios,
        engine=engine, brakes=(DRUM,), shares_ratio=(1.0,),
    )  # fmt: skip
    flow = flow_of(descender, Stretch(length_m=6000.0, downhill_ratio=one.grade_ratio), one.speed_mps)
    assert one.gross_w == pytest.approx(flow.gross_w)
    assert one.engine_w == pytest.approx(flow.drag_w + flow.engine_brake_w, rel=1e-3)


def test_a_full_battery_leaves_the_descent_to_friction_and_says_so() -> None:
    whole = combination("fuel-cell-6x4-box")
    full = replace(whole.drive, soc_target_ratio=0.95)
    changed = replace(whole, tractor=replace(whole.tractor, drive=full))
    found = performance(changed, loads(whole, whole.payload_limit_kg), DUTY)
    assert found.descent.regeneration_w == 0.0
    assert found.descent.friction_w > 100e3
    assert found.descent.brake_k > laden(whole.name).descent.brake_k
    assert "charge of" in check(found, "descent").remedy_en
    assert "坡顶电量" in check(found, "descent").remedy_zh


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 1.0), st.floats(0.0, 1.0))
def test_mass_never_helps(load_ratio: float, lighter_ratio: float) -> None:
    whole = combination("diesel-6x4-box")
    heavy, light = (load_ratio * whole.payload_limit_kg * factor for factor in (1.0, lighter_ratio))
    more, less = (performance(whole, loads(whole, payload), DRY) for payload in (heavy, light))
    assert more.acceleration_s >= less.acceleration_s - 1e-9
    assert more.held.speed_mps <= less.held.speed_mps + 1e-9
    assert more.descent.friction_w >= less.descent.friction_w


def test_acceleration_is_that_of_the_mean_power() -> None:
    """Kinetic energy over time lies between half and all of the peak power: no energy from nowhere."""
    found = laden("battery-423-box")
    energy = 0.5 * found.footing.mass_kg * (80 * KMH) ** 2
    assert 0.4 < energy / found.acceleration_s / found.envelope.power_w < 1.0


def test_wheel_forces_are_kept_for_the_same_drive_and_hold_its_power() -> None:
    whole = combination("diesel-6x4-box")
    shape = envelope(whole.drive, whole.tyre_radius_m)
    assert envelope(whole.drive, whole.tyre_radius_m) is shape
    assert (shape.most_n * SPEEDS_MPS).max() < shape.power_w
    assert np.all(shape.lasting_n <= shape.force_n)


def test_findings_name_their_limit_and_are_plain_numbers() -> None:
    found = {one.name: one for one in laden("diesel-6x4-box").findings()}
    assert "limit: traction" in found["perform.startability"].method
    assert found["perform.held_speed"].unit == "m/s"
    assert all(one.value is None or isinstance(one.value, float) for one in found.values())
    assert {"perform.power_mass", "perform.acceleration", "perform.type_iia_friction", "perform.starts"} <= set(found)
