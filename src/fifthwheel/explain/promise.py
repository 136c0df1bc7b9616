"""A vehicle's trips against what it was chosen for: term by term of the account, closed from the promise to the meter.

The promise is a simulation of the duty, one leg a direction, with how each term moves with mass and with temperature. It is
moved to the mass, temperature and wind that a trip met; what is then left differs for another reason, and every reason is a
difference of account terms. Work at the wheels counts by what it costs at the store: `Leg.wheel_ratio`, which a second
simulation with more drag gives, so that a cause carries its share of engine heat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot, sqrt
from typing import Any, Final, Self

import numpy as np

from fifthwheel.explain.trips import great_circle_m
from fifthwheel.finding import Finding, Origin, with_margin
from fifthwheel.physics.energy import TERMS

NEAR_M: Final = 15_000.0
"""A trip is of a leg where both ends lie this close to the leg's, and its length departs by `LENGTH_RATIO` at most."""
LENGTH_RATIO: Final = 0.15
FEWEST: Final = 3
"""Fewer trips than this are gathered, not judged."""
MASS_SCALE_RATIO: Final = 1.645 * 0.01
"""Masses are scaled by the torque on the wire, which errs by 1 % (one standard deviation), alike on every trip."""
ROAD_RATIO: Final = 0.03
"""Half the 90 % interval of what wet roads, spray and gusts add, alike on every trip: no wire tells them (assumption; the weather
of the virtual fleet makes about 2 % of it)."""
CONFIDENCE_RATIO: Final = 0.95
"""Upper end of a 90 % interval."""
AIR: Final = ("aero_still", "aero_wind")
TYRES: Final = ("rolling_tractor", "rolling_trailer")
GRADE: Final = ("climb", "kinetic")
BRAKES: Final = ("brake_friction", "retarder", "engine_brake")
WHEEL: Final = (*AIR, *TYRES, *GRADE, *BRAKES)
POWERTRAIN: Final = ("engine", "driveline", "motor", "battery", "fuel_cell")
USE: Final = ("payload", "weather", "speed", "grade", "braking", "idling")
VEHICLE: Final = ("air", "tyres", "auxiliaries")
OPEN: Final = ("powertrain", "unexplained")
"""Causes: how the vehicle is used, what it is, and what may be either."""
METHODS: Final = {
    "payload": "promise moved from the promised to the measured mass, by its simulated slope",
    "weather": "promise moved to the measured temperature by its simulated slope, and measured wind on the promised drag area",
    "speed": "still-air term at the promised drag area less the promise's: how fast it was driven",
    "grade": "net climb and net speed less the promise's",
    "braking": "brakes, retarder and engine brake less the promise's at the measured mass",
    "idling": "idling less the promise's",
    "air": "air terms x (1 - promised over estimated drag area)",
    "tyres": "rolling terms less the promise's at the measured mass and temperature",
    "auxiliaries": "auxiliaries less the promise's",
    "powertrain": "engine, motor and driveline losses beyond those that the other causes bring: stop-and-go, shifting, condition",
    "unexplained": "what the account of the trips does not explain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One way of the duty as the promise simulated it; terms in J/m by the names of `TERMS`.

    Attributes
    ----------
    ends : latitude and longitude of start and end, degrees.
    mass_kg, temperature_k : it was simulated at. speed_mps : mean, halts included.
    by_mass, by_temperature : change of each term, J/m a kilogram and a kelvin.
    wheel_ratio, auxiliary_ratio : joules from the store for one more joule at the wheels, brakes included, and for auxiliaries.
    """

    name: str
    distance_m: float
    ends: tuple[float, float, float, float]
    mass_kg: float
    temperature_k: float
    speed_mps: float
    fuel_kgpm: float
    electric_jpm: float
    terms_jpm: Mapping[str, float]
    by_mass: Mapping[str, float]
    by_temperature: Mapping[str, float]
    wheel_ratio: float
    auxiliary_ratio: float

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From its JSON form."""
        return cls(**dict(data) | {"ends": tuple(data["ends"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A trip as far as the comparison needs it; findings by bare name.

    Attributes
    ----------
    meter : one `Finding` a store. terms : of the account. estimates : ``mass_kg drag_area_m2 air_temperature_k``.
    """

    trip_id: str
    distance_m: float
    duration_s: float
    ends: tuple[float, float, float, float] | None
    meter: tuple[Finding, ...]
    terms: Mapping[str, Finding]
    estimates: Mapping[str, Finding]

    @property
    def energy_j(self) -> float:
        """What left all stores."""
        return sum(one.value or 0.0 for one in self.meter)

    def term_j(self, *names: str) -> float:
        """Sum of some terms."""
        return sum((self.terms[name].value or 0.0) for name in names if name in self.terms)

    def margin_j(self, *names: str) -> float:
        """Half the interval of that sum, errors independent."""
        return hypot(*(_margin(self.terms[name]) for name in names if name in self.terms), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Promise against measurement over some trips; findings in J/m.

    Attributes
    ----------
    promised : for the ways driven, at the promised mass and temperature in still air. expected : moved to the mass and
        weather measured. measured : meter over distance. difference : measured less expected, the figure to judge.
    causes : by name of `USE`, `VEHICLE` and `OPEN`; they add up to measured less promised.
    terms : (promised, expected, measured) by name of term. on_road_m : distance on the duty's own road.
    """

    promised: Finding
    expected: Finding
    measured: Finding
    difference: Finding
    causes: Mapping[str, Finding]
    terms: Mapping[str, tuple[float, float, Finding]]
    distance_m: float
    on_road_m: float
    trip_ids: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> str:
        """``gathering``, ``kept`` (the interval holds zero), ``missed`` or ``better``."""
        low, high = self.difference.low, self.difference.high
        if len(self.trip_ids) < FEWEST or low is None or high is None:
            return "gathering"
        return "missed" if low > 0.0 else "better" if high < 0.0 else "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """The promise moved to one trip; joules over its distance."""

    promised_j: Mapping[str, float]
    expected_j: Mapping[str, float]
    payload_j: float
    weather_j: float
    wheel_ratio: float
    auxiliary_ratio: float
    mass_j: float
    mass_margin_j: float
    temperature_margin_j: float
    on_road: bool


def compare(legs: Sequence[Leg], drag_area_m2: float, trips: Sequence[Driven]) -> Comparison:
    """Hold `trips` against `legs` of a vehicle whose promised drag area is `drag_area_m2`.

    Each trip is held against the leg whose ends and length it has, else against the mean of all legs.

    Raises
    ------
    ValueError : no leg or no trip.
    """
    if not legs or not trips:
        raise ValueError("a comparison needs a leg and a trip")
    moved = [_moved(legs, trip, drag_area_m2) for trip in trips]
    parts = [_causes(one, trip, drag_area_m2) for one, trip in zip(moved, trips, strict=True)]
    distance_m = sum(trip.distance_m for trip in trips)
    evidence = tuple(f"trip:{trip.trip_id}" for trip in trips)
    promised_j = sum(sum(one.promised_j.values()) for one in moved)
    expected_j = [sum(one.expected_j.values()) for one in moved]
    measured_j = sum(trip.energy_j for trip in trips)
    meter_j = sum(hypot(*(_margin(one) for one in trip.meter), 0.0) for trip in trips)
    moving_j = _moving_j(moved, trips)
    rest_j = np.array([trip.energy_j - expected for trip, expected in zip(trips, expected_j, strict=True)])
    margin_j = hypot(
        meter_j, moving_j, ROAD_RATIO * sum(expected_j), _scatter_j(rest_j, np.array([trip.distance_m for trip in trips]))
    )

    def per_metre(name: str, value_j: float, margin: float, origin: Origin, method: str) -> Finding:
        return with_margin(
            name, value_j / distance_m, "J/m", margin=margin / distance_m, origin=origin, method=method, evidence=evidence
        )

    return Comparison(
        promised=per_metre("promise.promised", promised_j, 0.0, Origin.SIMULATED, "duty simulated, for the ways driven"),
        expected=per_metre(
            "promise.expected", sum(expected_j), moving_j, Origin.SIMULATED,
            "promise moved to the mass, temperature and wind of the trips",
        ),
        measured=per_metre("promise.measured", measured_j, meter_j, Origin.MEASURED, "meter over distance"),
        difference=per_metre(
            "promise.difference", float(rest_j.sum()), margin_j, Origin.ESTIMATED,
            "measured less expected; meter, mass, weather, wet roads and the spread of the trips are in the interval",
        ),
        causes={
            name: per_metre(f"promise.{name}", *_summed(name, parts), Origin.ESTIMATED, METHODS[name]) for name in METHODS
        },
        terms={term.name: _term(term.name, moved, trips, distance_m, evidence) for term in TERMS},
        distance_m=distance_m, on_road_m=sum(t.distance_m for one, t in zip(moved, trips, strict=True) if one.on_road),
        trip_ids=tuple(trip.trip_id for trip in trips),
    )  # fmt: skip


def _moved(legs: Sequence[Leg], trip: Driven, drag_area_m2: float) -> _Moved:
    own = [leg for leg in legs if _on(leg, trip)]
    used, distance_m = own[:1] or list(legs), trip.distance_m
    share = 1.0 / len(used)
    mass, temperature = trip.estimates.get("mass_kg"), trip.estimates.get("air_temperature_k")
    promised: dict[str, float] = {}
    expected: dict[str, float] = {}
    payload_j = heat_j = per_kg = temperature_margin_j = 0.0
    for leg in used:
        heavier_kg = 0.0 if mass is None or mass.value is None else mass.value - leg.mass_kg
        warmer_k = 0.0 if temperature is None or temperature.value is None else temperature.value - leg.temperature_k
        for name, term_jpm in leg.terms_jpm.items():
            by_mass, by_heat = heavier_kg * leg.by_mass.get(name, 0.0), warmer_k * leg.by_temperature.get(name, 0.0)
            promised[name] = promised.get(name, 0.0) + share * distance_m * term_jpm
            expected[name] = expected.get(name, 0.0) + share * distance_m * (term_jpm + by_mass + by_heat)
            payload_j, heat_j = payload_j + share * distance_m * by_mass, heat_j + share * distance_m * by_heat
        per_kg += share * distance_m * abs(sum(leg.by_mass.values()))
        temperature_margin_j += share * distance_m * abs(sum(leg.by_temperature.values())) * _margin(temperature)
    wheel_ratio = share * sum(leg.wheel_ratio for leg in used)
    wind_j = trip.term_j("aero_wind") * _share_of_drag(trip, drag_area_m2)[0]
    source = "engine" if expected.get("engine") else "motor"
    for name, more_j in (("aero_wind", wind_j), (source, (wheel_ratio - 1.0) * wind_j)):
        expected[name] = expected.get(name, 0.0) + more_j
    return _Moved(
        promised_j=promised, expected_j=expected, payload_j=payload_j, weather_j=heat_j + wheel_ratio * wind_j,
        wheel_ratio=wheel_ratio, auxiliary_ratio=share * sum(leg.auxiliary_ratio for leg in used),
        mass_j=per_kg * (mass.value or 0.0) if mass else 0.0, mass_margin_j=per_kg * _margin(mass),
        temperature_margin_j=temperature_margin_j, on_road=bool(own),
    )  # fmt: skip


def _on(leg: Leg, trip: Driven) -> bool:
    if trip.ends is None or abs(trip.distance_m / leg.distance_m - 1.0) > LENGTH_RATIO:
        return False
    return great_circle_m(*trip.ends[:2], *leg.ends[:2]) < NEAR_M and great_circle_m(*trip.ends[2:], *leg.ends[2:]) < NEAR_M


def _share_of_drag(trip: Driven, drag_area_m2: float) -> tuple[float, float]:
    """Promised over estimated drag area of a trip, and half the interval of the estimate relative to it."""
    area = trip.estimates.get("drag_area_m2")
    if area is None or not area.value:
        return 1.0, 0.0
    return drag_area_m2 / area.value, _margin(area) / area.value


def _causes(moved: _Moved, trip: Driven, drag_area_m2: float) -> dict[str, tuple[float, float]]:
    """Every cause of a trip: joules and half its interval."""
    share, doubt = _share_of_drag(trip, drag_area_m2)
    wheel, still_j, wind_j = moved.wheel_ratio, trip.term_j("aero_still"), trip.term_j("aero_wind")

    def beyond(names: Sequence[str], ratio: float) -> tuple[float, float]:
        more_j = trip.term_j(*names) - sum(moved.expected_j.get(name, 0.0) for name in names)
        return ratio * more_j, ratio * trip.margin_j(*names)

    air_margin_j = wheel * abs(still_j + wind_j) * share * doubt
    causes = {
        "payload": (moved.payload_j, moved.mass_margin_j),
        "weather": (moved.weather_j, hypot(moved.temperature_margin_j, wheel * trip.margin_j("aero_wind"))),
        "speed": (wheel * (still_j * share - moved.expected_j.get("aero_still", 0.0)), wheel * still_j * share * doubt),
        "grade": beyond(GRADE, wheel),
        "braking": beyond(BRAKES, wheel),
        "idling": beyond(("idle",), 1.0),
        "air": (wheel * (still_j + wind_j) * (1.0 - share), air_margin_j),
        "tyres": beyond(TYRES, wheel),
        "auxiliaries": beyond(("auxiliary",), moved.auxiliary_ratio),
        "unexplained": (trip.term_j("unexplained"), trip.margin_j("unexplained")),
    }
    rest_j = trip.energy_j - sum(moved.promised_j.values()) - sum(value for value, _ in causes.values())
    brought_j = max(wheel - 1.0, 0.0) * trip.margin_j(*AIR, *TYRES, *GRADE)
    return causes | {"powertrain": (rest_j, hypot(trip.margin_j(*POWERTRAIN), brought_j))}


def _moving_j(moved: Sequence[_Moved], trips: Sequence[Driven]) -> float:
    """Half the interval of what moves the promise: mass (what each trip leaves open, and the scale they share), air and wind."""
    wind_j = [one.wheel_ratio * trip.margin_j("aero_wind") for one, trip in zip(moved, trips, strict=True)]
    masses_j = MASS_SCALE_RATIO * sum(one.mass_j for one in moved)
    return hypot(masses_j, *(one.mass_margin_j for one in moved), *(one.temperature_margin_j for one in moved), *wind_j)


def _summed(name: str, parts: Sequence[Mapping[str, tuple[float, float]]]) -> tuple[float, float]:
    """A cause over the trips: errors of the vehicle are the same on every trip and add; others do not."""
    margins = [part[name][1] for part in parts]
    margin_j = sum(margins) if name in {*VEHICLE, *OPEN} else hypot(*margins, 0.0)
    return sum(part[name][0] for part in parts), margin_j


def _scatter_j(rest_j: Any, distance_m: Any) -> float:
    """Half the 90 % interval of the sum of `rest_j` that the spread of the trips gives (Student); zero for one trip."""
    count = len(rest_j)
    if count < 2:
        return 0.0
    mean_jpm = rest_j.sum() / distance_m.sum()
    spread_j = sqrt(float(((rest_j - mean_jpm * distance_m) ** 2).sum()) * count / (count - 1))
    return student_ratio(count) * spread_j


def student_ratio(count: int) -> float:
    """Half the 90 % interval of a mean of `count` values, in standard errors (Student's t).

    Examples
    --------
    >>> round(student_ratio(10), 3)
    1.833
    """
    from scipy.special import stdtrit  # half a second that only a comparison needs

    return float(stdtrit(count - 1, CONFIDENCE_RATIO))


def _term(
    name: str, moved: Sequence[_Moved], trips: Sequence[Driven], distance_m: float, evidence: tuple[str, ...]
) -> tuple[float, float, Finding]:
    promised, expected = (
        sum(getattr(one, kind).get(name, 0.0) for one in moved) / distance_m for kind in ("promised_j", "expected_j")
    )
    margin = sum(trip.margin_j(name) for trip in trips) / distance_m
    measured = with_margin(
        f"promise.term.{name}", sum(trip.term_j(name) for trip in trips) / distance_m, "J/m", margin=margin,
        origin=Origin.ESTIMATED, method="account of the trips over their distance", evidence=evidence,
    )  # fmt: skip
    return promised, expected, measured


def _margin(finding: Finding | None) -> float:
    if finding is None or finding.low is None or finding.high is None:
        return 0.0
    return (finding.high - finding.low) / 2
