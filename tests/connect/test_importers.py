"""Whole logs into a lake: real ones, repeated ones, interrupted ones, damaged ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fifthwheel.codec.j1939.encode import encode, encode_signals, encode_troubles
from fifthwheel.codec.j1939.frame import Frame, build
from fifthwheel.codec.j1939.messages import Dtc, Lamps, Message, Troubles
from fifthwheel.connect.importers import importer
from fifthwheel.connect.importers.importer import ImportReport, import_log
from fifthwheel.errors import InputError, StorageError
from fifthwheel.lake.query import LakeReader
from fifthwheel.lake.writer import LakeWriter
from fifthwheel.records.entities import Coupling
from fifthwheel.units import KMH, RPM, SECOND_US

START_US = 1_700_000_000 * SECOND_US
QUIET = Lamps(mil="off", red_stop="off", amber_warning="off", protect="off")
DAMAGED = Dtc(spn=110, fmi=3, occurrence_count=1)


def log(path: Path, sent: list[tuple[int, Frame]]) -> Path:
    """A candump file of frames at microseconds after `START_US`."""
    lines = (f"({(START_US + at) / 1e6:.6f}) can0 {build(frame)}\n" for at, frame in sent)
    path.write_text("".join(lines), encoding="ascii")
    return path


def speed(value_mps: float, source: int = 0) -> Frame:
    return Frame(identifier=0x18FEF100 | source, data=encode_signals(65265, {"speed_mps": value_mps}))


def dm1(*codes: Dtc, source: int = 0) -> Frame:
    return Frame(identifier=0x18FECA00 | source, data=encode_troubles(Troubles(lamps=QUIET, dtcs=codes)))


def run(path: Path, lake: Path, **options: object) -> ImportReport:
    return import_log(path, vehicle_id="T1", writer=LakeWriter(lake), **options)  # type: ignore[arg-type]


def series(lake: Path, name: str) -> list[tuple[int, float]]:
    times, values = LakeReader(lake).observations("T1").series(name)
    return list(zip((times - START_US).tolist(), values.tolist(), strict=True))


def test_a_real_truck_in_candump(reference_data: Path, tmp_path: Path) -> None:
    told = run(reference_data / "can" / "csu_KWTruck.txt", tmp_path, base_time_us=START_US)
    assert (told.frames, told.decoded + sum(told.pgns_unknown.values())) == (34_980, 34_980)
    assert (told.rejects, told.skipped, told.faults, told.already) == (0, {}, (), False)
    assert (told.vin[:4], len(told.vin)) == ("2NKH", 17)
    assert (told.first_us, told.last_us) == (START_US, START_US + 64_758_912)
    assert told.signals["engine_speed_radps"] == 2644
    assert told.sources["speed_mps"] == "CCVS1 from 0"
    assert told.sources["parking_brake_state"] == "CCVS1 from 49"
    found = LakeReader(tmp_path).observations("T1")
    assert np.nanmax(found.column("engine_speed_radps")) / RPM == pytest.approx(2058, abs=1)
    assert set(found.series("engine_reference_torque_nm")[1]) == {1109.0}
    assert found.series("fuel_total_m3")[1][-1] == pytest.approx(103.667)
    assert told.rows == len(found)


def test_a_real_truck_on_the_road(reference_data: Path, tmp_path: Path) -> None:
    told = run(reference_data / "can" / "csu_attack_normal.log", tmp_path, base_time_us=START_US)
    found = LakeReader(tmp_path).observations("T1")
    speeds = found.series("speed_mps")[1]
    fuel_m3ps = found.series("fuel_rate_m3ps")[1]
    odometer_m = found.series("odometer_m")[1]
    assert 6 < speeds.min() < speeds.max() < 16
    assert float(odometer_m[-1] - odometer_m[0]) == pytest.approx(speeds.mean() * 29, rel=0.02)
    assert 10 < fuel_m3ps.mean() / speeds.mean() * 1e8 < 30, "litres per 100 km"
    assert told.frames == 19_957


def test_a_real_truck_with_faults_and_absolute_time(reference_data: Path, tmp_path: Path) -> None:
    told = run(reference_data / "can" / "csu_candump-2021-10-14_234124.log", tmp_path)
    assert told.first_us == 1_634_254_884_935_126
    assert len(told.faults) == 20
    assert {"SPN 91 FMI 8", "SPN 111 FMI 3", "SPN 520193 FMI 3"} <= set(told.faults)
    faults = LakeReader(tmp_path).faults("T1")
    assert sorted(faults.column("code").to_pylist()) == sorted(told.faults)
    assert set(faults.column("active").to_pylist()) == {True}


def test_mf4_with_position(reference_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("asammdf", reason="the extra 'can' is not installed")
    told = run(reference_data / "can" / "css_94C49784_00000005_00000002.MF4", tmp_path)
    found = LakeReader(tmp_path).observations("T1")
    assert (told.frames, told.rows) == (9600, len(found))
    assert np.nanmean(found.column("latitude_deg")) == pytest.approx(42.661, abs=0.001)
    assert np.nanmean(found.column("longitude_deg")) == pytest.approx(-81.2127, abs=0.001)


def test_mf4_without_j1939_says_so(reference_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("asammdf", reason="the extra 'can' is not installed")
    told = run(reference_data / "can" / "css_2F6913DB_00000004_00000001.MF4", tmp_path)
    assert (told.frames, told.rows, told.first_us) == (0, 0, None)
    assert told.skipped == {"11-bit identifier": 5588}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pcan_trace(reference_data: Path, tmp_path: Path) -> None:
    told = run(reference_data / "can" / "csu_pcanview_paccar_mx.trc", tmp_path)
    assert told.frames == 27_738
    assert told.signals["engine_speed_radps"] == 7692
    assert "SPN 639 FMI 9" in told.faults


def test_the_same_file_twice_adds_nothing_and_says_so(tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", [(i * 100_000, speed(10.0)) for i in range(50)])
    first, second = run(path, tmp_path / "lake"), run(path, tmp_path / "lake")
    assert (first.rows, first.already, second.rows, second.already) == (50, False, 0, True)
    assert len(LakeReader(tmp_path / "lake").observations("T1")) == 50


class Failing(LakeWriter):
    """A lake whose disk is full at the second batch of observations."""

    commits = 0

    def append(self, table: str, data: pa.Table, *, stream: str, offset: int) -> None:
        self.commits += table == "observations"
        {1: super().append, 2: self.fail}[self.commits](table, data, stream=stream, offset=offset)

    def fail(self, table: str, _data: pa.Table, *, stream: str, offset: int) -> None:
        raise StorageError(f"no room for {table} of {stream} at {offset}")


def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH_FRAMES", 20)
    monkeypatch.setattr(importer, "BLOCK_BYTES", 500)
    path = log(tmp_path / "a.log", [(i * 100_000, speed(i / 10)) for i in range(100)])
    with pytest.raises(StorageError):
        import_log(path, vehicle_id="T1", writer=Failing(tmp_path / "lake"))
    kept = len(series(tmp_path / "lake", "speed_mps"))
    told = run(path, tmp_path / "lake")
    assert 0 < kept < 100
    assert told.rows == 100 - kept
    assert [at for at, _ in series(tmp_path / "lake", "speed_mps")] == [i * 100_000 for i in range(100)]


def test_the_last_value_of_a_raster_cell_is_kept_at_its_own_time(tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", [(10_000, speed(1.0)), (90_000, speed(2.0)), (150_000, speed(3.0))])
    run(path, tmp_path / "coarse")
    run(path, tmp_path / "fine", raster_us=1)
    coarse, fine = dict(series(tmp_path / "coarse", "speed_mps")), dict(series(tmp_path / "fine", "speed_mps"))
    assert coarse == pytest.approx({90_000: 2.0, 150_000: 3.0}, abs=1e-3)
    assert list(fine) == [10_000, 90_000, 150_000]


def test_one_source_a_signal_the_owner_first(tmp_path: Path) -> None:
    crowd = [(i * 100_000, speed(30.0, source=49)) for i in range(10)]
    owned = log(tmp_path / "owned.log", [*crowd, (1_000_000, speed(5.0, source=0))])
    orphan = log(tmp_path / "orphan.log", [*crowd, (1_000_000, speed(5.0, source=33))])
    assert run(owned, tmp_path / "1").sources["speed_mps"] == "CCVS1 from 0"
    assert run(orphan, tmp_path / "2").sources["speed_mps"] == "CCVS1 from 49"


def test_error_not_available_and_implausible_values_are_not_stored(tmp_path: Path) -> None:
    words = ["FF00FEFFFFFFFFFF", "FF00FFFFFFFFFFFF", "FF00FAFFFFFFFFFF", "FF0050FFFFFFFFFF"]
    sent = [(i * 100_000, Frame(identifier=0x18FEF100, data=bytes.fromhex(word))) for i, word in enumerate(words)]
    cold = Frame(identifier=0x18FEEE00, data=encode_signals(65262, {"oil_temperature_k": 100.0}))
    path = log(tmp_path / "a.log", [*sent, (400_000, cold)])
    told = run(path, tmp_path / "lake")
    assert dict(series(tmp_path / "lake", "speed_mps")) == pytest.approx({200_000: 250 * KMH, 300_000: 80 * KMH})
    assert told.outside == {"oil_temperature_k": 1}
    (row,) = LakeReader(tmp_path / "lake").quarantine().to_pylist()
    assert (row["reason"], row["identity"]) == ("range", "T1")
    assert row["detail"].startswith("1 values of oil_temperature_k dropped; accepted 200 to")


def test_each_tyre_has_its_row(tmp_path: Path) -> None:
    wheels = {0x00: 8.0e5, 0x01: 8.4e5, 0x10: 7.6e5}
    sent = [
        (
            i,
            Frame(
                identifier=0x18FEF433, data=encode_signals(65268, {"tyre_position_state": place, "tyre_pressure_pa": pressure})
            ),
        )
        for i, (place, pressure) in enumerate(wheels.items())
    ]
    run(log(tmp_path / "a.log", sent), tmp_path / "lake")
    found = LakeReader(tmp_path / "lake").observations("T1")
    assert dict(zip(found.column("tyre_position_state"), found.column("tyre_pressure_pa"), strict=True)) == wheels


def test_faults_are_written_when_they_come_and_go(tmp_path: Path) -> None:
    sent = [dm1(), dm1(DAMAGED), dm1(DAMAGED), dm1(DAMAGED, source=3), dm1(), dm1(source=3), dm1(source=3)]
    path = log(tmp_path / "a.log", [(i * SECOND_US, frame) for i, frame in enumerate(sent)])
    told = run(path, tmp_path / "lake", received_us=START_US + 77)
    rows = LakeReader(tmp_path / "lake").faults("T1").sort_by("time_us").to_pylist()
    assert [((row["time_us"] - START_US) // SECOND_US, row["code"], row["active"]) for row in rows] == [
        (1, "SPN 110 FMI 3", True),
        (5, "SPN 110 FMI 3", False),
    ]
    assert {row["received_us"] for row in rows} == {START_US + 77}
    assert told.faults == ("SPN 110 FMI 3",)


def test_faults_and_vin_of_more_than_a_frame(tmp_path: Path) -> None:
    codes = tuple(Dtc(spn=spn, fmi=4, occurrence_count=1) for spn in (91, 100, 110))
    payload = encode_troubles(Troubles(lamps=QUIET, dtcs=codes))
    sent = encode(Message(pgn=65226, source_address=0, destination_address=255, priority=6, payload=payload))
    sent += encode(Message(pgn=65260, source_address=0, destination_address=249, priority=6, payload=b"1FUJGLDR0CSBX0001*"))
    told = run(log(tmp_path / "a.log", [(i * 50_000, frame) for i, frame in enumerate(sent)]), tmp_path / "lake")
    assert told.faults == ("SPN 100 FMI 4", "SPN 110 FMI 4", "SPN 91 FMI 4")
    assert told.vin == "1FUJGLDR0CSBX0001"


def test_unreadable_lines_go_to_quarantine_with_their_bytes(tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", [(0, speed(10.0))])
    path.write_bytes(path.read_bytes() + b"(17000 can0 \xff\n" + b"(1.0) can0 7E8#00\n")
    told = run(path, tmp_path / "lake")
    (row,) = LakeReader(tmp_path / "lake").quarantine().to_pylist()
    assert (told.rejects, told.skipped) == (1, {"11-bit identifier": 1})
    assert (row["wire"], row["reason"], row["frame"]) == ("j1939", "syntax", b"(17000 can0 \xff")
    assert run(path, tmp_path / "lake").already
    assert len(LakeReader(tmp_path / "lake").quarantine()) == 1


def test_a_log_that_counts_from_its_start_ended_when_the_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        f" (000.000000)  can1  {speed(1.0).identifier:08X}   [8]  FF 00 50 FF FF FF FF FF\n"
        f" (090.000000)  can1  {speed(1.0).identifier:08X}   [8]  FF 00 50 FF FF FF FF FF\n",
        encoding="ascii",
    )
    os.utime(path, ns=(START_US * 1000, START_US * 1000))
    told = run(path, tmp_path / "lake")
    assert (told.first_us, told.last_us) == (START_US - 90 * SECOND_US, START_US)


def test_rows_know_the_trailer_of_their_time(tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", [(i * SECOND_US, speed(10.0)) for i in range(4)])
    couplings = (
        Coupling(tractor_id="T1", trailer_id="A", start_us=START_US, end_us=START_US + SECOND_US),
        Coupling(tractor_id="T1", trailer_id="B", start_us=START_US + 2 * SECOND_US, end_us=None),
        Coupling(tractor_id="T2", trailer_id="C", start_us=0, end_us=None),
    )
    run(path, tmp_path / "lake", couplings=couplings)
    assert LakeReader(tmp_path / "lake").observations("T1").table.column("trailer_id").to_pylist() == ["A", None, "B", "B"]


def test_a_dbc_comes_before_the_own_table(tmp_path: Path) -> None:
    dbc = tmp_path / "own.dbc"
    dbc.write_text(
        'VERSION ""\nNS_ :\nBS_:\nBU_: ECU\nBO_ 2566848809 OWN: 8 ECU\n SG_ Ground : 0|8@1+ (1,0) [0|250] "km/h" ECU\n',
        encoding="utf-8",
    )
    own = Frame(identifier=(2566848809 & 0x1FFFFFFF), data=bytes([72] + [255] * 7))
    path = log(tmp_path / "a.log", [(0, speed(10.0)), (100_000, own)])
    told = run(path, tmp_path / "lake", dbc=(dbc,), names={"Ground": "speed_mps"})
    assert told.sources == {"speed_mps": "OWN from 41"}
    assert dict(series(tmp_path / "lake", "speed_mps")) == pytest.approx({100_000: 20.0})


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", [(0, speed(10.0))])
    seen: list[tuple[int, int]] = []
    run(path, tmp_path / "lake", progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", b"hello"), ("a.mf4", b"MDF     junk"), ("a.asc", b"\x00"), ("a.csv", b"a,b\n1,2\n")]
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=name):
        run(path, tmp_path / "lake")


def test_a_missing_file_and_a_raster_of_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        run(tmp_path / "none.log", tmp_path / "lake")
    with pytest.raises(InputError, match="raster"):
        run(log(tmp_path / "a.log", [(0, speed(1.0))]), tmp_path / "lake", raster_us=0)


def test_the_importer_alone_loads_no_slow_library() -> None:
    slow = "('can', 'cantools', 'asammdf')"
    program = f"import sys; import fifthwheel.connect.importers.importer; sys.exit(any(name in sys.modules for name in {slow}))"
    environment = os.environ | {"PYTHONPATH": str(Path(importer.__file__).parents[3])}
    assert subprocess.run([sys.executable, "-c", program], check=False, env=environment).returncode == 0
