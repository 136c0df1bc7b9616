"""Heights of a recorded road without the noise of its receiver or barometer.

Errors of 3 to 5 m a sample would give a flat road metres of climb a kilometre, and a simulated truck the energy of it.
Three steps, on means over `BIN_M`:

1. *Steps* (a receiver or a barometer that is set anew): where medians either side differ as no road does, what follows is
   shifted.
2. *Spikes*: bins far from the median of their neighbours are dropped.
3. *Noise and drift*: the record is road + drift + white noise. The road is a Gaussian process whose slope wanders smoothly
   (second-order autoregression), drift a first-order one, which is rougher than any road. Their spreads and lengths are the
   most probable ones given the record, and the road is then its conditional mean: with little noise nothing is smoothed, on
   a flat road everything. Hills that noise hides are lost; ``docs/missions.md`` says how
   much, and what drift correlated over hundreds of metres still invents.

The precision matrix is banded, so likelihood and mean cost O(n).

Sources: Rue and Held, Gaussian Markov Random Fields (2005), 2.2 to 2.4; the smoother is Whittaker's (1923) with an order,
length and weight that are estimated; steps and spikes by running medians (Tukey 1977, Hampel 1974).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_solve_banded, cholesky_banded
from scipy.ndimage import median_filter
from scipy.optimize import minimize

from fifthwheel.errors import InputError

Floats = NDArray[np.float64]

BIN_M: Final = 25.0
GRADE_LIMIT_RATIO: Final = 0.30
"""Steeper than any public or mine road."""
GAP_M: Final = 2_000.0
"""Without an altitude over more than this, a record says nothing of the road."""
STEP_REACH: Final = 4
"""Bins either side that a step is judged by."""
SPIKE_REACH: Final = 9
CLEAR: Final = 6.0
"""A step or spike is this many spreads (of its own kind, by the median) from the rest."""
SMALLEST_STEP_M: Final = 10.0
SMALLEST_SPIKE_M: Final = 5.0
LOW: Final = np.log([2e-4, 30.0, 400.0, 0.03, 0.01, 50.0])
HIGH: Final = np.log([0.08, 1_000.0, 50_000.0, 15.0, 6.0, 1_000.0])
USUAL: Final = np.log([0.012, 200.0, 4_000.0, 1.0, 1.5, 400.0])
SPREAD: Final = np.array([0.7, 0.7, 1.5, 1.5, 1.0, 0.8])
"""Usual parameters (as in `Noise`) and the spread of their logarithms, before the record is seen: an assumption."""
DOUBT: Final = 4.0
"""Readings of a record less than this apart in log probability are told apart by their climb: the flatter counts."""
STARTS: Final = (
    np.log([0.015, 150.0, 5_000.0, 0.1, 0.1, 600.0]),
    np.log([0.015, 150.0, 3_000.0, 2.5, 0.1, 600.0]),
    np.log([0.020, 300.0, 800.0, 2.5, 0.1, 600.0]),
    np.log([0.005, 200.0, 5_000.0, 0.5, 3.0, 300.0]),
)
"""Where the search for the most probable parameters begins: clean, noisy, noisy and wavy, drifting records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What the record was found to consist of.

    Attributes
    ----------
    slope_ratio, slope_length_m : spread of the road's slope about its mean, and how far it is remembered.
    wave_m : wavelength about which the slope swings; many times `slope_length_m`: it does not.
    white_m : noise of a bin; drift_m, drift_length_m : correlated noise.
    """

    slope_ratio: float
    slope_length_m: float
    wave_m: float
    white_m: float
    drift_m: float
    drift_length_m: float


def cleaned_m(distance_m: Floats, altitude_m: Floats, at_m: Floats) -> tuple[Floats, Noise]:
    """Heights at the distances `at_m` from a record with noise, and the noise found.

    Parameters
    ----------
    distance_m, altitude_m : the record, both (n,), distances not falling; a missing altitude is NaN.

    Raises
    ------
    InputError : altitudes missing over more than `GAP_M`, or a road steeper than `GRADE_LIMIT_RATIO` at the end of it.
    """
    known = np.isfinite(altitude_m)
    _check_gaps(distance_m[known], float(at_m[-1]))
    centres, heights = _bins(distance_m[known], altitude_m[known], float(at_m[-1]))
    given = np.isfinite(heights)
    heights[given] = _without_steps(heights[given])
    given[given] = ~_spikes(heights[given])
    road, noise = _most_likely(np.where(given, heights, 0.0), given, centres)
    smooth = np.interp(at_m, centres, road)
    smooth[at_m < centres[0]] = road[0] + (at_m[at_m < centres[0]] - centres[0]) * (road[1] - road[0]) / BIN_M
    smooth[at_m > centres[-1]] = road[-1] + (at_m[at_m > centres[-1]] - centres[-1]) * (road[-1] - road[-2]) / BIN_M
    slope = np.diff(smooth) / np.diff(at_m)
    steepest = int(np.argmax(np.abs(slope)))
    if abs(slope[steepest]) > GRADE_LIMIT_RATIO:
        raise InputError(
            f"a slope of {100 * slope[steepest]:.0f} % at {at_m[steepest]:.0f} m;"
            f" at most {100 * GRADE_LIMIT_RATIO:.0f} % is accepted"
        )
    return smooth, noise


def _check_gaps(known_m: Floats, length_m: float) -> None:
    if not len(known_m):
        raise InputError("no altitude in the whole record; at least one every 2 km is wanted")
    edges = np.concatenate([[0.0], known_m, [length_m]])
    gap = np.diff(edges)
    widest = int(np.argmax(gap))
    if gap[widest] > GAP_M:
        raise InputError(f"no altitude from {edges[widest]:.0f} m on for {gap[widest]:.0f} m; at most {GAP_M:.0f} m is accepted")


def _bins(distance_m: Floats, altitude_m: Floats, length_m: float) -> tuple[Floats, Floats]:
    """Centres of bins and the mean height in each less what its samples are off the centre; NaN where there is none."""
    count = max(int(np.ceil(length_m / BIN_M)), 4)
    index = np.minimum((distance_m / BIN_M).astype(np.int64), count - 1)
    centres = np.asarray(BIN_M * (np.arange(count) + 0.5), dtype=np.float64)
    number = np.bincount(index, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        height: Floats = np.asarray(np.bincount(index, altitude_m, count) / number, dtype=np.float64)
        place: Floats = np.asarray(np.bincount(index, distance_m, count) / number, dtype=np.float64)
    filled = number > 0
    if filled.sum() < 2:
        raise InputError(f"altitudes at {filled.sum()} places of a road of {length_m:.0f} m; at least 2 are wanted")
    return centres, np.where(filled, _moved(centres, place, height, filled), np.nan)


def _moved(centres: Floats, place: Floats, height: Floats, filled: NDArray[np.bool_]) -> Floats:
    """Heights carried from where the samples of a bin lie to its centre, along the line through neighbours."""
    x, y = place[filled], height[filled]
    moved = np.full(len(centres), np.nan)
    slope = np.gradient(y, x)
    slope = np.clip(median_filter(slope, 5, mode="nearest"), -GRADE_LIMIT_RATIO, GRADE_LIMIT_RATIO)
    moved[filled] = y + (centres[filled] - x) * slope
    return moved


def _without_steps(heights: Floats) -> Floats:
    """Heights with every step taken out: what follows it is shifted by its size."""
    reach = STEP_REACH
    if len(heights) < 4 * reach:
        return heights
    windows = np.lib.stride_tricks.sliding_window_view(heights, reach)
    before, after = np.median(windows[:-reach], axis=1), np.median(windows[reach:], axis=1)
    jump = np.diff(heights)[reach - 1 : len(heights) - reach]
    change = after - before
    usual = median_filter(change, 8 * reach + 1, mode="nearest")
    excess = change - usual
    spread = 1.4826 * float(np.median(np.abs(excess)))
    limit = max(SMALLEST_STEP_M, CLEAR * spread)
    found = (np.abs(excess) > limit) & (np.abs(jump) > 0.6 * np.abs(excess)) & (np.abs(jump) > GRADE_LIMIT_RATIO * BIN_M)
    shifts = np.zeros(len(heights))
    for place in np.flatnonzero(found):
        near = slice(max(place - reach, 0), place + reach + 1)
        if abs(excess[place]) >= np.abs(excess[near]).max():
            shifts[place + reach :] -= excess[place]
    return heights + shifts


def _spikes(heights: Floats) -> NDArray[np.bool_]:
    if len(heights) < SPIKE_REACH:
        return np.zeros(len(heights), dtype=np.bool_)
    reach = SPIKE_REACH // 2
    before = 2 * heights[0] - heights[reach:0:-1]
    after = 2 * heights[-1] - heights[-2 : -2 - reach : -1]
    padded = np.concatenate([before, heights, after])
    off = np.abs(heights - median_filter(padded, SPIKE_REACH)[reach : reach + len(heights)])
    return np.asarray(off > max(SMALLEST_SPIKE_M, CLEAR * 1.4826 * float(np.median(off))), dtype=np.bool_)


def _most_likely(heights: Floats, given: NDArray[np.bool_], centres: Floats) -> tuple[Floats, Noise]:
    line = np.polynomial.Polynomial.fit(centres[given], heights[given], 1)(centres)
    rest = np.where(given, heights - line, 0.0)
    bounds = list(zip(LOW, HIGH, strict=True))
    trials = [
        minimize(_surprise, start, (rest, given), method="L-BFGS-B", bounds=bounds, options={"maxiter": 60, "ftol": 1e-6})
        for start in STARTS
    ]
    least = min(float(trial.fun) for trial in trials)
    likely = [trial for trial in trials if float(trial.fun) < least + DOUBT]
    best, mean = _flattest(likely, rest, given)
    names = ("slope_ratio", "slope_length_m", "wave_m", "white_m", "drift_m", "drift_length_m")
    noise = Noise(**dict(zip(names, np.exp(best.x).tolist(), strict=True)))
    return line + mean, noise


def _flattest(trials: list[Any], rest: Floats, given: NDArray[np.bool_]) -> tuple[Any, Floats]:
    """Of readings of the record that are about as probable, the one with the least climb, and its road."""
    roads = [_solved(np.asarray(trial.x), rest, given)[0] for trial in trials]
    climbs = [float(np.abs(np.diff(road)).sum()) for road in roads]
    at = int(np.argmin(climbs))
    return trials[at], roads[at]


def _surprise(parameters: Floats, rest: Floats, given: NDArray[np.bool_]) -> float:
    """Minus the logarithm of the likelihood, but for a constant."""
    return _solved(parameters, rest, given)[1] + 0.5 * float((((parameters - USUAL) / SPREAD) ** 2).sum())


def _solved(parameters: Floats, rest: Floats, given: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Conditional mean of the road, and minus the log likelihood of the record."""
    white = float(np.exp(parameters[3]))
    prior, log_prior = _precision(parameters, len(rest))
    posterior = prior.copy()
    weight = given / white**2
    posterior[-1, 0::2] += weight
    posterior[-1, 1::2] += weight
    posterior[-2, 1::2] += weight
    right = np.repeat(weight * rest, 2)
    try:
        factor = cholesky_banded(posterior, check_finite=False)
    except LinAlgError:
        return np.zeros(len(rest)), 1e12
    both = cho_solve_banded((factor, False), right, check_finite=False)
    quadratic = float(weight @ rest**2 - right @ both)
    log_posterior = 2.0 * float(np.log(factor[-1]).sum())
    surprise = 0.5 * (quadratic + log_posterior - log_prior + 2.0 * float(given.sum()) * float(np.log(white)))
    return both[0::2], surprise


