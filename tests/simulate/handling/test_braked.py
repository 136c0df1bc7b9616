"""The EBS on the planar vehicle: utilisation, hand-over (A9), stability in bends, split friction, faults, loads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.simulate.handling.braked import ELECTRIC, Faults, Hardware, Machine, braked, layout_of
from fifthwheel.simulate.handling.layout import Floats
from fifthwheel.simulate.handling.loading import laden
from fifthwheel.simulate.handling.manoeuvre import Braking, Curve, JTurn, Straight
from fifthwheel.simulate.handling.path import even, split
from fifthwheel.simulate.handling.rig import Group, Rig, rig
from fifthwheel.units import GRAVITY_MPS2, KMH

Columns = dict[str, Floats]
TRUCK = rig("tractor_4x2_semitrailer_40t")
RIGS = {"laden": TRUCK, "unladen": laden(TRUCK, 7000.0, 1.1), "bobtail": laden(TRUCK, 0.0, 0.0)}
PANIC = Braking(from_s=1.0, deceleration_mps2=8.0)
LEAST_MPS = 15 * KMH
"""Below 15 km/h wheels may lock (UN R13)."""


def stop(one: Rig, grip: float, seconds: float, faults: Faults | None = None) -> Columns:
    return braked(Straight(speed_mps=50 * KMH, seconds=seconds, ground=even(grip), braking=PANIC), one, faults=faults or Faults())


def mean_mps2(columns: Columns, high_mps: float = 40 * KMH, low_mps: float = 20 * KMH) -> float:
    """Mean deceleration between two speeds."""
    time, speed = columns["time_s"], columns["speed_mps"]
    inside = np.flatnonzero((speed < high_mps) & (speed > low_mps))
    first, last = inside[0], inside[-1]
    return float((speed[first] - speed[last]) / (time[last] - time[first]))


def slips(columns: Columns, one: Rig) -> Floats:
    """Brake slip of all wheels above 15 km/h, shape (n_wheels, n)."""
    fast = columns["speed_mps"] > LEAST_MPS
    return np.array([-columns[f"slip_{wheel}_ratio"][fast] for wheel in range(2 * len(one.axles))])


@pytest.mark.parametrize(("grip", "seconds"), [(0.8, 4.0), (0.3, 7.0)])
@pytest.mark.parametrize("load", RIGS)
def test_anti_lock_control_uses_three_quarters_of_the_adhesion(load: str, grip: float, seconds: float) -> None:
    """Utilisation of at least 0.75 from 40 to 20 km/h (UN R13 Annex 13), and no wheel stays locked above 15 km/h."""
    columns = stop(RIGS[load], grip, seconds)
    assert mean_mps2(columns) / (grip * GRAVITY_MPS2) >= 0.80
    locked = slips(columns, RIGS[load]) > 0.9
    assert locked.sum(axis=1).max() <= 10


@pytest.mark.parametrize("load", RIGS)
def test_on_ice_wheels_keep_turning(load: str) -> None:
    columns = stop(RIGS[load], 0.1, 16.0)
    assert mean_mps2(columns) / (0.1 * GRAVITY_MPS2) >= 0.75


@pytest.mark.parametrize("load", RIGS)
def test_split_friction_is_held_straight_and_beats_its_low_side(load: str) -> None:
    """z >= 0.75 (4 k_L + k_H) / 5 and >= k_L ([K]), the steering wheel turned by at most 120 degrees in 2 s and 240 in all."""
    low, high = 0.3, 0.8
    ground = split(high, low)
    columns = braked(Straight(speed_mps=50 * KMH, seconds=7.0, ground=ground, braking=PANIC), RIGS[load])
    braking = mean_mps2(columns) / GRAVITY_MPS2
    assert braking >= max(0.75 * (4.0 * low + high) / 5.0, low)
    assert abs(columns["y_m"]).max() < 0.5
    assert abs(columns["articulation_rad"]).max() < np.radians(4.0)
    assert abs(columns["steering_rad"][:300]).max() * 20.0 <= np.radians(121.0)
    assert abs(columns["steering_rad"]).max() * 20.0 < np.radians(240.0)


@pytest.mark.parametrize("load", RIGS)
def test_braking_in_a_bend_keeps_it(load: str) -> None:
    curve = Curve(speed_mps=50 * KMH, seconds=10.0, ground=even(0.35), radius_m=150.0, braking=replace(PANIC, from_s=5.0))
    columns = braked(curve, RIGS[load])
    away = np.hypot(columns["x_m"] - 25.0, columns["y_m"] - 150.0) - 150.0
    assert columns["speed_mps"][-1] < 1.0
    assert abs(away[300:]).max() < 2.5
    assert abs(columns["articulation_rad"]).max() < np.radians(8.0)


HARD = Hardware(tractor=Machine(torque_n=90e3, power_w=900e3, charge_w=900e3, capacity_j=1.2e9))
"""Nothing but a machine on the drive axle, strong enough to lock it."""


def endure(load: str, grip: float, speed_mps: float, **calibration: float) -> Columns:
    """The machine braking hard in a bend of 200 m, without the service brake."""
    curve = Curve(
        speed_mps=speed_mps,
        seconds=12.0,
        ground=even(grip),
        radius_m=200.0,
        braking=replace(PANIC, from_s=6.0, deceleration_mps2=0.0),
    )
    lever = Braking(from_s=6.0, deceleration_mps2=4.0)
    return braked(curve, RIGS[load], HARD, endurance=lever, calibration={"lever_mps2": 4.0, **calibration})


def folded_deg(columns: Columns) -> float:
    return float(np.degrees(abs(columns["articulation_rad"]).max()))


@pytest.mark.parametrize(("grip", "speed"), [(0.2, 60), (0.3, 70)])
@pytest.mark.parametrize("load", ["laden", "unladen"])
def test_the_drive_axle_machine_folds_the_train_in_a_bend_without_intervention_and_not_with_it(
    load: str, grip: float, speed: float
) -> None:
    without = endure(load, grip, speed * KMH, antilock_on_state=0.0, stability_on_state=0.0)
    assert folded_deg(without) > 90.0
    assert without["ebs_jackknife_state"].max() == 1.0
    assert folded_deg(endure(load, grip, speed * KMH)) < 8.0


@pytest.mark.parametrize("load", ["laden", "unladen"])
def test_stability_alone_takes_the_machine_off_and_saves_the_train(load: str) -> None:
    """Without anti-lock control: the fold is seen, the machine goes to zero within 100 ms, the trailer stretches the train."""
    columns = endure(load, 0.2, 60 * KMH, antilock_on_state=0.0)
    seen = int(np.flatnonzero(columns["ebs_jackknife_state"])[0])
    assert columns["acting_tractor_regeneration_n"][seen + 10] < 0.01 * columns["acting_tractor_regeneration_n"][seen - 1]
    assert columns["ebs_friction_3_n"][seen : seen + 10].max() > 1000.0
    assert folded_deg(columns) < 25.0


def test_rolling_over_is_seen_coming_and_slowed_out_of() -> None:
    """A J-turn at 75 km/h that lifts wheels: with the intervention none does, and the train stays straight behind the tractor."""
    turn = JTurn(speed_mps=75 * KMH, seconds=8.0, ground=even(0.8), lateral_acceleration_mps2=2.0, rise_s=1.5)
    without, with_it = (braked(turn, TRUCK, calibration={"stability_on_state": on}) for on in (0.0, 1.0))
    assert without["load_transfer_ratio"].max() == 1.0
    assert with_it["load_transfer_ratio"].max() < 0.97
    assert with_it["ebs_rollover_state"].max() == 1.0
    assert with_it["ebs_stop_lamp_state"].max() == 1.0
    assert folded_deg(with_it) < 6.0


def test_a9_panic_on_dry_road_loses_regeneration_within_100_ms_and_little_deceleration() -> None:
    """From the first event on, deceleration is more than a tenth below what it was for no longer than 300 ms in all."""
    strong = replace(
        ELECTRIC, tractor=replace(ELECTRIC.tractor, power_w=600e3, charge_w=600e3), retarder=Machine(), engine_brake=Machine()
    )
    for speed in (80, 60, 40):
        columns = braked(
            Straight(speed_mps=speed * KMH, seconds=1.0 + 0.15 * speed * KMH, ground=even(0.8), braking=PANIC), TRUCK, strong
        )
        event = int(np.flatnonzero(columns["ebs_antilock_1_state"])[0])
        machine, rate = columns["acting_tractor_regeneration_n"], -columns["acceleration_mps2"]
        after = rate[event : event + 60][columns["speed_mps"][event : event + 60] > LEAST_MPS]
        assert machine[event - 1] > 5e3
        assert machine[event + 11 : event + 60].max() < 0.01 * machine[event - 1]
        assert 10 * np.count_nonzero(after < 0.9 * rate[event - 10 : event].mean()) <= 300


def gentle(faults: Faults) -> Columns:
    manoeuvre = Straight(speed_mps=70 * KMH, seconds=6.0, ground=even(0.7), braking=Braking(from_s=1.0, deceleration_mps2=3.0))
    return braked(manoeuvre, TRUCK, ELECTRIC, faults)


FAULTS = {
    "none": Faults(),
    "bus": Faults(bus_s=0.5),
    "bus while braking": Faults(bus_s=2.5),
    "kingpin sensor": Faults(kingpin_s=0.5),
    "no signal": Faults(wheel_s=0.5, wheel=2, wheel_mps=-1.0),
    "stuck at zero": Faults(wheel_s=0.2, wheel=0, wheel_mps=0.0),
    "wheel while braking": Faults(wheel_s=2.5, wheel=4, wheel_mps=0.0),
}


@pytest.mark.parametrize("name", FAULTS)
def test_with_any_fault_it_brakes_as_asked(name: str) -> None:
    columns = gentle(FAULTS[name])
    assert -columns["acceleration_mps2"][450:580].mean() == pytest.approx(3.0, rel=0.05)
    assert columns["ebs_jackknife_state"].max() == 0.0


def test_faults_are_told_and_what_they_forbid_stays_off() -> None:
    bus, kingpin, wheel = gentle(FAULTS["bus"]), gentle(FAULTS["kingpin sensor"]), gentle(FAULTS["no signal"])
    assert bus["ebs_bus_warning_state"][-1] == 2.0
    assert bus["acting_trailer_regeneration_n"].max() < 1.0
    assert bus["chamber_3_pa"].max() > 1e5
    assert kingpin["ebs_kingpin_warning_state"][-1] == 1.0
    assert wheel["ebs_sensor_warning_state"][-1] == 1.0


def test_a_lost_sensor_in_a_panic_stop_costs_little() -> None:
    whole, lame = (stop(TRUCK, 0.5, 6.0, faults=one) for one in (Faults(), Faults(wheel_s=0.5, wheel=4, wheel_mps=-1.0)))
    assert mean_mps2(lame) > 0.93 * mean_mps2(whole)


def test_the_kingpin_force_is_estimated_without_its_sensor() -> None:
    columns = gentle(FAULTS["kingpin sensor"])
    steady = slice(250, 580)
    assert columns["ebs_kingpin_n"][steady] == pytest.approx(
        columns["kingpin_x_n"][steady], abs=0.1 * columns["kingpin_x_n"].max()
    )


def test_utilisation_stays_in_the_band_while_machines_brake_alone() -> None:
    manoeuvre = Straight(speed_mps=70 * KMH, seconds=6.0, ground=even(0.7), braking=Braking(from_s=1.0, deceleration_mps2=0.7))
    columns = braked(manoeuvre, TRUCK)
    used = np.array([columns[f"utilisation_{axle}_ratio"][400:] for axle in range(5)])
    assert columns["acting_trailer_regeneration_n"][-1] > 5e3
    assert (used - 0.07).max() < 0.08 + 0.02


def test_energy_goes_into_the_batteries_and_heat_into_the_brakes() -> None:
    columns = gentle(Faults())
    energy = np.trapezoid(columns["acting_tractor_regeneration_n"] * columns["speed_mps"], dx=0.01)
    gained = (columns["tractor_soc_ratio"][-1] - columns["tractor_soc_ratio"][0]) * ELECTRIC.tractor.capacity_j
    assert gained == pytest.approx(0.88 * energy, rel=0.01)
    assert columns["brake_0_k"][-1] > columns["brake_0_k"][0] + 5.0
    assert columns["ebs_temperature_0_k"][-1] == pytest.approx(columns["brake_0_k"][-1], abs=3.0)


def test_the_trailers_axle_helps_only_while_nobody_brakes() -> None:
    pushing = replace(ELECTRIC, trailer=replace(ELECTRIC.trailer, drive_n=6e3))
    columns = braked(
        Straight(speed_mps=50 * KMH, seconds=4.0, ground=even(0.7), braking=replace(PANIC, from_s=2.5, deceleration_mps2=2.0)),
        TRUCK,
        pushing,
    )
    driving, braking = columns["ebs_trailer_drive_n"][100:245], columns["ebs_trailer_drive_n"][260:]
    assert columns["kingpin_x_n"][100:245].max() < 0.0
    assert driving.max() >= 0.0
    assert braking.max() == 0.0


def test_layouts_follow_the_rig() -> None:
    assert [place.name for place in layout_of(TRUCK).places] == ["FRONT", "DRIVE", "TRAILER", "TRAILER", "TRAILER"]
    assert layout_of(TRUCK, 2).regenerating == (False, False, False, False, True)
    assert len(layout_of(RIGS["bobtail"]).places) == len(RIGS["bobtail"].group(Group.STEER)) + 1
    with pytest.raises(InputError, match="trailer axle 3"):
        layout_of(TRUCK, 3)
