from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from numpy.typing import NDArray

from fifthwheel.errors import InputError
from fifthwheel.road.mission import mission
from fifthwheel.road.profile import Profile, profile
from fifthwheel.signals import mdf
from fifthwheel.simulate.trip import TripRun, drive
from fifthwheel.simulate.vmod import trace_of, write
from fifthwheel.vehicle.catalogue import combination, names

ROAD = profile(mission("port-shuttle"), np.random.default_rng(3))


def driven(name: str, road: Profile = ROAD) -> tuple[TripRun, dict[str, NDArray[np.float64]]]:
    whole = combination(name)
    run = drive(whole, road, 0.5 * whole.payload_limit_kg)
    return run, trace_of(run, road)


@pytest.mark.parametrize("name", names())
def test_powers_add_up_to_the_account(name: str) -> None:
    run, trace = driven(name)
    terms = run.ledger.terms_j
    assert {len(column) for column in trace.values()} == {int(run.time_s) + 1}
    sums = {column: 1e3 * trace[column].sum() for column in trace if column.endswith("[kW]")}
    assert sums["Pair [kW]"] == pytest.approx(terms["aero_still"] + terms["aero_wind"], rel=1e-9)
    assert sums["Proll [kW]"] == pytest.approx(terms["rolling_tractor"] + terms["rolling_trailer"], rel=1e-9)
    assert sums["Pgrad [kW]"] == pytest.approx(terms["climb"], rel=1e-9)
    assert sums["Pbrake [kW]"] == pytest.approx(-terms["brake_friction"], rel=1e-9)
    assert sums["Paux [kW]"] == pytest.approx(terms["auxiliary"], rel=1e-9)
    assert sums["Ploss GB [kW]"] + sums["Ploss Diff [kW]"] == pytest.approx(terms["driveline"], rel=1e-9)
    assert trace["dist [m]"][-1] == run.distance_m
    assert np.isfinite(np.concatenate(list(trace.values()))).all()


def test_an_engine_has_its_columns_and_its_fuel_is_the_meter() -> None:
    run, trace = driven("diesel-6x4-box")
    assert trace["FC-Map [g/h]"].sum() / 3.6e6 == pytest.approx(run.fuel_kg, rel=1e-9)
    assert {"n [1/min]", "Tq_eng [Nm]", "Tq_full [Nm]", "Tq_drag [Nm]", "Pe_eng [kW]", "Pa Eng [kW]"} <= set(trace)
    assert trace["Tq_drag [Nm]"].max() <= 0.0
    assert trace["Gear [-]"].max() == len(run.combination.drive.gearbox.ratios)
    assert "SoC [%]" not in trace


def test_a_battery_and_an_own_drive_of_the_trailer_have_theirs() -> None:
    run, electric = driven("battery-423-box")
    assert 1e3 * electric["P_bat [kW]"].sum() == pytest.approx(run.ledger.meter_j["battery"], rel=1e-9)
    assert electric["SoC [%]"][0] > electric["SoC [%]"][-1]
    assert "FC-Map [g/h]" not in electric
    assert {"P_bat Trailer [kW]", "SoC Trailer [%]", "F_kingpin [kN]"} <= set(driven("diesel-6x4-etrailer")[1])


def test_a_trace_is_a_measurement_file(tmp_path: Path) -> None:
    pytest.importorskip("asammdf", reason="the extra 'can' is not installed")
    _, trace = driven("diesel-6x4-box")
    write(trace, tmp_path / "a.mf4", 1_795_348_800_000_000)
    (found,), started_us = mdf.read(tmp_path / "a.mf4")
    assert started_us == 1_795_348_800_000_000
    assert len(found.columns) == len(trace)
    np.testing.assert_array_equal(found.columns["v_act"], trace["v_act [km/h]"])
    assert (found.units["v_act"], found.units["Gear"]) == ("km/h", "")


def test_a_trace_is_written_as_its_suffix_says(tmp_path: Path) -> None:
    _, trace = driven("diesel-6x4-box")
    write(trace, tmp_path / "a.csv")
    write(trace, tmp_path / "a.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == list(trace)
    read = pyarrow.csv.read_csv(tmp_path / "a.csv")
    assert read.column_names == list(trace)
    assert read["v_act [km/h]"].to_numpy() == pytest.approx(trace["v_act [km/h]"])
    with pytest.raises(InputError, match=r"\.parquet or \.csv"):
        write(trace, tmp_path / "a.txt")
    with pytest.raises(InputError, match="cannot be written"):
        write(trace, tmp_path / "no" / "a.csv")
