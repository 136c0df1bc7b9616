"""The axles of a whole combination in one line, and what a rule may ask of them: the `Layout` of a tractor and a trailer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from fifthwheel.vehicle.combination import Unit, UnitKind
from fifthwheel.vehicle.components import AxleGroup

TWIN_TYRES: Final = 4
"""Tyres of an axle with twins on both sides."""
FULL_TRAILER_M: Final = 2.0
"""Axles of a trailer further apart than that carry it at both ends: a full trailer; else it is a centre-axle trailer."""


class Axle(NamedTuple):
    """One axle: its number from the front, `place_m` from the front of the tractor, the unit and its axle group."""

    number: int
    place_m: float
    unit: int
    group: int
    of: AxleGroup


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """Consecutive axles of one unit that a rule counts as one group.

    Attributes
    ----------
    unit : ``motor`` or ``trailer``. axles : indexes in `Layout.axles`.
    spacing_m : least distance of neighbours, `span_m` first to last; zero for a single axle.
    twin, air : of its driven axles, or of all where none is driven. section_m : least nominal section of its tyres.
    """

    unit: str
    axles: tuple[int, ...]
    axles_count: int
    spacing_m: float
    span_m: float
    driven: bool
    driven_axles_count: int
    steered: bool
    twin: bool
    air: bool
    section_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """What rows of a rule set may be limited to; every field but `axles` and `fitted` may stand in a row's ``when``.

    Attributes
    ----------
    axles, fitted : those that stand on the road, and all. Counts are of all.
    family : ``rigid``, ``articulated`` or ``drawbar``. coupling : of its trailer: ``semi``, ``centre_axle``, ``full`` or empty.
    unit : kind of the unit in front. body : kind of the body behind. energy : `Drive.energy_kind` of the unit in front.
    drive_twin, drive_air : whether all driven axles of the unit in front have twin tyres, air suspension.
    trailer_spacing_m : least distance of neighbouring axles of the trailer; zero for none or one.
    lifted : whether an axle is lifted. rear_steered : whether the last axle steers.
    """

    axles: tuple[Axle, ...]
    fitted: tuple[Axle, ...]
    family: str
    coupling: str
    unit: str
    body: str
    energy: str
    axles_count: int
    motor_axles_count: int
    trailer_axles_count: int
    drive_axles_count: int
    drive_twin: bool
    drive_air: bool
    trailer_spacing_m: float
    lifted: bool
    rear_steered: bool

    def groups(self, split_m: float) -> tuple[Shape, ...]:
        """Its axles in groups: neighbours of one unit that stand closer than `split_m`."""
        found: list[list[int]] = []
        for index, axle in enumerate(self.axles):
            last = self.axles[index - 1] if index else None
            close = last is not None and last.unit == axle.unit and gap_m(last, axle) < split_m
            if close:
                found[-1].append(index)
            else:
                found.append([index])
        return tuple(self.shape(tuple(group)) for group in found)

    def shape(self, axles: tuple[int, ...]) -> Shape:
        """The group of these axles on the road."""
        return shape_of([self.axles[index] for index in axles], axles)


def shape_of(members: Sequence[Axle], axles: tuple[int, ...] = ()) -> Shape:
    """What a rule asks of some axles."""
    driven = [axle for axle in members if axle.of.driven]
    gaps = [gap_m(one, other) for one, other in pairwise(members)]
    return Shape(
        unit="trailer" if members[0].unit else "motor", axles=axles, axles_count=len(axles),
        spacing_m=min(gaps, default=0.0), span_m=gap_m(members[0], members[-1]),
        driven=bool(driven), driven_axles_count=len(driven), steered=any(axle.of.steered for axle in members),
        twin=all(axle.of.tyres_count >= TWIN_TYRES for axle in driven or members),
        air=all(axle.of.air_suspended for axle in driven or members),
        section_m=min(axle.of.tyre.section_m for axle in members),
    )  # fmt: skip


def gap_m(one: Axle, other: Axle) -> float:
    """Distance of two axles to a tenth of a millimetre, so that 3.25 - 1.45 is 1.8."""
    return round(other.place_m - one.place_m, 4)


def trailer_front_m(tractor: Unit, trailer: Unit, slide_m: float = 0.0) -> float:
    """Place of the trailer's front from the tractor's, the fifth wheel slid rearwards by `slide_m`."""
    return tractor.coupling_m + slide_m - trailer.coupling_m


def layout_of(
    tractor: Unit, trailer: Unit | None, raised: frozenset[tuple[int, int]] = frozenset(), slide_m: float = 0.0
) -> Layout:
    """The layout of two units that stand in one line, or of one alone; the same parts give the same object.

    `raised` names the axle groups that are lifted: (unit, group); `slide_m` is how far the fifth wheel slid rearwards.
    """
    energy = tractor.drive.energy_kind if tractor.drive else ""
    behind = trailer or tractor
    body = behind.body.kind.value if behind.body else ""
    towed = (trailer.axles, trailer_front_m(tractor, trailer, slide_m)) if trailer else None
    return _layout(tractor.kind, tractor.axles, towed, (body, energy), raised)


def layout_alone(unit: Unit) -> Layout:
    """The layout of the axles of one unit, a trailer without anything in front."""
    if unit.kind is not UnitKind.TRAILER:
        return layout_of(unit, None)
    return _layout(UnitKind.TRACTOR, (), (unit.axles, 0.0), (unit.body.kind.value if unit.body else "", ""), frozenset())


@lru_cache(maxsize=4096)
def _layout(
    unit: UnitKind, axles: tuple[AxleGroup, ...], towed: tuple[tuple[AxleGroup, ...], float] | None, traits: tuple[str, str],
    raised: frozenset[tuple[int, int]],
) -> Layout:  # fmt: skip
    behind, front_m = towed or ((), 0.0)
    line = [(place, 0, index, group) for index, group in enumerate(axles) for place in group.positions_m]
    line += [(front_m + place, 1, index, group) for index, group in enumerate(behind) for place in group.positions_m]
    fitted = tuple(Axle(number, *one) for number, one in enumerate(line, start=1))
    trail = [axle for axle in fitted if axle.unit == 1]
    driven = [group for group in axles if group.driven]
    gaps = [gap_m(one, other) for one, other in pairwise(trail)]
    family = "rigid" if towed is None else "articulated" if unit is UnitKind.TRACTOR else "drawbar"
    full = max(gaps, default=0.0) > FULL_TRAILER_M
    coupling = {"articulated": "semi", "drawbar": "full" if full else "centre_axle"}.get(family, "")
    return Layout(
        axles=tuple(axle for axle in fitted if (axle.unit, axle.group) not in raised), fitted=fitted,
        family=family, coupling=coupling, unit=unit.value, body=traits[0], energy=traits[1],
        axles_count=len(fitted), motor_axles_count=len(fitted) - len(trail), trailer_axles_count=len(trail),
        drive_axles_count=sum(len(group.positions_m) for group in driven),
        drive_twin=all(group.tyres_count >= TWIN_TYRES for group in driven),
        drive_air=all(group.air_suspended for group in driven),
        trailer_spacing_m=min(gaps, default=0.0), lifted=bool(raised),
        rear_steered=(behind or axles)[-1].steered and len(behind or axles) > 1,
    )  # fmt: skip
