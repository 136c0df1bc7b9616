from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from fifthwheel.errors import InputError
from fifthwheel.signals.mdf import Trace, opened, read, write

pytest.importorskip("asammdf", reason="the extra 'can' is not installed")

STARTED_US = 1_795_348_800_123_456


def traces() -> list[Trace]:
    draw = np.random.default_rng(5)
    fast, slow = np.linspace(0.0, 1.999, 2000), np.linspace(0.5, 2.45, 40)
    return [
        Trace(
            columns={"time_s": fast, "engine_radps": draw.normal(size=2000), "clutch_odd_nm": draw.normal(size=2000) * 1e-300},
            title="heavy_dct on its plant", titles={"engine_radps": ("speed of the engine", "发动机转速")},
        ),
        Trace(columns={"time_s": slow, "v_act": draw.normal(size=40)}, units={"v_act": "km/h"}),
    ]  # fmt: skip


def test_a21_what_is_written_is_read_back_identical(tmp_path: Path) -> None:
    write(tmp_path / "a.mf4", traces(), STARTED_US)
    found, started_us = read(tmp_path / "a.mf4")
    assert started_us == STARTED_US
    for one, wanted in zip(found, traces(), strict=True):
        assert list(one.columns) == list(wanted.columns)
        for name, column in wanted.columns.items():
            np.testing.assert_array_equal(one.columns[name], column)
    assert found[0].title == "heavy_dct on its plant"
    assert found[0].titles["engine_radps"] == ("speed of the engine", "发动机转速")
    assert found[0].units == {"engine_radps": "rad/s", "clutch_odd_nm": "N·m"}
    assert found[1].units == {"v_act": "km/h"}


def test_the_file_is_410_with_a_master_of_time_a_raster(tmp_path: Path) -> None:
    write(tmp_path / "a.mf4", traces(), STARTED_US)
    with opened(tmp_path / "a.mf4") as file:
        assert file.version == "4.10"
        assert len(file.groups) == 2
        for group in file.groups:
            masters = [(one.channel_type, one.sync_type) for one in group.channels if one.channel_type]
            assert masters == [(2, 1)]  # master, of time
        assert file.start_time.utcoffset() is not None


@pytest.mark.parametrize(
    "columns",
    [
        {"a_m": np.zeros(3)},
        {"time_s": np.arange(3.0), "a_m": np.zeros(4)},
        {"time_s": np.array([0.0, 1.0, 1.0]), "a_m": np.zeros(3)},
    ],
)
def test_columns_that_are_no_trace_are_refused(tmp_path: Path, columns: dict[str, np.ndarray]) -> None:
    with pytest.raises(InputError, match="rising time_s"):
        write(tmp_path / "a.mf4", [Trace(columns=columns)], STARTED_US)


def test_files_that_cannot_be_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"written as \.mf4"):
        write(tmp_path / "a.dat", traces(), STARTED_US)
    (tmp_path / "b.mf4").write_bytes(b"MDF     junk")
    with pytest.raises(InputError, match="cannot be written"):
        write(tmp_path / "b.mf4" / "a.mf4", traces(), STARTED_US)
    with pytest.raises(InputError, match="not a readable MF4"):
        read(tmp_path / "b.mf4")
    monkeypatch.setitem(sys.modules, "asammdf", None)
    with pytest.raises(InputError, match=r"fifthwheel\[can\]"):
        write(tmp_path / "a.mf4", traces(), STARTED_US)
