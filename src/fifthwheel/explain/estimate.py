"""The unknowns of a trip, estimated jointly from the force balance while driving, with what is known beforehand.

A Bayesian least-squares fit (Gauss-Newton): priors from the catalogue, the climate and earlier trips of the same coupling;
evidence from stretches of road under traction, each one energy balance. Heights are shared by neighbouring stretches, so
their errors are too; the weighting knows that. Mass shows while accelerating and climbing, drag area at speed, wind where the
road turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fifthwheel.explain.stretches import DRIVE, STAND, Stretches
from fifthwheel.explain.trace import ALTITUDE_SD_M, Trace
from fifthwheel.physics.tyre import LOAD_EXPONENT, rolling_forces_n, temperature_factor_ratio
from fifthwheel.signals.observations import Floats, Integers
from fifthwheel.units import GRAVITY_MPS2
from fifthwheel.vehicle.combination import Combination
from fifthwheel.vehicle.components import Use

UNKNOWNS: Final = (
    "mass_kg",
    "drag_area_m2",
    "rolling_tractor_ratio",
    "rolling_trailer_ratio",
    "wind_east_mps",
    "wind_north_mps",
    "auxiliary_w",
    "torque_ratio",
    "driveline_ratio",
    "air_temperature_k",
)
"""In the order of every state vector. Ratios multiply the catalogue's tyres, the torque on the wire, the driveline losses."""
MASS, DRAG, ROLL_TRACTOR, ROLL_TRAILER, WIND_EAST, WIND_NORTH, AUXILIARY, TORQUE, DRIVELINE, AIR = range(len(UNKNOWNS))

DRAG_SD_RATIO: Final = 0.08
"""Drag area of a combination of a known kind: body, gap and load differ (registered CdA of one class spread 4.3 to 5.7 m2)."""
ROLLING_SD_RATIO: Final = 0.10
"""Tyre label class is one step (about 10 %) wide either way; wear, pressure and wet road are in it."""
WIND_SD_MPS: Final = 2.3
"""Each component at vehicle height: mean wind 3 m/s (VECTO), direction free, Rayleigh speed."""
WIND_VARIES_SD_MPS: Final = 0.6
"""One wind stands for a whole trip; along it, it changes by about this."""
AUXILIARY_SD_RATIO: Final = 0.25
STANDING_SD_W: Final = 200.0
"""Auxiliaries while standing against while driving, and the zero of the sensor."""
TORQUE_SD_RATIO: Final = 0.01
DRIVELINE_SD_RATIO: Final = 0.15
"""Of the losses: oil temperature and load; 0.15 of 5 % is 0.75 % of the power."""
SHORTEST_STRETCH_S: Final = 6
NOISE_FACTOR: Final = 2.0
"""The balances may show more noise than expected, up to this factor; less is taken for luck."""
OUTLIER: Final = 2.5
"""Standard deviations beyond which a stretch counts less (Huber)."""
MODEL_SD_RATIO: Final = 0.03
"""Of the work in a stretch, and `LEAST_NOISE_J` at least: gusts, bends, traffic, what the laws leave out."""
LEAST_NOISE_J: Final = 2e4
ALTITUDE_REACH_M: Final = 300.0
"""Heights closer than this share most of their error after smoothing."""
LEARNT: Final = (
    "drag_area_m2",
    "rolling_tractor_ratio",
    "rolling_trailer_ratio",
    "auxiliary_w",
    "torque_ratio",
    "driveline_ratio",
)
FORGET_RATIO: Final = 0.02
"""What belongs to a coupling drifts by about this between trips: tyres, gap, oil, wet road."""

