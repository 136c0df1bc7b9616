"""Fits of `etruck.py`: a measured tractor's five values from its driving events, through the simulator.

Each event is driven along its measured speed at `SAMPLES` points of the parameters' box; a quadratic through them (`Emulator`)
serves the fits and resampling, and final predictions are driven again in the simulator itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from etruck_events import Event
from numpy.typing import NDArray
from scipy.optimize import least_squares, minimize_scalar
from scipy.stats import qmc

from fifthwheel.road.profile import Profile, level
from fifthwheel.road.weather import Weather
from fifthwheel.simulate.driver import NORMAL
from fifthwheel.simulate.pack import Truth
from fifthwheel.simulate.trip import Conditions, drive
from fifthwheel.vehicle.catalogue import load
from fifthwheel.vehicle.combination import Combination

Floats = NDArray[np.float64]

HERE = Path(__file__).resolve().parent
NAMES: Final = ("drag area m2", "rolling coeff. kg/t", "consumers kW", "driveline eff. %", "mass t")
SCALE: Final = np.array([1.0, 1e3, 1e-3, 100.0, 1e-3])
"""From SI to the units of `NAMES`."""
LOW: Final = np.array([3.0, 0.0040, 1e3, 0.93, 16_800.0])
HIGH: Final = np.array([6.2, 0.0080, 14e3, 0.985, 37_195.0])
"""Physical bounds of drag area, rolling coefficient, consumers, driveline efficiency and mass (unladen, and the legal limit)."""
PRIOR: Final = np.array([4.6, 0.0056, 5e3, 0.965, 28_000.0])
PRIOR_STD: Final = np.array([0.6, 0.0007, 2e3, 0.01, 5_000.0])
"""What is believed before any event is seen; sources in ``etruck.toml`` and ``docs/etruck.md``."""
MASS: Final = 4
SCATTER_RATIO: Final = 0.05
"""How far one event is expected off for its own payload, wind and hills, a priori; larger misses count linearly, not squared."""
SAMPLES: Final = 48
DRIVER: Final = replace(NORMAL, accelerate_mps2=5.0, decelerate_mps2=5.0)
"""Follows the measured speed wherever the motors can."""


def vehicle() -> Combination:
    """The combination of ``etruck.toml`` with a battery so large that its charge, and so its voltage, holds still."""
    own = load(HERE / "etruck.toml")
    train = own.drive
    assert train.battery is not None
    battery = replace(
        train.battery, capacity_j=20 * train.battery.capacity_j, heat_capacity_jpk=20 * train.battery.heat_capacity_jpk
    )
    return replace(own, tractor=replace(own.tractor, drive=replace(train, battery=battery)))


def with_efficiency(combination: Combination, efficiency_ratio: float) -> Combination:
    """The same with that efficiency between motors and wheels."""
    train = combination.drive
    axle = replace(train.axle, efficiency_ratio=efficiency_ratio)
    return replace(combination, tractor=replace(combination.tractor, drive=replace(train, axle=axle)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What no file tells of an event: its road (``None``: level) and its weather."""

    road: Profile | None = None
    weather: Weather = field(default_factory=Weather)


UNKNOWN: Final = Surroundings()


def simulated_j(combination: Combination, event: Event, values: Floats, around: Surroundings = UNKNOWN) -> float:
    """Energy out of the cells for an event, driven in the simulator with the five `values` of `NAMES`.

    `combination` has its driveline efficiency already.

    Raises
    ------
    AssertionError : the simulated truck did not follow the measured speed (its way is off by more than 0.2 %).
    """
    rolling = values[1] / PRIOR[1]
    truth = Truth(
        drag_ratio=values[0] / PRIOR[0], rolling_tractor_ratio=rolling, rolling_trailer_ratio=rolling,
        auxiliary_ratio=values[2] / PRIOR[2],
    )  # fmt: skip
    charge = 0.5 * (event.soc_start_ratio + event.soc_end_ratio)
    now = Conditions(style=DRIVER, truth=truth, weather=around.weather, soc_ratio=charge)
    ground = around.road or level(event.distance_m + 1000.0, 45.0)
    run = drive(combination, ground, float(values[MASS]) - combination.tare_kg, now, pace_mps=event.speed_mps)
    if abs(run.distance_m / event.distance_m - 1.0) > 0.002:
        raise AssertionError(f"truck {event.truck} event {event.name}: drove {run.distance_m:.0f} of {event.distance_m:.0f} m")
    return run.electric_j + run.battery_heat_j


