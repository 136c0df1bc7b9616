"""What a kilometre costs: energy, wear, people and capital of a combination at work, line by line.

``c = CAPEX (1 - residual/(1+i)^n) CRF / km_a + insurance / km_a + energy + AdBlue + tyres + linings + maintenance + toll
+ driver / v``, ``CRF = i (1+i)^n / ((1+i)^n - 1)`` (control facts 4.4). Every line takes floats or arrays of one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fifthwheel.choose.region import YEAR_S, Region
from fifthwheel.physics.quantity import Quantity
from fifthwheel.vehicle.combination import Combination

ENERGY: Final = ("fuel", "adblue", "electricity")
"""Lines that pay for energy; the others are the rest."""
ADBLUE_KGPM3: Final = 1090.0
"""Density of AdBlue (ISO 22241-1)."""
TRACTORS: Final = ("diesel", "lng", "battery", "fuel_cell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a metre takes, each float or array.

    Attributes
    ----------
    fuel_kgpm, electric_jpm : from the tank, and from the batteries' terminals. friction_jpm : heat of the friction brakes.
    speed_mps : mean, halts included. extra : price of what was added to the vehicle, in the region's currency.
    """

    fuel_kgpm: Quantity
    electric_jpm: Quantity
    friction_jpm: Quantity
    speed_mps: Quantity
    extra: Quantity = 0.0


def purchase(combination: Combination, region: Region) -> tuple[Quantity, Quantity]:
    """Price of the tractor with its battery, and of the trailer with its drive and battery."""
    kind = tractor_kind(combination)
    drive = combination.drive
    tractor = region[f"tractor_{kind}"] + (region["motor_hybrid"] if drive.engine and drive.motor else 0.0)
    if drive.battery:
        tractor += region["battery"] * drive.battery.capacity_j
    trailer: Quantity = 0.0 if combination.trailer is None else region["trailer"]
    towed = combination.trailer_drive
    if towed and towed.battery:
        trailer += region["trailer_drive"] + region["battery"] * towed.battery.capacity_j
    return tractor, trailer


def tractor_kind(combination: Combination) -> str:
    """What prices and maintenance of the tractor go by: one of `TRACTORS`."""
    kind = combination.energy_kind
    return next(name for name in ("fuel_cell", "battery", "lng", "diesel") if kind.startswith(name))


def lines(combination: Combination, work: Work, region: Region) -> dict[str, Quantity]:
    """Cost of a metre, by line, in the region's currency; the sum is the cost.

    Raises
    ------
    UnknownName : the region lacks an assumption that the combination needs.
    """
    fuel = combination.drive.fuel
    liquid = fuel is not None and fuel.name == "diesel"
    price = 0.0 if fuel is None else region[fuel.name] / (fuel.density_kgpm3 if liquid else 1.0)
    litres = work.fuel_kgpm / fuel.density_kgpm3 if fuel and liquid else 0.0
    axles = sum(len(group.positions_m) for unit in combination.units for group in unit.axles)
    kind = tractor_kind(combination)
    towed = combination.trailer is not None
    return {
        "fuel": work.fuel_kgpm * price,
        "adblue": litres * region["adblue_share"] * ADBLUE_KGPM3 * region["adblue"],
        "electricity": work.electric_jpm / region["charging_efficiency"] * region["depot_charging"],
        "tyres": region["tyres"],
        "linings": work.friction_jpm * region["linings"],
        "maintenance": region[f"maintenance_{kind}"] + (region["maintenance_trailer"] if towed else 0.0),
        "toll": region[f"toll_{min(max(axles, 2), 6)}"] * region["toll_share"],
        "driver": region["driver"] / region["driver_time"] / work.speed_mps,
        "insurance": region[f"insurance_{'battery' if kind == 'battery' else 'diesel'}"] / region["distance"],
        "capital": capital(combination, work.extra, region),
    }


def capital(combination: Combination, extra: Quantity, region: Region) -> Quantity:
    """Capital cost of a metre: price less the discounted residual, as an annuity over the life."""
    tractor, trailer = purchase(combination, region)
    years, rate = region["life"] / YEAR_S, region["interest"]
    annuity = rate * (1 + rate) ** years / ((1 + rate) ** years - 1)
    left = (1 + rate) ** -years
    net = (tractor + extra) * (1 - region["residual"] * left) + trailer * (1 - region["residual_trailer"] * left)
    return net * annuity / YEAR_S / region["distance"]