States = NDArray[np.float64]
"""State vectors, shape (k, len(UNKNOWNS))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What earlier trips of a coupling taught: mean and standard deviation by name of unknown; JSON-able as `to_dict`."""

    values: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    trips_count: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready mapping."""
        return {"trips_count": self.trips_count, "values": {name: list(pair) for name, pair in self.values.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Belief:
        """Inverse of `to_dict`; nothing known from ``None``."""
        pairs = (data or {}).get("values", {})
        return cls(
            values={name: (float(p[0]), float(p[1])) for name, p in pairs.items()}, trips_count=(data or {}).get("trips_count", 0)
        )

    def updated(self, estimate: Estimate) -> Belief:
        """The belief after a trip, a little less sure than the trip itself because things change."""
        sd = np.sqrt(np.diag(estimate.covariance))
        values = {}
        for name in LEARNT:
            index = UNKNOWNS.index(name)
            mean = float(estimate.mean[index])
            values[name] = (mean, float(np.hypot(sd[index], FORGET_RATIO * abs(mean))))
        return replace(self, values=values, trips_count=self.trips_count + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Mean and covariance of `UNKNOWNS`; standard deviations before the trip; how many stretches of road taught it."""

    mean: Floats
    covariance: NDArray[np.float64]
    prior_sd: Floats
    stretches_count: int

    @classmethod
    def of_prior(cls, mean: Floats, sd: Floats) -> Estimate:
        """Nothing learnt: the prior stands."""
        return cls(mean=mean, covariance=np.diag(sd**2), prior_sd=sd, stretches_count=0)

    def points(self) -> tuple[States, Floats]:
        """Sigma points of the estimate and their weights: exact for mean and covariance, second order beyond (Julier 2004)."""
        size = len(self.mean)
        root = np.linalg.cholesky(self.covariance + np.diag(1e-12 * np.diag(self.covariance) + 1e-18)).T * np.sqrt(size + 1.0)
        points = np.concatenate((self.mean[None], self.mean + root, self.mean - root))
        weights = np.full(2 * size + 1, 0.5 / (size + 1.0))
        weights[0] = 1.0 / (size + 1.0)
        return points, weights


