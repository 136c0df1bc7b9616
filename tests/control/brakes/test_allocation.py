"""The allocator over 1,000 random cases (A8), against its fallback, and against the rules on coupling-force control."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.control.brakes import allocator, cases
from fifthwheel.control.brakes.cases import BATTERY, CALIBRATION, LAYOUT, TRACTOR, TRAILER, Situation, axle_loads_n, draw
from fifthwheel.control.brakes.limits import Bound, Charge, charge_power_w, machine_limit_n, regeneration_bound
from fifthwheel.control.brakes.priority import prioritise
from fifthwheel.control.brakes.problem import Allocation, Layout, Objective, Place, Problem, cost, kingpin_n, shares
from fifthwheel.control.brakes.quadratic import optimise
from fifthwheel.control.brakes.statics import REFERENCE
from fifthwheel.errors import InputError
from fifthwheel.units import GRAVITY_MPS2

CASES = 1000
TOLERANCE_N = 1.0
SOLVERS = {"quadratic": optimise, "priority": prioritise}


@pytest.fixture(scope="module")
def situations() -> list[Situation]:
    generator = np.random.default_rng(20260)
    objectives = list(Objective)
    return [draw(generator, objectives[index % 2]) for index in range(CASES)]


def violation_n(situation: Situation, found: Allocation) -> float:
    """Most force beyond any limit, each told anew from the case and not from the allocator's own bounds."""
    inputs, force = situation.inputs, found.force_n
    axles = shares(situation.calibration.layout) @ force
    adhesion = np.array(inputs.adhesion_ratio) * np.array(inputs.load_n)
    friction = np.array(situation.calibration.friction_n) * np.array(inputs.fade_ratio) * inputs.service
    reserve = np.array(
        [
            machine_limit_n(load, mu, side)
            for load, mu, side in zip(inputs.load_n, inputs.adhesion_ratio, inputs.lateral_n, strict=True)
        ]
    )
    reserve = np.where(inputs.slipping, np.inf, reserve)
    machines = shares(situation.calibration.layout)[:, 5:] @ force[5:]
    rise = np.array(situation.state.machines_n) + 0.01 * np.array(situation.calibration.rate_nps)
    limit = np.array([bound.force_n for bound in inputs.machines])
    batteries = [
        force[5] * situation.speed_mps * TRAILER.efficiency_ratio - charge_power_w(TRAILER.battery, situation.trailer_charge),
        force[6] * situation.speed_mps * TRACTOR.efficiency_ratio - charge_power_w(TRACTOR.battery, situation.tractor_charge),
    ]
    over = [axles - adhesion, machines - reserve, force[:5] - friction, force[5:] - limit, force[5:] - rise, -force]
    return float(max(*(one.max() for one in over), max(batteries) / situation.speed_mps))


@pytest.mark.parametrize("name", SOLVERS)
def test_a8_no_constraint_is_violated(situations: list[Situation], name: str) -> None:
    found = [(one, allocator.step(one.calibration, one.state, one.inputs, SOLVERS[name])[1]) for one in situations]
    assert max(violation_n(one, allocation) for one, allocation in found) < TOLERANCE_N


@pytest.mark.parametrize("name", SOLVERS)
def test_a8_the_demand_is_met_or_what_prevents_it_is_named(situations: list[Situation], name: str) -> None:
    found = []
    for one in situations:
        problem, _ = allocator.problem_of(one.calibration, one.state, one.inputs)
        allocation = SOLVERS[name](problem)
        found.append((problem, allocation))
    met = [abs(allocation.met_n - problem.demand_n) < TOLERANCE_N for problem, allocation in found]
    named = [allocation.binding != () for _, allocation in found]
    assert [yes for yes, reason in zip(met, named, strict=True) if not yes and not reason] == []
    assert sum(met) > CASES / 3
    assert sum(named) > CASES / 10
    assert max(abs(allocation.met_n - problem.target_n) for problem, allocation in found) < TOLERANCE_N


