"""Our ledger against NREL's T3CO 2.0.0 on scenarios of T3CO's own test inputs, line by line.

`T3CO` is what ``T3CO_PYTHON benchmarks/cost_t3co.py ../shared/data/nrel/t3co`` printed for T3CO 2.0.0 (BSD-3, from PyPI) on 22
November 2026, in dollars, discounted over seven years unless the line is paid once; columns are rows of the test inputs: diesel
of 2020 and 2030, gas, battery of 2020 and 2030, fuel cell, the first on credit, the battery of 2030 with 8 t on top. What T3CO 2
reads and its inputs lack is in ``benchmarks/cost_t3co.toml``.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fifthwheel.choose.cost import Ledger, ledger
from fifthwheel.choose.region import Region
from fifthwheel.choose.t3co import GALLON_DIESEL_J, MILE_M, PRICES, Trial, scenario
from fifthwheel.units import HOUR

ADDED = tomllib.loads((Path(__file__).parents[2] / "benchmarks" / "cost_t3co.toml").read_text(encoding="utf-8"))
T3CO = """
line          |           1|           3|           8|          22|          24|          29|      1 loan|    24 heavy
glider        |   182878.50|   182878.50|   182878.50|   182878.50|   182878.50|   182878.50|   182878.50|   182878.50
fuel_converter|    24122.32|    37622.32|    28049.32|        0.00|        0.00|    96900.00|    24122.32|        0.00
fuel_storage  |      415.09|      415.09|    62729.84|        0.00|        0.00|   163782.00|      415.09|        0.00
motor         |        0.00|        0.00|        0.00|     3632.04|     2465.48|     4080.00|        0.00|     2465.48
plug          |        0.00|        0.00|        0.00|      187.50|      129.90|        0.00|        0.00|      129.90
battery       |        0.00|        0.00|        0.00|   718298.20|   554219.93|     5910.00|        0.00|   554219.93
msrp          |   207415.92|   220915.92|   273657.66|   904996.24|   739693.81|   453550.50|   207415.92|   739693.81
purchase_tax  |    24889.91|    26509.91|    32838.92|   108599.55|    88763.26|    54426.06|    24889.91|    88763.26
down_payment  |   232305.83|   247425.83|   306496.58|  1013595.79|   828457.07|   507976.56|    34845.87|   828457.07
residual      |   -41808.68|   -44529.87|   -55160.98|  -182419.46|  -149099.56|   -91421.86|   -41808.68|  -149099.56
fuel          |   238205.35|   290448.19|   183858.55|   285869.64|   285563.79|   606327.23|   238205.35|   285563.79
maintenance   |   209297.78|   209297.78|   209297.78|        0.00|        0.00|   233217.53|   209297.78|        0.00
insurance     |    51460.65|    54810.05|    67895.47|   224532.89|   183520.75|   112527.55|    51460.65|   183520.75
waiting_labour|        0.00|        0.00|        0.00|    34423.19|    34423.19|        0.00|        0.00|    34423.19
waiting       |        0.00|        0.00|        0.00|    55077.10|    55077.10|        0.00|        0.00|    55077.10
repair        |    53768.99|    53768.99|    53768.99|    53768.99|    53768.99|    53768.99|    53768.99|    53768.99
payload       |        0.00|        0.00|        0.00|        0.00|        0.00|        0.00|        0.00|   140149.54
tco           |   743229.92|   811220.97|   766156.39|  1484848.14|  1291711.32|  1422395.99|   781001.71|  1431860.86
payload_ratio |    1.000000|    1.000000|    1.000000|    1.000000|    1.000000|    1.000000|    1.000000|    1.108499
waiting_hours |    0.000000|    0.000000|    0.000000| 1611.805114| 1611.805114|    0.000000|    0.000000| 1611.805114
loan_year     |        0.00|        0.00|        0.00|        0.00|        0.00|        0.00|    39336.83|        0.00
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in T3CO.strip().splitlines()]
COLUMNS = {ROWS[0][place]: {row[0]: float(row[place]) for row in ROWS[1:]} for place in range(1, len(ROWS[0]))}
ONCE = (
    "glider",
    "fuel_converter",
    "fuel_storage",
    "motor",
    "plug",
    "battery",
    "msrp",
    "purchase_tax",
    "down_payment",
    "loan_year",
)
YEARLY = ("fuel", "maintenance", "insurance", "waiting_labour", "standstill")
PARTS = {
    "glider": ("glider",), "fuel_converter": ("fuel_converter", "fuel_converter_base"), "fuel_storage": ("fuel_storage",),
    "motor": ("motor", "motor_base"), "plug": ("plug",), "battery": ("pack", "pack_base"),
}  # fmt: skip
RESIDUAL = "residual_first_t3co"


