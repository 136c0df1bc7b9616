"""Simulate: one trip, or every combination on every mission with every payload, named as people name them.

A combination is a name of the catalogue, a TOML file or a VECTO job (``.vecto``); a mission is a name (``NAME:back`` for the
return), a mission's TOML, a GPX or CSV record, or a VECTO cycle (``.vdri``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from math import radians
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.errors import InputError, UnknownName
from fifthwheel.physics.aero import air_density_kgpm3
from fifthwheel.physics.energy import Ledger
from fifthwheel.road import mission as missions
from fifthwheel.road import read as roads
from fifthwheel.road.profile import Profile
from fifthwheel.road.vecto import read_cycle
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import batch, layout, vmod
from fifthwheel.simulate.driver import NORMAL, STYLES, Style, declared_style
from fifthwheel.simulate.trip import Conditions, Slowest
from fifthwheel.simulate.vecto22.run import run as run_by_vecto
from fifthwheel.units import CELSIUS_ZERO_K
from fifthwheel.vehicle import catalogue
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.vecto.job import Job
from fifthwheel.vehicle.vecto.read import read_job_for

RULES: Final = ("own", "vecto-2.2")
USUAL_PAYLOAD_RATIO: Final = 0.5
"""Share of the payload limit where neither the mission nor a job says one."""
DECLARED_TEMPERATURE_K: Final = 298.15
"""Where tyres roll as declared (ISO 28580)."""
DECLARED_DENSITY_KGPM3: Final = 1.188
"""Air of VECTO's declaration mode (Regulation (EU) 2017/2400), at the height where a cycle begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What people say about driver and weather; ``None`` is the usual of the rules or of the job.

    Attributes
    ----------
    driver : one of `simulate.driver.STYLES`. surface : what lies on the road, one of `road.weather.SURFACES`.
    wind_from_deg : where the wind comes from, 0 north, clockwise.
    soc_ratio, trailer_soc_ratio : charge at the start.
    seed_count : draws the wander of the driver's speed.
    """

    driver: str | None = None
    temperature_k: float | None = None
    wind_mps: float = 0.0
    wind_from_deg: float = 0.0
    surface: str = "dry"
    soc_ratio: float | None = None
    trailer_soc_ratio: float | None = None
    seed_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One simulated trip.

    Attributes
    ----------
    totals : as `simulate.trip.TripRun.totals`. ledger : its exact account.
    soc_end_ratio : charge of each battery at the end, by store.
    lost_s, slowest : time lost for want of power and the slowest point of a climb; the own rules only.
    fuel_factor_ratio : what a VECTO job's fuel was multiplied by.
    trace : gives the columns by heading, one row a second (see `simulate.vmod`).
    """

    rules: str
    combination: str
    mission: str
    payload_kg: float
    mass_kg: float
    totals: Mapping[str, float | None]
    ledger: Ledger
    fuel_factor_ratio: float
    warnings: tuple[str, ...]
    trace: Callable[[], Mapping[str, NDArray[np.float64]]]
    soc_end_ratio: Mapping[str, float] = field(default_factory=dict)
    lost_s: float | None = None
    slowest: Slowest | None = None

    def document(self) -> dict[str, Any]:
        """Everything but the trace as one JSON document, as `fifthwheel simulate --json` prints it."""
        ledger, distance_m = self.ledger, self.totals["distance_m"] or 0.0
        return {
            "rules": self.rules,
            "combination": self.combination,
            "mission": self.mission,
            "payload_kg": self.payload_kg,
            "mass_kg": self.mass_kg,
            **self.totals,
            "mean_speed_mps": distance_m / (self.totals["time_s"] or 1.0),
            "fuel_factor_ratio": self.fuel_factor_ratio,
            "meter": dict(ledger.meter_j),
            "charged": dict(ledger.charged_j),
            "account": dict(ledger.terms_j),
            "trailer": dict(ledger.trailer_j),
            "tractor": {name: ledger.terms_j.get(name, 0.0) - part for name, part in ledger.trailer_j.items()},
            "gross_climb_j": ledger.gross_climb_j,
            "gross_descent_j": ledger.gross_descent_j,
            "recovered_j": ledger.recovered_j,
            "balance_error": ledger.balance_error_ratio,
            "soc_end": dict(self.soc_end_ratio),
            "lost_s": self.lost_s,
            "slowest": asdict(self.slowest) if self.slowest else None,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vehicle:
    combination: Combination
    job: Job | None = None


def simulate(
    combination: str, mission: str, payload_kg: float | None = None, day: Day | None = None, *, rules: str = "own",
    vecto_mission: str = "",
) -> Simulated:  # fmt: skip
    """Drive a combination over a mission.

    Parameters
    ----------
    payload_kg : ``None`` takes the job's reference payload, or the mission's usual share of what the combination may carry.
    rules : ``own``, or ``vecto-2.2``, which wants a ``.vecto`` and a ``.vdri`` file.
    vecto_mission : mission of a VECTO job in declaration mode, where the cycle's name does not tell it.

    Raises
    ------
    InputError : a name, file or value that is not accepted. SimulationError : a trip that it cannot drive.
    """
    if rules not in RULES:
        raise UnknownName("rule set", rules, RULES)
    if rules == RULES[1]:
        return _by_vecto(combination, mission, payload_kg, day, vecto_mission)
    vehicle = _vehicle(combination, mission, vecto_mission)
    road = roads.read(mission)
    case = _case(vehicle, (mission, road), payload_kg, day or Day())
    run = batch.single(case)
    return Simulated(
        rules=rules, combination=case.combination.name, mission=mission, payload_kg=case.payload_kg, mass_kg=run.mass_kg,
        totals=run.totals(), ledger=run.ledger, fuel_factor_ratio=case.fuel_factor_ratio,
        warnings=vehicle.job.warnings if vehicle.job else (), trace=lambda: vmod.trace_of(run, road, case.fuel_factor_ratio),
        soc_end_ratio=_charges(case.combination, run.samples[-1]),
        lost_s=run.lost_s, slowest=run.slowest,
    )  # fmt: skip


def cases(
    combinations: Sequence[str], mission_names: Sequence[str], payloads_kg: Sequence[float | None] = (None,),
    days: Sequence[Day] = (Day(),), *, vecto_mission: str = "",
) -> Iterator[batch.Case]:  # fmt: skip
    """Every combination on every mission with every payload on every day, for `fleet.compute`; arguments as of `simulate`.

    Raises
    ------
    InputError : a name or file that is not accepted (before the first case; a payload too heavy is an error of its case).
    """
    roads_by_name = {name: roads.read(name) for name in mission_names}
    vehicles = {
        (name, way): _vehicle(name, way, vecto_mission)
        for name, way in product(combinations, mission_names)
    }  # fmt: skip
    for name, way, payload_kg, day in product(combinations, mission_names, payloads_kg, days):
        yield _case(vehicles[name, way], (way, roads_by_name[way]), payload_kg, day)


def _vehicle(name: str, way: str, vecto_mission: str) -> _Vehicle:
    """The combination called `name`, or that of a file; a VECTO job's for the road called `way`.

    Raises
    ------
    UnknownName : no such combination; the message offers the closest. InputError : a file that cannot be read.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".vecto":
        job = read_job_for(Path(name), Path(way), mission=vecto_mission)
        return _Vehicle(combination=job.combination, job=job)
    if suffix == ".toml":
        return _Vehicle(combination=catalogue.load(Path(name)))
    return _Vehicle(combination=catalogue.combination(name))


def _case(vehicle: _Vehicle, road: tuple[str, Profile], payload_kg: float | None, day: Day) -> batch.Case:
    """One trip by the own rules."""
    job = vehicle.job
    return batch.Case(
        combination=vehicle.combination,
        road=road[1],
        road_name=road[0],
        payload_kg=_load_kg(vehicle, road[0]) if payload_kg is None else payload_kg,
        conditions=conditions_of(day, job),
        fuel_factor_ratio=job.fuel_factor_ratio if job else 1.0,
    )


def _load_kg(vehicle: _Vehicle, mission: str) -> float:
    return vehicle.job.reference_payload_kg if vehicle.job else usual_payload_kg(vehicle.combination, mission)


def usual_payload_kg(combination: Combination, mission: str) -> float:
    """What a combination usually carries on a mission, which says so or not."""
    suffix, ratio = Path(mission).suffix.lower(), USUAL_PAYLOAD_RATIO
    if suffix == ".toml":
        ratio = missions.load(Path(mission)).payload_ratio
    elif suffix not in roads.SUFFIXES:
        ratio = missions.mission(mission).payload_ratio
    return ratio * combination.payload_limit_kg


def conditions_of(day: Day, job: Job | None = None) -> Conditions:
    """Driver and weather; a VECTO job brings its own driver and the air of the declaration."""
    style: Style = declared_style(job.driver) if job else NORMAL
    if day.driver is not None:
        if day.driver not in STYLES:
            raise UnknownName("driver", day.driver, STYLES)
        style = STYLES[day.driver]
    usual_k = DECLARED_TEMPERATURE_K if job else Weather().temperature_k
    temperature_k = usual_k if day.temperature_k is None else day.temperature_k
    if not 220.0 <= temperature_k <= 330.0:
        raise InputError(f"temperature of {temperature_k - CELSIUS_ZERO_K:.0f} degrees C; -53 to 57 is accepted")
    per_pascal = float(air_density_kgpm3(0.0, temperature_k, 1.0))
    pressure = {"sea_pressure_pa": DECLARED_DENSITY_KGPM3 / per_pascal} if job and day.temperature_k is None else {}
    weather = Weather(
        temperature_k=temperature_k, wind_speed_mps=day.wind_mps, wind_from_rad=radians(day.wind_from_deg), **pressure
    ).on(day.surface)
    charges = {"soc_ratio": day.soc_ratio, "trailer_soc_ratio": day.trailer_soc_ratio}
    for name, charge in charges.items():
        if charge is not None and not 0.0 <= charge <= 1.0:
            raise InputError(f"{name} {charge}; a share from 0 to 1 is wanted")
    given: dict[str, Any] = {name: charge for name, charge in charges.items() if charge is not None}
    return Conditions(style=style, weather=weather, seed=day.seed_count, **given)


def _charges(combination: Combination, sample: NDArray[np.float64]) -> dict[str, float]:
    ends = {}
    if combination.drive.battery:
        ends["battery"] = float(sample[layout.SOC])
    if combination.trailer_drive:
        ends["trailer_battery"] = float(sample[layout.TRAILER_SOC])
    return ends


def _by_vecto(combination: str, mission: str, payload_kg: float | None, day: Day | None, vecto_mission: str) -> Simulated:
    """A job over a cycle by the rules of VECTO 2.2."""
    job_path, cycle_path = Path(combination), Path(mission)
    if job_path.suffix.lower() != ".vecto" or cycle_path.suffix.lower() != ".vdri":
        raise InputError(f"rules vecto-2.2 for {combination} on {mission}; a .vecto job and a .vdri cycle are wanted")
    if day is not None and day != Day():
        raise InputError(
            "rules vecto-2.2 know one driver and one weather, those of the job; driver and weather options are not accepted"
        )
    job = read_job_for(job_path, cycle_path, mission=vecto_mission)
    load_kg = job.reference_payload_kg if payload_kg is None else payload_kg
    run = run_by_vecto(job, read_cycle(cycle_path), load_kg)
    return Simulated(
        rules=RULES[1], combination=job.combination.name, mission=mission, payload_kg=load_kg,
        mass_kg=job.combination.tare_kg + load_kg, totals=run.totals(), ledger=run.ledger,
        fuel_factor_ratio=job.fuel_factor_ratio, warnings=run.warnings, trace=lambda: run.trace,
    )  # fmt: skip