def test_a8_what_is_called_impossible_is_impossible(situations: list[Situation]) -> None:
    """The most force of all axles is that of a linear programme over the same limits."""
    from scipy.optimize import linprog

    for one in situations[:100]:
        problem, _ = allocator.problem_of(one.calibration, one.state, one.inputs)
        matrix = shares(LAYOUT)
        drive = np.zeros(9)
        drive[6:] = 1.0
        found = linprog(
            -np.ones(9),
            A_ub=np.vstack([matrix, drive]),
            b_ub=np.append(problem.axle_limit_n, problem.drive_limit_n) + 1e-6,
            bounds=list(zip(problem.low_n, problem.high_n, strict=True)),
        )
        assert -found.fun == pytest.approx(problem.axle_most_n.sum(), abs=TOLERANCE_N)


def test_a8_the_programme_is_never_worse_than_the_rules_in_its_own_objective(situations: list[Situation]) -> None:
    problems = [allocator.problem_of(one.calibration, one.state, one.inputs)[0] for one in situations]
    found = [(cost(one, optimise(one).force_n), cost(one, prioritise(one).force_n)) for one in problems]
    assert max(ours - theirs for ours, theirs in found) < 1e-6
    assert np.mean([ours < theirs - 1e-6 for ours, theirs in found]) > 0.2


def test_the_programme_answers_nearly_always_itself(situations: list[Situation]) -> None:
    problems = [allocator.problem_of(one.calibration, one.state, one.inputs)[0] for one in situations]
    assert sum(optimise(one).method == "quadratic" for one in problems) > 0.99 * CASES


def plain(objective: Objective, demand_n: float, *, retarder_n: float = 0.0, service_regeneration: bool = False) -> Problem:
    """Friction everywhere and a retarder with that force, nothing else, on a dry road."""
    load = np.array(axle_loads_n(REFERENCE, demand_n / (REFERENCE.mass_kg * GRAVITY_MPS2), 0.0))
    return Problem(
        layout=LAYOUT,
        demand_n=demand_n,
        load_n=load,
        axle_limit_n=0.8 * load,
        machine_limit_n=0.5 * load,
        low_n=np.array([0.0] * 7 + [retarder_n, 0.0]),
        high_n=np.array([*cases.FRICTION_N, 0.0, 0.0, retarder_n, 0.0]),
        reasons=("torque",) * 9,
        tractor_kg=REFERENCE.tractor_kg,
        trailer_kg=REFERENCE.trailer_kg,
        objective=objective,
        service_regeneration=service_regeneration,
    )


@pytest.mark.parametrize("name", SOLVERS)
def test_equal_adhesion_levels_utilisation(name: str) -> None:
    problem = plain(Objective.EQUAL_ADHESION, 120e3)
    used = (shares(LAYOUT) @ SOLVERS[name](problem).force_n) / problem.load_n
    assert used == pytest.approx(np.full(5, 120e3 / problem.load_n.sum()), rel=0.03)


@pytest.mark.parametrize("name", SOLVERS)
def test_coupling_force_control_adds_no_force_in_the_kingpin(name: str) -> None:
    equal, zero = plain(Objective.EQUAL_ADHESION, 60e3), plain(Objective.COUPLING_FORCE, 60e3)
    assert abs(SOLVERS[name](zero).coupling_n) < 0.1 * abs(SOLVERS[name](equal).coupling_n)


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("retarder_n", [0.0, 10e3, 25e3])
def test_coupling_force_control_does_not_compensate_endurance_braking(name: str, retarder_n: float) -> None:
    """UN R13 5.2.1.28: service brakes share by mass whatever the retarder does; its push stays in the kingpin."""
    problem = plain(Objective.COUPLING_FORCE, 60e3 + retarder_n, retarder_n=retarder_n)
    found = SOLVERS[name](problem)
    service = np.where(np.arange(9) < 5, found.force_n, 0.0)
    assert found.force_n[7] == pytest.approx(retarder_n, abs=TOLERANCE_N)
    assert abs(kingpin_n(problem, service)) < 0.02 * 60e3
    assert found.coupling_n == pytest.approx(0.8 * retarder_n, abs=0.02 * 60e3)