@cache
def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def ours(column: str, data: Path, falls_count: int = 1) -> tuple[dict[str, float], Ledger]:
    """Our lines in T3CO's terms; value falls by the rates of all years, `falls_count` times over."""
    selection, theirs = column.partition(" ")[0], COLUMNS[column]
    row: dict[str, Any] = next(one for one in table(data / "TCO_SCENARIO_TEST_INPUTS.csv") if one["selection"] == selection)
    row = row | ADDED["added"] | {"purchasing_method": "loan" if column.endswith("loan") else "cash"}
    vehicle = next(one for one in table(data / "TCO_VEHICLE_TEST_INPUTS.csv") if one["selection"] == selection)
    fuel = row["fuel_type"].lower()
    price = next(
        one for one in table(data / "FuelPrices.csv") if (one["Region"], one["Fuel"]) == (row["region"], PRICES[fuel][0])
    )
    trial = Trial(
        energy_jpm=GALLON_DIESEL_J / (ADDED["economy_mpgde"][fuel] * MILE_M),
        waiting_s=theirs["waiting_hours"] * HOUR / ADDED["years"], payload_ratio=theirs["payload_ratio"],
    )  # fmt: skip
    assets, work, where = scenario(row, vehicle, price, trial)
    book = ledger(assets, work, _fallen(where, falls_count))
    life = float(book.capital.horizon.worth(book.years) * book.distance_year_m)
    parts = {
        name: float(sum(assets.bills["tractor"][part] * where[part] for part in made_of)) for name, made_of in PARTS.items()
    }  # fmt: skip
    return parts | {
        "msrp": float(book.once["tractor"]), "purchase_tax": float(book.once["purchase_tax"]),
        "down_payment": float(book.capital.upfront), "loan_year": float(book.capital.loan_year),
        "residual": float(book.once["residual"] * book.capital.horizon.discount(book.years)),
        "fuel": float(book.lines["fuel"]) * life, "maintenance": float(book.lines["maintenance"]) * life,
        "insurance": float(book.lines["insurance"]) * life, "waiting_labour": float(book.lines["charging_time"]) * life,
        "standstill": float(book.lines["downtime"]) * life, "payload": float(book.lines["payload"]) * life,
        "tco": float(book.life),
    }, book  # fmt: skip


def _fallen(where: Region, count: int) -> Region:
    one = where.assumptions[RESIDUAL]
    return replace(where, assumptions=dict(where.assumptions) | {RESIDUAL: replace(one, value=float(one.value) ** count)})


@pytest.mark.parametrize("column", COLUMNS)
def test_what_is_bought_and_what_runs_is_that_of_t3co(column: str, reference_data: Path) -> None:
    found, _ = ours(column, reference_data / "nrel" / "t3co")
    theirs = COLUMNS[column] | {"standstill": COLUMNS[column]["waiting"] + COLUMNS[column]["repair"]}
    for line in (*ONCE, *YEARLY):
        assert found[line] == pytest.approx(theirs[line], rel=1e-6, abs=0.01), line


@pytest.mark.parametrize("column", COLUMNS)
def test_residual_payload_and_total_match_with_the_value_fallen_twice(column: str, reference_data: Path) -> None:
    """T3CO 2.0.0 makes the capital costs of the first year twice, and each time multiplies the share of value that is left into
    the scenario: value falls by the rates of seven years twice over. Done so here, all lines are its own."""
    found, _ = ours(column, reference_data / "nrel" / "t3co", falls_count=2)
    for line in ("residual", "payload", "tco"):
        assert found[line] == pytest.approx(COLUMNS[column][line], rel=1e-5, abs=0.01), line


@pytest.mark.parametrize("column", COLUMNS)
def test_the_value_fallen_once_is_all_that_differs(column: str, reference_data: Path) -> None:
    found, book = ours(column, reference_data / "nrel" / "t3co")
    theirs = COLUMNS[column]
    assert found["residual"] == pytest.approx(theirs["residual"] / 0.91**7, rel=1e-6)
    ratio = 1.0 + float(book.payload_ratio)
    assert found["tco"] - theirs["tco"] == pytest.approx(ratio * (found["residual"] - theirs["residual"]), rel=1e-4)
