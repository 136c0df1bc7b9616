from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthwheel.physics.energy import TERMS, Ledger
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import level, profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import batch
from fifthwheel.simulate.batch import SCHEMA, Case, row_of, run, single, sweep
from fifthwheel.simulate.driver import CALM, HURRIED
from fifthwheel.simulate.ledger import corrected
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, TripRun
from fifthwheel.vehicle.catalogue import combination, names

ROADS = {
    name: profile(mission(name), np.random.default_rng(3)) for name in ("port-shuttle", "quarry-zhangqiu:back", "city-qingdao")
}
DAYS = (
    Conditions(),
    Conditions(style=CALM, seed=5, weather=Weather(temperature_k=268.0, wind_speed_mps=6.0, wind_from_rad=1.0).on("snow")),
    Conditions(style=HURRIED, seed=7, truth=Truth(drag_ratio=1.2), soc_ratio=0.55, trailer_soc_ratio=0.4),
)
WHOLE = combination("diesel-6x4-box")
PACE = np.concatenate([np.linspace(0.0, 20.0, 60), np.full(300, 20.0), np.linspace(20.0, 0.0, 60)])


def alone(case: Case) -> dict[str, Any]:
    return dict.fromkeys(SCHEMA.names) | row_of(case, single(case))


def everything() -> Iterator[Case]:
    for name in names():
        whole = combination(name)
        yield from sweep([whole], ROADS, [0.0, 0.7 * whole.payload_limit_kg], DAYS)


def test_each_row_is_its_single_run_to_the_last_bit() -> None:
    cases = list(everything())
    rows = run(cases).to_pylist()
    assert len(rows) == len(names()) * 3 * 2 * 3
    driven = [(case, row) for case, row in zip(cases, rows, strict=True) if row["error"] is None]
    assert len(driven) > 0.9 * len(rows)
    assert [row for _, row in driven] == [alone(case) for case, _ in driven]


def test_accounts_of_rows_close() -> None:
    table = run(everything())
    errors = table["balance_error_ratio"].drop_null().to_numpy()
    assert np.abs(errors).max() < 1e-9
    terms = sum(table[f"{term.name}_j"].drop_null().to_numpy() for term in TERMS if f"{term.name}_j" in SCHEMA.names)
    meters = sum(np.nan_to_num(table[f"meter_{store}_j"].drop_null().to_numpy().sum()) for store in batch.STORES)
    assert np.asarray(terms).sum() == pytest.approx(meters, rel=1e-9)


def test_prescribed_speeds_and_fuel_factors_are_those_of_the_single_run() -> None:
    road = level(9_000.0, 25.0)
    cases = [
        Case(combination=WHOLE, road=road, payload_kg=load, pace_mps=PACE, fuel_factor_ratio=1.02) for load in (0.0, 8e3, 16e3)
    ]
    cases.insert(1, Case(combination=WHOLE, road=road, payload_kg=8e3))
    rows = run(cases).to_pylist()
    assert rows == [alone(case) for case in cases]
    assert rows[0]["time_s"] == len(PACE)


def test_order_and_figures_do_not_depend_on_threads_or_chunks() -> None:
    cases = [Case(combination=WHOLE, road=ROADS["port-shuttle"], payload_kg=float(load)) for load in range(0, 15_000, 50)]
    assert len(cases) > 2 * batch.CHUNK_CASES
    table = run(cases, workers=3)
    assert table.equals(run(cases, workers=1))
    assert table["payload_kg"].to_pylist() == [case.payload_kg for case in cases]
    assert (np.diff(table["fuel_kg"].to_numpy()) > -0.02).all()


def test_a_case_that_cannot_be_driven_is_a_row_with_its_reason_and_loses_no_other() -> None:
    wall = level(2_000.0, 20.0, slope_ratio=0.35)
    road = ROADS["port-shuttle"]
    electric = combination("battery-423-box")
    cases = [
        Case(combination=WHOLE, road=road, payload_kg=1e6),
        Case(combination=WHOLE, road=wall, payload_kg=20e3, road_name="wall"),
        Case(combination=electric, road=road, payload_kg=0.0, conditions=Conditions(soc_ratio=0.05)),
        Case(combination=WHOLE, road=road, payload_kg=float("nan")),
        Case(combination=WHOLE, road=road, payload_kg=5e3),
    ]
    rows = run(cases).to_pylist()
    for row, reason in zip(rows, ["carries 0 to", "cannot start", "battery empty", "payload of nan", None], strict=True):
        assert (row["error"] or "") == "" if reason is None else reason in row["error"]
    assert [row["time_s"] is None for row in rows] == [True, True, True, True, False]
    assert rows[4] == alone(cases[4])
    assert run(cases[:1]).num_rows == 1


def test_no_cases_give_an_empty_table() -> None:
    assert run([]).num_rows == 0
    assert run([]).schema == SCHEMA


def test_traces_are_kept_for_the_cases_asked_for() -> None:
    kept: dict[int, TripRun] = {}
    cases = [Case(combination=WHOLE, road=ROADS["port-shuttle"], payload_kg=float(load)) for load in (0, 1e3, 2e3)]
    table = run(iter(cases), traces={1}, keep=kept.__setitem__)
    assert list(kept) == [1]
    assert kept[1].payload_kg == 1e3
    assert kept[1].fuel_kg == table["fuel_kg"][1].as_py()


@given(st.floats(0.5, 2.0), st.floats(1.0, 1e9), st.floats(0.0, 1e9))
@settings(max_examples=50, deadline=None)
def test_a_fuel_factor_multiplies_the_meter_and_leaves_the_account_closed(ratio: float, engine_j: float, aero_j: float) -> None:
    ledger = Ledger(meter_j={"fuel": engine_j + aero_j}, terms_j={"engine": engine_j, "aero_still": aero_j})
    after = corrected(ledger, ratio)
    assert after.meter_j["fuel"] == pytest.approx(ratio * ledger.meter_j["fuel"])
    assert after.terms_j["aero_still"] == aero_j
    assert abs(after.balance_error_ratio) < 1e-12
