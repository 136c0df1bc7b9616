"""Regions: bundled files, a user's own on top of one, units, titles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fifthwheel.choose.cost import Work, assets_of, ledger
from fifthwheel.choose.region import YEAR_S, levelised, region, regions, titles
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KM, KWH, LITRE
from fifthwheel.vehicle.catalogue import combination

CN = region("cn")


@pytest.mark.parametrize("name", ["atlantis", "missing.toml"])
def test_an_unknown_region_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        region(name)


def test_a_value_outside_its_range_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('currency = "CNY"\n[assumptions]\ndiesel = { value = 9, low = 6, high = 8, unit = "CNY/L", source = "x" }\n')
    with pytest.raises(InputError, match="9 CNY/L is not from 6 to 8"):
        region(str(own))


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "unit.toml"
    own.write_text('currency = "CNY"\n[assumptions]\nx = { value = 7, low = 6, high = 8, unit = "CNY/bucket", source = "x" }\n')
    with pytest.raises(InputError, match="CNY/bucket"):
        region(str(own))


def test_own_figures_stand_on_a_base(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'base = "cn"\n[assumptions]\ndiesel = 7.7\ntoll_6 = { value = 2.0 }\n'
        'gold = { value = 1.0, low = 0.5, high = 2.0, unit = "CNY/kWh/month", source = "our bank" }\n'
    )
    mine = region(str(own))
    assert mine.currency == "CNY"
    assert mine["diesel"] == pytest.approx(7.7 / LITRE)
    assert mine.assumptions["diesel"].high == pytest.approx(8.2 * 1.1 / LITRE)
    assert mine.assumptions["diesel"].source == "entered in own.toml"
    assert mine["toll_6"] == pytest.approx(2.0 / KM)
    assert mine["gold"] == pytest.approx(1.0 / KWH / (YEAR_S / 12))
    assert mine["lng"] == CN["lng"]


def test_a_new_name_without_a_range_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "new.toml"
    own.write_text('base = "cn"\n[assumptions]\ndisel = 7.7\n')
    with pytest.raises(InputError, match="disel"):
        region(str(own))


def test_a_missing_assumption_is_named() -> None:
    with pytest.raises(UnknownName, match="disel"):
        CN["disel"]
    with pytest.raises(UnknownName, match="toll_7 or tolls"):
        CN.first("toll_7", "tolls")


@pytest.mark.parametrize("name", regions())
def test_every_assumption_has_source_and_titles(name: str) -> None:
    known = titles("assumptions")
    assert [
        one.name for one in region(name).assumptions.values() if not one.source or not all(known.get(one.name, ("", "")))
    ] == []


def test_every_line_has_titles() -> None:
    lines = ledger(assets_of(combination("diesel-6x4-box"), CN), Work(speed_mps=20.0), CN).lines
    assert lines.keys() == titles("lines").keys()


def test_one_value_for_a_life_costs_what_its_years_cost() -> None:
    prices = np.array([3.0, 3.2, 3.1, 4.0])
    paid = sum(price / 1.08**year for year, price in enumerate(prices, 1))
    same = sum(levelised(prices, 0.08) / 1.08**year for year in range(1, 5))
    assert same == pytest.approx(paid, rel=1e-12)