def inputs_of(demand_n: float, *, service: bool = True, speed_mps: float = 20.0) -> allocator.Inputs:
    situation = draw(np.random.default_rng(1), Objective.EQUAL_ADHESION)
    load = axle_loads_n(REFERENCE, 0.1, 0.0)
    return replace(
        situation.inputs,
        demand_n=demand_n,
        service=service,
        load_n=load,
        adhesion_ratio=(0.8,) * 5,
        ceiling_ratio=(0.8,) * 5,
        lateral_n=(0.0,) * 5,
        machines=(
            Bound(force_n=200e3 / speed_mps, reason="battery charge"),
            Bound(force_n=300e3 / speed_mps, reason="machine power"),
            Bound(force_n=300e3 / speed_mps, reason="cooling power"),
            Bound(force_n=10e3, reason="torque"),
        ),
        measured_n=(0.0,) * 4,
        slipping=(False,) * 5,
        fade_ratio=(1.0,) * 5,
    )


def run(inputs: allocator.Inputs, steps: int) -> list[Allocation]:
    """The allocator over some periods, with machines that do at once what they are asked for."""
    state, found = allocator.State(), []
    for _ in range(steps):
        state, allocation = allocator.step(CALIBRATION, state, replace(inputs, measured_n=state.machines_n))
        found.append(allocation)
    return found


def test_light_braking_ends_in_the_batteries_alone() -> None:
    last = run(inputs_of(20e3), 100)[-1]
    assert last.force_n[5:7].sum() == pytest.approx(20e3, rel=0.05)
    assert last.force_n[:5].sum() < 500.0
    assert last.binding == ()


def test_regeneration_rises_no_faster_than_its_rate_and_friction_fills_at_once() -> None:
    found = run(inputs_of(20e3), 30)
    rise = np.diff([allocation.force_n[6] for allocation in found])
    assert rise.max() <= 400.0 + TOLERANCE_N
    assert [allocation.met_n for allocation in found] == pytest.approx([20e3] * 30, abs=2.0)
    assert found[0].force_n[:5].sum() > 15e3


def test_without_the_service_brake_friction_gives_nothing_and_the_shortage_is_named() -> None:
    last = run(inputs_of(150e3, service=False), 200)[-1]
    assert last.force_n[:5].sum() == 0.0
    assert "retarder: cooling power" in last.binding
    assert any(name.endswith(allocator.OFF) for name in last.binding)


def test_friction_alone_can_take_the_whole_demand() -> None:
    inputs = inputs_of(0.5 * REFERENCE.mass_kg * GRAVITY_MPS2)
    none = replace(inputs, machines=(Bound(force_n=0.0, reason="battery charge"),) * 4)
    assert run(none, 1)[0].met_n == pytest.approx(inputs.demand_n, abs=TOLERANCE_N)


def test_a_full_battery_leaves_no_regeneration() -> None:
    charge = Charge(soc_ratio=BATTERY.soc_high_ratio, temperature_k=298.15)
    assert regeneration_bound(TRAILER, charge, 20.0) == Bound(force_n=0.0, reason="battery charge")


def test_layouts_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="drive"):
        Layout(places=(Place.FRONT, Place.TRAILER), regenerating=(False, False))
    with pytest.raises(InputError, match="one each"):
        replace(CALIBRATION, friction_n=(1.0,))


@pytest.mark.parametrize("name", SOLVERS)
def test_machines_stay_in_the_adhesion_band_while_friction_can_do_the_rest(name: str) -> None:
    """250 kN of regeneration at z = 0.1 on a dry road: the drive axle takes z + 0.08 of its load, friction the rest."""
    problem = plain(Objective.EQUAL_ADHESION, 0.1 * REFERENCE.mass_kg * GRAVITY_MPS2)
    high = problem.high_n.copy()
    high[6] = 250e3
    found = SOLVERS[name](replace(problem, high_n=high))
    drive = (shares(LAYOUT) @ found.force_n)[1]
    assert drive == pytest.approx(0.18 * problem.load_n[1], rel=0.05)
    assert found.met_n == pytest.approx(problem.demand_n, abs=TOLERANCE_N)
