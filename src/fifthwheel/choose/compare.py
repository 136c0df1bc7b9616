"""The versions of one tractor and trailer side by side on one mission: energy, cost, brake wear, time, margins, by function.

Every function is simulated on top of those before it, in the order given; what functions share goes to the one that comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fifthwheel.choose import cost
from fifthwheel.choose.region import Region
from fifthwheel.choose.version import Function, Setup, Versions
from fifthwheel.control.brakes.thermal import DRUM
from fifthwheel.physics.aero import gap_drag_ratio
from fifthwheel.road.profile import STEP_M, Profile
from fifthwheel.road.weather import Weather
from fifthwheel.simulate import layout
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.predict import energy_of, predict
from fifthwheel.simulate.safety import hottest_k, margins_of
from fifthwheel.simulate.trip import Conditions, Coordination, TripRun, drive
from fifthwheel.vehicle import catalogue
from fifthwheel.vehicle.combination import Combination

FINAL_DRIVES: Final = (0.82, 0.88, 0.94, 1.0, 1.06, 1.12)
"""Final drives tried, over the one bought."""
LATER_RATIO: Final = 0.005
"""A matched final drive may arrive later by this much."""
DESCENT_RATIO: Final = -0.03
"""Drivers of a train with separate brakes use retarder and engine brake on slopes steeper than this [K]."""
SEED: Final = 1
DRAWS: Final = 2000
"""How often the assumptions of a region are drawn."""
AIR_K: Final = 293.15
ROUNDS: Final = 3
PRESSURE_EXPONENT: Final = -0.142
"""Rolling resistance over tyre pressure: 1.5 % for 10 %, control facts 4.3 [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What all versions drive."""

    profile: Profile
    payload_kg: float
    weather: Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What must not become worse.

    Attributes
    ----------
    brake_k, brake_limit_k : hottest friction brake of any axle, and what a plan keeps below.
    push_n : most push of the trailer at the kingpin. adhesion_ratio : most adhesion that driven axles used.
    """

    brake_k: float
    brake_limit_k: float
    push_n: float
    adhesion_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One function on top of those before it; `function` is ``None`` for the units bought apart.

    Attributes
    ----------
    fuel_kgpm, grid_jpm : fuel (corrected for what batteries gained or lost, unless they are charged at the depot), and energy at
        the plug, a metre.
    energy_jpm : both as energy a metre. friction_jpm : heat of the friction brakes a metre.
    cost_lines : cost of a metre by line, `choose.cost`. cost_range_pm : 90 % interval of their sum, every assumption of the
        region drawn from its range.
    """

    function: Function | None
    setup: Setup
    combination: Combination
    payload_kg: float
    distance_m: float
    time_s: float
    fuel_kgpm: float
    grid_jpm: float
    energy_jpm: float
    friction_jpm: float
    cost_lines: Mapping[str, float]
    cost_range_pm: tuple[float, float]
    margins: Margins

    @property
    def version(self) -> str:
        """``0`` for the units bought apart, else the function's."""
        return self.function.version if self.function else "0"

    @property
    def cost_pm(self) -> float:
        """Cost of a metre."""
        return sum(self.cost_lines.values())


def compare(what: Versions, region: Region, task: Task, progress: Callable[[int], None] | None = None) -> list[Row]:
    """Simulate all versions; a row for the units bought apart and one for each function, in order.

    A combination that carries less than the task's payload takes what it carries; `progress` is told of each row.

    Raises
    ------
    InputError : a combination or payload that is not accepted. SimulationError : a trip that it cannot drive.
    """
    rows: list[Row] = []
    setup, fitted, drawn = what.start, 1.0, region.drawn(np.random.default_rng(SEED), DRAWS)
    for function in (None, *what.functions):
        setup = function.upon(setup) if function else setup
        bought = catalogue.combination(setup.combination)
        load = replace(task, payload_kg=min(task.payload_kg, bought.payload_limit_kg))
        if function and function.set.get("final_drive") == "matched":
            fitted = _matched(setup, bought, load)
        vehicle = _with_final_drive(bought, fitted)
        run, reference_kg = _run(setup, vehicle, load), rows[0].payload_kg if rows else load.payload_kg
        rows.append(_row(function, setup, run, load.profile, (region, drawn), reference_kg=reference_kg))
        if progress:
            progress(1)
    return rows


def _with_final_drive(combination: Combination, ratio: float) -> Combination:
    bought = combination.drive
    axle = replace(bought.axle, ratio=bought.axle.ratio * ratio)
    return replace(combination, tractor=replace(combination.tractor, drive=replace(bought, axle=axle)))


def _matched(setup: Setup, bought: Combination, task: Task) -> float:
    """The final drive of least energy among `FINAL_DRIVES`, over the one bought, that arrives no later."""
    runs = {ratio: _run(setup, _with_final_drive(bought, ratio), task) for ratio in FINAL_DRIVES}
    latest = runs[1.0].time_s * (1.0 + LATER_RATIO)
    return min((ratio for ratio, run in runs.items() if run.time_s <= latest), key=lambda ratio: energy_of(runs[ratio]))


def _run(setup: Setup, combination: Combination, task: Task) -> TripRun:
    """The trip of a setup; a trailer's battery that is not charged at the depot carries its charge over `ROUNDS` trips, the last
    of which counts, so that little is left to convert."""
    truth = Truth(
        drag_ratio=setup.deflector_ratio * float(gap_drag_ratio(setup.gap_m)),
        rolling_tractor_ratio=setup.tractor_rolling_ratio * setup.tractor_pressure_ratio**PRESSURE_EXPONENT,
        rolling_trailer_ratio=setup.trailer_rolling_ratio * setup.trailer_pressure_ratio**PRESSURE_EXPONENT,
    )
    now = Conditions(
        weather=task.weather, truth=truth, coordination=Coordination(setup.coordination), trailer_soc_ratio=setup.charge_ratio
    )
    towed = combination.trailer_drive
    if towed is None or setup.charge_ratio is not None:
        return _driven(setup, combination, task, now)
    for _ in range(ROUNDS):
        run = _driven(setup, combination, task, replace(now, trailer_soc_end_ratio=towed.soc_target_ratio))
        now = replace(now, trailer_soc_ratio=float(run.samples[-1, layout.TRAILER_SOC]))
    return run


def _driven(setup: Setup, combination: Combination, task: Task, now: Conditions) -> TripRun:
    if setup.predictive:
        return predict(combination, task.profile, task.payload_kg, now).run
    return drive(combination, task.profile, task.payload_kg, now)


def _row(
    function: Function | None,
    setup: Setup,
    run: TripRun,
    profile: Profile,
    regions: tuple[Region, Region],
    *,
    reference_kg: float,
) -> Row:
    (region, drawn), combination = regions, run.combination
    fuel, way = combination.drive.fuel, run.distance_m
    plugged = setup.charge_ratio is not None or fuel is None
    fuel_j = run.ledger.meter_j.get("fuel", 0.0) if plugged else energy_of(run)
    grid_j = run.electric_j / float(region["charging_efficiency"]) if plugged else 0.0
    tractor_w, trailer_w = friction_w(run, profile, setup)
    friction = float((tractor_w + trailer_w).sum())
    work = cost.Work(
        fuel_kgpm=fuel_j / fuel.lower_heating_value_jpkg / way if fuel else 0.0,
        depot_jpm=run.electric_j / way if plugged else 0.0, friction_jpm=friction / way, speed_mps=way / run.time_s,
        payload_kg=run.payload_kg, reference_kg=reference_kg, extra=setup.price,
    )  # fmt: skip
    assets = cost.assets_of(combination, region)
    spread = np.percentile(np.asarray(cost.ledger(assets, work, drawn).total), (5.0, 95.0))
    return Row(
        function=function, setup=setup, combination=combination, payload_kg=run.payload_kg, distance_m=way, time_s=run.time_s,
        fuel_kgpm=float(work.fuel_kgpm), grid_jpm=grid_j / way, energy_jpm=(fuel_j + grid_j) / way, friction_jpm=friction / way,
        cost_lines={line: float(value) for line, value in cost.ledger(assets, work, region).lines.items()},
        cost_range_pm=(float(spread[0]), float(spread[1])), margins=_margins(run, (tractor_w, trailer_w)),
    )  # fmt: skip


def friction_w(run: TripRun, profile: Profile, setup: Setup) -> tuple[layout.Floats, layout.Floats]:
    """Power of the friction brakes of tractor and trailer, each of shape (n - 1,), by how the setup brakes."""
    books = np.diff(run.samples[:, layout.N_STATE : layout.N_STATE + layout.N_BOOK], axis=0)
    total = books[:, layout.FRICTION]
    if setup.braking == "separate":
        nodes = np.minimum((run.samples[1:, layout.S] / STEP_M).astype(int), len(profile.sine) - 1)
        short = profile.sine[nodes] > DESCENT_RATIO
        total = total + np.where(short, books[:, layout.RETARDER] + books[:, layout.ENGINE_BRAKE], 0.0)
    shares = run.combination.axle_load_ratios
    tractor = min(sum(shares[0]) * setup.tractor_brake_ratio, 1.0)
    return total * tractor, total * (1.0 - tractor)


def _margins(run: TripRun, friction: tuple[layout.Floats, layout.Floats]) -> Margins:
    """Hottest brake, most push, most adhesion in use."""
    speeds, hottest, seen = run.columns["speed_mps"][1:], 0.0, margins_of(run, DRUM)
    for unit, power_w, shares in zip(run.combination.units, friction, run.combination.axle_load_ratios, strict=False):
        for group, share in zip(unit.axles, shares, strict=True):
            part = share / sum(shares) / len(group.positions_m)
            hottest = max(hottest, hottest_k(DRUM, power_w * part, speeds, AIR_K))
    return Margins(
        brake_k=hottest, brake_limit_k=DRUM.limit_k, push_n=max(-seen.push_n, 0.0), adhesion_ratio=seen.most_grip_ratio
    )
