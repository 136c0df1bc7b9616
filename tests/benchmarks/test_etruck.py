"""Measured battery tractors: traces are cleaned as ``docs/etruck.md`` says, and one truck's values predict the other's events."""

from __future__ import annotations

import gzip
import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from fifthwheel.errors import InputError

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
KMH_AS_WRITTEN = 1.60934 / 1.609


@pytest.fixture(scope="module")
def events_module() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("etruck_events")


@pytest.fixture(scope="module")
def study() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("etruck")


@pytest.fixture(scope="module")
def model(study: ModuleType, reference_data: Path) -> Any:
    return study.emulator(study.read_events(reference_data / "etruck"), samples=28)


def put(path: Path, rows: Sequence[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")


def one_event(folder: Path, times_s: Sequence[float], speeds_kmh: Sequence[float], grade: float = 0.0) -> Path:
    """A folder with one event of truck 1 that took half of 800 kWh."""
    put(folder / "pepsi_semi_battery_capacities.csv.gz", [",Value,pepsi_1,pepsi_2,pepsi_3", "0,Mean,800,800,800", "1,Std,4,4,4"])
    heads = "Driving event,Initial battery charge (%),Final battery charge (%),Fuel economy (kWh/mile),RMSE"
    put(folder / "pepsi_1_drivecycle_data.csv.gz", [heads, "7,75.0,25.0,2.0,1.5"])
    rows = [f"{time},{speed * KMH_AS_WRITTEN},{grade},0.0" for time, speed in zip(times_s, speeds_kmh, strict=True)]
    put(folder / "pepsi_1_drive_cycle_7_with_distance.csv.gz", ["Time,Speed,Grade,Distance", *rows])
    return folder


def test_repeated_rows_take_no_time_and_long_pauses_are_left_out(events_module: ModuleType, tmp_path: Path) -> None:
    ramp = list(np.arange(0.0, 72.0, 4.0))
    moving = np.array([*ramp, *[72.0] * 200, *ramp[::-1]])
    times = np.arange(float(len(moving)))
    repeated = np.sort(np.append(np.arange(len(moving)), [50, 80, 110]))
    later = times + times[-1] + 4000.0
    folder = one_event(tmp_path, [*times[repeated], *later], [*moving[repeated], *moving])
    (event,) = events_module.read_events(folder)
    assert event.repeated_rows == 3
    assert event.parked_s == pytest.approx(4000.0)
    assert event.distance_m == pytest.approx(2 * moving.sum() / 3.6, rel=2e-3)
    assert len(event.speed_mps) == 2 * len(moving)
    assert event.energy_j == pytest.approx(400 * 3.6e6)
    counted = events_module.read_events(folder, events_module.Cleaning(repeats_count_s=1.0))[0]
    assert counted.distance_m - event.distance_m == pytest.approx(3 * 20.0, rel=0.02)


def test_steps_of_a_whole_kmh_are_smoothed_and_halts_stay_halts(events_module: ModuleType, tmp_path: Path) -> None:
    speeds = [0.0] * 30 + [80.0 + second % 2 for second in range(300)] + [0.0] * 30
    (event,) = events_module.read_events(one_event(tmp_path, range(360), speeds))
    cruise = event.speed_mps[60:300]
    assert np.ptp(cruise) < 0.02
    assert cruise.mean() == pytest.approx(80.5 / 3.6, rel=1e-3)
    assert not event.speed_mps[:20].any()


def test_what_was_derived_from_the_data_is_demanded_of_it(events_module: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="grade of 1 %"):
        events_module.read_events(one_event(tmp_path, range(40), [50.0] * 40, grade=1.0))
    with pytest.raises(InputError, match="no whole number of km/h"):
        events_module.read_events(one_event(tmp_path, range(40), [50.3] * 40))


def test_the_files_are_what_the_report_says(study: ModuleType, model: Any) -> None:
    assert [len(model.of(truck)) for truck in (1, 2, 3)] == [6, 0, 11]
    assert model.miss_ratio < 0.003
    values = study.fit(model, model.of(3))
    out = set(range(17)) - set(study.reachable(model, list(range(17)), values))
    assert [(model.events[row].truck, model.events[row].name) for row in out] == [(1, 24)]


def test_values_of_truck_1_predict_truck_3_with_only_its_mass_refitted(study: ModuleType, model: Any) -> None:
    found = study.predict(model, 1, 3)
    assert len(found.errors) == 11
    assert study.median_error(found.errors) <= 0.06
    assert study.median_error(found.left_out) <= 0.06
    assert study.median_error(found.blind) <= 0.06
    assert np.abs(study.driven_again(model, found) - found.errors).max() < 0.003


def test_values_of_truck_3_predict_the_events_of_truck_1_that_a_level_road_explains(study: ModuleType, model: Any) -> None:
    found = study.predict(model, 3, 1, within_reach=True)
    assert len(found.errors) == 5
    assert study.median_error(found.errors) <= 0.06


def test_all_events_predicted_by_the_other_truck(study: ModuleType, model: Any) -> None:
    error = study.crossed(model)
    assert len(error) == 17
    assert study.median_error(error) <= 0.06