def _precision(parameters: Floats, count: int) -> tuple[Floats, float]:
    """Prior precision of road and drift, which alternate, as an upper band (7, 2 count); and the log of its determinant."""
    slope, slope_length, wave, _, drift, drift_length = np.exp(parameters)
    band = np.zeros((7, 2 * count))
    memory = np.exp(-BIN_M / slope_length)
    swing = 2 * memory * np.cos(2 * np.pi * BIN_M / wave)
    near = swing / (1 + memory**2)
    news = slope**2 * (1 - memory**2) * ((1 + memory**2) ** 2 - swing**2) / (1 + memory**2)
    first, second = slope**2, slope**2 * (1 - near**2)
    # Rows of differences that are independent under the prior: of slopes, hence one more of heights.
    _add(band, np.array([-1.0, 1.0]) / BIN_M, first, 0, 1)
    _add(band, np.array([near, -1.0 - near, 1.0]) / BIN_M, second, 0, 1)
    kernel = np.array([-(memory**2), memory**2 + swing, -1.0 - swing, 1.0]) / BIN_M
    _add(band, kernel, news, 0, count - 3)
    carried = np.exp(-BIN_M / drift_length)
    fresh = drift**2 * (1 - carried**2)
    _add(band, np.array([1.0]), drift**2, 1, 1)
    _add(band, np.array([-carried, 1.0]), fresh, 1, count - 1)
    log_determinant = -(
        np.log(first) + np.log(second) + (count - 3) * np.log(news) + 2 * np.log(drift) + (count - 1) * np.log(fresh)
    )
    return band, float(log_determinant)


def _add(band: Floats, kernel: Floats, variance: float, offset: int, rows: int) -> None:
    """Add ``rows`` rows of a difference with `kernel` on every other unknown from `offset` on, each with that variance."""
    for i in range(len(kernel)):
        for j in range(i, len(kernel)):
            start = offset + 2 * j
            band[6 - 2 * (j - i), start : start + 2 * rows : 2] += kernel[i] * kernel[j] / variance
