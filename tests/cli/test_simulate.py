from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from fifthwheel.cli.main import app, main
from fifthwheel.signals import mdf

KEYS = {
    "rules", "payload_kg", "mass_kg", "distance_m", "time_s", "fuel_kg", "fuel_l_per_100km", "electric_kwh_per_100km",
    "co2_g_per_km", "mean_speed_mps", "account", "meter", "charged", "trailer", "tractor", "lost_s", "slowest", "warnings",
    "balance_error",
}  # fmt: skip
JOB, CYCLE = "vecto/40t/40t_Long_Haul_Truck.vecto", "vecto/cycles_2015/RegionalDelivery_1m.vdri"


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def simulated(*arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(told("simulate", *arguments, "--json"))
    return document


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["fifthwheel", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_a_trip_is_one_document_whose_account_closes() -> None:
    trip = simulated("diesel-6x4-box", "port-shuttle", "--payload-kg", "9000")
    assert set(trip) >= KEYS
    assert trip["payload_kg"] == 9000.0
    assert sum(trip["account"].values()) == pytest.approx(sum(trip["meter"].values()), rel=1e-9)
    assert trip["mean_speed_mps"] == pytest.approx(trip["distance_m"] / trip["time_s"])
    assert trip["tractor"]["auxiliary"] + trip["trailer"]["auxiliary"] == pytest.approx(trip["account"]["auxiliary"])


def test_a_trace_goes_to_a_measurement_file(tmp_path: Path) -> None:
    path = tmp_path / "trip.mf4"
    trip = simulated("diesel-6x4-box", "port-shuttle", "--trace", str(path))
    (found,), started_us = mdf.read(path)
    assert found.columns["dist"][-1] == pytest.approx(trip["distance_m"])
    assert (found.units["dist"], started_us > 1_700_000_000_000_000) == ("m", True)


def test_usual_payload_is_the_missions_and_the_return_is_empty() -> None:
    out, back = simulated("diesel-6x4-box", "port-shuttle"), simulated("diesel-6x4-box", "port-shuttle:back")
    assert out["payload_kg"] > 0.0
    assert back["payload_kg"] == 0.0


def test_driver_weather_and_charge_are_options() -> None:
    usual = simulated("diesel-6x4-etrailer", "port-shuttle", "--payload-kg", "9000")
    cold = ["--temperature-c", "-5", "--wind-mps", "6", "--wind-from-deg", "90", "--surface", "snow"]
    worse = simulated("diesel-6x4-etrailer", "port-shuttle", "--payload-kg", "9000", *cold)
    assert worse["fuel_kg"] > usual["fuel_kg"]
    assert simulated("diesel-6x4-box", "port-shuttle", "--driver", "hurried")["time_s"] < usual["time_s"]
    empty = simulated("diesel-6x4-etrailer", "port-shuttle", "--payload-kg", "9000", "--trailer-soc", "0.2")
    assert empty["soc_end"]["trailer_battery"] < usual["soc_end"]["trailer_battery"]


def test_the_table_names_every_large_term() -> None:
    text = told("simulate", "lng-6x4-tipper", "port-shuttle")
    for word in ("kg", "Engine", "Tyres", "Air, still", "balance error"):
        assert word in text
    assert "charge at the end" in told("simulate", "battery-423-box", "port-shuttle")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_trace_has_a_row_a_second(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"trace.{suffix}"
    trip = simulated("diesel-6x4-box", "port-shuttle", "--trace", str(path))
    table = {"csv": pyarrow.csv.read_csv, "parquet": pyarrow.parquet.read_table}[suffix](path)
    assert table.num_rows == trip["time_s"] + 1
    assert table["dist [m]"][-1].as_py() == pytest.approx(trip["distance_m"])


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("diesel-6x4-bxo", "port-shuttle"), "diesel-6x4-box"),
        (("diesel-6x4-box", "port-shutle"), "port-shuttle"),
        (("diesel-6x4-box", "nowhere.gpx"), "nowhere.gpx"),
        (("nothing.vecto", "port-shuttle", "--mission", "long-haul"), "nothing.vecto"),
        (("diesel-6x4-box", "port-shuttle", "--payload-kg", "99000"), "carries 0 to"),
        (("diesel-6x4-box", "port-shuttle", "--driver", "wild"), "hurried"),
        (("diesel-6x4-box", "port-shuttle", "--surface", "mud"), "surface"),
        (("diesel-6x4-box", "port-shuttle", "--temperature-c", "200"), "-53 to 57"),
        (("battery-423-box", "port-shuttle", "--soc", "90"), "share from 0 to 1"),
        (("diesel-6x4-box", "port-shuttle", "--rules", "epa"), "vecto-2.2"),
        (("diesel-6x4-box", "port-shuttle", "--rules", "vecto-2.2"), ".vecto job and a .vdri"),
        (("battery-423-box", "port-shuttle", "--soc", "0.02"), "battery empty"),
        (("diesel-6x4-box", "port-shuttle", "--trace", "trace.txt"), ".parquet or .csv"),
    ],
)
def test_what_cannot_be_is_one_line_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], hint: str
) -> None:
    said = refused(monkeypatch, capsys, "simulate", *arguments)
    assert hint in said
    assert said.count("\n") == 1


