"""The ledger: closed sums, hand figures, arrays, and what every line answers to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fifthwheel.choose.assets import KINDS
from fifthwheel.choose.cost import Assets, Ledger, Purchase, Work, assets_of, ledger, stack
from fifthwheel.choose.region import YEAR_S, region, regions
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.units import KM, KMH, KWH, MJ
from fifthwheel.vehicle.catalogue import catalogue, combination
from fifthwheel.vehicle.combination import Combination

CN = region("cn")
DIESEL = combination("diesel-6x4-box")
NAMES = ("diesel-6x4-box", "lng-6x4-box", "battery-423-box", "fuel-cell-6x4-box", "diesel-6x4-etrailer", "battery-282-container")
WORK = Work(fuel_kgpm=0.28 / KM, friction_jpm=0.15 * MJ / KM, speed_mps=70 * KMH)
BATTERY = Work(depot_jpm=1.4 * KWH / KM, speed_mps=70 * KMH, payload_kg=30e3)


def unpriced(name: str) -> Combination:
    """A combination whose units have no price names, so that every region sells it by kind."""
    whole = combination(name)
    trailer = replace(whole.trailer, price="") if whole.trailer else None
    return replace(whole, tractor=replace(whole.tractor, price="", body=None), trailer=trailer)


def book(name: str, work: Work, **terms: Purchase | bool) -> Ledger:
    return ledger(assets_of(unpriced(name), CN, **terms), work, CN)  # type: ignore[arg-type]


def per_km(name: str, work: Work) -> dict[str, float]:
    return {line: float(cost) * KM for line, cost in book(name, work).lines.items()}


def test_lines_of_a_diesel_by_hand() -> None:
    cost = per_km("diesel-6x4-box", WORK)
    density = DIESEL.drive.fuel.density_kgpm3 if DIESEL.drive.fuel else 0.0
    assert cost["fuel"] == pytest.approx(0.28 / density * 1e3 * (7.0 - 0.4))
    assert cost["adblue"] == pytest.approx(0.28 / density * 0.05 * 1090.0 * 2.4)
    assert cost["depot_charging"] == cost["public_charging"] == cost["battery_swap"] == cost["payload"] == 0.0
    assert cost["linings"] == pytest.approx(0.15 * 0.16)
    assert cost["toll"] == pytest.approx(2.15 * 0.6)
    assert cost["driver"] == pytest.approx(13000 / 220 / 70)
    assert cost["insurance"] == pytest.approx(24000 / 140000)
    assert cost["fees"] == pytest.approx(10000 / 140000)
    assert cost["downtime"] == pytest.approx((24 / 140000 + 0.0006) * 60)
    assert cost["purchase_tax"] == pytest.approx((380e3 * 0.10 + 88e3 * 0.05) / 1.13 / 700e3)
    tyres = {position: sum(group.all_tyres_count for group in groups) for position, groups in (
        ("steer", [group for group in DIESEL.tractor.axles if not group.driven]),
        ("drive", [group for group in DIESEL.tractor.axles if group.driven]),
        ("trailer", DIESEL.units[1].axles),
    )}  # fmt: skip
    worn = tyres["steer"] / 160e3 + tyres["drive"] / 180e3 + tyres["trailer"] / 150e3
    assert cost["tyres"] == pytest.approx(worn * 1550)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("purchase", list(Purchase))
def test_the_total_is_the_annuity_of_capital_and_what_runs(name: str, purchase: Purchase) -> None:
    """A22: the sum of the lines is control facts' formula, computed apart, to 1e-9."""
    work = replace(BATTERY, fuel_kgpm=0.1 / KM)
    one = book(name, work, purchase=purchase)
    capital = ("tractor", "trailer", "body", "battery", "purchase_tax", "subsidy", "residual", "battery_replacement", "finance")
    annuity = 0.08 * 1.08**5 / (1.08**5 - 1)
    price = sum(float(one.once[part]) for part in capital[:6])
    loan, rate = 0.7 * price, 0.065
    payment = loan * rate / (1 - (1 + rate / 12) ** -36)
    rent = (price + float(one.once["residual"]) / 1.075**5) * 0.075 / (1 - 1.075**-5)
    value = {
        Purchase.CASH: price + float(one.once["residual"]) / 1.08**5,
        Purchase.LOAN: price - loan + payment * (1 - 1.08**-3) / 0.08 + float(one.once["residual"]) / 1.08**5,
        Purchase.LEASE: rent / annuity,
    }[purchase]
    owning = float(sum(one.lines[part] for part in capital))
    assert owning - float(one.lines["battery_replacement"]) == pytest.approx(value * annuity / 140e6, rel=1e-9)
    running = float(sum(cost for line, cost in one.lines.items() if line not in (*capital, "payload")))
    assert float(one.total) == pytest.approx((owning + running) * (1 + float(one.payload_ratio)), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_life_is_its_years_and_the_last_of_the_cumulative(name: str) -> None:
    for years in (4.5, 5.0, 12.0):
        one = book(name, replace(BATTERY, years=years))
        worth = (1 - 1.08**-years) / 0.08
        assert float(one.per_year) * worth == pytest.approx(float(one.life), rel=1e-9)
        assert one.cumulative[-1] == pytest.approx(float(one.life), rel=1e-12)
        assert len(one.cumulative) == np.ceil(years)
        assert np.all(np.diff(one.cumulative[:-1]) > 0.0)


def test_a_worn_battery_is_replaced_and_one_that_lasts_is_not() -> None:
    hard = replace(BATTERY, distance_year_m=250e6, years=10.0)
    one, old = book("battery-423-box", hard), book("battery-423-box", replace(BATTERY, years=4.0))
    cycles = 1.4 * KWH / KM * 250e6 / float(assets_of(combination("battery-423-box"), CN).battery_j)
    fade = 0.2 * (1 / 15 + cycles / 4500)
    assert float(one.capital.pack.last_years) == pytest.approx(0.3 / fade)
    assert float(one.capital.pack.replacements_count) == np.ceil(10 * fade / 0.3) - 1
    assert float(one.lines["battery_replacement"]) > 0.0
    assert float(old.lines["battery_replacement"]) == 0.0


def test_a_leased_battery_is_neither_bought_nor_sold() -> None:
    owned, leased = (book("battery-423-box", BATTERY, battery_lease=lease) for lease in (False, True))
    assert (
        float(leased.once["battery"]) == float(leased.capital.pack.residual) == float(leased.lines["battery_replacement"]) == 0.0
    )
    assert float(leased.lines["purchase_tax"]) < float(owned.lines["purchase_tax"])
    energy = float(assets_of(combination("battery-423-box"), CN).battery_j) / KWH
    assert float(leased.lines["battery_lease"]) == pytest.approx(17.7 * 12 * energy / 140e6)
    assert float(owned.lines["battery_lease"]) == 0.0


def test_a_swap_truck_leases_its_battery_unless_told() -> None:
    swapped = combination("battery-282-container")
    assert float(assets_of(swapped, CN).battery_lease_ratio) == float(
        all(pack.swappable for pack in [swapped.drive.battery] if pack)
    )


def test_electricity_is_paid_by_source() -> None:
    work = Work(depot_jpm=0.7 * KWH / KM, public_jpm=0.4 * KWH / KM, swap_jpm=0.3 * KWH / KM, speed_mps=70 * KMH)
    cost = per_km("battery-423-box", work)
    assert cost["depot_charging"] == pytest.approx(0.7 / 0.93 * 0.65)
    assert cost["public_charging"] == pytest.approx(0.4 / 0.93 * 0.95)
    assert cost["battery_swap"] == pytest.approx(0.3 * 1.05)
    assert cost["fuel"] == cost["adblue"] == 0.0


def test_lng_boils_off() -> None:
    assert per_km("lng-6x4-box", WORK)["fuel"] == pytest.approx(0.28 / 0.99 * 4.8)


def test_payload_lost_to_the_battery_takes_more_trips() -> None:
    battery = assets_of(combination("battery-423-box"), CN)
    one = ledger(battery, BATTERY, CN)
    others = sum(float(cost) for line, cost in one.lines.items() if line != "payload")
    assert float(one.lines["payload"]) == pytest.approx(others * float(battery.battery_kg) / 30e3)
    assert float(book("diesel-6x4-box", replace(WORK, payload_kg=30e3)).lines["payload"]) == 0.0
    assert float(ledger(battery, replace(BATTERY, weight_limited_ratio=0.0), CN).lines["payload"]) == 0.0
    assert float(ledger(battery, replace(BATTERY, reference_kg=33e3), CN).payload_ratio) == pytest.approx(0.1)


def test_what_a_kilogram_costs_counts_lost_payload_once() -> None:
    one = ledger(assets_of(combination("battery-423-box"), CN), replace(BATTERY, reference_kg=33e3), CN)
    assert float(one.per_kgm(30e3)) == pytest.approx(float(one.total) / 33e3)


def test_waiting_for_charge_is_the_drivers_time() -> None:
    waiting = per_km("battery-423-box", replace(BATTERY, wait_ratio=0.2))
    assert waiting["charging_time"] == pytest.approx(0.2 * 13000 / 220 / 70)
    assert waiting["charging_time"] + waiting["driver"] == pytest.approx(per_km("battery-423-box", BATTERY)["driver"])


def test_a_motor_wears_its_drive_tyres_more() -> None:
    assets = assets_of(combination("battery-423-box"), CN)
    extra = 0.2 * float(assets.drive_tyres_count) / 180e3 * 1550
    plain = replace(assets, kinds={"diesel": 1.0})
    more = ledger(assets, BATTERY, CN).lines["tyres"] - ledger(plain, BATTERY, CN).lines["tyres"]
    assert float(more) * KM == pytest.approx(extra)


def test_an_electric_trailer_costs_its_battery_and_drive() -> None:
    plain, driven = book("diesel-6x4-box", WORK), book("diesel-6x4-etrailer", WORK)
    assert float(driven.once["trailer"] - plain.once["trailer"]) == pytest.approx(105e3)
    assert float(driven.once["battery"]) == pytest.approx(520 * 200, rel=0.05)


def test_candidates_and_draws_go_through_every_line_at_once() -> None:
    many = [assets_of(combination(name), CN) for name in NAMES]
    drawn = CN.drawn(np.random.default_rng(1), 7)
    columns = stack(many).columns()
    together = ledger(columns, BATTERY, drawn)
    assert np.shape(together.total) == (len(NAMES), 7)
    for row, assets in enumerate(many):
        alone = ledger(assets, BATTERY, drawn)
        assert np.asarray(together.total)[row] == pytest.approx(np.asarray(alone.total), rel=1e-12)
        for line in alone.lines:
            mine = np.broadcast_to(together.lines[line], (len(NAMES), 7))[row]
            assert mine == pytest.approx(np.broadcast_to(alone.lines[line], 7), rel=1e-12, abs=1e-18)


def test_nothing_to_stack_is_refused() -> None:
    with pytest.raises(InputError, match="0 combinations"):
        stack([])


def test_a_unit_without_a_price_in_the_region_is_named() -> None:
    priced = replace(DIESEL, tractor=replace(DIESEL.tractor, price="tractor_of_gold"))
    with pytest.raises(UnknownName, match="tractor_of_gold"):
        assets_of(priced, CN)


def test_units_cost_what_their_names_say() -> None:
    whole = combination("diesel-8x4-mixer")
    named = replace(whole, tractor=replace(whole.tractor, price="chassis-diesel-8x4-mixer"))
    assert named.tractor.body is not None
    named = replace(named, tractor=replace(named.tractor, body=replace(named.tractor.body, price="body-mixer-8m3")))
    once = ledger(assets_of(named, CN), WORK, CN).once
    assert (once["tractor"], once["body"], once["trailer"]) == (300e3, 82e3, 0.0)


def test_every_unit_of_the_catalogue_is_sold_somewhere() -> None:
    sold = set().union(*(region(place).assumptions for place in regions()))
    whole = catalogue()
    parts = [whole.build(kind, name) for kind in ("units", "bodies") for name in whole.names(kind)]
    assert {getattr(part, "price", "") for part in parts} - sold <= {""}


@pytest.mark.parametrize("place", regions())
@pytest.mark.parametrize("name", NAMES)
def test_every_region_reckons_every_kind(place: str, name: str) -> None:
    where = region(place)
    one = ledger(assets_of(unpriced(name), where), replace(BATTERY, fuel_kgpm=0.25 / KM), where)
    assert 0.0 < float(one.total) * KM < {"CNY": 20.0, "EUR": 8.0, "USD": 8.0}[where.currency]


def test_tolls_go_by_axles_and_zero_emission_pays_less_in_europe() -> None:
    assert per_km("diesel-4x2-box", WORK)["toll"] < per_km("diesel-6x4-box", WORK)["toll"]
    eu = region("eu")
    diesel, battery = (ledger(assets_of(unpriced(name), eu), WORK, eu).lines["toll"] for name in NAMES[:3:2])
    assert float(battery) < float(diesel)


@pytest.mark.parametrize(("kind", "curve"), [
    ("diesel", (0.72, 0.58, 0.47, 0.38, 0.31, 0.25, 0.20, 0.16)), ("lng", (0.68, 0.53, 0.42, 0.33, 0.26, 0.21, 0.17, 0.13)),
    ("battery", (0.62, 0.47, 0.36, 0.28, 0.22, 0.17, 0.13, 0.10)), ("trailer", (0.82, 0.70, 0.60, 0.52, 0.45, 0.39, 0.34, 0.30)),
])  # fmt: skip
def test_values_at_the_end_follow_the_published_curves(kind: str, curve: tuple[float, ...]) -> None:
    years = np.arange(1.0, 9.0)
    fall = float(CN[f"residual_age_{kind}"]) * YEAR_S * years + float(CN[f"residual_way_{kind}"]) * 120e6 * years
    assert float(CN[f"residual_first_{kind}"]) * np.exp(-fall) == pytest.approx(np.array(curve), abs=0.015)


def test_kinds_cover_the_catalogue() -> None:
    assert {next(iter(assets_of(combination(name), CN).kinds)) for name in NAMES} == set(KINDS)


def test_assets_are_plain_amounts() -> None:
    bare = Assets(bills={"tractor": {"tractor_diesel": 2.0}}, kinds={"diesel": 1.0})
    assert float(ledger(bare, Work(speed_mps=20.0), CN).once["tractor"]) == 760e3