FIRST, SECOND = np.triu_indices(5)


def _terms(values: Floats) -> Floats:
    """Constant, linear, square and mixed terms of points in the box, shape (n, 21)."""
    x = (2.0 * values - LOW - HIGH) / (HIGH - LOW)
    return np.concatenate([np.ones((len(x), 1)), x, x[:, FIRST] * x[:, SECOND]], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """Energy of every event as a quadratic of the five values.

    Attributes
    ----------
    coefficients_j : shape (events, 21). miss_ratio : largest error at points that it was not built from.
    factor_ratio : multiplies each event (what another cleaning or road would give), shape (events,).
    """

    events: tuple[Event, ...]
    coefficients_j: Floats
    miss_ratio: float
    factor_ratio: Floats

    def log_error(self, rows: Sequence[int], values: Floats) -> Floats:
        """Logarithm of predicted over measured energy for the events `rows`, shape (rows,)."""
        return np.asarray(self.log_errors(rows, values[None, :])[:, 0])

    def log_errors(self, rows: Sequence[int], values: Floats) -> Floats:
        """The same for many `values` of shape (n, 5), shape (rows, n)."""
        chosen = list(rows)
        energy = np.array([self.events[row].energy_j for row in chosen])
        predicted = self.coefficients_j[chosen] @ _terms(values).T
        return np.asarray(np.log(predicted * (self.factor_ratio[chosen] / energy)[:, None]))

    def of(self, truck: int) -> list[int]:
        """Rows of a truck."""
        return [row for row, event in enumerate(self.events) if event.truck == truck]

    def sigma(self, rows: Sequence[int]) -> Floats:
        """How far each event is expected off: `SCATTER_RATIO`, and its measured energy's own uncertainty."""
        measured = [self.events[row].energy_std_j / self.events[row].energy_j for row in rows]
        return np.asarray(np.hypot(SCATTER_RATIO, measured))


def emulator(events: Sequence[Event], samples: int = SAMPLES) -> Emulator:
    """Drive all events at `samples` Sobol points of the box and fit; an eighth as many more only check."""
    combination = vehicle()
    points = LOW + (HIGH - LOW) * qmc.Sobol(5, seed=7).random_base2(6)[: samples + samples // 8]
    energy = np.empty((len(events), len(points)))
    for column, values in enumerate(points):
        own = with_efficiency(combination, float(values[3]))
        energy[:, column] = [simulated_j(own, event, values) for event in events]
    terms = _terms(points)
    coefficients = np.linalg.lstsq(terms[:samples], energy[:, :samples].T, rcond=None)[0].T
    miss = np.abs(coefficients @ terms[samples:].T / energy[:, samples:] - 1.0).max()
    return Emulator(events=tuple(events), coefficients_j=coefficients, miss_ratio=float(miss), factor_ratio=np.ones(len(events)))


def _residuals(model: Emulator, rows: Sequence[int], values: Floats) -> Floats:
    """Misses whose squares grow like a square up to what is expected of an event, and linearly beyond, shape (rows,)."""
    share = model.log_error(rows, values) / model.sigma(rows)
    return np.asarray(np.sign(share) * np.sqrt(2.0 * (np.sqrt(1.0 + share**2) - 1.0)))


def fit(model: Emulator, rows: Sequence[int], prior: Floats = PRIOR) -> Floats:
    """The five values that suit the events `rows` of one truck, drawn to `prior` as far as the events leave them open."""

    def residuals(unit: Floats) -> Floats:
        values = LOW + unit * (HIGH - LOW)
        return np.append(_residuals(model, rows, values), (values - prior) / PRIOR_STD)

    found = least_squares(residuals, (PRIOR - LOW) / (HIGH - LOW), bounds=(0.0, 1.0))
    return np.asarray(LOW + found.x * (HIGH - LOW))


def refit_mass(model: Emulator, rows: Sequence[int], values: Floats) -> Floats:
    """`values` with the mass that suits `rows`; nothing draws it anywhere but the bounds."""

    def cost(mass: float) -> float:
        return float((_residuals(model, rows, _with_mass(values, mass)) ** 2).sum())

    found = minimize_scalar(cost, bounds=(LOW[MASS], HIGH[MASS]), method="bounded", options={"xatol": 5.0})
    return _with_mass(values, float(found.x))


def _with_mass(values: Floats, mass_kg: float) -> Floats:
    return np.append(values[:MASS], mass_kg)


def errors(model: Emulator, rows: Sequence[int], values: Floats) -> Floats:
    """Predicted over measured energy (and energy per distance), minus one, shape (rows,)."""
    return np.asarray(np.expm1(model.log_error(rows, values)))


def left_out_errors(model: Emulator, rows: Sequence[int], values: Floats) -> Floats:
    """Errors with the mass refitted on the truck's other events, never on the one predicted, shape (rows,)."""
    found = []
    for row in rows:
        others = [other for other in rows if other != row]
        found.append(float(errors(model, [row], refit_mass(model, others, values))[0]))
    return np.array(found)


def median_error(error: Floats) -> float:
    """Median absolute error."""
    return float(np.median(np.abs(error)))


def own_mass_kg(model: Emulator, row: int, values: Floats) -> float:
    """Mass at which the event would come out exactly; NaN where none between unladen and the legal limit does."""
    masses = np.linspace(LOW[MASS], HIGH[MASS], 400)
    error = model.log_errors([row], np.stack([_with_mass(values, mass) for mass in masses]))[0]
    return float(np.interp(0.0, error, masses, left=np.nan, right=np.nan))


def reachable(model: Emulator, rows: Sequence[int], values: Floats) -> list[int]:
    """The `rows` that some mass between unladen and the legal limit explains exactly."""
    return [row for row in rows if np.isfinite(own_mass_kg(model, row, values))]


def resampled(model: Emulator, rows: Sequence[int], rng: np.random.Generator, count: int) -> Floats:
    """Fits to `rows` drawn with replacement under priors drawn anew, shape (count, 5): the parameters' spread."""
    fits = []
    for _ in range(count):
        drawn = rng.choice(rows, len(rows))
        prior = np.clip(PRIOR + PRIOR_STD * rng.standard_normal(5), LOW, HIGH)
        fits.append(fit(model, drawn.tolist(), prior))
    return np.array(fits)


def median_spread(error: Floats, rng: np.random.Generator, count: int = 2000) -> tuple[float, float]:
    """Interval of 90 % of the median absolute error over events drawn with replacement."""
    drawn = rng.choice(np.abs(error), (count, len(error)))
    low, high = np.quantile(np.median(drawn, axis=1), [0.05, 0.95])
    return float(low), float(high)


def slopes(model: Emulator, rows: Sequence[int], values: Floats) -> Floats:
    """Change of each event's log energy with each value a prior standard deviation, over what is expected of it, (rows, 5)."""
    columns = []
    for index in range(5):
        step = np.zeros(5)
        step[index] = 0.05 * PRIOR_STD[index]
        columns.append((model.log_error(rows, values + step) - model.log_error(rows, values - step)) / 0.1)
    return np.asarray(np.stack(columns, axis=1) / model.sigma(rows)[:, None])