def prior(combination: Combination, trace: Trace, belief: Belief, measured_mass_kg: float | None = None) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the unknowns before the trip: catalogue, climate, earlier trips."""
    if measured_mass_kg is None:
        mass_kg, mass_sd_kg = (combination.tare_kg + combination.gross_mass_kg) / 2, combination.payload_limit_kg / np.sqrt(12)
    else:
        mass_kg, mass_sd_kg = measured_mass_kg, 0.03 * measured_mass_kg
    auxiliary_w = sum(
        combination.auxiliary_power_w(use) for use in (Use.RUNNING, Use.DRIVING)
    ) + 0.5 * combination.auxiliary_power_w(Use.LOADED)
    mean = np.array([mass_kg, combination.drag_area_m2, 1.0, 1.0, 0.0, 0.0, auxiliary_w, 1.0, 1.0, trace.air_temperature_k])
    auxiliary_sd_w = np.hypot(AUXILIARY_SD_RATIO * auxiliary_w, 0.5 * combination.auxiliary_power_w(Use.LOADED)) + 100.0
    sd = np.array(
        [
            mass_sd_kg, DRAG_SD_RATIO * combination.drag_area_m2, ROLLING_SD_RATIO, ROLLING_SD_RATIO, WIND_SD_MPS, WIND_SD_MPS,
            auxiliary_sd_w, TORQUE_SD_RATIO, DRIVELINE_SD_RATIO, trace.air_temperature_sd_k,
        ]
    )  # fmt: skip
    for name, (value, spread) in belief.values.items():
        index = UNKNOWNS.index(name)
        if index == AUXILIARY and combination.auxiliary_power_w(Use.LOADED):
            continue
        mean[index], sd[index] = value, min(spread, sd[index])
    return mean, sd


def fit(parts: Stretches, trace: Trace, combination: Combination, mean: Floats, sd: Floats) -> Estimate:
    """Estimate the unknowns of a trip from the force balance where it drives, starting from prior `mean` and `sd`.

    Without torque on any wire nothing is learnt: the prior is the estimate.
    """
    use = _fitted(parts)
    if len(use) < 3:
        return Estimate.of_prior(mean, sd)
    heights_m2, own_j2 = _noise(parts, use, trace)
    step, anchor, scale, weighed_kg = 1e-2 * sd, np.diag(1 / sd**2), 1.0, np.inf
    state, information = mean.copy(), anchor
    for iteration in range(10):
        if abs(state[MASS] / weighed_kg - 1) > 0.03:
            weighed_kg = state[MASS]
            root = np.linalg.inv(np.linalg.cholesky((weighed_kg * GRAVITY_MPS2) ** 2 * heights_m2 + np.diag(own_j2)))
        short_j = shortfall_j(np.concatenate((state[None], state + np.diag(step))), parts, combination, trace)[:, use]
        white = scale * root @ short_j.T
        residual, slope = white[:, 0], (white[:, 1:] - white[:, :1]) / step
        # Height errors weigh in proportion to the mass (Deming regression): else noisy heights make a vehicle look light.
        slope[:, MASS] -= (residual - root @ (own_j2 * (root.T @ residual))) / state[MASS]
        weight = np.minimum(1.0, OUTLIER / np.maximum(np.abs(residual), 1e-9))
        information = slope.T @ (slope * weight[:, None]) + anchor
        change = np.linalg.solve(information, -slope.T @ (weight * residual) - (state - mean) / sd**2)
        state = state + change
        state[MASS] = np.clip(state[MASS], 0.9 * combination.tare_kg, 1.4 * combination.gross_mass_kg)
        if np.all(np.abs(change) < 2e-2 * sd) and iteration > 2:
            break
        if iteration == 2:
            scale = float(np.clip(0.6745 / np.median(np.abs(residual)), 1 / NOISE_FACTOR, 1.0))
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return Estimate(mean=state, covariance=covariance, prior_sd=sd, stretches_count=len(use))


def shortfall_j(states: States, parts: Stretches, combination: Combination, trace: Trace) -> NDArray[np.float64]:
    """Work at the wheels less what motion needed, in each stretch for each state, shape (k, m); zero where nobody brakes."""
    return np.asarray(given_j(states, parts, trace) - needed_j(states, parts, combination, trace).sum(axis=0))


def given_j(states: States, parts: Stretches, trace: Trace) -> NDArray[np.float64]:
    """Work that the powertrains give to the wheels in each stretch, shape (k, m); negative where they brake."""
    column = states[:, :, None]
    loss_j = parts.shaft_j - parts.wheel_j + parts.trailer_j - parts.trailer_wheel_j
    auxiliary_j = column[:, AUXILIARY] * parts.wheel_s if trace.auxiliary_on_shaft else 0.0
    in_gear_j = parts.wheel_j + parts.trailer_wheel_j
    return np.asarray(column[:, TORQUE] * in_gear_j - (column[:, DRIVELINE] - 1) * loss_j - auxiliary_j)


def needed_j(states: States, parts: Stretches, combination: Combination, trace: Trace) -> NDArray[np.float64]:
    """What motion needed in each stretch: speed, climb, tyres of tractor and trailer, still air, wind; shape (6, k, m)."""
    mass = states[:, MASS, None]
    rolling = rolling_n(states, combination)[:, :, None] * parts.length_m
    calm = np.zeros(len(states))
    density = trace.air_temperature_k / states[:, AIR]
    still = parts.air.work_j(density, states[:, DRAG], (calm, calm), combination)
    blown = parts.air.work_j(density, states[:, DRAG], (states[:, WIND_EAST], states[:, WIND_NORTH]), combination)
    return np.stack(
        [
            (mass + combination.rotating_mass_kg) * parts.kinetic, mass * GRAVITY_MPS2 * parts.rise_m, rolling[0], rolling[1],
            still, blown - still,
        ]
    )  # fmt: skip


def wind_variation_j(state: Floats, parts: Stretches, combination: Combination, trace: Trace) -> float:
    """What the wind's change along the trip may add to or take from the work against it."""
    states = np.stack([state, state, state])
    states[1, WIND_EAST] += WIND_VARIES_SD_MPS
    states[2, WIND_NORTH] += WIND_VARIES_SD_MPS
    work_j = needed_j(states, parts, combination, trace)[5].sum(axis=1)
    return float(np.hypot(work_j[1] - work_j[0], work_j[2] - work_j[0]))


