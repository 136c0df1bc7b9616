"""A choice: every candidate of the market judged, driven, planned, costed and ranked; and the same for a changed duty.

The ordered stages are those of `choose`. Each is kept by what it depends on, so that a changed duty repeats only what changes:
new prices the ledger, a new payload or slopes the matching and the trips as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from fifthwheel.choose.candidate import Pair, pairs
from fifthwheel.choose.charging import DayPlan, TripEnergy, plan_day
from fifthwheel.choose.cost import Assets, Ledger, Work, assets_of, ledger, stack
from fifthwheel.choose.duty import Duty
from fifthwheel.choose.energy import Trip, Trips, Ways, column, ways_of
from fifthwheel.choose.match import Judged, judge
from fifthwheel.choose.rank import front
from fifthwheel.choose.region import Region, region
from fifthwheel.choose.sensitivity import CORRELATED, interval
from fifthwheel.control.cruise.calibration import predictive
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.rules import RuleSet, rule_set, usual
from fifthwheel.vehicle.verdict import Outcome, Verdict, worst_first

K = TypeVar("K")
V = TypeVar("V")
Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
"""Told the stage, how many are done, and of how many."""

DRAWS: Final = 400
"""Draws of all assumptions for the intervals of a list; one candidate in full gets more."""
SEED: Final = 1
KEPT: Final = 6
"""Payloads and slopes of one choice whose stages are kept."""
PART: Final = 256
"""Candidates whose draws are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Driven:
    """Candidates on the road of a duty, n of them, mean of the round trip.

    Attributes
    ----------
    out, back : figures of their trips (`energy.COLUMNS`), shape (n, k); `back` is zero without a way back.
    fuel_kgpm, electric_jpm : from the tank, and at the terminals of batteries that the grid charges; (n,).
    plans : of their day.
    """

    judged: tuple[Judged, ...]
    out: Floats
    back: Floats
    fuel_kgpm: Floats
    electric_jpm: Floats
    plans: tuple[DayPlan, ...]

    def only(self, places: Sequence[int]) -> Driven:
        """Those at some places."""
        rows = list(places)
        return Driven(
            judged=tuple(self.judged[place] for place in rows), out=self.out[rows], back=self.back[rows],
            fuel_kgpm=self.fuel_kgpm[rows], electric_jpm=self.electric_jpm[rows],
            plans=tuple(self.plans[place] for place in rows),
        )  # fmt: skip


@dataclass(slots=True, eq=False)
class Kept:
    """What a choice and its changes share, by what it depends on; `best` is the same of the best variant of every pair alone."""

    pairs: tuple[Pair, ...]
    trips: Trips
    ways: dict[float, Ways] = field(default_factory=dict)
    judged: dict[float | None, tuple[Judged, ...]] = field(default_factory=dict)
    driven: dict[tuple[float | None, float], tuple[Driven, tuple[Judged, ...]]] = field(default_factory=dict)
    best: Kept | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """A ranked choice.

    Attributes
    ----------
    driven : feasible candidates in rank order, n of them. rejected : the others, nearest to passing first.
    assets, work, ledger : of the feasible ones, fields of shape (n,) where they differ.
    cost_pm, low_pm, high_pm : money a metre and its 90 % interval. cost_pkgm : a kg and metre of cargo; all (n,).
    time_s : of a round trip with its stops. energy_jpm : at tank and plug. co2_kgpm : of fuel and grid.
    best : on the Pareto front of cost, time, energy, payload and CO2.
    """

    duty: Duty
    region: Region
    rules: tuple[RuleSet, ...]
    ways: Ways
    driven: Driven
    rejected: tuple[Judged, ...]
    assets: Assets | None
    work: Work | None
    ledger: Ledger | None
    cost_pm: Floats
    low_pm: Floats
    high_pm: Floats
    cost_pkgm: Floats
    time_s: Floats
    energy_jpm: Floats
    co2_kgpm: Floats
    best: NDArray[np.bool_]
    kept: Kept

    @property
    def considered_count(self) -> int:
        """Candidates looked at."""
        return len(self.driven.judged) + len(self.rejected)


