"""Whether a pair may carry a duty's cargo, and how: payload, place and slide, axle loads, coupling, law, body, performance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from fifthwheel.choose.candidate import Candidate, Pair
from fifthwheel.choose.duty import Duty
from fifthwheel.choose.performance import Performance, performance
from fifthwheel.units import TONNE
from fifthwheel.vehicle import coupling
from fifthwheel.vehicle.bodies import body_checks
from fifthwheel.vehicle.body import BodyKind
from fifthwheel.vehicle.combination import Combination, Unit
from fifthwheel.vehicle.load import Load, even, room_m, stop_by_stop
from fifthwheel.vehicle.rules import RuleSet, Subject, check, group_limit_kg, lawful_share_ratio
from fifthwheel.vehicle.statics import AxleLoads, axle_loads, unladen_loads
from fifthwheel.vehicle.stowage import Stowage, lawful_payload
from fifthwheel.vehicle.turning import swept
from fifthwheel.vehicle.verdict import Outcome, Verdict, worst_first

LOOSE: Final = frozenset({BodyKind.TIPPER, BodyKind.WALKING_FLOOR, BodyKind.TANK, BodyKind.POWDER, BodyKind.MIXER})
"""Bodies whose cargo spreads itself over the room; in others it may stand where it loads the axles best."""
LEAST_KG: Final = 100.0
"""A lawful payload below this is none."""
STEP_KG: Final = 100.0
"""To which the most lawful payload is found."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A pair with a duty's cargo on it.

    Attributes
    ----------
    payload_kg : carried; `stowage` says the most that is lawful, where it stands and how far back the fifth wheel is.
    loads : the cargo, one sequence a unit. laden, unladen : loads of axle groups and coupling.
    verdicts : of coupling, law and body.
    """

    pair: Pair
    payload_kg: float
    stowage: Stowage
    loads: tuple[tuple[Load, ...], ...]
    laden: AxleLoads
    unladen: AxleLoads
    verdicts: tuple[Verdict, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing fails."""
        return all(one.outcome is not Outcome.FAIL for one in self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """A candidate with all verdicts, worst first; its performance only where its `fit` passes."""

    candidate: Candidate
    fit: Fit
    performance: Performance | None
    verdicts: tuple[Verdict, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing fails."""
        return all(one.outcome is not Outcome.FAIL for one in self.verdicts)


def judge(pair: Pair, duty: Duty, rules: Sequence[RuleSet]) -> Iterator[Judged]:
    """Every candidate of a pair."""
    fit = fitted(pair, duty, rules)
    for candidate in pair.candidates:
        yield (
            judged(candidate, fit, duty)
            if fit.passes
            else Judged(candidate=candidate, fit=fit, performance=None, verdicts=fit.verdicts)
        )


def judged(candidate: Candidate, fit: Fit, duty: Duty) -> Judged:
    """A candidate with its performance."""
    found = performance(candidate.combination, fit.laden, duty)
    verdicts = worst_first((*fit.verdicts, *found.verdicts(duty.limits)))
    return Judged(candidate=candidate, fit=fit, performance=found, verdicts=verdicts)


def fitted(pair: Pair, duty: Duty, rules: Sequence[RuleSet]) -> Fit:
    """A pair with the cargo of a duty on it: what is wanted, or as much as is lawful and fits."""
    if duty.cargo.mass_kg is not None:
        return _fit(pair, duty, rules, duty.cargo.mass_kg)
    most = _fit(pair, duty, rules, inf)
    lawful_kg = _lawful_kg(most, rules)
    return most if lawful_kg > most.payload_kg - 1.0 else _fit(pair, duty, rules, max(lawful_kg, 0.0))


def _fit(pair: Pair, duty: Duty, rules: Sequence[RuleSet], asked_kg: float) -> Fit:
    whole, carrier = pair.combination, pair.combination.units[-1]
    room = room_kg(carrier, duty)
    stowage = stow(whole, duty, rules, asked_kg)
    payload = stowage.mass_kg if duty.cargo.mass_kg is None else min(asked_kg, room)
    loads = _placed(whole, duty, payload, stowage)
    laden = axle_loads(whole, loads, slide_m=stowage.slide_m)
    unladen = unladen_loads(whole, slide_m=stowage.slide_m)
    verdicts = [*_cargo(carrier, duty, room), *_mechanics(whole, duty, loads, laden, stowage)]
    verdicts += _lawful(whole, duty, rules, laden, stowage)
    if duty.cargo.mass_kg is None and payload < LEAST_KG:
        verdicts.append(_nothing(whole, stowage))
    return Fit(
        pair=pair, payload_kg=payload, stowage=stowage, loads=loads, laden=laden, unladen=unladen,
        verdicts=worst_first(verdicts),
    )  # fmt: skip


def _lawful_kg(fit: Fit, rules: Sequence[RuleSet]) -> float:
    """Of a payload, what bridge formulas and rows for power over mass leave, which the limits of single groups do not tell."""
    subject = Subject(combination=fit.pair.combination, loads=fit.laden, slide_m=fit.stowage.slide_m)
    payload = fit.payload_kg * min(lawful_share_ratio(one, subject, fit.unladen) for one in rules)
    weak = [one.value / one.limit for one in fit.verdicts if one.unit == "W/kg" and one.value and one.limit]
    return min(payload, fit.laden.total_kg * min([1.0, *weak]) - fit.unladen.total_kg)


def stow(whole: Combination, duty: Duty, rules: Sequence[RuleSet], most_kg: float) -> Stowage:
    """The most cargo up to `most_kg` that gross limit, axle groups, coupling and room allow, and where.

    Less cargo is shorter and may stand further from the middle, so the most is where what is asked and what is lawful meet.
    """
    carrier = whole.units[-1]
    limits = [min(group_limit_kg(one, unit, group) for one in rules) for unit in whole.units for group in range(len(unit.axles))]
    rating = min((unit.coupling_load_limit_kg for unit in whole.units if unit.coupling_load_limit_kg > 0.0), default=inf)

    def lawful(asked_kg: float) -> Stowage:
        length = _length_m(carrier, duty, asked_kg)
        return lawful_payload(
            whole, limits, most_kg=asked_kg, coupling_kg=rating if whole.trailer else inf, cargo_length_m=length
        )

    high = min(most_kg, room_kg(carrier, duty), max(whole.payload_limit_kg, 0.0))
    found = lawful(high)
    low = found.mass_kg
    while high - low > STEP_KG:
        middle = 0.5 * (low + high)
        tried = lawful(middle)
        if tried.mass_kg >= middle - 1.0:
            low, found = middle, tried
        else:
            high = middle
    return found


def room_kg(carrier: Unit, duty: Duty) -> float:
    """What the room of a unit takes of the cargo; infinite where nobody says how large it is."""
    volume = carrier.body.volume_m3 if carrier.body else 0.0
    return volume * duty.cargo.density_kgpm3 if volume > 0.0 else inf


def _length_m(carrier: Unit, duty: Duty, mass_kg: float) -> float:
    """Length of a cargo that need not fill the room; zero spreads it over the room."""
    room = room_kg(carrier, duty)
    if carrier.body is None or carrier.body.kind in LOOSE or not mass_kg < room < inf or not duty.cargo.uneven_ratio:
        return 0.0
    start, end = room_m(carrier)
    return (end - start) * mass_kg / room / duty.cargo.uneven_ratio


def _placed(whole: Combination, duty: Duty, payload_kg: float, stowage: Stowage) -> tuple[tuple[Load, ...], ...]:
    """The cargo on the last unit, where the stowage puts it."""
    cargo = replace(even(whole.units[-1], payload_kg, duty.cargo.density_kgpm3), place_m=stowage.place_m)
    return (*(() for _ in whole.units[:-1]), (cargo,))


def _cargo(carrier: Unit, duty: Duty, room: float) -> Iterator[Verdict]:
    """Whether the body carries that kind of cargo, and takes as much as is wanted."""
    cargo, body = duty.cargo, carrier.body
    kind = body.kind if body else None
    if kind not in cargo.bodies:
        yield Verdict(
            rule="cargo-body", kind="body", title_en=f"Body for {cargo.title_en.lower()}", title_zh=f"适装{cargo.title_zh}",
            rule_set="cargo", version=cargo.kind, tag="K", source="cargoes.toml", value=0.0, limit=1.0, unit="", at_least=True,
            remedy_en=f"a body of {', '.join(cargo.bodies)}", remedy_zh=f"改用{'、'.join(cargo.bodies)}上装",
        )  # fmt: skip
    if cargo.mass_kg is not None and room < inf:
        volume, needs = room / cargo.density_kgpm3, cargo.mass_kg / cargo.density_kgpm3
        yield Verdict(
            rule="cargo-room", kind="body", title_en="Room for the cargo", title_zh="货箱容积", rule_set="cargo",
            version=cargo.kind, tag="K", source="cargoes.toml: density as loaded", value=needs, limit=volume, unit="m³",
            remedy_en=f"at most {room / TONNE:.1f} t a trip, or a body of {needs:.0f} m³",
            remedy_zh=f"单程不超过 {room / TONNE:.1f} t，或选用 {needs:.0f} m³ 货箱",
        )  # fmt: skip


def _mechanics(
    whole: Combination, duty: Duty, loads: Sequence[Sequence[Load]], laden: AxleLoads, stowage: Stowage
) -> Iterator[Verdict]:
    if whole.trailer is not None:
        yield from coupling.fit(whole.tractor, whole.trailer, slide_m=stowage.slide_m, loads=laden)
    yield from body_checks(whole, loads, density_kgpm3=duty.cargo.density_kgpm3)


def _lawful(whole: Combination, duty: Duty, rules: Sequence[RuleSet], laden: AxleLoads, stowage: Stowage) -> Iterator[Verdict]:
    """Every rule set with all of the cargo on, and what fails of it after each stop."""
    turned, slide = swept(whole, slide_m=stowage.slide_m), stowage.slide_m
    stages = [("", "", laden)]
    cargo_kg = laden.total_kg - whole.tare_kg
    for number, loads in stop_by_stop(whole.units[-1], cargo_kg, duty.cargo.drops, duty.cargo.density_kgpm3)[1:]:
        left = axle_loads(whole, (*(() for _ in whole.units[:-1]), loads), slide_m=slide)
        stages.append((f", after stop {number}", f"，第{number}站卸货后", left))
    for english, chinese, found in stages:
        for one in rules:
            for verdict in check(one, Subject(combination=whole, loads=found, swept=turned, slide_m=slide)):
                if not english:
                    yield verdict
                elif verdict.outcome is Outcome.FAIL:
                    yield replace(verdict, title_en=verdict.title_en + english, title_zh=verdict.title_zh + chinese)


def _nothing(whole: Combination, stowage: Stowage) -> Verdict:
    return Verdict(
        rule="payload", kind="law", title_en="Lawful payload", title_zh="限值内装载质量", rule_set="payload", version="", tag="C",
        source="limits of axle groups, coupling and whole", value=stowage.mass_kg, limit=LEAST_KG, unit="kg", at_least=True,
        remedy_en=f"lighter units, or another combination: {stowage.binding} of {whole.name} is full without cargo",
        remedy_zh="选用更轻的车型或其他组合：空车已达限值",
    )  # fmt: skip