def rolling_n(states: States, combination: Combination) -> NDArray[np.float64]:
    """Rolling force of the tractor's and the trailer's tyres for each state, shape (2, k)."""
    reference = np.array(rolling_forces_n(combination, combination.gross_mass_kg))[:, None]
    load = (states[:, MASS] / combination.gross_mass_kg) ** LOAD_EXPONENT * temperature_factor_ratio(states[:, AIR])
    return np.asarray(reference * load * states[:, [ROLL_TRACTOR, ROLL_TRAILER]].T)


def height_sd_m(length_m: Floats) -> Floats:
    """Standard deviation of a difference of smoothed heights so far apart."""
    return np.asarray(ALTITUDE_SD_M * np.sqrt(2 * (1 - np.exp(-length_m / ALTITUDE_REACH_M))))


def balance_sd_j(parts: Stretches, trace: Trace) -> float:
    """Standard deviation of the sum of all balances under traction; heights cancel in it against those without traction."""
    return float(np.sqrt(_noise(parts, _fitted(parts), trace)[1].sum()))


def _fitted(parts: Stretches) -> Integers:
    return np.flatnonzero((parts.kind == DRIVE) & (parts.seconds >= SHORTEST_STRETCH_S))


def _noise(parts: Stretches, use: Integers, trace: Trace) -> tuple[NDArray[np.float64], Floats]:
    """Covariance of the height differences, which neighbours share, and variance of each balance for all other reasons."""
    ends = np.concatenate((trace.distance_m[parts.end[use]], trace.distance_m[parts.start[use]]))
    likeness = np.exp(-np.abs(ends[:, None] - ends[None, :]) / ALTITUDE_REACH_M)
    size = len(use)
    shared = likeness[:size, :size] + likeness[size:, size:] - likeness[:size, size:] - likeness[size:, :size]
    rounding_j = parts.step_j[use] / np.sqrt(12.0) / np.sqrt(np.minimum(parts.seconds[use], 10.0))
    return ALTITUDE_SD_M**2 * shared, (MODEL_SD_RATIO * parts.wheel_j[use]) ** 2 + rounding_j**2 + LEAST_NOISE_J**2


def observe_auxiliary(mean: Floats, sd: Floats, parts: Stretches, trace: Trace) -> tuple[Floats, Floats]:
    """Sharpen the prior of the auxiliary power with what was taken while standing; work of the body is left out as an outlier."""
    stand = (parts.kind == STAND) & (parts.seconds >= 5)
    if not stand.any():
        return mean, sd
    taken_j, step_j = (parts.crank_j, parts.step_j) if trace.auxiliary_on_shaft else (parts.battery_j, 0.0 * parts.step_j)
    power_w = taken_j[stand] / parts.seconds[stand]
    step_w = float((step_j[stand] / parts.seconds[stand]).mean())
    seen_w = float(np.median(power_w))
    seen_sd_w = float(np.hypot(step_w / np.sqrt(12.0), STANDING_SD_W))
    if abs(seen_w - mean[AUXILIARY]) > 3 * np.hypot(seen_sd_w, sd[AUXILIARY]):
        return mean, sd
    mean, sd = mean.copy(), sd.copy()
    precision = 1 / sd[AUXILIARY] ** 2 + 1 / seen_sd_w**2
    mean[AUXILIARY] = (mean[AUXILIARY] / sd[AUXILIARY] ** 2 + seen_w / seen_sd_w**2) / precision
    sd[AUXILIARY] = precision**-0.5
    return mean, sd