def choose(
    duty: Duty, progress: Progress | None = None, *, kept: Kept | None = None, market: Iterable[Pair] | None = None
) -> Choice:
    """Rank every combination of the market for a duty.

    Parameters
    ----------
    kept : of a choice whose duty differs in payload, slopes, distance a year, years and prices at most.
    market : pairs other than the catalogue's.

    Raises
    ------
    InputError : a name or value that is not accepted, or an empty market.
    """
    told = progress or (lambda _stage, _done, _count: None)
    where = region(duty.region).priced(duty.prices)
    rules = tuple(rule_set(name) for name in duty.rules or usual(duty.region))
    if kept is None:
        found = tuple(pairs(duty, rules) if market is None else market)
        kept = Kept(pairs=found, trips=Trips(temperature_k=duty.temperature_k))
    own, mass, grade = kept, duty.cargo.mass_kg, duty.grade_ratio
    with own.lock:
        ways = _recalled(own.ways, grade, lambda: ways_of(duty))
        judged = own.judged.get(mass) or _judged(own.pairs, duty, rules, told)
        driven, rejected = _recalled(own.driven, (mass, grade), lambda: _driven(own, judged, duty, ways, told))
    return _ranked(own, duty, (where, rules, ways), driven, rejected)


def _recalled(kept: dict[K, V], key: K, make: Callable[[], V]) -> V:
    """What is kept under a key, made where it is missing; what was not used for longest is let go."""
    kept[key] = kept.pop(key) if key in kept else make()
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)))
    return kept[key]


def _judged(market: Sequence[Pair], duty: Duty, rules: Sequence[RuleSet], told: Progress) -> Iterator[Judged]:
    for number, pair in enumerate(market, start=1):
        yield from judge(pair, duty, rules)
        told("match", number, len(market))


def _driven(kept: Kept, judged: Iterable[Judged], duty: Duty, ways: Ways, told: Progress) -> tuple[Driven, tuple[Judged, ...]]:
    """Feasible candidates driven and planned, and the rejected ones, those of the road and of the day included.

    The first are driven while the next are judged.
    """
    passing: list[Judged] = []
    rejected: list[Judged] = []
    out, back, errors = _trips(kept.trips, ways, _passing(judged, passing, rejected), told)
    if duty.cargo.mass_kg not in kept.judged:
        _recalled(kept.judged, duty.cargo.mass_kg, lambda: (*passing, *rejected))
    fuel, electric = _consumption(passing, out, back, duty)
    plans: list[DayPlan] = []
    good: list[int] = []
    for place, (one, error) in enumerate(zip(passing, errors, strict=True)):
        if error is not None:
            rejected.append(_failing(one, [_road_verdict(duty, error)]))
            continue
        whole = one.candidate.combination
        speed = ways.distance_m / float(column(out, "time_s")[place] + column(back, "time_s")[place])
        energy = TripEnergy(electric_jpm=float(electric[place]), fuel_kgpm=float(fuel[place]), speed_mps=speed)
        plan = plan_day(whole, energy, duty)
        verdicts = [plan.verdict(duty), *_trip_verdicts(duty, float(column(out, "time_s")[place]))]
        checked = _failing(one, verdicts)
        if checked.passes:
            passing[place] = checked
            good.append(place)
            plans.append(plan)
        else:
            rejected.append(checked)
        told("plan", place + 1, len(passing))
    kept_ones = Driven(
        judged=tuple(passing[place] for place in good), out=out[good], back=back[good], fuel_kgpm=fuel[good],
        electric_jpm=electric[good], plans=tuple(plans),
    )  # fmt: skip
    return kept_ones, tuple(sorted(rejected, key=nearness, reverse=True))


def nearness(one: Judged) -> float:
    """Margin over limit of the worst check: how near a rejected candidate is to passing."""
    first = one.verdicts[0]
    return first.margin_ratio if first.margin_ratio is not None else first.margin or 0.0


def _failing(one: Judged, verdicts: Sequence[Verdict]) -> Judged:
    return replace(one, verdicts=worst_first((*one.verdicts, *verdicts)))


def _passing(judged: Iterable[Judged], passing: list[Judged], rejected: list[Judged]) -> Iterator[Judged]:
    """Those that pass, as they are judged; all go to their list."""
    for one in judged:
        if one.passes:
            passing.append(one)
            yield one
        else:
            rejected.append(one)


def _trips(trips: Trips, ways: Ways, passing: Iterable[Judged], told: Progress) -> tuple[Floats, Floats, list[str | None]]:
    """Figures of all trips out and back, and why one could not be driven."""
    asked = done = 0

    def wanted() -> Iterator[Trip]:
        nonlocal asked
        for one in passing:
            whole, payload = trips.endless(one.candidate.combination, ways), one.fit.payload_kg
            asked += 1 if ways.back is None else 2
            yield Trip(combination=whole, road=ways.out, payload_kg=payload)
            if ways.back is not None:
                yield Trip(combination=whole, road=ways.back, payload_kg=payload if ways.laden_back else 0.0)

    def more(count: int) -> None:
        nonlocal done
        done += count
        told("drive", done, asked)

    figures, errors = trips.drive(wanted(), more)
    if ways.back is None:
        return figures, np.zeros_like(figures), errors
    both = [first or second for first, second in zip(errors[::2], errors[1::2], strict=True)]
    return figures[::2], figures[1::2], both


