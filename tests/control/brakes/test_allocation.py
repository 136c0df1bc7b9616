"""The allocation over 1,000 random cases (A8), against its rules, and against the law on coupling-force control."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.control.block import Block, Running
from fifthwheel.control.brakes.cases import BATTERY, TRAILER, Situation, draw, violation_n
from fifthwheel.control.brakes.layout import MACHINES, REFERENCE, Layout, Place
from fifthwheel.control.brakes.limits import Bound, Charge, charge_power_w, regeneration_bound
from fifthwheel.control.brakes.priority import prioritise
from fifthwheel.control.brakes.programme import Programme, bound, cost, fill, optimise, programme_of
from fifthwheel.control.brakes.statics import REFERENCE as LADEN
from fifthwheel.control.brakes.statics import loads
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2

CASES = 1000
TOLERANCE_N = 1.0
WEIGHT_N = LADEN.mass_kg * GRAVITY_MPS2
RULES = {"quadratic": 0.0, "priority": 1.0}


@pytest.fixture(scope="module")
def situations() -> list[Situation]:
    generator = np.random.default_rng(20260)
    return [draw(generator) for _ in range(CASES)]


def answer(ebs: Block, situation: Situation, rules: float) -> Running:
    changed = replace(situation, calibration=situation.calibration | {"rules_state": rules})
    found = changed.running(ebs)
    found.step()
    return found


@pytest.mark.parametrize("name", RULES)
def test_a8_no_constraint_is_violated(ebs: Block, situations: list[Situation], name: str) -> None:
    found = [(one, answer(ebs, one, RULES[name])) for one in situations]
    assert max(violation_n(*pair) for pair in found) < TOLERANCE_N
    batteries = [
        found["trailer_regeneration_n"] * one.speed_mps * TRAILER.efficiency_ratio - charge_power_w(BATTERY, one.charges[0])
        for one, found in found
    ]
    assert max(batteries) < TOLERANCE_N


@pytest.mark.parametrize("name", RULES)
def test_a8_the_demand_is_met_or_what_prevents_it_is_told(ebs: Block, situations: list[Situation], name: str) -> None:
    found = [answer(ebs, one, RULES[name]) for one in situations]
    met = np.array([one["met_n"] >= 0.999 * one["demand_n"] - TOLERANCE_N for one in found])
    told = np.array([one["limit_state"] > 0.0 for one in found])
    assert (met | told).all()
    assert met.sum() > CASES / 3
    assert told.sum() > CASES / 10


def test_the_programme_answers_always_itself(ebs: Block, situations: list[Situation]) -> None:
    assert [one for one in situations if answer(ebs, one, 0.0)["quadratic_state"] == 0.0] == []


def programmes(ebs: Block, situations: list[Situation]) -> list[Programme]:
    return [answer(ebs, one, 1.0).state.unit.programme for one in situations]


def test_a8_what_is_called_impossible_is_impossible(ebs: Block, situations: list[Situation]) -> None:
    """The most force of all axles is that of a linear programme over the same limits."""
    from scipy.optimize import linprog

    for one in programmes(ebs, situations[:100]):
        drive = np.zeros(9)
        drive[6:] = 1.0
        found = linprog(
            -np.ones(9),
            A_ub=np.vstack([one.lines[2:7, :9], drive]),
            b_ub=np.append(one.axle_limit_n, one.task["drive_limit_n"]) + 1e-6,
            bounds=list(zip(one.low_n, one.high_n, strict=True)),
        )
        assert -found.fun == pytest.approx(float(one.task["most_n"][0]), abs=TOLERANCE_N)


def test_a8_the_programme_is_never_worse_than_the_rules_in_its_own_objective(ebs: Block, situations: list[Situation]) -> None:
    found = []
    for one in programmes(ebs, situations):
        prioritise(one)
        theirs = one.force_n.copy()
        optimise(one)
        found.append((cost(one, one.force_n), cost(one, theirs)))
    assert max(ours - theirs for ours, theirs in found) < 1e-6
    assert np.mean([ours < theirs - 1e-6 for ours, theirs in found]) > 0.2


def plain(demand_n: float, *, coupling: bool = False, retarder_n: float = 0.0) -> Programme:
    """Friction everywhere and a retarder with that force, nothing else, on a dry road."""
    found, still = programme_of(REFERENCE.axles()), loads(LADEN, demand_n / WEIGHT_N)
    found.load_n[:] = still.front_n, still.drive_n, *[still.trailer_n / 3.0] * 3
    found.axle_limit_n[:], found.machine_limit_n[:] = 0.8 * found.load_n, 0.5 * found.load_n
    found.high_n[:5], found.high_n[7], found.low_n[7] = 90e3, retarder_n, retarder_n
    task = found.task
    task["demand_n"], task["band"] = demand_n, 0.08
    task["share"] = LADEN.trailer_kg / LADEN.mass_kg if coupling else loads(LADEN, 0.2).trailer_n / WEIGHT_N
    for name, weight in (
        ("regeneration", 300.0),
        ("endurance", 100.0),
        ("share", 1.0),
        ("balance", 0.005),
        ("friction", 5e-5),
        ("band", 5e3),
    ):
        task[f"{name}_weight"] = weight
    return found


def solved(programme: Programme, name: str) -> np.ndarray:
    {"quadratic": optimise, "priority": prioritise}[name](programme)
    return programme.force_n


def kingpin_n(force_n: np.ndarray) -> float:
    """Coupling force that brakes add, push positive: ``m_2 / m sum(B) - B_2``."""
    return float(LADEN.trailer_kg / LADEN.mass_kg * force_n.sum() - force_n[2:6].sum())


@pytest.mark.parametrize("name", RULES)
def test_equal_adhesion_levels_utilisation(name: str) -> None:
    programme = plain(0.2 * WEIGHT_N)
    used = programme.lines[2:7, :9] @ solved(programme, name) / programme.load_n
    assert used == pytest.approx(np.full(5, 0.2 * WEIGHT_N / programme.load_n.sum()), rel=0.03)


@pytest.mark.parametrize("name", RULES)
def test_coupling_force_control_adds_no_force_in_the_kingpin(name: str) -> None:
    assert abs(kingpin_n(solved(plain(60e3, coupling=True), name))) < 0.02 * abs(kingpin_n(solved(plain(60e3), name)))


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("coupling", [True, False], ids=["coupling force", "equal adhesion"])
@pytest.mark.parametrize("retarder_n", [10e3, 25e3])
def test_service_brakes_do_not_compensate_the_coupling_force_of_endurance_braking(
    name: str, coupling: bool, retarder_n: float
) -> None:
    """UN R13 5.2.1.28: trailer and tractor share service braking the same whatever the retarder does."""
    bare = solved(plain(60e3, coupling=coupling), name).copy()
    found = solved(plain(60e3 + retarder_n, coupling=coupling, retarder_n=retarder_n), name)
    assert found[7] == pytest.approx(retarder_n, abs=TOLERANCE_N)
    assert found[2:5].sum() == pytest.approx(bare[2:5].sum(), rel=0.02)
    assert kingpin_n(found) - kingpin_n(bare) == pytest.approx(0.8 * retarder_n, abs=0.02 * 60e3)


@pytest.mark.parametrize("name", RULES)
def test_machines_stay_in_the_adhesion_band_while_friction_can_do_the_rest(name: str) -> None:
    """250 kN of regeneration at z = 0.1 on a dry road: the drive axle takes z + 0.08 of its load, friction the rest."""
    programme = plain(0.1 * WEIGHT_N)
    programme.high_n[6] = 250e3
    force = solved(programme, name)
    assert force[1] + force[6] == pytest.approx(0.18 * programme.load_n[1], rel=0.05)
    assert force.sum() == pytest.approx(0.1 * WEIGHT_N, abs=TOLERANCE_N)


def test_targets_stay_inside_what_the_limits_leave() -> None:
    programme = plain(120e3)
    programme.task["demand_n"] = 9e6
    bound(programme)
    fill(programme)
    assert programme.task["target_n"][0] == pytest.approx(np.minimum(0.8 * programme.load_n, 90e3).sum(), rel=1e-5)


def running(rolling: Running, steps: int, **inputs: float) -> list[np.ndarray]:
    """Forces over some periods, with machines that do at once what they are asked for."""
    rolling.set(**inputs)
    found = []
    for _ in range(steps):
        rolling.step()
        found.append(np.array([rolling[f"friction_{axle}_n"] for axle in range(5)] + [rolling[f"{name}_n"] for name in MACHINES]))
        rolling.set(**{f"{name}_measured_n": float(force) for name, force in zip(MACHINES, found[-1][5:], strict=True)})
    return found


OFFERED = {"trailer_regeneration_available_n": 10e3, "tractor_regeneration_available_n": 15e3}


def test_light_braking_ends_in_the_batteries_alone(rolling: Running) -> None:
    last = running(rolling, 100, pedal_ratio=0.08, **OFFERED)[-1]
    assert last[5:7].sum() == pytest.approx(rolling["demand_n"], rel=0.05)
    assert last[:5].sum() < 500.0
    assert rolling["limit_state"] == 0.0


def test_regeneration_rises_no_faster_than_its_rate_and_friction_fills_at_once(rolling: Running) -> None:
    found = np.array(running(rolling, 30, pedal_ratio=0.08, **OFFERED))
    assert np.diff(found[:, 6]).max() <= 400.0 + TOLERANCE_N
    assert found.sum(axis=1) == pytest.approx(found[0].sum(), rel=0.01)


def test_without_the_service_brake_friction_gives_nothing_and_the_shortage_is_told(rolling: Running) -> None:
    last = running(rolling, 200, lever_ratio=1.0, **OFFERED)[-1]
    assert last[:5].sum() == 0.0
    assert rolling["limit_state"] == 3.0


def test_a_full_battery_leaves_no_regeneration() -> None:
    charge = Charge(soc_ratio=BATTERY.soc_high_ratio, temperature_k=298.15)
    assert regeneration_bound(TRAILER, charge, 20.0) == Bound(force_n=0.0, reason="battery charge")


def test_layouts_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="drive"):
        Layout(places=(Place.FRONT, Place.TRAILER), regenerating=(False, False))
    with pytest.raises(InputError, match="not the trailer's"):
        Layout(places=(Place.FRONT, Place.DRIVE), regenerating=(False, True))
