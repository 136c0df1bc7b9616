"""Which rows of a rule set count for a layout of axles, and the masses that they allow: chosen once a layout and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from math import inf
from typing import Final, NamedTuple

from fifthwheel.errors import InputError
from fifthwheel.units import FOOT, POUND, TONNE
from fifthwheel.vehicle.combination import Unit
from fifthwheel.vehicle.law.bridge import bridge_lb
from fifthwheel.vehicle.law.layout import TWIN_TYRES, Axle, Layout, Shape, layout_alone, layout_of, shape_of
from fifthwheel.vehicle.law.rulebook import Row, RuleSet

MASSES: Final = frozenset({"gross", "motor_gross", "trailer_gross", "gross_per_span", "group_sum"})
ADDITIONS: Final = frozenset({"gross_addition", "tyre_pair_addition"})
BRIDGES: Final = frozenset({"bridge", "tandem_pair"})
GROUPS: Final = BRIDGES | {"group", "sub_group"}


class MassLimit(NamedTuple):
    """A row that limits the mass of the whole or of a unit, with its limit for this layout and what that is made of.

    `pairs_kg` is the part of the limit that missing pairs of tyres took, `unknown` whether the tyres' section was unknown then.
    """

    row: Row
    limit_kg: float | None
    more_en: str
    more_zh: str
    pairs_kg: float = 0.0


class GroupLimit(NamedTuple):
    """A row that limits the load of an axle group, with its limit for this shape, and which axles these are."""

    row: Row
    shape: Shape
    limit_kg: float | None
    axles_en: str
    axles_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """Rows of a set that count for a `layout`: masses, axle groups, groups within all axles (bridge), and all others.

    `narrow` names the rows that count single tyres of unknown section as narrow.
    """

    layout: Layout
    masses: tuple[MassLimit, ...]
    groups: tuple[GroupLimit, ...]
    sub_groups: tuple[GroupLimit, ...]
    others: tuple[Row, ...]
    narrow: tuple[Row, ...]


def day_of(rules: RuleSet, day: date | None) -> date:
    """The day whose rows count: the edition's first or last where `day` lies outside of it."""
    return rules.valid_from if day is None else min(max(day, rules.valid_from), rules.valid_to)


@lru_cache(maxsize=8192)
def selected(rules: RuleSet, layout: Layout, day: date) -> Selected:
    """What counts for a layout on a day of the edition."""
    rows = [row for row in rules.rows.values() if row.applies(layout, day)]
    group_rows = [row for row in rows if row.quantity == "group"]
    groups = tuple(_group_limit(layout, shape, group_rows) for shape in layout.groups(rules.split_m)) if group_rows else ()
    whole = _unreplaced(row for row in rows if row.quantity not in GROUPS)
    pairs = [row for row in rows if row.quantity == "tyre_pair_addition"]
    masses = [row for row in whole if row.quantity in MASSES]
    additions = [row for row in whole if row.quantity in ADDITIONS]
    return Selected(
        layout=layout, masses=tuple(_mass_limit(row, layout, groups, additions) for row in masses),
        groups=groups, sub_groups=_sub_groups(layout, [row for row in rows if row.quantity in GROUPS - {"group"}]),
        others=tuple(row for row in whole if row.quantity not in MASSES | ADDITIONS),
        narrow=tuple(row for row in pairs if any(_unknown(row, axle) for axle in layout.fitted)),
    )  # fmt: skip


def _unreplaced(rows: Iterable[Row]) -> list[Row]:
    left = list(rows)
    gone = frozenset().union(*(row.replaces for row in left))
    return [row for row in left if row.name not in gone]


def _unknown(row: Row, axle: Axle) -> bool:
    shape = shape_of([axle])
    return shape.section_m == 0.0 and row.applies_to(shape)