def _consumption(judged: Sequence[Judged], out: Floats, back: Floats, duty: Duty) -> tuple[Floats, Floats]:
    """Fuel and grid electricity a metre. What a battery beside a burner lost or gained counts as fuel, and so does what a driven
    trailer took beyond the one charge of a night."""
    way = np.maximum(column(out, "distance_m") + column(back, "distance_m"), 1.0)
    fuel, battery, trailer = (
        (column(out, name) + column(back, name)) / way for name in ("fuel_kg", "meter_battery_j", "meter_trailer_battery_j")
    )
    wholes = [one.candidate.combination for one in judged]
    burns = np.array([whole.drive.fuel is not None for whole in wholes], dtype=bool)
    heat = np.array([whole.drive.fuel.lower_heating_value_jpkg if whole.drive.fuel else 1.0 for whole in wholes])
    night = np.array([_charge_j(whole) for whole in wholes]) / duty.distance_day_m
    replaced = battery + np.maximum(trailer - night, 0.0)
    fuel = fuel + np.where(burns, predictive().fuel_per_electric_ratio * replaced / heat, 0.0)
    return fuel, np.where(burns, np.minimum(trailer, night), trailer + battery)


def _charge_j(whole: Combination) -> float:
    """What one charge of a driven trailer gives."""
    towed = whole.trailer_drive
    if towed is None or towed.battery is None:
        return 0.0
    return towed.battery.capacity_j * (towed.soc_target_ratio - towed.battery.soc_low_ratio)


def _road_verdict(duty: Duty, error: str) -> Verdict:
    """A trip that could not be driven."""
    chinese = {"cannot start": "坡道无法起步", "battery empty": "电量耗尽", "does not arrive": "无法到达"}
    words = next((text for start, text in chinese.items() if error.startswith(start)), "无法行驶")
    return Verdict(
        rule="road", kind="performance", title_en="Drives the road", title_zh="能否驶完全程", rule_set="duty", version=duty.name,
        tag="duty", source=f"simulated: {error}", value=0.0, limit=1.0, unit="", at_least=True,
        remedy_en=f"{error}: more power or grip, a shorter final drive or less cargo",
        remedy_zh=f"{words}：需更大功率或附着、更大主减速比，或减小载质量",
    )  # fmt: skip


def _trip_verdicts(duty: Duty, time_s: float) -> list[Verdict]:
    if duty.limits.trip_s is None:
        return []
    return [
        Verdict(
            rule="trip-time", kind="performance", title_en="Time of one way", title_zh="单程用时", rule_set="duty",
            version=duty.name, tag="duty", source="limits of the duty", value=time_s, limit=duty.limits.trip_s, unit="s",
            remedy_en="more power, or a later arrival", remedy_zh="增大功率或放宽到达时间",
        )
    ]  # fmt: skip


def _ranked(
    kept: Kept, duty: Duty, place: tuple[Region, tuple[RuleSet, ...], Ways], driven: Driven, rejected: tuple[Judged, ...]
) -> Choice:
    where, rules, ways = place
    none = np.zeros(0)
    if not driven.judged:
        return Choice(
            duty=duty, region=where, rules=rules, ways=ways, driven=driven, rejected=rejected, assets=None, work=None,
            ledger=None, cost_pm=none, low_pm=none, high_pm=none, cost_pkgm=none, time_s=none, energy_jpm=none, co2_kgpm=none,
            best=np.zeros(0, dtype=bool), kept=kept,
        )  # fmt: skip
    each, laden = _assets(driven, where), ways.laden_m / ways.distance_m
    work = work_of(duty, driven, ways)
    per_kgm = np.asarray(ledger(stack(each), work, where).per_kgm(work.payload_kg, laden))
    order = np.argsort(per_kgm, kind="stable").tolist()
    driven, each = driven.only(order), [each[place] for place in order]
    assets, work = stack(each), work_of(duty, driven, ways)
    found = ledger(assets, work, where)
    cost, per_kgm = np.asarray(found.total), per_kgm[order]
    low, high = _intervals(each, duty, driven, where, ways)
    times = ways.distance_m / np.asarray(work.speed_mps)
    energy, co2 = _energy(driven, where)
    return Choice(
        duty=duty, region=where, rules=rules, ways=ways, driven=driven, rejected=rejected, assets=assets, work=work, ledger=found,
        cost_pm=cost, low_pm=low, high_pm=high, cost_pkgm=per_kgm, time_s=times, energy_jpm=energy, co2_kgpm=co2,
        best=front(np.column_stack([per_kgm, times, energy, -np.asarray(work.payload_kg), co2])), kept=kept,
    )  # fmt: skip


