"""Fixtures shared by all tests: where the reference data lies."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from fifthwheel.choose.duty import from_table, table_of
from fifthwheel.explain.promise import Driven, Leg, compare
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.fleet.choice.views import CandidateDetail, CostLine, Row, SideView
from fifthwheel.fleet.kept import kept_view
from fifthwheel.fleet.promise import promise_view
from fifthwheel.fleet.promise_views import KeptView
from fifthwheel.records import PromiseRecord
from fifthwheel.units import DAY_US

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


@pytest.fixture(scope="session")
def kept_example(candidate: CandidateDetail) -> KeptView:
    """A tractor that meets 15 % more drag than promised on four trips, and uses about 6 % more."""
    terms = {"engine": 6_600.0, "aero_still": 2_000.0, "rolling_tractor": 900.0, "rolling_trailer": 700.0, "auxiliary": 200.0}
    slopes = {name: 2e-5 * value for name, value in terms.items()}
    ends = (36.7, 117.2, 36.7, 119.1)
    leg = Leg(
        name="out", distance_m=170e3, ends=ends, mass_kg=38e3, temperature_k=293.15, speed_mps=21.0, fuel_kgpm=2.4e-4,
        electric_jpm=0.0, terms_jpm=terms, by_mass=slopes, by_temperature=dict.fromkeys(terms, -5.0), wheel_ratio=2.1,
        auxiliary_ratio=1.9,
    )  # fmt: skip
    start_us = 1_795_000_000_000_000
    promised = PromiseRecord(
        vehicle_id="鲁B36700", start_us=start_us, made_us=start_us, who="console",
        duty=table_of(from_table({"road": {"mission": "trunk-jinan-weifang"}, "cargo": {"kind": "general-pallets"}})),
        candidate={
            **{name: getattr(candidate.row, name) for name in candidate.row.__slots__},
            "currency": "CNY", "drag_area_m2": 5.2, "legs": [asdict(leg)], "costs": [asdict(line) for line in candidate.costs],
        },
    )  # fmt: skip
    found = {"aero_still": 2_300.0, "engine": 6_910.0, "unexplained": 20.0}
    way_m = 168e3

    def account(name: str, value: float) -> Finding:
        return with_margin(f"account.{name}", value * way_m, "J", margin=0.02 * value * way_m, origin=Origin.ESTIMATED)

    meter = Finding(name="meter.fuel", value=11_030.0 * way_m, unit="J", low=10_900.0 * way_m, high=11_160.0 * way_m)
    estimates = {
        "mass_kg": with_margin("estimate.mass_kg", 38e3, "kg", margin=600.0, origin=Origin.ESTIMATED),
        "drag_area_m2": with_margin("estimate.drag_area_m2", 1.15 * 5.2, "m²", margin=0.2, origin=Origin.ESTIMATED),
    }
    trips = [
        Driven(
            trip_id=f"trip-{number}", distance_m=way_m, duration_s=8_000.0, ends=ends, meter=(meter,),
            terms={name: account(name, value) for name, value in (terms | found).items()}, estimates=estimates,
        )
        for number in range(4)
    ]  # fmt: skip
    rows = [
        {"trip_id": f"trip-{number}", "start_us": start_us + number * DAY_US,
         "end_us": start_us + number * DAY_US + 8_000_000_000,
         "distance_m": way_m, "mass_kg": 38e3, "fuel_kg": 11_030.0 * way_m / 42.7e6, "electric_j": None}
        for number in range(4)
    ]  # fmt: skip
    return kept_view(
        "鲁B36700", promise_view(promised), compare([leg], 5.2, trips), rows=rows, used=rows,
        span=(start_us, start_us + 4 * DAY_US), left_out=(("trip still goes on", "行程尚未结束", 1),),
    )  # fmt: skip
