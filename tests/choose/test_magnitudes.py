"""What studies of Chinese fleets found, reproduced in order of magnitude with the defaults of the region.

Consumption is typical of the use (trunk 36 L, 9.5 kg of hydrogen a 100 km; short haul 42 L, 1.6 kWh a km) [K]; statements are of
ICCT on Tangshan, Bangkok Post on Shenzhen (2024), CGTN (2024) and greenergydaily.com (2025) on fuel cells. One statement is not
reproduced: that trucks with leased swap packs are under LNG in port shuttle (docs/cost.md).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from fifthwheel.choose.cost import Ledger, Work, assets_of, ledger
from fifthwheel.choose.region import Region, region
from fifthwheel.choose.sensitivity import break_even
from fifthwheel.units import KM, KMH, KWH, LITRE
from fifthwheel.vehicle.catalogue import combination

CN = region("cn")
DIESEL, BATTERY, FUEL_CELL = "diesel-6x4-box", "battery-423-box", "fuel-cell-6x4-box"
LITRES = 835.0 * LITRE / (100 * KM)
SHORT = Work(speed_mps=35 * KMH, distance_year_m=60e6, years=5.0, toll_ratio=0.1, payload_kg=30e3)
TRUNK = Work(speed_mps=65 * KMH, distance_year_m=140e6, years=5.0, toll_ratio=0.9)
SHORT_DIESEL, SHORT_BATTERY = replace(SHORT, fuel_kgpm=42 * LITRES), replace(SHORT, depot_jpm=1.6 * KWH / KM)


def book(name: str, work: Work, where: Region = CN) -> Ledger:
    return ledger(assets_of(combination(name), where), work, where)


def test_a_battery_saves_a_tenth_to_a_quarter_over_its_life_in_short_haul() -> None:
    assert 0.10 < 1.0 - float(book(BATTERY, SHORT_BATTERY).life) / float(book(DIESEL, SHORT_DIESEL).life) < 0.26


def test_with_subsidy_a_battery_is_a_quarter_and_more_under_diesel_until_its_payload_counts() -> None:
    aided = CN.priced({"subsidy_battery": 95e3})
    works = [replace(work, payload_kg=0.0, distance_year_m=140e3 * 320) for work in (SHORT_BATTERY, SHORT_DIESEL)]
    alone = 1.0 - float(book(BATTERY, works[0], aided).total) / float(book(DIESEL, works[1], aided).total)
    assert 0.20 < alone < 0.40
    assert 1.0 - float(book(BATTERY, SHORT_BATTERY).total) / float(book(DIESEL, SHORT_DIESEL).total) < alone


def test_at_prices_of_2023_a_battery_wins_from_some_ten_thousand_km_a_year() -> None:
    """60,000 km in Shenzhen; 700,000 CNY with 423 kWh, charged at the depot or in public."""
    where = CN.priced({combination(BATTERY).tractor.price: 450e3})
    assets = [assets_of(combination(name), where) for name in (BATTERY, DIESEL)]
    found = [
        break_even((assets[0], work), (assets[1], SHORT_DIESEL), where, over="distance_year_m", span=(5e6, 300e6))
        for work in (SHORT_BATTERY, replace(SHORT, public_jpm=1.6 * KWH / KM))
    ]
    assert found[0] == pytest.approx(60e6, rel=0.3)
    assert found[1] is not None
    assert 60e6 < found[1] < 150e6


def test_a_fuel_cell_is_some_fifth_dearer_and_tolls_are_some_fifth_of_its_cost() -> None:
    diesel, cell = (
        book(DIESEL, replace(TRUNK, fuel_kgpm=36 * LITRES)),
        book(FUEL_CELL, replace(TRUNK, fuel_kgpm=9.5 / (100 * KM))),
    )
    assert 0.10 < float(cell.total) / float(diesel.total) - 1.0 < 0.35
    assert 0.15 < float(cell.lines["toll"]) / float(cell.total) < 0.30
    assert 4.0e6 < float(cell.life) < 6.7e6
