"""What `fleet.choose` returns: frozen records in SI, the same for CLI, page, offer, assistant and API.

Places are from the front of the combination, rearwards. Texts come in both languages; figures that were simulated, drawn or
assumed are `Finding`s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fifthwheel.choose.sensitivity import Swing
from fifthwheel.finding import Finding
from fifthwheel.fleet.views import UnitDrawing


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check of a candidate against a rule, a coupling or what the duty asks.

    Attributes
    ----------
    kind : ``law``, ``coupling``, ``body`` or ``performance``. outcome : ``pass``, ``fail`` or ``not_verified``.
    margin_ratio : share of the limit that is left, negative where it fails. text_en, text_zh : "check against rule set X,
        version Y: margin ...".
    remedy_en, remedy_zh : what would make it pass; empty where it does.
    """

    rule: str
    kind: str
    title_en: str
    title_zh: str
    rule_set: str
    version: str
    tag: str
    source: str
    value: float | None
    limit: float | None
    unit: str
    margin_ratio: float | None
    outcome: str
    text_en: str
    text_zh: str
    remedy_en: str = ""
    remedy_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxleView:
    """An axle group of a candidate: where it stands, what it carries laden and unladen, and what it may carry."""

    unit: int
    positions_m: tuple[float, ...]
    load_kg: float
    unladen_kg: float
    limit_kg: float
    tyres_count: int
    tyre_radius_m: float
    driven: bool
    steered: bool
    liftable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """What a side view to scale draws.

    Attributes
    ----------
    coupling_m, coupling_height_m : the kingpin; ``None`` for a rigid. coupling_kg, coupling_limit_kg : imposed mass, laden.
    swing_m : front swing radius about the kingpin. gap_m : between cab and trailer straight ahead.
    load_from_m, load_to_m, floor_m : room for the load. cg_m, cg_height_m : centre of mass of the whole, laden.
    body : what the room for the load is, as `BodyKind` says it; empty where nobody says.
    """

    units: tuple[UnitDrawing, ...]
    axles: tuple[AxleView, ...]
    length_m: float
    height_m: float
    coupling_m: float | None
    coupling_height_m: float | None
    coupling_kg: float | None
    coupling_limit_kg: float | None
    swing_m: float | None
    gap_m: float | None
    load_from_m: float
    load_to_m: float
    floor_m: float
    cg_m: float
    cg_height_m: float
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of the cost ledger: a kilometre's share (money a metre) with its 90 % interval, and its source."""

    name: str
    title_en: str
    title_zh: str
    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """One stop of the energy plan of a day: where, what (``charge``, ``swap``, ``refuel``), how long, charge before and after."""

    distance_m: float
    kind: str
    duration_s: float
    before_ratio: float
    after_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One candidate of the ranking.

    Attributes
    ----------
    candidate_id : of this choice. rank : 1 is best; 0 where it is rejected. best : on the Pareto front.
    energy_jpm : tank and plug, mean of the round trip. cost : money a metre of the whole life; cost_tkm : a kg and metre of
        cargo. time_s : of a round trip with its stops. range_m : on the coldest day with reserve.
    reason_en, reason_zh : why it is rejected (the worst failure and what would make it pass), or why it stands where it does.
    """

    candidate_id: str
    title_en: str
    title_zh: str
    tractor: str
    trailer: str | None
    energy_kind: str
    rank: int
    best: bool
    payload_kg: float
    gross_kg: float
    cost: Finding | None
    cost_tkm: Finding | None
    energy_jpm: float | None
    fuel_kgpm: float | None
    electric_jpm: float | None
    co2_kgpm: float | None
    time_s: float | None
    range_m: float | None
    price: float | None
    reason_en: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDetail:
    """One candidate in full, for comparing side by side and for the offer.

    Attributes
    ----------
    checks : worst first. account : energy of the round trip by term of the account, J. performance : findings such as
        ``perform.startability``, each with its binding limit in `method`.
    cumulative : cost of owning, discounted, at the end of each year, money; total first year at index 0.
    """

    row: Row
    side: SideView
    checks: tuple[CheckView, ...]
    performance: tuple[Finding, ...]
    account: Mapping[str, float]
    costs: tuple[CostLine, ...]
    tornado: tuple[Swing, ...]
    plan: tuple[StopView, ...]
    cumulative: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadView:
    """The road of a duty: profile and line on the map, thinned to a few hundred points."""

    title_en: str
    title_zh: str
    distance_m: tuple[float, ...]
    altitude_m: tuple[float, ...]
    longitude_deg: tuple[float, ...]
    latitude_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """A choice: the ranking, then what was rejected.

    Attributes
    ----------
    choice_id : of the duty's content; the same duty has the same. currency : of every cost.
    considered_count, feasible_count : candidates. seconds_s : that it took.
    refused : reasons by count over all rejected candidates: (title_en, title_zh, count).
    warnings : what the choice could not check, in both languages.
    """

    choice_id: str
    duty: Mapping[str, object]
    title_en: str
    title_zh: str
    currency: str
    road: RoadView
    considered_count: int
    feasible_count: int
    seconds_s: float
    rows: tuple[Row, ...]
    rejected: tuple[Row, ...]
    refused: tuple[tuple[str, str, int], ...]
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes if: departures from the duty of a choice; ``None`` leaves it.

    `prices` are assumptions of the region in their own unit, e.g. ``{"diesel": 7.4}``.
    """

    payload_kg: float | None = None
    distance_year_m: float | None = None
    years: float | None = None
    grade_ratio: float | None = None
    prices: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a form offers."""

    name: str
    title_en: str
    title_zh: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOptions:
    """What a duty may name: for the form of the page and for the help of the command line."""

    missions: tuple[Option, ...]
    cargoes: tuple[Option, ...]
    regions: tuple[Option, ...]
    rules: tuple[Option, ...]
    energies: tuple[Option, ...]
    tractors: tuple[Option, ...]
    trailers: tuple[Option, ...]
    assumptions: Mapping[str, tuple[Option, ...]]
    """By region; `detail` is value, range, unit and source."""
