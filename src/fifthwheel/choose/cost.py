"""What a kilometre costs: energy, wear, people and capital of a combination at work, line by line.

``c = (CAPEX - residual/(1+i)^n) CRF / km_a + fixed / km_a + energy + AdBlue + tyres + linings + maintenance + toll
+ driver / v + payload lost``, ``CRF = i (1+i)^n / ((1+i)^n - 1)`` (control facts 4.4). Capital is shown as what is paid and
what comes back, spread over the life, and as one line of finance that makes the sum the annuity above. Every field takes
floats or arrays of shapes that broadcast: candidates against draws.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.assets import Assets, Bill, Purchase, assets_of, stack, total
from fifthwheel.choose.capital import LEAST_RATE, Capital, Horizon, Usage, capital_of
from fifthwheel.choose.region import YEAR_S, Region
from fifthwheel.physics.quantity import Quantity
from fifthwheel.units import TONNE

__all__ = ["ENERGY", "Assets", "Bill", "Ledger", "Purchase", "Work", "assets_of", "ledger", "stack", "total"]

ENERGY: Final = ("fuel", "adblue", "depot_charging", "public_charging", "battery_swap")
"""Lines that pay for energy; the others are the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a metre takes and how a vehicle is kept, each float or array.

    Attributes
    ----------
    fuel_kgpm : from the tank. depot_jpm, public_jpm, swap_jpm : into the batteries, by source. friction_jpm : heat of the
        friction brakes.
    speed_mps : mean, halts and charging waits included. wait_ratio : share of that time spent waiting for energy.
    payload_kg : on a laden trip; zero: nobody says, then nothing is charged for payload lost.
    reference_kg : that the freight would load on a vehicle without a battery's mass; ``None``: `payload_kg` and the battery
        beyond what the law allows on top. weight_limited_ratio : share of trips that fill the mass, not the room.
    toll_ratio : share of the way with toll; ``None``: the region's. tyre_wear_ratio : wear over that on highways.
    drivers_count : paid at the same time.
    distance_year_m, years : driven a year, and kept; ``None``: the region's, which a tornado then varies.
    extra : price of what was added to the vehicle, in the region's currency.
    """

    speed_mps: Quantity
    fuel_kgpm: Quantity = 0.0
    depot_jpm: Quantity = 0.0
    public_jpm: Quantity = 0.0
    swap_jpm: Quantity = 0.0
    friction_jpm: Quantity = 0.0
    wait_ratio: Quantity = 0.0
    payload_kg: Quantity = 0.0
    reference_kg: Quantity | None = None
    weight_limited_ratio: Quantity = 1.0
    toll_ratio: Quantity | None = None
    tyre_wear_ratio: Quantity = 1.0
    drivers_count: Quantity = 1.0
    distance_year_m: Quantity | None = None
    years: Quantity | None = None
    extra: Quantity = 0.0

    @property
    def electric_jpm(self) -> Quantity:
        """Into the batteries, from all sources."""
        return self.depot_jpm + self.public_jpm + self.swap_jpm

    def columns(self) -> Work:
        """The same with arrays of shape (n, 1) in place of (n,), so that they go against draws of shape (m,)."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return Work(**{name: value[:, np.newaxis] if np.ndim(value) == 1 else value for name, value in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Cost of a combination at work, in the region's currency.

    Attributes
    ----------
    lines : cost of a metre by line; their sum is the cost. once : what is paid when bought and comes back when sold (negative).
    distance_year_m, years : what was reckoned with. payload_ratio : trips more for the payload lost, over those made.
    capital : payments for the vehicle itself. running_year : all other lines of a year, payload lost apart.
    """

    lines: dict[str, Quantity]
    once: dict[str, Quantity]
    distance_year_m: Quantity
    years: Quantity
    payload_ratio: Quantity
    capital: Capital
    running_year: Quantity

    @property
    def total(self) -> Quantity:
        """Cost of a metre."""
        return sum(self.lines.values(), 0.0)

    @property
    def per_year(self) -> Quantity:
        """Cost of a year, capital as an annuity."""
        return self.total * self.distance_year_m

    def per_kgm(self, payload_kg: Quantity, laden_ratio: Quantity = 1.0) -> Quantity:
        """Cost of a kilogram carried a metre, `laden_ratio` of the way laden. The line ``payload`` is left out: the smaller
        payload that it charges for already divides the others."""
        return (self.total - self.lines["payload"]) / (payload_kg * laden_ratio)

    @property
    def life(self) -> Quantity:
        """Present value of all that is paid over the life, less what the sale brings."""
        return self.paid(self.years)

    def paid(self, year: Quantity) -> Quantity:
        """Present value of all paid to the end of a year; the sale comes at the end of the life."""
        running = self.running_year * self.capital.horizon.worth(year)
        return (running + self.capital.paid(year)) * (1.0 + self.payload_ratio)

    @property
    def cumulative(self) -> NDArray[np.float64]:
        """`paid` at the end of each year, shape (years, ...): a life of 4.5 years has five."""
        last = int(np.ceil(np.max(self.years) - 1e-9))
        return np.array([self.paid(float(year)) for year in range(1, last + 1)])


def ledger(assets: Assets, work: Work, region: Region) -> Ledger:
    """What it costs, line by line.

    Parameters
    ----------
    assets : of one combination, or `stack` of several. work : floats, or arrays that broadcast with both others.
    region : its values may be drawn (`Region.drawn`).

    Raises
    ------
    UnknownName : the region lacks an assumption that is needed.
    """
    years = region["life"] / YEAR_S if work.years is None else work.years
    distance_m = region["distance"] * YEAR_S if work.distance_year_m is None else work.distance_year_m
    horizon = Horizon(years=years, rate=np.maximum(region["interest"], LEAST_RATE))
    usage = Usage(distance_year_m=distance_m, charged_jpm=work.electric_jpm)
    capital = capital_of(assets, horizon, region, usage=usage, extra=work.extra)
    running = _energy(assets, work, region) | _driving(assets, work, region) | _yearly(assets, distance_m, capital, region)
    owning = {name: a_year / distance_m for name, a_year in capital.lines_year.items()}
    lost = _payload_ratio(assets, work, region)
    lines = running | owning
    return Ledger(
        lines=lines | {"payload": sum(lines.values(), 0.0) * lost}, once=capital.once, distance_year_m=distance_m, years=years,
        payload_ratio=lost, capital=capital, running_year=sum(running.values(), 0.0) * distance_m,
    )  # fmt: skip


def _energy(assets: Assets, work: Work, region: Region) -> dict[str, Quantity]:
    """Lines of energy and carbon. LNG boils off in the tank; what a charger takes is more than what the battery gets, what a
    swap station sells is in the battery."""
    kept = 1.0 - region["lng_boil_off"] * assets.kinds.get("lng", 0.0)
    plug = 1.0 / region["charging_efficiency"]
    return {
        "fuel": work.fuel_kgpm / kept * assets.cost("fuel", region),
        "adblue": work.fuel_kgpm * region["adblue_share"] * assets.cost("adblue", region),
        "depot_charging": work.depot_jpm * plug * region["depot_charging"],
        "public_charging": work.public_jpm * plug * region["public_charging"],
        "battery_swap": work.swap_jpm * region["battery_swap"],
        "carbon": work.fuel_kgpm / kept * assets.co2_kgpkg * region["carbon"],
    }


def _driving(assets: Assets, work: Work, region: Region) -> dict[str, Quantity]:
    """Lines that go by the way or by the time on it."""
    torque = 1.0 + (region["tyre_drive_electric"] - 1.0) * assets.electric_ratio
    worn = (
        assets.steer_tyres_count / region["tyre_life_steer"]
        + assets.drive_tyres_count * torque / region["tyre_life_drive"]
        + assets.trailer_tyres_count / region["tyre_life_trailer"]
    )
    driver = region["driver"] / region["driver_time"] * work.drivers_count / work.speed_mps
    return {
        "tyres": worn * work.tyre_wear_ratio * region["tyre"],
        "linings": work.friction_jpm * region["linings"],
        "maintenance": assets.cost("maintenance", region),
        "toll": assets.cost("toll", region) * (region["toll_share"] if work.toll_ratio is None else work.toll_ratio),
        "driver": driver * (1.0 - work.wait_ratio),
        "charging_time": driver * work.wait_ratio,
    }


def _yearly(assets: Assets, distance_m: Quantity, capital: Capital, region: Region) -> dict[str, Quantity]:
    """Lines that go by the year, a metre's share of each, and the standstill for repair."""
    year = YEAR_S / distance_m
    bought = sum((capital.once[name] for name in ("tractor", "trailer", "body", "battery")), 0.0)
    idle = region["downtime_planned"] * year + region["downtime_unplanned"]
    return {
        "insurance": (assets.cost("insurance", region) + region["insurance_rate"] * bought) * year,
        "fees": region["fees"] * year,
        "battery_lease": assets.battery_lease_ratio * assets.battery_j * region["battery_lease"] * year,
        "downtime": idle * region["downtime"],
    }


def _payload_ratio(assets: Assets, work: Work, region: Region) -> Quantity:
    """Trips more that the same freight takes: ``share (reference / payload - 1)``, never fewer."""
    payload = np.maximum(work.payload_kg, TONNE)
    allowed = region["zero_emission_mass"] * assets.electric_ratio
    reference = payload + np.maximum(assets.battery_kg - allowed, 0.0) if work.reference_kg is None else work.reference_kg
    ratio: Quantity = work.weight_limited_ratio * np.maximum(reference / payload - 1.0, 0.0) * np.sign(work.payload_kg)
    return ratio
