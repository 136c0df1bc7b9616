"""Choose, then check: a vehicle with more drag than promised is found out, one as promised is left in peace."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from fifthwheel.choose.duty import Duty, from_table
from fifthwheel.errors import Conflict, InputError, UnknownName
from fifthwheel.explain.promise import METHODS
from fifthwheel.fleet import promise
from fifthwheel.fleet.choice.views import CandidateDetail
from fifthwheel.fleet.latest import Latest
from fifthwheel.fleet.promise_views import KeptView
from fifthwheel.fleet.stores import Stores
from fifthwheel.fleet.worker import Worker
from fifthwheel.lake.query import LakeReader
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records import Records, VehicleRecord
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import profile
from fifthwheel.road.weather import typical_weather
from fifthwheel.signals.observations import Observations
from fifthwheel.simulate.pack import NOMINAL, Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import DAY_US, SECOND_US
from fifthwheel.vehicle.catalogue import combination

ROOT = Path(__file__).resolve().parents[2]
BEGAN_US = 1_775_000_000_000_000
ROAD, NAME, PLATE = "trunk-jinan-weifang", "diesel-6x4-box", "鲁A12345"
DUTY = {"name": "trunk", "road": {"mission": ROAD}, "cargo": {"kind": "general-pallets", "payload_t": 21}}
TRIPS = 14


@pytest.fixture(scope="module")
def wires() -> ModuleType:
    """``benchmarks/account.py``: what the wires of a simulated trip send."""
    spec = importlib.util.spec_from_file_location("benchmark_account", ROOT / "benchmarks" / "account.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def duty() -> Duty:
    return from_table(DUTY)


Driving = Callable[[Truth], tuple[Stores, float]]


def parked(run: TripRun, start_us: int) -> Observations:
    """Standing switched off for a quarter of an hour after a trip."""
    times = start_us + (int(run.time_s) + 60 * np.arange(2, 17)) * SECOND_US
    return Observations.of(
        {"speed_mps": np.zeros(15), "ignition_state": np.zeros(15)}, vehicle_id=PLATE, time_us=times, source="jt808",
        trailer_id=f"{PLATE}挂",
    )  # fmt: skip


@pytest.fixture(scope="module")
def driven(
    wires: ModuleType, duty: Duty, candidate: CandidateDetail, tmp_path_factory: pytest.TempPathFactory
) -> Driving:  # fmt: skip
    """A fleet of one vehicle with that truth, promised as the catalogue has it, and how much more it really used by its truth."""

    def drive_fleet(truth: Truth) -> tuple[Stores, float]:
        folder = tmp_path_factory.mktemp("fleet")
        writer, records = LakeWriter(folder / "lake"), Records.open(f"sqlite:///{folder}/records.sqlite")
        for plate, kind, what in ((PLATE, "tractor", NAME), (f"{PLATE}挂", "trailer", "trailer-box")):
            records.add_vehicle(VehicleRecord(vehicle_id=plate, plate=plate, kind=kind, combination=what, created_us=BEGAN_US))
        stores = Stores(
            records=records, lake=LakeReader(folder / "lake"), latest=Latest(), clock=lambda: BEGAN_US + 30 * DAY_US,
            timezone=ZoneInfo("Asia/Shanghai"),
        )  # fmt: skip
        whole = combination(NAME)
        promise.record(stores, PLATE, duty, candidate, whole, currency="CNY", start_us=BEGAN_US, who="test")
        worker, rng, really_j = Worker(stores, writer), np.random.default_rng(11), np.zeros(2)
        sensors = {name: rng.normal(1, sd) for name, sd in wires.SENSORS.items()}
        for index in range(TRIPS):
            way = mission(ROAD if index % 2 == 0 else f"{ROAD}:back")
            load_kg = 21e3 * rng.normal(1.0, 0.05) if index % 2 == 0 else 0.0
            now = Conditions(weather=typical_weather(100 + index, rng), truth=truth, seed=index)
            run = drive(whole, profile(way), load_kg, now)
            plain = drive(whole, profile(way), load_kg, replace(now, truth=NOMINAL))
            really_j += [sum(one.ledger.meter_j.values()) for one in (run, plain)]
            start_us = BEGAN_US + (2 * index + 1) * DAY_US
            rows = Observations.concat([wires.wired(run, PLATE, start_us, rng, sensors), parked(run, start_us)])
            writer.append("observations", rows.table, stream="test", offset=index)
            worker.note(rows)
            worker.settle()
        return stores, really_j[0] / really_j[1] - 1.0

    return drive_fleet


@pytest.fixture(scope="module")
def dragging(driven: Driving) -> tuple[KeptView, float]:
    stores, excess = driven(Truth(drag_ratio=1.15))
    return promise.kept(stores, PLATE), excess


@pytest.fixture(scope="module")
def faithful(driven: Driving) -> Stores:
    return driven(NOMINAL)[0]


def test_more_drag_than_promised_is_the_largest_cause_and_inside_its_interval(dragging: tuple[KeptView, float]) -> None:
    view, excess = dragging
    assert excess > 0.04
    assert view.ratio.contains(excess)
    own = [cause for cause in view.causes if cause.name not in {"payload", "weather"}]
    assert own[0].name == "air"
    assert own[0].share.contains(excess)
    assert view.verdict == "missed"
    assert "air" in view.significant
    assert "air drag" in view.text_en
    assert "风阻" in view.text_zh


def test_a_vehicle_as_promised_is_not_called_significant(faithful: Stores) -> None:
    view = promise.kept(faithful, PLATE)
    assert view.verdict == "kept"
    assert view.difference.contains(0.0)
    assert "air" not in view.significant
    assert "not significant" in view.text_en


def test_causes_add_up_from_the_promise_to_the_meter(dragging: tuple[KeptView, float]) -> None:
    view = dragging[0]
    assert view.measured.value is not None
    assert view.promised.value is not None
    caused = sum(cause.finding.value or 0.0 for cause in view.causes)
    assert caused == pytest.approx(view.measured.value - view.promised.value)
    assert {cause.name for cause in view.causes} == set(METHODS)
    measured = sum(term.measured.value or 0.0 for term in view.terms)
    assert measured == pytest.approx(view.measured.value)


def test_every_figure_names_its_trips(dragging: tuple[KeptView, float]) -> None:
    view = dragging[0]
    evidence = tuple(f"trip:{trip}" for trip in view.trips)
    assert len(evidence) == TRIPS
    assert all(one.evidence == evidence for one in (view.difference, view.cost, *(cause.finding for cause in view.causes)))
    assert view.on_road_ratio.value == 1.0
    assert view.coverage_ratio.value == 1.0


def test_cost_follows_the_meter_and_says_what_no_trip_tells(dragging: tuple[KeptView, float]) -> None:
    view = dragging[0]
    lines = {line.name: line for line in view.costs}
    used = (view.measured.value or 0.0) / (view.promised.value or 1.0)
    assert lines["fuel"].finding.value == pytest.approx(lines["fuel"].promised * used, rel=0.01)
    assert lines["toll"].finding.value == lines["toll"].promised
    assert (lines["toll"].basis_en, lines["insurance"].basis_en) == ("", "distance a year at this pace")
    assert ("tolls", "过路费") in view.not_measured
    assert view.cost.value == pytest.approx(sum(line.finding.value or 0.0 for line in view.costs))
    assert view.cost.contains(view.cost.value or 0.0)
    assert view.cost.low != view.cost.high


def test_few_trips_are_gathered_not_judged(faithful: Stores) -> None:
    view = promise.kept(faithful, PLATE, end_us=BEGAN_US + 4 * DAY_US)
    assert (view.verdict, len(view.trips)) == ("gathering", 2)
    assert view.distance_year.value is None
    none = promise.kept(faithful, PLATE, end_us=BEGAN_US + DAY_US // 2)
    assert (none.verdict, none.trips, none.difference.value, none.cost.value) == ("gathering", (), None, None)


def test_trips_behind_another_trailer_are_left_out_with_the_reason(
    faithful: Stores, candidate: CandidateDetail, duty: Duty
) -> None:
    other = replace(candidate, row=replace(candidate.row, trailer="trailer-stake"))
    made = promise.record(
        faithful, PLATE, duty, other, combination("diesel-6x4-stake"), currency="CNY", start_us=BEGAN_US + 8 * DAY_US, who="test"
    )
    view = promise.kept(faithful, PLATE)
    assert view.promise == made
    assert view.left_out == (("towed another trailer than was chosen", "挂的不是选型时的挂车", 10),)
    assert view.trips == ()
    assert [entry.what for entry in faithful.records.audit_log()] == ["promise", "promise"]


def test_what_was_never_promised_is_said(faithful: Stores, candidate: CandidateDetail, duty: Duty) -> None:
    with pytest.raises(UnknownName, match="promise of vehicle"):
        promise.kept(faithful, PLATE, end_us=BEGAN_US - 1)
    with pytest.raises(InputError, match="before the promise"):
        promise.kept(faithful, PLATE, start_us=BEGAN_US + 9 * DAY_US, end_us=BEGAN_US + 8 * DAY_US + 2)
    with pytest.raises(Conflict, match="must start later"):
        promise.record(faithful, PLATE, duty, candidate, combination(NAME), currency="CNY", start_us=BEGAN_US, who="test")
