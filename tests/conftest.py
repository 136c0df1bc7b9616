"""Fixtures shared by all tests: where the reference data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fifthwheel.fleet.choice_views import CandidateDetail, CostLine, Row, SideView

ROOT = Path(__file__).resolve().parents[1]


def _existing(path: Path) -> Path:
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"reference data is not at {path}; in CI it must be")
        pytest.skip(f"reference data is not at {path}; set FIFTHWHEEL_REFERENCE_DATA to its folder")
    return path


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Folder of the reference data."""
    return _existing(Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data")))


@pytest.fixture(scope="session")
def reference_vectors() -> Path:
    """Folder of the protocol vectors."""
    return _existing(Path(os.environ.get("FIFTHWHEEL_REFERENCE_DATA", ROOT.parent / "shared" / "data")).parent / "vectors")


@pytest.fixture(scope="session")
def candidate() -> CandidateDetail:
    """A candidate of a choice: a diesel tractor with a box trailer, 21 t of payload, and its costs a metre."""
    row = Row(
        candidate_id="c1", title_en="Diesel 6x4 with box trailer", title_zh="柴油6×4厢式半挂", tractor="tractor-6x4-diesel",
        trailer="trailer-box", energy_kind="diesel", rank=1, best=True, payload_kg=21e3, gross_kg=38e3, cost=None, cost_tkm=None,
        energy_jpm=10_800.0, fuel_kgpm=2.5e-4, electric_jpm=0.0, co2_kgpm=8e-4, time_s=17_000.0, range_m=None, price=460e3,
        reason_en="cheapest of two", reason_zh="两者中成本最低",
    )  # fmt: skip
    side = SideView(
        units=(), axles=(), length_m=17.0, height_m=4.0, coupling_m=None, coupling_height_m=None, coupling_kg=None,
        coupling_limit_kg=None, swing_m=None, gap_m=None, load_from_m=3.0, load_to_m=16.0, floor_m=1.1, cg_m=9.0, cg_height_m=1.8,
    )  # fmt: skip
    lines = (("fuel", "Fuel", "燃料", 2.2e-3), ("toll", "Toll", "过路费", 1.3e-3), ("driver", "Driver", "司机", 0.9e-3),
             ("insurance", "Insurance", "保险", 0.2e-3))  # fmt: skip
    costs = tuple(
        CostLine(name=name, title_en=en, title_zh=zh, value=value, low=0.9 * value, high=1.2 * value, source="[K]")
        for name, en, zh, value in lines
    )
    return CandidateDetail(
        row=row, side=side, checks=(), performance=(), account={}, costs=costs, tornado=(), plan=(), cumulative=()
    )