def _mass_limit(row: Row, layout: Layout, groups: Sequence[GroupLimit], additions: Sequence[Row]) -> MassLimit:
    if row.quantity == "group_sum":
        known = [group.limit_kg for group in groups if group.limit_kg is not None]
        return MassLimit(row, sum(known) if known and len(known) == len(groups) else None, "", "")
    if row.quantity == "gross_per_span":
        motor = [index for index, axle in enumerate(layout.axles) if axle.unit == 0]
        return MassLimit(row, None if row.limit is None else row.limit * layout.shape(tuple(motor)).span_m, "", "")
    if row.limit is None or row.quantity == "trailer_gross":
        return MassLimit(row, row.limit, "", "")
    whole = row.quantity == "gross"
    limit, pairs, more_en, more_zh = row.limit, 0.0, "", ""
    for addition in additions:
        added = (addition.limit or 0.0) * (_pairs(addition, layout, whole=whole) if "pair" in addition.quantity else 1.0)
        if added:
            more_en += f", {addition.title_en}: {added / TONNE:+.1f} t"
            more_zh += f"，{addition.title_zh}{added / TONNE:+.1f} t"
        limit += added
        pairs += added if "pair" in addition.quantity else 0.0
    return MassLimit(row, limit, more_en, more_zh, pairs)


def _pairs(row: Row, layout: Layout, *, whole: bool) -> float:
    """Pairs of tyres that are missing by a row, in the whole or in the motor vehicle alone."""
    return sum(
        (TWIN_TYRES - axle.of.tyres_count) / 2
        for axle in layout.fitted
        if (whole or axle.unit == 0) and row.applies_to(shape_of([axle]))
    )


def _axles_text(layout: Layout, shape: Shape) -> tuple[str, str]:
    first, last = layout.axles[shape.axles[0]].number, layout.axles[shape.axles[-1]].number
    if first == last:
        return f"axle {first}", f"第{first}轴"
    return f"axles {first}-{last}", f"第{first}~{last}轴"


def _group_limit(layout: Layout, shape: Shape, rows: Sequence[Row]) -> GroupLimit:
    """The least of what the rows say for the group, and for its axles one by one."""
    found = _least(_unreplaced(row for row in rows if row.applies_to(shape)))
    if shape.axles_count > 1:
        alike = {id(layout.axles[index].of): index for index in shape.axles}
        each = {
            key: _least(_unreplaced(row for row in rows if row.applies_to(layout.shape((index,)))))
            for key, index in alike.items()
        }
        singles = [each[id(layout.axles[index].of)] for index in shape.axles]
        known = [limit for _, limit in singles if limit is not None]
        if len(known) == len(singles) and (found[1] is None or sum(known) < found[1]):
            found = min((row for row, _ in singles if row), key=lambda row: row.limit or inf), sum(known)
    row, limit = found
    english, chinese = _axles_text(layout, shape)
    if row is None:
        row = rows[0]
    elif row.limit != limit:
        english, chinese = f"{english}, sum of {shape.axles_count}", f"{chinese}，{shape.axles_count}轴合计"
    return GroupLimit(row, shape, limit, english, chinese)


def _least(rows: Sequence[Row]) -> tuple[Row | None, float | None]:
    row = min(rows, key=lambda row: inf if row.limit is None else row.limit, default=None)
    return (row, row.limit) if row else (None, None)


def _sub_groups(layout: Layout, rows: Sequence[Row]) -> tuple[GroupLimit, ...]:
    """A limit for every group of consecutive axles that a row names: n (n - 1) / 2 of them for a bridge formula."""
    bridge = next((row for row in rows if row.quantity == "bridge"), None)
    fixed = [row for row in rows if row.quantity == "sub_group"]
    pair = next((row for row in rows if row.quantity == "tandem_pair"), None)
    found: list[GroupLimit] = []
    if not rows:
        return ()
    for first, last in combinations(range(len(layout.axles)), 2):
        shape = layout.shape(tuple(range(first, last + 1)))
        text = _axles_text(layout, shape)
        found += [GroupLimit(row, shape, row.limit, *text) for row in fixed if row.applies_to(shape)]
        if bridge is not None:
            limit = POUND * bridge_lb(shape.span_m / FOOT, shape.axles_count, bridge.step / POUND)
            if pair and pair.limit and pair.limit > limit and _two_tandems(layout, shape, pair, fixed):
                found.append(GroupLimit(pair, shape, pair.limit, *text))
            else:
                found.append(GroupLimit(bridge, shape, limit, *text))
    return tuple(found)


