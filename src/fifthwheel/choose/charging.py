"""The day of a vehicle: range in the cold, where it charges, swaps, refuels and rests, and where its energy comes from.

Stations are taken to be wherever the vehicle needs one. A stop lasts as long as the drivers' rest that is due then at least, and
charges meanwhile. Battery and air are as on an ordinary day for times and energy; whether the day can be driven at all is
planned for the coldest one too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, exp, inf, log
from typing import Final

from fifthwheel.choose.duty import Duty
from fifthwheel.choose.practice import Rest, figures, rest
from fifthwheel.physics.battery import charge_limit_ratio, resistance_ratio
from fifthwheel.physics.tyre import temperature_factor_ratio
from fifthwheel.units import CELSIUS_ZERO_K, DAY, HOUR, KM, KWH
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Battery
from fifthwheel.vehicle.verdict import Verdict

STOPS_MOST: Final = 60
"""A day with more stops than this cannot be driven."""
NEAR_M: Final = 1.0
MOST_RATE_PS: Final = 3.0 / HOUR
"""Charging faster than in a third of an hour is not offered as a remedy [K]."""
EARLY_S: Final = 3600.0
"""A stop for energy this long before a rest is due is made that rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripEnergy:
    """What driving takes on an ordinary day, mean of the round trip.

    Attributes
    ----------
    electric_jpm : at the terminals of the batteries that are charged from the grid, recovery taken off.
    fuel_kgpm : from the tank. speed_mps : mean, halts of the mission included.
    """

    electric_jpm: float
    fuel_kgpm: float
    speed_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop of the day: ``charge``, ``swap``, ``refuel`` or ``rest``, where, how long, and how full before and after."""

    distance_m: float
    kind: str
    duration_s: float
    before_ratio: float
    after_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The day of a vehicle.

    Attributes
    ----------
    feasible : whether an ordinary and the coldest day can be driven; if not, `reason_en` and `reason_zh` say why, and
        `remedy_en`, `remedy_zh` what would change that.
    range_m : on one charge or tank on the coldest day, the reserve left; range_usual_m : on an ordinary day; ``None`` where
        nobody says how large the tank is. reach_m : way of a day that time and energy allow, about.
    stops : of an ordinary day; times of a driver's own choice are not in it. time_s : driving and stops. added_s : what stops
        take beyond the rests that drivers must take.
    depot_j, public_j, swap_j, fuel_kg : where the energy of an ordinary day comes from, at terminals and tank.
    cold_ratio : drain on the coldest day over an ordinary one's.
    """

    feasible: bool
    range_m: float | None
    range_usual_m: float | None
    reach_m: float
    stops: tuple[Stop, ...]
    time_s: float
    added_s: float
    depot_j: float
    public_j: float
    swap_j: float
    fuel_kg: float
    cold_ratio: float
    reason_en: str = ""
    reason_zh: str = ""
    remedy_en: str = ""
    remedy_zh: str = ""

    def verdict(self, duty: Duty) -> Verdict:
        """The way of a day held against what the duty asks."""
        return Verdict(
            rule="day", kind="performance", title_en="Way of a day, coldest day included", title_zh="日行驶里程（含最冷日）",
            rule_set="duty", version=duty.name, tag="duty", source="supply, distance and coldest day of the duty",
            value=max(self.reach_m, duty.distance_day_m) if self.feasible else min(self.reach_m, 0.999 * duty.distance_day_m),
            limit=duty.distance_day_m, unit="m", at_least=True,
            remedy_en="" if self.feasible else self.remedy_en, remedy_zh="" if self.feasible else self.remedy_zh,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """What drives the vehicle, as a share of full: battery or tank, on a day of one temperature.

    Attributes
    ----------
    content : J at the terminals, or kg. drain_pm : of it a metre. full_ratio, floor_ratio : filled to, and planned down to.
    start_ratio : in the morning. kind : of a stop that fills it; empty: none is to be had. fill_s : a stop without charging.
    power_w : at a public charger below the taper. limit_w : what the battery takes there.
    """

    content: float
    drain_pm: float
    full_ratio: float
    floor_ratio: float
    start_ratio: float
    kind: str
    fill_s: float
    power_w: float = 0.0
    limit_w: float = 0.0


def plan_day(combination: Combination, energy: TripEnergy, duty: Duty) -> DayPlan:
    """The day of a combination that takes `energy`, as `duty` has its distance, supply and temperatures.

    Raises
    ------
    ValueError : a mean speed that is not above zero.
    """
    if energy.speed_mps <= 0.0:
        raise ValueError(f"mean speed {energy.speed_mps:g} m/s; above 0 is wanted")
    batteries = _batteries(combination)
    usual_k, cold_k = duty.temperature_k, min(duty.limits.temperature_k, duty.temperature_k)
    if batteries:
        stores = tuple(_battery_store(batteries, energy, duty, air_k) for air_k in (usual_k, cold_k))
    else:
        stores = tuple(_tank_store(combination, energy, duty, air_k) for air_k in (usual_k, cold_k))
    usual, cold = stores
    must, away = rest(duty.region), DAY - (duty.supply.depot_s if batteries and duty.supply.depot_w > 0.0 else 0.0)
    day, worst = (_drive(one, energy.speed_mps, duty.distance_day_m, must) for one in stores)
    reach = min(_reach_m(one, energy.speed_mps, away, must) for one in stores)
    late = max(day.time_s, worst.time_s) > away
    feasible = day.done and worst.done and not late
    words = ("", "", "", "") if feasible else _why(cold, worst, (duty, away, reach), batteries)
    depot, public, swap = _sources(combination, energy, duty, (usual, day))
    return DayPlan(
        feasible=feasible, range_m=_range_m(cold), range_usual_m=_range_m(usual), reach_m=reach, stops=day.stops,
        time_s=day.time_s, added_s=day.added_s, depot_j=depot, public_j=public, swap_j=swap,
        fuel_kg=energy.fuel_kgpm * duty.distance_day_m, cold_ratio=cold.drain_pm / usual.drain_pm if usual.drain_pm else 1.0,
        reason_en=words[0], reason_zh=words[1], remedy_en=words[2], remedy_zh=words[3],
    )  # fmt: skip


def _batteries(combination: Combination) -> tuple[Battery, ...]:
    """Batteries that are all a combination drives on; none where it burns something."""
    if combination.drive.fuel is not None:
        return ()
    towed = combination.trailer_drive
    return tuple(one for one in (combination.drive.battery, towed.battery if towed else None) if one is not None)


def _cold_ratio(air_k: float, usual_k: float) -> float:
    """Driving energy at an air temperature over that of an ordinary day: denser air, harder tyres."""
    law = figures()
    tyres = float(temperature_factor_ratio(air_k)) / float(temperature_factor_ratio(usual_k)) - 1.0
    return 1.0 + law["air_share_ratio"] * (usual_k / air_k - 1.0) + law["rolling_share_ratio"] * tyres


def _battery_store(batteries: tuple[Battery, ...], energy: TripEnergy, duty: Duty, air_k: float) -> _Store:
    law, supply, first = figures(), duty.supply, batteries[0]
    battery_k = max(air_k, law["battery_least_k"])
    heat = law["cabin_wpk"] * max(law["cabin_k"] - air_k, 0.0) + law["battery_heating_wpk"] * max(battery_k - air_k, 0.0)
    drain = energy.electric_jpm * _cold_ratio(air_k, duty.temperature_k) + heat / energy.speed_mps
    capacity = sum(one.capacity_j for one in batteries)
    loss = drain * energy.speed_mps * first.resistance_ohm * float(resistance_ratio(battery_k)) / first.nominal_voltage_v**2
    limit = sum(one.charge_limit_w for one in batteries) * float(charge_limit_ratio(battery_k))
    floor = max(first.soc_low_ratio, supply.reserve_ratio)
    swaps = supply.swap_s > 0.0 and all(one.swappable for one in batteries)
    depot = _Store(
        content=capacity * (1.0 - loss), drain_pm=drain, full_ratio=first.soc_high_ratio, floor_ratio=floor, start_ratio=floor,
        kind="swap" if swaps else "charge" if supply.public_w > 0.0 else "", fill_s=supply.swap_s if swaps else law["plug_s"],
        power_w=min(supply.depot_w, limit), limit_w=limit,
    )  # fmt: skip
    start = _charged_ratio(depot, floor, supply.depot_s) if supply.depot_w > 0.0 else floor
    return replace(depot, start_ratio=start, power_w=min(supply.public_w, limit))


def _tank_store(combination: Combination, energy: TripEnergy, duty: Duty, air_k: float) -> _Store:
    law, drive = figures(), combination.drive
    tank = drive.fuel_tank_m3 * drive.fuel.density_kgpm3 * law["tank_ratio"] if drive.fuel else 0.0
    share = law["burnt_cold_ratio"] if drive.engine or drive.range_extender else 1.0
    drain = energy.fuel_kgpm * (1.0 + share * (_cold_ratio(air_k, duty.temperature_k) - 1.0))
    return _Store(
        content=tank or inf, drain_pm=drain, full_ratio=1.0, floor_ratio=duty.supply.reserve_ratio, start_ratio=1.0,
        kind="refuel", fill_s=law["refuel_s"],
    )  # fmt: skip


def _range_m(store: _Store) -> float | None:
    if store.content == inf:
        return None
    return (store.full_ratio - store.floor_ratio) * store.content / store.drain_pm if store.drain_pm > 0.0 else inf


def _knee(store: _Store) -> tuple[float, float]:
    """Charge from where the battery's falling limit is below the charger's power, and how fast that limit falls a joule, 1/s."""
    law = figures()
    top, end = law["taper_from_ratio"], law["taper_end_ratio"]
    slope = (1.0 - end) * store.limit_w / (1.0 - top)
    return top + (store.limit_w - store.power_w) / slope, slope / store.content


def _charge_s(store: _Store, before_ratio: float, after_ratio: float) -> float:
    """Time to charge: constant power up to the knee, then the battery's limit, falling linearly with charge."""
    if store.power_w <= 0.0:
        return inf
    knee, rate = _knee(store)
    level = max(min(after_ratio, knee) - before_ratio, 0.0) * store.content / store.power_w
    low = max(before_ratio, knee)
    if after_ratio <= low:
        return level
    return level + log(_limit_w(store, low) / _limit_w(store, after_ratio)) / rate


def _limit_w(store: _Store, charge_ratio: float) -> float:
    """The battery's own limit at a charge beyond the knee."""
    law = figures()
    over = max(charge_ratio - law["taper_from_ratio"], 0.0) / (1.0 - law["taper_from_ratio"])
    return store.limit_w * (1.0 - (1.0 - law["taper_end_ratio"]) * over)


def _charged_ratio(store: _Store, before_ratio: float, duration_s: float) -> float:
    """Charge after so long at a charger, the inverse of `_charge_s`."""
    if store.power_w <= 0.0:
        return before_ratio
    knee, rate = _knee(store)
    level = before_ratio + duration_s * store.power_w / store.content
    if level > knee:
        low = max(before_ratio, knee)
        left = duration_s - max(knee - before_ratio, 0.0) * store.content / store.power_w
        power = _limit_w(store, low)
        level = low + power * (1.0 - exp(-rate * left)) / (rate * store.content)
    return min(level, store.full_ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day driven: its stops, time, time beyond rests, charge filled at stops (shares), and whether it came to its end."""

    stops: tuple[Stop, ...]
    time_s: float
    added_s: float
    filled_ratio: float
    done: bool


def _drive(store: _Store, speed_mps: float, distance_m: float, must: Rest) -> _Day:
    """Drive until a rest is due, or what is stored ends, and stop there for both."""
    place, level, wheel_s, filled = 0.0, store.start_ratio, 0.0, 0.0
    per_m = store.drain_pm / store.content
    stops: list[Stop] = []
    rests_s = 0.0
    while len(stops) < STOPS_MOST:
        left = distance_m - place
        leg = min(left, max(level - store.floor_ratio, 0.0) / per_m if per_m > 0.0 else inf, (must.after_s - wheel_s) * speed_mps)
        place, level, wheel_s = place + leg, level - leg * per_m, wheel_s + leg / speed_mps
        left -= leg
        if left <= NEAR_M:
            break
        due = wheel_s >= must.after_s - 1.0
        short = level < store.floor_ratio + left * per_m - 1e-9
        if short and not store.kind:
            return _day(stops, place / speed_mps, rests_s, filled, done=False)
        after, duration = _fill(store, level, left * per_m) if short else (level, 0.0)
        due = due or (short and wheel_s + min(left / speed_mps, EARLY_S) >= must.after_s)
        if due:
            duration = max(duration, must.least_s)
        if short and after <= level + 1e-6:
            return _day(stops, place / speed_mps, rests_s, filled, done=False)
        kind = store.kind if short else "rest"
        stops.append(Stop(distance_m=place, kind=kind, duration_s=duration, before_ratio=level, after_ratio=after))
        filled += after - level
        rests_s += must.least_s if due else 0.0
        level, wheel_s = after, 0.0 if duration >= must.least_s else wheel_s
    return _day(stops, place / speed_mps, rests_s, filled, done=distance_m - place <= NEAR_M)


def _day(stops: list[Stop], driven_s: float, rests_s: float, filled_ratio: float, *, done: bool) -> _Day:
    stood = sum(one.duration_s for one in stops)
    return _Day(stops=tuple(stops), time_s=driven_s + stood, added_s=stood - rests_s, filled_ratio=filled_ratio, done=done)


def _fill(store: _Store, level_ratio: float, rest_ratio: float) -> tuple[float, float]:
    """Level after a stop and its duration: full by swap or pump; at a charger as much as the rest of the day asks, up to the
    taper, or beyond it where that takes less time than another stop."""
    if store.kind != "charge":
        return store.full_ratio, store.fill_s
    wanted = min(store.floor_ratio + rest_ratio, store.full_ratio)
    taper = max(min(figures()["taper_from_ratio"], store.full_ratio), level_ratio)
    if wanted > taper and _charge_s(store, taper, wanted) > 2.0 * store.fill_s and level_ratio < taper - 0.05:
        wanted = taper
    return wanted, store.fill_s + _charge_s(store, level_ratio, wanted)


def _reach_m(store: _Store, speed_mps: float, away_s: float, must: Rest) -> float:
    """Way that a day's time allows, about: driving, rests, and what has to be filled on the way at its mean pace."""
    pace = 1.0 / speed_mps * (1.0 + must.least_s / must.after_s)
    per_m = store.drain_pm / store.content
    first = max(store.start_ratio - store.floor_ratio, 0.0) / per_m if per_m > 0.0 else inf
    if first * pace >= away_s:
        return away_s / pace
    if not store.kind:
        return first
    width = (figures()["taper_from_ratio"] if store.kind == "charge" else store.full_ratio) - store.floor_ratio
    each_s = store.fill_s + (_charge_s(store, store.floor_ratio, store.floor_ratio + width) if store.kind == "charge" else 0.0)
    slower = max(pace + each_s * per_m / width - 1.0 / speed_mps * must.least_s / must.after_s, 1.0 / speed_mps)
    return first + (away_s - first * pace) / slower


def _sources(combination: Combination, energy: TripEnergy, duty: Duty, found: tuple[_Store, _Day]) -> tuple[float, float, float]:
    """Energy of an ordinary day from the depot, from public chargers and from swaps; what a stop leaves over is not counted."""
    store, day = found
    if combination.drive.fuel is not None:
        return energy.electric_jpm * duty.distance_day_m, 0.0, 0.0
    total = store.drain_pm * duty.distance_day_m
    away = min(day.filled_ratio * store.content, total)
    return total - away, away if store.kind == "charge" else 0.0, away if store.kind == "swap" else 0.0


def _why(
    cold: _Store, worst: _Day, asked: tuple[Duty, float, float], batteries: tuple[Battery, ...]
) -> tuple[str, str, str, str]:
    """Why the day cannot be driven and what would change that, in English and Chinese."""
    duty, away, reach = asked
    day_km, reach_km, air = duty.distance_day_m / KM, reach / KM, f"{duty.limits.temperature_k - CELSIUS_ZERO_K:.0f} °C"
    if not worst.done:
        reason = (
            f"{day_km:.0f} km a day at {air} need energy on the way that is not to be had",
            f"{air}时日行{day_km:.0f} km途中须补能，但无处补能",
        )
    else:
        hours, left = worst.time_s / HOUR, away / HOUR
        reason = (
            f"{day_km:.0f} km with stops take {hours:.1f} h at {air}; {left:.1f} h are there",
            f"{air}时行驶{day_km:.0f} km连同停车需{hours:.1f} h，可用{left:.1f} h",
        )
    within_en, within_zh = f"at most {reach_km:.0f} km a day", f"日行驶不超过{reach_km:.0f} km"
    if not batteries:
        return *reason, within_en, within_zh
    if worst.done:
        more_en, more_zh = _faster(cold, worst, away)
        return *reason, f"{more_en}{within_en}", f"{more_zh}{within_zh}"
    width = cold.full_ratio - cold.floor_ratio
    per_kwh = cold.content / sum(one.capacity_j for one in batteries)
    day_kwh = duty.distance_day_m * cold.drain_pm / KWH
    kwh, depot_kw = ceil(day_kwh / (width * per_kwh) / 10.0) * 10, ceil(day_kwh / (duty.supply.depot_s / HOUR) / 10.0) * 10
    return (
        *reason,
        f"{kwh} kWh of battery and {depot_kw} kW at the depot, chargers or swaps on the way, or {within_en}",
        f"电池{kwh} kWh且场站充电功率{depot_kw} kW，或途中充电、换电，或{within_zh}",
    )


def _faster(cold: _Store, worst: _Day, away_s: float) -> tuple[str, str]:
    """Mean charging power that would save the time that lacks; nothing where stops take too little time for that."""
    stood = sum(one.duration_s for one in worst.stops if one.kind == "charge")
    left = stood - (worst.time_s - away_s) - cold.fill_s * len(worst.stops)
    power = ceil(worst.filled_ratio * cold.content / left / 1e4) * 10 if left > 0.0 else inf
    if power * 1e3 > MOST_RATE_PS * cold.content:
        return "", ""
    return (
        f"{power} kW on the way, taken by the battery too (now {min(cold.power_w, cold.limit_w) / 1e3:.0f} kW), or ",
        f"途中充电功率{power} kW且电池可接受（现{min(cold.power_w, cold.limit_w) / 1e3:.0f} kW），或",
    )
