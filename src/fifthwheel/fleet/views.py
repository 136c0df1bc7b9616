"""What the fleet verbs return: frozen records in SI, the same for CLI, console, assistant and API.

Times are UTC microseconds. `Finding`s carry every figure that was estimated or summed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fifthwheel.finding import Finding


class VehicleStatus(StrEnum):
    """What a vehicle does now, as far as its last report tells."""

    DRIVING = "driving"
    IDLING = "idling"
    STOPPED = "stopped"
    CHARGING = "charging"
    SILENT = "silent"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """One vehicle as the fleet page lists it."""

    vehicle_id: str
    plate: str
    kind: str
    combination: str | None
    title_en: str
    title_zh: str
    energy_kind: str
    driver: str | None
    trailer_id: str | None
    status: VehicleStatus
    time_us: int | None
    age_s: float | None
    latitude_deg: float | None
    longitude_deg: float | None
    heading_rad: float | None
    speed_mps: float | None
    battery_soc_ratio: float | None
    fuel_level_ratio: float | None
    active_faults_count: int
    distance_today_m: float
    energy_today_j: float
    place: str | None = None
    """Nearest named place of the base map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOverview:
    """The strip of figures above the map."""

    time_us: int
    timezone: str
    day: str
    vehicles_count: int
    reporting_count: int
    findings: tuple[Finding, ...]
    """``fleet.energy_today fleet.distance_today fleet.energy_per_km fleet.explained fleet.active_faults``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalValue:
    """Latest value of one signal."""

    name: str
    title_en: str
    title_zh: str
    unit: str
    value: float
    time_us: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplingView:
    """A dated coupling; `end_us` is ``None`` while it lasts."""

    tractor_id: str
    trailer_id: str
    start_us: int
    end_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AxleDrawing:
    """One axle for the drawing to scale."""

    position_m: float
    tyre_radius_m: float
    tyres_count: int
    driven: bool
    liftable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDrawing:
    """One unit (tractor, rigid, trailer) for the drawing to scale; x from the front of the combination, rearwards."""

    kind: str
    start_m: float
    length_m: float
    height_m: float
    axles: tuple[AxleDrawing, ...]
    battery_j: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TripSummary:
    """One trip as lists show it."""

    trip_id: str
    vehicle_id: str
    plate: str
    trailer_id: str | None
    driver: str | None
    start_us: int
    end_us: int
    start_latitude_deg: float | None
    start_longitude_deg: float | None
    end_latitude_deg: float | None
    end_longitude_deg: float | None
    start_place: str | None
    end_place: str | None
    distance_m: float
    moving_s: float
    idle_s: float
    energy_j: float | None
    fuel_kg: float | None
    electric_j: float | None
    energy_per_distance_jpm: float | None
    explained_ratio: float | None
    mass_kg: float | None
    complete: bool
    """False while the trip may still go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """One fault of one vehicle: an SPN/FMI, a GB/T 32960 or a JT/T 808 alarm."""

    fault_id: str
    vehicle_id: str
    source: str
    code: str
    title_en: str
    title_zh: str
    first_us: int
    last_us: int
    active: bool
    occurrences_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDetail:
    """Everything the vehicle page shows first."""

    state: VehicleState
    vin: str | None
    phone: str | None
    identities: tuple[tuple[str, str], ...]
    units: tuple[UnitDrawing, ...]
    live: tuple[SignalValue, ...]
    couplings: tuple[CouplingView, ...]
    faults: tuple[FaultView, ...]
    trips: tuple[TripSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One term of the closed account with what pages need to draw it."""

    name: str
    title_en: str
    title_zh: str
    colour: str
    finding: Finding
    like_trips_jpm: float | None = None
    """Median of the same term per metre over like trips (same energy kind), for comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripDetail:
    """A trip explained."""

    summary: TripSummary
    meter: tuple[Finding, ...]
    """One `Finding` a store: ``meter.fuel meter.battery meter.trailer_battery``."""
    account: tuple[AccountLine, ...]
    beside: tuple[Finding, ...]
    """Gross climb, gross descent, recovered energy: beside the account, not in it."""
    estimates: tuple[Finding, ...]
    """What the account rests on: mass, drag area, rolling resistance, auxiliary power, with their origins."""
    like_trips: tuple[str, ...]
    """Ids of the trips it was compared with."""
    like_energy_per_distance_jpm: float | None
    reasons: tuple[Finding, ...]
    """Terms that differ most from like trips, largest first: ``why.<term>`` in J, positive = costs more here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyReport:
    """What one vehicle, several or the whole fleet used on the trips that start in a span of time, and where it went.

    Every `Finding` of a sum carries the trips it adds up as evidence; with no trip, values are 0 or ``None``.
    """

    vehicle_ids: tuple[str, ...]
    start_us: int
    end_us: int
    distance: Finding
    """``energy.distance`` in m."""
    meter: tuple[Finding, ...]
    """One `Finding` in J a store that was drawn from: ``meter.fuel meter.battery meter.trailer_battery``, summed."""
    per_distance: Finding
    """``energy.per_distance`` in J/m: all stores over the distance."""
    account: tuple[AccountLine, ...]
    """Terms summed over the trips; `AccountLine.like_trips_jpm` compares with like trips where there are any."""
    by_vehicle: tuple[tuple[str, Finding, Finding], ...]
    """(vehicle id, energy in J, energy per distance in J/m) of every vehicle that made a trip, most energy first."""
    trips: tuple[str, ...]
    """Ids of the trips it adds up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """Signals over time on one axis, thinned to the number of points asked for; ``None`` where absent."""

    vehicle_id: str
    time_us: tuple[int, ...]
    columns: dict[str, tuple[float | None, ...]]
    units: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineView:
    """One frame (or part of one) that could not be understood."""

    quarantine_id: str
    received_us: int
    wire: str
    identity: str
    reason: str
    detail: str
    hex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One tool an answer used: its name, its arguments and the `Finding`s it returned."""

    name: str
    arguments: dict[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: text in the language of the question; every number in it stands in one of `calls`' findings."""

    question: str
    language: str
    text: str
    answered: bool
    missing: str
    """What would be needed when `answered` is false, else ''."""
    calls: tuple[ToolCall, ...] = field(default=())
    links: tuple[tuple[str, str], ...] = field(default=())
    """(text, path in the console), e.g. ``("鲁B36712", "/vehicles/鲁B36712")``."""
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioParameter:
    """What a person can set of a scenario or of a control unit's calibration, or a figure that a run gives.

    `start` is the default; `options` are its words where it is one of several; no bound is ``None``.
    """

    name: str
    title_en: str
    title_zh: str
    unit: str
    start: float | str
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioKind:
    """A kind of scenario that can be run; `plots` names the columns to look at first, one tuple a chart."""

    name: str
    title_en: str
    title_zh: str
    parameters: tuple[ScenarioParameter, ...]
    quantities: tuple[ScenarioParameter, ...]
    calibration: tuple[ScenarioParameter, ...]
    plots: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUnit:
    """A unit seen from above: its ends ahead of its centre of mass, its width, and the columns that hold its pose."""

    front_m: float
    rear_m: float
    width_m: float
    x: str
    y: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWheel:
    """A wheel seen from above: on which unit, where about its centre of mass, whether steered, and the column of its adhesion."""

    unit: int
    x_m: float
    y_m: float
    steered: bool
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """What it takes to draw a combination from above as it moves."""

    units: tuple[PlanUnit, ...]
    wheels: tuple[PlanWheel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioVerdict:
    """One requirement judged on one run: ``pass``, ``fail`` or ``not_verified``, with its margin in `value`'s unit."""

    requirement: str
    text_en: str
    text_zh: str
    source: str
    verdict: str
    value: Finding
    limit_low: float | None
    limit_high: float | None
    margin: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """One run of a scenario, thinned to what a screen shows.

    Attributes
    ----------
    x_name, x : what the columns run over, mostly ``time_s``.
    columns, units : by name. quantities : figures of the run, with their `titles` in English and Chinese.
    plan : where the combination can be drawn from above.
    """

    kind: str
    x_name: str
    x: tuple[float, ...]
    columns: dict[str, tuple[float | None, ...]]
    units: dict[str, str]
    quantities: tuple[Finding, ...]
    titles: dict[str, tuple[str, str]]
    verdicts: tuple[ScenarioVerdict, ...]
    plan: PlanView | None