def _assets(driven: Driven, where: Region) -> list[Assets]:
    """What cost needs of each candidate; variants of a pair cost the same."""
    found: dict[str, Assets] = {}
    for one in driven.judged:
        whole = one.candidate.combination
        if whole.name not in found:
            found[whole.name] = assets_of(whole, where)
    return [found[one.candidate.combination.name] for one in driven.judged]


def work_of(duty: Duty, driven: Driven, ways: Ways) -> Work:
    """What a metre takes of each candidate, fields of shape (n,). Payload lost to a battery is in the cost a kg and metre."""
    day, plans = duty.distance_day_m, driven.plans
    friction = column(driven.out, "brake_friction_j") + column(driven.back, "brake_friction_j")
    times = np.array([plan.time_s for plan in plans])
    return Work(
        speed_mps=day / times, fuel_kgpm=driven.fuel_kgpm, depot_jpm=np.array([plan.depot_j for plan in plans]) / day,
        public_jpm=np.array([plan.public_j for plan in plans]) / day, swap_jpm=np.array([plan.swap_j for plan in plans]) / day,
        friction_jpm=friction / ways.distance_m, wait_ratio=np.array([plan.added_s for plan in plans]) / times,
        payload_kg=np.array([one.fit.payload_kg for one in driven.judged]), weight_limited_ratio=0.0,
        distance_year_m=duty.distance_year_m, years=duty.years,
    )  # fmt: skip


def _intervals(each: Sequence[Assets], duty: Duty, driven: Driven, where: Region, ways: Ways) -> tuple[Floats, Floats]:
    """90 % intervals of the cost of a metre, `PART` candidates at a time against the same draws."""
    drawn = where.drawn(np.random.default_rng(SEED), DRAWS, correlated(where))
    ends = []
    for start in range(0, len(driven.judged), PART):
        part = range(start, min(start + PART, len(driven.judged)))
        work = columns(work_of(duty, driven.only(part), ways))
        found = interval(stack(each[part.start : part.stop]).columns(), work, drawn)
        ends.append(np.stack(found.total))
    low, high = np.concatenate(ends, axis=1)
    return low, high


def correlated(where: Region) -> dict[tuple[str, str], float]:
    """Prices of a region that move together."""
    return {pair: ratio for pair, ratio in CORRELATED.items() if all(name in where.assumptions for name in pair)}


def columns(work: Work) -> Work:
    """A work whose arrays have shape (n, 1), so that they go against draws."""
    names = ("speed_mps", "fuel_kgpm", "depot_jpm", "public_jpm", "swap_jpm", "friction_jpm", "wait_ratio", "payload_kg")
    return replace(work, **{name: np.asarray(getattr(work, name))[:, np.newaxis] for name in names})


def _energy(driven: Driven, where: Region) -> tuple[Floats, Floats]:
    """Energy at tank and plug, and CO2 of fuel and grid, a metre."""
    fuels = [one.candidate.combination.drive.fuel for one in driven.judged]
    heat = np.array([one.lower_heating_value_jpkg if one else 0.0 for one in fuels])
    carbon = np.array([one.co2_kgpkg if one else 0.0 for one in fuels])
    plug = driven.electric_jpm / where["charging_efficiency"]
    return driven.fuel_kgpm * heat + plug, driven.fuel_kgpm * carbon + plug * where["grid_co2"]


def changed(choice: Choice, duty: Duty) -> Choice:
    """The choice for a duty that departs from its own in payload, slopes, distance a year, years and prices at most.

    What must be driven anew is driven in the variant of every pair that stood best, so that the answer comes at once.
    """
    own = choice.kept
    if (duty.cargo.mass_kg, duty.grade_ratio) not in own.driven:
        own.best = own.best or _best(choice)
        own = own.best
    return choose(duty, kept=own)


def _best(choice: Choice) -> Kept:
    """The variant of every pair that ranks first, or of a rejected pair the one that is nearest to passing."""
    found: dict[str, Judged] = {}
    for one in (*choice.driven.judged, *choice.rejected):
        found.setdefault(one.candidate.combination.name, one)
    market = tuple(replace(one.fit.pair, candidates=(one.candidate,)) for one in found.values())
    kept = Kept(pairs=market, trips=choice.kept.trips, ways=choice.kept.ways, lock=choice.kept.lock)
    kept.best = kept
    return kept


def failures(one: Judged) -> tuple[Verdict, ...]:
    """Checks that fail, worst first."""
    return tuple(verdict for verdict in one.verdicts if verdict.outcome is Outcome.FAIL)
