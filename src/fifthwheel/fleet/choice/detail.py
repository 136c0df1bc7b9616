"""One candidate in full: side view to scale, checks, performance, account, cost lines, tornado, plan of the day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from fifthwheel.choose.choice import SEED, Choice, correlated
from fifthwheel.choose.cost import Assets, Work, assets_of, ledger
from fifthwheel.choose.energy import column
from fifthwheel.choose.match import Fit, Judged
from fifthwheel.choose.region import Region, titles
from fifthwheel.choose.sensitivity import Swing, interval, tornado
from fifthwheel.fleet.choice.rows import at, places_shown, rejected_row, row_at
from fifthwheel.fleet.choice.text import check_view
from fifthwheel.fleet.choice.views import AxleView, CandidateDetail, CostLine, SideView, StopView
from fifthwheel.fleet.drawing import unit_drawing
from fifthwheel.simulate.ledger import TERMS
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.coupling import coupled_height_m, coupled_length_m, front_swing_m, gap_m
from fifthwheel.vehicle.load import room_m
from fifthwheel.vehicle.rules import group_limit_kg
from fifthwheel.vehicle.stability import centre

DRAWS: Final = 2000
BARS: Final = 10
WORK: Final = (
    "speed_mps", "fuel_kgpm", "depot_jpm", "public_jpm", "swap_jpm", "friction_jpm", "wait_ratio", "payload_kg",
)  # fmt: skip


def detail_of(choice: Choice, candidate_id: str) -> CandidateDetail | None:
    """A candidate of a choice in full, ranked or rejected; ``None`` where the choice has none of that id."""
    for place, one in enumerate(choice.driven.judged):
        if one.candidate.candidate_id == candidate_id:
            return _feasible(choice, place)
    for one in choice.rejected:
        if one.candidate.candidate_id == candidate_id:
            return _rejected(choice, one)
    return None


def _feasible(choice: Choice, place: int) -> CandidateDetail:
    one, driven = choice.driven.judged[place], choice.driven
    shown = places_shown(choice)
    assets, work = assets_of(one.candidate.combination, choice.region), work_at(choice, place)
    both = {term: float(column(driven.out, f"{term}_j")[place] + column(driven.back, f"{term}_j")[place]) for term in TERMS}
    return CandidateDetail(
        row=row_at(choice, place, shown.index(place) + 1 if place in shown else 0), side=side_view(choice, one.fit),
        checks=tuple(check_view(verdict) for verdict in one.verdicts),
        performance=one.performance.findings() if one.performance else (), account=both,
        costs=_costs(assets, work, choice.region), tornado=_tornado(choice, assets, work),
        plan=tuple(
            StopView(
                distance_m=stop.distance_m, kind=stop.kind, duration_s=stop.duration_s, before_ratio=stop.before_ratio,
                after_ratio=stop.after_ratio,
            )
            for stop in driven.plans[place].stops
        ),
        cumulative=tuple(ledger(assets, work, choice.region).cumulative.tolist()),
    )  # fmt: skip


def _rejected(choice: Choice, one: Judged) -> CandidateDetail:
    return CandidateDetail(
        row=rejected_row(one), side=side_view(choice, one.fit), checks=tuple(check_view(verdict) for verdict in one.verdicts),
        performance=one.performance.findings() if one.performance else (), account={}, costs=(), tornado=(), plan=(),
        cumulative=(),
    )  # fmt: skip


def work_at(choice: Choice, place: int) -> Work:
    """The work of one candidate, floats only."""
    assert choice.work is not None, "a feasible candidate has a work"
    return replace(choice.work, **{name: at(getattr(choice.work, name), place) for name in WORK})


def _costs(assets: Assets, work: Work, where: Region) -> tuple[CostLine, ...]:
    found = ledger(assets, work, where)
    drawn = interval(assets, work, where.drawn(np.random.default_rng(SEED), DRAWS, correlated(where)))
    words = titles("lines")
    sources = {name: one.source for name, one in where.assumptions.items()}
    return tuple(
        CostLine(
            name=name, title_en=words[name][0], title_zh=words[name][1], value=float(line),
            low=float(drawn.lines[name][0].min()), high=float(drawn.lines[name][1].max()), source=sources.get(name, "ledger"),
        )
        for name, line in found.lines.items()
        if float(line) != 0.0
    )  # fmt: skip


def _tornado(choice: Choice, assets: Assets, work: Work) -> tuple[Swing, ...]:
    """The widest bars; way a year and years are among them, at the duty's values."""
    free = replace(work, distance_year_m=None, years=None)
    duty = choice.duty
    region = choice.region.priced({"distance": duty.distance_year_m / 1e3, "life": duty.years})
    return tornado(assets, free, region)[:BARS]


def side_view(choice: Choice, fit: Fit) -> SideView:
    """What a side view to scale draws: the units with the cargo on them and the fifth wheel where it was slid to."""
    whole, slide = fit.pair.combination, fit.stowage.slide_m
    tractor, trailer = whole.tractor, whole.trailer
    starts = [0.0] if trailer is None else [0.0, tractor.coupling_m + slide - trailer.coupling_m]
    start, end = room_m(whole.units[-1])
    body = whole.units[-1].body
    middle = centre(whole, fit.loads, slide_m=slide)
    limits = [unit.coupling_load_limit_kg for unit in whole.units if unit.coupling_load_limit_kg > 0.0]
    semi: dict[str, Any] = dict.fromkeys(SEMI)
    if trailer is not None:
        semi = {
            "coupling_m": tractor.coupling_m + slide, "coupling_height_m": tractor.coupling_height_m or None,
            "coupling_kg": fit.laden.kingpin_kg, "coupling_limit_kg": min(limits) if limits else None,
            "swing_m": front_swing_m(trailer), "gap_m": gap_m(tractor, trailer, slide_m=slide),
        }  # fmt: skip
    return SideView(
        units=tuple(unit_drawing(unit, front) for unit, front in zip(whole.units, starts, strict=True)),
        axles=_axles(choice, fit, whole, starts),
        length_m=coupled_length_m(tractor, trailer, slide_m=slide) if trailer else tractor.length_m,
        height_m=coupled_height_m(tractor, trailer) if trailer else tractor.height_m, **semi,
        load_from_m=starts[-1] + start, load_to_m=starts[-1] + end, floor_m=body.floor_m if body else 0.0,
        cg_m=middle.place_m, cg_height_m=middle.height_m, body=body.kind.value if body else "",
    )  # fmt: skip


SEMI: Final = ("coupling_m", "coupling_height_m", "coupling_kg", "coupling_limit_kg", "swing_m", "gap_m")


def _axles(choice: Choice, fit: Fit, whole: Combination, starts: list[float]) -> tuple[AxleView, ...]:
    found = []
    for laden, bare in zip(fit.laden.groups, fit.unladen.groups, strict=True):
        unit = whole.units[laden.unit]
        group = unit.axles[laden.group]
        found.append(
            AxleView(
                unit=laden.unit, positions_m=tuple(starts[laden.unit] + place for place in group.positions_m),
                load_kg=laden.load_kg, unladen_kg=bare.load_kg,
                limit_kg=min(group_limit_kg(rules, unit, laden.group) for rules in choice.rules),
                tyres_count=group.tyres_count, tyre_radius_m=group.tyre.radius_m, driven=group.driven, steered=group.steered,
                liftable=group.liftable,
            )
        )  # fmt: skip
    return tuple(found)