def _two_tandems(layout: Layout, shape: Shape, pair: Row, fixed: Sequence[Row]) -> bool:
    """Whether four axles are two tandems, each allowed half of what the exception allows both."""
    if shape.axles_count != 4 or not pair.applies_to(shape):
        return False
    halves = layout.shape(shape.axles[:2]), layout.shape(shape.axles[2:])
    limits = [min((row.limit or 0.0 for row in fixed if row.applies_to(half)), default=0.0) for half in halves]
    return sum(limits) == pair.limit


def gross_limit_kg(rules: RuleSet, tractor: Unit, trailer: Unit | None, day: date | None = None) -> tuple[float, str]:
    """Most that a combination may weigh, and the name of the row that says so; infinite where no row limits it.

    The least of the rows for the whole (and for a truck alone), of the sum of its axle limits and of a bridge formula over all.
    """
    layout = layout_of(tractor, trailer)
    found = selected(rules, layout, day_of(rules, day))
    quantities = MASSES - {"trailer_gross"} - (set() if layout.family == "rigid" else {"motor_gross"})
    limits = [(one.limit_kg, one.row.name) for one in found.masses if one.row.quantity in quantities and one.limit_kg is not None]
    limits += [
        (one.limit_kg, one.row.name)
        for one in found.sub_groups
        if one.shape.axles_count == len(layout.axles) and one.limit_kg is not None
    ]
    return min(limits, key=lambda one: one[0], default=(inf, ""))


@lru_cache(maxsize=8192)
def _group_limits(rules: RuleSet, layout: Layout, day: date) -> tuple[float, ...]:
    """Most load of each axle group of a unit alone, were its axles loaded as they are rated."""
    found = selected(rules, layout, day)
    count = layout.axles[-1].group + 1
    own = [tuple(index for index, axle in enumerate(layout.axles) if axle.group == number) for number in range(count)]
    limits = [inf] * count
    for one in (*found.groups, *found.sub_groups):
        members = {layout.axles[index].group for index in one.shape.axles}
        if one.limit_kg is None or (one.row.quantity in BRIDGES and len(members) > 1):
            continue
        rated = {index: _rating_kg(layout, index) for index in one.shape.axles}
        for number in members:
            within = [index for index in own[number] if index in rated]
            share = sum(rated[index] for index in within) / sum(rated.values())
            limits[number] = min(limits[number], one.limit_kg * share * len(own[number]) / len(within))
    return tuple(limits)


def _rating_kg(layout: Layout, index: int) -> float:
    group = layout.axles[index].of
    return (group.load_limit_kg or 1.0) / len(group.positions_m)


def group_limit_kg(rules: RuleSet, unit: Unit, group: int, day: date | None = None) -> float:
    """Most that axle group number `group` of a unit may carry: the lesser of the rule set and of its rating.

    Groups that a rule counts as one, such as a driven and a trailing axle 1.35 m apart, share its limit as they are rated.

    Raises
    ------
    InputError : the unit has no such group.
    """
    if not 0 <= group < len(unit.axles):
        raise InputError(f"{unit.name}: axle group {group}; 0 to {len(unit.axles) - 1} is accepted")
    law = _group_limits(rules, layout_alone(unit), day_of(rules, day))[group]
    return min(law, unit.axles[group].load_limit_kg or inf)
