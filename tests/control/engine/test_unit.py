"""The engine control unit alone: names and arrays agree, requests by priority, diagnosis, and what it refuses."""

from __future__ import annotations

import dataclasses
import doctest
import sys

import numpy as np
import pytest

from fifthwheel.control.block import Running
from fifthwheel.control.engine import block, parameters_of, signals
from fifthwheel.control.engine import layout as n
from fifthwheel.control.engine.calibration import ENGINE_SCALARS, curve_of, tables, willans_error_ratio, willans_of
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.charge import compression_jpkg, pressure_ratio
from fifthwheel.physics.engine import fuel_power_w
from fifthwheel.units import RPM, SUFFIX_UNIT
from fifthwheel.vehicle.catalogue import catalogue
from fifthwheel.vehicle.components import Engine, FuelMap

DIESEL = "diesel-13l-2500nm"


def engine(name: str = DIESEL) -> Engine:
    made: Engine = catalogue().build("engines", name)
    return made


def unit(speed_rpm: float = 1300.0, **inputs: float) -> Running:
    """A unit of a warm engine that has run at a speed for a second, with boost for full load."""
    made = Running(block(running=True))
    speed = speed_rpm * RPM
    values = {"crank_radps": speed, "cam_radps": speed, "intake_pa": 260e3, "boost_pa": 260e3, "intake_k": 320.0} | inputs
    if "pedal_ratio" in inputs:
        values |= {"pedal_2_ratio": 0.5 * inputs["pedal_ratio"]}
    made.set(**values)
    for _ in range(200):
        made.step()
    return made


@pytest.mark.parametrize(
    "name", ["fifthwheel.control.engine.unit", "fifthwheel.control.engine.calibration", "fifthwheel.physics.charge"]
)
def test_the_examples_run(name: str) -> None:
    assert doctest.testmod(sys.modules[name]).failed == 0


@pytest.mark.parametrize(("kind", "count"), [("inputs", n.N_INPUT), ("outputs", n.N_OUTPUT), ("scalars", n.IDLE_RADPS)])
def test_names_stand_where_the_layout_says(kind: str, count: int) -> None:
    names = list(tables()[kind])
    assert len(names) == count
    assert [name for index, name in enumerate(names) if getattr(n, name.upper()) != index] == []


def test_every_signal_has_a_unit_a_title_and_a_start_in_range() -> None:
    made = block()
    every = (*made.inputs, *made.outputs, *made.parameters)
    assert len(signals(DIESEL)) == n.N_PARAMETER
    assert [name for index, (name, _, _) in enumerate(ENGINE_SCALARS) if getattr(n, name.upper()) != n.IDLE_RADPS + index] == []
    assert [one.name for one in every if one.name.rsplit("_", 1)[-1] not in SUFFIX_UNIT] == []
    assert [one.name for one in every if not (one.title_en and one.title_zh and one.low <= one.start <= one.high)] == []
    assert all(row["source"] for row in tables()["scalars"].values())


def test_hydrogen_is_refused_by_name() -> None:
    fuel = catalogue().build("fuels", "hydrogen")
    with pytest.raises(InputError, match=r"hydrogen.*diesel"):
        block(dataclasses.replace(engine(), fuel=fuel))


def test_unknown_engines_values_and_values_out_of_range_are_refused() -> None:
    with pytest.raises(UnknownName, match="diesel-13l-2500nm"):
        block("diesel-13l")
    with pytest.raises(UnknownName, match="droop_ratio"):
        parameters_of(DIESEL, droop=0.05)
    with pytest.raises(InputError, match=r"0.5.*0.1"):
        parameters_of(DIESEL, droop_ratio=0.5)


def test_a_measured_map_gives_its_own_coefficients_back() -> None:
    speed, torque = (grid.ravel() for grid in np.meshgrid(np.linspace(60, 220, 9), np.linspace(0, 2400, 9)))
    known, drag = (0.47, 130.0, 0.1), np.interp(speed, engine().speed_radps, engine().drag_torque_nm)
    fuel = np.asarray(fuel_power_w(torque, speed, drag, known)) / engine().fuel.lower_heating_value_jpkg
    mapped = FuelMap(speed_radps=tuple(speed), torque_nm=tuple(torque), fuel_kgps=tuple(fuel))
    made = dataclasses.replace(engine(), fuel_map=mapped)
    assert willans_of(made) == pytest.approx(known, rel=1e-6)
    assert willans_error_ratio(made) < 1e-6


def test_of_many_points_those_that_bend_are_kept() -> None:
    speed = np.linspace(60.0, 240.0, 40)
    full = np.interp(speed, engine().speed_radps, engine().full_load_torque_nm)
    drag = np.interp(speed, engine().speed_radps, engine().drag_torque_nm)
    fine = dataclasses.replace(
        engine(),
        speed_radps=tuple(speed),
        full_load_torque_nm=tuple(full),
        drag_torque_nm=tuple(drag),
        brake_torque_nm=tuple(0.0 * full),
    )
    grid, torque, _ = curve_of(fine)
    assert len(grid) == n.N_CURVE
    assert (np.diff(grid) > 0.0).all()
    assert np.abs(np.interp(speed, grid, torque) - full).max() < 0.01 * full.max()


def test_compressing_and_its_inverse_agree() -> None:
    assert pressure_ratio(compression_jpkg(2.7, 290.0), 290.0) == pytest.approx(2.7)


TRANSMISSION = {"transmission_state": 2.0, "transmission_nm": 800.0, "transmission_count": 1.0}
LIMIT = {"brakes_state": 3.0, "brakes_nm": 300.0}


