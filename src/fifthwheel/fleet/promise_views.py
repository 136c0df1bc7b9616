"""What the promise verbs return: what a vehicle was chosen for, and whether it kept it. SI; texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fifthwheel.finding import Finding
from fifthwheel.fleet.choice.views import CostLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseView:
    """What a vehicle was chosen for.

    Attributes
    ----------
    start_us, end_us : it holds from until, end excluded; ``None`` while it lasts. made_us, who : when and by whom recorded.
    duty : the work, as its table says it.
    account : energy of the round trip by term, J/m; `energy_jpm` is its sum. fuel_kgpm, electric_jpm : of it.
    payload_kg, gross_kg : on the way out. mass_kg : of the whole, mean over the way. speed_mps : mean, halts included.
    distance_year_m : driven a year.
    costs : by line, money a metre. prices : assumptions of the region that were replaced.
    """

    vehicle_id: str
    start_us: int
    end_us: int | None
    made_us: int
    who: str
    duty: Mapping[str, Any]
    candidate_id: str
    title_en: str
    title_zh: str
    tractor: str
    trailer: str | None
    energy_kind: str
    payload_kg: float
    gross_kg: float
    mass_kg: float
    energy_jpm: float
    fuel_kgpm: float
    electric_jpm: float
    speed_mps: float
    distance_year_m: float
    account: Mapping[str, float]
    currency: str
    costs: tuple[CostLine, ...]
    prices: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """One term of the account, J/m: promised, expected at the mass and weather measured, and measured."""

    name: str
    title_en: str
    title_zh: str
    colour: str
    promised_jpm: float
    expected_jpm: float
    measured: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """One cause of the difference, J/m, positive costs more than promised.

    Attributes
    ----------
    group : ``use``, ``vehicle``, or ``open`` where it may be either. share : of the promised energy.
    """

    name: str
    title_en: str
    title_zh: str
    group: str
    finding: Finding
    share: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CostKept:
    """One line of the cost, money a metre. `basis` says in both languages what of it was measured; empty: nothing."""

    name: str
    title_en: str
    title_zh: str
    promised: float
    finding: Finding
    basis_en: str
    basis_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """Promise against measurement.

    Attributes
    ----------
    verdict : ``gathering`` (too few trips), ``kept``, ``missed`` or ``better``; of `difference`, whose interval decides.
    promised, expected, measured, difference : J/m; `expected` is the promise at the mass, temperature and wind measured.
    ratio : difference over expected.
    causes : largest first; they add up to measured less promised. significant : those whose interval leaves zero out.
    on_road_ratio : share of the distance on the duty's own road. coverage_ratio : of the distance since the promise that is used.
    left_out : why trips are not used: (English, Chinese, count). not_measured : parts of the promise that no trip tells.
    """

    vehicle_id: str
    plate: str
    promise: PromiseView
    start_us: int
    end_us: int
    verdict: str
    text_en: str
    text_zh: str
    promised: Finding
    expected: Finding
    measured: Finding
    difference: Finding
    ratio: Finding
    terms: tuple[TermView, ...]
    causes: tuple[CauseView, ...]
    significant: tuple[str, ...]
    mass: Finding
    speed: Finding
    distance: Finding
    distance_year: Finding
    on_road_ratio: Finding
    coverage_ratio: Finding
    costs: tuple[CostKept, ...]
    cost_promised: float
    cost: Finding
    trips: tuple[str, ...]
    left_out: tuple[tuple[str, str, int], ...]
    not_measured: tuple[tuple[str, str], ...]
