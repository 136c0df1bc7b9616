"""What cost needs of a combination: a bill by name of assumption, so that prices stay with the region and may be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Final

import numpy as np

from fifthwheel.choose.region import Region
from fifthwheel.errors import InputError
from fifthwheel.physics.quantity import Quantity
from fifthwheel.vehicle.combination import Combination, Unit

KINDS: Final = ("fuel_cell", "battery", "lng", "diesel")
ELECTRIC: Final = ("battery", "fuel_cell")
"""Kinds whose drive axles pull with a motor's torque, and that the law may let weigh more."""
ADBLUE_KGPM3: Final = 1090.0
"""Density of AdBlue (ISO 22241-1)."""
MOST_AXLES: Final = 6
"""Toll classes of JT/T 489 go from two to six axles."""

Bill = Mapping[str, Quantity]


class Purchase(StrEnum):
    """How it is paid."""

    CASH = "cash"
    LOAN = "loan"
    LEASE = "lease"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """A combination, or several (arrays of one shape, `stack`), as cost sees it.

    Attributes
    ----------
    bills : amount of each assumption of a region, by what it pays for: ``tractor``, ``trailer``, ``body`` (once), ``battery``
        (J), ``maintenance`` and ``toll`` (a metre), ``insurance`` (a second), ``fuel`` and ``adblue`` (a kg of fuel).
    kinds : share of each of `KINDS` in it: 1 for its own.
    steer_tyres_count, drive_tyres_count, trailer_tyres_count : by position; undriven ones of the tractor count as steer.
    battery_j, battery_kg : all traction batteries. co2_kgpkg : fossil, of a kg of fuel.
    loan_ratio, lease_ratio, battery_lease_ratio : 1 where bought on credit, leased, or with its battery leased; else 0.
    """

    bills: Mapping[str, Bill]
    kinds: Bill
    steer_tyres_count: Quantity = 0.0
    drive_tyres_count: Quantity = 0.0
    trailer_tyres_count: Quantity = 0.0
    battery_j: Quantity = 0.0
    battery_kg: Quantity = 0.0
    co2_kgpkg: Quantity = 0.0
    loan_ratio: Quantity = 0.0
    lease_ratio: Quantity = 0.0
    battery_lease_ratio: Quantity = 0.0
    names: tuple[str, ...] = field(default=())

    def cost(self, what: str, region: Region) -> Quantity:
        """Sum of a bill at the prices of a region; zero where there is none."""
        return total(self.bills.get(what, {}), region)

    def of_kind(self, prefix: str, region: Region) -> Quantity:
        """The assumption ``prefix_KIND`` of its kind."""
        return total({f"{prefix}_{kind}": share for kind, share in self.kinds.items()}, region)

    def columns(self) -> Assets:
        """A stack whose fields have shape (n, 1), so that it goes against draws of shape (m,)."""

        def column(value: Quantity) -> Quantity:
            return np.asarray(value, dtype=float)[..., np.newaxis]

        bills = {use: {name: column(amount) for name, amount in bill.items()} for use, bill in self.bills.items()}
        kinds = {name: column(share) for name, share in self.kinds.items()}
        return Assets(bills=bills, kinds=kinds, names=self.names, **{name: column(getattr(self, name)) for name in AMOUNTS})

    @property
    def electric_ratio(self) -> Quantity:
        """1 for battery and fuel-cell trucks, else 0."""
        return sum((self.kinds.get(kind, 0.0) for kind in ELECTRIC), 0.0)


AMOUNTS: Final = tuple(one.name for one in fields(Assets) if one.name not in ("bills", "kinds", "names"))


def total(bill: Bill, region: Region) -> Quantity:
    """Sum of amounts at a region's prices.

    Raises
    ------
    UnknownName : the region does not sell it.
    """
    return sum((amount * region[name] for name, amount in bill.items()), 0.0)


def tractor_kind(combination: Combination) -> str:
    """What prices and maintenance of the tractor go by: one of `KINDS`."""
    kind = combination.energy_kind
    return next(name for name in KINDS if kind.startswith(name))


