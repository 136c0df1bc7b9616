"""Check: a combination of the catalogue with a payload, held against rule sets and against its own coupling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import Any, Final

from fifthwheel.errors import InputError
from fifthwheel.fleet.catalogued import named
from fifthwheel.vehicle import coupling
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.rules import (
    RuleSet,
    Subject,
    check,
    gross_limit_kg,
    group_limit_kg,
    lawful_share_ratio,
    rule_set,
    sub_groups,
    usual,
)
from fifthwheel.vehicle.statics import AxleLoads, axle_loads, even, unladen_loads
from fifthwheel.vehicle.stowage import Stowage, lawful_payload
from fifthwheel.vehicle.turning import swept
from fifthwheel.vehicle.verdict import Verdict, worst_first

HOME: Final = "cn"
"""Region whose rule sets count for a unit that names no market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found.

    Attributes
    ----------
    rules : sets that it was held against. payload_kg : carried; `stowage`, where it stands, and what ends it.
    verdicts : of all sets and of the coupling, worst first. sub_groups : every group of consecutive axles of a bridge formula.
    """

    combination: Combination
    rules: tuple[RuleSet, ...]
    payload_kg: float
    stowage: Stowage
    loads: AxleLoads
    verdicts: tuple[Verdict, ...]
    sub_groups: tuple[Verdict, ...]

    def document(self) -> dict[str, Any]:
        """As ``fifthwheel check --json`` prints it."""
        whole = self.combination
        return {
            "combination": whole.name, "title_en": whole.title_en, "title_zh": whole.title_zh, "payload_kg": self.payload_kg,
            "gross_kg": self.loads.total_kg, "slide_m": self.stowage.slide_m, "kingpin_kg": self.loads.kingpin_kg,
            "axle_loads_kg": [one.load_kg for one in self.loads.groups],
            "rules": [
                {"name": one.name, "title": one.title, "version": one.version, "title_en": one.title_en, "title_zh": one.title_zh}
                for one in self.rules
            ],
            "verdicts": [_line(one) for one in self.verdicts], "sub_groups": [_line(one) for one in self.sub_groups],
        }  # fmt: skip


def _line(one: Verdict) -> dict[str, Any]:
    return {
        "rule": one.rule, "kind": one.kind, "title_en": one.title_en, "title_zh": one.title_zh, "rule_set": one.rule_set,
        "version": one.version, "tag": one.tag, "source": one.source, "value": one.value, "limit": one.limit, "unit": one.unit,
        "margin": one.margin, "outcome": one.outcome.value, "line_en": one.line_en, "line_zh": one.line_zh,
        "remedy_en": one.remedy_en, "remedy_zh": one.remedy_zh,
    }  # fmt: skip


def check_combination(
    name: str, payload_kg: float | None = None, rules: Sequence[str] = (), *, lifted: bool = False, day: date | None = None
) -> Checked:
    """Hold a combination against rule sets.

    Parameters
    ----------
    name : in the catalogue, or a TOML file. payload_kg : spread over the room; ``None``: as much as is lawful.
    rules : names or TOML files; none: the usual sets of the tractor's first market.
    lifted : whether liftable axles are up. day : of use.

    Raises
    ------
    InputError : a name, file or payload that is not accepted.
    """
    whole = named(name)
    if not isinstance(whole, Combination):
        raise InputError(f"{name} is a {whole.kind} alone; a combination is wanted")
    sets = tuple(rule_set(one) for one in rules or usual((*whole.tractor.markets, HOME)[0]))
    if payload_kg is not None and not 0.0 <= payload_kg < inf:
        raise InputError(f"payload of {payload_kg:g} kg; 0 kg or more is accepted")
    stowage = _stowage(whole, sets, payload_kg, lifted=lifted)
    subject = _laden(whole, stowage, lifted=lifted, day=day)
    if payload_kg is None:
        unladen = unladen_loads(whole, slide_m=stowage.slide_m, lifted=lifted)
        share = min((lawful_share_ratio(one, subject, unladen) for one in sets), default=1.0)
        stowage = replace(stowage, mass_kg=share * stowage.mass_kg)
        subject = _laden(whole, stowage, lifted=lifted, day=day)
    loads = subject.loads
    verdicts = [verdict for one in sets for verdict in check(one, subject)]
    if whole.trailer is not None:
        verdicts += coupling.fit(whole.tractor, whole.trailer, slide_m=stowage.slide_m, loads=loads)
    return Checked(
        combination=whole, rules=sets, payload_kg=stowage.mass_kg, stowage=stowage, loads=loads, verdicts=worst_first(verdicts),
        sub_groups=worst_first(verdict for one in sets for verdict in sub_groups(one, subject)),
    )  # fmt: skip


def _laden(whole: Combination, stowage: Stowage, *, lifted: bool, day: date | None) -> Subject:
    cargo = replace(even(whole.units[-1], stowage.mass_kg), place_m=stowage.place_m)
    on_units = [*(() for _ in whole.units[:-1]), (cargo,)]
    return Subject(
        combination=whole, loads=axle_loads(whole, on_units, slide_m=stowage.slide_m, lifted=lifted),
        swept=swept(whole, slide_m=stowage.slide_m, lifted=lifted), slide_m=stowage.slide_m, day=day,
    )  # fmt: skip


def _stowage(whole: Combination, sets: Sequence[RuleSet], payload_kg: float | None, *, lifted: bool) -> Stowage:
    """As much as is lawful, or a wanted mass where it is lawful best."""
    limits = [min(group_limit_kg(one, unit, group) for one in sets) for unit in whole.units for group in range(len(unit.axles))]
    gross = min((gross_limit_kg(one, whole.tractor, whole.trailer)[0] for one in sets), default=inf)
    most = min(gross, whole.gross_mass_kg if gross == inf else inf) - whole.tare_kg
    if payload_kg is None:
        return lawful_payload(whole, limits, most_kg=max(most, 0.0), lifted=lifted)
    return replace(lawful_payload(whole, limits, most_kg=payload_kg, lifted=lifted), mass_kg=payload_kg)
