"""The law as data, and a combination held against it: what the rest of the package uses of `rulebook` and `limits`.

``rule_set("gb1589-2016")`` reads a set or a user's file, `gross_limit_kg` and `group_limit_kg` say what it allows, `check` holds
a laden combination (`Subject`) against every row that counts for it, `lawful_share_ratio` how much of its cargo is lawful.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from fifthwheel.vehicle.law.layout import Shape
from fifthwheel.vehicle.law.limits import GroupLimit, MassLimit, Selected, day_of, gross_limit_kg, group_limit_kg, selected
from fifthwheel.vehicle.law.measures import MEASURES, UNLIMITED, Measured
from fifthwheel.vehicle.law.remedies import Failure, remedy
from fifthwheel.vehicle.law.rulebook import AT_LEAST, QUANTITIES, Row, RuleSet, names, rule_set, usual
from fifthwheel.vehicle.law.subject import Subject, power_w
from fifthwheel.vehicle.verdict import Outcome, Verdict, human, worst_first

if TYPE_CHECKING:
    from fifthwheel.vehicle.statics import AxleLoads

__all__ = [
    "Row", "RuleSet", "Subject", "check", "gross_limit_kg", "group_limit_kg", "lawful_share_ratio", "names", "power_w",
    "rule_set", "sub_groups", "usual",
]  # fmt: skip


class _Case(NamedTuple):
    """A subject under a rule set: the rows that count, and what each of its axles carries."""

    rules: RuleSet
    subject: Subject
    found: Selected
    axles_kg: tuple[float, ...]

    def load_kg(self, one: GroupLimit) -> float:
        """On the axles of a limit."""
        return sum([self.axles_kg[index] for index in one.shape.axles])


def _case(rules: RuleSet, subject: Subject) -> _Case:
    found = selected(rules, subject.layout, day_of(rules, subject.day))
    each = {(one.unit, one.group): one.load_kg / one.axles_count for one in subject.loads.groups}
    return _Case(rules, subject, found, tuple([each[axle.unit, axle.group] for axle in found.layout.axles]))


def check(rules: RuleSet, subject: Subject) -> tuple[Verdict, ...]:
    """Every row of a rule set that counts for a laden combination, worst first.

    Of a row over groups of consecutive axles (bridge formula) the worst group is given; `sub_groups` gives all of them.
    """
    case = _case(rules, subject)
    verdicts = [
        *_edition(rules, subject),
        *_masses(case),
        *(_group(case, one) for one in case.found.groups),
        *_worst(case),
        *(verdict for row in case.found.others for verdict in _others(case, row)),
    ]
    for row in case.found.others:
        if row.alternative:
            verdicts = _either(verdicts, {row.name, row.alternative})
    return worst_first(verdicts)


def _either(verdicts: list[Verdict], pair: set[str]) -> list[Verdict]:
    """Of two ways to show the same, a failure of one is only told where the other holds."""
    other = next((one for one in verdicts if one.rule in pair and one.outcome is Outcome.PASS), None)
    if other is None:
        return verdicts
    why_en, why_zh = f"enough by the other way to show it: {other.title_en}", f"另一种判定方式已满足：{other.title_zh}"
    return [
        replace(
            one, limit=None, remedy_en="", remedy_zh="",
            reason_en=f"the limit is {human(one.limit or 0.0, one.unit)}; {why_en}",
            reason_zh=f"限值{human(one.limit or 0.0, one.unit)}；{why_zh}",
        )
        if one.rule in pair and one.outcome is Outcome.FAIL
        else one
        for one in verdicts
    ]  # fmt: skip


def sub_groups(rules: RuleSet, subject: Subject) -> tuple[Verdict, ...]:
    """All groups of consecutive axles that a set limits (n (n - 1) / 2 by a bridge formula), worst first."""
    case = _case(rules, subject)
    return worst_first(_group(case, one) for one in case.found.sub_groups)


def lawful_share_ratio(rules: RuleSet, subject: Subject, unladen: AxleLoads) -> float:
    """Share of the cargo on board, spread as it is, that masses, axle groups and bridge formula allow; 1 at most, 0 at least.

    Loads grow with the cargo in a line from those of the same combination `unladen`, so the tightest limit says it.
    """
    full, empty = _case(rules, subject), _case(rules, replace(subject, loads=unladen))
    pairs = [(_mass_kg(full, one), _mass_kg(empty, one), one.limit_kg) for one in full.found.masses]
    pairs += [(full.load_kg(one), empty.load_kg(one), one.limit_kg) for one in (*full.found.groups, *full.found.sub_groups)]
    shares = [(limit - bare) / (laden - bare) for laden, bare, limit in pairs if limit is not None and laden > max(bare, limit)]
    return max(min(shares, default=1.0), 0.0)


def _mass_kg(case: _Case, one: MassLimit) -> float:
    """What a row over masses limits: the motor vehicle, the trailer, or the whole."""
    unit = {"motor_gross": 0, "trailer_gross": 1}.get(one.row.quantity)
    return case.subject.loads.total_kg if unit is None else case.subject.loads.unit_kg(unit)


def _worst(case: _Case) -> Iterator[Verdict]:
    """Of every row over groups of axles, the group that uses most of its limit; the exception belongs to its formula."""
    worst: dict[str, tuple[float, GroupLimit]] = {}
    for one in case.found.sub_groups:
        used = case.load_kg(one) / one.limit_kg if one.limit_kg else 0.0
        name = "bridge" if one.row.quantity in {"bridge", "tandem_pair"} else one.row.name
        if name not in worst or used > worst[name][0]:
            worst[name] = used, one
    return (_group(case, one) for _, one in worst.values())


def _masses(case: _Case) -> Iterator[Verdict]:
    rules, found = case.rules, case.found
    for one in found.masses:
        measured = Measured(_mass_kg(case, one), one.limit_kg, one.more_en, one.more_zh, *UNLIMITED)
        yield _verdict(case, one.row, measured, mass=one)
    for row in found.narrow:
        reason = "the section of single tyres is unknown; they count as narrow", "单胎断面宽度未知，按窄胎计"
        yield _verdict(case, row, Measured(None, row.limit, "", "", *reason))
    if any(one.row.quantity in GROSS for one in found.masses) or all(row.quantity not in GROSS for row in rules.rows.values()):
        return
    count = found.layout.axles_count
    reason = f"no row says a mass for {count} axles of this kind of vehicle", f"无{count}轴该类车辆的总质量限值"
    yield _note(rules, "gross", ("gross mass", "总质量"), reason)


GROSS: Final = frozenset({"gross", "motor_gross"})


def _group(case: _Case, one: GroupLimit) -> Verdict:
    measured = Measured(case.load_kg(one), one.limit_kg, f", {one.axles_en}", f"，{one.axles_zh}", *UNLIMITED)
    return _verdict(case, one.row, measured, shape=one.shape)


def _others(case: _Case, row: Row) -> Iterator[Verdict]:
    return (_verdict(case, row, one) for one in MEASURES[row.quantity](case.subject, row))


def _verdict(case: _Case, row: Row, one: Measured, *, shape: Shape | None = None, mass: MassLimit | None = None) -> Verdict:
    missing = one.value is None or one.limit is None
    made = Verdict(
        rule=row.name, kind="law", title_en=row.title_en + one.more_en, title_zh=row.title_zh + one.more_zh,
        rule_set=case.rules.title, version=case.rules.version, tag=f"[{row.tag}]", source=row.source, value=one.value,
        limit=one.limit, unit=QUANTITIES[row.quantity], at_least=row.quantity in AT_LEAST,
        reason_en=one.why_en if missing else "", reason_zh=one.why_zh if missing else "",
    )  # fmt: skip
    if one.value is None or one.limit is None or made.outcome is not Outcome.FAIL:
        return made
    remedy_en, remedy_zh = remedy(Failure(case.subject, case.rules, row, one.value, one.limit, shape, mass))
    return replace(made, remedy_en=remedy_en, remedy_zh=remedy_zh)


def _edition(rules: RuleSet, subject: Subject) -> Iterator[Verdict]:
    """A warning where the day of use lies outside of the edition."""
    if subject.day is None or rules.valid_from <= subject.day <= rules.valid_to:
        return
    if subject.day > rules.valid_to:
        why_en = f"edition {rules.version} ended on {rules.valid_to}"
        why_zh = f"{rules.version}版有效期至{rules.valid_to}"
    else:
        why_en = f"edition {rules.version} begins on {rules.valid_from}"
        why_zh = f"{rules.version}版自{rules.valid_from}起实施"
    reason = "; ".join(filter(None, (why_en, rules.successor_en))), "；".join(filter(None, (why_zh, rules.successor_zh)))
    yield _note(rules, "edition", (f"edition in force on {subject.day}", f"{subject.day}的现行版本"), reason)


def _note(rules: RuleSet, rule: str, title: tuple[str, str], reason: tuple[str, str]) -> Verdict:
    return Verdict(
        rule=rule, kind="law", title_en=title[0], title_zh=title[1], rule_set=rules.title, version=rules.version, tag="",
        source="", value=None, limit=None, unit="", reason_en=reason[0], reason_zh=reason[1],
    )  # fmt: skip