def assets_of(
    combination: Combination, region: Region, *, purchase: Purchase = Purchase.CASH, battery_lease: bool | None = None
) -> Assets:
    """What cost needs of a combination.

    Parameters
    ----------
    purchase : how it is paid. battery_lease : whether the battery of the tractor and of the trailer belongs to somebody else;
        ``None``: where a station swaps it.

    Raises
    ------
    UnknownName : the region does not sell a unit of it: no assumption of the name that the unit's `price` gives.
    """
    kind = tractor_kind(combination)
    packs = [drive.battery for drive in (combination.drive, combination.trailer_drive) if drive and drive.battery]
    energy_j = sum(pack.capacity_j for pack in packs)
    leased = any(pack.swappable for pack in packs) if battery_lease is None else battery_lease
    fuel = combination.drive.fuel
    bills = _purchases(combination) | _running(combination, kind, region)
    if packs:
        bills["battery"] = {"battery": energy_j}
    for bill in bills.values():
        total(bill, region)
    tyres = [(unit is combination.tractor, group) for unit in combination.units for group in unit.axles]
    return Assets(
        bills=bills, kinds={kind: 1.0}, names=(combination.name,),
        steer_tyres_count=float(sum(group.all_tyres_count for front, group in tyres if front and not group.driven)),
        drive_tyres_count=float(sum(group.all_tyres_count for front, group in tyres if front and group.driven)),
        trailer_tyres_count=float(sum(group.all_tyres_count for front, group in tyres if not front)),
        battery_j=float(energy_j),
        battery_kg=float(sum(pack.mass_kg or pack.capacity_j * region["battery_mass"] for pack in packs)),
        co2_kgpkg=fuel.co2_kgpkg if fuel else 0.0,
        loan_ratio=float(purchase is Purchase.LOAN), lease_ratio=float(purchase is Purchase.LEASE),
        battery_lease_ratio=float(leased and bool(packs)),
    )  # fmt: skip


def _purchases(combination: Combination) -> dict[str, Bill]:
    """What is bought: by the names that the units give, else by kind."""
    tractor, trailer, drive = combination.tractor, combination.trailer, combination.drive
    by_kind = {f"tractor_{tractor_kind(combination)}": 1.0} | ({"motor_hybrid": 1.0} if drive.engine and drive.motor else {})
    bills: dict[str, Bill] = {"tractor": _named(tractor) or by_kind}
    if tractor.body and tractor.body.price:
        bills["body"] = {tractor.body.price: 1.0}
    if trailer:
        bills["trailer"] = _named(trailer) or {"trailer": 1.0} | ({"trailer_drive": 1.0} if trailer.drive else {})
    return bills


def _named(unit: Unit) -> Bill:
    return {unit.price: 1.0} if unit.price else {}


def _running(combination: Combination, kind: str, region: Region) -> dict[str, Bill]:
    axles = min(sum(len(group.positions_m) for unit in combination.units for group in unit.axles), MOST_AXLES)
    towed = {"maintenance_trailer": 1.0} if combination.trailer else {}
    bills: dict[str, Bill] = {
        "maintenance": {f"maintenance_{kind}": 1.0} | towed,
        "toll": {region.first(f"toll_{kind}_{axles}", f"toll_{kind}", f"toll_{axles}", "toll"): 1.0},
        "insurance": {region.first(f"insurance_{kind}", "insurance_diesel"): 1.0},
    }
    fuel = combination.drive.fuel
    if fuel:
        kg = 1.0 / fuel.density_kgpm3
        discount = {"diesel_discount": -kg} if fuel.name == "diesel" else {}
        bills["fuel"] = {fuel.name: kg if region.by_volume(fuel.name) else 1.0} | discount
        if fuel.name == "diesel":
            bills["adblue"] = {"adblue": kg if region.by_volume("adblue") else kg * ADBLUE_KGPM3}
    return bills


def stack(many: Sequence[Assets]) -> Assets:
    """Assets of several combinations as one whose fields have shape (n,).

    Raises
    ------
    InputError : none are given.
    """
    if not many:
        raise InputError("0 combinations to stack; at least 1 is wanted")
    numbers = {name: np.array([getattr(assets, name) for assets in many], dtype=float) for name in AMOUNTS}
    kinds = _stacked([assets.kinds for assets in many])
    uses = dict.fromkeys(use for assets in many for use in assets.bills)
    bills = {use: _stacked([assets.bills.get(use, {}) for assets in many]) for use in uses}
    return Assets(bills=bills, kinds=kinds, names=tuple(name for assets in many for name in assets.names), **numbers)


def _stacked(bills: Sequence[Bill]) -> dict[str, Quantity]:
    names = dict.fromkeys(name for bill in bills for name in bill)
    return {name: np.array([bill.get(name, 0.0) for bill in bills], dtype=float) for name in names}
