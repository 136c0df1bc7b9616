"""The cost of a kilometre: closed sums, signs, and hand figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fifthwheel.choose.cost import Work, capital, lines, purchase
from fifthwheel.choose.region import region
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KM, KMH, KWH, MJ
from fifthwheel.vehicle.catalogue import combination

CN = region("cn")
DIESEL = combination("diesel-6x4-box")
WORK = Work(fuel_kgpm=0.28 / KM, electric_jpm=0.0, friction_jpm=0.15 * MJ / KM, speed_mps=70 * KMH)


def per_km(name: str, work: Work) -> dict[str, float]:
    return {line: float(cost) * KM for line, cost in lines(combination(name), work, CN).items()}


def test_lines_of_a_diesel_by_hand() -> None:
    cost = per_km("diesel-6x4-box", WORK)
    density = DIESEL.drive.fuel.density_kgpm3 if DIESEL.drive.fuel else 0.0
    assert cost["fuel"] == pytest.approx(0.28 / density * 1e3 * 7.0)
    assert cost["adblue"] == pytest.approx(0.28 / density * 0.05 * 1090.0 * 2.4)
    assert cost["electricity"] == 0.0
    assert cost["linings"] == pytest.approx(0.15 * 0.16)
    assert cost["toll"] == pytest.approx(2.15 * 0.6)
    assert cost["driver"] == pytest.approx(13000 / 220 / 70)
    assert cost["insurance"] == pytest.approx(24000 / 140000)


def test_capital_is_the_annuity_of_price_less_residual() -> None:
    annuity = 0.08 * 1.08**5 / (1.08**5 - 1)
    net = 380e3 * (1 - 0.31 / 1.08**5) + 88e3 * (1 - 0.45 / 1.08**5)
    assert float(capital(DIESEL, 0.0, CN)) * KM == pytest.approx(net * annuity / 140e3)


def test_an_electric_trailer_costs_its_battery_and_drive() -> None:
    extra = purchase(combination("diesel-6x4-etrailer"), CN)[1] - purchase(DIESEL, CN)[1]
    assert extra == pytest.approx(105e3 + 520 * 200, rel=0.05)


def test_electricity_is_paid_at_the_plug() -> None:
    cost = per_km("battery-423-box", Work(fuel_kgpm=0.0, electric_jpm=1.4 * KWH / KM, friction_jpm=0.0, speed_mps=70 * KMH))
    assert cost["electricity"] == pytest.approx(1.4 / 0.93 * 0.65)
    assert cost["fuel"] == cost["adblue"] == 0.0


def test_arrays_go_through_every_line() -> None:
    speeds = np.array([50.0, 70.0]) * KMH
    both = lines(DIESEL, Work(fuel_kgpm=2.8e-4, electric_jpm=0.0, friction_jpm=0.0, speed_mps=speeds), CN)
    assert np.all(np.diff(sum(both.values())) < 0.0)


@pytest.mark.parametrize("name", ["atlantis", "missing.toml"])
def test_an_unknown_region_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        region(name)


def test_a_value_outside_its_range_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('currency = "CNY"\n[assumptions]\ndiesel = { value = 9, low = 6, high = 8, unit = "CNY/L", source = "x" }\n')
    with pytest.raises(InputError, match="9 CNY/L is not from 6 to 8"):
        region(str(own))


def test_a_missing_assumption_is_named() -> None:
    with pytest.raises(UnknownName, match="disel"):
        CN["disel"]