def test_a_vecto_job_brings_payload_driver_air_and_fuel_factor(reference_data: Path) -> None:
    trip = simulated(str(reference_data / JOB), str(reference_data / CYCLE))
    assert trip["payload_kg"] == pytest.approx(12_900.0)
    assert trip["fuel_factor_ratio"] > 1.0
    assert abs(trip["balance_error"]) < 1e-9
    assert sum(trip["account"].values()) == pytest.approx(trip["meter"]["fuel"], rel=1e-9)
    calm = simulated(str(reference_data / JOB), str(reference_data / CYCLE), "--driver", "calm", "--temperature-c", "0")
    assert calm["time_s"] > trip["time_s"]


def test_vecto_rules_drive_a_job_over_a_cycle(reference_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    trip = simulated(str(reference_data / JOB), str(reference_data / CYCLE), "--rules", "vecto-2.2", "--trace", str(path))
    assert set(trip) >= KEYS
    assert trip["rules"] == "vecto-2.2"
    assert trip["payload_kg"] == pytest.approx(12_900.0)
    fuel = pyarrow.csv.read_csv(path)["FC-WHTCc [g/h]"].to_numpy()
    assert fuel.sum() / 3.6e6 == pytest.approx(trip["fuel_kg"], rel=1e-6)


def test_vecto_rules_take_no_other_driver(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reference_data: Path
) -> None:
    paths = str(reference_data / JOB), str(reference_data / CYCLE)
    assert "not accepted" in refused(monkeypatch, capsys, "simulate", *paths, "--rules", "vecto-2.2", "--driver", "calm")


def test_a_sweep_is_a_row_a_trip_with_reasons_for_those_not_driven(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    text = told(
        "sweep", "diesel-6x4-box", "battery-423-box", "--mission", "port-shuttle", "--mission", "port-shuttle:back",
        "--payload-kg", "0", "--payload-kg", "90000", "--out", str(path),
    )  # fmt: skip
    rows = pyarrow.parquet.read_table(path).to_pylist()
    assert [row["payload_kg"] for row in rows] == [0.0, 90e3] * 4
    assert [row["error"] is None for row in rows] == [True, False] * 4
    assert "8 trips" in text
    alone = simulated("battery-423-box", "port-shuttle:back", "--payload-kg", "0")
    assert rows[6]["electric_kwh_per_100km"] == alone["electric_kwh_per_100km"]


def test_benchmarks_are_listed_with_what_they_measure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "codec_jt808" in told("bench")
    assert "no benchmark" in refused(monkeypatch, capsys, "bench", "nothing")
