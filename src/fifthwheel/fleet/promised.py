"""What a choice promises: its duty driven leg by leg, with how each term of the account moves with mass and temperature."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fifthwheel.choose.duty import Duty
from fifthwheel.choose.energy import endless, ways_of
from fifthwheel.explain.promise import WHEEL, Leg
from fifthwheel.physics.energy import TERMS
from fifthwheel.road.profile import Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.pack import NOMINAL, Truth
from fifthwheel.simulate.trip import Conditions, TripRun, drive
from fifthwheel.units import CELSIUS_ZERO_K
from fifthwheel.vehicle.combination import Combination

COLDER_K: Final = 20.0
COLDEST_K: Final = CELSIUS_ZERO_K - 25.0
MORE_RATIO: Final = 1.1
"""Drag and auxiliaries are simulated once more by this factor, for what a joule of each costs at the store."""
LIGHTER_RATIO: Final = 0.5
"""The slope with mass is a secant to this share of the payload (an empty leg: to half of the limit)."""


def legs_of(combination: Combination, duty: Duty, payload_kg: float) -> tuple[Leg, ...]:
    """The ways of `duty` as `combination` drives them with `payload_kg`, the way back as the duty says.

    Raises
    ------
    InputError : a road or a payload that is not accepted. SimulationError : a way that it cannot drive.
    """
    ways = ways_of(duty)
    length_m = max(ways.out.length_m, ways.back.length_m if ways.back is not None else 0.0)
    whole = replace(combination, tractor=replace(combination.tractor, drive=endless(combination.drive, length_m)))
    legs = [_leg("out", whole, ways.out, payload_kg, duty.temperature_k)]
    if ways.back is not None:
        legs.append(_leg("back", whole, ways.back, payload_kg if ways.laden_back else 0.0, duty.temperature_k))
    return tuple(legs)


def _leg(name: str, combination: Combination, road: Profile, payload_kg: float, temperature_k: float) -> Leg:
    def run(load_kg: float = payload_kg, air_k: float = temperature_k, truth: Truth = NOMINAL) -> TripRun:
        return drive(combination, road, load_kg, Conditions(weather=Weather(temperature_k=air_k), truth=truth))

    base = run()
    plain = _terms_jpm(base)
    other_kg = LIGHTER_RATIO * (payload_kg or combination.payload_limit_kg)
    other_k = temperature_k - COLDER_K if temperature_k - COLDER_K >= COLDEST_K else temperature_k + COLDER_K
    at, far = road.at(road.distance_m[:1]), road.at(road.distance_m[-1:])
    return Leg(
        name=name, distance_m=base.distance_m, mass_kg=base.mass_kg, temperature_k=temperature_k,
        ends=(*(float(end[key][0]) for end in (at, far) for key in ("latitude_deg", "longitude_deg")),),  # type: ignore[arg-type]
        speed_mps=base.distance_m / base.time_s, fuel_kgpm=base.fuel_kg / base.distance_m,
        electric_jpm=base.electric_j / base.distance_m, terms_jpm=plain,
        by_mass=_slope(run(load_kg=other_kg), plain, other_kg - payload_kg),
        by_temperature=_slope(run(air_k=other_k), plain, other_k - temperature_k),
        wheel_ratio=_worth(run(truth=Truth(drag_ratio=MORE_RATIO)), plain, WHEEL),
        auxiliary_ratio=_worth(run(truth=Truth(auxiliary_ratio=MORE_RATIO)), plain, ("auxiliary",)),
    )  # fmt: skip


def _terms_jpm(run: TripRun) -> dict[str, float]:
    return {term.name: run.ledger.terms_j.get(term.name, 0.0) / run.distance_m for term in TERMS}


def _slope(run: TripRun, plain: dict[str, float], step: float) -> dict[str, float]:
    other = _terms_jpm(run)
    return {name: (other[name] - plain[name]) / step for name in plain}


def _worth(run: TripRun, plain: dict[str, float], names: tuple[str, ...]) -> float:
    """Joules from the stores for one more joule in terms `names`."""
    more = _terms_jpm(run)
    extra = sum(more[name] - plain[name] for name in names)
    return (sum(more.values()) - sum(plain.values())) / extra if extra > 0.0 else 1.0
