"""Scenarios of NREL's T3CO as inputs of the ledger: the same prices, wear and terms, so that both can be compared line by line.

T3CO prices a vehicle by its parts and marks them up, insures it at a share of its price a year, and takes prices by year. The
ledger takes the one value for the life that costs the same (`region.levelised`).
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.cost import Assets, Work
from fifthwheel.choose.region import PARTS, YEAR_S, Assumption, Region, levelised, region
from fifthwheel.physics.quantity import Quantity
from fifthwheel.units import HOUR, KWH

Fields = Mapping[str, Any]
KIND: Final = "t3co"
"""Its one kind: T3CO's tax and fall of value are the same for all powertrains."""
MILE_M: Final = PARTS["mi"]
GALLON_DIESEL_J: Final = 37.95 * KWH
GALLON_PETROL_J: Final = 33.7 * KWH
PRICES: Final = {
    "diesel": ("dieselDolPerGal", GALLON_DIESEL_J), "cng": ("CNGDolPerGge", GALLON_PETROL_J), "electricity": ("dolPerKwh", KWH),
    "hydrogen": ("hydrogenDolPerGGE", GALLON_PETROL_J),
}  # fmt: skip
"""Row of T3CO's table of fuel prices by year, and the energy that it prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What T3CO finds outside its ledger: energy of a metre, hours a year waiting for energy, and lost payload."""

    energy_jpm: float
    waiting_s: float = 0.0
    payload_ratio: float = 1.0


def scenario(row: Fields, vehicle: Fields, prices: Fields, trial: Trial) -> tuple[Assets, Work, Region]:
    """The ledger's inputs from one scenario, one vehicle and one row of fuel prices of T3CO's tables (texts or numbers).

    Raises
    ------
    KeyError : a field that T3CO 2 has is missing.
    """
    years, rate = int(float(row["vehicle_life_yr"])), float(row["discount_rate_pct_per_yr"])
    distance_m = _mean(row["vmt"], years, rate) * MILE_M
    parts, values = _parts(row, vehicle)
    fuel = str(row["fuel_type"]).lower()
    first = int(float(row["model_year"]))
    by_year = np.array([float(prices[str(year)]) for year in range(first, first + years)])
    values |= _running(row, years, rate, trial, distance_m) | {
        "energy": levelised(by_year, rate) / PRICES[fuel][1], "interest": rate,
        "loan_share": 1.0 - float(row["purchasing_down_payment_pct"]),
        "loan_rate": float(row["purchasing_interest_apr_pct_per_yr"]),
        "loan_term": float(row["purchasing_term_yr"]) * YEAR_S, f"purchase_tax_{KIND}": float(row["tax_rate_pct"]),
        f"residual_first_{KIND}": float(np.prod(1.0 - _series(row["depreciation_rates_pct_per_yr"], years))),
        **dict.fromkeys(("vat", "fees", f"residual_age_{KIND}", f"residual_way_{KIND}", f"subsidy_{KIND}"), 0.0),
    }  # fmt: skip
    own = {
        name: Assumption(name=name, value=value, low=value, high=value, unit="", source=f"T3CO scenario {row['scenario_name']}")
        for name, value in values.items()
    }
    base = region("us")
    where = Region(name="t3co", currency=base.currency, assumptions=dict(base.assumptions) | own)
    assets = Assets(
        bills={"tractor": parts, "fuel": {"energy": 1.0}, "maintenance": {"maintenance": 1.0}}, kinds={KIND: 1.0},
        loan_ratio=float(row.get("purchasing_method") == "loan"), names=(str(row["scenario_name"]),),
    )  # fmt: skip
    work = Work(
        speed_mps=distance_m / trial.waiting_s if trial.waiting_s else np.inf, wait_ratio=1.0, fuel_kgpm=trial.energy_jpm,
        distance_year_m=distance_m, years=float(years), payload_kg=1e4, reference_kg=1e4 * trial.payload_ratio,
    )  # fmt: skip
    return assets, work, where


def _parts(row: Fields, vehicle: Fields) -> tuple[dict[str, Quantity], dict[str, float]]:
    """Amounts of the parts of a vehicle, and their prices with mark-up: by the powertrain, as T3CO 2 prices them."""
    kind, fuel = str(vehicle["veh_pt_type"]), str(row["fuel_type"]).lower()
    watts = {part: float(vehicle[f"{part}_max_kw"]) for part in ("fc", "mc")}
    pack, tank = float(vehicle["ess_max_kwh"]), float(vehicle["fs_kwh"])
    engine = kind not in ("BEV", "HEV") and watts["fc"] > 0.0
    converter = {"HEV": "fc_fuelcell_cost_dol_per_kw", "BEV": None}.get(
        kind, "fc_cng_ice_cost_dol_per_kw" if fuel == "cng" else "fc_ice_cost_dol_per_kw"
    )
    markup = float(row["markup_pct"]) or 1.0
    amounts: dict[str, Quantity] = {
        "glider": 1.0, "fuel_converter_base": float(engine), "fuel_converter": watts["fc"] if converter else 0.0,
        "fuel_storage": tank if kind in ("Conv", "HEV") else 0.0, "motor_base": float(watts["mc"] > 0.0), "motor": watts["mc"],
        "plug": float(kind in ("BEV", "PHEV")), "pack_base": float(pack > 0.0), "pack": pack,
    }  # fmt: skip
    names = {
        "glider": "vehicle_glider_cost_dol", "fuel_converter_base": "fc_ice_base_cost_dol", "fuel_converter": converter,
        "fuel_storage": "fs_cost_dol_per_kwh", "motor_base": "pe_mc_base_cost_dol", "motor": "pe_mc_cost_dol_per_kw",
        "plug": "plug_base_cost_dol", "pack_base": "ess_base_cost_dol", "pack": "ess_cost_dol_per_kwh",
    }  # fmt: skip
    return amounts, {part: markup * float(row[name]) if name else 0.0 for part, name in names.items()}


def _running(row: Fields, years: int, rate: float, trial: Trial, distance_m: float) -> dict[str, float]:
    """Maintenance, insurance, standstill and the driver who waits, in SI."""
    tyres = float(row["mr_tire_replace_downtime_hr_per_event"]) / float(row["mr_avg_tire_life_mi"])
    unplanned = _mean(row["mr_unplanned_downtime_hr_per_mi"], years, rate) + tyres
    return {
        "maintenance": _mean(row["maint_oper_cost_dol_per_mi"], years, rate) / MILE_M,
        "insurance_rate": _mean(row["insurance_rates_pct_per_yr"], years, rate) / YEAR_S,
        "driver": float(row["labor_rate_dol_per_hr"]) / HOUR, "driver_time": 1.0,
        "downtime": float(row["downtime_oppy_cost_dol_per_hr"]) / HOUR,
        "downtime_planned": float(row["mr_planned_downtime_hr_per_yr"]) * HOUR / YEAR_S,
        "downtime_unplanned": unplanned * HOUR / MILE_M + trial.waiting_s / distance_m,
    }  # fmt: skip


def _series(given: object, years: int) -> NDArray[np.float64]:
    values = literal_eval(given.strip()) if isinstance(given, str) else given
    return np.array(values, dtype=float)[:years]


def _mean(given: object, years: int, rate: float) -> float:
    return levelised(_series(given, years), rate)
