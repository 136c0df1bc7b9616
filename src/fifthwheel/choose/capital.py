"""Capital of a ledger: what is bought, taxed, borrowed, replaced and sold, as present values and as lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fifthwheel.choose.assets import Assets
from fifthwheel.choose.region import YEAR_S, Region
from fifthwheel.physics.quantity import Quantity

LEAST_RATE = 1e-9
"""Below it interest is nothing, and rounding would be something."""
DECLARED_HEALTH = 0.80
"""State of health at which makers declare cycle and calendar life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How long a vehicle is kept, and the cost of capital a year."""

    years: Quantity
    rate: Quantity

    def worth(self, until: Quantity) -> Quantity:
        """Present value of 1 paid at the end of each year, to that of `until` or of the life: ``(1 - (1+i)^-t) / i``."""
        return annuity(self.rate, np.minimum(until, self.years))

    def discount(self, year: Quantity) -> Quantity:
        """Present value of 1 at the end of that year."""
        value: Quantity = (1.0 + self.rate) ** -np.asarray(year, dtype=float)
        return value


def annuity(rate: Quantity, years: Quantity) -> Quantity:
    """Present value of 1 at the end of each year; of a part of a year in proportion to its discount.

    Examples
    --------
    >>> round(float(annuity(0.08, 5.0)), 4)
    3.9927
    """
    least: Quantity = np.maximum(rate, LEAST_RATE)
    return -np.expm1(-years * np.log1p(least)) / least


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Life of the traction battery: years to its end, replacements, share of its price that each and the last brings back."""

    last_years: Quantity
    replacements_count: Quantity
    fall_ratio: Quantity
    scrap_ratio: Quantity
    price: Quantity
    residual: Quantity

    def replaced(self, horizon: Horizon, count: Quantity) -> Quantity:
        """Present value of the first `count` replacements, each at the price of its year less scrap: a geometric sum."""
        step = ((1.0 - self.fall_ratio) * horizon.discount(1.0)) ** self.last_years
        geometric = step * (1.0 - step**count) / (1.0 - step)
        return self.price * (1.0 - self.scrap_ratio) * geometric


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much a vehicle is used: driven a year, and charged into its batteries a metre."""

    distance_year_m: Quantity
    charged_jpm: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Capital:
    """Payments for the vehicle itself.

    Attributes
    ----------
    once : by line, what is paid when bought; ``residual`` is what the sale brings, negative.
    upfront, borrowed, loan_year, loan_years : own money, credit, its yearly payment and how long. rent_year : of a lease.
    lines_year : the same as lines of a year whose sum is the annuity.
    """

    once: dict[str, Quantity]
    horizon: Horizon
    upfront: Quantity
    loan_year: Quantity
    loan_years: Quantity
    rent_year: Quantity
    sale: Quantity
    pack: Pack

    @property
    def lines_year(self) -> dict[str, Quantity]:
        """What is paid and comes back spread evenly over the life, batteries replaced, and finance: the rest of the annuity."""
        years, whole = self.horizon.years, self.horizon.worth(self.horizon.years)
        even = {name: amount / years for name, amount in self.once.items()}
        replaced = self.pack.replaced(self.horizon, self.pack.replacements_count) / whole
        rest = self.paid(years) / whole - replaced - sum(even.values(), 0.0)
        return even | {"battery_replacement": replaced, "finance": rest}

    def paid(self, year: Quantity) -> Quantity:
        """Present value of all paid to the end of a year."""
        horizon = self.horizon
        ended = np.asarray(year) >= np.asarray(horizon.years)
        events = np.minimum(self.pack.replacements_count, np.floor(np.minimum(year, horizon.years) / self.pack.last_years + 1e-9))
        value: Quantity = (
            self.upfront
            + self.loan_year * annuity(horizon.rate, np.minimum(year, self.loan_years))
            + self.rent_year * horizon.worth(year)
            - np.where(ended, self.sale * horizon.discount(horizon.years), 0.0)
            + self.pack.replaced(horizon, events)
        )
        return value


def capital_of(assets: Assets, horizon: Horizon, region: Region, *, usage: Usage, extra: Quantity) -> Capital:
    """Capital of a combination with `extra` added to the tractor's price.

    A loan: ``L l / (1 - (1+l)^-m)`` a month, l a twelfth of the nominal rate, for m months. A lease: the price less the
    discounted residual as an annuity at the lessor's rate; the lessor renews the battery.
    """
    bought = 1.0 - assets.lease_ratio
    pack = _pack(assets, horizon, region, usage)
    once = {name: assets.cost(name, region) for name in ("tractor", "trailer", "body")}
    once = once | {"tractor": once["tractor"] + extra, "battery": pack.price}
    motor = once["tractor"] + once["body"] + once["battery"]
    taxed = assets.of_kind("purchase_tax", region) * motor + region["purchase_tax_trailer"] * once["trailer"]
    once["purchase_tax"] = taxed / (1.0 + region["vat"])
    once["subsidy"] = 0.0 - assets.of_kind("subsidy", region)
    price = sum(once.values(), 0.0)
    units = {kind: share * (once["tractor"] + once["body"]) for kind, share in assets.kinds.items()}
    units["trailer"] = once["trailer"]
    once["residual"] = 0.0 - pack.residual - sum((paid * kept(kind, horizon, region, usage) for kind, paid in units.items()), 0.0)
    credit = bought * assets.loan_ratio * region["loan_share"] * price
    term = np.minimum(region["loan_term"] / YEAR_S, horizon.years)
    loan_year = 12.0 * credit / annuity(region["loan_rate"] / 12.0, 12.0 * term)
    lessor = Horizon(years=horizon.years, rate=region["lease_rate"])
    rent = (price + once["residual"] * lessor.discount(horizon.years)) / lessor.worth(horizon.years)
    return Capital(
        once=once, horizon=horizon, upfront=bought * price - credit, loan_year=loan_year,
        loan_years=term, rent_year=assets.lease_ratio * rent, sale=-bought * once["residual"], pack=pack,
    )  # fmt: skip


def kept(kind: str, horizon: Horizon, region: Region, usage: Usage) -> Quantity:
    """Share of its price that a unit (``trailer``, or a tractor by its kind, without battery) brings at the end of the life:
    ``first exp(-a t - b s)``, t its age and s its distance. Follows published curves within 0.01 (docs/cost.md)."""
    age = region[f"residual_age_{kind}"] * YEAR_S * horizon.years
    way = region[f"residual_way_{kind}"] * usage.distance_year_m * horizon.years
    value: Quantity = region[f"residual_first_{kind}"] * np.exp(-age - way)
    return value


def _pack(assets: Assets, horizon: Horizon, region: Region, usage: Usage) -> Pack:
    """Health falls evenly with years and with full cycles; at `battery_end` it is replaced. A used pack is worth what its health
    is over the price of a new one in that year, at the end scrap."""
    end, worthless, fall = region["battery_end"], region["battery_worthless"], region["battery_price_fall"]
    cycles_year = usage.charged_jpm * usage.distance_year_m / np.maximum(assets.battery_j, 1.0)
    cycles_year = np.where(np.asarray(assets.battery_j) > 0.0, cycles_year, 0.0)
    fade = (1.0 - DECLARED_HEALTH) * (YEAR_S / region["battery_calendar_life"] + cycles_year / region["battery_cycle_life"])
    last = (1.0 - end) / fade
    owned = (1.0 - assets.lease_ratio) * (1.0 - assets.battery_lease_ratio)
    count = owned * np.maximum(np.ceil(horizon.years / last - 1e-9) - 1.0, 0.0)
    health = 1.0 - fade * (horizon.years - count * last)
    price = (1.0 - assets.battery_lease_ratio) * assets.cost("battery", region)
    share = np.where(health > end, (health - worthless) / (1.0 - worthless), region["battery_scrap"])
    return Pack(
        last_years=last, replacements_count=count, fall_ratio=fall, scrap_ratio=region["battery_scrap"], price=price,
        residual=price * (1.0 - fall) ** horizon.years * share,
    )  # fmt: skip