@pytest.mark.parametrize(
    ("asked", "torque_nm", "commander"),
    [
        ({"pedal_ratio": 0.5} | TRANSMISSION, 800.0, n.BY_TRANSMISSION),
        ({"pedal_ratio": 0.5} | TRANSMISSION | LIMIT | {"brakes_count": 0.0}, 300.0, n.BY_TRANSMISSION),
        ({"pedal_ratio": 0.5} | TRANSMISSION | LIMIT | {"brakes_count": 2.0}, 800.0, n.BY_TRANSMISSION),
        (
            {"pedal_ratio": 0.5} | TRANSMISSION | {"brakes_state": 2.0, "brakes_nm": 200.0, "brakes_count": 0.0},
            200.0,
            n.BY_BRAKES,
        ),
        ({"pedal_ratio": 0.1, "predictive_state": 2.0, "predictive_nm": 1500.0}, 1500.0, n.BY_PREDICTIVE),
        ({"pedal_ratio": 0.0, "transmission_state": 2.0, "transmission_nm": 9000.0}, 2500.0, n.BY_TRANSMISSION),
    ],
    ids=["torque", "limit above", "limit below", "two controls", "predictive", "full load"],
)
def test_requests_count_by_priority(asked: dict[str, float], torque_nm: float, commander: int) -> None:
    made = unit(**asked)
    assert made["torque_nm"] == pytest.approx(torque_nm, abs=0.5)
    assert made["commander_state"] == commander


def test_the_driver_may_ask_for_more_than_predictive_cruise() -> None:
    made = unit(pedal_ratio=0.8, predictive_state=2.0, predictive_nm=300.0)
    assert made["commander_state"] == n.BY_DRIVER
    assert made["torque_nm"] > 1500.0


def test_a_torque_limit_of_the_driveline_holds() -> None:
    made = unit(pedal_ratio=1.0, gear_limit_nm=1200.0, auxiliary_nm=50.0)
    assert made["torque_nm"] == pytest.approx(1250.0)
    assert made["limiter_state"] == n.L_GEAR


@pytest.mark.parametrize(
    ("inputs", "share", "limiter"),
    [
        ({"coolant_k": 388.15}, 0.4, n.L_COOLANT),
        ({"coolant_k": 383.15}, 0.7, n.L_COOLANT),
        ({"exhaust_k": 1063.15}, 0.75, n.L_EXHAUST),
        ({"scr_state": 1.0}, 0.75, n.L_SCR),
        ({"ambient_pa": 70109.0}, 0.9, n.L_ALTITUDE),
        ({"coolant_k": 0.0}, 0.7, n.L_FAULT),
    ],
    ids=["hot", "half hot", "exhaust", "inducement", "3,000 m", "coolant sensor"],
)
def test_full_load_is_derated(inputs: dict[str, float], share: float, limiter: int) -> None:
    made = unit(pedal_ratio=1.0, **inputs)
    assert made["torque_nm"] == pytest.approx(2500.0 * share, rel=1e-3)
    assert made["limiter_state"] == limiter


def test_smoke_limit_by_its_formula() -> None:
    made = unit(pedal_ratio=1.0, intake_pa=150e3)
    air = 150e3 * 12.8e-3 * made["volumetric_ratio"] / (287.05 * 320.0)
    bound = air / (14.5 * made["lambda_least_ratio"] * (1.0 + made["smoke_reserve_ratio"]))
    assert made["fuel_kg"] == pytest.approx(bound, rel=1e-9)
    assert made["limiter_state"] == n.L_SMOKE


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({"crank_radps": 0.0}, n.F_CRANK), ({"cam_radps": 0.0}, n.F_CAM), ({"intake_pa": 0.0}, n.F_INTAKE_PA),
        ({"intake_k": 0.0}, n.F_INTAKE_K), ({"ambient_pa": 0.0}, n.F_AMBIENT), ({"coolant_k": 0.0}, n.F_COOLANT),
        ({"exhaust_k": 0.0}, n.F_EXHAUST), ({"pedal_2_ratio": 0.0}, n.F_PEDAL),
    ],
)  # fmt: skip
def test_a_lost_sensor_is_found_and_heals(inputs: dict[str, float], fault: int) -> None:
    made = unit(pedal_ratio=0.5)
    sound = {name: made[name] for name in inputs}
    made.set(**inputs)
    made.step()
    assert made["fault_bits"] == 0
    for _ in range(100):
        made.step()
    assert made["fault_bits"] == 1 << fault
    assert made["run_state"] == n.RUNNING
    made.set(**sound)
    for _ in range(100):
        made.step()
    assert made["fault_bits"] == 0


def test_both_speeds_lost_stop_the_fuel_at_once_and_stay_known() -> None:
    made = unit(pedal_ratio=1.0)
    made.set(crank_radps=0.0, cam_radps=0.0)
    for _ in range(200):
        made.step()
    assert made["fuel_kg"] == 0.0
    assert made["run_state"] == n.STOPPED
    assert made["fault_bits"] == (1 << n.F_CRANK) + (1 << n.F_CAM)


def test_a_broken_pedal_counts_as_released() -> None:
    made = unit(pedal_ratio=1.0)
    made.set(pedal_2_ratio=0.1)
    for _ in range(100):
        made.step()
    assert made["fuel_kg"] == 0.0
    assert made["torque_nm"] == pytest.approx(-made["friction_nm"])


def test_announced_auxiliaries_reach_the_idling_engine_at_once() -> None:
    made = unit(559.6)
    before = made["torque_nm"]
    made.set(auxiliary_nm=120.0)
    made.step()
    assert made["torque_nm"] - before == pytest.approx(120.0, abs=2.0)
