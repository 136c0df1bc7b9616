"""Complete combinations of the market for a duty: every tractor with every trailer, every chassis with every body, in variants.

A `Pair` is what mechanics and law look at; its `Candidate`s differ in the final drive, which performance and energy look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from fifthwheel.choose.duty import Duty
from fifthwheel.choose.practice import final_drives
from fifthwheel.choose.region import region
from fifthwheel.errors import InputError, UnknownName
from fifthwheel.vehicle.body import Body
from fifthwheel.vehicle.catalogue import Catalogue, catalogue
from fifthwheel.vehicle.combination import Combination, Drive, Unit, UnitKind, bodied, coupled
from fifthwheel.vehicle.rules import RuleSet, gross_limit_kg

NEIGHBOURS: Final = 1
"""Final drives tried on either side of the catalogue's."""
ALIKE: Final = 0.02
"""Final drives nearer than this are the same one, rounded differently."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """One complete combination; its `candidate_id` is that of its units and its final drive, in every choice the same."""

    candidate_id: str
    combination: Combination


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A tractor with a trailer, or a rigid, as the catalogue has it, with the candidates that it is offered as.

    `gross_rule` names the row of the rule set that bounds the mass of the whole.
    """

    combination: Combination
    gross_rule: str
    candidates: tuple[Candidate, ...]


def pairs(duty: Duty, rules: Sequence[RuleSet]) -> Iterator[Pair]:
    """Every pair that may carry the duty's cargo, tractor by tractor, each held to the least gross limit of `rules`.

    Raises
    ------
    UnknownName : the duty names a tractor or trailer that the catalogue lacks. InputError : nothing is left of the market.
    """
    trailers = [unit for unit in _trailers(duty) if unit.kind is UnitKind.TRAILER]
    found = False
    for tractor in _tractors(duty):
        offered = variants(tractor, final_drives(duty.region))
        for trailer in [None] if tractor.kind is UnitKind.RIGID else trailers:
            pair = pair_of(offered, trailer, rules)
            if not duty.energies or pair.combination.energy_kind in duty.energies:
                yield pair
                found = True
    if not found:
        raise InputError(
            f"no combination of region {duty.region} carries {duty.cargo.kind}, energies {', '.join(duty.energies) or 'any'}: "
            f"a body of {', '.join(duty.cargo.bodies)} is wanted"
        )


def pair_of(tractors: Sequence[Unit], trailer: Unit | None, rules: Sequence[RuleSet]) -> Pair:
    """A tractor's variants with one trailer; the first is the catalogue's own."""
    limit_kg, row = min(gross_limit_kg(one, tractors[0], trailer) for one in rules)
    whole = coupled(tractors[0], trailer, gross_mass_kg=limit_kg)
    candidates = (whole, *(replace(whole, tractor=other) for other in tractors[1:]))
    return Pair(combination=whole, gross_rule=row, candidates=tuple(_candidate(one) for one in candidates))


def _candidate(combination: Combination) -> Candidate:
    text = f"{combination.name} {combination.drive.axle.ratio:g}"
    return Candidate(candidate_id=blake2b(text.encode(), digest_size=5).hexdigest(), combination=combination)


def variants(tractor: Unit, offered: tuple[float, ...], neighbours: int = NEIGHBOURS) -> tuple[Unit, ...]:
    """The unit with its own final drive first, then with the next of those `offered` either side; an electric one as it is."""
    drive = tractor.drive
    assert drive is not None, f"{tractor.name} has no drive; only tractors and rigids are asked"
    if drive.engine is None or drive.axle.loss_map is not None:
        return (tractor,)
    own = drive.axle.ratio
    lower = sorted((ratio for ratio in offered if ratio < own - ALIKE), reverse=True)[:neighbours]
    higher = sorted(ratio for ratio in offered if ratio > own + ALIKE)[:neighbours]
    return (tractor, *(replace(tractor, drive=_with_ratio(drive, ratio)) for ratio in (*lower, *higher)))


def _with_ratio(drive: Drive, ratio: float) -> Drive:
    return replace(drive, axle=replace(drive.axle, name=f"{drive.axle.name}/{ratio:g}", ratio=ratio))


def _tractors(duty: Duty) -> list[Unit]:
    """Tractors, and rigids with a body, that the duty allows."""
    book = catalogue()
    units = [_unit(book, name) for name in duty.tractors or book.names("units")]
    wanted = [unit for unit in units if unit.kind is not UnitKind.TRAILER and (duty.tractors or sold(unit, duty))]
    bodies, whole = _bodies(duty), []
    for unit in wanted:
        if unit.kind is UnitKind.RIGID and unit.body is None:
            whole += [bodied(unit, body) for body in bodies if not body.chassis or unit.name in body.chassis]
        elif unit.kind is UnitKind.TRACTOR or _carries(unit.body, duty):
            whole.append(unit)
    return whole


def _trailers(duty: Duty) -> list[Unit]:
    book = catalogue()
    if duty.trailers:
        return [_unit(book, name) for name in duty.trailers if name not in book.names("bodies")]
    return [unit for unit in map(book.unit, book.names("units")) if _carries(unit.body, duty) and sold(unit, duty)]


def _bodies(duty: Duty) -> list[Body]:
    """Bodies for a chassis that the duty allows."""
    book = catalogue()
    named = [name for name in duty.trailers if name in book.names("bodies")]
    bodies: list[Body] = [book.build("bodies", name) for name in (named if duty.trailers else book.names("bodies"))]
    fit = [body for body in bodies if body.mass_kg > 0.0]
    return fit if duty.trailers else [body for body in fit if _carries(body, duty) and sold(body, duty)]


def _unit(book: Catalogue, name: str) -> Unit:
    if name not in book.names("units"):
        raise UnknownName("tractor, chassis, trailer or body", name, [*book.names("units"), *book.names("bodies")])
    return book.unit(name)


def _carries(body: Body | None, duty: Duty) -> bool:
    return body is not None and body.kind in duty.cargo.bodies


def sold(what: Unit | Body, duty: Duty) -> bool:
    """Whether something is on the market of a duty's region: offered there (a user's own region has everything), and priced."""
    offered = not what.markets or duty.region in what.markets or duty.region.endswith(".toml")
    return offered and (not what.price or what.price in region(duty.region).assumptions)
