"""T3CO's ledger for rows of its own test inputs, as JSON: run by the Python that has T3CO 2 (benchmarks/cost.py calls it).

T3CO_PYTHON benchmarks/cost_t3co.py FOLDER [ROUNDS]     FOLDER holds TCO_SCENARIO_TEST_INPUTS.csv and TCO_VEHICLE_TEST_INPUTS.csv

``1 loan`` is row 1 on credit; ``24 heavy`` is row 24 with 8 t added to the vehicle, so that payload is lost.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
import tomllib
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from statistics import median

import t3co
from t3co.constants import Global
from t3co.energy_models.energy import Energy
from t3co.input_data.scenario import Scenario
from t3co.input_data.vehicle import Vehicle
from t3co.tco.ledger import Ledger

FILES = Path(t3co.__file__).parent / "resources" / "auxiliary"
ADDED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SECONDS: list[float] = []
"""That each of T3CO's ledgers took; reading the rows of scenario and vehicle is not counted."""
LINES = (
    "glider_cost_dol", "fuel_converter_cost_dol", "fuel_storage_cost_dol", "motor_control_power_elecs_cost_dol", "plug_cost_dol",
    "battery_cost_dol", "msrp_total_dol", "purchase_tax_dol", "purchasing_downpayment_dol", "residual_cost_dol",
    "total_fuel_cost_dol", "total_maintenance_cost_dol", "insurance_cost_dol", "fueling_dwell_labor_cost_dol",
    "fueling_downtime_oppy_cost_dol", "mr_downtime_oppy_cost_dol", "payload_capacity_cost_dol", "discounted_tco_dol",
    "payload_cap_cost_multiplier", "total_fueling_dwell_time_hr",
)  # fmt: skip


def row_of(path: Path, selection: int) -> dict[str, str]:
    with path.open(encoding="utf-8-sig") as lines:
        return next(row for row in csv.DictReader(lines) if int(row["selection"]) == selection)


def number(text: str) -> object:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def ledger_of(folder: Path, selection: int, purchase: str = "cash", extra_kg: float = 0.0) -> dict[str, float]:
    row = {name: number(text) for name, text in row_of(folder / "TCO_SCENARIO_TEST_INPUTS.csv", selection).items()}
    fuel = str(row["fuel_type"]).lower()
    known = {name: value for name, value in row.items() if name in Scenario.__annotations__}
    added = ADDED["added"] | {
        "fuel_type": fuel, "purchasing_method": purchase, "fuel_prices_file": str(FILES / "FuelPrices.csv"),
        "plf_weight_distribution_file": str(FILES / "tractorweightvars.csv"),
    }  # fmt: skip
    scenario = Scenario.from_dict(json.loads(json.dumps(known | added)))
    vehicle = Vehicle.from_csv(selection, folder / "TCO_VEHICLE_TEST_INPUTS.csv")
    vehicle.set_veh_kg()
    vehicle.veh_kg += extra_kg
    energy = Energy(mpgge=ADDED["economy_mpgde"][fuel] * Global.DGE_TO_GGE, primary_fuel_range_mi=ADDED["range_mi"][fuel])
    start = time.perf_counter()
    book = Ledger(vehicle=vehicle, scenario=scenario, energy=energy)
    SECONDS.append(time.perf_counter() - start)
    payment = book.tco_per_year[0].oper_costs_dol.purchasing_payment_dol_per_yr
    return {name: float(getattr(book, name)) for name in LINES} | {"purchasing_payment_dol_per_yr": float(payment)}


def main() -> None:
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    found: dict[str, dict[str, float]] = {}
    with redirect_stdout(io.StringIO()):
        for _ in range(rounds):
            for row in ADDED["rows"]:
                found[str(row)] = ledger_of(folder, row)
        found["1 loan"] = ledger_of(folder, 1, "loan")
        found["24 heavy"] = ledger_of(folder, 24, extra_kg=8000.0)
    print(json.dumps({"version": version("t3co"), "seconds_a_scenario": median(SECONDS), "rows": found}, indent=1))


if __name__ == "__main__":
    main()
